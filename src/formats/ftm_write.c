/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ftm_write.h"

#include <stdio.h>

static bool came_before(const struct record *record, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(record->values[j].name, record->values[i].name) == 0)
            return true;
    return false;
}

static void write_properties(struct json_writer *json, const struct record *record,
                             const char *source)
{
    json_key(json, "properties");
    json_begin_map(json);
    if (source != NULL) {
        json_key(json, "sourceId");
        json_begin_list(json);
        json_put_text(json, bytes_text(source));
        json_end_list(json);
    }
    for (size_t i = 0; i < record->count; i++) {
        if (came_before(record, i))
            continue;
        json_key(json, record->values[i].name);
        json_begin_list(json);
        for (size_t j = i; j < record->count; j++)
            if (strcmp(record->values[j].name, record->values[i].name) == 0)
                json_put_text(json, record->values[j].raw);
        json_end_list(json);
    }
    json_end_map(json);
}

static void write_handling(struct json_writer *json, const struct record *record)
{
    static const enum handling_code codes[] = {HANDLING_H0, HANDLING_H1, HANDLING_H2,
                                               HANDLING_H3};
    json_key(json, "handling");
    json_begin_list(json);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if ((record->handling & codes[i]) == 0)
            continue;
        struct buf text = {.max = 64 * 1024};
        buf_add_text(&text, handling_word(codes[i]));
        if (codes[i] == HANDLING_H3 && record->handling_note[0] != '\0')
            buf_addf(&text, ": %s", record->handling_note);
        json_put_text(json, buf_bytes(&text));
        buf_release(&text);
    }
    json_end_list(json);
}

void ftm_write(struct json_writer *json, const struct record *record,
               const struct ftm_naming *naming)
{
    char evaluation[32];
    snprintf(evaluation, sizeof evaluation, "%s:%s",
             evaluation_scheme_word(record->evaluation.scheme), record->evaluation.code);
    json_begin_map(json);
    json_text_member(json, "id", naming->id);
    json_text_member(json, "schema", record->schema->name);
    write_properties(json, record, naming->source);
    json_text_member(json, "owner",
                     record->owner[0] != '\0' ? record->owner : naming->owner);
    json_text_member(json, "status", status_word(record->status));
    write_handling(json, record);
    json_text_member(json, "evaluation", evaluation);
    json_text_member(json, "purpose", purpose_word(record->purpose));
    json_text_member(json, "review", naming->review);
    json_end_map(json);
}
