/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/counts.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    FIRST_SLOTS = 1 << 10,
    PAGE = 4096,
    LARGE_PAGE = 2 * 1024 * 1024,
    BYTE = 8,
    BYTES = 8,
    AHEAD = 48
};

const unsigned counts_window_weeks[COUNTS_WINDOWS] = {1, 3, 6, 12};

static_assert(sizeof(struct count_slot) == 32, "half a cache line");

/* ---- slots ---- */

/* Where to look: the high bits say, the hash being well stirred. */
static inline struct count_slot *place_of(const struct counts *counts, uint64_t hash)
{
    return &counts->slots[(size_t)(((unsigned __int128)hash * counts->slot_count) >> 64)];
}

/* The slot of the hash (not 0), or the free one where it belongs. There are slots. */
static inline struct count_slot *look(const struct counts *counts, uint64_t hash)
{
    struct count_slot *slot = place_of(counts, hash);
    const struct count_slot *end = counts->slots + counts->slot_count;
    while (slot->hash != hash && slot->hash != 0)
        slot = slot + 1 == end ? counts->slots : slot + 1;
    return slot;
}

static inline struct count_slot *make(struct counts *counts, uint64_t hash)
{
    struct count_slot *slot = look(counts, hash);
    counts->used += slot->hash == 0;
    slot->hash = hash;
    return slot;
}

struct count_slot *counts_slot(struct counts *counts, uint64_t hash)
{
    return make(counts, hash);
}

const struct count_slot *counts_find(const struct counts *counts, uint64_t hash)
{
    const struct count_slot *slot = counts->slot_count > 0 ? look(counts, hash) : NULL;
    return slot != NULL && slot->hash != 0 ? slot : NULL;
}

/* Zeroed, and none across two cache lines. Every look-up is another page: large pages save most
 * of the cost of finding it; they come from the system, zeroed when they are first touched. */
static void new_slots(struct counts *counts, size_t count)
{
    size_t bytes = count * sizeof(struct count_slot);
    counts->slot_count = count;
    counts->mapped = NULL;
    if (bytes < 4 * LARGE_PAGE) {
        bytes = (bytes + PAGE - 1) / PAGE * PAGE;
        counts->slots = aligned_alloc(PAGE, bytes);
        if (counts->slots == NULL)
            abort();
        memset(counts->slots, 0, bytes);
        return;
    }
    counts->mapped_size = bytes + LARGE_PAGE;
    counts->mapped = mmap(NULL, counts->mapped_size, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (counts->mapped == MAP_FAILED)
        abort();
    uintptr_t at = (uintptr_t)counts->mapped;
    counts->slots = (struct count_slot *)((at + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE);
    madvise(counts->slots, bytes, MADV_HUGEPAGE);
}

static void free_slots(struct counts *counts)
{
    if (counts->mapped != NULL)
        munmap(counts->mapped, counts->mapped_size);
    else
        free(counts->slots);
}

void counts_release(struct counts *counts)
{
    if (counts == NULL)
        return;
    free_slots(counts);
    free(counts->wide);
    *counts = (struct counts){0};
}

void counts_reserve(struct counts *counts, size_t more)
{
    if ((counts->used + more) * 10 <= counts->slot_count * 7)
        return;
    struct counts old = *counts;
    size_t wanted = old.slot_count == 0 ? FIRST_SLOTS : old.slot_count / 2 * 3;
    while ((counts->used + more) * 10 > wanted * 7)
        wanted = wanted / 2 * 3;
    new_slots(counts, wanted);
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i].hash != 0)
            *look(counts, old.slots[i].hash) = old.slots[i];
    free_slots(&old);
}

/* ---- weeks ---- */

static void wide_add(struct count_wide *wide, unsigned week, unsigned now)
{
    unsigned step = now - wide->newest;
    if (step >= COUNTS_WEEKS) {
        memset(wide->count, 0, sizeof wide->count);
    } else if (step > 0) {
        memmove(wide->count + step, wide->count,
                (COUNTS_WEEKS - step) * sizeof *wide->count);
        memset(wide->count, 0, step * sizeof *wide->count);
    }
    wide->newest = now;
    wide->count[now - week]++;
}

static unsigned byte_of(const struct count_slot *slot, unsigned age)
{
    return age < BYTES ? slot->recent >> BYTE * age & 0xff
                       : slot->older >> BYTE * (age - BYTES) & 0xff;
}

static void give_wide(struct counts *counts, struct count_slot *slot)
{
    if (counts->wide_count == 0)
        counts->wide_count = 1;
    grow_to((void **)&counts->wide, &counts->wide_capacity, counts->wide_count,
            sizeof *counts->wide);
    struct count_wide *wide = &counts->wide[counts->wide_count];
    wide->newest = slot->newest;
    for (unsigned age = 0; age < COUNTS_WEEKS; age++)
        wide->count[age] = byte_of(slot, age);
    slot->wide = (uint32_t)counts->wide_count++;
}

