/* SPDX-License-Identifier: Apache-2.0
 *
 * Of whom a record tells in words alone: who says it ("source"), who signed, whom a remark names; and whose
 * number it has. Nothing ties such a record to anybody, so the names and numbers of the protected, who are few,
 * are gathered, and each record is held against them. Of a name and of a number a keyed hash is kept.
 */
#include "store/belonging_inside.h"

#include "base/text.h"
#include "record/called.h"
#include "record/facets.h"
#include "record/keys.h"

#include <sodium.h>
#include <stdlib.h>

static void hash_word(uint8_t hash[16], const struct belonging_words *words, char domain,
                      struct bytes text)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, words->key, sizeof words->key, 16);
    crypto_generichash_update(&state, (const uint8_t *)&domain, 1);
    crypto_generichash_update(&state, text.at, text.len);
    crypto_generichash_final(&state, hash, 16);
}

static void add_word(struct belonging_words *words, char domain, struct bytes text,
                     const struct belonging_word *of)
{
    grow_to((void **)&words->items, &words->capacity, words->count, sizeof *words->items);
    struct belonging_word *item = &words->items[words->count++];
    *item = *of;
    hash_word(item->hash, words, domain, text);
}

static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, sizeof((struct belonging_word *)0)->hash);
}

/* The first of those that are equal; NULL: none is. */
static const struct belonging_word *find_words(const struct belonging_words *words,
                                               char domain, struct bytes text)
{
    struct belonging_word wanted;
    if (words->count == 0)
        return NULL;
    hash_word(wanted.hash, words, domain, text);
    const struct belonging_word *found =
        bsearch(&wanted, words->items, words->count, sizeof wanted, by_hash);
    while (found != NULL && found > words->items && by_hash(found - 1, &wanted) == 0)
        found--;
    return found;
}

/* What leaves in an export is held against informants of its own case and of none: who may not see a case must not
 * learn of an informant in it by what is left out. case_number: the record's. */
struct asking_words {
    const struct belonging_words *words;
    const char *word;
    uint64_t case_number;
    bool any_case;
};

static void ask_word(struct asking_words *asking, char domain, struct bytes text)
{
    const struct belonging_words *words = asking->words;
    const struct belonging_word *first = find_words(words, domain, text);
    for (const struct belonging_word *one = first;
         one != NULL && one < words->items + words->count && by_hash(one, first) == 0 &&
         asking->word == NULL;
         one++)
        if (asking->any_case || one->case_number == 0 ||
            one->case_number == asking->case_number)
            asking->word = one->word;
}

/* Numbers that are one person's: what a company, a ship or the cargo has is not. */
static bool is_of_person(enum key_class class)
{
    switch (class) {
    case KEY_PHONE:
    case KEY_IMEI:
    case KEY_DOCUMENT:
    case KEY_EMAIL:
    case KEY_ACCOUNT:
    case KEY_WALLET:
    case KEY_PLATE:
    case KEY_VIN:
        return true;
    default:
        return false;
    }
}

/* The domain of a number's hash: that of names is another. */
static char domain_of(enum key_class class)
{
    return (char)('a' + (int)class);
}
enum { DOMAIN_NAME = 'N' };

static void add_numbers(struct belonging_words *words, const struct record *record,
                        const struct belonging_word *of, struct arena *arena)
{
    struct key_list keys;
    keys_of_record(&keys, record, arena);
    for (size_t i = 0; i < keys.count; i++)
        if (is_of_person(keys.items[i].class))
            add_word(words, domain_of(keys.items[i].class), keys.items[i].value, of);
}

/* The numbers of what is theirs, over an id or a line; among the first ties. */
static enum status add_things(struct belonging_words *words, struct look *look,
                              uint64_t number, const struct record *record,
                              const struct belonging_word *of, bool lines, struct err *err)
{
    struct tied_list *ties;
    enum status status = belonging_tied(&ties, look, number, record, err);
    for (size_t i = 0; i < ties->count && status == OK; i++) {
        struct record tie;
        status = belonging_read(&tie, look, ties->numbers[i], err);
        if (status != OK || tie.schema == NULL)
            continue;
        if (belonging_is_thing(&tie))
            add_numbers(words, &tie, of, look->arena);
        else if (lines && belonging_is_line(&tie))
            status = add_things(words, look, ties->numbers[i], &tie, of, false, err);
    }
    return status;
}

