/* SPDX-License-Identifier: Apache-2.0 */
#include "link/graph_write.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

void handling_text_of(char out[static 16], unsigned handling)
{
    snprintf(out, 16, "H0%s%s%s", (handling & HANDLING_H1) != 0 ? " H1" : "",
             (handling & HANDLING_H2) != 0 ? " H2" : "",
             (handling & HANDLING_H3) != 0 ? " H3" : "");
}

/* U+FFFE and U+FFFF, which XML does not have, are three bytes in UTF-8. */
static bool is_no_character(struct bytes text, size_t at)
{
    return text.len - at >= 3 && text.at[at] == 0xEF && text.at[at + 1] == 0xBF &&
           text.at[at + 2] >= 0xBE;
}

void xml_add(struct buf *out, struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.at[i];
        if (is_no_character(text, i)) {
            i += 2;
            continue;
        }
        switch (c) {
        case '&':
            buf_add_text(out, "&amp;");
            break;
        case '<':
            buf_add_text(out, "&lt;");
            break;
        case '>':
            buf_add_text(out, "&gt;");
            break;
        case '"':
            buf_add_text(out, "&quot;");
            break;
        default:
            if (c >= ' ')
                buf_add_byte(out, c);
            else if (is_space(c))
                buf_add_byte(out, ' ');
        }
    }
}

void node_name(struct buf *out, const struct graph_node *node)
{
    char hex[2 * GRAPH_ID + 1];
    if (node->kind == GRAPH_KEY) {
        buf_add_text(out, node->schema);
        buf_add_byte(out, ':');
        buf_add(out, node->caption);
        return;
    }
    hex_write(hex, bytes_of(node->id, GRAPH_ID));
    buf_add_text(out, hex);
}

/* The codes, and behind H3 its words: it is nothing without them. */
static void add_handling(struct buf *out, const struct graph_node *node)
{
    char handling[16];
    handling_text_of(handling, node->handling);
    buf_add_text(out, handling);
    if (node->restriction[0] != '\0')
        buf_addf(out, ": %s", node->restriction);
}

/* ---- What both XML formats say ---- */

static const struct attribute {
    const char *name, *title, *type;
    bool of_edge;
} attributes[] = {
    {"kind", "kind", "string", false},
    {"schema", "schema", "string", false},
    {"label", "label", "string", false},
    {"from", "from", "string", false},
    {"until", "until", "string", false},
    {"handling", "handling codes", "string", false},
    {"evaluation", "evaluation", "string", false},
    {"status", "status", "string", false},
    {"betweenness", "betweenness", "double", false},
    {"component", "component", "int", false},
    {"link", "link", "string", true},
    {"linkFrom", "from", "string", true},
    {"linkUntil", "until", "string", true},
    {"linkHandling", "handling codes", "string", true},
    {"linkEvaluation", "evaluation", "string", true},
    {"linkRecord", "record", "string", true},
};
enum { ATTRIBUTES = sizeof attributes / sizeof attributes[0] };

/* Values of a node or an edge in the order of the table, one behind the other. */
struct values {
    struct buf at[ATTRIBUTES];
};

static void clear(struct values *values)
{
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        values->at[i].max = SIZE_MAX;
        buf_clear(&values->at[i]);
    }
}

static void release(struct values *values)
{
    for (size_t i = 0; i < ATTRIBUTES; i++)
        buf_release(&values->at[i]);
}

static void set(struct values *values, const char *name, struct bytes text)
{
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (strcmp(attributes[i].name, name) == 0)
            buf_add(&values->at[i], text);
}

static void node_values(struct values *values, const struct graph_node *node)
{
    char number[32];
    struct buf handling = {.max = SIZE_MAX};
    clear(values);
    set(values, "kind", bytes_text(node->kind == GRAPH_KEY ? "key" : "record"));
    set(values, "schema", bytes_text(node->schema));
    set(values, "label", node->caption);
    set(values, "from", bytes_text(node->from));
    set(values, "until", bytes_text(node->until));
    add_handling(&handling, node);
    set(values, "handling", buf_bytes(&handling));
    buf_release(&handling);
    set(values, "evaluation", bytes_text(node->evaluation));
    set(values, "status", bytes_text(node->status));
    snprintf(number, sizeof number, "%.4f", node->betweenness);
    set(values, "betweenness", bytes_text(number));
    snprintf(number, sizeof number, "%u", node->component);
    set(values, "component", bytes_text(number));
}

