/* SPDX-License-Identifier: Apache-2.0
 *
 * What people decided as text, and back: JSON, a row a kind of agreement.
 */
#include "link/review.h"

#include "base/json.h"

#include <math.h>

/* ---- Out ---- */

static void put_person(struct json_writer *json, const struct reviewed *row)
{
    const struct accord *accord = &row->accord;
    enum mixture_kind kind = row->by_keys ? MIXTURE_KEYS : MIXTURE_PLAIN;
    json_text_member(json, "by", row->by_keys ? "keys" : "plain");
    json_text_member(json, "names", mixture_name_word(kind, accord->names));
    json_text_member(json, "date", mixture_date_word(accord->date));
    json_text_member(json, "place", mixture_place_word(accord->place));
    json_text_member(json, "place_most", mixture_place_word(accord->place_most));
    json_number_member(json, "strangers", accord->strangers);
    json_number_member(json, "rarer", accord->rarer_letters);
    json_number_member(json, "numbers", accord->numbers);
}

static void put_thing(struct json_writer *json, const struct reviewed *row)
{
    json_key(json, score_field_word(SCORE_NAME));
    json_begin_map(json);
    for (size_t level = SCORE_DIFFERS; level < SCORE_LEVELS; level++)
        if (row->names[level] > 0)
            json_count_member(json, score_level_word((enum score_level)level),
                              row->names[level]);
    json_end_map(json);
    for (size_t field = SCORE_NAME + 1; field < SCORE_FIELDS; field++)
        if (row->levels[field] != SCORE_UNKNOWN)
            json_text_member(json, score_field_word((enum score_field)field),
                             score_level_word((enum score_level)row->levels[field]));
    json_number_member(json, "stated", row->stated);
}

void review_write(struct buf *out, const struct review *review)
{
    struct json_writer json = {.out = out};
    json_begin_map(&json);
    json_key(&json, "learned");
    json_begin_list(&json);
    for (size_t i = 0; i < review->count; i++) {
        const struct reviewed *row = &review->rows[i];
        json_begin_map(&json);
        json_text_member(&json, "schema", thing_kind_word(row->kind));
        if (row->kind == THING_PERSON)
            put_person(&json, row);
        else
            put_thing(&json, row);
        json_count_member(&json, "same", row->same);
        json_count_member(&json, "different", row->different);
        json_end_map(&json);
    }
    json_end_list(&json);
    json_end_map(&json);
}

/* ---- In ---- */

/* Of a row: the first thing that is wrong with it, and where. */
struct taking {
    const struct json_object *row;
    size_t number; /* from 1 */
    enum status status;
    struct err *err;
};

static void refuse(struct taking *taking, const char *name, const char *right)
{
    if (taking->status == OK)
        taking->status =
            fail(taking->err, BAD_INPUT, "what was learned, row %zu: \"%s\" is %s",
                 taking->number, name, right);
}

/* The word's place among those that word(at) gives; 0 when it is none of them. */
typedef const char *word_at(size_t at);

static uint8_t take_word(struct taking *taking, const char *name, word_at *word)
{
    struct bytes text = json_text(json_get(taking->row, name));
    for (uint8_t at = 0; word(at) != NULL; at++)
        if (bytes_is(text, word(at)))
            return at;
    refuse(taking, name, "none of the words that `enlace link learn` writes there");
    return 0;
}

static double take_number(struct taking *taking, const char *name, double least,
                          double most)
{
    const struct json_object *value = json_get(taking->row, name);
    double number = json_number(value);
    if (json_kind(value) == JSON_NUMBER && number >= least && number <= most)
        return number;
    refuse(taking, name, "no number that `enlace link learn` writes there");
    return least;
}

static uint64_t take_count(struct taking *taking, const char *name)
{
    enum { COUNT_MOST = 1000000000 };
    double number = take_number(taking, name, 0, COUNT_MOST);
    if (number != floor(number))
        refuse(taking, name, "no number of pairs");
    return (uint64_t)number;
}

