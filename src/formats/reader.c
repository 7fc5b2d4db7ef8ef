/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/reader.h"

#include "base/file.h"
#include "base/text.h"
#include "formats/csv.h"
#include "formats/day_order.h"
#include "formats/ftm.h"
#include "formats/ids.h"
#include "formats/mapping.h"
#include "formats/rejects.h"
#include "formats/repeats.h"
#include "formats/source.h"

#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>

struct reader {
    enum reader_format format;
    const char *home;
    struct source *source;
    struct csv csv; /* READER_IDS and READER_CSV */
    struct csv_row row;
    struct ids ids;
    struct mapping mapping;
    struct ftm ftm;
    struct repeats repeats; /* of a CSV without ids */
    struct buf content;
    struct rejects rejects;
    struct reader_counts counts;
    struct day_order day_order; /* of a CSV */
    bool repeated;
    bool has_row; /* the last reader_next gave a record, so its row can be asked */
    struct err first_reason;
    struct arena memory; /* the options' texts */
};

enum { CONTENT_MAX = 4 * CSV_ROW_MAX };

/* ---- What kind of file it is ---- */

/* Files that people give by mistake, by their first bytes. A CSV's first column may well begin with
 * what is a text's sign. */
static const struct {
    const char *start;
    bool text;
    const char *sentence;
} strangers[] = {
    {"PK\x03\x04", false,
     "this is a packed workbook or ZIP archive; unpack it once and name the workbook"},
    {"\xD0\xCF\x11\xE0", false,
     "this is an old Excel workbook, or one that is protected by a password; save it as an "
     ".xlsx without one"},
    {"%PDF", false, "this is a PDF; a CSV or FollowTheMoney file is needed"},
    {"[", true,
     "this is one JSON list; JSON lines are needed: one {...} a line, no commas between "
     "them and "
     "no brackets around them"},
    {"<", true, "this is XML or a web page; a CSV or FollowTheMoney file is needed"},
};

static struct bytes without_blanks(struct bytes text)
{
    while (text.len > 0 && is_space(text.at[0]))
        text = bytes_slice(text, 1, text.len - 1);
    return text;
}

enum { TITLE_LINES_MAX = 10 };

static enum status check_stranger(const struct source *source, bool csv, struct err *err)
{
    struct bytes start = without_blanks(source_window(source));
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        if (!(csv && strangers[i].text) && text_starts(start, strangers[i].start))
            return fail(err, BAD_INPUT, "%s: %s", source_name(source),
                        strangers[i].sentence);
    return OK;
}

/* The first column, but for one, whose name has one of the words; else the first but for that one. */
static const char *column_like(const struct csv *csv, const char *const *words,
                               const char *except)
{
    const char *first = NULL;
    for (size_t i = 0; i < csv->column_count; i++) {
        const char *name = (const char *)csv->columns[i].at;
        if (name == except)
            continue;
        first = first == NULL ? name : first;
        for (size_t w = 0; words[w] != NULL; w++)
            if (strcasestr(name, words[w]) != NULL)
                return name;
    }
    return first != NULL ? first : "another column";
}

static enum status fail_unmapped(const struct reader *reader, bool of_seizures,
                                 struct err *err)
{
    static const char *const dates[] = {"date", "fecha", "data", "day", "when", NULL},
                             *const agencies[] = {"agency",   "country",  "pais", "país",
                                                  "organism", "servicio", NULL},
                             *const ids[] = {"id", NULL},
                             *const names[] = {"name", "nombre", "nome", "nom", NULL};
    const struct csv *csv = &reader->csv;
    const char *first = column_like(csv, of_seizures ? dates : ids, NULL);
    return fail(err, BAD_INPUT,
                "%s: this CSV has no layout that is known; a mapping file must say what "
                "its columns are, for example:\n    schema = %s\n    %s = [%.60s]\n    %s "
                "= [%.60s]",
                source_name(reader->source), of_seizures ? "Seizure" : "Person",
                of_seizures ? "date  " : "id    ", first, of_seizures ? "agency" : "name  ",
                column_like(csv, of_seizures ? agencies : names, first));
}

