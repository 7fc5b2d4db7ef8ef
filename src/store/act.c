/* SPDX-License-Identifier: Apache-2.0
 *
 * The door: every act comes through act_submit, is checked, and done by the function of its
 * verb in one table.
 */
#include "base/text.h"
#include "store/append.h"
#include "store/erasing.h"
#include "store/findings.h"
#include "store/overseeing.h"
#include "store/peers.h"
#include "store/people.h"
#include "store/searching.h"
#include "store/showing.h"
#include "store/writing.h"

static enum status do_mark(struct receipt *receipt, const struct act *act,
                           const struct record_row *object, struct err *err)
{
    struct log_line line = {.verb = receipt->verb, .act = act};
    uint64_t slot;
    (void)object;
    aside_begin(receipt->store, PAYLOAD_NONE, act->reason, (struct bytes){0});
    return log_append(&slot, receipt->store, &line, err);
}

static enum status do_user_add(struct receipt *receipt, const struct act *act,
                               const struct record_row *object, struct err *err)
{
    (void)object;
    return people_add_user(receipt, act, err);
}

static enum status do_user_role(struct receipt *receipt, const struct act *act,
                                const struct record_row *object, struct err *err)
{
    (void)object;
    return people_change_roles(receipt, act, err);
}

static enum status do_case_member(struct receipt *receipt, const struct act *act,
                                  const struct record_row *object, struct err *err)
{
    (void)object;
    return people_change_member(receipt, act, err);
}

enum takes {
    TAKES_RECORD = 1,
    TAKES_QUERY = 2, /* a key, a text, or an object that others are tied to */
    TAKES_CASE = 4,
    TAKES_OBJECT = 8,
    USES_KEYS = 16,
    MAY_HAVE_OBJECT = 32
};

static const struct verb_row {
    enum verb verb;
    act_function *function;
    unsigned takes;
    const char *schema; /* of the record, or NULL: any but Case */
} verbs[] = {
    {VERB_NEW, writing_new, TAKES_RECORD | USES_KEYS, NULL},
    {VERB_EDIT, writing_edit, TAKES_OBJECT | TAKES_RECORD | USES_KEYS, NULL},
    {VERB_READ, showing_read, TAKES_OBJECT, NULL},
    {VERB_SEARCH, searching_act, TAKES_QUERY | USES_KEYS | MAY_HAVE_OBJECT, NULL},
    {VERB_EXPORT, showing_export, 0, NULL},
    {VERB_ERASE, erasing_act, TAKES_OBJECT | USES_KEYS, NULL},
    {VERB_CASE_NEW, writing_case, TAKES_RECORD, "Case"},
    {VERB_CASE_MEMBER, do_case_member, TAKES_CASE, NULL},
    {VERB_CASE_LIST, showing_cases, 0, NULL},
    {VERB_USER_ADD, do_user_add, TAKES_RECORD, "Person"},
    {VERB_USER_ROLE, do_user_role, 0, NULL},
    {VERB_USER_LIST, showing_users, 0, NULL},
    {VERB_MATCH, findings_match, USES_KEYS, NULL},
    {VERB_ASK, findings_ask, 0, NULL},
    {VERB_ASK_END, findings_note, 0, NULL},
    {VERB_HIT, findings_hit, TAKES_RECORD | MAY_HAVE_OBJECT, "Hit"},
    {VERB_HIT_LIST, findings_list, 0, NULL},
    {VERB_HIT_DECIDE, findings_decide, TAKES_OBJECT | TAKES_RECORD, "Hit"},
    {VERB_CLAIM, findings_claim, TAKES_OBJECT | TAKES_RECORD, "Claim"},
    {VERB_CLAIM_APPROVE, findings_claim_change, TAKES_OBJECT | TAKES_RECORD, "Claim"},
    {VERB_CLAIM_SENT, findings_claim_change, TAKES_OBJECT | TAKES_RECORD, "Claim"},
    {VERB_CLAIM_WITHDRAW, findings_claim_change, TAKES_OBJECT | TAKES_RECORD, "Claim"},
    {VERB_CLAIM_DECLINE, findings_claim_change, TAKES_OBJECT | TAKES_RECORD, "Claim"},
    {VERB_CLAIM_LIST, findings_list, 0, NULL},
    {VERB_MATCH_AUDIT, findings_audit, 0, NULL},
    {VERB_PUBLISH, findings_publish, USES_KEYS, NULL},
    {VERB_EPOCH, findings_note, 0, NULL},
    {VERB_WATCH, findings_note, 0, NULL},
    {VERB_WATCH_READ, findings_watch_read, 0, NULL},
    {VERB_STATUS, do_mark, 0, NULL},
    {VERB_PEER_INVITE, do_mark, 0, NULL},
    {VERB_PEER_ACCEPT, peers_accept, TAKES_RECORD, "Peer"},
    {VERB_PEER_AGREE, peers_change, TAKES_OBJECT | TAKES_RECORD, "Peer"},
    {VERB_PEER_REMOVE, peers_change, TAKES_OBJECT | TAKES_RECORD, "Peer"},
    {VERB_PEER_LIST, showing_peers, 0, NULL},
    {VERB_LOG_IN, do_mark, 0, NULL},
    {VERB_LOG_READ, overseeing_read, 0, NULL},
    {VERB_LOG_VERIFY, overseeing_verify, 0, NULL},
};

static const struct verb_row *row_of(enum verb verb)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (verbs[i].verb == verb)
            return &verbs[i];
    return NULL;
}

