/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/notice_search.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

void notice_look_at_repeats(struct search *s, const struct compared *c)
{
    double repeats = 0;
    for (size_t i = c->begin; i < c->end; i++)
        repeats += notice_row(s, i)->role == ROLE_REPEAT;
    if (repeats < 20 || repeats < 0.1 * c->now ||
        !notice_may_tell(s, NOTICE_REPEATS, c->to, YEAR_DAYS))
        return;
    struct watch_notice *n = notice_tell(s, NOTICE_REPEATS, c->to, c->from, c->to);
    n->record_count = (size_t)repeats;
    n->observed = repeats;
    n->text = arena_printf(
        s->arena,
        "%s: %.0f of %.0f rows have the day and every answer of another, whatever their "
        "amounts. Such rows are taken for one seizure, and count once.",
        notice_agency_text(s), repeats, c->now);
}

void notice_look_at_level(struct search *s, const struct compared *c)
{
    double usual = c->before / PERIODS_BEFORE;
    double most = c->now > usual ? c->now : usual;
    if (most < 2 * ROWS_MIN || (c->now < 3 * usual && usual < 3 * c->now) ||
        !notice_may_tell(s, NOTICE_LEVEL, c->to, YEAR_DAYS))
        return;
    struct watch_notice *n = notice_tell(s, NOTICE_LEVEL, c->to, c->from, c->to);
    n->record_count = (size_t)c->now;
    n->observed = c->now;
    n->expected = usual;
    n->text = arena_printf(
        s->arena,
        "%s: %.0f rows in the quarter from %s, where %s were usual in the year "
        "before. Expectations follow the agency's own number.",
        notice_agency_text(s), c->now, day_text(s->arena, c->from),
        number_text(s->arena, usual));
}

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static size_t sizes_of(float *out, const struct search *s, size_t begin, size_t end)
{
    size_t count = 0;
    for (size_t i = begin; i < end; i++)
        if (!isnan(notice_row(s, i)->kg) && notice_row(s, i)->kg > 0)
            out[count++] = notice_row(s, i)->kg;
    qsort(out, count, sizeof *out, by_size);
    return count;
}

void notice_look_at_sizes(struct search *s, const struct compared *c)
{
    float *now = xmalloc((c->end - c->begin + 1) * sizeof *now);
    float *before = xmalloc((c->begin - c->before_begin + 1) * sizeof *before);
    size_t n_now = sizes_of(now, s, c->begin, c->end);
    size_t n_before = sizes_of(before, s, c->before_begin, c->begin);
    if (n_now >= ROWS_MIN && n_before >= ROWS_MIN) {
        double is = (double)now[n_now / 2], was = (double)before[n_before / 2];
        /* How many of the new lie on the other side of the old median, in deviations. */
        double below = 0;
        for (size_t i = 0; i < n_now; i++)
            below += (double)now[i] < was;
        double z = fabs(below - (double)n_now / 2) / sqrt((double)n_now / 4);
        if ((is < was / 4 || is > was * 4) && z > 5 &&
            notice_may_tell(s, NOTICE_SIZES, c->to, YEAR_DAYS)) {
            struct watch_notice *n = notice_tell(s, NOTICE_SIZES, c->to, c->from, c->to);
            n->record_count = (size_t)c->now;
            n->observed = is;
            n->expected = was;
            n->text = arena_printf(s->arena,
                                   "%s: the middle seizure weighs %s kg in the quarter "
                                   "from %s, and %s kg in the year "
                                   "before: %s seizures are reported now.",
                                   notice_agency_text(s), number_text(s->arena, is),
                                   day_text(s->arena, c->from), number_text(s->arena, was),
                                   is < was ? "smaller" : "only larger");
        }
    }
    free(now);
    free(before);
}
