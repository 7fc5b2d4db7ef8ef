/* SPDX-License-Identifier: Apache-2.0
 *
 * The log of a node: entries, appended; the tree over them, grown; and both read again.
 */
#include "store/log.h"
#include "base/text.h"
#include "store/append.h"

#include <sodium.h>
#include <stdlib.h>

enum { NS_PER_MS = 1000000 };

/* ---- Appending ---- */

static void fill_entry(struct entry *entry, struct store *store,
                       const struct log_line *line)
{
    *entry = (struct entry){
        .sequence = store->head.tree.size,
        .time_ms = store->world->now_ns(store->world->context) / NS_PER_MS,
        .verb = line->verb,
        .role = ROLE_NODE,
        .fiction = store->settings.fiction,
    };
    if (line->act != NULL) {
        entry->role = line->act->role;
        memcpy(entry->actor, line->act->who, ENTRY_ID);
        entry->has_purpose = true;
        entry->purpose = line->act->purpose;
    }
    if (line->object_id != NULL)
        memcpy(entry->object, line->object_id, ENTRY_ID);
    else if (line->object != 0)
        secrets_id(entry->object, &store->secrets, line->object);
    if (line->case_number != 0)
        secrets_id(entry->case_id, &store->secrets, line->case_number);
}

static enum status grow_tree(struct store *store, const uint8_t wire[ENTRY_SIZE],
                             struct err *err)
{
    uint8_t leaf[MERKLE_HASH];
    merkle_leaf(leaf, bytes_of(wire, ENTRY_SIZE));
    merkle_add(&store->head.tree, leaf);
    merkle_add(&store->tile, leaf);
    if (store->tile.size < TILE)
        return OK;
    uint8_t root[MERKLE_HASH];
    merkle_root(root, &store->tile);
    store->tile = (struct merkle){0};
    return database_add_tile(store->db, store->head.tree.size / TILE - 1, root, err);
}

enum status log_append(uint64_t *slot, struct store *store, const struct log_line *line,
                       struct err *err)
{
    struct entry entry;
    uint8_t wire[ENTRY_SIZE], key[SECRET_KEY];
    fill_entry(&entry, store, line);
    *slot = line->slot;
    enum status status = aside_write(store, line->with_records, err);
    if (status == OK && line->own_slot)
        status = keyring_key(key, store->keyring, line->slot, err);
    /* The key of a record that was damaged is gone: its new version gets another. */
    if (status == NOT_FOUND || (status == OK && !line->own_slot))
        status = keyring_take(slot, key, store->keyring, err);
    if (status != OK)
        return status;
    seal_close(&store->sealed, entry.commitment, key, entry.sequence,
               buf_bytes(&store->payload), store->world);
    sodium_memzero(key, sizeof key);
    entry_write(wire, &entry);
    status = database_add_entry(store->db, entry.sequence, wire, err);
    if (status == OK)
        status = database_add_payload(store->db, entry.sequence, *slot,
                                      buf_bytes(&store->sealed), err);
    return status == OK ? grow_tree(store, wire, err) : status;
}

uint64_t log_case(const struct store *store, const struct act *act, uint64_t of_object)
{
    uint64_t named;
    bool names = act != NULL && !entry_id_is_none(act->case_id) &&
                 secrets_number(&named, &store->secrets, act->case_id);
    return of_object == 0 && names ? named : of_object;
}

/* ---- Reading again ---- */

static enum status add_to_tree(void *context, uint64_t sequence, struct bytes wire,
                               struct err *err)
{
    uint8_t leaf[MERKLE_HASH];
    (void)sequence, (void)err;
    merkle_leaf(leaf, wire);
    merkle_add(context, leaf);
    return OK;
}

enum status log_load_tile(struct store *store, struct err *err)
{
    uint64_t size = store->head.tree.size, from = size / TILE * TILE;
    store->tile = (struct merkle){0};
    enum status status =
        database_entries(store->db, from, size - from, add_to_tree, &store->tile, err);
    if (status == OK && store->tile.size != size - from)
        status =
            fail(err, CONFLICT,
                 "the log says it has %llu %s missing; put "
                 "back a copy of the whole folder",
                 (unsigned long long)size,
                 plural(size, "entry, and it is", "entries, and the last of them are"));
    return status;
}

/* Hashes of one level, read from a table. */
struct hash_list {
    uint8_t (*at)[MERKLE_HASH];
    size_t count, capacity;
    uint64_t next; /* the number that must come */
    bool of_entries;
};

