/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/strangers.h: accounts of the machine that try the node and are no users of it.
 *
 * Each refusal is an entry of the log, and nobody may fill the log with them: of one account the first is
 * written at once, and what it tries within STRANGER_WAIT_S after an entry is counted and written as one,
 * with the number. More than STRANGERS_MAX accounts at a time are counted together. So strangers write
 * STRANGERS_MAX + 1 entries a minute at most, whatever they do.
 *
 * The counts are the process's own: a service's. A program that runs for itself writes what it refuses.
 */
#ifndef CLI_STRANGERS_H
#define CLI_STRANGERS_H

#include "store/store.h"

#include <sys/types.h>

enum { STRANGERS_MAX = 8, STRANGER_WAIT_S = 60, STRANGER_NAME_MAX = 100 };

/* One was refused; durable when it is written. name: what they are called here. */
MUST_USE enum status strangers_refused(struct store *store, const struct world *world,
                                       uid_t uid, const char *name, struct err *err);
/* Writes what was counted and has waited long enough; all: whatever was counted. */
MUST_USE enum status strangers_write(struct store *store, const struct world *world,
                                     bool all, struct err *err);

#endif
