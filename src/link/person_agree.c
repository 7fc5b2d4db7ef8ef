/* SPDX-License-Identifier: Apache-2.0 */
#include "link/person_agree.h"

#include "record/name_words.h"

#include <math.h>

/* How seldom strangers agree, in bits, where nothing better is known. These are what is
 * usual; the min-entropy that decides whether something may be a key at all is lower
 * (record/person_form). */
static const struct {
    double start, start3, end, end3, end_beside_start, initial, same_ends,
        letters_beside_name, initial_beside_name, rarer_most;
    double postcode, region, street, house, town, letter;
    double street_in_postcode, town_in_postcode,
        town_beside_street; /* of these, what is left */
    double year, month_of_year, day_of_month, day, swapped,
        day_of_many; /* of a birth date */
} bits = {
    .start = 4.5,
    .start3 = 5.5,
    .end = 2,
    .end3 = 2.5,
    .end_beside_start = 1.5,
    .initial = 3,
    .same_ends = 1,
    .letters_beside_name = 4,
    .initial_beside_name = 1,
    .rarer_most = 3,
    .postcode = 10.5,
    .region = 3,
    .street = 9,
    .house = 6,
    .town = 6.5,
    .letter = 3,
    .street_in_postcode = 6,
    .town_in_postcode = 1,
    .town_beside_street = 5,
    .year = 6,
    .month_of_year = 3.5,
    .day_of_month = 4.9,
    .day = 8.4,
    .swapped = 7.4,
    .day_of_many = 5,
};

enum {
    YEAR_LEN = 4,
    DAY_LEN = 5,
    NAMES_COUNTED = 4 /* of those asked; further ones have few keys */
};

/* How many of the asking rows what we reckoned of a part of a key is worth. */
static const double PART_ROWS = 30;

/* First or last letters that one in eight has say nothing of who is meant: -ova, -enko, -yan, -ez end
 * the names of a third of a country. Ends are taken for such where no rows show otherwise. */
static const double LETTERS_BITS_MIN = 3;

/* ---- how common a value is ---- */

/* Bits of a value: what was reckoned, and what share of the asking rows have it. The asking
 * one, and rows that are taken for it, are no others. */
static double value_bits(const struct decide_query *query, char kind, struct bytes text,
                         double reckoned)
{
    const struct frequency *parts = query->parts;
    if (parts == NULL || parts->things < 2)
        return reckoned;
    double own = 1 + (double)query->same_rows;
    return -log2(frequency_share(parts, kind, text, own,
                                 (struct frequency_reckoned){exp2(-reckoned), PART_ROWS}));
}

/* Beside another part that goes with it, its own rows cannot tell more than is left. */
static double rest_bits(const struct decide_query *query, char kind, struct bytes text,
                        double left)
{
    return fmin(left, value_bits(query, kind, text, left));
}

/* Of letters, the most common: which of them agree beside whole names is not known. */
static double letters_bits(const struct decide_query *query, char kind,
                           const struct person_letters *letters)
{
    double least = letters->count > 0 ? HUGE_VAL : 0;
    for (size_t i = 0; i < letters->count; i++) {
        bool longer = letters->at[i].len > 2;
        double reckoned = kind == 's' ? (longer ? bits.start3 : bits.start)
                                      : (longer ? bits.end3 : bits.end);
        least = fmin(least, value_bits(query, kind, letters->at[i], reckoned));
    }
    return least;
}

static void chance(struct person_agree *agree, double by)
{
    agree->levels.strangers *= exp2(-by);
}

static void chance_why(struct person_agree *agree, struct decision *out, double by,
                       const char *why)
{
    chance(agree, by);
    decision_reason(out, why);
}

/* ---- names ---- */

/* Codes in keys are cut. */
static size_t cut_code(char code[static PHONETIC_CODE_MAX], struct bytes text)
{
    size_t len = phonetic_code(code, text);
    return len < PERSON_CODE_LEN ? len : PERSON_CODE_LEN;
}

static bool same_sound(struct bytes token, struct bytes code)
{
    char own[PHONETIC_CODE_MAX];
    size_t len = cut_code(own, token);
    return bytes_equal(bytes_of(own, len), code);
}

/* A code that is only how an agreeing token sounds is no second fact. */
static bool is_heard_token(const struct person_facts *facts, size_t at)
{
    if (facts->names[at].exact)
        return false;
    for (size_t i = 0; i < facts->name_count; i++)
        if (facts->names[i].exact &&
            same_sound(facts->names[i].text, facts->names[at].text))
            return true;
    return false;
}

