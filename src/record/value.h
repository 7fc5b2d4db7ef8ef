/* SPDX-License-Identifier: Apache-2.0
 *
 * record/value.h: the value types: what a phone, a date, a container number is.
 *
 * One row of the table a type. `clean` brings the text a person or a file gave into the one form
 * that is compared everywhere, and says how good it is; it is the only place that normalises that
 * type. FollowTheMoney's twenty types are here, and ours, which FollowTheMoney knows only as
 * "identifier" (container, imei, plate ...); `ftm` says under which of the twenty ours go out.
 *
 * A grade is about the text, not about the world: a ship number with a wrong digit is DOUBTFUL
 * because real ones exist; a container number with a wrong check digit is INVALID because it is
 * nearly always a slip. What is INVALID or MISSING is kept as given and is never a key.
 */
#ifndef RECORD_VALUE_H
#define RECORD_VALUE_H

#include "base/bytes.h"
#include "base/memory.h"

enum {
    VALUE_TEXT_MAX = 64 * 1024
}; /* longer raw text is INVALID for every type but text */

enum value_kind {
    /* FollowTheMoney's */
    VALUE_ADDRESS,
    VALUE_CHECKSUM,
    VALUE_COUNTRY,
    VALUE_DATE,
    VALUE_EMAIL,
    VALUE_ENTITY,
    VALUE_GENDER,
    VALUE_HTML,
    VALUE_IDENTIFIER,
    VALUE_IP,
    VALUE_JSON,
    VALUE_LANGUAGE,
    VALUE_MIMETYPE,
    VALUE_NAME,
    VALUE_NUMBER,
    VALUE_PHONE,
    VALUE_STRING,
    VALUE_TEXT,
    VALUE_TOPIC,
    VALUE_URL,
    /* ours */
    VALUE_AWB,       /* air waybill: 999-12345675 */
    VALUE_BIC,       /* ISO 9362 */
    VALUE_CONTAINER, /* ISO 6346: CSQU3054383 */
    VALUE_DOCUMENT,  /* passport or identity card number; also a whole MRZ line 2 */
    VALUE_DOMAIN,    /* internet host name, IDNA in ASCII form */
    VALUE_HASH,      /* MD5, SHA-1, SHA-256, SHA-512 in lower-case hexadecimal */
    VALUE_HS,        /* harmonised system, 2, 4 or 6 digits */
    VALUE_IBAN,
    VALUE_IMEI,   /* 15 digits with Luhn, or 16 of an IMEISV; clean form: the first 14 */
    VALUE_IMO,    /* ship: 7 digits */
    VALUE_LOCODE, /* UN/LOCODE: NLRTM, and agency port codes of the same form */
    VALUE_MARK,   /* packaging mark or logo, in words */
    VALUE_MMSI,
    VALUE_PLATE,  /* road vehicle registration: no check digit anywhere */
    VALUE_VIN,    /* ISO 3779 */
    VALUE_WALLET, /* crypto-currency address: bitcoin, ethereum, tron ... */
    VALUE_KINDS
};

enum value_grade {
    VALUE_FINE,
    VALUE_DOUBTFUL, /* usable; `why` says what is odd */
    VALUE_MISSING,  /* the text says that nothing is known: "Unknown", "n/a", "-" */
    VALUE_INVALID,  /* not such a value; `why` says what is wrong and what would be right */
};

/* What stands around the value and helps to read it. All-zero is "nothing known". */
struct value_hint {
    const char *country; /* ISO 3166 alpha-2, lower case, or NULL */
    const char *format; /* a date's strptime-like pattern (%Y %m %d %b %H %M %S), or NULL */
};

struct value_result {
    enum value_grade grade;
    struct bytes
        clean; /* canonical form, in the arena or borrowed from raw; empty unless usable */
    const char *why; /* a sentence for a person, in the arena or static; "" when FINE */
};

struct value_type {
    const char *name;  /* "container" */
    const char *label; /* "container number (ISO 6346)" */
    const char *ftm;   /* FollowTheMoney's name of the type: "identifier" */
    /* raw is valid UTF-8, trimmed by the caller, not empty. */
    void (*clean)(struct value_result *out, struct bytes raw, const struct value_hint *hint,
                  struct arena *arena);
    /* Likeness of two clean values, 0 to 1; NULL: 1 when equal, else 0. */
    double (*compare)(struct bytes a, struct bytes b);
    /* How telling one clean value is, 0 (says nothing) to 1 (an identifier), as
     * FollowTheMoney's specificity; NULL: 1. */
    double (*specificity)(struct bytes clean);
    /* What a rejected text may have been meant to be, best first; NULL: no idea. Nothing is
     * ever corrected without a person. Fills at most max, gives the number filled. */
    size_t (*suggest)(struct bytes *out, size_t max, struct bytes raw, struct arena *arena);
};

const struct value_type *value_type(enum value_kind kind);
/* By name ("container"), or NULL. */
const struct value_type *value_type_find(struct bytes name);

/* Trims, treats the common words for "not known" as MISSING, then the type's own clean. */
void value_clean(struct value_result *out, enum value_kind kind, struct bytes raw,
                 const struct value_hint *hint, struct arena *arena);
double value_compare(enum value_kind kind, struct bytes a, struct bytes b);
double value_specificity(enum value_kind kind, struct bytes clean);

static inline bool value_usable(enum value_grade grade)
{
    return grade == VALUE_FINE || grade == VALUE_DOUBTFUL;
}

#endif
