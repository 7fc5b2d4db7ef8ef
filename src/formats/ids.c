/* SPDX-License-Identifier: Apache-2.0 */
#include "formats/ids.h"

#include "base/text.h"
#include "record/date.h"

#include <stdlib.h>

enum { CONTENT_MAX = 4 * CSV_ROW_MAX, SUBSTANCE_MAX = 256, SHOWN_MAX = 60 };

/* clang-format off */
static const struct ids_layout layouts[] = {
    {"2011-2016", ';', {
        {"REGION",                   "region"},
        {"SUBREGION",                "subregion"},
        {"COUNTRY",                  "country", "agency", true},
        {"ADMINISTRATIVE_DIVISION",  "administrativeRegion"},
        {"PLACE",                    "place"},
        {"SEIZURE_DATE",             "date", NULL, true, IDS_DATE},
        {"DRUG_NAME",                "substance", NULL, true, IDS_SUBSTANCE},
        {"AMOUNT",                   "quantity", NULL, false, IDS_AMOUNT},
        {"DRUG_UNIT",                "unit"},
        {"HIDING_PLACE",             "concealment"},
        {"INSTALLATION",             "location"},
        {"TRANSPORT",                "transportMode"},
        {"PRODUCING_COUNTRY",        "originCountry"},
        {"DEPARTURE_COUNTRY",        "departureCountry"},
        {"DESTINATION_COUNTRY",      "destinationCountry"},
        {"ROUTING",                  "routing"},
        {"RECEIVED_DATE",            "receivedDate", NULL, false, IDS_OPTIONAL},
        {"LATITUDE",                 "latitude", NULL, false, IDS_ADDITION},
        {"LONGITUDE",                "longitude", NULL, false, IDS_ADDITION},
        {NULL}}},
    {"2011-2026", ',', {
        {"Seizure Date",                          "date", NULL, true, IDS_DATE},
        {"Country/Territory of Seizure",          "country", NULL, true},
        {"ISO3",                                  "agency"},
        {"Subregion",                             "subregion"},
        {"Region",                                "region"},
        {"Drug/Substance",                        "substance", NULL, true, IDS_SUBSTANCE},
        {"Quantity Seized",                       "quantity", NULL, false, IDS_AMOUNT},
        {"Measurement Unit",                      "unit"},
        {"City",                                  "place"},
        {"Administrative Region",                 "administrativeRegion"},
        {"Physical Seizure Location",             "location"},
        {"Trafficking Mode of Transportation",    "transportMode"},
        {"Source",                                "source"},
        {"Reporting Channel",                     "reportingChannel"},
        {"Latitude",                              "latitude", NULL, false, IDS_ADDITION},
        {"Longitude",                             "longitude", NULL, false, IDS_ADDITION},
        {NULL}}},
};
/* clang-format on */
enum { LAYOUTS = sizeof layouts / sizeof *layouts };

const struct ids_layout *ids_layout(size_t index)
{
    return index < LAYOUTS ? &layouts[index] : NULL;
}

static bool has_column(const struct csv *csv, const struct ids_column *column)
{
    return csv_column(csv, bytes_text(column->header)) != CSV_NO_COLUMN;
}

static bool is_layout(const struct csv *csv, const struct ids_layout *layout)
{
    for (const struct ids_column *c = layout->columns; c->header != NULL; c++)
        if (c->required && !has_column(csv, c))
            return false;
    return true;
}

static const struct ids_layout *find_layout(const struct csv *csv)
{
    for (size_t i = 0; i < LAYOUTS; i++)
        if (is_layout(csv, &layouts[i]))
            return &layouts[i];
    return NULL;
}

bool ids_recognises(const struct csv *csv)
{
    return find_layout(csv) != NULL;
}

