/* SPDX-License-Identifier: Apache-2.0 */
#include "record/address.h"

#include "base/text.h"
#include "record/script.h"

enum { PARTS_MAX = 40, WORD_MIN = 3, TOWN_MIN = 4, STEM_MIN = 3 };

/* Words that say what kind of way, house or place follows, in the languages most addresses come
 * in. A word with more than five letters is also taken from the end of another. */
static const char *const kinds[] = {
    "street",    "str",     "st",       "road",     "rd",       "avenue",  "ave",
    "av",        "avenida", "lane",     "ln",       "drive",    "dr",      "place",
    "pl",        "court",   "ct",       "crescent", "cres",     "close",   "boulevard",
    "blvd",      "circuit", "cct",      "terrace",  "tce",      "parade",  "way",
    "square",    "sq",      "highway",  "hwy",      "calle",    "carrera", "cra",
    "camino",    "plaza",   "paseo",    "rua",      "travessa", "praca",   "largo",
    "estrada",   "rue",     "chemin",   "allee",    "impasse",  "quai",    "via",
    "viale",     "piazza",  "corso",    "vicolo",   "strasse",  "weg",     "platz",
    "gasse",     "straat",  "laan",     "plein",    "gracht",   "kade",    "gatan",
    "gata",      "vagen",   "vei",      "vej",      "gade",     "katu",    "ulitsa",
    "ulica",     "ul",      "prospekt", "pereulok", "bulvar",   "sokak",   "caddesi",
    "mahallesi", "jalan",   "jl",       "no",       "nr",       "num",     "numero",
    "apt",       "flat",    "unit",     "suite",    "floor",    "piso",    "house",
    "building",  "bldg",    "block",    "box",      "the",      "la",      "el",
    "los",       "las",     "de",       "del",      "da",       "do",      "des",
    "du",        "le",      "van",      "der",      "den",      "of",      "po",
};

static bool is_kind(struct bytes word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (bytes_is(word, kinds[i]))
            return true;
    return false;
}

/* "giblinstreet" is giblin, "kerkstraat" kerk. */
static struct bytes stem_of(struct bytes word)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t len = strlen(kinds[i]);
        if (len >= TOWN_MIN && word.len >= len + STEM_MIN &&
            memcmp(word.at + word.len - len, kinds[i], len) == 0)
            return bytes_slice(word, 0, word.len - len);
    }
    return word;
}

/* A run of letters and digits, and its shape: 'a' for a letter, '9' for a digit. */
struct part {
    struct bytes text;
    bool digits, letters;
    bool behind_dash; /* joined to the part before by a dash: 01310-100 */
};

static size_t split(struct part parts[static PARTS_MAX], struct bytes text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len && count < PARTS_MAX;) {
        uint8_t c = text.at[i];
        if (!is_lower(c) && !is_digit(c) && c < 0x80) {
            i++;
            continue;
        }
        struct part part = {.behind_dash = i > 0 && text.at[i - 1] == '-'};
        size_t from = i;
        for (; i < text.len; i++) {
            c = text.at[i];
            if (is_digit(c))
                part.digits = true;
            else if (is_lower(c) || c >= 0x80)
                part.letters = true;
            else if (c != '\'')
                break;
        }
        part.text = bytes_slice(text, from, i - from);
        parts[count++] = part;
    }
    return count;
}

static bool all_digits(const struct part *part, size_t least, size_t most)
{
    return part->digits && !part->letters && part->text.len >= least &&
           part->text.len <= most;
}

/* The United Kingdom's, Canada's and the Netherlands' codes of two parts. */
static bool is_mixed_pair(const struct part *first, const struct part *second, bool last)
{
    const uint8_t *back = second->text.at;
    size_t len = second->text.len;
    bool uk = first->letters && first->digits && first->text.len <= 4 && len == 3 &&
              is_digit(back[0]) && is_lower(back[1]) && is_lower(back[2]);
    bool canada = first->letters && first->digits && first->text.len == 3 && len == 3 &&
                  is_digit(back[0]) && is_lower(back[1]) && is_digit(back[2]);
    /* Two letters at the very end are a state's: 6062 WA. */
    bool dutch = all_digits(first, 4, 4) && len == 2 && !second->digits && !last;
    return uk || canada || dutch;
}

