/* SPDX-License-Identifier: Apache-2.0
 *
 * link --private: two processes, two files, one socket pair.
 *
 *     parent --fork--> asking     reads A    keeps the case seed
 *            --fork--> answering  reads B    keeps the epoch's secret
 *
 * Between the two children goes the blind protocol alone (match/session). Each reports to the
 * parent on a pipe of its own (cli/report): the asking side which of its rows share which key
 * with which tag, the answering side which row is behind a tag. The parent, run by somebody who
 * has both files anyway, joins the two.
 *
 * One file is compared with itself: both children read it. Of a key that five or more rows hold
 * the protocol tells no tag, but whoever asks holds them, too; so the parent joins those rows
 * itself, and finds what --keys finds within one file.
 */
#include "cli/link_run.h"
#include "cli/report.h"
#include "cli/seed_file.h"

#include "base/pool.h"
#include "match/session.h"
#include "record/normaliser.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DAY_S = 24 * 3600, WAIT_FOR_EVER = -1 };

/* What both children know before they part. */
struct table {
    struct link_run *run;
    struct identity asking, answering; /* in a child, the other's is wiped */
    uint8_t asking_key[IDENTITY_KEY], answering_key[IDENTITY_KEY];
    struct circle circle;
    uint8_t normaliser[NORMALISER];
};

/* ---- the answering side ---- */

static enum status publish(struct publication *publication, const struct table *table,
                           const struct side *side, struct pool *pool, struct err *err)
{
    const struct world *world = table->run->world;
    uint8_t seed[OPRF_SEED];
    world_random(world, seed, sizeof seed);
    size_t count;
    struct side_key *keys = side_keys(&count, side, !table->run->two);
    struct match_held *held = xcalloc(count, sizeof *held);
    for (size_t i = 0; i < count; i++)
        held[i] =
            (struct match_held){{keys[i].key->class, keys[i].key->value}, keys[i].row};
    const struct publication_options options = {
        .world = world,
        .pool = pool,
        .identity = &table->answering,
        .seed = seed,
        .circle = table->circle,
        .number = 1,
        .from_s = table->run->now_s,
        .until_s = table->run->now_s + DAY_S,
        .normaliser = table->normaliser,
    };
    enum status status = publication_init(publication, &options, held, count, err);
    sodium_memzero(seed, sizeof seed);
    free(held);
    free(keys);
    return status;
}

static enum status answer_side(struct report_writer *report, bool *own, struct side *side,
                               const struct table *table, int line_fd, struct err *err)
{
    struct publication publication = {0};
    struct responder *responder = NULL;
    struct pool *pool = NULL;
    enum status status = side_read(side, &table->run->b_options, err);
    if (status != OK)
        goto out;
    pool = pool_open(0);
    status = publish(&publication, table, side, pool, err);
    if (status != OK)
        goto out;
    *own = false;
    const struct responder_options options = {
        .world = table->run->world,
        .pool = pool,
        .identity = &table->answering,
        .epoch = &publication.epoch,
        .keys = &publication.keys,
    };
    responder = responder_open(&options);
    const struct session_line line = {line_fd, WAIT_FOR_EVER, NULL};
    status = session_serve(&line, &publication, responder, table->asking_key, err);
    if (status != OK)
        goto out;
    report_side(report, side);
    for (size_t i = 0; i < publication.tag_count; i++)
        report_tag(report, publication.tags[i].tag, publication.tags[i].record);
out:
    responder_close(responder);
    publication_release(&publication);
    pool_close(pool);
    return status;
}

/* ---- the asking side ---- */

