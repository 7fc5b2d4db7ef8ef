/* SPDX-License-Identifier: Apache-2.0
 *
 * Of circles (watch/where): places that are located otherwise now, or as never before.
 */
#include "watch/explain_parts.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

enum {
    RELOCATED_ASKED = 50, /* rows whose places are looked up */
    MOVED_KM = 100,       /* beyond a circle: another place may have been meant */
};
static const double LOCATED_CHANGE = 0.3; /* of the share of rows that are */

static bool is_inside(const struct scan_found *circle, uint32_t spot)
{
    for (size_t i = 0; i < circle->place_count; i++)
        if (circle->places[i] + 1 == spot)
            return true;
    return false;
}

/* Coordinates began to be given: what stood in the middle of the country, or nowhere, stands where
 * it is. */
bool explain_newly_located(const struct question *q)
{
    double rows_before = 0, rows_now = 0, before[2] = {0}, now[2] = {0};
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST)
            continue;
        *(row->day < q->from ? &rows_before : &rows_now) += 1;
        double *known = row->day < q->from ? before : now;
        known[0] += !isnan(row->latitude);
        known[1] += row->spot != 0;
    }
    if (rows_before < KNOWN_MIN || rows_now < 4)
        return false;
    return fabs(now[0] / rows_now - before[0] / rows_before) > LOCATED_CHANGE ||
           now[1] / rows_now > before[1] / rows_before + LOCATED_CHANGE;
}

static double near_km(const struct scan_place *a, const struct scan_place *b)
{
    double north = a->latitude - b->latitude, east = fabs(a->longitude - b->longitude);
    east = fmin(east, 360 - east) * cos(a->latitude * M_PI / 180);
    return 111.13 * sqrt(north * north + east * east);
}

/* The places of these rows were written with other coordinates before. */
static bool is_relocated(const struct question *q)
{
    const struct scan_found *circle = q->candidate->circle;
    size_t ours = 0, moved = 0;
    for (size_t i = 0; i < q->raised->row_count; i++) {
        const struct table_row *mine = &q->rows[q->raised->rows[i]];
        double outside = 0, inside = 0;
        if (mine->value[FACET_AGENCY] != q->agency || ours == RELOCATED_ASKED)
            continue;
        ours++;
        EACH_ROW(row, q, q->from - YEAR_DAYS, q->from - 1)
        {
            if (mine->value[FACET_PLACE] == 0 || row->spot == 0 ||
                row->value[FACET_PLACE] != mine->value[FACET_PLACE])
                continue;
            *(is_inside(circle, row->spot) ? &inside : &outside) += 1;
        }
        moved += outside >= 3 && outside >= 4 * inside;
    }
    return ours > 0 && (double)moved >= EXPLAIN_MOSTLY * (double)ours;
}

/* What stood close by stands in the circle now: its loss is the circle's gain. */
static bool has_moved(const struct question *q)
{
    const struct spots *spots = q->raised->replay->options.spots;
    const struct scan_found *circle = q->candidate->circle;
    struct answers a = {.before = xcalloc(spots->count + 1, sizeof *a.before),
                        .now = xcalloc(spots->count + 1, sizeof *a.now)};
    double was = 0, is = 0;
    EACH_ROW(row, q, q->from - YEAR_DAYS, q->to)
    {
        if (row->role != ROLE_FIRST || row->spot == 0)
            continue;
        bool inside = is_inside(circle, row->spot);
        if (row->day < q->from) {
            a.before[row->spot]++;
            a.known_before++;
            was += inside;
        } else {
            a.now[row->spot]++;
            a.known_now++;
            is += inside;
        }
    }
    bool moved = false;
    if (a.known_before >= KNOWN_MIN && a.known_now >= EXPLAIN_FEW) {
        double gain = is / a.known_now - was / a.known_before;
        for (uint32_t spot = 1; spot <= spots->count && !moved; spot++) {
            if (is_inside(circle, spot) || !explain_has_vanished(&a, spot, false) ||
                near_km(&spots->places[spot - 1], &spots->places[circle->centre]) >
                    circle->radius_km + MOVED_KM)
                continue;
            double loss = a.before[spot] / a.known_before - a.now[spot] / a.known_now;
            moved = fabs(loss - gain) <= 0.5 * fmax(loss, gain);
        }
    }
    free(a.before);
    free(a.now);
    return moved;
}

/* The row of the agency whose place most of its rows in the circle name. */
uint32_t explain_typical_row(const struct question *q)
{
    const struct raised *raised = q->raised;
    uint32_t best = q->candidate->row;
    size_t most = 0;
    for (size_t i = 0; i < raised->row_count && i < EXPLAIN_ROWS_ASKED; i++) {
        const struct table_row *row = &q->rows[raised->rows[i]];
        size_t same = 0;
        for (size_t k = i; k < raised->row_count; k++)
            same += q->rows[raised->rows[k]].value[FACET_PLACE] == row->value[FACET_PLACE];
        if (row->value[FACET_AGENCY] == q->agency && row->value[FACET_PLACE] != 0 &&
            same > most) {
            most = same;
            best = raised->rows[i];
        }
    }
    return best;
}

bool explain_relocated(const struct question *q)
{
    return is_relocated(q) || has_moved(q);
}
