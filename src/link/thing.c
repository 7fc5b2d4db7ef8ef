/* SPDX-License-Identifier: Apache-2.0 */
#include "link/thing.h"

#include "base/text.h"
#include "link/name_asian.h"
#include "link/name_ready.h"

enum { YEAR_LEN = 4, DATE_LEN = 10, CODE_PAIRS_MAX = 6 };

static size_t take_values(struct bytes *out, size_t count, size_t max,
                          const struct record *record, const char *property,
                          struct arena *arena)
{
    size_t at = 0;
    for (const struct record_value *value;
         count < max && (value = record_next(record, property, &at)) != NULL;)
        out[count++] = arena_bytes(arena, value->clean);
    return count;
}

static bool stands_in(const struct record *record, const char *property, struct bytes token,
                      struct arena *scratch)
{
    size_t at = 0;
    for (const struct record_value *value;
         (value = record_next(record, property, &at)) != NULL;) {
        struct name name;
        name_fold(&name, value->clean, NAME_PERSON, scratch);
        for (size_t i = 0; i < name.count; i++)
            if (bytes_equal(name.tokens[i], token))
                return true;
    }
    return false;
}

static void add_name(struct thing *thing, const struct record *record, struct bytes text,
                     struct arena *arena)
{
    enum name_kind kind = thing->is_person ? NAME_PERSON : NAME_COMPANY;
    const struct name_read_options options = {.kind = kind};
    struct name_words_read read;
    if (thing->name_count == THING_NAMES_MAX)
        return;
    if (thing->is_person) {
        name_read(&read, text, &options, arena);
        name_ready_tidy(&read);
    } else {
        bool ship = thing->kind == THING_VEHICLE;
        name_ready(&read, text, ship ? NAME_OF_SHIP : NAME_OF_COMPANY, SCRIPT_MANDARIN,
                   arena);
    }
    if (read.count == 0)
        return;
    bool has_roles = thing->is_person && record_first(record, "lastName").len > 0;
    struct thing_name *name = &thing->names[thing->name_count++];
    *name = (struct thing_name){
        .tokens = arena_zalloc(arena, read.count, sizeof *name->tokens),
        .count = read.count,
        .vowelless = read.vowelless,
        .asian = thing->is_person && name_is_asian(&read),
        .korean = thing->is_person && name_is_korean(&read),
        .generation = read.generation,
    };
    for (size_t i = 0; i < read.count; i++) {
        struct thing_token *token = &name->tokens[i];
        token->text = arena_bytes(arena, read.words[i]);
        token->bits = name_token_bits(token->text, kind);
        phonetic_code(token->code, token->text);
        if (!has_roles)
            continue;
        if (stands_in(record, "lastName", token->text, arena))
            token->role = ROLE_SURNAME;
        else if (stands_in(record, "firstName", token->text, arena))
            token->role = ROLE_GIVEN;
    }
}

static void find_names(struct thing *thing, const struct record *record,
                       struct arena *arena)
{
    static const char *const properties[] = {"name", "alias", "previousName"};
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++) {
        size_t at = 0;
        for (const struct record_value *value;
             (value = record_next(record, properties[i], &at)) != NULL;)
            add_name(thing, record, value->clean, arena);
    }
    if (thing->name_count > 0 || !thing->is_person)
        return;
    struct bytes first = record_first(record, "firstName");
    struct bytes last = record_first(record, "lastName");
    if (first.len + last.len > 0)
        add_name(thing, record,
                 bytes_text(arena_printf(arena, "%.*s %.*s", (int)first.len,
                                         first.len > 0 ? (const char *)first.at : "",
                                         (int)last.len,
                                         last.len > 0 ? (const char *)last.at : "")),
                 arena);
}

static void add_names(struct thing *thing, const struct record *record, struct arena *arena)
{
    struct thing_name names[THING_NAMES_MAX];
    thing->names = names;
    find_names(thing, record, arena);
    struct thing_name *kept = arena_alloc(arena, (thing->name_count + 1) * sizeof *kept);
    memcpy(kept, names, thing->name_count * sizeof *kept);
    thing->names = kept;
}

static enum thing_kind kind_of(const struct schema *schema)
{
    return schema_is_a(schema, "Person")        ? THING_PERSON
           : schema_is_a(schema, "LegalEntity") ? THING_ORGANIZATION
           : schema_is_a(schema, "Vehicle")     ? THING_VEHICLE
                                                : THING_OTHER;
}

const char *thing_kind_word(enum thing_kind kind)
{
    static const char *const words[THING_KINDS] = {"Person", "Organization", "Vehicle",
                                                   "Other"};
    return words[kind];
}

/* "3 FXY2" and "3fxy2" are one. */
static struct bytes letters_and_digits(struct bytes text, struct arena *arena)
{
    uint8_t *kept = arena_alloc(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t letter = to_lower(text.at[i]);
        if (is_lower(letter) || is_digit(letter))
            kept[len++] = letter;
    }
    return bytes_of(kept, len);
}

