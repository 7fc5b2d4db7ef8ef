/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/table.h"

#include "formats/commodity.h"
#include "record/country.h"
#include "record/place.h"
#include "watch/mix.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024 };

static void values_release(struct table_values *values)
{
    free(values->text);
    free(values->slots);
    free(values->hashes);
    free(values->hidden);
}

void watch_table_release(struct watch_table *table)
{
    if (table == NULL)
        return;
    for (size_t f = 0; f < FACET_COUNT; f++) {
        values_release(&table->values[f]);
        values_release(&table->spellings[f].things);
        free(table->spellings[f].stands_for);
        free(table->spellings[f].first);
    }
    free(table->rows);
    free(table->agency_countries);
    free(table->ids);
    free(table->event_slots);
    free(table->event_numbers);
    arena_release(&table->texts);
    *table = (struct watch_table){0};
}

static void values_rehash(struct table_values *values, size_t slot_count)
{
    free(values->slots);
    values->slots = xcalloc(slot_count, sizeof *values->slots);
    values->slot_count = slot_count;
    for (uint32_t v = 1; v < values->count; v++) {
        size_t at = values->hashes[v] & (slot_count - 1);
        while (values->slots[at] != 0)
            at = (at + 1) & (slot_count - 1);
        values->slots[at] = v;
    }
}

static uint64_t hash_of(struct bytes text, struct arena *arena)
{
    struct arena_mark mark = arena_mark(arena);
    uint64_t hash = mix_bytes(facet_fold(text, arena));
    arena_rewind(arena, mark);
    return hash;
}

static uint32_t find_hash(const struct table_values *values, uint64_t hash)
{
    if (values->slot_count == 0)
        return 0;
    size_t at = hash & (values->slot_count - 1);
    while (values->slots[at] != 0 && values->hashes[values->slots[at]] != hash)
        at = (at + 1) & (values->slot_count - 1);
    return values->slots[at];
}

static void values_push(struct table_values *values, uint64_t hash, const char *text)
{
    grow_to((void **)&values->text, &values->capacity, values->count, sizeof *values->text);
    grow_to((void **)&values->hashes, &values->hash_capacity, values->count,
            sizeof *values->hashes);
    values->text[values->count] = text;
    values->hashes[values->count] = hash;
    values->count++;
}

/* The value of the hash; text is kept when it is new, in the arena. */
static uint32_t value_of(struct table_values *values, uint64_t hash, struct bytes text,
                         struct arena *arena)
{
    if (values->count == 0)
        values_push(values, 0, "");
    uint32_t value = find_hash(values, hash);
    if (value != 0)
        return value;
    value = values->count;
    values_push(values, hash, arena != NULL ? arena_text(arena, text) : NULL);
    if (values->count * 2 > values->slot_count) {
        values_rehash(values,
                      values->slot_count == 0 ? FIRST_SLOTS : values->slot_count * 2);
        return value;
    }
    size_t at = hash & (values->slot_count - 1);
    while (values->slots[at] != 0)
        at = (at + 1) & (values->slot_count - 1);
    values->slots[at] = value;
    return value;
}

static uint32_t number_of(struct watch_table *table, enum facet facet, struct bytes text)
{
    if (text.len > FACET_TEXT_MAX)
        text.len = FACET_TEXT_MAX;
    struct table_values *values = &table->values[facet];
    if (values->count == 0)
        values_push(values, 0, "");
    if (text.len == 0)
        return 0;
    return value_of(values, hash_of(text, &table->texts), text, &table->texts);
}

/* ---- spellings ---- */

/* What a text means, or 0: a country, or in the country a port or town. */
static uint64_t meaning(enum facet facet, struct bytes text, const char *country)
{
    if (facet == FACET_PLACE) {
        uint32_t place = place_number(text, country);
        return place != 0 ? mix(place) | 1 : 0;
    }
    if (facet != FACET_AGENCY && (facet < FACET_ORIGIN || facet > FACET_DESTINATION))
        return 0;
    const char *code = country_find(text);
    return code != NULL ? mix_bytes(bytes_text(code)) : 0;
}

