/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/bench_store.c: how fast a node keeps, finds and makes again.
 *
 *     bench_store [SEIZURES [ENTITIES [SECONDS]]]     default 200000, 100000, 5
 *
 * In a folder of its own, on the disk that TMPDIR is on, from a fixed seed and fictional.
 * Prints one JSON line a measure. Everything counted is durable: synced before it was
 * counted. Disks stall: what acts at a steady pace took is printed beside what the same disk took, in the same
 * seconds, to write and sync 64 KiB, and beside what is left of it without the time that writing and syncing took.
 */
#include "base/memory.h"
#include "formats/reader.h"
#include "store/import.h"
#include "store/rebuild.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { PATH_MAX_LEN = 256, CLIENTS = 64, LOOKUPS = 2000, ACT_BYTES = 1024, PACE = 1000 };
enum { BARE_BYTES = 65536, BARE_PLACES = 64, PACE_ROUNDS = 5 };

static uint64_t state = 20261124;
static char folder[PATH_MAX_LEN], input[PATH_MAX_LEN + 16];
static struct err err;
static struct store *store;
static struct arena arena;

static unsigned draw(unsigned limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % limit;
}

static void must(enum status status, const char *what)
{
    if (status == OK)
        return;
    fprintf(stderr, "bench_store: %s: %s\n", what, err.text);
    exit(1);
}

static double now(void)
{
    return (double)world_system()->monotonic_ns(NULL) / 1e9;
}

/* ---- Files to import ---- */

static FILE *create_input(void)
{
    FILE *file = fopen(input, "w");
    if (file == NULL) {
        perror(input);
        exit(1);
    }
    return file;
}

static void write_seizures(unsigned rows)
{
    static const char *const places[] = {"Cochabamba", "Madrid", "Medellin", "Auckland"};
    static const char *const drugs[] = {"Cocaine Base", "Cocaine", "Heroin", "Coca leaf"};
    static const char *const lands[] = {"Colombia", "Bolivia", "Spain", ""};
    FILE *file = create_input();
    fputs(
        "REGION;SUBREGION;COUNTRY;ADMINISTRATIVE_DIVISION;PLACE;SEIZURE_DATE;DRUG_NAME;"
        "AMOUNT;"
        "DRUG_UNIT;HIDING_PLACE;INSTALLATION;TRANSPORT;PRODUCING_COUNTRY;DEPARTURE_COUNTRY;"
        "DESTINATION_COUNTRY;ROUTING\r\n",
        file);
    for (unsigned i = 0; i < rows; i++)
        fprintf(
            file,
            "Americas;South America;%s;;%s %u;20%02u-%02u-%02u;%s;%u.%u;Kilogram;Baggage;"
            "Airport;Commercial air;%s;%s;%s;Border - inbound\r\n",
            lands[draw(3)], places[draw(4)], draw(400), 11 + draw(6), 1 + draw(12),
            1 + draw(28), drugs[draw(4)], draw(1000), draw(100), lands[draw(4)],
            lands[draw(4)], lands[draw(4)]);
    fclose(file);
}

static void write_entities(unsigned rows)
{
    static const char *const given[] = {"Ana",     "Tomás", "Elske",
                                        "Idrissa", "Oumar", "Lucía"};
    static const char *const family[] = {"Alvear Quiroz", "van Noordt", "Halloran",
                                         "Silva"};
    FILE *file = create_input();
    for (unsigned i = 0; i < rows; i++) {
        if (i % 10 < 6)
            fprintf(
                file,
                "{\"id\":\"p%u\",\"schema\":\"Person\",\"properties\":{\"name\":[\"%s "
                "%s\"],"
                "\"birthDate\":[\"19%02u-%02u-%02u\"],\"nationality\":[\"xa\"],\"address\":"
                "[\"Calle del Puerto %u, Puerto "
                "Velero\"],\"email\":[\"p%u@example.org\"]}}\n",
                i, given[draw(6)], family[draw(4)], 40 + draw(60), 1 + draw(12),
                1 + draw(28), draw(900), i);
        else if (i % 10 < 8)
            fprintf(file,
                    "{\"id\":\"c%u\",\"schema\":\"Company\",\"properties\":{\"name\":[\"%s "
                    "%u Fruit "
                    "Import "
                    "B.V.\"],\"jurisdiction\":[\"xc\"],\"registrationNumber\":[\"%u\"]}}\n",
                    i, family[draw(4)], draw(5000), draw(100000000));
        else
            fprintf(file,
                    "{\"id\":\"o%u\",\"schema\":\"Ownership\",\"properties\":{\"owner\":["
                    "\"p%u\"],"
                    "\"asset\":[\"c%u\"],\"startDate\":[\"2019-0%u-01\"]}}\n",
                    i, draw(i + 1), draw(i + 1), 1 + draw(9));
    }
    fclose(file);
}

