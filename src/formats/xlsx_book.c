/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xlsx_book.h"

#include "base/text.h"
#include "formats/xlsx.h"
#include "formats/xlsx_part.h"

#include <stdlib.h>
#include <zip.h>

static bool is(const char *name, const char *wanted)
{
    return strcmp(name, wanted) == 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);
    return len >= end_len && is(text + len - end_len, end);
}

/* --- relations: id -> part --- */

enum { RELATIONS_MAX = 4096 };

struct relations {
    struct xlsx_part *self;
    struct arena *arena;
    const char *folder; /* that targets are relative to, "xl/" */
    struct relation {
        const char *id, *type, *part;
    } * items;
    size_t count, capacity;
};

/* "worksheets/sheet1.xml" or "/xl/worksheets/sheet1.xml" -> "xl/worksheets/sheet1.xml" */
static const char *part_of(const struct relations *relations, const char *target)
{
    if (target[0] == '/')
        return arena_printf(relations->arena, "%.1000s", target + 1);
    return arena_printf(relations->arena, "%s%.1000s", relations->folder, target);
}

static void relation_start(void *context, const char *name, const char *const *attributes)
{
    struct relations *relations = context;
    const char *id = xlsx_attribute(attributes, "Id");
    const char *target = xlsx_attribute(attributes, "Target");
    const char *type = xlsx_attribute(attributes, "Type");
    if (!is(name, "Relationship") || id == NULL || target == NULL || type == NULL)
        return;
    if (relations->count >= RELATIONS_MAX) {
        xlsx_part_fail(relations->self, "it has too many relations");
        return;
    }
    void *items = relations->items;
    grow_to(&items, &relations->capacity, relations->count, sizeof *relations->items);
    relations->items = items;
    relations->items[relations->count++] = (struct relation){
        arena_printf(relations->arena, "%s", id),
        arena_printf(relations->arena, "%s", type), part_of(relations, target)};
}

static void nothing(void *context, const char *name)
{
    (void)context, (void)name;
}

static const char *relation_by_id(const struct relations *relations, const char *id)
{
    for (size_t i = 0; i < relations->count; i++)
        if (is(relations->items[i].id, id))
            return relations->items[i].part;
    return NULL;
}

static const char *relation_by_type(const struct relations *relations, const char *type)
{
    for (size_t i = 0; i < relations->count; i++)
        if (ends_with(relations->items[i].type, type))
            return relations->items[i].part;
    return NULL;
}

/* --- the workbook: sheets in order --- */

struct workbook {
    struct xlsx_part *self;
    struct xlsx_book *book;
    const struct relations *relations;
};

static bool is_true(const char *value)
{
    return value != NULL && (is(value, "1") || is(value, "true"));
}

static void workbook_start(void *context, const char *name, const char *const *attributes)
{
    struct workbook *workbook = context;
    struct xlsx_book *book = workbook->book;
    if (is(name, "workbookPr"))
        book->from_1904 = is_true(xlsx_attribute(attributes, "date1904"));
    /* Two attributes end in "id": sheetId and r:id; the second is meant. */
    const char *id = xlsx_attribute(attributes, "id");
    const char *title = xlsx_attribute(attributes, "name");
    const char *state = xlsx_attribute(attributes, "state");
    if (!is(name, "sheet") || id == NULL || title == NULL)
        return;
    const char *part = relation_by_id(workbook->relations, id);
    if (part == NULL)
        return;
    if (book->sheet_count >= XLSX_SHEETS_MAX) {
        xlsx_part_fail(workbook->self, "it has more than 1024 sheets");
        return;
    }
    void *sheets = book->sheets;
    grow_to(&sheets, &book->sheet_capacity, book->sheet_count, sizeof *book->sheets);
    book->sheets = sheets;
    book->sheets[book->sheet_count++] = (struct xlsx_sheet_name){
        arena_printf(&book->arena, "%.200s", title), part,
        state != NULL && (is(state, "hidden") || is(state, "veryHidden"))};
}

/* --- shared texts --- */

struct texts {
    struct xlsx_part *self;
    struct xlsx_book *book;
    struct buf one; /* the text being read */
    bool taking;    /* within <t> */
    unsigned phonetic;
};

static void texts_start(void *context, const char *name, const char *const *attributes)
{
    (void)attributes;
    struct texts *texts = context;
    if (is(name, "si"))
        buf_clear(&texts->one);
    if (is(name, "rPh"))
        texts->phonetic++;
    texts->taking = is(name, "t") && texts->phonetic == 0;
}

