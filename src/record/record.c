/* SPDX-License-Identifier: Apache-2.0 */
#include "record/record.h"

#include "base/text.h"
#include "record/mrz.h"

#include <assert.h>
#include <stdio.h>
#include <unicode/uchar.h>

enum { VALUES_FIRST = 16 };

/* The country a record's numbers are read with: the first of these that it names. */
static const char *const country_properties[] = {
    "country", "nationality", "citizenship", "jurisdiction", "mainCountry", "flag",
};
enum { COUNTRY_PROPERTIES = sizeof country_properties / sizeof country_properties[0] };

void record_init(struct record *record, const struct schema *schema, struct arena *arena)
{
    *record = (struct record){
        .arena = arena,
        .schema = schema,
        .owner = "",
        .status = STATUS_UNCATEGORISED,
        .handling = HANDLING_H0,
        .handling_note = "",
        .evaluation = {EVALUATION_4X4, "X4"},
        .purpose = PURPOSE_INVESTIGATION,
        .review = "",
    };
}

enum status record_add(struct record *record, const struct property *property,
                       const char *name, struct bytes raw, const char *format,
                       struct err *err)
{
    raw = text_trim(raw);
    if (raw.len == 0)
        return OK;
    if (record->count == RECORD_VALUES_MAX)
        return fail(err, TOO_LARGE, "a record has at most %d values; this one has more",
                    RECORD_VALUES_MAX);
    if (record->count == record->capacity) {
        size_t capacity = record->capacity > 0 ? 2 * record->capacity : VALUES_FIRST;
        struct record_value *values =
            arena_alloc(record->arena, capacity * sizeof(*record->values));
        if (record->count > 0)
            memcpy(values, record->values, record->count * sizeof(*values));
        record->values = values;
        record->capacity = capacity;
    }
    record->values[record->count++] = (struct record_value){
        .property = property,
        .name = name,
        .raw = arena_bytes(record->arena, raw),
        .grade = VALUE_INVALID,
        .format = format,
        .why = "not read yet",
    };
    return OK;
}

enum status record_add_exactly(struct record *record, const struct property *property,
                               const char *name, struct bytes raw, const char *format,
                               struct err *err)
{
    size_t count = record->count;
    enum status status = record_add(record, property, name, raw, format, err);
    if (status == OK && record->count > count && record->values[count].raw.len < raw.len)
        record->values[count].raw = arena_bytes(record->arena, raw);
    return status;
}

static void refuse_value(struct record_value *value, const char *why)
{
    value->clean = (struct bytes){0};
    value->grade = VALUE_INVALID;
    value->why = why;
}

static void clean_value(struct record_value *value, const char *country,
                        struct arena *arena)
{
    struct value_hint hint = {.country = country, .format = value->format};
    struct value_result result;
    value_clean(&result, value->property->kind, value->raw, &hint, arena);
    value->clean = value_usable(result.grade) ? result.clean : (struct bytes){0};
    value->grade = result.grade;
    value->why = result.why;
}

static void refuse_unknown(struct record *record, struct record_value *value)
{
    refuse_value(value, arena_printf(record->arena, "%s has no property of this name",
                                     record->schema->name));
}

/* The country that helps to read the record's values, or NULL. */
static const char *country_of(const struct record *record)
{
    for (size_t i = 0; i < COUNTRY_PROPERTIES; i++) {
        struct bytes code = record_first(record, country_properties[i]);
        if (code.len == 2) /* not "suhh", nor "gb-sct" */
            return arena_text(record->arena, code);
    }
    return NULL;
}

/* Countries first: they help to read the rest. Where the record names none, ours is a good
 * guess for a phone, which people write without a country code at home, and for nothing
 * else. */
static void clean_values(struct record *record, const char *home)
{
    for (size_t i = 0; i < record->count; i++) {
        struct record_value *value = &record->values[i];
        if (value->property == NULL)
            refuse_unknown(record, value);
        else if (value->property->flags & PROPERTY_STUB)
            refuse_value(value,
                         "this follows from the record that points here; say it there");
        else if (value->property->kind == VALUE_COUNTRY)
            clean_value(value, NULL, record->arena);
    }
    const char *country = country_of(record);
    for (size_t i = 0; i < record->count; i++) {
        struct record_value *value = &record->values[i];
        if (value->property == NULL || (value->property->flags & PROPERTY_STUB) ||
            value->property->kind == VALUE_COUNTRY)
            continue;
        bool at_home = country == NULL && value->property->kind == VALUE_PHONE;
        clean_value(value, at_home ? home : country, record->arena);
    }
}

/* The sentence of a required property that has no usable value: what was given, if
 * anything. */
static enum status fail_required(const struct record *record, const char *name,
                                 struct err *err)
{
    for (size_t i = 0; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        if (strcmp(value->name, name) == 0)
            return fail(err, BAD_INPUT, "%s needs the property %s: %s",
                        record->schema->name, name, value->why);
    }
    return fail(err, BAD_INPUT, "%s needs the property %s, and there is none",
                record->schema->name, name);
}

