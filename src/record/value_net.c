/* SPDX-License-Identifier: Apache-2.0 */
#include "record/net.h"

#include "base/text.h"
#include "record/compact.h"
#include "record/value_rows.h"
#include "record/value_tools.h"
#include "record/verdict.h"

#include <arpa/inet.h>
#include <assert.h>
#include <threads.h>
#include <unicode/uidna.h>

enum { IP_TEXT_MAX = 64, PORT_MAX = 65535 };

/* A host name in its one form. */
struct host {
    char text[NET_HOST_MAX + 1];
    size_t len;
    bool has_underscore; /* no host name by the rules, but the name system carries it */
    size_t labels;
};

static struct bytes host_bytes(const struct host *host)
{
    return bytes_of(host->text, host->len);
}

static UIDNA *idna;
static once_flag idna_once = ONCE_FLAG_INIT;

static void idna_open(void)
{
    UErrorCode error = U_ZERO_ERROR;
    idna = uidna_openUTS46(
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, &error);
    assert(U_SUCCESS(error));
}

static bool host_to_ascii(struct host *host, struct bytes raw)
{
    call_once(&idna_once, idna_open);
    UErrorCode error = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    int32_t len = uidna_nameToASCII_UTF8(idna, (const char *)raw.at, (int32_t)raw.len,
                                         host->text, NET_HOST_MAX + 1, &info, &error);
    if (U_FAILURE(error) || info.errors != 0 || len > NET_HOST_MAX)
        return false;
    host->len = (size_t)len;
    return true;
}

/* What is wrong with the label, or NULL. */
static const char *check_label(struct host *host, struct bytes label)
{
    if (label.len == 0 || label.len > NET_LABEL_MAX)
        return "each part between full stops has 1 to 63 characters";
    if (label.at[0] == '-' || label.at[label.len - 1] == '-')
        return "no part begins or ends with a hyphen";
    for (size_t i = 0; i < label.len; i++) {
        uint8_t c = label.at[i];
        if (c == '_')
            host->has_underscore = true;
        else if (!is_letter(c) && !is_digit(c) && c != '-')
            return "it has letters, digits, hyphens and full stops only";
    }
    return NULL;
}

/* What is wrong with the host name, or NULL. */
static const char *host_read(struct host *host, struct bytes raw)
{
    *host = (struct host){.len = 0};
    if (raw.len > 0 && raw.at[raw.len - 1] == '.') /* the root, which all names end in */
        raw.len--;
    if (raw.len == 0 || raw.len > NET_HOST_MAX)
        return "it has 1 to 253 characters";
    bool ascii = true;
    for (size_t i = 0; i < raw.len; i++) {
        host->text[i] = (char)to_lower(raw.at[i]);
        ascii &= raw.at[i] < 0x80;
    }
    host->len = raw.len;
    if (!ascii && !host_to_ascii(host, raw))
        return "it has characters, or a mixture of them, that host names may not have";
    struct bytes rest = host_bytes(host), label, top = rest;
    while (text_next_part(&label, &rest, '.')) {
        const char *wrong = check_label(host, label);
        if (wrong != NULL)
            return wrong;
        host->labels++;
        top = label;
    }
    /* The top of a name is never all digits (RFC 3696 2); this would be an address. */
    return all_digits(top) ? "it ends like an IP address" : NULL;
}

static void domain_clean(struct value_result *out, struct bytes raw,
                         const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct host host;
    struct bytes of_url;
    const char *wrong = host_read(&host, raw);
    if (net_host_of_url(&of_url, raw))
        verdict_refuse(out, arena, "this is a web address; its domain is \"%s\"",
                       value_shown(of_url, arena));
    else if (wrong != NULL)
        verdict_refuse(out, arena, "\"%s\" is no internet domain: %s",
                       value_shown(raw, arena), wrong);
    else if (host.labels < 2)
        verdict_refuse(
            out, arena,
            "\"%s\" is no internet domain: it needs at least one full stop, as in "
            "example.org",
            value_shown(raw, arena));
    else if (host.has_underscore)
        verdict_doubt(
            out, arena_bytes(arena, host_bytes(&host)), arena,
            "host names have no underscore by the rules; some are in use all the same");
    else
        verdict_fine(out, arena_bytes(arena, host_bytes(&host)));
}

const struct value_type value_type_domain = {
    .name = "domain",
    .label = "internet domain",
    .ftm = "identifier",
    .clean = domain_clean,
};

