/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/typed.h"

#include "base/text.h"
#include "record/around.h"

#include <stdio.h>

enum { SUGGESTIONS = 8, SHOWN_MAX = 200 };

void typed_invite(const struct schema *schema)
{
    fprintf(stderr, "%s: one name=value a line, an empty line at the end\n", schema->name);
}

/* What is behind a NUL would be lost unseen. */
enum status typed_line(char *line, size_t len, struct err *err)
{
    if (len > 0 && line[len - 1] == '\n')
        line[--len] = '\0';
    if (len > 0 && line[len - 1] == '\r')
        line[--len] = '\0';
    if (memchr(line, '\0', len) != NULL || memchr(line, '\r', len) != NULL)
        return fail(
            err, BAD_INPUT,
            "\"%.*s\": a NUL or a carriage return stands in the line; what is typed is "
            "text, one name=value a line",
            (int)strcspn(line, "\r"), line);
    return OK;
}

enum status typed_split(const char **name, struct bytes *value, const char *word,
                        struct arena *arena, struct err *err)
{
    const char *equals = strchr(word, '=');
    if (equals == NULL || equals == word)
        return fail(err, BAD_INPUT, "\"%.*s\": write it as name=value", SHOWN_MAX, word);
    struct bytes front = text_trim(bytes_of(word, (size_t)(equals - word)));
    *name = arena_text(arena, front);
    *value = text_trim(bytes_text(equals + 1));
    if (!utf8_valid(*value))
        return fail(err, BAD_INPUT, "%s: the value is not text in UTF-8", *name);
    return OK;
}

static enum status no_property(const struct record *record, const char *name,
                               struct err *err)
{
    const char *near = schema_property_nearest(record->schema, bytes_text(name));
    return fail(err, BAD_INPUT, "%s has no property \"%.*s\"%s%s%s", record->schema->name,
                SHOWN_MAX, name, near ? "; did you mean " : "", near ? near : "",
                near ? "?" : "");
}

/* The last of two would win, and the other be lost unseen. */
static enum status twice(const char *name, struct err *err)
{
    return fail(err, BAD_INPUT, "%s is given twice, and a record has one only", name);
}

enum status typed_add(struct record *record, unsigned *given, const char *name,
                      struct bytes value, struct err *err)
{
    enum { GIVEN_ID = AROUND_COUNT };
    if (name[0] == '@') {
        enum around which = around_find(bytes_text(name + 1));
        if (which == AROUND_COUNT)
            return fail(err, BAD_INPUT, "%.*s: behind @ stands one of %s", SHOWN_MAX, name,
                        around_list());
        if (which != AROUND_HANDLING && (*given & 1U << which) != 0)
            return twice(name, err);
        enum status status = around_set(record, which, value, err);
        if (status == OK)
            *given |= 1U << which;
        else
            err_prefix(err, "%s: ", name);
        return status;
    }
    if (strcmp(name, "id") == 0) {
        if ((*given & 1U << GIVEN_ID) != 0)
            return twice(name, err);
        *given |= 1U << GIVEN_ID;
        record->id = arena_text(record->arena, value);
        record->id_made = false;
        return OK;
    }
    const struct property *property = schema_property(record->schema, bytes_text(name));
    if (property == NULL)
        return no_property(record, name, err);
    if (around_find(bytes_text(name)) != AROUND_COUNT)
        fprintf(
            stderr,
            "%s is taken as a word about the thing itself; what protects it, and whose it "
            "is, stands behind @: @%s=...\n",
            name, name);
    return record_add(record, property, property->name, value, NULL, err);
}

static void add_suggestions(struct err *err, const struct record_value *value)
{
    const struct value_type *type = value_type(value->property->kind);
    struct bytes found[SUGGESTIONS];
    struct arena arena = {0};
    size_t count =
        type->suggest != NULL ? type->suggest(found, SUGGESTIONS, value->raw, &arena) : 0;
    struct err sentence = *err;
    struct buf list = {.max = ERR_TEXT_MAX};
    for (size_t i = 0; i < count; i++)
        buf_addf(&list, "%s%.*s", i > 0 ? ", " : "", (int)found[i].len,
                 (const char *)found[i].at);
    if (count > 0)
        fail(err, BAD_INPUT,
             "%s; perhaps %s (look at the original; nothing is corrected for you)",
             sentence.text, buf_text(&list));
    buf_release(&list);
    arena_release(&arena);
}

enum status typed_check(const struct record *record, size_t from, struct err *err)
{
    for (size_t i = from; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        if (value->grade != VALUE_INVALID || value->property == NULL)
            continue;
        fail(err, BAD_INPUT, "%s=%.*s: %s", value->name,
             (int)(value->raw.len < SHOWN_MAX ? value->raw.len : SHOWN_MAX),
             (const char *)value->raw.at, value->why);
        add_suggestions(err, value);
        return BAD_INPUT;
    }
    for (size_t i = from; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        if (value->grade == VALUE_DOUBTFUL || value->grade == VALUE_MISSING)
            fprintf(stderr, "%s: %s\n", value->name, value->why);
    }
    return OK;
}
