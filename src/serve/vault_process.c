/* SPDX-License-Identifier: Apache-2.0
 *
 * The vault's own side: a process that reads nothing but its own files and one socket.
 *
 *     STARTING --vault_process: key read, last checkpoint read and its signature good--> HOLDING
 *         \-- tells why, ends
 *     HOLDING  --give_secret--> SIGNING
 *     HOLDING, SIGNING --sign: the root does not continue the last, or could not be kept--> STOPPED
 *     any      --the core's end of the line is closed--> wiped, gone
 *
 *     STARTING  no key in memory
 *     HOLDING   both secrets in guarded memory, never swapped, in no core dump
 *     SIGNING   the store's secret is wiped: the core has it; the signing key is left, and what
 *               comparing with other nodes needs (vault_match.c)
 *     STOPPED   signs and answers nothing more: somebody has to look at this node
 *
 * In HOLDING and SIGNING `last` is what stands in the file `checkpoint`, which a new node begins with
 * size 0. A checkpoint is on the disk before it is told, so that no crash makes the vault forget what
 * it signed. Who can write to the folder can put an older copy of all its files there; against that
 * stand the peers, who keep what they were shown.
 */
#include "base/text.h"
#include "serve/vault_line.h"
#include "serve/vault_match.h"
#include "serve/vault_peers.h"

#include "base/file.h"
#include "base/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum state { STARTING, HOLDING, SIGNING, STOPPED };

/* Lives in guarded memory. */
struct keys {
    struct vault_key file;
    struct checkpoint_signer signer;
    struct identity identity;          /* the same key, for what is said to partners */
    uint8_t matching[VAULT_MATCH_KEY]; /* seals what vault_match.c keeps */
    char passphrase[PASSPHRASE_MAX];
};

struct holder {
    enum state state;
    int line;
    struct keys *keys;
    struct tree_head last;
    const struct world *world;
    struct arena memory; /* paths */
    const char *key_path, *checkpoint_path;
    struct vault_match *match;
};

/* ---- Starting ---- */

/* A process for secrets: no core dump, no debugger but root's, no file of the core's left open, deaf
 * to the Ctrl-C that is meant for the core. */
static void withdraw(int *line)
{
    enum { LINE = 3 };
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_NAME, "enlace-vault"); /* in ps, and for the tests */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN); /* the core ends us, when it has had the log signed */
    signal(SIGPIPE, SIG_IGN);
    int nothing = open("/dev/null", O_RDWR);
    if (nothing >= 0) {
        dup2(nothing, STDIN_FILENO);
        dup2(nothing, STDOUT_FILENO);
    }
    if (*line != LINE && dup2(*line, LINE) == LINE)
        *line = LINE;
    if (*line == LINE)
        close_range(LINE + 1, ~0U, 0);
}

static void take_keys(struct keys *keys)
{
    static const char label[] = "enlace vault matching";
    crypto_sign_seed_keypair(keys->signer.public_key, keys->signer.secret_key,
                             keys->file.seed);
    memcpy(keys->identity.public_key, keys->signer.public_key, IDENTITY_KEY);
    memcpy(keys->identity.secret_key, keys->signer.secret_key, IDENTITY_SECRET);
    crypto_generichash(keys->matching, VAULT_MATCH_KEY, (const uint8_t *)label,
                       sizeof label - 1, keys->file.seed, VAULT_SEED);
}

static enum status read_key(struct holder *holder, const struct vault_options *options,
                            struct err *err)
{
    struct keys *keys = holder->keys;
    const char *passphrase = NULL;
    enum status status = OK;
    if (options->passphrase_path != NULL) {
        status = passphrase_read(keys->passphrase, options->passphrase_path, err);
        passphrase = keys->passphrase;
    }
    if (status == OK && options->create && access(holder->key_path, F_OK) != 0)
        status = vault_key_create(&keys->file, holder->key_path, passphrase, options->world,
                                  err);
    else if (status == OK)
        status = vault_key_read(&keys->file, holder->key_path, passphrase, err);
    sodium_memzero(keys->passphrase, sizeof keys->passphrase);
    if (status == OK)
        take_keys(keys);
    return status;
}

