/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/host.h"
#include "cli/json_line.h"
#include "cli/way_in.h"

#include "base/text.h"

#include <pwd.h>
#include <stdio.h>

enum { LOGIN_MAX = 64 };

static int read_roles(unsigned *roles, const struct arguments *arguments, const char *words)
{
    struct bytes rest = bytes_text(words), word;
    *roles = 0;
    while (text_next_word(&word, &rest, ", ")) {
        enum role role;
        struct err err = {0};
        if (role_parse(&role, word, &err) != OK)
            return misused(arguments, "\"%.*s\": %s", (int)word.len, (const char *)word.at,
                           err.text);
        *roles |= 1U << role;
    }
    return EXIT_DONE;
}

static void answer(const struct arguments *arguments, const char *login, const char *name,
                   unsigned roles)
{
    struct json_line line;
    if (!arguments->json) {
        printf("%s", login);
        if (strcmp(name, login) != 0)
            printf(" (%s)", name);
        printf(":%s", roles == 0 ? " no role" : "");
        for (enum role role = ROLE_ANALYST; role < ROLE_END; role++)
            if ((roles & 1U << role) != 0)
                printf(" %s", role_word(role));
        printf("\n");
        return;
    }
    json_line_begin(&line);
    json_text_member(&line.json, "user", login);
    json_text_member(&line.json, "name", name);
    json_key(&line.json, "roles");
    json_begin_list(&line.json);
    for (enum role role = ROLE_ANALYST; role < ROLE_END; role++)
        if ((roles & 1U << role) != 0)
            json_put_text(&line.json, bytes_text(role_word(role)));
    json_end_list(&line.json);
    json_line_end(&line);
}

/* What must be done before somebody can come in, for an administrator who cannot do it from here: it
 * takes the rights of the machine. */
static void tell_way_in(const struct desk *desk, const char *login)
{
    struct passwd entry, *found = NULL;
    struct arena arena = {0};
    enum { ROOM = 16 * 1024 };
    getpwnam_r(login, &entry, arena_alloc(&arena, ROOM), ROOM, &found);
    if (found == NULL)
        fprintf(stderr,
                "This machine has no account \"%s\" yet; who comes in is told by it.\n",
                login);
    struct err err = {0};
    if (host_node() != NULL && way_in_open(host_folder(), &err) != OK)
        fprintf(stderr, "\"%s\" cannot come in yet: %s.\n", login, err.text);
    if (host_node() == NULL)
        fprintf(
            stderr,
            "From now on this node is used through its service, so that \"%s\" can come "
            "in: `enlace serve`, best under an account of its own that nobody logs in "
            "with. As root:\n"
            "  useradd --system enlace\n"
            "  chown -R enlace: %s\n"
            "  and start it as the unit in docs/service.md does (User=enlace)\n"
            "The folder must lie where others may pass (/var/lib/..., no home).\n",
            login, desk->folder);
    arena_release(&arena);
}

static void tell_unread(const struct receipt *receipt)
{
    uint64_t cases = receipt_withheld(receipt);
    if (cases > 0)
        fprintf(stderr,
                "%llu case%s left with nobody who can read %s; `enlace case list` shows "
                "supervisors which, and with `enlace case member` they let somebody in.\n",
                (unsigned long long)cases, plural(cases, " is", "s are"),
                plural(cases, "it", "them"));
}

/* A login is typed on command lines and stands in lists; it is what the operating system calls
 * somebody. */
static int check_login(const struct arguments *arguments, const char *login)
{
    bool good =
        login[0] != '\0' && strlen(login) <= LOGIN_MAX && utf8_valid(bytes_text(login));
    for (const char *at = login; *at != '\0' && good; at++)
        good = (uint8_t)*at > ' ' && *at != 0x7F;
    if (!good)
        return misused(arguments, "a login name is one word of at most %d bytes",
                       LOGIN_MAX);
    return EXIT_DONE;
}

static enum status user_record(struct record *record, struct desk *desk, const char *login,
                               const char *name, struct err *err)
{
    const struct schema *person = schema_find(BYTES_OF("Person"));
    record_init(record, person, &desk->arena);
    record->id = login;
    record->status = STATUS_PROFESSIONAL;
    enum status status = record_add(record, schema_property(person, BYTES_OF("name")),
                                    "name", bytes_text(name), NULL, err);
    return status == OK ? record_finish(record, NULL, err) : status;
}

int run_user_add(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct record record;
    struct receipt *receipt = NULL;
    struct err err = {0};
    unsigned roles = 0;
    const char *words = argument(arguments, "role");
    if (arguments->count < 1 || arguments->count > 2)
        return misused(arguments,
                       "name the login, and if you like the person in quotation marks");
    if (words == NULL)
        return misused(arguments, "say in which role: --role analyst");
    const char *login = arguments->words[0];
    const char *name = arguments->count > 1 ? arguments->words[1] : login;
    int code = check_login(arguments, login);
    if (code == EXIT_DONE)
        code = read_roles(&roles, arguments, words);
    if (code == EXIT_DONE)
        code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    enum status status = user_record(&record, &desk, login, name, &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    struct act act = desk_act(&desk, VERB_USER_ADD);
    act.record = &record;
    act.roles = roles;
    code = desk_do(&receipt, &desk, &act);
    if (code == EXIT_DONE) {
        answer(arguments, login, name, roles);
        tell_unread(receipt);
        if (!desk.settings->fiction)
            tell_way_in(&desk, login);
    }
    receipt_close(receipt);
    return desk_close(&desk, code);
}

int run_user_role(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct receipt *receipt = NULL;
    struct err err = {0};
    unsigned roles = 0, before;
    if (arguments->count != 2)
        return misused(arguments,
                       "name the login and its roles from now on, with commas between "
                       "them (\"\" for none)");
    const char *login = arguments->words[0];
    int code = read_roles(&roles, arguments, arguments->words[1]);
    if (code == EXIT_DONE)
        code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, VERB_USER_ROLE);
    act.roles = roles;
    enum status status = store_find_user(act.object, &before, desk.store, login, &err);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    code = desk_do(&receipt, &desk, &act);
    if (code == EXIT_DONE) {
        struct shown shown;
        status = receipt_next(&shown, receipt, &desk.arena, &err);
        const char *name =
            status == OK ? arena_text(&desk.arena, record_caption(&shown.record)) : login;
        answer(arguments, login, name, roles);
        tell_unread(receipt);
    }
    receipt_close(receipt);
    return desk_close(&desk, code);
}

static enum status list_user(struct desk *desk, const struct shown *shown, struct err *err)
{
    struct bytes name = record_caption(&shown->record);
    (void)err;
    answer(desk->arguments, shown->record.id, arena_text(&desk->arena, name), shown->roles);
    return OK;
}

int run_user_list(const struct arguments *arguments, const struct world *world)
{
    return desk_list(arguments, world, VERB_USER_LIST, "everybody", list_user);
}
