/* SPDX-License-Identifier: Apache-2.0 */
#include "store/searching.h"

#include "base/text.h"
#include "store/note.h"
#include "store/showing.h"
#include "store/version.h"

#include <stdlib.h>

/* So many an answer holds. */
enum { FOUND_MAX = 10000, TIED_MAX = 256 };

/* What was found, and how; in the order of numbers once merged. */
struct finding {
    uint64_t number, by_keys;
    bool by_text;
};
struct findings {
    struct finding *at;
    size_t count, capacity;
};

static void add_finding(struct findings *found, uint64_t number, uint64_t by_keys,
                        bool by_text)
{
    grow_to((void **)&found->at, &found->capacity, found->count, sizeof *found->at);
    found->at[found->count++] = (struct finding){number, by_keys, by_text};
}

static int by_number(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

/* Each number once, with all the ways it was found. */
static void merge(struct findings *found)
{
    size_t kept = 0;
    if (found->count > 0)
        qsort(found->at, found->count, sizeof *found->at, by_number);
    for (size_t i = 0; i < found->count; i++) {
        struct finding *last = kept > 0 ? &found->at[kept - 1] : NULL;
        if (last == NULL || last->number != found->at[i].number) {
            found->at[kept++] = found->at[i];
            continue;
        }
        last->by_keys |= found->at[i].by_keys;
        last->by_text |= found->at[i].by_text;
    }
    found->count = kept;
}

/* What of it this person may see: of no case, or of one they belong to. */
static enum status show_visible(struct receipt *receipt, const struct act *act,
                                struct findings *found, struct err *err)
{
    struct store *store = receipt->store;
    uint64_t user;
    enum status status = OK;
    merge(found);
    secrets_number(&user, &store->secrets, act->who);
    for (size_t i = 0; i < found->count && status == OK; i++) {
        struct record_row row;
        bool visible = true;
        status = database_record(&row, store->db, found->at[i].number, err);
        if (status == OK && row.case_number != 0)
            status = database_is_member(&visible, store->db, row.case_number, user, err);
        if (status != OK || !visible || row.erased)
            continue;
        if (act->text.len == 0 && act->limit > 0 && receipt->shown_count == act->limit)
            break;
        receipt_show(receipt, &row);
        receipt->shown[receipt->shown_count - 1].by_keys = found->at[i].by_keys;
        receipt->shown[receipt->shown_count - 1].by_text = found->at[i].by_text;
    }
    return status;
}

static enum status find_by_key(struct findings *found, struct receipt *receipt,
                               const struct act *act, size_t i, struct buf *query,
                               struct err *err)
{
    struct store *store = receipt->store;
    struct key_row key = index_of_key(&store->secrets, &act->key[i]);
    uint64_t *numbers = xmalloc(FOUND_MAX * sizeof *numbers);
    size_t count = 0;
    enum status status =
        database_find_key(numbers, &count, FOUND_MAX, store->db, key.hi, key.lo, err);
    for (size_t j = 0; j < count && count <= FOUND_MAX && status == OK; j++)
        add_finding(found, numbers[j], UINT64_C(1) << i, false);
    free(numbers);
    buf_addf(query, "%s%s:", query->len > 0 ? "\n" : "",
             key_class_row(act->key[i].class)->name);
    buf_add(query, act->key[i].value);
    if (status == OK && count > FOUND_MAX)
        return refuse(receipt, TOO_LARGE,
                      "more than %d records have this key; it says nothing", FOUND_MAX);
    return status;
}

/* Which cases the asker belongs to: the finder asks once a case. */
struct membership {
    struct store *store;
    uint64_t user;
    enum status status;
    struct err *err;
};

static bool is_member(void *context, uint64_t case_number)
{
    struct membership *membership = context;
    bool is = false;
    if (membership->status == OK)
        membership->status = database_is_member(&is, membership->store->db, case_number,
                                                membership->user, membership->err);
    return is;
}

static enum status find_by_text(struct findings *found, struct receipt *receipt,
                                const struct act *act, struct buf *query, struct err *err)
{
    struct store *store = receipt->store;
    const struct finder *finder = &store->words.finder;
    uint64_t *numbers = arena_alloc(&store->scratch, FINDER_RECORDS_MAX * sizeof *numbers);
    struct membership membership = {.store = store, .status = OK, .err = err};
    secrets_number(&membership.user, &store->secrets, act->who);
    const struct finder_question question = {
        .text = act->text,
        .max = act->limit < FINDER_RECORDS_MAX ? act->limit : FINDER_RECORDS_MAX,
        .visible = is_member,
        .visible_context = &membership};
    size_t count = finder->find(numbers, finder->context, &question);
    for (size_t i = 0; i < count; i++)
        add_finding(found, numbers[i], 0, true);
    buf_add_text(query, "text:");
    buf_add(query, act->text);
    return membership.status;
}

/* Records that names of the index lead to, each once and without the one they are tied to. A name
 * of more than TIED_MAX records is a habit, and ties nothing. */
struct tied {
    uint64_t *numbers;
    size_t count, max;
    uint64_t except, user;
    bool habits_too, more; /* more: than max */
    bool any_owner;        /* what its owner has no record of may be another's */
    uint64_t habits; /* names that tie nothing, of records of which this user may see one */
};

static void add_tied(struct tied *tied, uint64_t number)
{
    bool known = number == tied->except;
    for (size_t i = 0; i < tied->count && !known; i++)
        known = tied->numbers[i] == number;
    tied->more = tied->more || (!known && tied->count == tied->max);
    if (!known && tied->count < tied->max)
        tied->numbers[tied->count++] = number;
}

static enum status add_habit(struct tied *tied, struct store *store, const uint64_t *found,
                             struct err *err)
{
    enum status status = OK;
    bool visible = false;
    for (size_t i = 0; i < TIED_MAX && !visible && status == OK; i++) {
        struct record_row row;
        if (found[i] == tied->except)
            continue;
        status = database_record(&row, store->db, found[i], err);
        visible = status == OK && row.case_number == 0 && !row.erased;
        if (status == OK && row.case_number != 0 && !row.erased)
            status =
                database_is_member(&visible, store->db, row.case_number, tied->user, err);
    }
    tied->habits += visible;
    return status;
}

static enum status add_by_name(struct tied *tied, struct store *store, struct key_row name,
                               struct err *err)
{
    uint64_t found[STORE_TIED_MAX];
    size_t count = 0, most = tied->habits_too ? STORE_TIED_MAX : TIED_MAX;
    enum status status =
        database_find_key(found, &count, most, store->db, name.hi, name.lo, err);
    bool habit = count > most && !tied->habits_too;
    for (size_t i = 0; i < count && i < most && !habit && status == OK; i++)
        add_tied(tied, found[i]);
    tied->more = tied->more || count > most;
    return status == OK && habit ? add_habit(tied, store, found, err) : status;
}

/* The record that its owner calls so; where there is none, ours and others' that are called so. */
static enum status add_source_id(struct tied *tied, struct store *store,
                                 const struct record *record, struct bytes id,
                                 uint64_t case_number, struct err *err)
{
    const struct secrets *secrets = &store->secrets;
    struct key_row own = index_of_source_id(secrets, case_number, record->owner, id);
    if (!tied->any_owner)
        return add_by_name(tied, store, own, err);
    uint64_t one;
    size_t count = 0;
    enum status status = database_find_key(&one, &count, 1, store->db, own.hi, own.lo, err);
    if (status != OK || count > 0)
        return status == OK ? add_by_name(tied, store, own, err) : status;
    if (record->owner[0] != '\0')
        status =
            add_by_name(tied, store, index_of_source_id(secrets, case_number, "", id), err);
    return status == OK
               ? add_by_name(tied, store,
                             index_of_others_source_id(secrets, case_number, id), err)
               : status;
}

/* What a value of the record names: an id of ours, or the source's id of another record of its case. */
static enum status add_value(struct tied *tied, struct store *store,
                             const struct record *record, const struct record_value *value,
                             uint64_t case_number, struct err *err)
{
    struct record_row row;
    uint64_t number;
    if (!index_is_tie(value))
        return OK;
    if (!index_tie_number(&number, &store->secrets, value)) {
        return add_source_id(tied, store, record, text_trim(value->raw), case_number, err);
    }
    /* An id of ours need not be a thing's. */
    if (number >= store->head.tree.size)
        return OK;
    enum status status = database_record(&row, store->db, number, err);
    if (status == OK && row.kind == KIND_THING)
        add_tied(tied, number);
    return status == NOT_FOUND ? OK : status;
}

static enum status add_named(struct tied *tied, struct store *store,
                             const struct record *record, uint64_t case_number,
                             struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < record->count && status == OK; i++)
        status = add_value(tied, store, record, &record->values[i], case_number, err);
    return status;
}

