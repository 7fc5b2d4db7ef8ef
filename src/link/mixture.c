/* SPDX-License-Identifier: Apache-2.0 */
#include "link/mixture.h"

#include <math.h>

enum { KIN, NAMESAKES, ROUNDS = 120 };

/* Levels of names. */
enum { SOUND = 3, ONE_NAME = 4, TWO_NAMES = 6, WHOLE_NAME = 7 };

/* What is reckoned beforehand. Estimates of ours, and from statistics: of 80 births one is
 * of twins; in a list that has households a relative is as common as a second record. */
static const struct mixture reckoned[] =
    {
        [MIXTURE_KEYS] =
            {
                .short_run_doubt = 1,
                .same = {0.5,
                         {0.02, 0.03, 0.03, 0.02, 0.12, 0.13, 0.08, 0.57},
                         {1, 0.06, 0.03, 0.01, 0.05, 0.85},
                         {1, 0.08, 0.10, 0.10, 0.22, 0.50}},
                .others = {[KIN] = {0.04,
                                    {0.20, 0.10, 0.01, 0.02, 0.48, 0.12, 0.04, 0.03},
                                    {1, 0.947, 0.03, 0.003, 0.006, 0.014},
                                    {1, 0.01, 0.04, 0.10, 0.25, 0.60}},
                           [NAMESAKES] = {0.01,
                                          {0.001, 0.001, 0.001, 0.001, 0.01, 0.026,
                                           0.06, 0.90},
                                          {1, 0.959, 0.03, 0.003, 0.006, 0.002},
                                          {1, 0.01, 0.80, 0.15, 0.03, 0.01}}},
            },
        [MIXTURE_PLAIN] =
            {
                .two_is_whole = true,
                .short_run_doubt = 3,
                .same = {0.5,
                         {0.01, 0.02, 0.03, 0.02, 0.07, 0.05, 0.25, 0.55},
                         {1, 0.05, 0.02, 0.02, 0.06, 0.85},
                         {1, 0.05, 0.10, 0.10, 0.20, 0.55}},
                .others = {[KIN] = {0.04,
                                    {0.15, 0.03, 0.68, 0.01, 0.04, 0.04, 0.02, 0.03},
                                    {1, 0.947, 0.03, 0.001, 0.008, 0.014},
                                    {1, 0.01, 0.04, 0.10, 0.25, 0.60}},
                           [NAMESAKES] = {0.01,
                                          {0.001, 0.001, 0.007, 0.001, 0.01, 0.03, 0.10,
                                           0.85},
                                          {1, 0.961, 0.03, 0.001, 0.006, 0.002},
                                          {1, 0.01, 0.80, 0.15, 0.03, 0.01}}},
            },
};

static const char *const name_words[][MIXTURE_NAMES] = {
    [MIXTURE_KEYS] = {"none", "letters of one", "more letters", "one by sound", "one",
                      "one and letters", "two or more", "all"},
    [MIXTURE_PLAIN] = {"none", "one nearly, another differs", "one, another differs",
                       "one nearly", "one", "two or more, another differs", "all nearly",
                       "all"}};
static const char *const date_words[MIXTURE_DATES] = {
    "unknown", "differs", "a year or swapped", "another year", "two parts", "the same"};
static const char *const place_words[MIXTURE_PLACES] = {
    "unknown",       "differs", "town or postcode", "street", "house and one part",
    "house and more"};

const char *mixture_name_word(enum mixture_kind kind, size_t level)
{
    return level < MIXTURE_NAMES ? name_words[kind][level] : NULL;
}

const char *mixture_date_word(size_t level)
{
    return level < MIXTURE_DATES ? date_words[level] : NULL;
}

const char *mixture_place_word(size_t level)
{
    return level < MIXTURE_PLACES ? place_words[level] : NULL;
}

/* The cells of a table of all agreements. */
enum { CELLS = MIXTURE_NAMES * MIXTURE_DATES * MIXTURE_PLACES };

static size_t cell_of(const struct accord *accord)
{
    return ((size_t)accord->names * MIXTURE_DATES + accord->date) * MIXTURE_PLACES +
           accord->place;
}

void mixture_init(struct mixture *mixture, enum mixture_kind kind)
{
    *mixture = reckoned[kind];
    double *fits = &mixture->fits[0][0][0];
    for (size_t i = 0; i < CELLS; i++)
        fits[i] = 1;
}

/* Who agrees in all that an address tells might agree in more, had it told more. */
static size_t place_end(const struct accord *accord)
{
    return accord->place > 0 && accord->place == accord->place_most ? MIXTURE_PLACES
                                                                    : accord->place + 1U;
}

static double place_share(const struct mixture_class *class, const struct accord *accord)
{
    double sum = 0;
    for (size_t i = accord->place; i < place_end(accord); i++)
        sum += class->places[i];
    return sum;
}

static double expected(const struct mixture_class *class, const struct accord *accord)
{
    return class->often * class->names[accord->names] * class->dates[accord->date] *
           place_share(class, accord);
}

