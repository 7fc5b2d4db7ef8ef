/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/host.h"
#include "cli/json_line.h"
#include "cli/probe.h"

#include "base/text.h"
#include "link/finder.h"
#include "record/date.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = ACT_TEXT_MAX, LIMIT_USUAL = 20 };
static_assert((int)PROBE_KEYS_MAX <= (int)ACT_KEYS_MAX, "all keys go into one act");

/* One thing that was found: by keys, by its words, or both. */
struct found {
    struct shown shown;
    struct key by[PROBE_KEYS_MAX];
    size_t by_count;
    struct found_value value;
    double score;
};

struct search_run {
    struct desk desk;
    struct probe probe;
    struct bytes text; /* empty: a key alone is looked for */
    struct question question;
    uint64_t limit;
    bool date_alone; /* the text is a date */
    bool was_read;   /* the key is a value of its class, and was cleaned */
    struct receipt *receipt;
    struct found *found;
    size_t count, capacity;
};

/* ---- What is looked for ---- */

static int read_key(struct search_run *search, const char *text)
{
    const struct arguments *arguments = search->desk.arguments;
    const char *colon = strchr(text, ':');
    struct err err = {0};
    enum key_class class;
    if (colon == NULL)
        return misused(arguments, "--key %s: a key is written class:value", text);
    if (key_class_find(&class, bytes_of(text, (size_t)(colon - text)), &err) != OK)
        return misused(arguments, "--key %s: %s", text, err.text);
    struct bytes value = text_trim(bytes_text(colon + 1));
    if (value.len == 0 || value.len > TEXT_MAX || !utf8_valid(value))
        return misused(arguments, "--key: behind the colon stands a text of 1 to %d bytes",
                       TEXT_MAX);
    probe_class(&search->probe, class, value, search->desk.settings->country,
                &search->desk.arena);
    search->was_read = search->probe.count > 0;
    probe_literal(&search->probe, class, value);
    return EXIT_DONE;
}

/* 12.03.1984, 12/3/1984, 12-03-1984: with points the day stands in front, as wherever dates are written
 * so; else the numbers must say which is the month. */
static bool read_numbers(struct date *date, bool *ambiguous, struct bytes word)
{
    static const char *const orders[][2] = {
        {"%d.%m.%Y", "%m.%d.%Y"}, {"%d/%m/%Y", "%m/%d/%Y"}, {"%d-%m-%Y", "%m-%d-%Y"}};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct date day_first, month_first;
        bool first = date_parse(&day_first, word, orders[i][0], NULL) == OK;
        bool second = date_parse(&month_first, word, orders[i][1], NULL) == OK;
        if (!first && !second)
            continue;
        *date = first ? day_first : month_first;
        *ambiguous =
            i > 0 && first && second && date_compare(&day_first, &month_first) != 0;
        return true;
    }
    return false;
}

static bool read_tail(struct date *date, bool *ambiguous, struct bytes tail)
{
    *ambiguous = false;
    return (date_parse(date, tail, NULL, NULL) == OK && date->precision == DATE_DAY) ||
           (read_numbers(date, ambiguous, tail) && date->precision == DATE_DAY);
}

/* "20120304" is a number of something, too. */
static bool is_digits(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return true;
}

/* A date behind a name, in whatever notation, becomes the one that keys are made with. What is a date
 * alone stays as it is: it may be a number of something. */
static void read_date(struct search_run *search, struct bytes *text)
{
    enum { DATE_WORDS = 6 }; /* 12 de marzo de 1984 */
    size_t at = text->len;
    struct date date = {0};
    bool ambiguous = false, found = false;
    for (size_t words = 0; at > 0 && words < DATE_WORDS && !found; words++) {
        while (at > 0 && is_space(text->at[at - 1]))
            at--;
        while (at > 0 && !is_space(text->at[at - 1]))
            at--;
        struct bytes tail = bytes_slice(*text, at, text->len - at);
        found = !is_digits(tail) && read_tail(&date, &ambiguous, tail);
    }
    search->date_alone = found && at == 0;
    if (!found || at == 0)
        return;
    if (ambiguous) {
        fprintf(stderr,
                "%.*s is not looked for as a date: nobody can say which is the month; "
                "write it as YYYY-MM-DD\n",
                (int)(text->len - at), (const char *)text->at + at);
        return;
    }
    char written[DATE_TEXT_SIZE];
    date_print(written, &date);
    *text = bytes_text(arena_printf(&search->desk.arena, "%.*s%s", (int)at,
                                    (const char *)text->at, written));
}

