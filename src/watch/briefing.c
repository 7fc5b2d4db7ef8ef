/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/briefing.h"

#include "base/file.h"
#include "watch/briefing_draw.h"

#include <cairo-pdf.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

/* A4 in points. */
static const double PAGE_WIDTH = 595.276, PAGE_HEIGHT = 841.89, MARGIN = 42;

enum {
    BAND = 76,
    FIGURES_MAX = 4,
    CHART_HEIGHT = 118,
    SPARK_WIDTH = 150,
    FULL_LINES = 16, /* what a rule takes; more is no rule but somebody's prank */
    TIGHT_LINES = 5, /* where it would not fit */
    MAP_HEIGHT = 200,
    FLOWS_LISTED = 8,
    NOTICES_LISTED = 34,
    NOTICES_ROOM = 210,
    UNSEEN_LISTED = 9,
    PDF_MAX = 64 * 1024 * 1024
};

static const struct writing heading = {
    .size = 12.5, .bold = true, .ink = INK_BLUE, .lines = 1};
static const struct writing body = {.size = 9, .ink = INK_TEXT, .lines = 2};
static const struct writing strong = {
    .size = 9.5, .bold = true, .ink = INK_TEXT, .lines = 2};
static const struct writing quiet = {.size = 8, .ink = INK_QUIET, .lines = 1};
static const struct writing prose = {.size = 8.2, .ink = INK_TEXT};

static double width_of(const struct sheet *sheet)
{
    return sheet->right - sheet->left;
}

static double put_heading(struct sheet *sheet, double y, enum word word)
{
    return y +
           sheet_text(sheet, words(sheet->language, word), sheet->left, y, width_of(sheet),
                      &heading) +
           5;
}

static const char *count_text(struct sheet *sheet, size_t count)
{
    return words_number(sheet->arena, sheet->language, (double)count, 0);
}

static double put_more(struct sheet *sheet, double y, size_t more)
{
    if (more == 0)
        return y;
    const char *text = words_counted(sheet->arena, sheet->language, WORD_MORE, more);
    return y + sheet_text(sheet, text, sheet->left, y, width_of(sheet), &quiet) + 2;
}

static const char *range_text(struct sheet *sheet, int32_t from, int32_t to)
{
    return arena_printf(sheet->arena, "%s %s %s", words_day(sheet->arena, from),
                        words(sheet->language, WORD_TO), words_day(sheet->arena, to));
}

/* --- head and foot --- */

static double put_band(struct sheet *sheet, const struct watch_result *result)
{
    static const struct writing title = {
        .size = 21, .bold = true, .ink = INK_WHITE, .lines = 1};
    static const struct writing under = {.size = 9.5, .ink = INK_WHITE, .lines = 1};
    enum language language = sheet->language;
    sheet_box(sheet, 0, 0, PAGE_WIDTH, BAND, INK_BLUE);
    sheet_text(sheet, words(language, WORD_TITLE), sheet->left, 16, width_of(sheet),
               &title);
    const char *period = result->first_day <= result->last_day
                             ? range_text(sheet, result->first_day, result->last_day)
                             : words(language, WORD_NO_ROWS);
    const char *colon = words_colon(language);
    const char *text = arena_printf(
        sheet->arena, "%s %s  ·  %s%s%.200s  ·  %s%s%s", words(language, WORD_AS_OF),
        words_day(sheet->arena, result->as_of), words(language, WORD_SOURCE), colon,
        words_source(result->source), words(language, WORD_PERIOD), colon, period);
    sheet_text(sheet, text, sheet->left, 48, width_of(sheet), &under);
    return BAND + 14;
}

