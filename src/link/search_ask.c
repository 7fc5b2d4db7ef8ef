/* SPDX-License-Identifier: Apache-2.0 */
#include "link/search_blocks.h"

#include "link/likeness.h"

#include <math.h>
#include <stdlib.h>

/* How many lines are compared letter by letter, of those with the most common trigrams; and the
 * share of all weights, of MASS, without which a line is not looked at. */
enum { BY_LETTERS = 420, BY_SOUNDS = 900, BY_PART = 300, LEAST_MASS = 60 };

/* A score below this is no find. */
static const double least_score = 0.45;
/* When so many are found by letters, and all are so like the question, nothing that only sounds alike
 * can come before them (likeness.c). */
static const double sure_score = 0.8;
static const double common_share = 0.15;

/* ---- Counting ---- */

struct weighted {
    uint32_t gram;
    uint8_t weight;
    double rarity; /* bits */
};

struct candidate {
    uint32_t block;
    uint16_t line;
    uint8_t weight; /* as counted */
};

struct counting {
    struct weighted grams[QUERY_GRAMS_MAX];
    size_t gram_count;
    bool identifiers_alone;
    size_t keep; /* this many candidates are enough */
    struct candidate *candidates;
    size_t count, capacity;
    unsigned least;   /* counted weight that a candidate needs by now */
    uint8_t *visible; /* beside cases: 0 not asked yet, 1 yes, 2 no */
    const struct search_query *query;
    const struct search *search;
};

