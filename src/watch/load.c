/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/load.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

static bool has_coordinates(const struct record *record)
{
    for (size_t i = 0; i < record->count; i++)
        if ((strcmp(record->values[i].name, "latitude") == 0 ||
             strcmp(record->values[i].name, "longitude") == 0) &&
            !facet_is_missing(text_trim(record->values[i].raw)))
            return true;
    return false;
}

/* Why a record is not watched: what it is, or what is wrong with its day. */
static void tell_other(struct err *out, const struct record *record, bool seizure)
{
    const struct record_value *date = NULL;
    for (size_t i = 0; i < record->count && date == NULL; i++)
        if (strcmp(record->values[i].name, "date") == 0 && record->values[i].raw.len > 0)
            date = &record->values[i];
    if (!seizure)
        fail(out, BAD_INPUT, "line %zu: a record of the schema %s is no seizure",
             record->line, record->schema->name);
    else if (date == NULL)
        fail(out, BAD_INPUT, "line %zu: the day of the seizure is missing", record->line);
    else if (date->why[0] != '\0')
        fail(out, BAD_INPUT, "line %zu, date: %s", record->line, date->why);
    else
        fail(out, BAD_INPUT,
             "line %zu, date: \"%.*s\" is no whole day; write it as "
             "2012-01-31",
             record->line, (int)date->raw.len, (const char *)date->raw.at);
}

static enum status take(struct watch_table *table, struct load_counts *counts,
                        const struct record *record, struct err *err)
{
    struct facets facets;
    bool seizure = schema_is_a(record->schema, "Seizure");
    if (!seizure || facets_of(&facets, record, NULL) != OK) {
        if (counts->others < READER_REASONS)
            tell_other(&counts->other_reasons[counts->others], record, seizure);
        counts->others++;
        return OK;
    }
    counts->received_assumed += facets.received_assumed;
    counts->nowhere += isnan(facets.latitude) && has_coordinates(record);
    return watch_table_add(table, &facets, record->line, NULL, err);
}

enum status load_table(struct watch_table *table, struct load_counts *counts,
                       const struct reader_options *options, struct err *err)
{
    struct reader *reader = NULL;
    struct arena arena = {0};
    struct record record;
    struct reader_options of_seizures = *options;
    of_seizures.of_seizures = true;
    *counts = (struct load_counts){.others = 0};
    enum status status = reader_open(&reader, &of_seizures, err);
    while (status == OK && (status = reader_next(&record, reader, &arena, err)) == OK) {
        status = take(table, counts, &record, err);
        arena_reset(&arena);
    }
    if (status == NOT_FOUND && reader != NULL)
        status = OK;
    if (reader != NULL)
        counts->reader = reader_counts(reader);
    reader_close(reader);
    arena_release(&arena);
    return status;
}