/* "mailto:a@b?subject=c" and "Name <a@b>" hold an address. */
static struct bytes email_undressed(struct bytes raw)
{
    static const char scheme[] = "mailto:";
    size_t len = sizeof scheme - 1;
    if (raw.len > len && text_same(bytes_slice(raw, 0, len), scheme)) {
        raw = bytes_slice(raw, len, raw.len - len);
        const uint8_t *question = memchr(raw.at, '?', raw.len);
        if (question != NULL)
            raw.len = (size_t)(question - raw.at);
    }
    const uint8_t *open = memchr(raw.at, '<', raw.len);
    if (open != NULL && raw.at[raw.len - 1] == '>') {
        size_t from = (size_t)(open - raw.at) + 1;
        raw = bytes_slice(raw, from, raw.len - from - 1);
    }
    return text_trim(raw);
}

/* What is wrong with the part before the @, or NULL. Letters of other scripts may stand
 * there (RFC 6531); quoted forms are left out: nobody has one. */
static const char *check_local_part(struct bytes local)
{
    if (local.len == 0 || local.len > NET_LOCAL_PART_MAX)
        return "before the @ stand 1 to 64 characters";
    for (size_t i = 0; i < local.len; i++) {
        uint8_t c = local.at[i];
        bool plain = is_letter(c) || is_digit(c) || c >= 0x80;
        if (!plain && (c == 0 || strchr(".!#$%&'*+-/=?^_`{|}~", c) == NULL))
            return "before the @ is a blank or another character that may not stand there";
    }
    return NULL;
}

static bool has_odd_dots(struct bytes local)
{
    for (size_t i = 0; i < local.len; i++)
        if (local.at[i] == '.' && (i == 0 || i + 1 == local.len || local.at[i + 1] == '.'))
            return true;
    return false;
}

static void email_clean(struct value_result *out, struct bytes raw,
                        const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct bytes text = email_undressed(raw);
    const uint8_t *at = text.len > 0 ? memchr(text.at, '@', text.len) : NULL;
    const uint8_t *last = text.len > 0 ? memrchr(text.at, '@', text.len) : NULL;
    const char *shown = value_shown(raw, arena);
    if (at == NULL || at != last) {
        verdict_refuse(out, arena,
                       "\"%s\" is no e-mail address: one has exactly one @, as in "
                       "name@example.org; put a second address into a field of its own",
                       shown);
        return;
    }
    struct bytes local = bytes_slice(text, 0, (size_t)(at - text.at));
    struct host host;
    const char *wrong = check_local_part(local);
    if (wrong == NULL)
        wrong =
            host_read(&host, bytes_slice(text, local.len + 1, text.len - local.len - 1));
    if (wrong == NULL && host.labels < 2)
        wrong = "behind the @ stands a domain with a full stop, as in example.org";
    if (wrong == NULL && local.len + 1 + host.len > NET_EMAIL_MAX)
        wrong = "it has at most 254 characters";
    if (wrong != NULL) {
        verdict_refuse(out, arena, "\"%s\" is no e-mail address: %s", shown, wrong);
        return;
    }
    uint8_t *clean = arena_alloc(arena, local.len + 1 + host.len);
    for (size_t i = 0; i < local.len; i++)
        clean[i] = to_lower(local.at[i]);
    clean[local.len] = '@';
    memcpy(clean + local.len + 1, host.text, host.len);
    struct bytes address = bytes_of(clean, local.len + 1 + host.len);
    if (has_odd_dots(local) || host.has_underscore)
        verdict_doubt(
            out, address, arena,
            "full stops side by side or at an end before the @, or an underscore behind "
            "it, are against the rules; some such addresses are in use all the same");
    else
        verdict_fine(out, address);
}

const struct value_type value_type_email = {
    .name = "email",
    .label = "e-mail address",
    .ftm = "email",
    .clean = email_clean,
};

/* The address as the system writes it; an IPv4 address in IPv6 dress (::ffff:192.0.2.1)
 * without it. 0 when text is none. */
static size_t ip_read(char out[INET6_ADDRSTRLEN], const char *text)
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    uint8_t address[16];
    int family = AF_INET;
    const uint8_t *from = address;
    if (inet_pton(AF_INET, text, address) != 1) {
        if (inet_pton(AF_INET6, text, address) != 1)
            return 0;
        if (memcmp(address, mapped, sizeof mapped) == 0)
            from = address + sizeof mapped;
        else
            family = AF_INET6;
    }
    const char *written = inet_ntop(family, from, out, INET6_ADDRSTRLEN);
    assert(written != NULL);
    return strlen(written);
}

