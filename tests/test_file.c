/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "base/log.h"
#include "base/world.h"

#include "check.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/enlace-test-file-XXXXXX";

static char *in_folder(struct arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name);
}

static void test_write_and_read(void)
{
    struct arena arena = {0};
    struct err err = {0};
    struct bytes content;
    char *path = in_folder(&arena, "secret");
    CHECK(file_write(path, BYTES_OF("one"), FILE_SECRET, &err) == OK);
    CHECK(file_write(path, BYTES_OF("second"), FILE_SECRET, &err) == OK); /* replaces */
    CHECK(file_read(&content, path, 6, &arena, &err) == OK);
    CHECK_TEXT(content, "second");
    struct stat seen;
    CHECK(stat(path, &seen) == 0 && (seen.st_mode & 0777) == 0600);
    CHECK(file_read(&content, path, 5, &arena, &err) == TOO_LARGE);
    CHECK(file_read(&content, in_folder(&arena, "none"), 5, &arena, &err) == NOT_FOUND);
    CHECK(file_read(&content, folder, 5, &arena, &err) == IO_FAILED);
    CHECK(file_write(in_folder(&arena, "no/such"), BYTES_OF("x"), FILE_PUBLIC, &err) ==
          IO_FAILED);
    CHECK(strstr(err.text, "no/such") != NULL);
    unlink(path);
    arena_release(&arena);
}

static void test_worlds(void)
{
    struct world_seeded one, two;
    uint8_t a[100], b[100], c[100];
    world_seeded_init(&one, 7, 1000000000000);
    world_seeded_init(&two, 7, 1000000000000);
    world_random(&one.world, a, sizeof a);
    world_random(&two.world, b, sizeof b);
    CHECK(memcmp(a, b, sizeof a) == 0);
    world_random(&one.world, b, sizeof b);
    CHECK(memcmp(a, b, sizeof a) != 0); /* it goes on */
    world_seeded_init(&two, 8, 0);
    world_random(&two.world, c, sizeof c);
    CHECK(memcmp(a, c, sizeof a) != 0);
    CHECK(world_now_s(&one.world) == 1000);
    CHECK(world_now_s(world_system()) > 1700000000);
}

/* One event, one line; values that would break the line are quoted. */
static void test_log(void)
{
    int ends[2], kept = dup(STDERR_FILENO);
    CHECK(pipe(ends) == 0);
    dup2(ends[1], STDERR_FILENO);
    log_event(LOG_DEBUG, "not-shown", NULL);
    log_event(LOG_WARN, "disk-low", "free", "3", "path", "a b\"\n", "empty", "", NULL);
    dup2(kept, STDERR_FILENO);
    close(ends[1]);
    char line[200];
    ssize_t len = read(ends[0], line, sizeof line);
    CHECK_TEXT(bytes_of(line, len > 0 ? (size_t)len : 0),
               "warn disk-low free=3 path=\"a b\\\" \" empty=\"\"\n");
    close(ends[0]);
    close(kept);
}

/* What kills left beside a file goes; what only looks like it stays. */
static void test_sweep(void)
{
    static const struct {
        const char *name;
        bool stays;
    } cases[] = {{"head.part-4711", false},
                 {"head.part-00ff00ff00ff00ff", false},
                 {"head", true},
                 {"head.partly", true},
                 {"ahead.part-1", true},
                 {"other.part-1", true}};
    struct arena arena = {0};
    struct err err = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK(file_write(arena_printf(&arena, "%s/%s", folder, cases[i].name),
                         BYTES_OF("x"), FILE_PUBLIC, &err) == OK);
    file_sweep(folder, "head");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *path = arena_printf(&arena, "%s/%s", folder, cases[i].name);
        CHECK_SEEN((access(path, F_OK) == 0) == cases[i].stays, "%s", cases[i].name);
        unlink(path);
    }
    arena_release(&arena);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    test_write_and_read();
    test_sweep();
    test_worlds();
    test_log();
    rmdir(folder);
    return check_done("file");
}
