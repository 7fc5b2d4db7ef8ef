/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/front_party.h: a node for tests of the line between nodes: a key, and a front of its own.
 *
 * A party either calls from this process (party_open), or answers in another one (party_serve), which
 * ends with the pipe that holds it.
 */
#ifndef TESTS_FRONT_PARTY_H
#define TESTS_FRONT_PARTY_H

#include "check.h"
#include "serve/front.h"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HURRY = 20, DAY = 86400 };

struct party {
    uint8_t key[32], secret[64];
    int64_t begins_s; /* of its certificates, from now */
    const char *code;
    struct front *front;
    uint16_t port;
    pid_t process;
    int hold;
    struct peer_list peers;
};

static inline struct party party_make(const char *code)
{
    struct party party = {.code = code, .hold = -1};
    uint8_t seed[32] = {0};
    snprintf((char *)seed, sizeof seed, "%s", code);
    crypto_sign_seed_keypair(party.key, party.secret, seed);
    return party;
}

static inline void party_certificate(struct buf *out, const struct party *party,
                                     const uint8_t tls_key[TLS_KEY])
{
    struct certificate one = {.from_s = time(NULL) + party->begins_s};
    struct buf body = {.max = CERTIFICATE_MAX};
    uint8_t signature[CERTIFICATE_SIGNATURE];
    one.to_s = one.from_s + CERTIFICATE_HOURS * 3600;
    memcpy(one.node_key, party->key, 32);
    memcpy(one.tls_key, tls_key, TLS_KEY);
    if (certificate_body(&body, &one, NULL) != OK)
        abort();
    crypto_sign_detached(signature, NULL, body.at, body.len, party->secret);
    certificate_join(out, buf_bytes(&body), signature);
    buf_release(&body);
}

static inline enum status party_certify(void *context, struct buf *out,
                                        const uint8_t tls_key[TLS_KEY], struct err *err)
{
    (void)err;
    party_certificate(out, context, tls_key);
    return OK;
}

/* `of` gets to know `other`, at this port. */
static inline void party_meet(struct party *of, const struct party *other, uint16_t port,
                              bool removed)
{
    struct peer peer = {.removed = removed};
    snprintf(peer.code, sizeof peer.code, "%s", other->code);
    snprintf(peer.url, sizeof peer.url, "https://127.0.0.1:%u", port);
    memcpy(peer.key, other->key, 32);
    for (size_t i = 0; i < of->peers.count; i++)
        if (memcmp(of->peers.items[i].key, other->key, 32) == 0) {
            of->peers.items[i] = peer;
            return;
        }
    grow_to((void **)&of->peers.items, &of->peers.capacity, of->peers.count, sizeof peer);
    of->peers.items[of->peers.count++] = peer;
}

static inline void party_open(struct party *party, int listen_fd)
{
    struct err err = {0};
    const struct front_options options = {
        .listen_fd = listen_fd, .hurry = HURRY, .certify = party_certify, .context = party};
    if (front_open(&party->front, &options, &err) != OK ||
        front_set_peers(party->front, &party->peers, &err) != OK) {
        printf("%s: %s\n", party->code, err.text);
        abort();
    }
}

static inline void party_close(struct party *party)
{
    front_close(party->front);
    party->front = NULL;
    peer_list_release(&party->peers);
}

static inline enum status party_call(struct party *party, const struct party *other,
                                     const char *kind, struct bytes request,
                                     struct buf *answer, struct err *err)
{
    struct line_caller caller = front_caller(party->front);
    return line_call_one(&caller, other->key, kind, request, answer, err);
}

/* ---- Answering, in another process ---- */

static inline enum status party_echo(void *context, const uint8_t from[32],
                                     struct bytes request, struct buf *answer,
                                     struct err *err)
{
    (void)context, (void)from, (void)err;
    buf_add(answer, request);
    return OK;
}

static inline enum status party_who(void *context, const uint8_t from[32],
                                    struct bytes request, struct buf *answer,
                                    struct err *err)
{
    (void)context, (void)request, (void)err;
    buf_add(answer, bytes_of(from, 32));
    return OK;
}

