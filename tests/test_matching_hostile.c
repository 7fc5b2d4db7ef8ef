/* SPDX-License-Identifier: Apache-2.0
 *
 * Partners that lie, probe and replay; crashes, clocks and copies put back: each is refused with a
 * sentence, and the node goes on.
 */
#include "three_nodes.h"

#include "base/file.h"
#include "base/world.h"

#include "match/publication.h"
#include "match/responder.h"
#include "serve/matching_inside.h"

#include <signal.h>
#include <sys/mman.h>

enum { DAY_S = 24 * 3600, QUOTA = 256 };

static struct net net;
static struct arena arena;

/* ---- A clock that the vaults' processes see move, too ---- */

static int64_t *offset_s;

static int64_t moved_now(void *context)
{
    (void)context;
    return world_system()->now_ns(NULL) + *offset_s * 1000000000;
}

static int64_t moved_mono(void *context)
{
    (void)context;
    return world_system()->monotonic_ns(NULL) + *offset_s * 1000000000;
}

static void system_random(void *context, void *out, size_t len)
{
    (void)context;
    randombytes_buf(out, len);
}

static const struct world moved = {moved_now, moved_mono, system_random, NULL};

/* ---- Asking by hand ---- */

/* Who asks: a party, whose vault signs, or somebody made up. */
struct asker {
    struct party *party;
    struct identity identity;
    uint8_t seed[CASE_SEED];
    uint32_t batch;
    const char *case_ref;
};

static struct asker asker_of(struct party *party)
{
    struct asker asker = {.party = party, .case_ref = "FISHING"};
    if (party != NULL)
        memcpy(asker.identity.public_key, party->key, IDENTITY_KEY);
    else
        identity_init(&asker.identity, &moved);
    randombytes_buf(asker.seed, CASE_SEED);
    return asker;
}

static struct bytes epoch_of(struct party *party, const char *circle)
{
    struct circle name;
    struct epoch epoch;
    struct buf wire = {.max = EPOCH_WIRE_MAX};
    struct err err = {0};
    CHECK(circle_parse(&name, bytes_text(circle), NULL) == OK);
    CHECK_SEEN(matching_epoch(&epoch, &wire, &party->matching, &name, &err) == OK, "%s",
               err.text);
    struct bytes kept = arena_bytes(&arena, buf_bytes(&wire));
    buf_release(&wire);
    return kept;
}

/* An ask for count numbers of the class from `first` on. */
static struct bytes make_ask(struct asker *asker, struct party *to, enum key_class class,
                             unsigned first, size_t count)
{
    struct requester requester;
    struct match_item *items = arena_zalloc(&arena, count, sizeof *items);
    struct buf wire = {.max = ASK_WIRE_MAX};
    struct err err = {0};
    struct circle circle;
    CHECK(circle_parse(&circle, BYTES_OF("table"), NULL) == OK);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct match_item){
            class,
            bytes_text(class == KEY_PHONE ? arena_printf(&arena, "+99955%07zu", first + i)
                                          : arena_printf(&arena, "%07zu", first + i))};
    const struct requester_options options = {
        .world = &moved,
        .identity = &asker->identity,
        .sign = asker->party != NULL ? vault_sign_message : NULL,
        .sign_context = asker->party != NULL ? asker->party->matching.vault : NULL,
        .peer = to->key,
        .circle = circle,
        .normaliser = to->matching.normaliser,
        .seed = asker->seed,
        .first_batch = asker->batch++,
        .reason = {PURPOSE_INVESTIGATION, BYTES_OF("none"), bytes_text(asker->case_ref)},
    };
    enum status status =
        requester_begin(&requester, &options, epoch_of(to, "table"), items, count, &err);
    if (status == OK)
        status = requester_ask(&wire, &requester, 0, &err);
    CHECK_SEEN(status == OK, "%s", err.text);
    struct bytes kept = arena_bytes(&arena, buf_bytes(&wire));
    requester_release(&requester);
    buf_release(&wire);
    return kept;
}

static enum status send(struct party *to, const uint8_t *from, struct bytes ask,
                        struct bytes *answer, struct err *err)
{
    struct buf got = {.max = 1 << 20};
    enum status status = net_answer(to, from, "ask", ask, &got, err);
    if (answer != NULL)
        *answer = arena_bytes(&arena, buf_bytes(&got));
    CHECK(status == OK || got.len == 0);
    buf_release(&got);
    return status;
}

/* ---- AT-06 ---- */

static size_t probe(struct party *xa, struct asker *asker, size_t tries, struct err *err)
{
    size_t answered = 0;
    for (size_t i = 0; i < tries; i++)
        if (send(xa, asker->identity.public_key,
                 make_ask(asker, xa, KEY_PHONE, (unsigned)(i * 64), 64), NULL, err) == OK)
            answered++;
    return answered;
}

/* The process that was started last by this one. */
static pid_t last_child(void)
{
    char path[64], line[4096] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    pid_t last = 0;
    if (file != NULL && fgets(line, sizeof line, file) != NULL)
        for (char *at = line, *word; (word = strsep(&at, " ")) != NULL;)
            if (word[0] >= '0' && word[0] <= '9')
                last = (pid_t)atoi(word);
    if (file != NULL)
        fclose(file);
    return last;
}

static void test_range(void)
{
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct asker asker = asker_of(xb);
    struct err err = {0};
    struct bytes ten[10];
    /* Ten batches made beforehand and sent at once: four are worth 256. */
    size_t answered = 0;
    for (size_t i = 0; i < 10; i++)
        ten[i] = make_ask(&asker, xa, KEY_PHONE, (unsigned)(500000 + i * 64), 64);
    for (size_t i = 0; i < 10; i++)
        answered += send(xa, xb->key, ten[i], NULL, &err) == OK;
    CHECK_SEEN(answered == QUOTA / 64, "%zu", answered);
    CHECK_SEEN(strstr(err.text, "come again in") != NULL, "%s", err.text);
    CHECK(probe(xa, &asker, 12, &err) == 0); /* and so it would go on to 10^6 */

    /* kill -9 of the vault: nothing is given back. */
    party_close(xa);
    CHECK(party_open(xa, &err) == OK);
    pid_t vault = last_child();
    CHECK(vault > 0 && kill(vault, SIGKILL) == 0);
    CHECK(probe(xa, &asker, 1, &err) == 0);
    CHECK(node_close(xa->node, &err) == IO_FAILED);
    CHECK_SEEN(party_open(xa, &err) == OK, "%s", err.text);
    CHECK(probe(xa, &asker, 4, &err) == 0);
    CHECK_SEEN(strstr(err.text, "come again in") != NULL, "%s", err.text);

    /* What was answered before is answered again, after all that, and costs nothing. */
    struct bytes again, once_more;
    CHECK_SEEN(send(xa, xb->key, ten[0], &again, &err) == OK, "%s", err.text);
    CHECK(send(xa, xb->key, ten[0], &once_more, &err) == OK &&
          bytes_equal(bytes_slice(again, 4, again.len - 4),
                      bytes_slice(once_more, 4, once_more.len - 4)));
    CHECK(probe(xa, &asker, 1, &err) == 0);

    /* Clock put back. */
    party_close(xa);
    *offset_s -= 2 * DAY_S - 3600;
    CHECK_SEEN(party_open(xa, &err) == OK, "%s", err.text);
    CHECK(probe(xa, &asker, 2, &err) == 0);
    party_close(xa);
    *offset_s += 2 * DAY_S - 3600;
    CHECK_SEEN(party_open(xa, &err) == OK, "%s", err.text);
    CHECK(probe(xa, &asker, 2, &err) == 0);
}

