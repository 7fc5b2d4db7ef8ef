/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/fuzz/driver.c: a short, seeded fuzz run without coverage, for ./check.
 *
 *     fuzz_csv [SECONDS [SEED]]      fuzz_csv FILE...  (run these inputs, to repeat a finding)
 *
 * Takes the target's seeds, changes them (flip, replace, cut, repeat, splice) from a fixed
 * number, and copies every input to the very end of a guarded page, so that one byte read too
 * far is a crash. The same seed gives the same inputs in the same order: run it again to repeat.
 */
#include "fuzz.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { INPUT_MAX = 64 * 1024, PAGE = 4096, SEEDS_MAX = 1024 };

static uint64_t state;
static uint8_t *guard_end; /* first byte of the page that may not be touched */

static uint64_t next_random(void)
{
    /* splitmix64 */
    uint64_t z = state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static size_t below(size_t limit)
{
    return limit == 0 ? 0 : (size_t)(next_random() % limit);
}

static void run_input(const uint8_t *data, size_t size)
{
    uint8_t *at = guard_end - size;
    memcpy(at, data, size);
    LLVMFuzzerTestOneInput(at, size);
}

static size_t change(uint8_t *data, size_t size, size_t seeds)
{
    static const uint8_t telling[] = {0,   1,    0x7F, 0x80, 0xFF, '"', ',',
                                      ';', '\n', '\r', '{',  '}',  '[', ']',
                                      ':', '\\', '<',  '=',  '+',  '%', ' '};
    switch (below(7)) {
    case 0:
        if (size > 0)
            data[below(size)] ^= (uint8_t)(1u << below(8));
        return size;
    case 1:
        if (size > 0)
            data[below(size)] = telling[below(sizeof telling)];
        return size;
    case 2: /* cut off */
        return below(size + 1);
    case 3: { /* take a piece out */
        size_t from = below(size + 1), len = below(size - from + 1);
        memmove(data + from, data + from + len, size - from - len);
        return size - len;
    }
    case 4: { /* repeat a piece */
        size_t from = below(size + 1), len = below(size - from + 1);
        if (len > INPUT_MAX - size)
            len = INPUT_MAX - size;
        memmove(data + from + len, data + from, size - from);
        return size + len;
    }
    case 5: { /* a piece of another seed */
        const uint8_t *other;
        size_t other_size = fuzz_seed(below(seeds), &other);
        size_t from = below(other_size + 1), len = below(other_size - from + 1);
        size_t to = below(size + 1);
        if (len > INPUT_MAX - to)
            len = INPUT_MAX - to;
        memcpy(data + to, other + from, len);
        return to + len > size ? to + len : size;
    }
    default: { /* insert a byte */
        if (size == INPUT_MAX)
            return size;
        size_t at = below(size + 1);
        memmove(data + at + 1, data + at, size - at);
        data[at] = telling[below(sizeof telling)];
        return size + 1;
    }
    }
}

static int run_files(int count, char **paths)
{
    static uint8_t input[INPUT_MAX];
    for (int i = 0; i < count; i++) {
        FILE *file = fopen(paths[i], "rb");
        if (file == NULL) {
            perror(paths[i]);
            return 1;
        }
        size_t size = fread(input, 1, sizeof input, file);
        fclose(file);
        run_input(input, size);
    }
    return 0;
}

int main(int argc, char **argv)
{
    uint8_t *pages = mmap(NULL, INPUT_MAX + PAGE, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED || mprotect(pages + INPUT_MAX, PAGE, PROT_NONE) != 0) {
        perror("guard page");
        return 1;
    }
    guard_end = pages + INPUT_MAX;
    if (argc > 1 && access(argv[1], R_OK) == 0)
        return run_files(argc - 1, argv + 1);

    double seconds = argc > 1 ? atof(argv[1]) : 1;
    state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint64_t first_state = state;
    size_t seeds = 0;
    const uint8_t *seed;
    while (seeds < SEEDS_MAX && fuzz_seed(seeds, &seed) > 0)
        run_input(seed, fuzz_seed(seeds, &seed)), seeds++;

    static uint8_t input[INPUT_MAX];
    clock_t end = clock() + (clock_t)(seconds * CLOCKS_PER_SEC);
    unsigned long runs = 0;
    for (; clock() < end; runs++) {
        size_t size = fuzz_seed(below(seeds), &seed);
        if (size > INPUT_MAX)
            size = INPUT_MAX;
        memcpy(input, seed, size);
        for (size_t changes = 1 + below(6); changes > 0; changes--)
            size = change(input, size, seeds);
        run_input(input, size);
    }
    printf("%s: %lu inputs from seed %llu\n", argv[0], runs,
           (unsigned long long)first_state);
    return 0;
}
