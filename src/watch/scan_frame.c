/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_frame.h"

#include "watch/scan_counts.h"
#include "watch/scan_score.h"

#include <assert.h>
#include <stdlib.h>

/* The largest count that a lane can hold, less one, which says "at least so many". */
static uint32_t lane_most(unsigned lane)
{
    return lane == 1 ? UINT8_MAX - 1 : UINT16_MAX - 1;
}

static void *aligned_new(size_t size)
{
    void *block = NULL;
    if (posix_memalign(&block, 2 * SCAN_BLOCK, size + SCAN_BLOCK) != 0)
        abort();
    return block;
}

static inline uint32_t lane_get(const struct scan_frame *frame, const uint8_t *at,
                                unsigned w)
{
    return frame->lane == 1 ? at[w] : ((const uint16_t *)(const void *)at)[w];
}

static void lane_set(const struct scan_frame *frame, uint8_t *at, unsigned w,
                     uint64_t value)
{
    if (frame->lane == 1)
        at[w] = value > UINT8_MAX ? UINT8_MAX : (uint8_t)value;
    else
        ((uint16_t *)(void *)at)[w] = value > UINT16_MAX ? UINT16_MAX : (uint16_t)value;
}

/* --- cells and entries --- */

static void make_cells(struct scan_frame *frame, const uint32_t *cases)
{
    uint32_t most = frame->most;
    size_t places = frame->near->places;
    frame->cell_from = xcalloc(places + 1, sizeof *frame->cell_from);
    for (size_t p = 0; p < places; p++)
        frame->cell_from[p + 1] =
            frame->cell_from[p] + cases[p] / most + (cases[p] % most > 0);
    frame->cells = frame->cell_from[places];
    frame->cell_place = xcalloc(frame->cells + 1, sizeof *frame->cell_place);
    for (size_t p = 0; p < places; p++)
        for (uint32_t c = frame->cell_from[p]; c < frame->cell_from[p + 1]; c++)
            frame->cell_place[c] = (uint32_t)p;
}

static size_t count_entries(const struct scan_frame *frame)
{
    const struct scan_near *near = frame->near;
    size_t count = 0;
    for (size_t i = 0; i < near->from[near->places]; i++) {
        uint32_t place = near->entries[i] & ~NEAR_STEP;
        count += frame->cell_from[place + 1] - frame->cell_from[place];
    }
    return count;
}

/* Entries of every centre; an entry that completes a step has the cases inside for its row, until
 * number_rows puts the row's number there. seen[n] is set for each n that occurs. */
static void make_entries(struct scan_frame *frame, const uint32_t *cases, uint32_t *seen)
{
    const struct scan_near *near = frame->near;
    frame->entries = xcalloc(count_entries(frame) + 1, sizeof *frame->entries);
    frame->from = xcalloc(near->places + 1, sizeof *frame->from);
    struct scan_entry *at = frame->entries;
    for (size_t centre = 0; centre < near->places; centre++) {
        frame->from[centre] = (size_t)(at - frame->entries);
        uint32_t inside = 0, told = 0;
        for (size_t i = near->from[centre]; i < near->from[centre + 1]; i++) {
            uint32_t place = near->entries[i] & ~NEAR_STEP;
            for (uint32_t c = frame->cell_from[place]; c < frame->cell_from[place + 1]; c++)
                *at++ = (struct scan_entry){(uint32_t)(c * frame->stride), 0};
            inside += cases[place];
            if ((near->entries[i] & NEAR_STEP) && inside > told) {
                told = at[-1].row_at = inside;
                seen[inside] = 1;
            }
        }
    }
    frame->from[near->places] = (size_t)(at - frame->entries);
}

static void number_rows(struct scan_frame *frame, uint32_t *seen)
{
    frame->rows = 1;
    for (uint64_t n = 1; n <= frame->total; n++)
        if (seen[n])
            seen[n] = (uint32_t)frame->rows++;
    frame->inside = xcalloc(frame->rows, sizeof *frame->inside);
    for (uint64_t n = 1; n <= frame->total; n++)
        if (seen[n])
            frame->inside[seen[n]] = (uint32_t)n;
    for (size_t i = 0; i < frame->from[frame->near->places]; i++)
        frame->entries[i].row_at = seen[frame->entries[i].row_at] * (uint32_t)frame->stride;
}

static void make_ones(struct scan_frame *frame)
{
    size_t size = (frame->days + 1) * frame->stride;
    frame->ones = aligned_new(size);
    memset(frame->ones, 0, size);
    for (unsigned lag = 1; lag <= frame->days; lag++)
        for (unsigned w = lag - 1; w < frame->days; w++)
            lane_set(frame, frame->ones + lag * frame->stride, w, 1);
}

/* Cells in all lists together, when a cell stands for at most so many cases. */
static uint64_t cells_in_lists(const struct scan_near *near, const uint32_t *cases,
                               uint32_t most)
{
    uint64_t count = 0;
    for (size_t i = 0; i < near->from[near->places]; i++) {
        uint32_t n = cases[near->entries[i] & ~NEAR_STEP];
        count += n / most + (n % most > 0);
    }
    return count;
}

