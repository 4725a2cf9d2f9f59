/* The answers of ask.h as JSON. Inside arena_run(). */
#ifndef CUSTOMHOUSE_HUB_TARIFF_SHOW_H
#define CUSTOMHOUSE_HUB_TARIFF_SHOW_H

#include "codec/json.h"
#include "duty/options.h"
#include "hub/tariff/ask.h"

struct show_place {
	struct span code, country; /* country: only measures for it; empty: all */
	const struct ref_commodity *commodity;
	bool export;
	int32_t day, known;
};

void show_results(struct text *to, const struct tariff_ask *a, const struct search_results *found,
		  int32_t day);
void show_commodity(struct text *to, const struct tariff_ask *a, const struct show_place *p);
void show_duty(struct text *to, const struct tariff_ask *a, const struct duty_question *q,
	       const struct ref_commodity *c, const struct duty_options *options);

/* tables.c */
void show_chapters(struct text *to, const struct tariff_ask *a, int32_t day);
void show_countries(struct text *to, const struct tariff_ask *a, int32_t day);
void show_rates(struct text *to, const struct tariff_ask *a, int32_t day);

/* A name in the question's language. */
struct span show_name(const struct tariff_ask *a, struct ref_text name);
void show_day(struct json_writer *w, const struct tariff_ask *a, const char *name, int32_t day);
/* The documents that goods need, by agency. */
void show_permits(struct json_writer *w, const struct tariff_ask *a, const struct show_place *p);

#endif
