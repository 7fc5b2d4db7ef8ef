/* SPDX-License-Identifier: Apache-2.0 */
#include "link/search.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* BLOCK_LINES places fit into 16 bits, and as many counters of a byte into the second-level cache.
 * WAITING_MAX lines are compared one by one in well under a millisecond. */
enum { BLOCK_LINES = 1 << 16, WAITING_MAX = 1024 };

enum {
    LETTERS = FOLD_SYMBOLS * FOLD_SYMBOLS * FOLD_SYMBOLS,
    SOUNDS = FOLD_SOUNDS * FOLD_SOUNDS * FOLD_SOUNDS,
    GRAMS = LETTERS + SOUNDS,
    LINE_GRAMS_MAX = 2 * (FOLD_OUT_MAX + 1),
    QUERY_GRAMS_MAX = 96,
};

/* A counter is a byte. It begins with up to HEAD_START, more for shorter lines, so that of lines with
 * the same trigrams those with little else come first; the weights of a question's trigrams add up to
 * at most MASS. */
enum { HEAD_START = 15, HEAD_START_LETTERS = 3, MASS = 235 };

/* How many lines are compared letter by letter, of those with the most common trigrams; and the
 * share of all weights, of MASS, without which a line is not looked at. */
enum { BY_LETTERS = 420, BY_SOUNDS = 900, BY_PART = 300, LEAST_MASS = 60 };

/* A score below this is no find. */
static const double least_score = 0.45;
/* When so many are found by letters, and all are so like the question, nothing that only sounds alike
 * can come before them (likeness.c). */
static const double sure_score = 0.8;
static const double common_share = 0.15;

struct document {
    uint64_t number; /* 0: dropped */
    uint32_t case_place;
};

/* In kinds, beside the kind of a word: the line's record is of a case, so not everybody may see it. */
enum { OF_A_CASE = 0x80, DROPPED = 0 };

/* A line is shorter than 256 bytes, so all of a block's are within 24 bits. */
enum { LEN_BITS = 8 };
static_assert(FOLD_OUT_MAX < 1 << LEN_BITS, "a line's length is kept in a byte");

/* Beside each other what counting looks at, apart what only comparing does. */
struct block {
    uint8_t head_starts[BLOCK_LINES], kinds[BLOCK_LINES];
    uint32_t documents[BLOCK_LINES];
    uint32_t texts[BLOCK_LINES]; /* where each begins in text, times 256, and its length */
    bool is_open;       /* no line is dropped or of a case: everybody may see all */
    size_t count, made; /* made: how many of them stand in places */
    uint8_t *text;
    size_t text_len, text_capacity;
    uint32_t
        *starts; /* GRAMS + 1: where the places of each trigram begin; NULL: nothing made */
    uint16_t *places;
    size_t place_count;
};

/* Numbers to where they stand in an array: open addressing, place + 1, 0 free. */
struct number_map {
    uint32_t *places;
    size_t size;
};

struct search {
    struct block **blocks;
    size_t block_count, block_capacity;
    struct document *documents;
    size_t document_count, document_capacity;
    struct number_map by_number; /* of documents; dropped ones are left out when it grows */
    struct number_map by_case;   /* of cases */
    uint64_t *cases;             /* [0] is 0: no case */
    size_t case_count, case_capacity;
    uint64_t lines, records;
    uint32_t *common; /* GRAMS: how many lines that stand in places have it */
};

struct search *search_open(void)
{
    struct search *search = xcalloc(1, sizeof *search);
    search->common = xcalloc(GRAMS, sizeof *search->common);
    grow_to((void **)&search->cases, &search->case_capacity, 0, sizeof *search->cases);
    search->cases[0] = 0;
    search->case_count = 1;
    return search;
}

static void block_close(struct block *block)
{
    free(block->text);
    free(block->starts);
    free(block->places);
    free(block);
}

void search_close(struct search *search)
{
    if (search == NULL)
        return;
    for (size_t i = 0; i < search->block_count; i++)
        block_close(search->blocks[i]);
    free(search->blocks);
    free(search->documents);
    free(search->by_number.places);
    free(search->by_case.places);
    free(search->cases);
    free(search->common);
    free(search);
}