/* Writes it, and only then takes it for signed; the text is in out. */
static enum status keep(struct buf *out, struct holder *holder,
                        const struct tree_head *head, struct err *err)
{
    checkpoint_write(out, head, &holder->keys->signer);
    enum status status =
        file_write(holder->checkpoint_path, buf_bytes(out), FILE_PUBLIC, err);
    if (status == OK)
        holder->last = *head;
    return status;
}

/* The head of a log without entries: that there is a node, and nothing more. */
static enum status keep_first(struct holder *holder, struct err *err)
{
    const struct merkle nothing = {0};
    struct tree_head head = {0};
    struct buf text = {.max = CHECKPOINT_TEXT_MAX};
    merkle_root(head.root, &nothing);
    enum status status = keep(&text, holder, &head, err);
    buf_release(&text);
    return status;
}

static enum status read_last(struct holder *holder, bool create, struct err *err)
{
    struct arena arena = {0};
    struct bytes text;
    enum status status =
        file_read(&text, holder->checkpoint_path, CHECKPOINT_TEXT_MAX, &arena, err);
    if (status == OK) {
        status = checkpoint_read(&holder->last, text, holder->keys->signer.public_key, err);
        if (status != OK)
            err_prefix(err, "%s: ", holder->checkpoint_path);
    } else if (status == NOT_FOUND && create) {
        status = keep_first(holder, err);
    } else if (status == NOT_FOUND) {
        status = fail(err, CONFLICT,
                      "%s is missing, which says what this node signed last; put it back",
                      holder->checkpoint_path);
    }
    arena_release(&arena);
    return status;
}

static enum status start(struct holder *holder, const struct vault_options *options,
                         struct err *err)
{
    holder->key_path = arena_printf(&holder->memory, "%s/vault.key", options->folder);
    holder->checkpoint_path =
        arena_printf(&holder->memory, "%s/checkpoint", options->folder);
    holder->world = options->world;
    file_sweep(options->folder,
               "vault.key"); /* whoever started us has the node to itself */
    file_sweep(options->folder, "checkpoint");
    holder->keys = sodium_malloc(sizeof *holder->keys);
    if (holder->keys == NULL)
        return fail(err, IO_FAILED, "no guarded memory for the keys: %s", strerror(errno));
    enum status status = read_key(holder, options, err);
    if (status == OK)
        status = read_last(holder, options->create, err);
    if (status == OK) {
        const struct vault_match_options matching = {
            options->folder, holder->keys->matching, &holder->keys->identity,
            options->world};
        holder->match = vault_match_open(&matching);
        holder->state = HOLDING;
    }
    return status;
}

/* ---- Answering ---- */

static enum status give_secret(struct buf *answer, struct holder *holder, struct err *err)
{
    if (holder->state != HOLDING)
        return fail(err, REFUSED, "the vault gives the secret of the store once");
    buf_add(answer, bytes_of(holder->keys->file.secret, VAULT_SECRET));
    sodium_memzero(&holder->keys->file, sizeof holder->keys->file);
    holder->state = SIGNING;
    return OK;
}

static enum status give_last(struct buf *answer, const struct holder *holder)
{
    buf_add_be64(answer, holder->last.size);
    buf_add(answer, bytes_of(holder->last.root, MERKLE_HASH));
    buf_add(answer, bytes_of(holder->keys->signer.public_key, CHECKPOINT_PUBLIC));
    return OK;
}

/* The log must begin with all that was signed. */
static enum status check_continues(const struct tree_head *last,
                                   const struct tree_head *head, const struct proof *proof,
                                   struct err *err)
{
    if (last->size == 0)
        return OK;
    if (head->size < last->size)
        return fail(err, REFUSED,
                    "the log of this node has %llu %s, and %llu %s signed already: an "
                    "older copy was put in its place",
                    (unsigned long long)head->size, plural(head->size, "entry", "entries"),
                    (unsigned long long)last->size, plural(last->size, "was", "were"));
    if (proof_check_consistency(proof, last, head, NULL) != OK)
        return fail(
            err, REFUSED,
            "the log of this node does not continue what was signed: the first %llu "
            "entries are not those they were",
            (unsigned long long)last->size);
    return OK;
}

