/* SPDX-License-Identifier: Apache-2.0 */
#include "record/codes.h"

#include "base/text.h"

#include <assert.h>

enum { SCHEME_PARTS = 3, SHOWN_MAX = 60 };

static const char *const status_words[STATUS_COUNT] = {
    [STATUS_UNCATEGORISED] = "uncategorised",
    [STATUS_SUSPECT] = "suspect",
    [STATUS_CHARGED] = "charged",
    [STATUS_CONVICTED] = "convicted",
    [STATUS_ACQUITTED] = "acquitted",
    [STATUS_POTENTIAL_OFFENDER] = "potential-offender",
    [STATUS_WITNESS] = "witness",
    [STATUS_VICTIM] = "victim",
    [STATUS_INFORMANT] = "informant",
    [STATUS_CONTACT] = "contact",
    [STATUS_ASSOCIATE] = "associate",
    [STATUS_MISSING] = "missing",
    [STATUS_DECEASED] = "deceased",
    [STATUS_PROFESSIONAL] = "professional",
};

static const char *const purpose_words[PURPOSE_COUNT] = {
    [PURPOSE_WANTED] = "wanted",
    [PURPOSE_IDENTIFICATION] = "identification",
    [PURPOSE_INVESTIGATION] = "investigation",
    [PURPOSE_ALERT] = "alert",
    [PURPOSE_BODIES] = "bodies",
    [PURPOSE_FORENSIC] = "forensic",
    [PURPOSE_SECURITY_CHECK] = "security-check",
    [PURPOSE_BORDER] = "border",
    [PURPOSE_TRENDS] = "trends",
};

/* In the order of the bits of enum handling_code. */
enum { HANDLING_CODES = 4 };
static const char *const handling_words[HANDLING_CODES] = {"H0", "H1", "H2", "H3"};
static const char *const handling_texts[HANDLING_CODES] = {
    "This information may only be used for the purpose of preventing and combating crimes "
    "in line with the ER and any other applicable law.",
    "Not to be disclosed in judicial proceedings without the permission of the provider.",
    "Not to be disseminated without the permission of the provider.",
    "Other restrictions and comments",
};

/* clang-format off */
/* One character a part: source, information, handling. The third part may be left out. */
static const struct scheme {
    const char *word;
    const char *parts[SCHEME_PARTS]; /* the characters allowed there; NULL: no such part */
    const char *help;
} schemes[EVALUATION_SCHEMES] = {
    [EVALUATION_4X4] = {"4x4", {"ABCX", "1234"},
                        "source A B C X and information 1 to 4: 4x4:B2"},
    /* G ("deliberately deceptive") is MISP's and in no standard: read, never recommended. */
    [EVALUATION_6X6] = {"6x6", {"ABCDEFG", "123456"},
                        "source A to F and information 1 to 6: 6x6:B2"},
    [EVALUATION_3X5X2] = {"3x5x2", {"123", "ABCDE", "PC"},
                          "source 1 to 3, information A to E and, where known, handling "
                          "P or C: 3x5x2:1BP"},
    [EVALUATION_5X5X5] = {"5x5x5", {"ABCDE", "12345", "12345"},
                          "source A to E, information 1 to 5 and, where known, handling "
                          "1 to 5: 5x5x5:B21"},
};
/* clang-format on */

/* How much of a text a sentence repeats: not all of a page, and no half of a character. */
static int shown_len(struct bytes text)
{
    size_t len = text.len < SHOWN_MAX ? text.len : SHOWN_MAX;
    while (len > 0 && len < text.len && (text.at[len] & 0xC0) == 0x80)
        len--;
    return (int)len;
}

/* Index of the word in the list, or the sentence that lists them all. */
static enum status find_word(size_t *index, const char *what, struct bytes text,
                             const char *const *words, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (text_same(text, words[i])) {
            *index = i;
            return OK;
        }
    }
    struct buf list = {.max = ERR_TEXT_MAX};
    for (size_t i = 0; i < count; i++)
        buf_addf(&list, "%s%s", i > 0 ? ", " : "", words[i]);
    enum status status =
        fail(err, BAD_INPUT, "\"%.*s\" is no %s: it is one of %s", shown_len(text),
             (const char *)text.at, what, buf_text(&list));
    buf_release(&list);
    return status;
}

