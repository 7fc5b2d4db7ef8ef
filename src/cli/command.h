/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/command.h: what a command is. The one table is in commands.c; parser, help, manual page and
 * shell completion read it, so a command exists once it stands there.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/memory.h"
#include "base/world.h"

/* Exit codes, docs/format/answers.md. */
enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

enum { OPTIONS_MAX = 24, POSITIONALS_MAX = 4096, WRITES_MAX = 3 };

struct option {
    const char *name;  /* "map-a", without the dashes */
    const char *value; /* what stands behind it, "FILE"; NULL: nothing, a switch */
    const char *help;
    bool again; /* may be given again: what it says then stands with the words */
};

struct arguments;

struct command {
    const char *name;        /* "link", or two words: "link audit" */
    const char *synopsis;    /* its positional words: "A [B]" */
    const char *summary;     /* one line */
    const char *description; /* paragraphs, a blank line between */
    struct option
        options[OPTIONS_MAX]; /* ended by a NULL name; --json and --help are everywhere */
    const char *writes[WRITES_MAX]; /* its options whose FILE is written; others are read */
    bool brief; /* reads, and is soon done: a service runs it in the middle of an import */
    bool alone; /* runs without the service at a node of several people, too */
    int (*run)(const struct arguments *arguments, const struct world *world);
};

/* What was typed, checked against the command's options. */
struct arguments {
    const struct command *command;
    const char *words[POSITIONALS_MAX];
    size_t count;
    const char *values[OPTIONS_MAX]; /* beside command->options; a switch that is set: "" */
    bool json;
    bool help;
};

extern const struct command commands[];
extern const size_t command_count;
/* "user add" is in the group "user". */
bool command_in_group(const struct command *command, const char *word);

/* Does its option name a file that is written? */
bool command_writes(const struct command *command, const char *option);

/* The value of an option of this command; NULL when it was not given. */
const char *argument(const struct arguments *arguments, const char *option);

/* Takes argv behind the program's name apart. EXIT_USAGE with the sentence in err. */
MUST_USE int arguments_parse(struct arguments *out, int argc, char **argv, struct err *err);

int run_help(const struct arguments *arguments, const struct world *world);
int run_version(const struct arguments *arguments, const struct world *world);
int run_completion(const struct arguments *arguments, const struct world *world);
int run_manual(const struct arguments *arguments, const struct world *world);
int run_keys(const struct arguments *arguments, const struct world *world);
/* `keys` is about a record of a node, and not about a file or a schema. */
bool keys_names_record(const struct arguments *arguments);
int run_check(const struct arguments *arguments, const struct world *world);
int run_link(const struct arguments *arguments, const struct world *world);
int run_link_audit(const struct arguments *arguments, const struct world *world);
int run_init(const struct arguments *arguments, const struct world *world);
int run_user_add(const struct arguments *arguments, const struct world *world);
int run_user_role(const struct arguments *arguments, const struct world *world);
int run_user_list(const struct arguments *arguments, const struct world *world);
int run_case_new(const struct arguments *arguments, const struct world *world);
int run_case_list(const struct arguments *arguments, const struct world *world);
int run_case_show(const struct arguments *arguments, const struct world *world);
int run_case_member(const struct arguments *arguments, const struct world *world);
int run_import(const struct arguments *arguments, const struct world *world);
int run_new(const struct arguments *arguments, const struct world *world);
int run_edit(const struct arguments *arguments, const struct world *world);
int run_show(const struct arguments *arguments, const struct world *world);
int run_near(const struct arguments *arguments, const struct world *world);
int run_path(const struct arguments *arguments, const struct world *world);
int run_chart(const struct arguments *arguments, const struct world *world);
int run_link_decide(const struct arguments *arguments, const struct world *world);
int run_link_undo(const struct arguments *arguments, const struct world *world);
int run_link_learn(const struct arguments *arguments, const struct world *world);
int run_find(const struct arguments *arguments, const struct world *world);
int run_export(const struct arguments *arguments, const struct world *world);
int run_erase(const struct arguments *arguments, const struct world *world);
int run_rebuild(const struct arguments *arguments, const struct world *world);
int run_serve(const struct arguments *arguments, const struct world *world);
int run_peer_invite(const struct arguments *arguments, const struct world *world);
int run_peer_accept(const struct arguments *arguments, const struct world *world);
int run_peer_agree(const struct arguments *arguments, const struct world *world);
int run_peer_list(const struct arguments *arguments, const struct world *world);
int run_peer_remove(const struct arguments *arguments, const struct world *world);
int run_watch_briefing(const struct arguments *arguments, const struct world *world);
int run_watch_scan(const struct arguments *arguments, const struct world *world);
int run_log(const struct arguments *arguments, const struct world *world);
int run_log_verify(const struct arguments *arguments, const struct world *world);
int run_status(const struct arguments *arguments, const struct world *world);
int run_epoch_new(const struct arguments *arguments, const struct world *world);
int run_epoch_list(const struct arguments *arguments, const struct world *world);
int run_match(const struct arguments *arguments, const struct world *world);
int run_match_audit(const struct arguments *arguments, const struct world *world);
int run_hits(const struct arguments *arguments, const struct world *world);
int run_hit_decide(const struct arguments *arguments, const struct world *world);
int run_claim(const struct arguments *arguments, const struct world *world);
int run_claim_approve(const struct arguments *arguments, const struct world *world);
int run_claim_withdraw(const struct arguments *arguments, const struct world *world);
int run_claim_decline(const struct arguments *arguments, const struct world *world);
int run_claims(const struct arguments *arguments, const struct world *world);
int run_watch(const struct arguments *arguments, const struct world *world);
int run_watch_replay(const struct arguments *arguments, const struct world *world);
int run_watch_calibrate(const struct arguments *arguments, const struct world *world);
int run_watch_daily(const struct arguments *arguments, const struct world *world);
int run_watch_run(const struct arguments *arguments, const struct world *world);
int run_alert_judge(const struct arguments *arguments, const struct world *world);
int run_alert_replay(const struct arguments *arguments, const struct world *world);

/* Say what went wrong on standard error, "enlace COMMAND: sentence", and give the exit code that
 * the status stands for. */
int complain(const struct arguments *arguments, enum status status, const struct err *err);
/* Wrong use: the sentence, and where help is. */
int misused(const struct arguments *arguments, const char *format, ...) PRINTF_LIKE(2, 3);

void print_command_help(const struct command *command);

#endif