static enum status ask(struct session_result *result, const struct table *table,
                       int line_fd, struct pool *pool, const struct side_key *held,
                       size_t count, struct err *err)
{
    const struct link_run *run = table->run;
    uint8_t seed[CASE_SEED];
    world_random(run->world, seed, sizeof seed);
    struct transcript *transcript = NULL;
    struct session_tap tap = {0};
    struct map_shelf shelf = {0};
    struct match_item *items = xcalloc(count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct match_item){held[i].key->class, held[i].key->value};

    enum status status = OK, written = OK;
    if (run->transcript != NULL) {
        status = seed_file_write(run->transcript, seed, err);
        if (status == OK)
            status =
                transcript_create(&transcript, run->transcript, TRANSCRIPT_REQUESTER, err);
        if (status == OK)
            tap = transcript_tap(transcript);
    }
    const struct requester_options options = {
        .world = run->world,
        .pool = pool,
        .identity = &table->asking,
        .peer = table->answering_key,
        .circle = table->circle,
        .normaliser = table->normaliser,
        .seed = seed,
        .reason = {PURPOSE_INVESTIGATION, BYTES_OF("two files at one table"),
                   BYTES_OF("link --private")},
    };
    const struct session_line line = {line_fd, WAIT_FOR_EVER,
                                      transcript != NULL ? &tap : NULL};
    if (status == OK)
        status = session_request(result, &line, &options, &shelf, items, count, err);
    if (transcript != NULL)
        written = transcript_close(transcript, status == OK ? err : NULL);
    sodium_memzero(seed, sizeof seed);
    map_shelf_release(&shelf);
    free(items);
    return status == OK ? written : status;
}

static int key_order(const void *left, const void *right)
{
    return key_compare(*(const struct key *const *)left, *(const struct key *const *)right);
}

static uint64_t count_distinct(const struct key **keys, size_t count)
{
    if (count > 0)
        qsort(keys, count, sizeof(*keys), key_order);
    uint64_t distinct = count > 0;
    for (size_t i = 1; i < count; i++)
        distinct += key_compare(keys[i - 1], keys[i]) != 0;
    return distinct;
}

/* Gives the number of keys that too many records of the other side hold; within one file they
 * are reported with TAG_MANY. The session asks equal things once and answers for each of the
 * list's items. */
static uint64_t report_hits(struct report_writer *report, const struct match_hits *hits,
                            const struct side_key *held, bool within)
{
    const struct key **many = xcalloc(hits->count, sizeof(*many));
    size_t many_count = 0;
    for (size_t i = 0; i < hits->count; i++) {
        const struct side_key *mine = &held[hits->items[i].item];
        if (hits->items[i].many && !within)
            many[many_count++] = mine->key;
        else
            report_shared(report, &(struct report_shared){
                                      mine->row,
                                      hits->items[i].many ? TAG_MANY : hits->items[i].tag,
                                      *mine->key});
    }
    uint64_t distinct = count_distinct(many, many_count);
    free(many);
    return distinct;
}

static enum status ask_side(struct report_writer *report, bool *own, struct side *side,
                            uint64_t *many, const struct table *table, int line_fd,
                            struct err *err)
{
    struct session_result result = {0};
    struct side_key *held = NULL;
    struct pool *pool = NULL;
    enum status status = side_read(side, &table->run->a_options, err);
    if (status != OK)
        goto out;
    size_t count;
    held = side_keys(&count, side, !table->run->two);
    pool = pool_open(0);
    *own = false;
    status = ask(&result, table, line_fd, pool, held, count, err);
    if (status != OK)
        goto out;
    report_side(report, side);
    *many = report_hits(report, &result.hits, held, !table->run->two);
out:
    match_hits_release(&result.hits);
    pool_close(pool);
    free(held);
    return status;
}

/* ---- the table ---- */

enum part { ASKING, ANSWERING };

