/* SPDX-License-Identifier: Apache-2.0 */
#include "link/review.h"

#include "link/logit.h"

#include <math.h>
#include <stdlib.h>

/* Of the same person's numbers, what is rarer is theirs alone: it needs no weight. */
static const double NUMBERS_LEAST = 0.01;
/* Of a coefficient, in nats squared; of just one agreement of persons. */
static const double VARIANCE = 0.3, AGREEMENT_VARIANCE = 1;
/* What is kept is rounded to so many bits, and stays finite. */
enum { ROUND_BITS = 2, BITS_MOST = 60 };

static double finite_bits(double number)
{
    double bits = number > 0 ? log2(number) : -(double)BITS_MOST;
    return fmin(fmax(bits, -(double)BITS_MOST), BITS_MOST);
}

static double rounded(double number)
{
    return exp2(ROUND_BITS * round(finite_bits(number) / ROUND_BITS));
}

/* ---- What is kept of a pair ---- */

static bool same_agreement(const struct reviewed *a, const struct reviewed *b)
{
    const struct accord *x = &a->accord, *y = &b->accord;
    return a->kind == b->kind && a->by_keys == b->by_keys && x->names == y->names &&
           x->date == y->date && x->place == y->place;
}

static bool agrees_alike(const struct reviewed *a, const struct reviewed *b)
{
    const struct accord *x = &a->accord, *y = &b->accord;
    if (a->kind != b->kind)
        return false;
    if (a->kind != THING_PERSON)
        return a->stated == b->stated &&
               memcmp(a->levels, b->levels, sizeof a->levels) == 0 &&
               memcmp(a->names, b->names, sizeof a->names) == 0;
    return same_agreement(a, b) && x->place_most == y->place_most &&
           x->strangers == y->strangers && x->rarer_letters == y->rarer_letters &&
           x->numbers == y->numbers;
}

bool review_merge(struct review *review, const struct reviewed *row)
{
    for (size_t i = 0; i < review->count; i++)
        if (agrees_alike(&review->rows[i], row)) {
            review->rows[i].same += row->same;
            review->rows[i].different += row->different;
            return true;
        }
    if (review->count == REVIEW_ROWS_MAX)
        return false;
    review->rows[review->count++] = *row;
    return true;
}

static struct accord rounded_accord(const struct accord *accord)
{
    struct accord kept = *accord;
    kept.strangers = rounded(accord->strangers);
    kept.rarer_letters = round(accord->rarer_letters);
    kept.numbers = exp2(round(log2(accord->numbers)));
    return kept;
}

static bool add_person(struct review *review, struct reviewed row,
                       const struct accord *accord, bool by_keys)
{
    if (accord->numbers < NUMBERS_LEAST)
        return false;
    row.kind = THING_PERSON;
    row.by_keys = by_keys;
    row.accord = rounded_accord(accord);
    return review_merge(review, &row);
}

static size_t share_keys(struct key *shared, const struct key_list *a,
                         const struct key_list *b)
{
    size_t count = 0;
    for (size_t i = 0, j = 0; i < a->count && j < b->count && count < KEYS_RECORD_MAX;) {
        int order = key_compare(&a->items[i], &b->items[j]);
        if (order == 0)
            shared[count++] = a->items[i];
        i += order <= 0;
        j += order >= 0;
    }
    return count;
}

bool review_agreement(struct buf *out, const struct decision *decision)
{
    struct review *review = xcalloc(1, sizeof *review);
    const struct reviewed row = {.same = 0};
    bool some = decision->counted && add_person(review, row, &decision->accord, true);
    if (some)
        review_write(out, review);
    free(review);
    return some;
}

static bool add_by_keys(struct review *review, const struct reviewed *row,
                        const struct review_world *world, const struct key_list *a,
                        const struct key_list *b, struct arena *arena)
{
    struct key shared[KEYS_RECORD_MAX];
    struct decision decision;
    const struct decide_query query = {.population = world->population,
                                       .parts = &world->parts,
                                       .asks = decide_asks(a->items, a->count)};
    decide_query(&decision, shared, share_keys(shared, a, b), &query, arena);
    return decision.counted && add_person(review, *row, &decision.accord, true);
}

