/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/entry.h"

#include "check.h"
#include "ledger/merkle.h"

/* The worked example of docs/format/entry.md, made by another program from that page alone. */
static const char example_hex[] =
    "0101"                             /* version, marks: fiction */
    "0000000000000029"                 /* sequence 41 */
    "0000019c2316747d"                 /* 2026-02-03T10:40:00.125Z */
    "1e"                               /* new */
    "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1" /* actor */
    "02"                               /* analyst */
    "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b" /* object */
    "cacacacacacacacacacacacacacacaca" /* case */
    "03"                               /* investigation */
    "ab1c11717094cf5a75ce465f9fe17d7e2bb3aa717945a0a92f5f849facd7ab54";
static const char example_payload[] = "{\"id\":\"XA-SZ-2026-0041\"}";
static const char example_leaf[] =
    "e445e0f6ed3611d880e31b865e0905a7093cdb1aa6947e7dbc229123ea1ccef6";

/* Where the fields of one byte stand, and where the others begin. */
enum {
    AT_VERSION = 0,
    AT_FLAGS = 1,
    AT_SEQUENCE = 2,
    AT_TIME = 10,
    AT_VERB = 18,
    AT_ACTOR = 19,
    AT_ROLE = 35,
    AT_OBJECT = 36,
    AT_CASE = 52,
    AT_PURPOSE = 68,
    AT_COMMITMENT = 69,
};

static struct entry example(void)
{
    struct entry entry = {
        .sequence = 41,
        .time_ms = 1770115200125,
        .verb = VERB_NEW,
        .role = ROLE_ANALYST,
        .has_purpose = true,
        .purpose = PURPOSE_INVESTIGATION,
        .fiction = true,
    };
    memset(entry.actor, 0xA1, sizeof entry.actor);
    memset(entry.object, 0x0B, sizeof entry.object);
    memset(entry.case_id, 0xCA, sizeof entry.case_id);
    uint8_t salt[ENTRY_SALT];
    for (size_t i = 0; i < sizeof salt; i++)
        salt[i] = (uint8_t)i;
    entry_commit(entry.commitment, salt, bytes_text(example_payload));
    return entry;
}

static void example_wire(uint8_t wire[ENTRY_SIZE])
{
    if (!hex_read(wire, ENTRY_SIZE, bytes_text(example_hex)))
        abort();
}

static bool same_entry(const struct entry *a, const struct entry *b)
{
    return a->sequence == b->sequence && a->time_ms == b->time_ms && a->verb == b->verb &&
           a->role == b->role && a->has_purpose == b->has_purpose &&
           a->purpose == b->purpose && a->fiction == b->fiction &&
           memcmp(a->actor, b->actor, ENTRY_ID) == 0 &&
           memcmp(a->object, b->object, ENTRY_ID) == 0 &&
           memcmp(a->case_id, b->case_id, ENTRY_ID) == 0 &&
           memcmp(a->commitment, b->commitment, ENTRY_COMMITMENT) == 0;
}

/* Written, parsed, the same. */
static void check_there_and_back(const struct entry *entry, const char *name)
{
    uint8_t wire[ENTRY_SIZE];
    struct entry parsed;
    struct err err = {.text = ""};
    entry_write(wire, entry);
    if (entry_parse(&parsed, bytes_of(wire, sizeof wire), &err) != OK)
        parsed = (struct entry){.sequence = UINT64_MAX};
    CHECK_SEEN(same_entry(&parsed, entry), "%s: %s", name, err.text);
}

static void test_example(void)
{
    struct entry entry = example();
    uint8_t wire[ENTRY_SIZE], leaf[MERKLE_HASH];
    char seen[2 * ENTRY_SIZE + 1];
    entry_write(wire, &entry);
    hex_write(seen, bytes_of(wire, sizeof wire));
    CHECK_TEXT(bytes_text(seen), example_hex);
    merkle_leaf(leaf, bytes_of(wire, sizeof wire));
    hex_write(seen, bytes_of(leaf, sizeof leaf));
    CHECK_TEXT(bytes_text(seen), example_leaf);
    check_there_and_back(&entry, "the example");
}

