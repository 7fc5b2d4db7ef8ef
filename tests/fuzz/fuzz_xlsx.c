/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a workbook, as its sheet, its texts, its styles, or its list of sheets: the first
 * byte says which. It gives rows or ends with a sentence.
 */
#include "formats/xlsx.h"
#include "fuzz.h"
#include "workbook.h"

#include <assert.h>

#define BOOK                                                                               \
    "<workbook><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r\"/></sheets></workbook>"
#define SHEET                                                                              \
    SHEET_HEAD                                                                             \
    "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row>"           \
    "<row><c s=\"1\"><v>40939.5</v></c><c "                                                \
    "t=\"inlineStr\"><is><t>x_x000D_</t></is></c>"                                         \
    "<c r=\"AB2\" t=\"e\"><v>#N/A</v></c></row>" SHEET_TAIL
#define TEXTS "<sst><si><t>a</t></si><si><r><t>b</t></r><rPh><t>c</t></rPh></si></sst>"
#define STYLES                                                                             \
    "<styleSheet><numFmts><numFmt numFmtId=\"164\" "                                       \
    "formatCode=\"[h]\\-yyyy;@\"/></numFmts>"                                              \
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"
#define RELATIONS                                                                          \
    "<Relationships>" RELATION("r", "worksheet", "s.xml")                                  \
        RELATION("t", "sharedStrings", "t.xml")                                            \
            RELATION("y", "styles", "y.xml") "</Relationships>"

static const char *const names[] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels",
                                    "xl/s.xml", "xl/t.xml", "xl/y.xml"};
static const char *const parts[] = {BOOK, RELATIONS, SHEET, TEXTS, STYLES};
enum { PARTS = 5, SEEDS_MAX = 4096 };

static struct bytes make(size_t changed, struct bytes text, struct arena *arena)
{
    struct part all[PARTS];
    for (size_t i = 0; i < PARTS; i++)
        all[i] = (struct part){names[i], i == changed ? text : bytes_text(parts[i])};
    return workbook_zip(all, PARTS, arena);
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static uint8_t seed[SEEDS_MAX];
    if (index > PARTS)
        return 0;
    struct arena arena = {0};
    struct bytes text =
        index < PARTS ? bytes_text(parts[index]) : make(PARTS, bytes_text(""), &arena);
    assert(text.len + 1 <= sizeof seed);
    seed[0] = (uint8_t)index;
    memcpy(seed + 1, text.at, text.len);
    *data = seed;
    arena_release(&arena);
    return text.len + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena arena = {0};
    struct bytes text = bytes_of(data + 1, size - 1);
    struct bytes zip = data[0] < PARTS ? make(data[0], text, &arena) : text;
    struct xlsx *xlsx = NULL;
    struct err err = {0};
    enum status status = xlsx_open_bytes(&xlsx, zip, "fuzz", &err);
    size_t count = 1;
    while (status == OK && count > 0) {
        uint8_t some[512];
        status = xlsx_read(&count, xlsx, some, sizeof some, &err);
    }
    assert(status == OK || err.text[0] != '\0');
    xlsx_close(xlsx);
    arena_release(&arena);
    return 0;
}
