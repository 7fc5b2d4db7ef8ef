/* SPDX-License-Identifier: Apache-2.0
 *
 * A node among others: its front, what it answers itself, and the work that waits.
 */
#include "serve/node_inside.h"

#include "base/log.h"
#include "exchange/hello.h"
#include "serve/vault_peers.h"

#include <stdlib.h>

/* ---- Answering ---- */

static enum status answer_hello(void *context, const uint8_t from[NODE_KEY],
                                struct bytes request, struct buf *answer, struct err *err)
{
    struct node *node = context;
    if (request.len > 0)
        return fail(err, BAD_INPUT, "a greeting says nothing");
    hello_write(answer, store_settings(node->store)->agency, world_now_s(node->world),
                peer_by_key(&node->peers, from));
    return OK;
}

static const struct line_handler own_handlers[] = {{HELLO_KIND, answer_hello}};

/* ---- The front ---- */

static enum status certify(void *context, struct buf *certificate,
                           const uint8_t tls_key[TLS_KEY], struct err *err)
{
    struct node *node = context;
    return vault_certify(certificate, node->vault, tls_key, err);
}

static enum status open_front(struct node *node, int listen_fd, struct err *err)
{
    const struct front_options options = {.listen_fd = listen_fd,
                                          .program = "/proc/self/exe",
                                          .certify = certify,
                                          .context = node};
    enum status status = front_open(&node->front, &options, err);
    if (status != OK)
        return status;
    front_add_handlers(node->front, own_handlers, 1, node);
    for (size_t i = 0; i < node->table_count; i++)
        front_add_handlers(node->front, node->tables[i].handlers, node->tables[i].count,
                           node->tables[i].context);
    return node_peers_changed(node, err);
}

void node_add_handlers(struct node *node, const struct line_handler *handlers, size_t count,
                       void *context)
{
    if (node->table_count == NODE_TABLES_MAX || node->front != NULL)
        abort();
    node->tables[node->table_count++] = (struct node_table){handlers, count, context};
}

enum status node_listen(uint16_t *port, struct node *node, const char *address,
                        struct err *err)
{
    int fd = -1;
    enum status status = front_listen(&fd, port, address, err);
    return status == OK ? open_front(node, fd, err) : status;
}

int node_line_fd(const struct node *node)
{
    return node->front != NULL ? front_fd(node->front) : -1;
}

enum status node_answer(struct node *node, int wait_ms, struct err *err)
{
    return node->front != NULL ? front_pump(node->front, wait_ms, err) : OK;
}

enum status node_peers_changed(struct node *node, struct err *err)
{
    enum status status = peer_list_load(&node->peers, node->store, err);
    node->peers_read = status == OK;
    if (status == OK && node->front != NULL)
        status = front_set_peers(node->front, &node->peers, err);
    return status;
}

enum status node_peers(const struct peer_list **peers, struct node *node, struct err *err)
{
    *peers = &node->peers;
    return node->peers_read ? OK : node_peers_changed(node, err);
}

/* Who cannot be reached costs whoever asks a wait, and everybody else who sits at this node: it is
 * remembered. Who refuses the line, or closes it, costs nothing and is there; how long we took to notice says
 * nothing of it. */
static void note_call(struct node *node, const struct line_call *call)
{
    static const int64_t second = 1000000000;
    const uint8_t *key = call->peer_key;
    int64_t now_ns = node->world->monotonic_ns(node->world->context);
    bool silent = call->silent;
    struct node_silent *row = NULL;
    for (size_t i = 0; i < NODE_SILENT_MAX && row == NULL; i++)
        if (memcmp(node->silent[i].key, key, NODE_KEY) == 0)
            row = &node->silent[i];
    if (row == NULL && !silent)
        return;
    if (row == NULL)
        row = &node->silent[node->silent_next++ % NODE_SILENT_MAX];
    memcpy(row->key, key, NODE_KEY);
    row->until_ns = silent ? now_ns + NODE_SILENT_S * second : 0;
}

unsigned node_silent_s(struct node *node, const uint8_t key[NODE_KEY])
{
    int64_t now_ns = node->world->monotonic_ns(node->world->context);
    for (size_t i = 0; i < NODE_SILENT_MAX; i++)
        if (node->silent[i].until_ns > now_ns &&
            memcmp(node->silent[i].key, key, NODE_KEY) == 0)
            return (unsigned)((node->silent[i].until_ns - now_ns) / 1000000000) + 1;
    return 0;
}

static void call(void *context, struct line_call *calls, size_t count)
{
    struct node *node = context;
    struct err why = {0};
    enum status status = node->front != NULL ? OK : open_front(node, -1, &why);
    for (size_t i = 0; i < count && status != OK; i++) {
        calls[i].status = status;
        calls[i].err = why;
    }
    if (status != OK)
        return;
    struct line_caller caller = front_caller(node->front);
    caller.call(caller.context, calls, count);
    for (size_t i = 0; i < count; i++)
        note_call(node, &calls[i]);
}

struct line_caller node_caller(struct node *node)
{
    return (struct line_caller){call, node};
}

/* ---- Work that waits ---- */

void node_later(struct node *node, node_job *job, void *context)
{
    grow_to((void **)&node->jobs, &node->job_capacity, node->job_count, sizeof *node->jobs);
    node->jobs[node->job_count++] = (struct node_work){.job = job, .context = context};
}

static void run(struct node *node, const struct node_work *work)
{
    struct err why = {0};
    if (work->job(work->context, node, &why) != OK)
        log_event(LOG_WARN, "work-failed", "why", why.text, NULL);
}

void node_run_jobs(struct node *node)
{
    for (size_t i = 0; i < node->job_count; i++) {
        struct node_work work = node->jobs[i]; /* the list may move */
        run(node, &work);
    }
    node->job_count = 0;
    free(node->jobs);
    node->jobs = NULL;
    node->job_capacity = 0;
}

void node_every(struct node *node, unsigned period_s, node_job *job, void *context)
{
    if (node->periodic_count == NODE_PERIODIC_MAX)
        abort();
    node->periodic[node->periodic_count++] =
        (struct node_work){.job = job, .context = context, .period_s = period_s};
}

void node_run_due(struct node *node, int64_t now_s)
{
    for (size_t i = 0; i < node->periodic_count; i++) {
        struct node_work *work = &node->periodic[i];
        /* A clock that was set back must not keep it waiting for ever. */
        bool far = work->next_s > now_s + (int64_t)work->period_s;
        if (now_s < work->next_s && !far)
            continue;
        work->next_s = now_s + (int64_t)work->period_s;
        run(node, work);
    }
}
