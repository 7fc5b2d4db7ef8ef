/* SPDX-License-Identifier: Apache-2.0 */
#include "link/decide.h"

#include "check.h"

#include <math.h>

#define KEY(class_, text, bits_)                                                           \
    {                                                                                      \
        class_, BYTES_OF(text), bits_                                                      \
    }

static const struct {
    const char *name;
    struct key keys[5];
    size_t count;
    bool hit, weak;
    double bits; /* of the whole agreement */
    const char *first_reason;
} cases[] = {
    {"nothing shared", {{0}}, 0, false, false, 0, NULL},
    {"one strong key",
     {KEY(KEY_PHONE, "+999550107788", 23)},
     1,
     true,
     false,
     23,
     "phone number +999550107788 agrees"},
    {"two strong keys",
     {KEY(KEY_PHONE, "+999550107788", 23), KEY(KEY_VIN, "V", 20)},
     2,
     true,
     false,
     43,
     "phone number +999550107788 agrees"},
    {"a weak key",
     {KEY(KEY_MARK, "three dolphins", 7)},
     1,
     true,
     true,
     7,
     "packaging mark three dolphins agrees (weak)"},
    {"weak and strong",
     {KEY(KEY_IMO, "0007319", 16), KEY(KEY_COMPANY, "a b", 20)},
     2,
     true,
     false,
     36,
     "ship (IMO number) 0007319 agrees (weak)"},
    {"one name token",
     {KEY(KEY_PERSON, "alvear 1984-03-12", 21.5)},
     1,
     false,
     false,
     21.5,
     "one name alvear and birth date 1984-03-12 agree"},
    {"two name tokens",
     {KEY(KEY_PERSON, "alvear 1984-03-12", 21.5),
      KEY(KEY_PERSON, "tomas 1984-03-12", 21.5)},
     2,
     true,
     false,
     29.5,
     "names alvear tomas and birth date 1984-03-12 agree"},
    {"two tokens under two dates",
     {KEY(KEY_PERSON, "alvear 1984-03-12", 21.5),
      KEY(KEY_PERSON, "tomas 1984-12-03", 21.5)},
     2,
     false,
     false,
     43,
     "one name alvear and birth date 1984-03-12 agree"},
    {"a whole name",
     {KEY(KEY_PERSON, "elske noordt 1988-06-07", 29.5)},
     1,
     true,
     false,
     29.5,
     "whole name elske noordt and birth date 1988-06-07 agree"},
    {"a whole name and its tokens count once",
     {KEY(KEY_PERSON, "elske 1988-06-07", 21.5),
      KEY(KEY_PERSON, "elske noordt 1988-06-07", 29.5),
      KEY(KEY_PERSON, "noordt 1988-06-07", 21.5)},
     3,
     true,
     false,
     29.5,
     "whole name elske noordt and birth date 1988-06-07 agree"},
};

int main(void)
{
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decision decision;
        decide_by_keys(&decision, cases[i].keys, cases[i].count, 1000000, &arena);
        CHECK_SEEN(decision.hit == cases[i].hit, "%s", cases[i].name);
        CHECK_SEEN(decision.weak == cases[i].weak, "%s", cases[i].name);
        double expected = 1000000 * exp2(-cases[i].bits);
        CHECK_SEEN(fabs(decision.expected_false / expected - 1) < 1e-9, "%s: %g, not %g",
                   cases[i].name, decision.expected_false, expected);
        if (cases[i].first_reason == NULL)
            CHECK(decision.why_count == 0);
        else
            CHECK_TEXT(bytes_text(decision.why[0]), cases[i].first_reason);
        if (decision.hit)
            CHECK(fabs(decision.score - 1 / (1 + expected)) < 1e-9);
    }
    arena_release(&arena);
    return check_done("decide");
}
