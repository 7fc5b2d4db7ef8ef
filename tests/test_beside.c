/* SPDX-License-Identifier: Apache-2.0
 *
 * Two words that were used side by side: what counts as that, and that the notice of a quarter and
 * what explains a finding away say the same of it.
 */
#include "check.h"

#include "record/date.h"
#include "watch/beside.h"
#include "watch/explain.h"
#include "watch/known.h"
#include "watch/notice.h"

#include <math.h>
#include <string.h>

/* One agency, from the first day on: an old word every third day until it ends, a new one every
 * other day from the quarter on, and some days of the new one before. */
enum { EARLY_MAX = 6 };
static const struct use {
    const char *name;
    int ends;             /* the old word, in days before the quarter (negative: in it) */
    int early[EARLY_MAX]; /* the new word, in days before the quarter; 0: no more */
    bool beside;
} uses[] = {
    {"never before", 0, {0}, false},
    {"for half a year", 0, {200, 120, 40}, true},
    {"for a quarter", 0, {100, 60, 20}, false},
    {"two rows alone", 0, {300, 30}, false},
    /* Two thirds of it after the old word had ended: nothing was side by side. */
    {"when the old one had gone", 60, {270, 40, 20}, false},
    {"until the old one went", 60, {270, 200, 90}, true},
    /* Not in the year before the quarter, but before that. */
    {"two years ago", 0, {700, 600, 500}, true},
    /* The old word goes on into the quarter, in which the new one is common. */
    {"into the quarter", -8, {190}, true},
};
enum { FIRST = 19358 /* 2023-01-01 */, QUARTER = FIRST + 730 + 1 + 90 /* 2025-04-01 */ };

static void add_row(struct watch_table *table, int32_t day, const char *how)
{
    struct facets row = {
        .day = day, .received = day, .latitude = NAN, .longitude = NAN, .kg = NAN};
    row.text[FACET_AGENCY] = BYTES_OF("Valdoria");
    row.text[FACET_SUBSTANCE] = BYTES_OF("heroin");
    row.text[FACET_CONCEALMENT] = bytes_text(how);
    CHECK(watch_table_add(table, &row, table->count + 2, NULL, NULL) == OK);
}

static void make(struct watch_table *table, const struct use *use)
{
    for (int32_t day = FIRST; day < QUARTER + 91; day++) {
        if (day % 3 == 0 && day <= QUARTER - 1 - use->ends)
            add_row(table, day, "crates");
        if (day >= QUARTER && day % 2 == 0)
            add_row(table, day, "beneath");
        for (int i = 0; i < EARLY_MAX && use->early[i] > 0; i++)
            if (day == QUARTER - use->early[i])
                add_row(table, day, "beneath");
    }
    watch_table_settle(table);
}

static bool notice_says(const struct use *use, struct watch_table *table)
{
    struct notice_list list = {0};
    struct arena arena = {0};
    unsigned told = 0;
    bool beside = false;
    notices_find(&list, table, QUARTER + 90, QUARTER + 90, &arena);
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].from == QUARTER &&
            strstr(list.items[i].text, "gave way") != NULL) {
            told++;
            beside = strstr(list.items[i].text, "both were in use before") != NULL;
        }
    CHECK_SEEN(told == 1, "%s: %u notices", use->name, told);
    notices_release(&list);
    arena_release(&arena);
    return beside;
}

/* Of two words of which nothing is known, and many rows of the new one, only what was side by side
 * is for now. */
static bool explanation_says(struct watch_table *table)
{
    uint32_t *order = malloc((table->count + 1) * sizeof *order);
    for (size_t i = 0; i < table->count; i++)
        order[i] = (uint32_t)i;
    struct known *known = known_open(table, table->rows, order, table->count);
    known_take(known, table->count);
    struct candidate candidate = {.row = (uint32_t)table->count - 1};
    struct question question = {.rows = table->rows,
                                .candidate = &candidate,
                                .table = table,
                                .agency = table->rows[0].value[FACET_AGENCY],
                                .from = QUARTER,
                                .to = QUARTER + 90,
                                .since = QUARTER,
                                .known = known};
    bool for_now;
    explain_gave_way(&for_now, &question, FACET_CONCEALMENT,
                     watch_table_find(table, FACET_CONCEALMENT, BYTES_OF("crates")),
                     watch_table_find(table, FACET_CONCEALMENT, BYTES_OF("beneath")),
                     QUARTER);
    known_close(known);
    free(order);
    return for_now;
}

int main(void)
{
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        struct watch_table table = {0};
        make(&table, &uses[i]);
        CHECK_SEEN(notice_says(&uses[i], &table) == uses[i].beside, "%s: the notice",
                   uses[i].name);
        CHECK_SEEN(explanation_says(&table) == uses[i].beside, "%s: the explanation",
                   uses[i].name);
        watch_table_release(&table);
    }
    struct beside none = {0};
    beside_new(&none, 5);
    CHECK(none.value == 0 && !beside_were(&none));
    return check_done("beside");
}
