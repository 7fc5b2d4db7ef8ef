/* SPDX-License-Identifier: Apache-2.0
 *
 * What partners ask of this node. Everybody here is at the other end of an authenticated line; what
 * they may is a matter of the agreement with them.
 *
 *     epoch    nothing                            (length 2, announcement) ..., of the circles they are in
 *     map      map id 16 | class 1                header and body
 *     ask      match/ask                          left 4 | match/answer
 *     claim    match/claim                        its receipt: id here, what was pledged
 *     epochs   (owner 32 | circle 32) ...         (length 2, announcement) ..., that we were shown
 */
#include "serve/matching_inside.h"

#include "base/world.h"
#include "match/map.h"
#include "match/quota.h"
#include "store/belonging.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

enum { WANTED_MAX = 64 };

struct call {
    struct matching *matching;
    struct arena arena;
    struct partner_list partners;
    const struct partner *partner;
};

static enum status call_begin(struct call *call, void *context,
                              const uint8_t from[IDENTITY_KEY], struct err *err)
{
    *call = (struct call){.matching = context};
    enum status status =
        matching_partners(&call->partners, call->matching, &call->arena, err);
    if (status != OK)
        return status;
    call->partner = partner_by_key(&call->partners, from);
    return call->partner != NULL
               ? OK
               : fail(err, REFUSED, "there is no agreement between our nodes");
}

/* What fails here is for our own people: a partner is not told of files and folders. */
static enum status discreet(enum status status, struct err *err)
{
    if (status != IO_FAILED && status != CONFLICT)
        return status;
    return fail(err, BUSY, "this node cannot answer at present");
}

static void call_end(struct call *call)
{
    arena_release(&call->arena);
}

static void add_wire(struct buf *answer, struct bytes wire)
{
    buf_add_be16(answer, (uint16_t)wire.len);
    buf_add(answer, wire);
}

static enum status too_long(const struct buf *answer, enum status status, struct err *err)
{
    return status == OK && answer->overflowed
               ? fail(err, TOO_LARGE, "the answer is longer than the line takes")
               : discreet(status, err);
}

/* Which time today this is, from 1. Approximate when very many have very much. */
static unsigned count_today(struct matching *matching, const uint8_t who[IDENTITY_KEY],
                            const uint8_t what[MAP_ID])
{
    int64_t day = world_now_s(matching->world) / (24 * 3600);
    for (size_t i = 0; i < MATCHING_COUNTS; i++) {
        struct matching_count *row = &matching->counts[i];
        if (row->day == day && memcmp(row->who, who, IDENTITY_KEY) == 0 &&
            memcmp(row->what, what, MAP_ID) == 0)
            return ++row->count;
    }
    struct matching_count *row =
        &matching->counts[matching->count_next++ % MATCHING_COUNTS];
    *row = (struct matching_count){.day = day, .count = 1};
    memcpy(row->who, who, IDENTITY_KEY);
    memcpy(row->what, what, MAP_ID);
    return 1;
}

/* ---- Announcements ---- */

static enum status add_epochs(struct buf *answer, struct call *call, struct err *err)
{
    struct circle_list circles;
    struct buf wire = {.max = EPOCH_WIRE_MAX};
    struct epoch epoch;
    size_t added = 0;
    enum status status = matching_circles(&circles, &call->partners, call->partner, err);
    for (size_t i = 0; i < circles.count && status == OK; i++) {
        status =
            matching_epoch(&epoch, &wire, call->matching, &circles.items[i].circle, err);
        if (status == OK)
            add_wire(answer, buf_bytes(&wire));
        added += status == OK;
        status = status == NOT_FOUND ? OK : status;
    }
    if (status == OK && added == 0)
        status = fail(err, NOT_FOUND, "nothing is published for you yet; ask later");
    buf_release(&wire);
    return status;
}

static enum status handle_epoch(void *context, const uint8_t from[IDENTITY_KEY],
                                struct bytes request, struct buf *answer, struct err *err)
{
    struct call call;
    enum status status = call_begin(&call, context, from, err);
    if (status == OK && request.len != 0)
        status = fail(err, BAD_INPUT, "epoch: nothing is to be said with it");
    /* Agreements are made and records come in at any time; here is the last moment. */
    if (status == OK)
        status = matching_tend(call.matching, err);
    if (status == OK)
        status = add_epochs(answer, &call, err);
    call_end(&call);
    return too_long(answer, status, err);
}

