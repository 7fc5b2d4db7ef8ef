/* SPDX-License-Identifier: Apache-2.0 */
#include "store/form.h"

enum { VERSION = 1 };
enum { ID_MADE = 1, FROM_FILE = 2 };

static void add_word(struct buf *out, const char *word)
{
    size_t len = strlen(word);
    buf_add_be16(out, (uint16_t)len);
    buf_add(out, bytes_of(word, len));
}

enum status form_add(struct buf *out, const struct record *record, struct err *err)
{
    size_t start = out->len;
    buf_add_byte(out, VERSION);
    add_word(out, record->schema->name);
    add_word(out, record->id);
    buf_add_byte(out, (uint8_t)((record->id_made ? ID_MADE : 0) |
                                (record->from_file ? FROM_FILE : 0)));
    add_word(out, record->owner);
    add_word(out, status_word(record->status));
    buf_add_byte(out, (uint8_t)record->handling);
    add_word(out, record->handling_note);
    add_word(out, evaluation_scheme_word(record->evaluation.scheme));
    add_word(out, record->evaluation.code);
    add_word(out, purpose_word(record->purpose));
    add_word(out, record->review);
    buf_add_be16(out, (uint16_t)record->count);
    for (size_t i = 0; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        add_word(out, value->name);
        add_word(out, value->format != NULL ? value->format : "");
        buf_add_be32(out, (uint32_t)value->raw.len);
        buf_add(out, value->raw);
    }
    if (out->overflowed || out->len - start > FORM_MAX)
        return fail(err, TOO_LARGE, "the record %.100s is larger than %d MiB", record->id,
                    FORM_MAX >> 20);
    return OK;
}

static struct bytes take_word(struct cursor *cursor)
{
    return cursor_take(cursor, cursor_be16(cursor));
}

static const char *take_text(struct cursor *cursor, struct arena *arena)
{
    struct bytes word = take_word(cursor);
    return word.len > 0 ? arena_text(arena, word) : "";
}

/* What stands around the record. A word that the lists no longer have is damage: words
 * stay. */
static enum status read_around(struct record *record, struct cursor *cursor,
                               struct arena *arena, struct err *err)
{
    record->id = take_text(cursor, arena);
    unsigned made = cursor_u8(cursor);
    record->id_made = (made & ID_MADE) != 0;
    record->from_file = (made & FROM_FILE) != 0;
    record->owner = take_text(cursor, arena);
    enum status status = status_parse(&record->status, take_word(cursor), err);
    record->handling = cursor_u8(cursor);
    record->handling_note = take_text(cursor, arena);
    const char *scheme = take_text(cursor, arena);
    const char *code = take_text(cursor, arena);
    if (status == OK)
        status =
            evaluation_parse(&record->evaluation,
                             bytes_text(arena_printf(arena, "%s:%s", scheme, code)), err);
    struct bytes purpose = take_word(cursor);
    if (status == OK)
        status = purpose_parse(&record->purpose, purpose, err);
    record->review = take_text(cursor, arena);
    return status;
}

static enum status read_values(struct record *record, struct cursor *cursor,
                               struct arena *arena, struct err *err)
{
    size_t count = cursor_be16(cursor);
    for (size_t i = 0; i < count && !cursor->failed; i++) {
        struct bytes name = take_word(cursor), format = take_word(cursor);
        struct bytes raw = cursor_take(cursor, cursor_be32(cursor));
        const struct property *property = schema_property(record->schema, name);
        enum status status = record_add_exactly(
            record, property, property != NULL ? property->name : arena_text(arena, name),
            raw, format.len > 0 ? arena_text(arena, format) : NULL, err);
        if (status != OK)
            return status;
    }
    return OK;
}

enum status form_read(struct record *record, struct bytes form, const char *home,
                      struct arena *arena, struct err *err)
{
    struct cursor cursor = {.rest = form};
    if (cursor_u8(&cursor) != VERSION)
        return fail(err, BAD_INPUT, "the form of a record has an unknown version");
    struct bytes name = take_word(&cursor);
    const struct schema *schema = schema_find(name);
    if (schema == NULL)
        return fail(err, BAD_INPUT, "a record has the unknown schema \"%.*s\"",
                    (int)(name.len < 60 ? name.len : 60), (const char *)name.at);
    record_init(record, schema, arena);
    enum status status = read_around(record, &cursor, arena, err);
    if (status == OK)
        status = read_values(record, &cursor, arena, err);
    if (status == OK && (cursor.failed || cursor.rest.len > 0))
        status = fail(err, BAD_INPUT, "the form of a record is cut off or too long");
    if (status != OK)
        return status;
    /* The one thing it can find is a required property without a usable value. Such a
     * record was good enough to be kept. */
    status = record_finish(record, home, NULL);
    (void)status;
    return OK;
}
