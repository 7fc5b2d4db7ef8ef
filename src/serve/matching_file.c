/* SPDX-License-Identifier: Apache-2.0
 *
 * What an asking found becomes hits: decided where `link` decides, written down with what a claim
 * needs.
 */
#include "serve/matching_run.h"

#include "link/review.h"

#include <sodium.h>
#include <stdlib.h>

static int compare_found(const void *left, const void *right)
{
    const struct found *a = left, *b = right;
    if (a->peer != b->peer)
        return a->peer < b->peer ? -1 : 1;
    if (a->record != b->record)
        return a->record < b->record ? -1 : 1;
    if (a->channel != b->channel)
        return a->channel < b->channel ? -1 : 1;
    if (a->many != b->many)
        return a->many ? 1 : -1;
    if (a->tag != b->tag)
        return a->tag < b->tag ? -1 : 1;
    return key_compare(a->shared, b->shared);
}

/* One class of one of our records and one of theirs. */
struct agreement {
    struct meeting_found found;
    struct found_hit hit; /* as it is written down */
    struct again again;
};

static bool add_bytes(struct record *record, const char *name, struct bytes value)
{
    const struct property *property = schema_property(record->schema, bytes_text(name));
    return property != NULL && record_add(record, property, name, value, NULL, NULL) == OK;
}

static bool add_value(struct record *record, const char *name, const char *value)
{
    return add_bytes(record, name, bytes_text(value));
}

static struct bytes in_hex(struct bytes bytes, struct arena *arena)
{
    char *hex = arena_alloc(arena, 2 * bytes.len + 1);
    hex_write(hex, bytes);
    return bytes_of(hex, 2 * bytes.len);
}

static void describe(struct agreement *agreement, const struct run *run,
                     const struct matching_hit *hit)
{
    const struct found *found = agreement->found.first;
    struct arena *arena = run->arena;
    struct found_value *values =
        arena_zalloc(arena, agreement->found.count, sizeof *values);
    for (size_t i = 0; i < agreement->found.count; i++)
        values[i] =
            (struct found_value){in_hex(run->keys[found[i].key].key.value, arena),
                                 in_hex(bytes_of(found[i].proof, HIT_PROOF), arena)};
    agreement->hit = (struct found_hit){
        .peer = bytes_text(hit->peer),
        .class = bytes_text(key_class_row(hit->class)->name),
        .mine = in_hex(bytes_of(hit->mine, ENTRY_ID), arena),
        .tag = hit->many ? BYTES_OF("many")
                         : bytes_text(arena_printf(arena, "%010llx",
                                                   (unsigned long long)hit->tag)),
        .asked = values[0].asked,
        .knowledge = values[0].knowledge,
        .values = values,
        .value_count = agreement->found.count,
    };
}

/* The store knows by it, too, that this pair of records is on a desk already by this class: as long as the
 * tag stays. */
static const char *hit_id(struct run *run, const struct agreement *agreement,
                          const struct partner *partner)
{
    const struct found *found = agreement->found.first;
    const struct bytes asked = run->keys[found->key].key.value;
    uint8_t id[16], class = (uint8_t)run->keys[found->key].key.class;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof id);
    crypto_generichash_update(&state, partner->key, IDENTITY_KEY);
    crypto_generichash_update(&state, run->records[found->record].id, ENTRY_ID);
    crypto_generichash_update(&state, agreement->hit.tag.at, agreement->hit.tag.len);
    crypto_generichash_update(&state, &class, 1);
    if (found->many)
        crypto_generichash_update(&state, asked.at, asked.len);
    crypto_generichash_final(&state, id, sizeof id);
    return arena_text(run->arena, in_hex(bytes_of(id, sizeof id), run->arena));
}

