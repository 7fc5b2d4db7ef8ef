/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_answer.h"

#include "base/text.h"
#include "cli/json_line.h"
#include "record/date.h"

#include <math.h>
#include <stdio.h>

/* ---- the answer as JSON lines ---- */

static void put_day(struct json_line *line, const char *key, int32_t day)
{
    char text[DATE_TEXT_SIZE];
    struct date date = date_from_day_number(day);
    date_print(text, &date);
    json_text_member(&line->json, key, text);
}

static void put_rule(struct json_line *line, const struct watch_facet *facets, size_t count)
{
    json_key(&line->json, "rule");
    json_begin_map(&line->json);
    for (size_t f = 0; f < count; f++) {
        json_key(&line->json, facet_name(facets[f].facet));
        json_begin_list(&line->json);
        for (size_t v = 0; v < facets[f].value_count; v++)
            json_put_text(&line->json, bytes_text(facets[f].values[v]));
        json_end_list(&line->json);
    }
    json_end_map(&line->json);
}

static void put_number(struct json_line *line, const char *key, double number)
{
    if (isnan(number) || isinf(number)) {
        json_key(&line->json, key);
        json_put_null(&line->json);
    } else {
        json_line_rounded(line, key, number);
    }
}

static bool may_name(const struct watch_sight *sight, const struct watch_row *row)
{
    return sight == NULL || sight->may_name(sight->context, row->id);
}

void watch_answer_alert(const struct watch_alert *a, const struct watch_sight *sight)
{
    size_t elsewhere = 0;
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "kind", "alert");
    put_day(&line, "day", a->day);
    put_day(&line, "from", a->from);
    put_day(&line, "to", a->to);
    put_rule(&line, a->facets, a->facet_count);
    json_count_member(&line.json, "observed", a->observed);
    put_number(&line, "expected", a->expected);
    put_number(&line, "once_in_years", a->once_in_years);
    if (isnan(a->once_in_years))
        put_number(&line, "rarer_than", a->rarer_than_years);
    json_key(&line.json, "records");
    json_begin_list(&line.json);
    for (size_t i = 0; i < a->row_count; i++) {
        if (!may_name(sight, &a->rows[i]))
            elsewhere++;
        else if (a->rows[i].line > 0)
            json_put_count(&line.json, a->rows[i].line);
        else
            json_put_text(&line.json, bytes_text(a->rows[i].id));
    }
    json_end_list(&line.json);
    if (elsewhere > 0)
        json_count_member(&line.json, "elsewhere", elsewhere);
    json_text_member(&line.json, "text", a->text);
    json_text_member(&line.json, "standing", a->standing == WATCH_NEW ? "new" : "ongoing");
    json_text_member(&line.json, "detector", watch_detector_name(a->detector));
    put_number(&line, "score", a->score);
    put_number(&line, "expected_raw", a->expected_raw);
    json_key(&line.json, "leave_one_out");
    json_begin_map(&line.json);
    for (size_t f = 0; f < a->facet_count; f++)
        json_line_rounded(&line, facet_name(a->facets[f].facet),
                          a->facets[f].leave_one_out);
    json_end_map(&line.json);
    if (!isnan(a->circle.radius_km)) {
        json_key(&line.json, "circle");
        json_begin_map(&line.json);
        json_text_member(&line.json, "centre", a->circle.centre);
        json_number_member(&line.json, "latitude", a->circle.latitude);
        json_number_member(&line.json, "longitude", a->circle.longitude);
        json_line_rounded(&line, "radius_km", a->circle.radius_km);
        json_count_member(&line.json, "places", a->circle.places);
        json_end_map(&line.json);
    }
    put_number(&line, "kg", a->kg);
    put_number(&line, "unreported_share", a->unreported_share);
    put_number(&line, "doubling_days", a->doubling_days);
    json_text_member(&line.json, "nearest", a->nearest);
    json_text_member(&line.json, "falsifier", a->falsifier);
    json_count_member(&line.json, "seed", a->seed);
    json_text_member(&line.json, "hash", a->hash);
    json_line_end(&line);
}

static void print_notice(const struct watch_notice *n)
{
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "kind", "notice");
    json_text_member(&line.json, "notice", watch_notice_name(n->kind));
    put_day(&line, "day", n->day);
    put_day(&line, "from", n->from);
    put_day(&line, "to", n->to);
    put_rule(&line, n->facets, n->facet_count);
    put_number(&line, "observed", n->observed);
    put_number(&line, "expected", n->expected);
    put_number(&line, "once_in_years", NAN);
    json_count_member(&line.json, "records", n->record_count);
    json_count_member(&line.json, "explained", n->explained);
    json_text_member(&line.json, "text", n->text);
    json_line_end(&line);
}

/* ---- and in words ---- */

static void say_day(int32_t day)
{
    char text[DATE_TEXT_SIZE];
    struct date date = date_from_day_number(day);
    date_print(text, &date);
    fputs(text, stdout);
}

