/* SPDX-License-Identifier: Apache-2.0
 *
 * The weights of link/score as shipped, and the words for what they are of.
 */
#include "link/score.h"

static const char *const field_names[SCORE_FIELDS] = {
    "name", "date", "postcode", "street", "town", "country", "number", "contact"};
static const char *const level_names[SCORE_LEVELS] = {"unknown", "differs", "part",
                                                      "similar", "sounds",  "same"};

/* Of m: what a careful clerk's list does to a field. Of u: how often strangers agree. A u of
 * `same` counts only where the frequency of the value itself is not known. */
static const struct score_weight shipped[SCORE_FIELDS][SCORE_LEVELS] = {
    [SCORE_NAME] = {[SCORE_DIFFERS] = {0.04, 0.92},
                    [SCORE_PART] = {0.02, 0.05},
                    [SCORE_SIMILAR] = {0.1, 0.003},
                    [SCORE_SOUNDS] = {0.06, 0.002},
                    [SCORE_SAME] = {0.78, 0.004}},
    [SCORE_DATE] = {[SCORE_DIFFERS] = {0.05, 0.98},
                    [SCORE_PART] = {0.02, 0.0125},
                    [SCORE_SIMILAR] = {0.06, 0.006},
                    [SCORE_SOUNDS] = {0.02, 0.00008},
                    [SCORE_SAME] = {0.85, 0.00004}},
    [SCORE_POSTCODE] = {[SCORE_DIFFERS] = {0.12, 0.99},
                        [SCORE_SIMILAR] = {0.08, 0.01},
                        [SCORE_SAME] = {0.8, 0.002}},
    [SCORE_STREET] = {[SCORE_DIFFERS] = {0.2, 0.99},
                      [SCORE_PART] = {0.2, 0.003},
                      [SCORE_SIMILAR] = {0.1, 0.0005},
                      [SCORE_SAME] = {0.5, 0.00003}},
    [SCORE_TOWN] = {[SCORE_DIFFERS] = {0.12, 0.97},
                    [SCORE_SIMILAR] = {0.1, 0.005},
                    [SCORE_SAME] = {0.78, 0.005}},
    [SCORE_COUNTRY] = {[SCORE_DIFFERS] = {0.1, 0.5}, [SCORE_SAME] = {0.9, 0.5}},
    [SCORE_NUMBER] = {[SCORE_DIFFERS] = {0.15, 0.999},
                      [SCORE_SIMILAR] = {0.1, 0.00001},
                      [SCORE_SAME] = {0.75, 0.0000001}},
    [SCORE_CONTACT] = {[SCORE_DIFFERS] = {0.3, 0.999},
                       [SCORE_SIMILAR] = {0.15, 0.00002},
                       [SCORE_SAME] = {0.55, 0.000001}},
};

void score_weights_init(struct score_weights *weights)
{
    *weights = (struct score_weights){0};
    for (size_t kind = 0; kind < THING_KINDS; kind++)
        memcpy(weights->of[kind], shipped, sizeof shipped);
}

const char *score_field_word(enum score_field field)
{
    return field_names[field];
}

const char *score_level_word(enum score_level level)
{
    return level_names[level];
}
