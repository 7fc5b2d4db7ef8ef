/* SPDX-License-Identifier: Apache-2.0
 *
 * Both tables, flattened once: for every schema a hash table of all its properties, own and
 * inherited, and the set of schemata it is a kind of. Look-ups happen for every value of
 * every row that is read, so none of them walks the inheritance.
 */
#include "record/schema.h"

#include "base/text.h"
#include "record/schema_tables.h"

#include <assert.h>
#include <pthread.h>

enum { NAME_SLOTS = 2 * SCHEMA_COUNT_MAX, PROPERTIES_MAX = 512, SLOTS_PER_PROPERTY = 2 };

/* A schema as others see it, and behind it what only this file knows. */
struct row {
    struct schema schema; /* first: a pointer to it is a pointer to the row */
    bool is_a[SCHEMA_COUNT_MAX];
    const struct property **properties; /* own first, then each parent's */
    size_t property_count;
    const struct property **slots; /* by hash of the name, linear probing; NULL is free */
    size_t slot_count;             /* a power of two */
    bool flat;
};

static struct row rows[SCHEMA_COUNT_MAX];
static size_t row_count;
static struct row *row_slots[NAME_SLOTS];
static struct arena flat_memory; /* lives as long as the program */
static pthread_once_t flattened = PTHREAD_ONCE_INIT;

static_assert((NAME_SLOTS & (NAME_SLOTS - 1)) == 0, "slots are found by mask");

/* FNV-1a: names are short, and known to be few. */
static size_t hash_name(struct bytes name)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ name.at[i]) * 16777619u;
    return hash;
}

static struct row **row_slot(struct bytes name)
{
    size_t slot = hash_name(name) & (NAME_SLOTS - 1);
    while (row_slots[slot] != NULL && !bytes_is(name, row_slots[slot]->schema.name))
        slot = (slot + 1) & (NAME_SLOTS - 1);
    return &row_slots[slot];
}

static const struct property **property_slot(const struct row *row, struct bytes name)
{
    size_t slot = hash_name(name) & (row->slot_count - 1);
    while (row->slots[slot] != NULL && !bytes_is(name, row->slots[slot]->name))
        slot = (slot + 1) & (row->slot_count - 1);
    return &row->slots[slot];
}

static void take_table(const struct schema *table)
{
    for (; table->name != NULL; table++) {
        assert(row_count < SCHEMA_COUNT_MAX);
        struct row *row = &rows[row_count++];
        row->schema = *table;
        struct row **slot = row_slot(bytes_text(table->name));
        assert(*slot == NULL); /* one name, one schema */
        *slot = row;
    }
}

static bool contains(const struct property *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i]->name, name) == 0)
            return true;
    return false;
}

static void hash_properties(struct row *row, const struct property *const *list,
                            size_t count)
{
    row->property_count = count;
    row->properties = arena_alloc(&flat_memory, (count + 1) * sizeof(*row->properties));
    row->slot_count = 1;
    while (row->slot_count < SLOTS_PER_PROPERTY * (count + 1))
        row->slot_count *= 2;
    row->slots = arena_zalloc(&flat_memory, row->slot_count, sizeof(*row->slots));
    for (size_t i = 0; i < count; i++) {
        row->properties[i] = list[i];
        *property_slot(row, bytes_text(list[i]->name)) = list[i];
    }
}

/* Depth first, as FollowTheMoney does it: own properties, then each parent's in order. */
static void flatten_row(struct row *row)
{
    if (row->flat)
        return;
    row->flat = true;
    row->is_a[row - rows] = true;

    const struct property *list[PROPERTIES_MAX];
    size_t count = 0;
    for (const struct property *own = row->schema.properties; own->name != NULL; own++) {
        assert(count < PROPERTIES_MAX);
        list[count++] = own;
    }
    for (size_t i = 0; row->schema.parents[i] != NULL; i++) {
        struct row *parent = *row_slot(bytes_text(row->schema.parents[i]));
        assert(parent != NULL);
        flatten_row(parent);
        for (size_t j = 0; j < row_count; j++)
            row->is_a[j] = row->is_a[j] || parent->is_a[j];
        for (size_t j = 0; j < parent->property_count; j++) {
            if (contains(list, count, parent->properties[j]->name))
                continue;
            assert(count < PROPERTIES_MAX);
            list[count++] = parent->properties[j];
        }
    }
    hash_properties(row, list, count);
}

static void flatten(void)
{
    take_table(schema_ftm);
    take_table(schema_enlace);
    for (size_t i = 0; i < row_count; i++)
        flatten_row(&rows[i]);
}

static void make_ready(void)
{
    int failed = pthread_once(&flattened, flatten);
    assert(!failed);
}

/* Whoever has a schema got it from here, so the rows are ready. */
static const struct row *row_of(const struct schema *schema)
{
    const struct row *row = (const struct row *)schema;
    assert(row >= rows && row < rows + row_count);
    return row;
}

size_t schema_count(void)
{
    make_ready();
    return row_count;
}

const struct schema *schema_at(size_t index)
{
    make_ready();
    assert(index < row_count);
    return &rows[index].schema;
}

const struct schema *schema_find(struct bytes name)
{
    make_ready();
    const struct row *row = *row_slot(name);
    return row != NULL ? &row->schema : NULL;
}

bool schema_is_a(const struct schema *schema, const char *name)
{
    const struct row *row = row_of(schema), *wanted = *row_slot(bytes_text(name));
    return wanted != NULL && row->is_a[wanted - rows];
}

bool schema_may_be_one(const struct schema *a, const struct schema *b)
{
    static const char *const kin[] = {"Organization", "Vehicle"};
    if (((a->flags | b->flags) & (SCHEMA_BY_ACT | SCHEMA_EDGE)) != 0)
        return false;
    bool may = schema_is_a(a, b->name) || schema_is_a(b, a->name);
    for (size_t i = 0; i < sizeof kin / sizeof *kin; i++)
        may = may || (schema_is_a(a, kin[i]) && schema_is_a(b, kin[i]));
    return may;
}

const struct property *schema_property(const struct schema *schema, struct bytes name)
{
    return *property_slot(row_of(schema), name);
}

const char *schema_nearest(struct bytes name)
{
    make_ready();
    const char *names[SCHEMA_COUNT_MAX];
    size_t count = 0;
    for (size_t i = 0; i < row_count; i++)
        if (!(rows[i].schema.flags & SCHEMA_ABSTRACT))
            names[count++] = rows[i].schema.name;
    return text_nearest(name, names, count);
}

const char *schema_property_nearest(const struct schema *schema, struct bytes name)
{
    const struct row *row = row_of(schema);
    const char *names[PROPERTIES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < row->property_count; i++)
        if (!(row->properties[i]->flags & PROPERTY_STUB))
            names[count++] = row->properties[i]->name;
    return text_nearest(name, names, count);
}
