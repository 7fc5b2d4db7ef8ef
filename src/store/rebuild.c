/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rebuild.h"

#include "base/text.h"
#include "record/normaliser.h"
#include "store/append.h"
#include "store/people.h"
#include "store/replay.h"
#include "store/settings.h"
#include "store/version.h"

#include <nettle/sha2.h>
#include <sodium.h>
#include <stdlib.h>

enum { KEYS, TREE, PAGE = 512, FLUSH_ROWS = 256 * 1024 };

/* ---- Digests in logical order ---- */

struct digest {
    struct sha256_ctx sha;
    uint64_t rows;
};

static void add_number(struct digest *digest, uint64_t number)
{
    uint8_t wire[8];
    store_be64(wire, number);
    sha256_update(&digest->sha, sizeof wire, wire);
}

static void digest_key(void *context, const struct key_row *row)
{
    struct digest *digest = context;
    add_number(digest, row->hi);
    add_number(digest, row->lo);
    add_number(digest, row->number);
    digest->rows++;
}

static enum status digest_tile(void *context, uint64_t number, struct bytes root,
                               struct err *err)
{
    struct digest *digest = context;
    (void)err;
    add_number(digest, number);
    sha256_update(&digest->sha, root.len, root.at);
    digest->rows++;
    return OK;
}

/* Which edge nodes count is told by the size; the rest may hold anything. */
static void digest_edge(struct digest *digest, const struct merkle *tree)
{
    add_number(digest, tree->size);
    for (unsigned level = 0; level < MERKLE_LEVELS; level++)
        if ((tree->size >> level & 1) != 0)
            sha256_update(&digest->sha, MERKLE_HASH, tree->edge[level]);
}

static enum status digest_all(uint8_t keys[REBUILD_DIGEST], uint8_t tree[REBUILD_DIGEST],
                              struct rebuild *out, struct store *store, struct err *err)
{
    struct digest digests[REBUILD_TABLES] = {0};
    sha256_init(&digests[KEYS].sha);
    sha256_init(&digests[TREE].sha);
    enum status status = database_keys(store->db, digest_key, &digests[KEYS], err);
    /* Then it is the digest of those before the damage: not that of what will be made. */
    if (status == CONFLICT && database_keys_damaged(store->db))
        status = OK;
    digest_edge(&digests[TREE], &store->head.tree);
    if (status == OK)
        status = database_tiles(store->db, 0, ENTRY_SEQUENCE_MAX, digest_tile,
                                &digests[TREE], err);
    sha256_digest(&digests[KEYS].sha, REBUILD_DIGEST, keys);
    sha256_digest(&digests[TREE].sha, REBUILD_DIGEST, tree);
    out->tables[KEYS].rows = digests[KEYS].rows;
    out->tables[TREE].rows = digests[TREE].rows;
    return status;
}

/* ---- Making again ---- */

/* Another content than any: the next import of it writes it anew. */
static enum status note_damage(struct rebuild *out, struct store *store,
                               const struct record_row *row, struct err *err)
{
    struct record_row changed = *row;
    if (out->damaged < REBUILD_NAMED)
        secrets_id(out->damaged_ids[out->damaged], &store->secrets, row->number);
    out->damaged++;
    memset(changed.content, 0, sizeof changed.content);
    return database_put_record(store->db, &changed, err);
}

/* Said to be erased, and its key is there still: it was hidden, not erased. */
static bool is_hidden(struct store *store, const struct record_row *row)
{
    uint8_t key[SECRET_KEY];
    bool there = keyring_key(key, store->keyring, row->slot, NULL) == OK;
    sodium_memzero(key, sizeof key);
    return there;
}

static enum status key_record(struct rebuild *out, struct store *store,
                              const struct record_row *row, struct err *err)
{
    struct record record;
    struct index_names names;
    unsigned roles;
    arena_reset(&store->scratch);
    enum status status =
        version_read(&record, &roles, store, row->latest, &store->scratch, err);
    if (status != OK && status != IO_FAILED)
        return note_damage(out, store, row, err);
    if (status != OK)
        return status;
    index_of_record(&names, &store->secrets, &record, row, &store->scratch);
    index_add(&store->index, &names, row->number);
    return store->index.count >= FLUSH_ROWS ? index_flush(&store->index, store->db, err)
                                            : OK;
}

