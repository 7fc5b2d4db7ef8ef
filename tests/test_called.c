/* SPDX-License-Identifier: Apache-2.0 */
#include "record/called.h"

#include "check.h"

struct wanted {
    struct bytes names[CALLED_MAX];
    size_t count;
};

static bool is_wanted(void *context, struct bytes folded)
{
    const struct wanted *wanted = context;
    for (size_t i = 0; i < wanted->count; i++)
        if (bytes_equal(wanted->names[i], folded))
            return true;
    return false;
}

static struct record person(const char *schema, const char *name, struct arena *arena)
{
    struct record record;
    struct err err = {0};
    record_init(&record, schema_find(bytes_text(schema)), arena);
    record.id = "P";
    CHECK(record_add(&record, schema_property(record.schema, BYTES_OF("name")), "name",
                     bytes_text(name), NULL, &err) == OK);
    CHECK(record_finish(&record, NULL, &err) == OK);
    return record;
}

static void test_named(void)
{
    static const struct {
        const char *name, *text;
        bool is;
    } cases[] = {
        {"Rosalind Achterberg", "Rosalind Achterberg", true},
        {"Rosalind Achterberg", "told by ACHTERBERG, Rosalind on the quay", true},
        {"Rosalind Achterberg", "<p>Rosalind</p>\nAchterberg", true},
        {"Rosalind Achterberg", "Rosalind\tde Achterberg", true},
        {"Rosalind Achterberg", "Rosalind", false},
        {"Rosalind Achterberg", "Achterberg & Sons", false},
        {"Rosalind Achterberg", "Rosalind met Achterberg", false},
        {"Rosalind Achterberg", "", false},
        {"Elske van Noordt", "mevr. Elske van Noordt, born 1988", true},
        {"Elske van Noordt", "Elske Noordt", true},
        {"Tomás Alvear Quiroz", "tomas alvear", true},
        {"Tomás Alvear Quiroz", "Quiroz Tomás", true},
        {"Tomás Alvear Quiroz", "Alvear Quiroz", false}, /* two surnames: a family */
        {"Tomás Alvear Quiroz", "source: Tomas ALVEAR QUIROZ (shipyard)", true},
        {"Idrissa da Costa Luar", "from Idrissa da Costa Luar's brother", true},
        {"Idrissa da Costa Luar", "from Idrissa da Costa Luar, by phone", true},
        {"Владимир Петров", "сказал Петров Владимир вчера", true},
        {"Владимир Петров", "Vladimir Petrov said so", true},
        {"Sean O'Brien", "Seán O\u2019Brien", true},
        {"Suharto", "Suharto said", false}, /* one word names nobody */
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct record record = person("Person", cases[i].name, &arena);
        struct wanted wanted = {.count = 0};
        wanted.count = called_of_record(wanted.names, &record, &arena);
        CHECK_SEEN(called_in_text(bytes_text(cases[i].text), is_wanted, &wanted) ==
                       cases[i].is,
                   "%s in: %s", cases[i].name, cases[i].text);
    }
    struct record company = person("Company", "Harbour Works", &arena);
    struct bytes names[CALLED_MAX];
    CHECK(called_of_record(names, &company, &arena) == 0);
    arena_release(&arena);
}

static bool count_one(void *context, struct bytes folded)
{
    (void)folded;
    ++*(size_t *)context;
    return false;
}

/* Long texts end, and more names than fit are left out. */
static void test_limits(void)
{
    struct arena arena = {0};
    struct buf text = {.max = 1 << 20};
    size_t count = 0;
    for (int i = 0; i < CALLED_WORDS_MAX + 1000; i++)
        buf_addf(&text, "w%d ", i);
    CHECK(!called_in_text(buf_bytes(&text), count_one, &count));
    CHECK_SEEN(count == 4 * CALLED_WORDS_MAX - 10, "%zu", count);
    buf_clear(&text);
    for (int i = 0; i < 20000; i++)
        buf_add_byte(&text, 'x');
    CHECK(!called_in_text(buf_bytes(&text), count_one, &count));
    struct record record = person("Person", "a b", &arena);
    struct err err = {0};
    for (int i = 0; i < 2 * CALLED_MAX; i++) {
        const char *name = arena_printf(&arena, "alias%d other%d", i, i);
        CHECK(record_add(&record, schema_property(record.schema, BYTES_OF("alias")),
                         "alias", bytes_text(name), NULL, &err) == OK);
    }
    CHECK(record_finish(&record, NULL, &err) == OK);
    struct bytes names[CALLED_MAX];
    CHECK(called_of_record(names, &record, &arena) == CALLED_MAX);
    buf_release(&text);
    arena_release(&arena);
}

int main(void)
{
    test_named();
    test_limits();
    return check_done("called");
}
