/* SPDX-License-Identifier: Apache-2.0
 *
 * The vault answers partners and checks claims. Everything the core hands it is checked:
 * the core has been told things by partners.
 */
#include "serve/vault_match_inside.h"

#include "base/pool.h"
#include "match/claim.h"
#include "match/responder.h"
#include "serve/vault_client.h"

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

static void serving_close(struct serving *serving)
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
        serving_close(match->circles[i]);
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

static enum status have_quota(struct vault_match *match, struct err *err)
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
    const struct seed *oldest = status == OK ? seeds_at(match->seeds, 0) : NULL;
    if (oldest != NULL && world_now_s(match->options.world) >= oldest->until_s) {
        status = seeds_expire(match->seeds, world_now_s(match->options.world), err);
        for (size_t i = 0; i < CIRCLES_MAX; i++) {
            serving_close(match->circles[i]);
            match->circles[i] = NULL;
        }
        drop_orphans(match);
    }
    if (match->pool == NULL)
        match->pool = pool_open(0);
    return status;
}

/* ---- Answering asks ---- */

static enum status charge(void *context, const struct ask *ask, struct err *err)
{
    struct charging *charging = context;
    const struct quota_ask wanted = {
        .requester = ask->requester,
        .batch_id = ask->batch_id,
        .digest = charging->digest,
        .class = ask->class,
        .count = ask->count,
        .until_s = charging->until_s,
        .limit = charging->limit,
        .total = charging->total,
        .case_limit = charging->case_limit,
        .case_ref = ask->reason.case_ref,
    };
    return quota_charge(&charging->left, charging->quota, &wanted, err);
}

/* The announcement is ours, and its keys are those of a seed that we still have. */
static enum status open_serving(struct serving **out, struct vault_match *match,
                                struct bytes wire, struct err *err)
{
    struct serving *serving = xcalloc(1, sizeof *serving);
    message_digest(serving->digest, wire);
    enum status status = epoch_parse(&serving->epoch, wire, err);
    const struct epoch *epoch = &serving->epoch;
    const struct seed *seed = status == OK ? seeds_find(match->seeds, epoch->number) : NULL;
    serving->keys = sodium_malloc(sizeof *serving->keys);
    if (status == OK && serving->keys == NULL)
        status = fail(err, IO_FAILED, "no guarded memory for the keys of an epoch");
    if (status == OK &&
        memcmp(epoch->owner, match->options.identity->public_key, IDENTITY_KEY) != 0)
        status = fail(err, REFUSED, "epoch: not an announcement of this node");
    if (status == OK && seed == NULL)
        status = fail(err, REFUSED, "epoch: number %llu has expired",
                      (unsigned long long)epoch->number);
    if (status == OK)
        epoch_keys_init(serving->keys, seed->secret, &epoch->circle);
    for (size_t i = 0; i < KEY_CLASSES && status == OK; i++)
        if (epoch->classes[i].offered &&
            memcmp(epoch->classes[i].public_key, serving->keys->public[i], OPRF_ELEMENT) !=
                0)
            status = fail(err, REFUSED, "epoch: number %llu has expired",
                          (unsigned long long)epoch->number);
    if (status != OK) {
        serving_close(serving);
        return status;
    }
    const struct responder_options options = {
        .world = match->options.world,
        .pool = match->pool,
        .identity = match->options.identity,
        .epoch = &serving->epoch,
        .keys = serving->keys,
        .charge = charge,
        .charge_context = &match->charging,
        .charge_remembers = true,
    };
    serving->responder = responder_open(&options);
    *out = serving;
    return OK;
}

