/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk_match.h"
#include "cli/json_line.h"

#include "base/text.h"
#include "base/world.h"

#include <stdio.h>

enum { CODES_MAX = 256 };

struct matching_command {
    struct desk desk;
    struct matching matching;
    struct matching_ask ask;
    struct matching_result result;
    const char *codes[CODES_MAX];
    int64_t start_ns;
};

/* ---- What is asked of whom ---- */

static int read_codes(struct matching_command *command, const char *peers)
{
    struct bytes rest = bytes_text(peers), part;
    if (strcmp(peers, "all") == 0)
        return EXIT_DONE;
    while (text_next_part(&part, &rest, ',')) {
        part = text_trim(part);
        if (part.len == 0)
            continue;
        if (command->ask.code_count == CODES_MAX)
            return misused(command->desk.arguments, "more than %d peers", CODES_MAX);
        command->codes[command->ask.code_count++] = arena_text(&command->desk.arena, part);
    }
    command->ask.codes = command->codes;
    return command->ask.code_count > 0
               ? EXIT_DONE
               : misused(command->desk.arguments, "--peers: all, or codes: XB,XC");
}

static size_t count_commas(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == ',';
    return count;
}

/* --record A,B, said again, and the words behind it. */
static int read_records(struct matching_command *command, const char *records)
{
    const struct arguments *arguments = command->desk.arguments;
    size_t most = arguments->count + 2, count = 0;
    most += count_commas(records);
    for (size_t i = 0; i < arguments->count; i++)
        most += count_commas(arguments->words[i]);
    uint8_t *ids = arena_zalloc(&command->desk.arena, most, ENTRY_ID);
    int code = EXIT_DONE;
    for (size_t i = 0; i <= arguments->count && code == EXIT_DONE; i++) {
        struct bytes rest = bytes_text(i == 0 ? records : arguments->words[i - 1]), part;
        while (code == EXIT_DONE && text_next_part(&part, &rest, ','))
            code = desk_id(ids + count++ * ENTRY_ID, &command->desk,
                           arena_text(&command->desk.arena, text_trim(part)));
    }
    command->ask.act.objects = ids;
    command->ask.act.object_count = count;
    return code;
}

/* ---- The answer ---- */

static void answer_hit(struct matching_command *command, const struct matching_hit *hit)
{
    char mine[ID_TEXT], id[ID_TEXT], tag[16];
    const char *class = key_class_row(hit->class)->name;
    id_text(mine, hit->mine);
    id_text(id, hit->id);
    snprintf(tag, sizeof tag, "%010llx", (unsigned long long)hit->tag);
    if (!command->desk.arguments->json) {
        printf("%s holds the same %s%s\n    ours: %s%s%s\n", hit->peer, class,
               hit->weak ? " (weak: look before you conclude)" : "", mine,
               hit->source[0] != '\0' ? "  " : "", hit->source);
        for (size_t i = 0; i < hit->why_count; i++)
            printf("    %s\n", hit->why[i]);
        if (hit->again && strcmp(hit->verdict, "open") != 0)
            printf("    seen before, and decided: %s\n", hit->verdict);
        if (hit->decided_before)
            printf("    decided before, when they held it in fewer records, or in others; "
                   "look at it again\n");
        printf("    others who would agree so: %.3g expected there for one that is the "
               "same; hit %s\n",
               hit->expected_false, id);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "peer", hit->peer);
    json_text_member(&line.json, "class", class);
    json_text_member(&line.json, "mine", mine);
    json_text_member(&line.json, "tag", hit->many ? "many" : tag);
    json_key(&line.json, "why");
    json_begin_list(&line.json);
    for (size_t i = 0; i < hit->why_count; i++)
        json_put_text(&line.json, bytes_text(hit->why[i]));
    json_end_list(&line.json);
    json_key(&line.json, "weak");
    json_put_bool(&line.json, hit->weak);
    json_line_rounded(&line, "expected_false", hit->expected_false);
    if (hit->source[0] != '\0')
        json_text_member(&line.json, "source", hit->source);
    json_text_member(&line.json, "hit", id);
    json_text_member(&line.json, "verdict", hit->verdict);
    json_key(&line.json, "again");
    json_put_bool(&line.json, hit->again);
    json_key(&line.json, "confirmed");
    json_put_bool(&line.json, desk_is_confirmed(&command->desk, bytes_text(hit->peer)));
    json_line_end(&line);
}

