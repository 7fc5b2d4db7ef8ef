/* SPDX-License-Identifier: Apache-2.0
 *
 * store/erasing.h: the act that erases a record for good.
 *
 * A function of the table in act.c, which has checked the right to do it. With the record go its keys, its
 * hits, and the words of all acts that name what any of its versions held; the slots are overwritten after
 * the commit (store.c).
 */
#ifndef STORE_ERASING_H
#define STORE_ERASING_H

#include "store/inside.h"

act_function erasing_act;

#endif
