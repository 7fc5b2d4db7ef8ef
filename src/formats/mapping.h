/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/mapping.h: the mapping file, which says what the columns of a CSV are.
 *
 *     schema    = Person                          # a comment
 *     id        = rec_id
 *     name      = given_name + surname
 *     birthDate = date_of_birth %Y%m%d
 *     phone     = [Phone number]
 *     country   = "au"
 *     @status   = "suspect"
 *
 * docs/format/mapping.md is the whole of it. A file is parsed once and bound to a CSV's
 * header; what is wrong in it (a property or column that does not exist, a word that is no
 * status) is found then, with its line, before any row is read.
 *
 * A row is rejected for what stands around the record only (@status ...), since protection
 * hangs on it; a value of a property that is no good is kept as given and graded by the
 * record.
 */
#ifndef FORMATS_MAPPING_H
#define FORMATS_MAPPING_H

#include "record/around.h"
#include "formats/csv.h"
#include "formats/rejects.h"
#include "record/record.h"

enum { MAPPING_FILE_MAX = 256 * 1024, MAPPING_LINES_MAX = 512, MAPPING_TERMS_MAX = 32 };

/* A column, or a constant. */
struct mapping_term {
    struct bytes text; /* the column's name or the constant */
    bool constant;
    int column; /* after mapping_bind; for a column */
};

enum mapping_target { MAPPING_ID, MAPPING_PROPERTY, MAPPING_AROUND };

struct mapping_line {
    size_t number; /* in the mapping file */
    enum mapping_target target;
    const struct property *property;
    enum around around;
    const struct mapping_term *terms;
    size_t term_count;
    const char *format; /* of a date column, or NULL */
};

struct mapping {
    const char *path; /* borrowed */
    const struct schema *schema;
    struct mapping_line *lines;
    size_t count;
    bool has_id;
    struct buf joined;  /* the value being put together */
    struct arena arena; /* of all the above */
};

/* path is for sentences. Release the mapping also after a failure. */
MUST_USE enum status mapping_parse(struct mapping *mapping, struct bytes text,
                                   const char *path, struct err *err);
void mapping_release(struct mapping *mapping);
/* Find its columns; csv must outlive the use of mapping_read. */
MUST_USE enum status mapping_bind(struct mapping *mapping, const struct csv *csv,
                                  struct err *err);
/* Fill a record from a row without fault; not finished. Its id is NULL when the mapping has
 * none or it is blank. BAD_INPUT: *reject says why. */
MUST_USE enum status mapping_read(struct record *record, struct reject *reject,
                                  struct mapping *mapping, const struct csv *csv,
                                  const struct csv_row *row, struct arena *arena);

#endif
