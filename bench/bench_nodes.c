/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/bench_nodes.c: two whole nodes, each with its store and its vault, on this machine's cores.
 *
 *     bench_nodes [quick|asks|maps [N]] quick: small sizes, to see that it runs; else a half of it, and
 *                                       maps of N keys (1,000,000)
 *     bench_nodes soak SECONDS          ten nodes that ask one another: memory and descriptors
 *
 * One JSON line a measure. The line between the nodes is a function call; everything else is what the
 * product does: entries, syncs, signatures, proofs.
 */
#include "../tests/three_nodes.h"

#include "base/world.h"
#include "match/oprf.h"

#include <sys/resource.h>

enum { RUNS = 3, QUOTA_RAISED = 1 << 20 };

struct sizes {
    unsigned large, small, map, stored;
};

static double now_s(void)
{
    const struct world *world = world_system();
    return (double)world->monotonic_ns(world->context) / 1e9;
}

/* Of this process and of the vaults: what it costs, however many others use the machine. */
static double cpu_s(void)
{
    struct rusage own;
    char path[64], line[4096] = "";
    getrusage(RUSAGE_SELF, &own);
    double seconds = (double)(own.ru_utime.tv_sec + own.ru_stime.tv_sec) +
                     (double)(own.ru_utime.tv_usec + own.ru_stime.tv_usec) / 1e6;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    if (file != NULL)
        fclose(file);
    for (char *at = line, *word; (word = strsep(&at, " ")) != NULL;) {
        unsigned long user = 0, system = 0;
        snprintf(path, sizeof path, "/proc/%s/stat", word);
        file = word[0] != '\0' ? fopen(path, "r") : NULL;
        if (file == NULL)
            continue;
        if (fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                   &user, &system) == 2)
            seconds += (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
        fclose(file);
    }
    return seconds;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void phones(const char *path, unsigned from, unsigned count)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        abort();
    for (unsigned i = from; i < from + count; i++)
        fprintf(file,
                "{\"id\":\"N%u\",\"schema\":\"Phone\",\"properties\":{\"number\":[\"+99955%"
                "07u\"]}}"
                "\n",
                i, i);
    fclose(file);
}

/* Both sides of one asking, the map there already. */
static void bench_ask(struct net *net, const char *name, unsigned count, double limit)
{
    struct party *xb = net_party(net, "XB");
    double runs[RUNS], cpu = 0;
    struct err err = {0};
    struct matching_result result;
    struct arena arena = {0};
    size_t hits = 0;
    phones(temporary_path("ask.json"), 0, count);
    party_import(xb, temporary_path("ask.json"), name);
    if (party_ask(&result, xb, name, "XA", &arena, &err) != OK) /* fetches the map */
        fprintf(stderr, "%s\n", err.text);
    for (int i = 0; i < RUNS; i++) {
        arena_reset(&arena);
        double start = now_s(), cpu_start = cpu_s();
        if (party_ask(&result, xb, name, "XA", &arena, &err) != OK ||
            result.peers[0].status != OK)
            fprintf(stderr, "%s %s\n", err.text, result.peers[0].error);
        runs[i] = now_s() - start;
        cpu = cpu_s() - cpu_start;
        hits = result.hit_count;
    }
    qsort(runs, RUNS, sizeof runs[0], compare);
    printf("{\"measure\":\"%s\",\"keys\":%u,\"hits\":%zu,\"seconds\":%.2f,\"goal\":%.0f,"
           "\"cpu_s\":%.2f}\n",
           name, count, hits, runs[RUNS / 2], limit, cpu);
    fflush(stdout);
    arena_release(&arena);
}

struct encode {
    uint8_t (*outputs)[OPRF_OUTPUT];
    uint8_t secret[OPRF_SCALAR];
    unsigned count;
};

static void encode_step(void *context, size_t step, unsigned thread)
{
    struct encode *encode = context;
    (void)thread;
    for (unsigned i = (unsigned)step * 64; i < (step + 1) * 64 && i < encode->count; i++) {
        char text[32];
        int len = snprintf(text, sizeof text, "phone:+99956%07u", i);
        oprf_evaluate(encode->outputs[i], encode->secret, bytes_of(text, (size_t)len),
                      OPRF_VERIFIABLE);
    }
}

