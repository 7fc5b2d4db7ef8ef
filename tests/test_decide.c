/* SPDX-License-Identifier: Apache-2.0 */
#include "link/decide.h"

#include "check.h"

#include <math.h>

#define KEY(class_, text, bits_)                                                           \
    {                                                                                      \
        class_, BYTES_OF(text), bits_                                                      \
    }

enum { PERSON_BITS = -1 };

static const struct {
    const char *name;
    struct key keys[5];
    size_t count;
    bool hit, weak;
    double
        bits; /* of the whole agreement; PERSON_BITS: link/mixture says how many are wrong */
    const char *first_reason;
} cases[] = {
    {"nothing shared", {{0}}, 0, false, false, 0, NULL},
    {"one strong key",
     {KEY(KEY_PHONE, "+999550107788", 23)},
     1,
     true,
     false,
     23,
     "phone number +999550107788 agrees"},
    {"two strong keys",
     {KEY(KEY_PHONE, "+999550107788", 23), KEY(KEY_VIN, "V", 20)},
     2,
     true,
     false,
     43,
     "phone number +999550107788 agrees"},
    {"a weak key",
     {KEY(KEY_MARK, "three dolphins", 7)},
     1,
     true,
     true,
     7,
     "packaging mark three dolphins agrees (weak)"},
    {"weak and strong",
     {KEY(KEY_IMO, "0007319", 16), KEY(KEY_COMPANY, "a b", 20)},
     2,
     true,
     false,
     36,
     "ship (IMO number) 0007319 agrees (weak)"},
    {"one name token",
     {KEY(KEY_PERSON, "alvear 1984-03-12", 21.5)},
     1,
     false,
     false,
     PERSON_BITS,
     "one name alvear agrees"},
    {"two name tokens",
     {KEY(KEY_PERSON, "alvear 1984-03-12", 21.5),
      KEY(KEY_PERSON, "tomas 1984-03-12", 21.5)},
     2,
     true,
     false,
     PERSON_BITS,
     "whole name alvear tomas agrees"},
    {"two tokens under two dates",
     {KEY(KEY_PERSON, "alvear 1984-03-12", 21.5),
      KEY(KEY_PERSON, "tomas 1984-12-03", 21.5)},
     2,
     false,
     false,
     PERSON_BITS,
     "one name alvear agrees"},
    {"a whole name",
     {KEY(KEY_PERSON, "elske noordt 1988-06-07", 29.5)},
     1,
     true,
     false,
     PERSON_BITS,
     "whole name elske noordt agrees"},
    {"a whole name and its tokens count once",
     {KEY(KEY_PERSON, "elske 1988-06-07", 21.5),
      KEY(KEY_PERSON, "elske noordt 1988-06-07", 29.5),
      KEY(KEY_PERSON, "noordt 1988-06-07", 21.5)},
     3,
     true,
     false,
     PERSON_BITS,
     "whole name elske noordt agrees"},
};

/* Sets of facts, as two records share them, and what they are at a thousand records. */
static const struct {
    const char *name;
    const char *keys[8];
    bool hit, weak, possible;
    const char *reason; /* one of those given, or NULL */
} sets[] = {
    {"dates that agree only when swapped are possible, never a hit",
     {"~ALVR ~TMS 1984", "~ALVR ~TMS 1984-03/12"},
     false,
     false,
     true,
     "birth date, with day and month swapped, 1984-03/12 agrees"},
    {"... unless the postcode agrees",
     {"#4814 1984-03/12", "~ALVR #4814", "~ALVR ~TMS 1984", "~ALVR ~TMS 1984-03/12"},
     true,
     false,
     false,
     "postcode 4814 agrees"},
    {"a year alone is possible",
     {"~ALVR ~TMS 1984", "alvear tomas 1984"},
     false,
     false,
     true,
     NULL},
    {"one name in two forms with the date says that it may be a twin",
     {"alvear 1984-03-12", "~ALVR 1984-03-12"},
     true,
     true,
     false,
     "one name alone agrees beside the birth date: a twin may be meant"},
    {"one name that only sounds alike says less",
     {"ke* 1984-03-12", "~KL 1984-03-12", "~KL #4814"},
     true,
     true,
     false,
     "postcode 4814 agrees"},
    {"one name and letters of the other with the date",
     {"al* 1984-03-12", "to* 1984-03-12", "~ALVR 1984-03-12"},
     true,
     false,
     false,
     "first letters of a name agree"},
    {"a family shares name, postcode and house",
     {"~ALVR #4814", "~ALVR =MR/5"},
     false,
     false,
     true,
     "no birth date agrees: a relative in the same house may be meant"},
    {"postcode and street with the date and no name",
     {"#4814 1984-03-12", "=MR 1984-03-12"},
     true,
     true,
     false,
     "no name agrees: another of the household may be meant"},
    {"one key is not two", {"~ALVR #4814"}, false, false, false, NULL},
    {"a postcode with the date says nothing of who",
     {"#4814 1984-03-12"},
     false,
     false,
     false,
     NULL},
    {"names with year and month",
     {"~ALVR ~TMS 1984--12", "~ALVR ~TMS 1984-03"},
     true,
     false,
     false,
     NULL},
    {"letters in one key with a token are another's",
     {"~ALVR tom* --03-12", "~ALVR #4814"},
     true,
     false,
     false,
     "first letters of a name agree"},
    {"... and letters of a token that agrees are its own",
     {"*ear 1984-03-12", "~ALVR 1984-03-12"},
     true,
     true,
     false,
     "one name alone agrees beside the birth date: a twin may be meant"},
    {"what is no form says nothing", {"", "  "}, false, false, false, NULL},
};

