/* SPDX-License-Identifier: Apache-2.0
 *
 * match/holdings.h: what stands in the maps of one circle under one seed, as the vault keeps it: F(x)
 * of every key, and in which records it is. Never a value.
 *
 *     file = "enlace held 2\n" NUL NUL | header of a libsodium secretstream | chunks
 *     chunk = length 4 | secretstream message of at most HOLDINGS_CHUNK bytes; the last is marked final
 *     inside: base 8 | its time 8 | records 8 | keys 8 | refs 8 | record: number 8, tag 8 | key: class 1, digest 16,
 *             output 64, refs 4 | ref: place of the record 4, its first bits: added since the base, gone since; pledge 4
 *
 * The stream's key comes of the seed: the file is worthless when the seed has been destroyed. With it
 * a new base costs an evaluation only for keys that are new, and a claim is checked without any value
 * leaving the core. digest = keyed BLAKE2b-128 of "class:value", under a key of the seed too.
 */
#ifndef MATCH_HOLDINGS_H
#define MATCH_HOLDINGS_H

#include "match/oprf.h"
#include "match/tag.h"
#include "record/keys.h"

struct world;

enum { HOLDING_DIGEST = 16, HOLDINGS_CHUNK = 256 * 1024, HOLDINGS_KEYS_MAX = 1 << 27 };

struct holding {
    uint8_t class;
    uint8_t digest[HOLDING_DIGEST];
    uint8_t output[OPRF_OUTPUT];
    uint32_t first, count; /* its refs */
};

/* A key of a record. */
struct holding_ref {
    uint32_t record; /* place in records */
    uint32_t pledge; /* place in the tree of match/pledge */
    bool added;      /* since the base: it stands in the delta */
    bool
        gone; /* since the base, from a record that is still there: it stands in the base */
};

/* All-zero is empty. keys by class, then digest; records by number; refs of a key by record. */
struct holdings {
    uint64_t base_number; /* the announcement whose maps are the base */
    int64_t base_s;       /* when they were made */
    struct tag_entry *records;
    struct holding *keys;
    struct holding_ref *refs;
    size_t record_count, key_count, ref_count;
};

void holdings_release(struct holdings *holdings); /* wipes */

void holdings_digest(uint8_t digest[HOLDING_DIGEST], const uint8_t seed[OPRF_SEED],
                     struct bytes text);
MUST_USE enum status holdings_write(const struct holdings *holdings, const char *path,
                                    const uint8_t seed[OPRF_SEED], struct err *err);
/* NOT_FOUND: no such file. CONFLICT: damaged, or of another seed. */
MUST_USE enum status holdings_read(struct holdings *holdings, const char *path,
                                   const uint8_t seed[OPRF_SEED], struct err *err);

#endif
