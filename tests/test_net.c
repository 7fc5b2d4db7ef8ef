/* SPDX-License-Identifier: Apache-2.0 */
#include "record/net.h"
#include "value_cases.h"

#define TEN "aaaaaaaaaa"
#define SIXTY_THREE TEN TEN TEN TEN TEN TEN "aaa"

static const struct value_case domains[] = {
    {"example.org", VALUE_FINE, "example.org"},
    {"WWW.Example.ORG", VALUE_FINE, "www.example.org"},
    {"example.org.", VALUE_FINE, "example.org"},
    {"xn--mnchen-3ya.example", VALUE_FINE, "xn--mnchen-3ya.example"},
    {"münchen.example", VALUE_FINE, "xn--mnchen-3ya.example"},
    {"MÜNCHEN.example", VALUE_FINE, "xn--mnchen-3ya.example"},
    {"mu\u0308nchen.example", VALUE_FINE, "xn--mnchen-3ya.example"},
    {"пример.example", VALUE_FINE, "xn--e1afmkfd.example"},
    {"straße.example", VALUE_FINE, "xn--strae-oqa.example"}, /* IDNA 2008: not "strasse" */
    {SIXTY_THREE ".org", VALUE_FINE, SIXTY_THREE ".org"},
    {"a_b.example.org", VALUE_DOUBTFUL, "a_b.example.org", "underscore"},
    {"https://www.example.org/x", VALUE_INVALID, NULL, "its domain is \"www.example.org\""},
    {"localhost", VALUE_INVALID, NULL, "full stop"},
    {"192.0.2.1", VALUE_INVALID, NULL, "IP address"},
    {"a@example.org", VALUE_INVALID, NULL, "letters, digits"},
    {"example..org", VALUE_INVALID, NULL, "1 to 63"},
    {".example.org", VALUE_INVALID, NULL, "1 to 63"},
    {"a" SIXTY_THREE ".org", VALUE_INVALID, NULL, "1 to 63"},
    {"-a.example.org", VALUE_INVALID, NULL, "hyphen"},
    {"a-.example.org", VALUE_INVALID, NULL, "hyphen"},
    {"exa mple.org", VALUE_INVALID, NULL, "letters, digits"},
    {"example.org/x", VALUE_INVALID, NULL, "letters, digits"},
    {SIXTY_THREE "." SIXTY_THREE "." SIXTY_THREE "." SIXTY_THREE ".org", VALUE_INVALID,
     NULL, "253"},
    {"a\u200d.example", VALUE_INVALID, NULL,
     "characters"}, /* a joiner that joins nothing */
};

static const struct value_case emails[] = {
    {"name@example.org", VALUE_FINE, "name@example.org"},
    {"E.Noordt@Example.ORG", VALUE_FINE, "e.noordt@example.org"},
    {"mailto:name@example.org", VALUE_FINE, "name@example.org"},
    {"MAILTO:name@example.org?subject=x%40y", VALUE_FINE, "name@example.org"},
    {"<name@example.org>", VALUE_FINE, "name@example.org"},
    {"Elske van Noordt <name@example.org>", VALUE_FINE, "name@example.org"},
    {"name+tag@example.org", VALUE_FINE, "name+tag@example.org"},
    {"o'brien@example.org", VALUE_FINE, "o'brien@example.org"},
    {"name@münchen.example", VALUE_FINE, "name@xn--mnchen-3ya.example"},
    {"josé@example.org", VALUE_FINE, "josé@example.org"},
    {"a..b@example.org", VALUE_DOUBTFUL, "a..b@example.org", "full stops"},
    {"a.@example.org", VALUE_DOUBTFUL, "a.@example.org", "full stops"},
    {"a@b_c.example.org", VALUE_DOUBTFUL, "a@b_c.example.org", "underscore"},
    {"name", VALUE_INVALID, NULL, "exactly one @"},
    {"a@example.org; b@example.org", VALUE_INVALID, NULL, "field of its own"},
    {"@example.org", VALUE_INVALID, NULL, "1 to 64"},
    {"a" SIXTY_THREE "a@example.org", VALUE_INVALID, NULL, "1 to 64"},
    {"name@", VALUE_INVALID, NULL, "no e-mail address"},
    {"name@localhost", VALUE_INVALID, NULL, "full stop"},
    {"name@192.0.2.1", VALUE_INVALID, NULL, "IP address"},
    {"first last@example.org", VALUE_INVALID, NULL, "blank"},
    {"\"a b\"@example.org", VALUE_INVALID, NULL, "may not stand"},
    {"<>", VALUE_INVALID, NULL, "exactly one @"},
    {"@", VALUE_INVALID, NULL, "1 to 64"},
    {"aaaa@" SIXTY_THREE "." SIXTY_THREE "." SIXTY_THREE "." TEN TEN TEN TEN TEN "aaaa.org",
     VALUE_INVALID, NULL, "at most 254"},
};

