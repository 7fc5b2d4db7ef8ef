/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/http.h"

#include "base/text.h"

enum { CODE_DIGITS = 3 };

static const struct {
    enum status status;
    unsigned code;
    const char *phrase;
} codes[] = {
    {OK, 200, "OK"},
    {NOT_FOUND, 404, "Not Found"},
    {BAD_INPUT, 400, "Bad Request"},
    {TOO_LARGE, 413, "Content Too Large"},
    {REFUSED, 403, "Forbidden"},
    {CONFLICT, 409, "Conflict"},
    {BUSY, 503, "Service Unavailable"},
    {IO_FAILED, 500, "Internal Server Error"},
};
enum { CODES = sizeof codes / sizeof codes[0] };

unsigned http_code(enum status status)
{
    for (size_t i = 0; i < CODES; i++)
        if (codes[i].status == status)
            return codes[i].code;
    return 500;
}

enum status http_status(unsigned code)
{
    for (size_t i = 0; i < CODES; i++)
        if (codes[i].code == code)
            return codes[i].status;
    return IO_FAILED;
}

bool http_kind_valid(struct bytes kind)
{
    if (kind.len == 0 || kind.len > LINE_KIND_MAX)
        return false;
    for (size_t i = 0; i < kind.len; i++)
        if (!is_letter(kind.at[i]) && !is_digit(kind.at[i]) && kind.at[i] != '-' &&
            kind.at[i] != '.')
            return false;
    return true;
}

/* ---- Writing ---- */

void http_request_write(struct buf *out, const char *host, const char *kind, size_t length)
{
    buf_addf(out,
             "POST /line/%s HTTP/1.1\r\nHost: %s\r\nContent-Type: "
             "application/octet-stream\r\nContent-Length: %zu\r\n\r\n",
             kind, host, length);
}

void http_answer_write(struct buf *out, unsigned code, size_t length, bool close)
{
    const char *phrase = "Error";
    for (size_t i = 0; i < CODES; i++)
        if (codes[i].code == code)
            phrase = codes[i].phrase;
    buf_addf(out, "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s\r\n",
             code, phrase,
             code == 200 ? "application/octet-stream" : "text/plain; charset=utf-8", length,
             close ? "Connection: close\r\n" : "");
}

/* ---- Reading ---- */

static bool drop_front(struct bytes *text, const char *front)
{
    if (!text_starts(*text, front))
        return false;
    *text = bytes_slice(*text, strlen(front), text->len - strlen(front));
    return true;
}

/* "POST /line/KIND HTTP/1.1" */
static enum status read_request_line(struct http_head *out, struct bytes line,
                                     struct err *err)
{
    static const char version[] = " HTTP/1.1";
    size_t tail = sizeof version - 1;
    if (line.len < tail || memcmp(line.at + line.len - tail, version, tail) != 0)
        return fail(err, BAD_INPUT, "this is no request of HTTP/1.1");
    line.len -= tail;
    if (!drop_front(&line, "POST "))
        return fail(err, BAD_INPUT, "nodes speak to one another with POST");
    if (!drop_front(&line, "/line/") || !http_kind_valid(line))
        return fail(err, NOT_FOUND, "there is nothing at this path");
    memcpy(out->kind, line.at, line.len);
    out->kind[line.len] = '\0';
    return OK;
}

/* "HTTP/1.1 200 OK" */
static enum status read_status_line(struct http_head *out, struct bytes line,
                                    struct err *err)
{
    uint64_t code = 0;
    bool good = drop_front(&line, "HTTP/1.1 ") && line.len >= CODE_DIGITS &&
                text_u64(&code, bytes_slice(line, 0, CODE_DIGITS)) && code >= 100 &&
                (line.len == CODE_DIGITS || line.at[CODE_DIGITS] == ' ');
    if (!good)
        return fail(err, BAD_INPUT, "this is no answer of HTTP/1.1");
    if (code < 200)
        return fail(err, BAD_INPUT, "nodes send no answers in between");
    out->code = (unsigned)code;
    return OK;
}

static bool is_token(struct bytes name)
{
    static const char others[] = "!#$%&'*+-.^_`|~";
    if (name.len == 0)
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!is_letter(name.at[i]) && !is_digit(name.at[i]) &&
            (name.at[i] == '\0' || strchr(others, name.at[i]) == NULL))
            return false;
    return true;
}

