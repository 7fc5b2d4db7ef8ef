/* SPDX-License-Identifier: Apache-2.0
 *
 * store/belonging_inside.h: what belonging.c (whose a thing is, who is the same) and belonging_names.c (whom a
 * record names) share; nobody else includes it.
 */
#ifndef STORE_BELONGING_INSIDE_H
#define STORE_BELONGING_INSIDE_H

#include "store/belonging.h"
#include "store/note.h"

/* arena: for what is read on the way, and released at the end. */
struct look {
    struct belonging who;
    struct arena *arena;
    const char
        *word; /* the status of whoever was found, of a static table; NULL: nobody yet */
    const char *why; /* why nobody can tell, static; or NULL */
    /* Of somebody who is only named, decisions are looked for among the first ties alone: else all that names a much-named
     * suspect would be kept back. */
    bool named;
};

/* What is in it is in the arena: a chain of decisions is followed, and each look has room for many. */
struct tied_list {
    uint64_t numbers[STORE_TIED_MAX];
    size_t count;
};

/* There is nothing more to look for. */
static inline bool belonging_found(const struct look *look)
{
    return look->word != NULL || look->why != NULL;
}
/* In words, in the arena; NULL: nothing was found. as: "a thing of". */
const char *belonging_told(const struct look *look, const char *as, struct arena *arena);
bool belonging_is_thing(const struct record *record);
/* Whom decisions say to be the same: a person, or one of whom that is not known. Not an organisation: a bank is
 * tied to all its accounts. */
bool belonging_may_be_person(const struct record *record);
/* A record between two: not a decision. */
bool belonging_is_line(const struct record *tie);
void belonging_note_more(struct look *look, bool more);

/* schema NULL: it was erased, and is nobody's any more. What cannot be read may be anybody's. */
MUST_USE enum status belonging_read(struct record *record, struct look *look,
                                    uint64_t number, struct err *err);
MUST_USE enum status belonging_tied(struct tied_list **out, struct look *look,
                                    uint64_t number, const struct record *record,
                                    struct err *err);
/* Over decisions "same"; the person itself is not tested. */
MUST_USE enum status belonging_follow_same(struct look *look, uint64_t number,
                                           const struct record *person, struct err *err);
/* A person or company is one of them, or was decided to be. */
MUST_USE enum status belonging_note(struct look *look, uint64_t number,
                                    const struct record *owner, struct err *err);
/* Whose is the thing: as it says, others say, or a line does. *owned: somebody says so. */
MUST_USE enum status belonging_owner(bool *owned, struct look *look, uint64_t number,
                                     const struct record *thing, struct err *err);
/* The persons whom a record names, or who name it, or whom a line ties to it; with things also whoever those are of
 * that are tied to it in these ways. */
MUST_USE enum status belonging_around(struct look *look, uint64_t number,
                                      const struct record *record, bool things,
                                      struct err *err);

/* Does the record say the name of one of them, or a number that is theirs? */
enum belonging_saying {
    SAYS_DOCUMENT, /* a person: who has their passport is they, unless it was decided that the two differ */
    SAYS_NUMBER, /* a thing */
    SAYS_ANY     /* all else */
};
MUST_USE enum status belonging_said(struct look *look, uint64_t number,
                                    const struct record *record, enum belonging_saying what,
                                    struct err *err);
/* Takes out each value that says the name or the id of one of them, whatever the record is; what persons and ships are called
 * themselves stays. *stays becomes true where the note of a handling code says it, which cannot be left out. */
MUST_USE enum status belonging_drop_said(bool *stays, struct look *look, uint64_t number,
                                         struct record *record, struct err *err);

/* Of one who is named, or a thing that is. */
struct belonging_known {
    uint64_t number;
    const char *word, *why;
    bool owned; /* a thing of which somebody says whose it is */
};
bool belonging_memo_find(struct belonging_known *known, const struct belonging_memo *memo,
                         uint64_t number);
/* What the protected are called, and their numbers: gathered at first use, by who.test. */
struct belonging_words {
    struct belonging_word {
        uint8_t hash[16];
        const char *word;
        uint64_t number;      /* of whom */
        uint64_t case_number; /* theirs */
    } * items;                /* by hash */
    size_t count, capacity;
    struct called_words *called; /* made with what is gathered */
    bool gathered;
    uint8_t key[32];
};
struct belonging_words *belonging_memo_words(struct belonging_memo *memo);

/* What may have to do with an informant: all else has not. */
struct belonging_reach {
    uint64_t *numbers; /* in rising order, once made */
    size_t count, capacity;
    bool made;
    bool usable; /* else each record is to be looked at */
};
struct belonging_reach *belonging_memo_reach(struct belonging_memo *memo);
MUST_USE enum status belonging_reach(const struct belonging_reach **out,
                                     const struct belonging *who, struct err *err);
bool belonging_within_reach(const struct belonging_reach *reach, uint64_t number);
void belonging_memo_keep(struct belonging_memo *memo, const struct belonging_known *known);

#endif
