/* SPDX-License-Identifier: Apache-2.0
 *
 * The same person stands here twice, once as a suspect and once as a witness, and nobody has decided so yet:
 * what protects the witness holds for both.
 *
 * For one record the store is asked who has its person keys. When maps are made of all records, the
 * keys of the protected are gathered first; of each a hash is kept, under a key of this gathering.
 */
#include "serve/matching_inside.h"

#include "link/decide.h"
#include "store/belonging.h"

#include <sodium.h>
#include <stdlib.h>

struct kin_key {
    uint64_t hash, number;
};
struct kin {
    uint8_t secret[crypto_shorthash_KEYBYTES];
    struct kin_key *keys; /* by hash */
    size_t count, capacity;
    /* What was found of persons: they are asked about again with each of their things. Of a number the place that
     * its hash says, or one of those behind it; a number of 0 is none. */
    struct kin_verdict {
        uint64_t number;
        const char *word; /* of a static table; or NULL */
    } * verdicts;
    size_t verdict_count, verdict_places; /* a power of 2 */
};

/* Of so many others one is the same, whatever this node holds: protection does not lessen as it grows. */
enum { KIN_POPULATION = 1000 };

/* A record that has the i-th key of the one that is looked at. */
struct sharing {
    uint64_t number;
    size_t key;
};
struct sharing_list {
    struct sharing *items;
    size_t count, capacity;
};

/* The person keys alone: a phone is a household's. */
static void list_person_keys(struct key_list *list, const struct key_list *all,
                             const struct record *record, struct arena *arena)
{
    struct key_list made = {0};
    *list = (struct key_list){0};
    if (!schema_is_a(record->schema, "Person"))
        return;
    if (all == NULL)
        keys_of_record(&made, record, arena);
    else
        made = *all;
    list->items = arena_alloc(arena, (made.count + 1) * sizeof *list->items);
    for (size_t i = 0; i < made.count; i++)
        if (made.items[i].class == KEY_PERSON)
            list->items[list->count++] = made.items[i];
}

/* ---- Verdicts ---- */

static struct kin_verdict *verdict_place(const struct kin *kin, uint64_t number)
{
    size_t at = (size_t)(number * UINT64_C(0x9E3779B97F4A7C15) >> 32);
    for (;; at++) {
        struct kin_verdict *place = &kin->verdicts[at & (kin->verdict_places - 1)];
        if (place->number == 0 || place->number == number)
            return place;
    }
}

static void grow_verdicts(struct kin *kin)
{
    enum { FIRST = 1024 };
    struct kin old = *kin;
    kin->verdict_places = old.verdict_places > 0 ? 2 * old.verdict_places : FIRST;
    kin->verdicts = xcalloc(kin->verdict_places, sizeof *kin->verdicts);
    for (size_t i = 0; i < old.verdict_places; i++)
        if (old.verdicts[i].number != 0)
            *verdict_place(kin, old.verdicts[i].number) = old.verdicts[i];
    free(old.verdicts);
}

static void keep_verdict(struct kin *kin, uint64_t number, const char *word)
{
    if (2 * kin->verdict_count >= kin->verdict_places)
        grow_verdicts(kin);
    struct kin_verdict *place = verdict_place(kin, number);
    kin->verdict_count += place->number == 0;
    *place = (struct kin_verdict){number, word};
}

static bool known_verdict(const char **word, const struct kin *kin, uint64_t number)
{
    if (kin->verdict_places == 0)
        return false;
    const struct kin_verdict *place = verdict_place(kin, number);
    *word = place->word;
    return place->number == number;
}

/* ---- Gathering ---- */

static uint64_t hash_key(const struct kin *kin, const struct key *key)
{
    uint8_t hash[crypto_shorthash_BYTES];
    crypto_shorthash(hash, key->value.at, key->value.len, kin->secret);
    return load_be64(hash);
}

