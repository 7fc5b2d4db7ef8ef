/* SPDX-License-Identifier: Apache-2.0 */
#include "link/name_ready.h"

#include "base/text.h"

static void move_words(struct name_words_read *words, size_t to, size_t from)
{
    size_t count = words->count - from;
    memmove(words->words + to, words->words + from, count * sizeof *words->words);
    memmove(words->joined + to, words->joined + from, count * sizeof *words->joined);
}

static void remove_words(struct name_words_read *words, size_t at, size_t count)
{
    move_words(words, at, at + count);
    words->count -= count;
}

static bool stands_among(struct bytes word, const char *const *table, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_is(word, table[i]))
            return true;
    return false;
}

static void remove_all(struct name_words_read *words, const char *const *table,
                       size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < words->count; i++)
        left += !stands_among(words->words[i], table, count);
    for (size_t i = 0; i < words->count && left > 0;) {
        if (stands_among(words->words[i], table, count))
            remove_words(words, i, 1);
        else
            i++;
    }
}

/* Dots between the parts of a foreign name, which no table brings to ASCII: バラク・オバマ. */
static void split_at_dots(struct name_words_read *words)
{
    static const char *const dots[] = {"\u30FB", "\uFF65", "\u00B7", "\u2022", "\u2027"};
    for (size_t i = 0; i < words->count; i++)
        for (size_t k = 0; k < sizeof dots / sizeof *dots; k++) {
            struct bytes word = words->words[i];
            size_t len = strlen(dots[k]);
            const uint8_t *dot = memmem(word.at, word.len, dots[k], len);
            size_t at = dot != NULL ? (size_t)(dot - word.at) : 0;
            if (at == 0 || at + len == word.len || words->count == NAME_TOKENS_MAX)
                continue;
            move_words(words, i + 1, i);
            words->count++;
            words->words[i] = bytes_slice(word, 0, at);
            words->words[i + 1] = bytes_slice(word, at + len, word.len - at - len);
            words->joined[i] = words->joined[i + 1] = (struct bytes){0};
        }
}

/* ---- persons ---- */

static bool is_letters(const struct name_words_read *words, size_t at, const char *letters)
{
    for (size_t i = 0; letters[i] != '\0'; i++)
        if (at + i >= words->count || words->words[at + i].len != 1 ||
            words->words[at + i].at[0] != (uint8_t)letters[i])
            return false;
    return true;
}

/* What stands between a name and another name of the same person. */
void name_ready_tidy(struct name_words_read *words)
{
    static const char *const marks[] = {
        "nee",          "geb",   "geborene", "geborener", "epouse",   "ep",
        "vve",          "aka",   "alias",    "fka",       "formerly", "vulgo",
        "dit",          "dite",  "apodado",  "apodada",   "rozena",   "roz",
        "urozhdennaya", "laqab", "genannt",  "mlqb"};
    split_at_dots(words);
    for (size_t i = 1; i + 3 < words->count; i++)
        if (is_letters(words, i, "aka") || is_letters(words, i, "fka"))
            remove_words(words, i, 3);
    if (words->count > 2)
        remove_all(words, marks, sizeof marks / sizeof *marks);
}

/* "Saif al-Din" is one name, of the faith: din is none by itself. */
static void join_faith(struct name_words_read *words, struct arena *arena)
{
    static const char *const ends[] = {"aldin",   "addin",  "eldin",  "eddin",  "uddin",
                                       "uldin",   "oddin",  "aldine", "eldine", "eddine",
                                       "ouddine", "aldeen", "uddeen", "eldeen", "uldeen"};
    for (size_t i = 1; i < words->count;) {
        struct bytes whole = words->joined[i].len > 0 ? words->joined[i] : words->words[i];
        if (!stands_among(whole, ends, sizeof ends / sizeof *ends)) {
            i++;
            continue;
        }
        words->words[i - 1] =
            bytes_text(arena_printf(arena, "%.*sdin", (int)words->words[i - 1].len,
                                    (const char *)words->words[i - 1].at));
        remove_words(words, i, 1);
    }
}

/* The article inside an Arabic compound is written as it sounds or not at all: Abdulrahman,
 * Abderrahman, abd al-Rahman are abd rahman here. */
static void split_compounds(struct name_words_read *words)
{
    enum { FRONT = 3, ARTICLE = 2, REST_MIN = 4 };
    for (size_t i = 0; i < words->count && words->count < NAME_TOKENS_MAX; i++) {
        struct bytes word = words->words[i];
        if (word.len < FRONT + ARTICLE + REST_MIN || memcmp(word.at, "abd", FRONT) != 0 ||
            strchr("aeiou", word.at[FRONT]) == NULL ||
            strchr("lrsnz", word.at[FRONT + 1]) == NULL)
            continue;
        move_words(words, i + 1, i);
        words->count++;
        words->words[i] = bytes_slice(word, 0, FRONT);
        words->words[i + 1] =
            bytes_slice(word, FRONT + ARTICLE, word.len - FRONT - ARTICLE);
        words->joined[i] = words->joined[i + 1] = (struct bytes){0};
    }
}

/* ---- companies and ships ---- */

