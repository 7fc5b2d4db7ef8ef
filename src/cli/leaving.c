/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/leaving.h"

#include "base/text.h"

#include <stdio.h>

static bool is_foreign(const struct desk *desk, const struct record *record)
{
    return record->owner[0] != '\0' && strcmp(record->owner, desk->settings->agency) != 0;
}

/* A decision is ours, and says of a record that may be another's that it is there and what it is. It took the codes of
 * both that it is about. */
static bool is_about_restricted(const struct record *record)
{
    return strcmp(record->schema->name, "LinkDecision") == 0 &&
           (record->handling & HANDLING_H2) != 0;
}

bool leaving_needs_word(const struct desk *desk, const struct record *record, unsigned mute)
{
    bool passes_on = is_foreign(desk, record) && (record->handling & HANDLING_H2) != 0;
    return passes_on || is_about_restricted(record) ||
           (record->handling & (HANDLING_H3 | mute)) != 0;
}

void leaving_tell(const struct desk *desk, const struct shown *shown)
{
    const struct record *record = &shown->record;
    char id[ID_TEXT];
    id_text(id, shown->id);
    static const char no_words[] = "its restriction came without words; ask who gave it";
    struct bytes note = text_one_line(bytes_text(record->handling_note), record->arena);
    if ((record->handling & HANDLING_H3) != 0)
        fprintf(stderr, "%s stays here: H3: %.*s\n", id,
                note.len > 0 ? (int)note.len : (int)strlen(no_words),
                note.len > 0 ? (const char *)note.at : no_words);
    else if (is_about_restricted(record))
        fprintf(
            stderr,
            "%s stays here: H2: it is about a record that is not to be passed on without "
            "permission of who gave it\n",
            id);
    else if (is_foreign(desk, record) && (record->handling & HANDLING_H2) != 0)
        fprintf(stderr, "%s stays here: H2: not to be passed on without permission of %s\n",
                id, record->owner);
    else
        fprintf(stderr, "%s stays here: this format cannot say that it bears%s%s\n", id,
                (record->handling & HANDLING_H1) != 0 ? " H1" : "",
                (record->handling & HANDLING_H2) != 0 ? " H2" : "");
}

void leaving_acknowledge(struct act *act, struct desk *desk)
{
    act->reason = arena_printf(
        &desk->arena, "%s%sthe restrictions were read (--acknowledge)",
        act->reason != NULL ? act->reason : "", act->reason != NULL ? "; " : "");
}

void leaving_tell_informants(uint64_t left_out)
{
    if (left_out > 0)
        fprintf(stderr, "%llu %s of informants, or theirs, and never leave%s the node\n",
                (unsigned long long)left_out, plural(left_out, "record is", "records are"),
                plural(left_out, "s", ""));
}

void leaving_tell_damaged(const struct shown *shown, const struct err *err)
{
    char id[ID_TEXT];
    id_text(id, shown->id);
    fprintf(stderr, "%s is left out: %s\n", id, err->text);
}

void leaving_tell_all_damaged(uint64_t damaged)
{
    if (damaged > 0)
        fprintf(stderr, "%llu %s cannot be read; import %s again, or erase %s\n",
                (unsigned long long)damaged, plural(damaged, "record", "records"),
                plural(damaged, "it", "them"), plural(damaged, "it", "them"));
}

void leaving_tell_all(uint64_t held_back)
{
    if (held_back > 0)
        fprintf(stderr,
                "%llu %s restrictions, and if they allow it, give "
                "your word with --acknowledge\n",
                (unsigned long long)held_back,
                plural(held_back, "record stays here; read its",
                       "records stay here; read their"));
}
