/* SPDX-License-Identifier: Apache-2.0 */
#include "match/quota.h"

#include "base/file.h"
#include "base/text.h"
#include "base/world.h"
#include "match/quota_charges.h"
#include "match/quota_refuse.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    RECORD = 128,
    MAC = 16,
    MACCED = RECORD - MAC,
    MAGIC_LEN = 16,
    AT_CLASS = 1,
    AT_COUNT = 4,
    AT_DAY = 8,
    AT_UNTIL = 12,
    AT_COUNTER = 16,
    AT_CASE = 24,
    AT_REQUESTER = 32,
    AT_BATCH = 64,
    AT_DIGEST = 80,
    AT_BARRED = 24, /* in the head, where the magic stands first */
    AT_HEAD_DAY = 32,
    DAY_S = 24 * 3600,
    LEAP_S = 2 * 3600, /* a clock may be set right by so much while we run */
    COMPACT_BYTES = 1 << 20,
    FILE_LIMIT = 1 << 30,
    REQUESTERS_MAX = 4096,
};
enum kind { KIND_CHARGE = 1, KIND_BAR = 2 };

static const char magic[MAGIC_LEN] = "enlace quota 2\n";

/* Of one requester, today. */
struct spent {
    uint8_t requester[IDENTITY_KEY];
    uint64_t elements[KEY_CLASSES];
    uint32_t asks, repeats; /* repeats: since we started */
};

struct quota {
    struct quota_options options;
    struct arena memory;
    int fd;
    uint64_t size; /* of the file that is whole */
    uint8_t mac[MAC];
    uint64_t counter;
    int64_t day;        /* the last one seen: it never goes back */
    int64_t barred_day; /* on it nobody is answered */
    int64_t start_s, start_mono_s;
    struct spent *spent;
    size_t spent_count, spent_capacity;
    uint64_t total[KEY_CLASSES];
    struct charges charges;
    bool broken; /* a write failed: nobody knows what is on the disk */
};

uint32_t quota_usual(enum key_class class)
{
    bool weak =
        class == KEY_IMO || class == KEY_MMSI || class == KEY_PLATE || class == KEY_MARK;
    return weak ? QUOTA_WEAK : QUOTA_USUAL;
}

/* ---- Time ---- */

static int64_t mono_s(const struct world *world)
{
    return world->monotonic_ns(world->context) / 1000000000;
}

static int64_t clock_s(const struct quota *quota)
{
    const struct world *world = quota->options.world;
    int64_t now = world_now_s(world);
    int64_t most = quota->start_s + (mono_s(world) - quota->start_mono_s) + LEAP_S;
    return now < most ? now : most;
}

/* A new day forgets what was spent on the last one. */
static void see_day(struct quota *quota, int64_t day)
{
    if (day <= quota->day)
        return;
    quota->day = day;
    quota->spent_count = 0;
    memset(quota->total, 0, sizeof quota->total);
}

/* ---- What is remembered ---- */

static struct spent *spent_by(struct quota *quota, const uint8_t *requester)
{
    for (size_t i = 0; i < quota->spent_count; i++)
        if (memcmp(quota->spent[i].requester, requester, IDENTITY_KEY) == 0)
            return &quota->spent[i];
    void *items = quota->spent;
    grow_to(&items, &quota->spent_capacity, quota->spent_count, sizeof *quota->spent);
    quota->spent = items;
    struct spent *spent = &quota->spent[quota->spent_count++];
    *spent = (struct spent){.asks = 0};
    memcpy(spent->requester, requester, IDENTITY_KEY);
    return spent;
}

static uint64_t case_mark(const struct quota *quota, const uint8_t *requester,
                          struct bytes case_ref)
{
    uint8_t hash[MAC];
    crypto_generichash_state state;
    crypto_generichash_init(&state, quota->options.key, QUOTA_KEY, MAC);
    crypto_generichash_update(&state, (const uint8_t *)"case", 5);
    crypto_generichash_update(&state, requester, IDENTITY_KEY);
    crypto_generichash_update(&state, case_ref.at, case_ref.len);
    crypto_generichash_final(&state, hash, MAC);
    return load_be64(hash);
}

static void apply(struct quota *quota, const uint8_t record[RECORD])
{
    int64_t day = load_be32(record + AT_DAY);
    quota->counter = load_be64(record + AT_COUNTER);
    see_day(quota, day);
    if (record[0] == KIND_BAR) {
        quota->barred_day = day > quota->barred_day ? day : quota->barred_day;
        return;
    }
    struct charge batch = {.day = day,
                           .of_case = load_be64(record + AT_CASE),
                           .count = load_be32(record + AT_COUNT),
                           .class = record[AT_CLASS]};
    memcpy(batch.id, record + AT_BATCH, BATCH_ID);
    memcpy(batch.digest, record + AT_DIGEST, DIGEST);
    memcpy(batch.requester, record + AT_REQUESTER, IDENTITY_KEY);
    charges_add(&quota->charges, &batch);
    if (day != quota->day)
        return; /* of a day that is over */
    struct spent *spent = spent_by(quota, batch.requester);
    spent->elements[batch.class] += batch.count;
    spent->asks++;
    quota->total[batch.class] += batch.count;
}

