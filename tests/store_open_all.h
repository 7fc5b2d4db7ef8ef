/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/store_open_all.h: everything that can still be read with all that a node has: each sealed
 * text of its database is opened with the key file and the secret, as a thief of both would do.
 */
#ifndef TESTS_STORE_OPEN_ALL_H
#define TESTS_STORE_OPEN_ALL_H

#include "check.h"
#include "store/seal.h"
#include "temporary.h"

#include <ctype.h>
#include <sodium.h>
#include <sqlite3.h>

/* How many sealed texts opened; what they say is appended to out, as it is and in small letters. */
static inline size_t open_all(struct buf *out, const char *folder, const uint8_t *secret)
{
    static const char *const tables[] = {
        "SELECT sequence, slot, sealed FROM payload",
        "SELECT sequence, slot, sealed FROM aside",
        "SELECT piece | (1 << 63), slot, sealed FROM words"};
    struct secrets secrets;
    struct buf opened = {.max = SEAL_PAYLOAD_MAX};
    char path[512];
    size_t count = 0;
    sqlite3 *sqlite = NULL;
    secrets_init(&secrets, secret);
    snprintf(path, sizeof path, "%s/store.keys", folder);
    FILE *keys = fopen(path, "rb");
    snprintf(path, sizeof path, "%s/store.db", folder);
    CHECK(keys != NULL && sqlite3_open(path, &sqlite) == SQLITE_OK);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0] && keys != NULL; i++) {
        sqlite3_stmt *read = NULL;
        CHECK_SEEN(sqlite3_prepare_v2(sqlite, tables[i], -1, &read, NULL) == SQLITE_OK,
                   "%s", sqlite3_errmsg(sqlite));
        while (sqlite3_step(read) == SQLITE_ROW) {
            uint8_t seed[SECRET_KEY] = {0}, key[SECRET_KEY];
            uint64_t slot = (uint64_t)sqlite3_column_int64(read, 1);
            struct bytes sealed = bytes_of(sqlite3_column_blob(read, 2),
                                           (size_t)sqlite3_column_bytes(read, 2));
            CHECK(fseek(keys, 4096 + 32 * (long)slot, SEEK_SET) == 0 &&
                  fread(seed, 1, sizeof seed, keys) == sizeof seed);
            if (sodium_is_zero(seed, sizeof seed))
                continue;
            secrets_slot_key(key, &secrets, slot, seed);
            if (seal_open(&opened, key, (uint64_t)sqlite3_column_int64(read, 0), sealed,
                          NULL) != OK)
                continue;
            count++;
            buf_add(out, buf_bytes(&opened));
            buf_add_byte(out, '\n');
            for (size_t j = 0; j < opened.len; j++)
                opened.at[j] = (uint8_t)tolower(opened.at[j]);
            buf_add(out, buf_bytes(&opened));
            buf_add_byte(out, '\n');
        }
        sqlite3_finalize(read);
    }
    sqlite3_close(sqlite);
    if (keys != NULL)
        fclose(keys);
    buf_release(&opened);
    secrets_release(&secrets);
    return count;
}

static inline bool says(const struct buf *all, const char *word)
{
    return all->len > 0 && memmem(all->at, all->len, word, strlen(word)) != NULL;
}

#endif
