/* SPDX-License-Identifier: Apache-2.0
 *
 * The lines on which we ask other nodes: libcurl's.
 *
 * libcurl connects, greets and keeps lines; before it sends a byte of a request, on a fresh line and on
 * a kept one, it asks us who is there (CURLOPT_PREREQFUNCTION), and only the node key that is pinned is
 * let through. Its own checks of certificates are off: they are those of the web. A kept line may have
 * been closed by the other side, and that shows only when it is used: then, and only if no byte of an
 * answer came, the call is tried once more on a fresh line. Whatever is asked is the same when it is
 * asked twice (the answering side keeps what it answered).
 */
#include "serve/front_state.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A kept line shows the certificate it began with, so it is not kept for longer than one is good. */
enum { LINE_LIFE_S = 12 * 3600, PIECE = 64 * 1024, URL_MAX = NODE_HOST_MAX + 64 };

/* All lines, of which none is there yet. */
static enum status open_lines(struct front_state *front, struct err *err)
{
    CURLM *multi = curl_multi_init();
    if (multi == NULL ||
        curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)CALLS_MAX) != CURLM_OK)
        return fail(err, IO_FAILED, "libcurl does not start here");
    front->multi = multi;
    return OK;
}

/* ---- What came of it ---- */

static void release_call(struct call *call)
{
    if (call->easy != NULL)
        curl_easy_cleanup(call->easy);
    buf_release(&call->request);
    buf_release(&call->answer);
    free(call);
}

static void end_call(struct front_state *front, struct call *call, enum status status,
                     struct bytes answer)
{
    enum { HEAD = 9 };
    struct buf *out = channel_begin(
        &front->core, call->silent ? FRONT_SILENCE : FRONT_RESULT, HEAD + answer.len);
    front_answer_begin(out, call->number, status);
    buf_add(out, answer);
    for (struct call **at = &front->calls; *at != NULL; at = &(*at)->next)
        if (*at == call) {
            *at = call->next;
            break;
        }
    front->called_ms = front->now_ms;
    release_call(call);
}

static void fail_call(struct front_state *front, struct call *call, const char *why)
{
    char sentence[ERR_TEXT_MAX];
    snprintf(sentence, sizeof sentence, "%s cannot be reached: %s", call->url, why);
    end_call(front, call, IO_FAILED, bytes_text(sentence));
}

/* ---- Who is there ---- */

/* Before a byte of the request is sent: is it who it is meant for? */
static enum status check_answerer(struct call *call)
{
    const struct curl_tlssessioninfo *tls = NULL;
    struct certificate peer;
    char words[FINGERPRINT_TEXT_MAX];
    if (curl_easy_getinfo(call->easy, CURLINFO_TLS_SSL_PTR, &tls) != CURLE_OK ||
        tls == NULL || tls->backend != CURLSSLBACKEND_GNUTLS || tls->internals == NULL)
        return fail(&call->why, REFUSED, "nobody knows who is there");
    enum status status = tls_session_peer(&peer, tls->internals, &call->why);
    if (status != OK)
        return status;
    if (memcmp(peer.node_key, call->key, NODE_KEY) != 0) {
        fingerprint_write(words, peer.node_key);
        return fail(
            &call->why, REFUSED,
            "another node answers there, with the fingerprint %s; nothing was asked of it",
            words);
    }
    return certificate_check_time(&peer, call->front->now_s, &call->why);
}

static int on_ready(void *context, char *there, char *here, int port_there, int port_here)
{
    struct call *call = context;
    (void)there, (void)here, (void)port_there, (void)port_here;
    call->why.text[0] = '\0';
    if (check_answerer(call) != OK) {
        curl_easy_setopt(call->easy, CURLOPT_FORBID_REUSE, 1L);
        return CURL_PREREQFUNC_ABORT;
    }
    call->phase = CALL_WAITS;
    call->deadline_ms =
        front_in(call->front, front_piece_ms(call->request.len) - PIECE_MS + THINK_MS);
    return CURL_PREREQFUNC_OK;
}

/* ---- What it answers ---- */

