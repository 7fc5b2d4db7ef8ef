/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/value_cases.h: a table of texts and what a value type must make of them.
 */
#ifndef TESTS_VALUE_CASES_H
#define TESTS_VALUE_CASES_H

#include "check.h"
#include "record/value.h"

struct value_case {
    const char *raw;
    enum value_grade grade;
    const char *clean; /* NULL or "" when not usable */
    const char *why;   /* a part of the sentence, or NULL */
    const char *country, *format;
};

static inline void check_value(enum value_kind kind, const struct value_case *c)
{
    static const char *const grades[] = {"fine", "doubtful", "missing", "invalid"};
    const struct value_hint hint = {.country = c->country, .format = c->format};
    struct arena arena = {0};
    struct value_result result;
    /* In a block of its own size, so that the sanitizer sees one byte too far. */
    size_t len = strlen(c->raw);
    uint8_t *raw = malloc(len > 0 ? len : 1);
    memcpy(raw, c->raw, len);
    value_clean(&result, kind, bytes_of(raw, len), &hint, &arena);
    bool usable = value_usable(result.grade);
    const char *wanted = c->clean != NULL ? c->clean : "";
    CHECK_SEEN(result.grade == c->grade, "\"%s\" is %s: %s", c->raw, grades[result.grade],
               result.why);
    CHECK_SEEN(bytes_is(result.clean, wanted), "\"%s\" became \"%.*s\", not \"%s\"", c->raw,
               (int)result.clean.len, (const char *)result.clean.at, wanted);
    CHECK_SEEN((result.why[0] == '\0') == (result.grade == VALUE_FINE), "\"%s\": \"%s\"",
               c->raw, result.why);
    if (c->why != NULL)
        CHECK_SEEN(strstr(result.why, c->why) != NULL, "\"%s\": \"%s\"", c->raw,
                   result.why);
    if (usable) { /* what is clean stays as it is, but for a country's help */
        struct value_result again;
        const struct value_hint none = {.country = c->country};
        value_clean(&again, kind, result.clean, &none, &arena);
        CHECK_SEEN(value_usable(again.grade) && bytes_is(again.clean, wanted),
                   "\"%s\" cleaned twice: \"%.*s\"", c->raw, (int)again.clean.len,
                   (const char *)again.clean.at);
    }
    arena_release(&arena);
    free(raw);
}

static inline void check_values(enum value_kind kind, const struct value_case *cases,
                                size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_value(kind, &cases[i]);
}

#define CHECK_VALUES(kind, cases) check_values(kind, cases, sizeof(cases) / sizeof *(cases))

#endif
