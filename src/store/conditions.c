/* SPDX-License-Identifier: Apache-2.0 */
#include "store/conditions.h"

#include "record/around.h"
#include "record/date.h"
#include "record/words.h"
#include "store/version.h"

#include <stdio.h>

#define RESTRICTIONS ((unsigned)(HANDLING_H1 | HANDLING_H2 | HANDLING_H3))

/* What is there already, and what the act makes of it. */
struct change {
    struct receipt *receipt;
    const struct act *act;
    struct record before;
    const struct record *after;
    uint8_t author[ENTRY_ID]; /* of the version before */
    int64_t entered_s;
};

static bool has_reason(const struct act *act)
{
    return act->reason != NULL && act->reason[0] != '\0';
}

static const char *owner_of(const struct change *change, const struct record *record)
{
    return record->owner[0] != '\0' ? record->owner
                                    : change->receipt->store->settings.agency;
}

static bool is_foreign(const struct change *change)
{
    const char *own = change->receipt->store->settings.agency;
    return strcmp(owner_of(change, &change->before), own) != 0;
}

/* ---- Status ---- */

/* Who may come to commit an offence is a judgement on a person: it is a supervisor's to make. */
static void check_status(struct receipt *receipt, const struct act *act,
                         enum person_status before)
{
    enum person_status after = act->record->status;
    if (after == STATUS_POTENTIAL_OFFENDER && before != after &&
        act->role != ROLE_SUPERVISOR)
        refuse(receipt, REFUSED, "the status %s is given by a supervisor",
               status_word(after));
    else if (before == STATUS_INFORMANT && before != after && act->role != ROLE_SUPERVISOR)
        refuse(receipt, REFUSED, "the status %s is ended by a supervisor",
               status_word(before));
    else if ((status_is_protected(before) || before == STATUS_ACQUITTED) &&
             before != after && !has_reason(act))
        refuse(receipt, REFUSED,
               "the status was %s; say with --basis why that is no longer so",
               status_word(before));
}

/* ---- Owner, words ---- */

static void check_owner(const struct change *change)
{
    const struct record *before = &change->before, *after = change->after;
    const char *owner = owner_of(change, before);
    if (strcmp(owner_of(change, after), owner) != 0)
        refuse(change->receipt, REFUSED,
               "%s stays the owner of what it gave; if that was entered wrongly, erase the "
               "record and enter it again",
               owner);
    else if (is_foreign(change) && !record_same_words(before, after))
        refuse(change->receipt, REFUSED,
               "the record is %s's, and its words are not changed here: import its new "
               "version; if it was copied wrongly, erase it and enter it again",
               owner);
    else if (is_foreign(change) && !has_reason(change->act) &&
             !(around_same(before, after, AROUND_STATUS) &&
               around_same(before, after, AROUND_PURPOSE) &&
               around_same(before, after, AROUND_EVALUATION)))
        refuse(change->receipt, REFUSED,
               "the record is %s's: say with --basis why you see it otherwise, and tell %s",
               owner, owner);
}

/* ---- Handling codes ---- */

/* A restriction that nobody can read can never be weighed. */
static void check_text_of_h3(struct receipt *receipt, const struct record *record)
{
    if ((record->handling & HANDLING_H3) != 0 && record->handling_note[0] == '\0')
        refuse(receipt, BAD_INPUT,
               "H3 is a restriction in words, and they are missing: \"@handling=H3: not "
               "to be used before the trial\"");
}

static void check_handling(const struct change *change)
{
    const struct record *before = &change->before, *after = change->after;
    const char *owner = owner_of(change, before);
    bool text_lost = (before->handling & HANDLING_H3) != 0 &&
                     strcmp(before->handling_note, after->handling_note) != 0;
    bool lifted = (before->handling & ~after->handling & RESTRICTIONS) != 0;
    if (is_foreign(change) && (lifted || text_lost))
        refuse(change->receipt, REFUSED,
               "the handling codes are %s's; only %s can lift them", owner, owner);
    else if (lifted && (change->act->role != ROLE_SUPERVISOR ||
                        memcmp(change->author, change->act->who, ENTRY_ID) == 0))
        refuse(change->receipt, REFUSED,
               "H1, H2 and H3 are lifted by a supervisor who did not write them (@handling "
               "replaces all codes; name those that stay)");
    else if (lifted && !has_reason(change->act))
        refuse(change->receipt, REFUSED, "say with --basis why the restriction is lifted");
    else if ((before->handling & HANDLING_H3) == 0 || text_lost)
        check_text_of_h3(change->receipt, after);
}

