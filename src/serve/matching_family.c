/* SPDX-License-Identifier: Apache-2.0
 *
 * A family is looked through from one of it outward. Each record is read once, and what was decided of it, once. Whoever
 * is met stands in the map of members at once, and is not asked about again. A hundred records of one
 * name and birth date have the same keys: for all of them the store is asked once who else has these.
 *
 *     explored     all that are one with a member are members
 *     into         two that met, from here or from there, are one family
 */
#include "serve/matching_family.h"

#include "store/belonging.h"

#include <sodium.h>
#include <stdlib.h>

const char family_unreadable[] = "not known, as the record cannot be read";
const char family_crowded[] =
    "not known, as not all that it is tied to can be looked through";

/* A root that nobody is: it protects all of a family. */
static const uint64_t NOBODY = UINT64_MAX;

void families_open(struct families *families, struct store *store, const char *day)
{
    *families = (struct families){.store = store};
    snprintf(families->day, sizeof families->day, "%s", day);
    families->holders = xcalloc(STORE_HOLDERS_MAX, sizeof *families->holders);
}

void families_close(struct families *families)
{
    for (size_t i = 0; i < families->count; i++)
        free(families->items[i].roots);
    free(families->items);
    free(families->holders);
    number_map_release(&families->members);
    *families = (struct families){0};
}

/* ---- Which family ---- */

static size_t whole_of(const struct families *families, size_t at)
{
    while (families->items[at].into != at)
        at = families->items[at].into;
    return at;
}

const struct family *families_known(const struct families *families, uint64_t number)
{
    size_t at;
    if (!number_map_find(&at, &families->members, number))
        return NULL;
    return &families->items[whole_of(families, at)];
}

static void add_root(struct family *family, uint64_t number, const char *word)
{
    grow_to((void **)&family->roots, &family->capacity, family->count,
            sizeof *family->roots);
    family->roots[family->count++] = (struct root){number, word};
}

static size_t begin_family(struct families *families)
{
    size_t at = families->count++;
    grow_to((void **)&families->items, &families->capacity, at, sizeof *families->items);
    families->items[at] = (struct family){.into = at};
    return at;
}

/* The other becomes a part of the one. */
static void unite(struct families *families, size_t one, size_t other)
{
    struct family *from = &families->items[other];
    for (size_t i = 0; i < from->count; i++)
        add_root(&families->items[one], from->roots[i].number, from->roots[i].word);
    free(from->roots);
    *from = (struct family){.into = one};
}

/* ---- Looking through one ---- */

struct exploring {
    struct families *families;
    size_t family;
    uint64_t *members; /* met, in this order */
    size_t count, capacity;
    struct number_map lists; /* hashes of key lists of which all holders are members */
    uint8_t secret[crypto_shorthash_KEYBYTES];
};

static struct family *family_of(const struct exploring *exploring)
{
    return &exploring->families->items[exploring->family];
}

static void meet(struct exploring *exploring, uint64_t number)
{
    struct families *families = exploring->families;
    size_t known;
    if (number_map_find(&known, &families->members, number)) {
        known = whole_of(families, known);
        if (known != exploring->family)
            unite(families, exploring->family, known);
        return;
    }
    number_map_keep(&families->members, number, exploring->family);
    grow_to((void **)&exploring->members, &exploring->capacity, exploring->count,
            sizeof *exploring->members);
    exploring->members[exploring->count++] = number;
}

static uint64_t hash_list(const struct exploring *exploring, const struct key_list *list)
{
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t hashes = 0;
    for (size_t i = 0; i < list->count; i++) {
        crypto_shorthash(hash, list->items[i].value.at, list->items[i].value.len,
                         exploring->secret);
        const uint64_t pair[2] = {hashes, load_be64(hash)};
        crypto_shorthash(hash, (const uint8_t *)pair, sizeof pair, exploring->secret);
        hashes = load_be64(hash);
    }
    return hashes;
}

