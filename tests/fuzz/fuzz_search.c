/* SPDX-License-Identifier: Apache-2.0
 *
 * A question, a newline, and lines of words: the first byte of each says its kind. What is folded is
 * folded text; a likeness lies between 0 and 1 and has reasons; the index finds what is nearly the same
 * as the question, and gives the very likeness.
 */
#include "fuzz.h"

#include "base/text.h"
#include "link/search.h"

#include <assert.h>
#include <math.h>

static void check_folded(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool gap = text.at[i] == ' ' && i > 0 && i + 1 < text.len && text.at[i - 1] != ' ';
        assert(gap || fold_symbol(text.at[i]) != 0);
    }
    assert(text.len <= FOLD_OUT_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MAX = 4096, HITS = 8 };
    struct buf input = {.max = 4 * MAX}, words = {.max = WORDS_MAX},
               line = {.max = FOLD_OUT_MAX};
    struct arena arena = {0};
    struct search *search = search_open();
    struct question question;
    struct search_hit hits[HITS];
    double most = 0;
    utf8_add_repaired(&input, bytes_of(data, size < MAX ? size : MAX));
    struct bytes rest = buf_bytes(&input), asked, text;
    if (!text_next_part(&asked, &rest, '\n'))
        asked = (struct bytes){0};
    asked.len = asked.len > LIKENESS_TEXT_MAX ? 0 : asked.len;
    bool readable = question_read(&question, asked);
    uint64_t number = 0;
    while (text_next_part(&text, &rest, '\n') && number < 32) {
        enum word_kind kind = (enum word_kind)(text.len > 0 ? 1 + text.at[0] % 3 : 1);
        buf_clear(&line);
        buf_clear(&words);
        if (kind == WORD_IDENTIFIER)
            fold_compact(&line, text);
        else
            fold_text(&line, text);
        check_folded(buf_bytes(&line));
        if (line.len == 0)
            continue;
        buf_add_byte(&words, 1);
        buf_add_byte(&words, (uint8_t)kind);
        buf_add_byte(&words, (uint8_t)line.len);
        buf_add(&words, buf_bytes(&line));
        number++;
        search_put(search, number, number % 3, buf_bytes(&words));
        if (number % 8 == 5)
            search_settle(search);
        struct word_line made = {kind, buf_bytes(&line)};
        double score = readable ? likeness(&question, &made) : 0;
        assert(score >= 0 && score <= 1 + 1e-9);
        const char *why[LIKENESS_WORDS_MAX + 1];
        if (score > 0)
            assert(likeness_why(why, sizeof why / sizeof why[0], &question, &made, &arena) >
                   0);
        most = fmax(most, score);
    }
    const struct search_query query = {.question = &question, .max = HITS};
    size_t count = readable ? search_find(hits, search, &query) : 0;
    assert(count <= HITS);
    for (size_t i = 1; i < count; i++)
        assert(hits[i].score <= hits[i - 1].score);
    if (most > 0.95 && readable)
        assert(count > 0 && hits[0].score == most);
    search_close(search);
    arena_release(&arena);
    buf_release(&line);
    buf_release(&words);
    buf_release(&input);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static const char *const seeds[] = {
        "alveer tomas\nctomas alvear quiroz\nfTom\xC3\xA1s Alv\xC3\xA9"
        "ar",
        "204518\naQZAU2045184\ndQZAU 204518-4",
        "\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD\ncivan petrov\nfI. Petrov",
        "wangying peng\ncpeng wang ying",
        "b.v. o'brien 1988-06-07\ncNoordt B.V.",
    };
    if (index >= sizeof seeds / sizeof *seeds)
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}
