/* SPDX-License-Identifier: Apache-2.0
 *
 * A new word for a means: is it a new means, or the old one called otherwise? The same small world
 * with either, replayed day by day at a fixed threshold, with what explains findings away.
 */
#include "check.h"

#include "watch/mix.h"
#include "watch/notice.h"

enum { DAYS = 1200, CHANGE = 1100, AGENCIES = 4, ROUTES = 8, THRESHOLD = 12 };
static const enum facet facets[] = {FACET_AGENCY, FACET_SUBSTANCE, FACET_DESTINATION,
                                    FACET_CONCEALMENT};
enum { FACETS = sizeof facets / sizeof *facets };
static const char *const hidden[] = {"in luggage", "in the tank", "on the body",
                                     "in a parcel"};

enum change {
    NOTHING,
    NEW_MEANS,      /* beside the old ones of its route */
    RENAMED_ALL,    /* a word, everywhere */
    RENAMED_ONE,    /* in one agency */
    RENAMED_COLUMN, /* every word, everywhere */
    CHANGES
};

static void add_row(struct watch_table *table, int32_t day, const char *agency,
                    unsigned route, const char *how)
{
    char substance[16], to[16];
    snprintf(substance, sizeof substance, "heroin %u", route % 3);
    snprintf(to, sizeof to, "to %u", route);
    const char *text[FACETS] = {agency, substance, to, how};
    struct facets row = {.day = day, .received = day, .latitude = NAN, .longitude = NAN};
    row.kg = NAN;
    for (int f = 0; f < FACETS; f++)
        row.text[facets[f]] = bytes_text(text[f]);
    CHECK(watch_table_add(table, &row, table->count + 2, NULL, NULL) == OK);
}

/* What the answer is called from the day of the change on. */
static const char *called(const char *how, enum change change, int32_t day, unsigned agency)
{
    static char text[64];
    bool renamed = change == RENAMED_COLUMN ||
                   (how == hidden[1] &&
                    (change == RENAMED_ALL || (change == RENAMED_ONE && agency == 2)));
    if (day < CHANGE || !renamed)
        return how;
    snprintf(text, sizeof text, "code %d", (int)(how[strlen(how) - 1]));
    return text;
}

static void make_table(struct watch_table *table, enum change change, uint64_t seed)
{
    struct dice dice = {seed};
    for (int32_t day = 0; day < DAYS; day++) {
        for (unsigned route = 0; route < ROUTES; route++) {
            unsigned agency = route % AGENCIES;
            const char *how = hidden[route / 2 % 4];
            if (dice_unit(&dice) < 0.15)
                how = hidden[dice_below(&dice, 4)];
            char name[16];
            snprintf(name, sizeof name, "agency %u", agency);
            if (dice_unit(&dice) < 0.5)
                add_row(table, day, name, route, called(how, change, day, agency));
        }
        if (change == NEW_MEANS && day >= CHANGE && day % 4 == 0)
            add_row(table, day, "agency 1", 5, "in a drone");
    }
}

struct seen {
    unsigned raised, new_means;
    uint32_t first_at; /* how many there were of the new means when it was told */
};

static enum explained explain(void *context, const struct raised *raised)
{
    struct notice_reason reason;
    (void)context;
    return notice_explains(&reason, raised);
}

static void raise(void *context, const struct raised *raised)
{
    struct seen *seen = context;
    const struct watch_table *table = raised->replay->options.table;
    uint32_t value =
        raised->replay->options.rows[raised->candidate->row].value[FACET_CONCEALMENT];
    seen->raised++;
    if (strcmp(watch_table_text(table, FACET_CONCEALMENT, value), "in a drone") == 0 &&
        seen->new_means++ == 0)
        seen->first_at = raised->candidate->observed;
}

static struct seen replay(enum change change, uint64_t seed)
{
    struct watch_table table = {0};
    struct seen seen = {0};
    make_table(&table, change, seed);
    watch_table_settle(&table);
    struct replay replay;
    struct replay_options options = {.table = &table,
                                     .rows = table.rows,
                                     .row_count = table.count,
                                     .from = CHANGE,
                                     .to = DAYS - 1,
                                     .horizon_days = 1000,
                                     .known_until = CHANGE,
                                     .threshold = THRESHOLD,
                                     .explain = explain,
                                     .raise = raise,
                                     .context = &seen};
    replay_run(&replay, &options);
    replay_release(&replay);
    watch_table_release(&table);
    return seen;
}

int main(void)
{
    unsigned raised[CHANGES] = {0}, found = 0, late = 0;
    enum { SEEDS = 6 };
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        for (enum change change = NOTHING; change < CHANGES; change++) {
            struct seen seen = replay(change, seed);
            raised[change] += seen.raised;
            found += seen.new_means > 0;
            late += change == NEW_MEANS && seen.first_at > 4;
        }
    CHECK_SEEN(found == SEEDS && late == 0, "%u of %d new means told, %u of them late",
               found, SEEDS, late);
    static const char *const names[CHANGES] = {"nothing", "new means", "renamed everywhere",
                                               "renamed in one agency", "renamed column"};
    for (enum change change = RENAMED_ALL; change < CHANGES; change++)
        CHECK_SEEN(raised[change] <= raised[NOTHING], "%s: %u alarms", names[change],
                   raised[change]);
    return check_done("watch_words");
}