/* What a caller got wrong, before anything is done. */
static enum status check_form(const struct verb_row *row, const struct store *store,
                              const struct act *act, struct err *err)
{
    if (row == NULL)
        return fail(err, BAD_INPUT, "this verb is not done here");
    if (entry_id_is_none(act->who) || !role_is_known(act->role) || act->role == ROLE_NODE)
        return fail(err, BAD_INPUT, "\"%s\" must say who does it, and in which role",
                    verb_word(act->verb));
    if (act->purpose >= PURPOSE_COUNT)
        return fail(err, BAD_INPUT, "\"%s\" must have a purpose", verb_word(act->verb));
    if (act->reason != NULL && strlen(act->reason) > PAYLOAD_REASON_MAX)
        return fail(err, TOO_LARGE, "the reason is longer than %d bytes",
                    PAYLOAD_REASON_MAX);
    bool by_text = act->verb == VERB_SEARCH && act->text.len > 0;
    if (by_text && (act->text.len > ACT_TEXT_MAX || !utf8_valid(act->text)))
        return fail(err, BAD_INPUT, "what is looked for is UTF-8 of at most %d bytes",
                    ACT_TEXT_MAX);
    if (act->key_count > ACT_KEYS_MAX)
        return fail(err, TOO_LARGE, "more than %d keys in one search", ACT_KEYS_MAX);
    if (by_text && !store->words.has_finder)
        return fail(err, BAD_INPUT, "nothing is attached here that finds words");
    unsigned lacks = 0;
    lacks |= act->record == NULL ? TAKES_RECORD : 0;
    bool has_query =
        act->key_count > 0 || act->text.len > 0 || !entry_id_is_none(act->object);
    lacks |= has_query ? 0 : TAKES_QUERY;
    lacks |= entry_id_is_none(act->case_id) && !act->case_unknown ? TAKES_CASE : 0;
    if ((row->takes & lacks) != 0)
        return fail(err, BAD_INPUT, "\"%s\" lacks its %s", verb_word(act->verb),
                    (row->takes & lacks & TAKES_RECORD) != 0  ? "record"
                    : (row->takes & lacks & TAKES_QUERY) != 0 ? "key"
                                                              : "case");
    if (row->schema != NULL && strcmp(act->record->schema->name, row->schema) != 0)
        return fail(err, BAD_INPUT, "\"%s\" takes a %s, not a %s", verb_word(act->verb),
                    row->schema, act->record->schema->name);
    if (act->verb == VERB_NEW && strcmp(act->record->schema->name, "Case") == 0)
        return fail(err, BAD_INPUT, "a case is opened by `case new`");
    if (act->verb == VERB_NEW && strcmp(act->record->schema->name, "Peer") == 0)
        return fail(err, BAD_INPUT, "a peer comes in by `peer accept`");
    if (act->note.len > ACT_NOTE_MAX)
        return fail(err, TOO_LARGE, "\"%s\": %zu bytes to be kept; the limit is %d",
                    verb_word(act->verb), act->note.len, ACT_NOTE_MAX);
    return OK;
}

/* Whoever files a new record asks whether it is there: without keys nobody can say. */
static enum status check_keys(struct receipt *receipt, const struct verb_row *row)
{
    struct store *store = receipt->store;
    struct err why;
    bool asks = (row->takes & USES_KEYS) != 0 ||
                ((row->takes & TAKES_RECORD) != 0 && database_keys_damaged(store->db));
    return asks && store_check_keys(store, &why) != OK
               ? refuse(receipt, REFUSED, "%s", why.text)
               : OK;
}

static enum status decide(struct receipt *receipt, const struct verb_row *row,
                          const struct act *act, struct err *err)
{
    struct record_row object = {0};
    bool about = (row->takes & TAKES_OBJECT) != 0 ||
                 ((row->takes & MAY_HAVE_OBJECT) != 0 && !entry_id_is_none(act->object));
    enum status status = OK;
    /* A case that is not there is refused like one that one does not belong to. */
    if (about && act->case_unknown && entry_id_is_none(act->object))
        about = false;
    if (about)
        status = receipt_find(&object, receipt, act->object, err);
    if (status == OK && receipt->outcome == OK)
        status = people_check(receipt, act, about ? &object : NULL, err);
    if (status == OK && receipt->outcome == OK)
        status = check_keys(receipt, row);
    if (status == OK && receipt->outcome == OK)
        status = row->function(receipt, act, about ? &object : NULL, err);
    if (status == OK && receipt->outcome != OK)
        status = receipt_log_refusal(receipt, act, err);
    return status;
}

enum status act_submit(struct receipt **out, struct store *store, const struct act *act,
                       struct err *err)
{
    struct err local = {0};
    const struct verb_row *row = row_of(act->verb);
    enum status status = check_form(row, store, act, err);
    if (status != OK)
        return status;
    status = store_begin(store, &local);
    if (status != OK)
        return fail(err, IO_FAILED, "%s", local.text);
    struct receipt *receipt = receipt_new(store, act->verb);
    arena_reset(&store->scratch);
    status = decide(receipt, row, act, &local);
    if (status != OK) {
        receipt_close(receipt);
        return store_stop(store, &local, err);
    }
    *out = receipt;
    return OK;
}

enum status act_perform(struct receipt **out, struct store *store, const struct act *act,
                        struct err *err)
{
    struct receipt *receipt = NULL;
    enum status status = act_submit(&receipt, store, act, err);
    if (status == OK)
        status = store_commit(store, err);
    if (status == OK)
        status = receipt_open(receipt, err);
    if (status != OK) {
        receipt_close(receipt);
        return status;
    }
    *out = receipt;
    return OK;
}
