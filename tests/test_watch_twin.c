/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/pattern and watch/first against slow twins that count and compute everything anew each day,
 * from the definitions in docs/watch.md and nothing that is kept: equal bit for bit, over random
 * worlds with answers missing, rows that come late, repeat, or are set aside; and on any number of
 * threads.
 */
#include "check.h"

#include "base/pool.h"
#include "watch/mix.h"
#include "watch/pattern.h"

#include <assert.h>
#include <string.h>

enum { DAYS = 240, HORIZON = 84, LEARN_FROM = 30, MASKS = 1 << FACET_COUNT, LONGEST = 3 };

struct world {
    struct watch_table table;
    unsigned facets;
};

/* Rows of a few facets; `missing` of the answers are not there, a tenth of the rows come weeks
 * late, and now and then a combination comes up that was not there before. */
static void make_world(struct world *world, uint64_t seed, unsigned facets, unsigned a_day,
                       double missing)
{
    static const enum facet order[] = {
        FACET_AGENCY,  FACET_SUBSTANCE,   FACET_ORIGIN,      FACET_MODE,     FACET_PLACE,
        FACET_TRANSIT, FACET_DESTINATION, FACET_CONCEALMENT, FACET_DEPARTURE};
    struct dice dice = {seed};
    *world = (struct world){.facets = facets};
    for (int32_t day = 0; day < DAYS; day++) {
        unsigned count = dice_below(&dice, 2 * a_day + 1);
        for (unsigned i = 0; i < count; i++) {
            char text[9][16];
            struct facets row = {.day = day, .latitude = NAN, .longitude = NAN, .kg = NAN};
            row.received = day;
            if (dice_unit(&dice) < 0.1)
                row.received += (int32_t)dice_below(&dice, 110);
            bool surge = day / 20 % 4 == 3 && dice_unit(&dice) < 0.1;
            for (unsigned f = 0; f < facets; f++) {
                unsigned value =
                    surge ? 5 + (unsigned)day / 80 : dice_below(&dice, f == 4 ? 9 : 4);
                const char *word = f != 1 ? "v" : value == 0 ? "cocaine" : "heroin";
                snprintf(text[f], sizeof text[f], "%s %u", word, value);
                if (f == 1 && value == 0)
                    text[f][7] = '\0';
                if (f == 0 || dice_unit(&dice) >= missing)
                    row.text[order[f]] = bytes_text(text[f]);
            }
            CHECK(watch_table_add(&world->table, &row, world->table.count + 2, NULL,
                                  NULL) == OK);
        }
    }
    watch_table_settle(&world->table);
    for (size_t i = 0; i < world->table.count; i++)
        world->table.rows[i].quarantined = mix(world->table.rows[i].event + seed) % 40 == 0;
}

/* ---- the twin ---- */

struct twin {
    const struct watch_table *table;
    bool *known; /* rows that count today */
    int32_t today;
    unsigned incomplete,
        lone_commodity; /* the number of the one that is one substance only */
    double seen[BURST_BINS], repeats[BURST_BINS];
    /* of the row being judged, by mask */
    const struct table_row *row;
    double shrunk[MASKS];
    bool has_shrunk[MASKS];
};

static bool holds(const struct table_row *a, const struct table_row *b, unsigned mask)
{
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if ((mask >> f & 1) && a->value[f] != b->value[f])
            return false;
    return true;
}

/* Events of which a known row matches, in so many weeks; 0: all. */
static uint32_t count_events(const struct twin *twin, unsigned mask, int32_t weeks)
{
    const struct watch_table *table = twin->table;
    static uint32_t stamp[1 << 16], now;
    uint32_t count = 0;
    now++;
    assert(table->event_count <= 1 << 16);
    for (size_t i = 0; i < table->count; i++) {
        const struct table_row *row = &table->rows[i];
        if (!twin->known[i] || stamp[row->event] == now || !holds(row, twin->row, mask))
            continue;
        if (weeks != 0 && twin->today / 7 - row->day / 7 >= weeks)
            continue;
        stamp[row->event] = now;
        count++;
    }
    return count;
}

