/* SPDX-License-Identifier: Apache-2.0 */
#include "store/rights.h"

/* clang-format off */

#define A RIGHT_ALWAYS
#define M RIGHT_MEMBER
#define PEERS [VERB_PEER_INVITE] = A, [VERB_PEER_ACCEPT] = A, [VERB_PEER_AGREE] = A,       \
        [VERB_PEER_REMOVE] = A, [VERB_PEER_LIST] = A

/* What is not written here is never allowed. Who works on cases may do so as a member; the
 * administrator sees to users and the machine; the overseer sees who there is, and the log, of which a
 * supervisor reads what was done in their own cases.
 * With whom the node speaks is settled by those who answer for it outwards: liaison and
 * supervisor, and the administrator who sets it up. What is new in the node is watched by who
 * analyses it and by who answers for it, over cases that are not theirs too: they see what can be
 * counted, and nothing that stands in a record. */
static const enum right table[ROLE_END][VERB_END] = {
    [ROLE_ANALYST] = {
        [VERB_LOG_IN] = A, [VERB_STATUS] = A, [VERB_PEER_LIST] = A,
        [VERB_CASE_NEW] = A, [VERB_CASE_MEMBER] = M, [VERB_CASE_LIST] = A,
        [VERB_NEW] = M, [VERB_EDIT] = M, [VERB_READ] = M, [VERB_SEARCH] = M,
        [VERB_EXPORT] = M, [VERB_IMPORT_BEGIN] = M, [VERB_IMPORT_END] = M,
        [VERB_ERASE] = M,
        [VERB_WATCH] = M, [VERB_WATCH_READ] = A,
        [VERB_MATCH] = M, [VERB_ASK] = M, [VERB_ASK_END] = M, [VERB_HIT] = M,
        [VERB_HIT_LIST] = M, [VERB_HIT_DECIDE] = M, [VERB_CLAIM_LIST] = M, [VERB_CLAIM] = M,
        [VERB_CLAIM_APPROVE] = M, [VERB_CLAIM_SENT] = M,
        [VERB_CLAIM_WITHDRAW] = M, [VERB_CLAIM_DECLINE] = M,
        [VERB_MATCH_AUDIT] = M,
        [VERB_PUBLISH] = A, [VERB_EPOCH] = A},
    [ROLE_INVESTIGATOR] = {
        [VERB_LOG_IN] = A, [VERB_STATUS] = A, [VERB_PEER_LIST] = A,
        [VERB_CASE_NEW] = A, [VERB_CASE_MEMBER] = M, [VERB_CASE_LIST] = A,
        [VERB_NEW] = M, [VERB_EDIT] = M, [VERB_READ] = M, [VERB_SEARCH] = M,
        [VERB_EXPORT] = M, [VERB_IMPORT_BEGIN] = M, [VERB_IMPORT_END] = M,
        [VERB_ERASE] = M,
        [VERB_WATCH] = M,
        [VERB_MATCH] = M, [VERB_ASK] = M, [VERB_ASK_END] = M, [VERB_HIT] = M,
        [VERB_HIT_LIST] = M, [VERB_HIT_DECIDE] = M, [VERB_CLAIM_LIST] = M, [VERB_CLAIM] = M,
        [VERB_CLAIM_APPROVE] = M, [VERB_CLAIM_SENT] = M,
        [VERB_CLAIM_WITHDRAW] = M, [VERB_CLAIM_DECLINE] = M,
        [VERB_MATCH_AUDIT] = M},
    [ROLE_PROSECUTOR] = {
        [VERB_LOG_IN] = A, [VERB_STATUS] = A, [VERB_PEER_LIST] = A,
        [VERB_CASE_NEW] = A, [VERB_CASE_MEMBER] = M, [VERB_CASE_LIST] = A,
        [VERB_NEW] = M, [VERB_EDIT] = M, [VERB_READ] = M, [VERB_SEARCH] = M,
        [VERB_EXPORT] = M, [VERB_ERASE] = M,
        [VERB_WATCH] = M,
        [VERB_MATCH] = M, [VERB_ASK] = M, [VERB_ASK_END] = M, [VERB_HIT] = M,
        [VERB_HIT_LIST] = M, [VERB_HIT_DECIDE] = M, [VERB_CLAIM_LIST] = M, [VERB_CLAIM] = M,
        [VERB_CLAIM_APPROVE] = M, [VERB_CLAIM_SENT] = M,
        [VERB_CLAIM_WITHDRAW] = M, [VERB_CLAIM_DECLINE] = M,
        [VERB_MATCH_AUDIT] = M},
    [ROLE_LIAISON] = {
        PEERS,
        [VERB_LOG_IN] = A, [VERB_STATUS] = A,
        [VERB_CASE_NEW] = A, [VERB_CASE_MEMBER] = M, [VERB_CASE_LIST] = A,
        [VERB_NEW] = M, [VERB_EDIT] = M, [VERB_READ] = M, [VERB_SEARCH] = M,
        [VERB_EXPORT] = M, [VERB_IMPORT_BEGIN] = M, [VERB_IMPORT_END] = M,
        [VERB_WATCH] = M,
        [VERB_MATCH] = M, [VERB_ASK] = M, [VERB_ASK_END] = M, [VERB_HIT] = M,
        [VERB_HIT_LIST] = M, [VERB_HIT_DECIDE] = M, [VERB_CLAIM_LIST] = M, [VERB_CLAIM] = M,
        [VERB_CLAIM_APPROVE] = M, [VERB_CLAIM_SENT] = M,
        [VERB_CLAIM_WITHDRAW] = M, [VERB_CLAIM_DECLINE] = M,
        [VERB_MATCH_AUDIT] = M,
        [VERB_PUBLISH] = A, [VERB_EPOCH] = A},
    [ROLE_SUPERVISOR] = {
        PEERS,
        [VERB_LOG_IN] = A, [VERB_STATUS] = A, [VERB_USER_LIST] = A,
        [VERB_LOG_READ] = M, [VERB_LOG_VERIFY] = A,
        [VERB_CASE_NEW] = A, [VERB_CASE_MEMBER] = A, [VERB_CASE_LIST] = A,
        [VERB_NEW] = M, [VERB_EDIT] = M, [VERB_READ] = M, [VERB_SEARCH] = M,
        [VERB_EXPORT] = M, [VERB_IMPORT_BEGIN] = M, [VERB_IMPORT_END] = M,
        [VERB_ERASE] = M,
        [VERB_WATCH] = M, [VERB_WATCH_READ] = A,
        [VERB_MATCH] = M, [VERB_ASK] = M, [VERB_ASK_END] = M, [VERB_HIT] = M,
        [VERB_HIT_LIST] = M, [VERB_HIT_DECIDE] = M, [VERB_CLAIM_LIST] = M, [VERB_CLAIM] = M,
        [VERB_CLAIM_APPROVE] = M, [VERB_CLAIM_SENT] = M,
        [VERB_CLAIM_WITHDRAW] = M, [VERB_CLAIM_DECLINE] = M,
        [VERB_MATCH_AUDIT] = A,
        [VERB_PUBLISH] = A, [VERB_EPOCH] = A},
    [ROLE_OVERSEER] = {
        [VERB_LOG_READ] = A, [VERB_LOG_VERIFY] = A, [VERB_LOG_IN] = A, [VERB_STATUS] = A, [VERB_PEER_LIST] = A, [VERB_USER_LIST] = A,
        [VERB_MATCH_AUDIT] = A},
    [ROLE_ADMINISTRATOR] = {
        PEERS,
        [VERB_LOG_IN] = A, [VERB_STATUS] = A, [VERB_REBUILD] = A, [VERB_LOG_VERIFY] = A,
        [VERB_USER_ADD] = A, [VERB_USER_ROLE] = A, [VERB_USER_LIST] = A,
        [VERB_PUBLISH] = A, [VERB_EPOCH] = A},
};

#undef A
#undef M
#undef PEERS
/* clang-format on */

enum right right_of(enum role role, enum verb verb)
{
    if (!role_is_known(role) || (unsigned)verb >= VERB_END)
        return RIGHT_NEVER;
    return table[role][verb];
}

enum status rights_check_roles(unsigned roles, struct err *err)
{
    static const enum role alone[] = {ROLE_ADMINISTRATOR, ROLE_OVERSEER};
    const unsigned known = (1U << ROLE_END) - (1U << ROLE_ANALYST);
    if ((roles & ~known) != 0)
        return fail(err, BAD_INPUT, "one of these roles does not exist");
    for (size_t i = 0; i < sizeof alone / sizeof alone[0]; i++)
        if ((roles & 1U << alone[i]) != 0 && roles != 1U << alone[i])
            return fail(err, REFUSED, "the %s holds no other role: %s", role_word(alone[i]),
                        alone[i] == ROLE_ADMINISTRATOR
                            ? "who manages users and the machine reads no case"
                            : "who watches over the log changes nothing");
    return OK;
}
