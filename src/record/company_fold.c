/* SPDX-License-Identifier: Apache-2.0 */
#include "record/company_fold.h"

#include "base/memory.h"
#include "base/text.h"

bool company_word_joins(struct bytes word)
{
    static const char *const joints[] = {"and", "e",  "en", "et",  "i", "ja", "kai",
                                         "och", "og", "u",  "und", "v", "ve", "y"};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++)
        if (bytes_is(word, joints[i]))
            return true;
    return false;
}

/* Short words are abbreviations, in which every letter tells (BAE, ATO). */
enum { WRITTEN_OUT_MIN = 5 };

/* The letter at `at` as a key has it; how many of the word's it stands for. */
static size_t fold_letter(uint8_t *out, struct bytes word, size_t at)
{
    uint8_t letter = word.at[at], next = at + 1 < word.len ? word.at[at + 1] : '\0';
    bool written_out = word.len >= WRITTEN_OUT_MIN;
    *out = letter;
    switch (letter) {
    case 'a':
        return written_out && (next == 'e' || next == 'a') ? 2 : 1;
    case 'o':
    case 'u':
        return written_out && next == 'e' ? 2 : 1;
    case 'c':
        if (next == 'k') {
            *out = 'k';
            return 2;
        }
        if (next == '\0' || strchr("eiyh", next) == NULL)
            *out = 'k';
        return 1;
    case 'q':
        *out = 'k';
        return 1;
    case 'p':
        if (next == 'h') {
            *out = 'f';
            return 2;
        }
        return 1;
    case 'w':
        *out = 'v';
        return 1;
    case 'y':
        *out = 'i';
        return 1;
    default:
        return 1;
    }
}

struct bytes company_word_fold(struct bytes word, struct arena *arena)
{
    uint8_t *text = arena_alloc(arena, 2 * word.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < word.len;) {
        uint8_t letter;
        i += fold_letter(&letter, word, i);
        if (letter == 'x') {
            text[len++] = 'k';
            letter = 's';
        }
        bool doubled = len > 0 && text[len - 1] == letter;
        if (doubled && word.len >= WRITTEN_OUT_MIN && is_lower(letter) &&
            strchr("aeiou", letter) == NULL)
            continue;
        text[len++] = letter;
    }
    return bytes_of(text, len);
}