/* One key may have three facts; then it needs no other. */
static void test_strong_key(struct arena *arena)
{
    struct decision decision;
    struct key key = KEY(KEY_PERSON, "~ALVR ~TMS --03-12", 23);
    decide_by_keys(&decision, &key, 1, 100, arena);
    CHECK(decision.hit && decision.weak); /* of another year: perhaps a namesake */
    key.value = BYTES_OF("~ALVR ~TMS 1984-03");
    decide_by_keys(&decision, &key, 1, 1000, arena);
    CHECK(decision.hit && !decision.weak);
    key.bits = 18;
    decide_by_keys(&decision, &key, 1, 1000, arena);
    CHECK(decision.hit);
    key.bits = 17.5;
    decide_by_keys(&decision, &key, 1, 1000, arena);
    CHECK(!decision.hit && !decision.possible);
}

/* Who looks wants to see all names with the whole birth date, though many bear them. */
static void test_whole(struct arena *arena)
{
    const struct key keys[] = {KEY(KEY_PERSON, "alvear 1984-03-12", 21.5),
                               KEY(KEY_PERSON, "tomas 1984-03-12", 21.5)};
    struct mixture mixture;
    struct decide_query query = {.population = 1000, .asks = 2 * ASKS_NAME | ASKS_DATE};
    struct decision decision;
    mixture_init(&mixture, MIXTURE_KEYS);
    query.learned = &mixture;
    decide_query(&decision, keys, 2, &query, arena);
    CHECK(decision.hit && !decision.weak);
    double doubt = decision.expected_false;
    for (double wanted = 0.01; wanted < 5; wanted *= 2) {
        struct mixture many = mixture;
        for (size_t k = 0; k < MIXTURE_OTHERS; k++)
            many.others[k].often *= wanted / doubt;
        query.learned = &many;
        decide_query(&decision, keys, 2, &query, arena);
        CHECK(decision.hit == (decision.expected_false <= WHOLE_EXPECTED_MAX));
        CHECK(decision.weak ==
              (decision.hit && decision.expected_false > HIT_EXPECTED_MAX));
        bool said = strcmp(decision.why[decision.why_count - 1], WHOLE_DOUBT) == 0;
        CHECK(said == decision.weak);
        /* One name alone is not as much. */
        query.asks = 3 * ASKS_NAME | ASKS_DATE;
        decide_query(&decision, keys, 2, &query, arena);
        CHECK(decision.hit == (decision.expected_false <= HIT_EXPECTED_MAX));
        query.asks = 2 * ASKS_NAME | ASKS_DATE;
    }
}

/* Zhang Jing sounds twice the same, and is two names. */
static void test_twice(struct arena *arena)
{
    const struct key keys[] = {KEY(KEY_PERSON, "~JNK ~JNK 1950-07", 22.5),
                               KEY(KEY_PERSON, "~JNK 1950-07-02", 20.5)};
    struct decision decision;
    CHECK(decide_asks(keys, 2) / ASKS_NAME == 2);
    const struct decide_query query = {.population = 1000, .asks = decide_asks(keys, 2)};
    decide_query(&decision, keys, 2, &query, arena);
    CHECK(decision.hit && decision.accord.names == 7);
    CHECK_SEEN(strcmp(decision.why[0], "names JNK (by sound) JNK (by sound) agree") == 0,
               "%s", decision.why[0]);
    decide_query(&decision, keys + 1, 1, &query, arena);
    CHECK(decision.accord.names < 7);
}