static enum status handle_epochs(void *context, const uint8_t from[IDENTITY_KEY],
                                 struct bytes request, struct buf *answer, struct err *err)
{
    struct call call;
    struct buf wire = {.max = EPOCH_WIRE_MAX};
    struct cursor cursor = {request, false};
    enum status status = call_begin(&call, context, from, err);
    if (status == OK && request.len > WANTED_MAX * (IDENTITY_KEY + CIRCLE_FIELD))
        status = fail(err, TOO_LARGE, "epochs: more than %d at once", WANTED_MAX);
    while (status == OK && cursor.rest.len > 0) {
        uint8_t owner[IDENTITY_KEY];
        struct circle circle;
        cursor_copy(owner, &cursor, IDENTITY_KEY);
        circle_read(&circle, &cursor);
        if (cursor.failed) {
            status = fail(err, BAD_INPUT, "epochs: malformed");
            break;
        }
        status = seen_held(&wire, call.matching, owner, &circle, err);
        if (status == OK)
            add_wire(answer, buf_bytes(&wire));
        status = status == NOT_FOUND ? OK : status;
    }
    buf_release(&wire);
    call_end(&call);
    return too_long(answer, status, err);
}

/* ---- Maps ---- */

/* The circle in which this partner may have the map with this id. */
static enum status find_map(struct call *call, enum key_class class,
                            const uint8_t id[MAP_ID], struct err *err)
{
    const struct partner_class *agreed = &call->partner->classes[class];
    struct buf wire = {.max = EPOCH_WIRE_MAX};
    struct epoch epoch;
    if (!agreed->agreed)
        return fail(err, REFUSED, "map: class %s is not agreed between our nodes",
                    key_class_row(class)->name);
    enum status status =
        matching_epoch(&epoch, &wire, call->matching, &agreed->circle, err);
    const struct epoch_class *row = &epoch.classes[class];
    if (status == OK && (!row->offered || (memcmp(row->map_id, id, MAP_ID) != 0 &&
                                           memcmp(row->delta_id, id, MAP_ID) != 0)))
        status = fail(err, NOT_FOUND,
                      "map: this one is not in force any more; fetch the new announcement");
    buf_release(&wire);
    return status;
}

static enum status send_file(struct buf *answer, struct call *call, struct bytes id,
                             struct err *err)
{
    char hex[2 * MAP_ID + 1];
    struct stat about;
    hex_write(hex, id);
    const char *path =
        arena_printf(&call->arena, "%s/maps/%s.map", call->matching->folder, hex);
    FILE *file = fopen(path, "rbe");
    if (file == NULL || fstat(fileno(file), &about) != 0)
        about.st_size = -1;
    uint8_t *at = about.st_size > 0 ? buf_extend(answer, (size_t)about.st_size) : NULL;
    bool whole = at != NULL && fread(at, (size_t)about.st_size, 1, file) == 1;
    if (file != NULL)
        fclose(file);
    if (!whole && !answer->overflowed)
        return fail(err, IO_FAILED, "%s: the map cannot be read", path);
    return OK;
}

static enum status handle_map(void *context, const uint8_t from[IDENTITY_KEY],
                              struct bytes request, struct buf *answer, struct err *err)
{
    struct call call;
    enum status status = call_begin(&call, context, from, err);
    if (status == OK && (request.len != MAP_ID + 1 || request.at[MAP_ID] >= KEY_CLASSES))
        status = fail(err, BAD_INPUT, "map: say the id of the map and its class");
    if (status == OK)
        status = find_map(&call, (enum key_class)request.at[MAP_ID], request.at, err);
    if (status == OK)
        status = count_today(call.matching, from, request.at) <= MATCHING_MAPS_A_DAY
                     ? OK
                     : fail(err, BUSY, "map: you got this one %d times today; keep it",
                            MATCHING_MAPS_A_DAY);
    if (status == OK)
        status = send_file(answer, &call, bytes_slice(request, 0, MAP_ID), err);
    call_end(&call);
    return too_long(answer, status, err);
}

