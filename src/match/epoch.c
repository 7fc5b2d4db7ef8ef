/* SPDX-License-Identifier: Apache-2.0 */
#include "match/epoch.h"

#include <assert.h>
#include <sodium.h>
#include <stdio.h>

enum {
    HEAD = MAGIC + IDENTITY_KEY + 8 + CIRCLE_FIELD + 8 + 8 + NORMALISER + 8 + DIGEST + 8 +
           8 + 32 + 1,
    ROW = 1 + OPRF_ELEMENT + 2 * (MAP_ID + 32 + 8),
};
static_assert(HEAD + KEY_CLASSES * ROW + SIGNATURE <= EPOCH_WIRE_MAX,
              "an epoch fits its limit");

static const uint8_t magic[MAGIC] = "ENLEPO03";
static const uint64_t time_max_s = 253402300799; /* the end of the year 9999 */

void epoch_write(struct buf *out, const struct epoch *epoch,
                 const struct identity *identity)
{
    assert(out->len == 0 && memcmp(epoch->owner, identity->public_key, IDENTITY_KEY) == 0);
    uint8_t offered = 0;
    for (size_t i = 0; i < KEY_CLASSES; i++)
        offered += epoch->classes[i].offered;
    buf_add(out, bytes_of(magic, MAGIC));
    buf_add(out, bytes_of(epoch->owner, IDENTITY_KEY));
    buf_add_be64(out, epoch->number);
    circle_add(out, &epoch->circle);
    buf_add_be64(out, (uint64_t)epoch->from_s);
    buf_add_be64(out, (uint64_t)epoch->until_s);
    buf_add(out, bytes_of(epoch->normaliser, NORMALISER));
    buf_add_be64(out, epoch->previous_number);
    buf_add(out, bytes_of(epoch->previous, DIGEST));
    buf_add_be64(out, epoch->base_number);
    buf_add_be64(out, epoch->pledges);
    buf_add(out, bytes_of(epoch->pledges_root, sizeof epoch->pledges_root));
    buf_add_byte(out, offered);
    for (uint8_t i = 0; i < KEY_CLASSES; i++) {
        const struct epoch_class *row = &epoch->classes[i];
        if (!row->offered)
            continue;
        buf_add_byte(out, i);
        buf_add(out, bytes_of(row->public_key, OPRF_ELEMENT));
        buf_add(out, bytes_of(row->map_id, MAP_ID));
        buf_add(out, bytes_of(row->map_root, sizeof row->map_root));
        buf_add_be64(out, row->map_cells);
        buf_add(out, bytes_of(row->delta_id, MAP_ID));
        buf_add(out, bytes_of(row->delta_root, sizeof row->delta_root));
        buf_add_be64(out, row->delta_cells);
    }
    identity_sign(out, identity);
}

static void read_row(struct epoch *epoch, int *last_class, struct cursor *cursor)
{
    int class = cursor_u8(cursor);
    if (class <= *last_class || class >= KEY_CLASSES) {
        cursor->failed = true;
        return;
    }
    *last_class = class;
    struct epoch_class *row = &epoch->classes[class];
    row->offered = true;
    cursor_copy(row->public_key, cursor, OPRF_ELEMENT);
    cursor_copy(row->map_id, cursor, MAP_ID);
    cursor_copy(row->map_root, cursor, sizeof row->map_root);
    row->map_cells = cursor_be64(cursor);
    cursor_copy(row->delta_id, cursor, MAP_ID);
    cursor_copy(row->delta_root, cursor, sizeof row->delta_root);
    row->delta_cells = cursor_be64(cursor);
    /* A base has no delta, and what is not a base has one of every class: else its absence would tell in
     * which class nothing came. */
    bool none = row->delta_cells == 0 && sodium_is_zero(row->delta_id, MAP_ID) &&
                sodium_is_zero(row->delta_root, sizeof row->delta_root);
    if (epoch_is_base(epoch) ? !none : row->delta_cells == 0)
        cursor->failed = true;
}

bool epoch_is_of_other_form(struct bytes wire)
{
    enum { KIND = 6 }; /* before the two digits of the form */
    return wire.len >= MAGIC && memcmp(wire.at, magic, KIND) == 0 &&
           memcmp(wire.at, magic, MAGIC) != 0;
}

