/* SPDX-License-Identifier: Apache-2.0
 *
 * The daemon: the core's loop.
 *
 *     opening --store, vault, front, socket--> serving --SIGTERM, SIGINT--> closing: signed, gone
 *
 * One thread. Between two events nothing is half done; each event (a request of another node, a command
 * of a person, a timer) is worked off before the next. The signals are blocked except while it waits,
 * so that none is lost and none comes in the middle.
 */
#include "cli/desk.h"
#include "cli/host.h"
#include "cli/json_line.h"
#include "cli/plug.h"

#include "base/log.h"
#include "link/finder.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TICK_S = 1 };

struct service {
    const struct arguments *arguments;
    const struct world *world;
    struct node *node;
    struct search *search; /* over all words of the node, as long as this runs */
    struct plug plug;
    char *folder;
    int socket_fd;
    int clients[HOST_CLIENTS_MAX]; /* connected, and what they want has not come yet */
    size_t client_count;
    sigset_t waiting_mask;
};

static volatile sig_atomic_t ending;

static void on_end(int signal_number)
{
    (void)signal_number;
    ending = 1;
}

/* ---- Opening ---- */

/* Words are found in memory: read once here, not for each question. */
static enum status attach(struct service *service, struct err *err)
{
    service->search = search_open();
    const struct finder finder = search_as_finder(service->search);
    enum status status = store_attach(node_store(service->node), &finder, err);
    search_settle(service->search);
    return status;
}

static enum status open_all(struct service *service, uint16_t *port, const char *address,
                            struct err *err)
{
    const struct node_options options = {.folder = service->folder,
                                         .passphrase_path = desk_passphrase_path(),
                                         .world = service->world};
    enum status status = node_open(&service->node, &options, err);
    if (status == OK)
        status = attach(service, err);
    if (status == OK)
        status =
            plug_node(&service->plug, service->node, service->folder, service->world, err);
    if (status == OK)
        status = node_listen(port, service->node, address, err);
    return status == OK ? host_listen(&service->socket_fd, service->folder, err) : status;
}

static void answer(const struct service *service, const char *address, uint16_t port)
{
    const char *agency = store_settings(node_store(service->node))->agency;
    const char *colon = strrchr(address, ':');
    char host[256];
    struct json_line line;
    snprintf(host, sizeof host, "%.*s", (int)(colon - address), address);
    if (service->arguments->json) {
        json_line_begin(&line);
        json_text_member(&line.json, "agency", agency);
        json_text_member(&line.json, "listen", host);
        json_count_member(&line.json, "port", port);
        json_line_end(&line);
    } else {
        printf("The node of %s listens on %s:%u\n", agency, host, port);
    }
    fflush(stdout);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_end};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void block_signals(struct service *service)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGINT);
    sigprocmask(SIG_BLOCK, &mask, &service->waiting_mask);
}

/* ---- Serving ---- */

static void accept_client(struct service *service)
{
    int client = accept4(service->socket_fd, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0)
        return;
    /* Somebody who connects and says nothing is the first to go. */
    if (service->client_count == HOST_CLIENTS_MAX) {
        close(service->clients[0]);
        memmove(service->clients, service->clients + 1,
                (HOST_CLIENTS_MAX - 1) * sizeof service->clients[0]);
        service->client_count--;
    }
    service->clients[service->client_count++] = client;
}

static void run_client(struct service *service, size_t index)
{
    int client = service->clients[index];
    memmove(service->clients + index, service->clients + index + 1,
            (service->client_count - index - 1) * sizeof service->clients[0]);
    service->client_count--;
    const struct host_node host = {service->node, service->folder, service->world,
                                   service->search};
    host_run(client, &host);
    catch_signals(); /* a command may have set its own */
}