/* Make `now` the newest week. */
static inline void move_on(struct count_slot *slot, unsigned now)
{
    unsigned step = now - slot->newest;
    if (step == 0)
        return;
    slot->newest = (uint16_t)now;
    unsigned __int128 weeks = (unsigned __int128)slot->older << 64 | slot->recent;
    weeks = step < COUNTS_WEEKS ? weeks << BYTE * step : 0;
    slot->recent = (uint64_t)weeks;
    slot->older = (uint32_t)(weeks >> 64);
}

/* The bytes summed up from the newest on, in pairs first: no pair is more than 510, and the
 * product sums up the pairs. */
static inline void sum_bytes(uint32_t out[COUNTS_WINDOWS], uint64_t recent, uint32_t older)
{
    const uint64_t even = 0x00ff00ff00ff00ff;
    uint64_t pairs = (recent & even) + (recent >> BYTE & even);
    uint64_t rising = pairs * 0x0001000100010001;
    uint32_t last = (older & (uint32_t)even) + (older >> BYTE & (uint32_t)even);
    out[0] = recent & 0xff;
    out[1] = (uint32_t)(pairs & 0xffff) + (recent >> 2 * BYTE & 0xff);
    out[2] = rising >> 32 & 0xffff;
    out[3] = (uint32_t)(rising >> 48) + (last & 0xffff) + (last >> 16);
}

static inline void sum(uint32_t out[COUNTS_WINDOWS], const struct counts *counts,
                       const struct count_slot *slot, unsigned now)
{
    if (slot->wide == 0) {
        struct count_slot moved = *slot;
        move_on(&moved, now);
        sum_bytes(out, moved.recent, moved.older);
        return;
    }
    const struct count_wide *wide = &counts->wide[slot->wide];
    unsigned shift = now - wide->newest, total = 0, week = 0;
    for (size_t w = 0; w < COUNTS_WINDOWS; w++) {
        for (; week < counts_window_weeks[w]; week++)
            total += week >= shift ? wide->count[week - shift] : 0;
        out[w] = total;
    }
}

static inline enum count_news add(struct counts *counts, struct count_slot *slot,
                                  unsigned week, unsigned now)
{
    slot->total++;
    unsigned age = now - week;
    if (age >= COUNTS_WEEKS)
        return NEWS_NONE;
    if (slot->wide == 0) {
        move_on(slot, now);
        if (byte_of(slot, age) == 0xff)
            give_wide(counts, slot);
    }
    if (slot->wide != 0) {
        wide_add(&counts->wide[slot->wide], week, now);
        return NEWS_NONE;
    }
    if (age < BYTES)
        slot->recent += (uint64_t)1 << BYTE * age;
    else
        slot->older += (uint32_t)1 << BYTE * (age - BYTES);
    if (slot->total > 2)
        return NEWS_NONE;
    uint32_t sums[COUNTS_WINDOWS];
    sum_bytes(sums, slot->recent, slot->older);
    if (sums[COUNTS_WINDOWS - 1] != slot->total)
        return NEWS_NONE;
    return slot->total == 1 ? NEWS_FIRST : NEWS_SECOND;
}

enum count_news counts_add(struct counts *counts, struct count_slot *slot, unsigned week,
                           unsigned now)
{
    assert(week <= now && now <= UINT16_MAX);
    return add(counts, slot, week, now);
}

void counts_sums(uint32_t out[COUNTS_WINDOWS], const struct counts *counts,
                 const struct count_slot *slot, unsigned now)
{
    sum(out, counts, slot, now);
}

/* ---- many at once ---- */

static inline void fetch_ahead(const struct counts *counts, const struct counts_row *row,
                               size_t i)
{
    if (i + AHEAD < row->known)
        __builtin_prefetch(place_of(counts, row->hash[i + AHEAD]), 1);
}

void counts_add_all(struct count_slot **slot, uint8_t *news, struct counts *counts,
                    const struct counts_row *row, unsigned now)
{
    assert(row->week <= now && now <= UINT16_MAX);
    for (size_t i = 0; i < row->count; i++) {
        fetch_ahead(counts, row, i);
        slot[i] = make(counts, row->hash[i]);
        news[i] = NEWS_NONE;
        if (i < row->draws)
            news[i] = (uint8_t)add(counts, slot[i], row->week, now);
    }
}

void counts_forget_all(struct counts *counts, const struct counts_row *row)
{
    for (size_t i = 0; i < row->draws; i++) {
        fetch_ahead(counts, row, i);
        look(counts, row->hash[i])->total--;
    }
}

void counts_read_all(struct counts_state *out, const struct counts *counts,
                     struct count_slot *const *slot, size_t count, unsigned now)
{
    for (size_t i = 0; i < count; i++) {
        sum(out[i].sums, counts, slot[i], now);
        out[i].total = slot[i]->total;
    }
}

void counts_read(struct counts_state *out, const struct counts *counts, uint64_t hash,
                 unsigned now)
{
    const struct count_slot *slot = counts_find(counts, hash);
    *out = (struct counts_state){.total = 0};
    if (slot == NULL)
        return;
    sum(out->sums, counts, slot, now);
    out->total = slot->total;
}
