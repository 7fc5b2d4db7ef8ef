/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a CSV, and as an Individual Drug Seizures file where the header is one. Rows come
 * in the order of their lines, good ones have a field for each column, all text is UTF-8.
 */
#include "base/text.h"
#include "formats/ids.h"
#include "fuzz.h"

#include <assert.h>

static const char *const seeds[] = {
    "a,b\n1,2\n\"3\n4\",\"5\"\"6\"\n",
    "sep=;\r\na;b\r\n \"x\" ;y\r\n\"open;1\r\n2;3\r\n",
    "a|b\rNARI\xD1O|\"x\" y\r||\r",
    "COUNTRY;PLACE;SEIZURE_DATE;DRUG_NAME;AMOUNT;NOTE\nPeru;Lima ;2012-01-21;Heroin;1.5;x\n"
    "Peru;Lima ;2012-01-21;Heroin;1.5;x\nPeru;;;Crack;;\n",
    "Seizure Date,Country/Territory of Seizure,ISO3,Drug/Substance,Quantity Seized,City\n"
    "2012-01-21 00:00:00,Colombia,COL,Cannabis herb,1,Bogota\n",
};

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    if (index >= sizeof seeds / sizeof *seeds)
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}

static void read_seizure(struct ids *ids, const struct csv_row *row, struct arena *arena)
{
    struct record record;
    struct reject reject = {.field = ""};
    bool repeated;
    enum status status = ids_read(&record, &repeated, &reject, ids, row, arena);
    if (status != OK) {
        assert(reject.reason.text[0] != '\0');
        return;
    }
    status = record_finish(&record, NULL, &reject.reason);
    assert(status == OK || status == BAD_INPUT);
    assert(record_first(&record, "date").len >= 10);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source *source;
    struct csv csv = {0};
    struct ids ids = {0};
    struct arena arena = {0};
    struct err err;
    if (source_open_bytes(&source, bytes_of(data, size), "fuzz", &err) != OK)
        return 0;
    if (csv_open(&csv, source, &err) != OK)
        goto out;
    bool is_ids = ids_open(&ids, &csv, &err) == OK;
    struct csv_row row;
    size_t line = 0;
    while (csv_next(&row, &csv, &err) == OK) {
        assert(row.line > line && utf8_valid(row.raw));
        line = row.line;
        assert((row.fields == NULL) == (row.fault != NULL));
        for (size_t i = 0; row.fields != NULL && i < csv.column_count; i++)
            assert(utf8_valid(row.fields[i].text));
        if (is_ids && row.fault == NULL)
            read_seizure(&ids, &row, &arena);
        arena_reset(&arena);
    }
out:
    ids_release(&ids);
    csv_release(&csv);
    source_close(source);
    arena_release(&arena);
    return 0;
}
