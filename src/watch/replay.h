/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/replay.h: the watch day by day, on what was known that day, and episodes.
 *
 * On day t exactly the rows received by t are counted. Rules, grown into sets of values where that
 * makes them stand out more (watch/grow), that reach the threshold are taken best first. One that
 * shares rows with an alarm raised before, and contradicts its rule in one facet at most, is the same
 * **episode** and says nothing, unless it has grown by EPISODE_GROWTH since, or says something else.
 * To an episode belong the rows that have at least half of its rule's answers; to one that was
 * explained only those of the agencies that explained it, for the others may be a story of their own.
 *
 * Circles of the scan (watch/where) are taken with them, their scores brought to the scale of the
 * rules' (struct where_scale). A circle is the episode that most of its rows belong to, unless what
 * lies in no episode stands out by itself; a rule with rows in a circle's episode is a story of its
 * own only when it beats the circle's surge, as it must beat that of a wider rule.
 *
 *     quiet --score >= threshold, never so many before, nothing explains it--> raised --grown--> raised again
 *     quiet --and something explains it--> explained --grown, and it does not any more--> raised
 *                                          (for now: one row more is enough to ask again)
 *     raised --no row of it for twelve weeks--> over (its rows are history by then)
 *
 * Calibration runs the same function over shuffled history (watch/calibrate), the world bench
 * over invented history, the command line over a file. Deterministic.
 */
#ifndef WATCH_REPLAY_H
#define WATCH_REPLAY_H

#include "watch/grow.h"
#include "watch/known.h"
#include "watch/where.h"

#define EPISODE_GROWTH 3

/* The scale of a circle's score against a rule's: add + times * score. watch/calibrate finds it. */
struct where_scale {
    double add, times; /* times 0: circles are not looked for */
};

enum { BY_RULE, BY_CIRCLE, EPISODE_WAYS };

/* Whether something explains the finding, so that it raises no alarm. May be asked often, about one
 * episode too: raised->ongoing then. */
enum explained {
    EXPLAINED_NOT,
    EXPLAINED,
    EXPLAINED_FOR_NOW, /* one more row may show that it is not so */
};

struct episode {
    double score;              /* the highest that it reached */
    double best[EPISODE_WAYS]; /* the same by either way, before scaling; 0: never */
    double told_score;         /* when it was last raised */
    uint32_t told_observed;
    double told_expected;
    uint16_t told_mask; /* what it rested on */
    uint8_t told_window;
    int32_t first_day, last_day; /* raised, and last stood out */
    uint32_t rule[FACET_COUNT];  /* as it was named then (watch/rule) */
    struct value_sets sets;      /* of it; their facets are 0 above */
    unsigned alarms;             /* lines it has cost */
    enum explained explained;    /* by a change of reporting: silent */
    uint8_t *doubted;            /* by agency: the change is its; NULL: none is */
    bool is_circle;              /* for good */
    double surge;                /* of a circle: observed over expected, at most */
};

struct replay;

struct raised {
    const struct candidate *candidate;
    const uint32_t *rows; /* contributing, by day */
    size_t row_count;
    const struct replay *replay;
    int32_t day;
    size_t episode;
    bool ongoing;
    uint8_t
        *doubted; /* by agency, zeroed: 1 is to be set for those whose rows are explained */
    /* Of what was told of the episode last; expected 0: nothing was. */
    double told_expected;
    uint16_t told_mask;
    uint8_t told_window;
};

typedef enum explained replay_explain(void *context, const struct raised *raised);
typedef void replay_raise(void *context, const struct raised *raised);

struct replay_options {
    const struct watch_table *table;
    const struct table_row *rows; /* the timeline; the table's, or shuffled ones */
    size_t row_count;
    int32_t from, to; /* days judged, both included */
    int32_t horizon_days;
    int32_t
        known_until; /* rows of the table received before say what its facets are like */
    double threshold;
    const struct spots *spots; /* or NULL: no circles */
    struct where_scale where_scale;
    struct pool *pool;       /* borrowed; NULL: this thread alone */
    replay_explain *explain; /* or NULL */
    replay_raise *raise;     /* or NULL */
    void *context;
};

struct replay {
    struct replay_options options;
    struct pattern pattern;
    struct grower grower;
    struct where *where; /* or NULL */
    uint32_t *order;     /* rows by the day received */
    size_t taken;        /* of order */
    struct known
        *known; /* the same by answer and day, as of the last time something was asked */
    uint32_t *episode_of[EPISODE_WAYS]; /* row to episode + 1, of rules and of circles */
    struct episode *episodes;
    size_t episode_count, episode_capacity;
    struct candidate *found; /* of the day */
    size_t found_count, found_capacity;
    uint32_t *contributing;
    size_t contributing_count, contributing_capacity;
};

/* The shortest list that has all rows of a finding's rule, in these of its facets. */
struct known_rows replay_rows_of(const struct replay *replay,
                                 const struct candidate *candidate, unsigned facets);
/* So many rows of the finding would be told. */
bool raised_stands_out(const struct raised *raised, double rows);

void replay_run(struct replay *replay, const struct replay_options *options);
void replay_release(struct replay *replay);

#endif
