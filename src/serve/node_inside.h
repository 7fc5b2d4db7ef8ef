/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/node_inside.h: a node as node*.c see it; nobody else includes this.
 */
#ifndef SERVE_NODE_INSIDE_H
#define SERVE_NODE_INSIDE_H

#include "serve/front.h"
#include "serve/node.h"

enum {
    NODE_TABLES_MAX = FRONT_TABLES_MAX - 1,
    NODE_PERIODIC_MAX = 8,
    NODE_SILENT_MAX = 64
};

struct node_table {
    const struct line_handler *handlers;
    size_t count;
    void *context;
};

struct node_work {
    node_job *job;
    void *context;
    unsigned period_s; /* of what is done again and again */
    int64_t next_s;
};

struct node {
    int lock; /* of the folder */
    struct vault *vault;
    struct store *store;
    const struct world *world;
    int64_t signed_s;    /* when the root was last signed, or had not grown */
    struct front *front; /* NULL until it is needed */
    struct peer_list peers;
    bool peers_read;
    struct node_silent {
        uint8_t key[NODE_KEY];
        int64_t until_ns; /* of the monotonic clock; 0: none */
    } silent[NODE_SILENT_MAX];
    size_t silent_next;
    struct node_table tables[NODE_TABLES_MAX];
    size_t table_count;
    struct node_work *jobs;
    size_t job_count, job_capacity;
    struct node_work periodic[NODE_PERIODIC_MAX];
    size_t periodic_count;
};

#endif
