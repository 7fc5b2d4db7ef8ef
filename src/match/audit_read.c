/* SPDX-License-Identifier: Apache-2.0 */
#include "match/audit.h"
#include "match/session.h"

static enum status take_frame(struct audit_source *source,
                              const struct transcript_frame *frame, struct arena *arena,
                              struct err *err)
{
    if (frame->kind == SESSION_EPOCH && frame->direction == TRANSCRIPT_RECEIVED) {
        source->has_epoch = true;
        return epoch_parse(&source->epoch, frame->body, err);
    }
    if (frame->kind != SESSION_ASK || frame->direction != TRANSCRIPT_SENT)
        return OK;
    if (source->count == AUDIT_ASKS_MAX)
        return fail(err, TOO_LARGE, "more than %d asks in one transcript", AUDIT_ASKS_MAX);
    source->asks[source->count++] = arena_bytes(arena, frame->body);
    return OK;
}

enum status audit_read(struct audit_source *source, const char *transcript_path,
                       struct arena *arena, struct err *err)
{
    struct transcript *transcript = NULL;
    *source = (struct audit_source){.count = 0};
    enum status status = transcript_open(&transcript, transcript_path, err);
    if (status != OK)
        return status;
    source->asks = arena_zalloc(arena, AUDIT_ASKS_MAX, sizeof *source->asks);
    if (transcript_side(transcript) != TRANSCRIPT_REQUESTER)
        status = fail(err, BAD_INPUT,
                      "%s: this is the responder's transcript; the audit needs "
                      "the requester's",
                      transcript_path);
    while (status == OK) {
        struct transcript_frame frame;
        status = transcript_next(&frame, transcript, err);
        if (status == OK)
            status = take_frame(source, &frame, arena, err);
    }
    transcript_close(transcript, NULL);
    return status == NOT_FOUND ? OK : status;
}
