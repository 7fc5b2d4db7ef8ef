/* SPDX-License-Identifier: Apache-2.0 */
#include "store/replay.h"

#include "store/version.h"

#include <stdlib.h>

/* A row of `role` (user, roles) or of `member` (case, user). */
struct pair {
    uint64_t a, b;
};
struct pairs {
    struct pair *at;
    size_t count, capacity;
};

struct replay {
    struct store *store;
    struct pairs roles, members;
    struct slot_list acts; /* sequences of acts about people */
};

static struct pair *add_pair(struct pairs *pairs, uint64_t a, uint64_t b)
{
    grow_to((void **)&pairs->at, &pairs->capacity, pairs->count, sizeof *pairs->at);
    pairs->at[pairs->count] = (struct pair){a, b};
    return &pairs->at[pairs->count++];
}

static void take_row(void *context, uint64_t a, uint64_t b)
{
    add_pair(context, a, b);
}

/* As people.c does it: whoever held both loses what somebody else is given. */
static void give_roles(struct replay *replay, uint64_t user, unsigned roles,
                       bool by_somebody)
{
    const unsigned both = 1U << ROLE_ANALYST | 1U << ROLE_ADMINISTRATOR;
    struct pair *own = NULL;
    for (size_t i = 0; i < replay->roles.count; i++) {
        struct pair *row = &replay->roles.at[i];
        if (row->a == user)
            own = row;
        else if (by_somebody && (roles & both) != 0 && (row->b & both) == both)
            row->b &= ~(uint64_t)(roles & both);
    }
    if (own == NULL)
        own = add_pair(&replay->roles, user, 0);
    own->b = roles;
}

static void set_member(struct replay *replay, uint64_t case_number, uint64_t user,
                       bool joins)
{
    struct pairs *members = &replay->members;
    for (size_t i = 0; i < members->count; i++)
        if (members->at[i].a == case_number && members->at[i].b == user)
            members->at[i--] = members->at[--members->count];
    if (joins)
        add_pair(members, case_number, user);
}

static enum status find_act(void *context, uint64_t sequence, struct bytes wire,
                            struct err *err)
{
    struct entry entry;
    struct replay *replay = context;
    enum status status = entry_parse(&entry, wire, err);
    if (status == OK && (entry.verb == VERB_USER_ADD || entry.verb == VERB_USER_ROLE ||
                         entry.verb == VERB_CASE_NEW || entry.verb == VERB_CASE_MEMBER))
        slot_list_add(&replay->acts, sequence);
    return status;
}

static enum status take_entry(void *context, uint64_t sequence, struct bytes wire,
                              struct err *err)
{
    (void)sequence;
    return entry_parse(context, wire, err);
}

static enum status play(struct replay *replay, uint64_t sequence, struct err *err)
{
    struct store *store = replay->store;
    const struct secrets *secrets = &store->secrets;
    struct entry entry = {0};
    struct payload payload = {0};
    uint64_t object = 0, actor = 0, of_case = 0;
    enum status status = database_entries(store->db, sequence, 1, take_entry, &entry, err);
    if (status == OK && entry.verb != VERB_CASE_NEW)
        status = version_payload(&payload, store, sequence, err);
    if (status != OK)
        return status == IO_FAILED ? status : CONFLICT;
    struct cursor cursor = {.rest = payload.body};
    secrets_number(&object, secrets, entry.object);
    switch (entry.verb) {
    case VERB_USER_ADD:
        give_roles(replay, object, cursor_be32(&cursor), !entry_id_is_none(entry.actor));
        break;
    case VERB_USER_ROLE:
        cursor_be32(&cursor); /* before */
        give_roles(replay, object, cursor_be32(&cursor), true);
        break;
    case VERB_CASE_NEW:
        secrets_number(&actor, secrets, entry.actor);
        set_member(replay, object, actor, true);
        break;
    default: /* VERB_CASE_MEMBER */
        secrets_number(&of_case, secrets, entry.case_id);
        set_member(replay, of_case, object, cursor_u8(&cursor) != 0);
        break;
    }
    return OK;
}

static int by_pair(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static bool same(struct pairs *said, struct pairs *stored)
{
    if (said->count > 0)
        qsort(said->at, said->count, sizeof *said->at, by_pair);
    if (stored->count > 0)
        qsort(stored->at, stored->count, sizeof *stored->at, by_pair);
    return said->count == stored->count &&
           (said->count == 0 ||
            memcmp(said->at, stored->at, said->count * sizeof *said->at) == 0);
}

static enum status put_right(struct replay *replay, struct err *err)
{
    struct database *db = replay->store->db;
    enum status status = database_clear_people(db, err);
    for (size_t i = 0; i < replay->roles.count && status == OK; i++)
        status = database_put_roles(db, replay->roles.at[i].a,
                                    (unsigned)replay->roles.at[i].b, err);
    for (size_t i = 0; i < replay->members.count && status == OK; i++)
        status = database_put_member(db, replay->members.at[i].a, replay->members.at[i].b,
                                     true, err);
    replay->store->people_version++;
    return status;
}

enum status replay_people(bool *changed, struct store *store, struct err *err)
{
    struct replay replay = {.store = store};
    struct pairs roles = {0}, members = {0};
    *changed = false;
    enum status status =
        database_entries(store->db, 0, ENTRY_SEQUENCE_MAX, find_act, &replay, err);
    for (size_t i = 0; i < replay.acts.count && status == OK; i++)
        status = play(&replay, replay.acts.items[i], err);
    if (status == OK)
        status = database_roles_all(take_row, &roles, store->db, err);
    if (status == OK)
        status = database_members_all(take_row, &members, store->db, err);
    bool all_same = same(&replay.roles, &roles) && same(&replay.members, &members);
    if (status == OK && !all_same) {
        *changed = true;
        status = put_right(&replay, err);
    }
    slot_list_release(&replay.acts);
    free(replay.roles.at);
    free(replay.members.at);
    free(roles.at);
    free(members.at);
    return status;
}
