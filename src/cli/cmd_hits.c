/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk: hits, and what people think of them.
 */
#include "cli/desk_match.h"
#include "cli/json_line.h"

#include "base/text.h"
#include "store/note.h"

#include <stdio.h>
#include <stdlib.h>

static double number_of(const struct record *record, const char *property)
{
    char text[64];
    struct bytes word = record_first(record, property);
    snprintf(text, sizeof text, "%.*s", (int)word.len, (const char *)word.at);
    return strtod(text, NULL);
}

/* It is open, and was decided when they held it in fewer records. */
static void say_earlier(const struct record *hit)
{
    struct bytes now = record_first(hit, "theirRecords");
    size_t at = 0;
    if (record_first(hit, "earlier").len == 0)
        return;
    printf("    they hold it in %.*s records now; decided before that:", (int)now.len,
           (const char *)now.at);
    for (const struct record_value *word;
         (word = record_next(hit, "earlier", &at)) != NULL;)
        printf(" %.*s", (int)word->clean.len, (const char *)word->clean.at);
    putchar('\n');
}

static void answer_hit(struct desk *desk, const struct shown *shown)
{
    const struct arguments *arguments = desk->arguments;
    const struct record *hit = &shown->record;
    char id[ID_TEXT];
    struct bytes verdict = record_first(hit, "verdict"), peer = record_first(hit, "peer"),
                 class = record_first(hit, "keyClass"), mine = record_first(hit, "mine"),
                 source = record_first(hit, "mineReference");
    bool weak = bytes_is(record_first(hit, "weak"), "yes");
    size_t at = 0;
    struct record ours;
    struct err why_not = {0};
    bool stands =
        matching_hit_stands(&ours, desk_shield(desk), hit, &desk->arena, &why_not) == OK;
    id_text(id, shown->id);
    if (verdict.len == 0)
        verdict = BYTES_OF("open");
    if (!arguments->json) {
        struct bytes caption = stands ? desk_caption(&ours) : (struct bytes){0};
        printf("%s  %.*s%s holds the same %.*s%s: %.*s\n    ours: %.*s  %.*s  %.*s\n", id,
               (int)peer.len, (const char *)peer.at, desk_unconfirmed_word(desk, peer),
               (int)class.len, (const char *)class.at, weak ? " (weak)" : "",
               (int)verdict.len, (const char *)verdict.at, (int)mine.len,
               (const char *)mine.at, (int)source.len, (const char *)source.at,
               (int)caption.len, (const char *)caption.at);
        for (const struct record_value *why; (why = record_next(hit, "why", &at)) != NULL;)
            printf("    %.*s\n", (int)why->clean.len, (const char *)why->clean.at);
        printf("    others who would agree so: %.2g expected for one that is the same\n",
               number_of(hit, "expectedFalse"));
        say_earlier(hit);
        struct bytes gone = record_first(hit, "notFoundOn");
        if (gone.len > 0)
            printf("    asked again on %.*s, %.*s did not hold it any more\n",
                   (int)gone.len, (const char *)gone.at, (int)peer.len,
                   (const char *)peer.at);
        if (!stands)
            printf("    %s\n", why_not.text);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "id", id);
    json_line_word(&line, hit, "peer", "peer");
    json_line_word(&line, hit, "class", "keyClass");
    json_line_word(&line, hit, "mine", "mine");
    json_line_word(&line, hit, "source", "mineReference");
    json_line_word(&line, hit, "tag", "tag");
    json_line_list(&line, hit, "why", "why");
    json_key(&line.json, "weak");
    json_put_bool(&line.json, weak);
    json_line_rounded(&line, "expected_false", number_of(hit, "expectedFalse"));
    json_line_bytes(&line, "verdict", verdict);
    json_line_list(&line, hit, "earlier", "earlier");
    json_line_word(&line, hit, "their_records", "theirRecords");
    json_line_word(&line, hit, "not_found_on", "notFoundOn");
    json_line_word(&line, hit, "case", "caseReference");
    json_line_word(&line, hit, "batch", "batch");
    json_key(&line.json, "stands");
    json_put_bool(&line.json, stands);
    desk_put_confirmed(&line.json, desk, peer);
    json_line_end(&line);
}

static enum status list_hit(struct desk *desk, const struct shown *shown, struct err *err)
{
    (void)err;
    answer_hit(desk, shown);
    return OK;
}

int run_hits(const struct arguments *arguments, const struct world *world)
{
    return desk_list(arguments, world, VERB_HIT_LIST, "the hits you may see", list_hit);
}

/* ---- hit decide ---- */

int run_hit_decide(const struct arguments *arguments, const struct world *world)
{
    static const char *const verdicts[] = {"yes", "no", "unsure"};
    struct desk desk;
    struct shown shown;
    struct record record, mine;
    struct receipt *receipt = NULL;
    struct err err = {0};
    const char *reason = argument(arguments, "reason");
    bool known = false;
    for (size_t i = 0; arguments->count == 2 && i < 3; i++)
        known = known || strcmp(arguments->words[1], verdicts[i]) == 0;
    if (!known)
        return misused(arguments, "name the hit, and yes, no or unsure");
    if (reason == NULL || reason[0] == '\0')
        return misused(arguments, "say why: --reason TEXT");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = desk_finding(&shown, &desk, VERB_HIT_LIST, arguments->words[0]);
    if (code == EXIT_DONE && strcmp(arguments->words[1], "yes") == 0 &&
        matching_hit_stands(&mine, desk_shield(&desk), &shown.record, &desk.arena, &err) !=
            OK)
        code = complain(arguments, REFUSED, &err);
    if (code == EXIT_DONE &&
        matching_hit_with(&record, &shown.record, "verdict", arguments->words[1],
                          &desk.arena, &err) != OK)
        code = complain(arguments, BAD_INPUT, &err);
    if (code == EXIT_DONE) {
        struct act act = desk_act(&desk, VERB_HIT_DECIDE);
        memcpy(act.object, shown.id, ENTRY_ID);
        act.record = &record;
        act.before = shown.version;
        act.reason = reason;
        code = desk_do(&receipt, &desk, &act);
    }
    if (code == EXIT_DONE) {
        shown.record = record;
        if (strcmp(arguments->words[1], "yes") != 0)
            code = desk_tell_claims(&desk, shown.id, "the partner was told of this hit");
        answer_hit(&desk, &shown);
    }
    receipt_close(receipt);
    return desk_close(&desk, code);
}
