/* SPDX-License-Identifier: Apache-2.0
 *
 * The door: every act comes through act_submit, is checked, and done by the function of its
 * verb in one table.
 */
#include "base/text.h"
#include "record/fold.h"
#include "record/words.h"
#include "store/append.h"
#include "store/findings.h"
#include "store/peers.h"
#include "store/people.h"
#include "store/rights.h"
#include "store/version.h"

#include <sodium.h>
#include <stdlib.h>

/* So many an answer holds; their versions, 8 bytes each, must fit into a payload. */
enum { FOUND_MAX = 10000, TIED_MAX = 256, SHOWN_MAX = 8 * 1000 * 1000, PAGE = 512 };

typedef enum status do_act(struct receipt *receipt, const struct act *act,
                           const struct record_row *object, struct err *err);

/* ---- Writing ---- */

static enum status write_record(struct receipt *receipt, const struct act *act,
                                struct record_row *row, struct err *err)
{
    struct store *store = receipt->store;
    struct version version;
    struct err why;
    struct version_write write = {.row = row, .act = act, .verb = receipt->verb};
    if (version_prepare(&version, store, act->record, &why) != OK)
        return refuse_naming(receipt, TOO_LARGE, "too large to be kept:", why.text, "");
    enum status status = version_write(store, &write, &version, err);
    receipt->object = row->number;
    return status;
}

/* Who may come to commit an offence is a judgement on a person: it is a supervisor's to make. */
static bool needs_supervisor(const struct act *act, enum person_status before)
{
    return act->record->status == STATUS_POTENTIAL_OFFENDER &&
           before != STATUS_POTENTIAL_OFFENDER && act->role != ROLE_SUPERVISOR;
}

static enum status refuse_status(struct receipt *receipt)
{
    return refuse(receipt, REFUSED, "the status %s is given by a supervisor",
                  status_word(STATUS_POTENTIAL_OFFENDER));
}

/* What another agency gave us stays under its conditions: its codes may grow here, never shrink, and
 * it stays the owner. */
static enum status check_conditions(struct receipt *receipt, const struct act *act,
                                    const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record before;
    unsigned roles;
    enum status status =
        version_read(&before, &roles, store, object->latest, &store->scratch, err);
    if (status != OK)
        return status;
    if (needs_supervisor(act, before.status))
        return refuse_status(receipt);
    const char *own = store->settings.agency;
    bool foreign = before.owner[0] != '\0' && strcmp(before.owner, own) != 0;
    if (foreign && strcmp(act->record->owner, before.owner) != 0)
        return refuse(receipt, REFUSED, "%s stays the owner of what it gave", before.owner);
    if (foreign && (before.handling & ~act->record->handling) != 0)
        return refuse(receipt, REFUSED,
                      "the handling codes are %s's; only %s can lift them", before.owner,
                      before.owner);
    return OK;
}

static enum status do_new(struct receipt *receipt, const struct act *act,
                          const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_row row = {.kind = KIND_THING};
    uint64_t other;
    (void)object;
    if (needs_supervisor(act, STATUS_UNCATEGORISED))
        return refuse_status(receipt);
    if (!entry_id_is_none(act->case_id))
        secrets_number(&row.case_number, &store->secrets, act->case_id);
    enum status status =
        index_find_one(&other, &store->index, store->db,
                       index_of_source(&store->secrets, row.case_number, act->record), err);
    receipt->about = status == OK ? other : 0;
    if (status == OK)
        return refuse_naming(receipt, CONFLICT, "there is a record", act->record->id,
                             " here already; edit it");
    if (status == NOT_FOUND) { /* entered by hand, it may be here again */
        struct key_row tombstone =
            index_of_tombstone(&store->secrets, row.case_number, act->record);
        status = database_remove_tombstone(store->db, &tombstone, err);
    }
    return status == OK ? write_record(receipt, act, &row, err) : status;
}