/* Letters that may well be those of the token. The last sound of a start may be another
 * with the letters behind it (s, sh). */
static bool may_begin(const struct person_fact_name *name, struct bytes start)
{
    char own[PHONETIC_CODE_MAX];
    if (name->exact)
        return bytes_equal(
            bytes_slice(name->text, 0,
                        start.len < name->text.len ? start.len : name->text.len),
            start);
    size_t len = cut_code(own, start);
    len -= len > 0;
    return len <= name->text.len && memcmp(own, name->text.at, len) == 0;
}

/* How many of the starts belong to tokens that do not agree as a whole. */
static size_t other_starts(const struct person_facts *facts, size_t names)
{
    size_t others = 0;
    for (size_t i = 0; i < facts->starts.count; i++) {
        bool known = false;
        for (size_t n = 0; n < facts->name_count; n++)
            known = known || may_begin(&facts->names[n], facts->starts.at[i]);
        others += !known;
    }
    size_t more = facts->starts.count > names ? facts->starts.count - names : 0;
    return others > more ? others : more;
}

/* One token agrees by sound beside a birth date, and not with its last letters, which
 * have a key with that date, too: it is spelled in another way, as those of strangers
 * often are. */
static bool only_sounds(const struct person_agree *agree, const struct person_facts *facts)
{
    bool lettered = (facts->date & FACT_DATE) == FACT_DATE &&
                    person_date_bits(facts->date, facts->date_text) >= NAME_DATE_BITS;
    for (size_t i = 0; i < facts->name_count; i++)
        lettered = lettered && !facts->names[i].exact;
    return lettered && facts->ends.count == agree->ends;
}

static void agree_tokens(struct person_agree *agree, struct decision *out,
                         const struct person_facts *facts, const struct decide_query *query,
                         struct arena *arena)
{
    struct buf text = {.max = KEY_VALUE_MAX * 4};
    size_t exact = 0;
    for (size_t i = 0; i < facts->name_count; i++) {
        const struct person_fact_name *name = &facts->names[i];
        if (is_heard_token(facts, i))
            continue;
        double rarity =
            name->exact ? value_bits(query, 't', name->text,
                                     name_token_bits(name->text, NAME_PERSON))
                        : value_bits(query, 'c', name->text, person_code_bits(name->text));
        for (size_t n = 0; n < name->times; n++) {
            buf_addf(&text, "%s%.*s%s", agree->names > 0 ? " " : "", (int)name->text.len,
                     (const char *)name->text.at, name->exact ? "" : " (by sound)");
            chance(agree, rarity);
            exact += name->exact;
            agree->names++;
        }
    }
    agree->spelled = exact > 0;
    const char *what = exact >= 2 && exact == agree->names ? "whole name"
                       : agree->names > 1                  ? "names"
                                                           : "one name";
    if (agree->names > 0)
        decision_reason(out, arena_printf(arena, "%s %s agree%s", what, buf_text(&text),
                                          strcmp(what, "names") == 0 ? "" : "s"));
    buf_release(&text);
}

static uint8_t name_level(const struct person_agree *agree,
                          const struct decide_query *query)
{
    size_t sides = (agree->starts > 0) + (agree->ends > 0);
    size_t asked = query->asks / ASKS_NAME;
    if (agree->names >= 2)
        return agree->names < (asked < NAMES_COUNTED ? asked : NAMES_COUNTED) ? 6 : 7;
    if (agree->names == 0)
        return sides == 2 || agree->starts > 1 ? 2 : sides + agree->initials > 0 ? 1 : 0;
    if (sides > 0)
        return 5;
    return agree->only_sounds ? 3 : 4;
}

/* A stranger may agree by any of the asked names, and by the start or the end of one: which it
 * was is known of this one, and the same person's share is of all of them. Starts and ends go
 * together. */
static double ways_to_agree(const struct accord *levels, const struct decide_query *query)
{
    static const double by_letters = 1.5, by_date = 2;
    enum { LETTERED = 2 }; /* names of which letters are keys */
    size_t asked = query->asks / ASKS_NAME;
    double names = (double)(asked < 1 ? 1 : asked < NAMES_COUNTED ? asked : NAMES_COUNTED);
    double by_names = levels->names == 1 ? fmin(names, LETTERED) * by_letters
                      : levels->names == 4 || levels->names == 5 ? names
                                                                 : 1;
    return by_names * (levels->date == 4 ? by_date : 1);
}

