/* SPDX-License-Identifier: Apache-2.0
 *
 * Every value type on any text: clean, suggest, compare, specificity. The first byte
 * picks the type and the country that is known beside it; the rest is the text, made
 * UTF-8 as at the door.
 *
 * Beyond not crashing: what is usable has a clean form, which is usable again and stays
 * the same; what is not has a sentence; and what is suggested is right.
 */
#include "fuzz.h"

#include "base/text.h"
#include "record/value.h"

#include <assert.h>

enum { SUGGESTIONS = 8 };

static struct arena arena;
static struct buf text = {.max = 1 << 20};

static void check_suggestions(enum value_kind kind, struct bytes raw,
                              const struct value_hint *hint)
{
    struct bytes offered[SUGGESTIONS];
    const struct value_type *type = value_type(kind);
    size_t count =
        type->suggest != NULL ? type->suggest(offered, SUGGESTIONS, raw, &arena) : 0;
    assert(count <= SUGGESTIONS);
    for (size_t i = 0; i < count; i++) {
        struct value_result result;
        value_clean(&result, kind, offered[i], hint, &arena);
        assert(value_usable(result.grade));
    }
}

static void check_clean(enum value_kind kind, struct bytes clean,
                        const struct value_hint *hint)
{
    struct value_result again;
    assert(clean.len > 0 && utf8_valid(clean));
    value_clean(&again, kind, clean, hint, &arena);
    assert(value_usable(again.grade));
    assert(bytes_equal(again.clean, clean));
    /* Not always 1: two equal years may still be two dates. */
    double likeness = value_compare(kind, clean, clean);
    assert(likeness > 0 && likeness <= 1);
    double specificity = value_specificity(kind, clean);
    assert(specificity >= 0 && specificity <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const countries[] = {NULL, "de", "xa", "br", "us"};
    if (size == 0)
        return 0;
    enum value_kind kind = (enum value_kind)(data[0] % VALUE_KINDS);
    struct value_hint hint = {.country = countries[data[0] / VALUE_KINDS % 5]};
    buf_clear(&text);
    utf8_add_repaired(&text, bytes_of(data + 1, size - 1));
    struct bytes raw = text_trim(buf_bytes(&text));

    struct value_result result;
    value_clean(&result, kind, raw, &hint, &arena);
    if (value_usable(result.grade)) {
        check_clean(kind, result.clean, &hint);
    } else {
        assert(result.clean.len == 0 && result.why[0] != '\0');
    }
    if (raw.len > 0 && result.grade == VALUE_INVALID)
        check_suggestions(kind, raw, &hint);
    arena_reset(&arena);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static const struct {
        enum value_kind kind;
        const char *text;
    } seeds[] = {
        {VALUE_ADDRESS, "12 Quay Road, Nordhaven"},
        {VALUE_CHECKSUM, "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {VALUE_COUNTRY, "C\xC3\xB4te d'Ivoire"},
        {VALUE_DATE, "1984-03-12"},
        {VALUE_EMAIL, "Lucia@Puerto.Example"},
        {VALUE_ENTITY, "xa-p-0007"},
        {VALUE_GENDER, "female"},
        {VALUE_HTML, "<b>seizure</b>"},
        {VALUE_IDENTIFIER, "XA-SZ-2026/0041"},
        {VALUE_IP, "2001:db8::0:1"},
        {VALUE_JSON, "{\"a\": [1, 2]}"},
        {VALUE_LANGUAGE, "spa"},
        {VALUE_MIMETYPE, "Text/HTML; charset=utf-8"},
        {VALUE_NAME, "  Elske   van Noordt "},
        {VALUE_NUMBER, "1,182.4"},
        {VALUE_PHONE, "00999 55-010-7788"},
        {VALUE_STRING, "bananas"},
        {VALUE_TEXT, "24 bags"},
        {VALUE_TOPIC, "crime.traffick.drug"},
        {VALUE_URL, "HTTP://Example.org:80/a b?q=1"},
        {VALUE_AWB, "999-12345657"},
        {VALUE_BIC, "NEDSZAJJXXX"},
        {VALUE_CONTAINER, "QZAU 204514-8"},
        {VALUE_DOCUMENT, "PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06"},
        {VALUE_DOCUMENT, "I<UTOD23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2"
                         "STEVENSON<<PETER<JOHN<<<<<<<<<"},
        {VALUE_DOCUMENT, "xa:PA0412873"},
        {VALUE_DOMAIN, "m\xC3\xBCnchen.example"},
        {VALUE_HASH, "900150983CD24FB0D6963F7D28E17F72"},
        {VALUE_HS, "0803 90"},
        {VALUE_IBAN, "GB82 WEST 1234 5698 7654 23"},
        {VALUE_IMEI, "35-417803-685978-2"},
        {VALUE_IMO, "IMO No. 8814274"},
        {VALUE_LOCODE, "nl rt0"},
        {VALUE_MARK, "\xE2\x80\x9CTr\xC3\xAAs-Golfinhos\xE2\x80\x9D \xE2\x98\x85"},
        {VALUE_MMSI, "002111234"},
        {VALUE_PLATE, "m\xC3\xBC-ab 123"},
        {VALUE_VIN, "1M8GDM9AXKPO42788"},
        {VALUE_WALLET, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
        {VALUE_WALLET, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfaN"},
        {VALUE_WALLET, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
    };
    static uint8_t seed[256];
    if (index >= sizeof seeds / sizeof seeds[0])
        return 0;
    size_t len = strlen(seeds[index].text);
    seed[0] = (uint8_t)seeds[index].kind;
    memcpy(seed + 1, seeds[index].text, len);
    *data = seed;
    return len + 1;
}