static void texts_end(void *context, const char *name)
{
    struct texts *texts = context;
    struct xlsx_book *book = texts->book;
    texts->taking = false;
    if (is(name, "rPh") && texts->phonetic > 0)
        texts->phonetic--;
    if (!is(name, "si"))
        return;
    if (texts->one.overflowed)
        xlsx_part_fail(texts->self, "a text is longer than a cell may hold");
    if (book->text_count >= XLSX_TEXTS_MAX)
        xlsx_part_fail(texts->self, "it has too many texts");
    xlsx_add_unescaped(&book->texts, buf_bytes(&texts->one));
    if (book->texts.overflowed)
        xlsx_part_fail(texts->self, "its texts are larger than 256 mebibytes");
    void *ends = book->text_ends;
    grow_to(&ends, &book->text_capacity, book->text_count, sizeof *book->text_ends);
    book->text_ends = ends;
    book->text_ends[book->text_count++] = book->texts.len;
}

static void texts_text(void *context, const char *text, size_t len)
{
    struct texts *texts = context;
    if (texts->taking)
        buf_add(&texts->one, bytes_of(text, len));
}

bool xlsx_book_text(struct bytes *text, const struct xlsx_book *book, size_t number)
{
    if (number >= book->text_count)
        return false;
    size_t from = number == 0 ? 0 : book->text_ends[number - 1];
    *text = bytes_slice(buf_bytes(&book->texts), from, book->text_ends[number] - from);
    return true;
}

/* _xHHHH_ is one UTF-16 unit; a half of a pair stays as it is written. */
static bool take_escape(uint32_t *point, struct bytes text)
{
    uint8_t bytes[2];
    if (text.len < 7 || text.at[0] != '_' || text.at[1] != 'x' || text.at[6] != '_' ||
        !hex_read(bytes, 2, bytes_slice(text, 2, 4)))
        return false;
    *point = load_be16(bytes);
    return *point != 0 && (*point < 0xD800 || *point > 0xDFFF);
}

void xlsx_add_unescaped(struct buf *out, struct bytes text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint32_t point;
        if (text.at[i] != '_' || !take_escape(&point, bytes_slice(text, i, text.len - i)))
            continue;
        buf_add(out, bytes_slice(text, from, i - from));
        utf8_add(out, point);
        from = i + 7;
        i = from - 1;
    }
    buf_add(out, bytes_slice(text, from, text.len - from));
}

/* --- styles: which number formats are days --- */

enum { FORMATS_MAX = 4096 };

struct styles {
    struct xlsx_part *self;
    struct xlsx_book *book;
    uint64_t *dates; /* numbers of formats of the file that show days */
    size_t date_count, date_capacity, format_count;
    bool in_cell_formats;
};

bool xlsx_format_is_date(const char *code)
{
    bool quoted = false, bracketed = false;
    for (const char *at = code; *at != '\0'; at++) {
        if (*at == '\\' || *at == '_' || *at == '*') {
            if (at[1] != '\0')
                at++;
        } else if (*at == '"') {
            quoted = !quoted;
        } else if (quoted) {
            continue;
        } else if (*at == '[') {
            /* [h], [mm], [s] are times that run on; [Red] and [$-409] are not. */
            bracketed = true;
            if (strspn(at + 1, "hHmMsS") > 0 && at[1 + strspn(at + 1, "hHmMsS")] == ']')
                return true;
        } else if (*at == ']') {
            bracketed = false;
        } else if (!bracketed && (*at == 'G' || *at == 'g') &&
                   strncmp(at + 1, "eneral", 6) == 0) {
            at += 6;
        } else if (!bracketed && *at == ';') {
            return false; /* the first section is that of positive numbers */
        } else if (!bracketed && strchr("yYmMdDhHsS", *at) != NULL) {
            return true;
        }
    }
    return false;
}

/* Excel's own formats: ECMA-376 part 1, 18.8.30, with the East Asian ones. */
static bool builtin_is_date(uint64_t number)
{
    return (number >= 14 && number <= 22) || (number >= 27 && number <= 36) ||
           (number >= 45 && number <= 47) || (number >= 50 && number <= 58);
}

static bool format_is_date(const struct styles *styles, uint64_t number)
{
    for (size_t i = 0; i < styles->date_count; i++)
        if (styles->dates[i] == number)
            return true;
    return builtin_is_date(number);
}

static void add_cell_format(struct styles *styles, const char *number_text)
{
    struct xlsx_book *book = styles->book;
    uint64_t number = 0;
    if (number_text != NULL && !text_u64(&number, bytes_text(number_text)))
        number = 0;
    if (book->style_count >= XLSX_STYLES_MAX) {
        xlsx_part_fail(styles->self, "it has too many styles");
        return;
    }
    void *items = book->style_is_date;
    grow_to(&items, &book->style_capacity, book->style_count, sizeof *book->style_is_date);
    book->style_is_date = items;
    book->style_is_date[book->style_count++] = format_is_date(styles, number);
}

