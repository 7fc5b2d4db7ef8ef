/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/history.h"

#include "base/text.h"

int run_show(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct shown shown;
    const char *version = argument(arguments, "version");
    bool history = argument(arguments, "history") != NULL;
    uint64_t number = 0;
    if (arguments->count != 1)
        return misused(arguments, "name one id");
    if (version != NULL &&
        (history || !text_u64(&number, bytes_text(version)) || number == 0))
        return misused(arguments, "--version is the number of one version, from 1 on; "
                                  "--history lists them all");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    if (history || version != NULL)
        return desk_close(&desk, history_show(&desk, arguments->words[0], number));
    code = desk_read(&shown, &desk, arguments->words[0]);
    if (code == EXIT_DONE)
        desk_show(&desk, shown.id, &shown.record, shown.entered_s);
    return desk_close(&desk, code);
}
