/* Cargo reports: bytes to the model, in any format that carries them. */
#ifndef CUSTOMHOUSE_MSG_CARGO_H
#define CUSTOMHOUSE_MSG_CARGO_H

#include "msg/msg.h"

/* Of cargo reports, by content; NULL when no format knows it. */
const struct msg_format *msg_recognise_cargo(struct span bytes);

/* By an HTTP content type (parameters ignored); NULL when unknown. */
const struct msg_format *msg_cargo_format_by_type(struct span content_type);

/* Recognises and reads, as msg_read() does a declaration; findings point into the report. */
enum err msg_read_cargo(struct arena *a, struct span bytes, const struct msg_format *format_or_null,
			struct cargo_message *ret, struct findings *ret_findings,
			struct codec_fault *ret_fault) MUST_CHECK;
/* The same, with directories of EDIFACT beside those that are built in (NULL: none). */
enum err msg_read_cargo_with(struct arena *a, struct span bytes,
			     const struct msg_format *format_or_null,
			     const struct edifact_set *directories, struct cargo_message *ret,
			     struct findings *ret_findings,
			     struct codec_fault *ret_fault) MUST_CHECK;

#endif
