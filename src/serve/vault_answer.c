/* SPDX-License-Identifier: Apache-2.0
 *
 * The vault answers partners' asks: under which announcement, and at whose charge.
 */
#include "serve/vault_match_inside.h"

#include "match/responder.h"

#include <sodium.h>

static enum status charge(void *context, const struct ask *ask, struct err *err)
{
    struct charging *charging = context;
    const struct quota_ask wanted = {
        .requester = ask->requester,
        .batch_id = ask->batch_id,
        .digest = charging->digest,
        .class = ask->class,
        .count = ask->count,
        .until_s = charging->until_s,
        .limit = charging->limit,
        .total = charging->total,
        .case_limit = charging->case_limit,
        .case_ref = ask->reason.case_ref,
    };
    return quota_charge(&charging->left, charging->quota, &wanted, err);
}

/* The announcement is ours, and its keys are those of a seed that we still have. */
static enum status open_serving(struct serving **out, struct vault_match *match,
                                struct bytes wire, struct err *err)
{
    struct serving *serving = xcalloc(1, sizeof *serving);
    message_digest(serving->digest, wire);
    enum status status = epoch_parse(&serving->epoch, wire, err);
    const struct epoch *epoch = &serving->epoch;
    const struct seed *seed = status == OK ? seeds_find(match->seeds, epoch->number) : NULL;
    serving->keys = sodium_malloc(sizeof *serving->keys);
    if (status == OK && serving->keys == NULL)
        status = fail(err, IO_FAILED, "no guarded memory for the keys of an epoch");
    if (status == OK &&
        memcmp(epoch->owner, match->options.identity->public_key, IDENTITY_KEY) != 0)
        status = fail(err, REFUSED, "epoch: not an announcement of this node");
    if (status == OK && seed == NULL)
        status = fail(err, REFUSED, "epoch: number %llu has expired",
                      (unsigned long long)epoch->number);
    if (status == OK)
        epoch_keys_init(serving->keys, seed->secret, &epoch->circle);
    for (size_t i = 0; i < KEY_CLASSES && status == OK; i++)
        if (epoch->classes[i].offered &&
            memcmp(epoch->classes[i].public_key, serving->keys->public[i], OPRF_ELEMENT) !=
                0)
            status = fail(err, REFUSED, "epoch: number %llu has expired",
                          (unsigned long long)epoch->number);
    if (status != OK) {
        vault_serving_close(serving);
        return status;
    }
    const struct responder_options options = {
        .world = match->options.world,
        .pool = match->pool,
        .identity = match->options.identity,
        .epoch = &serving->epoch,
        .keys = serving->keys,
        .charge = charge,
        .charge_context = &match->charging,
        .charge_remembers = true,
    };
    serving->responder = responder_open(&options);
    *out = serving;
    return OK;
}

static enum status serve(struct serving **out, struct vault_match *match, struct bytes wire,
                         struct err *err)
{
    uint8_t digest[DIGEST];
    size_t place = CIRCLES_MAX;
    message_digest(digest, wire);
    for (size_t i = 0; i < CIRCLES_MAX; i++)
        if (match->circles[i] != NULL &&
            memcmp(match->circles[i]->digest, digest, DIGEST) == 0) {
            *out = match->circles[i];
            return OK;
        }
    struct serving *fresh = NULL;
    enum status status = open_serving(&fresh, match, wire, err);
    if (status != OK)
        return status;
    /* In the place of the circle's last announcement, else in a free one. */
    for (size_t i = 0; i < CIRCLES_MAX && place == CIRCLES_MAX; i++)
        if (match->circles[i] != NULL &&
            circle_equal(&match->circles[i]->epoch.circle, &fresh->epoch.circle))
            place = i;
    for (size_t i = 0; i < CIRCLES_MAX && place == CIRCLES_MAX; i++)
        if (match->circles[i] == NULL)
            place = i;
    if (place == CIRCLES_MAX) {
        vault_serving_close(fresh);
        return fail(err, TOO_LARGE, "more than %d circles", CIRCLES_MAX);
    }
    vault_serving_close(match->circles[place]);
    match->circles[place] = *out = fresh;
    return OK;
}

