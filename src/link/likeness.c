/* SPDX-License-Identifier: Apache-2.0 */
#include "link/likeness.h"

#include "base/text.h"

#include <math.h>

/* Below it two identifiers are not like each other. */
static const double whole_least = 0.7;
static const double nearly_sounds_worth = LIKE_NEARLY_SOUNDS_WORTH, together_worth = 0.97;
/* A line loses so much of its score when all of it but what was found is something else. */
static const double rest_costs = 0.12;
/* A word of the question that is less like any one word may be two of them. */
static const double joined_below = 0.95;
/* A part of an identifier: so much when it is next to nothing of it. */
static const double part_worth = 0.7;

/* More than two wrong signs make another number. */
enum { SIGNS_MAX = 2 };

enum { PART_MIN = 3, JOINED_MIN = 3, LINE_WORDS_MAX = 24 };

/* ---- Many words ---- */

struct pairing {
    struct word_likeness matches[LIKENESS_WORDS_MAX]; /* beside the question's words */
    double found, rest;                               /* weights */
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
        line->at[line->words].symbols = word_symbols(word);
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
    struct word_likeness all[LIKENESS_WORDS_MAX][PLACES_MAX];
    size_t places[LIKENESS_WORDS_MAX];
    uint32_t used = 0;
    size_t first_joined = question->count;
    memset(pairing, 0, sizeof *pairing);
    for (size_t i = 0; i < question->count; i++) {
        const struct word_pattern *word = &question->words[i];
        double most = 0;
        places[i] = PLACES_MAX;
        for (size_t j = 0; j < line->words; j++) {
            word_likeness(&all[i][j], word, &line->at[j], question->memory);
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
            word_likeness(&all[i][j], word, &line->at[j], question->memory);
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
            pairing->rest += word_weight(line->at[j].text);
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
static bool is_reason(const struct word_likeness *match, const struct word_pattern *word)
{
    size_t shorter = match->word.len < word->text.len ? match->word.len : word->text.len;
    switch (match->way) {
    case LIKE_SAME:
    case LIKE_SIGNS:
    case LIKE_BEGINS:
    case LIKE_SOUNDS:
        return true;
    case LIKE_LETTERS:
        return match->distance <= letters_allowed(shorter);
    case LIKE_NEARLY_SOUNDS:
        return match->score >= nearly_sounds_worth * together_worth - 0.001;
    default:
        return false;
    }
}

static double score_of(const struct pairing *pairing, const struct question *question)
{
    unsigned reasons = 0;
    for (size_t i = 0; i < question->count; i++) {
        const struct word_likeness *match = &pairing->matches[i];
        reasons += is_reason(match, &question->words[i]) ? 2 : 0;
        reasons += match->way == LIKE_LETTERS || match->way == LIKE_NEARLY_SOUNDS;
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
    *distance = word_pattern_distance(&question->whole, line);
    /* A number that differs is another one. */
    bool numbered =
        ((question->whole.symbols | word_symbols(line)) & word_digit_symbols()) != 0;
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
    unsigned distance = word_pattern_distance(&question->whole, text);
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

static const char *sentence(const struct word_likeness *match, struct bytes asked,
                            struct arena *arena)
{
    const char *how = "";
    switch (match->way) {
    case LIKE_NOT_AT_ALL:
        return arena_printf(arena, "\"%.*s\" is not there", (int)asked.len,
                            (const char *)asked.at);
    case LIKE_SAME:
        return arena_printf(arena, "\"%.*s\" is there", (int)asked.len,
                            (const char *)asked.at);
    case LIKE_LETTERS:
        how = match->distance == 1
                  ? "1 letter differs"
                  : arena_printf(arena, "%u letters differ", match->distance);
        break;
    case LIKE_SIGNS:
        how = "1 sign differs";
        break;
    case LIKE_BEGINS:
        how = "one begins the other";
        break;
    case LIKE_INITIAL:
        how = "an initial";
        break;
    case LIKE_SOUNDS:
        how = "sounds alike";
        break;
    case LIKE_NEARLY_SOUNDS:
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
        unsigned distance = word_pattern_distance(&question->whole, text);
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
