/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk: claims either way, what is said in them and what was answered.
 */
#include "cli/desk_match.h"
#include "cli/json_line.h"

#include "base/text.h"
#include "store/note.h"

#include <stdio.h>
#include <stdlib.h>

/* "[MINE] ENTRY PLACE SIZE" or "[MINE] none", as the claim keeps it; mine only where it is our record. */
struct pledge_words {
    struct bytes mine;
    bool shown;
    uint64_t entry, place, size;
};

static struct pledge_words read_pledge(const struct record_value *value, bool received)
{
    struct pledge_words words = {.shown = false};
    struct bytes rest = value->clean, entry = {0}, place = {0}, size = {0};
    if (received)
        text_next_part(&words.mine, &rest, ' ');
    words.shown = text_next_part(&entry, &rest, ' ') && text_u64(&words.entry, entry) &&
                  text_next_part(&place, &rest, ' ') && text_u64(&words.place, place) &&
                  text_next_part(&size, &rest, ' ') && text_u64(&words.size, size);
    return words;
}

static bool is_received(const struct record *claim)
{
    return bytes_is(record_first(claim, "direction"), "received");
}

static void put_pledges(struct json_line *line, const struct record *claim)
{
    size_t at = 0, all = 0, shown = 0;
    json_key(&line->json, "pledges");
    json_begin_list(&line->json);
    for (const struct record_value *value;
         (value = record_next(claim, "pledge", &at)) != NULL; all++) {
        struct pledge_words words = read_pledge(value, is_received(claim));
        if (!words.shown)
            continue;
        shown++;
        json_begin_map(&line->json);
        if (words.mine.len > 0)
            json_line_bytes(line, "mine", words.mine);
        json_count_member(&line->json, "entry", words.entry);
        json_count_member(&line->json, "place", words.place);
        json_count_member(&line->json, "of", words.size);
        json_end_map(&line->json);
    }
    json_end_list(&line->json);
    json_key(&line->json, "held_before");
    if (all == 0)
        json_put_null(&line->json);
    else
        json_put_bool(&line->json, shown == all);
}

static void say_pledges(const struct record *claim)
{
    bool received = is_received(claim);
    size_t at = 0;
    for (const struct record_value *value;
         (value = record_next(claim, "pledge", &at)) != NULL;) {
        struct pledge_words words = read_pledge(value, received);
        if (words.shown)
            printf("    made by entry %llu of %s log, and pledged before %s asked (%llu of "
                   "%llu)\n",
                   (unsigned long long)words.entry, received ? "our" : "their",
                   received ? "they" : "we", (unsigned long long)words.place + 1,
                   (unsigned long long)words.size);
        else
            printf(received ? "    it was not pledged when they asked: it came later\n"
                            : "    NOT shown to have been there when we asked: it may have "
                              "been put in since\n");
    }
}

/* What became of one that we made; ends the line. */
static void say_state(const struct record *claim)
{
    struct bytes state = record_first(claim, "status"),
                 reason = record_first(claim, "reason");
    if (bytes_is(state, "not held") || bytes_is(state, "refused"))
        printf(": received there; their answer: %.*s\n", (int)reason.len,
               (const char *)reason.at);
    else if (reason.len > 0)
        printf(": %.*s, and not sent: %.*s\n", (int)state.len, (const char *)state.at,
               (int)reason.len, (const char *)reason.at);
    else if (bytes_is(state, "waiting"))
        puts(": waits for a second person (enlace claim approve, or claim decline)");
    else if (record_first(claim, "pledge").len == 0)
        puts(": no receipt came (enlace claim approve sends it again)");
    else
        puts(": received there");
}

static const enum handling_code handling_codes[] = {HANDLING_H0, HANDLING_H1, HANDLING_H2,
                                                    HANDLING_H3};

static void put_handling(struct json_line *line, const struct record *claim)
{
    json_key(&line->json, "handling");
    json_begin_list(&line->json);
    for (size_t i = 0; i < sizeof handling_codes / sizeof handling_codes[0]; i++)
        if ((claim->handling & handling_codes[i]) != 0)
            json_put_text(&line->json, bytes_text(handling_word(handling_codes[i])));
    json_end_list(&line->json);
    if (claim->handling_note[0] != '\0')
        json_text_member(&line->json, "handling_note", claim->handling_note);
}

/* What whoever has it may do with it; H0 always holds. A claim does not tell the words of an H3. */
static void say_handling(const struct record *claim)
{
    for (size_t i = 1; i < sizeof handling_codes / sizeof handling_codes[0]; i++) {
        enum handling_code code = handling_codes[i];
        if ((claim->handling & code) != 0)
            printf("    %s: %s%s%s\n", handling_word(code), handling_text(code),
                   code != HANDLING_H3               ? ""
                   : claim->handling_note[0] != '\0' ? ": "
                                                     : ": ask them which",
                   code == HANDLING_H3 ? claim->handling_note : "");
    }
}

