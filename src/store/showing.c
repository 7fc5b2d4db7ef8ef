/* SPDX-License-Identifier: Apache-2.0 */
#include "store/showing.h"

#include "store/append.h"
#include "store/people.h"

/* Versions, 8 bytes each, must fit into a payload. */
enum { SHOWN_MAX = 8 * 1000 * 1000, PAGE = 512 };

/* The entry of an act that shows what stands in the receipt. */
enum status showing_log(struct receipt *receipt, const struct act *act,
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
    bool one = receipt->verb == VERB_SEARCH ||
               (receipt->verb == VERB_READ && act->extent != EXTENT_CONTENTS);
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
        if (i == 0 || receipt->shown[i].number != receipt->shown[i - 1].number)
            status = database_add_search(store->db, receipt->shown[i].number,
                                         receipt->sequence, false, err);
    return status;
}

/* The versions of a record are the entries that made it and changed it. */
struct versions {
    struct receipt *receipt;
    const struct record_row *row;
    uint8_t id[ENTRY_ID];
};

static enum status take_version(void *context, uint64_t sequence, struct bytes wire,
                                struct err *err)
{
    struct versions *versions = context;
    struct record_row row = *versions->row;
    struct entry entry;
    enum status status = entry_parse(&entry, wire, err);
    if (status != OK)
        return status;
    if (memcmp(entry.object, versions->id, ENTRY_ID) != 0 ||
        (entry.verb != VERB_NEW && entry.verb != VERB_EDIT && entry.verb != VERB_CASE_NEW))
        return OK;
    row.latest = sequence;
    receipt_show(versions->receipt, &row);
    return OK;
}

static enum status show_versions(struct receipt *receipt, const struct record_row *row,
                                 struct err *err)
{
    struct versions versions = {.receipt = receipt, .row = row};
    struct err why = {0};
    secrets_id(versions.id, &receipt->store->secrets, row->number);
    enum status status =
        database_entries(receipt->store->db, row->number, row->latest - row->number + 1,
                         take_version, &versions, &why);
    if (status == IO_FAILED)
        return fail(err, IO_FAILED, "%s", why.text);
    return status == OK ? OK : refuse(receipt, CONFLICT, "%s", why.text);
}

static enum status show_contents(struct receipt *receipt, const struct record_row *row,
                                 struct err *err)
{
    const struct record_filter filter = {.choice = RECORDS_OF_CASE,
                                         .case_number = row->number};
    return showing_all(receipt, &filter, err);
}

enum status showing_read(struct receipt *receipt, const struct act *act,
                         const struct record_row *object, struct err *err)
{
    if (object->kind == KIND_USER)
        return refuse(receipt, REFUSED, "users are shown by `user list`");
    if (object->kind == KIND_HIT || object->kind == KIND_CLAIM)
        return refuse(receipt, REFUSED, "hits are shown by `hits`, claims by `claims`");
    if (act->extent == EXTENT_CONTENTS && object->kind != KIND_CASE)
        return refuse(receipt, REFUSED, "only a case has records in it");
    if (act->extent == EXTENT_HISTORY && object->kind == KIND_PEER)
        return refuse(receipt, REFUSED, "peers are shown by `peer list`");
    receipt->extent = act->extent;
    enum status status = OK;
    if (act->extent == EXTENT_HISTORY)
        status = show_versions(receipt, object, err);
    else if (act->extent == EXTENT_CONTENTS)
        status = show_contents(receipt, object, err);
    else
        receipt_show(receipt, object);
    return status == OK && receipt->outcome == OK
               ? showing_log(receipt, act, object, (struct bytes){0}, err)
               : status;
}

enum status showing_all(struct receipt *receipt, const struct record_filter *filter,
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

enum status showing_export(struct receipt *receipt, const struct act *act,
                           const struct record_row *object, struct err *err)
{
    struct record_filter filter = {.choice = RECORDS_OF_NO_CASE};
    (void)object;
    if (!entry_id_is_none(act->case_id)) {
        filter.choice = RECORDS_OF_CASE;
        secrets_number(&filter.case_number, &receipt->store->secrets, act->case_id);
    }
    enum status status = showing_all(receipt, &filter, err);
    return status == OK && receipt->outcome == OK
               ? showing_log(receipt, act, NULL, (struct bytes){0}, err)
               : status;
}

enum status showing_users(struct receipt *receipt, const struct act *act,
                          const struct record_row *object, struct err *err)
{
    struct record_filter filter = {.choice = RECORDS_USERS};
    (void)object;
    enum status status = showing_all(receipt, &filter, err);
    return status == OK ? showing_log(receipt, act, NULL, (struct bytes){0}, err) : status;
}

enum status showing_peers(struct receipt *receipt, const struct act *act,
                          const struct record_row *object, struct err *err)
{
    struct record_filter filter = {.choice = RECORDS_PEERS};
    (void)object;
    enum status status = showing_all(receipt, &filter, err);
    return status == OK ? showing_log(receipt, act, NULL, (struct bytes){0}, err) : status;
}

/* Whoever answers for all cases finds those that nobody can read, to let somebody in. */
static enum status find_unread(bool *unread, struct store *store, unsigned roles,
                               uint64_t case_number, struct err *err)
{
    bool has = true;
    enum status status = OK;
    if ((roles & 1U << ROLE_SUPERVISOR) != 0)
        status = people_has_reader(&has, store, case_number, err);
    *unread = !has;
    return status;
}

enum status showing_cases(struct receipt *receipt, const struct act *act,
                          const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_filter filter = {.choice = RECORDS_CASES};
    size_t kept = 0;
    uint64_t user;
    unsigned roles = 0;
    (void)object;
    enum status status = showing_all(receipt, &filter, err);
    secrets_number(&user, &store->secrets, act->who);
    if (status == OK)
        status = database_roles(&roles, store->db, user, err);
    for (size_t i = 0; i < receipt->shown_count && status == OK; i++) {
        bool is = false;
        status = database_is_member(&is, store->db, receipt->shown[i].number, user, err);
        if (status == OK && !is)
            status = find_unread(&receipt->shown[i].unread, store, roles,
                                 receipt->shown[i].number, err);
        if (is || receipt->shown[i].unread)
            receipt->shown[kept++] = receipt->shown[i];
    }
    receipt->shown_count = kept;
    return status == OK ? showing_log(receipt, act, NULL, (struct bytes){0}, err) : status;
}
