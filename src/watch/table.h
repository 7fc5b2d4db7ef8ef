/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/table.h: all seizures in memory, as small numbers.
 *
 * A row is one row of the file. Texts become numbers from 1 for each facet (0 is missing);
 * texts that facet_fold makes equal are one number, shown as first written, and so are the spellings
 * of one port or town ("Port of Antwerp", "Amberes") and of one country. Rows of one
 * seizure (same agency, place, day and circumstances, another substance) are one **event**;
 * only the first of them is counted where the rule does not speak of the substance, and a
 * row that repeats another in every facet is not counted at all.
 *
 *     role        counted in rules ...
 *     FIRST       all
 *     SUBSTANCE   that name the substance or the commodity: neither was in this event before
 *     VARIANT     that name the substance: only this one is new
 *     REPEAT      none
 *
 * The table owns everything and never moves a text once it stands.
 */
#ifndef WATCH_TABLE_H
#define WATCH_TABLE_H

#include "record/facets.h"

enum { TABLE_ROWS_MAX = 20 * 1000 * 1000 };

enum table_role { ROLE_FIRST, ROLE_SUBSTANCE, ROLE_VARIANT, ROLE_REPEAT };

struct table_row {
    int32_t day, received;
    uint32_t value[FACET_COUNT];
    uint32_t event; /* from 0, in the order received */
    uint32_t line;  /* of the file; of a node's record its place in ids */
    uint32_t
        spelling; /* of the place, as the file writes it: a value of its own, which no other
                          row need have */
    uint32_t spot; /* where it lies (watch/spots); 0: nobody knows, or nobody asked */
    float kg, latitude, longitude;
    uint8_t role;             /* enum table_role */
    uint8_t place_is_region;  /* no place given, only what it lies in */
    uint8_t quarantined;      /* came in a bulk upload: not counted */
    uint8_t received_assumed; /* the day received that was given cannot be */
    uint16_t country;         /* two small letters, the first above; 0: nobody knows */
};

struct table_values {
    const char **text; /* by number; text[0] is "" */
    uint32_t count;    /* with number 0 */
    size_t capacity;
    uint32_t *slots;  /* hash of the folded form to number; 0: free */
    uint64_t *hashes; /* by number */
    uint8_t *hidden;  /* by number: not to be shown; NULL: none is */
    size_t slot_count, hash_capacity;
};

/* Of one facet: which values are spellings of one thing. */
struct table_spellings {
    uint32_t *stands_for; /* by value: the one that was there first */
    size_t count, capacity;
    struct table_values things; /* a hash of what is meant; text is NULL */
    uint32_t *first;            /* by thing: the value */
    size_t first_count, first_capacity;
};

struct watch_table {
    struct table_row *rows;
    size_t count, capacity;
    struct table_values values[FACET_COUNT];
    struct table_spellings spellings[FACET_COUNT];
    uint16_t *agency_countries; /* by agency, as a row's */
    size_t agency_country_count, agency_country_capacity;
    const char **ids; /* of a node's records, by line; NULL: a file */
    size_t id_count, id_capacity;
    uint32_t event_count;
    struct arena texts;
    /* event key, and event key with commodity or substance, to what was seen */
    uint64_t *event_slots;
    uint32_t *event_numbers;
    size_t event_slot_count, event_used;
    bool settled;
};

/* All-zero is valid and empty. */
void watch_table_release(struct watch_table *table);
/* id may be NULL (a file's row). TOO_LARGE over TABLE_ROWS_MAX. */
MUST_USE enum status watch_table_add(struct watch_table *table, const struct facets *facets,
                                     size_t line, const char *id, struct err *err);
/* Find the events, once all rows are there: in the order in which they were received, so that what
 * is known of an event on a day is the same whatever comes later. */
void watch_table_settle(struct watch_table *table);
/* The number of a text, or 0. */
uint32_t watch_table_find(const struct watch_table *table, enum facet facet,
                          struct bytes text);
/* Two values are spellings of one port, town or country. */
bool watch_table_same(const struct watch_table *table, enum facet facet, uint32_t a,
                      uint32_t b);
const char *watch_table_text(const struct watch_table *table, enum facet facet,
                             uint32_t value);
/* What stands for a word that is looked at and counted as any other, but not shown. */
#define WATCH_HIDDEN "(told in its case)"
void watch_table_hide(struct watch_table *table, enum facet facet, uint32_t value);
/* The text as it may be shown. */
const char *watch_table_shown(const struct watch_table *table, enum facet facet,
                              uint32_t value);

#endif
