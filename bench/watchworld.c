/* SPDX-License-Identifier: Apache-2.0 */
#include "watchworld.h"

#include "record/date.h"
#include "watch/mix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIRST_DAY = 10957,
    YEAR = 365,
    VALUES_MAX = 60,
    BURST_DAYS = 14,
    BURST_EVERY = 180,
    NEW_FACETS = 3
};
static const double BURST = 2.5, SEASON = 0.3, NOISE_LOW = 0.08, NOISE_HIGH = 0.20;

const enum facet world_facets[WORLD_FACETS] = {
    FACET_SUBSTANCE,   FACET_AGENCY, FACET_PLACE,       FACET_DEPARTURE,
    FACET_DESTINATION, FACET_MODE,   FACET_CONCEALMENT,
};
static const unsigned sizes[WORLD_FACETS] = {6, 12, 60, 25, 60, 6, 20};
enum {
    SUBSTANCE = 0,
    AGENCY = 1,
    PLACE = 2,
    DEPARTURE = 3,
    DESTINATION = 4,
    MODE = 5,
    HIDING = 6
};

struct maker {
    const struct watchworld_options *options;
    struct watchworld *world;
    struct dice dice;
    unsigned route[WORLD_ROUTES][WORLD_FACETS];
    double weight[WORLD_ROUTES], noise[WORLD_FACETS], phase;
    double missing[WORLD_FACETS];
    double moved[WORLD_ROUTES]; /* share that goes to another place */
    unsigned moved_to[WORLD_ROUTES];
    int32_t burst_from[WORLD_AGENCIES];
    int32_t bulk_from[WORLD_AGENCIES];
    unsigned relabel_agency, relabel_mode;
    int32_t relabel_day;
    double common[WORLD_FACETS][VALUES_MAX]; /* share of each value, by the routes */
    bool used[WORLD_FACETS][VALUES_MAX];
    size_t capacity[INJECTIONS_MAX], line_capacity[INJECTIONS_MAX];
    double latitude[VALUES_MAX], longitude[VALUES_MAX];
};

static unsigned poisson(struct dice *dice, double mean)
{
    unsigned count = 0;
    for (; mean > 20; mean -= 20)
        count += poisson(dice, 20);
    double limit = exp(-mean), product = dice_unit(dice);
    for (; product > limit; count++)
        product *= dice_unit(dice);
    return count;
}

static double exponential(struct dice *dice, double mean)
{
    return -mean * log(1 - dice_unit(dice));
}

static double normal(struct dice *dice)
{
    double u = 1 - dice_unit(dice);
    return sqrt(-2 * log(u)) * cos(2 * M_PI * dice_unit(dice));
}

/* Of the facet in this world. */
static unsigned size_of(const struct maker *maker, unsigned f)
{
    return f == AGENCY && maker->options->agencies > 0 ? maker->options->agencies
                                                       : sizes[f];
}

static unsigned any_value(struct maker *maker, unsigned f)
{
    if (!maker->options->skewed_noise)
        return dice_below(&maker->dice, size_of(maker, f));
    double u = dice_unit(&maker->dice);
    return (unsigned)(size_of(maker, f) * u * u);
}

/* How often each facet is not answered: its own for good. */
static void choose_missing(struct maker *m)
{
    const struct watchworld_options *o = m->options;
    for (unsigned f = 0; f < WORLD_FACETS && o->missing_high > 0; f++)
        if (f != AGENCY && f != SUBSTANCE)
            m->missing[f] =
                o->missing_low + (o->missing_high - o->missing_low) * dice_unit(&m->dice);
}

static void make_routes(struct maker *m)
{
    double sum = 0, zipf = m->options->zipf > 0 ? m->options->zipf : 1;
    double low = m->options->noise_high > 0 ? m->options->noise_low : NOISE_LOW;
    double high = m->options->noise_high > 0 ? m->options->noise_high : NOISE_HIGH;
    for (unsigned r = 0; r < WORLD_ROUTES; r++)
        sum += pow(r + 1, -zipf);
    m->phase = dice_unit(&m->dice);
    for (unsigned f = 0; f < WORLD_FACETS; f++)
        m->noise[f] = low + (high - low) * dice_unit(&m->dice);
    choose_missing(m);
    for (unsigned r = 0; r < WORLD_ROUTES; r++) {
        m->weight[r] = pow(r + 1, -zipf) / sum;
        for (unsigned f = 0; f < WORLD_FACETS; f++) {
            m->route[r][f] = any_value(m, f);
            m->common[f][m->route[r][f]] += m->weight[r];
        }
    }
    for (unsigned a = 0; a < WORLD_AGENCIES; a++) {
        m->burst_from[a] = (int32_t)exponential(&m->dice, BURST_EVERY - BURST_DAYS);
        m->bulk_from[a] = (int32_t)exponential(&m->dice, 2 * YEAR);
    }
    m->relabel_agency = m->route[0][AGENCY];
    m->relabel_mode = m->route[0][MODE];
    m->relabel_day = m->options->days / 2 + (int32_t)dice_below(&m->dice, YEAR);
}

