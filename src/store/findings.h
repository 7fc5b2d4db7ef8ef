/* SPDX-License-Identifier: Apache-2.0
 *
 * store/findings.h: the acts of comparing between nodes: what is asked, hits, claims.
 *
 * Functions of the table in act.c, which has checked the right to do it.
 */
#ifndef STORE_FINDINGS_H
#define STORE_FINDINGS_H

#include "store/inside.h"

typedef enum status findings_act(struct receipt *receipt, const struct act *act,
                                 const struct record_row *object, struct err *err);

findings_act findings_match, findings_ask, findings_note, findings_hit, findings_list,
    findings_decide, findings_claim, findings_claim_change, findings_audit,
    findings_publish, findings_watch_read;

/* The record of that number goes when one of the act's objects is erased. */
MUST_USE enum status findings_tie(struct receipt *receipt, const struct act *act,
                                  uint64_t number, struct err *err);
/* What is tied to a record that is being erased goes with it: the reasons of hits and decisions say what
 * it held. */
MUST_USE enum status findings_erase(struct store *store, uint64_t number, struct err *err);

#endif
