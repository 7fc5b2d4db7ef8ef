/* SPDX-License-Identifier: Apache-2.0
 *
 * The closed lists: every word there and back, and what is refused, with its sentence.
 */
#include "record/codes.h"

#include "base/text.h"
#include "check.h"

static void check_statuses(void)
{
    static const char *const words[STATUS_COUNT] = {
        "uncategorised",      "suspect", "charged",  "convicted",    "acquitted",
        "potential-offender", "witness", "victim",   "informant",    "contact",
        "associate",          "missing", "deceased", "professional",
    };
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        enum person_status status = STATUS_COUNT;
        CHECK(status_parse(&status, bytes_text(words[i]), NULL) == OK);
        CHECK_SEEN(status == i, "%s", words[i]);
        CHECK_TEXT(bytes_text(status_word((enum person_status)i)), words[i]);
        bool wanted = i == STATUS_WITNESS || i == STATUS_VICTIM || i == STATUS_INFORMANT;
        CHECK_SEEN(status_is_protected((enum person_status)i) == wanted, "%s", words[i]);
    }
    enum person_status status = STATUS_COUNT;
    CHECK(status_parse(&status, BYTES_OF("Witness"), NULL) == OK &&
          status == STATUS_WITNESS);

    static const char *const bad[] = {"", "witnes", "witness ", "suspect,charged", "X"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {.text = ""};
        status = STATUS_COUNT;
        CHECK_SEEN(status_parse(&status, bytes_text(bad[i]), &err) == BAD_INPUT, "%s",
                   bad[i]);
        CHECK(status == STATUS_COUNT);
        for (size_t j = 0; j < STATUS_COUNT; j++)
            CHECK_SEEN(strstr(err.text, words[j]) != NULL, "%s", err.text);
    }
}

static void check_purposes(void)
{
    static const char *const words[PURPOSE_COUNT] = {
        "wanted",   "identification", "investigation", "alert",  "bodies",
        "forensic", "security-check", "border",        "trends",
    };
    for (size_t i = 0; i < PURPOSE_COUNT; i++) {
        enum purpose purpose = PURPOSE_COUNT;
        CHECK(purpose_parse(&purpose, bytes_text(words[i]), NULL) == OK);
        CHECK_TEXT(bytes_text(purpose_word(purpose)), words[i]);
    }
    enum purpose purpose = PURPOSE_COUNT;
    struct err err = {.text = ""};
    CHECK(purpose_parse(&purpose, BYTES_OF("curiosity"), &err) == BAD_INPUT);
    CHECK(purpose == PURPOSE_COUNT);
    for (size_t i = 0; i < PURPOSE_COUNT; i++)
        CHECK_SEEN(strstr(err.text, words[i]) != NULL, "%s", err.text);
}

static void check_handling(void)
{
    static const struct {
        const char *word, *text;
        enum handling_code code;
    } cases[] = {
        {"H0",
         "This information may only be used for the purpose of preventing and combating "
         "crimes in line with the ER and any other applicable law.",
         HANDLING_H0},
        {"H1",
         "Not to be disclosed in judicial proceedings without the permission of the "
         "provider.",
         HANDLING_H1},
        {"H2", "Not to be disseminated without the permission of the provider.",
         HANDLING_H2},
        {"H3", "Other restrictions and comments", HANDLING_H3},
    };
    unsigned all = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned set = 0;
        CHECK(handling_parse(&set, bytes_text(cases[i].word), NULL) == OK);
        CHECK_SEEN(set == (unsigned)cases[i].code, "%s %u", cases[i].word, set);
        CHECK_TEXT(bytes_text(handling_word(cases[i].code)), cases[i].word);
        CHECK_TEXT(bytes_text(handling_text(cases[i].code)), cases[i].text);
        CHECK(handling_parse(&all, bytes_text(cases[i].word), NULL) == OK);
    }
    CHECK_SEEN(all == 15, "%u", all); /* a set: each adds its bit and takes none away */

    static const char *const bad[] = {"", "H", "H4", "H1+H2", "1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {.text = ""};
        unsigned set = HANDLING_H1;
        CHECK_SEEN(handling_parse(&set, bytes_text(bad[i]), &err) == BAD_INPUT, "%s",
                   bad[i]);
        CHECK(set == HANDLING_H1);
        CHECK_SEEN(strstr(err.text, "H0, H1, H2, H3") != NULL, "%s", err.text);
    }
}

