/* SPDX-License-Identifier: Apache-2.0 */
#include "match/quota_refuse.h"

#include "base/text.h"

#include <stdio.h>

enum { FITS_TEXT = 64 };

/* "ask for at most 4096 keys at once, or ": the largest ask that fits. "" when none does, or when it is not
 * its size that is in the way. */
static void say_what_fits(char out[FITS_TEXT], uint64_t left, size_t count)
{
    size_t most = 0;
    for (size_t size = blinding_size(1); size != 0 && size <= left;
         size = blinding_size(size + 1))
        most = size;
    out[0] = '\0';
    if (most > 0 && most < count)
        snprintf(out, FITS_TEXT, "ask for at most %zu keys at once, or ", most);
}

static enum status refuse_day(const struct quota_view *view, struct err *err)
{
    const char *name = key_class_row(view->class)->name;
    const char *hours = plural(view->hours, "hour", "hours");
    char fits[FITS_TEXT];
    say_what_fits(fits, view->left, view->count);
    if (view->count > view->limit)
        return fail(
            err, REFUSED,
            "quota: this ask has %zu elements with its padding; of class %s %u a day "
            "are agreed, and %u are left today; %sagree on more",
            view->count, name, view->limit, view->left, fits);
    if (view->asks >= QUOTA_ASKS_A_DAY)
        return fail(err, BUSY, "quota: %d asks today; come again in %u %s",
                    QUOTA_ASKS_A_DAY, view->hours, hours);
    if (view->count > view->left)
        return fail(err, BUSY,
                    "quota: of %u elements of class %s a day %u are left, and this ask has "
                    "%zu with its padding; %scome again in %u %s",
                    view->limit, name, view->left, view->count, fits, view->hours, hours);
    say_what_fits(fits, view->all_left, view->count);
    if (view->count > view->all_left)
        return fail(
            err, BUSY,
            "quota: all partners together have asked so much of class %s today that "
            "%u elements are left, and this ask has %zu with its padding; %scome "
            "again in %u %s",
            name, view->all_left, view->count, fits, view->hours, hours);
    return OK;
}

static enum status refuse_case(const struct quota_view *view, struct err *err)
{
    const char *name = key_class_row(view->class)->name;
    uint64_t left = view->of_case < view->case_limit ? view->case_limit - view->of_case : 0;
    char fits[FITS_TEXT];
    say_what_fits(fits, left, view->count);
    if (view->count > view->case_limit)
        return fail(
            err, REFUSED,
            "quota: this ask has %zu elements of class %s with its padding; for one "
            "case %u in %d days are agreed; %sagree on more",
            view->count, name, view->case_limit, QUOTA_CASE_DAYS, fits);
    if (view->count > left)
        return fail(
            err, BUSY,
            "quota: for case \"%.*s\" %llu elements of class %s were asked in the "
            "last %d days, of %u that are agreed for a case, and this ask has %zu "
            "with its padding; %scome again in %lld %s, or agree on more for a case",
            (int)view->case_ref.len, (const char *)view->case_ref.at,
            (unsigned long long)view->of_case, name, QUOTA_CASE_DAYS, view->case_limit,
            view->count, fits, (long long)view->case_days,
            plural((uint64_t)view->case_days, "day", "days"));
    return OK;
}

enum status quota_refuse(const struct quota_view *view, struct err *err)
{
    if (view->broken)
        return fail(err, IO_FAILED, "the quotas cannot be kept; nobody is answered");
    if (view->barred)
        return fail(err, BUSY,
                    "quota: what was asked today is not known for certain any more; come "
                    "again in %u %s",
                    view->hours, plural(view->hours, "hour", "hours"));
    enum status status = refuse_day(view, err);
    return status == OK ? refuse_case(view, err) : status;
}
