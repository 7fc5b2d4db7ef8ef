/* SPDX-License-Identifier: Apache-2.0 */
#include "record/name.h"

#include "base/text.h"
#include "record/name_words.h"
#include "record/nobody.h"

#include <assert.h>
#include <stdlib.h>

enum { TOKEN_MAX = 64 };

static int word_order(const void *a, const void *b)
{
    return strcmp(((const struct name_word *)a)->text, ((const struct name_word *)b)->text);
}

/* The word in a table sorted by text, or NULL. */
static const struct name_word *find_word(const struct name_words *table, struct bytes token)
{
    char text[TOKEN_MAX];
    if (token.len >= sizeof text)
        return NULL;
    memcpy(text, token.at, token.len);
    text[token.len] = '\0';
    struct name_word wanted = {.text = text};
    return bsearch(&wanted, table->words, table->count, sizeof *table->words, word_order);
}

/* An apostrophe inside a word, or what ICU leaves of the Arabic ayn and hamza and of the
 * Cyrillic signs, is dropped without splitting: O'Brien, Sa'id. */
static bool is_dropped(struct bytes text, size_t at, size_t *len)
{
    static const char *const marks[] = {"'",      "`",      "\"",     "\u2019",
                                        "\u2018", "\u02BC", "\u02BB", "\u02BF",
                                        "\u02BE", "\u02B9", "\u02BA", "\u00B4"};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t mark_len = strlen(marks[i]);
        if (text.len - at >= mark_len && memcmp(text.at + at, marks[i], mark_len) == 0) {
            *len = mark_len;
            return true;
        }
    }
    return false;
}

/* Letters and digits; every byte of what ICU could not bring to ASCII counts as a letter. */
static bool is_word_byte(uint8_t c)
{
    return is_lower(c) || is_digit(c) || c >= 0x80;
}

/* The words of latin text in their order. In a company's name "b.v." and "s. a." are one word
 * each: single letters with dots behind them grow together; a person's initials do not. Returns
 * the count, or 0 when there are too many. */
static size_t split(struct bytes words[static NAME_TOKENS_MAX], struct bytes text,
                    enum name_kind kind, struct arena *arena)
{
    struct buf token = {.max = NAME_TEXT_MAX};
    size_t count = 0;
    bool joined = false; /* the last word is single letters with dots */
    for (size_t i = 0; i < text.len;) {
        if (!is_word_byte(text.at[i])) {
            i++;
            continue;
        }
        buf_clear(&token);
        while (i < text.len) {
            size_t mark_len;
            if (is_dropped(text, i, &mark_len)) {
                i += mark_len;
            } else if (is_word_byte(text.at[i])) {
                buf_add_byte(&token, text.at[i]);
                i++;
            } else {
                break;
            }
        }
        bool dotted =
            kind == NAME_COMPANY && token.len == 1 && i < text.len && text.at[i] == '.';
        if (joined && token.len == 1) {
            struct bytes last = words[count - 1];
            words[count - 1] = bytes_text(arena_printf(arena, "%.*s%c", (int)last.len,
                                                       (const char *)last.at, token.at[0]));
        } else if (count == NAME_TOKENS_MAX) {
            count = 0;
            break;
        } else {
            words[count++] = arena_bytes(arena, buf_bytes(&token));
        }
        joined = dotted;
    }
    buf_release(&token);
    return count;
}

