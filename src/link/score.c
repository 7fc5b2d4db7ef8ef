/* SPDX-License-Identifier: Apache-2.0 */
#include "link/score.h"

#include "link/scoring.h"

#include <math.h>

enum { YEAR_LEN = 4, DATE_LEN = 10 };

/* Strangers that may agree so much by chance for a pair to be taken for one. */
static const double HIT_EXPECTED = 0.1;
/* Of a house or contact that sisters share; of persons with another's sex or number; of namesakes anywhere. */
static const double NAMESAKES_EXPECTED = 0.1, STRANGERS_EXPECTED = 1;
/* Of a name that has a telling word more than the other, as many are a branch's as are the same's. */
static const double BRANCHES_EXPECTED = 1;
/* ---- how common a value is ---- */

/* A token of one name stands in another of the thing, or before in this one: an alias is nobody else. */
static bool is_counted(const struct thing *thing, size_t name, size_t token, bool code)
{
    for (size_t n = 0; n <= name; n++)
        for (size_t i = 0; i < (n < name ? thing->names[n].count : token); i++)
            if (code ? strcmp(thing->names[n].tokens[i].code,
                              thing->names[name].tokens[token].code) == 0
                     : bytes_equal(thing->names[n].tokens[i].text,
                                   thing->names[name].tokens[token].text))
                return true;
    return false;
}

void score_frequency_add(struct frequency *frequency, const struct thing *thing)
{
    frequency->things++;
    for (size_t n = 0; n < thing->name_count; n++)
        for (size_t i = 0; i < thing->names[n].count; i++) {
            if (!is_counted(thing, n, i, false))
                frequency_count(frequency, 't', thing->names[n].tokens[i].text);
            if (!is_counted(thing, n, i, true))
                frequency_count(frequency, 'c', bytes_text(thing->names[n].tokens[i].code));
        }
    for (size_t i = 0; i < thing->date_count; i++) {
        struct bytes date = thing->dates[i];
        if (thing->kind != THING_PERSON || date.len < YEAR_LEN)
            continue;
        frequency_count(frequency, 'y', bytes_slice(date, 0, YEAR_LEN));
        if (date.len == DATE_LEN)
            frequency_count(frequency, 'd',
                            bytes_slice(date, YEAR_LEN, DATE_LEN - YEAR_LEN));
    }
    for (size_t i = 0; i < thing->address_count; i++) {
        frequency_count(frequency, 'p', thing->addresses[i].postcode);
        frequency_count(frequency, 's', thing->addresses[i].street);
        frequency_count(frequency, 'w', thing->addresses[i].town);
    }
}

/* ---- the verdict ---- */

/* What relatives and neighbours share too says nothing of who is meant, unless a date, a
 * whole name, or a number says it; least of all when a name or the date speaks against it.
 * */
enum relative { NO_RELATIVE, PERHAPS_A_RELATIVE, LIKE_A_RELATIVE };

static size_t agreeing_names(const struct score *score)
{
    size_t agreed = 0;
    for (size_t i = 0; i < score->name_count; i++)
        agreed += score->names[i] >= SCORE_SIMILAR;
    return agreed;
}

static bool is_numbered(const struct score *score)
{
    return score->levels[SCORE_NUMBER] >= SCORE_SIMILAR ||
           score->levels[SCORE_CONTACT] >= SCORE_SIMILAR;
}

/* Both birth dates are there, they differ beyond a slip, and no number says that it is one. */
static bool is_against(const struct score *score)
{
    return score->kind == THING_PERSON && score->levels[SCORE_DATE] == SCORE_DIFFERS &&
           !is_numbered(score);
}

/* Both are named, and no name of one is a name of the other: two people, whatever agrees of the rest,
 * unless a number says that it is one. An initial says nothing beside a name that differs. */
static bool is_otherwise_named(const struct score *score)
{
    return score->kind == THING_PERSON && agreeing_names(score) == 0 &&
           score->levels[SCORE_NAME] == SCORE_DIFFERS && !is_numbered(score);
}

/* The birth date and a name, or two surnames, are the same, and another name is not. */
static bool is_like_a_twin(const struct score *score)
{
    return score->kind == THING_PERSON && score->levels[SCORE_DATE] == SCORE_SAME &&
           score->levels[SCORE_NAME] == SCORE_DIFFERS && agreeing_names(score) >= 1 &&
           !is_numbered(score);
}

