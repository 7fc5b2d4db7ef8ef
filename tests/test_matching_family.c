/* SPDX-License-Identifier: Apache-2.0
 *
 * What protects one record of a person protects all of them, over keys and decisions, however many there are;
 * and it is the same whether each is asked about alone, one after the other, or with all who are protected gathered
 * before. Only from outside in can it be that nobody can tell: the protected are followed outward.
 */
#include "three_nodes.h"

#include "serve/matching_inside.h"

static struct net net;
static struct arena arena;

enum { TWINS = 80, DECIDED = 70, TIES = STORE_TIED_MAX + 1 };

static const struct person {
    const char *id, *status, *name, *born;
    const char *kept; /* a part of why it is kept back; NULL: it is not */
} people[] = {
#define SAID "by name and birth date that of a protected or acquitted person"
#define CROWDED "one with more records than can be looked through"
    {"S", "suspect", "Ignatius Verhoeven", "1971-10-08", SAID},
    {"W", "witness", "Ignatius Verhoeven", "1971-10-08", "status is witness"},
    {"namesake", "suspect", "Ignatius Verhoeven", "1988-01-30", NULL},
    /* another record of A, of whom it was decided that they are so many, and the last of these is a
     * witness's */
    {"A2", "suspect", "Rosalind Achterberg", "1980-03-14", SAID},
    {"A", "suspect", "Rosalind Achterberg", "1980-03-14", SAID},
    {"L", "witness", "Cornelia Lindgren", "1969-07-21", "status is witness"},
    /* so much is tied to C that nobody can tell whom it was decided to be */
    {"C", "suspect", "Leopold Maartens", "1966-02-27", "more records than can be looked"},
    {"C2", "suspect", "Leopold Maartens", "1966-02-27", CROWDED},
    /* X is another than one of the witnesses, Y than both, Z than the suspect alone */
    {"Q", "witness", "Bartholomew Quist", "1975-11-02", "status is witness"},
    {"Q2", "victim", "Bartholomew Quist", "1975-11-02", "status is victim"},
    {"X", "suspect", "Bartholomew Quist", "1975-11-02", SAID},
    {"Y", "suspect", "Bartholomew Quist", "1975-11-02", NULL},
    {"Z", "suspect", "Bartholomew Quist", "1975-11-02", SAID},
    /* M is another than the witness; N has the same keys, and is not */
    {"M", "suspect", "Marius Dekkers", "1959-04-12", NULL},
    {"N", "suspect", "Marius Dekkers", "1959-04-12", SAID},
    {"N2", "witness", "Marius Dekkers", "1959-04-12", "status is witness"},
    /* E is D, who is another than the witness */
    {"D", "suspect", "Saskia Hoogland", "1983-12-05", NULL},
    {"E", "suspect", "Somebody Else", "1990-06-16", NULL},
    {"D2", "witness", "Saskia Hoogland", "1983-12-05", "status is witness"},
};
enum { PEOPLE = sizeof people / sizeof people[0] };

static void put_person(FILE *file, const char *id, const char *status, const char *name,
                       const char *born)
{
    fprintf(
        file,
        "{\"id\":\"%s\",\"schema\":\"Person\",\"status\":\"%s\",\"properties\":{\"name\":"
        "[\"%s\"],\"birthDate\":[\"%s\"]}}\n",
        id, status, name, born);
}

static void hold(struct party *party)
{
    FILE *file = fopen(temporary_path("held.json"), "w");
    char id[32], name[32];
    for (size_t i = 0; i < PEOPLE; i++)
        put_person(file, people[i].id, people[i].status, people[i].name, people[i].born);
    for (int i = 0; i < TWINS; i++) {
        snprintf(id, sizeof id, "twin-%d", i);
        put_person(file, id, "suspect", "Ignatius Verhoeven", "1971-10-08");
    }
    for (int i = 0; i < DECIDED; i++) {
        snprintf(id, sizeof id, "same-%d", i);
        snprintf(name, sizeof name, "Somebody %c%c", 'A' + i / 26, 'a' + i % 26);
        put_person(file, id, "suspect", i + 1 < DECIDED ? name : "Cornelia Lindgren",
                   "1969-07-21");
    }
    for (int i = 0; i < TIES; i++)
        fprintf(
            file,
            "{\"id\":\"tie-%d\",\"schema\":\"Phone\",\"properties\":{\"holder\":[\"C\"],"
            "\"imsi\":[\"%d\"]}}\n",
            i, i);
    fclose(file);
    CHECK(party_import(party, temporary_path("held.json"), "FAMILY") ==
          PEOPLE + TWINS + DECIDED + TIES);
}