/* As it is kept: with what a claim needs. */
static enum status hit_record(struct record *record, struct run *run,
                              const struct agreement *agreement,
                              const struct matching_hit *hit, struct err *err)
{
    const struct found *found = agreement->found.first;
    const struct found_hit *words = &agreement->hit;
    const struct again *again = &agreement->again;
    const struct seen *seen = run->channels[found->channel].seen;
    char batch[2 * ENTRY_ID + 1], root[2 * MERKLE_HASH + 1];
    hex_write(batch, bytes_of(run->result->batch, ENTRY_ID));
    hex_write(root, bytes_of(seen->epoch.pledges_root, MERKLE_HASH));
    record_init(record, schema_find(BYTES_OF("Hit")), run->arena);
    record->id =
        again->record_id != NULL ? again->record_id : hit_id(run, agreement, seen->partner);
    record->purpose = run->ask.act.purpose;
    bool whole =
        add_value(record, "peer", hit->peer) &&
        add_bytes(record, "peerKey",
                  in_hex(bytes_of(seen->partner->key, IDENTITY_KEY), run->arena)) &&
        add_value(record, "keyClass", key_class_row(hit->class)->name) &&
        add_bytes(record, "mine", words->mine) && add_bytes(record, "tag", words->tag) &&
        add_value(record, "weak", hit->weak ? "yes" : "no") &&
        add_value(record, "expectedFalse",
                  arena_printf(run->arena, "%.12f", hit->expected_false)) &&
        add_value(record, "batch", arena_printf(run->arena, "%s", batch)) &&
        add_value(record, "epoch",
                  arena_printf(run->arena, "%llu %s",
                               (unsigned long long)seen->epoch.number,
                               seen->epoch.circle.name)) &&
        add_bytes(record, "knowledge", words->knowledge) &&
        add_bytes(record, "asked", words->asked) &&
        add_value(record, "pledged",
                  arena_printf(run->arena, "%llu %s",
                               (unsigned long long)seen->epoch.pledges, root)) &&
        (again->verdict.len == 0 || add_bytes(record, "verdict", again->verdict)) &&
        add_value(record, "theirRecords",
                  hit->many ? "many" : arena_printf(run->arena, "%zu", again->held)) &&
        (hit->source[0] == '\0' || add_value(record, "mineReference", hit->source)) &&
        (run->ask.case_ref == NULL ||
         add_value(record, "caseReference", run->ask.case_ref));
    struct buf levels = {.max = VALUE_TEXT_MAX};
    if (whole && review_agreement(&levels, &agreement->found.decision))
        whole = add_bytes(record, "agreement", buf_bytes(&levels));
    buf_release(&levels);
    for (size_t i = 0; i < hit->why_count && whole; i++)
        whole = add_value(record, "why", hit->why[i]);
    for (size_t i = 0; i < again->earlier_count && whole; i++)
        whole = add_bytes(record, "earlier", again->earlier[i]);
    return whole ? record_finish(record, NULL, err)
                 : fail(err, BAD_INPUT, "a hit cannot be written down");
}

static enum status submit_hit(struct receipt **receipt, struct run *run,
                              const struct agreement *agreement, struct matching_hit *hit,
                              struct err *err)
{
    struct record record;
    struct act act = run->ask.act;
    enum status status = hit_record(&record, run, agreement, hit, err);
    if (status != OK)
        return status;
    act.verb = VERB_HIT;
    act.record = &record;
    act.objects = hit->mine;
    act.object_count = 1;
    memset(act.object, 0, ENTRY_ID);
    if (agreement->again.changes) {
        memcpy(act.object, agreement->again.id, ENTRY_ID);
        act.before = agreement->again.version;
    }
    return act_submit(receipt, run->matching->store, &act, err);
}

