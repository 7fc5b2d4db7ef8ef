/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/leaving.h: what needs a person's word before it leaves the node in a file.
 *
 * H3, whose words only a person can weigh; H2 of another agency, without whose permission nothing is
 * passed on, nor what was decided about it here; and codes that the format cannot carry. Whoever says --acknowledge has read them, and the
 * entry of the act keeps that word.
 */
#ifndef CLI_LEAVING_H
#define CLI_LEAVING_H

#include "cli/desk.h"

/* mute: bits of the codes that the format cannot say. */
bool leaving_needs_word(const struct desk *desk, const struct record *record, unsigned mute);
/* Says why it stays. */
void leaving_tell(const struct desk *desk, const struct shown *shown);
/* An act whose doer has given the word. */
void leaving_acknowledge(struct act *act, struct desk *desk);
/* One that cannot be read, and how many. */
void leaving_tell_damaged(const struct shown *shown, const struct err *err);
void leaving_tell_all_damaged(uint64_t damaged);
/* How many stayed; nothing for none. */
void leaving_tell_all(uint64_t held_back);
/* And how many were of informants, or theirs. */
void leaving_tell_informants(uint64_t left_out);

#endif
