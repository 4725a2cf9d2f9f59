/* jansson behind a wall: its header and codec/json.h use the same names. */
#ifndef CUSTOMHOUSE_BENCH_PEER_JANSSON_H
#define CUSTOMHOUSE_BENCH_PEER_JANSSON_H

#include <stdbool.h>
#include <stddef.h>

/* Reads one text, duplicate names refused as ours are, and frees it. False: refused. */
bool peer_jansson_read(const char *p, size_t n);

#endif
