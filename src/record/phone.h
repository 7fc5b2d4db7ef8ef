/* SPDX-License-Identifier: Apache-2.0
 *
 * record/phone.h: libphonenumber, behind one C function.
 *
 * libphonenumber knows the numbering plans of the world and is C++; phone.cc is the only
 * file that speaks with it, and no exception leaves that file. What a phone number in our
 * files may look like, and which numbers never reach the library (fiction's +999), stands
 * in value_phone.c. Safe in any thread. Some twenty microseconds a number.
 *
 * C and C++ both read this header; therefore it includes nothing of ours.
 */
#ifndef RECORD_PHONE_H
#define RECORD_PHONE_H

#ifdef __cplusplus
extern "C" {
#endif

enum { PHONE_TEXT_SIZE = 24 }; /* "+", 15 digits and more than enough; NUL-terminated */

enum phone_verdict {
    PHONE_VALID,    /* its form is in use in its country's plan */
    PHONE_POSSIBLE, /* its length is right, its form is not in use */
    PHONE_LOCAL,    /* lacks the area code */
    PHONE_TOO_SHORT,
    PHONE_TOO_LONG,
    PHONE_UNKNOWN_CODE, /* the calling code is not assigned, or there is no plan for region
                         */
    PHONE_UNREADABLE,
};

/* number: "+" and digits; or digits as they are dialled in region (ISO 3166 alpha-2 in
 * capital letters, NULL only with "+"). e164 is filled for PHONE_VALID and PHONE_POSSIBLE.
 */
enum phone_verdict phone_read(char e164[PHONE_TEXT_SIZE], const char *number,
                              const char *region);

#ifdef __cplusplus
}
#endif

#endif
