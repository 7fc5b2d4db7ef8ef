/* SPDX-License-Identifier: Apache-2.0
 *
 * Circles inside a replay against a slow twin that counts everything again every day; and which
 * spots a table's rows get.
 */
#include "check.h"

#include "watch/mix.h"
#include "watch/replay.h"

enum { DAYS = 700, HORIZON = 300, AGENCIES = 3, PLACES = 8, WEEKS = 12, WORLDS = 12 };

static void add_row(struct watch_table *table, struct dice *dice, int32_t day,
                    unsigned place, const double (*at)[2])
{
    char agency[16], name[16], substance[16];
    bool late = dice_unit(dice) < 0.3;
    struct facets row = {.day = day,
                         .received = day + (late ? (int32_t)dice_below(dice, 150) : 0),
                         .latitude = NAN,
                         .longitude = NAN,
                         .kg = NAN};
    snprintf(agency, sizeof agency, "office %u", dice_below(dice, AGENCIES));
    snprintf(name, sizeof name, "place %u", place);
    snprintf(substance, sizeof substance, "s%u", dice_below(dice, 2));
    row.text[FACET_AGENCY] = bytes_text(agency);
    if (dice_unit(dice) < 0.9) {
        row.text[FACET_PLACE] = bytes_text(name);
        row.latitude = at[place][0];
        row.longitude = at[place][1];
    }
    row.text[FACET_SUBSTANCE] = bytes_text(substance);
    row.text[FACET_COMMODITY] = bytes_text(substance[1] == '0' ? "cocaine" : "heroin");
    CHECK(watch_table_add(table, &row, table->count + 2, NULL, NULL) == OK);
}

static void make_table(struct watch_table *table, struct dice *dice)
{
    double at[PLACES][2];
    for (unsigned p = 0; p < PLACES; p++) {
        at[p][0] = 40 + 6 * dice_unit(dice);
        at[p][1] = 10 + 6 * dice_unit(dice);
    }
    for (int32_t day = 0; day < DAYS; day++) {
        for (unsigned n = dice_below(dice, 4); n > 0; n--)
            add_row(table, dice, day, dice_below(dice, PLACES), at);
        for (unsigned n = day > DAYS - 60 ? dice_below(dice, 3) : 0; n > 0; n--)
            add_row(table, dice, day, 0, at);
    }
    watch_table_settle(table);
    for (size_t i = 0; i < table->count; i++)
        table->rows[i].quarantined = dice_unit(dice) < 0.02;
}

/* ---- the slow twin ---- */

struct twin {
    const struct watch_table *table;
    const struct spots *spots;
    int32_t day;
    uint32_t commodity; /* 0: all */
};

static bool counts(const struct twin *t, const struct table_row *row, bool all)
{
    if (row->received > t->day || row->spot == 0 || row->quarantined)
        return false;
    if (all || t->commodity == 0)
        return row->role == ROLE_FIRST;
    return row->value[FACET_COMMODITY] == t->commodity &&
           (row->role == ROLE_FIRST || row->role == ROLE_SUBSTANCE);
}

/* Seizures of an agency (0: all) in weeks [low, high], at a spot (0: all). */
static double count(const struct twin *t, int low, int high, uint32_t agency, uint32_t spot,
                    bool all)
{
    double sum = 0;
    for (size_t i = 0; i < t->table->count; i++) {
        const struct table_row *row = &t->table->rows[i];
        int week = row->day / 7;
        sum += counts(t, row, all) && week >= low && week <= high &&
               (agency == 0 || row->value[FACET_AGENCY] == agency) &&
               (spot == 0 || row->spot == spot);
    }
    return sum;
}

static double expected_at(const struct twin *t, uint32_t spot, int weeks)
{
    int now = t->day / 7, past = now - WEEKS, oldest = now - (HORIZON / 7 + WEEKS);
    double everybody = (count(t, now + 1 - weeks, now, 0, 0, true) + 0.5) /
                       (count(t, oldest, past, 0, 0, true) + 0.5);
    double sum = 0;
    for (uint32_t agency = 1; agency <= AGENCIES; agency++) {
        double recent = count(t, now + 1 - weeks, now, agency, 0, true);
        double history = count(t, oldest, past, agency, 0, true);
        double own = count(t, oldest, past, agency, spot, true);
        if (history - own >= 20) {
            history -= own;
            recent -= count(t, now + 1 - weeks, now, agency, spot, true);
        }
        double effort = (recent + 2) / (history + 2 / everybody);
        sum += count(t, oldest, past, agency, spot, false) * effort;
    }
    return 1.5 * fmax(sum, everybody);
}

