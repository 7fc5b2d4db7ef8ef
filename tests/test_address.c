/* SPDX-License-Identifier: Apache-2.0 */
#include "record/address.h"

#include "check.h"

static const struct {
    const char *text, *postcode, *house, *street, *town;
} cases[] = {
    {"69 Giblin Street, Bittern 4814 QLD", "4814", "69", "giblin", "bittern"},
    {"69 giblinstreet bittern 4814 qld", "4814", "69", "giblin", "bittern"},
    {"69 Giblin Street, Bittern 6062 WA", "6062", "69", "giblin", "bittern"},
    {"Kerkstraat 12, 1017 GP Amsterdam", "1017gp", "12", "kerk", "amsterdam"},
    {"Calle Mayor 5, 10001 Puerto Velero", "10001", "5", "mayor", "puerto"},
    {"Rua Augusta 100, São Paulo 01310-100", "01310100", "100", "augusta", "paulo"},
    {"10 Gull Lane, Velero SW1A 1AA", "sw1a1aa", "10", "gull", "velero"},
    {"12 Gull Road, Ottawa K1A 0B6", "k1a0b6", "12", "gull", "ottawa"},
    {"улица Ленина 5, Москва 101000", "101000", "5", "lenina", "moskva"},
    {"Bittern 4814", "4814", "", "", "bittern"},
    {"69 Bittern 4814 QLD", "4814", "69", "", "bittern"},
    {"Giblin Street 4814", "4814", "", "giblin", ""},
    {"giblinstreet 4814", "4814", "", "giblin", ""},
    {"4814 Bittern", "", "4814", "bittern", ""},
    {"4814", "4814", "", "", ""},
    {"London", "", "", "", "london"},
    {"Puerto Velero, Costa Alvea", "", "", "", "alvea"},
    {"", "", "", "", ""},
    {", - /", "", "", "", ""},
};

int main(void)
{
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct address address;
        address_read(&address, bytes_text(cases[i].text), &arena);
        CHECK_TEXT(address.postcode, cases[i].postcode);
        CHECK_TEXT(address.house, cases[i].house);
        CHECK_TEXT(address.street, cases[i].street);
        CHECK_TEXT(address.town, cases[i].town);
    }
    char text[ADDRESS_TEXT_MAX + 2];
    memset(text, 'a', sizeof text);
    struct address address;
    address_read(&address, bytes_of(text, sizeof text - 1), &arena);
    CHECK(address.word_count == 0);
    for (size_t i = 0; i + 1 < ADDRESS_TEXT_MAX; i++)
        text[i] = i % 4 == 3 ? ' ' : 'a';
    address_read(&address, bytes_of(text, ADDRESS_TEXT_MAX), &arena);
    CHECK(address.word_count <= ADDRESS_WORDS_MAX);
    arena_release(&arena);
    return check_done("address");
}
