/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/locate.h"

#include "base/text.h"
#include "record/country.h"
#include "record/place.h"
#include "watch/mix.h"
#include "watch/report_world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024 };
static const double ONE_PLACE_DEGREES = 1; /* coordinates that all speak of one place */

/* A place as one agency names it, or (EVERYBODY) as all do. */
struct named {
    uint64_t key; /* 0: free */
    struct scan_place at;
    uint8_t how; /* LOCATED_NOWHERE: nobody gave coordinates, or they do not agree */
    bool tried;  /* it was looked for elsewhere too */
    bool at_odds;
};

struct finder {
    const struct watch_table *table;
    struct named *slots;
    size_t slot_count, used;
    struct scan_place *countries; /* by agency */
    uint8_t *country_known;       /* by agency: 0 not asked, 1 no, 2 yes */
    size_t *unknown;              /* events, by place */
};

static void rehash(struct finder *f, size_t slot_count)
{
    struct named *old = f->slots;
    size_t old_count = f->slot_count;
    f->slots = xcalloc(slot_count, sizeof *f->slots);
    f->slot_count = slot_count;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].key == 0)
            continue;
        size_t at = old[i].key & (slot_count - 1);
        while (f->slots[at].key != 0)
            at = (at + 1) & (slot_count - 1);
        f->slots[at] = old[i];
    }
    free(old);
}

/* Stays until the next call. */
static struct named *named(struct finder *f, uint32_t agency, uint16_t country,
                           uint32_t place)
{
    if (f->used * 2 >= f->slot_count)
        rehash(f, f->slot_count == 0 ? FIRST_SLOTS : f->slot_count * 2);
    uint64_t key = mix(((uint64_t)agency << 32 | place) ^ mix(country)) | 1;
    size_t at = key & (f->slot_count - 1);
    while (f->slots[at].key != 0 && f->slots[at].key != key)
        at = (at + 1) & (f->slot_count - 1);
    f->used += f->slots[at].key == 0;
    f->slots[at].key = key;
    return &f->slots[at];
}

static bool has_coordinates(const struct table_row *row)
{
    return fabsf(row->latitude) <= 90 && fabsf(row->longitude) <= 180;
}

static void note(struct named *named, const struct table_row *row)
{
    if (named->how == LOCATED_NOWHERE) {
        named->at = (struct scan_place){(double)row->latitude, (double)row->longitude};
        named->how = LOCATED_AS_OTHERS;
    } else if (fabs(named->at.latitude - (double)row->latitude) > ONE_PLACE_DEGREES ||
               fabs(named->at.longitude - (double)row->longitude) > ONE_PLACE_DEGREES) {
        named->at_odds = true;
    }
}

static const char *country_of(char out[3], const struct table_row *row)
{
    if (row->country == 0)
        return NULL;
    out[0] = (char)(row->country >> 8);
    out[1] = (char)(row->country & 0xff);
    out[2] = '\0';
    return out;
}

/* Once for each name that an agency gives without coordinates. */
static void look_up(struct named *found, const struct finder *f,
                    const struct table_row *row)
{
    char code[3];
    const char *text = watch_table_text(f->table, FACET_PLACE, row->value[FACET_PLACE]);
    struct place_options options = {country_of(code, row), row->place_is_region};
    struct place place;
    if (found->how != LOCATED_NOWHERE || !place_find(&place, bytes_text(text), &options))
        return;
    found->at = (struct scan_place){place.latitude, place.longitude};
    found->how = place.kind == PLACE_REGION ? LOCATED_BY_REGION : LOCATED_BY_NAME;
}

/* "ITGOX" lies in Italy, whatever it is. */
static bool locode_country(struct scan_place *at, const char *text)
{
    struct bytes code = text_trim(bytes_text(text));
    bool is_code = code.len == 5;
    for (size_t i = 0; i < code.len && is_code; i++)
        is_code =
            (code.at[i] >= 'A' && code.at[i] <= 'Z') || (i > 1 && is_digit(code.at[i]));
    char country[3] = {is_code ? (char)code.at[0] : 0, is_code ? (char)code.at[1] : 0, 0};
    return is_code && world_find(&at->latitude, &at->longitude, country);
}

