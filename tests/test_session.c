/* SPDX-License-Identifier: Apache-2.0 */
#include "base/frame.h"
#include "match/audit.h"
#include "match/session.h"
#include "match_fixture.h"
#include "match_lines.h"

#include <nettle/sha1.h>
#include <stdlib.h>
#include <unistd.h>

/* --- sessions of honest sides --- */

enum { RECORDS = 9, VALUES = 12, SIDE_MAX = 256 };

struct side {
    struct match_held held[SIDE_MAX];
    struct match_item items[SIDE_MAX];
    size_t count;
};

static uint32_t draw(const struct world *world, uint32_t below)
{
    uint8_t bytes[4];
    world_random(world, bytes, sizeof bytes);
    return load_be32(bytes) % below;
}

/* Up to max keys, of small numberings so that many agree. */
static void draw_side(struct side *side, size_t max, const struct world *world,
                      struct arena *arena)
{
    static const enum key_class classes[] = {KEY_PHONE, KEY_CONTAINER, KEY_ACCOUNT,
                                             KEY_PERSON};
    side->count = draw(world, (uint32_t)max + 1);
    for (size_t i = 0; i < side->count; i++) {
        char *text = arena_printf(arena, "value-%u", draw(world, VALUES));
        struct match_item item = {classes[draw(world, 4)], bytes_text(text)};
        side->items[i] = item;
        side->held[i] = (struct match_held){item, 100 + draw(world, RECORDS)};
    }
}

static bool same_item(const struct match_item *a, const struct match_item *b)
{
    return a->class == b->class && bytes_equal(a->value, b->value);
}

/* The distinct records of the owner that hold the item, by plain comparison. */
static size_t records_with(bool has[RECORDS], const struct side *owner,
                           const struct match_item *item)
{
    size_t count = 0;
    memset(has, 0, RECORDS * sizeof *has);
    for (size_t i = 0; i < owner->count; i++)
        if (same_item(&owner->held[i].key, item) && !has[owner->held[i].record - 100]) {
            has[owner->held[i].record - 100] = true;
            count++;
        }
    return count;
}

/* The hits of one item are exactly the records that hold it. */
static void check_item(const struct match_hits *hits, size_t item,
                       const struct publication *publication, const struct side *owner,
                       const struct match_item *asked)
{
    bool wanted[RECORDS];
    size_t count = records_with(wanted, owner, asked), seen = 0, wrong = 0;
    for (size_t h = 0; h < hits->count; h++) {
        const struct match_hit *hit = &hits->items[h];
        uint64_t record;
        if (hit->item != item)
            continue;
        seen++;
        if (count > CELLS_A_KEY_MAX)
            wrong += !hit->many;
        else if (hit->many || !publication_record(&record, publication, hit->tag) ||
                 !wanted[record - 100])
            wrong++;
        else
            wanted[record - 100] = false;
    }
    CHECK_SEEN(seen == (count > CELLS_A_KEY_MAX ? 1 : count) && wrong == 0,
               "item %zu: %zu hits, %zu wrong, %zu records hold it", item, seen, wrong,
               count);
}

static void test_random_sets(void)
{
    size_t hits = 0, many = 0;
    for (uint64_t round = 0; round < 100; round++) {
        struct fixture fixture;
        struct arena arena = {NULL};
        struct side owner, asker;
        struct publication publication;
        struct session_result result;
        struct map_shelf shelf = {{{0}}};
        struct err err = {{0}}, served = {{0}};
        fixture_init(&fixture, 1000 + round);
        draw_side(&owner, round % 4 == 0 ? SIDE_MAX : 30, fixture.world, &arena);
        draw_side(&asker, 12, fixture.world, &arena);
        fixture_publish(&publication, &fixture, owner.held, owner.count);
        struct requester_options options = fixture_asker(&fixture);
        enum status status = lines_run(&result, &fixture, &publication, &options, &shelf,
                                       NULL, asker.items, asker.count, &served, &err);
        CHECK_SEEN(status == OK && served.text[0] == '\0', "round %llu: %s; %s",
                   (unsigned long long)round, err.text, served.text);
        for (size_t i = 0; i < asker.count; i++)
            check_item(&result.hits, i, &publication, &owner, &asker.items[i]);
        for (size_t h = 0; h < result.hits.count; h++)
            many += result.hits.items[h].many;
        hits += result.hits.count;
        match_hits_release(&result.hits);
        map_shelf_release(&shelf);
        publication_release(&publication);
        arena_release(&arena);
    }
    /* The rounds were worth something. */
    CHECK_SEEN(hits > 200 && many > 5, "%zu hits, %zu of them many", hits, many);
}

