/* SPDX-License-Identifier: Apache-2.0
 *
 * record/around.h: what stands around a record, as files write it: "status": "witness".
 *
 * One table of the six names, for FollowTheMoney lines (members beside `properties`) and
 * for mapping files (`@status`). Protection hangs on these, so an unknown word is never
 * ignored.
 */
#ifndef RECORD_AROUND_H
#define RECORD_AROUND_H

#include "record/record.h"

enum around {
    AROUND_OWNER,
    AROUND_STATUS,
    AROUND_HANDLING,
    AROUND_EVALUATION,
    AROUND_PURPOSE,
    AROUND_REVIEW,
    AROUND_COUNT
};

/* "status", or AROUND_COUNT when it is none of the six. */
enum around around_find(struct bytes name);
const char *around_name(enum around which);
/* The six, with commas, for a sentence. */
const char *around_list(void);
/* Set it from trimmed text that is not empty. Handling adds to what is there: one or more
 * codes
 * ("H1 H2"), or "H3: " and its free text. */
MUST_USE enum status around_set(struct record *record, enum around which, struct bytes text,
                                struct err *err);

/* The codes of both, and the texts of both: of what is derived from several records. */
void around_join_handling(struct record *out, const struct record *other);
/* The same in both; take it over, borrowed. */
bool around_same(const struct record *a, const struct record *b, enum around which);
void around_take(struct record *out, const struct record *from, enum around which);

#endif
