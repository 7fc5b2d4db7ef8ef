/* SPDX-License-Identifier: Apache-2.0 */
#include "link/decide.h"

#include "link/person_agree.h"

#include <math.h>

/* A key of so many bits is as good as two: three facts, or a name and the whole birth date. */
static const double STRONG_BITS = 18;

enum { YEAR_LEN = 4, DAY_AT = 5, DATE_LEN = 10, LETTERS_SHORT = 2 };

void decision_reason(struct decision *out, const char *why)
{
    if (out->why_count < DECISION_REASONS_MAX)
        out->why[out->why_count++] = why;
}

double decision_wrong(double expected_false)
{
    return isfinite(expected_false) ? expected_false / (1 + expected_false) : 1;
}

static void settle(struct decision *out, double expected_false)
{
    out->expected_false = expected_false;
    out->score = 1 / (1 + expected_false);
}

/* ---- persons ---- */

/* Has the run shown whether others live in one house, and how often a birth date is wrong? */
static bool knows_households(const struct decide_query *query)
{
    return query->learned != NULL && query->learned->queries >= DECIDE_HOUSEHOLDS_RUN;
}

/* The sets of facts that are one person; see the header. */
static bool is_enough(const struct person_agree *agree, const struct decide_query *query)
{
    size_t letters = agree->starts + agree->ends + agree->initials;
    size_t names = agree->names, places = agree->places;
    bool unnamed = names + letters == 0 && query->asks >= ASKS_NAME;
    if (!knows_households(query)) {
        if (unnamed)
            return false;
        /* The date may be unknown there, which keys do not say; or it is a father's of that name. */
        if (agree->against)
            return names >= 2 && places >= 2;
    }
    /* Who live in one place and were given one day of birth (1 January) are many. */
    bool dated = agree->full_date || agree->date_part;
    if (names == 0 && (unnamed || dated) &&
        !(agree->telling_date && (letters > 0 || places >= 2)))
        return false;
    if (agree->full_date)
        return names + letters > 0 || places >= 2;
    if (agree->date_part)
        return names >= 2 || (names == 1 && letters > 0) ||
               (names + letters > 0 && places > 0) || places >= 3;
    if (agree->swapped || agree->year)
        return (names + letters > 0 && places > 0) || places >= 4;
    if (agree->against) {
        /* Whoever has another birth date is another, unless it is wrong or not known there. */
        bool well = names + letters >= 2 || agree->house;
        return names + letters > 0 && places >= (names >= 2 ? 1U : well ? 2U : 3U);
    }
    return (names >= 2 && places > 0) || (names + letters > 0 && places >= 2);
}

/* Names beyond these have few keys: that one does not agree says little. */
enum { KEYED_NAMES = 4 };

/* Enough, and still what a twin, another of the household or a namesake would show. */
static const char *doubt_of(const struct person_agree *agree,
                            const struct decide_query *query)
{
    size_t letters = agree->starts + agree->ends;
    if (agree->names == 0 && letters + agree->initials == 0)
        return "no name agrees: another of the household may be meant";
    if (agree->names == 0)
        return agree->places > 0
                   ? "no name agrees as a whole: another of the household may be meant"
                   : "no name agrees as a whole: another born that day may be meant";
    if (!agree->full_date && !agree->date_part && agree->names < 2)
        return "no birth date agrees: a relative in the same house may be meant";
    if (agree->against)
        return agree->house ? "a namesake in the same house may be meant"
                            : "a namesake nearby may be meant";
    if (agree->other_year && agree->places == 0)
        return "the year of birth does not agree: a namesake may be meant";
    if (agree->full_date && agree->names == 1 && letters + agree->initials == 0)
        return "one name alone agrees beside the birth date: a twin may be meant";
    if (agree->full_date && agree->names >= 2 && agree->names < query->asks / ASKS_NAME &&
        agree->names < KEYED_NAMES)
        return "not all names agree beside the birth date: a twin may be meant";
    return NULL;
}

struct verdict {
    bool hit, weak, possible;
};