/* Equal tags over two classes: the requester sees that it is one record. */
static void test_one_record_one_tag(void)
{
    struct fixture fixture;
    struct publication publication;
    struct session_result result;
    struct map_shelf shelf = {{{0}}};
    struct err err = {{0}}, served = {{0}};
    struct match_held held[] = {{{KEY_PHONE, BYTES_OF("+999550107788")}, 41},
                                {{KEY_CONTAINER, BYTES_OF("QZAU2045184")}, 41},
                                {{KEY_IMO, BYTES_OF("0007319")}, 9}};
    struct match_item items[] = {
        held[1].key, held[0].key, held[2].key, {KEY_VIN, BYTES_OF("ZZZENLAC70A000117")}};
    fixture_init(&fixture, 77);
    fixture_publish(&publication, &fixture, held, 3);
    struct requester_options options = fixture_asker(&fixture);
    for (int turn = 0; turn < 2; turn++) {
        struct shape_tap shape = {.count = 0};
        struct session_tap tap = {shape_frame, &shape};
        options.first_batch = (uint32_t)turn;
        CHECK(lines_run(&result, &fixture, &publication, &options, &shelf, &tap, items, 4,
                        &served, &err) == OK);
        CHECK(result.hits.count == 3 && result.asked == 3);
        CHECK(result.hits.items[0].tag == result.hits.items[1].tag);
        CHECK(result.hits.items[0].tag != result.hits.items[2].tag);
        CHECK(result.not_offered[KEY_VIN] && !result.not_offered[KEY_IMO]);
        /* The second time the maps are on the shelf. */
        size_t fetched = 0;
        for (size_t i = 0; i < shape.count; i++)
            fetched += shape.frames[i].kind == SESSION_MAP_WANTED;
        CHECK(fetched == (turn == 0 ? 3 : 0));
        match_hits_release(&result.hits);
    }
    map_shelf_release(&shelf);
    publication_release(&publication);
}

/* --- what a transcript shows --- */

static const char *const person = "noordt|1988-06-07";

static void fill_list(struct match_item items[20], const char *const texts[3],
                      struct arena *arena)
{
    for (unsigned i = 0; i < 20; i++)
        items[i] = fixture_phone(i + (texts[0][0] == 'b' ? 500 : 0), arena);
    items[17] = (struct match_item){KEY_PERSON, bytes_text(texts[0])};
    items[18] = (struct match_item){KEY_CONTAINER, bytes_text(texts[1])};
    items[19] = (struct match_item){KEY_PERSON, bytes_text(texts[2])};
}

static void publish_some(struct publication *publication, const struct fixture *fixture,
                         struct arena *arena)
{
    struct match_held held[40];
    for (unsigned i = 0; i < 37; i++)
        held[i] = (struct match_held){fixture_phone(i, arena), i};
    held[37] = (struct match_held){{KEY_PERSON, bytes_text(person)}, 5};
    held[38] = (struct match_held){{KEY_CONTAINER, BYTES_OF("QZAU2045184")}, 6};
    held[39] = (struct match_held){{KEY_CONTAINER, BYTES_OF("QZAU7719031")}, 7};
    fixture_publish(publication, fixture, held, 40);
}

static void test_shapes_are_equal(void)
{
    static const char *const texts[2][3] = {
        {"a-noordt|1988-06-07", "QZAU2045184", "a-luar|1979-09-25"},
        {"b|1", "QZAU0000000000000000000", "b-a much longer person key|1999-01-01"}};
    struct fixture fixture;
    struct arena arena = {NULL};
    struct publication publication;
    struct shape_tap shapes[2] = {{.count = 0}};
    fixture_init(&fixture, 31);
    publish_some(&publication, &fixture, &arena);
    for (int side = 0; side < 2; side++) {
        struct match_item items[20];
        struct session_result result;
        struct map_shelf shelf = {{{0}}};
        struct session_tap tap = {shape_frame, &shapes[side]};
        struct requester_options options = fixture_asker(&fixture);
        struct err err = {{0}}, served = {{0}};
        fill_list(items, texts[side], &arena);
        world_random(fixture.world, fixture.case_seed, CASE_SEED);
        CHECK_SEEN(lines_run(&result, &fixture, &publication, &options, &shelf, &tap, items,
                             20, &served, &err) == OK,
                   "%s", err.text);
        CHECK((side == 0) == (result.hits.count > 0));
        match_hits_release(&result.hits);
        map_shelf_release(&shelf);
    }
    CHECK(shapes[0].count > 10 && shapes[0].count == shapes[1].count);
    size_t different = 0;
    for (size_t i = 0; i < shapes[0].count; i++) {
        const struct shape *a = &shapes[0].frames[i], *b = &shapes[1].frames[i];
        different += a->direction != b->direction || a->kind != b->kind || a->len != b->len;
    }
    CHECK_SEEN(different == 0, "%zu frames differ in direction, kind or length", different);
    publication_release(&publication);
    arena_release(&arena);
}

