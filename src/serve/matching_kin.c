/* SPDX-License-Identifier: Apache-2.0
 *
 * The same person stands here twice, once as a suspect and once as a witness, and nobody has decided so yet:
 * what protects the witness holds for both.
 *
 * A family is all records that are one person: by keys, and by decisions, over as many as there are. For one record the
 * store is asked who has its person keys, and so on. When maps are made of all records, the families of the
 * protected are gathered first; of each key a hash is kept, under a key of this gathering.
 *
 * A record that cannot be read and has the keys of one protects it: what it says of the status nobody knows.
 */
#include "serve/matching_inside.h"

#include "link/decide.h"
#include "store/belonging.h"

#include <sodium.h>
#include <stdlib.h>

struct kin_key {
    uint64_t hash, number;
    uint64_t root; /* whom it is one with, who is protected */
    const char *word;
};
struct kin {
    uint8_t secret[crypto_shorthash_KEYBYTES];
    struct kin_key *keys; /* by hash */
    size_t count, capacity;
    uint64_t *damaged; /* records that cannot be read, in rising order */
    size_t damaged_count, damaged_capacity;
    /* What was found of persons: they are asked about again with each of their things. Of a number the place that
     * its hash says, or one of those behind it; a number of 0 is none. */
    struct kin_verdict {
        uint64_t number;
        const char *word; /* of a static table; or NULL */
    } * verdicts;
    size_t verdict_count, verdict_places; /* a power of 2 */
};

/* Of so many others one is the same, whatever this node holds: protection does not lessen as it grows. */
enum { KIN_POPULATION = 1000, FAMILY_MAX = BELONGING_SAME_MAX };

static const char unreadable[] = "not known, as the record cannot be read";

