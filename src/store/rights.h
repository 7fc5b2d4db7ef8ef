/* SPDX-License-Identifier: Apache-2.0
 *
 * store/rights.h: who may do what: one table, role by verb.
 *
 * A right is given never, always, or to members of the case: of the case that the object is
 * filed in, and of the case that the act names. What is filed in no case is the agency's
 * own, and open to whoever has the right at all.
 */
#ifndef STORE_RIGHTS_H
#define STORE_RIGHTS_H

#include "ledger/verb.h"
#include "record/role.h"

enum right { RIGHT_NEVER, RIGHT_MEMBER, RIGHT_ALWAYS };

enum right right_of(enum role role, enum verb verb);

/* May one person hold all of these at once? The administrator reads no case and the
 * overseer changes none, so neither holds a second role. The sentence says why not. */
MUST_USE enum status rights_check_roles(unsigned roles, struct err *err);

#endif
