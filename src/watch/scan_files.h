/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_files.h: cases and places in SaTScan's file layout.
 *
 *     case file          place count year/month/day         P0870 1 2025/1/22
 *     coordinates file   place latitude longitude           P0000 0.45548 -39.53039
 *
 * Fields are separated by blanks, tabs, commas or semicolons, and may stand in quotation marks
 * where they hold such. Empty lines are skipped. A line that is not understood is an error with
 * its number: half a file would give a wrong answer.
 */
#ifndef WATCH_SCAN_FILES_H
#define WATCH_SCAN_FILES_H

#include "watch/scan_near.h"

enum { SCAN_FILE_MAX = 512 * 1024 * 1024, SCAN_PLACES_MAX = 1000 * 1000 };

struct scan_files {
    struct arena arena;  /* owns the names and the bytes of the files */
    struct bytes *names; /* in the order of the coordinates file */
    struct scan_place *places;
    size_t place_count;
    struct scan_case {
        uint32_t place, count;
        int32_t day; /* since 1970-01-01 */
    } * cases;
    size_t case_count;
    int32_t first_day, last_day; /* of the cases; first > last: there are none */
};

MUST_USE enum status scan_files_read(struct scan_files *files, const char *cases_path,
                                     const char *places_path, struct err *err);
/* The same from memory; names stand for the files in sentences. The bytes must outlive it. */
MUST_USE enum status scan_files_parse(struct scan_files *files, struct bytes cases,
                                      const char *cases_name, struct bytes places,
                                      const char *places_name, struct err *err);
void scan_files_release(struct scan_files *files);

#endif