/* The levels of link/mixture that names and date are. */
static void set_levels(struct score *score)
{
    static const uint8_t dates[SCORE_LEVELS] = {
        [SCORE_UNKNOWN] = 0, [SCORE_DIFFERS] = 1, [SCORE_PART] = 2,
        [SCORE_SOUNDS] = 3,  [SCORE_SIMILAR] = 4, [SCORE_SAME] = 5};
    size_t agreed = agreeing_names(score), inexact = 0, differ = 0;
    for (size_t i = 0; i < score->name_count; i++) {
        inexact += score->names[i] == SCORE_SIMILAR || score->names[i] == SCORE_SOUNDS;
        differ += score->names[i] == SCORE_DIFFERS;
    }
    struct accord *levels = &score->accord;
    if (agreed >= 2)
        levels->names = differ > 0 ? 5 : inexact > 0 ? 6 : 7;
    else if (agreed == 1)
        levels->names = differ > 0 ? (inexact > 0 ? 1 : 2) : inexact > 0 ? 3 : 4;
    levels->date = dates[score->levels[SCORE_DATE]];
}

/* A stranger may agree by any one of a person's names, or any two: how common the one is that does, is
 * known; the same person's share is of all of them. */
static double ways_to_agree(const struct score *score, const struct thing *a,
                            const struct thing *b)
{
    size_t names = a->name_count > 0 && b->name_count > 0 ? score->name_count : 0;
    uint8_t level = score->accord.names;
    if (names < 2 || (level != 1 && level != 2 && level != 5))
        return 1;
    return level == 5 ? (double)(names * (names - 1)) / 2 : (double)names;
}

static enum relative relative_of(const struct score *score)
{
    bool dated = score->levels[SCORE_DATE] >= SCORE_SIMILAR;
    bool numbered = is_numbered(score);
    bool whole = agreeing_names(score) >= 2 && score->levels[SCORE_NAME] > SCORE_DIFFERS;
    if (score->kind != THING_PERSON || dated || numbered || whole)
        return NO_RELATIVE;
    bool against = score->levels[SCORE_NAME] == SCORE_DIFFERS ||
                   score->levels[SCORE_DATE] == SCORE_DIFFERS;
    return against ? LIKE_A_RELATIVE : PERHAPS_A_RELATIVE;
}

/* What agrees besides names is nothing, or for a person a part of the date: a year, or day and
 * month swapped; or no name agrees, initials being none, and the date is all there is. */
static bool proves_nothing(const struct scoring *scoring)
{
    const struct score *score = scoring->out;
    enum score_level date = score->levels[SCORE_DATE];
    if (scoring->place_bits > 0 || is_numbered(score))
        return false;
    if (score->kind == THING_PERSON)
        return agreeing_names(score) == 0 || (date != SCORE_SAME && date != SCORE_SIMILAR);
    return date < SCORE_PART && score->levels[SCORE_COUNTRY] != SCORE_SAME;
}

/* Organisations and ships of whose names one has a telling word that the other has not. */
static void judge_odds(struct scoring *scoring)
{
    struct score *out = scoring->out;
    bool both = scoring->odds == ODDS_BOTH_SIDES;
    if (scoring->odds == ODDS_NONE || out->levels[SCORE_NUMBER] == SCORE_SAME)
        return;
    /* A branch is in the same town, too. */
    bool near = out->levels[SCORE_CONTACT] == SCORE_SAME || scoring->one_home;
    out->against = both;
    out->weak = out->hit = out->hit && (near || !both);
    scoring_say(scoring, both ? "each name has a word that the other has not: a sister "
                                "company may be meant"
                              : "one name has a word that the other has not: a branch "
                                "may be meant");
    out->expected_false = fmax(out->expected_false, near   ? NAMESAKES_EXPECTED
                                                    : both ? STRANGERS_EXPECTED
                                                           : BRANCHES_EXPECTED);
}

/* Persons of other names. Who has the street and the whole birth date may have both names wrong, where a
 * long run shows that hardly anybody else lives there. */
static void judge_other_names(struct scoring *scoring)
{
    struct score *out = scoring->out;
    const struct mixture *learned = scoring->context->mixture;
    bool known = learned != NULL && learned->queries >= MIXTURE_LONG_RUN;
    out->otherwise_named = out->against = true;
    out->weak = out->hit =
        out->hit && known && out->levels[SCORE_DATE] == SCORE_SAME && scoring->one_street;
    if (out->hit)
        scoring_say(scoring, "no name agrees: another of the household may be meant");
    else
        out->expected_false = fmax(out->expected_false, STRANGERS_EXPECTED);
}

