/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/hello.h"

#include "base/text.h"

#include <inttypes.h>

static const char FIRST_LINE[] = "enlace hello 1";

void hello_write(struct buf *out, const char *own_code, int64_t now_s,
                 const struct peer *asker)
{
    buf_addf(out, "%s\ncode %s\ntime %" PRId64 "\n", FIRST_LINE, own_code, now_s);
    for (enum key_class class = 0; class < KEY_CLASSES && asker != NULL; class ++) {
        const struct peer_agreement *one = peer_agreement(asker, class);
        if (one == NULL)
            continue;
        buf_addf(out, "agreement %s %s %" PRIu32, key_class_row(class)->name,
                 one->circle.name, one->quota);
        if (one->case_quota > 0)
            buf_addf(out, " case %" PRIu32, one->case_quota);
        buf_addf(out, "\n");
    }
}

static bool take(struct bytes *value, struct bytes *rest, const char *word)
{
    struct bytes line;
    size_t len = strlen(word);
    if (!text_next_part(&line, rest, '\n') || !text_starts(line, word))
        return false;
    *value = bytes_slice(line, len, line.len - len);
    return true;
}

static void add_agreement(struct hello *hello, const struct peer_agreement *one)
{
    struct peer known = {.agreement_count = hello->agreement_count};
    memcpy(known.agreements, hello->agreements, sizeof known.agreements);
    peer_agree(&known, one);
    memcpy(hello->agreements, known.agreements, sizeof known.agreements);
    hello->agreement_count = known.agreement_count;
}

enum status hello_read(struct hello *out, struct bytes text, struct err *err)
{
    struct hello read = {0};
    struct bytes rest = text, value = {0};
    uint64_t time_s = 0;
    bool good = text.len <= HELLO_MAX && take(&value, &rest, FIRST_LINE) &&
                value.len == 0 && take(&value, &rest, "code ") && node_code_valid(value);
    if (good) {
        memcpy(read.code, value.at, value.len);
        good = take(&value, &rest, "time ") && text_u64(&time_s, value) &&
               time_s < (uint64_t)INT64_MAX / 4;
    }
    while (good && rest.at != NULL && rest.len > 0) {
        struct peer_agreement one;
        good = take(&value, &rest, "agreement ");
        if (good && peer_agreement_read(&one, value))
            add_agreement(&read, &one);
    }
    if (!good)
        return fail(err, BAD_INPUT, "the greeting of this node does not make sense");
    read.time_s = (int64_t)time_s;
    *out = read;
    return OK;
}
