/* SPDX-License-Identifier: Apache-2.0
 *
 * A name, a newline, a text: is whoever is called so named in it? A text with the name put behind it does name
 * them, where all of the name is letters and blanks.
 */
#include "fuzz.h"

#include "base/text.h"
#include "record/called.h"

#include <assert.h>

struct wanted {
    struct bytes names[CALLED_MAX];
    size_t count;
};

static bool is_wanted(void *context, struct bytes folded)
{
    const struct wanted *wanted = context;
    assert(utf8_valid(folded) && folded.len > 2);
    for (size_t i = 0; i < wanted->count; i++)
        if (bytes_equal(wanted->names[i], folded))
            return true;
    return false;
}

static bool is_plain(struct bytes name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_letter(name.at[i]) && name.at[i] != ' ')
            return false;
    return name.len < 60;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct err err = {0};
    struct record record;
    struct wanted wanted = {.count = 0};
    struct bytes name = {0}, text = bytes_of(data, size);
    struct buf more = {.max = 1 << 20};
    (void)text_next_part(&name, &text, '\n');
    record_init(&record, schema_find(BYTES_OF("Person")), &arena);
    record.id = "P";
    if (record_add(&record, schema_property(record.schema, BYTES_OF("name")), "name", name,
                   NULL, &err) == OK) {
        struct called_words *words = called_words_open();
        wanted.count = called_of_record(wanted.names, &record, &arena);
        called_words_add(words, &record);
        (void)called_in_text(text, words, is_wanted, &wanted);
        buf_add(&more, text);
        buf_add_text(&more, " | ");
        buf_add(&more, name);
        size_t blanks = 0;
        for (size_t i = 0; i < name.len; i++)
            blanks += name.at[i] == ' ';
        if (is_plain(name) && blanks < CALLED_RUN_MAX && wanted.count > 0 &&
            utf8_valid(text))
            assert(called_in_text(buf_bytes(&more), words, is_wanted, &wanted));
        called_words_close(words);
    }
    buf_release(&more);
    arena_release(&arena);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static const char *const seeds[] = {
        "Tomas Alvear Quiroz\nsays Tomas&nbsp;Alvear&amp;nbsp;Quiroz <b>Tomas</b> d'Alvear's",
        "Idrissa da Costa Luar\nfrom &#73;drissa &#x4c;uar&shy;, by <Idrissa\u00A0Luar>",
        "王小明\n我们的线人王小明说货物在港口「王小明」",
        "김정은\n어제 김정은이 말했다",
        "トマス アルベアル\n昨日トマス・アルベアルさんが",
        "สมชาย ใจดี\nคุณสมชาย ใจดีบอกว่า",
        "Владимир Петров\nсказал «Петров Владимир» вчера",
    };
    if (index >= sizeof seeds / sizeof seeds[0])
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}
