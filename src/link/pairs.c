/* SPDX-License-Identifier: Apache-2.0 */
#include "link/pairs.h"

#include "link/closure.h"
#include "link/plain.h"

#include <math.h>
#include <stdlib.h>

/* Sorted, all holders of one key stand together, those of the first file before the second's. */
struct holding {
    struct side_key held;
    bool of_b;
};

static int holding_order(const void *left, const void *right)
{
    const struct holding *a = left, *b = right;
    int order = key_compare(a->held.key, b->held.key);
    if (order != 0)
        return order;
    if (a->of_b != b->of_b)
        return a->of_b ? 1 : -1;
    return (a->held.row > b->held.row) - (a->held.row < b->held.row);
}

static int shared_order(const void *left, const void *right)
{
    const struct shared_key *a = left, *b = right;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    if (a->b != b->b)
        return a->b < b->b ? -1 : 1;
    return key_compare(&a->key, &b->key);
}

/* The keys of one file, or of two with protected rows left out; the caller frees. */
static struct holding *list_holdings(size_t *count, const struct side *a,
                                     const struct side *b)
{
    size_t a_count, b_count = 0;
    struct side_key *of_a = side_keys(&a_count, a, b == NULL);
    struct side_key *of_b = b != NULL ? side_keys(&b_count, b, false) : NULL;
    struct holding *holdings = xcalloc(a_count + b_count, sizeof *holdings);
    for (size_t i = 0; i < a_count; i++)
        holdings[i] = (struct holding){of_a[i], false};
    for (size_t i = 0; i < b_count; i++)
        holdings[a_count + i] = (struct holding){of_b[i], true};
    *count = a_count + b_count;
    if (*count > 0)
        qsort(holdings, *count, sizeof *holdings, holding_order);
    free(of_a);
    free(of_b);
    return holdings;
}

struct shared_list {
    struct shared_key *items;
    size_t count, capacity;
};

static void add_shared(struct shared_list *list, const struct holding *a,
                       const struct holding *b)
{
    grow_to((void **)&list->items, &list->capacity, list->count, sizeof *list->items);
    list->items[list->count++] =
        (struct shared_key){a->held.row, b->held.row, *a->held.key};
}

/* holders[0..count-1] hold one key: those of the first file stand first. */
static void join_two_files(struct pairs *pairs, struct shared_list *shared,
                           const struct holding *holders, size_t count, size_t of_b_most)
{
    size_t split = 0;
    while (split < count && !holders[split].of_b)
        split++;
    if (split == 0 || split == count)
        return;
    if (count - split > of_b_most) {
        pairs->too_common++;
        return;
    }
    for (size_t i = 0; i < split; i++)
        for (size_t j = split; j < count; j++)
            add_shared(shared, &holders[i], &holders[j]);
}

static void join_one_file(struct pairs *pairs, struct shared_list *shared,
                          const struct holding *holders, size_t count)
{
    if (count > PAIRS_HOLDERS_MAX) {
        pairs->too_common++;
        return;
    }
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            add_shared(shared, &holders[i], &holders[j]);
}

static uint64_t findable(const struct side *side, bool leave_protected_out)
{
    return side->count - (leave_protected_out ? side->protected_rows : 0);
}

void pairs_find(struct pairs *pairs, const struct side *a, const struct side *b,
                enum pairs_mode mode)
{
    *pairs = (struct pairs){.review = pairs->review};
    bool two = b != NULL;
    size_t count;
    struct holding *holdings = list_holdings(&count, a, b);
    struct shared_list shared = {0};
    size_t most = mode == PAIRS_KEYS ? PAIRS_MANY - 1 : PAIRS_HOLDERS_MAX;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && key_compare(holdings[from].held.key,
                                                      holdings[to].held.key) == 0;)
            to++;
        if (two)
            join_two_files(pairs, &shared, holdings + from, to - from, most);
        else
            join_one_file(pairs, &shared, holdings + from, to - from);
    }
    free(holdings);

    /* Of one file, each pair is told once: a row is laid beside half of the others. */
    uint64_t population = two ? findable(b, true) : (findable(a, false) + 1) / 2;
    pairs_decide(pairs, shared.items, shared.count, a, population, !two);
    free(shared.items);
    if (mode == PAIRS_PLAIN)
        plain_add(pairs, a, b, population);
    pairs_tell_reviewed(pairs, &pairs->learned, MIXTURE_KEYS);
}

