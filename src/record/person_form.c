/* SPDX-License-Identifier: Apache-2.0 */
#include "record/person_form.h"

#include "base/text.h"

#include <stdlib.h>

/* Weaker than this is no key: it would find strangers, and could be guessed. */
static const double FORM_BITS_MIN = 16;

enum { DATE_LEN = 10, MONTH_LEN = 7, YEAR_LEN = 4, LETTERS = 2 };

/* ---- making ---- */

/* A token that can be heard, the most telling first. */
struct telling {
    struct bytes token, code;
    double bits;
};

static int telling_order(const void *left, const void *right)
{
    const struct telling *a = left, *b = right;
    if (a->bits != b->bits)
        return a->bits > b->bits ? -1 : 1;
    if (a->code.len != b->code.len)
        return a->code.len > b->code.len ? -1 : 1;
    return bytes_compare(a->token, b->token);
}

struct making {
    struct person_forms *out;
    struct arena *arena;
    const struct name *name;
    struct telling telling[NAME_TOKENS_MAX];
    size_t telling_count;
    struct bytes date;
    const struct address *address;
};

/* A key has the front of a code alone: what is behind is as often misspelt as it tells. */
static struct bytes code_in_key(struct making *making, const char *code)
{
    return bytes_text(arena_printf(making->arena, "%.*s", PERSON_CODE_LEN, code));
}

static void find_telling(struct making *making)
{
    const struct name *name = making->name;
    making->telling_count = 0;
    for (size_t i = 0; i < name->count; i++)
        if (name->tokens[i].len > 1 && name->codes[i][0] != '\0')
            making->telling[making->telling_count++] = (struct telling){
                name->tokens[i], code_in_key(making, name->codes[i]), name->bits[i]};
    if (making->telling_count > 0)
        qsort(making->telling, making->telling_count, sizeof *making->telling,
              telling_order);
}

static bool has(const struct person_forms *out, struct bytes value)
{
    for (size_t i = 0; i < out->count; i++)
        if (bytes_equal(out->items[i].value, value))
            return true;
    return false;
}

static void add(struct making *making, char *value, double bits)
{
    struct person_forms *out = making->out;
    if (bits < FORM_BITS_MIN || out->count == PERSON_FORMS_MAX ||
        has(out, bytes_text(value)))
        return;
    out->items[out->count].value = bytes_text(value);
    out->items[out->count++].bits = bits;
}

/* A part of the date as it stands in a key; NULL when the date is not known so far. */
static char *date_part(struct making *making, unsigned facts, double *bits)
{
    struct bytes date = making->date;
    const char *text = (const char *)date.at;
    bool full = date.len == DATE_LEN;
    *bits = person_date_bits(facts, date);
    switch (facts) {
    case FACT_DATE:
        return full ? arena_printf(making->arena, "%.10s", text) : NULL;
    case FACT_YEAR | FACT_MONTH:
        return date.len >= MONTH_LEN ? arena_printf(making->arena, "%.7s", text) : NULL;
    case FACT_MONTH | FACT_DAY:
        return full ? arena_printf(making->arena, "-%.6s", text + 4) : NULL;
    case FACT_YEAR | FACT_DAY:
        return full ? arena_printf(making->arena, "%.4s-%.3s", text, text + 7) : NULL;
    case FACT_YEAR:
        return date.len >= YEAR_LEN ? arena_printf(making->arena, "%.4s", text) : NULL;
    default: {
        const char *month = text + 5, *day = text + 8;
        if (!full || memcmp(day, "12", 2) > 0)
            return NULL; /* no other order is a date */
        bool exchange = memcmp(month, day, 2) > 0;
        return arena_printf(making->arena, "%.4s-%.2s/%.2s", text, exchange ? day : month,
                            exchange ? month : day);
    }
    }
}

static void add_whole(struct making *making, unsigned facts)
{
    double bits;
    char *date = date_part(making, facts, &bits);
    if (date == NULL || making->name->count < 2)
        return;
    for (size_t i = 0; i < making->name->count; i++)
        bits += making->name->bits[i];
    struct bytes folded = name_folded(making->name, making->arena);
    add(making,
        arena_printf(making->arena, "%.*s %s", (int)folded.len, (const char *)folded.at,
                     date),
        bits);
}

static void add_code_date(struct making *making, size_t at)
{
    double bits;
    char *date = date_part(making, FACT_DATE, &bits);
    if (date == NULL || at >= making->telling_count)
        return;
    const struct telling *one = &making->telling[at];
    add(making, arena_printf(making->arena, "~%s %s", (const char *)one->code.at, date),
        bits + person_code_bits(one->code));
}