static enum status make_keys(struct rebuild *out, struct store *store,
                             enum record_choice choice, struct err *err)
{
    struct record_row rows[PAGE];
    struct record_filter filter = {.choice = choice};
    uint64_t after = 0;
    for (;;) {
        size_t count = 0;
        enum status status =
            database_records(rows, &count, PAGE, store->db, &filter, after, err);
        for (size_t i = 0; i < count && status == OK; i++)
            if (!rows[i].erased)
                status = key_record(out, store, &rows[i], err);
            else if (is_hidden(store, &rows[i]))
                status = note_damage(out, store, &rows[i], err);
        if (status != OK || count == 0)
            return status;
        after = rows[count - 1].number;
    }
}

static enum status make_all_keys(struct rebuild *out, struct store *store, struct err *err)
{
    static const enum record_choice choices[] = {RECORDS_THINGS, RECORDS_CASES,
                                                 RECORDS_USERS,  RECORDS_HITS,
                                                 RECORDS_CLAIMS, RECORDS_PEERS};
    enum status status = database_clear_keys(store->db, err);
    for (size_t i = 0; i < sizeof choices / sizeof choices[0] && status == OK; i++)
        status = make_keys(out, store, choices[i], err);
    return status == OK ? index_flush(&store->index, store->db, err) : status;
}

struct regrowth {
    struct store *store;
    struct merkle tree, tile;
};

static enum status regrow(void *context, uint64_t sequence, struct bytes wire,
                          struct err *err)
{
    struct regrowth *regrowth = context;
    uint8_t leaf[MERKLE_HASH], root[MERKLE_HASH];
    if (sequence != regrowth->tree.size)
        return fail(err, CONFLICT, "entry %llu of the log is missing",
                    (unsigned long long)regrowth->tree.size);
    merkle_leaf(leaf, wire);
    merkle_add(&regrowth->tree, leaf);
    merkle_add(&regrowth->tile, leaf);
    if (regrowth->tile.size < TILE)
        return OK;
    merkle_root(root, &regrowth->tile);
    regrowth->tile = (struct merkle){0};
    return database_add_tile(regrowth->store->db, sequence / TILE, root, err);
}

static enum status make_tree(struct store *store, struct err *err)
{
    struct regrowth regrowth = {.store = store};
    enum status status = database_clear_tiles(store->db, err);
    if (status == OK)
        status = database_entries(store->db, 0, ENTRY_SEQUENCE_MAX, regrow, &regrowth, err);
    if (status == OK && regrowth.tree.size != store->head.tree.size)
        status = fail(err, CONFLICT, "the log has %llu %s and should have %llu",
                      (unsigned long long)regrowth.tree.size,
                      plural(regrowth.tree.size, "entry", "entries"),
                      (unsigned long long)store->head.tree.size);
    if (status == OK) {
        store->head.tree = regrowth.tree;
        store->tile = regrowth.tile;
    }
    return status;
}

/* ---- Against what was signed ---- */

struct check {
    struct merkle tree, tile;
    const struct tree_head *last;
    uint8_t (*stored)[MERKLE_HASH]; /* of all tiles */
    size_t count, capacity;
    uint64_t differs; /* the first tile that is not what was stored, or UINT64_MAX */
    bool matches;
};

static enum status take_root(void *context, uint64_t number, struct bytes root,
                             struct err *err)
{
    struct check *check = context;
    (void)number, (void)err;
    grow_to((void **)&check->stored, &check->capacity, check->count, sizeof *check->stored);
    memset(check->stored[check->count], 0, MERKLE_HASH);
    if (root.len == MERKLE_HASH)
        memcpy(check->stored[check->count], root.at, MERKLE_HASH);
    check->count++;
    return OK;
}

static enum status check_entry(void *context, uint64_t sequence, struct bytes wire,
                               struct err *err)
{
    struct check *check = context;
    uint8_t hash[MERKLE_HASH];
    if (sequence != check->tree.size)
        return fail(err, CONFLICT, "entry %llu of the log is missing",
                    (unsigned long long)check->tree.size);
    merkle_leaf(hash, wire);
    merkle_add(&check->tree, hash);
    merkle_add(&check->tile, hash);
    if (check->tree.size == check->last->size) {
        merkle_root(hash, &check->tree);
        check->matches = memcmp(hash, check->last->root, sizeof hash) == 0;
    }
    if (check->tile.size < TILE)
        return OK;
    merkle_root(hash, &check->tile);
    check->tile = (struct merkle){0};
    uint64_t number = sequence / TILE;
    if (check->differs == UINT64_MAX && number < check->count &&
        memcmp(hash, check->stored[number], sizeof hash) != 0)
        check->differs = number;
    return OK;
}

