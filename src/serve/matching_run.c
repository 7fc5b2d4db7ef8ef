/* SPDX-License-Identifier: Apache-2.0
 *
 * An asking, from records to hits.
 *
 *     state      what is true                                        left by
 *     LISTED     an entry says which records are to be asked about   list_keys
 *     KNOWN      what each lets us ask is known; announcements are   run_meet
 *                fetched, and compared with what other partners
 *                were shown
 *     WRITTEN    all asks are made, signed, and stand in a sealed    write_asks
 *                note with the seed: nothing is sent that could not
 *                be audited
 *     SENT       answers are checked, hits found                     send_all
 *     FILED      hits are on the desk; an entry says what came of it run_file
 *
 * A partner that fails drops out with its sentence; the others go on. The seed is fresh for every
 * asking, so that no tuple is ever used twice.
 */
#include "serve/matching_run.h"

#include "base/world.h"
#include "link/decide.h"
#include "store/belonging.h"

#include <sodium.h>
#include <stdlib.h>

enum { ANSWER_MAX = 4 + ANSWER_WIRE_MAX, TRIES = 2, RECORDS_MAX = 1 << 20 };

/* ---- LISTED ---- */

static void add_keys(struct run *run, const struct shown *shown, const struct kept *kept)
{
    struct key_list list = {0};
    const struct record *record = &shown->record;
    keys_of_record(&list, record, run->arena);
    bool some = kept_take_out(&list, kept, record);
    if (some || (kept->why != NULL && !kept->only_of_persons)) {
        run->result->kept_back++;
        if (list.count == 0)
            return;
    }
    grow_to((void **)&run->records, &run->record_capacity, run->record_count,
            sizeof *run->records);
    struct our_record *ours = &run->records[run->record_count];
    memcpy(ours->id, shown->id, ENTRY_ID);
    ours->source = record->id_made ? "" : arena_text(run->arena, bytes_text(record->id));
    ours->asks = decide_asks(list.items, list.count);
    for (size_t i = 0; i < list.count; i++) {
        grow_to((void **)&run->keys, &run->key_capacity, run->key_count, sizeof *run->keys);
        run->keys[run->key_count++] = (struct our_key){list.items[i], run->record_count};
    }
    run->record_count++;
}

/* What is asked is asked for the case that the records are of, whoever says what. */
static enum status settle_case(struct run *run, const struct shown *shown, struct err *err)
{
    uint8_t *case_id = run->ask.act.case_id;
    if (entry_id_is_none(shown->case_id) || memcmp(shown->case_id, case_id, ENTRY_ID) == 0)
        return OK;
    if (!entry_id_is_none(case_id))
        return fail(
            err, REFUSED,
            "one of these records is of another case; an asking is for one case, and "
            "for that of its records");
    memcpy(case_id, shown->case_id, ENTRY_ID);
    return OK;
}

/* As partners are told it. */
static enum status name_case(struct run *run, struct err *err)
{
    struct record record;
    uint64_t number;
    if (run->ask.case_ref != NULL || entry_id_is_none(run->ask.act.case_id) ||
        !store_number(&number, run->matching->store, run->ask.act.case_id))
        return OK;
    enum status status =
        store_current(&record, run->matching->store, number, run->arena, err);
    if (status == OK)
        run->ask.case_ref = record.id;
    return status;
}

static enum status list_keys(struct run *run, struct err *err)
{
    struct receipt *receipt = NULL;
    struct shown shown;
    struct act act = run->ask.act;
    struct shield *shield =
        matching_shield_open(run->matching->store, run->matching->world);
    act.verb = VERB_MATCH;
    enum status status = act_perform(&receipt, run->matching->store, &act, err);
    if (status == OK)
        status = kin_gather_listed(shield->kin, receipt_count(receipt), err);
    while (status == OK) {
        status = receipt_next(&shown, receipt, run->arena, err);
        if (status == CONFLICT) { /* what cannot be read is not asked about */
            run->result->kept_back++;
            status = OK;
            continue;
        }
        if (status == OK && run->record_count >= RECORDS_MAX)
            status = fail(err, TOO_LARGE, "more than %d records at once", RECORDS_MAX);
        if (status == OK)
            status = settle_case(run, &shown, err);
        struct kept kept;
        if (status == OK)
            status = matching_kept_back(&kept, shield, shown.number, &shown.record, NULL,
                                        run->arena, err);
        if (status == OK)
            add_keys(run, &shown, &kept);
    }
    bool read = receipt != NULL;
    receipt_close(receipt);
    matching_shield_close(shield);
    return status == NOT_FOUND && read ? name_case(run, err) : status;
}

