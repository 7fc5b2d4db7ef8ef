/* SPDX-License-Identifier: Apache-2.0
 *
 * A request's head: who asks, and whether it is one that nodes send. What libmicrohttpd has read is held
 * against the little that nodes say to one another, so that the two ends can never disagree on where a
 * message ends.
 */
#include "serve/front_state.h"

#include "base/text.h"

/* ---- Who asks ---- */

static const struct front_peer *find_peer(const struct front_state *front,
                                          const uint8_t key[NODE_KEY])
{
    for (size_t i = 0; i < front->peer_count; i++)
        if (memcmp(front->peers[i].key, key, NODE_KEY) == 0)
            return &front->peers[i];
    return NULL;
}

static size_t lines_of(const struct front_state *front, const uint8_t key[NODE_KEY])
{
    size_t count = 0;
    for (size_t i = 0; i < LINES_MAX; i++) {
        const struct serve_line *line = &front->lines[i];
        count += line->connection != NULL && line->known && line->trust == OK &&
                 memcmp(line->peer.node_key, key, NODE_KEY) == 0;
    }
    return count;
}

enum status front_check_asker(const struct front_state *front, struct serve_line *line,
                              struct err *err)
{
    if (!line->known)
        line->trust = tls_session_peer(&line->peer, line->session, &line->why);
    line->known = line->greeted = true;
    if (line->trust != OK)
        return fail(err, REFUSED, "%s", line->why.text);
    char words[FINGERPRINT_TEXT_MAX];
    const struct front_peer *peer = find_peer(front, line->peer.node_key);
    fingerprint_write(words, line->peer.node_key);
    if (peer == NULL)
        return fail(err, REFUSED,
                    "this node does not know the node with the fingerprint %s; exchange "
                    "invitations first, both ways",
                    words);
    if (peer->removed)
        return fail(err, REFUSED, "this node has ended its agreement with yours (%s)",
                    words);
    if (lines_of(front, line->peer.node_key) > LINES_PEER_MAX)
        return fail(err, BUSY, "a node may have %d lines at once", LINES_PEER_MAX);
    return certificate_check_time(&line->peer, front->now_s, err);
}

/* ---- What is asked ---- */

/* What we look for in the fields of a head. */
struct fields {
    unsigned count, lengths, hosts;
    uint64_t length;
    const char *fault; /* the first that is found */
};

static enum MHD_Result read_field(void *context, enum MHD_ValueKind kind, const char *name,
                                  size_t name_len, const char *value, size_t value_len)
{
    struct fields *fields = context;
    struct bytes is = bytes_of(name, name_len), says = bytes_of(value, value_len);
    const char *fault = NULL;
    (void)kind;
    fields->count++;
    for (size_t i = 0; i < says.len; i++)
        if ((says.at[i] < ' ' && says.at[i] != '\t') || says.at[i] == 0x7F)
            fault = "a field holds a control character";
    if (text_same(is, "content-length")) {
        if (++fields->lengths > 1)
            fault = "the length is given twice";
        else if (!text_u64(&fields->length, text_trim(says)))
            fault = "the length is no number";
    } else if (text_same(is, "host")) {
        if (++fields->hosts > 1)
            fault = "the host is given twice";
    } else if (text_same(is, "transfer-encoding")) {
        fault = "nodes do not use the field Transfer-Encoding";
    } else if (text_same(is, "upgrade")) {
        fault = "nodes do not use the field Upgrade";
    } else if (text_same(is, "expect")) {
        fault = "nodes do not use the field Expect";
    }
    if (fields->fault == NULL)
        fields->fault = fault;
    return MHD_YES;
}

enum status front_check_head(struct serve_line *line, const char *method,
                             const char *version, struct err *err)
{
    struct fields fields = {0};
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(line->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    MHD_get_connection_values_n(line->connection, MHD_HEADER_KIND, read_field, &fields);
    if (strcmp(version, MHD_HTTP_VERSION_1_1) != 0)
        return fail(err, BAD_INPUT, "this is no request of HTTP/1.1");
    if (size == NULL || size->header_size > HEAD_MAX)
        return fail(err, TOO_LARGE, "the head is longer than %d bytes", HEAD_MAX);
    if (fields.count > FIELDS_MAX)
        return fail(err, TOO_LARGE, "over %d fields in a head", FIELDS_MAX);
    if (fields.fault != NULL)
        return fail(err, BAD_INPUT, "%s", fields.fault);
    if (strcmp(method, MHD_HTTP_METHOD_POST) != 0)
        return fail(err, BAD_INPUT, "nodes speak to one another with POST");
    if (fields.lengths == 0 || fields.hosts == 0)
        return fail(err, BAD_INPUT, "the head does not say its %s",
                    fields.lengths == 0 ? "length" : "host");
    line->length = fields.length;
    if (line->length > LINE_REQUEST_MAX)
        return fail(err, TOO_LARGE, "%llu bytes are over the limit of %d",
                    (unsigned long long)line->length, LINE_REQUEST_MAX);
    return OK;
}
