/* SPDX-License-Identifier: Apache-2.0
 *
 * record/schema.h: what kinds of things there are, and what can be said of each.
 *
 * One static table: the 69 schemata of FollowTheMoney (schema_ftm.c) and ours
 * (schema_enlace.c): Seizure, RouteLeg, Container ... A schema inherits the properties of
 * the schemata it extends. docs/format/schema.md lists ours with their properties.
 *
 * What a schema requires is not inherited, as in FollowTheMoney: Thing requires a name,
 * BankAccount extends it and does not. Where two parents have the same property, the one
 * named first gives it. Everything here is constant and may be asked from any thread.
 */
#ifndef RECORD_SCHEMA_H
#define RECORD_SCHEMA_H

#include "record/value.h"

enum schema_flag {
    SCHEMA_MATCHABLE = 1, /* two records of it may be the same thing */
    SCHEMA_ABSTRACT = 2,  /* only there to be extended */
    SCHEMA_EDGE = 4,      /* a record of it links two others */
    SCHEMA_OURS = 8,      /* not FollowTheMoney's */
    SCHEMA_GENERATED = 16,
    SCHEMA_BY_ACT = 32, /* made by a command of its own: neither typed nor imported */
};

enum property_flag {
    PROPERTY_MATCHABLE = 1,
    PROPERTY_STUB = 2, /* the far end of another's entity property; never holds a value */
};

struct property {
    const char *name; /* "birthDate" */
    enum value_kind kind;
    unsigned flags;
    const char *range;  /* of a VALUE_ENTITY: the schema it points to; else NULL */
    const char *format; /* of an identifier, in FollowTheMoney ("imo", "iban"), or NULL */
};

/* Each list is closed by a NULL, which is counted here. */
enum { SCHEMA_PARENTS_MAX = 6, SCHEMA_CAPTIONS_MAX = 10, SCHEMA_REQUIRED_MAX = 4 };
enum { SCHEMA_COUNT_MAX = 128 };

struct schema {
    const char *name;
    const char *parents[SCHEMA_PARENTS_MAX];
    const char *captions[SCHEMA_CAPTIONS_MAX]; /* what names a record, best first */
    const char *required[SCHEMA_REQUIRED_MAX]; /* without these a record says nothing */
    const char *edge_source, *edge_target;     /* properties; NULL unless SCHEMA_EDGE */
    unsigned flags;
    const struct property *properties; /* its own; ended by a NULL name */
};

/* A schema given to the functions below came from schema_at or schema_find. */
size_t schema_count(void);
const struct schema *schema_at(size_t index);
/* Case matters, as in FollowTheMoney. NULL when there is none. */
const struct schema *schema_find(struct bytes name);
/* The schema itself or one it extends, at any distance, has this name. */
bool schema_is_a(const struct schema *schema, const char *name);
/* A record of one may be the same thing as a record of the other: one extends the other, or both are
 * organisations, or vehicles. Never what a command makes under somebody's name, nor a line between two others. */
bool schema_may_be_one(const struct schema *a, const struct schema *b);
/* Own or inherited; the schema's own first. NULL when there is none. */
const struct property *schema_property(const struct schema *schema, struct bytes name);
/* Sentence helper: the name most like the one given, or NULL. */
const char *schema_nearest(struct bytes name);
const char *schema_property_nearest(const struct schema *schema, struct bytes name);

#endif
