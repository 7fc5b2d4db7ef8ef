/* SPDX-License-Identifier: Apache-2.0
 *
 * link/mixture on invented runs, of which it is known who is who: what is stated of wrong hits adds up to
 * those there are, with many relatives and with none.
 */
#include "link/mixture.h"

#include "base/memory.h"
#include "base/world.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>

static struct world_seeded seeded;

static double draw(void)
{
    uint32_t number;
    world_random(&seeded.world, &number, sizeof number);
    return (double)number / 4294967296.0;
}

static uint8_t draw_level(const double *levels, uint8_t first, uint8_t end)
{
    double at = draw();
    for (uint8_t i = first; i + 1 < end; i++)
        if ((at -= levels[i]) < 0)
            return i;
    return (uint8_t)(end - 1);
}

/* As a file of its own ways has them: none of these is what is reckoned beforehand. */
static const struct mixture_class same = {0.7,
                                          {0.01, 0.02, 0.02, 0.03, 0.2, 0.12, 0.2, 0.4},
                                          {1, 0.04, 0.04, 0.02, 0.1, 0.8},
                                          {1, 0.05, 0.05, 0.2, 0.1, 0.6}};
static const struct mixture_class kin = {0, /* as many as the run has */
                                         {0.02, 0.1, 0.01, 0.02, 0.5, 0.2, 0.12, 0.03},
                                         {1, 0.94, 0.03, 0.005, 0.021, 0.004},
                                         {1, 0.01, 0.06, 0.23, 0.1, 0.6}};

static struct accord draw_accord(const struct mixture_class *class)
{
    return (struct accord){.names = draw_level(class->names, 0, MIXTURE_NAMES),
                           .date = draw_level(class->dates, 1, MIXTURE_DATES),
                           .place = draw_level(class->places, 1, MIXTURE_PLACES),
                           .place_most = MIXTURE_PLACES - 1,
                           .strangers = exp2(-16 - 12 * draw()),
                           .numbers = 1};
}

static const struct {
    const char *name;
    double relatives; /* a query */
} runs[] = {{"no relatives", 0}, {"a few", 0.05}, {"a household each", 0.8}, {"clans", 3}};

static void test_run(const char *name, double relatives)
{
    enum { QUERIES = 4000 };
    size_t capacity = (size_t)(QUERIES * (relatives + 1)) + 100, count = 0;
    struct accord *seen = xcalloc(capacity, sizeof *seen);
    bool *is_same = xcalloc(capacity, sizeof *is_same);
    for (size_t i = 0; i < QUERIES; i++) {
        if (draw() < same.often) {
            is_same[count] = true;
            seen[count++] = draw_accord(&same);
        }
        for (double left = relatives; left > 0 && count < capacity; left -= 1)
            if (draw() < left)
                seen[count++] = draw_accord(&kin);
    }
    struct mixture mixture;
    mixture_init(&mixture, MIXTURE_KEYS);
    mixture_learn(&mixture, seen, count, QUERIES);
    double stated = 0, found = 0, wrong = 0, right = 0;
    for (size_t i = 0; i < count; i++) {
        double doubt = mixture_doubt(&mixture, &seen[i]);
        CHECK(doubt > 0 && isfinite(doubt));
        right += is_same[i];
        if (doubt > 0.3)
            continue;
        stated += doubt / (1 + doubt);
        found += is_same[i];
        wrong += !is_same[i];
    }
    CHECK_SEEN(stated < 2 * wrong + 12 && wrong < 2 * stated + 6,
               "%s: %g stated, %g wrong, of %g", name, stated, wrong, found);
    CHECK_SEEN(found > 0.8 * right, "%s: %g of %g found", name, found, right);
    CHECK_SEEN(fabs(mixture.same.often - same.often) < 0.1, "%s: %g", name,
               mixture.same.often);
    CHECK_SEEN(fabs(mixture.same.dates[1] - same.dates[1]) < 0.05, "%s: %g", name,
               mixture.same.dates[1]);
    free(is_same);
    free(seen);
}

/* Little is learned from little; nothing from nothing. */
static void test_small(void)
{
    struct mixture before, after;
    struct accord one = {.names = 7,
                         .date = 5,
                         .place = 5,
                         .place_most = 5,
                         .strangers = 1e-9,
                         .numbers = 1};
    mixture_init(&before, MIXTURE_KEYS);
    after = before;
    mixture_learn(&after, NULL, 0, 0);
    double doubt = mixture_doubt(&before, &one);
    CHECK(fabs(mixture_doubt(&after, &one) / doubt - 1) < 0.1);
    after = before;
    /* But whether asked people are there, each query tells. */
    mixture_learn(&after, &one, 1, 1);
    double there = after.same.often / before.same.often;
    CHECK_SEEN(fabs(mixture_doubt(&after, &one) * there / doubt - 1) < 0.25, "%g, %g, %g",
               mixture_doubt(&after, &one), there, doubt);
    after = before;
    mixture_learn(&after, NULL, 0, 50);
    CHECK(after.same.often < 0.05);
    /* How rare a value is, a short run does not know. */
    one.strangers = 1;
    after = before;
    after.queries = 1;
    CHECK(fabs(mixture_doubt(&after, &one) / mixture_doubt(&before, &one) - 2) < 0.1);
    after.queries = 100 * MIXTURE_LONG_RUN;
    CHECK(fabs(mixture_doubt(&after, &one) / mixture_doubt(&before, &one) - 1) < 0.1);
}

/* What each more of agreement does. */
static void test_order(void)
{
    struct mixture mixture;
    mixture_init(&mixture, MIXTURE_PLAIN);
    const struct accord whole = {.names = 7,
                                 .date = 5,
                                 .place = 5,
                                 .place_most = 5,
                                 .strangers = 1e-6,
                                 .numbers = 1};
    struct accord other = whole;
    double least = mixture_doubt(&mixture, &whole);
    other.date = 1;
    CHECK(mixture_doubt(&mixture, &other) > 10 * least);
    other = whole;
    other.strangers *= 1000;
    CHECK(mixture_doubt(&mixture, &other) > least);
    other = whole;
    other.numbers = 1e-6;
    CHECK(fabs(mixture_doubt(&mixture, &other) / least - 1e-6) < 1e-9);
    /* A town that agrees says more of an address that tells no street. */
    other = whole;
    other.place = 2;
    double street_known = mixture_doubt(&mixture, &other);
    other.place_most = 2;
    CHECK(mixture_doubt(&mixture, &other) < street_known);
}

int main(void)
{
    world_seeded_init(&seeded, 20261127, 0);
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++)
        test_run(runs[i].name, runs[i].relatives);
    test_small();
    test_order();
    return check_done("mixture");
}
