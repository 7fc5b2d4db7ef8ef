/* SPDX-License-Identifier: Apache-2.0 */
#include "record/person_form.h"

#include "base/text.h"

#include <stdlib.h>

/* Weaker than this is no key: it would find strangers, and could be guessed. */
static const double FORM_BITS_MIN = 16;

enum { ALL_NAMES = 4 };

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

/* What is said of a name, once for all its forms. */
struct heard {
    struct telling tokens[NAME_TOKENS_MAX];
    size_t count;
};

struct making {
    struct person_forms *out;
    struct arena *arena;
    const struct name *name;
    const struct telling *telling;
    size_t telling_count;
    struct bytes date;
    const struct address *address;
};

/* A key has the front of a code alone: what is behind is as often misspelt as it tells. */
static struct bytes code_in_key(struct arena *arena, const char *code)
{
    return bytes_text(arena_text(arena, bytes_of(code, strnlen(code, PERSON_CODE_LEN))));
}

static void find_telling(struct heard *heard, const struct name *name, struct arena *arena)
{
    heard->count = 0;
    for (size_t i = 0; i < name->count; i++)
        if (name->tokens[i].len > 1 && name->codes[i][0] != '\0')
            heard->tokens[heard->count++] = (struct telling){
                name->tokens[i], code_in_key(arena, name->codes[i]), name->bits[i]};
    if (heard->count > 0)
        qsort(heard->tokens, heard->count, sizeof *heard->tokens, telling_order);
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

/* Year and day of a date of which the month cannot be (date_rest): "1955--02". */
static bool lacks_month(struct bytes date)
{
    return date.len == PERSON_YEAR_DAY_LEN && date.at[PERSON_YEAR_LEN + 1] == '-';
}

/* A part of the date as it stands in a key; NULL when the date is not known so far. */
static char *date_part(struct making *making, unsigned facts, double *bits)
{
    struct bytes date = making->date;
    const char *text = (const char *)date.at;
    bool full = date.len == PERSON_DATE_LEN;
    *bits = person_date_bits(facts, date);
    switch (facts) {
    case FACT_DATE:
        return full ? arena_text(making->arena, bytes_of(text, PERSON_DATE_LEN)) : NULL;
    case FACT_YEAR | FACT_MONTH:
        return date.len >= PERSON_MONTH_LEN && !lacks_month(date)
                   ? arena_text(making->arena, bytes_of(text, PERSON_MONTH_LEN))
                   : NULL;
    case FACT_MONTH | FACT_DAY:
        return full ? arena_printf(making->arena, "-%.6s", text + 4) : NULL;
    case FACT_YEAR | FACT_DAY:
        if (lacks_month(date))
            return arena_text(making->arena, date);
        return full ? arena_printf(making->arena, "%.4s-%.3s", text, text + 7) : NULL;
    case FACT_YEAR:
        return date.len >= PERSON_YEAR_LEN
                   ? arena_text(making->arena, bytes_of(text, PERSON_YEAR_LEN))
                   : NULL;
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

/* ---- parts of a key ---- */

/* What a form says of the name. Those of one token are made for the most telling two, as it
 * sounds with the whole date or the postcode alone for four: brothers with two surnames
 * differ in the given name. Those of two tokens are made of the most telling. */
enum name_part {
    NO_NAME,
    CODE,        /* a token as it sounds */
    START,       /* its first two letters */
    START3,      /* ... three */
    END,         /* its last two */
    END3,        /* ... three */
    TOKEN,       /* as it is spelled */
    CODE_START3, /* as it sounds, and the first three letters of the other */
    CODE_END,
    CODE_END3,
    CODES, /* both, as they sound */
    STARTS,
    STARTS3,
    ENDS,
    INITIALS,
    WHOLE /* all tokens as they are spelled */
};

/* What it says of the address. HOUSE stands behind the part in front of it. */
enum place_part {
    POSTCODE = 1,
    REGION = 2,
    STREET = 4,
    TOWN = 8,
    LETTERS = 16,
    HOUSE = 32
};

/* A part of a key with its bits; the text is NULL when the person does not tell. */
struct part {
    char *text;
    double bits;
};

/* The first so many letters may be cut from a word: what ICU could not read is of several bytes. */
static bool is_plain(struct bytes word, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (i >= word.len || !(is_lower(word.at[i]) || is_digit(word.at[i])))
            return false;
    return true;
}

static struct part two_parts(struct making *making, const char *mark, struct bytes a,
                             struct bytes b, const char *end, double bits)
{
    bool exchange = bytes_compare(a, b) > 0;
    struct bytes first = exchange ? b : a, second = exchange ? a : b;
    return (struct part){arena_printf(making->arena, "%s%.*s%s %s%.*s%s", mark,
                                      (int)first.len, (const char *)first.at, end, mark,
                                      (int)second.len, (const char *)second.at, end),
                         bits};
}

static struct bytes first_letters(struct bytes token, size_t count)
{
    return bytes_slice(token, 0, token.len < count ? token.len : count);
}

static struct bytes last_letters(struct bytes token, size_t count)
{
    size_t len = token.len < count ? token.len : count;
    return bytes_slice(token, token.len - len, len);
}

/* A token as it sounds, and letters of the other of the two. */
static struct part code_and_letters(struct making *making, enum name_part kind, size_t at)
{
    const struct telling *one = &making->telling[at];
    struct bytes other;
    const char *code = (const char *)one->code.at;
    double bits = person_code_bits(one->code);
    if (making->telling_count < 2)
        return (struct part){0};
    other = making->telling[1 - at].token;
    if (!is_plain(other, other.len) || (kind != CODE_END && other.len < 3))
        return (struct part){0};
    if (kind == CODE_START3)
        return (struct part){
            arena_printf(making->arena, "~%s %.3s*", code, (const char *)other.at),
            bits + PERSON_START3_BITS};
    bool three = kind == CODE_END3;
    return (struct part){arena_printf(making->arena, "~%s *%.3s", code,
                                      (const char *)last_letters(other, three ? 3 : 2).at),
                         bits + (three ? PERSON_END3_BITS : PERSON_END_BITS)};
}

static struct part one_name(struct making *making, enum name_part kind, size_t at)
{
    const struct telling *one = &making->telling[at];
    struct bytes token = one->token;
    if (kind >= CODE_START3 && kind <= CODE_END3)
        return code_and_letters(making, kind, at);
    if (kind != CODE && kind != TOKEN && !is_plain(token, token.len))
        return (struct part){0};
    switch (kind) {
    case CODE:
        return (struct part){arena_printf(making->arena, "~%s", (const char *)one->code.at),
                             person_code_bits(one->code)};
    case START:
        return (struct part){arena_printf(making->arena, "%.2s*", (const char *)token.at),
                             PERSON_START_BITS};
    case START3:
        if (token.len < 3)
            return (struct part){0};
        return (struct part){arena_printf(making->arena, "%.3s*", (const char *)token.at),
                             PERSON_START3_BITS};
    case END:
        return (struct part){
            arena_printf(making->arena, "*%.2s", (const char *)last_letters(token, 2).at),
            PERSON_END_BITS};
    case END3:
        if (token.len < 3)
            return (struct part){0};
        return (struct part){
            arena_printf(making->arena, "*%.3s", (const char *)last_letters(token, 3).at),
            PERSON_END3_BITS};
    default:
        return (struct part){arena_text(making->arena, token), one->bits};
    }
}

static struct part two_names(struct making *making, enum name_part kind, size_t i, size_t j)
{
    const struct telling *a = &making->telling[i], *b = &making->telling[j];
    if (kind != CODES &&
        (!is_plain(a->token, a->token.len) || !is_plain(b->token, b->token.len)))
        return (struct part){0};
    switch (kind) {
    case CODES:
        return two_parts(making, "~", a->code, b->code, "",
                         person_code_bits(a->code) + person_code_bits(b->code));
    case STARTS:
        return two_parts(making, "", first_letters(a->token, 2), first_letters(b->token, 2),
                         "*", 2 * PERSON_START_BITS);
    case STARTS3:
        if (a->token.len < 3 || b->token.len < 3)
            return (struct part){0};
        return two_parts(making, "", first_letters(a->token, 3), first_letters(b->token, 3),
                         "*", 2 * PERSON_START3_BITS);
    case ENDS:
        return two_parts(making, "*", last_letters(a->token, 2), last_letters(b->token, 2),
                         "", 2 * PERSON_END_BITS);
    default: {
        struct part part =
            two_parts(making, "", first_letters(a->token, 1), first_letters(b->token, 1),
                      ".", 2 * PERSON_INITIAL_BITS);
        part.text[2] = part.text[3]; /* "e. n." is "e.n." */
        part.text[3] = '.';
        part.text[4] = '\0';
        return part;
    }
    }
}

static struct part whole_name(struct making *making)
{
    struct bytes folded = name_folded(making->name, making->arena);
    struct part part = {arena_printf(making->arena, "%.*s", (int)folded.len,
                                     folded.len > 0 ? (const char *)folded.at : ""),
                        0};
    for (size_t i = 0; i < making->name->count; i++)
        part.bits += making->name->bits[i];
    return part;
}

/* The code of a word of an address in out; false when it has none. */
static bool code_of(char out[static PHONETIC_CODE_MAX], struct bytes word)
{
    size_t len = phonetic_code(out, word);
    if (len > PERSON_CODE_LEN)
        out[PERSON_CODE_LEN] = '\0';
    return len > 0;
}

/* The parts of an address that a form asks for, together. */
static struct part place_part(struct making *making, unsigned wanted)
{
    const struct address *address = making->address;
    char code[PHONETIC_CODE_MAX];
    struct part none = {0}, part = {"", 0};
    if (address == NULL || ((wanted & HOUSE) && address->house.len == 0))
        return none;
    struct arena *arena = making->arena;
    if (wanted & LETTERS) {
        if (!is_plain(address->street, 1) || !is_plain(address->town, 1))
            return none;
        part.text =
            arena_printf(arena, "%%%c%c", address->street.at[0], address->town.at[0]);
        part.bits += 2 * PERSON_INITIAL_BITS;
    }
    if (wanted & TOWN) {
        if (!code_of(code, address->town))
            return none;
        part.text = arena_printf(arena, "%s&%s", part.text, code);
        part.bits += PERSON_TOWN_BITS;
    }
    if (wanted & STREET) {
        if (!code_of(code, address->street))
            return none;
        part.text =
            arena_printf(arena, "%s%s=%s", part.text, part.text[0] ? " " : "", code);
        part.bits += PERSON_STREET_ALONE_BITS;
    }
    if (wanted & (POSTCODE | REGION)) {
        bool whole = (wanted & POSTCODE) != 0;
        if (address->postcode.len == 0 ||
            (!whole && !is_plain(address->postcode, PERSON_REGION_LEN)))
            return none;
        part.text = arena_printf(arena, whole ? "%s%s#%.*s" : "%s%s#%.*s*", part.text,
                                 part.text[0] ? " " : "",
                                 whole ? (int)address->postcode.len : PERSON_REGION_LEN,
                                 (const char *)address->postcode.at);
        part.bits += whole ? PERSON_POSTCODE_BITS : PERSON_REGION_BITS;
    }
    if (wanted & HOUSE) {
        part.text = arena_printf(arena, "%s/%.*s", part.text, (int)address->house.len,
                                 (const char *)address->house.at);
        part.bits += PERSON_HOUSE_BITS;
    }
    return part;
}

/* ---- the forms ---- */

/* In the order in which they are made: what does not fit into PERSON_FORMS_MAX is left out
 * from the end. The first 24 are those of one name of two tokens, a birth date and an
 * address; those of whom no address is known have the ones without it and the next 16. Both
 * were chosen together, of all combinations of parts, as those that leave most of what the
 * errors of hands, ears and clerks had made two over the threshold of being one
 * (docs/names.md); what follows is for those of whom less is known. */
static const struct form {
    enum name_part name;
    unsigned date, place;
} forms[] = {
    {CODE, FACT_DATE, 0},
    {CODE, 0, POSTCODE},
    {END, FACT_DATE, 0},
    {END, 0, STREET | TOWN},
    {START3, 0, STREET | HOUSE},
    {CODES, 0, STREET},
    {NO_NAME, FACT_MONTH | FACT_DAY, POSTCODE},
    {NO_NAME, FACT_MONTH | FACT_DAY, STREET | TOWN},
    {NO_NAME, FACT_YEAR | FACT_DAY, STREET},
    {NO_NAME, FACT_YEAR, TOWN | HOUSE},
    {STARTS3, 0, TOWN},
    {STARTS, FACT_YEAR | FACT_MONTH, 0},
    {ENDS, 0, POSTCODE | HOUSE},
    {NO_NAME, FACT_DATE, TOWN},
    {INITIALS, FACT_DATE, 0},
    {CODES, FACT_MONTH | FACT_DAY, 0},
    {CODES, 0, TOWN | HOUSE},
    {NO_NAME, FACT_YEAR | FACT_MONTH, POSTCODE},
    {CODES, FACT_YEAR, 0},
    /* There is no address. */
    {CODES, FACT_YEAR | FACT_MONTH, 0},
    {CODES, FACT_YEAR | FACT_DAY, 0},
    {START3, FACT_DATE, 0},
    {CODE_END3, FACT_YEAR | FACT_MONTH, 0},
    {CODE_END3, FACT_YEAR | FACT_DAY, 0},
    {CODE_END, FACT_MONTH | FACT_DAY, 0},
    {CODE_START3, FACT_YEAR, 0},
    {STARTS, FACT_YEAR | FACT_DAY, 0},
    {STARTS3, FACT_MONTH | FACT_DAY, 0},
    {ENDS, FACT_DATE, 0},
    {CODES, FACT_SWAPPED, 0},
    /* The birth date is not known, or some of the address. */
    {START3, 0, STREET | TOWN},
    {CODES, 0, TOWN},
    {ENDS, 0, LETTERS | POSTCODE},
    {STARTS, 0, POSTCODE | HOUSE},
    {INITIALS, 0, LETTERS | POSTCODE},
    {NO_NAME, FACT_YEAR, STREET | TOWN},
    {NO_NAME, FACT_YEAR, POSTCODE | HOUSE},
    {NO_NAME, FACT_DATE, REGION},
    {ENDS, FACT_MONTH | FACT_DAY, TOWN},
    /* One name alone. */
    {START, FACT_DATE, 0},
    {CODE, 0, STREET | HOUSE},
    {CODE, 0, STREET | TOWN},
    {CODE, FACT_YEAR, POSTCODE},
    {CODE, FACT_YEAR, STREET},
    {CODE, FACT_YEAR, TOWN},
    {CODE, FACT_YEAR | FACT_MONTH, 0},
    {CODE, FACT_YEAR | FACT_DAY, 0},
    {CODE, FACT_SWAPPED, 0},
    {CODE, 0, LETTERS | HOUSE},
    {NO_NAME, FACT_YEAR | FACT_DAY, POSTCODE},
    {END, 0, POSTCODE | HOUSE},
    {END, 0, STREET | HOUSE},
    {START, 0, POSTCODE | HOUSE},
    /* Whatever else there is room for. */
    {END3, FACT_DATE, 0},
    {WHOLE, FACT_DATE, 0},
    {CODES, 0, POSTCODE},
    {INITIALS, FACT_YEAR | FACT_DAY, STREET},
    {INITIALS, 0, LETTERS | HOUSE},
    {ENDS, 0, STREET | TOWN},
    {NO_NAME, FACT_DATE, STREET},
    {STARTS, FACT_YEAR | FACT_DAY, TOWN},
    {STARTS, FACT_MONTH | FACT_DAY, 0},
    {TOKEN, FACT_DATE, 0},
    {CODE, 0, TOWN | HOUSE},
    {NO_NAME, FACT_YEAR, LETTERS | POSTCODE},
    {INITIALS, 0, STREET | HOUSE},
    {NO_NAME, FACT_MONTH | FACT_DAY, STREET | HOUSE},
};

/* One text of several: as arena_printf does it, in a fraction of the time. */
static char *join(struct arena *arena, const char *const *texts, size_t count)
{
    size_t len = 0, at = 0;
    for (size_t i = 0; i < count; i++)
        len += strlen(texts[i]);
    char *joined = arena_alloc(arena, len + 1);
    for (size_t i = 0; i < count; i++) {
        size_t more = strlen(texts[i]);
        memcpy(joined + at, texts[i], more);
        at += more;
    }
    joined[at] = '\0';
    return joined;
}

static void add_form(struct making *making, struct part name, unsigned date, unsigned place)
{
    struct part where = {"", 0};
    double date_bits = 0;
    char *when = "";
    if (name.text == NULL)
        return;
    if (place != 0)
        where = place_part(making, place);
    if (date != 0)
        when = date_part(making, date, &date_bits);
    if (where.text == NULL || when == NULL)
        return;
    bool second = where.text[0] != '\0' && name.text[0] != '\0';
    bool last = when[0] != '\0' && (name.text[0] != '\0' || where.text[0] != '\0');
    const char *const texts[] = {name.text, second ? " " : "", where.text, last ? " " : "",
                                 when};
    add(making, join(making->arena, texts, sizeof texts / sizeof texts[0]),
        name.bits + where.bits + date_bits);
}

static void make_form(struct making *making, const struct form *form)
{
    size_t count = making->telling_count;
    bool wanting = (form->place != 0 && making->address == NULL) ||
                   (form->date != 0 && making->date.len < PERSON_YEAR_LEN);
    if (wanting) /* no need to put the rest of it together */
        return;
    bool of_all = form->name == CODE && ((form->date == FACT_DATE && form->place == 0) ||
                                         (form->date == 0 && form->place == POSTCODE));
    size_t most = of_all ? ALL_NAMES : 2;
    most = count < most ? count : most;
    if (form->name == NO_NAME)
        add_form(making, (struct part){"", 0}, form->date, form->place);
    else if (form->name == WHOLE && making->name->count > 1 && count > 0)
        add_form(making, whole_name(making), form->date, form->place);
    else if (form->name >= CODES && form->name < WHOLE && count > 1)
        add_form(making, two_names(making, form->name, 0, 1), form->date, form->place);
    else if (form->name < CODES)
        for (size_t i = 0; i < most; i++) {
            struct part name = one_name(making, form->name, i);
            /* A common name beside a postcode is no key: street and town go with it. */
            unsigned place = form->place;
            if (place == POSTCODE && name.bits + PERSON_POSTCODE_BITS < FORM_BITS_MIN)
                place |= LETTERS;
            add_form(making, name, form->date, place);
        }
}

/* Tokens beyond the two most telling ones: a second surname, a patronymic. */
static void make_rest(struct making *making)
{
    for (size_t i = ALL_NAMES; i < making->telling_count; i++) {
        struct part name = one_name(making, CODE, i);
        add_form(making, name, FACT_DATE, 0);
        add_form(making, name, 0, POSTCODE);
    }
    for (size_t i = 0; i < 2 && making->telling_count > 2; i++) {
        struct part name = two_names(making, CODES, i, 2);
        add_form(making, name, FACT_YEAR | FACT_MONTH, 0);
        add_form(making, name, FACT_MONTH | FACT_DAY, 0);
        add_form(making, name, FACT_YEAR, 0);
    }
}

void person_forms_make(struct person_forms *out, const struct person_source *source,
                       struct arena *arena)
{
    enum { STEPS = sizeof forms / sizeof forms[0] };
    struct making making = {.out = out, .arena = arena};
    struct heard *heard = arena_alloc(arena, source->name_count * sizeof *heard);
    out->count = 0;
    for (size_t n = 0; n < source->name_count; n++)
        find_telling(&heard[n], &source->names[n], arena);
    size_t dates = source->date_count > 0 ? source->date_count : 1;
    size_t addresses = source->address_count > 0 ? source->address_count : 1;
    for (unsigned step = 0; step < STEPS + 1; step++)
        for (size_t n = 0; n < source->name_count; n++)
            for (size_t d = 0; d < dates; d++)
                for (size_t a = 0; a < addresses; a++) {
                    if (out->count == PERSON_FORMS_MAX)
                        return;
                    making.name = &source->names[n];
                    making.telling = heard[n].tokens;
                    making.telling_count = heard[n].count;
                    making.date =
                        d < source->date_count ? source->dates[d] : (struct bytes){0};
                    making.address =
                        a < source->address_count ? &source->addresses[a] : NULL;
                    if (step < STEPS)
                        make_form(&making, &forms[step]);
                    else
                        make_rest(&making);
                }
}

double person_code_bits(struct bytes code)
{
    static const double by_length[] = {0, 3, 5, 7, 7.5};
    return code.len < 4 ? by_length[code.len] : by_length[4];
}

static bool ends_with(struct bytes text, const char *end)
{
    size_t len = strlen(end);
    return text.len >= len && memcmp(text.at + text.len - len, end, len) == 0;
}

/* Parts of a first of January, or of another month, are those of many who do not know their day. */
double person_date_bits(unsigned facts, struct bytes text)
{
    bool first = ends_with(text, "-01"), new_year = ends_with(text, "-01-01");
    switch (facts & (FACT_DATE | FACT_SWAPPED)) {
    case FACT_DATE:
    case FACT_DATE | FACT_SWAPPED:
        return text.len == PERSON_DATE_LEN && text.at[7] == '-' ? name_birth_date_bits(text)
                                                                : 0;
    case FACT_YEAR | FACT_SWAPPED:
        return 11;
    case FACT_YEAR | FACT_MONTH:
    case FACT_YEAR | FACT_MONTH | FACT_SWAPPED:
        return new_year || (first && text.len == PERSON_MONTH_LEN) ? 7 : 8.5;
    case FACT_YEAR | FACT_DAY:
    case FACT_YEAR | FACT_DAY | FACT_SWAPPED:
        return first ? 7 : 9.5;
    case FACT_MONTH | FACT_DAY:
        return new_year ? 2 : 8;
    case FACT_YEAR:
        return 5.5;
    default:
        return facts & FACT_SWAPPED ? 11 : 0;
    }
}