enum status searching_named(uint64_t *numbers, size_t *count, bool *more,
                            struct store *store, uint64_t case_number,
                            const struct record *record, const struct record_value *value,
                            struct err *err)
{
    struct tied tied = {.numbers = numbers,
                        .max = STORE_TIED_MAX,
                        .except = UINT64_MAX,
                        .habits_too = true,
                        .any_owner = true};
    enum status status = add_value(&tied, store, record, value, case_number, err);
    *more = tied.more;
    *count = tied.count;
    return status;
}

/* Does that one name this number? Its owner may have a record of its own that is called so. */
static enum status names_number(bool *names, struct store *store, uint64_t from,
                                uint64_t number, struct err *err)
{
    struct arena arena = {0};
    struct record_row row;
    struct record record;
    unsigned roles;
    uint64_t numbers[STORE_TIED_MAX];
    struct tied named = {.numbers = numbers,
                         .max = STORE_TIED_MAX,
                         .except = UINT64_MAX,
                         .habits_too = true,
                         .any_owner = true};
    *names = false;
    enum status status = database_record(&row, store->db, from, err);
    if (status == OK && !row.erased) {
        status = version_read(&record, &roles, store, row.latest, &arena, err);
        *names = status != OK; /* one that cannot be read may name anybody */
        status = status == IO_FAILED ? status : OK;
        if (status == OK && !*names)
            status = add_named(&named, store, &record, row.case_number, err);
    }
    *names = *names || named.more; /* it may be among those beyond */
    for (size_t i = 0; i < named.count && !*names; i++)
        *names = numbers[i] == number;
    arena_release(&arena);
    return status;
}

