/* SPDX-License-Identifier: Apache-2.0 */
#include "link/scoring.h"

#include "base/text.h"
#include "link/name_asian.h"
#include "link/name_variants.h"
#include "link/word_apart.h"
#include "link/word_match.h"

#include <math.h>

enum {
    JOINED_MAX = 96,
    SHARE_THINGS = 30, /* things that what is known beforehand is worth */
};

/* A word of a company's name says which one is meant from here on (no Group, no Trading). */
static const double TELLING_BITS_MIN = 3;

/* ... and is one that more than one company in 1,024 has, up to here. */
static const double COMMON_BITS_MAX = 5;

/* Forms that a slip of the pen makes of a name, as if all were as likely: some of its letters
 * another, left out, doubled or exchanged, the keys beside them. That it is just a form that others
 * bear is so much less likely. */
static const double SLIPS = 100;

/* ---- weights ---- */

double scoring_share(const struct frequency *frequency, char kind, struct bytes text,
                     double otherwise)
{
    if (frequency == NULL || frequency->capacity == 0)
        return otherwise;
    /* The two that are laid side by side have it: the others count. */
    return frequency_share(frequency, kind, text, 2,
                           (struct frequency_reckoned){otherwise, SHARE_THINGS});
}

void scoring_say(struct scoring *scoring, const char *why)
{
    if (scoring->out->why_count < SCORE_REASONS_MAX)
        scoring->out->why[scoring->out->why_count++] = why;
}

double scoring_weight(const struct scoring *scoring, enum score_field field,
                      enum score_level level)
{
    const struct score_weight *weight = &scoring->weights[field][level];
    return weight->m > 0 ? log2(weight->m / weight->u) : 0;
}

double scoring_chance(const struct scoring *scoring, enum score_field field,
                      enum score_level level)
{
    const struct score_weight *weight = &scoring->weights[field][level];
    return weight->m > 0 ? -log2(weight->u) : 0;
}

/* A level whose u is how common the agreeing value is. */
double scoring_weight_shared(const struct scoring *scoring, enum score_field field,
                             enum score_level level, double share)
{
    return log2(scoring->weights[field][level].m / share);
}

/* ---- names ---- */

struct laid {
    bool two_names, generations;
    bool asian; /* both */
    enum score_level levels[SCORE_NAMES_MAX];
    const struct thing_token *a[SCORE_NAMES_MAX], *b[SCORE_NAMES_MAX];
    size_t count;
    double bits, chance_bits;
    enum name_odds odds;
};

static enum score_level level_of(enum word_match match)
{
    switch (match) {
    case WORD_SAME:
        return SCORE_SAME;
    case WORD_SOUNDS:
    case WORD_VARIANT:
        return SCORE_SOUNDS;
    case WORD_SIMILAR:
    case WORD_NEAR:
    case WORD_FRONT:
        return SCORE_SIMILAR;
    case WORD_INITIAL:
        return SCORE_PART;
    default:
        return SCORE_DIFFERS;
    }
}

static double token_share(const struct scoring *scoring, const struct thing_token *token)
{
    return scoring_share(scoring->context->frequency, 't', token->text, exp2(-token->bits));
}

/* How often strangers bear a name that is alike, when it is this one: both forms are borne by others
 * here, who share it among the forms that a slip could have made of it. The two laid side by side, and
 * one more record of each, are none of them. */
static double alike_share(const struct scoring *scoring, struct bytes a, struct bytes b)
{
    enum { OWN = 2 };
    const struct frequency *frequency = scoring->context->frequency;
    double u = scoring->weights[SCORE_NAME][SCORE_SIMILAR].u;
    if (frequency == NULL || frequency->capacity == 0 || !scoring->persons)
        return u;
    uint64_t count_a = frequency_of(frequency, 't', a);
    uint64_t count_b = frequency_of(frequency, 't', b);
    uint64_t fewer = count_a < count_b ? count_a : count_b;
    if (fewer <= OWN)
        return u;
    double share = (double)(fewer - OWN) / ((double)frequency->things + SHARE_THINGS);
    return fmin(fmax(u, SLIPS * share), 1);
}