enum status store_check_signed(struct store *store, const struct tree_head *last,
                               struct err *err)
{
    struct check check = {.last = last, .differs = UINT64_MAX};
    if (last->size == 0)
        return OK;
    enum status status =
        database_tiles(store->db, 0, ENTRY_SEQUENCE_MAX, take_root, &check, err);
    if (status == OK)
        status =
            database_entries(store->db, 0, ENTRY_SEQUENCE_MAX, check_entry, &check, err);
    if (status == OK && !check.matches && check.differs != UINT64_MAX)
        status =
            fail(err, CONFLICT,
                 "the log is not the one that was signed: one of the entries %llu to %llu "
                 "(tile %llu) was changed; nothing was made again; put back a copy of the "
                 "whole folder",
                 (unsigned long long)(check.differs * TILE),
                 (unsigned long long)(check.differs * TILE + TILE - 1),
                 (unsigned long long)check.differs);
    else if (status == OK && !check.matches)
        status =
            fail(err, CONFLICT,
                 "the log is not the one that was signed: one of its first %llu entries "
                 "was changed; nothing was made again; put back a copy of the whole folder",
                 (unsigned long long)last->size);
    free(check.stored);
    return status;
}

static enum status log_rebuild(struct rebuild *out, struct store *store,
                               const struct act *act, struct err *err)
{
    struct log_line line = {.verb = VERB_REBUILD, .act = act};
    uint8_t rules[NORMALISER_HASH];
    uint64_t slot;
    aside_begin(store, PAYLOAD_REBUILD, act->reason, (struct bytes){0});
    for (size_t i = 0; i < REBUILD_TABLES; i++) {
        buf_add(&store->payload, bytes_of(out->tables[i].before, REBUILD_DIGEST));
        buf_add(&store->payload, bytes_of(out->tables[i].after, REBUILD_DIGEST));
    }
    normaliser_hash(rules);
    enum status status =
        database_set(store->db, "rules", bytes_of(rules, sizeof rules), err);
    if (status == OK)
        status = settings_mark_statuses(store, err);
    return status == OK ? log_append(&slot, store, &line, err) : status;
}

static enum status rebuild_all(struct rebuild *out, struct store *store,
                               const struct act *act, struct err *err)
{
    enum status status = index_flush(&store->index, store->db, err);
    if (status == OK)
        status =
            digest_all(out->tables[KEYS].before, out->tables[TREE].before, out, store, err);
    if (status == OK)
        status = make_all_keys(out, store, err);
    if (status == OK)
        status = make_tree(store, err);
    if (status != OK)
        return status;
    status = replay_people(&out->people_changed, store, err);
    if (status ==
        CONFLICT) { /* an act cannot be read: the rest is made again all the same */
        out->people_unknown = true;
        status = OK;
    }
    if (status == OK)
        status = words_clear(store, err);
    if (status == OK)
        status =
            digest_all(out->tables[KEYS].after, out->tables[TREE].after, out, store, err);
    return status == OK ? log_rebuild(out, store, act, err) : status;
}

enum status store_rebuild(struct rebuild *out, struct store *store, const struct act *as,
                          struct err *err)
{
    struct act act = *as;
    struct err why = {0};
    *out = (struct rebuild){.tables = {{.name = "keys"}, {.name = "tree"}},
                            .new_rules = store->rules_changed || !store->statuses_kept};
    act.verb = VERB_REBUILD;
    if (entry_id_is_none(act.who))
        return fail(err, BAD_INPUT, "a rebuild must say who does it");
    /* What waits is made durable first, so that a failure here takes nothing with it. */
    enum status status = store_commit(store, err);
    if (status == OK)
        status = store_begin(store, err);
    if (status != OK)
        return status;
    struct receipt *receipt = receipt_new(store, VERB_REBUILD);
    database_bulk(store->db, true);
    status = people_check(receipt, &act, NULL, &why);
    if (status == OK)
        status = receipt->outcome == OK ? rebuild_all(out, store, &act, &why)
                                        : receipt_log_refusal(receipt, &act, &why);
    status = status == OK ? store_commit(store, err) : store_stop(store, &why, err);
    database_bulk(store->db, false);
    if (status == OK)
        status = receipt_open(receipt, err);
    receipt_close(receipt);
    if (status != OK)
        return status;
    store->rules_changed = false;
    out->same = true;
    for (size_t i = 0; i < REBUILD_TABLES; i++)
        out->same &=
            memcmp(out->tables[i].before, out->tables[i].after, REBUILD_DIGEST) == 0;
    return OK;
}
