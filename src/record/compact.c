/* SPDX-License-Identifier: Apache-2.0 */
#include "record/compact.h"

#include "base/text.h"

enum { REPLACEMENT = 0xFFFD }; /* shows a NUL, which is no text */

/* Cyrillic and Greek capitals that are written exactly as a Latin one. Number plates of the
 * countries that use these scripts take only such letters (Vienna Convention on Road
 * Traffic, annex 2). */
/* clang-format off */
static const struct {
    uint16_t point;
    char ascii;
} look_alikes[] = {
    {0x391, 'A'}, {0x392, 'B'}, {0x395, 'E'}, {0x396, 'Z'}, {0x397, 'H'}, {0x399, 'I'},
    {0x39A, 'K'}, {0x39C, 'M'}, {0x39D, 'N'}, {0x39F, 'O'}, {0x3A1, 'P'}, {0x3A4, 'T'},
    {0x3A5, 'Y'}, {0x3A7, 'X'}, {0x406, 'I'}, {0x410, 'A'}, {0x412, 'B'}, {0x415, 'E'},
    {0x41A, 'K'}, {0x41C, 'M'}, {0x41D, 'H'}, {0x41E, 'O'}, {0x420, 'P'}, {0x421, 'C'},
    {0x422, 'T'}, {0x423, 'Y'}, {0x425, 'X'},
};
/* clang-format on */

static bool is_separator(uint32_t point)
{
    if (point < 0x80)
        return is_space((uint8_t)point) || point == '.' || point == '-' || point == '/' ||
               point == ':';
    return point == 0xA0 || point == 0xAD || (point >= 0x2000 && point <= 0x2015) ||
           point == 0x202F || point == 0x2060 || point == 0x2212 || point == 0x3000 ||
           point == 0xFE63 || point == 0xFEFF || (point >= 0xFF0D && point <= 0xFF0F);
}

int compact_point(uint32_t point)
{
    if (point < 0x80 && (is_digit((uint8_t)point) || is_letter((uint8_t)point)))
        return to_upper((uint8_t)point);
    if (is_separator(point))
        return 0;
    if (point >= 0xFF10 && point <= 0xFF5A) /* full width */
        return compact_point(point - 0xFEE0);
    /* Arabic-Indic digits, and those of Persian and Urdu. */
    if (point >= 0x660 && point <= 0x669)
        return (int)(point - 0x660 + '0');
    if (point >= 0x6F0 && point <= 0x6F9)
        return (int)(point - 0x6F0 + '0');
    if (point >= 0x3B1 && point <= 0x3C9) /* small Greek */
        point -= 0x20;
    else if (point >= 0x430 && point <= 0x44F) /* small Cyrillic */
        point -= 0x20;
    else if (point == 0x456)
        point = 0x406;
    for (size_t i = 0; i < sizeof look_alikes / sizeof look_alikes[0]; i++)
        if (look_alikes[i].point == point)
            return look_alikes[i].ascii;
    return -1;
}

void compact_init(struct compact *compact, struct bytes raw)
{
    compact->foreign = 0;
    size_t bare = 0;
    while (bare < raw.len && (is_digit(raw.at[bare]) || is_upper(raw.at[bare])))
        bare++;
    if (bare == raw.len) {
        compact->len = raw.len;
        compact->text = bytes_of(raw.at, raw.len < COMPACT_MAX ? raw.len : COMPACT_MAX);
        return;
    }
    size_t len = 0;
    uint32_t point;
    while (utf8_next(&point, &raw)) {
        int kept = compact_point(point);
        if (kept == 0)
            continue;
        if (kept < 0 && compact->foreign == 0)
            compact->foreign = point != 0 ? point : REPLACEMENT;
        if (len < COMPACT_MAX)
            compact->room[len] = kept < 0 ? '?' : (uint8_t)kept;
        len++;
    }
    compact->len = len;
    compact->text = bytes_of(compact->room, len < COMPACT_MAX ? len : COMPACT_MAX);
}

void compact_drop_prefix(struct compact *compact, const char *prefix)
{
    size_t len = strlen(prefix);
    if (compact->text.len <= len || !text_starts(compact->text, prefix))
        return;
    compact->text = bytes_slice(compact->text, len, compact->text.len - len);
    compact->len -= len;
}

struct bytes compact_keep(const struct compact *compact, struct bytes part,
                          struct arena *arena)
{
    bool own = part.at >= compact->room && part.at < compact->room + COMPACT_MAX;
    return own ? arena_bytes(arena, part) : part;
}

size_t shape_break(const char *shape, struct bytes text)
{
    size_t i = 0;
    for (; shape[i] != '\0'; i++) {
        uint8_t c = text.at[i];
        if (shape[i] == 'A' ? !is_upper(c) : shape[i] == '9' ? !is_digit(c) : false)
            break;
    }
    return i;
}

bool all_digits(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.at[i]))
            return false;
    return text.len > 0;
}

bool all_plain(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.at[i]) && !is_upper(text.at[i]))
            return false;
    return text.len > 0;
}

bool all_same(struct bytes text)
{
    for (size_t i = 1; i < text.len; i++)
        if (text.at[i] != text.at[0])
            return false;
    return text.len > 0;
}

bool compact_check(struct value_result *out, const struct compact *compact, size_t right,
                   const char *label, struct arena *arena)
{
    if (compact->foreign != 0) {
        struct buf shown = {.max = 8};
        utf8_add(&shown, compact->foreign);
        verdict_refuse(out, arena,
                       "has \"%s\" in it: %s has letters A to Z and digits only",
                       buf_text(&shown), label);
        buf_release(&shown);
        return false;
    }
    if (right != 0 && compact->len != right) {
        verdict_refuse(out, arena, "%zu character%s: %s has %zu", compact->len,
                       plural(compact->len, "", "s"), label, right);
        return false;
    }
    return true;
}