static bool add_plainly(struct review *review, const struct reviewed *decided,
                        const struct review_world *world, const struct thing *a,
                        const struct thing *b, struct arena *arena)
{
    struct score_weights weights;
    struct mixture mixture;
    struct score score;
    struct reviewed row = *decided;
    score_weights_init(&weights);
    mixture_init(&mixture, MIXTURE_PLAIN);
    const struct score_context context = {&weights, &world->values, world->population,
                                          &mixture};
    score_pair(&score, a, b, &context, arena);
    if (a->kind != b->kind || score.name_count == 0)
        return false;
    if (score.kind == THING_PERSON)
        return add_person(review, row, &score.accord, false);
    if (score.levels[SCORE_NUMBER] == SCORE_SAME)
        return false;
    row.kind = score.kind;
    row.stated = rounded(score.expected_false);
    for (size_t i = 0; i < score.name_count; i++)
        row.names[score.names[i]]++;
    for (size_t field = SCORE_NAME + 1; field < SCORE_FIELDS; field++)
        row.levels[field] = (uint8_t)score.levels[field];
    return review_merge(review, &row);
}

void review_world_add(struct review_world *world, const struct record *record)
{
    struct arena arena = {0};
    struct key_list keys = {0};
    struct thing thing = {0};
    keys_of_record(&keys, record, &arena);
    thing_of_record(&thing, record, keys.items, keys.count, &arena);
    world->population++;
    decide_count(&world->parts, keys.items, keys.count);
    score_frequency_add(&world->values, &thing);
    arena_release(&arena);
}

void review_world_settle(struct review_world *world)
{
    frequency_settle(&world->parts);
    frequency_settle(&world->values);
}

void review_world_release(struct review_world *world)
{
    frequency_release(&world->parts);
    frequency_release(&world->values);
}

bool review_add(struct review *review, const struct review_world *world,
                const struct record *a, const struct record *b, bool same)
{
    struct arena arena = {0};
    struct key_list keys_a = {0}, keys_b = {0};
    struct thing thing_a = {0}, thing_b = {0};
    const struct reviewed row = {.same = same, .different = !same};
    keys_of_record(&keys_a, a, &arena);
    keys_of_record(&keys_b, b, &arena);
    thing_of_record(&thing_a, a, keys_a.items, keys_a.count, &arena);
    thing_of_record(&thing_b, b, keys_b.items, keys_b.count, &arena);
    bool counted = add_by_keys(review, &row, world, &keys_a, &keys_b, &arena);
    counted |= add_plainly(review, &row, world, &thing_a, &thing_b, &arena);
    arena_release(&arena);
    return counted;
}

/* ---- Fitting ---- */

/* The features of persons: one for all, the levels, and one for each agreement of which some were decided. */
enum {
    ANY,
    NAMES,
    DATES = NAMES + MIXTURE_NAMES,
    PLACES = DATES + MIXTURE_DATES,
    AGREEMENTS = PLACES + MIXTURE_PLACES,
    PERSON_FEATURES = AGREEMENTS + REVIEW_ROWS_MAX
};
_Static_assert((int)PERSON_FEATURES <= (int)LOGIT_FEATURES_MAX, "a coefficient each");
_Static_assert((int)SCORE_FIELDS *(int)SCORE_LEVELS <= (int)LOGIT_FEATURES_MAX,
               "a coefficient each");

static void add_feature(struct logit_case *group, size_t which, double times)
{
    if (times > 0 && group->feature_count < LOGIT_CASE_FEATURES_MAX) {
        group->features[group->feature_count].which = (uint8_t)which;
        group->features[group->feature_count++].times = times;
    }
}

static size_t feature_of(size_t field, size_t level)
{
    return field * SCORE_LEVELS + level;
}

/* The first row of persons that agree so. */
static size_t agreement_of(const struct review *review, const struct reviewed *row)
{
    size_t i = 0;
    while (!same_agreement(&review->rows[i], row))
        i++;
    return i;
}

static void make_case(struct logit_case *group, const struct review *review,
                      const struct reviewed *row, double stated)
{
    *group = (struct logit_case){.offset = M_LN2 * finite_bits(stated),
                                 .cases = (double)(row->same + row->different),
                                 .positive = (double)row->different};
    if (row->kind == THING_PERSON) {
        add_feature(group, ANY, 1);
        add_feature(group, (size_t)NAMES + row->accord.names, 1);
        add_feature(group, (size_t)DATES + row->accord.date, 1);
        add_feature(group, (size_t)PLACES + row->accord.place, 1);
        add_feature(group, AGREEMENTS + agreement_of(review, row), 1);
        return;
    }
    for (size_t level = SCORE_DIFFERS; level < SCORE_LEVELS; level++)
        add_feature(group, feature_of(SCORE_NAME, level), row->names[level]);
    for (size_t field = SCORE_NAME + 1; field < SCORE_FIELDS; field++)
        if (row->levels[field] != SCORE_UNKNOWN)
            add_feature(group, feature_of(field, row->levels[field]), 1);
}