static void answer_error(const struct matching_command *command,
                         const struct matching_peer *peer)
{
    if (!command->desk.arguments->json) {
        fprintf(stderr, "%s: %s\n", peer->code, peer->error);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_text_member(&line.json, "peer", peer->code);
    json_text_member(&line.json, "error", peer->error);
    json_line_end(&line);
}

static void answer_left(struct json_line *line, const struct matching_result *result)
{
    json_key(&line->json, "quota_left");
    json_begin_map(&line->json);
    for (size_t i = 0; i < result->peer_count; i++) {
        json_key(&line->json, result->peers[i].code);
        json_begin_map(&line->json);
        for (size_t class = 0; class < KEY_CLASSES; class ++)
            if (result->peers[i].left[class] != UINT32_MAX)
                json_count_member(&line->json, key_class_row((enum key_class) class)->name,
                                  result->peers[i].left[class]);
        json_end_map(&line->json);
    }
    json_end_map(&line->json);
}

/* What a peer has not answered, whether it lets us ask for it, refused it or was not there. */
static void answer_not_asked(struct json_line *line, const struct matching_result *result)
{
    json_key(&line->json, "not_asked");
    json_begin_map(&line->json);
    for (size_t i = 0; i < result->peer_count; i++) {
        const struct matching_peer *peer = &result->peers[i];
        bool some = false;
        for (size_t class = 0; class < KEY_CLASSES; class ++) {
            if (peer->not_asked[class] == 0)
                continue;
            if (!some) {
                json_key(&line->json, peer->code);
                json_begin_map(&line->json);
            }
            some = true;
            json_count_member(&line->json, key_class_row((enum key_class) class)->name,
                              peer->not_asked[class]);
        }
        if (some)
            json_end_map(&line->json);
    }
    json_end_map(&line->json);
}

static void say_not_asked(const struct matching_result *result)
{
    for (size_t i = 0; i < result->peer_count; i++) {
        const struct matching_peer *peer = &result->peers[i];
        const char *before = "";
        for (size_t class = 0; class < KEY_CLASSES; class ++) {
            if (peer->not_asked[class] == 0)
                continue;
            if (before[0] == '\0')
                fprintf(stderr, "%s was not asked about", peer->code);
            fprintf(stderr, "%s %u of class %s", before, peer->not_asked[class],
                    key_class_row((enum key_class) class)->name);
            before = ",";
        }
        if (before[0] != '\0')
            fprintf(stderr, "%s\n",
                    peer->status == OK ? ": it does not let us ask for that, or offers "
                                         "nothing of it"
                                       : "");
    }
}

static void answer_all(struct matching_command *command)
{
    const struct matching_result *result = &command->result;
    const struct world *world = command->desk.world;
    double seconds =
        (double)(world->monotonic_ns(world->context) - command->start_ns) / 1e9;
    char batch[ID_TEXT];
    bool asked = !entry_id_is_none(result->batch);
    id_text(batch, result->batch);
    for (size_t i = 0; i < result->hit_count; i++)
        answer_hit(command, &result->hits[i]);
    for (size_t i = 0; i < result->peer_count; i++)
        if (result->peers[i].status != OK)
            answer_error(command, &result->peers[i]);
    for (size_t i = 0; i < result->peer_count; i++)
        if (result->peers[i].answered)
            desk_say_unconfirmed(&command->desk, bytes_text(result->peers[i].code));
    say_not_asked(result);
    if (result->kept_back > 0)
        fprintf(stderr,
                "%zu %s of, or naming, witnesses, victims, informants, minors or acquitted "
                "persons, or not to be read: nobody was asked what is theirs\n",
                result->kept_back, plural(result->kept_back, "record", "records"));
    if (!command->desk.arguments->json) {
        printf("%zu %s asked of %zu %s: %zu %s, %.2f s\n", result->asked,
               plural(result->asked, "thing", "things"), result->peer_count,
               plural(result->peer_count, "peer", "peers"), result->hit_count,
               plural(result->hit_count, "hit", "hits"), seconds);
        if (asked)
            printf("the asking has the number %s (enlace match audit)\n", batch);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_count_member(&line.json, "asked", result->asked);
    json_count_member(&line.json, "peers", result->peer_count);
    json_count_member(&line.json, "hits", result->hit_count);
    json_count_member(&line.json, "kept_back", result->kept_back);
    answer_left(&line, result);
    answer_not_asked(&line, result);
    json_line_rounded(&line, "seconds", seconds);
    json_key(&line.json, "batch");
    if (asked)
        json_put_text(&line.json, bytes_text(batch));
    else
        json_put_null(&line.json);
    json_line_end(&line);
}

/* A peer that was not reached is a failure; one that refuses, a refusal. */
static int exit_code(const struct matching_result *result)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < result->peer_count; i++) {
        enum status status = result->peers[i].status;
        if (status == IO_FAILED)
            return EXIT_FAILED;
        if (status != OK)
            code = EXIT_REFUSED;
    }
    return code;
}

