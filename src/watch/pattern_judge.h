/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/pattern_judge.h: which of a row's conjunctions stands out; the inside of watch/pattern.
 *
 * Reads the counters and writes only to its thread's scratch, so that the rows of a day are
 * judged in any order. Burst learning is a sum of whole numbers, added up when all are judged.
 */
#ifndef WATCH_PATTERN_JUDGE_H
#define WATCH_PATTERN_JUDGE_H

#include "watch/pattern.h"

/* A row that is being counted, and what was found of it. */
struct batch_row {
    const struct shape *shape;
    uint64_t value[FACET_COUNT]; /* hashes, by local bit */
    size_t at;                   /* of its masks, in states and news */
    uint32_t row, week;
    struct candidate best; /* score 0: nothing */
};

struct pattern_batch {
    struct batch_row *rows;
    size_t count, capacity;
    /* Of each row, as in shape->masks: */
    struct count_slot **slots;
    struct counts_state *states; /* when all rows of the batch are counted */
    uint8_t *news;               /* enum count_news */
    size_t entries, slot_capacity, state_capacity, news_capacity;
};

enum { FLOOR_TABLE = 512 };

/* Arrays by local mask of the row at hand, but for its states. */
struct pattern_scratch {
    const struct shape *shape;
    uint64_t *hash; /* of a batch, in one shard */
    size_t hash_capacity;
    const struct counts_state *states; /* of the row */
    double shrunk[SHAPE_MASKS_MAX];
    double effort[SHAPE_MASKS_MAX]
                 [COUNTS_WINDOWS]; /* by the incomplete facets of the rule */
    double effort_all[SHAPE_MASKS_MAX][COUNTS_WINDOWS];
    double effort_most[SHAPE_MASKS_MAX][COUNTS_WINDOWS]; /* the larger of the two */
    /* whose effort it is, and when */
    const struct shape *effort_shape;
    uint32_t effort_agency, effort_taken;
    /* learnt since it was last added up */
    uint32_t seen[BURST_BINS], repeats[BURST_BINS];
    /* by count: a larger expectation than this cannot reach the floor */
    double floor, limit[FLOOR_TABLE];
    bool has_floor;
    /* of a rule that is asked about (NULL: none was), and when each part was looked up */
    struct counts_state *asked;
    uint32_t asked_at[SHAPE_MASKS_MAX], asked_now;
};

uint64_t effort_hash(uint32_t agency, unsigned facets);
void judge_set_floor(struct pattern_scratch *scratch, double floor);
/* A row of the batch: learn, and find what stands out most. */
void judge_row(struct pattern_scratch *scratch, const struct pattern *pattern,
               struct batch_row *row, const struct pattern_floors *floors);
/* Of a row that was counted, only the rule of these facets. */
void judge_rule(struct candidate *out, struct pattern_scratch *scratch,
                const struct pattern *pattern, const struct batch_row *row, unsigned mask);
/* A rule, whether it has a row or not. */
struct asked_rule {
    const struct shape *shape;
    const uint32_t *value; /* by facet; the agency's also where the rule does not name it */
    unsigned mask;         /* bits of enum facet, of those that the shape has */
};
void judge_values(struct weighed *out, struct pattern_scratch *scratch,
                  const struct pattern *pattern, const struct asked_rule *asked,
                  size_t window);

/* ---- pattern, for pattern_ask ---- */

void pattern_batch_clear(struct pattern_batch *batch);
void pattern_batch_push(struct pattern *pattern, uint32_t row);

#endif
