/* SPDX-License-Identifier: Apache-2.0 */
#include "store/belonging.h"

#include "store/note.h"
#include "store/searching.h"

#include <string.h>

enum { SAME_MAX = 64 }; /* persons decided to be one */

static bool is_thing_of_one(const struct record *record)
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

/* Whom decisions say to be the same: a person, or one of whom that is not known. Not an organisation: a bank is
 * tied to all its accounts. */
static bool may_be_person(const struct record *record)
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

/* arena: for what is read on the way, and released at the end. */
struct look {
    struct store *store;
    belonging_test *test;
    void *context;
    struct arena *arena;
    const char *why;
    /* Of somebody who is only named, decisions are looked for among the first ties alone: else all that names a much-named
     * suspect would be kept back. */
    bool named;
};

/* schema NULL: it was erased, and is nobody's any more. What cannot be read may be anybody's. */
static enum status read_tied(struct record *record, struct look *look, uint64_t number,
                             struct err *err)
{
    enum status status = store_current(record, look->store, number, look->arena, err);
    if (status == OK || status == IO_FAILED)
        return status;
    if (status != NOT_FOUND)
        look->why = "tied to a record that cannot be read";
    *record = (struct record){.schema = NULL};
    return OK;
}

static void note_more(struct look *look, bool more)
{
    if (more && look->why == NULL)
        look->why = "tied to more records than can be looked through";
}

/* What is in it is in the arena: a chain of decisions is followed, and each look has room for many. */
struct tied_list {
    uint64_t numbers[STORE_TIED_MAX];
    size_t count;
};

static enum status list_tied(struct tied_list **out, struct look *look, uint64_t number,
                             const struct record *record, struct err *err)
{
    bool more = false;
    *out = arena_zalloc(look->arena, 1, sizeof **out);
    enum status status = store_tied((*out)->numbers, &(*out)->count, &more, look->store,
                                    number, record, err);
    note_more(look, more);
    return status;
}

static bool is_looked_for(const struct look *look, const char **word, uint64_t number,
                          const struct record *person)
{
    bool is = person->schema != NULL && schema_is_a(person->schema, "LegalEntity") &&
              look->test(look->context, word, number, person);
    if (!is)
        *word = NULL;
    return is;
}

/* Whoever was decided to be the same, over several decisions. */
struct chain {
    uint64_t numbers[SAME_MAX];
    size_t count;
};

static void add_to_chain(struct look *look, struct chain *chain, uint64_t number)
{
    for (size_t i = 0; i < chain->count; i++)
        if (chain->numbers[i] == number)
            return;
    note_more(look, chain->count == SAME_MAX);
    if (chain->count < SAME_MAX)
        chain->numbers[chain->count++] = number;
}

/* The ends of decisions "same" of the one. */
static enum status add_same(struct look *look, struct chain *chain, uint64_t number,
                            const struct record *person, struct err *err)
{
    struct tied_list *ties, *ends;
    struct record tie;
    const char *before = look->why;
    enum status status = list_tied(&ties, look, number, person, err);
    if (look->named)
        look->why = before;
    for (size_t i = 0; i < ties->count && status == OK && look->why == NULL; i++) {
        status = read_tied(&tie, look, ties->numbers[i], err);
        if (status != OK || tie.schema == NULL || !says_same(&tie))
            continue;
        status = list_tied(&ends, look, ties->numbers[i], &tie, err);
        for (size_t k = 0; k < ends->count && status == OK; k++)
            add_to_chain(look, chain, ends->numbers[k]);
    }
    return status;
}

/* The person itself is not tested; what it was decided to be the same as is. */
static enum status follow_same(const char **word, struct look *look, uint64_t number,
                               const struct record *person, struct err *err)
{
    struct chain chain = {.numbers = {number}, .count = 1};
    struct record next = *person;
    enum status status = OK;
    *word = NULL;
    for (size_t i = 0; i < chain.count && status == OK && look->why == NULL; i++) {
        if (i > 0)
            status = read_tied(&next, look, chain.numbers[i], err);
        if (status != OK || next.schema == NULL)
            continue;
        if (i > 0 && is_looked_for(look, word, chain.numbers[i], &next))
            return OK;
        status = add_same(look, &chain, chain.numbers[i], &next, err);
    }
    return status;
}

