/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/peer_answer.h"

#include "cli/json_line.h"
#include "exchange/fingerprint.h"

#include <inttypes.h>
#include <stdio.h>

static void put_agreements(struct json_line *line, const char *key,
                           const struct peer_agreement *items, size_t count)
{
    json_key(&line->json, key);
    json_begin_map(&line->json);
    for (size_t i = 0; i < count; i++) {
        json_key(&line->json, key_class_row(items[i].class)->name);
        json_begin_map(&line->json);
        json_text_member(&line->json, "circle", items[i].circle.name);
        json_count_member(&line->json, "quota", items[i].quota);
        if (items[i].case_quota > 0)
            json_count_member(&line->json, "case_quota", items[i].case_quota);
        if (items[i].at_once) {
            json_key(&line->json, "at_once");
            json_put_bool(&line->json, true);
        }
        json_end_map(&line->json);
    }
    json_end_map(&line->json);
}

static void say_agreements(const char *what, const struct peer_agreement *items,
                           size_t count)
{
    printf("  %s:", what);
    for (size_t i = 0; i < count; i++) {
        printf("%s %s (%" PRIu32 " a day", i > 0 ? "," : "",
               key_class_row(items[i].class)->name, items[i].quota);
        if (items[i].case_quota > 0)
            printf(", %" PRIu32 " a case", items[i].case_quota);
        printf(", %s%s)", items[i].circle.name, items[i].at_once ? ", asked at once" : "");
    }
    printf("%s\n", count == 0 ? " nothing" : "");
}

static void answer_json(const struct peer *peer, const char *words,
                        const struct reached *reached, const struct before *before)
{
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "peer", peer->code);
    json_text_member(&line.json, "name", peer->name);
    json_text_member(&line.json, "url", peer->url);
    json_text_member(&line.json, "fingerprint", words);
    json_key(&line.json, "confirmed");
    json_put_bool(&line.json, peer->confirmed);
    json_text_member(&line.json, "state", peer->removed ? "removed" : "in force");
    put_agreements(&line, "may_ask", peer->agreements, peer->agreement_count);
    if (before != NULL)
        put_agreements(&line, "before", before->items, before->count);
    if (reached->asked) {
        json_key(&line.json, "reached");
        json_put_bool(&line.json, reached->status == OK);
    }
    if (reached->asked && reached->status != OK)
        json_text_member(&line.json, "error", reached->why.text);
    if (reached->asked && reached->status == OK) {
        put_agreements(&line, "we_may_ask", reached->hello.agreements,
                       reached->hello.agreement_count);
        json_number_member(&line.json, "clock_ahead", (double)reached->clock_s);
    }
    json_line_end(&line);
}

void peer_answer(const struct arguments *arguments, const struct peer *peer,
                 const struct reached *reached, const struct before *before)
{
    char words[FINGERPRINT_TEXT_MAX];
    fingerprint_write(words, peer->key);
    if (arguments->json) {
        answer_json(peer, words, reached, before);
        return;
    }
    printf("%s (%s) at %s%s\n  fingerprint: %s%s\n", peer->code, peer->name, peer->url,
           peer->removed ? ": removed" : "", words,
           peer->confirmed ? "" : "   (nobody has compared it)");
    say_agreements("may ask us for", peer->agreements, peer->agreement_count);
    if (before != NULL && before->count > 0)
        say_agreements("before this it might", before->items, before->count);
    if (reached->asked && reached->status != OK)
        printf("  not reached: %s\n", reached->why.text);
    if (reached->asked && reached->status == OK) {
        say_agreements("lets us ask for", reached->hello.agreements,
                       reached->hello.agreement_count);
        printf("  answers; its clock is %lld s ahead of ours\n",
               (long long)reached->clock_s);
    }
}
