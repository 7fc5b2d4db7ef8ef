/* SPDX-License-Identifier: Apache-2.0 */
#include "record/phonetic.h"

#include "base/text.h"

#include <assert.h>
#include <pthread.h>

/* Letters that are one sound together, the longest first; "front" means in front of e, i or y.
 * Two letters of sounds stand for two sounds. */
static const struct {
    const char *letters, *sounds;
    bool front;
} spellings[] = {
    {"shch", "X", false}, {"tsch", "C", false}, {"szcz", "X", false}, {"sch", "X", false},
    {"tch", "C", false},  {"dzh", "J", false},  {"chh", "C", false},  {"sh", "X", false},
    {"ch", "C", false},   {"zh", "Z", false},   {"kh", "H", false},   {"gh", "g", false},
    {"ph", "f", false},   {"th", "t", false},   {"dh", "d", false},   {"bh", "b", false},
    {"jh", "J", false},   {"rh", "r", false},   {"dj", "J", false},   {"ts", "T", false},
    {"tz", "T", false},   {"cz", "C", false},   {"sz", "X", false},   {"ck", "k", false},
    {"cq", "k", false},   {"qu", "k", true},    {"gu", "g", true},    {"sc", "s", true},
    {"x", "ks", false},   {"c", "s", true},     {"c", "k", false},    {"q", "k", false},
    {"j", "J", false},
};

/* Vowels that go together and sound as one. */
static const struct {
    const char *letters;
    char sound;
} vowel_spellings[] = {
    {"eau", 'o'}, {"oeu", 'e'}, {"aie", 'a'}, {"eo", 'o'}, {"eu", 'u'}, {"oo", 'u'},
    {"ou", 'u'},  {"ee", 'i'},  {"ae", 'e'},  {"oe", 'o'}, {"ue", 'u'}, {"ie", 'i'},
    {"aa", 'a'},  {"ai", 'e'},  {"ay", 'e'},  {"ey", 'e'}, {"ej", 'e'}, {"ii", 'i'},
    {"uu", 'u'},  {"ei", 'e'},  {"au", 'o'},
};

/* The rows of both tables that begin with a letter, in their order: nearly all words are heard without
 * looking at another row. Made once. */
enum { ROWS_MAX = 12, LETTERS = 26 };
static struct {
    uint8_t rows[ROWS_MAX], lens[ROWS_MAX], count;
} by_letter[LETTERS], vowels_by_letter[LETTERS];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void sort_by_letter(void)
{
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        size_t letter = (size_t)(spellings[i].letters[0] - 'a');
        size_t at = by_letter[letter].count++;
        assert(at < ROWS_MAX);
        by_letter[letter].rows[at] = (uint8_t)i;
        by_letter[letter].lens[at] = (uint8_t)strlen(spellings[i].letters);
    }
    for (size_t i = 0; i < sizeof vowel_spellings / sizeof *vowel_spellings; i++) {
        size_t letter = (size_t)(vowel_spellings[i].letters[0] - 'a');
        size_t at = vowels_by_letter[letter].count++;
        assert(at < ROWS_MAX);
        vowels_by_letter[letter].rows[at] = (uint8_t)i;
        vowels_by_letter[letter].lens[at] = (uint8_t)strlen(vowel_spellings[i].letters);
    }
}

static bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static bool is_front(struct bytes word, size_t at)
{
    return at < word.len &&
           (word.at[at] == 'e' || word.at[at] == 'i' || word.at[at] == 'y');
}

static bool begins(struct bytes word, size_t at, const char *letters, size_t len)
{
    return word.len - at >= len && memcmp(word.at + at, letters, len) == 0;
}

struct heard {
    char *out;
    size_t count;
};

/* A consonant twice in a row is one. */
static void hear(struct heard *heard, char sound)
{
    bool again = heard->count > 0 && heard->out[heard->count - 1] == sound;
    if (!again && heard->count < PHONETIC_SOUNDS_MAX)
        heard->out[heard->count++] = sound;
}

/* y is a consonant in front of a vowel, when it begins the word or follows one; else an i. */
static char sound_of_y(struct bytes word, size_t at)
{
    bool before = at + 1 < word.len && is_vowel((char)word.at[at + 1]);
    bool behind = at == 0 || is_vowel((char)word.at[at - 1]);
    return before && behind ? 'Y' : 'i';
}

