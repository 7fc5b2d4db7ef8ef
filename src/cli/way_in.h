/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/way_in.h: whose the folder of a node is, and how others get to the socket in it.
 *
 * The files of a node belong to one account, which alone opens them: its only user's, or that of the
 * service. Everybody else reaches the socket and nothing more: they may pass through the folder (0711)
 * and read nothing in it (files 0600, folders 0700; `checkpoint` is public). Who is served, the service
 * decides by SO_PEERCRED.
 */
#ifndef CLI_WAY_IN_H
#define CLI_WAY_IN_H

#include "base/status.h"

#include <stdbool.h>

/* IO_FAILED: the files of this node belong to another account, and the sentence says what to do. Root is
 * held to it as well: what it made there the service could not open. REFUSED: as below. */
MUST_USE enum status way_in_check_owner(const char *folder, struct err *err);

/* REFUSED: everybody may write in it. One that is not there yet is fine. */
MUST_USE enum status way_in_check_folder(const char *folder, struct err *err);

/* Shuts what is in the folder, and lets others pass through it. REFUSED: they cannot come so far, and
 * the sentence says where it ends. folder: absolute. */
MUST_USE enum status way_in_open(const char *folder, struct err *err);

#endif
