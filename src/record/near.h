/* SPDX-License-Identifier: Apache-2.0
 *
 * record/near.h: what a wrong identifier may have been meant to be.
 *
 * A check digit says that something is wrong and, tried the other way round, which few slips would
 * explain it. In this order, because it is the order of how often hands and eyes do it:
 *
 *     look-alikes put right      O for 0, I for 1, where the form says which of the two it must be
 *     two neighbours exchanged   QZAU2045148 -> QZAU2045184
 *     one character changed      digits to any digit, letters only to a look-alike
 *     the check digit itself     the same number with the digit it should have
 *     one typed twice, or too much behind; or the check digit left off
 *
 * Only candidates that are right are listed, each once. Nothing here is ever applied: a
 * person with the paper in hand chooses, or none.
 */
#ifndef RECORD_NEAR_H
#define RECORD_NEAR_H

#include "base/memory.h"

#include <stdbool.h>

enum { NEAR_TEXT_MAX = 128 };

struct near_rule {
    size_t len; /* of a right one; 0: that of the text given */
    /* A class a character, the last one also for all that follow: 'A' a letter, '9' a
     * digit, 'x' a letter or digit, '~' change only for a look-alike, 'b' base58's
     * alphabet, 'c' bech32's. */
    const char *shape;
    bool (*right)(struct bytes text);
    /* Put the right check digits into text; false when there are none. NULL: the type has
     * no check digit that is calculated from the rest. */
    bool (*repair)(uint8_t *text, size_t len);
    size_t check_at, check_len; /* left alone by the one-character changes; the repair's */
};

/* Fills at most max, gives the number filled; 0 when text is right already. The candidates
 * are in the arena. */
size_t near_suggest(struct bytes *out, size_t max, const struct near_rule *rule,
                    struct bytes text, struct arena *arena);

#endif
