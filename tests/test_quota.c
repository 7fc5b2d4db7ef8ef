/* SPDX-License-Identifier: Apache-2.0
 *
 * The vault's own files: quotas that nothing gives back, seeds that are gone when they expire, and
 * outputs that nobody reads without the seed.
 */
#include "match/quota.h"
#include "match/quota_refuse.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/world.h"
#include "check.h"
#include "match/holdings.h"
#include "match/seeds.h"
#include "temporary.h"

#include <sodium.h>

enum { NOW_S = 1772000000, DAY_S = 24 * 3600 };

/* A wall clock that anybody sets, and one that nobody does. */
struct clocks {
    struct world world;
    int64_t wall_s, mono_s;
    uint64_t drawn;
};

static int64_t wall_ns(void *context)
{
    return ((struct clocks *)context)->wall_s * 1000000000;
}

static int64_t mono_ns(void *context)
{
    return ((struct clocks *)context)->mono_s * 1000000000;
}

static void random_bytes(void *context, void *out, size_t len)
{
    (void)context;
    randombytes_buf(out, len);
}

static struct clocks clocks;
static const uint8_t key[QUOTA_KEY] = "a key for tests, of no use",
                     other_key[QUOTA_KEY] = "o";

static struct quota *open_quota(enum status wanted)
{
    struct quota *quota = NULL;
    struct err err = {0};
    const struct quota_options options = {temporary_path("quota"), key, &clocks.world};
    CHECK_SEEN(quota_open(&quota, &options, &err) == wanted, "%s", err.text);
    return quota;
}

struct asked {
    uint8_t requester, batch, digest;
    enum key_class class;
    size_t count;
    uint32_t limit, total, case_limit;
    const char *case_ref;
};

static enum status charge(struct quota *quota, const struct asked *asked, uint32_t *left,
                          struct err *err)
{
    uint8_t requester[IDENTITY_KEY] = {asked->requester}, batch[BATCH_ID] = {asked->batch},
            digest[DIGEST] = {asked->digest};
    uint32_t unused;
    const struct quota_ask ask = {
        .requester = requester,
        .batch_id = batch,
        .digest = digest,
        .class = asked->class,
        .count = asked->count,
        .until_s = clocks.wall_s + 90 * DAY_S,
        .limit = asked->limit > 0 ? asked->limit : quota_usual(asked->class),
        .total = asked->total > 0 ? asked->total
                                  : quota_usual(asked->class) * (uint32_t)QUOTA_TOTAL,
        .case_limit = asked->case_limit > 0 ? asked->case_limit : QUOTA_LIMIT_MAX,
        .case_ref = bytes_text(asked->case_ref != NULL ? asked->case_ref : "C-1"),
    };
    return quota_charge(left != NULL ? left : &unused, quota, &ask, err);
}

static void start(void)
{
    clocks = (struct clocks){.world = {wall_ns, mono_ns, random_bytes, &clocks},
                             .wall_s = NOW_S,
                             .mono_s = 1000};
    unlink(temporary_path("quota"));
}

