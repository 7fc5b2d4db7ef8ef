/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/first.h: what was never seen before, and how fast it grows.
 *
 * Good and Turing: of the values seen once so far, a share of 2 n2 / n1 of another sighting is
 * to be expected for each, n1 and n2 being how many values were seen once and twice. So a
 * value that turns up for the first time is no event (many do, in a column of places); its
 * second or third repeat within weeks is, against that rate.
 */
#ifndef WATCH_FIRST_H
#define WATCH_FIRST_H

#include <stddef.h>
#include <stdint.h>

/* The values of one facet. All-zero is valid and empty. */
struct first_seen {
    uint32_t *count; /* by value */
    size_t capacity;
    uint64_t known;       /* rows that have a value */
    uint32_t once, twice; /* n1, n2 */
    uint32_t distinct;
};

void first_release(struct first_seen *seen);
void first_add(struct first_seen *seen, uint32_t value);
void first_forget(struct first_seen *seen, uint32_t value);
/* P(value) among rows that have one, never 0. */
double first_share(const struct first_seen *seen, uint32_t value);
/* Further sightings to expect, over a stretch as long as the history, of a value seen once. */
double first_repeats(const struct first_seen *seen);

struct growth {
    double doubling_days, low,
        high; /* 90 % interval; NAN: not growing, or too few to say */
};

/* Of events on these days (in [from, to]): each half of the window has a rate of its own, with
 * a Gamma(1/2) prior; doubling is half the window over the binary logarithm of their ratio. */
struct growth first_growth(const int32_t *days, size_t count, int32_t from, int32_t to);

#endif
