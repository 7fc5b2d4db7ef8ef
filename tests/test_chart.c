/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "link/chart.h"
#include "link/chart_layout.h"
#include "link/graph_choose.h"
#include "link/label.h"

#include <math.h>
#include <string.h>

/* ---- Lines of a label ---- */

static void test_label(void)
{
    static const struct {
        const char *text;
        size_t lines;
        double max;
        const char *wanted[LABEL_LINES_MAX];
        bool cut;
    } rows[] = {
        {"Ana Lima", 3, 12, {"Ana Lima"}, false},
        {"", 3, 12, {NULL}, false},
        {"  \t ", 3, 12, {NULL}, false},
        {"Noordt Fruit Import", 3, 9, {"Noordt Fruit", "Import"}, false},
        /* evenly, rather than one word in a line of its own */
        {"Ana Maria de la Cruz y Paz", 2, 14, {"Ana Maria de", "la Cruz y Paz"}, false},
        {"Donaudampfschifffahrtsgesellschaft",
         3,
         9,
         {"Donaudampf", "schifffahrtsg", "esellschaft"},
         false},
        {"上海远洋国际货物", 2, 6, {"上海远洋", "国际货物"}, false},
        {"one two three four five six", 2, 6, {"one two", "three"}, true},
        {"Alpha-Beta Gamma", 2, 8, {"Alpha-Beta", "Gamma"}, false},
        {"a\nb", 3, 12, {"a\nb"}, false}, /* a gap like any other; drawn as one */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct label label;
        label_read(&label, bytes_text(rows[i].text), rows[i].lines, rows[i].max);
        size_t count = 0;
        while (count < LABEL_LINES_MAX && rows[i].wanted[count] != NULL)
            count++;
        CHECK_SEEN(label.count == count && label.cut == rows[i].cut, "%s: %zu lines",
                   rows[i].text, label.count);
        for (size_t j = 0; j < count && j < label.count; j++)
            CHECK_TEXT(label.lines[j], rows[i].wanted[j]);
        CHECK_SEEN(label.width <= rows[i].max + 0.01, "%s: %f", rows[i].text, label.width);
    }
    CHECK(label_width(bytes_text("e\xcc\x81")) == label_width(bytes_text("e")));
    CHECK(label_width(bytes_text("王")) > label_width(bytes_text("w")) * 0.9);
    CHECK(label_width(bytes_text("\xe2\x80\xae\xef\xbf\xbe\x01")) == 0);
}

/* Whatever is in it: all of the text comes out, in order, and nothing is too wide. */
static void test_label_any(void)
{
    static const char *const pieces[] = {
        "a", "W", " ", "-", "王", "ش", "é", "e\xcc\x81", "\xe2\x80\x8f", "\n", "1", "𠀀"};
    uint32_t state = 7;
    for (int round = 0; round < 3000; round++) {
        char text[256] = "";
        unsigned pieces_count = (state = state * 1664525 + 1013904223) >> 28;
        for (unsigned i = 0; i < 2 * pieces_count; i++)
            strcat(text, pieces[((state = state * 1664525 + 1013904223) >> 8) % 12]);
        struct bytes rest = bytes_text(text), line;
        size_t taken = 0;
        double max = 3 + round % 9;
        while (label_line(&line, &rest, max) && taken < 200) {
            taken++;
            if (!(label_width(line) <= max) || line.len == 0)
                CHECK_SEEN(false, "\"%s\" at %f", text, max);
        }
        CHECK(taken < 200 && rest.at + rest.len == (const uint8_t *)text + strlen(text));
        struct label label;
        label_read(&label, bytes_text(text), 1 + (size_t)round % 3, max);
        CHECK(label.width <= max + 0.01);
    }
}

/* ---- Graphs to draw ---- */

struct sample {
    struct graph graph;
    size_t capacity;
};

static void add_node(struct graph *graph, enum node_kind kind, const char *caption)
{
    grow_to((void **)&graph->nodes, &graph->node_capacity, graph->node_count,
            sizeof *graph->nodes);
    struct graph_node *node = &graph->nodes[graph->node_count++];
    *node = (struct graph_node){.kind = kind,
                                .schema = kind == GRAPH_KEY ? "phone" : "Person",
                                .caption = bytes_text(caption),
                                .from = "",
                                .until = "",
                                .place = "",
                                .handling = HANDLING_H0,
                                .restriction = "",
                                .evaluation = "4x4:X4",
                                .status = ""};
    node->id[0] = (uint8_t)graph->node_count;
    node->id[1] = (uint8_t)(graph->node_count >> 8);
}