/* How often a stranger's name is on the level beside this one. */
static double name_share(const struct scoring *scoring, enum score_level level,
                         const struct thing_token *token, const struct thing_token *other)
{
    double u = scoring->weights[SCORE_NAME][level].u;
    if (level == SCORE_SAME)
        return token_share(scoring, token);
    if (level == SCORE_SIMILAR)
        return alike_share(scoring, token->text, other->text);
    if (level != SCORE_SOUNDS || token->code[0] == '\0')
        return u;
    return fmax(
        u, scoring_share(scoring->context->frequency, 'c', bytes_text(token->code), u));
}

static void lay(struct laid *laid, const struct scoring *scoring, enum score_level level,
                const struct thing_token *a, const struct thing_token *b)
{
    if (laid->count == SCORE_NAMES_MAX)
        return;
    laid->two_names |=
        level == SCORE_DIFFERS && scoring->persons &&
        (laid->asian || name_forms(a->text, b->text, NAME_PERSON) == NAME_FORMS_TWO);
    laid->levels[laid->count] = level;
    laid->a[laid->count] = a;
    laid->b[laid->count++] = b;
    double share = name_share(scoring, level, a, b);
    laid->bits += scoring_weight_shared(scoring, SCORE_NAME, level, share);
    laid->chance_bits -= log2(share);
}

static bool runs_together(const struct thing_name *many, size_t at, struct bytes one)
{
    uint8_t text[JOINED_MAX];
    struct bytes first = many->tokens[at].text, second = many->tokens[at + 1].text;
    size_t len = first.len + second.len;
    if (len > sizeof text || len < 4)
        return false;
    memcpy(text, first.at, first.len);
    memcpy(text + first.len, second.at, second.len);
    return text_distance(bytes_of(text, len), one) <= (len < 8 ? 1 : 2);
}

/* Two tokens of one name that are one token of the other: "gra ce". */
static void lay_runs(struct laid *laid, const struct scoring *scoring, bool *used_one,
                     bool *used_many, const struct thing_name *one,
                     const struct thing_name *many)
{
    for (size_t i = 0; i < one->count; i++)
        for (size_t j = 0; j + 1 < many->count && !used_one[i]; j++)
            if (!used_many[j] && !used_many[j + 1] &&
                runs_together(many, j, one->tokens[i].text)) {
                used_one[i] = used_many[j] = used_many[j + 1] = true;
                lay(laid, scoring, SCORE_SIMILAR, &one->tokens[i], &many->tokens[j]);
            }
}

/* Names that are alike in letters, and of which this file has so many of each that two names are
 * likelier than a slip. */
static bool are_two_here(const struct scoring *scoring, struct bytes a, struct bytes b)
{
    return alike_share(scoring, a, b) > scoring->weights[SCORE_NAME][SCORE_SIMILAR].m;
}

static enum score_level compare_words(const struct scoring *scoring, struct bytes a,
                                      struct bytes b, bool vowelless)
{
    bool persons = scoring->persons;
    /* Two initials that are the same may be of two names. */
    if (persons && a.len == 1 && b.len == 1)
        return a.at[0] == b.at[0] ? SCORE_PART : SCORE_DIFFERS;
    enum score_level level =
        level_of(word_compare(a, b, persons ? NAME_PERSON : NAME_COMPANY, vowelless));
    return level == SCORE_SIMILAR && are_two_here(scoring, a, b) ? SCORE_DIFFERS : level;
}

/* Every word of a company's name may be the one that tells it from its sisters, be it a region or
 * a number: all but those that join others, and what half of all companies are. */
static bool tells_which(const struct thing_token *token)
{
    static const char *const joints[] = {
        "a",         "al",    "and",     "at",     "by",       "da",        "das",
        "de",        "degli", "dei",     "del",    "dell",     "della",     "den",
        "der",       "des",   "di",      "die",    "do",       "dos",       "e",
        "el",        "en",    "et",      "for",    "fuer",     "fur",       "i",
        "im",        "in",    "la",      "las",    "le",       "les",       "los",
        "of",        "og",    "och",     "per",    "pour",     "compania",  "companhia",
        "compagnie", "cia",   "empresa", "firma",  "sociedad", "sociedade", "societe",
        "societa",   "grupo", "groupe",  "gruppe", "gruppo",   "shrka",     "the",
        "u",         "und",   "van",     "von",    "y",        "za",        "zu"};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
        if (bytes_is(token->text, joints[i]))
            return false;
    return is_digit(token->text.at[0]) || token->bits > TELLING_BITS_MIN;
}