enum status epoch_parse(struct epoch *epoch, struct bytes wire, struct err *err)
{
    if (wire.len > EPOCH_WIRE_MAX)
        return fail(err, TOO_LARGE, "epoch: %zu bytes is over the limit of %d", wire.len,
                    EPOCH_WIRE_MAX);
    if (wire.len < HEAD + SIGNATURE || memcmp(wire.at, magic, MAGIC) != 0)
        return fail(err, BAD_INPUT, "epoch: this is not the announcement of an epoch");
    struct epoch read = {.number = 0};
    struct cursor cursor = {bytes_slice(wire, MAGIC, wire.len - MAGIC - SIGNATURE), false};
    cursor_copy(read.owner, &cursor, IDENTITY_KEY);
    read.number = cursor_be64(&cursor);
    circle_read(&read.circle, &cursor);
    uint64_t from_s = cursor_be64(&cursor), until_s = cursor_be64(&cursor);
    cursor_copy(read.normaliser, &cursor, NORMALISER);
    read.previous_number = cursor_be64(&cursor);
    cursor_copy(read.previous, &cursor, DIGEST);
    read.base_number = cursor_be64(&cursor);
    read.pledges = cursor_be64(&cursor);
    cursor_copy(read.pledges_root, &cursor, sizeof read.pledges_root);
    size_t rows = cursor_u8(&cursor);
    int last_class = -1;
    for (size_t i = 0; i < rows && !cursor.failed; i++)
        read_row(&read, &last_class, &cursor);
    if (cursor.failed || cursor.rest.len != 0 || from_s >= until_s ||
        until_s > time_max_s ||
        (read.previous_number > 0 && read.previous_number >= read.number) ||
        (!epoch_is_base(&read) &&
         (read.previous_number == 0 || read.base_number > read.previous_number)))
        return fail(err, BAD_INPUT, "epoch: the announcement is cut short or malformed");
    if (!identity_signed(wire, read.owner))
        return fail(err, REFUSED,
                    "epoch: the signature of the announcement does not verify");
    for (size_t i = 0; i < KEY_CLASSES; i++)
        if (read.classes[i].offered && !oprf_element_is_valid(read.classes[i].public_key))
            return fail(err, REFUSED,
                        "epoch: the public key of class %s is not a point of the "
                        "group",
                        key_class_row((enum key_class)i)->name);
    read.from_s = (int64_t)from_s;
    read.until_s = (int64_t)until_s;
    *epoch = read;
    return OK;
}

enum status epoch_check(const struct epoch *epoch, const struct epoch_expected *expected,
                        struct err *err)
{
    if (memcmp(epoch->owner, expected->owner, IDENTITY_KEY) != 0)
        return fail(err, REFUSED,
                    "epoch: announced by somebody other than the partner asked");
    if (!circle_equal(&epoch->circle, expected->circle))
        return fail(err, REFUSED, "epoch: it is for the circle \"%s\", not for \"%s\"",
                    epoch->circle.name, expected->circle->name);
    if (memcmp(epoch->normaliser, expected->normaliser, NORMALISER) != 0)
        return fail(err, REFUSED,
                    "epoch: the other side makes its keys by other rules than we "
                    "do, so hits would be missed; both must run the same version");
    if (expected->now_s >= epoch->until_s)
        return fail(err, REFUSED,
                    "epoch: number %llu has expired; the other side must announce "
                    "a new one",
                    (unsigned long long)epoch->number);
    if (expected->now_s + CLOCK_SKEW_S < epoch->from_s)
        return fail(err, REFUSED,
                    "epoch: number %llu has not begun; check the clocks of both "
                    "sides",
                    (unsigned long long)epoch->number);
    return OK;
}

void epoch_keys_init(struct epoch_keys *keys, const uint8_t seed[OPRF_SEED],
                     const struct circle *circle)
{
    for (size_t i = 0; i < KEY_CLASSES; i++) {
        char info[OPRF_INFO_MAX];
        int len = snprintf(info, sizeof info, "enlace|%s|%s",
                           key_class_row((enum key_class)i)->name, circle->name);
        assert(len > 0 && (size_t)len < sizeof info);
        oprf_derive_keys(keys->secret[i], keys->public[i], seed,
                         bytes_of(info, (size_t)len), OPRF_VERIFIABLE);
    }
}

void epoch_keys_release(struct epoch_keys *keys)
{
    if (keys != NULL)
        sodium_memzero(keys, sizeof *keys);
}
