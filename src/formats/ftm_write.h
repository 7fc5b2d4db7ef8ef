/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/ftm_write.h: a record as a FollowTheMoney entity (docs/format/record.md).
 *
 * Values go out as given, properties in the order in which they came first; formats/ftm.h reads the
 * same record out of it. What stands around the record is always written.
 */
#ifndef FORMATS_FTM_WRITE_H
#define FORMATS_FTM_WRITE_H

#include "base/json.h"
#include "record/record.h"

/* What the node puts in place of, or beside, what the record says. */
struct ftm_naming {
    const char *id; /* instead of the record's own */
    const char
        *source; /* the id that its source gave it, as the property sourceId; or NULL */
    const char *owner;  /* our code, where the record names none */
    const char *review; /* when it is kept or deleted */
};

/* One JSON map. */
void ftm_write(struct json_writer *json, const struct record *record,
               const struct ftm_naming *naming);

#endif
