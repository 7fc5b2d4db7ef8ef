/* SPDX-License-Identifier: Apache-2.0
 *
 * link/truth.h: the label by which test data says which rows are the same thing.
 *
 * "COL" or "COL:REGEX": the column's text, or the expression's first group in it (the whole
 * match when it has no group). Perl's syntax, by PCRE2, with a limit on its work.
 */
#ifndef LINK_TRUTH_H
#define LINK_TRUTH_H

#include "base/bytes.h"
#include "base/memory.h"

struct truth {
    struct bytes column;
    void *expression; /* pcre2_code, or NULL: the whole text */
    void *match;
};

/* text outlives the truth. */
MUST_USE enum status truth_init(struct truth *truth, const char *text, struct err *err);
void truth_release(struct truth *truth);
/* The label, in the arena; empty when the expression does not match. */
struct bytes truth_label(const struct truth *truth, struct bytes value,
                         struct arena *arena);

#endif
