/* SPDX-License-Identifier: Apache-2.0
 *
 * record/schema_tables.h: the two tables of schemata, for schema.c and for nobody else.
 *
 * Everybody else asks schema_find() of record/schema.h. A NULL name ends each table, each
 * list of properties too.
 */
#ifndef RECORD_SCHEMA_TABLES_H
#define RECORD_SCHEMA_TABLES_H

#include "record/schema.h"

extern const struct schema schema_ftm[];    /* FollowTheMoney's, generated */
extern const struct schema schema_enlace[]; /* ours, by hand */

#endif
