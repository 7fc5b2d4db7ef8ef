/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/text.h"
#include "link/between.h"
#include "link/chart.h"
#include "link/graph_write.h"

#include <igraph/igraph.h>
#include <math.h>
#include <string.h>

static const uint8_t case_a[GRAPH_ID] = {1}, case_b[GRAPH_ID] = {2};

static void put(struct graph *graph, uint8_t number, const uint8_t *case_id,
                const char *schema, const char *id, const char *const *pairs)
{
    struct arena arena = {0};
    struct record record;
    struct err err = {0};
    const uint8_t made[GRAPH_ID] = {0xEE, number};
    const struct schema *row = schema_find(bytes_text(schema));
    record_init(&record, row, &arena);
    record.id = id;
    for (; pairs[0] != NULL; pairs += 2) {
        const struct property *property = schema_property(row, bytes_text(pairs[0]));
        if (property == NULL || record_add(&record, property, property->name,
                                           bytes_text(pairs[1]), NULL, &err) != OK)
            abort();
    }
    if (record_finish(&record, "xa", &err) != OK)
        abort();
    CHECK(graph_add(graph, made, case_id, &record));
    arena_release(&arena);
}
#define PUT(number, case_id, schema, id, ...)                                              \
    put(&graph, (number), (case_id), (schema), (id),                                       \
        (const char *const[]){__VA_ARGS__, NULL})

static int64_t node(const struct graph *graph, uint8_t number)
{
    const uint8_t id[GRAPH_ID] = {0xEE, number};
    return graph_find(graph, id);
}

static const struct graph_edge *edge(const struct graph *graph, uint8_t a, uint8_t b)
{
    for (size_t i = 0; i < graph->edge_count; i++)
        if ((int64_t)graph->edges[i].source == node(graph, a) &&
            (int64_t)graph->edges[i].target == node(graph, b))
            return &graph->edges[i];
    return NULL;
}

static void test_ties(void)
{
    struct graph graph = {0};
    PUT(1, case_a, "Person", "p1", "name", "Elske van Noordt", "birthDate", "1988-06-07");
    PUT(2, case_a, "Company", "c1", "name", "Noordt Fruit Import B.V.");
    PUT(3, case_a, "Ownership", "o1", "owner", "p1", "asset", "c1", "percentage", "60",
        "startDate", "2019-01-01");
    PUT(4, case_a, "Seizure", "s1", "date", "2026-02-03", "phone", "+999550107788",
        "persons", "p1");
    PUT(5, case_b, "Seizure", "s1", "date", "2026-02-20", "phone", "00999 55 010 7788");
    PUT(6, case_b, "Person", "p1", "name", "NOORDT, Elske van", "birthDate", "1988-06-07");
    PUT(7, case_b, "Directorship", "d1", "director", "p1", "organization", "gone");
    PUT(8, case_a, "Person", "lone", "name", "Jan Oord");
    PUT(9, case_b, "LinkDecision", "x", "left", "ee080000000000000000000000000000", "right",
        "ee010000000000000000000000000000", "verdict", "same");
    PUT(10, case_b, "LinkDecision", "y", "left", "ee080000000000000000000000000000",
        "right", "ee060000000000000000000000000000", "verdict", "undone");
    PUT(11, case_b, "LinkDecision", "z", "left", "ee080000000000000000000000000000",
        "right", "ee020000000000000000000000000000", "verdict", "different");
    graph_tie(&graph);
    graph_measure(&graph);

    const struct graph_edge *owns = edge(&graph, 1, 2);
    CHECK(owns != NULL && owns->directed && strcmp(owns->label, "Ownership (60 %)") == 0);
    CHECK(owns != NULL && strcmp(owns->from, "2019-01-01") == 0 && owns->id[1] == 3);
    CHECK(node(&graph, 3) == GRAPH_NONE); /* it is the line */
    CHECK(node(&graph, 7) >= 0);          /* one end is not here */
    const struct graph_edge *directs = edge(&graph, 7, 6);
    CHECK(directs != NULL && strcmp(directs->label, "director") == 0);
    CHECK(edge(&graph, 7, 1) == NULL); /* "p1" is another one in the other case */
    CHECK(edge(&graph, 4, 1) != NULL);
    CHECK(edge(&graph, 1, 6) != NULL && !edge(&graph, 1, 6)->directed);
    CHECK(edge(&graph, 8, 1) != NULL && edge(&graph, 8, 6) == NULL);
    CHECK(edge(&graph, 8, 2) == NULL); /* a word that they differ is no tie */

    size_t keys = 0;
    for (size_t i = 0; i < graph.node_count; i++)
        keys += graph.nodes[i].kind == GRAPH_KEY;
    CHECK_SEEN(keys == 1, "%zu", keys);
    CHECK_SEEN(graph.component_count == 1, "%u", graph.component_count);

    uint32_t steps[32], previous[32];
    graph_walk(steps, previous, &graph, (uint32_t)node(&graph, 2));
    CHECK(steps[node(&graph, 1)] == 1 && steps[node(&graph, 4)] == 2);
    CHECK(steps[node(&graph, 5)] == 3); /* the phone between is no step */
    CHECK(steps[node(&graph, 6)] == 2 && steps[node(&graph, 7)] == 3);
    graph_release(&graph);
    graph_release(&graph);
}

