/* SPDX-License-Identifier: Apache-2.0
 *
 * record/value_tools.h: what the value types share beside record/verdict: a text as a sentence
 * shows it, and FollowTheMoney's measure of how telling a text is.
 */
#ifndef RECORD_VALUE_TOOLS_H
#define RECORD_VALUE_TOOLS_H

#include "record/value.h"

enum { VALUE_SHOWN_MAX = 60 }; /* bytes of a value that a sentence repeats */

static inline void value_missing(struct value_result *out, const char *why)
{
    *out = (struct value_result){.grade = VALUE_MISSING, .why = why};
}

/* At most VALUE_SHOWN_MAX bytes, cut between two characters, then three dots. */
static inline const char *value_shown(struct bytes raw, struct arena *arena)
{
    if (raw.len <= VALUE_SHOWN_MAX)
        return arena_text(arena, raw);
    size_t len = VALUE_SHOWN_MAX;
    while (len > 0 && (raw.at[len] & 0xC0) == 0x80)
        len--;
    return arena_printf(arena, "%.*s...", (int)len, (const char *)raw.at);
}

/* 0 up to `low` bytes, 1 from `high`, a straight line between. */
static inline double value_dampen(size_t low, size_t high, size_t len)
{
    if (len <= low)
        return 0;
    return len >= high ? 1 : (double)(len - low) / (double)(high - low);
}

/* The specificity of types that FollowTheMoney does not match on. */
static inline double value_says_nothing(struct bytes clean)
{
    (void)clean;
    return 0;
}

#endif
