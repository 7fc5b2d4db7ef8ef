/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/bench_match.c: what the blind comparison costs. On one core, in time of the
 * processor, so that what else the machine does counts less; only building a map uses all
 * cores, and is timed by the clock.
 *
 *     bench_match [quick]     quick: small sizes, to see that it runs
 *
 * Prints one JSON line a measure, each the median of five runs. Next to times stands how
 * many of libsodium's ristretto255 scalar multiplications, measured in the same run, they
 * are worth: that number can be compared between machines.
 */
#include "base/memory.h"
#include "base/pool.h"
#include "base/world.h"
#include "match/publication.h"
#include "match/requester.h"
#include "match/responder.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { RUNS = 5, PRIMITIVES = 1000, DAY_S = 24 * 3600 };

struct sizes {
    size_t encode, batch, map_small, map_large, lookups, list;
};

struct bench {
    const struct world *world;
    struct sizes sizes;
    struct identity owner, asker;
    struct circle circle;
    uint8_t epoch_seed[OPRF_SEED], case_seed[CASE_SEED], normaliser[NORMALISER];
    uint32_t batch; /* never used twice */
    uint8_t wide[64];
    struct arena arena;
};

static double wall_s(const struct bench *bench)
{
    return (double)bench->world->monotonic_ns(bench->world->context) / 1e9;
}

static double processor_us(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double)spent.tv_sec * 1e6 + (double)spent.tv_nsec / 1e3;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double runs[RUNS])
{
    qsort(runs, RUNS, sizeof *runs, compare_doubles);
    return runs[RUNS / 2];
}

static long memory_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* --- the measures --- */

/* What the group costs at this moment: other work on the machine, and its clock, change it
 * from second to second, so every run of a measure is set against the primitives just
 * before it. */
struct primitives {
    double multiply_us, hash_us;
};

static struct primitives time_primitives(const struct bench *bench)
{
    uint8_t hash[64] = {1}, element[OPRF_ELEMENT], scalar[OPRF_SCALAR], out[OPRF_ELEMENT];
    struct primitives spent;
    crypto_core_ristretto255_scalar_reduce(scalar, bench->wide);
    double start = processor_us();
    for (int i = 0; i < PRIMITIVES; i++)
        crypto_core_ristretto255_from_hash(element, hash);
    spent.hash_us = (processor_us() - start) / PRIMITIVES;
    start = processor_us();
    for (int i = 0; i < PRIMITIVES; i++)
        if (crypto_scalarmult_ristretto255(out, scalar, element) != 0)
            abort();
    spent.multiply_us = (processor_us() - start) / PRIMITIVES;
    return spent;
}

static void measure_primitives(struct bench *bench)
{
    double multiply[RUNS], hashing[RUNS];
    for (int run = 0; run < RUNS; run++) {
        struct primitives spent = time_primitives(bench);
        multiply[run] = spent.multiply_us;
        hashing[run] = spent.hash_us;
    }
    printf("{\"measure\":\"libsodium ristretto255\",\"scalar_multiplication_us\":%.2f,"
           "\"from_hash_us\":%.2f}\n",
           median(multiply), median(hashing));
}

static void measure_encoding(struct bench *bench)
{
    double runs[RUNS], ratios[RUNS];
    struct epoch_keys keys;
    uint8_t output[OPRF_OUTPUT];
    epoch_keys_init(&keys, bench->epoch_seed, &bench->circle);
    for (int run = 0; run < RUNS; run++) {
        struct primitives primitives = time_primitives(bench);
        double start = processor_us();
        for (size_t i = 0; i < bench->sizes.encode; i++) {
            char text[32];
            int len = snprintf(text, sizeof text, "phone:+99955%08zu", i);
            oprf_evaluate(output, keys.secret[KEY_PHONE], bytes_of(text, (size_t)len),
                          OPRF_VERIFIABLE);
        }
        runs[run] = (processor_us() - start) / (double)bench->sizes.encode;
        ratios[run] = runs[run] / (primitives.multiply_us + primitives.hash_us);
    }
    printf("{\"measure\":\"encode one key\",\"us\":%.2f,"
           "\"of_hash_and_multiplication\":%.3f,\"goal\":1.15}\n",
           median(runs), median(ratios));
    epoch_keys_release(&keys);
}

static void fill_items(struct match_item *items, size_t count, struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        items[i] = (struct match_item){KEY_PHONE,
                                       bytes_text(arena_printf(arena, "+99955%08zu", i))};
}

