/* SPDX-License-Identifier: Apache-2.0
 *
 * The scan against a slow twin that knows nothing but the formula: every centre, every distance,
 * every window, in doubles and with great circles by another formula.
 */
#include "watch/scan.h"
#include "watch/scan_files.h"
#include "watch/scan_null.h"
#include "watch/scan_score.h"

#include "check.h"

#include <math.h>

enum { PLACES_MAX = 60, CASES_MAX = 4000, DAYS_ALL = 120 };

struct small_world {
    struct scan_place places[PLACES_MAX];
    size_t place_count;
    struct scan_case cases[CASES_MAX];
    size_t case_count;
    double radius_km;
    unsigned days;
    int32_t day;
};

static uint64_t state;

static uint64_t roll(uint64_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 11) % below;
}

static double fraction(void)
{
    return (double)roll(1u << 30) / (1u << 30);
}

/* Lattices (ties in distance), places on top of each other, places without cases, crowded places,
 * the poles and the date line, long windows, radii from nothing to the whole Earth. */
static void make_world(struct small_world *world, uint64_t seed)
{
    state = seed * 0x9e3779b97f4a7c15u + 1;
    for (int i = 0; i < 8; i++)
        roll(2);
    *world = (struct small_world){.place_count = 1 + roll(PLACES_MAX), .day = DAYS_ALL};
    bool lattice = roll(2) == 0, crowded = roll(4) == 0;
    double spread = roll(3) == 0 ? 180 : 5, middle = roll(3) == 0 ? 178 : 10;
    for (size_t i = 0; i < world->place_count; i++) {
        double latitude = lattice ? (double)roll(7) : fraction() * spread / 2 - spread / 4;
        double longitude = lattice ? (double)roll(7) : middle + fraction() * spread / 2;
        if (longitude > 180)
            longitude -= 360;
        world->places[i] = (struct scan_place){latitude, longitude};
    }
    world->case_count = roll(4) == 0 ? roll(12) : 20 + roll(crowded ? 3500 : 600);
    size_t used = 1 + roll(world->place_count), hot = roll(used);
    for (size_t i = 0; i < world->case_count; i++) {
        uint32_t place = (uint32_t)roll(used);
        int32_t day = (int32_t)roll(DAYS_ALL) + 1;
        if (roll(10) == 0) {
            place = (uint32_t)hot;
            day = DAYS_ALL - (int32_t)roll(6);
        }
        world->cases[i] = (struct scan_case){place, roll(20) == 0 ? 3 : 1, day};
    }
    static const double radii[] = {0, 100, 112, 300, 500, 1000, 21000};
    static const unsigned windows[] = {1, 7, 30, 31, 33, 90, 119, 120};
    world->radius_km = radii[roll(7)];
    world->days = windows[roll(8)];
}

static double haversine_mm(const struct scan_place *a, const struct scan_place *b)
{
    double to = M_PI / 180, y = (b->latitude - a->latitude) * to / 2,
           x = (b->longitude - a->longitude) * to / 2;
    double h =
        sin(y) * sin(y) + cos(a->latitude * to) * cos(b->latitude * to) * sin(x) * sin(x);
    return round(2 * 6367e6 * asin(sqrt(h < 1 ? h : 1)));
}

struct twin {
    double llr;
    unsigned long observed, inside;
    double expected;
};

enum { DISTANCES_EQUAL_MM = 1 };

/* How many cases each place has, of any day ([0]) and of the last w days. */
static unsigned long tally[PLACES_MAX][DAYS_ALL + 1];

static void take_tally(const struct small_world *world)
{
    memset(tally, 0, sizeof tally);
    for (size_t i = 0; i < world->case_count; i++) {
        const struct scan_case *one = &world->cases[i];
        tally[one->place][0] += one->count;
        for (unsigned w = 1; w <= world->days; w++)
            tally[one->place][w] += one->day > world->day - (int32_t)w ? one->count : 0;
    }
}

