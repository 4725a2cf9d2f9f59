/* Facts about the past in a decision: members of its "facts". A decision of rules that ask nothing of it has none. */
#ifndef CUSTOMHOUSE_HUB_HISTORY_RECORD_H
#define CUSTOMHOUSE_HUB_HISTORY_RECORD_H

#include "codec/json.h"
#include "model/facts.h"

void history_put_facts(struct json_writer *w, const struct facts *f);
/* list: the member "history", or NULL. false: it cannot be read. */
bool history_read_facts(struct arena *a, const struct json *list, struct facts *ret) MUST_CHECK;

#endif
