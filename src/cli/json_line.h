/* SPDX-License-Identifier: Apache-2.0
 *
 * cli/json_line.h: one JSON line of an answer, on standard output.
 *
 *     struct json_line line;
 *     json_line_begin(&line);
 *     json_text_member(&line.json, "key", "imo:0007319");
 *     json_line_end(&line);
 */
#ifndef CLI_JSON_LINE_H
#define CLI_JSON_LINE_H

#include "base/json.h"
#include "record/record.h"

struct json_line {
    struct buf text;
    struct json_writer json;
};

void json_line_begin(struct json_line *line); /* opens a map */
void json_line_end(struct json_line *line);   /* closes it, writes the line, frees */

/* A number with the digits that matter: four significant ones. */
void json_line_rounded(struct json_line *line, const char *key, double number);
void json_line_bytes(struct json_line *line, const char *key, struct bytes text);
/* All values of a record's property; its first one, or null. */
void json_line_list(struct json_line *line, const struct record *record, const char *key,
                    const char *property);
void json_line_word(struct json_line *line, const struct record *record, const char *key,
                    const char *property);

#endif
