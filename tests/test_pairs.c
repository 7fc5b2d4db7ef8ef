/* SPDX-License-Identifier: Apache-2.0
 *
 * pairs_find against a slow twin that looks at every two rows, and the measures against a count
 * by hand.
 */
#include "link/pairs.h"

#include "base/world.h"
#include "check.h"

#include <math.h>

enum { ROWS_MAX = 40, KEYS_A_ROW_MAX = 6, RUNS = 200 };

static struct world_seeded seeded;

static unsigned draw(unsigned limit)
{
    uint32_t number;
    world_random(&seeded.world, &number, sizeof number);
    return number % limit;
}

static int key_order(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    return bytes_compare(x->value, y->value);
}

/* Keys from a small pool, so that they meet; also weak ones and single name tokens. */
static struct key random_key(struct arena *arena)
{
    static const enum key_class classes[] = {KEY_PHONE, KEY_IMO, KEY_PERSON, KEY_PERSON};
    enum key_class class = classes[draw(4)];
    char *value = class == KEY_PERSON
                      ? arena_printf(arena, "n%u 19%02u-01-02", draw(4), draw(3))
                      : arena_printf(arena, "%u", draw(12));
    return (struct key){class, bytes_text(value), 20};
}

static void fill(struct side *side, unsigned rows)
{
    static const char *const labels[] = {"a", "b", "c", ""};
    *side = (struct side){.first_reason = ""};
    side->count = rows;
    side->rows = xcalloc(rows, sizeof *side->rows);
    for (unsigned i = 0; i < rows; i++) {
        struct side_row *row = &side->rows[i];
        struct key *keys = arena_alloc(&side->arena, KEYS_A_ROW_MAX * sizeof *keys);
        size_t count = draw(KEYS_A_ROW_MAX), kept = 0;
        for (size_t k = 0; k < count; k++)
            keys[k] = random_key(&side->arena);
        qsort(keys, count, sizeof *keys, key_order);
        for (size_t k = 0; k < count; k++)
            if (kept == 0 || key_order(&keys[kept - 1], &keys[k]) != 0)
                keys[kept++] = keys[k];
        *row = (struct side_row){.label = arena_printf(&side->arena, "%u", i),
                                 .truth = bytes_text(labels[draw(4)]),
                                 .keys = keys,
                                 .key_count = kept,
                                 .is_protected = draw(8) == 0};
        side->protected_rows += row->is_protected;
    }
}

static size_t holders(const struct side *side, const struct key *key)
{
    size_t count = 0;
    for (size_t i = 0; i < side->count; i++)
        for (size_t k = 0; !side->rows[i].is_protected && k < side->rows[i].key_count; k++)
            count += key_order(&side->rows[i].keys[k], key) == 0;
    return count;
}

/* Does this pair belong to the answer? Straight from the words of link/pairs.h. */
static bool twin_hit(const struct pairs *pairs, const struct side *a, const struct side *b,
                     size_t i, size_t j, bool two, struct arena *arena)
{
    struct key shared[KEYS_A_ROW_MAX];
    size_t count = 0;
    if (two && (a->rows[i].is_protected || b->rows[j].is_protected))
        return false;
    for (size_t k = 0; k < a->rows[i].key_count; k++)
        for (size_t l = 0; l < b->rows[j].key_count; l++) {
            const struct key *key = &a->rows[i].keys[k];
            if (key_order(key, &b->rows[j].keys[l]) != 0)
                continue;
            if (!two || holders(b, key) < PAIRS_MANY)
                shared[count++] = *key;
        }
    struct decision decision;
    uint64_t population = two ? b->count - b->protected_rows : ((uint64_t)a->count + 1) / 2;
    const struct decide_query query = {.population = population,
                                       .learned = &pairs->learned};
    decide_query(&decision, shared, count, &query, arena);
    return decision.hit;
}

