/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/peer_answer.h: what a command says of one peer, as a JSON line or in words.
 */
#ifndef CLI_PEER_ANSWER_H
#define CLI_PEER_ANSWER_H

#include "cli/command.h"
#include "exchange/hello.h"
#include "exchange/peer.h"

/* What greeting it brought. */
struct reached {
    bool asked;
    enum status status;
    struct err why;
    struct hello hello;
    int64_t clock_s; /* how far its clock is ahead of ours */
};

/* What an agreement changed. */
struct before {
    struct peer_agreement items[KEY_CLASSES];
    size_t count;
};

/* before: NULL, or what the agreements that were changed had been. */
void peer_answer(const struct arguments *arguments, const struct peer *peer,
                 const struct reached *reached, const struct before *before);

#endif
