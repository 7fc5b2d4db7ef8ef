/* SPDX-License-Identifier: Apache-2.0 */
#include "store/import.h"

#include "base/text.h"
#include "store/append.h"
#include "store/merge.h"
#include "store/people.h"
#include "store/version.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* A group of rows is committed when it has so many, or so many bytes of payload. */
enum { GROUP_ROWS = 8192, GROUP_BYTES = 8 * 1024 * 1024 };

struct import {
    struct store *store;
    struct act act;
    char *reason;
    uint64_t number, case_number; /* number: of the beginning entry */
    uint64_t last;                /* number of the record given last, unless rejected */
    struct import_counts durable, waiting;
    enum import_outcome outcome; /* of the last record */
    size_t rows, bytes;          /* waiting */
    uint64_t people_version;
    uint8_t *seen; /* a bit for each number: the record was in a row of this import */
    size_t seen_bytes;
    bool has_tombstones;
    struct err why; /* of the last record, if it was rejected */
};

/* ---- Rows that are not taken ---- */

static enum status reject(struct import *import, const char *format, ...) PRINTF_LIKE(2, 3);
static enum status reject(struct import *import, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(import->why.text, sizeof import->why.text, format, args);
    va_end(args);
    import->outcome = IMPORT_REJECTED;
    return OK;
}

static bool is_seen(const struct import *import, uint64_t number)
{
    return number / 8 < import->seen_bytes &&
           (import->seen[number / 8] >> number % 8 & 1) != 0;
}

static void note_seen(struct import *import, uint64_t number)
{
    import->last = number;
    if (number / 8 >= import->seen_bytes) {
        size_t wanted = 2 * (number / 8 + 64);
        import->seen = xrealloc(import->seen, wanted, 1);
        memset(import->seen + import->seen_bytes, 0, wanted - import->seen_bytes);
        import->seen_bytes = wanted;
    }
    import->seen[number / 8] |= (uint8_t)(1U << number % 8);
}

/* What was erased comes back only when somebody says so. */
static enum status check_erased(bool *erased, struct import *import,
                                const struct record *record, struct err *err)
{
    struct store *store = import->store;
    *erased = false;
    if (!import->has_tombstones)
        return OK;
    struct key_row name = index_of_tombstone(&store->secrets, import->case_number, record);
    return database_has_tombstone(erased, store->db, &name, err);
}

/* Ids of two files may meet: a person does not turn into a ship. */
static enum status reject_schema(struct import *import, const struct record *given,
                                 const struct record *last)
{
    return reject(
        import,
        "\"%.100s\" is the id of a %s here already, and this is a %s; ids of two files "
        "meet: import this one for a case of its own, or with other ids",
        given->id, last->schema->name, given->schema->name);
}

/* May this person import here, now? Asked again whenever roles or membership changed. */
static enum status check(struct receipt *receipt, struct import *import, struct err *err)
{
    enum status status = people_check(receipt, &import->act, NULL, err);
    struct err why;
    if (status == OK && receipt->outcome == OK &&
        store_check_keys(import->store, &why) != OK)
        status = refuse(receipt, REFUSED, "%s", why.text);
    import->people_version = import->store->people_version;
    return status;
}

static enum status log_import(struct import *import, enum verb verb, uint64_t number,
                              const struct import_counts *counts, struct err *err)
{
    struct store *store = import->store;
    struct log_line line = {.verb = verb,
                            .act = &import->act,
                            .object = number,
                            .case_number = import->case_number};
    uint64_t slot;
    aside_begin(store, PAYLOAD_IMPORT, import->act.reason, (struct bytes){0});
    buf_add_be64(&store->payload, counts->added);
    buf_add_be64(&store->payload, counts->changed);
    buf_add_be64(&store->payload, counts->unchanged);
    return log_append(&slot, store, &line, err);
}

static enum status commit(struct import *import, struct err *err)
{
    enum status status = store_commit(import->store, err);
    if (status != OK)
        return status;
    import->durable.added += import->waiting.added;
    import->durable.changed += import->waiting.changed;
    import->durable.unchanged += import->waiting.unchanged;
    import->waiting = (struct import_counts){0};
    import->rows = import->bytes = 0;
    return OK;
}

/* Asks; a refusal is made durable and told. */
static enum status ask(struct import *import, struct err *err)
{
    struct store *store = import->store;
    struct err why = {0};
    enum status status = store_begin(store, err);
    if (status != OK)
        return status;
    struct receipt *receipt = receipt_new(store, VERB_IMPORT_BEGIN);
    status = check(receipt, import, &why);
    if (status == OK && receipt->outcome != OK)
        status = receipt_log_refusal(receipt, &import->act, &why);
    if (status != OK) {
        status = store_stop(store, &why, err);
    } else if (receipt->outcome != OK) {
        status = commit(import, err);
        if (status == OK)
            status = receipt_open(receipt, err);
    }
    receipt_close(receipt);
    return status;
}