/* ---- WRITTEN ---- */

/* What is asked under an announcement: the classes of which we have keys, that are agreed here and there,
 * offered, and not asked of this partner already. */
static void choose_classes(struct run *run, struct channel *channel, unsigned taken)
{
    const struct epoch *epoch = &channel->seen->epoch;
    unsigned held = 0;
    for (size_t i = 0; i < run->key_count; i++)
        held |= 1U << run->keys[i].key.class;
    for (size_t class = 0; class < KEY_CLASSES; class ++)
        if (epoch->classes[class].offered && (held & ~taken & 1U << class) != 0 &&
            run_is_agreed(&run->ask, channel->seen->partner, class) &&
            run_is_let(run, channel->peer, class, &epoch->circle))
            channel->classes |= 1U << class;
}

/* A class whose map the partner does not give us drops out; a map that is not true, and a line that is gone,
 * end it. */
static void have_maps(struct run *run, struct channel *channel)
{
    for (size_t class = 0; class < KEY_CLASSES && !channel->failed; class ++) {
        struct err why = {0};
        if ((channel->classes & 1U << class) == 0)
            continue;
        enum status status = map_have(&channel->maps[class], run->matching, channel->seen,
                                      (enum key_class) class, &why);
        if (status == OK)
            continue;
        run_blame(run, channel->peer, status, why.text);
        channel->classes &= ~(1U << class);
        channel->failed = !channel->maps[class].refused;
    }
}

static void fill_channel(struct run *run, struct channel *channel)
{
    channel->items = arena_zalloc(run->arena, run->key_count + 1, sizeof *channel->items);
    channel->sources =
        arena_zalloc(run->arena, run->key_count + 1, sizeof *channel->sources);
    for (size_t i = 0; i < run->key_count; i++)
        if ((channel->classes & 1U << run->keys[i].key.class) != 0) {
            channel->items[channel->count] =
                (struct match_item){run->keys[i].key.class, run->keys[i].key.value};
            channel->sources[channel->count++] = i;
        }
}

static void open_channels(struct run *run)
{
    run->channels = arena_zalloc(run->arena, run->seen.count + 1, sizeof *run->channels);
    for (size_t p = 0; p < run->result->peer_count; p++) {
        unsigned taken = 0;
        for (size_t i = 0; i < run->seen.count; i++) {
            const struct seen *seen = &run->seen.items[i];
            if (seen->partner != run->partners[p] || seen->status != OK)
                continue;
            struct channel *channel = &run->channels[run->channel_count++];
            channel->seen = seen;
            channel->peer = p;
            choose_classes(run, channel, taken);
            taken |= channel->classes;
            run->result->peers[p].answered = true;
        }
    }
}