static void styles_start(void *context, const char *name, const char *const *attributes)
{
    struct styles *styles = context;
    const char *number_text = xlsx_attribute(attributes, "numFmtId");
    const char *code = xlsx_attribute(attributes, "formatCode");
    uint64_t number;
    if (is(name, "cellXfs"))
        styles->in_cell_formats = true;
    if (is(name, "xf") && styles->in_cell_formats)
        add_cell_format(styles, number_text);
    if (!is(name, "numFmt") || number_text == NULL || code == NULL ||
        !text_u64(&number, bytes_text(number_text)))
        return;
    if (++styles->format_count > FORMATS_MAX) {
        xlsx_part_fail(styles->self, "it has too many number formats");
        return;
    }
    if (!xlsx_format_is_date(code))
        return;
    void *dates = styles->dates;
    grow_to(&dates, &styles->date_capacity, styles->date_count, sizeof *styles->dates);
    styles->dates = dates;
    styles->dates[styles->date_count++] = number;
}

static void styles_end(void *context, const char *name)
{
    struct styles *styles = context;
    if (is(name, "cellXfs"))
        styles->in_cell_formats = false;
}

/* --- all of it --- */

static enum status read_texts(struct xlsx_book *book, struct zip *zip, const char *part,
                              struct err *err)
{
    static const struct xlsx_events events = {texts_start, texts_end, texts_text};
    struct texts texts = {.book = book, .one = {.max = XLSX_CELL_MAX}};
    enum status status = xlsx_part_parse(zip, part, &events, &texts, &texts.self, err);
    buf_release(&texts.one);
    return status;
}

static enum status read_styles(struct xlsx_book *book, struct zip *zip, const char *part,
                               struct err *err)
{
    static const struct xlsx_events events = {styles_start, styles_end, NULL};
    struct styles styles = {.book = book};
    enum status status = xlsx_part_parse(zip, part, &events, &styles, &styles.self, err);
    free(styles.dates);
    return status;
}

static enum status read_relations(struct relations *relations, struct zip *zip,
                                  const char *part, struct err *err)
{
    static const struct xlsx_events events = {relation_start, nothing, NULL};
    relations->count = 0;
    return xlsx_part_parse(zip, part, &events, relations, &relations->self, err);
}

/* The workbook's own part: nearly always xl/workbook.xml, but the archive says which. */
static enum status find_workbook(const char **part, struct relations *relations,
                                 struct zip *zip, struct err *err)
{
    relations->folder = "";
    enum status status = read_relations(relations, zip, "_rels/.rels", err);
    const char *found = relation_by_type(relations, "/officeDocument");
    *part = status == OK && found != NULL ? found : "xl/workbook.xml";
    const char *slash = strrchr(*part, '/'), *name = slash != NULL ? slash + 1 : *part;
    relations->folder = arena_printf(relations->arena, "%.*s", (int)(name - *part), *part);
    if (status != OK && status != NOT_FOUND)
        return status;
    return read_relations(
        relations, zip,
        arena_printf(relations->arena, "%s_rels/%s.rels", relations->folder, name), err);
}

enum status xlsx_book_read(struct xlsx_book *book, struct zip *zip, struct err *err)
{
    static const struct xlsx_events events = {workbook_start, nothing, NULL};
    *book = (struct xlsx_book){.texts = {.max = XLSX_TEXT_BYTES_MAX}};
    struct relations relations = {.arena = &book->arena};
    struct workbook workbook = {.book = book, .relations = &relations};
    const char *part;
    enum status status = find_workbook(&part, &relations, zip, err);
    if (status == OK)
        status = xlsx_part_parse(zip, part, &events, &workbook, &workbook.self, err);
    if (status == NOT_FOUND)
        status = fail(err, BAD_INPUT,
                      "this is a ZIP archive and no Excel workbook; unpack it first");
    const char *texts = relation_by_type(&relations, "/sharedStrings");
    const char *styles = relation_by_type(&relations, "/styles");
    if (status == OK && texts != NULL)
        status = read_texts(book, zip, texts, err);
    if (status == OK && styles != NULL)
        status = read_styles(book, zip, styles, err);
    free(relations.items);
    if (status == NOT_FOUND)
        status = BAD_INPUT;
    if (status != OK)
        xlsx_book_release(book);
    return status;
}

void xlsx_book_release(struct xlsx_book *book)
{
    if (book == NULL)
        return;
    arena_release(&book->arena);
    free(book->sheets);
    buf_release(&book->texts);
    free(book->text_ends);
    free(book->style_is_date);
    *book = (struct xlsx_book){0};
}
