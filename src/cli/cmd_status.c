/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/json_line.h"
#include "cli/watch_daily.h"

#include "base/text.h"

#include <stdio.h>

struct state {
    const struct store_settings *settings;
    struct store_status counts;
    struct vault_last last;
    struct watch_status watch;
    char root[2 * MERKLE_HASH + 1], verifier[CHECKPOINT_VERIFIER_MAX];
};

static void answer_words(const struct state *state)
{
    const struct store_settings *settings = state->settings;
    const struct store_status *counts = &state->counts;
    printf("%s (%s), country %s, language %s%s\n", settings->name, settings->agency,
           settings->country, settings->language, settings->fiction ? ", fiction" : "");
    printf("  %-10s %llu\n", "records", (unsigned long long)counts->records);
    printf("  %-10s %llu\n", "erased", (unsigned long long)counts->erased);
    printf("  %-10s %llu\n", "keys", (unsigned long long)counts->keys);
    printf("  %-10s %llu\n", "cases", (unsigned long long)counts->cases);
    printf("  %-10s %llu\n", "users", (unsigned long long)counts->users);
    printf("  %-10s %llu\n", "bytes", (unsigned long long)counts->bytes);
    printf("  %-10s %llu\n", "entries", (unsigned long long)counts->entries);
    printf("  %-10s %s\n", "root", state->root);
    printf("  %-10s %llu %s\n", "signed", (unsigned long long)state->last.head.size,
           plural(state->last.head.size, "entry", "entries"));
    printf("  %-10s %s\n", "key", state->verifier);
    watch_status_words(&state->watch);
    if (counts->keys_damaged)
        printf("What records are found by is damaged; `enlace rebuild` makes it again.\n");
    if (counts->verified)
        printf(
            "The node had ended without closing; its log was read again and is sound.\n");
}

static void answer_json(const struct state *state)
{
    const struct store_settings *settings = state->settings;
    const struct store_status *counts = &state->counts;
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "agency", settings->agency);
    json_text_member(&line.json, "name", settings->name);
    json_text_member(&line.json, "country", settings->country);
    json_text_member(&line.json, "language", settings->language);
    json_key(&line.json, "fiction");
    json_put_bool(&line.json, settings->fiction);
    json_text_member(&line.json, "purpose", purpose_word(settings->purpose));
    json_count_member(&line.json, "records", counts->records);
    json_count_member(&line.json, "erased", counts->erased);
    json_count_member(&line.json, "keys", counts->keys);
    json_count_member(&line.json, "cases", counts->cases);
    json_count_member(&line.json, "users", counts->users);
    json_count_member(&line.json, "bytes", counts->bytes);
    json_count_member(&line.json, "entries", counts->entries);
    json_text_member(&line.json, "root", state->root);
    json_count_member(&line.json, "signed", state->last.head.size);
    json_text_member(&line.json, "key", state->verifier);
    json_count_member(&line.json, "schema", (uint64_t)counts->schema);
    json_key(&line.json, "keys_damaged");
    json_put_bool(&line.json, counts->keys_damaged);
    json_key(&line.json, "verified");
    json_put_bool(&line.json, counts->verified);
    watch_status_json(&line, &state->watch);
    json_line_end(&line);
}

int run_status(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct state state;
    struct err err = {0};
    int code = desk_begin(&desk, arguments, world, VERB_STATUS);
    if (code != EXIT_DONE)
        return code;
    state.settings = desk.settings;
    enum status status = store_status(&state.counts, desk.store, &err);
    if (status == OK)
        status = node_signed(&state.last, desk.node, &err);
    if (status == OK)
        status = watch_status_read(&state.watch, desk.store, &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    hex_write(state.root, bytes_of(state.counts.root, MERKLE_HASH));
    checkpoint_verifier(state.verifier, state.last.public_key);
    if (arguments->json)
        answer_json(&state);
    else
        answer_words(&state);
    return desk_close(&desk, code);
}
