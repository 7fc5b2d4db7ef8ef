/* SPDX-License-Identifier: Apache-2.0 */
#include "record/role.h"

#include "base/text.h"

#include <assert.h>

static const char *const words[ROLE_END] = {
    [ROLE_NODE] = "node",
    [ROLE_ANALYST] = "analyst",
    [ROLE_INVESTIGATOR] = "investigator",
    [ROLE_PROSECUTOR] = "prosecutor",
    [ROLE_LIAISON] = "liaison",
    [ROLE_SUPERVISOR] = "supervisor",
    [ROLE_OVERSEER] = "overseer",
    [ROLE_ADMINISTRATOR] = "administrator",
};

enum status role_parse(enum role *out, struct bytes text, struct err *err)
{
    for (enum role role = ROLE_ANALYST; role < ROLE_END; role++) {
        if (text_same(text, words[role])) {
            *out = role;
            return OK;
        }
    }
    struct buf list = {.max = ERR_TEXT_MAX};
    for (enum role role = ROLE_ANALYST; role < ROLE_END; role++)
        buf_addf(&list, "%s%s", role > ROLE_ANALYST ? ", " : "", words[role]);
    enum status status =
        fail(err, BAD_INPUT, "that is no role: a role is one of %s", buf_text(&list));
    buf_release(&list);
    return status;
}

const char *role_word(enum role role)
{
    assert(role_is_known(role));
    return words[role];
}

bool role_is_known(unsigned number)
{
    return number < ROLE_END && words[number] != NULL;
}