static void add_hit(struct run *run, const struct agreement *agreement)
{
    struct matching_result *result = run->result;
    const struct found *found = agreement->found.first;
    const struct decision *decision = &agreement->found.decision;
    if (result->hit_count == result->hit_capacity) {
        size_t wanted = result->hit_capacity > 0 ? 2 * result->hit_capacity : 16;
        struct matching_hit *hits = arena_zalloc(run->arena, wanted, sizeof *hits);
        if (result->hit_count > 0)
            memcpy(hits, result->hits, result->hit_count * sizeof *hits);
        result->hits = hits;
        result->hit_capacity = wanted;
    }
    const char **why = arena_alloc(run->arena, (decision->why_count + 1) * sizeof *why);
    memcpy(why, decision->why, decision->why_count * sizeof *why);
    struct matching_hit *hit = &result->hits[result->hit_count++];
    *hit = (struct matching_hit){
        .peer = result->peers[found->peer].code,
        .class = run->keys[found->key].key.class,
        .source = run->records[found->record].source,
        .tag = found->tag,
        .many = found->many,
        .why = why,
        .why_count = decision->why_count,
        .weak = decision->weak,
        .expected_false = decision->expected_false,
    };
    memcpy(hit->mine, run->records[found->record].id, ENTRY_ID);
}

/* Keys that five or more of their records hold have no tag in common: each stands for itself. */
static bool belongs(const struct run *run, const struct found *a, const struct found *b)
{
    return a->peer == b->peer && a->record == b->record && a->channel == b->channel &&
           a->tag == b->tag && !a->many && !b->many &&
           run->keys[a->key].key.class == run->keys[b->key].key.class;
}

static void decide_all(struct run *run, struct agreement **agreements, size_t *count)
{
    struct meeting_found *meetings =
        arena_zalloc(run->arena, run->found_count + 1, sizeof *meetings);
    size_t meeting_count = 0;
    *agreements = arena_zalloc(run->arena, run->found_count + 1, sizeof **agreements);
    *count = 0;
    if (run->found_count > 0)
        qsort(run->found, run->found_count, sizeof *run->found, compare_found);
    for (size_t from = 0, end; from < run->found_count; from = end) {
        for (end = from + 1;
             end < run->found_count && belongs(run, &run->found[from], &run->found[end]);)
            end++;
        meetings[meeting_count++] =
            (struct meeting_found){.first = &run->found[from], .count = end - from};
    }
    run_decide(meetings, meeting_count, run);
    for (size_t i = 0; i < meeting_count; i++) {
        struct agreement *agreement = &(*agreements)[*count];
        if (!meetings[i].decision.hit)
            continue;
        agreement->found = meetings[i];
        add_hit(run, agreement);
        describe(agreement, run, &run->result->hits[*count]);
        (*count)++;
    }
}

/* Which of them are on the desk already. */
static enum status recall(struct gone_list *gone, struct run *run,
                          struct agreement *agreements, size_t count, struct err *err)
{
    struct found_hit *hits = arena_zalloc(run->arena, count + 1, sizeof *hits);
    struct again *again = arena_zalloc(run->arena, count + 1, sizeof *again);
    for (size_t i = 0; i < count; i++)
        hits[i] = agreements[i].hit;
    enum status status = run_recall(again, gone, run, hits, count, err);
    for (size_t i = 0; i < count; i++) {
        struct matching_hit *hit = &run->result->hits[i];
        agreements[i].again = again[i];
        hit->again = again[i].record_id != NULL;
        hit->verdict =
            again[i].verdict.len > 0 ? arena_text(run->arena, again[i].verdict) : "open";
        hit->their_records = again[i].held;
        hit->decided_before = again[i].verdict.len == 0 && again[i].earlier_count > 0;
    }
    return status;
}

enum status matching_hit_with(struct record *out, const struct record *hit,
                              const char *property, const char *value, struct arena *arena,
                              struct err *err)
{
    enum status status = OK;
    record_init(out, hit->schema, arena);
    out->id = hit->id;
    out->purpose = hit->purpose;
    out->handling = hit->handling;
    out->handling_note = hit->handling_note;
    out->review = hit->review;
    for (size_t i = 0; i < hit->count && status == OK; i++)
        if (strcmp(hit->values[i].name, property) != 0)
            status = record_add_exactly(out, hit->values[i].property, hit->values[i].name,
                                        hit->values[i].raw, hit->values[i].format, err);
    if (status == OK)
        status = record_add(out, schema_property(out->schema, bytes_text(property)),
                            property, bytes_text(value), NULL, err);
    return status == OK ? record_finish(out, NULL, err) : status;
}

