/* SPDX-License-Identifier: Apache-2.0
 *
 * link/look.h: what a thing looks like on every chart: shape and colour by its kind.
 *
 * A kind is a schema with all that extend it. The last row is an identifier that several records
 * share. The same on our pictures and in the files for other programs.
 */
#ifndef LINK_LOOK_H
#define LINK_LOOK_H

#include "link/graph.h"

enum shape { CIRCLE, SQUARE, DIAMOND, PILL };
enum { LOOKS = 15 };

struct look {
    const char *parent; /* a schema, or one that extends it; NULL: a shared identifier */
    const char *word; /* "person"; several rows may have one word, and then look the same */
    enum shape shape;
    const char *fill; /* "#f2b705" */
};

extern const struct look looks[LOOKS];
/* The row of looks. */
size_t look_of(const struct graph_node *node);
/* What stands for its kind in words: the schema, or "phone number" of a shared identifier. */
const char *kind_word(const struct graph_node *node);

#endif