/* The field's only value; empty when there is none, or more than one. */
static struct bytes only_field(struct call *call, const char *name)
{
    struct curl_header *field = NULL;
    if (curl_easy_header(call->easy, name, 0, CURLH_HEADER, -1, &field) != CURLHE_OK ||
        field->amount != 1)
        return (struct bytes){0};
    return text_trim(bytes_text(field->value));
}

static bool has_field(struct call *call, const char *name)
{
    struct curl_header *field = NULL;
    return curl_easy_header(call->easy, name, 0, CURLH_HEADER, -1, &field) == CURLHE_OK;
}

/* The head is there: what libcurl has read is held against the little that nodes say. */
static enum status check_head(struct call *call)
{
    long code = 0, version = 0;
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(call->easy, CURLINFO_HTTP_VERSION, &version);
    if (version != CURL_HTTP_VERSION_1_1)
        return fail(&call->why, BAD_INPUT, "this is no answer of HTTP/1.1");
    if (code < 200)
        return fail(&call->why, BAD_INPUT, "nodes send no answers in between");
    if (has_field(call, "Transfer-Encoding") || has_field(call, "Upgrade"))
        return fail(&call->why, BAD_INPUT,
                    "nodes do not use the fields Transfer-Encoding and Upgrade");
    if (!text_u64(&call->length, only_field(call, "Content-Length")))
        return fail(&call->why, BAD_INPUT, "the head does not say its length, once");
    if (call->length > LINE_ANSWER_MAX)
        return fail(&call->why, TOO_LARGE, "%llu bytes are over the limit of %d",
                    (unsigned long long)call->length, LINE_ANSWER_MAX);
    call->phase = CALL_RECEIVES;
    call->deadline_ms = front_in(call->front, front_piece_ms(call->length));
    call->answer = (struct buf){.max = (size_t)call->length};
    return OK;
}

/* A line of the head; something else than its length ends the call. */
static size_t on_head(char *text, size_t size, size_t count, void *context)
{
    struct call *call = context;
    struct bytes line = bytes_of(text, size * count);
    call->head_len += line.len;
    if (call->head_len > HEAD_MAX) {
        fail(&call->why, TOO_LARGE, "the head is longer than %d bytes", HEAD_MAX);
        return 0;
    }
    if ((bytes_is(line, "\r\n") || bytes_is(line, "\n")) && check_head(call) != OK)
        return 0;
    return line.len;
}

static size_t on_piece(char *text, size_t size, size_t count, void *context)
{
    struct call *call = context;
    if (call->phase == CALL_RECEIVES)
        buf_add(&call->answer, bytes_of(text, size * count));
    return call->phase == CALL_RECEIVES && !call->answer.overflowed ? size * count : 0;
}

/* ---- Asking ---- */

/* HTTPS of one version to one place, and nothing that a browser would do besides. */
static const struct {
    CURLoption option;
    long value;
} settings[] = {
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_3 | CURL_SSLVERSION_MAX_TLSv1_3},
    {CURLOPT_SSL_VERIFYPEER, 0}, /* on_ready does */
    {CURLOPT_SSL_VERIFYHOST, 0},
    {CURLOPT_SSL_SESSIONID_CACHE, 0}, /* every line shows its certificate */
    {CURLOPT_PATH_AS_IS, 1},
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_HTTP09_ALLOWED, 0},
    {CURLOPT_HTTP_CONTENT_DECODING, 0},
    {CURLOPT_NOSIGNAL, 1},
    {CURLOPT_QUICK_EXIT, 1}, /* a name server that is silent holds nobody up */
    {CURLOPT_NOPROGRESS, 1},
    {CURLOPT_BUFFERSIZE, PIECE},
    {CURLOPT_MAXAGE_CONN, IDLE_MS / 1000 - 2},
    {CURLOPT_MAXLIFETIME_CONN, LINE_LIFE_S},
    {CURLOPT_POST, 1},
};