static int read_text(struct search_run *search)
{
    const struct arguments *arguments = search->desk.arguments;
    struct buf whole = {.max = TEXT_MAX};
    for (size_t i = 0; i < arguments->count; i++)
        buf_addf(&whole, "%s%s", i > 0 ? " " : "", arguments->words[i]);
    struct bytes text = text_trim(arena_bytes(&search->desk.arena, buf_bytes(&whole)));
    bool good = !whole.overflowed && text.len > 0 && utf8_valid(text);
    buf_release(&whole);
    if (!good)
        return misused(arguments, "TEXT is 1 to %d bytes of UTF-8", TEXT_MAX);
    read_date(search, &text);
    probe_text(&search->probe, text, search->desk.settings->country, &search->desk.arena);
    search->text = text;
    if (!question_read(&search->question, text) && search->probe.count == 0)
        return misused(arguments, "TEXT has no letter or digit in it");
    return EXIT_DONE;
}

static int read_limit(struct search_run *search)
{
    const struct arguments *arguments = search->desk.arguments;
    const char *limit = argument(arguments, "limit");
    search->limit = LIMIT_USUAL;
    if (limit != NULL && (!text_u64(&search->limit, bytes_text(limit)) ||
                          search->limit == 0 || search->limit > FINDER_RECORDS_MAX))
        return misused(arguments, "--limit is a number from 1 to %d", FINDER_RECORDS_MAX);
    return EXIT_DONE;
}

/* ---- Looking: the words and all keys are one act ---- */

static enum status ask(struct search_run *search, struct err *err)
{
    struct act act = desk_act(&search->desk, VERB_SEARCH);
    act.key = search->probe.keys;
    act.key_count = search->probe.count;
    act.text = search->question.count > 0 ? search->text : (struct bytes){0};
    /* All who have a key are told, unless somebody wants fewer. */
    if (search->question.count > 0 || argument(search->desk.arguments, "limit") != NULL)
        act.limit = search->limit;
    return act_perform(&search->receipt, search->desk.store, &act, err);
}

static void add_found(struct search_run *search, const struct shown *shown)
{
    if (shown->by_keys == 0 && found_other_date(&search->question, &shown->record))
        return;
    grow_to((void **)&search->found, &search->capacity, search->count,
            sizeof *search->found);
    struct found *found = &search->found[search->count++];
    memset(found, 0, sizeof *found);
    found->shown = *shown;
    for (size_t i = 0; i < search->probe.count; i++)
        if ((shown->by_keys >> i & 1) != 0)
            found->by[found->by_count++] = search->probe.keys[i];
    bool by_part = false;
    for (size_t i = 0; i < found->by_count; i++)
        by_part |= found->by[i].class == KEY_PERSON;
    if (shown->by_text || (by_part && search->question.count > 0))
        found_value(&found->value, &search->question, &shown->record, &search->desk.arena);
}

static enum status take_receipt(struct search_run *search, struct err *err)
{
    struct shown shown;
    enum status status = OK;
    while (status == OK) {
        status = receipt_next(&shown, search->receipt, &search->desk.arena, err);
        if (status == OK)
            add_found(search, &shown);
    }
    return status == NOT_FOUND ? OK : status;
}

/* ---- The answer ---- */

/* By a key: how many records chance alone would bring under it (docs/format/answers.md). By words: how
 * like they are. */
static double by_bits(const double *bits, uint64_t records)
{
    return bits != NULL ? 1 / (1 + (double)records * exp2(-*bits)) : 0;
}

/* A key of a person is a part of the evidence, one name and the birth date: when the other names were
 * typed, too, it counts as far as they agree. */
static double score(const struct found *found, const struct search_run *search,
                    uint64_t records)
{
    static const double least_likeness = 0.6;
    const double *whole = NULL, *part = NULL; /* the bits of the best key */
    for (size_t i = 0; i < found->by_count; i++) {
        const struct key *key = &found->by[i];
        const double **best =
            key->class == KEY_PERSON && search->question.count > 0 ? &part : &whole;
        if (*best == NULL || key->bits > **best)
            *best = &key->bits;
    }
    double by_part = by_bits(part, records) * fmax(found->value.score, least_likeness);
    return fmax(by_bits(whole, records), fmax(by_part, found->value.score));
}

/* What is called so, and does not only mention who is. */
static bool is_called(const struct found *found)
{
    return found->value.property != NULL && strcmp(found->value.property, "name") == 0;
}

static int by_score(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (is_called(x) != is_called(y))
        return is_called(x) ? -1 : 1;
    return memcmp(x->shown.id, y->shown.id, ENTRY_ID);
}