static enum status do_edit(struct receipt *receipt, const struct act *act,
                           const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_row row = *object;
    if (act->before != object->latest)
        return refuse(receipt, CONFLICT,
                      "somebody changed this meanwhile; look at it again, "
                      "then change it");
    if (object->kind == KIND_USER)
        return refuse(receipt, REFUSED, "a user is changed by `user role`");
    if (object->kind == KIND_PEER)
        return refuse(receipt, REFUSED, "a peer is changed by `peer agree`");
    if (strcmp(act->record->schema->name, "Peer") == 0)
        return refuse(receipt, REFUSED, "a peer comes in by `peer accept`");
    if (object->kind == KIND_HIT || object->kind == KIND_CLAIM)
        return refuse(receipt, REFUSED, "a hit is decided by `hit decide`");
    struct key_row name =
        object->kind == KIND_CASE
            ? index_of_case(&store->secrets, act->record->id)
            : index_of_source(&store->secrets, row.case_number, act->record);
    uint64_t other = 0;
    enum status status = index_find_one(&other, &store->index, store->db, name, err);
    if (status != OK && status != NOT_FOUND)
        return status;
    if (status == OK && other != row.number)
        return refuse_naming(receipt, CONFLICT, "another record here has the id",
                             act->record->id, "");
    bool is_case = strcmp(act->record->schema->name, "Case") == 0;
    if (is_case != (object->kind == KIND_CASE))
        return refuse(receipt, REFUSED,
                      "a case stays a case, and nothing else becomes one");
    status = check_conditions(receipt, act, object, err);
    return status == OK && receipt->outcome == OK ? write_record(receipt, act, &row, err)
                                                  : status;
}

static enum status do_case_new(struct receipt *receipt, const struct act *act,
                               const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_row row = {.kind = KIND_CASE};
    uint64_t other, user;
    (void)object;
    enum status status =
        index_find_one(&other, &store->index, store->db,
                       index_of_case(&store->secrets, act->record->id), err);
    if (status == OK)
        return refuse_naming(receipt, CONFLICT, "there is a case", act->record->id,
                             " already");
    if (status != NOT_FOUND)
        return status;
    status = write_record(receipt, act, &row, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    secrets_number(&user, &store->secrets, act->who);
    store->people_version++;
    return database_put_member(store->db, row.number, user, true, err);
}

/* ---- Reading ---- */

/* The entry of an act that shows what stands in the receipt. */
static enum status log_shown(struct receipt *receipt, const struct act *act,
                             const struct record_row *object, struct bytes query,
                             struct err *err)
{
    struct store *store = receipt->store;
    struct log_line line = {
        .verb = receipt->verb,
        .act = act,
        .object = object != NULL ? object->number : 0,
        .case_number = log_case(store, act, object != NULL ? object->case_number : 0),
    };
    uint64_t slot;
    bool one = receipt->verb == VERB_SEARCH || receipt->verb == VERB_READ;
    receipt->sequence = store->head.tree.size;
    aside_begin(store, PAYLOAD_SHOWN, act->reason, query);
    buf_add_be32(&store->payload, (uint32_t)receipt->shown_count);
    for (size_t i = 0; i < receipt->shown_count; i++)
        buf_add_be64(&store->payload, receipt->shown[i].version);
    receipt->object = line.object;
    line.with_records = one && receipt->shown_count > 0;
    enum status status = log_append(&slot, store, &line, err);
    /* The words are those of what was found by them: they go when that is erased. */
    for (size_t i = 0;
         i < receipt->shown_count && one && store->aside.len > 0 && status == OK; i++)
        status = database_add_search(store->db, receipt->shown[i].number, receipt->sequence,
                                     false, err);
    return status;
}

static enum status do_read(struct receipt *receipt, const struct act *act,
                           const struct record_row *object, struct err *err)
{
    if (object->kind == KIND_USER)
        return refuse(receipt, REFUSED, "users are shown by `user list`");
    if (object->kind == KIND_HIT || object->kind == KIND_CLAIM)
        return refuse(receipt, REFUSED, "hits are shown by `hits`, claims by `claims`");
    receipt_show(receipt, object);
    return log_shown(receipt, act, object, (struct bytes){0}, err);
}

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
    size_t count;
    uint64_t except;
};

static void add_tied(struct tied *tied, uint64_t number)
{
    bool known = number == tied->except || tied->count == FINDER_RECORDS_MAX;
    for (size_t i = 0; i < tied->count && !known; i++)
        known = tied->numbers[i] == number;
    if (!known)
        tied->numbers[tied->count++] = number;
}

