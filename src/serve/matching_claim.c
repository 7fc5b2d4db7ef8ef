/* SPDX-License-Identifier: Apache-2.0
 *
 * A claim: recorded here, then sent: what was sent stands in the log whatever becomes of the line.
 *
 *     hit decided "yes" --matching_claim--> open --send--> filed there; what it shows is checked and kept
 *                                |      \--> not held, refused: what was answered
 *                                \--> waiting --matching_claim_approve, by another person--> open
 *                                       \--matching_claim_stop--> withdrawn, declined: never sent
 *
 * It waits when none ever reached the partner: its state, `claimed:KEY`, is set with the first receipt. One
 * that is open and has no receipt (the line broke) is sent again by approving it; it is the same claim
 * there.
 */
#include "serve/matching_inside.h"

#include "base/text.h"
#include "base/world.h"
#include "match/tag.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char OPEN[] = "open", WAITING[] = "waiting", NOT_HELD[] = "not held",
                  DENIED[] = "refused";

/* What of a hit a claim needs, as hit_record wrote it. */
struct hit_words {
    struct bytes peer, class, tag, epoch, proof, verdict, pledged, asked, case_ref;
};

static void read_words(struct hit_words *words, const struct record *hit)
{
    words->peer = record_first(hit, "peer");
    words->class = record_first(hit, "keyClass");
    words->tag = record_first(hit, "tag");
    words->epoch = record_first(hit, "epoch");
    words->proof = record_first(hit, "knowledge");
    words->verdict = record_first(hit, "verdict");
    words->pledged = record_first(hit, "pledged");
    words->asked = record_first(hit, "asked");
    words->case_ref = record_first(hit, "caseReference");
}

enum status matching_finding(struct shown *found, struct matching *matching,
                             const struct act *as, enum verb list, struct arena *arena,
                             struct err *err)
{
    struct receipt *receipt = NULL;
    struct act act = *as;
    act.verb = list;
    memset(act.case_id, 0, ENTRY_ID);
    memset(act.object, 0, ENTRY_ID);
    enum status status = act_perform(&receipt, matching->store, &act, err);
    while (status == OK) {
        status = receipt_next(found, receipt, arena, err);
        if (status == OK && memcmp(found->id, as->object, ENTRY_ID) == 0)
            break;
    }
    receipt_close(receipt);
    if (status != NOT_FOUND)
        return status;
    return list == VERB_HIT_LIST
               ? fail(err, NOT_FOUND, "there is no hit with this id; see `enlace hits`")
               : fail(err, NOT_FOUND,
                      "there is no claim with this id; see `enlace claims`");
}

/* The partner with the code that stands in the hit. */
static enum status find_partner(const struct partner **partner, struct matching *matching,
                                struct bytes code, struct arena *arena, struct err *err)
{
    struct partner_list list;
    enum status status = matching_partners(&list, matching, arena, err);
    for (size_t i = 0; i < list.count && status == OK; i++)
        if (bytes_is(code, list.items[i].code)) {
            *partner = &list.items[i];
            return OK;
        }
    return status == OK ? fail(err, REFUSED, "there is no agreement with %.*s any more",
                               (int)code.len, (const char *)code.at)
                        : status;
}

/* "SIZE ROOT": what the announcement named that was asked under. */
static bool read_pledged(struct tree_head *head, struct bytes text)
{
    struct bytes rest = text, size, root;
    return text_next_part(&size, &rest, ' ') && text_next_part(&root, &rest, ' ') &&
           text_u64(&head->size, size) && hex_read(head->root, MERKLE_HASH, root);
}

