/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk_match.h"
#include "cli/host.h"
#include "cli/json_line.h"
#include "cli/options.h"

#include "base/text.h"
#include "store/import.h"

#include <nettle/sha2.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* How often a person who watches, and a file that is written to, is told how far it is. */
enum { TELL_PERSON_MS = 250, TELL_FILE_MS = 10000, NS_PER_MS = 1000000, LOOK_ROWS = 256 };

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

struct run {
    const struct arguments *arguments;
    const struct world *world;
    struct desk desk;
    const char *path;
    struct reader *reader;
    struct import *import;
    uint64_t repeated; /* of those added */
    uint64_t file_bytes;
    int64_t start_ns, told_ns;
    bool person;                           /* somebody watches standard error */
    uint8_t fresh[AT_ONCE_MAX * ENTRY_ID]; /* the first that are new or changed */
    size_t fresh_count;                    /* all of them */
};

static int64_t now_ns(const struct run *run)
{
    return run->world->monotonic_ns(run->world->context);
}

static double seconds_so_far(const struct run *run)
{
    return (double)(now_ns(run) - run->start_ns) / 1e9;
}

static void tell_progress(struct run *run)
{
    int64_t now = now_ns(run);
    int64_t wait_ms = run->person ? TELL_PERSON_MS : TELL_FILE_MS;
    if (now - run->told_ns < wait_ms * NS_PER_MS)
        return;
    run->told_ns = now;
    struct reader_counts counts = reader_counts(run->reader);
    fprintf(stderr, "%s%s: %llu %s", run->person ? "\r" : "", run->path,
            (unsigned long long)counts.read, plural(counts.read, "row", "rows"));
    if (run->file_bytes > 0)
        fprintf(stderr, ", %.0f %%",
                100.0 * (double)counts.bytes / (double)run->file_bytes);
    fprintf(stderr, ", %.0f a second%s", (double)counts.read / seconds_so_far(run),
            run->person ? "   " : "\n");
}

/* ---- The answer ---- */

static void answer(const struct run *run)
{
    struct import_counts done = import_counts(run->import);
    struct reader_counts counts = reader_counts(run->reader);
    const char *rejects = reader_rejects(run->reader);
    double seconds = seconds_so_far(run);
    if (!run->arguments->json) {
        printf("%llu %s: %llu added (%llu of them %s another), %llu changed, %llu "
               "unchanged, %llu rejected; %.2f s\n",
               (unsigned long long)counts.read, plural(counts.read, "row", "rows"),
               (unsigned long long)done.added, (unsigned long long)run->repeated,
               plural(run->repeated, "repeats", "repeat"), (unsigned long long)done.changed,
               (unsigned long long)done.unchanged, (unsigned long long)counts.rejected,
               seconds);
        return;
    }
    struct json_line line;
    json_line_begin(&line);
    json_count_member(&line.json, "read", counts.read);
    json_count_member(&line.json, "added", done.added);
    json_count_member(&line.json, "changed", done.changed);
    json_count_member(&line.json, "unchanged", done.unchanged);
    json_count_member(&line.json, "repeated", run->repeated);
    json_count_member(&line.json, "rejected", counts.rejected);
    if (rejects != NULL) {
        json_text_member(&line.json, "rejects", rejects);
    } else {
        json_key(&line.json, "rejects");
        json_put_null(&line.json);
    }
    json_line_rounded(&line, "seconds", seconds);
    if (interrupted) {
        json_key(&line.json, "interrupted");
        json_put_bool(&line.json, true);
    }
    json_line_end(&line);
}

/* ---- The rows ---- */

static void note_fresh(struct run *run)
{
    enum import_outcome outcome = import_outcome(run->import);
    if (outcome != IMPORT_ADDED && outcome != IMPORT_CHANGED)
        return;
    if (run->fresh_count < AT_ONCE_MAX)
        import_object(run->fresh + run->fresh_count * ENTRY_ID, run->import);
    run->fresh_count++;
}

