/* SPDX-License-Identifier: Apache-2.0
 *
 * The key table, with its runs and their filters, against a plain list; and the filter alone.
 *
 *     test_store_keys [SEEDS [FIRST]]     default 40 seeds from 1
 *
 * Runs are tiny here, so that rows move all the time; the database is closed, cut off and opened
 * again in between, so that filters are met in each of their states. What the table says of a row
 * that was added, removed or never there must be what the list says, always: a filter that says
 * once too often "not there" would let the same row of a file in twice.
 */
#include "check.h"
#include "sim_disk.h"

#include "store/database_keys.h"
#include "store/filter.h"

enum { HASHES = 300, LIST_MAX = 4096, FOUND_MAX = 8, ROUNDS = 120, ADDED_MAX = 90 };

static struct err err;
static const struct database_tuning tiny = {
    .wal_pages = 24, .run_rows = 16, .slice_rows = 8, .block_rows = 5};
static const uint8_t writer[DATABASE_WRITER] = {7};

struct list {
    struct key_row rows[LIST_MAX];
    size_t count;
};

struct run {
    struct sim_disk sim;
    struct database *db;
    struct list durable, now;
    uint64_t hashes[HASHES][2];
    struct head head;
    uint64_t next_number;
};

/* ---- The filter ---- */

static uint64_t wide(struct sim_disk *sim)
{
    return sim_draw(sim, UINT32_MAX) << 33 ^ sim_draw(sim, UINT32_MAX) << 11 ^
           sim_draw(sim, UINT32_MAX);
}

static void test_filter(uint64_t rows)
{
    enum { STRANGERS = 20000 };
    static struct sim_disk sim;
    struct filter filter = {0};
    unsigned let_through = 0, missing = 0;
    sim_init(&sim, rows + 1);
    CHECK(filter_may_have(&filter, 1, 2)); /* without memory it may have anything */
    filter_add(&filter, 1, 2);
    filter_init(&filter, rows);
    for (uint64_t i = 0; i < rows; i++) {
        uint64_t hi = wide(&sim), lo = wide(&sim);
        filter_add(&filter, hi, lo);
    }
    sim_init(&sim, rows + 1);
    for (uint64_t i = 0; i < rows; i++) {
        uint64_t hi = wide(&sim), lo = wide(&sim);
        missing += !filter_may_have(&filter, hi, lo);
    }
    for (unsigned i = 0; i < STRANGERS; i++) {
        uint64_t hi = wide(&sim), lo = wide(&sim);
        let_through += filter_may_have(&filter, hi, lo);
    }
    CHECK_SEEN(missing == 0, "of %llu rows %u", (unsigned long long)rows, missing);
    CHECK_SEEN(let_through <= STRANGERS / 100, "of %llu rows: %u", (unsigned long long)rows,
               let_through);
    filter_release(&filter);
    filter_release(&filter);
}

/* The ends of what a hash can be. */
static void test_filter_ends(void)
{
    static const uint64_t ends[] = {0, 1, UINT32_MAX, UINT64_MAX - 1, UINT64_MAX};
    struct filter filter = {0};
    filter_init(&filter, 0);
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            filter_add(&filter, ends[i], ends[j]);
            CHECK(filter_may_have(&filter, ends[i], ends[j]));
        }
    filter_release(&filter);
}

/* ---- The table ---- */

static bool open_database(struct run *run, bool create)
{
    uint8_t who[DATABASE_WRITER];
    struct database_options options = {
        .path = "keys.db", .disk = &run->sim.disk, .create = create, .tuning = &tiny};
    enum status status = database_open(&run->db, &options, &err);
    CHECK_SEEN(status == OK, "%s", err.text);
    if (status != OK)
        return false;
    if (create)
        return CHECK(database_begin(run->db, &err) == OK &&
                     database_found(run->db, writer, &err) == OK &&
                     database_commit(run->db, &run->head, 0, &err) == OK);
    return CHECK(database_head(&run->head, who, run->db, &err) == OK);
}

static void list_remove(struct list *list, const struct key_row *row, bool all_of_number)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool goes = all_of_number ? list->rows[i].number == row->number
                                  : memcmp(&list->rows[i], row, sizeof *row) == 0;
        if (!goes)
            list->rows[kept++] = list->rows[i];
    }
    list->count = kept;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static bool agrees(struct run *run, uint64_t hi, uint64_t lo)
{
    uint64_t found[FOUND_MAX], wanted[LIST_MAX];
    size_t count = 0, expected = 0;
    for (size_t i = 0; i < run->now.count; i++)
        if (run->now.rows[i].hi == hi && run->now.rows[i].lo == lo)
            wanted[expected++] = run->now.rows[i].number;
    if (database_find_key(found, &count, FOUND_MAX, run->db, hi, lo, &err) != OK)
        return false;
    if (expected > FOUND_MAX) /* which of them is not said */
        return count == FOUND_MAX + 1;
    if (expected > 1)
        qsort(wanted, expected, sizeof *wanted, by_number);
    return count == expected && memcmp(found, wanted, count * sizeof *found) == 0;
}