static void test_limits(void)
{
    struct err err = {0};
    uint32_t left = 0;
    start();
    struct quota *quota = open_quota(OK);
    CHECK(quota_usual(KEY_PHONE) == 10240 && quota_usual(KEY_IMO) == 256 &&
          quota_usual(KEY_MMSI) == 256 && quota_usual(KEY_PLATE) == 256 &&
          quota_usual(KEY_MARK) == 256 && quota_usual(KEY_PERSON) == 10240);
    static const struct {
        const char *name;
        struct asked asked;
        enum status wanted;
        uint32_t left;
        const char *why;
    } rows[] = {
        {"first", {1, 1, 1, KEY_PHONE, 8, 100, 0}, OK, 92, ""},
        {"the same bytes again cost nothing", {1, 1, 1, KEY_PHONE, 8, 100, 0}, OK, 92, ""},
        {"other bytes under the id",
         {1, 1, 2, KEY_PHONE, 8, 100, 0},
         REFUSED,
         0,
         "used once"},
        {"the id from somebody else",
         {2, 1, 1, KEY_PHONE, 8, 100, 0},
         REFUSED,
         0,
         "used once"},
        {"another class has its own", {1, 2, 1, KEY_IMO, 64, 100, 0}, OK, 36, ""},
        {"more than is left", {1, 3, 1, KEY_PHONE, 93, 100, 0}, BUSY, 0, "92 are left"},
        {"just what is left", {1, 4, 1, KEY_PHONE, 92, 100, 0}, OK, 0, ""},
        {"nothing is left", {1, 5, 1, KEY_PHONE, 8, 100, 0}, BUSY, 0, "come again in"},
        {"more than there is a day",
         {1, 6, 1, KEY_PHONE, 256, 100, 0},
         REFUSED,
         0,
         "100 a day"},
        {"another partner has its own", {2, 7, 1, KEY_PHONE, 64, 100, 0}, OK, 36, ""},
        {"all together",
         {3, 8, 1, KEY_PHONE, 64, 100, 200},
         BUSY,
         0,
         "all partners together"},
        {"a little more, all together", {3, 9, 1, KEY_PHONE, 16, 100, 200}, OK, 84, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        err.text[0] = '\0';
        enum status status = charge(quota, &rows[i].asked, &left, &err);
        CHECK_SEEN(status == rows[i].wanted && strstr(err.text, rows[i].why) != NULL,
                   "%s: %d %s", rows[i].name, status, err.text);
        if (status == OK)
            CHECK_SEEN(left == rows[i].left, "%s: %u left", rows[i].name, left);
    }
    CHECK(quota_counter(quota) == 5);
    quota_close(quota);
    /* All of it still stands in the next life. */
    quota = open_quota(OK);
    CHECK(quota_counter(quota) == 5);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].wanted != OK)
            CHECK_SEEN(charge(quota, &rows[i].asked, &left, &err) == rows[i].wanted,
                       "%s: %s", rows[i].name, err.text);
        else
            CHECK(charge(quota, &rows[i].asked, &left, &err) == OK);
    CHECK(quota_counter(quota) == 5);
    quota_close(quota);
}

/* AT-06: whatever is done to the clock, a partner gets no more than a day's worth a day. */
static void test_clock(void)
{
    struct asked whole = {1, 1, 1, KEY_PHONE, 1024, 1024, 0}, more = whole;
    struct err err = {0};
    start();
    struct quota *quota = open_quota(OK);
    CHECK(charge(quota, &whole, NULL, &err) == OK);
    more.batch = 2;
    CHECK(charge(quota, &more, NULL, &err) == BUSY);
    clocks.wall_s -= 3 * DAY_S; /* put back */
    CHECK(charge(quota, &more, NULL, &err) == BUSY);
    clocks.wall_s += 6 * DAY_S; /* leaps, while we run */
    CHECK(charge(quota, &more, NULL, &err) == BUSY);
    clocks.wall_s = NOW_S;
    quota_close(quota);
    clocks.wall_s -= 40 * DAY_S;
    quota = open_quota(OK);
    CHECK(charge(quota, &more, NULL, &err) == BUSY);
    quota_close(quota);
    clocks.wall_s = NOW_S + DAY_S;
    clocks.mono_s += DAY_S;
    quota = open_quota(OK);
    CHECK(charge(quota, &more, NULL, &err) == OK); /* a new day */
    clocks.wall_s = NOW_S;
    more.batch = 3;
    CHECK(charge(quota, &more, NULL, &err) == BUSY); /* and back to the old one */
    clocks.wall_s = NOW_S + DAY_S + DAY_S;
    clocks.mono_s += DAY_S;
    CHECK(charge(quota, &more, NULL, &err) == OK);
    quota_close(quota);
}

static void next_days(int64_t days)
{
    clocks.wall_s += days * DAY_S;
    clocks.mono_s += days * DAY_S;
}