static uint32_t in_window(const struct twin *twin, unsigned mask, size_t w)
{
    return count_events(twin, mask, (int32_t)counts_window_weeks[w]);
}

static uint32_t history(const struct twin *twin, unsigned mask)
{
    return count_events(twin, mask, 0) - in_window(twin, mask, LONGEST);
}

/* What is known of one facet's values: rows of each, how many values came once and twice. */
struct values {
    uint32_t count[32];
    double rows, distinct, once, twice;
};

static void count_values(struct values *out, const struct twin *twin, unsigned facet)
{
    *out = (struct values){.rows = 0};
    for (size_t i = 0; i < twin->table->count; i++) {
        uint32_t value = twin->table->rows[i].value[facet];
        assert(value < 32);
        if (twin->known[i] && value != 0) {
            out->count[value]++;
            out->rows++;
        }
    }
    for (unsigned v = 0; v < 32; v++) {
        out->distinct += out->count[v] > 0;
        out->once += out->count[v] == 1;
        out->twice += out->count[v] == 2;
    }
}

static unsigned bit_count(unsigned mask)
{
    return (unsigned)__builtin_popcount(mask);
}

static double shrunk(struct twin *twin, unsigned mask)
{
    if (twin->has_shrunk[mask])
        return twin->shrunk[mask];
    double h = history(twin, mask), prior = 0, result = h;
    struct values values;
    if (bit_count(mask) == 1) {
        count_values(&values, twin, (unsigned)__builtin_ctz(mask));
        double repeats = 2 * (values.twice + 1) / (values.once + 2);
        repeats = repeats < 0.25 ? 0.25 : repeats > 1 ? 1 : repeats;
        result = fmax(h, repeats);
    } else if (h < 12) {
        for (unsigned f = 0; f < FACET_COUNT; f++) {
            if (!(mask >> f & 1))
                continue;
            count_values(&values, twin, f);
            double share = (values.count[twin->row->value[f]] + 0.5) /
                           (values.rows + 0.5 * (values.distinct + 1));
            prior = fmax(prior, shrunk(twin, mask & ~(1u << f)) * share);
        }
        result = fmax(h, prior * (h + 1) / (prior + 1));
    }
    twin->has_shrunk[mask] = true;
    return twin->shrunk[mask] = result;
}

/* Seizures in the window and before the last twelve weeks, of one agency or all, among those that
 * answer the facets. */
static void count_effort(double *now, double *before, const struct twin *twin,
                         unsigned facets, bool all, size_t w)
{
    *now = *before = 0;
    for (size_t i = 0; i < twin->table->count; i++) {
        const struct table_row *row = &twin->table->rows[i];
        bool answers = row->role == ROLE_FIRST;
        for (unsigned f = 0; f < FACET_COUNT; f++)
            answers = answers && (!(facets >> f & 1) || row->value[f] != 0);
        if (!twin->known[i] || !answers ||
            (!all && row->value[FACET_AGENCY] != twin->row->value[FACET_AGENCY]))
            continue;
        int32_t age = twin->today / 7 - row->day / 7;
        *now += age < (int32_t)counts_window_weeks[w];
        *before += age >= 12;
    }
}

static double effort(const struct twin *twin, unsigned mask, size_t w, bool everybody)
{
    double now, before, ours, ours_before;
    unsigned facets = everybody ? 0 : mask & twin->incomplete;
    count_effort(&now, &before, twin, facets, true, w);
    double of_all = (now + 0.5) / (before + 0.5);
    if (everybody)
        return of_all;
    count_effort(&ours, &ours_before, twin, facets, false, w);
    double of_agency = (ours + 2) / (ours_before + 2 / of_all);
    return mask >> FACET_AGENCY & 1 ? of_agency : fmax(of_agency, of_all);
}