static enum status serve(struct serving **out, struct vault_match *match, struct bytes wire,
                         struct err *err)
{
    uint8_t digest[DIGEST];
    size_t place = CIRCLES_MAX;
    message_digest(digest, wire);
    for (size_t i = 0; i < CIRCLES_MAX; i++)
        if (match->circles[i] != NULL &&
            memcmp(match->circles[i]->digest, digest, DIGEST) == 0) {
            *out = match->circles[i];
            return OK;
        }
    struct serving *fresh = NULL;
    enum status status = open_serving(&fresh, match, wire, err);
    if (status != OK)
        return status;
    /* In the place of the circle's last announcement, else in a free one. */
    for (size_t i = 0; i < CIRCLES_MAX && place == CIRCLES_MAX; i++)
        if (match->circles[i] != NULL &&
            circle_equal(&match->circles[i]->epoch.circle, &fresh->epoch.circle))
            place = i;
    for (size_t i = 0; i < CIRCLES_MAX && place == CIRCLES_MAX; i++)
        if (match->circles[i] == NULL)
            place = i;
    if (place == CIRCLES_MAX) {
        serving_close(fresh);
        return fail(err, TOO_LARGE, "more than %d circles", CIRCLES_MAX);
    }
    serving_close(match->circles[place]);
    match->circles[place] = *out = fresh;
    return OK;
}

static enum status answer_ask(struct buf *answer, struct vault_match *match,
                              struct bytes body, struct err *err)
{
    struct cursor cursor = {body, false};
    uint8_t digest[DIGEST];
    struct bytes from = cursor_take(&cursor, IDENTITY_KEY), made;
    uint32_t limit = cursor_be32(&cursor), total = cursor_be32(&cursor),
             case_limit = cursor_be32(&cursor);
    struct bytes epoch = cursor_take(&cursor, cursor_be16(&cursor)), ask = cursor.rest;
    struct serving *serving = NULL;
    if (cursor.failed || limit > QUOTA_LIMIT_MAX || total > QUOTA_LIMIT_MAX ||
        case_limit > QUOTA_LIMIT_MAX)
        return fail(err, BAD_INPUT, "ask: malformed");
    enum status status = vault_match_seeds(match, err);
    if (status == OK)
        status = have_quota(match, err);
    if (status == OK)
        status = serve(&serving, match, epoch, err);
    if (status != OK)
        return status;
    message_digest(digest, ask);
    match->charging = (struct charging){.quota = match->quota,
                                        .digest = digest,
                                        .until_s = serving->epoch.until_s,
                                        .limit = limit,
                                        .total = total,
                                        .case_limit = case_limit,
                                        .left = UINT32_MAX};
    status = responder_answer(&made, serving->responder, ask, from.at, err);
    if (status != OK)
        return status;
    buf_add_be32(answer, match->charging.left);
    buf_add_be64(answer, quota_counter(match->quota));
    buf_add(answer, made);
    return OK;
}

static enum status told(struct buf *answer, struct vault_match *match, struct bytes body,
                        struct err *err)
{
    struct cursor cursor = {body, false};
    uint64_t counter = cursor_be64(&cursor);
    bool barred = false;
    enum status status = have_quota(match, err);
    if (status == OK)
        status = quota_told(&barred, match->quota, counter, err);
    if (status == OK) {
        buf_add_be64(answer, quota_counter(match->quota));
        buf_add_byte(answer, barred);
    }
    return status;
}