/* Says what is missing of the layout that the header is most like. */
static enum status fail_layout(const struct csv *csv, struct err *err)
{
    const struct ids_layout *nearest = &layouts[0];
    size_t most = 0;
    for (size_t i = 0; i < LAYOUTS; i++) {
        size_t present = 0;
        for (const struct ids_column *c = layouts[i].columns; c->header != NULL; c++)
            present += has_column(csv, c);
        if (present > most) {
            most = present;
            nearest = &layouts[i];
        }
    }
    struct buf missing = {.max = ERR_TEXT_MAX};
    for (const struct ids_column *c = nearest->columns; c->header != NULL; c++)
        if (c->required && !has_column(csv, c))
            buf_addf(&missing, "%s%s", missing.len > 0 ? ", " : "", c->header);
    enum status status =
        fail(err, BAD_INPUT,
             "%s: this is not an Individual Drug Seizures file: the header lacks %s",
             source_name(csv->source), buf_text(&missing));
    buf_release(&missing);
    return status;
}

enum status ids_open(struct ids *ids, const struct csv *csv, struct err *err)
{
    const struct ids_layout *layout = find_layout(csv);
    if (layout == NULL)
        return fail_layout(csv, err);
    *ids = (struct ids){
        .csv = csv,
        .layout = layout,
        .schema = schema_find(BYTES_OF("Seizure")),
        .extra = xcalloc(csv->column_count, sizeof *ids->extra),
        .content = {.max = CONTENT_MAX},
        .substance = {.max = SUBSTANCE_MAX},
        .group = "other",
    };
    ids->commodity = schema_property(ids->schema, BYTES_OF("commodity"));
    for (size_t i = 0; i < csv->column_count; i++)
        ids->extra[i] = csv->columns[i].len > 0;
    for (size_t i = 0; layout->columns[i].header != NULL; i++) {
        const struct ids_column *column = &layout->columns[i];
        ids->at[i] = csv_column(csv, bytes_text(column->header));
        if (ids->at[i] == CSV_TWO_COLUMNS)
            return fail(err, BAD_INPUT, "%s: the column %s stands twice in the header",
                        source_name(csv->source), column->header);
        if (ids->at[i] >= 0)
            ids->extra[ids->at[i]] = false;
        ids->properties[i] = schema_property(ids->schema, bytes_text(column->property));
        if (column->also != NULL)
            ids->also[i] = schema_property(ids->schema, bytes_text(column->also));
    }
    return OK;
}

void ids_release(struct ids *ids)
{
    if (ids == NULL)
        return;
    free(ids->extra);
    buf_release(&ids->content);
    buf_release(&ids->substance);
    repeats_release(&ids->repeats);
    *ids = (struct ids){0};
}

static bool is_missing(struct bytes text)
{
    return text.len == 0 || text_same(text, "unknown");
}

static enum status check_date(struct reject *reject, const char *header, struct bytes text)
{
    if (is_missing(text))
        return reject_field(reject, header, text, "the date of the seizure is missing");
    struct date date;
    struct err why = {.text = ""};
    if (date_parse(&date, text, NULL, &why) != OK)
        return reject_field(reject, header, text, "%s", why.text);
    if (date.precision < DATE_DAY)
        return reject_field(reject, header, text,
                            "\"%.*s\" is not a whole date; write it as 2012-01-31",
                            (int)text.len, (const char *)text.at);
    return OK;
}

static enum status check_amount(struct reject *reject, const char *header,
                                struct bytes text)
{
    double amount;
    if (is_missing(text))
        return OK;
    int shown = text.len < SHOWN_MAX ? (int)text.len : SHOWN_MAX;
    if (!text_amount(&amount, text))
        return reject_field(
            reject, header, text,
            "\"%.*s\" is not a number; write it as 1234.5, with a point and "
            "nothing between the thousands",
            shown, (const char *)text.at);
    if (amount < 0)
        return reject_field(reject, header, text, "an amount below zero cannot be seized");
    return OK;
}

/* By the order of the layout, so that the same row in a reordered file is the same; what is
 * blank says nothing. */
