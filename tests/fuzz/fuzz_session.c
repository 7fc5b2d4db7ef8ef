/* SPDX-License-Identifier: Apache-2.0
 *
 * Every message of a peer: the input is all that the other side of a session ever says, frame by
 * frame, and then it hangs up. The first byte says who we are: the responder, the requester, or
 * the reader of a transcript file. The seeds are what an honest peer says.
 */
#include "../match_lines.h"
#include "fuzz.h"

#include "match/audit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { AS_RESPONDER, AS_REQUESTER, AS_READER, ROLES, SEED_MAX = 64 * 1024 };

static struct fixture fixture;
static struct publication publication;
static struct match_item items[2];
static struct buf seeds[ROLES];

/* Frames as they went over the line: to the responder, and to the requester. */
static void record(void *context, enum transcript_direction direction, uint8_t kind,
                   struct bytes body)
{
    (void)context;
    struct buf *seed = &seeds[direction == TRANSCRIPT_SENT ? AS_RESPONDER : AS_REQUESTER];
    buf_add_be32(seed, (uint32_t)body.len + 1);
    buf_add_byte(seed, kind);
    buf_add(seed, body);
    struct buf *file = &seeds[AS_READER];
    buf_add_byte(file, (uint8_t)direction);
    buf_add_byte(file, kind);
    buf_add_be32(file, (uint32_t)body.len);
    buf_add(file, body);
}

static void prepare(void)
{
    static bool ready;
    if (ready)
        return;
    ready = true;
    struct match_held held[] = {{{KEY_PHONE, BYTES_OF("+999550107788")}, 1},
                                {{KEY_IMO, BYTES_OF("0007319")}, 1}};
    items[0] = held[0].key;
    items[1] = (struct match_item){KEY_IMO, BYTES_OF("0000000")};
    if (sodium_init() < 0)
        abort();
    fixture_init(&fixture, 3);
    fixture_publish(&publication, &fixture, held, 2);
    for (uint8_t role = 0; role < ROLES; role++) {
        seeds[role].max = SEED_MAX;
        buf_add_byte(&seeds[role], role);
    }
    buf_add_text(&seeds[AS_READER], "ENLTRN01Q");
    struct requester_options options = fixture_asker(&fixture);
    struct session_tap tap = {record, NULL};
    struct map_shelf shelf = {{{0}}};
    struct session_result result;
    struct err served, err;
    if (lines_run(&result, &fixture, &publication, &options, &shelf, &tap, items, 2,
                  &served, &err) != OK ||
        result.hits.count != 1)
        abort();
    match_hits_release(&result.hits);
    map_shelf_release(&shelf);
}

/* All is in the line before we begin, and nobody reads what we say: waiting is of no use. */
static void speak(unsigned role, struct bytes said)
{
    int pair[2];
    struct err err;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        abort();
    for (size_t done = 0; done < said.len;) {
        ssize_t count = send(pair[1], said.at + done, said.len - done, MSG_DONTWAIT);
        if (count <= 0)
            break;
        done += (size_t)count;
    }
    shutdown(pair[1], SHUT_WR);
    struct session_line line = {pair[0], 0, NULL};
    if (role == AS_RESPONDER) {
        struct responder_options options = fixture_responder(&fixture, &publication);
        struct responder *responder = responder_open(&options);
        if (session_serve(&line, &publication, responder, fixture.asker.public_key, &err) !=
                OK &&
            err.text[0] == '\0')
            abort(); /* a failure has its sentence */
        responder_close(responder);
    } else {
        struct requester_options options = fixture_asker(&fixture);
        struct map_shelf shelf = {{{0}}};
        struct session_result result;
        if (session_request(&result, &line, &options, &shelf, items, 2, &err) == OK &&
            result.hits.count != 1)
            abort(); /* nothing that passes all checks can lie */
        match_hits_release(&result.hits);
        map_shelf_release(&shelf);
    }
    close(pair[0]);
    close(pair[1]);
}

static void read_file(struct bytes content)
{
    static int fd = -1;
    char path[64];
    struct arena arena = {NULL};
    struct audit_source source;
    struct audit_report report;
    struct err err;
    if (fd < 0)
        fd = memfd_create("transcript", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, 0) != 0 ||
        pwrite(fd, content.at, content.len, 0) != (ssize_t)content.len)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (audit_read(&source, path, &arena, &err) == OK) {
        struct audit_case audited = {.seed = fixture.case_seed,
                                     .asks = source.asks,
                                     .ask_count = source.count,
                                     .epoch = source.has_epoch ? &source.epoch : NULL,
                                     .items = items,
                                     .item_count = 2};
        if (audit_run(&report, &audited, NULL, &arena, &err) != OK)
            abort();
    }
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prepare();
    if (size < 1)
        return 0;
    unsigned role = data[0] % ROLES;
    if (role == AS_READER)
        read_file(bytes_of(data + 1, size - 1));
    else
        speak(role, bytes_of(data + 1, size - 1));
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    prepare();
    if (index >= ROLES)
        return 0;
    *data = seeds[index].at;
    return seeds[index].len;
}
