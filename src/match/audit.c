/* SPDX-License-Identifier: Apache-2.0 */
#include "match/audit.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct audit {
    const struct audit_case *audited;
    struct audit_report *report;
    struct arena *arena;
    struct pool *pool;
    struct ask *asks; /* parsed, distinct */
    size_t ask_count;
    struct plan plan;
};

static void find_fault(struct audit *audit, enum audit_fault fault, const char *format, ...)
    PRINTF_LIKE(3, 4);

static void find_fault(struct audit *audit, enum audit_fault fault, const char *format, ...)
{
    struct audit_report *report = audit->report;
    report->valid = false;
    if (report->count == AUDIT_FINDINGS_MAX)
        return;
    char sentence[ERR_TEXT_MAX + KEY_VALUE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    report->findings[report->count++] =
        (struct audit_finding){fault, arena_text(audit->arena, bytes_text(sentence))};
}

static struct blinding_tuple tuple_of(const struct audit *audit, const struct ask *ask)
{
    struct blinding_tuple tuple = {.seed = audit->audited->seed,
                                   .epoch = ask->epoch,
                                   .class = ask->class,
                                   .batch = ask->batch};
    memcpy(tuple.peer, ask->responder, IDENTITY_KEY);
    return tuple;
}

static const char *class_name(enum key_class class)
{
    return key_class_row(class)->name;
}

/* --- reading the asks --- */

static bool is_repeat(const struct audit *audit, size_t index)
{
    const struct bytes *asks = audit->audited->asks;
    for (size_t i = 0; i < index; i++)
        if (bytes_equal(asks[i], asks[index]))
            return true;
    return false;
}

static bool same_exchange(const struct ask *a, const struct ask *b)
{
    return memcmp(a->requester, b->requester, IDENTITY_KEY) == 0 &&
           memcmp(a->responder, b->responder, IDENTITY_KEY) == 0 &&
           circle_equal(&a->circle, &b->circle) && a->epoch == b->epoch;
}

static void read_asks(struct audit *audit)
{
    audit->asks =
        arena_zalloc(audit->arena, audit->audited->ask_count + 1, sizeof *audit->asks);
    for (size_t i = 0; i < audit->audited->ask_count; i++) {
        struct err err = {{0}};
        struct ask *ask = &audit->asks[audit->ask_count];
        if (is_repeat(audit, i))
            continue; /* sent again, as after a broken line */
        if (ask_parse(ask, audit->audited->asks[i], &err) != OK) {
            find_fault(audit, AUDIT_FORM, "message %zu: %s", i + 1, err.text);
            continue;
        }
        if (audit->ask_count > 0 && !same_exchange(ask, &audit->asks[0])) {
            find_fault(
                audit, AUDIT_MIXED,
                "message %zu: not of the same requester, peer, circle and epoch as the "
                "first",
                i + 1);
            continue;
        }
        struct blinding_tuple tuple = tuple_of(audit, ask);
        uint8_t commitment[COMMITMENT];
        blinding_commitment(commitment, &tuple);
        if (memcmp(commitment, ask->commitment, COMMITMENT) != 0) {
            find_fault(audit, AUDIT_SEED,
                       "class %s, batch %u: this ask was not made from the case seed given",
                       class_name(ask->class), ask->batch);
            continue;
        }
        audit->report->elements += ask->count;
        audit->ask_count++;
    }
    audit->report->asks = audit->ask_count;
}

/* --- the straight way: the same bytes again --- */

static bool is_recomputed(const struct audit *audit, const struct plan_batch *batch,
                          const struct ask *ask)
{
    struct blinding_tuple tuple = tuple_of(audit, ask);
    struct blinding blinding;
    blinding_init(&blinding, &tuple, batch->items, batch->count, audit->pool);
    bool same = blinding.size == ask->count &&
                memcmp(blinding.batch_id, ask->batch_id, BATCH_ID) == 0 &&
                memcmp(blinding.root, ask->root, sizeof ask->root) == 0 &&
                memcmp(blinding.elements, ask->elements, ask->count * OPRF_ELEMENT) == 0;
    blinding_release(&blinding);
    return same;
}

/* Every batch planned for the class has its one ask, byte for byte, and there is no
 * other. */
static bool class_is_recomputed(const struct audit *audit, enum key_class class)
{
    size_t planned = 0, asked = 0;
    for (size_t a = 0; a < audit->ask_count; a++)
        asked += audit->asks[a].class == class;
    for (size_t b = 0; b < audit->plan.count; b++) {
        const struct plan_batch *batch = &audit->plan.batches[b];
        if (batch->class != class)
            continue;
        planned++;
        bool found = false;
        for (size_t a = 0; a < audit->ask_count && !found; a++)
            found = audit->asks[a].class == class &&
                    audit->asks[a].batch == batch->number &&
                    is_recomputed(audit, batch, &audit->asks[a]);
        if (!found)
            return false;
    }
    return planned == asked;
}

/* --- the long way: opening what was asked --- */

struct listed {
    uint8_t element[OPRF_ELEMENT];
    struct bytes item;
    unsigned asked; /* how often it was found */
};

struct unexplained {
    uint32_t batch;
    size_t position;
};

struct opening {
    struct listed *listed;
    size_t listed_count;
    struct unexplained *unexplained;
    size_t unexplained_count;
};

static int compare_listed(const void *a, const void *b)
{
    return memcmp(((const struct listed *)a)->element, ((const struct listed *)b)->element,
                  OPRF_ELEMENT);
}

static void list_class(struct opening *opening, const struct audit *audit,
                       enum key_class class)
{
    size_t count = 0, next = 0;
    for (size_t b = 0; b < audit->plan.count; b++)
        count += audit->plan.batches[b].class == class ? audit->plan.batches[b].count : 0;
    opening->listed = arena_zalloc(audit->arena, count + 1, sizeof *opening->listed);
    opening->listed_count = count;
    for (size_t b = 0; b < audit->plan.count; b++) {
        const struct plan_batch *batch = &audit->plan.batches[b];
        for (size_t k = 0; batch->class == class && k < batch->count; k++) {
            struct listed *listed = &opening->listed[next++];
            listed->item = batch->items[k];
            oprf_hash_to_group(listed->element, listed->item, OPRF_VERIFIABLE);
        }
    }
    qsort(opening->listed, count, sizeof *opening->listed, compare_listed);
}

/* Undo the blind of each position and look what is left. */
static void open_ask(struct opening *opening, struct audit *audit, const struct ask *ask)
{
    struct blinding_tuple tuple = tuple_of(audit, ask);
    uint8_t *blinds = xcalloc(ask->count, OPRF_SCALAR),
            *inverses = xcalloc(ask->count, OPRF_SCALAR);
    for (uint32_t i = 0; i < ask->count; i++)
        blinding_blind(blinds + (size_t)i * OPRF_SCALAR, &tuple, i);
    oprf_invert_all(inverses, blinds, ask->count);
    for (uint32_t i = 0; i < ask->count; i++) {
        struct listed wanted;
        uint8_t pad[OPRF_ELEMENT];
        bool is_point = oprf_multiply(wanted.element, inverses + (size_t)i * OPRF_SCALAR,
                                      ask->elements + (size_t)i * OPRF_ELEMENT);
        blinding_pad(pad, &tuple, i);
        struct listed *found = NULL;
        if (is_point && opening->listed_count > 0)
            found = bsearch(&wanted, opening->listed, opening->listed_count, sizeof wanted,
                            compare_listed);
        if (found != NULL)
            found->asked++;
        else if (!is_point || memcmp(pad, wanted.element, OPRF_ELEMENT) != 0)
            opening->unexplained[opening->unexplained_count++] =
                (struct unexplained){ask->batch, i + 1};
    }
    sodium_memzero(blinds, ask->count * OPRF_SCALAR);
    sodium_memzero(inverses, ask->count * OPRF_SCALAR);
    free(blinds);
    free(inverses);
}

static void report_opening(struct audit *audit, enum key_class class,
                           const struct opening *opening)
{
    const char *name = class_name(class);
    size_t next = 0, twice = 0, before = audit->report->count;
    for (size_t k = 0; k < opening->listed_count; k++) {
        const struct listed *listed = &opening->listed[k];
        int len = (int)listed->item.len;
        const char *text = (const char *)listed->item.at;
        twice += listed->asked > 1;
        if (listed->asked > 0)
            continue;
        if (next == opening->unexplained_count) {
            find_fault(audit, AUDIT_MISSING,
                       "\"%.*s\" stands on the list and was not asked", len, text);
            continue;
        }
        const struct unexplained *other = &opening->unexplained[next++];
        find_fault(
            audit, AUDIT_CHANGED,
            "\"%.*s\" stands on the list and was not asked; class %s, batch %u, position "
            "%zu asks something else",
            len, text, name, other->batch, other->position);
    }
    for (; next < opening->unexplained_count; next++)
        find_fault(
            audit, AUDIT_ADDED,
            "class %s, batch %u, position %zu holds neither an item of the list nor the "
            "padding that the seed gives",
            name, opening->unexplained[next].batch, opening->unexplained[next].position);
    if (twice > 0)
        find_fault(audit, AUDIT_DERIVED,
                   "class %s: %zu items of the list were asked more than "
                   "once",
                   name, twice);
    if (audit->report->count == before)
        find_fault(
            audit, AUDIT_DERIVED,
            "class %s: only items of the list were asked, but their order, the batch "
            "numbers, ids or the root are not as the seed gives them",
            name);
}

static void open_class(struct audit *audit, enum key_class class)
{
    struct opening opening = {NULL};
    size_t elements = 0;
    list_class(&opening, audit, class);
    for (size_t a = 0; a < audit->ask_count; a++)
        elements += audit->asks[a].class == class ? audit->asks[a].count : 0;
    opening.unexplained =
        arena_zalloc(audit->arena, elements + 1, sizeof *opening.unexplained);
    for (size_t a = 0; a < audit->ask_count; a++)
        if (audit->asks[a].class == class)
            open_ask(&opening, audit, &audit->asks[a]);
    report_opening(audit, class, &opening);
}

/* The plan that the requester must have made. */
static enum status make_plan(struct audit *audit, struct err *err)
{
    const struct audit_case *audited = audit->audited;
    struct match_item *offered =
        arena_zalloc(audit->arena, audited->item_count + 1, sizeof *offered);
    size_t count = 0;
    for (size_t i = 0; i < audited->item_count; i++)
        if (audited->epoch == NULL ||
            audited->epoch->classes[audited->items[i].class].offered)
            offered[count++] = audited->items[i];
    struct blinding_tuple tuple = {.seed = audited->seed};
    if (audit->ask_count > 0)
        tuple = tuple_of(audit, &audit->asks[0]);
    tuple.batch = audited->first_batch;
    enum status status = plan_init(&audit->plan, &tuple, offered, count, audit->arena, err);
    for (size_t b = 0; status == OK && b < audit->plan.count; b++)
        audit->report->items += audit->plan.batches[b].count;
    return status;
}

enum status audit_run(struct audit_report *report, const struct audit_case *audited,
                      struct pool *pool, struct arena *arena, struct err *err)
{
    *report = (struct audit_report){.valid = true};
    if (audited->ask_count > AUDIT_ASKS_MAX)
        return fail(err, TOO_LARGE, "audit: %zu asks; the limit is %d", audited->ask_count,
                    AUDIT_ASKS_MAX);
    report->findings = arena_zalloc(arena, AUDIT_FINDINGS_MAX, sizeof *report->findings);
    struct audit audit = {
        .audited = audited, .report = report, .arena = arena, .pool = pool};
    read_asks(&audit);
    enum status status = make_plan(&audit, err);
    /* Asks that cannot be read cannot be opened either: every item would seem missing. */
    if (!report->valid)
        return status;
    for (int class = 0; class < KEY_CLASSES && status == OK; class ++)
        if (!class_is_recomputed(&audit, (enum key_class) class))
            open_class(&audit, (enum key_class) class);
    return status;
}
