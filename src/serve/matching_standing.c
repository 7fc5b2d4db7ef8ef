/* SPDX-License-Identifier: Apache-2.0
 *
 * What of ours may be spoken of with a partner, looked at at the moment when it would be: a record was
 * asked about, or stands in a map, and has become a witness's since.
 */
#include "serve/matching_inside.h"

#include "base/text.h"
#include "store/belonging.h"

/* ---- Who is protected, and what is theirs ---- */

static bool is_kept_back(const char **word, const struct record *record, const char *day)
{
    if (record->status == STATUS_ACQUITTED) {
        *word = status_word(STATUS_ACQUITTED);
        return true;
    }
    return record_is_protected(word, record, day);
}

static bool is_theirs(void *day, const char **word, const struct record *owner)
{
    return is_kept_back(word, owner, day);
}

enum status matching_kept_back(const char **why, struct store *store, uint64_t number,
                               const struct record *record, const char *day,
                               struct arena *arena, struct err *err)
{
    const char *word;
    char today[MATCHING_DAY];
    memcpy(today, day, sizeof today);
    if (!is_kept_back(&word, record, day))
        return belonging_find(why, store, number, record, is_theirs, today, arena, err);
    *why = arena_printf(arena, "that of a person whose status is %s", word);
    return OK;
}

/* ---- What may be spoken of ---- */

static bool is_ours(const struct matching *matching, const struct record *record)
{
    return record->owner[0] == '\0' ||
           strcmp(record->owner, store_settings(matching->store)->agency) == 0;
}

enum status matching_may_publish(bool *may, const struct matching *matching,
                                 uint64_t number, const struct record *record,
                                 const char *day, struct arena *arena, struct err *err)
{
    const char *why = NULL;
    enum status status = OK;
    *may = is_ours(matching, record);
    if (*may)
        status = matching_kept_back(&why, matching->store, number, record, day, arena, err);
    *may = *may && status == OK && why == NULL;
    return status;
}

enum status matching_hit_stands(struct record *mine, struct store *store,
                                const struct world *world, const struct record *hit,
                                struct arena *arena, struct err *err)
{
    uint8_t id[ENTRY_ID];
    uint64_t number;
    char day[MATCHING_DAY];
    const char *why = NULL;
    if (!hex_read(id, ENTRY_ID, record_first(hit, "mine")) ||
        !store_number(&number, store, id))
        return fail(err, CONFLICT, "this hit does not say what it is about; ask again");
    enum status status = store_current(mine, store, number, arena, err);
    if (status == NOT_FOUND)
        return fail(err, REFUSED,
                    "our record that this hit is about was erased: it is not spoken of "
                    "with anybody");
    if (status != OK)
        return status;
    matching_day(day, world);
    status = matching_kept_back(&why, store, number, mine, day, arena, err);
    if (status == OK && why != NULL)
        return fail(err, REFUSED,
                    "our record that this hit is about is now %s: a claim would tell the "
                    "partner, and none is made",
                    why);
    return status;
}

enum { NOTE_SHOWN = 200 };

/* In one line, and whole characters of it. */
static void put_in_line(char out[NOTE_SHOWN], struct bytes note)
{
    size_t len = 0;
    for (uint32_t point; note.len > 0;) {
        struct bytes rest = note;
        if (!utf8_next(&point, &rest))
            break;
        size_t step = note.len - rest.len;
        if (len + step >= NOTE_SHOWN)
            break;
        memcpy(out + len, note.at, step);
        if (point < 0x20 || point == 0x7F)
            out[len] = ' ';
        len += step;
        note = rest;
    }
    out[len] = '\0';
}

enum status matching_may_tell(const struct matching *matching, const struct record *mine,
                              const struct partner *partner, bool acknowledged,
                              struct err *err)
{
    bool passes_on =
        !is_ours(matching, mine) && strcasecmp(mine->owner, partner->code) != 0;
    if (passes_on && (mine->handling & HANDLING_H2) != 0)
        return fail(err, REFUSED,
                    "this is %s's, under H2: not to be passed on without its permission, "
                    "and a claim would tell %s of it",
                    mine->owner, partner->code);
    if ((mine->handling & HANDLING_H3) == 0 || acknowledged)
        return OK;
    char note[NOTE_SHOWN];
    put_in_line(note, bytes_text(mine->handling_note));
    return fail(
        err, REFUSED,
        "our record bears H3: %s; read it (enlace show), and if it allows the claim, "
        "give your word with --acknowledge",
        note[0] != '\0' ? note : "other restrictions, without their words");
}
