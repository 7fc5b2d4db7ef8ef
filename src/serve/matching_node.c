/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparing, as a node does it: partners out of its book of peers, the line through its front.
 */
#include "serve/matching.h"

#include "serve/node.h"

#include <signal.h>
#include <stdio.h>

static void fill_class(struct partner *partner, const struct peer_agreement *agreement)
{
    struct partner_class *class = &partner->classes[agreement->class];
    class->agreed = true;
    class->at_once = agreement->at_once;
    class->quota = agreement->quota;
    class->case_quota = agreement->case_quota;
    class->circle = agreement->circle;
}

static void fill(struct partner *partner, const struct peer *peer)
{
    snprintf(partner->code, sizeof partner->code, "%s", peer->code);
    memcpy(partner->key, peer->key, sizeof partner->key);
    for (size_t i = 0; i < peer->agreement_count; i++)
        fill_class(partner, &peer->agreements[i]);
}

static enum status list(void *context, const struct partner **out, size_t *count,
                        struct arena *arena, struct err *err)
{
    const struct peer_list *peers;
    enum status status = node_peers(&peers, context, err);
    if (status != OK)
        return status;
    if (peers->count > PARTNERS_MAX)
        return fail(err, TOO_LARGE, "there are %zu peers; the limit is %d", peers->count,
                    PARTNERS_MAX);
    struct partner *partners = arena_zalloc(arena, peers->count + 1, sizeof *partners);
    *count = 0;
    for (size_t i = 0; i < peers->count; i++)
        if (!peers->items[i].removed)
            fill(&partners[(*count)++], &peers->items[i]);
    *out = partners;
    return OK;
}

/* A service blocks the signals that end it while it works; one that waits is heeded between two pieces. */
static bool is_to_end(void)
{
    sigset_t pending;
    return sigpending(&pending) == 0 &&
           (sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1);
}

/* What fails there is found by whoever asks next. */
static bool answer_others(void *context)
{
    return node_answer(context, 0, NULL) == IO_FAILED ||
           node_sign_due(context, NULL) == IO_FAILED || is_to_end();
}

static unsigned silent_s(void *context, const uint8_t key[IDENTITY_KEY])
{
    return node_silent_s(context, key);
}

enum status matching_of_node(struct matching *matching, struct node *node,
                             const char *folder, const struct world *world)
{
    *matching = (struct matching){
        .store = node_store(node),
        .vault = node_vault(node),
        .world = world,
        .folder = folder,
        .partners = {list, node},
        .line = node_caller(node),
        .silent_s = silent_s,
        .breathe = answer_others,
        .breathe_context = node,
    };
    return OK;
}
