/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/calibrate.h"

#include "base/memory.h"
#include "base/pool.h"
#include "watch/explain.h"
#include "watch/mix.h"
#include "watch/synonyms.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum {
    QUARTER_DAYS = 91,
    QUARTERS = 4,
    YEARS_MAX = 5,
    REPLICATES_MAX = 8,
    REPLICATE_ROWS = 1500 * 1000, /* in all of them together, about */
    BIG_ROWS = 250 * 1000,        /* one after the other: the counters take memory */
    SCOUTS = 4,                   /* shuffled histories that find the scale of circles */
};
static const double FIXED_THRESHOLD = 30;
static const double SCOUT_THRESHOLD = 8;
static const double SCOUT_CIRCLES = 5; /* the same for circles, of which there are fewer */
/* The tail is fitted above so many times the rate asked for. */
static const double TAIL_TIMES = 1;
/* Episodes are kept down to so many times that rate; further down they run together. */
static const double KEPT_TIMES = 2.5;
static const double CIRCLES_SHARE = 0.2; /* of the budget */
static const double SCALE_TIMES = 4;     /* tails of the scouts: so many times the rate */
static const double SCALE_LEAST = 0.25, SCALE_MOST = 2; /* of circles to rules */
static const double SPREAD_MAX = 0.5;
static const double Z90 = 1.6448536269514722;

void calibration_release(struct calibration *calibration)
{
    if (calibration == NULL)
        return;
    free(calibration->scores);
    *calibration = (struct calibration){0};
}

/* How the history is cut. A unit holds `blocks` blocks; the blocks of the same place in their
 * units are dealt among the units. */
struct cut {
    int32_t begin; /* first day of the first unit */
    unsigned units, blocks, unit_days;
};

static int block_of(const struct cut *cut, int32_t offset_in_unit)
{
    unsigned block = (unsigned)offset_in_unit / QUARTER_DAYS;
    return (int)(block < cut->blocks ? block : cut->blocks - 1);
}

struct shuffle {
    const struct calibrate_options *options;
    const struct cut *cut;
    const struct synonyms *synonyms; /* which answers are one, in the order it had */
    uint64_t seed;
    struct table_row *rows; /* the shuffled history, twice round */
    size_t count;
};

/* Where unit `unit` of the agency's block goes: a permutation drawn from the seed. */
static unsigned deal(unsigned unit, unsigned units, uint64_t seed)
{
    unsigned place[64];
    assert(units <= 64);
    struct dice dice = {seed};
    for (unsigned i = 0; i < units; i++) {
        unsigned j = dice_below(&dice, i + 1);
        place[i] = place[j];
        place[j] = i;
    }
    return place[unit];
}

/* The phase of the cut is drawn too: days before it come to the end of the last unit. */
/* The agency's changes of form up to a day, and around it: [*begin, *end) is without one. */
static unsigned form_of(int32_t *begin, int32_t *end,
                        const struct calibrate_options *options,
                        const struct table_row *row)
{
    unsigned changes = 0;
    *begin = INT32_MIN;
    *end = INT32_MAX;
    for (size_t i = 0; i < options->change_count; i++) {
        const struct form_change *change = &options->changes[i];
        if (change->agency != row->value[FACET_AGENCY] || change->day >= options->until)
            continue;
        if (change->day <= row->day) {
            changes++;
            *begin = change->day > *begin ? change->day : *begin;
        } else {
            *end = change->day < *end ? change->day : *end;
        }
    }
    return changes;
}

static bool has_changes(const struct calibrate_options *options)
{
    for (size_t i = 0; i < options->change_count; i++)
        if (options->changes[i].day < options->until)
            return true;
    return false;
}

/* Units that lie wholly between two changes of form, by days of the cut. */
struct units {
    unsigned first, count;
};

static struct units whole_units(const struct cut *cut, int32_t begin, int32_t end)
{
    int32_t unit = (int32_t)cut->unit_days, span = unit * (int32_t)cut->units;
    begin = begin == INT32_MIN || begin < cut->begin ? 0 : begin - cut->begin;
    end = end == INT32_MAX || end > cut->begin + span ? span : end - cut->begin;
    int32_t first = (begin + unit - 1) / unit, behind = end / unit;
    return (struct units){(unsigned)first, behind > first ? (unsigned)(behind - first) : 0};
}