static const char *name_word_by_keys(size_t at)
{
    return mixture_name_word(MIXTURE_KEYS, at);
}

static const char *name_word_plainly(size_t at)
{
    return mixture_name_word(MIXTURE_PLAIN, at);
}

static const char *kind_word(size_t at)
{
    return at < THING_KINDS ? thing_kind_word((enum thing_kind)at) : NULL;
}

static const char *by_word(size_t at)
{
    static const char *const words[] = {"plain", "keys"};
    return at < 2 ? words[at] : NULL;
}

static const char *level_word(size_t at)
{
    return at < SCORE_LEVELS ? score_level_word((enum score_level)at) : NULL;
}

static const double SHARE_LEAST = 1e-20, SHARE_MOST = 1e20;
enum { RARER_MOST = 3 }; /* struct accord */

static void take_person(struct reviewed *row, struct taking *taking)
{
    struct accord *accord = &row->accord;
    row->by_keys = take_word(taking, "by", by_word) == 1;
    accord->names =
        take_word(taking, "names", row->by_keys ? name_word_by_keys : name_word_plainly);
    accord->date = take_word(taking, "date", mixture_date_word);
    accord->place = take_word(taking, "place", mixture_place_word);
    accord->place_most = take_word(taking, "place_most", mixture_place_word);
    accord->strangers = take_number(taking, "strangers", SHARE_LEAST, SHARE_MOST);
    accord->rarer_letters = take_number(taking, "rarer", -RARER_MOST, RARER_MOST);
    accord->numbers = take_number(taking, "numbers", SHARE_LEAST, SHARE_MOST);
}

static void take_thing(struct reviewed *row, struct taking *taking)
{
    struct taking names = *taking;
    names.row = json_get(taking->row, score_field_word(SCORE_NAME));
    for (size_t level = SCORE_DIFFERS; level < SCORE_LEVELS; level++) {
        const char *word = score_level_word((enum score_level)level);
        if (json_get(names.row, word) != NULL)
            row->names[level] = (uint8_t)take_number(&names, word, 1, SCORE_NAMES_MAX);
    }
    taking->status = names.status;
    for (size_t field = SCORE_NAME + 1; field < SCORE_FIELDS; field++) {
        const char *word = score_field_word((enum score_field)field);
        if (json_get(taking->row, word) != NULL)
            row->levels[field] = take_word(taking, word, level_word);
    }
    row->stated = take_number(taking, "stated", SHARE_LEAST, SHARE_MOST);
}

static enum status take_row(struct reviewed *row, const struct json_object *value,
                            size_t number, struct err *err)
{
    struct taking taking = {value, number, OK, err};
    *row =
        (struct reviewed){.kind = (enum thing_kind)take_word(&taking, "schema", kind_word)};
    if (row->kind == THING_PERSON)
        take_person(row, &taking);
    else
        take_thing(row, &taking);
    row->same = take_count(&taking, "same");
    row->different = take_count(&taking, "different");
    return taking.status;
}

enum status review_read(struct review *review, struct bytes text, struct err *err)
{
    struct json_reader reader = {0};
    const struct json_object *root = NULL;
    struct review read = *review;
    struct reviewed row;
    enum status status = json_read(&root, &reader, text, err);
    const struct json_object *rows = status == OK ? json_get(root, "learned") : NULL;
    if (status == OK && json_kind(rows) != JSON_LIST)
        status = fail(
            err, BAD_INPUT,
            "what was learned is {\"learned\": [rows]}, as `enlace link learn -o FILE` "
            "writes it");
    for (size_t i = 0; status == OK && i < json_count(rows); i++) {
        status = take_row(&row, json_at(rows, i), i + 1, err);
        if (status == OK)
            review_merge(&read, &row);
    }
    json_reader_release(&reader);
    if (status == OK)
        *review = read;
    return status;
}