static void copy_files(const char *from, const char *to, const char *only)
{
    static const char *const names[] = {"store.db", "store.keys", "checkpoint",
                                        "vault.quota"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct bytes content;
        if (only != NULL && strcmp(only, names[i]) != 0)
            continue;
        CHECK(file_read(&content, arena_printf(&arena, "%s/%s", from, names[i]), 1 << 28,
                        &arena, NULL) == OK &&
              file_write(arena_printf(&arena, "%s/%s", to, names[i]), content, FILE_SECRET,
                         NULL) == OK);
    }
}

static void test_copies(void)
{
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct asker asker = asker_of(xb);
    struct err err = {0};
    *offset_s += DAY_S; /* a fresh day */
    const char *copy = temporary_path("copy");
    copy = arena_printf(&arena, "%s", copy);
    mkdir(copy, 0700);
    party_close(xa);
    copy_files(xa->folder, copy, NULL);
    CHECK(party_open(xa, &err) == OK);
    CHECK(probe(xa, &asker, 6, &err) == 4);
    party_close(xa);
    /* The database put back, with its key file and even the checkpoint: the quota is the vault's. */
    copy_files(copy, xa->folder, "store.db");
    copy_files(copy, xa->folder, "store.keys");
    copy_files(copy, xa->folder, "checkpoint");
    CHECK_SEEN(party_open(xa, &err) == OK, "%s", err.text);
    CHECK(probe(xa, &asker, 4, &err) == 0);
    CHECK_SEEN(strstr(err.text, "come again in") != NULL, "%s", err.text);
    /* One more is answered, of another class, so that the log knows the counter again. */
    CHECK(send(xa, xb->key, make_ask(&asker, xa, KEY_IMO, 10, 8), NULL, &err) == OK);
    party_close(xa);
    /* The quota file put back: the log knows better, and nobody is answered today. */
    copy_files(copy, xa->folder, "vault.quota");
    CHECK_SEEN(party_open(xa, &err) == OK, "%s", err.text);
    CHECK(probe(xa, &asker, 2, &err) == 0);
    CHECK_SEEN(strstr(err.text, "not known for certain") != NULL, "%s", err.text);
    *offset_s += DAY_S;
    party_close(xa);
    CHECK(party_open(xa, &err) == OK);
    CHECK(probe(xa, &asker, 1, &err) == 1);
}

/* Ten partners who ask for one another: all together have ten times the usual. */
static void test_collusion(void)
{
    struct party *xa = net_party(&net, "XA");
    size_t before = xa->partner_count, answered = 0;
    struct asker askers[9];
    struct err err = {0};
    *offset_s += DAY_S;
    party_close(xa);
    CHECK(party_open(xa, &err) == OK);
    for (size_t i = 0; i < 9; i++) {
        struct party stranger = {.code = "XX"};
        askers[i] = asker_of(NULL);
        memcpy(stranger.key, askers[i].identity.public_key, IDENTITY_KEY);
        net_agree(xa, &stranger, "table", 512);
    }
    for (size_t i = 0; i < 9; i++)
        for (size_t k = 0; k < 2; k++)
            answered +=
                send(xa, askers[i].identity.public_key,
                     make_ask(&askers[i], xa, KEY_IMO, (unsigned)(i * 512 + k * 256), 256),
                     NULL, &err) == OK;
    CHECK_SEEN(answered == 10, "%zu batches of 256", answered); /* 2,560 of class imo */
    CHECK_SEEN(strstr(err.text, "all partners together") != NULL, "%s", err.text);
    xa->partner_count = before;
    /* Without an agreement nobody is answered. */
    CHECK(send(xa, askers[0].identity.public_key, make_ask(&askers[0], xa, KEY_PHONE, 0, 8),
               NULL, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "no agreement") != NULL, "%s", err.text);
}

static uint64_t file_size(const struct party *party, const char *name)
{
    struct stat about;
    return stat(arena_printf(&arena, "%s/%s", party->folder, name), &about) == 0
               ? (uint64_t)about.st_size
               : 0;
}