static void shuffle_rows(struct shuffle *shuffle)
{
    const struct cut *cut = shuffle->cut;
    const struct watch_table *table = shuffle->options->table;
    int32_t span = (int32_t)(cut->units * cut->unit_days);
    struct dice dice = {shuffle->seed};
    int32_t phase = (int32_t)dice_below(&dice, QUARTER_DAYS);
    if (has_changes(shuffle->options))
        phase = 0; /* what was in order must stay so */
    uint64_t deal_seed = dice_u64(&dice);
    for (size_t i = 0; i < table->count; i++) {
        struct table_row row = table->rows[i];
        int32_t offset = row.day - cut->begin;
        if (offset < 0 || offset >= span || row.received >= shuffle->options->until)
            continue;
        offset = (offset + phase) % span;
        unsigned unit = (unsigned)offset / cut->unit_days;
        int32_t within = offset % (int32_t)cut->unit_days;
        int32_t begin, end;
        unsigned form = form_of(&begin, &end, shuffle->options, &row);
        struct units units = whole_units(cut, begin, end);
        uint64_t block_seed = mix((deal_seed ^ mix_value((unsigned)block_of(cut, within),
                                                         row.value[FACET_AGENCY])) +
                                  form);
        unsigned to = unit;
        if (unit >= units.first && unit < units.first + units.count)
            to = units.first + deal(unit - units.first, units.count, block_seed);
        int32_t delay = row.received - row.day;
        row.day = (int32_t)(to * cut->unit_days) + within;
        row.received = row.day + delay;
        synonyms_apply(&row, shuffle->synonyms);
        shuffle->rows[shuffle->count++] = row;
    }
    /* Round again, so that every unit is judged once on all the others. */
    size_t once = shuffle->count;
    for (size_t i = 0; i < once; i++) {
        struct table_row row = shuffle->rows[i];
        row.day += span;
        row.received += span;
        row.event += table->event_count;
        shuffle->rows[shuffle->count++] = row;
    }
}

struct replicate {
    struct shuffle shuffle;
    const uint8_t *newcomer; /* by agency */
    double threshold;
    struct where_scale where_scale;
    struct pool *pool; /* inside it; NULL: it is one of the pool's jobs itself */
    struct replay replay;
};

/* Agencies that have come, or come back, less than a year before the end: in the true order nothing of
 * theirs is told, and where quarters are dealt one by one it is not known that they were silent. Where
 * whole seasons are dealt to other years, silence survives: none is marked. */
static uint8_t *find_newcomers(const struct calibrate_options *options,
                               const struct cut *cut)
{
    const struct watch_table *table = options->table;
    uint8_t *newcomer = xcalloc((size_t)table->values[FACET_AGENCY].count + 1, 1);
    if (cut->blocks > 1)
        return newcomer;
    uint32_t *rows = xmalloc((table->count + 1) * sizeof *rows);
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].received < options->until)
            rows[count++] = (uint32_t)i;
    struct known *known = known_open(table, table->rows, rows, table->count);
    known_take(known, count);
    for (uint32_t a = 0; a == 0 || a < table->values[FACET_AGENCY].count; a++) {
        struct agency_asked asked = {known, table->rows, a, options->until, cut->begin};
        newcomer[a] = explain_is_newcomer(&asked);
    }
    known_close(known);
    free(rows);
    return newcomer;
}

static enum explained explain_shuffled(void *context, const struct raised *raised)
{
    const struct replicate *replicate = context;
    const struct calibrate_options *options = replicate->shuffle.options;
    enum explained explained = options->explain(options->context, raised);
    size_t left = 0;
    if (explained != EXPLAINED_NOT)
        return explained;
    for (size_t i = 0; i < raised->row_count; i++)
        left += !replicate->newcomer[raised->replay->options.rows[raised->rows[i]]
                                         .value[FACET_AGENCY]];
    if (left == raised->row_count || raised_stands_out(raised, (double)left))
        return EXPLAINED_NOT;
    for (uint32_t a = 0; a < options->table->values[FACET_AGENCY].count; a++)
        raised->doubted[a] = replicate->newcomer[a];
    return EXPLAINED;
}