/* FollowTheMoney's `required` is advice for whoever types a record: a person known by a passport
 * alone is a person all the same, and real lists have them. Ours is the least that makes sense. */
static enum status check_required(const struct record *record, struct err *err)
{
    if (!(record->schema->flags & SCHEMA_OURS))
        return OK;
    for (const char *const *name = record->schema->required; *name != NULL; name++)
        if (record_first(record, *name).len == 0)
            return fail_required(record, *name, err);
    return OK;
}

/* A review date that cannot be read would keep the record for ever. */
static enum status check_review(struct record *record, struct err *err)
{
    if (record->review[0] == '\0')
        return OK;
    struct date day;
    if (date_parse(&day, bytes_text(record->review), NULL, NULL) != OK ||
        day.precision != DATE_DAY)
        return fail(err, BAD_INPUT,
                    "the review date \"%.60s\" is no day; write it as 2031-02-03",
                    record->review);
    char text[DATE_TEXT_SIZE];
    record->review = arena_text(record->arena, bytes_of(text, date_print(text, &day)));
    return OK;
}

enum status record_finish(struct record *record, const char *home, struct err *err)
{
    if (record->id == NULL || record->id[0] == '\0')
        return fail(err, BAD_INPUT, "the %s has no id", record->schema->name);
    if (strlen(record->id) > RECORD_ID_MAX)
        return fail(err, TOO_LARGE, "the id of the %s is longer than %d bytes",
                    record->schema->name, RECORD_ID_MAX);
    record->handling |= HANDLING_H0;
    clean_values(record, home);
    enum status status = check_required(record, err);
    return status == OK ? check_review(record, err) : status;
}

const struct record_value *record_next(const struct record *record, const char *property,
                                       size_t *at)
{
    while (*at < record->count) {
        const struct record_value *value = &record->values[(*at)++];
        /* The first letters tell most names apart, and this is asked a great deal. */
        if (value->name[0] == property[0] && value_usable(value->grade) &&
            strcmp(value->name, property) == 0)
            return value;
    }
    return NULL;
}

struct bytes record_first(const struct record *record, const char *property)
{
    size_t at = 0;
    const struct record_value *value = record_next(record, property, &at);
    return value != NULL ? value->clean : (struct bytes){0};
}

static size_t count_of(const struct record *record, const struct record_value *value)
{
    size_t count = 0;
    for (size_t i = 0; i < record->count; i++)
        count += strcmp(record->values[i].name, value->name) == 0 &&
                 bytes_equal(record->values[i].raw, value->raw);
    return count;
}

bool record_has(const struct record *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++)
        if (strcmp(record->values[i].name, name) == 0)
            return true;
    return false;
}

bool record_same_values(const struct record *a, const struct record *b, const char *name)
{
    size_t balance[2] = {0};
    const struct record *sides[] = {a, b};
    for (int side = 0; side < 2; side++)
        for (size_t i = 0; i < sides[side]->count; i++) {
            const struct record_value *value = &sides[side]->values[i];
            if (name != NULL && strcmp(value->name, name) != 0)
                continue;
            balance[side]++;
            if (count_of(a, value) != count_of(b, value))
                return false;
        }
    return balance[0] == balance[1];
}

bool record_same_words(const struct record *a, const struct record *b)
{
    return a->schema == b->schema && strcmp(a->id, b->id) == 0 &&
           record_same_values(a, b, NULL);
}

struct bytes record_caption(const struct record *record)
{
    for (const char *const *name = record->schema->captions; *name != NULL; name++) {
        size_t at = 0;
        const struct record_value *value = record_next(record, *name, &at);
        if (value != NULL)
            return value->raw;
    }
    return bytes_text(record->id);
}

/* Of a birth known by year or month alone the last day counts, in date_age_on: better one
 * adult too many protected than one child disclosed. */
static bool may_be_minor(struct bytes born, const struct date *today)
{
    struct date birth;
    return date_parse(&birth, born, NULL, NULL) == OK &&
           date_age_on(&birth, today) < MINOR_YEARS;
}

static bool is_minors_year(int year, const struct date *today)
{
    return year >= today->year - MINOR_YEARS && year <= today->year + 1;
}

enum { DATE_DIGITS = 8, DATE_NUMBERS = 4, DAY_MOST = 31 };

struct numbers_read {
    int numbers[DATE_NUMBERS],
        digits[DATE_NUMBERS]; /* the first few, and of how many digits */
    size_t count;
    bool years, minors_year; /* a year of four digits was seen; a minor's */
};