/* ---- Trigrams ---- */

static uint32_t gram_of(unsigned a, unsigned b, unsigned c)
{
    return (a * FOLD_SYMBOLS + b) * FOLD_SYMBOLS + c;
}

static size_t grams_of_word(uint32_t *out, struct bytes word)
{
    unsigned before = 0, here = fold_symbol(word.at[0]);
    for (size_t i = 0; i < word.len; i++) {
        unsigned next = i + 1 < word.len ? fold_symbol(word.at[i + 1]) : 0;
        out[i] = gram_of(before, here, next);
        before = here;
        here = next;
    }
    return word.len;
}

static size_t grams_of_sound(uint32_t *out, const uint8_t *sound, size_t len)
{
    unsigned before = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned next = i + 1 < len ? sound[i + 1] : 0;
        out[i] = LETTERS + (before * FOLD_SOUNDS + sound[i]) * FOLD_SOUNDS + next;
        before = sound[i];
    }
    return len;
}

/* Of all words of a line, and of a name's sounds. out: LINE_GRAMS_MAX; repeats are left in. */
static size_t grams_of_line(uint32_t *out, enum word_kind kind, struct bytes text)
{
    size_t count = 0;
    struct bytes word;
    while (fold_next_word(&word, &text)) {
        count += grams_of_word(out + count, word);
        uint8_t sound[FOLD_SOUND_MAX];
        if (kind == WORD_NAME)
            count += grams_of_sound(out + count, sound, fold_sound(sound, word));
    }
    return count;
}

/* ---- Making a block ---- */

static struct bytes line_text(const struct block *block, size_t line)
{
    uint32_t place = block->texts[line];
    return bytes_of(block->text + (place >> LEN_BITS), place & ((1U << LEN_BITS) - 1));
}

static enum word_kind line_kind(const struct block *block, size_t line)
{
    return (enum word_kind)(block->kinds[line] & ~OF_A_CASE);
}

/* Lines of dropped records go, and their words with them. */
static void pack(struct search *search, struct block *block)
{
    size_t kept = 0, text_len = 0;
    for (size_t i = 0; i < block->count; i++) {
        if (block->kinds[i] == DROPPED)
            continue;
        struct bytes text = line_text(block, i);
        memmove(block->text + text_len, text.at, text.len);
        block->texts[kept] = (uint32_t)(text_len << LEN_BITS | text.len);
        text_len += text.len;
        block->head_starts[kept] = block->head_starts[i];
        block->kinds[kept] = block->kinds[i];
        block->documents[kept++] = block->documents[i];
    }
    search->lines -= block->count - kept;
    block->count = kept;
    block->text_len = text_len;
}

struct making {
    uint32_t *seen; /* GRAMS: the last line + 1 that had it, so that a line counts once */
    uint32_t *fill; /* GRAMS: where its next place goes */
};

static void count_grams(struct block *block, struct making *making)
{
    uint32_t grams[LINE_GRAMS_MAX];
    for (size_t i = 0; i < block->count; i++) {
        size_t count = grams_of_line(grams, line_kind(block, i), line_text(block, i));
        for (size_t j = 0; j < count; j++)
            if (making->seen[grams[j]] != i + 1) {
                making->seen[grams[j]] = (uint32_t)i + 1;
                block->starts[grams[j] + 1]++;
            }
    }
}

static void fill_places(struct block *block, struct making *making)
{
    uint32_t grams[LINE_GRAMS_MAX];
    for (size_t i = 0; i < block->count; i++) {
        size_t count = grams_of_line(grams, line_kind(block, i), line_text(block, i));
        for (size_t j = 0; j < count; j++) {
            uint32_t at = making->fill[grams[j]];
            if (at > block->starts[grams[j]] && block->places[at - 1] == i)
                continue;
            block->places[at] = (uint16_t)i;
            making->fill[grams[j]] = at + 1;
        }
    }
}

