/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/reader.h: any file of records, one record at a time, in bounded memory.
 *
 * Recognises gzip, UNODC IDS CSV (both layouts), FollowTheMoney JSON lines; any other CSV
 * needs a mapping file. A bad row never stops the file: it is counted, written to the
 * rejects file with line, field, value and reason, and the next one is read. Only a file
 * that cannot be opened, recognised or mapped, a disk that fails, and a rejects file that
 * cannot be written, are errors.
 *
 * A row is rejected for its form, for a word of protection that is not understood, and in
 * an IDS file for its date and amount. A value that is no good, or one that the schema
 * would like and that is not there, never costs a row: a person known only by a telephone
 * is still somebody.
 */
#ifndef FORMATS_READER_H
#define FORMATS_READER_H

#include "formats/rejects.h"
#include "record/record.h"

enum reader_format { READER_GUESS, READER_IDS, READER_FTM, READER_CSV };

/* Who opens the files, for a reader that works for somebody whose rights this process does not have. */
struct reader_files {
    /* As open(2) to read: the caller's; -1 with errno. "-" is their standard input. */
    int (*open)(const char *path);
    rejects_opener *open_rejects;
};

struct reader_options {
    const char *path; /* "-" is standard input */
    enum reader_format format;
    const char *map_path;     /* a CSV's mapping file, or NULL */
    const char *rejects_path; /* NULL: path + ".rejects.csv", else ./NAME.rejects.csv */
    bool no_rejects_file;     /* count and forget (link, keys) */
    bool of_seizures;         /* which the example of a mapping then is of */
    const char *home; /* country to read phones with, ISO alpha-2 lower case, or NULL */
    const struct reader_files *files; /* NULL: this process, by name */
};

enum { READER_REASONS = 5 };

/* read = accepted + rejected. */
struct reader_counts {
    uint64_t read; /* data records: no header, no blank lines */
    uint64_t rejected;
    uint64_t doubtful; /* values kept with a warning */
    uint64_t unusable; /* values kept as given, not used */
    uint64_t
        unknown; /* values of properties that the schema does not have; kept, not used */
    uint64_t repeated; /* accepted rows without id whose content came before in the file */
    uint64_t repaired; /* bytes that were not UTF-8 */
    uint64_t bytes;    /* of the file taken in so far, compressed as it is */
    /* Line, field and reason of the first rejected rows, a sentence each. */
    struct err reasons[READER_REASONS];
    /* Line, property and reason of the first unusable or unknown value; "" when none was. */
    struct err first_unusable;
    /* What the dates of a column show of their order, and what to write; "" when they show nothing. */
    struct err day_order;
};

struct reader;

MUST_USE enum status reader_open(struct reader **out, const struct reader_options *options,
                                 struct err *err);
void reader_close(struct reader *reader);

/* The next good record, finished, in the arena. NOT_FOUND at the end of the file. The
 * caller resets the arena between records. */
MUST_USE enum status reader_next(struct record *record, struct reader *reader,
                                 struct arena *arena, struct err *err);

/* A column of the row the last record came from, by its header name, as given and trimmed;
 * for FollowTheMoney the first value of the property, or "id". false when there is no such
 * column. */
bool reader_field(struct bytes *value, const struct reader *reader, struct bytes name);

/* The last record was good and is not taken all the same: it is counted and written as a reject. */
MUST_USE enum status reader_reject(struct reader *reader, const struct record *record,
                                   const char *reason, struct err *err);

/* The last record's row had no id, and the same content came before in the file. */
bool reader_repeated(const struct reader *reader);

enum reader_format reader_format(const struct reader *reader);
struct reader_counts reader_counts(const struct reader *reader);
/* Path of the rejects file when one was written, else NULL. */
const char *reader_rejects(const struct reader *reader);
/* What is wrong with the file as a whole: it is compressed and cut off or damaged, so that
 * rows are missing at its end. "" when nothing is. That place is rejected as a row, too. */
const char *reader_damage(const struct reader *reader);
/* The reason of the first rejection, for a person; "" when there was none. */
const char *reader_first_reason(const struct reader *reader);

#endif
