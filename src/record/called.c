/* SPDX-License-Identifier: Apache-2.0 */
#include "record/called.h"

#include "base/text.h"
#include "record/name.h"

#include <sodium.h>
#include <stdlib.h>

static int word_order(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* Sorted, each once, with a blank between; empty when there are fewer than two. */
static struct bytes joined(struct bytes *words, size_t count, struct arena *arena)
{
    struct buf text = {.max = 2 * NAME_TEXT_MAX};
    size_t distinct = 0;
    qsort(words, count, sizeof *words, word_order);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && bytes_equal(words[i], words[i - 1]))
            continue;
        if (distinct++ > 0)
            buf_add_byte(&text, ' ');
        buf_add(&text, words[i]);
    }
    struct bytes whole = {0};
    if (distinct > 1 && !text.overflowed)
        whole = arena_bytes(arena, buf_bytes(&text));
    buf_release(&text);
    return whole;
}

/* With a blank for the dot between foreign names in Japanese: a person's words are apart. */
static struct bytes apart(struct bytes text, struct arena *arena)
{
    static const char dot[] = "\u30FB";
    uint8_t *at = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len;) {
        bool is = text.len - i >= 3 && memcmp(text.at + i, dot, 3) == 0;
        at[len++] = is ? ' ' : text.at[i];
        i += is ? 3 : 1;
    }
    return bytes_of(at, len);
}

static size_t add_name(struct bytes out[CALLED_MAX], size_t count, struct bytes text,
                       struct arena *arena)
{
    struct name_words_read read;
    const struct name_read_options options = {.kind = NAME_PERSON};
    name_read(&read, text, &options, arena);
    for (size_t other = 1; other < read.count && read.count > 2; other++) {
        struct bytes two[] = {read.words[0], read.words[other]};
        struct bytes pair = joined(two, 2, arena);
        if (pair.len > 0 && count < CALLED_MAX)
            out[count++] = pair;
    }
    if (read.count < 2)
        return count;
    struct bytes whole = joined(read.words, read.count, arena);
    if (whole.len > 0 && count < CALLED_MAX)
        out[count++] = whole;
    return count;
}

/* As written; of what is no person none. */
static size_t raw_names(struct bytes out[CALLED_MAX], const struct record *record,
                        struct arena *arena)
{
    static const char *const names[] = {"name", "alias", "previousName", "weakAlias"};
    size_t count = 0;
    if (!schema_is_a(record->schema, "LegalEntity") ||
        schema_is_a(record->schema, "Organization"))
        return 0;
    struct bytes first = record_first(record, "firstName"),
                 last = record_first(record, "lastName");
    if (first.len > 0 && last.len > 0)
        out[count++] = bytes_text(arena_printf(arena, "%.*s %.*s", (int)first.len,
                                               (const char *)first.at, (int)last.len,
                                               (const char *)last.at));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t at = 0;
        for (const struct record_value *value;
             count < CALLED_MAX && (value = record_next(record, names[i], &at)) != NULL;)
            out[count++] = apart(value->raw, arena);
    }
    return count;
}

size_t called_of_record(struct bytes out[CALLED_MAX], const struct record *record,
                        struct arena *arena)
{
    struct bytes raw[CALLED_MAX];
    size_t count = 0, raw_count = raw_names(raw, record, arena);
    for (size_t i = 0; i < raw_count; i++)
        count = add_name(out, count, raw[i], arena);
    return count;
}

/* ---- The words that names are made of ---- */

enum { REMEMBERED = 1 << 14, UNSPACED_MAX = 64 };

/* Of a word a keyed hash; its lowest bit says in remembered whether it is one of a name. */
struct called_words {
    uint8_t key[crypto_shorthash_KEYBYTES];
    uint64_t *items; /* in rising order once sorted */
    size_t count, capacity;
    bool sorted;
    uint64_t lengths
        [2]; /* bit n: a word of n + 1 characters in a script without blanks; joint */
    uint64_t remembered[REMEMBERED]; /* what was asked last, by hash; 0: nothing */
    struct arena arena;
};

struct called_words *called_words_open(void)
{
    struct called_words *words = xcalloc(1, sizeof *words);
    crypto_shorthash_keygen(words->key);
    return words;
}

void called_words_close(struct called_words *words)
{
    if (words == NULL)
        return;
    free(words->items);
    arena_release(&words->arena);
    free(words);
}

