/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/matching_inside.h: what the files matching*.c share; nobody else includes it.
 */
#ifndef SERVE_MATCHING_INSIDE_H
#define SERVE_MATCHING_INSIDE_H

#include "match/map.h"
#include "serve/matching_ask.h"
#include "serve/matching_claim.h"

/* ---- Who ---- */

struct partner_list {
    const struct partner *items;
    size_t count;
};
MUST_USE enum status matching_partners(struct partner_list *list, struct matching *matching,
                                       struct arena *arena, struct err *err);
const struct partner *partner_by_key(const struct partner_list *list,
                                     const uint8_t key[IDENTITY_KEY]);

/* So many seconds more nobody waits for this partner, unless it was named. */
unsigned matching_silent_s(const struct matching *matching, const struct partner *partner);

/* Our circles: those of all agreements, each once, with the bits of the classes agreed in it; with
 * `only`, those of this partner. */
struct circle_list {
    struct {
        struct circle circle;
        unsigned classes;
    } items[MATCHING_CIRCLES_MAX];
    size_t count;
};
MUST_USE enum status matching_circles(struct circle_list *circles,
                                      const struct partner_list *partners,
                                      const struct partner *only, struct err *err);

/* Today, "2026-02-04": who is a minor. */
enum { MATCHING_DAY = 11 };
void matching_day(char out[MATCHING_DAY], const struct world *world);

/* ---- What may be spoken of: matching_standing.c ---- */

/* Is it of somebody protected today, or acquitted? *word: what their status is called. */
bool matching_is_protected(const char **word, const struct record *record, const char *day);

struct kin;
struct belonging_memo;
/* Who is protected, and what was found of whom that others are tied to: for one run over any number of records. */
struct shield {
    struct store *store;
    char day[MATCHING_DAY];
    struct kin *kin;
    struct belonging_memo *memo;
};

/* What of a record no partner is asked about, told of, or sent a claim about. */
struct kept {
    const char *why;      /* in words, in the arena; NULL: nothing is kept back */
    bool only_of_persons; /* what may be somebody's; not what is of ship and cargo */
};
/* All of it when it is of somebody protected or acquitted, a thing of theirs (a passport, phone, account, car ... that
 * is tied to them by an id or by a record between), or when it is the same person, as was decided or as name and
 * birth date say. What may be a person's when it names one of them. number: the record's; keys: those of
 * keys_of_record, or NULL. */
MUST_USE enum status matching_kept_back(struct kept *kept, const struct shield *shield,
                                        uint64_t number, const struct record *record,
                                        const struct key_list *keys, struct arena *arena,
                                        struct err *err);
bool kept_key(const struct kept *kept, const struct record *record, enum key_class class);
/* Takes such keys out; true: there were some. */
bool kept_take_out(struct key_list *keys, const struct kept *kept,
                   const struct record *record);
/* Is it ours? Others' records stand in no map. */
bool matching_is_ours(const struct matching *matching, const struct record *record);

/* ---- Persons who are one of ours that is protected: matching_kin.c ---- */

/* day: as matching_day writes it. What was found of somebody is kept until it is closed. */
struct kin *kin_open(struct store *store, const char *day);
void kin_close(struct kin *kin);
/* Beforehand, of all that the receipt shows, which is rewound: who has no key of these is not looked up. */
MUST_USE enum status kin_gather(struct kin *kin, struct matching *matching,
                                struct receipt *receipt, struct err *err);
/* The same for an asking of so many records, when the index lists the protected and they are no more than that. */
MUST_USE enum status kin_gather_listed(struct kin *kin, uint64_t asked, struct err *err);
/* *word: NULL, or the status of a protected person who is this one as link/decide.h says by name, birth date and
 * address together, without a doubt, or as was decided, over as many as there are; nobody decided that the two
 * differ. Or why nobody can tell. */
MUST_USE enum status kin_find(const char **word, struct kin *kin, uint64_t number,
                              const struct record *record, const struct key_list *keys,
                              struct err *err);
/* Of such a word: what the record is; not which status. */
const char *kin_told(const char *word);
/* A claim about this record of ours may go to the partner; acknowledged: somebody has read its
 * restrictions. REFUSED. */
MUST_USE enum status matching_may_tell(const struct matching *matching,
                                       const struct record *mine,
                                       const struct partner *partner, bool acknowledged,
                                       struct err *err);

/* Once, at opening; in matching_quota.c. */
MUST_USE enum status matching_tell_quota(bool *barred, struct matching *matching,
                                         struct err *err);

/* ---- Announcements of others: matching_seen.c ---- */

/* An announcement of the partner, new or known. */
struct seen {
    const struct partner *partner;
    struct epoch epoch;
    struct bytes wire;
    enum status status; /* not OK: not to be used, and why */
    const char *why;
};
struct seen_list {
    struct seen *items;
    size_t count, capacity;
};
/* Appends what the partner announces to us now, checked against what it showed before; its answer to a
 * call of SEEN_KIND, and that call with it. */
#define SEEN_KIND "epoch"
enum { SEEN_ANSWER_MAX = 1 << 20 };
MUST_USE enum status seen_take(struct seen_list *list, struct matching *matching,
                               const struct partner *partner, struct bytes answer,
                               struct arena *arena, struct err *err);
MUST_USE enum status seen_fetch(struct seen_list *list, struct matching *matching,
                                const struct partner *partner, struct arena *arena,
                                struct err *err);
/* Asks the others what they were shown, and marks what cannot be true. */
MUST_USE enum status seen_compare(struct seen_list *list, struct matching *matching,
                                  const struct partner_list *partners, struct arena *arena,
                                  struct err *err);
/* What we hold of this owner and circle, ours included; NOT_FOUND. */
MUST_USE enum status seen_held(struct buf *wire, struct matching *matching,
                               const uint8_t owner[IDENTITY_KEY],
                               const struct circle *circle, struct err *err);

/* ---- Maps of others: matching_maps.c ---- */

/* The maps of a class, put together: where there is no delta, its part is zeros. Stays where it is. */
struct had_map {
    struct map base, delta;
    struct buf base_wire, delta_wire;
    bool refused; /* the partner would not give it: which is no lie */
};
void had_map_release(struct had_map *had);
/* What the announcement names for the class, from the folder or else from its owner. */
MUST_USE enum status map_have(struct had_map *had, struct matching *matching,
                              const struct seen *seen, enum key_class class,
                              struct err *err);

/* ---- Claims: matching_claim.c ---- */

/* The hit or claim as->object, which the person may see. list: VERB_HIT_LIST or VERB_CLAIM_LIST. */
MUST_USE enum status matching_finding(struct shown *found, struct matching *matching,
                                      const struct act *as, enum verb list,
                                      struct arena *arena, struct err *err);

/* ---- The note of an asking: matching_note.c ---- */

struct asked_peer {
    struct bytes code, epoch_wire;
    uint8_t key[IDENTITY_KEY];
    unsigned classes; /* asked for */
    const struct bytes *asks;
    size_t ask_count;
};
struct asking {
    uint8_t seed[CASE_SEED];
    const struct match_item *items; /* the whole list */
    size_t item_count;
    const struct asked_peer *peers;
    size_t peer_count;
};
MUST_USE enum status asking_write(struct buf *out, const struct asking *asking,
                                  struct err *err);
/* Borrows from note. */
MUST_USE enum status asking_read(struct asking *asking, struct bytes note,
                                 struct arena *arena, struct err *err);

#endif
