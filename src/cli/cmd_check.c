/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "cli/json_line.h"
#include "cli/options.h"

#include "base/text.h"
#include "record/identify.h"

#include <stdio.h>

static void print_json(const struct identify_match *match)
{
    struct json_line line;
    const struct value_result *result = &match->result;
    json_line_begin(&line);
    json_text_member(&line.json, "kind", value_type(match->kind)->name);
    json_line_bytes(&line, "value", result->clean);
    json_key(&line.json, "valid");
    json_put_bool(&line.json, value_usable(result->grade));
    json_key(&line.json, "doubtful");
    json_put_bool(&line.json, result->grade == VALUE_DOUBTFUL);
    json_text_member(&line.json, "why", result->why);
    json_key(&line.json, "suggestions");
    json_begin_list(&line.json);
    for (size_t i = 0; i < match->suggested; i++)
        json_put_text(&line.json, match->suggestions[i]);
    json_end_list(&line.json);
    json_line_end(&line);
}

static void print_words(const struct identify_match *match)
{
    const struct value_result *result = &match->result;
    const char *label = value_type(match->kind)->label;
    if (value_usable(result->grade))
        printf("%s: %.*s", label, (int)result->clean.len, (const char *)result->clean.at);
    else
        printf("not a valid %s", label);
    printf("%s%s\n", result->why[0] != '\0' ? ": " : "", result->why);
    for (size_t i = 0; i < match->suggested; i++)
        printf("%s%.*s", i == 0 ? "    perhaps " : ", ", (int)match->suggestions[i].len,
               (const char *)match->suggestions[i].at);
    if (match->suggested > 0)
        printf("   (look at the original; nothing is corrected for you)\n");
}

/* --as KIND; EXIT_USAGE with the nearest name when there is none. */
static int option_kind(enum value_kind *kind, const struct arguments *arguments,
                       const char *wanted)
{
    const char *names[VALUE_KINDS];
    for (int i = 0; i < VALUE_KINDS; i++) {
        names[i] = value_type((enum value_kind)i)->name;
        if (bytes_is(bytes_text(wanted), names[i])) {
            *kind = (enum value_kind)i;
            return EXIT_DONE;
        }
    }
    const char *near = text_nearest(bytes_text(wanted), names, VALUE_KINDS);
    if (near != NULL)
        return misused(arguments, "--as %s: no such kind; did you mean %s?", wanted, near);
    struct buf list = {.max = ERR_TEXT_MAX};
    for (int i = 0; i < VALUE_KINDS; i++) {
        buf_add_text(&list, i == 0 ? "" : ", ");
        buf_add_text(&list, names[i]);
    }
    int code = misused(arguments, "--as %s: no such kind; there are %.*s", wanted,
                       (int)list.len, (const char *)list.at);
    buf_release(&list);
    return code;
}

int run_check(const struct arguments *arguments, const struct world *world)
{
    (void)world;
    if (arguments->count != 1)
        return misused(arguments,
                       "give one VALUE; one with blanks goes into quotation marks");
    struct bytes value = text_trim(bytes_text(arguments->words[0]));
    if (value.len == 0 || value.len > IDENTIFY_TEXT_MAX || !utf8_valid(value))
        return misused(arguments, "VALUE is a text of 1 to %d bytes in UTF-8",
                       IDENTIFY_TEXT_MAX);
    struct value_hint hint = {0};
    int code = option_country(&hint.country, arguments);
    if (code != EXIT_DONE)
        return code;

    static struct identify_result result;
    struct arena arena = {0};
    const char *as = argument(arguments, "as");
    if (as != NULL) {
        enum value_kind kind = VALUE_IDENTIFIER;
        code = option_kind(&kind, arguments, as);
        if (code != EXIT_DONE)
            return code;
        result.count = 1;
        identify_as(&result.matches[0], kind, value, &hint, &arena);
    } else {
        identify(&result, value, &hint, &arena);
    }
    bool valid = false;
    for (size_t i = 0; i < result.count; i++) {
        valid = valid || value_usable(result.matches[i].result.grade);
        if (arguments->json)
            print_json(&result.matches[i]);
        else
            print_words(&result.matches[i]);
    }
    if (result.count == 0 && !arguments->json)
        printf("no identifier we know has this form\n");
    arena_release(&arena);
    return valid ? EXIT_DONE : EXIT_REFUSED;
}
