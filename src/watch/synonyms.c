/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/synonyms.h"

#include "base/memory.h"
#include "base/text.h"
#include "watch/notice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORDS_MAX = 300, /* of one agency and facet that are compared with each other */
    WORD_ROWS = 5,
    NAME_MAX = 64,        /* bytes that are compared, letter by letter */
    LETTERS_AN_ERROR = 5, /* of the shorter name */
    TURNS_MIN = 2,
};
static const double EXCESS_MIN = 1.5;
/* Over what chance has; and as many times its deviation more. */
static const double STRONG_GAIN = 4;
static const double LEFT = 0.5;     /* of the smaller excess, for the two together */
static const double OVERLAP = 0.25; /* of the rarer: in quarters of the other */

void synonyms_release(struct synonyms *synonyms)
{
    if (synonyms == NULL)
        return;
    free(synonyms->items);
    *synonyms = (struct synonyms){0};
}

/* ---- one agency's answers to one facet ---- */

/* An answer, or several that are one by now. */
struct word {
    uint32_t value;
    double rows, excess;
    double *quarter;
    size_t joined; /* the word it was joined to; itself: none */
};

struct words {
    const struct watch_table *table;
    enum facet facet;
    unsigned quarters;
    double *all; /* by quarter: answers */
    double answers;
    struct word *items;
    size_t count, capacity;
};

static double excess_of(const struct words *w, const double *a, const double *b)
{
    double rows = 0, sum = 0;
    for (unsigned q = 0; q < w->quarters; q++)
        rows += a[q] + (b != NULL ? b[q] : 0);
    for (unsigned q = 0; q < w->quarters; q++) {
        double had = a[q] + (b != NULL ? b[q] : 0);
        if (had > 0)
            sum += had * log(had * w->answers / (rows * w->all[q]));
    }
    return fmax(0, sum - (w->quarters - 1) / 2.0);
}

/* Letters to be changed, put in or left out to make one name of the other, up to `most`. */
static size_t errors_between(const char *a, const char *b, size_t most)
{
    size_t la = strlen(a), lb = strlen(b), row[NAME_MAX + 1];
    if (la > NAME_MAX || lb > NAME_MAX)
        return most + 1;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t same =
                corner + (to_lower((uint8_t)a[i - 1]) != to_lower((uint8_t)b[j - 1]));
            size_t less = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            corner = row[j];
            row[j] = same < less ? same : less;
        }
    }
    return row[lb];
}

static bool has_digit(const char *text)
{
    for (; *text != '\0'; text++)
        if (is_digit((uint8_t)*text))
            return true;
    return false;
}

/* "Sector 3" and "Sector 4" are not one. */
static bool spelled_alike(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    size_t most = ((la < lb ? la : lb) - 1) / LETTERS_AN_ERROR;
    return la > 0 && lb > 0 && most > 0 && !has_digit(a) && !has_digit(b) &&
           errors_between(a, b, most) <= most;
}

enum likeness { UNLIKE, ALIKE, SPELLED_ALIKE };

static enum likeness likeness_of(const struct words *w, size_t a, size_t b)
{
    const char **text = w->table->values[w->facet].text;
    enum likeness most = UNLIKE;
    for (size_t i = 0; i < w->count; i++)
        for (size_t k = 0; k < w->count && w->items[i].joined == a; k++) {
            const char *x = text[w->items[i].value], *y = text[w->items[k].value];
            if (w->items[k].joined != b)
                continue;
            if (spelled_alike(x, y))
                return SPELLED_ALIKE;
            most = notice_alike(w->facet, x, y) ? ALIKE : most;
        }
    return most;
}

/* How often the one gives way to the other, of quarters that have a few of both. */
static unsigned turns_between(const struct words *w, const struct word *a,
                              const struct word *b)
{
    unsigned turns = 0;
    int last = 0;
    for (unsigned q = 0; q < w->quarters; q++) {
        double x = a->quarter[q], y = b->quarter[q];
        int now = x + y < 3 || fabs(x - y) < (x + y) / 2 ? 0 : x > y ? 1 : -1;
        turns += now != 0 && last != 0 && now != last;
        last = now != 0 ? now : last;
    }
    return turns;
}

/* What is gained by taking the two for one; 0: they are not. */
static double gain_of(const struct words *w, size_t i, size_t k)
{
    const struct word *a = &w->items[i], *b = &w->items[k];
    double chance = (w->quarters - 1) / 2.0, overlap = 0;
    double together = excess_of(w, a->quarter, b->quarter);
    double gain = a->excess + b->excess - together, least = fmin(a->excess, b->excess);
    double wanted = STRONG_GAIN * (1 + sqrt(chance));
    if (gain < wanted || together > fmax(a->excess, b->excess))
        return 0;
    enum likeness likeness = likeness_of(w, i, k);
    if (likeness == SPELLED_ALIKE)
        return gain;
    for (unsigned q = 0; q < w->quarters; q++)
        overlap += fmin(a->quarter[q], b->quarter[q]);
    double pairs = likeness == ALIKE ? 1 : fmax(1, w->count * (w->count - 1) / 2.0);
    if (gain < wanted + log(pairs) || overlap > OVERLAP * fmin(a->rows, b->rows) ||
        together > LEFT * least ||
        (likeness == UNLIKE && turns_between(w, a, b) < TURNS_MIN))
        return 0;
    return gain;
}

static void join(struct words *w, size_t a, size_t b)
{
    struct word *into = &w->items[a];
    for (unsigned q = 0; q < w->quarters; q++)
        into->quarter[q] += w->items[b].quarter[q];
    into->rows += w->items[b].rows;
    into->excess = excess_of(w, into->quarter, NULL);
    for (size_t i = 0; i < w->count; i++)
        if (w->items[i].joined == b)
            w->items[i].joined = a;
}

