/* SPDX-License-Identifier: Apache-2.0
 *
 * The look-up. A name is folded to its telling words, sorted: "Congo, the Democratic
 * Republic of the" becomes "congo democratic republic". All folded names and codes stand in
 * one hash table, whose size is fixed because the table of countries is; the test says when
 * it must grow.
 */
#include "record/country.h"

#include "base/text.h"
#include "record/latin.h"

#include <assert.h>
#include <stdlib.h>
#include <threads.h>

enum {
    NAME_MAX = 128, /* folded; a longer text is no country's name */
    WORDS_MAX = 16,
    SLOTS = 8192, /* a power of two, at least twice the names */
    NAMES_SIZE = 48 * 1024,
};

/* A name folded: distinct forms of one name are equal, byte for byte. */
struct folded {
    char text[NAME_MAX];
    size_t len; /* 0: nothing to look for, or too long */
};

struct slot {
    uint32_t hash;
    uint16_t name; /* offset in index.names */
    uint8_t len;   /* 0: empty */
    bool is_alpha3;
    uint16_t country;
};

static struct {
    struct slot slots[SLOTS];
    char names[NAMES_SIZE];
    size_t names_used, count;
    uint16_t by_alpha2[26 * 26]; /* row + 1, or 0 */
} names_index;
static once_flag index_once = ONCE_FLAG_INIT;

static bool is_stop_word(const char *word, size_t len)
{
    static const char *const stop_words[] = {"a",   "and", "as", "d",   "da", "das", "de",
                                             "del", "des", "do", "dos", "du", "e",   "el",
                                             "et",  "l",   "la", "las", "le", "les", "los",
                                             "o",   "of",  "os", "the", "y"};
    if (len > 3)
        return false;
    for (size_t i = 0; i < sizeof stop_words / sizeof *stop_words; i++)
        if (strlen(stop_words[i]) == len && memcmp(stop_words[i], word, len) == 0)
            return true;
    return false;
}

/* Abbreviations that files use inside names. */
static struct bytes whole_word(struct bytes word)
{
    static const char *const short_forms[][2] = {
        {"dem", "democratic"}, {"rep", "republic"}, {"st", "saint"}, {"ste", "sainte"}};
    if (word.len < 2 || word.len > 3)
        return word;
    for (size_t i = 0; i < sizeof short_forms / sizeof *short_forms; i++)
        if (bytes_is(word, short_forms[i][0]))
            return bytes_text(short_forms[i][1]);
    return word;
}

struct words {
    char letters[NAME_MAX];
    size_t used;
    struct bytes items[WORDS_MAX];
    size_t count;
    bool unfit; /* too long, or in another script: no name of the table */
};

static void words_end(struct words *words, size_t from)
{
    if (words->used == from)
        return;
    if (words->count == WORDS_MAX) {
        words->unfit = true;
        return;
    }
    words->items[words->count++] = bytes_of(words->letters + from, words->used - from);
}

/* ASCII, Latin-1 and general punctuation, the ideographic space: what is no letter there. A
 * letter of another script is not: a word nobody here can read may say "not". */
static bool is_separator(uint32_t point)
{
    return point < 0xC0 || (point >= 0x2000 && point < 0x2070) || point == 0x3000;
}

/* The letter at the front of rest when it is the last of its word, else 0. */
static char single_letter(struct bytes rest)
{
    bool single = rest.len > 0 && is_letter(rest.at[0]) &&
                  (rest.len == 1 || !(is_letter(rest.at[1]) || rest.at[1] >= 0x80));
    return single ? (char)to_lower(rest.at[0]) : 0;
}

/* Words are runs of letters and digits. An apostrophe before a last s is dropped
 * ("People's"), any other parts ("d'Ivoire"); the full stops of "U.S." are dropped. */
static void split(struct words *words, struct bytes text)
{
    size_t from = 0;
    bool joined = false; /* the word so far is single letters with full stops between */
    uint32_t point;
    while (!words->unfit && utf8_next(&point, &text)) {
        char folded[2];
        int len = latin_fold(folded, point);
        if (len > 0) {
            if (words->used + 2 > sizeof words->letters) {
                words->unfit = true;
                return;
            }
            memcpy(words->letters + words->used, folded, (size_t)len);
            words->used += (size_t)len;
        } else if (len == LATIN_OTHER) {
            if (!is_separator(point)) {
                words->unfit = true;
                return;
            }
            char next = single_letter(text);
            size_t word_len = words->used - from;
            if ((point == '\'' || point == 0x2019) && word_len > 1 && next == 's')
                continue;
            if (point == '.' && (word_len == 1 || joined) && next != 0) {
                joined = true;
                continue;
            }
            words_end(words, from);
            from = words->used;
            joined = false;
        }
    }
    words_end(words, from);
}

static void drop_stop_words(struct words *words)
{
    size_t kept = 0;
    struct bytes telling[WORDS_MAX];
    for (size_t i = 0; i < words->count; i++)
        if (!is_stop_word((const char *)words->items[i].at, words->items[i].len))
            telling[kept++] = whole_word(words->items[i]);
    if (kept == 0) /* "DE", "LA", "AND" are codes */
        return;
    memcpy(words->items, telling, kept * sizeof *telling);
    words->count = kept;
}

