/* SPDX-License-Identifier: Apache-2.0 */
#include "link/learn.h"

#include "link/likeness.h"

#include <math.h>

/* Two names are alike from here on, and differ below; between the two they say nothing. */
static const double alike = 0.85, unlike = 0.6;

enum verdict { SILENT, AGREES, DIFFERS };

static enum verdict compare_keys(const struct key_list *a, const struct key_list *b,
                                 enum key_class class)
{
    bool in_a = false, in_b = false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->items[i].class != class)
            continue;
        in_a = true;
        for (size_t j = 0; j < b->count; j++)
            if (b->items[j].class == class &&
                bytes_equal(a->items[i].value, b->items[j].value))
                return AGREES;
    }
    for (size_t j = 0; j < b->count; j++)
        in_b |= b->items[j].class == class;
    return in_a && in_b ? DIFFERS : SILENT;
}

static enum verdict compare_names(const struct record *a, const struct record *b)
{
    struct buf words = {.max = WORDS_MAX};
    struct question question;
    struct word_line line;
    double best = -1;
    words_of_record(&words, b);
    for (size_t i = 0; i < a->count; i++) {
        const struct record_value *value = &a->values[i];
        if (value->property == NULL || word_kind_of(value->property->kind) != WORD_NAME ||
            !question_read(&question, value->raw))
            continue;
        struct cursor cursor = {.rest = buf_bytes(&words)};
        if (words.len > 0)
            cursor_u8(&cursor);
        while (words_next(&line, &cursor))
            if (line.kind == WORD_NAME)
                best = fmax(best, likeness(&question, &line));
    }
    buf_release(&words);
    return best >= alike ? AGREES : best >= 0 && best < unlike ? DIFFERS : SILENT;
}

static enum verdict compare_values(const struct record *a, const struct record *b,
                                   const char *property)
{
    size_t at_a = 0;
    const struct record_value *x, *y;
    bool in_b = record_first(b, property).len > 0;
    if (record_first(a, property).len == 0 || !in_b)
        return SILENT;
    while ((x = record_next(a, property, &at_a)) != NULL) {
        size_t at_b = 0;
        while ((y = record_next(b, property, &at_b)) != NULL)
            if (bytes_equal(x->clean, y->clean))
                return AGREES;
    }
    return DIFFERS;
}

static void count(struct learned *learned, enum verdict verdict, bool same)
{
    if (verdict == AGREES)
        same ? learned->same_agree++ : learned->different_agree++;
    if (verdict == DIFFERS)
        same ? learned->same_differ++ : learned->different_differ++;
}

static double share(uint64_t of, uint64_t other)
{
    return ((double)of + 0.5) / ((double)of + (double)other + 1);
}

void learn_from_pairs(struct learned out[static LEARN_KINDS],
                      const struct labelled_pair *pairs, size_t pair_count)
{
    static const char *const names[] = {"names", "birthDate", "country"};
    for (size_t i = 0; i < LEARN_KINDS; i++)
        out[i] = (struct learned){.evidence = i < KEY_CLASSES
                                                  ? key_class_row((enum key_class)i)->name
                                                  : names[i - KEY_CLASSES]};
    struct arena arena = {0};
    for (size_t i = 0; i < pair_count; i++) {
        const struct record *a = pairs[i].a, *b = pairs[i].b;
        struct key_list keys_a = {0}, keys_b = {0};
        keys_of_record(&keys_a, a, &arena);
        keys_of_record(&keys_b, b, &arena);
        for (enum key_class class = 0; class < KEY_CLASSES; class ++)
            count(&out[class], compare_keys(&keys_a, &keys_b, class), pairs[i].same);
        count(&out[LEARN_NAMES], compare_names(a, b), pairs[i].same);
        count(&out[LEARN_BIRTH_DATE], compare_values(a, b, "birthDate"), pairs[i].same);
        count(&out[LEARN_COUNTRY], compare_values(a, b, "country"), pairs[i].same);
        arena_reset(&arena);
    }
    arena_release(&arena);
    for (size_t i = 0; i < LEARN_KINDS; i++) {
        double same = share(out[i].same_agree, out[i].same_differ);
        double different = share(out[i].different_agree, out[i].different_differ);
        out[i].agree_bits = log2(same / different);
        out[i].differ_bits = log2((1 - same) / (1 - different));
    }
}