/* What a ship is, in front of her name: MV, M/V, B/P; and small words. */
static void drop_ship_words(struct name_words_read *words)
{
    static const char *const kinds[] = {"mv", "mt",  "ms",  "ss",  "fv",     "sv",
                                        "my", "mts", "msv", "lng", "lpg",    "bp",
                                        "bm", "mb",  "rv",  "nb",  "vessel", "ship"};
    static const char *const letters[] = {"mv", "mt", "ms", "ss", "fv", "sv", "my", "bp",
                                          "bm", "mb", "mn", "lm", "rv", "tn", "gt", "mk"};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (words->count > 2 && is_letters(words, 0, letters[i])) {
            remove_words(words, 0, 2);
            break;
        }
    remove_all(words, kinds, sizeof kinds / sizeof *kinds);
}

static void drop_joints(struct name_words_read *words)
{
    static const char *const joints[] = {"the", "and", "und", "et", "y", "e", "of"};
    remove_all(words, joints, sizeof joints / sizeof *joints);
}

/* Numbers from eleven on in words, English, Spanish, Portuguese and French; those below are in the
 * table of variants. */
static const struct {
    const char *word;
    unsigned value;
} number_words[] = {
    {"eleven", 11},    {"twelve", 12},   {"thirteen", 13},  {"fourteen", 14},
    {"fifteen", 15},   {"sixteen", 16},  {"seventeen", 17}, {"eighteen", 18},
    {"nineteen", 19},  {"twenty", 20},   {"thirty", 30},    {"forty", 40},
    {"fourty", 40},    {"fifty", 50},    {"sixty", 60},     {"seventy", 70},
    {"eighty", 80},    {"ninety", 90},   {"once", 11},      {"doce", 12},
    {"trece", 13},     {"catorce", 14},  {"quince", 15},    {"veinte", 20},
    {"treinta", 30},   {"cuarenta", 40}, {"cincuenta", 50}, {"sesenta", 60},
    {"setenta", 70},   {"ochenta", 80},  {"noventa", 90},   {"vinte", 20},
    {"trinta", 30},    {"quarenta", 40}, {"cinquenta", 50}, {"sessenta", 60},
    {"oitenta", 80},   {"vingt", 20},    {"trente", 30},    {"quarante", 40},
    {"cinquante", 50}, {"soixante", 60},
};
static const char *const unit_words[][4] = {
    {"one", "uno", "um", "un"},         {"two", "dos", "dois", "deux"},
    {"three", "tres", "tres", "trois"}, {"four", "cuatro", "quatro", "quatre"},
    {"five", "cinco", "cinco", "cinq"}, {"six", "seis", "seis", "six"},
    {"seven", "siete", "sete", "sept"}, {"eight", "ocho", "oito", "huit"},
    {"nine", "nueve", "nove", "neuf"},
};

static unsigned number_of(struct bytes word)
{
    for (size_t i = 0; i < sizeof number_words / sizeof *number_words; i++)
        if (bytes_is(word, number_words[i].word))
            return number_words[i].value;
    return 0;
}

static unsigned unit_of(struct bytes word)
{
    if (word.len == 1 && word.at[0] >= '1' && word.at[0] <= '9')
        return word.at[0] - (unsigned)'0';
    for (unsigned i = 0; i < 9; i++)
        for (size_t k = 0; k < 4; k++)
            if (bytes_is(word, unit_words[i][k]))
                return i + 1;
    return 0;
}

/* "forty four", "forty 4" are 44. */
static void write_numbers(struct name_words_read *words, struct arena *arena)
{
    for (size_t i = 0; i < words->count; i++) {
        unsigned number = number_of(words->words[i]);
        if (number == 0)
            continue;
        unsigned unit =
            i + 1 < words->count && number % 10 == 0 ? unit_of(words->words[i + 1]) : 0;
        words->words[i] = bytes_text(arena_printf(arena, "%u", number + unit));
        if (unit > 0)
            remove_words(words, i + 1, 1);
    }
}

/* Direction marks and their like leave no mark on paper; a gap of no width is a gap. */
static struct bytes without_unseen(struct bytes text, struct arena *arena)
{
    enum { ZERO_WIDTH_SPACE = 0x200B };
    struct buf seen = {.max = 3 * NAME_TEXT_MAX + 1};
    uint32_t point;
    if (text.len > NAME_TEXT_MAX)
        return text;
    for (struct bytes rest = text; utf8_next(&point, &rest);) {
        bool gap = point == ZERO_WIDTH_SPACE || point < 0x20;
        if (gap || !utf8_is_unseen(point))
            utf8_add(&seen, gap ? ' ' : point);
    }
    struct bytes out = arena_bytes(arena, buf_bytes(&seen));
    buf_release(&seen);
    return out;
}

void name_ready(struct name_words_read *out, struct bytes text, enum name_of of,
                enum script_reading reading, struct arena *arena)
{
    enum name_kind kind = of == NAME_OF_PERSON ? NAME_PERSON : NAME_COMPANY;
    const struct name_read_options how = {kind, reading};
    name_read(out, without_unseen(text, arena), &how, arena);
    if (of == NAME_OF_PERSON) {
        name_ready_tidy(out);
        join_faith(out, arena);
        split_compounds(out);
        return;
    }
    if (of == NAME_OF_SHIP)
        drop_ship_words(out);
    drop_joints(out);
    write_numbers(out, arena);
}
