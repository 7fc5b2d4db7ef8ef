/* SPDX-License-Identifier: Apache-2.0
 *
 * match/session_line.h: one message of a session, for the two sides of match/session.
 */
#ifndef MATCH_SESSION_LINE_H
#define MATCH_SESSION_LINE_H

#include "match/session.h"

MUST_USE enum status session_send(const struct session_line *line, enum session_kind kind,
                                  struct bytes body, struct err *err);
/* The next message, into the buffer, whose max bounds it. */
MUST_USE enum status session_receive(uint8_t *kind, struct bytes *body, struct buf *into,
                                     const struct session_line *line, struct err *err);
/* The next message must be of this kind and at most max bytes. A refusal that comes in its
 * place becomes the error: the partner's sentence, made fit for printing. */
MUST_USE enum status session_expect(struct bytes *body, enum session_kind wanted,
                                    size_t max, struct buf *into,
                                    const struct session_line *line, struct err *err);
/* Tell the partner why; whether it arrives does not matter any more. */
void session_refuse(const struct session_line *line, enum status status,
                    const struct err *why);

#endif
