/* SPDX-License-Identifier: Apache-2.0 */
#include "match/holdings.h"

#include "base/memory.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    MAGIC_LEN = 16,
    HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    EXTRA = crypto_secretstream_xchacha20poly1305_ABYTES,
    KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES,
    RECORD = 16,
    ENTRY = 1 + HOLDING_DIGEST + OPRF_OUTPUT + 4,
    REF = 8,
};
static const uint32_t added_bit = UINT32_C(1) << 31, gone_bit = UINT32_C(1) << 30;
static_assert(TAG_RECORDS_MAX < 1 << 30, "places leave two bits");

static const char magic[MAGIC_LEN] = "enlace held 2\n";

void holdings_release(struct holdings *holdings)
{
    if (holdings == NULL)
        return;
    if (holdings->keys != NULL)
        sodium_memzero(holdings->keys, holdings->key_count * sizeof *holdings->keys);
    free(holdings->records);
    free(holdings->keys);
    free(holdings->refs);
    *holdings = (struct holdings){.records = NULL};
}

static void subkey(uint8_t *out, size_t len, const uint8_t seed[OPRF_SEED],
                   const char *label)
{
    crypto_generichash(out, len, (const uint8_t *)label, strlen(label), seed, OPRF_SEED);
}

void holdings_digest(uint8_t digest[HOLDING_DIGEST], const uint8_t seed[OPRF_SEED],
                     struct bytes text)
{
    static const uint8_t label[] = {'h', 'e', 'l', 'd', 0};
    crypto_generichash_state state;
    crypto_generichash_init(&state, seed, OPRF_SEED, HOLDING_DIGEST);
    crypto_generichash_update(&state, label, sizeof label);
    crypto_generichash_update(&state, text.at, text.len);
    crypto_generichash_final(&state, digest, HOLDING_DIGEST);
}

/* ---- Writing ---- */

struct writer {
    FILE *file;
    crypto_secretstream_xchacha20poly1305_state stream;
    struct buf plain;
    uint8_t *sealed;
    bool failed;
};

