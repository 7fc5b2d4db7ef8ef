/* SPDX-License-Identifier: Apache-2.0
 *
 * link/side.h: one of the two files at the table, read and keyed.
 *
 * Keeps of each row what a comparison needs: what to call it, its keys, for the plain comparison
 * what link/thing keeps, its truth label when one was asked for. The properties themselves
 * are gone once the row is keyed. Everything lives in the side's arena.
 */
#ifndef LINK_SIDE_H
#define LINK_SIDE_H

#include "formats/reader.h"
#include "link/score.h"
#include "link/thing.h"
#include "link/truth.h"
#include "record/keys.h"

struct side_row {
    const char *label;  /* what the answers call it: the source's id, else its line */
    struct bytes truth; /* equal in two rows that are the same thing; empty: unknown */
    const struct key *keys;
    size_t key_count;
    struct thing *thing;    /* plain comparison alone, else NULL; its keys are the row's */
    const uint64_t *blocks; /* thing_blocks of it */
    size_t block_count;
    unsigned asks;     /* what its keys have in them: enum decide_asks */
    bool is_protected; /* must not be disclosed to, or asked of, another */
};

enum { SIDE_ROWS_MAX = 50000000 };

struct side {
    struct arena arena;
    struct side_row *rows;
    size_t count, capacity;
    uint64_t protected_rows;
    struct frequency parts; /* of all rows' person keys: decide_count */
    struct reader_counts counts;
    const char *first_reason; /* of the first rejected row, or "" */
    const char *rejects;      /* path of the rejects file written, or NULL */
    const char *damage;       /* why the file ended before its end, or "" */
};

struct side_options {
    const char *path, *map_path, *rejects_path;
    enum reader_format format;
    const struct truth *truth; /* or NULL */
    const char *home;          /* country for phones, or NULL */
    const char *today;         /* ISO date: who is a minor */
    bool no_rejects_file;
    bool with_things; /* for the plain comparison */
};

/* A key and the row that has it. */
struct side_key {
    const struct key *key;
    size_t row;
};

MUST_USE enum status side_read(struct side *side, const struct side_options *options,
                               struct err *err);
void side_release(struct side *side);

/* How many rows ask with keys of persons; protected ones, too, with `protected_too`. */
size_t side_persons(const struct side *side, bool protected_too);

/* Every key of every row, row by row; protected rows only with `protected_too`. The caller frees
 * the list. */
struct side_key *side_keys(size_t *count, const struct side *side, bool protected_too);

#endif
