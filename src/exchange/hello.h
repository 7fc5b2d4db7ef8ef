/* SPDX-License-Identifier: Apache-2.0
 *
 * exchange/hello.h: the answer of a node to the call "hello": that it is there, what its clock says,
 * and what the one who asks may ask of it.
 *
 *     enlace hello 1
 *     code XB
 *     time 1795730000                       seconds since 1970
 *     agreement phone common 10240          class, circle, quota; any number of lines
 *
 * The request is empty. docs/format/line.md.
 */
#ifndef EXCHANGE_HELLO_H
#define EXCHANGE_HELLO_H

#include "exchange/peer.h"

#define HELLO_KIND "hello"

enum { HELLO_MAX = 4096 };

struct hello {
    char code[NODE_CODE_MAX + 1];
    int64_t time_s;
    struct peer_agreement agreements[KEY_CLASSES];
    size_t agreement_count;
};

/* own_code: who answers. asker may be NULL. */
void hello_write(struct buf *out, const char *own_code, int64_t now_s,
                 const struct peer *asker);
/* Lines of classes that this program does not know are passed over. BAD_INPUT. */
MUST_USE enum status hello_read(struct hello *out, struct bytes text, struct err *err);

#endif
