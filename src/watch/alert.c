/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/alert.h"

void watch_result_release(struct watch_result *result)
{
    if (result == NULL)
        return;
    arena_release(&result->arena);
    *result = (struct watch_result){0};
}

const char *watch_notice_name(enum watch_notice_kind kind)
{
    static const char *const names[NOTICE_KIND_COUNT] = {
        "sizes",         "vocabulary",  "completeness", "agency entered",     "agency left",
        "missing month", "bulk upload", "repeats",      "rounded dates",      "miscoding",
        "future dates",  "level",       "dates",        "impossible weights",
    };
    return kind < NOTICE_KIND_COUNT ? names[kind] : "";
}

const char *watch_detector_name(enum watch_detector detector)
{
    static const char *const names[] = {"pattern", "first seen", "scan"};
    return detector <= WATCH_SCAN ? names[detector] : "";
}
