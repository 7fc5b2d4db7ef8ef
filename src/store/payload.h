/* SPDX-License-Identifier: Apache-2.0
 *
 * store/payload.h: what an entry is about, in one canonical form.
 *
 *     version 1 = 1 | kind 1 | reason: length 2, text | body              of versions of records
 *     version 1 = 2 | kind 1 | commitment to the words beside it 32 | body   (store/aside.h)
 *
 * The body of each kind is in docs/format/store.md. The entry commits to these bytes; they
 * are kept sealed, and go when what they tell of is erased.
 */
#ifndef STORE_PAYLOAD_H
#define STORE_PAYLOAD_H

#include "base/bytes.h"

/* The numbers are kept for good. */
enum payload_kind {
    PAYLOAD_NONE = 0,      /* nothing but the reason */
    PAYLOAD_RECORD = 1,    /* a form (store/form.h) */
    PAYLOAD_USER = 2,      /* roles 4 | form */
    PAYLOAD_SHOWN = 3,     /* count 4 | count x version 8 */
    PAYLOAD_REFUSAL = 4,   /* verb 1 | sentence: length 2, text */
    PAYLOAD_ROLES = 5,     /* before 4 | after 4 */
    PAYLOAD_MEMBER = 6,    /* joins 1 */
    PAYLOAD_ERASURE = 7,   /* how many searches went with it 4 */
    PAYLOAD_IMPORT = 8,    /* added 8 | changed 8 | unchanged 8 */
    PAYLOAD_REBUILD = 9,   /* digests before and after, 32 each, of keys and tree */
    PAYLOAD_SETTINGS = 10, /* count 1 x (name, value: length 2, bytes) */
    PAYLOAD_NOTE = 11,     /* as the verb says: docs/format/matching.md */
    PAYLOAD_KINDS
};

enum { PAYLOAD_VERSION = 1, PAYLOAD_APART = 2, PAYLOAD_REASON_MAX = 4096 };

struct payload {
    enum payload_kind kind;
    struct bytes reason, body; /* borrowed; reason: empty where it stands beside */
};

/* Empties out and begins; the caller adds the body. reason: at most PAYLOAD_REASON_MAX, or
 * NULL. */
void payload_begin(struct buf *out, enum payload_kind kind, const char *reason);
/* A body's text: length 2, bytes. */
void payload_add_text(struct buf *out, struct bytes text);
MUST_USE enum status payload_read(struct payload *out, struct bytes wire, struct err *err);

#endif
