/* SPDX-License-Identifier: Apache-2.0
 *
 * The grammar, one line each:
 *
 *     line   = [ target "=" value ] [ "#" anything ]
 *     target = "schema" | "id" | property | "@" around
 *     value  = term { "+" term } | column format
 *     term   = column | constant
 *     column = word | "[" anything but "]" "]"        a word has no blank and none of + # "
 * [ ] = % constant = '"' { anything but '"' | '""' } '"' format = "%" ... to the end of the
 * line
 */
#include "formats/mapping.h"

#include "base/text.h"
#include "record/date.h"

#include <stdarg.h>
#include <stdio.h>

enum { JOINED_MAX = 2 * CSV_ROW_MAX, SHOWN_MAX = 60 };

/* One line of the file while it is taken apart. */
struct line_parser {
    struct mapping *mapping;
    size_t number;
    struct bytes rest;
    struct err *err;
};

PRINTF_LIKE(2, 3)
static enum status fail_line(const struct line_parser *parser, const char *format, ...)
{
    char sentence[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    return fail(parser->err, BAD_INPUT, "%s, line %zu: %s", parser->mapping->path,
                parser->number, sentence);
}

/* For %.*s: as much of a foreign word as a sentence should repeat. */
#define SHOWN(bytes)                                                                       \
    (int)((bytes).len < SHOWN_MAX ? (bytes).len : SHOWN_MAX), (const char *)(bytes).at

static void skip(struct line_parser *parser, size_t len)
{
    parser->rest = bytes_slice(parser->rest, len, parser->rest.len - len);
}

static uint8_t peek(struct line_parser *parser)
{
    while (parser->rest.len > 0 && is_space(parser->rest.at[0]))
        skip(parser, 1);
    return parser->rest.len > 0 ? parser->rest.at[0] : '\0';
}

static bool ends_here(struct line_parser *parser)
{
    uint8_t c = peek(parser);
    return c == '\0' || c == '#';
}

static struct bytes take_word(struct line_parser *parser)
{
    peek(parser);
    size_t len = 0;
    while (len < parser->rest.len && !is_space(parser->rest.at[len]) &&
           strchr("+\"[]=%", parser->rest.at[len]) == NULL &&
           !(len == 0 && parser->rest.at[len] == '#'))
        len++;
    struct bytes word = bytes_slice(parser->rest, 0, len);
    skip(parser, len);
    return word;
}

static enum status take_constant(struct bytes *out, struct line_parser *parser)
{
    struct bytes rest = bytes_slice(parser->rest, 1, parser->rest.len - 1);
    uint8_t *text = arena_alloc(&parser->mapping->arena, rest.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] == '"') {
            bool doubled = i + 1 < rest.len && rest.at[i + 1] == '"';
            if (!doubled) {
                skip(parser, i + 2);
                *out = bytes_of(text, len);
                return OK;
            }
            i++;
        }
        text[len++] = rest.at[i];
    }
    return fail_line(parser, "a quotation mark is not closed");
}

static enum status take_bracketed(struct bytes *out, struct line_parser *parser)
{
    const uint8_t *close = memchr(parser->rest.at, ']', parser->rest.len);
    if (close == NULL)
        return fail_line(parser, "the bracket of a column name is not closed");
    size_t len = (size_t)(close - parser->rest.at);
    *out = text_trim(bytes_slice(parser->rest, 1, len - 1));
    skip(parser, len + 1);
    return OK;
}

static enum status take_term(struct mapping_term *term, struct line_parser *parser)
{
    enum status status = OK;
    *term = (struct mapping_term){.column = CSV_NO_COLUMN};
    uint8_t c = peek(parser);
    if (c == '"') {
        term->constant = true;
        status = take_constant(&term->text, parser);
    } else if (c == '[') {
        status = take_bracketed(&term->text, parser);
    } else {
        term->text = take_word(parser);
    }
    if (status == OK && term->text.len == 0)
        return fail_line(parser, term->constant
                                     ? "the quoted text is empty"
                                     : "a column name or a quoted text is missing here");
    return status;
}