static int ask(struct matching_command *command)
{
    struct err err = {0};
    enum status status = matching_run(&command->result, &command->matching, &command->ask,
                                      &command->desk.arena, &err);
    if (status != OK)
        return complain(command->desk.arguments, status, &err);
    if (command->result.peer_count == 0)
        fprintf(stderr,
                "nothing is agreed with anybody yet, so nobody was asked: a peer is "
                "asked about the classes that you let it ask you about, too "
                "(enlace peer agree CODE --class ...)\n");
    answer_all(command);
    /* Somebody who was named and is not asked is refused, here as where another peer has an agreement. */
    const char *peers = argument(command->desk.arguments, "peers");
    return command->result.peer_count == 0 && strcmp(peers, "all") != 0
               ? EXIT_REFUSED
               : exit_code(&command->result);
}

int run_match(const struct arguments *arguments, const struct world *world)
{
    struct matching_command command = {.start_ns = world->monotonic_ns(world->context)};
    const char *records = argument(arguments, "record"),
               *peers = argument(arguments, "peers"), *ref = argument(arguments, "case");
    if (peers == NULL || (records == NULL && ref == NULL))
        return misused(arguments,
                       "say what is asked of whom: --case REF or --record ID ..., "
                       "and --peers all or XB,XC");
    if (records == NULL && arguments->count > 0)
        return misused(arguments, "the ids of records stand behind --record");
    int code = desk_open(&command.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    code = desk_check_reason(&command.desk);
    if (code != EXIT_DONE)
        return desk_close(&command.desk, code);
    command.ask.act = desk_act(&command.desk, VERB_MATCH);
    command.ask.case_ref = desk_case_ref(&command.desk);
    code = read_codes(&command, peers);
    if (code == EXIT_DONE && records != NULL)
        code = read_records(&command, records);
    if (code == EXIT_DONE)
        code = desk_matching(&command.matching, &command.desk);
    if (code == EXIT_DONE) {
        code = ask(&command);
        desk_matching_end(&command.matching);
    }
    return desk_close(&command.desk, code);
}

/* ---- match audit ---- */

int run_match_audit(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct matching matching;
    struct err err = {0};
    bool valid = false;
    const char *why = "";
    if (arguments->count != 1)
        return misused(arguments,
                       "name the asking by its number, as `enlace match` gave it");
    int code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, VERB_MATCH_AUDIT);
    if (!hex_read(act.object, ENTRY_ID, bytes_text(arguments->words[0]))) {
        fail(
            &err, NOT_FOUND,
            "\"%.60s\" is no number of an asking: `enlace match` gave one of %d digits and "
            "letters a to f",
            arguments->words[0], 2 * ENTRY_ID);
        code = complain(arguments, NOT_FOUND, &err);
    }
    if (code == EXIT_DONE)
        code = desk_matching(&matching, &desk);
    if (code != EXIT_DONE)
        return desk_close(&desk, code);
    enum status status = matching_audit(&valid, &why, &matching, &act, &desk.arena, &err);
    desk_matching_end(&matching);
    if (status != OK)
        return desk_close(&desk, complain(arguments, status, &err));
    if (arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        json_text_member(&line.json, "batch", arguments->words[0]);
        json_key(&line.json, "valid");
        json_put_bool(&line.json, valid);
        json_text_member(&line.json, "why", why);
        json_line_end(&line);
    } else {
        printf("%s: %s\n", valid ? "valid" : "NOT VALID", why);
    }
    return desk_close(&desk, valid ? EXIT_DONE : EXIT_REFUSED);
}
