/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/plug.h: what a daemon answers to other nodes, and does by itself: one place that puts it
 * together.
 */
#ifndef CLI_PLUG_H
#define CLI_PLUG_H

#include "serve/node.h"

/* Before node_listen. */
MUST_USE enum status plug_node(struct node *node, struct err *err);

#endif