static enum status open_mapping(struct reader *reader, const struct reader_options *options,
                                struct err *err)
{
    const char *path = options->map_path;
    struct bytes text;
    const char *kept = arena_text(&reader->memory, bytes_text(path));
    int fd = options->files != NULL ? options->files->open(path)
                                    : open(path, O_RDONLY | O_CLOEXEC);
    enum status status =
        file_read_opened(&text, fd, path, MAPPING_FILE_MAX, &reader->memory, err);
    if (status == OK)
        status = mapping_parse(&reader->mapping, text, kept, err);
    return status == OK ? mapping_bind(&reader->mapping, &reader->csv, err) : status;
}

/* Above the header of a table people write a title, or two: the first of the first lines that has the
 * columns of a layout is taken. */
static bool find_layout(struct reader *reader)
{
    struct err err;
    for (int line = 0; line < TITLE_LINES_MAX; line++) {
        if (ids_recognises(&reader->csv))
            return true;
        size_t behind = reader->csv.line;
        csv_release(&reader->csv);
        if (csv_open(&reader->csv, reader->source, &err) != OK)
            return false;
        reader->csv.line += behind - 1;
    }
    return false;
}

static enum status open_csv(struct reader *reader, const struct reader_options *options,
                            struct err *err)
{
    enum status status = csv_open(&reader->csv, reader->source, err);
    if (status != OK)
        return status;
    reader->format = options->format;
    struct err unmapped;
    (void)fail_unmapped(reader, options->of_seizures, &unmapped);
    if (options->format == READER_GUESS)
        reader->format =
            options->map_path == NULL && find_layout(reader) ? READER_IDS : READER_CSV;
    if (reader->format == READER_IDS && options->map_path != NULL)
        return fail(err, BAD_INPUT,
                    "%s: an Individual Drug Seizures file takes no mapping file",
                    source_name(reader->source));
    if (reader->format == READER_IDS)
        return ids_open(&reader->ids, &reader->csv, err);
    if (options->map_path == NULL)
        return fail(err, BAD_INPUT, "%s", unmapped.text);
    return open_mapping(reader, options, err);
}

static enum status open_ftm(struct reader *reader, const struct reader_options *options,
                            struct err *err)
{
    reader->format = READER_FTM;
    if (options->map_path != NULL)
        return fail(err, BAD_INPUT, "%s: FollowTheMoney lines take no mapping file",
                    source_name(reader->source));
    ftm_open(&reader->ftm, reader->source);
    return OK;
}

static enum status open_format(struct reader *reader, const struct reader_options *options,
                               struct err *err)
{
    struct bytes start = without_blanks(source_window(reader->source));
    while (start.len == 0 && !source_ended(reader->source)) {
        if (source_window(reader->source).len > CSV_ROW_MAX)
            break;
        enum status status = source_more(reader->source, err);
        if (status != OK)
            return status;
        start = without_blanks(source_window(reader->source));
    }
    if (start.len == 0)
        return fail(err, BAD_INPUT, "%s: the file is empty", source_name(reader->source));
    bool csv = options->format == READER_CSV || options->format == READER_IDS ||
               (options->format == READER_GUESS && options->map_path != NULL);
    enum status status = check_stranger(reader->source, csv, err);
    if (status != OK)
        return status;
    bool ftm = options->format == READER_FTM ||
               (options->format == READER_GUESS && start.at[0] == '{');
    return ftm ? open_ftm(reader, options, err) : open_csv(reader, options, err);
}