/* One way of comparing: a kind of thing, or persons by keys. */
struct way {
    enum thing_kind kind;
    bool by_keys;
};

static bool is_of(const struct reviewed *row, const struct way *way)
{
    return row->kind == way->kind && row->by_keys == way->by_keys;
}

/* stated: of each row, beside them. Gives how many rows are of the way. */
static size_t fit(double coefficients[static LOGIT_FEATURES_MAX],
                  const struct review *review, const struct way *way, const double *stated)
{
    struct logit_case cases[REVIEW_ROWS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < review->count; i++)
        if (is_of(&review->rows[i], way))
            make_case(&cases[count++], review, &review->rows[i], stated[i]);
    double variances[LOGIT_FEATURES_MAX];
    for (size_t f = 0; f < LOGIT_FEATURES_MAX; f++)
        variances[f] =
            way->kind == THING_PERSON && f >= AGREEMENTS ? AGREEMENT_VARIANCE : VARIANCE;
    logit_fit(coefficients, cases, count, variances);
    return count;
}

static double bounded(double bits)
{
    return fmin(fmax(bits, 0), REVIEWED_BITS_MAX);
}

static double in_bits(double nats)
{
    return nats * M_LOG2E;
}

void review_fit(struct review_doubt *out, const struct review *review,
                const struct mixture *mixture, enum mixture_kind kind)
{
    double coefficients[LOGIT_FEATURES_MAX], stated[REVIEW_ROWS_MAX];
    const struct way way = {THING_PERSON, kind == MIXTURE_KEYS};
    *out = (struct review_doubt){0};
    for (size_t i = 0; i < review->count; i++)
        if (is_of(&review->rows[i], &way))
            stated[i] = mixture_doubt(mixture, &review->rows[i].accord);
    if (fit(coefficients, review, &way, stated) == 0)
        return;
    out->any = in_bits(coefficients[ANY]);
    for (size_t i = 0; i < MIXTURE_NAMES; i++)
        out->names[i] = in_bits(coefficients[NAMES + i]);
    for (size_t i = 0; i < MIXTURE_DATES; i++)
        out->dates[i] = in_bits(coefficients[DATES + i]);
    for (size_t i = 0; i < MIXTURE_PLACES; i++)
        out->places[i] = in_bits(coefficients[PLACES + i]);
    for (size_t i = 0; i < review->count; i++) {
        const struct accord *accord = &review->rows[i].accord;
        if (!is_of(&review->rows[i], &way))
            continue;
        out->decided[accord->names][accord->date][accord->place] = true;
        out->agreements[accord->names][accord->date][accord->place] =
            in_bits(coefficients[AGREEMENTS + agreement_of(review, &review->rows[i])]);
    }
}

double review_factor(const struct review_doubt *doubt, const struct accord *accord)
{
    double bits = doubt->any + doubt->names[accord->names] + doubt->dates[accord->date] +
                  doubt->places[accord->place] +
                  doubt->agreements[accord->names][accord->date][accord->place];
    bool decided = doubt->decided[accord->names][accord->date][accord->place];
    return exp2(fmin(bounded(bits), decided ? REVIEWED_BITS_MAX : REVIEWED_BITS_BESIDE));
}

void review_weights(struct score_weights *weights, const struct review *review)
{
    double coefficients[LOGIT_FEATURES_MAX], stated[REVIEW_ROWS_MAX];
    for (size_t i = 0; i < review->count; i++)
        stated[i] = review->rows[i].stated;
    for (size_t kind = 0; kind < THING_KINDS; kind++) {
        const struct way way = {(enum thing_kind)kind, false};
        if (kind == THING_PERSON || fit(coefficients, review, &way, stated) == 0)
            continue;
        for (size_t field = 0; field < SCORE_FIELDS; field++)
            for (size_t level = 0; level < SCORE_LEVELS; level++)
                weights->reviewed[kind][field][level] =
                    in_bits(coefficients[feature_of(field, level)]);
    }
}

/* ---- Telling ---- */

