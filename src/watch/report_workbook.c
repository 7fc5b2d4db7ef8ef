/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/report.h"

#include "formats/xlsx_write.h"
#include "watch/report_words.h"

#include <stdio.h>

static void cell(struct xlsx_writer *writer, const char *text)
{
    xlsx_writer_text(writer, bytes_text(text == NULL ? "" : text));
}

static enum status sheet(struct xlsx_writer *writer, const char *name,
                         const char *const *columns, struct err *err)
{
    enum status status = xlsx_writer_sheet(writer, name, err);
    if (status != OK)
        return status;
    xlsx_writer_row(writer);
    for (; *columns != NULL; columns++)
        cell(writer, *columns);
    return OK;
}

static enum status alerts(struct xlsx_writer *writer, const struct watch_result *result,
                          struct err *err)
{
    static const char *const columns[] = {"Alert",
                                          "Raised",
                                          "From",
                                          "To",
                                          "Rule",
                                          "Sentence",
                                          "Observed",
                                          "Expected",
                                          "Expected by history alone",
                                          "Score",
                                          "Once in years",
                                          "Rarer than years",
                                          "Kg",
                                          "Unreported share",
                                          "Standing",
                                          "Nearest known",
                                          "What would show that it is nothing",
                                          "Seed",
                                          "Hash",
                                          NULL};
    enum status status = sheet(writer, "Alerts", columns, err);
    for (size_t i = 0; status == OK && i < result->alert_count; i++) {
        const struct watch_alert *alert = &result->alerts[i];
        char seed[24];
        snprintf(seed, sizeof seed, "%llu", (unsigned long long)alert->seed);
        xlsx_writer_row(writer);
        xlsx_writer_number(writer, (double)(i + 1));
        xlsx_writer_day(writer, alert->day);
        xlsx_writer_day(writer, alert->from);
        xlsx_writer_day(writer, alert->to);
        cell(writer, alert->rule_text);
        cell(writer, alert->text);
        xlsx_writer_number(writer, alert->observed);
        xlsx_writer_number(writer, alert->expected);
        xlsx_writer_number(writer, alert->expected_raw);
        xlsx_writer_number(writer, alert->score);
        xlsx_writer_number(writer, alert->once_in_years);
        xlsx_writer_number(writer, alert->rarer_than_years);
        xlsx_writer_number(writer, alert->kg);
        xlsx_writer_number(writer, alert->unreported_share);
        cell(writer, words(LANGUAGE_EN,
                           alert->standing == WATCH_ONGOING ? WORD_ONGOING : WORD_NEW));
        cell(writer, alert->nearest);
        cell(writer, alert->falsifier);
        cell(writer, seed);
        cell(writer, alert->hash);
    }
    return status;
}

static enum status records(struct xlsx_writer *writer, const struct watch_result *result,
                           struct err *err)
{
    const char *columns[6 + FACET_COUNT] = {"Alert", "Line", "Day", "Received", "Kg"};
    for (int f = 0; f < FACET_COUNT; f++)
        columns[5 + f] = facet_caption(LANGUAGE_EN, (enum facet)f);
    enum status status = sheet(writer, "Records", columns, err);
    for (size_t i = 0; status == OK && i < result->alert_count; i++)
        for (size_t r = 0; r < result->alerts[i].row_count; r++) {
            const struct watch_row *row = &result->alerts[i].rows[r];
            xlsx_writer_row(writer);
            xlsx_writer_number(writer, (double)(i + 1));
            if (row->line > 0)
                xlsx_writer_number(writer, (double)row->line);
            else
                cell(writer, row->id);
            xlsx_writer_day(writer, row->day);
            xlsx_writer_day(writer, row->received);
            xlsx_writer_number(writer, row->kg);
            for (int f = 0; f < FACET_COUNT; f++)
                cell(writer, row->text[f]);
        }
    return status;
}

static enum status notices(struct xlsx_writer *writer, const struct watch_result *result,
                           struct arena *arena, struct err *err)
{
    static const char *const columns[] = {
        "Told",     "From",    "To",       "Kind",     "About",
        "Sentence", "Records", "Observed", "Expected", "Alerts explained",
        NULL};
    enum status status = sheet(writer, "Notices", columns, err);
    for (size_t i = 0; status == OK && i < result->notice_count; i++) {
        const struct watch_notice *notice = &result->notices[i];
        xlsx_writer_row(writer);
        xlsx_writer_day(writer, notice->day);
        xlsx_writer_day(writer, notice->from);
        xlsx_writer_day(writer, notice->to);
        cell(writer, notice_caption(LANGUAGE_EN, notice->kind));
        cell(writer,
             rule_sentence(arena, LANGUAGE_EN, notice->facets, notice->facet_count));
        cell(writer, notice->text);
        xlsx_writer_number(writer, (double)notice->record_count);
        xlsx_writer_number(writer, notice->observed);
        xlsx_writer_number(writer, notice->expected);
        xlsx_writer_number(writer, notice->explained);
    }
    return status;
}

static enum status counts(struct xlsx_writer *writer, const struct watch_result *result,
                          struct err *err)
{
    static const char *const month_columns[] = {"Month",    "Records", "Seizures",
                                                "Expected", "Kg",      NULL};
    static const char *const flow_columns[] = {
        "From", "To", "Seizures", "Of the last 90 days", "Kg", NULL};
    static const char *const unseen_columns[] = {"What", "Why", "Records", NULL};
    enum status status = sheet(writer, "Months", month_columns, err);
    for (size_t i = 0; status == OK && i < result->month_count; i++) {
        const struct watch_month *month = &result->months[i];
        xlsx_writer_row(writer);
        xlsx_writer_day(writer, month->from);
        xlsx_writer_number(writer, month->rows);
        xlsx_writer_number(writer, month->events);
        xlsx_writer_number(writer, month->expected);
        xlsx_writer_number(writer, month->kg);
    }
    if (status == OK)
        status = sheet(writer, "Flows", flow_columns, err);
    for (size_t i = 0; status == OK && i < result->flow_count; i++) {
        const struct watch_flow *flow = &result->flows[i];
        xlsx_writer_row(writer);
        cell(writer, flow->from);
        cell(writer, flow->to);
        xlsx_writer_number(writer, flow->events);
        xlsx_writer_number(writer, flow->recent);
        xlsx_writer_number(writer, flow->kg);
    }
    if (status == OK)
        status = sheet(writer, "Not looked at", unseen_columns, err);
    for (size_t i = 0; status == OK && i < result->unseen_count; i++) {
        xlsx_writer_row(writer);
        cell(writer, facet_caption(LANGUAGE_EN, result->unseen[i].facet));
        cell(writer, result->unseen[i].text);
        xlsx_writer_number(writer, (double)result->unseen[i].record_count);
    }
    return status;
}

enum status report_workbook(const char *path, const struct watch_result *result,
                            struct err *err)
{
    struct xlsx_writer *writer = NULL;
    struct arena arena = {0};
    enum status status = xlsx_writer_open(&writer, path, err);
    if (status == OK)
        status = alerts(writer, result, err);
    if (status == OK)
        status = records(writer, result, err);
    if (status == OK)
        status = notices(writer, result, &arena, err);
    if (status == OK)
        status = counts(writer, result, err);
    if (status == OK)
        status = xlsx_writer_close(writer, err);
    else
        xlsx_writer_drop(writer);
    arena_release(&arena);
    return status;
}