static uint8_t *add_hash(struct hash_list *list)
{
    grow_to((void **)&list->at, &list->capacity, list->count, sizeof *list->at);
    return list->at[list->count++];
}

static enum status collect(void *context, uint64_t number, struct bytes row,
                           struct err *err)
{
    struct hash_list *list = context;
    if (number != list->next++)
        return fail(err, CONFLICT, "entry %llu of the log is missing",
                    (unsigned long long)(list->next - 1));
    if (list->of_entries)
        merkle_leaf(add_hash(list), row);
    else if (row.len != MERKLE_HASH)
        return fail(err, CONFLICT, "a root of the log is damaged");
    else
        memcpy(add_hash(list), row.at, MERKLE_HASH);
    return OK;
}

static enum status collect_rows(struct hash_list *list, struct store *store, bool entries,
                                uint64_t from, uint64_t count, struct err *err)
{
    list->count = 0;
    list->next = from;
    list->of_entries = entries;
    enum status status = entries
                             ? database_entries(store->db, from, count, collect, list, err)
                             : database_tiles(store->db, from, count, collect, list, err);
    if (status == OK && list->count != count)
        status = fail(err, CONFLICT, "entry %llu of the log is missing",
                      (unsigned long long)(from + list->count));
    return status;
}

/* The root of hashes [0, count) as RFC 6962 defines it: split at the largest power of two
 * below count. Nothing is carried from leaf to leaf, unlike in merkle_add. */
static void root_by_definition(uint8_t out[MERKLE_HASH], const uint8_t (*at)[MERKLE_HASH],
                               size_t count)
{
    if (count == 1) {
        memcpy(out, at[0], MERKLE_HASH);
        return;
    }
    size_t left = 1;
    while (2 * left < count)
        left *= 2;
    uint8_t left_root[MERKLE_HASH], right_root[MERKLE_HASH];
    root_by_definition(left_root, at, left);
    root_by_definition(right_root, at + left, count - left);
    merkle_node(out, left_root, right_root);
}

static const uint8_t (*hashes_of(const struct hash_list *list))[MERKLE_HASH]
{
    return (const uint8_t(*)[MERKLE_HASH])list->at;
}

struct verification {
    struct store *store;
    struct hash_list tile;  /* leaves of the tile that is being read */
    struct hash_list roots; /* of the tiles read; the last may be of a part */
    uint64_t first;         /* number of the first tile that is read */
    uint64_t next;
};

static void close_tile(struct verification *verification)
{
    if (verification->tile.count == 0)
        return;
    root_by_definition(add_hash(&verification->roots), hashes_of(&verification->tile),
                       verification->tile.count);
    verification->tile.count = 0;
}

static enum status verify_entry(void *context, uint64_t sequence, struct bytes wire,
                                struct err *err)
{
    struct verification *verification = context;
    struct entry entry;
    if (sequence != verification->next)
        return fail(err, CONFLICT, "entry %llu of the log is missing",
                    (unsigned long long)verification->next);
    if (entry_parse(&entry, wire, err) != OK)
        return CONFLICT;
    if (entry.sequence != sequence)
        return fail(err, CONFLICT,
                    "entry %llu of the log stands in the place of entry %llu",
                    (unsigned long long)entry.sequence, (unsigned long long)sequence);
    merkle_leaf(add_hash(&verification->tile), wire);
    if (verification->tile.count == TILE)
        close_tile(verification);
    verification->next++;
    return OK;
}

/* The stored roots of full tiles against those just computed. */
static enum status verify_tile(void *context, uint64_t number, struct bytes root,
                               struct err *err)
{
    struct verification *verification = context;
    uint64_t at = number - verification->first;
    if (at >= verification->roots.count || root.len != MERKLE_HASH ||
        memcmp(verification->roots.at[at], root.at, MERKLE_HASH) != 0)
        return fail(err, CONFLICT,
                    "the entries %llu to %llu are not those that were hashed",
                    (unsigned long long)(number * TILE),
                    (unsigned long long)(number * TILE + TILE - 1));
    return OK;
}

static enum status verify_all(struct store *store, struct err *err)
{
    struct verification verification = {.store = store};
    uint64_t size = store->head.tree.size;
    uint8_t stored[MERKLE_HASH], computed[MERKLE_HASH];
    enum status status = database_entries(store->db, 0, ENTRY_SEQUENCE_MAX, verify_entry,
                                          &verification, err);
    if (status == OK && verification.next != size)
        status =
            fail(err, CONFLICT, "the log has %llu %s and should have %llu",
                 (unsigned long long)verification.next,
                 plural(verification.next, "entry", "entries"), (unsigned long long)size);
    close_tile(&verification);
    if (status == OK)
        status = database_tiles(store->db, 0, size / TILE, verify_tile, &verification, err);
    if (status == OK && size > 0) {
        root_by_definition(computed, hashes_of(&verification.roots),
                           verification.roots.count);
        merkle_root(stored, &store->head.tree);
        if (memcmp(computed, stored, sizeof computed) != 0)
            status = fail(err, CONFLICT, "the root of the log is not that of its entries");
    }
    free(verification.tile.at);
    free(verification.roots.at);
    return status;
}

