/* SPDX-License-Identifier: Apache-2.0 */
#include "store/belonging_inside.h"

#include <stdlib.h>
#include <string.h>

bool belonging_is_thing(const struct record *record)
{
    static const char *const things[] = {"BankAccount",    "CryptoWallet", "Device",
                                         "Identification", "Phone",        "UserAccount"};
    const struct schema *schema = record->schema;
    for (size_t i = 0; i < sizeof things / sizeof things[0]; i++)
        if (schema_is_a(schema, things[i]))
            return true;
    return schema_is_a(schema, "Vehicle") && !schema_is_a(schema, "Vessel") &&
           !schema_is_a(schema, "Airplane");
}

bool belonging_may_be_person(const struct record *record)
{
    return schema_is_a(record->schema, "Person") ||
           strcmp(record->schema->name, "LegalEntity") == 0;
}

static bool is_decision(const struct record *tie)
{
    return schema_is_a(tie->schema, "LinkDecision");
}

static bool says_same(const struct record *tie)
{
    return is_decision(tie) && bytes_is(record_first(tie, "verdict"), "same");
}

bool belonging_is_line(const struct record *tie)
{
    return (tie->schema->flags & SCHEMA_EDGE) != 0 && !is_decision(tie);
}

const char *belonging_told(const struct look *look, const char *as, struct arena *arena)
{
    if (look->word != NULL)
        return arena_printf(arena, "%s a protected or acquitted person", as);
    return look->why;
}

enum status belonging_read(struct record *record, struct look *look, uint64_t number,
                           struct err *err)
{
    enum status status = store_current(record, look->who.store, number, look->arena, err);
    if (status == OK || status == IO_FAILED)
        return status;
    if (status != NOT_FOUND)
        look->why = "tied to a record that cannot be read";
    *record = (struct record){.schema = NULL};
    return OK;
}

void belonging_note_more(struct look *look, bool more)
{
    if (more && look->why == NULL)
        look->why = "tied to more records than can be looked through";
}

enum status belonging_tied(struct tied_list **out, struct look *look, uint64_t number,
                           const struct record *record, struct err *err)
{
    bool more = false;
    *out = arena_alloc(look->arena, sizeof **out);
    (*out)->count = 0;
    enum status status = store_tied((*out)->numbers, &(*out)->count, &more, look->who.store,
                                    number, record, err);
    belonging_note_more(look, more);
    return status;
}

/* Of who or what is only named. */
static enum status first_tied(struct tied_list **out, struct look *look, uint64_t number,
                              const struct record *record, struct err *err)
{
    const char *before = look->why;
    enum status status = belonging_tied(out, look, number, record, err);
    if (look->named)
        look->why = before;
    return status;
}

/* ---- Who is one of them ---- */

static void test_one(struct look *look, uint64_t number, const struct record *person)
{
    const char *word = NULL;
    /* Whoever marked a phone or a passport meant its owner. */
    bool may_be = person->schema != NULL && (schema_is_a(person->schema, "LegalEntity") ||
                                             belonging_is_thing(person));
    if (may_be && look->who.test(look->who.context, &word, number, person))
        look->word = word;
}

/* Whoever was decided to be the same, over several decisions. */
enum { CHAIN_MAX = 64 };
struct chain {
    uint64_t numbers[CHAIN_MAX];
    size_t count;
};

static void add_to_chain(struct look *look, struct chain *chain, uint64_t number)
{
    for (size_t i = 0; i < chain->count; i++)
        if (chain->numbers[i] == number)
            return;
    belonging_note_more(look, chain->count == CHAIN_MAX);
    if (chain->count < CHAIN_MAX)
        chain->numbers[chain->count++] = number;
}

/* The ends of decisions "same" of the one. */
static enum status add_same(struct look *look, struct chain *chain, uint64_t number,
                            const struct record *person, struct err *err)
{
    struct tied_list *ties, *ends;
    struct record tie;
    enum status status = first_tied(&ties, look, number, person, err);
    for (size_t i = 0; i < ties->count && status == OK && !belonging_found(look); i++) {
        status = belonging_read(&tie, look, ties->numbers[i], err);
        if (status != OK || tie.schema == NULL || !says_same(&tie))
            continue;
        status = belonging_tied(&ends, look, ties->numbers[i], &tie, err);
        for (size_t k = 0; k < ends->count && status == OK; k++)
            add_to_chain(look, chain, ends->numbers[k]);
    }
    return status;
}

