/* SPDX-License-Identifier: Apache-2.0 */
#include "match/publisher_inside.h"

#include "base/pool.h"

#include <sodium.h>
#include <stdlib.h>

/* EVALUATE is small because the last of a piece keeps the other threads waiting. */
enum { EVALUATE = 4, HASH = 64, BITS_MAX = 26 };

/* ---- What was held before ---- */

static size_t start_of(const uint8_t *digest, unsigned bits)
{
    return bits == 0 ? 0 : (size_t)(load_be64(digest) >> (64 - bits));
}

static void index_class(struct before *before, size_t from, size_t end)
{
    const struct holding *keys = before->holdings.keys;
    struct before_class *class = &before->classes[keys[from].class];
    while (class->bits < BITS_MAX && (end - from) >> class->bits > 2)
        class->bits++;
    size_t starts = (size_t)1 << class->bits, start = 0;
    class->starts = xcalloc(starts + 1, sizeof *class->starts);
    for (size_t i = from; i < end; i++)
        for (; start <= start_of(keys[i].digest, class->bits); start++)
            class->starts[start] = (uint32_t)i;
    for (; start <= starts; start++)
        class->starts[start] = (uint32_t)end;
}

static void before_init(struct before *before, struct holdings *holdings)
{
    before->holdings = *holdings;
    *holdings = (struct holdings){.records = NULL};
    before->seen = xcalloc(before->holdings.ref_count + 1, sizeof *before->seen);
    for (size_t from = 0, end; from < before->holdings.key_count; from = end) {
        const struct holding *keys = before->holdings.keys;
        for (end = from;
             end < before->holdings.key_count && keys[end].class == keys[from].class;)
            end++;
        index_class(before, from, end);
    }
}

void publisher_drop_before(struct publisher *publisher)
{
    struct before *before = &publisher->before;
    holdings_release(&before->holdings);
    free(before->seen);
    for (size_t i = 0; i < KEY_CLASSES; i++)
        free(before->classes[i].starts);
    *before = (struct before){.seen = NULL};
}

static const struct holding *find_before(const struct before *before, uint8_t class,
                                         const uint8_t *digest)
{
    const struct before_class *row = &before->classes[class];
    if (row->starts == NULL)
        return NULL;
    size_t start = start_of(digest, row->bits);
    for (size_t i = row->starts[start]; i < row->starts[start + 1]; i++)
        if (memcmp(before->holdings.keys[i].digest, digest, HOLDING_DIGEST) == 0)
            return &before->holdings.keys[i];
    return NULL;
}

/* The record's ref of the key; NULL: it had it not. */
static const struct holding_ref *find_ref(const struct holdings *holdings,
                                          const struct holding *key, uint64_t record)
{
    const struct holding_ref *refs = &holdings->refs[key->first];
    size_t low = 0, high = key->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (holdings->records[refs[middle].record].record < record)
            low = middle + 1;
        else
            high = middle;
    }
    return low < key->count && holdings->records[refs[low].record].record == record
               ? &refs[low]
               : NULL;
}

/* ---- Life ---- */

struct publisher *publisher_open(const struct publisher_options *options,
                                 struct holdings *before, struct pledges *pledges)
{
    struct publisher *publisher = xcalloc(1, sizeof *publisher);
    publisher->options = *options;
    memcpy(publisher->seed, options->seed, OPRF_SEED);
    publisher->options.seed = publisher->seed;
    publisher->options.last = NULL;
    if (options->last != NULL)
        publisher->last = *options->last;
    publisher->may_add = options->last != NULL && before->key_count > 0 &&
                         before->base_number == options->last->base_number;
    publisher->pledges = *pledges;
    publisher->pledges_kept = pledges->count;
    *pledges = (struct pledges){NULL, 0, 0};
    epoch_keys_init(&publisher->keys, publisher->seed, &options->circle);
    before_init(&publisher->before, before);
    return publisher;
}

void publisher_drop_held(struct publisher *publisher)
{
    outputs_release(&publisher->fresh_outputs);
    pledges_release(&publisher->fresh);
    free(publisher->held);
    publisher->held = NULL;
    publisher->count = publisher->capacity = 0;
}

void publisher_close(struct publisher *publisher)
{
    if (publisher == NULL)
        return;
    epoch_keys_release(&publisher->keys);
    sodium_memzero(publisher->seed, OPRF_SEED);
    publisher_drop_before(publisher);
    publisher_drop_held(publisher);
    pledges_release(&publisher->pledges);
    holdings_release(&publisher->holdings);
    for (size_t i = 0; i < KEY_CLASSES; i++)
        buf_release(&publisher->map_wires[i]);
    buf_release(&publisher->epoch_wire);
    free(publisher);
}

/* ---- Evaluating ---- */

struct piece {
    struct publisher *publisher;
    const struct publisher_key *keys;
    struct bytes *texts;
    struct held *held; /* one for each of the keys */
    struct was {
        const struct holding *key;     /* as it was held before, or NULL */
        const struct holding_ref *ref; /* and in this record */
    } * was;
    size_t count;
    size_t *evaluations; /* which of the keys are to be evaluated */
    size_t evaluation_count;
    size_t *promises; /* and which pledged */
    size_t promise_count;
};

