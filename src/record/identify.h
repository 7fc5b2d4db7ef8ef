/* SPDX-License-Identifier: Apache-2.0
 *
 * record/identify.h: what a number somebody found may be (enlace check VALUE).
 *
 * Every type with a form of its own is asked. The answers come in the order in which a
 * person should read them:
 *
 *     1. right, and a check digit or a strict form says so    CSQU3054383: a container
 *     2. usable, with a doubt                                 GYOU4047990: remainder 10
 *     3. wrong, but one slip away from right                  CSQU3054384: CSQU3054383?
 *     4. right only because nearly any text is                a plate, a document number
 *
 * Types that take any text (name, address, text ...) are not asked.
 */
#ifndef RECORD_IDENTIFY_H
#define RECORD_IDENTIFY_H

#include "record/value.h"

enum { IDENTIFY_SUGGESTIONS = 40, IDENTIFY_TEXT_MAX = 1024 };

enum identify_rank { IDENTIFY_RIGHT, IDENTIFY_DOUBTFUL, IDENTIFY_NEAR, IDENTIFY_LOOSE };

struct identify_match {
    enum value_kind kind;
    enum identify_rank rank;
    struct value_result result; /* its grade says whether it is right; `why` what is not */
    struct bytes suggestions[IDENTIFY_SUGGESTIONS]; /* best first; never applied */
    size_t suggested;
};

struct identify_result {
    struct identify_match matches[VALUE_KINDS];
    size_t count; /* 0: nothing we know has this form */
};

/* value of one type; rank IDENTIFY_NEAR also stands for a wrong value without a
 * suggestion. */
void identify_as(struct identify_match *out, enum value_kind kind, struct bytes value,
                 const struct value_hint *hint, struct arena *arena);
/* value is valid UTF-8; over IDENTIFY_TEXT_MAX bytes it is nothing. */
void identify(struct identify_result *out, struct bytes value,
              const struct value_hint *hint, struct arena *arena);

#endif
