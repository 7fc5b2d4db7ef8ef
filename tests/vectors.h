/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/vectors.h: reading tests/vectors/NAME.json, published facts restated with their source.
 * Tests run with the root of the source tree as their working directory.
 */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include "base/file.h"
#include "base/json.h"
#include "check.h"

enum { VECTOR_FILE_MAX = 1 << 20 };

struct vectors {
    struct arena arena;
    struct json_reader reader;
    const struct json_object *root;
};

/* Counts a failure when the file cannot be read or does not name its source. */
static inline bool vectors_open(struct vectors *vectors, const char *path)
{
    struct bytes text;
    struct err err = {{0}};
    *vectors = (struct vectors){.root = NULL};
    bool good = file_read(&text, path, VECTOR_FILE_MAX, &vectors->arena, &err) == OK &&
                json_read(&vectors->root, &vectors->reader, text, &err) == OK;
    CHECK_SEEN(good, "%s", err.text);
    return good && CHECK(json_text(json_get(vectors->root, "source")).len > 0);
}

static inline void vectors_close(struct vectors *vectors)
{
    json_reader_release(&vectors->reader);
    arena_release(&vectors->arena);
}

/* A text of hexadecimal digits as bytes, in the arena. */
static inline struct bytes vectors_hex(struct vectors *vectors,
                                       const struct json_object *value)
{
    struct bytes digits = json_text(value);
    uint8_t *out = arena_alloc(&vectors->arena, digits.len / 2 + 1);
    CHECK(hex_read(out, digits.len / 2, digits));
    return bytes_of(out, digits.len / 2);
}

static inline bool same_bytes(const void *seen, struct bytes wanted)
{
    return memcmp(seen, wanted.at, wanted.len) == 0;
}

#endif
