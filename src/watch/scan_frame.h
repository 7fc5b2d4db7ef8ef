/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_frame.h: what stays the same while the recent cases are dealt out again and again.
 *
 * For one day: how many cases there are, how many of them in each window, and for every step of
 * every circle how many cases it holds in all. A replicate changes none of these; it only says
 * which cases are the recent ones. So expectation and score of a cylinder depend on two small
 * numbers (cases in the circle, window), and "score >= level" becomes an integer threshold on the
 * recent cases in it: struct scan_table, one row for each number of cases that occurs.
 *
 * Cells stand for places: where there are more recent cases than a lane can hold, a place with many
 * cases has several, so that a cell's count fits its lane whatever is dealt. Places without cases have none and are in no list.
 */
#ifndef WATCH_SCAN_FRAME_H
#define WATCH_SCAN_FRAME_H

#include "watch/scan_kernel.h"
#include "watch/scan_near.h"

enum { SCAN_DAYS_MAX = 2000, SCAN_CELLS_BYTES_MAX = 512 * 1024 * 1024 };

struct scan_counts; /* watch/scan_counts.h */

struct scan_frame {
    const struct scan_near *near;
    unsigned days;    /* the longest window */
    unsigned lane;    /* bytes: 1 or 2 */
    uint32_t most;    /* cases that a cell stands for at most */
    size_t stride;    /* bytes of a cell's lanes */
    uint64_t total;   /* cases */
    uint64_t *recent; /* [w]: cases of the last w days; [0] is 0 */

    size_t cells;
    uint32_t *cell_place; /* cell -> place */
    uint32_t *cell_from;  /* place -> its first cell; [places] is the end */
    struct scan_entry *entries;
    size_t *from;     /* entries of centre c: [from[c], from[c + 1]) */
    uint32_t *inside; /* row -> cases in a circle of that row; ascending; row 0 unused */
    size_t rows;      /* row 0 included */
    uint8_t
        *ones; /* [lag * stride]: 1 in each lane that a case so many days back counts in */
};

/* cases[place] of all days; recent[w] of the last w days, w up to days. Without lists there are no
 * entries, `from` and rows, and only counts can be asked for (watch/scan_expect). TOO_LARGE when places and
 * days are too many to hold. All-zero is valid for the release alone. */
MUST_USE enum status scan_frame_init(struct scan_frame *frame, const struct scan_near *near,
                                     const uint32_t *cases, const uint64_t *recent,
                                     unsigned days, bool lists, struct err *err);
void scan_frame_release(struct scan_frame *frame);

struct scan_table {
    double level;
    uint8_t *rows; /* row * stride */
};

/* Least counts that score at least `level`; at level 0 that score at all. Two cases are the least
 * ever. */
void scan_table_init(struct scan_table *table, const struct scan_frame *frame,
                     double level);
void scan_table_release(struct scan_table *table);

/* The best cylinder around one centre. llr 0: there is none. */
struct scan_best {
    double llr;
    uint32_t centre, entry;    /* the last entry inside, counted from the centre's first */
    uint32_t inside, observed; /* inside: cases of any day; scan_expect.h: places */
    unsigned window;
    double expected;
};

double scan_frame_expected(const struct scan_frame *frame, uint32_t inside,
                           unsigned window);
/* Raise *best to the best cylinder around the centre that reaches the table, if it is better.
 * sums: scratch for `days` numbers. */
struct scan_look {
    const struct scan_frame *frame;
    const struct scan_table *table;
    const struct scan_counts *counts;
    unsigned deal;
};
void scan_frame_centre(struct scan_best *best, uint32_t *sums, const struct scan_look *look,
                       uint32_t centre);
/* A bit for each deal; 0: no cylinder around the centre reaches the table, for sure. */
unsigned scan_frame_sweep(const struct scan_look *look, const struct scan_kernel *kernel,
                          uint32_t centre);
/* One order of all cylinders: by score, then the smaller circle, the shorter window, and the
 * centre that was given first. */
bool scan_best_before(const struct scan_best *a, const struct scan_best *b,
                      const struct scan_near *near);

#endif
