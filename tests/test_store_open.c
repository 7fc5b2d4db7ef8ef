/* SPDX-License-Identifier: Apache-2.0
 *
 * What the store refuses to open, and what it says then.
 */
#include "sim_disk.h"
#include "store_node.h"
#include "temporary.h"

#include "base/file.h"
#include "store/index.h"
#include "store/key_block.h"
#include "store/log.h"
#include "store/rebuild.h"

#include <sqlite3.h>

static struct err err;
static struct arena arena;
static const char *const files[] = {"node/store.db", "node/store.db-wal",
                                    "node/store.keys"};

static struct store_options options_here(void)
{
    static char folder[128];
    snprintf(folder, sizeof folder, "%s", temporary_path("node"));
    return node_options(folder, NULL);
}

static void remove_node(void)
{
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        unlink(temporary_path(files[i]));
}

static void make_node(void)
{
    struct store_options options = options_here();
    remove_node();
    CHECK_SEEN(node_create(&options, &err) == OK, "%s", err.text);
}

/* What another program would do to the database. */
static void meddle(const char *sql)
{
    sqlite3 *sqlite = NULL;
    CHECK(sqlite3_open(temporary_path("node/store.db"), &sqlite) == SQLITE_OK);
    CHECK_SEEN(sqlite3_exec(sqlite, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
               sqlite3_errmsg(sqlite));
    sqlite3_close(sqlite);
}

static void check_open(const char *name, const struct store_options *options,
                       enum status wanted, const char *word)
{
    struct store *store = NULL;
    err = (struct err){0};
    enum status seen = store_open(&store, options, &err);
    CHECK_SEEN(seen == wanted && (word == NULL || strstr(err.text, word) != NULL),
               "%s: %s: %s", name, status_name(seen), err.text);
    store_close(store);
}

static void test_strangers(void)
{
    struct store_options options = options_here();
    static const struct {
        const char *name, *content;
        enum status wanted;
        const char *word;
    } cases[] = {
        {"an empty file", "", NOT_FOUND, "not finished"},
        {"a text",
         "this is the diary of a small dog, and nobody may touch it, for it is long "
         "and contains everything that a dog thinks about bones and cats and rain.",
         BAD_INPUT, "no database of Enlace"},
    };
    remove_node();
    check_open("nothing", &options, NOT_FOUND, "enlace init");
    mkdir(temporary_path("node"), 0700);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        temporary_file("node/store.db", bytes_text(cases[i].content));
        check_open(cases[i].name, &options, cases[i].wanted, cases[i].word);
    }
    CHECK(node_create(&options, &err) == BAD_INPUT);
    remove_node();
    meddle("CREATE TABLE other(a); INSERT INTO other VALUES (1)");
    check_open("another program's database", &options, BAD_INPUT, "no database of Enlace");
    CHECK(node_create(&options, &err) == BAD_INPUT);
    remove_node();
}

static void test_other_versions(void)
{
    struct store_options options = options_here();
    make_node();
    check_open("as made", &options, OK, NULL);
    CHECK(node_create(&options, &err) == CONFLICT); /* there is one already */
    check_open("still as made", &options, OK, NULL);
    meddle("PRAGMA user_version = 99");
    check_open("a newer one", &options, REFUSED, "newer Enlace");
}

static void test_keys(void)
{
    struct store_options options = options_here();
    struct store_options wrong = options;
    wrong.secret = (const uint8_t *)"another secret, not this node's.";
    make_node();
    check_open("another secret", &wrong, REFUSED, "secret");

    char keys[256], aside[256];
    snprintf(keys, sizeof keys, "%s", temporary_path("node/store.keys"));
    snprintf(aside, sizeof aside, "%s", temporary_path("keys.aside"));
    CHECK(rename(keys, aside) == 0);
    check_open("no key file", &options, NOT_FOUND, "put it back");
    make_node(); /* removes what is left, and makes other keys */
    CHECK(rename(aside, keys) == 0);
    check_open("the key file of another node", &options, REFUSED, "another node");
    CHECK(truncate(keys, 5000) == 0);
    make_node();
    CHECK(truncate(keys, 4096) == 0);
    check_open("a key file cut short", &options, CONFLICT, "ends before");
    CHECK(truncate(keys, 100) == 0);
    check_open("no key file at all", &options, BAD_INPUT, "no key file");

    make_node();
    unlink(temporary_path("node/store.db"));
    CHECK(node_create(&options, &err) == CONFLICT); /* what is left of a node stays */
    CHECK_SEEN(strstr(err.text, "without its database") != NULL, "%s", err.text);
}