struct fields {
    bool has_length, has_host;
    unsigned count;
};

static enum status read_length(struct http_head *out, struct fields *seen,
                               struct bytes value, struct err *err)
{
    if (seen->has_length)
        return fail(err, BAD_INPUT, "the length is given twice");
    if (value.len == 0 || value.len > 18 || !text_u64(&out->length, value))
        return fail(err, BAD_INPUT, "the length is no number");
    seen->has_length = true;
    return OK;
}

static enum status read_field(struct http_head *out, struct fields *seen, struct bytes line,
                              struct err *err)
{
    const uint8_t *colon = memchr(line.at, ':', line.len);
    struct bytes name = bytes_slice(line, 0, colon != NULL ? (size_t)(colon - line.at) : 0);
    if (++seen->count > HTTP_FIELDS_MAX)
        return fail(err, TOO_LARGE, "over %d fields in a head", HTTP_FIELDS_MAX);
    if (!is_token(name))
        return fail(err, BAD_INPUT, "a line of the head is no field");
    struct bytes value =
        text_trim(bytes_slice(line, name.len + 1, line.len - name.len - 1));
    for (size_t i = 0; i < value.len; i++)
        if ((value.at[i] < ' ' && value.at[i] != '\t') || value.at[i] == 0x7F)
            return fail(err, BAD_INPUT, "a field holds a control character");
    if (text_same(name, "content-length"))
        return read_length(out, seen, value, err);
    if (text_same(name, "transfer-encoding") || text_same(name, "upgrade") ||
        text_same(name, "expect"))
        return fail(err, BAD_INPUT, "nodes do not use the field %.*s", (int)name.len,
                    (const char *)name.at);
    if (text_same(name, "host")) {
        if (seen->has_host)
            return fail(err, BAD_INPUT, "the host is given twice");
        seen->has_host = true;
    }
    if (text_same(name, "connection") && text_same(value, "close"))
        out->close = true;
    return OK;
}

/* The next line without its CR LF; false when it has no end. */
static bool next_line(struct bytes *line, struct bytes *rest)
{
    const uint8_t *end = rest->len > 0 ? memchr(rest->at, '\n', rest->len) : NULL;
    if (end == NULL)
        return false;
    size_t len = (size_t)(end - rest->at);
    *line = bytes_slice(*rest, 0, len);
    *rest = bytes_slice(*rest, len + 1, rest->len - len - 1);
    return true;
}

static enum status strip_return(struct bytes *line, struct err *err)
{
    if (line->len == 0 || line->at[line->len - 1] != '\r')
        return fail(err, BAD_INPUT, "a line of the head does not end in CR LF");
    line->len--;
    return OK;
}

enum status http_head_read(struct http_head *out, size_t *used, struct bytes text,
                           enum http_side side, uint64_t body_max, struct err *err)
{
    struct http_head read = {0};
    struct fields seen = {0};
    struct bytes rest = text, line;
    bool first = true;
    rest.len = rest.len > HTTP_HEAD_MAX ? HTTP_HEAD_MAX : rest.len;
    size_t room = rest.len;
    while (next_line(&line, &rest)) {
        enum status status = strip_return(&line, err);
        if (status != OK)
            return status;
        if (line.len == 0 && !first) {
            if (!seen.has_length || (side == HTTP_REQUEST && !seen.has_host))
                return fail(err, BAD_INPUT, "the head does not say its %s",
                            seen.has_length ? "host" : "length");
            if (read.length > body_max)
                return fail(err, TOO_LARGE, "%llu bytes are over the limit of %llu",
                            (unsigned long long)read.length, (unsigned long long)body_max);
            *used = room - rest.len;
            *out = read;
            return OK;
        }
        if (!first)
            status = read_field(&read, &seen, line, err);
        else if (side == HTTP_REQUEST)
            status = read_request_line(&read, line, err);
        else
            status = read_status_line(&read, line, err);
        if (status != OK)
            return status;
        first = false;
    }
    if (room == HTTP_HEAD_MAX)
        return fail(err, TOO_LARGE, "the head is longer than %d bytes", HTTP_HEAD_MAX);
    return BUSY;
}