static enum status add_others(struct tied *tied, struct store *store, struct key_row name,
                              uint64_t number, struct err *err)
{
    uint64_t found[STORE_TIED_MAX];
    size_t count = 0;
    enum status status =
        database_find_key(found, &count, STORE_TIED_MAX, store->db, name.hi, name.lo, err);
    tied->more = tied->more || count > STORE_TIED_MAX;
    for (size_t i = 0; i < count && i < STORE_TIED_MAX && status == OK; i++) {
        bool names = false;
        status = names_number(&names, store, found[i], number, err);
        if (status == OK && names)
            add_tied(tied, found[i]);
    }
    return status;
}

/* What another than its owner says of it by the id that its owner gave it. */
static enum status add_others_references(struct tied *tied, struct store *store,
                                         const struct record *record,
                                         const struct record_row *row, struct err *err)
{
    const struct secrets *secrets = &store->secrets;
    struct bytes id = bytes_text(record->id);
    enum status status = OK;
    if (record->owner[0] != '\0')
        status =
            add_others(tied, store, index_of_reference(secrets, row->case_number, "", id),
                       row->number, err);
    return status == OK
               ? add_others(tied, store,
                            index_of_others_reference(secrets, row->case_number, id),
                            row->number, err)
               : status;
}

/* What it names, and what names it. */
static enum status add_by_ids(struct tied *tied, struct store *store,
                              const struct record *record, const struct record_row *row,
                              struct err *err)
{
    const struct secrets *secrets = &store->secrets;
    enum status status = add_named(tied, store, record, row->case_number, err);
    if (status == OK)
        status = add_by_name(tied, store, index_of_tie(secrets, row->number), err);
    return status == OK
               ? add_by_name(tied, store,
                             index_of_reference(secrets, row->case_number, record->owner,
                                                bytes_text(record->id)),
                             err)
               : status;
}

static enum status add_by_any_ids(struct tied *tied, struct store *store,
                                  const struct record *record, const struct record_row *row,
                                  struct err *err)
{
    tied->any_owner = true;
    enum status status = add_by_ids(tied, store, record, row, err);
    return status == OK ? add_others_references(tied, store, record, row, err) : status;
}

enum status store_tied(uint64_t *numbers, size_t *count, bool *more, struct store *store,
                       uint64_t number, const struct record *record, struct err *err)
{
    struct record_row row;
    struct tied tied = {
        .numbers = numbers, .max = STORE_TIED_MAX, .except = number, .habits_too = true};
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    enum status status = database_record(&row, store->db, number, err);
    if (status == OK)
        status = add_by_any_ids(&tied, store, record, &row, err);
    *more = tied.more;
    *count = tied.count;
    return status;
}

enum status store_named(uint64_t *numbers, size_t *count, bool *more, struct store *store,
                        uint64_t number, const struct record *record, struct err *err)
{
    struct record_row row;
    struct tied tied = {.numbers = numbers,
                        .max = STORE_TIED_MAX,
                        .except = number,
                        .habits_too = true,
                        .any_owner = true};
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    enum status status = database_record(&row, store->db, number, err);
    if (status == OK)
        status = add_named(&tied, store, record, row.case_number, err);
    *more = tied.more;
    *count = tied.count;
    return status;
}

enum status store_case_of(uint64_t *case_number, struct store *store, uint64_t number,
                          struct err *err)
{
    struct record_row row;
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    enum status status = database_record(&row, store->db, number, err);
    *case_number = status == OK ? row.case_number : 0;
    return status;
}

