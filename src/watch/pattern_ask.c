/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in the counters of watch/pattern, for who asks about one rule.
 */
#include "watch/pattern.h"

#include "base/memory.h"
#include "watch/pattern_judge.h"

#include <string.h>

/* The row alone, as a batch of one, as its counters stand. */
static const struct batch_row *look_up(struct pattern *pattern, uint32_t index)
{
    struct pattern_batch *batch = pattern->batch;
    pattern_batch_clear(batch);
    pattern_batch_push(pattern, index);
    grow_to((void **)&batch->states, &batch->state_capacity, batch->entries,
            sizeof *batch->states);
    const struct batch_row *row = &batch->rows[0];
    const struct shape *shape = row->shape;
    struct pattern_scratch *s = pattern->scratch[0];
    grow_to((void **)&s->hash, &s->hash_capacity, batch->entries, sizeof *s->hash);
    shape_hash(s->hash, shape, row->value, shape->masks, shape->mask_count);
    for (size_t shard = 0; shard < SHAPE_SHARDS; shard++)
        for (size_t i = shape->from[shard]; i < shape->from[shard + 1]; i++) {
            const struct counts *counts = &pattern->rules[shard];
            const struct count_slot *slot = counts_find(counts, s->hash[i]);
            batch->states[i] = (struct counts_state){.total = 0};
            if (slot == NULL)
                continue;
            counts_sums(batch->states[i].sums, counts, slot, pattern->now);
            batch->states[i].total = slot->total;
        }
    return row;
}

void pattern_probe(struct candidate *out, struct pattern *pattern, uint32_t index,
                   unsigned mask)
{
    *out = (struct candidate){.row = index, .mask = (uint16_t)mask};
    judge_rule(out, pattern->scratch[0], pattern, look_up(pattern, index), mask);
    out->row = index;
    out->mask = (uint16_t)mask;
}

void pattern_counters(uint32_t *total, uint32_t sums[COUNTS_WINDOWS],
                      struct pattern *pattern, uint32_t index, unsigned mask)
{
    const struct shape *shape = look_up(pattern, index)->shape;
    *total = 0;
    memset(sums, 0, COUNTS_WINDOWS * sizeof *sums);
    for (size_t i = 0; i < shape->mask_count; i++) {
        if (shape_global(shape, shape->masks[i]) != mask)
            continue;
        *total = pattern->batch->states[i].total;
        memcpy(sums, pattern->batch->states[i].sums, COUNTS_WINDOWS * sizeof *sums);
    }
}

void pattern_weigh(struct weighed *out, struct pattern *pattern, unsigned mask,
                   const uint32_t value[FACET_COUNT], size_t window)
{
    unsigned agency = value[FACET_AGENCY] != 0 ? 1u << FACET_AGENCY : 0;
    struct asked_rule asked = {.shape =
                                   shapes_find(&pattern->shapes, mask | agency, ROLE_FIRST),
                               .value = value,
                               .mask = mask};
    judge_values(out, pattern->scratch[0], pattern, &asked, window);
}

bool pattern_holds(const struct pattern *pattern, uint32_t i,
                   const struct candidate *candidate)
{
    const struct value_sets *sets = candidate->sets;
    unsigned open = sets != NULL ? sets->open : 0;
    if (!pattern_matches_at(pattern, i, candidate->row, candidate->mask & ~open))
        return false;
    for (unsigned k = 0; sets != NULL && k < sets->count; k++)
        if (!value_set_has(&sets->set[k], pattern->rows[i].value[sets->set[k].facet]))
            return false;
    return pattern_counts_row(&pattern->rows[i], candidate->mask);
}
