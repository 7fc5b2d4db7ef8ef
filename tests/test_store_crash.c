/* SPDX-License-Identifier: Apache-2.0
 *
 * Nothing that was acknowledged is lost: power cuts and failing disks, from seeds.
 *
 *     test_store_crash [SEEDS [FIRST]]     default 60 seeds from 1
 *
 * Each seed makes a node on a simulated disk and hands in groups of acts until the power is
 * cut at a random operation; then opens the node again and compares it with what was
 * acknowledged: each record as it was, what was erased gone, the log continuing the one
 * that was seen, and the last group, which nobody was told of, there as a whole or not at
 * all. Several times over.
 *
 * The same runs on a disk whose sync lies must fail: if not, this test proves nothing.
 */
#include "sim_disk.h"
#include "store_node.h"

#include "store/import.h"
#include "store/log.h"
#include "store/rebuild.h"

enum { PEOPLE = 24, GROUP = 6, CUTS = 3, ROWS = 12, OPERATIONS_A_CUT = 160 };

/* A person as the test knows them. `next` is what the group that is open makes of them. */
struct known {
    struct known_state {
        bool made, erased;
        unsigned version;
    } now, next;
    uint8_t id[ENTRY_ID];
    uint64_t sequence;
    bool waiting;
};

struct run {
    struct sim_disk sim;
    struct store *store;
    struct known people[PEOPLE];
    struct tree_head head; /* as acknowledged last */
    bool imported;
    unsigned faults; /* of the store, that is: promises broken */
    struct arena arena;
    const char *what; /* the first promise broken */
};

static struct err err;

/* Everything that a large node does now and then happens here all the time. */
static const struct database_tuning busy = {
    .wal_pages = 24, .run_rows = 16, .slice_rows = 8, .block_rows = 5};

static struct store_options options_of(struct run *run)
{
    struct store_options options = node_options("node", &run->sim.disk);
    options.tuning = &busy;
    return options;
}

static void broken(struct run *run, const char *what)
{
    if (run->faults++ == 0)
        run->what = what;
}

static void note_head(struct run *run)
{
    struct store_status status;
    if (store_status(&status, run->store, &err) != OK)
        return;
    run->head.size = status.entries;
    memcpy(run->head.root, status.root, sizeof run->head.root);
}

static struct record person(struct run *run, size_t index, unsigned version)
{
    return RECORD(&run->arena, "Person", arena_printf(&run->arena, "p-%zu", index), "name",
                  "Ana Prueba", "birthDate", "1980-05-06", "email",
                  arena_printf(&run->arena, "p%zu.%u@example.org", index, version));
}

static struct act act_of(struct run *run, enum role role, enum verb verb)
{
    return node_act(run->store, "ana", role, verb);
}

/* ---- Handing in ---- */

/* One act on a person who has none waiting; NULL when there is nothing to do, or it failed.
 * */
static struct receipt *hand_in(struct run *run, size_t index)
{
    struct known *known = &run->people[index];
    struct record record = person(run, index, known->now.version + 1);
    struct act act = act_of(run, ROLE_ANALYST, VERB_NEW);
    struct receipt *receipt = NULL;
    if (known->waiting || known->now.erased)
        return NULL;
    known->next = known->now;
    act.record = &record;
    if (!known->now.made) {
        known->next.made = true;
        known->next.version++;
    } else {
        memcpy(act.object, known->id, ENTRY_ID);
        act.before = known->sequence;
        act.verb = sim_draw(&run->sim, 6) == 0 ? VERB_ERASE : VERB_EDIT;
        known->next.erased = act.verb == VERB_ERASE;
        known->next.version += act.verb == VERB_EDIT;
    }
    known->waiting = true;
    return act_submit(&receipt, run->store, &act, &err) == OK ? receipt : NULL;
}

static bool settle_group(struct run *run, struct receipt **receipts, const size_t *who,
                         size_t count, enum status committed)
{
    for (size_t i = 0; i < count; i++) {
        struct known *known = &run->people[who[i]];
        enum status status = receipt_open(receipts[i], &err);
        if (committed == OK && status == OK) {
            known->now = known->next;
            known->waiting = false;
            known->sequence = receipt_sequence(receipts[i]);
            receipt_object(known->id, receipts[i]);
        } else if (committed == OK) {
            broken(run, "an act that is right was refused");
        } else if (status != IO_FAILED) {
            broken(run, "an act was acknowledged though its commit failed");
        }
        receipt_close(receipts[i]);
    }
    if (committed == OK)
        note_head(run);
    return committed == OK;
}

/* A group of acts; false when the disk gave way. */
static bool one_group(struct run *run)
{
    struct receipt *receipts[GROUP];
    size_t who[GROUP], count = 0;
    bool well = true;
    for (size_t i = 1 + sim_draw(&run->sim, GROUP); i > 0 && well; i--) {
        size_t index = sim_draw(&run->sim, PEOPLE);
        bool was_waiting = run->people[index].waiting;
        struct receipt *receipt = hand_in(run, index);
        if (receipt != NULL) {
            who[count] = index;
            receipts[count++] = receipt;
        }
        well = receipt != NULL || was_waiting || !run->people[index].waiting;
    }
    arena_reset(&run->arena);
    enum status committed = well ? store_commit(run->store, &err) : IO_FAILED;
    return settle_group(run, receipts, who, count, committed) && well;
}

