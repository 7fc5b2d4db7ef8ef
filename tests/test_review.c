/* SPDX-License-Identifier: Apache-2.0
 *
 * What people decided: the fit is where its slope is nothing, a few decisions move little and many
 * say how it is, rows survive their text, and what is wrong with a text is said.
 */
#include "link/review.h"

#include "base/world.h"
#include "check.h"
#include "link/logit.h"
#include "link/pairs.h"

#include <math.h>
#include <stdlib.h>

static struct world_seeded seeded;

static double draw(void)
{
    uint32_t number;
    world_random(&seeded.world, &number, sizeof number);
    return (double)number / 4294967296.0;
}

/* ---- The fit ---- */

enum { CASES = 40, RUNS = 30 };

static void draw_case(struct logit_case *group)
{
    *group = (struct logit_case){.offset = 12 * draw() - 9, .cases = floor(30 * draw())};
    group->positive = floor((group->cases + 1) * draw());
    for (size_t f = 0; f < 6; f++)
        if (draw() < 0.4) {
            group->features[group->feature_count].which = (uint8_t)(f * 9);
            group->features[group->feature_count++].times = floor(1 + 2 * draw());
        }
}

/* What is maximised is concave: where the slope is nothing is its top. */
static void test_fit(void)
{
    static struct logit_case cases[CASES];
    double coefficients[LOGIT_FEATURES_MAX];
    for (size_t run = 0; run < RUNS; run++) {
        double variances[LOGIT_FEATURES_MAX];
        for (size_t f = 0; f < LOGIT_FEATURES_MAX; f++)
            variances[f] = 0.1 + draw();
        for (size_t i = 0; i < CASES; i++)
            draw_case(&cases[i]);
        logit_fit(coefficients, cases, CASES, variances);
        double steepest = 0, largest = 0;
        for (size_t f = 0; f < LOGIT_FEATURES_MAX; f++) {
            double slope = -coefficients[f] / variances[f];
            for (size_t i = 0; i < CASES; i++) {
                double log_odds = cases[i].offset, times = 0;
                for (size_t k = 0; k < cases[i].feature_count; k++) {
                    log_odds += cases[i].features[k].times *
                                coefficients[cases[i].features[k].which];
                    if (cases[i].features[k].which == f)
                        times = cases[i].features[k].times;
                }
                slope +=
                    times * (cases[i].positive - cases[i].cases / (1 + exp(-log_odds)));
            }
            steepest = fmax(steepest, fabs(slope));
            largest = fmax(largest, fabs(coefficients[f]));
        }
        CHECK_SEEN(steepest < 1e-4, "slope %g", steepest);
        CHECK(largest > 0.1);
    }
    static const double wide[LOGIT_FEATURES_MAX] = {[0 ... LOGIT_FEATURES_MAX - 1] = 1};
    logit_fit(coefficients, cases, 0, wide);
    for (size_t f = 0; f < LOGIT_FEATURES_MAX; f++)
        CHECK(coefficients[f] == 0);
}

/* ---- Persons ---- */

static const struct accord twin = {.names = 4, .date = 5, .strangers = 1e-6, .numbers = 1};
static const struct accord whole = {.names = 7, .date = 5, .strangers = 1e-9, .numbers = 1};

static void decide(struct review *review, const struct accord *accord, bool by_keys,
                   uint32_t same, uint32_t different)
{
    const struct reviewed row = {.kind = THING_PERSON,
                                 .by_keys = by_keys,
                                 .accord = *accord,
                                 .same = same,
                                 .different = different};
    CHECK(review_merge(review, &row));
}

/* As it is stated with what was decided. */
static double odds_of(const struct review *review, const struct mixture *mixture,
                      const struct accord *accord)
{
    struct review_doubt doubt;
    review_fit(&doubt, review, mixture, MIXTURE_KEYS);
    return mixture_doubt(mixture, accord) * review_factor(&doubt, accord);
}

