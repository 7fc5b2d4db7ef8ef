/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/notice.h"

#include "base/memory.h"
#include "record/date.h"
#include "watch/card.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    YEAR_DAYS = 365,
    PERIODS_BEFORE = 4, /* quarters that a quarter is compared with */
    ROWS_MIN = 30,      /* of an agency on either side, to say anything */
    ENTERED_ROWS = 20,
    MONTH_ROWS_MIN = 8, /* a month, for its absence to mean something */
    LEFT_MONTHS = 3,
    BULK_ROWS_MIN = 30,
    BULK_TIMES = 8, /* its habit */
    BULK_DELAY_DAYS = 14,
    MONTHS_MAX = 12 * 62,
};

struct search {
    struct notice_list *out;
    struct watch_table *table;
    struct arena *arena;
    int32_t as_of;
    int32_t opening; /* the first day of the table */
    uint32_t *order; /* rows by agency, then day */
    /* the agency being looked at */
    uint32_t agency;
    const uint32_t *rows;
    size_t count;
    int32_t told_until[NOTICE_KIND_COUNT]; /* the same is not told again before */
};

void notices_release(struct notice_list *list)
{
    if (list == NULL)
        return;
    free(list->items);
    free(list->changes);
    *list = (struct notice_list){0};
}

static const char *agency_text(const struct search *s)
{
    return s->agency == 0 ? "rows without agency"
                          : watch_table_text(s->table, FACET_AGENCY, s->agency);
}

/* About the agency, and one value of a facet when facet is one. */
static struct watch_notice *tell(struct search *s, enum watch_notice_kind kind, int32_t day,
                                 int32_t from, int32_t to)
{
    grow_to((void **)&s->out->items, &s->out->capacity, s->out->count,
            sizeof *s->out->items);
    struct watch_notice *notice = &s->out->items[s->out->count++];
    *notice = (struct watch_notice){.kind = kind,
                                    .day = day,
                                    .from = from,
                                    .to = to,
                                    .observed = NAN,
                                    .expected = NAN,
                                    .text = ""};
    struct watch_facet *facets = arena_zalloc(s->arena, 2, sizeof *facets);
    if (s->agency != 0)
        card_facet(&facets[notice->facet_count++], s->table, FACET_AGENCY, s->agency,
                   s->arena);
    notice->facets = facets;
    return notice;
}

static void about_value(struct search *s, struct watch_notice *notice, enum facet facet,
                        uint32_t value)
{
    struct watch_facet *facets = (struct watch_facet *)(uintptr_t)notice->facets;
    if (value != 0)
        card_facet(&facets[notice->facet_count++], s->table, facet, value, s->arena);
}

/* ---- calendar ---- */

static int month_number(int32_t day)
{
    struct date date = date_from_day_number(day);
    return date.year * 12 + date.month - 1;
}
static int32_t month_begin(int month)
{
    struct date date = {
        .year = month / 12, .month = month % 12 + 1, .day = 1, .precision = DATE_DAY};
    return date_day_number(&date);
}

/* ---- bulk uploads: by the day received, before anything else ---- */

static int by_received(const void *a, const void *b, void *rows)
{
    const struct table_row *table = rows;
    const struct table_row *x = &table[*(const uint32_t *)a],
                           *y = &table[*(const uint32_t *)b];
    if (x->value[FACET_AGENCY] != y->value[FACET_AGENCY])
        return x->value[FACET_AGENCY] < y->value[FACET_AGENCY] ? -1 : 1;
    if (x->received != y->received)
        return x->received < y->received ? -1 : 1;
    return (*(const uint32_t *)a > *(const uint32_t *)b) -
           (*(const uint32_t *)a < *(const uint32_t *)b);
}

static void quarantine(struct search *s, size_t begin, size_t end, double habit)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (size_t i = begin; i < end; i++) {
        struct table_row *row = &s->table->rows[s->order[i]];
        row->quarantined = 1;
        first = row->day < first ? row->day : first;
        last = row->day > last ? row->day : last;
    }
    int32_t received = s->table->rows[s->order[begin]].received;
    struct watch_notice *n = tell(s, NOTICE_BULK, received, first, last);
    n->record_count = end - begin;
    n->observed = (double)(end - begin);
    n->expected = habit;
    n->text =
        arena_printf(s->arena,
                     "%s: %zu rows were received in one day, where %s is usual, with dates "
                     "from %s to %s. A bulk upload; set aside until somebody confirms it.",
                     agency_text(s), end - begin, number_text(s->arena, habit),
                     day_text(s->arena, first), day_text(s->arena, last));
}

