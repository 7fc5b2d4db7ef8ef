/* SPDX-License-Identifier: Apache-2.0 */
#include "record/words.h"

#include "record/fold.h"

#include <string.h>

enum word_kind word_kind_of(enum value_kind kind)
{
    switch (kind) {
    case VALUE_NAME:
    case VALUE_MARK:
        return WORD_NAME;
    case VALUE_ADDRESS:
        return WORD_ADDRESS;
    case VALUE_IDENTIFIER:
    case VALUE_PHONE:
    case VALUE_EMAIL:
    case VALUE_IP:
    case VALUE_URL:
    case VALUE_CHECKSUM:
    case VALUE_AWB:
    case VALUE_BIC:
    case VALUE_CONTAINER:
    case VALUE_DOCUMENT:
    case VALUE_DOMAIN:
    case VALUE_HASH:
    case VALUE_IBAN:
    case VALUE_IMEI:
    case VALUE_IMO:
    case VALUE_MMSI:
    case VALUE_PLATE:
    case VALUE_VIN:
    case VALUE_WALLET:
        return WORD_IDENTIFIER;
    default:
        return 0;
    }
}

const char *word_kind_word(enum word_kind kind)
{
    static const char *const words[WORD_KINDS] = {[WORD_NAME] = "name",
                                                  [WORD_IDENTIFIER] = "identifier",
                                                  [WORD_ADDRESS] = "address",
                                                  [WORD_PLACE] = "place"};
    return words[kind];
}

/* Is the line there already, between start and the end of out? */
static bool is_there(const struct buf *out, size_t start, enum word_kind kind,
                     struct bytes text)
{
    struct cursor cursor = {.rest = bytes_slice(buf_bytes(out), start, out->len - start)};
    struct word_line line;
    while (words_next(&line, &cursor))
        if (line.kind == kind && bytes_equal(line.text, text))
            return true;
    return false;
}

static void add_folded(struct buf *out, size_t start, enum word_kind kind,
                       struct bytes text)
{
    if (text.len == 0 || out->at[start] == WORDS_LINES_MAX ||
        is_there(out, start + 1, kind, text))
        return;
    buf_add_byte(out, (uint8_t)kind);
    buf_add_byte(out, (uint8_t)text.len);
    buf_add(out, text);
    out->at[start]++;
}

static void add_line(struct buf *out, size_t start, enum word_kind kind, struct bytes raw)
{
    struct buf text = {.max = FOLD_OUT_MAX};
    if (kind == WORD_IDENTIFIER)
        fold_compact(&text, raw);
    else
        fold_text(&text, raw);
    add_folded(out, start, kind, buf_bytes(&text));
    /* Whose name it is the characters do not say: it is found in every reading. */
    bool has_readings = kind == WORD_NAME && script_has_han(raw);
    for (enum script_reading reading = SCRIPT_KOREAN;
         has_readings && reading < SCRIPT_READINGS; reading++) {
        buf_clear(&text);
        if (fold_reading(&text, raw, reading))
            add_folded(out, start, kind, buf_bytes(&text));
    }
    buf_release(&text);
}

/* A person of whom the parts of the name are known and not the whole. */
static void add_parts(struct buf *out, size_t start, const struct record *record)
{
    static const char *const parts[] = {"firstName", "secondName", "middleName",
                                        "fatherName", "lastName"};
    struct buf whole = {.max = FOLD_IN_MAX};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct bytes part = record_first(record, parts[i]);
        if (part.len == 0)
            continue;
        if (whole.len > 0)
            buf_add_byte(&whole, ' ');
        buf_add(&whole, part);
    }
    if (whole.len > 0)
        add_line(out, start, WORD_NAME, buf_bytes(&whole));
    buf_release(&whole);
}

/* Texts that say where; most texts of a record say something else. */
static bool is_place(const struct property *property)
{
    static const char *const places[] = {"administrativeRegion",
                                         "city",
                                         "departure",
                                         "destination",
                                         "foundPlace",
                                         "origin",
                                         "place",
                                         "port",
                                         "transit"};
    if (property->kind != VALUE_STRING && property->kind != VALUE_LOCODE)
        return false;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strcmp(property->name, places[i]) == 0)
            return true;
    return false;
}

void words_of_record(struct buf *out, const struct record *record)
{
    size_t start = out->len;
    buf_add_byte(out, 0);
    for (size_t i = 0; i < record->count; i++) {
        const struct record_value *value = &record->values[i];
        enum word_kind kind =
            value->property != NULL ? word_kind_of(value->property->kind) : 0;
        if (kind == 0 && value->property != NULL && is_place(value->property))
            kind = WORD_PLACE;
        if (kind == 0 || value->grade == VALUE_MISSING)
            continue;
        /* The clean form of an identifier has what a prefix adds; a name stays as written. */
        bool clean = kind == WORD_IDENTIFIER && value->clean.len > 0;
        add_line(out, start, kind, clean ? value->clean : value->raw);
    }
    add_parts(out, start, record);
    if (!record->id_made && record->id != NULL)
        add_line(out, start, WORD_IDENTIFIER, bytes_text(record->id));
    if (out->at[start] == 0)
        out->len = start;
}

bool words_next(struct word_line *line, struct cursor *cursor)
{
    if (cursor->rest.len == 0)
        return false;
    unsigned kind = cursor_u8(cursor);
    struct bytes text = cursor_take(cursor, cursor_u8(cursor));
    if (cursor->failed || kind < WORD_NAME || kind >= WORD_KINDS || text.len == 0)
        return false;
    *line = (struct word_line){(enum word_kind)kind, text};
    return true;
}