static void flush(struct writer *writer, bool last)
{
    unsigned long long len = 0;
    uint8_t head[4];
    crypto_secretstream_xchacha20poly1305_push(
        &writer->stream, writer->sealed, &len, writer->plain.at, writer->plain.len, NULL, 0,
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    store_be32(head, (uint32_t)len);
    writer->failed = writer->failed || fwrite(head, sizeof head, 1, writer->file) != 1 ||
                     fwrite(writer->sealed, (size_t)len, 1, writer->file) != 1;
    sodium_memzero(writer->plain.at, writer->plain.len);
    buf_clear(&writer->plain);
}

static void make_room(struct writer *writer, size_t len)
{
    if (writer->plain.len + len > HOLDINGS_CHUNK)
        flush(writer, false);
}

static void write_all(struct writer *writer, const struct holdings *holdings)
{
    buf_add_be64(&writer->plain, holdings->base_number);
    buf_add_be64(&writer->plain, (uint64_t)holdings->base_s);
    buf_add_be64(&writer->plain, holdings->record_count);
    buf_add_be64(&writer->plain, holdings->key_count);
    buf_add_be64(&writer->plain, holdings->ref_count);
    for (size_t i = 0; i < holdings->record_count; i++) {
        make_room(writer, RECORD);
        buf_add_be64(&writer->plain, holdings->records[i].record);
        buf_add_be64(&writer->plain, holdings->records[i].tag);
    }
    for (size_t i = 0; i < holdings->key_count; i++) {
        const struct holding *key = &holdings->keys[i];
        make_room(writer, ENTRY);
        buf_add_byte(&writer->plain, key->class);
        buf_add(&writer->plain, bytes_of(key->digest, HOLDING_DIGEST));
        buf_add(&writer->plain, bytes_of(key->output, OPRF_OUTPUT));
        buf_add_be32(&writer->plain, key->count);
    }
    for (size_t i = 0; i < holdings->ref_count; i++) {
        const struct holding_ref *ref = &holdings->refs[i];
        make_room(writer, REF);
        buf_add_be32(&writer->plain, ref->record | (ref->added ? added_bit : 0) |
                                         (ref->gone ? gone_bit : 0));
        buf_add_be32(&writer->plain, ref->pledge);
    }
    flush(writer, true);
}

enum status holdings_write(const struct holdings *holdings, const char *path,
                           const uint8_t seed[OPRF_SEED], struct err *err)
{
    struct arena arena = {0};
    const char *temporary = arena_printf(&arena, "%s.part", path);
    struct writer writer = {.plain = {.max = HOLDINGS_CHUNK},
                            .sealed = xmalloc(HOLDINGS_CHUNK + EXTRA)};
    uint8_t key[KEY], header[HEADER];
    enum status status = OK;
    unlink(temporary);
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    writer.file = fd >= 0 ? fdopen(fd, "wb") : NULL;
    if (writer.file == NULL) {
        if (fd >= 0)
            close(fd);
        status = fail(err, IO_FAILED, "%s: %s", temporary, strerror(errno));
        goto out;
    }
    subkey(key, sizeof key, seed, "holdings");
    crypto_secretstream_xchacha20poly1305_init_push(&writer.stream, header, key);
    writer.failed = fwrite(magic, MAGIC_LEN, 1, writer.file) != 1 ||
                    fwrite(header, HEADER, 1, writer.file) != 1;
    write_all(&writer, holdings);
    writer.failed = fflush(writer.file) != 0 || fsync(fd) != 0 || writer.failed;
    writer.failed = fclose(writer.file) != 0 || writer.failed;
    if (writer.failed || rename(temporary, path) != 0)
        status = fail(err, IO_FAILED, "%s: %s", path, strerror(errno));
out:
    sodium_memzero(key, sizeof key);
    sodium_memzero(&writer.stream, sizeof writer.stream);
    buf_release(&writer.plain);
    free(writer.sealed);
    arena_release(&arena);
    return status;
}

/* ---- Reading ---- */

struct reader {
    FILE *file;
    crypto_secretstream_xchacha20poly1305_state stream;
    uint8_t *plain, *sealed;
    size_t len, at;
    bool final, failed;
};

static void next_chunk(struct reader *reader)
{
    uint8_t head[4], tag = 0;
    unsigned long long len = 0;
    reader->at = reader->len = 0;
    if (reader->final || fread(head, sizeof head, 1, reader->file) != 1) {
        reader->failed = true;
        return;
    }
    size_t sealed = load_be32(head);
    if (sealed < EXTRA || sealed > HOLDINGS_CHUNK + EXTRA ||
        fread(reader->sealed, sealed, 1, reader->file) != 1 ||
        crypto_secretstream_xchacha20poly1305_pull(&reader->stream, reader->plain, &len,
                                                   &tag, reader->sealed, sealed, NULL,
                                                   0) != 0) {
        reader->failed = true;
        return;
    }
    reader->len = (size_t)len;
    reader->final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
}

/* Nothing is split between two chunks. */
static struct cursor take(struct reader *reader, size_t len)
{
    static const uint8_t zeros[ENTRY] = {0};
    if (!reader->failed && reader->at == reader->len)
        next_chunk(reader);
    if (!reader->failed && reader->len - reader->at < len)
        reader->failed = true;
    if (reader->failed)
        return (struct cursor){bytes_of(zeros, len), false};
    reader->at += len;
    return (struct cursor){bytes_of(reader->plain + reader->at - len, len), false};
}

/* Whoever looks a key up relies on it. */
static bool comes_after(const struct holding *key, const struct holding *last)
{
    return key->class > last->class ||
           (key->class == last->class &&
            memcmp(key->digest, last->digest, HOLDING_DIGEST) > 0);
}

static void read_all(struct holdings *out, struct reader *reader)
{
    struct cursor cursor = take(reader, 40);
    uint64_t base_number = cursor_be64(&cursor);
    int64_t base_s = (int64_t)cursor_be64(&cursor);
    uint64_t records = cursor_be64(&cursor), keys = cursor_be64(&cursor),
             refs = cursor_be64(&cursor);
    if (records > TAG_RECORDS_MAX || keys > HOLDINGS_KEYS_MAX || refs > UINT32_MAX ||
        reader->failed) {
        reader->failed = true;
        return;
    }
    *out = (struct holdings){base_number,
                             base_s,
                             xcalloc((size_t)records + 1, sizeof *out->records),
                             xcalloc((size_t)keys + 1, sizeof *out->keys),
                             xcalloc((size_t)refs + 1, sizeof *out->refs),
                             (size_t)records,
                             (size_t)keys,
                             (size_t)refs};
    for (size_t i = 0; i < records && !reader->failed; i++) {
        cursor = take(reader, RECORD);
        out->records[i].record = cursor_be64(&cursor);
        out->records[i].tag = cursor_be64(&cursor);
    }
    uint64_t first = 0;
    for (size_t i = 0; i < keys && !reader->failed; i++) {
        struct holding *key = &out->keys[i];
        cursor = take(reader, ENTRY);
        key->class = cursor_u8(&cursor);
        cursor_copy(key->digest, &cursor, HOLDING_DIGEST);
        cursor_copy(key->output, &cursor, OPRF_OUTPUT);
        key->count = cursor_be32(&cursor);
        key->first = (uint32_t)first;
        first += key->count;
        reader->failed = reader->failed || key->class >= KEY_CLASSES || first > refs ||
                         (i > 0 && !comes_after(key, key - 1));
    }
    for (size_t i = 0; i < refs && !reader->failed; i++) {
        cursor = take(reader, REF);
        uint32_t record = cursor_be32(&cursor);
        out->refs[i] = (struct holding_ref){.record = record & ~(added_bit | gone_bit),
                                            .pledge = cursor_be32(&cursor),
                                            .added = (record & added_bit) != 0,
                                            .gone = (record & gone_bit) != 0};
        reader->failed = reader->failed || out->refs[i].record >= records;
    }
    reader->failed = reader->failed || !reader->final || reader->at != reader->len;
}

enum status holdings_read(struct holdings *holdings, const char *path,
                          const uint8_t seed[OPRF_SEED], struct err *err)
{
    struct reader reader = {.file = fopen(path, "rbe")};
    uint8_t key[KEY], header[HEADER], start[MAGIC_LEN];
    *holdings = (struct holdings){.records = NULL};
    if (reader.file == NULL)
        return fail(err, errno == ENOENT ? NOT_FOUND : IO_FAILED, "%s: %s", path,
                    strerror(errno));
    reader.plain = xmalloc(HOLDINGS_CHUNK);
    reader.sealed = xmalloc(HOLDINGS_CHUNK + EXTRA);
    subkey(key, sizeof key, seed, "holdings");
    reader.failed =
        fread(start, MAGIC_LEN, 1, reader.file) != 1 ||
        memcmp(start, magic, MAGIC_LEN) != 0 ||
        fread(header, HEADER, 1, reader.file) != 1 ||
        crypto_secretstream_xchacha20poly1305_init_pull(&reader.stream, header, key) != 0;
    if (!reader.failed)
        read_all(holdings, &reader);
    bool broken = ferror(reader.file) != 0;
    fclose(reader.file);
    sodium_memzero(key, sizeof key);
    sodium_memzero(&reader.stream, sizeof reader.stream);
    sodium_memzero(reader.plain, HOLDINGS_CHUNK);
    free(reader.plain);
    free(reader.sealed);
    if (!reader.failed)
        return OK;
    holdings_release(holdings);
    if (broken)
        return fail(err, IO_FAILED, "%s: cannot be read", path);
    return fail(err, CONFLICT, "%s: damaged, or not of this epoch", path);
}
