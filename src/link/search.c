/* SPDX-License-Identifier: Apache-2.0 */
#include "link/search_blocks.h"

#include <math.h>
#include <stdlib.h>

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

uint32_t search_gram_of(unsigned a, unsigned b, unsigned c)
{
    return (a * FOLD_SYMBOLS + b) * FOLD_SYMBOLS + c;
}

size_t search_grams_of_word(uint32_t *out, struct bytes word)
{
    unsigned before = 0, here = fold_symbol(word.at[0]);
    for (size_t i = 0; i < word.len; i++) {
        unsigned next = i + 1 < word.len ? fold_symbol(word.at[i + 1]) : 0;
        out[i] = search_gram_of(before, here, next);
        before = here;
        here = next;
    }
    return word.len;
}

size_t search_grams_of_sound(uint32_t *out, const uint8_t *sound, size_t len)
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
        count += search_grams_of_word(out + count, word);
        uint8_t sound[FOLD_SOUND_MAX];
        if (kind == WORD_NAME)
            count += search_grams_of_sound(out + count, sound, fold_sound(sound, word));
    }
    return count;
}

/* ---- Making a block ---- */

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

size_t search_waiting(const struct search *search)
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
