/* SPDX-License-Identifier: Apache-2.0 */
#include "link/label.h"

#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <unicode/uchar.h>

static const double ellipsis = 1.0, step = 0.5;

/* ---- One character ---- */

static bool is_mark(uint32_t point)
{
    int8_t type = u_charType((UChar32)point);
    return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
           type == U_FORMAT_CHAR || type == U_CONTROL_CHAR || point == 0xFFFE ||
           point == 0xFFFF;
}

static bool is_wide(uint32_t point)
{
    int width = point < 0x1100
                    ? U_EA_NEUTRAL
                    : u_getIntPropertyValue((UChar32)point, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH;
}

/* Of bold type, as DejaVu Sans has it, which is wider than most. */
static double width_of(uint32_t point)
{
    static const char narrow[] = "ijlftrI|!.,:;'()[]/-`\" ";
    if (point < 0x20 ||
        point == 0x7F) /* of these, gaps are drawn, and the others not at all */
        return point >= 9 && point <= 13 ? 0.46 : 0;
    if (point < 0x80 && strchr(narrow, (int)point) != NULL)
        return 0.46;
    if (point < 0x80)
        return strchr("mwMW@%", (int)point) != NULL ? 1.06
               : point >= 'A' && point <= 'Z'       ? 0.78
                                                    : 0.7;
    return is_mark(point)              ? 0
           : is_wide(point)            ? 1.02
           : u_isupper((UChar32)point) ? 0.8
                                       : 0.72;
}

double label_width(struct bytes text)
{
    double width = 0;
    uint32_t point;
    while (utf8_next(&point, &text))
        width += width_of(point);
    return width;
}

/* ---- Lines ---- */

static bool is_gap(uint32_t point)
{
    return point == ' ' || (point >= 9 && point <= 13) || point == 0x3000 ||
           (point >= 0x2000 && point <= 0x200A && point != 0x2007) || point == 0x2028 ||
           point == 0x2029;
}

static bool breaks_behind(uint32_t point)
{
    return point == '-' || point == '/' || point == ',' || point == 0x2013 ||
           point == 0x3001 || point == 0x3002 || point == 0xFF0C;
}

static struct bytes without_gaps(struct bytes text)
{
    uint32_t point;
    struct bytes rest = text;
    while (utf8_next(&point, &rest) && is_gap(point))
        text = rest;
    return text;
}

/* One line from the front of *rest. */
static struct bytes take_line(struct bytes *rest, double max)
{
    struct bytes text = without_gaps(*rest), ahead = text;
    size_t end = 0,
           next = 0; /* of the last place where it may break; where the next begins */
    double width = 0;
    uint32_t point, before = 0;
    for (;;) {
        size_t here = text.len - ahead.len;
        if (ahead.len == 0) {
            end = is_gap(before) ? end : here;
            next = here;
            break;
        }
        utf8_next(&point, &ahead);
        if (is_gap(point)) {
            if (!is_gap(before))
                end = here;
            next = text.len - ahead.len;
        } else if (here > 0 && !is_mark(point) &&
                   (breaks_behind(before) ||
                    ((is_wide(point) || is_wide(before)) && !is_gap(before)))) {
            end = next = here;
        }
        width += width_of(point);
        if (width > max && !is_gap(point) && here > 0 && !is_mark(point)) {
            if (end == 0) /* one word, wider than the line */
                end = next = here;
            break;
        }
        if (!is_mark(point) || !is_gap(before)) /* a mark behind a gap is one with it */
            before = point;
    }
    *rest = bytes_slice(text, next, text.len - next);
    return bytes_slice(text, 0, end);
}

bool label_line(struct bytes *line, struct bytes *rest, double max)
{
    if (without_gaps(*rest).len == 0)
        return false;
    *line = take_line(rest, max);
    return true;
}

static void fill(struct label *label, struct bytes text, size_t lines, double max)
{
    struct bytes rest = text;
    *label = (struct label){.count = 0};
    while (label->count < lines && without_gaps(rest).len > 0) {
        bool last = label->count + 1 == lines;
        struct bytes before = rest;
        struct bytes line = take_line(&rest, max);
        if (last && without_gaps(rest).len > 0) {
            /* Room for the ellipsis; what follows is lost, so that a word need not be whole. */
            label->cut = true;
            rest = before;
            line = take_line(&rest, max - ellipsis);
        }
        label->lines[label->count++] = line;
        label->width =
            fmax(label->width, label_width(line) + (last && label->cut ? ellipsis : 0));
    }
}

void label_read(struct label *label, struct bytes text, size_t lines, double max)
{
    struct label narrower;
    assert(lines >= 1 && lines <= LABEL_LINES_MAX);
    fill(label, text, lines, max);
    /* As narrow as it goes with as many lines: a short last word is no line of its own. */
    for (double width = label->width - step; label->count > 1 && width > 4 && !label->cut;
         width -= step) {
        fill(&narrower, text, label->count, width);
        if (narrower.cut)
            break;
        *label = narrower;
    }
}
