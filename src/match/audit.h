/* SPDX-License-Identifier: Apache-2.0
 *
 * match/audit.h: what a supervisor does with the case seed and the list: recomputes every
 * byte of the asks that went out, and so shows that this list was asked and nothing else.
 *
 * When a byte differs, the asks are opened element by element, and the findings say which
 * item of the list was not asked, and at which position something stands that is neither on
 * the list nor the padding that the seed gives. What that is cannot be told: it is blinded,
 * by whoever put it there.
 */
#ifndef MATCH_AUDIT_H
#define MATCH_AUDIT_H

#include "match/ask.h"
#include "match/plan.h"

enum { AUDIT_FINDINGS_MAX = 100, AUDIT_ASKS_MAX = 4096 };

/* The asks of one case to one peer in one epoch, as they went over the line. */
struct audit_case {
    const uint8_t *seed; /* CASE_SEED bytes */
    uint32_t first_batch;
    const struct bytes *asks;
    size_t ask_count;
    const struct epoch
        *epoch; /* what was offered: items of other classes were not to be asked;
                                  NULL: all was */
    const struct match_item *items;
    size_t item_count;
};

enum audit_fault {
    AUDIT_FORM,    /* an ask does not parse, or its signature fails */
    AUDIT_MIXED,   /* the asks are not of one requester, peer, circle and epoch */
    AUDIT_SEED,    /* the ask was not made from this seed */
    AUDIT_CHANGED, /* one item of the list was not asked, and something else was */
    AUDIT_ADDED,   /* something was asked, or put for padding, that nothing explains */
    AUDIT_MISSING, /* an item of the list was not asked */
    AUDIT_DERIVED, /* all is explained, yet order, batch id, commitment or root differ */
};

struct audit_finding {
    enum audit_fault fault;
    const char *sentence; /* in the arena */
};

struct audit_report {
    bool valid;      /* no finding */
    size_t asks;     /* distinct ones that were looked at */
    size_t items;    /* distinct things of the list that were to be asked */
    size_t elements; /* padding included */
    struct audit_finding *findings;
    size_t count; /* at most AUDIT_FINDINGS_MAX */
};

/* OK whenever the audit could be done, whatever it found. */
MUST_USE enum status audit_run(struct audit_report *report,
                               const struct audit_case *audited, struct pool *pool,
                               struct arena *arena, struct err *err);

/* What a requester's transcript holds for an audit. */
struct audit_source {
    struct bytes *asks;
    size_t count;
    struct epoch epoch;
    bool has_epoch;
};
MUST_USE enum status audit_read(struct audit_source *source, const char *transcript_path,
                                struct arena *arena, struct err *err);

#endif