enum status log_verify(struct store *store, struct err *err)
{
    enum status status = verify_all(store, err);
    if (status == CONFLICT)
        err_prefix(err,
                   "This node ended without closing, and what it holds does not agree with "
                   "its log: ");
    return status;
}

enum status log_check(struct store *store, const struct tree_head *was_signed,
                      struct err *err)
{
    struct merkle tree = {0};
    uint8_t root[MERKLE_HASH];
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    enum status status = verify_all(store, err);
    if (status == OK)
        status = database_entries(store->db, 0, was_signed->size, add_to_tree, &tree, err);
    merkle_root(root, &tree);
    if (status == OK &&
        (tree.size != was_signed->size || memcmp(root, was_signed->root, sizeof root) != 0))
        status = fail(err, CONFLICT,
                      "the first %llu entries of the log are not those that were signed",
                      (unsigned long long)was_signed->size);
    return status;
}

enum status log_check_tiles(struct store *store, uint64_t from, struct err *err)
{
    uint64_t first = from / TILE, end = store->durable_size / TILE;
    struct verification verification = {
        .store = store, .first = first, .next = first * TILE};
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    if (first >= end)
        return OK;
    enum status status = database_entries(store->db, first * TILE, (end - first) * TILE,
                                          verify_entry, &verification, err);
    if (status == OK && verification.next != end * TILE)
        status = fail(err, CONFLICT, "entry %llu of the log is missing",
                      (unsigned long long)verification.next);
    if (status == OK)
        status =
            database_tiles(store->db, first, end - first, verify_tile, &verification, err);
    free(verification.tile.at);
    free(verification.roots.at);
    return status;
}

/* ---- For proofs ---- */

static enum status subtree(uint8_t out[MERKLE_HASH], void *context, unsigned level,
                           uint64_t index, struct err *err)
{
    enum { TILE_LEVEL = 8 };
    struct hash_list list = {0};
    bool in_tile = level < TILE_LEVEL;
    unsigned shift = in_tile ? level : level - TILE_LEVEL;
    uint64_t count = UINT64_C(1) << shift;
    enum status status = collect_rows(&list, context, in_tile, index << shift, count, err);
    if (status == OK)
        root_by_definition(out, hashes_of(&list), list.count);
    free(list.at);
    return status;
}

void log_tree(struct proof_tree *tree, struct store *store)
{
    *tree = (struct proof_tree){store->durable_size, subtree, store};
}

/* From the right edge inwards: what stands furthest right is joined last to what is left of
 * it. */
static enum status root_from_disk(struct tree_head *head, struct store *store,
                                  struct err *err)
{
    uint64_t end = head->size;
    bool joined = false;
    for (unsigned level = 0; end > 0; level++) {
        uint8_t part[MERKLE_HASH];
        uint64_t leaves = UINT64_C(1) << level;
        if ((end & leaves) == 0)
            continue;
        end -= leaves;
        enum status status = subtree(part, store, level, end >> level, err);
        if (status != OK)
            return status;
        if (joined)
            merkle_node(head->root, part, head->root);
        else
            memcpy(head->root, part, sizeof part);
        joined = true;
    }
    return OK;
}

enum status log_head(struct tree_head *head, struct store *store, struct err *err)
{
    const struct merkle empty = {0};
    uint8_t grown[MERKLE_HASH];
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    head->size = store->durable_size;
    merkle_root(head->root, &empty);
    enum status status = root_from_disk(head, store, err);
    if (status != OK || store->open)
        return status;
    merkle_root(grown, &store->head.tree);
    if (memcmp(grown, head->root, sizeof grown) != 0)
        return fail(err, CONFLICT, "the root of the log is not that of its entries");
    return OK;
}

enum status log_leaf(uint8_t leaf[MERKLE_HASH], struct store *store, uint64_t sequence,
                     struct err *err)
{
    if (sequence >= store->durable_size)
        return fail(err, NOT_FOUND, "the log has no entry %llu",
                    (unsigned long long)sequence);
    return subtree(leaf, store, 0, sequence, err);
}
