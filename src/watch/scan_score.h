/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/scan_score.h: how much a count stands out, as a logarithm of a likelihood ratio.
 *
 * Both are 0 unless more was observed than expected: a scan looks for too many, not for too few.
 */
#ifndef WATCH_SCAN_SCORE_H
#define WATCH_SCAN_SCORE_H

/* Space-time permutation (Kulldorff et al. 2005): observed of total cases are inside, where
 * expected were to be. C ln(C/E) + (N-C) ln((N-C)/(N-E)); expected > 0, observed <= total. */
double scan_permutation_llr(double observed, double expected, double total);

/* Expectation-based Poisson (Neill 2005): C ln(C/B) + B - C. */
double scan_poisson_llr(double observed, double expected);

/* The chance of a score at least as high as this by the Gumbel distribution that has the mean and
 * the spread of the count scores (Abrams, Kulldorff, Kleinman 2010). NAN below two scores or
 * without spread. */
double scan_gumbel_p(double score, const double *scores, unsigned count);

#endif