static enum status fill(struct claim *out, struct matching *matching,
                        const struct matching_claim *claim, const struct hit_words *words,
                        const struct partner *partner, struct arena *arena, struct err *err)
{
    const char *epoch = arena_text(arena, words->epoch), *space = strchr(epoch, ' ');
    uint8_t key[HIT_PROOF];
    const char *basis = claim->act.reason;
    bool many = bytes_is(words->tag, "many");
    char *end;
    if (space == NULL || !hex_read(key, HIT_PROOF, words->proof))
        return fail(err, CONFLICT, "this hit lacks what a claim needs; ask again");
    enum status status = circle_parse(&out->circle, bytes_text(space + 1), err);
    if (status == OK)
        status = key_class_find(&out->class, words->class, err);
    if (status != OK)
        return status;
    if (basis == NULL || basis[0] == '\0')
        basis = partner->basis[0] != '\0'
                    ? partner->basis
                    : arena_printf(arena, "agreement with %s", partner->code);
    memcpy(out->requester, matching->key, IDENTITY_KEY);
    memcpy(out->responder, partner->key, IDENTITY_KEY);
    out->epoch = strtoull(epoch, &end, 10);
    if (!read_pledged(&out->pledged, words->pledged))
        return fail(err, CONFLICT, "this hit lacks what a claim needs; ask again");
    out->tag = many ? TAG_MANY : strtoull(arena_text(arena, words->tag), &end, 16);
    struct bytes case_ref = words->case_ref.len > 0 ? words->case_ref : BYTES_OF("no case");
    if (claim->case_ref != NULL && words->case_ref.len > 0 &&
        !bytes_is(words->case_ref, claim->case_ref))
        return fail(
            err, REFUSED,
            "%s was asked for case %.*s, and a claim is for the case that was asked "
            "for",
            partner->code, (int)case_ref.len, (const char *)case_ref.at);
    out->reason = (struct ask_reason){claim->act.purpose, bytes_text(basis),
                                      claim->case_ref != NULL ? bytes_text(claim->case_ref)
                                                              : case_ref};
    out->urgency = claim->urgency;
    out->handling = claim->handling | HANDLING_H0;
    return ask_check_reason(&out->reason, err);
}

/* Of a claim that is filled, its id too. */
static void prove(struct claim *claim, const struct hit_words *words)
{
    uint8_t key[HIT_PROOF], digest[DIGEST];
    if (!hex_read(key, HIT_PROOF, words->proof))
        abort(); /* fill has read it */
    claim_digest(digest, claim);
    claim_prove(claim->proof, key, digest);
}

/* A claim that may go. */
struct sending {
    struct matching *matching;
    const struct partner *partner;
    struct claim claim;
    struct hit_words words;
    struct bytes asked;                  /* about this value */
    struct record mine;                  /* it is about this record */
    uint8_t hit[ENTRY_ID], id[ENTRY_ID]; /* of the hit, of the claim here */
    uint64_t version;
};

static enum status write_record(struct record *record, const struct sending *sending,
                                const char *state, struct arena *arena, struct err *err)
{
    const struct claim *claim = &sending->claim;
    const struct partner *partner = sending->partner;
    const struct schema *schema = schema_find(BYTES_OF("Claim"));
    char id[2 * CLAIM_ID + 1], hit[2 * ENTRY_ID + 1];
    hex_write(id, bytes_of(claim->id, CLAIM_ID));
    hex_write(hit, bytes_of(sending->hit, ENTRY_ID));
    record_init(record, schema, arena);
    record->id = arena_printf(arena, "to %s %s", partner->code, id);
    record->purpose = claim->reason.purpose;
    record->handling = claim->handling;
    if ((claim->handling & HANDLING_H3) != 0)
        record->handling_note = arena_text(arena, bytes_text(sending->mine.handling_note));
    const struct {
        const char *name;
        struct bytes value;
    } values[] = {
        {"direction", BYTES_OF("sent")},
        {"hit", bytes_text(hit)},
        {"claimNumber", bytes_text(id)},
        {"peer", bytes_text(partner->code)},
        {"legalBasis", claim->reason.basis},
        {"caseReference", claim->reason.case_ref},
        {"urgency", bytes_text(claim_urgency_word(claim->urgency))},
        {"keyClass", bytes_text(key_class_row(claim->class)->name)},
        {"status", bytes_text(state)},
    };
    enum status status = OK;
    for (size_t i = 0; i < sizeof values / sizeof values[0] && status == OK; i++)
        status = record_add(record, schema_property(schema, bytes_text(values[i].name)),
                            values[i].name, values[i].value, NULL, err);
    return status == OK ? record_finish(record, NULL, err) : status;
}

/* ---- What the owner answers ---- */

/* It holds, for what was asked about, and is no other one shown twice. */
static bool is_shown(const struct claim_receipt *receipt, size_t at,
                     const struct claim *claim, struct bytes asked)
{
    const struct pledge_opening *opening = &receipt->openings[at];
    for (size_t i = 0; i < at; i++)
        if (receipt->openings[i].place == opening->place)
            return false;
    return pledge_check(opening, &claim->pledged, claim->class, asked, NULL) == OK;
}

