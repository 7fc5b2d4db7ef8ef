/* SPDX-License-Identifier: Apache-2.0
 *
 * base/pool.h: a fixed number of threads for pure jobs.
 *
 * A job reads its input, writes its own part of the output, and touches nothing else; then the
 * result does not depend on how many threads there are. This is the only file with a mutex.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

struct pool;

/* index runs over [0, count); thread over [0, pool_threads): for scratch space a thread. */
typedef void pool_job(void *context, size_t index, unsigned thread);

/* threads 0: as many as there are processors we may run on. Never NULL. */
struct pool *pool_open(unsigned threads);
void pool_close(struct pool *pool);
unsigned pool_threads(const struct pool *pool);

/* Run job for every index and come back when all are done; the caller's thread works too.
 * A NULL pool runs them here, one after the other. */
void pool_run(struct pool *pool, pool_job *job, void *context, size_t count);

#endif