/* ---- The file ---- */

static void chain(uint8_t mac[MAC], const struct quota *quota, const uint8_t before[MAC],
                  const uint8_t record[RECORD])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, quota->options.key, QUOTA_KEY, MAC);
    crypto_generichash_update(&state, before, MAC);
    crypto_generichash_update(&state, record, MACCED);
    crypto_generichash_final(&state, mac, MAC);
}

static bool is_well_formed(const struct quota *quota, const uint8_t record[RECORD])
{
    return (record[0] == KIND_CHARGE || record[0] == KIND_BAR) &&
           record[AT_CLASS] < KEY_CLASSES &&
           load_be64(record + AT_COUNTER) > quota->counter;
}

/* Head and records; a record that is cut short at the end was never synced, so nothing was
 * evaluated for it. */
static enum status take_file(struct quota *quota, struct bytes file, struct err *err)
{
    static const uint8_t none[MAC] = {0};
    const char *path = quota->options.path;
    if (file.len < RECORD || memcmp(file.at, magic, MAGIC_LEN) != 0)
        return fail(err, CONFLICT, "%s: not the quotas of a node", path);
    chain(quota->mac, quota, none, file.at);
    if (sodium_memcmp(quota->mac, file.at + MACCED, MAC) != 0)
        return fail(err, CONFLICT, "%s: another node's, or changed by somebody", path);
    quota->day = (int64_t)load_be64(file.at + AT_HEAD_DAY);
    quota->barred_day = (int64_t)load_be64(file.at + AT_BARRED);
    for (quota->size = RECORD; file.len - quota->size >= RECORD; quota->size += RECORD) {
        const uint8_t *record = file.at + quota->size;
        uint8_t mac[MAC];
        chain(mac, quota, quota->mac, record);
        if (sodium_memcmp(mac, record + MACCED, MAC) != 0 || !is_well_formed(quota, record))
            return fail(err, CONFLICT,
                        "%s: record %llu was changed by somebody; keep this file, and ask "
                        "who can write here",
                        path, (unsigned long long)(quota->size / RECORD));
        memcpy(quota->mac, mac, MAC);
        apply(quota, record);
    }
    return OK;
}

static void make_head(uint8_t head[RECORD], uint8_t mac[MAC], const struct quota *quota)
{
    static const uint8_t none[MAC] = {0};
    memset(head, 0, RECORD);
    memcpy(head, magic, MAGIC_LEN);
    store_be64(head + AT_HEAD_DAY, (uint64_t)quota->day);
    store_be64(head + AT_BARRED, (uint64_t)quota->barred_day);
    chain(mac, quota, none, head);
    memcpy(head + MACCED, mac, MAC);
}

static enum status write_new(struct quota *quota, struct bytes content, struct err *err)
{
    return file_write(quota->options.path, content, FILE_SECRET, err);
}

static bool is_over(const uint8_t record[RECORD], int64_t today)
{
    return (int64_t)load_be32(record + AT_UNTIL) < today &&
           (int64_t)load_be32(record + AT_DAY) + QUOTA_CASE_DAYS <= today;
}

/* Drop what nobody needs: charges that count for no case and no epoch any more. Half of a large file
 * must be such, so that it happens seldom. */
static enum status compact(struct quota *quota, struct bytes file, struct err *err)
{
    struct buf kept = {.max = FILE_LIMIT};
    uint8_t record[RECORD], mac[MAC];
    int64_t today = clock_s(quota) / DAY_S;
    size_t dropped = 0, count = (size_t)quota->size / RECORD - 1;
    enum status status = OK;
    if (today < quota->day)
        today = quota->day;
    for (size_t i = 1; i <= count; i++)
        dropped += is_over(file.at + i * RECORD, today);
    if (quota->size < COMPACT_BYTES || dropped < count / 2)
        return OK;
    make_head(record, mac, quota);
    buf_add(&kept, bytes_of(record, RECORD));
    for (size_t i = 1; i <= count; i++) {
        memcpy(record, file.at + i * RECORD, RECORD);
        /* The last one stays: it has the counter and the day. */
        if (i < count && is_over(record, today))
            continue;
        chain(mac, quota, mac, record);
        memcpy(record + MACCED, mac, MAC);
        buf_add(&kept, bytes_of(record, RECORD));
    }
    status = write_new(quota, buf_bytes(&kept), err);
    if (status == OK) {
        quota->size = kept.len;
        memcpy(quota->mac, mac, MAC);
    }
    buf_release(&kept);
    return status;
}

