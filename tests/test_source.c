/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "formats/source.h"
#include "temporary.h"

#include <errno.h>
#include <sys/resource.h>

/* Everything that comes out of the source, in *out; the status of the last step. */
static enum status drain(struct buf *out, struct source *source, struct err *err)
{
    for (;;) {
        struct bytes window = source_window(source);
        buf_add(out, window);
        source_take(source, window.len);
        if (source_ended(source))
            return OK;
        enum status status = source_more(source, err);
        if (status != OK)
            return status;
    }
}

static void check_content(const char *name, struct bytes file, const char *content,
                          const char *damage)
{
    struct source *source = NULL;
    struct err err = {.text = ""};
    struct buf out = {.max = 1 << 20};
    enum status status = source_open_bytes(&source, file, name, &err);
    CHECK_SEEN(status == OK, "%s: %s", name, err.text);
    if (status != OK)
        return;
    CHECK(drain(&out, source, &err) == OK);
    CHECK_TEXT(buf_bytes(&out), content);
    CHECK_SEEN(strstr(source_damage(source), damage) != NULL &&
                   (damage[0] != '\0' || source_damage(source)[0] == '\0'),
               "%s: %s", name, source_damage(source));
    CHECK(source_bytes(source) == file.len);
    buf_release(&out);
    source_close(source);
}

static void test_plain(void)
{
    check_content("plain", BYTES_OF("a,b\n1,2\n"), "a,b\n1,2\n", "");
    check_content("empty", BYTES_OF(""), "", "");
    check_content("UTF-8 mark",
                  BYTES_OF("\xEF\xBB\xBF"
                           "a,b\n"),
                  "a,b\n", "");
    check_content("mark alone", BYTES_OF("\xEF\xBB\xBF"), "", "");
    check_content("half a mark", BYTES_OF("\xEF\xBB"), "\xEF\xBB", "");
}

