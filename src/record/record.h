/* SPDX-License-Identifier: Apache-2.0
 *
 * record/record.h: one thing that is known: {id, schema, properties} and what stands around it.
 *
 * The inside is FollowTheMoney's: properties with any number of text values. Around it stands
 * what the field demands (record/codes): owner, handling codes, evaluation, status of a person,
 * purpose, review date.
 *
 * A reader fills it in two steps: record_init and record_add as the row is read, then
 * record_finish, which cleans every value with the hints the record itself gives (its country
 * helps to read its phone). Everything lives in the arena given to record_init; raw text is
 * copied there, so the row's bytes may go.
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "record/codes.h"
#include "record/date.h"
#include "record/schema.h"

enum { RECORD_VALUES_MAX = 4096, RECORD_ID_MAX = 512 };

struct record_value {
    const struct property
        *property; /* NULL: the schema has no such property; kept, not used */
    const char *name;
    struct bytes raw;   /* as given; trimmed unless added exactly */
    struct bytes clean; /* empty unless usable */
    enum value_grade grade;
    const char *format; /* a date's pattern from a mapping file, else NULL */
    const char *why;    /* "" when FINE */
};

struct record {
    struct arena *arena;
    const char *id; /* the source's; never NULL after record_finish succeeded */
    bool id_made;   /* the source gave no id: the reader made one from the content */
    const struct schema *schema;
    struct record_value *values; /* in the order given */
    size_t count, capacity;

    const char *owner; /* agency code, "" when it is ourselves */
    enum person_status status;
    unsigned handling;         /* bits of enum handling_code; H0 always */
    const char *handling_note; /* H3's free text, or "" */
    struct evaluation evaluation;
    enum purpose purpose;
    const char *review; /* ISO date, or "" for the default (five years; see codes.h) */
    unsigned said;      /* which of these a source gave: bits 1 << enum around; not kept */
    bool from_file;     /* this version came from a file, and nobody has changed it since */

    size_t line; /* first line in the source; 0 when typed */
};

void record_init(struct record *record, const struct schema *schema, struct arena *arena);
/* name must outlive the record (a property's own, or in its arena). Empty text is not added. */
MUST_USE enum status record_add(struct record *record, const struct property *property,
                                const char *name, struct bytes raw, const char *format,
                                struct err *err);
/* The same, and the blanks at the ends of raw are kept: a file that was read must be written as it
 * was. Text of nothing but blanks is not added. */
MUST_USE enum status record_add_exactly(struct record *record,
                                        const struct property *property, const char *name,
                                        struct bytes raw, const char *format,
                                        struct err *err);
/* Clean all values. home: the country to read phones with where the record names none, or NULL.
 * BAD_INPUT, with the sentence, when a property that one of our own schemata requires has no
 * usable value; what FollowTheMoney's require is advice to whoever types. */
MUST_USE enum status record_finish(struct record *record, const char *home,
                                   struct err *err);

/* First usable value of the property, clean; empty when there is none. */
struct bytes record_first(const struct record *record, const char *property);
/* Visit usable values: start with *at = 0. NULL at the end. */
const struct record_value *record_next(const struct record *record, const char *property,
                                       size_t *at);
/* What to call it in a list: first caption property as given, else its id. */
/* Any value of that name. */
bool record_has(const struct record *record, const char *name);
/* The same values as given, in any order: of one property, or (NULL) of all. */
bool record_same_values(const struct record *a, const struct record *b, const char *name);
/* The same id, schema and values. */
bool record_same_words(const struct record *a, const struct record *b);

struct bytes record_caption(const struct record *record);

/* The record may not be published to, or asked of, any partner: its status is witness, victim
 * or informant (of whatever schema: somebody marked it), or it is about a person who may be
 * under 18 on today (ISO date), by birth date or machine-readable line; a birth known by its
 * year counts as the last day of it. *why gets a word for a person when true. */
bool record_is_protected(const char **why, const struct record *record, const char *today);

/* A machine-readable line in it, whatever its schema, is that of somebody who may be under 18 on today. */
bool record_shows_minor(const struct record *record, const char *today);

/* The day (ISO) on which it is kept or deleted: as the record says, else counted from the day it
 * was entered, in seconds since 1970: 180 days for a person whom nobody has categorised, five
 * years for everything else. */
void record_review(char out[DATE_TEXT_SIZE], const struct record *record,
                   int64_t entered_s);

#endif