/* What was emptied or lost is no node that was begun: nobody may be told to make one in its place,
 * and its keys stay. */
static void test_lost(void)
{
    struct store_options options = options_here();
    struct bytes keys, after;
    make_node();
    CHECK(file_read(&keys, temporary_path("node/store.keys"), 1 << 20, &arena, &err) == OK);
    options.signed_size = 2;
    temporary_file("node/store.db", bytes_text(""));
    check_open("an emptied database", &options, CONFLICT, "put back");
    CHECK(node_create(&options, &err) == CONFLICT);
    unlink(temporary_path("node/store.db"));
    check_open("a missing database", &options, CONFLICT, "put back");
    CHECK(node_create(&options, &err) == CONFLICT);
    CHECK(file_read(&after, temporary_path("node/store.keys"), 1 << 20, &arena, &err) ==
          OK);
    CHECK(bytes_equal(keys, after));

    /* Even where nobody knows what was signed: keys that an import filled ahead. */
    options.signed_size = 0;
    temporary_file("node/store.db", bytes_text(""));
    CHECK(truncate(temporary_path("node/store.keys"), 4096 + 32 * 65) == 0);
    CHECK(node_create(&options, &err) == CONFLICT);
    CHECK_SEEN(strstr(err.text, "key file") != NULL, "%s", err.text);
    CHECK(truncate(temporary_path("node/store.keys"), 4096 + 32 * 64) == 0);
    CHECK_SEEN(node_create(&options, &err) == OK, "%s",
               err.text); /* an interrupted making */
}

/* What somebody wrote into the database: refused, not obeyed. */
static void test_meddled(void)
{
    static const struct {
        const char *name, *sql, *word;
    } cases[] = {
        {"a next key that is in use", "UPDATE head SET next_slot = 1", "in use"},
        {"no next key", "UPDATE head SET next_slot = 0", "in use"},
        {"a next key behind the file", "UPDATE head SET next_slot = 100000", "ends before"},
        {"a next key behind everything", "UPDATE head SET next_slot = 576460752303423487",
         "ends before"},
        {"a negative next key", "UPDATE head SET next_slot = -1", "ends before"},
        {"a node without its name",
         "PRAGMA ignore_check_constraints = 1; UPDATE head SET writer = x'0102'",
         "damaged"},
        {"fiction that became real",
         "UPDATE setting SET value = CAST('no' AS BLOB) WHERE name = 'fiction'",
         "settings"},
        {"another agency",
         "UPDATE setting SET value = CAST('XB' AS BLOB) WHERE name = 'agency'", "settings"},
        {"a trigger",
         "CREATE TRIGGER late AFTER INSERT ON entry BEGIN DELETE FROM member; END",
         "trigger"},
        {"a view", "CREATE VIEW all_there_is AS SELECT * FROM record", "view"},
        {"the key of a user to be destroyed",
         "INSERT INTO doomed SELECT slot FROM record WHERE kind = 3", "destroyed"},
        {"the key of the first act to be destroyed",
         "INSERT INTO doomed SELECT slot FROM payload WHERE sequence = 0", "destroyed"},
    };
    struct store_options options = options_here();
    struct store *store = NULL;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        make_node();
        CHECK(store_open(&store, &options, &err) == OK);
        struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_LOG_IN);
        CHECK(node_do(NULL, store, &act, &err) == OK);
        store_close(store);
        meddle(cases[i].sql);
        check_open(cases[i].name, &options, CONFLICT, cases[i].word);
    }
}

