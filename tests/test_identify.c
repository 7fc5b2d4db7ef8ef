/* SPDX-License-Identifier: Apache-2.0
 *
 * What a number may be, and in which order a person is told.
 */
#include "check.h"
#include "record/identify.h"

static struct arena arena;

static const struct identify_match *find(const struct identify_result *result,
                                         enum value_kind kind)
{
    for (size_t i = 0; i < result->count; i++)
        if (result->matches[i].kind == kind)
            return &result->matches[i];
    return NULL;
}

static void test_first(void)
{
    static const struct {
        const char *text;
        enum value_kind kind;
        enum identify_rank rank;
    } cases[] = {
        {"CSQU3054383", VALUE_CONTAINER, IDENTIFY_RIGHT},
        {" qzau 204518-4 ", VALUE_CONTAINER, IDENTIFY_RIGHT},
        {"QZAU2045148", VALUE_CONTAINER, IDENTIFY_NEAR},
        {"GYOU4047990", VALUE_CONTAINER, IDENTIFY_DOUBTFUL},
        {"490154203237518", VALUE_IMEI, IDENTIFY_RIGHT},
        {"XC55NORV0003000000909090", VALUE_IBAN, IDENTIFY_RIGHT},
        {"XC55NORV0003000000909009", VALUE_IBAN, IDENTIFY_NEAR},
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", VALUE_WALLET, IDENTIFY_RIGHT},
        {"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfaN", VALUE_WALLET, IDENTIFY_NEAR},
        {"1M8GDM9AXKP042788", VALUE_VIN, IDENTIFY_RIGHT},
        {"999-12345675", VALUE_AWB, IDENTIFY_RIGHT},
        {"IMO 0007319", VALUE_IMO, IDENTIFY_RIGHT},
        {"+999 55 010 7788", VALUE_PHONE, IDENTIFY_DOUBTFUL},
        {"a9993e364706816aba3e25717850c26c9cd0d89d", VALUE_HASH, IDENTIFY_RIGHT},
        {"PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06", VALUE_DOCUMENT, IDENTIFY_RIGHT},
        {"PA04128738XAA8403142M3104183<<<<<<<<<<<<<<06", VALUE_DOCUMENT, IDENTIFY_NEAR},
        {"XAPVL", VALUE_LOCODE, IDENTIFY_RIGHT},
        {"NV-482-K", VALUE_DOCUMENT, IDENTIFY_LOOSE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct identify_result result;
        identify(&result, bytes_text(cases[i].text), NULL, &arena);
        CHECK_SEEN(result.count > 0, "%s: nothing", cases[i].text);
        if (result.count == 0)
            continue;
        const struct identify_match *first = &result.matches[0];
        CHECK_SEEN(first->kind == cases[i].kind, "%s: %s", cases[i].text,
                   value_type(first->kind)->name);
        CHECK_SEEN(first->rank == cases[i].rank, "%s: rank %d", cases[i].text,
                   (int)first->rank);
    }
}

/* The order of the ranks, and what each promises. */
static void test_ranks(void)
{
    static const char *const texts[] = {"CSQU3054383",     "QZAU2045148", "080390",
                                        "490154203237518", "8814274",     "NV-482-K",
                                        "123456789",       "0007319"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct identify_result result;
        identify(&result, bytes_text(texts[i]), NULL, &arena);
        for (size_t j = 0; j < result.count; j++) {
            const struct identify_match *match = &result.matches[j];
            CHECK(j == 0 || result.matches[j - 1].rank <= match->rank);
            CHECK_SEEN((match->rank == IDENTIFY_NEAR) != value_usable(match->result.grade),
                       "%s as %s", texts[i], value_type(match->kind)->name);
            CHECK(match->rank != IDENTIFY_NEAR || match->suggested > 0);
            CHECK(match->result.grade == VALUE_FINE || match->result.why[0] != '\0');
        }
    }
}

static void test_several(void)
{
    struct identify_result result;
    identify(&result, BYTES_OF("QZAU2045148"), NULL, &arena);
    const struct identify_match *box = find(&result, VALUE_CONTAINER);
    CHECK(box != NULL && box->suggested > 1);
    CHECK(box != NULL && bytes_is(box->suggestions[0], "QZAU2045184"));
    CHECK(box != NULL && box->result.clean.len == 0);
    CHECK(find(&result, VALUE_PLATE) != NULL);
    CHECK(find(&result, VALUE_IMO) == NULL);
    CHECK(find(&result, VALUE_NAME) == NULL);
    CHECK(find(&result, VALUE_STRING) == NULL);

    identify(&result, BYTES_OF("080390"), NULL, &arena);
    CHECK(find(&result, VALUE_HS) != NULL);
    CHECK(find(&result, VALUE_CONTAINER) == NULL);
}

static void test_nothing(void)
{
    struct identify_result result;
    static const char *const texts[] = {"", "   ", "n/a", "what is this, please?"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        identify(&result, bytes_text(texts[i]), NULL, &arena);
        CHECK_SEEN(result.count == 0, "%s: %s", texts[i],
                   value_type(result.matches[0].kind)->name);
    }
    char *long_text = arena_alloc(&arena, IDENTIFY_TEXT_MAX + 1);
    memset(long_text, '1', IDENTIFY_TEXT_MAX + 1);
    identify(&result, bytes_of(long_text, IDENTIFY_TEXT_MAX + 1), NULL, &arena);
    CHECK(result.count == 0);
}

static void test_as(void)
{
    struct identify_match match;
    identify_as(&match, VALUE_CONTAINER, BYTES_OF(" QZAU2045148 "), NULL, &arena);
    CHECK(match.rank == IDENTIFY_NEAR && match.result.grade == VALUE_INVALID);
    CHECK(match.suggested > 0 && bytes_is(match.suggestions[0], "QZAU2045184"));
    identify_as(&match, VALUE_CONTAINER, BYTES_OF("CSQU3054383"), NULL, &arena);
    CHECK(match.rank == IDENTIFY_RIGHT && match.suggested == 0);
    CHECK_TEXT(match.result.clean, "CSQU3054383");
    identify_as(&match, VALUE_IMO, BYTES_OF("8814274"), NULL, &arena);
    CHECK(match.rank == IDENTIFY_DOUBTFUL && match.suggested > 0);
    identify_as(&match, VALUE_CONTAINER, BYTES_OF("not a box"), NULL, &arena);
    CHECK(match.rank == IDENTIFY_NEAR && match.suggested == 0 &&
          match.result.why[0] != '\0');
    identify_as(&match, VALUE_CONTAINER, BYTES_OF(""), NULL, &arena);
    CHECK(match.result.grade == VALUE_MISSING);
}

int main(void)
{
    test_first();
    test_ranks();
    test_several();
    test_nothing();
    test_as();
    arena_release(&arena);
    return check_done("identify");
}
