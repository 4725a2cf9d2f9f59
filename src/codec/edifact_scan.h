/* Finding service characters: what edifact.c and the scanners share. Private to codec/. */
#ifndef CUSTOMHOUSE_CODEC_EDIFACT_SCAN_H
#define CUSTOMHOUSE_CODEC_EDIFACT_SCAN_H

#include "codec/edifact.h"

/* One more byte to look for. */
void edifact_signal_add(struct edifact_signal *s, char sign);

enum { EDIFACT_WAYS = 3 };

/* The best way that this machine has. */
edifact_scan_fn *edifact_best_scan(void);

#endif
