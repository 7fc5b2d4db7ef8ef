/* SPDX-License-Identifier: Apache-2.0
 *
 * What comes after a base: deltas, against the slow twin that has everything in one map; when a new base
 * is made instead; what a delta does not tell; what a reader refuses. And what is pledged with them.
 */
#include "match_fixture.h"

#include "base/pool.h"
#include "match/pledge.h"
#include "match/publisher.h"

#include <stdlib.h>

enum { HELD_MAX = 12000 };

static struct fixture fixture;
static struct arena arena;

/* ---- An owner that publishes again and again ---- */

struct owner {
    struct publisher *publisher;
    struct publisher_result result;
    struct publisher_key held[HELD_MAX];
    size_t count;
    uint64_t number;
    /* Of the last announcement, as the vault's files keep it. */
    bool has_last;
    struct epoch last;
    struct buf last_wire, bases[KEY_CLASSES], deltas[KEY_CLASSES];
    struct holdings holdings;
    struct pledges pledges;
};

static struct owner owner;
static int64_t now_s = FIXTURE_NOW_S - FIXTURE_DAY_S; /* when it publishes */

static void hold(enum key_class class, const char *value, uint64_t record)
{
    owner.held[owner.count++] = (struct publisher_key){
        {class, bytes_text(arena_printf(&arena, "%s", value))}, record};
}

static void hold_phones(unsigned from, unsigned count, uint64_t record)
{
    for (unsigned i = 0; i < count; i++)
        hold(KEY_PHONE, arena_printf(&arena, "+9995501%06u", from + i), record + i);
}

static void drop(size_t at)
{
    owner.held[at] = owner.held[--owner.count];
}

static void copy_of(void *out, const void *in, size_t bytes)
{
    if (bytes > 0)
        memcpy(out, in, bytes);
}

static void copy_holdings(struct holdings *out, const struct holdings *in)
{
    *out = (struct holdings){in->base_number,
                             in->base_s,
                             xcalloc(in->record_count + 1, sizeof *out->records),
                             xcalloc(in->key_count + 1, sizeof *out->keys),
                             xcalloc(in->ref_count + 1, sizeof *out->refs),
                             in->record_count,
                             in->key_count,
                             in->ref_count};
    copy_of(out->records, in->records, in->record_count * sizeof *out->records);
    copy_of(out->keys, in->keys, in->key_count * sizeof *out->keys);
    copy_of(out->refs, in->refs, in->ref_count * sizeof *out->refs);
}

static void copy_pledges(struct pledges *out, const struct pledges *in)
{
    *out = (struct pledges){NULL, 0, 0};
    for (size_t i = 0; i < in->count; i++)
        pledges_add(out, in->leaves[i]);
}

static void keep_wire(struct buf *out, const struct buf *in)
{
    buf_release(out);
    *out = (struct buf){.max = in->len + 1};
    buf_add(out, buf_bytes(in));
}

/* As vault_publish.c does it; *delta says what came. with_last false: as under another seed or other
 * rules. */
