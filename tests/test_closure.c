/* SPDX-License-Identifier: Apache-2.0
 *
 * What follows from hits, against a slow twin that writes down the rules of link/closure.h: shortest paths
 * between all rows, groups by repeated joining, strangers counted one by one.
 */
#include "link/closure.h"

#include "base/memory.h"
#include "base/world.h"
#include "check.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS_MAX = 9, NODES_MAX = 2 * ROWS_MAX, RUNS = 3000, STEPS = PAIR_VIA_MAX + 1 };

static struct world_seeded seeded;

static double draw(void)
{
    uint32_t number;
    world_random(&seeded.world, &number, sizeof number);
    return (double)number / 4294967296.0;
}

/* Some rows are not one, whatever follows, and of some no less than a tenth is stated. */
static bool may_be_one(size_t a, size_t b)
{
    return (a * 7 + b * 3) % 11 != 0;
}

static double least_of(size_t a, size_t b)
{
    return (a + 2 * b) % 5 == 0 ? 0.1 : 0;
}

static size_t looked;

static bool look(struct decision *out, size_t a, size_t b, void *context)
{
    looked += context != NULL;
    *out = (struct decision){.least_false = least_of(a, b)};
    return may_be_one(a, b);
}

struct twin {
    bool within;
    size_t of_a, nodes;
    double wrong[NODES_MAX][NODES_MAX]; /* of the hit between two nodes; infinite: none */
    bool vague[NODES_MAX][NODES_MAX];
    double best[NODES_MAX][NODES_MAX];
    unsigned steps[NODES_MAX][NODES_MAX];
    double open;
};

static size_t node_of_b(const struct twin *twin, size_t b)
{
    return twin->within ? b : twin->of_a + b;
}

/* By dated hits alone; then with one vague one between two such ways. */
static void twin_paths(struct twin *twin)
{
    size_t n = twin->nodes;
    double dated[NODES_MAX][NODES_MAX];
    unsigned steps[NODES_MAX][NODES_MAX];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            dated[i][j] = i == j ? 0 : twin->vague[i][j] ? INFINITY : twin->wrong[i][j];
            steps[i][j] = i != j;
        }
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                if (dated[i][k] + dated[k][j] < dated[i][j]) {
                    dated[i][j] = dated[i][k] + dated[k][j];
                    steps[i][j] = steps[i][k] + steps[k][j];
                }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            twin->best[i][j] = dated[i][j];
            twin->steps[i][j] = steps[i][j];
            for (size_t k = 0; k < n; k++)
                for (size_t l = 0; l < n; l++) {
                    if (!twin->vague[k][l])
                        continue;
                    double wrong = dated[i][k] + twin->wrong[k][l] + dated[l][j];
                    if (wrong < twin->best[i][j]) {
                        twin->best[i][j] = wrong;
                        twin->steps[i][j] = steps[i][k] + 1 + steps[l][j];
                    }
                }
        }
}

static bool is_hit(const struct twin *twin, size_t x, size_t y)
{
    return isfinite(twin->wrong[x][y]);
}

/* The share of sides that are no hit, among rows that hits of at most a thousandth hold together. */
static void twin_open(struct twin *twin)
{
    size_t group[NODES_MAX], n = twin->nodes;
    double sides = 20, open = 1;
    for (size_t i = 0; i < n; i++)
        group[i] = i;
    for (size_t round = 0; round < n; round++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                if (is_hit(twin, i, j) && twin->wrong[i][j] <= 0.001 && group[j] < group[i])
                    group[i] = group[j];
    for (size_t g = 0; g < n; g++) {
        double size = 0, all = 0, hits = 0;
        for (size_t i = 0; i < n; i++)
            size += group[i] == g;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                if (group[i] == g && group[j] == g) {
                    all += twin->within || (i < twin->of_a) != (j < twin->of_a);
                    hits += is_hit(twin, i, j);
                }
        if (all > size - 1 && size > 0) {
            sides += all - (size - 1);
            open += all - hits;
        }
    }
    twin->open = fmin(fmax(open / sides, 0.01), 0.1);
}

static bool is_near(const struct twin *twin, size_t x, size_t y)
{
    if (twin->within)
        return is_hit(twin, x, y);
    for (size_t z = 0; z < twin->nodes; z++)
        if (is_hit(twin, x, z) && is_hit(twin, z, y))
            return true;
    return false;
}

static double strangers(const struct twin *twin, size_t x, size_t y)
{
    double count = 0;
    for (size_t z = 0; z < twin->nodes; z++)
        count += is_hit(twin, x, z) && z != y && !is_near(twin, z, y);
    return count;
}

static const struct pair *find(const struct pairs *pairs, size_t a, size_t b)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->items[i].a == a && pairs->items[i].b == b)
            return &pairs->items[i];
    return NULL;
}