/* A case has its cap over all days, and nothing that is done to the node gives any of it back. */
static void test_case_cap(void)
{
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct asker asker = asker_of(xb);
    struct partner_class *agreed = NULL;
    struct err err = {0};
    for (size_t i = 0; i < xa->partner_count; i++)
        if (strcmp(xa->partners[i].code, "XB") == 0)
            agreed = &xa->partners[i].classes[KEY_PHONE];
    const char *copy = arena_printf(&arena, "%s", temporary_path("copy of case"));
    mkdir(copy, 0700);
    agreed->case_quota = 128;
    asker.case_ref = "CAPPED";
    *offset_s += DAY_S;
    party_close(xa);
    copy_files(xa->folder, copy, NULL);
    CHECK(party_open(xa, &err) == OK);
    CHECK(probe(xa, &asker, 1, &err) == 1);
    *offset_s += DAY_S;
    CHECK(probe(xa, &asker, 4, &err) == 1);
    CHECK_SEEN(strstr(err.text, "case \"CAPPED\" 128 elements of class phone") != NULL &&
                   strstr(err.text, "agree on more for a case") != NULL,
               "%s", err.text);

    /* The quota file put back, or gone, or both in turn with the vault killed: the log knows what it forgot. */
    static const char *const losses[] = {"quota put back", "quota gone", "and killed"};
    uint64_t size = file_size(xa, "vault.quota");
    for (size_t way = 0; way < 3; way++) {
        party_close(xa);
        if (way == 1)
            CHECK(unlink(arena_printf(&arena, "%s/vault.quota", xa->folder)) == 0);
        else
            copy_files(copy, xa->folder, "vault.quota");
        CHECK(file_size(xa, "vault.quota") < size);
        if (way == 2) {
            CHECK(party_open(xa, &err) == OK);
            CHECK(kill(last_child(), SIGKILL) == 0);
            CHECK(node_close(xa->node, &err) == IO_FAILED);
        }
        CHECK_SEEN(party_open(xa, &err) == OK, "%s: %s", losses[way], err.text);
        CHECK_SEEN(probe(xa, &asker, 2, &err) == 0, "%s", losses[way]);
        CHECK_SEEN(strstr(err.text, "not known for certain") != NULL, "%s: %s", losses[way],
                   err.text);
        *offset_s += DAY_S;
        party_close(xa);
        CHECK(party_open(xa, &err) == OK);
        CHECK_SEEN(probe(xa, &asker, 2, &err) == 0, "%s", losses[way]);
        CHECK_SEEN(strstr(err.text, "for case") != NULL, "%s: %s", losses[way], err.text);
    }
    *offset_s += DAY_S; /* so that a clock that is put back does not come to a barred day */

    static const char *const ways[] = {"kill -9", "database put back", "clock put back",
                                       "ten days later"};
    for (size_t way = 0; way < 4; way++) {
        if (way == 0) {
            party_close(xa);
            CHECK(party_open(xa, &err) == OK);
            CHECK(kill(last_child(), SIGKILL) == 0);
            CHECK(probe(xa, &asker, 1, &err) == 0);
            CHECK(node_close(xa->node, &err) == IO_FAILED);
        } else {
            party_close(xa);
        }
        if (way == 1) {
            copy_files(copy, xa->folder, "store.db");
            copy_files(copy, xa->folder, "store.keys");
            copy_files(copy, xa->folder, "checkpoint");
        }
        *offset_s += way == 2 ? -DAY_S : way == 3 ? 11 * DAY_S : 0;
        CHECK_SEEN(party_open(xa, &err) == OK, "%s: %s", ways[way], err.text);
        CHECK_SEEN(probe(xa, &asker, 2, &err) == 0, "%s", ways[way]);
        CHECK_SEEN(strstr(err.text, "for case") != NULL, "%s: %s", ways[way], err.text);
    }
    /* Another case has its own, and an agreement for more lets this one go on. */
    asker.case_ref = "ANOTHER";
    CHECK(probe(xa, &asker, 1, &err) == 1);
    asker.case_ref = "CAPPED";
    agreed->case_quota = 0;
    CHECK_SEEN(probe(xa, &asker, 1, &err) == 1, "%s", err.text);
}

/* ---- Bad asks ---- */

static void test_bad_asks(void)
{
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB"),
                 *xc = net_party(&net, "XC");
    struct asker asker = asker_of(xb);
    struct err err = {0};
    struct bytes answer;
    *offset_s += DAY_S;
    party_close(xa);
    CHECK(party_open(xa, &err) == OK);
    struct bytes good = make_ask(&asker, xa, KEY_PHONE, 0, 8);
    CHECK(send(xa, xb->key, good, &answer, &err) == OK);
    /* replayed by somebody else; to somebody else */
    CHECK(send(xa, xc->key, good, NULL, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "somebody other") != NULL, "%s", err.text);
    CHECK(send(xc, xb->key, good, NULL, &err) == REFUSED);
    /* the same batch id, other bytes */
    struct asker twin = asker;
    twin.batch--;
    struct bytes other = make_ask(&twin, xa, KEY_PHONE, 100, 8);
    CHECK(send(xa, xb->key, other, NULL, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "used once") != NULL, "%s", err.text);
    /* and after a restart */
    party_close(xa);
    CHECK(party_open(xa, &err) == OK);
    CHECK(send(xa, xb->key, other, NULL, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "used once") != NULL, "%s", err.text);
    /* cut, too long, changed */
    uint8_t *bent = arena_alloc(&arena, LINE_REQUEST_MAX);
    memset(bent, 7, LINE_REQUEST_MAX);
    memcpy(bent, good.at, good.len);
    CHECK(send(xa, xb->key, bytes_of(bent, LINE_REQUEST_MAX), NULL, &err) == TOO_LARGE);
    CHECK(send(xa, xb->key, bytes_of(bent, good.len + 1), NULL, &err) == BAD_INPUT);
    for (size_t len = 0; len < good.len; len += 13)
        CHECK(send(xa, xb->key, bytes_of(bent, len), NULL, &err) != OK);
    for (size_t at = 0; at < good.len; at += 11) {
        bent[at] ^= 16;
        CHECK(send(xa, xb->key, bytes_of(bent, good.len), NULL, &err) != OK);
        bent[at] ^= 16;
    }
    /* a class that is not agreed */
    xa->partners[0].classes[KEY_MARK].agreed = false;
    CHECK(send(xa, xb->key, make_ask(&asker, xa, KEY_MARK, 0, 8), NULL, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "not agreed") != NULL, "%s", err.text);
    xa->partners[0].classes[KEY_MARK].agreed = true;
    /* other calls, malformed */
    static const char *const kinds[] = {"epoch", "map", "epochs", "claim"};
    for (size_t i = 0; i < 4; i++)
        for (size_t len = 1; len < 300; len += 23) {
            struct buf got = {.max = 1 << 16};
            CHECK_SEEN(net_answer(xa, xb->key, kinds[i], bytes_of(bent, len), &got, &err) !=
                           OK,
                       "%s %zu", kinds[i], len);
            buf_release(&got);
        }
    CHECK(send(xa, xb->key, make_ask(&asker, xa, KEY_PHONE, 500, 8), NULL, &err) == OK);
}

/* ---- A partner that is not a node of ours, and lies ---- */

enum lie {
    HONEST,
    OTHER_KEY, /* answers with a key that it did not announce */
    OTHER_MAP, /* gives another map than the announced one */
    FORGED,    /* announces what somebody else has signed */
    OLDER,     /* goes back to an older announcement */
    TWO_MAPS,  /* shows XB another announcement of the same number */
    CUT_ANSWER,
    LONG_ANSWER,
    NO_ANSWER,
    ANOTHERS_ANSWER, /* the answer to another ask */
    LIES
};

static struct liar {
    enum lie lie;
    struct identity identity, stranger;
    struct publication one, two, forged, third;
    struct responder *responder, *other_key;
    struct bytes last;
} liar;