enum status store_called(uint64_t numbers[STORE_TIED_MAX], size_t *count,
                         struct store *store, uint64_t number, const struct record *record,
                         struct bytes id, struct err *err)
{
    struct record_row row;
    struct tied tied = {.numbers = numbers,
                        .max = STORE_TIED_MAX,
                        .except = number,
                        .habits_too = true,
                        .any_owner = true};
    *count = 0;
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    id = text_trim(id);
    if (id.len == 0 || id.len > RECORD_ID_MAX)
        return OK;
    enum status status = database_record(&row, store->db, number, err);
    if (status == OK)
        status = add_source_id(&tied, store, record, id, row.case_number, err);
    *count = tied.count;
    return status;
}

enum status store_holders(uint64_t numbers[STORE_HOLDERS_MAX], size_t *count,
                          struct store *store, const struct key *key, struct err *err)
{
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    struct key_row row = index_of_key(&store->secrets, key);
    return database_find_key(numbers, count, STORE_HOLDERS_MAX, store->db, row.hi, row.lo,
                             err);
}

/* Behind those that there are. */
static enum status add_with_status(uint64_t **numbers, size_t *count, struct store *store,
                                   const char *word, struct arena *arena, struct err *err)
{
    struct key_row row = index_of_status(&store->secrets, word);
    size_t found = 1, room = 0;
    uint64_t *all = NULL;
    enum status status = OK;
    while (status == OK && found > room) {
        room = room == 0 ? STORE_HOLDERS_MAX : 8 * room;
        all = arena_alloc(arena, (*count + room) * sizeof *all);
        status =
            database_find_key(all + *count, &found, room, store->db, row.hi, row.lo, err);
    }
    if (status == OK && *count > 0)
        memcpy(all, *numbers, *count * sizeof *all);
    if (status == OK) {
        *numbers = all;
        *count += found;
    }
    return status;
}

enum status store_protected(uint64_t **numbers, size_t *count, bool *known,
                            struct store *store, bool informants, struct arena *arena,
                            struct err *err)
{
    const char *const words[] = {status_word(STATUS_INFORMANT), status_word(STATUS_WITNESS),
                                 status_word(STATUS_VICTIM), status_word(STATUS_ACQUITTED),
                                 INDEX_YOUNG};
    enum status status = OK;
    *numbers = NULL;
    *count = 0;
    *known = store->statuses_kept;
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    for (size_t i = 0; i < sizeof words / sizeof words[0] && status == OK; i++)
        if (*known && (i == 0 || !informants))
            status = add_with_status(numbers, count, store, words[i], arena, err);
    return status;
}

static enum status find_tied(struct findings *found, struct receipt *receipt,
                             const struct act *act, const struct record_row *object,
                             struct buf *query, struct err *err)
{
    struct store *store = receipt->store;
    const struct secrets *secrets = &store->secrets;
    struct tied tied = {.except = object->number, .max = FINDER_RECORDS_MAX};
    struct record record;
    struct key_list keys = {0};
    unsigned roles;
    if (object->kind != KIND_THING)
        return refuse(receipt, REFUSED, "only things are tied to others");
    secrets_number(&tied.user, secrets, act->who);
    tied.numbers = arena_alloc(&store->scratch, FINDER_RECORDS_MAX * sizeof *tied.numbers);
    enum status status =
        version_read(&record, &roles, store, object->latest, &store->scratch, err);
    if (status == OK)
        status = add_by_ids(&tied, store, &record, object, err);
    if (status == OK)
        keys_of_record(&keys, &record, &store->scratch);
    for (size_t i = 0; i < keys.count && status == OK; i++)
        status = add_by_name(&tied, store, index_of_key(secrets, &keys.items[i]), err);
    buf_add_text(query, "tied");
    receipt->withheld = tied.habits;
    for (size_t i = 0; i < tied.count; i++)
        add_finding(found, tied.numbers[i], 0, false);
    return status;
}

enum status searching_act(struct receipt *receipt, const struct act *act,
                          const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct findings found = {0};
    struct buf query = {.max = UINT16_MAX};
    enum status status = index_flush(&store->index, store->db, err);
    if (status == OK && object != NULL)
        status = find_tied(&found, receipt, act, object, &query, err);
    if (status == OK && object == NULL && act->text.len > 0)
        status = find_by_text(&found, receipt, act, &query, err);
    for (size_t i = 0;
         i < act->key_count && object == NULL && status == OK && receipt->outcome == OK;
         i++)
        status = find_by_key(&found, receipt, act, i, &query, err);
    /* What is found is asked of the database again: the door decides, not the finder. */
    if (status == OK && receipt->outcome == OK)
        status = show_visible(receipt, act, &found, err);
    free(found.at);
    if (status == OK && receipt->outcome == OK && query.overflowed)
        status = refuse(receipt, TOO_LARGE, "what is looked for is longer than %d bytes",
                        UINT16_MAX);
    if (status == OK && receipt->outcome == OK)
        status = showing_log(receipt, act, object, buf_bytes(&query), err);
    buf_release(&query);
    return status;
}
