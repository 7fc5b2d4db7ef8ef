/* SPDX-License-Identifier: Apache-2.0
 *
 * What is accepted as an entry has one form only: written again it is the same bytes.
 */
#include "fuzz.h"

#include "ledger/entry.h"

#include <stdlib.h>

static void check_input(struct bytes wire)
{
    struct entry entry;
    struct err err = {.text = ""};
    if (entry_parse(&entry, wire, &err) != OK) {
        if (err.text[0] == '\0')
            abort();
        return;
    }
    uint8_t again[ENTRY_SIZE];
    entry_write(again, &entry);
    if (!bytes_equal(bytes_of(again, sizeof again), wire))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_input(bytes_of(data, size));
    /* Almost no changed input keeps the length, so its beginning is tried too. */
    if (size > ENTRY_SIZE)
        check_input(bytes_of(data, ENTRY_SIZE));
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static uint8_t wires[2][ENTRY_SIZE];
    struct entry entries[2] = {
        {.sequence = 41,
         .time_ms = 1770115200125,
         .verb = VERB_CASE_NEW,
         .role = ROLE_INVESTIGATOR,
         .has_purpose = true,
         .purpose = PURPOSE_INVESTIGATION,
         .fiction = true,
         .actor = {1},
         .object = {2},
         .case_id = {2},
         .commitment = {3}},
        {.sequence = 0,
         .time_ms = 1,
         .verb = VERB_STATUS,
         .role = ROLE_NODE,
         .commitment = {4}},
    };
    if (index >= sizeof entries / sizeof entries[0])
        return 0;
    entry_write(wires[index], &entries[index]);
    *data = wires[index];
    return ENTRY_SIZE;
}
