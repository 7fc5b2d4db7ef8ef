/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/beside.h: did an agency use two words side by side?
 *
 * As one word goes away and another comes up, the question is whether they are one thing with two
 * names. Two words that an agency used beside each other for half a year were two words of its, and
 * what it says of the one need not be said of the other. The notices (watch/notice_words) and what
 * explains findings away (watch/explain_gave_way) ask it alike: of all the agency's rows up to the
 * end of what is looked at, first those of the old word, then those of the new one.
 */
#ifndef WATCH_BESIDE_H
#define WATCH_BESIDE_H

#include <stdbool.h>
#include <stdint.h>

/* All-zero is valid: neither was used. Rows of each word come by day. */
struct beside {
    uint32_t old,
        value; /* rows: of the old word; of the new one, while the old one was in use */
    int32_t first, last; /* the first day of the new word, the last of the old one */
};

void beside_old(struct beside *both, int32_t day);
/* After the last of beside_old. */
void beside_new(struct beside *both, int32_t day);
bool beside_were(const struct beside *both);

#endif
