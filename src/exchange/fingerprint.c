/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/fingerprint.h"

#include "base/text.h"

#include <sodium.h>
#include <stdio.h>

enum { WORD_MAX = 16 };

/* In order; the place of a word is the byte it stands for. */
/* clang-format off */
const char *const fingerprint_words[256] = {
    "acorn", "album", "alley", "amber", "anchor", "angle", "april", "arena",
    "arrow", "atlas", "autumn", "badge", "baker", "bamboo", "banjo", "barrel",
    "beacon", "bench", "berry", "bicycle", "bishop", "blanket", "blossom", "bonus",
    "bottle", "bronze", "bucket", "buffalo", "butter", "cabin", "cactus", "camel",
    "canyon", "caravan", "carpet", "castle", "cedar", "cello", "cement", "chapter",
    "chimney", "cinema", "circle", "citrus", "clover", "cobalt", "coffee", "compass",
    "copper", "cottage", "cotton", "cousin", "cradle", "cricket", "crystal", "cushion",
    "cyclone", "daisy", "dancer", "decade", "delta", "desert", "diamond", "diploma",
    "doctor", "dolphin", "domino", "donkey", "dragon", "drummer", "earth", "eclipse",
    "elbow", "embassy", "emerald", "engine", "enigma", "escort", "fabric", "falcon",
    "family", "farmer", "feather", "fennel", "fiddle", "finger", "flute", "forest",
    "fossil", "galaxy", "garden", "garlic", "gazelle", "geyser", "giraffe", "glacier",
    "goblet", "gold", "gondola", "gospel", "granite", "grape", "guitar", "hammock",
    "harbor", "harvest", "helmet", "heron", "horizon", "hotel", "humor", "iceberg",
    "igloo", "import", "indigo", "insect", "island", "ivory", "jaguar", "jasmine",
    "jersey", "jewel", "jigsaw", "journal", "junior", "kayak", "kidney", "kimono",
    "kingdom", "kitchen", "kiwi", "koala", "ladder", "lagoon", "lantern", "laptop",
    "leopard", "lettuce", "library", "lilac", "linen", "lizard", "lobster", "lullaby",
    "lynx", "magnet", "mammoth", "maple", "meadow", "mentor", "mercury", "mirror",
    "mitten", "mosaic", "muffin", "museum", "napkin", "nectar", "needle", "nephew",
    "nickel", "nugget", "nutmeg", "oasis", "object", "ocean", "octopus", "olive",
    "onion", "opera", "orange", "orbit", "orchid", "osprey", "oxford", "oxygen",
    "palace", "panda", "papaya", "pastry", "pebble", "pelican", "pencil", "piano",
    "pigeon", "pilot", "pirate", "plaza", "poem", "polar", "potato", "prairie",
    "prism", "pumpkin", "puzzle", "python", "quartz", "queen", "quilt", "quiver",
    "rabbit", "radio", "rainbow", "raven", "recipe", "reef", "rhubarb", "ribbon",
    "rubber", "ruby", "saffron", "school", "scooter", "shelter", "silver", "sketch",
    "slipper", "snow", "soccer", "sonnet", "spider", "spoon", "stadium", "station",
    "statue", "stone", "student", "sugar", "swan", "syrup", "talent", "temple",
    "tennis", "thunder", "tobacco", "topaz", "tornado", "tower", "trapeze", "trumpet",
    "tulip", "turtle", "umpire", "unicorn", "urban", "vanilla", "vessel", "village",
    "violin", "visitor", "volcano", "vortex", "voyage", "walnut", "whale", "whistle",};
/* clang-format on */

static void hash_behind(uint8_t out[crypto_hash_sha256_BYTES], const char *domain,
                        struct bytes content)
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const uint8_t *)domain, strlen(domain) + 1);
    crypto_hash_sha256_update(&state, content.at, content.len);
    crypto_hash_sha256_final(&state, out);
}

static uint8_t check_of(const uint8_t bytes[FINGERPRINT_BYTES])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    hash_behind(hash, "enlace check 1", bytes_of(bytes, FINGERPRINT_BYTES));
    return hash[0];
}

static void digest_of(uint8_t out[FINGERPRINT_WORDS], const uint8_t key[NODE_KEY])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    hash_behind(hash, "enlace fingerprint 1", bytes_of(key, NODE_KEY));
    memcpy(out, hash, FINGERPRINT_BYTES);
    out[FINGERPRINT_BYTES] = check_of(out);
}

void fingerprint_write(char out[FINGERPRINT_TEXT_MAX], const uint8_t key[NODE_KEY])
{
    uint8_t digest[FINGERPRINT_WORDS];
    size_t at = 0;
    digest_of(digest, key);
    for (size_t i = 0; i < FINGERPRINT_WORDS; i++)
        at += (size_t)snprintf(out + at, FINGERPRINT_TEXT_MAX - at, "%s%s",
                               i > 0 ? " " : "", fingerprint_words[digest[i]]);
}

static bool find_word(uint8_t *out, struct bytes word)
{
    char lower[WORD_MAX];
    if (word.len >= sizeof lower)
        return false;
    for (size_t i = 0; i < word.len; i++)
        lower[i] = (char)to_lower(word.at[i]);
    for (unsigned i = 0; i < 256; i++)
        if (bytes_is(bytes_of(lower, word.len), fingerprint_words[i])) {
            *out = (uint8_t)i;
            return true;
        }
    return false;
}

static enum status wrong_word(struct bytes word, struct err *err)
{
    const char *near = text_nearest(word, fingerprint_words, 256);
    return fail(err, BAD_INPUT, "\"%.*s\" is no word of a fingerprint%s%s%s", (int)word.len,
                (const char *)word.at, near != NULL ? "; did you mean \"" : "",
                near != NULL ? near : "", near != NULL ? "\"?" : "");
}

enum status fingerprint_check(const char *words, const uint8_t key[NODE_KEY],
                              struct err *err)
{
    uint8_t given[FINGERPRINT_WORDS], wanted[FINGERPRINT_WORDS];
    struct bytes rest = bytes_text(words), word;
    size_t count = 0;
    while (text_next_word(&word, &rest, " ,-\t\n")) {
        uint8_t number;
        if (!find_word(&number, word))
            return wrong_word(word, err);
        if (count < FINGERPRINT_WORDS)
            given[count] = number;
        count++;
    }
    if (count != FINGERPRINT_WORDS)
        return fail(err, BAD_INPUT, "a fingerprint has %d words, not %zu",
                    FINGERPRINT_WORDS, count);
    if (given[FINGERPRINT_BYTES] != check_of(given))
        return fail(err, BAD_INPUT,
                    "one of the words was misheard: the last does not agree with those "
                    "before it; have them read to you again");
    digest_of(wanted, key);
    if (memcmp(given, wanted, sizeof given) != 0)
        return fail(err, REFUSED,
                    "the fingerprint is that of another key: this invitation does not come "
                    "from the node whose words you were told");
    return OK;
}
