/* SPDX-License-Identifier: Apache-2.0
 *
 * Whom a record names, whichever way the tie is written down: the record says so, another says so of it, or a
 * line stands between the two.
 */
#include "store/belonging_inside.h"

#include "store/searching.h"

#include <string.h>

/* The ends of a line but for the record itself; or what is tied without one. */
static enum status note_end(struct look *look, uint64_t number, const struct record *end,
                            bool things, struct err *err)
{
    bool owned;
    enum status status = belonging_note(look, number, end, err);
    if (status == OK && end->schema != NULL && things && belonging_is_thing(end) &&
        !belonging_found(look))
        status = belonging_owner(&owned, look, number, end, err);
    return status;
}

static enum status note_ends(struct look *look, uint64_t line, uint64_t from,
                             const struct record *tie, bool things, struct err *err)
{
    struct tied_list *ends;
    enum status status = belonging_tied(&ends, look, line, tie, err);
    for (size_t i = 0; i < ends->count && status == OK && !belonging_found(look); i++) {
        struct record end;
        if (ends->numbers[i] == from)
            continue;
        status = belonging_read(&end, look, ends->numbers[i], err);
        if (status == OK)
            status = note_end(look, ends->numbers[i], &end, things, err);
    }
    return status;
}

enum status belonging_around(struct look *look, uint64_t number,
                             const struct record *record, bool things, struct err *err)
{
    struct tied_list *ties;
    enum status status = belonging_tied(&ties, look, number, record, err);
    for (size_t i = 0; i < ties->count && status == OK && !belonging_found(look); i++) {
        struct record tie;
        status = belonging_read(&tie, look, ties->numbers[i], err);
        if (status != OK || tie.schema == NULL)
            continue;
        status = belonging_is_line(&tie)
                     ? note_ends(look, ties->numbers[i], number, &tie, things, err)
                     : note_end(look, ties->numbers[i], &tie, things, err);
    }
    return status;
}

/* Those that the record itself names. */
static enum status note_named(struct look *look, uint64_t number,
                              const struct record *record, struct err *err)
{
    struct tied_list *named = arena_zalloc(look->arena, 1, sizeof *named);
    bool more = false;
    enum status status = store_named(named->numbers, &named->count, &more, look->who.store,
                                     number, record, err);
    belonging_note_more(look, more);
    for (size_t i = 0; i < named->count && status == OK && !belonging_found(look); i++) {
        struct record one;
        status = belonging_read(&one, look, named->numbers[i], err);
        if (status == OK)
            status = note_end(look, named->numbers[i], &one, true, err);
    }
    return status;
}

/* Not what persons and companies are called, nor ships, nor what they say of themselves. */
static bool tells_in_words(const struct record *record)
{
    return !schema_is_a(record->schema, "LegalEntity") &&
           !schema_is_a(record->schema, "Vehicle") &&
           !schema_is_a(record->schema, "Container") &&
           !schema_is_a(record->schema, "Address") && !belonging_is_thing(record);
}

