/* SPDX-License-Identifier: Apache-2.0
 *
 * record/codes.h: the closed lists of the field, each in one table: handling codes, evaluation,
 * status of a person, purpose. Sources: Europol's 4x4 and handling codes; INTERPOL's Rules on the
 * Processing of Data, articles 10 and 44; Directives (EU) 2016/680 and 2023/977.
 *
 * Scales are never converted silently: an evaluation keeps its scheme. What is derived from
 * several records has the union of their handling codes and the worst of their evaluations.
 */
#ifndef RECORD_CODES_H
#define RECORD_CODES_H

#include "base/bytes.h"

/* A set, never a rank. H0 always applies; H3 carries free text that only a person can weigh. */
enum handling_code { HANDLING_H0 = 1, HANDLING_H1 = 2, HANDLING_H2 = 4, HANDLING_H3 = 8 };

enum person_status {
    STATUS_UNCATEGORISED, /* the default; a person in it has 180 days */
    STATUS_SUSPECT,
    STATUS_CHARGED,
    STATUS_CONVICTED,
    STATUS_ACQUITTED,
    STATUS_POTENTIAL_OFFENDER, /* needs a supervisor */
    STATUS_WITNESS,
    STATUS_VICTIM,
    STATUS_INFORMANT, /* never exported */
    STATUS_CONTACT,
    STATUS_ASSOCIATE,
    STATUS_MISSING,
    STATUS_DECEASED,
    STATUS_PROFESSIONAL,
    STATUS_COUNT
};

enum purpose {
    PURPOSE_INVESTIGATION, /* the default */
    PURPOSE_WANTED,
    PURPOSE_IDENTIFICATION,
    PURPOSE_ALERT,
    PURPOSE_BODIES,
    PURPOSE_FORENSIC,
    PURPOSE_SECURITY_CHECK,
    PURPOSE_BORDER,
    PURPOSE_TRENDS,
    PURPOSE_COUNT
};

/* Scheme and code as given: 4x4 source A B C X and information 1 to 4 ("B2" is written
 * "4x4:B2"); 6x6 (Admiralty) A to F and 1 to 6; 3x5x2; 5x5x5. */
struct evaluation {
    enum evaluation_scheme {
        EVALUATION_4X4,
        EVALUATION_6X6,
        EVALUATION_3X5X2,
        EVALUATION_5X5X5,
        EVALUATION_SCHEMES
    } scheme;
    char code[4]; /* "X4"; NUL-terminated */
};

enum {
    STATUS_UNCATEGORISED_DAYS = 180,
    REVIEW_ACQUITTED_DAYS = 30, /* after the acquittal */
    REVIEW_DEFAULT_YEARS = 5,
    MINOR_YEARS = 18
};

/* By the name that is written in files and on the command line ("potential-offender"). All of
 * these refuse an unknown word with a sentence that lists the right ones. */
MUST_USE enum status status_parse(enum person_status *out, struct bytes text,
                                  struct err *err);
MUST_USE enum status purpose_parse(enum purpose *out, struct bytes text, struct err *err);
/* "H2" sets its bit in *set. */
MUST_USE enum status handling_parse(unsigned *set, struct bytes text, struct err *err);
/* "4x4:B2". */
MUST_USE enum status evaluation_parse(struct evaluation *out, struct bytes text,
                                      struct err *err);

const char *status_word(enum person_status status);
const char *purpose_word(enum purpose purpose);
const char *handling_word(enum handling_code code);
/* The exact text of the code, as the rules give it. */
const char *handling_text(enum handling_code code);
const char *evaluation_scheme_word(enum evaluation_scheme scheme);
/* Witness, victim, informant. */
bool status_is_protected(enum person_status status);

#endif
