/* SPDX-License-Identifier: Apache-2.0 */
#include "store/writing.h"

#include "record/words.h"
#include "store/version.h"

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

enum status writing_new(struct receipt *receipt, const struct act *act,
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
    if (status == NOT_FOUND)
        status = write_record(receipt, act, &row, err);
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
    status = check_conditions(receipt, act, object, err);
    return status == OK && receipt->outcome == OK ? write_record(receipt, act, &row, err)
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
    status = write_record(receipt, act, &row, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    secrets_number(&user, &store->secrets, act->who);
    store->people_version++;
    return database_put_member(store->db, row.number, user, true, err);
}