/* What speaks against a pair that agrees in names (and date) alone, or in too little: numbers of one kind
 * that differ, the sex, a name that any company could have. It is weak then. */
static void judge_silence(struct scoring *scoring)
{
    struct score *out = scoring->out;
    bool near = out->levels[SCORE_CONTACT] >= SCORE_SIMILAR || scoring->place_bits > 0;
    bool organisation = out->kind == THING_ORGANIZATION;
    const char *why = NULL;
    if (out->levels[SCORE_NUMBER] >= SCORE_SIMILAR)
        return;
    if (out->kind == THING_PERSON && agreeing_names(out) == 0 &&
        out->levels[SCORE_NAME] == SCORE_DIFFERS && is_numbered(out))
        why = "no name agrees: another who can be reached there may be meant";
    else if (out->kind == THING_PERSON && agreeing_names(out) == 0 &&
             out->levels[SCORE_NAME] != SCORE_DIFFERS && !is_numbered(out))
        why =
            out->levels[SCORE_NAME] == SCORE_PART
                ? "initials alone agree: another of the household may be meant"
                : "no name is known of one of them: another of the household may be meant";
    else if (scoring->generations)
        why = "one is another generation's: Junior, Senior";
    else if (scoring->out->other_sex)
        why = "another of the name may be meant";
    else if (out->levels[SCORE_NUMBER] == SCORE_DIFFERS && !near)
        why = organisation ? "another company of the name may be meant"
                           : "another of the name may be meant";
    else if (organisation && scoring->common_words && !near)
        why = "the name is of common words alone: another company may be meant";
    if (why == NULL || !out->hit)
        return;
    out->weak = true;
    out->against = out->against || (organisation && !scoring->common_words);
    scoring_say(scoring, why);
    out->expected_false =
        fmax(out->expected_false, organisation ? BRANCHES_EXPECTED : NAMESAKES_EXPECTED);
}

/* The birth date and another name agree, and of the rest each has one that is known to be a name
 * of its own (Hassan and Hussein, Omar and Amir): what sounds, or a part of the letters, say of
 * these is no evidence, and brothers who are twins are as likely as a name that was taken for
 * another. */
static void judge_two_names(struct scoring *scoring)
{
    struct score *out = scoring->out;
    const struct mixture *learned = scoring->context->mixture;
    if (!scoring->two_names || !is_like_a_twin(out))
        return;
    /* A long run has seen how many such twins its file has, and lets those stand that are hits. */
    bool known = learned != NULL && learned->queries >= MIXTURE_LONG_RUN;
    out->against = !known || !out->hit;
    if (!known)
        out->expected_false = fmax(out->expected_false, NAMESAKES_EXPECTED);
}

/* A name of each is not the other's, another agrees, and no whole birth date does: brothers and sisters
 * share surnames and house, and may be born on days alike. Only a long run knows whether its file has
 * any. Two names known to be two, without a date to speak for one, are two people's. */
static void judge_relatives(struct scoring *scoring)
{
    struct score *out = scoring->out;
    const struct mixture *learned = scoring->context->mixture;
    if (out->kind != THING_PERSON || agreeing_names(out) == 0 ||
        out->levels[SCORE_NAME] != SCORE_DIFFERS || is_numbered(out) ||
        out->levels[SCORE_DATE] == SCORE_SAME)
        return;
    bool known = learned != NULL && learned->queries >= MIXTURE_LONG_RUN;
    bool dated = out->levels[SCORE_DATE] >= SCORE_SIMILAR;
    if (!known)
        out->hit = out->hit && (dated || !scoring->two_names);
    out->against = out->against || (scoring->two_names && (!known || !out->hit));
    if (!known)
        out->expected_false =
            fmax(out->expected_false, out->hit ? NAMESAKES_EXPECTED : STRANGERS_EXPECTED);
    if (!out->hit || (known && !scoring->two_names))
        return;
    out->weak = true;
    scoring_say(scoring, "not all names agree: a brother or sister may be meant");
}