static void forget(struct search *search, struct block *block)
{
    for (size_t i = 0; block->starts != NULL && i < GRAMS; i++)
        search->common[i] -= block->starts[i + 1] - block->starts[i];
    free(block->starts);
    free(block->places);
    block->starts = NULL;
    block->places = NULL;
}

static void make_block(struct search *search, struct block *block)
{
    struct making making = {.seen = xcalloc(GRAMS, sizeof *making.seen),
                            .fill = xcalloc(GRAMS, sizeof *making.fill)};
    forget(search, block);
    pack(search, block);
    block->starts = xcalloc(GRAMS + 1, sizeof *block->starts);
    count_grams(block, &making);
    for (size_t i = 0; i < GRAMS; i++) {
        search->common[i] += block->starts[i + 1];
        block->starts[i + 1] += block->starts[i];
    }
    memcpy(making.fill, block->starts, GRAMS * sizeof *making.fill);
    block->place_count = block->starts[GRAMS];
    block->places = xmalloc((block->place_count + 1) * sizeof *block->places);
    fill_places(block, &making);
    block->made = block->count;
    if (block->count == BLOCK_LINES) { /* nothing more comes */
        block->text_capacity = block->text_len;
        block->text = xrealloc(block->text, block->text_len + 1, 1);
    }
    free(making.seen);
    free(making.fill);
}

void search_settle(struct search *search)
{
    for (size_t i = 0; i < search->block_count; i++)
        if (search->blocks[i]->made < search->blocks[i]->count)
            make_block(search, search->blocks[i]);
}

/* ---- Putting and dropping ---- */

static struct block *open_block(struct search *search)
{
    struct block *last =
        search->block_count > 0 ? search->blocks[search->block_count - 1] : NULL;
    if (last != NULL && last->count < BLOCK_LINES)
        return last;
    grow_to((void **)&search->blocks, &search->block_capacity, search->block_count,
            sizeof(struct block *));
    return search->blocks[search->block_count++] = xcalloc(1, sizeof(struct block));
}

static uint8_t head_start(size_t len)
{
    size_t less = len / HEAD_START_LETTERS;
    return (uint8_t)(less < HEAD_START ? HEAD_START - less : 0);
}

static void add_line(struct search *search, uint32_t document, const struct word_line *line)
{
    struct block *block = open_block(search);
    grow_to((void **)&block->text, &block->text_capacity, block->text_len + line->text.len,
            1);
    memcpy(block->text + block->text_len, line->text.at, line->text.len);
    block->text_len += line->text.len;
    size_t place = block->count++;
    bool of_a_case = search->documents[document].case_place != 0;
    block->documents[place] = document;
    block->texts[place] =
        (uint32_t)((block->text_len - line->text.len) << LEN_BITS | line->text.len);
    block->is_open = (place == 0 || block->is_open) && !of_a_case;
    block->head_starts[place] = head_start(line->text.len);
    block->kinds[place] = (uint8_t)(line->kind | (of_a_case ? OF_A_CASE : 0));
    search->lines++;
}

/* ---- Maps ---- */

static size_t home_of(const struct number_map *map, uint64_t number)
{
    return (number * 0x9E3779B97F4A7C15u >> 20) & (map->size - 1);
}

static void map_put(struct number_map *map, uint64_t number, size_t place)
{
    size_t at = home_of(map, number);
    while (map->places[at] != 0)
        at = (at + 1) & (map->size - 1);
    map->places[at] = (uint32_t)place + 1;
}

/* At most half full with count places in it. true: it is empty now, and all must be put again. */
static bool map_grow(struct number_map *map, size_t count)
{
    enum { FIRST = 1024 };
    if (2 * count <= map->size)
        return false;
    map->size = map->size > 0 ? 2 * map->size : FIRST;
    free(map->places);
    map->places = xcalloc(map->size, sizeof *map->places);
    return true;
}

