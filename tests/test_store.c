/* SPDX-License-Identifier: Apache-2.0
 *
 * The store through its door: what acts do, what they show, and when.
 */
#include "store_node.h"
#include "store_open_all.h"
#include "temporary.h"

#include "ledger/merkle.h"
#include "store/import.h"
#include "store/log.h"
#include "store/rebuild.h"

static struct arena arena;
static struct err err;

static struct store *node_open(void)
{
    struct store *store = NULL;
    struct store_options options = node_options(temporary_path("node"), NULL);
    enum status status = store_open(&store, &options, &err);
    CHECK_SEEN(status == OK, "%s", err.text);
    if (store == NULL)
        exit(check_done("store"));
    return store;
}

static struct store *node_fresh(void)
{
    struct store_options options = node_options(temporary_path("node"), NULL);
    static const char *const files[] = {"node/store.db", "node/store.keys",
                                        "node/store.db-wal"};
    for (size_t i = 0; i < 3; i++)
        unlink(temporary_path(files[i]));
    enum status status = node_create(&options, &err);
    CHECK_SEEN(status == OK, "%s", err.text);
    return node_open();
}

/* How many things an act shows; the first one's caption in *caption. */
static size_t count_shown(struct receipt *receipt, struct bytes *caption)
{
    struct shown shown;
    size_t count = 0;
    while (receipt_next(&shown, receipt, &arena, &err) == OK)
        if (count++ == 0 && caption != NULL)
            *caption = record_caption(&shown.record);
    return count;
}

static size_t search(struct store *store, const char *login, enum role role,
                     enum key_class class, const char *value)
{
    struct key key = {.class = class, .value = bytes_text(value)};
    struct act act = node_act(store, login, role, VERB_SEARCH);
    struct receipt *receipt = NULL;
    act.key = &key;
    act.key_count = 1;
    enum status status = act_perform(&receipt, store, &act, &err);
    CHECK_SEEN(status == OK, "%s", err.text);
    size_t count = status == OK ? count_shown(receipt, NULL) : 0;
    receipt_close(receipt);
    return count;
}

static struct record tomas(const char *phone)
{
    return RECORD(&arena, "Person", "XA-P-0007", "name", "Tomás Alvear Quiroz", "birthDate",
                  "1984-03-12", "phone", phone);
}

static void test_new_edit_show(void)
{
    struct store *store = node_fresh();
    struct record record = tomas("+999550107788");
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    uint8_t id[ENTRY_ID];
    act.record = &record;
    CHECK_SEEN(node_do(id, store, &act, &err) == OK, "%s", err.text);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_PHONE, "+999550107788") == 1);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_PHONE, "+999550107789") == 0);

    struct act read = node_act(store, "ana", ROLE_ANALYST, VERB_READ);
    struct receipt *receipt = NULL;
    struct shown shown;
    memcpy(read.object, id, ENTRY_ID);
    CHECK(act_perform(&receipt, store, &read, &err) == OK);
    CHECK(receipt_next(&shown, receipt, &arena, &err) == OK);
    CHECK_TEXT(record_caption(&shown.record), "Tomás Alvear Quiroz");
    CHECK_TEXT(record_first(&shown.record, "phone"), "+999550107788");
    CHECK(shown.versions == 1 && memcmp(shown.id, id, ENTRY_ID) == 0);
    CHECK(receipt_next(&shown, receipt, &arena, &err) == NOT_FOUND);
    receipt_close(receipt);

    struct record changed = tomas("+999550107789");
    act.verb = VERB_EDIT;
    act.record = &changed;
    memcpy(act.object, id, ENTRY_ID);
    act.before = shown.version + 1;
    CHECK(node_do(NULL, store, &act, &err) == CONFLICT);
    act.before = shown.version;
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_PHONE, "+999550107788") == 0);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_PHONE, "+999550107789") == 1);

    /* One id, one record. */
    act.verb = VERB_NEW;
    CHECK(node_do(NULL, store, &act, &err) == CONFLICT);
    struct record other = RECORD(&arena, "Person", "XA-P-0008", "name", "Elske van Noordt");
    struct act second = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    second.record = &other;
    CHECK(node_do(second.object, store, &second, &err) == OK);
    second.verb = VERB_EDIT;
    second.record = &changed;
    struct act look = node_act(store, "ana", ROLE_ANALYST, VERB_READ);
    memcpy(look.object, second.object, ENTRY_ID);
    CHECK(act_perform(&receipt, store, &look, &err) == OK);
    second.before = receipt_sequence(receipt) - 1;
    receipt_close(receipt);
    CHECK(node_do(NULL, store, &second, &err) == CONFLICT);
    CHECK_SEEN(strstr(err.text, "another record") != NULL, "%s", err.text);
    store_close(store);

    store = node_open();
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_PHONE, "+999550107789") == 1);
    read.object[3] ^= 1;
    CHECK(node_do(NULL, store, &read, &err) == NOT_FOUND);
    store_close(store);
}