static int by_gram(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static int by_weight(const void *a, const void *b)
{
    const struct weighted *x = a, *y = b;
    return (x->rarity < y->rarity) - (x->rarity > y->rarity);
}

/* Each trigram once, weighed by how rare it is; together at most MASS. The most common ones are left
 * out as long as they are no more than common_share of it: they cost most and tell least. */
static void weigh(struct counting *counting, uint32_t *grams, size_t count)
{
    const struct search *search = counting->search;
    struct weighted *kept = counting->grams;
    double sum = 0, left_out = 0;
    size_t kept_count = 0;
    qsort(grams, count, sizeof *grams, by_gram);
    for (size_t i = 0; i < count && kept_count < QUERY_GRAMS_MAX; i++) {
        uint32_t lines = search->common[grams[i]];
        if ((i > 0 && grams[i] == grams[i - 1]) || lines == 0)
            continue;
        double rarity = -log2((1.0 + lines) / (2.0 + (double)search->lines));
        kept[kept_count++] = (struct weighted){.gram = grams[i], .rarity = rarity};
        sum += rarity;
    }
    qsort(kept, kept_count, sizeof *kept, by_weight);
    while (kept_count > 1 && left_out + kept[kept_count - 1].rarity < sum * common_share)
        left_out += kept[--kept_count].rarity;
    for (size_t i = 0; i < kept_count; i++)
        kept[i].weight = (uint8_t)(1 + floor(kept[i].rarity / (sum - left_out) *
                                             (double)(MASS - kept_count)));
    counting->gram_count = kept_count;
}

static bool may_see(struct counting *counting, const struct block *block, size_t line)
{
    const struct search *search = counting->search;
    const struct search_query *query = counting->query;
    if ((block->kinds[line] & OF_A_CASE) == 0 || query->visible == NULL)
        return block->kinds[line] != DROPPED;
    uint32_t place = search->documents[block->documents[line]].case_place;
    uint8_t *known = &counting->visible[place];
    if (*known == 0)
        *known = query->visible(query->context, search->cases[place]) ? 1 : 2;
    return *known == 1;
}

/* The best `keep` stay, and only what is better than the least of them is taken from then on. */
static void thin_out(struct counting *counting)
{
    size_t weights[256] = {0}, over = 0, kept = 0;
    unsigned least = 255;
    if (counting->count < counting->keep)
        return;
    for (size_t i = 0; i < counting->count; i++)
        weights[counting->candidates[i].weight]++;
    while (over + weights[least] < counting->keep)
        over += weights[least--];
    size_t room = counting->keep - over; /* for those of just this weight */
    for (size_t i = 0; i < counting->count; i++) {
        struct candidate candidate = counting->candidates[i];
        if (candidate.weight < least || (candidate.weight == least && room == 0))
            continue;
        room -= candidate.weight == least;
        counting->candidates[kept++] = candidate;
    }
    counting->count = kept;
    counting->least = least + 1;
}

static void consider(struct counting *counting, size_t block_place, size_t line,
                     uint8_t weight)
{
    const struct block *block = counting->search->blocks[block_place];
    if (!block->is_open && !may_see(counting, block, line))
        return;
    if (counting->identifiers_alone && line_kind(block, line) != WORD_IDENTIFIER)
        return;
    if (counting->count == counting->capacity)
        thin_out(counting);
    if (weight >= counting->least)
        counting->candidates[counting->count++] =
            (struct candidate){(uint32_t)block_place, (uint16_t)line, weight};
}

/* The counters of one block, and what of it is worth comparing. */
static void count_block(struct counting *counting, uint8_t *counters, size_t block_place)
{
    enum { STEP = 64 };
    const struct block *block = counting->search->blocks[block_place];
    if (block->made == 0)
        return;
    size_t size = (block->made + STEP - 1) / STEP * STEP;
    memcpy(counters, block->head_starts, size);
    for (size_t i = 0; i < counting->gram_count; i++) {
        const uint16_t *place = block->places + block->starts[counting->grams[i].gram];
        const uint16_t *end = block->places + block->starts[counting->grams[i].gram + 1];
        uint8_t weight = counting->grams[i].weight;
        for (; place < end; place++)
            counters[*place] = (uint8_t)(counters[*place] + weight);
    }
    for (size_t from = 0; from < size; from += STEP) {
        uint8_t most = 0;
        for (size_t i = 0; i < STEP; i++)
            most = counters[from + i] > most ? counters[from + i] : most;
        if (most < counting->least)
            continue;
        for (size_t i = from; i < from + STEP && i < block->made; i++)
            if (counters[i] >= counting->least)
                consider(counting, block_place, i, counters[i]);
    }
}

/* ---- The best of what was compared ---- */

struct ranking {
    const struct search *search;
    const struct search_query *query;
    struct counting *counting;
    struct search_hit *hits;
    size_t count;
    struct candidate *compared; /* by the first pass that found any */
    size_t compared_count;
};

static bool is_better(const struct search_hit *a, const struct search_hit *b)
{
    return a->score > b->score || (a->score == b->score && a->number < b->number);
}

static int by_score(const void *a, const void *b)
{
    return is_better(a, b) ? -1 : is_better(b, a) ? 1 : 0;
}

/* The hits are few: the worst is looked for when one must go. */
static void rank(struct ranking *ranking, const struct search_hit *hit)
{
    size_t worst = 0;
    for (size_t i = 0; i < ranking->count; i++) {
        if (ranking->hits[i].number == hit->number) {
            if (hit->score > ranking->hits[i].score)
                ranking->hits[i].score = hit->score;
            return;
        }
        if (is_better(&ranking->hits[worst], &ranking->hits[i]))
            worst = i;
    }
    if (ranking->count < ranking->query->max)
        ranking->hits[ranking->count++] = *hit;
    else if (is_better(hit, &ranking->hits[worst]))
        ranking->hits[worst] = *hit;
}

static void compare_line(struct ranking *ranking, const struct block *block, size_t line)
{
    const struct search *search = ranking->search;
    struct word_line words = {line_kind(block, line), line_text(block, line)};
    double score = likeness(ranking->query->question, &words);
    if (score < least_score)
        return;
    const struct document *document = &search->documents[block->documents[line]];
    rank(ranking, &(struct search_hit){document->number,
                                       search->cases[document->case_place], score});
}

static int by_place(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->block != y->block ? (x->block > y->block) - (x->block < y->block)
                                : (x->line > y->line) - (x->line < y->line);
}

/* Lines that an earlier pass has compared are left out; both lists rise by their places, as counting
 * makes them. */
static void leave_out_compared(struct ranking *ranking)
{
    struct counting *counting = ranking->counting;
    size_t kept = 0, before = 0;
    for (size_t i = 0; i < counting->count; i++) {
        while (before < ranking->compared_count &&
               by_place(&ranking->compared[before], &counting->candidates[i]) < 0)
            before++;
        if (before < ranking->compared_count &&
            by_place(&ranking->compared[before], &counting->candidates[i]) == 0)
            continue;
        counting->candidates[kept++] = counting->candidates[i];
    }
    counting->count = kept;
}

static void compare_candidates(struct ranking *ranking)
{
    struct counting *counting = ranking->counting;
    enum { AHEAD = 8 };
    struct block **blocks = ranking->search->blocks;
    const struct candidate *candidates = counting->candidates;
    thin_out(counting);
    leave_out_compared(ranking);
    for (size_t i = 0; i < counting->count; i++) {
        /* The texts lie all over the memory: those to come are fetched meanwhile, and where they
         * stand before that. */
        if (i + 2 * AHEAD < counting->count) {
            const struct candidate *next = &candidates[i + 2 * AHEAD];
            __builtin_prefetch(&blocks[next->block]->texts[next->line]);
            __builtin_prefetch(&blocks[next->block]->kinds[next->line]);
        }
        if (i + AHEAD < counting->count)
            __builtin_prefetch(
                line_text(blocks[candidates[i + AHEAD].block], candidates[i + AHEAD].line)
                    .at);
        compare_line(ranking, blocks[candidates[i].block], candidates[i].line);
    }
    if (ranking->compared_count == 0) {
        memcpy(ranking->compared, candidates, counting->count * sizeof *candidates);
        ranking->compared_count = counting->count;
    }
}

static void count_and_compare(struct ranking *ranking, uint32_t *grams, size_t gram_count,
                              uint8_t *counters, size_t keep)
{
    struct counting *counting = ranking->counting;
    if (gram_count == 0)
        return;
    weigh(counting, grams, gram_count);
    counting->keep = keep;
    counting->count = 0;
    counting->least = LEAST_MASS;
    for (size_t i = 0; i < ranking->search->block_count; i++)
        count_block(counting, counters, i);
    compare_candidates(ranking);
}

/* ---- A question ---- */

static void ask_letters(struct ranking *ranking, uint8_t *counters)
{
    const struct question *question = ranking->query->question;
    uint32_t grams[2 * FOLD_OUT_MAX];
    size_t count = 0;
    for (size_t i = 0; i < question->count; i++)
        count += search_grams_of_word(grams + count, question->words[i].text);
    count_and_compare(ranking, grams, count, counters, BY_LETTERS);
}

static bool is_sure(const struct ranking *ranking)
{
    for (size_t i = 0; i < ranking->count; i++)
        if (ranking->hits[i].score < sure_score)
            return false;
    return ranking->count == ranking->query->max;
}

static void ask_sounds(struct ranking *ranking, uint8_t *counters)
{
    const struct question *question = ranking->query->question;
    uint32_t grams[LIKENESS_WORDS_MAX * FOLD_SOUND_MAX];
    size_t count = 0;
    for (size_t i = 0; i < question->count; i++)
        count += search_grams_of_sound(grams + count, question->words[i].sound,
                                       question->words[i].sound_len);
    count_and_compare(ranking, grams, count, counters, BY_SOUNDS);
}

/* A part of an identifier has trigrams from inside it, and none of its ends. */
static void ask_part(struct ranking *ranking, uint8_t *counters)
{
    struct bytes whole = ranking->query->question->whole.text;
    uint32_t grams[LIKENESS_LETTERS_MAX];
    size_t count = 0;
    if (!ranking->query->question->has_digit)
        return;
    for (size_t i = 0; i + 2 < whole.len; i++)
        grams[count++] =
            search_gram_of(fold_symbol(whole.at[i]), fold_symbol(whole.at[i + 1]),
                           fold_symbol(whole.at[i + 2]));
    ranking->counting->identifiers_alone = true;
    count_and_compare(ranking, grams, count, counters, BY_PART);
    ranking->counting->identifiers_alone = false;
}

static void ask_waiting(struct ranking *ranking)
{
    const struct search *search = ranking->search;
    for (size_t i = 0; i < search->block_count; i++) {
        const struct block *block = search->blocks[i];
        for (size_t j = block->made; j < block->count; j++)
            if (may_see(ranking->counting, block, j))
                compare_line(ranking, block, j);
    }
}

size_t search_find(struct search_hit *hits, struct search *search,
                   const struct search_query *query)
{
    enum { CANDIDATES = 4 * BY_SOUNDS };
    assert(query->max <= SEARCH_HITS_MAX);
    if (query->question->count == 0 || query->max == 0)
        return 0;
    if (search_waiting(search) > WAITING_MAX)
        search_settle(search);
    uint8_t *counters = xmalloc(BLOCK_LINES);
    query->question->memory = xcalloc(1, sizeof *query->question->memory);
    struct counting counting = {.capacity = CANDIDATES, .query = query, .search = search};
    counting.candidates = xmalloc(CANDIDATES * sizeof *counting.candidates);
    counting.visible = xcalloc(search->case_count, 1);
    struct candidate compared[BY_SOUNDS]; /* the most that a pass keeps */
    struct ranking ranking = {.search = search,
                              .query = query,
                              .counting = &counting,
                              .hits = hits,
                              .compared = compared};
    ask_letters(&ranking, counters);
    if (!is_sure(&ranking))
        ask_sounds(&ranking, counters);
    ask_part(&ranking, counters);
    ask_waiting(&ranking);
    qsort(hits, ranking.count, sizeof *hits, by_score);
    free(counting.visible);
    free(counting.candidates);
    free(counters);
    free(query->question->memory);
    query->question->memory = NULL;
    return ranking.count;
}