enum status families_holders(bool *many, struct sharing_list *sharing,
                             struct families *families, const struct family *except,
                             const struct key *key, size_t place, struct err *err)
{
    size_t count = 0;
    enum status status =
        store_holders(families->holders, &count, families->store, key, err);
    *many = status == OK && count > STORE_HOLDERS_MAX;
    for (size_t i = 0; status == OK && !*many && i < count; i++)
        if (except == NULL || families_known(families, families->holders[i]) != except)
            sharing_add(sharing,
                        &(struct sharing){.number = families->holders[i], .key = place});
    return status;
}

/* A key of too many records tells nobody from others; but where such keys alone say that these are one, nobody can tell
 * whom the record is one with. */
static enum status meet_by_keys(struct exploring *exploring,
                                const struct belonging_decided *decided,
                                const struct key_list *list, struct arena *arena,
                                struct err *err)
{
    struct sharing_list sharing = {0};
    struct key *of_many = arena_zalloc(arena, list->count + 1, sizeof *of_many);
    uint64_t hash = hash_list(exploring, list);
    size_t seen, many_count = 0;
    bool all = true, many;
    enum status status = OK;
    if (number_map_find(&seen, &exploring->lists, hash))
        return OK;
    for (size_t i = 0; i < list->count && status == OK; i++) {
        status = families_holders(&many, &sharing, exploring->families,
                                  family_of(exploring), &list->items[i], i, err);
        if (many)
            of_many[many_count++] = list->items[i];
    }
    if (many_count > 0 && sharing_is_same(list, of_many, many_count, arena))
        add_root(family_of(exploring), NOBODY, family_crowded);
    if (status == OK)
        sharing_keep_same(&sharing, list, arena);
    for (size_t i = 0; i < sharing.count && status == OK; i++) {
        bool differ = belonging_is_different(decided, sharing.items[i].number);
        all = all && !differ;
        if (!differ)
            meet(exploring, sharing.items[i].number);
    }
    /* Another with these keys may be one with those who differ from this one. */
    if (status == OK && all)
        number_map_keep(&exploring->lists, hash, 0);
    free(sharing.items);
    return status;
}

static enum status explore_member(struct exploring *exploring, uint64_t number,
                                  struct arena *arena, struct err *err)
{
    struct families *families = exploring->families;
    struct belonging_decided decided;
    struct record record;
    struct key_list list;
    const char *word;
    enum status status = store_current(&record, families->store, number, arena, err);
    if (status == IO_FAILED)
        return status;
    if (status != OK) {
        if (status != NOT_FOUND) /* else it was erased */
            add_root(family_of(exploring), number, family_unreadable);
        return OK;
    }
    if (matching_is_protected(&word, &record, families->day))
        add_root(family_of(exploring), number, word);
    list_person_keys(&list, NULL, &record, arena);
    if (families->tell != NULL)
        families->tell(families->context, number, &list);
    status = belonging_decided(&decided, families->store, number, &record, err);
    if (status == OK && decided.why != NULL) {
        add_root(family_of(exploring), number, family_crowded);
        families->open_ended = true;
    }
    if (status == OK)
        status = meet_by_keys(exploring, &decided, &list, arena, err);
    for (size_t i = 0; i < decided.same_count && status == OK; i++)
        meet(exploring, decided.same[i]);
    belonging_decided_release(&decided);
    return status;
}

enum status families_explore(struct families *families, uint64_t number, struct err *err)
{
    struct exploring exploring = {.families = families};
    struct arena arena = {0};
    enum status status = OK;
    if (families_known(families, number) != NULL)
        return OK;
    crypto_shorthash_keygen(exploring.secret);
    exploring.family = begin_family(families);
    meet(&exploring, number);
    for (size_t i = 0; i < exploring.count && status == OK; i++) {
        status = explore_member(&exploring, exploring.members[i], &arena, err);
        arena_reset(&arena);
    }
    if (status != OK)
        add_root(family_of(&exploring), NOBODY, family_unreadable);
    free(exploring.members);
    number_map_release(&exploring.lists);
    arena_release(&arena);
    return status;
}
