/* SPDX-License-Identifier: Apache-2.0
 *
 * link learn: what people decided, of two records here (LinkDecision) and of hits, becomes what
 * comparisons read (link/review): `match` from the record that is kept, `link --learned` from a file.
 */
#include "cli/desk.h"
#include "cli/host.h"
#include "cli/json_line.h"
#include "cli/leaving.h"
#include "cli/options.h"

#include "base/text.h"
#include "link/review.h"

#include <stdio.h>
#include <stdlib.h>

struct learning {
    struct desk desk;
    struct shown *records;
    size_t count, capacity;
    struct review review;
    struct review_world world;
    uint64_t same, different;
    uint64_t gone;   /* of a record that is not there any more, or not to be seen */
    uint64_t silent; /* nothing is learned from: review_add */
};

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct shown *)a)->id, ((const struct shown *)b)->id, ENTRY_ID);
}

/* All that an act of this verb shows of the case, or of no case. */
static int read_all(struct learning *learning, enum verb verb)
{
    struct desk *desk = &learning->desk;
    struct receipt *receipt = NULL;
    struct shown shown;
    struct err err = {0};
    struct act act = desk_act(desk, verb);
    int code = desk_do(&receipt, desk, &act);
    if (code != EXIT_DONE)
        return code;
    enum status status;
    while ((status = receipt_next(&shown, receipt, &desk->arena, &err)) == OK ||
           status == CONFLICT) {
        if (status == CONFLICT) {
            leaving_tell_damaged(&shown, &err);
            continue;
        }
        if (memcmp(shown.case_id, desk->act.case_id, ENTRY_ID) != 0)
            continue;
        grow_to((void **)&learning->records, &learning->capacity, learning->count,
                sizeof *learning->records);
        learning->records[learning->count++] = shown;
    }
    receipt_close(receipt);
    return status == NOT_FOUND ? EXIT_DONE : complain(desk->arguments, status, &err);
}

static int read_records(struct learning *learning)
{
    int code = read_all(learning, VERB_EXPORT);
    if (code == EXIT_DONE)
        code = read_all(learning, VERB_HIT_LIST);
    if (learning->count > 0)
        qsort(learning->records, learning->count, sizeof *learning->records, by_id);
    return code;
}

/* Here, or in another case that one may see; NULL when not. */
static const struct record *find_record(struct learning *learning,
                                        const struct record *decision, const char *property)
{
    struct shown wanted, *shown;
    struct receipt *receipt = NULL;
    struct desk *desk = &learning->desk;
    if (!hex_read(wanted.id, sizeof wanted.id, record_first(decision, property)))
        return NULL;
    shown = learning->count == 0 ? NULL
                                 : bsearch(&wanted, learning->records, learning->count,
                                           sizeof *learning->records, by_id);
    if (shown != NULL)
        return &shown->record;
    struct act act = desk_act(desk, VERB_READ);
    memcpy(act.object, wanted.id, ENTRY_ID);
    memset(act.case_id, 0, sizeof act.case_id);
    if (act_perform(&receipt, desk->store, &act, NULL) != OK)
        return NULL;
    shown = arena_alloc(&desk->arena, sizeof *shown);
    enum status status = receipt_next(shown, receipt, &desk->arena, NULL);
    receipt_close(receipt);
    return status == OK ? &shown->record : NULL;
}

static void count_pair(struct learning *learning, bool same, bool learned)
{
    learning->same += same;
    learning->different += !same;
    learning->silent += !learned;
}

/* Two records of ours. */
static void take_decision(struct learning *learning, const struct record *decision)
{
    struct bytes verdict = record_first(decision, "verdict");
    bool same = bytes_is(verdict, "same");
    if (!same && !bytes_is(verdict, "different"))
        return;
    const struct record *a = find_record(learning, decision, "left");
    const struct record *b = find_record(learning, decision, "right");
    if (a == NULL || b == NULL)
        learning->gone++;
    else
        count_pair(learning, same,
                   review_add(&learning->review, &learning->world, a, b, same));
}