enum status import_open(struct import **out, struct store *store, const struct act *as,
                        struct err *err)
{
    if (entry_id_is_none(as->who))
        return fail(err, BAD_INPUT, "an import must say who does it");
    struct import *import = xcalloc(1, sizeof *import);
    struct err why = {0};
    import->store = store;
    database_bulk(store->db, true);
    import->act = *as;
    import->reason = as->reason != NULL ? xstrdup(as->reason) : NULL;
    import->act.reason = import->reason;
    import->act.verb = VERB_IMPORT_BEGIN;
    enum status status = ask(import, err);
    if (status != OK)
        goto out;
    status = database_has_any_tombstone(&import->has_tombstones, store->db, err);
    if (status != OK)
        goto out;
    if (!entry_id_is_none(as->case_id))
        secrets_number(&import->case_number, &store->secrets, as->case_id);
    import->number = store->head.tree.size;
    if (log_import(import, VERB_IMPORT_BEGIN, import->number, &import->durable, &why) != OK)
        status = store_stop(store, &why, err);
    else
        status = commit(import, err);
out:
    if (status != OK) {
        import_close(import);
        return status;
    }
    *out = import;
    return OK;
}

void import_close(struct import *import)
{
    if (import == NULL)
        return;
    database_bulk(import->store->db, false);
    free(import->reason);
    free(import->seen);
    free(import);
}

/* A day of review that is the one by the rules says nothing of its own: what this node exported
 * comes back so. Then *version becomes that of *silent, which does not name it. */
static enum status drop_review(struct version *version, struct record *silent,
                               struct store *store, const struct record_row *row,
                               struct err *err)
{
    char review[DATE_TEXT_SIZE];
    int64_t entered_s = 0;
    *silent = *version->record;
    silent->review = "";
    if (version->record->review[0] == '\0')
        return OK;
    enum status status = version_entered(&entered_s, store, row->number, err);
    record_review(review, silent, entered_s);
    if (status == OK && strcmp(review, version->record->review) == 0)
        status = version_prepare(version, store, silent, err);
    return status;
}

/* Of a record that came without an id this node exports its own: so it is known again, and *version
 * becomes that of *own, which has the id that was made for it. NOT_FOUND without a sentence. */
static enum status find_own(struct record_row *row, struct version *version,
                            struct record *own, struct import *import, struct err *err)
{
    struct store *store = import->store;
    const struct record *given = version->record;
    struct record last;
    uint8_t id[ENTRY_ID];
    uint64_t number;
    unsigned roles;
    if (given->id_made || !hex_read(id, sizeof id, bytes_text(given->id)) ||
        !secrets_number(&number, &store->secrets, id))
        return NOT_FOUND;
    enum status status = database_record(row, store->db, number, err);
    if (status != OK || row->kind != KIND_THING || row->case_number != import->case_number)
        return status == OK ? NOT_FOUND : status;
    if (row->erased)
        return OK;
    status = version_read(&last, &roles, store, row->latest, &store->scratch, err);
    if (status != OK)
        return status == IO_FAILED ? status : NOT_FOUND;
    if (!last.id_made || strcmp(last.owner, given->owner) != 0)
        return NOT_FOUND;
    *own = *given;
    own->id = last.id;
    own->id_made = true;
    return version_prepare(version, store, own, err);
}

static enum status reject_erased(struct import *import, const char *id)
{
    return reject(import,
                  "\"%.100s\" was erased here, and an import does not bring it back; "
                  "`enlace new` enters it again, if that is lawful",
                  id);
}

static enum status add_record(struct import *import, const struct version *version,
                              struct err *err)
{
    struct record_row row = {.kind = KIND_THING, .case_number = import->case_number};
    struct version_write write = {.row = &row, .act = &import->act, .verb = VERB_NEW};
    bool erased = false;
    enum status status = check_erased(&erased, import, version->record, err);
    if (status == OK && erased)
        return reject_erased(import, version->record->id);
    if (status == OK &&
        merge_check(version->record, NULL, import->act.role == ROLE_SUPERVISOR, err) != OK)
        return reject(import, "%s", err->text);
    import->waiting.added++;
    import->outcome = IMPORT_ADDED;
    if (status == OK)
        status = version_write(import->store, &write, version, err);
    note_seen(import, row.number);
    return status;
}

/* The last version that came from a file, if it is not the one that stands. */
static enum status find_base(struct record *base, bool *found, struct import *import,
                             const struct record_row *row, struct err *err)
{
    struct store *store = import->store;
    struct slot_list versions = {0}; /* sequences, rising */
    unsigned roles;
    enum status status = database_versions(&versions, store->db, row, err);
    *found = false;
    for (size_t i = versions.count; i > 0 && status == OK && !*found; i--) {
        enum status read =
            version_read(base, &roles, store, versions.items[i - 1], &store->scratch, err);
        *found = read == OK && base->from_file;
        if (read == IO_FAILED)
            status = read;
    }
    slot_list_release(&versions);
    return status;
}

