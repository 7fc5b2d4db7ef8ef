/* SPDX-License-Identifier: Apache-2.0 */
#include "store/index.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>

enum { TEXT_MAX = KEY_VALUE_MAX + RECORD_ID_MAX + UINT16_MAX, PLACES_FIRST = 1024 };

static struct key_row hash_of(const struct secrets *secrets, struct buf *text)
{
    uint8_t hash[SECRET_HASH];
    secrets_hash(hash, secrets->index, buf_bytes(text));
    return (struct key_row){.hi = load_be64(hash), .lo = load_be64(hash + 8)};
}

static struct key_row hash_of_text(const struct secrets *secrets, char domain,
                                   const char *word)
{
    struct buf text = {.max = TEXT_MAX};
    buf_add_byte(&text, (uint8_t)domain);
    buf_add_text(&text, word);
    struct key_row row = hash_of(secrets, &text);
    buf_release(&text);
    return row;
}

static struct key_row hash_of_key(const struct secrets *secrets, const struct key *key,
                                  struct buf *text)
{
    buf_clear(text);
    buf_add_byte(text, 'K');
    buf_add_text(text, key_class_row(key->class)->name);
    buf_add_byte(text, ':');
    buf_add(text, key->value);
    return hash_of(secrets, text);
}

struct key_row index_of_key(const struct secrets *secrets, const struct key *key)
{
    struct buf text = {.max = TEXT_MAX};
    struct key_row row = hash_of_key(secrets, key, &text);
    buf_release(&text);
    return row;
}

static struct key_row hash_of_source(const struct secrets *secrets, char domain,
                                     uint64_t case_number, const char *owner,
                                     struct bytes id)
{
    struct buf text = {.max = TEXT_MAX};
    size_t owner_len = strlen(owner);
    buf_add_byte(&text, (uint8_t)domain);
    buf_add_be64(&text, case_number);
    buf_add_be16(&text, (uint16_t)owner_len);
    buf_add(&text, bytes_of(owner, owner_len));
    buf_add(&text, id);
    struct key_row row = hash_of(secrets, &text);
    buf_release(&text);
    return row;
}

struct key_row index_of_source_id(const struct secrets *secrets, uint64_t case_number,
                                  const char *owner, struct bytes id)
{
    return hash_of_source(secrets, 'S', case_number, owner, id);
}

struct key_row index_of_source(const struct secrets *secrets, uint64_t case_number,
                               const struct record *record)
{
    return index_of_source_id(secrets, case_number, record->owner, bytes_text(record->id));
}

struct key_row index_of_reference(const struct secrets *secrets, uint64_t case_number,
                                  const char *owner, struct bytes id)
{
    return hash_of_source(secrets, 'R', case_number, owner, id);
}

static struct key_row hash_of_id(const struct secrets *secrets, char domain,
                                 uint64_t case_number, struct bytes id)
{
    struct buf text = {.max = TEXT_MAX};
    buf_add_byte(&text, (uint8_t)domain);
    buf_add_be64(&text, case_number);
    buf_add(&text, id);
    struct key_row row = hash_of(secrets, &text);
    buf_release(&text);
    return row;
}

struct key_row index_of_others_source_id(const struct secrets *secrets,
                                         uint64_t case_number, struct bytes id)
{
    return hash_of_id(secrets, 'A', case_number, id);
}

struct key_row index_of_others_reference(const struct secrets *secrets,
                                         uint64_t case_number, struct bytes id)
{
    return hash_of_id(secrets, 'B', case_number, id);
}

struct key_row index_of_tombstone(const struct secrets *secrets, uint64_t case_number,
                                  const struct record *record)
{
    return hash_of_source(secrets, 'E', case_number, record->owner, bytes_text(record->id));
}

struct key_row index_of_tie(const struct secrets *secrets, uint64_t number)
{
    struct buf text = {.max = TEXT_MAX};
    buf_add_byte(&text, 'N');
    buf_add_be64(&text, number);
    struct key_row row = hash_of(secrets, &text);
    buf_release(&text);
    return row;
}