/* A record of ours and one of a partner's: how they agree stands in the hit. */
static void take_hit(struct learning *learning, const struct record *hit)
{
    struct bytes verdict = record_first(hit, "verdict");
    struct bytes agreement = record_first(hit, "agreement");
    struct review read = {.count = 0};
    bool same = bytes_is(verdict, "yes");
    if (!same && !bytes_is(verdict, "no"))
        return;
    bool learned = agreement.len > 0 && review_read(&read, agreement, NULL) == OK;
    for (size_t i = 0; i < read.count; i++) {
        read.rows[i].same = same;
        read.rows[i].different = !same;
        learned = review_merge(&learning->review, &read.rows[i]) && learned;
    }
    count_pair(learning, same, learned);
}

static void take_all(struct learning *learning)
{
    for (size_t i = 0; i < learning->count; i++)
        if ((learning->records[i].record.schema->flags & SCHEMA_MATCHABLE) != 0)
            review_world_add(&learning->world, &learning->records[i].record);
    review_world_settle(&learning->world);
    for (size_t i = 0; i < learning->count; i++) {
        const struct record *record = &learning->records[i].record;
        if (strcmp(record->schema->name, "LinkDecision") == 0)
            take_decision(learning, record);
        if (strcmp(record->schema->name, "Hit") == 0)
            take_hit(learning, record);
    }
}

/* ---- Keeping ---- */

static enum status add(struct record *record, const char *property, const char *text,
                       struct err *err)
{
    const struct property *row = schema_property(record->schema, bytes_text(property));
    return record_add(record, row, row->name, bytes_text(text), NULL, err);
}

static const struct shown *find_old(const struct learning *learning)
{
    for (size_t i = 0; i < learning->count; i++)
        if (strcmp(learning->records[i].record.schema->name, "LinkWeights") == 0)
            return &learning->records[i];
    return NULL;
}

/* One record a case (or of no case), and a version for each time something was learned. */
static int keep_record(struct learning *learning, const char *text)
{
    struct desk *desk = &learning->desk;
    struct record record;
    struct receipt *receipt = NULL;
    struct err err = {0};
    char today[11], pairs[32];
    const struct shown *old = find_old(learning);
    date_text(today, world_now_s(desk->world));
    snprintf(pairs, sizeof pairs, "%llu",
             (unsigned long long)(learning->same + learning->different));
    record_init(&record, schema_find(BYTES_OF("LinkWeights")), &desk->arena);
    record.id = REVIEW_RECORD;
    record.id_made = true;
    record.purpose = desk->act.purpose;
    enum status status = add(&record, "weights", text, &err);
    if (status == OK)
        status = add(&record, "pairs", pairs, &err);
    if (status == OK)
        status = add(&record, "date", today, &err);
    if (status == OK)
        status = record_finish(&record, NULL, &err);
    if (status != OK)
        return complain(desk->arguments, status, &err);
    struct act act = desk_act(desk, old != NULL ? VERB_EDIT : VERB_NEW);
    act.record = &record;
    if (old != NULL) {
        memcpy(act.object, old->id, ENTRY_ID);
        act.before = old->version;
    }
    int code = desk_do(&receipt, desk, &act);
    receipt_close(receipt);
    return code;
}

/* Nothing decided any more, and nothing learned before: no record says so. */
static bool is_worth_keeping(const struct learning *learning)
{
    return learning->same + learning->different > 0 || find_old(learning) != NULL;
}

static int keep(struct learning *learning)
{
    const char *path = argument(learning->desk.arguments, "o");
    struct buf text = {.max = VALUE_TEXT_MAX};
    struct err err = {0};
    review_write(&text, &learning->review);
    int code =
        is_worth_keeping(learning) ? keep_record(learning, buf_text(&text)) : EXIT_DONE;
    enum status status = OK;
    if (code == EXIT_DONE && path != NULL)
        status = host_write_file(
            path, buf_bytes(&text), FILE_SECRET,
            argument(learning->desk.arguments, "force") == NULL ? REVIEW_MARK : NULL, &err);
    if (status != OK)
        code = complain(learning->desk.arguments, status, &err);
    buf_release(&text);
    return code;
}

/* ---- Telling ---- */

