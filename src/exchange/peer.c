/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/peer.h"

#include "base/text.h"
#include "store/peers.h"

#include <inttypes.h>
#include <stdlib.h>

static const char IN_FORCE[] = "in force", REMOVED[] = "removed", CASE[] = "case",
                  AT_ONCE[] = "at-once";

/* ---- Agreements ---- */

const struct peer_agreement *peer_agreement(const struct peer *peer, enum key_class class)
{
    for (size_t i = 0; i < peer->agreement_count && !peer->removed; i++)
        if (peer->agreements[i].class == class)
            return &peer->agreements[i];
    return NULL;
}

void peer_agree(struct peer *peer, const struct peer_agreement *agreement)
{
    size_t at = 0, count = peer->agreement_count;
    struct peer_agreement *items = peer->agreements;
    while (at < count && items[at].class < agreement->class)
        at++;
    bool there = at < count && items[at].class == agreement->class;
    if (agreement->quota == 0) {
        if (there)
            memmove(&items[at], &items[at + 1], (count - at - 1) * sizeof *items);
        peer->agreement_count -= there;
        return;
    }
    if (!there) {
        memmove(&items[at + 1], &items[at], (count - at) * sizeof *items);
        peer->agreement_count++;
    }
    items[at] = *agreement;
}

uint32_t peer_usual_quota(enum key_class class)
{
    return key_class_row(class)->strength == KEY_WEAK ? QUOTA_CLOSED : QUOTA_STRONG;
}

static bool read_quota(uint32_t *out, struct bytes text)
{
    uint64_t number;
    if (!text_u64(&number, text) || number == 0 || number > QUOTA_MAX)
        return false;
    *out = (uint32_t)number;
    return true;
}

bool peer_agreement_read(struct peer_agreement *out, struct bytes text)
{
    struct bytes rest = text, class, circle, quota, word = {0}, number;
    if (!text_next_part(&class, &rest, ' ') || !text_next_part(&circle, &rest, ' ') ||
        !text_next_part(&quota, &rest, ' ') ||
        key_class_find(&out->class, class, NULL) != OK ||
        circle_parse(&out->circle, circle, NULL) != OK || !read_quota(&out->quota, quota))
        return false;
    out->case_quota = 0;
    out->at_once = false;
    bool more = text_next_part(&word, &rest, ' ');
    if (more && bytes_is(word, CASE)) {
        if (!text_next_part(&number, &rest, ' ') || !read_quota(&out->case_quota, number))
            return false;
        more = text_next_part(&word, &rest, ' ');
    }
    if (more && bytes_is(word, AT_ONCE)) {
        out->at_once = true;
        more = text_next_part(&word, &rest, ' ');
    }
    return !more;
}

/* ---- The record ---- */

static enum status put(struct record *record, const char *name, const char *value,
                       struct err *err)
{
    const struct property *property = schema_property(record->schema, bytes_text(name));
    return record_add(record, property, property->name, bytes_text(value), NULL, err);
}

enum status peer_record(struct record *record, const struct peer *peer, struct arena *arena,
                        struct err *err)
{
    char key[2 * NODE_KEY + 1];
    hex_write(key, bytes_of(peer->key, NODE_KEY));
    record_init(record, schema_find(BYTES_OF("Peer")), arena);
    record->id = arena_text(arena, bytes_text(peer->code));
    const char *const values[][2] = {
        {"name", peer->name},
        {"code", peer->code},
        {"nodeKey", key},
        {"nodeAddress", peer->url},
        {"state", peer->removed ? REMOVED : IN_FORCE},
        {"confirmed", peer->confirmed ? "yes" : "no"},
        {"invited", arena_printf(arena, "%" PRId64, peer->invited_s)},
    };
    enum status status = OK;
    for (size_t i = 0; i < sizeof values / sizeof values[0] && status == OK; i++)
        status = put(record, values[i][0], values[i][1], err);
    for (size_t i = 0; i < peer->agreement_count && status == OK; i++) {
        const struct peer_agreement *one = &peer->agreements[i];
        const char *cap = one->case_quota > 0
                              ? arena_printf(arena, " %s %" PRIu32, CASE, one->case_quota)
                              : "";
        status =
            put(record, "agreement",
                arena_printf(arena, "%s %s %" PRIu32 "%s%s%s",
                             key_class_row(one->class)->name, one->circle.name, one->quota,
                             cap, one->at_once ? " " : "", one->at_once ? AT_ONCE : ""),
                err);
    }
    return status == OK ? record_finish(record, NULL, err) : status;
}

/* What was given, not what a value type makes of it. */
static struct bytes raw_of(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->values[i].name, name) == 0)
            return record->values[i].raw;
    return (struct bytes){0};
}

static bool copy_of(char *out, size_t max, const struct record *record, const char *name)
{
    struct bytes value = raw_of(record, name);
    if (value.len == 0 || value.len > max)
        return false;
    memcpy(out, value.at, value.len);
    out[value.len] = '\0';
    return true;
}

static bool read_agreements(struct peer *peer, const struct record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        struct peer_agreement one;
        if (strcmp(record->values[i].name, "agreement") != 0)
            continue;
        if (!peer_agreement_read(&one, record->values[i].raw))
            return false;
        peer_agree(peer, &one);
    }
    return true;
}

enum status peer_read(struct peer *peer, const struct shown *shown, struct err *err)
{
    const struct record *record = &shown->record;
    uint64_t invited;
    *peer = (struct peer){.version = shown->version};
    memcpy(peer->id, shown->id, ENTRY_ID);
    bool good = copy_of(peer->code, NODE_CODE_MAX, record, "code") &&
                copy_of(peer->name, NODE_NAME_MAX, record, "name") &&
                copy_of(peer->url, NODE_URL_MAX, record, "nodeAddress") &&
                hex_read(peer->key, NODE_KEY, raw_of(record, "nodeKey")) &&
                text_u64(&invited, raw_of(record, "invited")) && invited < INT64_MAX &&
                read_agreements(peer, record);
    if (!good)
        return fail(err, BAD_INPUT, "a record of a peer does not make sense");
    peer->invited_s = (int64_t)invited;
    peer->removed = !bytes_is(raw_of(record, "state"), IN_FORCE);
    peer->confirmed = bytes_is(raw_of(record, "confirmed"), "yes");
    return OK;
}

/* ---- The list ---- */

void peer_list_release(struct peer_list *list)
{
    free(list->items);
    *list = (struct peer_list){0};
}

static enum status add_peer(void *context, const struct shown *shown, struct err *err)
{
    struct peer_list *list = context;
    grow_to((void **)&list->items, &list->capacity, list->count, sizeof *list->items);
    enum status status = peer_read(&list->items[list->count], shown, err);
    list->count += status == OK;
    return status;
}

enum status peer_list_load(struct peer_list *list, struct store *store, struct err *err)
{
    struct arena arena = {0};
    list->count = 0;
    enum status status = store_peers(store, &arena, add_peer, list, err);
    arena_release(&arena);
    return status;
}

const struct peer *peer_by_key(const struct peer_list *list, const uint8_t key[NODE_KEY])
{
    for (size_t i = 0; i < list->count; i++)
        if (memcmp(list->items[i].key, key, NODE_KEY) == 0)
            return &list->items[i];
    return NULL;
}

const struct peer *peer_by_code(const struct peer_list *list, const char *code)
{
    for (size_t i = 0; i < list->count; i++)
        if (text_same(bytes_text(list->items[i].code), code))
            return &list->items[i];
    return NULL;
}
