/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/counts.h: exact counters for very many things, each with its last twelve weeks.
 *
 * A thing is known by a 64-bit hash (of a conjunction: watch/pattern). Its slot has the total
 * and how many came in each of the last twelve weeks up to its newest, a byte each; one with more
 * than 255 in a week has wide numbers elsewhere. An occurrence may come late, in a week that is
 * past; older than the twelve it counts in the total only.
 *
 *     slot   hash 8 | weeks 0 to 7 before the newest 8 x 1 | weeks 8 to 11 4 x 1 | total 4 |
 *            wide 4 (0: none) | newest week 2 | unused 2
 *
 * A slot is half a cache line and touches no other one. counts_sums gives what lies in the
 * newest 1, 3, 6 and 12 weeks, seen from `now`, which never goes back. Slots are never freed:
 * forgetting lowers the total.
 */
#ifndef WATCH_COUNTS_H
#define WATCH_COUNTS_H

#include <stddef.h>
#include <stdint.h>

enum { COUNTS_WEEKS = 12, COUNTS_WINDOWS = 4 };

extern const unsigned counts_window_weeks[COUNTS_WINDOWS]; /* 1, 3, 6, 12 */

struct count_slot {
    uint64_t hash;   /* 0: free */
    uint64_t recent; /* byte i: i weeks before the newest */
    uint32_t older;  /* byte i: 8 + i weeks before */
    uint32_t total;
    uint32_t wide;
    uint16_t newest;
};

struct count_wide {
    uint32_t count[COUNTS_WEEKS]; /* [0] is the newest week */
    unsigned newest;
};

struct counts {
    struct count_slot *slots;
    size_t slot_count, used;
    void *mapped; /* by the system; NULL: the slots are allocated */
    size_t mapped_size;
    struct count_wide *wide; /* [0] is none */
    size_t wide_count, wide_capacity;
};

/* What an addition was, when all that is known of the thing lies in the last twelve weeks. */
enum count_news { NEWS_NONE, NEWS_FIRST, NEWS_SECOND };

/* All-zero is valid and empty. */
void counts_release(struct counts *counts);
/* Room for so many more things before the next call: slots do not move until then. */
void counts_reserve(struct counts *counts, size_t more);
/* One occurrence in a week, which is not after now. */
enum count_news counts_add(struct counts *counts, struct count_slot *slot, unsigned week,
                           unsigned now);
/* In the newest weeks of each window. */
void counts_sums(uint32_t out[COUNTS_WINDOWS], const struct counts *counts,
                 const struct count_slot *slot, unsigned now);

struct counts_row { /* things that belong together */
    const uint64_t *hash;
    size_t count, draws; /* the first so many occur; the others are only looked up */
    size_t known;        /* hashes that follow in memory, those of later rows included */
    unsigned week;
};
/* Count them, making the slots that are missing; there must be room (counts_reserve). What comes
 * next is fetched from memory meanwhile. */
void counts_add_all(struct count_slot **slot, uint8_t *news, struct counts *counts,
                    const struct counts_row *row, unsigned now);
/* Take back what was counted. */
void counts_forget_all(struct counts *counts, const struct counts_row *row);
/* What stands in a slot. */
struct counts_state {
    uint32_t sums[COUNTS_WINDOWS], total;
};
void counts_read_all(struct counts_state *out, const struct counts *counts,
                     struct count_slot *const *slot, size_t count, unsigned now);
/* The same of one thing, zeros when it was never counted. */
void counts_read(struct counts_state *out, const struct counts *counts, uint64_t hash,
                 unsigned now);
/* The slot, made when there was none; there must be room (counts_reserve). */
struct count_slot *counts_slot(struct counts *counts, uint64_t hash);
/* The slot or NULL. */
const struct count_slot *counts_find(const struct counts *counts, uint64_t hash);

#endif
