/* SPDX-License-Identifier: Apache-2.0 */
#include "record/called.h"

#include "base/text.h"
#include "record/name.h"

#include <stdlib.h>

static int word_order(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* Sorted, each once, with a blank between; empty when there are fewer than two. */
static struct bytes joined(struct bytes *words, size_t count, struct arena *arena)
{
    struct buf text = {.max = 2 * NAME_TEXT_MAX};
    size_t distinct = 0;
    qsort(words, count, sizeof *words, word_order);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && bytes_equal(words[i], words[i - 1]))
            continue;
        if (distinct++ > 0)
            buf_add_byte(&text, ' ');
        buf_add(&text, words[i]);
    }
    struct bytes whole = {0};
    if (distinct > 1 && !text.overflowed)
        whole = arena_bytes(arena, buf_bytes(&text));
    buf_release(&text);
    return whole;
}

static size_t add_name(struct bytes out[CALLED_MAX], size_t count, struct bytes text,
                       struct arena *arena)
{
    struct name_words_read read;
    const struct name_read_options options = {.kind = NAME_PERSON};
    name_read(&read, text, &options, arena);
    for (size_t other = 1; other < read.count && read.count > 2; other++) {
        struct bytes two[] = {read.words[0], read.words[other]};
        struct bytes pair = joined(two, 2, arena);
        if (pair.len > 0 && count < CALLED_MAX)
            out[count++] = pair;
    }
    if (read.count < 2)
        return count;
    struct bytes whole = joined(read.words, read.count, arena);
    if (whole.len > 0 && count < CALLED_MAX)
        out[count++] = whole;
    return count;
}

size_t called_of_record(struct bytes out[CALLED_MAX], const struct record *record,
                        struct arena *arena)
{
    static const char *const names[] = {"name", "alias", "previousName", "weakAlias"};
    size_t count = 0;
    if (!schema_is_a(record->schema, "LegalEntity") ||
        schema_is_a(record->schema, "Organization"))
        return 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t at = 0;
        for (const struct record_value *value;
             (value = record_next(record, names[i], &at)) != NULL;)
            count = add_name(out, count, value->raw, arena);
    }
    struct bytes first = record_first(record, "firstName"),
                 last = record_first(record, "lastName");
    if (first.len > 0 && last.len > 0)
        count = add_name(out, count,
                         bytes_text(arena_printf(arena, "%.*s %.*s", (int)first.len,
                                                 (const char *)first.at, (int)last.len,
                                                 (const char *)last.at)),
                         arena);
    return count;
}

/* What parts words in a text: a name may go over a comma or a line's end. */
static bool is_between(uint8_t c)
{
    return c < 0x80 && !is_letter(c) && !is_digit(c) && c != '\'' && c != '-' && c != '.' &&
           c != '`';
}

/* The length of a tag that begins here, as HTML has them; 0: it is none. */
static size_t tag_at(struct bytes text, size_t at)
{
    enum { TAG_MAX = 512 };
    if (text.at[at] != '<')
        return 0;
    for (size_t i = at + 1; i < text.len && i < at + TAG_MAX && text.at[i] != '<'; i++)
        if (text.at[i] == '>')
            return i + 1 - at;
    return 0;
}

static size_t list_words(struct bytes *words, struct bytes text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len && count < CALLED_WORDS_MAX;) {
        size_t from = i;
        while (i < text.len && !is_between(text.at[i]))
            i++;
        if (i > from)
            words[count++] = bytes_slice(text, from, i - from);
        else
            i += tag_at(text, i) > 0 ? tag_at(text, i) : 1;
    }
    return count;
}

bool called_in_text(struct bytes text, called_visit *visit, void *context)
{
    struct arena arena = {0};
    struct bytes *words = arena_alloc(&arena, CALLED_WORDS_MAX * sizeof *words);
    size_t count = list_words(words, text);
    const struct name_read_options options = {.kind = NAME_PERSON};
    struct buf run = {.max = 2 * NAME_TEXT_MAX};
    bool done = false;
    for (size_t from = 0; from < count && !done; from++)
        for (size_t to = from; to < count && to < from + CALLED_RUN_MAX && !done; to++) {
            struct arena_mark mark = arena_mark(&arena);
            struct name_words_read read;
            buf_clear(&run);
            for (size_t i = from; i <= to; i++) {
                buf_add(&run, words[i]);
                buf_add_byte(&run, ' ');
            }
            name_read(&read, buf_bytes(&run), &options, &arena);
            struct bytes folded = joined(read.words, read.count, &arena);
            done = folded.len > 0 && visit(context, folded);
            arena_rewind(&arena, mark);
        }
    buf_release(&run);
    arena_release(&arena);
    return done;
}
