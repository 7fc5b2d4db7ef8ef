/* SPDX-License-Identifier: Apache-2.0 */
#include "link/graph_write.h"

#include "base/text.h"
#include "link/beside.h"
#include "link/look.h"
#include "record/date.h"

#include <stdio.h>
#include <stdlib.h>

void handling_text_of(char out[static 16], unsigned handling)
{
    snprintf(out, 16, "H0%s%s%s", (handling & HANDLING_H1) != 0 ? " H1" : "",
             (handling & HANDLING_H2) != 0 ? " H2" : "",
             (handling & HANDLING_H3) != 0 ? " H3" : "");
}

/* Marks that only format: what turns the direction of writing makes a label read as another, and what
 * nobody sees makes two look alike. The two joiners stay: Persian and Hindi need them. U+FFFE and U+FFFF XML does
 * not have. */
static bool is_left_out(uint32_t point)
{
    return utf8_is_unseen(point) || point == 0x061C || point == 0x180E ||
           (point >= 0xFFF9 && point <= 0xFFFB) || point == 0xFFFE || point == 0xFFFF ||
           (point >= 0xE0000 && point <= 0xE007F);
}

bool seen_next(uint32_t *point, struct bytes *rest)
{
    while (utf8_next(point, rest)) {
        bool control = *point < ' ' || (*point >= 0x7F && *point < 0xA0);
        if (control || *point == 0x2028 || *point == 0x2029)
            *point = ' ';
        if (!is_left_out(*point))
            return true;
    }
    return false;
}

void xml_add(struct buf *out, struct bytes text)
{
    uint32_t point;
    while (seen_next(&point, &text))
        switch (point) {
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
            utf8_add(out, point);
        }
}

/* Two values that differ in what is not seen are two nodes. */
static void add_whole(struct buf *out, struct bytes text)
{
    while (text.len > 0) {
        struct bytes rest = text;
        uint32_t point;
        utf8_next(&point, &rest);
        if (point < ' ' || point == 0x7F || is_left_out(point))
            buf_addf(out, "[%04X]", (unsigned)point);
        else
            buf_add(out, bytes_of(text.at, text.len - rest.len));
        text = rest;
    }
}

void node_name(struct buf *out, const struct graph_node *node)
{
    char hex[2 * GRAPH_ID + 1];
    if (node->kind == GRAPH_KEY) {
        buf_add_text(out, node->schema);
        buf_add_byte(out, ':');
        add_whole(out, node->caption);
        return;
    }
    hex_write(hex, bytes_of(node->id, GRAPH_ID));
    buf_add_text(out, hex);
}

void handling_add(struct buf *out, const struct graph_node *node)
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
    {"link", "label", "string", true},
    {"direction", "direction", "string", true},
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
    handling_add(&handling, node);
    set(values, "handling", buf_bytes(&handling));
    buf_release(&handling);
    set(values, "evaluation", bytes_text(node->evaluation));
    set(values, "status", bytes_text(node->status));
    snprintf(number, sizeof number, "%.4f", node->betweenness);
    set(values, "betweenness", bytes_text(number));
    snprintf(number, sizeof number, "%u", node->component);
    set(values, "component", bytes_text(number));
}

const char *direction_word(const struct graph_edge *edge)
{
    return edge->directed ? "1 to 2" : "none";
}

