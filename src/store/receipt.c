/* SPDX-License-Identifier: Apache-2.0
 *
 * What came of an act, and what it shows: only once it is durable.
 */
#include "record/facets.h"
#include "store/append.h"
#include "store/belonging.h"
#include "store/overseeing.h"
#include "store/version.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct receipt *receipt_new(struct store *store, enum verb verb)
{
    struct receipt *receipt = xcalloc(1, sizeof *receipt);
    receipt->store = store;
    receipt->group = store->group;
    receipt->sequence = store->head.tree.size;
    receipt->verb = verb;
    return receipt;
}

void receipt_close(struct receipt *receipt)
{
    if (receipt == NULL)
        return;
    overseeing_release(receipt->reader);
    belonging_memo_close(receipt->memo);
    free(receipt->shown);
    free(receipt);
}

enum status refuse(struct receipt *receipt, enum status outcome, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(receipt->why.text, sizeof receipt->why.text, format, args);
    va_end(args);
    receipt->logged = receipt->why;
    receipt->outcome = outcome;
    return OK;
}

enum status refuse_naming(struct receipt *receipt, enum status outcome, const char *before,
                          const char *word, const char *after)
{
    refuse(receipt, outcome, "%s \"...\"%s", before, after);
    struct err logged = receipt->logged;
    refuse(receipt, outcome, "%s \"%.100s\"%s", before, word, after);
    receipt->logged = logged;
    return OK;
}

enum status receipt_log_refusal(struct receipt *receipt, const struct act *act,
                                struct err *err)
{
    struct store *store = receipt->store;
    struct log_line line = {
        .verb = VERB_REFUSE, .act = act, .case_number = log_case(store, act, 0)};
    uint64_t slot, number;
    /* Bytes that somebody made up do not get into the log. */
    if (secrets_number(&number, &store->secrets, act->object) &&
        number < store->head.tree.size)
        line.object_id = act->object;
    aside_begin(store, PAYLOAD_REFUSAL, act->reason, (struct bytes){0});
    buf_add_byte(&store->payload, (uint8_t)receipt->verb);
    payload_add_text(&store->payload, bytes_text(receipt->logged.text));
    receipt->sequence = store->head.tree.size;
    enum status status = log_append(&slot, store, &line, err);
    uint64_t about = receipt->about;
    if (about == 0 && !secrets_number(&about, &store->secrets, act->object))
        about = 0;
    if (status == OK && about > 0 && about < receipt->sequence && store->aside.len > 0)
        status = database_add_search(store->db, about, receipt->sequence, false, err);
    return status;
}

enum status receipt_find(struct record_row *row, struct receipt *receipt,
                         const uint8_t id[ENTRY_ID], struct err *err)
{
    struct store *store = receipt->store;
    uint64_t number;
    if (!secrets_number(&number, &store->secrets, id) || number >= store->head.tree.size)
        return refuse(receipt, NOT_FOUND, "there is nothing with this id here");
    enum status status = database_record(row, store->db, number, err);
    if (status == NOT_FOUND)
        return refuse(receipt, NOT_FOUND, "there is nothing with this id here");
    if (status == OK && row->erased)
        return refuse(receipt, NOT_FOUND, "what had this id was erased");
    return status;
}

void receipt_show(struct receipt *receipt, const struct record_row *row)
{
    grow_to((void **)&receipt->shown, &receipt->shown_capacity, receipt->shown_count,
            sizeof *receipt->shown);
    receipt->shown[receipt->shown_count++] =
        (struct shown_row){.number = row->number,
                           .version = row->latest,
                           .case_number = row->case_number,
                           .kind = row->kind,
                           .versions = row->versions};
}

enum status receipt_open(const struct receipt *receipt, struct err *err)
{
    const struct store *store = receipt->store;
    if (receipt->group <= store->durable_group)
        return receipt->outcome == OK
                   ? OK
                   : fail(err, receipt->outcome, "%s", receipt->why.text);
    if (store->stopped)
        return fail(
            err, IO_FAILED,
            "nobody can say whether this was kept; open the node again and look: %s",
            store->why.text);
    return fail(err, BUSY, "this is not on the disk yet");
}

/* Of a record what the watch counts; false: nothing. Words that nobody counts stay behind the
 * door. H3 is free text that only a person can heed, so its seizures stay within their case. */