/* What is refused says how much is left, what would fit with its padding, and when to come again. */
static void test_sentences(void)
{
    static const struct {
        struct quota_view view;
        enum status wanted;
        const char *said;
    } rows[] = {
        {{.count = 4096, .limit = 10240, .left = 5000}, OK, ""},
        {{.count = 10240, .limit = 10240, .left = 5000, .hours = 3},
         BUSY,
         "quota: of 10240 elements of class phone a day 5000 are left, and this ask has "
         "10240 "
         "with its padding; ask for at most 4096 keys at once, or come again in 3 hours"},
        {{.count = 16, .limit = 10240, .left = 15, .hours = 1},
         BUSY,
         "quota: of 10240 elements of class phone a day 15 are left, and this ask has 16 "
         "with "
         "its padding; ask for at most 8 keys at once, or come again in 1 hour"},
        {{.count = 8, .limit = 10240, .left = 7, .hours = 2},
         BUSY,
         "quota: of 10240 elements of class phone a day 7 are left, and this ask has 8 "
         "with "
         "its padding; come again in 2 hours"},
        {{.count = 10240, .limit = 5000, .left = 5000},
         REFUSED,
         "quota: this ask has 10240 elements with its padding; of class phone 5000 a day "
         "are "
         "agreed, and 5000 are left today; ask for at most 4096 keys at once, or agree on "
         "more"},
        {{.count = 64, .limit = 256, .left = 256, .all_left = 20, .hours = 1},
         BUSY,
         "quota: all partners together have asked so much of class phone today that 20 "
         "elements are left, and this ask has 64 with its padding; ask for at most 16 keys "
         "at "
         "once, or come again in 1 hour"},
        {{.count = 64,
          .limit = 256,
          .left = 256,
          .case_limit = 100,
          .of_case = 80,
          .case_days = 1},
         BUSY,
         "quota: for case \"C-1\" 80 elements of class phone were asked in the last 90 "
         "days, of "
         "100 that are agreed for a case, and this ask has 64 with its padding; ask for at "
         "most 16 keys at once, or come again in 1 day, or agree on more for a case"},
        {{.count = 64, .limit = 256, .left = 256, .case_limit = 32, .of_case = 0},
         REFUSED,
         "quota: this ask has 64 elements of class phone with its padding; for one case 32 "
         "in "
         "90 days are agreed; ask for at most 16 keys at once, or agree on more"},
        {{.count = 8, .limit = 256, .left = 256, .asks = QUOTA_ASKS_A_DAY, .hours = 1},
         BUSY,
         "quota: 4096 asks today; come again in 1 hour"},
        {{.count = 8, .limit = 256, .left = 256, .barred = true, .hours = 1},
         BUSY,
         "quota: what was asked today is not known for certain any more; come again in 1 "
         "hour"},
        {{.count = 8, .limit = 256, .left = 256, .broken = true, .barred = true},
         IO_FAILED,
         "the quotas cannot be kept; nobody is answered"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct quota_view view = rows[i].view;
        struct err err = {.text = ""};
        view.class = KEY_PHONE;
        view.case_ref = BYTES_OF("C-1");
        if (view.all_left == 0)
            view.all_left = 1 << 20;
        if (view.case_limit == 0)
            view.case_limit = 1 << 20;
        CHECK_SEEN(quota_refuse(&view, &err) == rows[i].wanted, "row %zu: %s", i, err.text);
        CHECK_TEXT(bytes_text(err.text), rows[i].said);
    }
}

/* A case has its cap, whatever the day; another case, another partner, another class has its own. */
static void test_case(void)
{
    struct err err = {0};
    static const struct {
        const char *name;
        int64_t days; /* after the row before */
        struct asked asked;
        enum status wanted;
        const char *why;
    } rows[] = {
        {"first", 0, {1, 1, 1, KEY_PHONE, 64, 100, 0, 150, "A"}, OK, ""},
        {"the next day", 1, {1, 2, 1, KEY_PHONE, 64, 100, 0, 150, "A"}, OK, ""},
        {"no more", 1, {1, 3, 1, KEY_PHONE, 64, 100, 0, 150, "A"}, BUSY, "case \"A\" 128"},
        {"and what would help",
         0,
         {1, 3, 1, KEY_PHONE, 64, 100, 0, 150, "A"},
         BUSY,
         "come again in 88 days"},
        {"a little", 0, {1, 4, 1, KEY_PHONE, 16, 100, 0, 150, "A"}, OK, ""},
        {"again the same bytes", 0, {1, 1, 1, KEY_PHONE, 64, 100, 0, 150, "A"}, OK, ""},
        {"another case", 0, {1, 5, 1, KEY_PHONE, 64, 100, 0, 150, "B"}, OK, ""},
        {"no part of a word", 0, {1, 6, 1, KEY_PHONE, 8, 100, 0, 150, "AA"}, OK, ""},
        {"another class", 0, {1, 7, 1, KEY_IMO, 64, 100, 0, 150, "A"}, OK, ""},
        {"another partner", 0, {2, 8, 1, KEY_PHONE, 64, 100, 0, 150, "A"}, OK, ""},
        {"more agreed", 1, {1, 9, 1, KEY_PHONE, 64, 100, 0, 300, "A"}, OK, ""},
        {"more than a case may",
         0,
         {2, 10, 1, KEY_PHONE, 64, 100, 0, 32, "C"},
         REFUSED,
         "for one case 32"},
        {"88 days later", 87, {1, 11, 1, KEY_PHONE, 16, 100, 0, 160, "A"}, OK, ""},
        {"the first day counts no more, the second does",
         0,
         {1, 12, 1, KEY_PHONE, 64, 100, 0, 160, "A"},
         BUSY,
         "come again in 1 day,"},
        {"a day later", 1, {1, 12, 1, KEY_PHONE, 16, 100, 0, 160, "A"}, OK, ""},
    };
    for (int again = 0; again < 2; again++) {
        start();
        struct quota *quota = open_quota(OK);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            next_days(rows[i].days);
            if (again == 1) { /* the same out of the file, each time */
                quota_close(quota);
                quota = open_quota(OK);
            }
            err.text[0] = '\0';
            enum status status = charge(quota, &rows[i].asked, NULL, &err);
            CHECK_SEEN(status == rows[i].wanted && strstr(err.text, rows[i].why) != NULL,
                       "%s: %d %s", rows[i].name, status, err.text);
        }
        quota_close(quota);
    }
}

