/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a case file and a coordinates file, with a NUL byte between: an error with a
 * sentence, or places and cases within their ranges, which can be scanned.
 */
#include "fuzz.h"
#include "watch/scan.h"
#include "watch/scan_files.h"

#include <assert.h>
#include <math.h>

#define SEED(text)                                                                         \
    {                                                                                      \
        text, sizeof text - 1                                                              \
    }
static const struct {
    const char *text;
    size_t len;
} seeds[] = {
    SEED("a 1 2025/1/2\nb 2 2025-12-31\nb 1 2025/12/30\n\0a 1 2\nb -3.5 4e1\nc 90 180\n"),
    SEED("\xef\xbb\xbf\"a b\";1;2025/1/2\r\n\0\"a b\" -90 -180\r\n"),
};

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    if (index >= sizeof seeds / sizeof *seeds)
        return 0;
    *data = (const uint8_t *)seeds[index].text;
    return seeds[index].len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *middle = size > 0 ? memchr(data, 0, size) : NULL;
    size_t len = middle == NULL ? size : (size_t)(middle - data);
    struct bytes places =
        middle == NULL ? bytes_of(data, 0) : bytes_of(middle + 1, size - len - 1);
    struct scan_files files = {0};
    struct arena arena = {0};
    struct err err = {0};
    if (scan_files_parse(&files, bytes_of(data, len), "C", places, "G", &err) != OK) {
        assert(err.text[0] != '\0');
        scan_files_release(&files);
        return 0;
    }
    uint64_t total = 0;
    for (size_t i = 0; i < files.case_count; i++)
        total += files.cases[i].count;
    struct scan *scan = NULL;
    struct scan_options options = {.radius_km = 500, .days = 7};
    enum status status = scan_open(&scan, files.places, files.place_count, &options, &err);
    assert(status == OK);
    for (size_t i = 0; i < files.case_count && total < 10000; i++) {
        assert(files.cases[i].place < files.place_count);
        status = scan_add(scan, files.cases[i].place, files.cases[i].day,
                          files.cases[i].count, &err);
        assert(status == OK);
    }
    struct scan_question question = {.day = total > 0 ? files.last_day : 0, .most = 2};
    struct scan_deals deals = {8, 1, 0};
    struct scan_found found;
    struct scan_chance chance;
    status = scan_best_of_day(&found, &chance, scan, &question, &deals, &arena, &err);
    assert(status == OK && found.llr >= 0 && isfinite(found.llr) && chance.p <= 1);
    scan_close(scan);
    arena_release(&arena);
    scan_files_release(&files);
    return 0;
}
