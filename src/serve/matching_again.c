/* SPDX-License-Identifier: Apache-2.0
 *
 * A hit that was on the desk before is the same hit, and what a person decided about it stays.
 *
 * A hit is known by what we hold: partner, our record, class, and the value that was asked about. The tag
 * tells the partner's records apart, and only within one seed of the partner; that it is the same seed shows in
 * the output of the oblivious function, of which the hit keeps a part.
 *
 *     same tag, and what was asked about agrees     the same
 *     another tag, under another seed, and not      the same, with the tag of today: a claim needs that; its
 *     more of them than there were, decided alike   verdict stays
 *     more than there were, or decided unlike       nobody can tell which is which: open again, and each says
 *                                                   what was decided before
 *     another tag under the same seed               one more of their records: new, and says so too
 *     asked about again, answered, and not found    it says on which day; until it is found again
 */
#include "serve/matching_run.h"

#include <stdlib.h>

/* A hit of the desk, as matching_file.c wrote it. */
struct known {
    struct bytes peer, class, mine, tag, asked, knowledge, verdict;
    const char *record_id;
    uint8_t id[ENTRY_ID];
    uint64_t version, epoch;
    const struct record *record;
    uint8_t mine_id[ENTRY_ID];
    struct bytes value; /* that was asked; empty: it cannot be read */
    bool gone;          /* it was not found when last asked */
    struct bytes *earlier;
    size_t earlier_count;
    bool taken;
};

struct recalling {
    struct run *run;
    struct known *known;
    size_t known_count, known_capacity;
    const struct found_hit *hits;
    struct again *again;
    size_t count;
};

static void add_known(struct recalling *recalling, const struct shown *shown)
{
    struct arena *arena = recalling->run->arena;
    struct record *hit = arena_alloc(arena, sizeof *hit);
    *hit = shown->record;
    grow_to((void **)&recalling->known, &recalling->known_capacity, recalling->known_count,
            sizeof *recalling->known);
    struct known *known = &recalling->known[recalling->known_count++];
    *known = (struct known){
        .peer = record_first(hit, "peer"),
        .class = record_first(hit, "keyClass"),
        .mine = record_first(hit, "mine"),
        .tag = record_first(hit, "tag"),
        .asked = record_first(hit, "asked"),
        .knowledge = record_first(hit, "knowledge"),
        .verdict = record_first(hit, "verdict"),
        .record_id = hit->id,
        .record = hit,
        .gone = record_first(hit, "notFoundOn").len > 0,
        .version = shown->version,
        .epoch = strtoull(arena_text(arena, record_first(hit, "epoch")), NULL, 10),
    };
    memcpy(known->id, shown->id, ENTRY_ID);
    uint8_t *value = arena_alloc(arena, known->asked.len / 2 + 1);
    if (hex_read(known->mine_id, ENTRY_ID, known->mine) &&
        hex_read(value, known->asked.len / 2, known->asked))
        known->value = bytes_of(value, known->asked.len / 2);
    known->earlier = arena_zalloc(arena, hit->count + 1, sizeof *known->earlier);
    size_t at = 0;
    for (const struct record_value *word;
         (word = record_next(hit, "earlier", &at)) != NULL;)
        known->earlier[known->earlier_count++] = word->clean;
}

/* Those that the person may see; of others nothing is told, and the store knows an equal tag itself. */
static enum status list_known(struct recalling *recalling, struct err *err)
{
    struct receipt *receipt = NULL;
    struct shown shown;
    struct run *run = recalling->run;
    struct act act = run->ask.act;
    act.verb = VERB_HIT_LIST;
    act.objects = NULL;
    act.object_count = 0;
    memset(act.object, 0, ENTRY_ID);
    enum status status = act_perform(&receipt, run->matching->store, &act, err);
    if (status == REFUSED)
        return OK;
    while (status == OK) {
        status = receipt_next(&shown, receipt, run->arena, err);
        if (status == OK)
            add_known(recalling, &shown);
        else if (status == CONFLICT)
            status = OK; /* damaged: the next may be good */
    }
    receipt_close(receipt);
    return status == NOT_FOUND ? OK : status;
}

/* ---- Which is which ---- */