static void tell_rows(const struct watch_alert *a, const struct watch_sight *sight)
{
    size_t named = 0, elsewhere = 0;
    printf("            rows");
    for (size_t i = 0; i < a->row_count; i++) {
        if (!may_name(sight, &a->rows[i]))
            elsewhere++;
        else if (named++ < 20)
            a->rows[i].line > 0 ? printf(" %zu", a->rows[i].line)
                                : printf(" %s", a->rows[i].id);
    }
    printf("%s", named > 20 ? " ..." : "");
    if (elsewhere > 0)
        printf("%s %zu in cases you do not belong to", named > 0 ? " and" : "", elsewhere);
    printf("\n");
}

static void tell_alert(const struct watch_alert *a, const struct watch_sight *sight)
{
    const char *days = rint(a->doubling_days) == 1 ? "day" : "days"; /* as it is printed */
    say_day(a->day);
    printf("  ALERT%s  %s\n", a->standing == WATCH_ONGOING ? " (grown)" : "", a->text);
    printf("            by history alone %.2g; %s\n", a->expected_raw, a->nearest);
    if (!isnan(a->doubling_days) && isinf(a->doubling_high))
        printf("            growing: doubles in %.0f %s (at least %.0f)\n",
               a->doubling_days, days, a->doubling_low);
    else if (!isnan(a->doubling_days))
        printf("            growing: doubles in %.0f %s (%.0f to %.0f)\n", a->doubling_days,
               days, a->doubling_low, a->doubling_high);
    if (a->unreported_share > 0.05)
        printf("            about %.0f %% of the window is not reported yet\n",
               100 * a->unreported_share);
    tell_rows(a, sight);
    printf("            %s\n", a->falsifier);
}

static void tell_notice(const struct watch_notice *n)
{
    say_day(n->day);
    printf("  notice (%s)  %s", watch_notice_name(n->kind), n->text);
    if (n->explained > 0)
        printf(" Explained %u finding%s away.", n->explained,
               plural(n->explained, "", "s"));
    printf("\n");
}

/* The first of so many rows, each with what is wrong; behind says what to do about the others. */
static void tell_reasons(const char *path, uint64_t count, const struct err *reasons,
                         const char *behind)
{
    uint64_t told = count < READER_REASONS ? count : READER_REASONS;
    for (uint64_t i = 0; i < told; i++)
        fprintf(stderr, "%s, %s\n", path, reasons[i].text);
    if (count > told)
        fprintf(stderr, "%s: %llu more %s %s\n", path, (unsigned long long)(count - told),
                plural(count - told, "row", "rows"), behind);
}

void watch_tell_unread(const char *path, const struct load_counts *counts)
{
    tell_reasons(path, counts->reader.rejected, counts->reader.reasons,
                 "could not be read; enlace import --rejects FILE lists all");
    tell_reasons(path, counts->others, counts->other_reasons,
                 "could not be used: no seizure, or no day that can be read");
    if (counts->reader.day_order.text[0] != '\0')
        fprintf(stderr, "%s: %s\n", path, counts->reader.day_order.text);
    if (counts->nowhere > 0)
        fprintf(stderr,
                "%zu %s a latitude or longitude that is none: both are wanted, degrees "
                "with a point, -90 to 90 and -180 to 180; %s read without\n",
                counts->nowhere, plural(counts->nowhere, "row has", "rows have"),
                plural(counts->nowhere, "it is", "they are"));
}

static void tell_ground(const struct watch_result *r)
{
    fprintf(stderr, "%s: %zu %s, %zu %s; %zu %s, %zu %s\n", r->source, r->row_count,
            plural(r->row_count, "row", "rows"), r->event_count,
            plural(r->event_count, "seizure", "seizures"), r->notice_count,
            plural(r->notice_count, "notice", "notices"), r->alert_count,
            plural(r->alert_count, "alert", "alerts"));
    if (r->history_years > 0)
        fprintf(stderr,
                "threshold %.1f for %g %s a year (90 %%: %.2g to %.2g), from %.1f years of "
                "history shuffled with seed %llu\n",
                r->threshold, r->alarms_per_year,
                r->alarms_per_year == 1 ? "alarm" : "alarms", r->rate_low, r->rate_high,
                r->history_years, (unsigned long long)r->seed);
    for (size_t i = 0; i < r->unseen_count; i++)
        fprintf(stderr, "not looked at: %s\n", r->unseen[i].text);
}

/* By day, the notices of a day before its alerts. */
void watch_answer(const struct watch_result *r, bool json, const struct watch_sight *sight)
{
    size_t a = 0, n = 0;
    while (a < r->alert_count || n < r->notice_count) {
        bool notice = n < r->notice_count &&
                      (a == r->alert_count || r->notices[n].day <= r->alerts[a].day);
        if (notice && json)
            print_notice(&r->notices[n]);
        else if (notice)
            tell_notice(&r->notices[n]);
        else if (json)
            watch_answer_alert(&r->alerts[a], sight);
        else
            tell_alert(&r->alerts[a], sight);
        notice ? n++ : a++;
    }
    if (!json && r->alert_count == 0)
        printf("no alert: nothing is new enough\n");
    tell_ground(r);
}