enum status reader_open(struct reader **out, const struct reader_options *options,
                        struct err *err)
{
    struct reader *reader = xcalloc(1, sizeof *reader);
    reader->content.max = CONTENT_MAX;
    if (options->home != NULL)
        reader->home = arena_text(&reader->memory, bytes_text(options->home));
    rejects_init(&reader->rejects, arena_text(&reader->memory, bytes_text(options->path)),
                 options->rejects_path != NULL
                     ? arena_text(&reader->memory, bytes_text(options->rejects_path))
                     : NULL,
                 options->no_rejects_file);
    enum status status;
    if (options->files != NULL) {
        reader->rejects.opener = options->files->open_rejects;
        status = source_open_file(&reader->source, options->files->open(options->path),
                                  options->path, err);
    } else {
        status = source_open(&reader->source, options->path, err);
    }
    if (status == OK)
        status = open_format(reader, options, err);
    if (status == OK)
        *out = reader;
    else
        reader_close(reader);
    return status;
}

void reader_close(struct reader *reader)
{
    if (reader == NULL)
        return;
    ids_release(&reader->ids);
    mapping_release(&reader->mapping);
    ftm_release(&reader->ftm);
    csv_release(&reader->csv);
    repeats_release(&reader->repeats);
    buf_release(&reader->content);
    rejects_release(&reader->rejects);
    source_close(reader->source);
    arena_release(&reader->memory);
    free(reader);
}

/* ---- One row ---- */

/* All fields of the row with their columns' names; blank ones say nothing. */
static struct bytes row_content(struct reader *reader)
{
    struct buf *content = &reader->content;
    buf_clear(content);
    for (size_t i = 0; i < reader->csv.column_count; i++) {
        struct bytes text = reader->row.fields[i].text;
        if (text.len > 0)
            repeats_add_content(content, reader->csv.columns[i], text);
    }
    return buf_bytes(content);
}

static enum status read_mapped(struct record *record, struct reject *reject,
                               struct reader *reader, struct arena *arena)
{
    enum status status =
        mapping_read(record, reject, &reader->mapping, &reader->csv, &reader->row, arena);
    if (status == OK && record->id == NULL) {
        record->id = repeats_identify(&reader->repeated, &reader->repeats, "csv-",
                                      row_content(reader), reader->row.line, arena);
        record->id_made = true;
    }
    return status;
}

/* OK, NOT_FOUND at the end, BAD_INPUT with *reject, or a failure with err. */
static enum status read_csv_row(struct record *record, struct reject *reject,
                                struct reader *reader, struct arena *arena, struct err *err)
{
    struct csv_row *row = &reader->row;
    enum status status = csv_next(row, &reader->csv, err);
    if (status != OK)
        return status;
    reader->counts.repaired += row->repaired;
    *reject = (struct reject){.line = row->line, .field = "", .row = row->raw};
    if (row->fault != NULL)
        return reject_field(reject, "", (struct bytes){0}, "%s", row->fault);
    if (reader->format == READER_IDS)
        status = ids_read(record, &reader->repeated, reject, &reader->ids, row, arena);
    else
        status = read_mapped(record, reject, reader, arena);
    return status == OK ? OK : BAD_INPUT;
}

static enum status read_ftm_line(struct record *record, struct reject *reject,
                                 struct reader *reader, struct arena *arena,
                                 struct err *err)
{
    enum status status = ftm_read(record, reject, &reader->ftm, arena, err);
    reader->counts.repaired += reader->ftm.repaired;
    return status;
}

/* Dates of which no format says how they are written. */
static void note_dates(struct reader *reader, const struct record *record)
{
    for (size_t i = 0; i < record->count && reader->format != READER_FTM; i++) {
        const struct record_value *value = &record->values[i];
        if (value->property != NULL && value->property->kind == VALUE_DATE &&
            value->format == NULL && value->grade != VALUE_MISSING)
            day_order_note(&reader->day_order, value->name, value->raw);
    }
}

static void count_values(struct reader_counts *counts, const struct record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        bool is_unknown = value->property == NULL;
        bool is_unusable = value->grade == VALUE_INVALID && !is_unknown;
        counts->doubtful += value->grade == VALUE_DOUBTFUL;
        counts->unknown += is_unknown;
        counts->unusable += is_unusable;
        if ((is_unknown || is_unusable) && counts->first_unusable.text[0] == '\0')
            fail(&counts->first_unusable, BAD_INPUT, "line %zu, %s: %s", record->line,
                 value->name, value->why);
    }
}

