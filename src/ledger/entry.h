/* SPDX-License-Identifier: Apache-2.0
 *
 * ledger/entry.h: one act in the log: who did what, when, for which case and why.
 *
 *     version 1 | flags 1 | sequence 8 | time 8 | verb 1 | actor 16 | role 1 |
 *     object 16 | case 16 | purpose 1 | commitment 32                          = 101 bytes
 *
 * Every entry has this size and, for one act, one form only: what entry_parse accepts,
 * entry_write gives back byte for byte. docs/format/entry.md says why each field is as it is.
 *
 * Nothing in an entry is personal or can be guessed: ids are random, and what the act was about
 * stands in a payload elsewhere, to which the entry is bound by the commitment
 * SHA-256(salt | payload). The salt is fresh for each entry and erased with the payload. An act
 * without a payload, a filler too, commits to the empty one under a fresh salt: the commitment
 * is what keeps an entry from being guessed by somebody who sees its hash.
 */
#ifndef LEDGER_ENTRY_H
#define LEDGER_ENTRY_H

#include "base/bytes.h"
#include "ledger/verb.h"
#include "record/codes.h"
#include "record/role.h"

enum {
    ENTRY_VERSION = 1,
    ENTRY_SIZE = 101,
    ENTRY_ID = 16,
    ENTRY_SALT = 32,
    ENTRY_COMMITMENT = 32,
};

/* The last moment of the year 2999, the last that record/date can print. */
#define ENTRY_TIME_MAX_MS INT64_C(32503679999999)
/* A tree that holds it has a size that fits into 63 bits, as other log tools expect. */
#define ENTRY_SEQUENCE_MAX ((uint64_t)INT64_MAX - 1)

/* Invariants of an entry that may be written, checked by both functions below:
 * 1. sequence and time_ms lie within the limits above, and time_ms is after 1970 began;
 * 2. the actor is none exactly when the role is the node's;
 * 3. what verb_needs says is there; purpose counts only with has_purpose;
 * 4. the commitment is not all-zero.
 * An id that is all-zero is none. */
struct entry {
    uint64_t sequence; /* place in the log: the first entry is 0 */
    int64_t time_ms;   /* since 1970-01-01 UTC */
    enum verb verb;
    enum role role; /* the one that the actor used for this */
    bool has_purpose;
    enum purpose purpose;
    bool fiction; /* of a node that holds invented data only */
    uint8_t actor[ENTRY_ID], object[ENTRY_ID], case_id[ENTRY_ID];
    uint8_t commitment[ENTRY_COMMITMENT];
};

bool entry_id_is_none(const uint8_t id[ENTRY_ID]);

/* Asserts the invariants. */
void entry_write(uint8_t out[ENTRY_SIZE], const struct entry *entry);
/* Checks every field; on failure *out is untouched. */
MUST_USE enum status entry_parse(struct entry *out, struct bytes wire, struct err *err);

/* The salt is ENTRY_SALT random bytes that no other entry uses. */
void entry_commit(uint8_t out[ENTRY_COMMITMENT], const uint8_t salt[ENTRY_SALT],
                  struct bytes payload);

#endif
