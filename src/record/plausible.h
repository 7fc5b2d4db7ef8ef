/* SPDX-License-Identifier: Apache-2.0
 *
 * record/plausible.h: numbers and days that cannot be, as a person types them.
 *
 * An amount below zero, a purity over 100 %, a latitude over 90 degrees, more net than gross, a seizure
 * tomorrow: a slip of the hand, and whoever made it sits there. A file may have them: what somebody else
 * wrote is kept, and told where it matters.
 */
#ifndef RECORD_PLAUSIBLE_H
#define RECORD_PLAUSIBLE_H

#include "record/record.h"

/* Of a finished record, the values from the index on; today: ISO date. BAD_INPUT with the sentence. */
MUST_USE enum status plausible_check(const struct record *record, size_t from,
                                     const char *today, struct err *err);

#endif
