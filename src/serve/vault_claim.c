/* SPDX-License-Identifier: Apache-2.0
 *
 * The vault checks a claim: which key was known, which records are meant, and what was pledged of them.
 */
#include "serve/vault_match_inside.h"

#include "match/claim.h"
#include "serve/vault_client.h"

#include <stdlib.h>

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
enum status vault_claim_check(struct buf *answer, struct vault_match *match,
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
