/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/text.h"
#include "record/fold.h"
#include "record/words.h"

#include <string.h>

static const struct {
    const char *name, *text, *folded;
} texts[] = {
    {"case and accents", "Élske VAN  Noordt", "elske van noordt"},
    {"apostrophes vanish", "O'Brien d’Arc", "obrien darc"},
    {"dotted letters", "Noordt B.V.", "noordt bv"},
    {"an initial", "J. Smith", "j smith"},
    {"an initial that touches", "J.Smith", "j smith"},
    {"a dot inside", "St.Petersburg", "st petersburg"},
    {"hyphens part", "Alba-del-Sur", "alba del sur"},
    {"two letters of one", "Straße Ægir", "strasse aegir"},
    {"Cyrillic as passports have it", "Щербаков", "shcherbakov"},
    {"a Chinese name", "王伟明", "wang weiming"},
    {"digits", "12/4-B", "12 4 b"},
    {"nothing", " .-'\" ", ""},
};

static void test_texts(void)
{
    struct buf out = {.max = FOLD_OUT_MAX};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        buf_clear(&out);
        fold_text(&out, bytes_text(texts[i].text));
        CHECK_SEEN(bytes_is(buf_bytes(&out), texts[i].folded), "%s: %.*s", texts[i].name,
                   (int)out.len, (const char *)out.at);
    }
    buf_clear(&out);
    fold_compact(&out, BYTES_OF("QZAU 204518-4"));
    CHECK_TEXT(buf_bytes(&out), "qzau2045184");
    buf_release(&out);
}

/* However long, what comes out is whole words of at most FOLD_OUT_MAX bytes. */
static void test_long(void)
{
    struct buf in = {.max = 4096}, out = {.max = FOLD_OUT_MAX};
    for (int i = 0; i < 200; i++)
        buf_add_text(&in, "Ángela ");
    fold_text(&out, buf_bytes(&in));
    CHECK(out.len <= FOLD_OUT_MAX && !out.overflowed);
    CHECK(out.len >= 6 && memcmp(out.at + out.len - 6, "angela", 6) == 0);
    buf_clear(&in);
    buf_clear(&out);
    for (int i = 0; i < 600; i++)
        buf_add_text(&in, "ж");
    fold_text(&out, buf_bytes(&in));
    CHECK_SEEN(out.len == FOLD_OUT_MAX || out.len % 2 == 0, "%zu", out.len);
    buf_release(&in);
    buf_release(&out);
}

static void test_unknown_letters(void)
{
    struct buf a = {.max = FOLD_OUT_MAX}, b = {.max = FOLD_OUT_MAX};
    fold_text(&a, BYTES_OF("\xF0\x93\x80\x80\xF0\x93\x80\x81")); /* two hieroglyphs */
    fold_text(&b, BYTES_OF("\xF0\x93\x80\x80"));
    CHECK(b.len > 0 && a.len > b.len && memcmp(a.at, b.at, b.len) == 0);
    buf_release(&a);
    buf_release(&b);
}

static void test_sounds(void)
{
    static const char *const same[][2] = {
        {"mohammed", "mhmd"}, {"yusuf", "yousef"}, {"wladimir", "vladimir"}};
    uint8_t a[FOLD_SOUND_MAX], b[FOLD_SOUND_MAX];
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        size_t a_len = fold_sound(a, bytes_text(same[i][0]));
        size_t b_len = fold_sound(b, bytes_text(same[i][1]));
        CHECK_SEEN(a_len == b_len && memcmp(a, b, a_len) == 0, "%s", same[i][0]);
    }
    CHECK(fold_sound(a, BYTES_OF("qzau2045184")) == 0);
    /* Whatever follows, the first sound is one that the first letter can have. */
    for (unsigned i = 0; i < 26 * 26 * 26 * 26; i++) {
        const uint8_t word[] = {(uint8_t)('a' + i % 26), (uint8_t)('a' + i / 26 % 26),
                                (uint8_t)('a' + i / 676 % 26), (uint8_t)('a' + i / 17576)};
        size_t len = fold_sound(a, bytes_of(word, 4));
        if (len > 0 && (fold_first_sounds(word[0]) & 1U << a[0]) == 0)
            CHECK_SEEN(false, "%.4s: %u", (const char *)word, a[0]);
    }
}

static void test_words(void)
{
    struct arena arena = {0};
    struct record record;
    struct err err = {0};
    struct buf words = {.max = WORDS_MAX};
    struct word_line line;
    const struct schema *person = schema_find(BYTES_OF("Person"));
    static const struct {
        const char *property, *value;
    } said[] = {{"name", "Ana Lima"},          {"alias", "ANA LIMA"},
                {"firstName", "Ana"},          {"lastName", "Lima"},
                {"phone", "+351 21 000 0000"}, {"address", "Rua A 1"},
                {"notes", "not looked for"}};
    record_init(&record, person, &arena);
    record.id = "x-1";
    for (size_t i = 0; i < sizeof said / sizeof said[0]; i++) {
        const struct property *row = schema_property(person, bytes_text(said[i].property));
        CHECK(record_add(&record, row, row->name, bytes_text(said[i].value), NULL, &err) ==
              OK);
    }
    CHECK(record_finish(&record, NULL, &err) == OK);
    words_of_record(&words, &record);
    struct cursor cursor = {.rest = buf_bytes(&words)};
    CHECK(cursor_u8(&cursor) == 4);
    CHECK(words_next(&line, &cursor) && line.kind == WORD_NAME);
    CHECK_TEXT(line.text, "ana lima");
    CHECK(words_next(&line, &cursor) && line.kind == WORD_IDENTIFIER);
    CHECK_TEXT(line.text, "351210000000");
    CHECK(words_next(&line, &cursor) && line.kind == WORD_ADDRESS);
    CHECK(words_next(&line, &cursor) && line.kind == WORD_IDENTIFIER);
    CHECK_TEXT(line.text, "x1");
    CHECK(!words_next(&line, &cursor) && cursor.rest.len == 0);
    /* A form of somebody else's ends, and nothing is read behind it. */
    struct cursor foreign = {.rest = BYTES_OF("\x01\x05"
                                              "ab")};
    CHECK(!words_next(&line, &foreign));
    struct cursor kind = {.rest = BYTES_OF("\x07\x01"
                                           "a")};
    CHECK(!words_next(&line, &kind));
    buf_release(&words);
    arena_release(&arena);
}

int main(void)
{
    test_texts();
    test_long();
    test_unknown_letters();
    test_sounds();
    test_words();
    return check_done("fold");
}