static int32_t receive(struct maker *m, int32_t day, unsigned agency)
{
    const struct watchworld_options *o = m->options;
    if (o->bulk && day >= m->bulk_from[agency] && day < m->bulk_from[agency] + 30)
        return m->bulk_from[agency] + 45;
    if (o->delay_median <= 0)
        return day;
    return day + (int32_t)(o->delay_median * exp(0.5 * normal(&m->dice)));
}

static void add(struct maker *m, int32_t day, int32_t received, const unsigned *value)
{
    char text[WORLD_FACETS][32];
    struct facets facets = {.day = FIRST_DAY + day,
                            .received = FIRST_DAY + received,
                            .latitude = m->latitude[value[PLACE]],
                            .longitude = m->longitude[value[PLACE]],
                            .kg = exp(1 + 1.5 * normal(&m->dice))};
    static const char *const names[WORLD_FACETS] = {"Substance", "Agency", "Place", "Land",
                                                    "Land",      "Mode",   "Hiding"};
    for (unsigned f = 0; f < WORLD_FACETS; f++) {
        bool renamed = f == MODE && m->options->relabel &&
                       value[AGENCY] == m->relabel_agency &&
                       value[MODE] == m->relabel_mode && day >= m->relabel_day;
        snprintf(text[f], sizeof text[f], "%s %u%s", names[f], value[f],
                 renamed ? " new" : "");
        if (m->missing[f] <= 0 || dice_unit(&m->dice) >= m->missing[f])
            facets.text[world_facets[f]] = bytes_text(text[f]);
    }
    struct err err;
    if (watch_table_add(&m->world->table, &facets, m->world->table.count + 2, NULL, &err) !=
        OK)
        abort();
}

static void noisy(unsigned *out, struct maker *m, const unsigned *route)
{
    for (unsigned f = 0; f < WORLD_FACETS; f++)
        out[f] = dice_unit(&m->dice) < m->noise[f] ? any_value(m, f) : route[f];
}

static void pass_bursts(struct maker *m, int32_t day)
{
    for (unsigned a = 0; a < WORLD_AGENCIES; a++) {
        if (day >= m->bulk_from[a] + 45)
            m->bulk_from[a] = day + (int32_t)exponential(&m->dice, 2 * YEAR);
        if (day < m->burst_from[a] + BURST_DAYS)
            continue;
        m->burst_from[a] = day + (int32_t)exponential(&m->dice, BURST_EVERY - BURST_DAYS);
        for (unsigned r = 0; m->options->displacement && r < WORLD_ROUTES; r++)
            if (m->route[r][AGENCY] == a && dice_unit(&m->dice) < 0.2) {
                m->moved[r] = 0.2;
                m->moved_to[r] = any_value(m, PLACE);
            }
    }
}

static void background(struct maker *m, int32_t day)
{
    double season = 1 + SEASON * sin(2 * M_PI * (day / (double)YEAR + m->phase));
    for (unsigned r = 0; r < WORLD_ROUTES; r++) {
        int32_t since = day - m->burst_from[m->route[r][AGENCY]];
        double burst = since >= 0 && since < BURST_DAYS ? BURST : 1;
        unsigned count =
            poisson(&m->dice, m->options->a_day * m->weight[r] * season * burst);
        for (; count > 0; count--) {
            unsigned value[WORLD_FACETS];
            noisy(value, m, m->route[r]);
            if (m->moved[r] > 0 && dice_unit(&m->dice) < m->moved[r])
                value[PLACE] = m->moved_to[r];
            add(m, day, receive(m, day, value[AGENCY]), value);
        }
    }
}

/* In how few facets a combination differs from a route. */
static unsigned nearest_route(const struct maker *m, const unsigned *value)
{
    unsigned nearest = WORLD_FACETS;
    for (unsigned r = 0; r < WORLD_ROUTES; r++) {
        unsigned differs = 0;
        for (unsigned f = 0; f < WORLD_FACETS; f++)
            differs += m->route[r][f] != value[f];
        nearest = differs < nearest ? differs : nearest;
    }
    return nearest;
}