/* A child's whole life; returns its exit code. */
static int play_part(enum part part, struct table *table, int line_fd, int report_fd)
{
    /* Nobody keeps the other's signing key. */
    identity_release(part == ASKING ? &table->answering : &table->asking);
    struct report_writer report = {.fd = report_fd};
    struct side side = {0};
    struct err err = {0};
    bool own = true;
    uint64_t many = 0;
    enum status status = part == ASKING
                             ? ask_side(&report, &own, &side, &many, table, line_fd, &err)
                             : answer_side(&report, &own, &side, table, line_fd, &err);
    /* The other side must not wait for us while the parent reads our report. */
    close(line_fd);
    if (status == OK)
        report_done(&report, many);
    else
        report_failed(&report, status, own, &err);
    side_release(&side);
    return report.status == OK ? EXIT_DONE : EXIT_FAILED;
}

struct child {
    pid_t id;
    int report_fd;
};

static enum status start_child(struct child *child, enum part part, struct table *table,
                               const int line[2], struct err *err)
{
    int ends[2];
    if (pipe(ends) != 0)
        return fail(err, IO_FAILED, "no pipe for the comparison: %s", strerror(errno));
    fflush(stdout);
    fflush(stderr);
    child->id = fork();
    if (child->id == 0) {
        close(ends[0]);
        close(line[part == ASKING ? ANSWERING : ASKING]);
        _exit(play_part(part, table, line[part], ends[1]));
    }
    int fault = errno;
    close(ends[1]);
    child->report_fd = ends[0];
    if (child->id < 0)
        return fail(err, IO_FAILED, "no process for the comparison: %s", strerror(fault));
    return OK;
}

static int tag_order(const void *left, const void *right)
{
    uint64_t a = ((const struct report_tag *)left)->tag,
             b = ((const struct report_tag *)right)->tag;
    return (a > b) - (a < b);
}

struct shared_list {
    struct shared_key *items;
    size_t count, capacity;
};

static void add_shared(struct shared_list *list, size_t a, size_t b, const struct key *key)
{
    grow_to((void **)&list->items, &list->capacity, list->count, sizeof *list->items);
    list->items[list->count++] = (struct shared_key){a, b, *key};
}

