/* SPDX-License-Identifier: Apache-2.0 */
#include "record/company_form.h"

#include "record/company_fold.h"
#include "record/country.h"
#include "record/name_words.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

/* Weaker than this is no key. */
static const double FORM_BITS_MIN = 16;

/* Beside words: the country; that the word is the whole name (of the companies that use one, one in eight has no
 * other); the kind of its legal form. */
enum { COUNTRY_BITS = 2, ALONE_BITS = 3, LEGAL_BITS = 1 };

enum { ALONE_LEN_MIN = 5 }; /* shorter words are abbreviations, which many share */

struct word {
    struct bytes text;
    double bits;
};

static int word_order(const void *left, const void *right)
{
    return bytes_compare(((const struct word *)left)->text,
                         ((const struct word *)right)->text);
}

/* The table of words that many companies have, as keys have them: two spellings of one are as common. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct word *common;

static void fold_common(void)
{
    static struct arena arena;
    common = arena_alloc(&arena, name_company_words.count * sizeof *common);
    for (size_t i = 0; i < name_company_words.count; i++) {
        const struct name_word *word = &name_company_words.words[i];
        common[i] =
            (struct word){company_word_fold(bytes_text(word->text), &arena), word->bits};
    }
    qsort(common, name_company_words.count, sizeof *common, word_order);
}

static double word_bits(struct bytes folded, double bits)
{
    pthread_once(&once, fold_common);
    const struct word wanted = {folded, 0};
    const struct word *found =
        bsearch(&wanted, common, name_company_words.count, sizeof *common, word_order);
    return found != NULL ? fmin(bits, found->bits) : bits;
}

/* The words of a name as they stand in keys: sorted, each once. */
static size_t fold_words(struct word words[static NAME_TOKENS_MAX], const struct name *name,
                         struct arena *arena)
{
    size_t count = 0, kept = 0, joints = 0;
    for (size_t i = 0; i < name->count; i++)
        joints += company_word_joins(name->tokens[i]);
    for (size_t i = 0; i < name->count; i++)
        if (joints == name->count || !company_word_joins(name->tokens[i]))
            words[count++] =
                (struct word){company_word_fold(name->tokens[i], arena), name->bits[i]};
    for (size_t i = 0; i < count; i++)
        words[i].bits = word_bits(words[i].text, words[i].bits);
    if (count > 0)
        qsort(words, count, sizeof *words, word_order);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && bytes_equal(words[kept - 1].text, words[i].text))
            words[kept - 1].bits = fmin(words[kept - 1].bits, words[i].bits);
        else
            words[kept++] = words[i];
    }
    return kept;
}

static void add(struct company_forms *out, const char *value, double bits)
{
    if (bits < FORM_BITS_MIN || out->count == COMPANY_FORMS_MAX)
        return;
    out->items[out->count].value = bytes_text(value);
    out->items[out->count++].bits = bits;
}

static const char *join(const struct word *words, size_t count, struct arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = arena_printf(arena, "%s%s%.*s", text, i > 0 ? " " : "",
                            (int)words[i].text.len, (const char *)words[i].text.at);
    return text;
}

static const char *in_country(const char *text, struct bytes state, struct arena *arena)
{
    return arena_printf(arena, "%s +%.*s", text, (int)state.len, (const char *)state.at);
}

/* What is left when one list has the name in full and the other shortened. */
static void add_rarest(struct company_forms *out, const struct word *words, size_t count,
                       struct bytes state, struct arena *arena)
{
    size_t first = 0, second;
    for (size_t i = 0; i < count; i++)
        if (words[i].bits > words[first].bits)
            first = i;
    second = first == 0 ? 1 : 0;
    for (size_t i = 0; i < count; i++)
        if (i != first && words[i].bits > words[second].bits)
            second = i;
    const struct word two[] = {words[first < second ? first : second],
                               words[first < second ? second : first]};
    add(out, in_country(join(two, 2, arena), state, arena),
        two[0].bits + two[1].bits + COUNTRY_BITS);
}

/* A name of one word. A person's name or a country is many companies' name. */
static void add_alone(struct company_forms *out, const struct name *name,
                      const struct word *word, struct bytes state, struct arena *arena)
{
    static const char *const kinds[] = {[LEGAL_EITHER] = "either",
                                        [LEGAL_LIMITED] = "limited",
                                        [LEGAL_STOCK] = "stock",
                                        [LEGAL_FOUNDATION] = "foundation"};
    if (!name->has_legal_form || name->count != 1 || name->tokens[0].len < ALONE_LEN_MIN ||
        country_find(name->tokens[0]) != NULL)
        return;
    double as_person = name_token_bits(name->tokens[0], NAME_PERSON);
    double bits =
        name_is_common(name->tokens[0]) ? fmin(word->bits, as_person) : word->bits;
    const char *text = arena_printf(arena, "%.*s .%s", (int)word->text.len,
                                    (const char *)word->text.at, kinds[name->legal_kind]);
    add(out, in_country(text, state, arena), bits + ALONE_BITS + LEGAL_BITS + COUNTRY_BITS);
}

void company_forms_make(struct company_forms *out, const struct name *name,
                        struct bytes state, struct arena *arena)
{
    struct word words[NAME_TOKENS_MAX];
    double bits = 0;
    out->count = 0;
    size_t count = fold_words(words, name, arena);
    for (size_t i = 0; i < count; i++)
        bits += words[i].bits;
    const char *whole = join(words, count, arena);
    add(out, whole, bits);
    if (state.len == 0)
        return;
    /* The stop tells it from two words of a longer name. */
    if (count > 1 && bits < FORM_BITS_MIN)
        add(out, in_country(arena_printf(arena, "%s .", whole), state, arena),
            bits + COUNTRY_BITS);
    if (count >= 3)
        add_rarest(out, words, count, state, arena);
    else if (count == 1)
        add_alone(out, name, &words[0], state, arena);
}