/* A thing's owner, or somebody named; or whoever that was decided to be. as: "a thing of". */
static enum status note_one(struct look *look, const char *as, uint64_t number,
                            const struct record *owner, struct err *err)
{
    const char *word = NULL;
    enum status status = OK;
    if (owner->schema == NULL || !schema_is_a(owner->schema, "LegalEntity"))
        return OK;
    if (!is_looked_for(look, &word, number, owner) && may_be_person(owner))
        status = follow_same(&word, look, number, owner, err);
    if (word != NULL && look->why == NULL)
        look->why = arena_printf(look->arena, "%s a person whose status is %s", as, word);
    return status;
}

static enum status note_owner(struct look *look, uint64_t number,
                              const struct record *owner, struct err *err)
{
    return note_one(look, "a thing of", number, owner, err);
}

/* The other end of a line. */
static enum status follow_line(struct look *look, uint64_t line, uint64_t from,
                               const struct record *tie, struct err *err)
{
    struct tied_list *ends;
    struct record end;
    enum status status = list_tied(&ends, look, line, tie, err);
    for (size_t i = 0; i < ends->count && status == OK && look->why == NULL; i++) {
        if (ends->numbers[i] == from)
            continue;
        status = read_tied(&end, look, ends->numbers[i], err);
        if (status == OK)
            status = note_owner(look, ends->numbers[i], &end, err);
    }
    return status;
}

static enum status find_owner(struct look *look, uint64_t number,
                              const struct record *thing, struct err *err)
{
    struct tied_list *ties;
    enum status status = list_tied(&ties, look, number, thing, err);
    for (size_t i = 0; i < ties->count && status == OK && look->why == NULL; i++) {
        struct record tie;
        status = read_tied(&tie, look, ties->numbers[i], err);
        if (status != OK || tie.schema == NULL)
            continue;
        bool line = (tie.schema->flags & SCHEMA_EDGE) != 0 && !is_decision(&tie);
        status = line ? follow_line(look, ties->numbers[i], number, &tie, err)
                      : note_owner(look, ties->numbers[i], &tie, err);
    }
    return status;
}

enum status belonging_find(const char **why, struct store *store, uint64_t number,
                           const struct record *record, belonging_test *test, void *context,
                           struct arena *arena, struct err *err)
{
    struct arena read = {0};
    struct look look = {store, test, context, &read, NULL};
    const char *word = NULL;
    enum status status = OK;
    if (is_thing_of_one(record))
        status = find_owner(&look, number, record, err);
    else if (may_be_person(record))
        status = follow_same(&word, &look, number, record, err);
    if (word != NULL && look.why == NULL)
        look.why = arena_printf(
            &read, "that of what was decided to be the same as a person whose status is %s",
            word);
    *why = look.why != NULL ? arena_text(arena, bytes_text(look.why)) : NULL;
    arena_release(&read);
    return status;
}

/* ---- Whom a record names ---- */

static bool may_name_one(const struct record *record)
{
    const struct schema *one = schema_find(BYTES_OF("LegalEntity"));
    for (size_t i = 0; i < record->count; i++) {
        const struct property *property = record->values[i].property;
        if (property == NULL || property->kind != VALUE_ENTITY)
            continue;
        const struct schema *range =
            property->range != NULL ? schema_find(bytes_text(property->range)) : NULL;
        if (range == NULL || schema_is_a(range, one->name) || schema_is_a(one, range->name))
            return true;
    }
    return false;
}

enum status belonging_names(const char **why, struct store *store, uint64_t number,
                            const struct record *record, belonging_test *test,
                            void *context, struct arena *arena, struct err *err)
{
    struct arena read = {0};
    struct look look = {store, test, context, &read, NULL, .named = true};
    enum status status = OK;
    *why = NULL;
    if (is_thing_of_one(record) || !may_name_one(record))
        return OK;
    struct tied_list *named = arena_zalloc(&read, 1, sizeof *named);
    bool more = false;
    status = store_named(named->numbers, &named->count, &more, store, number, record, err);
    note_more(&look, more);
    for (size_t i = 0; i < named->count && status == OK && look.why == NULL; i++) {
        struct record one;
        status = read_tied(&one, &look, named->numbers[i], err);
        if (status == OK)
            status = note_one(&look, "one that names", named->numbers[i], &one, err);
    }
    *why = look.why != NULL ? arena_text(arena, bytes_text(look.why)) : NULL;
    arena_release(&read);
    return status;
}

