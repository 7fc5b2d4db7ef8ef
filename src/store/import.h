/* SPDX-License-Identifier: Apache-2.0
 *
 * store/import.h: many records in, each an act of its own, in large group commits.
 *
 * A row is recognised by the case it is imported for, its owner and its id (which the
 * reader makes from the content when the source gives none): not there before, it is added;
 * there with the same content, it is unchanged and nothing is written; there with another, what the
 * source says anew becomes a new version (store/merge.h); so a file that was interrupted is simply imported again.
 * A row is rejected, and nothing written, when its id came before in the same import with other
 * content, when the record is of another schema, when a record with its source was erased here, and when
 * it would do what no file does (store/merge.h).
 * VERB_IMPORT_BEGIN and _END enclose the rows. Counts are of what is durable.
 */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "store/act.h"

struct import;

struct import_counts {
    uint64_t added, changed, unchanged;
};

/* `as` says who, role, purpose, case_id and reason (the file's name, say). REFUSED: may
 * not, and the refusal is durable. */
MUST_USE enum status import_open(struct import **out, struct store *store,
                                 const struct act *as, struct err *err);
/* Commits by itself when enough is waiting. */
MUST_USE enum status import_add(struct import *import, const struct record *record,
                                struct err *err);
/* What became of the record given last; durable with the rest. */
enum import_outcome { IMPORT_ADDED, IMPORT_CHANGED, IMPORT_UNCHANGED, IMPORT_REJECTED };
enum import_outcome import_outcome(const struct import *import);
/* The id of the record given last, which was not rejected. */
void import_object(uint8_t id[ENTRY_ID], const struct import *import);
/* Of a record that was rejected, for people. */
const char *import_why(const struct import *import);
/* Makes durable what is waiting, with the closing entry and its counts. */
MUST_USE enum status import_finish(struct import *import, struct err *err);
struct import_counts import_counts(const struct import *import);
/* Without import_finish: what was committed stays, the rest is as if it had not been given.
 * */
void import_close(struct import *import);

#endif
