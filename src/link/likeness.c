/* SPDX-License-Identifier: Apache-2.0 */
#include "link/likeness.h"

#include "base/text.h"

#include <math.h>

/* Below these two words, or two identifiers, are not like each other. */
static const double word_least = 0.5, whole_least = 0.7;
/* What the ways of being like each other are worth. */
static const double initial_worth = 0.6, begins_worth = 0.7, sounds_worth = 0.8,
                    nearly_sounds_worth = 0.6, together_worth = 0.97;
/* A line loses so much of its score when all of it but what was found is something else. */
static const double rest_costs = 0.12;
/* A word of the question that is less like any one word may be two of them. */
static const double joined_below = 0.95;
/* A part of an identifier: so much when it is next to nothing of it. */
static const double part_worth = 0.7;

/* More than two wrong signs make another number. */
enum { SIGNS_MAX = 2 };

enum { PART_MIN = 3, JOINED_MIN = 3, NUMBER_MIN = 4, LINE_WORDS_MAX = 24 };

/* ---- Reading the question ---- */

static double weight_of(struct bytes word)
{
    return word.len == 1 ? 1 : 2 + (double)(word.len < 8 ? word.len : 8);
}

static uint64_t symbols_of(struct bytes word)
{
    uint64_t symbols = 0;
    for (size_t i = 0; i < word.len; i++)
        symbols |= (uint64_t)1 << fold_symbol(word.at[i]);
    return symbols;
}

void word_pattern_read(struct word_pattern *pattern, struct bytes word)
{
    if (word.len > LIKENESS_LETTERS_MAX)
        word.len = LIKENESS_LETTERS_MAX;
    memset(pattern, 0, sizeof *pattern);
    pattern->text = word;
    for (size_t i = 0; i < word.len; i++)
        pattern->places[fold_symbol(word.at[i])] |= (uint64_t)1 << i;
    pattern->symbols = symbols_of(word);
    pattern->sound_len = fold_sound(pattern->sound, word);
    for (uint8_t c = 'a'; c <= 'z' && pattern->sound_len > 0; c++)
        if ((fold_first_sounds(c) & 1U << pattern->sound[0]) != 0)
            pattern->first_letters |= 1U << (c - 'a');
    pattern->weight = weight_of(word);
}

static bool digits_at(struct bytes text, size_t at, size_t count)
{
    for (size_t i = at; i < at + count; i++)
        if (i >= text.len || !is_digit(text.at[i]))
            return false;
    return true;
}

static bool is_date(struct bytes word)
{
    return word.len == 10 && digits_at(word, 0, 4) && word.at[4] == '-' &&
           digits_at(word, 5, 2) && word.at[7] == '-' && digits_at(word, 8, 2);
}

static struct bytes without_dates(struct buf *out, char date[11], struct bytes text)
{
    struct bytes word, rest = text;
    while (text_next_word(&word, &rest, " \t\n")) {
        if (is_date(word)) {
            memcpy(date, word.at, word.len);
            continue;
        }
        if (out->len > 0)
            buf_add_byte(out, ' ');
        buf_add(out, word);
    }
    return out->len > 0 ? buf_bytes(out) : text;
}

bool question_read(struct question *question, struct bytes text)
{
    struct buf kept = {.max = LIKENESS_TEXT_MAX}, folded = {.max = FOLD_OUT_MAX};
    memset(question, 0, sizeof *question);
    fold_text(&folded, without_dates(&kept, question->date, text));
    memcpy(question->text, folded.at, folded.len);
    struct bytes word, rest = bytes_of(question->text, folded.len);
    size_t compact = 0;
    while (question->count < LIKENESS_WORDS_MAX && fold_next_word(&word, &rest)) {
        struct word_pattern *pattern = &question->words[question->count++];
        word_pattern_read(pattern, word);
        question->weight += pattern->weight;
        memcpy(question->compact + compact, word.at, word.len);
        compact += word.len;
        for (size_t i = 0; i < word.len; i++)
            question->has_digit |= is_digit(word.at[i]);
    }
    if (compact <= LIKENESS_LETTERS_MAX)
        word_pattern_read(&question->whole, bytes_of(question->compact, compact));
    buf_release(&kept);
    buf_release(&folded);
    return question->count > 0;
}

/* ---- Distance: Hyyrö's bit-parallel form of Damerau's, with swapped neighbours ---- */