/* Charges that the file has not, and the log has. */
static enum status recover(struct buf *answer, struct vault_match *match, struct bytes body,
                           struct err *err)
{
    enum { LEAST = IDENTITY_KEY + BATCH_ID + DIGEST + 1 + 4 + 8 + 2 };
    struct cursor cursor = {body, false};
    struct arena arena = {0};
    struct quota_past *past = arena_zalloc(&arena, body.len / LEAST + 1, sizeof *past);
    size_t count = 0, recovered = 0;
    while (cursor.rest.len > 0 && !cursor.failed) {
        struct quota_past one = {.requester = cursor_take(&cursor, IDENTITY_KEY).at,
                                 .batch_id = cursor_take(&cursor, BATCH_ID).at,
                                 .digest = cursor_take(&cursor, DIGEST).at};
        uint8_t class = cursor_u8(&cursor);
        one.count = cursor_be32(&cursor);
        one.time_s = (int64_t)cursor_be64(&cursor);
        one.case_ref = cursor_take(&cursor, cursor_be16(&cursor));
        one.class = (enum key_class) class;
        if (class >= KEY_CLASSES || one.count > ASK_ELEMENTS_MAX || one.time_s < 0)
            cursor.failed = true;
        else if (!cursor.failed)
            past[count++] = one;
    }
    enum status status =
        cursor.failed ? fail(err, BAD_INPUT, "recover: malformed") : have_quota(match, err);
    if (status == OK)
        status = quota_recover(&recovered, match->quota, past, count, err);
    if (status == OK)
        buf_add_be64(answer, recovered);
    arena_release(&arena);
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

/* ---- Claims ---- */

struct claimed {
    const struct holdings *held;
    enum key_class class;
    uint64_t tag;
    const uint8_t *digest, *proof;
};

static bool holds_tag(const struct claimed *claimed, const struct holding *key)
{
    const struct holdings *held = claimed->held;
    if (claimed->tag == TAG_MANY)
        return key->count > CELLS_A_KEY_MAX;
    for (uint32_t r = 0; r < key->count; r++)
        if (!held->refs[key->first + r].gone &&
            held->records[held->refs[key->first + r].record].tag == claimed->tag)
            return true;
    return false;
}

/* The key whose F(x) was known, among those that stand in the record with the tag. */
static const struct holding *find_claimed(const struct claimed *claimed)
{
    const struct holdings *held = claimed->held;
    for (size_t i = 0; i < held->key_count; i++) {
        const struct holding *key = &held->keys[i];
        if (key->class == claimed->class && holds_tag(claimed, key) &&
            claim_proves(claimed->proof, key->output + HIT_PROOF, claimed->digest))
            return key;
    }
    return NULL;
}

static bool holds_record(const struct holdings *held, uint64_t record)
{
    size_t low = 0, high = held->record_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (held->records[middle].record < record)
            low = middle + 1;
        else
            high = middle;
    }
    return low < held->record_count && held->records[low].record == record;
}

/* Of a claim under an older seed: what has been withdrawn since is not in the latest maps. Those are of the
 * newest seed that has holdings in this circle: maps under one that is newer are only being made, or were
 * given up. *is_latest: that is the seed of the claim. */
static enum status hold_latest(struct holdings *latest, bool *is_latest,
                               const struct vault_match *match, const struct seed *seed,
                               const struct circle *circle, struct err *err)
{
    struct arena arena = {0};
    enum status status = NOT_FOUND;
    size_t place = 0;
    while (seeds_at(match->seeds, place) != seed)
        place++;
    size_t end = place + 1;
    while (seeds_at(match->seeds, end) != NULL)
        end++;
    while (status == NOT_FOUND && --end > place) {
        const struct seed *newer = seeds_at(match->seeds, end);
        status = holdings_read(latest, vault_held_path(&arena, match, newer->first, circle),
                               newer->secret, err);
    }
    *is_latest = status == NOT_FOUND;
    arena_release(&arena);
    return status == NOT_FOUND ? OK : status;
}

/* What was said in the claim, and what the vault has for it. */
struct claim_case {
    struct circle circle;
    uint64_t epoch;
    struct claimed claimed;
    struct tree_head pledged; /* what the requester was announced when it asked */
    const struct seed *seed;
    struct holdings held, latest;
    bool is_latest; /* held is, and latest is empty */
    struct pledges pledges;
    struct pledge_tree tree; /* empty: nothing can be opened */
};

static enum status read_claim(struct claim_case *claim, struct bytes body, struct err *err)
{
    struct cursor cursor = {body, false};
    circle_read(&claim->circle, &cursor);
    claim->epoch = cursor_be64(&cursor);
    uint8_t class = cursor_u8(&cursor);
    claim->claimed.class = (enum key_class) class;
    claim->claimed.tag = cursor_be64(&cursor);
    claim->claimed.digest = cursor_take(&cursor, DIGEST).at;
    claim->claimed.proof = cursor_take(&cursor, CLAIM_PROOF).at;
    claim->pledged.size = cursor_be64(&cursor);
    cursor_copy(claim->pledged.root, &cursor, MERKLE_HASH);
    if (cursor.failed || cursor.rest.len != 0 || class >= KEY_CLASSES)
        return fail(err, BAD_INPUT, "claim: malformed");
    return OK;
}

static enum status load_claimed(struct claim_case *claim, struct vault_match *match,
                                struct err *err)
{
    struct arena arena = {0};
    enum status status = vault_match_seeds(match, err);
    claim->seed = status == OK ? seeds_find(match->seeds, claim->epoch) : NULL;
    if (status == OK && claim->seed == NULL)
        status = fail(err, NOT_FOUND, "claim: epoch %llu has expired; ask again",
                      (unsigned long long)claim->epoch);
    if (status == OK)
        status = holdings_read(
            &claim->held,
            vault_held_path(&arena, match, claim->seed->first, &claim->circle),
            claim->seed->secret, err);
    if (status == OK)
        status = hold_latest(&claim->latest, &claim->is_latest, match, claim->seed,
                             &claim->circle, err);
    arena_release(&arena);
    return status;
}