static void test_refused(void)
{
    static const struct {
        const char *name;
        struct bytes file;
    } cases[] = {
        {"UTF-16 little",
         {(const uint8_t *)"\xFF\xFE"
                           "a\0,\0",
          6}},
        {"UTF-16 big", {(const uint8_t *)"\xFE\xFF\0a\0,", 6}},
        {"UTF-16 without mark", {(const uint8_t *)"a\0,\0b\0", 6}},
        {"UTF-16 big without mark", {(const uint8_t *)"\0a\0,\0b", 6}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct source *source = NULL;
        struct err err = {.text = ""};
        CHECK(source_open_bytes(&source, cases[i].file, cases[i].name, &err) == BAD_INPUT);
        CHECK_SEEN(strstr(err.text, "CSV UTF-8") != NULL, "%s: %s", cases[i].name,
                   err.text);
    }
}

static void test_gzip(void)
{
    struct buf file = {.max = 1 << 20};
    temporary_gzip(&file, BYTES_OF("\xEF\xBB\xBF"
                                   "a,b\n"));
    size_t one = file.len;
    check_content("one member", buf_bytes(&file), "a,b\n", "");
    temporary_gzip(&file, BYTES_OF("1,2\n"));
    check_content("two members", buf_bytes(&file), "a,b\n1,2\n", "");
    size_t two = file.len;
    buf_add(&file, BYTES_OF("\0\0\0\0"));
    check_content("padded with zeros", buf_bytes(&file), "a,b\n1,2\n", "");
    buf_add_text(&file, "tail");
    check_content("garbage behind", buf_bytes(&file), "a,b\n1,2\n", "not gzip");
    for (size_t cut = one + 1; cut < two; cut++) {
        struct source *source = NULL;
        struct err err = {.text = ""};
        struct buf out = {.max = 100};
        if (!CHECK(source_open_bytes(&source, bytes_slice(buf_bytes(&file), 0, cut), "cut",
                                     &err) == OK))
            continue;
        CHECK(drain(&out, source, &err) == OK);
        CHECK_SEEN(strstr(source_damage(source), "is cut off") != NULL, "cut at %zu: %s",
                   cut, source_damage(source));
        CHECK(out.len >= 4 && memcmp(out.at, "a,b\n", 4) == 0);
        buf_release(&out);
        source_close(source);
    }
    struct source *none = NULL;
    struct err err = {.text = ""};
    CHECK(source_open_bytes(&none, bytes_slice(buf_bytes(&file), 0, 5), "x.gz", &err) ==
          BAD_INPUT);
    CHECK_SEEN(strstr(err.text, "x.gz: the compressed file is cut off") != NULL, "%s",
               err.text);

    buf_clear(&file);
    temporary_gzip(&file, BYTES_OF("a,b\n1,2\n"));
    file.at[file.len - 6] ^= 1; /* the checksum */
    check_content("wrong checksum", buf_bytes(&file), "a,b\n1,2\n", "is damaged");
    buf_release(&file);
}

/* 256 MiB of zeros in 256 KiB: read through, never held. */
static void test_bomb(void)
{
    enum { PIECE = 1 << 20, PIECES = 256 };
    uint8_t *zeros = calloc(1, PIECE);
    struct buf file = {.max = 4 << 20};
    memset(zeros, 'z', PIECE);
    for (int i = 0; i < PIECES; i++)
        temporary_gzip(&file, bytes_of(zeros, PIECE));
    free(zeros);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    struct source *source = NULL;
    uint64_t total = 0;
    CHECK(source_open_bytes(&source, buf_bytes(&file), "bomb.gz", NULL) == OK);
    for (;;) {
        struct bytes window = source_window(source);
        total += window.len;
        source_take(source, window.len);
        if (source_ended(source) || source_more(source, NULL) != OK)
            break;
    }
    getrusage(RUSAGE_SELF, &after);
    CHECK_SEEN(total == (uint64_t)PIECE * PIECES, "%llu", (unsigned long long)total);
    CHECK_SEEN(after.ru_maxrss - before.ru_maxrss < 16 * 1024, "%ld KiB more",
               after.ru_maxrss - before.ru_maxrss);
    source_close(source);
    buf_release(&file);
}

/* A window that is asked for more keeps what it has. */
static void test_growing(void)
{
    enum { LEN = 3 * SOURCE_CHUNK + 17 };
    uint8_t *content = malloc(LEN);
    for (size_t i = 0; i < LEN; i++)
        content[i] = (uint8_t)('a' + i % 23);
    const char *path = temporary_file("long", bytes_of(content, LEN));
    struct source *source = NULL;
    CHECK(source_open(&source, path, NULL) == OK);
    source_take(source, 10);
    while (!source_ended(source))
        CHECK(source_more(source, NULL) == OK);
    CHECK(bytes_equal(source_window(source), bytes_of(content + 10, LEN - 10)));
    source_close(source);
    free(content);
}

static void test_paths(void)
{
    struct source *source = NULL;
    struct err err = {.text = ""};
    CHECK(source_open(&source, temporary_path("absent.csv"), &err) == NOT_FOUND);
    CHECK_SEEN(strstr(err.text, "no such file") != NULL, "%s", err.text);
    CHECK(source_open(&source, temporary_folder, &err) == BAD_INPUT);
    CHECK_SEEN(strstr(err.text, "folder") != NULL, "%s", err.text);
    if (geteuid() == 0) {
        CHECK_SKIP("root may read every file");
        return;
    }
    const char *path = temporary_file("locked", BYTES_OF("a\n"));
    chmod(path, 0);
    CHECK(source_open(&source, path, &err) == IO_FAILED);
    CHECK_SEEN(strstr(err.text, strerror(EACCES)) != NULL, "%s", err.text);
}

int main(void)
{
    temporary_open();
    test_plain();
    test_refused();
    test_gzip();
    test_bomb();
    test_growing();
    test_paths();
    temporary_close();
    return check_done("source");
}
