/* SPDX-License-Identifier: Apache-2.0
 *
 * store/people.h: users, their roles, and who belongs to which case.
 */
#ifndef STORE_PEOPLE_H
#define STORE_PEOPLE_H

#include "store/inside.h"

/* The outcome of asking whether this person may do this, for the case the act names and for
 * that of the object (row, or NULL), goes into receipt->outcome. */
MUST_USE enum status people_check(struct receipt *receipt, const struct act *act,
                                  const struct record_row *row, struct err *err);
MUST_USE enum status people_add_user(struct receipt *receipt, const struct act *act,
                                     struct err *err);
MUST_USE enum status people_change_roles(struct receipt *receipt, const struct act *act,
                                         struct err *err);
MUST_USE enum status people_change_member(struct receipt *receipt, const struct act *act,
                                          struct err *err);
/* The first user, by the node itself. */
MUST_USE enum status people_found(struct store *store, const char *login, struct err *err);

#endif
