/* SPDX-License-Identifier: Apache-2.0
 *
 * What people decided, as text: what is read survives writing, and whatever it says, what is stated stays a
 * number within bounds.
 */
#include "fuzz.h"

#include "link/review.h"

#include <assert.h>
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct review review, again;
    struct buf text = {.max = SIZE_MAX};
    struct mixture mixture;
    struct score_weights weights;
    review = again = (struct review){.count = 0};
    if (review_read(&review, bytes_of(data, size), NULL) != OK) {
        assert(review.count == 0);
        return 0;
    }
    review_write(&text, &review);
    assert(review_read(&again, buf_bytes(&text), NULL) == OK);
    assert(again.count == review.count);
    buf_release(&text);
    mixture_init(&mixture, MIXTURE_KEYS);
    struct review_doubt doubt;
    review_fit(&doubt, &review, &mixture, MIXTURE_KEYS);
    for (size_t i = 0; i < review.count; i++) {
        double factor = review_factor(&doubt, &review.rows[i].accord);
        assert(factor >= 1 && factor <= exp2(REVIEWED_BITS_MAX));
    }
    score_weights_init(&weights);
    review_weights(&weights, &review);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static const char *const seeds[] = {
        "{\"learned\":[{\"schema\":\"Person\",\"by\":\"keys\",\"names\":\"one\",\"date\":\"the "
        "same\",\"place\":"
        "\"street\",\"place_most\":\"house and more\",\"strangers\":1e-06,\"rarer\":0,"
        "\"numbers\":1,\"same\":1,\"different\":12}]}",
        "{\"learned\":[{\"schema\":\"Organization\",\"name\":{\"same\":2,\"differs\":1},\"country\":"
        "\"same\","
        "\"stated\":0.1,\"same\":0,\"different\":3}]}",
    };
    if (index >= sizeof seeds / sizeof seeds[0])
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}