/* ---- Measures ---- */

static struct act act_of(enum role role, enum verb verb)
{
    struct act act = {.role = role, .verb = verb};
    unsigned roles;
    must(store_find_user(act.who, &roles, store, "ana", &err), "user");
    return act;
}

/* Of the processor: what it costs, whatever else the machine does. */
static double processor_now(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static uint64_t keys_now(void)
{
    struct store_status status;
    must(store_status(&status, store, &err), "status");
    return status.keys;
}

static void measure_import(const char *name)
{
    struct reader_options options = {.path = input, .no_rejects_file = true, .home = "xa"};
    struct reader *reader = NULL;
    struct import *import = NULL;
    struct record record;
    struct act act = act_of(ROLE_ANALYST, VERB_IMPORT_BEGIN);
    uint64_t keys = keys_now();
    double start = now(), processor = processor_now();
    enum status status;
    must(reader_open(&reader, &options, &err), "file");
    must(import_open(&import, store, &act, &err), "import");
    while ((status = reader_next(&record, reader, &arena, &err)) == OK) {
        must(import_add(import, &record, &err), "row");
        arena_reset(&arena);
    }
    if (status != NOT_FOUND)
        must(status, "row");
    must(import_finish(import, &err), "import");
    double seconds = now() - start;
    struct import_counts counts = import_counts(import);
    uint64_t rows = counts.added + counts.changed + counts.unchanged;
    printf("{\"measure\":\"%s\",\"records\":%llu,\"added\":%llu,\"keys_a_record\":%.2f,"
           "\"records_a_second\":%.0f,\"processor_us_a_record\":%.1f,\"seconds\":%.2f}\n",
           name, (unsigned long long)rows, (unsigned long long)counts.added,
           (double)(keys_now() - keys) / (double)rows, (double)rows / seconds,
           (processor_now() - processor) / (double)rows * 1e6, seconds);
    fflush(stdout);
    import_close(import);
    reader_close(reader);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at(double *sorted, size_t count, double part)
{
    return 1000 * sorted[(size_t)((double)(count - 1) * part)];
}

static void print_times(const char *name, double *seconds, size_t count)
{
    qsort(seconds, count, sizeof *seconds, by_value);
    printf("{\"measure\":\"%s\",\"acts\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%."
           "3f}\n",
           name, count, at(seconds, count, 0.5), at(seconds, count, 0.99),
           at(seconds, count, 1));
    fflush(stdout);
}

/* Found, and shown: with the entry of the search on the disk. */
static void measure_lookups(unsigned entities)
{
    static double before[LOOKUPS], with[LOOKUPS];
    struct act act = act_of(ROLE_ANALYST, VERB_SEARCH);
    for (unsigned i = 0; i < LOOKUPS; i++) {
        unsigned person = draw(entities) / 10 * 10 + draw(6);
        struct key key = {.class = KEY_EMAIL};
        struct receipt *receipt = NULL;
        struct shown shown;
        key.value = bytes_text(arena_printf(&arena, "p%u@example.org", person));
        act.key = &key;
        act.key_count = 1;
        double start = now();
        must(act_submit(&receipt, store, &act, &err), "search");
        before[i] = now() - start;
        must(store_commit(store, &err), "search");
        must(receipt_next(&shown, receipt, &arena, &err), "answer");
        with[i] = now() - start;
        receipt_close(receipt);
        arena_reset(&arena);
    }
    print_times("look-up by key, found", before, LOOKUPS);
    print_times("look-up by key, entry durable, content shown", with, LOOKUPS);
}

static void make_record(struct record *record, uint64_t number)
{
    static char words[ACT_BYTES];
    const struct schema *schema = schema_find(BYTES_OF("Person"));
    memset(words, 'x', sizeof words);
    record_init(record, schema, &arena);
    record->id = arena_printf(&arena, "act-%llu", (unsigned long long)number);
    must(record_add(record, schema_property(schema, BYTES_OF("notes")), "notes",
                    bytes_of(words, ACT_BYTES - 128), NULL, &err),
         "record");
    must(record_add(record, schema_property(schema, BYTES_OF("email")), "email",
                    bytes_text(arena_printf(&arena, "a%llu@example.net",
                                            (unsigned long long)number)),
                    NULL, &err),
         "record");
    must(record_add(record, schema_property(schema, BYTES_OF("name")), "name",
                    BYTES_OF("Ana Prueba"), NULL, &err),
         "record");
    must(record_finish(record, "xa", &err), "record");
}

static struct receipt *submit_one(uint64_t number)
{
    struct record record;
    struct receipt *receipt = NULL;
    static struct act act;
    if (act.verb == 0)
        act = act_of(ROLE_ANALYST, VERB_NEW);
    make_record(&record, number);
    act.record = &record;
    must(act_submit(&receipt, store, &act, &err), "act");
    arena_reset(&arena);
    return receipt;
}

/* 64 clients, each of which hands in its next act when the last was acknowledged. */
static void measure_rate(double seconds)
{
    struct receipt *receipts[CLIENTS];
    uint64_t done = 0;
    double start = now(), processor = processor_now();
    while (now() - start < seconds) {
        for (size_t i = 0; i < CLIENTS; i++)
            receipts[i] = submit_one(done + i);
        must(store_commit(store, &err), "commit");
        for (size_t i = 0; i < CLIENTS; i++) {
            must(receipt_open(receipts[i], &err), "receipt");
            receipt_close(receipts[i]);
        }
        done += CLIENTS;
    }
    printf("{\"measure\":\"acts of 1 KiB, 64 clients waiting\",\"acts\":%llu,"
           "\"acts_a_second\":%.0f,\"processor_us_an_act\":%.1f,\"seconds\":%.2f}\n",
           (unsigned long long)done, (double)done / (now() - start),
           (processor_now() - processor) / (double)done * 1e6, now() - start);
    fflush(stdout);
}

/* ---- The disk, in the midst of it ---- */

static struct disk watched; /* the system's, with a clock */

/* When it was written or synced, one after the other; `spent`: seconds in all those before. */
static struct spell {
    double start, end, spent;
} * spells;
static size_t spell_count, spell_capacity;

static void note_spell(double start)
{
    const struct spell *last = spell_count > 0 ? &spells[spell_count - 1] : NULL;
    double spent = last != NULL ? last->spent + last->end - last->start : 0;
    grow_to((void **)&spells, &spell_capacity, spell_count, sizeof *spells);
    spells[spell_count++] = (struct spell){start, now(), spent};
}

/* Seconds on the disk before a moment. */
static double on_disk_before(double moment)
{
    size_t from = 0, to = spell_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (spells[middle].start <= moment)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == 0)
        return 0;
    const struct spell *last = &spells[from - 1];
    return last->spent + (moment < last->end ? moment : last->end) - last->start;
}

static enum status watched_write(struct disk_file *file, struct bytes content, uint64_t at,
                                 struct err *why)
{
    double start = now();
    enum status status = disk_system()->write(file, content, at, why);
    note_spell(start);
    return status;
}

static enum status watched_sync(struct disk_file *file, struct err *why)
{
    double start = now();
    enum status status = disk_system()->sync(file, why);
    note_spell(start);
    return status;
}

struct times {
    double *seconds;
    size_t count, capacity;
};

static void add_time(struct times *times, double seconds)
{
    grow_to((void **)&times->seconds, &times->capacity, times->count,
            sizeof *times->seconds);
    times->seconds[times->count++] = seconds;
}

/* 64 KiB written over and over, each time synced: nothing of ours. */
static void write_barely(struct times *times, double seconds)
{
    static const uint8_t zeros[BARE_BYTES];
    struct disk_file *file = NULL;
    const struct disk *disk = disk_system();
    double end = now() + seconds;
    must(disk->open(&file, disk->context, input, true, &err), "file");
    for (unsigned i = 0; now() < end; i++) {
        double start = now();
        must(disk->write(file, bytes_of(zeros, BARE_BYTES),
                         (uint64_t)(i % BARE_PLACES) * BARE_BYTES, &err),
             "file");
        must(disk->sync(file, &err), "file");
        add_time(times, now() - start);
    }
    disk->close(file);
}

/* ---- At a steady pace ---- */

struct paced {
    struct times acts, without_disk, bare;
};

/* An act arrives every millisecond, whether or not the last is done. */
static void act_steadily(struct paced *paced, size_t count, uint64_t first)
{
    size_t handed = 0, done = 0;
    struct receipt **receipts = xcalloc(count, sizeof(*receipts));
    double start = now();
    while (done < count) {
        while (handed < count && now() - start >= (double)handed / PACE) {
            receipts[handed] = submit_one(first + handed);
            handed++;
        }
        if (handed == done) {
            nanosleep(&(struct timespec){.tv_nsec = 50000}, NULL);
            continue;
        }
        must(store_commit(store, &err), "commit");
        for (; done < handed; done++) {
            must(receipt_open(receipts[done], &err), "receipt");
            receipt_close(receipts[done]);
            double came = start + (double)done / PACE, left = now();
            double waited = on_disk_before(left) - on_disk_before(came);
            add_time(&paced->acts, left - came);
            add_time(&paced->without_disk, left - came - waited);
        }
    }
    free(receipts);
}

static void measure_pace(double seconds)
{
    struct paced paced = {0};
    size_t count = (size_t)(seconds * PACE / PACE_ROUNDS);
    for (unsigned i = 0; i < PACE_ROUNDS; i++) {
        write_barely(&paced.bare, seconds / PACE_ROUNDS / 2);
        act_steadily(&paced, count, UINT64_C(1) << 40 | (uint64_t)i * count);
        write_barely(&paced.bare, seconds / PACE_ROUNDS / 2);
    }
    struct times *all[] = {&paced.acts, &paced.without_disk, &paced.bare};
    static const char *const names[] = {"acts of 1 KiB, 1000 a second",
                                        "the same, without what the disk took",
                                        "disk alone: 64 KiB written and synced"};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        print_times(names[i], all[i]->seconds, all[i]->count);
        free(all[i]->seconds);
    }
}