static void test_persons(void)
{
    static struct review review;
    struct mixture mixture;
    struct review_doubt doubt;
    mixture_init(&mixture, MIXTURE_KEYS);
    double before = mixture_doubt(&mixture, &twin), sure = mixture_doubt(&mixture, &whole);
    CHECK(odds_of(&review, &mixture, &twin) == before);

    /* One decision. */
    decide(&review, &twin, true, 0, 1);
    double once = odds_of(&review, &mixture, &twin) / before;
    CHECK_SEEN(once > 1.5 && once < 10, "%g", once);

    /* Half of 40 were different: one for one. And what nobody looked at hardly moves beside what it was. */
    decide(&review, &twin, true, 20, 19);
    decide(&review, &whole, true, 20, 0);
    double odds = odds_of(&review, &mixture, &twin);
    CHECK_SEEN(odds > 0.6 && odds < 1.2, "%g", odds);
    odds = odds_of(&review, &mixture, &whole);
    CHECK_SEEN(odds < 0.02, "%g, was %g", odds, sure);
    /* Of what agrees otherwise, and was not looked at, they say less. */
    const struct accord beside = {.names = 5, .date = 5, .strangers = 1e-6, .numbers = 1};
    review_fit(&doubt, &review, &mixture, MIXTURE_KEYS);
    double factor = review_factor(&doubt, &beside);
    CHECK_SEEN(factor > 1 && factor <= exp2(REVIEWED_BITS_BESIDE), "%g", factor);
    /* By keys it was, and says nothing of the clear. */
    review_fit(&doubt, &review, &mixture, MIXTURE_PLAIN);
    CHECK(review_factor(&doubt, &twin) == 1);

    /* All were the same: no less is stated. */
    review = (struct review){.count = 0};
    decide(&review, &twin, true, 60, 0);
    CHECK(odds_of(&review, &mixture, &twin) == before);

    /* Fitted to what a run has learned: where that says it already there is nothing to correct. */
    review = (struct review){.count = 0};
    decide(&review, &twin, true, 20, 20);
    mixture.others[0].often *= 1 / before;
    odds = odds_of(&review, &mixture, &twin);
    CHECK_SEEN(fabs(log2(odds / mixture_doubt(&mixture, &twin))) < 0.3, "%g", odds);
}

static double told(const struct review *review, const struct mixture *mixture,
                   const struct accord *accord, double stated, bool *weak, const char **why)
{
    struct pairs pairs = {.review = review};
    pairs.items = xcalloc(1, sizeof *pairs.items);
    pairs.count = 1;
    pairs.items[0].decision = (struct decision){.hit = true,
                                                .counted = true,
                                                .accord = *accord,
                                                .expected_false = stated,
                                                .score = 1 / (1 + stated)};
    pairs_tell_reviewed(&pairs, mixture, MIXTURE_KEYS);
    const struct decision *decision = &pairs.items[0].decision;
    double now = decision->expected_false;
    CHECK(decision->hit && fabs(decision->score * (1 + now) - 1) < 1e-9);
    *weak = decision->weak;
    static char said[128]; /* the pairs' own goes with them */
    snprintf(said, sizeof said, "%s", decision->why_count > 0 ? decision->why[0] : "");
    *why = said;
    pairs_release(&pairs);
    return now;
}

/* What is stated of a hit. */
static void test_telling(void)
{
    static struct review review;
    struct mixture mixture;
    struct review_doubt doubt;
    bool weak;
    const char *why;
    mixture_init(&mixture, MIXTURE_KEYS);
    decide(&review, &twin, true, 5, 15);
    review_fit(&doubt, &review, &mixture, MIXTURE_KEYS);
    double alone = mixture_doubt(&mixture, &twin), factor = review_factor(&doubt, &twin);
    double now = told(&review, &mixture, &twin, alone, &weak, &why);
    CHECK_SEEN(fabs(now / (alone * factor) - 1) < 1e-9 && weak, "%g", now);
    CHECK(why[0] == 'p');
    /* What speaks against it has raised it already: it is not raised twice. */
    now = told(&review, &mixture, &twin, 2 * alone * factor, &weak, &why);
    CHECK(now == 2 * alone * factor);
    /* Other records had made it surer: what was decided says how much that is worth. */
    now = told(&review, &mixture, &twin, alone / 10, &weak, &why);
    CHECK(fabs(now / (alone * factor / 10) - 1) < 1e-9);
    /* Of such nothing was decided, and it says why there is more doubt. */
    const struct accord beside = {.names = 5, .date = 5, .strangers = 1e-6, .numbers = 1};
    now = told(&review, &mixture, &beside, 0.001, &weak, &why);
    CHECK(now > 0.002 && strcmp(why, "people decided that pairs which agree nearly so are "
                                     "often not the same") == 0);
}

