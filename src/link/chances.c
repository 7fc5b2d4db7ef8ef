/* SPDX-License-Identifier: Apache-2.0 */
#include "link/chances.h"

#include <math.h>
#include <stdlib.h>

/* Pairs looked at; all there are, where they are fewer. */
enum { PAIRS_MOST = 8000 };

/* What is reckoned counts as so many pairs. */
static const double PAIRS_BEFORE = 100;

/* Of those on one street, who has the same house by chance. */
static const double HOUSE_SHARE = 1.0 / 64;

struct tally {
    uint64_t seen[SCORE_FIELDS][SCORE_LEVELS], of[SCORE_FIELDS];
};

static struct thing **list_persons(size_t *count, const struct side *side,
                                   bool protected_too)
{
    struct thing **persons = xcalloc(side->count + 1, sizeof *persons);
    *count = 0;
    for (size_t i = 0; i < side->count; i++)
        if (side->rows[i].thing != NULL && side->rows[i].thing->is_person &&
            (protected_too || !side->rows[i].is_protected))
            persons[(*count)++] = side->rows[i].thing;
    return persons;
}

/* One person, perhaps: a name and the birth date agree, or two names. */
static bool may_be_one(const struct score *score)
{
    size_t names = 0;
    for (size_t i = 0; i < score->name_count; i++)
        names += score->names[i] >= SCORE_SOUNDS;
    return names >= 2 || (names > 0 && score->levels[SCORE_DATE] >= SCORE_SIMILAR);
}

static void count_pair(struct tally *tally, const struct score *score)
{
    static const enum score_field fields[] = {SCORE_POSTCODE, SCORE_STREET, SCORE_TOWN};
    if (may_be_one(score))
        return;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        enum score_level level = score->levels[fields[i]];
        tally->seen[fields[i]][level]++;
        tally->of[fields[i]] += level != SCORE_UNKNOWN;
    }
    for (size_t i = 0; i < score->name_count; i++) {
        tally->seen[SCORE_NAME][score->names[i]]++;
        tally->of[SCORE_NAME] += score->names[i] != SCORE_UNKNOWN;
    }
}

/* Numbers in the same order every time: Knuth's multiplier. */
static size_t next_number(uint64_t *state, size_t limit)
{
    *state = *state * 6364136223846793005 + 1442695040888963407;
    return (size_t)((*state >> 33) % limit);
}

static void lay_side_by_side(struct tally *tally, struct thing *const *a, size_t a_count,
                             struct thing *const *b, size_t b_count,
                             const struct score_context *context)
{
    bool within = b == NULL;
    double all = within ? (double)a_count * ((double)a_count - 1) / 2
                        : (double)a_count * (double)b_count;
    struct arena arena = {0};
    struct score score;
    if (all <= PAIRS_MOST) {
        for (size_t i = 0; i < a_count; i++)
            for (size_t j = within ? i + 1 : 0; j < (within ? a_count : b_count); j++) {
                score_pair(&score, a[i], within ? a[j] : b[j], context, &arena);
                count_pair(tally, &score);
                arena_reset(&arena);
            }
    } else {
        uint64_t state = 1;
        for (size_t i = 0; i < PAIRS_MOST; i++) {
            size_t first = next_number(&state, a_count);
            size_t second = next_number(&state, within ? a_count - 1 : b_count);
            second += within && second >= first;
            score_pair(&score, a[first], within ? a[second] : b[second], context, &arena);
            count_pair(tally, &score);
            arena_reset(&arena);
        }
    }
    arena_release(&arena);
}

static void raise_u(struct score_weight *weight, double u)
{
    if (weight->m > 0)
        weight->u = fmax(weight->u, fmin(u, 0.99));
}

static double share_seen(const struct tally *tally, enum score_field field,
                         enum score_level level, double reckoned)
{
    return ((double)tally->seen[field][level] + PAIRS_BEFORE * reckoned) /
           ((double)tally->of[field] + PAIRS_BEFORE);
}

void chances_learn(struct score_weights *weights, const struct side *a,
                   const struct side *b, const struct frequency *frequency)
{
    size_t a_count, b_count = 0;
    struct thing **of_a = list_persons(&a_count, a, b == NULL);
    struct thing **of_b = b != NULL ? list_persons(&b_count, b, false) : NULL;
    struct tally tally = {.of = {0}};
    const struct score_context context = {weights, frequency, 1, NULL};
    if (b != NULL ? a_count > 0 && b_count > 0 : a_count > 1)
        lay_side_by_side(&tally, of_a, a_count, of_b, b_count, &context);
    struct score_weight(*own)[SCORE_LEVELS] = weights->of[THING_PERSON];
    for (size_t field = 0; field < SCORE_FIELDS; field++)
        for (size_t level = SCORE_PART; level < SCORE_SAME; level++)
            raise_u(&own[field][level],
                    share_seen(&tally, field, level, own[field][level].u));
    double street = own[SCORE_STREET][SCORE_PART].u;
    raise_u(&own[SCORE_STREET][SCORE_SAME],
            fmax(street * HOUSE_SHARE, share_seen(&tally, SCORE_STREET, SCORE_SAME,
                                                  own[SCORE_STREET][SCORE_SAME].u)));
    free(of_a);
    free(of_b);
}
