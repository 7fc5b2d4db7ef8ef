/* SPDX-License-Identifier: Apache-2.0
 *
 * Three agencies: what they find of one another, and that it is nothing else.
 */
#include "three_nodes.h"

#include "match/ask.h"

static struct net net;
static struct arena arena;

enum { DECOYS = 400 };

/* Records of the usual kinds, with numbers that no other agency has. */
static void add_decoys(struct party *party, unsigned seed)
{
    struct world_seeded random;
    FILE *file = fopen(temporary_path("decoys.json"), "w");
    world_seeded_init(&random, seed, 0);
    for (unsigned i = 0; i < DECOYS; i++) {
        uint32_t n[4];
        char name[3][9];
        world_random(&random.world, n, sizeof n);
        for (unsigned k = 0; k < 3; k++) {
            uint8_t letters[8];
            world_random(&random.world, letters, sizeof letters);
            for (unsigned j = 0; j < 8; j++)
                name[k][j] = (char)('a' + letters[j] % 26);
            name[k][8] = '\0';
        }
        if (i % 3 == 0)
            fprintf(file,
                    "{\"id\":\"D%u\",\"schema\":\"Person\",\"properties\":{\"name\":[\"%s "
                    "%s\"],\"birthDate\":[\"19%02u-%02u-%02u\"],\"phone\":[\"+999%09u\"]},"
                    "\"status\":\"suspect\"}\n",
                    i, name[0], name[1], n[0] % 90 + 10, n[1] % 12 + 1, n[2] % 28 + 1,
                    n[3] % 1000000000);
        else if (i % 3 == 1)
            fprintf(file,
                    "{\"id\":\"D%u\",\"schema\":\"Company\",\"properties\":{\"name\":[\"%s %s "
                    "Import\"],\"email\":[\"%s@example.org\"]}}\n",
                    i, name[0], name[1], name[2]);
        else
            fprintf(file,
                    "{\"id\":\"D%u\",\"schema\":\"Seizure\",\"properties\":{\"date\":[\"2026-01-"
                    "0%u\"],\"country\":[\"xa\"],\"substance\":[\"Cannabis herb\"],\"imei\":[\""
                    "%014llu\"],\"packagingMark\":[\"%s\"]}}\n",
                    i, n[0] % 9 + 1,
                    (unsigned long long)(((uint64_t)n[1] << 32 | n[2]) % 100000000000000ULL),
                    name[2]);
    }
    fclose(file);
    CHECK(party_import(party, temporary_path("decoys.json"), NULL) > DECOYS / 2);
}

/* One line a hit, sorted as they come: "XB>XA phone". */
static void say(struct buf *out, const char *from, const struct matching_result *result)
{
    for (size_t i = 0; i < result->hit_count; i++)
        buf_addf(out, "%s>%s %s %s%s\n", from, result->hits[i].peer,
                 key_class_row(result->hits[i].class)->name, result->hits[i].source,
                 result->hits[i].weak ? " weak" : "");
}

static void check_asked(const char *from, const char *peer, const char *wanted)
{
    struct matching_result result;
    struct err err = {0};
    struct buf said = {.max = 1 << 16};
    struct party *party = net_party(&net, from);
    CHECK_SEEN(party_ask(&result, party, "DELFINES", peer, &arena, &err) == OK, "%s",
               err.text);
    for (size_t i = 0; i < result.peer_count; i++)
        CHECK_SEEN(result.peers[i].status == OK, "%s", result.peers[i].error);
    say(&said, from, &result);
    CHECK_TEXT(buf_bytes(&said), wanted);
    buf_release(&said);
}

static const char *example(const char *name)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "examples/%s", name);
    return path;
}

static void set_up(void)
{
    struct matching_published published[MATCHING_CIRCLES_MAX];
    static const char *const codes[] = {"XA", "XB", "XC"}, *const countries[] = {"xa", "xb",
                                                                                 "xc"};
    static const char *const files[] = {"xa.ftm.json", "xb.ftm.json", "xc.ftm.json"};
    struct err err = {0};
    net.world = world_system();
    net.keep_asks = true;
    for (unsigned i = 0; i < 3; i++) {
        struct party *party = net_add(&net, codes[i], countries[i]);
        party_import(party, example(files[i]), "DELFINES");
        add_decoys(party, 100 + i);
    }
    net_agree_all(&net, "delfines", 0);
    for (unsigned i = 0; i < 3; i++) {
        struct act act = party_act(&net.parties[i], ROLE_ANALYST, VERB_EPOCH);
        size_t count;
        enum status status = matching_publish(published, &count, &net.parties[i].matching,
                                              &act, true, &err);
        CHECK_SEEN(status == OK && count == 1 && published[0].records > 5, "%s", err.text);
    }
}

/* AT-03, AT-04: exactly these, in two rounds, and none of the decoys. */
static void test_hits(void)
{
    struct err err = {0};
    check_asked("XB", "XA",
                "XB>XA phone XB-SZ-2026-0009\n"
                "XB>XA mark XB-SZ-2026-0009 weak\n");
    check_asked("XA", "XC",
                "XA>XC imo XA-SZ-2026-0041 weak\n"
                "XA>XC company XA-SZ-2026-0041\n");
    check_asked("XB", "XC",
                "XB>XC account XB-FIU-2026-0117\n"
                "XB>XC person XB-FIU-2026-0117-P\n");
    /* the other way round, too */
    check_asked("XA", "XB",
                "XA>XB phone XA-SZ-2026-0041\n"
                "XA>XB mark XA-SZ-2026-0041 weak\n");
    party_import(net_party(&net, "XA"), example("xa-27-february.ftm.json"), "DELFINES");
    check_asked("XA", "XC",
                "XA>XC container XA-BK-2026-0003\n"
                "XA>XC imo XA-SZ-2026-0041 weak\n"
                "XA>XC company XA-SZ-2026-0041\n");
    (void)err;
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    temporary_open();
    set_up();
    test_hits();
    net_close(&net);
    arena_release(&arena);
    temporary_close();
    return check_done("matching");
}