static struct receipt *all_of(struct party *party)
{
    struct receipt *receipt = NULL;
    struct act act = party_act(party, ROLE_ANALYST, VERB_EXPORT);
    party_case(act.case_id, party, "FAMILY");
    CHECK(act_perform(&receipt, party->matching.store, &act, NULL) == OK);
    return receipt;
}

/* Ids here, by those in the file. */
struct known {
    char id[32], hex[2 * ENTRY_ID + 1];
};

static void decide(struct party *party, const struct known *known, size_t count,
                   const char *a, const char *b, const char *verdict)
{
    const struct schema *schema = schema_find(BYTES_OF("LinkDecision"));
    const char *const pairs[][2] = {{"left", a}, {"right", b}, {"verdict", verdict}};
    struct act act = party_act(party, ROLE_ANALYST, VERB_NEW);
    struct receipt *receipt = NULL;
    struct record record;
    struct err err = {0};
    record_init(&record, schema, &arena);
    record.id = arena_printf(&arena, "decision-%s-%s", a, b);
    for (size_t i = 0; i < 3; i++) {
        const char *text = pairs[i][1];
        for (size_t k = 0; k < count && i < 2; k++)
            if (strcmp(known[k].id, pairs[i][1]) == 0)
                text = known[k].hex;
        CHECK(record_add(&record, schema_property(schema, bytes_text(pairs[i][0])),
                         pairs[i][0], bytes_text(text), NULL, &err) == OK);
    }
    CHECK(record_finish(&record, NULL, &err) == OK);
    party_case(act.case_id, party, "FAMILY");
    act.record = &record;
    act.reason = "looked at";
    CHECK_SEEN(act_perform(&receipt, party->matching.store, &act, &err) == OK, "%s",
               err.text);
    receipt_close(receipt);
}

static void decide_all(struct party *party)
{
    struct receipt *receipt = all_of(party);
    struct known *known = arena_zalloc(&arena, 4096, sizeof *known);
    struct shown shown;
    size_t count = 0;
    char id[32];
    while (receipt_next(&shown, receipt, &arena, NULL) == OK) {
        snprintf(known[count].id, sizeof known->id, "%s", shown.record.id);
        hex_write(known[count++].hex, bytes_of(shown.id, ENTRY_ID));
    }
    receipt_close(receipt);
    for (int i = 0; i < DECIDED; i++) {
        snprintf(id, sizeof id, "same-%d", i);
        decide(party, known, count, "A", id, "same");
    }
    decide(party, known, count, "X", "Q", "different");
    decide(party, known, count, "Q", "Y", "different");
    decide(party, known, count, "Y", "Q2", "different");
    decide(party, known, count, "Z", "X", "different");
    decide(party, known, count, "M", "N2", "different");
    decide(party, known, count, "D2", "D", "different");
    decide(party, known, count, "D", "E", "same");
}

/* What must be said of this record; NULL: nothing is kept back. */
static const char *expected(const char *id)
{
    for (size_t i = 0; i < PEOPLE; i++)
        if (strcmp(people[i].id, id) == 0)
            return people[i].kept;
    return SAID; /* the twins, and those who were decided to be A */
}

enum way { ALONE, IN_TURN, GATHERED, GATHERED_LISTED, WAYS };
static const char *const ways[] = {"alone", "in turn", "gathered", "gathered as listed"};

