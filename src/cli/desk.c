/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/host.h"
#include "cli/strangers.h"
#include "cli/way_in.h"

#include "link/finder.h"
#include "serve/matching_claim.h"
#include "store/note.h"
#include "store/rights.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* ---- Opening ---- */

const char *desk_login(struct arena *arena)
{
    enum { ROOM = 16 * 1024 };
    char *room = arena_alloc(arena, ROOM);
    struct passwd entry, *found = NULL;
    uid_t user = host_uid();
    if (getpwuid_r(user, &entry, room, ROOM, &found) == 0 && found != NULL)
        return entry.pw_name;
    return arena_printf(arena, "uid-%lu", (unsigned long)user);
}

const char *desk_passphrase_path(void)
{
    const char *path = getenv("ENLACE_PASSPHRASE_FILE");
    return path != NULL && path[0] != '\0' ? path : NULL;
}

/* Who sits here. Under fiction anybody may be played; else the operating system says who it is. */
static enum status find_person(struct desk *desk, struct err *err)
{
    const char *as = argument(desk->arguments, "as");
    if (as != NULL && !desk->settings->fiction)
        return fail(
            err, REFUSED,
            "--as is for nodes that hold fiction (init --fiction); here you are who you "
            "are");
    desk->login = as != NULL ? as : desk_login(&desk->arena);
    enum status status =
        store_find_user(desk->act.who, &desk->roles, desk->store, desk->login, err);
    if (status != NOT_FOUND)
        return status;
    status = strangers_refused(desk->store, desk->world, host_uid(), desk->login, err);
    return status != OK
               ? status
               : fail(err, REFUSED,
                      "\"%.100s\" is no user of this node; its administrator can make one "
                      "(enlace user add)",
                      desk->login);
}

static const char *list_alone(struct arena *arena)
{
    struct buf list = {.max = ERR_TEXT_MAX};
    for (size_t i = 0; i < command_count; i++)
        if (commands[i].alone) {
            buf_add_text(&list, list.len == 0 ? "" : ", ");
            buf_add_text(&list, commands[i].name);
        }
    const char *text = arena_text(arena, buf_bytes(&list));
    buf_release(&list);
    return text;
}

/* The files of a node of several people are nobody's among them: what they do goes through the
 * service, which knows who they are. Whoever is played in fiction is nobody anyway. */
static enum status check_alone(struct desk *desk, struct err *err)
{
    bool others = false;
    if (host_node() != NULL || desk->settings->fiction || desk->arguments->command->alone)
        return OK;
    enum status status = store_has_other(&others, desk->store, desk->act.who, ~0U, err);
    if (status == OK && others)
        return fail(err, REFUSED,
                    "several people use this node, so this goes through its service, which "
                    "is not running: `enlace serve` starts it (docs/service.md). Without "
                    "it go only: %s",
                    list_alone(&desk->arena));
    return status;
}

enum status desk_case(struct act *act, struct store *store, const char *reference,
                      struct err *err)
{
    enum status status = store_find_case(act->case_id, store, reference, err);
    act->case_unknown = status == NOT_FOUND;
    return status == NOT_FOUND ? OK : status;
}

static enum status read_purpose(struct desk *desk, struct err *err)
{
    const char *case_name = argument(desk->arguments, "case");
    desk->act.reason = argument(desk->arguments, "basis");
    desk->act.purpose = desk->settings->purpose;
    enum status status = find_person(desk, err);
    if (status == OK)
        status = check_alone(desk, err);
    if (status == OK && case_name != NULL) {
        status = desk_case(&desk->act, desk->store, case_name, err);
    }
    return status;
}

enum status desk_open_node(struct node **out, const struct node_options *options,
                           bool serves, struct err *err)
{
    enum { PATIENCE_MS = 15000, TELL_MS = 3000, STEP_MS = 20, NS_PER_MS = 1000000 };
    /* Programs that wait for one another do not all come back at once. */
    const long step_ms = STEP_MS + getpid() % STEP_MS;
    const struct timespec step = {.tv_nsec = step_ms * NS_PER_MS};
    enum status status = node_open(out, options, err);
    for (long waited = 0; status == BUSY && waited < PATIENCE_MS; waited += step_ms) {
        if (waited < TELL_MS && waited + step_ms >= TELL_MS && isatty(STDERR_FILENO) == 1)
            fputs("another program has the node open; this comes next\n", stderr);
        nanosleep(&step, NULL);
        if (host_answers(options->folder) && !serves)
            host_begin_again();
        else if (host_answers(options->folder))
            break;
        status = node_open(out, options, err);
    }
    return status;
}

static int open_node(struct desk *desk, const char *folder, const char *purpose)
{
    struct err err = {0};
    const struct node_options options = {
        .folder = folder, .passphrase_path = desk_passphrase_path(), .world = desk->world};
    desk->folder = folder;
    desk->node = host_node();
    enum status status = desk->node != NULL ? OK : way_in_check_owner(folder, &err);
    if (status == OK && desk->node == NULL)
        status = desk_open_node(&desk->node, &options, false, &err);
    if (status != OK)
        return complain(desk->arguments, status, &err);
    desk->store = node_store(desk->node);
    desk->settings = store_settings(desk->store);
    status = read_purpose(desk, &err);
    if (status != OK)
        return complain(desk->arguments, status, &err);
    if (purpose != NULL &&
        purpose_parse(&desk->act.purpose, bytes_text(purpose), &err) != OK)
        return misused(desk->arguments, "--purpose %s: %s", purpose, err.text);
    return EXIT_DONE;
}