static double put_figures(struct sheet *sheet, double y, const struct watch_result *result)
{
    static const struct writing number = {
        .size = 19, .bold = true, .ink = INK_BLUE, .lines = 1};
    const struct {
        size_t number;
        enum word word;
    } figures[FIGURES_MAX] = {{result->alert_count, WORD_ALERTS},
                              {result->notice_count, WORD_NOTICES},
                              {result->event_count, WORD_SEIZURES},
                              {result->row_count, WORD_RECORDS}};
    double gap = 8, wide = (width_of(sheet) - gap * (FIGURES_MAX - 1)) / FIGURES_MAX;
    for (size_t i = 0; i < FIGURES_MAX; i++) {
        double x = sheet->left + (wide + gap) * (double)i;
        sheet_box(sheet, x, y, wide, 46, INK_PALE);
        sheet_text(sheet, count_text(sheet, figures[i].number), x + 8, y + 5, wide - 16,
                   &number);
        sheet_text(sheet, words_of(sheet->language, figures[i].word, figures[i].number),
                   x + 8, y + 30, wide - 12, &quiet);
    }
    return y + 60;
}

static void put_foot(struct sheet *sheet, const struct watch_result *result, size_t page)
{
    struct writing right = quiet;
    right.from_right = true;
    double y = PAGE_HEIGHT - MARGIN + 12;
    const char *left =
        arena_printf(sheet->arena, "Enlace  ·  %s %llu", words(sheet->language, WORD_SEED),
                     (unsigned long long)result->seed);
    sheet_text(sheet, left, sheet->left, y, width_of(sheet) / 2, &quiet);
    sheet_text(sheet, words_counted(sheet->arena, sheet->language, WORD_PAGE, page),
               sheet->left + width_of(sheet) / 2, y, width_of(sheet) / 2, &right);
}

/* --- the first page: what is new, and the months --- */

static void put_spark(struct sheet *sheet, const struct watch_alert *alert,
                      const struct box *box)
{
    struct chart_bar *bars = arena_zalloc(sheet->arena, alert->bar_count + 1, sizeof *bars);
    for (size_t i = 0; i < alert->bar_count; i++)
        bars[i] = (struct chart_bar){.from = alert->bars[i].from,
                                     .observed = alert->bars[i].observed,
                                     .expected = alert->bars[i].expected,
                                     .lit = alert->bars[i].from <= alert->to &&
                                            alert->bars[i].from + 6 >= alert->from};
    sheet_bars(sheet, bars, alert->bar_count, box, false);
}

/* Draws the alert at y; gives its height. Without drawing when it would pass the bottom: 0. */
static double put_alert(struct sheet *sheet, double y, double bottom, int lines,
                        const struct watch_alert *alert)
{
    enum language language = sheet->language;
    bool old = alert->standing == WATCH_ONGOING;
    double text_width = width_of(sheet) - SPARK_WIDTH - 24, x = sheet->left + 10;
    const char *rule =
        rule_sentence(sheet->arena, language, alert->facets, alert->facet_count);
    const char *sentence = alert_sentence(sheet->arena, language, alert);
    const char *when = arena_printf(sheet->arena, "%s  ·  %s",
                                    words(language, old ? WORD_ONGOING : WORD_NEW),
                                    range_text(sheet, alert->from, alert->to));
    struct writing whole = strong, said = body;
    whole.lines = lines;
    said.lines = lines;
    double tall = 6 + sheet_measure(sheet, rule, text_width, &whole) + 2 +
                  sheet_measure(sheet, sentence, text_width, &said) + 2 +
                  sheet_measure(sheet, when, text_width, &quiet) + 6;
    if (y + tall > bottom)
        return 0;
    sheet_box(sheet, sheet->left, y, width_of(sheet), tall, INK_PALE);
    sheet_box(sheet, sheet->left, y, 3, tall, old ? INK_OLD : INK_ALERT);
    struct box box = {sheet->right - SPARK_WIDTH - 6, y + 7, SPARK_WIDTH, tall - 14};
    put_spark(sheet, alert, &box);
    double at = y + 6;
    at += sheet_text(sheet, rule, x, at, text_width, &whole) + 2;
    at += sheet_text(sheet, sentence, x, at, text_width, &said) + 2;
    sheet_text(sheet, when, x, at, text_width, &quiet);
    return tall;
}

