/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/matching_run.h: an asking while it goes on, for matching_run.c, _file.c, _again.c and _retry.c alone.
 */
#ifndef SERVE_MATCHING_RUN_H
#define SERVE_MATCHING_RUN_H

#include "link/decide.h"
#include "match/requester.h"
#include "serve/matching_inside.h"

struct our_key {
    struct key key;
    size_t record;
    bool answered; /* by somebody */
};

struct our_record {
    uint8_t id[ENTRY_ID];
    const char *source;
    unsigned asks; /* decide_asks */
};

/* One announcement of one partner, and what is asked under it. */
struct channel {
    const struct seen *seen;
    size_t peer;
    unsigned classes;
    struct match_item *items;
    size_t *sources; /* items[i] is keys[sources[i]] */
    size_t count;
    bool *heard;                 /* of the run's keys those that it has answered about */
    bool begun, failed, refused; /* refused: an ask of it was */
    size_t sent;                 /* batches that have an answer, or will have none */
    int tries;                   /* of the next one */
    struct requester requester;
    struct bytes *asks; /* a batch of the plan each; empty: not offered */
    bool *answered;     /* beside them */
    struct had_map maps[KEY_CLASSES];
    struct match_hits hits;
};

/* A key that is held there too. */
struct found {
    size_t record, peer, channel, key;
    const struct key *shared; /* keys[key] */
    uint64_t tag;
    bool many;
    uint8_t proof[HIT_PROOF];
};

/* What a partner says that we may ask of it. */
struct let {
    bool known;                         /* false: it did not say, and it will be seen */
    struct circle circles[KEY_CLASSES]; /* all zeros: not for this class */
};

struct run {
    struct matching *matching;
    struct matching_ask ask; /* for the case that its records are of */
    struct matching_result *result;
    struct arena *arena;
    struct our_record *records;
    size_t record_count, record_capacity;
    struct our_key *keys;
    size_t key_count, key_capacity;
    struct partner_list all;         /* to compare announcements with */
    const struct partner **partners; /* to be asked; beside result->peers */
    struct let *lets;                /* beside them, too */
    struct seen_list seen;
    struct channel *channels;
    size_t channel_count;
    struct identity identity; /* its public key */
    uint8_t seed[CASE_SEED];
    struct found *found;
    size_t found_count, found_capacity;
};

/* ---- Whom: matching_meet.c ---- */

MUST_USE enum status run_choose_partners(struct run *run, struct err *err);
MUST_USE enum status run_meet(struct run *run, struct err *err);
/* By us. */
bool run_is_agreed(const struct matching_ask *ask, const struct partner *partner,
                   size_t class);
/* By the peer, in this circle. */
bool run_is_let(const struct run *run, size_t peer, size_t class,
                const struct circle *circle);
void run_blame(struct run *run, size_t peer, enum status status, const char *why);

/* ---- What came of it ---- */

/* What a hit is known by, as it is written down; all in the run's arena. */
struct found_hit {
    struct bytes peer, class, mine, tag; /* the last two in hex, as are values */
    struct bytes asked, knowledge;       /* of the first of its values */
    const struct found_value *values;    /* all that agree */
    size_t value_count;
};
struct found_value {
    struct bytes asked, knowledge;
};
/* What agrees of one of our records and one of theirs, in one class. */
struct meeting_found {
    const struct found *first; /* of count */
    size_t count;
    struct decision decision; /* its reasons in the run's arena */
};
/* All of an asking together; meetings with no decision yet. In matching_decide.c. */
void run_decide(struct meeting_found *meetings, size_t count, struct run *run);

/* What the desk knew of it. All-zero: nothing. */
struct again {
    const char *record_id; /* it is this hit; NULL: none of the desk's */
    uint8_t id[ENTRY_ID];
    uint64_t version;
    bool changes;         /* it is written anew: under another seed it has another tag */
    struct bytes verdict; /* that stays; empty: open */
    const struct bytes
        *earlier; /* what was decided when they held it in fewer records, or in others */
    size_t earlier_count;
    size_t held; /* hits on the same item in this asking */
};
/* A hit of the desk that was asked about again, and not found. */
struct gone {
    const struct record *hit;
    uint8_t id[ENTRY_ID];
    uint64_t version;
};
struct gone_list {
    struct gone *items; /* in the run's arena */
    size_t count;
};
/* again: count of them, zeros. In matching_again.c. */
MUST_USE enum status run_recall(struct again *again, struct gone_list *gone,
                                struct run *run, const struct found_hit *hits, size_t count,
                                struct err *err);

/* All of it, in matching_run.c; of a partner that refused because it has made new maps meanwhile, peer.stale. */
MUST_USE enum status run_once(struct matching_result *result, struct matching *matching,
                              const struct matching_ask *ask, struct arena *arena,
                              struct err *err);

/* Of what was found: hits, on the desk, and the entry that says what came of the asking. */
MUST_USE enum status run_file(struct run *run, struct err *err);

#endif