static double of_same(const struct mixture *mixture, const struct accord *accord)
{
    return expected(&mixture->same, accord) *
           mixture->fits[accord->names][accord->date][accord->place];
}

/* Whoever bears the whole name of a relative is hardly of the year of birth: so much of what chance says. */
static const double KIN_OF_NAME_AND_YEAR = 0.3;

static double of_other(const struct mixture *mixture, size_t k, const struct accord *accord)
{
    bool year = accord->date == 2 || accord->date >= 4;
    double named =
        k == KIN && accord->names >= TWO_NAMES && year ? KIN_OF_NAME_AND_YEAR : 1;
    return named * exp2(-accord->rarer_letters) * expected(&mixture->others[k], accord);
}

static double of_others(const struct mixture *mixture, const struct accord *accord)
{
    double sum = 0;
    for (size_t k = 0; k < MIXTURE_OTHERS; k++)
        sum += of_other(mixture, k, accord);
    return sum;
}

/* A short run has seen few rows: how common a value is, is known within so many times, and the pairs that look
 * best are those of which it was taken for too rare. In the clear there are more fields to be wrong about. */
static double strangers_of(const struct mixture *mixture, const struct accord *accord)
{
    double runs = (double)mixture->queries / MIXTURE_LONG_RUN;
    double unknown = mixture->queries > 0 ? 1 / (1 + runs * runs) : 0;
    return accord->strangers * (1 + mixture->short_run_doubt * unknown);
}

double mixture_doubt(const struct mixture *mixture, const struct accord *accord)
{
    return accord->numbers * (of_others(mixture, accord) + strangers_of(mixture, accord)) /
           of_same(mixture, accord);
}

bool accord_is_whole(const struct accord *accord)
{
    return accord->names == WHOLE_NAME && accord->date == MIXTURE_DATES - 1 &&
           !accord->day_of_many;
}

/* Half of the way is gone with a long run. */
static const double HIT_LEARNED_MAX = 0.4;

double mixture_doubt_max(const struct mixture *mixture)
{
    double known = (double)mixture->queries / ((double)mixture->queries + MIXTURE_LONG_RUN);
    return HIT_EXPECTED_MAX + known * (HIT_LEARNED_MAX - HIT_EXPECTED_MAX);
}

/* One class counted: sums of shares by level. */
struct tally {
    double all, names[MIXTURE_NAMES], dates[MIXTURE_DATES], places[MIXTURE_PLACES];
};

/* What is counted of all classes in one round. */
struct round {
    struct tally same, others[MIXTURE_OTHERS];
    double cells[CELLS]; /* of the same person's */
};

/* How one person's records agree in a field is counted where the other fields leave no
 * doubt that it is one: relatives that are many would else pass for one person with bad
 * dates. */
static void count_same(struct tally *tally, const struct mixture_class *same,
                       const struct accord *accord, double share)
{
    tally->all += share;
    if (accord->date >= 4)
        tally->names[accord->names] += share;
    if (accord->names == WHOLE_NAME && (accord->place == 0 || accord->place >= 4))
        tally->dates[accord->date] += share;
    if (accord->names < TWO_NAMES || accord->date < 4)
        return;
    double places = place_share(same, accord);
    for (size_t i = accord->place; i < place_end(accord); i++)
        tally->places[i] += share * same->places[i] / places;
}

/* Others are counted where only they are many: another birth date. */
static void count_other(struct tally *tally, const struct accord *accord, double share)
{
    tally->all += share;
    if (accord->date == 1 && accord->place >= 4 && accord->names < WHOLE_NAME)
        tally->names[accord->names] += share;
}

static void count_round(struct round *round, const struct mixture *mixture,
                        const struct accord *seen, size_t seen_count)
{
    *round = (struct round){0};
    for (size_t i = 0; i < seen_count; i++) {
        const struct accord *accord = &seen[i];
        double is_same = of_same(mixture, accord);
        double all =
            is_same + accord->numbers * (accord->strangers + of_others(mixture, accord));
        count_same(&round->same, &mixture->same, accord, is_same / all);
        round->cells[cell_of(accord)] += is_same / all;
        for (size_t k = 0; k < MIXTURE_OTHERS; k++)
            count_other(&round->others[k], accord,
                        accord->numbers * of_other(mixture, k, accord) / all);
    }
}

/* Levels from `first` on keep their sum; what was reckoned counts as `prior`. */
static void settle(double *levels, const double *before, const double *counted,
                   size_t first, size_t end, double prior)
{
    double all = 0, sum = 0;
    for (size_t i = first; i < end; i++) {
        all += counted[i] + prior * before[i];
        sum += before[i];
    }
    for (size_t i = first; i < end; i++)
        levels[i] = sum * (counted[i] + prior * before[i]) / all;
}

/* Whether asked people are there at all, a run shows soonest: every query tells. */
static const double OFTEN_QUERIES = 2;

static double settle_often(double before, double counted, uint64_t queries, double prior)
{
    return (counted + prior * before) / ((double)queries + prior);
}

