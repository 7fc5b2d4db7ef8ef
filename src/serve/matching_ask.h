/* SPDX-License-Identifier: Apache-2.0
 *
 * serve/matching_ask.h: asking partners about records of ours, and having it audited.
 *
 * What leaves is written down before, sealed, so that every byte can be made again (docs/between-nodes.md). What
 * comes of it are hits on the desk; the partner learns of none.
 */
#ifndef SERVE_MATCHING_ASK_H
#define SERVE_MATCHING_ASK_H

#include "serve/matching.h"

/* All records are of one case, or of none: the case asked for is theirs (REFUSED: another was named). */
struct matching_ask {
    struct act
        act; /* who, role, case, purpose, reason (the legal basis; NULL: the agreement's);
                       objects: the records, or all of the case */
    const char *case_ref; /* as the partner is told it; NULL: as the case is called here */
    const char *const *codes; /* of partners; code_count 0: all */
    size_t code_count;
    bool at_once; /* only classes and partners agreed for that */
};

struct matching_hit {
    const char *peer;
    enum key_class class;
    uint8_t mine[ENTRY_ID];
    const char *source; /* our record's own reference */
    uint64_t tag;
    bool many; /* in five records or more of the peer: no tag */
    const char *const *why;
    size_t why_count;
    bool weak;
    double expected_false;
    uint8_t id[ENTRY_ID]; /* of the hit on the desk */
    bool again;           /* it was there before */
    const char *verdict;  /* what was decided about it: open, yes, no, unsure */
    bool
        decided_before; /* it is open, and was decided when they held it in fewer records */
    size_t their_records; /* hits on the same item of ours; with many not known */
};

/* The hit as it stands, but for one property: it has this value. In the arena. */
MUST_USE enum status matching_hit_with(struct record *out, const struct record *hit,
                                       const char *property, const char *value,
                                       struct arena *arena, struct err *err);

struct matching_peer {
    const char *code;
    enum status status; /* of the last thing that went wrong, or OK */
    const char *error;
    uint32_t left[KEY_CLASSES]; /* of the day's quota; UINT32_MAX: not known */
    /* Distinct keys that we meant to ask it, and that it has not answered. */
    uint32_t not_asked[KEY_CLASSES];
    bool answered;
    bool stale; /* it refused because it has made new maps meanwhile */
};

/* Everything is in the arena. */
struct matching_result {
    struct matching_hit *hits; /* by peer as listed, then our record, class, tag */
    size_t hit_count, hit_capacity;
    struct matching_peer *peers;
    size_t peer_count;
    size_t asked; /* distinct keys, before padding, that at least one peer has answered */
    size_t kept_back; /* records of which something is kept back */
    /* number of the asking; all zero: nothing was asked. Whoever made new maps meanwhile was asked again under
     * another, which stands in the hits. */
    uint8_t batch[ENTRY_ID];
};

/* OK also when no peer was reached: each says so. */
MUST_USE enum status matching_run(struct matching_result *result, struct matching *matching,
                                  const struct matching_ask *ask, struct arena *arena,
                                  struct err *err);

/* What a supervisor does: every byte asked under this number is made again from the sealed seed and
 * the list. act.object: the number. why gets a sentence, in the arena. */
MUST_USE enum status matching_audit(bool *valid, const char **why,
                                    struct matching *matching, const struct act *act,
                                    struct arena *arena, struct err *err);

#endif