static void agree_letters(struct person_agree *agree, struct decision *out,
                          const struct person_facts *facts,
                          const struct decide_query *query)
{
    size_t names = agree->names, room = names < 2 ? 2 - names : 0;
    size_t starts = other_starts(facts, names);
    size_t ends = facts->ends.count > names ? facts->ends.count - names : 0;
    starts = starts == 0 && facts->start_of_other ? 1 : starts;
    ends = ends == 0 && facts->end_of_other ? 1 : ends;
    agree->starts = starts < room ? starts : room;
    agree->ends = ends < room ? ends : room;
    if (facts->initials.len > 0 && room > agree->starts)
        agree->initials = room - agree->starts;
    /* What is too common for it counts beside nothing, and is no agreement. */
    double start = letters_bits(query, 's', &facts->starts);
    double end = letters_bits(query, 'e', &facts->ends);
    agree->starts = start < LETTERS_BITS_MIN ? 0 : agree->starts;
    if (agree->starts > 0)
        end = fmin(end, bits.end_beside_start);
    else if (end < LETTERS_BITS_MIN)
        agree->ends = 0;
    double all = (double)agree->starts * start + (double)agree->ends * end +
                 (double)agree->initials * bits.initial;
    chance(agree, all);
    if (names == 1 && agree->starts + agree->ends > 0)
        agree->levels.rarer_letters =
            fmax(fmin(all - bits.letters_beside_name, bits.rarer_most), -bits.rarer_most);
    else if (names == 1 && agree->initials > 0)
        agree->levels.rarer_letters = bits.initial_beside_name;
    if (agree->starts + agree->ends > 0)
        decision_reason(out, agree->ends == 0 ? "first letters of a name agree"
                             : agree->starts == 0
                                 ? "last letters of a name agree"
                                 : "first and last letters of a name agree");
    if (agree->initials > 0)
        decision_reason(out, "initials agree");
    agree->only_sounds = names == 1 && only_sounds(agree, facts);
    if (names == 1 && !agree->only_sounds && !agree->spelled &&
        (facts->date & FACT_DATE) == FACT_DATE)
        chance(agree, bits.same_ends);
}

/* ---- the birth date ---- */

static double year_bits(const struct person_facts *facts, const struct decide_query *query)
{
    struct bytes text = facts->date_text;
    if ((facts->date & FACT_YEAR) == 0 || text.len < YEAR_LEN || text.at[0] == '-')
        return bits.year;
    return value_bits(query, 'y', bytes_slice(text, 0, YEAR_LEN), bits.year);
}

/* The day of the year: "03-12" at the end of 1984-03-12 and of --03-12. */
static double day_bits(const struct person_facts *facts, const struct decide_query *query)
{
    struct bytes text = facts->date_text;
    if (text.len < DAY_LEN)
        return bits.day;
    return value_bits(query, 'd', bytes_slice(text, text.len - DAY_LEN, DAY_LEN), bits.day);
}

/* May it be of a 1 January? */
static bool stands_for_none(unsigned known, struct bytes text)
{
    double most = known == FACT_DATE ? NAME_DATE_BITS_FIRST : PERSON_DATE_PARTS_BITS;
    double own = person_date_bits(known, text);
    return own > 0 && own < most;
}

/* Lists in which many are born on a 1 January have it for a day that is not known. */
static bool day_of_many(const struct decide_query *query)
{
    return value_bits(query, 'd', BYTES_OF("01-01"), bits.day) < bits.day_of_many;
}

