/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/screen.h: words for a person's terminal, without what a terminal would obey.
 *
 * Names, references and sentences come from files, from people and from other nodes. A control
 * character in one could paint over what was said before it, or worse; so where standard output or
 * standard error is a terminal, each control character but the end of a line and a tab becomes a
 * question mark. Files and pipes get every byte as it is.
 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

/* Once, before anything is written. */
void screen_guard(void);

#endif