static size_t count_telling(const struct thing_name *name, const bool *used)
{
    size_t count = 0;
    for (size_t i = 0; i < name->count; i++)
        count += !used[i] && tells_which(&name->tokens[i]);
    return count;
}

/* Import and Export: either word alone says little, both together that there are two. */
static bool has_two_trades(const struct thing_name *a, const bool *used_a,
                           const struct thing_name *b, const bool *used_b)
{
    static const char *const sizes[] = {"group",   "holding", "holdings",
                                        "company", "global",  "international"};
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++) {
            struct bytes one = a->tokens[i].text, other = b->tokens[j].text;
            bool two = !used_a[i] && !used_b[j] &&
                       name_forms(one, other, NAME_COMPANY) == NAME_FORMS_TWO;
            for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
                two = two && !bytes_is(one, sizes[k]) && !bytes_is(other, sizes[k]);
            if (two)
                return true;
        }
    return false;
}

/* What two companies' names have apart. Sisters share all the rest, whose bits then say nothing
 * of which is meant; so this is for the verdict. */
static void find_odds(struct laid *laid, const struct scoring *scoring,
                      const struct thing_name *a, const bool *used_a,
                      const struct thing_name *b, const bool *used_b)
{
    size_t odd_a = count_telling(a, used_a), odd_b = count_telling(b, used_b);
    laid->odds = (odd_a > 0 && odd_b > 0) || has_two_trades(a, used_a, b, used_b)
                     ? ODDS_BOTH_SIDES
                 : odd_a > 0 || odd_b > 0 ? ODDS_ONE_SIDE
                                          : ODDS_NONE;
    if (laid->odds == ODDS_ONE_SIDE)
        laid->bits +=
            (double)(odd_a + odd_b) * scoring_weight(scoring, SCORE_NAME, SCORE_DIFFERS);
}

/* In a Chinese, Korean or Vietnamese name a letter makes another one, and so does the vowel of a
 * syllable, but for the many ways to write a Korean one. */
static bool are_two_syllables(enum score_level level, struct bytes a, struct bytes b,
                              bool korean)
{
    if (level == SCORE_SOUNDS && name_forms(a, b, NAME_PERSON) != NAME_FORMS_ONE)
        return !korean && name_is_syllable(a) && name_is_syllable(b);
    return level == SCORE_SIMILAR;
}

static void lay_names(struct laid *laid, const struct scoring *scoring,
                      const struct thing_name *a, const struct thing_name *b)
{
    bool used_a[NAME_TOKENS_MAX] = {0}, used_b[NAME_TOKENS_MAX] = {0};
    bool vowelless = a->vowelless != b->vowelless;
    enum score_level levels[NAME_TOKENS_MAX][NAME_TOKENS_MAX];
    *laid = (struct laid){.generations = a->generation > 0 && b->generation > 0 &&
                                         a->generation != b->generation};
    laid->asian = a->asian && b->asian;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++) {
            struct bytes one = a->tokens[i].text, other = b->tokens[j].text;
            levels[i][j] = compare_words(scoring, one, other, vowelless);
            if (laid->asian &&
                are_two_syllables(levels[i][j], one, other, a->korean || b->korean))
                levels[i][j] = SCORE_DIFFERS;
        }
    for (int level = SCORE_SAME; level >= SCORE_PART; level--) {
        /* What runs together goes before what is merely similar. */
        if (level == SCORE_SIMILAR) {
            lay_runs(laid, scoring, used_a, used_b, a, b);
            lay_runs(laid, scoring, used_b, used_a, b, a);
        }
        for (size_t i = 0; i < a->count; i++)
            for (size_t j = 0; j < b->count && !used_a[i]; j++) {
                if (used_b[j] || levels[i][j] != (enum score_level)level)
                    continue;
                used_a[i] = used_b[j] = true;
                lay(laid, scoring, (enum score_level)level, &a->tokens[i], &b->tokens[j]);
            }
    }
    if (!scoring->persons)
        find_odds(laid, scoring, a, used_a, b, used_b);
    for (size_t i = 0, j = 0; i < a->count; i++) {
        if (used_a[i])
            continue;
        while (j < b->count && used_b[j])
            j++;
        if (j == b->count)
            break;
        used_a[i] = used_b[j] = true;
        lay(laid, scoring, SCORE_DIFFERS, &a->tokens[i], &b->tokens[j]);
    }
}