static double apart(const struct spots *spots, size_t a, size_t b)
{
    const double rad = M_PI / 180;
    const struct scan_place *p = &spots->places[a], *q = &spots->places[b];
    double cosine = sin(p->latitude * rad) * sin(q->latitude * rad) +
                    cos(p->latitude * rad) * cos(q->latitude * rad) *
                        cos((p->longitude - q->longitude) * rad);
    return 6367 * acos(fmin(cosine, 1));
}

static double best_of(const struct twin *t)
{
    double expected[64][WEEKS + 1], observed[64][WEEKS + 1], best = 0;
    size_t n = t->spots->count;
    int now = t->day / 7;
    CHECK(n <= 64);
    for (size_t s = 0; s < n; s++)
        for (int w = 1; w <= WEEKS; w++) {
            expected[s][w] = expected_at(t, (uint32_t)s + 1, w);
            observed[s][w] = count(t, now + 1 - w, now, 0, (uint32_t)s + 1, false);
        }
    for (size_t centre = 0; centre < n; centre++)
        for (size_t edge = 0; edge < n; edge++) {
            double radius = apart(t->spots, centre, edge) + 1e-6;
            for (int w = 1; w <= WEEKS && radius <= SPOTS_RADIUS_KM; w++) {
                double c = 0, e = 0;
                for (size_t s = 0; s < n; s++)
                    if (apart(t->spots, centre, s) <= radius) {
                        c += observed[s][w];
                        e += expected[s][w];
                    }
                if (c >= 2)
                    best = fmax(best, pattern_llr(c, e));
            }
        }
    return best;
}

/* ---- the comparison ---- */

static void compare(const struct where *where, const struct twin *base,
                    const struct candidate *list, size_t found)
{
    struct twin twin = *base;
    uint32_t all = watch_table_find(twin.table, FACET_COMMODITY, BYTES_OF("cocaine"));
    uint32_t other = watch_table_find(twin.table, FACET_COMMODITY, BYTES_OF("heroin"));
    uint32_t commodities[] = {0, all, other};
    for (size_t k = 0; k < 3; k++) {
        twin.commodity = commodities[k];
        double best = 0, slow = best_of(&twin);
        for (size_t i = 0; i < found; i++) {
            const struct candidate *c = &list[i];
            uint32_t commodity = c->mask >> FACET_COMMODITY & 1
                                     ? twin.table->rows[c->row].value[FACET_COMMODITY]
                                     : 0;
            if (commodity == commodities[k])
                best = fmax(best, c->score);
        }
        CHECK_SEEN(fabs(best - slow) < 1e-6, "day %d layer %zu: %f, twin %f", twin.day, k,
                   best, slow);
    }
    for (size_t i = 0; i < found; i++) {
        uint32_t *rows = NULL;
        size_t count_ = 0, capacity = 0;
        double expected = 0;
        where_rows(&rows, &count_, &capacity, NULL, where, &list[i]);
        CHECK(count_ == list[i].observed);
        for (size_t p = 0; p < list[i].circle->place_count; p++)
            expected += where_expected(where, &list[i], list[i].circle->places[p] + 1);
        CHECK_SEEN(fabs(expected - list[i].expected) < 1e-9 * (1 + expected),
                   "day %d: %f, not %f, %u weeks, layer %d, %zu spots", twin.day, expected,
                   list[i].expected, candidate_weeks(&list[i]), list[i].mask,
                   list[i].circle->place_count);
        CHECK(fabs(pattern_llr(list[i].observed, 1.5 * expected) - list[i].score) < 1e-6);
        free(rows);
    }
}