static struct pair *new_pair(struct pairs *pairs)
{
    grow_to((void **)&pairs->items, &pairs->capacity, pairs->count, sizeof *pairs->items);
    return &pairs->items[pairs->count++];
}

/* Of a list of hits, no more may be expected to be wrong than this share, or half a one. */
static const double WRONG_SHARE = 0.0035, WRONG_LEAST = 0.5;

static bool is_judged(const struct decision *decision)
{
    return decision->counted || decision->plain || decision->follows;
}

static int doubt_order(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

void pairs_thin(struct pairs *pairs)
{
    double *doubts = xcalloc(pairs->count + 1, sizeof *doubts);
    size_t count = 0;
    for (size_t i = 0; i < pairs->count; i++)
        if (is_judged(&pairs->items[i].decision))
            doubts[count++] = decision_wrong(pairs->items[i].decision.expected_false);
    if (count > 0)
        qsort(doubts, count, sizeof *doubts, doubt_order);
    double sum = 0, most = 1;
    for (size_t i = 0; i < count; i++) {
        sum += doubts[i];
        if (sum > WRONG_LEAST && sum > WRONG_SHARE * (double)(i + 1)) {
            most = i > 0 ? doubts[i - 1] : 0;
            break;
        }
    }
    free(doubts);
    size_t kept = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        struct decision *decision = &pairs->items[i].decision;
        bool stays = !is_judged(decision) || decision->keyed ||
                     decision_wrong(decision->expected_false) <= most;
        if (!stays && accord_is_whole(&decision->accord)) {
            stays = true;
            if (!decision->weak)
                decision_reason(decision, WHOLE_DOUBT);
            decision->weak = true;
        }
        if (stays)
            pairs->items[kept++] = pairs->items[i];
    }
    pairs->count = kept;
}

/* Two rows and, in the list of shared keys, where theirs are. */
struct meeting {
    size_t from, to;
};

/* All meetings of a run; the decisions on them, of which the hits are kept. */
struct deciding {
    struct pairs *pairs;
    const struct shared_key *shared;
    const struct meeting *meetings;
    size_t count;
    const struct side *a;
    struct decide_query query;
    uint32_t *same_rows; /* of each row of a file compared with itself; else NULL */
};

static void decide_one(struct decision *out, const struct deciding *deciding, size_t at)
{
    struct key keys[KEYS_RECORD_MAX];
    size_t count = 0;
    const struct meeting *meeting = &deciding->meetings[at];
    for (size_t i = meeting->from; i < meeting->to && count < KEYS_RECORD_MAX; i++)
        keys[count++] = deciding->shared[i].key;
    struct decide_query query = deciding->query;
    size_t row = deciding->shared[meeting->from].a;
    query.asks = deciding->a->rows[row].asks;
    query.same_rows = deciding->same_rows != NULL && deciding->same_rows[row] > 0
                          ? deciding->same_rows[row]
                      : deciding->same_rows != NULL ? 1
                                                    : 0;
    decide_query(out, keys, count, &query, &deciding->pairs->arena);
}

/* So many rows show how records agree; of more, every second, third ... is looked at. */
enum { LEARN_ROWS = 20000 };

bool pairs_may_follow(const struct side *a, bool within)
{
    return side_persons(a, within) >= MIXTURE_LONG_RUN;
}

size_t pairs_learn_step(const struct side *a)
{
    return a->count / LEARN_ROWS + 1;
}

/* One look at all meetings: how they agree, and how many rows are taken for each row.
 * Returns how many meetings are counted. */
static size_t look(struct accord *seen, uint32_t *same_rows, struct deciding *deciding,
                   size_t step)
{
    size_t count = 0;
    for (size_t i = 0; i < deciding->count; i++) {
        struct decision decision;
        struct arena_mark before = arena_mark(&deciding->pairs->arena);
        decide_one(&decision, deciding, i);
        arena_rewind(&deciding->pairs->arena, before);
        const struct shared_key *first = &deciding->shared[deciding->meetings[i].from];
        if (decision.counted && first->a % step == 0)
            seen[count++] = decision.accord;
        if (same_rows != NULL && decision.hit) {
            same_rows[first->a]++;
            same_rows[first->b]++;
        }
    }
    return count;
}

