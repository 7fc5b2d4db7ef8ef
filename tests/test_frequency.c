/* SPDX-License-Identifier: Apache-2.0
 *
 * How common a value is, reckoned from few rows, beside how common it was made: kinds whose values are
 * all as common, and kinds of a few common and many rare ones.
 */
#include "link/frequency.h"

#include "base/memory.h"
#include "base/world.h"
#include "check.h"

#include <math.h>

static struct world_seeded seeded;

static double draw(void)
{
    uint32_t number;
    world_random(&seeded.world, &number, sizeof number);
    return (double)number / 4294967296.0;
}

enum { VALUES_MAX = 2000 };

/* Values by their shares: all the same, or as the inverse of their rank. */
struct kind_made {
    const char *name;
    size_t values;
    double power;
};

static void text_of(char out[16], size_t value)
{
    snprintf(out, 16, "v%zu", value);
}

static size_t draw_value(const double *sums, size_t count)
{
    double at = draw() * sums[count - 1];
    size_t from = 0, to = count - 1;
    while (from < to) {
        size_t middle = (from + to) / 2;
        if (sums[middle] > at)
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

/* Of two rows alone that have a value: the true share of that value, beside what is said of it when these
 * two are no others. Strangers agree so often by it: the sums must be near each other. */
static void test_kind(const struct kind_made *made, size_t rows)
{
    double *sums = xcalloc(VALUES_MAX, sizeof *sums), total = 0;
    size_t *has = xcalloc(rows, sizeof *has);
    for (size_t v = 0; v < made->values; v++)
        sums[v] = total += pow((double)v + 1, -made->power);
    double truly = 0, said = 0, plainly = 0;
    for (size_t run = 0; run < 20; run++) {
        struct frequency frequency = {.things = rows};
        char text[16];
        for (size_t i = 0; i < rows; i++) {
            has[i] = draw_value(sums, made->values);
            text_of(text, has[i]);
            frequency_count(&frequency, 'k', bytes_text(text));
            frequency_count(&frequency, 'o', BYTES_OF("all have this"));
        }
        const struct frequency_reckoned reckoned = {1.0 / 4096, 30};
        for (size_t pass = 0; pass < 2; pass++) {
            for (size_t i = 0; i < rows; i++) {
                text_of(text, has[i]);
                if (frequency_of(&frequency, 'k', bytes_text(text)) != 2)
                    continue;
                double share =
                    frequency_share(&frequency, 'k', bytes_text(text), 2, reckoned);
                CHECK(share > 0 && share <= 1);
                *(pass == 0 ? &plainly : &said) += share;
                truly += pass == 0
                             ? 0
                             : (sums[has[i]] - (has[i] > 0 ? sums[has[i] - 1] : 0)) / total;
            }
            frequency_settle(&frequency);
        }
        CHECK(frequency.kind_count == 2);
        frequency_release(&frequency);
    }
    CHECK_SEEN(said > truly / 4 && said < 4 * truly, "%s, %zu rows: %.4f said, %.4f true",
               made->name, rows, said, truly);
    /* Without the spread of the kind nobody would know that it is common. */
    if (made->power == 0)
        CHECK_SEEN(plainly < truly / 5, "%s: %.4f, %.4f", made->name, plainly, truly);
    free(sums);
    free(has);
}

static bool equal(const struct frequency *a, const struct frequency *b, const char *text)
{
    const struct frequency_reckoned reckoned = {0.01, 30};
    return frequency_share(a, 'x', bytes_text(text), 1, reckoned) ==
               frequency_share(b, 'x', bytes_text(text), 1, reckoned) &&
           frequency_share(a, 'y', bytes_text(text), 1, reckoned) ==
               frequency_share(b, 'y', bytes_text(text), 1, reckoned);
}

/* Sent elsewhere by hashes, in any order, it says the same. */
static void test_sent(void)
{
    struct frequency here = {.things = 300}, there = {.things = 300};
    char text[16];
    for (size_t i = 0; i < 300; i++) {
        text_of(text, i % 40);
        frequency_count(&here, 'x', bytes_text(text));
        text_of(text, i * i % 17);
        frequency_count(&here, 'y', bytes_text(text));
    }
    uint64_t hashes[64], counts[64];
    size_t count = 0, at = 0;
    while (count < 64 && frequency_next(&hashes[count], &counts[count], &at, &here))
        count++;
    while (count-- > 0)
        frequency_put(&there, hashes[count], counts[count]);
    frequency_settle(&here);
    frequency_settle(&there);
    for (size_t i = 0; i < 40; i++) {
        text_of(text, i);
        CHECK(equal(&here, &there, text));
    }
    CHECK(here.kind_count == 2 && there.kind_count == 2);
    frequency_release(&here);
    frequency_release(&there);
}

/* Nothing counted, one row, more kinds than are kept: what is reckoned. */
static void test_little(void)
{
    const struct frequency_reckoned reckoned = {0.25, 30};
    struct frequency none = {0}, one = {.things = 1}, many = {.things = 40};
    frequency_settle(&none);
    CHECK(frequency_share(&none, 'x', BYTES_OF("a"), 2, reckoned) == 0.25);
    frequency_count(&one, 'x', BYTES_OF("a"));
    frequency_settle(&one);
    double share = frequency_share(&one, 'x', BYTES_OF("a"), 1, reckoned);
    CHECK_SEEN(share > 0.2 && share <= 0.35, "%g", share);
    for (char kind = 'a'; kind < 'a' + 20; kind++)
        for (size_t i = 0; i < 40; i++)
            frequency_count(&many, kind, BYTES_OF("b"));
    frequency_settle(&many);
    CHECK(many.kind_count == FREQUENCY_KINDS_MAX);
    for (char kind = 'a'; kind < 'a' + 20; kind++) {
        share = frequency_share(&many, kind, BYTES_OF("b"), 2, reckoned);
        CHECK_SEEN(share > 0.6 && share <= 1, "%c: %g", kind, share);
    }
    frequency_release(&none);
    frequency_release(&one);
    frequency_release(&many);
}

int main(void)
{
    static const struct kind_made kinds[] = {
        {"days of birth", 365, 0},
        {"surnames of one list", 220, 0},
        {"surnames of a country", 2000, 1},
        {"given names", 300, 0.8},
        {"towns", 40, 0.5},
    };
    static const size_t rows[] = {150, 400};
    world_seeded_init(&seeded, 20261127, 0);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
            test_kind(&kinds[i], rows[r]);
    test_sent();
    test_little();
    return check_done("frequency");
}