static int token_order(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* Take out what is in the table, unless nothing would be left; how many were taken out. */
static size_t drop_words(struct bytes *words, size_t *count, const struct name_words *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        kept += find_word(table, words[i]) == NULL;
    if (kept == 0 || kept == *count)
        return 0;
    size_t to = 0, dropped = *count - kept;
    for (size_t i = 0; i < *count; i++)
        if (find_word(table, words[i]) == NULL)
            words[to++] = words[i];
    *count = kept;
    return dropped;
}

/* Which of several of one name is meant; 0 when the word does not say so. */
static unsigned generation_of(struct bytes word)
{
    static const char *const words[][4] = {
        {"sr", "senior", "snr"}, {"jr", "junior", "jnr", "ii"}, {"iii"}, {"iv"}};
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        for (size_t k = 0; k < 4 && words[i][k] != NULL; k++)
            if (bytes_is(word, words[i][k]))
                return i + 1;
    return 0;
}

/* A person's words without particles and honorifics, and what these would have said. */
static void drop_particles(struct name_words_read *out, struct arena *arena)
{
    struct bytes joined[NAME_TOKENS_MAX] = {{0}}, before = {0}, first_kept = {0};
    size_t kept = 0, count = out->count;
    for (size_t i = 0; i < count; i++) {
        struct bytes word = out->words[i];
        bool particle = find_word(&name_particles, word) != NULL;
        unsigned generation = generation_of(word);
        if (i > 0 && generation > 0)
            out->generation = generation;
        if (before.len > 0 || particle)
            before = bytes_text(arena_printf(arena, "%.*s%.*s", (int)before.len,
                                             before.len > 0 ? (const char *)before.at : "",
                                             (int)word.len, (const char *)word.at));
        if (particle)
            continue;
        if (kept == 0)
            first_kept = word;
        joined[kept++] = before;
        before = (struct bytes){0};
    }
    /* "Meer, Willem van der" */
    if (before.len > 0 && kept > 0 && joined[0].len == 0)
        joined[0] = bytes_text(arena_printf(arena, "%.*s%.*s", (int)before.len,
                                            (const char *)before.at, (int)first_kept.len,
                                            (const char *)first_kept.at));
    if (drop_words(out->words, &out->count, &name_particles) > 0)
        memcpy(out->joined, joined, kept * sizeof *joined);
}

void name_read(struct name_words_read *out, struct bytes text,
               const struct name_read_options *options, struct arena *arena)
{
    *out = (struct name_words_read){0};
    if (text.len > NAME_TEXT_MAX)
        return;
    bool is_person = options->kind == NAME_PERSON;
    struct buf latin = {.max = SCRIPT_LATIN_MAX};
    const struct script_options how = {.is_person = is_person, .reading = options->reading};
    struct bytes *first = out->words;
    if (!is_person)
        text = legal_forms_in_latin(text, arena);
    if (script_to_latin(&latin, &out->vowelless, text, &how))
        out->count = split(out->words, buf_bytes(&latin), options->kind, arena);
    buf_release(&latin);
    if (is_person)
        drop_particles(out, arena);
    else
        legal_forms_drop(&out->form, &first, &out->count);
    if (first != out->words)
        memmove(out->words, first, out->count * sizeof *first);
    nobody_drop(out, text, options->kind);
}

void name_fold(struct name *name, struct bytes text, enum name_kind kind,
               struct arena *arena)
{
    struct name_words_read read;
    const struct name_read_options options = {.kind = kind};
    name_read(&read, text, &options, arena);
    name->count = 0;
    name->has_legal_form = read.form != NULL;
    name->legal_kind = legal_form_kind(read.form);
    if (read.count > 0)
        qsort(read.words, read.count, sizeof *read.words, token_order);
    for (size_t i = 0; i < read.count; i++) {
        struct bytes word = read.words[i];
        if (i > 0 && bytes_equal(word, read.words[i - 1]))
            continue;
        name->tokens[name->count] = word;
        name->bits[name->count] = name_token_bits(word, kind);
        phonetic_code(name->codes[name->count], word);
        name->count++;
    }
}

double name_token_bits(struct bytes token, enum name_kind kind)
{
    /* An initial says little whatever the table: one of at most 26, unevenly used. */
    if (token.len == 1)
        return NAME_INITIAL_BITS;
    const struct name_words *common =
        kind == NAME_PERSON ? &name_common_tokens : &name_company_words;
    const struct name_word *word = find_word(common, token);
    return word != NULL ? word->bits : common->other_bits;
}

bool name_is_common(struct bytes token)
{
    return find_word(&name_common_tokens, token) != NULL;
}

struct bytes name_folded(const struct name *name, struct arena *arena)
{
    size_t len = 0;
    for (size_t i = 0; i < name->count; i++)
        len += name->tokens[i].len + 1;
    if (len == 0)
        return (struct bytes){0};
    uint8_t *text = arena_alloc(arena, len);
    size_t at = 0;
    for (size_t i = 0; i < name->count; i++) {
        if (i > 0)
            text[at++] = ' ';
        memcpy(text + at, name->tokens[i].at, name->tokens[i].len);
        at += name->tokens[i].len;
    }
    return bytes_of(text, at);
}

double name_birth_date_bits(struct bytes date)
{
    assert(date.len == 10);
    if (memcmp(date.at + 5, "01-01", 5) == 0)
        return NAME_DATE_BITS_NEW_YEAR;
    if (memcmp(date.at + 8, "01", 2) == 0)
        return NAME_DATE_BITS_FIRST;
    return NAME_DATE_BITS;
}