/* Where the places lie; a generator of its own, so that the world is otherwise the same. */
static void lay_out(struct maker *m)
{
    struct dice dice = {mix(m->options->seed * 104729 + 5)};
    for (unsigned p = 0; p < VALUES_MAX; p++) {
        m->latitude[p] = m->options->geography ? 20 * dice_unit(&dice) : NAN;
        m->longitude[p] = m->options->geography ? 20 * dice_unit(&dice) : NAN;
    }
}

static double apart_km(const struct maker *m, unsigned a, unsigned b)
{
    double north = m->latitude[a] - m->latitude[b];
    double east = (m->longitude[a] - m->longitude[b]) * cos(m->latitude[a] * M_PI / 180);
    return 111 * sqrt(north * north + east * east);
}

/* Around a place that has neighbours. */
static void begin_surge(struct maker *m, int32_t day)
{
    struct injection *in = &m->world->injections[m->world->injection_count++];
    *in = (struct injection){.first = FIRST_DAY + day,
                             .last = FIRST_DAY + day + m->options->inject_days - 1,
                             .surge = true};
    while (in->place_count < 2) {
        unsigned centre = dice_below(&m->dice, sizes[PLACE]);
        in->place_count = 0;
        for (unsigned p = 0; p < sizes[PLACE]; p++)
            if (apart_km(m, centre, p) <= 250)
                in->places[in->place_count++] = p;
    }
}

static unsigned any_route(struct maker *m)
{
    double u = dice_unit(&m->dice);
    unsigned r = 0;
    while (r + 1 < WORLD_ROUTES && u >= m->weight[r])
        u -= m->weight[r++];
    return r;
}

/* Values that are each common, and a combination that is new. */
static void begin_injection(struct maker *m, int32_t day)
{
    struct injection *in = &m->world->injections[m->world->injection_count++];
    *in = (struct injection){.first = FIRST_DAY + day,
                             .last = FIRST_DAY + day + m->options->inject_days - 1};
    do
        for (unsigned f = 0; f < WORLD_FACETS; f++) {
            unsigned value;
            do
                value = dice_below(&m->dice, size_of(m, f));
            while (m->common[f][value] * (1 - m->noise[f]) + m->noise[f] / size_of(m, f) <
                   0.8 / size_of(m, f));
            in->value[f] = value;
        }
    while (nearest_route(m, in->value) < NEW_FACETS);
}

/* A common route, with values of one facet that it never had. */
static void begin_fan(struct maker *m, int32_t day)
{
    static const unsigned facets[] = {PLACE, DEPARTURE, DESTINATION, HIDING};
    struct injection *in = &m->world->injections[m->world->injection_count++];
    *in = (struct injection){.first = FIRST_DAY + day,
                             .last = FIRST_DAY + day + m->options->inject_days - 1};
    unsigned f = in->fan_facet = facets[dice_below(&m->dice, 4)];
    unsigned count = 2 + dice_below(&m->dice, FAN_MAX - 1);
    memcpy(in->value, m->route[any_route(m)], sizeof in->value);
    while (in->fan_count < count) {
        unsigned value = dice_below(&m->dice, size_of(m, f));
        bool fits = value != in->value[f] &&
                    m->common[f][value] * (1 - m->noise[f]) + m->noise[f] / size_of(m, f) >=
                        0.8 / size_of(m, f);
        for (unsigned i = 0; i < in->fan_count; i++)
            fits = fits && in->fan[i] != value;
        if (fits)
            in->fan[in->fan_count++] = value;
    }
}

static void inject(struct maker *m, int32_t day)
{
    const struct watchworld_options *o = m->options;
    if (o->inject_every > 0 && day >= o->inject_from &&
        (day - o->inject_from) % o->inject_every == 0 && day + o->inject_days <= o->days &&
        m->world->injection_count < INJECTIONS_MAX)
        (o->surges ? begin_surge : o->fans ? begin_fan : begin_injection)(m, day);
    for (size_t i = 0; i < m->world->injection_count; i++) {
        struct injection *in = &m->world->injections[i];
        int32_t age = FIRST_DAY + day - in->first;
        if (FIRST_DAY + day > in->last)
            continue;
        double rate = (in->surge ? 0.05 : 0.03) * exp(age / 15.0);
        for (unsigned n = poisson(&m->dice, fmin(rate, in->surge ? 1.5 : 0.5)); n > 0;
             n--) {
            unsigned value[WORLD_FACETS];
            if (in->fan_count > 0)
                in->value[in->fan_facet] = in->fan[dice_below(&m->dice, in->fan_count)];
            noisy(value, m, in->surge ? m->route[any_route(m)] : in->value);
            if (in->surge)
                value[PLACE] = in->places[dice_below(&m->dice, in->place_count)];
            int32_t received = receive(m, day, value[AGENCY]);
            grow_to((void **)&in->received, &m->capacity[i], in->count,
                    sizeof *in->received);
            grow_to((void **)&in->lines, &m->line_capacity[i], in->count,
                    sizeof *in->lines);
            in->lines[in->count] = (uint32_t)m->world->table.count + 2;
            in->received[in->count++] = FIRST_DAY + received;
            add(m, day, received, value);
        }
    }
}