static void leave(struct import *import)
{
    import->waiting.unchanged++;
    import->outcome = IMPORT_UNCHANGED;
}

/* The content is another than what stands. *version becomes what is to be written; *written: it is. */
static enum status merge(bool *written, struct record *merged, struct version *version,
                         struct import *import, const struct record_row *row,
                         struct err *err)
{
    struct store *store = import->store;
    const struct record *given = version->record;
    struct record last, base;
    int64_t entered_s;
    unsigned roles;
    bool news, has_base = true;
    *written = false;
    enum status status =
        version_read(&last, &roles, store, row->latest, &store->scratch, err);
    if (status == IO_FAILED)
        return status;
    if (status != OK) { /* what cannot be read is replaced */
        *written = true;
        return OK;
    }
    if (last.schema != given->schema)
        return reject_schema(import, given, &last);
    if (last.from_file)
        base = last;
    else
        status = find_base(&base, &has_base, import, row, err);
    if (status == OK)
        status = version_entered(&entered_s, store, row->number, err);
    if (status != OK)
        return status;
    merge_records(merged, &news,
                  &(struct merge_sides){given, has_base ? &base : NULL, &last}, entered_s,
                  &store->scratch);
    if (!news) {
        leave(import);
        return OK;
    }
    if (merge_check(merged, &last, import->act.role == ROLE_SUPERVISOR, err) != OK)
        return reject(import, "%s", err->text);
    *written = true;
    return version_prepare(version, store, merged, err);
}

/* Adds, changes, or leaves the record; a failure is the machine's. */
static enum status put_record(struct import *import, struct version *version,
                              struct err *err)
{
    struct store *store = import->store;
    struct record_row row = {0};
    struct version_write write = {.row = &row, .act = &import->act, .verb = VERB_EDIT};
    struct record silent, own, merged;
    const char *id = version->record->id;
    uint64_t number;
    bool written;
    import->why.text[0] = '\0';
    enum status status = index_find_one(
        &number, &store->index, store->db,
        index_of_source(&store->secrets, import->case_number, version->record), err);
    if (status == NOT_FOUND) {
        status = find_own(&row, version, &own, import, err);
        if (status == NOT_FOUND)
            return add_record(import, version, err);
        if (status == TOO_LARGE)
            return reject(import, "%s", err->text);
    } else if (status == OK) {
        status = database_record(&row, store->db, number, err);
    }
    if (status == OK && row.erased)
        return reject_erased(import, id);
    if (status == OK)
        status = drop_review(version, &silent, store, &row, err);
    if (status != OK)
        return status;
    bool repeats = is_seen(import, row.number);
    note_seen(import, row.number);
    if (memcmp(row.content, version->content, sizeof row.content) == 0) {
        leave(import);
        return OK;
    }
    if (repeats)
        return reject(
            import,
            "the id \"%.100s\" came before in this file, with other content; only "
            "the first is taken",
            id);
    status = merge(&written, &merged, version, import, &row, err);
    if (status != OK || !written)
        return status == TOO_LARGE ? reject(import, "%s", err->text) : status;
    import->waiting.changed++;
    import->outcome = IMPORT_CHANGED;
    return version_write(store, &write, version, err);
}

enum status import_add(struct import *import, const struct record *record, struct err *err)
{
    struct store *store = import->store;
    struct version version;
    struct err why = {0};
    enum status status = store_begin(store, err);
    if (status == OK && store->people_version != import->people_version)
        status = ask(import, err);
    if (status != OK)
        return status;
    arena_reset(&store->scratch);
    struct record given = *record;
    given.from_file = true;
    status = version_prepare(&version, store, &given, err);
    if (status != OK)
        return status;
    if (put_record(import, &version, &why) != OK)
        return store_stop(store, &why, err);
    import->rows++;
    import->bytes += version.form.len;
    return import->rows >= GROUP_ROWS || import->bytes >= GROUP_BYTES ? commit(import, err)
                                                                      : OK;
}

enum status import_finish(struct import *import, struct err *err)
{
    struct store *store = import->store;
    struct import_counts total = import->durable;
    struct err why = {0};
    total.added += import->waiting.added;
    total.changed += import->waiting.changed;
    total.unchanged += import->waiting.unchanged;
    enum status status = store_begin(store, err);
    if (status == OK && store->people_version != import->people_version)
        status = ask(import, err);
    if (status != OK)
        return status;
    if (log_import(import, VERB_IMPORT_END, import->number, &total, &why) != OK ||
        words_save(store, &why) != OK)
        return store_stop(store, &why, err);
    return commit(import, err);
}

enum import_outcome import_outcome(const struct import *import)
{
    return import->outcome;
}

void import_object(uint8_t id[ENTRY_ID], const struct import *import)
{
    secrets_id(id, &import->store->secrets, import->last);
}

const char *import_why(const struct import *import)
{
    return import->why.text;
}

struct import_counts import_counts(const struct import *import)
{
    return import->durable;
}