static uint64_t hash_of(const struct called_words *words, struct bytes text)
{
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t number;
    crypto_shorthash(hash, text.at, text.len, words->key);
    memcpy(&number, hash, sizeof number);
    return number | 1;
}

static int hash_order(const void *a, const void *b)
{
    uint64_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static void add_word(struct called_words *words, struct bytes word)
{
    grow_to((void **)&words->items, &words->capacity, words->count, sizeof *words->items);
    words->items[words->count++] = hash_of(words, word);
    words->sorted = false;
}

static bool has_item(const struct called_words *words, struct bytes folded)
{
    uint64_t hash = hash_of(words, folded);
    return bsearch(&hash, words->items, words->count, sizeof hash, hash_order) != NULL;
}

/* Words of ASCII, which most are, fold to lower case without apostrophes: without ICU's help. Its length; 0: it is
 * another. */
static size_t fold_ascii(uint8_t folded[static NAME_TEXT_MAX], struct bytes word)
{
    size_t len = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] >= 0x80 || len == NAME_TEXT_MAX)
            return 0;
        if (word.at[i] != '\'' && word.at[i] != '`')
            folded[len++] = to_lower(word.at[i]);
    }
    return len;
}

/* Is one of the words that it folds to one of a name? all: are all of them? */
static bool is_of_name(struct called_words *words, struct bytes word, bool all)
{
    uint8_t ascii[NAME_TEXT_MAX];
    size_t len = fold_ascii(ascii, word);
    if (len > 0)
        return has_item(words, bytes_of(ascii, len));
    uint64_t hash = hash_of(words, word) ^ (all ? 2 : 0),
             *place = &words->remembered[(hash >> 1) % REMEMBERED];
    if ((*place | 1) == hash)
        return (*place & 1) != 0;
    const struct name_read_options options = {.kind = NAME_PERSON};
    struct arena_mark mark = arena_mark(&words->arena);
    struct name_words_read read;
    size_t found = 0;
    name_read(&read, word, &options, &words->arena);
    for (size_t i = 0; i < read.count; i++)
        found += has_item(words, read.words[i]);
    arena_rewind(&words->arena, mark);
    bool is = found > 0 && (!all || found == read.count);
    *place = is ? hash : hash - 1;
    return is;
}

/* ---- Words in a text ---- */

enum script_class { BETWEEN, IGNORED, SPACED, HAN, HANGUL, KATAKANA, HIRAGANA, UNSPACED };

struct range {
    uint32_t first, last;
    enum script_class class;
};

static enum script_class class_of(uint32_t point)
{
    static const struct range ranges[] = {
        {0x00AD, 0x00AD, IGNORED},  {0x0080, 0x00A9, BETWEEN},   {0x00AB, 0x00B3, BETWEEN},
        {0x00B6, 0x00B9, BETWEEN},  {0x00BB, 0x00BF, BETWEEN},   {0x00D7, 0x00D7, BETWEEN},
        {0x00F7, 0x00F7, BETWEEN},  {0x0387, 0x0387, BETWEEN},   {0x055A, 0x055F, BETWEEN},
        {0x0589, 0x058A, BETWEEN},  {0x05BE, 0x05BE, BETWEEN},   {0x060C, 0x060D, BETWEEN},
        {0x061B, 0x061F, BETWEEN},  {0x06D4, 0x06D4, BETWEEN},   {0x0964, 0x0965, BETWEEN},
        {0x0E00, 0x0EFF, UNSPACED}, {0x1000, 0x109F, UNSPACED},  {0x1780, 0x17FF, UNSPACED},
        {0x2018, 0x2019, SPACED},   {0x200B, 0x200F, IGNORED},   {0x202A, 0x202E, IGNORED},
        {0x2060, 0x206F, IGNORED},  {0x2000, 0x206F, BETWEEN},   {0x2190, 0x2BFF, BETWEEN},
        {0x3005, 0x3005, HAN},      {0x3000, 0x303F, BETWEEN},   {0x3040, 0x309F, HIRAGANA},
        {0x30FB, 0x30FB, BETWEEN},  {0x30A0, 0x30FF, KATAKANA},  {0x3400, 0x4DBF, HAN},
        {0x4E00, 0x9FFF, HAN},      {0xAC00, 0xD7A3, HANGUL},    {0xE000, 0xF8FF, BETWEEN},
        {0xF900, 0xFAFF, HAN},      {0xFEFF, 0xFEFF, IGNORED},   {0xFF00, 0xFF0F, BETWEEN},
        {0xFF1A, 0xFF20, BETWEEN},  {0xFF3B, 0xFF40, BETWEEN},   {0xFF5B, 0xFF65, BETWEEN},
        {0xFFF0, 0xFFFF, BETWEEN},  {0x1F000, 0x1FAFF, BETWEEN}, {0x20000, 0x2FFFF, HAN}};
    if (point < 0x80)
        return is_letter((uint8_t)point) || is_digit((uint8_t)point) || point == '\'' ||
                       point == '`'
                   ? SPACED
                   : BETWEEN;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return ranges[i].class;
    return SPACED;
}

