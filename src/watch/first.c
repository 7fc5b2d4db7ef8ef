/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/first.h"

#include "base/memory.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GROWTH_EVENTS_MIN = 4 };
static const double INTERVAL_90 = 1.6448536269514722;

void first_release(struct first_seen *seen)
{
    if (seen == NULL)
        return;
    free(seen->count);
    *seen = (struct first_seen){0};
}

static void tally(struct first_seen *seen, uint32_t count, int sign)
{
    seen->once += (uint32_t)(count == 1 ? sign : 0);
    seen->twice += (uint32_t)(count == 2 ? sign : 0);
    seen->distinct += (uint32_t)(count > 0 ? sign : 0);
}

void first_add(struct first_seen *seen, uint32_t value)
{
    if (value >= seen->capacity) {
        size_t old = seen->capacity;
        grow_to((void **)&seen->count, &seen->capacity, value, sizeof *seen->count);
        memset(seen->count + old, 0, (seen->capacity - old) * sizeof *seen->count);
    }
    tally(seen, seen->count[value], -1);
    seen->count[value]++;
    seen->known++;
    tally(seen, seen->count[value], 1);
}

void first_forget(struct first_seen *seen, uint32_t value)
{
    assert(value < seen->capacity && seen->count[value] > 0);
    tally(seen, seen->count[value], -1);
    seen->count[value]--;
    seen->known--;
    tally(seen, seen->count[value], 1);
}

double first_share(const struct first_seen *seen, uint32_t value)
{
    double count = value < seen->capacity ? seen->count[value] : 0;
    return (count + 0.5) / ((double)seen->known + 0.5 * (seen->distinct + 1));
}

double first_repeats(const struct first_seen *seen)
{
    /* With a few values seen once the ratio says little: two of each are lent to it. */
    double repeats = 2.0 * (seen->twice + 1) / (seen->once + 2);
    return repeats < 0.25 ? 0.25 : repeats > 1 ? 1 : repeats;
}

/* Trigamma, by recurrence and the asymptotic series. */
static double trigamma(double x)
{
    double sum = 0;
    for (; x < 6; x++)
        sum += 1 / (x * x);
    double y = 1 / (x * x);
    return sum + 1 / x + y / 2 + y / x * (1.0 / 6 - y * (1.0 / 30 - y / 42));
}
static double digamma(double x)
{
    double sum = 0;
    for (; x < 6; x++)
        sum -= 1 / x;
    double y = 1 / (x * x);
    return sum + log(x) - 0.5 / x - y * (1.0 / 12 - y * (1.0 / 120 - y / 252));
}

struct growth first_growth(const int32_t *days, size_t count, int32_t from, int32_t to)
{
    struct growth growth = {NAN, NAN, NAN};
    double half = (to - from + 1) / 2.0, early = 0.5, late = 0.5;
    if (count < GROWTH_EVENTS_MIN || half < 1)
        return growth;
    for (size_t i = 0; i < count; i++) {
        if (days[i] - from < half)
            early++;
        else
            late++;
    }
    double log_ratio = digamma(late) - digamma(early);
    double spread = INTERVAL_90 * sqrt(trigamma(late) + trigamma(early));
    if (log_ratio <= 0)
        return growth;
    growth.doubling_days = half * M_LN2 / log_ratio;
    growth.low = half * M_LN2 / (log_ratio + spread);
    growth.high = log_ratio > spread ? half * M_LN2 / (log_ratio - spread) : INFINITY;
    return growth;
}
