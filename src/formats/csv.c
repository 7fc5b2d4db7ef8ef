/* SPDX-License-Identifier: Apache-2.0
 *
 * A row is scanned where it lies in the source's window. When the window ends inside a row,
 * more is read and the row is scanned again from its start.
 *
 * Scanning again is cheap in an honest file: a window is many rows long. A hostile one
 * could open a quotation mark on every line, so that each line is scanned to far behind it
 * and rejected. A quotation mark that stays open over many such lines gains a field on
 * each, and a row of several lines is given up as soon as it has more fields than the
 * header: so no line is looked at more often than there are columns.
 */
#include "formats/csv.h"

#include "base/text.h"

#include <stdlib.h>

static const uint8_t delimiters[] = {';', ',', '\t', '|'};

/* What scanning found at the front of the window. */
enum scan {
    SCAN_ROW,         /* a whole row: fields and length are set */
    SCAN_MORE,        /* the window ends inside the row */
    SCAN_OPEN_QUOTE,  /* a quoted field does not end */
    SCAN_AFTER_QUOTE, /* text stands behind a quoted field */
    SCAN_MANY_FIELDS,
};

struct scanner {
    struct csv *csv;
    const uint8_t *at, *end;
    bool last;       /* nothing comes behind `end` */
    bool many_lines; /* a quoted field holds a line end */
};

static bool is_blank(const struct csv *csv, uint8_t c)
{
    return (c == ' ' || c == '\t') && c != csv->delimiter;
}

static const uint8_t *skip_blanks(const struct csv *csv, const uint8_t *at,
                                  const uint8_t *end)
{
    while (at < end && is_blank(csv, *at))
        at++;
    return at;
}

static const uint8_t *find_stop(const struct csv *csv, const uint8_t *at,
                                const uint8_t *end)
{
    while (at < end && !csv->stops[*at])
        at++;
    return at;
}

static bool has_line_end(const uint8_t *from, const uint8_t *to)
{
    size_t len = (size_t)(to - from);
    return memchr(from, '\n', len) != NULL || memchr(from, '\r', len) != NULL;
}

static enum scan add_field(struct scanner *scan, const uint8_t *from, const uint8_t *to,
                           bool quoted)
{
    struct csv *csv = scan->csv;
    size_t limit = scan->many_lines && csv->width > 0 ? csv->width : CSV_FIELDS_MAX;
    if (csv->field_count >= limit)
        return scan->many_lines ? SCAN_OPEN_QUOTE : SCAN_MANY_FIELDS;
    if (csv->field_count >= csv->field_capacity) {
        void *items = csv->fields;
        grow_to(&items, &csv->field_capacity, csv->field_count, sizeof *csv->fields);
        csv->fields = items;
    }
    csv->fields[csv->field_count++] =
        (struct csv_field){bytes_of(from, (size_t)(to - from)), quoted};
    return SCAN_ROW;
}

/* "a ""b"" c" -> a "b" c */
static void undouble(struct csv *csv, struct csv_field *field)
{
    uint8_t *out = arena_alloc(&csv->row, field->text.len);
    size_t len = 0;
    for (size_t i = 0; i < field->text.len; i++) {
        out[len++] = field->text.at[i];
        if (field->text.at[i] == '"')
            i++;
    }
    field->text = bytes_of(out, len);
}

/* A field whose opening quotation mark is at quote; start is the field's first byte. */
static enum scan scan_quoted(struct scanner *scan, const uint8_t *start,
                             const uint8_t *quote)
{
    const struct csv *csv = scan->csv;
    bool doubled = false;
    const uint8_t *closing, *from = quote + 1;
    for (;; from = closing + 2, doubled = true) {
        closing = from < scan->end ? memchr(from, '"', (size_t)(scan->end - from)) : NULL;
        if (closing == NULL)
            return scan->last ? SCAN_OPEN_QUOTE : SCAN_MORE;
        if (closing + 1 == scan->end && !scan->last)
            return SCAN_MORE;
        if (closing + 1 == scan->end || closing[1] != '"')
            break;
    }
    const uint8_t *behind = skip_blanks(csv, closing + 1, scan->end);
    if (behind == scan->end && !scan->last)
        return SCAN_MORE;
    if (behind < scan->end && !csv->stops[*behind]) {
        if (find_stop(csv, quote, closing) < closing)
            return SCAN_AFTER_QUOTE;
        scan->at = find_stop(csv, behind, scan->end);
        return add_field(scan, start, scan->at, false);
    }
    scan->many_lines |= has_line_end(quote, closing);
    scan->at = behind;
    enum scan found = add_field(scan, quote + 1, closing, true);
    if (found == SCAN_ROW && doubled)
        undouble(scan->csv, &scan->csv->fields[csv->field_count - 1]);
    return found;
}