/* Who live in one house have its address written as badly as one person has. */
static void share_house(struct mixture_class *kin, const struct mixture_class *same)
{
    double all = 0;
    for (size_t i = 2; i < MIXTURE_PLACES; i++)
        all += same->places[i];
    for (size_t i = 2; i < MIXTURE_PLACES; i++)
        kin->places[i] = (1 - kin->places[1]) * same->places[i] / all;
}

/* A child with a parent's name has it spelled as badly as well. */
static void share_spelling(struct mixture_class *kin, const struct mixture_class *same,
                           double whole)
{
    double all = same->names[TWO_NAMES] + same->names[WHOLE_NAME];
    kin->names[TWO_NAMES] = whole * same->names[TWO_NAMES] / all;
    kin->names[WHOLE_NAME] = whole * same->names[WHOLE_NAME] / all;
}

/* By keys, a name that agrees by sound alone is told from one that agrees well only beside
 * a birth date that agrees: kin of another date do not show how often. */
static void share_sound(struct mixture_class *kin, const struct mixture_class *same)
{
    double one = kin->names[SOUND] + kin->names[ONE_NAME];
    double sounds = same->names[SOUND] / (same->names[SOUND] + same->names[ONE_NAME]);
    kin->names[SOUND] = one * sounds;
    kin->names[ONE_NAME] = one * (1 - sounds);
}

/* Files differ most in whether they have households at all: a run shows it soon. */
static const double OTHERS_QUERIES = 20;

static void settle_round(struct mixture *mixture, const struct mixture *before,
                         const struct round *round, uint64_t queries)
{
    struct mixture_class *same = &mixture->same, *kin = &mixture->others[KIN];
    const struct tally *counted = &round->same;
    same->often = settle_often(before->same.often, counted->all, queries, OFTEN_QUERIES);
    settle(same->names, before->same.names, counted->names, 0, MIXTURE_NAMES,
           MIXTURE_QUERIES);
    settle(same->dates, before->same.dates, counted->dates, 1, MIXTURE_DATES,
           MIXTURE_QUERIES);
    settle(same->places, before->same.places, counted->places, 1, MIXTURE_PLACES,
           MIXTURE_QUERIES);
    /* How others agree stays as it is reckoned, so that they stay what they are; but for
     * the names that kin have in common: two surnames or one, spelled as badly as the file
     * spells. By keys, kin without a name in common share nothing unless their dates do: how
     * many they are is not seen. */
    for (size_t k = 0; k < MIXTURE_OTHERS; k++)
        mixture->others[k].often = settle_often(
            before->others[k].often, round->others[k].all, queries, OTHERS_QUERIES);
    const struct mixture_class *kin_before = &before->others[KIN];
    bool whole_is_six = before->two_is_whole;
    settle(kin->names, kin_before->names, round->others[KIN].names,
           whole_is_six ? 0 : SOUND, whole_is_six ? TWO_NAMES : WHOLE_NAME,
           MIXTURE_QUERIES);
    if (whole_is_six)
        share_spelling(kin, same,
                       kin_before->names[TWO_NAMES] + kin_before->names[WHOLE_NAME]);
    else
        share_sound(kin, same);
    share_house(kin, same);
}

/* A cell may differ from the product by chance, too: so many of its pairs speak for the product. */
static const double FITS_PRIOR = 8, FITS_LEAST = 0.4, FITS_MOST = 2.5, FITS_DOUBT = 0.05;

static void settle_fits(struct mixture *mixture, const struct round *round,
                        uint64_t queries)
{
    for (uint8_t n = 0; n < MIXTURE_NAMES; n++)
        for (uint8_t d = 1; d < MIXTURE_DATES; d++)
            for (uint8_t p = 0; p < MIXTURE_PLACES; p++) {
                const struct accord accord = {.names = n, .date = d, .place = p};
                double product = (double)queries * expected(&mixture->same, &accord);
                double fits =
                    (round->cells[cell_of(&accord)] + FITS_PRIOR) / (product + FITS_PRIOR);
                /* Others of whom there are more than was reckoned are no errors of one person's. */
                bool doubtful = of_others(mixture, &accord) >
                                FITS_DOUBT * expected(&mixture->same, &accord);
                mixture->fits[n][d][p] =
                    fmin(fmax(fits, FITS_LEAST), doubtful ? 1 : FITS_MOST);
            }
}

void mixture_learn(struct mixture *mixture, const struct accord *seen, size_t seen_count,
                   uint64_t queries)
{
    const struct mixture before = *mixture;
    mixture->queries = queries;
    /* One starts with many relatives: what they explain is not one person's errors. */
    for (size_t k = 0; k < MIXTURE_OTHERS; k++)
        mixture->others[k].often = 1;
    for (size_t i = 0; i < ROUNDS; i++) {
        struct round round;
        count_round(&round, mixture, seen, seen_count);
        settle_round(mixture, &before, &round, queries);
        /* First who is who, then how far from a product. */
        if (i >= ROUNDS / 2)
            settle_fits(mixture, &round, queries);
    }
}
