/* SPDX-License-Identifier: Apache-2.0
 *
 * Acts of comparing between nodes. What they keep beside records stands in notes, whose bytes are
 * the business of who made them.
 */
#include "store/findings.h"
#include "store/append.h"
#include "store/showing.h"
#include "store/version.h"
#include "store/writing.h"

enum { OBJECTS_MAX = 1 << 20 };

static bool is_member(enum status *status, struct receipt *receipt, const struct act *act,
                      uint64_t case_number, struct err *err)
{
    struct store *store = receipt->store;
    uint64_t user;
    bool is = case_number == 0;
    secrets_number(&user, &store->secrets, act->who);
    if (!is)
        *status = database_is_member(&is, store->db, case_number, user, err);
    return is;
}

/* ---- What is asked ---- */

static enum status show_objects(struct receipt *receipt, const struct act *act,
                                struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < act->object_count && status == OK; i++) {
        struct record_row row;
        status = receipt_find(&row, receipt, act->objects + i * ENTRY_ID, err);
        if (status != OK || receipt->outcome != OK)
            return status;
        if (row.kind != KIND_THING)
            return refuse(receipt, REFUSED,
                          "only records are asked about, not cases, users or hits");
        if (!is_member(&status, receipt, act, row.case_number, err) && status == OK)
            return refuse(receipt, REFUSED,
                          "only members of its case may ask about a record");
        receipt_show(receipt, &row);
    }
    return status;
}

enum status findings_match(struct receipt *receipt, const struct act *act,
                           const struct record_row *object, struct err *err)
{
    struct record_filter filter = {.choice = RECORDS_OF_CASE};
    enum status status;
    (void)object;
    if (act->object_count > OBJECTS_MAX)
        return refuse(receipt, TOO_LARGE, "more than %d records at once", OBJECTS_MAX);
    if (act->object_count > 0) {
        status = show_objects(receipt, act, err);
    } else if (entry_id_is_none(act->case_id)) {
        return refuse(receipt, BAD_INPUT, "name the case, or the records to ask about");
    } else {
        secrets_number(&filter.case_number, &receipt->store->secrets, act->case_id);
        status = showing_all(receipt, &filter, err);
    }
    return status == OK && receipt->outcome == OK
               ? showing_log(receipt, act, NULL, BYTES_OF("match"), err)
               : status;
}

static enum status log_note(uint64_t *slot, struct receipt *receipt, const struct act *act,
                            const uint8_t *object_id, struct err *err)
{
    struct store *store = receipt->store;
    struct log_line line = {.verb = receipt->verb,
                            .act = act,
                            .object_id = object_id,
                            .case_number = log_case(store, act, 0)};
    aside_begin(store, PAYLOAD_NOTE, act->reason, (struct bytes){0});
    buf_add(&store->payload, act->note);
    receipt->sequence = store->head.tree.size;
    return log_append(slot, store, &line, err);
}

enum status findings_ask(struct receipt *receipt, const struct act *act,
                         const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    uint64_t slot, number;
    (void)object;
    enum status status = log_note(&slot, receipt, act, NULL, err);
    receipt->object = receipt->sequence;
    /* The note names what the records hold: it goes when one of them is erased. */
    for (size_t i = 0; i < act->object_count && status == OK; i++)
        if (secrets_number(&number, &store->secrets, act->objects + i * ENTRY_ID))
            status = database_add_search(store->db, number, receipt->sequence, true, err);
    return status;
}

enum status findings_note(struct receipt *receipt, const struct act *act,
                          const struct record_row *object, struct err *err)
{
    uint64_t slot;
    (void)object;
    enum status status = log_note(&slot, receipt, act,
                                  entry_id_is_none(act->object) ? NULL : act->object, err);
    if (status == OK && act->state != NULL)
        status = database_set(receipt->store->db, act->state, act->value, err);
    return status;
}

/* The entry of what VERB_ASK gave, and the case it was for. */
enum status findings_audit(struct receipt *receipt, const struct act *act,
                           const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct entry entry = {0};
    uint64_t number, case_number = 0, slot;
    enum status status = OK;
    (void)object;
    if (!secrets_number(&number, &store->secrets, act->object) ||
        number >= store->head.tree.size)
        return refuse(receipt, NOT_FOUND, "there is no asking with this number here");
    status = version_entry(&entry, store, number, err);
    if (status != OK)
        return status;
    if (entry.verb != VERB_ASK || entry.sequence != number)
        return refuse(receipt, NOT_FOUND, "there is no asking with this number here");
    if (!entry_id_is_none(entry.case_id))
        secrets_number(&case_number, &store->secrets, entry.case_id);
    bool always = act->role == ROLE_SUPERVISOR || act->role == ROLE_OVERSEER;
    if (!always && !is_member(&status, receipt, act, case_number, err))
        return status != OK
                   ? status
                   : refuse(receipt, REFUSED,
                            "only members of the case, a supervisor or the overseer "
                            "may audit what was asked for it");
    receipt->noted = number;
    return log_note(&slot, receipt, act, act->object, err);
}

