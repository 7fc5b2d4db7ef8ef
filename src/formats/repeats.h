/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/repeats.h: an identity for rows that come without an id: their content, and the
 * how-manieth row of the file with this content it is.
 *
 *     ids-4f0c...e1        the first row with this content (32 hexadecimal digits)
 *     ids-4f0c...e1-2      the second
 *
 * So identical rows are all kept, and reading the same file again gives the same ids.
 *
 * Every row puts 72 bits of (content, ordinal) into one set of sorted 7-byte entries, about
 * 9 bytes a row. The ordinal is found by asking for ordinals until one is absent,
 * doubling and then halving, so a file of one row repeated costs no more memory than any
 * other. That two different rows are taken for one happens with a chance of 6e-8 in a file
 * of 22 million rows. Past REPEATS_MAX rows the set grows no further: there the line number
 * stands for the ordinal
 * ("ids-4f0c...e1-line-18000007"); such rows are kept as well, and repeats among them not
 * seen.
 */
#ifndef FORMATS_REPEATS_H
#define FORMATS_REPEATS_H

#include "base/bytes.h"
#include "base/memory.h"

enum { REPEATS_MAX = 18 * 1000 * 1000, REPEATS_PREFIX_MAX = 8 };

struct repeats_part;

/* All-zero is valid and empty. */
struct repeats {
    struct repeats_part *parts;
    size_t count;
};

void repeats_release(struct repeats *repeats);
/* One field of a row's content, so written that no two rows are alike by accident. */
void repeats_add_content(struct buf *content, struct bytes name, struct bytes value);
/* The id of the next row of the file, in the arena. content says all that tells it from
 * others. *repeated: the same content came before. */
const char *repeats_identify(bool *repeated, struct repeats *repeats, const char *prefix,
                             struct bytes content, size_t line, struct arena *arena);

#endif
