/* SPDX-License-Identifier: Apache-2.0
 *
 * record/company_form.h: the forms in which a company is a key.
 *
 *     fruit import nordt        all words but the legal form and what joins them, folded
 *                               (record/company_fold), sorted
 *     baker sons . +GB          the same with the country, where the words alone are too common
 *     import nordt +XC          the two rarest of three words or more, with the country
 *     zarandeko .stock +ES      the only word, with the kind of legal form and the country
 *
 * Those with a country are weak: a namesake has them, too. Each has at least 16 bits;
 * docs/format/keys.md has the figures.
 */
#ifndef RECORD_COMPANY_FORM_H
#define RECORD_COMPANY_FORM_H

#include "record/name.h"

enum { COMPANY_FORMS_MAX = 3 };

struct company_forms {
    struct {
        struct bytes value; /* in the arena */
        double bits;
    } items[COMPANY_FORMS_MAX];
    size_t count;
};

/* name: folded as a company's. state: upper case; empty: not known, or the record does not say that it is a
 * company's own. */
void company_forms_make(struct company_forms *out, const struct name *name,
                        struct bytes state, struct arena *arena);

#endif