/* The value that this one is a spelling of: itself, or one that was there before. */
static uint32_t stands_for(struct watch_table *table, enum facet facet, uint32_t value,
                           const char *country)
{
    struct table_spellings *s = &table->spellings[facet];
    while (s->count <= value) {
        uint32_t next = (uint32_t)s->count;
        const char *text = table->values[facet].text[next];
        uint64_t hash = next == 0 ? 0 : meaning(facet, bytes_text(text), country);
        grow_to((void **)&s->stands_for, &s->capacity, s->count, sizeof *s->stands_for);
        s->stands_for[s->count++] = next;
        if (hash == 0)
            continue;
        uint32_t thing = value_of(&s->things, hash, (struct bytes){0}, NULL);
        while (s->first_count <= thing) {
            grow_to((void **)&s->first, &s->first_capacity, s->first_count,
                    sizeof *s->first);
            s->first[s->first_count++] = next;
        }
        s->stands_for[next] = s->first[thing];
    }
    return s->stands_for[value];
}

uint32_t watch_table_find(const struct watch_table *table, enum facet facet,
                          struct bytes text)
{
    struct arena arena = {0};
    uint32_t value = find_hash(&table->values[facet], hash_of(text, &arena));
    arena_release(&arena);
    const struct table_spellings *s = &table->spellings[facet];
    return value < s->count ? s->stands_for[value] : value;
}

bool watch_table_same(const struct watch_table *table, enum facet facet, uint32_t a,
                      uint32_t b)
{
    const struct table_spellings *s = &table->spellings[facet];
    return a < s->count && b < s->count && s->stands_for[a] == s->stands_for[b];
}

const char *watch_table_text(const struct watch_table *table, enum facet facet,
                             uint32_t value)
{
    return value < table->values[facet].count ? table->values[facet].text[value] : "";
}

static void events_rehash(struct watch_table *table, size_t slot_count)
{
    uint64_t *old_slots = table->event_slots;
    uint32_t *old_numbers = table->event_numbers;
    size_t old_count = table->event_slot_count;
    table->event_slots = xcalloc(slot_count, sizeof *table->event_slots);
    table->event_numbers = xcalloc(slot_count, sizeof *table->event_numbers);
    table->event_slot_count = slot_count;
    for (size_t i = 0; i < old_count; i++) {
        if (old_slots[i] == 0)
            continue;
        size_t at = old_slots[i] & (slot_count - 1);
        while (table->event_slots[at] != 0)
            at = (at + 1) & (slot_count - 1);
        table->event_slots[at] = old_slots[i];
        table->event_numbers[at] = old_numbers[i];
    }
    free(old_slots);
    free(old_numbers);
}

/* The number kept with the key; number is kept when it is new. */
static uint32_t event_seen(bool *is_new, struct watch_table *table, uint64_t key,
                           uint32_t number)
{
    if (table->event_used * 2 >= table->event_slot_count)
        events_rehash(table, table->event_slot_count == 0 ? FIRST_SLOTS
                                                          : table->event_slot_count * 2);
    key |= key == 0;
    size_t at = key & (table->event_slot_count - 1);
    while (table->event_slots[at] != 0 && table->event_slots[at] != key)
        at = (at + 1) & (table->event_slot_count - 1);
    *is_new = table->event_slots[at] == 0;
    if (*is_new) {
        table->event_slots[at] = key;
        table->event_numbers[at] = number;
        table->event_used++;
    }
    return table->event_numbers[at];
}

/* Which event the row belongs to, and what it adds to it. */
static void find_role(struct table_row *row, struct watch_table *table)
{
    uint64_t key = mix(((uint64_t)(uint32_t)row->day << 32) + 0x5eed);
    for (size_t f = 0; f < FACET_COUNT; f++)
        if (f != FACET_SUBSTANCE && f != FACET_COMMODITY)
            key = mix(key ^ mix_value((unsigned)f, row->value[f]));
    /* Where no place is named, a point on the map says where: two points are two seizures. */
    if (!isnan(row->latitude) && !isnan(row->longitude)) {
        uint32_t latitude, longitude;
        memcpy(&latitude, &row->latitude, sizeof latitude);
        memcpy(&longitude, &row->longitude, sizeof longitude);
        key = mix(key ^ mix(((uint64_t)latitude << 32) | longitude));
    }
    bool is_new;
    row->event = event_seen(&is_new, table, key, table->event_count);
    table->event_count += is_new;
    bool new_commodity, new_substance;
    event_seen(&new_commodity, table, mix(key ^ mix_value(90, row->value[FACET_COMMODITY])),
               0);
    event_seen(&new_substance, table, mix(key ^ mix_value(91, row->value[FACET_SUBSTANCE])),
               0);
    row->role = (uint8_t)(is_new          ? ROLE_FIRST
                          : new_commodity ? ROLE_SUBSTANCE
                          : new_substance ? ROLE_VARIANT
                                          : ROLE_REPEAT);
}

