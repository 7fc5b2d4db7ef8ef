/* SPDX-License-Identifier: Apache-2.0
 *
 * record/verdict.h: how a value type's clean answers: fine, doubtful, or refused with a
 * sentence.
 */
#ifndef RECORD_VERDICT_H
#define RECORD_VERDICT_H

#include "record/value.h"

enum { VERDICT_SENTENCE_MAX = 512 };

void verdict_fine(struct value_result *out, struct bytes clean);
/* The sentence goes to the arena, cut at VERDICT_SENTENCE_MAX. */
void verdict_doubt(struct value_result *out, struct bytes clean, struct arena *arena,
                   const char *format, ...) PRINTF_LIKE(4, 5);
void verdict_refuse(struct value_result *out, struct arena *arena, const char *format, ...)
    PRINTF_LIKE(3, 4);

#endif
