/* SPDX-License-Identifier: Apache-2.0
 *
 * watch/load.h: a table from whatever formats/reader reads.
 */
#ifndef WATCH_LOAD_H
#define WATCH_LOAD_H

#include "formats/reader.h"
#include "watch/table.h"

struct load_counts {
    struct reader_counts reader;
    size_t others; /* good records that are no seizure with a day */
    /* Line and reason of the first of them, a sentence each. */
    struct err other_reasons[READER_REASONS];
    size_t
        received_assumed; /* seizures whose day received cannot be: that of the seizure stands */
    size_t nowhere;       /* seizures with coordinates that are none; read without them */
};

/* Every seizure of the file. The reader's sentences are copied to the arena. */
MUST_USE enum status load_table(struct watch_table *table, struct load_counts *counts,
                                const struct reader_options *options, struct err *err);

#endif
