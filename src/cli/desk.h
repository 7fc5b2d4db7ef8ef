/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/desk.h: somebody at a node: which node, who, for what case and purpose.
 *
 * From the options that all commands of a node share (-n, --case, --purpose, --basis, --as) and the
 * login name. A command opens a desk, puts its acts together from desk_act, and closes the desk,
 * which has the log signed. The role of an act is the one of the person's roles that may do it.
 */
#ifndef CLI_DESK_H
#define CLI_DESK_H

#include "cli/command.h"
#include "serve/node.h"
#include "store/act.h"

enum { ID_TEXT = 2 * ENTRY_ID + 1 };

struct shield;
struct desk {
    const struct arguments *arguments;
    const struct world *world;
    const char *folder; /* of the node */
    struct node *node;
    struct store *store;
    const struct store_settings *settings;
    const char *login;
    unsigned roles;
    struct act act;        /* who, case, purpose and reason of everything done here */
    struct search *search; /* desk_attach opened it; NULL where the daemon has its own */
    struct shield *shield; /* desk_shield opened it; or NULL */
    struct arena arena;
};

/* The login name of whoever runs the program, in the arena. */
const char *desk_login(struct arena *arena);
/* NULL: not sealed. */
const char *desk_passphrase_path(void);

/* node_open, with patience: where somebody else has the node open it is tried for some seconds. When a
 * service answers meanwhile, it is BUSY for one that serves, too; any other program begins anew, through it. */
MUST_USE enum status desk_open_node(struct node **out, const struct node_options *options,
                                    bool serves, struct err *err);
/* On anything but EXIT_DONE it was said why, and there is nothing to close. */
MUST_USE int desk_open(struct desk *desk, const struct arguments *arguments,
                       const struct world *world);
/* The same, of a command that takes no word. */
MUST_USE int desk_open_bare(struct desk *desk, const struct arguments *arguments,
                            const struct world *world);
/* And does the act of this verb, which shows nothing by itself: what the command tells, it may tell. */
MUST_USE int desk_begin(struct desk *desk, const struct arguments *arguments,
                        const struct world *world, enum verb verb);
/* Makes words found: VERB_SEARCH with a text works from here on. Before the first act. */
MUST_USE int desk_attach(struct desk *desk);
/* Who is protected, as matching_hit_stands asks: opened at first use, and kept until desk_close. */
struct shield *desk_shield(struct desk *desk);
/* Gives code, or EXIT_FAILED with the sentence when the log could not be signed. */
MUST_USE int desk_close(struct desk *desk, int code);

/* The case an act is for. One that does not exist is refused by the door, like one that one does not
 * belong to, with an entry and in the same words. */
MUST_USE enum status desk_case(struct act *act, struct store *store, const char *reference,
                               struct err *err);
struct act desk_act(const struct desk *desk, enum verb verb);
/* Done and durable, or the exit code with the sentence said. */
MUST_USE int desk_do(struct receipt **receipt, struct desk *desk, const struct act *act);
/* An id as it was typed: ours, or the one that a record of the named case, or of no case, came with. */
MUST_USE int desk_id(uint8_t id[ENTRY_ID], const struct desk *desk, const char *text);
void id_text(char out[ID_TEXT], const uint8_t id[ENTRY_ID]);
/* The one thing that the id names, read by an act; in the desk's arena. */
MUST_USE int desk_read(struct shown *shown, struct desk *desk, const char *id);

/* Says one thing of a list; anything but OK ends it. */
typedef enum status desk_line(struct desk *desk, const struct shown *shown,
                              struct err *err);
/* A whole command that lists: all that an act of this verb gives, a line each. `lists` says what, for
 * somebody who adds words. */
MUST_USE int desk_list(const struct arguments *arguments, const struct world *world,
                       enum verb verb, const char *lists, desk_line *line);

/* What to call a record in a list; empty for one of which nothing names it. */
struct bytes desk_caption(const struct record *record);
/* The record, entered then, as an answer: a JSON line, or in words. */
void desk_show(const struct desk *desk, const uint8_t id[ENTRY_ID],
               const struct record *record, int64_t entered_s);
/* What was shown becomes this record, by an act, and is shown; the exit code. */
MUST_USE int desk_edit(struct desk *desk, const struct shown *shown,
                       const struct record *record);

#endif
