/* SPDX-License-Identifier: Apache-2.0 */
#include "link/plain.h"

#include "link/chances.h"
#include "link/closure.h"
#include "link/score.h"

#include <math.h>
#include <stdlib.h>

/* A block that so many rows share is a habit (a big town's postcode with a common name). */
enum { BLOCK_ROWS_MAX = 100 };

struct member {
    uint64_t block;
    uint32_t row;
    bool of_b;
};

struct candidate {
    uint32_t a, b;
};

struct candidates {
    struct candidate *items;
    size_t count, capacity;
};

static int member_order(const void *left, const void *right)
{
    const struct member *a = left, *b = right;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    if (a->of_b != b->of_b)
        return a->of_b ? 1 : -1;
    return (a->row > b->row) - (a->row < b->row);
}

static int candidate_order(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static size_t count_blocks(const struct side *side)
{
    size_t count = 0;
    for (size_t i = 0; side != NULL && i < side->count; i++)
        count += side->rows[i].block_count;
    return count;
}

static size_t add_members(struct member *out, const struct side *side, bool of_b, bool two)
{
    size_t count = 0;
    for (size_t i = 0; side != NULL && i < side->count; i++) {
        const struct side_row *row = &side->rows[i];
        if (two && row->is_protected)
            continue;
        for (size_t k = 0; k < row->block_count; k++)
            out[count++] = (struct member){row->blocks[k], (uint32_t)i, of_b};
    }
    return count;
}

static void add_candidate(struct candidates *list, size_t a, size_t b)
{
    grow_to((void **)&list->items, &list->capacity, list->count, sizeof *list->items);
    list->items[list->count++] = (struct candidate){(uint32_t)a, (uint32_t)b};
}

static void sort_candidates(struct candidates *list)
{
    if (list->count == 0)
        return;
    qsort(list->items, list->count, sizeof *list->items, candidate_order);
    size_t kept = 1;
    for (size_t i = 1; i < list->count; i++)
        if (candidate_order(&list->items[kept - 1], &list->items[i]) != 0)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

/* Every two rows that share a block. Each pair is listed a few times over before it is made
 * unique, so the list is thinned whenever it has doubled. */
static void find_candidates(struct candidates *list, const struct side *a,
                            const struct side *b)
{
    bool two = b != NULL;
    struct member *members =
        xcalloc(count_blocks(a) + count_blocks(b) + 1, sizeof *members);
    size_t count = add_members(members, a, false, two), thinned = 1 << 20;
    count += add_members(members + count, b, true, two);
    if (count > 0)
        qsort(members, count, sizeof *members, member_order);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && members[to].block == members[from].block;)
            to++;
        if (to - from > BLOCK_ROWS_MAX)
            continue;
        for (size_t i = from; i < to; i++)
            for (size_t j = i + 1; j < to; j++)
                if (members[i].of_b != members[j].of_b || !two)
                    add_candidate(list, members[i].row, members[j].row);
        if (list->count > thinned) {
            sort_candidates(list);
            thinned = list->count * 2 > thinned ? list->count * 2 : thinned;
        }
    }
    free(members);
    sort_candidates(list);
}

/* Of hits by keys that birth dates or names, seen in the clear, speak against, wrong for each
 * that is right: of 47 among invented people 13 were wrong. */
static const double AGAINST_EXPECTED = 0.3;
/* Of sisters each of whose names has a word that the other has not, most. */
static const double SISTERS_EXPECTED = 3;
/* Of pairs that follow from other hits, and that are against each other so, 4 of 280 were wrong. */
static const double FOLLOWS_AGAINST_EXPECTED = 0.05;

static void say(struct decision *out, const char *why)
{
    if (out->why_count == DECISION_REASONS_MAX)
        out->why_count--;
    out->why[out->why_count++] = why;
}

static void say_against(struct decision *out, const struct score *score)
{
    say(out, score->levels[SCORE_DATE] == SCORE_DIFFERS && score->kind == THING_PERSON
                 ? "birth dates, seen in the clear, differ: another may be meant"
                 : "each name has a word that the other has not: another may be meant");
}

/* At least so many are wrong for one that is right. */
static void contradict(struct decision *out, const struct score *score, double expected)
{
    out->weak = true;
    out->expected_false = fmax(out->expected_false, expected);
    out->score = 1 / (1 + out->expected_false);
    out->least_false = expected;
    out->person_false = HUGE_VAL;
    say_against(out, score);
}

/* What the keys call a hit stays one, so that nothing is missed in the clear that the blind
 * comparison shows. Where birth dates or names speak against it, it says so. */
static void keep_keyed(struct decision *out, const struct score *score)
{
    out->keyed = true;
    if (!score->against || score->hit)
        return;
    contradict(out, score,
               score->kind == THING_PERSON ? AGAINST_EXPECTED : SISTERS_EXPECTED);
}

static bool is_person(const struct side_row *row)
{
    return row->thing != NULL && row->thing->is_person;
}

