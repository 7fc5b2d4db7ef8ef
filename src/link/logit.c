/* SPDX-License-Identifier: Apache-2.0 */
#include "link/logit.h"

#include <math.h>
#include <stdlib.h>

enum { SWEEPS_MAX = 2000 };
static const double STEP_LEAST = 1e-7;
/* p (1 - p) is at most this. */
static const double CURVATURE_MOST = 0.25;

static double share(double log_odds)
{
    return 1 / (1 + exp(-log_odds));
}

static double times_of(const struct logit_case *group, size_t feature)
{
    double times = 0;
    for (size_t i = 0; i < group->feature_count; i++)
        if (group->features[i].which == feature)
            times += group->features[i].times;
    return times;
}

void logit_fit(double coefficients[static LOGIT_FEATURES_MAX],
               const struct logit_case *cases, size_t count,
               const double variances[static LOGIT_FEATURES_MAX])
{
    double *log_odds = xcalloc(count + 1, sizeof *log_odds);
    double *times = xcalloc(count * LOGIT_FEATURES_MAX + 1, sizeof *times);
    double curvature[LOGIT_FEATURES_MAX];
    for (size_t f = 0; f < LOGIT_FEATURES_MAX; f++) {
        coefficients[f] = 0;
        curvature[f] = 1 / variances[f];
        for (size_t i = 0; i < count; i++) {
            double some = times_of(&cases[i], f);
            times[i * LOGIT_FEATURES_MAX + f] = some;
            curvature[f] += CURVATURE_MOST * cases[i].cases * some * some;
        }
    }
    for (size_t i = 0; i < count; i++)
        log_odds[i] = cases[i].offset;
    for (size_t sweep = 0; sweep < SWEEPS_MAX; sweep++) {
        double most = 0;
        for (size_t f = 0; f < LOGIT_FEATURES_MAX; f++) {
            double slope = -coefficients[f] / variances[f];
            for (size_t i = 0; i < count; i++) {
                double some = times[i * LOGIT_FEATURES_MAX + f];
                if (some > 0)
                    slope +=
                        some * (cases[i].positive - cases[i].cases * share(log_odds[i]));
            }
            double step = slope / curvature[f];
            coefficients[f] += step;
            for (size_t i = 0; i < count && step != 0; i++)
                log_odds[i] += step * times[i * LOGIT_FEATURES_MAX + f];
            most = fmax(most, fabs(step));
        }
        if (most < STEP_LEAST)
            break;
    }
    free(times);
    free(log_odds);
}