static void edge_values(struct values *values, const struct graph_edge *edge)
{
    char handling[16], hex[2 * GRAPH_ID + 1];
    static const uint8_t none[GRAPH_ID];
    clear(values);
    set(values, "link", bytes_text(edge->label));
    set(values, "linkFrom", bytes_text(edge->from));
    set(values, "linkUntil", bytes_text(edge->until));
    handling_text_of(handling, edge->handling);
    set(values, "linkHandling", bytes_text(handling));
    set(values, "linkEvaluation", bytes_text(edge->evaluation));
    hex_write(hex, bytes_of(edge->id, GRAPH_ID));
    if (memcmp(edge->id, none, GRAPH_ID) != 0)
        set(values, "linkRecord", bytes_text(hex));
}

/* before, name or number of the attribute, between, value, after. */
static void add_values(struct buf *out, const struct values *values, const char *before,
                       const char *between, const char *after)
{
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        if (values->at[i].len == 0)
            continue;
        buf_addf(out, "%s%s%s", before, attributes[i].name, between);
        xml_add(out, buf_bytes(&values->at[i]));
        buf_add_text(out, after);
    }
}

static void add_xml_name(struct buf *out, const struct graph_node *node)
{
    struct buf name = {.max = SIZE_MAX};
    node_name(&name, node);
    xml_add(out, buf_bytes(&name));
    buf_release(&name);
}

void graph_write_graphml(struct buf *out, const struct graph *graph)
{
    struct values values = {0};
    buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    for (size_t i = 0; i < ATTRIBUTES; i++)
        buf_addf(out, "<key id=\"%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n",
                 attributes[i].name, attributes[i].of_edge ? "edge" : "node",
                 attributes[i].title, attributes[i].type);
    buf_add_text(out, "<graph id=\"enlace\" edgedefault=\"undirected\">\n");
    for (size_t i = 0; i < graph->node_count; i++) {
        buf_add_text(out, "<node id=\"");
        add_xml_name(out, &graph->nodes[i]);
        buf_add_text(out, "\">");
        node_values(&values, &graph->nodes[i]);
        add_values(out, &values, "<data key=\"", "\">", "</data>");
        buf_add_text(out, "</node>\n");
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        buf_addf(out, "<edge id=\"e%zu\" directed=\"%s\" source=\"", i,
                 edge->directed ? "true" : "false");
        add_xml_name(out, &graph->nodes[edge->source]);
        buf_add_text(out, "\" target=\"");
        add_xml_name(out, &graph->nodes[edge->target]);
        buf_add_text(out, "\">");
        edge_values(&values, edge);
        add_values(out, &values, "<data key=\"", "\">", "</data>");
        buf_add_text(out, "</edge>\n");
    }
    buf_add_text(out, "</graph>\n</graphml>\n");
    release(&values);
}

static void add_gexf_attributes(struct buf *out, bool of_edge)
{
    buf_addf(out, "<attributes class=\"%s\">\n", of_edge ? "edge" : "node");
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (attributes[i].of_edge == of_edge)
            buf_addf(out, "<attribute id=\"%s\" title=\"%s\" type=\"%s\"/>\n",
                     attributes[i].name, attributes[i].title,
                     strcmp(attributes[i].type, "int") == 0 ? "integer"
                                                            : attributes[i].type);
    buf_add_text(out, "</attributes>\n");
}

