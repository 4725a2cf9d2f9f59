#include "hub/stock/overdue.h"

#include "base/date.h"
#include "codec/json.h"
#include "hub/node/node.h"
#include "hub/notices/notices.h"

/* "stock/26XL010000000014/2", of kind "warehouse/71" */
static struct span body_of(struct batch *b, const struct store_stock *k)
{
	struct text text = text_in(b->h->batch_arena);
	struct json_writer w = json_to(&text);
	struct span item = k->account, kind = k->kind;

	span_cut(&item, '/');
	span_cut(&item, '/');
	span_cut(&kind, '/');
	json_open_object(&w);
	json_put(&w, "item", item);
	json_put(&w, "procedure", kind);
	json_put(&w, "goods", k->goods);
	json_put(&w, "until", k->until_day);
	json_close_object(&w);
	return text_as_span(&text);
}

static enum err tell(struct batch *b, const struct store_stock *k, struct cause *why)
{
	struct notice n = {.party = k->consignee,
			   .office = k->office,
			   .reference = k->source,
			   .kind = OVERDUE_NOTICE,
			   .at = b->now,
			   .body = body_of(b, k)};
	enum err e = k->consignee.n ? notices_put(b, &n, why) : ERR_NONE;

	n.officers = true;
	return e ? e : notices_put(b, &n, why);
}

/* One office's accounts of one day are told together. A number of its own for each office and day, of which the first is taken
 * once, says whether they were: in the same transaction, and under the office's lease. */
static enum err is_first(struct batch *b, struct span office, int32_t day, bool *ret,
			 struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct cause elsewhere = {0};
	struct office *o;
	int64_t first;
	bool fresh;
	enum err e = house_enter(b->h, office, &o, &fresh, &elsewhere);

	*ret = false;
	if (e == ERR_ELSEWHERE)
		return ERR_NONE; /* that node's clock goes, too */
	if (e) {
		*why = elsewhere;
		return e;
	}
	e = store_take_numbers(b->h->store,
			       span_of(arena_print(a, "overdue/%.*s", SPAN_ARG(office))), day, 1,
			       &first, why);
	*ret = !e && first == 1;
	return e;
}

/* By office, then account: so an office's accounts stand together. */
static enum err tell_day(struct batch *b, int32_t day, struct cause *why)
{
	struct arena *a = b->h->batch_arena;
	struct text until = text_in(a);
	struct store_stock after = {.office = SPAN(""), .account = SPAN("")};
	bool tells = false;
	uint32_t n;

	day_write(&until, day);
	do {
		struct store_stock *row;
		enum err e = store_list_ended_stock(b->h->store, a, text_as_span(&until), &after,
						    STORE_PAGE_MAX, &row, &n, why);

		for (uint32_t i = 0; i < n && !e; i++) {
			if (!span_equal(row[i].office, after.office))
				e = is_first(b, row[i].office, day, &tells, why);
			if (!e && tells)
				e = tell(b, &row[i], why);
			after = row[i];
		}
		if (e)
			return e;
	} while (n == STORE_PAGE_MAX);
	return ERR_NONE;
}

enum err overdue_tell(struct batch *b, bool *again, struct cause *why)
{
	struct hub *h = b->h;
	const int32_t today = day_of(b->now, ref_zone_minutes(b->inforce->ref));
	enum err e;

	if (!ref_write_offs(b->inforce->ref))
		return ERR_NONE;
	if (h->overdue_day < today - OVERDUE_DAYS)
		h->overdue_day = today - OVERDUE_DAYS;
	if (h->overdue_day >= today)
		return ERR_NONE;
	e = tell_day(b, h->overdue_day, why);
	if (e)
		return e;
	h->overdue_day++;
	*again = *again || h->overdue_day < today;
	return ERR_NONE;
}