bool index_is_tie(const struct record_value *value)
{
    return value->property != NULL && value->property->kind == VALUE_ENTITY &&
           (value->property->flags & PROPERTY_STUB) == 0 && value->raw.len > 0 &&
           value->raw.len <= RECORD_ID_MAX;
}

bool index_tie_number(uint64_t *number, const struct secrets *secrets,
                      const struct record_value *value)
{
    uint8_t id[ENTRY_ID];
    return hex_read(id, sizeof id, text_trim(value->raw)) &&
           secrets_number(number, secrets, id);
}

static void add_once(struct index_names *out, size_t first, struct key_row row)
{
    for (size_t i = first; i < out->count; i++)
        if (out->rows[i].hi == row.hi && out->rows[i].lo == row.lo)
            return;
    out->rows[out->count++] = row;
}

/* Each once: two properties may name one record. */
static void add_ties(struct index_names *out, const struct secrets *secrets,
                     const struct record *record, uint64_t case_number)
{
    size_t first = out->count;
    for (size_t i = 0; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        uint64_t number;
        if (!index_is_tie(value))
            continue;
        struct bytes id = text_trim(value->raw);
        if (index_tie_number(&number, secrets, value)) {
            add_once(out, first, index_of_tie(secrets, number));
            continue;
        }
        add_once(out, first, index_of_reference(secrets, case_number, record->owner, id));
        if (record->owner[0] != '\0')
            add_once(out, first, index_of_others_reference(secrets, case_number, id));
    }
}

struct key_row index_of_user(const struct secrets *secrets, const char *login)
{
    return hash_of_text(secrets, 'U', login);
}

struct key_row index_of_case(const struct secrets *secrets, const char *reference)
{
    return hash_of_text(secrets, 'C', reference);
}

struct key_row index_of_peer(const struct secrets *secrets, const char *code)
{
    return hash_of_text(secrets, 'P', code);
}

struct key_row index_of_finding(const struct secrets *secrets, const char *id)
{
    return hash_of_text(secrets, 'H', id);
}

struct key_row index_of_status(const struct secrets *secrets, const char *word)
{
    return hash_of_text(secrets, 'Q', word);
}

/* A rule that no clock changes: whoever is a minor on any day from now on was born since, or was so on
 * one of these days by a year in what cannot be read. */
static bool is_young(const struct record *record)
{
    static const char *const days[] = {"2026-01-01", "2044-01-01"};
    const char *why;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        if (!status_is_protected(record->status) &&
            record_is_protected(&why, record, days[i]))
            return true;
    return false;
}

static void add_status(struct index_names *out, const struct secrets *secrets,
                       const struct record *record)
{
    if (status_is_protected(record->status) || record->status == STATUS_ACQUITTED)
        out->rows[out->count++] = index_of_status(secrets, status_word(record->status));
    if (is_young(record))
        out->rows[out->count++] = index_of_status(secrets, INDEX_YOUNG);
}

void index_of_record(struct index_names *out, const struct secrets *secrets,
                     const struct record *record, const struct record_row *row,
                     struct arena *arena)
{
    struct key_list keys = {0};
    if (row->kind == KIND_THING)
        keys_of_record(&keys, record, arena);
    size_t most = keys.count + 4 + 2 * record->count;
    out->rows = arena_alloc(arena, most * sizeof *out->rows);
    out->count = 0;
    switch (row->kind) {
    case KIND_THING:
        out->rows[out->count++] = index_of_source(secrets, row->case_number, record);
        if (record->owner[0] != '\0')
            out->rows[out->count++] = index_of_others_source_id(secrets, row->case_number,
                                                                bytes_text(record->id));
        add_ties(out, secrets, record, row->case_number);
        add_status(out, secrets, record);
        break;
    case KIND_CASE:
        out->rows[out->count++] = index_of_case(secrets, record->id);
        break;
    case KIND_USER:
        out->rows[out->count++] = index_of_user(secrets, record->id);
        break;
    case KIND_PEER:
        out->rows[out->count++] = index_of_peer(secrets, record->id);
        break;
    case KIND_HIT:
    case KIND_CLAIM:
        out->rows[out->count++] = index_of_finding(secrets, record->id);
        break;
    }
    struct buf text = {.max = TEXT_MAX};
    for (size_t i = 0; i < keys.count; i++)
        out->rows[out->count++] = hash_of_key(secrets, &keys.items[i], &text);
    buf_release(&text);
}

