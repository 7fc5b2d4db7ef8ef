/* SPDX-License-Identifier: Apache-2.0
 *
 * Which words of a node watched as a whole may be told to everybody there.
 */
#include "cli/watch_node.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* Where a word occurs. */
struct word_use {
    const uint8_t *case_id; /* the first case that has it; NULL: none was seen */
    bool shared;            /* a seizure of no case, or of another case, has it too */
};

static void count_use(struct word_use *use, const struct watch_around *around)
{
    if (around == NULL || entry_id_is_none(around->case_id) ||
        (use->case_id != NULL && memcmp(use->case_id, around->case_id, ENTRY_ID) != 0))
        use->shared = true;
    else
        use->case_id = around->case_id;
}

void watch_node_hide_words(struct watch_node *node)
{
    struct watch_table *table = &node->table;
    for (enum facet f = 0; f < FACET_COUNT; f++) {
        if (f == FACET_AGENCY || f == FACET_COMMODITY)
            continue;
        uint32_t count = table->values[f].count;
        struct word_use *uses = xcalloc(count + 1, sizeof *uses);
        for (size_t i = 0; i < table->count; i++)
            count_use(&uses[table->rows[i].value[f]],
                      watch_node_around(node, table->ids[table->rows[i].line]));
        for (uint32_t v = 1; v < count; v++)
            if (uses[v].case_id != NULL && !uses[v].shared)
                watch_table_hide(table, f, v);
        free(uses);
    }
}
