/* SPDX-License-Identifier: Apache-2.0 */
#include "store/belonging.h"

#include "store/note.h"
#include "store/searching.h"

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

static bool is_decision(const struct record *tie)
{
    return schema_is_a(tie->schema, "LinkDecision");
}

static bool says_same(const struct record *tie)
{
    return is_decision(tie) && bytes_is(record_first(tie, "verdict"), "same");
}

struct look {
    struct store *store;
    belonging_test *test;
    void *context;
    struct arena *arena;
    const char *why;
};

/* schema NULL: it was erased, and is nobody's any more. */
static enum status read_tied(struct record *record, const struct look *look,
                             uint64_t number, struct err *err)
{
    enum status status = store_current(record, look->store, number, look->arena, err);
    if (status == NOT_FOUND)
        *record = (struct record){.schema = NULL};
    return status == NOT_FOUND ? OK : status;
}

static void note_owner(struct look *look, const struct record *owner, bool same)
{
    const char *word;
    if (owner->schema == NULL || !schema_is_a(owner->schema, "LegalEntity") ||
        !look->test(look->context, &word, owner))
        return;
    look->why = arena_printf(
        look->arena, "%s a person whose status is %s",
        same ? "that of what was decided to be the same as" : "a thing of", word);
}

/* The other end of a line. */
static enum status follow(struct look *look, uint64_t line, uint64_t from,
                          const struct record *tie, struct err *err)
{
    uint64_t ends[STORE_TIED_MAX];
    size_t count = 0;
    struct record end;
    enum status status = store_tied(ends, &count, look->store, line, tie, err);
    for (size_t i = 0; i < count && status == OK && look->why == NULL; i++) {
        if (ends[i] == from)
            continue;
        status = read_tied(&end, look, ends[i], err);
        if (status == OK)
            note_owner(look, &end, says_same(tie));
    }
    return status;
}

enum status belonging_find(const char **why, struct store *store, uint64_t number,
                           const struct record *record, belonging_test *test, void *context,
                           struct arena *arena, struct err *err)
{
    struct look look = {store, test, context, arena, NULL};
    uint64_t tied[STORE_TIED_MAX];
    size_t count = 0;
    bool thing = is_thing_of_one(record);
    enum status status = OK;
    if (thing || schema_is_a(record->schema, "LegalEntity"))
        status = store_tied(tied, &count, store, number, record, err);
    for (size_t i = 0; i < count && status == OK && look.why == NULL; i++) {
        struct record tie;
        status = read_tied(&tie, &look, tied[i], err);
        if (status != OK || tie.schema == NULL)
            continue;
        if (thing)
            note_owner(&look, &tie, false);
        bool leads_on =
            says_same(&tie) ||
            (thing && (tie.schema->flags & SCHEMA_EDGE) != 0 && !is_decision(&tie));
        if (look.why == NULL && leads_on)
            status = follow(&look, tied[i], number, &tie, err);
    }
    *why = look.why;
    return status;
}

/* ---- Informants ---- */

static bool is_informant(void *context, const char **word, const struct record *owner)
{
    (void)context;
    *word = status_word(STATUS_INFORMANT);
    return owner->status == STATUS_INFORMANT;
}

static enum status names_informant(bool *names, struct store *store, uint64_t case_number,
                                   const struct record *record,
                                   const struct record_value *value, struct arena *arena,
                                   struct err *err)
{
    uint64_t named[STORE_TIED_MAX];
    size_t count = 0;
    enum status status =
        searching_named(named, &count, store, case_number, record, value, err);
    *names = false;
    for (size_t i = 0; i < count && status == OK && !*names; i++) {
        struct record other;
        status = store_current(&other, store, named[i], arena, err);
        *names = status == OK && other.status == STATUS_INFORMANT;
        status = status == NOT_FOUND ? OK : status;
    }
    return status;
}

enum status belonging_strip_informants(bool *stays, struct store *store, uint64_t number,
                                       uint64_t case_number, struct record *record,
                                       struct arena *arena, struct err *err)
{
    const char *why = NULL;
    size_t kept = 0;
    enum status status =
        belonging_find(&why, store, number, record, is_informant, NULL, arena, err);
    *stays = why != NULL;
    for (size_t i = 0; i < record->count && status == OK && !*stays; i++) {
        bool names = false;
        status = names_informant(&names, store, case_number, record, &record->values[i],
                                 arena, err);
        *stays = names && (record->schema->flags & SCHEMA_EDGE) != 0;
        if (!names)
            record->values[kept++] = record->values[i];
    }
    if (status == OK && !*stays)
        record->count = kept;
    return status;
}
