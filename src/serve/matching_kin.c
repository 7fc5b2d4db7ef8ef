/* SPDX-License-Identifier: Apache-2.0
 *
 * The same person stands here twice, once as a suspect and once as a witness, and nobody has decided so yet:
 * what protects the witness holds for both.
 *
 * For one record its family is looked through (serve/matching_family.h). When maps are made of all records, the families
 * of the protected are gathered first; of each key of theirs a hash is kept, under a key of this gathering, and who
 * has none of these keys is in none of these families.
 *
 * A record that cannot be read and has the keys of one protects it: what it says of the status nobody knows.
 */
#include "serve/matching_family.h"
#include "store/belonging.h"

#include <sodium.h>
#include <stdlib.h>

struct kin_key {
    uint64_t hash, number;
};
struct kin {
    struct families families;
    bool gathered; /* the families of all who are protected are known */
    uint8_t secret[crypto_shorthash_KEYBYTES];
    struct kin_key *keys; /* by hash */
    size_t count, capacity;
    uint64_t *damaged; /* records that cannot be read, in rising order */
    size_t damaged_count, damaged_capacity;
    /* What was found of persons: they are asked about again with each of their things. */
    struct number_map verdicts; /* in the words */
    const char **words;         /* of static tables; or NULL */
    size_t word_count, word_capacity;
};

struct kin *kin_open(struct store *store, const char *day)
{
    struct kin *kin = xcalloc(1, sizeof *kin);
    families_open(&kin->families, store, day);
    crypto_shorthash_keygen(kin->secret);
    return kin;
}

void kin_close(struct kin *kin)
{
    if (kin == NULL)
        return;
    families_close(&kin->families);
    number_map_release(&kin->verdicts);
    free(kin->keys);
    free(kin->damaged);
    free(kin->words);
    free(kin);
}

static void keep_verdict(struct kin *kin, uint64_t number, const char *word)
{
    grow_to((void **)&kin->words, &kin->word_capacity, kin->word_count, sizeof *kin->words);
    number_map_keep(&kin->verdicts, number, kin->word_count);
    kin->words[kin->word_count++] = word;
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

static int by_value(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void gather_keys(void *context, uint64_t number, const struct key_list *list)
{
    struct kin *kin = context;
    for (size_t i = 0; i < list->count; i++) {
        grow_to((void **)&kin->keys, &kin->capacity, kin->count, sizeof *kin->keys);
        kin->keys[kin->count++] = (struct kin_key){hash_key(kin, &list->items[i]), number};
    }
}

static void note_damaged(struct kin *kin, uint64_t number)
{
    grow_to((void **)&kin->damaged, &kin->damaged_capacity, kin->damaged_count,
            sizeof *kin->damaged);
    kin->damaged[kin->damaged_count++] = number;
}

static void begin_gathering(struct kin *kin)
{
    kin->families.tell = gather_keys;
    kin->families.context = kin;
}

static void end_gathering(struct kin *kin, enum status status)
{
    kin->families.tell = NULL;
    kin->gathered = status == OK;
    if (kin->count > 0)
        qsort(kin->keys, kin->count, sizeof *kin->keys, by_hash);
    if (kin->damaged_count > 0)
        qsort(kin->damaged, kin->damaged_count, sizeof *kin->damaged, by_value);
}

enum status kin_gather(struct kin *kin, struct matching *matching, struct receipt *receipt,
                       struct err *err)
{
    enum { BREATH = 256 }; /* records */
    struct arena arena = {0};
    struct shown shown;
    enum status status;
    begin_gathering(kin);
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
                   matching_is_protected(&word, &shown.record, kin->families.day)) {
            status = families_explore(&kin->families, shown.number, err);
            if (status != OK)
                break;
        }
        arena_reset(&arena);
    }
    status = status == NOT_FOUND ? OK : status;
    end_gathering(kin, status);
    arena_release(&arena);
    receipt_rewind(receipt);
    return status;
}

enum status kin_gather_listed(struct kin *kin, uint64_t asked, struct err *err)
{
    struct arena list = {0}, arena = {0};
    struct store *store = kin->families.store;
    uint64_t *numbers;
    size_t count;
    bool known;
    enum status status =
        store_protected(&numbers, &count, &known, store, false, &list, err);
    if (status != OK || !known || count > asked) {
        arena_release(&list);
        return status;
    }
    begin_gathering(kin);
    for (size_t i = 0; i < count && status == OK; i++) {
        struct record record;
        const char *word;
        status = store_current(&record, store, numbers[i], &arena, err);
        if (status != OK && status != IO_FAILED) {
            if (status != NOT_FOUND)
                note_damaged(kin, numbers[i]);
            status = OK;
        } else if (status == OK && schema_is_a(record.schema, "Person") &&
                   matching_is_protected(&word, &record, kin->families.day)) {
            status = families_explore(&kin->families, numbers[i], err);
        }
        arena_reset(&arena);
    }
    end_gathering(kin, status);
    arena_release(&arena);
    arena_release(&list);
    return status;
}

/* ---- Who is it ---- */

struct kin_asking {
    struct kin *kin;
    uint64_t number;
    const struct record *record;
    bool decided_known; /* what was decided of it is looked up when it is needed, once */
    struct belonging_decided decided;
};

