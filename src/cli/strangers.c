/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/strangers.h"

#include "store/note.h"

#include <stdio.h>
#include <string.h>

/* All-zero: free. */
struct stranger {
    uid_t uid;
    bool used;
    int64_t written_s; /* when its last entry was */
    uint64_t tries;    /* since then */
    char account[2 * STRANGER_NAME_MAX];
};

/* The last one stands for all that found no place. */
static struct stranger strangers[STRANGERS_MAX + 1];

static int64_t now_s(const struct world *world)
{
    return world->monotonic_ns(world->context) / 1000000000;
}

static bool may_write(const struct stranger *stranger, int64_t now)
{
    return !stranger->used || now - stranger->written_s >= STRANGER_WAIT_S;
}

/* Its own place, else one whose time is over, else the common one. */
static struct stranger *place_of(uid_t uid, int64_t now)
{
    struct stranger *unused = &strangers[STRANGERS_MAX];
    for (size_t i = STRANGERS_MAX; i-- > 0;) {
        struct stranger *stranger = &strangers[i];
        if (stranger->used && stranger->uid == uid)
            return stranger;
        if (stranger->tries == 0 && may_write(stranger, now))
            unused = stranger;
    }
    return unused;
}

static enum status write(struct stranger *stranger, struct store *store, int64_t now,
                         struct err *err)
{
    enum status status =
        store_note_stranger(store, stranger->account, stranger->tries, err);
    if (status == OK)
        status = store_commit(store, err);
    stranger->written_s = now;
    stranger->tries = 0;
    return status;
}

enum status strangers_refused(struct store *store, const struct world *world, uid_t uid,
                              const char *name, struct err *err)
{
    int64_t now = now_s(world);
    struct stranger *stranger = place_of(uid, now);
    bool due = may_write(stranger, now);
    if (stranger == &strangers[STRANGERS_MAX])
        snprintf(stranger->account, sizeof stranger->account, "several accounts");
    else
        snprintf(stranger->account, sizeof stranger->account, "%.*s (number %lu)",
                 STRANGER_NAME_MAX, name, (unsigned long)uid);
    stranger->uid = uid;
    stranger->used = true;
    stranger->tries++;
    return due ? write(stranger, store, now, err) : OK;
}

enum status strangers_write(struct store *store, const struct world *world, bool all,
                            struct err *err)
{
    int64_t now = now_s(world);
    enum status status = OK;
    for (size_t i = 0; i <= STRANGERS_MAX && status == OK; i++)
        if (strangers[i].tries > 0 && (all || may_write(&strangers[i], now)))
            status = write(&strangers[i], store, now, err);
    return status;
}
