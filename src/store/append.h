/* SPDX-License-Identifier: Apache-2.0
 *
 * store/append.h: the log of a node, from the side that writes it (log.c).
 */
#ifndef STORE_APPEND_H
#define STORE_APPEND_H

#include "store/inside.h"

/* Who does what to what; payload in store->payload. */
struct log_line {
    enum verb verb;
    const struct act *act; /* NULL: the node itself */
    uint64_t object, case_number;
    const uint8_t *object_id; /* instead of object: an id that is no number of ours */
    uint64_t slot; /* with own_slot: the key of the record that this is a version of */
    bool own_slot;
    bool with_records; /* the words beside it go with what it shows */
};
/* The entry and the sealed payload of the next sequence. *slot is the one that was used. */
MUST_USE enum status log_append(uint64_t *slot, struct store *store,
                                const struct log_line *line, struct err *err);
/* The case an entry names: that of its object, so that whoever looks over a case sees everything done to
 * it; else the one the act is done for. */
uint64_t log_case(const struct store *store, const struct act *act, uint64_t of_object);
/* After opening: what the tree needs to go on. */
MUST_USE enum status log_load_tile(struct store *store, struct err *err);
/* Reads all entries again and computes the root on another way than by adding leaf after
 * leaf. CONFLICT: they do not agree with the right edge, or with one another. */
MUST_USE enum status log_verify(struct store *store, struct err *err);

#endif