static void publish(struct publication *out, const struct identity *identity,
                    const uint8_t seed[OPRF_SEED], uint64_t number,
                    const struct publication *before)
{
    static const struct match_held held[] = {{{KEY_PHONE, BYTES_OF("+999550107788")}, 1},
                                             {{KEY_CONTAINER, BYTES_OF("QZAU2045184")}, 1}};
    struct err err = {0};
    struct publication_options options = {
        .world = &moved,
        .identity = identity,
        .seed = seed,
        .number = number,
        .from_s = world_now_s(&moved),
        .until_s = world_now_s(&moved) + 90 * (int64_t)DAY_S,
        .normaliser = net.parties[0].matching.normaliser,
    };
    CHECK(circle_parse(&options.circle, BYTES_OF("liars"), NULL) == OK);
    CHECK_SEEN(publication_init(out, &options, held, 2, &err) == OK, "%s", err.text);
    if (before == NULL)
        return;
    out->epoch.previous_number = before->epoch.number;
    message_digest(out->epoch.previous, buf_bytes(&before->epoch_wire));
    buf_clear(&out->epoch_wire);
    epoch_write(&out->epoch_wire, &out->epoch, identity);
}

static void prepare_liar(void)
{
    static uint8_t seed[OPRF_SEED] = "one", other[OPRF_SEED] = "other";
    identity_init(&liar.identity, &moved);
    identity_init(&liar.stranger, &moved);
    publish(&liar.one, &liar.identity, seed, 5, NULL);
    publish(&liar.two, &liar.identity, seed, 5, NULL);
    publish(&liar.third, &liar.identity, seed, 6, &liar.one);
    publish(&liar.forged, &liar.stranger, other, 7, NULL);
    struct responder_options options = {.world = &moved,
                                        .identity = &liar.identity,
                                        .epoch = &liar.one.epoch,
                                        .keys = &liar.one.keys};
    liar.responder = responder_open(&options);
    options.keys = &liar.forged.keys;
    liar.other_key = responder_open(&options);
}

static void release_liar(void)
{
    responder_close(liar.responder);
    responder_close(liar.other_key);
    publication_release(&liar.one);
    publication_release(&liar.two);
    publication_release(&liar.third);
    publication_release(&liar.forged);
}

static void put_wire(struct buf *answer, const struct buf *wire)
{
    buf_add_be16(answer, (uint16_t)wire->len);
    buf_add(answer, buf_bytes(wire));
}

static enum status liar_asked(struct bytes ask, const struct party *from,
                              struct buf *answer, struct err *err)
{
    struct bytes made;
    enum status status =
        responder_answer(&made, liar.lie == OTHER_KEY ? liar.other_key : liar.responder,
                         ask, from->key, err);
    if (status != OK)
        return status;
    buf_add_be32(answer, 9);
    if (liar.lie == ANOTHERS_ANSWER && liar.last.len > 0)
        buf_add(answer, liar.last);
    else
        buf_add(answer, made);
    liar.last = arena_bytes(&arena, made);
    if (liar.lie == CUT_ANSWER)
        answer->len -= 40;
    if (liar.lie == LONG_ANSWER)
        buf_add(answer, BYTES_OF("more than there should be"));
    return OK;
}

/* What XD says. */
static enum status lie(struct net *where, struct party *from, struct party *to,
                       const char *kind, struct bytes *request, struct buf *answer,
                       struct err *err)
{
    (void)where;
    if (strcmp(to->code, "XD") != 0)
        return OK;
    const struct publication *shown = &liar.one;
    if (liar.lie == TWO_MAPS && strcmp(from->code, "XB") == 0)
        shown = &liar.two;
    if (strcmp(kind, "epoch") == 0)
        put_wire(answer, liar.lie == FORGED  ? &liar.forged.epoch_wire
                         : liar.lie == OLDER ? &liar.one.epoch_wire
                                             : &shown->epoch_wire);
    else if (strcmp(kind, "map") == 0)
        buf_add(answer, buf_bytes(&(liar.lie == OTHER_MAP ? &liar.two : shown)
                                       ->map_wires[request->at[MAP_ID]]));
    else if (strcmp(kind, "ask") == 0 && liar.lie == NO_ANSWER)
        return fail(err, IO_FAILED, "the line broke");
    else if (strcmp(kind, "ask") == 0)
        return liar_asked(*request, from, answer, err);
    else
        return fail(err, NOT_FOUND, "no such call");
    return OK;
}

/* XA asks XD; what became of it. */
static void ask_liar(struct matching_result *result, enum lie how, const char *who)
{
    struct err err = {0};
    liar.lie = how;
    CHECK_SEEN(party_ask(result, net_party(&net, who), "TABLE", "XD", &arena, &err) == OK,
               "%s", err.text);
    CHECK(result->peer_count == 1);
}

static void forget_maps(const struct party *party)
{
    const char *folder = arena_printf(&arena, "%s/maps.in", party->folder);
    DIR *maps = opendir(folder);
    for (const struct dirent *entry; maps != NULL && (entry = readdir(maps)) != NULL;)
        if (entry->d_name[0] != '.')
            unlink(arena_printf(&arena, "%s/%s", folder, entry->d_name));
    if (maps != NULL)
        closedir(maps);
}

static void test_liar(void)
{
    static const struct {
        enum lie lie;
        enum status wanted;
        const char *why;
    } rows[] = {
        {FORGED, REFUSED, "somebody other"},
        {OTHER_MAP, REFUSED, "not the one that the epoch announces"},
        {OTHER_KEY, REFUSED, "does not verify"},
        {CUT_ANSWER, BAD_INPUT, "answer"},
        {LONG_ANSWER, BAD_INPUT, "answer"},
        {NO_ANSWER, IO_FAILED, "the line broke"},
        {ANOTHERS_ANSWER, REFUSED, "belongs to another ask"},
    };
    struct party *xd = &net.parties[net.count++], *xa = net_party(&net, "XA"),
                 *xb = net_party(&net, "XB");
    struct matching_result result;
    *xd = (struct party){.code = "XD", .net = &net};
    prepare_liar();
    memcpy(xd->key, liar.identity.public_key, IDENTITY_KEY);
    net_agree(xa, xd, "liars", 0);
    net_agree(xb, xd, "liars", 0);
    net.before = lie;
    ask_liar(&result, HONEST, "XA");
    CHECK_SEEN(result.peers[0].status == OK && result.hit_count == 2, "%s",
               result.peers[0].error);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        forget_maps(xa);
        ask_liar(&result, rows[i].lie, "XA");
        CHECK_SEEN(
            result.peers[0].status == rows[i].wanted && result.peers[0].error != NULL &&
                strstr(result.peers[0].error, rows[i].why) != NULL,
            "lie %d: %d %s", rows[i].lie, result.peers[0].status, result.peers[0].error);
        CHECK_SEEN(result.hit_count == 0 || rows[i].lie == ANOTHERS_ANSWER, "lie %d",
                   rows[i].lie);
        ask_liar(&result, HONEST, "XA");
        CHECK(result.peers[0].status == OK && result.hit_count == 2);
    }
    /* Two maps for two partners: XB is shown another, and XA hears of it before it asks. */
    ask_liar(&result, TWO_MAPS, "XB");
    CHECK_SEEN(result.peers[0].status == REFUSED &&
                   strstr(result.peers[0].error, "another map than us") != NULL,
               "%s", result.peers[0].error);
    ask_liar(&result, TWO_MAPS, "XA");
    CHECK_SEEN(result.peers[0].status == REFUSED && result.hit_count == 0 &&
                   strstr(result.peers[0].error, "another map than us") != NULL,
               "%s", result.peers[0].error);
    net.before = NULL;
    release_liar();
    net.count--;
    xa->partner_count--;
    xb->partner_count--;
}

