/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/card.h"

#include "base/memory.h"
#include "base/text.h"
#include "record/date.h"
#include "watch/notice.h"
#include "watch/report_words.h"
#include "watch/rule.h"
#include "watch/word_pair.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_A_WEEK = 7, BAR_WEEKS = 52, ROWS_MAX = 5000, PLACES_MAX = 50 };

const char *day_text(struct arena *arena, int32_t day)
{
    char text[DATE_TEXT_SIZE];
    struct date date = date_from_day_number(day);
    date_print(text, &date);
    return arena_printf(arena, "%s", text);
}

const char *number_text(struct arena *arena, double number)
{
    if (number >= 99.5)
        return arena_printf(arena, "%.0f", number);
    if (number >= 9.95 || number == floor(number))
        return arena_printf(arena, "%.0f", number);
    if (number >= 0.095)
        return arena_printf(arena, "%.1f", number);
    return arena_printf(arena, "%.1g", number);
}

void card_facet(struct watch_facet *out, const struct watch_table *table, enum facet facet,
                uint32_t value, struct arena *arena)
{
    const char **values = arena_zalloc(arena, 1, sizeof *values);
    values[0] = arena_text(arena, bytes_text(watch_table_shown(table, facet, value)));
    *out = (struct watch_facet){.facet = facet, .values = values, .value_count = 1};
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void card_rule_facet(struct watch_facet *out, const struct watch_table *table,
                     const struct rule *rule, enum facet facet, struct arena *arena)
{
    uint32_t value[SET_VALUES_MAX];
    size_t count = rule_values(value, rule, facet);
    const char **texts = arena_zalloc(arena, count, sizeof *texts);
    for (size_t i = 0; i < count; i++)
        texts[i] = arena_text(arena, bytes_text(watch_table_shown(table, facet, value[i])));
    qsort(texts, count, sizeof *texts, by_text);
    *out = (struct watch_facet){.facet = facet, .values = texts, .value_count = count};
}

void card_add_facet(struct buf *text, const struct watch_facet *facet)
{
    buf_addf(text, "%s%s ", text->len > 0 ? ", " : "", facet_name(facet->facet));
    for (size_t v = 0; v < facet->value_count; v++)
        buf_addf(text, "%s%s",
                 v == 0                       ? ""
                 : v + 1 < facet->value_count ? ", "
                                              : " or ",
                 facet->values[v]);
}

struct maker {
    struct watch_alert *alert;
    const struct raised *raised;
    const struct card_options *options;
    struct rule rule;
    const struct table_row *rows; /* the timeline's */
    struct arena *arena;
};

/* How much of the score hangs on the facet: that of the rule, less that of the rule without it
 * where the facet is part of the core; else how surprising it is that all answer it alike. */
static double leave_out(const struct maker *maker, enum facet facet)
{
    const struct candidate *candidate = maker->raised->candidate;
    const struct replay *replay = maker->raised->replay;
    if (candidate->circle != NULL && (candidate->mask >> facet & 1)) {
        double observed, expected;
        where_all(&observed, &expected, replay->where, candidate);
        double all = replay->options.where_scale.add +
                     replay->options.where_scale.times *
                         pattern_llr(observed, PATTERN_SLACK * expected);
        return candidate->score > all ? candidate->score - fmax(all, 0) : 0;
    }
    /* The counters are read, not changed; the replay is ours for the moment. */
    struct pattern *pattern = (struct pattern *)(uintptr_t)&maker->raised->replay->pattern;
    unsigned rest = candidate->mask & ~(1u << facet);
    if (rest != candidate->mask) {
        double without = rest != 0 ? grow_score(pattern, candidate, rest) : 0;
        return candidate->score > without ? candidate->score - without : 0;
    }
    size_t same = 0;
    for (size_t i = 0; i < maker->raised->row_count; i++)
        same +=
            maker->rows[maker->raised->rows[i]].value[facet] == maker->rule.value[facet];
    double share = first_share(&pattern->first[facet], maker->rule.value[facet]);
    return pattern_llr((double)same, share * (double)maker->raised->row_count);
}

/* ---- circles ---- */

static bool is_circle(const struct maker *maker)
{
    return maker->raised->candidate->circle != NULL;
}

/* How many more of the rows than expected lie at the spot of the one. */
static double excess_at(const struct maker *maker, const struct table_row *row)
{
    double count = 0;
    for (size_t i = 0; i < maker->raised->row_count; i++)
        count += maker->rows[maker->raised->rows[i]].spot == row->spot;
    return count - where_expected(maker->raised->replay->where, maker->raised->candidate,
                                  row->spot);
}

static bool is_listed(const uint32_t *values, size_t count, uint32_t value)
{
    for (size_t i = 0; i < count; i++)
        if (values[i] == value)
            return true;
    return false;
}

/* The places, or where none is named the agencies, of the rows at spots that have too many. */
static void name_places(struct watch_facet *out, const struct maker *maker,
                        enum facet facet)
{
    uint32_t values[PLACES_MAX], spots[PLACES_MAX];
    size_t count = 0, spot_count = 0;
    const char **texts = arena_zalloc(maker->arena, PLACES_MAX, sizeof *texts);
    for (size_t i = 0; i < maker->raised->row_count; i++) {
        const struct table_row *row = &maker->rows[maker->raised->rows[i]];
        uint32_t value = row->value[facet];
        if (value == 0 || count == PLACES_MAX || is_listed(values, count, value))
            continue;
        if (!is_listed(spots, spot_count, row->spot)) {
            if (spot_count == PLACES_MAX || excess_at(maker, row) <= 0)
                continue;
            spots[spot_count++] = row->spot;
        }
        texts[count] =
            arena_text(maker->arena,
                       bytes_text(watch_table_shown(maker->options->table, facet, value)));
        values[count++] = value;
    }
    *out = (struct watch_facet){.facet = facet, .values = texts, .value_count = count};
}

/* The rule's part that is the circle, and the circle itself. */
static void draw_circle(struct maker *maker, struct watch_facet *facets, struct buf *text)
{
    struct watch_alert *alert = maker->alert;
    const struct scan_found *circle = maker->raised->candidate->circle;
    const struct spots *spots = maker->options->spots;
    const struct scan_place *centre = &spots->places[circle->centre];
    alert->circle = (struct watch_circle){
        centre->latitude, centre->longitude, circle->radius_km, circle->place_count,
        arena_text(maker->arena, bytes_text(spots->names[circle->centre]))};
    struct watch_facet *facet = &facets[alert->facet_count];
    name_places(facet, maker, FACET_PLACE);
    if (facet->value_count == 0 && !(maker->rule.named >> FACET_AGENCY & 1))
        name_places(facet, maker, FACET_AGENCY);
    if (facet->value_count == 0) {
        const char **name = arena_zalloc(maker->arena, 1, sizeof *name);
        name[0] = alert->circle.centre;
        *facet =
            (struct watch_facet){.facet = FACET_PLACE, .values = name, .value_count = 1};
    }
    facet->leave_one_out = maker->raised->candidate->score;
    alert->facet_count++;
    if (circle->place_count > 1)
        buf_addf(text, "%swithin %.0f km of %s", text->len > 0 ? ", " : "",
                 circle->radius_km, alert->circle.centre);
    else
        buf_addf(text, "%sat %s", text->len > 0 ? ", " : "", alert->circle.centre);
}

/* The one substance may stand for the commodity that the finding rests on. */
static bool rests_on(const struct maker *maker, enum facet facet)
{
    unsigned core = maker->rule.core;
    if (facet == FACET_SUBSTANCE && (core >> FACET_COMMODITY & 1) &&
        !(maker->rule.named >> FACET_COMMODITY & 1))
        return true;
    return core >> facet & 1;
}

static void name_facets(struct maker *maker, struct watch_facet *facets, struct buf *text,
                        bool shared)
{
    struct watch_alert *alert = maker->alert;
    for (enum facet f = 0; f < FACET_COUNT; f++) {
        if (!(maker->rule.named >> f & 1) || rests_on(maker, f) == shared)
            continue;
        struct watch_facet *facet = &facets[alert->facet_count++];
        card_rule_facet(facet, maker->options->table, &maker->rule, f, maker->arena);
        facet->leave_one_out = leave_out(maker, f);
        facet->shared = shared;
        card_add_facet(text, facet);
    }
}

/* What the finding rests on, of which so many are expected; then what its rows share. */
static void name_rule(struct maker *maker)
{
    struct watch_alert *alert = maker->alert;
    struct watch_facet *facets = arena_zalloc(maker->arena, FACET_COUNT, sizeof *facets);
    struct buf text = {.max = 8192}, shared = {.max = 8192};
    if (is_circle(maker))
        draw_circle(maker, facets, &text);
    name_facets(maker, facets, &text, false);
    name_facets(maker, facets, &shared, true);
    if (shared.len > 0)
        buf_addf(&text, "; %s: %.*s", words(LANGUAGE_EN, WORD_IN_COMMON), (int)shared.len,
                 (const char *)shared.at);
    alert->facets = facets;
    alert->rule_text = arena_text(maker->arena, buf_bytes(&text));
    buf_release(&text);
    buf_release(&shared);
}

/* Where it lies, or in a circle at least its spot; NAN where only the country is known. */
static struct scan_place place_of(const struct maker *maker, const struct table_row *row)
{
    const struct spots *spots = maker->options->spots;
    size_t index = (size_t)(row - maker->rows);
    bool known = !isnan(row->latitude);
    if (!known && spots != NULL && index < spots->where.row_count &&
        spots->where.how[index] != LOCATED_NOWHERE &&
        spots->where.how[index] != LOCATED_BY_COUNTRY)
        return spots->where.at[index];
    if (!known && row->spot != 0 && is_circle(maker))
        return spots->places[row->spot - 1];
    return (struct scan_place){(double)row->latitude, (double)row->longitude};
}

static void copy_row(struct watch_row *out, const struct maker *maker,
                     const struct table_row *row)
{
    const struct watch_table *table = maker->options->table;
    struct scan_place place = place_of(maker, row);
    *out = (struct watch_row){
        .line = table->ids == NULL ? row->line : 0,
        .id = table->ids == NULL
                  ? ""
                  : arena_text(maker->arena, bytes_text(table->ids[row->line])),
        .day = row->day,
        .received = row->received,
        .latitude = place.latitude,
        .longitude = place.longitude,
        .kg = (double)row->kg,
        .event = row->event};
    for (enum facet f = 0; f < FACET_COUNT; f++)
        out->text[f] = arena_text(maker->arena,
                                  bytes_text(watch_table_shown(table, f, row->value[f])));
}

static void list_rows(struct maker *maker)
{
    struct watch_alert *alert = maker->alert;
    size_t count =
        maker->raised->row_count < ROWS_MAX ? maker->raised->row_count : ROWS_MAX;
    struct watch_row *rows = arena_zalloc(maker->arena, count, sizeof *rows);
    for (size_t i = 0; i < count; i++) {
        copy_row(&rows[i], maker, &maker->rows[maker->raised->rows[i]]);
        if (!isnan(rows[i].kg))
            alert->kg += rows[i].kg;
    }
    alert->rows = rows;
    alert->row_count = count;
}

/* Of a circle; NULL for a rule, whose rows the pattern knows. */
static uint32_t *weekly_counts(const struct maker *maker)
{
    if (!is_circle(maker))
        return NULL;
    uint32_t *weekly =
        arena_zalloc(maker->arena, maker->raised->replay->pattern.now + 1, sizeof *weekly);
    uint32_t *rows = NULL;
    size_t count = 0, capacity = 0;
    where_rows(&rows, &count, &capacity, weekly, maker->raised->replay->where,
               maker->raised->candidate);
    free(rows);
    return weekly;
}

static void draw_bars(struct maker *maker)
{
    struct watch_alert *alert = maker->alert;
    const struct pattern *p = &maker->raised->replay->pattern;
    const struct candidate *candidate = maker->raised->candidate;
    size_t count = p->now + 1 < BAR_WEEKS ? p->now + 1 : BAR_WEEKS;
    struct watch_bar *bars = arena_zalloc(maker->arena, count, sizeof *bars);
    unsigned first = p->now + 1 - (unsigned)count;
    double a_week = candidate->expected / candidate_weeks(candidate);
    uint32_t *weekly = weekly_counts(maker);
    for (size_t b = 0; b < count; b++) {
        unsigned week = first + (unsigned)b;
        bars[b] = (struct watch_bar){.from = p->base_day + (int32_t)week * DAYS_A_WEEK,
                                     .expected = a_week};
        if (weekly != NULL)
            bars[b].observed = weekly[week];
        for (uint32_t i = weekly != NULL ? UINT32_MAX : p->head[week]; i != UINT32_MAX;
             i = p->next[i])
            bars[b].observed += pattern_holds(p, i, candidate);
    }
    alert->bars = bars;
    alert->bar_count = count;
}

/* Of what happened in the window, how much is still to come by the delays known so far. */
static double still_to_come(const struct maker *maker)
{
    enum { LONGEST = 400 };
    size_t delays[LONGEST + 1] = {0}, total = 0;
    const struct replay *replay = maker->raised->replay;
    for (size_t i = 0; i < replay->taken; i++) {
        const struct table_row *row = &maker->rows[replay->order[i]];
        int32_t delay = row->received - row->day;
        delays[delay > LONGEST ? LONGEST : delay]++;
        total++;
    }
    double sum = 0, days = 0;
    for (int32_t day = maker->alert->from; day <= maker->alert->to; day++, days++) {
        size_t later = 0;
        for (int32_t d = maker->raised->day - day + 1; d <= LONGEST; d++)
            later += delays[d];
        sum += (double)later / (double)(total > 0 ? total : 1);
    }
    return days > 0 ? sum / days : 0;
}

/* Rows before the window that share all named facets but one. */
static size_t count_but_one(const struct maker *maker, enum facet dropped,
                            uint32_t *instead)
{
    const struct replay *replay = maker->raised->replay;
    size_t count = 0;
    for (size_t i = 0; i < replay->taken; i++) {
        const struct table_row *row = &maker->rows[replay->order[i]];
        bool same = row->day < maker->alert->from && row->role == ROLE_FIRST;
        for (enum facet f = 0; f < FACET_COUNT && same; f++)
            same =
                f == dropped || !(maker->rule.named >> f & 1) ||
                (maker->rule.sets.open >> f & 1
                     ? value_set_has(value_sets_find(&maker->rule.sets, f), row->value[f])
                     : row->value[f] == maker->rule.value[f]);
        if (same) {
            count++;
            *instead = row->value[dropped];
        }
    }
    return count;
}

/* What the circle had before: its history is its nearest pattern. */
static const char *known_in_circle(const struct maker *maker)
{
    const uint32_t *weekly = weekly_counts(maker);
    const struct pattern *p = &maker->raised->replay->pattern;
    unsigned weeks = candidate_weeks(maker->raised->candidate), sum = 0, most = 0;
    for (unsigned week = p->forgotten; week + weeks <= p->now; week++) {
        unsigned stretch = 0;
        for (unsigned w = 0; w < weeks && week + w + weeks <= p->now; w++)
            stretch += weekly[week + w];
        most = stretch > most ? stretch : most;
        sum += weekly[week];
    }
    if (sum == 0)
        return "No earlier seizure lies in this circle.";
    return arena_printf(maker->arena,
                        "Known before: %u seizure%s in this circle, at most %u in %u "
                        "week%s.",
                        sum, plural(sum, "", "s"), most, weeks, plural(weeks, "", "s"));
}

static const char *nearest_known(struct maker *maker)
{
    if (is_circle(maker))
        return known_in_circle(maker);
    size_t most = 0;
    enum facet which = FACET_COUNT;
    uint32_t instead = 0, example = 0;
    for (enum facet f = 0; f < FACET_COUNT; f++) {
        size_t count = maker->rule.named >> f & 1 ? count_but_one(maker, f, &example) : 0;
        if (count > most) {
            most = count;
            which = f;
            instead = example;
        }
    }
    if (most == 0)
        return "No earlier seizure agrees with it in all but one of these.";
    return arena_printf(
        maker->arena,
        "Known before: %zu seizure%s like it but for the %s, the last with %s.", most,
        plural(most, "", "s"), facet_name(which),
        instead == 0 ? "none given"
                     : watch_table_shown(maker->options->table, which, instead));
}

enum { TAKEN_DAYS = 365, TAKEN_MIN = 8 };

/* The country that most of the agency's rows of the year before have in this facet, of those that are
 * easily taken for the rule's; 0: none. */
static uint32_t taken_for(const struct maker *maker, enum facet facet)
{
    const struct watch_table *table = maker->options->table;
    const struct replay *replay = maker->raised->replay;
    uint32_t value = maker->rule.value[facet], agency = maker->rule.value[FACET_AGENCY];
    if (!(maker->rule.named >> facet & 1) || (maker->rule.sets.open >> facet & 1))
        return 0;
    uint32_t *count = xcalloc(table->values[facet].count + 1, sizeof *count), best = 0;
    for (size_t i = 0; i < replay->taken; i++) {
        const struct table_row *row = &maker->rows[replay->order[i]];
        if (row->day < maker->alert->from && row->day >= maker->alert->from - TAKEN_DAYS &&
            (agency == 0 || row->value[FACET_AGENCY] == agency))
            count[row->value[facet]]++;
    }
    count[0] = 0;
    for (uint32_t v = 1; v < table->values[facet].count; v++) {
        const char **text = table->values[facet].text;
        if (count[v] >= TAKEN_MIN && count[v] > count[best] && v != value &&
            word_pair_two_countries(text[v], text[value]) &&
            notice_alike(facet, text[v], text[value]))
            best = v;
    }
    free(count);
    return best;
}

/* "if Y was written for X, ": two countries that stand side by side in a list. */
static const char *miscoded(struct maker *maker)
{
    const struct watch_table *table = maker->options->table;
    for (enum facet f = FACET_ORIGIN; f <= FACET_DESTINATION; f++) {
        uint32_t other = taken_for(maker, f);
        if (other != 0)
            return arena_printf(maker->arena, "if %s was written for %s by mistake, ",
                                watch_table_shown(table, f, maker->rule.value[f]),
                                watch_table_shown(table, f, other));
    }
    return "";
}

static const char *what_speaks_against(struct maker *maker)
{
    const struct watch_alert *alert = maker->alert;
    int32_t days = alert->to - alert->from + 1;
    const char *next = days == 1 ? "on the next day"
                                 : arena_printf(maker->arena, "in the next %d days", days);
    const char *more = number_text(maker->arena, ceil(alert->expected) + 1);
    const char *fewer = arena_printf(
        maker->arena, "if the %zu %s out to be fewer seizures entered several times",
        alert->row_count, plural(alert->row_count, "row turns", "rows turn"));
    if (is_circle(maker))
        return arena_printf(maker->arena,
                            "It is nothing if one office there controlled more than "
                            "elsewhere in its reach, if places began to be written or "
                            "located otherwise, %s, or if no more than %s come there %s.",
                            fewer, more, next);
    return arena_printf(maker->arena,
                        "It is nothing %s, if the office began to write one of these "
                        "answers otherwise, %sor if no more than %s come %s.",
                        fewer, miscoded(maker), more, next);
}

static const char *how_often(struct arena *arena, const struct watch_alert *a)
{
    bool known = !isnan(a->once_in_years);
    double years = known ? a->once_in_years : a->rarer_than_years;
    if (!known && !(years > 0))
        return "how rarely cannot be said from so short a history";
    bool often = known && years < 1;
    const char *number = number_text(arena, often ? 1 / years : years);
    if (strcmp(number, "1") == 0)
        return known ? "once a year" : "rarer than once a year";
    return arena_printf(arena,
                        often   ? "%s times a year"
                        : known ? "once per %s years"
                                : "rarer than once in %s years",
                        number);
}

static const char *sentence(struct maker *maker)
{
    const struct watch_alert *a = maker->alert;
    struct arena *arena = maker->arena;
    int32_t days = a->to - a->from + 1;
    const char *often = how_often(arena, a);
    return arena_printf(arena, "%u %s in %d %s, expected %s%s, %s: %s", a->observed,
                        plural(a->observed, "seizure", "seizures"), days,
                        plural((unsigned)days, "day", "days"),
                        number_text(arena, a->expected), words_more(arena, LANGUAGE_EN, a),
                        often, a->rule_text);
}

/* Of all that the numbers came from, so that whoever computes them again can compare. */
static void take_hash(struct maker *maker)
{
    struct watch_alert *a = maker->alert;
    const struct calibration *c = maker->options->calibration;
    struct buf text = {.max = 64 * 1024 * 1024};
    buf_addf(&text, "enlace watch 1\nseed %llu threshold %.17g horizon %d\n",
             (unsigned long long)c->seed, c->threshold, c->horizon_days);
    buf_addf(&text, "day %d window %d to %d observed %u expected %.17g score %.17g\n",
             a->day, a->from, a->to, a->observed, a->expected, a->score);
    if (is_circle(maker))
        buf_addf(&text, "circle %.17g %.17g %.17g places %zu\n", a->circle.latitude,
                 a->circle.longitude, a->circle.radius_km, a->circle.places);
    for (size_t i = 0; i < a->row_count; i++) {
        buf_addf(&text, "%d %d", a->rows[i].day, a->rows[i].received);
        for (size_t f = 0; f < FACET_COUNT; f++)
            buf_addf(&text, "|%s",
                     watch_table_text(maker->options->table, (enum facet)f,
                                      maker->rows[maker->raised->rows[i]].value[f]));
        buf_add_byte(&text, '\n');
    }
    uint8_t hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, text.at, text.len);
    hex_write(a->hash, bytes_of(hash, sizeof hash));
    buf_release(&text);
}