static bool import_rows(struct run *run, uint64_t unchanged_least)
{
    struct act act = act_of(run, ROLE_ANALYST, VERB_IMPORT_BEGIN);
    struct import *import = NULL;
    enum status status = import_open(&import, run->store, &act, &err);
    for (unsigned i = 0; i < ROWS && status == OK; i++) {
        struct record row = RECORD(&run->arena, "Person",
                                   arena_printf(&run->arena, "row-%u", i), "name", "Row");
        status = import_add(import, &row, &err);
    }
    if (status == OK)
        status = import_finish(import, &err);
    if (status == OK) {
        struct import_counts counts = import_counts(import);
        if (counts.added + counts.unchanged != ROWS || counts.unchanged < unchanged_least)
            broken(run, "an import that was repeated did not find its rows");
        run->imported = true;
        note_head(run);
    }
    import_close(import);
    arena_reset(&run->arena);
    return status == OK;
}

/* ---- Comparing ---- */

/* How many people have the e-mail of this version; the first one's id and version. */
static size_t look_up(struct shown *shown, struct run *run, size_t index, unsigned version)
{
    char email[64];
    snprintf(email, sizeof email, "p%zu.%u@example.org", index, version);
    struct key key = {.class = KEY_EMAIL, .value = bytes_text(email)};
    struct act act = act_of(run, ROLE_ANALYST, VERB_SEARCH);
    struct receipt *receipt = NULL;
    struct shown next;
    size_t count = 0;
    act.key = &key;
    act.key_count = 1;
    if (act_perform(&receipt, run->store, &act, &err) != OK) {
        broken(run, "a search failed on a sound disk");
        return 0;
    }
    while (receipt_next(&next, receipt, &run->arena, &err) == OK)
        if (count++ == 0)
            *shown = next;
    receipt_close(receipt);
    return count;
}

static bool is_as(struct run *run, size_t index, const struct known_state *state)
{
    struct known *known = &run->people[index];
    struct shown shown = {0};
    size_t count = look_up(&shown, run, index, state->made ? state->version : 1);
    if (!state->made || state->erased) {
        struct act act = act_of(run, ROLE_ANALYST, VERB_READ);
        memcpy(act.object, known->id, ENTRY_ID);
        return count == 0 &&
               (!state->made || node_do(NULL, run->store, &act, &err) == NOT_FOUND);
    }
    if (count != 1)
        return false;
    memcpy(known->id, shown.id, ENTRY_ID);
    known->sequence = shown.version;
    return true;
}

static void compare_people(struct run *run)
{
    size_t before = 0, after = 0;
    for (size_t i = 0; i < PEOPLE; i++) {
        struct known *known = &run->people[i];
        if (is_as(run, i, &known->now)) {
            before += known->waiting;
        } else if (known->waiting && is_as(run, i, &known->next)) {
            after++;
            known->now = known->next;
        } else {
            broken(run, "a record is not as it was acknowledged");
        }
        known->waiting = false;
    }
    if (before > 0 && after > 0)
        broken(run, "a group was kept in part");
    arena_reset(&run->arena);
}

static void compare_log(struct run *run)
{
    struct proof_tree tree;
    struct proof proof = {0};
    struct store_status status;
    struct tree_head now;
    log_tree(&tree, run->store);
    if (store_status(&status, run->store, &err) != OK || status.entries < run->head.size) {
        broken(run, "entries that were acknowledged are missing");
        return;
    }
    now.size = tree.size;
    memcpy(now.root, status.root, sizeof now.root);
    if (run->head.size == now.size
            ? memcmp(now.root, run->head.root, sizeof now.root) != 0
            : proof_of_consistency(&proof, &tree, run->head.size, &err) != OK ||
                  proof_check_consistency(&proof, &run->head, &now, &err) != OK)
        broken(run, "the log does not continue the one that was acknowledged");
}

static void compare(struct run *run)
{
    struct rebuild rebuild;
    compare_log(run);
    compare_people(run);
    if (run->imported)
        (void)import_rows(run, ROWS);
    struct act act = act_of(run, ROLE_ADMINISTRATOR, VERB_REBUILD);
    if (store_rebuild(&rebuild, run->store, &act, &err) != OK || !rebuild.same)
        broken(run, "the keys are not those of the records");
    note_head(run);
}

/* ---- Runs ---- */

static bool reopen(struct run *run)
{
    struct store_options options = options_of(run);
    store_close(run->store);
    run->store = NULL;
    sim_cut(&run->sim);
    if (store_open(&run->store, &options, &err) == OK)
        return true;
    broken(run, "the node does not open any more");
    return false;
}

