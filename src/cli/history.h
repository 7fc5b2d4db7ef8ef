/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/history.h: the versions of a record, and what each of them changed.
 *
 * All versions are read by one act, which is refused like the reading of the last one is.
 */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include "cli/desk.h"

/* version 0: a line for each version; else the record as it was in the version of that number, from 1
 * on. The exit code. */
MUST_USE int history_show(struct desk *desk, const char *id, uint64_t version);

#endif