static enum status add_by_name(struct tied *tied, struct store *store, struct key_row name,
                               struct err *err)
{
    uint64_t found[TIED_MAX];
    size_t count = 0;
    enum status status =
        database_find_key(found, &count, TIED_MAX, store->db, name.hi, name.lo, err);
    for (size_t i = 0; i < count && count <= TIED_MAX && status == OK; i++)
        add_tied(tied, found[i]);
    return status;
}

/* What the record names: an id of ours, or the source's id of another record of its case. */
static enum status add_named(struct tied *tied, struct store *store,
                             const struct record *record, uint64_t case_number,
                             struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < record->count && status == OK; i++) {
        const struct record_value *value = &record->values[i];
        struct record_row row;
        uint64_t number;
        if (!index_is_tie(value))
            continue;
        if (!index_tie_number(&number, &store->secrets, value)) {
            struct key_row name = index_of_source_id(&store->secrets, case_number,
                                                     record->owner, text_trim(value->raw));
            status = add_by_name(tied, store, name, err);
            continue;
        }
        /* An id of ours need not be a thing's. */
        if (number >= store->head.tree.size)
            continue;
        status = database_record(&row, store->db, number, err);
        if (status == OK && row.kind == KIND_THING)
            add_tied(tied, number);
        if (status == NOT_FOUND)
            status = OK;
    }
    return status;
}

static enum status find_tied(struct findings *found, struct receipt *receipt,
                             const struct record_row *object, struct buf *query,
                             struct err *err)
{
    struct store *store = receipt->store;
    const struct secrets *secrets = &store->secrets;
    struct tied tied = {.except = object->number};
    struct record record;
    struct key_list keys = {0};
    unsigned roles;
    if (object->kind != KIND_THING)
        return refuse(receipt, REFUSED, "only things are tied to others");
    tied.numbers = arena_alloc(&store->scratch, FINDER_RECORDS_MAX * sizeof *tied.numbers);
    enum status status =
        version_read(&record, &roles, store, object->latest, &store->scratch, err);
    if (status == OK)
        status = add_named(&tied, store, &record, object->case_number, err);
    if (status == OK)
        status = add_by_name(&tied, store, index_of_tie(secrets, object->number), err);
    if (status == OK)
        status = add_by_name(&tied, store,
                             index_of_reference(secrets, object->case_number, record.owner,
                                                bytes_text(record.id)),
                             err);
    if (status == OK)
        keys_of_record(&keys, &record, &store->scratch);
    for (size_t i = 0; i < keys.count && status == OK; i++)
        status = add_by_name(&tied, store, index_of_key(secrets, &keys.items[i]), err);
    buf_add_text(query, "tied");
    for (size_t i = 0; i < tied.count; i++)
        add_finding(found, tied.numbers[i], 0, false);
    return status;
}

static enum status do_search(struct receipt *receipt, const struct act *act,
                             const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct findings found = {0};
    struct buf query = {.max = UINT16_MAX};
    enum status status = index_flush(&store->index, store->db, err);
    if (status == OK && object != NULL)
        status = find_tied(&found, receipt, object, &query, err);
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
        status = log_shown(receipt, act, object, buf_bytes(&query), err);
    buf_release(&query);
    return status;
}

static enum status show_all(struct receipt *receipt, const struct record_filter *filter,
                            struct err *err)
{
    struct store *store = receipt->store;
    struct record_row *rows = arena_alloc(&store->scratch, PAGE * sizeof *rows);
    uint64_t after = 0;
    for (;;) {
        size_t count = 0;
        enum status status =
            database_records(rows, &count, PAGE, store->db, filter, after, err);
        if (status != OK || count == 0)
            return status;
        for (size_t i = 0; i < count; i++)
            if (!rows[i].erased)
                receipt_show(receipt, &rows[i]);
        after = rows[count - 1].number;
        if (receipt->shown_count > SHOWN_MAX)
            return refuse(receipt, TOO_LARGE,
                          "more than %d records at once; take them out case "
                          "by case",
                          SHOWN_MAX);
    }
}