static void edge_values(struct values *values, const struct graph_edge *edge)
{
    char handling[16], hex[2 * GRAPH_ID + 1];
    static const uint8_t none[GRAPH_ID];
    clear(values);
    set(values, "link", bytes_text(edge->label));
    set(values, "direction", bytes_text(direction_word(edge)));
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

/* ---- GraphML ---- */

/* An id is a NMTOKEN: any other sign stands as _ and its two digits, and so does _ itself. */
static void add_token(struct buf *out, const struct graph_node *node)
{
    struct buf name = {.max = SIZE_MAX};
    node_name(&name, node);
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.at[i];
        bool may = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                   (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':' || c >= 0x80;
        if (may)
            buf_add_byte(out, c);
        else
            buf_addf(out, "_%02X", c);
    }
    buf_release(&name);
}

/* As yEd draws it. */
static void add_drawn_node(struct buf *out, const struct graph_node *node)
{
    static const char *const shapes[] = {[CIRCLE] = "ellipse",
                                         [SQUARE] = "rectangle",
                                         [DIAMOND] = "diamond",
                                         [PILL] = "roundrectangle"};
    const struct look *look = &looks[look_of(node)];
    buf_addf(out,
             "<data key=\"shown\"><y:ShapeNode><y:Fill color=\"%s\" transparent=\"false\"/>"
             "<y:NodeLabel modelName=\"sandwich\" modelPosition=\"s\">",
             look->fill);
    xml_add(out, node->caption);
    buf_addf(out, "</y:NodeLabel><y:Shape type=\"%s\"/></y:ShapeNode></data>",
             shapes[look->shape]);
}

static void add_drawn_edge(struct buf *out, const struct graph_edge *edge)
{
    buf_addf(out,
             "<data key=\"drawn\"><y:PolyLineEdge><y:LineStyle type=\"%s\"/>"
             "<y:Arrows source=\"none\" target=\"%s\"/><y:EdgeLabel>",
             edge->directed ? "line" : "dashed", edge->directed ? "standard" : "none");
    xml_add(out, bytes_text(edge->label));
    buf_add_text(out, "</y:EdgeLabel></y:PolyLineEdge></data>");
}

void graph_write_graphml(struct buf *out, const struct graph *graph)
{
    struct values values = {0};
    buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
                      "xmlns:y=\"http://www.yworks.com/xml/graphml\">\n");
    for (size_t i = 0; i < ATTRIBUTES; i++)
        buf_addf(out, "<key id=\"%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n",
                 attributes[i].name, attributes[i].of_edge ? "edge" : "node",
                 attributes[i].title, attributes[i].type);
    buf_add_text(out, "<key id=\"shown\" for=\"node\" yfiles.type=\"nodegraphics\"/>\n"
                      "<key id=\"drawn\" for=\"edge\" yfiles.type=\"edgegraphics\"/>\n"
                      "<graph id=\"enlace\" edgedefault=\"directed\">\n");
    for (size_t i = 0; i < graph->node_count; i++) {
        buf_add_text(out, "<node id=\"");
        add_token(out, &graph->nodes[i]);
        buf_add_text(out, "\">");
        node_values(&values, &graph->nodes[i]);
        add_values(out, &values, "<data key=\"", "\">", "</data>");
        add_drawn_node(out, &graph->nodes[i]);
        buf_add_text(out, "</node>\n");
    }
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        buf_addf(out, "<edge id=\"e%zu\" source=\"", i);
        add_token(out, &graph->nodes[edge->source]);
        buf_add_text(out, "\" target=\"");
        add_token(out, &graph->nodes[edge->target]);
        buf_add_text(out, "\">");
        edge_values(&values, edge);
        add_values(out, &values, "<data key=\"", "\">", "</data>");
        add_drawn_edge(out, edge);
        buf_add_text(out, "</edge>\n");
    }
    buf_add_text(out, "</graph>\n</graphml>\n");
    release(&values);
}

/* ---- GEXF ---- */

static void add_xml_name(struct buf *out, const struct graph_node *node)
{
    struct buf name = {.max = SIZE_MAX};
    node_name(&name, node);
    xml_add(out, buf_bytes(&name));
    buf_release(&name);
}

/* The first or the last day of what is known: 1984 begins on 1 January and ends on 31 December. */
static bool whole_day(struct date *day, const char *text, bool last)
{
    if (text[0] == '\0' || date_parse(day, bytes_text(text), NULL, NULL) != OK)
        return false;
    int month = day->precision == DATE_YEAR ? (last ? 12 : 1) : day->month;
    int number = day->precision >= DATE_DAY ? day->day
                 : last                     ? date_days_in_month(day->year, month)
                                            : 1;
    *day = (struct date){
        .year = day->year, .month = month, .day = number, .precision = DATE_DAY};
    return true;
}