static double put_alerts(struct sheet *sheet, double y, double bottom,
                         const struct watch_result *result)
{
    enum language language = sheet->language;
    y = put_heading(sheet, y, WORD_WHAT_IS_NEW);
    if (!isfinite(result->threshold))
        y += sheet_text(sheet, words(language, WORD_NO_THRESHOLD), sheet->left, y,
                        width_of(sheet), &body) +
             4;
    else if (result->alert_count == 0)
        y += sheet_text(sheet, words(language, WORD_NO_ALERT), sheet->left, y,
                        width_of(sheet), &body);
    size_t shown = 0;
    for (; shown < result->alert_count; shown++) {
        /* What is new is told in full, at the cost of how many; the first in any case. */
        const struct watch_alert *alert = &result->alerts[shown];
        double tall = put_alert(sheet, y, bottom - 12, FULL_LINES, alert);
        if (tall == 0 && shown == 0)
            tall = put_alert(sheet, y, bottom - 12, TIGHT_LINES, alert);
        if (tall == 0)
            break;
        y += tall + 5;
    }
    return put_more(sheet, y, result->alert_count - shown);
}

static void put_months(struct sheet *sheet, double y, const struct watch_result *result)
{
    enum { MONTHS_MAX = 120 };
    if (result->month_count == 0)
        return;
    size_t from = result->month_count > MONTHS_MAX ? result->month_count - MONTHS_MAX : 0;
    size_t count = result->month_count - from;
    struct chart_bar *bars = arena_zalloc(sheet->arena, count, sizeof *bars);
    for (size_t i = 0; i < count; i++) {
        const struct watch_month *month = &result->months[from + i];
        bars[i] = (struct chart_bar){.from = month->from,
                                     .observed = month->events,
                                     .expected = month->expected,
                                     .marked = month->marked};
    }
    y = put_heading(sheet, y, WORD_BY_MONTH);
    struct box box = {sheet->left, y + 4, width_of(sheet), CHART_HEIGHT - 30};
    sheet_bars(sheet, bars, count, &box, true);
    const char *key =
        arena_printf(sheet->arena, "■ %s    — %s", words(sheet->language, WORD_OBSERVED),
                     words(sheet->language, WORD_EXPECTED));
    sheet_text(sheet, key, sheet->left, y + CHART_HEIGHT - 20, width_of(sheet), &quiet);
}

/* --- the second page --- */

static const char *end_text(struct sheet *sheet, const char *name)
{
    return name[0] != '\0' ? name : words(sheet->language, WORD_UNKNOWN);
}

/* The largest flows in two columns, each with its bar. */
static double list_flows(struct sheet *sheet, double top, const struct watch_result *result)
{
    size_t count = result->flow_count < FLOWS_LISTED ? result->flow_count : FLOWS_LISTED;
    size_t rows = (count + 1) / 2;
    double step = 13, most = 1, gap = 18, wide = (width_of(sheet) - gap) / 2, bar = 60;
    struct writing line = body, number = quiet;
    line.lines = 1;
    number.from_right = true;
    for (size_t i = 0; i < count; i++)
        most = fmax(most, result->flows[i].events);
    for (size_t i = 0; i < count; i++) {
        const struct watch_flow *flow = &result->flows[i];
        double x = sheet->left + (i < rows ? 0 : wide + gap);
        double y = top + step * (double)(i % rows), end = x + wide;
        const char *text =
            arena_printf(sheet->arena, "%.200s → %.200s", end_text(sheet, flow->from),
                         end_text(sheet, flow->to));
        sheet_text(sheet, text, x, y, wide - bar - 44, &line);
        sheet_box(sheet, end - bar - 38, y + 2.5, bar * flow->events / most, 7,
                  flow->recent > 0 ? INK_ALERT : INK_BAR);
        sheet_text(sheet, count_text(sheet, flow->events), end - 36, y + 0.5, 36, &number);
    }
    return top + step * (double)rows;
}

