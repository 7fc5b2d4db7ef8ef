/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/beside.h"

enum {
    ROWS_MIN = 3, /* of each word */
    HALF_YEAR_DAYS = 182,
};

void beside_old(struct beside *both, int32_t day)
{
    both->last = day;
    both->old++;
}

void beside_new(struct beside *both, int32_t day)
{
    if (both->old == 0 || day > both->last)
        return;
    both->first = both->value++ == 0 ? day : both->first;
}

bool beside_were(const struct beside *both)
{
    return both->old >= ROWS_MIN && both->value >= ROWS_MIN &&
           both->last - both->first >= HALF_YEAR_DAYS;
}
