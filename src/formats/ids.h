/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/ids.h: UNODC Individual Drug Seizures as CSV, in the two layouts that exist.
 *
 * One table says for each layout which column is which property of a Seizure; reading and
 * writing both go by it, so that what was read is written as it was. docs/format/ids.md
 * shows it. Columns are found by their header, in any order; optional ones may be missing,
 * and columns that no layout has are kept under their own name.
 *
 * A row is rejected when its date is missing or not a day, when its amount is not a number,
 * or when csv cannot read it; for nothing else. The text of a column is kept exactly as
 * given, blanks at its ends too: in the public table "MEDELLIN" and "MEDELLIN " both stand,
 * and an export must not tidy up somebody's data.
 */
#ifndef FORMATS_IDS_H
#define FORMATS_IDS_H

#include "formats/commodity.h"
#include "formats/csv.h"
#include "formats/rejects.h"
#include "formats/repeats.h"
#include "record/record.h"

enum { IDS_COLUMNS_MAX = 20 };

enum ids_role {
    IDS_TEXT,
    IDS_DATE,
    IDS_AMOUNT,
    IDS_SUBSTANCE,
    IDS_OPTIONAL, /* written where a record has it; behind all the others that are */
    IDS_ADDITION /* ours: read where a file has it, never written; last in its layout */
};

struct ids_column {
    const char *header;
    const char *property;
    const char *also; /* a second property with the same text, or NULL */
    bool required;    /* without this column the file is not this layout */
    enum ids_role role;
};

struct ids_layout {
    const char *name;
    uint8_t delimiter; /* what an export writes */
    struct ids_column
        columns[IDS_COLUMNS_MAX]; /* in the order of the file; ends with NULL */
};

/* Index 0 and 1; NULL behind. */
const struct ids_layout *ids_layout(size_t index);

struct ids {
    const struct csv *csv;
    const struct ids_layout *layout;
    const struct schema *schema;
    const struct property *properties[IDS_COLUMNS_MAX], *also[IDS_COLUMNS_MAX];
    const struct property *commodity;
    int at[IDS_COLUMNS_MAX]; /* where each column of the layout stands in the file, or -1 */
    bool *extra;             /* for each column of the file: the layout does not have it */
    struct buf content;
    struct repeats repeats;
    struct buf substance; /* of the last row, and its group: rows come in runs */
    const char *group;
};

/* The header is that of a layout. */
bool ids_recognises(const struct csv *csv);
/* csv must outlive it. BAD_INPUT with the columns that are missing or stand twice. */
MUST_USE enum status ids_open(struct ids *ids, const struct csv *csv, struct err *err);
void ids_release(struct ids *ids);
/* Fill a record from a row without fault; not finished yet. BAD_INPUT: *reject says why. */
MUST_USE enum status ids_read(struct record *record, bool *repeated, struct reject *reject,
                              struct ids *ids, const struct csv_row *row,
                              struct arena *arena);

#endif
