/* SPDX-License-Identifier: Apache-2.0
 *
 * store/act.h: the act, the only way to change or read anything (docs/acts.md).
 *
 *     act_submit --> waiting --store_commit--> durable --receipt_open, _next--> shown
 *                       \----- the commit failed ----> lost: IO_FAILED for ever
 *
 * Submitting checks, writes and appends the entry, all in the transaction that is open. It
 * tells nothing of the outcome, not even whether the act was allowed: a refusal is an entry
 * too, and is told when that is durable. What a reading act shows is decrypted only when it
 * is asked for, from a receipt that is durable; nothing else hands out content.
 */
#ifndef STORE_ACT_H
#define STORE_ACT_H

#include "record/keys.h"
#include "store/store.h"

/* What each verb takes besides who, role, purpose and case_id; the rest stays zero.
 *
 *     VERB_NEW          record, objects              a new thing, of the case if one is named; goes
 *                                                  when one of the objects is erased
 *     VERB_EDIT         object, record, before       a new version of it
 *     VERB_READ         object                       a thing or a case
 *                       and extent                   of a thing or a case all its versions, the first one first; of
 *                                                    a case all things that are filed in it
 *     VERB_SEARCH       key, key_count               things that have one and one may see,
 *                       and text, limit              or are called like it (store/finder.h);
 *                       or object                    are tied to it: one names the other,
 *                                                    or both have one key
 *     VERB_EXPORT                                    all things of the case, or of no case
 *     VERB_ERASE        object                       the words are gone for good
 *     VERB_CASE_NEW     record: Case, id=reference   whoever opens it is its first member
 *     VERB_CASE_MEMBER  object: the person, joins    in or out of case_id
 *     VERB_CASE_LIST                                 the cases one belongs to; for a supervisor
 *                                                    those that nobody can read, too
 *     VERB_USER_ADD     record: Person, id=login, roles
 *     VERB_USER_ROLE    object: the user, roles      the roles from now on; shows the user
 *     VERB_LOG_READ     from, to                     entries, by receipt_entry; of the case if one is named,
 *                       and object: the person       by this user alone
 *     VERB_LOG_VERIFY                                log_check follows
 *     VERB_USER_LIST, VERB_STATUS, VERB_LOG_IN, VERB_PEER_LIST, VERB_PEER_INVITE
 *     VERB_PEER_ACCEPT  record: Peer, id=code        object and before: of one that is known
 *     VERB_PEER_AGREE, VERB_PEER_REMOVE  object, record, before
 *
 *     VERB_MATCH        objects, or all of case_id   shows the things to be asked about
 *     VERB_ASK          objects, note                the note goes when one of them is erased
 *     VERB_ASK_END      object: what VERB_ASK gave, note
 *     VERB_HIT          record: Hit, objects         once; again, its id and nothing new; goes when
 *                                                    one of the objects is erased
 *                       or object, record, before    a new version of one that was found before
 *     VERB_HIT_LIST, VERB_CLAIM_LIST                 those one may see
 *     VERB_HIT_DECIDE   object, record, before       what a person thinks of it; reason
 *     VERB_CLAIM        object: the hit, record: Claim
 *     VERB_CLAIM_APPROVE  object, record, before   by somebody else than who made it
 *     VERB_CLAIM_SENT   object, record, before, state, value   what the partner answered
 *     VERB_CLAIM_WITHDRAW  object, record, before  by who made it
 *     VERB_CLAIM_DECLINE   object, record, before  by somebody else
 *     VERB_MATCH_AUDIT  object: what VERB_ASK gave   receipt_note
 *     VERB_PUBLISH                                   shows all things, to make maps of them
 *     VERB_EPOCH        note, state, value
 *     VERB_WATCH        state, value                 switches the daily watch
 *     VERB_WATCH_READ                                of all seizures what can be counted (see
 *                                                    receipt_next); alerts and calibrations of
 *                                                    no case; of no case itself
 *
 * VERB_IMPORT_BEGIN and _END are made by store/import.h, VERB_REBUILD by store/rebuild.h.
 * */
enum { ACT_TEXT_MAX = 512, ACT_KEYS_MAX = 64 };

enum extent { EXTENT_LAST, EXTENT_HISTORY, EXTENT_CONTENTS };

struct act {
    uint8_t who[ENTRY_ID];
    enum role role;
    enum purpose purpose;
    uint8_t case_id[ENTRY_ID]; /* all zero: no case */
    bool
        case_unknown; /* a case was named that is none of ours: refused, and that is an entry */

