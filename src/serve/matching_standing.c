/* SPDX-License-Identifier: Apache-2.0
 *
 * What of ours may be spoken of with a partner, looked at at the moment when it would be: a record was
 * asked about, or stands in a map, and has become a witness's since.
 */
#include "serve/matching_inside.h"

#include "base/text.h"
#include "store/belonging.h"

#include <stdlib.h>

/* ---- Who is protected, and what is theirs ---- */

bool matching_is_protected(const char **word, const struct record *record, const char *day)
{
    if (record->status == STATUS_ACQUITTED) {
        *word = status_word(STATUS_ACQUITTED);
        return true;
    }
    return record_is_protected(word, record, day);
}

struct shield *matching_shield_open(struct store *store, const struct world *world)
{
    struct shield *shield = xcalloc(1, sizeof *shield);
    shield->store = store;
    matching_day(shield->day, world);
    shield->kin = kin_open(store, shield->day);
    shield->memo = belonging_memo_open();
    return shield;
}

void matching_shield_close(struct shield *shield)
{
    if (shield == NULL)
        return;
    kin_close(shield->kin);
    belonging_memo_close(shield->memo);
    free(shield);
}

/* What goes wrong while it is asked is told afterwards; what is remembered of whom it was asked is not that they are
 * nobody. */
struct asking_who {
    const struct shield *shield;
    enum status status;
    struct err *err;
};

static bool is_one_of_them(void *context, const char **word, uint64_t number,
                           const struct record *owner)
{
    struct asking_who *asking = context;
    if (matching_is_protected(word, owner, asking->shield->day))
        return true;
    *word = NULL;
    if (asking->status == OK)
        asking->status =
            kin_find(word, asking->shield->kin, number, owner, NULL, asking->err);
    if (asking->status != OK)
        *word = "not known";
    return *word != NULL;
}

/* A vehicle identification number is somebody's car, but for that of a ship. */
bool kept_key(const struct kept *kept, const struct record *record, enum key_class class)
{
    if (kept->why == NULL || !kept->only_of_persons)
        return kept->why != NULL;
    switch (class) {
    case KEY_IMO:
    case KEY_MMSI:
    case KEY_CONTAINER:
    case KEY_REGNO:
    case KEY_MARK:
    case KEY_COMPANY:
        return false;
    case KEY_VIN:
        return !schema_is_a(record->schema, "Vessel");
    default:
        return true;
    }
}

/* A record with none has nothing to be kept back for whom it names. */
static bool has_personal_key(const struct record *record, const struct key_list *keys,
                             struct arena *arena)
{
    const struct kept of_persons = {"", true};
    struct key_list made = {0};
    if (keys == NULL)
        keys_of_record(&made, record, arena);
    else
        made = *keys;
    for (size_t i = 0; i < made.count; i++)
        if (kept_key(&of_persons, record, made.items[i].class))
            return true;
    return false;
}

enum status matching_kept_back(struct kept *kept, const struct shield *shield,
                               uint64_t number, const struct record *record,
                               const struct key_list *keys, struct arena *arena,
                               struct err *err)
{
    const char *word = NULL;
    struct asking_who asking = {shield, OK, err};
    const struct belonging who = {shield->store, is_one_of_them, &asking, shield->memo,
                                  false};
    *kept = (struct kept){0};
    if (matching_is_protected(&word, record, shield->day)) {
        kept->why = arena_printf(arena, "that of a person whose status is %s", word);
        return OK;
    }
    enum status status = kin_find(&word, shield->kin, number, record, keys, err);
    if (word != NULL)
        kept->why = kin_told(word);
    if (status == OK && kept->why == NULL)
        status = belonging_find(&kept->why, &who, number, record, arena, err);
    bool personal = status == OK && asking.status == OK && kept->why == NULL &&
                    has_personal_key(record, keys, arena);
    if (personal && record_shows_minor(record, shield->day)) {
        *kept = (struct kept){"one that has the document of a minor", true};
    } else if (personal) {
        status = belonging_names(&kept->why, &who, number, record, arena, err);
        kept->only_of_persons = kept->why != NULL;
    }
    return status == OK ? asking.status : status;
}

bool kept_take_out(struct key_list *keys, const struct kept *kept,
                   const struct record *record)
{
    size_t left = 0, before = keys->count;
    for (size_t i = 0; i < before; i++)
        if (!kept_key(kept, record, keys->items[i].class))
            keys->items[left++] = keys->items[i];
    keys->count = left;
    return left < before;
}

/* ---- What may be spoken of ---- */

bool matching_is_ours(const struct matching *matching, const struct record *record)
{
    return record->owner[0] == '\0' ||
           strcmp(record->owner, store_settings(matching->store)->agency) == 0;
}

enum status matching_hit_stands(struct record *mine, const struct shield *shield,
                                const struct record *hit, struct arena *arena,
                                struct err *err)
{
    struct store *store = shield->store;
    uint8_t id[ENTRY_ID];
    uint64_t number;
    struct kept kept = {0};
    enum key_class class = KEY_PERSON;
    if (!hex_read(id, ENTRY_ID, record_first(hit, "mine")) ||
        !store_number(&number, store, id) ||
        key_class_find(&class, record_first(hit, "keyClass"), NULL) != OK)
        return fail(err, CONFLICT, "this hit does not say what it is about; ask again");
    enum status status = store_current(mine, store, number, arena, err);
    if (status == NOT_FOUND)
        return fail(err, REFUSED,
                    "our record that this hit is about was erased: it is not spoken of "
                    "with anybody");
    if (status != OK)
        return status;
    status = matching_kept_back(&kept, shield, number, mine, NULL, arena, err);
    if (status == OK && kept_key(&kept, mine, class))
        return fail(err, REFUSED,
                    "our record that this hit is about is now %s: a claim would tell the "
                    "partner, and none is made",
                    kept.why);
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
        !matching_is_ours(matching, mine) && strcasecmp(mine->owner, partner->code) != 0;
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