/* Has it reached the desk that it is for? */
static bool is_there(const struct record *claim)
{
    struct bytes state = record_first(claim, "status");
    return is_received(claim) || record_first(claim, "pledge").len > 0 ||
           bytes_is(state, "not held") || bytes_is(state, "refused");
}

/* Was the record with this id erased? */
static bool is_gone(struct desk *desk, struct bytes id)
{
    uint8_t bytes[ENTRY_ID];
    uint64_t number;
    struct record record;
    return hex_read(bytes, ENTRY_ID, id) && store_number(&number, desk->store, bytes) &&
           store_current(&record, desk->store, number, &desk->arena, NULL) == NOT_FOUND;
}

static void put_gone(struct json_line *line, struct desk *desk, const struct record *claim)
{
    size_t at = 0;
    json_key(&line->json, "erased");
    json_begin_list(&line->json);
    for (const struct record_value *mine; (mine = record_next(claim, "mine", &at)) != NULL;)
        if (is_gone(desk, mine->clean))
            json_put_text(&line->json, mine->clean);
    json_end_list(&line->json);
}

static void answer_claim(struct desk *desk, const struct shown *shown)
{
    const struct arguments *arguments = desk->arguments;
    const struct record *claim = &shown->record;
    char id[ID_TEXT];
    struct bytes peer = record_first(claim, "peer"),
                 class = record_first(claim, "keyClass"),
                 their = record_first(claim, "theirCase"),
                 urgency = record_first(claim, "urgency"),
                 basis = record_first(claim, "legalBasis");
    bool received = bytes_is(record_first(claim, "direction"), "received");
    size_t at = 0;
    id_text(id, shown->id);
    if (arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        json_text_member(&line.json, "id", id);
        json_line_word(&line, claim, "direction", "direction");
        json_line_word(&line, claim, "peer", "peer");
        json_line_word(&line, claim, "class", "keyClass");
        json_line_list(&line, claim, "mine", "mine");
        put_gone(&line, desk, claim);
        json_line_word(&line, claim, "hit", "hit");
        json_line_word(&line, claim, "their_case", "theirCase");
        json_line_word(&line, claim, "basis", "legalBasis");
        json_line_word(&line, claim, "urgency", "urgency");
        json_line_word(&line, claim, "number", "claimNumber");
        json_line_word(&line, claim, "status", "status");
        json_line_word(&line, claim, "reason", "reason");
        json_line_word(&line, claim, "case", "caseReference");
        put_handling(&line, claim);
        json_key(&line.json, "received");
        json_put_bool(&line.json, is_there(claim));
        desk_put_confirmed(&line.json, desk, peer);
        put_pledges(&line, claim);
        json_line_end(&line);
        return;
    }
    if (!received) {
        printf("%s  to %.*s%s, class %.*s, %.*s", id, (int)peer.len, (const char *)peer.at,
               desk_unconfirmed_word(desk, peer), (int)class.len, (const char *)class.at,
               (int)urgency.len, (const char *)urgency.at);
        say_state(claim);
        say_handling(claim);
        say_pledges(claim);
        return;
    }
    printf("%s  from %.*s%s, whose case is %.*s, class %.*s, %.*s\n    legal basis: %.*s\n",
           id, (int)peer.len, (const char *)peer.at, desk_unconfirmed_word(desk, peer),
           (int)their.len, (const char *)their.at, (int)class.len, (const char *)class.at,
           (int)urgency.len, (const char *)urgency.at, (int)basis.len,
           (const char *)basis.at);
    say_handling(claim);
    for (const struct record_value *mine; (mine = record_next(claim, "mine", &at)) != NULL;)
        printf(is_gone(desk, mine->clean)
                   ? "    it meant our record %.*s, which was erased since\n"
                   : "    it means our record %.*s (enlace show)\n",
               (int)mine->clean.len, (const char *)mine->clean.at);
    say_pledges(claim);
}

static enum status list_claim(struct desk *desk, const struct shown *shown, struct err *err)
{
    (void)err;
    answer_claim(desk, shown);
    return OK;
}

int run_claims(const struct arguments *arguments, const struct world *world)
{
    return desk_list(arguments, world, VERB_CLAIM_LIST, "the claims you may see",
                     list_claim);
}