static double time_encoding(unsigned count, struct pool *pool)
{
    struct encode encode = {xcalloc(count, OPRF_OUTPUT), {7}, count};
    double start = now_s();
    pool_run(pool, encode_step, &encode, (count + 63) / 64);
    double spent = now_s() - start;
    free(encode.outputs);
    return spent;
}

/* Keys into the vault, maps and announcement out; beside it what the bare encoding takes on the same
 * cores. */
static void bench_publish(struct net *net, unsigned count, bool again)
{
    struct party *xa = net_party(net, "XA");
    struct vault_publish publish = {.normaliser = xa->matching.normaliser,
                                    .new_seed = !again};
    struct vault_published published = {0};
    struct buf keys = {.max = VAULT_KEYS_MAX};
    struct err err = {0};
    uint64_t number;
    struct pool *pool = pool_open(0);
    double encoding_cpu = cpu_s(), encoding = again ? 0 : time_encoding(count, pool);
    encoding_cpu = cpu_s() - encoding_cpu;
    pool_close(pool);
    double start = now_s(), cpu_start = cpu_s();
    enum status status = circle_parse(&publish.circle, BYTES_OF("bench"), &err);
    if (status == OK)
        status = vault_publish_begin(&number, xa->matching.vault, &publish, &err);
    for (unsigned i = 0; i < count && status == OK; i++) {
        char text[32];
        int len = snprintf(text, sizeof text, "+99956%07u", i);
        vault_keys_add(&keys, KEY_PHONE, bytes_of(text, (size_t)len), i);
        if (keys.len + 64 > keys.max || i + 1 == count) {
            status = vault_publish_keys(xa->matching.vault, buf_bytes(&keys), &err);
            buf_clear(&keys);
        }
    }
    if (status == OK)
        status = vault_publish_finish(xa->matching.vault, &err);
    if (status == OK)
        status = vault_publish_end(&published, xa->matching.vault, &err);
    double spent = now_s() - start;
    if (status != OK)
        fprintf(stderr, "%s\n", err.text);
    printf("{\"measure\":\"%s\",\"keys\":%u,\"evaluated\":%llu,\"encoding_s\":%.1f,"
           "\"encoding_cpu_s\":%.1f,"
           "\"publish_s\":%.1f,\"over_s\":%.1f,\"goal_over_s\":5,\"cpu_s\":%.1f}\n",
           again ? "new base from sealed outputs" : "map published", count,
           (unsigned long long)published.evaluated, encoding, encoding_cpu, spent,
           spent - encoding, cpu_s() - cpu_start);
    fflush(stdout);
    buf_release(&keys);
}

/* From the store: reading and keying the records, too. */
static void bench_store(struct net *net, unsigned count)
{
    struct party *xa = net_party(net, "XA");
    struct matching_published published[MATCHING_CIRCLES_MAX];
    struct err err = {0};
    size_t circles;
    phones(temporary_path("many.json"), 1000000, count);
    party_import(xa, temporary_path("many.json"), NULL);
    double start = now_s();
    if (matching_publish(published, &circles, &xa->matching, NULL, false, &err) != OK)
        fprintf(stderr, "%s\n", err.text);
    double first = now_s() - start;
    start = now_s();
    if (matching_publish(published, &circles, &xa->matching, NULL, false, &err) != OK)
        fprintf(stderr, "%s\n", err.text);
    printf("{\"measure\":\"published from the store\",\"records\":%llu,\"seconds\":%.1f,"
           "\"again_s\":%.1f}\n",
           (unsigned long long)published[0].records, first, now_s() - start);
}