/* The attacker who knows what may have been asked: hashes of everything, with every public
 * field for a key, searched as 8 bytes at every offset of everything that crossed the
 * line. */
struct dictionary {
    uint64_t *prefixes;
    size_t count, capacity;
};

static void know(struct dictionary *dictionary, const uint8_t *hash, size_t len)
{
    for (size_t i = 0; i + 8 <= len; i += 32) { /* the hash and its second half */
        void *prefixes = dictionary->prefixes;
        grow_to(&prefixes, &dictionary->capacity, dictionary->count, sizeof(uint64_t));
        dictionary->prefixes = prefixes;
        dictionary->prefixes[dictionary->count++] = load_be64(hash + i);
    }
}

static void know_hashes(struct dictionary *dictionary, struct bytes text)
{
    uint8_t hash[64], element[32];
    struct sha1_ctx sha1;
    sha1_init(&sha1);
    sha1_update(&sha1, text.len, text.at);
    sha1_digest(&sha1, 20, hash);
    know(dictionary, hash, 20);
    crypto_hash_sha256(hash, text.at, text.len);
    know(dictionary, hash, 32);
    crypto_generichash(hash, 32, text.at, text.len, NULL, 0);
    know(dictionary, hash, 32);
    crypto_generichash(hash, 64, text.at, text.len, NULL, 0);
    know(dictionary, hash, 64);
    crypto_hash_sha512(hash, text.at, text.len);
    know(dictionary, hash, 64);
    crypto_core_ristretto255_from_hash(element, hash);
    know(dictionary, element, 32);
    for (int mode = OPRF_PLAIN; mode <= OPRF_VERIFIABLE; mode++) {
        oprf_hash_to_group(element, text, (enum oprf_mode)mode);
        know(dictionary, element, 32);
    }
    /* A Merkle leaf without its secret part. */
    uint8_t leaf[1 + ITEM_MAX] = {0};
    memcpy(leaf + 1, text.at, text.len);
    crypto_hash_sha256(hash, leaf, 1 + text.len);
    know(dictionary, hash, 32);
}

static void know_keyed(struct dictionary *dictionary, struct bytes text, struct bytes key)
{
    uint8_t hash[64], joined[ITEM_MAX + 64];
    crypto_auth_hmacsha256_state hmac256;
    crypto_auth_hmacsha256_init(&hmac256, key.at, key.len);
    crypto_auth_hmacsha256_update(&hmac256, text.at, text.len);
    crypto_auth_hmacsha256_final(&hmac256, hash);
    know(dictionary, hash, 32);
    crypto_auth_hmacsha512_state hmac512;
    crypto_auth_hmacsha512_init(&hmac512, key.at, key.len);
    crypto_auth_hmacsha512_update(&hmac512, text.at, text.len);
    crypto_auth_hmacsha512_final(&hmac512, hash);
    know(dictionary, hash, 64);
    if (key.len >= crypto_generichash_KEYBYTES_MIN &&
        key.len <= crypto_generichash_KEYBYTES_MAX) {
        crypto_generichash(hash, 64, text.at, text.len, key.at, key.len);
        know(dictionary, hash, 64);
    }
    /* Salted the simple way, before and behind. */
    memcpy(joined, key.at, key.len);
    memcpy(joined + key.len, text.at, text.len);
    crypto_hash_sha256(hash, joined, key.len + text.len);
    know(dictionary, hash, 32);
    memcpy(joined, text.at, text.len);
    memcpy(joined + text.len, key.at, key.len);
    crypto_hash_sha256(hash, joined, key.len + text.len);
    know(dictionary, hash, 32);
}

static int compare_prefixes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static size_t search(const struct dictionary *dictionary, struct bytes text)
{
    size_t found = 0;
    for (size_t i = 0; i + 8 <= text.len; i++) {
        uint64_t window = load_be64(text.at + i);
        found += bsearch(&window, dictionary->prefixes, dictionary->count, sizeof window,
                         compare_prefixes) != NULL;
    }
    return found;
}

