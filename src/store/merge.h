/* SPDX-License-Identifier: Apache-2.0
 *
 * store/merge.h: what a row of a file makes of a record that is here already.
 *
 *     base   the last version that came from a file, if any
 *     last   the version that stands now: base, or what people have made of it since
 *     given  the row
 *
 * What the source says as it did before is old news: what people changed here stands. What it says
 * otherwise than before is taken, property by property, and so is what stands around the record
 * (status, handling, evaluation, purpose, review), where the row says it at all: what a file leaves
 * out was not said, and changes nothing. Three things no file does, since lives hang on them: it ends
 * no protection and no acquittal, it lifts no restriction, and it makes nobody a potential offender
 * (that a supervisor does); such a row is refused with a sentence. And a day of review never moves
 * further away.
 */
#ifndef STORE_MERGE_H
#define STORE_MERGE_H

#include "record/record.h"

struct merge_sides {
    const struct record *given, *base /* NULL: none */, *last;
};

/* *out: last, with what `given` says that base did not; in the arena, values borrowed from the sides.
 * *news: it differs from last. entered_s: when the record was entered, in seconds since 1970. */
void merge_records(struct record *out, bool *news, const struct merge_sides *sides,
                   int64_t entered_s, struct arena *arena);
/* What a file may not do to `last`, or (NULL) make a new record: REFUSED with the sentence. */
MUST_USE enum status merge_check(const struct record *merged, const struct record *last,
                                 bool supervisor, struct err *err);

#endif