static enum status do_export(struct receipt *receipt, const struct act *act,
                             const struct record_row *object, struct err *err)
{
    struct record_filter filter = {.choice = RECORDS_OF_NO_CASE};
    (void)object;
    if (!entry_id_is_none(act->case_id)) {
        filter.choice = RECORDS_OF_CASE;
        secrets_number(&filter.case_number, &receipt->store->secrets, act->case_id);
    }
    enum status status = show_all(receipt, &filter, err);
    return status == OK && receipt->outcome == OK
               ? log_shown(receipt, act, NULL, (struct bytes){0}, err)
               : status;
}

static enum status do_user_list(struct receipt *receipt, const struct act *act,
                                const struct record_row *object, struct err *err)
{
    struct record_filter filter = {.choice = RECORDS_USERS};
    (void)object;
    enum status status = show_all(receipt, &filter, err);
    return status == OK ? log_shown(receipt, act, NULL, (struct bytes){0}, err) : status;
}

static enum status do_peer_list(struct receipt *receipt, const struct act *act,
                                const struct record_row *object, struct err *err)
{
    struct record_filter filter = {.choice = RECORDS_PEERS};
    (void)object;
    enum status status = act_show_all(receipt, &filter, err);
    return status == OK ? act_log_shown(receipt, act, NULL, (struct bytes){0}, err)
                        : status;
}

static enum status do_case_list(struct receipt *receipt, const struct act *act,
                                const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_filter filter = {.choice = RECORDS_CASES};
    size_t kept = 0;
    uint64_t user;
    (void)object;
    enum status status = show_all(receipt, &filter, err);
    secrets_number(&user, &store->secrets, act->who);
    for (size_t i = 0; i < receipt->shown_count && status == OK; i++) {
        bool is = false;
        status = database_is_member(&is, store->db, receipt->shown[i].number, user, err);
        if (is)
            receipt->shown[kept++] = receipt->shown[i];
    }
    receipt->shown_count = kept;
    return status == OK ? log_shown(receipt, act, NULL, (struct bytes){0}, err) : status;
}

/* ---- Erasing ---- */

/* The names, identifiers and addresses of all versions that can still be read, each form behind a
 * length; of the last one also what finds it. A record that was damaged goes all the same. */
struct last_words {
    struct buf words;
    bool readable;
    struct index_names names;
    struct key_row tombstone;
};

/* Nobody is searched by the day of their birth, but it is typed. */
static void add_dates(struct buf *words, const struct record *record)
{
    enum { DAY = 8 };
    for (size_t i = 0; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        struct buf day = {.max = FOLD_OUT_MAX};
        if (value->property == NULL || value->property->kind != VALUE_DATE)
            continue;
        fold_compact(&day, value->clean.len > 0 ? value->clean : value->raw);
        if (day.len >= DAY) {
            buf_add_be16(words, (uint16_t)(3 + day.len));
            buf_add_byte(words, 1);
            buf_add_byte(words, WORD_IDENTIFIER);
            buf_add_byte(words, (uint8_t)day.len);
            buf_add(words, buf_bytes(&day));
        }
        buf_release(&day);
    }
}

static void add_words(struct last_words *last, const struct record *record)
{
    struct buf one = {.max = WORDS_MAX};
    words_of_record(&one, record);
    buf_add_be16(&last->words, (uint16_t)one.len);
    buf_add(&last->words, buf_bytes(&one));
    add_dates(&last->words, record);
    if (one.at != NULL)
        sodium_memzero(one.at, one.capacity);
    buf_release(&one);
}

static enum status read_last_words(struct last_words *last, struct store *store,
                                   const struct record_row *row, struct err *err)
{
    struct slot_list versions = {0}; /* sequences */
    struct record record;
    unsigned roles;
    enum status status = database_versions(&versions, store->db, row, err);
    for (size_t i = 0; i < versions.count && status == OK; i++) {
        enum status read =
            version_read(&record, &roles, store, versions.items[i], &store->scratch, err);
        if (read == IO_FAILED)
            status = read;
        if (read != OK)
            continue;
        add_words(last, &record);
        if (versions.items[i] != row->latest)
            continue;
        last->readable = true;
        index_of_record(&last->names, &store->secrets, &record, row, &store->scratch);
        last->tombstone = index_of_tombstone(&store->secrets, row->case_number, &record);
    }
    slot_list_release(&versions);
    return status;
}

