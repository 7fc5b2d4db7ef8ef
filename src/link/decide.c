/* SPDX-License-Identifier: Apache-2.0 */
#include "link/decide.h"

#include "record/name.h"

#include <math.h>

enum { DATE_LEN = 10 };

static void add_reason(struct decision *out, const char *why)
{
    if (out->why_count < DECISION_REASONS_MAX)
        out->why[out->why_count++] = why;
}

static void add_bits(struct decision *out, double bits)
{
    out->expected_false *= exp2(-bits);
    out->score = 1 / (1 + out->expected_false);
}

void decision_add(struct decision *out, const char *why, double bits)
{
    add_reason(out, why);
    add_bits(out, bits);
}

/* A person key is "tokens date". */
static struct bytes date_of(const struct key *key)
{
    return bytes_slice(key->value, key->value.len - DATE_LEN, DATE_LEN);
}

static struct bytes names_of(const struct key *key)
{
    return bytes_slice(key->value, 0, key->value.len - DATE_LEN - 1);
}

static bool is_whole_name(const struct key *key)
{
    struct bytes names = names_of(key);
    return memchr(names.at, ' ', names.len) != NULL;
}

/* Tokens that agree with one birth date: keys[0..count-1] are the person keys of that date.
 * Returns whether they suffice; says so in out. */
static bool weigh_person(struct decision *out, const struct key *const *keys, size_t count,
                         struct arena *arena)
{
    const struct key *whole = NULL;
    double token_bits = 0;
    double date_bits = name_birth_date_bits(date_of(keys[0]));
    size_t tokens = 0;
    struct buf listed = {.max = KEY_VALUE_MAX * 4};
    for (size_t i = 0; i < count; i++) {
        if (is_whole_name(keys[i])) {
            if (whole == NULL || keys[i]->bits > whole->bits)
                whole = keys[i];
            continue;
        }
        struct bytes token = names_of(keys[i]);
        buf_addf(&listed, "%s%.*s", tokens > 0 ? " " : "", (int)token.len,
                 (const char *)token.at);
        token_bits += keys[i]->bits - date_bits;
        tokens++;
    }
    struct bytes date = date_of(keys[0]);
    bool enough = whole != NULL || tokens >= 2;
    if (whole != NULL) {
        struct bytes names = names_of(whole);
        add_reason(out, arena_printf(arena, "whole name %.*s and birth date %.*s agree",
                                     (int)names.len, (const char *)names.at, (int)date.len,
                                     (const char *)date.at));
        add_bits(out, whole->bits);
    } else {
        add_reason(out, arena_printf(arena, "%s %s and birth date %.*s agree",
                                     tokens > 1 ? "names" : "one name", buf_text(&listed),
                                     (int)date.len, (const char *)date.at));
        add_bits(out, token_bits + date_bits);
    }
    buf_release(&listed);
    return enough;
}

void decide_by_keys(struct decision *out, const struct key *shared, size_t count,
                    uint64_t population, struct arena *arena)
{
    *out = (struct decision){.expected_false = (double)population};
    bool strong = false, weak = false, person = false;
    const struct key **persons = arena_alloc(arena, (count + 1) * sizeof *persons);
    size_t person_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct key_class_row *row = key_class_row(shared[i].class);
        if (row->strength == KEY_PART) {
            persons[person_count++] = &shared[i];
            continue;
        }
        strong = strong || row->strength == KEY_STRONG;
        weak = weak || row->strength == KEY_WEAK;
        decision_add(out,
                     arena_printf(arena, "%s %.*s agrees%s", row->label,
                                  (int)shared[i].value.len,
                                  (const char *)shared[i].value.at,
                                  row->strength == KEY_WEAK ? " (weak)" : ""),
                     shared[i].bits);
    }
    /* Each birth date is weighed by itself: two tokens count together only under one date. */
    for (size_t i = 0; i < person_count; i++) {
        if (persons[i] == NULL)
            continue;
        const struct key *same[KEYS_PERSON_MAX + 1];
        size_t same_count = 0;
        struct bytes date = date_of(persons[i]);
        for (size_t j = i; j < person_count; j++) {
            if (persons[j] == NULL || !bytes_equal(date_of(persons[j]), date))
                continue;
            if (same_count < sizeof same / sizeof same[0])
                same[same_count++] = persons[j];
            persons[j] = NULL;
        }
        person = weigh_person(out, same, same_count, arena) || person;
    }
    out->hit = strong || person || weak;
    out->weak = out->hit && !strong && !person;
}
