/* SPDX-License-Identifier: Apache-2.0
 *
 * store/replay.h: who holds which role and belongs to which case, told from the log alone.
 *
 * Rows of `role` and `member` decide what people may do; the log says how they came about. Rebuilding
 * plays its acts again and puts right what somebody wrote into the tables past the door.
 */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H

#include "store/inside.h"

/* Inside a transaction. *changed: the tables were not what the log says, and are now. CONFLICT: an act
 * about people cannot be read, so that nobody can say; the tables stay. */
MUST_USE enum status replay_people(bool *changed, struct store *store, struct err *err);

#endif
