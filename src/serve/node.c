/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/node_inside.h"

#include "base/memory.h"
#include "base/world.h"
#include "store/log.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status make_folder(const char *folder, struct err *err)
{
    if (mkdir(folder, S_IRWXU) == 0 || errno == EEXIST)
        return OK;
    return fail(err, errno == ENOENT || errno == ENOTDIR ? NOT_FOUND : REFUSED,
                "%s: this folder cannot be made: %s", folder, strerror(errno));
}

/* Where there is a database or its keys, their vault was there before them: nothing is made in its
 * place. */
static bool has_store(const char *folder)
{
    struct arena arena = {0};
    bool has = access(arena_printf(&arena, "%s/store.db", folder), F_OK) == 0 ||
               access(arena_printf(&arena, "%s/store.keys", folder), F_OK) == 0;
    arena_release(&arena);
    return has;
}

/* Held from before the vault reads what was signed last until everything is closed: two cores would
 * sign two pasts. Of the folder itself, so that no file is made for it. */
static enum status lock_node(int *lock, const char *folder, struct err *err)
{
    *lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0)
        return errno == ENOENT
                   ? fail(err, NOT_FOUND,
                          "%s: there is no node here; `enlace init` makes one", folder)
                   : fail(err, IO_FAILED, "%s: %s", folder, strerror(errno));
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
        return OK;
    return errno == EWOULDBLOCK
               ? fail(err, BUSY,
                      "%s: another program has this node open; when it is done, the same "
                      "command goes (and `enlace serve` lets many in at once)",
                      folder)
               : fail(err, IO_FAILED, "%s: no lock: %s", folder, strerror(errno));
}

static void unlock_node(int lock)
{
    if (lock >= 0)
        close(lock);
}

/* The secret is in this process only while the store takes what it needs of it. *size is how much
 * was signed. */
static enum status start_vault(struct vault **vault, uint8_t secret[STORE_SECRET],
                               uint64_t *size, const struct node_options *options,
                               bool create, struct err *err)
{
    struct vault_last last = {0};
    const struct vault_options vault_options = {.folder = options->folder,
                                                .passphrase_path = options->passphrase_path,
                                                .create = create,
                                                .world = options->world};
    enum status status = vault_open(vault, &vault_options, err);
    if (status == NOT_FOUND && has_store(options->folder))
        return fail(err, CONFLICT,
                    "%s: a node stands here whose vault.key is missing; put it back",
                    options->folder);
    if (status == OK)
        status = vault_last(&last, *vault, err);
    *size = last.head.size;
    return status == OK ? vault_secret(secret, *vault, err) : status;
}

enum status node_create(const struct node_options *options,
                        const struct store_settings *settings, const char *first_user,
                        struct err *err)
{
    struct vault *vault = NULL;
    uint8_t secret[STORE_SECRET] = {0};
    struct store_options store_options = {
        .folder = options->folder, .secret = secret, .world = options->world};
    int lock = -1;
    enum status status = make_folder(options->folder, err);
    if (status == OK)
        status = lock_node(&lock, options->folder, err);
    if (status == OK)
        status = start_vault(&vault, secret, &store_options.signed_size, options,
                             !has_store(options->folder), err);
    if (status == OK)
        status = store_create(&store_options, settings, first_user, err);
    sodium_memzero(secret, sizeof secret);
    vault_close(vault);
    unlock_node(lock);
    return status;
}

/* The root and the proof are made from what is on the disk, not from what the store remembers. */
enum status node_sign(struct node *node, struct err *err)
{
    struct vault_last last;
    struct tree_head head;
    struct proof_tree tree;
    struct proof proof = {0};
    enum status status = vault_last(&last, node->vault, err);
    node->signed_s = world_now_s(node->world);
    if (status == OK)
        status = log_check_tiles(node->store, last.head.size, err);
    if (status == OK)
        status = log_head(&head, node->store, err);
    if (status != OK)
        return status;
    if (head.size == last.head.size && memcmp(head.root, last.head.root, MERKLE_HASH) == 0)
        return OK;
    log_tree(&tree, node->store);
    if (last.head.size > 0 && last.head.size <= head.size)
        status = proof_of_consistency(&proof, &tree, last.head.size, err);
    return status == OK ? vault_sign(node->vault, &head, &proof, err) : status;
}

/* A clock that was put back makes it due, too. */
enum status node_sign_due(struct node *node, struct err *err)
{
    int64_t past_s = world_now_s(node->world) - node->signed_s;
    return past_s >= 0 && past_s < NODE_SIGN_S ? OK : node_sign(node, err);
}

enum status node_open(struct node **out, const struct node_options *options,
                      struct err *err)
{
    struct node *node = xcalloc(1, sizeof *node);
    node->world = options->world;
    uint8_t secret[STORE_SECRET] = {0};
    struct store_options store_options = {
        .folder = options->folder, .secret = secret, .world = options->world};
    enum status status = lock_node(&node->lock, options->folder, err);
    if (status == OK)
        status = start_vault(&node->vault, secret, &store_options.signed_size, options,
                             false, err);
    if (status == OK)
        status = store_open(&node->store, &store_options, err);
    sodium_memzero(secret, sizeof secret);
    if (status == OK) {
        status = node_sign(node, err);
        if (status == REFUSED)
            status = CONFLICT;
    }
    if (status != OK) {
        store_close(node->store);
        vault_close(node->vault);
        unlock_node(node->lock);
        free(node);
        return status;
    }
    *out = node;
    return OK;
}

enum status node_close(struct node *node, struct err *err)
{
    if (node == NULL)
        return OK;
    node_run_jobs(node);
    front_close(node->front);
    peer_list_release(&node->peers);
    enum status status = node_sign(node, err);
    store_close(node->store);
    vault_close(node->vault);
    unlock_node(node->lock);
    free(node);
    return status;
}

struct store *node_store(struct node *node)
{
    return node->store;
}

struct vault *node_vault(struct node *node)
{
    return node->vault;
}

enum status node_signed(struct vault_last *last, struct node *node, struct err *err)
{
    return vault_last(last, node->vault, err);
}
