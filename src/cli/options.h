/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/options.h: what several commands read from their options, and tell, in the same way.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli/command.h"
#include "formats/reader.h"

/* --format; EXIT_USAGE with the sentence said. */
MUST_USE int option_format(enum reader_format *format, const struct arguments *arguments);
/* --country: a known ISO 3166 code in lower case, or NULL when not given. */
MUST_USE int option_country(const char **home, const struct arguments *arguments);

/* The day in UTC, YYYY-MM-DD. */
void date_text(char out[11], int64_t seconds);

enum { MOMENT_TEXT = 32 };
/* The second in UTC, YYYY-MM-DDThh:mm:ssZ. Gives out. */
const char *moment_text(char out[MOMENT_TEXT], int64_t time_ms);

enum { RATIO_TEXT = 16 };
/* "0.9480"; "-" for NAN, where there was nothing to divide by. Gives out. */
const char *ratio_text(char out[RATIO_TEXT], double ratio);

/* What became of a file's rows; texts "" or NULL when there is nothing to say. */
struct reading {
    const char *path;
    struct reader_counts counts;
    const char *first_reason, *rejects, *damage;
};

/* On standard error: what of a file was not taken, and where it went. Quiet when all was. */
void tell_reading(const struct reading *reading);

#endif
