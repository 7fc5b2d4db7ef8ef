/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/probe.h: the keys under which something typed would be found.
 *
 * The text is put into a record of a fitting schema, and the one function that makes keys makes them
 * (record/keys), so that what is looked for is written as what is kept.
 */
#ifndef CLI_PROBE_H
#define CLI_PROBE_H

#include "record/keys.h"

enum { PROBE_KEYS_MAX = 64 };

struct probe {
    struct key keys[PROBE_KEYS_MAX]; /* each once */
    size_t count;
};

/* text as a value of this class: of a person a name and a full birth date behind it. Nothing is
 * added when it is no such value. home: our country, alpha-2 in lower case. Memory from the arena. */
void probe_class(struct probe *probe, enum key_class class, struct bytes text,
                 const char *home, struct arena *arena);
/* As a value of every class. */
void probe_text(struct probe *probe, struct bytes text, const char *home,
                struct arena *arena);
/* The key as it was typed, whatever it is. */
void probe_literal(struct probe *probe, enum key_class class, struct bytes value);

#endif
