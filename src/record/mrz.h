/* SPDX-License-Identifier: Apache-2.0
 *
 * record/mrz.h: the machine-readable zone of passports, cards and visas (ICAO 9303).
 *
 *     TD3, passport, 2 x 44; here also its second line alone
 *     TD2, card, 2 x 36         TD1, card, 3 x 30         visas, 2 x 44 or 2 x 36
 *
 * Lines may stand together or apart; blanks and line ends between characters do not
 * count. Every check digit is verified (weights 7 3 1, A = 10 ... Z = 35, filler 0), and
 * each wrong one is named.
 *
 * Two digits of a year do not say the century, and the answer must not depend on the day
 * it is asked: the expiry is 19.. from 70 on, else 20..; the birth is the latest date
 * with its two digits that does not lie after the expiry; without an expiry, 19.. from 30
 * on, else 20..
 */
#ifndef RECORD_MRZ_H
#define RECORD_MRZ_H

#include "base/bytes.h"

enum {
    MRZ_LINE_MAX = 44,
    MRZ_TEXT_MAX = 90,   /* three lines of 30, the longest of all */
    MRZ_NUMBER_MAX = 24, /* nine characters, and what a card's optional field adds */
};

enum mrz_form {
    MRZ_TD3,
    MRZ_TD3_LINE2,
    MRZ_TD2,
    MRZ_TD1,
    MRZ_VISA_A,
    MRZ_VISA_B,
    MRZ_FORMS
};

/* Texts are NUL-terminated, without fillers, "" where the zone does not say. */
struct mrz {
    enum mrz_form form;
    char number[MRZ_NUMBER_MAX + 1];
    /* Second line alone: the issuer is not in it, the state of nationality is taken. */
    char issuer[3], issuer_alpha3[4]; /* alpha-2, lower case; as printed */
    char nationality[3], nationality_alpha3[4];
    char birth[11], expiry[11]; /* ISO; cut to what is known of month and day */
    char sex;                   /* M, F, or X: not stated */
    char personal[MRZ_NUMBER_MAX + 1];
    char surname[MRZ_LINE_MAX + 1], given[MRZ_LINE_MAX + 1];
};

/* BAD_INPUT when it is no zone, or a check digit or date is wrong; *out is then not to be
 * used. */
MUST_USE enum status mrz_parse(struct mrz *out, struct bytes line, struct err *err);
/* Whether the text is meant to be one: fillers in it, or the length of one. */
bool mrz_looks_like(struct bytes text);

#endif
