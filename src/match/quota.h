/* SPDX-License-Identifier: Apache-2.0
 *
 * match/quota.h: how much each partner may still ask today, in a file of its own that only grows.
 *
 *     open --quota_told: the log knows of more than the file--> barred until the next day
 *     open --quota_charge--> the charge is on the disk, and only then counts as made
 *
 * A charge is appended and synced before anything is evaluated for it; nothing ever takes one back:
 *
 *   - a crash leaves it there;
 *   - a database that was put back says nothing here;
 *   - a clock that was put back: the day of the last charge goes on until the clock has caught up; a
 *     clock that leaps while we run opens no new day, because the time since the start is counted by
 *     a clock that nobody sets;
 *   - a copy of this very file put back, cut short or gone has a smaller counter than the log has seen
 *     (each answered ask tells its counter to the core, which keeps it). No answer left this node before
 *     its entry was in the log, so the log knows every charge that was worth anything: they are charged
 *     again (quota_recover), for the days and cases that they were for. And nobody is answered before the
 *     next day, so that it is noticed. Who puts back both, and the checkpoint, is caught only by the peers.
 *
 * A case has a cap of its own: what one requester asks for one case reference counts for 90 days, however
 * it is spread over them. Who gives every ask another reference has the quota of the day, and every
 * reference stands in our log.
 *
 * It also remembers which bytes had which batch id until their epoch is over: the same bytes again
 * cost nothing and may be answered again; other bytes under the id, or the id from somebody else, are
 * refused, after a crash too. Records are chained by a keyed hash, so that none can be changed or
 * taken out. docs/format/quota.md has the bytes. Counted are elements, padding included.
 */
#ifndef MATCH_QUOTA_H
#define MATCH_QUOTA_H

#include "match/ask.h"

struct world;

enum {
    QUOTA_USUAL = 10240,
    QUOTA_WEAK = 256, /* imo, mmsi, plate, mark: closed numberings and fashions */
    QUOTA_TOTAL = 10, /* times the usual: of all requesters together */
    QUOTA_CASE = 5, /* times what a requester has a day: for one case, in QUOTA_CASE_DAYS */
    QUOTA_CASE_DAYS = 90,
    QUOTA_LIMIT_MAX = 1 << 27,
    QUOTA_REPEATS_A_DAY =
        512, /* of one requester: they cost nothing, and work all the same */
    QUOTA_ASKS_A_DAY = 4096, /* of one requester: each is kept until its epoch is over */
    QUOTA_KEY = 32,
};

/* What a requester has a day where no agreement says otherwise. */
uint32_t quota_usual(enum key_class class);

struct quota;

struct quota_options {
    const char *path;
    const uint8_t *key; /* QUOTA_KEY bytes, borrowed */
    const struct world *world;
};

/* Makes the file where there is none. CONFLICT: it was changed by somebody. */
MUST_USE enum status quota_open(struct quota **out, const struct quota_options *options,
                                struct err *err);
void quota_close(struct quota *quota);

/* Charges so far, ever. */
uint64_t quota_counter(const struct quota *quota);
/* The log has seen this counter. When the file knows of fewer charges, today is over. *barred says
 * whether it is, now. */
MUST_USE enum status quota_told(bool *barred, struct quota *quota, uint64_t counter,
                                struct err *err);

/* An ask that was answered, as the log tells it. */
struct quota_past {
    const uint8_t *requester, *batch_id, *digest;
    enum key_class class;
    size_t count;
    int64_t time_s;
    struct bytes case_ref;
};
/* In the order of the log, all of the last QUOTA_CASE_DAYS. What is known already is left alone; the rest is
 * on the disk when this comes back. *recovered: how many that were. */
MUST_USE enum status quota_recover(size_t *recovered, struct quota *quota,
                                   const struct quota_past *past, size_t count,
                                   struct err *err);

struct quota_ask {
    const uint8_t *requester; /* IDENTITY_KEY bytes */
    const uint8_t *batch_id, *digest;
    enum key_class class;
    size_t count;          /* elements */
    int64_t until_s;       /* end of the epoch: so long it is remembered */
    uint32_t limit, total; /* a day: of this requester, of all */
    uint32_t case_limit;   /* of this case, in QUOTA_CASE_DAYS */
    struct bytes case_ref; /* as the requester says it */
};

/* *left: what the requester still has of the class today. OK: charged, or these very bytes were
 * before. BUSY: not today; the sentence says when. REFUSED: never. */
MUST_USE enum status quota_charge(uint32_t *left, struct quota *quota,
                                  const struct quota_ask *ask, struct err *err);

#endif
