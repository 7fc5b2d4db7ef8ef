/* SPDX-License-Identifier: Apache-2.0
 *
 * The fields of a comparison but its names: dates, addresses, country, sex, identifiers. Each gives its
 * level, its bits and the sentence.
 */
#include "link/scoring.h"

#include "base/text.h"

#include <math.h>

enum { YEAR_LEN = 4, DATE_LEN = 10 };

/* Of people, those born in one year, and on one day of the year, where nothing is counted. */
static const double YEAR_SHARE = 1.0 / 64, DAY_SHARE = 1.0 / 365,
                    PARTS_SHARE =
                        1.0 / 12 + 1.0 / 30; /* the month or the day, beside the year */
/* What is left of a second field that goes with the first (a town with its postcode). */
static const double TOGETHER = 0.25;

/* ---- dates ---- */

static bool same_part(struct bytes a, struct bytes b, size_t at, size_t len)
{
    return memcmp(a.at + at, b.at + at, len) == 0;
}

static enum score_level compare_dates(struct bytes a, struct bytes b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    if (len < YEAR_LEN)
        return SCORE_UNKNOWN;
    if (len < DATE_LEN)
        return memcmp(a.at, b.at, len) == 0 ? SCORE_PART : SCORE_DIFFERS;
    if (memcmp(a.at, b.at, DATE_LEN) == 0)
        return SCORE_SAME;
    bool year = same_part(a, b, 0, 4);
    size_t years = text_distance(bytes_slice(a, 0, YEAR_LEN), bytes_slice(b, 0, YEAR_LEN));
    if (year && memcmp(a.at + 5, b.at + 8, 2) == 0 && memcmp(a.at + 8, b.at + 5, 2) == 0)
        return SCORE_SOUNDS; /* swapped */
    bool month = same_part(a, b, 5, 2), day = same_part(a, b, 8, 2);
    /* 1 January stands for a day that is not known: the year is all there is. */
    if (month && day && memcmp(a.at + 5, "01-01", 5) == 0)
        return SCORE_DIFFERS;
    /* A year that differs by more than a slip is another person's: a namesake has the birthday. */
    if ((year && (month || day)) || (month && day && years <= 1) ||
        text_distance(a, b) <= 1)
        return SCORE_SIMILAR;
    return year || (month && day) ? SCORE_PART : SCORE_DIFFERS;
}

/* A file's people may be of a few years, and many born on a first of January: what strangers share
 * of a birth date is as common as it is in the file. */
static double date_share(const struct scoring *scoring, enum score_level level,
                         struct bytes date, struct bytes other)
{
    const struct score_weight *weight = &scoring->weights[SCORE_DATE][level];
    const struct frequency *frequency = scoring->context->frequency;
    if (frequency == NULL || scoring->out->kind != THING_PERSON || date.len < DATE_LEN ||
        other.len < YEAR_LEN)
        return weight->u;
    double year = scoring_share(frequency, 'y', bytes_slice(date, 0, YEAR_LEN), YEAR_SHARE);
    double day = scoring_share(frequency, 'd',
                               bytes_slice(date, YEAR_LEN, DATE_LEN - YEAR_LEN), DAY_SHARE);
    double share = level == SCORE_SAME      ? year * day
                   : level == SCORE_SOUNDS  ? year * DAY_SHARE
                   : level == SCORE_SIMILAR ? year * PARTS_SHARE
                   : level == SCORE_PART
                       ? (same_part(date, other, 0, YEAR_LEN) ? year : day)
                       : 0;
    return fmax(share, weight->u);
}

void scoring_dates(struct scoring *scoring, const struct thing *a, const struct thing *b)
{
    enum score_level best = SCORE_UNKNOWN;
    struct bytes agreed = {0}, other = {0};
    for (size_t i = 0; i < a->date_count; i++)
        for (size_t j = 0; j < b->date_count; j++) {
            enum score_level level = compare_dates(a->dates[i], b->dates[j]);
            if (level > best) {
                best = level;
                agreed = a->dates[i];
                other = b->dates[j];
            }
        }
    static const char *const person_words[] = {
        NULL,
        "birth dates differ",
        "birth dates agree in part, or as far as known",
        "birth dates differ in one part or one digit",
        "birth dates agree with day and month swapped",
        "same birth date",
    };
    static const char *const other_words[] = {
        NULL,
        "dates differ",
        "same year",
        "dates differ in one part or one digit",
        "dates agree with day and month swapped",
        "same date",
    };
    scoring->out->levels[SCORE_DATE] = best;
    scoring->out->accord.day_of_many =
        agreed.len == DATE_LEN && memcmp(agreed.at + YEAR_LEN, "-01-01", 6) == 0;
    if (best != SCORE_UNKNOWN) {
        double share = date_share(scoring, best, agreed, other);
        scoring->out->bits += scoring_weight_shared(scoring, SCORE_DATE, best, share);
        scoring->chance_bits -= log2(share);
    }
    const char *why =
        (scoring->out->kind == THING_PERSON ? person_words : other_words)[best];
    if (why != NULL)
        scoring_say(scoring, why);
}