/* The way is one of hits, and what is stated is what it leaves in doubt. */
static bool is_way(const struct twin *twin, const struct pair *pair, double wrong)
{
    size_t at = pair->a;
    double sum = 0;
    for (size_t v = 0; v <= pair->via_count; v++) {
        size_t row = v < pair->via_count ? pair->via[v] : pair->b;
        size_t to = v % 2 == 0 ? node_of_b(twin, row) : row;
        sum += twin->wrong[at][to];
        at = to;
    }
    return fabs(sum - wrong) < 1e-12;
}

static bool nearly(double x, double y)
{
    return fabs(x - y) <= 1e-9 * (1 + fabs(y));
}

static void make(struct pairs *pairs, struct twin *twin, bool within)
{
    size_t rows = 3 + (size_t)(draw() * (ROWS_MAX - 3));
    double often = 0.15 + 0.4 * draw();
    *pairs = (struct pairs){0};
    *twin = (struct twin){.within = within, .of_a = rows};
    twin->nodes = within ? rows : 2 * rows;
    for (size_t i = 0; i < NODES_MAX; i++)
        for (size_t j = 0; j < NODES_MAX; j++)
            twin->wrong[i][j] = INFINITY;
    for (size_t a = 0; a < rows; a++)
        for (size_t b = within ? a + 1 : 0; b < rows; b++) {
            if (draw() > often)
                continue;
            double doubt = exp(-1 - 12 * draw());
            /* A hit for a phone joins nobody. */
            bool phone = draw() < 0.1, dated = draw() < 0.7, one_person = !phone;
            grow_to((void **)&pairs->items, &pairs->capacity, pairs->count,
                    sizeof *pairs->items);
            pairs->items[pairs->count++] = (struct pair){
                .a = a,
                .b = b,
                .decision = {.hit = true,
                             .expected_false = doubt,
                             .person_false = phone ? HUGE_VAL : doubt,
                             .counted = one_person,
                             .least_false = draw() < 0.1 ? doubt / 2 : 0,
                             .accord = {.date = dated ? (draw() < 0.5 ? 4 : 5) : 3}}};
            if (one_person)
                twin->wrong[a][node_of_b(twin, b)] = twin->wrong[node_of_b(twin, b)][a] =
                    doubt / (1 + doubt);
            twin->vague[a][node_of_b(twin, b)] = twin->vague[node_of_b(twin, b)][a] =
                one_person && !dated;
        }
}

