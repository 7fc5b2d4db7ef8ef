/* SPDX-License-Identifier: Apache-2.0 */
#include "link/decide.h"

#include "record/name_words.h"
#include "record/person_form.h"

#include <math.h>

/* What agreeing says, in bits: log2(m / u) as Fellegi and Sunter have it. u is how often strangers
 * agree; m how often two records of one person agree in just so much, which an agreement in part
 * does seldom. docs/names.md has where each comes from. */
static const struct {
    double two_names, one_name, one_sound, letters, no_name; /* m, of names */
    double date, date_part, swapped, no_date;                /* m, of the birth date */
    double asked_no_date;        /* ... of which the asking record has a full one */
    double place_part, no_place; /* m, of the address */
    double no_house;             /* ... of which the house, where the street agrees */
    double start, start3, end, end_beside_start, initial, same_ends; /* u */
    double full_date_more, part_more; /* u over the min-entropy of record/person_form */
    double postcode, region, street, house, town, letter; /* u */
    double street_in_postcode, town_in_postcode,
        town_beside_street; /* of these, what is left */
} weights = {
    .two_names = -0.5,
    .one_name = -1.5,
    .one_sound = -4.5,
    .same_ends = 1,
    .letters = -4.5,
    .no_name = -4.5,
    .date = 0,
    .date_part = -1.5,
    .swapped = -3,
    .no_date = -3,
    .asked_no_date = -4.5,
    .no_house = -2.5,
    .place_part = -0.3,
    .no_place = -4.5,
    .start = 4.5,
    .start3 = 6,
    .end = 4,
    .end_beside_start = 1.5,
    .initial = 3,
    .full_date_more = 0.8,
    .part_more = 1.5,
    .postcode = 10.5,
    .region = 3,
    .street = 9,
    .house = 6,
    .town = 6.5,
    .letter = 3,
    .street_in_postcode = 6,
    .town_in_postcode = 1,
    .town_beside_street = 5,
};

/* Of queries that agree in a name and an address and in no birth date, those that a namesake of the same
 * house brings (father and son), another of the house with one name of theirs, or of the same street.
 * An estimate of ours: nobody counted them, and chance has no part in it. */
static const double NAMESAKES = 0.02, RELATIVES = 0.05, NEIGHBOURS = 0.1;

/* Names with day and month of another year: less of chance than this, or a namesake is meant. */
static const double OTHER_YEAR_EXPECTED = 0.002;

/* Of a birth date, when the year is known. */
static const double DAY_BITS = 8.4;
enum { YEAR_LEN = 4 };

/* How many of the asking rows what we reckoned of a part of a key is worth. */
static const double PART_ROWS = 100;

/* How many queries what we reckoned beforehand is worth, against what a run shows. */
static const double SHARE_QUERIES = 100;

/* A key with as many bits as a VIN or a number of a register is as good as two. */
static const double STRONG_BITS = 20;

static void add_reason(struct decision *out, const char *why)
{
    if (out->why_count < DECISION_REASONS_MAX)
        out->why[out->why_count++] = why;
}

static void settle(struct decision *out)
{
    out->expected_false = fmax(out->chance, out->least);
    out->score = 1 / (1 + out->expected_false);
}

static void add_bits(struct decision *out, double bits)
{
    out->chance *= exp2(-bits);
    settle(out);
}

/* Bits of a part of a key that agrees: what was reckoned, or less where many asking rows have it. */
static double part_bits(const struct decide_query *query, char kind, struct bytes text,
                        double reckoned)
{
    const struct score_frequency *parts = query->parts;
    if (parts == NULL || parts->things < 2)
        return reckoned;
    /* The asking row is not one that others are taken for. */
    double count = (double)score_frequency_of(parts, kind, text) - 1;
    double share = (fmax(count, 0) + PART_ROWS * exp2(-reckoned)) /
                   ((double)parts->things - 1 + PART_ROWS);
    return fmin(reckoned, -log2(share));
}