enum status belonging_names(const char **why, const struct belonging *belonging,
                            uint64_t number, const struct record *record,
                            struct arena *arena, struct err *err)
{
    struct arena read = {0};
    struct look look = {.who = *belonging, .arena = &read, .named = true};
    struct belonging_memo *own = NULL;
    enum status status = OK;
    *why = NULL;
    if (belonging_is_thing(record))
        return OK;
    if (look.who.memo == NULL)
        look.who.memo = own = belonging_memo_open();
    /* What a person or company says of itself is its own, whoever a line ties it to. */
    if (schema_is_a(record->schema, "LegalEntity"))
        status = note_named(&look, number, record, err);
    else
        status = belonging_around(&look, number, record, true, err);
    if (status == OK && !belonging_found(&look) && tells_in_words(record))
        status = belonging_said(&look, number, record, SAYS_ANY, err);
    *why = belonging_told(&look, "one that tells of", arena);
    belonging_memo_close(own);
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

static bool forget(struct look *look)
{
    bool found = belonging_found(look);
    look->word = look->why = NULL;
    return found;
}

/* One that is, or was decided to be, or a thing of theirs. */
static enum status names_informant(bool *names, struct look *look, uint64_t case_number,
                                   const struct record_value *value,
                                   const struct record *record, struct err *err)
{
    *names = false;
    if (value->property == NULL || value->property->kind != VALUE_ENTITY)
        return OK;
    struct tied_list *named = arena_alloc(look->arena, sizeof *named);
    bool more = false;
    named->count = 0;
    enum status status = searching_named(named->numbers, &named->count, &more,
                                         look->who.store, case_number, record, value, err);
    belonging_note_more(look, more);
    for (size_t i = 0; i < named->count && status == OK && !belonging_found(look); i++) {
        struct record other;
        status = belonging_read(&other, look, named->numbers[i], err);
        if (status != OK || other.schema == NULL)
            continue;
        if (other.status == STATUS_INFORMANT)
            look->word = status_word(other.status);
        else
            status = note_end(look, named->numbers[i], &other, true, err);
    }
    *names = forget(look);
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

/* Over a line, or by what names it. What a person is tied to is not theirs for that; what a company is tied to is
 * in registers; and a case lists everything. */
static enum status tied_to_informant(bool *any, bool *stays, struct look *look,
                                     uint64_t number, const struct record *record,
                                     struct err *err)
{
    if (belonging_is_thing(record) || schema_is_a(record->schema, "LegalEntity") ||
        schema_is_a(record->schema, "Case"))
        return OK;
    enum status status = belonging_around(look, number, record, true, err);
    if (status == OK && !belonging_found(look) && tells_in_words(record))
        status = belonging_said(look, number, record, SAYS_ANY, err);
    bool found = forget(look);
    *any |= found;
    *stays = found && !is_told_without(record);
    return status;
}

/* What lies beyond the reach of every informant is looked at for words alone; *settled: that is enough. */
static enum status settle_soon(bool *settled, bool *any, bool *stays, struct look *look,
                               uint64_t number, const struct record *record,
                               struct err *err)
{
    const struct belonging_reach *reach;
    enum status status = belonging_reach(&reach, &look->who, err);
    *settled = *any = *stays = false;
    if (status != OK || !reach->usable || belonging_within_reach(reach, number))
        return status;
    bool words = tells_in_words(record);
    enum belonging_saying what = words                        ? SAYS_ANY
                                 : belonging_is_thing(record) ? SAYS_NUMBER
                                                              : SAYS_DOCUMENT;
    if (reach->count > 0)
        status = belonging_said(look, number, record, what, err);
    bool found = forget(look);
    *settled =
        words || !found; /* a number of theirs is looked at closely: whose is the thing? */
    *any = found;
    *stays = found && !is_told_without(record);
    return status;
}

static void drop_what_tells(struct record *record)
{
    size_t kept = 0;
    for (size_t i = 0; i < record->count; i++)
        if (!may_tell_of_one(record, &record->values[i]))
            record->values[kept++] = record->values[i];
    record->count = kept;
}

static enum status strip(bool *stays, struct look *look, uint64_t number,
                         uint64_t case_number, struct record *record, struct arena *arena,
                         struct err *err)
{
    const char *why = NULL;
    size_t kept = 0;
    bool any = false, settled = false;
    enum status status = settle_soon(&settled, &any, stays, look, number, record, err);
    if (status != OK || settled) {
        if (any && !*stays)
            drop_what_tells(record);
        return status;
    }
    any = false;
    status = belonging_find(&why, &look->who, number, record, arena, err);
    *stays = why != NULL;
    for (size_t i = 0; i < record->count && status == OK && !*stays; i++) {
        bool names = false;
        status =
            names_informant(&names, look, case_number, &record->values[i], record, err);
        *stays = names && !is_told_without(record);
        any |= names;
        if (!names)
            record->values[kept++] = record->values[i];
    }
    if (status == OK && !*stays)
        status = tied_to_informant(&any, stays, look, number, record, err);
    if (status == OK && !*stays)
        record->count = kept;
    if (status == OK && any && !*stays)
        drop_what_tells(record);
    return status;
}

enum status belonging_strip_informants(bool *stays, struct store *store,
                                       struct belonging_memo *memo, uint64_t number,
                                       uint64_t case_number, struct record *record,
                                       struct arena *arena, struct err *err)
{
    struct arena read = {0};
    const struct belonging who = {store, is_informant, NULL, memo, true};
    struct look look = {.who = who, .arena = &read, .named = true};
    enum status status = strip(stays, &look, number, case_number, record, arena, err);
    if (status == OK && !*stays)
        status = belonging_drop_said(stays, &look, number, record, err);
    arena_release(&read);
    return status;
}
