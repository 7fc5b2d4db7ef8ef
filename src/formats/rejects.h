/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/rejects.h: the file of rows that could not be taken, and why.
 *
 *     line,field,value,reason,row       docs/format/rejects.md
 *
 * It comes into being with the first reject, beside the input when that folder can be
 * written, else in the current one. A file that is already there is replaced only when it
 * is an earlier rejects file; never the input, whatever it is called. Rows are appended as
 * they are found, so that what stands in it after an interruption is true as far as it
 * goes.
 */
#ifndef FORMATS_REJECTS_H
#define FORMATS_REJECTS_H

#include "base/bytes.h"

#include <stdio.h>

/* Why one row was not taken. What it points to lives as long as the row. */
struct reject {
    size_t line;       /* in the file, from 1 */
    const char *field; /* column or property at fault; "" when it is the row as a whole */
    struct bytes value;
    struct err reason;
    struct bytes row; /* as it stands in the file */
};

/* Fill in field, value and reason; returns BAD_INPUT. */
enum status reject_field(struct reject *reject, const char *field, struct bytes value,
                         const char *format, ...) PRINTF_LIKE(4, 5);

/* Makes the file that was asked for, or the one beside the input, with its header. *path is malloc's. */
typedef enum status rejects_opener(FILE **file, char **path, const char *input,
                                   const char *wanted, struct err *err);
rejects_opener rejects_open;

struct rejects {
    const char *input;  /* path of the file that is read; "-" */
    const char *wanted; /* path asked for, or NULL */
    bool silent;        /* write nothing */
    rejects_opener *opener;
    char *path; /* of the file written; NULL before the first reject */
    FILE *file;
};

/* The paths are borrowed. By rejects_open, unless the caller puts another opener in. */
void rejects_init(struct rejects *rejects, const char *input, const char *wanted,
                  bool silent);
/* Failures name the rejects file. */
MUST_USE enum status rejects_add(struct rejects *rejects, const struct reject *reject,
                                 struct err *err);
/* All rows are with the operating system, or the sentence why not. */
MUST_USE enum status rejects_flush(struct rejects *rejects, struct err *err);
void rejects_release(struct rejects *rejects);

#endif
