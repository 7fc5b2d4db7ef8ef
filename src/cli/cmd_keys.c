/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/desk.h"
#include "cli/json_line.h"
#include "cli/options.h"
#include "cli/typed.h"

#include "base/text.h"
#include "formats/reader.h"
#include "record/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct keys_run {
    const struct arguments *arguments;
    bool quiet;
    const char *today;
    uint64_t records, keys, protected_records;
};

static void print_keys(struct keys_run *run, const struct record *record,
                       const struct key_list *keys, const char *protection)
{
    if (run->quiet)
        return;
    if (!run->arguments->json && keys->count > 0)
        printf("%s %s%s%s\n", record->schema->name, record->id,
               protection ? "  protected: " : "", protection ? protection : "");
    for (size_t i = 0; i < keys->count; i++) {
        const struct key *key = &keys->items[i];
        const char *class = key_class_row(key->class)->name;
        if (!run->arguments->json) {
            printf("  %-10s %.*s  (%.1f bits)\n", class, (int)key->value.len,
                   (const char *)key->value.at, key->bits);
            continue;
        }
        struct json_line line;
        json_line_begin(&line);
        json_text_member(&line.json, "id", record->id);
        char *whole = arena_printf(record->arena, "%s:%.*s", class, (int)key->value.len,
                                   (const char *)key->value.at);
        json_text_member(&line.json, "key", whole);
        json_line_rounded(&line, "bits", key->bits);
        if (protection != NULL) {
            json_key(&line.json, "protected");
            json_put_bool(&line.json, true);
        }
        json_line_end(&line);
    }
}

static void take_record(struct keys_run *run, const struct record *record)
{
    const char *protection = NULL;
    if (!record_is_protected(&protection, record, run->today))
        protection = NULL;
    struct key_list keys;
    keys_of_record(&keys, record, record->arena);
    run->records++;
    run->keys += keys.count;
    run->protected_records += protection != NULL;
    print_keys(run, record, &keys, protection);
}

static int keys_of_file(struct keys_run *run, const char *path)
{
    const struct arguments *arguments = run->arguments;
    struct reader_options options = {
        .path = path,
        .map_path = argument(arguments, "map"),
        .rejects_path = argument(arguments, "rejects"),
        .no_rejects_file = argument(arguments, "rejects") == NULL,
    };
    struct err err = {0};
    int code = option_format(&options.format, arguments);
    if (code == EXIT_DONE)
        code = option_country(&options.home, arguments);
    if (code != EXIT_DONE)
        return code;
    struct reader *reader = NULL;
    struct arena arena = {0};
    struct record record;
    enum status status = reader_open(&reader, &options, &err);
    if (status != OK)
        return complain(arguments, status, &err);
    while ((status = reader_next(&record, reader, &arena, &err)) == OK) {
        take_record(run, &record);
        arena_reset(&arena);
    }
    if (status == NOT_FOUND) {
        status = OK;
        tell_reading(&(struct reading){path, reader_counts(reader),
                                       reader_first_reason(reader), reader_rejects(reader),
                                       reader_damage(reader)});
        fprintf(stderr, "%llu %s, %llu %s, %llu protected\n",
                (unsigned long long)run->records, plural(run->records, "record", "records"),
                (unsigned long long)run->keys, plural(run->keys, "key", "keys"),
                (unsigned long long)run->protected_records);
    }
    bool nothing = status == OK && run->records == 0 && reader_counts(reader).rejected > 0;
    reader_close(reader);
    arena_release(&arena);
    if (status != OK)
        return complain(arguments, status, &err);
    return nothing ? EXIT_REFUSED : EXIT_DONE;
}

/* keys Person name=... birthDate=...: a record typed on the command line. What is no good is told, and
 * the rest is keyed. */
static enum status typed_record(struct record *record, const struct arguments *arguments,
                                const char *home, struct arena *arena, struct err *err)
{
    record_init(record, schema_find(bytes_text(arguments->words[0])), arena);
    unsigned given = 0;
    record->id = "typed";
    record->id_made = true;
    enum status status = OK;
    for (size_t i = 1; i < arguments->count && status == OK; i++) {
        const char *name;
        struct bytes value;
        status = typed_split(&name, &value, arguments->words[i], arena, err);
        if (status == OK)
            status = typed_add(record, &given, name, value, err);
    }
    if (status == OK)
        status = record_finish(record, home, err);
    for (size_t i = 0; status == OK && i < record->count; i++)
        if (record->values[i].grade != VALUE_FINE)
            fprintf(stderr, "%s: %s\n", record->values[i].name, record->values[i].why);
    return status;
}

/* keys ID: a record of the node, which is read by an act. */
static int keys_of_id(struct keys_run *run, const struct world *world)
{
    struct desk desk;
    struct shown shown;
    int code = desk_open(&desk, run->arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = desk_read(&shown, &desk, run->arguments->words[0]);
    if (code == EXIT_DONE) {
        char id[ID_TEXT];
        id_text(id, shown.id);
        shown.record.id = id;
        take_record(run, &shown.record);
    }
    return desk_close(&desk, code);
}

/* A file of that name stays a file; what could be one is looked for as one. */
bool keys_names_record(const struct arguments *arguments)
{
    const char *word = arguments->count == 1 ? arguments->words[0] : "";
    const char *node = argument(arguments, "node");
    uint8_t id[ENTRY_ID];
    if (word[0] == '\0' || schema_find(bytes_text(word)) != NULL || access(word, F_OK) == 0)
        return false;
    if (node == NULL)
        node = getenv("ENLACE_NODE");
    return hex_read(id, ENTRY_ID, bytes_text(word)) ||
           (node != NULL && strpbrk(word, "./") == NULL);
}

int run_keys(const struct arguments *arguments, const struct world *world)
{
    char today[11];
    date_text(today, world_now_s(world));
    struct keys_run run = {.arguments = arguments,
                           .quiet = argument(arguments, "quiet") != NULL,
                           .today = today};
    if (arguments->count == 0)
        return misused(arguments, "name a file, an id, or a schema and its properties");
    /* Words win over file names. */
    if (schema_find(bytes_text(arguments->words[0])) == NULL) {
        if (arguments->count > 1)
            return misused(arguments, "one file at a time; \"%s\" is no schema",
                           arguments->words[0]);
        if (keys_names_record(arguments))
            return keys_of_id(&run, world);
        return keys_of_file(&run, arguments->words[0]);
    }
    struct arena arena = {0};
    struct record record;
    struct err err = {0};
    const char *home = NULL;
    int code = option_country(&home, arguments);
    if (code == EXIT_DONE) {
        enum status status = typed_record(&record, arguments, home, &arena, &err);
        if (status == OK)
            take_record(&run, &record);
        else
            code = complain(arguments, status, &err);
    }
    arena_release(&arena);
    return code;
}