/* The rest of the line up to a comment is a date format. */
static enum status take_format(struct mapping_line *line, struct line_parser *parser)
{
    if (line->target != MAPPING_PROPERTY || line->property->kind != VALUE_DATE)
        return fail_line(parser, "a date format stands here, but this is not a date");
    if (line->term_count != 1 || line->terms[0].constant)
        return fail_line(parser, "a date format stands behind one column alone");
    size_t len = 0;
    while (len < parser->rest.len && parser->rest.at[len] != '#')
        len++;
    line->format =
        arena_text(&parser->mapping->arena, text_trim(bytes_slice(parser->rest, 0, len)));
    skip(parser, len);
    struct err why = {.text = ""};
    if (date_check_format(line->format, &why) != OK)
        return fail_line(parser, "%s", why.text);
    return OK;
}

static enum status take_value(struct mapping_line *line, struct line_parser *parser)
{
    struct mapping_term terms[MAPPING_TERMS_MAX];
    size_t count = 0;
    for (;;) {
        if (count == MAPPING_TERMS_MAX)
            return fail_line(parser, "more than %d columns are joined", MAPPING_TERMS_MAX);
        enum status status = take_term(&terms[count++], parser);
        if (status != OK)
            return status;
        if (peek(parser) != '+')
            break;
        skip(parser, 1);
    }
    struct mapping_term *kept = arena_zalloc(&parser->mapping->arena, count, sizeof *kept);
    memcpy(kept, terms, count * sizeof *kept);
    line->terms = kept;
    line->term_count = count;
    if (peek(parser) == '%') {
        enum status status = take_format(line, parser);
        if (status != OK)
            return status;
    }
    if (!ends_here(parser))
        return fail_line(
            parser,
            "\"%.*s\" is not understood here; columns are joined with +, a column "
            "name with blanks stands in [brackets], fixed text in \"quotes\"",
            SHOWN(parser->rest));
    return OK;
}

