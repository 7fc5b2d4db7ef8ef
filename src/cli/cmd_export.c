/* SPDX-License-Identifier: Apache-2.0
 *
 * Records out, under their handling codes. Informants are left out by the store. What needs a
 * person's word (cli/leaving.h) stays here without it, and which records they are is told.
 */
#include "cli/leaving.h"
#include "cli/table.h"

#include "base/text.h"
#include "formats/csv_write.h"
#include "formats/ftm_write.h"
#include "formats/ids_write.h"
#include "formats/xlsx_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 256 * 1024 * 1024, LAYOUT_TODAY = 1 };

enum format { FORMAT_FTM, FORMAT_IDS, FORMAT_CSV, FORMAT_XLSX };

/* A record that came with an id of its own. */
struct naming {
    uint8_t id[ENTRY_ID];
    const char *source;
};

struct export
{
    struct desk desk;
    enum format format;
    const struct ids_layout *layout;
    bool optional; /* the layout's columns that are written only where a record has them */
    bool acknowledged;
    struct buf line;
    struct table table;
    struct arena names; /* of the namings' sources */
    struct naming *namings;
    size_t naming_count, naming_capacity;
    struct xlsx_writer *book;
    uint64_t written, held_back, not_seizures, unfit, left_values;
    uint64_t damaged; /* cannot be read */
};

/* ---- What may go ---- */

static bool needs_word(const struct export *export, const struct record *record)
{
    unsigned mute = export->format == FORMAT_IDS ? HANDLING_H1 | HANDLING_H2 : 0;
    return leaving_needs_word(&export->desk, record, mute);
}

/* ---- One record, in each format ---- */

/* The source's id is what the records of one file name each other by. */
static const char *outer_id(const struct shown *shown, char id[ID_TEXT])
{
    id_text(id, shown->id);
    return shown->record.id_made ? id : shown->record.id;
}

static void put_line(struct export *export)
{
    fwrite(export->line.at, 1, export->line.len, stdout);
    buf_clear(&export->line);
}

static void write_ftm(struct export *export, const struct shown *shown)
{
    char id[ID_TEXT], review[DATE_TEXT_SIZE];
    struct json_writer json = {.out = &export->line};
    record_review(review, &shown->record, shown->entered_s);
    ftm_write(&json, &shown->record,
              &(struct ftm_naming){.id = outer_id(shown, id),
                                   .owner = export->desk.settings->agency,
                                   .review = review});
    buf_add_byte(&export->line, '\n');
    put_line(export);
}

static struct bytes handling_cell(const struct record *record)
{
    unsigned codes = record->handling;
    return bytes_text(arena_printf(
        record->arena, "H0%s%s%s", (codes & HANDLING_H1) != 0 ? " H1" : "",
        (codes & HANDLING_H2) != 0 ? " H2" : "", (codes & HANDLING_H3) != 0 ? " H3" : ""));
}

/* What stands around the record has the names of mapping files; the text of H3 comes beside. */
static void add_row(struct export *export, const struct shown *shown)
{
    const struct record *record = &shown->record;
    struct table *table = &export->table;
    char id[ID_TEXT], evaluation[32], review[DATE_TEXT_SIZE];
    const char *own = export->desk.settings->agency;
    snprintf(evaluation, sizeof evaluation, "%s:%s",
             evaluation_scheme_word(record->evaluation.scheme), record->evaluation.code);
    record_review(review, record, shown->entered_s);
    table_begin_row(table);
    table_add(table, "id", bytes_text(outer_id(shown, id)));
    table_add(table, "schema", bytes_text(record->schema->name));
    table_add(table, "@owner", bytes_text(record->owner[0] != '\0' ? record->owner : own));
    table_add(table, "@status", bytes_text(status_word(record->status)));
    table_add(table, "@handling", handling_cell(record));
    table_add(table, "restriction", bytes_text(record->handling_note));
    table_add(table, "@evaluation", bytes_text(evaluation));
    table_add(table, "@purpose", bytes_text(purpose_word(record->purpose)));
    table_add(table, "@review", bytes_text(review));
    for (size_t i = 0; i < record->count; i++)
        table_add(table, record->values[i].name, record->values[i].raw);
}

static void write_row(void *context, const struct bytes *fields, size_t count)
{
    struct export *export = context;
    csv_write_row(&export->line, fields, count, ',');
    put_line(export);
}

static void write_book_row(void *context, const struct bytes *fields, size_t count)
{
    struct export *export = context;
    xlsx_writer_row(export->book);
    for (size_t i = 0; i < count; i++)
        xlsx_writer_text(export->book, fields[i]);
}