static struct bytes row_content(struct ids *ids, const struct csv_row *row)
{
    buf_clear(&ids->content);
    for (size_t i = 0; ids->layout->columns[i].header != NULL; i++)
        if (ids->at[i] >= 0 && row->fields[ids->at[i]].text.len > 0)
            repeats_add_content(&ids->content, bytes_text(ids->layout->columns[i].header),
                                row->fields[ids->at[i]].text);
    for (size_t i = 0; i < ids->csv->column_count; i++)
        if (ids->extra[i] && row->fields[i].text.len > 0)
            repeats_add_content(&ids->content, ids->csv->columns[i], row->fields[i].text);
    return buf_bytes(&ids->content);
}

static const char *group_of(struct ids *ids, struct bytes substance)
{
    if (!bytes_equal(substance, buf_bytes(&ids->substance))) {
        buf_clear(&ids->substance);
        buf_add(&ids->substance, substance);
        ids->group = commodity_of(substance);
    }
    return ids->group;
}

/* A workbook's day that was saved as a plain number: days since 1899-12-30, here of 1990 to 2049. */
static struct bytes from_serial(struct bytes text, struct arena *arena)
{
    enum {
        SERIAL_DIGITS = 5,
        SERIAL_FIRST = 32874,
        SERIAL_LAST = 54788,
        SERIAL_1970 = 25569
    };
    uint64_t serial;
    struct bytes digits = text_trim(text);
    if (digits.len != SERIAL_DIGITS || !text_u64(&serial, digits) ||
        serial < SERIAL_FIRST || serial > SERIAL_LAST)
        return text;
    struct date date = date_from_day_number((int32_t)serial - SERIAL_1970);
    char out[DATE_TEXT_SIZE];
    size_t len = date_print(out, &date);
    return arena_bytes(arena, bytes_of(out, len));
}

/* Checks and adds one column of the layout. */
static enum status read_column(struct record *record, struct reject *reject,
                               struct ids *ids, size_t i, struct bytes text)
{
    const struct ids_column *column = &ids->layout->columns[i];
    if (column->role == IDS_DATE)
        text = from_serial(text, record->arena);
    struct bytes trimmed = text_trim(text);
    enum status status = OK;
    if (column->role == IDS_DATE)
        status = check_date(reject, column->header, trimmed);
    else if (column->role == IDS_AMOUNT)
        status = check_amount(reject, column->header, trimmed);
    if (status == OK)
        status = record_add_exactly(record, ids->properties[i], column->property, text,
                                    NULL, &reject->reason);
    if (status == OK && column->also != NULL)
        status = record_add_exactly(record, ids->also[i], column->also, text, NULL,
                                    &reject->reason);
    if (status == OK && column->role == IDS_SUBSTANCE && !is_missing(trimmed)) {
        status = record_add(record, ids->commodity, "commodity",
                            bytes_text(group_of(ids, trimmed)), NULL, &reject->reason);
    }
    return status;
}

enum status ids_read(struct record *record, bool *repeated, struct reject *reject,
                     struct ids *ids, const struct csv_row *row, struct arena *arena)
{
    record_init(record, ids->schema, arena);
    record->line = row->line;
    enum status status = OK;
    for (size_t i = 0; status == OK && ids->layout->columns[i].header != NULL; i++)
        if (ids->at[i] >= 0)
            status = read_column(record, reject, ids, i, row->fields[ids->at[i]].text);
    for (size_t i = 0; status == OK && i < ids->csv->column_count; i++)
        if (ids->extra[i])
            status =
                record_add_exactly(record, NULL, arena_text(arena, ids->csv->columns[i]),
                                   row->fields[i].text, NULL, &reject->reason);
    if (status != OK)
        return status;
    record->id = repeats_identify(repeated, &ids->repeats, "ids-", row_content(ids, row),
                                  row->line, arena);
    record->id_made = true;
    return OK;
}