static void test_commitment(void)
{
    uint8_t salt[ENTRY_SALT], empty[ENTRY_COMMITMENT], other[ENTRY_COMMITMENT];
    char seen[2 * ENTRY_COMMITMENT + 1];
    for (size_t i = 0; i < sizeof salt; i++)
        salt[i] = (uint8_t)i;
    entry_commit(empty, salt, BYTES_OF(""));
    hex_write(seen, bytes_of(empty, sizeof empty));
    /* SHA-256 of the bytes 00 to 1f. */
    CHECK_TEXT(bytes_text(seen),
               "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");
    entry_commit(other, salt, BYTES_OF("\0"));
    CHECK(memcmp(empty, other, sizeof empty) != 0);
    salt[ENTRY_SALT - 1] ^= 1;
    entry_commit(other, salt, BYTES_OF(""));
    CHECK(memcmp(empty, other, sizeof empty) != 0);
}

/* The numbers of the verbs and purposes stand in logs for good: these lists are on purpose
 * second ones, and say besides what an entry of the verb must name. */
static const struct {
    unsigned number;
    const char *word;
    unsigned needs;
} verbs[] = {
    {1, "init", 0},
    {2, "log-in", 0},
    {3, "refuse", 0},
    {4, "status", 0},
    {5, "rebuild", 0},
    {6, "log-read", 0},
    {7, "log-verify", 0},
    {10, "user-add", NEEDS_OBJECT},
    {11, "user-role", NEEDS_OBJECT},
    {12, "user-list", 0},
    {20, "case-new", NEEDS_OBJECT | NEEDS_CASE | NEEDS_PURPOSE},
    {21, "case-member", NEEDS_OBJECT | NEEDS_CASE},
    {22, "case-list", 0},
    {30, "new", NEEDS_OBJECT | NEEDS_PURPOSE},
    {31, "edit", NEEDS_OBJECT | NEEDS_PURPOSE},
    {32, "read", NEEDS_OBJECT | NEEDS_PURPOSE},
    {33, "search", NEEDS_PURPOSE},
    {34, "export", NEEDS_PURPOSE},
    {35, "import-begin", NEEDS_OBJECT | NEEDS_PURPOSE},
    {36, "import-end", NEEDS_OBJECT | NEEDS_PURPOSE},
    {37, "erase", NEEDS_OBJECT},
    {38, "hold", NEEDS_OBJECT},
    {39, "hold-end", NEEDS_OBJECT},
    {60, "watch", 0},
    {61, "watch-read", NEEDS_PURPOSE},
    {120, "peer-invite", 0},
    {121, "peer-accept", NEEDS_OBJECT},
    {122, "peer-agree", NEEDS_OBJECT},
    {123, "peer-remove", NEEDS_OBJECT},
    {124, "peer-list", 0},
    {80, "match", NEEDS_PURPOSE},
    {81, "ask", NEEDS_PURPOSE},
    {82, "ask-end", NEEDS_OBJECT | NEEDS_PURPOSE},
    {83, "answer", NEEDS_OBJECT},
    {84, "ask-deny", 0},
    {85, "hit", NEEDS_OBJECT | NEEDS_PURPOSE},
    {86, "hit-list", NEEDS_PURPOSE},
    {87, "hit-decide", NEEDS_OBJECT | NEEDS_PURPOSE},
    {88, "claim", NEEDS_OBJECT | NEEDS_PURPOSE},
    {89, "claim-in", 0},
    {90, "claim-list", NEEDS_PURPOSE},
    {91, "match-audit", NEEDS_OBJECT},
    {95, "claim-approve", NEEDS_OBJECT | NEEDS_PURPOSE},
    {96, "claim-sent", NEEDS_OBJECT | NEEDS_PURPOSE},
    {97, "claim-withdraw", NEEDS_OBJECT | NEEDS_PURPOSE},
    {98, "claim-decline", NEEDS_OBJECT | NEEDS_PURPOSE},
    {200, "publish", 0},
    {201, "epoch", 0},
    {202, "epoch-seen", 0},
    {203, "epoch-fork", 0},
};
enum { VERBS = sizeof verbs / sizeof verbs[0] };

/* PURPOSE_COUNT stands for none. */
static const enum purpose purposes[] = {
    PURPOSE_COUNT,  PURPOSE_WANTED, PURPOSE_IDENTIFICATION, PURPOSE_INVESTIGATION,
    PURPOSE_ALERT,  PURPOSE_BODIES, PURPOSE_FORENSIC,       PURPOSE_SECURITY_CHECK,
    PURPOSE_BORDER, PURPOSE_TRENDS,
};
enum { PURPOSES = sizeof purposes / sizeof purposes[0] };