/* Weighs what the facts say and decides. */
static void weigh_facts(struct decision *out, struct verdict *verdict,
                        const struct person_facts *facts, bool strong,
                        const struct decide_query *query, struct arena *arena)
{
    struct person_agree agree;
    struct mixture reckoned;
    double numbers = out->accord.numbers;
    person_agree(&agree, out, facts, query, arena);
    agree.levels.numbers = numbers;
    mixture_init(&reckoned, MIXTURE_KEYS);
    const struct mixture *mixture = query->learned != NULL ? query->learned : &reckoned;
    bool two_keys = facts->forms >= 2 || strong;
    out->accord = agree.levels;
    out->counted = true;
    settle(out, mixture_doubt(mixture, &agree.levels));
    double most = mixture_doubt_max(mixture);
    struct accord bare = agree.levels;
    bare.numbers = 1;
    double alone = mixture_doubt(mixture, &bare);
    bool enough = two_keys && is_enough(&agree, query);
    bool whole =
        accord_is_whole(&agree.levels) && out->expected_false <= WHOLE_EXPECTED_MAX;
    bool sure = out->expected_false <= most;
    verdict->hit = enough && (sure || whole);
    out->person_false = enough && alone <= most ? alone : HUGE_VAL;
    verdict->possible = !verdict->hit && agree.names > 0 && two_keys;
    const char *doubt = verdict->hit || verdict->possible ? doubt_of(&agree, query) : NULL;
    if (verdict->hit && !sure && doubt == NULL)
        doubt = WHOLE_DOUBT;
    verdict->weak = verdict->hit && doubt != NULL;
    if (doubt != NULL)
        decision_reason(out, doubt);
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

/* Sisters share two words: wrong for each that is right. As link/score has it of branches. */
static const double SISTERS_EXPECTED = 1;

/* Those who live together share a phone: wrong for each that is right. */
static const double CONTACT_EXPECTED = 0.1;

unsigned decide_asks(const struct key *keys, size_t count)
{
    unsigned asks = 0;
    struct person_facts all = {0};
    for (size_t i = 0; i < count; i++) {
        struct person_facts facts = {0};
        if (keys[i].class != KEY_PERSON)
            continue;
        person_facts_add(&facts, keys[i].value);
        person_facts_add(&all, keys[i].value);
        if (facts.postcode.len > 0 || facts.street.len > 0 || facts.town.len > 0)
            asks |= ASKS_PLACE;
        asks |= (facts.house.len > 0 ? ASKS_HOUSE : 0) |
                (facts.street.len > 0 ? ASKS_STREET : 0) |
                (facts.date != 0 ? ASKS_DATE : 0);
    }
    /* Each token as it sounds; spelled ones are heard as well. */
    unsigned names = 0;
    for (size_t i = 0; i < all.name_count; i++)
        names += all.names[i].exact ? 0 : (unsigned)all.names[i].times;
    return asks | ASKS_NAME * (names < ASKS_NAMES_MAX ? names : ASKS_NAMES_MAX);
}

/* Parts of one row that were counted already. */
struct counted {
    struct frequency *parts;
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
    frequency_count(counted->parts, kind, text);
}

/* Three letters are two as well: another row may share these alone. */
static void count_letters(struct counted *counted, char kind, struct bytes text)
{
    count_part(counted, kind, text);
    if (text.len > LETTERS_SHORT)
        count_part(
            counted, kind,
            bytes_slice(text, kind == 's' ? 0 : text.len - LETTERS_SHORT, LETTERS_SHORT));
}

void decide_count(struct frequency *parts, const struct key *keys, size_t count)
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
            count_letters(&counted, 's', facts.starts.at[i]);
        for (size_t i = 0; i < facts.ends.count; i++)
            count_letters(&counted, 'e', facts.ends.at[i]);
        if ((facts.date & FACT_DATE) == FACT_DATE && facts.date_text.len == DATE_LEN) {
            count_part(&counted, 'y', bytes_slice(facts.date_text, 0, YEAR_LEN));
            count_part(&counted, 'd',
                       bytes_slice(facts.date_text, DAY_AT, DATE_LEN - DAY_AT));
        }
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
    *out = (struct decision){.accord = {.numbers = 1}, .person_false = HUGE_VAL};
    bool strong = false, weak = false, numbered = false, other_weak = false, part = false;
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
        numbered = numbered || (!is_weak && shared[i].class != KEY_PHONE);
        weak = weak || is_weak;
        part = part || is_part_of_name(&shared[i]);
        other_weak = other_weak || row->strength == KEY_WEAK;
        out->accord.numbers *= exp2(-shared[i].bits);
        decision_reason(out, arena_printf(arena, "%s %.*s agrees%s", row->label,
                                          (int)shared[i].value.len,
                                          (const char *)shared[i].value.at,
                                          is_weak ? " (weak)" : ""));
    }
    settle(out, (double)query->population * out->accord.numbers);
    if (person_count > 0)
        weigh_person(out, &person, persons, person_count, query, arena);
    out->counted = out->counted && !strong && !weak;
    out->hit = strong || person.hit || weak;
    out->weak = out->hit && !strong && (!person.hit || person.weak);
    out->possible = person.possible && !out->hit;
    if (part && !strong && !other_weak && person_count == 0) {
        out->part_of_name = true;
        settle(out, fmax(out->expected_false, SISTERS_EXPECTED));
        decision_reason(out, "two words of the name agree: a sister company may be meant");
    }
    /* A person was asked by name, and a phone is all that is the same. */
    if (strong && !numbered && person_count == 0 && query->asks >= ASKS_NAME) {
        out->weak = true;
        settle(out, fmax(out->expected_false, CONTACT_EXPECTED));
        decision_reason(out,
                        "no name agrees: another who can be reached there may be meant");
    }
}
