/* SPDX-License-Identifier: Apache-2.0
 *
 * Passports and identity cards: the number as printed, or a whole machine-readable zone.
 *
 *     PA 0412873                                        ->  PA0412873
 *     PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06      ->  xa:PA0412873
 *
 * Numbers are only unique in their country. Where the zone names the issuer it stands in
 * front, lower case and with a colon; where only a number was given, record/keys joins
 * the record's own country to it.
 */
#include "base/text.h"
#include "record/compact.h"
#include "record/country.h"
#include "record/mrz.h"
#include "record/near.h"
#include "record/value_rows.h"

enum {
    DOCUMENT_MIN = 4,
    DOCUMENT_MAX = 20,
    ISSUER_LEN = 3 /* "xa:" */,
    ZONE_RAW_MAX = 256
};

static void clean_zone(struct value_result *out, struct bytes raw, struct arena *arena)
{
    struct mrz mrz;
    struct err err = {.text = ""};
    if (mrz_parse(&mrz, raw, &err) != OK)
        verdict_refuse(out, arena, "%s", err.text);
    else
        verdict_fine(
            out, bytes_text(arena_printf(arena, "%s%s%s", mrz.issuer,
                                         mrz.issuer[0] != '\0' ? ":" : "", mrz.number)));
}

/* "xa:" in front, as the clean form itself has it. "id:" and "no:" are Indonesia and
 * Norway, and more often just words. */
static bool has_issuer(struct bytes raw)
{
    return raw.len > ISSUER_LEN && is_lower(raw.at[0]) && is_lower(raw.at[1]) &&
           raw.at[2] == ':' && country_is_known(bytes_slice(raw, 0, 2));
}

static void judge_issued(struct value_result *out, struct bytes number, struct bytes issuer,
                         struct arena *arena)
{
    struct bytes clean =
        bytes_text(arena_printf(arena, "%.2s:%.*s", (const char *)issuer.at,
                                (int)number.len, (const char *)number.at));
    if (bytes_is(issuer, "id") || bytes_is(issuer, "no"))
        verdict_doubt(
            out, clean, arena,
            "\"%.2s:\" is read as the country that issued it; leave it out if it is "
            "only a word",
            (const char *)issuer.at);
    else
        verdict_fine(out, clean);
}

static void clean_number(struct value_result *out, struct bytes raw, struct bytes issuer,
                         struct arena *arena)
{
    struct compact compact;
    compact_init(&compact, raw);
    if (!compact_check(out, &compact, 0, "a document number", arena))
        return;
    struct bytes text = compact.text;
    size_t digits = 0;
    for (size_t i = 0; i < text.len; i++)
        digits += is_digit(text.at[i]);
    if (compact.len < DOCUMENT_MIN || compact.len > DOCUMENT_MAX)
        verdict_refuse(out, arena, "%zu character%s: a document number has 4 to 20",
                       compact.len, plural(compact.len, "", "s"));
    else if (digits == 0)
        verdict_refuse(out, arena,
                       "has no digit: it is a word or a name, not a document number");
    else if (all_same(text))
        verdict_refuse(out, arena, "one digit over and over stands for no document");
    else if (issuer.len == 0)
        verdict_fine(out, compact_keep(&compact, text, arena));
    else
        judge_issued(out, text, issuer, arena);
}

static void document_clean(struct value_result *out, struct bytes raw,
                           const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    if (raw.len <= ZONE_RAW_MAX && mrz_looks_like(raw)) {
        clean_zone(out, raw, arena);
        return;
    }
    struct bytes issuer = {0};
    if (has_issuer(raw)) {
        issuer = bytes_slice(raw, 0, 2);
        raw = bytes_slice(raw, ISSUER_LEN, raw.len - ISSUER_LEN);
    }
    clean_number(out, raw, issuer, arena);
}

static struct bytes number_of(struct bytes clean)
{
    return has_issuer(clean) ? bytes_slice(clean, ISSUER_LEN, clean.len - ISSUER_LEN)
                             : clean;
}

/* The same number where only one of the two says whose it is: likely, not certain. */
static double document_compare(struct bytes a, struct bytes b)
{
    if (bytes_equal(a, b))
        return 1;
    bool both_or_none = has_issuer(a) == has_issuer(b);
    return !both_or_none && bytes_equal(number_of(a), number_of(b)) ? 0.8 : 0;
}

static double document_specificity(struct bytes clean)
{
    size_t len = number_of(clean).len;
    return len >= 8 ? 1
                    : 0.3 + 0.175 * (double)(len > DOCUMENT_MIN ? len - DOCUMENT_MIN : 0);
}

static bool zone_right(struct bytes text)
{
    struct mrz mrz;
    return mrz_parse(&mrz, text, NULL) == OK;
}

/* A zone read by eye or by a poor reader: O for 0, I for 1. A bare number has nothing to
 * check. */
static size_t document_suggest(struct bytes *out, size_t max, struct bytes raw,
                               struct arena *arena)
{
    static const struct near_rule rule = {.shape = "~", .right = zone_right};
    if (raw.len > ZONE_RAW_MAX || !mrz_looks_like(raw))
        return 0;
    uint8_t *zone = arena_alloc(arena, raw.len);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++)
        if (!is_space(raw.at[i]))
            zone[len++] = to_upper(raw.at[i]);
    return near_suggest(out, max, &rule, bytes_of(zone, len), arena);
}

const struct value_type value_type_document = {
    .name = "document",
    .label = "passport or identity card",
    .ftm = "identifier",
    .clean = document_clean,
    .compare = document_compare,
    .specificity = document_specificity,
    .suggest = document_suggest,
};