/* ---- Asks ---- */

/* Who, class, how many, case, purpose, basis; and what the vault has counted. */
static void add_ask(struct buf *body, const struct ask *ask, uint64_t counter,
                    const uint8_t digest[DIGEST])
{
    buf_add(body, bytes_of(ask->requester, IDENTITY_KEY));
    circle_add(body, &ask->circle);
    buf_add_be64(body, ask->epoch);
    buf_add_byte(body, (uint8_t)ask->class);
    buf_add_be32(body, (uint32_t)ask->count);
    buf_add(body, bytes_of(ask->batch_id, BATCH_ID));
    buf_add(body, bytes_of(digest, DIGEST));
    buf_add_be64(body, counter);
    buf_add_byte(body, (uint8_t)ask->reason.purpose);
    buf_add_be16(body, (uint16_t)ask->reason.basis.len);
    buf_add(body, ask->reason.basis);
    buf_add_be16(body, (uint16_t)ask->reason.case_ref.len);
    buf_add(body, ask->reason.case_ref);
}

static enum status log_answer(struct matching *matching, const struct ask *ask,
                              uint64_t counter, const uint8_t digest[DIGEST],
                              struct err *err)
{
    struct buf body = {.max = 4096};
    uint8_t charged[8];
    add_ask(&body, ask, counter, digest);
    store_be64(charged, counter);
    const struct note note = {.verb = VERB_ANSWER,
                              .body = buf_bytes(&body),
                              .object = ask->batch_id,
                              .state = "charged",
                              .value = bytes_of(charged, sizeof charged)};
    enum status status = store_note(NULL, matching->store, &note, err);
    if (status == OK)
        status = store_commit(matching->store, err);
    buf_release(&body);
    return status;
}

/* The refusal is kept before it is told. */
static enum status deny(struct matching *matching, const uint8_t from[IDENTITY_KEY],
                        enum status outcome, const struct err *why, struct err *err)
{
    static const uint8_t denied[MAP_ID] = "denied";
    struct buf body = {.max = IDENTITY_KEY + 3 + ERR_TEXT_MAX};
    struct bytes sentence = bytes_text(why->text);
    unsigned times = count_today(matching, from, denied);
    if (times > MATCHING_DENIED_A_DAY) /* nobody fills the log of another node */
        return discreet(fail(err, outcome, "%s", why->text), err);
    if (times == MATCHING_DENIED_A_DAY)
        sentence = BYTES_OF("refused more often today than is written down");
    buf_add(&body, bytes_of(from, IDENTITY_KEY));
    buf_add_byte(&body, (uint8_t)outcome);
    buf_add_be16(&body, (uint16_t)sentence.len);
    buf_add(&body, sentence);
    const struct note note = {.verb = VERB_ASK_DENY, .body = buf_bytes(&body)};
    enum status status = store_note(NULL, matching->store, &note, err);
    if (status == OK)
        status = store_commit(matching->store, err);
    buf_release(&body);
    status = status == OK ? fail(err, outcome, "%s", why->text) : status;
    return discreet(status, err);
}

static uint32_t times(uint32_t limit, uint32_t factor)
{
    return limit > QUOTA_LIMIT_MAX / factor ? QUOTA_LIMIT_MAX : limit * factor;
}

static enum status answer_ask(struct buf *answer, struct call *call, const struct ask *ask,
                              struct bytes wire, struct err *err)
{
    struct matching *matching = call->matching;
    const struct partner_class *agreed = &call->partner->classes[ask->class];
    uint32_t usual = quota_usual(ask->class);
    struct buf epoch_wire = {.max = EPOCH_WIRE_MAX};
    struct epoch epoch;
    struct vault_answered answered;
    uint8_t digest[DIGEST];
    if (!agreed->agreed)
        return fail(err, REFUSED, "ask: class %s is not agreed between our nodes",
                    key_class_row(ask->class)->name);
    enum status status =
        matching_epoch(&epoch, &epoch_wire, matching, &agreed->circle, err);
    /* An agreement for more lets one partner ask more; the total of all is for all. */
    uint32_t limit = agreed->quota > 0 ? agreed->quota : usual;
    uint32_t total = times(usual, QUOTA_TOTAL) > limit ? times(usual, QUOTA_TOTAL) : limit;
    const struct vault_ask question = {.from = call->partner->key,
                                       .limit = limit,
                                       .total = total,
                                       .case_limit = agreed->case_quota > 0
                                                         ? agreed->case_quota
                                                         : times(limit, QUOTA_CASE),
                                       .epoch_wire = buf_bytes(&epoch_wire),
                                       .ask = wire};
    if (status == OK)
        status = vault_answer(&answered, matching->vault, &question, err);
    if (status == OK) {
        buf_add_be32(answer, answered.left);
        buf_add(answer, answered.answer);
        message_digest(digest, wire);
        status = log_answer(matching, ask, answered.counter, digest, err);
    }
    buf_release(&epoch_wire);
    return status;
}