static enum status copy_out(int fd, struct err *err)
{
    enum { PIECE = 64 * 1024 };
    uint8_t piece[PIECE];
    ssize_t count;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return fail(err, IO_FAILED, "the workbook cannot be read again");
    while ((count = read(fd, piece, sizeof piece)) > 0)
        fwrite(piece, 1, (size_t)count, stdout);
    return count == 0 ? OK : fail(err, IO_FAILED, "the workbook cannot be read again");
}

/* A workbook is made in memory: its maker goes back and forth in it, which a pipe cannot. */
static enum status write_book(struct export *export, struct err *err)
{
    int fd = memfd_create("enlace-export", MFD_CLOEXEC);
    if (fd < 0)
        return fail(err, IO_FAILED, "no memory for a workbook");
    enum status status = xlsx_writer_open_fd(&export->book, fd, err);
    if (status == OK)
        status = xlsx_writer_sheet(export->book, "records", err);
    if (status == OK)
        status = table_write(&export->table, write_book_row, export, err);
    if (status == OK)
        status = xlsx_writer_close(export->book, err);
    else
        xlsx_writer_drop(export->book);
    export->book = NULL;
    if (status == OK)
        status = copy_out(fd, err);
    close(fd);
    return status;
}

/* ---- What the records are called outside ---- */

static int by_id(const void *a, const void *b)
{
    return memcmp(((const struct naming *)a)->id, ((const struct naming *)b)->id, ENTRY_ID);
}

/* What must be known of all records before the first is written: whether one has what stands in an
 * optional column; and by which ids those that came with one go out, since others name them. */
static void look_ahead(struct export *export, struct receipt *receipt)
{
    struct arena arena = {0};
    struct shown shown;
    enum status status;
    while ((status = receipt_next(&shown, receipt, &arena, NULL)) == OK ||
           status == CONFLICT) {
        if (status == OK && export->format == FORMAT_IDS)
            export->optional |= ids_write_needs_optional(export->layout, &shown.record);
        if (status == OK && export->format != FORMAT_IDS && !shown.record.id_made) {
            grow_to((void **)&export->namings, &export->naming_capacity,
                    export->naming_count, sizeof *export->namings);
            struct naming *naming = &export->namings[export->naming_count++];
            memcpy(naming->id, shown.id, ENTRY_ID);
            naming->source = arena_text(&export->names, bytes_text(shown.record.id));
        }
        arena_reset(&arena);
    }
    arena_release(&arena);
    receipt_rewind(receipt);
    if (export->naming_count > 1)
        qsort(export->namings, export->naming_count, sizeof *export->namings, by_id);
}

/* One record names another by the id that goes out with it. */
static void name_outside(const struct export *export, struct record *record)
{
    for (size_t i = 0; i < record->count; i++) {
        struct record_value *value = &record->values[i];
        struct naming wanted;
        if (value->property == NULL || value->property->kind != VALUE_ENTITY ||
            !hex_read(wanted.id, ENTRY_ID, value->raw))
            continue;
        const struct naming *found =
            bsearch(&wanted, export->namings, export->naming_count, sizeof wanted, by_id);
        if (found != NULL)
            value->raw = bytes_text(found->source);
    }
}

/* ---- All of them ---- */

static void write_record(struct export *export, struct shown *shown)
{
    bool seizure = strcmp(shown->record.schema->name, "Seizure") == 0;
    if (needs_word(export, &shown->record) && !export->acknowledged) {
        export->held_back++;
        leaving_tell(&export->desk, shown);
        return;
    }
    if (export->format == FORMAT_IDS && !seizure) {
        export->not_seizures++;
        return;
    }
    if (export->format == FORMAT_IDS && ids_write_refuses(&shown->record)) {
        char id[ID_TEXT];
        id_text(id, shown->id);
        fprintf(stderr,
                "%s is left out: this format holds whole days and no amount below zero\n",
                id);
        export->unfit++;
        return;
    }
    export->written++;
    /* What a command makes is known again by the ids it names. */
    if (export->naming_count > 0 && !(shown->record.schema->flags & SCHEMA_BY_ACT))
        name_outside(export, &shown->record);
    switch (export->format) {
    case FORMAT_FTM:
        write_ftm(export, shown);
        return;
    case FORMAT_IDS:
        export->left_values +=
            ids_write_row(&export->line, export->layout, export->optional, &shown->record);
        put_line(export);
        return;
    case FORMAT_CSV:
    case FORMAT_XLSX:
        add_row(export, shown);
        return;
    }
}

