/* SPDX-License-Identifier: Apache-2.0
 *
 * Any FollowTheMoney line to its keys: every reading and folding of foreign text there is. Keys are
 * text of a class, in order, each once, with bits; the same record gives the same again.
 */
#include "base/text.h"
#include "formats/ftm.h"
#include "fuzz.h"
#include "record/keys.h"

#include <assert.h>
#include <math.h>

static const char *const seeds[] = {
    ("{\"id\":\"1\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Tomás "
     "Alvear-Quiroz\","
     "\"Иван Петрович Сидоров\",\"محمد بن سلمان\",\"王小明\",\"Dr. O'Neil, Seán\"],"
     "\"alias\":\"T. Alvear\",\"birthDate\":[\"1984-03-12\",\"12 Mar "
     "1984\"],\"country\":\"xa\","
     "\"phone\":[\"00999 55-010-7788\",\"x\"],\"email\":\"Ana@Exämple.org\","
     "\"passportNumber\":\"PA04128738XAA8403124M3104183<<<<<<<<<<<<<<06\","
     "\"address\":\"Calle 1, 4011 St James\"}}\n"),
    ("{\"id\":\"2\",\"schema\":\"Company\",\"properties\":{\"name\":[\"NOORDT FRUIT IMPORT "
     "B.V.\","
     "\"ООО Рога и Копыта\",\"株式会社サンプル\"],\"jurisdiction\":\"xc\","
     "\"registrationNumber\":\"12.345/6\",\"website\":\"https://www.noordt.example/\"}}\n"),
    ("{\"id\":\"3\",\"schema\":\"Seizure\",\"properties\":{\"date\":\"2026-02-03\","
     "\"country\":\"xa\","
     "\"containerNumber\":\"QZAU 204518 4\",\"packagingMark\":\"«Three Dolphins»\","
     "\"imoNumber\":\"IMO 0007319\",\"plate\":\"NV-482-K\",\"vin\":\"ZZZENLAC70A000117\","
     "\"imei\":\"35-686800-004141-20\",\"iban\":\"XC55 NORV 0003 0000 0090 9090\","
     "\"wallet\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\",\"consignee\":\"Okker "
     "Ltd\"}}\n"),
};

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    if (index >= sizeof seeds / sizeof *seeds)
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}

static int order(const struct key *a, const struct key *b)
{
    return a->class != b->class ? (int)a->class - (int)b->class
                                : bytes_compare(a->value, b->value);
}

static void check_keys(const struct record *record, struct arena *arena)
{
    struct key_list keys, again;
    keys_of_record(&keys, record, arena);
    keys_of_record(&again, record, arena);
    assert(keys.count <= KEYS_RECORD_MAX && keys.count == again.count);
    for (size_t i = 0; i < keys.count; i++) {
        const struct key *key = &keys.items[i];
        assert(key->class < KEY_CLASSES && key->value.len > 0);
        assert(key->value.len <= KEY_VALUE_MAX && utf8_valid(key->value));
        assert(isfinite(key->bits) && key->bits > 0);
        assert(i == 0 || order(&keys.items[i - 1], key) < 0);
        assert(order(&again.items[i], key) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct source *source;
    struct ftm ftm;
    struct arena arena = {0};
    struct err err;
    if (source_open_bytes(&source, bytes_of(data, size), "fuzz", &err) != OK)
        return 0;
    ftm_open(&ftm, source);
    struct record record;
    struct reject reject;
    enum status status;
    while ((status = ftm_read(&record, &reject, &ftm, &arena, &err)) != NOT_FOUND) {
        if (status == OK && record_finish(&record, "xa", &err) == OK)
            check_keys(&record, &arena);
        arena_reset(&arena);
    }
    arena_release(&arena);
    ftm_release(&ftm);
    source_close(source);
    return 0;
}
