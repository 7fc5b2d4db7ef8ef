/* SPDX-License-Identifier: Apache-2.0 */
#include "record/value.h"

#include "base/text.h"
#include "record/latin.h"
#include "record/value_rows.h"
#include "record/verdict.h"

#include <assert.h>
#include <stdatomic.h>

static const struct value_type *const types[VALUE_KINDS] = {
    [VALUE_ADDRESS] = &value_type_address,
    [VALUE_CHECKSUM] = &value_type_checksum,
    [VALUE_COUNTRY] = &value_type_country,
    [VALUE_DATE] = &value_type_date,
    [VALUE_EMAIL] = &value_type_email,
    [VALUE_ENTITY] = &value_type_entity,
    [VALUE_GENDER] = &value_type_gender,
    [VALUE_HTML] = &value_type_html,
    [VALUE_IDENTIFIER] = &value_type_identifier,
    [VALUE_IP] = &value_type_ip,
    [VALUE_JSON] = &value_type_json,
    [VALUE_LANGUAGE] = &value_type_language,
    [VALUE_MIMETYPE] = &value_type_mimetype,
    [VALUE_NAME] = &value_type_name,
    [VALUE_NUMBER] = &value_type_number,
    [VALUE_PHONE] = &value_type_phone,
    [VALUE_STRING] = &value_type_string,
    [VALUE_TEXT] = &value_type_text,
    [VALUE_TOPIC] = &value_type_topic,
    [VALUE_URL] = &value_type_url,
    [VALUE_AWB] = &value_type_awb,
    [VALUE_BIC] = &value_type_bic,
    [VALUE_CONTAINER] = &value_type_container,
    [VALUE_DOCUMENT] = &value_type_document,
    [VALUE_DOMAIN] = &value_type_domain,
    [VALUE_HASH] = &value_type_hash,
    [VALUE_HS] = &value_type_hs,
    [VALUE_IBAN] = &value_type_iban,
    [VALUE_IMEI] = &value_type_imei,
    [VALUE_IMO] = &value_type_imo,
    [VALUE_LOCODE] = &value_type_locode,
    [VALUE_MARK] = &value_type_mark,
    [VALUE_MMSI] = &value_type_mmsi,
    [VALUE_PLATE] = &value_type_plate,
    [VALUE_VIN] = &value_type_vin,
    [VALUE_WALLET] = &value_type_wallet,
};

const struct value_type *value_type(enum value_kind kind)
{
    assert(kind < VALUE_KINDS);
    return types[kind];
}

const struct value_type *value_type_find(struct bytes name)
{
    for (size_t i = 0; i < VALUE_KINDS; i++)
        if (bytes_is(name, types[i]->name))
            return types[i];
    return NULL;
}

/* ---- Words for "not known" ------------------------------------------------------- */

enum { MISSING_WORD_MAX = 24 };

/* In English, Spanish, Portuguese and French; without accents and case. */
static const char *const missing_everywhere[] = {
    /* clang-format off */
    "unknown", "not known", "not available", "not applicable", "not specified",
    "unspecified", "not stated", "not given", "not recorded", "not provided", "no data",
    "no information", "undetermined", "n/a", "n.a", "#n/a", "n/k", "n/d", "n.d", "s/d",
    "desconocido", "desconocida", "se desconoce", "no disponible", "no aplica", "no consta",
    "no especificado", "no especificada", "sin datos", "sin dato", "sin informacion",
    "ignorado", "ignorada", "no determinado",
    "desconhecido", "desconhecida", "nao disponivel", "nao aplicavel", "nao se aplica",
    "nao informado", "nao informada", "nao especificado", "sem dados", "sem informacao",
    "inconnu", "inconnue", "non disponible", "non applicable", "non precise",
    "non precisee", "non renseigne", "non communique", "sans objet", "neant", "indetermine",
    /* clang-format on */
};

/* Where a number or an address of a strict form is asked for. Elsewhere these are a
 * person's name (Null, Nan), a country's code (NA, NO), or a number plate. */
static const char *const missing_in_numbers[] = {
    /* clang-format off */
    "na", "nan", "nil", "null", "none", "no", "nd", "nr", "sn", "s/n", "x", "xx", "xxx",
    "xxxx", "tba", "tbd", "undefined", "missing", "blank", "empty", "nothing",
    "ninguno", "ninguna", "nada", "vacio", "sin numero",
    "nenhum", "nenhuma", "vazio", "sem numero",
    "aucun", "aucune", "vide", "sans numero",
    /* clang-format on */
};

static bool takes_any_word(enum value_kind kind)
{
    switch (kind) {
    case VALUE_ADDRESS:
    case VALUE_COUNTRY:
    case VALUE_ENTITY:
    case VALUE_GENDER:
    case VALUE_HTML:
    case VALUE_JSON:
    case VALUE_LANGUAGE:
    case VALUE_MARK:
    case VALUE_NAME:
    case VALUE_PLATE:
    case VALUE_STRING:
    case VALUE_TEXT:
    case VALUE_TOPIC:
        return true;
    default:
        return false;
    }
}

static bool takes_long_text(enum value_kind kind)
{
    return kind == VALUE_TEXT || kind == VALUE_HTML || kind == VALUE_JSON;
}

