/* SPDX-License-Identifier: Apache-2.0
 *
 * Which cases a change of roles would leave with nobody who can read them.
 *
 * A case is read by those of its members who hold a role that works on cases. Somebody who must be kept
 * out at once is kept out at once, whatever hangs on it, as long as there is a supervisor, who finds
 * such cases in the list of cases and can let others into them; only when nobody could do that is the
 * change refused.
 */
#include "base/text.h"
#include "store/people.h"
#include "store/version.h"

#include <stdlib.h>

enum { NAMED_MAX = 5 };

struct person {
    uint64_t number;
    unsigned before, after;
};

struct people {
    struct person *items;
    size_t count, capacity;
};

static bool reads(unsigned roles)
{
    return (roles & ~(unsigned)PEOPLE_OUTSIDE) != 0;
}

/* Until a second user takes one of the two, the first is analyst and administrator. */
unsigned people_roles_after(const struct people_change *change, uint64_t user,
                            unsigned held)
{
    const unsigned both = 1U << ROLE_ANALYST | 1U << ROLE_ADMINISTRATOR;
    if (user == change->user)
        return change->roles;
    return (held & both) == both ? held & ~(change->roles & both) : held;
}

static void add_person(struct people *people, const struct people_change *change,
                       uint64_t number, unsigned held)
{
    grow_to((void **)&people->items, &people->capacity, people->count,
            sizeof *people->items);
    people->items[people->count++] =
        (struct person){number, held, people_roles_after(change, number, held)};
}

static enum status read_people(struct people *people, struct store *store,
                               const struct people_change *change, struct err *err)
{
    static const struct record_filter users = {.choice = RECORDS_USERS};
    struct record_row row;
    size_t count = 0;
    for (uint64_t after = 0;; after = row.number) {
        unsigned held = 0;
        enum status status =
            database_records(&row, &count, 1, store->db, &users, after, err);
        if (status == OK && count == 1)
            status = database_roles(&held, store->db, row.number, err);
        if (status != OK || count == 0)
            return status;
        add_person(people, change, row.number, held);
    }
}

/* Is there one of these, before and after, who belongs to the case? */
static enum status has_member(bool *has, struct store *store, const struct people *people,
                              uint64_t case_number, bool after, struct err *err)
{
    enum status status = OK;
    *has = false;
    for (size_t i = 0; i < people->count && status == OK && !*has; i++) {
        const struct person *person = &people->items[i];
        bool wanted =
            after ? reads(person->after) : reads(person->before) && !reads(person->after);
        if (wanted)
            status = database_is_member(has, store->db, case_number, person->number, err);
    }
    return status;
}

static enum status is_left(bool *left, struct store *store, const struct people *people,
                           uint64_t case_number, struct err *err)
{
    bool losers = false, readers = false;
    enum status status = has_member(&losers, store, people, case_number, false, err);
    if (status == OK && losers)
        status = has_member(&readers, store, people, case_number, true, err);
    *left = losers && !readers;
    return status;
}

/* Its reference, for somebody who belongs to it. */
static enum status add_name(struct buf *names, struct store *store,
                            const struct record_row *row, uint64_t count, struct err *err)
{
    struct record record;
    unsigned roles;
    if (count > NAMED_MAX)
        return OK;
    enum status status =
        version_read(&record, &roles, store, row->latest, &store->scratch, err);
    if (status != OK)
        return status == IO_FAILED ? status : OK; /* damaged: it has no name */
    buf_add_text(names, count == 1 ? "" : ", ");
    buf_add_text(names, count == NAMED_MAX ? "..." : record.id);
    return OK;
}

static enum status find_left(uint64_t *left, struct buf *names, struct store *store,
                             const struct people *people, struct err *err)
{
    static const struct record_filter cases = {.choice = RECORDS_CASES};
    struct record_row row;
    size_t count = 0;
    for (uint64_t after = 0;; after = row.number) {
        bool is = false;
        enum status status =
            database_records(&row, &count, 1, store->db, &cases, after, err);
        if (status != OK || count == 0)
            return status;
        if (!row.erased)
            status = is_left(&is, store, people, row.number, err);
        *left += is;
        if (status == OK && is && names != NULL)
            status = add_name(names, store, &row, *left, err);
        if (status != OK)
            return status;
    }
}

static enum status refuse_leaving(struct receipt *receipt, bool own,
                                  const struct buf *names, struct err *err)
{
    const char *cases = plural(receipt->withheld, "case", "cases");
    unsigned long long count = receipt->withheld;
    (void)err;
    if (!own)
        return refuse(receipt, REFUSED,
                      "%llu %s would be left with nobody who can read them; somebody else "
                      "must join them first (enlace case member), or there must be a "
                      "supervisor, who can see to it afterwards",
                      count, cases);
    refuse(receipt, REFUSED,
           "you would no longer be analyst, and %llu %s would be left with nobody who can "
           "read them. Give whoever is to read them another role first (investigator), let "
           "them join (enlace case member), and then change the role",
           count, cases);
    struct err logged = receipt->logged;
    refuse(receipt, REFUSED,
           "you would no longer be analyst, and %llu %s would be left with nobody who can "
           "read them: %.*s. Give whoever is to read them another role first "
           "(investigator), let them join (enlace case member), and then change the role",
           count, cases, (int)names->len, (const char *)names->at);
    receipt->logged = logged;
    return OK;
}

enum status people_check_cases(struct receipt *receipt, const struct people_change *change,
                               uint64_t who, struct err *err)
{
    struct store *store = receipt->store;
    struct people people = {.count = 0};
    struct buf names = {.max = ERR_TEXT_MAX};
    bool loses = false, supervised = false, own = false;
    enum status status = read_people(&people, store, change, err);
    if (status == OK && change->user == 0)
        add_person(&people, change, 0, 0); /* the new one, who belongs to no case yet */
    for (size_t i = 0; i < people.count; i++) {
        const struct person *person = &people.items[i];
        bool loser = reads(person->before) && !reads(person->after);
        loses |= loser;
        own |= loser && person->number == who;
        supervised |= (person->after & 1U << ROLE_SUPERVISOR) != 0;
    }
    if (status == OK && loses)
        status = find_left(&receipt->withheld, own ? &names : NULL, store, &people, err);
    if (status == OK && receipt->withheld > 0 && !supervised)
        status = refuse_leaving(receipt, own, &names, err);
    buf_release(&names);
    free(people.items);
    return status;
}

enum status people_has_reader(bool *has, struct store *store, uint64_t case_number,
                              struct err *err)
{
    return database_has_other_member(has, store->db, case_number, 0,
                                     ~(unsigned)PEOPLE_OUTSIDE, err);
}