static void test_nothing_before_commit(void)
{
    struct store *store = node_fresh();
    struct record record = tomas("+999550107788");
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    struct receipt *made = NULL, *shown_by = NULL, *refused = NULL;
    struct shown shown;
    struct store_status before;
    CHECK(store_status(&before, store, &err) == OK);
    act.record = &record;
    CHECK(act_submit(&made, store, &act, &err) == OK);

    struct key key = {.class = KEY_PHONE, .value = BYTES_OF("+999550107788")};
    struct act find = node_act(store, "ana", ROLE_ANALYST, VERB_SEARCH);
    find.key = &key;
    find.key_count = 1;
    CHECK(act_submit(&shown_by, store, &find, &err) == OK);
    struct act wrong = node_act(store, "ana", ROLE_SUPERVISOR, VERB_STATUS);
    CHECK(act_submit(&refused, store, &wrong, &err) == OK);

    CHECK(receipt_open(made, &err) == BUSY);
    CHECK(receipt_open(shown_by, &err) == BUSY);
    CHECK(receipt_next(&shown, shown_by, &arena, &err) == BUSY);
    CHECK(receipt_open(refused, &err) == BUSY);
    CHECK(store_commit(store, &err) == OK);
    CHECK(receipt_open(made, &err) == OK);
    CHECK(count_shown(shown_by, NULL) == 1);
    CHECK(receipt_open(refused, &err) == REFUSED);

    struct store_status after;
    CHECK(store_status(&after, store, &err) == OK);
    CHECK_SEEN(after.entries == before.entries + 3, "%llu entries, before %llu",
               (unsigned long long)after.entries, (unsigned long long)before.entries);
    receipt_close(made);
    receipt_close(shown_by);
    receipt_close(refused);
    store_close(store);
}

/* ---- Who may ---- */

static void add_user(struct store *store, const char *login, enum role role)
{
    struct record user = RECORD(&arena, "Person", login, "name", login);
    struct act act = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_USER_ADD);
    act.record = &user;
    act.roles = 1U << role;
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
}

static enum status open_case(uint8_t id[ENTRY_ID], struct store *store, const char *login,
                             enum role role, const char *reference)
{
    struct record record = RECORD(&arena, "Case", reference, "caseNumber", reference);
    struct act act = node_act(store, login, role, VERB_CASE_NEW);
    act.record = &record;
    return node_do(id, store, &act, &err);
}

static void test_cases(void)
{
    struct store *store = node_fresh();
    uint8_t case_id[ENTRY_ID], id[ENTRY_ID], again[ENTRY_ID];
    add_user(store, "iris", ROLE_INVESTIGATOR);
    add_user(store, "otto", ROLE_INVESTIGATOR);
    add_user(store, "olga", ROLE_OVERSEER);
    CHECK(open_case(case_id, store, "iris", ROLE_INVESTIGATOR, "XA-2026-1") == OK);
    CHECK(open_case(again, store, "otto", ROLE_INVESTIGATOR, "XA-2026-1") == CONFLICT);
    CHECK(store_find_case(again, store, "XA-2026-1", &err) == OK);
    CHECK(memcmp(again, case_id, ENTRY_ID) == 0);
    CHECK(store_find_case(again, store, "XA-2026-2", &err) == NOT_FOUND);

    struct record record = tomas("+999550107788");
    struct act act = node_act(store, "iris", ROLE_INVESTIGATOR, VERB_NEW);
    act.record = &record;
    memcpy(act.case_id, case_id, ENTRY_ID);
    CHECK_SEEN(node_do(id, store, &act, &err) == OK, "%s", err.text);
    memcpy(act.case_id, id, ENTRY_ID); /* a thing is no case */
    CHECK(node_do(NULL, store, &act, &err) == REFUSED);

    /* Only who belongs to the case sees it, whoever else they are. */
    static const struct {
        const char *login;
        enum role role;
        enum status wanted;
    } readers[] = {
        {"iris", ROLE_INVESTIGATOR, OK},      {"iris", ROLE_ANALYST, REFUSED},
        {"otto", ROLE_INVESTIGATOR, REFUSED}, {"olga", ROLE_OVERSEER, REFUSED},
        {"ana", ROLE_ADMINISTRATOR, REFUSED}, {"ana", ROLE_ANALYST, REFUSED},
    };
    static const enum verb reading[] = {VERB_READ, VERB_EXPORT};
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        for (size_t j = 0; j < 2; j++) {
            act = node_act(store, readers[i].login, readers[i].role, reading[j]);
            memcpy(act.case_id, case_id, ENTRY_ID);
            if (reading[j] == VERB_READ) {
                memcpy(act.object, id, ENTRY_ID);
                memset(act.case_id, 0, ENTRY_ID); /* not naming the case helps nobody */
            }
            enum status seen = node_do(NULL, store, &act, &err);
            CHECK_SEEN(seen == readers[i].wanted, "%s as %s: %s, %s", readers[i].login,
                       role_word(readers[i].role), status_name(seen), err.text);
        }
    }
    CHECK(search(store, "iris", ROLE_INVESTIGATOR, KEY_PHONE, "+999550107788") == 1);
    CHECK(search(store, "otto", ROLE_INVESTIGATOR, KEY_PHONE, "+999550107788") == 0);

    unsigned roles;
    act = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_CASE_MEMBER);
    memcpy(act.object, act.who, ENTRY_ID);
    memcpy(act.case_id, case_id, ENTRY_ID);
    act.joins = true;
    CHECK(node_do(NULL, store, &act, &err) == REFUSED);
    act = node_act(store, "iris", ROLE_INVESTIGATOR, VERB_CASE_MEMBER);
    CHECK(store_find_user(act.object, &roles, store, "otto", &err) == OK);
    memcpy(act.case_id, case_id, ENTRY_ID);
    act.joins = true;
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
    CHECK(search(store, "otto", ROLE_INVESTIGATOR, KEY_PHONE, "+999550107788") == 1);
    act.joins = false;
    CHECK(node_do(NULL, store, &act, &err) == OK);
    CHECK(search(store, "otto", ROLE_INVESTIGATOR, KEY_PHONE, "+999550107788") == 0);
    CHECK(node_do(NULL, store, &act, &err) == OK); /* who is no member may leave again */

    /* The last one stays: nobody could read the case any more. */
    memcpy(act.object, act.who, ENTRY_ID);
    CHECK(node_do(NULL, store, &act, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "let somebody join it first") != NULL, "%s", err.text);
    CHECK(search(store, "iris", ROLE_INVESTIGATOR, KEY_PHONE, "+999550107788") == 1);
    CHECK(store_find_user(act.object, &roles, store, "otto", &err) == OK);
    act.joins = true;
    CHECK(node_do(NULL, store, &act, &err) == OK);
    memcpy(act.object, act.who, ENTRY_ID);
    act.joins = false;
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
    CHECK(search(store, "iris", ROLE_INVESTIGATOR, KEY_PHONE, "+999550107788") == 0);
    CHECK(search(store, "otto", ROLE_INVESTIGATOR, KEY_PHONE, "+999550107788") == 1);
    store_close(store);
}