static void take_digits(struct numbers_read *read, const int *digits, int count,
                        const struct date *today)
{
    int number = 0;
    for (int i = 0; i < count && i < DATE_DIGITS; i++)
        number = number * 10 + digits[i];
    if (count == 4 || count == DATE_DIGITS)
        for (int from = 0; from < count; from += 4) {
            int year = digits[from] * 1000 + digits[from + 1] * 100 +
                       digits[from + 2] * 10 + digits[from + 3];
            read->years = read->years || (year >= DATE_YEAR_MIN && year <= DATE_YEAR_MAX);
            read->minors_year = read->minors_year || is_minors_year(year, today);
        }
    if (count > 0 && read->count < DATE_NUMBERS) {
        read->numbers[read->count] = number;
        read->digits[read->count++] = count;
    }
}

/* Of a birth date that nobody can read for sure (12/05/2012, c. 2012, 2012-13-45, 12-05-12) any year in it
 * counts, in whatever digits. Where none has four, it is the third of three numbers of two, or the first where
 * the third is a day and a year still to come. */
static bool names_minors_year(struct bytes raw, const struct date *today)
{
    struct numbers_read read = {.count = 0};
    while (raw.len > 0) {
        int digits[DATE_DIGITS], count = 0, digit;
        uint32_t point;
        while (raw.len > 0 && utf8_next(&point, &raw) &&
               (digit = u_charDigitValue((UChar32)point)) >= 0) {
            if (count < DATE_DIGITS)
                digits[count] = digit;
            count++;
        }
        take_digits(&read, digits, count, today);
    }
    if (read.minors_year || read.years)
        return read.minors_year;
    int *numbers = read.numbers;
    if (read.count >= 1 && read.digits[0] == 6) { /* written together */
        numbers[2] = numbers[0] % 100;
        numbers[0] /= 10000;
    } else if (read.count < 3 || read.digits[0] > 2 || read.digits[2] > 2) {
        return false;
    }
    /* A number over 31 is no day, so it is the year; else either may be one. */
    int century = today->year / 100 * 100;
    bool first = numbers[2] <= DAY_MOST && is_minors_year(century + numbers[0], today);
    bool third = numbers[0] <= DAY_MOST && is_minors_year(century + numbers[2], today);
    return third || (first && century + numbers[2] > today->year);
}

static bool shows_minors_line(const struct record_value *value, const struct date *today)
{
    struct mrz mrz;
    return value->property->kind == VALUE_DOCUMENT && mrz_looks_like(value->raw) &&
           mrz_parse(&mrz, value->raw, NULL) == OK &&
           may_be_minor(bytes_text(mrz.birth), today);
}

/* By a birth date, or by the machine-readable line of a passport, which has one too. */
static bool shows_minor(const struct record_value *value, const struct date *today)
{
    bool usable = value_usable(value->grade);
    if (strcmp(value->name, "birthDate") == 0 && usable)
        return may_be_minor(value->clean, today);
    if (strcmp(value->name, "birthDate") == 0)
        return value->grade == VALUE_INVALID && names_minors_year(value->raw, today);
    return usable && shows_minors_line(value, today);
}

bool record_shows_minor(const struct record *record, const char *today)
{
    struct date day;
    enum status status = date_parse(&day, bytes_text(today), NULL, NULL);
    assert(status == OK && day.precision >= DATE_DAY); /* ours, from our own clock */
    for (size_t i = 0; i < record->count; i++)
        if (value_usable(record->values[i].grade) &&
            shows_minors_line(&record->values[i], &day))
            return true;
    return false;
}

bool record_is_protected(const char **why, const struct record *record, const char *today)
{
    struct date day;
    enum status status = date_parse(&day, bytes_text(today), NULL, NULL);
    assert(status == OK && day.precision >= DATE_DAY); /* ours, from our own clock */

    if (status_is_protected(record->status)) {
        *why = status_word(record->status);
        return true;
    }
    /* A record about one person: Person, Passport. Not a seizure with a passport in it. */
    if (schema_property(record->schema, BYTES_OF("birthDate")) == NULL)
        return false;
    for (size_t i = 0; i < record->count; i++) {
        if (shows_minor(&record->values[i], &day)) {
            *why = "minor";
            return true;
        }
    }
    return false;
}

void record_review(char out[DATE_TEXT_SIZE], const struct record *record, int64_t entered_s)
{
    enum { DAY_S = 24 * 3600 };
    struct date day = date_from_day_number((int32_t)(entered_s / DAY_S));
    if (record->review[0] != '\0') {
        snprintf(out, DATE_TEXT_SIZE, "%s", record->review);
        return;
    }
    bool person = schema_is_a(record->schema, "Person");
    if (person && record->status == STATUS_UNCATEGORISED)
        day = date_add_days(day, STATUS_UNCATEGORISED_DAYS);
    else if (person && record->status == STATUS_ACQUITTED)
        day = date_add_days(day, REVIEW_ACQUITTED_DAYS);
    else
        day = date_add_years(day, REVIEW_DEFAULT_YEARS);
    date_print(out, &day);
}
