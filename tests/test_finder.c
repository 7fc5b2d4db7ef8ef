/* SPDX-License-Identifier: Apache-2.0
 *
 * Search in the service of the store: what acts do is found at once and after any opening, whatever
 * pieces of words are kept; only what may be seen is found; and nothing of an erased record is left.
 */
#include "store_node.h"
#include "temporary.h"

#include "base/text.h"
#include "link/finder.h"
#include "store/import.h"
#include "store/rebuild.h"

#include <unistd.h>

static struct err err;
static struct store *store;
static struct search *search;
static struct arena arena;

static void open_node(void)
{
    struct store_options options = node_options(temporary_folder, NULL);
    search = search_open();
    const struct finder finder = search_as_finder(search);
    CHECK_SEEN(store_open(&store, &options, &err) == OK, "%s", err.text);
    CHECK_SEEN(store_attach(store, &finder, &err) == OK, "%s", err.text);
}

static void close_node(void)
{
    store_close(store);
    search_close(search);
    arena_release(&arena);
}

static void open_again(void)
{
    close_node();
    open_node();
}

/* How many records the user finds; *first gets the id of the best. */
static size_t found_by(const char *login, const char *text, uint8_t first[ENTRY_ID])
{
    struct act act = node_act(store, login, ROLE_ANALYST, VERB_SEARCH);
    struct receipt *receipt = NULL;
    struct shown shown;
    size_t count = 0;
    act.text = bytes_text(text);
    act.limit = 50;
    CHECK_SEEN(act_perform(&receipt, store, &act, &err) == OK, "%s", err.text);
    while (receipt != NULL && receipt_next(&shown, receipt, &arena, &err) == OK)
        if (count++ == 0 && first != NULL)
            memcpy(first, shown.id, ENTRY_ID);
    receipt_close(receipt);
    return count;
}

static size_t found(const char *text)
{
    return found_by("ana", text, NULL);
}

static void put(uint8_t id[ENTRY_ID], const char *source, const char *name,
                const uint8_t *case_id)
{
    struct record record = RECORD(&arena, "Person", source, "name", name);
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    act.record = &record;
    if (case_id != NULL)
        memcpy(act.case_id, case_id, ENTRY_ID);
    CHECK_SEEN(node_do(id, store, &act, &err) == OK, "%s", err.text);
}

static void erase(const uint8_t id[ENTRY_ID])
{
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_ERASE);
    memcpy(act.object, id, ENTRY_ID);
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
}

static void edit(const uint8_t id[ENTRY_ID], const char *source, const char *name)
{
    struct record record = RECORD(&arena, "Person", source, "name", name);
    struct act read = node_act(store, "ana", ROLE_ANALYST, VERB_READ);
    struct receipt *receipt = NULL;
    struct shown shown;
    memcpy(read.object, id, ENTRY_ID);
    CHECK(act_perform(&receipt, store, &read, &err) == OK);
    CHECK(receipt_next(&shown, receipt, &arena, &err) == OK);
    receipt_close(receipt);
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_EDIT);
    memcpy(act.object, id, ENTRY_ID);
    act.record = &record;
    act.before = shown.version;
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
}

static void import_people(unsigned from, unsigned count)
{
    struct import *import = NULL;
    struct act as = node_act(store, "ana", ROLE_ANALYST, VERB_IMPORT_BEGIN);
    CHECK_SEEN(import_open(&import, store, &as, &err) == OK, "%s", err.text);
    for (unsigned i = from; i < from + count; i++) {
        struct arena one = {0};
        char name[64];
        snprintf(name, sizeof name, "Quorvax Zembla%u", i);
        struct record record = RECORD(&one, "Person", name, "name", name);
        CHECK(import_add(import, &record, &err) == OK);
        arena_release(&one);
    }
    CHECK(import_finish(import, &err) == OK);
    import_close(import);
}

/* In any file of the node, folded as it is kept or as it was given. */
static bool stands_somewhere(const char *word)
{
    static const char *const files[] = {"store.db", "store.db-wal", "store.keys"};
    size_t len = strlen(word);
    bool stands = false;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        FILE *file = fopen(temporary_path(files[i]), "rb");
        struct buf content = {.max = SIZE_MAX};
        uint8_t block[65536];
        size_t got;
        while (file != NULL && (got = fread(block, 1, sizeof block, file)) > 0)
            buf_add(&content, bytes_of(block, got));
        if (file != NULL)
            fclose(file);
        stands |= content.len > 0 && memmem(content.at, content.len, word, len) != NULL;
        buf_release(&content);
    }
    return stands;
}

static void test_acts(void)
{
    uint8_t id[ENTRY_ID], first[ENTRY_ID];
    put(id, "p1", "Tomás Alvear Quiroz", NULL);
    CHECK(found("alveer tomas") == 1);
    open_again();
    CHECK(found_by("ana", "alveer tomas", first) == 1 && memcmp(first, id, ENTRY_ID) == 0);
    edit(id, "p1", "Ruth Halloran");
    CHECK(found("alveer tomas") == 0 && found("haloran") == 1);
    open_again();
    CHECK(found("alveer tomas") == 0 && found("haloran") == 1);
    erase(id);
    CHECK(found("haloran") == 0);
    open_again();
    CHECK(found("haloran") == 0);
}