static void run_replicate(void *context, size_t index, unsigned thread)
{
    (void)thread;
    struct replicate *replicate = &((struct replicate *)context)[index];
    const struct calibrate_options *options = replicate->shuffle.options;
    const struct cut *cut = replicate->shuffle.cut;
    replicate->shuffle.rows =
        xmalloc((2 * options->table->count + 1) * sizeof *replicate->shuffle.rows);
    shuffle_rows(&replicate->shuffle);
    int32_t unit = (int32_t)cut->unit_days, units = (int32_t)cut->units;
    struct replay_options replay = {
        .table = options->table,
        .rows = replicate->shuffle.rows,
        .row_count = replicate->shuffle.count,
        .from = (units - 1) * unit,
        .to = (2 * units - 1) * unit - 1,
        .horizon_days = (units - 1) * unit - COUNTS_WEEKS * 7,
        .known_until = options->until,
        .threshold = replicate->threshold,
        .spots = options->spots,
        .where_scale = replicate->where_scale,
        .pool = replicate->pool,
        .explain = options->explain != NULL ? explain_shuffled : NULL,
        .context = replicate,
    };
    replay_run(&replicate->replay, &replay);
    pattern_release(&replicate->replay.pattern);
    where_close(replicate->replay.where);
    replicate->replay.where = NULL;
    known_close(replicate->replay.known);
    replicate->replay.known = NULL;
    free(replicate->shuffle.rows);
    replicate->shuffle.rows = NULL;
}

