/* Lists of the tariff that people choose from: chapters, countries, rates of exchange, codes, procedures. */
#include "duty/options.h"
#include "hub/tariff/show.h"

/* ---- the top of the nomenclature ---- */

void show_chapters(struct text *to, const struct tariff_ask *a, int32_t day)
{
	static const struct span top = {"", 0, 0};
	const struct search_index *index = inforce_index(a->inforce);
	struct json_writer w = json_to(to);

	json_open_object(&w);
	show_day(&w, a, "on", day);
	json_name(&w, "chapters");
	json_open_array(&w);
	for (const struct ref_commodity *c = search_below(index, top, NULL, day); c;
	     c = search_below(index, top, c, day)) {
		json_open_object(&w);
		json_put(&w, "code", c->code);
		json_put(&w, "text", show_name(a, c->text));
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
}

/* ---- countries and rates ---- */

struct listing {
	struct json_writer *w;
	const struct tariff_ask *ask;
	int32_t day, known;
};

static bool write_code(void *context, const struct ref_code *c)
{
	struct listing *l = context;

	if (!ref_holds(c->dates, l->day))
		return true;
	json_open_object(l->w);
	json_put(l->w, "code", c->code);
	json_put(l->w, "name", show_name(l->ask, c->name));
	json_close_object(l->w);
	return true;
}

/* Only a currency that has a rate on the day can be used. */
static bool write_rate(void *context, const struct ref_code *c)
{
	struct listing *l = context;
	const struct refset *r = l->ask->inforce->ref;
	struct ref_dates dates;
	struct decimal rate;
	int64_t per;

	if (!ref_holds(c->dates, l->day) ||
	    ref_rate(r, c->code, l->day, l->known, &rate, &per, &dates))
		return true;
	json_open_object(l->w);
	json_put(l->w, "code", c->code);
	json_put(l->w, "name", show_name(l->ask, c->name));
	json_put_decimal(l->w, "rate", rate);
	json_put_decimal(l->w, "per", decimal_of(per, 0));
	show_day(l->w, l->ask, "from", dates.from);
	show_day(l->w, l->ask, "to", dates.to);
	json_close_object(l->w);
	return true;
}

static void show_list(struct text *to, const struct tariff_ask *a, int32_t day, int32_t known,
		      const char *name, struct span list,
		      bool (*visit)(void *context, const struct ref_code *c))
{
	struct json_writer w = json_to(to);
	struct listing l = {.w = &w, .ask = a, .day = day, .known = known};

	json_open_object(&w);
	show_day(&w, a, "on", day);
	json_put(&w, "national", ref_currency(a->inforce->ref));
	json_name(&w, name);
	json_open_array(&w);
	ref_each_code(a->inforce->ref, list, visit, &l);
	json_close_array(&w);
	json_close_object(&w);
}

void show_countries(struct text *to, const struct tariff_ask *a, int32_t day)
{
	show_list(to, a, day, INT32_MAX, "countries", SPAN("country"), write_code);
}

void show_rates(struct text *to, const struct tariff_ask *a, int32_t day, int32_t known)
{
	show_list(to, a, day, known, "rates", SPAN("currency"), write_rate);
}

/* ---- code lists and procedures ---- */

void show_codes(struct text *to, const struct tariff_ask *a, int32_t day)
{
	show_list(to, a, day, INT32_MAX, "codes", a->query->words, write_code);
}

static bool write_procedure(void *context, const struct ref_procedure *p)
{
	struct listing *l = context;

	if (!ref_holds(p->dates, l->day))
		return true;
	json_open_object(l->w);
	json_put(l->w, "code", p->requested);
	json_put(l->w, "previous", p->previous);
	json_put_c(l->w, "direction", direction_name(p->direction));
	json_put(l->w, "name", show_name(l->ask, p->name));
	json_put(l->w, "documents", p->documents);
	json_close_object(l->w);
	return true;
}

void show_procedures(struct text *to, const struct tariff_ask *a, int32_t day)
{
	struct json_writer w = json_to(to);
	struct listing l = {.w = &w, .ask = a, .day = day};

	json_open_object(&w);
	show_day(&w, a, "on", day);
	json_name(&w, "procedures");
	json_open_array(&w);
	ref_each_procedure(a->inforce->ref, write_procedure, &l);
	json_close_array(&w);
	json_close_object(&w);
}
