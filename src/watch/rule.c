/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/rule.h"

enum { SUBSTANCE = 1u << FACET_SUBSTANCE, COMMODITY = 1u << FACET_COMMODITY };

/* The commonest answer and how many rows give it; *known: rows that answer at all. */
static uint32_t commonest(size_t *count, size_t *known, const struct raised *raised,
                          unsigned f)
{
    const struct table_row *rows = raised->replay->options.rows;
    uint32_t best = 0;
    *count = *known = 0;
    for (size_t i = 0; i < raised->row_count; i++) {
        uint32_t value = rows[raised->rows[i]].value[f];
        if (value == 0)
            continue;
        ++*known;
        if (value == best)
            continue;
        size_t same = 0;
        for (size_t k = i; k < raised->row_count; k++)
            same += rows[raised->rows[k]].value[f] == value;
        if (same > *count) {
            *count = same;
            best = value;
        }
        /* A majority cannot be overtaken; without this, thousands of rows would take long. */
        if (2 * *count > raised->row_count && *count >= same)
            break;
    }
    return best;
}

static size_t allowed_misses(size_t count)
{
    return count < 3 ? 0 : count < 8 ? 1 : count / 4;
}

size_t rule_values(uint32_t out[SET_VALUES_MAX], const struct rule *rule, enum facet facet)
{
    const struct value_set *set = value_sets_find(&rule->sets, facet);
    out[0] = rule->value[facet];
    if (set == NULL)
        return out[0] != 0;
    for (unsigned i = 0; i < set->count; i++)
        out[i] = set->value[i];
    return set->count;
}

void rule_core(struct rule *rule, const struct raised *raised)
{
    const struct candidate *candidate = raised->candidate;
    const struct table_row *row = &raised->replay->options.rows[candidate->row];
    *rule = (struct rule){.core = candidate->mask, .named = candidate->mask};
    if (candidate->sets != NULL)
        rule->sets = *candidate->sets;
    for (unsigned f = 0; f < FACET_COUNT; f++)
        if ((candidate->mask >> f & 1) && !(rule->sets.open >> f & 1))
            rule->value[f] = row->value[f];
}

void rule_of(struct rule *rule, const struct raised *raised)
{
    const struct candidate *candidate = raised->candidate;
    rule_core(rule, raised);
    for (unsigned f = 0; f < FACET_COUNT; f++) {
        if (candidate->mask >> f & 1)
            continue;
        /* A circle's places are a list, made by who shows it. */
        if (f == FACET_COMMODITY || (f == FACET_PLACE && candidate->circle != NULL))
            continue;
        size_t count, known;
        uint32_t value = commonest(&count, &known, raised, f);
        size_t misses = raised->row_count - count;
        if (f == FACET_SUBSTANCE && (candidate->mask & COMMODITY) && misses > 0)
            continue;
        if (count < 2 || misses > allowed_misses(raised->row_count))
            continue;
        rule->value[f] = value;
        rule->named |= (uint16_t)(1u << f);
    }
    if ((rule->named & SUBSTANCE) && (rule->named & COMMODITY) &&
        !(rule->sets.open & COMMODITY)) {
        rule->value[FACET_COMMODITY] = 0;
        rule->named &= (uint16_t)~COMMODITY;
    } else if (!(rule->named & (SUBSTANCE | COMMODITY))) {
        size_t count, known;
        uint32_t value = commonest(&count, &known, raised, FACET_COMMODITY);
        if (count >= 2 && raised->row_count - count <= allowed_misses(raised->row_count)) {
            rule->value[FACET_COMMODITY] = value;
            rule->named |= COMMODITY;
        }
    }
}