/* The best cylinder; poisson: by the expectation-based score against N_c N_w / N. */
static struct twin slow_scan(const struct small_world *world, bool poisson)
{
    struct twin best = {0};
    double total = 0;
    take_tally(world);
    for (size_t i = 0; i < world->case_count; i++)
        total += world->cases[i].count;
    for (size_t c = 0; c < world->place_count; c++)
        for (size_t edge = 0; edge < world->place_count; edge++) {
            double reach = haversine_mm(&world->places[c], &world->places[edge]);
            bool in[PLACES_MAX];
            for (size_t p = 0; p < world->place_count; p++)
                in[p] = haversine_mm(&world->places[c], &world->places[p]) <=
                        reach + DISTANCES_EQUAL_MM;
            for (unsigned w = 1; reach <= world->radius_km * 1e6 && w <= world->days; w++) {
                unsigned long inside = 0, recent = 0, observed = 0;
                for (size_t p = 0; p < world->place_count; p++) {
                    inside += in[p] ? tally[p][0] : 0;
                    recent += tally[p][w];
                    observed += in[p] ? tally[p][w] : 0;
                }
                double C = (double)observed, N = total;
                double E = (double)inside * (double)recent / N, llr = 0;
                if (observed < 2 || C <= E)
                    continue;
                llr = C * log(C / E);
                if (poisson)
                    llr += E - C;
                else if (C < N)
                    llr += (N - C) * log((N - C) / (N - E));
                if (llr > best.llr + 1e-12)
                    best = (struct twin){llr, observed, inside, E};
            }
        }
    return best;
}

static struct scan *open_scan(const struct small_world *world, struct pool *pool,
                              unsigned history)
{
    struct scan_options options = {.radius_km = world->radius_km,
                                   .days = world->days,
                                   .history_days = history,
                                   .pool = pool};
    struct scan *scan = NULL;
    struct err err = {0};
    CHECK_SEEN(scan_open(&scan, world->places, world->place_count, &options, &err) == OK,
               "%s", err.text);
    return scan;
}

static void add_all(struct scan *scan, const struct small_world *world)
{
    for (size_t i = 0; i < world->case_count; i++)
        CHECK(scan_add(scan, world->cases[i].place, world->cases[i].day,
                       world->cases[i].count, NULL) == OK);
}

static void check_members(const struct small_world *world, const struct scan_found *found)
{
    double reach = 0;
    unsigned long observed = 0;
    for (size_t i = 0; i < found->place_count; i++) {
        double mm =
            haversine_mm(&world->places[found->centre], &world->places[found->places[i]]);
        reach = mm > reach ? mm : reach;
        for (size_t k = 0; k < world->case_count; k++)
            if (world->cases[k].place == found->places[i] &&
                world->cases[k].day >= found->from && world->cases[k].day <= found->to)
                observed += world->cases[k].count;
    }
    CHECK_SEEN(observed == found->observed, "%lu in the places, %lu told", observed,
               (unsigned long)found->observed);
    CHECK_SEEN(fabs(reach / 1e6 - found->radius_km) < 1e-5, "%g %g", reach / 1e6,
               found->radius_km);
}

/* Twelve windows, as the watch has: circles are looked at a few at once. */
static void check_twelve(struct small_world *world, struct scan_question *question,
                         struct arena *arena, uint64_t seed)
{
    struct scan_deals deals = {0};
    struct scan_found best;
    struct scan_chance chance;
    world->days = 12;
    struct scan *scan = open_scan(world, NULL, 0);
    add_all(scan, world);
    CHECK(scan_best_of_day(&best, &chance, scan, question, &deals, arena, NULL) == OK);
    struct twin twin = slow_scan(world, true);
    CHECK_SEEN(fabs(best.llr - twin.llr) < 5e-9, "seed %lu: of twelve %.9f, twin %.9f",
               (unsigned long)seed, best.llr, twin.llr);
    if (best.llr > 0)
        check_members(world, &best);
    scan_close(scan);
}