/* Physical lines of a row, given without its line end. */
static size_t count_lines(struct bytes row)
{
    size_t lines = 1;
    for (size_t i = 0; i < row.len; i++)
        lines += row.at[i] == '\n' ||
                 (row.at[i] == '\r' && (i + 1 == row.len || row.at[i + 1] != '\n'));
    return lines;
}

/* One row from the front of window: *raw is without its line end, *len counts it. */
static enum scan scan_row(struct bytes *raw, size_t *len, size_t *lines, struct csv *csv,
                          struct bytes window, bool last)
{
    struct scanner scan = {csv, window.at, window.at + window.len, last, false};
    csv->field_count = 0;
    for (;;) {
        const uint8_t *start = scan.at;
        const uint8_t *first = skip_blanks(csv, start, scan.end);
        enum scan found;
        if (first < scan.end && *first == '"') {
            found = scan_quoted(&scan, start, first);
        } else {
            scan.at = find_stop(csv, first, scan.end);
            found = add_field(&scan, start, scan.at, false);
        }
        if (found != SCAN_ROW)
            return found;
        if (scan.at < scan.end && *scan.at == csv->delimiter) {
            scan.at++;
            continue;
        }
        break;
    }
    /* At a line end, or at the end of the window. A CR at its very end may be half of a
     * CRLF. */
    if (!last && (scan.at == scan.end || (*scan.at == '\r' && scan.at + 1 == scan.end)))
        return SCAN_MORE;
    *raw = bytes_slice(window, 0, (size_t)(scan.at - window.at));
    if (scan.at < scan.end && *scan.at++ == '\r' && scan.at < scan.end && *scan.at == '\n')
        scan.at++;
    *len = (size_t)(scan.at - window.at);
    *lines = scan.many_lines ? count_lines(*raw) : 1;
    return SCAN_ROW;
}

/* Length of the first physical line with its end; 0 when the window does not hold that. */
static size_t first_line(struct bytes window, bool last)
{
    size_t i = 0;
    while (i < window.len && window.at[i] != '\n' && window.at[i] != '\r')
        i++;
    if (i == window.len)
        return last ? i : 0;
    if (window.at[i] == '\n')
        return i + 1;
    if (i + 1 == window.len)
        return last ? i + 1 : 0;
    return i + (window.at[i + 1] == '\n' ? 2 : 1);
}

