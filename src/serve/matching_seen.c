/* SPDX-License-Identifier: Apache-2.0
 *
 * What other nodes announce, and whether they announce the same to everybody.
 *
 * A state, `seen:OWNER:CIRCLE`, is the last announcement that was accepted. Before anything is asked
 * every other partner is asked what it was shown: two announcements that cannot stand in one chain
 * are kept in an entry, as proof, and the owner is not asked.
 */
#include "serve/matching_inside.h"

#include "base/world.h"
#include "match/chain.h"

#include <stdio.h>

enum { EPOCH_REQUEST_MAX = 64 * (IDENTITY_KEY + CIRCLE_FIELD) };

static const char *state_name(char out[STATE_NAME_MAX], const uint8_t owner[IDENTITY_KEY],
                              const struct circle *circle)
{
    char hex[2 * IDENTITY_KEY + 1];
    hex_write(hex, bytes_of(owner, IDENTITY_KEY));
    snprintf(out, STATE_NAME_MAX, "seen:%s:%s", hex, circle->name);
    return out;
}

enum status seen_held(struct buf *wire, struct matching *matching,
                      const uint8_t owner[IDENTITY_KEY], const struct circle *circle,
                      struct err *err)
{
    char name[STATE_NAME_MAX];
    struct epoch epoch;
    if (memcmp(owner, matching->key, IDENTITY_KEY) == 0)
        return matching_epoch(&epoch, wire, matching, circle, err);
    enum status status =
        store_state(wire, matching->store, state_name(name, owner, circle), err);
    return status == OK && epoch_is_of_other_form(buf_bytes(wire))
               ? fail(err, NOT_FOUND, "it was announced by an earlier build")
               : status;
}

static enum status log_fork(struct matching *matching, struct bytes one, struct bytes other,
                            struct err *err)
{
    struct buf both = {.max = 2 * (2 + EPOCH_WIRE_MAX)};
    buf_add_be16(&both, (uint16_t)one.len);
    buf_add(&both, one);
    buf_add_be16(&both, (uint16_t)other.len);
    buf_add(&both, other);
    const struct note note = {.verb = VERB_EPOCH_FORK, .body = buf_bytes(&both)};
    enum status status = store_note(NULL, matching->store, &note, err);
    if (status == OK)
        status = store_commit(matching->store, err);
    buf_release(&both);
    return status;
}

/* The outcome is the partner's; err and the status the machine's. */
static void mark(struct seen *seen, enum status status, struct arena *arena,
                 const char *format, ...) PRINTF_LIKE(4, 5);