static void announce(bool *delta, bool with_last)
{
    struct publication_options like = fixture_owner(&fixture);
    struct publisher_options options = {.world = like.world,
                                        .identity = like.identity,
                                        .seed = like.seed,
                                        .circle = like.circle,
                                        .number = ++owner.number,
                                        .from_s = now_s,
                                        .until_s = like.until_s};
    struct err err = {0};
    struct holdings before;
    struct pledges pledges;
    memcpy(options.normaliser, like.normaliser, NORMALISER);
    if (owner.has_last) {
        options.previous_number = owner.last.number;
        message_digest(options.previous, buf_bytes(&owner.last_wire));
        options.last = with_last ? &owner.last : NULL;
    }
    copy_holdings(&before, &owner.holdings);
    copy_pledges(&pledges, &owner.pledges);
    uint8_t seed[OPRF_SEED];
    memcpy(seed, like.seed, OPRF_SEED);
    options.seed = seed;
    struct publisher *publisher = publisher_open(&options, &before, &pledges);
    /* An older seed expires meanwhile, and the list of seeds moves: the publisher has its own. */
    memset(seed, 0xEE, OPRF_SEED);
    for (size_t i = 0; i < owner.count; i += 1000)
        CHECK(publisher_add(publisher, owner.held + i,
                            owner.count - i < 1000 ? owner.count - i : 1000, &err) == OK);
    struct publisher_result *result = &owner.result;
    CHECK_SEEN(publisher_finish(result, publisher, &err) == OK, "%s", err.text);
    *delta = result->is_delta;
    CHECK(epoch_is_base(&result->epoch) == !*delta);
    CHECK_SEEN(epoch_parse(&owner.last, buf_bytes(&result->epoch_wire), &err) == OK, "%s",
               err.text);
    keep_wire(&owner.last_wire, &result->epoch_wire);
    for (size_t class = 0; class < KEY_CLASSES; class ++) {
        keep_wire(*delta ? &owner.deltas[class] : &owner.bases[class],
                  &result->map_wires[class]);
        if (!*delta)
            buf_clear(&owner.deltas[class]);
    }
    holdings_release(&owner.holdings);
    copy_holdings(&owner.holdings, result->holdings);
    pledges_release(&owner.pledges);
    copy_pledges(&owner.pledges, result->pledges);
    owner.has_last = true;
    publisher_close(publisher);
}

static void forget(void)
{
    holdings_release(&owner.holdings);
    pledges_release(&owner.pledges);
    buf_release(&owner.last_wire);
    for (size_t class = 0; class < KEY_CLASSES; class ++) {
        buf_release(&owner.bases[class]);
        buf_release(&owner.deltas[class]);
    }
    memset(&owner, 0, sizeof owner);
}

/* ---- A reader ---- */

static enum status read_one(struct map *map, const struct buf *wire,
                            const struct epoch *epoch, enum key_class class, bool delta,
                            struct err *err)
{
    struct bytes all = buf_bytes(wire);
    enum status status = map_read_header(
        map, bytes_slice(all, 0, all.len < MAP_HEADER ? all.len : MAP_HEADER), err);
    if (status == OK)
        status = delta ? map_expect_delta(map, epoch, class, FIXTURE_NOW_S, err)
                       : map_expect(map, epoch, class, FIXTURE_NOW_S, err);
    if (status == OK)
        status = map_set_body(map, bytes_slice(all, MAP_HEADER, all.len - MAP_HEADER), NULL,
                              err);
    return status;
}

static void read_both(struct map *base, struct map *delta, enum key_class class)
{
    struct err err = {0};
    CHECK_SEEN(read_one(base, &owner.bases[class], &owner.last, class, false, &err) == OK,
               "%s", err.text);
    if (epoch_is_base(&owner.last))
        return;
    CHECK_SEEN(read_one(delta, &owner.deltas[class], &owner.last, class, true, &err) == OK,
               "%s", err.text);
    map_put_together(base, delta);
}

