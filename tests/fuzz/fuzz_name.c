/* SPDX-License-Identifier: Apache-2.0
 *
 * Two texts, a newline between: read as names of persons and of companies, as addresses, and
 * compared both ways.
 */
#include "fuzz.h"

#include "base/text.h"
#include "link/name_match.h"
#include "record/address.h"

#include <assert.h>

static void try_kind(struct bytes a, struct bytes b, enum name_of of, struct arena *arena)
{
    enum name_kind kind = of == NAME_OF_PERSON ? NAME_PERSON : NAME_COMPANY;
    struct name name;
    struct name_match there, back;
    name_fold(&name, a, kind, arena);
    for (size_t i = 1; i < name.count; i++)
        assert(bytes_compare(name.tokens[i - 1], name.tokens[i]) < 0);
    name_compare(&there, a, b, of, arena);
    name_compare(&back, b, a, of, arena);
    assert(there.score >= 0 && there.score <= 1 + 1e-9);
    assert(back.score >= 0 && back.score <= 1 + 1e-9);
    (void)name_match_why(&there, arena);
    name_compare(&there, a, a, of, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct bytes first = {0}, rest = bytes_of(data, size);
    (void)text_next_part(&first, &rest, '\n');
    if (rest.at == NULL)
        rest = first;
    try_kind(first, rest, NAME_OF_PERSON, &arena);
    try_kind(first, rest, NAME_OF_COMPANY, &arena);
    try_kind(first, rest, NAME_OF_SHIP, &arena);
    struct address address;
    address_read(&address, first, &arena);
    assert(address.word_count <= ADDRESS_WORDS_MAX);
    arena_release(&arena);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static const char *const seeds[] = {
        "Tomás Alvear Quiroz\nQUIROZ, T.",
        "القرضاوي عبد الرحمن\nAbd al-Rahman",
        "김정은 金正恩\nKim Jong-un",
        "राहुल शर्मा Μπακογιάννης\nЩербаков",
        "Müller & Söhne GmbH & Co. KG\nООО «Ромашка»",
        "69 Giblin Street, Bittern 4814 QLD\nKerkstraat 12, 1017 GP Amsterdam",
    };
    if (index >= sizeof seeds / sizeof seeds[0])
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}
