/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/xlsx_part.h"

#include "base/memory.h"
#include "formats/xlsx.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { STEP = 8 * 1024, DEPTH_MAX = 64, TOKEN_MAX = 1024 * 1024 };

struct xlsx_part {
    char *name;
    zip_file_t *file;
    XML_Parser parser;
    const struct xlsx_events *events;
    void *context;
    uint64_t fed, heard; /* bytes so far; as many at the last event */
    unsigned depth;
    bool paused, last;
    const char *fault; /* a sentence, or NULL */
};

static const char *without_prefix(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

const char *xlsx_attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(without_prefix(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct xlsx_part *part = data;
    part->heard = part->fed;
    if (part->fault != NULL)
        return;
    if (++part->depth > DEPTH_MAX) {
        xlsx_part_fail(part, "its elements are nested too deep");
        return;
    }
    part->events->start(part->context, without_prefix(name),
                        (const char *const *)attributes);
}

static void on_end(void *data, const char *name)
{
    struct xlsx_part *part = data;
    part->heard = part->fed;
    if (part->fault != NULL)
        return;
    part->depth--;
    part->events->end(part->context, without_prefix(name));
}

static void on_text(void *data, const char *text, int len)
{
    struct xlsx_part *part = data;
    part->heard = part->fed;
    if (part->fault == NULL && part->events->text != NULL)
        part->events->text(part->context, text, (size_t)len);
}

static void on_document_type(void *data, const char *name, const char *system,
                             const char *public, int has_subset)
{
    (void)name, (void)system, (void)public, (void)has_subset;
    xlsx_part_fail(data, "it declares a document type, which no workbook does");
}

void xlsx_part_pause(struct xlsx_part *part)
{
    part->paused = true;
    XML_StopParser(part->parser, XML_TRUE);
}

void xlsx_part_fail(struct xlsx_part *part, const char *sentence)
{
    if (part->fault == NULL)
        part->fault = sentence;
    XML_StopParser(part->parser, XML_FALSE);
}

enum status xlsx_part_open(struct xlsx_part **out, struct zip *zip, const char *name,
                           const struct xlsx_events *events, void *context, struct err *err)
{
    zip_int64_t index = zip_name_locate(zip, name, ZIP_FL_NOCASE);
    if (index < 0)
        return fail(err, NOT_FOUND, "the workbook has no part %.200s", name);
    zip_stat_t about;
    if (zip_stat_index(zip, (zip_uint64_t)index, 0, &about) == 0 &&
        (about.valid & ZIP_STAT_ENCRYPTION_METHOD) &&
        about.encryption_method != ZIP_EM_NONE)
        return fail(err, BAD_INPUT, "it is protected by a password; save it without one");
    zip_file_t *file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    if (file == NULL)
        return fail(err, BAD_INPUT, "its part %.200s cannot be unpacked: %.200s", name,
                    zip_strerror(zip));
    XML_Parser parser = XML_ParserCreate(NULL);
    if (parser == NULL)
        abort();
    struct xlsx_part *part = xcalloc(1, sizeof *part);
    *part = (struct xlsx_part){.name = xstrdup(name),
                               .file = file,
                               .parser = parser,
                               .events = events,
                               .context = context};
    XML_SetUserData(parser, part);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetStartDoctypeDeclHandler(parser, on_document_type);
    *out = part;
    return OK;
}

void xlsx_part_close(struct xlsx_part *part)
{
    if (part == NULL)
        return;
    XML_ParserFree(part->parser);
    zip_fclose(part->file);
    free(part->name);
    free(part);
}

static enum status told(const struct xlsx_part *part, struct err *err)
{
    if (part->fault != NULL)
        return fail(err, BAD_INPUT, "part %.200s, line %lu: %s", part->name,
                    (unsigned long)XML_GetCurrentLineNumber(part->parser), part->fault);
    return fail(err, BAD_INPUT, "part %.200s, line %lu is no XML: %s", part->name,
                (unsigned long)XML_GetCurrentLineNumber(part->parser),
                XML_ErrorString(XML_GetErrorCode(part->parser)));
}

enum status xlsx_part_step(struct xlsx_part *part, struct err *err)
{
    enum XML_Status parsed;
    if (part->fault != NULL)
        return told(part, err);
    if (part->paused) {
        part->paused = false;
        parsed = XML_ResumeParser(part->parser);
    } else if (part->last) {
        return NOT_FOUND;
    } else {
        void *room = XML_GetBuffer(part->parser, STEP);
        if (room == NULL)
            abort();
        zip_int64_t got = zip_fread(part->file, room, STEP);
        if (got < 0)
            return fail(err, BAD_INPUT, "part %.200s is damaged: %.200s", part->name,
                        zip_file_strerror(part->file));
        part->fed += (uint64_t)got;
        part->last = got == 0;
        if (part->fed > XLSX_PART_MAX)
            part->fault = "it unpacks to more than four gibibytes";
        else if (part->fed - part->heard > TOKEN_MAX)
            part->fault = "a tag or a text in it does not end";
        if (part->fault != NULL)
            return told(part, err);
        parsed = XML_ParseBuffer(part->parser, (int)got, part->last);
    }
    if (part->fault != NULL || parsed == XML_STATUS_ERROR)
        return told(part, err);
    return OK;
}

enum status xlsx_part_parse(struct zip *zip, const char *name,
                            const struct xlsx_events *events, void *context,
                            struct xlsx_part **self, struct err *err)
{
    struct xlsx_part *part = NULL;
    enum status status = xlsx_part_open(&part, zip, name, events, context, err);
    if (status != OK)
        return status;
    *self = part;
    do
        status = xlsx_part_step(part, err);
    while (status == OK);
    *self = NULL;
    xlsx_part_close(part);
    return status == NOT_FOUND ? OK : status;
}
