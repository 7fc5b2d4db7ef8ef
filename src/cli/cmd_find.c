/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk.h"
#include "cli/json_line.h"
#include "cli/probe.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 512 };

/* One thing that was found, by one key or several. */
struct found {
    struct shown shown;
    struct key by[PROBE_KEYS_MAX];
    size_t by_count;
};

struct search {
    struct desk desk;
    struct probe probe;
    struct receipt *receipts[PROBE_KEYS_MAX];
    struct found *found;
    size_t count, capacity;
};

/* ---- What is looked for ---- */

static int read_key(struct search *search, const char *text)
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

static int read_text(struct search *search)
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
    if (search->probe.count > 0)
        return EXIT_DONE;
    struct err err = {0};
    enum status status = fail(&err, NOT_FOUND,
                              "this is no identifier, nor a name of a company that says "
                              "enough; a person is looked for "
                              "by name and birth date: \"Ana Lima 1984-03-12\"");
    return complain(arguments, status, &err);
}

/* ---- Looking: each key an act, all durable with one sync ---- */

static enum status submit_all(struct search *search, struct err *err)
{
    enum status status = OK;
    for (size_t i = 0; i < search->probe.count && status == OK; i++) {
        struct act act = desk_act(&search->desk, VERB_SEARCH);
        act.key = &search->probe.keys[i];
        status = act_submit(&search->receipts[i], search->desk.store, &act, err);
    }
    return status == OK ? store_commit(search->desk.store, err) : status;
}

static void add_found(struct search *search, const struct shown *shown,
                      const struct key *key)
{
    struct found *found = NULL;
    for (size_t i = 0; i < search->count && found == NULL; i++)
        if (memcmp(search->found[i].shown.id, shown->id, ENTRY_ID) == 0)
            found = &search->found[i];
    if (found == NULL) {
        grow_to((void **)&search->found, &search->capacity, search->count,
                sizeof *search->found);
        found = &search->found[search->count++];
        *found = (struct found){.shown = *shown};
    }
    found->by[found->by_count++] = *key;
}

static enum status take_receipt(struct search *search, size_t i, struct err *err)
{
    struct shown shown;
    enum status status = receipt_open(search->receipts[i], err);
    while (status == OK) {
        status = receipt_next(&shown, search->receipts[i], &search->desk.arena, err);
        if (status == OK)
            add_found(search, &shown, &search->probe.keys[i]);
    }
    return status == NOT_FOUND ? OK : status;
}

/* ---- The answer ---- */

/* How many records chance alone would bring under the key (docs/format/answers.md). */
static double score(const struct found *found, uint64_t records)
{
    double bits = 0;
    for (size_t i = 0; i < found->by_count; i++)
        bits = fmax(bits, found->by[i].bits);
    return 1 / (1 + (double)records * exp2(-bits));
}

static void answer(const struct found *found, bool as_json, double likely)
{
    char id[ID_TEXT];
    const struct record *record = &found->shown.record;
    struct bytes caption = desk_caption(record);
    id_text(id, found->shown.id);
    if (!as_json) {
        printf("%s  %s  %.*s\n", id, record->schema->name, (int)caption.len,
               (const char *)caption.at);
        for (size_t i = 0; i < found->by_count; i++)
            printf("    %s %.*s\n", key_class_row(found->by[i].class)->label,
                   (int)found->by[i].value.len, (const char *)found->by[i].value.at);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "id", id);
    json_text_member(&line.json, "schema", record->schema->name);
    json_line_bytes(&line, "caption", caption);
    json_line_rounded(&line, "score", likely);
    json_key(&line.json, "why");
    json_begin_list(&line.json);
    for (size_t i = 0; i < found->by_count; i++) {
        struct buf why = {.max = 2 * KEY_VALUE_MAX};
        buf_addf(&why, "%s:%.*s", key_class_row(found->by[i].class)->name,
                 (int)found->by[i].value.len, (const char *)found->by[i].value.at);
        json_put_text(&line.json, buf_bytes(&why));
        buf_release(&why);
    }
    json_end_list(&line.json);
    json_line_end(&line);
}

static int look(struct search *search)
{
    const struct arguments *arguments = search->desk.arguments;
    struct err err = {0};
    struct store_status counts;
    enum status status = submit_all(search, &err);
    for (size_t i = 0; i < search->probe.count && status == OK; i++)
        status = take_receipt(search, i, &err);
    if (status == OK)
        status = store_status(&counts, search->desk.store, &err);
    if (status != OK)
        return complain(arguments, status, &err);
    for (size_t i = 0; i < search->count; i++)
        answer(&search->found[i], arguments->json,
               score(&search->found[i], counts.records));
    if (search->count > 0)
        return EXIT_DONE;
    fprintf(stderr, "nothing found that you may see\n");
    return EXIT_REFUSED;
}

int run_find(const struct arguments *arguments, const struct world *world)
{
    struct search search = {.count = 0};
    const char *key = argument(arguments, "key");
    if ((key != NULL) == (arguments->count > 0))
        return misused(arguments, "say what to look for: TEXT, or --key class:value");
    int code = desk_open(&search.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = key != NULL ? read_key(&search, key) : read_text(&search);
    if (code == EXIT_DONE)
        code = look(&search);
    for (size_t i = 0; i < search.probe.count; i++)
        receipt_close(search.receipts[i]);
    free(search.found);
    return desk_close(&search.desk, code);
}