static enum status forget_keys(struct store *store, const struct record_row *row,
                               const struct last_words *last, struct err *err)
{
    const struct index_names none = {0};
    enum status status = OK;
    if (last->readable)
        status =
            index_change(&store->index, store->db, &last->names, &none, row->number, err);
    else
        status = index_flush(&store->index, store->db, err);
    if (status == OK && !last->readable)
        status = database_remove_keys_of(store->db, row->number, err);
    if (status == OK && last->readable)
        status = database_add_tombstone(store->db, &last->tombstone, err);
    return status;
}

static enum status do_erase(struct receipt *receipt, const struct act *act,
                            const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_row row = *object;
    struct last_words last = {.words.max = SIZE_MAX};
    struct slot_list slots = {0};
    if (object->kind != KIND_THING)
        return refuse(receipt, REFUSED,
                      "users, cases and peers are not erased: the log names them");
    enum status status = read_last_words(&last, store, &row, err);
    if (status == OK)
        status = forget_keys(store, &row, &last, err);
    if (status == OK)
        status = findings_erase(store, row.number, err);
    if (status == OK)
        status = database_take_searches(&slots, store->db, row.number, err);
    if (status == OK)
        status = aside_erase(&slots, store, buf_bytes(&last.words), err);
    uint32_t searches = (uint32_t)slots.count;
    if (status == OK)
        status = words_erase(&slots, store, row.number, err);
    if (status != OK)
        goto out;
    aside_begin(store, PAYLOAD_ERASURE, act->reason, (struct bytes){0});
    buf_add_be32(&store->payload, searches);
    slot_list_add(&slots, row.slot);
    row.erased = true;
    memset(row.content, 0, sizeof row.content);
    status = database_put_record(store->db, &row, err);
    if (status == OK)
        status = database_add_doomed(store->db, &slots, err);
    for (size_t i = 0; i < slots.count; i++)
        slot_list_add(&store->doomed, slots.items[i]);
    struct log_line line = {.verb = VERB_ERASE,
                            .act = act,
                            .object = row.number,
                            .case_number = log_case(store, act, row.case_number)};
    uint64_t slot;
    receipt->object = row.number;
    if (status == OK)
        status = log_append(&slot, store, &line, err);
out:
    slot_list_release(&slots);
    if (last.words.at != NULL)
        sodium_memzero(last.words.at, last.words.capacity);
    buf_release(&last.words);
    return status;
}

/* ---- The rest ---- */

static enum status do_mark(struct receipt *receipt, const struct act *act,
                           const struct record_row *object, struct err *err)
{
    struct log_line line = {.verb = receipt->verb, .act = act};
    uint64_t slot;
    (void)object;
    aside_begin(receipt->store, PAYLOAD_NONE, act->reason, (struct bytes){0});
    return log_append(&slot, receipt->store, &line, err);
}

static enum status do_user_add(struct receipt *receipt, const struct act *act,
                               const struct record_row *object, struct err *err)
{
    (void)object;
    return people_add_user(receipt, act, err);
}

static enum status do_user_role(struct receipt *receipt, const struct act *act,
                                const struct record_row *object, struct err *err)
{
    (void)object;
    return people_change_roles(receipt, act, err);
}

static enum status do_case_member(struct receipt *receipt, const struct act *act,
                                  const struct record_row *object, struct err *err)
{
    (void)object;
    return people_change_member(receipt, act, err);
}

/* For store/findings.c. */
enum status act_log_shown(struct receipt *receipt, const struct act *act,
                          const struct record_row *object, struct bytes query,
                          struct err *err)
{
    return log_shown(receipt, act, object, query, err);
}

enum status act_show_all(struct receipt *receipt, const struct record_filter *filter,
                         struct err *err)
{
    return show_all(receipt, filter, err);
}