/* A small publication: what a session costs does not depend on the size of the map. */
static void publish(struct publication *publication, const struct bench *bench)
{
    struct match_held held = {{KEY_PHONE, BYTES_OF("+9995500000007")}, 1};
    int64_t now_s = world_now_s(bench->world);
    struct publication_options options = {.world = bench->world,
                                          .identity = &bench->owner,
                                          .seed = bench->epoch_seed,
                                          .circle = bench->circle,
                                          .number = 1,
                                          .from_s = now_s,
                                          .until_s = now_s + DAY_S,
                                          .normaliser = bench->normaliser};
    if (publication_init(publication, &options, &held, 1, NULL) != OK)
        abort();
}

struct exchange {
    double asking_us, answering_us, taking_us;
};

/* Ask for the items once, all sides on this core. */
static struct exchange exchange_once(struct bench *bench,
                                     const struct publication *publication,
                                     const struct match_item *items, size_t count)
{
    struct exchange spent = {0};
    struct requester requester;
    struct buf ask = {.max = ASK_WIRE_MAX};
    struct requester_options asking = {
        .world = bench->world,
        .identity = &bench->asker,
        .peer = bench->owner.public_key,
        .circle = bench->circle,
        .normaliser = bench->normaliser,
        .seed = bench->case_seed,
        .first_batch = bench->batch++,
        .reason = {PURPOSE_INVESTIGATION, BYTES_OF("bench"), BYTES_OF("bench")}};
    struct responder_options answering = {.world = bench->world,
                                          .identity = &bench->owner,
                                          .epoch = &publication->epoch,
                                          .keys = &publication->keys};
    struct responder *responder = responder_open(&answering);
    struct err err = {{0}};
    double start = processor_us();
    if (requester_begin(&requester, &asking, buf_bytes(&publication->epoch_wire), items,
                        count, &err) != OK)
        abort();
    for (size_t batch = 0; batch < requester.plan.count; batch++) {
        struct bytes answer;
        buf_clear(&ask);
        if (requester_ask(&ask, &requester, batch, NULL) != OK)
            abort();
        double asked = processor_us();
        if (responder_answer(&answer, responder, buf_bytes(&ask), bench->asker.public_key,
                             &err) != OK)
            abort();
        double answered = processor_us();
        if (requester_take(&requester, batch, answer, &publication->maps[KEY_PHONE],
                           &err) != OK)
            abort();
        spent.asking_us += asked - start;
        spent.answering_us += answered - asked;
        start = processor_us();
        spent.taking_us += start - answered;
    }
    if (requester.hits.count != 1)
        abort();
    requester_release(&requester);
    responder_close(responder);
    buf_release(&ask);
    return spent;
}

static void measure_batch(struct bench *bench, const struct publication *publication)
{
    double asking[RUNS], answering[RUNS], asking_ratios[RUNS], answering_ratios[RUNS];
    size_t count = bench->sizes.batch;
    struct match_item *items = xcalloc(count, sizeof *items);
    fill_items(items, count, &bench->arena);
    for (int run = 0; run < RUNS; run++) {
        struct primitives primitives = time_primitives(bench);
        struct exchange spent = exchange_once(bench, publication, items, count);
        asking[run] = (spent.asking_us + spent.taking_us) / (double)count;
        answering[run] = spent.answering_us / (double)count;
        asking_ratios[run] = asking[run] / primitives.multiply_us;
        answering_ratios[run] = answering[run] / primitives.multiply_us;
    }
    printf("{\"measure\":\"evaluate and prove, an element\",\"batch\":%zu,\"us\":%.2f,"
           "\"multiplications\":%.3f,\"goal\":2.5}\n",
           count, median(answering), median(answering_ratios));
    printf(
        "{\"measure\":\"blind, verify and finalize, an element\",\"batch\":%zu,\"us\":%.2f,"
        "\"multiplications\":%.3f,\"goal\":5.0}\n",
        count, median(asking), median(asking_ratios));
    free(items);
}

static void measure_case(struct bench *bench, const struct publication *publication)
{
    double runs[RUNS];
    size_t count = bench->sizes.list;
    struct match_item *items = xcalloc(count, sizeof *items);
    fill_items(items, count, &bench->arena);
    for (int run = 0; run < RUNS; run++) {
        struct exchange spent = exchange_once(bench, publication, items, count);
        runs[run] = (spent.asking_us + spent.answering_us + spent.taking_us) / 1e6;
    }
    printf("{\"measure\":\"case of strong keys, one peer, map present, both sides\","
           "\"keys\":%zu,\"seconds\":%.3f,\"goal\":8.0}\n",
           count, median(runs));
    free(items);
}

