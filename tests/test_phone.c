/* SPDX-License-Identifier: Apache-2.0 */
#include "record/phone.h"
#include "value_cases.h"

/* Numbers that regulators reserve for stories: +44 20 7946 0xxx, +1 xxx 555 01xx, +33 1 99 00 xx;
 * and +999, nobody's. */
static const struct value_case good[] = {
    {"+44 20 7946 0018", VALUE_FINE, "+442079460018"},
    {"+44 (0)20 7946 0018", VALUE_FINE, "+442079460018"},
    {"0044 20 7946 0018", VALUE_FINE, "+442079460018"},
    {"tel:+44-20-7946-0018", VALUE_FINE, "+442079460018"},
    {"\u202a+44 20\u00a07946\u20110018\u202c", VALUE_FINE, "+442079460018"},
    {"(020) 7946 0018", VALUE_FINE, "+442079460018", .country = "gb"},
    {"020 7946 0018", VALUE_FINE, "+442079460018", .country = "gb-sct"},
    {"+44 20 7946 0018", VALUE_FINE, "+442079460018", .country = "co"},
    {"011 44 20 7946 0018", VALUE_FINE, "+442079460018", .country = "us"},
    {"(212) 555-0123", VALUE_FINE, "+12125550123", .country = "us"},
    {"+12125550123", VALUE_FINE, "+12125550123"},
    {"01 99 00 12 34", VALUE_FINE, "+33199001234", .country = "fr"},
    {"+39 06 698 12345", VALUE_FINE, "+390669812345"},
};

/* The three notations of the story, and the contract's rule for calling codes of nobody. */
static const struct value_case fiction[] = {
    {"00999 55-010-7788", VALUE_DOUBTFUL, "+999550107788", "999"},
    {"+999 55 010 7788", VALUE_DOUBTFUL, "+999550107788", "999"},
    {"999 550107788", VALUE_FINE, "+999550107788", .country = "xa"},
    {"00999 55-010-7788", VALUE_FINE, "+999550107788", .country = "xb"},
    {"+999 55 010 7788", VALUE_FINE, "+999550107788", .country = "xz"},
    {"+999 55 010 7788 ext. 12", VALUE_DOUBTFUL, "+999550107788", "extension",
     .country = "xa"},
    {"+999 55 010 7788", VALUE_DOUBTFUL, "+999550107788", "999", .country = "co"},
    {"+210 55 010 7788", VALUE_DOUBTFUL, "+210550107788", "calling code"},
    {"00210 5501", VALUE_DOUBTFUL, "+2105501"},
    {"+9995501", VALUE_DOUBTFUL, "+9995501"},
    {"+999123456789012", VALUE_DOUBTFUL, "+999123456789012"},
    {"999 550107788", VALUE_INVALID, NULL, "country"},
    {"999 550107788", VALUE_INVALID, NULL, .country = "xk"}, /* Kosovo is no fiction */
    {"+999 550", VALUE_INVALID, NULL, "7 to 15"},
    {"+9991234567890123", VALUE_INVALID, NULL, "7 to 15"},
    {"55 010 7788", VALUE_INVALID, NULL, "XA", .country = "xa"},
};

static const struct value_case doubtful[] = {
    {"+44 20 7946 0018 ext 12", VALUE_DOUBTFUL, "+442079460018", "extension"},
    {"+44 20 7946 0018 x12", VALUE_DOUBTFUL, "+442079460018", "extension"},
    {"+44 20 7946 0018 interno 5", VALUE_DOUBTFUL, "+442079460018", "extension"},
    {"tel:+44-20-7946-0018;ext=12", VALUE_DOUBTFUL, "+442079460018", "extension"},
    {"+95 0010 7788", VALUE_DOUBTFUL, "+95107788", "length is right"},
    {"+1 555 555 0123", VALUE_DOUBTFUL, "+15555550123", "length is right"},
};

static const struct value_case bad[] = {
    {"112", VALUE_INVALID, NULL, "too few", .country = "es"},
    {"112", VALUE_INVALID, NULL, "+ and the calling code"},
    {"+112", VALUE_INVALID, NULL, "too few"},
    {"020 7946 0018", VALUE_INVALID, NULL, "calling code"},
    {"555-0123", VALUE_INVALID, NULL, "area code", .country = "us"},
    {"+44 20 7946 0018 99999", VALUE_INVALID, NULL, "too many"},
    {"+0044 20 7946 0018", VALUE_INVALID, NULL, "never begins with 0"},
    {"+44 20 7946 0018 / +44 20 7946 0019", VALUE_INVALID, NULL, "field of its own"},
    {"2079460018 2079460019 2079460020", VALUE_INVALID, NULL, "field of its own"},
    {"+44 20 7946 0018 (Juan)", VALUE_INVALID, NULL, "digit"},
    {"Juan", VALUE_INVALID, NULL, "digit"},
    {"+", VALUE_INVALID, NULL, "no digits"},
    {"1-800-FLOWERS", VALUE_INVALID, NULL, "digits only", .country = "us"},
    {"*100#", VALUE_INVALID, NULL, "digit", .country = "us"},
    {"2079460018", VALUE_INVALID, NULL, "country", .country = "eu"},
    {"2079460018", VALUE_INVALID, NULL, "country", .country = "suhh"},
};

static void test_suggestion(void)
{
    struct arena arena = {0};
    struct bytes meant[2] = {{NULL}};
    const struct value_type *phone = value_type(VALUE_PHONE);
    CHECK(phone->suggest(meant, 2, BYTES_OF("44 20 7946 0018"), &arena) == 1);
    CHECK_TEXT(meant[0], "+442079460018");
    CHECK(phone->suggest(meant, 2, BYTES_OF("12"), &arena) == 0);
    CHECK(phone->suggest(meant, 0, BYTES_OF("442079460018"), &arena) == 0);
    arena_release(&arena);
}

/* The library must hold on foreign text, not only on what value_phone lets through. */
static void test_library(void)
{
    char e164[PHONE_TEXT_SIZE];
    CHECK(phone_read(e164, "", NULL) != PHONE_VALID);
    CHECK(phone_read(e164, "020 7946 0018", "GB") == PHONE_VALID);
    CHECK(strcmp(e164, "+442079460018") == 0);
    CHECK(phone_read(e164, "+99955010", NULL) == PHONE_UNKNOWN_CODE);
    CHECK(phone_read(e164, "2079460018", "QQ") == PHONE_UNKNOWN_CODE);
    CHECK(phone_read(e164, "hello", "GB") == PHONE_UNREADABLE);
}

static void test_comparison(void)
{
    CHECK(value_compare(VALUE_PHONE, BYTES_OF("+999550107788"),
                        BYTES_OF("+999550107788")) == 1);
    CHECK(value_compare(VALUE_PHONE, BYTES_OF("+999550107788"),
                        BYTES_OF("+999550107789")) == 0);
    CHECK(value_specificity(VALUE_PHONE, BYTES_OF("+999550107788")) == 1);
    CHECK(value_specificity(VALUE_PHONE, BYTES_OF("+99955010")) == 0.5);
}

int main(void)
{
    CHECK_VALUES(VALUE_PHONE, good);
    CHECK_VALUES(VALUE_PHONE, fiction);
    CHECK_VALUES(VALUE_PHONE, doubtful);
    CHECK_VALUES(VALUE_PHONE, bad);
    test_suggestion();
    test_library();
    test_comparison();
    return check_done("phone");
}