/* Of the openings those that hold: "ENTRY PLACE SIZE", or "none". */
static enum status add_pledges(struct record *record, struct matching_claimed *claimed,
                               const struct claim *claim,
                               const struct claim_receipt *receipt, struct bytes asked,
                               struct arena *arena, struct err *err)
{
    const struct property *property = schema_property(record->schema, BYTES_OF("pledge"));
    enum status status = OK;
    claimed->records = receipt->records;
    for (size_t i = 0; i < receipt->opened && status == OK; i++) {
        const struct pledge_opening *opening = &receipt->openings[i];
        if (!is_shown(receipt, i, claim, asked))
            continue;
        if (claimed->held_before++ == 0)
            claimed->entry = opening->entry;
        status = record_add(
            record, property, "pledge",
            bytes_text(arena_printf(arena, "%" PRIu64 " %" PRIu64 " %" PRIu64,
                                    opening->entry, opening->place, claim->pledged.size)),
            NULL, err);
    }
    if (status == OK && claimed->held_before < claimed->records)
        status = record_add(record, property, "pledge", BYTES_OF("none"), NULL, err);
    return status == OK ? record_finish(record, NULL, err) : status;
}

/* *denied: the owner's answer is no. */
static enum status deliver(struct claim_receipt *receipt, bool *denied,
                           const struct sending *sending, struct err *err)
{
    struct matching *matching = sending->matching;
    const struct partner *partner = sending->partner;
    const struct claim *claim = &sending->claim;
    struct buf wire = {.max = CLAIM_WIRE_MAX}, answer = {.max = CLAIM_RECEIPT_MAX};
    claim_write_unsigned(&wire, claim);
    enum status status = vault_sign_message(matching->vault, &wire, err);
    if (status == OK && matching->line.call == NULL)
        status = fail(err, IO_FAILED, "there is no line to other nodes");
    bool called = status == OK;
    if (called)
        status = line_call_one(&matching->line, partner->key, "claim", buf_bytes(&wire),
                               &answer, err);
    *denied = called && (status == NOT_FOUND || status == REFUSED);
    if (status == OK)
        status = claim_receipt_read(receipt, buf_bytes(&answer), err);
    buf_release(&wire);
    buf_release(&answer);
    return status;
}

static const char *claimed_name(char out[STATE_NAME_MAX], const struct partner *partner)
{
    char hex[2 * IDENTITY_KEY + 1];
    hex_write(hex, bytes_of(partner->key, IDENTITY_KEY));
    snprintf(out, STATE_NAME_MAX, "claimed:%s", hex);
    return out;
}

/* What came back, as the claim is now; state: none changes unless it is a receipt. */
static enum status note_answer(const struct sending *sending, const struct act *as,
                               const struct record *record, bool received, struct err *err)
{
    struct receipt *receipt = NULL;
    struct act act = *as;
    char name[STATE_NAME_MAX];
    act.verb = VERB_CLAIM_SENT;
    act.record = record;
    if (received) {
        act.state = claimed_name(name, sending->partner);
        act.value = BYTES_OF("yes");
    }
    act.before = sending->version;
    memcpy(act.object, sending->id, ENTRY_ID);
    enum status status = act_perform(&receipt, sending->matching->store, &act, err);
    receipt_close(receipt);
    return status;
}

/* The owner has it, and says no: there is nothing to send again. */
static enum status note_denied(const struct sending *sending, const struct act *as,
                               enum status answer, const char *sentence,
                               struct arena *arena, struct err *err)
{
    struct record record;
    enum status status =
        write_record(&record, sending, answer == NOT_FOUND ? NOT_HELD : DENIED, arena, err);
    if (status == OK)
        status = record_add(&record, schema_property(record.schema, BYTES_OF("reason")),
                            "reason", bytes_text(sentence), NULL, err);
    if (status == OK)
        status = record_finish(&record, NULL, err);
    return status == OK ? note_answer(sending, as, &record, false, err) : status;
}