static unsigned roles_of(struct store *store, const char *login)
{
    uint8_t id[ENTRY_ID];
    unsigned roles = 0;
    CHECK(store_find_user(id, &roles, store, login, &err) == OK);
    return roles;
}

static void test_roles(void)
{
    struct store *store = node_fresh();
    const unsigned analyst = 1U << ROLE_ANALYST, administrator = 1U << ROLE_ADMINISTRATOR;
    CHECK(roles_of(store, "ana") == (analyst | administrator));
    add_user(store, "iris", ROLE_INVESTIGATOR);
    CHECK(roles_of(store, "ana") == (analyst | administrator));
    add_user(store, "abel", ROLE_ANALYST); /* takes one of the two */
    CHECK(roles_of(store, "ana") == administrator);

    static const struct {
        unsigned roles;
        enum status wanted;
    } cases[] = {
        {1U << ROLE_INVESTIGATOR | 1U << ROLE_ANALYST, OK},
        {1U << ROLE_ADMINISTRATOR | 1U << ROLE_ANALYST, REFUSED},
        {1U << ROLE_OVERSEER | 1U << ROLE_SUPERVISOR, REFUSED},
        {1U << ROLE_NODE, BAD_INPUT},
        {1U << ROLE_END, BAD_INPUT},
        {0, OK},
    };
    struct act act = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_USER_ROLE);
    unsigned roles;
    CHECK(store_find_user(act.object, &roles, store, "iris", &err) == OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        act.roles = cases[i].roles;
        enum status seen = node_do(NULL, store, &act, &err);
        CHECK_SEEN(seen == cases[i].wanted, "case %zu: %s", i, status_name(seen));
        if (seen == OK)
            CHECK(roles_of(store, "iris") == cases[i].roles);
    }
    memcpy(act.object, act.who, ENTRY_ID);
    act.roles = 1U << ROLE_INVESTIGATOR;
    CHECK(node_do(NULL, store, &act, &err) == REFUSED);

    struct act list = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_USER_LIST);
    struct receipt *receipt = NULL;
    CHECK(act_perform(&receipt, store, &list, &err) == OK);
    CHECK(count_shown(receipt, NULL) == 3);
    receipt_close(receipt);
    struct record twice = RECORD(&arena, "Person", "iris", "name", "Another Iris");
    act = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_USER_ADD);
    act.record = &twice;
    act.roles = 1U << ROLE_ANALYST;
    CHECK(node_do(NULL, store, &act, &err) == CONFLICT);
    store_close(store);
}

/* ---- Import and rebuild ---- */

static struct record row_of(unsigned number, unsigned version)
{
    return RECORD(&arena, "Person", arena_printf(&arena, "row-%u", number), "name",
                  arena_printf(&arena, "Person %u", number), "birthDate", "1970-01-02",
                  "email", arena_printf(&arena, "p%u.%u@example.org", number, version));
}

static struct import_counts import_rows(struct store *store, unsigned count,
                                        unsigned version, unsigned stop)
{
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_IMPORT_BEGIN);
    struct import *import = NULL;
    CHECK_SEEN(import_open(&import, store, &act, &err) == OK, "%s", err.text);
    for (unsigned i = 0; i < count && i < stop; i++) {
        struct record record = row_of(i, i % 10 == 0 ? version : 0);
        enum status status = import_add(import, &record, &err);
        if (status != OK)
            CHECK_SEEN(status == OK, "%s", err.text);
        arena_reset(&arena);
    }
    if (stop >= count)
        CHECK_SEEN(import_finish(import, &err) == OK, "%s", err.text);
    struct import_counts counts = import_counts(import);
    import_close(import);
    return counts;
}

static void check_counts(struct import_counts seen, uint64_t added, uint64_t changed,
                         uint64_t unchanged)
{
    CHECK_SEEN(seen.added == added && seen.changed == changed &&
                   seen.unchanged == unchanged,
               "added %llu, changed %llu, unchanged %llu", (unsigned long long)seen.added,
               (unsigned long long)seen.changed, (unsigned long long)seen.unchanged);
}

/* What the database keeps in memory is bounded, however much passed through it. */
enum { STEADY = 3 << 20 };

