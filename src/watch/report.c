/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/report.h"

#include "base/file.h"
#include "base/text.h"
#include "watch/report_parts.h"
#include "watch/report_world.h"

#include <math.h>
#include <sodium.h>

void page_text(struct page *page, const char *text)
{
    if (text == NULL || text[0] == '\0')
        buf_addf(page->out, "<span class=\"quiet\">%s</span>",
                 words(LANGUAGE_EN, WORD_UNKNOWN));
    else
        html_add(page->out, text);
}

void page_number(struct page *page, double number, int decimals)
{
    buf_add_text(page->out, words_number(&page->arena, LANGUAGE_EN, number, decimals));
}

static void heading(struct page *page, const char *id, enum word word)
{
    buf_addf(page->out, "<h2 id=\"%s\">%s</h2>", id, words(LANGUAGE_EN, word));
}

/* --- the head --- */

/* Nothing is loaded, nothing runs, no form is sent; the one style is the one with this hash. */
static void policy(struct page *page)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    char text[sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_ORIGINAL)];
    crypto_hash_sha256(hash, (const uint8_t *)report_style, strlen(report_style));
    sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    buf_addf(page->out,
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
             "style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">",
             text);
}

static void figure(struct page *page, size_t number, enum word word)
{
    buf_add_text(page->out, "<li><b>");
    page_number(page, (double)number, 0);
    buf_addf(page->out, "</b><span>%s</span></li>", words_of(LANGUAGE_EN, word, number));
}

