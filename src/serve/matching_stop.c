/* SPDX-License-Identifier: Apache-2.0
 *
 * A claim that waits for a second person, and is not to go: whoever made it takes it back, or the second
 * person says no. Nothing of it has left, and the partner is told nothing.
 */
#include "serve/matching_inside.h"

/* The claim as it stands, but for its state, and with the reason. */
static enum status write_stopped(struct record *out, const struct record *claim,
                                 const char *state, const char *reason, struct arena *arena,
                                 struct err *err)
{
    enum status status = OK;
    record_init(out, claim->schema, arena);
    out->id = claim->id;
    out->purpose = claim->purpose;
    out->handling = claim->handling;
    out->handling_note = claim->handling_note;
    out->review = claim->review;
    for (size_t i = 0; i < claim->count && status == OK; i++)
        if (strcmp(claim->values[i].name, "status") != 0)
            status =
                record_add_exactly(out, claim->values[i].property, claim->values[i].name,
                                   claim->values[i].raw, claim->values[i].format, err);
    const char *const added[][2] = {{"status", state}, {"reason", reason}};
    for (size_t i = 0; i < 2 && status == OK; i++)
        status = record_add(out, schema_property(out->schema, bytes_text(added[i][0])),
                            added[i][0], bytes_text(added[i][1]), NULL, err);
    return status == OK ? record_finish(out, NULL, err) : status;
}

enum status matching_claim_stop(struct shown *stopped, struct matching *matching,
                                const struct act *as, struct arena *arena, struct err *err)
{
    struct record record;
    struct receipt *receipt = NULL;
    struct act act = *as;
    bool declined = as->verb == VERB_CLAIM_DECLINE;
    enum status status =
        matching_finding(stopped, matching, as, VERB_CLAIM_LIST, arena, err);
    if (status != OK)
        return status;
    if (!bytes_is(record_first(&stopped->record, "status"), "waiting"))
        return fail(
            err, REFUSED,
            "this claim does not wait for anybody: what was sent is there, and what "
            "was stopped is stopped");
    status = write_stopped(&record, &stopped->record, declined ? "declined" : "withdrawn",
                           as->reason, arena, err);
    if (status != OK)
        return status;
    act.record = &record;
    act.before = stopped->version;
    status = act_perform(&receipt, matching->store, &act, err);
    receipt_close(receipt);
    if (status == OK)
        stopped->record = record;
    return status;
}