static bool verb_listed(unsigned number)
{
    for (size_t i = 0; i < VERBS; i++)
        if (verbs[i].number == number)
            return true;
    return false;
}

/* Every value of every field of one byte: accepted exactly when it is in its list. */
static void test_every_number(void)
{
    unsigned accepted[ENTRY_SIZE] = {0};
    static const size_t fields[] = {AT_VERSION, AT_FLAGS, AT_VERB, AT_ROLE, AT_PURPOSE};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        for (unsigned number = 0; number < 256; number++) {
            size_t at = fields[i];
            bool wanted = (at == AT_VERSION && number == 1) ||
                          (at == AT_FLAGS && number <= 1) ||
                          (at == AT_VERB && verb_listed(number)) ||
                          /* 1 is the node, which has no actor; the example has one. */
                          (at == AT_ROLE && number >= 2 && number <= 8) ||
                          /* The example is of a verb that needs a purpose. */
                          (at == AT_PURPOSE && number >= 1 && number < PURPOSES);
            uint8_t wire[ENTRY_SIZE], again[ENTRY_SIZE];
            struct entry entry;
            struct err err = {.text = ""};
            example_wire(wire);
            wire[at] = (uint8_t)number;
            enum status status = entry_parse(&entry, bytes_of(wire, sizeof wire), &err);
            CHECK_SEEN((status == OK) == wanted, "offset %zu, number %u: %s", at, number,
                       err.text);
            if (status != OK) {
                CHECK_SEEN(strncmp(err.text, "entry", 5) == 0, "%s", err.text);
                continue;
            }
            accepted[at]++;
            entry_write(again, &entry);
            CHECK_SEEN(memcmp(wire, again, sizeof wire) == 0, "offset %zu, number %u", at,
                       number);
            if (at == AT_PURPOSE)
                CHECK_SEEN(entry.purpose == purposes[number], "number %u", number);
        }
    }
    CHECK_SEEN(accepted[AT_VERB] == VERBS, "%u", accepted[AT_VERB]);
    CHECK(PURPOSES == PURPOSE_COUNT + 1);
}

static void test_verbs(void)
{
    for (size_t i = 0; i < VERBS; i++) {
        enum verb verb = verbs[i].number;
        CHECK_TEXT(bytes_text(verb_word(verb)), verbs[i].word);
        for (unsigned given = 0; given < 8; given++) {
            struct entry entry = example();
            uint8_t wire[ENTRY_SIZE];
            struct err err = {.text = ""};
            entry_write(wire, &entry);
            wire[AT_VERB] = (uint8_t)verb;
            if ((given & NEEDS_OBJECT) == 0)
                memset(wire + AT_OBJECT, 0, ENTRY_ID);
            if ((given & NEEDS_CASE) == 0)
                memset(wire + AT_CASE, 0, ENTRY_ID);
            if ((given & NEEDS_PURPOSE) == 0)
                wire[AT_PURPOSE] = 0;
            bool wanted = (verbs[i].needs & ~given) == 0;
            struct entry parsed;
            enum status status = entry_parse(&parsed, bytes_of(wire, sizeof wire), &err);
            CHECK_SEEN((status == OK) == wanted, "%s, given %u: %s", verbs[i].word, given,
                       err.text);
            if (status == OK)
                check_there_and_back(&parsed, verbs[i].word);
        }
    }
}

