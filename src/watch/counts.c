/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/counts.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { FIRST_SLOTS = 1 << 12, LARGE_PAGE = 2 * 1024 * 1024 };

const unsigned counts_window_weeks[COUNTS_WINDOWS] = {1, 3, 6, 12};

void counts_release(struct counts *counts)
{
    if (counts == NULL)
        return;
    free(counts->slots);
    free(counts->rings);
    *counts = (struct counts){0};
}

/* Zeroed. Every look-up is another page: large pages save most of the cost of finding it. */
static struct count_slot *new_slots(size_t count)
{
    size_t bytes = count * sizeof(struct count_slot);
    if (bytes < 4 * LARGE_PAGE)
        return xcalloc(count, sizeof(struct count_slot));
    bytes = (bytes + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    void *slots = aligned_alloc(LARGE_PAGE, bytes);
    if (slots == NULL)
        abort();
    madvise(slots, bytes, MADV_HUGEPAGE);
    memset(slots, 0, bytes);
    return slots;
}

void counts_reserve(struct counts *counts, size_t more)
{
    if ((counts->used + more) * 10 <= counts->slot_count * 7)
        return;
    struct count_slot *old = counts->slots;
    size_t old_count = counts->slot_count;
    size_t wanted = old_count == 0 ? FIRST_SLOTS : old_count / 2 * 3;
    while ((counts->used + more) * 10 > wanted * 7)
        wanted = wanted / 2 * 3;
    counts->slots = new_slots(wanted);
    counts->slot_count = wanted;
    for (size_t i = 0; i < old_count; i++)
        if (old[i].hash != 0)
            *counts_look(counts, old[i].hash) = old[i];
    free(old);
}

static void ring_add(struct count_ring *ring, unsigned week, unsigned now)
{
    unsigned step = now - ring->newest;
    if (step >= COUNTS_WEEKS) {
        memset(ring->count, 0, sizeof ring->count);
    } else if (step > 0) {
        memmove(ring->count + step, ring->count,
                (COUNTS_WEEKS - step) * sizeof *ring->count);
        memset(ring->count, 0, step * sizeof *ring->count);
    }
    ring->newest = (uint16_t)now;
    if (now - week < COUNTS_WEEKS && ring->count[now - week] < UINT16_MAX)
        ring->count[now - week]++;
}

static void give_ring(struct counts *counts, struct count_slot *slot, unsigned now)
{
    if (counts->ring_count == 0)
        counts->ring_count = 1;
    grow_to((void **)&counts->rings, &counts->ring_capacity, counts->ring_count,
            sizeof *counts->rings);
    struct count_ring *ring = &counts->rings[counts->ring_count];
    *ring = (struct count_ring){.newest = (uint16_t)now};
    for (size_t i = 0; i < COUNTS_INLINE; i++)
        if (slot->weeks[i] != 0)
            ring_add(ring, slot->weeks[i] - 1u, now);
    slot->ring = (uint32_t)counts->ring_count++;
}

void counts_add(struct counts *counts, struct count_slot *slot, unsigned week, unsigned now)
{
    assert(week <= now && now < UINT16_MAX);
    slot->total++;
    if (now - week >= COUNTS_WEEKS)
        return;
    if (slot->ring == 0) {
        for (size_t i = 0; i < COUNTS_INLINE; i++) {
            if (slot->weeks[i] == 0 || now - (slot->weeks[i] - 1u) >= COUNTS_WEEKS) {
                slot->weeks[i] = (uint16_t)(week + 1);
                return;
            }
        }
        give_ring(counts, slot, now);
    }
    ring_add(&counts->rings[slot->ring], week, now);
}

void counts_sums(uint32_t out[COUNTS_WINDOWS], const struct counts *counts,
                 const struct count_slot *slot, unsigned now)
{
    for (size_t w = 0; w < COUNTS_WINDOWS; w++)
        out[w] = 0;
    if (slot->ring == 0) {
        for (size_t i = 0; i < COUNTS_INLINE; i++) {
            if (slot->weeks[i] == 0)
                continue;
            unsigned age = now - (slot->weeks[i] - 1u);
            for (size_t w = 0; w < COUNTS_WINDOWS; w++)
                out[w] += age < counts_window_weeks[w];
        }
        return;
    }
    const struct count_ring *ring = &counts->rings[slot->ring];
    unsigned shift = now - ring->newest, sum = 0, week = 0;
    for (size_t w = 0; w < COUNTS_WINDOWS; w++) {
        for (; week < counts_window_weeks[w]; week++)
            sum += week >= shift ? ring->count[week - shift] : 0;
        out[w] = sum;
    }
}