enum status belonging_follow_same(struct look *look, uint64_t number,
                                  const struct record *person, struct err *err)
{
    struct chain chain = {.numbers = {number}, .count = 1};
    struct record next = *person;
    enum status status = OK;
    for (size_t i = 0; i < chain.count && status == OK && !belonging_found(look); i++) {
        if (i > 0)
            status = belonging_read(&next, look, chain.numbers[i], err);
        if (status != OK || next.schema == NULL)
            continue;
        if (i > 0)
            test_one(look, chain.numbers[i], &next);
        if (!belonging_found(look))
            status = add_same(look, &chain, chain.numbers[i], &next, err);
    }
    return status;
}

/* ---- What was found before ---- */

/* Who is named is looked at otherwise than who owns. */
static uint64_t memo_number(const struct look *look, uint64_t number)
{
    return 2 * number + look->named;
}

static bool remember(bool *owned, struct look *look, uint64_t number)
{
    struct belonging_known known;
    if (!belonging_memo_find(&known, look->who.memo, memo_number(look, number)))
        return false;
    look->word = known.word;
    look->why = known.why;
    *owned = known.owned;
    return true;
}

static void keep(const struct look *look, uint64_t number, bool owned)
{
    const struct belonging_known known = {memo_number(look, number), look->word, look->why,
                                          owned};
    belonging_memo_keep(look->who.memo, &known);
}

enum status belonging_note(struct look *look, uint64_t number, const struct record *owner,
                           struct err *err)
{
    bool owned;
    enum status status = OK;
    if (owner->schema == NULL)
        return OK;
    if (!belonging_may_be_person(owner)) {
        test_one(look, number, owner);
        return OK;
    }
    if (remember(&owned, look, number))
        return OK;
    test_one(look, number, owner);
    if (!belonging_found(look))
        status = belonging_follow_same(look, number, owner, err);
    if (status == OK)
        keep(look, number, false);
    return status;
}

/* ---- Whose a thing is ---- */

/* The bank of an account is not its owner. */
static enum status note_owner(bool *owned, struct look *look, const struct record *thing,
                              uint64_t number, const struct record *owner, struct err *err)
{
    bool bank = schema_is_a(thing->schema, "BankAccount") &&
                schema_is_a(owner->schema, "Organization");
    *owned |= !bank && schema_is_a(owner->schema, "LegalEntity");
    return belonging_note(look, number, owner, err);
}

/* The other end of a line. */
static enum status follow_line(bool *owned, struct look *look, uint64_t line, uint64_t from,
                               const struct record *tie, const struct record *thing,
                               struct err *err)
{
    struct tied_list *ends;
    struct record end;
    enum status status = belonging_tied(&ends, look, line, tie, err);
    for (size_t i = 0; i < ends->count && status == OK && !belonging_found(look); i++) {
        if (ends->numbers[i] == from)
            continue;
        status = belonging_read(&end, look, ends->numbers[i], err);
        if (status == OK && end.schema != NULL)
            status = note_owner(owned, look, thing, ends->numbers[i], &end, err);
    }
    return status;
}

enum status belonging_owner(bool *owned, struct look *look, uint64_t number,
                            const struct record *thing, struct err *err)
{
    struct tied_list *ties;
    *owned = false;
    if (remember(owned, look, number))
        return OK;
    enum status status = first_tied(&ties, look, number, thing, err);
    for (size_t i = 0; i < ties->count && status == OK && !belonging_found(look); i++) {
        struct record tie;
        status = belonging_read(&tie, look, ties->numbers[i], err);
        if (status != OK || tie.schema == NULL)
            continue;
        status = belonging_is_line(&tie)
                     ? follow_line(owned, look, ties->numbers[i], number, &tie, thing, err)
                     : note_owner(owned, look, thing, ties->numbers[i], &tie, err);
    }
    if (status == OK)
        keep(look, number, *owned);
    return status;
}

/* A case and what the watch finds list many things that have nothing to do with each other. */
static bool is_list(const struct record *record)
{
    return schema_is_a(record->schema, "Case") || schema_is_a(record->schema, "Alert");
}

/* Of a thing of which nobody says whose it is: the same is asked of the device that it is in, or the phone that is in
 * it; and it may be anybody's whom an event names beside it. */
