/* SPDX-License-Identifier: Apache-2.0 */
#include "link/word_apart.h"

#include "base/text.h"
#include "record/country.h"

enum { COUNTRY_NAME_MIN = 4 }; /* what is shorter is a code, or a word */

/* Written in strokes, fives and tens: what a list numbers. Not strict: IIII is 4. */
unsigned roman_number(struct bytes word)
{
    unsigned number = 0, before = 0;
    for (size_t i = word.len; i > 0; i--) {
        uint8_t c = word.at[i - 1];
        unsigned value = c == 'i' ? 1 : c == 'v' ? 5 : c == 'x' ? 10 : 0;
        if (value == 0)
            return 0;
        number = value < before ? number - value : number + value;
        before = value;
    }
    return number;
}

/* The side of the compass that a word names, or 0. */
static char direction_of(struct bytes word)
{
    static const struct {
        const char *word;
        char side;
    } directions[] = {{"east", 'e'},  {"est", 'e'},   {"este", 'e'},  {"leste", 'e'},
                      {"oost", 'e'},  {"ost", 'e'},   {"oster", 'e'}, {"vostok", 'e'},
                      {"nord", 'n'},  {"norte", 'n'}, {"north", 'n'}, {"noord", 'n'},
                      {"sever", 'n'}, {"sud", 's'},   {"sul", 's'},   {"sur", 's'},
                      {"south", 's'}, {"zuid", 's'},  {"yug", 's'},   {"oeste", 'w'},
                      {"ouest", 'w'}, {"ovest", 'w'}, {"west", 'w'},  {"zapad", 'w'}};
    for (size_t i = 0; i < sizeof directions / sizeof *directions; i++)
        if (bytes_is(word, directions[i].word))
            return directions[i].side;
    return 0;
}

enum name_forms words_apart(struct bytes a, struct bytes b)
{
    if (roman_number(a) > 0 && roman_number(b) > 0)
        return roman_number(a) == roman_number(b) ? NAME_FORMS_ONE : NAME_FORMS_TWO;
    char side_a = direction_of(a), side_b = direction_of(b);
    if (side_a != 0 && side_b != 0)
        return side_a == side_b ? NAME_FORMS_ONE : NAME_FORMS_TWO;
    if (a.len < COUNTRY_NAME_MIN || b.len < COUNTRY_NAME_MIN)
        return NAME_FORMS_UNKNOWN;
    const char *country_a = country_find(a);
    const char *country_b = country_a != NULL ? country_find(b) : NULL;
    if (country_b == NULL)
        return NAME_FORMS_UNKNOWN;
    return strcmp(country_a, country_b) == 0 ? NAME_FORMS_ONE : NAME_FORMS_TWO;
}
