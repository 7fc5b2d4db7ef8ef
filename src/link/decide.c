/* SPDX-License-Identifier: Apache-2.0 */
#include "link/decide.h"

#include "record/person_form.h"

#include <math.h>

/* An agreement in part says less than its rarity: a true pair shows it seldom too. */
static const double SOUND_LOSS = 1, ENDS_LOSS = 3, DATE_PART_LOSS = 3, SWAP_LOSS = 4,
                    NO_DATE_LOSS = 4, NO_PLACE_LOSS = 2.5;

/* A street and house within a known postcode, and a town beside either, tell less. */
static const double STREET_IN_POSTCODE_LOSS = 3, TOWN_BESIDE_BITS = 1;

static void add_reason(struct decision *out, const char *why)
{
    if (out->why_count < DECISION_REASONS_MAX)
        out->why[out->why_count++] = why;
}

static void add_bits(struct decision *out, double bits)
{
    out->expected_false *= exp2(-bits);
    out->score = 1 / (1 + out->expected_false);
}

void decision_add(struct decision *out, const char *why, double bits)
{
    add_reason(out, why);
    add_bits(out, bits);
}

/* ---- a person's facts ---- */

static bool same_sound(struct bytes token, struct bytes code)
{
    char own[PHONETIC_CODE_MAX];
    size_t len = phonetic_code(own, token);
    if (len > PERSON_CODE_LEN)
        len = PERSON_CODE_LEN;
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

struct weighed {
    size_t names;        /* tokens that agree */
    size_t starts, ends; /* and, of others, first or last letters */
    bool whole_name_and_date;
};

static size_t weigh_names(struct decision *out, const struct person_facts *facts,
                          struct buf *text)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->name_count; i++) {
        const struct person_fact_name *name = &facts->names[i];
        if (is_heard_token(facts, i))
            continue;
        buf_addf(text, "%s%.*s%s", count > 0 ? " " : "", (int)name->text.len,
                 (const char *)name->text.at, name->exact ? "" : " (by sound)");
        add_bits(out, name->exact ? name_token_bits(name->text, NAME_PERSON)
                                  : person_code_bits(name->text) - SOUND_LOSS);
        count++;
    }
    return count;
}

static void weigh_date(struct decision *out, const struct person_facts *facts,
                       struct arena *arena)
{
    unsigned date = facts->date;
    if (date == 0) {
        add_bits(out, -NO_DATE_LOSS);
        return;
    }
    double bits = person_date_bits(date, facts->date_text);
    bool full = (date & FACT_DATE) == FACT_DATE, swapped = (date & FACT_SWAPPED) != 0;
    /* Year and month by one key, month and day by another: the whole date, in two parts. */
    if (full && bits == 0)
        bits = person_date_bits(FACT_YEAR | FACT_MONTH, facts->date_text) + 4;
    if (!full)
        bits -= swapped && (date & FACT_MONTH) == 0 ? SWAP_LOSS : DATE_PART_LOSS;
    const char *what = full ? "birth date"
                       : (date & FACT_MONTH) && (date & FACT_YEAR)
                           ? "year and month of birth"
                       : (date & FACT_MONTH) ? "day and month of birth"
                       : (date & FACT_DAY)   ? "year and day of birth"
                       : swapped             ? "birth date, with day and month swapped,"
                                             : "year of birth";
    decision_add(out,
                 arena_printf(arena, "%s %.*s agree%s", what, (int)facts->date_text.len,
                              (const char *)facts->date_text.at,
                              full || swapped ? "s" : ""),
                 bits);
}

/* Letters of tokens that do not agree as a whole; those of a token that does go with it. */
static void weigh_letters(struct decision *out, struct weighed *weighed,
                          const struct person_facts *facts)
{
    weighed->starts = facts->starts > weighed->names ? facts->starts - weighed->names : 0;
    weighed->ends = facts->ends > weighed->names ? facts->ends - weighed->names : 0;
    if (weighed->starts + weighed->ends > 0)
        decision_add(out,
                     weighed->ends == 0     ? "first letters of a name agree"
                     : weighed->starts == 0 ? "last letters of a name agree"
                                            : "first and last letters of a name agree",
                     (double)weighed->starts * PERSON_START_BITS +
                         (double)weighed->ends * PERSON_END_BITS - ENDS_LOSS);
    else if (facts->initials.len > 0 && weighed->names < 2)
        decision_add(out, "initials agree",
                     (double)(2 - weighed->names) * PERSON_INITIAL_BITS);
}

static void weigh_place(struct decision *out, const struct person_facts *facts,
                        struct arena *arena)
{
    bool postcode = facts->postcode.len > 0, street = facts->street.len > 0;
    bool house = facts->house.len > 0;
    if (postcode)
        decision_add(out,
                     arena_printf(arena, "postcode %.*s agrees", (int)facts->postcode.len,
                                  (const char *)facts->postcode.at),
                     PERSON_POSTCODE_BITS);
    if (street) {
        double bits = house ? PERSON_STREET_BITS : PERSON_STREET_ALONE_BITS;
        decision_add(out, house ? "street and house agree" : "street agrees by sound",
                     postcode ? bits - STREET_IN_POSTCODE_LOSS : bits);
    }
    if (facts->town.len > 0)
        decision_add(out, "town agrees by sound",
                     postcode || street ? TOWN_BESIDE_BITS : PERSON_TOWN_BITS);
}

