/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/notice_search.h"

#include "base/memory.h"

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

/* One value came up while another went away, and their sum is flat. */
void notice_look_at_words(struct search *s, const struct compared *c, enum facet facet)
{
    const struct table_values *values = &s->table->values[facet];
    uint32_t *now = xcalloc(values->count + 1, sizeof *now);
    uint32_t *before = xcalloc(values->count + 1, sizeof *before);
    double known_now = 0, known_before = 0;
    for (size_t i = c->before_begin; i < c->end; i++) {
        uint32_t value = written(notice_row(s, i), facet);
        if (value == 0)
            continue;
        (i < c->begin ? before : now)[value]++;
        known_now += i >= c->begin;
        known_before += i < c->begin;
    }
    bool name =
        facet == FACET_PLACE || (facet >= FACET_ORIGIN && facet <= FACET_DESTINATION);
    for (uint32_t v = 1;
         v < values->count && known_now >= ROWS_MIN && known_before >= ROWS_MIN; v++) {
        double is = now[v] / known_now, was = before[v] / known_before;
        if (now[v] < 10 || was > is / 5 || is < 0.05)
            continue;
        for (uint32_t u = 1; u < values->count; u++) {
            double had = before[u] / known_before, has = now[u] / known_now;
            if (u == v || had * known_now < 8 || has > had / 4 ||
                fabs(had - has - (is - was)) > 0.5 * (had - has))
                continue;
            bool same = watch_table_same(s->table, facet, u, v);
            if (name && !same && !notice_alike(facet, values->text[u], values->text[v]))
                continue;
            enum watch_notice_kind kind =
                name && !same ? NOTICE_MISCODING : NOTICE_VOCABULARY;
            struct watch_notice *n = notice_tell(s, kind, c->to, c->from, c->to);
            notice_about(s, n, facet, v);
            n->record_count = now[v];
            n->observed = now[v];
            n->expected = was * known_now;
            n->text = arena_printf(
                s->arena,
                "%s: the %s \"%s\" gave way to \"%s\" in the quarter from %s "
                "(%.0f %% to %.0f %%, and %.0f %% to %.0f %%): %s.",
                notice_agency_text(s), facet_name(facet),
                watch_table_shown(s->table, facet, u),
                watch_table_shown(s->table, facet, v), day_text(s->arena, c->from),
                100 * had, 100 * has, 100 * was, 100 * is,
                same   ? "two spellings of one place, counted as one"
                : name ? "two names that are easily taken for each other"
                       : "another word for the same");
            break;
        }
    }
    free(now);
    free(before);
}