static void test_import(void)
{
    enum { ROWS = 20000 };
    struct store *store = node_fresh();
    struct import_counts first = import_rows(store, ROWS, 0, 12345);
    CHECK(first.added < 12345); /* what was not committed is not counted */
    store_close(store);         /* and not kept */
    store = node_open();
    struct store_status status;
    CHECK(store_status(&status, store, &err) == OK && status.records == first.added);
    check_counts(import_rows(store, ROWS, 0, ROWS), ROWS - first.added, 0, first.added);
    check_counts(import_rows(store, ROWS, 0, ROWS), 0, 0, ROWS);
    check_counts(import_rows(store, ROWS, 1, ROWS), 0, ROWS / 10, ROWS - ROWS / 10);
    CHECK_SEEN(sqlite3_memory_used() < STEADY, "%lld bytes after imports",
               (long long)sqlite3_memory_used());
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_EMAIL, "p50.0@example.org") == 0);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_EMAIL, "p50.1@example.org") == 1);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_EMAIL, "p51.0@example.org") == 1);

    struct rebuild rebuild;
    struct act act = node_act(store, "ana", ROLE_ADMINISTRATOR, VERB_REBUILD);
    CHECK_SEEN(store_rebuild(&rebuild, store, &act, &err) == OK, "%s", err.text);
    CHECK(rebuild.same && !rebuild.new_rules);
    CHECK(rebuild.tables[0].rows > ROWS && rebuild.tables[1].rows > ROWS / 256);
    act.role = ROLE_ANALYST;
    CHECK(store_rebuild(&rebuild, store, &act, &err) == REFUSED);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_EMAIL, "p51.0@example.org") == 1);

    struct act export = node_act(store, "ana", ROLE_ANALYST, VERB_EXPORT);
    struct receipt *receipt = NULL;
    CHECK(act_perform(&receipt, store, &export, &err) == OK);
    CHECK(receipt_count(receipt) == ROWS && count_shown(receipt, NULL) == ROWS);
    receipt_close(receipt);
    CHECK(store_status(&status, store, &err) == OK && status.bytes > 2 * STEADY);
    CHECK_SEEN(sqlite3_memory_used() < STEADY, "%lld bytes after rebuild and export",
               (long long)sqlite3_memory_used());
    store_close(store);
}

/* ---- Erasing ---- */

static bool file_holds(const char *path, const char *word)
{
    struct buf all = {.max = 64 << 20};
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    uint8_t step[65536];
    size_t got;
    while ((got = fread(step, 1, sizeof step, file)) > 0)
        buf_add(&all, bytes_of(step, got));
    fclose(file);
    bool holds = memmem(all.at, all.len, word, strlen(word)) != NULL;
    buf_release(&all);
    return holds;
}

static void check_words_nowhere(void)
{
    static const char *const files[] = {"node/store.db", "node/store.db-wal",
                                        "node/store.keys"};
    static const char *const words[] = {"Alvear",    "550107788", "1984-03-12",
                                        "XA-P-0007", "Quiroz",    "phone:"};
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < sizeof words / sizeof words[0]; j++)
            CHECK_SEEN(!file_holds(temporary_path(files[i]), words[j]), "%s in %s",
                       words[j], files[i]);
}

static void test_erase(void)
{
    struct store *store = node_fresh();
    struct record record = tomas("+999550107788");
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    struct receipt *made = NULL, *seen = NULL;
    uint8_t id[ENTRY_ID];
    act.record = &record;
    CHECK(act_perform(&made, store, &act, &err) == OK);
    receipt_object(id, made);

    struct key key = {.class = KEY_PHONE, .value = BYTES_OF("+999550107788")};
    struct act find = node_act(store, "ana", ROLE_ANALYST, VERB_SEARCH);
    find.key = &key;
    find.key_count = 1;
    CHECK(act_perform(&seen, store, &find, &err) == OK);
    check_words_nowhere(); /* not even before */

    act = node_act(store, "ana", ROLE_ANALYST, VERB_ERASE);
    memcpy(act.object, id, ENTRY_ID);
    act.reason = "the court ordered it";
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
    CHECK(count_shown(seen, NULL) == 0); /* an answer not yet read shows nothing any more */
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_PHONE, "+999550107788") == 0);
    act.verb = VERB_READ;
    CHECK(node_do(NULL, store, &act, &err) == NOT_FOUND);
    check_words_nowhere();

    /* The entry that made it is proved as before. */
    uint64_t sequence = receipt_sequence(made);
    struct proof_tree tree;
    struct proof proof = {0};
    struct tree_head head;
    struct store_status status;
    uint8_t leaf[MERKLE_HASH];
    log_tree(&tree, store);
    CHECK(store_status(&status, store, &err) == OK);
    head.size = tree.size;
    memcpy(head.root, status.root, sizeof head.root);
    CHECK(proof_of_inclusion(&proof, &tree, sequence, &err) == OK);
    CHECK(log_leaf(leaf, store, sequence, &err) == OK);
    CHECK(proof_check_inclusion(&proof, &head, sequence, leaf, &err) == OK);
    receipt_close(made);
    receipt_close(seen);
    store_close(store);
    check_words_nowhere();

    store = node_open();
    act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    act.record = &record;
    CHECK(node_do(NULL, store, &act, &err) == OK); /* may be entered anew */
    struct store_status now;
    CHECK(store_status(&now, store, &err) == OK && now.erased == 1 && now.records == 1);
    store_close(store);
}

/* ---- What was said about a record goes with it; what was shown stays ---- */