static int compare_tags(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Everything that is held is found with the tags of one map of all, and nothing else. */
static void check_twin(enum key_class class)
{
    struct publication twin = {0};
    struct match_held *held = xcalloc(owner.count + 1, sizeof *held);
    struct map base, delta;
    for (size_t i = 0; i < owner.count; i++)
        held[i] = (struct match_held){owner.held[i].key, owner.held[i].record};
    fixture_publish(&twin, &fixture, held, owner.count);
    read_both(&base, &delta, class);
    for (size_t i = 0; i < owner.count + 50; i++) {
        struct match_item item = {class, BYTES_OF("")};
        struct map_answer one, other;
        struct bytes text;
        uint8_t output[OPRF_OUTPUT];
        if (i < owner.count && owner.held[i].key.class != class)
            continue;
        item.value = i < owner.count ? owner.held[i].key.value
                                     : bytes_text(arena_printf(&arena, "+9998%05zu", i));
        CHECK(item_text(&text, &item, &arena, NULL) == OK);
        oprf_evaluate(output, twin.keys.secret[class], text, OPRF_VERIFIABLE);
        map_find(&one, &base, output);
        map_find(&other, &twin.maps[class], output);
        qsort(one.tags, one.count, sizeof *one.tags, compare_tags);
        qsort(other.tags, other.count, sizeof *other.tags, compare_tags);
        CHECK_SEEN(one.many == other.many && one.count == other.count &&
                       memcmp(one.tags, other.tags, one.count * sizeof *one.tags) == 0,
                   "%.*s: %u%s, not %u%s", (int)item.value.len, (const char *)item.value.at,
                   one.count, one.many ? " many" : "", other.count,
                   other.many ? " many" : "");
    }
    free(held);
    publication_release(&twin);
}

/* ---- Deltas ---- */

static void test_added(void)
{
    bool delta;
    hold_phones(0, 300, 1000);
    for (uint64_t r = 0; r < 5; r++)
        for (uint64_t k = 0; k <= r; k++) /* one key in 1 record, one in 2 ... one in 5 */
            hold(KEY_PHONE, arena_printf(&arena, "+99955777000%d", (int)r), 1000 + k);
    hold(KEY_IMEI, "00101234567890", 1001);
    hold(KEY_CONTAINER, "QZAU2045184", 1002);
    announce(&delta, true);
    CHECK(!delta);
    check_twin(KEY_PHONE);
    /* A day on which nothing came, one with one key, one with many: and each key gets a record more. */
    announce(&delta, true);
    CHECK(delta && owner.last.base_number == 1 && owner.last.number == 2);
    check_twin(KEY_PHONE);
    hold_phones(5000, 1, 5000);
    announce(&delta, true);
    CHECK(delta && owner.last.base_number == 1);
    check_twin(KEY_PHONE);
    for (int r = 0; r < 5; r++)
        hold(KEY_PHONE, arena_printf(&arena, "+99955777000%d", r), 6000 + (uint64_t)r);
    hold_phones(6000, 150, 6000);
    hold(KEY_IMEI, "00101234567891", 6001);
    announce(&delta, true);
    CHECK(delta && owner.last.base_number == 1);
    check_twin(KEY_PHONE);
    check_twin(KEY_IMEI);
    check_twin(KEY_CONTAINER);
    for (int r = 0; r < 5; r++)
        hold(KEY_PHONE, arena_printf(&arena, "+99955777000%d", r), 7000 + (uint64_t)r);
    announce(&delta, true);
    CHECK(delta);
    check_twin(KEY_PHONE);
}

/* Neither sizes nor numbers in the header tell how much came, or in which class. */
static void test_padding(void)
{
    static const unsigned counts[] = {0, 1, 100, 256};
    uint64_t cells = 0;
    bool delta;
    for (size_t i = 0; i < 4; i++) {
        forget();
        hold_phones(0, 40, 100);
        hold(KEY_IMEI, "00101234567890", 1);
        announce(&delta, true);
        hold_phones(9000, counts[i], 9000);
        announce(&delta, true);
        CHECK(delta);
        struct map base, phones = {.keys = 0}, imeis = {.keys = 0};
        read_both(&base, &phones, KEY_PHONE);
        read_both(&base, &imeis, KEY_IMEI);
        CHECK(owner.last.pledges == 41 + DELTA_LEAST); /* nor does the tree */
        CHECK(phones.keys == DELTA_LEAST && phones.records == DELTA_LEAST &&
              imeis.keys == DELTA_LEAST && imeis.records == DELTA_LEAST);
        CHECK(fuse_cells(phones.shape) == fuse_cells(imeis.shape) &&
              (i == 0 || fuse_cells(phones.shape) == cells));
        cells = fuse_cells(phones.shape);
        CHECK(map_records(&base) == base.records + DELTA_LEAST);
    }
    CHECK(delta_padded(0) == 256 && delta_padded(256) == 256 && delta_padded(257) == 1024 &&
          delta_padded(4096) == 4096 && delta_padded(4097) == 16384);
    /* Keys in several records take several cells, and are padded by those. */
    forget();
    hold_phones(0, 40, 100);
    announce(&delta, true);
    for (uint64_t r = 0; r < 3; r++)
        hold_phones(9000, 100, 9000 + r);
    announce(&delta, true);
    struct map base, phones = {.keys = 0};
    read_both(&base, &phones, KEY_PHONE);
    CHECK(delta && phones.keys == 1024);
    check_twin(KEY_PHONE);
}

/* What must go makes a new base, and so does what a delta cannot say. */
static void test_new_base(void)
{
    enum { GONE, MOVED, NEW_CLASS, CLASS_GONE, OTHER_SEED, OTHER_BASE, TOO_MUCH, ROWS };
    static const char *const names[ROWS] = {"a record is gone",
                                            "a key is in another record",
                                            "a class that the base has not",
                                            "a class is gone",
                                            "another seed, or other rules",
                                            "what is kept is of another base",
                                            "very much came"};
    for (int row = 0; row < ROWS; row++) {
        bool delta;
        forget();
        hold_phones(0, 400, 1000);
        hold(KEY_IMEI, "00101234567890", 1);
        announce(&delta, true);
        hold_phones(2000, 10, 3000);
        announce(&delta, true);
        CHECK(delta);
        uint64_t pledged = owner.last.pledges;
        uint8_t root[MERKLE_HASH], again[MERKLE_HASH];
        memcpy(root, owner.last.pledges_root, MERKLE_HASH);
        if (row == GONE)
            drop(17);
        else if (row == MOVED)
            owner.held[3].record = 99999;
        else if (row == NEW_CLASS)
            hold(KEY_CONTAINER, "QZAU2045184", 5000);
        else if (row == CLASS_GONE)
            drop(400);
        else if (row == OTHER_BASE)
            owner.holdings.base_number = 77; /* it was written, and never announced */
        else if (row == TOO_MUCH)
            hold_phones(10000, DELTA_KEYS, 10000);
        announce(&delta, row != OTHER_SEED);
        CHECK_SEEN(!delta && owner.last.base_number == owner.last.number, "%s", names[row]);
        check_twin(KEY_PHONE);
        /* The tree goes on all the same. */
        pledges_root(again, &owner.pledges, pledged, NULL);
        CHECK_SEEN(memcmp(root, again, MERKLE_HASH) == 0, "%s", names[row]);
        announce(&delta, true);
        CHECK_SEEN(delta, "%s", names[row]);
        check_twin(KEY_PHONE);
    }
}

static unsigned tags_of(const char *phone)
{
    struct map base, delta;
    struct map_answer answer;
    struct match_item item = {KEY_PHONE, bytes_text(phone)};
    struct bytes text;
    uint8_t output[OPRF_OUTPUT];
    struct epoch_keys keys;
    epoch_keys_init(&keys, fixture.epoch_seed, &fixture.circle);
    read_both(&base, &delta, KEY_PHONE);
    CHECK(item_text(&text, &item, &arena, NULL) == OK);
    oprf_evaluate(output, keys.secret[KEY_PHONE], text, OPRF_VERIFIABLE);
    map_find(&answer, &base, output);
    epoch_keys_release(&keys);
    return answer.count;
}

static size_t count_gone(void)
{
    size_t gone = 0;
    for (size_t i = 0; i < owner.holdings.ref_count; i++)
        gone += owner.holdings.refs[i].gone;
    return gone;
}

/* A key that was corrected in a record that stays: it goes with the next base, within a week. */
static void test_corrected(void)
{
    bool delta;
    forget();
    hold_phones(0, 50, 1000);
    hold(KEY_PHONE, "+999557770001", 1000);
    hold(KEY_PHONE, "+999557770002", 1000);
    announce(&delta, true);
    int64_t base_s = now_s;
    CHECK(tags_of("+999557770002") == 1);
    drop(51);
    hold(KEY_PHONE, "+999557770003", 1000);
    now_s += FIXTURE_DAY_S / 2;
    announce(&delta, true);
    CHECK(delta && tags_of("+999557770001") == 1 && tags_of("+999557770003") == 1 &&
          tags_of("+999557770002") == 1 && count_gone() == 1);
    /* what only a delta had is out of the next one */
    drop(51);
    announce(&delta, true);
    CHECK(delta && tags_of("+999557770003") == 0 && count_gone() == 1);
    /* it comes back, and is gone no more */
    hold(KEY_PHONE, "+999557770002", 1000);
    announce(&delta, true);
    CHECK(delta && tags_of("+999557770002") == 1 && count_gone() == 0);
    check_twin(KEY_PHONE);
    drop(51);
    announce(&delta, true);
    CHECK(delta && count_gone() == 1);
    now_s = base_s + GONE_S - 1;
    announce(&delta, true);
    CHECK(delta);
    now_s++;
    announce(&delta, true);
    CHECK(!delta && count_gone() == 0 && tags_of("+999557770002") == 0);
    check_twin(KEY_PHONE);
    /* and where nothing is gone, age makes no base */
    now_s += GONE_S;
    announce(&delta, true);
    CHECK(delta);
    check_twin(KEY_PHONE);
    now_s = base_s;
}

/* Many rounds of adding and taking away, from a seed. */
static void test_rounds(void)
{
    size_t deltas = 0, bases = 0;
    forget();
    hold_phones(0, 50, 1000);
    for (unsigned round = 0; round < 40; round++) {
        bool delta;
        unsigned many = randombytes_uniform(30);
        for (unsigned i = 0; i < many; i++)
            hold_phones(randombytes_uniform(120), 1, 100 + randombytes_uniform(60));
        bool gone = randombytes_uniform(4) == 0 && round > 0;
        uint64_t record = owner.held[0].record;
        for (size_t i = 0; gone && i < owner.count;)
            if (owner.held[i].record == record)
                drop(i);
            else
                i++;
        announce(&delta, true);
        CHECK_SEEN(delta == (round > 0 && !gone), "round %u", round);
        deltas += delta;
        bases += !delta;
        check_twin(KEY_PHONE);
    }
    CHECK(deltas > 5 && bases > 2);
}

/* ---- What a reader refuses ---- */

static void sign_epoch(struct buf *wire, const struct epoch *epoch)
{
    buf_release(wire);
    *wire = (struct buf){.max = EPOCH_WIRE_MAX};
    epoch_write(wire, epoch, &fixture.owner);
}

static void test_announcements(void)
{
    struct buf wire = {.max = EPOCH_WIRE_MAX};
    struct epoch read;
    struct err err = {0};
    bool delta;
    forget();
    hold_phones(0, 10, 1000);
    announce(&delta, true);
    struct epoch base = owner.last;
    announce(&delta, true);
    struct epoch good = owner.last;
    CHECK(delta);
    for (int row = 0; row < 9; row++) {
        struct epoch bent = row < 3 ? base : good;
        struct epoch_class *phone = &bent.classes[KEY_PHONE];
        switch (row) {
        case 0: /* a base with a delta */
            phone->delta_cells = 100;
            break;
        case 1:
            phone->delta_id[3] = 1;
            break;
        case 2:
            phone->delta_root[31] = 1;
            break;
        case 3: /* a class without one */
            phone->delta_cells = 0;
            break;
        case 4: /* its base comes later than what comes before it */
            bent.base_number = bent.previous_number + 1;
            bent.number += 5;
            break;
        case 5: /* later than itself */
            bent.base_number = bent.number + 1;
            break;
        case 6: /* nothing before it */
            bent.previous_number = 0;
            break;
        case 7: /* no base at all */
            bent.previous_number = bent.base_number = 0;
            break;
        default: /* calls itself a base */
            bent.base_number = bent.number;
        }
        sign_epoch(&wire, &bent);
        CHECK_SEEN(epoch_parse(&read, buf_bytes(&wire), &err) == BAD_INPUT, "row %d: %s",
                   row, err.text);
    }
    sign_epoch(&wire, &good);
    CHECK(epoch_parse(&read, buf_bytes(&wire), &err) == OK &&
          memcmp(&read, &good, sizeof read) == 0);
    buf_release(&wire);
}

static void test_hostile_maps(void)
{
    struct buf old_delta = {0}, old_base = {0}, bent = {0};
    struct map map;
    struct err err = {0};
    bool delta;
    forget();
    hold_phones(0, 10, 1000);
    announce(&delta, true);
    keep_wire(&old_base, &owner.bases[KEY_PHONE]);
    hold_phones(100, 10, 2000);
    announce(&delta, true);
    keep_wire(&old_delta, &owner.deltas[KEY_PHONE]);
    struct epoch then = owner.last;
    hold_phones(200, 10, 3000);
    announce(&delta, true);
    CHECK(delta);
    const struct buf *now = &owner.deltas[KEY_PHONE];
    const struct epoch *last = &owner.last;

    /* the delta of yesterday, shown again */
    CHECK(read_one(&map, &old_delta, last, KEY_PHONE, true, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "delta: of epoch 2, but the current one is 3") != NULL,
               "%s", err.text);
    /* one for the other, either way */
    CHECK(read_one(&map, &owner.bases[KEY_PHONE], last, KEY_PHONE, true, &err) == REFUSED);
    CHECK(read_one(&map, now, last, KEY_PHONE, false, &err) == REFUSED);
    /* today's under yesterday's announcement */
    CHECK(read_one(&map, now, &then, KEY_PHONE, true, &err) == REFUSED);
    /* signed by the owner, for another base */
    CHECK(read_one(&map, now, last, KEY_PHONE, true, &err) == OK);
    map.base[0] ^= 1;
    struct buf header = {.max = MAP_HEADER};
    map_write_header(&header, &map, &fixture.owner);
    keep_wire(&bent, now);
    memcpy(bent.at, header.at, MAP_HEADER);
    CHECK(read_one(&map, &bent, last, KEY_PHONE, true, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "adds to another base") != NULL, "%s", err.text);
    /* another class, a cell changed, cut short, missing */
    CHECK(read_one(&map, now, last, KEY_IMEI, true, &err) == REFUSED);
    keep_wire(&bent, now);
    bent.at[bent.len - 5] ^= 1;
    CHECK(read_one(&map, &bent, last, KEY_PHONE, true, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "root differs") != NULL, "%s", err.text);
    keep_wire(&bent, now);
    bent.len -= 12;
    CHECK(read_one(&map, &bent, last, KEY_PHONE, true, &err) == BAD_INPUT);
    bent.len = 0;
    CHECK(read_one(&map, &bent, last, KEY_PHONE, true, &err) == BAD_INPUT);
    /* after a new base the old one's delta is worth nothing */
    keep_wire(&bent, now);
    drop(0);
    announce(&delta, true);
    CHECK(!delta && read_one(&map, &bent, &owner.last, KEY_PHONE, true, &err) == REFUSED);
    CHECK(read_one(&map, &old_base, &owner.last, KEY_PHONE, false, &err) == REFUSED);
    buf_release(&header);
    buf_release(&old_delta);
    buf_release(&old_base);
    buf_release(&bent);
}

/* An owner whose delta says more of a key than four records: many, and nothing is written past the end. */
static void test_more_than_told(void)
{
    enum { CELLS_EACH = 4 };
    uint8_t output[OPRF_OUTPUT];
    uint64_t tags[2][CELLS_EACH] = {{1, 2, 3, 4}, {5, 6, 7, 8}};
    uint32_t first[] = {0, CELLS_EACH};
    struct map maps[2];
    struct buf wires[2] = {{.max = 1 << 20}, {.max = 1 << 20}};
    struct map_signer signer = {&fixture.owner, fixture.world, NULL};
    struct err err = {0};
    randombytes_buf(output, sizeof output);
    for (int i = 0; i < 2; i++) {
        struct map_source source = {output, first, tags[i], 1, 0};
        maps[i] = (struct map){.class = KEY_PHONE,
                               .circle = fixture.circle,
                               .created_s = FIXTURE_NOW_S,
                               .expires_s = FIXTURE_NOW_S + 1};
        CHECK_SEEN(map_build(&wires[i], &maps[i], &source, &signer, &err) == OK, "%s",
                   err.text);
    }
    memcpy(maps[1].base, maps[0].id, MAP_ID);
    struct map_answer answer;
    map_find(&answer, &maps[0], output);
    CHECK(answer.count == 4 && !answer.many);
    map_put_together(&maps[0], &maps[1]);
    map_find(&answer, &maps[0], output);
    CHECK(answer.count == 0 && answer.many);
    buf_release(&wires[0]);
    buf_release(&wires[1]);
}

/* ---- Pledges ---- */

static struct tree_head head_of(const struct epoch *epoch)
{
    struct tree_head head = {.size = epoch->pledges};
    memcpy(head.root, epoch->pledges_root, MERKLE_HASH);
    return head;
}

/* As the vault opens it: of the key in the record, in the tree of a size. */
static enum status open_pledge(struct pledge_opening *opening, struct bytes value,
                               uint64_t record, uint64_t size, struct err *err)
{
    uint8_t digest[HOLDING_DIGEST];
    struct match_item item = {KEY_PHONE, value};
    struct bytes text;
    const struct holdings *held = &owner.holdings;
    CHECK(item_text(&text, &item, &arena, NULL) == OK);
    holdings_digest(digest, fixture.epoch_seed, text);
    for (size_t i = 0; i < held->key_count; i++)
        for (uint32_t r = 0; r < held->keys[i].count; r++) {
            const struct holding_ref *ref = &held->refs[held->keys[i].first + r];
            if (memcmp(held->keys[i].digest, digest, HOLDING_DIGEST) != 0 ||
                held->records[ref->record].record != record)
                continue;
            *opening = (struct pledge_opening){.entry = record, .place = ref->pledge};
            pledge_salt(opening->salt, fixture.epoch_seed, digest, record);
            if (ref->pledge >= size)
                return NOT_FOUND;
            struct pledge_tree tree;
            pledge_tree_init(&tree, &owner.pledges, size, NULL);
            enum status status = pledge_tree_prove(&opening->path, &tree, ref->pledge, err);
            pledge_tree_release(&tree);
            return status;
        }
    return NOT_FOUND;
}

static void test_pledges(void)
{
    struct pledge_opening opening, read;
    struct err err = {0};
    bool delta;
    forget();
    hold_phones(0, 37, 1000);
    hold_phones(0, 5, 4000); /* keys of two records are pledged twice */
    announce(&delta, true);
    struct tree_head first = head_of(&owner.last);
    CHECK(first.size == 42);
    hold_phones(500, 20, 2000);
    announce(&delta, true);
    CHECK(delta);
    struct tree_head second = head_of(&owner.last);
    CHECK(second.size == 42 + DELTA_LEAST);
    drop(9);
    announce(&delta, true);
    struct tree_head third = head_of(&owner.last);
    CHECK(!delta && third.size == 42 + 2 * DELTA_LEAST); /* withdrawn; its pledge stays */
    for (size_t i = 0; i < owner.count; i++) {
        struct bytes value = owner.held[i].key.value;
        uint64_t record = owner.held[i].record;
        bool late = record >= 2000 && record < 4000;
        CHECK(open_pledge(&opening, value, record, second.size, &err) == OK);
        CHECK_SEEN(pledge_check(&opening, &second, KEY_PHONE, value, &err) == OK, "%s",
                   err.text);
        CHECK(open_pledge(&read, value, record, third.size, &err) == OK &&
              pledge_check(&read, &third, KEY_PHONE, value, &err) == OK);
        /* what came after an announcement was not pledged in it */
        CHECK((open_pledge(&read, value, record, first.size, &err) == OK) == !late);
        if (!late)
            CHECK(pledge_check(&read, &first, KEY_PHONE, value, &err) == OK);
        CHECK(pledge_check(&opening, &first, KEY_PHONE, value, &err) != OK);
    }
    struct bytes value = owner.held[0].key.value;
    CHECK(open_pledge(&opening, value, 1000, second.size, &err) == OK);
    for (int row = 0; row < 7; row++) {
        struct pledge_opening bent = opening;
        struct tree_head head = second;
        struct bytes other = value;
        enum key_class class = KEY_PHONE;
        if (row == 0)
            bent.salt[0] ^= 1;
        else if (row == 1)
            bent.entry++;
        else if (row == 2)
            bent.place ^= 1;
        else if (row == 3)
            bent.path.hashes[1][0] ^= 1;
        else if (row == 4)
            other = owner.held[1].key.value;
        else if (row == 5)
            class = KEY_IMEI;
        else
            head.root[0] ^= 1;
        CHECK_SEEN(pledge_check(&bent, &head, class, other, &err) == REFUSED, "row %d",
                   row);
    }
    /* The form. */
    /* The root in pieces is the root. */
    struct pledges many = {NULL, 0, 0};
    struct merkle tree = {.size = 0};
    struct pool *pool = pool_open(3);
    for (size_t i = 0; i < 3 * 4096 + 77; i++) {
        uint8_t leaf[MERKLE_HASH], one[MERKLE_HASH], other[MERKLE_HASH];
        randombytes_buf(leaf, sizeof leaf);
        pledges_add(&many, leaf);
        merkle_add(&tree, leaf);
        if (i % 1000 > 2 && i % 4096 < 4090 && i % 4096 > 6)
            continue;
        merkle_root(one, &tree);
        pledges_root(other, &many, many.count, i % 2 == 0 ? pool : NULL);
        CHECK_SEEN(memcmp(one, other, MERKLE_HASH) == 0, "%zu", i + 1);
        /* and its paths lead there */
        struct pledge_tree made;
        struct tree_head head = {.size = i + 1};
        memcpy(head.root, one, MERKLE_HASH);
        pledge_tree_init(&made, &many, i + 1, i % 2 == 0 ? pool : NULL);
        for (size_t place = i % 977; place <= i; place += 977) {
            struct proof path = {0};
            CHECK(pledge_tree_prove(&path, &made, place, &err) == OK);
            CHECK_SEEN(
                proof_check_inclusion(&path, &head, place, many.leaves[place], &err) == OK,
                "%zu of %zu: %s", place, i + 1, err.text);
        }
        pledge_tree_release(&made);
    }
    merkle_root(tree.edge[63], &(struct merkle){.size = 0});
    pledges_root(opening.salt, &many, 0, NULL);
    CHECK(memcmp(opening.salt, tree.edge[63], MERKLE_HASH) == 0);
    pledges_release(&many);
    pool_close(pool);
    CHECK(open_pledge(&opening, value, 1000, second.size, &err) == OK);
    struct buf wire = {.max = PLEDGE_OPENING_MAX};
    pledge_opening_write(&wire, &opening);
    struct cursor cursor = {buf_bytes(&wire), false};
    CHECK(pledge_opening_read(&read, &cursor, &err) == OK && cursor.rest.len == 0 &&
          pledge_check(&read, &second, KEY_PHONE, value, &err) == OK);
    for (size_t len = 0; len < wire.len; len++) {
        cursor = (struct cursor){bytes_of(wire.at, len), false};
        CHECK(pledge_opening_read(&read, &cursor, &err) == BAD_INPUT);
    }
    wire.at[PLEDGE_SALT + 16] = 255; /* more hashes than a proof has */
    cursor = (struct cursor){buf_bytes(&wire), false};
    CHECK(pledge_opening_read(&read, &cursor, &err) == BAD_INPUT);
    buf_release(&wire);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    fixture_init(&fixture, 23);
    test_added();
    test_padding();
    test_new_base();
    test_corrected();
    test_rounds();
    test_announcements();
    test_hostile_maps();
    test_more_than_told();
    test_pledges();
    forget();
    arena_release(&arena);
    return check_done("delta");
}