/* A record that has the i-th key of the one that is looked at. root, word: of what was gathered. */
struct sharing {
    uint64_t number, root;
    size_t key;
    const char *word;
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

/* ---- Who has the same keys ---- */

static uint64_t hash_key(const struct kin *kin, const struct key *key)
{
    uint8_t hash[crypto_shorthash_BYTES];
    crypto_shorthash(hash, key->value.at, key->value.len, kin->secret);
    return load_be64(hash);
}

static void add_sharing(struct sharing_list *sharing, const struct sharing *one)
{
    grow_to((void **)&sharing->items, &sharing->capacity, sharing->count,
            sizeof *sharing->items);
    sharing->items[sharing->count++] = *one;
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
    for (; low < kin->count && kin->keys[low].hash == hash; low++) {
        const struct kin_key *known = &kin->keys[low];
        add_sharing(sharing,
                    &(struct sharing){known->number, known->root, place, known->word});
    }
}

static bool is_damaged(const struct kin *kin, uint64_t number)
{
    size_t low = 0, high = kin->damaged_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (kin->damaged[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < kin->damaged_count && kin->damaged[low] == number;
}

/* A key of more records than STORE_HOLDERS_MAX tells nobody from others. damaged_of: those alone of this that cannot
 * be read; or NULL. */
static enum status share_stored(struct sharing_list *sharing, struct store *store,
                                const struct kin *damaged_of, const struct key *key,
                                size_t place, struct arena *arena, struct err *err)
{
    uint64_t *numbers = arena_alloc(arena, STORE_HOLDERS_MAX * sizeof *numbers);
    size_t count = 0;
    enum status status = store_holders(numbers, &count, store, key, err);
    for (size_t i = 0; status == OK && count <= STORE_HOLDERS_MAX && i < count; i++)
        if (damaged_of == NULL || is_damaged(damaged_of, numbers[i]))
            add_sharing(sharing,
                        &(struct sharing){numbers[i], numbers[i], place, unreadable});
    return status;
}

static int by_record(const void *a, const void *b)
{
    const struct sharing *x = a, *y = b;
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    if (x->root != y->root)
        return x->root < y->root ? -1 : 1;
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

/* Keeps one for each record (and root) that is the same as the one that has the list. */
static void keep_same(struct sharing_list *sharing, const struct key_list *list,
                      struct arena *arena)
{
    struct key *shared = arena_zalloc(arena, list->count + 1, sizeof *shared);
    struct sharing *items = sharing->items;
    size_t kept = 0;
    if (sharing->count > 0)
        qsort(items, sharing->count, sizeof *items, by_record);
    for (size_t i = 0, end; i < sharing->count; i = end) {
        size_t count = 0;
        for (end = i; end < sharing->count && items[end].number == items[i].number &&
                      items[end].root == items[i].root;
             end++)
            if (end == i || items[end].key != items[end - 1].key)
                shared[count++] = list->items[items[end].key];
        if (is_same(list, shared, count, arena))
            items[kept++] = items[i];
    }
    sharing->count = kept;
}

/* ---- A family ---- */

struct family {
    uint64_t numbers[FAMILY_MAX];
    size_t count;
};

static void add_member(struct family *family, uint64_t number)
{
    for (size_t i = 0; i < family->count; i++)
        if (family->numbers[i] == number)
            return;
    if (family->count < FAMILY_MAX)
        family->numbers[family->count++] = number;
}

static enum status add_members_by_keys(struct family *family, struct store *store,
                                       uint64_t number, const struct record *record,
                                       const struct key_list *list, struct arena *arena,
                                       struct err *err)
{
    struct sharing_list sharing = {0};
    enum status status = OK;
    for (size_t i = 0; i < list->count && status == OK; i++)
        status = share_stored(&sharing, store, NULL, &list->items[i], i, arena, err);
    if (status == OK)
        keep_same(&sharing, list, arena);
    for (size_t i = 0; i < sharing.count && status == OK; i++) {
        bool differ = false;
        if (sharing.items[i].number == number)
            continue;
        status =
            belonging_differ(&differ, store, number, record, sharing.items[i].number, err);
        if (status == OK && !differ)
            add_member(family, sharing.items[i].number);
    }
    free(sharing.items);
    return status;
}

static enum status add_members_decided(struct family *family, struct store *store,
                                       uint64_t number, const struct record *record,
                                       struct err *err)
{
    uint64_t same[BELONGING_SAME_MAX];
    size_t count = 0;
    enum status status = belonging_same(same, &count, store, number, record, err);
    for (size_t i = 0; i < count && status == OK; i++)
        add_member(family, same[i]);
    return status;
}

/* Of the member that is read; NOT_FOUND: it was erased. */
static enum status add_members(struct family *family, struct store *store, uint64_t number,
                               const struct record *record, const struct key_list *list,
                               struct arena *arena, struct err *err)
{
    enum status status =
        add_members_by_keys(family, store, number, record, list, arena, err);
    return status == OK ? add_members_decided(family, store, number, record, err) : status;
}

/* ---- Gathering ---- */

static int by_hash(const void *a, const void *b)
{
    const struct kin_key *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void gather_keys(struct kin *kin, const struct key_list *list,
                        const struct kin_key *of)
{
    for (size_t i = 0; i < list->count; i++) {
        grow_to((void **)&kin->keys, &kin->capacity, kin->count, sizeof *kin->keys);
        kin->keys[kin->count] = *of;
        kin->keys[kin->count++].hash = hash_key(kin, &list->items[i]);
    }
}

static enum status gather_family(struct kin *kin, struct store *store, uint64_t root,
                                 const char *word, struct err *err)
{
    struct family family = {.numbers = {root}, .count = 1};
    struct arena arena = {0};
    enum status status = OK;
    for (size_t i = 0; i < family.count && status == OK; i++) {
        struct record record;
        struct key_list list;
        status = store_current(&record, store, family.numbers[i], &arena, err);
        if (status != OK &&
            status != IO_FAILED) { /* erased, or not to be read: it is looked up */
            status = OK;
            continue;
        }
        if (status != OK)
            break;
        list_person_keys(&list, NULL, &record, &arena);
        gather_keys(kin, &list, &(struct kin_key){0, family.numbers[i], root, word});
        status =
            add_members(&family, store, family.numbers[i], &record, &list, &arena, err);
        arena_reset(&arena);
    }
    arena_release(&arena);
    return status;
}

static void note_damaged(struct kin *kin, uint64_t number)
{
    grow_to((void **)&kin->damaged, &kin->damaged_capacity, kin->damaged_count,
            sizeof *kin->damaged);
    kin->damaged[kin->damaged_count++] = number;
}

static void sort_gathered(struct kin *kin)
{
    if (kin->count > 0)
        qsort(kin->keys, kin->count, sizeof *kin->keys, by_hash);
    if (kin->damaged_count > 0)
        qsort(kin->damaged, kin->damaged_count, sizeof *kin->damaged, by_value);
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
    for (size_t n = 0;
         (status = receipt_next(&shown, receipt, &arena, err)) == OK || status == CONFLICT;
         n++) {
        const char *word;
        if (n % BREATH == 0 && matching->breathe != NULL &&
            matching->breathe(matching->breathe_context)) {
            status =
                fail(err, BUSY, "interrupted; what was announced before stays in force");
            break;
        }
        if (status == CONFLICT) {
            note_damaged(kin, shown.number);
        } else if (schema_is_a(shown.record.schema, "Person") &&
                   matching_is_protected(&word, &shown.record, day)) {
            status = gather_family(kin, matching->store, shown.number, word, err);
            if (status != OK)
                break;
        }
        arena_reset(&arena);
    }
    sort_gathered(kin);
    arena_release(&arena);
    receipt_rewind(receipt);
    return status == NOT_FOUND ? OK : status;
}

enum status kin_gather_listed(struct kin **out, struct store *store, uint64_t asked,
                              const char *day, struct err *err)
{
    struct arena list = {0}, arena = {0};
    uint64_t *numbers;
    size_t count;
    bool known;
    *out = NULL;
    enum status status =
        store_protected(&numbers, &count, &known, store, false, &list, err);
    if (status != OK || !known || count > asked) {
        arena_release(&list);
        return status;
    }
    struct kin *kin = *out = xcalloc(1, sizeof *kin);
    crypto_shorthash_keygen(kin->secret);
    for (size_t i = 0; i < count && status == OK; i++) {
        struct record record;
        const char *word;
        status = store_current(&record, store, numbers[i], &arena, err);
        if (status != OK && status != IO_FAILED) {
            if (status != NOT_FOUND)
                note_damaged(kin, numbers[i]);
            status = OK;
        } else if (status == OK && schema_is_a(record.schema, "Person") &&
                   matching_is_protected(&word, &record, day)) {
            status = gather_family(kin, store, numbers[i], word, err);
        }
        arena_reset(&arena);
    }
    sort_gathered(kin);
    arena_release(&arena);
    arena_release(&list);
    return status;
}

void kin_close(struct kin *kin)
{
    if (kin == NULL)
        return;
    free(kin->keys);
    free(kin->damaged);
    free(kin->verdicts);
    free(kin);
}

/* ---- Who is it ---- */

/* Is it one with somebody of whom that was gathered? */
static enum status find_gathered(const char **word, const struct shield *shield,
                                 uint64_t number, const struct record *record,
                                 const struct key_list *list, struct arena *arena,
                                 struct err *err)
{
    const struct kin *kin = shield->kin;
    struct sharing_list sharing = {0};
    enum status status = OK;
    for (size_t i = 0; i < list->count && status == OK; i++) {
        share_gathered(&sharing, kin, &list->items[i], i);
        if (kin->damaged_count > 0)
            status =
                share_stored(&sharing, shield->store, kin, &list->items[i], i, arena, err);
    }
    if (status == OK)
        keep_same(&sharing, list, arena);
    for (size_t i = 0; i < sharing.count && status == OK && *word == NULL; i++) {
        const struct sharing *one = &sharing.items[i];
        bool differ = false, from_root = false;
        if (one->root == number)
            continue; /* itself, by way of others */
        if (one->number != number)
            status =
                belonging_differ(&differ, shield->store, number, record, one->number, err);
        if (status == OK && !differ && one->root != one->number)
            status =
                belonging_differ(&from_root, shield->store, number, record, one->root, err);
        if (status == OK && !differ && !from_root)
            *word = one->word;
    }
    free(sharing.items);
    return status;
}

/* Is a member of its family protected? Its own decisions are belonging_find's to follow. */
static enum status find_in_family(const char **word, const struct shield *shield,
                                  uint64_t number, const struct record *record,
                                  const struct key_list *list, struct arena *arena,
                                  struct err *err)
{
    struct family family = {.numbers = {number}, .count = 1};
    enum status status =
        add_members_by_keys(&family, shield->store, number, record, list, arena, err);
    for (size_t i = 1; i < family.count && status == OK && *word == NULL; i++) {
        struct record other;
        struct key_list keys;
        bool differ = false;
        const char *status_of = NULL;
        status = store_current(&other, shield->store, family.numbers[i], arena, err);
        if (status == IO_FAILED)
            return status;
        if (status == NOT_FOUND) { /* erased */
            status = OK;
            continue;
        }
        bool read = status == OK;
        if (!read || matching_is_protected(&status_of, &other, shield->day)) {
            status = belonging_differ(&differ, shield->store, number, record,
                                      family.numbers[i], err);
            if (status == OK && !differ)
                *word = read ? status_of : unreadable;
            continue;
        }
        list_person_keys(&keys, NULL, &other, arena);
        status = add_members(&family, shield->store, family.numbers[i], &other, &keys,
                             arena, err);
    }
    return status;
}

enum status kin_find(const char **word, const struct shield *shield, uint64_t number,
                     const struct record *record, const struct key_list *keys,
                     struct err *err)
{
    struct kin *kin = shield->kin;
    struct arena arena = {0};
    struct key_list list;
    *word = NULL;
    if (!schema_is_a(record->schema, "Person") ||
        (kin != NULL && kin->count + kin->damaged_count == 0) ||
        (kin != NULL && known_verdict(word, kin, number)))
        return OK;
    list_person_keys(&list, keys, record, &arena);
    enum status status =
        kin != NULL ? find_gathered(word, shield, number, record, &list, &arena, err)
                    : find_in_family(word, shield, number, record, &list, &arena, err);
    arena_release(&arena);
    if (status == OK && kin != NULL)
        keep_verdict(kin, number, *word);
    return status;
}
