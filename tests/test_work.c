/* SPDX-License-Identifier: Apache-2.0
 *
 * Work that follows from an act, and work that comes again: in order, once, and on time.
 */
#include "check.h"
#include "serve/node.h"
#include "temporary.h"

#include <sodium.h>

static char done[64];
static bool again;

static enum status note(void *context, struct node *node, struct err *err)
{
    const char *word = context;
    strncat(done, word, sizeof done - strlen(done) - 1);
    if (again && strcmp(word, "b") == 0) {
        again = false;
        static char later[] = "d";
        node_later(node, note, later);
    }
    return strcmp(word, "f") == 0 ? fail(err, REFUSED, "this one fails") : OK;
}

static void test_later(struct node *node)
{
    static char a[] = "a", b[] = "b", c[] = "c", f[] = "f";
    done[0] = '\0';
    again = true;
    node_later(node, note, a);
    node_later(node, note, b);
    node_later(node, note, f);
    node_later(node, note, c);
    CHECK(done[0] == '\0');
    node_run_jobs(node);
    CHECK_TEXT(bytes_text(done), "abfcd");
    node_run_jobs(node);
    CHECK_TEXT(bytes_text(done), "abfcd");
}

static void test_every(struct node *node)
{
    static char hour[] = "h", minute[] = "m";
    node_every(node, 3600, note, hour);
    node_every(node, 60, note, minute);
    static const struct {
        int64_t now_s;
        const char *done;
    } cases[] = {
        {1000, "hm"},
        {1001, ""},
        {1059, ""},
        {1060, "m"},
        {1200, "m"},
        {4599, "m"},
        {4600, "h"},
        {4660, "m"},
        /* A clock that was set back a day does not stop them for a day. */
        {-80000, "hm"},
        {-79999, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        done[0] = '\0';
        node_run_due(node, cases[i].now_s);
        CHECK_SEEN(strcmp(done, cases[i].done) == 0, "%lld: %s", (long long)cases[i].now_s,
                   done);
    }
}

int main(void)
{
    struct err err = {0};
    struct node *node = NULL;
    static char last[] = "z";
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    temporary_open();
    const struct node_options options = {.folder = temporary_path("node"),
                                         .world = world_system()};
    const struct store_settings settings = {
        .agency = "XA", .name = "Test", .country = "xa", .language = "en", .fiction = true};
    CHECK_SEEN(node_create(&options, &settings, "ana", &err) == OK, "%s", err.text);
    CHECK_SEEN(node_open(&node, &options, &err) == OK, "%s", err.text);
    test_later(node);
    test_every(node);
    /* In direct mode closing does what waits. */
    done[0] = '\0';
    node_later(node, note, last);
    CHECK_SEEN(node_close(node, &err) == OK, "%s", err.text);
    CHECK_TEXT(bytes_text(done), "z");
    temporary_close();
    return check_done("work");
}