static void add_token_date(struct making *making, size_t at)
{
    double bits;
    char *date = date_part(making, FACT_DATE, &bits);
    if (date == NULL || at >= making->telling_count)
        return;
    const struct telling *one = &making->telling[at];
    add(making,
        arena_printf(making->arena, "%.*s %s", (int)one->token.len,
                     (const char *)one->token.at, date),
        bits + one->bits);
}

/* Two tokens as they sound, in the order of their codes. */
static void add_codes_date(struct making *making, size_t i, size_t j, unsigned facts)
{
    double bits;
    if (j >= making->telling_count)
        return;
    char *date = date_part(making, facts, &bits);
    if (date == NULL)
        return;
    struct bytes a = making->telling[i].code, b = making->telling[j].code;
    bool exchange = bytes_compare(a, b) > 0;
    add(making,
        arena_printf(making->arena, "~%s ~%s %s", (const char *)(exchange ? b : a).at,
                     (const char *)(exchange ? a : b).at, date),
        bits + person_code_bits(a) + person_code_bits(b));
}

/* A token's first or last two letters with the date. */
static void add_letters_date(struct making *making, size_t at, bool start)
{
    double bits;
    char *date = date_part(making, FACT_DATE, &bits);
    if (date == NULL || at >= making->telling_count)
        return;
    struct bytes token = making->telling[at].token;
    const char *from = (const char *)token.at + (start ? 0 : token.len - LETTERS);
    add(making,
        arena_printf(making->arena, start ? "%.*s* %s" : "*%.*s %s", LETTERS, from, date),
        bits + (start ? PERSON_START_BITS : PERSON_END_BITS));
}

/* Postcode, street, street with house, or town, as it stands in a key; NULL when not known. */
enum place { POSTCODE, STREET, HOUSE, TOWN };

static char *place_part(struct making *making, enum place place, double *bits)
{
    const struct address *address = making->address;
    char code[PHONETIC_CODE_MAX];
    if (address == NULL)
        return NULL;
    switch (place) {
    case POSTCODE:
        *bits = PERSON_POSTCODE_BITS;
        return address->postcode.len == 0
                   ? NULL
                   : arena_printf(making->arena, "#%.*s", (int)address->postcode.len,
                                  (const char *)address->postcode.at);
    case STREET:
        *bits = PERSON_STREET_ALONE_BITS;
        return phonetic_code(code, address->street) == 0
                   ? NULL
                   : arena_printf(making->arena, "=%.*s", PERSON_CODE_LEN, code);
    case HOUSE:
        *bits = PERSON_STREET_BITS;
        return address->house.len == 0 || phonetic_code(code, address->street) == 0
                   ? NULL
                   : arena_printf(making->arena, "=%.*s/%.*s", PERSON_CODE_LEN, code,
                                  (int)address->house.len, (const char *)address->house.at);
    default:
        *bits = PERSON_TOWN_BITS;
        return phonetic_code(code, address->town) == 0
                   ? NULL
                   : arena_printf(making->arena, "&%.*s", PERSON_CODE_LEN, code);
    }
}

static void add_place_date(struct making *making, enum place place, unsigned facts)
{
    double bits, place_bits;
    char *where = place_part(making, place, &place_bits);
    char *date = where != NULL ? date_part(making, facts, &bits) : NULL;
    if (date != NULL)
        add(making, arena_printf(making->arena, "%s %s", where, date), bits + place_bits);
}

static void add_code_place(struct making *making, size_t at, enum place place)
{
    double bits;
    char *where = place_part(making, place, &bits);
    if (where == NULL || at >= making->telling_count)
        return;
    const struct telling *one = &making->telling[at];
    /* A short code is too common for this; the token as spelled may do. */
    if (bits + person_code_bits(one->code) >= FORM_BITS_MIN)
        add(making,
            arena_printf(making->arena, "~%s %s", (const char *)one->code.at, where),
            bits + person_code_bits(one->code));
    else
        add(making,
            arena_printf(making->arena, "%.*s %s", (int)one->token.len,
                         (const char *)one->token.at, where),
            bits + one->bits);
}

static void add_whole_town(struct making *making)
{
    double bits;
    char *where = place_part(making, TOWN, &bits);
    if (where == NULL || making->name->count < 2)
        return;
    for (size_t i = 0; i < making->name->count; i++)
        bits += making->name->bits[i];
    struct bytes folded = name_folded(making->name, making->arena);
    add(making,
        arena_printf(making->arena, "%.*s %s", (int)folded.len, (const char *)folded.at,
                     where),
        bits);
}