static void compare(size_t run, bool within, size_t *followed, size_t *surer)
{
    struct pairs before, after;
    struct twin twin;
    const double most = 0.4;
    make(&before, &twin, within);
    after = before;
    after.items = xcalloc(before.count + 1, sizeof *after.items);
    after.capacity = before.count + 1;
    for (size_t i = 0; i < before.count; i++)
        after.items[i] = before.items[i];
    closure_add(&after, &(struct closure){within, most, look, &looked});
    twin_paths(&twin);
    twin_open(&twin);
    size_t wanted = 0;
    for (size_t a = 0; a < twin.of_a; a++)
        for (size_t b = within ? a + 1 : 0; b < twin.of_a; b++) {
            size_t to = node_of_b(&twin, b);
            const struct pair *was = find(&before, a, b), *is = find(&after, a, b);
            double wrong = twin.best[a][to], doubt = wrong / (1 - wrong);
            if (isfinite(wrong) &&
                twin.steps[a][to] > STEPS) { /* another way may be shorter */
                wanted += is != NULL;
                continue;
            }
            if (was != NULL) {
                bool edge = was->decision.counted;
                double least = fmax(doubt, was->decision.least_false);
                double stated = edge ? fmin(was->decision.expected_false, least)
                                     : was->decision.expected_false;
                CHECK_SEEN(is != NULL && nearly(is->decision.expected_false, stated),
                           "run %zu: a hit", run);
                *surer += edge && doubt < 0.99 * was->decision.expected_false;
                wanted++;
                continue;
            }
            double both = fmin(strangers(&twin, a, to), strangers(&twin, to, a));
            double apart = doubt / pow(twin.open, both);
            bool follows = isfinite(wrong) && wrong <= most && may_be_one(a, b) &&
                           apart / twin.open <= most;
            CHECK_SEEN(follows == (is != NULL), "run %zu: %zu and %zu", run, a, b);
            if (is == NULL)
                continue;
            wanted++;
            (*followed)++;
            CHECK(is->decision.hit && is->decision.weak && is->decision.follows &&
                  is->via_count + 1 == twin.steps[a][to]);
            CHECK(is_way(&twin, is, wrong));
            CHECK(nearly(is->decision.expected_false,
                         fmax(apart / sqrt(twin.open), least_of(a, b))));
            CHECK(nearly(is->decision.score, 1 / (1 + is->decision.expected_false)));
        }
    CHECK_SEEN(wanted == after.count, "run %zu: %zu pairs, %zu wanted", run, after.count,
               wanted);
    for (size_t i = 1; i < after.count; i++)
        CHECK(after.items[i - 1].a < after.items[i].a ||
              (after.items[i - 1].a == after.items[i].a &&
               after.items[i - 1].b < after.items[i].b));
    pairs_release(&before);
    free(after.items);
}

/* Two groups that hits hold together, and one hit between them: nobody of one follows from the other. */
static void test_groups(void)
{
    struct pairs pairs = {0};
    enum { EACH = 4 };
    for (size_t a = 0; a < 2 * EACH; a++)
        for (size_t b = a + 1; b < 2 * EACH; b++) {
            bool together = a / EACH == b / EACH, bridge = a == EACH - 1 && b == EACH;
            if (!together && !bridge)
                continue;
            grow_to((void **)&pairs.items, &pairs.capacity, pairs.count,
                    sizeof *pairs.items);
            pairs.items[pairs.count++] =
                (struct pair){.a = a,
                              .b = b,
                              .decision = {.hit = true,
                                           .expected_false = bridge ? 0.01 : 1e-4,
                                           .person_false = bridge ? 0.01 : 1e-4,
                                           .accord = {.date = 5}}};
        }
    size_t count = pairs.count;
    closure_add(&pairs, &(struct closure){true, 0.4, look, NULL});
    CHECK(pairs.count == count);
    pairs_release(&pairs);
}

/* A hub of very many rows, which is a habit. */
static void test_hub(void)
{
    enum { SPOKES = 3000 };
    struct pairs pairs = {0};
    for (size_t b = 1; b <= SPOKES; b++) {
        grow_to((void **)&pairs.items, &pairs.capacity, pairs.count, sizeof *pairs.items);
        pairs.items[pairs.count++] = (struct pair){.a = 0,
                                                   .b = b,
                                                   .decision = {.hit = true,
                                                                .expected_false = 0.01,
                                                                .person_false = 0.01,
                                                                .accord = {.date = 5}}};
    }
    closure_add(&pairs, &(struct closure){true, 0.4, look, NULL});
    CHECK(pairs.count == SPOKES); /* walked neither from nor through */
    pairs_release(&pairs);
    pairs = (struct pairs){0};
    closure_add(&pairs, &(struct closure){false, 0.4, look, NULL});
    CHECK(pairs.count == 0);
}

int main(void)
{
    size_t followed = 0, surer = 0;
    world_seeded_init(&seeded, 20261127, 0);
    for (size_t run = 0; run < RUNS; run++)
        compare(run, run % 2 == 0, &followed, &surer);
    CHECK(followed > 500 && surer > 500 && looked >= followed);
    test_groups();
    test_hub();
    return check_done("closure");
}