void watchworld_init(struct watchworld *world, const struct watchworld_options *options)
{
    struct maker *maker = xcalloc(1, sizeof *maker);
    *world = (struct watchworld){.first_day = FIRST_DAY};
    maker->options = options;
    maker->world = world;
    maker->dice.state = mix(options->seed * 7919 + 17);
    make_routes(maker);
    lay_out(maker);
    for (int32_t day = 0; day < options->days; day++) {
        pass_bursts(maker, day);
        background(maker, day);
        inject(maker, day);
    }
    watch_table_settle(&world->table);
    free(maker);
}

void watchworld_release(struct watchworld *world)
{
    for (size_t i = 0; i < world->injection_count; i++) {
        free(world->injections[i].received);
        free(world->injections[i].lines);
    }
    watch_table_release(&world->table);
    *world = (struct watchworld){0};
}

static bool is_injected(const struct injection *in, unsigned f, unsigned number)
{
    for (unsigned i = 0; f == in->fan_facet && i < in->fan_count; i++)
        if (in->fan[i] == number)
            return true;
    return (in->fan_count == 0 || f != in->fan_facet) && in->value[f] == number;
}

bool injection_consistent(unsigned *right, unsigned *wrong, const struct watchworld *world,
                          const struct injection *injection, const struct rule *rule)
{
    *right = *wrong = 0;
    for (unsigned f = 0; f < WORLD_FACETS; f++) {
        uint32_t value[SET_VALUES_MAX];
        size_t count = rule_values(value, rule, world_facets[f]), good = 0;
        for (size_t i = 0; i < count; i++) {
            const char *text = watch_table_text(&world->table, world_facets[f], value[i]);
            const char *number = strrchr(text, ' ');
            good += number != NULL && is_injected(injection, f, (unsigned)atoi(number));
        }
        *right += count > 0 && good == count;
        *wrong += good < count;
    }
    return *wrong == 0 && *right > 0;
}

static void write_day(FILE *file, int32_t day)
{
    struct date date = date_from_day_number(day);
    char text[DATE_TEXT_SIZE];
    date_print(text, &date);
    fputs(text, file);
}

void watchworld_write(const struct watchworld *world, const char *path)
{
    static const enum facet columns[] = {
        FACET_CONCEALMENT, FACET_INSTALLATION, FACET_MODE,   FACET_ORIGIN,
        FACET_DEPARTURE,   FACET_DESTINATION,  FACET_ROUTING};
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    fputs(
        "REGION;SUBREGION;COUNTRY;ADMINISTRATIVE_DIVISION;PLACE;SEIZURE_DATE;DRUG_NAME;"
        "AMOUNT;"
        "DRUG_UNIT;HIDING_PLACE;INSTALLATION;TRANSPORT;PRODUCING_COUNTRY;DEPARTURE_COUNTRY;"
        "DESTINATION_COUNTRY;ROUTING;RECEIVED_DATE;latitude;longitude\n",
        file);
    const struct watch_table *t = &world->table;
    for (size_t i = 0; i < t->count; i++) {
        const struct table_row *row = &t->rows[i];
        fprintf(file, ";;%s;;%s;",
                watch_table_text(t, FACET_AGENCY, row->value[FACET_AGENCY]),
                watch_table_text(t, FACET_PLACE, row->value[FACET_PLACE]));
        write_day(file, row->day);
        fprintf(file, ";%s;%.3f;Kilogram",
                watch_table_text(t, FACET_SUBSTANCE, row->value[FACET_SUBSTANCE]),
                (double)row->kg);
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
            fprintf(file, ";%s", watch_table_text(t, columns[c], row->value[columns[c]]));
        fputc(';', file);
        write_day(file, row->received);
        if (isnan(row->latitude))
            fputs(";;\n", file);
        else
            fprintf(file, ";%.4f;%.4f\n", (double)row->latitude, (double)row->longitude);
    }
    fclose(file);
}