static void add_codes_town(struct making *making)
{
    double bits;
    char *where = place_part(making, TOWN, &bits);
    if (where == NULL || making->telling_count < 2)
        return;
    struct bytes a = making->telling[0].code, b = making->telling[1].code;
    bool exchange = bytes_compare(a, b) > 0;
    add(making,
        arena_printf(making->arena, "~%s ~%s %s", (const char *)(exchange ? b : a).at,
                     (const char *)(exchange ? a : b).at, where),
        bits + person_code_bits(a) + person_code_bits(b));
}

/* First letters of the two most telling tokens with street and house. */
static void add_initials_house(struct making *making)
{
    double bits;
    char *where = place_part(making, HOUSE, &bits);
    if (where == NULL || making->telling_count < 2)
        return;
    uint8_t a = making->telling[0].token.at[0], b = making->telling[1].token.at[0];
    add(making,
        arena_printf(making->arena, "%c.%c. %s", a < b ? a : b, a < b ? b : a, where),
        bits + 2 * PERSON_INITIAL_BITS);
}

/* The steps in the order of how much they find: what does not fit into 24 is left out from the
 * end. */
static void make_step(struct making *making, unsigned step)
{
    switch (step) {
    case 0:
        add_whole(making, FACT_DATE);
        for (size_t i = 0; i < 3; i++)
            add_code_date(making, i);
        return;
    case 1:
        add_codes_date(making, 0, 1, FACT_YEAR | FACT_MONTH);
        add_codes_date(making, 0, 1, FACT_MONTH | FACT_DAY);
        if (making->date.len < DATE_LEN)
            add_codes_date(making, 0, 1, FACT_YEAR);
        return;
    case 2:
        add_place_date(making, POSTCODE, FACT_DATE);
        add_code_place(making, 0, POSTCODE);
        add_code_place(making, 1, POSTCODE);
        return;
    case 3:
        add_place_date(making, STREET, FACT_DATE);
        add_code_place(making, 0, HOUSE);
        add_code_place(making, 1, HOUSE);
        add_initials_house(making);
        return;
    case 4:
        for (size_t i = 0; i < 2; i++) {
            add_letters_date(making, i, true);
            add_letters_date(making, i, false);
        }
        return;
    case 5:
        add_codes_town(making);
        add_whole_town(making);
        add_place_date(making, POSTCODE, FACT_YEAR | FACT_MONTH);
        add_place_date(making, POSTCODE, FACT_MONTH | FACT_DAY);
        return;
    case 6:
        add_codes_date(making, 0, 1, FACT_YEAR | FACT_DAY);
        add_place_date(making, POSTCODE, FACT_SWAPPED);
        add_place_date(making, POSTCODE, FACT_YEAR | FACT_DAY);
        add_place_date(making, TOWN, FACT_DATE);
        add_codes_date(making, 0, 1, FACT_YEAR);
        add_codes_date(making, 0, 1, FACT_SWAPPED);
        add_whole(making, FACT_MONTH | FACT_DAY);
        return;
    default:
        for (size_t i = 0; i < 3; i++)
            add_token_date(making, i);
        add_code_date(making, 3);
        add_code_date(making, 4);
        for (size_t i = 0; i < 2; i++) {
            add_codes_date(making, i, 2, FACT_YEAR | FACT_MONTH);
            add_codes_date(making, i, 2, FACT_MONTH | FACT_DAY);
            add_codes_date(making, i, 2, FACT_YEAR);
        }
        add_code_place(making, 2, POSTCODE);
        add_code_place(making, 2, HOUSE);
        return;
    }
}

void person_forms_make(struct person_forms *out, const struct person_source *source,
                       struct arena *arena)
{
    enum { STEPS = 8 };
    struct making making = {.out = out, .arena = arena};
    out->count = 0;
    size_t dates = source->date_count > 0 ? source->date_count : 1;
    size_t addresses = source->address_count > 0 ? source->address_count : 1;
    for (unsigned step = 0; step < STEPS; step++)
        for (size_t n = 0; n < source->name_count; n++)
            for (size_t d = 0; d < dates; d++)
                for (size_t a = 0; a < addresses; a++) {
                    if (out->count == PERSON_FORMS_MAX)
                        return;
                    making.name = &source->names[n];
                    making.date =
                        d < source->date_count ? source->dates[d] : (struct bytes){0};
                    making.address =
                        a < source->address_count ? &source->addresses[a] : NULL;
                    find_telling(&making);
                    make_step(&making, step);
                }
}