static enum status handle_ask(void *context, const uint8_t from[IDENTITY_KEY],
                              struct bytes request, struct buf *answer, struct err *err)
{
    struct call call;
    struct ask ask;
    struct err why = {0};
    enum status status = call_begin(&call, context, from, &why);
    if (status == OK)
        status = ask_parse(&ask, request, &why);
    if (status == OK)
        status = answer_ask(answer, &call, &ask, request, &why);
    if (status == OK && answer->overflowed)
        status = fail(&why, TOO_LARGE, "the answer is longer than the line takes");
    if (status != OK) {
        buf_clear(answer);
        status = deny(call.matching, from, status, &why, err);
    }
    call_end(&call);
    return status;
}

/* ---- Claims ---- */

/* As our own record of it: what the partner says, and which of our records it means. */
static enum status claim_record(struct record *record, const struct call *call,
                                const struct claim *claim,
                                const struct vault_claimed *claimed, size_t count,
                                struct arena *arena, struct err *err)
{
    const struct schema *schema = schema_find(BYTES_OF("Claim"));
    char id[2 * CLAIM_ID + 1], mine[2 * ENTRY_ID + 1];
    uint8_t entry_id[ENTRY_ID];
    record_init(record, schema, arena);
    hex_write(id, bytes_of(claim->id, CLAIM_ID));
    record->id = arena_printf(arena, "from %s %s", call->partner->code, id);
    record->purpose = claim->reason.purpose;
    record->handling = claim->handling;
    const struct {
        const char *name;
        struct bytes value;
    } values[] = {
        {"direction", BYTES_OF("received")},
        {"claimNumber", bytes_text(id)},
        {"peer", bytes_text(call->partner->code)},
        {"theirCase", claim->reason.case_ref},
        {"legalBasis", claim->reason.basis},
        {"urgency", bytes_text(claim_urgency_word(claim->urgency))},
        {"keyClass", bytes_text(key_class_row(claim->class)->name)},
        {"status", BYTES_OF("open")},
    };
    enum status status = OK;
    for (size_t i = 0; i < sizeof values / sizeof values[0] && status == OK; i++)
        status = record_add(record, schema_property(schema, bytes_text(values[i].name)),
                            values[i].name, values[i].value, NULL, err);
    for (size_t i = 0; i < count && status == OK; i++) {
        const struct vault_claimed *one = &claimed[i];
        store_id(entry_id, call->matching->store, one->record);
        hex_write(mine, bytes_of(entry_id, ENTRY_ID));
        status = record_add(record, schema_property(schema, BYTES_OF("mine")), "mine",
                            bytes_text(mine), NULL, err);
        const char *pledge =
            one->opened
                ? arena_printf(arena, "%s %" PRIu64 " %" PRIu64 " %" PRIu64, mine,
                               one->opening.entry, one->opening.place, claim->pledged.size)
                : arena_printf(arena, "%s none", mine);
        if (status == OK)
            status = record_add(record, schema_property(schema, BYTES_OF("pledge")),
                                "pledge", bytes_text(pledge), NULL, err);
    }
    return status == OK ? record_finish(record, NULL, err) : status;
}