/* Of letters, the most common: which of them agree beside whole names is not known. */
static double letters_bits(const struct decide_query *query, char kind,
                           const struct person_letters *letters, double reckoned)
{
    double bits = reckoned;
    for (size_t i = 0; i < letters->count; i++)
        bits = fmin(bits, part_bits(query, kind, letters->at[i], reckoned));
    return bits;
}

/* One more thing of which `bits` say how seldom one person's pairs show it so; negative. */
static void add_share(struct decision *out, double bits)
{
    out->share *= exp2(bits);
    add_bits(out, bits);
}

void decision_recount(struct decision *out, uint64_t count, uint64_t queries)
{
    double share =
        ((double)count + SHARE_QUERIES * out->share) / ((double)queries + SHARE_QUERIES);
    if (out->kind == 0)
        return;
    out->chance *= out->share / share;
    out->share = share;
    settle(out);
}

void decision_add(struct decision *out, const char *why, double bits)
{
    add_reason(out, why);
    add_bits(out, bits);
}

/* ---- a person's facts ---- */

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

/* Letters that may well be those of the token. The last sound of a start may be another with the
 * letters behind it (s, sh). */
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

/* What of two persons' facts agrees. */
struct weighed {
    size_t names;        /* tokens that agree */
    size_t starts, ends; /* of others, first or last letters */
    size_t initials;     /* of others still */
    size_t places;       /* of postcode, street, house, town; the first letters as one */
    bool only_sounds;    /* the one token, and it is not spelled so */
    bool spelled;        /* a token as it is spelled: its letters say no more */
    bool full_date, date_part, swapped, year;
    bool other_year; /* of the date, day and month alone agree */
    bool against;    /* a full date was asked, and nothing of it agrees */
    bool house, asked_house;
};

