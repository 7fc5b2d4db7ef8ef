/* SPDX-License-Identifier: Apache-2.0
 *
 *     version 1 (= 1) | seed 32 | items 4 x (class 1 | length 2, value) | peers 2 x (
 *         length 1, code | key 32 | classes 4 | length 2, announcement | asks 4 x (length 4, ask))
 */
#include "serve/matching_inside.h"

#include "match/audit.h"

enum { VERSION = 1 };

enum status asking_write(struct buf *out, const struct asking *asking, struct err *err)
{
    buf_add_byte(out, VERSION);
    buf_add(out, bytes_of(asking->seed, CASE_SEED));
    buf_add_be32(out, (uint32_t)asking->item_count);
    for (size_t i = 0; i < asking->item_count; i++) {
        buf_add_byte(out, (uint8_t)asking->items[i].class);
        buf_add_be16(out, (uint16_t)asking->items[i].value.len);
        buf_add(out, asking->items[i].value);
    }
    buf_add_be16(out, (uint16_t)asking->peer_count);
    for (size_t i = 0; i < asking->peer_count; i++) {
        const struct asked_peer *peer = &asking->peers[i];
        buf_add_byte(out, (uint8_t)peer->code.len);
        buf_add(out, peer->code);
        buf_add(out, bytes_of(peer->key, IDENTITY_KEY));
        buf_add_be32(out, peer->classes);
        buf_add_be16(out, (uint16_t)peer->epoch_wire.len);
        buf_add(out, peer->epoch_wire);
        buf_add_be32(out, (uint32_t)peer->ask_count);
        for (size_t a = 0; a < peer->ask_count; a++) {
            buf_add_be32(out, (uint32_t)peer->asks[a].len);
            buf_add(out, peer->asks[a]);
        }
    }
    return out->overflowed ? fail(err, TOO_LARGE,
                                  "too much to ask at once: more than %zu bytes would have "
                                  "to be kept; ask for fewer records, or fewer peers",
                                  out->max)
                           : OK;
}

static void read_items(struct asking *asking, struct cursor *cursor, struct arena *arena)
{
    size_t count = cursor_be32(cursor);
    if (cursor->failed || count > cursor->rest.len / 3) {
        cursor->failed = true;
        return;
    }
    struct match_item *items = arena_zalloc(arena, count + 1, sizeof *items);
    for (size_t i = 0; i < count && !cursor->failed; i++) {
        uint8_t class = cursor_u8(cursor);
        items[i].value = cursor_take(cursor, cursor_be16(cursor));
        items[i].class = (enum key_class) class;
        if (class >= KEY_CLASSES || items[i].value.len == 0 ||
            items[i].value.len > KEY_VALUE_MAX)
            cursor->failed = true;
    }
    asking->items = items;
    asking->item_count = count;
}

static void read_peer(struct asked_peer *peer, struct cursor *cursor, struct arena *arena)
{
    peer->code = cursor_take(cursor, cursor_u8(cursor));
    cursor_copy(peer->key, cursor, IDENTITY_KEY);
    peer->classes = cursor_be32(cursor);
    peer->epoch_wire = cursor_take(cursor, cursor_be16(cursor));
    size_t count = cursor_be32(cursor);
    if (cursor->failed || count > AUDIT_ASKS_MAX) {
        cursor->failed = true;
        return;
    }
    struct bytes *asks = arena_zalloc(arena, count + 1, sizeof *asks);
    for (size_t i = 0; i < count && !cursor->failed; i++)
        asks[i] = cursor_take(cursor, cursor_be32(cursor));
    peer->asks = asks;
    peer->ask_count = count;
}

enum status asking_read(struct asking *asking, struct bytes note, struct arena *arena,
                        struct err *err)
{
    struct cursor cursor = {note, false};
    *asking = (struct asking){.items = NULL};
    if (cursor_u8(&cursor) != VERSION)
        return fail(err, BAD_INPUT, "what was asked is kept in an unknown form");
    cursor_copy(asking->seed, &cursor, CASE_SEED);
    read_items(asking, &cursor, arena);
    size_t count = cursor_be16(&cursor);
    cursor.failed |= count > PARTNERS_MAX;
    if (!cursor.failed) {
        struct asked_peer *peers = arena_zalloc(arena, count + 1, sizeof *peers);
        for (size_t i = 0; i < count && !cursor.failed; i++)
            read_peer(&peers[i], &cursor, arena);
        asking->peers = peers;
        asking->peer_count = count;
    }
    if (cursor.failed || cursor.rest.len != 0)
        return fail(err, BAD_INPUT, "what was asked is kept in a malformed form");
    return OK;
}