/* 200 random worlds: best of day, list of the day, and Poisson circles, each equal to the twin. */
static void check_twin(struct pool *pool)
{
    static struct small_world world;
    struct arena arena = {0};
    unsigned scored = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        make_world(&world, seed);
        struct scan *scan = open_scan(&world, pool, 0);
        add_all(scan, &world);
        struct scan_question question = {.day = world.day, .most = 3};
        struct scan_deals deals = {0};
        struct scan_found best;
        struct scan_chance chance;
        CHECK(scan_best_of_day(&best, &chance, scan, &question, &deals, &arena, NULL) ==
              OK);
        struct twin twin = slow_scan(&world, false);
        CHECK_SEEN(fabs(best.llr - twin.llr) < 5e-9, "seed %lu: %.9f, twin %.9f",
                   (unsigned long)seed, best.llr, twin.llr);
        if (best.llr > 0) {
            scored++;
            check_members(&world, &best);
        }
        const struct scan_found *list;
        size_t count;
        CHECK(scan_day(&list, &count, scan, &question, &arena, NULL) == OK);
        CHECK((count > 0) == (twin.llr > 0) && count <= 3);
        if (count > 0) {
            CHECK(list[0].llr == best.llr && list[0].centre == best.centre &&
                  list[0].from == best.from && list[0].place_count == best.place_count);
            for (size_t i = 1; i < count; i++) {
                CHECK(list[i].llr <= list[i - 1].llr);
                check_members(&world, &list[i]);
            }
        }
        question.statistic = SCAN_POISSON;
        CHECK(scan_best_of_day(&best, &chance, scan, &question, &deals, &arena, NULL) ==
              OK);
        twin = slow_scan(&world, true);
        CHECK_SEEN(fabs(best.llr - twin.llr) < 5e-9, "seed %lu: poisson %.9f, twin %.9f",
                   (unsigned long)seed, best.llr, twin.llr);
        if (best.llr > 0)
            check_members(&world, &best);
        scan_close(scan);
        check_twelve(&world, &question, &arena, seed);
        arena_reset(&arena);
    }
    CHECK_SEEN(scored > 150, "%u of 200 worlds had a cylinder", scored);
    arena_release(&arena);
}