/* Many cases, against a slow twin; the clock put back gives nothing back, and nor does a new life. */
static void test_case_twin(void)
{
    enum { CASES = 40, ASKS = 4000, CAP = 1000 };
    static uint32_t spent[CASES];
    static int64_t day_of[ASKS];
    static uint8_t case_of[ASKS];
    static uint32_t count_of[ASKS];
    struct err err = {0};
    size_t asked = 0, refused = 0;
    start();
    memset(spent, 0, sizeof spent);
    struct quota *quota = open_quota(OK);
    int64_t day = clocks.wall_s / DAY_S, seen_day = day;
    for (uint32_t i = 0; i < ASKS; i++) {
        char case_ref[16];
        uint8_t requester[IDENTITY_KEY] = {1}, batch[BATCH_ID], digest[DIGEST] = {0};
        uint32_t left, number = randombytes_uniform(CASES),
                       count = 8U << randombytes_uniform(4);
        uint64_t sum = 0;
        randombytes_buf(batch, sizeof batch);
        snprintf(case_ref, sizeof case_ref, "C-%u", number);
        if (randombytes_uniform(20) == 0) {
            next_days(1);
            day++;
        }
        bool opened = randombytes_uniform(400) == 0;
        if (opened) { /* what is over by the clock of that moment is forgotten */
            quota_close(quota);
            quota = open_quota(OK);
        }
        /* A file that is new knows no day yet. */
        bool back = i > 0 && !opened && randombytes_uniform(10) == 0;
        if (!back)
            seen_day = day;
        for (size_t k = 0; k < asked; k++)
            if (case_of[k] == number && day_of[k] + QUOTA_CASE_DAYS > seen_day)
                sum += count_of[k];
        const struct quota_ask ask = {.requester = requester,
                                      .batch_id = batch,
                                      .digest = digest,
                                      .class = KEY_PHONE,
                                      .count = count,
                                      .until_s = clocks.wall_s + DAY_S,
                                      .limit = QUOTA_LIMIT_MAX,
                                      .total = QUOTA_LIMIT_MAX,
                                      .case_limit = CAP,
                                      .case_ref = bytes_text(case_ref)};
        clocks.wall_s -= back ? 100 * DAY_S : 0;
        enum status status = quota_charge(&left, quota, &ask, &err);
        clocks.wall_s += back ? 100 * DAY_S : 0;
        CHECK_SEEN(status == (sum + count <= CAP ? OK : BUSY), "ask %u: %d %s", i, status,
                   err.text);
        refused += status != OK;
        if (status == OK) {
            day_of[asked] = seen_day;
            case_of[asked] = (uint8_t)number;
            count_of[asked++] = count;
        }
    }
    CHECK(refused > 100 && asked > 500);
    quota_close(quota);
}