static void know_step(void *context, size_t step, unsigned thread)
{
    const struct piece *piece = context;
    (void)thread;
    const struct before *before = &piece->publisher->before;
    for (size_t i = step * HASH; i < (step + 1) * HASH && i < piece->count; i++) {
        struct held *held = &piece->held[i];
        struct was *was = &piece->was[i];
        holdings_digest(held->digest, piece->publisher->options.seed, piece->texts[i]);
        was->key = find_before(before, held->class, held->digest);
        if (was->key != NULL)
            was->ref = find_ref(&before->holdings, was->key, held->record);
    }
}

static void enter(struct piece *piece, size_t at)
{
    struct publisher *publisher = piece->publisher;
    struct held *held = &piece->held[at];
    struct holdings *before = &publisher->before.holdings;
    const struct holding *key = piece->was[at].key;
    const struct holding_ref *ref = piece->was[at].ref;
    if (key == NULL) {
        bool is_new;
        held->output = (uint32_t)before->key_count +
                       outputs_number(&is_new, &publisher->fresh_outputs, held->digest);
        if (is_new)
            piece->evaluations[piece->evaluation_count++] = at;
    } else {
        held->output = (uint32_t)(key - before->keys);
    }
    held->was_there = ref != NULL;
    held->added = ref != NULL && ref->added;
    if (ref != NULL)
        publisher->before.seen[ref - before->refs] = true;
    /* A pledge that the tree of the last announcement has not is made anew. */
    if (ref != NULL && ref->pledge < publisher->pledges_kept) {
        held->pledge = ref->pledge;
        return;
    }
    held->pledge =
        (uint32_t)(publisher->pledges_kept + publisher->fresh.count + piece->promise_count);
    piece->promises[piece->promise_count++] = at;
}

static void evaluate(const struct piece *piece, size_t at)
{
    struct publisher *publisher = piece->publisher;
    const struct held *held = &piece->held[at];
    oprf_evaluate(publisher->fresh_outputs
                      .outputs[held->output - publisher->before.holdings.key_count],
                  publisher->keys.secret[held->class], piece->texts[at], OPRF_VERIFIABLE);
}

static void promise(const struct piece *piece, size_t at)
{
    struct publisher *publisher = piece->publisher;
    const struct held *held = &piece->held[at];
    uint8_t salt[PLEDGE_SALT];
    pledge_salt(salt, publisher->options.seed, held->digest, held->record);
    pledge_leaf(publisher->fresh.leaves[held->pledge - publisher->pledges_kept], salt,
                (enum key_class)held->class, piece->keys[at].key.value, held->record);
    sodium_memzero(salt, sizeof salt);
}

static size_t steps_of(size_t count, size_t step)
{
    return (count + step - 1) / step;
}

/* The dear ones first, and the cheap ones fill the end. */
static void work_step(void *context, size_t step, unsigned thread)
{
    const struct piece *piece = context;
    size_t dear = steps_of(piece->evaluation_count, EVALUATE);
    (void)thread;
    if (step < dear) {
        for (size_t i = step * EVALUATE;
             i < (step + 1) * EVALUATE && i < piece->evaluation_count; i++)
            evaluate(piece, piece->evaluations[i]);
        return;
    }
    for (size_t i = (step - dear) * HASH;
         i < (step - dear + 1) * HASH && i < piece->promise_count; i++)
        promise(piece, piece->promises[i]);
}

static enum status take_piece(struct piece *piece, struct arena *arena, struct err *err)
{
    struct publisher *publisher = piece->publisher;
    size_t wanted = publisher->count + piece->count;
    if (wanted > MAP_KEYS_MAX)
        return fail(err, TOO_LARGE, "more than %d keys to publish", MAP_KEYS_MAX);
    for (size_t i = 0; i < piece->count; i++) {
        enum status status = item_text(&piece->texts[i], &piece->keys[i].key, arena, err);
        if (status != OK)
            return status;
    }
    void *items = publisher->held;
    grow_to(&items, &publisher->capacity, wanted, sizeof *publisher->held);
    publisher->held = items;
    piece->held = publisher->held + publisher->count;
    for (size_t i = 0; i < piece->count; i++)
        piece->held[i] = (struct held){.class = (uint8_t)piece->keys[i].key.class,
                                       .record = piece->keys[i].record};
    publisher->count = wanted;
    return OK;
}

enum status publisher_add(struct publisher *publisher, const struct publisher_key *keys,
                          size_t count, struct err *err)
{
    struct arena arena = {0};
    struct piece piece = {
        .publisher = publisher,
        .keys = keys,
        .count = count,
        .texts = arena_zalloc(&arena, count + 1, sizeof *piece.texts),
        .was = arena_zalloc(&arena, count + 1, sizeof *piece.was),
        .evaluations = arena_zalloc(&arena, count + 1, sizeof *piece.evaluations),
        .promises = arena_zalloc(&arena, count + 1, sizeof *piece.promises),
    };
    struct pool *pool = publisher->options.pool;
    enum status status = take_piece(&piece, &arena, err);
    if (status == OK) {
        pool_run(pool, know_step, &piece, steps_of(count, HASH));
        for (size_t i = 0; i < count; i++)
            enter(&piece, i);
        pledges_reserve(&publisher->fresh, piece.promise_count);
        pool_run(pool, work_step, &piece,
                 steps_of(piece.evaluation_count, EVALUATE) +
                     steps_of(piece.promise_count, HASH));
        publisher->evaluated += piece.evaluation_count;
    }
    arena_release(&arena);
    return status;
}
