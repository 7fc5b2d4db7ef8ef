/* SPDX-License-Identifier: Apache-2.0 */
#include "link/chart_draw.h"

#include "base/text.h"
#include "link/graph_write.h"

#include <math.h>
#include <stdlib.h>

enum { ROW = 19, LEGEND_ROW = 25, NAMED = 3 };

/* Words are written in their own measure, which grows with the picture. */
static double width_in(const struct drawing *drawing)
{
    return (drawing->width - 2 * CHART_MARGIN) / drawing->scale + 2 * CHART_MARGIN;
}

static void begin_words(const struct drawing *drawing, double y)
{
    buf_addf(drawing->out, "<g transform=\"translate(%.2f %.2f) scale(%.3f)\">\n",
             CHART_MARGIN * (1 - drawing->scale), y, drawing->scale);
}

static double end_words(const struct drawing *drawing, double from, double y)
{
    buf_add_text(drawing->out, "</g>\n");
    return from + y * drawing->scale;
}

static double width_of(const char *text)
{
    return label_width(bytes_text(text)) * WORDS_SIZE * chart_plain;
}

/* In as many lines as it takes; the baseline of the last one. */
static double add_paragraph(struct drawing *drawing, double y, const char *bold,
                            const char *text)
{
    struct bytes rest = bytes_text(text);
    double first = CHART_MARGIN + (bold[0] != '\0' ? width_of(bold) + 8 : 0);
    double max = (width_in(drawing) - CHART_MARGIN - first) / (WORDS_SIZE * chart_plain);
    if (bold[0] != '\0')
        buf_addf(drawing->out,
                 "<text class=\"l\" font-weight=\"bold\" x=\"%d\" y=\"%.1f\">%s</text>\n",
                 CHART_MARGIN, y, bold);
    struct bytes line;
    for (bool more = false; label_line(&line, &rest, max); more = true) {
        y += more ? ROW : 0;
        buf_addf(drawing->out, "<text class=\"l\" x=\"%.1f\" y=\"%.1f\">", first, y);
        xml_add(drawing->out, line);
        buf_add_text(drawing->out, "</text>\n");
    }
    return y;
}

/* ---- Head ---- */

static const char *many(struct arena *arena, size_t count, const char *one,
                        const char *more)
{
    return arena_printf(arena, "%zu %s", count, count == 1 ? one : more);
}

const char *chart_counts(struct drawing *drawing)
{
    struct arena *arena = &drawing->arena;
    const struct graph *graph = drawing->graph;
    size_t keys = 0;
    for (size_t i = 0; i < graph->node_count; i++)
        keys += graph->nodes[i].kind == GRAPH_KEY;
    return arena_printf(arena, "%s, %s, %s, %s",
                        many(arena, graph->node_count - keys, "thing", "things"),
                        many(arena, keys, "identifier that several share",
                             "identifiers that several share"),
                        many(arena, graph->edge_count, "tie", "ties"),
                        many(arena, graph->component_count, "part", "parts"));
}

/* Those that most shortest paths lead through. */
static const char *between(struct drawing *drawing)
{
    struct arena *arena = &drawing->arena;
    const struct graph *graph = drawing->graph;
    const struct graph_node *best[NAMED] = {NULL};
    struct buf text = {.max = 4096};
    for (size_t i = 0; i < graph->node_count; i++) {
        const struct graph_node *node = &graph->nodes[i];
        if (node->kind == GRAPH_KEY || node->betweenness <= 0)
            continue;
        for (size_t j = 0; j < NAMED; j++)
            if (best[j] == NULL || node->betweenness > best[j]->betweenness) {
                for (size_t k = NAMED - 1; k > j; k--)
                    best[k] = best[k - 1];
                best[j] = node;
                break;
            }
    }
    for (size_t j = 0; j < NAMED && best[j] != NULL; j++) {
        struct label label;
        struct bytes caption =
            best[j]->caption.len > 0 ? best[j]->caption : bytes_text(best[j]->schema);
        label_read(&label, caption, 1, 40);
        buf_addf(&text, "%s%.*s%s", j == 0 ? "most shortest paths lead through " : "; ",
                 (int)label.lines[0].len, (const char *)label.lines[0].at,
                 label.cut ? "…" : "");
        if (best[j]->from[0] != '\0') { /* two seizures are called the same */
            struct bytes date = chart_date(arena, best[j]->from);
            buf_addf(&text, " (%.*s)", (int)date.len, (const char *)date.at);
        }
    }
    const char *told = arena_text(arena, buf_bytes(&text));
    buf_release(&text);
    return told;
}