static void say(struct store *store, enum verb verb, const uint8_t *object,
                const char *reason, enum key_class class, const char *value)
{
    struct key key = {.class = class, .value = bytes_text(value != NULL ? value : "")};
    struct act act = node_act(store, "ana", ROLE_ANALYST, verb);
    struct receipt *receipt = NULL;
    if (object != NULL)
        memcpy(act.object, object, ENTRY_ID);
    act.reason = reason;
    act.key = &key;
    act.key_count = value != NULL;
    CHECK_SEEN(act_perform(&receipt, store, &act, &err) == OK || value == NULL, "%s",
               err.text);
    receipt_close(receipt);
}

static void test_nothing_readable(void)
{
    struct store *store = node_fresh();
    struct record record = tomas("+999550107788"), again;
    struct record other = RECORD(&arena, "Person", "XA-P-0008", "name", "Berta Salgado",
                                 "phone", "+999550100000");
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    uint8_t id[ENTRY_ID], other_id[ENTRY_ID];
    struct buf all = {.max = SIZE_MAX};

    /* Before it is there; with reasons that name it; refused with its id; then edited. */
    say(store, VERB_SEARCH, NULL, "a call about Quiroz", KEY_PHONE, "+999550107788");
    say(store, VERB_SEARCH, NULL, "a call about nobody", KEY_PHONE, "+999550109999");
    say(store, VERB_EXPORT, NULL, "warrant: TOM\xC3\x81S ALVEAR, b. 1984", 0, NULL);
    act.record = &other;
    CHECK_SEEN(node_do(other_id, store, &act, &err) == OK, "%s", err.text);
    act.record = &record;
    act.reason = "his sister said so";
    CHECK_SEEN(node_do(id, store, &act, &err) == OK, "%s", err.text);
    CHECK(node_do(NULL, store, &act, &err) == CONFLICT);
    CHECK(strstr(err.text, "XA-P-0007") != NULL);
    again = tomas("+999550107799");
    struct receipt *receipt = NULL;
    struct shown shown = {0};
    struct act read = node_act(store, "ana", ROLE_ANALYST, VERB_READ);
    memcpy(read.object, id, ENTRY_ID);
    CHECK(act_perform(&receipt, store, &read, &err) == OK &&
          receipt_next(&shown, receipt, &arena, &err) == OK);
    receipt_close(receipt);
    act.verb = VERB_EDIT;
    act.record = &again;
    act.before = shown.version;
    memcpy(act.object, id, ENTRY_ID);
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
    say(store, VERB_SEARCH, NULL, NULL, KEY_PHONE, "+999550107799");
    say(store, VERB_SEARCH, NULL, "one with +999 550 107 788 in it", KEY_PHONE,
        "+999550100000");
    say(store, VERB_READ, id, "file of P-0007", 0, NULL);
    say(store, VERB_SEARCH, NULL, "born 1984-03-12?", KEY_PHONE, "+999550109998");
    store_close(store);
    static const char *const words[] = {"quiroz",    "alvear",    "550107788",
                                        "550107799", "xa-p-0007", "his sister",
                                        "107 788",   "file of",   "1984-03-12"};
    open_all(&all, temporary_path("node"), node_secret);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        CHECK_SEEN(says(&all, words[i]), "the test sees %s", words[i]);

    store = node_open();
    say(store, VERB_ERASE, id, "the court ordered it", 0, NULL);
    store_close(store);
    buf_clear(&all);
    CHECK(open_all(&all, temporary_path("node"), node_secret) > 5);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        CHECK_SEEN(!says(&all, words[i]), "%s can still be read", words[i]);
    CHECK(says(&all, "berta salgado") && says(&all, "a call about nobody"));
    CHECK(says(&all, "the court ordered it"));
    buf_release(&all);
}

/* Erasing a record of one's own does not unsay whom a search showed. */
static void test_evidence_stays(void)
{
    struct store *store = node_fresh();
    struct record victim =
        RECORD(&arena, "Person", "V-1", "name", "Berta Salgado", "phone", "+999550100000");
    struct record bait =
        RECORD(&arena, "Person", "B-1", "name", "Bait", "phone", "+999550100000");
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    uint8_t id[ENTRY_ID];
    uint64_t version;
    struct receipt *receipt = NULL;
    struct buf all = {.max = SIZE_MAX};
    uint8_t wanted[8];
    act.record = &victim;
    CHECK(act_perform(&receipt, store, &act, &err) == OK);
    version = receipt_sequence(receipt);
    receipt_close(receipt);
    act.record = &bait;
    CHECK(node_do(id, store, &act, &err) == OK);
    say(store, VERB_SEARCH, NULL, "no reason", KEY_PHONE, "+999550100000");
    say(store, VERB_ERASE, id, "bait", 0, NULL);
    store_close(store);
    open_all(&all, temporary_path("node"), node_secret);
    store_be64(wanted, version);
    uint8_t shown[12] = {0, 0, 0, 2}; /* two were shown, the victim first */
    memcpy(shown + 4, wanted, 8);
    CHECK(memmem(all.at, all.len, shown, sizeof shown) != NULL);
    CHECK(!says(
        &all, "phone:+999550100000")); /* the words went with the record that they found */
    buf_release(&all);
}