/* What the run shows of how one person's records agree, and others'. Of a file compared
 * with itself also which rows are no others to a row; twice, because each is known better
 * by the other. */
static void learn(struct mixture *mixture, struct deciding *deciding, uint64_t queries,
                  bool within)
{
    size_t step = pairs_learn_step(deciding->a), room = 1;
    for (size_t i = 0; i < deciding->count; i++)
        room += deciding->shared[deciding->meetings[i].from].a % step == 0;
    struct accord *seen = xcalloc(room, sizeof *seen);
    for (int time = 0; time < (within ? 2 : 1); time++) {
        uint32_t *same_rows =
            within ? xcalloc(deciding->a->count + 1, sizeof *same_rows) : NULL;
        size_t count = look(seen, same_rows, deciding, step);
        free(deciding->same_rows);
        deciding->same_rows = same_rows;
        mixture_init(mixture, MIXTURE_KEYS);
        mixture_learn(mixture, seen, count, queries / step);
        deciding->query.learned = mixture;
    }
    free(seen);
}

static struct meeting *list_meetings(size_t *out, const struct shared_key *shared,
                                     size_t count)
{
    struct meeting *meetings = xcalloc(count + 1, sizeof *meetings);
    *out = 0;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && shared[to].a == shared[from].a &&
                        shared[to].b == shared[from].b;)
            to++;
        meetings[(*out)++] = (struct meeting){from, to};
    }
    return meetings;
}

/* Of link/closure: what two rows that are no hit share, if anything. */
static bool look_by_keys(struct decision *out, size_t a, size_t b, void *context)
{
    struct deciding *deciding = context;
    size_t from = 0, to = deciding->count;
    *out = (struct decision){.hit = false};
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const struct shared_key *first = &deciding->shared[deciding->meetings[middle].from];
        if (first->a < a || (first->a == a && first->b < b))
            from = middle + 1;
        else
            to = middle;
    }
    if (from == deciding->count)
        return true;
    const struct shared_key *first = &deciding->shared[deciding->meetings[from].from];
    if (first->a == a && first->b == b)
        decide_one(out, deciding, from);
    return true;
}

void pairs_decide(struct pairs *pairs, struct shared_key *shared, size_t count,
                  const struct side *a, uint64_t population, bool within)
{
    if (count > 0)
        qsort(shared, count, sizeof *shared, shared_order);
    size_t meeting_count;
    struct meeting *meetings = list_meetings(&meeting_count, shared, count);
    struct deciding deciding = {
        .pairs = pairs,
        .shared = shared,
        .meetings = meetings,
        .count = meeting_count,
        .a = a,
        .query = {.population = population, .parts = &a->parts},
    };
    learn(&pairs->learned, &deciding, side_persons(a, within), within);
    for (size_t i = 0; i < meeting_count; i++) {
        struct arena_mark before = arena_mark(&pairs->arena);
        struct decision decision;
        decide_one(&decision, &deciding, i);
        if (!decision.hit) {
            arena_rewind(&pairs->arena, before);
            continue;
        }
        const struct shared_key *first = &shared[meetings[i].from];
        *new_pair(pairs) = (struct pair){first->a, first->b, decision};
    }
    if (pairs_may_follow(a, within))
        closure_add(pairs, &(struct closure){.within = within,
                                             .most = mixture_doubt_max(&pairs->learned),
                                             .look = look_by_keys,
                                             .context = &deciding});
    free(deciding.same_rows);
    free(meetings);
    pairs_thin(pairs);
}

/* So much more doubt is told, where it comes of other agreements. */
static const double MUCH_DOUBTED = 2;