void graph_write_gexf(struct buf *out, const struct graph *graph)
{
    struct values values = {0};
    buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n"
                      "<graph defaultedgetype=\"undirected\">\n");
    add_gexf_attributes(out, false);
    add_gexf_attributes(out, true);
    buf_add_text(out, "<nodes>\n");
    for (size_t i = 0; i < graph->node_count; i++) {
        buf_add_text(out, "<node id=\"");
        add_xml_name(out, &graph->nodes[i]);
        buf_add_text(out, "\" label=\"");
        xml_add(out, graph->nodes[i].caption);
        buf_add_text(out, "\"><attvalues>");
        node_values(&values, &graph->nodes[i]);
        add_values(out, &values, "<attvalue for=\"", "\" value=\"", "\"/>");
        buf_add_text(out, "</attvalues></node>\n");
    }
    buf_add_text(out, "</nodes>\n<edges>\n");
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        buf_addf(out, "<edge id=\"%zu\" type=\"%s\" label=\"", i,
                 edge->directed ? "directed" : "undirected");
        xml_add(out, bytes_text(edge->label));
        buf_add_text(out, "\" source=\"");
        add_xml_name(out, &graph->nodes[edge->source]);
        buf_add_text(out, "\" target=\"");
        add_xml_name(out, &graph->nodes[edge->target]);
        buf_add_text(out, "\"><attvalues>");
        edge_values(&values, edge);
        add_values(out, &values, "<attvalue for=\"", "\" value=\"", "\"/>");
        buf_add_text(out, "</attvalues></edge>\n");
    }
    buf_add_text(out, "</edges>\n</graph>\n</gexf>\n");
    release(&values);
}

/* ---- CSV ---- */

static void add_cell(struct buf *out, struct bytes text)
{
    static const char formula[] = "=+-@\t\r";
    buf_add_text(out, "\"");
    if (text.len > 0 && memchr(formula, text.at[0], sizeof formula - 1) != NULL)
        buf_add_byte(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"')
            buf_add_byte(out, '"');
        buf_add_byte(out, text.at[i] == '\n' || text.at[i] == '\r' ? ' ' : text.at[i]);
    }
    buf_add_text(out, "\",");
}

static void add_end(struct buf *out, const struct graph_node *node)
{
    struct buf name = {.max = SIZE_MAX}, handling = {.max = SIZE_MAX};
    if (node == NULL) {
        buf_add_text(out, "\"\",\"\",\"\",\"\",\"\",\"\",\"\",");
        return;
    }
    node_name(&name, node);
    add_handling(&handling, node);
    add_cell(out, buf_bytes(&name));
    add_cell(out, bytes_text(node->schema));
    add_cell(out, node->caption);
    add_cell(out, bytes_text(node->from));
    add_cell(out, bytes_text(node->until));
    add_cell(out, buf_bytes(&handling));
    add_cell(out, bytes_text(node->evaluation));
    buf_release(&name);
    buf_release(&handling);
}

static void add_csv_row(struct buf *out, const struct graph_node *a,
                        const struct graph_node *b, const struct graph_edge *edge)
{
    char handling[16] = "";
    add_end(out, a);
    add_end(out, b);
    if (edge != NULL)
        handling_text_of(handling, edge->handling);
    add_cell(out, bytes_text(edge != NULL ? edge->label : ""));
    add_cell(out, bytes_text(edge == NULL ? "" : edge->directed ? "1 to 2" : "none"));
    add_cell(out, bytes_text(edge != NULL ? edge->from : ""));
    add_cell(out, bytes_text(edge != NULL ? edge->until : ""));
    add_cell(out, bytes_text(handling));
    add_cell(out, bytes_text(edge != NULL ? edge->evaluation : ""));
    out->len--; /* the last comma */
    buf_add_text(out, "\r\n");
}

void graph_write_csv(struct buf *out, const struct graph *graph)
{
    bool *tied = xcalloc(graph->node_count + 1, sizeof *tied);
    buf_add_text(out,
                 "Entity 1 Id,Entity 1 Type,Entity 1 Label,Entity 1 Start,Entity 1 End,"
                 "Entity 1 Handling,Entity 1 Evaluation,Entity 2 Id,Entity 2 Type,"
                 "Entity 2 Label,Entity 2 Start,Entity 2 End,Entity 2 Handling,"
                 "Entity 2 Evaluation,Link Type,Link Direction,Link Start,Link End,"
                 "Link Handling,Link Evaluation\r\n");
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        add_csv_row(out, &graph->nodes[edge->source], &graph->nodes[edge->target], edge);
        tied[edge->source] = tied[edge->target] = true;
    }
    for (size_t i = 0; i < graph->node_count; i++)
        if (!tied[i])
            add_csv_row(out, &graph->nodes[i], NULL, NULL);
    free(tied);
}