static bool is_port(const char *text)
{
    uint64_t port;
    return text_u64(&port, bytes_text(text)) && port <= PORT_MAX;
}

/* Cuts off what may stand around an address: brackets, a port, the zone of a local one.
 * Returns the address in text; *dropped says that there was more than brackets. */
static const char *ip_undressed(char *text, bool *dropped)
{
    char *end;
    if (text[0] == '[' && (end = strchr(text, ']')) != NULL) {
        if (end[1] == ':' && is_port(end + 2))
            *dropped = true;
        else if (end[1] != '\0')
            return text;
        *end = '\0';
        text++;
    } else if ((end = strchr(text, ':')) != NULL && end == strrchr(text, ':') &&
               strchr(text, '.') != NULL && is_port(end + 1)) {
        *end = '\0';
        *dropped = true;
    }
    if ((end = strchr(text, '%')) != NULL && strchr(text, ':') != NULL) {
        *end = '\0';
        *dropped = true;
    }
    return text;
}

static void ip_clean(struct value_result *out, struct bytes raw,
                     const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    char text[IP_TEXT_MAX], clean[INET6_ADDRSTRLEN];
    bool dropped = false;
    size_t len = 0;
    if (raw.len < sizeof text && memchr(raw.at, '\0', raw.len) == NULL) {
        memcpy(text, raw.at, raw.len);
        text[raw.len] = '\0';
        len = ip_read(clean, ip_undressed(text, &dropped));
    }
    if (len == 0 && memchr(raw.at, '/', raw.len) != NULL)
        verdict_refuse(out, arena,
                       "\"%s\" is a whole network or a web address; write one IP "
                       "address",
                       value_shown(raw, arena));
    else if (len == 0)
        verdict_refuse(
            out, arena,
            "\"%s\" is no IP address; write four numbers from 0 to 255 without leading "
            "zeros (192.0.2.1), or the IPv6 form (2001:db8::1)",
            value_shown(raw, arena));
    else if (dropped)
        verdict_doubt(out, arena_bytes(arena, bytes_of(clean, len)), arena,
                      "the port or zone is left out");
    else
        verdict_fine(out, arena_bytes(arena, bytes_of(clean, len)));
}

const struct value_type value_type_ip = {
    .name = "ip",
    .label = "IP address",
    .ftm = "ip",
    .clean = ip_clean,
};

/* A URL taken apart; every part borrows. */
struct url {
    struct bytes scheme, user, host, port, tail; /* tail: path, query and fragment */
    bool host_in_brackets;
};

static size_t find_one_of(struct bytes text, const char *set)
{
    size_t at = 0;
    while (at < text.len && (text.at[at] == 0 || strchr(set, text.at[at]) == NULL))
        at++;
    return at;
}

/* Into its parts by their dividers alone; false without a scheme and "://". */
static bool url_split(struct url *url, struct bytes text)
{
    size_t scheme = 0;
    while (scheme < text.len && (is_letter(text.at[scheme]) || is_digit(text.at[scheme]) ||
                                 (text.at[scheme] != 0 && strchr("+-.", text.at[scheme]))))
        scheme++;
    if (scheme == 0 || !is_letter(text.at[0]) || text.len < scheme + 3 ||
        memcmp(text.at + scheme, "://", 3) != 0)
        return false;
    *url = (struct url){.scheme = bytes_slice(text, 0, scheme)};
    struct bytes rest = bytes_slice(text, scheme + 3, text.len - scheme - 3);
    size_t end = find_one_of(rest, "/?#");
    url->tail = bytes_slice(rest, end, rest.len - end);
    struct bytes authority = bytes_slice(rest, 0, end);
    const uint8_t *at =
        authority.len > 0 ? memrchr(authority.at, '@', authority.len) : NULL;
    if (at != NULL) {
        size_t user = (size_t)(at - authority.at);
        url->user = bytes_slice(authority, 0, user);
        authority = bytes_slice(authority, user + 1, authority.len - user - 1);
    }
    size_t host = find_one_of(authority, ":");
    if (authority.len > 0 && authority.at[0] == '[') {
        size_t close = find_one_of(authority, "]");
        if (close == authority.len)
            return false;
        url->host_in_brackets = true;
        url->host = bytes_slice(authority, 1, close - 1);
        host = close + 1;
    } else {
        url->host = bytes_slice(authority, 0, host);
    }
    if (host < authority.len && authority.at[host] == ':')
        url->port = bytes_slice(authority, host + 1, authority.len - host - 1);
    else if (host < authority.len)
        return false;
    return true;
}

