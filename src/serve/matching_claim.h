/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/matching_claim.h: the first disclosure, which a person makes of a hit that a person decided on.
 *
 * Recorded here, then sent; what the owner answers is checked and kept. Four eyes: until a claim has reached
 * the partner each is sent only when a second person has approved it, where there is a second person who
 * works on cases.
 */
#ifndef SERVE_MATCHING_CLAIM_H
#define SERVE_MATCHING_CLAIM_H

#include "serve/matching.h"

/* Who is protected today, and what is theirs: what was found is kept, for a list of hits. Of what is committed; opened
 * anew when somebody else may have written. Close accepts NULL. */
struct shield;
struct shield *matching_shield_open(struct store *store, const struct world *world);
void matching_shield_close(struct shield *shield);

/* May the hit be decided "yes", and claimed? REFUSED: our record that it is about was erased since, or is
 * that of somebody protected now, or acquitted. *mine: the record as it stands, in the arena. */
MUST_USE enum status matching_hit_stands(struct record *mine, const struct shield *shield,
                                         const struct record *hit, struct arena *arena,
                                         struct err *err);

struct matching_claim {
    struct act act;       /* object: the hit */
    const char *case_ref; /* NULL: as the partner was told when it was asked */
    enum claim_urgency urgency;
    unsigned handling;
    bool acknowledged; /* somebody has read the restrictions of our record */
};
struct matching_claimed {
    uint8_t id[ENTRY_ID]; /* of the claim here */
    const char *peer;     /* its code, in the arena; "" */
    bool waits;           /* for a second person: nothing was sent */
    /* What the owner answered: so many records are meant, of which it has shown of so many that they were
     * in its log before we asked; entry: the number there of the first of those. */
    size_t records, held_before;
    uint64_t entry;
};
/* Recorded, then sent; OK: the owner has filed it, or it waits. REFUSED: the hit was not decided "yes".
 * NOT_FOUND: no longer held; that, and REFUSED by the owner, is an answer and stands in the claim. Whatever
 * became of the line, the record stays; claiming again makes another.
 *
 * It is looked at again what our record is now, at every sending: REFUSED for one that matching_hit_stands
 * refuses; for what another than the partner gave under H2; for H3 without `acknowledged`. A claim bears the
 * handling codes of our record, with its own. */
MUST_USE enum status matching_claim(struct matching_claimed *claimed,
                                    struct matching *matching,
                                    const struct matching_claim *claim, struct arena *arena,
                                    struct err *err);
/* act.object: a claim that waits, or one that was sent and has no receipt: it goes again, and there it is
 * the same. REFUSED: by who made it, while it needs a second person. */
MUST_USE enum status matching_claim_approve(struct matching_claimed *claimed,
                                            struct matching *matching,
                                            const struct act *act, bool acknowledged,
                                            struct arena *arena, struct err *err);
/* One that waits does not go. act.verb: VERB_CLAIM_WITHDRAW, by who made it, or VERB_CLAIM_DECLINE, by
 * somebody else; act.reason: why. REFUSED: not theirs to do, or it does not wait. *stopped: the claim now. */
struct shown;
MUST_USE enum status matching_claim_stop(struct shown *stopped, struct matching *matching,
                                         const struct act *act, struct arena *arena,
                                         struct err *err);

#endif
