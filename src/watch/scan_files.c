/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/scan_files.h"

#include "base/file.h"
#include "base/text.h"
#include "record/date.h"

#include <math.h>
#include <stdlib.h>

enum { FIELDS_MAX = 8 };

/* A line at a time. */
struct lines {
    struct bytes rest;
    const char *name;
    size_t number;
    struct bytes fields[FIELDS_MAX];
    size_t count; /* fields in the line; those past the maximum are counted, not kept */
};

static bool separates(uint8_t c)
{
    return c == ' ' || c == '\t' || c == ',' || c == ';' || c == '\r';
}

static struct bytes take_field(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *from = *at;
    if (*from == '"') {
        const uint8_t *closing = from + 1;
        while (closing < end && *closing != '"')
            closing++;
        *at = closing < end ? closing + 1 : end;
        return bytes_of(from + 1, (size_t)(closing - from) - 1);
    }
    while (*at < end && !separates(**at))
        ++*at;
    return bytes_of(from, (size_t)(*at - from));
}

/* The next line with a field; false at the end. */
static bool next_line(struct lines *lines)
{
    while (lines->rest.len > 0) {
        const uint8_t *at = lines->rest.at;
        const uint8_t *end = memchr(at, '\n', lines->rest.len);
        size_t len = end == NULL ? lines->rest.len : (size_t)(end - at) + 1;
        if (end == NULL)
            end = at + len;
        lines->rest = bytes_slice(lines->rest, len, lines->rest.len - len);
        lines->number++;
        lines->count = 0;
        for (;;) {
            while (at < end && separates(*at))
                at++;
            if (at == end)
                break;
            struct bytes field = take_field(&at, end);
            if (lines->count < FIELDS_MAX)
                lines->fields[lines->count] = field;
            lines->count++;
        }
        if (lines->count > 0)
            return true;
    }
    return false;
}

static enum status bad(const struct lines *lines, struct err *err, const char *what,
                       struct bytes field)
{
    size_t shown = field.len < 60 ? field.len : 60;
    return fail(err, BAD_INPUT, "%s, line %zu: \"%.*s\" %s", lines->name, lines->number,
                (int)shown, (const char *)field.at, what);
}

static struct bytes without_mark(struct bytes text)
{
    return text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0
               ? bytes_slice(text, 3, text.len - 3)
               : text;
}

/* --- places, found by name --- */

struct directory {
    uint32_t *slots; /* place + 1, or 0 */
    size_t mask;
};

static uint64_t hash_name(struct bytes name)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ name.at[i]) * 1099511628211u;
    return hash ^ hash >> 29;
}

/* The slot that holds the name, or the empty one where it would stand. */
static uint32_t *slot_of(const struct directory *directory, const struct scan_files *files,
                         struct bytes name)
{
    size_t at = hash_name(name) & directory->mask;
    while (directory->slots[at] != 0 &&
           !bytes_equal(files->names[directory->slots[at] - 1], name))
        at = (at + 1) & directory->mask;
    return &directory->slots[at];
}

static size_t count_lines(struct bytes text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++)
        count += text.at[i] == '\n';
    return count;
}

static enum status read_places(struct scan_files *files, struct directory *directory,
                               struct lines *lines, struct err *err)
{
    size_t most = count_lines(lines->rest), slots = 16;
    if (most > SCAN_PLACES_MAX)
        return fail(err, TOO_LARGE, "%s has %zu lines; at most %d places are scanned",
                    lines->name, most, SCAN_PLACES_MAX);
    while (slots < 2 * most)
        slots *= 2;
    files->names = arena_zalloc(&files->arena, most, sizeof *files->names);
    files->places = arena_zalloc(&files->arena, most, sizeof *files->places);
    *directory = (struct directory){
        arena_zalloc(&files->arena, slots, sizeof *directory->slots), slots - 1};
    while (next_line(lines)) {
        struct scan_place place;
        if (lines->count != 3)
            return fail(err, BAD_INPUT,
                        "%s, line %zu: %zu %s; a line has place, latitude, longitude",
                        lines->name, lines->number, lines->count,
                        plural(lines->count, "field", "fields"));
        if (!text_double(&place.latitude, lines->fields[1]) || fabs(place.latitude) > 90)
            return bad(lines, err, "is no latitude; it is a number from -90 to 90",
                       lines->fields[1]);
        if (!text_double(&place.longitude, lines->fields[2]) || fabs(place.longitude) > 180)
            return bad(lines, err, "is no longitude; it is a number from -180 to 180",
                       lines->fields[2]);
        uint32_t *slot = slot_of(directory, files, lines->fields[0]);
        if (*slot != 0)
            return bad(lines, err, "has its coordinates already; a place stands once",
                       lines->fields[0]);
        files->names[files->place_count] = lines->fields[0];
        files->places[files->place_count++] = place;
        *slot = (uint32_t)files->place_count;
    }
    return OK;
}

