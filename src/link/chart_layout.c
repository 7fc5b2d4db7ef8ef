/* SPDX-License-Identifier: Apache-2.0 */
#include "link/chart_layout.h"

#include <igraph/igraph.h>
#include <math.h>
#include <stdlib.h>

/* Pixels, and how much work is done. */
enum {
    GAP = 14,     /* between two boxes */
    REACH_X = 46, /* a tie is so much longer than a box is wide, */
    REACH_Y = 42, /* and high; */
    FEW = 40,     /* in a part of so few things twice as much */
    PART_GAP = 44,
    COLUMN_GAP = 22,
    LONE_HEAD = 34,
    EXACT_LAYOUT = 1000, /* things */
    PUSHES = 300,
    ROUNDS = 60,
    WIDTHS = 40, /* are tried */
};
/* Of the screen that the whole is to fit: width to height. */
static const double wanted_shape = 1.6;
/* A part takes so many times the room of its boxes at most, before they are pushed apart. */
static const double looseness = 4;

/* ---- One part ---- */

struct part {
    const uint32_t *nodes;
    size_t count;
    double width, height;
    double x, y; /* its upper left corner, when it is packed */
};

/* Its own graph, each tie once. rank: of a node within its part. */
static void fill_part(igraph_t *out, const struct graph *graph, const struct part *part,
                      const uint32_t *rank)
{
    uint32_t component = graph->nodes[part->nodes[0]].component;
    igraph_vector_int_t ends;
    size_t used = 0;
    igraph_vector_int_init(&ends, (igraph_integer_t)(2 * graph->edge_count));
    for (size_t i = 0; i < graph->edge_count; i++)
        if (graph->nodes[graph->edges[i].source].component == component) {
            VECTOR(ends)[used++] = rank[graph->edges[i].source];
            VECTOR(ends)[used++] = rank[graph->edges[i].target];
        }
    igraph_vector_int_resize(&ends, (igraph_integer_t)used);
    igraph_create(out, &ends, (igraph_integer_t)part->count, IGRAPH_UNDIRECTED);
    igraph_simplify(out, true, true, NULL);
    igraph_vector_int_destroy(&ends);
}

/* In units of one tie. They begin on a spiral, so that no two begin in one place. */
static void place_part(igraph_matrix_t *at, const igraph_t *as, size_t count)
{
    igraph_matrix_init(at, (igraph_integer_t)count, 2);
    for (size_t i = 0; i < count; i++) {
        double turn = 2.399963 * (double)i, far = sqrt((double)i + 1);
        MATRIX(*at, i, 0) = far * cos(turn);
        MATRIX(*at, i, 1) = far * sin(turn);
    }
    if (count <= EXACT_LAYOUT) {
        igraph_layout_kamada_kawai(as, at, true, (igraph_integer_t)(60 * count), 0,
                                   (double)count, NULL, NULL, NULL, NULL, NULL);
        return;
    }
    igraph_rng_seed(igraph_rng_default(), 1);
    igraph_layout_fruchterman_reingold(as, at, true, 500, sqrt((double)count),
                                       IGRAPH_LAYOUT_AUTOGRID, NULL, NULL, NULL, NULL,
                                       NULL);
}

/* A picture is wider than high, and so are labels: the longest way lies across. */
static void turn(igraph_matrix_t *at, size_t count)
{
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < count; i++) {
        x += MATRIX(*at, i, 0) / (double)count;
        y += MATRIX(*at, i, 1) / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double dx = MATRIX(*at, i, 0) - x, dy = MATRIX(*at, i, 1) - y;
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    double angle = count == 2 ? 0 : 0.12; /* level lines have no room for their words */
    angle -= 0.5 * atan2(2 * xy, xx - yy);
    for (size_t i = 0; i < count; i++) {
        double dx = MATRIX(*at, i, 0) - x, dy = MATRIX(*at, i, 1) - y;
        MATRIX(*at, i, 0) = dx * cos(angle) - dy * sin(angle);
        MATRIX(*at, i, 1) = dx * sin(angle) + dy * cos(angle);
    }
}

/* ---- No box over another ---- */

struct sweep {
    double left;
    uint32_t node;
};