static void test_against_twin(bool two)
{
    size_t found = 0;
    for (unsigned run = 0; run < RUNS; run++) {
        struct side a, b;
        struct pairs pairs = {0};
        struct arena arena = {0};
        fill(&a, 1 + draw(ROWS_MAX));
        fill(&b, 1 + draw(ROWS_MAX));
        const struct side *second = two ? &b : &a;
        pairs_find(&pairs, &a, two ? &b : NULL, PAIRS_KEYS);
        size_t at = 0;
        bool same = true;
        for (size_t i = 0; i < a.count; i++)
            for (size_t j = two ? 0 : i + 1; j < second->count; j++) {
                if (!twin_hit(&pairs, &a, second, i, j, two, &arena))
                    continue;
                same = same && at < pairs.count && pairs.items[at].a == i &&
                       pairs.items[at].b == j;
                at++;
            }
        CHECK_SEEN(same && at == pairs.count, "run %u: %zu pairs, %zu wanted", run,
                   pairs.count, at);
        found += at;
        arena_release(&arena);
        pairs_release(&pairs);
        side_release(&a);
        side_release(&b);
    }
    CHECK_SEEN(found > RUNS, "only %zu pairs in all: the runs show nothing", found);
}

static void test_judging(void)
{
    struct side a, b;
    struct pairs pairs = {0};
    double recall, precision;
    fill(&a, 4);
    fill(&b, 3);
    static const char *const of_a[] = {"x", "x", "y", ""}, *const of_b[] = {"x", "y", ""};
    for (size_t i = 0; i < 4; i++)
        a.rows[i].truth = bytes_text(of_a[i]);
    for (size_t i = 0; i < 3; i++)
        b.rows[i].truth = bytes_text(of_b[i]);
    struct pair found[] = {{.a = 0, .b = 0}, {.a = 2, .b = 0}, {.a = 3, .b = 2}};
    pairs.items = found;
    pairs.count = 3;
    pairs_judge(&recall, &precision, &pairs, &a, &b);
    CHECK(fabs(recall - 1.0 / 3) < 1e-12); /* x-x twice, y-y: three true pairs, one found */
    CHECK(fabs(precision - 1.0 / 3) < 1e-12); /* unlabelled rows are never right */
    found[0] = (struct pair){.a = 0, .b = 1};
    pairs.count = 1;
    pairs_judge(&recall, &precision, &pairs, &a, NULL);
    CHECK(recall == 1 && precision == 1);
    pairs.count = 0;
    pairs_judge(&recall, &precision, &pairs, &a, NULL);
    CHECK(recall == 0 && isnan(precision));
    side_release(&a);
    side_release(&b);
}

static void test_labels(void)
{
    static const struct {
        const char *truth, *value, *label;
    } cases[] = {
        {"rec_id", "rec-12-org", "rec-12-org"},
        {"rec_id:rec-(\\d+)", "rec-12-org", "12"},
        {"rec_id:^(rec-[0-9]+)", "rec-12-dup-0", "rec-12"},
        {"rec_id:rec-\\d+", "rec-12-org", "rec-12"},
        {"rec_id:(a)|(b)", "b", ""},
        {"rec_id:x", "rec-12-org", ""},
        {"rec_id:(\\w+):(\\w+)", "one:two", "one"},
        {"rec_id:(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
         ""}, /* a costly one: bounded */
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct truth truth;
        struct err err = {0};
        CHECK_SEEN(truth_init(&truth, cases[i].truth, &err) == OK, "%s", err.text);
        CHECK_TEXT(truth.column, "rec_id");
        CHECK_TEXT(truth_label(&truth, bytes_text(cases[i].value), &arena), cases[i].label);
        truth_release(&truth);
    }
    struct truth truth;
    struct err err = {0};
    CHECK(truth_init(&truth, "rec_id:(", &err) == BAD_INPUT && err.text[0] != '\0');
    arena_release(&arena);
}

int main(void)
{
    world_seeded_init(&seeded, 5, 0);
    test_against_twin(true);
    test_against_twin(false);
    test_judging();
    test_labels();
    return check_done("pairs");
}
