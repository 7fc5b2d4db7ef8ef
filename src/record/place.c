/* SPDX-License-Identifier: Apache-2.0
 *
 * The look-up: one hash table of folded names and of codes. A name is folded to its words without
 * the general ones, in their order: "Aeropuerto Internacional de Barajas" becomes "barajas".
 */
#include "record/place.h"

#include "base/text.h"
#include "record/country.h"
#include "record/latin.h"

#include <assert.h>
#include <math.h>
#include <string.h>
#include <threads.h>

enum {
    SLOTS =
        1
        << 16, /* a power of two, at least twice the names; the test says when it must grow */
    NAMES_MAX = SLOTS / 2,
    FOLDED_MAX = 96,
    TEXT_MAX = 200, /* a longer text is no place's name */
    PARTS_MAX = 6,
    LOCODE = 5,
    IATA = 3,
};
static const double SAME_KM = 150; /* two parts of one text that say where, at most */

struct folded {
    char text[FOLDED_MAX];
    size_t len; /* 0: nothing to look for */
};

struct name {
    uint64_t hash;
    uint16_t row;
    bool needs_country;
};

static struct {
    uint16_t slots[SLOTS]; /* name + 1, or 0; equal hashes follow each other */
    struct name names[NAMES_MAX];
    size_t count;
} names_index;
static once_flag index_once = ONCE_FLAG_INIT;

/* ---- folding ---- */

static bool is_one_of(const char *word, size_t len, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i]) == len && memcmp(list[i], word, len) == 0)
            return true;
    return false;
}

/* Those that tools/place-table leaves out too; with further those that may be part of a name. */
static bool is_general(const char *word, size_t len, bool further)
{
    static const char *const always[] = {"international",
                                         "airport",
                                         "aeroport",
                                         "aeropuerto",
                                         "aeroporto",
                                         "port",
                                         "of",
                                         "the",
                                         "de",
                                         "del",
                                         "la",
                                         "el",
                                         "da",
                                         "do",
                                         "di",
                                         "du",
                                         "le",
                                         "les",
                                         "los",
                                         "las",
                                         "al"};
    static const char *const maybe[] = {"puerto",
                                        "porto",
                                        "pto",
                                        "haven",
                                        "hafen",
                                        "harbour",
                                        "harbor",
                                        "seaport",
                                        "aerop",
                                        "apt",
                                        "intl",
                                        "internacional",
                                        "terminal",
                                        "contenedores",
                                        "container",
                                        "conteneurs",
                                        "maritimo",
                                        "maritime",
                                        "city",
                                        "ciudad",
                                        "cidade",
                                        "ville",
                                        "stad",
                                        "town",
                                        "d",
                                        "c",
                                        "provincia",
                                        "province",
                                        "departamento",
                                        "departement",
                                        "department",
                                        "state",
                                        "estado",
                                        "etat",
                                        "region",
                                        "regional",
                                        "district",
                                        "distrito",
                                        "municipio",
                                        "municipality",
                                        "mun",
                                        "prov",
                                        "dept",
                                        "jud",
                                        "loc",
                                        "county",
                                        "police",
                                        "customs",
                                        "aduana",
                                        "douane",
                                        "alfandega",
                                        "muelle",
                                        "zona",
                                        "portuaria",
                                        "flughafen",
                                        "luchthaven",
                                        "in",
                                        "en"};
    return is_one_of(word, len, always, sizeof always / sizeof *always) ||
           (further && is_one_of(word, len, maybe, sizeof maybe / sizeof *maybe));
}

static void end_word(struct folded *out, size_t *from, bool further)
{
    if (out->len > *from && is_general(out->text + *from, out->len - *from, further))
        out->len = *from;
    if (out->len > *from && out->len < sizeof out->text)
        out->text[out->len++] = ' ';
    *from = out->len;
}

static void fold(struct folded *out, struct bytes text, bool further)
{
    size_t from = out->len = 0;
    uint32_t point;
    while (utf8_next(&point, &text)) {
        char letters[2];
        int len = latin_fold(letters, point);
        if (len == LATIN_OTHER && point >= 0xC0 && (point < 0x2000 || point >= 0x2070)) {
            out->len = 0; /* another script */
            return;
        }
        if (len == LATIN_OTHER) {
            end_word(out, &from, further);
        } else if (out->len + 2 < sizeof out->text) {
            memcpy(out->text + out->len, letters, (size_t)len);
            out->len += (size_t)len;
        }
    }
    end_word(out, &from, further);
    if (out->len > 0)
        out->len--; /* the blank behind */
}

