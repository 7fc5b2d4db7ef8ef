/* SPDX-License-Identifier: Apache-2.0
 *
 * link/label.h: text on a picture: how wide it is, and where its lines break.
 *
 * Nobody knows what fonts there are where a picture is looked at. A width is therefore an estimate, in
 * ems (1: as wide as the type is high), by kinds of letters, on the side of too wide: a Chinese sign is 1, a bold Latin letter
 * about 0.7, a combining mark nothing. Lines break at gaps, behind hyphens and slashes, and anywhere
 * between Chinese signs; a word longer than a line is broken within. The lines borrow from the text.
 */
#ifndef LINK_LABEL_H
#define LINK_LABEL_H

#include "base/bytes.h"

enum { LABEL_LINES_MAX = 3 };

struct label {
    struct bytes lines[LABEL_LINES_MAX];
    size_t count;
    bool cut;     /* more stood there: an ellipsis belongs behind the last line */
    double width; /* of the widest line, the ellipsis included; ems */
};

/* text: valid UTF-8. */
double label_width(struct bytes text);
/* One line from the front of *rest, no wider than max ems; false when nothing is left. */
bool label_line(struct bytes *line, struct bytes *rest, double max);
/* At most lines (1 to LABEL_LINES_MAX), none wider than max ems, all about as wide as one another. */
void label_read(struct label *label, struct bytes text, size_t lines, double max);

#endif
