/* SPDX-License-Identifier: Apache-2.0
 *
 * bench/bench_search.c: how fast and how well names with slips in them are found.
 *
 *     bench_search [NAMES [QUESTIONS [tell]]]     default 1000000, 2000; tell: what was not found
 *
 * Invented people in seven scripts from a fixed seed (bench/people.h). A question is the name of one
 * of them with one or two slips (one when it is shorter than twelve letters), in three of ten with the last word first; half of those of another
 * script are asked in Latin letters. It counts as found when a record of that very name (folded) is
 * among the first twenty. Then a family name alone, with one slip, is asked in the script of its owner or in Latin
 * letters (neither Chinese nor Korean ones, which are short): it counts as found when somebody of that very family name is
 * among the first twenty. Times are of the first kind, of the search alone, before the entry of the
 * read. Prints one JSON line a measure.
 */
#include "base/memory.h"
#include "base/world.h"
#include "link/search.h"
#include "people.h"

#include <stdlib.h>
#include <time.h>

enum { FIRST = 20, SHORT = 12 };

static double now(void)
{
    return (double)world_system()->monotonic_ns(NULL) / 1e9;
}

/* Of this thread alone: what it takes on a machine where nobody else works. */
static double now_cpu(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const char *name, double value, const char *unit)
{
    printf("{\"measure\":\"%s\",\"value\":%.6g,\"unit\":\"%s\"}\n", name, value, unit);
    fflush(stdout);
}

struct folded {
    uint32_t at;
    uint8_t len;
};

static struct folded *folded;
static struct buf texts = {.max = SIZE_MAX};

static uint64_t *states; /* of the generator, before it made the name */

static void make_name(unsigned number)
{
    size_t start = texts.len;
    struct person person;
    states[number] = people_state;
    people_make(&person);
    fold_text(&texts, bytes_text(person.native));
    folded[number] = (struct folded){(uint32_t)start, (uint8_t)(texts.len - start)};
}

static struct bytes name_of(uint64_t number)
{
    return bytes_of(texts.at + folded[number].at, folded[number].len);
}

static void put_name(struct search *search, unsigned number)
{
    uint8_t words[3 + FOLD_OUT_MAX] = {1, WORD_NAME, folded[number].len};
    memcpy(words + 3, name_of(number).at, name_of(number).len);
    search_put(search, number, 0, bytes_of(words, 3 + (size_t)folded[number].len));
}

enum kind { SAME_SCRIPT, OTHER_SCRIPT, KINDS };

struct run {
    struct search *search;
    unsigned names;
    double *times, *cpu_times; /* ms */
    bool tell;                 /* on standard error, what was not found */
    unsigned asked[KINDS], found[KINDS];
};

/* Somebody who is there, made again from the state of the generator that made them. */
static unsigned draw_person(struct person *person, const struct run *run)
{
    unsigned target = 1 + people_draw(run->names);
    uint64_t state = people_state;
    people_state = states[target];
    people_make(person);
    people_state = state;
    return target;
}

static void ask(struct run *run, unsigned number)
{
    struct person person;
    struct question question;
    struct search_hit hits[FIRST];
    char text[PEOPLE_TEXT];
    unsigned target = draw_person(&person, run);
    bool other = strcmp(person.native, person.latin) != 0 && people_draw(2) == 0;
    enum kind kind = other ? OTHER_SCRIPT : SAME_SCRIPT;
    snprintf(text, sizeof text, "%s", other ? person.latin : person.native);
    /* Two slips in a name of a few letters leave another name. */
    size_t letters =
        person.culture == ARAB ? strlen(person.native) / 2 : strlen(person.latin);
    bool is_short = letters < SHORT;
    for (unsigned i = is_short ? 1 : 1 + people_draw(2); i > 0; i--)
        people_slip(text);
    if (people_draw(10) < 3)
        people_swap(text);
    double start = now(), start_cpu = now_cpu();
    size_t count = 0;
    if (question_read(&question, bytes_text(text))) {
        const struct search_query query = {.question = &question, .max = FIRST};
        count = search_find(hits, run->search, &query);
    }
    run->times[number] = (now() - start) * 1e3;
    run->cpu_times[number] = (now_cpu() - start_cpu) * 1e3;
    run->asked[kind]++;
    for (size_t i = 0; i < count; i++)
        if (bytes_equal(name_of(hits[i].number), name_of(target))) {
            run->found[kind]++;
            return;
        }
    if (run->tell)
        fprintf(stderr, "%d %s | %s | %.*s\n", person.culture, text, person.native,
                (int)name_of(target).len, (const char *)name_of(target).at);
}