static uint64_t hash_of(const char *text, size_t len)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)text[i]) * 1099511628211u;
    return hash ^ hash >> 29;
}

/* ---- the index ---- */

static void add(uint64_t hash, size_t row, bool needs_country)
{
    assert(names_index.count < NAMES_MAX);
    names_index.names[names_index.count++] =
        (struct name){hash, (uint16_t)row, needs_country};
    size_t at = hash % SLOTS;
    while (names_index.slots[at] != 0)
        at = (at + 1) % SLOTS;
    names_index.slots[at] = (uint16_t)names_index.count;
}

/* A code stands with a sign that no name has. */
static uint64_t hash_code(const char *code, size_t len)
{
    char text[LOCODE + 1] = "#";
    for (size_t i = 0; i < len; i++)
        text[i + 1] = (char)to_lower((uint8_t)code[i]);
    return hash_of(text, len + 1);
}

static void index_build(void)
{
    assert(place_table_count < UINT16_MAX);
    for (size_t i = 0; i < place_table_count; i++) {
        const struct place_row *row = &place_table[i];
        struct bytes rest = bytes_text(row->names), part;
        if (row->code[0] != '\0')
            add(hash_code(row->code, strlen(row->code)), i, strlen(row->code) != LOCODE);
        while (text_next_word(&part, &rest, "|")) {
            struct folded name;
            bool needs_country = part.at[0] == '*';
            fold(&name, needs_country ? bytes_slice(part, 1, part.len - 1) : part, false);
            if (name.len > 0)
                add(hash_of(name.text, name.len), i, needs_country);
        }
    }
}

/* ---- one name ---- */

struct asked {
    const char *country;
    bool region;
};

/* The row that the name says, or -1. */
static int find_hash(uint64_t hash, const struct asked *asked)
{
    int town = -1, region = -1;
    bool elsewhere = false; /* a town of the name in another country */
    for (size_t at = hash % SLOTS; names_index.slots[at] != 0; at = (at + 1) % SLOTS) {
        const struct name *name = &names_index.names[names_index.slots[at] - 1];
        const struct place_row *row = &place_table[name->row];
        if (name->hash != hash)
            continue;
        bool ours = asked->country != NULL ? strcmp(row->country, asked->country) == 0
                                           : !name->needs_country;
        elsewhere = elsewhere || row->kind != PLACE_REGION;
        int *best = row->kind == PLACE_REGION ? &region : &town;
        if (ours && (*best < 0 || name->row < *best))
            *best = name->row;
    }
    /* Without a country a region is one only if no town is called so. */
    if (asked->country == NULL && town < 0 && elsewhere)
        region = -1;
    bool prefer_region = asked->region ? region >= 0 : town < 0;
    return prefer_region ? region : town;
}

/* Land that a country reports for and that the table has under a code of its own. */
static const char *const dependent[][2] = {
    {"fr", "gp"}, {"fr", "mq"}, {"fr", "gf"}, {"fr", "re"}, {"fr", "yt"}, {"fr", "pf"},
    {"fr", "nc"}, {"fr", "mf"}, {"nl", "cw"}, {"nl", "aw"}, {"nl", "bq"}, {"nl", "sx"},
    {"us", "pr"}, {"us", "vi"}, {"us", "gu"}, {"gb", "gi"}, {"gb", "je"}, {"gb", "gg"},
    {"gb", "im"}, {"gb", "vg"}, {"gb", "ky"}, {"gb", "bm"}, {"gb", "tc"}, {"dk", "gl"},
    {"dk", "fo"}, {"cn", "hk"}, {"cn", "mo"}, {"fi", "ax"},
};

static int find_here_or_dependent(uint64_t hash, const struct asked *asked)
{
    int row = find_hash(hash, asked);
    for (size_t i = 0;
         asked->country != NULL && row < 0 && i < sizeof dependent / sizeof *dependent; i++)
        if (strcmp(dependent[i][0], asked->country) == 0)
            row = find_hash(hash, &(struct asked){dependent[i][1], asked->region});
    return row;
}

static bool is_code(struct bytes text, size_t len)
{
    for (size_t i = 0; i < text.len; i++)
        if (!(text.at[i] >= 'A' && text.at[i] <= 'Z') && !(i > 1 && is_digit(text.at[i])))
            return false;
    return text.len == len;
}

