/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/vault_client.h"
#include "serve/vault_line.h"

#include "base/frame.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct vault {
    int line;
    pid_t process;
    struct buf answer;
    bool publishing;
    bool owed; /* vault_tell was called, and its answer has not been read */
    enum status
        late; /* what such an answer said, when it was not OK, and nobody has heard it */
    struct err late_why;
};

/* The next answer; body borrowed from vault->answer. */
static enum status take_answer(struct bytes *body, struct vault *vault, struct err *err)
{
    struct frame frame;
    if (frame_read(&frame, &vault->answer, vault->line, VAULT_FOR_EVER, NULL) != OK)
        return fail(err, IO_FAILED,
                    "the vault, which holds the keys of this node, has ended");
    if (frame.kind == VAULT_DONE) {
        *body = frame.body;
        return OK;
    }
    if (frame.kind != VAULT_FAILED || frame.body.len < 1 || frame.body.at[0] == OK ||
        frame.body.at[0] > IO_FAILED)
        return fail(err, IO_FAILED, "the vault does not make sense");
    return fail(err, (enum status)frame.body.at[0], "%.*s", (int)frame.body.len - 1,
                (const char *)frame.body.at + 1);
}

static void settle(struct vault *vault)
{
    struct bytes none;
    struct err why = {0};
    if (!vault->owed)
        return;
    vault->owed = false;
    enum status status = take_answer(&none, vault, &why);
    if (status != OK && vault->late == OK) {
        vault->late = status;
        vault->late_why = why;
    }
}

enum status vault_hear(struct vault *vault, struct err *err)
{
    settle(vault);
    enum status status = vault->late;
    vault->late = OK;
    return status == OK ? OK : fail(err, status, "%s", vault->late_why.text);
}

enum status vault_tell(struct vault *vault, enum vault_kind kind, struct bytes what,
                       struct err *err)
{
    enum status status = vault_hear(vault, err);
    if (status != OK)
        return status;
    if (frame_write(vault->line, (uint8_t)kind, what, VAULT_FOR_EVER, NULL) != OK)
        return fail(err, IO_FAILED,
                    "the vault, which holds the keys of this node, has ended");
    vault->owed = true;
    return OK;
}

bool vault_is_busy(const struct vault *vault, int wait_ms)
{
    struct pollfd line = {.fd = vault->line, .events = POLLIN};
    return vault->owed && poll(&line, 1, wait_ms) == 0;
}

enum status vault_ask(struct bytes *body, struct vault *vault, enum vault_kind kind,
                      struct bytes question, struct err *err)
{
    settle(vault);
    if (frame_write(vault->line, (uint8_t)kind, question, VAULT_FOR_EVER, NULL) != OK)
        return fail(err, IO_FAILED,
                    "the vault, which holds the keys of this node, has ended");
    return take_answer(body, vault, err);
}

enum status vault_open(struct vault **out, const struct vault_options *options,
                       struct err *err)
{
    int ends[2];
    struct bytes none;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fail(err, IO_FAILED, "no line to the vault: %s", strerror(errno));
    fflush(stdout);
    fflush(stderr);
    pid_t process = fork();
    if (process == 0) {
        close(ends[0]);
        _exit(vault_process(ends[1], options));
    }
    int fault = errno;
    close(ends[1]);
    if (process < 0) {
        close(ends[0]);
        return fail(err, IO_FAILED, "no process for the vault: %s", strerror(fault));
    }
    struct vault *vault = xcalloc(1, sizeof *vault);
    vault->line = ends[0];
    vault->process = process;
    vault->answer.max = VAULT_BODY_MAX;
    enum status status = take_answer(&none, vault, err);
    if (status != OK) {
        vault_close(vault);
        return status;
    }
    *out = vault;
    return OK;
}

void vault_close(struct vault *vault)
{
    if (vault == NULL)
        return;
    close(vault->line);
    while (waitpid(vault->process, NULL, 0) < 0 && errno == EINTR)
        continue;
    if (vault->answer.at != NULL)
        sodium_memzero(vault->answer.at, vault->answer.capacity);
    buf_release(&vault->answer);
    free(vault);
}

void vault_set_publishing(struct vault *vault, bool publishing)
{
    vault->publishing = publishing;
}

bool vault_is_publishing(const struct vault *vault)
{
    return vault->publishing;
}

enum status vault_secret(uint8_t secret[VAULT_SECRET], struct vault *vault, struct err *err)
{
    struct bytes body;
    enum status status = vault_ask(&body, vault, VAULT_WANT_SECRET, (struct bytes){0}, err);
    if (status == OK && body.len != VAULT_SECRET)
        status = fail(err, IO_FAILED, "the vault does not make sense");
    if (status == OK)
        memcpy(secret, body.at, VAULT_SECRET);
    if (vault->answer.at != NULL)
        sodium_memzero(vault->answer.at, vault->answer.capacity);
    return status;
}

enum status vault_last(struct vault_last *last, struct vault *vault, struct err *err)
{
    struct bytes body;
    enum status status = vault_ask(&body, vault, VAULT_WANT_LAST, (struct bytes){0}, err);
    if (status != OK)
        return status;
    struct cursor cursor = {.rest = body};
    last->head.size = cursor_be64(&cursor);
    cursor_copy(last->head.root, &cursor, MERKLE_HASH);
    cursor_copy(last->public_key, &cursor, CHECKPOINT_PUBLIC);
    if (cursor.failed || cursor.rest.len > 0)
        return fail(err, IO_FAILED, "the vault does not make sense");
    return OK;
}

enum status vault_sign(struct vault *vault, const struct tree_head *head,
                       const struct proof *proof, struct err *err)
{
    struct buf question = {.max = VAULT_BODY_MAX};
    struct bytes checkpoint;
    buf_add_be64(&question, head->size);
    buf_add(&question, bytes_of(head->root, MERKLE_HASH));
    buf_add(&question, bytes_of(proof->hashes, proof->count * MERKLE_HASH));
    enum status status =
        vault_ask(&checkpoint, vault, VAULT_WANT_SIGNED, buf_bytes(&question), err);
    buf_release(&question);
    return status;
}