static enum status note_reject(struct reader *reader, const struct reject *reject,
                               struct err *err)
{
    reader->counts.read++;
    if (reader->format == READER_IDS)
        day_order_note(&reader->day_order, reject->field, reject->value);
    if (reader->counts.rejected < READER_REASONS)
        fail(&reader->counts.reasons[reader->counts.rejected], BAD_INPUT,
             "line %zu%s%s: %s", reject->line, reject->field[0] != '\0' ? ", " : "",
             reject->field, reject->reason.text);
    reader->counts.rejected++;
    if (reader->first_reason.text[0] == '\0')
        fail(&reader->first_reason, BAD_INPUT, "line %zu%s%s: %s", reject->line,
             reject->field[0] != '\0' ? ", " : "", reject->field, reject->reason.text);
    return rejects_add(&reader->rejects, reject, err);
}

/* Cleans the record. The id and the review date were checked by the readers, so the one
 * thing that record_finish can still find is a required property without a usable value. */
static void finish(struct reader *reader, struct record *record)
{
    enum status status = record_finish(record, reader->home, NULL);
    (void)status;
    count_values(&reader->counts, record);
    note_dates(reader, record);
    reader->counts.read++;
    reader->counts.repeated += reader->repeated;
}

enum status reader_next(struct record *record, struct reader *reader, struct arena *arena,
                        struct err *err)
{
    for (;;) {
        struct reject reject;
        struct arena_mark mark = arena_mark(arena);
        reader->repeated = false;
        enum status status = reader->format == READER_FTM
                                 ? read_ftm_line(record, &reject, reader, arena, err)
                                 : read_csv_row(record, &reject, reader, arena, err);
        reader->has_row = status == OK;
        if (status == OK) {
            finish(reader, record);
            return OK;
        }
        if (status == NOT_FOUND) {
            enum status flushed = rejects_flush(&reader->rejects, err);
            return flushed == OK ? NOT_FOUND : flushed;
        }
        if (status != BAD_INPUT)
            return status;
        status = note_reject(reader, &reject, err);
        arena_rewind(arena, mark);
        if (status != OK)
            return status;
    }
}

enum status reader_reject(struct reader *reader, const struct record *record,
                          const char *reason, struct err *err)
{
    struct reject reject = {
        .line = record->line, .field = "id", .value = bytes_text(record->id)};
    assert(reader->has_row);
    reject.row = reader->format == READER_FTM ? ftm_row(&reader->ftm) : reader->row.raw;
    fail(&reject.reason, BAD_INPUT, "%s", reason);
    reader->counts.read--; /* it is counted again */
    return note_reject(reader, &reject, err);
}

/* ---- Questions ---- */

bool reader_field(struct bytes *value, const struct reader *reader, struct bytes name)
{
    if (!reader->has_row)
        return false;
    if (reader->format == READER_FTM)
        return ftm_field(value, &reader->ftm, name);
    int column = csv_column(&reader->csv, name);
    if (column < 0)
        return false;
    *value = text_trim(reader->row.fields[column].text);
    return true;
}

bool reader_repeated(const struct reader *reader)
{
    return reader->repeated;
}

enum reader_format reader_format(const struct reader *reader)
{
    return reader->format;
}

struct reader_counts reader_counts(const struct reader *reader)
{
    struct reader_counts counts = reader->counts;
    (void)day_order_tell(&counts.day_order, &reader->day_order,
                         reader->format == READER_CSV);
    counts.bytes = source_bytes(reader->source);
    return counts;
}

const char *reader_rejects(const struct reader *reader)
{
    return reader->rejects.path;
}

const char *reader_damage(const struct reader *reader)
{
    return source_damage(reader->source);
}

const char *reader_first_reason(const struct reader *reader)
{
    return reader->first_reason.text;
}
