/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/node.h: a node in direct mode: its store opened in this process, its vault in another.
 *
 *     DIR/vault.key     secrets, the vault's alone      docs/format/node.md
 *     DIR/checkpoint    what was signed last
 *     DIR/store.db, DIR/store.keys                      docs/format/store.md
 *
 * Direct mode is for the one person whose folder it is (cli/way_in.h, cli/desk.c); the store's lock keeps
 * everybody else out meanwhile. Opening has the root of the log signed if entries were added since the last signature (a
 * crash, say), so that a log that was tampered with is noticed before anything is answered; closing
 * has it signed again. In between an act is answered when its entry is durable (store/act.h), and
 * waits for no signature.
 */
#ifndef SERVE_NODE_H
#define SERVE_NODE_H

#include "exchange/line.h"
#include "exchange/peer.h"
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
struct vault *node_vault(struct node *node);
/* What was signed last, and by which key. */
MUST_USE enum status node_signed(struct vault_last *last, struct node *node,
                                 struct err *err);
/* Has the root signed now, if entries were added. */
MUST_USE enum status node_sign(struct node *node, struct err *err);
/* The same, when it was not done for NODE_SIGN_S. */
enum { NODE_SIGN_S = 10 };
MUST_USE enum status node_sign_due(struct node *node, struct err *err);

/* ---- With other nodes: node_peers.c ---- */

/* Whom this node knows; borrowed until node_peers_changed. */
MUST_USE enum status node_peers(const struct peer_list **peers, struct node *node,
                                struct err *err);
/* After an act that changed the book: it is read again, and the front is told. */
MUST_USE enum status node_peers_changed(struct node *node, struct err *err);
/* Asking them: over TLS, by the front's process, which is started by the first call. Between two acts
 * only: other nodes may be answered while a call waits. */
struct line_caller node_caller(struct node *node);
/* So many seconds more this peer is taken not to be there: it had us wait for nothing at the last call, less than
 * NODE_SILENT_S ago. 0: it may be called. A call is made all the same. */
enum { NODE_SILENT_S = 300 };
unsigned node_silent_s(struct node *node, const uint8_t key[NODE_KEY]);
/* Answering them, once node_listen was called; before it. Table and context must stay. */
void node_add_handlers(struct node *node, const struct line_handler *handlers, size_t count,
                       void *context);
/* address: "127.0.0.1:0"; *port is the one that was taken. */
MUST_USE enum status node_listen(uint16_t *port, struct node *node, const char *address,
                                 struct err *err);
/* -1 while there is no front. */
int node_line_fd(const struct node *node);
/* Answers what has come, or comes within wait_ms, and has the front's key renewed; OK when there is
 * nothing to do. */
MUST_USE enum status node_answer(struct node *node, int wait_ms, struct err *err);

/* Work that follows from an act and may call: run one after the other, in the order given, when the
 * command that the act belongs to is done (node_close in direct mode). A job may add jobs. What it
 * fails at is an event on standard error. */
typedef enum status node_job(void *context, struct node *node, struct err *err);
void node_later(struct node *node, node_job *job, void *context);
void node_run_jobs(struct node *node);
/* Done again and again by a daemon, every period_s seconds, between commands. */
void node_every(struct node *node, unsigned period_s, node_job *job, void *context);
void node_run_due(struct node *node, int64_t now_s);

#endif