/* The sets of facts that are one person; see the header. */
static bool is_enough(const struct person_facts *facts, const struct weighed *weighed)
{
    bool full = (facts->date & FACT_DATE) == FACT_DATE;
    bool place = facts->postcode.len > 0 || facts->street.len > 0;
    size_t letters = weighed->starts + weighed->ends;
    bool two = weighed->names >= 2, one = weighed->names == 1;
    if (full)
        return two || one || letters >= 2 || (place && letters > 0) ||
               (facts->street.len > 0 && (facts->postcode.len > 0 || facts->town.len > 0));
    if (facts->date & (FACT_MONTH | FACT_DAY))
        return two || (one && place);
    if (facts->date & FACT_SWAPPED)
        return (two || one) && place;
    return (two && (place || facts->town.len > 0)) ||
           (one && facts->house.len > 0 &&
            (facts->initials.len > 0 || facts->postcode.len > 0));
}

/* Enough, and still what a twin, another of the household or a namesake would show. */
static const char *doubt_of(const struct person_facts *facts, const struct weighed *weighed)
{
    bool full = (facts->date & FACT_DATE) == FACT_DATE;
    bool place = facts->postcode.len > 0 || facts->street.len > 0 || facts->town.len > 0;
    size_t letters = weighed->starts + weighed->ends;
    if (weighed->names == 0 && letters == 0)
        return "no name agrees: another of the household may be meant";
    if (facts->date == 0 && weighed->names < 2)
        return "no birth date agrees: a relative in the same house may be meant";
    if (full && weighed->names == 1 && letters == 0 && !place)
        return "one name alone agrees beside the birth date: a twin may be meant";
    return NULL;
}

/* Whole name and full date, as spelled: one key that suffices alone. */
static bool is_whole(const struct key *key)
{
    struct person_facts facts = {0};
    person_facts_add(&facts, key->value);
    size_t exact = 0;
    for (size_t i = 0; i < facts.name_count; i++)
        exact += facts.names[i].exact;
    return facts.date == FACT_DATE && exact >= 2;
}

struct verdict {
    bool hit, weak, possible;
};

/* Weighs what the facts say and decides. */
static void weigh_facts(struct decision *out, struct verdict *verdict,
                        const struct person_facts *facts, bool whole,
                        const struct decide_query *query, struct arena *arena)
{
    struct weighed weighed = {.whole_name_and_date = whole};
    struct buf names = {.max = KEY_VALUE_MAX * 4};
    weighed.names = weigh_names(out, facts, &names);
    if (whole) {
        add_reason(out, arena_printf(arena, "whole name %s and birth date %.*s agree",
                                     buf_text(&names), (int)facts->date_text.len,
                                     (const char *)facts->date_text.at));
        add_bits(out, person_date_bits(FACT_DATE, facts->date_text));
    } else {
        if (weighed.names > 0)
            add_reason(out, arena_printf(arena, "%s %s agree%s",
                                         weighed.names > 1 ? "names" : "one name",
                                         buf_text(&names), weighed.names == 1 ? "s" : ""));
        weigh_letters(out, &weighed, facts);
        weigh_date(out, facts, arena);
    }
    buf_release(&names);
    bool placed = facts->postcode.len > 0 || facts->street.len > 0 || facts->town.len > 0;
    if (placed)
        weigh_place(out, facts, arena);
    else if (query->has_place)
        add_bits(out, -NO_PLACE_LOSS);

    bool two_keys = facts->forms >= 2;
    verdict->hit = whole || (two_keys && is_enough(facts, &weighed) &&
                             out->expected_false <= HIT_EXPECTED_MAX);
    verdict->possible = !verdict->hit && weighed.names > 0 && two_keys;
    const char *doubt = verdict->hit ? doubt_of(facts, &weighed) : NULL;
    verdict->weak = doubt != NULL;
    if (doubt != NULL)
        add_reason(out, doubt);
}

/* Keys that bear another full birth date than this one have no part in it: two tokens count
 * together only under one date. An empty date: keys without a full one. */
static void gather(struct person_facts *facts, bool *whole, const struct key *const *keys,
                   size_t count, struct bytes date)
{
    *facts = (struct person_facts){0};
    *whole = false;
    for (size_t i = 0; i < count; i++) {
        struct person_facts one = {0};
        person_facts_add(&one, keys[i]->value);
        if (one.date == FACT_DATE && !bytes_equal(one.date_text, date))
            continue;
        person_facts_add(facts, keys[i]->value);
        *whole = *whole || is_whole(keys[i]);
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
        bool whole;
        if (i < count)
            person_facts_add(&one, keys[i]->value);
        bool dated = one.date == FACT_DATE;
        if (i < count && (!dated || tried_before(keys, i, one.date_text)))
            continue;
        if (i == count && !first)
            break;
        gather(&facts, &whole, keys, count, dated ? one.date_text : (struct bytes){0});
        weigh_facts(&tried, &tried_verdict, &facts, whole, query, arena);
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

bool decide_has_place(const struct key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct person_facts facts = {0};
        if (keys[i].class != KEY_PERSON)
            continue;
        person_facts_add(&facts, keys[i].value);
        if (facts.postcode.len > 0 || facts.street.len > 0 || facts.town.len > 0)
            return true;
    }
    return false;
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
    *out = (struct decision){.expected_false = (double)query->population};
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
