/* SPDX-License-Identifier: Apache-2.0
 *
 * What the log knows of the quotas, told to the vault when a node opens.
 *
 * An answer leaves after its entry is in the log, so the log has every charge for which anybody got anything,
 * with requester, class, number, case and batch. A file of quotas that has counted less was put
 * back, cut short or made anew: it gets again what it has forgotten, and nobody is answered for the rest of
 * the day. When that is broken off it is done again at the next opening, and what is there is left alone.
 */
#include "serve/matching_inside.h"

#include "base/world.h"
#include "match/quota.h"

enum { DAY_MS = 24 * 3600 * 1000 };

struct recovering {
    struct vault *vault;
    struct buf question;
    uint64_t recovered;
};

static enum status send_past(struct recovering *recovering, struct err *err)
{
    enum status status = vault_recover(&recovering->recovered, recovering->vault,
                                       buf_bytes(&recovering->question), err);
    buf_clear(&recovering->question);
    return status;
}

/* The note that matching_handlers.c wrote: requester 32, circle 32, epoch 8, class 1, elements 4, batch id 16,
 * digest 32, counter 8, purpose 1, length 2, basis, length 2, case. */
static enum status take_answer(void *context, int64_t time_ms, struct bytes body,
                               struct err *err)
{
    enum { ROOM = ASK_CASE_MAX + 128 };
    struct recovering *recovering = context;
    struct cursor cursor = {body, false};
    struct quota_past past = {.requester = cursor_take(&cursor, IDENTITY_KEY).at,
                              .time_s = time_ms / 1000};
    (void)cursor_take(&cursor, CIRCLE_FIELD + 8);
    past.class = (enum key_class)cursor_u8(&cursor);
    past.count = cursor_be32(&cursor);
    past.batch_id = cursor_take(&cursor, BATCH_ID).at;
    past.digest = cursor_take(&cursor, DIGEST).at;
    (void)cursor_take(&cursor, 8 + 1);
    (void)cursor_take(&cursor, cursor_be16(&cursor));
    past.case_ref = cursor_take(&cursor, cursor_be16(&cursor));
    if (cursor.failed)
        return fail(err, CONFLICT, "an answer of this node's log is malformed");
    if (recovering->question.len + ROOM > VAULT_PAST_MAX) {
        enum status status = send_past(recovering, err);
        if (status != OK)
            return status;
    }
    vault_past_add(&recovering->question, &past);
    return OK;
}

static enum status recover(struct matching *matching, struct err *err)
{
    struct recovering recovering = {.vault = matching->vault,
                                    .question = {.max = VAULT_PAST_MAX}};
    int64_t since_ms =
        world_now_s(matching->world) * 1000 - (int64_t)QUOTA_CASE_DAYS * DAY_MS;
    enum status status =
        store_notes(matching->store, VERB_ANSWER, since_ms, take_answer, &recovering, err);
    if (status == OK)
        status = send_past(&recovering, err);
    buf_release(&recovering.question);
    return status;
}

enum status matching_tell_quota(bool *barred, struct matching *matching, struct err *err)
{
    struct buf value = {.max = 64};
    uint64_t counted = 0, charged = 0;
    enum status status = store_state(&value, matching->store, "charged", err);
    if (status == OK && value.len == 8)
        charged = load_be64(value.at);
    buf_release(&value);
    if (status == NOT_FOUND)
        return OK; /* nobody was ever answered */
    if (status == OK)
        status = vault_told(barred, &counted, matching->vault, 0, err);
    if (status != OK || counted >= charged)
        return status;
    status = recover(matching, err);
    if (status == OK)
        status = vault_told(barred, &counted, matching->vault, 0, err);
    /* One more than it has counted, also where it has all again: this day is over. */
    if (status == OK)
        status = vault_told(barred, &counted, matching->vault,
                            counted >= charged ? counted + 1 : charged, err);
    return status;
}