int desk_open(struct desk *desk, const struct arguments *arguments,
              const struct world *world)
{
    *desk = (struct desk){.arguments = arguments, .world = world};
    const char *folder = argument(arguments, "node");
    if (folder == NULL)
        folder = getenv("ENLACE_NODE");
    if (host_node() != NULL)
        folder = host_folder();
    if (folder == NULL || folder[0] == '\0')
        return misused(arguments, "say which node: -n DIR, or the variable ENLACE_NODE");
    int code = open_node(desk, folder, argument(arguments, "purpose"));
    return code == EXIT_DONE ? EXIT_DONE : desk_close(desk, code);
}

int desk_attach(struct desk *desk)
{
    struct err err = {0};
    if (host_search() != NULL)
        return EXIT_DONE; /* attached when the daemon began, and told of each act since */
    desk->search = search_open();
    const struct finder finder = search_as_finder(desk->search);
    enum status status = store_attach(desk->store, &finder, &err);
    if (status != OK)
        return complain(desk->arguments, status, &err);
    search_settle(desk->search);
    return EXIT_DONE;
}

struct shield *desk_shield(struct desk *desk)
{
    if (desk->shield == NULL)
        desk->shield = matching_shield_open(desk->store, desk->world);
    return desk->shield;
}

int desk_close(struct desk *desk, int code)
{
    struct err err = {0};
    /* The daemon's node stays open, and is signed by it. */
    enum status status = host_node() != NULL ? OK : node_close(desk->node, &err);
    search_close(desk->search);
    matching_shield_close(desk->shield);
    if (status != OK && code != EXIT_FAILED)
        code = complain(desk->arguments, IO_FAILED, &err);
    arena_release(&desk->arena);
    *desk = (struct desk){0};
    return code;
}

/* ---- Acts ---- */

struct act desk_act(const struct desk *desk, enum verb verb)
{
    struct act act = desk->act;
    enum right best = RIGHT_NEVER;
    act.verb = verb;
    for (enum role role = ROLE_ANALYST; role < ROLE_END; role++) {
        if ((desk->roles & 1U << role) == 0)
            continue;
        /* A role that may not do it still stands in the entry of the refusal. */
        if (act.role == 0 || right_of(role, verb) > best) {
            act.role = role;
            best = right_of(role, verb);
        }
    }
    /* Somebody whose roles were all taken away: the door refuses, in the least of them. */
    if (act.role == 0)
        act.role = ROLE_ANALYST;
    return act;
}

int desk_do(struct receipt **receipt, struct desk *desk, const struct act *act)
{
    struct err err = {0};
    enum status status = act_perform(receipt, desk->store, act, &err);
    return status == OK ? EXIT_DONE : complain(desk->arguments, status, &err);
}

int desk_id(uint8_t id[ENTRY_ID], const struct desk *desk, const char *text)
{
    struct err err = {0};
    if (hex_read(id, ENTRY_ID, bytes_text(text)))
        return EXIT_DONE;
    enum status status =
        store_find_source(id, desk->store, desk->act.who, desk->act.case_id, text, &err);
    if (status == OK)
        return EXIT_DONE;
    if (status == NOT_FOUND)
        fail(&err, NOT_FOUND,
             "\"%.60s\" is neither an id of this node (%d digits and letters a to f; "
             "`enlace find` shows them) nor the source's id of a record of %s",
             text, 2 * ENTRY_ID,
             entry_id_is_none(desk->act.case_id) ? "no case; name its case with --case"
                                                 : "this case");
    return complain(desk->arguments, status, &err);
}

void id_text(char out[ID_TEXT], const uint8_t id[ENTRY_ID])
{
    hex_write(out, bytes_of(id, ENTRY_ID));
}

int desk_read(struct shown *shown, struct desk *desk, const char *id)
{
    struct receipt *receipt = NULL;
    struct err err = {0};
    struct act act = desk_act(desk, VERB_READ);
    int code = desk_id(act.object, desk, id);
    if (code == EXIT_DONE)
        code = desk_do(&receipt, desk, &act);
    if (code != EXIT_DONE)
        return code;
    enum status status = receipt_next(shown, receipt, &desk->arena, &err);
    receipt_close(receipt);
    return status == OK ? EXIT_DONE : complain(desk->arguments, status, &err);
}

int desk_open_bare(struct desk *desk, const struct arguments *arguments,
                   const struct world *world)
{
    if (arguments->count != 0)
        return misused(arguments, "this takes no word");
    return desk_open(desk, arguments, world);
}

int desk_begin(struct desk *desk, const struct arguments *arguments,
               const struct world *world, enum verb verb)
{
    struct receipt *receipt = NULL;
    int code = desk_open_bare(desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(desk, verb);
    code = desk_do(&receipt, desk, &act);
    receipt_close(receipt);
    return code == EXIT_DONE ? code : desk_close(desk, code);
}

int desk_list(const struct arguments *arguments, const struct world *world, enum verb verb,
              const char *lists, desk_line *line)
{
    struct desk desk;
    struct receipt *receipt = NULL;
    struct shown shown;
    struct err err = {0};
    enum status status = OK;
    if (arguments->count != 0)
        return misused(arguments, "this lists %s and takes no word", lists);
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, verb);
    code = desk_do(&receipt, &desk, &act);
    size_t count = 0;
    while (code == EXIT_DONE &&
           (status = receipt_next(&shown, receipt, &desk.arena, &err)) == OK &&
           (status = line(&desk, &shown, &err)) == OK)
        count++;
    if (code == EXIT_DONE && status == NOT_FOUND && count == 0 && !arguments->json)
        printf("none; this lists %s\n", lists);
    if (code == EXIT_DONE && status != NOT_FOUND)
        code = complain(arguments, status, &err);
    receipt_close(receipt);
    return desk_close(&desk, code);
}