/* Whatever can fail here is done before anything leaves, but for noting what came back. */
static enum status send(struct matching_claimed *claimed, const struct sending *sending,
                        const struct act *as, struct arena *arena, struct err *err)
{
    struct claim_receipt *answer = arena_zalloc(arena, 1, sizeof *answer);
    struct record record;
    bool denied = false;
    enum status status = write_record(&record, sending, OPEN, arena, err);
    if (status == OK)
        status = deliver(answer, &denied, sending, err);
    if (denied) {
        struct err why = {0};
        const char *sentence =
            err != NULL && err->text[0] != '\0' ? err->text : "no longer held";
        enum status noted = note_denied(
            sending, as, status, arena_text(arena, bytes_text(sentence)), arena, &why);
        return noted == OK ? status : fail(err, noted, "%s", why.text);
    }
    if (status == OK)
        status = add_pledges(&record, claimed, &sending->claim, answer, sending->asked,
                             arena, err);
    return status == OK ? note_answer(sending, as, &record, true, err) : status;
}

/* ---- Four eyes ---- */

/* None has ever reached this partner, and there is somebody who could look at it too. */
static enum status needs_second(bool *needs, struct matching *matching,
                                const struct partner *partner, const uint8_t who[ENTRY_ID],
                                struct err *err)
{
    const unsigned roles = 1U << ROLE_ANALYST | 1U << ROLE_INVESTIGATOR |
                           1U << ROLE_PROSECUTOR | 1U << ROLE_LIAISON |
                           1U << ROLE_SUPERVISOR;
    char name[STATE_NAME_MAX];
    struct buf value = {.max = STATE_MAX};
    enum status status =
        store_state(&value, matching->store, claimed_name(name, partner), err);
    buf_release(&value);
    *needs = false;
    return status == NOT_FOUND ? store_has_other(needs, matching->store, who, roles, err)
                               : status;
}

/* The agency has a new node by this name: it has never heard of the hit. */
static bool is_another_node(const struct record *hit, const struct partner *partner)
{
    uint8_t key[IDENTITY_KEY];
    return hex_read(key, sizeof key, record_first(hit, "peerKey")) &&
           memcmp(key, partner->key, sizeof key) != 0;
}

/* Everything about a claim but its record, from the hit that as->object names. */
static enum status prepare(struct sending *sending, struct matching *matching,
                           const struct matching_claim *claim, struct arena *arena,
                           struct err *err)
{
    struct shown hit;
    struct hit_words *words = &sending->words;
    sending->matching = matching;
    memcpy(sending->hit, claim->act.object, ENTRY_ID);
    enum status status =
        matching_finding(&hit, matching, &claim->act, VERB_HIT_LIST, arena, err);
    if (status != OK)
        return status;
    read_words(words, &hit.record);
    if (!bytes_is(words->verdict, "yes"))
        return fail(err, REFUSED,
                    "a claim tells %.*s which of its records is meant, and that is for a "
                    "person to decide: first `enlace hit decide ID yes --reason ...`",
                    (int)words->peer.len, (const char *)words->peer.at);
    uint8_t *asked = arena_alloc(arena, words->asked.len / 2 + 1);
    sending->asked = bytes_of(asked, words->asked.len / 2);
    if (words->asked.len == 0 || !hex_read(asked, sending->asked.len, words->asked))
        return fail(err, CONFLICT, "this hit lacks what a claim needs; ask again");
    status = find_partner(&sending->partner, matching, words->peer, arena, err);
    if (status == OK && is_another_node(&hit.record, sending->partner))
        status =
            fail(err, REFUSED,
                 "%s is another node now than the one that held this, with another key: "
                 "ask it again",
                 sending->partner->code);
    if (status == OK) {
        struct shield *shield = matching_shield_open(matching->store, matching->world);
        status = matching_hit_stands(&sending->mine, shield, &hit.record, arena, err);
        matching_shield_close(shield);
    }
    if (status == OK)
        status = matching_may_tell(matching, &sending->mine, sending->partner,
                                   claim->acknowledged, err);
    if (status == OK)
        status =
            fill(&sending->claim, matching, claim, words, sending->partner, arena, err);
    sending->claim.handling |= sending->mine.handling;
    return status;
}

/* The act, with what the record and the state say; sending->id and version are the claim's. The entry keeps
 * the word of whoever has read restrictions. */