static void check_replay(uint64_t seed)
{
    struct dice dice = {seed};
    struct watch_table table = {0};
    struct spots spots;
    make_table(&table, &dice);
    spots_find(&spots, &table, INT32_MAX);
    CHECK_SEEN(spots.count == PLACES, "%zu spots", spots.count);
    struct where_options options = {.spots = &spots,
                                    .table = &table,
                                    .rows = table.rows,
                                    .row_count = table.count,
                                    .base_day = 0,
                                    .last_day = DAYS,
                                    .horizon_days = HORIZON,
                                    .known_until = INT32_MAX};
    struct where *where = where_open(&options);
    CHECK(where != NULL);
    size_t looked = 0;
    for (int32_t day = 0; day < DAYS && where != NULL; day++) {
        where_advance(where, day);
        bool any = false;
        for (uint32_t i = 0; i < table.count; i++)
            if (table.rows[i].received == day) {
                where_add(where, i);
                any = true;
            }
        struct candidate *list = NULL;
        size_t count_ = 0, capacity = 0;
        if (!any || (day % 97 != 50 && day != DAYS - 1))
            continue;
        where_look(&list, &count_, &capacity, where, 0);
        /* A layer to which nothing was added today was not looked at: only where all were. */
        unsigned layers = 0;
        for (size_t i = 0; i < count_; i++)
            layers |= list[i].mask == 0
                          ? 1u
                          : 2u << table.rows[list[i].row].value[FACET_COMMODITY];
        struct twin twin = {&table, &spots, day, 0};
        if (__builtin_popcount(layers) == 3) {
            compare(where, &twin, list, count_);
            looked++;
        }
        free(list);
    }
    CHECK_SEEN(looked > 0, "%zu days compared", looked);
    where_close(where);
    spots_release(&spots);
    watch_table_release(&table);
}

/* ---- spots ---- */

static void put(struct watch_table *table, const char *agency, const char *place,
                double latitude, double longitude)
{
    struct facets row = {.day = (int32_t)table->count,
                         .received = (int32_t)table->count,
                         .latitude = latitude,
                         .longitude = longitude,
                         .kg = NAN};
    row.text[FACET_AGENCY] = bytes_text(agency);
    row.text[FACET_PLACE] = bytes_text(place);
    CHECK(watch_table_add(table, &row, table->count + 2, NULL, NULL) == OK);
}

static void check_spots(void)
{
    struct watch_table table = {0};
    struct spots spots;
    put(&table, "Spain", "ESALG", 36.13, -5.45);
    put(&table, "Spain", "ESALG", NAN, NAN);     /* where the other stands */
    put(&table, "Spain", "MADRI", NAN, NAN);     /* its country */
    put(&table, "Valdoria", "ITGOA", NAN, NAN);  /* a port by its code */
    put(&table, "Valdoria", "Velero", NAN, NAN); /* nowhere */
    put(&table, "Spain", "beyond", 200, 500);    /* no coordinates: its country */
    put(&table, "Spain", "pole", 90, 180);
    watch_table_settle(&table);
    spots_find(&spots, &table, 0);
    const size_t *events = spots.where.events;
    CHECK(events[LOCATED_EXACT] == 2 && events[LOCATED_AS_OTHERS] == 1 &&
          events[LOCATED_BY_NAME] == 1 && events[LOCATED_BY_COUNTRY] == 2 &&
          events[LOCATED_NOWHERE] == 1 && spots.vague == 2);
    CHECK(table.rows[0].spot == table.rows[1].spot && table.rows[0].spot != 0);
    /* Of Spain more is known than the middle of it. */
    CHECK(table.rows[2].spot == 0 && table.rows[5].spot == 0 && table.rows[4].spot == 0 &&
          table.rows[3].spot != 0);
    CHECK(strcmp(spots.names[table.rows[0].spot - 1], "ESALG") == 0);
    spots_release(&spots);
    watch_table_release(&table);

    /* One spot an agency: nothing to scan. Many thousands: a coarser grid. */
    put(&table, "Spain", "", NAN, NAN);
    put(&table, "Italy", "", NAN, NAN);
    watch_table_settle(&table);
    spots_find(&spots, &table, 0);
    CHECK(spots.count == 0 && spots.where.events[LOCATED_BY_COUNTRY] == 2);
    spots_release(&spots);
    watch_table_release(&table);
    struct dice dice = {3};
    for (int i = 0; i < 20000; i++)
        put(&table, "Spain", "", 36 + 8 * dice_unit(&dice), -9 + 12 * dice_unit(&dice));
    watch_table_settle(&table);
    spots_find(&spots, &table, INT32_MAX);
    CHECK_SEEN(spots.count > 100 && spots.count <= 2000 && spots.grid > 0.1, "%zu %f",
               spots.count, spots.grid);
    spots_release(&spots);
    watch_table_release(&table);
    watch_table_settle(&table);
    spots_find(&spots, &table, 0); /* an empty table */
    CHECK(spots.count == 0);
    spots_release(&spots);
}

int main(void)
{
    check_spots();
    for (uint64_t seed = 1; seed <= WORLDS; seed++)
        check_replay(seed);
    return check_done("watch_where");
}