static const struct value_case addresses[] = {
    {"192.0.2.1", VALUE_FINE, "192.0.2.1"},
    {"2001:db8::1", VALUE_FINE, "2001:db8::1"},
    {"2001:0DB8:0:0:0:0:0:1", VALUE_FINE, "2001:db8::1"},
    {"[2001:db8::1]", VALUE_FINE, "2001:db8::1"},
    {"::ffff:192.0.2.1", VALUE_FINE, "192.0.2.1"},
    {"::FFFF:C000:0201", VALUE_FINE, "192.0.2.1"},
    {"::", VALUE_FINE, "::"},
    {"192.0.2.1:8080", VALUE_DOUBTFUL, "192.0.2.1", "port"},
    {"[2001:db8::1]:443", VALUE_DOUBTFUL, "2001:db8::1", "port"},
    {"fe80::1%eth0", VALUE_DOUBTFUL, "fe80::1", "zone"},
    {"192.0.2.0/24", VALUE_INVALID, NULL, "network"},
    {"http://192.0.2.1/", VALUE_INVALID, NULL, "web address"},
    {"192.0.2.256", VALUE_INVALID, NULL, "0 to 255"},
    {"192.000.002.001", VALUE_INVALID, NULL, "leading zeros"},
    {"192.0.2", VALUE_INVALID, NULL, "four numbers"},
    {"192.0.2.1:99999", VALUE_INVALID, NULL, "no IP address"},
    {"[2001:db8::1", VALUE_INVALID, NULL, "no IP address"},
    {"[2001:db8::1]x", VALUE_INVALID, NULL, "no IP address"},
    {"2001:db8::1::2", VALUE_INVALID, NULL, "no IP address"},
    {"example.org", VALUE_INVALID, NULL, "no IP address"},
    {"%", VALUE_INVALID, NULL, "no IP address"},
};

static const struct value_case urls[] = {
    {"https://example.org", VALUE_FINE, "https://example.org/"},
    {"HTTPS://Example.ORG/Path?Query=1#Part", VALUE_FINE,
     "https://example.org/Path?Query=1#Part"},
    {"http://example.org:80/", VALUE_FINE, "http://example.org/"},
    {"https://example.org:443", VALUE_FINE, "https://example.org/"},
    {"http://example.org:8080/x", VALUE_FINE, "http://example.org:8080/x"},
    {"http://example.org:/x", VALUE_FINE, "http://example.org/x"},
    {"https://example.org?x=1", VALUE_FINE, "https://example.org/?x=1"},
    {"https://example.org#x", VALUE_FINE, "https://example.org/#x"},
    {"ftp://user:word@Example.org/x", VALUE_FINE, "ftp://user:word@example.org/x"},
    {"https://example.org/a%c3%a9", VALUE_FINE, "https://example.org/a%C3%A9"},
    {"https://example.org/aé", VALUE_FINE, "https://example.org/a%C3%A9"},
    {"https://example.org/100%", VALUE_FINE, "https://example.org/100%"},
    {"https://example.org/%zz", VALUE_FINE, "https://example.org/%zz"},
    {"https://münchen.example/", VALUE_FINE, "https://xn--mnchen-3ya.example/"},
    {"http://192.0.2.1/x", VALUE_FINE, "http://192.0.2.1/x"},
    {"http://[2001:DB8::1]:8080/x", VALUE_FINE, "http://[2001:db8::1]:8080/x"},
    {"http://intranet/x", VALUE_DOUBTFUL, "http://intranet/x", "one network"},
    {"http://a_b.example.org/", VALUE_DOUBTFUL, "http://a_b.example.org/", "underscore"},
    {"www.example.org/x", VALUE_INVALID, NULL, "scheme"},
    {"mailto:a@example.org", VALUE_INVALID, NULL, "scheme"},
    {"https://", VALUE_INVALID, NULL, "1 to 253"},
    {"https:///x", VALUE_INVALID, NULL, "1 to 253"},
    {"://example.org", VALUE_INVALID, NULL, "scheme"},
    {"1http://example.org", VALUE_INVALID, NULL, "scheme"},
    {"https://example.org/a b", VALUE_INVALID, NULL, "blank"},
    {"https://example.org:port/", VALUE_INVALID, NULL, "0 to 65535"},
    {"https://example.org:65536/", VALUE_INVALID, NULL, "0 to 65535"},
    {"https://[2001:db8::1/", VALUE_INVALID, NULL, "scheme"},
    {"https://[2001:db8::1]x/", VALUE_INVALID, NULL, "scheme"},
    {"https://[example.org]/", VALUE_INVALID, NULL, "IPv6"},
    {"https://[]/", VALUE_INVALID, NULL, "IPv6"},
    {"https://exa$mple.org/", VALUE_INVALID, NULL, "letters, digits"},
};

