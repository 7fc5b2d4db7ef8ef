/* SPDX-License-Identifier: Apache-2.0
 *
 * record/country.h: countries and territories by code or by any name that files give them.
 *
 * The code is FollowTheMoney's: ISO 3166 alpha-2 in lower case ("bo"), and for what ISO
 * does not list, or no longer, its own ("eu", "xk", "suhh", "gb-sct"). XA to XZ, which ISO
 * leaves to its users, are known: fiction lives there (XK is Kosovo, XX is a stateless
 * person's). Names are looked up without case, accents, punctuation, articles and the order
 * of words, so that "Bolivia, Plurinational State of" and "PLURINATIONAL STATE OF BOLIVIA"
 * are one; in English, Spanish, French and Portuguese, long forms and the usual other names
 * too.
 *
 * Safe in any thread; the index is built by the first call.
 */
#ifndef RECORD_COUNTRY_H
#define RECORD_COUNTRY_H

#include "base/bytes.h"

/* A two-letter code of the table, either case. Not the names UK and EL: an IBAN has GB and
 * GR. */
bool country_is_known(struct bytes code);
/* From three letters, either case, or a passport's single D, with or without fillers "<":
 * alpha-2 lower case in out. Also a passport's GBD, RKS ..., and XAA to XZZ by their first
 * two letters. false when unknown, or when the code is not of two letters (SUN is "suhh").
 */
bool country_from_alpha3(char out[3], struct bytes alpha3);
/* The code for an alpha-2, alpha-3, FollowTheMoney code or name; NULL when there is none.
 */
const char *country_find(struct bytes text);
/* The English short name of a code as country_find gives it, or NULL. */
const char *country_name(const char *code);
/* XA to XZ but for Kosovo: user-assigned, and so possibly fiction. */
bool country_is_user_assigned(const char *code);

/* For country.c, its suggestions and its test. Sorted by code. */
struct country {
    const char *code;
    const char
        *alpha3; /* ISO 3166 first, then what passports use; a space between; or "" */
    const char *name;
    const char *others; /* other names, '|' between, or "" */
};
extern const struct country country_table[];
extern const size_t country_table_count;

#endif