static void set_lane(struct scan_frame *frame, bool narrow)
{
    uint64_t recent = frame->recent[frame->days];
    frame->lane = narrow ? 1 : 2;
    frame->most = recent <= lane_most(frame->lane) ? UINT32_MAX : lane_most(frame->lane);
}

/* One byte a lane does while the largest circle is not expected to come near 255, and places are
 * not cut into too many cells. */
static void choose_lane(struct scan_frame *frame, const uint32_t *cases)
{
    const struct scan_near *near = frame->near;
    uint64_t largest = 0, recent = frame->recent[frame->days];
    for (size_t centre = 0; centre < near->places; centre++) {
        uint64_t inside = 0;
        for (size_t i = near->from[centre]; i < near->from[centre + 1]; i++)
            inside += cases[near->entries[i] & ~NEAR_STEP];
        largest = inside > largest ? inside : largest;
    }
    double expected =
        frame->total > 0 ? (double)largest * (double)recent / (double)frame->total : 0;
    bool narrow = expected < 150 && (recent <= lane_most(1) ||
                                     cells_in_lists(near, cases, lane_most(1)) <=
                                         2 * cells_in_lists(near, cases, UINT32_MAX));
    set_lane(frame, narrow);
}

enum status scan_frame_init(struct scan_frame *frame, const struct scan_near *near,
                            const uint32_t *cases, const uint64_t *recent, unsigned days,
                            bool lists, struct err *err)
{
    assert(days >= 1 && days <= SCAN_DAYS_MAX);
    *frame = (struct scan_frame){.near = near, .days = days};
    for (size_t p = 0; p < near->places; p++)
        frame->total += cases[p];
    assert(frame->total < UINT32_MAX && recent[days] <= frame->total);
    frame->recent = xcalloc(days + 1, sizeof *frame->recent);
    memcpy(frame->recent, recent, (days + 1) * sizeof *recent);
    if (lists)
        choose_lane(frame, cases);
    else
        set_lane(frame, recent[days] <= lane_most(1));
    frame->stride = (days * frame->lane + SCAN_BLOCK - 1) / SCAN_BLOCK * SCAN_BLOCK;
    make_cells(frame, cases);
    if (frame->cells * frame->stride > SCAN_CELLS_BYTES_MAX ||
        (lists && count_entries(frame) > 2ull * NEAR_ENTRIES_MAX)) {
        size_t cells = frame->cells;
        scan_frame_release(frame);
        return fail(err, TOO_LARGE, "%zu places and %u days are too many; take fewer days",
                    cells, days);
    }
    make_ones(frame);
    if (!lists)
        return OK;
    uint32_t *seen = xcalloc(frame->total + 1, sizeof *seen);
    make_entries(frame, cases, seen);
    number_rows(frame, seen);
    free(seen);
    if (frame->rows * frame->stride > SCAN_CELLS_BYTES_MAX) {
        size_t rows = frame->rows;
        scan_frame_release(frame);
        return fail(err, TOO_LARGE,
                    "%zu sizes of circle and %u days are too many; take fewer days or a "
                    "smaller radius",
                    rows, days);
    }
    return OK;
}

void scan_frame_release(struct scan_frame *frame)
{
    if (frame == NULL)
        return;
    free(frame->recent);
    free(frame->cell_place);
    free(frame->cell_from);
    free(frame->entries);
    free(frame->from);
    free(frame->inside);
    free(frame->ones);
    *frame = (struct scan_frame){0};
}

void scan_counts_init(struct scan_counts *counts, const struct scan_frame *frame,
                      unsigned deals)
{
    *counts =
        (struct scan_counts){aligned_new(frame->cells * deals * frame->stride), deals};
    scan_counts_clear(counts, frame);
}

void scan_counts_clear(struct scan_counts *counts, const struct scan_frame *frame)
{
    memset(counts->bytes, 0, frame->cells * counts->deals * frame->stride);
}

void scan_counts_release(struct scan_counts *counts)
{
    if (counts == NULL)
        return;
    free(counts->bytes);
    *counts = (struct scan_counts){0};
}

/* --- thresholds --- */

double scan_frame_expected(const struct scan_frame *frame, uint32_t inside, unsigned window)
{
    return (double)inside * (double)frame->recent[window] / (double)frame->total;
}

static double score(const struct scan_frame *frame, uint64_t observed, uint32_t inside,
                    unsigned window)
{
    return scan_permutation_llr(
        (double)observed, scan_frame_expected(frame, inside, window), (double)frame->total);
}

static bool reaches(const struct scan_frame *frame, uint64_t observed, size_t row,
                    unsigned window, double level)
{
    double llr = score(frame, observed, frame->inside[row], window);
    return llr > 0 && llr >= level;
}