static enum import_outcome import_one(struct store *store,
                                      const struct record *const *records, size_t count,
                                      const char **why)
{
    static char text[512];
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_IMPORT_BEGIN);
    struct import *import = NULL;
    CHECK_SEEN(import_open(&import, store, &act, &err) == OK, "%s", err.text);
    for (size_t i = 0; i < count; i++)
        CHECK_SEEN(import_add(import, records[i], &err) == OK, "%s", err.text);
    enum import_outcome outcome = import_outcome(import);
    snprintf(text, sizeof text, "%s", import_why(import));
    *why = text;
    CHECK_SEEN(import_finish(import, &err) == OK, "%s", err.text);
    import_close(import);
    return outcome;
}

/* Rows that are not taken: another thing with the same id, the same id again, what was erased. */
static void test_import_rejects(void)
{
    struct store *store = node_fresh();
    const struct record person = RECORD(&arena, "Person", "1", "name", "Ana Lima");
    const struct record ship = RECORD(&arena, "Vessel", "1", "name", "Estrella");
    const struct record again = RECORD(&arena, "Person", "1", "name", "Ana Lima Paz");
    const char *why;
    uint8_t id[ENTRY_ID];
    CHECK(import_one(store, (const struct record *[]){&person}, 1, &why) == IMPORT_ADDED);
    CHECK(import_one(store, (const struct record *[]){&ship}, 1, &why) == IMPORT_REJECTED);
    CHECK_SEEN(strstr(why, "Person here already") != NULL, "%s", why);
    CHECK(import_one(store, (const struct record *[]){&person, &again}, 2, &why) ==
          IMPORT_REJECTED);
    CHECK_SEEN(strstr(why, "came before in this file") != NULL, "%s", why);
    CHECK(import_one(store, (const struct record *[]){&person, &person}, 2, &why) ==
          IMPORT_UNCHANGED);
    CHECK(import_one(store, (const struct record *[]){&again}, 1, &why) == IMPORT_CHANGED);
    CHECK(import_one(store, (const struct record *[]){&person, &again}, 2, &why) ==
          IMPORT_REJECTED);

    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_EXPORT);
    struct receipt *receipt = NULL;
    struct shown shown;
    CHECK(act_perform(&receipt, store, &act, &err) == OK &&
          receipt_next(&shown, receipt, &arena, &err) == OK);
    memcpy(id, shown.id, ENTRY_ID);
    receipt_close(receipt);
    say(store, VERB_ERASE, id, "the time is over", 0, NULL);
    store_close(store);
    store = node_open();
    CHECK(import_one(store, (const struct record *[]){&person}, 1, &why) ==
          IMPORT_REJECTED);
    CHECK_SEEN(strstr(why, "was erased here") != NULL, "%s", why);
    act.verb = VERB_NEW;
    /* What cannot be kept does not open the door for it, either. */
    enum { HUGE_LEN = 40 << 20 };
    char *huge = malloc(HUGE_LEN);
    memset(huge, 'a', HUGE_LEN);
    huge[HUGE_LEN - 1] = '\0';
    struct record too_large =
        RECORD(&arena, "Person", "1", "name", "Ana Lima", "notes", huge);
    act.record = &too_large;
    CHECK_SEEN(node_do(NULL, store, &act, &err) == TOO_LARGE, "%s", err.text);
    free(huge);
    CHECK(import_one(store, (const struct record *[]){&person}, 1, &why) ==
          IMPORT_REJECTED);
    act.record = &person;
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
    CHECK(import_one(store, (const struct record *[]){&again}, 1, &why) == IMPORT_CHANGED);
    store_close(store);
}

/* A record of which the source said no id is exported under ours, and known by it again. */
static void test_own_export_comes_back(void)
{
    struct store *store = node_fresh();
    struct record typed = RECORD(&arena, "Person", "typed-1", "name", "Ana Lima");
    struct record back = RECORD(&arena, "Person", "?", "name", "Ana Lima");
    struct record more =
        RECORD(&arena, "Person", "?", "name", "Ana Lima", "name", "Ana L.");
    struct record ship = RECORD(&arena, "Vessel", "?", "name", "Estrella");
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    const char *why;
    uint8_t id[ENTRY_ID], case_id[ENTRY_ID];
    char hex[2 * ENTRY_ID + 1];
    typed.id_made = true;
    act.record = &typed;
    CHECK_SEEN(node_do(id, store, &act, &err) == OK, "%s", err.text);
    hex_write(hex, bytes_of(id, ENTRY_ID));
    back.id = more.id = ship.id = hex;
    CHECK(import_one(store, (const struct record *[]){&back}, 1, &why) == IMPORT_UNCHANGED);
    CHECK(import_one(store, (const struct record *[]){&ship}, 1, &why) == IMPORT_REJECTED);
    CHECK_SEEN(strstr(why, "Person here already") != NULL, "%s", why);
    CHECK(import_one(store, (const struct record *[]){&more}, 1, &why) == IMPORT_CHANGED);
    CHECK(import_one(store, (const struct record *[]){&more}, 1, &why) == IMPORT_UNCHANGED);
    CHECK(import_one(store, (const struct record *[]){&more, &back}, 2, &why) ==
          IMPORT_REJECTED);

    /* Whose id was not made here, is another's, or of another case: that is a record of its own. */
    struct record given = RECORD(&arena, "Person", "77", "name", "Berta Casal");
    act.record = &given;
    CHECK_SEEN(node_do(id, store, &act, &err) == OK, "%s", err.text);
    hex_write(hex, bytes_of(id, ENTRY_ID));
    CHECK(import_one(store, (const struct record *[]){&back}, 1, &why) == IMPORT_ADDED);
    CHECK(open_case(case_id, store, "ana", ROLE_ANALYST, "XA-2026-1") == OK);
    typed.id = "typed-2";
    act.record = &typed;
    memcpy(act.case_id, case_id, ENTRY_ID);
    CHECK_SEEN(node_do(id, store, &act, &err) == OK, "%s", err.text);
    hex_write(hex, bytes_of(id, ENTRY_ID));
    CHECK(import_one(store, (const struct record *[]){&back}, 1, &why) == IMPORT_ADDED);
    hex_write(hex, bytes_of(case_id, ENTRY_ID)); /* a case is no thing */
    CHECK(import_one(store, (const struct record *[]){&back}, 1, &why) == IMPORT_ADDED);
    memset(hex, 'a', 2 * ENTRY_ID); /* of no node */
    CHECK(import_one(store, (const struct record *[]){&back}, 1, &why) == IMPORT_ADDED);

    typed.id = "typed-3";
    act.record = &typed;
    memset(act.case_id, 0, ENTRY_ID);
    CHECK_SEEN(node_do(id, store, &act, &err) == OK, "%s", err.text);
    hex_write(hex, bytes_of(id, ENTRY_ID));
    say(store, VERB_ERASE, id, "the time is over", 0, NULL);
    CHECK(import_one(store, (const struct record *[]){&back}, 1, &why) == IMPORT_REJECTED);
    CHECK_SEEN(strstr(why, "was erased here") != NULL, "%s", why);
    store_close(store);
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

static enum status read_record(struct store *store, const uint8_t *id)
{
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_READ);
    struct receipt *receipt = NULL;
    struct shown shown;
    memcpy(act.object, id, ENTRY_ID);
    enum status status = act_perform(&receipt, store, &act, &err);
    if (status == OK)
        status = receipt_next(&shown, receipt, &arena, &err);
    receipt_close(receipt);
    return status;
}

