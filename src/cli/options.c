/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include "base/text.h"
#include "record/country.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int option_format(enum reader_format *format, const struct arguments *arguments)
{
    static const struct {
        const char *name;
        enum reader_format format;
    } formats[] = {{"ids", READER_IDS}, {"ftm", READER_FTM}, {"csv", READER_CSV}};
    const char *text = argument(arguments, "format");
    *format = READER_GUESS;
    if (text == NULL)
        return EXIT_DONE;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(text, formats[i].name) == 0) {
            *format = formats[i].format;
            return EXIT_DONE;
        }
    return misused(arguments, "--format %s: the formats are ids, ftm and csv", text);
}

int option_country(const char **home, const struct arguments *arguments)
{
    const char *text = argument(arguments, "country");
    *home = NULL;
    if (text == NULL)
        return EXIT_DONE;
    *home = country_find(bytes_text(text));
    if (*home == NULL)
        return misused(arguments,
                       "--country %s: no country of ISO 3166 (XA to XZ are fictional)",
                       text);
    return EXIT_DONE;
}

void date_text(char out[11], int64_t seconds)
{
    time_t moment = (time_t)seconds;
    struct tm date;
    gmtime_r(&moment, &date);
    strftime(out, 11, "%Y-%m-%d", &date);
}

const char *moment_text(char out[MOMENT_TEXT], int64_t time_ms)
{
    enum { MS = 1000 };
    struct tm tm;
    const time_t seconds = (time_t)(time_ms / MS);
    gmtime_r(&seconds, &tm);
    strftime(out, MOMENT_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return out;
}

const char *ratio_text(char out[RATIO_TEXT], double ratio)
{
    if (isnan(ratio))
        snprintf(out, RATIO_TEXT, "-");
    else
        snprintf(out, RATIO_TEXT, "%.4f", ratio);
    return out;
}

void tell_reading(const struct reading *reading)
{
    const struct reader_counts *counts = &reading->counts;
    const char *path = reading->path;
    if (counts->rejected > 0) {
        fprintf(stderr, "%s: %llu of %llu %s could not be used; the first: %s\n", path,
                (unsigned long long)counts->rejected, (unsigned long long)counts->read,
                plural(counts->read, "row", "rows"), reading->first_reason);
        if (reading->rejects != NULL)
            fprintf(stderr, "%s: %s in %s, %s reason\n", path,
                    plural(counts->rejected, "it stands", "they stand"), reading->rejects,
                    plural(counts->rejected, "with its", "each with its"));
    }
    if (reading->damage[0] != '\0')
        fprintf(stderr, "%s: %s; what stands before it was read\n", path, reading->damage);
    if (counts->repeated > 0)
        fprintf(stderr, "%s: %llu %s an earlier one to the letter\n", path,
                (unsigned long long)counts->repeated,
                plural(counts->repeated, "row repeats", "rows repeat"));
    if (counts->unusable + counts->unknown > 0)
        fprintf(stderr,
                "%s: %llu %s column should hold; kept as given, "
                "not compared as it stands; the first: %s\n",
                path, (unsigned long long)(counts->unusable + counts->unknown),
                plural(counts->unusable + counts->unknown, "value is not what its",
                       "values are not what their"),
                counts->first_unusable.text);
    if (counts->day_order.text[0] != '\0')
        fprintf(stderr, "%s: %s\n", path, counts->day_order.text);
    if (counts->repaired > 0)
        fprintf(stderr, "%s: %llu %s not UTF-8 and %s read as Windows-1252\n", path,
                (unsigned long long)counts->repaired,
                plural(counts->repaired, "byte was", "bytes were"),
                plural(counts->repaired, "was", "were"));
}
