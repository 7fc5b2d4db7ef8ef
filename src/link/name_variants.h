/* SPDX-License-Identifier: Apache-2.0
 *
 * link/name_variants.h: known forms of one name (Bill and William, Lee and Yi, 1st and First).
 */
#ifndef LINK_NAME_VARIANTS_H
#define LINK_NAME_VARIANTS_H

#include "base/bytes.h"

/* Both folded words stand in one row of the table. */
bool name_variants(struct bytes a, struct bytes b);

#endif
