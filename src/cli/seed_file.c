/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/seed_file.h"

#include "base/file.h"
#include "base/text.h"

#include <sodium.h>

static const char head[] = "enlace-case-seed-1\n";

enum { HEAD_LEN = sizeof head - 1, DIGITS = 2 * CASE_SEED };

enum status seed_file_write(const char *transcript, const uint8_t seed[CASE_SEED],
                            struct err *err)
{
    struct arena arena = {0};
    char text[HEAD_LEN + DIGITS + 2];
    memcpy(text, head, HEAD_LEN);
    hex_write(text + HEAD_LEN, bytes_of(seed, CASE_SEED));
    text[HEAD_LEN + DIGITS] = '\n';
    enum status status =
        file_write(arena_printf(&arena, "%s.seed", transcript),
                   bytes_of(text, HEAD_LEN + DIGITS + 1), FILE_SECRET, err);
    sodium_memzero(text, sizeof text);
    arena_release(&arena);
    return status;
}

enum status seed_file_read(uint8_t seed[CASE_SEED], const char *transcript,
                           const char *path, struct err *err)
{
    struct arena arena = {0};
    struct bytes content = {0};
    if (path == NULL)
        path = arena_printf(&arena, "%s.seed", transcript);
    enum status status = file_read(&content, path, HEAD_LEN + DIGITS + 2, &arena, err);
    if (status == OK) {
        struct bytes line = text_trim(content);
        if (line.len != HEAD_LEN + DIGITS || !text_starts(line, head) ||
            !hex_read(seed, CASE_SEED, bytes_slice(line, HEAD_LEN, DIGITS)))
            status = fail(err, BAD_INPUT,
                          "%s: not a seed file of `enlace link --transcript`", path);
        sodium_memzero((void *)(uintptr_t)content.at, content.len);
    }
    arena_release(&arena);
    return status;
}