/* Resident memory of this process and the vaults, and open descriptors of all of them. */
static void count_resources(long *kib, unsigned *descriptors)
{
    char path[64], line[4096] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    if (file != NULL)
        fclose(file);
    char all[4200];
    snprintf(all, sizeof all, "self %s", line);
    *kib = 0;
    *descriptors = 0;
    for (char *at = all, *word; (word = strsep(&at, " ")) != NULL;) {
        long pages = 0;
        if (word[0] == '\0')
            continue;
        snprintf(path, sizeof path, "/proc/%s/statm", word);
        file = fopen(path, "r");
        if (file != NULL && fscanf(file, "%*d %ld", &pages) == 1)
            *kib += pages * (sysconf(_SC_PAGESIZE) / 1024);
        if (file != NULL)
            fclose(file);
        snprintf(path, sizeof path, "/proc/%s/fd", word);
        DIR *folder = opendir(path);
        while (folder != NULL && readdir(folder) != NULL)
            ++*descriptors;
        if (folder != NULL)
            closedir(folder);
    }
}

static void soak(struct net *net, double seconds)
{
    enum { NODES = 10, REPORTS = 6 };
    static const char *const codes[NODES] = {"XA", "XB", "XC", "XD", "XE",
                                             "XF", "XG", "XH", "XI", "XJ"};
    struct arena arena = {0};
    struct err err = {0};
    unsigned long asks = 0, failed = 0;
    for (unsigned i = 0; i < NODES; i++) {
        net_add(net, codes[i], "xa");
        phones(temporary_path("soak.json"), i * 15, 20); /* neighbours share five */
        party_import(&net->parties[i], temporary_path("soak.json"), "SOAK");
    }
    net_agree_all(net, "soak", QUOTA_RAISED);
    double start = now_s();
    for (unsigned report = 1; report <= REPORTS; report++) {
        long kib;
        unsigned descriptors;
        while (now_s() - start < seconds * report / REPORTS) {
            struct matching_result result;
            struct party *from = &net->parties[asks % NODES];
            const char *to = codes[(asks * 7 + 1) % NODES];
            asks++;
            if (strcmp(from->code, to) == 0)
                continue;
            failed += party_ask(&result, from, "SOAK", to, &arena, &err) != OK ||
                      result.peers[0].status != OK;
            arena_reset(&arena);
            arena_reset(&net->arena);
        }
        count_resources(&kib, &descriptors);
        printf("{\"measure\":\"ten nodes\",\"seconds\":%.0f,\"asks\":%lu,\"failed\":%lu,"
               "\"resident_kib\":%ld,\"descriptors\":%u}\n",
               now_s() - start, asks, failed, kib, descriptors);
        fflush(stdout);
    }
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    bool quick = argc > 1 && strcmp(argv[1], "quick") == 0;
    const struct sizes sizes = quick ? (struct sizes){300, 20, 2000, 1000}
                                     : (struct sizes){10000, 50, 1000000, 50000};
    struct net net = {.world = world_system()};
    unsigned map =
        argc > 2 && strcmp(argv[1], "maps") == 0 ? (unsigned)atoi(argv[2]) : sizes.map;
    if (sodium_init() < 0)
        return 1;
    bool soaking = argc > 2 && strcmp(argv[1], "soak") == 0;
    /* Soaking is about what is kept, not about the disk. */
    strcpy(temporary_folder, "/dev/shm/enlace-bench-XXXXXX");
    if (!soaking || mkdtemp(temporary_folder) == NULL)
        temporary_open();
    if (soaking) {
        soak(&net, atof(argv[2]));
        net_close(&net);
        temporary_close();
        return check_failed > 0;
    }
    net_add(&net, "XA", "xa");
    net_add(&net, "XB", "xb");
    net_agree_all(&net, "bench", QUOTA_RAISED);
    struct pool *pool = pool_open(0);
    for (size_t i = 0; i < net.count; i++)
        net.parties[i].matching.pool = pool;
    phones(temporary_path("held.json"), sizes.large / 2, sizes.large);
    party_import(net_party(&net, "XA"), temporary_path("held.json"), NULL);
    const char *half = argc > 1 && !quick ? argv[1] : "";
    if (strcmp(half, "maps") != 0) {
        bench_ask(&net, "ask, both sides", sizes.large, 8);
        bench_ask(&net, "ask of a few, both sides", sizes.small, 1);
        bench_store(&net, sizes.stored);
    }
    if (strcmp(half, "asks") != 0) {
        bench_publish(&net, map, false);
        bench_publish(&net, map, true);
    }
    net_close(&net);
    pool_close(pool);
    temporary_close();
    return check_failed > 0;
}
