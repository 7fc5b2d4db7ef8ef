/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/watchworld.h: an invented world of seizures, from a seed.
 *
 * About 22 seizures a day over 40 latent routes (Zipf weights); a route is one value of each of
 * seven facets, and a seizure shows each with 8 to 20 % noise. A season of 30 %, a phase for
 * each world; enforcement bursts, x 2.5 for 14 days about every 180 days for each agency.
 * Beside that, each when asked for:
 *
 *     delay         days until a seizure is received: median given, log-normal
 *     bulk          an agency keeps a month back and sends it in one day, about every two years
 *     relabel       a value of the mode gets another name in one agency, for good
 *     displacement  a burst moves a fifth of a route to another place, for good
 *     injection     a new combination of values that are each common, 0.03 a day, growing
 *                   e-fold every 15 days up to 0.5 a day, noise as everywhere
 *
 *     fan           (in place of injections) a common route that has two or three new values at once
 *                   in one of its facets, each of them common elsewhere; as often as an injection
 *
 *     geography     the places lie in a region of 2,200 by 2,200 km, with coordinates
 *     surge         (with geography) around a place, all places within 250 km: seizures of any
 *                   route more, 0.05 a day, growing e-fold every 15 days up to 1.5 a day
 *
 * Other worlds (bench_watch others) have other weights, more noise, fewer agencies, or answers
 * that are missing; then each facet but agency and substance has a share of its own for good.
 *
 * Facets and how many values they have: substance 6, agency 12, place 60, departure 25,
 * destination 60, mode 6, concealment 20.
 */
#ifndef BENCH_WATCHWORLD_H
#define BENCH_WATCHWORLD_H

#include "watch/rule.h"

enum {
    WORLD_FACETS = 7,
    WORLD_ROUTES = 40,
    WORLD_AGENCIES = 12,
    INJECTIONS_MAX = 400,
    FAN_MAX = 3
};

struct watchworld_options {
    uint64_t seed;
    int32_t days;
    double a_day;        /* 22 */
    double delay_median; /* days; 0: none */
    bool bulk, relabel, displacement;
    bool geography;
    bool surges;       /* what is injected is surges */
    bool fans;         /* or fans */
    bool skewed_noise; /* noise draws common values more often */
    /* Other worlds; 0 is as above. */
    double zipf, noise_low, noise_high; /* exponent of the weights; noise of the facets */
    double missing_low, missing_high;   /* share of answers not given, a facet's for good */
    unsigned agencies;                  /* at most 12 */
    int32_t inject_from, inject_every, inject_days; /* every 0: none */
};

struct injection {
    int32_t first, last; /* days */
    unsigned value[WORLD_FACETS];
    unsigned fan_facet, fan[FAN_MAX],
        fan_count;     /* of a fan: the values in place of that one */
    int32_t *received; /* of its seizures, in the order drawn; in the arena */
    size_t count;
    bool surge;
    uint32_t *lines;                  /* of its seizures, as in the table */
    unsigned places[64], place_count; /* of a surge */
};

struct watchworld {
    struct watch_table table;
    int32_t first_day; /* 2000-01-01 */
    struct injection injections[INJECTIONS_MAX];
    size_t injection_count;
    struct arena arena;
};

extern const enum facet world_facets[WORLD_FACETS];

void watchworld_init(struct watchworld *world, const struct watchworld_options *options);
void watchworld_release(struct watchworld *world);
/* The rule says nothing that the injection is not; how many facets it names rightly, wrongly. */
bool injection_consistent(unsigned *right, unsigned *wrong, const struct watchworld *world,
                          const struct injection *injection, const struct rule *rule);
/* As a file in the 16 columns, RECEIVED_DATE behind. */
void watchworld_write(const struct watchworld *world, const char *path);

#endif