static void weigh_names(struct decision *out, struct weighed *weighed,
                        const struct person_facts *facts, const struct decide_query *query,
                        struct arena *arena)
{
    struct buf text = {.max = KEY_VALUE_MAX * 4};
    size_t exact = 0;
    for (size_t i = 0; i < facts->name_count; i++) {
        const struct person_fact_name *name = &facts->names[i];
        if (is_heard_token(facts, i))
            continue;
        buf_addf(&text, "%s%.*s%s", weighed->names > 0 ? " " : "", (int)name->text.len,
                 (const char *)name->text.at, name->exact ? "" : " (by sound)");
        add_bits(out, name->exact ? part_bits(query, 't', name->text,
                                              name_token_bits(name->text, NAME_PERSON))
                                  : part_bits(query, 'c', name->text,
                                              person_code_bits(name->text)));
        exact += name->exact;
        weighed->names++;
    }
    weighed->spelled = exact > 0;
    const char *what = exact >= 2 && exact == weighed->names ? "whole name"
                       : weighed->names > 1                  ? "names"
                                                             : "one name";
    if (weighed->names > 0)
        add_reason(out, arena_printf(arena, "%s %s agree%s", what, buf_text(&text),
                                     strcmp(what, "names") == 0 ? "" : "s"));
    buf_release(&text);
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

/* One token agrees by sound beside a birth date, and not with its first and last letters, which
 * have keys with that date, too: it is spelled in another way, as those of strangers often are. */
static bool only_sounds(const struct weighed *weighed, const struct person_facts *facts)
{
    bool lettered = (facts->date & FACT_DATE) == FACT_DATE &&
                    person_date_bits(facts->date, facts->date_text) >= NAME_DATE_BITS;
    for (size_t i = 0; i < facts->name_count; i++)
        lettered = lettered && !facts->names[i].exact;
    return lettered &&
           (facts->starts.count == weighed->starts || facts->ends.count == weighed->ends);
}

static void weigh_letters(struct decision *out, struct weighed *weighed,
                          const struct person_facts *facts,
                          const struct decide_query *query)
{
    size_t names = weighed->names, room = names < 2 ? 2 - names : 0;
    size_t starts = other_starts(facts, names);
    size_t ends = facts->ends.count > names ? facts->ends.count - names : 0;
    weighed->starts = starts < room ? starts : room;
    weighed->ends = ends < room ? ends : room;
    size_t letters = weighed->starts > weighed->ends ? weighed->starts : weighed->ends;
    if (facts->initials.len > 0 && room > weighed->starts)
        weighed->initials = room - weighed->starts;
    size_t longer = 0;
    for (size_t i = 0; i < facts->starts.count; i++)
        longer += facts->starts.at[i].len > 2;
    longer = longer < weighed->starts ? longer : weighed->starts;
    add_bits(out, (double)longer * (weights.start3 - weights.start) +
                      (double)weighed->starts *
                          letters_bits(query, 's', &facts->starts, weights.start) +
                      (double)weighed->ends * letters_bits(query, 'e', &facts->ends,
                                                           weighed->starts > 0
                                                               ? weights.end_beside_start
                                                               : weights.end) +
                      (double)weighed->initials * weights.initial);
    if (weighed->starts + weighed->ends > 0)
        add_reason(out, weighed->ends == 0     ? "first letters of a name agree"
                        : weighed->starts == 0 ? "last letters of a name agree"
                                               : "first and last letters of a name agree");
    if (weighed->initials > 0)
        add_reason(out, "initials agree");
    weighed->only_sounds = names == 1 && only_sounds(weighed, facts);
    if (names == 1 && !weighed->only_sounds && !weighed->spelled &&
        (facts->date & FACT_DATE) == FACT_DATE)
        add_bits(out, weights.same_ends);
    add_share(out, names > 1                         ? weights.two_names
                   : weighed->only_sounds            ? weights.one_sound
                   : names == 1                      ? weights.one_name
                   : letters + weighed->initials > 0 ? weights.letters
                                                     : weights.no_name);
}

static void weigh_date(struct decision *out, struct weighed *weighed,
                       const struct person_facts *facts, const struct decide_query *query,
                       struct arena *arena)
{
    unsigned date = facts->date, known = date & FACT_DATE;
    if (date == 0) {
        weighed->against = (query->asks & ASKS_DATE) != 0;
        add_share(out, weighed->against ? weights.asked_no_date : weights.no_date);
        if (weighed->against)
            add_reason(out, "no form of the birth date agrees");
        return;
    }
    weighed->full_date = known == FACT_DATE;
    weighed->date_part = !weighed->full_date && (known & (FACT_MONTH | FACT_DAY)) != 0;
    weighed->swapped = (date & FACT_SWAPPED) != 0;
    weighed->year = (date & FACT_YEAR) != 0;
    weighed->other_year = weighed->date_part && (known & FACT_YEAR) == 0;
    double bits = person_date_bits(date, facts->date_text);
    const char *what;
    if (weighed->full_date) {
        /* The year by one key, month and day by another: the whole date, in two parts. */
        bits = (bits > 0 ? bits : NAME_DATE_BITS) + weights.full_date_more;
        bits = fmin(bits, DAY_BITS + part_bits(query, 'y',
                                               bytes_slice(facts->date_text, 0, YEAR_LEN),
                                               bits - DAY_BITS));
        add_share(out, weights.date);
        what = "birth date";
    } else if (weighed->date_part) {
        bits += weights.part_more;
        add_share(out, weights.date_part);
        what = (known & FACT_DAY) == 0    ? "year and month of birth"
               : (known & FACT_YEAR) == 0 ? "day and month of birth"
                                          : "year and day of birth";
    } else if (weighed->swapped) {
        add_share(out, weights.swapped);
        what = "birth date, with day and month swapped,";
    } else {
        add_share(out, weights.date_part);
        what = "year of birth";
    }
    bool one = weighed->full_date || (weighed->swapped && !weighed->date_part) ||
               (!weighed->date_part && !weighed->swapped);
    decision_add(out,
                 arena_printf(arena, "%s %.*s agree%s", what, (int)facts->date_text.len,
                              (const char *)facts->date_text.at, one ? "s" : ""),
                 bits);
}

static void weigh_place(struct decision *out, struct weighed *weighed,
                        const struct person_facts *facts, const struct decide_query *query,
                        struct arena *arena)
{
    bool postcode = facts->postcode.len > 0, street = facts->street.len > 0;
    bool house = facts->house.len > 0, town = facts->town.len > 0;
    bool letters = facts->place_letters.len > 0 && !(street && town);
    weighed->places = (size_t)postcode + street + house + town + letters;
    if (weighed->places == 0 && facts->region.len == 0) {
        if ((query->asks & ASKS_PLACE) != 0)
            add_share(out, weights.no_place);
        return;
    }
    weighed->house = house;
    weighed->asked_house = (query->asks & ASKS_HOUSE) != 0;
    add_share(out,
              weights.place_part * (double)(weighed->places < 4 ? 4 - weighed->places : 0));
    if (postcode)
        decision_add(out,
                     arena_printf(arena, "postcode %.*s agrees", (int)facts->postcode.len,
                                  (const char *)facts->postcode.at),
                     part_bits(query, '#', facts->postcode, weights.postcode));
    else if (facts->region.len > 0)
        decision_add(out, "the region of the postcode agrees", weights.region);
    if (street)
        decision_add(out, house ? "street and house agree" : "street agrees by sound",
                     part_bits(query, '=', facts->street,
                               postcode ? weights.street_in_postcode : weights.street));
    if (house)
        add_bits(out, weights.house);
    if (house && !street)
        add_reason(out, "house number agrees");
    if (town)
        decision_add(out, "town agrees by sound",
                     part_bits(query, '&', facts->town,
                               postcode ? weights.town_in_postcode
                               : street ? weights.town_beside_street
                                        : weights.town));
    if (street && !house && weighed->asked_house && weighed->against) {
        add_share(out, weights.no_house);
        add_reason(out, "the house number does not agree");
    }
    if (letters)
        decision_add(out, "first letters of street and town agree",
                     (street ? 0 : weights.letter) +
                         (postcode || town ? 0 : weights.letter));
}

/* The sets of facts that are one person; see the header. */
static bool is_enough(const struct weighed *weighed)
{
    size_t letters = weighed->starts + weighed->ends + weighed->initials;
    size_t names = weighed->names, places = weighed->places;
    if (weighed->full_date)
        return names + letters > 0 || places >= 2;
    if (weighed->date_part)
        return names >= 2 || (names == 1 && letters > 0) ||
               (names + letters > 0 && places > 0);
    if (weighed->swapped || weighed->year)
        return names + letters > 0 && places > 0;
    if (weighed->against) {
        /* Whoever has another birth date is another, unless it is wrong or not known there. */
        return names + letters > 0 && places >= (names >= 2 || weighed->house ? 2 : 3);
    }
    return (names >= 2 && places > 0) || (names + letters > 0 && places >= 2);
}

/* Enough, and still what a twin, another of the household or a namesake would show. */
static const char *doubt_of(const struct weighed *weighed)
{
    size_t letters = weighed->starts + weighed->ends;
    if (weighed->names == 0 && letters + weighed->initials == 0)
        return "no name agrees: another of the household may be meant";
    if (!weighed->full_date && !weighed->date_part && weighed->names < 2)
        return "no birth date agrees: a relative in the same house may be meant";
    if (weighed->against)
        return weighed->house ? "a namesake in the same house may be meant"
                              : "a namesake nearby may be meant";
    if (weighed->other_year && weighed->places == 0)
        return "the year of birth does not agree: a namesake may be meant";
    if (weighed->full_date && weighed->names == 1 && letters == 0 && weighed->places == 0)
        return "one name alone agrees beside the birth date: a twin may be meant";
    return NULL;
}

/* 1 to DECISION_KINDS - 1: two agreements of one kind are shown by one person's pairs as often. */
static unsigned kind_of(const struct weighed *weighed)
{
    unsigned names = weighed->only_sounds ? 3
                     : weighed->names < 2 ? (unsigned)weighed->names
                                          : 2;
    unsigned letters = (weighed->starts > 0) + (weighed->ends > 0);
    unsigned date = weighed->full_date                  ? 0
                    : weighed->date_part                ? 1
                    : weighed->swapped || weighed->year ? 2
                                                        : 3;
    unsigned places = weighed->places < 3 ? (unsigned)weighed->places : 3;
    return 1 + names + 4 * (letters + 3 * (date + 4 * places));
}

struct verdict {
    bool hit, weak, possible;
};

/* Weighs what the facts say and decides. */
static void weigh_facts(struct decision *out, struct verdict *verdict,
                        const struct person_facts *facts, bool strong,
                        const struct decide_query *query, struct arena *arena)
{
    struct weighed weighed = {0};
    weigh_names(out, &weighed, facts, query, arena);
    weigh_letters(out, &weighed, facts, query);
    weigh_date(out, &weighed, facts, query, arena);
    weigh_place(out, &weighed, facts, query, arena);

    out->kind = kind_of(&weighed);
    bool two_keys = facts->forms >= 2 || strong;
    double most =
        weighed.other_year && weighed.places == 0 ? OTHER_YEAR_EXPECTED : HIT_EXPECTED_MAX;
    verdict->hit = two_keys && is_enough(&weighed) && out->expected_false <= most;
    if (weighed.against) {
        out->least = !weighed.house       ? NEIGHBOURS
                     : weighed.names >= 2 ? NAMESAKES
                                          : RELATIVES;
        settle(out);
    }
    verdict->possible = !verdict->hit && weighed.names > 0 && two_keys;
    const char *doubt = verdict->hit ? doubt_of(&weighed) : NULL;
    verdict->weak = doubt != NULL;
    if (doubt != NULL)
        add_reason(out, doubt);
}

/* Keys that bear another full birth date than this one have no part in it: two tokens count
 * together only under one date. An empty date: keys without a full one. */
static void gather(struct person_facts *facts, bool *strong, const struct key *const *keys,
                   size_t count, struct bytes date)
{
    *facts = (struct person_facts){0};
    *strong = false;
    for (size_t i = 0; i < count; i++) {
        struct person_facts one = {0};
        person_facts_add(&one, keys[i]->value);
        if (one.date == FACT_DATE && !bytes_equal(one.date_text, date))
            continue;
        person_facts_add(facts, keys[i]->value);
        *strong = *strong || keys[i]->bits >= STRONG_BITS;
    }
}

/* Keys sort by value, but a date stands at a value's end: look at all before. */
static bool tried_before(const struct key *const *keys, size_t at, struct bytes date)
{
    for (size_t i = 0; i < at; i++) {
        struct bytes value = keys[i]->value;
        if (value.len > date.len &&
            bytes_equal(bytes_slice(value, value.len - date.len, date.len), date))
            return true;
    }
    return false;
}

/* All person keys that agree, under the birth date that makes most of them. */
static void weigh_person(struct decision *out, struct verdict *verdict,
                         const struct key *const *keys, size_t count,
                         const struct decide_query *query, struct arena *arena)
{
    struct decision before = *out, best = *out;
    struct verdict best_verdict = {0};
    bool first = true;
    for (size_t i = 0; i <= count; i++) {
        struct person_facts one = {0}, facts;
        struct decision tried = before;
        struct verdict tried_verdict = {0};
        bool strong;
        if (i < count)
            person_facts_add(&one, keys[i]->value);
        bool dated = one.date == FACT_DATE;
        if (i < count && (!dated || tried_before(keys, i, one.date_text)))
            continue;
        if (i == count && !first)
            break;
        gather(&facts, &strong, keys, count, dated ? one.date_text : (struct bytes){0});
        weigh_facts(&tried, &tried_verdict, &facts, strong, query, arena);
        bool better = tried_verdict.hit != best_verdict.hit
                          ? tried_verdict.hit
                          : tried.expected_false < best.expected_false;
        if (first || better) {
            best = tried;
            best_verdict = tried_verdict;
        }
        first = false;
    }
    *out = best;
    *verdict = best_verdict;
}

/* Two words of a company's name with its country ("noordt velero +XC"): a namesake has them too. */
static bool is_part_of_name(const struct key *key)
{
    return key->class == KEY_COMPANY && memchr(key->value.at, '+', key->value.len) != NULL;
}

unsigned decide_asks(const struct key *keys, size_t count)
{
    unsigned asks = 0;
    for (size_t i = 0; i < count; i++) {
        struct person_facts facts = {0};
        if (keys[i].class != KEY_PERSON)
            continue;
        person_facts_add(&facts, keys[i].value);
        if (facts.postcode.len > 0 || facts.street.len > 0 || facts.town.len > 0)
            asks |= ASKS_PLACE;
        asks |= (facts.house.len > 0 ? ASKS_HOUSE : 0) |
                ((facts.date & FACT_DATE) == FACT_DATE ? ASKS_DATE : 0);
    }
    return asks;
}

/* Parts of one row that were counted already. */
struct counted {
    struct score_frequency *parts;
    struct {
        char kind;
        struct bytes text;
    } seen[KEYS_RECORD_MAX];
    size_t count;
};

static void count_part(struct counted *counted, char kind, struct bytes text)
{
    if (text.len == 0 || counted->count == KEYS_RECORD_MAX)
        return;
    for (size_t i = 0; i < counted->count; i++)
        if (counted->seen[i].kind == kind && bytes_equal(counted->seen[i].text, text))
            return;
    counted->seen[counted->count].kind = kind;
    counted->seen[counted->count++].text = text;
    score_frequency_count(counted->parts, kind, text);
}

void decide_count(struct score_frequency *parts, const struct key *keys, size_t count)
{
    struct counted counted = {.parts = parts};
    for (size_t k = 0; k < count; k++) {
        struct person_facts facts = {0};
        if (keys[k].class != KEY_PERSON)
            continue;
        person_facts_add(&facts, keys[k].value);
        for (size_t i = 0; i < facts.name_count; i++)
            count_part(&counted, facts.names[i].exact ? 't' : 'c', facts.names[i].text);
        for (size_t i = 0; i < facts.starts.count; i++)
            count_part(&counted, 's', facts.starts.at[i]);
        for (size_t i = 0; i < facts.ends.count; i++)
            count_part(&counted, 'e', facts.ends.at[i]);
        if ((facts.date & FACT_DATE) == FACT_DATE && facts.date_text.len > YEAR_LEN)
            count_part(&counted, 'y', bytes_slice(facts.date_text, 0, YEAR_LEN));
        count_part(&counted, '#', facts.postcode);
        count_part(&counted, '=', facts.street);
        count_part(&counted, '&', facts.town);
    }
    parts->things += counted.count > 0;
}

void decide_by_keys(struct decision *out, const struct key *shared, size_t count,
                    uint64_t population, struct arena *arena)
{
    decide_query(out, shared, count, &(struct decide_query){.population = population},
                 arena);
}

void decide_query(struct decision *out, const struct key *shared, size_t count,
                  const struct decide_query *query, struct arena *arena)
{
    double population = (double)query->population;
    *out =
        (struct decision){.expected_false = population, .chance = population, .share = 1};
    bool strong = false, weak = false;
    struct verdict person = {0};
    const struct key **persons = arena_alloc(arena, (count + 1) * sizeof *persons);
    size_t person_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct key_class_row *row = key_class_row(shared[i].class);
        if (row->strength == KEY_PART) {
            persons[person_count++] = &shared[i];
            continue;
        }
        bool is_weak = row->strength == KEY_WEAK || is_part_of_name(&shared[i]);
        strong = strong || !is_weak;
        weak = weak || is_weak;
        decision_add(
            out,
            arena_printf(arena, "%s %.*s agrees%s", row->label, (int)shared[i].value.len,
                         (const char *)shared[i].value.at, is_weak ? " (weak)" : ""),
            shared[i].bits);
    }
    if (person_count > 0)
        weigh_person(out, &person, persons, person_count, query, arena);
    out->hit = strong || person.hit || weak;
    out->weak = out->hit && !strong && (!person.hit || person.weak);
    out->possible = person.possible && !out->hit;
}
