/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/entry.h"

#include <assert.h>
#include <inttypes.h>
#include <nettle/sha2.h>

enum entry_flag { FLAG_FICTION = 0x01, FLAGS_KNOWN = FLAG_FICTION };

/* The numbers of the purposes in an entry, whatever their order in enum purpose. 0 is none.
 * Never renumber. */
enum { PURPOSE_NONE = 0 };
static const uint8_t purpose_numbers[PURPOSE_COUNT] = {
    [PURPOSE_WANTED] = 1,         [PURPOSE_IDENTIFICATION] = 2, [PURPOSE_INVESTIGATION] = 3,
    [PURPOSE_ALERT] = 4,          [PURPOSE_BODIES] = 5,         [PURPOSE_FORENSIC] = 6,
    [PURPOSE_SECURITY_CHECK] = 7, [PURPOSE_BORDER] = 8,         [PURPOSE_TRENDS] = 9,
};

static bool all_zero(const uint8_t *at, size_t len)
{
    uint8_t any = 0;
    for (size_t i = 0; i < len; i++)
        any |= at[i];
    return any == 0;
}

bool entry_id_is_none(const uint8_t id[ENTRY_ID])
{
    return all_zero(id, ENTRY_ID);
}

static enum status check_needs(const struct entry *entry, struct err *err)
{
    unsigned needs = verb_needs(entry->verb);
    const char *missing = NULL;
    if ((needs & NEEDS_OBJECT) != 0 && entry_id_is_none(entry->object))
        missing = "object";
    else if ((needs & NEEDS_CASE) != 0 && entry_id_is_none(entry->case_id))
        missing = "case";
    else if ((needs & NEEDS_PURPOSE) != 0 && !entry->has_purpose)
        missing = "purpose";
    if (missing == NULL)
        return OK;
    return fail(err, BAD_INPUT, "entry %" PRIu64 ": \"%s\" must name its %s",
                entry->sequence, verb_word(entry->verb), missing);
}

/* The invariants in entry.h. Knows nothing of the wire, except that a field may hold any
 * number that fits it. */
static enum status check_fields(const struct entry *entry, struct err *err)
{
    uint64_t sequence = entry->sequence;
    if (sequence > ENTRY_SEQUENCE_MAX)
        return fail(err, TOO_LARGE,
                    "entry %" PRIu64 ": no log is so long; the last number is %" PRIu64,
                    sequence, ENTRY_SEQUENCE_MAX);
    if (entry->time_ms <= 0 || entry->time_ms > ENTRY_TIME_MAX_MS)
        return fail(err, BAD_INPUT,
                    "entry %" PRIu64 ": its time, %" PRId64 " milliseconds, does not lie "
                    "between the years 1970 and 2999",
                    sequence, entry->time_ms);
    if (!verb_is_known(entry->verb))
        return fail(err, BAD_INPUT,
                    "entry %" PRIu64 ": there is no verb %u; a newer program may know it",
                    sequence, (unsigned)entry->verb);
    if (!role_is_known(entry->role))
        return fail(err, BAD_INPUT,
                    "entry %" PRIu64 ": there is no role %u; a newer program may know it",
                    sequence, (unsigned)entry->role);
    if (entry->role == ROLE_NODE && !entry_id_is_none(entry->actor))
        return fail(err, BAD_INPUT,
                    "entry %" PRIu64 ": names an actor, but nobody acts as the node itself",
                    sequence);
    if (entry->role != ROLE_NODE && entry_id_is_none(entry->actor))
        return fail(err, BAD_INPUT, "entry %" PRIu64 ": does not say which %s acted",
                    sequence, role_word(entry->role));
    if (entry->has_purpose && entry->purpose >= PURPOSE_COUNT)
        return fail(err, BAD_INPUT,
                    "entry %" PRIu64 ": has a purpose that is not in the list", sequence);
    if (all_zero(entry->commitment, ENTRY_COMMITMENT))
        return fail(err, BAD_INPUT,
                    "entry %" PRIu64 ": has no commitment; every entry has one", sequence);
    return check_needs(entry, err);
}