/* A copy of the file put back, cut short or gone, when the log knows better. */
static void test_restored(void)
{
    static const char *const ways[] = {"copy put back", "cut short", "gone", "as it was"};
    struct err err = {0};
    for (size_t way = 0; way < 4; way++) {
        struct arena arena = {0};
        struct bytes copy;
        struct asked asked = {1, 1, 1, KEY_PHONE, 64, 1024, 0};
        bool barred = false;
        start();
        struct quota *quota = open_quota(OK);
        CHECK(charge(quota, &asked, NULL, &err) == OK);
        CHECK(file_read(&copy, temporary_path("quota"), 1 << 20, &arena, &err) == OK);
        asked.batch = 2;
        CHECK(charge(quota, &asked, NULL, &err) == OK);
        uint64_t counter = quota_counter(quota);
        quota_close(quota);
        if (way == 0)
            CHECK(file_write(temporary_path("quota"), copy, FILE_SECRET, &err) == OK);
        else if (way == 1)
            CHECK(truncate(temporary_path("quota"), (off_t)copy.len + 100) == 0);
        else if (way == 2)
            CHECK(unlink(temporary_path("quota")) == 0);
        quota = open_quota(OK);
        CHECK(quota_told(&barred, quota, counter, &err) == OK);
        CHECK_SEEN(barred == (way < 3), "%s", ways[way]);
        asked.batch = 3;
        CHECK_SEEN(charge(quota, &asked, NULL, &err) == (way < 3 ? BUSY : OK), "%s",
                   ways[way]);
        quota_close(quota);
        /* It stays so until the next day, and no longer. */
        quota = open_quota(OK);
        asked.batch = 4;
        CHECK(charge(quota, &asked, NULL, &err) == (way < 3 ? BUSY : OK));
        quota_close(quota);
        clocks.wall_s += DAY_S;
        clocks.mono_s += DAY_S;
        quota = open_quota(OK);
        CHECK(quota_told(&barred, quota, counter, &err) == OK && !barred);
        CHECK(charge(quota, &asked, NULL, &err) == OK);
        quota_close(quota);
        arena_release(&arena);
    }
}

/* What the log knows is charged again, on its day and for its case; what is there already is not, nor when it
 * was broken off in between. */
