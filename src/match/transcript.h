/* SPDX-License-Identifier: Apache-2.0
 *
 * match/transcript.h: everything that crossed the line, written down as it went.
 *
 *     "ENLTRN01" | side 1 ('Q' requester, 'R' responder) | frames
 *     frame = direction 1 ('>' sent, '<' received) | kind 1 | length 4 | bytes
 *
 * It holds nothing that the other side, or a listener without TLS, does not see too; still
 * only its owner may read the file. With the case seed and the list it lets a supervisor
 * check what was asked (match/audit).
 */
#ifndef MATCH_TRANSCRIPT_H
#define MATCH_TRANSCRIPT_H

#include "match/answer.h"

#include <assert.h>

enum transcript_side { TRANSCRIPT_REQUESTER = 'Q', TRANSCRIPT_RESPONDER = 'R' };
enum transcript_direction { TRANSCRIPT_SENT = '>', TRANSCRIPT_RECEIVED = '<' };

enum { TRANSCRIPT_FRAME_MAX = 512 * 1024 };
static_assert((int)TRANSCRIPT_FRAME_MAX >= (int)ASK_WIRE_MAX &&
                  (int)TRANSCRIPT_FRAME_MAX >= (int)ANSWER_WIRE_MAX,
              "every frame of a session fits");

/* Sees every frame of a session, both ways. */
struct session_tap {
    void (*frame)(void *context, enum transcript_direction direction, uint8_t kind,
                  struct bytes body);
    void *context;
};

struct transcript_frame {
    enum transcript_direction direction;
    uint8_t kind;
    struct bytes body; /* until the next frame is read */
};

/* One file, to write or to read. */
struct transcript;

MUST_USE enum status transcript_create(struct transcript **out, const char *path,
                                       enum transcript_side side, struct err *err);
/* The tap that writes to it. A failed write is reported by transcript_close. */
struct session_tap transcript_tap(struct transcript *transcript);

MUST_USE enum status transcript_open(struct transcript **out, const char *path,
                                     struct err *err);
/* NOT_FOUND at the end. */
MUST_USE enum status transcript_next(struct transcript_frame *frame,
                                     struct transcript *transcript, struct err *err);
enum transcript_side transcript_side(const struct transcript *transcript);

/* Closes in any case; for a file that was written, the status says whether all is in it. */
enum status transcript_close(struct transcript *transcript, struct err *err);

#endif
