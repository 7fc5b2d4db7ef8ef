/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/node.h: a node in direct mode: its store opened in this process, its vault in another.
 *
 *     DIR/vault.key     secrets, the vault's alone      docs/format/node.md
 *     DIR/checkpoint    what was signed last
 *     DIR/store.db, DIR/store.keys                      docs/format/store.md
 *
 * Direct mode is for the one person whose folder it is; the store's lock keeps everybody else out
 * meanwhile. Opening has the root of the log signed if entries were added since the last signature (a
 * crash, say), so that a log that was tampered with is noticed before anything is answered; closing
 * has it signed again. In between an act is answered when its entry is durable (store/act.h), and
 * waits for no signature.
 */
#ifndef SERVE_NODE_H
#define SERVE_NODE_H

#include "serve/vault.h"
#include "store/store.h"

struct node;

struct node_options {
    const char *folder;
    const char *passphrase_path; /* or NULL: the key is not sealed */
    const struct world *world;
};

/* As store_create says; the folder is made when absent. Interrupted, it may be called again. */
MUST_USE enum status node_create(const struct node_options *options,
                                 const struct store_settings *settings,
                                 const char *first_user, struct err *err);
/* As store_open and vault_open say. CONFLICT, too: the log does not continue what was signed. */
MUST_USE enum status node_open(struct node **out, const struct node_options *options,
                               struct err *err);
/* Has the root signed and closes. It is closed on every status. NULL is fine. */
MUST_USE enum status node_close(struct node *node, struct err *err);

struct store *node_store(struct node *node);
/* What was signed last, and by which key. */
MUST_USE enum status node_signed(struct vault_last *last, struct node *node,
                                 struct err *err);

#endif