/* The length of a tag that begins here, as HTML has them; 0: it is none. */
static size_t tag_at(struct bytes text, size_t at)
{
    enum { TAG_MAX = 512 };
    if (text.at[at] != '<')
        return 0;
    for (size_t i = at + 1; i < text.len && i < at + TAG_MAX && text.at[i] != '<'; i++)
        if (text.at[i] == '>')
            return i + 1 - at;
    return 0;
}

/* What stands for a character in HTML: "&#233;", "&#xE9;", "&eacute;". Of those with a name the letters of Latin-1 and
 * Latin-2 lose their accent, as they do when folded; all others part words. Its length; 0: it is none. */
static size_t entity_at(uint32_t *point, struct bytes text, size_t at)
{
    enum { ENTITY_MAX = 34 };
    static const struct {
        const char *name;
        uint32_t point;
    } named[] = {{"shy", 0xAD},    {"zwj", 0x200D},  {"zwnj", 0x200C},  {"rsquo", 0x2019},
                 {"apos", '\''},   {"szlig", 0xDF},  {"aelig", 0xE6},   {"AElig", 0xC6},
                 {"oelig", 0x153}, {"OElig", 0x152}, {"eth", 0xF0},     {"ETH", 0xD0},
                 {"thorn", 0xFE},  {"THORN", 0xDE},  {"inodot", 0x131}, {"imath", 0x131},
                 {"lsquo", 0x2018}};
    static const char *const accents[] = {"acute", "grave", "circ",  "tilde", "uml",
                                          "ring",  "cedil", "slash", "caron", "ogon",
                                          "breve", "macr",  "strok", "dblac", "dot"};
    size_t end = at + 1;
    while (end < text.len && end < at + ENTITY_MAX &&
           (is_letter(text.at[end]) || is_digit(text.at[end]) ||
            (end == at + 1 && text.at[end] == '#')))
        end++;
    if (text.at[at] != '&' || end < at + 3 || end >= text.len || text.at[end] != ';')
        return 0;
    struct bytes name = bytes_slice(text, at + 1, end - at - 1);
    *point = ' ';
    if (name.at[0] == '#') {
        bool hex = (name.at[1] | 0x20) == 'x';
        char digits[ENTITY_MAX + 1] = {0};
        memcpy(digits, name.at + (hex ? 2 : 1), name.len - (hex ? 2 : 1));
        unsigned long number = strtoul(digits, NULL, hex ? 16 : 10);
        bool is =
            number >= 0x20 && number < 0x110000 && (number < 0xD800 || number >= 0xE000);
        *point = is && number != '<' && number != '&' ? (uint32_t)number : ' ';
        return end + 1 - at;
    }
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (bytes_is(name, named[i].name))
            *point = named[i].point;
    for (size_t i = 0; i < sizeof accents / sizeof accents[0]; i++)
        if (bytes_is(bytes_slice(name, 1, name.len - 1), accents[i]))
            *point = name.at[0];
    return end + 1 - at;
}

/* Without what nobody sees. "&amp;nbsp;" was written twice: it is read twice. */
static void read_through(struct buf *out, struct bytes text)
{
    for (size_t at = 0; at < text.len;) {
        struct bytes rest = bytes_slice(text, at, text.len - at);
        uint32_t point;
        size_t len = entity_at(&point, text, at);
        if (len > 0 && bytes_is(bytes_slice(text, at, len), "&amp;"))
            point = '&';
        if (len == 0) {
            if (!utf8_next(&point, &rest))
                break;
            len = text.len - at - rest.len;
        }
        if (class_of(point) != IGNORED)
            utf8_add(out, point);
        at += len;
    }
}

/* ---- Runs of words ---- */

/* An apostrophe is in a word (O'Brien), or parts two, of which a letter alone is none (d'Alvear), or ends one (O'Brien's). */
enum marks { MARKS_INSIDE, MARKS_APART, MARKS_POSSESSIVE, MARKS_WAYS };

