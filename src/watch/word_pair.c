/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/word_pair.h"

#include "base/text.h"
#include "formats/commodity.h"
#include "record/country.h"
#include "record/place.h"
#include "watch/notice.h"

#include <math.h>
#include <string.h>
#include <strings.h>

enum {
    WORD_MIN = 4,   /* letters */
    NEAR_KM = 1000, /* between the nearest towns of two countries: a route may move so */
};

/* ---- means of transport ---- */

enum {
    BY_AIR = 1,
    BY_SEA = 2,
    BY_ROAD = 4,
    BY_RAIL = 8,
    BY_POST = 16,
    ON_FOOT = 32,
    BY_DRONE = 64,
};

/* Beginnings of words in English, Spanish, French and Portuguese; with a blank at the end the whole
 * word is meant. */
static const struct means_word {
    const char *word;
    unsigned means;
} means_words[] = {
    {"air", BY_AIR},
    {"aer", BY_AIR},
    {"aér", BY_AIR},
    {"aér", BY_AIR},
    {"avi", BY_AIR},
    {"plane", BY_AIR},
    {"flight", BY_AIR},
    {"vuelo", BY_AIR},
    {"vol ", BY_AIR},
    {"voo ", BY_AIR},
    {"helic", BY_AIR},
    {"hélic", BY_AIR},
    {"sea ", BY_SEA},
    {"seaport", BY_SEA},
    {"motorboat", BY_SEA},
    {"moto de agua", BY_SEA},
    {"moto aquática", BY_SEA},
    {"jet ski", BY_SEA},
    {"speedboat", BY_SEA},
    {"vessel", BY_SEA},
    {"boat", BY_SEA},
    {"ship ", BY_SEA},
    {"ships ", BY_SEA},
    {"marit", BY_SEA},
    {"marít", BY_SEA},
    {"mar ", BY_SEA},
    {"mer ", BY_SEA},
    {"buque", BY_SEA},
    {"barco", BY_SEA},
    {"lancha", BY_SEA},
    {"embarca", BY_SEA},
    {"navio", BY_SEA},
    {"navire", BY_SEA},
    {"bateau", BY_SEA},
    {"yacht", BY_SEA},
    {"yate", BY_SEA},
    {"ferry", BY_SEA},
    {"river", BY_SEA},
    {"fluvial", BY_SEA},
    {"submarin", BY_SEA},
    {"port ", BY_SEA},
    {"puerto", BY_SEA},
    {"porto ", BY_SEA},
    {"road", BY_ROAD},
    {"truck", BY_ROAD},
    {"lorry", BY_ROAD},
    {"van ", BY_ROAD},
    {"car ", BY_ROAD},
    {"cars ", BY_ROAD},
    {"motorc", BY_ROAD},
    {"motorbik", BY_ROAD},
    {"motorway", BY_ROAD},
    {"motor vehicle", BY_ROAD},
    {"moto ", BY_ROAD},
    {"motoci", BY_ROAD},
    {"vehic", BY_ROAD},
    {"véhic", BY_ROAD},
    {"vehíc", BY_ROAD},
    {"veíc", BY_ROAD},
    {"bus ", BY_ROAD},
    {"camion", BY_ROAD},
    {"camión", BY_ROAD},
    {"caminh", BY_ROAD},
    {"coche", BY_ROAD},
    {"carro", BY_ROAD},
    {"turismo", BY_ROAD},
    {"autom", BY_ROAD},
    {"voiture", BY_ROAD},
    {"carret", BY_ROAD},
    {"rodovi", BY_ROAD},
    {"estrada", BY_ROAD},
    {"routi", BY_ROAD},
    {"highway", BY_ROAD},
    {"street", BY_ROAD},
    {"rail", BY_RAIL},
    {"train", BY_RAIL},
    {"tren ", BY_RAIL},
    {"trem ", BY_RAIL},
    {"comboio", BY_RAIL},
    {"ferrov", BY_RAIL},
    {"ferroc", BY_RAIL},
    {"mail", BY_POST},
    {"post", BY_POST},
    {"parcel", BY_POST},
    {"courier", BY_POST},
    {"correo", BY_POST},
    {"correio", BY_POST},
    {"courrier", BY_POST},
    {"paquet", BY_POST},
    {"colis", BY_POST},
    {"encomenda", BY_POST},
    {"foot ", ON_FOOT},
    {"pedestr", ON_FOOT},
    {"walk", ON_FOOT},
    {"pie ", ON_FOOT},
    {"pied ", ON_FOOT},
    {"peaton", ON_FOOT},
    {"piéton", ON_FOOT},
    {"dron", BY_DRONE},
    {"unmanned", BY_DRONE},
    {"uav ", BY_DRONE},
};
/* No way by air. */
static const char *const outdoors[] = {"open air", "aire libre", "plein air", "ar livre"};

static bool has_at(const char *at, const char *word)
{
    size_t length = strlen(word);
    bool whole = word[length - 1] == ' ';
    length -= whole;
    return strncasecmp(at, word, length) == 0 && !(whole && is_letter((uint8_t)at[length]));
}

