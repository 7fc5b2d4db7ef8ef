/* SPDX-License-Identifier: Apache-2.0
 *
 * record/net.h: internet names, as the value types domain, email, ip and url have them.
 *
 * A host name is in lower case and in the ASCII form of IDNA ("xn--..."), so that two ways
 * to write one are equal. docs/format/values.md has the rules of the four types.
 */
#ifndef RECORD_NET_H
#define RECORD_NET_H

#include "base/bytes.h"

enum {
    NET_HOST_MAX = 253,      /* RFC 1035 2.3.4, as text */
    NET_LABEL_MAX = 63,      /* RFC 1035 2.3.4 */
    NET_LOCAL_PART_MAX = 64, /* RFC 5321 4.5.3.1.1 */
    NET_EMAIL_MAX = 254,     /* RFC 5321 4.5.3.1.3, without the angle brackets */
    NET_URL_MAX = 4096,      /* FollowTheMoney's */
};

/* The host of a URL with a scheme, borrowed from it: no user, port or brackets. false when
 * there is none. Of a clean URL it is in the one form. */
bool net_host_of_url(struct bytes *host, struct bytes url);

#endif