static int find_code(struct bytes text, const struct asked *asked)
{
    const char *code = (const char *)text.at;
    if (is_code(text, IATA) && asked->country != NULL)
        return find_here_or_dependent(hash_code(code, IATA), asked);
    if (!is_code(text, LOCODE))
        return -1;
    int row = find_here_or_dependent(hash_code(code, LOCODE), asked);
    if (row >= 0)
        return row;
    /* Where an airport has three letters, UN/LOCODE takes them. */
    char country[3] = {(char)to_lower((uint8_t)code[0]), (char)to_lower((uint8_t)code[1]),
                       0};
    if (asked->country != NULL && strcmp(asked->country, country) != 0)
        return -1;
    return find_hash(hash_code(code + 2, IATA), &(struct asked){country, false});
}

static int find_name(struct bytes text, const struct asked *asked)
{
    text = text_trim(text);
    int row = find_code(text, asked);
    for (int further = 0; further < 2 && row < 0; further++) {
        struct folded name;
        fold(&name, text, further > 0);
        if (name.len > 1)
            row = find_here_or_dependent(hash_of(name.text, name.len), asked);
    }
    return row;
}

/* ---- the parts of a text ---- */

static double apart_km(const struct place_row *a, const struct place_row *b)
{
    double north = (a->latitude - b->latitude) / 100.0;
    double east = fabs((a->longitude - b->longitude) / 100.0);
    east = fmin(east, 360 - east) * cos(a->latitude / 100.0 * M_PI / 180);
    return 111.13 * hypot(north, east);
}

/* A town whose name no region of the country has says most, then a town, then a region. */
static int weight(struct bytes part, int row, const struct asked *asked)
{
    if (place_table[row].kind == PLACE_REGION)
        return 0;
    int other = find_name(part, &(struct asked){asked->country, true});
    return other >= 0 && place_table[other].kind == PLACE_REGION ? 1 : 2;
}

static int find_parts(struct bytes text, const struct asked *asked)
{
    struct bytes parts[PARTS_MAX], rest = text;
    size_t count = 0;
    struct asked within = *asked;
    while (count < PARTS_MAX && text_next_word(&parts[count], &rest, ",/;()[]"))
        count++;
    if (count < 2)
        return -1;
    for (size_t i = 0; i < count && asked->country == NULL; i++) {
        const char *country = country_find(text_trim(parts[i]));
        within.country = within.country == NULL ? country : within.country;
    }
    int best = -1, best_weight = -1;
    for (size_t i = 0; i < count; i++) {
        int row = find_name(parts[i], &within);
        if (row < 0)
            continue;
        int weighs = weight(parts[i], row, &within);
        /* Two towns far from each other: either may be meant. */
        if (best >= 0 && weighs == best_weight &&
            apart_km(&place_table[row], &place_table[best]) > SAME_KM)
            return -1;
        if (weighs > best_weight) {
            best = row;
            best_weight = weighs;
        }
    }
    return best;
}

bool place_find(struct place *out, struct bytes text, const struct place_options *options)
{
    call_once(&index_once, index_build);
    text = text_trim(text);
    if (text.len < 2 || text.len > TEXT_MAX)
        return false;
    struct asked asked = {options->country, options->region};
    /* "Spain" is not Port of Spain. */
    if (asked.country == NULL)
        asked.country = country_find(text);
    int found = find_name(text, &asked);
    if (found < 0)
        found = find_parts(text, &asked);
    if (found < 0)
        return false;
    const struct place_row *row = &place_table[found];
    const char *name = row->names + (row->names[0] == '*');
    *out = (struct place){.name = name,
                          .name_len = strcspn(name, "|"),
                          .code = row->code,
                          .country = row->country,
                          .kind = (enum place_kind)row->kind,
                          .latitude = row->latitude / 100.0,
                          .longitude = row->longitude / 100.0};
    return true;
}

/* A word says that an airport is meant, and no town. */
static bool says_airport(struct bytes text)
{
    static const char *const words[] = {"airport",   "aerop",      "aerodrom",
                                        "flughafen", "luchthaven", "intl"};
    for (size_t i = 0; i < text.len; i++)
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            if (text.len - i >= strlen(words[w]) &&
                text_same(bytes_slice(text, i, strlen(words[w])), words[w]))
                return true;
    return false;
}

uint32_t place_number(struct bytes text, const char *country)
{
    call_once(&index_once, index_build);
    text = text_trim(text);
    if (text.len < 2 || text.len > TEXT_MAX || says_airport(text))
        return 0;
    struct asked asked = {country != NULL ? country : country_find(text), false};
    int found = find_name(text, &asked);
    bool town = found >= 0 && (place_table[found].kind == PLACE_PORT ||
                               place_table[found].kind == PLACE_CITY);
    return town ? (uint32_t)found + 1 : 0;
}

bool place_same(struct bytes a, struct bytes b, const char *country)
{
    uint32_t number = place_number(a, country);
    return number != 0 && number == place_number(b, country);
}
