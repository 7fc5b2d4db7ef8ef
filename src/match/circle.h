/* SPDX-License-Identifier: Apache-2.0
 *
 * match/circle.h: the name of a circle: partners under the same agreement.
 *
 * Lower-case ASCII letters, digits and hyphens, 1 to CIRCLE_MAX; on the wire a field of
 * CIRCLE_FIELD bytes, filled up with zeros. Each circle has its own keys, maps and tags, so
 * that what one circle sees cannot be joined with what another sees.
 */
#ifndef MATCH_CIRCLE_H
#define MATCH_CIRCLE_H

#include "base/bytes.h"

enum { CIRCLE_MAX = 31, CIRCLE_FIELD = 32 };

struct circle {
    char name[CIRCLE_FIELD]; /* NUL-terminated, zeros to the end */
};

MUST_USE enum status circle_parse(struct circle *circle, struct bytes name,
                                  struct err *err);
/* Reads the field; sets cursor->failed when it is not the one form of such a name. */
void circle_read(struct circle *circle, struct cursor *cursor);
void circle_add(struct buf *out, const struct circle *circle);
bool circle_equal(const struct circle *a, const struct circle *b);

#endif
