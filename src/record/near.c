/* SPDX-License-Identifier: Apache-2.0 */
#include "record/near.h"

#include "base/text.h"

static const char digits[] = "0123456789";
static const char base58[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const char bech32[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* What is misread for what on paper, plates and seals. */
static const struct {
    char letter, digit;
} look_alikes[] = {{'O', '0'}, {'I', '1'}, {'Q', '0'}, {'L', '1'},
                   {'S', '5'}, {'B', '8'}, {'Z', '2'}, {'G', '6'}};
enum { LOOK_ALIKES = sizeof look_alikes / sizeof look_alikes[0] };

/* The search under way. */
struct near {
    const struct near_rule *rule;
    struct bytes *out;
    size_t max, count;
    struct arena *arena;
};

static char class_at(const struct near_rule *rule, size_t at)
{
    size_t len = strlen(rule->shape);
    return rule->shape[at < len ? at : len - 1];
}

static uint8_t digit_for(uint8_t letter)
{
    for (size_t i = 0; i < LOOK_ALIKES; i++)
        if (look_alikes[i].letter == letter)
            return (uint8_t)look_alikes[i].digit;
    return 0;
}

static uint8_t letter_for(uint8_t digit)
{
    for (size_t i = 0; i < LOOK_ALIKES; i++)
        if (look_alikes[i].digit == digit)
            return (uint8_t)look_alikes[i].letter;
    return 0;
}

static uint8_t look_alike(uint8_t c)
{
    return is_digit(c) ? letter_for(c) : digit_for(c);
}

static void offer(struct near *near, const uint8_t *text, size_t len)
{
    struct bytes candidate = bytes_of(text, len);
    if (near->count == near->max || !near->rule->right(candidate))
        return;
    for (size_t i = 0; i < near->count; i++)
        if (bytes_equal(near->out[i], candidate))
            return;
    near->out[near->count++] = arena_bytes(near->arena, candidate);
}

/* Where the form allows only a letter or only a digit and the other kind stands, its
 * look-alike. */
static void put_look_alikes_right(const struct near_rule *rule, uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char class = class_at(rule, i);
        bool wrong = class == 'A'   ? is_digit(text[i])
                     : class == '9' ? is_letter(text[i])
                                    : false;
        uint8_t other = wrong ? look_alike(text[i]) : 0;
        if (other != 0)
            text[i] = other;
    }
}

/* Where the form allows both. */
static void offer_look_alikes(struct near *near, uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint8_t seen = text[i], other = look_alike(seen);
        if (other == 0)
            continue;
        text[i] = other;
        offer(near, text, len);
        text[i] = seen;
    }
}

/* From the end: a hand that copies a number errs late in it. */
static void offer_exchanged(struct near *near, uint8_t *text, size_t len)
{
    for (size_t i = len - 1; i > 0; i--) {
        uint8_t last = text[i];
        if (last == text[i - 1])
            continue;
        text[i] = text[i - 1];
        text[i - 1] = last;
        offer(near, text, len);
        text[i - 1] = text[i];
        text[i] = last;
    }
}

/* Every character that may stand instead of `seen`, beside its look-alike. */
static const char *instead(char class, uint8_t seen)
{
    switch (class) {
    case '9':
        return digits;
    case 'x':
        return is_digit(seen) ? digits : "";
    case 'b':
        return base58;
    case 'c':
        return bech32;
    default:
        return "";
    }
}

static void offer_changed(struct near *near, uint8_t *text, size_t len)
{
    const struct near_rule *rule = near->rule;
    for (size_t i = 0; i < len; i++) {
        if (i >= rule->check_at && i < rule->check_at + rule->check_len)
            continue;
        uint8_t seen = text[i];
        for (const char *next = instead(class_at(rule, i), seen); *next != '\0'; next++) {
            text[i] = (uint8_t)*next;
            if (text[i] != seen)
                offer(near, text, len);
        }
        text[i] = seen;
    }
}

static void offer_other_length(struct near *near, struct bytes text)
{
    const struct near_rule *rule = near->rule;
    uint8_t changed[NEAR_TEXT_MAX];
    if (text.len == rule->len + 1) {
        for (size_t i = 0; i + 1 < text.len; i++) {
            if (text.at[i] != text.at[i + 1])
                continue;
            memcpy(changed, text.at, i);
            memcpy(changed + i, text.at + i + 1, text.len - i - 1);
            offer(near, changed, rule->len);
        }
    }
    if (text.len > rule->len) {
        offer(near, text.at, rule->len);
    } else if (text.len == rule->check_at &&
               rule->check_at + rule->check_len == rule->len) {
        memcpy(changed, text.at, text.len);
        memset(changed + text.len, '0', rule->check_len);
        if (rule->repair != NULL && rule->repair(changed, rule->len))
            offer(near, changed, rule->len);
    }
}

size_t near_suggest(struct bytes *out, size_t max, const struct near_rule *rule,
                    struct bytes text, struct arena *arena)
{
    struct near near = {.rule = rule, .out = out, .max = max, .arena = arena};
    if (text.len == 0 || text.len > NEAR_TEXT_MAX || rule->len > NEAR_TEXT_MAX)
        return 0;
    if (rule->len != 0 && text.len != rule->len) {
        offer_other_length(&near, text);
        return near.count;
    }
    if (rule->right(text))
        return 0;
    uint8_t given[NEAR_TEXT_MAX], fixed[NEAR_TEXT_MAX];
    memcpy(given, text.at, text.len);
    memcpy(fixed, text.at, text.len);
    put_look_alikes_right(rule, fixed, text.len);
    /* However many slips there may be, the recomputed digit keeps its place. */
    bool repaired = rule->repair != NULL && max > 1;
    near.max = repaired ? max - 1 : max;
    offer(&near, fixed, text.len);
    offer_look_alikes(&near, given, text.len);
    offer_exchanged(&near, given, text.len);
    offer_changed(&near, given, text.len);
    near.max = max;
    if (repaired && rule->repair(fixed, text.len))
        offer(&near, fixed, text.len);
    return near.count;
}
