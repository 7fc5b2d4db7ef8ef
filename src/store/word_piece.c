/* SPDX-License-Identifier: Apache-2.0 */
#include "store/word_piece.h"

#include "record/normaliser.h"
#include "record/words.h"
#include "store/append.h"

#include <sodium.h>
#include <stdlib.h>

/* An import that begins so far behind does not follow. */
enum { CATCH_UP_ENTRIES = 256 * 1024 };
/* Where a payload has the number of its entry, a piece has its own with the top bit set. */
static const uint64_t piece_mark = (uint64_t)1 << 63;

/* ---- Rows of a piece ---- */

bool word_row_next(struct word_row *row, struct cursor *cursor)
{
    if (cursor->rest.len == 0)
        return false;
    row->number = cursor_be64(cursor);
    row->case_number = cursor_be64(cursor);
    row->words = cursor_take(cursor, cursor_be16(cursor));
    return !cursor->failed;
}

void word_row_add(struct buf *out, const struct word_row *row)
{
    buf_add_be64(out, row->number);
    buf_add_be64(out, row->case_number);
    buf_add_be16(out, (uint16_t)row->words.len);
    buf_add(out, row->words);
}

void words_wipe(struct buf *buf)
{
    if (buf->at != NULL)
        sodium_memzero(buf->at, buf->capacity);
    buf_release(buf);
}

void words_make(struct words *words, const struct record *record)
{
    words->one.max = WORDS_MAX;
    buf_clear(&words->one);
    words_of_record(&words->one, record);
}

/* ---- What the pieces hold ---- */

static void rules_now(uint8_t rules[WORDS_RULES])
{
    normaliser_hash(rules);
    rules[0] ^= WORDS_VERSION;
}

enum status words_read_reached(struct store *store, struct err *err)
{
    struct words *words = &store->words;
    struct buf value = {.max = 8 + WORDS_RULES};
    uint8_t rules[WORDS_RULES];
    if (words->known)
        return OK;
    enum status status = database_setting(&value, store->db, "words", err);
    if (status != OK && status != NOT_FOUND)
        goto out;
    rules_now(rules);
    bool good = status == OK && value.len == 8 + WORDS_RULES &&
                memcmp(value.at + 8, rules, WORDS_RULES) == 0;
    words->reached = good ? load_be64(value.at) : 0;
    words->known = true;
    words->since = store->durable_size;
    status = OK;
    if (!good && value.len > 0) { /* made by other rules */
        status = store_begin(store, err);
        if (status == OK)
            status = words_clear(store, err);
    }
    words->following = words->reached + CATCH_UP_ENTRIES >= words->since;
out:
    buf_release(&value);
    return status;
}

enum status words_write_reached(struct store *store, struct err *err)
{
    uint8_t value[8 + WORDS_RULES];
    store->words.reached = store->head.tree.size;
    store_be64(value, store->words.reached);
    rules_now(value + 8);
    return database_set(store->db, "words", bytes_of(value, sizeof value), err);
}

enum status words_doom(struct store *store, uint64_t slot, struct err *err)
{
    struct slot_list one = {&slot, 1, 1};
    slot_list_add(&store->doomed, slot);
    return database_add_doomed(store->db, &one, err);
}

/* Into store->opened. NOT_FOUND without a sentence: the piece is not there. */
enum status word_piece_open(uint64_t *slot, struct store *store, uint64_t piece,
                            struct err *err)
{
    uint8_t key[SECRET_KEY];
    enum status status = database_piece(slot, &store->sealed, store->db, piece, err);
    if (status == OK)
        status = keyring_key(key, store->keyring, *slot, err);
    if (status != OK)
        return status;
    status =
        seal_open(&store->opened, key, piece_mark | piece, buf_bytes(&store->sealed), err);
    sodium_memzero(key, sizeof key);
    return status;
}

/* In place of what was there; nothing is kept when rows is empty or too long. */
enum status word_piece_write(struct store *store, uint64_t piece, const struct buf *rows,
                             struct err *err)
{
    uint8_t key[SECRET_KEY], commitment[ENTRY_COMMITMENT];
    uint64_t slot = 0;
    enum status status = database_piece(&slot, &store->sealed, store->db, piece, err);
    if (status == OK)
        status = words_doom(store, slot, err);
    if (status == OK)
        status = database_remove_piece(store->db, piece, err);
    if (status == NOT_FOUND)
        status = OK;
    if (status != OK || rows->len == 0 || rows->overflowed)
        return status;
    status = keyring_take(&slot, key, store->keyring, err);
    if (status != OK)
        return status;
    seal_close(&store->sealed, commitment, key, piece_mark | piece, buf_bytes(rows),
               store->world);
    sodium_memzero(key, sizeof key);
    return database_add_piece(store->db, piece, slot, buf_bytes(&store->sealed), err);
}

/* ---- What changed since the pieces were written ---- */

static enum status note_change(void *context, uint64_t sequence, struct bytes wire,
                               struct err *err)
{
    struct word_changes *changes = context;
    struct entry entry;
    uint64_t number;
    (void)sequence;
    enum status status = entry_parse(&entry, wire, err);
    if (status != OK || entry.verb == VERB_READ || entry.verb == VERB_SEARCH ||
        entry_id_is_none(entry.object))
        return status;
    if (!secrets_number(&number, &changes->store->secrets, entry.object))
        return OK;
    /* A thing, or a case or a user: that is seen when its row is read. */
    grow_to((void **)&changes->at, &changes->capacity, changes->count, sizeof *changes->at);
    changes->at[changes->count++] = number;
    return OK;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void word_changes_sort(struct word_changes *changes)
{
    size_t kept = 0;
    if (changes->count > 0)
        qsort(changes->at, changes->count, sizeof *changes->at, by_number);
    for (size_t i = 0; i < changes->count; i++)
        if (kept == 0 || changes->at[i] != changes->at[kept - 1])
            changes->at[kept++] = changes->at[i];
    changes->count = kept;
}

enum status word_changes_find(struct word_changes *changes, struct store *store,
                              uint64_t from, uint64_t to, struct err *err)
{
    enum status status =
        database_entries(store->db, from, to - from, note_change, changes, err);
    word_changes_sort(changes);
    return status;
}

bool word_changes_have(const struct word_changes *changes, uint64_t number)
{
    return changes->count > 0 &&
           bsearch(&number, changes->at, changes->count, sizeof number, by_number) != NULL;
}
