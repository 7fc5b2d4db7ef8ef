/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/pattern.h: *what* is new: every conjunction of up to seven facets, counted exactly.
 *
 * A row with k known facets adds one to each of its 2^k - 1 conjunctions, and is forgotten in
 * the same way when it is older than the horizon. Nothing is ever counted again: a day costs
 * its own rows. When all rows of a day are counted, each is judged: for a conjunction S of it,
 * in the last w weeks:
 *
 *     history    h = total - last twelve weeks
 *     prior      B = max over its facets i of  shrunk(S without i) * P(value i)
 *     shrunk     max(h, B (h + 1) / (B + 1))      never seen: B; often seen (12 and more): h
 *     effort     what the seizing agency took in the window / in its history, among rows in
 *                which the facets of S were answered at all; season and delay are in it
 *     expected   shrunk * effort
 *     score      Poisson LLR  c ln(c / e) - (c - e),  e = SLACK * expected, when c > e
 *
 *     burst      of rules never seen before whose expectation was as small, how often one came
 *                again within twelve weeks: learnt from the days before, in bins of two binary
 *                orders. Where that is more than chance allows (couriers come in groups, files
 *                in batches), the first sighting defines the rule, only its repeats count, and
 *                they are held against the burst
 *
 * SLACK: half as much again is not news, and real counts are more spread than Poisson's. Rules
 * of one facet whose value was never seen are watch/first's. A rule must beat the surge of the
 * rules that contain it: else that one is reported.
 *
 * Counting is shared out among threads by conjunction, judging by row; what comes out is the same,
 * bit for bit, on any number of them. A day of more than PATTERN_PART_MAX conjunctions is taken in
 * parts, as if they were days.
 *
 * Memory: 32 bytes a conjunction ever seen (watch/counts), over 0.47 to 0.7.
 */
#ifndef WATCH_PATTERN_H
#define WATCH_PATTERN_H

#include "watch/counts.h"
#include "watch/first.h"
#include "watch/sets.h"
#include "watch/shape.h"
#include "watch/table.h"

struct pool;

enum { PATTERN_SIZE_MAX = 7, PATTERN_YEARS_MAX = 60, PATTERN_PART_MAX = 1 << 18 };

#define PATTERN_SLACK 1.5

/* A rule that stands out: the facets in mask, with the values of the row; or, of watch/where, a
 * circle, with the commodity in mask when it is of one. */
struct scan_found;
struct candidate {
    double score;
    double expected, expected_raw; /* without slack */
    uint32_t row;                  /* that made it stand out */
    uint32_t observed;
    uint16_t mask;    /* bits of enum facet */
    uint8_t window;   /* index into counts_window_weeks */
    uint8_t is_first; /* a value never seen before (watch/first) */
    uint8_t
        comes_again; /* never seen before, and expected as often as such things come again */
    const struct scan_found *circle; /* NULL: not of the scan; its days are weeks */
    const struct value_sets
        *sets; /* NULL: one value for each facet; else the row has one of each
                                      set (watch/grow) */
};

/* A rule in a window. */
struct weighed {
    double told; /* what counts of it: not the first sighting of what was never seen */
    double expected, expected_raw; /* without slack */
    uint32_t observed;
    bool is_first;    /* a value never seen before */
    bool comes_again; /* expected is the burst */
};

/* What is worth telling, and what may be when it has grown (watch/grow). */
struct pattern_floors {
    double rule, seed; /* scores; seed <= rule. INFINITY: count only */
};

struct pattern_scratch; /* a thread's (watch/pattern_judge) */
struct pattern_batch;   /* the rows being counted */

enum { BURST_BINS = 40 };

/* Rules first seen with an expectation of 4^-bin in twelve weeks, and what came of them. */
struct burst {
    double seen, repeats; /* rules; those that came again at all */
};

/* A row's answers, folded to a byte each: enough to see that most rows are not of a rule, in a
 * sixth of the memory that must be fetched for the row itself. */
struct row_glance {
    uint8_t answer[16];
};