static unsigned means_of(const char *text)
{
    unsigned means = 0;
    for (size_t i = 0; i < sizeof outdoors / sizeof *outdoors; i++)
        if (strcasestr(text, outdoors[i]) != NULL)
            return 0;
    for (const char *at = text; *at != '\0'; at++) {
        bool begins = at == text || !(is_letter((uint8_t)at[-1]) || (uint8_t)at[-1] >= 128);
        const struct means_word *best = NULL; /* the longest: a moto de agua is no moto */
        for (size_t w = 0; begins && w < sizeof means_words / sizeof *means_words; w++)
            if (has_at(at, means_words[w].word) &&
                (best == NULL || strlen(means_words[w].word) > strlen(best->word)))
                best = &means_words[w];
        means |= best != NULL ? best->means : 0;
    }
    return means;
}

static enum word_pair means_pair(unsigned a, unsigned b)
{
    if (a == 0 || b == 0)
        return PERHAPS_ONE;
    return a == b ? ONE_THING : (a & b) == 0 ? TWO_THINGS : PERHAPS_ONE;
}

/* ---- substances ---- */

static bool is_group(const char *code)
{
    static const char *const codes[] = {"cocaine", "opioid",    "cannabis",
                                        "ats",     "sedative",  "hallucinogen",
                                        "nps",     "precursor", "plant"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

bool word_pair_same_group(const char *a, const char *b)
{
    const char *group = commodity_of(bytes_text(a));
    return is_group(group) && strcmp(group, commodity_of(bytes_text(b))) == 0;
}

static enum word_pair substance_pair(const char *a, const char *b)
{
    bool known =
        is_group(commodity_of(bytes_text(a))) && is_group(commodity_of(bytes_text(b)));
    return known && !word_pair_same_group(a, b) ? TWO_THINGS
           : word_pair_share_word(a, b)         ? ONE_THING
                                                : PERHAPS_ONE;
}

/* ---- countries ---- */

static double apart_km(const struct place_row *a, const struct place_row *b)
{
    double radian = M_PI / 180 / 100;
    double x = a->latitude * radian, y = b->latitude * radian;
    double cosine =
        sin(x) * sin(y) + cos(x) * cos(y) * cos((a->longitude - b->longitude) * radian);
    return 6371 * acos(fmax(-1, fmin(1, cosine)));
}

static void rows_of_country(size_t *begin, size_t *end, const char *code)
{
    for (*begin = 0;
         *begin < place_table_count && strcmp(place_table[*begin].country, code) != 0;
         ++*begin)
        continue;
    for (*end = *begin;
         *end < place_table_count && strcmp(place_table[*end].country, code) == 0; ++*end)
        continue;
}

/* A town of one lies near a town of the other. */
static bool are_near(const char *x, const char *y)
{
    size_t begin[2], end[2];
    rows_of_country(&begin[0], &end[0], x);
    rows_of_country(&begin[1], &end[1], y);
    for (size_t i = begin[0]; i < end[0]; i++)
        for (size_t k = begin[1]; k < end[1]; k++)
            if (apart_km(&place_table[i], &place_table[k]) <= NEAR_KM)
                return true;
    return false;
}

bool word_pair_two_countries(const char *a, const char *b)
{
    const char *x = country_find(bytes_text(a)), *y = country_find(bytes_text(b));
    return x != NULL && y != NULL && strcmp(x, y) != 0;
}

static enum word_pair country_pair(enum facet facet, const char *a, const char *b)
{
    if (!word_pair_two_countries(a, b))
        return notice_alike(facet, a, b) ? ONE_THING : PERHAPS_ONE;
    bool taken = notice_alike(facet, a, b) &&
                 !are_near(country_find(bytes_text(a)), country_find(bytes_text(b)));
    return taken ? ONE_MISCODED : TWO_THINGS;
}

/* ---- all ---- */

bool word_pair_share_word(const char *a, const char *b)
{
    size_t length;
    for (; *a != '\0'; a += length) {
        for (; *a == ' ' || *a == ',' || *a == '-'; a++)
            continue;
        length = strcspn(a, " ,-");
        const char *at = length >= WORD_MIN ? b : NULL;
        for (; at != NULL && *at != '\0'; at++)
            if (strncasecmp(at, a, length) == 0 &&
                (at == b || !is_letter((uint8_t)at[-1])) &&
                !is_letter((uint8_t)at[length]) && !is_digit((uint8_t)at[length]))
                return true;
    }
    return false;
}

enum word_pair word_pair(enum facet facet, const char *a, const char *b)
{
    enum word_pair like = PERHAPS_ONE;
    switch (facet) {
    case FACET_COMMODITY:
        return is_group(a) && is_group(b) ? TWO_THINGS : PERHAPS_ONE;
    case FACET_SUBSTANCE:
        return substance_pair(a, b);
    case FACET_ORIGIN:
    case FACET_DEPARTURE:
    case FACET_TRANSIT:
    case FACET_DESTINATION:
        return country_pair(facet, a, b);
    case FACET_MODE:
        like = means_pair(means_of(a), means_of(b));
        break;
    case FACET_INSTALLATION: /* parcels come by air, and lie at the post office */
        like = means_pair(means_of(a) & ~BY_POST, means_of(b) & ~BY_POST);
        break;
    default:
        break;
    }
    return like == PERHAPS_ONE && word_pair_share_word(a, b) ? ONE_THING : like;
}
