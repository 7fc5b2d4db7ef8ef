/* SPDX-License-Identifier: Apache-2.0
 *
 * store/version.h: versions of records, written with their entry and keys, and read again.
 */
#ifndef STORE_VERSION_H
#define STORE_VERSION_H

#include "store/inside.h"

/* A record ready to be written: its form, in a buffer of the store until the next prepare,
 * and the keyed hash by which it is known again. */
struct version {
    const struct record *record;
    struct bytes form;
    uint8_t content[SECRET_HASH];
};
/* TOO_LARGE: an outcome, no failure. */
MUST_USE enum status version_prepare(struct version *out, struct store *store,
                                     const struct record *record, struct err *err);

struct version_write {
    struct record_row *row; /* as it stands; of a new record kind, and case_number if any */
    const struct act *act;  /* NULL: the node itself */
    enum verb verb;
    unsigned roles; /* of a user */
};
/* The entry, the row and the keys; row is what they are now. */
MUST_USE enum status version_write(struct store *store, const struct version_write *write,
                                   const struct version *version, struct err *err);

/* The entry of this sequence; all zero when there is none. */
MUST_USE enum status version_entry(struct entry *entry, struct store *store,
                                   uint64_t sequence, struct err *err);

/* The login behind a user's id, the reference behind a case's, in the arena: empty when it is neither. */
MUST_USE enum status version_name(const char **name, struct store *store,
                                  const uint8_t id[ENTRY_ID], struct arena *arena,
                                  struct err *err);

/* When the record was entered, in seconds since 1970. */
MUST_USE enum status version_entered(int64_t *entered_s, struct store *store,
                                     uint64_t number, struct err *err);

/* The same, after a look at the entries of the first and the shown version: object, verb and case must
 * be those of the row. CONFLICT. */
struct shown_row;
MUST_USE enum status version_check(int64_t *entered_s, struct store *store,
                                   const struct shown_row *row, struct err *err);

/* What is sealed behind an entry, borrowed from a buffer of the store. NOT_FOUND: erased. */
MUST_USE enum status version_payload(struct payload *payload, struct store *store,
                                     uint64_t sequence, struct err *err);

/* The words of a version, in the arena, and the roles a user had. NOT_FOUND: erased. */
MUST_USE enum status version_read(struct record *record, unsigned *roles,
                                  struct store *store, uint64_t sequence,
                                  struct arena *arena, struct err *err);

/* The body of a PAYLOAD_NOTE, in the arena. NOT_FOUND: erased. */
MUST_USE enum status version_read_note(struct bytes *body, struct store *store,
                                       uint64_t sequence, struct arena *arena,
                                       struct err *err);

#endif
