/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite's log, as another program may have left it: against a reader that has all of it in memory
 * and takes each rule by itself.
 *
 *     repaired 1 | log     sums of the header and of so many frames are made right first,
 *                          so that something is found behind them
 */
#include "fuzz.h"

#include "base/bytes.h"
#include "base/memory.h"
#include "store/wal.h"

#include <stdlib.h>

enum { HEAD = 32, FRAME_HEAD = 24, PAGE = 512, USUAL_PAGE = 4096, FRAMES = 5 };

/* ---- The log as bytes in memory ---- */

static uint32_t word(const uint8_t *at, bool big)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value |= (uint32_t)at[i] << 8 * (big ? 3 - i : i);
    return value;
}

static void sum(uint32_t s[2], const uint8_t *at, size_t len, bool big)
{
    for (; len >= 8; at += 8, len -= 8) {
        s[0] += word(at, big) + s[1];
        s[1] += word(at + 4, big) + s[0];
    }
}

static void sum_of_head(uint32_t s[2], const uint8_t *log)
{
    s[0] = s[1] = 0;
    sum(s, log, 24, (log[3] & 1) != 0);
}

static void sum_of_frame(uint32_t s[2], const uint8_t *log, const uint8_t *frame,
                         size_t page)
{
    sum(s, frame, 8, (log[3] & 1) != 0);
    sum(s, frame + FRAME_HEAD, page, (log[3] & 1) != 0);
}

static bool sums_are(const uint8_t *at, const uint32_t s[2])
{
    return word(at, true) == s[0] && word(at + 4, true) == s[1];
}

static bool head_is_right(size_t *page, const uint8_t *log)
{
    uint32_t s[2];
    sum_of_head(s, log);
    *page = word(log + 8, true);
    bool known = false;
    for (size_t size = 512; size <= 65536; size *= 2)
        known |= *page == size;
    return known && (word(log, true) == 0x377f0682 || word(log, true) == 0x377f0683) &&
           sums_are(log + 24, s);
}

static void repair(uint8_t *log, size_t len, size_t frames)
{
    uint32_t s[2];
    size_t page;
    if (len < HEAD)
        return;
    sum_of_head(s, log);
    store_be32(log + 24, s[0]);
    store_be32(log + 28, s[1]);
    if (!head_is_right(&page, log))
        return;
    for (size_t i = 0, at = HEAD; i < frames && at + FRAME_HEAD + page <= len;
         i++, at += FRAME_HEAD + page) {
        sum_of_frame(s, log, log + at, page);
        memcpy(log + at + 8, log + 16, 8);
        store_be32(log + at + 16, s[0]);
        store_be32(log + at + 20, s[1]);
    }
}

/* Is there a frame of this log behind a commit of this log that is, or stands behind, a damaged one? */
static bool lost_a_group(const uint8_t *log, size_t len)
{
    size_t page, damaged = SIZE_MAX, count;
    uint32_t s[2];
    uint8_t salt[8] = {0};
    if (len < HEAD)
        return false;
    if (head_is_right(&page, log)) {
        memcpy(salt, log + 16, 8);
    } else {
        page = USUAL_PAGE;
        damaged = 0;
        for (size_t i = 0; i < 8 && HEAD + 8 + i < len; i++)
            salt[i] = log[HEAD + 8 + i];
    }
    count = (len - HEAD) / (FRAME_HEAD + page);
    sum_of_head(s, log);
    for (size_t i = 0; i < count && damaged == SIZE_MAX; i++) {
        const uint8_t *frame = log + HEAD + i * (FRAME_HEAD + page);
        sum_of_frame(s, log, frame, page);
        if (memcmp(frame + 8, salt, 8) != 0 || !sums_are(frame + 16, s))
            damaged = i;
    }
    for (size_t i = damaged; i < count; i++)
        for (size_t j = i + 1; j < count; j++) {
            const uint8_t *one = log + HEAD + i * (FRAME_HEAD + page);
            const uint8_t *later = log + HEAD + j * (FRAME_HEAD + page);
            if (memcmp(one + 8, salt, 8) == 0 && word(one + 4, true) != 0 &&
                memcmp(later + 8, salt, 8) == 0)
                return true;
        }
    return false;
}

