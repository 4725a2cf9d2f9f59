/* The tables of formats.def, one a fmt_*.c. Private to msg/. */
#ifndef CUSTOMHOUSE_MSG_FORMATS_H
#define CUSTOMHOUSE_MSG_FORMATS_H

#include "msg/cut.h"

#define FORMAT(name) extern const struct msg_format fmt_##name;
#include "msg/formats.def"
#undef FORMAT

/* cut.c: values of JSON, one after the other. c may be NULL. */
enum msg_cut msg_cut_json(struct msg_cutter *c, struct span *rest, bool last,
			  struct span *ret_message);

#endif