static enum status make_asks(struct run *run, struct channel *channel, struct err *err)
{
    const struct matching_ask *ask = &run->ask;
    const struct partner *partner = channel->seen->partner;
    const char *basis = ask->act.reason;
    if (basis == NULL || basis[0] == '\0')
        basis = partner->basis[0] != '\0'
                    ? partner->basis
                    : arena_printf(run->arena, "agreement with %s", partner->code);
    const struct requester_options options = {
        .world = run->matching->world,
        .pool = run->matching->pool,
        .identity = &run->identity,
        .sign = vault_sign_message,
        .sign_context = run->matching->vault,
        .peer = partner->key,
        .circle = channel->seen->epoch.circle,
        .normaliser = run->matching->normaliser,
        .seed = run->seed,
        .reason = {ask->act.purpose, bytes_text(basis),
                   bytes_text(ask->case_ref != NULL ? ask->case_ref : "no case")},
    };
    struct requester *requester = &channel->requester;
    enum status status = requester_begin(requester, &options, channel->seen->wire,
                                         channel->items, channel->count, err);
    channel->begun = true;
    if (status != OK)
        return status;
    channel->heard = arena_zalloc(run->arena, run->key_count + 1, sizeof *channel->heard);
    channel->asks =
        arena_zalloc(run->arena, requester->plan.count + 1, sizeof *channel->asks);
    channel->answered =
        arena_zalloc(run->arena, requester->plan.count + 1, sizeof *channel->answered);
    struct buf wire = {.max = ASK_WIRE_MAX};
    for (size_t i = 0; i < requester->plan.count && status == OK; i++) {
        buf_clear(&wire);
        status = requester_ask(&wire, requester, i, err);
        if (status == OK)
            channel->asks[i] = arena_bytes(run->arena, buf_bytes(&wire));
    }
    buf_release(&wire);
    return status;
}

static bool is_asked(const struct run *run, enum key_class class)
{
    for (size_t i = 0; i < run->channel_count; i++)
        if (!run->channels[i].failed && (run->channels[i].classes & 1U << class) != 0)
            return true;
    return false;
}

static int compare_our_keys(const void *a, const void *b)
{
    return key_compare(&((const struct our_key *)a)->key,
                       &((const struct our_key *)b)->key);
}

/* The distinct keys that somebody is asked about; answered: that somebody has answered about. */
static struct match_item *list_items(size_t *count, struct run *run, bool answered)
{
    struct our_key *sorted = arena_zalloc(run->arena, run->key_count + 1, sizeof *sorted);
    struct match_item *items = arena_zalloc(run->arena, run->key_count + 1, sizeof *items);
    size_t distinct = 0, kept = 0;
    for (size_t i = 0; i < run->key_count; i++)
        if (answered ? run->keys[i].answered : is_asked(run, run->keys[i].key.class))
            sorted[kept++] = run->keys[i];
    if (kept > 0)
        qsort(sorted, kept, sizeof *sorted, compare_our_keys);
    for (size_t i = 0; i < kept; i++)
        if (i == 0 || compare_our_keys(&sorted[i], &sorted[i - 1]) != 0)
            items[distinct++] =
                (struct match_item){sorted[i].key.class, sorted[i].key.value};
    *count = distinct;
    return items;
}

/* The receipt's id is the number of the asking. */
static enum status write_note(struct run *run, struct bytes note, struct err *err)
{
    struct receipt *receipt = NULL;
    struct act act = run->ask.act;
    uint8_t *objects = arena_zalloc(run->arena, run->record_count + 1, ENTRY_ID);
    for (size_t i = 0; i < run->record_count; i++)
        memcpy(objects + i * ENTRY_ID, run->records[i].id, ENTRY_ID);
    act.verb = VERB_ASK;
    act.objects = objects;
    act.object_count = run->record_count;
    act.note = note;
    enum status status = act_perform(&receipt, run->matching->store, &act, err);
    if (status == OK)
        receipt_object(run->result->batch, receipt);
    receipt_close(receipt);
    return status;
}

static enum status write_asks(struct run *run, struct err *err)
{
    struct asking asking = {.items = NULL};
    struct buf note = {.max = ACT_NOTE_MAX};
    struct asked_peer *peers =
        arena_zalloc(run->arena, run->channel_count + 1, sizeof *peers);
    for (size_t i = 0; i < run->channel_count; i++) {
        struct channel *channel = &run->channels[i];
        struct err why = {0};
        have_maps(run, channel);
        if (!channel->failed)
            fill_channel(run, channel);
        if (channel->count == 0)
            continue;
        enum status status = make_asks(run, channel, &why);
        if (status != OK) {
            channel->failed = true;
            run_blame(run, channel->peer, status, why.text);
            continue;
        }
        struct asked_peer *peer = &peers[asking.peer_count++];
        *peer = (struct asked_peer){.code = bytes_text(channel->seen->partner->code),
                                    .epoch_wire = channel->seen->wire,
                                    .classes = channel->classes,
                                    .asks = channel->asks,
                                    .ask_count = channel->requester.plan.count};
        memcpy(peer->key, channel->seen->partner->key, IDENTITY_KEY);
    }
    asking.peers = peers;
    asking.items = list_items(&asking.item_count, run, false);
    if (asking.peer_count == 0)
        return OK;
    memcpy(asking.seed, run->seed, CASE_SEED);
    enum status status = asking_write(&note, &asking, err);
    if (status == OK)
        status = write_note(run, buf_bytes(&note), err);
    sodium_memzero(&asking.seed, sizeof asking.seed);
    if (note.at != NULL)
        sodium_memzero(note.at, note.len);
    buf_release(&note);
    return status;
}

