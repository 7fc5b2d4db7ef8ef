/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/check.h: the whole test framework.
 *
 * A test executable runs its cases and ends with `return check_done("name");`. Each CHECK that
 * holds counts as one passed; one that does not is printed with file, line and what was seen, and
 * the run goes on. check_done prints "name: N passed, N failed" (", N skipped") and gives the
 * exit code.
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned check_passed, check_failed, check_skipped;

#define CHECK(condition) check_that((condition), __FILE__, __LINE__, #condition, NULL)
/* With what was seen: CHECK_SEEN(len == 3, "%zu", len). */
#define CHECK_SEEN(condition, ...)                                                         \
    do {                                                                                   \
        char seen_[2048];                                                                  \
        snprintf(seen_, sizeof seen_, __VA_ARGS__);                                        \
        check_that((condition), __FILE__, __LINE__, #condition, seen_);                    \
    } while (0)
#define CHECK_TEXT(seen, wanted) check_text((seen), (wanted), __FILE__, __LINE__)
#define CHECK_SKIP(reason)                                                                 \
    do {                                                                                   \
        check_skipped++;                                                                   \
        printf("skipped: %s\n", (reason));                                                 \
    } while (0)

static inline bool check_that(bool holds, const char *file, int line, const char *condition,
                              const char *seen)
{
    if (holds) {
        check_passed++;
    } else {
        check_failed++;
        printf("%s:%d: failed: %s%s%s\n", file, line, condition, seen ? "; seen: " : "",
               seen ? seen : "");
    }
    return holds;
}

static inline bool check_text(struct bytes seen, const char *wanted, const char *file,
                              int line)
{
    bool holds = bytes_is(seen, wanted);
    if (holds) {
        check_passed++;
    } else {
        check_failed++;
        printf("%s:%d: failed: wanted \"%s\"; seen: \"%.*s\"\n", file, line, wanted,
               (int)seen.len, (const char *)seen.at);
    }
    return holds;
}

static inline int check_done(const char *name)
{
    printf("%s: %u passed, %u failed", name, check_passed, check_failed);
    if (check_skipped > 0)
        printf(", %u skipped", check_skipped);
    printf("\n");
    return check_failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
