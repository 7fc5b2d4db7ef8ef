/* SPDX-License-Identifier: Apache-2.0 */
#include "match/fuse.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { SEGMENT_MIN = 4, SLOTS_MAX = 1 << 28 };

struct fuse_shape fuse_shape_for(size_t slots)
{
    assert(slots >= 1 && slots <= SLOTS_MAX);
    /* Both formulas are the paper's, for three places. */
    double n = (double)slots;
    double length_log = floor(log(n) / log(3.33) + 2.25);
    uint32_t length =
        length_log >= 18 ? FUSE_SEGMENT_MAX : UINT32_C(1) << (unsigned)length_log;
    if (length < SEGMENT_MIN)
        length = SEGMENT_MIN;
    double factor = slots < 2 ? 1.125 : fmax(1.125, 0.875 + 0.25 * log(1e6) / log(n));
    uint32_t segments = (uint32_t)ceil(n * factor / length);
    return (struct fuse_shape){length, segments > FUSE_PLACES ? segments - 2 : 1};
}

bool fuse_shape_valid(struct fuse_shape shape, uint64_t cells_max)
{
    uint32_t length = shape.segment_length;
    return length >= SEGMENT_MIN && length <= FUSE_SEGMENT_MAX &&
           (length & (length - 1)) == 0 && shape.segment_count >= 1 &&
           fuse_cells(shape) <= cells_max;
}

uint64_t fuse_cells(struct fuse_shape shape)
{
    return ((uint64_t)shape.segment_count + 2) * shape.segment_length;
}

static inline void find_places(uint32_t at[FUSE_PLACES], struct fuse_shape shape,
                               uint64_t hash)
{
    uint32_t length = shape.segment_length, mask = length - 1;
    uint64_t starts = (uint64_t)shape.segment_count * length;
    uint32_t first = (uint32_t)(((unsigned __int128)hash * starts) >> 64);
    at[0] = first;
    at[1] = (first + length) ^ ((uint32_t)(hash >> 18) & mask);
    at[2] = (first + 2 * length) ^ ((uint32_t)hash & mask);
}

static inline void xor_cell(uint8_t into[CELL], const uint8_t *cells, uint32_t place)
{
    const uint8_t *from = cells + (size_t)place * CELL;
    uint64_t a, b;
    uint32_t c, d;
    memcpy(&a, into, sizeof a);
    memcpy(&b, from, sizeof b);
    memcpy(&c, into + sizeof a, sizeof c);
    memcpy(&d, from + sizeof a, sizeof d);
    a ^= b;
    c ^= d;
    memcpy(into, &a, sizeof a);
    memcpy(into + sizeof a, &c, sizeof c);
}

void fuse_read(uint8_t label[CELL], const uint8_t *cells, struct fuse_shape shape,
               uint64_t hash)
{
    uint32_t at[FUSE_PLACES];
    find_places(at, shape, hash);
    memset(label, 0, CELL);
    for (size_t i = 0; i < FUSE_PLACES; i++)
        xor_cell(label, cells, at[i]);
}

/* What lies on each place: how many slots, and the exclusive or of their numbers. When one
 * is left, the latter is its number. */
struct peeling {
    const uint64_t *hashes;
    size_t slots;
    struct fuse_shape shape;
    uint8_t *crowd;
    uint32_t *joined;
    uint32_t *waiting; /* places that came down to one slot, in turn */
    size_t waiting_end;
    struct fuse_order *order;
};

static void lay_out(struct peeling *peeling)
{
    uint32_t at[FUSE_PLACES];
    for (size_t slot = 0; slot < peeling->slots; slot++) {
        find_places(at, peeling->shape, peeling->hashes[slot]);
        for (size_t i = 0; i < FUSE_PLACES; i++) {
            /* Three slots a place are usual; a count that wraps means hashes without
             * entropy. */
            assert(peeling->crowd[at[i]] < UINT8_MAX);
            peeling->crowd[at[i]]++;
            peeling->joined[at[i]] ^= (uint32_t)slot;
        }
    }
}

/* Remember a place that came down to one slot. The slot is looked at only after those that
 * were waiting before: by then the processor has fetched it. */
