/* SPDX-License-Identifier: Apache-2.0
 *
 * Moving rows: FAN full runs of a tier become one of the next, slice by slice.
 */
#include "store/sqlite.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

struct key_move {
    struct key_merge merge; /* of the leaving runs, behind what has arrived */
    struct key_writer writer;
    int64_t left[KEY_FAN]; /* of each source: blocks before this one are deleted */
};

void sqlite_forget_move(struct database *db)
{
    if (db->keys.move == NULL)
        return;
    key_merge_release(&db->keys.move->merge);
    free(db->keys.move);
    db->keys.move = NULL;
}

/* ---- Which ---- */

static bool is_being_filled(const struct key_table *keys, int64_t run)
{
    for (size_t i = 0; i < keys->run_count; i++)
        if (keys->runs[i].into == run)
            return true;
    return false;
}

/* FAN full runs of a tier begin to leave into a new one. */
static enum status begin_move(struct database *db, int tier, struct err *err)
{
    struct key_table *keys = &db->keys;
    size_t full[KEY_FAN], count = 0;
    uint64_t rows = 0;
    for (size_t i = 0; i < keys->run_count && count < KEY_FAN; i++)
        if (keys->runs[i].tier == tier && keys->runs[i].into == 0 &&
            !is_being_filled(keys, keys->runs[i].run))
            full[count++] = i;
    if (count < KEY_FAN)
        return OK;
    for (size_t i = 0; i < count; i++)
        rows += (uint64_t)keys->runs[full[i]].rows;
    struct key_run *into = sqlite_new_run(db, tier + 1, rows);
    enum status status = sqlite_put_run(db, into, err);
    for (size_t i = 0; i < count && status == OK; i++) {
        keys->runs[full[i]].into = into->run;
        status = sqlite_put_run(db, &keys->runs[full[i]], err);
    }
    return status;
}

static enum status begin_moves(struct database *db, struct err *err)
{
    int tiers = 0;
    for (size_t i = 0; i < db->keys.run_count; i++)
        if (db->keys.runs[i].tier >= tiers)
            tiers = db->keys.runs[i].tier + 1;
    enum status status = OK;
    for (int tier = 1; tier < tiers && status == OK; tier++)
        status = begin_move(db, tier, err);
    return status;
}

/* The run of the lowest tier that others are leaving into, or NULL. */
static struct key_run *next_filled(struct database *db)
{
    struct key_table *keys = &db->keys;
    struct key_run *best = NULL;
    for (size_t i = 0; i < keys->run_count; i++)
        if ((best == NULL || keys->runs[i].tier < best->tier) &&
            is_being_filled(keys, keys->runs[i].run))
            best = &keys->runs[i];
    return best;
}

/* ---- A slice ---- */

/* Where the last slice ended, or found again. */
static enum status find_move(struct key_move **out, struct database *db,
                             const struct key_run *into, struct err *err)
{
    struct key_move *move = db->keys.move;
    int64_t runs[KEY_RUNS_MAX];
    size_t count = 0;
    struct key_page last;
    if (move != NULL && move->writer.run == into->run) {
        *out = move;
        return OK;
    }
    sqlite_forget_move(db);
    move = db->keys.move = xcalloc(1, sizeof *move);
    for (size_t i = 0; i < db->keys.run_count; i++)
        if (db->keys.runs[i].into == into->run)
            runs[count++] = db->keys.runs[i].run;
    if (count > KEY_FAN)
        return sqlite_keys_are_damaged(db, err);
    move->writer.run = into->run;
    enum status status = key_page_last(&last, db, into->run, err);
    if (status == OK) {
        move->writer.last = last.number;
        key_page_close(&last, db);
        status = key_merge_open(&move->merge, db, runs, count,
                                into->has_reached ? &into->reached : NULL, err);
    }
    *out = move;
    return status;
}

/* Blocks whose rows have all arrived. */
static enum status delete_left(struct database *db, struct key_move *move, struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < move->merge.count && status == OK; i++) {
        const struct key_source *source = &move->merge.sources[i];
        int64_t to =
            source->number != 0 ? source->number - 1 : sqlite_block_last(source->run);
        int64_t from = move->left[i] != 0 ? move->left[i] : sqlite_block_first(source->run);
        if (from <= to)
            status = sqlite_delete_blocks(db, from, to, err);
        move->left[i] = to + 1;
    }
    return status;
}

static enum status put_all(struct database *db, int64_t into, struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < db->keys.run_count && status == OK; i++)
        if (db->keys.runs[i].run == into || db->keys.runs[i].into == into)
            status = sqlite_put_run(db, &db->keys.runs[i], err);
    return status;
}

static enum status strike_emptied(struct database *db, int64_t into, struct err *err)
{
    enum status status = OK;
    sqlite_forget_move(db);
    for (size_t i = db->keys.run_count; i > 0 && status == OK; i--)
        if (db->keys.runs[i - 1].into == into)
            status = sqlite_strike_run(db, i - 1, err);
    struct key_run *filled = sqlite_run_of(db, into);
    assert(filled != NULL);
    filled->has_reached = false;
    return status;
}

/* Whole blocks, until they have about slice_rows rows. What ends it is a row that was not taken, so
 * that each source stands at its first row that has not arrived. */
static enum status move_slice(size_t *moved, struct database *db, struct key_run *into,
                              struct err *err)
{
    struct key_move *move = NULL;
    const struct key_source *top;
    *moved = 0;
    enum status status = find_move(&move, db, into, err);
    while (status == OK && (top = key_merge_top(&move->merge)) != NULL) {
        struct key_row row = top->row;
        bool again = into->has_reached && key_row_compare(&row, &into->reached) == 0;
        if (!again && !key_writer_add(&move->writer, db, &row)) {
            status = key_writer_flush(&move->writer, db, err);
            if (status != OK || *moved >= db->tuning.slice_rows)
                break;
            continue;
        }
        sqlite_run_of(db, top->run)->rows--;
        into->rows += !again;
        if (!again)
            sqlite_filter_add(into, row.hi, row.lo);
        into->has_reached = true;
        into->reached = row;
        ++*moved;
        status = key_merge_next(&move->merge, db, err);
    }
    if (status != OK)
        return status;
    bool final = key_merge_top(&move->merge) == NULL;
    status = key_writer_flush(&move->writer, db, err);
    if (status == OK)
        status = delete_left(db, move, err);
    if (status == OK)
        status = put_all(db, into->run, err);
    return status == OK && final ? strike_emptied(db, into->run, err) : status;
}

enum status sqlite_tend_keys(struct database *db, struct err *err)
{
    struct key_table *keys = &db->keys;
    enum status status = OK;
    if (keys->credit < db->tuning.slice_rows)
        return OK;
    status = begin_moves(db, err);
    struct key_run *into;
    while (status == OK && keys->credit >= db->tuning.slice_rows &&
           (into = next_filled(db)) != NULL) {
        size_t moved = 0;
        status = move_slice(&moved, db, into, err);
        keys->credit -= moved < keys->credit ? moved : keys->credit;
    }
    if (status == OK && next_filled(db) == NULL)
        keys->credit = 0; /* nothing to do: credit is not saved up */
    return status;
}
