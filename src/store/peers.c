/* SPDX-License-Identifier: Apache-2.0 */
#include "store/peers.h"

#include "store/inside.h"
#include "store/version.h"
#include "store/writing.h"

enum { PAGE = 64 };

enum status peers_change(struct receipt *receipt, const struct act *act,
                         const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_row row = *object;
    uint64_t number = 0;
    if (object->kind != KIND_PEER)
        return refuse(receipt, NOT_FOUND, "there is no peer with this id");
    if (act->before != object->latest)
        return refuse(
            receipt, CONFLICT,
            "somebody changed this peer meanwhile; look at it again, then change it");
    enum status status =
        index_find_one(&number, &store->index, store->db,
                       index_of_peer(&store->secrets, act->record->id), err);
    if (status == NOT_FOUND || (status == OK && number != row.number))
        return refuse(receipt, CONFLICT, "a peer keeps its code");
    return status == OK ? writing_version(receipt, act, &row, err) : status;
}

enum status peers_accept(struct receipt *receipt, const struct act *act,
                         const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_row row = {.kind = KIND_PEER};
    uint64_t number;
    (void)object;
    enum status status =
        index_find_one(&number, &store->index, store->db,
                       index_of_peer(&store->secrets, act->record->id), err);
    if (status == NOT_FOUND)
        return writing_version(receipt, act, &row, err);
    if (status != OK)
        return status;
    status = database_record(&row, store->db, number, err);
    return status == OK ? peers_change(receipt, act, &row, err) : status;
}

static enum status visit_row(struct store *store, const struct record_row *row,
                             struct arena *arena, store_visit_peer *visit, void *context,
                             struct err *err)
{
    struct shown shown = {.version = row->latest, .versions = row->versions};
    struct err why = {0};
    secrets_id(shown.id, &store->secrets, row->number);
    enum status status =
        version_read(&shown.record, &shown.roles, store, row->latest, arena, &why);
    return status == OK ? visit(context, &shown, err) : store_stop(store, &why, err);
}

enum status store_peers(struct store *store, struct arena *arena, store_visit_peer *visit,
                        void *context, struct err *err)
{
    struct record_row rows[PAGE];
    struct record_filter filter = {.choice = RECORDS_PEERS};
    struct err why = {0};
    if (store->stopped)
        return fail(err, IO_FAILED, "%s", store->why.text);
    for (uint64_t after = 0;;) {
        size_t count = 0;
        enum status status =
            database_records(rows, &count, PAGE, store->db, &filter, after, &why);
        if (status != OK)
            return store_stop(store, &why, err);
        for (size_t i = 0; i < count && status == OK; i++)
            status = visit_row(store, &rows[i], arena, visit, context, err);
        if (status != OK || count == 0)
            return status;
        after = rows[count - 1].number;
    }
}
