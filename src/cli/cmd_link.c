/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/json_line.h"
#include "cli/link_run.h"
#include "cli/options.h"

#include "base/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LEARNED_MAX = VALUE_TEXT_MAX };

static void print_pair(const struct link_run *run, const struct pair *pair)
{
    const struct side *second = run->two ? &run->b : &run->a;
    const char *a = run->a.rows[pair->a].label, *b = second->rows[pair->b].label;
    const struct decision *decision = &pair->decision;
    if (run->arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        json_text_member(&line.json, "a", a);
        json_text_member(&line.json, "b", b);
        json_line_rounded(&line, "score", decision->score);
        json_key(&line.json, "why");
        json_begin_list(&line.json);
        for (size_t i = 0; i < decision->why_count; i++)
            json_put_text(&line.json, bytes_text(decision->why[i]));
        json_end_list(&line.json);
        json_line_rounded(&line, "expected_false", decision->expected_false);
        json_line_end(&line);
        return;
    }
    printf("%s  =  %s   score %.4f%s\n", a, b, decision->score,
           decision->weak ? "  (weak)" : "");
    for (size_t i = 0; i < decision->why_count; i++)
        printf("    %s\n", decision->why[i]);
    printf("    others who would agree so: %.2g expected for one that is the same\n",
           decision->expected_false);
}

static void member_or_null(struct json_line *line, const char *key, double number)
{
    if (isnan(number)) {
        json_key(&line->json, key);
        json_put_null(&line->json);
    } else {
        json_line_rounded(line, key, number);
    }
}

static void print_summary(const struct link_run *run, double seconds)
{
    uint64_t rows_b = run->two ? run->b.count : run->a.count;
    double recall = NAN, precision = NAN;
    bool judged = run->truth.column.len > 0;
    if (judged)
        pairs_judge(&recall, &precision, &run->pairs, &run->a, run->two ? &run->b : NULL);
    if (run->arguments->json) {
        struct json_line line;
        json_line_begin(&line);
        json_count_member(&line.json, "rows_a", run->a.count);
        json_count_member(&line.json, "rows_b", rows_b);
        json_count_member(&line.json, "pairs", run->pairs.count);
        json_line_rounded(&line, "seconds", seconds);
        if (judged) {
            member_or_null(&line, "recall", recall);
            member_or_null(&line, "precision", precision);
        }
        json_line_end(&line);
        return;
    }
    printf("%zu pair%s among %zu and %llu rows\n", run->pairs.count,
           run->pairs.count == 1 ? "" : "s", run->a.count, (unsigned long long)rows_b);
    char found[RATIO_TEXT], right[RATIO_TEXT];
    if (judged)
        printf("recall %s, precision %s\n", ratio_text(found, recall),
               ratio_text(right, precision));
    fprintf(stderr, "%.2f s\n", seconds); /* so that --private prints what --keys prints */
}

static void tell_side(const char *path, const struct side *side)
{
    tell_reading(&(struct reading){path, side->counts, side->first_reason, side->rejects,
                                   side->damage});
}

static void tell_sides(const struct link_run *run)
{
    tell_side(run->a_options.path, &run->a);
    if (run->two)
        tell_side(run->b_options.path, &run->b);
    uint64_t left_out = run->two ? run->a.protected_rows + run->b.protected_rows : 0;
    if (left_out > 0)
        fprintf(stderr, "%llu records of protected persons took no part\n",
                (unsigned long long)left_out);
    if (run->pairs.too_common > 0)
        fprintf(stderr,
                "%llu keys or names are shared by so many rows that they point at none\n",
                (unsigned long long)run->pairs.too_common);
}

static enum status compare_openly(struct link_run *run, struct err *err)
{
    enum status status = side_read(&run->a, &run->a_options, err);
    if (status == OK && run->two)
        status = side_read(&run->b, &run->b_options, err);
    if (status == OK)
        pairs_find(&run->pairs, &run->a, run->two ? &run->b : NULL,
                   argument(run->arguments, "keys") != NULL ? PAIRS_KEYS : PAIRS_PLAIN);
    return status;
}