static enum status take_rows(struct run *run, struct err *err)
{
    struct arena arena = {0};
    struct record record;
    enum status status = OK;
    for (uint64_t rows = 0; !interrupted; rows++) {
        status = reader_next(&record, run->reader, &arena, err);
        if (status != OK)
            break;
        /* Our own code in a file says what no code says: it is ours. */
        if (strcmp(record.owner, run->desk.settings->agency) == 0)
            record.owner = "";
        status = import_add(run->import, &record, err);
        if (status == OK && import_outcome(run->import) == IMPORT_REJECTED)
            status = reader_reject(run->reader, &record, import_why(run->import), err);
        if (status != OK)
            break;
        run->repeated +=
            reader_repeated(run->reader) && import_outcome(run->import) == IMPORT_ADDED;
        note_fresh(run);
        arena_reset(&arena);
        if (rows % LOOK_ROWS == 0) {
            tell_progress(run);
            interrupted |= host_breathe();
        }
    }
    arena_release(&arena);
    return status == NOT_FOUND ? OK : status;
}

/* Which file it was, for who has it: its path may name whom it is about. NULL: it cannot be read twice
 * (a pipe). */
static const char *file_mark(const struct run *run, struct arena *arena)
{
    static uint8_t step[64 * 1024];
    struct sha256_ctx sha;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char hex[2 * SHA256_DIGEST_SIZE + 1];
    struct stat about;
    if (host_stat(&about, run->path) != 0 || !S_ISREG(about.st_mode))
        return NULL;
    int fd = host_open(run->path);
    if (fd < 0)
        return NULL;
    sha256_init(&sha);
    /* The reader may be in the middle of it, by the same descriptor: the place is not moved. */
    off_t at = 0;
    for (ssize_t got; (got = pread(fd, step, sizeof step, at)) > 0; at += got)
        sha256_update(&sha, (size_t)got, step);
    close(fd);
    sha256_digest(&sha, sizeof digest, digest);
    hex_write(hex, bytes_of(digest, sizeof digest));
    return arena_printf(arena, "a file with SHA-256 %s", hex);
}

static enum status import_file(struct run *run, struct err *err)
{
    struct act as = desk_act(&run->desk, VERB_IMPORT_BEGIN);
    struct arena arena = {0};
    if (as.reason == NULL)
        as.reason = file_mark(run, &arena);
    enum status status = import_open(&run->import, run->desk.store, &as, err);
    arena_release(&arena);
    if (status != OK)
        return status;
    interrupted = 0;
    /* Ctrl-C ends the import at the next row; a second one, for whoever cannot wait, the program. */
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    status = take_rows(run, err);
    if (run->person)
        fprintf(stderr, "\r%60s\r", "");
    return status == OK ? import_finish(run->import, err) : status;
}

static int finish(struct run *run)
{
    struct reader_counts counts = reader_counts(run->reader);
    tell_reading(&(struct reading){run->path, counts, reader_first_reason(run->reader),
                                   reader_rejects(run->reader),
                                   reader_damage(run->reader)});
    answer(run);
    if (interrupted) {
        fprintf(stderr,
                "%s: interrupted after %llu %s, which %s kept; the same command goes on\n",
                run->path, (unsigned long long)counts.read,
                plural(counts.read, "row", "rows"), plural(counts.read, "is", "are"));
        return EXIT_FAILED;
    }
    if (counts.read == 0)
        fprintf(stderr, "%s: no row in it\n", run->path);
    return counts.rejected == counts.read ? EXIT_REFUSED : EXIT_DONE;
}

int run_import(const struct arguments *arguments, const struct world *world)
{
    struct run run = {.arguments = arguments, .world = world};
    struct reader_options options = {.map_path = argument(arguments, "map"),
                                     .rejects_path = argument(arguments, "rejects"),
                                     .files = &host_files};
    struct err err = {0};
    struct stat about;
    if (arguments->count != 1)
        return misused(arguments, "name one file");
    run.path = options.path = arguments->words[0];
    int code = option_format(&options.format, arguments);
    if (code == EXIT_DONE)
        code = desk_open(&run.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    options.home = run.desk.settings->country;
    run.person = host_is_terminal(STDERR_FILENO);
    run.file_bytes = host_stat(&about, run.path) == 0 ? (uint64_t)about.st_size : 0;
    run.start_ns = run.told_ns = now_ns(&run);
    enum status status = reader_open(&run.reader, &options, &err);
    if (status == OK)
        status = import_file(&run, &err);
    code = status == OK ? finish(&run) : complain(arguments, status, &err);
    if (status == OK && !interrupted)
        desk_ask_at_once(&run.desk, run.fresh, run.fresh_count, run.desk.act.case_id);
    import_close(run.import);
    reader_close(run.reader);
    return desk_close(&run.desk, code);
}
