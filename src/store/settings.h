/* SPDX-License-Identifier: Apache-2.0
 *
 * store/settings.h: what a node is called and where it is, in its database and in the first entry of its log.
 */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include "store/inside.h"

/* Can they be a node's? TOO_LARGE, BAD_INPUT. */
MUST_USE enum status settings_check(const struct store_settings *settings, struct err *err);
/* Into the database, and into the payload of the node's first entry. */
MUST_USE enum status settings_write(struct store *store, struct err *err);
/* From now on the index says which things have a status that protects: it is made anew, or has been from the first. */
MUST_USE enum status settings_mark_statuses(struct store *store, struct err *err);
MUST_USE enum status settings_read(struct store *store, struct err *err);
/* CONFLICT: they are not those that the first entry commits to. Fiction cannot be unset. */
MUST_USE enum status settings_check_kept(struct store *store, struct err *err);

#endif