/* document_count: it is not there. */
static size_t find_document(const struct search *search, uint64_t number)
{
    const struct number_map *map = &search->by_number;
    if (map->size == 0)
        return search->document_count;
    for (size_t at = home_of(map, number); map->places[at] != 0;
         at = (at + 1) & (map->size - 1))
        if (search->documents[map->places[at] - 1].number == number)
            return map->places[at] - 1;
    return search->document_count;
}

static void put_document(struct search *search, size_t document)
{
    if (!map_grow(&search->by_number, document + 1)) {
        map_put(&search->by_number, search->documents[document].number, document);
        return;
    }
    for (size_t i = 0; i <= document; i++)
        if (search->documents[i].number != 0)
            map_put(&search->by_number, search->documents[i].number, i);
}

static uint32_t place_of_case(struct search *search, uint64_t case_number)
{
    struct number_map *map = &search->by_case;
    if (case_number == 0)
        return 0;
    if (map_grow(map, search->case_count + 1))
        for (size_t i = 1; i < search->case_count; i++)
            map_put(map, search->cases[i], i);
    for (size_t at = home_of(map, case_number); map->places[at] != 0;
         at = (at + 1) & (map->size - 1))
        if (search->cases[map->places[at] - 1] == case_number)
            return map->places[at] - 1;
    grow_to((void **)&search->cases, &search->case_capacity, search->case_count,
            sizeof *search->cases);
    search->cases[search->case_count] = case_number;
    map_put(map, case_number, search->case_count);
    return (uint32_t)search->case_count++;
}

static size_t waiting(const struct search *search)
{
    const struct block *last =
        search->block_count > 0 ? search->blocks[search->block_count - 1] : NULL;
    return last != NULL ? last->count - last->made : 0;
}

void search_put(struct search *search, uint64_t number, uint64_t case_number,
                struct bytes words)
{
    struct cursor cursor = {.rest = words};
    struct word_line line;
    assert(number != 0);
    cursor_u8(&cursor);
    if (words.len == 0)
        return;
    grow_to((void **)&search->documents, &search->document_capacity, search->document_count,
            sizeof *search->documents);
    uint32_t document = (uint32_t)search->document_count++;
    search->documents[document] =
        (struct document){number, place_of_case(search, case_number)};
    search->records++;
    put_document(search, document);
    while (words_next(&line, &cursor))
        add_line(search, document, &line);
}

/* Documents of lines rise, and those of one stand together. */
static void drop_lines(struct block *block, uint32_t document)
{
    size_t from = 0, until = block->count;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (block->documents[middle] < document)
            from = middle + 1;
        else
            until = middle;
    }
    for (; from < block->count && block->documents[from] == document; from++) {
        block->kinds[from] = DROPPED;
        block->is_open = false;
    }
}

void search_drop(struct search *search, uint64_t number)
{
    size_t document = find_document(search, number);
    if (document == search->document_count)
        return;
    search->documents[document].number = 0;
    search->records--;
    for (size_t i = search->block_count; i-- > 0;)
        drop_lines(search->blocks[i], (uint32_t)document);
}

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
        count += grams_of_word(grams + count, question->words[i].text);
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
        count += grams_of_sound(grams + count, question->words[i].sound,
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
        grams[count++] = gram_of(fold_symbol(whole.at[i]), fold_symbol(whole.at[i + 1]),
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
    if (waiting(search) > WAITING_MAX)
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

void search_measure(struct search_size *out, const struct search *search)
{
    *out = (struct search_size){.records = search->records, .lines = search->lines};
    out->bytes = sizeof *search + GRAMS * sizeof *search->common +
                 search->document_capacity * sizeof *search->documents +
                 search->case_capacity * sizeof *search->cases +
                 search->by_number.size * sizeof *search->by_number.places +
                 search->by_case.size * sizeof *search->by_case.places;
    for (size_t i = 0; i < search->block_count; i++) {
        const struct block *block = search->blocks[i];
        out->bytes += sizeof *block + block->text_capacity +
                      (block->starts != NULL ? (GRAMS + 1) * sizeof *block->starts : 0) +
                      block->place_count * sizeof *block->places;
    }
}
