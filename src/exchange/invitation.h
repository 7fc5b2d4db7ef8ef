/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange/invitation.h: the file by which one node makes itself known to another.
 *
 *     enlace invitation 1
 *     code XA
 *     name Agency XA
 *     url https://xa.example:8443
 *     key 64 hexadecimal digits              the node's Ed25519 key
 *     made 2026-11-26T22:50:00Z
 *     fingerprint ten words                  of the key (exchange/fingerprint.h)
 *     signature 128 hexadecimal digits       by the key, over every byte before this line
 *
 * For one invitation there is one form only. It is no secret; what makes it trustworthy is that
 * two people compare the fingerprint on another way, the telephone say. docs/format/invitation.md.
 */
#ifndef EXCHANGE_INVITATION_H
#define EXCHANGE_INVITATION_H

#include "exchange/fingerprint.h"

#define INVITATION_FIRST_LINE "enlace invitation 1\n"

enum {
    NODE_CODE_MAX = 32,
    NODE_NAME_MAX = 199,
    NODE_URL_MAX = 255,
    NODE_HOST_MAX = 200,
    INVITATION_MAX = 2048,
    INVITATION_SIGNATURE = 64,
    INVITATION_DAYS = 30, /* so long it is good */
    CLOCK_DAYS = 2        /* so far two clocks may be apart */
};

struct invitation {
    char code[NODE_CODE_MAX + 1], name[NODE_NAME_MAX + 1], url[NODE_URL_MAX + 1];
    uint8_t key[NODE_KEY];
    int64_t made_s; /* since 1970, UTC */
};

/* Where a node listens: "https://host[:port]", nothing behind it; 443 without a port. */
struct node_address {
    char
        host[NODE_HOST_MAX + 1]; /* a name, an IPv4 or, without brackets, an IPv6 address */
    uint16_t port;
};
MUST_USE enum status node_address_read(struct node_address *out, struct bytes url,
                                       struct err *err);
bool node_code_valid(struct bytes code);

/* All but the signature line, which invitation_sign_line adds. BAD_INPUT: a word that cannot
 * stand in one. */
MUST_USE enum status invitation_write(struct buf *out, const struct invitation *invitation,
                                      struct err *err);
void invitation_add_signature(struct buf *out,
                              const uint8_t signature[INVITATION_SIGNATURE]);
/* BAD_INPUT: not of this form. REFUSED: the signature is not that of the key. */
MUST_USE enum status invitation_read(struct invitation *out, struct bytes text,
                                     struct err *err);
/* REFUSED: too old, or made in the future, for a clock that says now. */
MUST_USE enum status invitation_check_time(const struct invitation *invitation,
                                           int64_t now_s, struct err *err);

#endif