static void fold(struct folded *out, struct bytes text)
{
    out->len = 0;
    struct words words = {.used = 0};
    if (text.len > 2 * NAME_MAX)
        return;
    split(&words, text);
    if (words.unfit)
        return;
    drop_stop_words(&words);
    for (size_t i = 1; i < words.count; i++) {
        struct bytes word = words.items[i];
        size_t to = i;
        for (; to > 0 && bytes_compare(words.items[to - 1], word) > 0; to--)
            words.items[to] = words.items[to - 1];
        words.items[to] = word;
    }
    size_t len = 0;
    for (size_t i = 0; i < words.count; i++) {
        struct bytes word = words.items[i];
        if (len + word.len + 1 > sizeof out->text)
            return;
        if (i > 0)
            out->text[len++] = ' ';
        memcpy(out->text + len, word.at, word.len);
        len += word.len;
    }
    out->len = len;
}

/* FNV-1a. */
static uint32_t hash_of(const struct folded *name)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name->len; i++)
        hash = (hash ^ (uint8_t)name->text[i]) * 16777619u;
    return hash;
}

/* The slot that holds the name, or the empty one where it would stand. */
static struct slot *slot_of(const struct folded *name)
{
    uint32_t hash = hash_of(name);
    for (uint32_t i = hash;; i++) {
        struct slot *slot = &names_index.slots[i % SLOTS];
        if (slot->len == 0 ||
            (slot->hash == hash && slot->len == name->len &&
             memcmp(names_index.names + slot->name, name->text, name->len) == 0))
            return slot;
    }
}

static void index_add(size_t row, struct bytes text, bool is_alpha3)
{
    struct folded name;
    fold(&name, text);
    assert(name.len > 0);
    struct slot *slot = slot_of(&name);
    if (slot->len > 0) {
        assert(slot->country == row); /* no name belongs to two countries */
        slot->is_alpha3 |= is_alpha3;
        return;
    }
    names_index.count++;
    assert(names_index.count <= SLOTS / 2 &&
           names_index.names_used + name.len <= NAMES_SIZE);
    *slot = (struct slot){.hash = hash_of(&name),
                          .name = (uint16_t)names_index.names_used,
                          .len = (uint8_t)name.len,
                          .is_alpha3 = is_alpha3,
                          .country = (uint16_t)row};
    memcpy(names_index.names + names_index.names_used, name.text, name.len);
    names_index.names_used += name.len;
}

static size_t alpha2_at(struct bytes code)
{
    return (size_t)(to_lower(code.at[0]) - 'a') * 26 + (size_t)(to_lower(code.at[1]) - 'a');
}

static bool is_letters(struct bytes text, size_t len)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.at[i]))
            return false;
    return text.len == len;
}

static void index_build(void)
{
    for (size_t i = 0; i < country_table_count; i++) {
        const struct country *country = &country_table[i];
        struct bytes code = bytes_text(country->code);
        if (is_letters(code, 2))
            names_index.by_alpha2[alpha2_at(code)] = (uint16_t)(i + 1);
        index_add(i, code, false);
        index_add(i, bytes_text(country->name), false);
        struct bytes rest = bytes_text(country->alpha3), part;
        while (text_next_word(&part, &rest, " "))
            index_add(i, part, true);
        rest = bytes_text(country->others);
        while (text_next_word(&part, &rest, "|"))
            index_add(i, part, false);
    }
}

static const struct country *by_alpha2(struct bytes code)
{
    if (!is_letters(code, 2))
        return NULL;
    call_once(&index_once, index_build);
    uint16_t row = names_index.by_alpha2[alpha2_at(code)];
    return row > 0 ? &country_table[row - 1] : NULL;
}

static const struct slot *by_name(struct bytes text)
{
    struct folded name;
    fold(&name, text);
    if (name.len == 0)
        return NULL;
    call_once(&index_once, index_build);
    const struct slot *slot = slot_of(&name);
    return slot->len > 0 ? slot : NULL;
}

bool country_is_known(struct bytes code)
{
    return by_alpha2(code) != NULL;
}

bool country_from_alpha3(char out[3], struct bytes alpha3)
{
    while (alpha3.len > 0 && alpha3.at[alpha3.len - 1] == '<')
        alpha3.len--;
    const char *code = NULL;
    if (alpha3.len == 1 && to_lower(alpha3.at[0]) == 'd') {
        code = "de";
    } else if (is_letters(alpha3, 3)) {
        const struct slot *slot = by_name(alpha3);
        const struct country *user =
            to_lower(alpha3.at[0]) == 'x' ? by_alpha2(bytes_slice(alpha3, 0, 2)) : NULL;
        if (slot != NULL && slot->is_alpha3)
            code = country_table[slot->country].code;
        else if (user != NULL)
            code = user->code;
    }
    if (code == NULL || strlen(code) != 2)
        return false;
    memcpy(out, code, 3);
    return true;
}

const char *country_find(struct bytes text)
{
    const struct country *country = by_alpha2(text);
    if (country != NULL)
        return country->code;
    const struct slot *slot = by_name(text);
    if (slot != NULL)
        return country_table[slot->country].code;
    char alpha2[3];
    if (is_letters(text, 3) && country_from_alpha3(alpha2, text)) /* XAA to XZZ */
        return by_alpha2(bytes_text(alpha2))->code;
    return NULL;
}

static int compare_code(const void *code, const void *row)
{
    return strcmp(code, ((const struct country *)row)->code);
}

const char *country_name(const char *code)
{
    const struct country *country = bsearch(code, country_table, country_table_count,
                                            sizeof *country_table, compare_code);
    return country != NULL ? country->name : NULL;
}

bool country_is_user_assigned(const char *code)
{
    return strlen(code) == 2 && code[0] == 'x' && is_lower((uint8_t)code[1]) &&
           code[1] != 'k';
}