bool net_host_of_url(struct bytes *host, struct bytes url)
{
    struct url parts;
    if (!url_split(&parts, url) || parts.host.len == 0)
        return false;
    *host = parts.host;
    return true;
}

/* Lower-case host or IP address, with brackets where it needs them, to out. Gives what is
 * wrong, or NULL; *odd gets what is odd. */
static const char *add_host(struct buf *out, const char **odd, const struct url *url)
{
    struct host host;
    char text[IP_TEXT_MAX] = "", ip[INET6_ADDRSTRLEN];
    if (url->host.len < sizeof text &&
        (url->host.len == 0 || memchr(url->host.at, 0, url->host.len) == NULL)) {
        memcpy(text, url->host.at, url->host.len);
        size_t len = ip_read(ip, text);
        if (len > 0) {
            bool is_v6 = memchr(ip, ':', len) != NULL;
            buf_addf(out, is_v6 ? "[%s]" : "%s", ip);
            return NULL;
        }
    }
    if (url->host_in_brackets)
        return "between the brackets stands an IPv6 address";
    const char *wrong = host_read(&host, url->host);
    if (wrong != NULL)
        return wrong;
    if (host.labels < 2)
        *odd = "its host has no full stop, so it means something only inside one network";
    else if (host.has_underscore)
        *odd = "host names have no underscore by the rules; some are in use all the same";
    buf_add(out, host_bytes(&host));
    return NULL;
}

/* The port with its colon unless it is the scheme's own. */
static const char *add_port(struct buf *out, struct bytes scheme, struct bytes port)
{
    static const struct {
        const char *scheme;
        uint64_t port;
    } own[] = {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21}};
    uint64_t number;
    if (port.len == 0)
        return NULL;
    if (!text_u64(&number, port) || number > PORT_MAX)
        return "behind the host stands a colon and then a port from 0 to 65535";
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (text_same(scheme, own[i].scheme) && number == own[i].port)
            return NULL;
    buf_addf(out, ":%u", (unsigned)number);
    return NULL;
}

/* Other bytes than ASCII's as %XX, and the digits of %xx that stand there in capitals. */
static void add_escaped(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte;
        if (text.at[i] >= 0x80) {
            buf_addf(out, "%%%02X", text.at[i]);
        } else if (text.at[i] == '%' && i + 2 < text.len &&
                   hex_read(&byte, 1, bytes_slice(text, i + 1, 2))) {
            buf_addf(out, "%%%02X", byte);
            i += 2;
        } else {
            buf_add_byte(out, text.at[i]);
        }
    }
}

static const char *url_write(struct buf *out, const char **odd, struct bytes raw)
{
    struct url url;
    for (size_t i = 0; i < raw.len; i++)
        if (raw.at[i] <= ' ' || raw.at[i] == 0x7F)
            return "there is a blank or control character in it";
    if (!url_split(&url, raw))
        return "it begins with a scheme and a host, as in https://example.org/";
    for (size_t i = 0; i < url.scheme.len; i++)
        buf_add_byte(out, to_lower(url.scheme.at[i]));
    buf_add_text(out, "://");
    if (url.user.len > 0) {
        add_escaped(out, url.user);
        buf_add_byte(out, '@');
    }
    const char *wrong = add_host(out, odd, &url);
    if (wrong == NULL)
        wrong = add_port(out, url.scheme, url.port);
    if (url.tail.len == 0 || url.tail.at[0] != '/')
        buf_add_byte(out, '/');
    add_escaped(out, url.tail);
    return wrong;
}

static void url_clean(struct value_result *out, struct bytes raw,
                      const struct value_hint *hint, struct arena *arena)
{
    (void)hint;
    struct buf clean = {.max = NET_URL_MAX};
    const char *odd = NULL, *wrong = url_write(&clean, &odd, raw);
    if (wrong == NULL && clean.overflowed)
        wrong = "it is longer than 4096 characters";
    if (wrong != NULL)
        verdict_refuse(out, arena, "\"%s\" is no web address: %s", value_shown(raw, arena),
                       wrong);
    else if (odd != NULL)
        verdict_doubt(out, arena_bytes(arena, buf_bytes(&clean)), arena, "%s", odd);
    else
        verdict_fine(out, arena_bytes(arena, buf_bytes(&clean)));
    buf_release(&clean);
}

/* FollowTheMoney's. */
static double url_specificity(struct bytes clean)
{
    return value_dampen(10, 120, clean.len);
}

const struct value_type value_type_url = {
    .name = "url",
    .label = "web address (URL)",
    .ftm = "url",
    .clean = url_clean,
    .specificity = url_specificity,
};