    enum verb verb;
    uint8_t object[ENTRY_ID];
    const struct record *record; /* finished */
    uint64_t before;             /* shown.version of what was edited, the last one then */
    const struct key *key;       /* the first of key_count */
    size_t key_count;
    struct bytes text; /* valid UTF-8, at most ACT_TEXT_MAX */
    size_t limit;      /* at most this many are shown, of those that may be seen */
    unsigned roles;    /* bits 1 << enum role */
    bool joins;
    enum extent extent;
    uint64_t from, to;      /* entries, both included */
    const uint8_t *objects; /* object_count ids of ENTRY_ID bytes */
    size_t object_count;
    struct bytes note;  /* the rest of the payload, at most ACT_NOTE_MAX */
    const char *state;  /* store/note.h: changes with the act, or NULL */
    struct bytes value; /* to this */
    const char
        *reason; /* legal basis or reason in words, or NULL; kept in the sealed payload */
};

enum { ACT_NOTE_MAX = 60 * 1024 * 1024 };

struct receipt;

/* *out is the caller's to close, and lives no longer than the store. IO_FAILED: the store
 * has stopped. BAD_INPUT, and no entry: the act lacks what its verb takes. */
MUST_USE enum status act_submit(struct receipt **out, struct store *store,
                                const struct act *act, struct err *err);
/* Submit, commit and open, for an act that is alone. No receipt on any status but OK. */
MUST_USE enum status act_perform(struct receipt **out, struct store *store,
                                 const struct act *act, struct err *err);
void receipt_close(struct receipt *receipt);

/* What came of it. BUSY: not committed yet. Then OK, or REFUSED, NOT_FOUND, CONFLICT,
 * TOO_LARGE with the sentence. */
MUST_USE enum status receipt_open(const struct receipt *receipt, struct err *err);

/* Of a receipt that receipt_open says OK to. */
uint64_t receipt_sequence(const struct receipt *receipt);
void receipt_object(uint8_t id[ENTRY_ID],
                    const struct receipt *receipt);    /* a new one's id */
uint64_t receipt_count(const struct receipt *receipt); /* how many it shows at most */

struct shown {
    uint8_t id[ENTRY_ID], case_id[ENTRY_ID]; /* case_id all zero: of no case */
    struct record record;
    uint64_t version;  /* sequence of the entry that wrote it */
    uint64_t versions; /* how many there are */
    int64_t entered_s; /* when its first version was written, in seconds since 1970 */
    unsigned roles;    /* of a user */
    uint64_t
        number; /* the store's own: of the entry that made it; leaves the node only in pledges */
    uint64_t by_keys; /* found by a search: bit i, it has the act's key i */
    bool by_text;     /* likewise: it is called so */
    bool
        unread; /* a case that nobody who belongs to it can read: it shows no more than its id */
    /* Of EXTENT_HISTORY: who wrote this version (a login, in the arena; empty: the node), when, by what. */
    const char *who;
    int64_t written_ms;
    enum verb verb;
};

/* The next thing it shows, in the arena; NOT_FOUND at the end; else as receipt_open. What
 * was erased since is left out. CONFLICT: this one (shown->id) was damaged or is not what the log says;
 * the next may be good. */
MUST_USE enum status receipt_next(struct shown *shown, struct receipt *receipt,
                                  struct arena *arena, struct err *err);

/* From the first thing again. */
void receipt_rewind(struct receipt *receipt);

/* What was kept back so far. Of a VERB_EXPORT: informants, who never leave the node. Of a
 * VERB_WATCH_READ: seizures of cases under H3, and what informants said. Of a VERB_SEARCH with an object:
 * identifiers of it that tie nothing, since too many records have them.
 * Of every other seizure it gives the properties that facets_read names, the handling codes and
 * the case, and neither the source's id nor any other word. Of a VERB_USER_ADD and VERB_USER_ROLE: how
 * many cases nobody can read from now on, until a supervisor lets somebody in. */
uint64_t receipt_withheld(const struct receipt *receipt);

/* The note of the act that a VERB_MATCH_AUDIT looks at, in the arena, and when it was written. */
MUST_USE enum status receipt_note(struct bytes *note, int64_t *time_ms,
                                  struct receipt *receipt, struct arena *arena,
                                  struct err *err);

/* An entry as it is read: who and in which case by name, and nothing that stands in a record. */
struct log_row {
    uint64_t sequence;
    int64_t time_ms; /* since 1970 */
    const char *
        who; /* the login; empty: the node itself, or nobody can say. Until the receipt is closed */
    const char *case_name; /* the reference; likewise */
    enum role role;
    enum verb verb; /* of what was refused: that, or VERB_REFUSE when nobody can say */
    bool refused;
    bool has_purpose;
    enum purpose purpose;
    uint8_t object[ENTRY_ID], case_id[ENTRY_ID]; /* all zero: none */
};

/* Of a VERB_LOG_READ the next entry; NOT_FOUND at the end. CONFLICT: it cannot be read. */
MUST_USE enum status receipt_entry(struct log_row *out, struct receipt *receipt,
                                   struct err *err);

#endif
