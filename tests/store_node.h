/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/store_node.h: a node for a test, and acts in one line.
 *
 * Everybody and everything in it is fictional.
 */
#ifndef TESTS_STORE_NODE_H
#define TESTS_STORE_NODE_H

#include "base/memory.h"
#include "check.h"
#include "store/act.h"

static const uint8_t node_secret[STORE_SECRET] = "a secret for tests, of no use";

static inline struct store_options node_options(const char *folder, const struct disk *disk)
{
    return (struct store_options){.folder = folder, .secret = node_secret, .disk = disk};
}

static inline enum status node_create(const struct store_options *options, struct err *err)
{
    const struct store_settings settings = {
        .agency = "XA", .name = "Test", .country = "xa", .language = "en", .fiction = true};
    return store_create(options, &settings, "ana", err);
}

/* A finished record from "property", "value" pairs ended by NULL. */
static inline struct record node_record(struct arena *arena, const char *schema,
                                        const char *id, const char *const *pairs)
{
    struct record record;
    struct err err = {0};
    const struct schema *row = schema_find(bytes_text(schema));
    record_init(&record, row, arena);
    record.id = arena_text(arena, bytes_text(id));
    for (; pairs[0] != NULL; pairs += 2) {
        const struct property *property = schema_property(row, bytes_text(pairs[0]));
        if (property == NULL || record_add(&record, property, property->name,
                                           bytes_text(pairs[1]), NULL, &err) != OK)
            abort();
    }
    if (record_finish(&record, "xa", &err) != OK)
        abort();
    return record;
}
#define RECORD(arena, schema, id, ...)                                                     \
    node_record((arena), (schema), (id), (const char *const[]){__VA_ARGS__, NULL})

/* An act of the user in the role (of nobody, when there is no such user); the caller fills
 * in the rest. */
static inline struct act node_act(struct store *store, const char *login, enum role role,
                                  enum verb verb)
{
    struct act act = {.role = role, .verb = verb};
    unsigned roles;
    if (store_find_user(act.who, &roles, store, login, NULL) != OK)
        memset(act.who, 0, ENTRY_ID);
    return act;
}

/* Does it alone and gives what came of it; *id gets the object when it is asked for. */
static inline enum status node_do(uint8_t *id, struct store *store, const struct act *act,
                                  struct err *err)
{
    struct receipt *receipt = NULL;
    enum status status = act_perform(&receipt, store, act, err);
    if (status == OK && id != NULL)
        receipt_object(id, receipt);
    receipt_close(receipt);
    return status;
}

#endif