static bool is_about(const struct known *known, const struct found_hit *hit)
{
    return bytes_equal(known->peer, hit->peer) && bytes_equal(known->class, hit->class) &&
           bytes_equal(known->mine, hit->mine);
}

/* What was asked about then agrees still; how we know it now. NULL: the hit is about something else. */
static const struct found_value *same_item(const struct known *known,
                                           const struct found_hit *hit)
{
    for (size_t i = 0; is_about(known, hit) && i < hit->value_count; i++)
        if (bytes_equal(known->asked, hit->values[i].asked))
            return &hit->values[i];
    return NULL;
}

static bool is_of_this_seed(const struct known *known, const struct found_value *now)
{
    return bytes_equal(known->knowledge, now->knowledge);
}

static bool are_of_item(const struct found_hit *a, const struct found_hit *b)
{
    return bytes_equal(a->peer, b->peer) && bytes_equal(a->class, b->class) &&
           bytes_equal(a->mine, b->mine) && bytes_equal(a->asked, b->asked);
}

static void become(struct again *again, struct known *known, bool changes)
{
    known->taken = true;
    again->record_id = known->record_id;
    memcpy(again->id, known->id, ENTRY_ID);
    again->version = known->version;
    again->verdict = known->verdict;
    again->earlier = known->earlier;
    again->earlier_count = known->earlier_count;
    again->changes = changes || known->gone;
}

static void find_same_tag(struct recalling *recalling, size_t at)
{
    const struct found_hit *hit = &recalling->hits[at];
    for (size_t i = 0; i < recalling->known_count; i++) {
        struct known *known = &recalling->known[i];
        const struct found_value *now = same_item(known, hit);
        if (!known->taken && now != NULL && bytes_equal(known->tag, hit->tag)) {
            become(&recalling->again[at], known, !is_of_this_seed(known, now));
            return;
        }
    }
}

/* Hits on one item: those of this asking, and those of the desk that none of them is by its tag. */
struct item {
    size_t *hits;
    size_t hit_count, open; /* open: those that are none of the desk's yet */
    struct known **left, **seen;
    size_t left_count, seen_count; /* seen: of this seed, by their tags */
};

/* Of several seeds that are over the last one counts. */
static void gather(struct item *item, struct recalling *recalling, size_t at)
{
    const struct found_hit *hit = &recalling->hits[at];
    struct arena *arena = recalling->run->arena;
    const struct known *last = NULL;
    *item = (struct item){
        .hits = arena_zalloc(arena, recalling->count + 1, sizeof *item->hits),
        .left = arena_zalloc(arena, recalling->known_count + 1, sizeof(struct known *)),
        .seen = arena_zalloc(arena, recalling->known_count + 1, sizeof(struct known *))};
    for (size_t i = at; i < recalling->count; i++)
        if (are_of_item(&recalling->hits[i], hit)) {
            item->hits[item->hit_count++] = i;
            item->open += recalling->again[i].record_id == NULL;
        }
    bool some_left = false; /* that are not gone: then it is none of those that are */
    for (size_t i = 0; i < recalling->known_count; i++)
        some_left = some_left || (!recalling->known[i].taken && !recalling->known[i].gone &&
                                  same_item(&recalling->known[i], hit) != NULL);
    for (size_t i = 0; i < recalling->known_count; i++) {
        struct known *known = &recalling->known[i];
        const struct found_value *now = same_item(known, hit);
        if (now == NULL || (known->gone && some_left))
            continue;
        if (known->taken)
            item->seen[item->seen_count++] = known;
        else if (!is_of_this_seed(known, now) &&
                 (last == NULL || known->epoch > last->epoch))
            last = known;
    }
    for (size_t i = 0; i < recalling->known_count && last != NULL; i++) {
        struct known *known = &recalling->known[i];
        if (!known->taken && !(known->gone && some_left) && same_item(known, hit) != NULL &&
            bytes_equal(known->asked, last->asked) &&
            bytes_equal(known->knowledge, last->knowledge))
            item->left[item->left_count++] = known;
    }
}

static bool agree(struct known *const *known, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!bytes_equal(known[i]->verdict, known[0]->verdict))
            return false;
    return true;
}

