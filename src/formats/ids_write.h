/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/ids_write.h: a Seizure as a row of UNODC's Individual Drug Seizures.
 *
 * By the table that the reader goes by (ids_layout), so that what was read from a layout is written
 * in it as it was. A row has one text a column: further values of a property, and properties that
 * the layout has no column for, cannot go out; how many there were is told, for a person to know.
 */
#ifndef FORMATS_IDS_WRITE_H
#define FORMATS_IDS_WRITE_H

#include "formats/ids.h"

/* By its name ("2011-2026"); NOT_FOUND with the names there are. */
MUST_USE enum status ids_layout_find(const struct ids_layout **out, struct bytes name,
                                     struct err *err);
/* The record has a value for a column that is written only where one has. */
bool ids_write_needs_optional(const struct ids_layout *layout, const struct record *record);
/* A seizure that the readers of the layouts would refuse: its date is no whole day, or its amount is
 * below zero. */
bool ids_write_refuses(const struct record *record);
/* optional: with those columns. */
void ids_write_header(struct buf *out, const struct ids_layout *layout, bool optional);
/* The record is a Seizure. Gives the number of values that found no column. */
size_t ids_write_row(struct buf *out, const struct ids_layout *layout, bool optional,
                     const struct record *record);

#endif