static inline enum status party_large(void *context, const uint8_t from[32],
                                      struct bytes request, struct buf *answer,
                                      struct err *err)
{
    (void)context, (void)from, (void)err;
    size_t len = request.len == 4 ? load_be32(request.at) : 0;
    uint8_t *at = buf_extend(answer, len);
    for (size_t i = 0; i < len; i++)
        at[i] = (uint8_t)(i * 2654435761U >> 24);
    return OK;
}

static inline enum status party_refuse(void *context, const uint8_t from[32],
                                       struct bytes request, struct buf *answer,
                                       struct err *err)
{
    (void)context, (void)from;
    buf_add_text(answer, "this is not told");
    return fail(err, request.len > 0 ? (enum status)request.at[0] : REFUSED,
                "not today: the quota of 10240 is used up");
}

/* The first child of a process, which is its front; 0: not to be seen. */
static inline pid_t party_front_of(pid_t process)
{
    char path[64], text[64] = "";
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", process, process);
    FILE *file = fopen(path, "r");
    bool read = file != NULL && fgets(text, sizeof text, file) != NULL;
    if (file != NULL)
        fclose(file);
    return read ? (pid_t)atoi(text) : 0;
}

static inline enum status party_end_front(void *context, const uint8_t from[32],
                                          struct bytes request, struct buf *answer,
                                          struct err *err)
{
    (void)context, (void)from, (void)request, (void)answer, (void)err;
    pid_t front = party_front_of(getpid());
    if (front != 0)
        kill(front, SIGKILL); /* its own: the only child it has */
    return OK;
}

static inline enum status party_sleep(void *context, const uint8_t from[32],
                                      struct bytes request, struct buf *answer,
                                      struct err *err)
{
    (void)context, (void)from, (void)request, (void)answer, (void)err;
    usleep(300 * 1000);
    return OK;
}

static inline enum status party_nasty(void *context, const uint8_t from[32],
                                      struct bytes request, struct buf *answer,
                                      struct err *err)
{
    (void)context, (void)from, (void)request, (void)answer;
    return fail(err, REFUSED, "%s",
                "red \x1B[31m, a bell \a,\nnew line, \xC2\x9B"
                "C1, é");
}

static const struct line_handler party_handlers[] = {
    {"echo", party_echo},           {"who", party_who},
    {"large", party_large},         {"refuse", party_refuse},
    {"end-front", party_end_front}, {"nasty", party_nasty},
    {"sleep", party_sleep}};

static inline void party_live(struct party *party, int listen_fd, int hold)
{
    party_open(party, listen_fd);
    front_add_handlers(party->front, party_handlers,
                       sizeof party_handlers / sizeof party_handlers[0], NULL);
    fcntl(hold, F_SETFL, O_NONBLOCK);
    for (char byte; read(hold, &byte, 1) != 0;)
        if (front_pump(party->front, 50, NULL) != OK)
            break;
    party_close(party);
    _exit(0);
}

/* On the port, 0: any. */
static inline void party_serve(struct party *party, uint16_t port)
{
    char address[32];
    int fd = -1, ends[2];
    struct err err = {0};
    snprintf(address, sizeof address, "127.0.0.1:%u", port);
    if (front_listen(&fd, &party->port, address, &err) != OK || pipe(ends) != 0) {
        printf("%s\n", err.text);
        abort();
    }
    fflush(stdout);
    party->process = fork();
    if (party->process == 0) {
        close(ends[1]);
        party_live(party, fd, ends[0]);
    }
    close(ends[0]);
    close(fd);
    party->hold = ends[1];
}

/* How many files the front of one that answers has open; 0: not to be seen. */
static inline size_t party_descriptors(const struct party *party)
{
    char text[64], command[96];
    size_t count = 0;
    snprintf(command, sizeof command, "ls /proc/%d/fd 2>/dev/null",
             party_front_of(party->process));
    FILE *file = popen(command, "r");
    while (file != NULL && fgets(text, sizeof text, file) != NULL)
        count++;
    if (file != NULL)
        pclose(file);
    return count;
}

static inline void party_end(struct party *party)
{
    int code = 0;
    close(party->hold);
    waitpid(party->process, &code, 0);
    CHECK_SEEN(WIFEXITED(code) && WEXITSTATUS(code) == 0, "%s ended with %d", party->code,
               code);
    peer_list_release(&party->peers);
    party->process = 0;
}

#endif