/* --- cases --- */

static bool read_day(int32_t *day, struct bytes text)
{
    int parts[3] = {0}, at = 0;
    bool digit = false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (is_digit(c) && parts[at] < 10000) {
            parts[at] = parts[at] * 10 + (c - '0');
            digit = true;
        } else if ((c == '/' || c == '-') && digit && at < 2) {
            at++;
            digit = false;
        } else {
            return false;
        }
    }
    struct date date = {
        .year = parts[0], .month = parts[1], .day = parts[2], .precision = DATE_DAY};
    if (at != 2 || !digit || date.year < DATE_YEAR_MIN || date.year > DATE_YEAR_MAX ||
        date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > date_days_in_month(date.year, date.month))
        return false;
    *day = date_day_number(&date);
    return true;
}

static enum status read_cases(struct scan_files *files, const struct directory *directory,
                              struct lines *lines, struct err *err)
{
    files->cases =
        arena_zalloc(&files->arena, count_lines(lines->rest), sizeof *files->cases);
    files->first_day = INT32_MAX;
    files->last_day = INT32_MIN;
    while (next_line(lines)) {
        if (lines->count > 3)
            return bad(lines, err,
                       "stands behind the date; covariates are not supported, a line has "
                       "place, count, date",
                       lines->fields[3]);
        if (lines->count < 3)
            return fail(err, BAD_INPUT,
                        "%s, line %zu: %zu %s; a line has place, count, date", lines->name,
                        lines->number, lines->count,
                        plural(lines->count, "field", "fields"));
        struct scan_case one;
        uint64_t count;
        if (!text_u64(&count, lines->fields[1]) || count > INT32_MAX)
            return bad(lines, err, "is no number of cases", lines->fields[1]);
        if (!read_day(&one.day, lines->fields[2]))
            return bad(lines, err, "is no day; it is written year/month/day",
                       lines->fields[2]);
        uint32_t slot = *slot_of(directory, files, lines->fields[0]);
        if (slot == 0)
            return bad(lines, err, "is not in the coordinates file", lines->fields[0]);
        if (count == 0)
            continue;
        one.place = slot - 1;
        one.count = (uint32_t)count;
        files->cases[files->case_count++] = one;
        files->first_day = one.day < files->first_day ? one.day : files->first_day;
        files->last_day = one.day > files->last_day ? one.day : files->last_day;
    }
    return OK;
}

enum status scan_files_parse(struct scan_files *files, struct bytes cases,
                             const char *cases_name, struct bytes places,
                             const char *places_name, struct err *err)
{
    struct lines place_lines = {.rest = without_mark(places), .name = places_name};
    struct lines case_lines = {.rest = without_mark(cases), .name = cases_name};
    struct directory directory = {0};
    enum status status = read_places(files, &directory, &place_lines, err);
    if (status == OK)
        status = read_cases(files, &directory, &case_lines, err);
    return status;
}

enum status scan_files_read(struct scan_files *files, const char *cases_path,
                            const char *places_path, struct err *err)
{
    *files = (struct scan_files){0};
    struct bytes cases, places;
    enum status status = file_read(&cases, cases_path, SCAN_FILE_MAX, &files->arena, err);
    if (status == OK)
        status = file_read(&places, places_path, SCAN_FILE_MAX, &files->arena, err);
    if (status == OK)
        status = scan_files_parse(files, cases, cases_path, places, places_path, err);
    if (status != OK)
        scan_files_release(files);
    return status;
}

void scan_files_release(struct scan_files *files)
{
    if (files == NULL)
        return;
    arena_release(&files->arena);
    *files = (struct scan_files){0};
}