static int pair_order(const void *left, const void *right)
{
    const struct pair *a = left, *b = right;
    if (a->a != b->a)
        return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

void pairs_sort(struct pairs *pairs)
{
    if (pairs->count > 0)
        qsort(pairs->items, pairs->count, sizeof *pairs->items, pair_order);
}

struct pair *pairs_at(const struct pairs *pairs, size_t count, size_t a, size_t b)
{
    const struct pair wanted = {.a = a, .b = b};
    return count == 0 ? NULL
                      : bsearch(&wanted, pairs->items, count, sizeof wanted, pair_order);
}

void pairs_tell_reviewed(struct pairs *pairs, const struct mixture *mixture,
                         enum mixture_kind kind)
{
    struct review_doubt doubt;
    if (pairs->review == NULL)
        return;
    review_fit(&doubt, pairs->review, mixture, kind);
    for (size_t i = 0; i < pairs->count; i++) {
        struct decision *decision = &pairs->items[i].decision;
        bool plain = kind == MIXTURE_PLAIN;
        if (decision->plain != plain || decision->follows || (!plain && !decision->counted))
            continue;
        double factor = review_factor(&doubt, &decision->accord);
        const char *sentence =
            review_sentence(pairs->review, &decision->accord, kind, &pairs->arena);
        if (sentence == NULL && factor >= MUCH_DOUBTED)
            sentence =
                "people decided that pairs which agree nearly so are often not the same";
        if (sentence != NULL)
            decision_reason(decision, sentence);
        /* More may be stated already for what speaks against it, and less for other records. */
        double stated = decision->expected_false,
               alone = mixture_doubt(mixture, &decision->accord);
        decision->expected_false = fmax(stated, fmin(stated, alone) * factor);
        if (decision->expected_false == stated)
            continue;
        decision->score = 1 / (1 + decision->expected_false);
        decision->weak =
            decision->weak || decision->expected_false > mixture_doubt_max(mixture);
    }
}

void pairs_tell_ways(struct pairs *pairs, const struct side *a, const struct side *second)
{
    for (size_t i = 0; i < pairs->count; i++) {
        struct pair *pair = &pairs->items[i];
        if (pair->via_count == 0)
            continue;
        const char *way = a->rows[pair->a].label;
        for (size_t v = 0; v < pair->via_count; v++) {
            const struct side *side = v % 2 == 0 ? second : a;
            way =
                arena_printf(&pairs->arena, "%s = %s", way, side->rows[pair->via[v]].label);
        }
        decision_reason(&pair->decision,
                        arena_printf(&pairs->arena, "follows from other hits: %s = %s", way,
                                     second->rows[pair->b].label));
    }
}

void pairs_release(struct pairs *pairs)
{
    if (pairs == NULL)
        return;
    arena_release(&pairs->arena);
    free(pairs->items);
    *pairs = (struct pairs){0};
}

struct label {
    struct bytes text;
    bool of_b;
};

static int label_order(const void *left, const void *right)
{
    return bytes_compare(((const struct label *)left)->text,
                         ((const struct label *)right)->text);
}

static size_t add_labels(struct label *out, const struct side *side, bool of_b)
{
    size_t count = 0;
    for (size_t row = 0; side != NULL && row < side->count; row++)
        if (side->rows[row].truth.len > 0)
            out[count++] = (struct label){side->rows[row].truth, of_b};
    return count;
}

static double true_pairs(const struct side *a, const struct side *b)
{
    struct label *labels = xcalloc(a->count + (b ? b->count : 0), sizeof *labels);
    size_t count = add_labels(labels, a, false);
    count += add_labels(labels + count, b, true);
    qsort(labels, count, sizeof *labels, label_order);
    double total = 0;
    for (size_t from = 0, to; from < count; from = to) {
        size_t of_b = 0;
        for (to = from; to < count && bytes_equal(labels[to].text, labels[from].text); to++)
            of_b += labels[to].of_b;
        double rows = (double)(to - from), others = (double)of_b;
        total += b != NULL ? (rows - others) * others : rows * (rows - 1) / 2;
    }
    free(labels);
    return total;
}

void pairs_judge(double *recall, double *precision, const struct pairs *pairs,
                 const struct side *a, const struct side *b)
{
    double right = 0;
    const struct side *second = b != NULL ? b : a;
    for (size_t i = 0; i < pairs->count; i++) {
        struct bytes label = a->rows[pairs->items[i].a].truth;
        right += label.len > 0 && bytes_equal(label, second->rows[pairs->items[i].b].truth);
    }
    *recall = right / true_pairs(a, b);
    *precision = right / (double)pairs->count;
}
