/* SPDX-License-Identifier: Apache-2.0 */
#include "record/facets.h"

#include "base/text.h"
#include "record/date.h"

#include <math.h>
#include <string.h>

/* clang-format off */
static const char *const names[FACET_COUNT] = {
    "agency", "place", "substance", "commodity", "origin", "departure", "transit",
    "destination", "mode", "concealment", "installation", "routing", "marking",
};

/* Which property answers which question; of several the first in this order that says
 * something. */
static const struct {
    const char *property;
    enum facet facet;
    int rank;
} answers[] = {
    {"agency",               FACET_AGENCY,       0},
    {"country",              FACET_AGENCY,       1},
    {"place",                FACET_PLACE,        0},
    {"administrativeRegion", FACET_PLACE,        1},
    {"substance",            FACET_SUBSTANCE,    0},
    {"commodity",            FACET_COMMODITY,    0},
    {"originCountry",        FACET_ORIGIN,       0},
    {"origin",               FACET_ORIGIN,       1},
    {"departureCountry",     FACET_DEPARTURE,    0},
    {"departure",            FACET_DEPARTURE,    1},
    {"transitCountry",       FACET_TRANSIT,      0},
    {"transit",              FACET_TRANSIT,      1},
    {"destinationCountry",   FACET_DESTINATION,  0},
    {"destination",          FACET_DESTINATION,  1},
    {"transportMode",        FACET_MODE,         0},
    {"concealment",          FACET_CONCEALMENT,  0},
    {"location",             FACET_INSTALLATION, 0},
    {"routing",              FACET_ROUTING,      0},
    {"packagingMark",        FACET_MARKING,      0},
};

/* What files write for nothing, and for none of the answers on the list: no pattern can be
 * made of either. */
static const char *const nothing[] = {
    "-", "--", "?", ".", "n/a", "na", "n.a.", "nil", "none", "null", "unknown", "unk",
    "not known", "not specified", "unspecified", "not available", "not applicable",
    "desconocido", "desconocida", "se desconoce", "no especificado", "sin datos", "otro",
    "otros", "inconnu", "inconnue", "non précisé", "autre", "autres", "desconhecido",
    "desconhecida", "não especificado", "outro", "outros", "other", "others",
};

/* Units as files write them, in lower case. */
static const struct {
    const char *unit;
    double kg;
} units[] = {
    {"kg", 1}, {"kgs", 1}, {"kilogram", 1}, {"kilograms", 1}, {"kilo", 1}, {"kilogramme", 1},
    {"kilogramo", 1}, {"kilogramos", 1}, {"kg.", 1},
    {"g", 1e-3}, {"gr", 1e-3}, {"gram", 1e-3}, {"grams", 1e-3}, {"gramme", 1e-3},
    {"gramo", 1e-3}, {"gramos", 1e-3},
    {"mg", 1e-6}, {"milligram", 1e-6}, {"milligrams", 1e-6},
    {"t", 1e3}, {"ton", 1e3}, {"tons", 1e3}, {"ton(s)", 1e3}, {"tonne", 1e3},
    {"tonnes", 1e3}, {"metric ton", 1e3},
    {"lb", 0.45359237}, {"pound", 0.45359237}, {"pounds", 0.45359237},
    {"oz", 0.028349523125}, {"ounce", 0.028349523125}, {"ounces", 0.028349523125},
};
/* clang-format on */

/* UNODC's convention for what is counted in tablets. */
static const double METHAMPHETAMINE_TABLET_KG = 1e-4;

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

const char *facet_name(enum facet facet)
{
    return facet < FACET_COUNT ? names[facet] : "";
}

enum facet facet_find(struct bytes name)
{
    for (enum facet f = 0; f < FACET_COUNT; f++)
        if (bytes_is(name, names[f]))
            return f;
    return FACET_COUNT;
}

bool facet_is_missing(struct bytes text)
{
    text = text_trim(text);
    if (text.len == 0)
        return true;
    for (size_t i = 0; i < COUNT(nothing); i++)
        if (text_same(text, nothing[i]))
            return true;
    return false;
}

struct bytes facet_fold(struct bytes text, struct arena *arena)
{
    text = text_trim(text);
    uint8_t *at = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len && i < FACET_TEXT_MAX; i++) {
        uint8_t c = text.at[i];
        bool blank = c < 0x80 && !is_letter(c) && !is_digit(c) && c != '+';
        if (blank && (len == 0 || at[len - 1] == ' '))
            continue;
        at[len++] = blank ? ' ' : to_lower(c);
    }
    if (len > 0 && at[len - 1] == ' ')
        len--;
    /* Of punctuation alone nothing is left: then the text stands for itself. */
    return len > 0 ? bytes_of(at, len) : text;
}