unsigned likeness_distance(const struct word_pattern *pattern, struct bytes word)
{
    size_t len = pattern->text.len;
    if (len == 0 || word.len == 0)
        return (unsigned)(len + word.len);
    uint64_t up = ~(uint64_t)0, down = 0, diagonal = 0, before = 0;
    uint64_t last = (uint64_t)1 << (len - 1);
    unsigned distance = (unsigned)len;
    for (size_t i = 0; i < word.len; i++) {
        uint64_t here = pattern->places[fold_symbol(word.at[i])];
        uint64_t swapped = ((~diagonal & here) << 1) & before;
        diagonal = (((here & up) + up) ^ up) | here | down | swapped;
        uint64_t right = down | ~(diagonal | up), left = diagonal & up;
        distance += (right & last) != 0;
        distance -= (left & last) != 0;
        right = right << 1 | 1;
        left <<= 1;
        up = left | ~(diagonal | right);
        down = right & diagonal;
        before = here;
    }
    return distance;
}

/* ---- Two words ---- */

enum way { NOT_LIKE, SAME, LETTERS, SIGNS, BEGINS, INITIAL, SOUNDS, NEARLY_SOUNDS };

struct match {
    double score;
    enum way way;
    unsigned distance;
    struct bytes word; /* of the line */
};

static void better(struct match *match, enum way way, double score)
{
    if (score > match->score) {
        match->score = score;
        match->way = way;
    }
}

static bool begins(struct bytes word, struct bytes with)
{
    return with.len <= word.len && memcmp(word.at, with.at, with.len) == 0;
}

/* 0: the same; 1: one class more, less or other; 2: more than that. */
static unsigned sound_distance(const uint8_t *a, size_t a_len, const uint8_t *b,
                               size_t b_len)
{
    size_t start = 0, end = 0;
    size_t shorter = a_len < b_len ? a_len : b_len, longer = a_len < b_len ? b_len : a_len;
    while (start < shorter && a[start] == b[start])
        start++;
    while (end < shorter - start && a[a_len - 1 - end] == b[b_len - 1 - end])
        end++;
    size_t differs = longer - start - end;
    return differs > 2 ? 2 : (unsigned)differs;
}

/* A word of the line; its sound is made when it is first asked for. */
struct line_word {
    struct bytes text;
    bool has_sound, is_joined;
    uint64_t symbols;
    uint8_t sound[FOLD_SOUND_MAX];
    size_t sound_len;
};

static size_t place_in_memory(struct bytes text)
{
    uint64_t mixed = text.len;
    for (size_t i = 0; i < text.len; i++)
        mixed = (mixed ^ text.at[i]) * 0x9E3779B97F4A7C15u;
    return mixed >> 32 & (MEMORY_WORDS - 1);
}

static void make_sound(struct line_word *word, struct sound_memory *memory)
{
    size_t place = place_in_memory(word->text);
    word->has_sound = true;
    if (memory != NULL && bytes_equal(memory->words[place].text, word->text)) {
        word->sound_len = memory->words[place].sound_len;
        memcpy(word->sound, memory->words[place].sound, sizeof word->sound);
        return;
    }
    word->sound_len = fold_sound(word->sound, word->text);
    if (memory == NULL || word->is_joined)
        return;
    memory->words[place].text = word->text;
    memory->words[place].sound_len = word->sound_len;
    memcpy(memory->words[place].sound, word->sound, sizeof word->sound);
}

static void compare_sounds(struct match *match, const struct word_pattern *pattern,
                           struct line_word *word, struct sound_memory *memory)
{
    uint8_t first = word->text.at[0];
    if (pattern->sound_len < 2 || !is_lower(first) ||
        (pattern->first_letters & 1U << (first - 'a')) == 0)
        return;
    if (!word->has_sound)
        make_sound(word, memory);
    unsigned distance =
        sound_distance(pattern->sound, pattern->sound_len, word->sound, word->sound_len);
    size_t longer =
        word->sound_len > pattern->sound_len ? word->sound_len : pattern->sound_len;
    if (distance == 0)
        better(match, SOUNDS, sounds_worth);
    else if (distance == 1 && longer >= 3 && word->sound_len >= 2)
        better(match, NEARLY_SOUNDS, longer > 3 ? nearly_sounds_worth : word_least);
}

/* Bits 1 << symbol of the ten digits. */
static uint64_t digit_symbols(void)
{
    return (uint64_t)0x3FF << fold_symbol('0');
}

/* A house number, a postcode, a name with a number in it: a digit is no initial and sounds like
 * nothing, and a number that begins what was asked for is another number. */