static void test_recovered(void)
{
    enum { ASKS = 40, DAYS = 4 };
    struct err err = {0};
    for (size_t way = 0; way < 3;
         way++) { /* gone; half of it there; broken off in between */
        uint8_t requesters[ASKS][IDENTITY_KEY] = {{0}}, batches[ASKS][BATCH_ID] = {{0}},
                digests[ASKS][DIGEST] = {{0}};
        struct quota_past past[ASKS];
        struct arena arena = {0};
        struct bytes half = {0};
        size_t recovered = 0;
        bool barred;
        start();
        struct quota *quota = open_quota(OK);
        for (uint8_t i = 0; i < ASKS; i++) {
            struct asked asked = {1 + i % 3, 1 + i, 1 + i, KEY_PHONE, 64, 1024, 0};
            asked.case_ref = i % 2 == 0 ? "EVEN" : "ODD";
            if (i > 0 && i % (ASKS / DAYS) == 0) {
                clocks.wall_s += DAY_S;
                clocks.mono_s += DAY_S;
            }
            if (i == ASKS / 2)
                CHECK(file_read(&half, temporary_path("quota"), 1 << 20, &arena, &err) ==
                      OK);
            CHECK(charge(quota, &asked, NULL, &err) == OK);
            requesters[i][0] = asked.requester;
            batches[i][0] = digests[i][0] = asked.batch;
            past[i] = (struct quota_past){requesters[i],
                                          batches[i],
                                          digests[i],
                                          KEY_PHONE,
                                          64,
                                          clocks.wall_s,
                                          bytes_text(asked.case_ref)};
        }
        uint64_t counter = quota_counter(quota);
        quota_close(quota);
        CHECK(unlink(temporary_path("quota")) == 0);
        if (way == 1)
            CHECK(file_write(temporary_path("quota"), half, FILE_SECRET, &err) == OK);
        quota = open_quota(OK);
        if (way == 2) {
            CHECK(quota_recover(&recovered, quota, past, 7, &err) == OK && recovered == 7);
            quota_close(quota);
            quota = open_quota(OK);
        }
        CHECK(quota_recover(&recovered, quota, past, ASKS, &err) == OK &&
              recovered == (way == 0   ? ASKS
                            : way == 1 ? ASKS / 2
                                       : ASKS - 7));
        CHECK(quota_recover(&recovered, quota, past, ASKS, &err) == OK && recovered == 0);
        CHECK(quota_counter(quota) == counter);
        for (int again = 0; again < 2;
             again++) { /* as it stands in memory, and in the file */
            uint32_t left = 0;
            struct asked asked = {1, 1, 1, KEY_PHONE, 64, 1024, 0};
            /* The same bytes cost nothing; others under the id are refused. */
            CHECK(charge(quota, &asked, &left, &err) == OK);
            CHECK_SEEN(left == 1024 - 4 * 64, "%u of today", left); /* 4 of 10 were its */
            asked.digest = 99;
            CHECK(charge(quota, &asked, NULL, &err) == REFUSED);
            /* Of requester 1, 14 asks, 7 a case. */
            asked.batch = asked.digest = 100;
            asked.case_ref = "EVEN";
            asked.case_limit = 7 * 64;
            CHECK(charge(quota, &asked, NULL, &err) == BUSY);
            CHECK_SEEN(strstr(err.text, "448 elements") != NULL, "%s", err.text);
            quota_close(quota);
            quota = open_quota(OK);
        }
        CHECK(quota_told(&barred, quota, counter + 1, &err) == OK && barred);
        quota_close(quota);
        arena_release(&arena);
    }
}

/* No byte of it can be changed; only what was never synced, at the very end, may be missing. */
static void test_changed(void)
{
    struct asked asked = {1, 1, 1, KEY_PHONE, 64, 10240, 0};
    struct err err = {0};
    struct arena arena = {0};
    struct bytes whole;
    start();
    struct quota *quota = open_quota(OK);
    for (asked.batch = 1; asked.batch <= 4; asked.batch++)
        CHECK(charge(quota, &asked, NULL, &err) == OK);
    quota_close(quota);
    CHECK(file_read(&whole, temporary_path("quota"), 1 << 20, &arena, &err) == OK);
    uint8_t *bent = arena_alloc(&arena, whole.len);
    for (size_t at = 0; at < whole.len; at++) {
        memcpy(bent, whole.at, whole.len);
        bent[at] ^= 1;
        CHECK(file_write(temporary_path("quota"), bytes_of(bent, whole.len), FILE_SECRET,
                         &err) == OK);
        CHECK(open_quota(CONFLICT) == NULL);
    }
    /* A record taken out of the middle, two exchanged, another node's. */
    memcpy(bent, whole.at, whole.len);
    memmove(bent + 256, bent + 384, whole.len - 384);
    CHECK(file_write(temporary_path("quota"), bytes_of(bent, whole.len - 128), FILE_SECRET,
                     &err) == OK);
    CHECK(open_quota(CONFLICT) == NULL);
    memcpy(bent, whole.at, whole.len);
    memcpy(bent + 128, whole.at + 256, 128);
    memcpy(bent + 256, whole.at + 128, 128);
    CHECK(file_write(temporary_path("quota"), bytes_of(bent, whole.len), FILE_SECRET,
                     &err) == OK);
    CHECK(open_quota(CONFLICT) == NULL);
    CHECK(file_write(temporary_path("quota"), whole, FILE_SECRET, &err) == OK);
    const struct quota_options options = {temporary_path("quota"), other_key,
                                          &clocks.world};
    CHECK(quota_open(&quota, &options, &err) == CONFLICT);
    arena_release(&arena);
}

