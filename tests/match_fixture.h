/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/match_fixture.h: two sides of a blind comparison, made from a seed.
 *
 * The owner publishes, the asker asks. All is repeatable: world, identities, seeds. Numbers and
 * names are fictional.
 */
#ifndef TESTS_MATCH_FIXTURE_H
#define TESTS_MATCH_FIXTURE_H

#include "base/world.h"
#include "check.h"
#include "match/publication.h"
#include "match/requester.h"
#include "match/responder.h"

#include <sodium.h>

enum { FIXTURE_NOW_S = 1772000000, FIXTURE_EPOCH = 7, FIXTURE_DAY_S = 24 * 3600 };

struct fixture {
    struct world_seeded seeded;
    const struct world *world;
    struct identity owner, asker, stranger;
    uint8_t epoch_seed[OPRF_SEED], case_seed[CASE_SEED], normaliser[NORMALISER];
    struct circle circle;
};

static inline void fixture_init(struct fixture *fixture, uint64_t seed)
{
    world_seeded_init(&fixture->seeded, seed, (int64_t)FIXTURE_NOW_S * 1000000000);
    fixture->world = &fixture->seeded.world;
    identity_init(&fixture->owner, fixture->world);
    identity_init(&fixture->asker, fixture->world);
    identity_init(&fixture->stranger, fixture->world);
    world_random(fixture->world, fixture->epoch_seed, OPRF_SEED);
    world_random(fixture->world, fixture->case_seed, CASE_SEED);
    world_random(fixture->world, fixture->normaliser, NORMALISER);
    CHECK(circle_parse(&fixture->circle, BYTES_OF("delfines"), NULL) == OK);
}

static inline struct publication_options fixture_owner(const struct fixture *fixture)
{
    return (struct publication_options){
        .world = fixture->world,
        .identity = &fixture->owner,
        .seed = fixture->epoch_seed,
        .circle = fixture->circle,
        .number = FIXTURE_EPOCH,
        .from_s = FIXTURE_NOW_S - FIXTURE_DAY_S,
        .until_s = FIXTURE_NOW_S + EPOCH_DAYS * FIXTURE_DAY_S,
        .normaliser = fixture->normaliser,
    };
}

static inline void fixture_publish(struct publication *publication,
                                   const struct fixture *fixture,
                                   const struct match_held *held, size_t count)
{
    struct publication_options options = fixture_owner(fixture);
    struct err err = {{0}};
    CHECK_SEEN(publication_init(publication, &options, held, count, &err) == OK, "%s",
               err.text);
}

static inline struct requester_options fixture_asker(const struct fixture *fixture)
{
    return (struct requester_options){
        .world = fixture->world,
        .identity = &fixture->asker,
        .peer = fixture->owner.public_key,
        .circle = fixture->circle,
        .normaliser = fixture->normaliser,
        .seed = fixture->case_seed,
        .reason = {PURPOSE_INVESTIGATION, BYTES_OF("Directive (EU) 2023/977, article 4"),
                   BYTES_OF("XB-2026-0009")},
    };
}

static inline struct responder_options
fixture_responder(const struct fixture *fixture, const struct publication *publication)
{
    return (struct responder_options){
        .world = fixture->world,
        .identity = &fixture->owner,
        .epoch = &publication->epoch,
        .keys = &publication->keys,
    };
}

/* Put a new signature under a message that was changed. */
static inline void fixture_sign_again(struct buf *message, const struct identity *identity)
{
    CHECK(message->len >= SIGNATURE);
    message->len -= SIGNATURE;
    identity_sign(message, identity);
}

/* The arena keeps the text: "+99955010" and the number in four digits. */
static inline struct match_item fixture_phone(unsigned number, struct arena *arena)
{
    return (struct match_item){KEY_PHONE,
                               bytes_text(arena_printf(arena, "+99955010%04u", number))};
}

#endif