static int many_order(const void *left, const void *right)
{
    const struct report_shared *a = left, *b = right;
    int order = key_compare(&a->key, &b->key);
    return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

/* Within one file: rows[0..count-1] hold keys that many rows hold, and these are all of them.
 * Gives the number of keys that are a habit. */
static uint64_t join_many(struct shared_list *out, struct report_shared *rows, size_t count)
{
    uint64_t habits = 0;
    if (count > 0)
        qsort(rows, count, sizeof *rows, many_order);
    for (size_t from = 0, to; from < count; from = to) {
        const struct key *key = &rows[from].key;
        for (to = from + 1; to < count; to++) {
            const struct key *next = &rows[to].key;
            if (key_compare(key, next) != 0)
                break;
        }
        habits += to - from > PAIRS_HOLDERS_MAX;
        for (size_t i = from; i < to && to - from <= PAIRS_HOLDERS_MAX; i++)
            for (size_t j = i + 1; j < to; j++)
                add_shared(out, rows[i].row, rows[j].row, key);
    }
    return habits;
}

/* The asking side's shared keys, with the answering side's rows in place of tags. */
static enum status join(struct link_run *run, const struct report *asked,
                        struct report *answered, struct err *err)
{
    enum status status = OK;
    struct shared_list shared = {0};
    struct report_shared *many = xcalloc(asked->shared_count + 1, sizeof *many);
    size_t many_count = 0;
    uint64_t population = run->b.count - run->b.protected_rows;
    if (answered->tag_count > 0)
        qsort(answered->tags, answered->tag_count, sizeof *answered->tags, tag_order);
    for (size_t i = 0; i < asked->shared_count; i++) {
        const struct report_tag wanted = {asked->shared[i].tag, 0};
        const struct report_tag *tag =
            answered->tag_count == 0 ? NULL
                                     : bsearch(&wanted, answered->tags, answered->tag_count,
                                               sizeof wanted, tag_order);
        if (!run->two && wanted.tag == TAG_MANY && asked->shared[i].row < run->a.count) {
            many[many_count++] = asked->shared[i];
            continue;
        }
        if (tag == NULL || tag->row >= run->b.count ||
            asked->shared[i].row >= run->a.count) {
            status = fail(err, IO_FAILED, "a hit points at no record of the other file");
            goto out;
        }
        if (run->two || asked->shared[i].row < tag->row)
            add_shared(&shared, asked->shared[i].row, tag->row, &asked->shared[i].key);
    }
    uint64_t habits = join_many(&shared, many, many_count);
    pairs_decide(&run->pairs, shared.items, shared.count, &run->a,
                 run->two ? population : (run->a.count + 1) / 2, !run->two);
    pairs_tell_reviewed(&run->pairs, &run->pairs.learned, MIXTURE_KEYS);
    run->pairs.too_common = run->two ? asked->many : habits;
out:
    free(many);
    free(shared.items);
    return status;
}

static enum status collect(struct link_run *run, const struct child children[2],
                           struct err *err)
{
    struct report asked = {0}, answered = {0};
    struct err other_err = {0};
    enum status status = report_read(&asked, &run->a, children[ASKING].report_fd, err);
    enum status other =
        report_read(&answered, &run->b, children[ANSWERING].report_fd, &other_err);
    /* When both failed, one may have failed because the other did: the cause is what is said. */
    if (other != OK && (status == OK || (answered.own_fault && !asked.own_fault))) {
        *err = other_err;
        status = other;
    }
    if (status == OK)
        status = join(run, &asked, &answered, err);
    report_release(&asked);
    report_release(&answered);
    return status;
}

/* A transcript is evidence, and its seed cannot be made again: neither is ever written over. */
static enum status check_transcript_is_new(const char *path, struct err *err)
{
    struct arena arena = {0};
    const char *const files[] = {path, arena_printf(&arena, "%s.seed", path)};
    enum status status = OK;
    struct stat seen;
    for (size_t i = 0; i < 2 && status == OK; i++)
        if (stat(files[i], &seen) == 0 && S_ISREG(seen.st_mode))
            status =
                fail(err, CONFLICT,
                     "%s is there already, and is not written over: give the transcript "
                     "another name",
                     files[i]);
    arena_release(&arena);
    return status;
}

enum status link_run_blind(struct link_run *run, struct err *err)
{
    if (run->transcript != NULL) {
        enum status status = check_transcript_is_new(run->transcript, err);
        if (status != OK)
            return status;
    }
    struct table table = {.run = run};
    struct child children[2] = {{-1, -1}, {-1, -1}};
    int line[2];
    identity_init(&table.asking, run->world);
    identity_init(&table.answering, run->world);
    memcpy(table.asking_key, table.asking.public_key, IDENTITY_KEY);
    memcpy(table.answering_key, table.answering.public_key, IDENTITY_KEY);
    normaliser_hash(table.normaliser);
    enum status status = circle_parse(&table.circle, BYTES_OF("table"), err);
    if (status == OK && socketpair(AF_UNIX, SOCK_STREAM, 0, line) != 0)
        status = fail(err, IO_FAILED, "no line for the comparison: %s", strerror(errno));
    if (status != OK)
        goto out;
    status = start_child(&children[ANSWERING], ANSWERING, &table, line, err);
    if (status == OK)
        status = start_child(&children[ASKING], ASKING, &table, line, err);
    /* Without our ends a child whose partner is gone sees the end of the line. */
    close(line[ASKING]);
    close(line[ANSWERING]);
    if (status == OK)
        status = collect(run, children, err);
out:
    identity_release(&table.asking);
    identity_release(&table.answering);
    for (int part = ASKING; part <= ANSWERING; part++) {
        if (children[part].report_fd >= 0)
            close(children[part].report_fd);
        if (children[part].id > 0)
            waitpid(children[part].id, NULL, 0);
    }
    return status;
}
