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
        {"Tomas Alvear", "Tomas&nbsp;Alvear says", true},
        {"Tomas Alvear", "Tomas&amp;nbsp;Alvear says", true},
        {"Tomas Alvear", "says&#32;Tom&#225;s&#xA0;Alv&eacute;ar", true},
        {"Tomas Alvear", "Tom&shy;as Al\u00ADve\u200Bar", true},
        {"Tomas Alvear", "says\u00A0Tomas\u2003Alvear\u2014he", true},
        {"Tomas Alvear", "from <Tomas Alvear> by post", true},
        {"Tomas Alvear", "<p title='Tomas Alvear'>he</p>", true},
        {"Tomas Alvear", "a &lt; Tomas Alvear &gt; b", true},
        {"Tomas Alvear", "he spoke.Tomas Alvear left", true},
        {"Tomas Alvear", "witness-Tomas Alvear", true},
        {"Tomas Alvear", "at Tomas Alvear's", true},
        {"Tomas Alvear", "at Tomas Alvear\u2019s flat", true},
        {"Tomas Alvear", "'Tomas Alvear'", true},
        {"Tomas Alvear", "chez Tomas d'Alvear", true},
        {"Tomas Alvear", "Tomas &alvear", true},
        {"Tomas Alvear", "&;&#;&#x;&#xFFFFFFFFFFFFFFFFFF;&#99999999999999999999999; Tomas",
         false},
        {"Tomas Alvear Quiroz", "Tomas de la Alvear y de Quiroz", true},
        {"Tomas Alvear",
         "Tomas\xFF"
         "Alvear",
         false},
        {"王小明", "我们的线人王小明说货物在港口", true},
        {"Wang Xiaoming", "我们的线人王小明说货物在港口", true},
        {"王小明", "我们的线人李小明说货物在港口", false},
        {"王小明", "他说：「王小明」。", true},
        {"欧阳锋", "据欧阳锋说", true},
        {"김정은", "어제 김정은이 말했다", true},
        {"김정은", "어제 김정일이 말했다", false},
        {"Tomas Alvear", "告诉Tomas Alvear了", true},
        {"トマス アルベアル", "昨日トマス・アルベアルさんが", true},
        {"สมชาย ใจดี", "คุณสมชาย ใจดีบอกว่า", true},
        {"トマス・アルベアル", "昨日トマス・アルベアルさんが", true},
        {"高橋みなみ", "昨日高橋みなみさんが", true},
        {"高橋みなみ", "昨日高橋まなみさんが", false},
        {"ทักษิณ ชินวัตร", "คุณทักษิณ ชินวัตรบอกว่า", true},
        {"Sean O'Brien", "at Sean O'Brien's", true},
        {"สมชาย ใจดี", "คุณสมศรี ใจดีบอกว่า", false},
        {"Suharto", "Suharto said", false}, /* one word names nobody */
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct record record = person("Person", cases[i].name, &arena);
        struct wanted wanted = {.count = 0};
        wanted.count = called_of_record(wanted.names, &record, &arena);
        struct called_words *words = called_words_open();
        called_words_add(words, &record);
        CHECK_SEEN(called_in_text(bytes_text(cases[i].text), words, is_wanted, &wanted) ==
                       cases[i].is,
                   "%s in: %s", cases[i].name, cases[i].text);
        called_words_close(words);
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

/* A text is read to its end, visited where words of names stand, and more names than fit are left out. */
static void test_limits(void)
{
    struct arena arena = {0};
    struct buf text = {.max = 1 << 20};
    size_t count = 0;
    struct called_words *words = called_words_open();
    CHECK(!called_in_text(BYTES_OF("Tomas Alvear"), words, count_one, &count));
    struct record wanted = person("Person", "Tomas Alvear", &arena);
    called_words_add(words, &wanted);
    for (int i = 0; i < 20000; i++)
        buf_addf(&text, "w%d ", i);
    buf_add_text(&text, "Tomas Alvear");
    CHECK(!called_in_text(buf_bytes(&text), words, count_one, &count));
    CHECK_SEEN(count == 1, "%zu", count); /* the run of both */
    buf_clear(&text);
    count = 0;
    for (int i = 0; i < 20000; i++)
        buf_add_byte(&text, 'x');
    buf_add_text(&text, " Tomas w Alvear Tomas 1 2 3 4 5 6 7 8 Alvear");
    CHECK(!called_in_text(buf_bytes(&text), words, count_one, &count));
    CHECK_SEEN(count == 3, "%zu", count);
    called_words_close(words);
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
