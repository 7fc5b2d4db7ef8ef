/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pool.h"
#include "match/map_build.h"
#include "match/tag.h"
#include "match_fixture.h"

#include <stdlib.h>

/* Outputs that need no oblivious function: random bytes are what it gives. Key i has
 * 1 + i % spread tags; tag t of key i is 10 * i + t + 1. */
struct sample {
    struct map_source source;
    uint8_t *outputs;
    uint32_t *first;
    uint64_t *tags;
};

static void sample_init(struct sample *sample, size_t count, unsigned spread,
                        const struct world *world)
{
    sample->outputs = xcalloc(count, OPRF_OUTPUT);
    sample->first = xcalloc(count + 1, sizeof *sample->first);
    sample->tags = xcalloc(count * spread, sizeof *sample->tags);
    world_random(world, sample->outputs, count * OPRF_OUTPUT);
    uint32_t next = 0;
    for (size_t i = 0; i < count; i++) {
        sample->first[i] = next;
        for (unsigned t = 0; t < 1 + i % spread; t++)
            sample->tags[next++] = 10 * i + t + 1;
    }
    sample->first[count] = next;
    sample->source =
        (struct map_source){sample->outputs, sample->first, sample->tags, count};
}

static void sample_release(struct sample *sample)
{
    free(sample->outputs);
    free(sample->first);
    free(sample->tags);
}

static struct map blank_map(const struct fixture *fixture)
{
    struct map map = {.epoch = FIXTURE_EPOCH,
                      .class = KEY_PHONE,
                      .circle = fixture->circle,
                      .created_s = FIXTURE_NOW_S,
                      .expires_s = FIXTURE_NOW_S + FIXTURE_DAY_S,
                      .records = 1};
    memcpy(map.normaliser, fixture->normaliser, NORMALISER);
    return map;
}

static enum status build(struct buf *wire, struct map *map, const struct sample *sample,
                         const struct fixture *fixture, struct pool *pool)
{
    struct map_signer signer = {&fixture->owner, fixture->world, pool};
    struct err err = {{0}};
    *wire = (struct buf){.max = MAP_WIRE_MAX};
    *map = blank_map(fixture);
    return map_build(wire, map, &sample->source, &signer, &err);
}

static bool is_found(const struct map *map, const struct map_source *source, size_t i)
{
    struct map_answer answer;
    uint32_t tags = source->first[i + 1] - source->first[i];
    map_find(&answer, map, source->outputs + i * OPRF_OUTPUT);
    if (tags > CELLS_A_KEY_MAX)
        return answer.many && answer.count == 0;
    return !answer.many && answer.count == tags &&
           memcmp(answer.tags, source->tags + source->first[i], tags * sizeof(uint64_t)) ==
               0;
}

static void test_every_key_is_found(struct pool *pool)
{
    static const size_t counts[] = {1, 2, 3, 4, 5, 7, 10, 31, 100, 1000, 20000, 60000};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
        for (unsigned spread = 1; spread <= 7; spread += 3) {
            struct fixture fixture;
            struct sample sample;
            struct buf wire;
            struct map map, read;
            fixture_init(&fixture, 100 * c + spread);
            sample_init(&sample, counts[c], spread, fixture.world);
            CHECK(build(&wire, &map, &sample, &fixture, pool) == OK);
            size_t missed = 0;
            for (size_t i = 0; i < counts[c]; i++)
                missed += !is_found(&map, &sample.source, i);
            CHECK_SEEN(missed == 0, "%zu of %zu keys missed", missed, counts[c]);
            CHECK(map.keys == counts[c]);
            CHECK(wire.len == MAP_HEADER + map_body_len(&map));
            /* What was built is what a reader reads. */
            struct bytes all = buf_bytes(&wire);
            CHECK(map_read_header(&read, bytes_slice(all, 0, MAP_HEADER), NULL) == OK);
            CHECK(map_set_body(&read, bytes_slice(all, MAP_HEADER, all.len - MAP_HEADER),
                               pool, NULL) == OK);
            CHECK(is_found(&read, &sample.source, counts[c] - 1));
            sample_release(&sample);
            buf_release(&wire);
        }
}