/* One agency's days of receipt in their order; the habit is what came before. */
static void find_bulk_of_agency(struct search *s, size_t begin, size_t end)
{
    double days = 0, rows = 0, delays = 0;
    for (size_t i = begin; i < end;) {
        int32_t received = s->table->rows[s->order[i]].received;
        size_t behind = i;
        double delay = 0;
        for (; behind < end && s->table->rows[s->order[behind]].received == received;
             behind++)
            delay += received - s->table->rows[s->order[behind]].day;
        double count = (double)(behind - i), habit = days > 0 ? rows / days : 0;
        bool late = delay / count > BULK_DELAY_DAYS + (rows > 0 ? delays / rows : 0);
        if (days >= 10 && count >= BULK_ROWS_MIN && count > BULK_TIMES * habit && late) {
            quarantine(s, i, behind, habit);
        } else {
            days++;
            rows += count;
            delays += delay;
        }
        i = behind;
    }
}

static void find_bulk(struct search *s)
{
    qsort_r(s->order, s->count, sizeof *s->order, by_received, s->table->rows);
    for (size_t i = 0; i < s->count;) {
        s->agency = s->table->rows[s->order[i]].value[FACET_AGENCY];
        size_t end = i;
        while (end < s->count &&
               s->table->rows[s->order[end]].value[FACET_AGENCY] == s->agency)
            end++;
        find_bulk_of_agency(s, i, end);
        i = end;
    }
}

/* ---- one agency, month by month ---- */

static const struct table_row *row_at(const struct search *s, size_t i)
{
    return &s->table->rows[s->rows[i]];
}

/* The agency's rows of days [from, to]. */
static void span_of(size_t *begin, size_t *end, const struct search *s, int32_t from,
                    int32_t to)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (row_at(s, middle)->day < from)
            low = middle + 1;
        else
            high = middle;
    }
    *begin = low;
    for (*end = low; *end < s->count && row_at(s, *end)->day <= to; ++*end)
        continue;
}

static size_t rows_in(const struct search *s, int32_t from, int32_t to)
{
    size_t begin, end;
    span_of(&begin, &end, s, from, to);
    return end - begin;
}

/* A quarter and the year before it. */
struct compared {
    int32_t from, to, before_from;
    size_t begin, end, before_begin; /* rows: before is [before_begin, begin) */
    double now, before;              /* rows */
};

static void look_at_presence(struct search *s, int first_month, int last_month)
{
    size_t monthly[MONTHS_MAX + 1] = {0};
    int months = last_month - first_month + 1;
    for (size_t i = 0; i < s->count; i++)
        monthly[month_number(row_at(s, i)->day) - first_month]++;
    int seen = -1, silent = 0;
    size_t since = 0;
    bool settled = false;
    for (int m = 0; m < months; m++) {
        int32_t end = month_begin(first_month + m + 1) - 1;
        if (end > s->as_of)
            break;
        if (monthly[m] > 0) {
            if (seen < 0 || silent >= 6) {
                since = 0;
                settled = seen < 0 && m == 0;
                seen = m;
            }
            since += monthly[m];
            if (!settled && since >= ENTERED_ROWS) {
                settled = true;
                struct watch_notice *n =
                    tell(s, NOTICE_ENTERED, end, month_begin(first_month + seen), end);
                n->record_count = since;
                n->observed = (double)since;
                n->text = arena_printf(s->arena,
                                       "%s reports since %s, and did not before: what it "
                                       "reports is new here, not in "
                                       "the world. Its rules raise no alert for a year.",
                                       agency_text(s), day_text(s->arena, n->from));
            }
            silent = 0;
            continue;
        }
        silent += seen >= 0;
        size_t year = 0;
        int counted = 0;
        for (int k = m - silent; k >= 0 && k > m - silent - 12; k--, counted++)
            year += monthly[k];
        if (seen < 0 || counted < 3 || year < (size_t)counted * MONTH_ROWS_MIN)
            continue;
        double usual = (double)year / counted;
        if (silent == 1) {
            struct watch_notice *n =
                tell(s, NOTICE_MISSING_MONTHS, end, month_begin(first_month + m), end);
            n->observed = 0;
            n->expected = usual;
            n->text = arena_printf(
                s->arena, "%s: no row at all in the month from %s, where %s are usual.",
                agency_text(s), day_text(s->arena, n->from), number_text(s->arena, usual));
        } else if (silent == LEFT_MONTHS) {
            struct watch_notice *n = tell(
                s, NOTICE_LEFT, end, month_begin(first_month + m - LEFT_MONTHS + 1), end);
            n->observed = 0;
            n->expected = usual * LEFT_MONTHS;
            n->text = arena_printf(
                s->arena,
                "%s has reported nothing since %s, where %s rows a month were "
                "usual: silence here is no calm.",
                agency_text(s), day_text(s->arena, n->from), number_text(s->arena, usual));
        }
    }
}