static bool contains(struct bytes text, struct bytes part)
{
    return memmem(text.at, text.len, part.at, part.len) != NULL;
}

/* Every field of asks, epoch and maps that is as long as a key. */
static size_t public_fields(struct bytes fields[32], const struct ask *ask,
                            const struct publication *publication,
                            const struct fixture *fixture, const uint8_t digest[DIGEST])
{
    const struct epoch *epoch = &publication->epoch;
    size_t count = 0;
    fields[count++] = bytes_of(ask->requester, IDENTITY_KEY);
    fields[count++] = bytes_of(ask->responder, IDENTITY_KEY);
    fields[count++] = bytes_of(ask->batch_id, BATCH_ID);
    fields[count++] = bytes_of(ask->commitment, COMMITMENT);
    fields[count++] = bytes_of(ask->root, 32);
    fields[count++] = bytes_of(ask->elements, OPRF_ELEMENT);
    fields[count++] = bytes_of(digest, DIGEST);
    fields[count++] = ask->reason.case_ref;
    fields[count++] = bytes_of(fixture->circle.name, strlen(fixture->circle.name));
    fields[count++] = bytes_of(fixture->circle.name, CIRCLE_FIELD);
    fields[count++] = bytes_of(fixture->normaliser, NORMALISER);
    fields[count++] = BYTES_OF("\0\0\0\0\0\0\0\7"); /* the number of the epoch */
    fields[count++] = bytes_of(epoch->classes[ask->class].public_key, OPRF_ELEMENT);
    fields[count++] = bytes_of(epoch->classes[ask->class].map_id, MAP_ID);
    fields[count++] = bytes_of(epoch->classes[ask->class].map_root, 32);
    return count;
}

static void learn(struct dictionary *dictionary, const struct match_item *items,
                  size_t count, const struct text_tap *transcript,
                  const struct publication *publication, const struct fixture *fixture,
                  struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes whole;
        CHECK(item_text(&whole, &items[i], arena, NULL) == OK);
        struct bytes texts[2] = {items[i].value, whole};
        for (int t = 0; t < 2; t++) {
            know_hashes(dictionary, texts[t]);
            for (size_t a = 0; a < transcript->ask_count; a++) {
                struct ask ask;
                struct bytes fields[32];
                uint8_t digest[DIGEST];
                CHECK(ask_parse(&ask, transcript->asks[a], NULL) == OK);
                message_digest(digest, transcript->asks[a]);
                size_t n = public_fields(fields, &ask, publication, fixture, digest);
                for (size_t f = 0; f < n; f++)
                    know_keyed(dictionary, texts[t], fields[f]);
            }
        }
    }
    qsort(dictionary->prefixes, dictionary->count, sizeof(uint64_t), compare_prefixes);
}

static void test_dictionary(void)
{
    static const char *const texts[3] = {"noordt|1988-06-07", "QZAU2045184",
                                         "luar|1979-09-25"};
    struct fixture fixture;
    struct arena arena = {NULL};
    struct publication publication;
    struct match_item items[20];
    struct session_result result;
    struct map_shelf shelf = {{{0}}};
    struct dictionary dictionary = {NULL, 0, 0};
    struct text_tap transcript = {.all = {.max = 1 << 24}, .arena = &arena};
    struct session_tap tap = {text_frame, &transcript};
    struct err err = {{0}}, served = {{0}};
    fixture_init(&fixture, 32);
    publish_some(&publication, &fixture, &arena);
    fill_list(items, texts, &arena);
    struct requester_options options = fixture_asker(&fixture);
    CHECK(lines_run(&result, &fixture, &publication, &options, &shelf, &tap, items, 20,
                    &served, &err) == OK);
    CHECK(result.hits.count >= 19); /* the truth is in the dictionary, and in both files */
    CHECK(transcript.ask_count == 3 && !transcript.all.overflowed);

    learn(&dictionary, items, 20, &transcript, &publication, &fixture, &arena);
    struct bytes all = buf_bytes(&transcript.all);
    CHECK(dictionary.count > 10000 && all.len > 5000);
    CHECK_SEEN(search(&dictionary, all) == 0, "%zu windows known",
               search(&dictionary, all));
    for (size_t i = 0; i < 20; i++)
        CHECK_SEEN(!contains(all, items[i].value), "item %zu stands in clear", i);

    /* The search would have found each kind of leak. */
    uint8_t hash[64];
    struct bytes secret = items[18].value;
    CHECK(contains(all, bytes_text("XB-2026-0009")));
    crypto_hash_sha512(hash, secret.at, secret.len);
    buf_add_byte(&transcript.all, 1);
    buf_add(&transcript.all, bytes_of(hash, 32));
    CHECK(search(&dictionary, buf_bytes(&transcript.all)) == 1);
    oprf_hash_to_group(hash, BYTES_OF("container:QZAU2045184"), OPRF_VERIFIABLE);
    buf_add(&transcript.all, bytes_of(hash, 32));
    CHECK(search(&dictionary, buf_bytes(&transcript.all)) == 2);
    crypto_auth_hmacsha256_state hmac;
    crypto_auth_hmacsha256_init(&hmac, fixture.owner.public_key, IDENTITY_KEY);
    crypto_auth_hmacsha256_update(&hmac, secret.at, secret.len);
    crypto_auth_hmacsha256_final(&hmac, hash);
    buf_add(&transcript.all, bytes_of(hash, 32));
    CHECK(search(&dictionary, buf_bytes(&transcript.all)) == 3);

    free(dictionary.prefixes);
    buf_release(&transcript.all);
    match_hits_release(&result.hits);
    map_shelf_release(&shelf);
    publication_release(&publication);
    arena_release(&arena);
}

