/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/json_line.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_MAX_BYTES = 4 * 1024 * 1024 };

void json_line_begin(struct json_line *line)
{
    line->text = (struct buf){.max = LINE_MAX_BYTES};
    line->json = (struct json_writer){.out = &line->text};
    json_begin_map(&line->json);
}

void json_line_end(struct json_line *line)
{
    json_end_map(&line->json);
    buf_add_byte(&line->text, '\n');
    fwrite(line->text.at, 1, line->text.len, stdout);
    buf_release(&line->text);
}

void json_line_rounded(struct json_line *line, const char *key, double number)
{
    char text[32];
    snprintf(text, sizeof text, "%.4g", number);
    json_number_member(&line->json, key, strtod(text, NULL));
}

void json_line_bytes(struct json_line *line, const char *key, struct bytes text)
{
    json_key(&line->json, key);
    json_put_text(&line->json, text);
}

void json_line_list(struct json_line *line, const struct record *record, const char *key,
                    const char *property)
{
    size_t at = 0;
    json_key(&line->json, key);
    json_begin_list(&line->json);
    for (const struct record_value *value;
         (value = record_next(record, property, &at)) != NULL;)
        json_put_text(&line->json, value->clean);
    json_end_list(&line->json);
}

void json_line_word(struct json_line *line, const struct record *record, const char *key,
                    const char *property)
{
    struct bytes word = record_first(record, property);
    json_key(&line->json, key);
    if (word.len > 0)
        json_put_text(&line->json, word);
    else
        json_put_null(&line->json);
}