static void tell_sum(const struct review_sum *sum, bool as_json)
{
    if (!as_json) {
        uint64_t pairs = sum->same + sum->different;
        printf("%s, by %s: different in %llu of %llu %s, and %.2g stated so; now %.2g\n",
               sum->schema,
               strcmp(sum->by, "keys") == 0 ? "keys" : "what is seen in the clear",
               (unsigned long long)sum->different, (unsigned long long)pairs,
               plural(pairs, "pair", "pairs"), sum->stated, sum->learned);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "schema", sum->schema);
    json_text_member(&line.json, "by", sum->by);
    json_count_member(&line.json, "same", sum->same);
    json_count_member(&line.json, "different", sum->different);
    json_line_rounded(&line, "stated", sum->stated);
    json_line_rounded(&line, "learned", sum->learned);
    json_line_end(&line);
}

static void tell_lesson(const struct review_sum *sum, const struct review_lesson *lesson,
                        bool as_json)
{
    if (!as_json) {
        printf("    %-10s %-28s %6llu same %6llu different  %+5.1f bits of doubt\n",
               lesson->field, lesson->level, (unsigned long long)lesson->same,
               (unsigned long long)lesson->different, lesson->bits);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "schema", sum->schema);
    json_text_member(&line.json, "by", sum->by);
    json_text_member(&line.json, "field", lesson->field);
    json_text_member(&line.json, "level", lesson->level);
    json_count_member(&line.json, "same", lesson->same);
    json_count_member(&line.json, "different", lesson->different);
    json_line_rounded(&line, "bits", lesson->bits);
    json_line_end(&line);
}

static void tell_way(const struct learning *learning, size_t way)
{
    bool as_json = learning->desk.arguments->json;
    struct review_lesson lessons[REVIEW_LESSONS_MAX];
    struct review_sum sum;
    size_t count = review_lessons(&sum, lessons, &learning->review, way);
    if (count == 0)
        return;
    tell_sum(&sum, as_json);
    for (size_t i = 0; i < count; i++)
        tell_lesson(&sum, &lessons[i], as_json);
}

static void tell(const struct learning *learning)
{
    const struct arguments *arguments = learning->desk.arguments;
    for (size_t way = 0; way < REVIEW_WAYS; way++)
        tell_way(learning, way);
    if (arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        json_count_member(&line.json, "pairs", learning->same + learning->different);
        json_count_member(&line.json, "same", learning->same);
        json_count_member(&line.json, "different", learning->different);
        json_count_member(&line.json, "gone", learning->gone);
        json_line_end(&line);
    } else {
        uint64_t pairs = learning->same + learning->different;
        printf("learned from %llu %s: %llu the same, %llu not\n", (unsigned long long)pairs,
               plural(pairs, "pair", "pairs"), (unsigned long long)learning->same,
               (unsigned long long)learning->different);
    }
    if (learning->silent > 0)
        fprintf(
            stderr,
            "from %llu of them nothing is learned: they agree in nothing that is "
            "weighed, in a number that decides alone, or in a way for which there is no "
            "room (%d ways are kept)\n",
            (unsigned long long)learning->silent, REVIEW_ROWS_MAX);
    if (learning->gone > 0)
        fprintf(stderr, "%llu %s about records that are gone, or not yours to see\n",
                (unsigned long long)learning->gone,
                plural(learning->gone, "decision is", "decisions are"));
    if (learning->same + learning->different > 0)
        fprintf(stderr, "`match` reads it %s; `link` does with --learned FILE (-o FILE)\n",
                argument(arguments, "case") != NULL ? "in this case"
                                                    : "for what is of no case");
}

int run_link_learn(const struct arguments *arguments, const struct world *world)
{
    struct learning *learning = xcalloc(1, sizeof *learning);
    int code = EXIT_USAGE;
    if (arguments->count != 0) {
        code =
            misused(arguments, "this learns from the decisions of --case, or of no case");
        goto out;
    }
    code = desk_open(&learning->desk, arguments, world);
    if (code != EXIT_DONE)
        goto out;
    code = read_records(learning);
    if (code == EXIT_DONE) {
        take_all(learning);
        code = keep(learning);
        if (code == EXIT_DONE)
            tell(learning);
    }
    code = desk_close(&learning->desk, code);
out:
    review_world_release(&learning->world);
    free(learning->records);
    free(learning);
    return code;
}
