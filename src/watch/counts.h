/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/counts.h: exact counters for very many things, each with its last twelve weeks.
 *
 * A thing is known by a 64-bit hash (of a conjunction: watch/pattern). Its slot has the total
 * and the weeks of its last occurrences: up to four stand in the slot itself, which is enough
 * for nearly all; one that is busier gets a ring of twelve weekly numbers. An occurrence may
 * come late, in a week that is past; older than the ring it counts in the total only.
 *
 *     slot   hash 8 | total 4 | ring 4 (0: none) | weeks 4 x 2 (week + 1; 0: free)
 *     ring   newest week 2 | count 12 x 2
 *
 * counts_sums gives what lies in the newest 1, 3, 6 and 12 weeks, seen from `now`, which
 * never goes back. Slots are never freed: forgetting lowers the total.
 */
#ifndef WATCH_COUNTS_H
#define WATCH_COUNTS_H

#include <stddef.h>
#include <stdint.h>

enum { COUNTS_WEEKS = 12, COUNTS_WINDOWS = 4, COUNTS_INLINE = 4 };

extern const unsigned counts_window_weeks[COUNTS_WINDOWS]; /* 1, 3, 6, 12 */

struct count_slot {
    uint64_t hash; /* 0: free */
    uint32_t total;
    uint32_t ring;
    uint16_t weeks[COUNTS_INLINE];
};

struct count_ring {
    uint16_t newest;
    uint16_t count[COUNTS_WEEKS]; /* [0] is the newest week */
};

struct counts {
    struct count_slot *slots;
    size_t slot_count, used;
    struct count_ring *rings; /* [0] is no ring */
    size_t ring_count, ring_capacity;
};

/* All-zero is valid and empty. */
void counts_release(struct counts *counts);
/* Room for so many more things before the next call: slots do not move until then. */
void counts_reserve(struct counts *counts, size_t more);
/* One occurrence in a week, which is not after now. */
void counts_add(struct counts *counts, struct count_slot *slot, unsigned week,
                unsigned now);
/* In the newest weeks of each window. */
void counts_sums(uint32_t out[COUNTS_WINDOWS], const struct counts *counts,
                 const struct count_slot *slot, unsigned now);

/* Where to look: the high bits say, the hash being well stirred. */
static inline struct count_slot *counts_place(const struct counts *counts, uint64_t hash)
{
    return &counts->slots[(size_t)(((unsigned __int128)hash * counts->slot_count) >> 64)];
}
static inline void counts_prefetch(const struct counts *counts, uint64_t hash)
{
    __builtin_prefetch(counts_place(counts, hash), 1);
}
/* The slot of the hash (not 0), or the free one where it belongs. There are slots. */
static inline struct count_slot *counts_look(const struct counts *counts, uint64_t hash)
{
    struct count_slot *slot = counts_place(counts, hash);
    const struct count_slot *end = counts->slots + counts->slot_count;
    while (slot->hash != hash && slot->hash != 0)
        slot = slot + 1 == end ? counts->slots : slot + 1;
    return slot;
}
/* The slot, made when there was none; there must be room (counts_reserve). */
static inline struct count_slot *counts_slot(struct counts *counts, uint64_t hash)
{
    struct count_slot *slot = counts_look(counts, hash);
    counts->used += slot->hash == 0;
    slot->hash = hash;
    return slot;
}
/* The slot or NULL. */
static inline struct count_slot *counts_find(const struct counts *counts, uint64_t hash)
{
    struct count_slot *slot = counts->slot_count > 0 ? counts_look(counts, hash) : NULL;
    return slot != NULL && slot->hash != 0 ? slot : NULL;
}

#endif
