/* SPDX-License-Identifier: Apache-2.0
 *
 * log, log verify: what whoever watches over the node reads and checks.
 */
#include "cli/desk.h"
#include "cli/json_line.h"
#include "cli/options.h"

#include "base/text.h"
#include "store/log.h"

#include <stdio.h>

/* ---- Reading ---- */

/* Of a case that cannot be named, its id. */
static const char *case_text(char room[ID_TEXT], const struct log_row *row)
{
    room[0] = '\0';
    if (row->case_name[0] != '\0')
        return row->case_name;
    if (!entry_id_is_none(row->case_id))
        id_text(room, row->case_id);
    return room;
}

static void answer(const struct arguments *arguments, const struct log_row *row)
{
    struct json_line line;
    char object[ID_TEXT] = "", room[ID_TEXT], time[MOMENT_TEXT];
    const char *case_name = case_text(room, row);
    const char *purpose = row->has_purpose ? purpose_word(row->purpose) : "";
    const char *outcome = row->refused ? "refused" : "done";
    if (!entry_id_is_none(row->object))
        id_text(object, row->object);
    moment_text(time, row->time_ms);
    if (!arguments->json) {
        printf("%llu  %s  %s (%s)  %s%s%s%s%s%s%s%s\n", (unsigned long long)row->sequence,
               time, row->who[0] != '\0' ? row->who : "-", role_word(row->role),
               verb_word(row->verb), row->refused ? " refused" : "",
               object[0] != '\0' ? "  " : "", object, case_name[0] != '\0' ? "  case " : "",
               case_name, purpose[0] != '\0' ? "  " : "", purpose);
        return;
    }
    json_line_begin(&line);
    json_count_member(&line.json, "sequence", row->sequence);
    json_text_member(&line.json, "time", time);
    json_text_member(&line.json, "who", row->who);
    json_text_member(&line.json, "role", role_word(row->role));
    json_text_member(&line.json, "verb", verb_word(row->verb));
    json_text_member(&line.json, "object", object);
    json_text_member(&line.json, "case", case_name);
    json_text_member(&line.json, "purpose", purpose);
    json_text_member(&line.json, "outcome", outcome);
    json_line_end(&line);
}

static int read_number(uint64_t *out, const struct arguments *arguments, const char *option,
                       uint64_t usual)
{
    const char *text = argument(arguments, option);
    *out = usual;
    if (text != NULL && (!text_u64(out, bytes_text(text)) || *out > ENTRY_SEQUENCE_MAX))
        return misused(arguments, "--%s is the sequence of an entry, from 0 on", option);
    return EXIT_DONE;
}

static int tell_all(struct desk *desk, struct receipt *receipt)
{
    struct log_row row;
    struct err err = {0};
    size_t count = 0;
    enum status status;
    for (; (status = receipt_entry(&row, receipt, &err)) == OK; count++)
        answer(desk->arguments, &row);
    if (status != NOT_FOUND)
        return complain(desk->arguments, status, &err);
    if (count == 0 && !desk->arguments->json)
        printf("none; this lists the entries of the log\n");
    return EXIT_DONE;
}

int run_log(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct receipt *receipt = NULL;
    struct err err = {0};
    uint64_t from, to;
    unsigned roles;
    const char *who = argument(arguments, "who");
    if (arguments->count != 0)
        return misused(arguments, "this takes no word");
    int code = read_number(&from, arguments, "from", 0);
    if (code == EXIT_DONE)
        code = read_number(&to, arguments, "to", ENTRY_SEQUENCE_MAX);
    if (code != EXIT_DONE)
        return code;
    code = desk_open(&desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&desk, VERB_LOG_READ);
    act.from = from;
    act.to = to;
    if (who != NULL) {
        enum status status = store_find_user(act.object, &roles, desk.store, who, &err);
        if (status != OK)
            return desk_close(&desk, complain(arguments, status, &err));
    }
    code = desk_do(&receipt, &desk, &act);
    if (code == EXIT_DONE)
        code = tell_all(&desk, receipt);
    receipt_close(receipt);
    return desk_close(&desk, code);
}

/* ---- Verifying ---- */

static int answer_verified(const struct arguments *arguments, const struct tree_head *head,
                           uint64_t was_signed, const struct err *why)
{
    struct json_line line;
    char root[2 * MERKLE_HASH + 1];
    bool valid = why == NULL;
    if (!arguments->json && !valid)
        return complain(arguments, CONFLICT, why);
    if (!arguments->json) {
        printf("The log is sound: its %llu %s written, and the first %llu of them %s "
               "signed.\n",
               (unsigned long long)head->size,
               plural(head->size, "entry is the one that was hashed when it was",
                      "entries are those that were hashed when they were"),
               (unsigned long long)was_signed,
               plural(was_signed, "the one that was", "those that were"));
        return EXIT_DONE;
    }
    json_line_begin(&line);
    json_key(&line.json, "valid");
    json_put_bool(&line.json, valid);
    if (valid) {
        hex_write(root, bytes_of(head->root, MERKLE_HASH));
        json_count_member(&line.json, "entries", head->size);
        json_count_member(&line.json, "signed", was_signed);
        json_text_member(&line.json, "root", root);
    } else {
        json_text_member(&line.json, "why", why->text);
    }
    json_line_end(&line);
    return valid ? EXIT_DONE : EXIT_REFUSED;
}

int run_log_verify(const struct arguments *arguments, const struct world *world)
{
    struct desk desk;
    struct vault_last last;
    struct tree_head head = {0};
    struct err err = {0};
    int code = desk_begin(&desk, arguments, world, VERB_LOG_VERIFY);
    if (code != EXIT_DONE)
        return code;
    enum status status = node_signed(&last, desk.node, &err);
    if (status == OK)
        status = log_check(desk.store, &last.head, &err);
    if (status == OK)
        status = log_head(&head, desk.store, &err);
    if (status == OK || status == CONFLICT)
        code =
            answer_verified(arguments, &head, last.head.size, status == OK ? NULL : &err);
    else
        code = complain(arguments, status, &err);
    return desk_close(&desk, code);
}
