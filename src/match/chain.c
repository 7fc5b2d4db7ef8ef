/* SPDX-License-Identifier: Apache-2.0 */
#include "match/chain.h"

#include <assert.h>

/* later claims to come after earlier. Where others stand between them, nothing can be said. */
static bool contradicts(const struct epoch *later, const struct epoch *earlier,
                        struct bytes earlier_wire)
{
    uint8_t digest[DIGEST];
    if (later->previous_number < earlier->number)
        return true; /* it leaves out what was signed */
    if (later->previous_number > earlier->number)
        return false;
    message_digest(digest, earlier_wire);
    return memcmp(digest, later->previous, DIGEST) != 0;
}

enum chain chain_compare(const struct epoch *a, struct bytes a_wire, const struct epoch *b,
                         struct bytes b_wire)
{
    assert(memcmp(a->owner, b->owner, IDENTITY_KEY) == 0 &&
           circle_equal(&a->circle, &b->circle));
    if (a->number == b->number)
        return bytes_equal(a_wire, b_wire) ? CHAIN_SAME : CHAIN_FORKED;
    if (b->number > a->number)
        return contradicts(b, a, a_wire) ? CHAIN_FORKED : CHAIN_FOLLOWS;
    return contradicts(a, b, b_wire) ? CHAIN_FORKED : CHAIN_BEFORE;
}
