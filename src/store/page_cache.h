/* SPDX-License-Identifier: Apache-2.0
 *
 * store/page_cache.h: SQLite's own cache of pages, spared a search at each commit.
 *
 * When SQLite puts the pages of a tree in order it numbers one of them for a moment as the page of its
 * lock byte, number 262,145, which no database ever has. Its cache takes that for the highest number it
 * holds, and at the next commit looks through all its pages for those beyond the end of the database:
 * with 128 MiB of them as long as a sync takes. We stand before that cache, remember the highest number
 * that a page really has, and ask only when there is something to find.
 *
 * Process-wide: called before the first database is opened, and from one thread. When SQLite was used
 * already it stays as it is, only slower.
 */
#ifndef STORE_PAGE_CACHE_H
#define STORE_PAGE_CACHE_H

void page_cache_install(void);

#endif