static void take_score(struct decision *out, const struct score *score)
{
    *out = (struct decision){
        .hit = score->hit,
        .weak = score->weak,
        .score = score->score,
        .expected_false = score->expected_false,
        .plain = score->kind == THING_PERSON,
        .person_false = score->kind == THING_PERSON ? score->person_false : HUGE_VAL,
        .accord = score->accord,
    };
    if (score->hit && score->against)
        out->least_false = score->expected_false;
    for (size_t i = 0; i < score->why_count && i < DECISION_REASONS_MAX; i++)
        out->why[out->why_count++] = score->why[i];
}

/* What keys found among persons, the whole records tell better: how likely it is, and why. Of
 * others, a number or a name that both hold is the reason, unless more is seen against it. */
static bool tells_better(const struct side_row *a, const struct side_row *b,
                         const struct pair *keyed, const struct score *score)
{
    return (is_person(a) && is_person(b)) || score->against || keyed->decision.part_of_name;
}

/* Of what keys found, those are none of whom no name agrees, seen in the clear. That keys saw names, or
 * letters of them, agree (misspelt beyond all likeness) counts in a long run alone. */
static bool is_refuted(const struct pair *keyed, const struct score *score,
                       const struct score_context *context)
{
    bool known = context->mixture->queries >= MIXTURE_LONG_RUN;
    return score->otherwise_named && !(known && keyed->decision.accord.names > 0);
}

/* Two lists in the same order become one: pairs by keys, and candidates that are scored. */
static void merge(struct pairs *pairs, const struct candidates *list, const struct side *a,
                  const struct side *b, const struct score_context *context)
{
    const struct side *second = b != NULL ? b : a;
    struct pairs merged = {0};
    size_t by_keys = 0;
    for (size_t i = 0; i < list->count || by_keys < pairs->count;) {
        struct candidate next = {0};
        const struct pair *known = by_keys < pairs->count ? &pairs->items[by_keys] : NULL;
        bool scored = i < list->count;
        if (scored)
            next = list->items[i];
        if (known != NULL) {
            struct candidate keyed = {(uint32_t)known->a, (uint32_t)known->b};
            int order = scored ? candidate_order(&keyed, &next) : -1;
            if (order <= 0)
                next = keyed;
            if (order > 0)
                known = NULL;
            scored = order >= 0;
        }
        i += scored;
        by_keys += known != NULL;
        const struct side_row *left = &a->rows[next.a], *right = &second->rows[next.b];
        struct pair pair = {.a = next.a, .b = next.b};
        if (known != NULL)
            pair.decision = known->decision;
        if (left->thing != NULL && right->thing != NULL) {
            struct arena_mark before = arena_mark(&pairs->arena);
            struct score score;
            score_pair(&score, left->thing, right->thing, context, &pairs->arena);
            if (score.hit && (known == NULL || tells_better(left, right, known, &score)))
                take_score(&pair.decision, &score);
            else
                arena_rewind(&pairs->arena, before);
            if (!score.hit && (known == NULL || is_refuted(known, &score, context)))
                continue;
            if (known != NULL)
                keep_keyed(&pair.decision, &score);
        } else if (known == NULL) {
            continue;
        }
        grow_to((void **)&merged.items, &merged.capacity, merged.count,
                sizeof *merged.items);
        merged.items[merged.count++] = pair;
    }
    free(pairs->items);
    pairs->items = merged.items;
    pairs->count = merged.count;
    pairs->capacity = merged.capacity;
}

/* Lays persons side by side once, to see how records of one and of others agree here. */
static void learn(struct mixture *mixture, const struct candidates *list,
                  const struct pairs *pairs, const struct side *a, const struct side *b,
                  const struct score_context *context)
{
    const struct side *second = b != NULL ? b : a;
    struct candidates all = {0};
    struct arena arena = {0};
    size_t step = pairs_learn_step(a);
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].a % step == 0)
            add_candidate(&all, list->items[i].a, list->items[i].b);
    for (size_t i = 0; i < pairs->count; i++)
        if (pairs->items[i].a % step == 0)
            add_candidate(&all, pairs->items[i].a, pairs->items[i].b);
    sort_candidates(&all);
    struct accord *seen = xcalloc(all.count + 1, sizeof *seen);
    size_t count = 0;
    for (size_t i = 0; i < all.count; i++) {
        const struct side_row *left = &a->rows[all.items[i].a],
                              *right = &second->rows[all.items[i].b];
        if (!is_person(left) || !is_person(right))
            continue;
        struct score score;
        score_pair(&score, left->thing, right->thing, context, &arena);
        arena_reset(&arena);
        if (score.kind == THING_PERSON)
            seen[count++] = score.accord;
    }
    mixture_init(mixture, MIXTURE_PLAIN);
    mixture_learn(mixture, seen, count, side_persons(a, b == NULL) / step);
    arena_release(&arena);
    free(seen);
    free(all.items);
}

struct looking {
    const struct side *a, *b;
    const struct score_context *context;
    struct arena *arena;
};

