/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/notice_search.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

enum {
    ENTERED_ROWS = 20,
    MONTH_ROWS_MIN = 8, /* a month, for its absence to mean something */
    LEFT_MONTHS = 3,
    MONTHS_MAX = 12 * 62,
    SILENT_DAYS = 14,  /* of everybody, at least ... */
    SILENT_TIMES = 10, /* ... so many of the days between two seizures ... */
    GAP_TIMES = 2,     /* ... and of the longest silence of the year before */
    SILENT_ROWS = 20,
};

/* Nobody reports any more: an import that broke looks like peace. By days received, as what is late is
 * no silence. */
void notice_look_at_silence(struct search *s, const int32_t *received, size_t count)
{
    if (count < SILENT_ROWS || received[count - 1] >= s->as_of)
        return;
    int32_t last = received[count - 1], longest = 1;
    size_t first = count - 1;
    for (; first > 0 && received[first - 1] > last - YEAR_DAYS; first--)
        if (received[first] - received[first - 1] > longest)
            longest = received[first] - received[first - 1];
    double rate = (double)(last - received[first] + 1) / (double)(count - first);
    double least = fmax(SILENT_DAYS, fmax(SILENT_TIMES * rate, GAP_TIMES * longest));
    if (count - first < SILENT_ROWS || s->as_of - last <= least)
        return;
    s->agency = 0;
    struct watch_notice *n =
        notice_tell(s, NOTICE_LEFT, last + 1 + (int32_t)least, last + 1, s->as_of);
    n->observed = 0;
    n->expected = (s->as_of - last) / rate;
    const char *usual = number_text(s->arena, rate);
    n->text = arena_printf(
        s->arena,
        "No seizure of anybody since %s: %d %s, where one came every %s, and never more "
        "than %d %s without. Nothing can be watched, and silence here is no calm: does the "
        "import still run?",
        day_text(s->arena, last), s->as_of - last,
        plural((uint64_t)(s->as_of - last), "day", "days"),
        strcmp(usual, "1") == 0 ? "day" : arena_printf(s->arena, "%s days", usual), longest,
        plural((uint64_t)longest, "day", "days"));
}

void notice_look_at_presence(struct search *s, int first_month, int last_month)
{
    size_t monthly[MONTHS_MAX + 1] = {0};
    int months = last_month - first_month + 1;
    for (size_t i = 0; i < s->count; i++)
        monthly[notice_month(notice_row(s, i)->day) - first_month]++;
    int seen = -1, silent = 0;
    size_t since = 0;
    bool settled = false;
    for (int m = 0; m < months; m++) {
        int32_t end = notice_month_begin(first_month + m + 1) - 1;
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
                struct watch_notice *n = notice_tell(
                    s, NOTICE_ENTERED, end, notice_month_begin(first_month + seen), end);
                n->record_count = since;
                n->observed = (double)since;
                n->text = arena_printf(s->arena,
                                       "%s reports since %s, and did not before: what it "
                                       "reports is new here, not in "
                                       "the world. Its rules raise no alert for a year.",
                                       notice_agency_text(s), day_text(s->arena, n->from));
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
            struct watch_notice *n = notice_tell(s, NOTICE_MISSING_MONTHS, end,
                                                 notice_month_begin(first_month + m), end);
            n->observed = 0;
            n->expected = usual;
            n->text = arena_printf(
                s->arena, "%s: no row at all in the month from %s, where %s are usual.",
                notice_agency_text(s), day_text(s->arena, n->from),
                number_text(s->arena, usual));
        } else if (silent == LEFT_MONTHS) {
            struct watch_notice *n =
                notice_tell(s, NOTICE_LEFT, end,
                            notice_month_begin(first_month + m - LEFT_MONTHS + 1), end);
            n->observed = 0;
            n->expected = usual * LEFT_MONTHS;
            n->text =
                arena_printf(s->arena,
                             "%s has reported nothing since %s, where %s rows a month were "
                             "usual: silence here is no calm.",
                             notice_agency_text(s), day_text(s->arena, n->from),
                             number_text(s->arena, usual));
        }
    }
}