enum takes {
    TAKES_RECORD = 1,
    TAKES_QUERY = 2, /* a key, a text, or an object that others are tied to */
    TAKES_CASE = 4,
    TAKES_OBJECT = 8,
    USES_KEYS = 16,
    MAY_HAVE_OBJECT = 32
};

static const struct verb_row {
    enum verb verb;
    do_act *function;
    unsigned takes;
    const char *schema; /* of the record, or NULL: any but Case */
} verbs[] = {
    {VERB_NEW, do_new, TAKES_RECORD | USES_KEYS, NULL},
    {VERB_EDIT, do_edit, TAKES_OBJECT | TAKES_RECORD | USES_KEYS, NULL},
    {VERB_READ, do_read, TAKES_OBJECT, NULL},
    {VERB_SEARCH, do_search, TAKES_QUERY | USES_KEYS | MAY_HAVE_OBJECT, NULL},
    {VERB_EXPORT, do_export, 0, NULL},
    {VERB_ERASE, do_erase, TAKES_OBJECT | USES_KEYS, NULL},
    {VERB_CASE_NEW, do_case_new, TAKES_RECORD, "Case"},
    {VERB_CASE_MEMBER, do_case_member, TAKES_CASE, NULL},
    {VERB_CASE_LIST, do_case_list, 0, NULL},
    {VERB_USER_ADD, do_user_add, TAKES_RECORD, "Person"},
    {VERB_USER_ROLE, do_user_role, 0, NULL},
    {VERB_USER_LIST, do_user_list, 0, NULL},
    {VERB_MATCH, findings_match, USES_KEYS, NULL},
    {VERB_ASK, findings_ask, 0, NULL},
    {VERB_ASK_END, findings_note, 0, NULL},
    {VERB_HIT, findings_hit, TAKES_RECORD, "Hit"},
    {VERB_HIT_LIST, findings_list, 0, NULL},
    {VERB_HIT_DECIDE, findings_decide, TAKES_OBJECT | TAKES_RECORD, "Hit"},
    {VERB_CLAIM, findings_claim, TAKES_OBJECT | TAKES_RECORD, "Claim"},
    {VERB_CLAIM_LIST, findings_list, 0, NULL},
    {VERB_MATCH_AUDIT, findings_audit, 0, NULL},
    {VERB_PUBLISH, findings_publish, USES_KEYS, NULL},
    {VERB_EPOCH, findings_note, 0, NULL},
    {VERB_WATCH, findings_note, 0, NULL},
    {VERB_STATUS, do_mark, 0, NULL},
    {VERB_PEER_INVITE, do_mark, 0, NULL},
    {VERB_PEER_ACCEPT, peers_accept, TAKES_RECORD, "Peer"},
    {VERB_PEER_AGREE, peers_change, TAKES_OBJECT | TAKES_RECORD, "Peer"},
    {VERB_PEER_REMOVE, peers_change, TAKES_OBJECT | TAKES_RECORD, "Peer"},
    {VERB_PEER_LIST, do_peer_list, 0, NULL},
    {VERB_LOG_IN, do_mark, 0, NULL},
};

static const struct verb_row *row_of(enum verb verb)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (verbs[i].verb == verb)
            return &verbs[i];
    return NULL;
}