static bool begin_run(struct run *run, uint64_t seed)
{
    struct store_options options = options_of(run);
    *run = (struct run){0};
    sim_init(&run->sim, seed);
    if (node_create(&options, &err) != OK ||
        store_open(&run->store, &options, &err) != OK) {
        broken(run, "a node cannot be made on a sound disk");
        return false;
    }
    note_head(run);
    return true;
}

static void work(struct run *run)
{
    bool well = true;
    for (int i = 0; i < OPERATIONS_A_CUT && well; i++)
        well = sim_draw(&run->sim, 12) == 0 ? import_rows(run, 0) : one_group(run);
}

static void end_run(struct run *run)
{
    store_close(run->store);
    arena_release(&run->arena);
    sim_release(&run->sim);
}

static unsigned power_cuts(uint64_t seed, bool lies, struct err *what)
{
    static struct run run;
    bool well = begin_run(&run, seed);
    for (int cut = 0; cut < CUTS && well && run.faults == 0; cut++) {
        run.sim.lies = lies;
        run.sim.fault = SIM_CUT;
        run.sim.fail_at = run.sim.operations + 1 + sim_draw(&run.sim, OPERATIONS_A_CUT);
        work(&run);
        run.sim.lies = false;
        well = reopen(&run);
        if (well)
            compare(&run);
    }
    if (run.faults > 0)
        (void)fail(what, CONFLICT, "%s: %s", run.what, err.text);
    end_run(&run);
    return run.faults;
}

/* A cut while the node is being made: then there is none, or there is one, and never half.
 * */
static void cut_the_making(uint64_t seed)
{
    static struct run run;
    struct store_options options = options_of(&run);
    for (uint64_t at = 1;; at++) {
        run = (struct run){0};
        sim_init(&run.sim, seed + at);
        run.sim.fail_at = at;
        enum status made = node_create(&options, &err);
        if (!run.sim.dead) {
            CHECK(made == OK && at > 10);
            end_run(&run);
            return;
        }
        sim_cut(&run.sim);
        enum status opened = store_open(&run.store, &options, &err);
        if (opened != OK) {
            CHECK_SEEN(opened == NOT_FOUND, "cut at %llu: %s", (unsigned long long)at,
                       err.text);
            enum status again = node_create(&options, &err);
            CHECK_SEEN(again == OK || again == CONFLICT,
                       "made again after a cut at %llu: %s", (unsigned long long)at,
                       err.text);
            CHECK_SEEN(again == OK, "cut at %llu: %s", (unsigned long long)at, err.text);
        }
        end_run(&run);
    }
}

/* Each write and sync of one run fails once: the node stops, says why, and is sound
 * afterwards. */
static void fail_everywhere(enum sim_fault fault)
{
    static struct run run;
    uint64_t first, last;
    if (!CHECK(begin_run(&run, 77)))
        return;
    first = run.sim.operations;
    for (int i = 0; i < 12; i++)
        CHECK(i == 5 ? import_rows(&run, 0) : one_group(&run));
    last = run.sim.operations;
    end_run(&run);
    for (uint64_t at = first + 1; at <= last; at++) {
        begin_run(&run, 77);
        run.sim.fault = fault;
        run.sim.fail_at = at;
        bool well = true;
        for (int i = 0; i < 12 && well; i++)
            well = i == 5 ? import_rows(&run, 0) : one_group(&run);
        CHECK_SEEN(!well, "operation %llu failed unseen", (unsigned long long)at);
        struct act act = {.role = ROLE_ANALYST, .verb = VERB_STATUS, .who = {1}};
        struct receipt *receipt = NULL;
        CHECK(act_submit(&receipt, run.store, &act, &err) == IO_FAILED);
        CHECK_SEEN(strstr(err.text, fault == SIM_EIO ? "disk failed" : "disk is full") !=
                       NULL,
                   "%s", err.text);
        CHECK(store_commit(run.store, &err) == IO_FAILED);
        if (reopen(&run))
            compare(&run);
        CHECK_SEEN(run.faults == 0, "operation %llu: %s: %s", (unsigned long long)at,
                   run.what, err.text);
        end_run(&run);
    }
}

int main(int argc, char **argv)
{
    uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : 60;
    uint64_t first = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    for (uint64_t seed = first; seed < first + seeds; seed++) {
        struct err what = {0};
        unsigned faults = power_cuts(seed, false, &what);
        CHECK_SEEN(faults == 0, "seed %llu: %s", (unsigned long long)seed, what.text);
    }
    unsigned caught = 0;
    for (uint64_t seed = 1; seed <= 20; seed++)
        caught += power_cuts(seed, true, NULL) > 0;
    CHECK_SEEN(caught >= 15, "of 20 runs on a disk that lies, %u were found out", caught);
    cut_the_making(9);
    fail_everywhere(SIM_EIO);
    fail_everywhere(SIM_ENOSPC);
    return check_done("store_crash");
}
