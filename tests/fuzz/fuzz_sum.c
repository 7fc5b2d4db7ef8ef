/* SPDX-License-Identifier: Apache-2.0
 *
 * Encodings of elements from a partner, and scalars: what libsodium takes for an element we do,
 * and nothing else; sums are what libsodium adds up. 64 bytes an element: encoding, scalar.
 */
#include "fuzz.h"
#include "match/point.h"
#include "match/sum.h"

#include <assert.h>
#include <sodium.h>

enum { PAIR = OPRF_ELEMENT + OPRF_SCALAR, PAIRS_MAX = 20 };

static uint8_t seed_bytes[PAIRS_MAX * PAIR];

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    if (index > 2)
        return 0;
    for (uint8_t i = 0; i < PAIRS_MAX; i++) {
        uint8_t wide[64] = {i, 1};
        crypto_core_ristretto255_from_hash(seed_bytes + i * PAIR, wide);
        crypto_core_ristretto255_scalar_reduce(seed_bytes + i * PAIR + OPRF_ELEMENT, wide);
    }
    *data = seed_bytes;
    return (size_t[]){PAIR, 3 * PAIR, PAIRS_MAX * PAIR}[index];
}

static bool check_element(const uint8_t element[OPRF_ELEMENT])
{
    struct point point;
    uint8_t again[OPRF_ELEMENT];
    bool good = point_decode(&point, element);
    /* libsodium 1.0.18 does not look at the highest bit; RFC 9496 refuses it. */
    assert(good == (crypto_core_ristretto255_is_valid_point(element) == 1 &&
                    (element[OPRF_ELEMENT - 1] & 0x80) == 0));
    if (good) {
        point_encode(again, &point);
        assert(memcmp(again, element, sizeof again) == 0);
    }
    return good && !sodium_is_zero(element, OPRF_ELEMENT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t elements[PAIRS_MAX * OPRF_ELEMENT], scalars[PAIRS_MAX * OPRF_SCALAR];
    uint8_t sum[OPRF_ELEMENT], slow[OPRF_ELEMENT] = {0};
    size_t count = size / PAIR < PAIRS_MAX ? size / PAIR : PAIRS_MAX, bad,
           first_bad = count;
    if (sodium_init() < 0 || count == 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t wide[64] = {0}, product[OPRF_ELEMENT];
        uint8_t *element = elements + i * OPRF_ELEMENT, *scalar = scalars + i * OPRF_SCALAR;
        memcpy(element, data + i * PAIR, OPRF_ELEMENT);
        memcpy(wide, data + i * PAIR + OPRF_ELEMENT, OPRF_SCALAR);
        crypto_core_ristretto255_scalar_reduce(scalar, wide);
        if (!check_element(element) && first_bad == count)
            first_bad = i;
        if (first_bad == count && !sodium_is_zero(scalar, OPRF_SCALAR) &&
            (crypto_scalarmult_ristretto255(product, scalar, element) != 0 ||
             crypto_core_ristretto255_add(slow, slow, product) != 0))
            assert(!"a good element could not be added");
    }
    bool good = sum_products(sum, &bad, elements, scalars, count);
    assert(good == (first_bad == count));
    assert(good ? memcmp(sum, slow, sizeof sum) == 0 : bad == first_bad);
    return 0;
}
