/* SPDX-License-Identifier: Apache-2.0
 *
 * An asking, and once more those partners that made new maps in the middle of it.
 */
#include "serve/matching_run.h"

/* The partners that were asked again stand for themselves; hits stay in the order of the partners. */
static void merge(struct matching_result *result, const struct matching_result *again,
                  struct arena *arena)
{
    struct matching_hit *hits =
        arena_zalloc(arena, result->hit_count + again->hit_count + 1, sizeof *hits);
    size_t count = 0;
    for (size_t p = 0; p < result->peer_count; p++) {
        const char *code = result->peers[p].code;
        const struct matching_result *from = result;
        for (size_t i = 0; i < again->peer_count; i++)
            if (strcmp(again->peers[i].code, code) == 0) {
                result->peers[p] = again->peers[i];
                from = again;
            }
        for (size_t i = 0; i < from->hit_count; i++)
            if (strcmp(from->hits[i].peer, code) == 0)
                hits[count++] = from->hits[i];
    }
    result->asked = again->asked > result->asked ? again->asked : result->asked;
    result->hits = hits;
    result->hit_count = result->hit_capacity = count;
}

/* Who makes new maps between telling an announcement and being asked refuses the ask, which is under the
 * old one: it is asked once more, by another asking of the log. */
enum status matching_run(struct matching_result *result, struct matching *matching,
                         const struct matching_ask *ask, struct arena *arena,
                         struct err *err)
{
    struct matching_result again;
    struct matching_ask rest = *ask;
    enum status status = run_once(result, matching, ask, arena, err);
    if (status != OK)
        return status;
    const char **codes = arena_zalloc(arena, result->peer_count + 1, sizeof *codes);
    rest.codes = codes;
    rest.code_count = 0;
    for (size_t i = 0; i < result->peer_count; i++)
        if (result->peers[i].stale)
            codes[rest.code_count++] = result->peers[i].code;
    if (rest.code_count == 0)
        return OK;
    status = run_once(&again, matching, &rest, arena, err);
    if (status == OK)
        merge(result, &again, arena);
    return status;
}