static enum status read_question(struct tree_head *head, struct proof *proof,
                                 struct bytes body, struct err *err)
{
    struct cursor cursor = {.rest = body};
    enum status status = OK;
    head->size = cursor_be64(&cursor);
    cursor_copy(head->root, &cursor, MERKLE_HASH);
    while (status == OK && cursor.rest.len > 0 && !cursor.failed) {
        struct bytes hash = cursor_take(&cursor, MERKLE_HASH);
        if (!cursor.failed)
            status = proof_add(proof, hash.at, err);
    }
    if (status == OK && (cursor.failed || head->size == 0 || head->size > PROOF_SIZE_MAX))
        status = fail(err, BAD_INPUT, "this is nothing that can be signed");
    return status;
}

static enum status sign(struct buf *answer, struct holder *holder, struct bytes body,
                        struct err *err)
{
    struct tree_head head;
    struct proof proof = {0};
    if (holder->state == STOPPED)
        return fail(err, REFUSED, "the vault has stopped and signs nothing more");
    enum status status = read_question(&head, &proof, body, err);
    if (status == OK)
        status = check_continues(&holder->last, &head, &proof, err);
    if (status == OK)
        status = keep(answer, holder, &head, err);
    if (status != OK)
        holder->state = STOPPED;
    return status;
}

static enum status answer_one(struct buf *answer, struct holder *holder,
                              const struct frame *question, struct err *err)
{
    switch (question->kind) {
    case VAULT_WANT_SECRET:
        return give_secret(answer, holder, err);
    case VAULT_WANT_LAST:
        return give_last(answer, holder);
    case VAULT_WANT_SIGNED:
        return sign(answer, holder, question->body, err);
    case VAULT_WANT_CERTIFICATE:
        return vault_give_certificate(answer, &holder->keys->signer, question->body,
                                      holder->world, err);
    case VAULT_WANT_INVITATION:
        return vault_give_signature(answer, &holder->keys->signer, question->body, err);
    default:
        if (holder->state == STOPPED)
            return fail(err, REFUSED, "the vault has stopped and answers nothing more");
        return vault_match_answer(answer, holder->match, (enum vault_kind)question->kind,
                                  question->body, err);
    }
}

static enum status tell(struct holder *holder, enum status status, struct buf *answer,
                        const struct err *why)
{
    if (status != OK) {
        buf_clear(answer);
        buf_add_byte(answer, (uint8_t)status);
        buf_add_text(answer, why->text);
    }
    return frame_write(holder->line, status == OK ? VAULT_DONE : VAULT_FAILED,
                       buf_bytes(answer), VAULT_FOR_EVER, NULL);
}

int vault_process(int line, const struct vault_options *options)
{
    struct holder holder = {.state = STARTING};
    struct buf question = {.max = VAULT_BODY_MAX}, answer = {.max = VAULT_BODY_MAX};
    struct err why = {0};
    withdraw(&line);
    holder.line = line;
    enum status status = start(&holder, options, &why);
    enum status line_status = tell(&holder, status, &answer, &why);
    while (status == OK && line_status == OK) {
        struct frame frame;
        line_status = frame_read(&frame, &question, line, VAULT_FOR_EVER, NULL);
        if (line_status != OK)
            break;
        buf_clear(&answer);
        line_status =
            tell(&holder, answer_one(&answer, &holder, &frame, &why), &answer, &why);
        sodium_memzero(answer.at, answer.capacity);
    }
    vault_match_close(holder.match);
    sodium_free(holder.keys);
    buf_release(&question);
    buf_release(&answer);
    arena_release(&holder.memory);
    return status == OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