static void check_evaluations(void)
{
    static const struct {
        const char *text, *code; /* code NULL: refused */
        enum evaluation_scheme scheme;
        const char *says;
    } cases[] = {
        {"4x4:X4", "X4", EVALUATION_4X4, ""},
        {"4x4:A1", "A1", EVALUATION_4X4, ""},
        {"4x4:B2", "B2", EVALUATION_4X4, ""},
        {"4X4:c3", "C3", EVALUATION_4X4, ""},
        {"6x6:F6", "F6", EVALUATION_6X6, ""},
        {"6x6:E5", "E5", EVALUATION_6X6, ""},
        {"6x6:g2", "G2", EVALUATION_6X6, ""},
        {"3x5x2:1A", "1A", EVALUATION_3X5X2, ""},
        {"3x5x2:2eC", "2EC", EVALUATION_3X5X2, ""},
        {"3x5x2:3DP", "3DP", EVALUATION_3X5X2, ""},
        {"5x5x5:E51", "E51", EVALUATION_5X5X5, ""},
        {"5x5x5:A1", "A1", EVALUATION_5X5X5, ""},
        {"4x4:D1", NULL, 0, "A B C X"},
        {"4x4:B5", NULL, 0, "1 to 4"},
        {"4x4:2B", NULL, 0, "4x4:B2"},
        {"4x4:B", NULL, 0, "4x4"},
        {"4x4:", NULL, 0, "4x4"},
        {"4x4:B22", NULL, 0, "4x4"},
        {"4x4:B2:1", NULL, 0, "4x4"},
        {"6x6:X1", NULL, 0, "A to F"},
        {"6x6:A7", NULL, 0, "1 to 6"},
        {"6x6:H1", NULL, 0, "A to F"},
        {"3x5x2:4A", NULL, 0, "1 to 3"},
        {"3x5x2:A1", NULL, 0, "1 to 3"},
        {"3x5x2:1F", NULL, 0, "A to E"},
        {"3x5x2:1AX", NULL, 0, "P or C"},
        {"5x5x5:F11", NULL, 0, "A to E"},
        {"5x5x5:A16", NULL, 0, "1 to 5"},
        {"B2", NULL, 0, "4x4:B2"},
        {"", NULL, 0, "4x4:B2"},
        {":B2", NULL, 0, "4x4, 6x6, 3x5x2, 5x5x5"},
        {"7x7:B2", NULL, 0, "4x4, 6x6, 3x5x2, 5x5x5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct evaluation evaluation = {EVALUATION_SCHEMES, "?"};
        struct err err = {.text = ""};
        enum status status = evaluation_parse(&evaluation, bytes_text(cases[i].text), &err);
        if (cases[i].code != NULL) {
            CHECK_SEEN(status == OK, "%s: %s", cases[i].text, err.text);
            CHECK_SEEN(evaluation.scheme == cases[i].scheme, "%s", cases[i].text);
            CHECK_TEXT(bytes_text(evaluation.code), cases[i].code);
        } else {
            CHECK_SEEN(status == BAD_INPUT, "%s", cases[i].text);
            CHECK_SEEN(strstr(err.text, cases[i].says) != NULL, "%s: %s", cases[i].text,
                       err.text);
            CHECK(evaluation.scheme == EVALUATION_SCHEMES);
        }
    }
    struct evaluation evaluation;
    CHECK(evaluation_parse(&evaluation, BYTES_OF("4x4:B\0"), NULL) == BAD_INPUT);
    CHECK_TEXT(bytes_text(evaluation_scheme_word(EVALUATION_3X5X2)), "3x5x2");

    /* A sentence repeats the front of a long word, and no half of a character: here the cut
     * would fall inside one. */
    char word[200] = "x";
    for (size_t i = 1; i + 2 < sizeof word; i += 2)
        memcpy(word + i, "\xC3\xA9", 2);
    struct err err = {.text = ""};
    unsigned set = 0;
    CHECK(handling_parse(&set, bytes_of(word, sizeof word - 3), &err) == BAD_INPUT);
    CHECK_SEEN(utf8_valid(bytes_text(err.text)) && strlen(err.text) < 150, "%s", err.text);
}

int main(void)
{
    check_statuses();
    check_purposes();
    check_handling();
    check_evaluations();
    return check_done("codes");
}
