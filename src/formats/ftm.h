/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/ftm.h: FollowTheMoney entities as JSON lines, one object a line.
 *
 *     {"id":"x1","schema":"Person","properties":{"name":["Ana Lima"]},"status":"suspect"}
 *
 * docs/format/ftm.md says which members are read. A line is rejected when it is no such
 * object, or when what stands around the record (status, handling ...) is not understood,
 * since protection hangs on that. A property its schema does not have is kept under its
 * name and not used. A line over FTM_LINE_MAX is passed over without being held in memory;
 * one of more than FTM_MEMBERS_MAX members and items is not parsed, since its tree would be
 * many times its size.
 */
#ifndef FORMATS_FTM_H
#define FORMATS_FTM_H

#include "base/json.h"
#include "formats/rejects.h"
#include "formats/source.h"
#include "record/record.h"

enum {
    FTM_LINE_MAX = 16 * 1024 * 1024,
    FTM_MEMBERS_MAX = 64 * 1024,
    FTM_SHOWN_MAX = 64 * 1024, /* of a rejected line that much goes into the rejects file */
};

struct ftm {
    struct source *source;
    size_t line; /* number of the last line */
    size_t take; /* bytes of it that still stand in the window */
    bool damage_told;
    struct json_reader json;
    struct bytes row;               /* the last line, until the next is read */
    const struct json_object *root; /* of the last record, until the next line is read */
    struct buf repaired_line, shown;
    size_t repaired; /* bytes of the last line that were not UTF-8 */
};

/* The source stays the caller's. */
void ftm_open(struct ftm *ftm, struct source *source);
void ftm_release(struct ftm *ftm);
/* What a rejects file shows of the last line, until the next is read. */
struct bytes ftm_row(struct ftm *ftm);
/* The next line that is not blank; not finished yet. BAD_INPUT: *reject says why. NOT_FOUND
 * at the end. IO_FAILED with err. */
MUST_USE enum status ftm_read(struct record *record, struct reject *reject, struct ftm *ftm,
                              struct arena *arena, struct err *err);
/* Of the last record: the first value of a property, or "id"; false when there is none. */
bool ftm_field(struct bytes *value, const struct ftm *ftm, struct bytes name);

#endif
