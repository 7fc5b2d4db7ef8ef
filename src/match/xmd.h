/* SPDX-License-Identifier: Apache-2.0
 *
 * match/xmd.h: expand_message_xmd of RFC 9380, section 5.3.1, with SHA-512.
 *
 * Turns a message into out_len uniform bytes, apart for every domain separation tag: 64 of
 * them make a group element (crypto_core_ristretto255_from_hash) or a scalar (reduced).
 */
#ifndef MATCH_XMD_H
#define MATCH_XMD_H

#include "base/bytes.h"

enum { XMD_OUT_MAX = 255 * 64, XMD_TAG_MAX = 255 };

/* Asserts 1 <= out_len <= XMD_OUT_MAX and tag.len <= XMD_TAG_MAX: both are ours, never
 * foreign. */
void xmd_expand(uint8_t *out, size_t out_len, struct bytes message, struct bytes tag);

#endif