static double put_flows(struct sheet *sheet, double y, const struct watch_result *result)
{
    struct map_line lines[REPORT_LINES_MAX];
    size_t count = flow_lines(lines, result->flows, result->flow_count, sheet->arena);
    y = put_heading(sheet, y, WORD_FLOWS);
    if (count > 0) {
        struct box box = {sheet->left, y, width_of(sheet), MAP_HEIGHT};
        sheet_map(sheet, lines, count, &box);
        y += MAP_HEIGHT + 6;
    }
    y = list_flows(sheet, y, result) + 3;
    return y +
           sheet_text(sheet, words(sheet->language, WORD_FLOWS_KEY), sheet->left, y,
                      width_of(sheet), &quiet) +
           10;
}

/* "2012-01-01 to 2012-03-31  —  a category was renamed, 25 records  —  Agency: Colombia". */
static const char *notice_line(struct sheet *sheet, const struct watch_notice *notice)
{
    enum language language = sheet->language;
    const char *about =
        rule_sentence(sheet->arena, language, notice->facets, notice->facet_count);
    const char *records =
        words_counted(sheet->arena, language, WORD_RECORD_COUNT, notice->record_count);
    return arena_printf(
        sheet->arena, "%s  —  %s%s%s%s%s%s%s", range_text(sheet, notice->from, notice->to),
        notice_caption(language, notice->kind), notice->record_count > 0 ? ", " : "",
        notice->record_count > 0 ? records : "", about[0] != '\0' ? "  —  " : "", about,
        notice->raised ? "  —  " : "",
        notice->raised ? words(language, WORD_ALL_THE_SAME) : "");
}

/* The last told first: they are about what is happening now. */
static double put_notices(struct sheet *sheet, double y, double bottom,
                          const struct watch_result *result)
{
    enum language language = sheet->language;
    y = put_heading(sheet, y, WORD_DATA_CHANGED);
    if (result->notice_count == 0)
        y += sheet_text(sheet, words(language, WORD_NO_NOTICE), sheet->left, y,
                        width_of(sheet), &body);
    size_t shown = 0;
    for (; shown < result->notice_count && shown < NOTICES_LISTED; shown++) {
        struct writing line = body;
        const char *text =
            notice_line(sheet, &result->notices[result->notice_count - 1 - shown]);
        line.lines = FULL_LINES;
        double tall = sheet_measure(sheet, text, width_of(sheet), &line);
        if (y + tall > bottom - 12 && shown == 0) {
            line.lines = TIGHT_LINES;
            tall = sheet_measure(sheet, text, width_of(sheet), &line);
        }
        if (y + tall > bottom - 12)
            break;
        y += sheet_text(sheet, text, sheet->left, y, width_of(sheet), &line) + 2;
    }
    return put_more(sheet, y, result->notice_count - shown) + 8;
}

static double put_unseen(struct sheet *sheet, double y, double bottom,
                         const struct watch_result *result)
{
    enum language language = sheet->language;
    y = put_heading(sheet, y, WORD_NOT_LOOKED_AT);
    if (result->unseen_count == 0)
        y += sheet_text(sheet, words(language, WORD_ALL_LOOKED_AT), sheet->left, y,
                        width_of(sheet), &body);
    size_t shown = 0;
    struct writing line = body;
    line.lines = TIGHT_LINES;
    for (; shown < result->unseen_count && shown < UNSEEN_LISTED; shown++) {
        const struct watch_unseen *one = &result->unseen[shown];
        const char *text = unseen_sentence(sheet->arena, language, one);
        if (y + sheet_measure(sheet, text, width_of(sheet), &line) > bottom)
            break;
        y += sheet_text(sheet, text, sheet->left, y, width_of(sheet), &line) + 2;
    }
    return put_more(sheet, y, result->unseen_count - shown) + 8;
}