double facet_kilograms(double amount, struct bytes unit, struct bytes substance)
{
    unit = text_trim(unit);
    for (size_t i = 0; i < COUNT(units); i++)
        if (text_same(unit, units[i].unit))
            return amount * units[i].kg;
    if (text_starts(substance, "methamphetamine") ||
        text_starts(substance, "Methamphetamine"))
        if (text_same(unit, "tablet") || text_same(unit, "tablets") ||
            text_same(unit, "tablets/pills") || text_same(unit, "pill"))
            return amount * METHAMPHETAMINE_TABLET_KG;
    return NAN;
}

static bool read_number(double *out, const struct record_value *value)
{
    return text_amount(out, text_trim(value->raw));
}

static bool read_day(int32_t *out, const struct record_value *value)
{
    struct date date;
    struct bytes text = value->clean.len > 0 ? value->clean : text_trim(value->raw);
    if (date_parse(&date, text, value->clean.len > 0 ? NULL : value->format, NULL) != OK ||
        date.precision < DATE_DAY)
        return false;
    date.precision = DATE_DAY;
    *out = date_day_number(&date);
    return true;
}

/* Numbers and dates as they come by, before the units are known. */
struct gathered {
    bool has_day, has_received, says_received;
    double amount, net, gross;
    struct bytes unit;
    int rank[FACET_COUNT]; /* of the answer taken; lower is better */
};

static void take_answer(struct facets *out, struct gathered *seen,
                        const struct record_value *value)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        if (strcmp(answers[i].property, value->name) != 0)
            continue;
        enum facet facet = answers[i].facet;
        struct bytes text = text_trim(value->raw);
        if (facet == FACET_AGENCY && answers[i].rank > 0 && !facet_is_missing(text))
            out->country = text;
        if (answers[i].rank < seen->rank[facet] && !facet_is_missing(text)) {
            seen->rank[facet] = answers[i].rank;
            out->text[facet] = text;
            if (facet == FACET_PLACE)
                out->place_is_region = answers[i].rank > 0;
        }
        return;
    }
}

static void take_received(struct facets *out, struct gathered *seen,
                          const struct record_value *value)
{
    seen->has_received = seen->has_received || read_day(&out->received, value);
    seen->says_received = seen->says_received || !facet_is_missing(text_trim(value->raw));
}

static void take_value(struct facets *out, struct gathered *seen,
                       const struct record_value *value)
{
    const char *name = value->name;
    if (strcmp(name, "date") == 0)
        seen->has_day = seen->has_day || read_day(&out->day, value);
    else if (strcmp(name, "receivedDate") == 0 || strcmp(name, "RECEIVED_DATE") == 0)
        take_received(out, seen, value);
    else if (strcmp(name, "quantity") == 0)
        read_number(&seen->amount, value);
    else if (strcmp(name, "netKg") == 0)
        read_number(&seen->net, value);
    else if (strcmp(name, "grossKg") == 0)
        read_number(&seen->gross, value);
    else if (strcmp(name, "unit") == 0)
        seen->unit = value->raw;
    else if (strcmp(name, "latitude") == 0)
        read_number(&out->latitude, value);
    else if (strcmp(name, "longitude") == 0)
        read_number(&out->longitude, value);
    else
        take_answer(out, seen, value);
}

enum status facets_of(struct facets *out, const struct record *record, struct err *err)
{
    struct gathered seen = {.amount = NAN, .net = NAN, .gross = NAN};
    *out = (struct facets){.latitude = NAN, .longitude = NAN, .kg = NAN};
    for (size_t f = 0; f < FACET_COUNT; f++)
        seen.rank[f] = 9;
    for (size_t i = 0; i < record->count; i++)
        take_value(out, &seen, &record->values[i]);
    if (!seen.has_day)
        return fail(err, BAD_INPUT, "the day of the seizure is missing");
    /* Nothing can be known before it happened: such a date is a slip of the pen. */
    if (!seen.has_received || out->received < out->day) {
        out->received = out->day;
        out->received_assumed = seen.says_received;
    }
    if (isnan(out->latitude) || isnan(out->longitude) || fabs(out->latitude) > 90 ||
        fabs(out->longitude) > 180)
        out->latitude = out->longitude = NAN;
    out->kg = !isnan(seen.net) ? seen.net
              : !isnan(seen.gross)
                  ? seen.gross
                  : facet_kilograms(seen.amount, seen.unit, out->text[FACET_SUBSTANCE]);
    return OK;
}

bool facets_read(const char *property)
{
    static const char *const others[] = {"date",     "receivedDate", "RECEIVED_DATE",
                                         "quantity", "netKg",        "grossKg",
                                         "unit",     "latitude",     "longitude"};
    for (size_t i = 0; i < COUNT(others); i++)
        if (strcmp(others[i], property) == 0)
            return true;
    for (size_t i = 0; i < COUNT(answers); i++)
        if (strcmp(answers[i].property, property) == 0)
            return true;
    return false;
}