/* For a window: the count it takes grows with the cases inside. So for each count in turn, the
 * last row where it suffices, by steps that double and then a bisection. The level is lowered by a
 * hair: rounding must not hide what is exactly at it; who finds a hit looks at its score. */
static void fill_window(struct scan_table *table, const struct scan_frame *frame,
                        unsigned window)
{
    double level = table->level - 1e-9;
    size_t row = 1;
    for (uint64_t count = 2; row < frame->rows && count <= frame->recent[window]; count++) {
        size_t good = row - 1, step = 1; /* rows up to good are done or suffice */
        while (good + step < frame->rows &&
               reaches(frame, count, good + step, window, level)) {
            good += step;
            step *= 2;
        }
        for (; step > 0; step /= 2)
            if (good + step < frame->rows &&
                reaches(frame, count, good + step, window, level))
                good += step;
        for (; row <= good; row++)
            lane_set(frame, table->rows + row * frame->stride, window - 1, count);
    }
}

void scan_table_init(struct scan_table *table, const struct scan_frame *frame, double level)
{
    *table = (struct scan_table){level, aligned_new(frame->rows * frame->stride)};
    memset(table->rows, 0xff, frame->rows * frame->stride);
    for (unsigned window = 1; window <= frame->days; window++)
        fill_window(table, frame, window);
}

void scan_table_release(struct scan_table *table)
{
    if (table == NULL)
        return;
    free(table->rows);
    *table = (struct scan_table){0};
}

/* --- looking --- */

unsigned scan_frame_sweep(const struct scan_look *look, const struct scan_kernel *kernel,
                          uint32_t centre)
{
    const struct scan_frame *frame = look->frame;
    struct scan_sweep sweep = {.entries = frame->entries + frame->from[centre],
                               .count = frame->from[centre + 1] - frame->from[centre],
                               .counts = look->counts->bytes,
                               .rows = look->table->rows,
                               .stride = frame->stride};
    if (look->counts->deals == 1)
        return (frame->lane == 1 ? kernel->bytes : kernel->words)(&sweep);
    return (frame->lane == 1 ? kernel->many_bytes : kernel->many_words)(&sweep);
}

bool scan_best_before(const struct scan_best *a, const struct scan_best *b,
                      const struct scan_near *near)
{
    if (a->llr != b->llr)
        return a->llr > b->llr;
    if (a->inside != b->inside)
        return a->inside < b->inside;
    if (a->window != b->window)
        return a->window < b->window;
    return near->given[a->centre] < near->given[b->centre];
}

/* Most steps are not it: told for all windows at once, in loops that the compiler makes vectors
 * of. */
static bool step_reaches(const uint32_t *sums, const struct scan_frame *frame,
                         const uint8_t *least)
{
    uint32_t reached = 0;
    if (frame->lane == 1) {
        for (unsigned w = 0; w < frame->days; w++)
            reached |= sums[w] >= least[w];
    } else {
        const uint16_t *words = (const uint16_t *)(const void *)least;
        for (unsigned w = 0; w < frame->days; w++)
            reached |= sums[w] >= words[w];
    }
    return reached != 0;
}

static void look_at_step(struct scan_best *best, const uint32_t *sums,
                         const struct scan_look *look, uint32_t centre, size_t i)
{
    const struct scan_frame *frame = look->frame;
    uint32_t row_at = frame->entries[i].row_at;
    const uint8_t *least = look->table->rows + row_at;
    if (!step_reaches(sums, frame, least))
        return;
    for (unsigned w = 0; w < frame->days; w++) {
        if (sums[w] < lane_get(frame, least, w))
            continue;
        struct scan_best found = {.centre = centre,
                                  .entry = (uint32_t)(i - frame->from[centre]),
                                  .inside = frame->inside[row_at / frame->stride],
                                  .observed = sums[w],
                                  .window = w + 1};
        found.expected = scan_frame_expected(frame, found.inside, found.window);
        found.llr =
            scan_permutation_llr(found.observed, found.expected, (double)frame->total);
        if (found.llr > 0 && found.llr >= look->table->level &&
            (best->llr <= 0 || scan_best_before(&found, best, frame->near)))
            *best = found;
    }
}

void scan_frame_centre(struct scan_best *best, uint32_t *sums, const struct scan_look *look,
                       uint32_t centre)
{
    const struct scan_frame *frame = look->frame;
    const uint8_t *counts = look->counts->bytes + look->deal * frame->stride;
    memset(sums, 0, frame->days * sizeof *sums);
    for (size_t i = frame->from[centre]; i < frame->from[centre + 1]; i++) {
        const uint8_t *more =
            counts + (size_t)frame->entries[i].cell_at * look->counts->deals;
        if (frame->lane == 1)
            for (unsigned w = 0; w < frame->days; w++)
                sums[w] += more[w];
        else
            for (unsigned w = 0; w < frame->days; w++)
                sums[w] += ((const uint16_t *)(const void *)more)[w];
        if (frame->entries[i].row_at != 0)
            look_at_step(best, sums, look, centre, i);
    }
}