static enum status is_different(bool *differ, struct kin_asking *asking, uint64_t other,
                                struct err *err)
{
    enum status status = OK;
    *differ = false;
    if (!asking->decided_known)
        status = belonging_decided(&asking->decided, asking->kin->families.store,
                                   asking->number, asking->record, err);
    asking->decided_known = true;
    if (status == OK)
        *differ = belonging_is_different(&asking->decided, other);
    return status;
}

/* Is somebody else of the family protected, of whom it was not decided that the two differ? */
static enum status find_root(const char **word, struct kin_asking *asking,
                             const struct family *family, struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < family->count && status == OK && *word == NULL; i++) {
        const struct root *root = &family->roots[i];
        bool differ;
        if (root->number == asking->number)
            continue;
        status = is_different(&differ, asking, root->number, err);
        if (status == OK && !differ)
            *word = root->word;
    }
    return status;
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
        sharing_add(sharing,
                    &(struct sharing){.number = kin->keys[low].number, .key = place});
}

static bool is_damaged(const struct kin *kin, uint64_t number)
{
    return bsearch(&number, kin->damaged, kin->damaged_count, sizeof *kin->damaged,
                   by_value) != NULL;
}

/* Those that cannot be read have no keys here, but in the index. */
static enum status share_damaged(bool *many, struct sharing_list *sharing, struct kin *kin,
                                 const struct key *key, size_t place, struct err *err)
{
    size_t kept = sharing->count;
    enum status status =
        families_holders(many, sharing, &kin->families, NULL, key, place, err);
    for (size_t i = kept; i < sharing->count; i++) {
        if (!is_damaged(kin, sharing->items[i].number))
            continue;
        sharing->items[kept] = sharing->items[i];
        sharing->items[kept++].word = family_unreadable;
    }
    sharing->count = kept;
    return status;
}

/* Is it one with somebody of whom that was gathered? */
static enum status find_gathered(const char **word, struct kin_asking *asking,
                                 const struct key_list *list, struct arena *arena,
                                 struct err *err)
{
    struct kin *kin = asking->kin;
    struct sharing_list sharing = {0};
    struct key *of_many = arena_zalloc(arena, list->count + 1, sizeof *of_many);
    size_t many_count = 0;
    const struct family *last = NULL;
    enum status status = OK;
    for (size_t i = 0; i < list->count && status == OK; i++) {
        bool many = false;
        share_gathered(&sharing, kin, &list->items[i], i);
        if (kin->damaged_count > 0)
            status = share_damaged(&many, &sharing, kin, &list->items[i], i, err);
        if (many)
            of_many[many_count++] = list->items[i];
    }
    if (many_count > 0 && sharing_is_same(list, of_many, many_count, arena))
        *word = family_crowded; /* one that cannot be read may be among them */
    if (status == OK)
        sharing_keep_same(&sharing, list, arena);
    for (size_t i = 0; i < sharing.count && status == OK && *word == NULL; i++) {
        const struct sharing *one = &sharing.items[i];
        const struct family *family = families_known(&kin->families, one->number);
        bool differ = false;
        if (one->word == NULL && family == last)
            continue; /* none of these protects it */
        if (one->number != asking->number)
            status = is_different(&differ, asking, one->number, err);
        if (status != OK || differ)
            continue;
        if (one->word != NULL && one->number != asking->number)
            *word = one->word;
        if (*word == NULL && family != NULL)
            status = find_root(word, asking, family, err);
        last = family;
    }
    free(sharing.items);
    return status;
}

static enum status find_in_family(const char **word, struct kin_asking *asking,
                                  struct err *err)
{
    struct families *families = &asking->kin->families;
    enum status status = families_explore(families, asking->number, err);
    return status == OK
               ? find_root(word, asking, families_known(families, asking->number), err)
               : status;
}

/* Where not all ties could be looked through, others may be one with who was gathered. */
static enum status find(const char **word, struct kin_asking *asking,
                        const struct key_list *keys, struct err *err)
{
    const struct kin *kin = asking->kin;
    const struct family *family = families_known(&kin->families, asking->number);
    struct arena arena = {0};
    struct key_list list;
    enum status status = OK;
    if (family != NULL)
        return find_root(word, asking, family, err);
    if (kin->gathered && kin->count + kin->damaged_count > 0) {
        list_person_keys(&list, keys, asking->record, &arena);
        status = find_gathered(word, asking, &list, &arena, err);
    }
    if (status == OK && *word == NULL && (!kin->gathered || kin->families.open_ended))
        status = find_in_family(word, asking, err);
    arena_release(&arena);
    return status;
}

enum status kin_find(const char **word, struct kin *kin, uint64_t number,
                     const struct record *record, const struct key_list *keys,
                     struct err *err)
{
    struct kin_asking asking = {.kin = kin, .number = number, .record = record};
    size_t verdict;
    *word = NULL;
    if (!schema_is_a(record->schema, "Person"))
        return OK;
    if (number_map_find(&verdict, &kin->verdicts, number)) {
        *word = kin->words[verdict];
        return OK;
    }
    enum status status = find(word, &asking, keys, err);
    belonging_decided_release(&asking.decided);
    if (status == OK)
        keep_verdict(kin, number, *word);
    return status;
}

const char *kin_told(const char *word)
{
    if (word == family_unreadable)
        return "by name and birth date one with a record that cannot be read, and may be a "
               "protected person's";
    if (word == family_crowded)
        return "by name and birth date one with more records than can be looked through, "
               "or "
               "with one not all of whose ties can be, and may be a protected person's";
    return "by name and birth date that of a protected or acquitted person";
}
