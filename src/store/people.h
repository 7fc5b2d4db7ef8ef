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

/* Who holds only these works on no case. */
enum { PEOPLE_OUTSIDE = 1U << ROLE_OVERSEER | 1U << ROLE_ADMINISTRATOR };

struct people_change {
    uint64_t user; /* 0: a new one */
    unsigned roles;
};
/* What somebody who holds `held` holds after it. */
unsigned people_roles_after(const struct people_change *change, uint64_t user,
                            unsigned held);
/* How many cases have a reader before it and none after goes into receipt->withheld; a refusal where
 * nobody could let others into them. who: the user who makes the change. */
MUST_USE enum status people_check_cases(struct receipt *receipt,
                                        const struct people_change *change, uint64_t who,
                                        struct err *err);
MUST_USE enum status people_has_reader(bool *has, struct store *store, uint64_t case_number,
                                       struct err *err);
/* The first user, by the node itself. */
MUST_USE enum status people_found(struct store *store, const char *login, struct err *err);

#endif
