/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/workbook.h: a workbook made by hand, part by part, as the bytes of its archive.
 */
#ifndef TESTS_WORKBOOK_H
#define TESTS_WORKBOOK_H

#include "base/memory.h"

#include <stdlib.h>
#include <zip.h>

struct part {
    const char *name;
    struct bytes text;
};

#define SHEET_HEAD "<worksheet><sheetData>"
#define SHEET_TAIL "</sheetData></worksheet>"
#define RELATION(id, kind, target)                                                         \
    "<Relationship Id=\"" id "\" Type=\"http://x/" kind "\" Target=\"" target "\"/>"

/* Zip the parts into the arena. */
static inline struct bytes workbook_zip(const struct part *parts, size_t count,
                                        struct arena *arena)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *store = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_source_keep(store);
    zip_t *zip = zip_open_from_source(store, ZIP_CREATE | ZIP_TRUNCATE, &error);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *source =
            zip_source_buffer(zip, parts[i].text.at, parts[i].text.len, 0);
        if (zip_file_add(zip, parts[i].name, source, ZIP_FL_OVERWRITE) < 0)
            abort();
    }
    if (zip_close(zip) != 0)
        abort();
    zip_stat_t about;
    if (zip_source_open(store) != 0 || zip_source_stat(store, &about) != 0)
        abort();
    uint8_t *bytes = arena_alloc(arena, about.size);
    if (zip_source_read(store, bytes, about.size) != (zip_int64_t)about.size)
        abort();
    zip_source_close(store);
    zip_source_free(store);
    return bytes_of(bytes, about.size);
}

/* A workbook of these sheets; texts and styles may be NULL. */
static inline struct bytes workbook_of(const char *const *sheets, size_t count,
                                       const char *texts, const char *styles,
                                       const char *properties, struct arena *arena)
{
    struct part parts[32];
    size_t made = 0;
    struct buf names = {.max = 1 << 20}, relations = {.max = 1 << 20};
    buf_addf(&names, "<workbook>%s<sheets>", properties);
    buf_add_text(&relations, "<Relationships>");
    for (size_t i = 0; i < count; i++) {
        buf_addf(&names, "<sheet name=\"S%zu\" sheetId=\"%zu\" r:id=\"r%zu\"/>", i + 1,
                 i + 1, i + 1);
        buf_addf(&relations,
                 "<Relationship Id=\"r%zu\" Type=\"x/worksheet\" "
                 "Target=\"worksheets/sheet%zu.xml\"/>",
                 i + 1, i + 1);
        parts[made++] =
            (struct part){arena_printf(arena, "xl/worksheets/sheet%zu.xml", i + 1),
                          bytes_text(sheets[i])};
    }
    if (texts != NULL) {
        buf_add_text(&relations, RELATION("t", "sharedStrings", "/xl/texts.xml"));
        parts[made++] = (struct part){"xl/texts.xml", bytes_text(texts)};
    }
    if (styles != NULL) {
        buf_add_text(&relations, RELATION("y", "styles", "styles.xml"));
        parts[made++] = (struct part){"xl/styles.xml", bytes_text(styles)};
    }
    buf_add_text(&names, "</sheets></workbook>");
    buf_add_text(&relations, "</Relationships>");
    parts[made++] = (struct part){"xl/workbook.xml", buf_bytes(&names)};
    parts[made++] = (struct part){"xl/_rels/workbook.xml.rels", buf_bytes(&relations)};
    struct bytes zip = workbook_zip(parts, made, arena);
    buf_release(&names);
    buf_release(&relations);
    return zip;
}

#endif