static uint16_t country_number(struct bytes text)
{
    const char *code = text.len > 0 ? country_find(text) : NULL;
    return code != NULL && strlen(code) == 2
               ? (uint16_t)((uint8_t)code[0] << 8 | (uint8_t)code[1])
               : 0;
}

/* The country is the record's, else the agency's; names are looked up once an agency. */
static uint16_t country_of(struct watch_table *table, uint32_t agency,
                           const struct facets *facets)
{
    while (table->agency_country_count <= agency) {
        uint32_t next = (uint32_t)table->agency_country_count;
        grow_to((void **)&table->agency_countries, &table->agency_country_capacity,
                table->agency_country_count, sizeof *table->agency_countries);
        table->agency_countries[table->agency_country_count++] =
            country_number(bytes_text(watch_table_text(table, FACET_AGENCY, next)));
    }
    uint16_t country = table->agency_countries[agency];
    return country != 0 ? country : country_number(facets->country);
}

enum status watch_table_add(struct watch_table *table, const struct facets *facets,
                            size_t line, const char *id, struct err *err)
{
    if (table->count >= TABLE_ROWS_MAX)
        return fail(err, TOO_LARGE, "more than %d seizures: watch fewer years at once",
                    TABLE_ROWS_MAX);
    grow_to((void **)&table->rows, &table->capacity, table->count, sizeof *table->rows);
    struct table_row *row = &table->rows[table->count];
    *row = (struct table_row){.day = facets->day,
                              .received = facets->received,
                              .line = (uint32_t)line,
                              .kg = (float)facets->kg,
                              .place_is_region = facets->place_is_region,
                              .received_assumed = facets->received_assumed,
                              .latitude = (float)facets->latitude,
                              .longitude = (float)facets->longitude};
    for (enum facet f = 0; f < FACET_COUNT; f++) {
        struct bytes text = facets->text[f];
        /* A table of whatever source counts by the same groups. */
        if (f == FACET_COMMODITY && text.len == 0 && facets->text[FACET_SUBSTANCE].len > 0)
            text = bytes_text(commodity_of(facets->text[FACET_SUBSTANCE]));
        /* What belongs to no group has nothing in common. */
        if (f == FACET_COMMODITY && bytes_is(text, "other"))
            text = (struct bytes){0};
        row->value[f] = number_of(table, f, text);
    }
    row->country = country_of(table, row->value[FACET_AGENCY], facets);
    row->spelling = row->value[FACET_PLACE];
    char country[3] = {(char)(row->country >> 8), (char)(row->country & 0xff), '\0'};
    for (enum facet f = 0; f < FACET_COUNT; f++)
        row->value[f] = stands_for(table, f, row->value[f], row->country ? country : NULL);
    if (id != NULL) {
        grow_to((void **)&table->ids, &table->id_capacity, table->id_count,
                sizeof *table->ids);
        row->line = (uint32_t)table->id_count;
        table->ids[table->id_count++] = arena_text(&table->texts, bytes_text(id));
    }
    table->count++;
    table->settled = false;
    return OK;
}

/* Rows by the day received, then the order of the file. */
static int by_received(const void *a, const void *b, void *rows)
{
    const struct table_row *table = rows;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (table[x].received != table[y].received)
        return table[x].received < table[y].received ? -1 : 1;
    return (x > y) - (x < y);
}

void watch_table_settle(struct watch_table *table)
{
    if (table->settled)
        return;
    uint32_t *order = xmalloc((table->count + 1) * sizeof *order);
    for (size_t i = 0; i < table->count; i++)
        order[i] = (uint32_t)i;
    qsort_r(order, table->count, sizeof *order, by_received, table->rows);
    free(table->event_slots);
    free(table->event_numbers);
    table->event_slots = NULL;
    table->event_numbers = NULL;
    table->event_slot_count = table->event_used = 0;
    table->event_count = 0;
    for (size_t i = 0; i < table->count; i++)
        find_role(&table->rows[order[i]], table);
    free(order);
    table->settled = true;
}

void watch_table_hide(struct watch_table *table, enum facet facet, uint32_t value)
{
    struct table_values *values = &table->values[facet];
    assert(value < values->count);
    if (values->hidden == NULL)
        values->hidden = xcalloc(values->count, 1);
    values->hidden[value] = 1;
}

const char *watch_table_shown(const struct watch_table *table, enum facet facet,
                              uint32_t value)
{
    const struct table_values *values = &table->values[facet];
    bool hidden =
        values->hidden != NULL && value < values->count && values->hidden[value] != 0;
    return hidden ? WATCH_HIDDEN : watch_table_text(table, facet, value);
}
