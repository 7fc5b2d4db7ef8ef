/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/bench_line.c: what the line between two nodes costs, over TLS on loopback, both ends with
 * their fronts in their sandboxes.
 *
 *     bench_line [quick]     quick: small sizes, to see that it runs
 *
 * Prints one JSON line a measure: the median call on a kept line, the median call that needs a fresh
 * one (connect, handshake with both certificates), and a large answer.
 */
#include "../tests/front_party.h"

#include "base/world.h"

enum { RUNS_MAX = 2000 };

static struct party asker, answerer;

static double now_ms(void)
{
    const struct world *world = world_system();
    return (double)world->monotonic_ns(world->context) / 1e6;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *times, size_t count)
{
    qsort(times, count, sizeof *times, compare);
    return times[count / 2];
}

static double call_ms(const char *kind, struct bytes request)
{
    struct buf answer = {.max = LINE_ANSWER_MAX};
    struct err err = {0};
    double start = now_ms();
    if (party_call(&asker, &answerer, kind, request, &answer, &err) != OK) {
        fprintf(stderr, "bench_line: %s\n", err.text);
        exit(EXIT_FAILURE);
    }
    double taken = now_ms() - start;
    buf_release(&answer);
    return taken;
}

static void measure_calls(size_t runs, size_t bytes)
{
    static double kept[RUNS_MAX], fresh[RUNS_MAX];
    uint8_t *request = xcalloc(bytes + 1, 1);
    size_t few = runs / 10 + 1;
    for (size_t i = 0; i < runs; i++)
        kept[i] = call_ms("echo", bytes_of(request, bytes));
    for (size_t i = 0; i < few; i++) {
        /* A new front has no line yet; its own start is not counted. */
        front_close(asker.front);
        party_open(&asker, -1);
        fresh[i] = call_ms("echo", bytes_of(request, bytes));
    }
    printf("{\"measure\":\"call between two nodes over TLS\",\"bytes_each_way\":%zu,"
           "\"kept_line_ms\":%.3f,\"fresh_line_ms\":%.3f}\n",
           bytes, median(kept, runs), median(fresh, few));
    free(request);
}

static void measure_large(uint32_t mib)
{
    double times[3];
    uint8_t wanted[4];
    store_be32(wanted, mib << 20);
    for (size_t i = 0; i < 3; i++)
        times[i] = call_ms("large", bytes_of(wanted, 4));
    double ms = median(times, 3);
    printf("{\"measure\":\"a large answer over TLS\",\"mib\":%u,\"ms\":%.0f,"
           "\"mib_a_second\":%.0f}\n",
           mib, ms, mib / ms * 1000);
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "quick") == 0;
    if (sodium_init() < 0)
        return EXIT_FAILURE;
    signal(SIGPIPE, SIG_IGN);
    asker = party_make("XA");
    answerer = party_make("XB");
    party_meet(&answerer, &asker, 1, false);
    party_serve(&answerer, 0);
    party_meet(&asker, &answerer, answerer.port, false);
    party_open(&asker, -1);
    measure_calls(quick ? 20 : 500, 64);
    measure_calls(quick ? 20 : 500, 64 * 1024);
    measure_large(quick ? 4 : 128);
    party_close(&asker);
    close(answerer.hold);
    waitpid(answerer.process, NULL, 0);
    peer_list_release(&answerer.peers);
    return EXIT_SUCCESS;
}