static int by_left(const void *a, const void *b)
{
    const struct sweep *x = a, *y = b;
    if (x->left != y->left)
        return x->left < y->left ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

/* Two boxes that overlap move apart along the way that is shorter as boxes are. */
static bool push_two(struct chart_box *a, struct chart_box *b)
{
    double over_x = b->x >= a->x ? a->x + a->right - (b->x - b->left)
                                 : b->x + b->right - (a->x - a->left);
    double over_y = b->y >= a->y ? a->y + a->below - (b->y - b->above)
                                 : b->y + b->below - (a->y - a->above);
    over_x += GAP;
    over_y += GAP;
    if (over_x <= 0.01 || over_y <= 0.01)
        return false;
    double width = a->left + a->right + b->left + b->right;
    double height = a->above + a->below + b->above + b->below;
    if (over_x * height < over_y * width) {
        double way = (b->x >= a->x ? 1 : -1) * (over_x / 2 + 0.5);
        a->x -= way;
        b->x += way;
    } else {
        double way = (b->y >= a->y ? 1 : -1) * (over_y / 2 + 0.5);
        a->y -= way;
        b->y += way;
    }
    return true;
}

static bool push_apart(struct chart_box *boxes, struct sweep *sweeps, size_t count)
{
    bool moved = false;
    for (size_t i = 0; i < count; i++)
        sweeps[i].left = boxes[sweeps[i].node].x - boxes[sweeps[i].node].left;
    qsort(sweeps, count, sizeof *sweeps, by_left);
    for (size_t i = 0; i < count; i++) {
        double right = boxes[sweeps[i].node].x + boxes[sweeps[i].node].right + GAP;
        for (size_t j = i + 1; j < count && sweeps[j].left < right; j++)
            moved |= push_two(&boxes[sweeps[i].node], &boxes[sweeps[j].node]);
    }
    return moved;
}

/* Pushing may go round and round where too much stands close together: then it needs more room. */
static bool settle(struct chart_box *boxes, struct sweep *sweeps, size_t count)
{
    int pushes = 0;
    while (pushes < PUSHES && push_apart(boxes, sweeps, count))
        pushes++;
    return pushes < PUSHES;
}

static void measure_part(struct part *part, struct chart_box *boxes)
{
    double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
    for (size_t i = 0; i < part->count; i++) {
        const struct chart_box *box = &boxes[part->nodes[i]];
        left = fmin(left, box->x - box->left);
        right = fmax(right, box->x + box->right);
        top = fmin(top, box->y - box->above);
        bottom = fmax(bottom, box->y + box->below);
    }
    for (size_t i = 0; i < part->count; i++) {
        boxes[part->nodes[i]].x -= left;
        boxes[part->nodes[i]].y -= top;
    }
    part->width = right - left;
    part->height = bottom - top;
}

static void lay_out_part(struct part *part, struct chart_box *boxes,
                         const struct graph *graph, const uint32_t *rank)
{
    struct sweep *sweeps = xmalloc(part->count * sizeof *sweeps);
    igraph_t as;
    igraph_matrix_t at;
    double width = 0, height = 0;
    fill_part(&as, graph, part, rank);
    place_part(&at, &as, part->count);
    turn(&at, part->count);
    for (size_t i = 0; i < part->count; i++) {
        const struct chart_box *box = &boxes[part->nodes[i]];
        width += (box->left + box->right) / (double)part->count;
        height += (box->above + box->below) / (double)part->count;
        sweeps[i].node = part->nodes[i];
    }
    double reach = 1 + fmin(1, FEW / (double)part->count);
    for (size_t i = 0; i < part->count; i++) {
        boxes[part->nodes[i]].x = MATRIX(at, i, 0) * (width + REACH_X * reach);
        boxes[part->nodes[i]].y = MATRIX(at, i, 1) * (height + REACH_Y * reach);
    }
    measure_part(part, boxes);
    double shrink = sqrt(looseness * (double)part->count * (width + GAP) * (height + GAP) /
                         (part->width * part->height));
    for (size_t i = 0; i < part->count && shrink < 1 && part->count > FEW; i++) {
        boxes[part->nodes[i]].x *= shrink;
        boxes[part->nodes[i]].y *= shrink;
    }
    for (int round = 0; round < ROUNDS && !settle(boxes, sweeps, part->count); round++)
        for (size_t i = 0; i < part->count; i++) {
            boxes[part->nodes[i]].x *= 1.1;
            boxes[part->nodes[i]].y *= 1.1;
        }
    measure_part(part, boxes);
    igraph_matrix_destroy(&at);
    igraph_destroy(&as);
    free(sweeps);
}

/* ---- Packing ---- */

/* The lower edge of what stands there already, from left to right. */
struct skyline {
    double *x, *y; /* y from x[i] up to x[i + 1]; the last one up to the width */
    size_t count;
};

static double height_at(const struct skyline *skyline, size_t from, double width)
{
    double y = 0, end = skyline->x[from] + width;
    for (size_t i = from; i < skyline->count && skyline->x[i] < end - 0.01; i++)
        y = fmax(y, skyline->y[i]);
    return y;
}

/* From x on, width wide, the edge is now at y. */
static void raise(struct skyline *skyline, double x, double width, double y)
{
    struct skyline old = *skyline;
    size_t kept = 0;
    double behind = 0; /* the edge behind the new one */
    old.x = xmalloc((skyline->count + 1) * sizeof *old.x);
    old.y = xmalloc((skyline->count + 1) * sizeof *old.y);
    memcpy(old.x, skyline->x, skyline->count * sizeof *old.x);
    memcpy(old.y, skyline->y, skyline->count * sizeof *old.y);
    for (size_t i = 0; i < old.count && old.x[i] < x - 0.01; i++) {
        skyline->x[kept] = old.x[i];
        skyline->y[kept++] = old.y[i];
    }
    skyline->x[kept] = x;
    skyline->y[kept++] = y;
    for (size_t i = 0; i < old.count && old.x[i] <= x + width + 0.01; i++)
        behind = old.y[i];
    skyline->x[kept] = x + width;
    skyline->y[kept++] = behind;
    for (size_t i = 0; i < old.count; i++)
        if (old.x[i] > x + width + 0.01) {
            skyline->x[kept] = old.x[i];
            skyline->y[kept++] = old.y[i];
        }
    skyline->count = kept;
    free(old.x);
    free(old.y);
}

/* Each where its upper edge comes highest, else furthest left. The height of all. */
static double pack(struct part *parts, size_t count, double width)
{
    struct skyline skyline = {.x = xcalloc(2 * count + 2, sizeof *skyline.x),
                              .y = xcalloc(2 * count + 2, sizeof *skyline.y),
                              .count = 1};
    double bottom = 0;
    for (size_t i = 0; i < count; i++) {
        size_t best = 0;
        double least = INFINITY;
        for (size_t j = 0; j < skyline.count; j++) {
            if (skyline.x[j] + parts[i].width > width + 0.01 && j > 0)
                continue;
            double y = height_at(&skyline, j, parts[i].width);
            if (y < least) {
                least = y;
                best = j;
            }
        }
        parts[i].x = skyline.x[best];
        parts[i].y = least;
        bottom = fmax(bottom, least + parts[i].height);
        raise(&skyline, parts[i].x, parts[i].width + PART_GAP,
              least + parts[i].height + PART_GAP);
    }
    free(skyline.x);
    free(skyline.y);
    return bottom;
}

/* ---- Those that nothing is tied to ---- */

struct lone {
    uint32_t *nodes;
    size_t count;
    double width;  /* of the widest box */
    double height; /* of all, one below the other, and of the highest */
    double highest;
};

static size_t columns_in(const struct lone *lone, double width)
{
    size_t fit = (size_t)((width + COLUMN_GAP) / (lone->width + COLUMN_GAP));
    return fit < 1 ? 1 : fit < lone->count ? fit : lone->count;
}

static double column_height(const struct lone *lone, double width)
{
    return lone->height / (double)columns_in(lone, width);
}

static double height_of_lone(const struct lone *lone, double width)
{
    return lone->count == 0 ? 0 : LONE_HEAD + column_height(lone, width) + lone->highest;
}

/* Down the columns, as a list is read; where they end. Each has its share of the whole height, so that
 * none runs over. */
static double place_lone(struct chart_box *boxes, const struct lone *lone, double width,
                         double y)
{
    double full = lone->count > 0 ? column_height(lone, width) : 0;
    double down = 0, above = 0, x = 0, end = y;
    size_t column = 0;
    for (size_t i = 0; i < lone->count; i++) {
        struct chart_box *box = &boxes[lone->nodes[i]];
        double height = box->above + box->below + GAP;
        if (above + height / 2 > full * (double)(column + 1)) {
            column++;
            x += lone->width + COLUMN_GAP;
            down = 0;
        }
        box->x = x + box->left;
        box->y = y + LONE_HEAD + down + box->above;
        down += height;
        above += height;
        end = fmax(end, y + LONE_HEAD + down);
    }
    return end;
}

/* ---- All ---- */

struct ordered {
    uint32_t order, node;
};

static int by_order(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    return x->order != y->order ? (x->order > y->order) - (x->order < y->order)
                                : (x->node > y->node) - (x->node < y->node);
}

static void sort_lone(struct lone *lone, const struct chart_box *boxes)
{
    struct ordered *ordered = xmalloc((lone->count + 1) * sizeof *ordered);
    for (size_t i = 0; i < lone->count; i++) {
        const struct chart_box *box = &boxes[lone->nodes[i]];
        ordered[i] = (struct ordered){box->order, lone->nodes[i]};
        lone->width = fmax(lone->width, box->left + box->right);
        lone->height += box->above + box->below + GAP;
        lone->highest = fmax(lone->highest, box->above + box->below);
    }
    qsort(ordered, lone->count, sizeof *ordered, by_order);
    for (size_t i = 0; i < lone->count; i++)
        lone->nodes[i] = ordered[i].node;
    free(ordered);
}

/* The width at which the whole is smallest when it is shown on a screen of the wanted shape. */
static void pack_best(struct chart_room *room, struct part *parts, size_t count,
                      const struct lone *lone)
{
    double area = 0, widest = lone->count > 0 ? lone->width : 0, best = INFINITY, least;
    for (size_t i = 0; i < count; i++) {
        area += (parts[i].width + PART_GAP) * (parts[i].height + PART_GAP);
        widest = fmax(widest, parts[i].width);
    }
    area += lone->height * (lone->width + COLUMN_GAP);
    least = fmax(widest, 0.6 * sqrt(area * wanted_shape));
    for (int i = 0; i < WIDTHS; i++) {
        double width = fmax(widest, least * (1 + 0.05 * i));
        double height = pack(parts, count, width) + height_of_lone(lone, width);
        double size = fmax(width / wanted_shape, height);
        if (size < best) {
            best = size;
            room->width = width;
        }
    }
    room->lone_top = pack(parts, count, room->width) + (count > 0 ? PART_GAP : 0);
    room->lone = lone->count;
}

void chart_lay_out(struct chart_room *room, struct chart_box *boxes,
                   const struct graph *graph)
{
    size_t parts_max = graph->component_count + 1u, count = 0;
    struct part *parts = xcalloc(parts_max, sizeof *parts);
    uint32_t *nodes = xmalloc((graph->node_count + 1) * sizeof *nodes);
    uint32_t *rank = xcalloc(graph->node_count + 1, sizeof *rank);
    size_t *starts = xcalloc(parts_max + 2, sizeof *starts);
    struct lone lone = {.nodes = xmalloc((graph->node_count + 1) * sizeof *lone.nodes)};
    *room = (struct chart_room){0};
    for (size_t i = 0; i < graph->node_count; i++)
        starts[graph->nodes[i].component + 2]++;
    for (size_t i = 2; i < parts_max + 2; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < graph->node_count; i++)
        nodes[starts[graph->nodes[i].component + 1]++] = (uint32_t)i;
    for (size_t i = 0; i < graph->component_count; i++) {
        struct part part = {.nodes = nodes + starts[i], .count = starts[i + 1] - starts[i]};
        for (size_t j = 0; j < part.count; j++)
            rank[part.nodes[j]] = (uint32_t)j;
        if (part.count == 1) {
            lone.nodes[lone.count++] = part.nodes[0];
        } else if (part.count > 1) {
            lay_out_part(&part, boxes, graph, rank);
            parts[count++] = part;
        }
    }
    sort_lone(&lone, boxes);
    pack_best(room, parts, count, &lone);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < parts[i].count; j++) {
            boxes[parts[i].nodes[j]].x += parts[i].x;
            boxes[parts[i].nodes[j]].y += parts[i].y;
        }
    room->height = place_lone(boxes, &lone, room->width, room->lone_top);
    free(lone.nodes);
    free(starts);
    free(rank);
    free(nodes);
    free(parts);
}
