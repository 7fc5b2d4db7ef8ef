/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/json_line.h"
#include "cli/options.h"
#include "cli/seed_file.h"

#include "base/pool.h"
#include "link/side.h"
#include "match/audit.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static void print_report(const struct arguments *arguments,
                         const struct audit_report *report)
{
    if (arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        json_key(&line.json, "valid");
        json_put_bool(&line.json, report->valid);
        json_key(&line.json, "why");
        json_begin_list(&line.json);
        for (size_t i = 0; i < report->count; i++)
            json_put_text(&line.json, bytes_text(report->findings[i].sentence));
        json_end_list(&line.json);
        json_count_member(&line.json, "asks", report->asks);
        json_count_member(&line.json, "items", report->items);
        json_count_member(&line.json, "elements", report->elements);
        json_line_end(&line);
        return;
    }
    for (size_t i = 0; i < report->count; i++)
        printf("%s\n", report->findings[i].sentence);
    printf("%s: %zu asks, %zu things of the list, %zu elements with padding%s\n",
           report->valid ? "valid" : "NOT VALID", report->asks, report->items,
           report->elements, report->valid ? "; nothing else was asked" : "");
}

static enum status run_audit(struct audit_report *report, const struct arguments *arguments,
                             struct side_options options, struct arena *arena,
                             struct err *err)
{
    const char *transcript = arguments->words[0];
    struct audit_source source = {0};
    struct side side = {0};
    struct side_key *keys = NULL;
    struct match_item *items = NULL;
    char that_day[11];
    struct pool *pool = NULL;
    uint8_t seed[CASE_SEED] = {0};
    enum status status = audit_read(&source, transcript, arena, err);
    if (status == OK)
        status = seed_file_read(seed, transcript, argument(arguments, "seed"), err);
    if (status == OK && !source.has_epoch)
        status = fail(err, BAD_INPUT,
                      "%s: the comparison broke off before anything was asked", transcript);
    if (status == OK) {
        /* Who was a minor, and so not asked, is a matter of that day, not of today. */
        date_text(that_day, source.epoch.from_s);
        options.today = that_day;
        status = side_read(&side, &options, err);
    }
    if (status == OK) {
        size_t count;
        keys = side_keys(&count, &side, false);
        items = xcalloc(count, sizeof *items);
        for (size_t i = 0; i < count; i++)
            items[i] = (struct match_item){keys[i].key->class, keys[i].key->value};
        const struct audit_case audited = {
            .seed = seed,
            .asks = source.asks,
            .ask_count = source.count,
            .epoch = &source.epoch,
            .items = items,
            .item_count = count,
        };
        pool = pool_open(0);
        status = audit_run(report, &audited, pool, arena, err);
    }
    sodium_memzero(seed, sizeof seed);
    pool_close(pool);
    free(items);
    free(keys);
    side_release(&side);
    return status;
}

int run_link_audit(const struct arguments *arguments, const struct world *world)
{
    (void)world;
    if (arguments->count != 2)
        return misused(arguments, "name the transcript and the file that was asked with");
    struct side_options options = {.path = arguments->words[1],
                                   .map_path = argument(arguments, "map"),
                                   .no_rejects_file = true};
    int code = option_format(&options.format, arguments);
    if (code == EXIT_DONE)
        code = option_country(&options.home, arguments);
    if (code != EXIT_DONE)
        return code;
    struct audit_report report = {0};
    struct arena arena = {0};
    struct err err = {0};
    enum status status = run_audit(&report, arguments, options, &arena, &err);
    if (status == OK) {
        print_report(arguments, &report);
        code = report.valid ? EXIT_DONE : EXIT_REFUSED;
    } else {
        code = complain(arguments, status, &err);
    }
    arena_release(&arena);
    return code;
}
