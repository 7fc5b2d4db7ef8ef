/* SPDX-License-Identifier: Apache-2.0 */
#include "link/closure.h"

#include <math.h>
#include <stdlib.h>

/* Hits on a path, and rows that a search looks at. */
enum { STEPS_MAX = PAIR_VIA_MAX + 1, REACH_MAX = 128, DEGREE_MAX = 32 };

/* A hit of less doubt is sure. One person's rows that sure hits join are no hit by themselves in
 * so many of 100, as is reckoned; a run shows more or less, within bounds. */
static const double SURE_MAX = 0.001;
static const double OPEN_SHARE = 0.05, OPEN_SIDES = 20, OPEN_LEAST = 0.01, OPEN_MOST = 0.1;

/* What hits are stated to be wrong counts those, too, that a third row contradicts; so that of an open side
 * not all is believed. Among invented people, families with many copies among them, 17 of 2,400 hits that
 * follow were wrong, and 30 are stated; all of it would state over 100. */
static const double OPEN_SPEAKS = 0.5;

/* Worth a sentence. */
static const double MUCH_SURER = 0.5;

struct edge {
    size_t to;
    double wrong; /* share of such hits that are wrong */
    bool vague;   /* no birth date agrees */
};

/* Rows of the first file come first; `nodes` of both. The hits of a node are edges[first[node]] up to
 * edges[first[node + 1]]. */
struct net {
    const struct closure *how;
    size_t nodes, of_a;
    size_t *first;
    struct edge *edges;
    double open; /* share of one person's pairs that are no hit by themselves */
};

/* Two parts of a birth date agree, or all. Without, a row agrees with father and son. */
enum { DATED = 4 };

static bool is_edge(const struct pair *pair)
{
    return isfinite(pair->decision.person_false);
}

static size_t node_of_b(const struct net *net, size_t b)
{
    return net->how->within ? b : net->of_a + b;
}

static void net_init(struct net *net, const struct pairs *pairs, const struct closure *how)
{
    size_t of_a = 0, of_b = 0;
    for (size_t i = 0; i < pairs->count; i++) {
        of_a = pairs->items[i].a >= of_a ? pairs->items[i].a + 1 : of_a;
        of_b = pairs->items[i].b >= of_b ? pairs->items[i].b + 1 : of_b;
    }
    *net = (struct net){.how = how, .of_a = of_a};
    net->nodes = !how->within ? of_a + of_b : of_a > of_b ? of_a : of_b;
    net->first = xcalloc(net->nodes + 2, sizeof *net->first);
    net->edges = xcalloc(2 * pairs->count + 1, sizeof *net->edges);
    /* Count, sum up, put: each node's place moves on by one while it is filled. */
    size_t *place = net->first + 1;
    for (size_t i = 0; i < pairs->count; i++)
        if (is_edge(&pairs->items[i])) {
            place[pairs->items[i].a]++;
            place[node_of_b(net, pairs->items[i].b)]++;
        }
    size_t sum = 0;
    for (size_t i = 0; i < net->nodes; i++) {
        size_t own = place[i];
        place[i] = sum;
        sum += own;
    }
    for (size_t i = 0; i < pairs->count; i++)
        if (is_edge(&pairs->items[i])) {
            size_t a = pairs->items[i].a, b = node_of_b(net, pairs->items[i].b);
            double wrong = decision_wrong(pairs->items[i].decision.person_false);
            bool vague = pairs->items[i].decision.accord.date < DATED;
            net->edges[place[a]++] = (struct edge){b, wrong, vague};
            net->edges[place[b]++] = (struct edge){a, wrong, vague};
        }
}

static void net_release(struct net *net)
{
    free(net->first);
    free(net->edges);
}

static bool is_joined(const struct net *net, size_t x, size_t y)
{
    for (size_t i = net->first[x]; i < net->first[x + 1]; i++)
        if (net->edges[i].to == y)
            return true;
    return false;
}

/* Rows of so many hits are walked neither from nor through: a name and a day that many have. */
static bool is_hub(const struct net *net, size_t node)
{
    return net->first[node + 1] - net->first[node] > DEGREE_MAX;
}

