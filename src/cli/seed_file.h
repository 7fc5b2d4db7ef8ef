/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/seed_file.h: the secret beside a transcript, without which no audit is possible.
 *
 *     "enlace-case-seed-1\n" | 64 hexadecimal digits | "\n"
 *
 * TRANSCRIPT.seed, readable by its owner alone. With it and the transcript a dictionary can be
 * tried on the asks: it is kept as the list itself is kept.
 */
#ifndef CLI_SEED_FILE_H
#define CLI_SEED_FILE_H

#include "match/blinding.h"

MUST_USE enum status seed_file_write(const char *transcript, const uint8_t seed[CASE_SEED],
                                     struct err *err);
/* path NULL: TRANSCRIPT.seed. */
MUST_USE enum status seed_file_read(uint8_t seed[CASE_SEED], const char *transcript,
                                    const char *path, struct err *err);

#endif
