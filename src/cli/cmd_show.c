/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"

int run_show(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct shown shown;
    if (arguments->count != 1)
        return misused(arguments, "name one id");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = desk_read(&shown, &desk, arguments->words[0]);
    if (code == EXIT_DONE)
        desk_show(&desk, shown.id, &shown.record, shown.entered_s);
    return desk_close(&desk, code);
}
