/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/bench_read.c: how fast files are read and keyed, on one core, and in how much memory.
 *
 *     bench_read [ROWS [MEGABYTES]]     default 300000 rows, 2048 MB
 *
 * Writes files of fictional records from a fixed seed, reads them five times, prints one JSON
 * line a measure with the median. Seconds are of the processor, so that what else the machine does
 * counts less; wall_seconds stand beside them. The last measure reads one file of MEGABYTES in a process of
 * its own and gives that process's peak memory.
 */
#include "base/memory.h"
#include "base/world.h"
#include "formats/reader.h"
#include "record/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS = 5, PATH_MAX_LEN = 256 };

static uint64_t state = 20261124;

static unsigned draw(unsigned limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % limit;
}

static const char *pick(const char *const *from, unsigned count)
{
    return from[draw(count)];
}
#define PICK(list) pick((list), sizeof(list) / sizeof((list)[0]))

static const char *const given[] = {"Ana",  "Tomás", "Elske", "Idrissa", "Oumar", "Lucía",
                                    "John", "Fatou", "Иван",  "Mateo",   "Nádia", "Ruth"};
static const char *const family[] = {
    "Alvear Quiroz", "van Noordt", "da Costa Luar", "Halloran", "Okker",
    "Évora",         "Diallo",     "Петров",        "Silva",    "Ríos"};

static void write_ids_head(FILE *file)
{
    fputs(
        "REGION;SUBREGION;COUNTRY;ADMINISTRATIVE_DIVISION;PLACE;SEIZURE_DATE;DRUG_NAME;"
        "AMOUNT;"
        "DRUG_UNIT;HIDING_PLACE;INSTALLATION;TRANSPORT;PRODUCING_COUNTRY;DEPARTURE_COUNTRY;"
        "DESTINATION_COUNTRY;ROUTING\r\n",
        file);
}

static void write_ids_row(FILE *file)
{
    static const char *const places[] = {"Cochabamba", "Madrid", "MEDELLIN ", "Auckland",
                                         ""};
    static const char *const drugs[] = {"Cocaine Base", "Cocaine", "Heroin", "Coca leaf"};
    static const char *const states[] = {"Colombia", "Bolivia, Plurinational State of",
                                         "Spain", "Unknown", ""};
    fprintf(file,
            "Americas;South America;%s;;%s %u;20%02u-%02u-%02u;%s;%u.%u;Kilogram;Baggage;"
            "Airport;Commercial air;%s;%s;%s;Border - inbound\r\n",
            states[draw(3)], PICK(places), draw(400), 11 + draw(6), 1 + draw(12),
            1 + draw(28), PICK(drugs), draw(1000), draw(100), PICK(states), PICK(states),
            PICK(states));
}

static void write_ftm_entity(FILE *file, unsigned number, bool phones)
{
    if (draw(10) < 6) {
        fprintf(
            file,
            "{\"id\":\"p%u\",\"schema\":\"Person\",\"properties\":{\"name\":[\"%s %s\"],"
            "\"birthDate\":[\"19%02u-%02u-%02u\"],\"nationality\":[\"xa\"],\"address\":"
            "[\"Calle del Puerto %u, Puerto Velero\"]",
            number, PICK(given), PICK(family), 40 + draw(60), 1 + draw(12), 1 + draw(28),
            draw(900));
        if (phones)
            fprintf(file, ",\"phone\":[\"+34 6%02u %03u %03u\"]", draw(100), draw(1000),
                    draw(1000));
        fputs("}}\n", file);
    } else if (draw(2) == 0) {
        fprintf(file,
                "{\"id\":\"c%u\",\"schema\":\"Company\",\"properties\":{\"name\":[\"%s %u "
                "Fruit "
                "Import B.V.\"],\"jurisdiction\":[\"xc\"],\"registrationNumber\":[\"%u\"],"
                "\"address\":[\"Kaai %u, Nordhaven\"]}}\n",
                number, PICK(family), draw(5000), draw(100000000), draw(900));
    } else {
        fprintf(
            file,
            "{\"id\":\"o%u\",\"schema\":\"Ownership\",\"properties\":{\"owner\":[\"p%u\"],"
            "\"asset\":[\"c%u\"],\"startDate\":[\"2019-0%u-01\"],\"percentage\":[\"%u\"]}}"
            "\n",
            number, draw(number + 1), draw(number + 1), 1 + draw(9), draw(101));
    }
}