#include <stdarg.h>
static void mark(struct seen *seen, enum status status, struct arena *arena,
                 const char *format, ...)
{
    char text[ERR_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    seen->status = status;
    seen->why = arena_text(arena, bytes_text(text));
}

static enum status remember(struct matching *matching, const struct seen *seen,
                            struct err *err)
{
    char name[STATE_NAME_MAX];
    const struct note note = {
        .verb = VERB_EPOCH_SEEN,
        .body = seen->wire,
        .state = state_name(name, seen->epoch.owner, &seen->epoch.circle),
        .value = seen->wire,
    };
    enum status status = store_note(NULL, matching->store, &note, err);
    return status == OK ? store_commit(matching->store, err) : status;
}

/* Against what the partner itself showed before. */
static enum status check_before(struct seen *seen, struct matching *matching,
                                struct arena *arena, struct err *err)
{
    struct buf held = {.max = STATE_MAX};
    struct epoch epoch;
    enum status status =
        seen_held(&held, matching, seen->epoch.owner, &seen->epoch.circle, err);
    if (status == NOT_FOUND) {
        status = remember(matching, seen, err);
        goto out;
    }
    if (status == OK)
        status = epoch_parse(&epoch, buf_bytes(&held), err);
    if (status != OK)
        goto out;
    switch (chain_compare(&epoch, buf_bytes(&held), &seen->epoch, seen->wire)) {
    case CHAIN_SAME:
        break;
    case CHAIN_FOLLOWS:
        status = remember(matching, seen, err);
        break;
    case CHAIN_BEFORE:
        mark(seen, REFUSED, arena,
             "%s announces epoch %llu, and has announced %llu to us before: an older copy "
             "of its node was put in its place",
             seen->partner->code, (unsigned long long)seen->epoch.number,
             (unsigned long long)epoch.number);
        break;
    case CHAIN_FORKED:
        mark(seen, REFUSED, arena,
             "%s has announced two different maps for the same epoch; both announcements "
             "are kept as proof, and it is not asked",
             seen->partner->code);
        status = log_fork(matching, buf_bytes(&held), seen->wire, err);
        break;
    }
out:
    buf_release(&held);
    return status;
}

static enum status take_one(struct seen_list *list, struct matching *matching,
                            const struct partner *partner, struct bytes wire,
                            struct arena *arena, struct err *err)
{
    struct err why = {0};
    void *items = list->items;
    grow_to(&items, &list->capacity, list->count, sizeof *list->items);
    list->items = items;
    struct seen *seen = &list->items[list->count++];
    *seen = (struct seen){.partner = partner, .wire = arena_bytes(arena, wire)};
    enum status status = epoch_parse(&seen->epoch, seen->wire, &why);
    const struct epoch_expected expected = {partner->key, &seen->epoch.circle,
                                            matching->normaliser,
                                            world_now_s(matching->world)};
    if (status == OK)
        status = epoch_check(&seen->epoch, &expected, &why);
    if (status != OK) {
        mark(seen, status, arena, "%s", why.text);
        return OK;
    }
    return check_before(seen, matching, arena, err);
}

enum status seen_take(struct seen_list *list, struct matching *matching,
                      const struct partner *partner, struct bytes answer,
                      struct arena *arena, struct err *err)
{
    struct cursor cursor = {answer, false};
    enum status status = OK;
    size_t count = 0;
    while (status == OK && cursor.rest.len > 0) {
        struct bytes wire = cursor_take(&cursor, cursor_be16(&cursor));
        if (cursor.failed || ++count > MATCHING_CIRCLES_MAX)
            status = fail(err, BAD_INPUT, "the announcements of %s are malformed",
                          partner->code);
        else
            status = take_one(list, matching, partner, wire, arena, err);
    }
    return status;
}

enum status seen_fetch(struct seen_list *list, struct matching *matching,
                       const struct partner *partner, struct arena *arena, struct err *err)
{
    struct buf answer = {.max = SEEN_ANSWER_MAX};
    enum status status = line_call_one(&matching->line, partner->key, SEEN_KIND,
                                       (struct bytes){0}, &answer, err);
    if (status == OK)
        status = seen_take(list, matching, partner, buf_bytes(&answer), arena, err);
    buf_release(&answer);
    return status;
}

/* ---- What others were shown ---- */

/* theirs: shown to `other` by the owner of seen. */
static enum status compare(struct seen *seen, struct matching *matching,
                           const struct partner *other, const struct epoch *epoch,
                           struct bytes theirs, struct arena *arena, struct err *err)
{
    if (seen->status != OK)
        return OK;
    switch (chain_compare(&seen->epoch, seen->wire, epoch, theirs)) {
    case CHAIN_SAME:
    case CHAIN_BEFORE:
        return OK;
    case CHAIN_FOLLOWS:
        mark(seen, BUSY, arena,
             "%s shows us epoch %llu, and has shown %s %llu already; ask again, and if it "
             "stays so, ask them why",
             seen->partner->code, (unsigned long long)seen->epoch.number, other->code,
             (unsigned long long)epoch->number);
        return OK;
    case CHAIN_FORKED:
        break;
    }
    mark(seen, REFUSED, arena,
         "%s has shown %s another map than us for the same circle; both announcements are "
         "kept as proof, and it is not asked",
         seen->partner->code, other->code);
    return log_fork(matching, seen->wire, theirs, err);
}

static enum status take_theirs(struct seen_list *list, struct matching *matching,
                               const struct partner *other, struct bytes answer,
                               struct arena *arena, struct err *err)
{
    struct cursor cursor = {answer, false};
    enum status status = OK;
    while (status == OK && cursor.rest.len > 0) {
        struct bytes wire = cursor_take(&cursor, cursor_be16(&cursor));
        struct epoch epoch;
        if (cursor.failed)
            return OK; /* what is malformed proves nothing */
        if (epoch_parse(&epoch, wire, NULL) != OK)
            continue;
        for (size_t i = 0; i < list->count && status == OK; i++)
            if (memcmp(list->items[i].epoch.owner, epoch.owner, IDENTITY_KEY) == 0 &&
                circle_equal(&list->items[i].epoch.circle, &epoch.circle))
                status =
                    compare(&list->items[i], matching, other, &epoch, wire, arena, err);
    }
    return status;
}

enum status seen_compare(struct seen_list *list, struct matching *matching,
                         const struct partner_list *partners, struct arena *arena,
                         struct err *err)
{
    struct buf request = {.max = EPOCH_REQUEST_MAX};
    struct line_round round;
    const struct partner **asked = arena_zalloc(arena, partners->count + 1, sizeof *asked);
    enum status status = OK;
    line_round_open(&round, partners->count);
    for (size_t i = 0; i < partners->count; i++) {
        const struct partner *other = &partners->items[i];
        buf_clear(&request);
        for (size_t k = 0; k < list->count; k++)
            if (list->items[k].status == OK && list->items[k].partner != other &&
                request.len + IDENTITY_KEY + CIRCLE_FIELD <= request.max) {
                buf_add(&request, bytes_of(list->items[k].epoch.owner, IDENTITY_KEY));
                circle_add(&request, &list->items[k].epoch.circle);
            }
        if (request.len == 0 || matching_silent_s(matching, other) > 0)
            continue;
        asked[round.count] = other;
        line_round_add(&round, other->key, "epochs",
                       arena_bytes(arena, buf_bytes(&request)), SEEN_ANSWER_MAX);
    }
    line_round_make(&round, &matching->line);
    /* Who cannot be reached, or does not know, does not stand in the way. */
    for (size_t i = 0; i < round.count && status == OK; i++)
        if (round.calls[i].status == OK)
            status = take_theirs(list, matching, asked[i], buf_bytes(&round.answers[i]),
                                 arena, err);
    buf_release(&request);
    line_round_release(&round);
    return status;
}
