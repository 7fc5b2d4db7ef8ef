/* SPDX-License-Identifier: Apache-2.0 */
#include "record/verdict.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

/* What is cut off is cut between two characters. */
static const char *sentence(struct arena *arena, const char *format, va_list args)
    PRINTF_LIKE(2, 0);

static const char *sentence(struct arena *arena, const char *format, va_list args)
{
    char text[VERDICT_SENTENCE_MAX];
    size_t len = (size_t)vsnprintf(text, sizeof text, format, args);
    if (len >= sizeof text) {
        len = sizeof text - 1;
        while (len > 0 && !utf8_valid(bytes_of(text, len)))
            len--;
    }
    return arena_text(arena, bytes_of(text, len));
}

void verdict_fine(struct value_result *out, struct bytes clean)
{
    *out = (struct value_result){VALUE_FINE, clean, ""};
}

void verdict_doubt(struct value_result *out, struct bytes clean, struct arena *arena,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *out = (struct value_result){VALUE_DOUBTFUL, clean, sentence(arena, format, args)};
    va_end(args);
}

void verdict_refuse(struct value_result *out, struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *out = (struct value_result){VALUE_INVALID, {0}, sentence(arena, format, args)};
    va_end(args);
}