static size_t hear_vowel(struct heard *heard, struct bytes word, size_t at)
{
    size_t letter = word.at[at] - (size_t)'a';
    for (size_t i = 0; i < vowels_by_letter[letter].count; i++) {
        size_t row = vowels_by_letter[letter].rows[i],
               len = vowels_by_letter[letter].lens[i];
        const char *letters = vowel_spellings[row].letters;
        /* y and j go with the vowel in front of them unless another follows: Sergey, Maya. */
        bool glide = letters[len - 1] == 'y' || letters[len - 1] == 'j';
        if (!begins(word, at, letters, len) ||
            (glide && at + len < word.len && is_vowel((char)word.at[at + len])))
            continue;
        hear(heard, vowel_spellings[row].sound);
        return len;
    }
    hear(heard, (char)word.at[at]);
    return 1;
}

static size_t hear_consonant(struct heard *heard, struct bytes word, size_t at)
{
    /* A j that ends a word behind i or y is part of that vowel: Zelenskyj, Dmitrij. */
    if (at == 0 && word.at[0] == 'x') {
        hear(heard, 'X'); /* Xi, Xavier, Xenia: no k is heard in front */
        return 1;
    }
    if (word.at[at] == 'j' && at + 1 == word.len && at > 0 &&
        (word.at[at - 1] == 'i' || word.at[at - 1] == 'y'))
        return 1;
    size_t letter = word.at[at] - (size_t)'a';
    for (size_t i = 0; i < by_letter[letter].count; i++) {
        size_t row = by_letter[letter].rows[i], len = by_letter[letter].lens[i];
        if (!begins(word, at, spellings[row].letters, len) ||
            (spellings[row].front && !is_front(word, at + len)))
            continue;
        for (const char *sound = spellings[row].sounds; *sound != '\0'; sound++)
            hear(heard, *sound);
        return len;
    }
    hear(heard, (char)word.at[at]);
    return 1;
}

size_t phonetic_sounds(char out[static PHONETIC_SOUNDS_MAX], struct bytes word)
{
    struct heard heard = {out, 0};
    pthread_once(&once, sort_by_letter);
    for (size_t at = 0; at < word.len;) {
        char c = (char)word.at[at];
        if (!is_lower((uint8_t)c)) {
            at++;
        } else if (c == 'y') {
            hear(&heard, sound_of_y(word, at));
            at++;
        } else if (is_vowel(c)) {
            at += hear_vowel(&heard, word, at);
        } else {
            at += hear_consonant(&heard, word, at);
        }
    }
    return heard.count;
}

/* The class of a sound in the code; 0: it is not in it. */
static char class_of(char sound, bool first)
{
    switch (sound) {
    case 'k':
    case 'g':
        return 'K';
    case 'J':
    case 'Z':
    case 'C':
        return 'J';
    case 'Y':
        return first ? 'J' : 0;
    case 's':
    case 'z':
    case 'X':
    case 'T':
        return 'S';
    case 'v':
    case 'w':
    case 'b':
        return 'V';
    case 'h':
    case 'H':
        return first ? 'H' : 0;
    case 'f':
        return 'F';
    case 't':
    case 'd':
    case 'p':
    case 'l':
    case 'r':
    case 'm':
    case 'n':
        return (char)to_upper((uint8_t)sound);
    default:
        return first ? 'A' : 0;
    }
}

size_t phonetic_code(char out[static PHONETIC_CODE_MAX], struct bytes word)
{
    char sounds[PHONETIC_SOUNDS_MAX];
    size_t count = phonetic_sounds(sounds, word), len = 0;
    char last = 0; /* class of the sound just before: neighbours of one class are one */
    for (size_t i = 0; i < count && len + 1 < PHONETIC_CODE_MAX; i++) {
        char class = class_of(sounds[i], i == 0);
        if (class != 0 && class != last)
            out[len++] = class;
        last = class;
    }
    out[len] = '\0';
    return len;
}

/* What a sound costs that only one of two words has. An s at the end is often grammar (Greek,
 * Latvian, Lithuanian). */
