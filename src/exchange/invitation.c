/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/invitation.h"

#include "base/text.h"

#include <sodium.h>
#include <stdio.h>
#include <time.h>

enum { DAY_S = 86400, TIME_TEXT = sizeof "2026-11-26T22:50:00Z" };

/* ---- Words ---- */

bool node_code_valid(struct bytes code)
{
    if (code.len == 0 || code.len > NODE_CODE_MAX)
        return false;
    for (size_t i = 0; i < code.len; i++)
        if (!is_letter(code.at[i]) && !is_digit(code.at[i]) && code.at[i] != '-')
            return false;
    return true;
}

static bool is_line(struct bytes text, size_t max)
{
    return text.len <= max && text_is_plain_line(text);
}

static bool is_host(struct bytes host, bool is_v6)
{
    if (host.len == 0 || host.len > NODE_HOST_MAX)
        return false;
    for (size_t i = 0; i < host.len; i++) {
        uint8_t c = host.at[i];
        bool good =
            is_letter(c) || is_digit(c) || c == '.' || (is_v6 ? c == ':' : c == '-');
        if (!good)
            return false;
    }
    return host.at[0] != '-' && (is_v6 || host.at[0] != '.');
}

enum status node_address_read(struct node_address *out, struct bytes url, struct err *err)
{
    static const char front[] = "https://";
    struct bytes rest = url, host, port = {0};
    uint64_t number = 443;
    if (url.len > NODE_URL_MAX || !text_starts(url, front))
        return fail(err, BAD_INPUT,
                    "the address of a node is written https://host:port, for example "
                    "https://xa.example:8443");
    rest = bytes_slice(url, sizeof front - 1, url.len - (sizeof front - 1));
    bool is_v6 = rest.len > 0 && rest.at[0] == '[';
    const uint8_t *end = rest.len > 0 ? memchr(rest.at, is_v6 ? ']' : ':', rest.len) : NULL;
    size_t host_at = is_v6 ? 1 : 0;
    size_t host_end = end != NULL ? (size_t)(end - rest.at) : rest.len;
    size_t port_at = host_end + (is_v6 && end != NULL ? 1 : 0);
    if (is_v6 && end == NULL)
        return fail(err, BAD_INPUT, "the bracket of the IPv6 address is not closed");
    host = bytes_slice(rest, host_at, host_end - host_at);
    if (port_at < rest.len) {
        port = bytes_slice(rest, port_at + 1, rest.len - port_at - 1);
        if (rest.at[port_at] != ':' || !text_u64(&number, port) || number == 0 ||
            number > UINT16_MAX || port.at[0] == '0')
            return fail(err, BAD_INPUT,
                        "behind the host stands nothing but a port from 1 to 65535");
    }
    if (!is_host(host, is_v6))
        return fail(err, BAD_INPUT, "\"%.*s\" is no name or number of a host",
                    (int)(host.len > 100 ? 100 : host.len), (const char *)host.at);
    memcpy(out->host, host.at, host.len);
    out->host[host.len] = '\0';
    out->port = (uint16_t)number;
    return OK;
}

/* ---- Time ---- */

static bool time_write(char out[TIME_TEXT], int64_t time_s)
{
    struct tm parts;
    time_t time = (time_t)time_s;
    return time_s >= 0 && gmtime_r(&time, &parts) != NULL && parts.tm_year < 2999 - 1900 &&
           strftime(out, TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &parts) == TIME_TEXT - 1;
}

static bool time_read(int64_t *out, struct bytes text)
{
    struct tm parts = {0};
    char copy[TIME_TEXT], again[TIME_TEXT];
    if (text.len != TIME_TEXT - 1)
        return false;
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    const char *end = strptime(copy, "%Y-%m-%dT%H:%M:%SZ", &parts);
    if (end == NULL || *end != '\0')
        return false;
    *out = (int64_t)timegm(&parts);
    return time_write(again, *out) && strcmp(copy, again) == 0;
}

/* ---- Writing ---- */

enum status invitation_write(struct buf *out, const struct invitation *invitation,
                             struct err *err)
{
    struct node_address address;
    char key[2 * NODE_KEY + 1], words[FINGERPRINT_TEXT_MAX], made[TIME_TEXT];
    if (!node_code_valid(bytes_text(invitation->code)))
        return fail(err, BAD_INPUT, "\"%.60s\" is no code of an agency", invitation->code);
    if (!is_line(bytes_text(invitation->name), NODE_NAME_MAX))
        return fail(err, BAD_INPUT,
                    "the name of the agency is not one line of text that is seen");
    enum status status = node_address_read(&address, bytes_text(invitation->url), err);
    if (status != OK)
        return status;
    if (!time_write(made, invitation->made_s))
        return fail(err, BAD_INPUT, "the clock of this machine is wrong");
    hex_write(key, bytes_of(invitation->key, NODE_KEY));
    fingerprint_write(words, invitation->key);
    buf_clear(out);
    buf_addf(out,
             INVITATION_FIRST_LINE "code %s\nname %s\nurl %s\nkey %s\nmade %s\n"
                                   "fingerprint %s\n",
             invitation->code, invitation->name, invitation->url, key, made, words);
    return out->overflowed ? fail(err, TOO_LARGE, "the invitation is too long") : OK;
}

