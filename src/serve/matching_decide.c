/* SPDX-License-Identifier: Apache-2.0
 *
 * What of an asking's findings is a hit: decided where `link` decides it, and as carefully.
 *
 * Persons are decided all together, a partner's map at a time (link/pairs): what they show of how records
 * agree is learned, and the doubtful are left out. How common a name, its letters, a year of birth or a
 * town is, the asked records tell, and a sample of the node's other persons, read for the node itself.
 * A key of a person that five or more of their records hold points at none. Other classes are decided
 * each by itself.
 */
#include "serve/matching_run.h"

#include "base/log.h"
#include "link/pairs.h"

#include <stdlib.h>

enum { SAMPLE_MAX = 2000, READ_MAX = 20000 };

static int number_order(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* The numbers of the asked records, sorted; the caller frees. */
static uint64_t *asked_numbers(size_t *count, const struct run *run)
{
    uint64_t *numbers = xcalloc(run->record_count + 1, sizeof *numbers);
    *count = 0;
    for (size_t i = 0; i < run->record_count; i++)
        *count += store_number(&numbers[*count], run->matching->store, run->records[i].id);
    if (*count > 0)
        qsort(numbers, *count, sizeof *numbers, number_order);
    return numbers;
}

/* Counts persons of the node that are not asked, evenly over its log, in which records stand among acts: the
 * sample goes through it again, beside where it was, until there are enough. What cannot be read is left out: it is for an
 * estimate. */
static void count_others(struct frequency *parts, const struct run *run)
{
    struct arena arena = {0};
    size_t asked_count;
    uint64_t *asked = asked_numbers(&asked_count, run);
    uint64_t size = store_size(run->matching->store);
    uint64_t step = size / SAMPLE_MAX + 1, persons = 0, read = 0;
    for (uint64_t i = 0; i < size && persons < SAMPLE_MAX && read < READ_MAX; i++, read++) {
        /* 0, step, 2 step ..., then 1, 1 + step ... */
        uint64_t rounds = (size + step - 1) / step, number = i % rounds * step + i / rounds;
        struct record record;
        if (number >= size)
            continue;
        if (asked_count > 0 &&
            bsearch(&number, asked, asked_count, sizeof number, number_order) != NULL)
            continue;
        if (store_current(&record, run->matching->store, number, &arena, NULL) == OK &&
            record.schema != NULL && schema_is_a(record.schema, "Person")) {
            struct key_list keys = {0};
            keys_of_record(&keys, &record, &arena);
            decide_count(parts, keys.items, keys.count);
            persons++;
        }
        arena_reset(&arena);
    }
    arena_release(&arena);
    free(asked);
}

/* The asked persons as the side that asks: a row each. rows[i]: the row of record i. */
static void make_side(struct side *side, size_t *rows, const struct run *run)
{
    *side = (struct side){.first_reason = ""};
    side->rows = xcalloc(run->record_count + 1, sizeof *side->rows);
    for (size_t from = 0, end; from < run->key_count; from = end) {
        size_t record = run->keys[from].record;
        struct key persons[KEYS_PERSON_MAX];
        size_t count = 0;
        for (end = from; end < run->key_count && run->keys[end].record == record; end++)
            if (run->keys[end].key.class == KEY_PERSON && count < KEYS_PERSON_MAX)
                persons[count++] = run->keys[end].key;
        if (count == 0)
            continue;
        rows[record] = side->count;
        side->rows[side->count++].asks = run->records[record].asks;
        decide_count(&side->parts, persons, count);
    }
}

/* The decisions outlive the pairs they come of. */
static void keep(struct decision *kept, const struct decision *decision,
                 struct arena *arena)
{
    *kept = *decision;
    for (size_t i = 0; i < kept->why_count; i++)
        kept->why[i] = arena_text(arena, bytes_text(decision->why[i]));
}

static bool is_of_persons(const struct run *run, const struct meeting_found *meeting)
{
    return run->keys[meeting->first->key].key.class == KEY_PERSON;
}

/* A meeting of persons: our row, and their record as a row of theirs. */
struct person_met {
    size_t row;
    uint64_t tag;
    size_t theirs;
    struct meeting_found *meeting;
};

static int tag_order(const void *left, const void *right)
{
    const struct person_met *a = left, *b = right;
    return (a->tag > b->tag) - (a->tag < b->tag);
}

static int met_order(const void *left, const void *right)
{
    const struct person_met *a = left, *b = right;
    if (a->row != b->row)
        return a->row < b->row ? -1 : 1;
    return (a->theirs > b->theirs) - (a->theirs < b->theirs);
}

/* The meetings of persons under one announcement, by our row and theirs; the caller frees. */
static struct person_met *list_met(size_t *out, struct meeting_found *meetings,
                                   size_t count, const size_t *rows, const struct run *run,
                                   size_t channel)
{
    struct person_met *met = xcalloc(count + 1, sizeof *met);
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        const struct found *first = meetings[i].first;
        if (first->channel == channel && is_of_persons(run, &meetings[i]) && !first->many)
            met[(*out)++] = (struct person_met){
                .row = rows[first->record], .tag = first->tag, .meeting = &meetings[i]};
    }
    if (*out == 0)
        return met;
    qsort(met, *out, sizeof *met, tag_order);
    for (size_t i = 1; i < *out; i++)
        met[i].theirs = met[i - 1].theirs + (met[i].tag != met[i - 1].tag);
    qsort(met, *out, sizeof *met, met_order);
    return met;
}