const char *review_sentence(const struct review *review, const struct accord *accord,
                            enum mixture_kind kind, struct arena *arena)
{
    const struct way way = {THING_PERSON, kind == MIXTURE_KEYS};
    unsigned long long same = 0, different = 0;
    for (size_t i = 0; i < review->count; i++) {
        const struct reviewed *row = &review->rows[i];
        if (is_of(row, &way) && row->accord.names == accord->names &&
            row->accord.date == accord->date && row->accord.place == accord->place) {
            same += row->same;
            different += row->different;
        }
    }
    if (same + different == 0)
        return NULL;
    return arena_printf(arena,
                        "people decided of pairs that agree so: %llu the same, %llu not",
                        same, different);
}

/* The row's features, counted into the lessons of a way. */
static void count_lessons(struct review_lesson by_feature[static LOGIT_FEATURES_MAX],
                          const struct review *review, const struct reviewed *row)
{
    struct logit_case group;
    make_case(&group, review, row, 1);
    for (size_t i = 0; i < group.feature_count; i++) {
        struct review_lesson *lesson = &by_feature[group.features[i].which];
        lesson->same += row->same;
        lesson->different += row->different;
    }
}

static void name_lesson(struct review_lesson *lesson, size_t feature, const struct way *way)
{
    enum mixture_kind kind = way->by_keys ? MIXTURE_KEYS : MIXTURE_PLAIN;
    if (way->kind != THING_PERSON) {
        lesson->field = score_field_word((enum score_field)(feature / SCORE_LEVELS));
        lesson->level = score_level_word((enum score_level)(feature % SCORE_LEVELS));
    } else if (feature == ANY) {
        lesson->field = "all";
        lesson->level = "any";
    } else if (feature < DATES) {
        lesson->field = "names";
        lesson->level = mixture_name_word(kind, feature - NAMES);
    } else if (feature < PLACES) {
        lesson->field = "date";
        lesson->level = mixture_date_word(feature - DATES);
    } else {
        lesson->field = "place";
        lesson->level = mixture_place_word(feature - PLACES);
    }
}

/* As it will be stated: no less than it was, and no more than the bound. */
static double wrong_with(const struct review *review, const struct reviewed *row,
                         double stated,
                         const double coefficients[static LOGIT_FEATURES_MAX])
{
    struct logit_case group;
    double nats = 0;
    make_case(&group, review, row, stated);
    for (size_t i = 0; i < group.feature_count; i++)
        nats += group.features[i].times * coefficients[group.features[i].which];
    return group.cases * decision_wrong(stated * exp2(bounded(in_bits(nats))));
}

size_t review_lessons(struct review_sum *sum,
                      struct review_lesson lessons[static REVIEW_LESSONS_MAX],
                      const struct review *review, size_t way_number)
{
    double coefficients[LOGIT_FEATURES_MAX], stated[REVIEW_ROWS_MAX];
    struct review_lesson by_feature[LOGIT_FEATURES_MAX] = {{0}};
    struct mixture mixture;
    /* Persons by keys, persons, organisations ... */
    const struct way way = {
        (enum thing_kind)(way_number == 0 ? THING_PERSON : way_number - 1),
        way_number == 0};
    mixture_init(&mixture, way.by_keys ? MIXTURE_KEYS : MIXTURE_PLAIN);
    for (size_t i = 0; i < review->count; i++)
        stated[i] = review->rows[i].kind == THING_PERSON
                        ? mixture_doubt(&mixture, &review->rows[i].accord)
                        : review->rows[i].stated;
    *sum = (struct review_sum){.schema = thing_kind_word(way.kind),
                               .by = way.by_keys ? "keys" : "plain"};
    if (fit(coefficients, review, &way, stated) == 0)
        return 0;
    for (size_t i = 0; i < review->count; i++) {
        const struct reviewed *row = &review->rows[i];
        if (!is_of(row, &way))
            continue;
        count_lessons(by_feature, review, row);
        sum->same += row->same;
        sum->different += row->different;
        sum->stated += (double)(row->same + row->different) * decision_wrong(stated[i]);
        sum->learned += wrong_with(review, row, stated[i], coefficients);
    }
    size_t count = 0;
    size_t end = way.kind == THING_PERSON ? AGREEMENTS : REVIEW_LESSONS_MAX;
    for (size_t f = 0; f < end; f++) {
        if (by_feature[f].same + by_feature[f].different == 0)
            continue;
        lessons[count] = by_feature[f];
        lessons[count].bits = in_bits(coefficients[f]);
        name_lesson(&lessons[count++], f, &way);
    }
    return count;
}
