/* SPDX-License-Identifier: Apache-2.0
 *
 * match/cell.h: one cell of a map: where it stands, what it says, and to whom.
 *
 *     label = (check 7 | tag 5) xor first 12 bytes of D
 *     D     = SHA-256(F(x)[32..63] | map id 16 | j), check = D[12..18]
 *     hash  = where: from F(x)[0..15], j and the seed of the map
 *
 * Only who knows F(x) can compute D: to everybody else a cell is noise. Read by somebody
 * with another key, the check holds with chance 2^-56. F(x)[16..31] is used nowhere here:
 * it is kept for proving later that one knew x.
 */
#ifndef MATCH_CELL_H
#define MATCH_CELL_H

#include "match/epoch.h"

enum { CELL = 12, CELLS_A_KEY_MAX = 4 };

uint64_t cell_hash(const uint8_t output[OPRF_OUTPUT], unsigned j, uint64_t seed);
void cell_seal(uint8_t label[CELL], const uint8_t output[OPRF_OUTPUT],
               const uint8_t map_id[MAP_ID], unsigned j, uint64_t tag);
/* false when the label is not this key's j-th; *tag is then untouched. */
bool cell_open(uint64_t *tag, const uint8_t label[CELL], const uint8_t output[OPRF_OUTPUT],
               const uint8_t map_id[MAP_ID], unsigned j);

#endif