static void test_two_at_once(void)
{
    struct store_options options = options_here();
    struct store *first = NULL;
    make_node();
    CHECK(store_open(&first, &options, &err) == OK);
    check_open("a second one", &options, BUSY, "another program");
    sqlite3 *sqlite = NULL;
    CHECK(sqlite3_open(temporary_path("node/store.db"), &sqlite) == SQLITE_OK);
    CHECK(sqlite3_exec(sqlite, "DELETE FROM entry", NULL, NULL, NULL) != SQLITE_OK);
    sqlite3_close(sqlite);
    store_close(first);
    check_open("after the first", &options, OK, NULL);
}

/* Acts that end without closing: a copy of the files is taken while the store is open. */
static void crash_node(const char *sql)
{
    struct store_options options = options_here();
    struct store *store = NULL;
    make_node();
    CHECK(store_open(&store, &options, &err) == OK);
    for (int i = 0; i < 600; i++) {
        struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_LOG_IN);
        struct receipt *receipt = NULL;
        CHECK(act_submit(&receipt, store, &act, &err) == OK);
        receipt_close(receipt);
    }
    CHECK(store_commit(store, &err) == OK);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct bytes content = {0};
        FILE *file = fopen(temporary_path(files[i]), "rb");
        static uint8_t room[4 << 20];
        content = bytes_of(room, file != NULL ? fread(room, 1, sizeof room, file) : 0);
        if (file != NULL)
            fclose(file);
        char copy[32];
        snprintf(copy, sizeof copy, "copy.%zu", i);
        temporary_file(copy, content);
    }
    store_close(store);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char copy[32];
        snprintf(copy, sizeof copy, "copy.%zu", i);
        CHECK(rename(temporary_path(copy), temporary_path(files[i])) == 0);
    }
    if (sql == NULL)
        return;
    /* The meddler leaves the WAL behind, so that the end still looks unclean. */
    sqlite3 *sqlite = NULL;
    int off = 1;
    CHECK(sqlite3_open(temporary_path("node/store.db"), &sqlite) == SQLITE_OK);
    sqlite3_db_config(sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &off);
    CHECK_SEEN(sqlite3_exec(sqlite, sql, NULL, NULL, NULL) == SQLITE_OK, "%s",
               sqlite3_errmsg(sqlite));
    sqlite3_close(sqlite);
    unlink(temporary_path("node/store.db-shm"));
}

/* The last bytes of its time. */
#define CHANGE_TIME                                                                        \
    "UPDATE entry SET entry = CAST(substr(entry, 1, 15) || x'010203' || substr(entry, "    \
    "19) "                                                                                 \
    "AS BLOB) WHERE sequence = "

static void test_verified_after_a_crash(void)
{
    static const struct {
        const char *name, *sql, *word;
    } cases[] = {
        {"a changed entry", CHANGE_TIME "70", "not agree"},
        {"a late one changed", CHANGE_TIME "600", "not agree"},
        {"one taken out", "DELETE FROM entry WHERE sequence = 300", "entry 300"},
        {"the last taken away", "DELETE FROM entry WHERE sequence > 590", "591 entries"},
        {"two exchanged",
         "UPDATE entry SET entry = (SELECT entry FROM entry WHERE sequence = 9) "
         "WHERE sequence = 8",
         "in the place"},
        {"one that is no entry",
         "UPDATE entry SET entry = zeroblob(101) WHERE sequence = 5", "not agree"},
        {"a changed tile", "UPDATE tile SET root = zeroblob(32) WHERE number = 1",
         "entries 256 to 511"},
        {"a changed edge", "UPDATE head SET edge = zeroblob(2048)", "root of the log"},
    };
    struct store_options options = options_here();
    struct store *store = NULL;
    struct store_status status;
    crash_node(NULL);
    CHECK_SEEN(store_open(&store, &options, &err) == OK, "%s", err.text);
    CHECK(store_status(&status, store, &err) == OK);
    CHECK(status.verified && status.entries == 602);
    store_close(store);
    CHECK(store_open(&store, &options, &err) == OK &&
          store_status(&status, store, &err) == OK);
    CHECK(!status.verified);
    store_close(store);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        crash_node(cases[i].sql);
        check_open(cases[i].name, &options, CONFLICT, cases[i].word);
        check_open(cases[i].name, &options, CONFLICT, cases[i].word); /* and stays so */
    }
}

