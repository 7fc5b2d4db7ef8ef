/* SPDX-License-Identifier: Apache-2.0 */
#include "record/person_facts.h"

#include "base/text.h"

static bool digits_at(struct bytes part, size_t at, size_t count)
{
    if (part.len < at + count)
        return false;
    for (size_t i = at; i < at + count; i++)
        if (!is_digit(part.at[i]))
            return false;
    return true;
}

/* Which facts of a date a part of a key is; 0 when it is none. */
static unsigned date_facts(struct bytes part)
{
    if (part.len == PERSON_DATE_LEN && digits_at(part, 0, 4) && part.at[4] == '-' &&
        digits_at(part, 5, 2) && digits_at(part, 8, 2))
        return part.at[7] == '/'   ? FACT_YEAR | FACT_SWAPPED
               : part.at[7] == '-' ? FACT_DATE
                                   : 0;
    if (part.len == PERSON_MONTH_LEN && part.at[0] == '-' && part.at[1] == '-' &&
        digits_at(part, 2, 2) && part.at[4] == '-' && digits_at(part, 5, 2))
        return FACT_MONTH | FACT_DAY;
    if (part.len == PERSON_MONTH_LEN && digits_at(part, 0, 4) && part.at[4] == '-' &&
        digits_at(part, 5, 2))
        return FACT_YEAR | FACT_MONTH;
    if (part.len == 8 && digits_at(part, 0, 4) && part.at[4] == '-' && part.at[5] == '-' &&
        digits_at(part, 6, 2))
        return FACT_YEAR | FACT_DAY;
    if (part.len == PERSON_YEAR_LEN && digits_at(part, 0, 4))
        return FACT_YEAR;
    return 0;
}

static void add_name(struct person_facts *facts, struct bytes text, bool exact)
{
    for (size_t i = 0; i < facts->name_count; i++) {
        struct person_fact_name *name = &facts->names[i];
        if (name->exact != exact || !bytes_equal(name->text, text))
            continue;
        name->here++;
        name->times = name->here > name->times ? name->here : name->times;
        return;
    }
    if (facts->name_count < PERSON_FACT_NAMES_MAX)
        facts->names[facts->name_count++] =
            (struct person_fact_name){.text = text, .exact = exact, .times = 1, .here = 1};
}

static void keep_longer(struct bytes *kept, struct bytes text)
{
    if (text.len > kept->len)
        *kept = text;
}

/* Letters of one token may come as two and as three of them: the longer are kept. */
static void add_letters(struct person_letters *letters, struct bytes text, bool at_start)
{
    for (size_t i = 0; i < letters->count; i++) {
        struct bytes *own = &letters->at[i];
        size_t len = own->len < text.len ? own->len : text.len;
        bool same =
            at_start ? memcmp(own->at, text.at, len) == 0
                     : memcmp(own->at + own->len - len, text.at + text.len - len, len) == 0;
        if (same) {
            keep_longer(own, text);
            return;
        }
    }
    if (letters->count < PERSON_FACT_NAMES_MAX)
        letters->at[letters->count++] = text;
}

/* What is behind a mark, and the house behind a slash: "KPLN" or "KPLN/69". */
static struct bytes without_house(struct person_facts *facts, struct bytes rest)
{
    const uint8_t *slash = rest.len > 0 ? memchr(rest.at, '/', rest.len) : NULL;
    if (slash == NULL)
        return rest;
    size_t len = (size_t)(slash - rest.at);
    facts->house = bytes_slice(rest, len + 1, rest.len - len - 1);
    return bytes_slice(rest, 0, len);
}

static void add_part(struct person_facts *facts, struct bytes part)
{
    struct bytes rest = bytes_slice(part, 1, part.len - 1);
    uint8_t last = part.at[part.len - 1];
    switch (part.at[0]) {
    case '~':
        add_name(facts, rest, false);
        return;
    case '#':
        if (last == '*')
            facts->region = bytes_slice(rest, 0, rest.len - 1);
        else
            facts->postcode = without_house(facts, rest);
        return;
    case '=':
        facts->street = without_house(facts, rest);
        return;
    case '&':
        facts->town = without_house(facts, rest);
        return;
    case '%':
        facts->place_letters = without_house(facts, rest);
        return;
    case '*':
        if (rest.len > 0)
            add_letters(&facts->ends, rest, false);
        return;
    default:
        if (last == '.')
            facts->initials = part;
        else if (last == '*')
            add_letters(&facts->starts, bytes_slice(part, 0, part.len - 1), true);
        else
            add_name(facts, part, true);
        return;
    }
}

/* Letters behind a token as it sounds ("~ALSK *dt") are another's. */
static void note_other(struct person_facts *facts, struct bytes part, bool behind_code)
{
    if (!behind_code || part.len < 2)
        return;
    facts->end_of_other = facts->end_of_other || part.at[0] == '*';
    facts->start_of_other =
        facts->start_of_other || (is_lower(part.at[0]) && part.at[part.len - 1] == '*');
}

void person_facts_add(struct person_facts *facts, struct bytes value)
{
    struct bytes part, rest = value;
    bool behind_code = false;
    for (size_t i = 0; i < facts->name_count; i++)
        facts->names[i].here = 0;
    while (text_next_word(&part, &rest, " ")) {
        note_other(facts, part, behind_code);
        behind_code = behind_code || part.at[0] == '~';
        bool last = rest.len == 0;
        unsigned date = last ? date_facts(part) : 0;
        if (date == 0) {
            add_part(facts, part);
            continue;
        }
        facts->date |= date;
        /* The full date says most; then, in length, what is left. */
        if (date_facts(facts->date_text) != FACT_DATE) {
            if (date == FACT_DATE)
                facts->date_text = part;
            else
                keep_longer(&facts->date_text, part);
        }
    }
    facts->forms++;
}
