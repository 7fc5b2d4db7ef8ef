/* SPDX-License-Identifier: Apache-2.0
 *
 * match/epoch.h: what an owner announces: for a stretch of time and one circle, the public
 * key of each class and which map goes with it.
 *
 * Everything a requester believes later hangs on this one signed page: proofs are checked
 * against its keys, maps against its roots. All partners of a circle must see the same one.
 * docs/format/session.md has the table of its bytes.
 */
#ifndef MATCH_EPOCH_H
#define MATCH_EPOCH_H

#include "match/circle.h"
#include "match/identity.h"
#include "match/oprf.h"
#include "record/keys.h"

enum {
    MAP_ID = 16,
    NORMALISER = 32,
    EPOCH_DAYS = 90, /* the usual length of one */
    /* A partner's clock may be this far behind ours: an epoch that began in its future. */
    CLOCK_SKEW_S = 2 * 24 * 3600,
    EPOCH_WIRE_MAX = 4096,
};

struct epoch_class {
    bool offered; /* the rest is meaningful only then */
    uint8_t public_key[OPRF_ELEMENT];
    uint8_t map_id[MAP_ID];
    uint8_t map_root[32];
    uint64_t map_cells;
    /* What came since, all of it; 0 cells and zeros where the announcement is a base. */
    uint8_t delta_id[MAP_ID];
    uint8_t delta_root[32];
    uint64_t delta_cells;
};

struct epoch {
    uint8_t owner[IDENTITY_KEY];
    uint64_t number;
    struct circle circle;
    int64_t from_s, until_s; /* seconds since 1970; valid while from_s <= now < until_s */
    uint8_t normaliser[NORMALISER];
    /* The announcement before, of this circle; 0 and zeros for the first. So they are one chain, and
     * an owner who shows two partners different ones is caught (match/chain). */
    uint64_t previous_number;
    uint8_t previous[DIGEST];
    /* The announcement whose maps these are: this one, a base; or an earlier one, and then every class
     * has a delta besides. */
    uint64_t base_number;
    /* What the owner pledged about its keys so far (match/pledge). */
    uint64_t pledges;
    uint8_t pledges_root[32];
    struct epoch_class classes[KEY_CLASSES];
};

static inline bool epoch_is_base(const struct epoch *epoch)
{
    return epoch->base_number == epoch->number;
}

/* Whom and what a requester means to speak to. */
struct epoch_expected {
    const uint8_t *owner;
    const struct circle *circle;
    const uint8_t *normaliser;
    int64_t now_s;
};

/* Append the announcement, signed. identity is the owner's. */
void epoch_write(struct buf *out, const struct epoch *epoch,
                 const struct identity *identity);
/* Form, limits and the signature of the owner it names. */
/* Made by a build that had another form: there is nothing that it can be continued or compared with. */
bool epoch_is_of_other_form(struct bytes wire);
MUST_USE enum status epoch_parse(struct epoch *epoch, struct bytes wire, struct err *err);
MUST_USE enum status epoch_check(const struct epoch *epoch,
                                 const struct epoch_expected *expected, struct err *err);

/* The secret side: one key a class, from the seed of the epoch. */
struct epoch_keys {
    uint8_t secret[KEY_CLASSES][OPRF_SCALAR];
    uint8_t public[KEY_CLASSES][OPRF_ELEMENT];
};
void epoch_keys_init(struct epoch_keys *keys, const uint8_t seed[OPRF_SEED],
                     const struct circle *circle);
void epoch_keys_release(struct epoch_keys *keys);

#endif
