/* SPDX-License-Identifier: Apache-2.0 */
#include "record/identify.h"

#include "base/text.h"

/* The types that are asked; of equal rank, in this order: what is checked most comes
 * first. */
static const struct {
    enum value_kind kind;
    bool loose; /* a right form says next to nothing */
} asked[] = {
    {VALUE_CONTAINER, false}, {VALUE_IMEI, false},   {VALUE_IBAN, false},
    {VALUE_WALLET, false},    {VALUE_VIN, false},    {VALUE_AWB, false},
    {VALUE_IMO, false},       {VALUE_PHONE, false},  {VALUE_MMSI, false},
    {VALUE_EMAIL, false},     {VALUE_IP, false},     {VALUE_URL, false},
    {VALUE_HASH, false},      {VALUE_BIC, false},    {VALUE_DATE, false},
    {VALUE_DOMAIN, false},    {VALUE_LOCODE, false}, {VALUE_COUNTRY, false},
    {VALUE_DOCUMENT, true},   {VALUE_HS, true},      {VALUE_PLATE, true},
};

enum { ASKED = sizeof asked / sizeof asked[0] };

/* A document's own check digits are in its machine-readable zone, whose clean form names
 * the issuer; a bare number has none. */
static bool is_loose(size_t row, const struct identify_match *match, struct bytes value)
{
    bool zone = match->kind == VALUE_DOCUMENT && memchr(value.at, '<', value.len) != NULL;
    return asked[row].loose && !zone;
}

void identify_as(struct identify_match *out, enum value_kind kind, struct bytes value,
                 const struct value_hint *hint, struct arena *arena)
{
    value = text_trim(value);
    *out = (struct identify_match){.kind = kind};
    value_clean(&out->result, kind, value, hint, arena);
    out->rank = out->result.grade == VALUE_FINE       ? IDENTIFY_RIGHT
                : out->result.grade == VALUE_DOUBTFUL ? IDENTIFY_DOUBTFUL
                                                      : IDENTIFY_NEAR;
    const struct value_type *type = value_type(kind);
    bool asks = out->result.grade == VALUE_INVALID || out->result.grade == VALUE_DOUBTFUL;
    if (asks && type->suggest != NULL && value.len <= IDENTIFY_TEXT_MAX)
        out->suggested =
            type->suggest(out->suggestions, IDENTIFY_SUGGESTIONS, value, arena);
}

void identify(struct identify_result *out, struct bytes value,
              const struct value_hint *hint, struct arena *arena)
{
    out->count = 0;
    value = text_trim(value);
    if (value.len == 0 || value.len > IDENTIFY_TEXT_MAX)
        return;
    struct identify_match found[ASKED];
    for (size_t i = 0; i < ASKED; i++) {
        identify_as(&found[i], asked[i].kind, value, hint, arena);
        if (value_usable(found[i].result.grade) && is_loose(i, &found[i], value))
            found[i].rank = IDENTIFY_LOOSE;
    }
    for (int rank = IDENTIFY_RIGHT; rank <= IDENTIFY_LOOSE; rank++) {
        for (size_t i = 0; i < ASKED; i++) {
            bool usable = value_usable(found[i].result.grade);
            if ((int)found[i].rank == rank && (usable || found[i].suggested > 0))
                out->matches[out->count++] = found[i];
        }
    }
}