/* Two words of a company's name are its sister's, too; the whole name, or a number beside them, is not. */
static void test_sisters(struct arena *arena)
{
    const struct key part = KEY(KEY_COMPANY, "noordt velero +XC", 30),
                     whole = KEY(KEY_COMPANY, "noordt velero", 30),
                     number = KEY(KEY_IMO, "0007319", 16);
    struct decision decision;
    decide_by_keys(&decision, &part, 1, 1000, arena);
    CHECK(decision.hit && decision.weak && decision.part_of_name);
    CHECK_SEEN(decision.expected_false >= 1, "%g", decision.expected_false);
    CHECK(strcmp(decision.why[1],
                 "two words of the name agree: a sister company may be meant") == 0);
    decide_by_keys(&decision, (const struct key[]){whole, part}, 2, 1000, arena);
    CHECK(decision.hit && !decision.weak && !decision.part_of_name);
    CHECK_SEEN(decision.expected_false < 1e-3, "%g", decision.expected_false);
    decide_by_keys(&decision, (const struct key[]){number, part}, 2, 1000, arena);
    CHECK(decision.hit && !decision.part_of_name && decision.expected_false < 1e-3);
}

/* No more room for chance than is said: what is a hit among a thousand is none among a million. */
static void test_size(struct arena *arena)
{
    const struct key keys[] = {KEY(KEY_PERSON, "el* 1984-03-12", 17.5),
                               KEY(KEY_PERSON, "els* 1984-03-12", 18.5),
                               KEY(KEY_PERSON, "~ALSK 1984-03-12", 21)};
    struct decision decision;
    for (uint64_t size = 100; size <= 100000000; size *= 10) {
        decide_by_keys(&decision, keys, 3, size, arena);
        CHECK(decision.hit == (decision.expected_false <= HIT_EXPECTED_MAX));
        CHECK(decision.hit || decision.possible);
        CHECK(size <= 1000 ? decision.hit : size < 10000000 || !decision.hit);
    }
}

/* What a run has learned says how many are wrong, and what is a hit. */
static void test_learned(struct arena *arena)
{
    const struct key keys[] = {KEY(KEY_PERSON, "~LPS #28001", 17),
                               KEY(KEY_PERSON, "~LPS =MR/12", 20),
                               KEY(KEY_PERSON, "~LPS ~MR &MTRT", 21)};
    struct mixture mixture;
    struct decision alone, without, with;
    const unsigned asks = ASKS_PLACE | ASKS_STREET | ASKS_HOUSE | ASKS_DATE | ASKS_NAME * 2;
    struct decide_query query = {.population = 1000, .asks = asks};
    /* A relative of the house, as far as is reckoned. */
    decide_query(&alone, keys, 3, &query, arena);
    CHECK(!alone.hit && alone.possible && alone.counted && alone.accord.date == 1);
    mixture_init(&mixture, MIXTURE_KEYS);
    mixture.others[0].often = 0;
    mixture.queries = DECIDE_HOUSEHOLDS_RUN - 1;
    query.learned = &mixture;
    /* One name and the house: only a long run can tell. Two names and the house: a namesake may be meant. */
    decide_query(&without, keys, 2, &query, arena);
    CHECK(!without.hit);
    decide_query(&without, keys, 3, &query, arena);
    CHECK(without.hit && without.weak);
    mixture.queries = MIXTURE_LONG_RUN;
    query.learned = &mixture;
    decide_query(&without, keys, 3, &query, arena);
    CHECK(without.hit && without.weak && without.expected_false < alone.expected_false);
    mixture.others[0].often = 2;
    decide_query(&with, keys, 3, &query, arena);
    CHECK(!with.hit && with.possible && with.expected_false > 0.5);
    CHECK(fabs(with.score - 1 / (1 + with.expected_false)) < 1e-12);
}