static struct record typed(const char *schema, const char *const (*values)[2],
                           struct arena *arena)
{
    struct record record;
    record_init(&record, schema_find(bytes_text(schema)), arena);
    record.id = "test";
    for (size_t i = 0; values[i][0] != NULL; i++)
        CHECK(record_add(&record, schema_property(record.schema, bytes_text(values[i][0])),
                         values[i][0], bytes_text(values[i][1]), NULL, NULL) == OK);
    CHECK(record_finish(&record, NULL, NULL) == OK);
    return record;
}

static void test_records(struct arena *arena)
{
    static const char *const a[][2] = {{"name", "Elske Noordt"},
                                       {"birthDate", "1988-06-07"},
                                       {"address", "5 Gull Street, Velero 48140"},
                                       {NULL}};
    static const char *const b[][2] = {{"name", "Tomas Noordt"},
                                       {"birthDate", "1988-06-07"},
                                       {"address", "5 Gull Street, Velero 48140"},
                                       {NULL}};
    static const char *const company[][2] = {{"name", "Gadrel Maritime"}, {NULL}};
    static const char *const ship[][2] = {{"name", "Gadrel"}, {NULL}};
    static const char *const phone[][2] = {{"number", "+999550104242"}, {NULL}};
    static struct review review;
    struct review_world world = {.population = 0};
    struct record one = typed("Person", a, arena), two = typed("Person", b, arena);
    for (int i = 0; i < 10; i++) {
        review_world_add(&world, &one);
        review_world_add(&world, &two);
    }
    review_world_settle(&world);
    CHECK(world.population == 20 && world.parts.things == 20 && world.values.things == 20);
    CHECK(review_add(&review, &world, &one, &two, false));
    CHECK(review.count == 2); /* by keys, and in the clear */
    CHECK(review_add(&review, &world, &one, &two, false));
    CHECK(review.count == 2 && review.rows[0].different == 2 && review.rows[0].by_keys);
    CHECK(review.rows[1].kind == THING_PERSON && !review.rows[1].by_keys &&
          review.rows[1].accord.date == 5 && review.rows[1].accord.names == 2);
    struct record firm = typed("Company", company, arena);
    CHECK(review_add(&review, &world, &firm, &firm, true));
    CHECK(review.count == 3 && review.rows[2].kind == THING_ORGANIZATION &&
          review.rows[2].names[SCORE_SAME] == 2 && review.rows[2].same == 1);
    struct record vessel = typed("Vessel", ship, arena);
    CHECK(!review_add(&review, &world, &one, &vessel, false));
    struct record call = typed("Phone", phone, arena);
    CHECK(!review_add(&review, &world, &call, &call, true)); /* a number decides alone */
    CHECK(review.count == 3);

    struct review_sum sum;
    struct review_lesson lessons[REVIEW_LESSONS_MAX];
    size_t count = review_lessons(&sum, lessons, &review, 0);
    CHECK(count == 4 && strcmp(sum.by, "keys") == 0 && sum.different == 2 && sum.same == 0);
    CHECK_SEEN(sum.stated < sum.learned && sum.learned < 2, "%g, %g", sum.stated,
               sum.learned);
    for (size_t i = 0; i < count; i++)
        CHECK(lessons[i].different == 2 && lessons[i].bits > 0);
    CHECK(review_lessons(&sum, lessons, &review, 1) == 4 && strcmp(sum.by, "plain") == 0);
    CHECK(review_lessons(&sum, lessons, &review, 2) == 1 &&
          strcmp(sum.schema, "Organization") == 0 &&
          strcmp(lessons[0].field, "name") == 0 && lessons[0].bits <= 0);
    CHECK(review_lessons(&sum, lessons, &review, 3) == 0);
    const char *why = review_sentence(&review, &review.rows[0].accord, MIXTURE_KEYS, arena);
    CHECK(why != NULL &&
          strcmp(why, "people decided of pairs that agree so: 0 the same, 2 not") == 0);
    CHECK(review_sentence(&review, &whole, MIXTURE_KEYS, arena) == NULL);

    review_world_release(&world);

    /* As text, and back. */
    static struct review read;
    struct buf text = {.max = 1 << 16}, again = {.max = 1 << 16};
    struct err err = {0};
    review_write(&text, &review);
    CHECK_SEEN(review_read(&read, buf_bytes(&text), &err) == OK, "%s", err.text);
    review_write(&again, &read);
    CHECK_SEEN(bytes_equal(buf_bytes(&text), buf_bytes(&again)), "%s", buf_text(&text));
    CHECK(review_read(&read, buf_bytes(&text), &err) == OK && read.count == 3 &&
          read.rows[0].different == 4);
    buf_release(&text);
    buf_release(&again);
}

