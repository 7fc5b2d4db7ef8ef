/* SPDX-License-Identifier: Apache-2.0
 *
 * link/graph_write.h: a graph for other programs: GraphML (yEd, networkx, igraph), GEXF 1.3 (Gephi,
 * networkx), and one CSV row a link, as i2 Analyst's Notebook imports it.
 *
 * Each carries ids, schemata, captions, dates, handling codes and evaluation of nodes and links, and
 * the two XML formats shape and colour as our pictures have them. Readers that know either directed
 * or undirected graphs refuse a mixture: GraphML is directed throughout and says in an attribute which
 * ties have no direction; in GEXF these are mutual. GEXF has whole days of begin and end, for the timeline. In
 * the CSV a node that nothing is tied to has a row of its own, with the second end empty; what a
 * spreadsheet would take for a formula gets an apostrophe in front. docs/search.md has the columns.
 */
#ifndef LINK_GRAPH_WRITE_H
#define LINK_GRAPH_WRITE_H

#include "link/graph.h"

void graph_write_graphml(struct buf *out, const struct graph *graph);
void graph_write_gexf(struct buf *out, const struct graph *graph);
void graph_write_csv(struct buf *out, const struct graph *graph);

/* The codes, and behind H3 its words: it is nothing without them. */
void handling_add(struct buf *out, const struct graph_node *node);
/* "1 to 2" or "none". */
const char *direction_word(const struct graph_edge *edge);
/* "H0 H1 H3". */
void handling_text_of(char out[static 16], unsigned handling);
/* The next sign of valid UTF-8 as it stands in every format and picture: white space and controls are a gap, and
 * what is no sign (what turns the direction of writing, marks that nobody sees) is left out. false at the end. */
bool seen_next(uint32_t *point, struct bytes *rest);
/* Text between tags or in an attribute, as seen_next gives it. */
void xml_add(struct buf *out, struct bytes text);
/* The id of a node in all formats: 32 hexadecimal digits, or "class:value" of a key, in which what is no sign stands as
 * "[202E]". */
void node_name(struct buf *out, const struct graph_node *node);

#endif