/* Any shape: against every one of the sets, for up to 12 places within the radius. */
static void check_sets(void)
{
    static struct small_world world;
    struct arena arena = {0};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        make_world(&world, seed);
        world.place_count = world.place_count < 11 ? world.place_count : 11;
        for (size_t i = 0; i < world.case_count; i++)
            world.cases[i].place %= (uint32_t)world.place_count;
        world.days = world.days < 7 ? world.days : 7;
        struct scan *scan = open_scan(&world, NULL, 0);
        add_all(scan, &world);
        struct scan_question question = {
            .day = world.day, .most = 1, .statistic = SCAN_SUBSET};
        struct scan_deals deals = {0};
        struct scan_found best;
        struct scan_chance chance;
        CHECK(scan_best_of_day(&best, &chance, scan, &question, &deals, &arena, NULL) ==
              OK);
        double total = 0;
        take_tally(&world);
        for (size_t i = 0; i < world.case_count; i++)
            total += world.cases[i].count;
        double most = 0;
        for (size_t c = 0; c < world.place_count; c++)
            for (unsigned set = 1; set < 1u << world.place_count; set++) {
                bool near = true;
                for (size_t p = 0; p < world.place_count; p++)
                    near &= !(set & 1u << p) ||
                            haversine_mm(&world.places[c], &world.places[p]) <=
                                world.radius_km * 1e6;
                for (unsigned w = 1; near && w <= world.days; w++) {
                    double C = 0, B = 0, recent = 0;
                    for (size_t p = 0; p < world.place_count; p++)
                        recent += (double)tally[p][w];
                    for (size_t p = 0; p < world.place_count; p++)
                        if (set & 1u << p) {
                            C += (double)tally[p][w];
                            B += (double)tally[p][0] * recent / total;
                        }
                    if (C >= 2 && C > B && B > 0)
                        most = fmax(most, C * log(C / B) + B - C);
                }
            }
        CHECK_SEEN(fabs(best.llr - most) < 1e-9, "seed %lu: %.9f, every set %.9f",
                   (unsigned long)seed, best.llr, most);
        scan_close(scan);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

/* Day by day, with cases that become known late, forward and back, equals a scan made anew. */
static void check_replay(void)
{
    static struct small_world world;
    struct arena arena = {0};
    for (uint64_t seed = 301; seed <= 306; seed++) {
        make_world(&world, seed);
        world.days = 30;
        unsigned history = seed % 2 ? 60 : 0;
        struct scan *replay = open_scan(&world, NULL, history);
        for (int32_t day = 1; day <= DAYS_ALL + 20; day += 3) {
            int32_t asked = seed % 3 == 0 && day % 5 == 0 ? day - 20 : day;
            for (size_t i = 0; i < world.case_count; i++) {
                int32_t known = world.cases[i].day + (int32_t)(i % 17);
                if (known <= day && known > day - 3)
                    CHECK(scan_add(replay, world.cases[i].place, world.cases[i].day,
                                   world.cases[i].count, NULL) == OK);
            }
            struct scan *fresh = open_scan(&world, NULL, 0);
            for (size_t i = 0; i < world.case_count; i++) {
                int32_t known = world.cases[i].day + (int32_t)(i % 17);
                bool old = history > 0 && world.cases[i].day <= asked - (int32_t)history;
                if (known <= day && !old)
                    CHECK(scan_add(fresh, world.cases[i].place, world.cases[i].day,
                                   world.cases[i].count, NULL) == OK);
            }
            struct scan_question question = {.day = asked, .most = 5, .least = 1};
            const struct scan_found *a, *b;
            size_t a_count, b_count;
            CHECK(scan_day(&a, &a_count, replay, &question, &arena, NULL) == OK);
            CHECK(scan_day(&b, &b_count, fresh, &question, &arena, NULL) == OK);
            CHECK(a_count == b_count);
            for (size_t i = 0; i < a_count && a_count == b_count; i++)
                CHECK(a[i].llr == b[i].llr && a[i].centre == b[i].centre &&
                      a[i].from == b[i].from && a[i].observed == b[i].observed);
            scan_close(fresh);
            arena_reset(&arena);
        }
        scan_close(replay);
    }
    arena_release(&arena);
}

/* Both kernels say the same of any numbers, near the ends of the lanes too. */
static void check_kernels(void)
{
    enum { CELLS = 50, ROWS = 9, STRIDE = 96 };
    static _Alignas(64) uint8_t counts[CELLS * SCAN_DEALS * STRIDE], rows[ROWS * STRIDE];
    const struct scan_kernel *fast = scan_kernel_avx2(), *slow = &scan_kernel_portable;
    if (fast == NULL) {
        CHECK_SKIP("this processor has no AVX2");
        return;
    }
    state = 7;
    unsigned seen[2] = {0};
    for (int round = 0; round < 3000; round++) {
        unsigned most = round % 3 == 0 ? 256 : 1 + (unsigned)roll(40);
        for (size_t i = 0; i < sizeof counts; i++)
            counts[i] = (uint8_t)roll(most);
        for (size_t i = 0; i < sizeof rows; i++)
            rows[i] = (uint8_t)(255 - roll(round % 5 + 1));
        struct scan_entry entries[20];
        size_t count = roll(20);
        for (size_t i = 0; i < count; i++)
            entries[i] = (struct scan_entry){(uint32_t)roll(CELLS) * STRIDE,
                                             (uint32_t)roll(ROWS) * STRIDE};
        struct scan_sweep sweep = {entries, count, counts, rows, STRIDE};
        unsigned one = slow->bytes(&sweep), many = slow->many_bytes(&sweep);
        seen[one]++;
        CHECK(fast->bytes(&sweep) == one);
        CHECK(fast->words(&sweep) == slow->words(&sweep));
        CHECK(fast->many_bytes(&sweep) == many);
        CHECK(fast->many_words(&sweep) == slow->many_words(&sweep));
    }
    CHECK(seen[0] > 100 && seen[1] > 100);
}

/* The same seed gives the same chance on any number of threads, stopped early or not; and under
 * the null hypothesis p is as likely small as large. */
static void check_chance(void)
{
    static struct small_world world;
    struct arena arena = {0};
    double sum = 0, gumbel = 0, low = 0;
    unsigned tried = 0;
    struct pool *pools[] = {NULL, pool_open(2), pool_open(3)};
    for (uint64_t seed = 1; seed <= 60; seed++) {
        make_world(&world, seed);
        world.place_count = 40;
        world.case_count = 500;
        world.days = 20;
        world.radius_km = 300;
        for (size_t i = 0; i < world.case_count; i++)
            world.cases[i] =
                (struct scan_case){(uint32_t)roll(40), 1, (int32_t)roll(DAYS_ALL) + 1};
        for (size_t i = 0; i < 40; i++)
            world.places[i] = (struct scan_place){fraction() * 10, fraction() * 10};
        struct scan_question question = {.day = world.day, .most = 1};
        struct scan_found found;
        struct scan_chance chance[3];
        for (size_t t = 0; t < 3; t++) {
            struct scan *scan = open_scan(&world, pools[t], 0);
            add_all(scan, &world);
            struct scan_deals deals = {99, seed, seed % 2 ? 10 : 0};
            CHECK(scan_best_of_day(&found, &chance[t], scan, &question, &deals, &arena,
                                   NULL) == OK);
            scan_close(scan);
            CHECK(chance[t].p == chance[0].p && chance[t].p_gumbel == chance[0].p_gumbel &&
                  chance[t].replicates == chance[0].replicates);
        }
        CHECK(seed % 2 || chance[0].replicates == 99);
        sum += chance[0].p;
        gumbel += chance[0].p_gumbel;
        low += chance[0].p <= 0.1;
        tried++;
        arena_reset(&arena);
    }
    CHECK_SEEN(sum / tried > 0.4 && sum / tried < 0.6, "mean p %.3f", sum / tried);
    CHECK_SEEN(gumbel / tried > 0.4 && gumbel / tried < 0.6, "mean %.3f", gumbel / tried);
    CHECK_SEEN(low <= 14, "%.0f of %u below 0.1", low, tried);
    for (size_t t = 0; t < 3; t++)
        pool_close(pools[t]);
    arena_release(&arena);
}

/* The best of several deals together equals each deal alone by the slow way. */
static void check_ladder(void)
{
    static struct small_world world;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        make_world(&world, seed);
        world.days = world.days < 40 ? world.days : 40;
        for (size_t i = 0; i < world.case_count; i++)
            world.cases[i].count = 1;
        struct scan_near near;
        CHECK(scan_near_init(&near, world.places, world.place_count, world.radius_km, NULL,
                             NULL) == OK);
        static struct small_world dealt[SCAN_DEALS];
        uint32_t *cases = xcalloc(world.place_count, sizeof *cases);
        uint64_t *recent = xcalloc(world.days + 1, sizeof *recent);
        for (size_t i = 0; i < world.case_count; i++) {
            cases[near.place[world.cases[i].place]] += world.cases[i].count;
            for (unsigned w = 1; w <= world.days; w++)
                if (world.cases[i].day > world.day - (int32_t)w)
                    recent[w] += world.cases[i].count;
        }
        struct scan_frame frame;
        CHECK(scan_frame_init(&frame, &near, cases, recent, world.days, true, NULL) == OK);
        struct scan_ladder ladder;
        scan_ladder_init(&ladder, &frame, NULL);
        struct scan_counts counts;
        scan_counts_init(&counts, &frame, SCAN_DEALS);
        for (unsigned d = 0; d < SCAN_DEALS; d++) {
            /* Turn the days round among the cases: a permutation. */
            dealt[d] = world;
            uint32_t *filled = xcalloc(world.place_count, sizeof *filled);
            for (size_t i = 0; i < world.case_count; i++) {
                int32_t day = world.cases[(i + d * 37) % world.case_count].day;
                int32_t lag = world.day - day + 1;
                uint32_t place = near.place[world.cases[i].place];
                uint32_t cell = frame.cell_from[place] + filled[place]++ / frame.most;
                dealt[d].cases[i].day = day;
                if (lag <= (int32_t)world.days)
                    scan_counts_add(&counts, &frame, cell, d, (unsigned)lag);
            }
            free(filled);
        }
        uint32_t *sums = xcalloc(world.days + 1, sizeof *sums);
        for (unsigned start = 0; start < LADDER_STEPS; start += 5) {
            struct scan_best best[SCAN_DEALS];
            scan_ladder_best(best, &ladder, &counts, sums, start);
            for (unsigned d = 0; d < SCAN_DEALS; d++) {
                struct twin twin = slow_scan(&dealt[d], false);
                CHECK_SEEN(fabs(best[d].llr - twin.llr) < 5e-9,
                           "seed %lu deal %u: %.9f, twin %.9f", (unsigned long)seed, d,
                           best[d].llr, twin.llr);
            }
        }
        free(sums);
        scan_counts_release(&counts);
        scan_ladder_release(&ladder);
        scan_frame_release(&frame);
        scan_near_release(&near);
        free(cases);
        free(recent);
    }
}

