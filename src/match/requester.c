/* SPDX-License-Identifier: Apache-2.0 */
#include "match/requester.h"

#include "base/world.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

void match_hits_release(struct match_hits *hits)
{
    free(hits->items);
    *hits = (struct match_hits){NULL, 0, 0};
}

static struct blinding_tuple tuple_of(const struct requester *requester,
                                      enum key_class class, uint32_t batch)
{
    struct blinding_tuple tuple = {.seed = requester->options.seed,
                                   .epoch = requester->epoch.number,
                                   .class = class,
                                   .batch = batch};
    memcpy(tuple.peer, requester->options.peer, IDENTITY_KEY);
    return tuple;
}

enum status requester_begin(struct requester *requester,
                            const struct requester_options *options,
                            struct bytes epoch_wire, const struct match_item *items,
                            size_t count, struct err *err)
{
    *requester = (struct requester){.options = *options};
    struct epoch_expected expected = {options->peer, &options->circle, options->normaliser,
                                      world_now_s(options->world)};
    enum status status = ask_check_reason(&options->reason, err);
    if (status == OK)
        status = epoch_parse(&requester->epoch, epoch_wire, err);
    if (status == OK)
        status = epoch_check(&requester->epoch, &expected, err);
    if (status != OK)
        return status;
    struct blinding_tuple tuple = tuple_of(requester, 0, options->first_batch);
    status = plan_init(&requester->plan, &tuple, items, count, &requester->arena, err);
    if (status == OK)
        requester->out = arena_zalloc(&requester->arena, requester->plan.count + 1,
                                      sizeof *requester->out);
    return status;
}

void requester_release(struct requester *requester)
{
    if (requester == NULL)
        return;
    for (size_t i = 0; requester->out != NULL && i < requester->plan.count; i++)
        blinding_release(&requester->out[i].blinding);
    match_hits_release(&requester->hits);
    arena_release(&requester->arena);
    *requester = (struct requester){.plan = {NULL, 0, NULL}};
}

enum status requester_ask(struct buf *wire, struct requester *requester, size_t batch_index,
                          struct err *err)
{
    assert(requester_offered(requester, batch_index));
    const struct requester_options *options = &requester->options;
    const struct plan_batch *batch = &requester->plan.batches[batch_index];
    struct blinding_tuple tuple = tuple_of(requester, batch->class, batch->number);
    struct blinding *blinding = &requester->out[batch_index].blinding;
    enum status status = OK;
    blinding_release(blinding);
    blinding_init(blinding, &tuple, batch->items, batch->count, options->pool);

    struct ask ask = {.circle = options->circle,
                      .epoch = requester->epoch.number,
                      .class = batch->class,
                      .batch = batch->number,
                      .reason = options->reason,
                      .count = blinding->size,
                      .elements = blinding->elements};
    memcpy(ask.requester, options->identity->public_key, IDENTITY_KEY);
    memcpy(ask.responder, options->peer, IDENTITY_KEY);
    memcpy(ask.batch_id, blinding->batch_id, BATCH_ID);
    memcpy(ask.commitment, blinding->commitment, COMMITMENT);
    memcpy(ask.root, blinding->root, sizeof ask.root);
    if (options->sign == NULL) {
        ask_write(wire, &ask, options->identity);
    } else {
        ask_write_unsigned(wire, &ask);
        status = options->sign(options->sign_context, wire, err);
    }
    if (status == OK)
        message_digest(requester->out[batch_index].ask_digest, buf_bytes(wire));
    return status;
}

/* The answer is for this ask, by the peer, and every element was made with the announced
 * key. */
static enum status check_answer(const struct requester *requester,
                                const struct requester_batch *out,
                                const struct answer *answer, enum key_class class,
                                struct err *err)
{
    const struct blinding *blinding = &out->blinding;
    if (memcmp(answer->responder, requester->options.peer, IDENTITY_KEY) != 0)
        return fail(err, REFUSED,
                    "answer: signed by somebody other than the partner asked");
    if (memcmp(answer->ask_digest, out->ask_digest, DIGEST) != 0)
        return fail(err, REFUSED, "answer: it belongs to another ask");
    if (answer->count != blinding->size)
        return fail(err, REFUSED, "answer: %zu elements came back where %zu were asked",
                    answer->count, blinding->size);
    for (size_t from = 0, n = 0; from < answer->count; from += DLEQ_BATCH_MAX, n++) {
        size_t left = answer->count - from, bad;
        struct dleq_batch batch = {
            .public_key = requester->epoch.classes[class].public_key,
            .blinded = blinding->elements + from * OPRF_ELEMENT,
            .evaluated = answer->elements + from * OPRF_ELEMENT,
            .count = left < DLEQ_BATCH_MAX ? left : DLEQ_BATCH_MAX,
            .mode = OPRF_VERIFIABLE,
        };
        struct dleq_sums sums;
        if (!dleq_sum(&sums, &bad, &batch, requester->options.pool))
            return fail(err, REFUSED, "answer: element %zu is not a point of the group",
                        from + bad + 1);
        if (!dleq_verify(answer->proofs + n * DLEQ_PROOF, &batch, &sums))
            return fail(err, REFUSED,
                        "answer: the proof for elements %zu to %zu does not verify: "
                        "they were not made, in this order, with the key that the "
                        "epoch announces for class %s",
                        from + 1, from + batch.count, key_class_row(class)->name);
    }
    return OK;
}