/* Of link/closure: what two rows show in the clear. */
static bool look_plainly(struct decision *out, size_t a, size_t b, void *context)
{
    const struct looking *looking = context;
    const struct side_row *left = &looking->a->rows[a], *right = &looking->b->rows[b];
    struct score score;
    *out = (struct decision){.plain = true, .person_false = HUGE_VAL};
    if (!is_person(left) || !is_person(right))
        return false;
    score_pair(&score, left->thing, right->thing, looking->context, looking->arena);
    if (score.otherwise_named)
        return false;
    take_score(out, &score);
    if (score.against) {
        out->least_false = FOLLOWS_AGAINST_EXPECTED;
        say_against(out, &score);
    }
    if (score.other_sex || score.levels[SCORE_NUMBER] == SCORE_DIFFERS)
        out->least_false = AGAINST_EXPECTED;
    return true;
}

/* ---- what follows by keys ---- */

struct followed {
    struct pair *items;
    size_t count;
};

/* The clear finds by its own hits what follows, and judges: first without these. */
static void take_followed(struct followed *out, struct pairs *pairs)
{
    size_t kept = 0;
    *out = (struct followed){.items = xcalloc(pairs->count + 1, sizeof *out->items)};
    for (size_t i = 0; i < pairs->count; i++) {
        bool follows = pairs->items[i].decision.follows;
        if (follows)
            out->items[out->count++] = pairs->items[i];
        else
            pairs->items[kept++] = pairs->items[i];
    }
    pairs->count = kept;
}

/* All hits on the way, from row to row, are hits in the clear, too. Between two files it goes from one
 * to the other and back. */
static bool still_follows(const struct pair *pair, const struct pairs *pairs, size_t count,
                          bool two)
{
    size_t from = pair->a;
    for (size_t i = 0; i <= pair->via_count; i++) {
        size_t to = i < pair->via_count ? pair->via[i] : pair->b;
        bool turn = two ? i % 2 == 1 : to < from;
        if (pairs_at(pairs, count, turn ? to : from, turn ? from : to) == NULL)
            return false;
        from = to;
    }
    return true;
}

static bool has_one_name(const struct thing *thing)
{
    return thing->name_count == 1 && thing->names[0].count == 1;
}

/* Of one a name alone is known, and the other has it not, or misspelt: of two born on one day the third
 * record says whether they are one person. */
static bool may_lack_a_name(const struct score *score, const struct thing *a,
                            const struct thing *b)
{
    return score->levels[SCORE_DATE] == SCORE_SAME && (has_one_name(a) || has_one_name(b));
}

/* What follows by keys stays, as what keys find does, but where both are named otherwise. */
static void add_followed(struct pairs *pairs, const struct followed *followed,
                         struct looking *looking, bool two)
{
    size_t known = pairs->count;
    for (size_t i = 0; i < followed->count; i++) {
        struct pair pair = followed->items[i];
        const struct side_row *left = &looking->a->rows[pair.a],
                              *right = &looking->b->rows[pair.b];
        struct score score;
        if (pairs_at(pairs, known, pair.a, pair.b) != NULL || !is_person(left) ||
            !is_person(right) || !still_follows(&pair, pairs, known, two))
            continue;
        score_pair(&score, left->thing, right->thing, looking->context, looking->arena);
        if (score.otherwise_named && !may_lack_a_name(&score, left->thing, right->thing))
            continue;
        if (score.against && !score.otherwise_named)
            contradict(&pair.decision, &score, FOLLOWS_AGAINST_EXPECTED);
        grow_to((void **)&pairs->items, &pairs->capacity, pairs->count,
                sizeof *pairs->items);
        pairs->items[pairs->count++] = pair;
    }
    if (pairs->count > known)
        pairs_sort(pairs);
    free(followed->items);
}

void plain_add(struct pairs *pairs, const struct side *a, const struct side *b,
               uint64_t population)
{
    struct candidates list = {0};
    struct frequency frequency = {0};
    struct score_weights weights;
    struct mixture mixture;
    score_weights_init(&weights);
    const struct side *sides[2] = {a, b};
    for (size_t s = 0; s < 2 && sides[s] != NULL; s++)
        for (size_t i = 0; i < sides[s]->count; i++)
            if (sides[s]->rows[i].thing != NULL)
                score_frequency_add(&frequency, sides[s]->rows[i].thing);
    frequency_settle(&frequency);
    chances_learn(&weights, a, b, &frequency);
    if (pairs->review != NULL)
        review_weights(&weights, pairs->review);
    find_candidates(&list, a, b);
    struct score_context context = {&weights, &frequency, population, NULL};
    learn(&mixture, &list, pairs, a, b, &context);
    context.mixture = &mixture;
    struct followed followed;
    take_followed(&followed, pairs);
    merge(pairs, &list, a, b, &context);
    struct looking looking = {a, b != NULL ? b : a, &context, &pairs->arena};
    if (pairs_may_follow(a, b == NULL))
        closure_add(pairs, &(struct closure){.within = b == NULL,
                                             .most = mixture_doubt_max(&mixture),
                                             .look = look_plainly,
                                             .context = &looking});
    pairs_thin(pairs);
    add_followed(pairs, &followed, &looking, b != NULL);
    pairs_tell_reviewed(pairs, &mixture, MIXTURE_PLAIN);
    free(list.items);
    frequency_release(&frequency);
}
