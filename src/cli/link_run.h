/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/link_run.h: one run of `enlace link`, shared by its ways of comparing.
 *
 * cmd_link reads the options into a struct link_run and prints the answer; blind.c fills the
 * sides and pairs without bringing the two files into one process.
 */
#ifndef CLI_LINK_RUN_H
#define CLI_LINK_RUN_H

#include "cli/command.h"
#include "link/pairs.h"

struct link_run {
    const struct arguments *arguments;
    const struct world *world;
    struct side_options a_options, b_options;
    bool two; /* two files, not one */
    bool private_mode;
    const char *transcript; /* path, or NULL */
    struct truth truth;
    struct review *learned; /* of --learned; or NULL */
    int64_t now_s; /* when the run began: one moment for all that depends on the date */
    char today[11];

    struct side a, b;
    struct pairs pairs;
};

/* Compare blind: a process for each file, a socket pair between them. Fills a, b (labels and
 * truth alone) and pairs. */
MUST_USE enum status link_run_blind(struct link_run *run, struct err *err);

/* link --pairs: its own exit code. */
MUST_USE int link_run_labelled(const struct arguments *arguments,
                               const struct world *world);

#endif