enum status receipt_note(struct bytes *note, int64_t *time_ms, struct receipt *receipt,
                         struct arena *arena, struct err *err)
{
    struct entry entry = {0};
    enum status status = receipt_open(receipt, err);
    if (status == OK)
        status = version_entry(&entry, receipt->store, receipt->noted, err);
    if (status == OK)
        status = version_read_note(note, receipt->store, receipt->noted, arena, err);
    if (status == NOT_FOUND)
        return fail(err, NOT_FOUND,
                    "what was asked is gone: a record that it named was erased");
    *time_ms = entry.time_ms;
    return status;
}

/* ---- Hits and claims ---- */

static enum status find_finding(struct record_row *row, bool *found, struct store *store,
                                const char *id, struct err *err)
{
    uint64_t number;
    enum status status = index_find_one(&number, &store->index, store->db,
                                        index_of_finding(&store->secrets, id), err);
    *found = status == OK;
    if (status == OK)
        status = database_record(row, store->db, number, err);
    return status == NOT_FOUND ? OK : status;
}

enum status findings_tie(struct receipt *receipt, const struct act *act, uint64_t finding,
                         struct err *err)
{
    struct store *store = receipt->store;
    enum status status = OK;
    uint64_t number;
    for (size_t i = 0; i < act->object_count && status == OK; i++)
        if (secrets_number(&number, &store->secrets, act->objects + i * ENTRY_ID))
            status = database_add_search(store->db, number, finding, true, err);
    return status;
}

static enum status erase_finding(struct store *store, struct record_row *row,
                                 struct err *err)
{
    struct index_names names, none = {0};
    struct record record;
    unsigned roles;
    enum status status =
        version_read(&record, &roles, store, row->latest, &store->scratch, err);
    if (status != OK)
        return status;
    index_of_record(&names, &store->secrets, &record, row, &store->scratch);
    status = index_change(&store->index, store->db, &names, &none, row->number, err);
    row->erased = true;
    memset(row->content, 0, sizeof row->content);
    return status == OK ? database_put_record(store->db, row, err) : status;
}

enum status findings_erase(struct store *store, uint64_t number, struct err *err)
{
    struct slot_list sequences = {0};
    struct err none;
    enum status status = database_searches(&sequences, store->db, number, err);
    for (size_t i = 0; i < sequences.count && status == OK; i++) {
        struct record_row row;
        enum status found = database_record(&row, store->db, sequences.items[i], &none);
        if (found == OK && (row.kind == KIND_HIT || row.kind == KIND_THING) && !row.erased)
            status = erase_finding(store, &row, err);
        else if (found != OK && found != NOT_FOUND)
            status = fail(err, found, "%s", none.text);
    }
    slot_list_release(&sequences);
    return status;
}

enum status findings_hit(struct receipt *receipt, const struct act *act,
                         const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_row row = {0}, made = {.kind = KIND_HIT};
    bool found;
    uint64_t slot;
    if (object != NULL) /* what is known of it has changed */
        return findings_decide(receipt, act, object, err);
    enum status status = find_finding(&row, &found, store, act->record->id, err);
    if (status != OK)
        return status;
    if (!found) {
        if (!entry_id_is_none(act->case_id))
            secrets_number(&made.case_number, &store->secrets, act->case_id);
        status = writing_version(receipt, act, &made, err);
        return status == OK && receipt->outcome == OK
                   ? findings_tie(receipt, act, receipt->object, err)
                   : status;
    }
    /* Seen again: what a person has decided about it stays. */
    struct log_line line = {.verb = VERB_HIT,
                            .act = act,
                            .object = row.number,
                            .case_number = log_case(store, act, row.case_number)};
    aside_begin(store, PAYLOAD_NONE, act->reason, (struct bytes){0});
    receipt->object = row.number;
    return log_append(&slot, store, &line, err);
}