static struct bytes last_word(struct bytes text)
{
    size_t at = text.len;
    while (at > 0 && text.at[at - 1] != ' ')
        at--;
    return bytes_slice(text, at, text.len - at);
}

/* Whether somebody so called is among the first twenty; asked: whether it was a question at all. */
static bool ask_word(bool *asked, struct run *run)
{
    enum { WORD_MIN = 5 };
    struct person person;
    struct question question;
    struct search_hit hits[FIRST];
    char text[PEOPLE_TEXT];
    unsigned target = draw_person(&person, run);
    struct bytes wanted = last_word(name_of(target));
    bool other = people_draw(2) == 0;
    struct bytes word = last_word(bytes_text(other ? person.latin : person.native));
    snprintf(text, sizeof text, "%.*s", (int)word.len, (const char *)word.at);
    *asked =
        person.culture != CHINESE && person.culture != KOREAN && wanted.len >= WORD_MIN;
    if (!*asked)
        return false;
    people_slip(text);
    if (!question_read(&question, bytes_text(text)))
        return false;
    const struct search_query query = {.question = &question, .max = FIRST};
    size_t count = search_find(hits, run->search, &query);
    for (size_t i = 0; i < count; i++)
        if (bytes_equal(last_word(name_of(hits[i].number)), wanted))
            return true;
    if (run->tell)
        fprintf(stderr, "one word: %d %s | %s | %.*s\n", person.culture, text,
                person.native, (int)wanted.len, (const char *)wanted.at);
    return false;
}

static void ask_words(struct run *run, unsigned questions)
{
    unsigned asked_count = 0, found = 0;
    for (unsigned i = 0; i < questions; i++) {
        bool asked;
        found += ask_word(&asked, run);
        asked_count += asked;
    }
    measure("search_recall_at_20_one_word", (double)found / asked_count, "");
}

int main(int argc, char **argv)
{
    struct run run = {.names = argc > 1 ? (unsigned)atoi(argv[1]) : 1000000,
                      .tell = argc > 3};
    unsigned questions = argc > 2 ? (unsigned)atoi(argv[2]) : 2000;
    struct search_size size;
    folded = xcalloc(run.names + 1, sizeof *folded);
    states = xcalloc(run.names + 1, sizeof *states);
    run.times = xcalloc(questions, sizeof *run.times);
    run.cpu_times = xcalloc(questions, sizeof *run.cpu_times);
    double start = now();
    for (unsigned i = 1; i <= run.names; i++)
        make_name(i);
    measure("search_fold_names_per_second", run.names / (now() - start), "1/s");

    run.search = search_open();
    start = now();
    for (unsigned i = 1; i <= run.names; i++)
        put_name(run.search, i);
    search_settle(run.search);
    measure("search_build_seconds", now() - start, "s");
    search_measure(&size, run.search);
    measure("search_bytes_per_name", (double)size.bytes / run.names, "byte");

    for (unsigned i = 0; i < questions; i++)
        ask(&run, i);
    qsort(run.times, questions, sizeof *run.times, by_size);
    measure("search_p50_ms", run.times[questions / 2], "ms");
    measure("search_p99_ms", run.times[questions * 99 / 100], "ms");
    qsort(run.cpu_times, questions, sizeof *run.cpu_times, by_size);
    measure("search_p50_cpu_ms", run.cpu_times[questions / 2], "ms");
    measure("search_p99_cpu_ms", run.cpu_times[questions * 99 / 100], "ms");
    measure("search_recall_at_20",
            (double)(run.found[0] + run.found[1]) / (run.asked[0] + run.asked[1]), "");
    measure("search_recall_at_20_same_script",
            (double)run.found[SAME_SCRIPT] / run.asked[SAME_SCRIPT], "");
    measure("search_recall_at_20_other_script",
            (double)run.found[OTHER_SCRIPT] / run.asked[OTHER_SCRIPT], "");
    ask_words(&run, questions);
    search_close(run.search);
    buf_release(&texts);
    free(run.times);
    free(run.cpu_times);
    free(states);
    free(folded);
    return 0;
}