static enum status load(struct quota *quota, struct err *err)
{
    struct arena arena = {0};
    struct bytes file;
    uint8_t head[RECORD], mac[MAC];
    enum status status = file_read(&file, quota->options.path, FILE_LIMIT, &arena, err);
    if (status == NOT_FOUND) {
        make_head(head, mac, quota);
        status = write_new(quota, bytes_of(head, RECORD), err);
        if (status == OK)
            status = take_file(quota, bytes_of(head, RECORD), err);
        quota->size = RECORD;
    } else if (status == OK) {
        status = take_file(quota, file, err);
        if (status == OK)
            status = compact(quota, file, err);
    }
    arena_release(&arena);
    return status;
}

enum status quota_open(struct quota **out, const struct quota_options *options,
                       struct err *err)
{
    struct quota *quota = xcalloc(1, sizeof *quota);
    quota->options = *options;
    quota->options.path = arena_text(&quota->memory, bytes_text(options->path));
    quota->fd = -1;
    quota->start_s = world_now_s(options->world);
    quota->start_mono_s = mono_s(options->world);
    enum status status = load(quota, err);
    if (status == OK) {
        quota->fd = open(quota->options.path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        if (quota->fd < 0 || ftruncate(quota->fd, (off_t)quota->size) != 0)
            status = fail(err, IO_FAILED, "%s: %s", quota->options.path, strerror(errno));
    }
    if (status != OK) {
        quota_close(quota);
        return status;
    }
    *out = quota;
    return OK;
}

void quota_close(struct quota *quota)
{
    if (quota == NULL)
        return;
    if (quota->fd >= 0)
        close(quota->fd);
    free(quota->spent);
    charges_release(&quota->charges);
    arena_release(&quota->memory);
    free(quota);
}

uint64_t quota_counter(const struct quota *quota)
{
    return quota->counter;
}

/* After a write that failed nobody knows what is on the disk: nothing is charged any more. */
static enum status append_all(struct quota *quota, struct bytes records, struct err *err)
{
    ssize_t count = pwrite(quota->fd, records.at, records.len, (off_t)quota->size);
    if (count != (ssize_t)records.len || fdatasync(quota->fd) != 0) {
        quota->broken = true;
        return fail(err, IO_FAILED, "the quotas cannot be written: %s", strerror(errno));
    }
    quota->size += records.len;
    return OK;
}

static void seal(uint8_t record[RECORD], struct quota *quota)
{
    uint8_t mac[MAC];
    chain(mac, quota, quota->mac, record);
    memcpy(record + MACCED, mac, MAC);
    memcpy(quota->mac, mac, MAC);
}

static enum status append(struct quota *quota, uint8_t record[RECORD], struct err *err)
{
    seal(record, quota);
    enum status status = append_all(quota, bytes_of(record, RECORD), err);
    if (status == OK)
        apply(quota, record);
    return status;
}

enum status quota_told(bool *barred, struct quota *quota, uint64_t counter, struct err *err)
{
    enum status status = OK;
    see_day(quota, clock_s(quota) / DAY_S);
    if (counter > quota->counter) {
        uint8_t record[RECORD] = {KIND_BAR};
        store_be32(record + AT_DAY, (uint32_t)quota->day);
        store_be64(record + AT_COUNTER, counter);
        status = append(quota, record, err);
    }
    *barred = quota->barred_day == quota->day;
    return status;
}

/* ---- Charging ---- */

static void write_charge(uint8_t record[RECORD], const struct quota *quota,
                         const struct quota_past *charged, int64_t day, int64_t until)
{
    memset(record, 0, RECORD);
    record[0] = KIND_CHARGE;
    record[AT_CLASS] = (uint8_t)charged->class;
    store_be32(record + AT_COUNT, (uint32_t)charged->count);
    store_be32(record + AT_DAY, (uint32_t)day);
    store_be32(record + AT_UNTIL, (uint32_t)until);
    store_be64(record + AT_COUNTER, quota->counter + 1);
    store_be64(record + AT_CASE, case_mark(quota, charged->requester, charged->case_ref));
    memcpy(record + AT_REQUESTER, charged->requester, IDENTITY_KEY);
    memcpy(record + AT_BATCH, charged->batch_id, BATCH_ID);
    memcpy(record + AT_DIGEST, charged->digest, DIGEST);
}

/* Days do not go back, nor on beyond today: what is charged late counts longer, never shorter. Its epoch is
 * over when the longest that it can have been asked under is. */
enum status quota_recover(size_t *recovered, struct quota *quota,
                          const struct quota_past *past, size_t count, struct err *err)
{
    struct buf records = {.max = FILE_LIMIT};
    int64_t today = clock_s(quota) / DAY_S;
    *recovered = 0;
    for (size_t i = 0; i < count; i++) {
        uint8_t record[RECORD];
        int64_t day = past[i].time_s / DAY_S;
        assert(past[i].class < KEY_CLASSES && past[i].count <= ASK_ELEMENTS_MAX);
        if (charges_find(&quota->charges, past[i].batch_id) != NULL)
            continue;
        day = day < today ? day : today;
        day = day > quota->day ? day : quota->day;
        write_charge(record, quota, &past[i], day, day + EPOCH_DAYS);
        seal(record, quota);
        apply(quota, record);
        buf_add(&records, bytes_of(record, RECORD));
        ++*recovered;
    }
    enum status status = OK;
    if (records.overflowed) {
        quota->broken = true;
        status = fail(err, TOO_LARGE, "the log has more charges than can be kept");
    } else if (records.len > 0) {
        status = append_all(quota, buf_bytes(&records), err);
    }
    buf_release(&records);
    return status;
}

static uint32_t left_of(uint64_t spent, uint64_t limit)
{
    return spent >= limit ? 0 : (uint32_t)(limit - spent);
}

static unsigned hours_left(const struct quota *quota)
{
    int64_t end = (quota->day + 1) * DAY_S, now = world_now_s(quota->options.world);
    return now >= end ? 1 : (unsigned)((end - now + 3599) / 3600);
}

static enum status check(const struct quota *quota, const struct spent *spent,
                         const struct quota_ask *ask, uint64_t of_case, struct err *err)
{
    struct quota_view view = {
        .class = ask->class,
        .count = ask->count,
        .limit = ask->limit,
        .left = left_of(spent->elements[ask->class], ask->limit),
        .all_left = left_of(quota->total[ask->class], ask->total),
        .asks = spent->asks,
        .broken = quota->broken,
        .barred = quota->barred_day == quota->day,
        .hours = hours_left(quota),
        .case_limit = ask->case_limit,
        .case_ref = ask->case_ref,
    };
    view.of_case = charges_of_case(
        &view.case_days, &quota->charges,
        &(struct charges_asked){.of_case = of_case,
                                .class = ask->class,
                                .today = quota->day,
                                .most = left_of(ask->count, ask->case_limit)});
    return quota_refuse(&view, err);
}

enum status quota_charge(uint32_t *left, struct quota *quota, const struct quota_ask *ask,
                         struct err *err)
{
    assert(ask->class < KEY_CLASSES && ask->count <= ASK_ELEMENTS_MAX);
    see_day(quota, clock_s(quota) / DAY_S);
    const struct charge *before = charges_find(&quota->charges, ask->batch_id);
    if (before == NULL && quota->spent_count >= REQUESTERS_MAX)
        return fail(err, BUSY, "quota: more than %d requesters in a day", REQUESTERS_MAX);
    struct spent *spent = spent_by(quota, ask->requester);
    *left = left_of(spent->elements[ask->class], ask->limit);
    if (before != NULL && (memcmp(before->digest, ask->digest, DIGEST) != 0 ||
                           memcmp(before->requester, ask->requester, IDENTITY_KEY) != 0))
        return fail(err, REFUSED,
                    "ask: a batch with this id was already asked with other content; a "
                    "batch id is used once");
    if (before != NULL && ++spent->repeats > QUOTA_REPEATS_A_DAY)
        return fail(err, BUSY, "quota: %d asks were repeated today; come again in %u %s",
                    QUOTA_REPEATS_A_DAY, hours_left(quota),
                    plural(hours_left(quota), "hour", "hours"));
    if (before != NULL)
        return quota->broken
                   ? fail(err, IO_FAILED, "the quotas cannot be kept; nobody is answered")
                   : OK;
    uint64_t of_case = case_mark(quota, ask->requester, ask->case_ref);
    enum status status = check(quota, spent, ask, of_case, err);
    if (status != OK)
        return status;
    uint8_t record[RECORD];
    const struct quota_past charged = {ask->requester, ask->batch_id, ask->digest,
                                       ask->class,     ask->count,    0,
                                       ask->case_ref};
    write_charge(record, quota, &charged, quota->day, ask->until_s / DAY_S);
    status = append(quota, record, err);
    if (status == OK)
        *left = left_of(spent_by(quota, ask->requester)->elements[ask->class], ask->limit);
    return status;
}