static void verdict(struct scoring *scoring)
{
    struct score *out = scoring->out;
    bool learned = out->kind == THING_PERSON && scoring->context->mixture != NULL;
    double most = learned ? mixture_doubt_max(scoring->context->mixture) : HIT_EXPECTED;
    bool sure = out->expected_false <= most;
    bool whole = learned && accord_is_whole(&out->accord) &&
                 out->expected_false <= WHOLE_EXPECTED_MAX;
    out->hit = (sure || whole) && !proves_nothing(scoring);
    if (out->hit && !sure) {
        out->weak = true;
        scoring_say(scoring, WHOLE_DOUBT);
    }
    bool known = learned && scoring->context->mixture->queries >= MIXTURE_LONG_RUN;
    if (is_like_a_twin(out) && out->hit) {
        /* In a short list of one place and few years strangers agree so. */
        bool alone = agreeing_names(out) == 1;
        out->weak = out->hit = known || scoring->one_street || !alone;
        scoring_say(scoring,
                    alone
                        ? "one name alone agrees beside the birth date: a twin may be meant"
                        : "not all names agree beside the birth date: a twin may be meant");
    }
    judge_two_names(scoring);
    judge_relatives(scoring);
    judge_odds(scoring);
    judge_silence(scoring);
    if (is_otherwise_named(out)) {
        judge_other_names(scoring);
        return;
    }
    out->against = out->against || is_against(out);
    if (!is_against(out))
        return;
    /* Another birth date: a namesake, or one of the same house. Only a long run knows better. */
    out->weak = out->hit =
        out->hit && known && agreeing_names(out) > 0 && scoring->one_street;
    if (out->hit)
        scoring_say(scoring,
                    agreeing_names(out) < 2 ? "a relative in the same house may be meant"
                    : scoring->one_home     ? "a namesake in the same house may be meant"
                                            : "a namesake nearby may be meant");
    if (!known)
        out->expected_false = fmax(out->expected_false, STRANGERS_EXPECTED);
}

/* What people decided of such agreement of what is no person. It hides nothing. */
static void tell_reviewed(struct scoring *scoring)
{
    struct score *out = scoring->out;
    const double(*reviewed)[SCORE_LEVELS] = scoring->context->weights->reviewed[out->kind];
    double bits = 0;
    for (size_t i = 0; i < out->name_count; i++)
        bits += reviewed[SCORE_NAME][out->names[i]];
    for (size_t field = SCORE_NAME + 1; field < SCORE_FIELDS; field++)
        bits += reviewed[field][out->levels[field]];
    if (!out->hit || bits <= 0)
        return;
    out->expected_false *= exp2(fmin(bits, REVIEWED_BITS_MAX));
    if (out->expected_false <= HIT_EXPECTED)
        return;
    out->weak = true;
    scoring_say(scoring, "people decided of such pairs that they are often different");
}

void score_pair(struct score *out, const struct thing *a, const struct thing *b,
                const struct score_context *context, struct arena *arena)
{
    *out = (struct score){.kind = a->kind, .person_false = HUGE_VAL};
    struct scoring scoring = {
        .out = out,
        .context = context,
        .weights = context->weights->of[out->kind],
        .arena = arena,
        .persons = a->is_person || b->is_person,
    };
    if (a->kind != b->kind && a->has_kind && b->has_kind) {
        out->expected_false = (double)context->population;
        return;
    }
    scoring_dates(&scoring, a, b);
    scoring_names(&scoring, a, b);
    scoring_places(&scoring, a, b);
    scoring_country(&scoring, a, b);
    scoring_sex(&scoring, a, b);
    scoring_keys(&scoring, a, b);
    out->bits += scoring.name_bits + scoring.other_bits;
    enum relative relative = relative_of(out);
    if (scoring.place_bits < 0 || relative != LIKE_A_RELATIVE)
        out->bits += scoring.place_bits;
    if (relative == PERHAPS_A_RELATIVE && scoring.place_bits > 0)
        scoring_say(&scoring,
                    "no birth date agrees: a relative in the same house may be meant");
    out->expected_false = (double)context->population * exp2(-out->bits);
    if (out->kind == THING_PERSON) {
        set_levels(out);
        out->accord.strangers = (double)context->population * exp2(-scoring.chance_bits) *
                                ways_to_agree(out, a, b);
        out->accord.numbers = exp2(-scoring.other_bits);
        if (context->mixture != NULL) {
            struct accord bare = out->accord;
            bare.numbers = fmax(bare.numbers, 1);
            out->expected_false = mixture_doubt(context->mixture, &out->accord);
            out->person_false = mixture_doubt(context->mixture, &bare);
        }
    }
    verdict(&scoring);
    tell_reviewed(&scoring);
    /* Another's date or names, or a hit for its number: it says nothing of third records. */
    if (!out->hit || out->against || context->mixture == NULL || is_numbered(out) ||
        out->person_false > mixture_doubt_max(context->mixture))
        out->person_false = HUGE_VAL;
    out->score = 1 / (1 + out->expected_false);
}
