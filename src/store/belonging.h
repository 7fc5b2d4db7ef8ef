/* SPDX-License-Identifier: Apache-2.0
 *
 * store/belonging.h: what is somebody's, so that what protects them holds for it, too.
 *
 * A passport or other identification, phone, device, account, wallet, user account or road vehicle
 * belongs to whoever it is tied to by an id (`holder`, `owner` ...), in either direction, or over a record that
 * is a line between the two (`Ownership`, `UnknownLink` ...). Where nobody says whose it is, it is that of whom the
 * device is that it is in, and may be anybody's whom an event names beside it. A person who was decided to be the same
 * (a LinkDecision that says so now) is the same. A seizure, a call or a message is nobody's, and neither is a ship,
 * an aeroplane or a company, which public registers name with their owners; but what it says of persons may be
 * of whomever it tells of.
 */
#ifndef STORE_BELONGING_H
#define STORE_BELONGING_H

#include "store/act.h"

/* Is this person or company one that is looked for? *word: what their status is called. */
typedef bool belonging_test(void *context, const char **word, uint64_t number,
                            const struct record *owner);

/* Who is looked for. memo: what was found of records that many others are tied to, for one run over the store; or
 * NULL. */
struct belonging_memo;
struct belonging {
    struct store *store;
    belonging_test *test;
    void *context;
    struct belonging_memo *memo;
    bool informants; /* the test is for these alone */
};
struct belonging_memo *belonging_memo_open(void);
void belonging_memo_close(struct belonging_memo *memo);

/* *why: NULL when it belongs to none of them; else "a thing of a protected or acquitted person", in the arena: not which
 * status, since whoever reads it may not see that person.
 * The record itself is not tested. Of what is committed. */
MUST_USE enum status belonging_find(const char **why, const struct belonging *belonging,
                                    uint64_t number, const struct record *record,
                                    struct arena *arena, struct err *err);

/* Does the record tell of one of them (or whoever was decided to be one), or of a thing of theirs? It does when it names
 * them by an id, when they name it, when a line (`UnknownLink`, `Documentation` ...) stands between the two, and when
 * its words have their name, id or a number of theirs. Of a person or company only whom it names counts. *why as
 * before. Not of the things that belonging_find looks at. */
MUST_USE enum status belonging_names(const char **why, const struct belonging *belonging,
                                     uint64_t number, const struct record *record,
                                     struct arena *arena, struct err *err);
/* Whom decisions say to be the same as this one, or different from it; not over several. */
struct belonging_decided {
    uint64_t *same, *different;
    size_t same_count, same_capacity, different_count, different_capacity;
    const char *why; /* why there may be more of them, static; or NULL */
};
MUST_USE enum status belonging_decided(struct belonging_decided *decided,
                                       struct store *store, uint64_t number,
                                       const struct record *person, struct err *err);
void belonging_decided_release(struct belonging_decided *decided);
bool belonging_is_different(const struct belonging_decided *decided, uint64_t other);
/* Were these two decided to be different persons? */
MUST_USE enum status belonging_differ(bool *differ, struct store *store, uint64_t number,
                                      const struct record *record, uint64_t other,
                                      struct err *err);

/* What leaves the node tells nothing of an informant: *stays when the record belongs to one or names one (a call, a
 * message, a line). A seizure, exhibit, case, container, vehicle or company that names one leaves without that, without
 * what it says of any person, and without free text. case_number: the record's. Changes the list of the record's
 * values. */
MUST_USE enum status belonging_strip_informants(bool *stays, struct store *store,
                                                struct belonging_memo *memo,
                                                uint64_t number, uint64_t case_number,
                                                struct record *record, struct arena *arena,
                                                struct err *err);

#endif