static void add_hit(struct match_hits *hits, struct match_hit hit)
{
    void *items = hits->items;
    grow_to(&items, &hits->capacity, hits->count, sizeof hit);
    hits->items = items;
    hits->items[hits->count++] = hit;
}

/* Hits for every place in the list where the batch's k-th item stood. */
static void add_hits(struct requester *requester, const struct plan_batch *batch, size_t k,
                     const struct map_answer *found, const uint8_t output[OPRF_OUTPUT])
{
    struct match_hit hit = {.many = false};
    memcpy(hit.proof, output + HIT_PROOF, HIT_PROOF);
    size_t begin = k == 0 ? batch->begin : batch->ends[k - 1];
    for (size_t i = begin; i < batch->ends[k]; i++) {
        hit.item = requester->plan.sources[i];
        hit.many = found->many;
        hit.tag = 0;
        if (found->many)
            add_hit(&requester->hits, hit);
        for (unsigned t = 0; t < found->count; t++) {
            hit.tag = found->tags[t];
            hit.many = false;
            add_hit(&requester->hits, hit);
        }
    }
}

/* Unblind the places where items stand; padding is let lie. */
static enum status unblind(uint8_t *unblinded, const struct requester *requester,
                           const struct blinding *blinding, const struct answer *answer,
                           struct err *err)
{
    size_t len = blinding->items * OPRF_ELEMENT, bad;
    uint8_t *elements = xmalloc(len), *blinds = xmalloc(len), *inverses = xmalloc(len);
    for (size_t k = 0; k < blinding->items; k++) {
        size_t at = (size_t)blinding->positions[k] * OPRF_ELEMENT;
        memcpy(elements + k * OPRF_ELEMENT, answer->elements + at, OPRF_ELEMENT);
        memcpy(blinds + k * OPRF_SCALAR, blinding->blinds + at, OPRF_SCALAR);
    }
    oprf_invert_all(inverses, blinds, blinding->items);
    struct oprf_product product = {elements, inverses, OPRF_SCALAR_EACH, blinding->items};
    enum status status = OK;
    if (!oprf_multiply_all(unblinded, &bad, &product, requester->options.pool))
        status = fail(err, REFUSED, "answer: element %u is not a point of the group",
                      blinding->positions[bad] + 1);
    sodium_memzero(blinds, len);
    sodium_memzero(inverses, len);
    free(elements);
    free(blinds);
    free(inverses);
    return status;
}

enum status requester_take(struct requester *requester, size_t batch_index,
                           struct bytes answer_wire, const struct map *map, struct err *err)
{
    const struct plan_batch *batch = &requester->plan.batches[batch_index];
    struct requester_batch *out = &requester->out[batch_index];
    assert(out->blinding.items == batch->count && map->class == batch->class);
    struct answer answer;
    enum status status = answer_parse(&answer, answer_wire, err);
    if (status == OK)
        status = check_answer(requester, out, &answer, batch->class, err);
    if (status != OK)
        return status;
    size_t len = batch->count * OPRF_ELEMENT;
    uint8_t *unblinded = xmalloc(len), output[OPRF_OUTPUT];
    status = unblind(unblinded, requester, &out->blinding, &answer, err);
    for (size_t k = 0; k < batch->count && status == OK; k++) {
        struct map_answer found;
        oprf_finalize(output, batch->items[k], unblinded + k * OPRF_ELEMENT);
        map_find(&found, map, output);
        add_hits(requester, batch, k, &found, output);
    }
    sodium_memzero(output, sizeof output);
    sodium_memzero(unblinded, len);
    free(unblinded);
    blinding_release(&out->blinding);
    return status;
}

static int compare_hits(const void *a, const void *b)
{
    const struct match_hit *x = a, *y = b;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    return (x->tag > y->tag) - (x->tag < y->tag);
}

void requester_finish(struct match_hits *hits, struct requester *requester)
{
    *hits = requester->hits;
    requester->hits = (struct match_hits){NULL, 0, 0};
    if (hits->count > 0)
        qsort(hits->items, hits->count, sizeof *hits->items, compare_hits);
}
