/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/verb.h"

#include <assert.h>
#include <stddef.h>

/* What touches the content of records is done for a purpose. Erasing and holding follow from
 * the law or a court, not from one of the purposes; the rest is about the node and its users. */
static const struct verb_row {
    const char *word;
    unsigned needs;
} rows[] = {
    [VERB_INIT] = {"init", 0},
    [VERB_LOG_IN] = {"log-in", 0},
    [VERB_REFUSE] = {"refuse", 0},
    [VERB_STATUS] = {"status", 0},
    [VERB_REBUILD] = {"rebuild", 0},
    [VERB_LOG_READ] = {"log-read", 0},
    [VERB_LOG_VERIFY] = {"log-verify", 0},
    [VERB_USER_ADD] = {"user-add", NEEDS_OBJECT},
    [VERB_USER_ROLE] = {"user-role", NEEDS_OBJECT},
    [VERB_USER_LIST] = {"user-list", 0},
    [VERB_CASE_NEW] = {"case-new", NEEDS_OBJECT | NEEDS_CASE | NEEDS_PURPOSE},
    [VERB_CASE_MEMBER] = {"case-member", NEEDS_OBJECT | NEEDS_CASE},
    [VERB_CASE_LIST] = {"case-list", 0},
    [VERB_NEW] = {"new", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_EDIT] = {"edit", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_READ] = {"read", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_SEARCH] = {"search", NEEDS_PURPOSE},
    [VERB_EXPORT] = {"export", NEEDS_PURPOSE},
    [VERB_IMPORT_BEGIN] = {"import-begin", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_IMPORT_END] = {"import-end", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_ERASE] = {"erase", NEEDS_OBJECT},
    [VERB_HOLD] = {"hold", NEEDS_OBJECT},
    [VERB_HOLD_END] = {"hold-end", NEEDS_OBJECT},
    [VERB_WATCH] = {"watch", 0},
    [VERB_WATCH_READ] = {"watch-read", NEEDS_PURPOSE},
    [VERB_PEER_INVITE] = {"peer-invite", 0},
    [VERB_PEER_ACCEPT] = {"peer-accept", NEEDS_OBJECT},
    [VERB_PEER_AGREE] = {"peer-agree", NEEDS_OBJECT},
    [VERB_PEER_REMOVE] = {"peer-remove", NEEDS_OBJECT},
    [VERB_PEER_LIST] = {"peer-list", 0},
    [VERB_MATCH] = {"match", NEEDS_PURPOSE},
    [VERB_ASK] = {"ask", NEEDS_PURPOSE},
    [VERB_ASK_END] = {"ask-end", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_ANSWER] = {"answer", NEEDS_OBJECT},
    [VERB_ASK_DENY] = {"ask-deny", 0},
    [VERB_HIT] = {"hit", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_HIT_LIST] = {"hit-list", NEEDS_PURPOSE},
    [VERB_HIT_DECIDE] = {"hit-decide", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_CLAIM] = {"claim", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_CLAIM_IN] = {"claim-in", 0},
    [VERB_CLAIM_LIST] = {"claim-list", NEEDS_PURPOSE},
    [VERB_MATCH_AUDIT] = {"match-audit", NEEDS_OBJECT},
    [VERB_CLAIM_APPROVE] = {"claim-approve", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_CLAIM_SENT] = {"claim-sent", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_CLAIM_WITHDRAW] = {"claim-withdraw", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_CLAIM_DECLINE] = {"claim-decline", NEEDS_OBJECT | NEEDS_PURPOSE},
    [VERB_PUBLISH] = {"publish", 0},
    [VERB_EPOCH] = {"epoch", 0},
    [VERB_EPOCH_SEEN] = {"epoch-seen", 0},
    [VERB_EPOCH_FORK] = {"epoch-fork", 0},
};

bool verb_is_known(unsigned number)
{
    return number < sizeof rows / sizeof rows[0] && rows[number].word != NULL;
}

const char *verb_word(enum verb verb)
{
    assert(verb_is_known(verb));
    return rows[verb].word;
}

unsigned verb_needs(enum verb verb)
{
    assert(verb_is_known(verb));
    return rows[verb].needs;
}
