/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ftm.h"

#include "base/text.h"
#include "record/around.h"

void ftm_open(struct ftm *ftm, struct source *source)
{
    *ftm = (struct ftm){
        .source = source,
        .repaired_line = {.max = 3 * (size_t)FTM_LINE_MAX},
        .shown = {.max = 3 * FTM_SHOWN_MAX},
    };
}

void ftm_release(struct ftm *ftm)
{
    if (ftm == NULL)
        return;
    json_reader_release(&ftm->json);
    buf_release(&ftm->repaired_line);
    buf_release(&ftm->shown);
    *ftm = (struct ftm){0};
}

/* What the rejects file shows of a line: all of it, or its beginning; as UTF-8. */
static struct bytes shown(struct ftm *ftm, struct bytes line)
{
    buf_clear(&ftm->shown);
    utf8_add_repaired(
        &ftm->shown,
        bytes_slice(line, 0, line.len < FTM_SHOWN_MAX ? line.len : FTM_SHOWN_MAX));
    return buf_bytes(&ftm->shown);
}

struct bytes ftm_row(struct ftm *ftm)
{
    return shown(ftm, ftm->row);
}

/* The line that begins the window is too long: pass over it, holding only its beginning. */
static enum status skip_line(struct reject *reject, struct ftm *ftm, struct err *err)
{
    reject->row = shown(ftm, source_window(ftm->source));
    for (;;) {
        struct bytes window = source_window(ftm->source);
        const uint8_t *end = window.len > 0 ? memchr(window.at, '\n', window.len) : NULL;
        if (end != NULL) {
            source_take(ftm->source, (size_t)(end - window.at) + 1);
            break;
        }
        source_take(ftm->source, window.len);
        if (source_ended(ftm->source))
            break;
        enum status status = source_more(ftm->source, err);
        if (status != OK)
            return status;
    }
    return reject_field(
        reject, "", (struct bytes){0},
        "the line is longer than %d MiB; an entity of this size is not taken",
        FTM_LINE_MAX >> 20);
}

/* The next line without its end, in the window. BAD_INPUT for one that cannot be used. */
static enum status next_line(struct bytes *line, struct reject *reject, struct ftm *ftm,
                             struct err *err)
{
    source_take(ftm->source, ftm->take);
    ftm->take = 0;
    reject->line = ++ftm->line;
    for (size_t seen = 0;;) {
        struct bytes window = source_window(ftm->source);
        const uint8_t *end =
            window.len > seen ? memchr(window.at + seen, '\n', window.len - seen) : NULL;
        size_t len = end != NULL ? (size_t)(end - window.at) : window.len;
        if (len > FTM_LINE_MAX)
            return skip_line(reject, ftm, err);
        if (end != NULL || source_ended(ftm->source)) {
            *line = bytes_slice(window, 0, len);
            ftm->take = len + (end != NULL);
            bool damaged = end == NULL && source_damage(ftm->source)[0] != '\0';
            if (damaged && !ftm->damage_told) {
                ftm->damage_told = true;
                reject->row = shown(ftm, *line);
                return reject_field(reject, "", (struct bytes){0}, "%s",
                                    source_damage(ftm->source));
            }
            return end == NULL && len == 0 ? NOT_FOUND : OK;
        }
        seen = window.len;
        enum status status = source_more(ftm->source, err);
        if (status != OK)
            return status;
    }
}

/* A JSON tree costs up to some 50 times its text; of short lines that does not matter. */
static bool has_too_many_members(struct bytes line)
{
    if (line.len <= FTM_MEMBERS_MAX)
        return false;
    size_t members = 0;
    bool text = false;
    for (size_t i = 0; i < line.len; i++) {
        uint8_t c = line.at[i];
        if (c == '"')
            text = !text;
        else if (text && c == '\\')
            i++;
        else
            members += !text && (c == ',' || c == '[' || c == '{');
    }
    return members > FTM_MEMBERS_MAX;
}

static bool has_nul(struct bytes text)
{
    return text.len > 0 && memchr(text.at, 0, text.len) != NULL;
}

/* A context for the visit of a map's members. */
struct visit {
    struct record *record;
    struct reject *reject;
    const char *name; /* in the record's arena */
    const struct property *property;
};

static enum status add_value(struct visit *visit, const struct json_object *value)
{
    switch (json_kind(value)) {
    case JSON_NULL:
        return OK;
    case JSON_MAP:
    case JSON_LIST:
        return reject_field(
            visit->reject, visit->name, (struct bytes){0},
            "the value is an object or a list inside a list; a value is text, "
            "and another entity is named by its id");
    default:
        break;
    }
    struct bytes text = json_text(value);
    if (has_nul(text))
        return reject_field(visit->reject, visit->name, (struct bytes){0},
                            "the value holds a NUL character, which no text has");
    enum status status = record_add_exactly(visit->record, visit->property, visit->name,
                                            text, NULL, &visit->reject->reason);
    if (status != OK)
        visit->reject->field = visit->name;
    return status;
}

static enum status add_property(void *context, const char *key,
                                const struct json_object *value)
{
    struct visit *visit = context;
    const struct property *property =
        schema_property(visit->record->schema, bytes_text(key));
    if (property != NULL && (property->flags & PROPERTY_STUB))
        property = NULL;
    visit->property = property;
    visit->name = property != NULL ? property->name
                                   : arena_text(visit->record->arena, bytes_text(key));
    if (json_kind(value) != JSON_LIST)
        return add_value(visit, value);
    enum status status = OK;
    for (size_t i = 0; status == OK && i < json_count(value); i++)
        status = add_value(visit, json_at(value, i));
    return status;
}

