/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"

#include "check.h"

#include <stdatomic.h>

enum { COUNT = 10000 };

static void square(void *context, size_t index, unsigned thread)
{
    (void)thread;
    ((size_t *)context)[index] += index * index;
}

static void note_thread(void *context, size_t index, unsigned thread)
{
    (void)index;
    atomic_uint *most = context;
    unsigned seen = atomic_load(most);
    while (seen < thread && !atomic_compare_exchange_weak(most, &seen, thread))
        ;
}

static bool each_once(const size_t *results, size_t rounds)
{
    for (size_t i = 0; i < COUNT; i++)
        if (results[i] != rounds * i * i)
            return false;
    return true;
}

int main(void)
{
    for (unsigned threads = 0; threads <= 4; threads++) {
        struct pool *pool = pool_open(threads);
        CHECK(pool_threads(pool) >= 1);
        size_t *results = calloc(COUNT, sizeof *results);
        /* Many short rounds one after the other: none may see the one before. */
        for (size_t round = 1; round <= 50; round++) {
            pool_run(pool, square, results, COUNT);
            if (!each_once(results, round)) {
                CHECK(!"an index was not run exactly once");
                break;
            }
        }
        CHECK(each_once(results, 50));
        atomic_uint most = 0;
        pool_run(pool, note_thread, &most, COUNT);
        CHECK(most < pool_threads(pool));
        pool_run(pool, square, results, 0);
        CHECK(each_once(results, 50));
        free(results);
        pool_close(pool);
    }
    size_t *alone = calloc(COUNT, sizeof *alone);
    pool_run(NULL, square, alone, COUNT);
    CHECK(each_once(alone, 1));
    free(alone);
    pool_close(NULL);
    return check_done("pool");
}