void invitation_add_signature(struct buf *out,
                              const uint8_t signature[INVITATION_SIGNATURE])
{
    char hex[2 * INVITATION_SIGNATURE + 1];
    hex_write(hex, bytes_of(signature, INVITATION_SIGNATURE));
    buf_addf(out, "signature %s\n", hex);
}

/* ---- Reading ---- */

/* The line that begins with the word and a blank, without them; false when it is another. */
static bool take_line(struct bytes *value, struct bytes *rest, const char *word)
{
    struct bytes line;
    size_t len = strlen(word);
    if (!text_next_part(&line, rest, '\n') || line.len < len + 1 ||
        memcmp(line.at, word, len) != 0 || line.at[len] != ' ')
        return false;
    *value = bytes_slice(line, len + 1, line.len - len - 1);
    return true;
}

static bool copy_word(char *out, size_t max, struct bytes value)
{
    if (value.len > max || memchr(value.at, '\0', value.len) != NULL)
        return false;
    memcpy(out, value.at, value.len);
    out[value.len] = '\0';
    return true;
}

static bool take_fields(struct invitation *out, struct bytes *rest)
{
    struct bytes code, name, url, key, made, words;
    return take_line(&code, rest, "code") && copy_word(out->code, NODE_CODE_MAX, code) &&
           take_line(&name, rest, "name") && copy_word(out->name, NODE_NAME_MAX, name) &&
           take_line(&url, rest, "url") && copy_word(out->url, NODE_URL_MAX, url) &&
           take_line(&key, rest, "key") && hex_read(out->key, NODE_KEY, key) &&
           take_line(&made, rest, "made") && time_read(&out->made_s, made) &&
           take_line(&words, rest, "fingerprint");
}

/* What was read, written again, must be what was there: there is one form only. */
static bool is_only_form(const struct invitation *read, struct bytes text,
                         const uint8_t signature[INVITATION_SIGNATURE], struct err *err)
{
    struct buf again = {.max = INVITATION_MAX};
    bool same = invitation_write(&again, read, err) == OK;
    if (same) {
        invitation_add_signature(&again, signature);
        same = bytes_equal(buf_bytes(&again), text);
    }
    buf_release(&again);
    return same;
}

enum status invitation_read(struct invitation *out, struct bytes text, struct err *err)
{
    struct invitation read = {0};
    struct err why = {0};
    uint8_t signature[INVITATION_SIGNATURE];
    struct bytes rest, hex = {0};
    if (!text_starts(text, INVITATION_FIRST_LINE))
        return fail(err, BAD_INPUT,
                    "this is no invitation of a node: its first line is not \"%.*s\"",
                    (int)sizeof INVITATION_FIRST_LINE - 2, INVITATION_FIRST_LINE);
    if (text.len > INVITATION_MAX)
        return fail(err, TOO_LARGE, "an invitation has at most %d bytes", INVITATION_MAX);
    rest = bytes_slice(text, sizeof INVITATION_FIRST_LINE - 1,
                       text.len - (sizeof INVITATION_FIRST_LINE - 1));
    bool whole = take_fields(&read, &rest) && rest.at != NULL;
    size_t signed_len = whole ? (size_t)(rest.at - text.at) : 0;
    whole = whole && take_line(&hex, &rest, "signature") &&
            hex_read(signature, sizeof signature, hex);
    if (!whole || !is_only_form(&read, text, signature, &why))
        return fail(err, BAD_INPUT,
                    "this invitation was damaged or changed on its way%s%s; have it sent "
                    "again",
                    why.text[0] != '\0' ? ": " : "", why.text);
    if (crypto_sign_verify_detached(signature, text.at, signed_len, read.key) != 0)
        return fail(err, REFUSED,
                    "the signature of this invitation is not that of its key: somebody "
                    "changed it on its way");
    *out = read;
    return OK;
}

enum status invitation_check_time(const struct invitation *invitation, int64_t now_s,
                                  struct err *err)
{
    char made[TIME_TEXT];
    bool early = invitation->made_s > now_s + CLOCK_DAYS * DAY_S;
    bool late = now_s > invitation->made_s + (INVITATION_DAYS + CLOCK_DAYS) * DAY_S;
    if (!early && !late)
        return OK;
    if (!time_write(made, invitation->made_s))
        made[0] = '\0';
    return fail(err, REFUSED,
                early
                    ? "the invitation was made at %s, which lies in the future: one of the "
                      "two clocks is wrong by more than %d days"
                    : "the invitation was made at %s and is good for %d days; have a new "
                      "one sent",
                made, early ? CLOCK_DAYS : INVITATION_DAYS);
}