static enum status check_addressing(const struct call *call, const struct claim *claim,
                                    struct err *err)
{
    const struct partner_class *agreed = &call->partner->classes[claim->class];
    if (memcmp(claim->requester, call->partner->key, IDENTITY_KEY) != 0)
        return fail(err, REFUSED, "claim: signed by somebody other than who sent it");
    if (memcmp(claim->responder, call->matching->key, IDENTITY_KEY) != 0)
        return fail(err, REFUSED, "claim: addressed to somebody else");
    if (!agreed->agreed || !circle_equal(&agreed->circle, &claim->circle))
        return fail(err, REFUSED,
                    "claim: class %s in circle %s is not agreed between our nodes",
                    key_class_row(claim->class)->name, claim->circle.name);
    return OK;
}

/* Those that could stand in a map that is made now: what was erased, or has become a witness's since the
 * last one, is no longer held, at once. */
static enum status keep_held(struct vault_claimed *claimed, size_t *count,
                             struct call *call, enum key_class class, struct err *err)
{
    struct shield *shield =
        matching_shield_open(call->matching->store, call->matching->world);
    size_t kept = 0;
    enum status status = OK;
    for (size_t i = 0; i < *count && status == OK; i++) {
        struct record record;
        status = store_current(&record, call->matching->store, claimed[i].record,
                               &call->arena, err);
        struct kept back = {0};
        bool ours = status == OK && matching_is_ours(call->matching, &record);
        if (ours)
            status = matching_kept_back(&back, shield, claimed[i].record, &record, NULL,
                                        &call->arena, err);
        if (ours && status == OK && !kept_key(&back, &record, class))
            claimed[kept++] = claimed[i];
        status = status == NOT_FOUND ? OK : status;
    }
    *count = kept;
    matching_shield_close(shield);
    return status;
}

/* The receipt opens what was pledged of these records when the partner asked. */
static enum status file_claim(struct claim_receipt *receipt, struct call *call,
                              const struct claim *claim, struct bytes wire, struct err *err)
{
    struct matching *matching = call->matching;
    struct record record;
    struct vault_claimed *claimed =
        arena_zalloc(&call->arena, VAULT_CLAIM_RECORDS_MAX, sizeof *claimed);
    size_t count;
    enum status status = vault_check_claim(claimed, &count, matching->vault, claim, err);
    if (status == OK)
        status = keep_held(claimed, &count, call, claim->class, err);
    if (status == OK && count == 0)
        status = fail(err, NOT_FOUND, "claim: no longer held");
    if (status == OK)
        status = claim_record(&record, call, claim, claimed, count, &call->arena, err);
    if (status != OK)
        return status;
    receipt->records = count;
    for (size_t i = 0; i < count; i++)
        if (claimed[i].opened)
            receipt->openings[receipt->opened++] = claimed[i].opening;
    const struct note note = {.verb = VERB_CLAIM_IN,
                              .body = wire,
                              .object = claim->id,
                              .record = &record,
                              .about = claimed[0].record};
    status = store_note(receipt->id, matching->store, &note, err);
    if (status == CONFLICT)
        return OK; /* sent again: the same receipt */
    return status == OK ? store_commit(matching->store, err) : status;
}

static enum status handle_claim(void *context, const uint8_t from[IDENTITY_KEY],
                                struct bytes request, struct buf *answer, struct err *err)
{
    static const uint8_t claims[MAP_ID] = "claims";
    struct call call;
    struct claim claim;
    struct err why = {0};
    enum status status = call_begin(&call, context, from, &why);
    if (status == OK)
        status = claim_parse(&claim, request, &why);
    if (status == OK)
        status = check_addressing(&call, &claim, &why);
    if (status == OK && count_today(call.matching, from, claims) > MATCHING_CLAIMS_A_DAY)
        status = fail(&why, BUSY, "claim: more than %d today; come again tomorrow",
                      MATCHING_CLAIMS_A_DAY);
    struct claim_receipt *receipt = arena_zalloc(&call.arena, 1, sizeof *receipt);
    if (status == OK)
        status = file_claim(receipt, &call, &claim, request, &why);
    if (status == OK)
        claim_receipt_write(answer, receipt);
    else
        status = deny(call.matching, from, status, &why, err);
    call_end(&call);
    return status;
}

const struct line_handler match_handlers[] = {
    {"epoch", handle_epoch}, {"map", handle_map},       {"ask", handle_ask},
    {"claim", handle_claim}, {"epochs", handle_epochs},
};
const size_t match_handler_count = sizeof match_handlers / sizeof match_handlers[0];