/* Rows are not believed against the log. */
static void test_rows_are_not_believed(void)
{
    static const char *const changes[] = {
        "UPDATE record SET latest = (SELECT max(latest) FROM record) WHERE kind = 1",
        "UPDATE record SET case_number = 0 WHERE kind = 1 AND case_number <> 0"};
    for (size_t i = 0; i < 2; i++) {
        struct store *store = node_fresh();
        struct record record = tomas("+999550107788");
        struct record berta = RECORD(&arena, "Person", "V-1", "name", "Berta Salgado");
        struct record folder = RECORD(&arena, "Case", "C-1", "caseNumber", "C-1");
        struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_CASE_NEW);
        uint8_t id[ENTRY_ID];
        act.record = &folder;
        CHECK_SEEN(node_do(act.case_id, store, &act, &err) == OK, "%s", err.text);
        act.verb = VERB_NEW;
        act.record = &record;
        CHECK_SEEN(node_do(id, store, &act, &err) == OK, "%s", err.text);
        act.record = &berta;
        CHECK(node_do(NULL, store, &act, &err) == OK);
        CHECK(read_record(store, id) == OK);
        store_close(store);
        meddle(changes[i]);
        store = node_open();
        CHECK_SEEN(read_record(store, id) == CONFLICT, "%s: %s", changes[i], err.text);
        store_close(store);
    }
}

/* Roles and membership written past the door do not outlast a rebuild. */
static void test_people_are_replayed(void)
{
    struct store *store = node_fresh();
    struct rebuild rebuild;
    uint8_t case_id[ENTRY_ID], id[ENTRY_ID];
    unsigned roles;
    add_user(store, "iris", ROLE_INVESTIGATOR);
    add_user(store, "otto", ROLE_INVESTIGATOR);
    add_user(store, "adam", ROLE_ADMINISTRATOR);
    CHECK(open_case(case_id, store, "iris", ROLE_INVESTIGATOR, "XA-2026-1") == OK);
    struct act act = node_act(store, "iris", ROLE_INVESTIGATOR, VERB_CASE_MEMBER);
    CHECK(store_find_user(id, &roles, store, "otto", &err) == OK);
    memcpy(act.object, id, ENTRY_ID);
    memcpy(act.case_id, case_id, ENTRY_ID);
    act.joins = true;
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
    act.joins = false;
    CHECK(node_do(NULL, store, &act, &err) == OK);
    struct act again = node_act(store, "adam", ROLE_ADMINISTRATOR, VERB_REBUILD);
    CHECK_SEEN(store_rebuild(&rebuild, store, &again, &err) == OK, "%s", err.text);
    CHECK(rebuild.same && !rebuild.people_changed && !rebuild.people_unknown);
    store_close(store);
    meddle("UPDATE role SET roles = roles | 16; INSERT INTO member SELECT m.case_number, "
           "r.user FROM "
           "member m, role r WHERE r.user NOT IN (SELECT user FROM member)");
    store = node_open();
    CHECK(store_find_user(id, &roles, store, "otto", &err) == OK &&
          roles != 1U << ROLE_INVESTIGATOR);
    CHECK_SEEN(store_rebuild(&rebuild, store, &again, &err) == OK, "%s", err.text);
    CHECK(rebuild.people_changed);
    CHECK(store_find_user(id, &roles, store, "otto", &err) == OK &&
          roles == 1U << ROLE_INVESTIGATOR);
    CHECK(store_find_user(id, &roles, store, "ana", &err) == OK &&
          roles == 1U << ROLE_ANALYST);
    CHECK(store_rebuild(&rebuild, store, &again, &err) == OK && !rebuild.people_changed);
    store_close(store);
}