/* ---- The same bytes as a file ---- */

struct file {
    struct disk_file base;
    struct bytes bytes;
};

static enum status read_file(size_t *got, struct disk_file *base, void *out, size_t len,
                             uint64_t at, struct err *err)
{
    struct bytes bytes = ((struct file *)base)->bytes;
    (void)err;
    *got = at >= bytes.len ? 0 : bytes.len - at < len ? bytes.len - (size_t)at : len;
    if (*got > 0)
        memcpy(out, bytes.at + at, *got);
    return OK;
}

static enum status check(const uint8_t *log, size_t len)
{
    const struct disk disk = {.read = read_file};
    struct file file = {{&disk}, bytes_of(log, len)};
    struct err err = {0};
    enum status status = wal_check(&disk, &file.base, "log", &err);
    if (status != OK && (status != CONFLICT || err.text[0] == '\0'))
        abort();
    return status;
}

static size_t make_seed(uint8_t *out, bool big, size_t page)
{
    uint8_t *log = out + 1;
    size_t len = HEAD + FRAMES * (FRAME_HEAD + page);
    out[0] = FRAMES;
    store_be32(log, 0x377f0682 | big);
    store_be32(log + 4, 3007000);
    store_be32(log + 8, (uint32_t)page);
    memcpy(log + 16, "saltsalt", 8);
    for (size_t i = 0; i < FRAMES; i++) {
        uint8_t *frame = log + HEAD + i * (FRAME_HEAD + page);
        store_be32(frame, (uint32_t)i + 1);
        store_be32(frame + 4, i % 2 == 0 ? 7 : 0); /* a commit, or one of a group */
        memset(frame + FRAME_HEAD, (int)i + 'a', page);
    }
    repair(log, len, FRAMES);
    return 1 + len;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    enum { SOUND, BIG_ENDIAN_SUMS, DAMAGED, STRANGE, STRANGE_HEAD, SEEDS };
    static uint8_t seeds[SEEDS][1 + HEAD + FRAMES * (FRAME_HEAD + USUAL_PAGE)];
    if (index >= SEEDS)
        return 0;
    uint8_t *seed = seeds[index], *second = seed + 1 + HEAD + FRAME_HEAD + PAGE;
    size_t len = make_seed(seed, index == BIG_ENDIAN_SUMS,
                           index == STRANGE_HEAD ? USUAL_PAGE : PAGE);
    if (index == DAMAGED) { /* the second group, and a third stands behind it */
        seed[0] = 1;
        second[FRAME_HEAD] ^= 1;
    }
    if (index == STRANGE) { /* sums that are right, of another log */
        seed[0] = 0;
        second[8] ^= 1;
    }
    if (index == STRANGE_HEAD) { /* right, and of pages that SQLite does not have */
        seed[0] = 0;
        store_be32(seed + 1 + 8, 2 * 65536);
        repair(seed + 1, HEAD, 0);
    }
    *data = seed;
    return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t len = size - 1;
    uint8_t *log = xmalloc(len + 1); /* its end is the end of what may be read */
    memcpy(log, data + 1, len);
    repair(log, len, data[0]);
    bool lost = lost_a_group(log, len);
    if ((check(log, len) == CONFLICT) != lost)
        abort();
    /* What a power cut leaves is no loss: a sound log may end anywhere. */
    if (data[0] >= FRAMES && !lost)
        for (size_t i = 0; i <= 8; i++)
            if ((check(log, len * i / 8) == CONFLICT) != lost_a_group(log, len * i / 8))
                abort();
    free(log);
    return 0;
}