/* ---- Waiting rows ---- */

void index_release(struct index *index)
{
    free(index->rows);
    free(index->places);
    free(index->next);
    *index = (struct index){0};
}

/* In front of those that begin alike: a key that thousands of records have costs no more than others. */
static void put_place(struct index *index, size_t row)
{
    uint32_t *first =
        &index->places[(size_t)index->rows[row].hi & (index->place_count - 1)];
    index->next[row] = *first;
    *first = (uint32_t)row + 1;
}

/* As many places as rows, or more, so that a look-up ends soon. */
static void make_places(struct index *index)
{
    if (index->count <= index->place_count)
        return;
    index->place_count = index->place_count > 0 ? 2 * index->place_count : PLACES_FIRST;
    index->places = xrealloc(index->places, index->place_count, sizeof *index->places);
    memset(index->places, 0, index->place_count * sizeof *index->places);
    for (size_t i = 0; i < index->count - 1; i++) /* the last is put by its adder */
        put_place(index, i);
}

/* What an import made large is given back: clearing it would cost the few that follow more than all
 * else. */
static void clear_places(struct index *index)
{
    enum { FEW = 16 };
    if (index->place_count > PLACES_FIRST && index->count < index->place_count / FEW) {
        free(index->places);
        index->places = NULL;
        index->place_count = 0;
        return;
    }
    memset(index->places, 0, index->place_count * sizeof *index->places);
}

static void add_row(struct index *index, struct key_row row, uint64_t number)
{
    grow_to((void **)&index->rows, &index->capacity, index->count, sizeof *index->rows);
    grow_to((void **)&index->next, &index->next_capacity, index->count,
            sizeof *index->next);
    row.number = number;
    index->rows[index->count++] = row;
    make_places(index);
    put_place(index, index->count - 1);
}

void index_add(struct index *index, const struct index_names *names, uint64_t number)
{
    for (size_t i = 0; i < names->count; i++)
        add_row(index, names->rows[i], number);
}

enum status index_flush(struct index *index, struct database *db, struct err *err)
{
    if (index->count == 0)
        return OK;
    enum status status = database_add_keys(db, index->rows, index->count, err);
    clear_places(index);
    index->count = 0;
    return status;
}

static bool same_hash(const struct key_row *a, const struct key_row *b)
{
    return a->hi == b->hi && a->lo == b->lo;
}

enum status index_find_one(uint64_t *number, const struct index *index, struct database *db,
                           struct key_row name, struct err *err)
{
    size_t count = 0;
    uint32_t at = 0;
    if (index->count > 0)
        at = index->places[(size_t)name.hi & (index->place_count - 1)];
    for (; at != 0; at = index->next[at - 1]) {
        const struct key_row *row = &index->rows[at - 1];
        if (same_hash(row, &name)) {
            *number = row->number;
            return OK;
        }
    }
    enum status status = database_find_key(number, &count, 1, db, name.hi, name.lo, err);
    return status == OK && count == 0 ? NOT_FOUND : status;
}

static bool has(const struct index_names *names, const struct key_row *row)
{
    for (size_t i = 0; i < names->count; i++)
        if (same_hash(&names->rows[i], row))
            return true;
    return false;
}

enum status index_change(struct index *index, struct database *db,
                         const struct index_names *old, const struct index_names *now,
                         uint64_t number, struct err *err)
{
    enum status status = index_flush(index, db, err); /* old rows may be waiting still */
    for (size_t i = 0; i < old->count && status == OK; i++) {
        struct key_row row = old->rows[i];
        row.number = number;
        if (!has(now, &row))
            status = database_remove_key(db, &row, err);
    }
    for (size_t i = 0; i < now->count && status == OK; i++)
        if (!has(old, &now->rows[i]))
            add_row(index, now->rows[i], number);
    return status;
}
