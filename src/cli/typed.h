/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/typed.h: a record typed by a person, one `name=value` after the other.
 *
 *     containerNumber=QZAU2045184      a property of the schema
 *     @status=witness                  what stands around the record (record/around.h)
 *     id=XA-SZ-2026-0041               the writer's own reference
 *
 * A person sits there and has the paper in hand. So what a file may have (an unknown property, a
 * value that is not what it should be) is refused here, with what it may have been meant to be.
 */
#ifndef CLI_TYPED_H
#define CLI_TYPED_H

#include "record/record.h"

/* Says to a person what is wanted. */
void typed_invite(const struct schema *schema);
/* Takes the end off a line as it was read. BAD_INPUT: it is no text. */
MUST_USE enum status typed_line(char *line, size_t len, struct err *err);
/* Splits "name=value"; the name in the arena. BAD_INPUT when there is no "=". */
MUST_USE enum status typed_split(const char **name, struct bytes *value, const char *word,
                                 struct arena *arena, struct err *err);
/* Adds one to the record, which is not finished yet. BAD_INPUT with what would be right; also for the
 * second of what a record has one of (its id, @status ...). given: 0 before the first of a record. */
MUST_USE enum status typed_add(struct record *record, unsigned *given, const char *name,
                               struct bytes value, struct err *err);
/* Of a finished record, the values from the index on: the first that is no good is told in err, with
 * suggestions; those that are odd are told on standard error. */
MUST_USE enum status typed_check(const struct record *record, size_t from, struct err *err);

#endif