static bool is_dashed_pair(const struct part *first, const struct part *second)
{
    return second->behind_dash &&
           ((all_digits(first, 5, 5) && all_digits(second, 3, 4)) || /* Brazil, US */
            (all_digits(first, 4, 4) && all_digits(second, 3, 3)) || /* Portugal */
            (all_digits(first, 3, 3) && all_digits(second, 4, 4)) || /* Japan */
            (all_digits(first, 2, 2) && all_digits(second, 3, 3)));  /* Poland */
}

/* Where the postcode is: its first part, and how many parts it takes; 0 when there is none. */
static size_t find_postcode(size_t *at, const struct part *parts, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        *at = i;
        if (i + 1 < count && is_dashed_pair(&parts[i], &parts[i + 1]))
            return 2;
        if (i + 1 < count && is_mixed_pair(&parts[i], &parts[i + 1], i + 2 == count))
            return 2;
    }
    /* The first number is the house unless it is the only one and ends the address. */
    for (size_t i = count; i-- > 0;) {
        *at = i;
        if (all_digits(&parts[i], 4, 6) && (i > 0 || count == 1))
            return 1;
    }
    return 0;
}

static struct bytes joined(struct arena *arena, struct bytes a, struct bytes b)
{
    uint8_t *text = arena_alloc(arena, a.len + b.len + 1);
    memcpy(text, a.at, a.len);
    if (b.len > 0)
        memcpy(text + a.len, b.at, b.len);
    return bytes_of(text, a.len + b.len);
}

static void take_words(struct address *address, const struct part *parts, size_t count,
                       size_t code_at, size_t code_parts)
{
    struct bytes before = {0}, behind = {0};
    bool has_kind = false;
    for (size_t i = 0; i < count; i++) {
        if (i >= code_at && i < code_at + code_parts)
            continue;
        if (parts[i].digits) {
            if (address->house.len == 0)
                address->house = parts[i].text;
            continue;
        }
        struct bytes word = parts[i].text;
        has_kind = has_kind || is_kind(word);
        if (word.len < WORD_MIN || is_kind(word))
            continue;
        if (address->word_count < ADDRESS_WORDS_MAX)
            address->words[address->word_count++] = word;
        if (address->street.len == 0) {
            address->street = stem_of(word);
            has_kind = has_kind || address->street.len < word.len;
        } else if (word.len < TOWN_MIN)
            continue; /* a state's letters */
        else if (code_parts == 0 || i < code_at)
            before = word;
        else if (behind.len == 0)
            behind = word;
    }
    address->town = before.len > 0 ? before : behind;
    /* Without any number it is a place alone: London. So it is when one name stands before a
     * postcode and nothing says that it is a street: Bittern 4814. */
    bool one_name = address->town.len == 0 && address->street.len >= TOWN_MIN &&
                    code_parts > 0 && !has_kind;
    if (one_name) {
        address->town = address->street;
        address->street = (struct bytes){0};
    } else if (address->house.len == 0 && code_parts == 0 && address->word_count > 0) {
        address->town = address->words[address->word_count - 1];
        address->street = (struct bytes){0};
    }
}

void address_read(struct address *address, struct bytes text, struct arena *arena)
{
    *address = (struct address){0};
    if (text.len > ADDRESS_TEXT_MAX)
        return;
    struct buf latin = {.max = SCRIPT_LATIN_MAX};
    const struct script_options options = {0};
    bool vowelless;
    if (script_to_latin(&latin, &vowelless, text, &options)) {
        struct part parts[PARTS_MAX];
        struct bytes kept = arena_bytes(arena, buf_bytes(&latin));
        size_t count = split(parts, kept), at = 0;
        size_t code = find_postcode(&at, parts, count);
        if (code > 0)
            address->postcode = joined(arena, parts[at].text,
                                       code == 2 ? parts[at + 1].text : (struct bytes){0});
        take_words(address, parts, count, at, code);
    }
    buf_release(&latin);
}