/* ---- places ---- */

static enum score_level compare_texts(struct bytes a, struct bytes b, size_t allowed)
{
    if (a.len == 0 || b.len == 0)
        return SCORE_UNKNOWN;
    if (bytes_equal(a, b))
        return SCORE_SAME;
    return text_is_near(a, b, allowed) ? SCORE_SIMILAR : SCORE_DIFFERS;
}

static bool has_word(const struct address *address, struct bytes word)
{
    for (size_t i = 0; i < address->word_count; i++)
        if (text_is_near(address->words[i], word, word.len < 5 ? 0 : 1))
            return true;
    return false;
}

static enum score_level compare_streets(const struct address *a, const struct address *b)
{
    enum score_level street = compare_texts(a->street, b->street,
                                            a->street.len < 5   ? 0
                                            : a->street.len < 9 ? 1
                                                                : 2);
    if (street == SCORE_UNKNOWN)
        return street;
    /* The parts of an address are written in any order. */
    if (street == SCORE_DIFFERS && (has_word(a, b->street) || has_word(b, a->street)))
        street = SCORE_SIMILAR;
    if (street == SCORE_DIFFERS)
        return SCORE_DIFFERS;
    bool house = a->house.len > 0 && bytes_equal(a->house, b->house);
    return !house ? SCORE_PART : street == SCORE_SAME ? SCORE_SAME : SCORE_SIMILAR;
}

struct places {
    enum score_level postcode, street, town, house;
    double bits, chance_bits;
};

struct weighed {
    double bits, chance_bits;
};

static struct weighed weigh(const struct scoring *scoring, enum score_field field,
                            enum score_level level, char kind, struct bytes text)
{
    if (level != SCORE_SAME || kind == 0)
        return (struct weighed){scoring_weight(scoring, field, level),
                                scoring_chance(scoring, field, level)};
    double share = scoring_share(scoring->context->frequency, kind, text,
                                 scoring->weights[field][SCORE_SAME].u);
    return (struct weighed){scoring_weight_shared(scoring, field, level, share),
                            -log2(share)};
}

static void compare_places(struct places *out, const struct scoring *scoring,
                           const struct address *a, const struct address *b)
{
    out->postcode = compare_texts(a->postcode, b->postcode, 1);
    out->street = compare_streets(a, b);
    out->town = compare_texts(a->town, b->town, a->town.len < 6 ? 1 : 2);
    out->house = compare_texts(a->house, b->house, 0);
    struct weighed postcode =
        weigh(scoring, SCORE_POSTCODE, out->postcode, 'p', a->postcode);
    struct weighed street = weigh(scoring, SCORE_STREET, out->street, 0, (struct bytes){0});
    struct weighed town = weigh(scoring, SCORE_TOWN, out->town, 'w', a->town);
    if (postcode.bits > 0 && town.bits > 0) {
        town.bits *= TOGETHER;
        town.chance_bits *= TOGETHER;
    }
    out->bits = postcode.bits + street.bits + town.bits;
    out->chance_bits = postcode.chance_bits + street.chance_bits + town.chance_bits;
}

/* The level of link/mixture, and how far it could go with what both addresses tell. */
static void place_level(struct accord *accord, const struct places *places)
{
    bool house = places->house == SCORE_SAME || places->street >= SCORE_SIMILAR;
    unsigned others = (places->postcode >= SCORE_SIMILAR) + (places->street >= SCORE_PART) +
                      (places->town >= SCORE_SIMILAR);
    accord->place = house && others >= 2           ? 5
                    : house && others > 0          ? 4
                    : places->street >= SCORE_PART ? 3
                    : others > 0                   ? 2
                                                   : 1;
    accord->place_most = places->house != SCORE_UNKNOWN    ? 5
                         : places->street != SCORE_UNKNOWN ? 3
                                                           : 2;
}

