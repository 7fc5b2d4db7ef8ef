/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "check.h"

static void test_read(void)
{
    static const struct {
        const char *text;
        bool valid;
    } cases[] = {
        {"{}", true},
        {" {\"a\":[1,2.5,\"x\",null,true]} \n", true},
        {"12", true},
        {"\"x\"", true},
        {"", false},
        {"{", false},
        {"{\"a\":1}}", false},
        {"{\"a\":1} x", false},
        {"{\"a\":'x'}", false},
        {"{\"a\":1,}", false},
        {"\"\xC3\"", false},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
         "]",
         false},
    };
    struct json_reader reader = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct json_object *root = NULL;
        struct err err = {0};
        enum status status = json_read(&root, &reader, bytes_text(cases[i].text), &err);
        CHECK_SEEN((status == OK) == cases[i].valid, "%s: %s", cases[i].text, err.text);
        CHECK(status == OK || err.text[0] != '\0');
    }
    const struct json_object *root = NULL;
    struct err err;
    CHECK(json_read(&root, &reader,
                    BYTES_OF("{\"n\":7,\"t\":\"a\\u0000b\",\"l\":[true],\"z\":null}"),
                    &err) == OK);
    CHECK(json_number(json_get(root, "n")) == 7);
    CHECK_TEXT(json_text(json_get(root, "n")), "7");
    CHECK(json_text(json_get(root, "t")).len == 3);
    CHECK(json_count(json_get(root, "l")) == 1);
    CHECK_TEXT(json_text(json_at(json_get(root, "l"), 0)), "true");
    CHECK(json_get(root, "z") == NULL && json_get(root, "none") == NULL);
    json_reader_release(&reader);
    json_reader_release(&reader);
}

static void test_write(void)
{
    struct buf out = {.max = 4096};
    struct json_writer writer = {.out = &out};
    json_begin_map(&writer);
    json_text_member(&writer, "text", "a\"b\\c\n\t\x01\u00E9");
    json_count_member(&writer, "count", 12);
    json_number_member(&writer, "number", 0.25);
    json_key(&writer, "list");
    json_begin_list(&writer);
    json_put_bool(&writer, false);
    json_put_null(&writer);
    json_begin_map(&writer);
    json_end_map(&writer);
    json_put_number(&writer, 1.0 / 0.0);
    json_end_list(&writer);
    json_end_map(&writer);
    CHECK_TEXT(buf_bytes(&out),
               "{\"text\":\"a\\\"b\\\\c\\n\\t\\u0001\u00E9\",\"count\":12,\"number\":0.25,"
               "\"list\":[false,null,{},null]}");
    struct json_reader reader = {0};
    const struct json_object *root;
    CHECK(json_read(&root, &reader, buf_bytes(&out), NULL) == OK);
    CHECK_TEXT(json_text(json_get(root, "text")), "a\"b\\c\n\t\x01\u00E9");
    json_reader_release(&reader);
    buf_release(&out);
}

int main(void)
{
    test_read();
    test_write();
    return check_done("json");
}