/* A copy of the files of an open node, put in their place when it is closed: as after a crash. */
static void copy_files(bool back)
{
    static uint8_t room[4 << 20];
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char copy[32], from[256];
        snprintf(copy, sizeof copy, "copy.%zu", i);
        snprintf(from, sizeof from, "%s", temporary_path(back ? copy : files[i]));
        FILE *file = fopen(from, "rb");
        CHECK(file != NULL);
        size_t len = file != NULL ? fread(room, 1, sizeof room, file) : 0;
        if (file != NULL)
            fclose(file);
        temporary_file(back ? files[i] : copy, bytes_of(room, len));
    }
}

static void flip(const char *name, long at)
{
    FILE *file = fopen(temporary_path(name), "r+b");
    CHECK(file != NULL && fseek(file, at, SEEK_SET) == 0);
    int c = fgetc(file);
    CHECK(fseek(file, at, SEEK_SET) == 0 && fputc(c ^ 4, file) != EOF);
    fclose(file);
}

/* One bit of what SQLite's log holds: acts that were answered for are not forgotten in silence. */
static void test_flipped_wal(void)
{
    enum { ACTS = 6, FRAME = 4096 + 24 };
    struct store_options options = options_here();
    struct store *store = NULL;
    struct store_status counts;
    make_node();
    CHECK(store_open(&store, &options, &err) == OK);
    for (int i = 0; i < ACTS; i++) {
        struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_LOG_IN);
        CHECK(node_do(NULL, store, &act, &err) == OK);
    }
    copy_files(false);
    store_close(store);
    copy_files(true);
    struct stat about;
    CHECK(stat(temporary_path("node/store.db-wal"), &about) == 0);
    long frames = (about.st_size - 32) / FRAME;
    CHECK_SEEN(frames > 2 * ACTS, "%ld", frames);
    check_open("untouched", &options, OK, NULL);
    const long places[] = {5, 20, 32 + 9, 32 + 100, 32 + FRAME + 2000};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        copy_files(true);
        flip("node/store.db-wal", places[i]);
        check_open("a flipped bit", &options, CONFLICT, "damaged");
        check_open("a flipped bit", &options, CONFLICT, "damaged"); /* and stays so */
    }
    /* The last group may have been cut off; all before it is there. */
    copy_files(true);
    flip("node/store.db-wal", 32 + (frames - 1) * FRAME + 100);
    CHECK_SEEN(store_open(&store, &options, &err) == OK, "%s", err.text);
    CHECK(store_status(&counts, store, &err) == OK && counts.entries == 2 + ACTS - 1);
    store_close(store);
}

/* Whoever may have the keys made again is found without them. */
static void test_no_keys(void)
{
    struct store_options options = options_here();
    struct store *store = NULL;
    struct rebuild rebuild;
    make_node();
    meddle("DELETE FROM key_block; DELETE FROM key_run");
    CHECK(store_open(&store, &options, &err) == OK);
    struct act act = node_act(store, "nobody", ROLE_ADMINISTRATOR, VERB_REBUILD);
    CHECK(entry_id_is_none(act.who));
    act = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_REBUILD);
    CHECK_SEEN(store_rebuild(&rebuild, store, &act, &err) == OK, "%s", err.text);
    CHECK(!rebuild.same && rebuild.damaged == 0);
    store_close(store);
}

/* What records are found by is derived: nothing is found by it when it was damaged, and a rebuild makes
 * it again. */