static enum status write_table(struct export *export, struct err *err)
{
    if (export->format == FORMAT_CSV)
        return table_write(&export->table, write_row, export, err);
    return export->format == FORMAT_XLSX ? write_book(export, err) : OK;
}

static int write_all(struct export *export, struct receipt *receipt)
{
    struct arena arena = {0};
    struct shown shown;
    struct err err = {0};
    enum status status;
    look_ahead(export, receipt);
    if (export->format == FORMAT_IDS) {
        ids_write_header(&export->line, export->layout, export->optional);
        put_line(export);
    }
    while ((status = receipt_next(&shown, receipt, &arena, &err)) == OK ||
           status == CONFLICT) {
        if (status == OK) {
            write_record(export, &shown);
        } else {
            leaving_tell_damaged(&shown, &err);
            export->damaged++;
        }
        arena_reset(&arena);
        if (ferror(stdout))
            break;
    }
    arena_release(&arena);
    if (status == NOT_FOUND)
        status = write_table(export, &err);
    return status == OK ? EXIT_DONE : complain(export->desk.arguments, status, &err);
}

static int tell(const struct export *export, uint64_t informants)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("the records were not written: not all of them went out\n", stderr);
        return EXIT_FAILED;
    }
    fprintf(stderr, "%llu %s written\n", (unsigned long long)export->written,
            plural(export->written, "record", "records"));
    if (export->not_seizures > 0)
        fprintf(
            stderr, "%llu %s; this format has no place for %s\n",
            (unsigned long long)export->not_seizures,
            plural(export->not_seizures, "record is no seizure", "records are no seizures"),
            plural(export->not_seizures, "it", "them"));
    if (export->unfit > 0)
        fprintf(stderr, "%llu %s left out\n", (unsigned long long)export->unfit,
                plural(export->unfit, "seizure is", "seizures are"));
    if (export->left_values > 0)
        fprintf(stderr,
                "%llu %s no column in the layout %s and %s not in what was written\n",
                (unsigned long long)export->left_values,
                plural(export->left_values, "value has", "values have"),
                export->layout->name, plural(export->left_values, "is", "are"));
    leaving_tell_informants(informants);
    leaving_tell_all_damaged(export->damaged);
    leaving_tell_all(export->held_back);
    return export->held_back + export->damaged == 0 ? EXIT_DONE : EXIT_REFUSED;
}

static int read_options(struct export *export, const struct arguments *arguments)
{
    static const char *const names[] = {[FORMAT_FTM] = "ftm",
                                        [FORMAT_IDS] = "ids",
                                        [FORMAT_CSV] = "csv",
                                        [FORMAT_XLSX] = "xlsx"};
    const char *format = argument(arguments, "format"),
               *layout = argument(arguments, "layout");
    struct err err = {0};
    bool known = false;
    if (arguments->count != 0)
        return misused(arguments, "this writes to standard output and takes no word");
    for (size_t i = 0; i < sizeof names / sizeof names[0] && format != NULL; i++)
        if (strcmp(format, names[i]) == 0) {
            export->format = (enum format)i;
            known = true;
        }
    if (!known)
        return misused(arguments, "say the format: --format ftm, ids, csv or xlsx");
    export->layout = ids_layout(LAYOUT_TODAY);
    if (layout != NULL && ids_layout_find(&export->layout, bytes_text(layout), &err) != OK)
        return misused(arguments, "--layout: %s", err.text);
    export->table.plain = export->format == FORMAT_XLSX;
    export->acknowledged = argument(arguments, "acknowledge") != NULL;
    return EXIT_DONE;
}

int run_export(const struct arguments *arguments, const struct world *world)
{
    struct export export = {.line.max = LINE_MAX_BYTES};
    struct receipt *receipt = NULL;
    int code = read_options(&export, arguments);
    if (code == EXIT_DONE)
        code = desk_open(&export.desk, arguments, world);
    if (code != EXIT_DONE)
        return code;
    struct act act = desk_act(&export.desk, VERB_EXPORT);
    if (export.acknowledged)
        leaving_acknowledge(&act, &export.desk);
    code = desk_do(&receipt, &export.desk, &act);
    if (code == EXIT_DONE)
        code = write_all(&export, receipt);
    if (code == EXIT_DONE)
        code = tell(&export, receipt_withheld(receipt));
    receipt_close(receipt);
    buf_release(&export.line);
    table_release(&export.table);
    arena_release(&export.names);
    free(export.namings);
    return desk_close(&export.desk, code);
}
