/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/plug.h"

#include "base/log.h"
#include "base/pool.h"
#include "cli/host.h"

enum { TEND_S = 3600 };

/* New maps where records changed, or none are there: at the start, and every hour. */
static enum status tend(void *context, struct node *node, struct err *err)
{
    struct plug *plug = context;
    (void)node;
    return matching_tend(&plug->matching, err);
}

/* While maps are made other nodes are answered, and people; not within a command that answers another node in
 * between: an import, say, has its own way to stop. */
static bool breathe(void *context)
{
    struct plug *plug = context;
    if (host_node() == NULL)
        host_others();
    return plug->breathe(plug->breathe_context);
}

/* Greetings are answered by the node itself (serve/node_peers.c). */
enum status plug_node(struct plug *plug, struct node *node, const char *folder,
                      const struct world *world, struct err *err)
{
    bool barred = false;
    enum status status = matching_of_node(&plug->matching, node, folder, world);
    plug->matching.pool = pool_open(0);
    plug->breathe = plug->matching.breathe;
    plug->breathe_context = plug->matching.breathe_context;
    plug->matching.breathe = breathe;
    plug->matching.breathe_context = plug;
    if (status == OK)
        status = matching_open(&plug->matching, &barred, err);
    if (barred)
        log_event(LOG_WARN, "quotas-put-back", "answers", "none today", NULL);
    node_add_handlers(node, match_handlers, match_handler_count, &plug->matching);
    node_every(node, TEND_S, tend, plug);
    plug->daily = (struct watch_daily){.world = world, .folder = folder};
    node_every(node, WATCH_DAILY_TICK_S, watch_daily_tick, &plug->daily);
    return status;
}

void plug_release(struct plug *plug)
{
    watch_daily_release(&plug->daily);
    pool_close(plug->matching.pool);
    plug->matching.pool = NULL;
}