/* The best two first, until no two are one. */
static void join_all(struct words *w)
{
    for (;;) {
        double best = 0;
        size_t a = 0, b = 0;
        for (size_t i = 0; i < w->count; i++)
            for (size_t k = i + 1; k < w->count && w->items[i].joined == i; k++) {
                double gain = w->items[k].joined == k ? gain_of(w, i, k) : 0;
                if (gain > best) {
                    best = gain;
                    a = i;
                    b = k;
                }
            }
        if (best <= 0)
            return;
        join(w, a, b);
    }
}

static int by_excess(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    if (x->excess != y->excess)
        return x->excess > y->excess ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* Those that stand out in time. */
static void keep_uneven(struct words *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->count; i++) {
        struct word *word = &w->items[i];
        word->excess = word->rows >= WORD_ROWS ? excess_of(w, word->quarter, NULL) : 0;
        if (word->excess >= EXCESS_MIN)
            w->items[kept++] = *word;
    }
    w->count = kept;
    if (kept > 0)
        qsort(w->items, kept, sizeof *w->items, by_excess);
    w->count = kept < WORDS_MAX ? kept : WORDS_MAX;
    for (size_t i = 0; i < w->count; i++)
        w->items[i].joined = i;
}

static void keep_joined(struct synonyms *out, const struct words *w, uint32_t agency)
{
    for (size_t i = 0; i < w->count; i++) {
        if (w->items[i].joined == i)
            continue;
        grow_to((void **)&out->items, &out->capacity, out->count, sizeof *out->items);
        out->items[out->count++] = (struct synonym){
            agency, w->items[i].value, w->items[w->items[i].joined].value, w->facet};
    }
}

/* ---- all of them ---- */

struct finder {
    const struct watch_table *table;
    const struct synonyms_options *options;
    const uint32_t *rows; /* the agency's */
    size_t count;
    uint32_t *word_of; /* by value: word + 1 */
};

static void look_at_facet(struct synonyms *out, const struct finder *f, uint32_t agency,
                          enum facet facet)
{
    unsigned quarters = f->options->quarters;
    int64_t span = f->options->until - f->options->from;
    struct words w = {.table = f->table, .facet = facet, .quarters = quarters};
    for (size_t i = 0; i < f->count; i++) {
        uint32_t value = f->table->rows[f->rows[i]].value[facet];
        if (value == 0 || f->word_of[value] != 0)
            continue;
        grow_to((void **)&w.items, &w.capacity, w.count, sizeof *w.items);
        w.items[w.count] = (struct word){.value = value};
        f->word_of[value] = (uint32_t)++w.count;
    }
    w.all = xcalloc((w.count + 1) * quarters, sizeof *w.all);
    for (size_t i = 0; i < w.count; i++)
        w.items[i].quarter = w.all + (i + 1) * quarters;
    for (size_t i = 0; i < f->count; i++) {
        const struct table_row *row = &f->table->rows[f->rows[i]];
        unsigned q = (unsigned)((row->day - f->options->from) * (int64_t)quarters / span);
        if (row->value[facet] == 0)
            continue;
        struct word *word = &w.items[f->word_of[row->value[facet]] - 1];
        word->rows++;
        word->quarter[q]++;
        w.all[q]++;
        w.answers++;
    }
    for (size_t i = 0; i < w.count; i++)
        f->word_of[w.items[i].value] = 0;
    keep_uneven(&w);
    join_all(&w);
    keep_joined(out, &w, agency);
    free(w.all);
    free(w.items);
}

void synonyms_find(struct synonyms *out, const struct watch_table *table,
                   const struct synonyms_options *options)
{
    size_t agencies = (size_t)table->values[FACET_AGENCY].count + 1, words = 0;
    uint32_t *begin = xcalloc(agencies + 1, sizeof *begin);
    uint32_t *rows = xmalloc((table->count + 1) * sizeof *rows);
    *out = (struct synonyms){0};
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < table->count; i++) {
            const struct table_row *row = &table->rows[i];
            if (row->day < options->from || row->day >= options->until ||
                row->received >= options->until || row->role == ROLE_REPEAT ||
                row->quarantined)
                continue;
            if (round == 0)
                begin[row->value[FACET_AGENCY] + 1]++;
            else
                rows[begin[row->value[FACET_AGENCY]]++] = (uint32_t)i;
        }
        for (size_t a = 0; a < agencies && round == 0; a++)
            begin[a + 1] += begin[a];
    }
    for (size_t f = 0; f < FACET_COUNT; f++)
        words = table->values[f].count > words ? table->values[f].count : words;
    struct finder finder = {.table = table,
                            .options = options,
                            .word_of = xcalloc(words + 1, sizeof *finder.word_of)};
    /* begin is the end of each by now. */
    for (uint32_t a = 0; a < agencies; a++) {
        uint32_t from = a > 0 ? begin[a - 1] : 0;
        finder.rows = rows + from;
        finder.count = begin[a] - from;
        for (enum facet f = FACET_PLACE; f < FACET_COUNT && finder.count > 0; f++)
            if (f != FACET_COMMODITY)
                look_at_facet(out, &finder, a, f);
    }
    free(finder.word_of);
    free(begin);
    free(rows);
}

void synonyms_apply(struct table_row *row, const struct synonyms *synonyms)
{
    uint32_t agency = row->value[FACET_AGENCY];
    size_t low = 0, high = synonyms->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (synonyms->items[middle].agency < agency)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < synonyms->count && synonyms->items[i].agency == agency; i++) {
        const struct synonym *s = &synonyms->items[i];
        if (row->value[s->facet] == s->value)
            row->value[s->facet] = s->stands_for;
    }
}