struct file_case {
    const char *name, *cases, *places, *wanted; /* "" is fine */
};

static const struct file_case file_cases[] = {
    {"plain", "a 1 2025/1/2\nb 2 2025-12-31\n", "a 1 2\nb -3.5 4e1\n", ""},
    {"commas, quotes, blank lines, CRLF, BOM",
     "\xef\xbb\xbf\"a b\",1,2025/1/2\r\n\r\n;\r\nb;2;2025/02/03",
     "\"a b\" 1 2\r\nb\t-3.5\t4\r\n", ""},
    {"nothing at all", "", "", ""},
    {"no cases", "a 0 2025/1/2\n", "a 1 2\n", ""},
    {"unknown place", "c 1 2025/1/2\n", "a 1 2\n", "C, line 1: \"c\" is not in"},
    {"no day", "a 1 2025/2/30\n", "a 1 2\n", "C, line 1: \"2025/2/30\" is no day"},
    {"a month", "a 1 2025/2\n", "a 1 2\n", "is no day"},
    {"a day in words", "a 1 yesterday\n", "a 1 2\n", "is no day"},
    {"a year of five digits", "a 1 99999/2/3\n", "a 1 2\n", "is no day"},
    {"negative count", "a -1 2025/2/3\n", "a 1 2\n", "is no number of cases"},
    {"huge count", "a 99999999999 2025/2/3\n", "a 1 2\n", "is no number of cases"},
    {"covariate", "a 1 2025/2/3 male\n", "a 1 2\n", "covariates are not supported"},
    {"short line", "a 1\n", "a 1 2\n", "C, line 1: 2 fields"},
    {"latitude", "", "a 91 2\n", "G, line 1: \"91\" is no latitude"},
    {"longitude", "", "\na 1 181\n", "G, line 2: \"181\" is no longitude"},
    {"no number", "", "a nan 2\n", "is no latitude"},
    {"twice", "", "a 1 2\na 1 2\n", "stands once"},
    {"open quote", "\"a 1 2025/2/3\n", "a 1 2\n", "C, line 1: 1 field;"},
};

