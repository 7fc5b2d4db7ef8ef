/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/notice_search.h"

#include "base/memory.h"
#include "watch/beside.h"
#include "watch/word_pair.h"

#include <math.h>
#include <stdlib.h>

static void note_change(struct search *s, int32_t day)
{
    struct notice_list *list = s->out;
    grow_to((void **)&list->changes, &list->change_capacity, list->change_count,
            sizeof *list->changes);
    list->changes[list->change_count++] = (struct form_change){s->agency, day};
}

/* One notice for all columns that broke in the quarter. */
void notice_look_at_completeness(struct search *s, const struct compared *c)
{
    struct buf text = {.max = 4096};
    unsigned changed = 0;
    double largest = 0, is_largest = 0, was_largest = 0;
    for (enum facet facet = FACET_PLACE; facet < FACET_COUNT; facet++) {
        double now = 0, before = 0;
        for (size_t i = c->before_begin; i < c->end; i++) {
            bool known = notice_row(s, i)->value[facet] != 0 &&
                         !(facet == FACET_PLACE && notice_row(s, i)->place_is_region);
            now += known && i >= c->begin;
            before += known && i < c->begin;
        }
        double is = now / c->now, was = before / c->before;
        if (fabs(is - was) < 0.3)
            continue;
        buf_addf(&text, "%s%s in %.0f %% of its rows (%.0f %% in the year before)",
                 changed++ > 0 ? ", " : "", facet_name(facet), 100 * is, 100 * was);
        if (fabs(is - was) > largest) {
            largest = fabs(is - was);
            is_largest = is;
            was_largest = was;
        }
    }
    /* Two quarters at odds with the same year are one change. */
    if (changed > 1 && notice_may_tell(s, NOTICE_COMPLETENESS, c->to, YEAR_DAYS))
        note_change(s, c->from);
    if (changed > 0) {
        struct watch_notice *n = notice_tell(s, NOTICE_COMPLETENESS, c->to, c->from, c->to);
        n->record_count = (size_t)c->now;
        n->observed = is_largest;
        n->expected = was_largest;
        n->text = arena_printf(
            s->arena, "%s answers otherwise in the quarter from %s: %.*s.%s",
            notice_agency_text(s), day_text(s->arena, c->from), (int)text.len,
            (const char *)text.at,
            changed > 1 ? " Another form: what came before is no measure of it, "
                          "and its rules raise no alert."
                        : "");
    }
    buf_release(&text);
}

/* As the file writes it: of places that is not what is counted. */
static uint32_t written(const struct table_row *row, enum facet facet)
{
    return facet == FACET_PLACE ? row->spelling : row->value[facet];
}

/* An agency's answers to one facet, by value: in the quarter, and in the year before. */
struct counted {
    uint32_t *now, *before;
    double known_now, known_before;
};

/* Old went away and value came up by as much: by its share of the answers and, as a flood of others
 * takes nothing away, by the calendar. */
static bool gave_way(const struct counted *c, uint32_t old, uint32_t value)
{
    double is = c->now[value] / c->known_now, was = c->before[value] / c->known_before;
    double had = c->before[old] / c->known_before, has = c->now[old] / c->known_now;
    return old != value && had * c->known_now >= 8 && has <= had / 4 &&
           fabs(had - has - (is - was)) <= 0.5 * (had - has) &&
           c->now[old] <= c->before[old] / 4.0 / 2;
}

/* The agency used both side by side, up to the end of the quarter. */
static bool used_both(const struct search *s, const struct compared *c, enum facet facet,
                      uint32_t old, uint32_t value)
{
    struct beside both = {0};
    for (size_t i = 0; i < c->end; i++)
        if (written(notice_row(s, i), facet) == old)
            beside_old(&both, notice_row(s, i)->day);
    for (size_t i = 0; i < c->end; i++)
        if (written(notice_row(s, i), facet) == value)
            beside_new(&both, notice_row(s, i)->day);
    return beside_were(&both);
}

/* What the two are to each other; NULL: two things, and no matter of words. What cannot be told is
 * asked of whoever can tell. */
static const char *relation(enum watch_notice_kind *kind, const struct search *s,
                            const struct compared *c, enum facet facet, uint32_t old,
                            uint32_t value)
{
    const char **text = s->table->values[facet].text;
    bool country = facet >= FACET_ORIGIN && facet <= FACET_DESTINATION;
    *kind = NOTICE_VOCABULARY;
    if (watch_table_same(s->table, facet, old, value))
        return "two spellings of one place, counted as one";
    enum word_pair pair = word_pair(facet, text[value], text[old]);
    if (country || facet == FACET_PLACE) {
        *kind = NOTICE_MISCODING;
        if (!notice_alike(facet, text[old], text[value]))
            return NULL;
        return country && word_pair_two_countries(text[old], text[value])
                   ? "one of two names that are easily taken for each other may have been "
                     "written for the other, or the route has changed: the agency can tell"
                   : "two names that are easily taken for each other";
    }
    if (pair == TWO_THINGS)
        return NULL;
    if (used_both(s, c, facet, old, value))
        return "both were in use before, so they were made one, or one took the other's "
               "place: the agency can tell";
    return pair == ONE_THING
               ? "another word for the same"
               : "another word for the same, as it seems: the agency can tell";
}

/* One value came up while another went away, and their sum is flat. */
void notice_look_at_words(struct search *s, const struct compared *c, enum facet facet)
{
    const struct table_values *values = &s->table->values[facet];
    struct counted n = {xcalloc(values->count + 1, sizeof *n.now),
                        xcalloc(values->count + 1, sizeof *n.before), 0, 0};
    for (size_t i = c->before_begin; i < c->end; i++) {
        uint32_t value = written(notice_row(s, i), facet);
        if (value == 0)
            continue;
        (i < c->begin ? n.before : n.now)[value]++;
        n.known_now += i >= c->begin;
        n.known_before += i < c->begin;
    }
    for (uint32_t v = 1;
         v < values->count && n.known_now >= ROWS_MIN && n.known_before >= ROWS_MIN; v++) {
        double is = n.now[v] / n.known_now, was = n.before[v] / n.known_before;
        if (n.now[v] < 10 || was > is / 5 || is < 0.05)
            continue;
        for (uint32_t u = 1; u < values->count; u++) {
            enum watch_notice_kind kind;
            const char *said =
                gave_way(&n, u, v) ? relation(&kind, s, c, facet, u, v) : NULL;
            if (said == NULL)
                continue;
            struct watch_notice *notice = notice_tell(s, kind, c->to, c->from, c->to);
            notice_about(s, notice, facet, v);
            notice->record_count = n.now[v];
            notice->observed = n.now[v];
            notice->expected = was * n.known_now;
            notice->text = arena_printf(
                s->arena,
                "%s: the %s \"%s\" gave way to \"%s\" in the quarter from %s "
                "(%.0f %% to %.0f %%, and %.0f %% to %.0f %%): %s.",
                notice_agency_text(s), facet_name(facet),
                watch_table_shown(s->table, facet, u),
                watch_table_shown(s->table, facet, v), day_text(s->arena, c->from),
                100.0 * n.before[u] / n.known_before, 100.0 * n.now[u] / n.known_now,
                100 * was, 100 * is, said);
            break;
        }
    }
    free(n.now);
    free(n.before);
}
