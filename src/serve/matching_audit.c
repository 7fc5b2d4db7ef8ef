/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/matching_inside.h"

#include "base/text.h"
#include "match/audit.h"

#include <sodium.h>

/* One announcement of one partner: exactly what the seed and the list give, and nothing else. */
static enum status audit_peer(bool *valid, const char **why, struct matching *matching,
                              const struct asking *asking, const struct asked_peer *peer,
                              struct arena *arena, struct err *err)
{
    struct match_item *items = arena_zalloc(arena, asking->item_count + 1, sizeof *items);
    struct epoch epoch;
    struct audit_report report;
    size_t count = 0;
    for (size_t i = 0; i < asking->item_count; i++)
        if ((peer->classes & 1U << asking->items[i].class) != 0)
            items[count++] = asking->items[i];
    enum status status = epoch_parse(&epoch, peer->epoch_wire, err);
    const struct audit_case audited = {
        .seed = asking->seed,
        .asks = peer->asks,
        .ask_count = peer->ask_count,
        .epoch = &epoch,
        .items = items,
        .item_count = count,
    };
    if (status == OK)
        status = audit_run(&report, &audited, matching->pool, arena, err);
    if (status != OK || report.valid)
        return status;
    *valid = false;
    *why = arena_printf(arena, "%.*s: %s", (int)peer->code.len, (const char *)peer->code.at,
                        report.count > 0 ? report.findings[0].sentence
                                         : "not what the seed and the list give");
    return OK;
}

enum status matching_audit(bool *valid, const char **why, struct matching *matching,
                           const struct act *as, struct arena *arena, struct err *err)
{
    struct receipt *receipt = NULL;
    struct asking asking = {.items = NULL};
    struct act act = *as;
    struct bytes note;
    int64_t time_ms;
    size_t asks = 0;
    act.verb = VERB_MATCH_AUDIT;
    *valid = true;
    enum status status = act_perform(&receipt, matching->store, &act, err);
    if (status == OK)
        status = receipt_note(&note, &time_ms, receipt, arena, err);
    if (status == OK)
        status = asking_read(&asking, note, arena, err);
    for (size_t i = 0; i < asking.peer_count && status == OK && *valid; i++) {
        asks += asking.peers[i].ask_count;
        status = audit_peer(valid, why, matching, &asking, &asking.peers[i], arena, err);
    }
    if (status == OK && *valid)
        *why =
            arena_printf(arena,
                         "%zu %s to %zu %s exactly the %zu %s listed, and "
                         "padding",
                         asks, plural(asks, "ask", "asks"), asking.peer_count,
                         asks == 1                ? "partner holds"
                         : asking.peer_count == 1 ? "partner hold"
                                                  : "partners hold",
                         asking.item_count, plural(asking.item_count, "thing", "things"));
    sodium_memzero(&asking.seed, sizeof asking.seed);
    receipt_close(receipt);
    return status;
}