static bool reduce_to_facets(struct record *record, struct receipt *receipt,
                             const struct shown_row *row)
{
    size_t kept = 0;
    if (strcmp(record->schema->name, "Alert") == 0 ||
        strcmp(record->schema->name, "Calibration") == 0)
        return row->case_number == 0;
    if (strcmp(record->schema->name, "Seizure") != 0)
        return false;
    if (record->status == STATUS_INFORMANT ||
        (row->case_number != 0 && (record->handling & HANDLING_H3) != 0)) {
        receipt->withheld++;
        return false;
    }
    for (size_t i = 0; i < record->count; i++)
        if (facets_read(record->values[i].name))
            record->values[kept++] = record->values[i];
    record->count = kept;
    record->id = record->handling_note = record->owner = record->review = "";
    record->id_made = true;
    return true;
}

/* Informants never leave the node, nor what is theirs, nor their ids. */
static enum status leave_out(bool *left_out, struct record *record, struct receipt *receipt,
                             const struct shown_row *row, struct arena *arena,
                             struct err *err)
{
    enum status status = OK;
    if (row->unread)
        record->count = 0; /* its reference is all that letting somebody in takes */
    *left_out = receipt->verb == VERB_WATCH_READ && !reduce_to_facets(record, receipt, row);
    if (receipt->verb != VERB_EXPORT)
        return OK;
    if (receipt->memo == NULL)
        receipt->memo = belonging_memo_open();
    *left_out = record->status == STATUS_INFORMANT;
    if (!*left_out)
        status =
            belonging_strip_informants(left_out, receipt->store, receipt->memo, row->number,
                                       row->case_number, record, arena, err);
    receipt->withheld += *left_out;
    return status;
}

/* Who wrote this version, when. */
static enum status fill_history(struct shown *shown, const struct receipt *receipt,
                                struct arena *arena, struct err *err)
{
    struct entry entry;
    enum status status = version_entry(&entry, receipt->store, shown->version, err);
    shown->written_ms = entry.time_ms;
    shown->verb = entry.verb;
    return status == OK ? version_name(&shown->who, receipt->store, entry.actor, arena, err)
                        : status;
}

static void fill_shown(struct shown *shown, const struct receipt *receipt,
                       const struct shown_row *row)
{
    const struct secrets *secrets = &receipt->store->secrets;
    memset(shown->case_id, 0, sizeof shown->case_id);
    shown->who = "";
    secrets_id(shown->id, secrets, row->number);
    if (row->case_number != 0)
        secrets_id(shown->case_id, secrets, row->case_number);
    shown->number = row->number;
    shown->version = row->version;
    shown->versions = row->versions;
    shown->by_keys = row->by_keys;
    shown->by_text = row->by_text;
    shown->unread = row->unread;
}

enum status receipt_next(struct shown *shown, struct receipt *receipt, struct arena *arena,
                         struct err *err)
{
    enum status status = receipt_open(receipt, err);
    while (status == OK) {
        if (receipt->next == receipt->shown_count)
            return fail(err, NOT_FOUND, "there is no more");
        const struct shown_row *row = &receipt->shown[receipt->next++];
        unsigned roles_then;
        fill_shown(shown, receipt, row);
        status = version_read(&shown->record, &roles_then, receipt->store, row->version,
                              arena, err);
        if (status == OK)
            status = version_check(&shown->entered_s, receipt->store, row, err);
        if (status == BAD_INPUT || status == REFUSED || status == TOO_LARGE)
            status = CONFLICT; /* it cannot be read, whatever the next one can */
        if (status == OK && receipt->verb == VERB_USER_LIST)
            status = database_roles(&shown->roles, receipt->store->db, row->number, err);
        if (status == OK && receipt->extent == EXTENT_HISTORY)
            status = fill_history(shown, receipt, arena, err);
        bool left_out = false;
        if (status == OK)
            status = leave_out(&left_out, &shown->record, receipt, row, arena, err);
        if (status == OK && !left_out)
            return OK;
        if (status == NOT_FOUND) /* erased since */
            status = OK;
    }
    return status;
}

void receipt_rewind(struct receipt *receipt)
{
    receipt->next = 0;
    receipt->withheld = 0;
}

uint64_t receipt_withheld(const struct receipt *receipt)
{
    return receipt->withheld;
}

uint64_t receipt_sequence(const struct receipt *receipt)
{
    return receipt->sequence;
}

void receipt_object(uint8_t id[ENTRY_ID], const struct receipt *receipt)
{
    memset(id, 0, ENTRY_ID);
    if (receipt->object != 0)
        secrets_id(id, &receipt->store->secrets, receipt->object);
}

uint64_t receipt_count(const struct receipt *receipt)
{
    return receipt->shown_count;
}