/* A name that agrees with its first and last letters is more than one that sounds so. */
static void test_only_sounds(struct arena *arena)
{
    const struct key keys[] = {KEY(KEY_PERSON, "*an 1984-03-12", 16.5),
                               KEY(KEY_PERSON, "do* 1984-03-12", 17.5),
                               KEY(KEY_PERSON, "~DLN 1984-03-12", 20.5)};
    struct decision spelled, heard;
    decide_by_keys(&spelled, keys, 3, 1000, arena);
    decide_by_keys(&heard, keys + 1, 2, 1000, arena);
    CHECK(spelled.expected_false < heard.expected_false / 4);
    CHECK(spelled.accord.names != heard.accord.names);
}

/* A stranger may agree by either of two names, and by the start or the end of each. */
static void test_ways(struct arena *arena)
{
    const struct key one[] = {KEY(KEY_PERSON, "alvear 1984-03-12", 21),
                              KEY(KEY_PERSON, "*ar 1984-03-12", 17),
                              KEY(KEY_PERSON, "al* 1984-03-12", 17)};
    const struct key letters[] = {KEY(KEY_PERSON, "al* 1984-03-12", 17),
                                  KEY(KEY_PERSON, "alv* 1984-03-12", 18)};
    struct decision of_one, of_two;
    struct decide_query query = {.population = 1000};
    query.asks = ASKS_DATE | ASKS_NAME;
    decide_query(&of_one, one, 3, &query, arena);
    query.asks = ASKS_DATE | 2 * ASKS_NAME;
    decide_query(&of_two, one, 3, &query, arena);
    CHECK(fabs(of_two.accord.strangers / of_one.accord.strangers - 2) < 1e-9);
    decide_query(&of_two, letters, 2, &query, arena);
    query.asks = 0;
    decide_query(&of_one, letters, 2, &query, arena);
    CHECK(fabs(of_two.accord.strangers / of_one.accord.strangers - 2) < 1e-9);
    /* The date, the letters, and that it may be the end as well. */
    CHECK(fabs(log2(of_one.accord.strangers / 1000 / 1.5) + 6 + 8.4 + 5.5) < 1e-6);
}

/* No name agrees: a hit where the run shows no others in the house, and then a weak one. */
static void test_no_name(struct arena *arena)
{
    static const struct {
        const char *keys[3];
        bool hit;
    } rows[] = {
        {{"#4814 --03-12", "&MR/5 --03-12"}, true},
        {{"#4814 --03-12", "&MR --03-12"}, false},
        {{"#4814/5 1984", "=MR &VTRN 1984"}, true},
        {{"#4814/5 1984", "=MR 1984"}, false},
    };
    struct mixture mixture;
    mixture_init(&mixture, MIXTURE_KEYS);
    mixture.others[0].often = 0;
    mixture.queries = 1000;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decision decision;
        struct decide_query query = {.population = 100};
        const struct key keys[] = {{KEY_PERSON, bytes_text(rows[i].keys[0]), 18},
                                   {KEY_PERSON, bytes_text(rows[i].keys[1]), 18}};
        decide_query(&decision, keys, 2, &query, arena);
        CHECK(!decision.hit && !decision.possible);
        query.learned = &mixture;
        decide_query(&decision, keys, 2, &query, arena);
        CHECK_SEEN(decision.hit == rows[i].hit && decision.weak == rows[i].hit, "%zu: %g",
                   i, decision.expected_false);
    }
}