static int read_handling(unsigned *handling, const struct arguments *arguments)
{
    const char *text = argument(arguments, "handling");
    struct bytes rest = bytes_text(text != NULL ? text : "H0"), part;
    struct err err = {0};
    *handling = HANDLING_H0;
    while (text_next_part(&part, &rest, ','))
        if (handling_parse(handling, text_trim(part), &err) != OK)
            return misused(arguments, "--handling %s: %s", text, err.text);
    return EXIT_DONE;
}

static void answer_claimed(const struct arguments *arguments,
                           const struct matching_claimed *claimed, const char *hit)
{
    char text[ID_TEXT];
    bool held = claimed->held_before == claimed->records;
    id_text(text, claimed->id);
    if (!arguments->json) {
        if (claimed->waits)
            printf("claim %s: the first to this partner, so it waits for a second person:\n"
                   "    enlace claim approve %s\n",
                   text, text);
        else
            printf("claim %s: received there; what it discloses is which of their records "
                   "we mean\n    %s\n",
                   text,
                   held ? "they have shown that it was in their log before we asked"
                        : "they have NOT shown that it was in their log before we asked");
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "id", text);
    if (hit != NULL)
        json_text_member(&line.json, "hit", hit);
    json_key(&line.json, "received");
    json_put_bool(&line.json, !claimed->waits);
    json_key(&line.json, "held_before");
    if (claimed->waits)
        json_put_null(&line.json);
    else
        json_put_bool(&line.json, held);
    json_line_end(&line);
}

int run_claim(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct matching matching;
    struct matching_claim claim = {.urgency = CLAIM_ROUTINE};
    struct matching_claimed claimed;
    struct err err = {0};
    const char *urgency = argument(arguments, "urgency");
    if (arguments->count != 1)
        return misused(arguments, "name one hit");
    if (urgency != NULL &&
        claim_urgency_parse(&claim.urgency, bytes_text(urgency), &err) != OK)
        return misused(arguments, "--urgency: %s", err.text);
    int code = read_handling(&claim.handling, arguments);
    if (code == EXIT_DONE)
        code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = desk_check_reason(&desk);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    claim.act = desk_act(&desk, VERB_CLAIM);
    claim.case_ref = desk_case_ref(&desk);
    claim.acknowledged = argument(arguments, "acknowledge") != NULL;
    code = desk_id(claim.act.object, &desk, arguments->words[0]);
    if (code == EXIT_DONE)
        code = desk_tell_claims(&desk, claim.act.object, "this hit was claimed before");
    if (code == EXIT_DONE)
        code = desk_matching(&matching, &desk);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    enum status status = matching_claim(&claimed, &matching, &claim, &desk.arena, &err);
    desk_matching_end(&matching);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    desk_say_unconfirmed(&desk, bytes_text(claimed.peer));
    answer_claimed(arguments, &claimed, arguments->words[0]);
    return desk_close(&desk, code);
}

int run_claim_approve(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct matching matching;
    struct matching_claimed claimed;
    struct err err = {0};
    if (arguments->count != 1)
        return misused(arguments, "name one claim");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, VERB_CLAIM_APPROVE);
    code = desk_id(act.object, &desk, arguments->words[0]);
    if (code == EXIT_DONE)
        code = desk_matching(&matching, &desk);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    bool acknowledged = argument(arguments, "acknowledge") != NULL;
    enum status status =
        matching_claim_approve(&claimed, &matching, &act, acknowledged, &desk.arena, &err);
    desk_matching_end(&matching);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    desk_say_unconfirmed(&desk, bytes_text(claimed.peer));
    answer_claimed(arguments, &claimed, NULL);
    return desk_close(&desk, code);
}

static int stop_claim(const struct arguments *arguments, const struct world *world,
                      enum verb verb)
{
    struct desk desk;
    struct matching matching;
    struct shown claim;
    struct err err = {0};
    const char *reason = argument(arguments, "reason");
    if (arguments->count != 1)
        return misused(arguments, "name one claim");
    if (reason == NULL || reason[0] == '\0')
        return misused(arguments, "say why: --reason TEXT");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, verb);
    act.reason = reason;
    code = desk_id(act.object, &desk, arguments->words[0]);
    if (code == EXIT_DONE)
        code = desk_matching(&matching, &desk);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    enum status status = matching_claim_stop(&claim, &matching, &act, &desk.arena, &err);
    desk_matching_end(&matching);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    answer_claim(&desk, &claim);
    return desk_close(&desk, code);
}

int run_claim_withdraw(const struct arguments *arguments, const struct world *world)
{
    return stop_claim(arguments, world, VERB_CLAIM_WITHDRAW);
}

int run_claim_decline(const struct arguments *arguments, const struct world *world)
{
    return stop_claim(arguments, world, VERB_CLAIM_DECLINE);
}