static enum status record_claim(struct sending *sending, const struct act *as,
                                const char *state, struct arena *arena, struct err *err)
{
    const char *reason = as->reason != NULL ? as->reason : "";
    struct receipt *receipt = NULL;
    struct record record;
    struct act act = *as;
    enum status status = write_record(&record, sending, state, arena, err);
    if (status != OK)
        return status;
    act.record = &record;
    if ((sending->mine.handling & HANDLING_H3) != 0)
        act.reason = arena_printf(arena, "%s%sthe restrictions were read (--acknowledge)",
                                  reason, reason[0] != '\0' ? "; " : "");
    status = act_perform(&receipt, sending->matching->store, &act, err);
    if (status == OK) {
        receipt_object(sending->id, receipt);
        sending->version = receipt_sequence(receipt);
    }
    receipt_close(receipt);
    return status;
}

enum status matching_claim(struct matching_claimed *claimed, struct matching *matching,
                           const struct matching_claim *claim, struct arena *arena,
                           struct err *err)
{
    struct sending sending = {.partner = NULL};
    struct act act = claim->act;
    *claimed = (struct matching_claimed){.peer = ""};
    enum status status = prepare(&sending, matching, claim, arena, err);
    world_random(matching->world, sending.claim.id, CLAIM_ID);
    if (status == OK)
        status = needs_second(&claimed->waits, matching, sending.partner, act.who, err);
    if (status != OK)
        return status;
    claimed->peer = arena_text(arena, bytes_text(sending.partner->code));
    prove(&sending.claim, &sending.words);
    act.verb = VERB_CLAIM;
    status = record_claim(&sending, &act, claimed->waits ? WAITING : OPEN, arena, err);
    memcpy(claimed->id, sending.id, ENTRY_ID);
    return status == OK && !claimed->waits ? send(claimed, &sending, &act, arena, err)
                                           : status;
}

/* Ours, and its receipt never came: what a receipt says of pledges stands in it. */
static bool lacks_receipt(const struct record *claim)
{
    return bytes_is(record_first(claim, "direction"), "sent") &&
           bytes_is(record_first(claim, "status"), OPEN) &&
           record_first(claim, "pledge").len == 0;
}

enum status matching_claim_approve(struct matching_claimed *claimed,
                                   struct matching *matching, const struct act *as,
                                   bool acknowledged, struct arena *arena, struct err *err)
{
    struct sending sending = {.version = 0};
    struct shown shown;
    struct matching_claim claim = {.act = *as, .acknowledged = acknowledged};
    struct act act = *as;
    *claimed = (struct matching_claimed){.peer = ""};
    memcpy(claimed->id, as->object, ENTRY_ID);
    enum status status =
        matching_finding(&shown, matching, as, VERB_CLAIM_LIST, arena, err);
    if (status != OK)
        return status;
    const struct record *record = &shown.record;
    bool waits = bytes_is(record_first(record, "status"), WAITING);
    if (!waits && !lacks_receipt(record))
        return fail(err, REFUSED, "this claim does not wait for anybody");
    struct bytes case_ref = record_first(record, "caseReference");
    claim.act.reason = arena_text(arena, record_first(record, "legalBasis"));
    claim.act.purpose = record->purpose;
    claim.case_ref = arena_text(arena, case_ref);
    claim.handling = record->handling;
    status = claim_urgency_parse(&claim.urgency, record_first(record, "urgency"), err);
    if (status == OK &&
        (!hex_read(claim.act.object, ENTRY_ID, record_first(record, "hit")) ||
         !hex_read(sending.claim.id, CLAIM_ID, record_first(record, "claimNumber"))))
        status = fail(err, CONFLICT, "this claim is damaged; make another");
    if (status == OK)
        status = prepare(&sending, matching, &claim, arena, err);
    if (status == NOT_FOUND)
        return fail(err, REFUSED,
                    "the hit is gone with our record, which was erased: this claim does "
                    "not go");
    if (status == OK && !waits)
        status = needs_second(&waits, matching, sending.partner, act.who, err);
    if (status != OK)
        return status;
    claimed->peer = arena_text(arena, bytes_text(sending.partner->code));
    prove(&sending.claim, &sending.words);
    act.verb = VERB_CLAIM_APPROVE;
    act.before = sending.version = shown.version;
    if (waits)
        status = record_claim(&sending, &act, OPEN, arena, err);
    memcpy(sending.id, as->object, ENTRY_ID);
    return status == OK ? send(claimed, &sending, &act, arena, err) : status;
}