static bool set_text(struct call *call, const char *url)
{
    const struct tls_identity *identity = &call->front->identity;
    const struct {
        CURLoption option;
        const char *text;
    } texts[] = {
        {CURLOPT_URL, url},           {CURLOPT_PROTOCOLS_STR, "https"},
        {CURLOPT_PROXY, ""},          {CURLOPT_NOPROXY, "*"},
        {CURLOPT_CAINFO, NULL}, /* those of the web, which nobody asks */
        {CURLOPT_CAPATH, NULL},       {CURLOPT_SSLCERT, identity->certificate_file.path},
        {CURLOPT_SSLCERTTYPE, "DER"}, {CURLOPT_SSLKEY, identity->key_file.path},
        {CURLOPT_SSLKEYTYPE, "DER"},
    };
    bool set = true;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        set =
            set && curl_easy_setopt(call->easy, texts[i].option, texts[i].text) == CURLE_OK;
    return set;
}

static bool set_request(struct call *call, const char *url)
{
    CURL *easy = call->easy;
    bool set = set_text(call, url);
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++)
        set = set &&
              curl_easy_setopt(easy, settings[i].option, settings[i].value) == CURLE_OK;
    const char *request = call->request.len > 0 ? (char *)call->request.at : "";
    return set && curl_easy_setopt(easy, CURLOPT_PRIVATE, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->curl_says) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_ready) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_head) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_piece) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->front->fields) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                            (curl_off_t)call->request.len) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request) == CURLE_OK;
}

static bool start(struct front_state *front, struct call *call)
{
    call->phase = CALL_CONNECTS;
    call->deadline_ms = front_in(front, REACH_MS);
    call->curl_says[0] = call->why.text[0] = '\0';
    return curl_multi_add_handle(front->multi, call->easy) == CURLM_OK;
}

static size_t count_calls(const struct front_state *front)
{
    size_t count = 0;
    for (const struct call *call = front->calls; call != NULL; call = call->next)
        count++;
    return count;
}

void front_call_begin(struct front_state *front, const struct front_request *request)
{
    char url[URL_MAX];
    struct node_address address = {0};
    bool good = node_address_read(&address, request->url, NULL) == OK;
    bool is_v6 = strchr(address.host, ':') != NULL;
    snprintf(url, sizeof url,
             is_v6 ? "https://[%s]:%u/line/%.*s" : "https://%s:%u/line/%.*s", address.host,
             address.port, (int)request->kind.len, (const char *)request->kind.at);
    size_t others = count_calls(front);
    struct call *call = xcalloc(1, sizeof *call);
    call->front = front;
    call->number = request->number;
    memcpy(call->key, request->key, NODE_KEY);
    memcpy(call->url, request->url.at, request->url.len);
    call->request.max = LINE_REQUEST_MAX;
    buf_add(&call->request, request->request);
    call->next = front->calls;
    call->begun_ms = front->now_ms;
    front->calls = call;
    if (!good)
        fail_call(front, call, "this is no address of a node");
    else if (others >= CALLS_MAX)
        fail_call(front, call, "there are too many lines");
    else if (!tls_identity_certified(&front->identity))
        fail_call(front, call, "this node has no certificate yet");
    else if ((call->easy = curl_easy_init()) == NULL || !set_request(call, url) ||
             !start(front, call))
        fail_call(front, call, "libcurl does not start here");
}

/* ---- The end of it ---- */

static void describe(struct call *call, CURLcode result)
{
    long fault = 0;
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
        fail(&call->why, IO_FAILED, "the host is not found");
        break;
    case CURLE_COULDNT_CONNECT:
        curl_easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &fault);
        fail(&call->why, IO_FAILED, "%s",
             fault != 0 ? strerror((int)fault) : "there is no answer");
        break;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        fail(&call->why, IO_FAILED, "the other side has closed the line");
        break;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
        fail(&call->why, IO_FAILED, "this is no answer of HTTP/1.1");
        break;
    default:
        fail(&call->why, IO_FAILED, "%s%s",
             result == CURLE_SSL_CONNECT_ERROR ? "the TLS handshake failed: " : "",
             call->curl_says[0] != '\0' ? call->curl_says : curl_easy_strerror(result));
    }
}

/* What libcurl gave up by itself: a host that refuses the line or closes it is there, and one that is not found
 * or not reached is silent if that took long. */