static enum status read_purpose(struct entry *entry, uint8_t number, struct err *err)
{
    if (number == PURPOSE_NONE)
        return OK;
    for (enum purpose purpose = 0; purpose < PURPOSE_COUNT; purpose++) {
        if (purpose_numbers[purpose] == number) {
            entry->has_purpose = true;
            entry->purpose = purpose;
            return OK;
        }
    }
    return fail(err, BAD_INPUT,
                "entry %" PRIu64 ": there is no purpose %u; a newer program may know it",
                entry->sequence, number);
}

void entry_write(uint8_t out[ENTRY_SIZE], const struct entry *entry)
{
    assert(check_fields(entry, NULL) == OK);
    uint8_t *at = out;
    *at++ = ENTRY_VERSION;
    *at++ = entry->fiction ? FLAG_FICTION : 0;
    store_be64(at, entry->sequence);
    at += sizeof entry->sequence;
    store_be64(at, (uint64_t)entry->time_ms);
    at += sizeof entry->time_ms;
    *at++ = (uint8_t)entry->verb;
    memcpy(at, entry->actor, ENTRY_ID);
    at += ENTRY_ID;
    *at++ = (uint8_t)entry->role;
    memcpy(at, entry->object, ENTRY_ID);
    at += ENTRY_ID;
    memcpy(at, entry->case_id, ENTRY_ID);
    at += ENTRY_ID;
    *at++ = entry->has_purpose ? purpose_numbers[entry->purpose] : PURPOSE_NONE;
    memcpy(at, entry->commitment, ENTRY_COMMITMENT);
    at += ENTRY_COMMITMENT;
    assert(at == out + ENTRY_SIZE);
}

enum status entry_parse(struct entry *out, struct bytes wire, struct err *err)
{
    if (wire.len != ENTRY_SIZE)
        return fail(err, BAD_INPUT, "entry: %zu bytes long; an entry has %d", wire.len,
                    ENTRY_SIZE);
    struct cursor cursor = {.rest = wire};
    uint8_t version = cursor_u8(&cursor);
    if (version != ENTRY_VERSION)
        return fail(err, BAD_INPUT, "entry: of version %u; this program reads version %d",
                    version, ENTRY_VERSION);
    uint8_t flags = cursor_u8(&cursor);
    struct entry entry = {.fiction = (flags & FLAG_FICTION) != 0};
    entry.sequence = cursor_be64(&cursor);
    /* A time past 63 bits becomes negative and is refused as such. */
    entry.time_ms = (int64_t)cursor_be64(&cursor);
    entry.verb = cursor_u8(&cursor);
    cursor_copy(entry.actor, &cursor, ENTRY_ID);
    entry.role = cursor_u8(&cursor);
    cursor_copy(entry.object, &cursor, ENTRY_ID);
    cursor_copy(entry.case_id, &cursor, ENTRY_ID);
    uint8_t purpose = cursor_u8(&cursor);
    cursor_copy(entry.commitment, &cursor, ENTRY_COMMITMENT);
    assert(!cursor.failed && cursor.rest.len == 0);

    if ((flags & ~FLAGS_KNOWN) != 0)
        return fail(err, BAD_INPUT,
                    "entry %" PRIu64
                    ": has a mark (flags 0x%02x) that is not known; a newer "
                    "program may know it",
                    entry.sequence, flags);
    enum status status = read_purpose(&entry, purpose, err);
    if (status == OK)
        status = check_fields(&entry, err);
    if (status == OK)
        *out = entry;
    return status;
}

void entry_commit(uint8_t out[ENTRY_COMMITMENT], const uint8_t salt[ENTRY_SALT],
                  struct bytes payload)
{
    struct sha256_ctx sha;
    sha256_init(&sha);
    sha256_update(&sha, ENTRY_SALT, salt);
    sha256_update(&sha, payload.len, payload.at);
    sha256_digest(&sha, ENTRY_COMMITMENT, out);
}