/* Who is drawn as the same: where all of the name and the birth date agree, in whatever script, and
 * not where parts of them do. */
static void test_same(void)
{
    static const struct {
        const char *schema, *name, *date, *country;
        uint8_t same_as; /* the first of them */
    } rows[] = {
        {"Person", "Elske van Noordt", "1988-06-07", NULL, 0},
        {"Person", "NOORDT, Elske van", "1988-06-07", NULL, 0},
        {"Person", "Эльске ван Нордт", "1988-06-07", NULL, 0},
        {"Person", "Elske van Noordt", "1988-07-06", NULL, 3}, /* swapped: possible */
        {"Person", "Elske Jansen", "1988-06-07", NULL, 4},     /* a twin */
        {"Person", "Elske van Noordt", "1961-06-07", NULL, 5},
        {"Person", "Elske Alvear", "1978-06-07", NULL, 6},
        {"Company", "Noordt Fruit Import B.V.", "", "nl", 7},
        {"Company", "NOORDT FRUIT IMPORT", "", "nl", 7},
        {"Company", "Noordt Fruit Export B.V.", "", "nl", 9},
        {"Company", "Noordt Fruit Holding", "", "nl", 10},
        {"Person", "Lupiha Posibi", "1960-11-18", NULL, 11},
        {"Person", "Lupiha Posamo", "1960-11-18", NULL, 11}}; /* perhaps */
    enum { ROWS = sizeof rows / sizeof rows[0] };
    struct graph graph = {0};
    for (uint8_t i = 0; i < ROWS; i++) {
        char id[8];
        snprintf(id, sizeof id, "r%d", i);
        if (rows[i].country == NULL)
            PUT(i, case_a, rows[i].schema, id, "name", rows[i].name, "birthDate",
                rows[i].date);
        else
            PUT(i, case_a, rows[i].schema, id, "name", rows[i].name, "country",
                rows[i].country);
    }
    uint32_t reached[ROWS];
    graph_reach(reached, &graph, 0);
    graph_tie(&graph);
    graph_measure(&graph);
    for (uint8_t i = 0; i < ROWS; i++)
        for (uint8_t j = 0; j < i; j++) {
            bool tied = edge(&graph, j, i) != NULL;
            CHECK_SEEN(tied == (rows[i].same_as == rows[j].same_as), "%s, %s: %d",
                       rows[j].name, rows[i].name, tied);
        }
    for (uint8_t i = 0; i < ROWS; i++)
        CHECK((reached[i] != UINT32_MAX) == (rows[i].same_as == 0));
    static const struct {
        uint8_t a, b;
        const char *label;
    } labels[] = {{0, 1, "same name and birth date"},
                  {7, 8, "same company name"},
                  {11, 12, "perhaps the same person"}};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        const struct graph_edge *same = edge(&graph, labels[i].a, labels[i].b);
        CHECK_SEEN(same != NULL && strcmp(same->label, labels[i].label) == 0, "%s",
                   same != NULL ? same->label : "none");
    }
    graph_release(&graph);
}

