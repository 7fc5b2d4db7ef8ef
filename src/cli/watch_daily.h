/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/watch_daily.h: the daemon runs the watch once a day.
 *
 *     waiting --a new day, or its first start that day--> reading (one act) --> computing
 *        ^                                                                          |
 *        +---- done: alerts kept, an act each <-- keeping <-- the thread is ready --+
 *        +---- failed: at most TRIES a day ----------------------------------------+
 *
 * Reading answers other nodes in between; computing is one thread beside, a pure function of what was
 * read, so nobody waits for it. What it does are acts of the person who switched it on (`watch
 * daily on`), with the case and purpose named then: the door asks each day whether they still may.
 *
 * Two states of the store (store/note.h) survive a restart: `watch:daily`, the order, which is an
 * act of that person; `watch:ran`, which day was begun and how it ended, which the node notes. Begun
 * is noted before anything is read, done after the last alert was kept; an alert is not kept twice,
 * so a run that was killed is simply done again.
 */
#ifndef CLI_WATCH_DAILY_H
#define CLI_WATCH_DAILY_H

#include "cli/watch_node.h"

enum { WATCH_DAILY_TICK_S = 10, WATCH_DAILY_TRIES = 3, WATCH_WHY_MAX = 200 };

struct watch_order {
    bool on;
    double alarms_per_year;
    uint64_t seed;
    enum purpose purpose;
    uint8_t case_id[ENTRY_ID];
    char login[128];
};

enum watch_ran_state { WATCH_NEVER, WATCH_BEGUN, WATCH_DONE, WATCH_FAILED };

struct watch_ran {
    enum watch_ran_state state;
    int32_t day;
    unsigned tries, kept;
    char why[WATCH_WHY_MAX]; /* of a failure */
};

/* The order as it stands; off when there is none. */
MUST_USE enum status watch_order_read(struct watch_order *order, struct store *store,
                                      struct err *err);
/* Its bytes; false when the login is too long. */
bool watch_order_print(struct buf *out, const struct watch_order *order);
MUST_USE enum status watch_ran_read(struct watch_ran *ran, struct store *store,
                                    struct err *err);

/* For who shows it: `watch daily`, `status`. */
struct watch_status {
    struct watch_order order;
    struct watch_ran ran;
};
struct json_line;
MUST_USE enum status watch_status_read(struct watch_status *standing, struct store *store,
                                       struct err *err);
/* A member "watch" of the line; or a line in words. */
void watch_status_json(struct json_line *line, const struct watch_status *standing);
void watch_status_words(const struct watch_status *standing);

struct watch_job;

struct watch_daily {
    const struct world *world;
    const char *folder;
    struct watch_job *job; /* NULL: waiting */
};

/* A node_job; its context is the struct watch_daily. */
enum status watch_daily_tick(void *context, struct node *node, struct err *err);
/* A thread that computes is left to the end of the process. */
void watch_daily_release(struct watch_daily *daily);

#endif