static const char *role_text(const struct thing_token *a, const struct thing_token *b)
{
    enum name_role role = a->role != ROLE_NAME ? a->role : b->role;
    return role == ROLE_SURNAME ? "surname" : role == ROLE_GIVEN ? "given name" : "name";
}

/* Known beforehand; a company's country in two languages, too. */
static enum name_forms forms_known(const struct scoring *scoring, struct bytes a,
                                   struct bytes b)
{
    enum name_kind kind = scoring->persons ? NAME_PERSON : NAME_COMPANY;
    enum name_forms forms = name_forms(a, b, kind);
    return forms == NAME_FORMS_ONE || scoring->persons ? forms : words_apart(a, b);
}

static void say_name(struct scoring *scoring, enum score_level level,
                     const struct thing_token *a, const struct thing_token *b)
{
    const char *role = role_text(a, b);
    struct bytes x = a->text, y = b->text;
    switch (level) {
    case SCORE_SAME:
        scoring_say(scoring, arena_printf(scoring->arena, "same %s %.*s", role, (int)x.len,
                                          (const char *)x.at));
        return;
    case SCORE_SOUNDS:
        scoring_say(scoring, arena_printf(scoring->arena, "%s %s: %.*s, %.*s", role,
                                          forms_known(scoring, x, y) == NAME_FORMS_ONE
                                              ? "has two forms"
                                              : "sounds alike",
                                          (int)x.len, (const char *)x.at, (int)y.len,
                                          (const char *)y.at));
        return;
    case SCORE_SIMILAR: {
        size_t letters = text_distance(x, y);
        scoring_say(scoring,
                    arena_printf(scoring->arena, "%s differs by %s: %.*s, %.*s", role,
                                 letters == 1 ? "one letter" : "a few letters", (int)x.len,
                                 (const char *)x.at, (int)y.len, (const char *)y.at));
        return;
    }
    case SCORE_PART:
        scoring_say(scoring, arena_printf(scoring->arena, "same initial of a %s", role));
        return;
    default:
        scoring_say(scoring,
                    arena_printf(scoring->arena, "%s differs: %.*s, %.*s", role, (int)x.len,
                                 (const char *)x.at, (int)y.len, (const char *)y.at));
    }
}

void scoring_names(struct scoring *scoring, const struct thing *a, const struct thing *b)
{
    struct laid best = {0}, laid;
    bool any = false;
    for (size_t i = 0; i < a->name_count; i++)
        for (size_t j = 0; j < b->name_count; j++) {
            lay_names(&laid, scoring, &a->names[i], &b->names[j]);
            bool better =
                laid.odds != best.odds ? laid.odds < best.odds : laid.bits > best.bits;
            if (laid.count > 0 && (!any || better))
                best = laid;
            any = any || laid.count > 0;
        }
    struct score *out = scoring->out;
    out->levels[SCORE_NAME] = any ? SCORE_SAME : SCORE_UNKNOWN;
    for (size_t i = 0; i < best.count; i++) {
        out->names[i] = best.levels[i];
        if (best.levels[i] < out->levels[SCORE_NAME])
            out->levels[SCORE_NAME] = best.levels[i];
        say_name(scoring, best.levels[i], best.a[i], best.b[i]);
    }
    out->name_count = best.count;
    scoring->common_words = best.count > 0;
    for (size_t i = 0; i < best.count; i++)
        scoring->common_words = scoring->common_words && best.a[i]->bits <= COMMON_BITS_MAX;
    scoring->odds = best.odds;
    scoring->two_names = best.two_names;
    scoring->generations = best.generations;
    scoring->name_bits = best.bits;
    scoring->chance_bits += best.chance_bits;
}
