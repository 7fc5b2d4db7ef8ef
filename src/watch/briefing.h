/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/briefing.h: two pages of A4 (PDF) for those who decide, in one of four languages.
 *
 * The first page has what is new and the months; the second the flows, what changed in the data,
 * what was not looked at and how to read it. What finds no room is counted and referred to the
 * report. All is one vector file with its fonts inside.
 */
#ifndef WATCH_BRIEFING_H
#define WATCH_BRIEFING_H

#include "watch/report_words.h"

/* Written whole or not at all. One at a time in a process: fonts are the libraries' own state. */
MUST_USE enum status briefing_write(const char *path, const struct watch_result *result,
                                    enum language language, struct err *err);

#endif