/* ---- SENT ---- */

static enum status take_answer(struct run *run, struct channel *channel, size_t batch,
                               struct bytes answer, struct err *err)
{
    enum key_class class = channel->requester.plan.batches[batch].class;
    struct matching_peer *peer = &run->result->peers[channel->peer];
    struct cursor cursor = {answer, false};
    uint32_t left = cursor_be32(&cursor);
    if (cursor.failed)
        return fail(err, BAD_INPUT, "answer: cut short");
    enum status status = requester_take(&channel->requester, batch, cursor.rest,
                                        &channel->maps[class].base, err);
    if (status == OK && left != UINT32_MAX)
        peer->left[class] = left;
    return status;
}

/* The things of a batch that has its answer. */
static void mark_answered(struct run *run, struct channel *channel, size_t which)
{
    const struct plan *plan = &channel->requester.plan;
    const struct plan_batch *batch = &plan->batches[which];
    channel->answered[which] = true;
    run->result->peers[channel->peer].not_asked[batch->class] -= (uint32_t)batch->count;
    for (size_t i = batch->begin; batch->count > 0 && i < batch->ends[batch->count - 1];
         i++) {
        size_t key = channel->sources[plan->sources[i]];
        run->keys[key].answered = true;
        channel->heard[key] = true;
    }
}

/* A class that is refused (its quota, say) does not keep the others from being asked. A line that is
 * gone, or an answer that is not true, ends it. After a broken line the same bytes go again: the partner
 * has kept its answer, and charges nothing. */
static void take_sent(struct run *run, struct channel *channel,
                      const struct line_call *call)
{
    struct err why = call->err;
    enum status status = call->status;
    if (status == IO_FAILED && ++channel->tries < TRIES)
        return;
    bool refused = status != OK && status != IO_FAILED;
    if (status == OK)
        status = take_answer(run, channel, channel->sent, buf_bytes(call->answer), &why);
    if (status == OK) {
        mark_answered(run, channel, channel->sent);
    } else {
        run_blame(run, channel->peer, status, why.text);
        channel->failed = !refused;
        channel->refused = true;
    }
    channel->sent++;
    channel->tries = 0;
}

static bool has_more(const struct channel *channel)
{
    return !channel->failed && channel->count > 0 &&
           channel->sent < channel->requester.plan.count;
}

/* The next batch of every partner, all at once: of one partner, one at a time. False: there is none. */
static bool send_next(struct run *run)
{
    struct line_round round;
    struct channel **sent = arena_zalloc(run->arena, run->channel_count + 1, sizeof *sent);
    line_round_open(&round, run->channel_count);
    for (size_t i = 0; i < run->channel_count; i++) {
        struct channel *channel = &run->channels[i];
        if (!has_more(channel) ||
            (round.count > 0 && sent[round.count - 1]->peer == channel->peer))
            continue; /* channels stand by partner */
        sent[round.count] = channel;
        line_round_add(&round, channel->seen->partner->key, "ask",
                       channel->asks[channel->sent], ANSWER_MAX);
    }
    bool some = round.count > 0;
    line_round_make(&round, &run->matching->line);
    for (size_t i = 0; i < round.count; i++)
        take_sent(run, sent[i], &round.calls[i]);
    line_round_release(&round);
    return some;
}