static void look(struct party *party, enum way way)
{
    struct receipt *receipt = all_of(party);
    struct shield *shield = matching_shield_open(party->matching.store, net.world);
    struct shown shown;
    struct err err = {0};
    size_t people_seen = 0;
    if (way == GATHERED)
        CHECK(kin_gather(shield->kin, &party->matching, receipt, &err) == OK);
    if (way == GATHERED_LISTED)
        CHECK(kin_gather_listed(shield->kin, 1000, &err) == OK);
    while (receipt_next(&shown, receipt, &arena, NULL) == OK) {
        struct kept kept;
        if (!schema_is_a(shown.record.schema, "Person"))
            continue;
        people_seen++;
        if (way == ALONE) {
            matching_shield_close(shield);
            shield = matching_shield_open(party->matching.store, net.world);
        }
        CHECK(matching_kept_back(&kept, shield, shown.number, &shown.record, NULL, &arena,
                                 &err) == OK);
        const char *why = expected(shown.record.id);
        if (way >= GATHERED && why != NULL && strcmp(why, CROWDED) == 0)
            why = NULL;
        CHECK_SEEN(why == NULL ? kept.why == NULL
                               : kept.why != NULL && strstr(kept.why, why) != NULL,
                   "%s, %s: %s", shown.record.id, ways[way],
                   kept.why != NULL ? kept.why : "not kept back");
    }
    CHECK(people_seen == PEOPLE + TWINS + DECIDED);
    matching_shield_close(shield);
    receipt_close(receipt);
}

/* More of one name and birth date than the store lists: alone nobody can tell, gathered one can. */
static void test_many(struct party *party)
{
    FILE *file = fopen(temporary_path("held.json"), "w");
    char id[32];
    for (int i = 0; i <= STORE_HOLDERS_MAX; i++) {
        snprintf(id, sizeof id, "many-%d", i);
        put_person(file, id, i == 1000 ? "witness" : "suspect", "Ottilie Brandsma",
                   "1977-05-19");
    }
    put_person(file, "other", "suspect", "Ottilie Brandsma", "1992-11-23");
    fclose(file);
    CHECK(party_import(party, temporary_path("held.json"), "FAMILY") ==
          STORE_HOLDERS_MAX + 2);
    for (enum way way = ALONE; way < WAYS; way++) {
        struct receipt *receipt = all_of(party);
        struct shield *shield = matching_shield_open(party->matching.store, net.world);
        struct shown shown;
        struct err err = {0};
        size_t seen = 0;
        if (way == GATHERED)
            CHECK(kin_gather(shield->kin, &party->matching, receipt, &err) == OK);
        if (way == GATHERED_LISTED)
            CHECK(kin_gather_listed(shield->kin, 1000, &err) == OK);
        while (receipt_next(&shown, receipt, &arena, NULL) == OK) {
            struct kept kept;
            bool other = strcmp(shown.record.id, "other") == 0;
            if (!other && strcmp(shown.record.id, "many-0") != 0)
                continue;
            seen++;
            CHECK(matching_kept_back(&kept, shield, shown.number, &shown.record, NULL,
                                     &arena, &err) == OK);
            const char *why = way < GATHERED ? CROWDED : SAID;
            CHECK_SEEN(other ? kept.why == NULL
                             : kept.why != NULL && strstr(kept.why, why) != NULL,
                       "%s, %s: %s", shown.record.id, ways[way],
                       kept.why != NULL ? kept.why : "not kept back");
        }
        CHECK(seen == 2);
        matching_shield_close(shield);
        receipt_close(receipt);
    }
}

int main(void)
{
    temporary_open();
    net.world = world_system();
    CHECK(sodium_init() >= 0);
    struct party *party = net_add(&net, "XA", "xa");
    net_agree_all(&net, "family", 1 << 20);
    hold(party);
    decide_all(party);
    for (enum way way = ALONE; way < WAYS; way++)
        look(party, way);
    test_many(party);
    net_close(&net);
    arena_release(&arena);
    temporary_close();
    return check_done("matching_family");
}