static size_t burst_bin(double expected)
{
    size_t bin = 0;
    while (bin < BURST_BINS - 1 && expected < ldexp(1, -2 * (int)bin - 1))
        bin++;
    return bin;
}

/* How often what was never seen before comes again; 0: no oftener than by chance. */
static double burst(struct twin *twin, unsigned mask)
{
    if (bit_count(mask) == 1 || history(twin, mask) > 0)
        return 0;
    double expected = shrunk(twin, mask) * effort(twin, mask, LONGEST, false);
    size_t bin = burst_bin(expected);
    double again = (twin->repeats[bin] + 20 * expected) / (twin->seen[bin] + 20);
    return again > 0.02 && again > 4 * expected ? again : 0;
}

static void score(struct candidate *best, struct twin *twin, unsigned mask, size_t w)
{
    uint32_t count = in_window(twin, mask, w);
    bool first = bit_count(mask) == 1 && history(twin, mask) == 0;
    if (mask == 1u << FACET_AGENCY || count < 2u + first)
        return;
    double expected = shrunk(twin, mask) * effort(twin, mask, w, false);
    double again = burst(twin, mask), told = count;
    bool comes_again = again > expected;
    if (comes_again)
        expected = again;
    if (first || (again > 0 && expected == again))
        told--;
    double score = pattern_llr(told, 1.5 * expected);
    if (told <= 1.5 * expected || score <= best->score)
        return;
    *best =
        (struct candidate){.score = score,
                           .expected = expected,
                           .expected_raw = shrunk(twin, mask) * effort(twin, mask, w, true),
                           .observed = count,
                           .mask = (uint16_t)mask,
                           .window = (uint8_t)w,
                           .is_first = first,
                           .comes_again = comes_again};
}

static struct candidate best_window(struct twin *twin, unsigned mask)
{
    struct candidate best = {.score = 0};
    for (size_t w = 0; w < COUNTS_WINDOWS; w++)
        score(&best, twin, mask, w);
    return best;
}

static bool is_parent(unsigned parent)
{
    return parent != 0 && parent != 1u << FACET_AGENCY;
}

/* To the wider rule whose surge it only shares: the first of the facets without which that is so. */
static void give_way(struct candidate *best, struct twin *twin)
{
    for (unsigned f = 0; f < FACET_COUNT && best->score > 0; f++) {
        unsigned parent = best->mask & ~(1u << f);
        if (parent == best->mask || !is_parent(parent))
            continue;
        uint32_t wider = in_window(twin, parent, best->window);
        double share = wider * shrunk(twin, best->mask) / shrunk(twin, parent);
        if (wider < 2 * best->observed || pattern_llr(best->observed, share) >= 3)
            continue;
        *best = best_window(twin, parent);
        give_way(best, twin);
        return;
    }
}

/* To the wider rule that holds half as many more, nearly all beyond what is expected. */
static void widen(struct candidate *best, struct twin *twin, double floor)
{
    struct candidate widest = {.score = 0};
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        unsigned parent = best->mask & ~(1u << f);
        if (parent == best->mask || !is_parent(parent))
            continue;
        struct candidate wider = best_window(twin, parent);
        if (wider.score >= floor && wider.score > widest.score &&
            2 * wider.observed >= 3 * best->observed &&
            wider.expected <= 0.1 * wider.observed)
            widest = wider;
    }
    if (widest.score <= 0)
        return;
    *best = widest;
    widen(best, twin, floor);
}

/* The conjunctions of a row: not the substance and its group at once, and no group that is but one
 * substance. */
static bool is_rule(const struct twin *twin, const struct table_row *row, unsigned mask)
{
    bool substance = mask >> FACET_SUBSTANCE & 1, group = mask >> FACET_COMMODITY & 1;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if ((mask >> f & 1) && row->value[f] == 0)
            return false;
    if (group && row->value[FACET_SUBSTANCE] != 0 &&
        row->value[FACET_COMMODITY] == twin->lone_commodity)
        return false;
    return mask != 0 && bit_count(mask) <= 7 && !(substance && group);
}

