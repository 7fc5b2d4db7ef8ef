/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"

#include "base/text.h"
#include "formats/ftm_write.h"

#include <stdio.h>
#include <string.h>

/* A record holds at most 32 MiB; as JSON a byte takes at most six. */
enum { ANSWER_MAX = 256 * 1024 * 1024 };

struct bytes desk_caption(const struct record *record)
{
    struct bytes caption = record_caption(record);
    return record->id_made && bytes_is(caption, record->id)
               ? (struct bytes){0}
               : text_one_line(caption, record->arena);
}

static void show_json(const struct desk *desk, const char *id, const struct record *record,
                      const char *review)
{
    struct buf line = {.max = ANSWER_MAX};
    struct json_writer json = {.out = &line};
    ftm_write(&json, record,
              &(struct ftm_naming){.id = id,
                                   .source = record->id_made ? NULL : record->id,
                                   .owner = desk->settings->agency,
                                   .review = review});
    buf_add_byte(&line, '\n');
    fwrite(line.at, 1, line.len, stdout);
    buf_release(&line);
}

static void show_handling(const struct record *record)
{
    static const enum handling_code codes[] = {HANDLING_H1, HANDLING_H2, HANDLING_H3};
    struct bytes note = text_one_line(bytes_text(record->handling_note), record->arena);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if ((record->handling & codes[i]) != 0)
            printf("  %-20s %s %s%s%.*s\n", "handling", handling_word(codes[i]),
                   handling_text(codes[i]),
                   codes[i] == HANDLING_H3 && note.len > 0 ? ": " : "",
                   codes[i] == HANDLING_H3 ? (int)note.len : 0, (const char *)note.at);
}

static void show_words(const struct desk *desk, const char *id, const struct record *record,
                       const char *review)
{
    struct bytes caption = desk_caption(record);
    printf("%s %.*s\n", record->schema->name, (int)caption.len, (const char *)caption.at);
    printf("  %-20s %s\n", "id", id);
    if (!record->id_made) {
        struct bytes source = text_one_line(bytes_text(record->id), record->arena);
        printf("  %-20s %.*s\n", "sourceId", (int)source.len, (const char *)source.at);
    }
    for (size_t i = 0; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        struct bytes raw = text_one_line(value->raw, record->arena);
        printf("  %-20s %.*s%s%s%s\n", value->name, (int)raw.len, (const char *)raw.at,
               value->why[0] != '\0' ? "   (" : "", value->why,
               value->why[0] != '\0' ? ")" : "");
    }
    printf("  %-20s %s\n", "owner",
           record->owner[0] != '\0' ? record->owner : desk->settings->agency);
    printf("  %-20s %s\n", "status", status_word(record->status));
    printf("  %-20s %s:%s\n", "evaluation",
           evaluation_scheme_word(record->evaluation.scheme), record->evaluation.code);
    printf("  %-20s %s\n", "purpose", purpose_word(record->purpose));
    show_handling(record);
    printf("  %-20s %s\n", "review", review);
}

void desk_show(const struct desk *desk, const uint8_t id[ENTRY_ID],
               const struct record *record, int64_t entered_s)
{
    char text[ID_TEXT], review[DATE_TEXT_SIZE];
    id_text(text, id);
    record_review(review, record, entered_s);
    if (desk->arguments->json)
        show_json(desk, text, record, review);
    else
        show_words(desk, text, record, review);
}

int desk_edit(struct desk *desk, const struct shown *shown, const struct record *record)
{
    struct receipt *receipt = NULL;
    struct act act = desk_act(desk, VERB_EDIT);
    memcpy(act.object, shown->id, ENTRY_ID);
    act.record = record;
    act.before = shown->version;
    int code = desk_do(&receipt, desk, &act);
    if (code == EXIT_DONE)
        desk_show(desk, shown->id, record, shown->entered_s);
    receipt_close(receipt);
    return code;
}