struct pattern {
    const struct table_row *rows; /* of the timeline; never written */
    struct row_glance *glances;   /* by row */
    size_t row_count;
    struct counts rules[SHAPE_SHARDS], effort;
    struct shapes shapes;
    unsigned size_max;                    /* facets in a rule */
    struct first_seen first[FACET_COUNT]; /* values of each facet, and how many are known */
    int32_t base_day;                     /* the first day of week 0 */
    unsigned now;                         /* week */
    int32_t today;
    int32_t horizon_days; /* what is older is forgotten */
    int32_t learn_from;
    uint8_t *lone_commodity; /* by commodity: it is one substance only */
    /* rows that count, by their week: head[week] -> next[row] ..., UINT32_MAX ends */
    uint32_t *head, *next;
    size_t week_count;
    unsigned forgotten; /* weeks below are forgotten */
    uint32_t taken;     /* days and parts of days so far */
    struct burst bursts[BURST_BINS];
    struct pattern_batch *batch;
    struct candidate *found; /* of the day */
    size_t found_count, found_capacity;
    struct pool *pool;
    struct pattern_scratch **scratch; /* by thread */
    unsigned threads;
};

struct pattern_options {
    const struct watch_table *table; /* for what is known of the facets as a whole */
    const struct table_row *rows;    /* the timeline, in any order */
    size_t row_count;
    int32_t first_day,
        last_day; /* of what will be added; at most PATTERN_YEARS_MAX years */
    int32_t horizon_days;
    int32_t learn_from; /* bursts are learnt from this day on */
    int32_t
        known_until; /* of the table only rows received before say what its facets are like */
    struct pool *pool; /* borrowed; NULL: this thread alone */
};

void pattern_init(struct pattern *pattern, const struct pattern_options *options);
void pattern_release(struct pattern *pattern);
/* It is this day now; never goes back. Forgets. */
void pattern_advance(struct pattern *pattern, int32_t day);
/* Count what was received today, none of it of a later day. Of each row that of its conjunctions
 * which stands out most, when it reaches the seeds' floor, in the order of the rows; borrowed until
 * the next call. */
const struct candidate *pattern_day(size_t *found, struct pattern *pattern,
                                    const uint32_t *rows, size_t count,
                                    const struct pattern_floors *floors);
/* Different rules counted so far. */
size_t pattern_conjunctions(const struct pattern *pattern);
/* The best window of one rule as things stand, for a row that was counted: score 0 when it does not
 * stand out. */
void pattern_probe(struct candidate *out, struct pattern *pattern, uint32_t row,
                   unsigned mask);
/* What stands in the counters of one rule of a row: all that is remembered, and the newest weeks
 * of each window. */
void pattern_counters(uint32_t *total, uint32_t sums[COUNTS_WINDOWS],
                      struct pattern *pattern, uint32_t row, unsigned mask);
/* The rule holds for the row, whichever of its event's rows it is. */
bool pattern_matches(const struct table_row *row, const struct table_row *rule,
                     unsigned mask);
/* The same for the timeline's row at i, by the rule of the row at `rule`: quicker where most rows
 * are not of it. */
bool pattern_matches_at(const struct pattern *pattern, uint32_t i, uint32_t rule,
                        unsigned mask);
/* The row is one of those that the candidate counts, whenever it was. */
bool pattern_holds(const struct pattern *pattern, uint32_t i,
                   const struct candidate *candidate);
/* A rule with any values, by facet, as rows have them that were counted; the agency's, whose effort
 * it is, also where the rule does not name it. */
void pattern_weigh(struct weighed *out, struct pattern *pattern, unsigned mask,
                   const uint32_t value[FACET_COUNT], size_t window);
/* The row is counted where a rule has these facets. */
bool pattern_counts_row(const struct table_row *row, unsigned mask);
/* Poisson LLR of c against e; 0 when c <= e. */
double pattern_llr(double observed, double expected);
/* The facets that many of the rows received before the day do not answer, as bits; all, when there
 * is no such row. */
uint16_t pattern_incomplete(const struct watch_table *table, int32_t until);

#endif