static void test_damaged_keys(void)
{
    static const struct {
        const char *name, *sql;
    } cases[] = {
        {"more keys than there is room for",
         "INSERT INTO key_run VALUES (1, 1, 1 << 60, 0)"},
        {"fewer keys than none", "INSERT INTO key_run VALUES (1, 1, -7, 0)"},
        {"a run that leaves nowhere", "INSERT INTO key_run VALUES (1, 1, 0, 77)"},
        {"a run that leaves into itself", "INSERT INTO key_run VALUES (1, 1, 0, 1)"},
        {"a run of no tier", "INSERT INTO key_run VALUES (1, 0, 0, 0)"},
        {"keys that nobody packed", "UPDATE key_block SET rows = zeroblob(90)"},
    };
    struct store_options options = options_here();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct store *store = NULL;
        struct store_status before, after;
        struct rebuild rebuild;
        uint8_t id[ENTRY_ID];
        unsigned roles;
        make_node();
        CHECK(store_open(&store, &options, &err) == OK);
        struct record record = RECORD(&arena, "Person", "XA-P-1", "name", "Tomás Alvear",
                                      "email", "t@example.org");
        struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
        act.record = &record;
        CHECK(node_do(NULL, store, &act, &err) == OK);
        CHECK(store_status(&before, store, &err) == OK && !before.keys_damaged);
        store_close(store);
        meddle(cases[i].sql);
        store = NULL;
        CHECK_SEEN(store_open(&store, &options, &err) == OK, "%s: %s", cases[i].name,
                   err.text);
        CHECK(store_status(&after, store, &err) == OK && after.keys_damaged);
        CHECK(store_find_case(id, store, "C-1", &err) == CONFLICT &&
              strstr(err.text, "rebuild") != NULL);
        CHECK(store_find_user(id, &roles, store, "bea", &err) == NOT_FOUND);
        act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
        act.record = &record; /* it is there, and nobody can tell */
        CHECK(node_do(NULL, store, &act, &err) == REFUSED &&
              strstr(err.text, "rebuild") != NULL);
        act = node_act(store, "ana", ROLE_ANALYST, VERB_EXPORT);
        CHECK(node_do(NULL, store, &act, &err) == OK);
        act = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_REBUILD);
        CHECK_SEEN(store_rebuild(&rebuild, store, &act, &err) == OK && !rebuild.same, "%s",
                   err.text);
        CHECK(store_status(&after, store, &err) == OK && !after.keys_damaged &&
              after.keys == before.keys);
        act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
        act.record = &record;
        CHECK(node_do(NULL, store, &act, &err) == CONFLICT);
        store_close(store);
        arena_reset(&arena);
    }
}

static bool database_holds(uint64_t lo)
{
    static uint8_t room[8 << 20];
    uint8_t wanted[8];
    FILE *file = fopen(temporary_path("node/store.db"), "rb");
    CHECK(file != NULL);
    size_t len = file != NULL ? fread(room, 1, sizeof room, file) : 0;
    if (file != NULL)
        fclose(file);
    store_be64(wanted, lo);
    return memmem(room, len, wanted, sizeof wanted) != NULL;
}

/* What an erased record was found by could be guessed by whoever has the secret: it goes, too. */
static void test_erased_keys(void)
{
    struct store_options options = options_here();
    struct store *store = NULL;
    struct secrets secrets;
    struct key key = {.class = KEY_EMAIL, .value = BYTES_OF("gone@example.org")};
    uint8_t id[ENTRY_ID];
    make_node();
    secrets_init(&secrets, node_secret);
    uint64_t lo = index_of_key(&secrets, &key).lo;
    secrets_release(&secrets);
    CHECK(store_open(&store, &options, &err) == OK);
    struct record record = RECORD(&arena, "Person", "XA-P-1", "name", "Tomás Alvear",
                                  "email", "gone@example.org");
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    act.record = &record;
    CHECK(node_do(id, store, &act, &err) == OK);
    store_close(store);
    CHECK(database_holds(lo));
    CHECK(store_open(&store, &options, &err) == OK);
    act = node_act(store, "ana", ROLE_ANALYST, VERB_ERASE);
    memcpy(act.object, id, ENTRY_ID);
    act.reason = "an order of the court";
    enum status status = node_do(NULL, store, &act, &err);
    CHECK_SEEN(status == OK, "%s", err.text);
    store_close(store);
    CHECK(!database_holds(lo));
    arena_reset(&arena);
}