static void page_head(struct page *page, const struct watch_result *result)
{
    struct buf *out = page->out;
    buf_add_text(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    policy(page);
    buf_add_text(out,
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                 "<meta name=\"referrer\" content=\"no-referrer\"><title>");
    buf_addf(out, "%s, %s %s", words(LANGUAGE_EN, WORD_TITLE),
             words(LANGUAGE_EN, WORD_AS_OF), words_day(&page->arena, result->as_of));
    buf_addf(out, "</title><style>%s</style></head><body>", report_style);
    svg_land(out);
    buf_addf(out, "<header><div><h1>%s</h1><p>%s %s · %s: ", words(LANGUAGE_EN, WORD_TITLE),
             words(LANGUAGE_EN, WORD_AS_OF), words_day(&page->arena, result->as_of),
             words(LANGUAGE_EN, WORD_SOURCE));
    html_add(out, words_source(result->source));
    buf_add_text(out, "</p><p>");
    if (result->first_day <= result->last_day)
        buf_addf(out, "%s to %s", words_day(&page->arena, result->first_day),
                 words_day(&page->arena, result->last_day));
    else
        buf_add_text(out, words(LANGUAGE_EN, WORD_NO_ROWS));
    buf_add_text(out, "</p></div></header><main><ul class=\"figures\">");
    figure(page, result->alert_count, WORD_ALERTS);
    figure(page, result->notice_count, WORD_NOTICES);
    figure(page, result->event_count, WORD_SEIZURES);
    figure(page, result->row_count, WORD_RECORDS);
    if (result->rejected_count > 0)
        figure(page, result->rejected_count, WORD_REJECTED);
    buf_add_text(out, "</ul>");
}

static void threshold(struct page *page, const struct watch_result *result)
{
    struct buf *out = page->out;
    struct arena *arena = &page->arena;
    if (!isfinite(result->threshold)) {
        buf_addf(out, "<p>%s</p>", words(LANGUAGE_EN, WORD_NO_THRESHOLD));
        return;
    }
    buf_addf(
        out,
        "<p class=\"quiet\">Asked for %s false alarm%s a year. The threshold of %s was set "
        "on %s years of these data’s own history, dates permuted in blocks",
        words_expectation(arena, LANGUAGE_EN, result->alarms_per_year),
        result->alarms_per_year == 1 ? "" : "s",
        words_number(arena, LANGUAGE_EN, result->threshold, 1),
        words_expectation(arena, LANGUAGE_EN, result->history_years));
    if (isfinite(result->rate_low) && isfinite(result->rate_high))
        buf_addf(out, "; the true rate lies between %s and %s a year (90 %% interval)",
                 words_expectation(arena, LANGUAGE_EN, result->rate_low),
                 words_expectation(arena, LANGUAGE_EN, result->rate_high));
    buf_addf(out, ". Seed %llu.</p>", (unsigned long long)result->seed);
}

/* --- alerts --- */

static void alert_list(struct page *page, const struct watch_result *result)
{
    struct buf *out = page->out;
    buf_add_text(out,
                 "<div class=\"panel wide\"><table><thead><tr><th>Raised</th><th>What</th>"
                 "<th>Window</th><th class=\"n\">Observed</th><th class=\"n\">Expected</th>"
                 "<th class=\"n\">Once in years</th></tr></thead><tbody>");
    for (size_t i = 0; i < result->alert_count; i++) {
        const struct watch_alert *alert = &result->alerts[i];
        buf_addf(out, "<tr><td class=\"day\">%s</td><td>",
                 words_day(&page->arena, alert->day));
        if (i < REPORT_CARDS_MAX)
            buf_addf(out, "<a href=\"#alert-%zu\">", i + 1);
        page_text(page, alert->rule_text);
        buf_addf(out, "%s</td><td class=\"day\">%s<br>to %s</td>",
                 i < REPORT_CARDS_MAX ? "</a>" : "", words_day(&page->arena, alert->from),
                 words_day(&page->arena, alert->to));
        buf_addf(out, "<td class=\"n\">%u</td><td class=\"n\">%s</td>", alert->observed,
                 words_expectation(&page->arena, LANGUAGE_EN, alert->expected));
        bool known = isfinite(alert->once_in_years);
        double years = known ? alert->once_in_years : alert->rarer_than_years;
        buf_addf(
            out, "<td class=\"n\">%s%s</td></tr>", known || !(years > 0) ? "" : "over ",
            years > 0 ? words_expectation(&page->arena, LANGUAGE_EN, years) : "not known");
    }
    buf_add_text(out, "</tbody></table></div>");
}

static void alerts(struct page *page, const struct watch_result *result)
{
    heading(page, "alerts", WORD_WHAT_IS_NEW);
    if (result->alert_count == 0)
        buf_addf(page->out, "<p class=\"panel\">%s</p>", words(LANGUAGE_EN, WORD_NO_ALERT));
    else
        alert_list(page, result);
    threshold(page, result);
}

static void cards(struct page *page, const struct watch_result *result)
{
    size_t shown =
        result->alert_count < REPORT_CARDS_MAX ? result->alert_count : REPORT_CARDS_MAX;
    for (size_t i = 0; i < shown; i++) {
        struct arena_mark mark = arena_mark(&page->arena);
        page_card(page, &result->alerts[i], i + 1);
        arena_rewind(&page->arena, mark);
    }
}

/* --- months and flows --- */

static void months(struct page *page, const struct watch_result *result)
{
    if (result->month_count == 0)
        return;
    heading(page, "months", WORD_BY_MONTH);
    struct chart_bar *bars = arena_zalloc(&page->arena, result->month_count, sizeof *bars);
    for (size_t i = 0; i < result->month_count; i++) {
        const struct watch_month *month = &result->months[i];
        bars[i] = (struct chart_bar){.from = month->from,
                                     .observed = month->events,
                                     .expected = month->expected,
                                     .marked = month->marked};
    }
    buf_add_text(page->out, "<div class=\"panel\">");
    svg_bars(page->out, bars, result->month_count, 960, words(LANGUAGE_EN, WORD_BY_MONTH),
             &page->arena);
    buf_addf(page->out,
             "<p class=\"key\"><span class=\"swatch\"></span>%s"
             "<span class=\"swatch line\"></span>%s"
             "<span class=\"swatch note\"></span>a data notice begins</p></div>",
             words(LANGUAGE_EN, WORD_OBSERVED), words(LANGUAGE_EN, WORD_EXPECTED));
}

size_t flow_lines(struct map_line *lines, const struct watch_flow *flows, size_t count,
                  struct arena *arena)
{
    size_t made = 0;
    for (size_t i = 0; i < count && made < REPORT_LINES_MAX; i++) {
        const struct watch_flow *flow = &flows[i];
        struct map_line line = {.weight = flow->events, .recent = flow->recent};
        if (!world_find_place(&line.from_latitude, &line.from_longitude, flow->from) ||
            !world_find_place(&line.to_latitude, &line.to_longitude, flow->to) ||
            (line.from_latitude == line.to_latitude &&
             line.from_longitude == line.to_longitude))
            continue;
        line.label = arena_printf(arena, "%.200s → %.200s: %u, of the last 90 days %u",
                                  flow->from, flow->to, flow->events, flow->recent);
        lines[made++] = line;
    }
    return made;
}

static void flows(struct page *page, const struct watch_result *result)
{
    if (result->flow_count == 0)
        return;
    heading(page, "flows", WORD_FLOWS);
    struct map_line lines[REPORT_LINES_MAX];
    size_t count = flow_lines(lines, result->flows, result->flow_count, &page->arena);
    buf_add_text(page->out, "<div class=\"panel\">");
    if (count > 0) {
        struct map map = {.lines = lines,
                          .line_count = count,
                          .whole_world = true,
                          .label = words(LANGUAGE_EN, WORD_FLOWS)};
        svg_map(page->out, &map);
    } else {
        buf_add_text(page->out,
                     "<p class=\"quiet\">No flow has two countries that stand on a "
                     "map.</p>");
    }
    buf_addf(page->out,
             "<p class=\"key\">%s Departure, else origin; destination, else the "
             "agency.</p></div><div class=\"panel\">",
             words(LANGUAGE_EN, WORD_FLOWS_KEY));
    svg_flows(page->out, result->flows, result->flow_count,
              words(LANGUAGE_EN, WORD_UNKNOWN));
    buf_add_text(page->out, "</div>");
}

/* --- notices and the unseen --- */

static void notices(struct page *page, const struct watch_result *result)
{
    struct buf *out = page->out;
    heading(page, "notices", WORD_DATA_CHANGED);
    if (result->notice_count == 0) {
        buf_addf(out, "<p class=\"panel\">%s</p>", words(LANGUAGE_EN, WORD_NO_NOTICE));
        return;
    }
    buf_add_text(out,
                 "<div class=\"panel wide\"><table><thead><tr><th>Days</th><th>Kind</th>"
                 "<th>About</th><th>What was seen</th><th class=\"n\">Records</th>"
                 "<th class=\"n\">Alerts explained</th></tr></thead><tbody>");
    size_t shown = result->notice_count < REPORT_NOTICES_MAX ? result->notice_count
                                                             : REPORT_NOTICES_MAX;
    for (size_t i = 0; i < shown; i++) {
        const struct watch_notice *notice = &result->notices[i];
        buf_addf(out, "<tr><td class=\"day\">%s<br>to %s</td><td>%s%s</td><td>",
                 words_day(&page->arena, notice->from), words_day(&page->arena, notice->to),
                 notice_caption(LANGUAGE_EN, notice->kind),
                 notice->raised
                     ? arena_printf(&page->arena, "<br><span class=\"quiet\">%s</span>",
                                    words(LANGUAGE_EN, WORD_ALL_THE_SAME))
                     : "");
        html_add(out, rule_sentence(&page->arena, LANGUAGE_EN, notice->facets,
                                    notice->facet_count));
        buf_add_text(out, "</td><td>");
        html_add(out, notice->text);
        buf_addf(out, "</td><td class=\"n\">%zu</td><td class=\"n\">%u</td></tr>",
                 notice->record_count, notice->explained);
    }
    buf_add_text(out, "</tbody></table>");
    if (shown < result->notice_count)
        buf_addf(out, "<p class=\"quiet\">and %zu more</p>", result->notice_count - shown);
    buf_add_text(out, "</div>");
}

static void unseen(struct page *page, const struct watch_result *result)
{
    struct buf *out = page->out;
    heading(page, "unseen", WORD_NOT_LOOKED_AT);
    if (result->unseen_count == 0) {
        buf_addf(out, "<p class=\"panel\">%s</p>", words(LANGUAGE_EN, WORD_ALL_LOOKED_AT));
        return;
    }
    buf_add_text(out, "<div class=\"panel\"><table><thead><tr><th>What</th><th>Why</th>"
                      "<th class=\"n\">Records</th></tr></thead><tbody>");
    for (size_t i = 0; i < result->unseen_count; i++) {
        const struct watch_unseen *one = &result->unseen[i];
        buf_addf(out, "<tr><td>%s</td><td>", facet_caption(LANGUAGE_EN, one->facet));
        html_add(out, one->text);
        buf_addf(out, "</td><td class=\"n\">%zu</td></tr>", one->record_count);
    }
    buf_add_text(out, "</tbody></table></div>");
}

static void page_foot(struct page *page)
{
    buf_addf(page->out, "<h2>%s</h2><div class=\"panel\">",
             words(LANGUAGE_EN, WORD_HOW_TO_READ));
    for (enum word word = WORD_HOW_1; word <= WORD_HOW_4; word++)
        buf_addf(page->out, "<p>%s</p>", words(LANGUAGE_EN, word));
    buf_add_text(
        page->out,
        "</div><footer>Made by Enlace. This page asks nothing of any network. Outline "
        "of the land and middles of countries: Natural Earth, public domain; borders "
        "are not shown and no position on any is taken.</footer></main></body></html>\n");
}

enum status report_page(struct buf *out, const struct watch_result *result, struct err *err)
{
    struct page page = {.out = out};
    page_head(&page, result);
    alerts(&page, result);
    cards(&page, result);
    notices(&page, result);
    months(&page, result);
    flows(&page, result);
    unseen(&page, result);
    page_foot(&page);
    arena_release(&page.arena);
    return out->overflowed ? fail(err, TOO_LARGE, "the report passes %zu mebibytes",
                                  out->max / 1024 / 1024)
                           : OK;
}

enum status report_write(const char *path, const struct watch_result *result,
                         struct err *err)
{
    size_t len = strlen(path);
    if (len > 5 && text_same(bytes_text(path + len - 5), ".xlsx"))
        return report_workbook(path, result, err);
    struct buf out = {.max = REPORT_BYTES_MAX};
    enum status status = report_page(&out, result, err);
    if (status == OK)
        status = file_write(path, buf_bytes(&out), FILE_PUBLIC, err);
    buf_release(&out);
    return status;
}
