/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/fuzz/fuzz.h: what a fuzz target is.
 *
 * Each tests/fuzz/fuzz_NAME.c defines LLVMFuzzerTestOneInput and fuzz_seed. Two drivers run it:
 * clang's libFuzzer (`make fuzz`), and driver.c, which mutates the seeds from a fixed number for
 * a short time under gcc's sanitizers (`./check`).
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The index-th example input to start from; gives its length, 0 behind the last. */
size_t fuzz_seed(size_t index, const uint8_t **data);

#endif