/* A transcript file goes to the supervisor, who has the seed and the list. */
static void test_transcript_and_audit(void)
{
    static const char *const texts[3] = {"noordt|1988-06-07", "QZAU2045184",
                                         "luar|1979-09-25"};
    char path[] = "/tmp/enlace-transcript-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    close(fd);
    struct fixture fixture;
    struct arena arena = {NULL};
    struct publication publication;
    struct match_item items[21];
    struct session_result result;
    struct map_shelf shelf = {{{0}}};
    struct transcript *transcript;
    struct err err = {{0}}, served = {{0}};
    fixture_init(&fixture, 33);
    publish_some(&publication, &fixture, &arena);
    fill_list(items, texts, &arena);
    items[20] =
        (struct match_item){KEY_VIN, BYTES_OF("ZZZENLAC70A000117")}; /* not offered */
    struct requester_options options = fixture_asker(&fixture);
    CHECK(transcript_create(&transcript, path, TRANSCRIPT_REQUESTER, &err) == OK);
    struct session_tap tap = transcript_tap(transcript);
    CHECK(lines_run(&result, &fixture, &publication, &options, &shelf, &tap, items, 21,
                    &served, &err) == OK);
    CHECK(transcript_close(transcript, &err) == OK);

    struct audit_source source;
    struct audit_report report;
    CHECK_SEEN(audit_read(&source, path, &arena, &err) == OK, "%s", err.text);
    CHECK(source.count == 3 && source.has_epoch);
    struct audit_case audited = {.seed = fixture.case_seed,
                                 .asks = source.asks,
                                 .ask_count = source.count,
                                 .epoch = &source.epoch,
                                 .items = items,
                                 .item_count = 21};
    CHECK(audit_run(&report, &audited, NULL, &arena, &err) == OK);
    CHECK_SEEN(report.valid && report.asks == 3 && report.items == 20, "%s",
               report.count > 0 ? report.findings[0].sentence : "");
    audited.item_count = 19;
    CHECK(audit_run(&report, &audited, NULL, &arena, &err) == OK && !report.valid);
    audited.item_count = 21;
    audited.ask_count = 2;
    CHECK(audit_run(&report, &audited, NULL, &arena, &err) == OK && !report.valid);

    /* Cut off, and something else. */
    CHECK(truncate(path, 300) == 0);
    CHECK(audit_read(&source, path, &arena, &err) == BAD_INPUT);
    CHECK(strstr(err.text, "cut short") != NULL);
    CHECK(truncate(path, 4) == 0);
    CHECK(audit_read(&source, path, &arena, &err) == BAD_INPUT);
    CHECK(strstr(err.text, "not a transcript") != NULL);
    unlink(path);
    CHECK(audit_read(&source, path, &arena, &err) == NOT_FOUND);
    match_hits_release(&result.hits);
    map_shelf_release(&shelf);
    publication_release(&publication);
    arena_release(&arena);
}

int main(void)
{
    CHECK(sodium_init() >= 0);
    test_random_sets();
    test_one_record_one_tag();
    test_shapes_are_equal();
    test_dictionary();
    test_transcript_and_audit();
    return check_done("session");
}
