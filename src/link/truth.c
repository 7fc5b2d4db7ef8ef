/* SPDX-License-Identifier: Apache-2.0 */
#include "link/truth.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

enum { MATCH_LIMIT = 100000, GROUPS = 2 };

enum status truth_init(struct truth *truth, const char *text, struct err *err)
{
    *truth = (struct truth){.column = bytes_text(text)};
    const char *colon = strchr(text, ':');
    if (colon == NULL)
        return OK;
    truth->column.len = (size_t)(colon - text);
    int fault;
    PCRE2_SIZE at;
    truth->expression = pcre2_compile((PCRE2_SPTR)(colon + 1), PCRE2_ZERO_TERMINATED,
                                      PCRE2_UTF, &fault, &at, NULL);
    if (truth->expression == NULL) {
        PCRE2_UCHAR reason[256];
        pcre2_get_error_message(fault, reason, sizeof reason);
        return fail(err, BAD_INPUT,
                    "--truth: \"%s\" is no regular expression: %s at character %zu",
                    colon + 1, (const char *)reason, (size_t)at + 1);
    }
    truth->match = pcre2_match_data_create(GROUPS, NULL);
    return OK;
}

void truth_release(struct truth *truth)
{
    if (truth == NULL)
        return;
    pcre2_match_data_free(truth->match);
    pcre2_code_free(truth->expression);
    *truth = (struct truth){0};
}

struct bytes truth_label(const struct truth *truth, struct bytes value, struct arena *arena)
{
    if (truth->expression == NULL)
        return arena_bytes(arena, value);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(limits, MATCH_LIMIT);
    int groups =
        pcre2_match(truth->expression, value.at, value.len, 0, 0, truth->match, limits);
    pcre2_match_context_free(limits);
    /* 0 groups means more than fit; the first two are there all the same. */
    if (groups < 0)
        return (struct bytes){0};
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(truth->match);
    size_t group = groups == 1 ? 0 : 1;
    if (ends[2 * group] == PCRE2_UNSET || ends[2 * group] > ends[2 * group + 1])
        return (struct bytes){0};
    return arena_bytes(
        arena, bytes_slice(value, ends[2 * group], ends[2 * group + 1] - ends[2 * group]));
}