static void test_seeds(void)
{
    struct seeds *seeds = NULL;
    struct err err = {0};
    struct arena arena = {0};
    uint64_t number, last = 0;
    uint8_t secret[OPRF_SEED];
    struct bytes file;
    start();
    const struct seeds_options options = {temporary_path("seeds"), key, &clocks.world};
    CHECK(seeds_open(&seeds, &options, &err) == OK && seeds_latest(seeds) == NULL);
    for (int i = 0; i < 3; i++) {
        CHECK(seeds_next(&number, seeds, 0, &err) == OK && number == last + 1);
        last = number;
        CHECK(seeds_add(seeds, number, clocks.wall_s, clocks.wall_s + 90 * DAY_S, &err) ==
              OK);
        CHECK(seeds_next(&number, seeds, 0, &err) == OK && number == last + 1);
        last = number;
        clocks.wall_s += 30 * DAY_S;
    }
    CHECK(seeds_find(seeds, 0) == NULL && seeds_find(seeds, 1)->first == 1 &&
          seeds_find(seeds, 4)->first == 3 && seeds_find(seeds, 99)->first == 5);
    memcpy(secret, seeds_find(seeds, 3)->secret, OPRF_SEED);
    CHECK(memcmp(secret, seeds_find(seeds, 1)->secret, OPRF_SEED) != 0);
    seeds_close(seeds);
    CHECK(file_read(&file, temporary_path("seeds"), 1 << 20, &arena, &err) == OK);
    CHECK(memmem(file.at, file.len, secret, OPRF_SEED) == NULL);
    CHECK(seeds_open(&seeds, &options, &err) == OK);
    CHECK(memcmp(secret, seeds_find(seeds, 3)->secret, OPRF_SEED) == 0);
    /* no number twice, whatever the log knows */
    CHECK(seeds_next(&number, seeds, 2, &err) == OK && number == last + 1);
    CHECK(seeds_next(&number, seeds, 100, &err) == OK && number == 101);
    /* the first has expired; its slot is zeros, and free again */
    CHECK(seeds_expire(seeds, clocks.wall_s, &err) == OK);
    CHECK(seeds_find(seeds, 1) == NULL && seeds_find(seeds, 3)->first == 3);
    CHECK(file_read(&file, temporary_path("seeds"), 1 << 20, &arena, &err) == OK);
    CHECK(sodium_is_zero(file.at + 128, 128) && !sodium_is_zero(file.at + 256, 128));
    /* a clock was ahead by years, and the next seed begins before that one: a day later it is gone */
    CHECK(seeds_add(seeds, 150, clocks.wall_s + 900 * DAY_S, clocks.wall_s + 990 * DAY_S,
                    &err) == OK);
    CHECK(!seeds_have_expired(seeds, clocks.wall_s));
    CHECK(seeds_add(seeds, 160, clocks.wall_s + 10, clocks.wall_s + 90 * DAY_S, &err) ==
          OK);
    CHECK(!seeds_have_expired(seeds, clocks.wall_s + DAY_S));
    CHECK(!seeds_have_expired(seeds, clocks.wall_s - 50 * DAY_S)); /* a clock put back */
    /* a clock was behind, and made a seed of years ago: those of today stay */
    CHECK(seeds_add(seeds, 170, clocks.wall_s - 3000 * DAY_S, clocks.wall_s + 80 * DAY_S,
                    &err) == OK);
    CHECK(seeds_have_expired(seeds, clocks.wall_s)); /* that of the clock ahead alone */
    CHECK(seeds_expire(seeds, clocks.wall_s, &err) == OK);
    CHECK(seeds_find(seeds, 165)->first == 160 &&
          !seeds_have_expired(seeds, clocks.wall_s + DAY_S));
    CHECK(seeds_find(seeds, 155)->first < 150 && seeds_find(seeds, 160)->first == 160 &&
          seeds_find(seeds, 170)->first == 170);
    size_t added = 0;
    while (seeds_add(seeds, 200 + added, clocks.wall_s, clocks.wall_s + DAY_S, &err) == OK)
        added++;
    CHECK(added == SEEDS_MAX - 4);
    CHECK(seeds_expire(seeds, clocks.wall_s + 400 * DAY_S, &err) == OK &&
          seeds_latest(seeds) == NULL);
    CHECK(file_read(&file, temporary_path("seeds"), 1 << 20, &arena, &err) == OK);
    CHECK(sodium_is_zero(file.at + 128, file.len - 128));
    seeds_close(seeds);
    /* changed by somebody */
    uint8_t *bent = arena_alloc(&arena, file.len);
    for (size_t at = 0; at < 300; at += 5) {
        memcpy(bent, file.at, file.len);
        bent[at] ^= 1;
        CHECK(file_write(temporary_path("seeds"), bytes_of(bent, file.len), FILE_SECRET,
                         &err) == OK);
        CHECK(seeds_open(&seeds, &options, &err) == CONFLICT);
    }
    arena_release(&arena);
}