static bool is_judged(const struct twin *twin, const struct table_row *row)
{
    return twin->today >= LEARN_FROM && twin->today / 7 - row->day / 7 < 12;
}

static void set_row(struct twin *twin, const struct table_row *row)
{
    twin->row = row;
    memset(twin->has_shrunk, 0, sizeof twin->has_shrunk);
}

static struct candidate judge(struct twin *twin, uint32_t index, double floor)
{
    struct candidate best = {.score = 0};
    const struct table_row *row = &twin->table->rows[index];
    if (!is_judged(twin, row))
        return best;
    set_row(twin, row);
    /* The masks rise by the facets that the row answers, in their order. */
    for (unsigned mask = 1; mask < MASKS; mask++)
        for (size_t w = 0; is_rule(twin, row, mask) && w < COUNTS_WINDOWS; w++)
            score(&best, twin, mask, w);
    if (best.score >= floor)
        give_way(&best, twin);
    if (best.score < floor || best.score <= 0)
        return (struct candidate){.score = 0};
    widen(&best, twin, floor);
    best.row = index;
    return best;
}

/* A rule that was seen first, or a second time, with the row that was just added. */
struct sighting {
    uint32_t row;
    unsigned mask;
    bool second;
};

static size_t look_for_sightings(struct sighting *out, struct twin *twin, uint32_t index)
{
    size_t count = 0;
    const struct table_row *row = &twin->table->rows[index];
    if (!is_judged(twin, row))
        return 0;
    set_row(twin, row);
    for (unsigned mask = 1; mask < MASKS; mask++) {
        if (!is_rule(twin, row, mask) || bit_count(mask) < 2)
            continue;
        uint32_t total = count_events(twin, mask, 0);
        twin->known[index] = false;
        bool adds = count_events(twin, mask, 0) < total;
        twin->known[index] = true;
        if (adds && total <= 2 && in_window(twin, mask, LONGEST) == total)
            out[count++] = (struct sighting){index, mask, total == 2};
    }
    return count;
}

static void learn(struct twin *twin, const struct sighting *sightings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        set_row(twin, &twin->table->rows[sightings[i].row]);
        size_t bin = burst_bin(shrunk(twin, sightings[i].mask) *
                               effort(twin, sightings[i].mask, LONGEST, false));
        *(sightings[i].second ? &twin->repeats[bin] : &twin->seen[bin]) += 1;
    }
}

/* ---- the comparison ---- */

static struct pattern_options options_of(const struct world *world, struct pool *pool)
{
    return (struct pattern_options){.table = &world->table,
                                    .rows = world->table.rows,
                                    .row_count = world->table.count,
                                    .first_day = 0,
                                    .last_day = DAYS + 120,
                                    .horizon_days = HORIZON,
                                    .learn_from = LEARN_FROM,
                                    .known_until = INT32_MAX,
                                    .pool = pool};
}

/* What is received on a day, in the order of the file. */
static size_t rows_of(uint32_t *out, const struct watch_table *table, int32_t day)
{
    size_t count = 0;
    for (uint32_t i = 0; i < table->count; i++)
        if (table->rows[i].received == day)
            out[count++] = i;
    return count;
}

static bool same(const struct candidate *a, const struct candidate *b)
{
    return a->score == b->score && a->expected == b->expected &&
           a->expected_raw == b->expected_raw && a->row == b->row &&
           a->observed == b->observed && a->mask == b->mask && a->window == b->window &&
           a->is_first == b->is_first && a->comes_again == b->comes_again;
}

static unsigned lone_commodity(const struct watch_table *table)
{
    return watch_table_find(table, FACET_COMMODITY, bytes_text("cocaine"));
}