static void measure_rebuild(void)
{
    struct rebuild rebuild;
    struct store_status status;
    struct act act = act_of(ROLE_ADMINISTRATOR, VERB_REBUILD);
    must(store_status(&status, store, &err), "status");
    double start = now(), processor = processor_now();
    must(store_rebuild(&rebuild, store, &act, &err), "rebuild");
    printf("{\"measure\":\"rebuild\",\"records\":%llu,\"keys\":%llu,\"same\":%s,"
           "\"processor_seconds\":%.2f,\"seconds\":%.2f}\n",
           (unsigned long long)status.records, (unsigned long long)rebuild.tables[0].rows,
           rebuild.same ? "true" : "false", processor_now() - processor, now() - start);
    fflush(stdout);
}

static void measure_size(const char *name)
{
    struct store_status status;
    must(store_status(&status, store, &err), "status");
    printf("{\"measure\":\"%s\",\"records\":%llu,\"megabytes\":%.1f,\"bytes_a_record\":%."
           "0f}\n",
           name, (unsigned long long)status.records, (double)status.bytes / 1e6,
           (double)status.bytes / (double)(status.records > 0 ? status.records : 1));
    fflush(stdout);
}

static void open_node(bool make)
{
    static const uint8_t secret[STORE_SECRET] = "a secret to measure with";
    const struct store_settings settings = {.agency = "XA",
                                            .name = "Bench",
                                            .country = "xa",
                                            .language = "en",
                                            .fiction = true};
    watched = *disk_system();
    watched.write = watched_write;
    watched.sync = watched_sync;
    struct store_options options = {.folder = folder, .secret = secret, .disk = &watched};
    if (make)
        must(store_create(&options, &settings, "ana", &err), "node");
    must(store_open(&store, &options, &err), "node");
}