static struct epoch announced(struct party *party)
{
    struct epoch epoch;
    struct err err = {0};
    CHECK_SEEN(epoch_parse(&epoch, epoch_of(party, "table"), &err) == OK, "%s", err.text);
    return epoch;
}

/* ---- What changes between two calls ---- */

static enum { AGREEMENT_ENDS, NEW_EPOCH, NOTHING } change;

/* At the partner, after it has told its announcement and before the first ask comes. */
static enum status change_before_ask(struct net *where, struct party *from,
                                     struct party *to, const char *kind,
                                     struct bytes *request, struct buf *answer,
                                     struct err *err)
{
    struct matching_published published[MATCHING_CIRCLES_MAX];
    size_t count;
    (void)where, (void)request, (void)answer;
    if (strcmp(kind, "ask") != 0 || change == NOTHING)
        return OK;
    if (change == NEW_EPOCH)
        CHECK(matching_publish(published, &count, &to->matching, NULL, true, err) == OK);
    for (size_t i = 0; i < to->partner_count && change == AGREEMENT_ENDS; i++)
        if (strcmp(to->partners[i].code, from->code) == 0)
            for (size_t class = 0; class < KEY_CLASSES; class ++)
                to->partners[i].classes[class].agreed = false;
    change = NOTHING;
    return OK;
}

/* An agreement that ends, or maps that are made anew, while somebody asks: nothing is answered under what is
 * over, nothing charged for it, and the next asking is as ever. */
static void test_between(void)
{
    struct party *xa = net_party(&net, "XA"), *xc = net_party(&net, "XC");
    struct matching_result result;
    struct err err = {0};
    *offset_s += DAY_S;
    party_close(xa);
    CHECK(party_open(xa, &err) == OK);
    net.before = change_before_ask;
    for (int way = AGREEMENT_ENDS; way < NOTHING; way++) {
        uint64_t size = file_size(xa, "vault.quota");
        change = way;
        CHECK(party_ask(&result, xc, "TABLE", "XA", &arena, &err) == OK);
        /* Maps that were made anew are asked once more, under what is told then. */
        if (way == NEW_EPOCH)
            CHECK_SEEN(result.peer_count == 1 && result.peers[0].status == OK &&
                           result.hit_count > 0,
                       "%s", result.peers[0].error);
        else
            CHECK_SEEN(result.peer_count == 1 && result.peers[0].status != OK &&
                           result.hit_count == 0 && result.peers[0].error != NULL &&
                           file_size(xa, "vault.quota") == size,
                       "%zu hits", result.hit_count);
        for (size_t i = 0; i < xa->partner_count; i++)
            for (size_t class = 0; class < KEY_CLASSES; class ++)
                xa->partners[i].classes[class].agreed = true;
        CHECK(party_ask(&result, xc, "TABLE", "XA", &arena, &err) == OK);
        CHECK_SEEN(result.peers[0].status == OK && result.hit_count > 0, "way %d: %s", way,
                   result.peers[0].error);
    }
    net.before = NULL;
}

/* Claims out of the air: a tag, a class, an epoch, a circle that never were, and a proof for none. */
static void test_claims_of_nothing(void)
{
    enum { NO_TAG, NO_EPOCH, OLD_EPOCH, NO_CIRCLE, OTHER_CLASS, MANY, ROWS };
    static const enum status wanted[ROWS] = {NOT_FOUND, NOT_FOUND, NOT_FOUND,
                                             REFUSED,   NOT_FOUND, NOT_FOUND};
    struct party *xa = net_party(&net, "XA"), *xc = net_party(&net, "XC");
    struct buf wire = {.max = CLAIM_WIRE_MAX}, answer = {.max = CLAIM_RECEIPT_MAX};
    struct epoch now = announced(xa);
    struct err err = {0};
    for (int row = 0; row < ROWS; row++) {
        struct claim claim = {
            .circle = now.circle,
            .epoch = row == NO_EPOCH    ? UINT64_MAX
                     : row == OLD_EPOCH ? 0
                                        : now.number,
            .class = row == OTHER_CLASS ? KEY_EMAIL : KEY_PHONE,
            .tag = row == MANY ? TAG_MANY : 0x1234567890,
            .pledged = {.size = UINT64_MAX},
            .reason = {PURPOSE_INVESTIGATION, BYTES_OF("none"), BYTES_OF("TABLE")},
            .handling = HANDLING_H0};
        memcpy(claim.requester, xc->key, IDENTITY_KEY);
        memcpy(claim.responder, xa->key, IDENTITY_KEY);
        claim.id[0] = (uint8_t)row;
        if (row == NO_CIRCLE)
            CHECK(circle_parse(&claim.circle, BYTES_OF("nowhere"), NULL) == OK);
        buf_clear(&wire);
        buf_clear(&answer);
        claim_write_unsigned(&wire, &claim);
        CHECK(vault_sign_message(xc->matching.vault, &wire, &err) == OK);
        enum status status =
            net_answer(xa, xc->key, "claim", buf_bytes(&wire), &answer, &err);
        CHECK_SEEN(status == wanted[row] && answer.len == 0, "row %d: %d %s", row, status,
                   err.text);
    }
    buf_release(&wire);
    buf_release(&answer);
}

/* ---- Deltas over the line ---- */

static void import_phone(struct party *party, unsigned number)
{
    temporary_file("phone.json", bytes_text(arena_printf(
                                     &arena,
                                     "{\"id\":\"N%u\",\"schema\":\"Phone\","
                                     "\"properties\":{\"number\":[\"+99957%07u\"]}}\n",
                                     number, number)));
    CHECK(party_import(party, temporary_path("phone.json"), "TABLE") == 1);
}