struct reader {
    struct called_words *words;
    called_visit *visit;
    void *context;
    struct bytes run[CALLED_RUN_MAX]; /* the last words, the newest first */
    bool of_name[CALLED_RUN_MAX];
    size_t count;
    struct buf text;
    bool gather; /* into words, and nothing is visited */
    enum marks marks;
    bool tags;  /* what stands in a tag is not read */
    bool joint; /* Han and kana are one word */
    bool done;
};

static void visit_run(struct reader *reader, const struct bytes *newest, size_t count)
{
    struct arena *arena = &reader->words->arena;
    struct arena_mark mark = arena_mark(arena);
    const struct name_read_options options = {.kind = NAME_PERSON};
    struct name_words_read read;
    buf_clear(&reader->text);
    for (size_t i = count; i > 0; i--) {
        buf_add(&reader->text, newest[i - 1]);
        buf_add_byte(&reader->text, ' ');
    }
    name_read(&read, buf_bytes(&reader->text), &options, arena);
    struct bytes folded = joined(read.words, read.count, arena);
    reader->done = folded.len > 0 && reader->visit(reader->context, folded);
    arena_rewind(arena, mark);
}

static void add_to_run(struct reader *reader, struct bytes word)
{
    memmove(reader->run + 1, reader->run, (CALLED_RUN_MAX - 1) * sizeof *reader->run);
    memmove(reader->of_name + 1, reader->of_name, CALLED_RUN_MAX - 1);
    reader->run[0] = word;
    reader->of_name[0] = is_of_name(reader->words, word, false);
    reader->count += reader->count < CALLED_RUN_MAX;
    for (size_t i = 0; i < reader->count && reader->of_name[0] && !reader->done; i++)
        if (reader->of_name[i])
            visit_run(reader, reader->run, i + 1);
}

/* Names are short in Han and Hangul: any few characters may be one. */
static void read_short(struct reader *reader, struct bytes word)
{
    enum { SHORT_MIN = 2, SHORT_MAX = 4 };
    for (uint32_t point; word.len > 0 && !reader->done; utf8_next(&point, &word)) {
        struct bytes behind = word;
        for (size_t len = 1; len <= SHORT_MAX && utf8_next(&point, &behind); len++) {
            struct bytes part = bytes_slice(word, 0, word.len - behind.len);
            if (len >= SHORT_MIN && !reader->done && is_of_name(reader->words, part, false))
                visit_run(reader, &part, 1);
        }
    }
}

/* The longest part of a word from here on that is a word of a name; empty: none is. */
static struct bytes longest_part(struct reader *reader, struct bytes word)
{
    uint64_t lengths = reader->words->lengths[reader->joint];
    struct bytes behind = word, longest = {0};
    uint32_t point;
    for (size_t len = 1; len <= UNSPACED_MAX && utf8_next(&point, &behind); len++) {
        struct bytes part = bytes_slice(word, 0, word.len - behind.len);
        if ((lengths >> (len - 1) & 1) != 0 && is_of_name(reader->words, part, true))
            longest = part;
    }
    return longest;
}

/* In scripts without blanks each of these is a word of the text. */
static void read_parts(struct reader *reader, struct bytes word)
{
    uint32_t point;
    while (word.len > 0 && !reader->done) {
        struct bytes part = longest_part(reader, word);
        if (part.len > 0)
            add_to_run(reader, part);
        else
            utf8_next(&point, &word);
        word = bytes_slice(word, part.len, word.len - part.len);
    }
}

/* As it is read alone. */
static void gather_word(const struct reader *reader, struct bytes word,
                        enum script_class class)
{
    struct called_words *words = reader->words;
    struct arena_mark mark = arena_mark(&words->arena);
    const struct name_read_options options = {.kind = NAME_PERSON};
    struct name_words_read read;
    struct bytes rest = word;
    size_t len = 0;
    for (uint32_t point; utf8_next(&point, &rest);)
        len++;
    if (class == UNSPACED && len > 0 && len <= UNSPACED_MAX)
        words->lengths[reader->joint] |= UINT64_C(1) << (len - 1);
    name_read(&read, word, &options, &words->arena);
    for (size_t i = 0; i < read.count && len < word.len; i++)
        add_word(words, read.words[i]);
    arena_rewind(&words->arena, mark);
}

/* A mark in a word, as names have them. */
static bool is_apostrophe(uint32_t point)
{
    return point == '\'' || point == '`' || point == 0x2018 || point == 0x2019;
}