static enum located in_country(struct scan_place *at, struct finder *f,
                               const struct table_row *row)
{
    uint32_t agency = row->value[FACET_AGENCY];
    const char *text = watch_table_text(f->table, FACET_AGENCY, agency);
    char code[3];
    if (f->country_known[agency] == 0)
        f->country_known[agency] = 1 + world_find(&f->countries[agency].latitude,
                                                  &f->countries[agency].longitude, text);
    if (f->country_known[agency] == 2) {
        *at = f->countries[agency];
        return LOCATED_BY_COUNTRY;
    }
    const char *country = country_of(code, row);
    if (country != NULL && world_find(&at->latitude, &at->longitude, country))
        return LOCATED_BY_COUNTRY;
    /* "PASTO" is a town, and no code of Panama's: what is known of the country comes first. */
    text = watch_table_text(f->table, FACET_PLACE, row->value[FACET_PLACE]);
    return country == NULL && locode_country(at, text) ? LOCATED_BY_COUNTRY
                                                       : LOCATED_NOWHERE;
}

static enum located locate_row(struct scan_place *at, struct finder *f,
                               const struct table_row *row)
{
    uint32_t place = row->value[FACET_PLACE], agency = row->value[FACET_AGENCY];
    if (has_coordinates(row)) {
        *at = (struct scan_place){(double)row->latitude, (double)row->longitude};
        return LOCATED_EXACT;
    }
    if (place == 0)
        return in_country(at, f, row);
    struct named all = *named(f, UINT32_MAX, 0, place);
    struct named *ours = named(f, agency, row->country, place);
    if (!ours->tried)
        look_up(ours, f, row);
    ours->tried = true;
    if (ours->how == LOCATED_NOWHERE && all.how != LOCATED_NOWHERE && !all.at_odds)
        *ours = (struct named){ours->key, all.at, LOCATED_AS_OTHERS, true, false};
    *at = ours->at;
    if (ours->how != LOCATED_NOWHERE)
        return ours->how;
    f->unknown[place] += row->role == ROLE_FIRST;
    return in_country(at, f, row);
}

static int by_events(const void *a, const void *b)
{
    const struct unknown_place *x = a, *y = b;
    if (x->events != y->events)
        return x->events > y->events ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static void list_unknown(struct locations *out, const struct finder *f)
{
    size_t places = f->table->values[FACET_PLACE].count;
    out->unknown = xcalloc(places + 1, sizeof *out->unknown);
    for (uint32_t place = 1; place < places; place++) {
        if (f->unknown[place] == 0)
            continue;
        out->unknown[out->unknown_count++] =
            (struct unknown_place){place, f->unknown[place]};
        out->unknown_events += f->unknown[place];
    }
    if (out->unknown_count > 0)
        qsort(out->unknown, out->unknown_count, sizeof *out->unknown, by_events);
}

void locate(struct locations *out, const struct watch_table *table)
{
    size_t agencies = (size_t)table->values[FACET_AGENCY].count + 1;
    struct finder f = {
        .table = table,
        .countries = xcalloc(agencies, sizeof *f.countries),
        .country_known = xcalloc(agencies, 1),
        .unknown = xcalloc((size_t)table->values[FACET_PLACE].count + 1, sizeof *f.unknown),
    };
    *out = (struct locations){.at = xcalloc(table->count + 1, sizeof *out->at),
                              .how = xcalloc(table->count + 1, sizeof *out->how),
                              .row_count = table->count};
    for (size_t i = 0; i < table->count; i++) {
        const struct table_row *row = &table->rows[i];
        uint32_t place = row->value[FACET_PLACE];
        if (place == 0 || !has_coordinates(row))
            continue;
        note(named(&f, row->value[FACET_AGENCY], row->country, place), row);
        note(named(&f, UINT32_MAX, 0, place), row);
    }
    for (size_t i = 0; i < table->count; i++) {
        out->how[i] = (uint8_t)locate_row(&out->at[i], &f, &table->rows[i]);
        out->events[out->how[i]] += table->rows[i].role == ROLE_FIRST;
    }
    list_unknown(out, &f);
    free(f.slots);
    free(f.countries);
    free(f.country_known);
    free(f.unknown);
}

void locations_release(struct locations *locations)
{
    if (locations == NULL)
        return;
    free(locations->at);
    free(locations->how);
    free(locations->unknown);
    *locations = (struct locations){0};
}
