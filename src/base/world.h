/* SPDX-License-Identifier: Apache-2.0
 *
 * base/world.h: time and randomness as the code sees them.
 *
 * Whatever needs the clock or a random byte gets a struct world from its caller. The program
 * has one, from the operating system; a test or a simulator supplies its own, and so replays a
 * run from its seed. The released program has no option that changes it.
 */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H

#include <stddef.h>
#include <stdint.h>

struct world {
    /* Seconds and nanoseconds since 1970-01-01 UTC, as one number of nanoseconds. */
    int64_t (*now_ns)(void *context);
    /* Nanoseconds of a clock that never goes back; for measuring, not for dates. */
    int64_t (*monotonic_ns)(void *context);
    /* Fill out with bytes fit for keys. Does not fail: no entropy aborts. */
    void (*random)(void *context, void *out, size_t len);
    void *context;
};

/* The operating system's clock and generator. */
const struct world *world_system(void);

/* For tests: randomness from the seed (ChaCha20), a clock that stands at now_ns until moved. */
struct world_seeded {
    struct world world;
    uint8_t key[32];
    uint64_t drawn;
    int64_t now_ns;
};
void world_seeded_init(struct world_seeded *seeded, uint64_t seed, int64_t now_ns);

int64_t world_now_s(const struct world *world);
void world_random(const struct world *world, void *out, size_t len);

#endif