enum status findings_list(struct receipt *receipt, const struct act *act,
                          const struct record_row *object, struct err *err)
{
    struct record_filter filter = {
        .choice = receipt->verb == VERB_HIT_LIST ? RECORDS_HITS : RECORDS_CLAIMS};
    uint64_t only = 0;
    size_t kept = 0;
    (void)object;
    if (!entry_id_is_none(act->case_id))
        secrets_number(&only, &receipt->store->secrets, act->case_id);
    enum status status = showing_all(receipt, &filter, err);
    for (size_t i = 0; i < receipt->shown_count && status == OK; i++) {
        const struct shown_row row = receipt->shown[i];
        bool sees = is_member(&status, receipt, act, row.case_number, err) &&
                    (only == 0 || row.case_number == only);
        if (sees)
            receipt->shown[kept++] = row;
    }
    receipt->shown_count = kept;
    return status == OK && receipt->outcome == OK
               ? showing_log(receipt, act, NULL, (struct bytes){0}, err)
               : status;
}

enum status findings_decide(struct receipt *receipt, const struct act *act,
                            const struct record_row *object, struct err *err)
{
    struct record_row row = *object;
    if (object->kind != KIND_HIT)
        return refuse(receipt, NOT_FOUND,
                      "there is no hit with this id; see `enlace hits`");
    if (act->before != object->latest)
        return refuse(receipt, CONFLICT,
                      "somebody decided about this meanwhile; look at it again");
    return writing_version(receipt, act, &row, err);
}

enum status findings_claim(struct receipt *receipt, const struct act *act,
                           const struct record_row *object, struct err *err)
{
    struct record_row row = {.kind = KIND_CLAIM, .case_number = object->case_number};
    struct record_row other;
    bool found;
    if (object->kind != KIND_HIT)
        return refuse(receipt, NOT_FOUND,
                      "there is no hit with this id; see `enlace hits`");
    enum status status = find_finding(&other, &found, receipt->store, act->record->id, err);
    if (status != OK)
        return status;
    if (found)
        return refuse(receipt, CONFLICT, "this claim was made already");
    return writing_version(receipt, act, &row, err);
}

/* Four eyes: who made a claim takes it back, and does not say yes or no to it. */
static enum status check_eyes(struct receipt *receipt, bool made_it)
{
    if (receipt->verb == VERB_CLAIM_APPROVE && made_it)
        return refuse(receipt, REFUSED,
                      "who makes a claim does not approve it: that is for a second person");
    if (receipt->verb == VERB_CLAIM_DECLINE && made_it)
        return refuse(receipt, REFUSED,
                      "a second person declines a claim; who made it withdraws it: "
                      "`enlace claim withdraw`");
    if (receipt->verb == VERB_CLAIM_WITHDRAW && !made_it)
        return refuse(receipt, REFUSED,
                      "who made a claim withdraws it; a second person declines it: "
                      "`enlace claim decline`");
    return OK;
}

enum status findings_claim_change(struct receipt *receipt, const struct act *act,
                                  const struct record_row *object, struct err *err)
{
    struct record_row row = *object;
    struct entry made = {0};
    if (object->kind != KIND_CLAIM)
        return refuse(receipt, NOT_FOUND,
                      "there is no claim with this id; see `enlace claims`");
    enum status status = version_entry(&made, receipt->store, object->number, err);
    if (status != OK)
        return status;
    status = check_eyes(receipt, memcmp(made.actor, act->who, ENTRY_ID) == 0);
    if (status != OK || receipt->outcome != OK)
        return status;
    if (act->before != object->latest)
        return refuse(receipt, CONFLICT,
                      "somebody changed this claim meanwhile; look at it again");
    status = writing_version(receipt, act, &row, err);
    if (status == OK && receipt->outcome == OK && act->state != NULL)
        status = database_set(receipt->store->db, act->state, act->value, err);
    return status;
}

/* ---- Publishing ---- */

/* The entry of an act that goes over all things: how many. */
static enum status log_all(struct receipt *receipt, const struct act *act, struct err *err)
{
    struct store *store = receipt->store;
    struct record_filter filter = {.choice = RECORDS_THINGS};
    struct log_line line = {.verb = receipt->verb, .act = act};
    uint64_t slot;
    enum status status = showing_all(receipt, &filter, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    aside_begin(store, PAYLOAD_NOTE, act != NULL ? act->reason : NULL, (struct bytes){0});
    buf_add_be64(&store->payload, receipt->shown_count);
    receipt->sequence = store->head.tree.size;
    return log_append(&slot, store, &line, err);
}

enum status findings_publish(struct receipt *receipt, const struct act *act,
                             const struct record_row *object, struct err *err)
{
    (void)object;
    return log_all(receipt, act, err);
}

/* ---- Watching ---- */

enum status findings_watch_read(struct receipt *receipt, const struct act *act,
                                const struct record_row *object, struct err *err)
{
    (void)object;
    if (!entry_id_is_none(act->case_id))
        return refuse(receipt, REFUSED,
                      "the whole node is watched for no case; one case is watched by "
                      "its members");
    return log_all(receipt, act, err);
}