static enum status take_schema(struct line_parser *parser)
{
    struct mapping *mapping = parser->mapping;
    if (mapping->schema != NULL)
        return fail_line(parser, "the schema is named twice");
    struct bytes word;
    enum status status = OK;
    if (peek(parser) == '"')
        status = take_constant(&word, parser);
    else
        word = take_word(parser);
    if (status != OK)
        return status;
    mapping->schema = schema_find(word);
    if (mapping->schema == NULL) {
        const char *near = schema_nearest(word);
        return fail_line(parser, "there is no schema \"%.*s\"%s%s%s", SHOWN(word),
                         near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    }
    if (!ends_here(parser))
        return fail_line(parser, "something stands behind the name of the schema");
    return OK;
}

static enum status find_property(struct mapping_line *line,
                                 const struct line_parser *parser, struct bytes name)
{
    const struct schema *schema = parser->mapping->schema;
    line->property = schema_property(schema, name);
    if (line->property != NULL && (line->property->flags & PROPERTY_STUB))
        return fail_line(
            parser, "%s.%.*s follows from other records that point here and holds no value",
            schema->name, SHOWN(name));
    if (line->property != NULL)
        return OK;
    const char *near = schema_property_nearest(schema, name);
    return fail_line(parser, "%s has no property \"%.*s\"%s%s%s", schema->name, SHOWN(name),
                     near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

/* What stands before the "=". */
static enum status find_target(struct mapping_line *line, const struct line_parser *parser,
                               struct bytes name)
{
    struct mapping *mapping = parser->mapping;
    if (name.len > 0 && name.at[0] == '@') {
        line->target = MAPPING_AROUND;
        line->around = around_find(bytes_slice(name, 1, name.len - 1));
        if (line->around == AROUND_COUNT)
            return fail_line(parser, "\"%.*s\" is unknown; behind @ stands one of %s",
                             SHOWN(name), around_list());
        return OK;
    }
    if (mapping->schema == NULL)
        return fail_line(parser,
                         "the first line must name the schema, as: schema = Person");
    if (bytes_is(name, "id")) {
        if (mapping->has_id)
            return fail_line(parser, "the id is given twice; join columns with +");
        mapping->has_id = true;
        line->target = MAPPING_ID;
        return OK;
    }
    line->target = MAPPING_PROPERTY;
    return find_property(line, parser, name);
}

/* A fixed @status and the like is tried at once, so that its mistake is told with its line.
 */
static enum status try_constant(const struct mapping_line *line,
                                const struct line_parser *parser)
{
    if (line->target != MAPPING_AROUND || line->term_count != 1 || !line->terms[0].constant)
        return OK;
    struct record trial;
    record_init(&trial, parser->mapping->schema, &parser->mapping->arena);
    struct err why = {.text = ""};
    if (around_set(&trial, line->around, text_trim(line->terms[0].text), &why) != OK)
        return fail_line(parser, "%s", why.text);
    return OK;
}

static enum status parse_line(struct line_parser *parser)
{
    struct mapping *mapping = parser->mapping;
    if (ends_here(parser))
        return OK;
    struct bytes name = take_word(parser);
    if (name.len == 0 || peek(parser) != '=')
        return fail_line(parser, "a line is written as: property = column");
    skip(parser, 1);
    if (bytes_is(name, "schema"))
        return take_schema(parser);
    if (mapping->count == MAPPING_LINES_MAX)
        return fail_line(parser, "a mapping has at most %d lines", MAPPING_LINES_MAX);
    struct mapping_line *line = &mapping->lines[mapping->count];
    *line = (struct mapping_line){.number = parser->number};
    enum status status = find_target(line, parser, name);
    if (status == OK)
        status = take_value(line, parser);
    if (status == OK)
        status = try_constant(line, parser);
    if (status == OK)
        mapping->count++;
    return status;
}

enum status mapping_parse(struct mapping *mapping, struct bytes text, const char *path,
                          struct err *err)
{
    *mapping = (struct mapping){.path = path, .joined = {.max = JOINED_MAX}};
    if (text.len > MAPPING_FILE_MAX)
        return fail(err, TOO_LARGE, "%s: a mapping file has at most %d bytes", path,
                    MAPPING_FILE_MAX);
    if (!utf8_valid(text) || (text.len > 0 && memchr(text.at, 0, text.len) != NULL))
        return fail(err, BAD_INPUT, "%s: the mapping file is not UTF-8 text", path);
    if (text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
        text = bytes_slice(text, 3, text.len - 3);
    text = arena_bytes(&mapping->arena, text);
    mapping->lines =
        arena_zalloc(&mapping->arena, MAPPING_LINES_MAX, sizeof *mapping->lines);

    struct line_parser parser = {.mapping = mapping, .err = err};
    while (text_next_part(&parser.rest, &text, '\n')) {
        parser.number++;
        enum status status = parse_line(&parser);
        if (status != OK)
            return status;
    }
    if (mapping->schema == NULL)
        return fail(err, BAD_INPUT, "%s: no line names the schema, as: schema = Person",
                    path);
    return OK;
}

void mapping_release(struct mapping *mapping)
{
    if (mapping == NULL)
        return;
    buf_release(&mapping->joined);
    arena_release(&mapping->arena);
    *mapping = (struct mapping){0};
}

static enum status fail_column(const struct mapping *mapping, const struct csv *csv,
                               size_t number, struct bytes name, int found, struct err *err)
{
    if (found == CSV_TWO_COLUMNS)
        return fail(err, BAD_INPUT, "%s, line %zu: the column \"%.*s\" stands twice in %s",
                    mapping->path, number, SHOWN(name), source_name(csv->source));
    struct arena scratch = {0};
    const char **names = arena_zalloc(&scratch, csv->column_count + 1, sizeof *names);
    for (size_t i = 0; i < csv->column_count; i++)
        names[i] = (const char *)csv->columns[i].at;
    const char *near = text_nearest(name, names, csv->column_count);
    enum status status =
        fail(err, BAD_INPUT, "%s, line %zu: %s has no column \"%.*s\"%s%s%s", mapping->path,
             number, source_name(csv->source), SHOWN(name), near ? "; did you mean \"" : "",
             near ? near : "", near ? "\"?" : "");
    arena_release(&scratch);
    return status;
}

enum status mapping_bind(struct mapping *mapping, const struct csv *csv, struct err *err)
{
    for (size_t i = 0; i < mapping->count; i++) {
        struct mapping_line *line = &mapping->lines[i];
        struct mapping_term *bound =
            arena_zalloc(&mapping->arena, line->term_count, sizeof *bound);
        for (size_t t = 0; t < line->term_count; t++) {
            bound[t] = line->terms[t];
            if (bound[t].constant)
                continue;
            bound[t].column = csv_column(csv, bound[t].text);
            if (bound[t].column < 0)
                return fail_column(mapping, csv, line->number, bound[t].text,
                                   bound[t].column, err);
        }
        line->terms = bound;
    }
    return OK;
}

/* The columns that are not blank, and the constants, joined with spaces. Constants beside
 * columns say something only when one of these does: "Mr" alone is no name. */
static struct bytes join(struct mapping *mapping, const struct mapping_line *line,
                         const struct csv_row *row)
{
    const struct mapping_term *only = &line->terms[0];
    if (line->term_count == 1)
        return only->constant ? only->text : csv_trimmed(&row->fields[only->column]);
    buf_clear(&mapping->joined);
    bool any_column = false;
    for (size_t t = 0; t < line->term_count; t++) {
        const struct mapping_term *term = &line->terms[t];
        struct bytes text = text_trim(
            term->constant ? term->text : csv_trimmed(&row->fields[term->column]));
        if (text.len == 0)
            continue;
        any_column |= !term->constant;
        if (mapping->joined.len > 0)
            buf_add_byte(&mapping->joined, ' ');
        buf_add(&mapping->joined, text);
    }
    return any_column ? buf_bytes(&mapping->joined) : (struct bytes){0};
}

/* What to call the line's source in a reject: its first column. */
static const char *first_column(const struct mapping_line *line, const struct csv *csv)
{
    for (size_t t = 0; t < line->term_count; t++)
        if (!line->terms[t].constant)
            return (const char *)csv->columns[line->terms[t].column].at;
    return "";
}

static enum status read_line(struct record *record, struct reject *reject,
                             const struct mapping_line *line, struct bytes value)
{
    switch (line->target) {
    case MAPPING_ID:
        if (value.len > RECORD_ID_MAX)
            return fail(&reject->reason, BAD_INPUT,
                        "the id is %zu bytes long; %d is the most", value.len,
                        RECORD_ID_MAX);
        record->id = arena_text(record->arena, value);
        return OK;
    case MAPPING_PROPERTY:
        return record_add(record, line->property, line->property->name, value,
                          line->format ? arena_text(record->arena, bytes_text(line->format))
                                       : NULL,
                          &reject->reason);
    case MAPPING_AROUND:
        break;
    }
    return around_set(record, line->around, value, &reject->reason);
}

enum status mapping_read(struct record *record, struct reject *reject,
                         struct mapping *mapping, const struct csv *csv,
                         const struct csv_row *row, struct arena *arena)
{
    record_init(record, mapping->schema, arena);
    record->line = row->line;
    for (size_t i = 0; i < mapping->count; i++) {
        const struct mapping_line *line = &mapping->lines[i];
        struct bytes value = text_trim(join(mapping, line, row));
        if (value.len == 0)
            continue;
        if (read_line(record, reject, line, value) != OK) {
            reject->field = first_column(line, csv);
            reject->value = value;
            return BAD_INPUT;
        }
    }
    return OK;
}