static void tie(struct graph *graph, uint32_t a, uint32_t b)
{
    grow_to((void **)&graph->edges, &graph->edge_capacity, graph->edge_count,
            sizeof *graph->edges);
    graph->edges[graph->edge_count++] = (struct graph_edge){.source = a,
                                                            .target = b,
                                                            .directed = true,
                                                            .label = "persons",
                                                            .from = "",
                                                            .until = "",
                                                            .handling = HANDLING_H0,
                                                            .evaluation = ""};
}

static void make_random(struct graph *graph, uint32_t seed, size_t nodes, size_t edges)
{
    uint32_t state = seed;
    for (size_t i = 0; i < nodes; i++)
        add_node(graph, GRAPH_RECORD,
                 i % 3 == 0 ? "Comercializadora de Frutas" : "Ana Lima");
    for (size_t i = 0; i < edges; i++) {
        uint32_t a = ((state = state * 1664525 + 1013904223) >> 8) % (uint32_t)nodes;
        uint32_t b = ((state = state * 1664525 + 1013904223) >> 8) % (uint32_t)nodes;
        if (i % 4 == 0)
            a = a % 3; /* some have very many */
        if (a != b)
            tie(graph, a, b);
    }
    graph_measure(graph);
}

/* ---- Places ---- */

static void test_places(void)
{
    static const struct {
        size_t nodes, edges;
    } rows[] = {{1, 0}, {2, 1}, {5, 2}, {30, 25}, {60, 0}, {200, 150}, {500, 700}};
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        struct graph graph = {0};
        make_random(&graph, 1 + (uint32_t)row, rows[row].nodes, rows[row].edges);
        struct chart_box *boxes = xcalloc(graph.node_count, sizeof *boxes);
        struct chart_box *again = xcalloc(graph.node_count, sizeof *again);
        struct chart_room room, room_again;
        for (size_t i = 0; i < graph.node_count; i++)
            boxes[i] = (struct chart_box){.left = 40 + (double)(i % 5) * 9,
                                          .right = 40 + (double)(i % 5) * 9,
                                          .above = 14,
                                          .below = 30 + (double)(i % 3) * 14};
        memcpy(again, boxes, graph.node_count * sizeof *boxes);
        chart_lay_out(&room, boxes, &graph);
        chart_lay_out(&room_again, again, &graph);
        CHECK(memcmp(boxes, again, graph.node_count * sizeof *boxes) == 0);
        size_t over = 0, outside = 0;
        for (size_t i = 0; i < graph.node_count; i++) {
            const struct chart_box *a = &boxes[i];
            outside += a->x - a->left < -0.01 || a->y - a->above < -0.01 ||
                       a->x + a->right > room.width + 0.01 ||
                       a->y + a->below > room.height + 0.01;
            for (size_t j = 0; j < i; j++) {
                const struct chart_box *b = &boxes[j];
                over +=
                    a->x - a->left < b->x + b->right && b->x - b->left < a->x + a->right &&
                    a->y - a->above < b->y + b->below && b->y - b->above < a->y + a->below;
            }
        }
        CHECK_SEEN(over == 0 && outside == 0, "%zu things: %zu overlap, %zu outside",
                   graph.node_count, over, outside);
        CHECK_SEEN(room.width / room.height < 5 || graph.node_count < 10, "%f x %f",
                   room.width, room.height);
        free(again);
        free(boxes);
        graph_release(&graph);
    }
}

/* ---- A part of it ---- */

/* A star of five, a pair, one alone, a triangle behind a key, a key with one holder left. */
static void make_parts(struct graph *graph)
{
    for (int i = 0; i < 12; i++)
        add_node(graph, i == 11 ? GRAPH_KEY : GRAPH_RECORD, "x");
    for (uint32_t i = 1; i < 5; i++)
        tie(graph, i, 0);
    tie(graph, 5, 6); /* the pair; 7 is alone */
    tie(graph, 8, 9);
    tie(graph, 9, 10);
    tie(graph, 10, 8);
    tie(graph, 8, 11);
    tie(graph, 0, 11);
    graph_measure(graph);
}

static void test_choice(void)
{
    static const struct {
        size_t max;
        const char *kept; /* a sign each node */
    } rows[] = {
        {12, "xxxxxxxxxxxx"}, {11, "xxxxxxx.xxxx"}, {9, "xxxxx...xxxx"},
        {8, "xxxx....xxxx"},  {5, "x.......xxxx"},  {3, "........xxx."}, /* the triangle */
        {0, "............"},
    };
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        struct graph graph = {0};
        bool kept[12];
        char seen[13] = "";
        make_parts(&graph);
        graph_choose_most_tied(kept, &graph, rows[row].max);
        for (size_t i = 0; i < 12; i++)
            seen[i] = kept[i] ? 'x' : '.';
        CHECK_SEEN(strcmp(seen, rows[row].kept) == 0, "%zu: %s, not %s", rows[row].max,
                   seen, rows[row].kept);
        graph_release(&graph);
    }
}

