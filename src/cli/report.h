/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/report.h: what a child of `link --private` tells its parent when it is done.
 *
 * A stream of frames on a pipe of its own, never seen by the other child:
 *
 *     'r' rows     many of: label 2+n | truth 2+n | flags 1 (1 protected) | asks 1 (enum decide_asks)
 *     'p' parts    many of: hash 8 | count 8; hash 0: rows counted (side.parts)
 *     't' tags     many of: tag 8 | row 8                          (answering side)
 *     's' shared   many of: row 8 | tag 8 | class 1 | bits 8 | value 2+n   (asking side)
 *     'c' counts   struct reader_counts, first reason, rejects path, damage
 *     'd' done     many 8: keys that five or more of the other's records hold
 *     'f' failed   status 1 | own 1 | sentence
 *
 * Numbers big-endian; bits as the eight bytes of the double.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "base/frame.h"
#include "link/side.h"

/* A key of one of our rows that the record behind the tag holds too. */
struct report_shared {
    size_t row;
    uint64_t tag;
    struct key key;
};

/* Writes. All-zero with fd is valid. */
struct report_writer {
    int fd;
    struct buf rows;
    uint8_t kind; /* of what is in rows */
    enum status status;
};

void report_side(struct report_writer *writer, const struct side *side);
void report_tag(struct report_writer *writer, uint64_t tag, uint64_t row);
void report_shared(struct report_writer *writer, const struct report_shared *shared);
void report_done(struct report_writer *writer, uint64_t many);
/* own: the fault lies with our own file or memory, not with the other side. */
void report_failed(struct report_writer *writer, enum status status, bool own,
                   const struct err *err);

struct report_tag {
    uint64_t tag, row;
};

/* What was read. Shared keys and texts live in the side's arena. */
struct report {
    struct report_shared *shared;
    size_t shared_count, shared_capacity;
    struct report_tag *tags;
    size_t tag_count, tag_capacity;
    uint64_t many;
    bool own_fault;
};

/* Reads to the end. A child that ends without 'd' or 'f' is IO_FAILED. */
MUST_USE enum status report_read(struct report *report, struct side *side, int fd,
                                 struct err *err);
void report_release(struct report *report);

#endif