/* What a caller got wrong, before anything is done. */
static enum status check_form(const struct verb_row *row, const struct store *store,
                              const struct act *act, struct err *err)
{
    if (row == NULL)
        return fail(err, BAD_INPUT, "this verb is not done here");
    if (entry_id_is_none(act->who) || !role_is_known(act->role) || act->role == ROLE_NODE)
        return fail(err, BAD_INPUT, "\"%s\" must say who does it, and in which role",
                    verb_word(act->verb));
    if (act->purpose >= PURPOSE_COUNT)
        return fail(err, BAD_INPUT, "\"%s\" must have a purpose", verb_word(act->verb));
    if (act->reason != NULL && strlen(act->reason) > PAYLOAD_REASON_MAX)
        return fail(err, TOO_LARGE, "the reason is longer than %d bytes",
                    PAYLOAD_REASON_MAX);
    bool by_text = act->verb == VERB_SEARCH && act->text.len > 0;
    if (by_text && (act->text.len > ACT_TEXT_MAX || !utf8_valid(act->text)))
        return fail(err, BAD_INPUT, "what is looked for is UTF-8 of at most %d bytes",
                    ACT_TEXT_MAX);
    if (act->key_count > ACT_KEYS_MAX)
        return fail(err, TOO_LARGE, "more than %d keys in one search", ACT_KEYS_MAX);
    if (by_text && !store->words.has_finder)
        return fail(err, BAD_INPUT, "nothing is attached here that finds words");
    unsigned lacks = 0;
    lacks |= act->record == NULL ? TAKES_RECORD : 0;
    bool has_query =
        act->key_count > 0 || act->text.len > 0 || !entry_id_is_none(act->object);
    lacks |= has_query ? 0 : TAKES_QUERY;
    lacks |= entry_id_is_none(act->case_id) && !act->case_unknown ? TAKES_CASE : 0;
    if ((row->takes & lacks) != 0)
        return fail(err, BAD_INPUT, "\"%s\" lacks its %s", verb_word(act->verb),
                    (row->takes & lacks & TAKES_RECORD) != 0  ? "record"
                    : (row->takes & lacks & TAKES_QUERY) != 0 ? "key"
                                                              : "case");
    if (row->schema != NULL && strcmp(act->record->schema->name, row->schema) != 0)
        return fail(err, BAD_INPUT, "\"%s\" takes a %s, not a %s", verb_word(act->verb),
                    row->schema, act->record->schema->name);
    if (act->verb == VERB_NEW && strcmp(act->record->schema->name, "Case") == 0)
        return fail(err, BAD_INPUT, "a case is opened by `case new`");
    if (act->verb == VERB_NEW && strcmp(act->record->schema->name, "Peer") == 0)
        return fail(err, BAD_INPUT, "a peer comes in by `peer accept`");
    if (act->note.len > ACT_NOTE_MAX)
        return fail(err, TOO_LARGE, "\"%s\": %zu bytes to be kept; the limit is %d",
                    verb_word(act->verb), act->note.len, ACT_NOTE_MAX);
    return OK;
}

static enum status decide(struct receipt *receipt, const struct verb_row *row,
                          const struct act *act, struct err *err)
{
    struct record_row object = {0};
    bool about = (row->takes & TAKES_OBJECT) != 0 ||
                 ((row->takes & MAY_HAVE_OBJECT) != 0 && !entry_id_is_none(act->object));
    enum status status = OK;
    if (about)
        status = receipt_find(&object, receipt, act->object, err);
    if (status == OK && receipt->outcome == OK)
        status = people_check(receipt, act, about ? &object : NULL, err);
    if (status == OK && receipt->outcome == OK && (row->takes & USES_KEYS) != 0 &&
        receipt->store->rules_changed)
        status = refuse(receipt, REFUSED,
                        "this program makes keys by other rules than the one "
                        "that made those here; run `enlace rebuild` once");
    if (status == OK && receipt->outcome == OK)
        status = row->function(receipt, act, about ? &object : NULL, err);
    if (status == OK && receipt->outcome != OK)
        status = receipt_log_refusal(receipt, act, err);
    return status;
}

enum status act_submit(struct receipt **out, struct store *store, const struct act *act,
                       struct err *err)
{
    struct err local = {0};
    const struct verb_row *row = row_of(act->verb);
    enum status status = check_form(row, store, act, err);
    if (status != OK)
        return status;
    status = store_begin(store, &local);
    if (status != OK)
        return fail(err, IO_FAILED, "%s", local.text);
    struct receipt *receipt = receipt_new(store, act->verb);
    arena_reset(&store->scratch);
    status = decide(receipt, row, act, &local);
    if (status != OK) {
        receipt_close(receipt);
        return store_stop(store, &local, err);
    }
    *out = receipt;
    return OK;
}

enum status act_perform(struct receipt **out, struct store *store, const struct act *act,
                        struct err *err)
{
    struct receipt *receipt = NULL;
    enum status status = act_submit(&receipt, store, act, err);
    if (status == OK)
        status = store_commit(store, err);
    if (status == OK)
        status = receipt_open(receipt, err);
    if (status != OK) {
        receipt_close(receipt);
        return status;
    }
    *out = receipt;
    return OK;
}
