/* SPDX-License-Identifier: Apache-2.0
 *
 * Users, their roles, and who belongs to which case.
 */
#include "store/people.h"
#include "store/append.h"
#include "store/rights.h"
#include "store/version.h"

/* ---- May they? ---- */

static enum status check_member(struct receipt *receipt, uint64_t user,
                                uint64_t case_number, struct err *err)
{
    bool is = false;
    enum status status =
        database_is_member(&is, receipt->store->db, case_number, user, err);
    if (status == OK && !is)
        return refuse(receipt, REFUSED,
                      "only members of the case may do this; ask a member or "
                      "a supervisor to add you");
    return status;
}

/* Who does not belong to a case is not told whether there is one of that name. */
static enum status refuse_case(struct receipt *receipt)
{
    return refuse(receipt, REFUSED,
                  "there is no case of this name that you belong to; ask a member or a "
                  "supervisor to add you");
}

static enum status check_named(struct record_row *named, struct receipt *receipt,
                               uint64_t user, const struct act *act, struct err *err)
{
    bool is = false;
    enum status status = receipt_find(named, receipt, act->case_id, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    if (named->kind == KIND_CASE)
        status = database_is_member(&is, receipt->store->db, named->number, user, err);
    return status == OK && !is ? refuse_case(receipt) : status;
}

/* The user behind act->who, and that they hold the role. */
static enum status check_role(uint64_t *user, struct receipt *receipt,
                              const struct act *act, struct err *err)
{
    struct store *store = receipt->store;
    unsigned roles = 0;
    *user = 0;
    if (!secrets_number(user, &store->secrets, act->who) || *user >= store->head.tree.size)
        return refuse(receipt, REFUSED, "this node does not know who is asking");
    enum status status = database_roles(&roles, store->db, *user, err);
    if (status == OK && roles == 0)
        return refuse(receipt, REFUSED,
                      "you hold no role at this node any more; its administrator can give "
                      "you one (enlace user role)");
    if (status == OK && (roles & 1U << act->role) == 0)
        return refuse(receipt, REFUSED, "you do not hold the role of %s",
                      role_word(act->role));
    return status;
}

static enum status check_cases(struct receipt *receipt, uint64_t user,
                               const struct act *act, const struct record_row *row,
                               struct err *err)
{
    struct record_row named = {0};
    enum status status = OK;
    if (!entry_id_is_none(act->case_id))
        status = check_named(&named, receipt, user, act, err);
    if (status == OK && receipt->outcome == OK && row != NULL && row->case_number != 0 &&
        row->case_number != named.number)
        status = check_member(receipt, user, row->case_number, err);
    return status;
}

enum status people_check(struct receipt *receipt, const struct act *act,
                         const struct record_row *row, struct err *err)
{
    uint64_t user;
    enum status status = check_role(&user, receipt, act, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    enum right right = right_of(act->role, receipt->verb);
    if (act->case_unknown && right != RIGHT_NEVER)
        return refuse_case(receipt);
    /* Whose members change, or whose entries are read, is what the verb is about; everywhere else a case that is named is one
     * that the act is filed in. */
    bool is_about_case =
        receipt->verb == VERB_CASE_MEMBER || receipt->verb == VERB_LOG_READ;
    switch (right) {
    case RIGHT_ALWAYS:
        return is_about_case ? OK : check_cases(receipt, user, act, NULL, err);
    case RIGHT_MEMBER:
        return check_cases(receipt, user, act, row, err);
    case RIGHT_NEVER:
        break;
    }
    return refuse(receipt, REFUSED, "\"%s\" is not for the role of %s",
                  verb_word(receipt->verb), role_word(act->role));
}

/* ---- Users ---- */

/* Takes away from everybody who is analyst and administrator what somebody else is now given. */
static enum status end_double_role(struct store *store, uint64_t except, unsigned given,
                                   struct err *err)
{
    const struct people_change change = {except, given};
    struct record_filter users = {.choice = RECORDS_USERS};
    struct record_row row;
    size_t count = 0;
    unsigned roles;
    enum status status = OK;
    for (uint64_t after = 0;; after = row.number) {
        status = database_records(&row, &count, 1, store->db, &users, after, err);
        if (status != OK || count == 0)
            return status;
        status = database_roles(&roles, store->db, row.number, err);
        unsigned after_roles = people_roles_after(&change, row.number, roles);
        if (status == OK && row.number != except && after_roles != roles)
            status = database_put_roles(store->db, row.number, after_roles, err);
        if (status != OK)
            return status;
    }
}

static enum status write_user(uint64_t *number, struct store *store, const struct act *act,
                              const struct version *version, unsigned roles,
                              struct err *err)
{
    struct record_row row = {.kind = KIND_USER};
    struct version_write write = {
        .row = &row, .act = act, .verb = VERB_USER_ADD, .roles = roles};
    enum status status = version_write(store, &write, version, err);
    if (status == OK)
        status = database_put_roles(store->db, row.number, roles, err);
    store->people_version++;
    *number = row.number;
    return status;
}

static enum status check_cases_after(struct receipt *receipt, const struct act *act,
                                     uint64_t user, struct err *err)
{
    const struct people_change change = {user, act->roles};
    uint64_t who = 0;
    secrets_number(&who, &receipt->store->secrets, act->who);
    return people_check_cases(receipt, &change, who, err);
}

enum status people_add_user(struct receipt *receipt, const struct act *act, struct err *err)
{
    struct store *store = receipt->store;
    struct version version;
    struct err why;
    uint64_t other;
    enum status outcome = rights_check_roles(act->roles, &why);
    if (outcome == OK)
        outcome = version_prepare(&version, store, act->record, &why);
    if (outcome != OK)
        return refuse(receipt, outcome, "%s", why.text);
    enum status status =
        index_find_one(&other, &store->index, store->db,
                       index_of_user(&store->secrets, act->record->id), err);
    if (status == OK)
        return refuse_naming(receipt, CONFLICT, "there is a user", act->record->id,
                             " already");
    if (status != NOT_FOUND)
        return status;
    status = check_cases_after(receipt, act, 0, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    status = write_user(&receipt->object, store, act, &version, act->roles, err);
    return status == OK ? end_double_role(store, receipt->object, act->roles, err) : status;
}

enum status people_found(struct store *store, const char *login, struct err *err)
{
    struct record user;
    struct version version;
    uint64_t number;
    const struct schema *person = schema_find(BYTES_OF("Person"));
    record_init(&user, person, &store->scratch);
    user.id = login;
    enum status status = record_add(&user, schema_property(person, BYTES_OF("name")),
                                    "name", bytes_text(login), NULL, err);
    if (status == OK)
        status = record_finish(&user, NULL, err);
    if (status == OK)
        status = version_prepare(&version, store, &user, err);
    if (status != OK)
        return status;
    return write_user(&number, store, NULL, &version,
                      1U << ROLE_ANALYST | 1U << ROLE_ADMINISTRATOR, err);
}

static enum status log_small(struct receipt *receipt, const struct act *act,
                             uint64_t object, uint64_t case_number, struct err *err)
{
    struct log_line line = {
        .verb = receipt->verb, .act = act, .object = object, .case_number = case_number};
    uint64_t slot;
    receipt->object = object;
    return log_append(&slot, receipt->store, &line, err);
}

/* The user an act is about, or an outcome. */
static enum status find_user(struct record_row *row, struct receipt *receipt,
                             const struct act *act, struct err *err)
{
    enum status status = receipt_find(row, receipt, act->object, err);
    if (status == OK && receipt->outcome == OK && row->kind != KIND_USER)
        return refuse(receipt, NOT_FOUND, "there is no user with this id");
    return status;
}

enum status people_change_roles(struct receipt *receipt, const struct act *act,
                                struct err *err)
{
    struct store *store = receipt->store;
    struct record_row user;
    struct err why;
    unsigned before = 0;
    enum status status = find_user(&user, receipt, act, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    enum status outcome = rights_check_roles(act->roles, &why);
    if (outcome != OK)
        return refuse(receipt, outcome, "%s", why.text);
    if (memcmp(act->object, act->who, ENTRY_ID) == 0)
        return refuse(receipt, REFUSED, "nobody changes their own roles");
    status = database_roles(&before, store->db, user.number, err);
    if (status == OK)
        status = check_cases_after(receipt, act, user.number, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    receipt_show(receipt, &user);
    aside_begin(store, PAYLOAD_ROLES, act->reason, (struct bytes){0});
    buf_add_be32(&store->payload, before);
    buf_add_be32(&store->payload, act->roles);
    store->people_version++;
    status = log_small(receipt, act, user.number, 0, err);
    if (status == OK)
        status = database_put_roles(store->db, user.number, act->roles, err);
    return status == OK ? end_double_role(store, user.number, act->roles, err) : status;
}

static enum status check_joining(struct receipt *receipt, uint64_t user, struct err *err)
{
    unsigned roles = 0;
    enum status status = database_roles(&roles, receipt->store->db, user, err);
    if (status == OK && (roles & ~(unsigned)PEOPLE_OUTSIDE) == 0)
        return refuse(receipt, REFUSED,
                      "who works on no case belongs to none: the user is %s",
                      roles == 0 ? "in no role" : "overseer or administrator");
    return status;
}

/* A case that nobody belongs to is read by nobody. */
static enum status check_leaving(struct receipt *receipt, uint64_t user,
                                 uint64_t case_number, struct err *err)
{
    struct database *db = receipt->store->db;
    bool is = false, others = true;
    enum status status = database_is_member(&is, db, case_number, user, err);
    if (status == OK && is)
        status = database_has_other_member(&others, db, case_number, user,
                                           ~(unsigned)PEOPLE_OUTSIDE, err);
    if (status == OK && !others)
        return refuse(receipt, REFUSED,
                      "the case would be left with nobody who can read it; let somebody "
                      "join it first");
    return status;
}

enum status people_change_member(struct receipt *receipt, const struct act *act,
                                 struct err *err)
{
    struct store *store = receipt->store;
    struct record_row user, in;
    enum status status = find_user(&user, receipt, act, err);
    if (status == OK && receipt->outcome == OK)
        status = receipt_find(&in, receipt, act->case_id, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    if (in.kind != KIND_CASE)
        return refuse(receipt, NOT_FOUND, "what was named as the case is no case");
    status = act->joins ? check_joining(receipt, user.number, err)
                        : check_leaving(receipt, user.number, in.number, err);
    if (status != OK || receipt->outcome != OK)
        return status;
    aside_begin(store, PAYLOAD_MEMBER, act->reason, (struct bytes){0});
    buf_add_byte(&store->payload, act->joins);
    store->people_version++;
    status = log_small(receipt, act, user.number, in.number, err);
    if (status == OK)
        status = database_put_member(store->db, in.number, user.number, act->joins, err);
    return status;
}
