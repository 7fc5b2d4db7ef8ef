/* SPDX-License-Identifier: Apache-2.0
 *
 * record/address.h: what of a written address can be compared: postcode, house, street, town.
 *
 *     "69 Giblin Street, Bittern 4814 QLD"      4814 | 69 | giblin | bittern
 *     "Kerkstraat 12, 1017 GP Amsterdam"        1017gp | 12 | kerk | amsterdam
 *     "Calle Mayor 5 3o A, 10001 Puerto Velero" 10001 | 5 | mayor | velero
 *
 * Addresses come as one line in every order, so this takes what can be told without knowing the
 * country. The postcode is the last group of 4 to 6 digits, or of the patterns of the United
 * Kingdom, Canada, the Netherlands, Poland, Portugal, Brazil, Japan and the United States; the
 * house is the first other number; the street is the first word that is no kind of street (street, calle,
 * rua ...), without a kind that it ends in (Kerkstraat, Hauptstrasse); the town is the last word
 * before the postcode, or, when only the street stands there, the first behind it.
 */
#ifndef RECORD_ADDRESS_H
#define RECORD_ADDRESS_H

#include "base/memory.h"

enum { ADDRESS_TEXT_MAX = 512, ADDRESS_WORDS_MAX = 12 };

/* Empty where the address does not tell. Lower-case ASCII, as record/script makes it. */
struct address {
    struct bytes postcode, house, street, town;
    struct bytes words[ADDRESS_WORDS_MAX]; /* all but the numbers and kinds of street */
    size_t word_count;
};

/* Texts live in the arena. An address over ADDRESS_TEXT_MAX bytes says nothing. */
void address_read(struct address *address, struct bytes text, struct arena *arena);

#endif
