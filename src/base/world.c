/* SPDX-License-Identifier: Apache-2.0 */
#include "base/world.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

enum { NS_PER_S = 1000000000 };

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static int64_t system_now(void *context)
{
    (void)context;
    return read_clock(CLOCK_REALTIME);
}

static int64_t system_monotonic(void *context)
{
    (void)context;
    return read_clock(CLOCK_MONOTONIC);
}

static void system_random(void *context, void *out, size_t len)
{
    (void)context;
    randombytes_buf(out, len);
}

const struct world *world_system(void)
{
    static const struct world system = {system_now, system_monotonic, system_random, NULL};
    return &system;
}

static int64_t seeded_now(void *context)
{
    return ((struct world_seeded *)context)->now_ns;
}

static void seeded_random(void *context, void *out, size_t len)
{
    struct world_seeded *seeded = context;
    uint8_t nonce[crypto_stream_chacha20_NONCEBYTES];
    memcpy(nonce, &seeded->drawn, sizeof nonce);
    seeded->drawn++;
    crypto_stream_chacha20(out, len, nonce, seeded->key);
}

void world_seeded_init(struct world_seeded *seeded, uint64_t seed, int64_t now_ns)
{
    memset(seeded, 0, sizeof *seeded);
    seeded->world = (struct world){seeded_now, seeded_now, seeded_random, seeded};
    memcpy(seeded->key, &seed, sizeof seed);
    seeded->now_ns = now_ns;
}

int64_t world_now_s(const struct world *world)
{
    return world->now_ns(world->context) / NS_PER_S;
}

void world_random(const struct world *world, void *out, size_t len)
{
    world->random(world->context, out, len);
}