static void check_files(void)
{
    for (size_t i = 0; i < sizeof file_cases / sizeof *file_cases; i++) {
        const struct file_case *one = &file_cases[i];
        struct scan_files files = {0};
        struct err err = {0};
        enum status status = scan_files_parse(&files, bytes_text(one->cases), "C",
                                              bytes_text(one->places), "G", &err);
        CHECK_SEEN(one->wanted[0] == '\0'
                       ? status == OK
                       : status == BAD_INPUT && strstr(err.text, one->wanted) != NULL,
                   "%s: %s", one->name, err.text);
        if (i == 1) {
            CHECK(files.place_count == 2 && files.case_count == 2);
            CHECK_TEXT(files.names[0], "a b");
            CHECK(files.cases[1].place == 1 && files.cases[1].count == 2 &&
                  files.last_day - files.first_day == 32);
        }
        scan_files_release(&files);
    }
    struct scan_files files;
    struct err err = {0};
    CHECK(scan_files_read(&files, "/nonexistent/a", "/nonexistent/b", &err) == NOT_FOUND);
}

static void check_edges(void)
{
    struct arena arena = {0};
    struct scan_place places[] = {{0, 0}, {1, 1}};
    struct scan_options options = {.radius_km = 100, .days = 7};
    struct scan *scan = NULL;
    struct err err = {0};
    CHECK(scan_open(&scan, places, 2, &(struct scan_options){.radius_km = -1, .days = 7},
                    &err) == BAD_INPUT);
    CHECK(scan_open(&scan, places, 2, &(struct scan_options){.radius_km = NAN, .days = 7},
                    &err) == BAD_INPUT);
    CHECK(scan_open(&scan, places, 2, &(struct scan_options){.radius_km = 1, .days = 0},
                    &err) == BAD_INPUT);
    CHECK(scan_open(&scan, places, 2,
                    &(struct scan_options){.radius_km = 1, .days = 7, .history_days = 3},
                    &err) == BAD_INPUT);
    CHECK(scan_open(&scan, (struct scan_place[]){{NAN, 0}}, 1, &options, &err) ==
          BAD_INPUT);
    for (size_t count = 0; count <= 2; count++) {
        CHECK(scan_open(&scan, places, count, &options, &err) == OK);
        const struct scan_found *found;
        size_t found_count = 9;
        struct scan_found best;
        struct scan_chance chance;
        for (int statistic = SCAN_PERMUTATION; statistic <= SCAN_SUBSET; statistic++) {
            struct scan_question question = {
                .day = 20000, .most = 9, .statistic = (enum scan_statistic)statistic};
            struct scan_deals deals = {20, 1, 0};
            CHECK(scan_day(&found, &found_count, scan, &question, &arena, &err) == OK);
            CHECK(found_count == 0);
            CHECK(scan_best_of_day(&best, &chance, scan, &question, &deals, &arena, &err) ==
                  OK);
            CHECK(best.llr == 0 && chance.p == 1);
        }
        if (count > 0) {
            CHECK(scan_add(scan, 0, INT32_MAX, 1, &err) == BAD_INPUT);
            CHECK(scan_add(scan, 0, -300000, 1, &err) == OK);
            CHECK(scan_add(scan, 0, 700000, 1, &err) == OK);
            CHECK(scan_add(scan, 0, 20000, UINT32_MAX, &err) == TOO_LARGE);
            CHECK(scan_add(scan, 0, 20000, 5, &err) == OK);
            struct scan_question question = {.day = 20000, .most = 9};
            CHECK(scan_day(&found, &found_count, scan, &question, &arena, &err) == OK);
            CHECK(found_count == 0); /* one place has all the cases: as many as expected */
        }
        scan_close(scan);
    }
    scan_close(NULL);
    arena_release(&arena);
}

int main(void)
{
    struct pool *pool = pool_open(2);
    check_twin(pool);
    pool_close(pool);
    check_sets();
    check_replay();
    check_kernels();
    check_chance();
    check_ladder();
    check_files();
    check_edges();
    return check_done("scan");
}
