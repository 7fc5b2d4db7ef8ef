/* SPDX-License-Identifier: Apache-2.0
 *
 * link/mixture.h: whose records agree so? One person's, a relative's, a namesake's, a
 * stranger's.
 *
 * After Fellegi and Sunter two persons' records are laid side by side, and what agrees of
 * the names, of the birth date and of the address is each one of a few levels: an
 * agreement. For every agreement there is an expected number, a query, of
 *
 *     the same person     how often asked people are there at all, and their records agree just so
 *     kin                 others of the household: mostly one name, one address, another birth date;
 *                         now and then both names, or (twins) the birth date
 *     a namesake          both names and the town, and another birth date or house
 *     strangers           chance: the other side's size, times how common just these values are
 *
 * doubt = (kin + namesakes + strangers) / same is what is stated as expected_false: how
 * many wrong ones there are for one right one. Names, date and address are taken to go
 * wrong by themselves, so that an expected number is a product; strangers are counted by
 * whoever lays side by side, because only values say how common they are. A level 0 of the
 * date or the address is "not known", and says nothing either way.
 *
 * What is reckoned beforehand (mixture_init) is careful and the same for all files. A run
 * of many queries shows by itself how many of its agreements are which (mixture_learn, by
 * expectation and maximisation, what was reckoned counting as MIXTURE_QUERIES queries): a
 * file of households has far more pairs of one name, one house and two birth dates than
 * slips of the pen would leave.
 */
#ifndef LINK_MIXTURE_H
#define LINK_MIXTURE_H

#include "base/bytes.h"

/* Levels of the fields, and how many there are.
 *
 *     names   by keys: 0 none agrees, 1 letters of one, 2 more letters, 3 one as it sounds,
 *             4 one, 5 one and letters of another, 6 two or more and not all, 7 all
 *             in the clear: 0 none, 1 one nearly and another differs, 2 one and another
 *             differs, 3 one nearly, 4 one, 5 two or more and another differs, 6 all nearly, 7 all
 *     date    0 not known, 1 differs, 2 a year or swapped, 3 another year, 4 two parts,
 *             5 the same
 *     place   0 not known, 1 none, 2 town or postcode, 3 street, 4 the house and one part,
 *             5 the house and more
 */
enum { MIXTURE_NAMES = 8, MIXTURE_DATES = 6, MIXTURE_PLACES = 6 };

/* By keys alone, and by the records in the clear, the levels of names are others. */
enum mixture_kind { MIXTURE_KEYS, MIXTURE_PLAIN };

/* A level's words, as what was decided is written down (link/review): "letters of one". NULL: there is
 * no such level. */
const char *mixture_name_word(enum mixture_kind kind, size_t level);
const char *mixture_date_word(size_t level);
const char *mixture_place_word(size_t level);

enum {
    MIXTURE_OTHERS = 2,    /* kin and namesakes */
    MIXTURE_QUERIES = 100, /* what is reckoned beforehand counts as so many */
    MIXTURE_LONG_RUN = 500 /* shows how records of one person and of others agree */
};

struct accord {
    uint8_t names, date, place;
    bool day_of_many; /* the date is of a day that stands for an unknown one, as 1 January */
    /* Of an address without a house, or of a town alone, no more can agree. */
    uint8_t place_most;
    double strangers; /* expected number of them, a query */
    /* By keys, bits by which letters or initials of a name that agree beside another are rarer than such
     * are (-3 to 3): a relative's, or a namesake's, are the same by chance. */
    double rarer_letters;
    /* A factor for identifiers that agree too, on all who are not the same person. */
    double numbers;
};

/* How one class of people agree. Each of a field's levels but "not known" sum to 1. */
struct mixture_class {
    double often; /* of them, a query */
    double names[MIXTURE_NAMES], dates[MIXTURE_DATES], places[MIXTURE_PLACES];
};

struct mixture {
    struct mixture_class same, others[MIXTURE_OTHERS];
    uint64_t queries; /* that it has learned from */
    /* Names of level 6 agree in all tokens, too, less well than those of 7. */
    bool two_is_whole;
    double short_run_doubt; /* of strangers, so many more may be where a run has few rows */
    /* Whoever errs in one field errs in another, too; and not every agreement is seen by
     * keys: how far the numbers of one person's records are from the product, within
     * bounds. */
    double fits[MIXTURE_NAMES][MIXTURE_DATES][MIXTURE_PLACES];
};

void mixture_init(struct mixture *mixture, enum mixture_kind kind);
/* From all agreements of a run of so many queries, those of strangers, too. */
void mixture_learn(struct mixture *mixture, const struct accord *seen, size_t count,
                   uint64_t queries);
/* The expected number of others for one of the same person: 0 (none) upwards. */
double mixture_doubt(const struct mixture *mixture, const struct accord *accord);

/* All names and the whole birth date, of a day that is nobody's in particular aside: whoever looks wants to see it, though many bear such a name. It is
 * a hit, weak where another would be none, while it is as likely right as wrong. */
#define WHOLE_EXPECTED_MAX 1.0
#define WHOLE_DOUBT "many bear such a name: a namesake born that day may be meant"
bool accord_is_whole(const struct accord *accord);

/* The doubt up to which it is a hit: HIT_EXPECTED_MAX where nothing was learned, and more
 * where a long run has shown what there is to be doubted. */
#define HIT_EXPECTED_MAX 0.05
double mixture_doubt_max(const struct mixture *mixture);

#endif