static void test_foreign_keys(void)
{
    enum { KEYS = 100000, FOREIGN = 1000000 };
    struct fixture fixture;
    struct sample sample;
    struct buf wire;
    struct map map;
    fixture_init(&fixture, 4);
    sample_init(&sample, KEYS, 4, fixture.world);
    CHECK(build(&wire, &map, &sample, &fixture, NULL) == OK);
    size_t found = 0;
    for (size_t i = 0; i < FOREIGN; i++) {
        uint8_t output[OPRF_OUTPUT];
        struct map_answer answer;
        world_random(fixture.world, output, sizeof output);
        map_find(&answer, &map, output);
        found += answer.count > 0 || answer.many;
    }
    CHECK_SEEN(found == 0, "%zu foreign keys found", found);

    /* Half of the right output is not enough: neither where the cell stands, nor what it
     * says. */
    uint8_t output[OPRF_OUTPUT];
    struct map_answer answer;
    memcpy(output, sample.outputs, sizeof output);
    output[40] ^= 1;
    map_find(&answer, &map, output);
    CHECK(answer.count == 0);
    memcpy(output, sample.outputs, sizeof output);
    output[3] ^= 1;
    map_find(&answer, &map, output);
    CHECK(answer.count == 0);

    /* Noise everywhere: about one byte in 256 has each value, and no cell is blank. */
    size_t counts[256] = {0}, blank = 0;
    for (size_t i = 0; i < map.body.len; i++)
        counts[map.body.at[i]]++;
    double expected = (double)map.body.len / 256, chi = 0;
    for (size_t i = 0; i < 256; i++)
        chi += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    CHECK_SEEN(chi < 380, "chi square %f for 255 degrees of freedom", chi);
    for (size_t i = 0; i < map.body.len; i += CELL)
        blank += sodium_is_zero(map.body.at + i, CELL);
    CHECK(blank == 0);
    sample_release(&sample);
    buf_release(&wire);
}

static void test_threads_do_not_matter(struct pool *pool)
{
    struct fixture first, second;
    struct sample a, b;
    struct buf one, many;
    struct map map;
    fixture_init(&first, 5);
    fixture_init(&second, 5);
    sample_init(&a, 50000, 3, first.world);
    sample_init(&b, 50000, 3, second.world);
    CHECK(build(&one, &map, &a, &first, NULL) == OK);
    CHECK(build(&many, &map, &b, &second, pool) == OK);
    CHECK(bytes_equal(buf_bytes(&one), buf_bytes(&many)));
    sample_release(&a);
    sample_release(&b);
    buf_release(&one);
    buf_release(&many);
}

static void test_a_key_twice(void)
{
    struct fixture fixture;
    struct sample sample;
    struct buf wire;
    struct map map;
    fixture_init(&fixture, 6);
    sample_init(&sample, 1000, 1, fixture.world);
    memcpy(sample.outputs + 900 * OPRF_OUTPUT, sample.outputs + 100 * OPRF_OUTPUT,
           OPRF_OUTPUT);
    CHECK(build(&wire, &map, &sample, &fixture, NULL) == CONFLICT);
    CHECK(wire.len == 0);
    sample_release(&sample);
    buf_release(&wire);
}