enum status status_parse(enum person_status *out, struct bytes text, struct err *err)
{
    size_t index = 0;
    enum status status =
        find_word(&index, "status of a person", text, status_words, STATUS_COUNT, err);
    if (status == OK)
        *out = (enum person_status)index;
    return status;
}

enum status purpose_parse(enum purpose *out, struct bytes text, struct err *err)
{
    size_t index = 0;
    enum status status =
        find_word(&index, "purpose", text, purpose_words, PURPOSE_COUNT, err);
    if (status == OK)
        *out = (enum purpose)index;
    return status;
}

enum status handling_parse(unsigned *set, struct bytes text, struct err *err)
{
    size_t index = 0;
    enum status status =
        find_word(&index, "handling code", text, handling_words, HANDLING_CODES, err);
    if (status == OK)
        *set |= 1u << index;
    return status;
}

static enum status bad_evaluation(const struct scheme *scheme, struct bytes text,
                                  struct err *err)
{
    return fail(err, BAD_INPUT, "\"%.*s\" is no evaluation of the scheme %s, which has %s",
                shown_len(text), (const char *)text.at, scheme->word, scheme->help);
}

static enum status parse_code(char *code, const struct scheme *scheme, struct bytes text,
                              struct err *err)
{
    if (text.len < SCHEME_PARTS - 1 || text.len > SCHEME_PARTS)
        return bad_evaluation(scheme, text, err);
    for (size_t i = 0; i < text.len; i++) {
        const char *allowed = scheme->parts[i];
        uint8_t letter = to_upper(text.at[i]);
        if (allowed == NULL || letter == '\0' || strchr(allowed, letter) == NULL)
            return bad_evaluation(scheme, text, err);
        code[i] = (char)letter;
    }
    code[text.len] = '\0';
    return OK;
}

enum status evaluation_parse(struct evaluation *out, struct bytes text, struct err *err)
{
    struct bytes word, code = text;
    if (!text_next_part(&word, &code, ':') || code.at == NULL)
        return fail(err, BAD_INPUT,
                    "\"%.*s\" is no evaluation: it is written with its scheme, as 4x4:B2",
                    shown_len(text), (const char *)text.at);

    const char *words[EVALUATION_SCHEMES];
    for (size_t i = 0; i < EVALUATION_SCHEMES; i++)
        words[i] = schemes[i].word;
    struct evaluation parsed;
    size_t index = 0;
    enum status status =
        find_word(&index, "scheme of evaluation", word, words, EVALUATION_SCHEMES, err);
    if (status == OK)
        status = parse_code(parsed.code, &schemes[index], code, err);
    if (status != OK)
        return status;
    parsed.scheme = (enum evaluation_scheme)index;
    *out = parsed;
    return OK;
}

const char *status_word(enum person_status status)
{
    assert(status < STATUS_COUNT);
    return status_words[status];
}

const char *purpose_word(enum purpose purpose)
{
    assert(purpose < PURPOSE_COUNT);
    return purpose_words[purpose];
}

static size_t handling_index(enum handling_code code)
{
    assert(code != 0); /* one code, not a set of them */
    size_t index = (size_t)__builtin_ctz(code);
    assert(index < HANDLING_CODES && (unsigned)code == 1u << index);
    return index;
}

const char *handling_word(enum handling_code code)
{
    return handling_words[handling_index(code)];
}

const char *handling_text(enum handling_code code)
{
    return handling_texts[handling_index(code)];
}

const char *evaluation_scheme_word(enum evaluation_scheme scheme)
{
    assert(scheme < EVALUATION_SCHEMES);
    return schemes[scheme].word;
}

bool status_is_protected(enum person_status status)
{
    return status == STATUS_WITNESS || status == STATUS_VICTIM ||
           status == STATUS_INFORMANT;
}
