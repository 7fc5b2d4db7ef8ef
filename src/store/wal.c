/* SPDX-License-Identifier: Apache-2.0 */
#include "store/wal.h"

#include "base/bytes.h"
#include "base/memory.h"

#include <stdlib.h>

enum { HEAD = 32, FRAME_HEAD = 24, SALT = 8, SALT_AT = 16, FRAME_SALT_AT = 8, SUMMED = 8 };
enum { PAGE_LEAST = 512, PAGE_MOST = 65536, HEAD_SUMMED = 24 };
static const uint32_t magic = 0x377f0682; /* its lowest bit: sums are of big-endian words */

struct wal {
    bool big_endian;
    uint32_t sum[2];
    uint8_t salt[SALT];
};

static uint32_t word_at(const struct wal *wal, const uint8_t *at)
{
    return wal->big_endian ? load_be32(at)
                           : (uint32_t)at[0] | (uint32_t)at[1] << 8 |
                                 (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void add_sum(struct wal *wal, const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i += 8) {
        wal->sum[0] += word_at(wal, at + i) + wal->sum[1];
        wal->sum[1] += word_at(wal, at + i + 4) + wal->sum[0];
    }
}

static bool is_sum(const struct wal *wal, const uint8_t *at)
{
    return load_be32(at) == wal->sum[0] && load_be32(at + 4) == wal->sum[1];
}

static bool read_head(struct wal *wal, size_t *page, const uint8_t head[HEAD])
{
    wal->big_endian = (load_be32(head) & 1) != 0;
    *page = load_be32(head + 8);
    memcpy(wal->salt, head + SALT_AT, SALT);
    add_sum(wal, head, HEAD_SUMMED);
    return (load_be32(head) & ~1U) == magic && is_sum(wal, head + HEAD_SUMMED) &&
           *page >= PAGE_LEAST && *page <= PAGE_MOST && (*page & (*page - 1)) == 0;
}

/* What is behind the first damaged frame: the rest of its group, and then? */
struct behind {
    bool damaged, committed, more;
};

static void take_frame(struct behind *behind, struct wal *wal, const uint8_t *frame,
                       size_t page)
{
    bool ours = memcmp(frame + FRAME_SALT_AT, wal->salt, SALT) == 0;
    if (behind->damaged) {
        behind->more |= behind->committed && ours;
        behind->committed |= ours && load_be32(frame + 4) != 0;
        return;
    }
    add_sum(wal, frame, SUMMED);
    add_sum(wal, frame + FRAME_HEAD, page);
    behind->damaged = !ours || !is_sum(wal, frame + FRAME_SALT_AT + SALT);
    behind->committed = behind->damaged && ours && load_be32(frame + 4) != 0;
}

enum status wal_check(const struct disk *disk, struct disk_file *file, const char *path,
                      struct err *err)
{
    struct wal wal = {0};
    struct behind behind = {0};
    uint8_t head[HEAD];
    size_t page = 0, got = 0;
    enum status status = disk->read(&got, file, head, sizeof head, 0, err);
    if (status != OK || got < sizeof head)
        return status;
    if (!read_head(&wal, &page, head)) {
        /* Our own pages; whose salt it is, the first frame says. */
        page = 4096;
        behind.damaged = true;
        status = disk->read(&got, file, wal.salt, SALT, HEAD + FRAME_SALT_AT, err);
    }
    uint8_t *frame = xmalloc(FRAME_HEAD + page);
    for (uint64_t at = HEAD; status == OK && !behind.more; at += FRAME_HEAD + page) {
        status = disk->read(&got, file, frame, FRAME_HEAD + page, at, err);
        if (status != OK || got < FRAME_HEAD + page)
            break;
        take_frame(&behind, &wal, frame, page);
    }
    free(frame);
    if (status == OK && behind.more)
        status =
            fail(err, CONFLICT,
                 "%s: what was written last and answered for is damaged; put back a copy "
                 "of the whole folder",
                 path);
    return status;
}