static void test_shapes(void)
{
    static const struct {
        const char *name;
        struct fuse_shape shape;
        bool valid;
    } cases[] = {
        {"small", {4, 1}, true},
        {"usual", {32768, 341}, true},
        {"no segment", {4, 0}, false},
        {"no length", {0, 1}, false},
        {"length 2", {2, 1}, false},
        {"length no power of two", {48, 1}, false},
        {"length over the limit", {1 << 19, 1}, false},
        {"too many cells", {1 << 18, 1 << 10}, false},
        {"cells that wrap 32 bits", {1 << 18, UINT32_MAX}, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_SEEN(fuse_shape_valid(cases[i].shape, MAP_CELLS_MAX) == cases[i].valid, "%s",
                   cases[i].name);
    double cells = (double)fuse_cells(fuse_shape_for(10000000));
    CHECK_SEEN(cells * CELL / 1e7 < 14, "%f bytes a key", cells * CELL / 1e7);
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void test_tags(void)
{
    /* Among so many records two first choices agree (for this seed; on average they do). */
    enum { RECORDS = 1 << 21 };
    static const uint8_t seed[TAG_SEED] = {42};
    struct circle circle, other;
    CHECK(circle_parse(&circle, BYTES_OF("delfines"), NULL) == OK);
    CHECK(circle_parse(&other, BYTES_OF("other"), NULL) == OK);
    struct tag_entry *entries = xcalloc(RECORDS, sizeof *entries);
    uint64_t *tags = xcalloc(RECORDS, sizeof *tags);
    for (size_t i = 0; i < RECORDS; i++)
        entries[i].record = i;
    tag_assign(entries, RECORDS, seed, &circle, NULL);
    size_t wrong = 0, retried = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        uint8_t input[3 + CIRCLE_FIELD + 8 + 4] = "tag", hash[16];
        memcpy(input + 3, circle.name, CIRCLE_FIELD);
        store_be64(input + 3 + CIRCLE_FIELD, i);
        crypto_generichash(hash, sizeof hash, input, sizeof input, seed, sizeof seed);
        retried += load_be64(hash) >> 24 != entries[i].tag;
        wrong += entries[i].tag == TAG_MANY || entries[i].tag >> 40 != 0;
        tags[i] = entries[i].tag;
    }
    CHECK(wrong == 0);
    CHECK_SEEN(retried > 0 && retried < 20, "%zu retries", retried);
    struct tag_entry again = {.record = 12345}, elsewhere = {.record = 12345};
    tag_assign(&again, 1, seed, &circle, NULL);
    tag_assign(&elsewhere, 1, seed, &other, NULL);
    CHECK(again.tag == tags[12345]);
    CHECK(elsewhere.tag != again.tag);
    qsort(tags, RECORDS, sizeof *tags, compare_numbers);
    size_t shared = 0;
    for (size_t i = 1; i < RECORDS; i++)
        shared += tags[i] == tags[i - 1];
    CHECK_SEEN(shared == 0, "%zu tags are shared", shared);
    free(entries);
    free(tags);
}

/* --- what a reader refuses --- */

struct crooked {
    struct fixture fixture;
    struct sample sample;
    struct buf wire;
    struct map map;     /* as the owner meant it */
    struct epoch epoch; /* that announces it */
    enum key_class wanted;
    int64_t now_s;
};

typedef void spoil(struct crooked *crooked);

/* Write the changed map as a header, signed. */
static void rewrite(struct crooked *crooked, const struct identity *identity)
{
    struct buf header = {.max = MAP_HEADER};
    map_write_header(&header, &crooked->map, identity);
    memcpy(crooked->wire.at, header.at, MAP_HEADER);
    buf_release(&header);
}

static void by_owner(struct crooked *crooked)
{
    rewrite(crooked, &crooked->fixture.owner);
}

static void spoil_nothing(struct crooked *crooked)
{
    by_owner(crooked);
}
static void spoil_magic(struct crooked *crooked)
{
    crooked->wire.at[0] ^= 1;
}
static void spoil_signature(struct crooked *crooked)
{
    crooked->wire.at[MAP_HEADER - 1] ^= 1;
}
static void spoil_signer(struct crooked *crooked)
{
    memcpy(crooked->map.owner, crooked->fixture.stranger.public_key, IDENTITY_KEY);
    rewrite(crooked, &crooked->fixture.stranger);
}
static void spoil_forged_owner(struct crooked *crooked)
{
    rewrite(crooked, &crooked->fixture.stranger);
}
static void spoil_class(struct crooked *crooked)
{
    crooked->map.class = KEY_EMAIL;
    by_owner(crooked);
}
static void spoil_circle(struct crooked *crooked)
{
    crooked->map.circle.name[0] = 'x';
    by_owner(crooked);
}
static void spoil_circle_form(struct crooked *crooked)
{
    crooked->map.circle.name[0] = 'X';
    by_owner(crooked);
}
static void spoil_circle_tail(struct crooked *crooked)
{
    crooked->map.circle.name[CIRCLE_FIELD - 2] = 'x';
    by_owner(crooked);
}
static void spoil_epoch(struct crooked *crooked)
{
    crooked->map.epoch--;
    by_owner(crooked);
}
static void spoil_expired(struct crooked *crooked)
{
    crooked->map.expires_s = crooked->now_s;
    crooked->map.created_s = crooked->now_s - 1;
    by_owner(crooked);
}
static void spoil_times(struct crooked *crooked)
{
    crooked->map.expires_s = crooked->map.created_s;
    by_owner(crooked);
}
static void spoil_normaliser(struct crooked *crooked)
{
    crooked->map.normaliser[0] ^= 1;
    by_owner(crooked);
}
static void spoil_root(struct crooked *crooked)
{
    crooked->map.root[0] ^= 1;
    by_owner(crooked);
}
static void spoil_id(struct crooked *crooked)
{
    crooked->map.id[0] ^= 1;
    by_owner(crooked);
}
static void spoil_length(struct crooked *crooked)
{
    crooked->map.shape.segment_length = 12;
    by_owner(crooked);
}
static void spoil_size(struct crooked *crooked)
{
    crooked->map.shape.segment_count = UINT32_MAX;
    by_owner(crooked);
}
static void spoil_keys(struct crooked *crooked)
{
    crooked->map.keys = UINT64_MAX;
    by_owner(crooked);
}
static void spoil_other_size(struct crooked *crooked)
{
    crooked->map.shape.segment_count++;
    by_owner(crooked);
}
static void spoil_body(struct crooked *crooked)
{
    crooked->wire.at[MAP_HEADER + 70000] ^= 1;
}
static void spoil_short(struct crooked *crooked)
{
    crooked->wire.len--;
}

static const struct {
    const char *name;
    spoil *spoil;
    enum status status;
    const char *sentence; /* a part of it that no other case has */
} faults[] = {
    {"nothing", spoil_nothing, OK, ""},
    {"magic", spoil_magic, BAD_INPUT, "not the header of a map"},
    {"signature", spoil_signature, REFUSED, "signature of the header does not verify"},
    {"forged owner", spoil_forged_owner, REFUSED,
     "signature of the header does not verify"},
    {"signed by another", spoil_signer, REFUSED,
     "somebody other than the owner of the epoch"},
    {"class", spoil_class, REFUSED, "of class email, where phone was wanted"},
    {"circle", spoil_circle, REFUSED, "made for the circle"},
    {"circle in capitals", spoil_circle_form, BAD_INPUT, "malformed"},
    {"circle with a tail", spoil_circle_tail, BAD_INPUT, "malformed"},
    {"epoch", spoil_epoch, REFUSED, "of epoch 6, but the current one is 7"},
    {"expired", spoil_expired, REFUSED, "has expired"},
    {"times", spoil_times, BAD_INPUT, "malformed"},
    {"normaliser", spoil_normaliser, REFUSED, "by other rules"},
    {"root", spoil_root, REFUSED, "not the one that the epoch announces"},
    {"id", spoil_id, REFUSED, "not the one that the epoch announces"},
    {"segment length", spoil_length, BAD_INPUT, "sizes that do not go together"},
    {"size", spoil_size, BAD_INPUT, "sizes that do not go together"},
    {"keys", spoil_keys, BAD_INPUT, "sizes that do not go together"},
    {"another size", spoil_other_size, REFUSED, "not the one that the epoch announces"},
    {"body", spoil_body, REFUSED, "the body is not the one that was signed"},
    {"body cut", spoil_short, BAD_INPUT, "where the header says"},
};

static enum status read_crooked(const struct crooked *crooked, struct err *err)
{
    struct map map;
    struct bytes all = buf_bytes(&crooked->wire);
    enum status status = map_read_header(&map, bytes_slice(all, 0, MAP_HEADER), err);
    if (status == OK)
        status = map_expect(&map, &crooked->epoch, crooked->wanted, crooked->now_s, err);
    if (status == OK)
        status = map_set_body(&map, bytes_slice(all, MAP_HEADER, all.len - MAP_HEADER),
                              NULL, err);
    return status;
}

static void test_faults(void)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct crooked crooked = {.wanted = KEY_PHONE, .now_s = FIXTURE_NOW_S + 5};
        struct err err = {{0}};
        fixture_init(&crooked.fixture, 8);
        sample_init(&crooked.sample, 10000, 1, crooked.fixture.world);
        CHECK(build(&crooked.wire, &crooked.map, &crooked.sample, &crooked.fixture, NULL) ==
              OK);
        struct epoch *epoch = &crooked.epoch;
        memcpy(epoch->owner, crooked.fixture.owner.public_key, IDENTITY_KEY);
        memcpy(epoch->normaliser, crooked.fixture.normaliser, NORMALISER);
        epoch->number = epoch->base_number = FIXTURE_EPOCH;
        epoch->circle = crooked.fixture.circle;
        struct epoch_class *row = &epoch->classes[KEY_PHONE];
        row->offered = true;
        memcpy(row->map_id, crooked.map.id, MAP_ID);
        memcpy(row->map_root, crooked.map.root, 32);
        row->map_cells = fuse_cells(crooked.map.shape);

        faults[i].spoil(&crooked);
        enum status status = read_crooked(&crooked, &err);
        CHECK_SEEN(status == faults[i].status &&
                       strstr(err.text, faults[i].sentence) != NULL,
                   "%s: %s: %s", faults[i].name, status_name(status), err.text);
        sample_release(&crooked.sample);
        buf_release(&crooked.wire);
    }
    struct map map;
    uint8_t header[MAP_HEADER + 1] = "ENLMAP02";
    for (size_t len = 0; len <= sizeof header; len += 40)
        CHECK(map_read_header(&map, bytes_of(header, len), NULL) == BAD_INPUT);
}

int main(void)
{
    CHECK(sodium_init() >= 0);
    struct pool *pool = pool_open(3);
    test_every_key_is_found(pool);
    test_foreign_keys();
    test_threads_do_not_matter(pool);
    test_a_key_twice();
    test_shapes();
    test_tags();
    test_faults();
    pool_close(pool);
    return check_done("map");
}