static double gap_cost(char sound, bool last, bool vowelless)
{
    if (last && sound == 's')
        return 0.4;
    if (is_vowel(sound))
        return vowelless ? 0.04 : 0.3;
    switch (sound) {
    case 'h':
        return vowelless ? (last ? 0.05 : 0.2) : 0.35;
    case 'Y':
    case 'w':
        return vowelless ? 0.15 : 0.5;
    default:
        return 1;
    }
}

/* Sounds that one ear, script or country takes for another. */
static const struct {
    char pair[3];
    double cost;
} confused[] = {
    {"kg", 0.25}, {"sz", 0.1},  {"sX", 0.2},  {"zX", 0.3},  {"sT", 0.25}, {"zT", 0.2},
    {"sC", 0.4},  {"XC", 0.3},  {"CT", 0.25}, {"kC", 0.35}, {"kT", 0.5},  {"zZ", 0.2},
    {"XZ", 0.25}, {"JZ", 0.15}, {"JC", 0.25}, {"JY", 0.1},  {"YZ", 0.3},  {"gJ", 0.3},
    {"zJ", 0.35}, {"dz", 0.35}, {"vw", 0.1},  {"vb", 0.25}, {"wb", 0.4},  {"vf", 0.25},
    {"wf", 0.4},  {"fp", 0.3},  {"bp", 0.3},  {"td", 0.3},  {"hH", 0.1},  {"kH", 0.25},
    {"gH", 0.35}, {"hk", 0.6},  {"hg", 0.5},  {"hJ", 0.4},  {"HJ", 0.4},  {"lr", 0.5},
    {"mn", 0.6},  {"iY", 0.15}, {"eY", 0.3},  {"uw", 0.15}, {"ow", 0.25}, {"uv", 0.3},
    {"ov", 0.3},  {"HC", 0.3},
};

/* Vowels next to each other in the mouth are taken for each other most. */
static double vowel_cost(char a, char b)
{
    static const struct {
        char pair[3];
        double cost;
    } near[] = {{"ei", 0.2}, {"ou", 0.2}, {"ae", 0.3}, {"ao", 0.3}};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        if ((near[i].pair[0] == a && near[i].pair[1] == b) ||
            (near[i].pair[0] == b && near[i].pair[1] == a))
            return near[i].cost;
    return 0.45;
}

static double swap_cost(char a, char b, bool vowelless)
{
    if (a == b)
        return 0;
    if (is_vowel(a) && is_vowel(b))
        return vowelless ? 0.02 : vowel_cost(a, b);
    for (size_t i = 0; i < sizeof confused / sizeof *confused; i++)
        if ((confused[i].pair[0] == a && confused[i].pair[1] == b) ||
            (confused[i].pair[0] == b && confused[i].pair[1] == a))
            return vowelless && (is_vowel(a) || is_vowel(b)) ? confused[i].cost / 2
                                                             : confused[i].cost;
    return 1;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

/* Rows of the usual table, of which what is beyond `most` is not looked into: most words are
 * another from the first letter on. */
double phonetic_distance(struct bytes a, struct bytes b, bool vowelless, double most)
{
    char left[PHONETIC_SOUNDS_MAX], right[PHONETIC_SOUNDS_MAX];
    size_t left_count = phonetic_sounds(left, a), right_count = phonetic_sounds(right, b);
    double row[PHONETIC_SOUNDS_MAX + 1] = {0}, gaps[PHONETIC_SOUNDS_MAX];
    for (size_t j = 0; j < right_count; j++) {
        gaps[j] = gap_cost(right[j], j + 1 == right_count, vowelless);
        row[j + 1] = row[j] + gaps[j];
    }
    for (size_t i = 0; i < left_count; i++) {
        double corner = row[0], gap = gap_cost(left[i], i + 1 == left_count, vowelless);
        double nearest = row[0] += gap;
        for (size_t j = 0; j < right_count; j++) {
            double kept = row[j + 1], cost = least(kept + gap, row[j] + gaps[j]);
            if (corner <= most)
                cost = least(cost, corner + swap_cost(left[i], right[j], vowelless));
            row[j + 1] = cost;
            nearest = least(nearest, cost);
            corner = kept;
        }
        if (nearest > most)
            return nearest;
    }
    return row[right_count];
}
