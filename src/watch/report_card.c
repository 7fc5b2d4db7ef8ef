/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/report_parts.h"

#include "base/text.h"
#include "watch/report_world.h"

#include <math.h>

enum { POINTS_MAX = 400 };

/* --- the rule, and how much hangs on each part of it --- */

static void rule_table(struct page *page, const struct watch_alert *alert)
{
    struct buf *out = page->out;
    double most = 0;
    for (size_t i = 0; i < alert->facet_count; i++)
        most = fmax(most, alert->facets[i].leave_one_out);
    buf_add_text(out, "<table><thead><tr><th>Part of the rule</th><th>Is</th>"
                      "<th colspan=\"2\">Score lost without it</th></tr></thead><tbody>");
    for (size_t i = 0; i < alert->facet_count; i++) {
        const struct watch_facet *facet = &alert->facets[i];
        buf_addf(out, "<tr><td>%s</td><td>", facet_caption(LANGUAGE_EN, facet->facet));
        for (size_t v = 0; v < facet->value_count; v++) {
            buf_add_text(out, v > 0 ? " <i>or</i> " : "");
            page_text(page, facet->values[v]);
        }
        double share = most > 0 ? fmax(facet->leave_one_out, 0) / most : 0;
        buf_addf(out,
                 "</td><td><svg class=\"score\" viewBox=\"0 0 90 12\" aria-hidden=\"true\">"
                 "<rect y=\"2\" width=\"%.1f\" height=\"8\"/></svg></td><td class=\"n\">",
                 90 * share);
        page_number(page, facet->leave_one_out, 1);
        buf_add_text(out, "</td></tr>");
    }
    buf_add_text(out, "</tbody></table>");
}

/* --- where: the records, and the legs that the rule names --- */

static bool place_of(double *latitude, double *longitude, const struct watch_row *row)
{
    if (isfinite(row->latitude) && isfinite(row->longitude)) {
        *latitude = row->latitude;
        *longitude = row->longitude;
        return true;
    }
    return world_find(latitude, longitude, row->text[FACET_AGENCY]);
}

static size_t row_points(struct map_point *points, const struct watch_alert *alert)
{
    size_t count = 0;
    for (size_t i = 0; i < alert->row_count && count < POINTS_MAX; i++) {
        double latitude, longitude;
        size_t same = 0;
        if (!place_of(&latitude, &longitude, &alert->rows[i]))
            continue;
        while (same < count &&
               (points[same].latitude != latitude || points[same].longitude != longitude))
            same++;
        if (same < count) {
            points[same].weight++;
            continue;
        }
        const char *const *text = alert->rows[i].text;
        points[count++] = (struct map_point){
            latitude, longitude, 1,
            text[FACET_PLACE][0] != '\0' ? text[FACET_PLACE] : text[FACET_AGENCY]};
    }
    return count;
}

static const char *first_of(const char *a, const char *b)
{
    return a[0] != '\0' ? a : b;
}

static size_t row_lines(struct map_line *lines, const struct watch_alert *alert,
                        struct arena *arena)
{
    size_t count = 0;
    for (size_t i = 0; i < alert->row_count; i++) {
        const char *const *text = alert->rows[i].text;
        const char *from = first_of(text[FACET_DEPARTURE], text[FACET_ORIGIN]);
        const char *to = first_of(text[FACET_DESTINATION], text[FACET_AGENCY]);
        struct map_line line = {.weight = 1, .recent = 1};
        if (!world_find_place(&line.from_latitude, &line.from_longitude, from) ||
            !world_find_place(&line.to_latitude, &line.to_longitude, to) ||
            (line.from_latitude == line.to_latitude &&
             line.from_longitude == line.to_longitude))
            continue;
        size_t same = 0;
        while (same < count && (lines[same].from_latitude != line.from_latitude ||
                                lines[same].from_longitude != line.from_longitude ||
                                lines[same].to_latitude != line.to_latitude ||
                                lines[same].to_longitude != line.to_longitude))
            same++;
        if (same < count) {
            lines[same].weight++;
            continue;
        }
        if (count == REPORT_LINES_MAX)
            break;
        line.label = arena_printf(arena, "%.200s → %.200s", from, to);
        lines[count++] = line;
    }
    return count;
}