static bool is_filler(uint32_t point)
{
    return (point != 0 && point < 0x80 && strchr("-.?*_/ ", (int)point) != NULL) ||
           point == 0xA0 || (point >= 0x2010 && point <= 0x2015) || point == 0x2026;
}

/* Lower case, without accents, brackets around and a dot behind. Gives the length; 0 when it
 * is longer than any such word, or has a digit or another script in it, which none has. */
static size_t fold_word(char out[MISSING_WORD_MAX + 2], struct bytes text)
{
    if (text.len > 2 && strchr("([<", text.at[0]) != NULL)
        text = bytes_slice(text, 1, text.len - 2);
    size_t len = 0;
    uint32_t point;
    while (utf8_next(&point, &text)) {
        if (point < 0x80 && is_digit((uint8_t)point))
            return 0;
        char letters[2];
        int count = latin_fold(letters, point);
        if (count == LATIN_OTHER && point < 0x80) {
            letters[0] = (char)point;
            count = 1;
        }
        if (count == LATIN_OTHER || len + 2 > MISSING_WORD_MAX)
            return 0;
        for (int i = 0; i < count; i++)
            out[len++] = letters[i];
    }
    return len > 0 && out[len - 1] == '.' ? len - 1 : len;
}

static bool is_listed(struct bytes word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((uint8_t)list[i][0] == word.at[0] && bytes_is(word, list[i]))
            return true;
    return false;
}

/* For each first letter, as a bit a length: how long the words are that begin with it. */
struct outline {
    _Atomic uint32_t lengths[32];
};

static void outline_add(struct outline *outline, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        outline->lengths[list[i][0] & 31] |= UINT32_C(1) << strlen(list[i]);
}

/* Nearly every value is told from such a word by its first letter and its length. Takes text as
 * it is, of which accents make more bytes, and brackets and a dot behind are no part; an answer of
 * true says nothing. */
static bool may_be_listed(struct bytes text)
{
    static struct outline outline;
    static atomic_bool ready; /* made twice at the same time is no harm: it is the same */
    if (!ready) {
        outline_add(&outline, missing_everywhere,
                    sizeof missing_everywhere / sizeof missing_everywhere[0]);
        outline_add(&outline, missing_in_numbers,
                    sizeof missing_in_numbers / sizeof missing_in_numbers[0]);
        ready = true;
    }
    if (!is_letter(text.at[0]))
        return true;
    if (text.len > 2 * MISSING_WORD_MAX)
        return false;
    uint32_t lengths = outline.lengths[text.at[0] & 31];
    for (size_t i = 1; i < text.len; i++)
        if (text.at[i] >= 0x80)
            return lengths != 0;
    size_t len = text.len - (text.at[text.len - 1] == '.');
    return len <= MISSING_WORD_MAX && (lengths >> len & 1) != 0;
}

/* "-", "--", "???", "n/a" ... */
static bool means_missing(enum value_kind kind, struct bytes text)
{
    if (text.len == 0)
        return true;
    if (is_digit(text.at[0]) || !may_be_listed(text))
        return false;
    struct bytes rest = text;
    uint32_t point;
    bool only_fillers = true;
    while (only_fillers && utf8_next(&point, &rest))
        only_fillers = is_filler(point);
    if (only_fillers)
        return true;
    char folded[MISSING_WORD_MAX + 2];
    struct bytes word = bytes_of(folded, fold_word(folded, text));
    if (word.len == 0)
        return false;
    return is_listed(word, missing_everywhere,
                     sizeof missing_everywhere / sizeof missing_everywhere[0]) ||
           (!takes_any_word(kind) &&
            is_listed(word, missing_in_numbers,
                      sizeof missing_in_numbers / sizeof missing_in_numbers[0]));
}

/* ---- The type's functions, or what stands for them ------------------------------- */

void value_clean(struct value_result *out, enum value_kind kind, struct bytes raw,
                 const struct value_hint *hint, struct arena *arena)
{
    static const struct value_hint nothing = {.country = NULL};
    static const struct value_result missing = {.grade = VALUE_MISSING,
                                                .why = "says that it is not known"};
    const struct value_type *type = value_type(kind);
    raw = text_trim(raw);
    if (raw.len == 0) {
        *out = (struct value_result){.grade = VALUE_MISSING, .why = "empty"};
    } else if (raw.len > VALUE_TEXT_MAX && !takes_long_text(kind)) {
        verdict_refuse(out, arena, "%zu bytes of text: %s has at most %d", raw.len,
                       type->label, VALUE_TEXT_MAX);
    } else if (means_missing(kind, raw)) {
        *out = (struct value_result){.grade = VALUE_MISSING,
                                     .why = "says that it is not known"};
    } else {
        type->clean(out, raw, hint != NULL ? hint : &nothing, arena);
        /* Undressed it may still say so: a mark «Unknown!». */
        if (out->clean.at != raw.at && value_usable(out->grade) &&
            means_missing(kind, out->clean))
            *out = missing;
    }
}

double value_compare(enum value_kind kind, struct bytes a, struct bytes b)
{
    const struct value_type *type = value_type(kind);
    return type->compare != NULL ? type->compare(a, b) : bytes_equal(a, b) ? 1 : 0;
}

double value_specificity(enum value_kind kind, struct bytes clean)
{
    const struct value_type *type = value_type(kind);
    return type->specificity != NULL ? type->specificity(clean) : 1;
}
