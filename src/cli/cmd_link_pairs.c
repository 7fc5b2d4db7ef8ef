/* SPDX-License-Identifier: Apache-2.0
 *
 * link --pairs: labelled pairs of names, each decided by itself.
 *
 * The rule is link/name_match's: words that are equal, sound alike or differ by a letter or two,
 * and nothing left over that would make it another name. Pairs decided otherwise than labelled are
 * shown with the reason, in words; JSON is the sum alone.
 */
#include "cli/json_line.h"
#include "cli/link_run.h"
#include "cli/options.h"

#include "base/text.h"
#include "formats/csv.h"
#include "link/name_match.h"

#include <math.h>
#include <stdio.h>

enum { SHOWN_MAX = 50 }; /* pairs decided otherwise than labelled */

struct labelled {
    struct csv csv;
    bool show;
    int left, right, schema, truth; /* columns; schema may be missing */
    uint64_t pairs, both, found, wanted, unreadable, wrong;
};

static enum status find_columns(struct labelled *run, const struct arguments *arguments,
                                struct err *err)
{
    static const char *const options[] = {"left", "right", "truth", "schema"};
    int *columns[] = {&run->left, &run->right, &run->truth, &run->schema};
    for (size_t i = 0; i < 4; i++) {
        const char *name = argument(arguments, options[i]);
        *columns[i] = CSV_NO_COLUMN;
        if (name == NULL && i == 3)
            continue; /* every pair is then one of persons */
        *columns[i] = csv_column(&run->csv, bytes_text(name));
        if (*columns[i] < 0)
            return fail(err, BAD_INPUT, "%s: there is %s column \"%s\"",
                        argument(arguments, "pairs"),
                        *columns[i] == CSV_TWO_COLUMNS ? "more than one" : "no", name);
    }
    return OK;
}

static bool read_truth(bool *same, struct bytes text)
{
    static const char *const yes[] = {"true", "1", "yes", "match", "t", "y"};
    static const char *const no[] = {"false", "0", "no", "no-match", "f", "n"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        *same = text_same(text, yes[i]);
        if (*same || text_same(text, no[i]))
            return true;
    }
    return false;
}

static enum name_of name_of(const struct labelled *run, const struct csv_row *row)
{
    if (run->schema < 0)
        return NAME_OF_PERSON;
    const struct schema *schema = schema_find(csv_trimmed(&row->fields[run->schema]));
    return schema == NULL                   ? NAME_OF_COMPANY
           : schema_is_a(schema, "Person")  ? NAME_OF_PERSON
           : schema_is_a(schema, "Vehicle") ? NAME_OF_SHIP
                                            : NAME_OF_COMPANY;
}

static void show_wrong(const struct csv_row *row, const struct labelled *run,
                       const struct name_match *match, struct arena *arena)
{
    struct bytes left = text_one_line(csv_trimmed(&row->fields[run->left]), arena);
    struct bytes right = text_one_line(csv_trimmed(&row->fields[run->right]), arena);
    printf("%s: %.*s  |  %.*s\n    %s\n", match->same ? "taken for one" : "not found",
           (int)left.len, (const char *)left.at, (int)right.len, (const char *)right.at,
           name_match_why(match, arena));
}

static void take_row(struct labelled *run, const struct csv_row *row, struct arena *arena)
{
    bool same;
    if (row->fault != NULL || !read_truth(&same, csv_trimmed(&row->fields[run->truth]))) {
        run->unreadable++;
        return;
    }
    struct name_match match;
    name_compare(&match, csv_trimmed(&row->fields[run->left]),
                 csv_trimmed(&row->fields[run->right]), name_of(run, row), arena);
    bool found = match.same;
    run->pairs++;
    run->wanted += same;
    run->found += found;
    run->both += same && found;
    if (found != same && run->wrong++ < SHOWN_MAX && run->show)
        show_wrong(row, run, &match, arena);
}

static enum status take_rows(struct labelled *run, struct arena *arena, struct err *err)
{
    struct csv_row row;
    enum status status;
    while ((status = csv_next(&row, &run->csv, err)) == OK) {
        take_row(run, &row, arena);
        arena_reset(arena);
    }
    return status == NOT_FOUND ? OK : status;
}

static void print_labelled(const struct arguments *arguments, const struct labelled *run)
{
    double recall = (double)run->both / (double)run->wanted;
    double precision = (double)run->both / (double)run->found;
    double f1 = run->both > 0 ? 2 * recall * precision / (recall + precision) : 0;
    if (!arguments->json) {
        if (run->wrong > SHOWN_MAX)
            printf("... and %llu more\n", (unsigned long long)(run->wrong - SHOWN_MAX));
        char found[RATIO_TEXT], right[RATIO_TEXT];
        printf("%llu pairs: recall %s, precision %s, F1 %.4f\n",
               (unsigned long long)run->pairs, ratio_text(found, recall),
               ratio_text(right, precision), f1);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_count_member(&line.json, "pairs", run->pairs);
    json_key(&line.json, "recall");
    json_put_number(&line.json, round(recall * 1e4) / 1e4);
    json_key(&line.json, "precision");
    json_put_number(&line.json, round(precision * 1e4) / 1e4);
    json_number_member(&line.json, "f1", round(f1 * 1e4) / 1e4);
    json_line_end(&line);
}

int link_run_labelled(const struct arguments *arguments, const struct world *world)
{
    (void)world;
    struct labelled run = {.show = !arguments->json};
    struct source *source = NULL;
    struct arena arena = {0};
    struct err err = {0};
    const char *path = argument(arguments, "pairs");
    if (arguments->count > 0)
        return misused(arguments, "--pairs names the only file");
    if (argument(arguments, "left") == NULL || argument(arguments, "right") == NULL ||
        argument(arguments, "truth") == NULL)
        return misused(arguments, "--pairs wants --left, --right and --truth with it");
    enum status status = source_open(&source, path, &err);
    if (status == OK)
        status = csv_open(&run.csv, source, &err);
    if (status == OK)
        status = find_columns(&run, arguments, &err);
    if (status == OK)
        status = take_rows(&run, &arena, &err);
    int code = EXIT_DONE;
    if (status == OK) {
        if (run.unreadable > 0)
            fprintf(stderr, "%s: %llu rows have no readable label and were left out\n",
                    path, (unsigned long long)run.unreadable);
        print_labelled(arguments, &run);
    } else {
        code = complain(arguments, status, &err);
    }
    csv_release(&run.csv);
    source_close(source);
    arena_release(&arena);
    return code;
}