static void wait_at(struct peeling *peeling, uint32_t place)
{
    __builtin_prefetch(&peeling->hashes[peeling->joined[place]]);
    peeling->waiting[peeling->waiting_end++] = place;
}

static void take_away(struct peeling *peeling, uint32_t place)
{
    uint32_t at[FUSE_PLACES], slot = peeling->joined[place];
    peeling->order->steps[peeling->order->count++] = (struct fuse_step){slot, place};
    find_places(at, peeling->shape, peeling->hashes[slot]);
    for (size_t i = 0; i < FUSE_PLACES; i++) {
        peeling->joined[at[i]] ^= slot;
        if (--peeling->crowd[at[i]] == 1)
            wait_at(peeling, at[i]);
    }
}

static void take_all_away(struct peeling *peeling)
{
    uint32_t cells = (uint32_t)fuse_cells(peeling->shape);
    for (uint32_t from = 0; from < cells; from += SEGMENT_MIN) {
        for (uint32_t place = from; place < from + SEGMENT_MIN; place++)
            if (peeling->crowd[place] == 1)
                wait_at(peeling, place);
        /* Follow what comes free at once: it lies near, and is still in the cache. */
        for (size_t next = 0; next < peeling->waiting_end; next++)
            if (peeling->crowd[peeling->waiting[next]] == 1)
                take_away(peeling, peeling->waiting[next]);
        peeling->waiting_end = 0;
    }
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Among the slots that could not be taken away, two have the same hash. */
static bool has_repeat(const struct peeling *peeling)
{
    bool *done = xcalloc(peeling->slots, sizeof *done);
    uint64_t *left = xcalloc(peeling->slots - peeling->order->count, sizeof *left);
    size_t count = 0;
    for (size_t i = 0; i < peeling->order->count; i++)
        done[peeling->order->steps[i].slot] = true;
    for (size_t slot = 0; slot < peeling->slots; slot++)
        if (!done[slot])
            left[count++] = peeling->hashes[slot];
    qsort(left, count, sizeof *left, compare_hashes);
    bool repeat = false;
    for (size_t i = 1; i < count; i++)
        repeat |= left[i] == left[i - 1];
    free(done);
    free(left);
    return repeat;
}

enum fuse_result fuse_peel(struct fuse_order *order, struct fuse_shape shape,
                           const uint64_t *hashes, size_t count)
{
    assert(count >= 1 && count <= SLOTS_MAX);
    size_t places = (size_t)fuse_cells(shape);
    order->steps = xrealloc(order->steps, count, sizeof *order->steps);
    order->count = 0;
    struct peeling peeling = {
        .hashes = hashes, .slots = count, .shape = shape, .order = order};
    peeling.crowd = xcalloc(places, sizeof *peeling.crowd);
    peeling.joined = xcalloc(places, sizeof *peeling.joined);
    /* A place comes down to one slot at most once: no more can wait than there are places.
     */
    peeling.waiting = xrealloc(NULL, places, sizeof *peeling.waiting);
    lay_out(&peeling);
    take_all_away(&peeling);

    enum fuse_result result = FUSE_SOLVED;
    if (order->count < count)
        result = has_repeat(&peeling) ? FUSE_REPEATED : FUSE_STUCK;
    free(peeling.crowd);
    free(peeling.joined);
    free(peeling.waiting);
    return result;
}

void fuse_assign(uint8_t *cells, struct fuse_shape shape, const struct fuse_order *order,
                 const uint64_t *hashes, uint8_t (*labels)[CELL])
{
    uint32_t at[FUSE_PLACES];
    /* Backwards: the other two places of a step are then already final. */
    for (size_t n = order->count; n-- > 0;) {
        struct fuse_step step = order->steps[n];
        uint8_t label[CELL];
        memcpy(label, labels[step.slot], CELL);
        find_places(at, shape, hashes[step.slot]);
        for (size_t i = 0; i < FUSE_PLACES; i++)
            if (at[i] != step.place)
                xor_cell(label, cells, at[i]);
        memcpy(cells + (size_t)step.place * CELL, label, CELL);
    }
}

void fuse_order_release(struct fuse_order *order)
{
    free(order->steps);
    *order = (struct fuse_order){NULL, 0};
}
