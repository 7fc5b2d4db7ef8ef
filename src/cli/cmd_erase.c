/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/json_line.h"

#include <stdio.h>

int run_erase(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct receipt *receipt = NULL;
    struct act act;
    const char *reason = argument(arguments, "reason");
    if (arguments->count != 1)
        return misused(arguments, "name one id");
    if (reason == NULL || reason[0] == '\0')
        return misused(arguments, "say why it must go: --reason TEXT");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    act = desk_act(&desk, VERB_ERASE);
    act.reason = reason;
    code = desk_id(act.object, &desk, arguments->words[0]);
    if (code == EXIT_DONE)
        code = desk_do(&receipt, &desk, &act);
    if (code == EXIT_DONE && arguments->json) {
        char id[ID_TEXT];
        struct json_line line;
        id_text(id, act.object);
        json_line_begin(&line);
        json_text_member(&line.json, "id", id);
        json_key(&line.json, "erased");
        json_put_bool(&line.json, true);
        json_count_member(&line.json, "entry", receipt_sequence(receipt));
        json_line_end(&line);
    } else if (code == EXIT_DONE) {
        printf("erased; entry %llu of the log says that it was, and by whom\n",
               (unsigned long long)receipt_sequence(receipt));
    }
    receipt_close(receipt);
    return desk_close(&desk, code);
}