/* Without the tree that they name nothing is opened; the claim is taken all the same. */
static void load_tree(struct claim_case *claim, const struct vault_match *match)
{
    struct arena arena = {0};
    uint8_t root[MERKLE_HASH];
    if (pledges_read(&claim->pledges,
                     vault_pledges_path(&arena, match, claim->seed->first, &claim->circle),
                     claim->pledged.size, NULL) == OK &&
        claim->pledges.count == claim->pledged.size) {
        pledge_tree_init(&claim->tree, &claim->pledges, claim->pledged.size, match->pool);
        pledge_tree_root(root, &claim->tree);
        if (memcmp(root, claim->pledged.root, MERKLE_HASH) != 0)
            claim->tree.size = 0;
    }
    arena_release(&arena);
}

/* 1 and the opening of the pledge, or 0: it was not among those that the requester was announced. */
static enum status open_pledge(struct buf *answer, const struct claim_case *claim,
                               const struct holding *key, const struct holding_ref *ref,
                               uint64_t record, struct err *err)
{
    struct pledge_opening opening = {.entry = record, .place = ref->pledge};
    bool opens = ref->pledge < claim->tree.size;
    buf_add_byte(answer, opens);
    if (!opens)
        return OK;
    pledge_salt(opening.salt, claim->seed->secret, key->digest, record);
    enum status status = pledge_tree_prove(&opening.path, &claim->tree, ref->pledge, err);
    if (status == OK)
        pledge_opening_write(answer, &opening);
    return status;
}

static enum status tell_records(struct buf *answer, const struct claim_case *claim,
                                const struct holding *key, struct err *err)
{
    const struct holdings *held = &claim->held;
    enum status status = OK;
    size_t told = 0;
    for (uint32_t r = 0; status == OK && r < key->count && told < VAULT_CLAIM_RECORDS_MAX;
         r++) {
        const struct holding_ref *ref = &held->refs[key->first + r];
        const struct tag_entry *record = &held->records[ref->record];
        if (ref->gone ||
            (claim->claimed.tag != TAG_MANY && record->tag != claim->claimed.tag))
            continue;
        if (!claim->is_latest && !holds_record(&claim->latest, record->record))
            continue;
        buf_add_be64(answer, record->record);
        status = open_pledge(answer, claim, key, ref, record->record, err);
        told++;
    }
    return status;
}

/* (record 8 | opened 1 | the opening of its pledge) ... */
static enum status check_claim(struct buf *answer, struct vault_match *match,
                               struct bytes body, struct err *err)
{
    struct claim_case *claim = xcalloc(1, sizeof *claim);
    enum status status = read_claim(claim, body, err);
    if (status == OK)
        status = load_claimed(claim, match, err);
    claim->claimed.held = &claim->held;
    const struct holding *key = status == OK ? find_claimed(&claim->claimed) : NULL;
    if (status == OK && key == NULL)
        status = fail(err, NOT_FOUND, "claim: no longer held");
    /* The tree is large, and hashed for nobody who has proved nothing. */
    if (status == OK)
        load_tree(claim, match);
    if (status == OK)
        status = tell_records(answer, claim, key, err);
    holdings_release(&claim->held);
    holdings_release(&claim->latest);
    pledge_tree_release(&claim->tree);
    pledges_release(&claim->pledges);
    free(claim);
    return status;
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
        return answer_ask(answer, match, question, err);
    case VAULT_TOLD:
        return told(answer, match, question, err);
    case VAULT_RECOVER:
        return recover(answer, match, question, err);
    case VAULT_SIGN:
        return sign(answer, match, question, err);
    case VAULT_CLAIM:
        return check_claim(answer, match, question, err);
    case VAULT_EPOCHS:
        return list(answer, match, err);
    default:
        return fail(err, BAD_INPUT, "the vault was asked for what it does not do");
    }
}