/* EXIT_DONE when the options make sense together. */
static int read_options(struct link_run *run)
{
    const struct arguments *arguments = run->arguments;
    if (arguments->count == 0 || arguments->count > 2)
        return misused(arguments, "name one file or two");
    run->two = arguments->count == 2;
    run->private_mode = argument(arguments, "private") != NULL;
    run->transcript = argument(arguments, "transcript");
    if (run->private_mode && argument(arguments, "keys") != NULL)
        return misused(arguments, "--keys and --private exclude each other");
    if (run->transcript != NULL && !run->private_mode)
        return misused(arguments, "--transcript goes with --private");
    if (run->transcript != NULL && !run->two)
        return misused(arguments, "--transcript is kept of a comparison of two files");

    const char *map = argument(arguments, "map");
    const char *map_a = argument(arguments, "map-a"), *map_b = argument(arguments, "map-b");
    if (!run->two && map_b != NULL)
        return misused(arguments, "--map-b wants a second file");
    struct side_options common = {
        .today = run->today,
        .no_rejects_file = true,
        .with_things = !run->private_mode && argument(arguments, "keys") == NULL,
    };
    int code = option_format(&common.format, arguments);
    if (code == EXIT_DONE)
        code = option_country(&common.home, arguments);
    if (code != EXIT_DONE)
        return code;
    if (argument(arguments, "truth") != NULL)
        common.truth = &run->truth;
    run->a_options = run->b_options = common;
    run->a_options.path = arguments->words[0];
    run->a_options.map_path = map_a != NULL ? map_a : map;
    run->a_options.rejects_path = argument(arguments, "rejects");
    run->a_options.no_rejects_file = run->a_options.rejects_path == NULL;
    run->b_options.path = arguments->words[run->two ? 1 : 0];
    run->b_options.map_path =
        run->two ? (map_b != NULL ? map_b : map) : run->a_options.map_path;
    return EXIT_DONE;
}

static enum status read_learned(struct link_run *run, struct err *err)
{
    const char *path = argument(run->arguments, "learned");
    struct bytes content = {0};
    struct arena arena = {0};
    if (path == NULL)
        return OK;
    run->pairs.review = run->learned = xcalloc(1, sizeof *run->learned);
    enum status status = file_read(&content, path, LEARNED_MAX, &arena, err);
    if (status == OK && (status = review_read(run->learned, content, err)) != OK)
        err_prefix(err, "%s: ", path);
    arena_release(&arena);
    return status;
}

/* A file with rows of which none could be used is refused, not silently empty. */
static bool nothing_usable(const struct side *side)
{
    return side->counts.read > 0 && side->count == 0;
}

int run_link(const struct arguments *arguments, const struct world *world)
{
    if (argument(arguments, "pairs") != NULL)
        return link_run_labelled(arguments, world);
    struct link_run run = {.arguments = arguments, .world = world};
    run.now_s = world_now_s(world);
    date_text(run.today, run.now_s);
    int64_t start = world->monotonic_ns(world->context);
    struct err err = {0};
    int code = read_options(&run);
    if (code != EXIT_DONE)
        return code;
    if (argument(arguments, "truth") != NULL &&
        truth_init(&run.truth, argument(arguments, "truth"), &err) != OK)
        return misused(arguments, "%s", err.text);
    enum status status = read_learned(&run, &err);
    if (status == OK)
        status = run.private_mode ? link_run_blind(&run, &err) : compare_openly(&run, &err);
    if (status == OK) {
        tell_sides(&run);
        pairs_tell_ways(&run.pairs, &run.a, run.two ? &run.b : &run.a);
        for (size_t i = 0; i < run.pairs.count; i++)
            print_pair(&run, &run.pairs.items[i]);
        print_summary(&run, (double)(world->monotonic_ns(world->context) - start) / 1e9);
        if (nothing_usable(&run.a) || (run.two && nothing_usable(&run.b)))
            code = EXIT_REFUSED;
    } else {
        code = complain(arguments, status, &err);
    }
    pairs_release(&run.pairs);
    side_release(&run.a);
    side_release(&run.b);
    truth_release(&run.truth);
    free(run.learned);
    return code;
}