/* What somebody has decided goes before what the names say. */
static void test_decided(void)
{
    static const struct {
        const char *verdict, *left, *right;
        bool by_name, decided;
    } rows[] = {{"different", "ee010000000000000000000000000000",
                 "ee020000000000000000000000000000", false, false},
                {"different", "ee020000000000000000000000000000",
                 "ee010000000000000000000000000000", false, false},
                {"undone", "ee020000000000000000000000000000",
                 "ee010000000000000000000000000000", true, false},
                {"unsure", "ee020000000000000000000000000000",
                 "ee010000000000000000000000000000", true, false},
                {"same", "ee010000000000000000000000000000",
                 "ee020000000000000000000000000000", true, true},
                {"different", "ee010000000000000000000000000000",
                 "ee030000000000000000000000000000", true, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct graph graph = {0};
        size_t by_name = 0, decided = 0;
        PUT(1, case_a, "Person", "p1", "name", "Elske van Noordt", "birthDate",
            "1988-06-07");
        PUT(2, case_a, "Person", "p2", "name", "Elske van Noordt", "birthDate",
            "1988-06-07");
        PUT(3, case_a, "Person", "p3", "name", "Jan Oord");
        PUT(9, case_a, "LinkDecision", "d", "left", rows[i].left, "right", rows[i].right,
            "verdict", rows[i].verdict);
        graph_tie(&graph);
        for (size_t j = 0; j < graph.edge_count; j++) {
            by_name += strcmp(graph.edges[j].label, "same name and birth date") == 0;
            decided += strncmp(graph.edges[j].label, "LinkDecision", 12) == 0;
        }
        CHECK_SEEN(by_name == rows[i].by_name && decided == rows[i].decided, "%zu: %zu %zu",
                   i, by_name, decided);
        graph_release(&graph);
    }
}

/* Many who are the same are a star with few lines more, and no net of all with all. */
static void test_many_same(void)
{
    enum { MANY = 60 };
    struct graph graph = {0};
    char id[8];
    for (uint8_t i = 0; i < MANY; i++) {
        snprintf(id, sizeof id, "r%d", i);
        PUT(i, case_a, "Person", id, "name", "Elske van Noordt", "birthDate", "1988-06-07");
    }
    graph_tie(&graph);
    graph_measure(&graph);
    CHECK_SEEN(graph.component_count == 1 && graph.edge_count >= MANY - 1 &&
                   graph.edge_count <= 2 * MANY,
               "%u parts, %zu lines", graph.component_count, graph.edge_count);
    graph_release(&graph);
}

/* A chain of n: the middle one lies on i * (n - 1 - i) paths. */
static void test_measures(void)
{
    enum { CHAIN = 7 };
    struct graph graph = {0};
    char id[8], next[8];
    for (uint8_t i = 0; i < CHAIN; i++) {
        snprintf(id, sizeof id, "c%d", i);
        snprintf(next, sizeof next, "c%d", i + 1);
        PUT(i, case_a, "Company", id, "name", id, "parent", next);
    }
    graph_tie(&graph);
    graph_measure(&graph);
    for (uint8_t i = 0; i < CHAIN; i++)
        CHECK(fabs(graph.nodes[node(&graph, i)].betweenness - i * (CHAIN - 1 - i)) < 1e-9);
    graph_release(&graph);

    /* Two ways round a square, one of them by two ties: half a pair each. */
    PUT(0, case_a, "Company", "a", "name", "a", "parent", "b", "parent", "c");
    PUT(1, case_a, "Company", "b", "name", "b", "parent", "d");
    PUT(2, case_a, "Company", "c", "name", "c", "parent", "d", "parent", "a");
    PUT(3, case_a, "Company", "d", "name", "d");
    graph_tie(&graph);
    graph_measure(&graph);
    for (uint8_t i = 0; i < 4; i++)
        CHECK_SEEN(fabs(graph.nodes[node(&graph, i)].betweenness - 0.5) < 1e-9, "%f",
                   graph.nodes[node(&graph, i)].betweenness);
    graph_release(&graph);
}

static size_t count_of(struct bytes text, const char *what)
{
    size_t count = 0, len = strlen(what);
    for (size_t i = 0; i + len <= text.len; i++)
        count += memcmp(text.at + i, what, len) == 0;
    return count;
}

static void test_writing(void)
{
    struct graph graph = {0}, again = {0}, empty = {0};
    struct buf out = {.max = 1 << 24}, other = {.max = 1 << 24};
    struct err err = {0};
    const struct chart_options options = {
        .title = "A & B <case>", .detail = "\"x\"", .left_out = ""};
    for (int i = 0; i < 2; i++) {
        PUT(1, case_a, "Person", "p1", "name", "=cmd|' /C calc'!A0 <b>&\"");
        PUT(2, case_a, "Company", "c1", "name", "Über\x01 Fisch", "parent", "c2");
        PUT(3, case_a, "Company", "c2", "name", "Mutter");
        graph_tie(&graph);
        graph_measure(&graph);
        if (i == 0) {
            again = graph;
            graph = (struct graph){0};
        }
    }
    CHECK(chart_write_svg(&out, &graph, &options, &err) == OK);
    CHECK(chart_write_svg(&other, &again, &options, &err) == OK);
    CHECK(bytes_equal(buf_bytes(&out),
                      buf_bytes(&other))); /* the same graph, the same picture */
    CHECK(count_of(buf_bytes(&out), "A &amp; B &lt;case&gt;") == 2);
    CHECK(count_of(buf_bytes(&out), "<b>") == 0 && count_of(buf_bytes(&out), "\x01") == 0);
    buf_clear(&out);
    graph_write_graphml(&out, &graph);
    CHECK(count_of(buf_bytes(&out), "<node ") == 3 &&
          count_of(buf_bytes(&out), "<edge ") == 1);
    CHECK(count_of(buf_bytes(&out), "&lt;b&gt;&amp;&quot;") == 2);
    CHECK(count_of(buf_bytes(&out), "attr.type=") ==
          count_of(buf_bytes(&out), "attr.name="));
    buf_clear(&out);
    graph_write_gexf(&out, &graph);
    CHECK(count_of(buf_bytes(&out), "<node ") == 3 &&
          count_of(buf_bytes(&out), "<edge ") == 1);
    buf_clear(&out);
    graph_write_csv(&out, &graph);
    CHECK_SEEN(count_of(buf_bytes(&out), "\r\n") == 3, "%.*s", (int)out.len, out.at);
    CHECK(count_of(buf_bytes(&out), ",\"'=cmd") == 1); /* no formula */
    buf_clear(&out);
    CHECK(chart_write_svg(&out, &empty, &options, &err) == OK);
    graph_release(&graph);
    graph_release(&again);
    buf_release(&out);
    buf_release(&other);
}

/* A phone and a name that two share, a line known by year, one whose end is before its begin, ties
 * twice between the same two, a seizure with its time, and one record that ties three. */
static void make_sample(struct graph *out)
{
    struct graph graph = {0};
    PUT(1, case_a, "Person", "p1", "name", "Ana", "phone", "+999550107788");
    PUT(2, case_a, "Person", "p2", "name", "-2+3+cmd|x", "phone", "+999550107788");
    PUT(3, case_a, "Company", "c1", "name", "@SUM(A1)", "incorporationDate", "1984");
    PUT(4, case_a, "Ownership", "o1", "owner", "p1", "asset", "c1", "startDate", "2019-02",
        "endDate", "2020-02");
    PUT(5, case_a, "Ownership", "o2", "owner", "p1", "asset", "c1", "percentage", "60",
        "startDate", "2020", "endDate", "2019");
    PUT(6, case_a, "Seizure", "s1", "date", "2026-02-03T05:40:00-05:00", "persons", "p1");
    PUT(7, case_a, "Family", "f1", "person", "p1", "relative", "p2", "relative", "c1");
    PUT(8, case_b, "Company", "c9", "name", "alone \x01\x1f\x7f,\"quoted\"\r\n=1");
    graph_tie(&graph);
    graph_measure(&graph);
    *out = graph;
}

/* Read back by somebody else's reader. */
static void test_graphml(void)
{
    struct graph graph;
    struct buf out = {.max = 1 << 24};
    igraph_t back;
    make_sample(&graph);
    graph_write_graphml(&out, &graph);
    struct bytes text = buf_bytes(&out);
    FILE *file = fmemopen(out.at, out.len, "rb");
    igraph_set_error_handler(igraph_error_handler_ignore);
    igraph_set_warning_handler(igraph_warning_handler_ignore); /* of yEd's keys */
    igraph_error_t error = igraph_read_graph_graphml(&back, file, 0);
    fclose(file);
    if (error == IGRAPH_UNIMPLEMENTED) {
        CHECK_SKIP("this igraph reads no GraphML");
    } else if (CHECK(error == IGRAPH_SUCCESS)) {
        CHECK((size_t)igraph_vcount(&back) == graph.node_count);
        CHECK((size_t)igraph_ecount(&back) == graph.edge_count);
        CHECK(igraph_is_directed(&back));
        igraph_destroy(&back);
    }
    /* A mixture of directed and undirected ties is refused by readers. */
    CHECK(count_of(text, "directed=\"") == 0 &&
          count_of(text, "edgedefault=\"directed\"") == 1);
    CHECK(count_of(text, "<data key=\"direction\">none</data>") == 2);
    CHECK(count_of(text, "<node id=\"phone:_2B999550107788\">") == 1);
    CHECK(count_of(text, "<y:Arrows source=\"none\" target=\"none\"/>") == 2);
    graph_release(&graph);
    buf_release(&out);
}

static void test_gexf(void)
{
    struct graph graph;
    struct buf out = {.max = 1 << 24};
    make_sample(&graph);
    graph_write_gexf(&out, &graph);
    struct bytes text = buf_bytes(&out);
    CHECK(count_of(text, "type=\"mutual\"") == 2 &&
          count_of(text, "type=\"undirected\"") == 0);
    CHECK(count_of(text, " start=\"2019-02-01\" end=\"2020-02-29\"") == 1); /* whole days */
    CHECK(count_of(text, " start=\"1984-01-01\"") == 1);
    CHECK(count_of(text, " start=\"2026-02-03\"") == 1); /* no time of day */
    CHECK(count_of(text, " start=\"2020") == 0 && count_of(text, " end=\"2019") == 0);
    CHECK(count_of(text, "kind=\"Ownership\"") == 1 &&
          count_of(text, "kind=\"Ownership 2\"") == 1);
    CHECK(count_of(text, "<viz:color r=") == graph.node_count);
    graph_release(&graph);
    buf_release(&out);
}

static void test_csv(void)
{
    struct graph graph;
    struct buf out = {.max = 1 << 24};
    make_sample(&graph);
    graph_write_csv(&out, &graph);
    struct bytes text = buf_bytes(&out);
    CHECK_SEEN(count_of(text, "\r\n") == 2 + graph.edge_count, "%.*s", (int)text.len,
               text.at);
    CHECK(count_of(text, "\"'-2+3") > 0 && count_of(text, "\"-2+3") == 0);
    CHECK(count_of(text, "\"'@SUM") > 0 && count_of(text, "\"@SUM") == 0);
    CHECK(count_of(text, "\"+999550107788\"") == 2); /* a number, and no formula */
    CHECK(count_of(text, "\"alone    ,\"\"quoted\"\"  =1\"") == 1);
    for (size_t i = 0; i < text.len; i++)
        if ((text.at[i] < ' ' && text.at[i] != '\r' && text.at[i] != '\n') ||
            text.at[i] == 0x7F)
            CHECK_SEEN(false, "control character %d", text.at[i]);
    CHECK(count_of(text, "\"2026-02-03\",\"\",") == 1 &&
          count_of(text, "\"05:40:00-05:00\"") == 1);
    /* The two ties of one record have names of their own. */
    CHECK(count_of(text, "\"ee070000000000000000000000000000\"\r\n") == 1);
    CHECK(count_of(text, "\"ee070000000000000000000000000000-2\"\r\n") == 1);
    size_t columns = 1, at = 0;
    for (; text.at[at] != '\r'; at++)
        columns += text.at[at] == ',';
    CHECK_SEEN(columns == 24, "%zu", columns);
    graph_release(&graph);
    buf_release(&out);
}

static void test_evaluation(void)
{
    static const struct {
        const char *evaluation, *least;
        bool passes;
    } rows[] = {{"4x4:A1", "4x4:B2", true},  {"4x4:B2", "4x4:B2", true},
                {"4x4:C1", "4x4:B2", false}, {"4x4:A3", "4x4:B2", false},
                {"4x4:X4", "4x4:X4", false}, {"6x6:A1", "4x4:B2", false},
                {"6x6:F6", "6x6:F6", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct evaluation a, b;
        CHECK(evaluation_parse(&a, bytes_text(rows[i].evaluation), NULL) == OK);
        CHECK(evaluation_parse(&b, bytes_text(rows[i].least), NULL) == OK);
        CHECK_SEEN(evaluation_passes(&a, &b) == rows[i].passes, "%s", rows[i].evaluation);
    }
}

static void fill_edges(struct graph_edge *edges, size_t count, uint32_t nodes,
                       uint32_t seed)
{
    for (size_t i = 0; i < count; i++) {
        seed = seed * 1664525 + 1013904223;
        uint32_t a = seed >> 8;
        seed = seed * 1664525 + 1013904223;
        /* Some nodes have many ties, some none, and some to themselves. */
        edges[i] = (struct graph_edge){.source = a % nodes,
                                       .target = (seed >> 8) % (i % 3 == 0 ? 7 : nodes)};
    }
}

/* The slow twin is igraph's. */
static void measure_as_igraph(double *out, const struct graph_edge *edges, size_t count,
                              size_t nodes)
{
    igraph_vector_int_t ends;
    igraph_vector_t between;
    igraph_t as;
    igraph_vector_int_init(&ends, (igraph_integer_t)(2 * count));
    for (size_t i = 0; i < count; i++) {
        VECTOR(ends)[2 * i] = edges[i].source;
        VECTOR(ends)[2 * i + 1] = edges[i].target;
    }
    igraph_create(&as, &ends, (igraph_integer_t)nodes, IGRAPH_UNDIRECTED);
    igraph_simplify(&as, true, true, NULL);
    igraph_vector_init(&between, 0);
    igraph_betweenness(&as, &between, igraph_vss_all(), IGRAPH_UNDIRECTED, NULL);
    for (size_t i = 0; i < nodes; i++)
        out[i] = VECTOR(between)[i];
    igraph_vector_destroy(&between);
    igraph_vector_int_destroy(&ends);
    igraph_destroy(&as);
}

static void test_between(void)
{
    enum { NODES = 60, EDGES = 90, LARGE = 6000, LARGE_EDGES = 9000 };
    static struct graph_edge edges[LARGE_EDGES];
    static double seen[LARGE], wanted[LARGE];
    for (uint32_t seed = 0; seed < 60; seed++) {
        size_t count = seed * EDGES / 60;
        fill_edges(edges, count, NODES, seed);
        between_measure(seen, edges, count, NODES);
        measure_as_igraph(wanted, edges, count, NODES);
        for (size_t i = 0; i < NODES; i++)
            CHECK_SEEN(fabs(seen[i] - wanted[i]) < 1e-6 * (1 + wanted[i]),
                       "seed %u, node %zu: %f, not %f", (unsigned)seed, i, seen[i],
                       wanted[i]);
    }
    /* Too large to be walked from every node: those that matter are within a tenth. */
    fill_edges(edges, LARGE_EDGES, LARGE, 5);
    between_measure(seen, edges, LARGE_EDGES, LARGE);
    measure_as_igraph(wanted, edges, LARGE_EDGES, LARGE);
    bool differs = false;
    for (size_t i = 0; i < LARGE; i++) {
        differs |= fabs(seen[i] - wanted[i]) > 1e-6 * (1 + wanted[i]);
        if (wanted[i] > 0.02 * LARGE * LARGE / 2)
            CHECK_SEEN(fabs(seen[i] / wanted[i] - 1) < 0.1, "node %zu: %f, not %f", i,
                       seen[i], wanted[i]);
    }
    CHECK(differs); /* it was an estimate */
}

/* What turns the direction of writing, or is not seen, stands in no format: neither in captions, nor in ties, nor
 * in restrictions, nor in ids. */
static void test_what_is_not_seen(void)
{
    static const uint32_t points[] = {
        0x01,   0x7F,   0x85,   0xAD,   0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028,
        0x202A, 0x202E, 0x2060, 0x2066, 0x2069, 0xFEFF, 0xFFF9, 0xFFFE, 0xE0041};
    static void (*const formats[])(struct buf *, const struct graph *) = {
        graph_write_graphml, graph_write_gexf, graph_write_csv};
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        struct graph graph = {0};
        struct buf mark = {.max = 8}, word = {.max = 64}, out = {.max = 1 << 24};
        utf8_add(&mark, points[i]);
        buf_addf(&word, "%s=oil%s x", buf_text(&mark), buf_text(&mark));
        PUT(1, case_a, "Person", "p1", "name", buf_text(&word));
        PUT(2, case_a, "Person", "p2", "name", "B \xE2\x80\x8C\xE2\x80\x8D C");
        PUT(3, case_a, "UnknownLink", "l1", "subject", "p1", "object", "p2", "role",
            buf_text(&word));
        graph_tie(&graph);
        graph_measure(&graph);
        for (size_t f = 0; f < 3; f++) {
            buf_clear(&out);
            formats[f](&out, &graph);
            CHECK_SEEN(count_of(buf_bytes(&out), buf_text(&mark)) == 0, "%x in format %zu",
                       (unsigned)points[i], f);
            CHECK(count_of(buf_bytes(&out), "\xE2\x80\x8C\xE2\x80\x8D") > 0);
        }
        CHECK_SEEN(count_of(buf_bytes(&out), "\"'=oil") > 0, "%x: %s", (unsigned)points[i],
                   buf_text(&out)); /* no formula hides behind it */
        buf_clear(&out);
        const struct chart_options options = {.title = buf_text(&word),
                                              .detail = buf_text(&word),
                                              .left_out = buf_text(&word)};
        CHECK(chart_write_svg(&out, &graph, &options, NULL) == OK);
        CHECK_SEEN(count_of(buf_bytes(&out), buf_text(&mark)) == 0, "%x in the picture",
                   (unsigned)points[i]);
        buf_release(&mark);
        buf_release(&word);
        buf_release(&out);
        graph_release(&graph);
    }
}

int main(void)
{
    test_ties();
    test_same();
    test_decided();
    test_many_same();
    test_measures();
    test_writing();
    test_graphml();
    test_gexf();
    test_csv();
    test_evaluation();
    test_between();
    test_what_is_not_seen();
    return check_done("graph");
}
