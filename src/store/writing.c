/* SPDX-License-Identifier: Apache-2.0 */
#include "store/writing.h"

#include "store/conditions.h"
#include "store/findings.h"
#include "store/version.h"

enum status writing_version(struct receipt *receipt, const struct act *act,
                            struct record_row *row, struct err *err)
{
    struct store *store = receipt->store;
    struct version version;
    struct err why;
    struct version_write write = {.row = row, .act = act, .verb = receipt->verb};
    struct record record = *act->record;
    record.from_file = false;
    if (version_prepare(&version, store, &record, &why) != OK)
        return refuse_naming(receipt, TOO_LARGE, "too large to be kept:", why.text, "");
    receipt->sequence = store->head.tree.size;
    enum status status = version_write(store, &write, &version, err);
    receipt->object = row->number;
    return status;
}

enum status writing_new(struct receipt *receipt, const struct act *act,
                        const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_row row = {.kind = KIND_THING};
    uint64_t other;
    (void)object;
    enum status status = conditions_of_new(receipt, act, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    if (!entry_id_is_none(act->case_id))
        secrets_number(&row.case_number, &store->secrets, act->case_id);
    status =
        index_find_one(&other, &store->index, store->db,
                       index_of_source(&store->secrets, row.case_number, act->record), err);
    receipt->about = status == OK ? other : 0;
    if (status == OK)
        return refuse_naming(receipt, CONFLICT, "there is a record", act->record->id,
                             " here already; edit it");
    if (status == NOT_FOUND)
        status = writing_version(receipt, act, &row, err);
    if (status == OK && receipt->outcome == OK)
        status = findings_tie(receipt, act, row.number, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    /* Entered by hand, it may be here again. */
    const struct key_row tombstone =
        index_of_tombstone(&store->secrets, row.case_number, act->record);
    return database_remove_tombstone(store->db, &tombstone, err);
}

enum status writing_edit(struct receipt *receipt, const struct act *act,
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
    status = conditions_of_edit(receipt, act, object, err);
    return status == OK && receipt->outcome == OK ? writing_version(receipt, act, &row, err)
                                                  : status;
}

enum status writing_case(struct receipt *receipt, const struct act *act,
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
    status = writing_version(receipt, act, &row, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    secrets_number(&user, &store->secrets, act->who);
    store->people_version++;
    return database_put_member(store->db, row.number, user, true, err);
}