void scoring_places(struct scoring *scoring, const struct thing *a, const struct thing *b)
{
    static const char *const postcode_words[SCORE_LEVELS] = {
        [SCORE_SAME] = "same postcode", [SCORE_SIMILAR] = "postcodes differ in one digit"};
    static const char *const street_words[SCORE_LEVELS] = {
        [SCORE_SAME] = "same street and house",
        [SCORE_SIMILAR] = "same house, and the streets are alike",
        [SCORE_PART] = "same street"};
    struct places best = {.bits = -HUGE_VAL}, places;
    for (size_t i = 0; i < a->address_count; i++)
        for (size_t j = 0; j < b->address_count; j++) {
            compare_places(&places, scoring, &a->addresses[i], &b->addresses[j]);
            if (places.bits > best.bits)
                best = places;
        }
    if (a->address_count == 0 || b->address_count == 0)
        return;
    scoring->out->levels[SCORE_POSTCODE] = best.postcode;
    scoring->out->levels[SCORE_STREET] = best.street;
    scoring->out->levels[SCORE_TOWN] = best.town;
    scoring->place_bits = best.bits;
    scoring->chance_bits += best.chance_bits;
    place_level(&scoring->out->accord, &best);
    scoring->one_street = best.street >= SCORE_PART || best.house == SCORE_SAME;
    scoring->one_home = best.house != SCORE_DIFFERS && scoring->one_street &&
                        (best.postcode >= SCORE_SIMILAR || best.town >= SCORE_SIMILAR);
    if (best.house == SCORE_DIFFERS && best.street == SCORE_PART)
        scoring_say(scoring, "house numbers differ");
    if (postcode_words[best.postcode] != NULL)
        scoring_say(scoring, postcode_words[best.postcode]);
    if (street_words[best.street] != NULL)
        scoring_say(scoring, street_words[best.street]);
    if (best.town >= SCORE_SIMILAR)
        scoring_say(scoring, best.town == SCORE_SAME ? "same town" : "towns are alike");
}

void scoring_country(struct scoring *scoring, const struct thing *a, const struct thing *b)
{
    if (a->country.len == 0 || b->country.len == 0)
        return;
    enum score_level level =
        bytes_equal(a->country, b->country) ? SCORE_SAME : SCORE_DIFFERS;
    scoring->out->levels[SCORE_COUNTRY] = level;
    scoring->other_bits += scoring_weight(scoring, SCORE_COUNTRY, level);
    scoring_say(scoring, level == SCORE_SAME ? "same country" : "countries differ");
}

/* Of one person's records one in fifty has the sex wrong; half of all others have the same. */
static const double SEX_WRONG = 0.02, SEX_SHARED = 0.5;

void scoring_sex(struct scoring *scoring, const struct thing *a, const struct thing *b)
{
    if (a->sex.len == 0 || b->sex.len == 0)
        return;
    bool same = bytes_equal(a->sex, b->sex);
    scoring->other_bits += log2((same ? 1 - SEX_WRONG : SEX_WRONG) / SEX_SHARED);
    scoring->out->other_sex = !same;
    if (!same)
        scoring_say(scoring, "sexes differ");
}

/* ---- identifiers ---- */

static enum score_field field_of(enum key_class class)
{
    switch (class) {
    case KEY_PERSON:
    case KEY_COMPANY:
    case KEY_MARK:
        return SCORE_FIELDS;
    case KEY_PHONE:
    case KEY_EMAIL:
    case KEY_DOMAIN:
        return SCORE_CONTACT;
    default:
        return SCORE_NUMBER;
    }
}

/* A digit wrong, or two exchanged, in a number long enough to show it. */
static enum score_level compare_keys(const struct key *a, const struct key *b)
{
    if (bytes_equal(a->value, b->value))
        return SCORE_SAME;
    size_t len = a->value.len < b->value.len ? a->value.len : b->value.len;
    size_t allowed = len < 6 ? 0 : a->class == KEY_EMAIL ? len / 5 : len < 10 ? 1 : 2;
    return text_is_near(a->value, b->value, allowed) ? SCORE_SIMILAR : SCORE_DIFFERS;
}

void scoring_keys(struct scoring *scoring, const struct thing *a, const struct thing *b)
{
    enum score_level best[SCORE_FIELDS] = {0};
    const struct key *shown[SCORE_FIELDS] = {0};
    for (size_t i = 0; i < a->key_count; i++)
        for (size_t j = 0; j < b->key_count; j++) {
            const struct key *x = &a->keys[i], *y = &b->keys[j];
            enum score_field field = field_of(x->class);
            if (x->class != y->class || field == SCORE_FIELDS)
                continue;
            enum score_level level = compare_keys(x, y);
            if (level > best[field]) {
                best[field] = level;
                shown[field] = x;
            }
        }
    bool by_call_sign = best[SCORE_NUMBER] == SCORE_UNKNOWN;
    if (by_call_sign)
        best[SCORE_NUMBER] = compare_texts(a->call_sign, b->call_sign, 0);
    for (size_t field = SCORE_NUMBER; field <= SCORE_CONTACT; field++) {
        enum score_level level = best[field];
        scoring->out->levels[field] = level;
        if (level == SCORE_UNKNOWN)
            continue;
        scoring->other_bits += scoring_weight(scoring, (enum score_field)field, level);
        const char *label = by_call_sign && field == SCORE_NUMBER
                                ? "call sign"
                                : key_class_row(shown[field]->class)->label;
        scoring_say(scoring, level == SCORE_SAME
                                 ? arena_printf(scoring->arena, "same %s", label)
                             : level == SCORE_SIMILAR
                                 ? arena_printf(scoring->arena,
                                                "%s differs by a character or two", label)
                                 : arena_printf(scoring->arena, "%ss differ", label));
    }
}