static int by_hash(const void *a, const void *b)
{
    const struct kin_key *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

enum status kin_gather(struct kin **out, struct matching *matching, struct receipt *receipt,
                       const char *day, struct err *err)
{
    enum { BREATH = 256 }; /* records */
    struct arena arena = {0};
    struct shown shown;
    struct kin *kin = xcalloc(1, sizeof *kin);
    enum status status;
    crypto_shorthash_keygen(kin->secret);
    *out = kin;
    for (size_t n = 0; (status = receipt_next(&shown, receipt, &arena, err)) == OK; n++) {
        struct key_list list = {0};
        const char *word;
        if (n % BREATH == 0 && matching->breathe != NULL &&
            matching->breathe(matching->breathe_context)) {
            status =
                fail(err, BUSY, "interrupted; what was announced before stays in force");
            break;
        }
        if (matching_is_protected(&word, &shown.record, day))
            list_person_keys(&list, NULL, &shown.record, &arena);
        for (size_t i = 0; i < list.count; i++) {
            grow_to((void **)&kin->keys, &kin->capacity, kin->count, sizeof *kin->keys);
            kin->keys[kin->count++] =
                (struct kin_key){hash_key(kin, &list.items[i]), shown.number};
        }
        arena_reset(&arena);
    }
    if (kin->count > 0)
        qsort(kin->keys, kin->count, sizeof *kin->keys, by_hash);
    arena_release(&arena);
    receipt_rewind(receipt);
    return status == NOT_FOUND ? OK : status;
}

void kin_close(struct kin *kin)
{
    if (kin == NULL)
        return;
    free(kin->keys);
    free(kin->verdicts);
    free(kin);
}

/* ---- Who is it ---- */

static void add_sharing(struct sharing_list *sharing, uint64_t number, size_t key)
{
    grow_to((void **)&sharing->items, &sharing->capacity, sharing->count,
            sizeof *sharing->items);
    sharing->items[sharing->count++] = (struct sharing){number, key};
}

static void share_gathered(struct sharing_list *sharing, const struct kin *kin,
                           const struct key *key, size_t place)
{
    uint64_t hash = hash_key(kin, key);
    size_t low = 0, high = kin->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kin->keys[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < kin->count && kin->keys[low].hash == hash; low++)
        add_sharing(sharing, kin->keys[low].number, place);
}

/* A key of more records than STORE_HOLDERS_MAX tells nobody from others. */
static enum status share_stored(struct sharing_list *sharing, struct store *store,
                                const struct key *key, size_t place, struct arena *arena,
                                struct err *err)
{
    uint64_t *numbers = arena_alloc(arena, STORE_HOLDERS_MAX * sizeof *numbers);
    size_t count = 0;
    enum status status = store_holders(numbers, &count, store, key, err);
    for (size_t i = 0; status == OK && count <= STORE_HOLDERS_MAX && i < count; i++)
        add_sharing(sharing, numbers[i], place);
    return status;
}

static int by_number(const void *a, const void *b)
{
    const struct sharing *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

/* Do the keys that both share say that they are one? */
static bool is_same(const struct key_list *list, const struct key *shared, size_t count,
                    struct arena *arena)
{
    const struct decide_query query = {.population = KIN_POPULATION,
                                       .asks = decide_asks(list->items, list->count)};
    struct decision decision;
    decide_query(&decision, shared, count, &query, arena);
    return decision.hit && !decision.weak;
}

/* Is that one protected, and not somebody else by what was decided? */
static enum status look_at(const char **word, const struct shield *shield, uint64_t number,
                           const struct record *record, uint64_t other_number,
                           struct arena *arena, struct err *err)
{
    struct record other;
    bool differ = false;
    const char *status_of = NULL;
    enum status status = store_current(&other, shield->store, other_number, arena, err);
    if (status == IO_FAILED)
        return status;
    if (status != OK || !schema_is_a(other.schema, "Person") ||
        !matching_is_protected(&status_of, &other, shield->day))
        return OK; /* erased, or one that nobody can read: it protects nobody else */
    status = belonging_differ(&differ, shield->store, number, record, other_number, err);
    if (status == OK && !differ)
        *word = status_of;
    return status;
}

static enum status find_among(const char **word, const struct shield *shield,
                              uint64_t number, const struct record *record,
                              const struct key_list *keys, struct err *err)
{
    struct arena arena = {0};
    struct key_list list;
    struct sharing_list sharing = {0};
    enum status status = OK;
    list_person_keys(&list, keys, record, &arena);
    for (size_t i = 0; i < list.count && status == OK; i++)
        if (shield->kin != NULL)
            share_gathered(&sharing, shield->kin, &list.items[i], i);
        else
            status = share_stored(&sharing, shield->store, &list.items[i], i, &arena, err);
    if (sharing.count > 0)
        qsort(sharing.items, sharing.count, sizeof *sharing.items, by_number);
    struct key *shared = arena_zalloc(&arena, list.count + 1, sizeof *shared);
    for (size_t i = 0, end; i < sharing.count && status == OK && *word == NULL; i = end) {
        size_t count = 0;
        for (end = i;
             end < sharing.count && sharing.items[end].number == sharing.items[i].number;
             end++)
            if (end == i || sharing.items[end].key != sharing.items[end - 1].key)
                shared[count++] = list.items[sharing.items[end].key];
        if (sharing.items[i].number != number && is_same(&list, shared, count, &arena))
            status =
                look_at(word, shield, number, record, sharing.items[i].number, &arena, err);
    }
    free(sharing.items);
    arena_release(&arena);
    return status;
}

enum status kin_find(const char **word, const struct shield *shield, uint64_t number,
                     const struct record *record, const struct key_list *keys,
                     struct err *err)
{
    struct kin *kin = shield->kin;
    *word = NULL;
    if (!schema_is_a(record->schema, "Person") || (kin != NULL && kin->count == 0) ||
        (kin != NULL && known_verdict(word, kin, number)))
        return OK;
    enum status status = find_among(word, shield, number, record, keys, err);
    if (status == OK && kin != NULL)
        keep_verdict(kin, number, *word);
    return status;
}