static void test_long_url(void)
{
    struct arena arena = {0};
    struct value_result result;
    char *text = malloc(NET_URL_MAX + 1);
    memset(text, 'x', NET_URL_MAX + 1);
    memcpy(text, "http://a.org/", 13);
    value_clean(&result, VALUE_URL, bytes_of(text, NET_URL_MAX), NULL, &arena);
    CHECK(result.grade == VALUE_FINE);
    value_clean(&result, VALUE_URL, bytes_of(text, NET_URL_MAX + 1), NULL, &arena);
    CHECK(result.grade == VALUE_INVALID && strstr(result.why, "4096") != NULL);
    free(text);
    arena_release(&arena);
}

static void test_host_of_url(void)
{
    static const char *const hosts[][2] = {
        {"https://www.example.org/x", "www.example.org"},
        {"https://user@example.org:8080?x", "example.org"},
        {"https://user@x:y@example.org/", "example.org"},
        {"http://[2001:db8::1]:80/", "2001:db8::1"},
        {"http://example.org/a@b", "example.org"},
    };
    struct bytes host;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        CHECK(net_host_of_url(&host, bytes_text(hosts[i][0])));
        CHECK_TEXT(host, hosts[i][1]);
    }
    CHECK(!net_host_of_url(&host, BYTES_OF("www.example.org")));
    CHECK(!net_host_of_url(&host, BYTES_OF("https://")));
    CHECK(!net_host_of_url(&host, BYTES_OF("")));
}

static void test_bytes_inside(void)
{
    static const enum value_kind kinds[] = {VALUE_DOMAIN, VALUE_EMAIL, VALUE_IP, VALUE_URL};
    struct arena arena = {0};
    struct value_result result;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        value_clean(&result, kinds[i], BYTES_OF("http://a\0b@192.0.2.1\0x"), NULL, &arena);
        CHECK(result.grade == VALUE_INVALID);
        value_clean(&result, kinds[i], BYTES_OF("192.0.2.1\0"), NULL, &arena);
        CHECK(result.grade == VALUE_INVALID);
    }
    CHECK(value_specificity(VALUE_EMAIL, BYTES_OF("a@b.org")) == 1);
    CHECK(value_specificity(VALUE_URL, BYTES_OF("http://a.b")) == 0);
    arena_release(&arena);
}

int main(void)
{
    CHECK_VALUES(VALUE_DOMAIN, domains);
    CHECK_VALUES(VALUE_EMAIL, emails);
    CHECK_VALUES(VALUE_IP, addresses);
    CHECK_VALUES(VALUE_URL, urls);
    test_long_url();
    test_host_of_url();
    test_bytes_inside();
    return check_done("net");
}
