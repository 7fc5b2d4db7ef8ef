/* SPDX-License-Identifier: Apache-2.0
 *
 * The part of the vault that compares: its files, and which question goes where. Everything the core hands
 * it is checked: the core has been told things by partners.
 */
#include "serve/vault_match_inside.h"

#include "base/pool.h"
#include "match/responder.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct vault_match *vault_match_open(const struct vault_match_options *options)
{
    struct vault_match *match = xcalloc(1, sizeof *match);
    match->options = *options;
    match->published.max = EPOCH_WIRE_MAX + 64;
    return match;
}

void vault_serving_close(struct serving *serving)
{
    if (serving == NULL)
        return;
    responder_close(serving->responder);
    sodium_free(serving->keys);
    free(serving);
}

void vault_match_close(struct vault_match *match)
{
    if (match == NULL)
        return;
    for (size_t i = 0; i < CIRCLES_MAX; i++)
        vault_serving_close(match->circles[i]);
    publisher_close(match->publisher);
    buf_release(&match->published);
    seeds_close(match->seeds);
    quota_close(match->quota);
    pool_close(match->pool);
    arena_release(&match->memory);
    free(match);
}

static const char *path_in(struct vault_match *match, const char *name)
{
    return arena_printf(&match->memory, "%s/%s", match->options.folder, name);
}

const char *vault_held_path(struct arena *arena, const struct vault_match *match,
                            uint64_t first, const struct circle *circle)
{
    return arena_printf(arena, "%s/vault.held.%llu.%s", match->options.folder,
                        (unsigned long long)first, circle->name);
}

const char *vault_pledges_path(struct arena *arena, const struct vault_match *match,
                               uint64_t first, const struct circle *circle)
{
    return arena_printf(arena, "%s/vault.pledges.%llu.%s", match->options.folder,
                        (unsigned long long)first, circle->name);
}

/* ---- Files ---- */

enum status vault_match_quota(struct vault_match *match, struct err *err)
{
    if (match->quota != NULL)
        return OK;
    const struct quota_options options = {path_in(match, "vault.quota"), match->options.key,
                                          match->options.world};
    return quota_open(&match->quota, &options, err);
}

/* Holdings of seeds that are gone can be read by nobody; they only take room. */
static void drop_orphans(const struct vault_match *match)
{
    DIR *folder = opendir(match->options.folder);
    struct arena arena = {0};
    for (const struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
        unsigned long long first;
        if (sscanf(entry->d_name, "vault.held.%llu.", &first) != 1 &&
            sscanf(entry->d_name, "vault.pledges.%llu.", &first) != 1)
            continue;
        const struct seed *seed = seeds_find(match->seeds, first);
        if (seed == NULL || seed->first != first)
            unlink(arena_printf(&arena, "%s/%s", match->options.folder, entry->d_name));
    }
    if (folder != NULL)
        closedir(folder);
    arena_release(&arena);
}

enum status vault_match_seeds(struct vault_match *match, struct err *err)
{
    enum status status = OK;
    if (match->seeds == NULL) {
        const struct seeds_options options = {path_in(match, "vault.seeds"),
                                              match->options.key, match->options.world};
        status = seeds_open(&match->seeds, &options, err);
    }
    if (status == OK &&
        seeds_have_expired(match->seeds, world_now_s(match->options.world))) {
        status = seeds_expire(match->seeds, world_now_s(match->options.world), err);
        for (size_t i = 0; i < CIRCLES_MAX; i++) {
            vault_serving_close(match->circles[i]);
            match->circles[i] = NULL;
        }
        drop_orphans(match);
    }
    if (match->pool == NULL)
        match->pool = pool_open(0);
    return status;
}

/* ---- Signing ---- */

/* Only what a partner reads as an ask or a claim of this node. */
static enum status sign(struct buf *answer, const struct vault_match *match,
                        struct bytes message, struct err *err)
{
    static const char *const kinds[] = {"ENLASK01", "ENLCLM02"};
    const struct identity *identity = match->options.identity;
    uint8_t signature[SIGNATURE];
    bool known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        known = known || (message.len >= MAGIC + IDENTITY_KEY &&
                          memcmp(message.at, kinds[i], MAGIC) == 0);
    if (!known || memcmp(message.at + MAGIC, identity->public_key, IDENTITY_KEY) != 0)
        return fail(err, REFUSED, "the vault signs asks and claims of this node alone");
    crypto_sign_detached(signature, NULL, message.at, message.len, identity->secret_key);
    buf_add(answer, bytes_of(signature, SIGNATURE));
    return OK;
}

static enum status list(struct buf *answer, struct vault_match *match, struct err *err)
{
    const struct seed *seed;
    enum status status = vault_match_seeds(match, err);
    for (size_t i = 0; status == OK && (seed = seeds_at(match->seeds, i)) != NULL; i++) {
        buf_add_be64(answer, seed->first);
        buf_add_be64(answer, (uint64_t)seed->from_s);
        buf_add_be64(answer, (uint64_t)seed->until_s);
    }
    return status;
}

/* Once. */
static enum status give_result(struct buf *answer, struct vault_match *match,
                               struct err *err)
{
    if (match->published.len == 0)
        return fail(err, CONFLICT, "publish: nothing was finished");
    buf_add(answer, buf_bytes(&match->published));
    buf_clear(&match->published);
    return OK;
}

enum status vault_match_answer(struct buf *answer, struct vault_match *match,
                               enum vault_kind kind, struct bytes question, struct err *err)
{
    switch (kind) {
    case VAULT_PUBLISH:
        return vault_publish_first(answer, match, question, err);
    case VAULT_KEYS:
        return vault_publish_more(match, question, err);
    case VAULT_PUBLISHED:
        return vault_publish_last(match, err);
    case VAULT_RESULT:
        return give_result(answer, match, err);
    case VAULT_GIVEN_UP:
        publisher_close(match->publisher);
        match->publisher = NULL;
        return OK;
    case VAULT_ASK:
        return vault_answer_ask(answer, match, question, err);
    case VAULT_TOLD:
        return vault_quota_told(answer, match, question, err);
    case VAULT_RECOVER:
        return vault_quota_recover(answer, match, question, err);
    case VAULT_SIGN:
        return sign(answer, match, question, err);
    case VAULT_CLAIM:
        return vault_claim_check(answer, match, question, err);
    case VAULT_EPOCHS:
        return list(answer, match, err);
    default:
        return fail(err, BAD_INPUT, "the vault was asked for what it does not do");
    }
}