static void compare_numbers(struct match *match, const struct word_pattern *pattern,
                            struct bytes word)
{
    struct bytes text = pattern->text;
    if (text.len >= PART_MIN && text.len < word.len && begins(word, text))
        better(match, BEGINS,
               begins_worth + (1 - begins_worth) * (double)text.len / (double)word.len);
    if (text.len < NUMBER_MIN || text.len != word.len)
        return;
    match->distance = likeness_distance(pattern, word);
    if (match->distance == 1)
        better(match, SIGNS, 1 - 1 / (double)text.len);
}

static struct match compare(const struct word_pattern *pattern, struct line_word *line_word,
                            struct sound_memory *memory)
{
    struct match match = {.word = line_word->text};
    struct bytes text = pattern->text, word = line_word->text;
    if (word.len > LIKENESS_LETTERS_MAX)
        word.len = LIKENESS_LETTERS_MAX;
    bool same_start = text.at[0] == word.at[0];
    if (same_start && bytes_equal(text, word)) {
        match.score = 1;
        match.way = SAME;
        return match;
    }
    if (((pattern->symbols | line_word->symbols) & digit_symbols()) != 0) {
        compare_numbers(&match, pattern, word);
        return match;
    }
    size_t longer = text.len > word.len ? text.len : word.len;
    size_t shorter = text.len + word.len - longer;
    if (shorter == 1 && same_start)
        better(&match, INITIAL, initial_worth);
    if (shorter >= PART_MIN && same_start &&
        begins(text.len < word.len ? word : text, text.len < word.len ? text : word))
        better(&match, BEGINS,
               begins_worth + (1 - begins_worth) * (double)shorter / (double)longer);
    /* Each symbol that the other lacks is a letter that differs. */
    uint64_t lacks = pattern->symbols & ~line_word->symbols;
    uint64_t more = line_word->symbols & ~pattern->symbols;
    size_t least = (size_t)__builtin_popcountll(lacks),
           least_more = (size_t)__builtin_popcountll(more);
    least = least > least_more ? least : least_more;
    if (shorter > 1 && longer <= 2 * shorter && 2 * least <= longer) {
        match.distance = likeness_distance(pattern, word);
        double score = 1 - (double)match.distance / (double)longer;
        if (score >= word_least)
            better(&match, LETTERS, score);
    }
    if (match.score < sounds_worth)
        compare_sounds(&match, pattern, line_word, memory);
    return match;
}

/* ---- Many words ---- */

struct pairing {
    struct match matches[LIKENESS_WORDS_MAX]; /* beside the question's words */
    double found, rest;                       /* weights */
    bool swapped;
};

enum { PLACES_MAX = 2 * LINE_WORDS_MAX };

/* The words of a line, and behind them two neighbours as one: who writes "wangying" may mean
 * "wang ying". */
struct line_words {
    struct line_word at[PLACES_MAX];
    size_t words, count;
    uint8_t joined[2 * FOLD_OUT_MAX];
};

static void read_line(struct line_words *line, struct bytes text)
{
    struct bytes word;
    line->words = 0;
    while (line->words < LINE_WORDS_MAX && fold_next_word(&word, &text)) {
        line->at[line->words].text = word;
        line->at[line->words].is_joined = false;
        line->at[line->words].symbols = symbols_of(word);
        line->at[line->words++].has_sound = false;
    }
    line->count = line->words;
}

static void join_neighbours(struct line_words *line)
{
    size_t used = 0;
    for (size_t i = 0; i + 1 < line->words; i++) {
        struct bytes a = line->at[i].text, b = line->at[i + 1].text;
        memcpy(line->joined + used, a.at, a.len);
        memcpy(line->joined + used + a.len, b.at, b.len);
        line->at[line->count].text = bytes_of(line->joined + used, a.len + b.len);
        line->at[line->count].is_joined = true;
        line->at[line->count].symbols = line->at[i].symbols | line->at[i + 1].symbols;
        line->at[line->count++].has_sound = false;
        used += a.len + b.len;
    }
}

/* The words that a place stands for: itself, or two neighbours. */
static uint32_t words_at(const struct line_words *line, size_t place)
{
    return place < line->words ? (uint32_t)1 << place
                               : (uint32_t)3 << (place - line->words);
}