static void take_hits(struct run *run, size_t which)
{
    const struct channel *channel = &run->channels[which];
    for (size_t i = 0; i < channel->hits.count; i++) {
        const struct match_hit *hit = &channel->hits.items[i];
        size_t key = channel->sources[hit->item];
        grow_to((void **)&run->found, &run->found_capacity, run->found_count,
                sizeof *run->found);
        struct found *found = &run->found[run->found_count++];
        *found = (struct found){.record = run->keys[key].record,
                                .peer = channel->peer,
                                .channel = which,
                                .key = key,
                                .shared = &run->keys[key].key,
                                .tag = hit->tag,
                                .many = hit->many};
        memcpy(found->proof, hit->proof, HIT_PROOF);
    }
}

/* Of what is agreed with each, all is to be asked yet. */
static void count_all(struct run *run)
{
    size_t counts[KEY_CLASSES] = {0}, distinct;
    for (size_t i = 0; i < run->key_count; i++)
        run->keys[i].answered = true;
    const struct match_item *items = list_items(&distinct, run, true);
    for (size_t i = 0; i < distinct; i++)
        counts[items[i].class]++;
    for (size_t i = 0; i < run->key_count; i++)
        run->keys[i].answered = false;
    for (size_t p = 0; p < run->result->peer_count; p++)
        for (size_t class = 0; class < KEY_CLASSES; class ++)
            if (run_is_agreed(&run->ask, run->partners[p], class))
                run->result->peers[p].not_asked[class] = (uint32_t)counts[class];
}

static void send_all(struct run *run)
{
    count_all(run);
    while (send_next(run))
        continue;
    for (size_t i = 0; i < run->channel_count; i++)
        if (run->channels[i].begun && run->channels[i].count > 0) {
            requester_finish(&run->channels[i].hits, &run->channels[i].requester);
            take_hits(run, i);
        }
    (void)list_items(&run->result->asked, run, true);
}

static void run_release(struct run *run)
{
    for (size_t i = 0; i < run->channel_count; i++) {
        struct channel *channel = &run->channels[i];
        if (channel->begun)
            requester_release(&channel->requester);
        match_hits_release(&channel->hits);
        for (size_t class = 0; class < KEY_CLASSES; class ++)
            had_map_release(&channel->maps[class]);
    }
    sodium_memzero(run->seed, sizeof run->seed);
    free(run->records);
    free(run->keys);
    free(run->found);
    free(run->seen.items);
}

/* Was it refused for maps that are not in force any more? Then the partner tells another announcement now. */
static bool is_stale(const struct channel *channel, struct run *run)
{
    struct seen_list now = {.items = NULL};
    bool stale = false;
    if (!channel->refused ||
        seen_fetch(&now, run->matching, channel->seen->partner, run->arena, NULL) != OK)
        return false;
    for (size_t i = 0; i < now.count; i++)
        stale = stale ||
                (now.items[i].status == OK &&
                 circle_equal(&now.items[i].epoch.circle, &channel->seen->epoch.circle) &&
                 now.items[i].epoch.number > channel->seen->epoch.number);
    free(now.items);
    return stale;
}

static void list_stale(struct run *run)
{
    struct matching_result *result = run->result;
    for (size_t i = 0; i < run->channel_count; i++)
        if (!run->channels[i].failed && is_stale(&run->channels[i], run))
            result->peers[run->channels[i].peer].stale = true;
}

enum status run_once(struct matching_result *result, struct matching *matching,
                     const struct matching_ask *ask, struct arena *arena, struct err *err)
{
    struct run run = {.matching = matching, .ask = *ask, .result = result, .arena = arena};
    *result = (struct matching_result){.hits = NULL};
    memcpy(run.identity.public_key, matching->key, IDENTITY_KEY);
    world_random(matching->world, run.seed, sizeof run.seed);
    enum status status = run_choose_partners(&run, err);
    if (status == OK)
        status = list_keys(&run, err);
    if (status == OK)
        status = run_meet(&run, err);
    if (status == OK) {
        open_channels(&run);
        status = write_asks(&run, err);
    }
    if (status == OK) {
        send_all(&run);
        status = run_file(&run, err);
    }
    if (status == OK)
        list_stale(&run);
    run_release(&run);
    return status;
}
