#include "hub/settle/any.h"

#include <string.h>

#include "hub/cargo/cargo.h"
#include "hub/messages/messages.h"
#include "msg/cargo.h"

enum message_kind message_kind_of(struct span raw, const struct msg_format *format)
{
	const struct msg_format *cargo, *checked;

	if (format && format->carries == MSG_CARGO_REPORTS)
		return MESSAGE_CARGO_REPORT;
	cargo = msg_recognise_cargo(raw);
	if (cargo && (!format || !strcmp(format->content_type, cargo->content_type)))
		return MESSAGE_CARGO_REPORT;
	checked = msg_recognise_checked(raw);
	if (checked && (!format || !strcmp(format->content_type, checked->content_type)))
		return MESSAGE_KEPT;
	return MESSAGE_DECLARATION;
}

void hub_submit_any(struct hub *h, struct submission *s)
{
	switch (message_kind_of(s->raw, s->format)) {
	case MESSAGE_DECLARATION:
		hub_submit(h, s);
		break;
	case MESSAGE_CARGO_REPORT:
		if (s->format && s->format->carries != MSG_CARGO_REPORTS)
			s->format = NULL;
		hub_submit_cargo(h, s);
		break;
	case MESSAGE_KEPT:
		hub_keep_message(h, s);
		break;
	}
}
