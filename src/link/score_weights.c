/* SPDX-License-Identifier: Apache-2.0
 *
 * The weights of link/score: as shipped, as text, and learned anew.
 */
#include "link/score.h"

#include "base/text.h"

static const char *const kind_names[THING_KINDS] = {"Person", "Organization", "Vehicle",
                                                    "Other"};
static const char *const field_names[SCORE_FIELDS] = {
    "name", "date", "postcode", "street", "town", "country", "number", "contact"};
static const char *const level_names[SCORE_LEVELS] = {"unknown", "differs", "part",
                                                      "similar", "sounds",  "same"};

/* Of m: what a careful clerk's list does to a field. Of u: how often strangers agree. A u of
 * `same` counts only where the frequency of the value itself is not known. */
static const struct score_weight shipped[SCORE_FIELDS][SCORE_LEVELS] = {
    [SCORE_NAME] = {[SCORE_DIFFERS] = {0.04, 0.92},
                    [SCORE_PART] = {0.02, 0.05},
                    [SCORE_SIMILAR] = {0.1, 0.003},
                    [SCORE_SOUNDS] = {0.06, 0.002},
                    [SCORE_SAME] = {0.78, 0.004}},
    [SCORE_DATE] = {[SCORE_DIFFERS] = {0.05, 0.98},
                    [SCORE_PART] = {0.02, 0.0125},
                    [SCORE_SIMILAR] = {0.06, 0.006},
                    [SCORE_SOUNDS] = {0.02, 0.00008},
                    [SCORE_SAME] = {0.85, 0.00004}},
    [SCORE_POSTCODE] = {[SCORE_DIFFERS] = {0.12, 0.99},
                        [SCORE_SIMILAR] = {0.08, 0.01},
                        [SCORE_SAME] = {0.8, 0.002}},
    [SCORE_STREET] = {[SCORE_DIFFERS] = {0.2, 0.99},
                      [SCORE_PART] = {0.2, 0.003},
                      [SCORE_SIMILAR] = {0.1, 0.0005},
                      [SCORE_SAME] = {0.5, 0.00003}},
    [SCORE_TOWN] = {[SCORE_DIFFERS] = {0.12, 0.97},
                    [SCORE_SIMILAR] = {0.1, 0.005},
                    [SCORE_SAME] = {0.78, 0.005}},
    [SCORE_COUNTRY] = {[SCORE_DIFFERS] = {0.1, 0.5}, [SCORE_SAME] = {0.9, 0.5}},
    [SCORE_NUMBER] = {[SCORE_DIFFERS] = {0.15, 0.999},
                      [SCORE_SIMILAR] = {0.1, 0.00001},
                      [SCORE_SAME] = {0.75, 0.0000001}},
    [SCORE_CONTACT] = {[SCORE_DIFFERS] = {0.3, 0.999},
                       [SCORE_SIMILAR] = {0.15, 0.00002},
                       [SCORE_SAME] = {0.55, 0.000001}},
};

void score_weights_init(struct score_weights *weights)
{
    for (size_t kind = 0; kind < THING_KINDS; kind++)
        memcpy(weights->of[kind], shipped, sizeof shipped);
}

static bool in_use(size_t field, size_t level)
{
    return shipped[field][level].m > 0;
}

void score_weights_write(struct buf *out, const struct score_weights *weights)
{
    for (size_t kind = 0; kind < THING_KINDS; kind++)
        for (size_t field = 0; field < SCORE_FIELDS; field++)
            for (size_t level = 0; level < SCORE_LEVELS; level++) {
                if (!in_use(field, level))
                    continue;
                const struct score_weight *weight = &weights->of[kind][field][level];
                char m[32], u[32];
                text_number(m, sizeof m, weight->m);
                text_number(u, sizeof u, weight->u);
                buf_addf(out, "%s %s %s %s %s\n", kind_names[kind], field_names[field],
                         level_names[level], m, u);
            }
}

static bool find(size_t *out, struct bytes word, const char *const *names, size_t count)
{
    for (*out = 0; *out < count; ++*out)
        if (bytes_is(word, names[*out]))
            return true;
    return false;
}

static bool is_share(double number)
{
    return number > 0 && number < 1;
}

static enum status read_row(struct score_weights *weights, struct bytes line, size_t number,
                            struct err *err)
{
    struct bytes words[6];
    size_t count = 0, kind, field, level;
    struct score_weight weight;
    while (count < 6 && text_next_word(&words[count], &line, " \t"))
        count++;
    if (count == 0 || words[0].at[0] == '#')
        return OK;
    if (count != 5 || !find(&kind, words[0], kind_names, THING_KINDS) ||
        !find(&field, words[1], field_names, SCORE_FIELDS) ||
        !find(&level, words[2], level_names, SCORE_LEVELS) || !in_use(field, level))
        return fail(
            err, BAD_INPUT,
            "weights, line %zu: a row is schema, field, level, m, u, as in \"Person "
            "date same 0.85 0.00004\"",
            number);
    if (!text_double(&weight.m, words[3]) || !text_double(&weight.u, words[4]) ||
        !is_share(weight.m) || !is_share(weight.u))
        return fail(err, BAD_INPUT,
                    "weights, line %zu: m and u are shares, above 0 and below 1", number);
    weights->of[kind][field][level] = weight;
    return OK;
}

enum status score_weights_read(struct score_weights *weights, struct bytes text,
                               struct err *err)
{
    struct score_weights read = *weights;
    struct bytes line, rest = text;
    for (size_t number = 1; text_next_part(&line, &rest, '\n'); number++) {
        enum status status = read_row(&read, text_trim(line), number, err);
        if (status != OK)
            return status;
    }
    *weights = read;
    return OK;
}

/* Pairs that showed each level of one field. */
struct tally {
    double same[SCORE_LEVELS], other[SCORE_LEVELS];
};

static void count_level(struct tally *tally, enum score_level level, bool same)
{
    if (level != SCORE_UNKNOWN)
        (same ? tally->same : tally->other)[level]++;
}

static void settle(struct score_weight weights[SCORE_LEVELS], const struct tally *tally)
{
    double same = 0, other = 0, m = 0, u = 0;
    for (size_t level = 0; level < SCORE_LEVELS; level++) {
        same += tally->same[level];
        other += tally->other[level];
        m += weights[level].m;
        u += weights[level].u;
    }
    for (size_t level = 0; level < SCORE_LEVELS; level++) {
        struct score_weight *weight = &weights[level];
        if (weight->m <= 0)
            continue;
        weight->m =
            (SCORE_PRIOR * weight->m / m + tally->same[level]) / (SCORE_PRIOR + same);
        weight->u =
            (SCORE_PRIOR * weight->u / u + tally->other[level]) / (SCORE_PRIOR + other);
    }
}

void score_learn(struct score_weights *weights, const struct score_case *cases,
                 size_t count)
{
    for (size_t kind = 0; kind < THING_KINDS; kind++)
        for (size_t field = 0; field < SCORE_FIELDS; field++) {
            struct tally tally = {0};
            for (size_t i = 0; i < count; i++) {
                const struct score *score = &cases[i].score;
                if (score->kind != kind)
                    continue;
                if (field != SCORE_NAME)
                    count_level(&tally, score->levels[field], cases[i].same);
                for (size_t n = 0; field == SCORE_NAME && n < score->name_count; n++)
                    count_level(&tally, score->names[n], cases[i].same);
            }
            settle(weights->of[kind][field], &tally);
        }
}
