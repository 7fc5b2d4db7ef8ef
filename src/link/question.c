/* SPDX-License-Identifier: Apache-2.0 */
#include "link/question.h"

#include "base/text.h"

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
