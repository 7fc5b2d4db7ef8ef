/* SPDX-License-Identifier: Apache-2.0 */
#include "store/aside.h"

#include "record/fold.h"
#include "record/words.h"
#include "store/inside.h"

#include <sodium.h>

enum { HEAD = 2, WORD_LEAST = 3, ADDRESS_WORD_LEAST = 4, ADDRESS_WORDS = 2 };
static const int64_t day_ns = INT64_C(86400) * 1000000000;

void aside_begin(struct store *store, unsigned kind, const char *reason, struct bytes query)
{
    static const uint8_t none[ENTRY_COMMITMENT];
    buf_clear(&store->aside);
    if (reason != NULL || query.len > 0) {
        payload_add_text(&store->aside, bytes_text(reason != NULL ? reason : ""));
        payload_add_text(&store->aside, query);
    }
    buf_clear(&store->payload);
    buf_add_byte(&store->payload, PAYLOAD_APART);
    buf_add_byte(&store->payload, (uint8_t)kind);
    buf_add(&store->payload, bytes_of(none, sizeof none));
}

static int64_t today(const struct store *store)
{
    return store->world->now_ns(store->world->context) / day_ns;
}

enum status aside_write(struct store *store, bool with_records, struct err *err)
{
    uint64_t slot, sequence = store->head.tree.size;
    uint8_t key[SECRET_KEY];
    if (store->payload.at[0] != PAYLOAD_APART || store->aside.len == 0)
        return OK;
    enum status status = keyring_take(&slot, key, store->keyring, err);
    if (status != OK)
        return status;
    seal_close(&store->sealed, store->payload.at + HEAD, key, sequence,
               buf_bytes(&store->aside), store->world);
    sodium_memzero(key, sizeof key);
    return database_add_aside(store->db, sequence, slot,
                              with_records ? 0 : (uint64_t)(today(store) + ASIDE_DAYS),
                              buf_bytes(&store->sealed), err);
}

/* ---- Which words name what a record holds ---- */

/* The words of an aside, folded: one after the other, each between spaces; and without spaces. */
struct folded {
    struct buf words, compact;
};

static void fold_piece(struct folded *folded, struct bytes piece)
{
    struct buf one = {.max = FOLD_OUT_MAX};
    fold_text(&one, piece);
    if (one.len > 0) {
        buf_add(&folded->words, buf_bytes(&one));
        buf_add_byte(&folded->words, ' ');
    }
    buf_clear(&one);
    fold_compact(&one, piece);
    buf_add(&folded->compact, buf_bytes(&one));
    if (one.at != NULL)
        sodium_memzero(one.at, one.capacity);
    buf_release(&one);
}

/* Piece by piece between blanks, since folding looks at so many bytes only. */
static void fold_all(struct folded *folded, struct bytes text)
{
    enum { PIECE = 64 };
    size_t start = 0;
    buf_clear(&folded->words);
    buf_clear(&folded->compact);
    buf_add_byte(&folded->words, ' ');
    for (size_t i = 0; i <= text.len; i++) {
        bool blank = i == text.len || text.at[i] <= ' ';
        if (!blank && (i - start < PIECE || (text.at[i] & 0xC0) == 0x80))
            continue;
        fold_piece(folded, bytes_slice(text, start, i - start));
        start = blank ? i + 1 : i;
    }
}

static bool holds(const struct buf *text, struct bytes wanted)
{
    return memmem(text->at, text->len, wanted.at, wanted.len) != NULL;
}

static bool holds_word(const struct buf *text, struct bytes word)
{
    uint8_t between[2 + FOLD_OUT_MAX] = {' '};
    memcpy(between + 1, word.at, word.len);
    between[1 + word.len] = ' ';
    return holds(text, bytes_of(between, word.len + 2));
}

static unsigned count_words(const struct folded *folded, struct bytes line, size_t least)
{
    struct bytes word, rest = line;
    unsigned count = 0;
    while (fold_next_word(&word, &rest))
        count += word.len >= least && holds_word(&folded->words, word);
    return count;
}

static bool names_line(const struct folded *folded, const struct word_line *line)
{
    switch (line->kind) {
    case WORD_NAME:
        return count_words(folded, line->text, WORD_LEAST) > 0;
    case WORD_ADDRESS:
        return count_words(folded, line->text, ADDRESS_WORD_LEAST) >= ADDRESS_WORDS ||
               holds(&folded->words, line->text);
    case WORD_PLACE: /* many things are at a place, and naming it names none of them */
        return false;
    case WORD_IDENTIFIER:
    case WORD_KINDS:
        break;
    }
    return line->text.len >= WORD_LEAST && holds(&folded->compact, line->text);
}

static bool names_any(const struct folded *folded, struct bytes words)
{
    struct cursor forms = {.rest = words};
    while (forms.rest.len > 0) {
        struct cursor form = {.rest = cursor_take(&forms, cursor_be16(&forms))};
        struct word_line line;
        if (forms.failed)
            return false;
        cursor_u8(&form);
        while (words_next(&line, &form))
            if (names_line(folded, &line))
                return true;
    }
    return false;
}

/* An aside that cannot be opened keeps nothing readable: it is passed over. */
static enum status look_at(bool *named, struct folded *folded, struct store *store,
                           uint64_t sequence, uint64_t slot, struct bytes words,
                           struct err *err)
{
    uint8_t key[SECRET_KEY];
    *named = false;
    enum status status = keyring_key(key, store->keyring, slot, err);
    if (status == NOT_FOUND)
        return OK;
    if (status != OK)
        return status;
    if (seal_open(&store->opened, key, sequence, buf_bytes(&store->sealed), NULL) == OK) {
        fold_all(folded, buf_bytes(&store->opened));
        *named = names_any(folded, words);
    }
    sodium_memzero(key, sizeof key);
    return OK;
}

enum status aside_erase(struct slot_list *slots, struct store *store, struct bytes words,
                        struct err *err)
{
    struct folded folded = {{.max = SIZE_MAX}, {.max = SIZE_MAX}};
    uint64_t sequence = 0, slot;
    enum status status = OK;
    while (status == OK && words.len > 0) {
        bool named;
        status = database_next_aside(&sequence, &slot, &store->sealed, store->db, err);
        if (status != OK)
            break;
        status = look_at(&named, &folded, store, sequence, slot, words, err);
        if (status == OK && named) {
            slot_list_add(slots, slot);
            status = database_remove_aside(store->db, sequence, err);
        }
    }
    struct buf *both[] = {&folded.words, &folded.compact};
    for (size_t i = 0; i < 2; i++) {
        if (both[i]->at != NULL)
            sodium_memzero(both[i]->at, both[i]->capacity);
        buf_release(both[i]);
    }
    return status == NOT_FOUND ? OK : status;
}

/* ---- What has had its time ---- */

enum status aside_sweep(struct store *store, struct err *err)
{
    struct slot_list slots = {0};
    int64_t day = today(store);
    if (day == store->swept_day)
        return OK;
    store->swept_day = day;
    enum status status =
        database_take_expired_asides(&slots, store->db, day > 0 ? (uint64_t)day : 0, err);
    if (status == OK)
        status = database_add_doomed(store->db, &slots, err);
    for (size_t i = 0; i < slots.count && status == OK; i++)
        slot_list_add(&store->doomed, slots.items[i]);
    slot_list_release(&slots);
    return status;
}