static void agree_date(struct person_agree *agree, struct decision *out,
                       const struct person_facts *facts, const struct decide_query *query,
                       struct arena *arena)
{
    unsigned date = facts->date, known = date & FACT_DATE;
    bool asked = (query->asks & ASKS_DATE) != 0;
    if (date == 0) {
        agree->against = asked;
        agree->levels.date = asked ? 1 : 0;
        if (asked)
            decision_reason(out, "no form of the birth date agrees");
        return;
    }
    agree->full_date = known == FACT_DATE;
    agree->date_part = !agree->full_date && (known & (FACT_MONTH | FACT_DAY)) != 0;
    agree->telling_date = (agree->full_date || agree->date_part) &&
                          !(stands_for_none(known, facts->date_text) && day_of_many(query));
    agree->levels.day_of_many = !agree->telling_date;
    agree->swapped = (date & FACT_SWAPPED) != 0;
    agree->year = (date & FACT_YEAR) != 0;
    agree->other_year = agree->date_part && (known & FACT_YEAR) == 0;
    agree->levels.date = agree->full_date    ? 5
                         : agree->other_year ? 3
                         : agree->date_part  ? 4
                                             : 2;
    double year = year_bits(facts, query);
    const char *what;
    if (agree->full_date) {
        /* The year by one key, month and day by another: the whole date, in two parts. */
        double shown = person_date_bits(date, facts->date_text);
        double by = year + day_bits(facts, query);
        /* The first of a month, or of a year, stands for an unknown day. */
        chance(agree, shown > 0 && shown < NAME_DATE_BITS ? fmin(by, shown) : by);
        what = "birth date";
    } else if (agree->date_part) {
        chance(agree, agree->other_year         ? day_bits(facts, query)
                      : (known & FACT_DAY) == 0 ? year + bits.month_of_year
                                                : year + bits.day_of_month);
        what = (known & FACT_DAY) == 0 ? "year and month of birth"
               : agree->other_year     ? "day and month of birth"
                                       : "year and day of birth";
    } else if (agree->swapped) {
        chance(agree, year + bits.swapped);
        what = "birth date, with day and month swapped,";
    } else {
        chance(agree, year);
        what = "year of birth";
    }
    decision_reason(
        out, arena_printf(arena, "%s %.*s agree%s", what, (int)facts->date_text.len,
                          (const char *)facts->date_text.at, agree->date_part ? "" : "s"));
}

/* ---- the address ---- */

static uint8_t place_level(const struct person_agree *agree, bool region, bool letters)
{
    if (agree->house)
        return agree->places >= 3 ? 5 : 4;
    if (agree->street || letters)
        return 3;
    return agree->places > 0 || region ? 2 : 1;
}

static void agree_place(struct person_agree *agree, struct decision *out,
                        const struct person_facts *facts, const struct decide_query *query,
                        struct arena *arena)
{
    bool postcode = facts->postcode.len > 0, town = facts->town.len > 0;
    bool letters = facts->place_letters.len > 0;
    agree->street = facts->street.len > 0;
    agree->house = facts->house.len > 0;
    letters = letters && !(agree->street && town);
    agree->places = (size_t)postcode + agree->street + agree->house + town + letters;
    bool any = agree->places > 0 || facts->region.len > 0;
    if (!any && (query->asks & ASKS_PLACE) == 0)
        return;
    agree->levels.place = place_level(agree, facts->region.len > 0, letters);
    agree->levels.place_most = (query->asks & ASKS_HOUSE) != 0    ? 5
                               : (query->asks & ASKS_STREET) != 0 ? 3
                                                                  : 2;
    if (postcode)
        chance_why(agree, out, value_bits(query, '#', facts->postcode, bits.postcode),
                   arena_printf(arena, "postcode %.*s agrees", (int)facts->postcode.len,
                                (const char *)facts->postcode.at));
    else if (facts->region.len > 0)
        chance_why(agree, out, bits.region, "the region of the postcode agrees");
    if (agree->street)
        chance_why(agree, out,
                   postcode ? rest_bits(query, '=', facts->street, bits.street_in_postcode)
                            : value_bits(query, '=', facts->street, bits.street),
                   agree->house ? "street and house agree" : "street agrees by sound");
    if (agree->house)
        chance(agree, bits.house);
    if (agree->house && !agree->street)
        decision_reason(out, "house number agrees");
    if (town)
        chance_why(agree, out,
                   postcode ? rest_bits(query, '&', facts->town, bits.town_in_postcode)
                   : agree->street
                       ? rest_bits(query, '&', facts->town, bits.town_beside_street)
                       : value_bits(query, '&', facts->town, bits.town),
                   "town agrees by sound");
    if (agree->street && !agree->house && (query->asks & ASKS_HOUSE) && agree->against)
        decision_reason(out, "the house number does not agree");
    if (letters)
        chance_why(agree, out,
                   (agree->street ? 0 : bits.letter) + (postcode || town ? 0 : bits.letter),
                   "first letters of street and town agree");
}

void person_agree(struct person_agree *agree, struct decision *out,
                  const struct person_facts *facts, const struct decide_query *query,
                  struct arena *arena)
{
    *agree = (struct person_agree){
        .levels = {.strangers = (double)query->population, .numbers = 1}};
    agree_tokens(agree, out, facts, query, arena);
    agree_letters(agree, out, facts, query);
    agree_date(agree, out, facts, query, arena);
    agree_place(agree, out, facts, query, arena);
    agree->levels.names = name_level(agree, query);
    agree->levels.strangers *= ways_to_agree(&agree->levels, query);
}
