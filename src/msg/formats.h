/* The tables of formats.def, one a fmt_*.c. Private to msg/. */
#ifndef CUSTOMHOUSE_MSG_FORMATS_H
#define CUSTOMHOUSE_MSG_FORMATS_H

#include "msg/msg.h"

#define FORMAT(name) extern const struct msg_format fmt_##name;
#include "msg/formats.def"
#undef FORMAT

#endif
