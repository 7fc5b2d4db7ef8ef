/* SPDX-License-Identifier: Apache-2.0
 *
 * link/search_blocks.h: how the index of link/search lies in memory, for those who fill it
 * (search.c) and those who ask it (search_ask.c).
 *
 * Lines stand in blocks of BLOCK_LINES. Of a full block it is known for each trigram which
 * of its lines have it; the lines behind (at most WAITING_MAX) wait and are compared one by
 * one.
 */
#ifndef LINK_SEARCH_BLOCKS_H
#define LINK_SEARCH_BLOCKS_H

#include "link/search.h"

#include <assert.h>

/* BLOCK_LINES places fit into 16 bits, and as many counters of a byte into the second-level
 * cache. WAITING_MAX lines are compared one by one in well under a millisecond. */
enum { BLOCK_LINES = 1 << 16, WAITING_MAX = 1024 };

enum {
    LETTERS = FOLD_SYMBOLS * FOLD_SYMBOLS * FOLD_SYMBOLS,
    SOUNDS = FOLD_SOUNDS * FOLD_SOUNDS * FOLD_SOUNDS,
    GRAMS = LETTERS + SOUNDS,
    LINE_GRAMS_MAX = 2 * (FOLD_OUT_MAX + 1),
    QUERY_GRAMS_MAX = 96,
};

/* A counter is a byte. It begins with up to HEAD_START, more for shorter lines, so that of
 * lines with the same trigrams those with little else come first; the weights of a
 * question's trigrams add up to at most MASS. */
enum { HEAD_START = 15, HEAD_START_LETTERS = 3, MASS = 235 };

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

static inline struct bytes line_text(const struct block *block, size_t line)
{
    uint32_t place = block->texts[line];
    return bytes_of(block->text + (place >> LEN_BITS), place & ((1U << LEN_BITS) - 1));
}

static inline enum word_kind line_kind(const struct block *block, size_t line)
{
    return (enum word_kind)(block->kinds[line] & ~OF_A_CASE);
}

/* Trigrams of a word's letters, of its sounds; and the lines that wait. */
uint32_t search_gram_of(unsigned a, unsigned b, unsigned c);
size_t search_grams_of_word(uint32_t *out, struct bytes word);
size_t search_grams_of_sound(uint32_t *out, const uint8_t *sound, size_t len);
size_t search_waiting(const struct search *search);

#endif