static void answer_words(const struct found *found, const char *id)
{
    struct bytes caption = desk_caption(&found->shown.record);
    printf("%s  %s  %.*s  (%.2f)\n", id, found->shown.record.schema->name, (int)caption.len,
           (const char *)caption.at, found->score);
    for (size_t i = 0; i < found->by_count; i++)
        printf("    %s %.*s\n",
               found->by[i].class == KEY_PERSON
                   ? "one name as it sounds, and the birth date:"
                   : key_class_row(found->by[i].class)->label,
               (int)found->by[i].value.len, (const char *)found->by[i].value.at);
    const struct found_value *value = &found->value;
    if (value->score > 0) {
        struct bytes text = text_one_line(value->value, found->shown.record.arena);
        printf("    %s %.*s\n", value->property, (int)text.len, (const char *)text.at);
    }
    for (size_t i = 0; i < value->why_count; i++)
        printf("        %s\n", value->why[i]);
}

static void answer_json(const struct found *found, const char *id)
{
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "id", id);
    json_text_member(&line.json, "schema", found->shown.record.schema->name);
    json_line_bytes(&line, "caption", desk_caption(&found->shown.record));
    json_line_rounded(&line, "score", found->score);
    json_key(&line.json, "why");
    json_begin_list(&line.json);
    for (size_t i = 0; i < found->by_count; i++) {
        struct buf why = {.max = 2 * KEY_VALUE_MAX};
        buf_addf(&why, "%s:%.*s", key_class_row(found->by[i].class)->name,
                 (int)found->by[i].value.len, (const char *)found->by[i].value.at);
        json_put_text(&line.json, buf_bytes(&why));
        buf_release(&why);
    }
    for (size_t i = 0; i < found->value.why_count; i++) {
        struct buf why = {.max = SIZE_MAX};
        buf_addf(&why, "%s: %s", found->value.property, found->value.why[i]);
        json_put_text(&line.json, buf_bytes(&why));
        buf_release(&why);
    }
    json_end_list(&line.json);
    json_line_end(&line);
}

/* Records of the node. Those that have words are known without a look at every row. */
static enum status count_records(uint64_t *count, const struct search_run *search,
                                 struct err *err)
{
    struct store_status counts;
    struct search_size size;
    const struct search *index =
        host_search() != NULL ? host_search() : search->desk.search;
    if (search->question.count > 0 && index != NULL) {
        search_measure(&size, index);
        *count = size.records;
        return OK;
    }
    enum status status = store_status(&counts, search->desk.store, err);
    if (status == OK)
        *count = counts.records;
    return status;
}

/* A key is looked for as it is kept, whatever was typed. */
static void tell_looked_for(struct search_run *search)
{
    const struct probe *probe = &search->probe;
    if (search->text.len > 0 && search->date_alone)
        fprintf(stderr, "a date is looked for behind a name: \"Ana Lima 1984-03-12\"\n");
    if (search->text.len > 0)
        return;
    fprintf(stderr, "looked for");
    for (size_t i = 0; i < probe->count; i++) {
        struct bytes value = text_one_line(probe->keys[i].value, &search->desk.arena);
        fprintf(stderr, "%s %s:%.*s", i > 0 ? "," : "",
                key_class_row(probe->keys[i].class)->name, (int)value.len,
                (const char *)value.at);
    }
    fprintf(stderr, "\n");
    if (probe->count == 1 && !search->was_read)
        fprintf(stderr,
                "this is no %s as a record has it, so it was looked for letter by letter\n",
                key_class_row(probe->keys[0].class)->label);
}

static int look(struct search_run *search)
{
    const struct arguments *arguments = search->desk.arguments;
    struct err err = {0};
    uint64_t records = 0;
    enum status status = ask(search, &err);
    if (status == OK)
        status = take_receipt(search, &err);
    if (status == OK)
        status = count_records(&records, search, &err);
    if (status != OK)
        return complain(arguments, status, &err);
    for (size_t i = 0; i < search->count; i++)
        search->found[i].score = score(&search->found[i], search, records);
    if (search->count > 0)
        qsort(search->found, search->count, sizeof *search->found, by_score);
    for (size_t i = 0; i < search->count; i++) {
        char id[ID_TEXT];
        id_text(id, search->found[i].shown.id);
        if (arguments->json)
            answer_json(&search->found[i], id);
        else
            answer_words(&search->found[i], id);
    }
    if (search->count > 0)
        return EXIT_DONE;
    fprintf(stderr, "nothing found that you may see\n");
    tell_looked_for(search);
    return EXIT_REFUSED;
}

int run_find(const struct arguments *arguments, const struct world *world)
{
    struct search_run search = {.count = 0};
    const char *key = argument(arguments, "key");
    if ((key != NULL) == (arguments->count > 0))
        return misused(arguments, "say what to look for: TEXT, or --key class:value");
    int code = desk_open(&search.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = key != NULL ? read_key(&search, key) : read_text(&search);
    if (code == EXIT_DONE)
        code = read_limit(&search);
    if (code == EXIT_DONE && search.question.count > 0)
        code = desk_attach(&search.desk);
    if (code == EXIT_DONE)
        code = look(&search);
    receipt_close(search.receipt);
    free(search.found);
    return desk_close(&search.desk, code);
}