/* As keys stood before version 4, one a row, in the midst of being moved. */
static void unpack_keys(void)
{
    static const char *const before =
        "CREATE TABLE key(run INTEGER NOT NULL, hi INTEGER NOT NULL, lo INTEGER NOT NULL,"
        "  number INTEGER NOT NULL, PRIMARY KEY (run, hi, lo, number)) STRICT, WITHOUT "
        "ROWID;"
        "CREATE TABLE run(run INTEGER PRIMARY KEY, tier INTEGER NOT NULL,"
        "  rows INTEGER NOT NULL, into_run INTEGER NOT NULL, reached INTEGER NOT NULL) "
        "STRICT;"
        "INSERT INTO run VALUES (1, 0, 9, 2, 77), (2, 1, 9, 0, 0), (3, 0, 2, 0, 0);";
    sqlite3 *sqlite = NULL;
    sqlite3_stmt *read = NULL, *add = NULL;
    meddle(before);
    CHECK(sqlite3_open(temporary_path("node/store.db"), &sqlite) == SQLITE_OK);
    CHECK(sqlite3_prepare_v2(sqlite, "SELECT rows FROM key_block", -1, &read, NULL) ==
              SQLITE_OK &&
          sqlite3_prepare_v2(sqlite, "INSERT INTO key VALUES (?1, ?2, ?3, ?4)", -1, &add,
                             NULL) == SQLITE_OK);
    unsigned rows = 0;
    while (sqlite3_step(read) == SQLITE_ROW) {
        struct key_block block;
        CHECK(key_block_open(&block, bytes_of(sqlite3_column_blob(read, 0),
                                              (size_t)sqlite3_column_bytes(read, 0))));
        for (size_t i = 0; i < block.count; i++) {
            struct key_row row = key_block_row(&block, i);
            sqlite3_bind_int64(add, 1, rows++ % 3 + 1);
            sqlite3_bind_int64(add, 2, (sqlite3_int64)(row.hi ^ UINT64_C(1) << 63));
            sqlite3_bind_int64(add, 3, (sqlite3_int64)row.lo);
            sqlite3_bind_int64(add, 4, (sqlite3_int64)row.number);
            CHECK(sqlite3_step(add) == SQLITE_DONE && sqlite3_reset(add) == SQLITE_OK);
        }
    }
    CHECK(rows > 100);
    sqlite3_finalize(read);
    sqlite3_finalize(add);
    sqlite3_close(sqlite);
    meddle("DROP TABLE key_block; DROP TABLE key_run; PRAGMA user_version = 3");
}

static void test_packed_keys(void)
{
    enum { RECORDS = 40 };
    struct store_options options = options_here();
    struct store *store = NULL;
    struct store_status before, after;
    struct rebuild rebuild;
    make_node();
    CHECK(store_open(&store, &options, &err) == OK);
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    for (unsigned i = 0; i < RECORDS; i++) {
        struct record record =
            RECORD(&arena, "Person", arena_printf(&arena, "XA-P-%u", i), "name",
                   "Tomás Alvear Quiroz", "birthDate", "1971-06-24", "email",
                   arena_printf(&arena, "p%u@example.org", i));
        act.record = &record;
        CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
    }
    CHECK(store_status(&before, store, &err) == OK);
    store_close(store);
    unpack_keys();
    store = NULL;
    CHECK_SEEN(store_open(&store, &options, &err) == OK, "%s", err.text);
    if (store == NULL)
        return;
    CHECK(store_status(&after, store, &err) == OK);
    CHECK(after.keys == before.keys && after.schema == 4 && before.schema == 4);
    act = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_REBUILD);
    CHECK_SEEN(store_rebuild(&rebuild, store, &act, &err) == OK, "%s", err.text);
    CHECK(rebuild.same && rebuild.tables[0].rows == before.keys);
    store_close(store);
    arena_reset(&arena);
}