static void card_map(struct page *page, const struct watch_alert *alert)
{
    struct map_point *points = arena_zalloc(&page->arena, POINTS_MAX, sizeof *points);
    struct map_line lines[REPORT_LINES_MAX];
    bool circle = isfinite(alert->circle.radius_km);
    struct map map = {.points = points,
                      .point_count = row_points(points, alert),
                      .lines = lines,
                      .line_count = row_lines(lines, alert, &page->arena),
                      .circle = circle ? &alert->circle : NULL,
                      .label = "Where the records of this alert lie"};
    if (map.point_count == 0 && map.line_count == 0 && !circle) {
        buf_add_text(page->out,
                     "<p class=\"quiet\">No record of this alert can be put on a "
                     "map: neither coordinates nor a country that is known.</p>");
        return;
    }
    svg_map(page->out, &map);
}

static void card_chart(struct page *page, const struct watch_alert *alert)
{
    if (alert->bar_count == 0)
        return;
    struct chart_bar *bars = arena_zalloc(&page->arena, alert->bar_count, sizeof *bars);
    for (size_t i = 0; i < alert->bar_count; i++) {
        const struct watch_bar *bar = &alert->bars[i];
        bars[i] = (struct chart_bar){.from = bar->from,
                                     .observed = bar->observed,
                                     .expected = bar->expected,
                                     .lit = bar->from <= alert->to &&
                                            bar->from + 6 >= alert->from};
    }
    svg_bars(page->out, bars, alert->bar_count, 460, "Seizures of this rule by week",
             &page->arena);
    buf_add_text(page->out,
                 "<p class=\"key\">by week: <span class=\"swatch\"></span>observed"
                 "<span class=\"swatch lit\"></span>in the alert’s window"
                 "<span class=\"swatch line\"></span>expected</p>");
}

/* --- the numbers --- */

static void term(struct page *page, const char *name)
{
    buf_addf(page->out, "<dt>%s</dt><dd>", name);
}

static void card_numbers(struct page *page, const struct watch_alert *alert)
{
    struct buf *out = page->out;
    struct arena *arena = &page->arena;
    buf_add_text(out, "<dl>");
    term(page, "Observed");
    buf_addf(out, "%u from %s to %s</dd>", alert->observed, words_day(arena, alert->from),
             words_day(arena, alert->to));
    term(page, "Expected");
    buf_addf(out, "%s%s with the agency’s effort and the season; %s by history alone</dd>",
             words_expectation(arena, LANGUAGE_EN, alert->expected),
             words_more(arena, LANGUAGE_EN, alert),
             words_expectation(arena, LANGUAGE_EN, alert->expected_raw));
    term(page, "By chance");
    if (isfinite(alert->once_in_years))
        buf_addf(out, "once in %s years on this data</dd>",
                 words_expectation(arena, LANGUAGE_EN, alert->once_in_years));
    else if (!(alert->rarer_than_years > 0))
        buf_add_text(out, "not known: the history is too short to say</dd>");
    else
        buf_addf(out, "rarer than once in %s years, three times the history</dd>",
                 words_expectation(arena, LANGUAGE_EN, alert->rarer_than_years));
    term(page, "Not yet reported");
    buf_addf(out, "%s %% of the window’s seizures, by the delays so far</dd>",
             words_number(arena, LANGUAGE_EN, 100 * alert->unreported_share, 0));
    term(page, "Growth");
    const char *doubling = words_expectation(arena, LANGUAGE_EN, alert->doubling_days);
    if (isfinite(alert->doubling_days))
        buf_addf(out, "doubles in %s %s (90 %% interval %s to %s)</dd>", doubling,
                 strcmp(doubling, "1") == 0 ? "day" : "days",
                 words_expectation(arena, LANGUAGE_EN, alert->doubling_low),
                 words_expectation(arena, LANGUAGE_EN, alert->doubling_high));
    else
        buf_add_text(out, "not growing, or too few to say</dd>");
    if (isfinite(alert->kg)) {
        term(page, "Weight");
        buf_addf(out, "%s kg where it is known</dd>",
                 words_expectation(arena, LANGUAGE_EN, alert->kg));
    }
    if (isfinite(alert->circle.radius_km)) {
        term(page, "Circle");
        if (alert->circle.places > 1)
            buf_addf(out, "%zu places within %s km of ", alert->circle.places,
                     words_number(arena, LANGUAGE_EN, alert->circle.radius_km, 0));
        else
            buf_add_text(out, "one place, ");
        page_text(page, alert->circle.centre);
        buf_add_text(out, "</dd>");
    }
    term(page, "Raised");
    buf_addf(out, "%s", words_day(arena, alert->day));
    if (alert->standing == WATCH_ONGOING)
        buf_addf(out, "; first on %s, and grown since", words_day(arena, alert->first_day));
    buf_add_text(out, "</dd>");
    term(page, "Nearest known");
    page_text(page, alert->nearest);
    buf_add_text(out, "</dd>");
    term(page, "What would show that it is nothing");
    page_text(page, alert->falsifier);
    buf_addf(out, "</dd><dt>Recompute</dt><dd class=\"hash\">seed %llu, ",
             (unsigned long long)alert->seed);
    page_text(page, alert->hash);
    buf_add_text(out, "</dd></dl>");
}