static size_t hits_on(const struct matching_result *result, const char *source)
{
    size_t count = 0;
    for (size_t i = 0; i < result->hit_count; i++)
        count += strcmp(result->hits[i].source, source) == 0;
    return count;
}

/* XA gives for today's delta of phones something else. */
enum delta_lie {
    DELTA_HONEST,
    DELTA_OLD,
    DELTA_MISSING,
    DELTA_IS_BASE,
    DELTA_BENT,
    DELTA_LIES
};
static struct {
    enum delta_lie lie;
    uint8_t id[MAP_ID], base[MAP_ID];
    struct buf old;
} delta_liar;

static enum status bend_delta(struct net *where, struct party *from, struct party *to,
                              const char *kind, struct bytes *request, struct buf *answer,
                              struct err *err)
{
    (void)where, (void)from;
    if (strcmp(to->code, "XA") != 0 || strcmp(kind, "map") != 0 ||
        memcmp(request->at, delta_liar.id, MAP_ID) != 0)
        return OK;
    if (delta_liar.lie == DELTA_MISSING)
        return fail(err, NOT_FOUND, "map: there is none");
    if (delta_liar.lie == DELTA_OLD) {
        buf_clear(answer);
        buf_add(answer, buf_bytes(&delta_liar.old));
    }
    if (delta_liar.lie == DELTA_IS_BASE) {
        uint8_t *base = arena_alloc(&arena, MAP_ID + 1);
        memcpy(base, delta_liar.base, MAP_ID);
        base[MAP_ID] = KEY_PHONE;
        buf_clear(answer);
        CHECK(net_answer(to, from->key, "map", bytes_of(base, MAP_ID + 1), answer, err) ==
              OK);
    }
    if (delta_liar.lie == DELTA_BENT)
        answer->at[answer->len / 2] ^= 1;
    return OK;
}

static void test_deltas(void)
{
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct matching_result result;
    struct err err = {0};
    struct epoch base, first, second;
    import_phone(xa, 1);
    import_phone(xb, 1);
    *offset_s += DAY_S;
    CHECK_SEEN(matching_tend(&xa->matching, &err) == OK, "%s", err.text);
    base = announced(xa);
    CHECK(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK &&
          hits_on(&result, "N1") == 1);
    /* Two days with a number each: the base stays, and is not fetched again. */
    import_phone(xa, 2);
    import_phone(xb, 2);
    import_phone(xb, 3);
    *offset_s += DAY_S;
    CHECK(matching_tend(&xa->matching, &err) == OK);
    first = announced(xa);
    CHECK(!epoch_is_base(&first) && first.base_number == base.base_number);
    unsigned maps = xa->maps;
    CHECK(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK);
    CHECK_SEEN(hits_on(&result, "N1") == 1 && hits_on(&result, "N2") == 1 &&
                   hits_on(&result, "N3") == 0 && result.peers[0].status == OK,
               "%s", result.peers[0].error);
    size_t asked = 0;
    for (size_t class = 0; class < KEY_CLASSES; class ++)
        asked += first.classes[class].offered;
    CHECK_SEEN(xa->maps - maps <= asked, "%u maps for %zu classes", xa->maps - maps, asked);
    maps = xa->maps;
    CHECK(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK && xa->maps == maps);
    delta_liar.old = (struct buf){.max = 1 << 20};
    uint8_t wanted[MAP_ID + 1];
    memcpy(wanted, first.classes[KEY_PHONE].delta_id, MAP_ID);
    wanted[MAP_ID] = KEY_PHONE;
    CHECK(net_answer(xa, xb->key, "map", bytes_of(wanted, sizeof wanted), &delta_liar.old,
                     &err) == OK);
    import_phone(xa, 3);
    *offset_s += DAY_S;
    CHECK(matching_tend(&xa->matching, &err) == OK);
    second = announced(xa);
    CHECK(!epoch_is_base(&second) && second.base_number == base.base_number &&
          second.pledges == first.pledges + 256 &&
          second.classes[KEY_PHONE].delta_cells == first.classes[KEY_PHONE].delta_cells);
    /* Yesterday's is not given any more. */
    struct buf gone = {.max = 1 << 20};
    CHECK(net_answer(xa, xb->key, "map", bytes_of(wanted, sizeof wanted), &gone, &err) ==
          NOT_FOUND);
    buf_release(&gone);

    memcpy(delta_liar.id, second.classes[KEY_PHONE].delta_id, MAP_ID);
    memcpy(delta_liar.base, second.classes[KEY_PHONE].map_id, MAP_ID);
    static const struct {
        enum delta_lie lie;
        enum status wanted;
        const char *why;
    } rows[] = {
        {DELTA_OLD, REFUSED, "delta: of epoch"},
        {DELTA_MISSING, NOT_FOUND, "there is none"},
        {DELTA_IS_BASE, REFUSED, "delta:"},
        {DELTA_BENT, REFUSED, "root differs"},
    };
    net.after = bend_delta;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        delta_liar.lie = rows[i].lie;
        forget_maps(xb);
        CHECK(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK);
        CHECK_SEEN(result.hit_count == 0 && result.peers[0].status == rows[i].wanted &&
                       strstr(result.peers[0].error, rows[i].why) != NULL,
                   "lie %d: %zu hits, %d %s", rows[i].lie, result.hit_count,
                   result.peers[0].status, result.peers[0].error);
    }
    delta_liar.lie = DELTA_HONEST;
    CHECK(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK &&
          hits_on(&result, "N1") == 1 && hits_on(&result, "N2") == 1 &&
          hits_on(&result, "N3") == 1 && result.peers[0].status == OK);
    net.after = NULL;
    buf_release(&delta_liar.old);

    /* A crash between the vault's files and the log: the next one is a new base, and all is found. */
    struct bytes held;
    const char *path = NULL;
    DIR *folder = opendir(xa->folder);
    uint64_t latest = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        unsigned long long number;
        if (sscanf(entry->d_name, "vault.pledges.%llu.table", &number) == 1 &&
            number >= latest) {
            latest = number;
            path = arena_printf(&arena, "%s/%s", xa->folder, entry->d_name);
        }
    }
    closedir(folder);
    CHECK(path != NULL && file_read(&held, path, 1 << 20, &arena, NULL) == OK &&
          held.len == second.pledges * 32);
    /* More was written than was announced: it does not count. */
    uint8_t *more = arena_zalloc(&arena, held.len + 96, 1);
    memcpy(more, held.at, held.len);
    CHECK(file_write(path, bytes_of(more, held.len + 96), FILE_SECRET, NULL) == OK);
    import_phone(xa, 4);
    *offset_s += DAY_S;
    CHECK(matching_tend(&xa->matching, &err) == OK);
    struct epoch third = announced(xa);
    CHECK(!epoch_is_base(&third) && third.pledges == second.pledges + 256);
    /* Changed: the tree is begun anew, and that shows. */
    CHECK(file_read(&held, path, 1 << 20, &arena, NULL) == OK);
    more = arena_zalloc(&arena, held.len, 1);
    memcpy(more, held.at, held.len);
    more[40] ^= 1;
    CHECK(file_write(path, bytes_of(more, held.len), FILE_SECRET, NULL) == OK);
    *offset_s += DAY_S;
    import_phone(xa, 5);
    CHECK(matching_tend(&xa->matching, &err) == OK);
    CHECK(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK &&
          hits_on(&result, "N3") == 1 && result.peers[0].status == OK);
}