static void look_up(const struct bench *bench, const struct map *map,
                    const uint8_t *outputs, size_t keys)
{
    double runs[RUNS];
    size_t lookups = bench->sizes.lookups;
    for (int run = 0; run < RUNS; run++) {
        size_t found = 0, key = 0;
        double start = processor_us();
        for (size_t i = 0; i < lookups; i++) {
            struct map_answer answer;
            key =
                (key + 7368787) % keys; /* a prime, so that all are visited, out of order */
            map_find(&answer, map, outputs + key * OPRF_OUTPUT);
            found += answer.count;
        }
        runs[run] = (double)lookups / (processor_us() - start) * 1e6;
        if (found != lookups)
            abort();
    }
    printf("{\"measure\":\"map look-ups of keys that are held\",\"keys\":%zu,"
           "\"per_second\":%.0f}\n",
           keys, median(runs));
}

static void measure_map(struct bench *bench, struct pool *pool, size_t keys,
                        double goal_seconds)
{
    double runs[RUNS], processor[RUNS], bytes_a_key = 0;
    uint8_t *outputs = xcalloc(keys, OPRF_OUTPUT);
    uint32_t *first = xcalloc(keys + 1, sizeof *first);
    uint64_t *tags = xcalloc(keys, sizeof *tags);
    world_random(bench->world, outputs, keys * OPRF_OUTPUT);
    for (size_t i = 0; i < keys; i++) {
        tags[i] = i + 1;
        first[i + 1] = (uint32_t)i + 1;
    }
    struct map_source source = {outputs, first, tags, keys};
    struct map_signer signer = {&bench->owner, bench->world, pool};
    for (int run = 0; run < RUNS; run++) {
        struct buf wire = {.max = MAP_WIRE_MAX};
        struct map map = {.class = KEY_PHONE, .circle = bench->circle, .expires_s = 1};
        double start = wall_s(bench), spent = processor_us();
        if (map_build(&wire, &map, &source, &signer, NULL) != OK)
            abort();
        runs[run] = wall_s(bench) - start;
        processor[run] = (processor_us() - spent) / 1e6;
        bytes_a_key = (double)wire.len / (double)keys;
        if (run == RUNS - 1) {
            printf("{\"measure\":\"map from cached outputs\",\"keys\":%zu,\"threads\":%u,"
                   "\"seconds\":%.5f,\"goal_seconds\":%.1f,\"processor_seconds\":%.5f,"
                   "\"bytes_a_key\":%.3f,"
                   "\"goal_bytes_a_key\":14,\"peak_memory_mib\":%ld}\n",
                   keys, pool_threads(pool), median(runs), goal_seconds, median(processor),
                   bytes_a_key, memory_kib() / 1024);
            look_up(bench, &map, outputs, keys);
        }
        buf_release(&wire);
    }
    free(outputs);
    free(first);
    free(tags);
}

int main(int argc, char **argv)
{
    static const struct sizes full = {2000, 1024, 1000000, 10000000, 1000000, 10000};
    static const struct sizes quick = {50, 64, 1000, 20000, 2000, 100};
    bool is_quick = argc > 1 && strcmp(argv[1], "quick") == 0;
    if (argc > (is_quick ? 2 : 1)) {
        fprintf(stderr, "usage: bench_match [quick]\n");
        return 2;
    }
    if (sodium_init() < 0)
        return 3;
    setvbuf(stdout, NULL, _IOLBF, 0);
    struct bench bench = {.world = world_system(), .sizes = is_quick ? quick : full};
    identity_init(&bench.owner, bench.world);
    identity_init(&bench.asker, bench.world);
    world_random(bench.world, bench.epoch_seed, OPRF_SEED);
    world_random(bench.world, bench.case_seed, CASE_SEED);
    world_random(bench.world, bench.wide, sizeof bench.wide);
    if (circle_parse(&bench.circle, BYTES_OF("bench"), NULL) != OK)
        return 3;
    measure_primitives(&bench);
    measure_encoding(&bench);
    struct publication publication;
    publish(&publication, &bench);
    measure_batch(&bench, &publication);
    measure_case(&bench, &publication);
    publication_release(&publication);
    struct pool *pool = pool_open(0);
    measure_map(&bench, pool, bench.sizes.map_small, 0.2);
    measure_map(&bench, pool, bench.sizes.map_large, 2.0);
    pool_close(pool);
    arena_release(&bench.arena);
    return 0;
}