static enum status submit_gone(struct receipt **receipt, struct run *run,
                               const struct gone *gone, struct err *err)
{
    struct record record;
    struct act act = run->ask.act;
    uint8_t mine[ENTRY_ID];
    char day[MATCHING_DAY];
    matching_day(day, run->matching->world);
    if (!hex_read(mine, sizeof mine, record_first(gone->hit, "mine")))
        return fail(err, CONFLICT, "a hit does not say what it is about");
    enum status status =
        matching_hit_with(&record, gone->hit, "notFoundOn", day, run->arena, err);
    if (status != OK)
        return status;
    act.verb = VERB_HIT;
    act.record = &record;
    act.objects = mine;
    act.object_count = 1;
    memcpy(act.object, gone->id, ENTRY_ID);
    act.before = gone->version;
    return act_submit(receipt, run->matching->store, &act, err);
}

static enum status file_hits(struct run *run, const struct agreement *agreements,
                             size_t count, const struct gone_list *gone, struct err *err)
{
    size_t all = count + gone->count;
    struct receipt **receipts = xcalloc(all + 1, sizeof *receipts);
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i++)
        status = submit_hit(&receipts[i], run, &agreements[i], &run->result->hits[i], err);
    for (size_t i = 0; i < gone->count && status == OK; i++)
        status = submit_gone(&receipts[count + i], run, &gone->items[i], err);
    if (status == OK)
        status = store_commit(run->matching->store, err);
    for (size_t i = 0; i < all; i++) {
        if (status == OK)
            status = receipt_open(receipts[i], err);
        if (status == OK && i < count)
            receipt_object(run->result->hits[i].id, receipts[i]);
        receipt_close(receipts[i]);
    }
    free(receipts);
    return status;
}

/* peers 2 x (length 1, code | status 1 | length 2, sentence) | hits 4 */
static enum status log_end(struct run *run, struct err *err)
{
    struct receipt *receipt = NULL;
    struct buf note = {.max = ACT_NOTE_MAX};
    struct act act = run->ask.act;
    const struct matching_result *result = run->result;
    buf_add_be16(&note, (uint16_t)result->peer_count);
    for (size_t i = 0; i < result->peer_count; i++) {
        const struct matching_peer *peer = &result->peers[i];
        struct bytes why = bytes_text(peer->error != NULL ? peer->error : "");
        buf_add_byte(&note, (uint8_t)strlen(peer->code));
        buf_add_text(&note, peer->code);
        buf_add_byte(&note, (uint8_t)peer->status);
        buf_add_be16(&note, (uint16_t)why.len);
        buf_add(&note, why);
    }
    buf_add_be32(&note, (uint32_t)result->hit_count);
    act.verb = VERB_ASK_END;
    act.objects = NULL;
    act.object_count = 0;
    memcpy(act.object, result->batch, ENTRY_ID);
    act.note = buf_bytes(&note);
    enum status status = act_perform(&receipt, run->matching->store, &act, err);
    receipt_close(receipt);
    buf_release(&note);
    return status;
}

enum status run_file(struct run *run, struct err *err)
{
    struct agreement *agreements;
    struct gone_list gone;
    size_t count;
    if (entry_id_is_none(run->result->batch))
        return OK; /* nothing was asked */
    decide_all(run, &agreements, &count);
    enum status status = recall(&gone, run, agreements, count, err);
    if (status == OK)
        status = file_hits(run, agreements, count, &gone, err);
    return status == OK ? log_end(run, err) : status;
}
