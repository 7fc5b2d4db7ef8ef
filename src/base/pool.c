/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"

#include "base/memory.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { THREADS_MAX = 256 };

/* The mutex guards job, context, count, round, busy and closing; next is taken by the threads
 * without it. A round is one pool_run: every worker takes part in every round. */
struct pool {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    pool_job *job;
    void *context;
    size_t count;
    atomic_size_t next;
    unsigned long round;
    unsigned busy; /* workers that have not finished this round */
    bool closing;
    unsigned threads; /* the caller's included */
    struct worker {
        struct pool *pool;
        pthread_t id;
        unsigned number;
    } * workers;
};

static void work_off(struct pool *pool, unsigned thread)
{
    for (;;) {
        size_t index = atomic_fetch_add(&pool->next, 1);
        if (index >= pool->count)
            return;
        pool->job(pool->context, index, thread);
    }
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    struct pool *pool = worker->pool;
    unsigned long seen = 0;
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->round == seen && !pool->closing)
            pthread_cond_wait(&pool->work, &pool->lock);
        if (pool->closing)
            break;
        seen = pool->round;
        pthread_mutex_unlock(&pool->lock);
        work_off(pool, worker->number);
        pthread_mutex_lock(&pool->lock);
        if (--pool->busy == 0)
            pthread_cond_signal(&pool->done);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

static unsigned processors(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int count = CPU_COUNT(&set);
    return count < 1 ? 1 : count > THREADS_MAX ? THREADS_MAX : (unsigned)count;
}

struct pool *pool_open(unsigned threads)
{
    assert(threads <= THREADS_MAX);
    struct pool *pool = xcalloc(1, sizeof *pool);
    pool->threads = threads > 0 ? threads : processors();
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->done, NULL);
    pool->workers = xcalloc(pool->threads, sizeof *pool->workers);
    unsigned started = 1;
    for (; started < pool->threads; started++) {
        struct worker *worker = &pool->workers[started];
        *worker = (struct worker){.pool = pool, .number = started};
        if (pthread_create(&worker->id, NULL, worker_main, worker) != 0)
            break; /* fewer threads do the same work */
    }
    pool->threads = started;
    return pool;
}

void pool_close(struct pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 1; i < pool->threads; i++)
        pthread_join(pool->workers[i].id, NULL);
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->done);
    free(pool->workers);
    free(pool);
}

unsigned pool_threads(const struct pool *pool)
{
    return pool == NULL ? 1 : pool->threads;
}

void pool_run(struct pool *pool, pool_job *job, void *context, size_t count)
{
    if (pool == NULL || pool->threads == 1) {
        for (size_t i = 0; i < count; i++)
            job(context, i, 0);
        return;
    }
    pthread_mutex_lock(&pool->lock);
    pool->job = job;
    pool->context = context;
    pool->count = count;
    atomic_store(&pool->next, 0);
    pool->busy = pool->threads - 1;
    pool->round++;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);

    work_off(pool, 0);

    pthread_mutex_lock(&pool->lock);
    while (pool->busy > 0)
        pthread_cond_wait(&pool->done, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}