/* The best pair first, then the best of what is left. */
static void pair_words(struct pairing *pairing, const struct question *question,
                       struct line_words *line)
{
    struct match all[LIKENESS_WORDS_MAX][PLACES_MAX];
    size_t places[LIKENESS_WORDS_MAX];
    uint32_t used = 0;
    size_t first_joined = question->count;
    memset(pairing, 0, sizeof *pairing);
    for (size_t i = 0; i < question->count; i++) {
        const struct word_pattern *word = &question->words[i];
        double most = 0;
        places[i] = PLACES_MAX;
        for (size_t j = 0; j < line->words; j++) {
            all[i][j] = compare(word, &line->at[j], question->memory);
            most = fmax(most, all[i][j].score);
        }
        /* Two as one only where no word alone will do. */
        bool joined = most < joined_below && word->text.len > JOINED_MIN;
        if (joined && line->count == line->words) {
            join_neighbours(line);
            first_joined = i;
        }
        for (size_t j = line->words; j < line->count; j++) {
            all[i][j].score = 0;
            if (!joined || line->at[j].text.len > 2 * word->text.len)
                continue;
            all[i][j] = compare(word, &line->at[j], question->memory);
            all[i][j].score *= together_worth;
        }
    }
    for (size_t i = 0; i < question->count; i++) /* joined later than it was compared */
        for (size_t j = line->words; i < first_joined && j < line->count; j++)
            all[i][j].score = 0;
    for (;;) {
        size_t best_i = 0, best_j = 0;
        double best = 0;
        for (size_t i = 0; i < question->count; i++)
            for (size_t j = 0; j < line->count && places[i] == PLACES_MAX; j++)
                if ((used & words_at(line, j)) == 0 &&
                    all[i][j].score * question->words[i].weight > best) {
                    best = all[i][j].score * question->words[i].weight;
                    best_i = i;
                    best_j = j;
                }
        if (best <= 0)
            break;
        used |= words_at(line, best_j);
        places[best_i] = best_j;
        pairing->matches[best_i] = all[best_i][best_j];
        pairing->found += best;
    }
    for (size_t j = 0; j < line->words; j++)
        if ((used & words_at(line, j)) == 0)
            pairing->rest += weight_of(line->at[j].text);
    uint32_t last = 0;
    for (size_t i = 0; i < question->count; i++) {
        if (places[i] == PLACES_MAX)
            continue;
        pairing->swapped |= words_at(line, places[i]) < last;
        last = words_at(line, places[i]);
    }
}

/* So many letters of a word may differ before it is another word: "madrid" is not "maria". */
static unsigned letters_allowed(size_t shorter)
{
    return shorter <= 5 ? 1 : shorter <= 8 ? 2 : 3;
}

/* A word that alone is a reason to show the line. Of what is less it takes two. */
static bool is_reason(const struct match *match, const struct word_pattern *word)
{
    size_t shorter = match->word.len < word->text.len ? match->word.len : word->text.len;
    switch (match->way) {
    case SAME:
    case SIGNS:
    case BEGINS:
    case SOUNDS:
        return true;
    case LETTERS:
        return match->distance <= letters_allowed(shorter);
    case NEARLY_SOUNDS:
        return match->score >= nearly_sounds_worth * together_worth - 0.001;
    default:
        return false;
    }
}

static double score_of(const struct pairing *pairing, const struct question *question)
{
    unsigned reasons = 0;
    for (size_t i = 0; i < question->count; i++) {
        const struct match *match = &pairing->matches[i];
        reasons += is_reason(match, &question->words[i]) ? 2 : 0;
        reasons += match->way == LETTERS || match->way == NEARLY_SOUNDS;
    }
    if (reasons < 2)
        return 0;
    double share = pairing->found / question->weight;
    double rest = pairing->rest / (pairing->rest + question->weight);
    return share * (1 - rest_costs * rest);
}

/* "vannoordt" for "van noordt": the line as one word. */
static double score_together(unsigned *distance, const struct question *question,
                             struct bytes text)
{
    uint8_t one[FOLD_OUT_MAX];
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < sizeof one; i++)
        if (text.at[i] != ' ')
            one[len++] = text.at[i];
    size_t whole = question->whole.text.len;
    if (whole == 0 || len > LIKENESS_LETTERS_MAX || len > whole + whole / 4 ||
        whole > len + len / 4)
        return 0;
    struct bytes line = bytes_of(one, len);
    *distance = likeness_distance(&question->whole, line);
    /* A number that differs is another one. */
    bool numbered = ((question->whole.symbols | symbols_of(line)) & digit_symbols()) != 0;
    if (numbered && *distance > 0)
        return 0;
    double score = 1 - (double)*distance / (double)(len > whole ? len : whole);
    return score >= whole_least ? together_worth * score : 0;
}

