/* SPDX-License-Identifier: Apache-2.0
 *
 * link/chances.h: how often strangers agree nearly, in the files at hand.
 *
 * How common a name, a birth date or a town is, is counted value by value (link/frequency).
 * What agrees nearly (postcodes that differ in a digit, names in a letter, one street of
 * several towns) has no value of its own, and is as common as the file makes it: in a list of
 * one city all postcodes differ in a digit. So persons are laid side by side at random, as
 * strangers are (who may be one person left out), and the shares seen take the place of
 * smaller ones in the weights: u of Fellegi and Sunter, estimated from random pairs.
 */
#ifndef LINK_CHANCES_H
#define LINK_CHANCES_H

#include "link/side.h"

/* Raises the u of persons' levels to what the files show. b NULL: within a. Rows without a
 * thing take no part. The same files give the same shares. */
void chances_learn(struct score_weights *weights, const struct side *a,
                   const struct side *b, const struct frequency *frequency);

#endif
