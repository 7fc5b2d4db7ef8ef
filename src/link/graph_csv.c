/* SPDX-License-Identifier: Apache-2.0 */
#include "link/graph_write.h"

#include "base/text.h"

#include <stdlib.h>

/* "+999 55-01" is a number; "-2+3+cmd|' /C calc'!A0" is not. */
static bool is_formula(struct bytes text)
{
    if (text.len == 0 || strchr("=@+-", text.at[0]) == NULL)
        return false;
    for (size_t i = 1; i < text.len; i++)
        if (strchr("0123456789 .-", text.at[i]) == NULL)
            return true;
    return strchr("+-", text.at[0]) == NULL;
}

static void add_cell(struct buf *out, struct bytes text)
{
    struct buf seen = {.max = SIZE_MAX};
    uint32_t point;
    while (seen_next(&point, &text))
        if (point != ' ' || seen.len > 0)
            utf8_add(&seen, point);
    buf_add_text(out, "\"");
    if (is_formula(buf_bytes(&seen)))
        buf_add_byte(out, '\'');
    for (size_t i = 0; i < seen.len; i++) {
        if (seen.at[i] == '"')
            buf_add_byte(out, '"');
        buf_add_byte(out, seen.at[i]);
    }
    buf_add_text(out, "\",");
    buf_release(&seen);
}

/* The day of a moment and its time are columns of their own, since i2 reads either. */
static void add_day(struct buf *out, const char *date)
{
    const char *time = strchr(date, 'T');
    add_cell(out, time != NULL ? bytes_of(date, (size_t)(time - date)) : bytes_text(date));
}

static void add_time(struct buf *out, const char *date)
{
    const char *time = strchr(date, 'T');
    add_cell(out, bytes_text(time != NULL ? time + 1 : ""));
}

static void add_end(struct buf *out, const struct graph_node *node)
{
    struct buf name = {.max = SIZE_MAX}, handling = {.max = SIZE_MAX};
    if (node == NULL) {
        buf_add_text(out, "\"\",\"\",\"\",\"\",\"\",\"\",\"\",");
        return;
    }
    node_name(&name, node);
    handling_add(&handling, node);
    add_cell(out, buf_bytes(&name));
    add_cell(out, bytes_text(node->schema));
    add_cell(out, node->caption);
    add_day(out, node->from);
    add_day(out, node->until);
    add_cell(out, buf_bytes(&handling));
    add_cell(out, bytes_text(node->evaluation));
    buf_release(&name);
    buf_release(&handling);
}

static void add_csv_row(struct buf *out, const struct graph_node *a,
                        const struct graph_node *b, const struct graph_edge *edge,
                        size_t nth)
{
    char handling[16] = "", hex[2 * GRAPH_ID + 1];
    static const uint8_t none[GRAPH_ID];
    struct buf link = {.max = SIZE_MAX};
    add_end(out, a);
    add_end(out, b);
    /* A record that ties several has a number behind its id; of what is no record: the ends and what it is. */
    if (edge != NULL && memcmp(edge->id, none, GRAPH_ID) != 0) {
        hex_write(hex, bytes_of(edge->id, GRAPH_ID));
        buf_add_text(&link, hex);
        if (nth > 0)
            buf_addf(&link, "-%zu", nth + 1);
    } else if (edge != NULL) {
        node_name(&link, a);
        buf_addf(&link, " %s ", edge->label);
        node_name(&link, b);
    }
    if (edge != NULL)
        handling_text_of(handling, edge->handling);
    add_cell(out, bytes_text(edge != NULL ? edge->label : ""));
    add_cell(out, bytes_text(edge == NULL ? "" : direction_word(edge)));
    add_day(out, edge != NULL ? edge->from : "");
    add_day(out, edge != NULL ? edge->until : "");
    add_cell(out, bytes_text(handling));
    add_cell(out, bytes_text(edge != NULL ? edge->evaluation : ""));
    add_time(out, a->from);
    add_time(out, b != NULL ? b->from : "");
    add_time(out, edge != NULL ? edge->from : "");
    add_cell(out, buf_bytes(&link));
    buf_release(&link);
    out->len--; /* the last comma */
    buf_add_text(out, "\r\n");
}

void graph_write_csv(struct buf *out, const struct graph *graph)
{
    bool *tied = xcalloc(graph->node_count + 1, sizeof *tied);
    size_t nth = 0; /* of the ties of one record, which stand together */
    buf_add_text(out,
                 "Entity 1 Id,Entity 1 Type,Entity 1 Label,Entity 1 Start,Entity 1 End,"
                 "Entity 1 Handling,Entity 1 Evaluation,Entity 2 Id,Entity 2 Type,"
                 "Entity 2 Label,Entity 2 Start,Entity 2 End,Entity 2 Handling,"
                 "Entity 2 Evaluation,Link Type,Link Direction,Link Start,Link End,"
                 "Link Handling,Link Evaluation,Entity 1 Time,Entity 2 Time,Link Time,"
                 "Link Id\r\n");
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        nth =
            i > 0 && memcmp(edge->id, graph->edges[i - 1].id, GRAPH_ID) == 0 ? nth + 1 : 0;
        add_csv_row(out, &graph->nodes[edge->source], &graph->nodes[edge->target], edge,
                    nth);
        tied[edge->source] = tied[edge->target] = true;
    }
    for (size_t i = 0; i < graph->node_count; i++)
        if (!tied[i])
            add_csv_row(out, &graph->nodes[i], NULL, NULL, 0);
    free(tied);
}