static double identifier_likeness(const struct question *question, struct bytes text,
                                  bool *part)
{
    struct bytes whole = question->whole.text;
    *part = false;
    if (whole.len < PART_MIN)
        return bytes_equal(whole, text) ? 1 : 0;
    if (text.len > whole.len && memmem(text.at, text.len, whole.at, whole.len) != NULL) {
        *part = true;
        return part_worth + (1 - part_worth) * (double)whole.len / (double)text.len;
    }
    if (text.len > LIKENESS_LETTERS_MAX)
        return 0;
    unsigned distance = likeness_distance(&question->whole, text);
    size_t longer = whole.len > text.len ? whole.len : text.len;
    double score = 1 - (double)distance / (double)longer;
    return score >= whole_least && distance <= SIGNS_MAX ? score : 0;
}

double likeness(const struct question *question, const struct word_line *line)
{
    struct pairing pairing;
    struct line_words words;
    bool part;
    unsigned distance;
    if (line->kind == WORD_IDENTIFIER) {
        double whole = identifier_likeness(question, line->text, &part);
        if (whole > 0 || question->count == 1)
            return whole;
    }
    read_line(&words, line->text);
    pair_words(&pairing, question, &words);
    double score = score_of(&pairing, question);
    return line->kind == WORD_IDENTIFIER || score > together_worth
               ? score
               : fmax(score, score_together(&distance, question, line->text));
}

/* ---- Why ---- */

static const char *sentence(const struct match *match, struct bytes asked,
                            struct arena *arena)
{
    const char *how = "";
    switch (match->way) {
    case NOT_LIKE:
        return arena_printf(arena, "\"%.*s\" is not there", (int)asked.len,
                            (const char *)asked.at);
    case SAME:
        return arena_printf(arena, "\"%.*s\" is there", (int)asked.len,
                            (const char *)asked.at);
    case LETTERS:
        how = match->distance == 1
                  ? "1 letter differs"
                  : arena_printf(arena, "%u letters differ", match->distance);
        break;
    case SIGNS:
        how = "1 sign differs";
        break;
    case BEGINS:
        how = "one begins the other";
        break;
    case INITIAL:
        how = "an initial";
        break;
    case SOUNDS:
        how = "sounds alike";
        break;
    case NEARLY_SOUNDS:
        how = "sounds alike but for one sound";
        break;
    }
    return arena_printf(arena, "\"%.*s\" for \"%.*s\": %s", (int)match->word.len,
                        (const char *)match->word.at, (int)asked.len,
                        (const char *)asked.at, how);
}

static size_t why_identifier(const char **why, const struct question *question,
                             struct bytes text, struct arena *arena)
{
    bool part;
    struct bytes whole = question->whole.text;
    double score = identifier_likeness(question, text, &part);
    if (score <= 0)
        return 0;
    if (part) {
        *why = arena_printf(arena, "\"%.*s\" is a part of it", (int)whole.len,
                            (const char *)whole.at);
    } else {
        unsigned distance = likeness_distance(&question->whole, text);
        *why = distance == 0
                   ? "the same sign by sign"
                   : arena_printf(arena, "%u sign%s of it differ%s", distance,
                                  distance == 1 ? "" : "s", distance == 1 ? "s" : "");
    }
    return 1;
}

size_t likeness_why(const char **why, size_t max, const struct question *question,
                    const struct word_line *line, struct arena *arena)
{
    struct pairing pairing;
    struct line_words words;
    size_t count = 0;
    unsigned distance;
    if (max == 0)
        return 0;
    if (line->kind == WORD_IDENTIFIER)
        count = why_identifier(why, question, line->text, arena);
    if (count > 0)
        return count;
    read_line(&words, line->text);
    pair_words(&pairing, question, &words);
    if (line->kind != WORD_IDENTIFIER &&
        score_together(&distance, question, line->text) > score_of(&pairing, question)) {
        why[0] = distance == 0
                     ? "the same but for the gaps between words"
                     : arena_printf(arena,
                                    "the same but for the gaps between words and %u "
                                    "letter%s",
                                    distance, distance == 1 ? "" : "s");
        return 1;
    }
    for (size_t i = 0; i < question->count && count < max; i++)
        why[count++] = sentence(&pairing.matches[i], question->words[i].text, arena);
    if (pairing.swapped && count < max)
        why[count++] = "in another order";
    return count;
}