/* What one record calls them, and the numbers in it and of what is theirs. */
static enum status add_record(struct belonging_words *words, struct look *look,
                              uint64_t number, const struct record *record,
                              const struct belonging_word *of, struct err *err)
{
    struct bytes names[CALLED_MAX];
    size_t count = called_of_record(names, record, look->arena);
    called_words_add(words->called, record);
    for (size_t i = 0; i < count; i++)
        add_word(words, DOMAIN_NAME, names[i], of);
    if (schema_is_a(record->schema, "LegalEntity") || belonging_is_thing(record))
        add_numbers(words, record, of, look->arena);
    if (!schema_is_a(record->schema, "LegalEntity"))
        return OK;
    return add_things(words, look, number, record, of, true, err);
}

struct numbers {
    uint64_t *at;
    size_t count, capacity;
};

static void add_number(struct numbers *numbers, uint64_t number)
{
    for (size_t i = 0; i < numbers->count; i++)
        if (numbers->at[i] == number)
            return;
    grow_to((void **)&numbers->at, &numbers->capacity, numbers->count, sizeof *numbers->at);
    numbers->at[numbers->count++] = number;
}

/* One of those who are the same: its words, in its own case and in the one that protects. */
static enum status add_other(struct belonging_words *words, struct look *look,
                             uint64_t number, const struct record *other,
                             const struct belonging_word *of, struct err *err)
{
    struct belonging_word theirs = {.word = of->word, .number = number};
    enum status status = store_case_of(&theirs.case_number, look->who.store, number, err);
    if (status == OK)
        status = add_record(words, look, number, other, &theirs, err);
    if (status != OK || theirs.case_number == of->case_number)
        return status;
    theirs.case_number = of->case_number;
    return add_record(words, look, number, other, &theirs, err);
}

/* Who was decided to be the same is the same, over as many decisions as there are, in the case of either. */
static enum status add_same(struct belonging_words *words, struct look *look,
                            uint64_t number, const struct record *record,
                            const struct belonging_word *of, struct err *err)
{
    struct numbers same = {0};
    enum status status = OK;
    add_number(&same, number);
    for (size_t i = 0; i < same.count && status == OK; i++) {
        struct belonging_decided decided = {0};
        struct record other = *record;
        if (i > 0)
            status = belonging_read(&other, look, same.at[i], err);
        if (status != OK || other.schema == NULL || !belonging_may_be_person(&other))
            continue;
        if (i > 0)
            status = add_other(words, look, same.at[i], &other, of, err);
        if (status == OK)
            status = belonging_decided(&decided, look->who.store, same.at[i], &other, err);
        for (size_t k = 0; k < decided.same_count && status == OK; k++)
            add_number(&same, decided.same[k]);
        belonging_decided_release(&decided);
    }
    free(same.at);
    return status;
}

static enum status add_person(struct belonging_words *words, const struct look *look,
                              uint64_t number, struct err *err)
{
    struct arena arena = {0};
    struct look inner = {.who = look->who, .arena = &arena, .named = true};
    struct record record;
    const char *word = NULL;
    enum status status = belonging_read(&record, &inner, number, err);
    if (status == OK && record.schema != NULL &&
        look->who.test(look->who.context, &word, number, &record)) {
        struct belonging_word of = {.word = word, .number = number};
        status = store_case_of(&of.case_number, look->who.store, number, err);
        if (status == OK)
            status = add_record(words, &inner, number, &record, &of, err);
        if (status == OK)
            status = add_same(words, &inner, number, &record, &of, err);
    }
    arena_release(&arena);
    return status;
}

