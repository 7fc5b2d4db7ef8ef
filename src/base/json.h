/* SPDX-License-Identifier: Apache-2.0
 *
 * base/json.h: JSON in (a tree, by json-c) and JSON out (written as it goes).
 *
 * Reading is strict RFC 8259: one value, valid UTF-8, at most JSON_DEPTH_MAX deep, nothing
 * behind it (json-c also lets a key in single quotes pass). The tree belongs to the reader and lives until its next json_read or its release.
 * Of a key given twice the last counts.
 *
 * Writing: begin, keys and values in order, end; commas are put by the writer. Text must be
 * UTF-8. A writer on a buffer that overflowed has written nothing useful: ask the buffer.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/bytes.h"

enum { JSON_DEPTH_MAX = 32 };

struct json_object; /* json-c's */
struct json_tokener;

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_LIST, JSON_MAP };

struct json_reader {
    struct json_tokener *tokener;
    struct json_object *root;
};

/* All-zero is valid. *root borrows from the reader. */
MUST_USE enum status json_read(const struct json_object **root, struct json_reader *reader,
                               struct bytes text, struct err *err);
void json_reader_release(struct json_reader *reader);

enum json_kind json_kind(const struct json_object *value);
/* Member of a map, or NULL (also when value is no map, or the member is null). */
const struct json_object *json_get(const struct json_object *value, const char *key);
size_t json_count(const struct json_object *list);
const struct json_object *json_at(const struct json_object *list, size_t index);
/* Text as it is; a number or a bool as it would be written; empty for the rest. */
struct bytes json_text(const struct json_object *value);
double json_number(const struct json_object *value);
/* Visit the members of a map in their order; stops at the first status that is not OK. */
typedef enum status json_visit(void *context, const char *key,
                               const struct json_object *value);
enum status json_each(const struct json_object *map, json_visit *visit, void *context);

struct json_writer {
    struct buf *out;
    bool comma; /* the next value or key needs one in front */
};

void json_begin_map(struct json_writer *writer);
void json_end_map(struct json_writer *writer);
void json_begin_list(struct json_writer *writer);
void json_end_list(struct json_writer *writer);
void json_key(struct json_writer *writer, const char *key);
void json_put_text(struct json_writer *writer, struct bytes text);
void json_put_number(struct json_writer *writer,
                     double number); /* shortest exact; not finite: null */
void json_put_count(struct json_writer *writer, uint64_t count);
void json_put_bool(struct json_writer *writer, bool truth);
void json_put_null(struct json_writer *writer);
/* Key and value in one step. */
void json_text_member(struct json_writer *writer, const char *key, const char *text);
void json_count_member(struct json_writer *writer, const char *key, uint64_t count);
void json_number_member(struct json_writer *writer, const char *key, double number);

#endif
