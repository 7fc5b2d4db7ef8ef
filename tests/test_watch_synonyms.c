/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers that took each other's place in an agency's history (watch/synonyms): small histories of
 * eight quarters, one agency that changes its words and one that does not.
 */
#include "check.h"

#include "base/memory.h"
#include "watch/mix.h"
#include "watch/synonyms.h"

#include <stdlib.h>
#include <string.h>

enum {
    QUARTERS = 8,
    QUARTER_DAYS = 91,
    BACKGROUND = 12,
    A_QUARTER = 120,
    FIRST_DAY = 14610
};

/* Rows of two words by quarter, among others that never change. */
static const struct story {
    const char *name, *one, *other;
    enum facet facet;
    unsigned ones[QUARTERS], others[QUARTERS];
    bool joined;
} stories[] = {
    {"a respelling",
     "Smutville",
     "Samutville",
     FACET_PLACE,
     {20, 22, 18, 20, 0, 0, 0, 0},
     {0, 0, 0, 0, 21, 19, 20, 20},
     true},
    {"a code that was another's, there and back",
     "Cambodia",
     "Argentina",
     FACET_DEPARTURE,
     {20, 0, 0, 20, 20, 0, 20, 20},
     {0, 22, 20, 0, 0, 18, 0, 0},
     true},
    {"a route that moved",
     "Roxburgh",
     "Dunmore",
     FACET_PLACE,
     {20, 22, 18, 20, 0, 0, 0, 0},
     {0, 0, 0, 0, 21, 19, 20, 20},
     false},
    {"numbers",
     "Sector number 3",
     "Sector number 4",
     FACET_PLACE,
     {20, 22, 18, 20, 0, 0, 0, 0},
     {0, 0, 0, 0, 21, 19, 20, 20},
     false},
    {"a name that came up beside its like",
     "Smutville",
     "Samutville",
     FACET_PLACE,
     {20, 22, 18, 20, 19, 21, 20, 20},
     {0, 0, 0, 0, 0, 0, 21, 19},
     false},
    {"both as ever",
     "Smutville",
     "Samutville",
     FACET_PLACE,
     {20, 22, 18, 20, 19, 21, 20, 20},
     {20, 22, 18, 20, 19, 21, 20, 20},
     false},
    {"a few rows",
     "Smutville",
     "Samutville",
     FACET_PLACE,
     {1, 1, 0, 0, 0, 0, 0, 0},
     {0, 0, 0, 0, 0, 1, 1, 1},
     false},
};

static struct bytes text_of(const char *text)
{
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

static void add_row(struct watch_table *table, struct dice *dice, unsigned quarter,
                    const char *agency, enum facet facet, const char *word)
{
    struct facets facets = {0};
    char substance[16];
    snprintf(substance, sizeof substance, "substance %c", 'a' + (int)dice_below(dice, 5));
    facets.day =
        FIRST_DAY + (int32_t)(quarter * QUARTER_DAYS + dice_below(dice, QUARTER_DAYS));
    facets.received = facets.day;
    facets.text[FACET_AGENCY] = text_of(agency);
    facets.text[FACET_SUBSTANCE] = text_of(substance);
    facets.text[facet] = text_of(word);
    struct err err;
    CHECK(watch_table_add(table, &facets, table->count + 2, NULL, &err) == OK);
}

static void tell(struct watch_table *table, const struct story *story, struct dice *dice)
{
    static const char *const words[BACKGROUND] = {"Akron",  "Bremen", "Cardiff", "Dublin",
                                                  "Exeter", "Fulda",  "Graz",    "Hull",
                                                  "Izmir",  "Jena",   "Kiel",    "Lviv"};
    for (unsigned q = 0; q < QUARTERS; q++) {
        for (unsigned i = 0; i < story->ones[q]; i++)
            add_row(table, dice, q, "Changing", story->facet, story->one);
        for (unsigned i = 0; i < story->others[q]; i++)
            add_row(table, dice, q, "Changing", story->facet, story->other);
        for (unsigned i = 0; i < 2 * A_QUARTER; i++)
            add_row(table, dice, q, i % 2 == 0 ? "Changing" : "Steady", story->facet,
                    words[dice_below(dice, BACKGROUND)]);
        for (unsigned i = 0; i < 10; i++)
            add_row(table, dice, q, "Steady", story->facet,
                    i % 2 == 0 ? story->one : story->other);
    }
}

static void check_story(const struct story *story, uint64_t seed)
{
    struct dice dice = {seed};
    struct watch_table table = {0};
    tell(&table, story, &dice);
    watch_table_settle(&table);
    struct synonyms synonyms;
    struct synonyms_options options = {FIRST_DAY, FIRST_DAY + QUARTERS * QUARTER_DAYS,
                                       QUARTERS};
    synonyms_find(&synonyms, &table, &options);
    CHECK_SEEN(synonyms.count == (story->joined ? 1 : 0), "%s, seed %lu: %zu synonyms",
               story->name, (unsigned long)seed, synonyms.count);
    uint32_t one = watch_table_find(&table, story->facet, text_of(story->one));
    uint32_t other = watch_table_find(&table, story->facet, text_of(story->other));
    uint32_t changing = watch_table_find(&table, FACET_AGENCY, text_of("Changing"));
    size_t wrong = 0;
    uint32_t stands = 0;
    for (size_t i = 0; i < table.count; i++) {
        struct table_row row = table.rows[i], before = row;
        bool ours = row.value[FACET_AGENCY] == changing &&
                    (row.value[story->facet] == one || row.value[story->facet] == other);
        synonyms_apply(&row, &synonyms);
        if (story->joined && ours) {
            stands = stands == 0 ? row.value[story->facet] : stands;
            wrong += row.value[story->facet] != stands;
            row.value[story->facet] = before.value[story->facet];
        }
        wrong += memcmp(&row, &before, sizeof row) != 0;
    }
    CHECK_SEEN(wrong == 0, "%s: %zu rows", story->name, wrong);
    synonyms_release(&synonyms);
    watch_table_release(&table);
}

int main(void)
{
    for (size_t s = 0; s < sizeof stories / sizeof *stories; s++)
        for (uint64_t seed = 1; seed <= 5; seed++)
            check_story(&stories[s], seed);
    struct synonyms none;
    struct watch_table empty = {0};
    synonyms_find(&none, &empty, &(struct synonyms_options){0, 365, 4});
    CHECK(none.count == 0);
    synonyms_release(&none);
    synonyms_release(&none);
    watch_table_release(&empty);
    return check_done("watch_synonyms");
}