static bool is_silence(const struct front_state *front, const struct call *call,
                       CURLcode result)
{
    long fault = 0;
    if (front->now_ms - call->begun_ms < LONG_WAIT_MS / front->hurry)
        return false;
    curl_easy_getinfo(call->easy, CURLINFO_OS_ERRNO, &fault);
    return result == CURLE_COULDNT_RESOLVE_HOST || result == CURLE_OPERATION_TIMEDOUT ||
           (result == CURLE_COULDNT_CONNECT && fault != ECONNREFUSED);
}

static void take_answer(struct front_state *front, struct call *call)
{
    long code = 0;
    struct bytes answer = buf_bytes(&call->answer);
    curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &code);
    enum status status = line_status((unsigned)code);
    if (status != OK && answer.len >= ERR_TEXT_MAX)
        answer.len = ERR_TEXT_MAX - 1;
    end_call(front, call, status, answer);
}

static void finish(struct front_state *front, struct call *call, CURLcode result)
{
    long fresh = 1;
    curl_easy_getinfo(call->easy, CURLINFO_NUM_CONNECTS, &fresh);
    curl_multi_remove_handle(front->multi, call->easy);
    if (result == CURLE_OK && call->phase == CALL_RECEIVES &&
        call->answer.len == call->length) {
        take_answer(front, call);
        return;
    }
    if (fresh == 0 && call->head_len == 0 && !call->again) {
        call->again = true;
        if (curl_easy_setopt(call->easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
            curl_easy_setopt(call->easy, CURLOPT_FORBID_REUSE, 0L) == CURLE_OK &&
            start(front, call))
            return;
    }
    if (call->why.text[0] == '\0')
        describe(call, result);
    call->silent = is_silence(front, call, result);
    fail_call(front, call, call->why.text);
}

void front_calls_run(struct front_state *front)
{
    int running = 0, waiting = 0;
    struct CURLMsg *message;
    curl_multi_perform(front->multi, &running);
    while ((message = curl_multi_info_read(front->multi, &waiting)) != NULL) {
        struct call *call = NULL;
        CURLcode result = message->data.result;
        if (message->msg == CURLMSG_DONE &&
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call) == CURLE_OK)
            finish(front, call, result);
    }
}

void front_calls_look(struct front_state *front)
{
    struct call *next;
    for (struct call *call = front->calls; call != NULL; call = next) {
        next = call->next;
        if (front->now_ms <= call->deadline_ms)
            continue;
        curl_multi_remove_handle(front->multi, call->easy);
        call->silent = true;
        fail_call(front, call,
                  call->phase == CALL_CONNECTS ? "there is no answer"
                                               : "it did not answer in time");
    }
    /* Kept lines that nobody used for long have been closed by the other side by now. */
    if (front->calls == NULL && front->called_ms != 0 &&
        front->now_ms - front->called_ms > IDLE_MS / front->hurry) {
        struct err why = {0};
        CURLM *old = front->multi;
        front->called_ms = 0;
        if (open_lines(front, &why) == OK)
            curl_multi_cleanup(old);
    }
}

/* ---- Life ---- */

enum status front_calls_open(struct front_state *front, struct err *err)
{
    static const char *const fields[] = {"Content-Type: application/octet-stream",
                                         "Accept:", "Expect:"}; /* the last two: left out */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail(err, IO_FAILED, "libcurl does not start here");
    const char *tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
    if (tls == NULL || strncmp(tls, "GnuTLS/", 7) != 0)
        return fail(err, IO_FAILED, "libcurl speaks TLS by %s here, and must by GnuTLS",
                    tls != NULL ? tls : "nothing");
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        front->fields = curl_slist_append(front->fields, fields[i]);
    return open_lines(front, err);
}

void front_calls_close(struct front_state *front)
{
    while (front->calls != NULL) {
        struct call *call = front->calls;
        front->calls = call->next;
        if (call->easy != NULL)
            curl_multi_remove_handle(front->multi, call->easy);
        release_call(call);
    }
    curl_multi_cleanup(front->multi);
    curl_slist_free_all(front->fields);
    curl_global_cleanup();
}
