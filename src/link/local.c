/* SPDX-License-Identifier: Apache-2.0 */
#include "link/local.h"

#include <stdlib.h>

/* Bits of what stands beside a name: a year of birth (about 80 of them, unevenly), a year and
 * month, a country in a file that is mostly of one region. */
static const double YEAR_BITS = 5.5, MONTH_BITS = 9, COUNTRY_BITS = 2;

enum { YEAR_LEN = 4, MONTH_LEN = 7, DAY_LEN = 10 };

struct bearing {
    const struct side_name *name;
    size_t row;
    bool of_b;
};

static int bearing_order(const void *left, const void *right)
{
    const struct bearing *a = left, *b = right;
    if (a->name->is_person != b->name->is_person)
        return a->name->is_person ? -1 : 1;
    int order = bytes_compare(a->name->folded, b->name->folded);
    if (order != 0)
        return order;
    if (a->of_b != b->of_b)
        return a->of_b ? 1 : -1;
    return (a->row > b->row) - (a->row < b->row);
}

static size_t add_bearings(struct bearing *out, const struct side *side, bool of_b,
                           bool two)
{
    size_t count = 0;
    for (size_t row = 0; side != NULL && row < side->count; row++) {
        if (two && side->rows[row].is_protected)
            continue;
        for (size_t i = 0; i < side->rows[row].name_count; i++)
            out[count++] = (struct bearing){&side->rows[row].names[i], row, of_b};
    }
    return count;
}

static size_t name_total(const struct side *side)
{
    size_t total = 0;
    for (size_t row = 0; side != NULL && row < side->count; row++)
        total += side->rows[row].name_count;
    return total;
}

/* Two birth dates agree as far as both are known, and a year of both is; gives the bits. */
static bool dates_agree(double *bits, struct bytes a, struct bytes b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    if (len > DAY_LEN)
        len = DAY_LEN;
    /* Two full dates are a key's business: agreeing they have one, else they differ. */
    if (len < YEAR_LEN || len == DAY_LEN || memcmp(a.at, b.at, len) != 0)
        return false;
    *bits = len >= MONTH_LEN ? MONTH_BITS : YEAR_BITS;
    return true;
}

static bool has_pair(const struct pairs *pairs, size_t sorted, size_t a, size_t b)
{
    size_t low = 0, high = sorted;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct pair *pair = &pairs->items[middle];
        if (pair->a == a && pair->b == b)
            return true;
        if (pair->a < a || (pair->a == a && pair->b < b))
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static void consider(struct pairs *pairs, const struct bearing *a, const struct bearing *b,
                     uint64_t population)
{
    struct decision decision = {.hit = true, .expected_false = (double)population};
    double bits;
    struct bytes folded = a->name->folded, with = a->name->with;
    if (a->name->is_person) {
        if (a->name->tokens < 2 || !dates_agree(&bits, with, b->name->with))
            return;
        decision_add(
            &decision,
            arena_printf(&pairs->arena,
                         "whole name %.*s agrees; birth dates agree as far as known",
                         (int)folded.len, (const char *)folded.at),
            a->name->bits + bits);
    } else {
        if (with.len == 0 || !bytes_equal(with, b->name->with))
            return;
        decision_add(&decision,
                     arena_printf(&pairs->arena, "company name %.*s and country %.*s agree",
                                  (int)folded.len, (const char *)folded.at, (int)with.len,
                                  (const char *)with.at),
                     a->name->bits + COUNTRY_BITS);
    }
    grow_to((void **)&pairs->items, &pairs->capacity, pairs->count, sizeof *pairs->items);
    pairs->items[pairs->count++] = (struct pair){a->row, b->row, decision};
}

static int pair_order(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    if (a->b != b->b)
        return a->b < b->b ? -1 : 1;
    return (b->decision.score > a->decision.score) -
           (b->decision.score < a->decision.score);
}

static void sort_once_each(struct pairs *pairs)
{
    if (pairs->count == 0)
        return;
    qsort(pairs->items, pairs->count, sizeof *pairs->items, pair_order);
    size_t kept = 1;
    for (size_t i = 1; i < pairs->count; i++)
        if (pairs->items[i].a != pairs->items[kept - 1].a ||
            pairs->items[i].b != pairs->items[kept - 1].b)
            pairs->items[kept++] = pairs->items[i];
    pairs->count = kept;
}

void local_evidence_add(struct pairs *pairs, const struct side *a, const struct side *b,
                        uint64_t population)
{
    bool two = b != NULL;
    struct bearing *bearings = xcalloc(name_total(a) + name_total(b), sizeof *bearings);
    size_t count = add_bearings(bearings, a, false, two);
    count += add_bearings(bearings + count, b, true, two);
    qsort(bearings, count, sizeof *bearings, bearing_order);

    size_t by_keys = pairs->count;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1;
             to < count && bearings[to].name->is_person == bearings[from].name->is_person &&
             bytes_equal(bearings[to].name->folded, bearings[from].name->folded);)
            to++;
        if (to - from > PAIRS_HOLDERS_MAX) {
            pairs->too_common++;
            continue;
        }
        for (size_t i = from; i < to; i++)
            for (size_t j = i + 1; j < to; j++) {
                const struct bearing *x = &bearings[i], *y = &bearings[j];
                if (two ? x->of_b == y->of_b : x->row == y->row)
                    continue;
                if (!has_pair(pairs, by_keys, x->row, y->row))
                    consider(pairs, x, y, population);
            }
    }
    free(bearings);
    sort_once_each(pairs);
}