static enum status gather(struct belonging_words *words, const struct look *look,
                          struct err *err)
{
    struct arena arena = {0};
    uint64_t *numbers;
    size_t count;
    bool known;
    randombytes_buf(words->key, sizeof words->key);
    if (words->called == NULL)
        words->called = called_words_open();
    enum status status = store_protected(&numbers, &count, &known, look->who.store,
                                         look->who.informants, &arena, err);
    for (size_t i = 0; i < count && status == OK; i++)
        status = add_person(words, look, numbers[i], err);
    if (words->count > 0)
        qsort(words->items, words->count, sizeof *words->items, by_hash);
    words->gathered = status == OK;
    arena_release(&arena);
    return status;
}

static bool is_called(void *context, struct bytes folded)
{
    struct asking_words *asking = context;
    ask_word(asking, DOMAIN_NAME, folded);
    return asking->word != NULL;
}

/* A ship may be called like a person, and so may a port. */
static bool may_name(const struct record_value *value)
{
    enum value_kind kind = value->property != NULL ? value->property->kind : VALUE_STRING;
    return (kind == VALUE_STRING || kind == VALUE_NAME || kind == VALUE_TEXT ||
            kind == VALUE_HTML) &&
           strcmp(value->name, "vesselName") != 0 && !facets_read(value->name);
}

/* What persons, companies and ships are called is their own, though it is somebody else's name, too. */
static bool is_own_name(const struct record *record, const struct record_value *value)
{
    static const char *const own[] = {"name",      "alias",    "previousName", "weakAlias",
                                      "firstName", "lastName", "middleName"};
    if (strcmp(value->name, "vesselName") == 0)
        return true;
    if (!schema_is_a(record->schema, "LegalEntity") &&
        !schema_is_a(record->schema, "Vessel") && !schema_is_a(record->schema, "Airplane"))
        return false;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(value->name, own[i]) == 0)
            return true;
    return false;
}

/* Numbers and codes have no words. */
static bool may_have_words(const struct record_value *value)
{
    static const enum value_kind worded[] = {
        VALUE_ADDRESS, VALUE_HTML,   VALUE_IDENTIFIER, VALUE_JSON,  VALUE_MARK, VALUE_NAME,
        VALUE_NUMBER,  VALUE_STRING, VALUE_TEXT,       VALUE_TOPIC, VALUE_URL};
    if (value->property == NULL)
        return true;
    for (size_t i = 0; i < sizeof worded / sizeof worded[0]; i++)
        if (value->property->kind == worded[i])
            return true;
    return value->grade == VALUE_INVALID; /* whatever stands there */
}

/* Words that say who: of whom there is a record their id may stand there. */
static bool says_who(const struct record_value *value)
{
    static const char *const who[] = {"source", "foundBy", "witnessedBy",   "witness",
                                      "from",   "to",      "signatureFrom", "signatureTo",
                                      "author", "sender"};
    for (size_t i = 0; i < sizeof who / sizeof who[0]; i++)
        if (strcmp(value->name, who[i]) == 0)
            return true;
    return false;
}

static enum status look_for_id(struct look *look, uint64_t number,
                               const struct record *record,
                               const struct record_value *value, struct err *err)
{
    struct tied_list *named = arena_alloc(look->arena, sizeof *named);
    enum status status = store_called(named->numbers, &named->count, look->who.store,
                                      number, record, value->raw, err);
    for (size_t i = 0; i < named->count && status == OK && !belonging_found(look); i++) {
        struct record one;
        status = belonging_read(&one, look, named->numbers[i], err);
        if (status == OK)
            status = belonging_note(look, named->numbers[i], &one, err);
    }
    return status;
}

static bool has_document(const struct record *record)
{
    for (size_t i = 0; i < record->count; i++)
        if (record->values[i].property != NULL &&
            record->values[i].property->kind == VALUE_DOCUMENT)
            return true;
    return false;
}