static struct bytes without_line_end(struct bytes line)
{
    if (line.len > 0 && line.at[line.len - 1] == '\n')
        line.len--;
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* A repaired copy in arena when text is not UTF-8; the text itself when it is. */
static struct bytes repair(size_t *repaired, struct bytes text, struct arena *arena)
{
    if (utf8_valid(text))
        return text;
    struct buf fixed = {.max = 3 * text.len};
    *repaired += utf8_add_repaired(&fixed, text);
    struct bytes copy = arena_bytes(arena, buf_bytes(&fixed));
    buf_release(&fixed);
    return copy;
}

/* Give up the row at the front of the window: copy what a person needs to see of its first
 * line, and go on behind that line however long it is. */
static enum status skip_line(struct csv_row *row, struct csv *csv, struct err *err)
{
    struct buf kept = {.max = CSV_FAULT_ROW_MAX};
    enum status status = OK;
    for (;;) {
        struct bytes window = source_window(csv->source);
        bool last = source_ended(csv->source);
        size_t len = first_line(window, last);
        bool whole = len > 0 || last;
        if (!whole) /* all of it belongs to the line; but a CR may be half of a CRLF */
            len = window.len - (window.len > 0 && window.at[window.len - 1] == '\r');
        struct bytes part = bytes_slice(window, 0, len);
        if (whole)
            part = without_line_end(part);
        size_t room = kept.max - kept.len;
        buf_add(&kept, bytes_slice(part, 0, part.len < room ? part.len : room));
        source_take(csv->source, len);
        if (whole)
            break;
        status = source_more(csv->source, err);
        if (status != OK)
            break;
    }
    csv->line++;
    row->raw = repair(&row->repaired, arena_bytes(&csv->row, buf_bytes(&kept)), &csv->row);
    buf_release(&kept);
    return status;
}

static const char *fault_of(const struct csv *csv, enum scan found, struct bytes window)
{
    bool has_quote = window.len > 0 && memchr(window.at, '"', window.len) != NULL;
    if (found == SCAN_MORE && source_damage(csv->source)[0] != '\0')
        return source_damage(csv->source);
    if (found == SCAN_AFTER_QUOTE)
        return "text stands behind a quoted field; a quotation mark inside a quoted field "
               "must be written twice";
    if (found == SCAN_MANY_FIELDS)
        return "the row has more than 4096 fields";
    if (found == SCAN_OPEN_QUOTE || has_quote)
        return "a quotation mark opens a field in this line and none closes it; a "
               "quotation mark that is text must be written twice, inside a quoted field";
    return "the row is longer than one mebibyte";
}

/* One row or fault, header or not; NOT_FOUND at the end. */
static enum status next_row(struct csv_row *row, struct csv *csv, struct err *err)
{
    arena_reset(&csv->row);
    *row = (struct csv_row){.line = csv->line};
    for (;;) {
        struct bytes window = source_window(csv->source);
        bool last = source_ended(csv->source);
        /* The last bytes before damage are a row cut short, even when they look like a
         * whole. */
        bool damaged = last && source_damage(csv->source)[0] != '\0';
        if (window.len == 0 && last && (!damaged || csv->damage_told))
            return NOT_FOUND;
        size_t len = 0, lines = 0;
        enum scan found = SCAN_MORE;
        if (window.len > 0)
            found = scan_row(&row->raw, &len, &lines, csv, window, last && !damaged);
        if (found == SCAN_ROW && len <= CSV_ROW_MAX) {
            source_take(csv->source, len);
            csv->line += lines;
            row->fields = csv->fields;
            return OK;
        }
        if (found == SCAN_MORE && window.len <= CSV_ROW_MAX && !last) {
            enum status status = source_more(csv->source, err);
            if (status != OK)
                return status;
            arena_reset(&csv->row);
            continue;
        }
        if (found == SCAN_MORE && damaged)
            csv->damage_told = true;
        row->fault = fault_of(csv, found, window);
        return skip_line(row, csv, err);
    }
}

static bool all_blank(const struct csv *csv)
{
    for (size_t i = 0; i < csv->field_count; i++)
        if (csv->fields[i].text.len > 0 && text_trim(csv->fields[i].text).len > 0)
            return false;
    return true;
}

/* Too few, too many, NUL: sets row->fault. Blank fields past the last column are dropped.
 */
static void check_row(struct csv_row *row, struct csv *csv)
{
    size_t count = csv->field_count;
    while (count > csv->column_count && text_trim(csv->fields[count - 1].text).len == 0)
        count--;
    if (memchr(row->raw.at, 0, row->raw.len) != NULL)
        row->fault =
            "a NUL byte stands in the row, which no text has: the file is damaged, or "
            "is not text";
    else if (count != csv->column_count)
        row->fault = arena_printf(
            &csv->row, "the row has %zu field%s, the header has %zu column%s%s", count,
            plural(count, "", "s"), csv->column_count, plural(csv->column_count, "", "s"),
            count > csv->column_count ? "; a field that holds the delimiter must be quoted"
                                      : "");
    if (row->fault != NULL)
        row->fields = NULL;
}

static void repair_row(struct csv_row *row, struct csv *csv)
{
    if (utf8_valid(row->raw))
        return;
    size_t counted_already = 0;
    for (size_t i = 0; i < csv->field_count; i++)
        csv->fields[i].text = repair(&counted_already, csv->fields[i].text, &csv->row);
    row->raw = repair(&row->repaired, row->raw, &csv->row);
}

enum status csv_next(struct csv_row *row, struct csv *csv, struct err *err)
{
    for (;;) {
        enum status status = next_row(row, csv, err);
        if (status != OK || row->fault != NULL)
            return status;
        if (all_blank(csv))
            continue;
        repair_row(row, csv);
        check_row(row, csv);
        return OK;
    }
}

static void set_delimiter(struct csv *csv, uint8_t delimiter)
{
    csv->delimiter = delimiter;
    memset(csv->stops, 0, sizeof csv->stops);
    csv->stops[delimiter] = csv->stops['\n'] = csv->stops['\r'] = true;
}

/* The one most often in the first line that is not blank, outside quotation marks. */
static void guess_delimiter(struct csv *csv)
{
    struct bytes window = source_window(csv->source);
    size_t seen[sizeof delimiters] = {0};
    bool quoted = false, text = false;
    for (size_t i = 0; i < window.len; i++) {
        uint8_t c = window.at[i];
        if (!quoted && text && (c == '\n' || c == '\r'))
            break;
        text |= !is_space(c);
        quoted ^= c == '"';
        for (size_t d = 0; d < sizeof delimiters; d++)
            seen[d] += !quoted && c == delimiters[d];
    }
    size_t best = 0;
    for (size_t d = 1; d < sizeof delimiters; d++)
        if (seen[d] > seen[best])
            best = d;
    set_delimiter(csv, seen[best] > 0 ? delimiters[best] : ',');
}

/* Excel's hint "sep=;" in a line of its own. */
static bool take_sep_line(struct csv *csv)
{
    struct bytes window = source_window(csv->source);
    size_t len = first_line(window, source_ended(csv->source));
    struct bytes line = without_line_end(bytes_slice(window, 0, len));
    if (line.len != 5 || !text_starts(line, "sep=") ||
        memchr(delimiters, line.at[4], sizeof delimiters) == NULL)
        return false;
    set_delimiter(csv, line.at[4]);
    source_take(csv->source, len);
    csv->line++;
    return true;
}

enum status csv_open(struct csv *csv, struct source *source, struct err *err)
{
    *csv = (struct csv){.source = source, .line = 1};
    if (source_window(source).len == 0) {
        enum status status = source_more(source, err);
        if (status != OK)
            return status;
    }
    if (!take_sep_line(csv))
        guess_delimiter(csv);
    struct csv_row row;
    enum status status;
    do
        status = next_row(&row, csv, err);
    while (status == OK && row.fault == NULL && all_blank(csv));
    if (status == NOT_FOUND)
        return fail(err, BAD_INPUT, "%s: the file is empty: it has no header line",
                    source_name(source));
    if (status != OK)
        return status;
    if (row.fault == NULL && memchr(row.raw.at, 0, row.raw.len) != NULL)
        row.fault = "a NUL byte stands in the header, which no text has";
    if (row.fault != NULL)
        return fail(err, BAD_INPUT, "%s, line %zu: the header cannot be read: %s",
                    source_name(source), row.line, row.fault);
    repair_row(&row, csv);
    size_t count = csv->width = csv->field_count;
    while (count > 0 && text_trim(csv->fields[count - 1].text).len == 0)
        count--;
    csv->columns = arena_zalloc(&csv->header, count, sizeof *csv->columns);
    for (size_t i = 0; i < count; i++)
        csv->columns[i] = arena_bytes(&csv->header, text_trim(csv->fields[i].text));
    csv->column_count = count;
    return OK;
}

void csv_release(struct csv *csv)
{
    if (csv == NULL)
        return;
    arena_release(&csv->header);
    arena_release(&csv->row);
    free(csv->fields);
    *csv = (struct csv){0};
}

static bool same_name(struct bytes a, struct bytes b)
{
    bool same = a.len == b.len;
    for (size_t i = 0; same && i < a.len; i++)
        same = to_lower(a.at[i]) == to_lower(b.at[i]);
    return same;
}

int csv_column(const struct csv *csv, struct bytes name)
{
    int exact = CSV_NO_COLUMN, alike = CSV_NO_COLUMN;
    for (size_t i = 0; i < csv->column_count; i++) {
        if (!same_name(csv->columns[i], name))
            continue;
        alike = alike == CSV_NO_COLUMN ? (int)i : CSV_TWO_COLUMNS;
        if (bytes_equal(csv->columns[i], name))
            exact = exact == CSV_NO_COLUMN ? (int)i : CSV_TWO_COLUMNS;
    }
    return exact != CSV_NO_COLUMN ? exact : alike;
}

struct bytes csv_trimmed(const struct csv_field *field)
{
    return field->quoted ? field->text : text_trim(field->text);
}