/* Stands at the bottom; gives where it begins. */
static double put_how(struct sheet *sheet, bool draw)
{
    enum language language = sheet->language;
    double tall = 0, wide = width_of(sheet);
    for (enum word word = WORD_HOW_1; word <= WORD_HOW_4; word++)
        tall += sheet_measure(sheet, words(language, word), wide, &prose) + 3;
    double top = sheet->bottom - tall - 24;
    if (!draw)
        return top;
    double y = put_heading(sheet, top, WORD_HOW_TO_READ);
    for (enum word word = WORD_HOW_1; word <= WORD_HOW_4; word++)
        y += sheet_text(sheet, words(language, word), sheet->left, y, wide, &prose) + 3;
    return top;
}

/* --- the file --- */

/* Where few alerts leave room on the first page the notices stand there; true when they do. */
static bool first_page(struct sheet *sheet, const struct watch_result *result)
{
    double y = put_band(sheet, result);
    y = put_figures(sheet, y, result);
    double months = sheet->bottom - CHART_HEIGHT - 14;
    y = put_alerts(sheet, y, months - 8, result) + 14;
    bool room = months - y > NOTICES_ROOM;
    if (room)
        put_notices(sheet, y, months - 14, result);
    put_months(sheet, months, result);
    put_foot(sheet, result, 1);
    return room;
}

static void second_page(struct sheet *sheet, const struct watch_result *result,
                        bool notices)
{
    double how = put_how(sheet, false), y = MARGIN - 8;
    if (result->flow_count > 0)
        y = put_flows(sheet, y, result);
    if (notices)
        y = put_notices(sheet, y, how - 110, result);
    put_unseen(sheet, y, how - 24, result);
    put_how(sheet, true);
    put_foot(sheet, result, 2);
}

static cairo_status_t take_bytes(void *context, const unsigned char *bytes, unsigned len)
{
    buf_add(context, bytes_of(bytes, len));
    return CAIRO_STATUS_SUCCESS;
}

/* The same result gives the same file: it bears the day it is about, not the day it was made. */
static void describe(cairo_surface_t *surface, const struct watch_result *result,
                     enum language language, struct arena *arena)
{
    const char *day = words_day(arena, result->as_of);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
                                   arena_printf(arena, "%s, %s %s",
                                                words(language, WORD_TITLE),
                                                words(language, WORD_AS_OF), day));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Enlace");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   arena_printf(arena, "%sT00:00:00Z", day));
}

/* The libraries keep every font they have looked at. Cairo and fontconfig could be told to forget theirs, and
 * abort the process when one is still held somewhere: those stay, a few for the whole process. */
static void forget_fonts(void)
{
    pango_cairo_font_map_set_default(NULL);
}

enum status briefing_write(const char *path, const struct watch_result *result,
                           enum language language, struct err *err)
{
    struct buf out = {.max = PDF_MAX};
    struct arena arena = {0};
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take_bytes, &out, PAGE_WIDTH, PAGE_HEIGHT);
    cairo_t *cairo = cairo_create(surface);
    describe(surface, result, language, &arena);
    struct sheet sheet = {.cairo = cairo,
                          .language = language,
                          .arena = &arena,
                          .left = MARGIN,
                          .right = PAGE_WIDTH - MARGIN,
                          .bottom = PAGE_HEIGHT - MARGIN};
    bool told = first_page(&sheet, result);
    cairo_show_page(cairo);
    second_page(&sheet, result, !told);
    cairo_show_page(cairo);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    enum status status = OK;
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS || out.overflowed)
        status = fail(err, IO_FAILED, "the briefing cannot be drawn: %s",
                      cairo_status_to_string(cairo_surface_status(surface)));
    else
        status = file_write(path, buf_bytes(&out), FILE_PUBLIC, err);
    cairo_surface_destroy(surface);
    forget_fonts();
    buf_release(&out);
    arena_release(&arena);
    return status;
}
