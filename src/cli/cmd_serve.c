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
#include "cli/strangers.h"
#include "cli/way_in.h"

#include "base/log.h"
#include "base/text.h"
#include "link/finder.h"
#include "store/note.h"

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
    struct client {
        int fd;
        uid_t uid;
    } clients[HOST_CLIENTS_MAX + 1]; /* connected; what they want was not read yet */
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

/* Where more than one person uses the node, they must get to its socket. */
static enum status let_others_in(const struct service *service, struct err *err)
{
    static const uint8_t nobody[ENTRY_ID] = {0};
    struct arena arena = {0};
    struct err why = {0};
    uint8_t who[ENTRY_ID];
    unsigned roles;
    bool others = false;
    struct store *store = node_store(service->node);
    enum status status = store_find_user(who, &roles, store, desk_login(&arena), err);
    if (status == OK || status == NOT_FOUND)
        status = store_has_other(&others, store, status == OK ? who : nobody, ~0U, err);
    if (status == OK && others && way_in_open(service->folder, &why) != OK)
        log_event(LOG_WARN, "closed", "why", why.text, NULL);
    arena_release(&arena);
    return status;
}

static enum status open_all(struct service *service, uint16_t *port, const char *address,
                            struct err *err)
{
    const struct node_options options = {.folder = service->folder,
                                         .passphrase_path = desk_passphrase_path(),
                                         .world = service->world};
    enum status status = way_in_check_owner(service->folder, err);
    if (status == OK)
        status = desk_open_node(&service->node, &options, true, err);
    if (status == OK)
        status = attach(service, err);
    if (status == OK)
        status =
            plug_node(&service->plug, service->node, service->folder, service->world, err);
    if (status == OK)
        status = let_others_in(service, err);
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

static void forget_client(struct service *service, size_t index)
{
    memmove(service->clients + index, service->clients + index + 1,
            (service->client_count - index - 1) * sizeof service->clients[0]);
    service->client_count--;
}

/* The oldest of the account that has most of the places: who fills them pushes out nobody else. */
static size_t first_to_go(const struct service *service)
{
    size_t most = 0, first = 0;
    for (size_t i = 0; i < service->client_count; i++) {
        size_t count = 0;
        for (size_t j = i; j < service->client_count; j++)
            count += service->clients[j].uid == service->clients[i].uid;
        if (count > most) {
            most = count;
            first = i;
        }
    }
    return first;
}

static void accept_clients(struct service *service)
{
    for (int taken = 0; taken < HOST_CLIENTS_MAX; taken++) {
        struct ucred who;
        socklen_t len = sizeof who;
        int fd = accept4(service->socket_fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            return;
        if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0) {
            close(fd);
            continue;
        }
        service->clients[service->client_count++] = (struct client){fd, who.uid};
        if (service->client_count > HOST_CLIENTS_MAX) {
            size_t index = first_to_go(service);
            close(service->clients[index].fd);
            forget_client(service, index);
        }
    }
}

static void run_client(struct service *service, size_t index)
{
    const struct host_node host = {service->node, service->folder, service->world,
                                   service->search};
    int fd = service->clients[index].fd;
    forget_client(service, index);
    host_run(fd, &host);
    if (host_node() == NULL)
        catch_signals(); /* a command may have set its own */
}

static bool has_come(const struct client *client)
{
    struct pollfd wanted = {.fd = client->fd, .events = POLLIN};
    return poll(&wanted, 1, 0) == 1;
}

/* In the middle of something long; what follows from a command is done after. */
static void serve_others(void *context)
{
    enum { AT_ONCE = 8 }; /* so that the long one gets on, too */
    struct service *service = context;
    size_t done = 0;
    accept_clients(service);
    for (size_t i = 0; i < service->client_count && done < AT_ONCE;) {
        const struct client *client = &service->clients[i];
        if (!has_come(client) || !host_may_run(client->fd)) {
            i++;
            continue;
        }
        run_client(service, i);
        done++;
    }
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
        polls[CLIENTS + i] =
            (struct pollfd){.fd = service->clients[i].fd, .events = POLLIN};
    int ready = ppoll(polls, CLIENTS + count, &tick, &service->waiting_mask);
    if (ready < 0 && errno != EINTR)
        return fail(err, IO_FAILED, "poll: %s", strerror(errno));
    if (ready < 0 || ending)
        return OK;
    enum status status = OK;
    if (polls[LINE].revents != 0 || node_line_fd(service->node) < 0)
        status = node_answer(service->node, 0, err);
    /* Who came first is first; one a round, so that other nodes get theirs. */
    for (size_t i = 0; i < service->client_count && status == OK; i++)
        if (has_come(&service->clients[i])) {
            run_client(service, i);
            break;
        }
    node_run_jobs(service->node);
    if (polls[SOCKET].revents != 0)
        accept_clients(service);
    if (status == OK)
        status = strangers_write(node_store(service->node), service->world, false, err);
    node_run_due(service->node, world_now_s(service->world));
    if (status != OK)
        return status;
    return ready > 0 ? node_sign_due(service->node, err) : node_sign(service->node, err);
}

static int end(struct service *service, enum status status, struct err *err)
{
    char path[64];
    for (size_t i = 0; i < service->client_count; i++)
        close(service->clients[i].fd);
    if (service->socket_fd >= 0) {
        int place = host_socket_path(path, service->folder);
        unlink(path);
        close(service->socket_fd);
        if (place >= 0)
            close(place);
    }
    if (service->node != NULL && status == OK)
        status = strangers_write(node_store(service->node), service->world, true, err);
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
    const char *colon = strrchr(address, ':');
    uint64_t number;
    if (colon == NULL || !text_u64(&number, bytes_text(colon + 1)) || number > UINT16_MAX)
        return misused(arguments,
                       "--listen %.100s: where to listen is written HOST:PORT, the port a "
                       "number up to %d (0: any that is free)",
                       address, UINT16_MAX);
    service.folder = realpath(folder, NULL);
    if (service.folder == NULL) {
        fail(&err, NOT_FOUND, "%s: %s", folder, strerror(errno));
        return complain(arguments, NOT_FOUND, &err);
    }
    catch_signals();
    block_signals(&service);
    enum status status = open_all(&service, &port, address, &err);
    if (chdir("/") != 0) /* it holds up no file system that is to go */
        log_event(LOG_WARN, "chdir", "why", strerror(errno), NULL);
    if (status == OK)
        answer(&service, address, port);
    host_set_others(serve_others, &service);
    while (status == OK && !ending)
        status = serve_once(&service, &err);
    return end(&service, status, &err);
}
