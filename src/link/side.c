/* SPDX-License-Identifier: Apache-2.0 */
#include "link/side.h"

#include "link/decide.h"

#include <stdlib.h>

static const struct key *keep_keys(struct side *side, const struct key_list *keys)
{
    struct key *kept = arena_alloc(&side->arena, (keys->count + 1) * sizeof *kept);
    for (size_t i = 0; i < keys->count; i++) {
        kept[i] = keys->items[i];
        kept[i].value = arena_bytes(&side->arena, keys->items[i].value);
    }
    return kept;
}

static void keep_thing(struct side *side, struct side_row *row, const struct record *record)
{
    uint64_t blocks[THING_BLOCKS_MAX];
    row->thing = arena_zalloc(&side->arena, 1, sizeof *row->thing);
    thing_of_record(row->thing, record, row->keys, row->key_count, &side->arena);
    row->block_count = thing_blocks(blocks, row->thing);
    uint64_t *kept = arena_alloc(&side->arena, (row->block_count + 1) * sizeof *kept);
    memcpy(kept, blocks, row->block_count * sizeof *kept);
    row->blocks = kept;
}

static const char *label_of(struct side *side, const struct record *record)
{
    if (record->id_made)
        return arena_printf(&side->arena, "%zu", record->line);
    return arena_text(&side->arena, bytes_text(record->id));
}

static enum status read_rows(struct side *side, struct reader *reader,
                             const struct side_options *options, struct err *err)
{
    struct arena scratch = {0};
    struct record record;
    enum status status;
    while ((status = reader_next(&record, reader, &scratch, err)) == OK) {
        if (side->count == SIDE_ROWS_MAX) {
            status = fail(err, TOO_LARGE, "%s: over %d rows", options->path, SIDE_ROWS_MAX);
            break;
        }
        grow_to((void **)&side->rows, &side->capacity, side->count, sizeof *side->rows);
        struct side_row *row = &side->rows[side->count++];
        *row = (struct side_row){.label = label_of(side, &record)};
        const char *why;
        row->is_protected = record_is_protected(&why, &record, options->today);
        side->protected_rows += row->is_protected;
        struct key_list keys;
        keys_of_record(&keys, &record, &scratch);
        row->keys = keep_keys(side, &keys);
        row->key_count = keys.count;
        row->asks = decide_asks(row->keys, row->key_count);
        decide_count(&side->parts, row->keys, row->key_count);
        if (options->with_things)
            keep_thing(side, row, &record);
        if (options->truth != NULL) {
            struct bytes value;
            if (!reader_field(&value, reader, options->truth->column)) {
                status = fail(err, BAD_INPUT, "%s: --truth: there is no column \"%.*s\"",
                              options->path, (int)options->truth->column.len,
                              (const char *)options->truth->column.at);
                break;
            }
            row->truth = truth_label(options->truth, value, &side->arena);
        }
        arena_reset(&scratch);
    }
    arena_release(&scratch);
    return status == NOT_FOUND ? OK : status;
}

enum status side_read(struct side *side, const struct side_options *options,
                      struct err *err)
{
    *side = (struct side){.first_reason = "", .damage = ""};
    struct reader *reader = NULL;
    struct reader_options how = {
        .path = options->path,
        .format = options->format,
        .map_path = options->map_path,
        .rejects_path = options->rejects_path,
        .no_rejects_file = options->no_rejects_file,
        .home = options->home,
    };
    enum status status = reader_open(&reader, &how, err);
    if (status != OK)
        return status;
    status = read_rows(side, reader, options, err);
    frequency_settle(&side->parts);
    side->counts = reader_counts(reader);
    side->first_reason = arena_text(&side->arena, bytes_text(reader_first_reason(reader)));
    side->damage = arena_text(&side->arena, bytes_text(reader_damage(reader)));
    if (reader_rejects(reader) != NULL)
        side->rejects = arena_text(&side->arena, bytes_text(reader_rejects(reader)));
    reader_close(reader);
    return status;
}

size_t side_persons(const struct side *side, bool protected_too)
{
    size_t count = 0;
    for (size_t i = 0; i < side->count; i++)
        count += side->rows[i].asks != 0 && (protected_too || !side->rows[i].is_protected);
    return count;
}

struct side_key *side_keys(size_t *count, const struct side *side, bool protected_too)
{
    size_t total = 0;
    for (size_t row = 0; row < side->count; row++)
        total += side->rows[row].key_count;
    struct side_key *keys = xcalloc(total, sizeof *keys);
    *count = 0;
    for (size_t row = 0; row < side->count; row++) {
        if (side->rows[row].is_protected && !protected_too)
            continue;
        for (size_t k = 0; k < side->rows[row].key_count; k++)
            keys[(*count)++] = (struct side_key){&side->rows[row].keys[k], row};
    }
    return keys;
}

void side_release(struct side *side)
{
    if (side == NULL)
        return;
    arena_release(&side->arena);
    free(side->rows);
    frequency_release(&side->parts);
    *side = (struct side){0};
}