/* One record that cannot be read stands in nobody's way. */
static void test_past_damage(void)
{
    struct store *store = node_fresh();
    struct record record = tomas("+999550107788");
    struct record berta =
        RECORD(&arena, "Person", "V-1", "name", "Berta Salgado", "phone", "+999550107788");
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_NEW);
    uint8_t id[ENTRY_ID];
    struct rebuild rebuild;
    struct import *import = NULL;
    act.record = &record;
    CHECK(node_do(id, store, &act, &err) == OK);
    act.record = &berta;
    CHECK(node_do(NULL, store, &act, &err) == OK);
    store_close(store);
    meddle("UPDATE payload SET sealed = zeroblob(80) WHERE sequence = "
           "(SELECT min(number) FROM record WHERE kind = 1)");
    store = node_open();
    CHECK(read_record(store, id) == CONFLICT);
    CHECK(read_record(store, id) == CONFLICT); /* the store has not stopped */
    add_user(store, "adam", ROLE_ADMINISTRATOR);
    act = node_act(store, "adam", ROLE_ADMINISTRATOR, VERB_REBUILD);
    CHECK_SEEN(store_rebuild(&rebuild, store, &act, &err) == OK, "%s", err.text);
    CHECK(rebuild.damaged == 1 && memcmp(rebuild.damaged_ids[0], id, ENTRY_ID) == 0);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_PHONE, "+999550107788") == 1);

    /* Found by nothing, it comes in again as new; what it was can be erased. */
    act = node_act(store, "ana", ROLE_ANALYST, VERB_IMPORT_BEGIN);
    CHECK(import_open(&import, store, &act, &err) == OK);
    CHECK_SEEN(import_add(import, &record, &err) == OK, "%s", err.text);
    CHECK(import_finish(import, &err) == OK && import_counts(import).added == 1);
    import_close(import);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_PHONE, "+999550107788") == 2);
    act = node_act(store, "ana", ROLE_ANALYST, VERB_ERASE);
    memcpy(act.object, id, ENTRY_ID);
    act.reason = "damaged";
    CHECK_SEEN(node_do(NULL, store, &act, &err) == OK, "%s", err.text);
    CHECK(search(store, "ana", ROLE_ANALYST, KEY_PHONE, "+999550107788") == 2);
    store_close(store);
}

/* Words of acts that showed nothing have their day. */
static int64_t shifted_ns;
static int64_t shifted_now(void *context)
{
    (void)context;
    return world_system()->now_ns(world_system()->context) + shifted_ns;
}

static void test_words_have_their_day(void)
{
    struct world world = *world_system();
    struct store_options options = node_options(temporary_path("node"), NULL);
    struct store *store = node_fresh();
    struct buf all = {.max = SIZE_MAX};
    say(store, VERB_SEARCH, NULL, "a guess", KEY_PHONE, "+999550107788");
    store_close(store);
    world.now_ns = shifted_now;
    options.world = &world;
    for (int day = 89; day <= 91; day += 2) {
        shifted_ns = day * INT64_C(86400) * 1000000000;
        CHECK_SEEN(store_open(&store, &options, &err) == OK, "%s", err.text);
        struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_LOG_IN);
        CHECK(node_do(NULL, store, &act, &err) == OK);
        store_close(store);
        buf_clear(&all);
        open_all(&all, temporary_path("node"), node_secret);
        CHECK_SEEN(says(&all, "a guess") == (day < 90), "day %d", day);
    }
    buf_release(&all);
}

static void test_proofs_past_a_tile(void)
{
    enum { ACTS = 700 };
    struct store *store = node_fresh();
    struct act act = node_act(store, "ana", ROLE_ANALYST, VERB_LOG_IN);
    struct receipt *receipt = NULL;
    for (int i = 0; i < ACTS; i++) {
        CHECK(act_submit(&receipt, store, &act, &err) == OK);
        receipt_close(receipt);
    }
    CHECK(store_commit(store, &err) == OK);
    struct proof_tree tree;
    struct store_status status;
    struct tree_head head;
    log_tree(&tree, store);
    CHECK(store_status(&status, store, &err) == OK);
    head.size = tree.size;
    memcpy(head.root, status.root, sizeof head.root);
    for (uint64_t i = 0; i < tree.size; i += 37) {
        struct proof proof = {0};
        uint8_t leaf[MERKLE_HASH];
        CHECK(proof_of_inclusion(&proof, &tree, i, &err) == OK);
        CHECK(log_leaf(leaf, store, i, &err) == OK);
        CHECK(proof_check_inclusion(&proof, &head, i, leaf, &err) == OK);
    }
    store_close(store);
}

int main(void)
{
    temporary_open();
    test_new_edit_show();
    test_nothing_before_commit();
    test_cases();
    test_roles();
    test_import();
    test_erase();
    test_nothing_readable();
    test_evidence_stays();
    test_words_have_their_day();
    test_rows_are_not_believed();
    test_people_are_replayed();
    test_past_damage();
    test_import_rejects();
    test_own_export_comes_back();
    test_proofs_past_a_tile();
    static const char *const files[] = {"node/store.db", "node/store.keys",
                                        "node/store.db-wal"};
    for (size_t i = 0; i < 3; i++)
        unlink(temporary_path(files[i]));
    rmdir(temporary_path("node"));
    temporary_close();
    arena_release(&arena);
    return check_done("store");
}
