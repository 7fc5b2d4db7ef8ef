/* SPDX-License-Identifier: Apache-2.0
 *
 * record/compact.h: an identifier undressed.
 *
 *     "csqu 305438-3"  ->  CSQU3054383
 *
 * People write numbers with blanks, dots, hyphens, slashes and colons in any place,
 * in small letters, with Unicode's dashes and no-break spaces, in full width, with Arabic
 * digits, or on a Cyrillic or Greek keyboard whose А is not our A. None of that is part of
 * the number: separators are dropped and each such letter or digit becomes the ASCII one it
 * stands for. What is ambiguous (O for 0, I for 1) stays as it is: record/near suggests, a
 * person decides.
 *
 * The text borrows from raw when raw was bare already, so that a good number in a large
 * file costs no copy.
 */
#ifndef RECORD_COMPACT_H
#define RECORD_COMPACT_H

#include "record/verdict.h"

enum { COMPACT_MAX = 160 }; /* over the longest identifier, a hash of 128 digits */

struct compact {
    struct bytes text; /* upper-case letters and digits; the first COMPACT_MAX of them */
    size_t len;        /* how many there are in all */
    uint32_t foreign;  /* the first character that is neither kept nor dropped, or 0 */
    uint8_t room[COMPACT_MAX];
};

/* raw must stay as long as compact; compact must not be copied. */
void compact_init(struct compact *compact, struct bytes raw);
/* Drops a word people put before the number ("IMO"), where something follows it. */
void compact_drop_prefix(struct compact *compact, const char *prefix);
/* A text that outlives compact: raw's own bytes where it is the same, else in the arena. */
struct bytes compact_keep(const struct compact *compact, struct bytes part,
                          struct arena *arena);
/* What one character becomes: an ASCII letter or digit, 0 when it is dropped, -1 when
 * foreign. */
int compact_point(uint32_t point);

/* The first position that breaks the shape ('A' a letter, '9' a digit, 'x' either),
 * or shape's length when none. text is at least as long as shape. */
size_t shape_break(const char *shape, struct bytes text);
bool all_digits(struct bytes text);
/* Upper-case letters and digits. */
bool all_plain(struct bytes text);
/* One character over and over: 000000000, 111111. Nobody is given such a number. */
bool all_same(struct bytes text);

/* Refuses, with the sentence, a text with a foreign character, or of another length than
 * `right` (0: any); label is as in "an ISO 6346 number". False when refused. */
bool compact_check(struct value_result *out, const struct compact *compact, size_t right,
                   const char *label, struct arena *arena);

#endif
