/* SPDX-License-Identifier: Apache-2.0
 *
 * formats/commodity.h: the group a substance belongs to, from its name as a file writes it.
 *
 * Our own short codes, so that "Cocaine HCL", "Crack" and "Coca paste" can be counted
 * together: cocaine, opioid, cannabis, ats (amphetamine-type stimulants), sedative,
 * hallucinogen, nps (new psychoactive substances), precursor, plant, other.
 * docs/format/ids.md lists them. The group is for counting; the substance itself is kept as
 * given.
 */
#ifndef FORMATS_COMMODITY_H
#define FORMATS_COMMODITY_H

#include "base/bytes.h"

enum { COMMODITY_NAME_MAX = 200 }; /* of a longer name only so many bytes are looked at */

/* The code; "other" for what the table does not know. */
const char *commodity_of(struct bytes substance);

#endif