static void compare_days(uint64_t seed, unsigned facets, double missing, double floor)
{
    struct world world;
    make_world(&world, seed, facets, 2, missing);
    const struct watch_table *table = &world.table;
    static struct twin twin;
    static struct sighting sightings[1 << 16];
    twin = (struct twin){.table = table, .lone_commodity = lone_commodity(table)};
    twin.incomplete = pattern_incomplete(table, INT32_MAX);
    twin.known = calloc(table->count, sizeof *twin.known);
    struct pattern pattern;
    struct pattern_options options = options_of(&world, NULL);
    pattern_init(&pattern, &options);
    uint32_t *rows = calloc(table->count + 1, sizeof *rows);
    size_t wrong = 0, compared = 0, seen = 0, wide = 0, bursts = 0;
    for (int32_t day = 0; day < DAYS + 110; day++) {
        pattern_advance(&pattern, day);
        size_t count = rows_of(rows, table, day), found, sighted = 0, next = 0;
        const struct candidate *best = pattern_day(&found, &pattern, rows, count,
                                                   &(struct pattern_floors){floor, floor});
        twin.today = day;
        int32_t oldest = day / 7 - (HORIZON / 7 + 12);
        for (size_t i = 0; i < table->count; i++)
            twin.known[i] = twin.known[i] && table->rows[i].day / 7 >= oldest;
        for (size_t i = 0; i < count; i++) {
            const struct table_row *row = &table->rows[rows[i]];
            if (row->quarantined || row->role == ROLE_REPEAT || row->day / 7 < oldest)
                continue;
            twin.known[rows[i]] = true;
            sighted += look_for_sightings(sightings + sighted, &twin, rows[i]);
        }
        for (size_t i = 0; i < count; i++) {
            if (!twin.known[rows[i]])
                continue;
            struct candidate expected = judge(&twin, rows[i], floor);
            compared++;
            if (expected.score <= 0)
                continue;
            seen++;
            wide += bit_count(expected.mask) == 1;
            bursts += expected.expected == burst(&twin, expected.mask);
            wrong += next >= found || !same(&best[next], &expected);
            next++;
        }
        wrong += next != found;
        learn(&twin, sightings, sighted);
    }
    for (size_t bin = 0; bin < BURST_BINS; bin++)
        wrong += pattern.bursts[bin].seen != twin.seen[bin] ||
                 pattern.bursts[bin].repeats != twin.repeats[bin];
    CHECK_SEEN(wrong == 0, "seed %llu, %u facets: %zu of %zu differ",
               (unsigned long long)seed, facets, wrong, compared);
    CHECK_SEEN(seen > 30 && seen < compared, "%zu found of %zu (%zu wide, %zu bursts)",
               seen, compared, wide, bursts);
    free(rows);
    free(twin.known);
    pattern_release(&pattern);
    watch_table_release(&world.table);
}

/* Days large enough to be shared out: the same on any number of threads. */
static void compare_threads(uint64_t seed)
{
    struct world world;
    make_world(&world, seed, 9, 20, 0.1);
    const struct watch_table *table = &world.table;
    struct pattern patterns[3];
    struct pool *pools[3] = {NULL, pool_open(2), pool_open(5)};
    for (size_t i = 0; i < 3; i++) {
        struct pattern_options options = options_of(&world, pools[i]);
        pattern_init(&patterns[i], &options);
    }
    uint32_t *rows = calloc(table->count + 1, sizeof *rows);
    size_t wrong = 0, seen = 0;
    for (int32_t day = 0; day < 200; day++) {
        size_t count = rows_of(rows, table, day), found[3];
        const struct candidate *best[3];
        for (size_t i = 0; i < 3; i++) {
            pattern_advance(&patterns[i], day);
            best[i] = pattern_day(&found[i], &patterns[i], rows, count,
                                  &(struct pattern_floors){4, 4});
        }
        seen += found[0];
        for (size_t i = 1; i < 3; i++) {
            wrong += found[i] != found[0];
            for (size_t k = 0; k < found[0] && k < found[i]; k++)
                wrong += !same(&best[0][k], &best[i][k]);
        }
    }
    for (size_t i = 1; i < 3; i++)
        wrong += memcmp(patterns[0].bursts, patterns[i].bursts, sizeof patterns[0].bursts);
    CHECK_SEEN(seen > 100 && wrong == 0, "%zu found, %zu differ", seen, wrong);
    for (size_t i = 0; i < 3; i++) {
        pattern_release(&patterns[i]);
        pool_close(pools[i]);
    }
    free(rows);
    watch_table_release(&world.table);
}