static void set_earlier(struct again *again, struct known *const *known, size_t count,
                        struct arena *arena)
{
    struct bytes *earlier = arena_zalloc(arena, count + 1, sizeof *earlier);
    again->earlier_count = 0;
    for (size_t i = 0; i < count; i++)
        if (known[i]->verdict.len > 0)
            earlier[again->earlier_count++] = known[i]->verdict;
    again->earlier = earlier;
}

/* As many of their records as there were, or fewer. */
static bool is_no_more(const struct item *item, const struct found_hit *hit)
{
    bool many = bytes_is(hit->tag, "many");
    return item->open <= item->left_count &&
           (!many || bytes_is(item->left[0]->tag, "many"));
}

/* at: the first hit on its item. */
static void recall_item(struct recalling *recalling, size_t at)
{
    struct arena *arena = recalling->run->arena;
    struct item item;
    gather(&item, recalling, at);
    bool other_seed = item.seen_count == 0 && item.left_count > 0;
    bool stays = other_seed && is_no_more(&item, &recalling->hits[at]) &&
                 agree(item.left, item.left_count);
    for (size_t i = 0, next = 0; i < item.hit_count; i++) {
        struct again *again = &recalling->again[item.hits[i]];
        again->held = item.hit_count;
        if (again->record_id != NULL)
            continue;
        if (other_seed && next < item.left_count)
            become(again, item.left[next++], true);
        if (stays)
            continue;
        again->verdict = (struct bytes){0};
        set_earlier(again, other_seed ? item.left : item.seen,
                    other_seed ? item.left_count : item.seen_count, arena);
    }
}

/* ---- Gone ---- */

/* Is this key what the hit was about? */
static bool is_about_key(const struct known *known, const struct run *run, size_t key)
{
    const struct our_key *ours = &run->keys[key];
    return known->value.len > 0 && bytes_equal(ours->key.value, known->value) &&
           memcmp(run->records[ours->record].id, known->mine_id, ENTRY_ID) == 0 &&
           bytes_is(known->class, key_class_row(ours->key.class)->name);
}

static bool is_of_peer(const struct known *known, const struct run *run, size_t peer)
{
    return bytes_is(known->peer, run->result->peers[peer].code);
}

/* Has the partner answered in this asking about what the hit is about? */
static bool was_answered(const struct run *run, const struct known *known)
{
    bool is = false;
    for (size_t i = 0; i < run->channel_count && !is; i++) {
        const struct channel *channel = &run->channels[i];
        if (channel->heard == NULL || !is_of_peer(known, run, channel->peer))
            continue;
        for (size_t k = 0; k < run->key_count && !is; k++)
            is = channel->heard[k] && is_about_key(known, run, k);
    }
    return is;
}

/* The partner holds it, whether or not that is enough for a hit this time. */
static bool is_held(const struct run *run, const struct known *known)
{
    bool held = known->taken;
    for (size_t i = 0; i < run->found_count && !held; i++)
        held = is_of_peer(known, run, run->found[i].peer) &&
               is_about_key(known, run, run->found[i].key);
    return held;
}

static void list_gone(struct gone_list *gone, const struct recalling *recalling)
{
    gone->items = arena_zalloc(recalling->run->arena, recalling->known_count + 1,
                               sizeof *gone->items);
    for (size_t i = 0; i < recalling->known_count; i++) {
        const struct known *known = &recalling->known[i];
        if (known->gone || is_held(recalling->run, known) ||
            !was_answered(recalling->run, known))
            continue;
        struct gone *item = &gone->items[gone->count++];
        *item = (struct gone){.hit = known->record, .version = known->version};
        memcpy(item->id, known->id, ENTRY_ID);
    }
}

enum status run_recall(struct again *again, struct gone_list *gone, struct run *run,
                       const struct found_hit *hits, size_t count, struct err *err)
{
    struct recalling recalling = {.run = run, .hits = hits, .again = again, .count = count};
    *gone = (struct gone_list){.items = NULL};
    enum status status = list_known(&recalling, err);
    for (size_t i = 0; i < count && status == OK; i++)
        find_same_tag(&recalling, i);
    for (size_t i = 0; i < count && status == OK; i++)
        if (again[i].held == 0)
            recall_item(&recalling, i);
    if (status == OK)
        list_gone(gone, &recalling);
    free(recalling.known);
    return status;
}
