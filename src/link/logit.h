/* SPDX-License-Identifier: Apache-2.0
 *
 * link/logit.h: logistic regression with an offset, held back by a prior.
 *
 * A group of `cases` outcomes alike was stated to have log odds of `offset`; `positive` of them turned
 * out so. Each has some of LOGIT_FEATURES_MAX features, so many times. Fitted is a coefficient a
 * feature, in nats, that is added to the offset:
 *
 *     log odds = offset + sum of coefficient * times
 *
 * by the most likely coefficients where each is normal about 0 with its variance (ridge
 * regression; le Cessie and van Houwelingen, Applied Statistics 41, 1992): without cases all are 0, and
 * a few move little. By coordinates, each step on the bound of Boehning and Lindsay (Annals of the
 * Institute of Statistical Mathematics 40, 1988), so that none overshoots; the same cases in the same order give
 * the same numbers.
 */
#ifndef LINK_LOGIT_H
#define LINK_LOGIT_H

#include "base/memory.h"

enum { LOGIT_FEATURES_MAX = 256, LOGIT_CASE_FEATURES_MAX = 24 };

struct logit_case {
    double offset; /* finite */
    double cases, positive;
    struct {
        uint8_t which;
        double times;
    } features[LOGIT_CASE_FEATURES_MAX];
    size_t feature_count;
};

void logit_fit(double coefficients[static LOGIT_FEATURES_MAX],
               const struct logit_case *cases, size_t count,
               const double variances[static LOGIT_FEATURES_MAX]);

#endif