static void test_refusals(void)
{
    static const struct {
        const char *name;
        size_t at, len;      /* these bytes of the example ... */
        uint8_t first, rest; /* ... become this, and this */
        enum status status;
        const char *sentence;
    } cases[] = {
        {"version", AT_VERSION, 1, 2, 0, BAD_INPUT,
         "entry: of version 2; this program reads version 1"},
        {"mark", AT_FLAGS, 1, 0x81, 0, BAD_INPUT,
         "entry 41: has a mark (flags 0x81) that is not known; a newer program may know "
         "it"},
        {"sequence", AT_SEQUENCE, 8, 0x7F, 0xFF, TOO_LARGE,
         "entry 9223372036854775807: no log is so long; the last number is "
         "9223372036854775806"},
        {"time none", AT_TIME, 8, 0, 0, BAD_INPUT,
         "entry 41: its time, 0 milliseconds, does not lie between the years 1970 and "
         "2999"},
        {"time over 63 bits", AT_TIME, 8, 0xFF, 0xFF, BAD_INPUT,
         "entry 41: its time, -1 milliseconds, does not lie between the years 1970 and "
         "2999"},
        {"verb", AT_VERB, 1, 99, 0, BAD_INPUT,
         "entry 41: there is no verb 99; a newer program may know it"},
        {"no actor", AT_ACTOR, ENTRY_ID, 0, 0, BAD_INPUT,
         "entry 41: does not say which analyst acted"},
        {"actor and node", AT_ROLE, 1, 1, 0, BAD_INPUT,
         "entry 41: names an actor, but nobody acts as the node itself"},
        {"role", AT_ROLE, 1, 9, 0, BAD_INPUT,
         "entry 41: there is no role 9; a newer program may know it"},
        {"no object", AT_OBJECT, ENTRY_ID, 0, 0, BAD_INPUT,
         "entry 41: \"new\" must name its object"},
        {"purpose", AT_PURPOSE, 1, 10, 0, BAD_INPUT,
         "entry 41: there is no purpose 10; a newer program may know it"},
        {"no purpose", AT_PURPOSE, 1, 0, 0, BAD_INPUT,
         "entry 41: \"new\" must name its purpose"},
        {"no commitment", AT_COMMITMENT, ENTRY_COMMITMENT, 0, 0, BAD_INPUT,
         "entry 41: has no commitment; every entry has one"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint8_t wire[ENTRY_SIZE];
        struct err err = {.text = ""};
        struct entry untouched = {.sequence = 7}, entry = untouched;
        example_wire(wire);
        memset(wire + cases[i].at, cases[i].rest, cases[i].len);
        wire[cases[i].at] = cases[i].first;
        CHECK_SEEN(entry_parse(&entry, bytes_of(wire, sizeof wire), &err) ==
                       cases[i].status,
                   "%s", cases[i].name);
        CHECK_TEXT(bytes_text(err.text), cases[i].sentence);
        CHECK_SEEN(same_entry(&entry, &untouched), "%s", cases[i].name);
    }
}

static void test_lengths(void)
{
    uint8_t wire[ENTRY_SIZE + 1] = {0};
    example_wire(wire);
    for (size_t len = 0; len <= sizeof wire; len++) {
        struct entry entry;
        struct err err = {.text = ""};
        enum status status = entry_parse(&entry, bytes_of(wire, len), &err);
        CHECK_SEEN(status == (len == ENTRY_SIZE ? OK : BAD_INPUT), "%zu bytes: %s", len,
                   err.text);
    }
}

/* The first and the last of what is allowed, and each just outside. */
static void test_limits(void)
{
    struct entry entry = example();
    entry.sequence = 0;
    entry.time_ms = 1;
    check_there_and_back(&entry, "the least");
    entry.sequence = ENTRY_SEQUENCE_MAX;
    entry.time_ms = ENTRY_TIME_MAX_MS;
    check_there_and_back(&entry, "the most");

    uint8_t wire[ENTRY_SIZE];
    struct entry parsed;
    entry_write(wire, &entry);
    store_be64(wire + AT_TIME, ENTRY_TIME_MAX_MS + 1);
    CHECK(entry_parse(&parsed, bytes_of(wire, sizeof wire), NULL) == BAD_INPUT);
    entry_write(wire, &entry);
    store_be64(wire + AT_SEQUENCE, ENTRY_SEQUENCE_MAX + 1);
    CHECK(entry_parse(&parsed, bytes_of(wire, sizeof wire), NULL) == TOO_LARGE);
}

/* The node by itself, without actor, object, case and purpose; and a real, not invented, act. */
static void test_node_alone(void)
{
    struct entry entry = example();
    entry.verb = VERB_REBUILD;
    entry.role = ROLE_NODE;
    entry.has_purpose = false;
    entry.purpose = 0;
    entry.fiction = false;
    memset(entry.actor, 0, sizeof entry.actor);
    memset(entry.object, 0, sizeof entry.object);
    memset(entry.case_id, 0, sizeof entry.case_id);
    CHECK(entry_id_is_none(entry.actor));
    check_there_and_back(&entry, "the node alone");
    entry.actor[ENTRY_ID - 1] = 1;
    CHECK(!entry_id_is_none(entry.actor));
}

int main(void)
{
    test_example();
    test_commitment();
    test_every_number();
    test_verbs();
    test_refusals();
    test_lengths();
    test_limits();
    test_node_alone();
    return check_done("entry");
}