static bool may_tell(struct search *s, enum watch_notice_kind kind, int32_t day,
                     int32_t pause)
{
    if (day < s->told_until[kind])
        return false;
    s->told_until[kind] = day + pause;
    return true;
}

static void look_at_dates(struct search *s, const struct compared *c)
{
    double first = 0;
    for (size_t i = c->begin; i < c->end; i++)
        first += date_from_day_number(row_at(s, i)->day).day == 1;
    double usual = c->now / 30.4;
    if (first < 10 || first < 3 * usual + 3 * sqrt(usual) ||
        !may_tell(s, NOTICE_ROUNDED_DATES, c->to, YEAR_DAYS))
        return;
    struct watch_notice *n = tell(s, NOTICE_ROUNDED_DATES, c->to, c->from, c->to);
    n->record_count = (size_t)first;
    n->observed = first;
    n->expected = usual;
    n->text = arena_printf(
        s->arena,
        "%s: %.0f of %.0f rows are dated to the first of a month, where %s would "
        "be usual: the month is known, the day is not.",
        agency_text(s), first, c->now, number_text(s->arena, usual));
}

static void look_at_repeats(struct search *s, const struct compared *c)
{
    double repeats = 0;
    for (size_t i = c->begin; i < c->end; i++)
        repeats += row_at(s, i)->role == ROLE_REPEAT;
    if (repeats < 20 || repeats < 0.1 * c->now ||
        !may_tell(s, NOTICE_REPEATS, c->to, YEAR_DAYS))
        return;
    struct watch_notice *n = tell(s, NOTICE_REPEATS, c->to, c->from, c->to);
    n->record_count = (size_t)repeats;
    n->observed = repeats;
    n->text = arena_printf(
        s->arena,
        "%s: %.0f of %.0f rows repeat another of the same day in every answer. "
        "They count once.",
        agency_text(s), repeats, c->now);
}

static void look_at_level(struct search *s, const struct compared *c)
{
    double usual = c->before / PERIODS_BEFORE;
    double most = c->now > usual ? c->now : usual;
    if (most < 2 * ROWS_MIN || (c->now < 3 * usual && usual < 3 * c->now) ||
        !may_tell(s, NOTICE_LEVEL, c->to, YEAR_DAYS))
        return;
    struct watch_notice *n = tell(s, NOTICE_LEVEL, c->to, c->from, c->to);
    n->record_count = (size_t)c->now;
    n->observed = c->now;
    n->expected = usual;
    n->text = arena_printf(
        s->arena,
        "%s: %.0f rows in the quarter from %s, where %s were usual in the year "
        "before. Expectations follow the agency's own number.",
        agency_text(s), c->now, day_text(s->arena, c->from), number_text(s->arena, usual));
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
        if (!isnan(row_at(s, i)->kg) && row_at(s, i)->kg > 0)
            out[count++] = row_at(s, i)->kg;
    qsort(out, count, sizeof *out, by_size);
    return count;
}