/* An entry changed long after it was written, and nothing looks unclean. */
static void test_rewritten(void)
{
    struct store_options options = options_here();
    struct store *store = NULL;
    struct tree_head head;
    crash_node(NULL);
    CHECK(store_open(&store, &options, &err) == OK && log_head(&head, store, &err) == OK);
    CHECK(log_check_tiles(store, 0, &err) == OK && log_check_tiles(store, 600, &err) == OK);
    CHECK(store_check_signed(store, &head, &err) == OK);
    store_close(store);
    meddle(CHANGE_TIME "300");
    CHECK_SEEN(store_open(&store, &options, &err) == OK, "%s", err.text);
    CHECK(log_check_tiles(store, 0, &err) == CONFLICT);
    CHECK(log_check_tiles(store, 511, &err) == CONFLICT);
    CHECK_SEEN(strstr(err.text, "entries 256 to 511") != NULL, "%s", err.text);
    CHECK(log_check_tiles(store, 512, &err) == OK);
    CHECK(store_check_signed(store, &head, &err) == CONFLICT);
    CHECK_SEEN(strstr(err.text, "tile 1)") != NULL, "%s", err.text);
    store_close(store);
    /* The tile was changed along with it: then only the signed head knows. */
    meddle("UPDATE tile SET root = zeroblob(32) WHERE number = 0");
    CHECK(store_open(&store, &options, &err) == OK);
    CHECK(store_check_signed(store, &head, &err) == CONFLICT);
    store_close(store);
    /* A damaged tile over good entries is what a rebuild is for. */
    crash_node(NULL);
    CHECK(store_open(&store, &options, &err) == OK && log_head(&head, store, &err) == OK);
    store_close(store);
    meddle("UPDATE tile SET root = zeroblob(32) WHERE number = 0");
    CHECK(store_open(&store, &options, &err) == OK);
    CHECK_SEEN(store_check_signed(store, &head, &err) == OK, "%s", err.text);
    store_close(store);
}

/* A folder that may not be written to: the disk says so, whoever runs the test. */
static enum status open_refused(struct disk_file **out, void *context, const char *path,
                                bool create, struct err *why)
{
    (void)out, (void)context, (void)create;
    return fail(why, REFUSED, "%s: may not be written here", path);
}

static void test_read_only(void)
{
    struct disk disk = *disk_system();
    struct store_options options = options_here();
    make_node();
    disk.open = open_refused;
    options.disk = &disk;
    check_open("a read-only folder", &options, REFUSED, "may not be written");
}

/* Other rules for keys: what was found by the old ones must not be missed without a word. */
static void test_other_rules(void)
{
    struct store_options options = options_here();
    struct store *store = NULL;
    make_node();
    meddle("UPDATE setting SET value = zeroblob(32) WHERE name = 'rules'");
    CHECK(store_open(&store, &options, &err) == OK);
    struct key key = {.class = KEY_EMAIL, .value = BYTES_OF("a@example.org")};
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_SEARCH);
    act.key = &key;
    act.key_count = 1;
    CHECK(node_do(NULL, store, &act, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "enlace rebuild") != NULL, "%s", err.text);
    store_close(store);
}

int main(void)
{
    temporary_open();
    test_strangers();
    test_other_versions();
    test_keys();
    test_lost();
    test_meddled();
    test_two_at_once();
    test_verified_after_a_crash();
    test_rewritten();
    test_flipped_wal();
    test_no_keys();
    test_damaged_keys();
    test_erased_keys();
    test_packed_keys();
    test_read_only();
    test_other_rules();
    remove_node();
    rmdir(temporary_path("node"));
    temporary_close();
    arena_release(&arena);
    return check_done("store_open");
}
