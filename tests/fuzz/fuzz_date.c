/* SPDX-License-Identifier: Apache-2.0
 *
 * A date format, a newline, and a text to read with it; an empty format is none. What is read must
 * print, read back as the same and be a day that exists.
 */
#include "fuzz.h"

#include "base/text.h"
#include "record/date.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf input = {.max = 4 * size + 1};
    utf8_add_repaired(&input, bytes_of(data, size));
    struct bytes text = buf_bytes(&input), first;
    char *format = NULL;
    if (text_next_part(&first, &text, '\n') && text.at != NULL && first.len > 0)
        format = strndup((const char *)first.at, first.len);
    struct date date, again;
    struct err err = {.text = ""};
    char printed[DATE_TEXT_SIZE];
    enum status status = date_parse(&date, text.at != NULL ? text : first, format, &err);
    assert((status == OK) == (err.text[0] == '\0'));
    assert(utf8_valid(bytes_text(err.text)));
    if (status == OK) {
        size_t len = date_print(printed, &date);
        assert(date_parse(&again, bytes_of(printed, len), NULL, NULL) == OK);
        assert(date_compare(&date, &again) == 0 && date.precision == again.precision);
        assert(date_age_on(&date, &again) <= 0);
        struct date day = date_from_day_number(date_day_number(&date));
        assert(day.year == date.year);
    }
    free(format);
    buf_release(&input);
    return 0;
}

size_t fuzz_seed(size_t index, const uint8_t **data)
{
    static const char *const seeds[] = {"\n2026-02-03T05:40:00.25-05:00",
                                        "\n1984-00-00",
                                        "\n19840312 05:40Z",
                                        "\n12 de março de 1984",
                                        "\nFebruary 3rd, 2026",
                                        "\n1er déc. 1984",
                                        "%d/%m/%Y\n03/04/2026",
                                        "%Y%m%d%H%M%S\n20260403054007",
                                        "%d %B %Y %H:%M%z\n3 avril 2026 05:40-0500",
                                        "%Y 100%%\n2026 100%",
                                        "%y%m%d\n260403"};
    if (index >= sizeof seeds / sizeof *seeds)
        return 0;
    *data = (const uint8_t *)seeds[index];
    return strlen(seeds[index]);
}