enum status belonging_differ(bool *differ, struct store *store, uint64_t number,
                             const struct record *record, uint64_t other, struct err *err)
{
    struct arena read = {0};
    struct look look = {.store = store, .arena = &read};
    struct tied_list *ties, *ends;
    *differ = false;
    enum status status = list_tied(&ties, &look, number, record, err);
    for (size_t i = 0; i < ties->count && status == OK && !*differ; i++) {
        struct record tie;
        status = read_tied(&tie, &look, ties->numbers[i], err);
        if (status != OK || tie.schema == NULL || !is_decision(&tie) ||
            !bytes_is(record_first(&tie, "verdict"), "different"))
            continue;
        status = list_tied(&ends, &look, ties->numbers[i], &tie, err);
        for (size_t k = 0; k < ends->count && status == OK; k++)
            *differ |= ends->numbers[k] == other;
    }
    arena_release(&read);
    return status;
}

/* ---- Informants ---- */

static bool is_informant(void *context, const char **word, uint64_t number,
                         const struct record *owner)
{
    (void)context, (void)number;
    *word = status_word(STATUS_INFORMANT);
    return owner->status == STATUS_INFORMANT;
}

/* One that is, or was decided to be. */
static enum status names_informant(bool *names, struct look *look, uint64_t case_number,
                                   const struct record *record,
                                   const struct record_value *value, struct err *err)
{
    *names = false;
    if (value->property == NULL || value->property->kind != VALUE_ENTITY)
        return OK;
    struct tied_list *named = arena_zalloc(look->arena, 1, sizeof *named);
    bool more = false;
    enum status status = searching_named(named->numbers, &named->count, &more, look->store,
                                         case_number, record, value, err);
    note_more(look, more);
    for (size_t i = 0; i < named->count && status == OK && look->why == NULL; i++) {
        struct record other;
        const char *word = NULL;
        status = read_tied(&other, look, named->numbers[i], err);
        if (status != OK || other.schema == NULL)
            continue;
        if (other.status != STATUS_INFORMANT && may_be_person(&other))
            status = follow_same(&word, look, named->numbers[i], &other, err);
        if (other.status == STATUS_INFORMANT || word != NULL)
            look->why = "it names an informant";
    }
    *names = look->why != NULL;
    look->why = NULL;
    return status;
}

/* What is told even where it names an informant: what was found, and what public registers name. All else that
 * names one is what that person said, did or is to somebody. */
static bool is_told_without(const struct record *record)
{
    static const char *const told[] = {"Seizure",   "Exhibit", "Case",
                                       "Container", "Vehicle", "Organization"};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        if (schema_is_a(record->schema, told[i]))
            return true;
    return false;
}

/* May a value of what names an informant be that person's, or tell of them in words? */
static bool may_tell_of_one(const struct record *record, const struct record_value *value)
{
    static const enum value_kind personal[] = {
        VALUE_ADDRESS, VALUE_EMAIL,    VALUE_HTML,  VALUE_IP,   VALUE_JSON,
        VALUE_PHONE,   VALUE_TEXT,     VALUE_URL,   VALUE_IBAN, VALUE_IMEI,
        VALUE_DOMAIN,  VALUE_DOCUMENT, VALUE_PLATE, VALUE_VIN,  VALUE_WALLET};
    static const char *const of_parties[] = {"shipper",     "consignee", "notifyParty",
                                             "companyName", "source",    "personProfile"};
    if (value->property == NULL)
        return true; /* nobody knows what it is */
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
        if (value->property->kind == personal[i])
            return true;
    for (size_t i = 0; i < sizeof of_parties / sizeof of_parties[0]; i++)
        if (schema_is_a(record->schema, "Sighting") &&
            strcmp(value->name, of_parties[i]) == 0)
            return true;
    return false;
}

enum status belonging_strip_informants(bool *stays, struct store *store, uint64_t number,
                                       uint64_t case_number, struct record *record,
                                       struct arena *arena, struct err *err)
{
    struct arena read = {0};
    struct look look = {store, is_informant, NULL, &read, NULL, .named = true};
    const char *why = NULL;
    size_t kept = 0;
    bool any = false;
    enum status status =
        belonging_find(&why, store, number, record, is_informant, NULL, arena, err);
    *stays = why != NULL;
    for (size_t i = 0; i < record->count && status == OK && !*stays; i++) {
        bool names = false;
        status =
            names_informant(&names, &look, case_number, record, &record->values[i], err);
        *stays = names && !is_told_without(record);
        any |= names;
        if (!names)
            record->values[kept++] = record->values[i];
    }
    if (status == OK && !*stays)
        record->count = kept;
    kept = 0;
    for (size_t i = 0; i < record->count && status == OK && any && !*stays; i++)
        if (!may_tell_of_one(record, &record->values[i]))
            record->values[kept++] = record->values[i];
    if (status == OK && any && !*stays)
        record->count = kept;
    arena_release(&read);
    return status;
}