static enum status set_around(struct visit *visit, enum around which,
                              const struct json_object *value)
{
    struct bytes text = text_trim(json_text(value));
    enum json_kind kind = json_kind(value);
    if (kind == JSON_NULL)
        return OK;
    if (kind != JSON_TEXT || text.len == 0 || has_nul(text))
        return reject_field(visit->reject, around_name(which), text,
                            "\"%s\" must be text, and not empty", around_name(which));
    if (around_set(visit->record, which, text, &visit->reject->reason) == OK)
        return OK;
    visit->reject->field = around_name(which);
    visit->reject->value = text;
    return BAD_INPUT;
}

/* One member beside "properties"; those that are none of the six are not kept. */
static enum status add_member(void *context, const char *key,
                              const struct json_object *value)
{
    struct visit *visit = context;
    enum around which = around_find(bytes_text(key));
    if (which == AROUND_COUNT)
        return OK;
    if (which != AROUND_HANDLING || json_kind(value) != JSON_LIST)
        return set_around(visit, which, value);
    enum status status = OK;
    for (size_t i = 0; status == OK && i < json_count(value); i++)
        status = set_around(visit, which, json_at(value, i));
    return status;
}

static enum status find_schema(const struct schema **schema, struct reject *reject,
                               const struct json_object *root)
{
    const struct json_object *member = json_get(root, "schema");
    struct bytes name = json_text(member);
    if (json_kind(member) != JSON_TEXT)
        return reject_field(reject, "schema", name,
                            "the entity names no schema, as \"schema\": \"Person\"");
    *schema = has_nul(name) ? NULL : schema_find(name);
    if (*schema != NULL)
        return OK;
    const char *near = schema_nearest(name);
    return reject_field(reject, "schema", name, "there is no schema of this name%s%s%s",
                        near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static enum status find_id(struct bytes *id, struct reject *reject,
                           const struct json_object *root)
{
    const struct json_object *member = json_get(root, "id");
    enum json_kind kind = json_kind(member);
    *id = text_trim(json_text(member));
    if ((kind != JSON_TEXT && kind != JSON_NUMBER) || id->len == 0)
        return reject_field(reject, "id", *id, "the entity has no id");
    if (id->len > RECORD_ID_MAX || has_nul(*id))
        return reject_field(reject, "id", *id, "an id is text of at most %d bytes",
                            RECORD_ID_MAX);
    return OK;
}

static enum status read_entity(struct record *record, struct reject *reject,
                               const struct json_object *root, struct arena *arena)
{
    if (json_kind(root) != JSON_MAP)
        return reject_field(
            reject, "", (struct bytes){0},
            "the line is not an object {...}; JSON lines have one entity a line");
    struct bytes id;
    const struct schema *schema;
    enum status status = find_id(&id, reject, root);
    if (status == OK)
        status = find_schema(&schema, reject, root);
    if (status != OK)
        return status;
    const struct json_object *properties = json_get(root, "properties");
    if (properties != NULL && json_kind(properties) != JSON_MAP)
        return reject_field(reject, "properties", (struct bytes){0},
                            "\"properties\" must be an object of names and values");
    record_init(record, schema, arena);
    record->line = reject->line;
    record->id = arena_text(arena, id);
    struct visit visit = {.record = record, .reject = reject};
    status = json_each(root, add_member, &visit);
    return status == OK ? json_each(properties, add_property, &visit) : status;
}

/* The line as UTF-8: itself, or a repaired copy. */
static struct bytes repair(struct ftm *ftm, struct bytes line)
{
    if (utf8_valid(line))
        return line;
    buf_clear(&ftm->repaired_line);
    ftm->repaired = utf8_add_repaired(&ftm->repaired_line, line);
    return buf_bytes(&ftm->repaired_line);
}

enum status ftm_read(struct record *record, struct reject *reject, struct ftm *ftm,
                     struct arena *arena, struct err *err)
{
    struct bytes line;
    struct err why = {.text = ""};
    enum status status;
    ftm->root = NULL;
    ftm->repaired = 0;
    do {
        *reject = (struct reject){.field = ""};
        status = next_line(&line, reject, ftm, err);
    } while (status == OK && text_trim(line).len == 0);
    if (status != OK)
        return status;
    line = repair(ftm, line);
    ftm->row = line;
    if (has_too_many_members(line))
        status =
            reject_field(reject, "", (struct bytes){0},
                         "the line has more than %d members and items; an entity of this "
                         "size is not taken",
                         FTM_MEMBERS_MAX);
    else if (json_read(&ftm->root, &ftm->json, line, &why) != OK)
        status = reject_field(reject, "", (struct bytes){0},
                              "%s; each line must hold one whole entity", why.text);
    else
        status = read_entity(record, reject, ftm->root, arena);
    if (status != OK) {
        ftm->root = NULL;
        reject->row = shown(ftm, line);
    }
    return status == OK ? OK : BAD_INPUT;
}

bool ftm_field(struct bytes *value, const struct ftm *ftm, struct bytes name)
{
    if (ftm->root == NULL)
        return false;
    struct arena scratch = {0};
    const struct json_object *member =
        bytes_is(name, "id")
            ? json_get(ftm->root, "id")
            : json_get(json_get(ftm->root, "properties"), arena_text(&scratch, name));
    arena_release(&scratch);
    if (json_kind(member) == JSON_LIST)
        member = json_at(member, 0);
    if (json_count(member) > 0 || json_kind(member) == JSON_MAP ||
        json_kind(member) == JSON_NULL)
        return false;
    *value = text_trim(json_text(member));
    return true;
}
