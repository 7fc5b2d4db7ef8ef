/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a mapping file, used on a small CSV. It is refused with a sentence or gives records.
 */
#include "formats/mapping.h"
#include "fuzz.h"

#include <assert.h>

static const char *const seeds[] = {
    "schema = Person\nid = id\nname = first + last\nbirthDate = born %d/%m/%Y\n",
    "# c\nschema=Person\r\nname=[first]+\"x \"\"y\"\"\"\n@status = kind # "
    "d\n@handling=\"H1 H2\"\n",
    "schema = Vessel\nimoNumber = id\nflag = \"xa\"\n@review = \"2031-01-31\"\n@owner = "
    "last\n"
    "@evaluation = \"4x4:B2\"\n@purpose = \"border\"\n@handling = \"H3: x\"\n",
};

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    if (index >= sizeof seeds / sizeof *seeds)
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char file[] =
        "id,first,last,born,kind\n1,Ana,Lima,31/12/1984,witness\n,,,,\n"
        "0007319,Eva,\" x\",,boss\n";
    struct source *source = NULL;
    struct csv csv = {0};
    struct mapping mapping;
    struct arena arena = {0};
    struct err err = {.text = ""};
    enum status status = source_open_bytes(&source, bytes_text(file), "fuzz", &err);
    assert(status == OK);
    status = csv_open(&csv, source, &err);
    assert(status == OK);
    status = mapping_parse(&mapping, bytes_of(data, size), "fuzz.map", &err);
    if (status == OK)
        status = mapping_bind(&mapping, &csv, &err);
    assert(status == OK || err.text[0] != '\0');
    struct csv_row row;
    while (status == OK && csv_next(&row, &csv, &err) == OK) {
        struct record record;
        struct reject reject = {.field = ""};
        arena_reset(&arena);
        if (mapping_read(&record, &reject, &mapping, &csv, &row, &arena) != OK) {
            assert(reject.reason.text[0] != '\0' && reject.field != NULL);
            continue;
        }
        if (record.id == NULL)
            record.id = "made";
        enum status finished = record_finish(&record, NULL, &err);
        assert(finished == OK || finished == BAD_INPUT);
    }
    mapping_release(&mapping);
    csv_release(&csv);
    source_close(source);
    arena_release(&arena);
    return 0;
}
