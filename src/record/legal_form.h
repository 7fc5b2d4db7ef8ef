/* SPDX-License-Identifier: Apache-2.0
 *
 * record/legal_form.h: the legal forms of companies, in the words of their countries.
 *
 *     "Noordt Fruit Import B.V."                          noordt fruit import      bv
 *     "Besloten Vennootschap Noordt Fruit Import"         noordt fruit import      bv
 *     "ООО «Ромашка»", "LLC Romashka"                     romashka                 ooo, llc
 *     "Comercial Puerto Velero, S.A. de C.V."             comercial puerto velero  sa de cv
 *
 * A form is one word or several, folded as record/name folds them (dots closed up, no accents).
 * It stands at the end of a name or at its front, seldom inside, where the same letters may be
 * part of the name; several may stand in a row ("GmbH & Co. KG"). A long word of one may be
 * misspelt by a letter or two ("Aktiengeselschaft"). docs/names.md lists all by country.
 */
#ifndef RECORD_LEGAL_FORM_H
#define RECORD_LEGAL_FORM_H

#include "base/bytes.h"

struct arena;

struct legal_form {
    const char *words;     /* "besloten vennootschap" */
    const char *form;      /* what it is counted as: "bv" */
    const char *countries; /* where it is in use: "NL BE"; "" for many */
};

extern const struct legal_form legal_forms[];
extern const size_t legal_form_count;

/* A company limited by shares that are traded is not the one that is not: an AG is no GmbH, and
 * a foundation is neither. */
enum legal_kind { LEGAL_EITHER, LEGAL_LIMITED, LEGAL_STOCK, LEGAL_FOUNDATION };
enum legal_kind legal_form_kind(const struct legal_form *form); /* NULL: LEGAL_EITHER */

/* Takes the forms from both ends of words[0..*count-1] (moving *words); at least one word stays.
 * *form gets the first taken, or NULL. Whether any was. */
bool legal_forms_drop(const struct legal_form **form, struct bytes **words, size_t *count);

/* The text with those forms at its ends in Latin words that Chinese, Japanese, Korean and Thai
 * write without a blank or with a sign of their own ("(株)", "有限公司"); in the arena, or text. */
struct bytes legal_forms_in_latin(struct bytes text, struct arena *arena);

#endif