/* While maps are made others are answered, nobody begins a second publication, and it may be given up. */
static struct {
    struct party *party;
    struct bytes ask;
    const uint8_t *from;
    unsigned times;
    bool stop;
} breather;

static bool breathe(void *context)
{
    struct err err = {0};
    struct buf answer = {.max = 1 << 20};
    (void)context;
    CHECK_SEEN(send(breather.party, breather.from, breather.ask, NULL, &err) == OK, "%s",
               err.text);
    CHECK_SEEN(net_answer(breather.party, breather.from, "epoch", (struct bytes){0},
                          &answer, &err) == OK,
               "%s", err.text);
    buf_release(&answer);
    breather.times++;
    return breather.stop && breather.times >= 2;
}

static void test_breath(void)
{
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct matching_result result;
    struct asker asker = asker_of(xb);
    struct err err = {0};
    size_t count;
    FILE *file = fopen(temporary_path("many.json"), "w");
    for (unsigned i = 0; i < 300; i++)
        fprintf(
            file,
            "{\"id\":\"M%u\",\"schema\":\"Phone\",\"properties\":{\"number\":[\"+99958%07u"
            "\"]}}\n",
            i, i);
    fclose(file);
    CHECK(party_import(xa, temporary_path("many.json"), "TABLE") == 300);
    *offset_s += DAY_S;
    struct act as = party_act(xa, ROLE_ANALYST, VERB_EPOCH);
    struct epoch before = announced(xa);
    for (int stop = 1; stop >= 0; stop--) {
        breather.party = xa;
        breather.from = xb->key;
        breather.ask = make_ask(&asker, xa, KEY_PHONE, 0, 8);
        breather.times = 0;
        breather.stop = stop;
        xa->matching.breathe = breathe;
        enum status status =
            matching_publish(published, &count, &xa->matching, &as, true, &err);
        xa->matching.breathe = NULL;
        struct epoch after = announced(xa);
        CHECK_SEEN(status == (stop ? BUSY : OK), "%d %s", status, err.text);
        /* Five times while records are read; and while the vault makes the maps, as long as that takes. */
        CHECK_SEEN(stop ? breather.times == 2 : breather.times >= 5, "%u", breather.times);
        CHECK((after.number == before.number) == stop);
    }
    struct epoch after = announced(xa);
    CHECK(epoch_is_base(&after) && after.classes[KEY_PHONE].map_cells > 300);
    CHECK(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK &&
          hits_on(&result, "N3") == 1);
}

/* A service signs what was added, and heeds the signals that end it, between two pieces. */
static void test_breath_of_node(void)
{
    struct party *xa = net_party(&net, "XA");
    struct matching matching;
    struct vault_last last;
    struct err err = {0};
    sigset_t ending, before;
    const struct timespec none = {.tv_sec = 0};
    CHECK(matching_of_node(&matching, xa->node, xa->folder, &moved) == OK);
    struct receipt *receipt = NULL;
    struct act list = party_act(xa, ROLE_ANALYST, VERB_HIT_LIST);
    CHECK(act_perform(&receipt, xa->matching.store, &list, &err) == OK);
    receipt_close(receipt);
    *offset_s += NODE_SIGN_S + 1;
    CHECK(node_signed(&last, xa->node, &err) == OK &&
          last.head.size < store_size(xa->matching.store));
    CHECK(!matching.breathe(matching.breathe_context));
    CHECK(node_signed(&last, xa->node, &err) == OK &&
          last.head.size == store_size(xa->matching.store));
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    CHECK(sigprocmask(SIG_BLOCK, &ending, &before) == 0 && raise(SIGTERM) == 0);
    CHECK(matching.breathe(matching.breathe_context));
    CHECK(sigtimedwait(&ending, NULL, &none) == SIGTERM);
    CHECK(!matching.breathe(matching.breathe_context));
    CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
}

/* An older seed expires while maps under the latest are made: these are made to the end under that. */
static bool let_expire(void *context)
{
    struct err err = {0};
    (void)context;
    if (breather.times++ == 0) {
        *offset_s += DAY_S;
        CHECK_SEEN(send(breather.party, breather.from, breather.ask, NULL, &err) == OK,
                   "%s", err.text);
    }
    return false;
}

static void test_expiry_between(void)
{
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct vault_epoch seeds[VAULT_EPOCHS_MAX];
    struct asker asker = asker_of(xb);
    struct err err = {0};
    size_t count, seed_count;
    *offset_s += 60 * DAY_S;
    CHECK(matching_publish(published, &count, &xa->matching, NULL, true, &err) == OK);
    CHECK(vault_epochs(seeds, &seed_count, xa->matching.vault, &err) == OK &&
          seed_count >= 2);
    /* half a day before the one before it ends */
    *offset_s += seeds[seed_count - 2].until_s - world_now_s(&moved) - DAY_S / 2;
    breather.party = xa;
    breather.from = xb->key;
    breather.ask = make_ask(&asker, xa, KEY_PHONE, 0, 8);
    breather.times = 0;
    xa->matching.breathe = let_expire;
    CHECK_SEEN(matching_publish(published, &count, &xa->matching, NULL, false, &err) == OK,
               "%s", err.text);
    xa->matching.breathe = NULL;
    CHECK(vault_epochs(seeds, &seed_count, xa->matching.vault, &err) == OK &&
          seed_count == 1 && breather.times >= 5);
    CHECK_SEEN(published[0].evaluated == 0, "%llu evaluated",
               (unsigned long long)published[0].evaluated);
}

/* ---- Withdrawal and expiry ---- */

/* A file ends no protection: each round has a person of its own. */
static const struct somebody {
    const char *id, *name, *phone, *becomes;
} people[] = {{"P1", "Ivo Marbello", "+999551230001", "acquitted"},
              {"P2", "Rui Tavello", "+999551230002", "witness"},
              {"P3", "Noa Castrel", "+999551230003", "victim"}};