double chart_draw_head(struct drawing *drawing)
{
    struct buf *out = drawing->out;
    double y = CHART_MARGIN;
    unsigned handling = HANDLING_H0;
    char codes[16];
    struct label title;
    for (size_t i = 0; i < drawing->graph->node_count; i++)
        handling |= drawing->graph->nodes[i].handling;
    handling_text_of(codes, handling);
    begin_words(drawing, 0);
    label_read(&title, bytes_text(drawing->options->title), 2,
               (width_in(drawing) - 2 * CHART_MARGIN) / 22 - 9);
    for (size_t i = 0; i < title.count; i++, y += 26) {
        buf_addf(out, "<text class=\"t\" x=\"%d\" y=\"%.1f\">", CHART_MARGIN, y);
        xml_add(out, title.lines[i]);
        buf_addf(out, "%s</text>\n", title.cut && i + 1 == title.count ? "…" : "");
    }
    buf_addf(out,
             "<a href=\"#enlace-chart\"><text class=\"l a\" x=\"%.1f\" y=\"%d\" "
             "text-anchor=\"end\">full size</text></a>\n"
             "<a href=\"#\"><text class=\"l a\" x=\"%.1f\" y=\"%d\" "
             "text-anchor=\"end\">fit the window</text></a>\n",
             width_in(drawing) - CHART_MARGIN - 118, CHART_MARGIN,
             width_in(drawing) - CHART_MARGIN, CHART_MARGIN);
    y = add_paragraph(drawing, y - 4, "", drawing->options->detail);
    y = add_paragraph(drawing, y + ROW, "handling of the whole:", codes);
    y = add_paragraph(drawing, y + ROW, "", chart_counts(drawing));
    const char *through = between(drawing);
    if (through[0] != '\0')
        y = add_paragraph(drawing, y + ROW, "", through);
    if (drawing->options->left_out[0] != '\0')
        y = add_paragraph(drawing, y + ROW, "not drawn:", drawing->options->left_out);
    return end_words(drawing, 0, y) + CHART_MARGIN;
}

/* ---- Legend ---- */

static double draw_kinds(const struct drawing *drawing, double y)
{
    bool used[LOOKS] = {false};
    struct buf *out = drawing->out;
    double x = CHART_MARGIN;
    for (size_t i = 0; i < drawing->graph->node_count; i++)
        used[drawing->things[i].look] = true;
    for (size_t i = 0; i < LOOKS; i++) {
        const char *word = looks[i].word;
        bool repeated = false;
        for (size_t j = 0; j < i; j++)
            repeated |= used[j] && strcmp(looks[j].word, word) == 0;
        if (!used[i] || repeated)
            continue;
        if (x + 40 + width_of(word) > width_in(drawing) - CHART_MARGIN) {
            x = CHART_MARGIN;
            y += LEGEND_ROW;
        }
        chart_draw_symbol(out, i, x + 10, y, 8);
        buf_addf(out, "<text class=\"l\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", x + 30, y + 4,
                 word);
        x += 56 + width_of(word);
    }
    return y;
}

/* Each text of H3 once. */
static double draw_restrictions(struct drawing *drawing, double y)
{
    const struct graph *graph = drawing->graph;
    for (size_t i = 0; i < graph->node_count; i++) {
        const char *text = graph->nodes[i].restriction;
        bool told = text[0] == '\0';
        for (size_t j = 0; j < i && !told; j++)
            told = strcmp(graph->nodes[j].restriction, text) == 0;
        if (!told)
            y = add_paragraph(drawing, y + ROW, "H3:", text);
    }
    return y;
}

double chart_draw_legend(struct drawing *drawing, double from)
{
    double y = 0;
    struct arena *arena = &drawing->arena;
    static const enum handling_code codes[] = {HANDLING_H0, HANDLING_H1, HANDLING_H2,
                                               HANDLING_H3};
    unsigned handling = HANDLING_H0;
    bool tied = drawing->graph->edge_count > 0, more = false, is_protected = false;
    for (size_t i = 0; i < drawing->graph->node_count; i++) {
        handling |= drawing->graph->nodes[i].handling;
        more |= drawing->graph->nodes[i].more > 0;
        is_protected |= drawing->things[i].is_protected;
    }
    begin_words(drawing, from);
    y = draw_kinds(drawing, y) + LEGEND_ROW - ROW + 2;
    if (tied)
        y = add_paragraph(drawing, y + ROW, "",
                          "larger: more shortest paths lead through it (says nothing of "
                          "guilt) · arrow: one record names the other · dashed: both have "
                          "it · rest the pointer on anything to read all of it");
    y = add_paragraph(drawing, y + ROW, "",
                      "no codes under a thing: H0, and not evaluated (4x4:X4)");
    if (drawing->options->focus != NULL)
        y = add_paragraph(drawing, y + ROW, "", "thick ring: what this is drawn around");
    if (is_protected)
        y = add_paragraph(drawing, y + ROW, "",
                          "ring of dashes: a witness or victim, to be protected");
    if (more)
        y = add_paragraph(drawing, y + ROW, "",
                          "+2 under a thing: two more ties, to what is not drawn");
    if (drawing->unsaid > 0)
        y = add_paragraph(drawing, y + ROW, "",
                          arena_printf(arena,
                                       "%s no room for %s words here; the line has them",
                                       many(arena, drawing->unsaid, "tie has", "ties have"),
                                       drawing->unsaid == 1 ? "its" : "their"));
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if ((handling & codes[i]) != 0)
            y = add_paragraph(drawing, y + ROW, handling_word(codes[i]),
                              handling_text(codes[i]));
    return end_words(drawing, from, draw_restrictions(drawing, y)) + CHART_MARGIN / 2.0;
}