static void add_some(struct run *run)
{
    struct key_row rows[ADDED_MAX];
    size_t count = 1 + sim_draw(&run->sim, ADDED_MAX);
    if (run->now.count + count > LIST_MAX)
        return;
    for (size_t i = 0; i < count; i++) {
        size_t which = sim_draw(&run->sim, HASHES);
        rows[i] = (struct key_row){run->hashes[which][0], run->hashes[which][1],
                                   ++run->next_number};
        run->now.rows[run->now.count++] = rows[i];
    }
    CHECK(database_add_keys(run->db, rows, count, &err) == OK);
}

static void remove_some(struct run *run)
{
    for (size_t i = sim_draw(&run->sim, 60); i > 0 && run->now.count > 0; i--) {
        struct key_row row = run->now.rows[sim_draw(&run->sim, run->now.count)];
        bool all = sim_draw(&run->sim, 8) == 0;
        list_remove(&run->now, &row, all);
        CHECK((all ? database_remove_keys_of(run->db, row.number, &err)
                   : database_remove_key(run->db, &row, &err)) == OK);
    }
}

/* Few, mostly: look-ups pay for filters, and these are to be met while they are being made. */
static void look_up_some(struct run *run)
{
    unsigned wrong = 0;
    uint64_t share = sim_draw(&run->sim, 8) == 0 ? 2 : HASHES;
    for (size_t i = 0; i < HASHES; i++)
        if (sim_draw(&run->sim, share) == 0)
            wrong += !agrees(run, run->hashes[i][0], run->hashes[i][1]);
    wrong += !agrees(run, wide(&run->sim), 1);
    CHECK_SEEN(wrong == 0, "%u look-ups", wrong);
}

struct walk {
    const struct list *list;
    uint64_t seen, strangers;
};

static void visit(void *context, const struct key_row *row)
{
    struct walk *walk = context;
    bool known = false;
    for (size_t i = 0; i < walk->list->count; i++)
        known |= memcmp(&walk->list->rows[i], row, sizeof *row) == 0;
    walk->seen++;
    walk->strangers += !known;
}

static void walk_all(struct run *run)
{
    struct walk walk = {.list = &run->now};
    CHECK(database_keys(run->db, visit, &walk, &err) == OK);
    CHECK(walk.strangers == 0 && walk.seen == run->now.count);
    CHECK(database_count_keys(run->db) == run->now.count);
}

/* The end of one life of the database, and the beginning of the next. */
static bool open_again(struct run *run)
{
    bool clean = sim_draw(&run->sim, 2) == 0;
    database_close(run->db, clean);
    run->db = NULL;
    if (!clean && sim_draw(&run->sim, 2) == 0)
        sim_cut(&run->sim);
    run->now = run->durable;
    return open_database(run, false);
}

static bool one_round(struct run *run)
{
    CHECK(database_tend(run->db, &err) == OK && database_begin(run->db, &err) == OK);
    add_some(run);
    look_up_some(run); /* what the transaction holds counts */
    remove_some(run);
    look_up_some(run);
    if (sim_draw(&run->sim, 60) == 0) {
        CHECK(database_clear_keys(run->db, &err) == OK);
        run->now.count = 0;
        look_up_some(run);
    }
    if (sim_draw(&run->sim, 12) == 0) /* with all that was done since the last commit */
        return open_again(run);
    uint64_t size = run->head.tree.size++;
    CHECK(database_commit(run->db, &run->head, size, &err) == OK);
    run->durable = run->now;
    look_up_some(run);
    return sim_draw(&run->sim, 12) != 0 || open_again(run);
}

/* crowded: all hashes begin alike, as no keyed hash does; what is then slow must still be right. */
static void test_table(uint64_t seed, bool crowded)
{
    static struct run run;
    run = (struct run){0};
    sim_init(&run.sim, seed);
    for (size_t i = 0; i < HASHES; i++) {
        run.hashes[i][0] = crowded ? wide(&run.sim) >> 50 : wide(&run.sim);
        run.hashes[i][1] = wide(&run.sim);
    }
    run.hashes[0][0] = 0;
    run.hashes[1][0] = UINT64_MAX;
    bool well = open_database(&run, true);
    for (int i = 0; i < ROUNDS && well && check_failed == 0; i++)
        well = one_round(&run);
    if (well)
        walk_all(&run);
    CHECK_SEEN(check_failed == 0, "seed %llu", (unsigned long long)seed);
    database_close(run.db, true);
    sim_release(&run.sim);
}

int main(int argc, char **argv)
{
    uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : 40;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    static const uint64_t sizes[] = {1, 2, 63, 64, 1000, 8191, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        test_filter(sizes[i]);
    test_filter_ends();
    for (uint64_t seed = first; seed < first + seeds; seed++)
        test_table(seed, seed % 4 == 0);
    return check_done("store_keys");
}