static void put_person(struct party *party, const struct somebody *person,
                       const char *status)
{
    struct arena scratch = {0};
    temporary_file(
        "edit.json",
        bytes_text(arena_printf(
            &scratch,
            "{\"id\":\"%s\",\"schema\":\"Person\",\"properties\":{\"name\":[\"%s\"],"
            "\"birthDate\":[\"1980-05-04\"],\"phone\":[\"%s\"]},\"status\":\"%s\"}\n",
            person->id, person->name, person->phone, status)));
    party_import(party, temporary_path("edit.json"), "TABLE");
    arena_release(&scratch);
}

static size_t hits_on_person(const struct matching_result *result,
                             const struct somebody *person)
{
    size_t count = 0;
    for (size_t i = 0; i < result->hit_count; i++)
        count += strcmp(result->hits[i].source, person->id) == 0;
    return count;
}

/* A clock that is ahead for a while, and right again: nobody believes what was announced meanwhile, and the node
 * announces anew by itself when it is asked next. */
static void test_clock_ahead(void)
{
    enum { YEARS_S = 3 * 365 * DAY_S };
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct matching_result result;
    struct err err = {0};
    struct epoch *epochs;
    size_t count;
    *offset_s += YEARS_S;
    CHECK_SEEN(matching_tend(&xa->matching, &err) == OK, "%s", err.text);
    *offset_s -= YEARS_S;
    CHECK(matching_epochs(&epochs, &count, &xa->matching, &arena, &err) == OK &&
          count == 1 && epochs[0].from_s > world_now_s(net.world) + 1000 * DAY_S);
    CHECK(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK);
    CHECK_SEEN(result.peers[0].status == OK && result.hit_count > 0, "%s",
               result.peers[0].error);
    CHECK(matching_epochs(&epochs, &count, &xa->matching, &arena, &err) == OK &&
          count == 1 && epochs[0].from_s <= world_now_s(net.world) + DAY_S);
    *offset_s += 2 * DAY_S;
    CHECK(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK &&
          result.peers[0].status == OK);
}

static void test_withdrawal(void)
{
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct matching_result result;
    struct err err = {0};
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        const struct somebody *person = &people[i];
        put_person(xb, person, "suspect");
        put_person(xa, person, "suspect");
        *offset_s += DAY_S;
        CHECK_SEEN(matching_tend(&xa->matching, &err) == OK, "%s", err.text);
        CHECK_SEEN(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK, "%s",
                   err.text);
        size_t before = hits_on_person(&result, person);
        CHECK_SEEN(before == 2, "%zu %s", before,
                   result.peers[0].error != NULL ? result.peers[0].error : "");
        put_person(xa, person, person->becomes);
        /* Within a day it is out: the daemon looks every hour. */
        size_t hours = 0;
        do {
            *offset_s += 3600;
            CHECK(matching_tend(&xa->matching, &err) == OK);
            CHECK_SEEN(party_ask(&result, xb, "TABLE", "XA", &arena, &err) == OK, "%s",
                       err.text);
            hours++;
        } while (hits_on_person(&result, person) > 0 && hours < 24);
        CHECK_SEEN(hours <= 24 && hits_on_person(&result, person) == 0 &&
                       result.peers[0].status == OK,
                   "%s: %zu hours, %zu hits, %s", person->becomes, hours,
                   hits_on_person(&result, person),
                   result.peers[0].error != NULL ? result.peers[0].error : "");
        *offset_s += DAY_S;
    }
}

static void test_expiry(void)
{
    struct party *xa = net_party(&net, "XA"), *xb = net_party(&net, "XB");
    struct asker asker = asker_of(xb);
    struct err err = {0};
    struct bytes ask = make_ask(&asker, xa, KEY_PHONE, 0, 8), seeds;
    CHECK(send(xa, xb->key, ask, NULL, &err) == OK);
    *offset_s += 91 * DAY_S;
    CHECK(send(xa, xb->key, ask, NULL, &err) == REFUSED);
    CHECK_SEEN(strstr(err.text, "expired") != NULL, "%s", err.text);
    CHECK(file_read(&seeds, arena_printf(&arena, "%s/vault.seeds", xa->folder), 1 << 20,
                    &arena, NULL) == OK);
    CHECK(sodium_is_zero(seeds.at + 128, seeds.len - 128)); /* every seed is gone */
    CHECK_SEEN(matching_tend(&xa->matching, &err) == OK, "%s", err.text);
    CHECK(send(xa, xb->key, ask, NULL, &err) == REFUSED);
    CHECK(send(xa, xb->key, make_ask(&asker, xa, KEY_PHONE, 0, 8), NULL, &err) == OK);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    offset_s = mmap(NULL, sizeof *offset_s, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (offset_s == MAP_FAILED)
        return 1;
    *offset_s = 0;
    temporary_open();
    net.world = &moved;
    static const char *const codes[] = {"XA", "XB", "XC"}, *const countries[] = {"xa", "xb",
                                                                                 "xc"};
    struct err err = {0};
    temporary_file(
        "table.json",
        BYTES_OF(
            "{\"id\":\"T1\",\"schema\":\"Seizure\",\"properties\":{\"date\":[\"2026-02-"
            "03\"],\"country\":[\"xa\"],\"substance\":[\"Cocaine\"],"
            "\"containerNumber\":[\"QZAU2045184\"],\"phone\":[\"+999550107788\"],"
            "\"imoNumber\":[\"0007319\"],\"packagingMark\":[\"three dolphins\"]}}\n"));
    for (unsigned i = 0; i < 3; i++) {
        net_add(&net, codes[i], countries[i]);
        if (i != 1)
            party_import(&net.parties[i], temporary_path("table.json"), "TABLE");
    }
    net_agree_all(&net, "table", QUOTA);
    for (unsigned i = 0; i < 3; i++)
        CHECK_SEEN(matching_tend(&net.parties[i].matching, &err) == OK, "%s", err.text);
    test_range();
    test_copies();
    test_collusion();
    test_case_cap();
    test_between();
    test_claims_of_nothing();
    test_bad_asks();
    party_import(net_party(&net, "XB"), temporary_path("table.json"), "TABLE");
    test_liar();
    temporary_file("none.json", BYTES_OF(""));
    test_deltas();
    test_breath();
    test_breath_of_node();
    test_withdrawal();
    test_clock_ahead();
    test_expiry_between();
    test_expiry();
    net_close(&net);
    arena_release(&arena);
    temporary_close();
    return check_done("matching_hostile");
}