/* ---- Review ---- */

static void day_text(char out[DATE_TEXT_SIZE], const struct store *store, int years,
                     int days)
{
    enum { DAY_S = 24 * 3600 };
    struct date day =
        date_from_day_number((int32_t)(world_now_s(store->world) / DAY_S) + days);
    day = date_add_years(day, years);
    date_print(out, &day);
}

/* kept: the day that stood before, "" for none; usual: the latest that needs no reason. */
static void check_review(struct receipt *receipt, const struct act *act, const char *kept,
                         const char *usual, int64_t entered_s)
{
    char due[DATE_TEXT_SIZE], today[DATE_TEXT_SIZE], last[DATE_TEXT_SIZE];
    record_review(due, act->record, entered_s);
    day_text(today, receipt->store, 0, 0);
    day_text(last, receipt->store, REVIEW_DEFAULT_YEARS, 0);
    if (strcmp(due, kept) != 0 && strcmp(due, usual) != 0 && strcmp(due, today) < 0)
        refuse(receipt, BAD_INPUT, "the day of review lies in the past; today is %s",
               today);
    else if (strcmp(due, usual) > 0 && strcmp(due, last) > 0)
        refuse(receipt, REFUSED,
               "a record is looked at again within %d years: until %s; then it can be kept "
               "longer",
               REVIEW_DEFAULT_YEARS, last);
    else if (strcmp(due, usual) > 0 && !has_reason(act))
        refuse(receipt, REFUSED,
               "the review is due on %s; say with --basis why it can wait longer", usual);
}

/* Who is found to be something has no 180 days any more; an acquittal has 30. */
static void check_new_review(const struct change *change)
{
    const struct act *act = change->act;
    struct record usual = change->before;
    char kept[DATE_TEXT_SIZE], due[DATE_TEXT_SIZE], soon[DATE_TEXT_SIZE];
    record_review(kept, &change->before, change->entered_s);
    if (usual.status == STATUS_UNCATEGORISED || act->record->status == STATUS_UNCATEGORISED)
        usual.status = act->record->status;
    record_review(due, &usual, change->entered_s);
    day_text(soon, change->receipt->store, 0, REVIEW_ACQUITTED_DAYS);
    if (act->record->status == STATUS_ACQUITTED &&
        change->before.status != STATUS_ACQUITTED)
        snprintf(due, sizeof due, "%s", soon);
    check_review(change->receipt, act, kept, due, change->entered_s);
}

/* ---- Both acts ---- */

enum status conditions_of_new(struct receipt *receipt, const struct act *act,
                              struct err *err)
{
    struct record usual = *act->record;
    char due[DATE_TEXT_SIZE];
    int64_t now_s = world_now_s(receipt->store->world);
    (void)err;
    usual.review = "";
    record_review(due, &usual, now_s);
    check_status(receipt, act, STATUS_UNCATEGORISED);
    /* What a command makes takes over the codes of what it is about, as they are. */
    if (receipt->outcome == OK && !(act->record->schema->flags & SCHEMA_BY_ACT))
        check_text_of_h3(receipt, act->record);
    if (receipt->outcome == OK)
        check_review(receipt, act, "", due, now_s);
    return OK;
}

enum status conditions_of_edit(struct receipt *receipt, const struct act *act,
                               const struct record_row *object, struct err *err)
{
    struct store *store = receipt->store;
    struct change change = {.receipt = receipt, .act = act, .after = act->record};
    struct entry written = {0};
    unsigned roles;
    enum status status =
        version_read(&change.before, &roles, store, object->latest, &store->scratch, err);
    if (status == OK)
        status = version_entered(&change.entered_s, store, object->number, err);
    if (status == OK)
        status = version_entry(&written, store, object->latest, err);
    if (status != OK)
        return status;
    memcpy(change.author, written.actor, ENTRY_ID);
    check_status(receipt, act, change.before.status);
    if (receipt->outcome == OK)
        check_owner(&change);
    if (receipt->outcome == OK)
        check_handling(&change);
    if (receipt->outcome == OK)
        check_new_review(&change);
    return OK;
}