/* What has an end before its beginning has neither: Gephi refuses the whole file. */
static void add_days(struct buf *out, const char *from, const char *until)
{
    struct date start, end;
    char text[DATE_TEXT_SIZE];
    bool starts = whole_day(&start, from, false), ends = whole_day(&end, until, true);
    if (starts && ends && date_compare(&start, &end) > 0)
        return;
    if (starts) {
        date_print(text, &start);
        buf_addf(out, " start=\"%s\"", text);
    }
    if (ends) {
        date_print(text, &end);
        buf_addf(out, " end=\"%s\"", text);
    }
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

static void add_viz(struct buf *out, const struct graph_node *node)
{
    static const char *const shapes[] = {
        [CIRCLE] = "disc", [SQUARE] = "square", [DIAMOND] = "diamond", [PILL] = "disc"};
    const struct look *look = &looks[look_of(node)];
    unsigned rgb = (unsigned)strtoul(look->fill + 1, NULL, 16);
    buf_addf(out,
             "<viz:color r=\"%u\" g=\"%u\" b=\"%u\"/><viz:size value=\"%d\"/>"
             "<viz:shape value=\"%s\"/>",
             rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF, node->kind == GRAPH_KEY ? 5 : 10,
             shapes[look->shape]);
}

/* The kind of a tie: of several between the same two that are of one kind Gephi makes one. */
static void add_kind(struct buf *out, const struct graph_edge *edge,
                     const struct beside *beside)
{
    const char *more = strstr(edge->label, " (");
    buf_add_text(out, "\" kind=\"");
    xml_add(out, bytes_of(edge->label, more != NULL ? (size_t)(more - edge->label)
                                                    : strlen(edge->label)));
    if (beside->nth > 0)
        buf_addf(out, " %u", beside->nth + 1);
}

static void add_gexf_node(struct buf *out, struct values *values,
                          const struct graph_node *node)
{
    buf_add_text(out, "<node id=\"");
    add_xml_name(out, node);
    buf_add_text(out, "\" label=\"");
    xml_add(out, node->caption);
    buf_add_text(out, "\"");
    add_days(out, node->from, node->until);
    buf_add_text(out, "><attvalues>");
    node_values(values, node);
    add_values(out, values, "<attvalue for=\"", "\" value=\"", "\"/>");
    buf_add_text(out, "</attvalues>");
    add_viz(out, node);
    buf_add_text(out, "</node>\n");
}

void graph_write_gexf(struct buf *out, const struct graph *graph)
{
    struct values values = {0};
    struct beside *besides = beside_read(graph);
    buf_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<gexf xmlns=\"http://gexf.net/1.3\" "
                      "xmlns:viz=\"http://gexf.net/1.3/viz\" version=\"1.3\">\n"
                      "<meta><creator>Enlace</creator></meta>\n"
                      "<graph defaultedgetype=\"directed\" mode=\"dynamic\" "
                      "timeformat=\"date\" timerepresentation=\"interval\">\n");
    add_gexf_attributes(out, false);
    add_gexf_attributes(out, true);
    buf_add_text(out, "<nodes>\n");
    for (size_t i = 0; i < graph->node_count; i++)
        add_gexf_node(out, &values, &graph->nodes[i]);
    buf_add_text(out, "</nodes>\n<edges>\n");
    for (size_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        buf_addf(out, "<edge id=\"%zu\" type=\"%s\" label=\"", i,
                 edge->directed ? "directed" : "mutual");
        xml_add(out, bytes_text(edge->label));
        add_kind(out, edge, &besides[i]);
        buf_add_text(out, "\" source=\"");
        add_xml_name(out, &graph->nodes[edge->source]);
        buf_add_text(out, "\" target=\"");
        add_xml_name(out, &graph->nodes[edge->target]);
        buf_add_text(out, "\"");
        add_days(out, edge->from, edge->until);
        buf_add_text(out, "><attvalues>");
        edge_values(&values, edge);
        add_values(out, &values, "<attvalue for=\"", "\" value=\"", "\"/>");
        buf_add_text(out, "</attvalues></edge>\n");
    }
    buf_add_text(out, "</edges>\n</graph>\n</gexf>\n");
    free(besides);
    release(&values);
}
