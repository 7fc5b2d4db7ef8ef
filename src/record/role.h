/* SPDX-License-Identifier: Apache-2.0
 *
 * record/role.h: in which role somebody acts.
 *
 * One user may hold several roles; an act is done in one of them, and its entry names that one.
 * What each may do is the table of the store. The numbers stand in entries of the log
 * (docs/format/entry.md): a new role takes the next one, and none is ever given twice.
 */
#ifndef RECORD_ROLE_H
#define RECORD_ROLE_H

#include "base/bytes.h"

enum role {
    ROLE_NODE = 1, /* the program itself: nobody holds it */
    ROLE_ANALYST = 2,
    ROLE_INVESTIGATOR = 3,
    ROLE_PROSECUTOR = 4,
    ROLE_LIAISON = 5,       /* speaks with other agencies */
    ROLE_SUPERVISOR = 6,    /* the second signature */
    ROLE_OVERSEER = 7,      /* reads the log, changes nothing */
    ROLE_ADMINISTRATOR = 8, /* users and the machine; reads no case */
    ROLE_END
};

/* A role that somebody can hold, by the word of the command line; so not the node's. The
 * sentence lists the right words; the caller puts in front what was typed, and where. */
MUST_USE enum status role_parse(enum role *out, struct bytes text, struct err *err);
const char *role_word(enum role role);
/* For numbers that come from outside. */
bool role_is_known(unsigned number);

#endif
