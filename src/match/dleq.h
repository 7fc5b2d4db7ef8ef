/* SPDX-License-Identifier: Apache-2.0
 *
 * match/dleq.h: the batched proof of RFC 9497, section 2.2: all evaluated elements came
 * from the blinded ones by the one key that was announced.
 *
 * Prover and verifier first reduce a batch to two sums, M of the blinded and Z of the
 * evaluated elements, with coefficients that depend on all of them; then one short proof
 * over (M, Z) stands for the batch. The owner of the key gets Z as k * M, at half the
 * price.
 */
#ifndef MATCH_DLEQ_H
#define MATCH_DLEQ_H

#include "match/oprf.h"

struct world;

enum { DLEQ_PROOF = 64, DLEQ_BATCH_MAX = 1024 };

struct dleq_batch {
    const uint8_t *public_key;
    const uint8_t *secret_key; /* the owner's; NULL for the verifier */
    const uint8_t *blinded;    /* count elements */
    const uint8_t *evaluated;
    size_t count; /* 1 to DLEQ_BATCH_MAX */
    enum oprf_mode mode;
};

struct dleq_sums {
    uint8_t m[OPRF_ELEMENT], z[OPRF_ELEMENT];
};

/* false, with its index in *bad, when an element is not a point of the group or the
 * identity. */
MUST_USE bool dleq_sum(struct dleq_sums *sums, size_t *bad, const struct dleq_batch *batch,
                       struct pool *pool);

/* A nonce from fresh randomness, the key and the sums: were the randomness ever to repeat,
 * the nonce still differs where the statement does, and the key stays secret. */
void dleq_nonce(uint8_t nonce[OPRF_SCALAR], const struct dleq_batch *batch,
                const struct dleq_sums *sums, const struct world *world);
void dleq_prove(uint8_t proof[DLEQ_PROOF], const struct dleq_batch *batch,
                const struct dleq_sums *sums, const uint8_t nonce[OPRF_SCALAR]);
MUST_USE bool dleq_verify(const uint8_t proof[DLEQ_PROOF], const struct dleq_batch *batch,
                          const struct dleq_sums *sums);

#endif