static void remove_node(void)
{
    static const char *const files[] = {"store.db", "store.db-wal", "store.keys"};
    for (size_t i = 0; i < 3; i++) {
        char path[PATH_MAX_LEN + 16];
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        unlink(path);
    }
    rmdir(folder);
    unlink(input);
}

int main(int argc, char **argv)
{
    unsigned seizures = argc > 1 ? (unsigned)atoi(argv[1]) : 200000;
    unsigned entities = argc > 2 ? (unsigned)atoi(argv[2]) : 100000;
    double seconds = argc > 3 ? atof(argv[3]) : 5;
    const char *temporary = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    snprintf(folder, sizeof folder, "%s/enlace-bench-%ld", temporary, (long)getpid());
    snprintf(input, sizeof input, "%s.in", folder);

    open_node(true);
    write_seizures(seizures);
    measure_import("seizures imported, durable and keyed");
    measure_import("the same again, unchanged");
    store_close(store);
    open_node(false); /* all in one file now */
    measure_size("size of seizures");
    write_entities(entities);
    measure_import("ftm entities imported, durable and keyed");
    measure_lookups(entities);
    measure_rebuild();
    measure_rate(seconds);
    measure_pace(seconds);
    store_close(store);
    open_node(false);
    measure_size("size of everything");
    store_close(store);

    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("{\"measure\":\"peak memory of all this\",\"peak_mib\":%.1f}\n",
           (double)used.ru_maxrss / 1024);
    arena_release(&arena);
    free(spells);
    remove_node();
    return 0;
}
