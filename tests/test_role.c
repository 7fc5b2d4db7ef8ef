/* SPDX-License-Identifier: Apache-2.0 */
#include "record/role.h"

#include "check.h"

/* The numbers stand in logs for good: this list is on purpose a second one. */
static const struct {
    const char *word;
    enum role role;
    unsigned number;
} roles[] = {
    {"node", ROLE_NODE, 1},
    {"analyst", ROLE_ANALYST, 2},
    {"investigator", ROLE_INVESTIGATOR, 3},
    {"prosecutor", ROLE_PROSECUTOR, 4},
    {"liaison", ROLE_LIAISON, 5},
    {"supervisor", ROLE_SUPERVISOR, 6},
    {"overseer", ROLE_OVERSEER, 7},
    {"administrator", ROLE_ADMINISTRATOR, 8},
};
enum { ROLES = sizeof roles / sizeof roles[0] };

int main(void)
{
    for (size_t i = 0; i < ROLES; i++) {
        CHECK_SEEN(roles[i].role == roles[i].number, "%s", roles[i].word);
        CHECK_TEXT(bytes_text(role_word(roles[i].role)), roles[i].word);
        enum role role = ROLE_END;
        if (roles[i].role == ROLE_NODE)
            continue;
        CHECK(role_parse(&role, bytes_text(roles[i].word), NULL) == OK);
        CHECK_SEEN(role == roles[i].role, "%s", roles[i].word);
    }
    unsigned known = 0;
    for (unsigned number = 0; number < 300; number++)
        known += role_is_known(number);
    CHECK_SEEN(known == ROLES, "%u", known);
    CHECK(!role_is_known(0));

    enum role role = ROLE_END;
    CHECK(role_parse(&role, BYTES_OF("Analyst"), NULL) == OK && role == ROLE_ANALYST);
    /* Nobody can be given the role of the node itself. */
    static const char *const bad[] = {"", "node", "analist", "analyst ", "admin"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = {.text = ""};
        role = ROLE_END;
        CHECK_SEEN(role_parse(&role, bytes_text(bad[i]), &err) == BAD_INPUT, "%s", bad[i]);
        CHECK(role == ROLE_END);
        CHECK_TEXT(bytes_text(err.text),
                   "that is no role: a role is one of analyst, investigator, prosecutor, "
                   "liaison, supervisor, overseer, administrator");
    }
    return check_done("role");
}
