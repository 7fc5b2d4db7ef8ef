/* SPDX-License-Identifier: Apache-2.0
 *
 * match/session.h: a whole blind comparison over one line (a socket pair, later TLS).
 *
 *     requester                               responder
 *         HELLO ------------------------------>
 *                <------------------------------ EPOCH
 *         MAP_WANTED ------------------------->         for each class to ask, unless the
 *                <--------- MAP_HEADER, MAP_PIECE ...   requester has the map already
 *         ASK -------------------------------->         for each batch
 *                <------------------------------ ANSWER, or REFUSAL
 *         BYE -------------------------------->
 *
 * Each message is a frame of base/frame; docs/format/session.md has their bytes. At most
 * one side speaks at a time, so neither can fill the line while the other does the same.
 * Which frames go over, and how long they are, depends on how many things of which class
 * are asked and on what the owner publishes, never on what the things are.
 *
 * Either side may be run by whatever process has the right keys: there is no state but what
 * is passed in.
 */
#ifndef MATCH_SESSION_H
#define MATCH_SESSION_H

#include "match/publication.h"
#include "match/requester.h"
#include "match/responder.h"
#include "match/transcript.h"

enum session_kind {
    SESSION_HELLO = 1,
    SESSION_EPOCH,
    SESSION_MAP_WANTED,
    SESSION_MAP_HEADER,
    SESSION_MAP_PIECE,
    SESSION_ASK,
    SESSION_ANSWER,
    SESSION_REFUSAL,
    SESSION_BYE,
};

enum {
    SESSION_HELLO_LEN = MAGIC + 2 * IDENTITY_KEY + CIRCLE_FIELD,
    SESSION_REFUSAL_MAX = 1 + 900,
    SESSION_PIECE_HEAD = 4,
};

struct session_line {
    int fd;
    int wait_ms;                   /* for each piece of a message; -1: for ever */
    const struct session_tap *tap; /* or NULL */
};

/* Maps a requester keeps between sessions, header and body together; one that the epoch no
 * longer announces is fetched again. All-zero is empty. */
struct map_shelf {
    struct buf wires[KEY_CLASSES];
};
void map_shelf_release(struct map_shelf *shelf);

struct session_result {
    struct match_hits hits; /* release with match_hits_release, after a failure too */
    size_t asked;           /* distinct things, before padding */
    bool not_offered[KEY_CLASSES]; /* things of the class were on the list, and could not be
                                       asked */
};

/* Ask for items. On failure the hits are those of the batches answered before. REFUSED or
 * BUSY with the partner's sentence when it refuses. */
MUST_USE enum status
session_request(struct session_result *result, const struct session_line *line,
                const struct requester_options *options, struct map_shelf *shelf,
                const struct match_item *items, size_t count, struct err *err);

/* Serve one session of the requester with the key peer, until it says goodbye. An ask that
 * is refused does not end the session; a message that is out of place or malformed does,
 * and so does a requester that goes away without a word (IO_FAILED). */
MUST_USE enum status session_serve(const struct session_line *line,
                                   const struct publication *publication,
                                   struct responder *responder,
                                   const uint8_t peer[IDENTITY_KEY], struct err *err);

#endif
