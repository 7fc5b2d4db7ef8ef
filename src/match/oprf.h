/* SPDX-License-Identifier: Apache-2.0
 *
 * match/oprf.h: the oblivious pseudo-random function of RFC 9497, ristretto255-SHA512.
 *
 *     requester                              owner of the key k
 *     r random, B = r * H(x)    ---- B ---->
 *                               <--- E -----  E = k * B, and a proof that k is the announced one
 *     F(x) = Hash(x, r^-1 * E)
 *
 * The owner learns nothing of x, the requester nothing of k but F(x). The comparison uses
 * the verifiable mode alone (with the proof of match/dleq): in the plain one an owner could
 * use another key for each requester, and so mark it. The plain mode is here for the
 * published vectors, which share all the code.
 *
 * Elements and scalars stay in their 32-byte encodings. An encoding that is not canonical,
 * and the identity, are refused by whatever multiplies them.
 */
#ifndef MATCH_OPRF_H
#define MATCH_OPRF_H

#include "base/bytes.h"

struct pool;

enum oprf_mode { OPRF_PLAIN = 0, OPRF_VERIFIABLE = 1 };

enum {
    OPRF_ELEMENT = 32,
    OPRF_SCALAR = 32,
    OPRF_OUTPUT = 64,
    OPRF_SEED = 32,
    OPRF_INPUT_MAX = 65535,
    OPRF_INFO_MAX = 128,
    OPRF_TAG_MAX = 64,
};

/* "HashToGroup-" and the like, followed by the mode's context string; gives the length. */
size_t oprf_tag(uint8_t out[OPRF_TAG_MAX], const char *prefix, enum oprf_mode mode);

/* DeriveKeyPair, section 3.2.1. info is ours, at most OPRF_INFO_MAX bytes. */
void oprf_derive_keys(uint8_t secret_key[OPRF_SCALAR], uint8_t public_key[OPRF_ELEMENT],
                      const uint8_t seed[OPRF_SEED], struct bytes info,
                      enum oprf_mode mode);

void oprf_hash_to_group(uint8_t element[OPRF_ELEMENT], struct bytes input,
                        enum oprf_mode mode);
void oprf_hash_to_scalar(uint8_t scalar[OPRF_SCALAR], struct bytes input,
                         enum oprf_mode mode);
/* The 32 bytes are a number below the order of the group. */
bool oprf_scalar_is_canonical(const uint8_t scalar[OPRF_SCALAR]);

/* B = blind * H(input); the blind is neither zero nor ever used again. */
void oprf_blind(uint8_t blinded[OPRF_ELEMENT], struct bytes input,
                const uint8_t blind[OPRF_SCALAR], enum oprf_mode mode);
/* F(input) from the unblinded element. */
void oprf_finalize(uint8_t output[OPRF_OUTPUT], struct bytes input,
                   const uint8_t unblinded[OPRF_ELEMENT]);
/* F(input) by the owner of the key, without anybody asking. */
void oprf_evaluate(uint8_t output[OPRF_OUTPUT], const uint8_t secret_key[OPRF_SCALAR],
                   struct bytes input, enum oprf_mode mode);

/* A canonical encoding, and not the identity. */
bool oprf_element_is_valid(const uint8_t element[OPRF_ELEMENT]);
/* out = scalar * element. false when the element is not a canonical encoding or is the
 * identity, or the scalar is zero. */
MUST_USE bool oprf_multiply(uint8_t out[OPRF_ELEMENT], const uint8_t scalar[OPRF_SCALAR],
                            const uint8_t element[OPRF_ELEMENT]);

/* One scalar for every element, or one each. */
enum oprf_scalars { OPRF_ONE_SCALAR, OPRF_SCALAR_EACH };

struct oprf_product {
    const uint8_t *elements; /* count of them, OPRF_ELEMENT bytes each */
    const uint8_t *scalars;  /* one, or count of them */
    enum oprf_scalars kind;
    size_t count;
};

/* out[i] = scalar * elements[i], on the pool (NULL: here). false, with the first index in
 * *bad, when an element is not a canonical encoding or is the identity; out is then not to
 * be used. */
MUST_USE bool oprf_multiply_all(uint8_t *out, size_t *bad,
                                const struct oprf_product *product, struct pool *pool);

/* out[i] = 1 / scalars[i], with one inversion for all (Montgomery's trick). None may be
 * zero; out and scalars do not overlap. */
void oprf_invert_all(uint8_t *out, const uint8_t *scalars, size_t count);

#endif
