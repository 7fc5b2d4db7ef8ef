/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/plug.h: what a daemon answers to other nodes, and does by itself: one place that puts it
 * together.
 */
#ifndef CLI_PLUG_H
#define CLI_PLUG_H

#include "cli/watch_daily.h"
#include "serve/matching.h"
#include "serve/node.h"

/* What the daemon compares with, and its daily watch; as long as its node is open. All-zero is empty. */
struct plug {
    struct matching matching;
    bool (*breathe)(void *context); /* that of the node alone */
    void *breathe_context;
    struct watch_daily daily;
};

/* Before node_listen. folder: of the node, absolute. */
MUST_USE enum status plug_node(struct plug *plug, struct node *node, const char *folder,
                               const struct world *world, struct err *err);
void plug_release(struct plug *plug);

#endif
