/* SPDX-License-Identifier: Apache-2.0
 *
 * record/called.h: is somebody named in a text?
 *
 *     Tomás Alvear Quiroz -> "alvear quiroz tomas", "alvear tomas", "quiroz tomas"
 *     "... says Alvear, Tomas ..." -> among the runs of its words: "alvear tomas"
 *
 * A person is called by all words of a name, and by the first with each of the others, folded as record/name
 * folds them: in any script, case and order, without particles and honorifics. A text has each run of up to
 * CALLED_RUN_MAX of its words, folded likewise. One word alone names nobody. A slip of the pen is not found.
 */
#ifndef RECORD_CALLED_H
#define RECORD_CALLED_H

#include "record/record.h"

enum {
    CALLED_MAX = 64,        /* of one record; what is beyond is left out */
    CALLED_RUN_MAX = 5,     /* words as written: particles count */
    CALLED_WORDS_MAX = 8192 /* of one text; what is beyond is not looked at */
};

/* How many; in the arena. 0 of what is no person. */
size_t called_of_record(struct bytes out[CALLED_MAX], const struct record *record,
                        struct arena *arena);
/* Until a visit says true, which is given back. folded lives for the visit. */
typedef bool called_visit(void *context, struct bytes folded);
bool called_in_text(struct bytes text, called_visit *visit, void *context);

#endif