/* What a hit between two nodes keeps. */
static void test_agreement(void)
{
    static struct review read;
    struct buf text = {.max = 1 << 16};
    struct decision decision = {.counted = true, .accord = twin};
    CHECK(review_agreement(&text, &decision));
    CHECK(review_read(&read, buf_bytes(&text), NULL) == OK && read.count == 1);
    CHECK(read.rows[0].same == 0 && read.rows[0].different == 0 && read.rows[0].by_keys);
    decision.counted = false;
    CHECK(!review_agreement(&text, &decision));
    buf_release(&text);
}

static void test_wrong_text(void)
{
#define PERSON                                                                             \
    "\"schema\":\"Person\",\"by\":\"keys\",\"names\":\"one\",\"date\":\"the same\","       \
    "\"place\":\"street\",\"place_most\":\"house and more\",\"rarer\":0"
#define COUNTS "\"same\":1,\"different\":2"
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"", "JSON"},
        {"{}", "[rows]"},
        {"[]", "[rows]"},
        {"{\"learned\":[[]]}", "row 1: \"schema\""},
        {"{\"learned\":[{}]}", "row 1: \"schema\""},
        {"{\"learned\":[{" PERSON ",\"numbers\":1," COUNTS "}]}", "row 1: \"strangers\""},
        {"{\"learned\":[{" PERSON ",\"strangers\":\"1\",\"numbers\":1," COUNTS "}]}",
         "\"strangers\""},
        {"{\"learned\":[{" PERSON ",\"strangers\":0,\"numbers\":1," COUNTS "}]}",
         "\"strangers\""},
        {"{\"learned\":[{" PERSON ",\"strangers\":1,\"numbers\":1e300," COUNTS "}]}",
         "\"numbers\""},
        {"{\"learned\":[{" PERSON
         ",\"strangers\":1,\"numbers\":1,\"same\":-1,\"different\":0}]}",
         "\"same\""},
        {"{\"learned\":[{" PERSON
         ",\"strangers\":1,\"numbers\":1,\"same\":1,\"different\":0.5}]}",
         "\"different\""},
        {"{\"learned\":[{" PERSON ",\"strangers\":1,\"numbers\":1," COUNTS "},"
         "{\"schema\":\"Persons\"," COUNTS "}]}",
         "row 2: \"schema\""},
        {"{\"learned\":[{\"schema\":\"Organization\",\"name\":{\"same\":99},\"stated\":"
         "1," COUNTS "}]}",
         "\"same\""},
        {"{\"learned\":[{\"schema\":\"Vehicle\",\"country\":\"equal\",\"stated\":1," COUNTS
         "}]}",
         "\"country\""},
        {"{\"learned\":[{\"schema\":\"Vehicle\",\"country\":\"same\"," COUNTS "}]}",
         "\"stated\""},
    };
    static struct review review;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err err = {0};
        CHECK_SEEN(review_read(&review, bytes_text(rows[i].text), &err) == BAD_INPUT, "%s",
                   rows[i].text);
        CHECK_SEEN(strstr(err.text, rows[i].said) != NULL, "%s: %s", rows[i].text,
                   err.text);
        CHECK(review.count == 0);
    }
    /* The row that all of these are made from is right. */
    CHECK(review_read(&review,
                      BYTES_OF("{\"learned\":[{" PERSON
                               ",\"strangers\":1,\"numbers\":1," COUNTS "}]}"),
                      NULL) == OK &&
          review.count == 1);
    /* More kinds of agreement than there is room for: the rest is left out. */
    for (size_t i = 0; i < 2 * REVIEW_ROWS_MAX; i++) {
        struct reviewed row = review.rows[0];
        row.accord.strangers = exp2(-(double)i / 8);
        CHECK(review_merge(&review, &row) == (i < REVIEW_ROWS_MAX));
    }
    CHECK(review.count == REVIEW_ROWS_MAX);
    struct buf text = {.max = VALUE_TEXT_MAX};
    review_write(&text, &review);
    CHECK_SEEN(text.len > 0 && text.len < VALUE_TEXT_MAX, "%zu", text.len);
    buf_release(&text);
}

int main(void)
{
    struct arena arena = {0};
    world_seeded_init(&seeded, 5, 0);
    test_fit();
    test_persons();
    test_telling();
    test_records(&arena);
    test_agreement();
    test_wrong_text();
    arena_release(&arena);
    return check_done("review");
}