struct measure {
    double seconds, wall_seconds;
    uint64_t records, keys;
};

static double processor_s(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double)spent.tv_sec + (double)spent.tv_nsec / 1e9;
}

static void read_all(struct measure *measure, const char *path)
{
    struct reader_options options = {.path = path, .no_rejects_file = true};
    struct reader *reader = NULL;
    struct arena arena = {0};
    struct record record;
    struct err err = {0};
    const struct world *world = world_system();
    int64_t wall_start = world->monotonic_ns(NULL);
    double start = processor_s();
    enum status status = reader_open(&reader, &options, &err);
    while (status == OK && (status = reader_next(&record, reader, &arena, &err)) == OK) {
        struct key_list keys;
        keys_of_record(&keys, &record, &arena);
        measure->records++;
        measure->keys += keys.count;
        arena_reset(&arena);
    }
    if (status != NOT_FOUND) {
        fprintf(stderr, "%s: %s\n", path, err.text);
        exit(1);
    }
    measure->seconds = processor_s() - start;
    measure->wall_seconds = (double)(world->monotonic_ns(NULL) - wall_start) / 1e9;
    reader_close(reader);
    arena_release(&arena);
}

static int by_seconds(const void *a, const void *b)
{
    double x = ((const struct measure *)a)->seconds,
           y = ((const struct measure *)b)->seconds;
    return (x > y) - (x < y);
}

static void measure_file(const char *name, const char *path)
{
    struct measure runs[RUNS] = {0};
    for (int i = 0; i < RUNS; i++)
        read_all(&runs[i], path);
    qsort(runs, RUNS, sizeof runs[0], by_seconds);
    const struct measure *median = &runs[RUNS / 2];
    printf("{\"measure\":\"%s\",\"records\":%llu,\"keys_a_record\":%.3f,\"records_a_"
           "second\":%.0f,"
           "\"seconds\":%.4f,\"wall_seconds\":%.4f,\"runs\":%d}\n",
           name, (unsigned long long)median->records,
           (double)median->keys / (double)median->records,
           (double)median->records / median->seconds, median->seconds, median->wall_seconds,
           RUNS);
    fflush(stdout);
}

static FILE *create(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void close_written(FILE *file)
{
    if (fclose(file) != 0) {
        perror("writing the files to measure");
        exit(1);
    }
}

static void measure_memory(const char *path, unsigned megabytes)
{
    FILE *file = create(path);
    write_ids_head(file);
    while (ftello(file) < (off_t)megabytes * 1000000)
        for (int i = 0; i < 1000; i++)
            write_ids_row(file);
    close_written(file);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct measure measure = {0};
        read_all(&measure, path);
        struct rusage used;
        getrusage(RUSAGE_SELF, &used);
        printf(
            "{\"measure\":\"large file read and keyed\",\"megabytes\":%u,\"records\":%llu,"
            "\"seconds\":%.2f,\"wall_seconds\":%.2f,\"peak_mib\":%.1f}\n",
            megabytes, (unsigned long long)measure.records, measure.seconds,
            measure.wall_seconds, (double)used.ru_maxrss / 1024);
        fflush(stdout);
        _exit(0);
    }
    int how = 0;
    if (child < 0 || waitpid(child, &how, 0) < 0 || how != 0) {
        fputs("bench_read: the large file was not read\n", stderr);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    unsigned rows = argc > 1 ? (unsigned)atoi(argv[1]) : 300000;
    unsigned megabytes = argc > 2 ? (unsigned)atoi(argv[2]) : 2048;
    const char *folder = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    char path[PATH_MAX_LEN];
    snprintf(path, sizeof path, "%s/enlace-bench-%ld", folder, (long)getpid());

    FILE *file = create(path);
    write_ids_head(file);
    for (unsigned i = 0; i < rows; i++)
        write_ids_row(file);
    close_written(file);
    measure_file("ids rows read and keyed", path);

    for (int phones = 0; phones < 2; phones++) {
        file = create(path);
        for (unsigned i = 0; i < rows / (phones ? 10 : 1); i++)
            write_ftm_entity(file, i, phones);
        close_written(file);
        measure_file(phones ? "ftm entities read and keyed, persons with a phone"
                            : "ftm entities read and keyed",
                     path);
    }
    if (megabytes > 0)
        measure_memory(path, megabytes);
    unlink(path);
    return 0;
}
