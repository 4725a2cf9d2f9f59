#include "hub/history/record.h"

/* ---- writing ---- */

static void put_count(struct json_writer *w, const char *name, int64_t count)
{
	if (count)
		json_put_int(w, name, count);
}

static void put_windows(struct json_writer *w, const struct history_fact *h)
{
	if (!h->windows.n)
		return;
	json_name(w, "windows");
	json_open_array(w);
	for (uint32_t i = 0; i < h->windows.n; i++) {
		json_open_object(w);
		json_put_int(w, "days", h->windows.v[i].days);
		json_put_int(w, "count", h->windows.v[i].count);
		json_put_int(w, "value_minor", h->windows.v[i].minor);
		json_close_object(w);
	}
	json_close_array(w);
}

static void put_prices(struct json_writer *w, const struct history_fact *h)
{
	if (!h->prices)
		return;
	json_put_int(w, "prices", h->prices);
	json_put_decimal(w, "median", h->median);
	json_put_decimal(w, "deviation", h->deviation);
	if (!h->quantiles.n)
		return;
	json_name(w, "quantiles");
	json_open_array(w);
	for (uint32_t i = 0; i < h->quantiles.n; i++) {
		json_open_object(w);
		json_put_int(w, "permille", h->quantiles.v[i].permille);
		json_put_decimal(w, "price", h->quantiles.v[i].price);
		json_close_object(w);
	}
	json_close_array(w);
}

void history_put_facts(struct json_writer *w, const struct facts *f)
{
	if (!f->history.n)
		return;
	json_name(w, "history");
	json_open_array(w);
	for (uint32_t i = 0; i < f->history.n; i++) {
		const struct history_fact *h = &f->history.v[i];

		json_open_object(w);
		json_put(w, "subject", h->subject);
		put_count(w, "declared", h->declared);
		put_count(w, "controlled", h->examined);
		put_count(w, "irregular", h->irregular);
		put_count(w, "controlled_recent", h->examined_recent);
		put_count(w, "irregular_recent", h->irregular_recent);
		put_windows(w, h);
		put_prices(w, h);
		json_close_object(w);
	}
	json_close_array(w);
}

/* ---- reading ---- */

static bool get_count(const struct json *j, const char *name, int64_t *ret)
{
	*ret = 0;
	return !json_get(j, name) || (!json_get_int(j, name, ret) && *ret >= 0);
}

static bool read_windows(struct arena *a, const struct json *list, struct history_fact *h)
{
	for (const struct json *j = list ? list->first : NULL; j; j = j->next) {
		struct history_window *x = arena_push(a, (void **)&h->windows.v, &h->windows.n,
						      &h->windows.room, sizeof(*x));
		int64_t days;

		if (json_get_int(j, "days", &days) || days < 1 || days > HISTORY_DAYS ||
		    json_get_int(j, "count", &x->count) ||
		    json_get_int(j, "value_minor", &x->minor))
			return false;
		x->days = (int32_t)days;
	}
	return true;
}

static bool read_quantiles(struct arena *a, const struct json *list, struct history_fact *h)
{
	for (const struct json *j = list ? list->first : NULL; j; j = j->next) {
		struct history_quantile *x = arena_push(
		    a, (void **)&h->quantiles.v, &h->quantiles.n, &h->quantiles.room, sizeof(*x));
		int64_t permille;

		if (json_get_int(j, "permille", &permille) || permille < 0 || permille > 1000 ||
		    decimal_parse(json_get_text(j, "price"), &x->price))
			return false;
		x->permille = (int32_t)permille;
	}
	return true;
}

static bool read_one(struct arena *a, const struct json *j, struct history_fact *h)
{
	h->subject = json_get_text(j, "subject");
	if (!h->subject.n || !get_count(j, "declared", &h->declared) ||
	    !get_count(j, "controlled", &h->examined) ||
	    !get_count(j, "irregular", &h->irregular) ||
	    !get_count(j, "controlled_recent", &h->examined_recent) ||
	    !get_count(j, "irregular_recent", &h->irregular_recent) ||
	    !get_count(j, "prices", &h->prices) || !read_windows(a, json_get(j, "windows"), h) ||
	    !read_quantiles(a, json_get(j, "quantiles"), h))
		return false;
	return !h->prices || (!decimal_parse(json_get_text(j, "median"), &h->median) &&
			      !decimal_parse(json_get_text(j, "deviation"), &h->deviation));
}

bool history_read_facts(struct arena *a, const struct json *list, struct facts *ret)
{
	for (const struct json *j = list ? list->first : NULL; j; j = j->next) {
		struct history_fact h = {.subject = {NULL, 0, 0}};

		if (!read_one(a, j, &h) || facts_history(ret, h.subject))
			return false;
		facts_add_history(a, ret, &h);
	}
	return true;
}
