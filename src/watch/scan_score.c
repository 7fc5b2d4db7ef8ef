/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_score.h"

#include <math.h>

double scan_permutation_llr(double observed, double expected, double total)
{
    if (observed <= expected)
        return 0;
    double inside = observed * log(observed / expected);
    if (observed >= total)
        return inside;
    return inside + (total - observed) * log((total - observed) / (total - expected));
}

double scan_poisson_llr(double observed, double expected)
{
    if (observed <= expected)
        return 0;
    return observed * log(observed / expected) + expected - observed;
}

double scan_gumbel_p(double score, const double *scores, unsigned count)
{
    static const double EULER = 0.57721566490153286;
    double sum = 0, squares = 0;
    for (unsigned i = 0; i < count; i++)
        sum += scores[i];
    double mean = sum / count;
    for (unsigned i = 0; i < count; i++)
        squares += (scores[i] - mean) * (scores[i] - mean);
    if (count < 2 || !(squares > 0))
        return NAN;
    double scale = sqrt(squares / (count - 1)) * sqrt(6) / M_PI;
    double place = mean - EULER * scale;
    return -expm1(-exp(-(score - place) / scale));
}
