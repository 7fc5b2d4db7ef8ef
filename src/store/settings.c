/* SPDX-License-Identifier: Apache-2.0 */
#include "store/settings.h"

#include "record/normaliser.h"
#include "store/version.h"

enum { SETTING_MAX = 1024 };

static const struct {
    const char *name;
    size_t at;
} words[] = {
    {"agency", offsetof(struct store_settings, agency)},
    {"name", offsetof(struct store_settings, name)},
    {"country", offsetof(struct store_settings, country)},
    {"language", offsetof(struct store_settings, language)},
};
enum { WORDS = sizeof words / sizeof words[0] };

static char *word_of(struct store_settings *settings, size_t i)
{
    return (char *)settings + words[i].at;
}

enum status settings_write(struct store *store, struct err *err)
{
    struct store_settings *settings = &store->settings;
    uint8_t rules[NORMALISER_HASH];
    const char *fiction = settings->fiction ? "yes" : "no";
    enum status status = OK;
    payload_begin(&store->payload, PAYLOAD_SETTINGS, NULL);
    buf_add_byte(&store->payload, WORDS + 2);
    for (size_t i = 0; i < WORDS && status == OK; i++) {
        struct bytes value = bytes_text(word_of(settings, i));
        payload_add_text(&store->payload, bytes_text(words[i].name));
        payload_add_text(&store->payload, value);
        status = database_set(store->db, words[i].name, value, err);
    }
    payload_add_text(&store->payload, BYTES_OF("fiction"));
    payload_add_text(&store->payload, bytes_text(fiction));
    payload_add_text(&store->payload, BYTES_OF("purpose"));
    payload_add_text(&store->payload, bytes_text(purpose_word(settings->purpose)));
    normaliser_hash(rules);
    if (status == OK)
        status = database_set(store->db, "fiction", bytes_text(fiction), err);
    if (status == OK)
        status = database_set(store->db, "purpose",
                              bytes_text(purpose_word(settings->purpose)), err);
    if (status == OK)
        status = database_set(store->db, "rules", bytes_of(rules, sizeof rules), err);
    return status == OK ? settings_mark_statuses(store, err) : status;
}

enum status settings_mark_statuses(struct store *store, struct err *err)
{
    store->statuses_kept = true;
    return database_set(store->db, "statuses", BYTES_OF("1"), err);
}

enum status settings_read(struct store *store, struct err *err)
{
    struct buf value = {.max = SETTING_MAX};
    uint8_t rules[NORMALISER_HASH];
    enum status status = OK;
    for (size_t i = 0; i < WORDS && status == OK; i++) {
        status = database_setting(&value, store->db, words[i].name, err);
        if (status == OK && value.len >= STORE_WORD_MAX)
            status = fail(err, CONFLICT, "the setting %s is too long", words[i].name);
        if (status == OK)
            memcpy(word_of(&store->settings, i), buf_text(&value), value.len + 1);
    }
    if (status == OK)
        status = database_setting(&value, store->db, "fiction", err);
    store->settings.fiction = status == OK && bytes_is(buf_bytes(&value), "yes");
    if (status == OK)
        status = database_setting(&value, store->db, "purpose", err);
    if (status == OK)
        status = purpose_parse(&store->settings.purpose, buf_bytes(&value), err);
    if (status == OK)
        status = database_setting(&value, store->db, "rules", err);
    normaliser_hash(rules);
    store->rules_changed = !bytes_equal(buf_bytes(&value), bytes_of(rules, sizeof rules));
    if (status == OK) {
        status = database_setting(&value, store->db, "statuses", err);
        store->statuses_kept = status == OK;
        status = status == NOT_FOUND ? OK : status;
    }
    buf_release(&value);
    return status;
}

enum status settings_check(const struct store_settings *settings, struct err *err)
{
    struct store_settings copy = *settings;
    for (size_t i = 0; i < WORDS; i++)
        if (memchr(word_of(&copy, i), '\0', STORE_WORD_MAX) == NULL)
            return fail(err, TOO_LARGE, "the %s of the node is longer than %d bytes",
                        words[i].name, STORE_WORD_MAX - 1);
    if (settings->agency[0] == '\0')
        return fail(err, BAD_INPUT, "a node needs the code of its agency");
    return OK;
}

enum status settings_check_kept(struct store *store, struct err *err)
{
    struct payload first;
    struct buf value = {.max = SETTING_MAX};
    enum status status = version_payload(&first, store, 0, err);
    struct cursor cursor = {.rest = status == OK ? first.body : (struct bytes){0}};
    bool kept = status == OK && first.kind == PAYLOAD_SETTINGS;
    for (unsigned left = cursor_u8(&cursor); left > 0 && kept; left--) {
        char name[STORE_WORD_MAX] = {0};
        struct bytes word = cursor_take(&cursor, cursor_be16(&cursor));
        struct bytes said = cursor_take(&cursor, cursor_be16(&cursor));
        kept = !cursor.failed && word.len < sizeof name;
        if (!kept)
            break;
        memcpy(name, word.at, word.len);
        kept = database_setting(&value, store->db, name, err) == OK &&
               bytes_equal(buf_bytes(&value), said);
    }
    buf_release(&value);
    if (status == IO_FAILED || kept)
        return status;
    return fail(
        err, CONFLICT,
        "%s: the settings are not those this node was made with; put back a copy of the "
        "whole folder",
        store->database_path);
}