static void look_at_sizes(struct search *s, const struct compared *c)
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
            may_tell(s, NOTICE_SIZES, c->to, YEAR_DAYS)) {
            struct watch_notice *n = tell(s, NOTICE_SIZES, c->to, c->from, c->to);
            n->record_count = (size_t)c->now;
            n->observed = is;
            n->expected = was;
            n->text = arena_printf(s->arena,
                                   "%s: the middle seizure weighs %s kg in the quarter "
                                   "from %s, and %s kg in the year "
                                   "before: %s seizures are reported now.",
                                   agency_text(s), number_text(s->arena, is),
                                   day_text(s->arena, c->from), number_text(s->arena, was),
                                   is < was ? "smaller" : "only larger");
        }
    }
    free(now);
    free(before);
}

static void note_change(struct search *s, int32_t day)
{
    struct notice_list *list = s->out;
    grow_to((void **)&list->changes, &list->change_capacity, list->change_count,
            sizeof *list->changes);
    list->changes[list->change_count++] = (struct form_change){s->agency, day};
}

/* One notice for all columns that broke in the quarter. */
static void look_at_completeness(struct search *s, const struct compared *c)
{
    struct buf text = {.max = 4096};
    unsigned changed = 0;
    double largest = 0, is_largest = 0, was_largest = 0;
    for (enum facet facet = FACET_PLACE; facet < FACET_COUNT; facet++) {
        double now = 0, before = 0;
        for (size_t i = c->before_begin; i < c->end; i++) {
            bool known = row_at(s, i)->value[facet] != 0;
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
    if (changed > 1 && may_tell(s, NOTICE_COMPLETENESS, c->to, YEAR_DAYS))
        note_change(s, c->from);
    if (changed > 0) {
        struct watch_notice *n = tell(s, NOTICE_COMPLETENESS, c->to, c->from, c->to);
        n->record_count = (size_t)c->now;
        n->observed = is_largest;
        n->expected = was_largest;
        n->text = arena_printf(
            s->arena, "%s answers otherwise in the quarter from %s: %.*s.%s",
            agency_text(s), day_text(s->arena, c->from), (int)text.len,
            (const char *)text.at,
            changed > 1 ? " Another form: what came before is no measure of it, "
                          "and its rules raise no alert."
                        : "");
    }
    buf_release(&text);
}

/* One value came up while another went away, and their sum is flat. */
static void look_at_words(struct search *s, const struct compared *c, enum facet facet)
{
    const struct table_values *values = &s->table->values[facet];
    uint32_t *now = xcalloc(values->count + 1, sizeof *now);
    uint32_t *before = xcalloc(values->count + 1, sizeof *before);
    double known_now = 0, known_before = 0;
    for (size_t i = c->before_begin; i < c->end; i++) {
        uint32_t value = row_at(s, i)->value[facet];
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
            bool alike = notice_names_alike(values->text[u], values->text[v]);
            if (u == v || had * known_now < 8 || has > had / 4 || (name && !alike) ||
                fabs(had - has - (is - was)) > 0.5 * (had - has))
                continue;
            enum watch_notice_kind kind = name ? NOTICE_MISCODING : NOTICE_VOCABULARY;
            struct watch_notice *n = tell(s, kind, c->to, c->from, c->to);
            about_value(s, n, facet, v);
            n->record_count = now[v];
            n->observed = now[v];
            n->expected = was * known_now;
            n->text = arena_printf(
                s->arena,
                "%s: the %s \"%s\" gave way to \"%s\" in the quarter from %s "
                "(%.0f %% to %.0f %%, and %.0f %% to %.0f %%): %s.",
                agency_text(s), facet_name(facet), watch_table_shown(s->table, facet, u),
                watch_table_shown(s->table, facet, v), day_text(s->arena, c->from),
                100 * had, 100 * has, 100 * was, 100 * is,
                name ? "two names that are easily taken for each other"
                     : "another word for the same");
            break;
        }
    }
    free(now);
    free(before);
}

static void look_at_quarter(struct search *s, int first_month, int month)
{
    struct compared c = {.from = month_begin(month),
                         .to = month_begin(month + 3) - 1,
                         .before_from = month_begin(month - 12)};
    if (c.to > s->as_of)
        return;
    span_of(&c.begin, &c.end, s, c.from, c.to);
    size_t behind;
    span_of(&c.before_begin, &behind, s, c.before_from, c.from - 1);
    c.now = (double)(c.end - c.begin);
    c.before = (double)(c.begin - c.before_begin);
    look_at_dates(s, &c);
    look_at_repeats(s, &c);
    /* What follows needs a year of its own to compare with. */
    if (month - 12 < first_month ||
        rows_in(s, c.before_from, month_begin(month - 9) - 1) == 0)
        return;
    look_at_level(s, &c);
    if (c.now < ROWS_MIN || c.before < ROWS_MIN)
        return;
    look_at_sizes(s, &c);
    look_at_completeness(s, &c);
    for (enum facet f = FACET_PLACE; f < FACET_COUNT; f++)
        look_at_words(s, &c, f);
}

static int by_agency(const void *a, const void *b, void *rows)
{
    const struct table_row *table = rows;
    const struct table_row *x = &table[*(const uint32_t *)a],
                           *y = &table[*(const uint32_t *)b];
    if (x->value[FACET_AGENCY] != y->value[FACET_AGENCY])
        return x->value[FACET_AGENCY] < y->value[FACET_AGENCY] ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (*(const uint32_t *)a > *(const uint32_t *)b) -
           (*(const uint32_t *)a < *(const uint32_t *)b);
}

static void look_at_agencies(struct search *s, size_t total, int32_t last_day)
{
    int first_month = month_number(s->opening), last_month = month_number(last_day);
    qsort_r(s->order, total, sizeof *s->order, by_agency, s->table->rows);
    for (size_t i = 0; i < total;) {
        s->agency = s->table->rows[s->order[i]].value[FACET_AGENCY];
        s->rows = s->order + i;
        for (s->count = 0;
             i < total && s->table->rows[s->order[i]].value[FACET_AGENCY] == s->agency; i++)
            s->count++;
        for (size_t k = 0; k < NOTICE_KIND_COUNT; k++)
            s->told_until[k] = INT32_MIN;
        look_at_presence(s, first_month, last_month);
        for (int month = first_month - first_month % 3; month <= last_month; month += 3)
            look_at_quarter(s, first_month, month);
    }
}

static int by_day_told(const void *a, const void *b)
{
    const struct watch_notice *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return strcmp(x->text, y->text);
}

/* Rows that are dated after the day they were looked at: not believed, not counted. */
static void look_at_future(struct search *s)
{
    size_t count = 0;
    int32_t last = INT32_MIN, first = INT32_MAX;
    for (size_t i = 0; i < s->table->count; i++) {
        int32_t day = s->table->rows[i].day;
        if (day <= s->as_of)
            continue;
        count++;
        last = day > last ? day : last;
        first = day < first ? day : first;
    }
    if (count == 0)
        return;
    s->agency = 0;
    struct watch_notice *n = tell(s, NOTICE_FUTURE, s->as_of, first, last);
    n->record_count = count;
    n->observed = (double)count;
    n->text = arena_printf(s->arena, "%zu row%s dated after %s, up to %s: not looked at.",
                           count, count == 1 ? " is" : "s are",
                           day_text(s->arena, s->as_of), day_text(s->arena, last));
}

void notices_find(struct notice_list *out, struct watch_table *table, int32_t as_of,
                  struct arena *arena)
{
    struct search s = {.out = out, .table = table, .arena = arena, .as_of = as_of};
    *out = (struct notice_list){0};
    s.order = xmalloc((table->count + 1) * sizeof *s.order);
    s.opening = INT32_MAX;
    int32_t last = INT32_MIN;
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].received > as_of || table->rows[i].day < as_of - 60 * YEAR_DAYS)
            continue;
        s.order[s.count++] = (uint32_t)i;
        s.opening = table->rows[i].day < s.opening ? table->rows[i].day : s.opening;
        last = table->rows[i].day > last ? table->rows[i].day : last;
    }
    size_t total = s.count;
    if (total > 0) {
        find_bulk(&s);
        look_at_agencies(&s, total, last);
    }
    look_at_future(&s);
    free(s.order);
    if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_day_told);
}