/* Who has the passport of one of them. */
static enum status look_for_document(struct look *look, uint64_t number,
                                     const struct record *record,
                                     const struct belonging_words *words,
                                     uint64_t case_number, const struct key *key,
                                     struct err *err)
{
    const struct belonging_word *first =
        find_words(words, domain_of(key->class), key->value);
    enum status status = OK;
    for (const struct belonging_word *one = first;
         one != NULL && one < words->items + words->count && by_hash(one, first) == 0 &&
         status == OK && !belonging_found(look);
         one++) {
        bool differ = false;
        if (one->number == number || (look->who.informants && one->case_number != 0 &&
                                      one->case_number != case_number))
            continue;
        status =
            belonging_differ(&differ, look->who.store, number, record, one->number, err);
        if (status == OK && !differ)
            look->word = one->word;
    }
    return status;
}

enum status belonging_said(struct look *look, uint64_t number, const struct record *record,
                           enum belonging_saying what, struct err *err)
{
    struct belonging_words *words = belonging_memo_words(look->who.memo);
    if (what == SAYS_DOCUMENT && !has_document(record))
        return OK;
    enum status status = words->gathered ? OK : gather(words, look, err);
    for (size_t i = 0; i < record->count && what == SAYS_ANY && status == OK; i++)
        if (says_who(&record->values[i]) && !belonging_found(look))
            status = look_for_id(look, number, record, &record->values[i], err);
    if (status != OK || words->count == 0 || belonging_found(look))
        return status;
    struct asking_words asking = {.words = words, .any_case = !look->who.informants};
    struct key_list keys;
    status = store_case_of(&asking.case_number, look->who.store, number, err);
    keys_of_record(&keys, record, look->arena);
    for (size_t i = 0; i < keys.count && asking.word == NULL && status == OK; i++) {
        enum key_class class = keys.items[i].class;
        if (what == SAYS_DOCUMENT && class == KEY_DOCUMENT)
            status = look_for_document(look, number, record, words, asking.case_number,
                                       &keys.items[i], err);
        else if (what != SAYS_DOCUMENT && is_of_person(class))
            ask_word(&asking, domain_of(class), keys.items[i].value);
    }
    for (size_t i = 0; i < record->count && what == SAYS_ANY && asking.word == NULL; i++)
        if (may_name(&record->values[i]))
            called_in_text(record->values[i].raw, words->called, is_called, &asking);
    if (asking.word != NULL)
        look->word = asking.word;
    return status;
}

/* ---- Value by value ---- */

static enum status tells(bool *does, struct look *look, uint64_t number,
                         const struct record *record, const struct record_value *value,
                         struct asking_words *asking, struct err *err)
{
    enum status status = OK;
    asking->word = NULL;
    *does = false;
    if (is_own_name(record, value))
        return OK;
    if (says_who(value))
        status = look_for_id(look, number, record, value, err);
    if (asking->words->count > 0 && !belonging_found(look) && may_have_words(value))
        called_in_text(value->raw, asking->words->called, is_called, asking);
    *does = belonging_found(look) || asking->word != NULL;
    look->word = look->why = NULL;
    return status;
}

enum status belonging_drop_said(bool *stays, struct look *look, uint64_t number,
                                struct record *record, struct err *err)
{
    struct belonging_words *words = belonging_memo_words(look->who.memo);
    struct asking_words asking = {.words = words, .any_case = !look->who.informants};
    size_t kept = 0;
    enum status status = words->gathered ? OK : gather(words, look, err);
    if (status == OK)
        status = store_case_of(&asking.case_number, look->who.store, number, err);
    for (size_t i = 0; i < record->count && status == OK; i++) {
        bool does;
        status = tells(&does, look, number, record, &record->values[i], &asking, err);
        if (!does)
            record->values[kept++] = record->values[i];
    }
    if (status == OK)
        record->count = kept;
    asking.word = NULL;
    if (status == OK && words->count > 0)
        called_in_text(bytes_text(record->handling_note), words->called, is_called,
                       &asking);
    *stays |= asking.word != NULL;
    return status;
}
