/* SPDX-License-Identifier: Apache-2.0
 *
 * Every call of a partner to a whole node with its vault, and every answer of a partner that the node
 * asks. The first byte says which:
 *
 *     0 to 4    the request of a call: epoch, map, ask, claim, epochs
 *     5 to 8    what a partner answers to: epoch, epochs, map, ask
 *
 * Whatever comes, the node tells a sentence, stays sound, and answers the next good ask.
 */
#include "fuzz.h"

#include "../three_nodes.h"
#include "serve/matching_inside.h"

enum { REQUESTS = 5, ANSWERS = 4, KINDS = REQUESTS + ANSWERS, SEED_MAX = 64 * 1024 };

static const char *const names[KINDS] = {"epoch", "map",    "ask", "claim", "epochs",
                                         "epoch", "epochs", "map", "ask"};
static struct net net;
static struct party *xa, *xb;
static struct buf seeds[KINDS];
static struct arena arena;
static unsigned recording = KINDS; /* the answer that is being given, KINDS: what comes */
static struct bytes forced;

static enum status tamper(struct net *where, struct party *from, struct party *to,
                          const char *kind, struct bytes *request, struct buf *answer,
                          struct err *err)
{
    (void)where, (void)from, (void)to, (void)request, (void)err;
    if (recording < KINDS && strcmp(kind, names[recording]) == 0)
        buf_add(answer, bytes_slice(forced, 0,
                                    forced.len < answer->max ? forced.len : answer->max));
    return OK;
}

/* Good requests and answers, as they go over. */
static enum status record(struct net *where, struct party *from, struct party *to,
                          const char *kind, struct bytes *request, struct buf *answer,
                          struct err *err)
{
    (void)where, (void)to, (void)err;
    for (unsigned i = 0; i < KINDS && from == xb; i++)
        if (strcmp(kind, names[i]) == 0 && seeds[i].len == 0) {
            seeds[i].max = SEED_MAX;
            buf_add_byte(&seeds[i], (uint8_t)i);
            buf_add(&seeds[i], i < REQUESTS ? *request : buf_bytes(answer));
        }
    return OK;
}

static void end(void)
{
    net_close(&net);
    arena_release(&arena);
    temporary_close();
}

static void prepare(void)
{
    static bool ready;
    struct matching_result result;
    struct err err = {0};
    if (ready)
        return;
    ready = true;
    if (sodium_init() < 0)
        abort();
    /* In memory, where there is some: thousands of inputs are thousands of syncs. */
    strcpy(temporary_folder, "/dev/shm/enlace-fuzz-XXXXXX");
    if (mkdtemp(temporary_folder) == NULL)
        temporary_open();
    temporary_file(
        "a.json",
        BYTES_OF("{\"id\":\"1\",\"schema\":\"Phone\",\"properties\":{\"number\":[\"+99955"
                 "0107788\"]}}\n"));
    net.world = world_system();
    xa = net_add(&net, "XA", "xa");
    xb = net_add(&net, "XB", "xb");
    net_add(&net, "XC", "xc");
    net_agree_all(&net, "fuzz", 1 << 24);
    party_import(xa, temporary_path("a.json"), "F");
    party_import(xb, temporary_path("a.json"), "F");
    net.after = record;
    if (party_ask(&result, xb, "F", "XA", &arena, &err) != OK || result.hit_count != 1)
        abort();
    net.after = NULL;
    for (unsigned i = 0; i < KINDS; i++)
        if (seeds[i].len == 0) {
            seeds[i].max = SEED_MAX;
            buf_add_byte(&seeds[i], (uint8_t)i);
            if (i == 4) {
                buf_add(&seeds[i], bytes_of(xa->key, IDENTITY_KEY));
                buf_add_text(&seeds[i], "fuzz");
                for (unsigned k = 4; k < CIRCLE_FIELD; k++)
                    buf_add_byte(&seeds[i], 0);
            }
        }
    net.before = tamper;
    atexit(end);
}

static void ask_once(void)
{
    struct matching_result result;
    struct err err = {0};
    if (party_ask(&result, xb, "F", "XA", &arena, &err) != OK)
        abort(); /* the machine failed, not the partner */
    arena_reset(&arena);
    arena_reset(&net.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    prepare();
    if (size < 1)
        return 0;
    unsigned kind = data[0] % KINDS;
    struct bytes body = bytes_of(data + 1, size - 1);
    struct err err = {0};
    if (kind < REQUESTS) {
        struct buf answer = {.max = 1 << 20};
        enum status status = net_answer(xa, xb->key, names[kind], body, &answer, &err);
        if (status == IO_FAILED || (status != OK && err.text[0] == '\0'))
            abort();
        buf_release(&answer);
        return 0;
    }
    recording = kind;
    forced = body;
    ask_once();
    recording = KINDS;
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    prepare();
    if (index >= KINDS)
        return 0;
    *data = seeds[index].at;
    return seeds[index].len;
}
