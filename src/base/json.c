/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "base/text.h"

#include <json-c/json.h>
#include <limits.h>
#include <math.h>

enum status json_read(const struct json_object **root, struct json_reader *reader,
                      struct bytes text, struct err *err)
{
    if (reader->tokener == NULL) {
        reader->tokener = json_tokener_new_ex(JSON_DEPTH_MAX);
        if (reader->tokener == NULL)
            return fail(err, IO_FAILED, "JSON: no memory for the reader");
        json_tokener_set_flags(reader->tokener,
                               JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    }
    json_object_put(reader->root);
    reader->root = NULL;
    if (text.len >= INT_MAX)
        return fail(err, TOO_LARGE, "JSON: %zu bytes is over the limit", text.len);

    json_tokener_reset(reader->tokener);
    reader->root =
        json_tokener_parse_ex(reader->tokener, (const char *)text.at, (int)text.len);
    enum json_tokener_error fault = json_tokener_get_error(reader->tokener);
    /* A bare number has no end of its own: a space behind it is one. */
    if (fault == json_tokener_continue) {
        reader->root = json_tokener_parse_ex(reader->tokener, " ", 1);
        fault = json_tokener_get_error(reader->tokener);
    } else if (fault == json_tokener_success) {
        size_t end = json_tokener_get_parse_end(reader->tokener);
        if (text_trim(bytes_slice(text, end, text.len - end)).len > 0)
            return fail(err, BAD_INPUT,
                        "JSON: something stands behind the value, at byte %zu", end + 1);
    }
    if (fault == json_tokener_continue)
        return fail(err, BAD_INPUT, "JSON: the text ends before the value does");
    if (fault != json_tokener_success)
        return fail(err, BAD_INPUT, "JSON: %s, at byte %zu", json_tokener_error_desc(fault),
                    json_tokener_get_parse_end(reader->tokener) + 1);
    *root = reader->root;
    return OK;
}

void json_reader_release(struct json_reader *reader)
{
    if (reader == NULL)
        return;
    json_object_put(reader->root);
    if (reader->tokener != NULL)
        json_tokener_free(reader->tokener);
    *reader = (struct json_reader){0};
}

enum json_kind json_kind(const struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_boolean:
        return JSON_BOOL;
    case json_type_double:
    case json_type_int:
        return JSON_NUMBER;
    case json_type_string:
        return JSON_TEXT;
    case json_type_array:
        return JSON_LIST;
    case json_type_object:
        return JSON_MAP;
    case json_type_null:
        break;
    }
    return JSON_NULL;
}

const struct json_object *json_get(const struct json_object *value, const char *key)
{
    struct json_object *member = NULL;
    if (json_kind(value) == JSON_MAP)
        json_object_object_get_ex(value, key, &member);
    return member;
}

size_t json_count(const struct json_object *list)
{
    return json_kind(list) == JSON_LIST ? json_object_array_length(list) : 0;
}

const struct json_object *json_at(const struct json_object *list, size_t index)
{
    return json_object_array_get_idx(list, index);
}

struct bytes json_text(const struct json_object *value)
{
    /* json-c keeps the written form inside the object, so its getters take it not const;
     * what they change cannot be seen from outside. */
    struct json_object *inside = (struct json_object *)(uintptr_t)value;
    switch (json_kind(value)) {
    case JSON_TEXT:
        return bytes_of(json_object_get_string(inside),
                        (size_t)json_object_get_string_len(value));
    case JSON_NUMBER:
    case JSON_BOOL:
        return bytes_text(json_object_to_json_string(inside));
    default:
        return (struct bytes){0};
    }
}

double json_number(const struct json_object *value)
{
    return json_kind(value) == JSON_NUMBER ? json_object_get_double(value) : 0;
}

enum status json_each(const struct json_object *map, json_visit *visit, void *context)
{
    if (json_kind(map) != JSON_MAP)
        return OK;
    json_object_object_foreach((struct json_object *)(uintptr_t)map, key, value)
    {
        enum status status = visit(context, key, value);
        if (status != OK)
            return status;
    }
    return OK;
}

static void before_value(struct json_writer *writer)
{
    if (writer->comma)
        buf_add_byte(writer->out, ',');
    writer->comma = true;
}

void json_begin_map(struct json_writer *writer)
{
    before_value(writer);
    buf_add_byte(writer->out, '{');
    writer->comma = false;
}

void json_end_map(struct json_writer *writer)
{
    buf_add_byte(writer->out, '}');
    writer->comma = true;
}

void json_begin_list(struct json_writer *writer)
{
    before_value(writer);
    buf_add_byte(writer->out, '[');
    writer->comma = false;
}

void json_end_list(struct json_writer *writer)
{
    buf_add_byte(writer->out, ']');
    writer->comma = true;
}

static void add_quoted(struct buf *out, struct bytes text)
{
    buf_add_byte(out, '"');
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (c >= ' ' && c != '"' && c != '\\' && c != 0x7F)
            continue;
        buf_add(out, bytes_slice(text, from, i - from));
        from = i + 1;
        if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", c);
        else if (c == '\n')
            buf_add_text(out, "\\n");
        else if (c == '\r')
            buf_add_text(out, "\\r");
        else if (c == '\t')
            buf_add_text(out, "\\t");
        else
            buf_addf(out, "\\u%04x", c);
    }
    buf_add(out, bytes_slice(text, from, text.len - from));
    buf_add_byte(out, '"');
}

void json_key(struct json_writer *writer, const char *key)
{
    before_value(writer);
    add_quoted(writer->out, bytes_text(key));
    buf_add_byte(writer->out, ':');
    writer->comma = false;
}

void json_put_text(struct json_writer *writer, struct bytes text)
{
    before_value(writer);
    add_quoted(writer->out, text);
}

void json_put_number(struct json_writer *writer, double number)
{
    if (!isfinite(number)) {
        json_put_null(writer);
        return;
    }
    char text[32];
    text_number(text, sizeof text, number);
    before_value(writer);
    buf_add_text(writer->out, text);
}

void json_put_count(struct json_writer *writer, uint64_t count)
{
    before_value(writer);
    buf_addf(writer->out, "%llu", (unsigned long long)count);
}

void json_put_bool(struct json_writer *writer, bool truth)
{
    before_value(writer);
    buf_add_text(writer->out, truth ? "true" : "false");
}

void json_put_null(struct json_writer *writer)
{
    before_value(writer);
    buf_add_text(writer->out, "null");
}

void json_text_member(struct json_writer *writer, const char *key, const char *text)
{
    json_key(writer, key);
    json_put_text(writer, bytes_text(text));
}

void json_count_member(struct json_writer *writer, const char *key, uint64_t count)
{
    json_key(writer, key);
    json_put_count(writer, count);
}

void json_number_member(struct json_writer *writer, const char *key, double number)
{
    json_key(writer, key);
    json_put_number(writer, number);
}
