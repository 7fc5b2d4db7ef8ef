/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/xlsx_part.h: one XML part of a workbook, unpacked and parsed a little at a time.
 *
 * Refused, each with a sentence: a document type (and with it every entity), more than
 * XLSX_PART_MAX bytes, elements nested over DEPTH_MAX, and a tag or text that goes on for more
 * than TOKEN_MAX bytes without an end.
 */
#ifndef FORMATS_XLSX_PART_H
#define FORMATS_XLSX_PART_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zip;

/* Names come without their prefix. attributes: name, value, name, value, NULL. */
struct xlsx_events {
    void (*start)(void *context, const char *name, const char *const *attributes);
    void (*end)(void *context, const char *name);
    void (*text)(void *context, const char *text, size_t len); /* may be NULL */
};

struct xlsx_part;

/* NOT_FOUND: the archive has no such part. */
MUST_USE enum status xlsx_part_open(struct xlsx_part **out, struct zip *zip,
                                    const char *name, const struct xlsx_events *events,
                                    void *context, struct err *err);
void xlsx_part_close(struct xlsx_part *part);
/* Unpack and parse the next few kilobytes. NOT_FOUND at the end. */
MUST_USE enum status xlsx_part_step(struct xlsx_part *part, struct err *err);
/* From within an event: come back from the step now; the next one goes on behind this element. */
void xlsx_part_pause(struct xlsx_part *part);
/* From within an event: the part cannot be used; the step fails with this sentence. */
void xlsx_part_fail(struct xlsx_part *part, const char *sentence);

/* Open, parse to the end, close. NOT_FOUND: there is no such part. */
MUST_USE enum status xlsx_part_parse(struct zip *zip, const char *name,
                                     const struct xlsx_events *events, void *context,
                                     struct xlsx_part **self, struct err *err);

/* The value of an attribute, by its name without prefix; NULL when it is not there. */
const char *xlsx_attribute(const char *const *attributes, const char *name);

#endif
