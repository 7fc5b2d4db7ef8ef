/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report.h"

#include <stdlib.h>

enum { FRAME_FLUSH = 256 * 1024, FRAME_MAX = 4 * 1024 * 1024, WAIT_FOR_EVER = -1 };
enum { ROW_PROTECTED = 1 };

static void flush(struct report_writer *writer)
{
    if (writer->rows.len > 0 && writer->status == OK)
        writer->status = frame_write(writer->fd, writer->kind, buf_bytes(&writer->rows),
                                     WAIT_FOR_EVER, NULL);
    buf_release(&writer->rows);
}

/* The buffer for the next row of a kind. */
static struct buf *row_of(struct report_writer *writer, uint8_t kind)
{
    if (writer->kind != kind || writer->rows.len >= FRAME_FLUSH)
        flush(writer);
    writer->kind = kind;
    writer->rows.max = FRAME_MAX;
    return &writer->rows;
}

static void add_text(struct buf *out, struct bytes text)
{
    if (text.len > UINT16_MAX)
        text.len = UINT16_MAX;
    buf_add_be16(out, (uint16_t)text.len);
    buf_add(out, text);
}

static void add_double(struct buf *out, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    buf_add_be64(out, bits);
}

static void add_part(struct report_writer *writer, uint64_t hash, uint64_t count)
{
    struct buf *out = row_of(writer, 'p');
    buf_add_be64(out, hash);
    buf_add_be64(out, count);
}

void report_side(struct report_writer *writer, const struct side *side)
{
    for (size_t i = 0; i < side->count; i++) {
        struct buf *out = row_of(writer, 'r');
        add_text(out, bytes_text(side->rows[i].label));
        add_text(out, side->rows[i].truth);
        buf_add_byte(out, side->rows[i].is_protected ? ROW_PROTECTED : 0);
        buf_add_byte(out, (uint8_t)side->rows[i].asks);
    }
    uint64_t hash, count;
    add_part(writer, 0, side->parts.things);
    for (size_t at = 0; frequency_next(&hash, &count, &at, &side->parts);)
        add_part(writer, hash, count);
    struct buf *out = row_of(writer, 'c');
    buf_add(out, bytes_of(&side->counts, sizeof side->counts));
    add_text(out, bytes_text(side->first_reason));
    add_text(out, side->rejects != NULL ? bytes_text(side->rejects) : (struct bytes){0});
    add_text(out, bytes_text(side->damage));
}

void report_tag(struct report_writer *writer, uint64_t tag, uint64_t row)
{
    struct buf *out = row_of(writer, 't');
    buf_add_be64(out, tag);
    buf_add_be64(out, row);
}

void report_shared(struct report_writer *writer, const struct report_shared *shared)
{
    struct buf *out = row_of(writer, 's');
    buf_add_be64(out, shared->row);
    buf_add_be64(out, shared->tag);
    buf_add_byte(out, (uint8_t)shared->key.class);
    add_double(out, shared->key.bits);
    add_text(out, shared->key.value);
}

void report_done(struct report_writer *writer, uint64_t many)
{
    buf_add_be64(row_of(writer, 'd'), many);
    flush(writer);
}

void report_failed(struct report_writer *writer, enum status status, bool own,
                   const struct err *err)
{
    struct buf *out = row_of(writer, 'f');
    buf_add_byte(out, (uint8_t)status);
    buf_add_byte(out, own);
    buf_add_text(out, err->text);
    flush(writer);
}

static struct bytes take_text(struct cursor *cursor)
{
    return cursor_take(cursor, cursor_be16(cursor));
}

static double take_double(struct cursor *cursor)
{
    uint64_t bits = cursor_be64(cursor);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static void take_row(struct side *side, struct cursor *cursor)
{
    grow_to((void **)&side->rows, &side->capacity, side->count, sizeof *side->rows);
    struct side_row *row = &side->rows[side->count++];
    *row = (struct side_row){.label = arena_text(&side->arena, take_text(cursor))};
    row->truth = arena_bytes(&side->arena, take_text(cursor));
    uint8_t flags = cursor_u8(cursor);
    row->is_protected = (flags & ROW_PROTECTED) != 0;
    row->asks = cursor_u8(cursor);
    side->protected_rows += row->is_protected;
}

static void take_part(struct side *side, struct cursor *cursor)
{
    uint64_t hash = cursor_be64(cursor), count = cursor_be64(cursor);
    if (hash == 0)
        side->parts.things = count;
    else
        frequency_put(&side->parts, hash, count);
}

static void take_counts(struct side *side, struct cursor *cursor)
{
    cursor_copy((uint8_t *)&side->counts, cursor, sizeof side->counts);
    side->first_reason = arena_text(&side->arena, take_text(cursor));
    struct bytes rejects = take_text(cursor);
    side->rejects = rejects.len > 0 ? arena_text(&side->arena, rejects) : NULL;
    side->damage = arena_text(&side->arena, take_text(cursor));
}

static void take_shared(struct report *report, struct side *side, struct cursor *cursor)
{
    grow_to((void **)&report->shared, &report->shared_capacity, report->shared_count,
            sizeof *report->shared);
    struct report_shared *shared = &report->shared[report->shared_count++];
    shared->row = cursor_be64(cursor);
    shared->tag = cursor_be64(cursor);
    shared->key.class = (enum key_class)cursor_u8(cursor);
    shared->key.bits = take_double(cursor);
    shared->key.value = arena_bytes(&side->arena, take_text(cursor));
}

static void take_tag(struct report *report, struct cursor *cursor)
{
    grow_to((void **)&report->tags, &report->tag_capacity, report->tag_count,
            sizeof *report->tags);
    struct report_tag *tag = &report->tags[report->tag_count++];
    tag->tag = cursor_be64(cursor);
    tag->row = cursor_be64(cursor);
}

static enum status take_failure(struct report *report, struct cursor *cursor,
                                struct err *err)
{
    enum status status = (enum status)cursor_u8(cursor);
    report->own_fault = cursor_u8(cursor) != 0;
    return fail(err, status, "%.*s", (int)cursor->rest.len, (const char *)cursor->rest.at);
}

enum status report_read(struct report *report, struct side *side, int fd, struct err *err)
{
    struct buf into = {.max = FRAME_MAX};
    enum status status;
    bool done = false;
    side->first_reason = side->damage = "";
    while (!done) {
        struct frame frame;
        status = frame_read(&frame, &into, fd, WAIT_FOR_EVER, err);
        if (status != OK) {
            status =
                fail(err, IO_FAILED, "a process of the comparison ended without a word");
            break;
        }
        struct cursor cursor = {.rest = frame.body};
        if (frame.kind == 'f') {
            status = take_failure(report, &cursor, err);
            break;
        }
        while (cursor.rest.len > 0 && !cursor.failed) {
            switch (frame.kind) {
            case 'r':
                take_row(side, &cursor);
                break;
            case 'p':
                take_part(side, &cursor);
                break;
            case 'c':
                take_counts(side, &cursor);
                break;
            case 't':
                take_tag(report, &cursor);
                break;
            case 's':
                take_shared(report, side, &cursor);
                break;
            case 'd':
                report->many = cursor_be64(&cursor);
                frequency_settle(&side->parts);
                done = true;
                break;
            default:
                cursor.failed = true;
            }
        }
        if (cursor.failed) {
            status =
                fail(err, IO_FAILED, "a process of the comparison does not make sense");
            break;
        }
    }
    buf_release(&into);
    return status;
}

void report_release(struct report *report)
{
    free(report->shared);
    free(report->tags);
    *report = (struct report){0};
}
