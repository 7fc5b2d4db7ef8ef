/* SPDX-License-Identifier: Apache-2.0
 *
 * ledger/verb.h: what can be done, as the log counts it.
 *
 * A closed list of one-byte numbers. They stand in entries for good (docs/format/entry.md, which
 * says what the object of each is): a number is never given a second meaning. The gaps belong to
 * what comes later: comparison between nodes from 80, messages and grants from 120, oversight
 * and break-glass from 160, the log's own filler, checkpoints and epochs from 200.
 */
#ifndef LEDGER_VERB_H
#define LEDGER_VERB_H

#include <stdbool.h>

enum verb {
    /* the node */
    VERB_INIT = 1,
    VERB_LOG_IN = 2,
    VERB_REFUSE = 3, /* any act that was not allowed; which one is in its payload */
    VERB_STATUS = 4,
    VERB_REBUILD = 5,
    VERB_LOG_READ = 6,   /* entries, by who watches over them */
    VERB_LOG_VERIFY = 7, /* all entries against the tree and what was signed */
    /* users */
    VERB_USER_ADD = 10,
    VERB_USER_ROLE = 11,
    VERB_USER_LIST = 12,
    /* cases */
    VERB_CASE_NEW = 20,
    VERB_CASE_MEMBER = 21,
    VERB_CASE_LIST = 22,
    /* records */
    VERB_NEW = 30,
    VERB_EDIT = 31,
    VERB_READ = 32,
    VERB_SEARCH = 33,
    VERB_EXPORT = 34,
    VERB_IMPORT_BEGIN = 35,
    VERB_IMPORT_END = 36,
    VERB_ERASE = 37,
    VERB_HOLD = 38, /* legal hold: not erased until it ends */
    VERB_HOLD_END = 39,
    /* the watch */
    VERB_WATCH = 60,      /* the daily watch: switched on or off, begun, done */
    VERB_WATCH_READ = 61, /* all seizures of the node, reduced to what can be counted */
    /* peers */
    VERB_PEER_INVITE = 120,
    VERB_PEER_ACCEPT = 121,
    VERB_PEER_AGREE = 122,
    VERB_PEER_REMOVE = 123,
    VERB_PEER_LIST = 124,
    /* comparison between nodes */
    VERB_MATCH = 80,    /* records read, to be asked about */
    VERB_ASK = 81,      /* what was asked of whom; its own id is the number of the asking */
    VERB_ASK_END = 82,  /* what came of it */
    VERB_ANSWER = 83,   /* a partner's ask, answered */
    VERB_ASK_DENY = 84, /* a partner's ask, refused */
    VERB_HIT = 85,
    VERB_HIT_LIST = 86,
    VERB_HIT_DECIDE = 87,
    VERB_CLAIM = 88,    /* sent */
    VERB_CLAIM_IN = 89, /* received */
    VERB_CLAIM_LIST = 90,
    VERB_MATCH_AUDIT = 91,
    VERB_CLAIM_APPROVE = 95,  /* by a second person, where two are needed */
    VERB_CLAIM_SENT = 96,     /* what the partner answered */
    VERB_CLAIM_WITHDRAW = 97, /* by who made it, while it waits */
    VERB_CLAIM_DECLINE = 98,  /* by the second person */
    /* the log's own */
    VERB_PUBLISH = 200,    /* records read, to make maps of them */
    VERB_EPOCH = 201,      /* announced: its payload is the announcement */
    VERB_EPOCH_SEEN = 202, /* a partner's announcement, for the first time */
    VERB_EPOCH_FORK = 203, /* two announcements of a partner that cannot both be true */
    VERB_END               /* one more than the last */
};

/* What an entry of the verb must say beside who and when. */
enum verb_needs { NEEDS_OBJECT = 1, NEEDS_CASE = 2, NEEDS_PURPOSE = 4 };

/* For numbers that come from outside; the other two assert it. */
bool verb_is_known(unsigned number);
/* As people read it: "import-begin". */
const char *verb_word(enum verb verb);
/* A set of enum verb_needs. */
unsigned verb_needs(enum verb verb);

#endif