/* ---- how many sides stay open ---- */

/* Rows that sure hits hold together, by one of them: root[node], a tree of pointers. */
static size_t root_of(size_t *root, size_t node)
{
    while (root[node] != node) {
        root[node] = root[root[node]];
        node = root[node];
    }
    return node;
}

struct group {
    size_t of_a, of_b, hits;
};

/* A group of k rows is held together by k - 1 hits; of its further sides, those that are none are open. */
static void learn_open(struct net *net)
{
    size_t *root = xcalloc(net->nodes + 1, sizeof *root);
    struct group *groups = xcalloc(net->nodes + 1, sizeof *groups);
    double sides = OPEN_SIDES, open = OPEN_SHARE * OPEN_SIDES;
    for (size_t i = 0; i < net->nodes; i++)
        root[i] = i;
    for (size_t i = 0; i < net->nodes; i++)
        for (size_t e = net->first[i]; e < net->first[i + 1]; e++)
            if (net->edges[e].wrong <= SURE_MAX)
                root[root_of(root, i)] = root_of(root, net->edges[e].to);
    for (size_t i = 0; i < net->nodes; i++) {
        struct group *group = &groups[root_of(root, i)];
        group->of_a += net->how->within || i < net->of_a;
        group->of_b += !net->how->within && i >= net->of_a;
        for (size_t e = net->first[i]; e < net->first[i + 1]; e++)
            group->hits +=
                net->edges[e].to > i && root_of(root, net->edges[e].to) == root_of(root, i);
    }
    for (size_t i = 0; i < net->nodes; i++) {
        double of_a = (double)groups[i].of_a, of_b = (double)groups[i].of_b;
        double all = net->how->within ? of_a * (of_a - 1) / 2 : of_a * of_b;
        double held = fmax(of_a + of_b - 1, 0);
        if (all <= held)
            continue;
        sides += all - held;
        open += all - (double)groups[i].hits;
    }
    net->open = fmin(fmax(open / sides, OPEN_LEAST), OPEN_MOST);
    free(root);
    free(groups);
}

/* ---- paths ---- */

/* A row may be reached by dated hits alone, and with a vague one. */
struct reached {
    size_t node, from; /* index of whence */
    double wrong;
    unsigned steps;
    bool vague, done;
};

struct search {
    struct reached items[REACH_MAX];
    size_t count;
};

static void reach(struct search *search, const struct reached *now)
{
    for (size_t i = 0; i < search->count; i++)
        if (search->items[i].node == now->node && search->items[i].vague == now->vague) {
            if (now->wrong < search->items[i].wrong)
                search->items[i] = *now;
            return;
        }
    if (search->count < REACH_MAX)
        search->items[search->count++] = *now;
}

/* The surest paths from one row, surest first, with one vague hit at most. More rows than REACH_MAX are no
 * person: those that were not looked at are not reached. */
static void search_from(struct search *search, const struct net *net, size_t start)
{
    search->count = 0;
    reach(search, &(struct reached){.node = start});
    for (;;) {
        size_t next = search->count;
        for (size_t i = 0; i < search->count; i++)
            if (!search->items[i].done &&
                (next == search->count ||
                 search->items[i].wrong < search->items[next].wrong))
                next = i;
        if (next == search->count)
            return;
        struct reached at = search->items[next];
        search->items[next].done = true;
        if (at.steps == STEPS_MAX || is_hub(net, at.node))
            continue;
        for (size_t e = net->first[at.node]; e < net->first[at.node + 1]; e++) {
            const struct edge *edge = &net->edges[e];
            if (at.wrong + edge->wrong <= net->how->most && !(at.vague && edge->vague))
                reach(search, &(struct reached){.node = edge->to,
                                                .from = next,
                                                .wrong = at.wrong + edge->wrong,
                                                .steps = at.steps + 1,
                                                .vague = at.vague || edge->vague});
        }
    }
}