/* What was asked and does not agree. */
static void test_silence(struct arena *arena)
{
    static const struct {
        const char *keys[6];
        unsigned asks;
        bool hit;
        double least;
        const char *reason;
    } silent[] = {
        {{"~LPS #28001", "~LPS =MR", "~MR #28001", "~LPS ~MR &MTRT"},
         ASKS_PLACE | ASKS_STREET,
         true,
         0,
         NULL},
        {{"~LPS #28001", "~LPS =MR", "~MR #28001", "~LPS ~MR &MTRT"},
         ASKS_PLACE | ASKS_STREET | ASKS_DATE,
         false,
         0.05,
         "no form of the birth date agrees"},
        {{"~LPS #28001", "~LPS =MR", "~MR #28001", "~LPS ~MR &MTRT"},
         ASKS_PLACE | ASKS_STREET | ASKS_DATE | ASKS_HOUSE,
         false,
         0.1,
         "the house number does not agree"},
        {{"~LPS #28001", "~LPS =MR/12", "~MR #28001", "~LPS ~MR &MTRT"},
         ASKS_PLACE | ASKS_STREET | ASKS_DATE | ASKS_HOUSE,
         false,
         0.02,
         "a namesake in the same house may be meant"},
        {{"~LPS ~MR =MR", "~LPS =MR"}, ASKS_PLACE | ASKS_STREET, true, 0, NULL},
        {{"~LPS ~MR =MR", "~LPS =MR"},
         ASKS_PLACE | ASKS_STREET | ASKS_DATE,
         false,
         0,
         NULL},
        {{"~LPS #28001", "~LPS =MR"},
         ASKS_PLACE | ASKS_STREET | ASKS_DATE | ASKS_HOUSE,
         false,
         0,
         NULL},
        {{"~MR ~N --05-05", "mr* --05-05"}, ASKS_DATE, false, 0, NULL},
    };
    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
        struct key keys[6];
        size_t count = 0;
        for (; count < 6 && silent[i].keys[count] != NULL; count++)
            keys[count] = (struct key){KEY_PERSON, bytes_text(silent[i].keys[count]), 17};
        struct decision decision;
        const struct decide_query query = {.population = 1000, .asks = silent[i].asks};
        decide_query(&decision, keys, count, &query, arena);
        CHECK_SEEN(decision.hit == silent[i].hit, "case %zu: %g", i,
                   decision.expected_false);
        CHECK_SEEN(decision.expected_false >= silent[i].least, "case %zu: %g", i,
                   decision.expected_false);
        CHECK(silent[i].least == 0 || decision.weak || decision.possible);
        bool said = silent[i].reason == NULL;
        for (size_t k = 0; k < decision.why_count; k++)
            said = said || strcmp(decision.why[k], silent[i].reason) == 0;
        CHECK_SEEN(said, "case %zu", i);
    }
    const struct key asking[] = {KEY(KEY_PERSON, "~LPS 1975-05-05", 20),
                                 KEY(KEY_PERSON, "ma* =MR/12", 20)};
    CHECK(decide_asks(asking, 2) ==
          (ASKS_PLACE | ASKS_STREET | ASKS_HOUSE | ASKS_DATE | ASKS_NAME));
    CHECK(decide_asks(asking, 1) == (ASKS_DATE | ASKS_NAME) && decide_asks(asking, 0) == 0);
}

/* The ends of names that a third of a country shares are no agreement, and are not taken for one before rows
 * have shown how common they are; starts are, until rows show that they are common. */
static void test_letters(struct arena *arena)
{
    const struct key ends[] = {KEY(KEY_PERSON, "*ko 1984-03-12", 16.5),
                               KEY(KEY_PERSON, "*nko 1984-03-12", 17.5)};
    const struct key starts[] = {KEY(KEY_PERSON, "ko* 1984-03-12", 16.5),
                                 KEY(KEY_PERSON, "kov* 1984-03-12", 17.5)};
    const struct key other[] = {KEY(KEY_PERSON, "*ar 1951-07-02", 16.5),
                                KEY(KEY_PERSON, "al* 1951-07-02", 16.5)};
    struct decision decision;
    const unsigned asks = ASKS_DATE | 2 * ASKS_NAME;
    struct decide_query query = {.population = 1, .asks = asks};
    decide_query(&decision, ends, 2, &query, arena);
    CHECK(!decision.hit && decision.expected_false > 0.001);
    decide_query(&decision, starts, 2, &query, arena);
    CHECK(decision.hit && decision.weak);
    for (unsigned common = 0; common < 2; common++) {
        struct frequency parts = {0};
        for (unsigned i = 0; i < 400; i++) {
            bool here = i == 0 || (common && i % 3 == 0);
            decide_count(&parts, here ? ends : other, 2);
            decide_count(&parts, here ? starts : other, 2);
        }
        CHECK(frequency_of(&parts, 'e', BYTES_OF("ko")) ==
              frequency_of(&parts, 'e', BYTES_OF("nko")));
        query.parts = &parts;
        decide_query(&decision, ends, 2, &query, arena);
        CHECK(decision.hit == !common && decision.weak == decision.hit);
        decide_query(&decision, ends, 1, &query, arena);
        CHECK(decision.accord.names == (common ? 0 : 1));
        decide_query(&decision, starts, 2, &query, arena);
        CHECK(decision.hit == !common && decision.weak == decision.hit);
        frequency_release(&parts);
    }
}