static void test_rights(void)
{
    uint8_t id[ENTRY_ID], case_id[ENTRY_ID];
    struct record user = RECORD(&arena, "Person", "ben", "name", "Ben");
    struct act add = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_USER_ADD);
    add.record = &user;
    add.roles = 1U << ROLE_ANALYST;
    CHECK_SEEN(node_do(NULL, store, &add, &err) == OK, "%s", err.text);
    /* Ben is the analyst now, and Ana the administrator; she gets her role back from nobody. */
    struct record record = RECORD(&arena, "Case", "C-1", "caseNumber", "C-1");
    struct act open = node_act(store, "ben", ROLE_ANALYST, VERB_CASE_NEW);
    open.record = &record;
    CHECK_SEEN(node_do(case_id, store, &open, &err) == OK, "%s", err.text);
    struct record secret = RECORD(&arena, "Person", "w1", "name", "Wenceslao Ibarra");
    struct act new = node_act(store, "ben", ROLE_ANALYST, VERB_NEW);
    new.record = &secret;
    memcpy(new.case_id, case_id, ENTRY_ID);
    CHECK_SEEN(node_do(id, store, &new, &err) == OK, "%s", err.text);
    CHECK(found_by("ben", "wenceslao", NULL) == 1);
    struct record other = RECORD(&arena, "Person", "eva", "name", "Eva");
    struct act another = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_USER_ADD);
    another.record = &other;
    another.roles = 1U << ROLE_ANALYST;
    CHECK(node_do(NULL, store, &another, &err) == OK);
    CHECK(found_by("eva", "wenceslao", NULL) == 0);
    open_again();
    CHECK(found_by("eva", "wenceslao", NULL) == 0 &&
          found_by("ben", "wenceslao", NULL) == 1);
    struct act admin = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_SEARCH);
    admin.text = BYTES_OF("wenceslao");
    admin.limit = 1;
    CHECK(node_do(NULL, store, &admin, &err) == REFUSED);
}

/* Many enough for pieces to be written; then changes on top of them. */
static void test_pieces(void)
{
    enum { PEOPLE = 16800, MORE = 300 };
    uint8_t id[ENTRY_ID];
    import_people(0, PEOPLE);
    CHECK(found("zembla17") > 0);
    CHECK(found_by("ana", "quorvax zembla16799", id) > 0);
    open_again(); /* from pieces and, what is not in them, from records */
    struct search_size size;
    search_measure(&size, search);
    CHECK_SEEN(size.records == PEOPLE, "%llu", (unsigned long long)size.records);
    CHECK(found("quorvax zembla3") > 0);
    CHECK(found_by("ana", "quorvax zembla3", id) > 0);
    edit(id, "Quorvax Zembla3", "Xanthippe Ollivander");
    open_again();
    CHECK(found("olivander") == 1);
    search_measure(&size, search);
    CHECK(size.records == PEOPLE);
    import_people(PEOPLE, MORE); /* a change waits beside new ones */
    open_again();
    search_measure(&size, search);
    CHECK_SEEN(size.records == PEOPLE + MORE, "%llu", (unsigned long long)size.records);
    CHECK(found("olivander") == 1);
    CHECK(!stands_somewhere("ollivander") && !stands_somewhere("Ollivander"));
    erase(id);
    CHECK(found("olivander") == 0);
    open_again();
    CHECK(found("olivander") == 0);
    search_measure(&size, search);
    CHECK(size.records == PEOPLE + MORE - 1);
    struct rebuild rebuild;
    struct act as = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_REBUILD);
    CHECK_SEEN(store_rebuild(&rebuild, store, &as, &err) == OK && rebuild.same, "%s",
               err.text);
    import_people(PEOPLE + MORE, MORE);
    open_again();
    search_measure(&size, search);
    CHECK_SEEN(size.records == PEOPLE + 2 * MORE - 1, "%llu",
               (unsigned long long)size.records);
}

/* Without a finder acts go on as ever, and what they did is found later. */
static void test_without(void)
{
    struct store_options options = node_options(temporary_folder, NULL);
    struct search_size before, after;
    search_measure(&before, search);
    close_node();
    CHECK(store_open(&store, &options, &err) == OK);
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_SEARCH);
    act.text = BYTES_OF("anything");
    act.limit = 1;
    CHECK(node_do(NULL, store, &act, &err) == BAD_INPUT);
    import_people(100000, 600);
    store_close(store);
    open_node();
    search_measure(&after, search);
    CHECK_SEEN(after.records == before.records + 600, "%llu",
               (unsigned long long)after.records);
    CHECK(found("quorvax zembla100599") > 0);
}

static void test_bad_text(void)
{
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_SEARCH);
    act.text = BYTES_OF("\xff");
    act.limit = 1;
    CHECK(node_do(NULL, store, &act, &err) == BAD_INPUT);
    static uint8_t longest[ACT_TEXT_MAX + 1];
    memset(longest, 'a', sizeof longest);
    act.text = bytes_of(longest, sizeof longest);
    CHECK(node_do(NULL, store, &act, &err) == BAD_INPUT);
    act.text = bytes_of(longest, ACT_TEXT_MAX);
    CHECK(node_do(NULL, store, &act, &err) == OK);
    act.text = BYTES_OF("...");
    CHECK(node_do(NULL, store, &act, &err) == OK);
}

int main(void)
{
    temporary_open();
    struct store_options options = node_options(temporary_folder, NULL);
    CHECK_SEEN(node_create(&options, &err) == OK, "%s", err.text);
    open_node();
    test_acts();
    test_pieces();
    test_without();
    test_bad_text();
    test_rights();
    close_node();
    temporary_close();
    return check_done("finder");
}