enum status vault_answer_ask(struct buf *answer, struct vault_match *match,
                             struct bytes body, struct err *err)
{
    struct cursor cursor = {body, false};
    uint8_t digest[DIGEST];
    struct bytes from = cursor_take(&cursor, IDENTITY_KEY), made;
    uint32_t limit = cursor_be32(&cursor), total = cursor_be32(&cursor),
             case_limit = cursor_be32(&cursor);
    struct bytes epoch = cursor_take(&cursor, cursor_be16(&cursor)), ask = cursor.rest;
    struct serving *serving = NULL;
    if (cursor.failed || limit > QUOTA_LIMIT_MAX || total > QUOTA_LIMIT_MAX ||
        case_limit > QUOTA_LIMIT_MAX)
        return fail(err, BAD_INPUT, "ask: malformed");
    enum status status = vault_match_seeds(match, err);
    if (status == OK)
        status = vault_match_quota(match, err);
    if (status == OK)
        status = serve(&serving, match, epoch, err);
    if (status != OK)
        return status;
    message_digest(digest, ask);
    match->charging = (struct charging){.quota = match->quota,
                                        .digest = digest,
                                        .until_s = serving->epoch.until_s,
                                        .limit = limit,
                                        .total = total,
                                        .case_limit = case_limit,
                                        .left = UINT32_MAX};
    status = responder_answer(&made, serving->responder, ask, from.at, err);
    if (status != OK)
        return status;
    buf_add_be32(answer, match->charging.left);
    buf_add_be64(answer, quota_counter(match->quota));
    buf_add(answer, made);
    return OK;
}

enum status vault_quota_told(struct buf *answer, struct vault_match *match,
                             struct bytes body, struct err *err)
{
    struct cursor cursor = {body, false};
    uint64_t counter = cursor_be64(&cursor);
    bool barred = false;
    enum status status = vault_match_quota(match, err);
    if (status == OK)
        status = quota_told(&barred, match->quota, counter, err);
    if (status == OK) {
        buf_add_be64(answer, quota_counter(match->quota));
        buf_add_byte(answer, barred);
    }
    return status;
}

/* Charges that the file has not, and the log has. */
enum status vault_quota_recover(struct buf *answer, struct vault_match *match,
                                struct bytes body, struct err *err)
{
    enum { LEAST = IDENTITY_KEY + BATCH_ID + DIGEST + 1 + 4 + 8 + 2 };
    struct cursor cursor = {body, false};
    struct arena arena = {0};
    struct quota_past *past = arena_zalloc(&arena, body.len / LEAST + 1, sizeof *past);
    size_t count = 0, recovered = 0;
    while (cursor.rest.len > 0 && !cursor.failed) {
        struct quota_past one = {.requester = cursor_take(&cursor, IDENTITY_KEY).at,
                                 .batch_id = cursor_take(&cursor, BATCH_ID).at,
                                 .digest = cursor_take(&cursor, DIGEST).at};
        uint8_t class = cursor_u8(&cursor);
        one.count = cursor_be32(&cursor);
        one.time_s = (int64_t)cursor_be64(&cursor);
        one.case_ref = cursor_take(&cursor, cursor_be16(&cursor));
        one.class = (enum key_class) class;
        if (class >= KEY_CLASSES || one.count > ASK_ELEMENTS_MAX || one.time_s < 0)
            cursor.failed = true;
        else if (!cursor.failed)
            past[count++] = one;
    }
    enum status status = cursor.failed ? fail(err, BAD_INPUT, "recover: malformed")
                                       : vault_match_quota(match, err);
    if (status == OK)
        status = quota_recover(&recovered, match->quota, past, count, err);
    if (status == OK)
        buf_add_be64(answer, recovered);
    arena_release(&arena);
    return status;
}