/* --- the records --- */

static void card_records(struct page *page, const struct watch_alert *alert)
{
    struct buf *out = page->out;
    size_t shown =
        alert->row_count < REPORT_RECORDS_MAX ? alert->row_count : REPORT_RECORDS_MAX;
    bool used[FACET_COUNT] = {false}, late = false;
    for (size_t i = 0; i < shown; i++) {
        late |= alert->rows[i].received != alert->rows[i].day;
        for (int f = 0; f < FACET_COUNT; f++)
            used[f] |= alert->rows[i].text[f][0] != '\0';
    }
    buf_addf(out,
             "<details><summary>%zu record%s</summary><div class=\"wide\"><table><thead>"
             "<tr><th>Line</th><th>Day</th>%s<th class=\"n\">kg</th>",
             alert->row_count, plural(alert->row_count, "", "s"),
             late ? "<th>Received</th>" : "");
    for (int f = 0; f < FACET_COUNT; f++)
        if (used[f])
            buf_addf(out, "<th>%s</th>", facet_caption(LANGUAGE_EN, (enum facet)f));
    buf_add_text(out, "</tr></thead><tbody>");
    for (size_t i = 0; i < shown; i++) {
        const struct watch_row *row = &alert->rows[i];
        buf_add_text(out, "<tr><td>");
        if (row->line > 0)
            buf_addf(out, "%zu", row->line);
        else
            page_text(page, row->id);
        buf_addf(out, "</td><td class=\"day\">%s</td>", words_day(&page->arena, row->day));
        if (late)
            buf_addf(out, "<td class=\"day\">%s</td>",
                     words_day(&page->arena, row->received));
        buf_add_text(out, "<td class=\"n\">");
        if (isfinite(row->kg))
            page_number(page, row->kg, row->kg < 10 ? 3 : 1);
        buf_add_text(out, "</td>");
        for (int f = 0; f < FACET_COUNT; f++) {
            if (!used[f])
                continue;
            buf_add_text(out, "<td>");
            html_add(out, row->text[f]);
            buf_add_text(out, "</td>");
        }
        buf_add_text(out, "</tr>");
    }
    buf_add_text(out, "</tbody></table></div>");
    if (shown < alert->row_count)
        buf_addf(out, "<p class=\"quiet\">and %zu more</p>", alert->row_count - shown);
    buf_add_text(out, "</details>");
}

void page_card(struct page *page, const struct watch_alert *alert, size_t number)
{
    struct buf *out = page->out;
    bool old = alert->standing == WATCH_ONGOING;
    buf_addf(out, "<article class=\"card%s\" id=\"alert-%zu\"><h3>", old ? " old" : "",
             number);
    html_add(out, alert->rule_text);
    buf_addf(out, "<span class=\"badge%s\">%s</span></h3><p class=\"sentence\">",
             old ? " old" : "", words(LANGUAGE_EN, old ? WORD_ONGOING : WORD_NEW));
    html_add(out, alert->text);
    buf_add_text(out, "</p><div class=\"two\"><div>");
    card_chart(page, alert);
    rule_table(page, alert);
    buf_add_text(out, "</div><div>");
    card_map(page, alert);
    buf_add_text(out, "</div></div>");
    card_numbers(page, alert);
    card_records(page, alert);
    buf_add_text(out, "</article>");
}