static enum status find_beside(struct look *look, uint64_t number,
                               const struct record *thing, struct err *err)
{
    struct tied_list *ties;
    enum status status = first_tied(&ties, look, number, thing, err);
    for (size_t i = 0; i < ties->count && status == OK && !belonging_found(look); i++) {
        struct record tie;
        bool owned;
        status = belonging_read(&tie, look, ties->numbers[i], err);
        if (status != OK || tie.schema == NULL || belonging_is_line(&tie) ||
            is_decision(&tie) || is_list(&tie) || schema_is_a(tie.schema, "LegalEntity"))
            continue;
        status = belonging_is_thing(&tie)
                     ? belonging_owner(&owned, look, ties->numbers[i], &tie, err)
                     : belonging_around(look, ties->numbers[i], &tie, false, err);
    }
    return status;
}

enum status belonging_find(const char **why, const struct belonging *belonging,
                           uint64_t number, const struct record *record,
                           struct arena *arena, struct err *err)
{
    struct arena read = {0};
    struct look look = {.who = *belonging, .arena = &read};
    struct belonging_memo *own = NULL;
    const char *as = "a thing of";
    bool owned = true;
    enum status status = OK;
    if (belonging_is_thing(record)) {
        status = belonging_owner(&owned, &look, number, record, err);
    } else if (belonging_may_be_person(record)) {
        as = "that of what was decided to be the same as";
        status = belonging_follow_same(&look, number, record, err);
    }
    if (look.who.memo == NULL)
        look.who.memo = own = belonging_memo_open();
    if (status == OK && !belonging_found(&look) && belonging_may_be_person(record))
        status = belonging_said(&look, number, record, SAYS_DOCUMENT, err);
    if (status == OK && !belonging_found(&look) && !owned) {
        look.named = true;
        status = find_beside(&look, number, record, err);
        if (status == OK && !belonging_found(&look))
            status = belonging_said(&look, number, record, SAYS_NUMBER, err);
    }
    *why = belonging_told(&look, as, arena);
    belonging_memo_close(own);
    arena_release(&read);
    return status;
}

/* ---- What was decided ---- */

static void add_ends(uint64_t **numbers, size_t *count, size_t *capacity,
                     const struct tied_list *ends, uint64_t except)
{
    for (size_t i = 0; i < ends->count; i++) {
        if (ends->numbers[i] == except)
            continue;
        grow_to((void **)numbers, capacity, *count, sizeof **numbers);
        (*numbers)[(*count)++] = ends->numbers[i];
    }
}

enum status belonging_decided(struct belonging_decided *out, struct store *store,
                              uint64_t number, const struct record *person, struct err *err)
{
    struct arena read = {0};
    struct look look = {.who = {.store = store}, .arena = &read};
    struct tied_list *ties, *ends;
    *out = (struct belonging_decided){0};
    enum status status = belonging_tied(&ties, &look, number, person, err);
    for (size_t i = 0; i < ties->count && status == OK; i++) {
        struct record tie;
        status = belonging_read(&tie, &look, ties->numbers[i], err);
        if (status != OK || tie.schema == NULL || !is_decision(&tie))
            continue;
        status = belonging_tied(&ends, &look, ties->numbers[i], &tie, err);
        if (status != OK)
            continue;
        if (says_same(&tie))
            add_ends(&out->same, &out->same_count, &out->same_capacity, ends, number);
        else if (bytes_is(record_first(&tie, "verdict"), "different"))
            add_ends(&out->different, &out->different_count, &out->different_capacity, ends,
                     number);
    }
    out->why = look.why;
    arena_release(&read);
    return status;
}

void belonging_decided_release(struct belonging_decided *decided)
{
    free(decided->same);
    free(decided->different);
    *decided = (struct belonging_decided){0};
}

bool belonging_is_different(const struct belonging_decided *decided, uint64_t other)
{
    for (size_t i = 0; i < decided->different_count; i++)
        if (decided->different[i] == other)
            return true;
    return false;
}

enum status belonging_differ(bool *differ, struct store *store, uint64_t number,
                             const struct record *record, uint64_t other, struct err *err)
{
    struct belonging_decided decided;
    enum status status = belonging_decided(&decided, store, number, record, err);
    *differ = belonging_is_different(&decided, other);
    belonging_decided_release(&decided);
    return status;
}