static void test_holdings(void)
{
    enum { RECORDS = 3000, KEYS = 9000 };
    static const uint8_t seed[OPRF_SEED] = "seed one", other[OPRF_SEED] = "seed two";
    struct holdings made = {77,
                            4711,
                            xcalloc(RECORDS, sizeof *made.records),
                            xcalloc(KEYS, sizeof *made.keys),
                            xcalloc(KEYS, sizeof *made.refs),
                            RECORDS,
                            KEYS,
                            KEYS};
    struct holdings read;
    struct err err = {0};
    struct arena arena = {0};
    struct bytes file;
    for (size_t i = 0; i < RECORDS; i++)
        made.records[i] = (struct tag_entry){i * 3, i + 7};
    for (size_t i = 0; i < KEYS; i++) {
        made.keys[i] = (struct holding){
            .class = (uint8_t)(i * KEY_CLASSES / KEYS), .first = (uint32_t)i, .count = 1};
        store_be64(made.keys[i].digest, i);
        randombytes_buf(made.keys[i].output, OPRF_OUTPUT);
        made.refs[i] = (struct holding_ref){.record = (uint32_t)(i % RECORDS),
                                            .pledge = (uint32_t)(i * 7),
                                            .added = i % 5 == 0};
    }
    const char *path = arena_printf(&arena, "%s", temporary_path("held"));
    CHECK(holdings_write(&made, path, seed, &err) == OK);
    CHECK_SEEN(holdings_read(&read, path, seed, &err) == OK, "%s", err.text);
    CHECK(read.record_count == RECORDS && read.key_count == KEYS && read.ref_count == KEYS);
    for (size_t i = 0; i < KEYS; i++)
        CHECK(read.refs[i].record == made.refs[i].record &&
              read.refs[i].pledge == made.refs[i].pledge &&
              read.refs[i].added == made.refs[i].added);
    CHECK(read.base_number == 77 && read.base_s == 4711 &&
          memcmp(read.keys, made.keys, KEYS * sizeof *read.keys) == 0 &&
          memcmp(read.records, made.records, RECORDS * sizeof *read.records) == 0);
    holdings_release(&read);
    /* Whoever looks keys up relies on their order. */
    store_be64(made.keys[17].digest, 15);
    CHECK(holdings_write(&made, path, seed, &err) == OK &&
          holdings_read(&read, path, seed, &err) == CONFLICT);
    store_be64(made.keys[17].digest, 17);
    CHECK(holdings_write(&made, path, seed, &err) == OK);
    CHECK(holdings_read(&read, path, other, &err) == CONFLICT);
    CHECK(file_read(&file, path, 1 << 24, &arena, &err) == OK);
    CHECK(memmem(file.at, file.len, made.keys[5].output, 16) == NULL);
    for (size_t cut = 0; cut < file.len; cut += file.len / 17) {
        CHECK(truncate(path, (off_t)cut) == 0);
        CHECK(holdings_read(&read, path, seed, &err) == CONFLICT);
        CHECK(file_write(path, file, FILE_SECRET, &err) == OK);
    }
    unlink(path);
    CHECK(holdings_read(&read, path, seed, &err) == NOT_FOUND);
    holdings_release(&made);
    arena_release(&arena);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    temporary_open();
    test_limits();
    test_clock();
    test_case();
    test_sentences();
    test_case_twin();
    test_restored();
    test_recovered();
    test_changed();
    test_seeds();
    test_holdings();
    temporary_close();
    return check_done("quota");
}
