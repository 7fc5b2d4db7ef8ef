/* SPDX-License-Identifier: Apache-2.0
 *
 * A claim: recorded here, then sent: what was sent stands in the log whatever becomes of the line.
 */
#include "serve/matching_inside.h"

#include "base/world.h"
#include "match/tag.h"

#include <stdlib.h>

/* What of a hit a claim needs, as hit_record wrote it. */
struct hit_words {
    struct bytes peer, class, tag, epoch, proof, verdict;
};

static void read_words(struct hit_words *words, const struct record *hit)
{
    words->peer = record_first(hit, "peer");
    words->class = record_first(hit, "keyClass");
    words->tag = record_first(hit, "tag");
    words->epoch = record_first(hit, "epoch");
    words->proof = record_first(hit, "knowledge");
    words->verdict = record_first(hit, "verdict");
}

static enum status find_hit(struct shown *hit, struct matching *matching,
                            const struct act *as, struct arena *arena, struct err *err)
{
    struct receipt *receipt = NULL;
    struct act act = *as;
    act.verb = VERB_HIT_LIST;
    memset(act.case_id, 0, ENTRY_ID);
    enum status status = act_perform(&receipt, matching->store, &act, err);
    while (status == OK) {
        status = receipt_next(hit, receipt, arena, err);
        if (status == OK && memcmp(hit->id, as->object, ENTRY_ID) == 0)
            break;
    }
    receipt_close(receipt);
    return status == NOT_FOUND
               ? fail(err, NOT_FOUND, "there is no hit with this id; see `enlace hits`")
               : status;
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

static enum status fill(struct claim *out, struct matching *matching,
                        const struct matching_claim *claim, const struct hit_words *words,
                        const struct partner *partner, struct arena *arena, struct err *err)
{
    const char *epoch = arena_text(arena, words->epoch), *space = strchr(epoch, ' ');
    uint8_t key[HIT_PROOF], digest[DIGEST];
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
    out->tag = many ? TAG_MANY : strtoull(arena_text(arena, words->tag), &end, 16);
    world_random(matching->world, out->id, CLAIM_ID);
    out->reason = (struct ask_reason){
        claim->act.purpose, bytes_text(basis),
        bytes_text(claim->case_ref != NULL ? claim->case_ref : "no case")};
    out->urgency = claim->urgency;
    out->handling = claim->handling | HANDLING_H0;
    status = ask_check_reason(&out->reason, err);
    claim_digest(digest, out);
    claim_prove(out->proof, key, digest);
    return status;
}

static enum status write_record(struct record *record, const struct claim *claim,
                                const struct partner *partner,
                                const uint8_t hit_id[ENTRY_ID], struct arena *arena,
                                struct err *err)
{
    const struct schema *schema = schema_find(BYTES_OF("Claim"));
    char id[2 * CLAIM_ID + 1], hit[2 * ENTRY_ID + 1];
    hex_write(id, bytes_of(claim->id, CLAIM_ID));
    hex_write(hit, bytes_of(hit_id, ENTRY_ID));
    record_init(record, schema, arena);
    record->id = arena_printf(arena, "to %s %s", partner->code, id);
    record->purpose = claim->reason.purpose;
    record->handling = claim->handling;
    const struct {
        const char *name;
        struct bytes value;
    } values[] = {
        {"direction", BYTES_OF("sent")},
        {"hit", bytes_text(hit)},
        {"claimNumber", bytes_text(id)},
        {"peer", bytes_text(partner->code)},
        {"legalBasis", claim->reason.basis},
        {"urgency", bytes_text(claim_urgency_word(claim->urgency))},
        {"keyClass", bytes_text(key_class_row(claim->class)->name)},
        {"status", BYTES_OF("open")},
    };
    enum status status = OK;
    for (size_t i = 0; i < sizeof values / sizeof values[0] && status == OK; i++)
        status = record_add(record, schema_property(schema, bytes_text(values[i].name)),
                            values[i].name, values[i].value, NULL, err);
    return status == OK ? record_finish(record, NULL, err) : status;
}

static enum status send(struct matching *matching, const struct partner *partner,
                        const struct claim *claim, struct err *err)
{
    struct buf wire = {.max = CLAIM_WIRE_MAX}, answer = {.max = ENTRY_ID};
    claim_write_unsigned(&wire, claim);
    enum status status = vault_sign_message(matching->vault, &wire, err);
    if (status == OK && matching->line.call == NULL)
        status = fail(err, IO_FAILED, "there is no line to other nodes");
    if (status == OK)
        status = matching->line.call(matching->line.context, partner->key, "claim",
                                     buf_bytes(&wire), &answer, err);
    if (status == OK && answer.len != ENTRY_ID)
        status = fail(err, BAD_INPUT, "claim: %s gave no receipt", partner->code);
    buf_release(&wire);
    buf_release(&answer);
    return status;
}

enum status matching_claim(uint8_t id[ENTRY_ID], struct matching *matching,
                           const struct matching_claim *claim, struct arena *arena,
                           struct err *err)
{
    struct receipt *receipt = NULL;
    struct shown hit;
    struct hit_words words;
    const struct partner *partner = NULL;
    struct claim made = {.epoch = 0};
    struct record record;
    struct act act = claim->act;
    enum status status = find_hit(&hit, matching, &claim->act, arena, err);
    if (status == OK) {
        read_words(&words, &hit.record);
        if (!bytes_is(words.verdict, "yes"))
            status =
                fail(err, REFUSED,
                     "a claim tells %.*s which of its records is meant, and that is for a "
                     "person to decide: first `enlace hit decide ID yes --reason ...`",
                     (int)words.peer.len, (const char *)words.peer.at);
    }
    if (status == OK)
        status = find_partner(&partner, matching, words.peer, arena, err);
    if (status == OK)
        status = fill(&made, matching, claim, &words, partner, arena, err);
    if (status == OK)
        status = write_record(&record, &made, partner, claim->act.object, arena, err);
    if (status != OK)
        return status;
    act.verb = VERB_CLAIM;
    act.record = &record;
    status = act_perform(&receipt, matching->store, &act, err);
    if (status == OK)
        receipt_object(id, receipt);
    receipt_close(receipt);
    return status == OK ? send(matching, partner, &made, err) : status;
}