/* Within a publication, which is long: one command, if there is one. What follows from it is done after. */
static void serve_others(void *context)
{
    struct service *service = context;
    struct pollfd polls[1 + HOST_CLIENTS_MAX];
    size_t count = service->client_count;
    polls[0] = (struct pollfd){.fd = service->socket_fd, .events = POLLIN};
    for (size_t i = 0; i < count; i++)
        polls[1 + i] = (struct pollfd){.fd = service->clients[i], .events = POLLIN};
    if (service->socket_fd < 0 || poll(polls, 1 + count, 0) <= 0)
        return;
    for (size_t i = count; i-- > 0;)
        if (polls[1 + i].revents != 0) {
            run_client(service, i);
            break;
        }
    if (polls[0].revents != 0)
        accept_client(service);
}

enum { LINE, SOCKET, CLIENTS };

static enum status serve_once(struct service *service, struct err *err)
{
    struct pollfd polls[CLIENTS + HOST_CLIENTS_MAX];
    size_t count = service->client_count;
    const struct timespec tick = {.tv_sec = TICK_S};
    polls[LINE] = (struct pollfd){.fd = node_line_fd(service->node), .events = POLLIN};
    polls[SOCKET] = (struct pollfd){.fd = service->socket_fd, .events = POLLIN};
    for (size_t i = 0; i < count; i++)
        polls[CLIENTS + i] = (struct pollfd){.fd = service->clients[i], .events = POLLIN};
    int ready = ppoll(polls, CLIENTS + count, &tick, &service->waiting_mask);
    if (ready < 0 && errno != EINTR)
        return fail(err, IO_FAILED, "poll: %s", strerror(errno));
    if (ready < 0 || ending)
        return OK;
    enum status status = OK;
    if (polls[LINE].revents != 0 || node_line_fd(service->node) < 0)
        status = node_answer(service->node, 0, err);
    if (polls[SOCKET].revents != 0)
        accept_client(service);
    /* The last first: the places of those before stay. One a round, so that other nodes get theirs. */
    for (size_t i = count; i-- > 0 && status == OK;)
        if (polls[CLIENTS + i].revents != 0) {
            run_client(service, i);
            break;
        }
    node_run_jobs(service->node);
    node_run_due(service->node, world_now_s(service->world));
    if (status != OK)
        return status;
    return ready > 0 ? node_sign_due(service->node, err) : node_sign(service->node, err);
}

static int end(struct service *service, enum status status, struct err *err)
{
    char path[64];
    for (size_t i = 0; i < service->client_count; i++)
        close(service->clients[i]);
    if (service->socket_fd >= 0) {
        int place = host_socket_path(path, service->folder);
        unlink(path);
        close(service->socket_fd);
        if (place >= 0)
            close(place);
    }
    plug_release(&service->plug); /* after the last answer */
    enum status closed = node_close(service->node, status == OK ? err : NULL);
    search_close(service->search);
    status = status == OK ? closed : status;
    free(service->folder);
    return status == OK ? EXIT_DONE : complain(service->arguments, status, err);
}

int run_serve(const struct arguments *arguments, const struct world *world)
{
    struct service service = {.arguments = arguments, .world = world, .socket_fd = -1};
    struct err err = {0};
    uint16_t port = 0;
    const char *address = argument(arguments, "listen"),
               *folder = argument(arguments, "node");
    if (folder == NULL)
        folder = getenv("ENLACE_NODE");
    if (folder == NULL || folder[0] == '\0')
        return misused(arguments, "say which node: -n DIR, or the variable ENLACE_NODE");
    if (arguments->count != 0)
        return misused(arguments, "this takes no word");
    if (address == NULL)
        address = "127.0.0.1:0";
    service.folder = realpath(folder, NULL);
    if (service.folder == NULL) {
        fail(&err, NOT_FOUND, "%s: %s", folder, strerror(errno));
        return complain(arguments, NOT_FOUND, &err);
    }
    catch_signals();
    block_signals(&service);
    enum status status = open_all(&service, &port, address, &err);
    if (status == OK)
        answer(&service, address, port);
    host_set_others(serve_others, &service);
    while (status == OK && !ending)
        status = serve_once(&service, &err);
    return end(&service, status, &err);
}