/* Is it the surest path to its row? */
static bool is_surest(const struct search *search, const struct reached *end)
{
    for (size_t i = 0; i < search->count; i++)
        if (search->items[i].node == end->node && search->items[i].vague != end->vague)
            return end->wrong < search->items[i].wrong ||
                   (end->wrong == search->items[i].wrong && !end->vague);
    return true;
}

/* ---- what follows ---- */

/* Is x one hit from y, or two where rows of one file are never joined? */
static bool is_near(const struct net *net, size_t x, size_t y)
{
    if (net->how->within)
        return is_joined(net, x, y);
    for (size_t e = net->first[y]; e < net->first[y + 1]; e++)
        if (is_joined(net, net->edges[e].to, x))
            return true;
    return false;
}

/* Of x's hits, those that are strangers to y. */
static size_t strangers(const struct net *net, size_t x, size_t y)
{
    size_t count = 0;
    for (size_t e = net->first[x]; e < net->first[x + 1]; e++)
        count += net->edges[e].to != y && !is_near(net, net->edges[e].to, y);
    return count;
}

static size_t row_of(const struct net *net, size_t node)
{
    return net->how->within || node < net->of_a ? node : node - net->of_a;
}

/* The rows between, as they stand on the way from a to b. */
static void tell_way(struct pair *pair, const struct net *net, const struct search *search,
                     const struct reached *end)
{
    pair->via_count = end->steps - 1;
    const struct reached *at = end;
    for (size_t i = pair->via_count; i > 0; i--) {
        at = &search->items[at->from];
        pair->via[i - 1] = row_of(net, at->node);
    }
}

static void settle(struct decision *decision, double expected_false)
{
    decision->expected_false = expected_false;
    decision->score = 1 / (1 + expected_false);
}

/* known: how many of the pairs are hits by themselves; the others follow from them. */
static void follow(struct pairs *pairs, size_t known, const struct net *net,
                   const struct search *search, const struct reached *end)
{
    size_t start = search->items[0].node;
    if (!is_surest(search, end))
        return;
    struct pair pair = {.a = start, .b = row_of(net, end->node)};
    double doubt = end->wrong / (1 - end->wrong);
    struct pair *direct = pairs_at(pairs, known, pair.a, pair.b);
    if (direct != NULL) {
        doubt = fmax(doubt, direct->decision.least_false);
        bool person = direct->decision.counted || direct->decision.plain;
        if (person && doubt < direct->decision.expected_false) {
            bool much = doubt < MUCH_SURER * direct->decision.expected_false;
            settle(&direct->decision, doubt);
            if (much)
                decision_reason(&direct->decision,
                                "other records agree with both, and better");
        }
        return;
    }
    if (is_hub(net, end->node))
        return;
    size_t of_a = strangers(net, start, end->node), of_b = strangers(net, end->node, start);
    doubt /= pow(net->open, (double)(of_a < of_b ? of_a : of_b));
    if (doubt / net->open > net->how->most ||
        !net->how->look(&pair.decision, pair.a, pair.b, net->how->context))
        return;
    settle(&pair.decision,
           fmax(doubt / pow(net->open, OPEN_SPEAKS), pair.decision.least_false));
    pair.decision.hit = pair.decision.weak = pair.decision.follows = true;
    pair.decision.possible = false;
    tell_way(&pair, net, search, end);
    grow_to((void **)&pairs->items, &pairs->capacity, pairs->count, sizeof *pairs->items);
    pairs->items[pairs->count++] = pair;
}

void closure_add(struct pairs *pairs, const struct closure *how)
{
    struct net net;
    struct search search;
    size_t known = pairs->count;
    net_init(&net, pairs, how);
    learn_open(&net);
    for (size_t i = 0; i < (how->within ? net.nodes : net.of_a); i++) {
        if (net.first[i] == net.first[i + 1] || is_hub(&net, i))
            continue;
        search_from(&search, &net, i);
        for (size_t k = 1; k < search.count; k++)
            if (how->within ? search.items[k].node > i : search.items[k].node >= net.of_a)
                follow(pairs, known, &net, &search, &search.items[k]);
    }
    net_release(&net);
    if (pairs->count > known)
        pairs_sort(pairs);
}