/* ---- watch/first ---- */

/* Rates of two halves are Gamma with 1/2 and the count: mean and variance of the logarithm by
 * summing up its density, in place of digamma and trigamma. */
static void log_gamma_moments(double *mean, double *variance, double shape)
{
    double sum = 0, sum_t = 0, sum_tt = 0;
    for (double t = -60; t < 8; t += 0.001) {
        double density = exp(shape * t - exp(t) - lgamma(shape));
        sum += density;
        sum_t += density * t;
        sum_tt += density * t * t;
    }
    *mean = sum_t / sum;
    *variance = sum_tt / sum - *mean * *mean;
}

static void compare_growth(struct dice *dice)
{
    int32_t days[40], to = 20 + (int32_t)dice_below(dice, 60);
    size_t count = 4 + dice_below(dice, 36);
    double early = 0.5, late = 0.5, half = (to + 1) / 2.0;
    for (size_t i = 0; i < count; i++) {
        days[i] = (int32_t)(sqrt(dice_unit(dice)) * (to + 1));
        *(days[i] < half ? &early : &late) += 1;
    }
    double mean[2], variance[2];
    log_gamma_moments(&mean[0], &variance[0], early);
    log_gamma_moments(&mean[1], &variance[1], late);
    double growth = mean[1] - mean[0], spread = sqrt(variance[0] + variance[1]);
    struct growth found = first_growth(days, count, 0, to);
    if (growth <= 0) {
        CHECK(isnan(found.doubling_days));
        return;
    }
    double low = half * log(2) / (growth + 1.6448536269514722 * spread);
    double middle = half * log(2) / growth;
    CHECK_SEEN(fabs(found.doubling_days / middle - 1) < 1e-6, "%.9f %.9f",
               found.doubling_days, middle);
    CHECK_SEEN(fabs(found.low / low - 1) < 1e-6, "%.9f %.9f", found.low, low);
    double rest = growth - 1.6448536269514722 * spread;
    if (rest > 1e-6)
        CHECK(fabs(found.high * rest / (half * log(2)) - 1) < 1e-4);
    else if (rest < -1e-6)
        CHECK(isinf(found.high));
}

/* Values that come and go, counted anew after each step. */
static void compare_first_seen(struct dice *dice)
{
    struct first_seen seen = {0};
    uint32_t count[50] = {0};
    for (int step = 0; step < 2000; step++) {
        uint32_t value = 1 + (uint32_t)(49 * dice_unit(dice) * dice_unit(dice));
        if (count[value] > 0 && dice_unit(dice) < 0.48) {
            first_forget(&seen, value);
            count[value]--;
        } else {
            first_add(&seen, value);
            count[value]++;
        }
        double known = 0, distinct = 0, once = 0, twice = 0;
        for (size_t v = 0; v < 50; v++) {
            known += count[v];
            distinct += count[v] > 0;
            once += count[v] == 1;
            twice += count[v] == 2;
        }
        double repeats = fmin(1, fmax(0.25, 2 * (twice + 1) / (once + 2)));
        double share = (count[value] + 0.5) / (known + 0.5 * (distinct + 1));
        CHECK(first_share(&seen, value) == share && first_repeats(&seen) == repeats);
    }
    first_release(&seen);
}

int main(void)
{
    struct dice dice = {77};
    for (int i = 0; i < 5; i++)
        compare_growth(&dice);
    compare_first_seen(&dice);
    compare_days(1, 4, 0.0, 0.5);
    compare_days(2, 4, 0.3, 2);
    compare_days(3, 5, 0.15, 0);
    compare_days(4, 5, 0.6, 1);
    compare_threads(5);
    return check_done("watch_twin");
}