static const struct person_met *find_met(const struct person_met *met, size_t count,
                                         size_t row, size_t theirs)
{
    const struct person_met wanted = {.row = row, .theirs = theirs};
    return bsearch(&wanted, met, count, sizeof wanted, met_order);
}

/* What people decided in this case; of what is of no case anybody may decide, and it is for that alone. What
 * cannot be read says nothing. */
static struct review *read_learned(const struct run *run)
{
    struct review *review = xcalloc(1, sizeof *review);
    struct store *store = run->matching->store;
    struct arena arena = {0};
    struct record record;
    uint8_t id[ENTRY_ID];
    uint64_t number;
    if (store_find_source(id, store, run->ask.act.who, run->ask.act.case_id, REVIEW_RECORD,
                          NULL) == OK &&
        store_number(&number, store, id) &&
        store_current(&record, store, number, &arena, NULL) == OK &&
        record.schema != NULL && strcmp(record.schema->name, "LinkWeights") == 0 &&
        review_read(review, record_first(&record, "weights"), NULL) != OK)
        log_event(LOG_WARN, "learned cannot be read", NULL);
    arena_release(&arena);
    return review;
}

/* All persons found under one announcement. What follows from other hits is one where a key is shared,
 * too: without one there is nothing to claim it with. */
static void decide_channel(struct meeting_found *meetings, size_t count,
                           const struct side *side, const size_t *rows,
                           const struct review *review, struct run *run, size_t channel)
{
    size_t met_count, most = 0, shared_count = 0;
    struct person_met *met = list_met(&met_count, meetings, count, rows, run, channel);
    for (size_t i = 0; i < met_count; i++)
        most += met[i].meeting->count;
    struct shared_key *shared = xcalloc(most + 1, sizeof *shared);
    for (size_t i = 0; i < met_count; i++)
        for (size_t k = 0; k < met[i].meeting->count; k++)
            shared[shared_count++] = (struct shared_key){
                met[i].row, met[i].theirs, run->keys[met[i].meeting->first[k].key].key};
    if (shared_count > 0) {
        struct pairs pairs = {.review = review};
        pairs_decide(&pairs, shared, shared_count, side,
                     map_records(&run->channels[channel].maps[KEY_PERSON].base), false);
        pairs_tell_reviewed(&pairs, &pairs.learned, MIXTURE_KEYS);
        for (size_t i = 0; i < pairs.count; i++) {
            const struct pair *pair = &pairs.items[i];
            const struct person_met *own = find_met(met, met_count, pair->a, pair->b);
            if (own == NULL)
                continue;
            keep(&own->meeting->decision, &pair->decision, run->arena);
            /* Of which, is not written into this hit: another record may be erased, or of other members. */
            if (pair->via_count > 0)
                decision_reason(&own->meeting->decision,
                                "follows from other hits: their record is also that of "
                                "another of yours");
        }
        pairs_release(&pairs);
    }
    free(shared);
    free(met);
}

static void decide_alone(struct meeting_found *meeting, struct run *run)
{
    const struct found *first = meeting->first;
    struct key *keys = arena_alloc(run->arena, meeting->count * sizeof *keys);
    for (size_t i = 0; i < meeting->count; i++)
        keys[i] = run->keys[first[i].key].key;
    enum key_class class = keys[0].class;
    decide_by_keys(&meeting->decision, keys, meeting->count,
                   map_records(&run->channels[first->channel].maps[class].base),
                   run->arena);
}

void run_decide(struct meeting_found *meetings, size_t count, struct run *run)
{
    bool persons = false;
    for (size_t i = 0; i < count; i++) {
        if (is_of_persons(run, &meetings[i]))
            persons = true;
        else
            decide_alone(&meetings[i], run);
    }
    if (!persons)
        return;
    struct side side;
    size_t *rows = xcalloc(run->record_count + 1, sizeof *rows);
    make_side(&side, rows, run);
    count_others(&side.parts, run);
    frequency_settle(&side.parts);
    struct review *review = read_learned(run);
    for (size_t channel = 0; channel < run->channel_count; channel++)
        decide_channel(meetings, count, &side, rows, review, run, channel);
    free(review);
    side_release(&side);
    free(rows);
}
