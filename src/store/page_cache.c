/* SPDX-License-Identifier: Apache-2.0 */
#include "store/page_cache.h"

#include "base/memory.h"

#include <sqlite3.h>
#include <stdlib.h>

/* Where SQLite locks: 1 GiB. The page there is never used but as a number for a moment. */
enum { LOCK_BYTE = 0x40000000 };

struct cache {
    sqlite3_pcache *inner;
    unsigned moment; /* the number of the page of the lock byte */
    unsigned last;   /* no page in it has a higher one, but for a moment */
};

static sqlite3_pcache_methods2 inner; /* SQLite's own */

static struct cache *of(sqlite3_pcache *cache)
{
    return (struct cache *)cache;
}

static int start(void *unused)
{
    (void)unused;
    return inner.xInit(inner.pArg);
}

static void end(void *unused)
{
    (void)unused;
    inner.xShutdown(inner.pArg);
}

static sqlite3_pcache *create(int page, int extra, int purgeable)
{
    struct cache *cache = xcalloc(1, sizeof *cache);
    cache->inner = inner.xCreate(page, extra, purgeable);
    cache->moment = LOCK_BYTE / (unsigned)page + 1;
    if (cache->inner != NULL)
        return (sqlite3_pcache *)cache;
    free(cache);
    return NULL;
}

static void destroy(sqlite3_pcache *cache)
{
    inner.xDestroy(of(cache)->inner);
    free(cache);
}

static void resize(sqlite3_pcache *cache, int pages)
{
    inner.xCachesize(of(cache)->inner, pages);
}

static int count(sqlite3_pcache *cache)
{
    return inner.xPagecount(of(cache)->inner);
}

static void note(struct cache *cache, unsigned number)
{
    if (number > cache->last)
        cache->last = number;
}

static sqlite3_pcache_page *fetch(sqlite3_pcache *cache, unsigned number, int make)
{
    sqlite3_pcache_page *page = inner.xFetch(of(cache)->inner, number, make);
    if (page != NULL)
        note(of(cache), number);
    return page;
}

static void unpin(sqlite3_pcache *cache, sqlite3_pcache_page *page, int discard)
{
    inner.xUnpin(of(cache)->inner, page, discard);
}

static void rename_page(sqlite3_pcache *cache, sqlite3_pcache_page *page, unsigned old,
                        unsigned number)
{
    inner.xRekey(of(cache)->inner, page, old, number);
    if (number != of(cache)->moment)
        note(of(cache), number);
}

/* Takes out all pages from `first` on. */
static void truncate(sqlite3_pcache *cache, unsigned first)
{
    if (first > of(cache)->last)
        return;
    inner.xTruncate(of(cache)->inner, first);
    of(cache)->last = first > 0 ? first - 1 : 0;
}

static void shrink(sqlite3_pcache *cache)
{
    inner.xShrink(of(cache)->inner);
}

void page_cache_install(void)
{
    static const sqlite3_pcache_methods2 ours = {
        .iVersion = 1,
        .xInit = start,
        .xShutdown = end,
        .xCreate = create,
        .xCachesize = resize,
        .xPagecount = count,
        .xFetch = fetch,
        .xUnpin = unpin,
        .xRekey = rename_page,
        .xTruncate = truncate,
        .xDestroy = destroy,
        .xShrink = shrink,
    };
    if (inner.xCreate != NULL ||
        sqlite3_config(SQLITE_CONFIG_GETPCACHE2, &inner) != SQLITE_OK)
        return;
    (void)sqlite3_config(SQLITE_CONFIG_PCACHE2, &ours);
}
