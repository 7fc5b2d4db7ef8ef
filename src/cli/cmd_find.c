/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/host.h"
#include "cli/json_line.h"
#include "cli/probe.h"

#include "base/text.h"
#include "link/finder.h"

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
    probe_literal(&search->probe, class, value);
    return EXIT_DONE;
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
    if (search->question.count > 0) {
        act.text = search->text;
        act.limit = search->limit;
    }
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
    if (shown->by_text)
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
static double score(const struct found *found, uint64_t records)
{
    double bits = 0;
    for (size_t i = 0; i < found->by_count; i++)
        bits = fmax(bits, found->by[i].bits);
    double by_key = found->by_count > 0 ? 1 / (1 + (double)records * exp2(-bits)) : 0;
    return fmax(by_key, found->value.score);
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
        printf("    %s %.*s\n", key_class_row(found->by[i].class)->label,
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
        search->found[i].score = score(&search->found[i], records);
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
