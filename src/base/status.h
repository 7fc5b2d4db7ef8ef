/* SPDX-License-Identifier: Apache-2.0
 *
 * base/status.h: how a function says that it could not do what was asked.
 *
 * The status is for the caller, who acts on it; the sentence in struct err is for a person, and is
 * written once, by the place that found the fault: what, where (file, line, field), and what would
 * be right. A caller that knows more (the file, the peer) puts it in front with err_prefix.
 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

enum status {
    OK = 0,
    NOT_FOUND, /* what was named does not exist; also the end of a stream of rows */
    BAD_INPUT, /* the bytes or words given are not what they must be */
    TOO_LARGE, /* over a stated limit */
    REFUSED,   /* understood, and not allowed, not trusted or expired */
    CONFLICT,  /* at odds with what is already there */
    BUSY,      /* not now; the same call may go through later */
    IO_FAILED, /* disk, network or another process failed us */
};

enum { ERR_TEXT_MAX = 1024 };

/* One sentence. All-zero is valid and empty. Never holds a key; may hold what the user typed. */
struct err {
    char text[ERR_TEXT_MAX];
};

/* Write the sentence and return status. err may be NULL when nobody will read it. */
enum status fail(struct err *err, enum status status, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* "file.csv, line 3: " before what stands in err already. Keeps the front when both don't fit. */
void err_prefix(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* "bad input", "not found" ... for logs and machine-readable answers. */
const char *status_name(enum status status);

#endif
