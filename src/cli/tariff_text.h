/* An answer about the tariff (hub/tariff/ask.h) as text for people: what was found, a place of the nomenclature, or what is due
 * by every option. What it prints is what the JSON says, in columns; nothing is computed here. */
#ifndef CUSTOMHOUSE_CLI_TARIFF_TEXT_H
#define CUSTOMHOUSE_CLI_TARIFF_TEXT_H

#include "base/text.h"
#include "codec/json.h"

/* answer: the JSON of tariff_search(), tariff_commodity() or tariff_duty(). */
void tariff_text(struct text *to, const struct json *answer);

#endif
