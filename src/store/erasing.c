/* SPDX-License-Identifier: Apache-2.0 */
#include "store/erasing.h"

#include "record/fold.h"
#include "record/words.h"
#include "store/append.h"
#include "store/findings.h"
#include "store/version.h"

#include <sodium.h>

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

enum status erasing_act(struct receipt *receipt, const struct act *act,
                        const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct record_row row = *object;
    struct last_words last = {.words.max = SIZE_MAX};
    struct slot_list slots = {0};
    if (object->kind != KIND_THING)
        return refuse(
            receipt, REFUSED,
            object->kind == KIND_HIT || object->kind == KIND_CLAIM
                ? "hits and claims are not erased by themselves: a hit goes with the "
                  "record that it is about, and a claim says what was told"
                : "users, cases and peers are not erased: the log names them");
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