/* The rule that an episode is told by may be another than before, and more to be expected. */
static void compare_expectations(struct watch_alert *alert, const struct raised *raised)
{
    const struct candidate *now = raised->candidate;
    bool more = raised->ongoing && raised->told_expected > 0 &&
                now->expected > 2 * raised->told_expected;
    if (more)
        alert->told_expected = raised->told_expected;
    alert->more = now->comes_again                    ? MORE_COMES_AGAIN
                  : !more                             ? MORE_NOT
                  : (raised->told_mask & ~now->mask)  ? MORE_FEWER
                  : now->window > raised->told_window ? MORE_LONGER
                                                      : MORE_COMMON;
}

void card_make(struct watch_alert *alert, const struct raised *raised,
               const struct card_options *options)
{
    const struct candidate *candidate = raised->candidate;
    const struct pattern *p = &raised->replay->pattern;
    unsigned weeks = candidate_weeks(candidate);
    int32_t begin = weeks > p->now ? 0 : (int32_t)(p->now + 1 - weeks);
    *alert = (struct watch_alert){
        .detector = candidate->circle != NULL ? WATCH_SCAN
                    : candidate->is_first     ? WATCH_FIRST
                                              : WATCH_PATTERN,
        .day = raised->day,
        .from = p->base_day + begin * DAYS_A_WEEK,
        .to = raised->day,
        .observed = candidate->observed,
        .expected = candidate->expected,
        .expected_raw = candidate->expected_raw,
        .told_expected = NAN,
        .score = candidate->score,
        .circle = {NAN, NAN, NAN, 0, ""},
        .standing = raised->ongoing ? WATCH_ONGOING : WATCH_NEW,
        .first_day = raised->replay->episodes[raised->episode].first_day,
        .seed = options->calibration->seed,
    };
    struct maker maker = {.alert = alert,
                          .raised = raised,
                          .options = options,
                          .rows = raised->replay->options.rows,
                          .arena = options->arena};
    rule_of(&maker.rule, raised);
    compare_expectations(alert, raised);
    double bound = 3 * options->calibration->history_years;
    double years = calibration_years(options->calibration, candidate->score);
    alert->once_in_years = years <= bound ? years : NAN;
    alert->rarer_than_years = years <= bound ? NAN : bound;
    name_rule(&maker);
    list_rows(&maker);
    draw_bars(&maker);
    alert->unreported_share = still_to_come(&maker);
    int32_t *days = arena_zalloc(options->arena, raised->row_count + 1, sizeof *days);
    for (size_t i = 0; i < raised->row_count; i++)
        days[i] = maker.rows[raised->rows[i]].day;
    struct growth growth = first_growth(days, raised->row_count, alert->from, alert->to);
    alert->doubling_days = growth.doubling_days;
    alert->doubling_low = growth.low;
    alert->doubling_high = growth.high;
    alert->nearest = nearest_known(&maker);
    alert->falsifier = what_speaks_against(&maker);
    alert->text = sentence(&maker);
    take_hash(&maker);
}