/* Side by side, or one after the other with the pool inside each. */
static void run_replicates(struct pool *pool, struct replicate *replicates, size_t count,
                           bool big)
{
    bool inside = big || count == 1;
    for (size_t r = 0; r < count; r++)
        replicates[r].pool = inside ? pool : NULL;
    pool_run(inside ? NULL : pool, run_replicate, replicates, count);
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* ---- rules and circles on one scale ---- */

struct tail {
    double from, rate, scale;
};

/* Of the scores of one way (highest first), above so many a year. */
static struct tail fit_way(const double *scores, size_t count, double rate, double years,
                           double least)
{
    size_t above = (size_t)(rate * years);
    above = above < count ? above : count > 0 ? count - 1 : 0;
    if (above == 0)
        return (struct tail){least, 1 / years, 1};
    double sum = 0;
    for (size_t i = 0; i < above; i++)
        sum += scores[i] - scores[above];
    return (struct tail){scores[above], (double)above / years,
                         fmax(sum / (double)above, 0.1)};
}

/* The score passed so many times a year; never under what was looked at. */
static double height(const struct tail *tail, double rate, double least)
{
    return fmax(tail->from + tail->scale * log(tail->rate / rate), least);
}

static struct where_scale find_scale(const struct replicate *scouts, size_t count,
                                     double years, double wanted)
{
    struct tail tail[EPISODE_WAYS];
    for (int way = 0; way < EPISODE_WAYS; way++) {
        size_t total = 0, kept = 0;
        for (size_t r = 0; r < count; r++)
            total += scouts[r].replay.episode_count;
        double *scores = xmalloc((total + 1) * sizeof *scores);
        for (size_t r = 0; r < count; r++)
            for (size_t e = 0; e < scouts[r].replay.episode_count; e++) {
                const struct episode *episode = &scouts[r].replay.episodes[e];
                if (!episode->explained && episode->best[way] > 0)
                    scores[kept++] = episode->best[way];
            }
        if (kept > 0)
            qsort(scores, kept, sizeof *scores, descending);
        tail[way] = fit_way(scores, kept, SCALE_TIMES * wanted, years * (double)count,
                            way == BY_CIRCLE ? SCOUT_CIRCLES : SCOUT_THRESHOLD);
        free(scores);
    }
    double rule = height(&tail[BY_RULE], (1 - CIRCLES_SHARE) * wanted, SCOUT_THRESHOLD);
    double circle = height(&tail[BY_CIRCLE], CIRCLES_SHARE * wanted, SCOUT_CIRCLES);
    double times =
        fmin(fmax(tail[BY_RULE].scale / tail[BY_CIRCLE].scale, SCALE_LEAST), SCALE_MOST);
    return (struct where_scale){rule - times * circle, times};
}

static void rescale(struct replicate *replicate, const struct where_scale *scale)
{
    for (size_t e = 0; e < replicate->replay.episode_count; e++) {
        struct episode *episode = &replicate->replay.episodes[e];
        double circle = episode->best[BY_CIRCLE] > 0
                            ? scale->add + scale->times * episode->best[BY_CIRCLE]
                            : 0;
        episode->score = fmax(episode->best[BY_RULE], circle);
    }
}

static void keep_scores(struct calibration *out, struct replicate *replicates, size_t count)
{
    size_t total = 0;
    for (size_t r = 0; r < count; r++)
        total += replicates[r].replay.episode_count;
    free(out->scores);
    out->scores = xmalloc((total + 1) * sizeof *out->scores);
    out->score_count = 0;
    for (size_t r = 0; r < count; r++) {
        for (size_t e = 0; e < replicates[r].replay.episode_count; e++)
            if (replicates[r].replay.episodes[e].explained == EXPLAINED_NOT)
                out->scores[out->score_count++] = replicates[r].replay.episodes[e].score;
        replay_release(&replicates[r].replay);
    }
    if (out->score_count > 0)
        qsort(out->scores, out->score_count, sizeof *out->scores, descending);
}

/* Of the scores sorted, the one passed so many times a year. */
static double level(const struct calibration *c, double a_year)
{
    size_t index = (size_t)(a_year * c->judged_years);
    return index < c->score_count ? c->scores[index] : 0;
}

static void fit_tail(struct calibration *c)
{
    double wanted = c->alarms_per_year > 0 ? c->alarms_per_year : 1;
    double from_rate = TAIL_TIMES * wanted;
    size_t above = (size_t)(from_rate * c->judged_years);
    if (above >= c->score_count)
        above = c->score_count == 0 ? 0 : c->score_count - 1;
    if (above == 0) {
        /* Hardly anything ever stands out: the rate where it was looked for is the bound. */
        c->tail_from =
            c->scores != NULL && c->score_count > 0 ? c->scores[0] : SCOUT_THRESHOLD;
        c->tail_rate = 1 / c->judged_years;
        c->tail_scale = 1;
    } else {
        double sum = 0;
        c->tail_from = c->scores[above];
        for (size_t i = 0; i < above; i++)
            sum += c->scores[i] - c->tail_from;
        c->tail_rate = (double)above / c->judged_years;
        c->tail_scale = sum / (double)above;
        if (c->tail_scale < 0.1)
            c->tail_scale = 0.1;
    }
    double fall = log(c->tail_rate / wanted);
    fall = fall > 0 ? fall : 0;
    /* The shuffled years are not independent: what the interval rests on is the real ones. */
    double real = c->tail_rate * c->history_years;
    double spread = real > 0 ? sqrt((1 + fall * fall) / real) : 1;
    /* A rate is as often estimated too low as too high, and falls exponentially with the score: on
     * average the one realised is larger by exp(spread^2 / 2), which the threshold makes good. */
    double even = fmin(spread * spread / 2, SPREAD_MAX);
    c->threshold = c->tail_from + (fall + even) * c->tail_scale;
    c->rate_low = wanted * exp(-Z90 * spread);
    c->rate_high = wanted * exp(Z90 * spread);
}

double calibration_years(const struct calibration *c, double score)
{
    if (c->history_years <= 0)
        return INFINITY;
    if (score < c->tail_from) {
        size_t above = 0;
        while (above < c->score_count && c->scores[above] >= score)
            above++;
        return c->judged_years / (double)(above + 1);
    }
    return exp((score - c->tail_from) / c->tail_scale) / c->tail_rate;
}

static bool cut_history(struct cut *cut, const struct calibrate_options *options)
{
    const struct watch_table *table = options->table;
    int32_t first = INT32_MAX;
    for (size_t i = 0; i < table->count; i++)
        if (table->rows[i].day < first && table->rows[i].received < options->until)
            first = table->rows[i].day;
    if (first == INT32_MAX)
        return false;
    int32_t days = options->until - first;
    *cut = (struct cut){.blocks = QUARTERS, .unit_days = YEAR_DAYS};
    /* A history that lacks a few days of a year is one of so many years. */
    cut->units = (unsigned)(days + QUARTER_DAYS / 4) / YEAR_DAYS;
    if (cut->units > YEARS_MAX)
        cut->units = YEARS_MAX;
    if (cut->units < 2) {
        cut->blocks = 1;
        cut->unit_days = QUARTER_DAYS;
        cut->units = (unsigned)(days + QUARTER_DAYS / 4) / QUARTER_DAYS;
    }
    cut->begin = options->until - (int32_t)(cut->units * cut->unit_days);
    return cut->units >= (cut->blocks == 1 ? QUARTERS : 2);
}

/* That are shuffled. */
static size_t count_rows(const struct cut *cut, const struct calibrate_options *options)
{
    size_t count = 0;
    for (size_t i = 0; i < options->table->count; i++)
        count += options->table->rows[i].day >= cut->begin &&
                 options->table->rows[i].received < options->until;
    return count;
}

void calibrate(struct calibration *out, const struct calibrate_options *options)
{
    struct cut cut;
    bool circles = options->spots != NULL && options->spots->count > 1;
    *out = (struct calibration){.threshold = FIXED_THRESHOLD,
                                .rate_low = NAN,
                                .rate_high = NAN,
                                .horizon_days = (YEARS_MAX - 1) * YEAR_DAYS,
                                .alarms_per_year = options->alarms_per_year,
                                .where_scale = {0, circles ? 1 : 0},
                                .seed = options->seed};
    if (!cut_history(&cut, options))
        return;
    size_t rows = count_rows(&cut, options), count = REPLICATE_ROWS / (rows * 2 + 1);
    count = count < 1 ? 1 : count > REPLICATES_MAX ? REPLICATES_MAX : count;
    if (options->replicates > 0)
        count = options->replicates;
    size_t scouts = !circles ? 1 : count < SCOUTS ? count : SCOUTS;
    struct synonyms synonyms;
    struct synonyms_options window = {cut.begin, options->until, cut.units * cut.blocks};
    synonyms_find(&synonyms, options->table, &window);
    uint8_t *newcomer = find_newcomers(options, &cut);
    struct replicate *replicates = xcalloc(count + scouts, sizeof *replicates);
    for (size_t r = 0; r < count + scouts; r++)
        replicates[r] = (struct replicate){
            .shuffle = {.options = options,
                        .cut = &cut,
                        .synonyms = &synonyms,
                        .seed = mix(options->seed + r)},
            .newcomer = newcomer,
            .threshold = SCOUT_THRESHOLD,
            .where_scale = {circles ? SCOUT_THRESHOLD - SCOUT_CIRCLES : 0,
                            circles ? 1 : 0}};
    double years = cut.units * cut.unit_days / (double)YEAR_DAYS;
    out->history_years = years;
    out->horizon_days = (int32_t)((cut.units - 1) * cut.unit_days) - COUNTS_WEEKS * 7;
    struct pool *pool = pool_open(options->threads);
    bool big = rows > BIG_ROWS;
    /* Scouts say where the scores lie; the others need not follow what is far below. */
    run_replicates(pool, replicates + count, scouts, big);
    if (circles) {
        out->where_scale =
            find_scale(replicates + count, scouts, years, options->alarms_per_year);
        for (size_t r = count; r < count + scouts; r++)
            rescale(&replicates[r], &out->where_scale);
    }
    out->judged_years = years * (double)scouts;
    keep_scores(out, &replicates[count], scouts);
    double floor = level(out, KEPT_TIMES * options->alarms_per_year);
    for (size_t r = 0; r < count; r++) {
        replicates[r].where_scale = out->where_scale;
        if (floor > SCOUT_THRESHOLD)
            replicates[r].threshold = floor;
    }
    run_replicates(pool, replicates, count, big);
    pool_close(pool);
    out->judged_years = years * (double)count;
    keep_scores(out, replicates, count);
    fit_tail(out);
    synonyms_release(&synonyms);
    free(newcomer);
    free(replicates);
}