/* Names were asked, and none agrees: another of the household, as far as a short run knows. */
static void test_no_name_asked(struct arena *arena)
{
    const struct key keys[] = {KEY(KEY_PERSON, "#4814 1984-03-12", 22),
                               KEY(KEY_PERSON, "=MR/5 1984-03-12", 25)};
    struct decision decision;
    struct decide_query query = {.population = 1, .asks = ASKS_DATE | ASKS_PLACE};
    decide_query(&decision, keys, 2, &query, arena);
    CHECK(decision.hit && decision.weak);
    query.asks |= 2 * ASKS_NAME;
    decide_query(&decision, keys, 2, &query, arena);
    CHECK(!decision.hit && !decision.possible);
}

/* A name that many asking rows have says less; one that few have says no more than was reckoned. */
static void test_common(struct arena *arena)
{
    const struct key keys[] = {KEY(KEY_PERSON, "do* 1984-03-12", 17.5),
                               KEY(KEY_PERSON, "~DLN 1984-03-12", 20.5)};
    const struct key other = KEY(KEY_PERSON, "~KR 1984-03-12", 20.5);
    struct decision alone, rare, common;
    struct frequency parts = {0};
    decide_by_keys(&alone, keys, 2, 1000, arena);
    const struct decide_query query = {.population = 1000, .parts = &parts};
    decide_query(&rare, keys, 2, &query, arena);
    CHECK(rare.expected_false == alone.expected_false);
    decide_count(&parts, keys, 2);
    CHECK(parts.things == 1 && frequency_of(&parts, 'c', BYTES_OF("DLN")) == 1);
    for (int i = 0; i < 1999; i++) {
        decide_count(&parts, i % 4 == 0 ? keys : &other, i % 4 == 0 ? 2 : 1);
    }
    decide_query(&common, keys, 2, &query, arena);
    CHECK_SEEN(common.expected_false > 8 * alone.expected_false, "%g, %g",
               common.expected_false, alone.expected_false);
    frequency_release(&parts);
}

static void test_sets(struct arena *arena)
{
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        struct key keys[8];
        size_t count = 0;
        for (; count < 8 && sets[i].keys[count] != NULL; count++)
            keys[count] = (struct key){KEY_PERSON, bytes_text(sets[i].keys[count]), 17};
        struct decision decision;
        decide_by_keys(&decision, keys, count, 1000, arena);
        CHECK_SEEN(decision.hit == sets[i].hit, "%s", sets[i].name);
        CHECK_SEEN(decision.weak == sets[i].weak, "%s", sets[i].name);
        CHECK_SEEN(decision.possible == sets[i].possible, "%s", sets[i].name);
        bool said = sets[i].reason == NULL;
        for (size_t k = 0; k < decision.why_count; k++)
            said = said || strcmp(decision.why[k], sets[i].reason) == 0;
        CHECK_SEEN(said, "%s: %s", sets[i].name,
                   decision.why_count > 0 ? decision.why[decision.why_count - 1]
                                          : "nothing");
    }
}

int main(void)
{
    struct arena arena = {0};
    test_sets(&arena);
    test_strong_key(&arena);
    test_size(&arena);
    test_whole(&arena);
    test_twice(&arena);
    test_sisters(&arena);
    test_learned(&arena);
    test_only_sounds(&arena);
    test_ways(&arena);
    test_no_name(&arena);
    test_letters(&arena);
    test_no_name_asked(&arena);
    test_silence(&arena);
    test_common(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct decision decision;
        decide_by_keys(&decision, cases[i].keys, cases[i].count, 1000000, &arena);
        CHECK_SEEN(decision.hit == cases[i].hit, "%s", cases[i].name);
        CHECK_SEEN(decision.weak == cases[i].weak, "%s", cases[i].name);
        double expected = cases[i].bits == PERSON_BITS ? decision.expected_false
                                                       : 1000000 * exp2(-cases[i].bits);
        CHECK_SEEN(fabs(decision.expected_false / expected - 1) < 1e-9, "%s: %g, not %g",
                   cases[i].name, decision.expected_false, expected);
        if (cases[i].first_reason == NULL)
            CHECK(decision.why_count == 0);
        else
            CHECK_TEXT(bytes_text(decision.why[0]), cases[i].first_reason);
        if (decision.hit)
            CHECK(fabs(decision.score - 1 / (1 + expected)) < 1e-9);
    }
    arena_release(&arena);
    return check_done("decide");
}