static bool ends_with(struct bytes word, const char *end)
{
    size_t len = strlen(end);
    return word.len > len && memcmp(word.at + word.len - len, end, len) == 0;
}

static void read_word(struct reader *reader, struct bytes word, enum script_class class)
{
    static const char *const possessive[] = {"'s", "\u2019s"};
    if (reader->gather) {
        gather_word(reader, word, class);
        return;
    }
    for (size_t i = 0; i < 2; i++)
        if (reader->marks == MARKS_POSSESSIVE && ends_with(word, possessive[i]))
            word.len -= strlen(possessive[i]);
    if (class == UNSPACED)
        read_parts(reader, word);
    else if (reader->marks != MARKS_APART || word.len > 1)
        add_to_run(reader, word);
    if (class == HAN || class == HANGUL)
        read_short(reader, word);
}

static enum script_class class_here(const struct reader *reader, uint32_t point)
{
    enum script_class class = class_of(point);
    if (reader->marks == MARKS_APART && is_apostrophe(point))
        return BETWEEN;
    if (reader->joint && (class == HAN || class == KATAKANA || class == HIRAGANA))
        return UNSPACED;
    return class;
}

static void read_words(struct reader *reader, struct bytes text)
{
    size_t from = 0, at = 0;
    enum script_class last = BETWEEN;
    reader->count = 0;
    while (!reader->done) {
        struct bytes rest = bytes_slice(text, at, text.len - at);
        enum script_class class = BETWEEN;
        uint32_t point;
        size_t len = 0;
        if (at < text.len && utf8_next(&point, &rest)) {
            class = class_here(reader, point);
            len = text.len - at - rest.len;
            if (reader->tags && tag_at(text, at) > 0)
                len = tag_at(text, at);
        }
        if (class != last && last != BETWEEN)
            read_word(reader, bytes_slice(text, from, at - from), last);
        if (class != last)
            from = at;
        if (len == 0)
            break;
        last = class;
        at += len;
    }
}

static bool has_any(struct bytes text, const char *bytes)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '\0' && strchr(bytes, text.at[i]) != NULL)
            return true;
    return false;
}

bool called_in_text(struct bytes text, struct called_words *words, called_visit *visit,
                    void *context)
{
    struct reader reader = {.words = words, .visit = visit, .context = context};
    struct buf clear = {.max = SIZE_MAX}, twice = {.max = SIZE_MAX};
    if (words->count == 0 || !utf8_valid(text))
        return false;
    reader.text.max = CALLED_RUN_MAX * (NAME_TEXT_MAX + 1);
    if (!words->sorted) {
        qsort(words->items, words->count, sizeof *words->items, hash_order);
        memset(words->remembered, 0, sizeof words->remembered);
        words->sorted = true;
    }
    if (has_any(text, "&\xC2\xE2\xEF")) {
        read_through(&clear, text);
        read_through(&twice, buf_bytes(&clear));
        text = buf_bytes(&twice);
    }
    bool tags = has_any(text, "<"), apostrophes = has_any(text, "'`\xE2");
    for (int marks = 0; marks < (apostrophes ? MARKS_WAYS : 1); marks++)
        for (int in_tags = 0; in_tags <= (tags ? 1 : 0); in_tags++)
            for (int joint = 0; joint <= (words->lengths[1] != 0 ? 1 : 0); joint++) {
                reader.marks = (enum marks)marks;
                reader.tags = in_tags != 0;
                reader.joint = joint != 0;
                if (!reader.done)
                    read_words(&reader, text);
            }
    buf_release(&clear);
    buf_release(&twice);
    buf_release(&reader.text);
    return reader.done;
}

/* ---- Gathering ---- */

void called_words_add(struct called_words *words, const struct record *record)
{
    struct arena arena = {0};
    struct bytes raw[CALLED_MAX], names[CALLED_MAX];
    struct reader reader = {.words = words, .gather = true};
    size_t raw_count = raw_names(raw, record, &arena);
    size_t count = called_of_record(names, record, &arena);
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0, end; at < names[i].len; at = end + 1) {
            for (end = at; end < names[i].len && names[i].at[end] != ' ';)
                end++;
            add_word(words, bytes_slice(names[i], at, end - at));
        }
    /* What a script says of a word may depend on those around it: as it is read alone, too. */
    for (size_t i = 0; i < raw_count && count > 0; i++)
        for (int joint = 0; joint < 2 && utf8_valid(raw[i]); joint++) {
            reader.joint = joint != 0;
            read_words(&reader, raw[i]);
        }
    arena_release(&arena);
}