void thing_of_record(struct thing *thing, const struct record *record,
                     const struct key *keys, size_t key_count, struct arena *arena)
{
    *thing = (struct thing){.keys = keys, .key_count = key_count};
    thing->kind = kind_of(record->schema);
    thing->is_person = thing->kind == THING_PERSON;
    thing->has_kind = thing->is_person || schema_is_a(record->schema, "Organization") ||
                      !schema_is_a(record->schema, "LegalEntity");
    add_names(thing, record, arena);
    struct bytes places[THING_ADDRESSES_MAX], dates[THING_DATES_MAX];
    thing->date_count = take_values(dates, 0, THING_DATES_MAX, record,
                                    thing->is_person               ? "birthDate"
                                    : thing->kind == THING_VEHICLE ? "buildDate"
                                                                   : "incorporationDate",
                                    arena);
    thing->dates = arena_alloc(arena, (thing->date_count + 1) * sizeof *thing->dates);
    memcpy(thing->dates, dates, thing->date_count * sizeof *thing->dates);
    thing->address_count =
        take_values(places, 0, THING_ADDRESSES_MAX, record, "address", arena);
    thing->addresses =
        arena_alloc(arena, (thing->address_count + 1) * sizeof *thing->addresses);
    for (size_t i = 0; i < thing->address_count; i++)
        address_read(&thing->addresses[i], places[i], arena);
    struct bytes sex =
        thing->is_person ? record_first(record, "gender") : (struct bytes){0};
    if (bytes_is(sex, "male") || bytes_is(sex, "female"))
        thing->sex = arena_bytes(arena, sex);
    static const char *const countries[] = {"country", "nationality", "jurisdiction",
                                            "flag"};
    for (size_t i = 0; i < sizeof countries / sizeof *countries && thing->country.len == 0;
         i++)
        thing->country = arena_bytes(arena, record_first(record, countries[i]));
    thing->call_sign = letters_and_digits(record_first(record, "callSign"), arena);
}

/* ---- blocks ---- */

struct blocks {
    uint64_t *out;
    size_t count;
};

/* FNV-1a over what tells one block from another. */
static uint64_t mix(uint64_t hash, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ text.at[i]) * 0x100000001b3;
    return (hash ^ 0x1f) * 0x100000001b3;
}

static void add_block(struct blocks *blocks, char kind, struct bytes first,
                      struct bytes second)
{
    uint64_t hash = mix(mix(mix(0xcbf29ce484222325, bytes_of(&kind, 1)), first), second);
    for (size_t i = 0; i < blocks->count; i++)
        if (blocks->out[i] == hash)
            return;
    if (blocks->count < THING_BLOCKS_MAX)
        blocks->out[blocks->count++] = hash;
}

static bool is_telling(const struct thing_token *token)
{
    return token->text.len > 1 && token->code[0] != '\0';
}

static void block_pairs(struct blocks *blocks, const struct thing_name *name)
{
    size_t pairs = 0;
    for (size_t i = 0; i < name->count; i++)
        for (size_t j = i + 1; j < name->count && pairs < CODE_PAIRS_MAX; j++) {
            if (!is_telling(&name->tokens[i]) || !is_telling(&name->tokens[j]))
                continue;
            struct bytes a = bytes_text(name->tokens[i].code);
            struct bytes b = bytes_text(name->tokens[j].code);
            bool swap = bytes_compare(a, b) > 0;
            add_block(blocks, 'p', swap ? b : a, swap ? a : b);
            pairs++;
        }
}

/* A token with each year of birth, and the first letters with each day and month. */
static void block_dates(struct blocks *blocks, const struct thing *thing,
                        const struct thing_token *token)
{
    for (size_t d = 0; d < thing->date_count; d++) {
        struct bytes date = thing->dates[d], code = bytes_text(token->code);
        if (date.len >= YEAR_LEN)
            add_block(blocks, 'y', code, bytes_slice(date, 0, YEAR_LEN));
        if (date.len < DATE_LEN)
            continue;
        struct bytes month = bytes_slice(date, 5, 2), day = bytes_slice(date, 8, 2);
        bool swap = bytes_compare(month, day) > 0;
        add_block(blocks, 'd', code, swap ? day : month);
        add_block(blocks, 'm', code, bytes_slice(date, 5, 5));
    }
}

static void block_address(struct blocks *blocks, const struct thing *thing)
{
    for (size_t i = 0; i < thing->address_count; i++) {
        const struct address *address = &thing->addresses[i];
        char code[PHONETIC_CODE_MAX];
        size_t len = phonetic_code(code, address->street);
        if (address->postcode.len > 0 && address->house.len > 0)
            add_block(blocks, 'h', address->postcode, address->house);
        if (len > 0 && address->house.len > 0)
            add_block(blocks, 's', bytes_of(code, len), address->house);
        if (len > 0 && address->postcode.len > 0)
            add_block(blocks, 'o', bytes_of(code, len), address->postcode);
    }
}

size_t thing_blocks(uint64_t out[static THING_BLOCKS_MAX], const struct thing *thing)
{
    struct blocks blocks = {.out = out};
    for (size_t d = 0; d < thing->date_count && thing->is_person; d++)
        if (thing->dates[d].len == DATE_LEN)
            add_block(&blocks, 'b', thing->dates[d], (struct bytes){0});
    block_address(&blocks, thing);
    for (size_t n = 0; n < thing->name_count; n++) {
        const struct thing_name *name = &thing->names[n];
        block_pairs(&blocks, name);
        for (size_t i = 0; i < name->count; i++) {
            const struct thing_token *token = &name->tokens[i];
            if (!is_telling(token))
                continue;
            if (thing->is_person)
                block_dates(&blocks, thing, token);
            else
                add_block(&blocks, 'w', bytes_text(token->code), (struct bytes){0});
            for (size_t a = 0; a < thing->address_count; a++)
                if (thing->addresses[a].postcode.len > 0)
                    add_block(&blocks, 'c', bytes_text(token->code),
                              thing->addresses[a].postcode);
        }
    }
    return blocks.count;
}