static void test_keep(void)
{
    struct graph graph = {0};
    bool kept[12];
    make_parts(&graph);
    graph_choose_most_tied(kept, &graph, 5);
    struct graph_left left = graph_keep(&graph, kept);
    CHECK_SEEN(left.records == 7 && left.keys == 0 && left.edges == 5, "%zu %zu %zu",
               left.records, left.keys, left.edges);
    CHECK(graph.node_count == 5 && graph.edge_count == 5 && graph.component_count == 1);
    CHECK(graph.nodes[0].more == 4 && graph.nodes[1].more == 0);
    CHECK(graph.nodes[0].betweenness > 0); /* of the whole, as it was */
    for (size_t i = 0; i < graph.edge_count; i++)
        CHECK(graph.edges[i].source < 5 && graph.edges[i].target < 5);
    graph_release(&graph);

    make_parts(&graph);
    graph_choose_around(kept, &graph, 8, 1);
    for (size_t i = 0; i < 12; i++)
        CHECK_SEEN(kept[i] == (i == 0 || i >= 8), "%zu", i); /* a key is no step */
    graph_choose_around(kept, &graph, 7, 8);
    for (size_t i = 0; i < 12; i++)
        CHECK(kept[i] == (i == 7));
    graph_release(&graph);
    left = graph_keep(&graph, kept); /* nothing of nothing */
    CHECK(left.records == 0 && graph.node_count == 0);
}

/* ---- The picture ---- */

static size_t count_of(struct bytes text, const char *what)
{
    size_t count = 0, len = strlen(what);
    for (size_t i = 0; i + len <= text.len; i++)
        count += memcmp(text.at + i, what, len) == 0;
    return count;
}

static void test_picture(void)
{
    struct graph graph = {0};
    struct buf out = {.max = 1 << 24};
    struct err err = {0};
    const uint8_t focus[GRAPH_ID] = {2}; /* as add_node counts */
    const struct chart_options options = {.title = "<script>alert(1)</script>",
                                          .detail = "a & b",
                                          .left_out = "7 things",
                                          .focus = focus};
    add_node(&graph, GRAPH_RECORD, "</text><script href=\"http://x\">");
    add_node(&graph, GRAPH_RECORD,
             "Comercializadora Internacional de Frutas Tropicales del Pac\xc3\xad"
             "fico Sociedad An\xc3\xb3nima");
    add_node(&graph, GRAPH_RECORD, "evil \xe2\x80\xaegpj.exe \x01\x7f");
    add_node(&graph, GRAPH_RECORD, "");
    tie(&graph, 0, 1);
    tie(&graph, 1, 0);
    tie(&graph, 0, 1);
    graph.nodes[2].handling = HANDLING_H0 | HANDLING_H1;
    graph.nodes[0].more = 3;
    graph.nodes[1].status = "witness";
    graph.nodes[2].status = "suspect";
    graph_measure(&graph);
    CHECK(chart_write_svg(&out, &graph, &options, &err) == OK);
    struct bytes text = buf_bytes(&out);
    CHECK(count_of(text, "<script") == 0 && count_of(text, "&lt;script") >= 2);
    CHECK(count_of(text, "href=\"") == 2 && count_of(text, "href=\"#") == 2);
    CHECK(count_of(text, "xlink") == 0 && count_of(text, "url(#tip)") == 3);
    CHECK(count_of(text, "role=\"graphics-document document\"") == 1);
    CHECK(count_of(text, "<title id=\"chart-title\">") == 1 &&
          count_of(text, "<desc id=\"chart-words\">4 things") == 1);
    /* What is cut on the picture is told in full. */
    CHECK(count_of(text, "Frutas Tropicales del Pac\xc3\xad"
                         "fico Sociedad An\xc3\xb3nima (Person, witness)") == 1);
    CHECK(count_of(text, "<circle class=\"f\"") == 1);
    CHECK(count_of(text, "<circle class=\"p\"") == 1 &&
          count_of(text, "to be protected<") == 1);
    CHECK(count_of(text, "\xe2\x80\xae") == 0 && count_of(text, "\x01") == 0 &&
          count_of(text, "\x7f") == 0);
    CHECK(count_of(text, "H0 H1</text>") == 2);
    CHECK(count_of(text, ">7 things<") == 1 && count_of(text, "Person · +3") == 1);
    CHECK(count_of(text, "<path class=\"k\"") ==
          3); /* side by side, and none upon another */
    CHECK(count_of(text, "2 things that nothing drawn here is tied to") == 1);
    graph_release(&graph);
    buf_release(&out);
}

int main(void)
{
    test_label();
    test_label_any();
    test_places();
    test_choice();
    test_keep();
    test_picture();
    return check_done("chart");
}
