/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/json_line.h"

#include "base/text.h"
#include "store/log.h"
#include "store/rebuild.h"

#include <stdio.h>

static void answer(const struct arguments *arguments, const struct tree_head *head,
                   const struct rebuild *made)
{
    char root[2 * MERKLE_HASH + 1], digest[2 * REBUILD_DIGEST + 1];
    struct json_line line;
    hex_write(root, bytes_of(head->root, MERKLE_HASH));
    if (!arguments->json) {
        for (size_t i = 0; i < REBUILD_TABLES; i++) {
            const struct rebuild_table *table = &made->tables[i];
            bool same = memcmp(table->before, table->after, REBUILD_DIGEST) == 0;
            printf("%-6s %llu %s made again: %s\n", table->name,
                   (unsigned long long)table->rows, plural(table->rows, "row", "rows"),
                   same ? "the same" : "not the same");
        }
        printf("root   %s\n", root);
        return;
    }
    json_line_begin(&line);
    json_text_member(&line.json, "root", root);
    json_key(&line.json, "derived");
    json_begin_map(&line.json);
    for (size_t i = 0; i < REBUILD_TABLES; i++) {
        hex_write(digest, bytes_of(made->tables[i].after, REBUILD_DIGEST));
        json_text_member(&line.json, made->tables[i].name, digest);
    }
    json_end_map(&line.json);
    json_line_end(&line);
}

int run_rebuild(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct rebuild made;
    struct tree_head head;
    struct err err = {0};
    int code = desk_open_bare(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act as = desk_act(&desk, VERB_REBUILD);
    struct vault_last last;
    enum status status = node_signed(&last, desk.node, &err);
    if (status == OK)
        status = store_check_signed(desk.store, &last.head, &err);
    if (status == OK)
        status = store_rebuild(&made, desk.store, &as, &err);
    if (status == OK)
        status = log_head(&head, desk.store, &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    answer(arguments, &head, &made);
    for (uint64_t i = 0; i < made.damaged && i < REBUILD_NAMED; i++) {
        char id[ID_TEXT];
        id_text(id, made.damaged_ids[i]);
        fprintf(stderr, "%s cannot be read: it was damaged\n", id);
    }
    if (made.people_changed || made.people_unknown) {
        fprintf(
            stderr, "%s\n",
            made.people_changed
                ? "Who holds which role, or belongs to which case, was not what the log "
                  "says. It is now; find out who changed it."
                : "An act about roles or cases cannot be read, so nobody can say whether "
                  "they are what they should be.");
        code = EXIT_REFUSED;
    }
    if (made.damaged > 0) {
        fprintf(stderr,
                "%llu %s found by nothing any more; import %s "
                "again, or erase %s\n",
                (unsigned long long)made.damaged,
                plural(made.damaged, "record cannot be read and is",
                       "records cannot be read and are"),
                plural(made.damaged, "it", "them"), plural(made.damaged, "it", "them"));
        code = EXIT_REFUSED;
    }
    if (!made.same && made.new_rules)
        fprintf(stderr,
                "The rules by which keys are made have changed since; the new ones are in "
                "use now.\n");
    if (!made.same && !made.new_rules) {
        fprintf(stderr,
                "What was derived was not what the records give: something was wrong with "
                "this node. It is right now; find out what happened.\n");
        code = EXIT_REFUSED;
    }
    return desk_close(&desk, code);
}
