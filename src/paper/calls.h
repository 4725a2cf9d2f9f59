/* The functions of the libraries that papers are drawn with, found when the first is drawn. Inside the room. */
#ifndef CUSTOMHOUSE_PAPER_CALLS_H
#define CUSTOMHOUSE_PAPER_CALLS_H

#include <pango/pangocairo.h>

#include <cairo-pdf.h>
#include <qrencode.h>

#include "base/base.h"

struct calls {
#define LIBRARY(name, file)
#define CALL(function, library) __typeof__(function) *function;
#include "paper/calls.def"
#undef LIBRARY
#undef CALL
};

/* All of them, for as long as the process lives. ERR_UNSUPPORTED: a library is not there, or lacks one. Whoever asks holds the
 * room's lock. */
enum err calls_open(const struct calls **ret, struct cause *why) MUST_CHECK;

#endif
