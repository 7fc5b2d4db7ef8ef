/* SPDX-License-Identifier: Apache-2.0
 *
 * store/conditions.h: what may be changed of what stands around a record, and of whose record.
 *
 *     owner        never by an edit
 *     the words    of another agency's record: never here; it sends a new version, or what was copied
 *                  wrongly is erased and entered again
 *     its status, evaluation, purpose: with a reason (that agency is to be told)
 *     handling     codes of another agency may grow, never shrink; H1, H2 and H3 of our own are lifted
 *                  by a supervisor who did not write the version that bears them, with a reason
 *     H3           has a text
 *     review       never later without a reason, never over five years ahead, never in the past; an
 *                  acquittal brings it within 30 days
 *     status       potential-offender is given, informant is ended by a supervisor; what protects (witness,
 *                  victim, informant, acquitted) ends with a reason
 *
 * "A reason": act.reason, which the entry keeps. Sources: INTERPOL's Rules on the Processing of Data
 * (ownership, retention); Europol's handling codes; Directive (EU) 2016/680, articles 4 to 6. An
 * import is a file's word, under its owner's conditions, and does not pass here.
 */
#ifndef STORE_CONDITIONS_H
#define STORE_CONDITIONS_H

#include "store/inside.h"

/* Both refuse in the receipt; the status is a failure of the machine. */
MUST_USE enum status conditions_of_new(struct receipt *receipt, const struct act *act,
                                       struct err *err);
MUST_USE enum status conditions_of_edit(struct receipt *receipt, const struct act *act,
                                        const struct record_row *object, struct err *err);

#endif
