/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/desk_match.h: a desk that compares with other nodes.
 */
#ifndef CLI_DESK_MATCH_H
#define CLI_DESK_MATCH_H

#include "base/json.h"
#include "cli/desk.h"
#include "serve/matching_ask.h"
#include "serve/matching_claim.h"

/* Fills in matching from the desk's node; nothing is to be released but the pool, by
 * desk_matching_end. EXIT_DONE, or it was said why. */
MUST_USE int desk_matching(struct matching *matching, struct desk *desk);
void desk_matching_end(struct matching *matching);

/* The reference of the case that was named, or NULL. */
const char *desk_case_ref(const struct desk *desk);

/* One hit or claim, read by an act of the verb that lists them; in the desk's arena. */
MUST_USE int desk_finding(struct shown *shown, struct desk *desk, enum verb verb,
                          const char *id);

/* Records that were just made or changed: asked of the partners that are agreed for it at once. case_id:
 * the case they are of, all zero: none. Says on standard error what came of it, and what was not asked and
 * how it is; whatever it is, the records are made. */
enum { AT_ONCE_MAX = 64 };
void desk_ask_at_once(struct desk *desk, const uint8_t *ids, size_t count,
                      const uint8_t case_id[ENTRY_ID]);

/* EXIT_USAGE: the legal basis or the case is nothing that a partner can be told. */
MUST_USE int desk_check_reason(struct desk *desk);
/* Has somebody compared the fingerprint of this peer? */
bool desk_is_confirmed(struct desk *desk, struct bytes code);
/* For an answer in words, "" when somebody has; and as a member of one in JSON. */
const char *desk_unconfirmed_word(struct desk *desk, struct bytes code);
void desk_put_confirmed(struct json_writer *json, struct desk *desk, struct bytes code);
/* Says so on standard error when nobody has. */
void desk_say_unconfirmed(struct desk *desk, struct bytes code);

/* Claims that were made of this hit and that the partner has, or may get. */
MUST_USE int desk_tell_claims(struct desk *desk, const uint8_t hit[ENTRY_ID],
                              const char *what);

#endif