/* ---- reading back ---- */

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
    if (part.len == DATE_LEN && digits_at(part, 0, 4) && part.at[4] == '-' &&
        digits_at(part, 5, 2) && digits_at(part, 8, 2))
        return part.at[7] == '/'   ? FACT_YEAR | FACT_SWAPPED
               : part.at[7] == '-' ? FACT_DATE
                                   : 0;
    if (part.len == MONTH_LEN && part.at[0] == '-' && part.at[1] == '-' &&
        digits_at(part, 2, 2) && part.at[4] == '-' && digits_at(part, 5, 2))
        return FACT_MONTH | FACT_DAY;
    if (part.len == MONTH_LEN && digits_at(part, 0, 4) && part.at[4] == '-' &&
        digits_at(part, 5, 2))
        return FACT_YEAR | FACT_MONTH;
    if (part.len == 8 && digits_at(part, 0, 4) && part.at[4] == '-' && part.at[5] == '-' &&
        digits_at(part, 6, 2))
        return FACT_YEAR | FACT_DAY;
    if (part.len == YEAR_LEN && digits_at(part, 0, 4))
        return FACT_YEAR;
    return 0;
}

static void add_name(struct person_facts *facts, struct bytes text, bool exact)
{
    for (size_t i = 0; i < facts->name_count; i++)
        if (facts->names[i].exact == exact && bytes_equal(facts->names[i].text, text))
            return;
    if (facts->name_count < PERSON_FACT_NAMES_MAX)
        facts->names[facts->name_count++] = (struct person_fact_name){text, exact};
}

static void keep_longer(struct bytes *kept, struct bytes text)
{
    if (text.len > kept->len)
        *kept = text;
}

static void add_letters(struct person_facts *facts, struct bytes part, size_t *counter)
{
    size_t count = facts->starts + facts->ends;
    for (size_t i = 0; i < count; i++)
        if (bytes_equal(facts->letters[i], part))
            return;
    if (count == PERSON_FACT_NAMES_MAX)
        return;
    facts->letters[count] = part;
    ++*counter;
}

/* "KPLN" or "KPLN/69" */
static void add_street(struct person_facts *facts, struct bytes rest)
{
    const uint8_t *slash = rest.len > 0 ? memchr(rest.at, '/', rest.len) : NULL;
    size_t len = slash != NULL ? (size_t)(slash - rest.at) : rest.len;
    facts->street = bytes_slice(rest, 0, len);
    if (slash != NULL)
        facts->house = bytes_slice(rest, len + 1, rest.len - len - 1);
}

static void add_part(struct person_facts *facts, struct bytes part)
{
    struct bytes rest = bytes_slice(part, 1, part.len - 1);
    switch (part.at[0]) {
    case '~':
        add_name(facts, rest, false);
        return;
    case '#':
        facts->postcode = rest;
        return;
    case '=':
        add_street(facts, rest);
        return;
    case '*':
        add_letters(facts, part, &facts->ends);
        return;
    case '&':
        facts->town = rest;
        return;
    default:
        if (part.at[part.len - 1] == '.')
            facts->initials = part;
        else if (part.at[part.len - 1] == '*')
            add_letters(facts, part, &facts->starts);
        else
            add_name(facts, part, true);
        return;
    }
}

void person_facts_add(struct person_facts *facts, struct bytes value)
{
    struct bytes part, rest = value;
    while (text_next_word(&part, &rest, " ")) {
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

double person_code_bits(struct bytes code)
{
    static const double by_length[] = {0, 3, 5, 7, 7.5};
    return code.len < 4 ? by_length[code.len] : by_length[4];
}

double person_date_bits(unsigned facts, struct bytes text)
{
    switch (facts & (FACT_DATE | FACT_SWAPPED)) {
    case FACT_DATE:
    case FACT_DATE | FACT_SWAPPED:
        return text.len == DATE_LEN && text.at[7] == '-' ? name_birth_date_bits(text) : 0;
    case FACT_YEAR | FACT_SWAPPED:
        return 11;
    case FACT_YEAR | FACT_MONTH:
    case FACT_YEAR | FACT_MONTH | FACT_SWAPPED:
        return 8.5;
    case FACT_YEAR | FACT_DAY:
    case FACT_YEAR | FACT_DAY | FACT_SWAPPED:
        return 9.5;
    case FACT_MONTH | FACT_DAY:
        return 8;
    case FACT_YEAR:
        return 5.5;
    default:
        return facts & FACT_SWAPPED ? 11 : 0;
    }
}
