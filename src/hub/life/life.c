#include "hub/life/life.h"

#include <string.h>

/* ---- the one form ---- */

static void put_text(struct json_writer *w, const char *name, struct span s)
{
	if (s.n)
		json_put(w, name, s);
}

static void put_number(struct json_writer *w, const char *name, int64_t v)
{
	if (v)
		json_put_int(w, name, v);
}

static void put_flag(struct json_writer *w, const char *name, bool v)
{
	if (v)
		json_put_bool(w, name, true);
}

void life_write_holds(struct json_writer *w, unsigned holds)
{
	const char *name[FLOW_HOLDS];
	uint32_t n = flow_holds(holds, name);

	json_open_array(w);
	for (uint32_t i = 0; i < n; i++)
		json_cstring(w, name[i]);
	json_close_array(w);
}

void life_write_next(struct json_writer *w, const struct flow_view *v)
{
	json_name(w, "next");
	json_open_array(w);
	for (uint32_t i = 0; i < v->n; i++)
		json_cstring(w, v->next[i]);
	json_close_array(w);
}

void life_write_view(struct json_writer *w, const struct flow_view *v)
{
	json_put_c(w, "state", v->state);
	life_write_next(w, v);
}

void life_write_inside(struct json_writer *w, const struct flow_case *c)
{
	json_put_c(w, "state", flow_state_name(c->state));
	json_put_c(w, "lane", lane_name(c->lane));
	json_name(w, "holds");
	life_write_holds(w, c->holds);
	put_text(w, "examiner", c->examiner);
}

void life_write(struct json_writer *w, const struct flow_case *c)
{
	json_open_object(w);
	json_put_c(w, "state", flow_state_name(c->state));
	if (c->behind != c->state)
		json_put_c(w, "behind", flow_state_name(c->behind));
	if (c->holds) {
		json_name(w, "holds");
		life_write_holds(w, c->holds);
	}
	json_put_c(w, "lane", lane_name(c->lane));
	json_put_int(w, "version", c->version);
	put_flag(w, "presented", c->presented);
	put_flag(w, "notified", c->notified);
	put_flag(w, "provisional", c->provisional);
	put_flag(w, "irregular", c->irregular);
	put_flag(w, "adverse", c->adverse);
	put_flag(w, "cancels", c->cancels);
	put_number(w, "due_minor", c->due);
	put_number(w, "paid_minor", c->paid);
	put_number(w, "secured_minor", c->secured);
	put_number(w, "guaranteed_minor", c->guaranteed);
	put_number(w, "refund_minor", c->refund);
	put_number(w, "reply_by", c->reply_by);
	put_number(w, "secured_until", c->secured_until);
	put_number(w, "eases_at", c->eases_at);
	put_number(w, "ease_days", c->ease_days);
	put_text(w, "examiner", c->examiner);
	put_text(w, "reassessor", c->reassessor);
	put_text(w, "proposer", c->proposer);
	if (c->proposed != LANE_NONE)
		json_put_c(w, "proposed", lane_name(c->proposed));
	put_text(w, "request", c->request);
	put_text(w, "judge", c->judge);
	if (c->appeal != APPEAL_NONE)
		json_put_c(w, "appeal", flow_appeal_name(c->appeal));
	json_close_object(w);
}

static bool read_number(const struct json *o, const char *name, int64_t *ret)
{
	*ret = 0;
	return !json_get(o, name) || !json_get_int(o, name, ret);
}

static bool read_flag(const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);

	return v && v->kind == JSON_TRUE;
}

static bool read_state(const struct json *o, const char *name, enum flow_state *ret)
{
	*ret = flow_state_by_name(json_get_text(o, name));
	return *ret != FLOW_STATES;
}

static bool read_holds(const struct json *list, unsigned *ret)
{
	*ret = 0;
	for (const struct json *h = list ? list->first : NULL; h; h = h->next) {
		unsigned hold = flow_hold_by_name(h->text);

		if (!hold)
			return false;
		*ret |= hold;
	}
	return true;
}

enum err life_read(const struct json *j, struct flow_case *ret)
{
	struct flow_case c = {
	    .lane = lane_by_name(json_get_text(j, "lane")),
	    .proposed = lane_by_name(json_get_text(j, "proposed")),
	    .presented = read_flag(j, "presented"),
	    .notified = read_flag(j, "notified"),
	    .provisional = read_flag(j, "provisional"),
	    .irregular = read_flag(j, "irregular"),
	    .adverse = read_flag(j, "adverse"),
	    .cancels = read_flag(j, "cancels"),
	    .examiner = json_get_text(j, "examiner"),
	    .reassessor = json_get_text(j, "reassessor"),
	    .proposer = json_get_text(j, "proposer"),
	    .request = json_get_text(j, "request"),
	    .judge = json_get_text(j, "judge"),
	    .appeal = json_get(j, "appeal") ? flow_appeal_by_name(json_get_text(j, "appeal"))
					    : APPEAL_NONE,
	};

	if (!j || j->kind != JSON_OBJECT || !read_state(j, "state", &c.state) ||
	    !read_holds(json_get(j, "holds"), &c.holds) || (int)c.appeal == FLOW_APPEALS ||
	    json_get_int(j, "version", &c.version) || !read_number(j, "due_minor", &c.due) ||
	    !read_number(j, "paid_minor", &c.paid) ||
	    !read_number(j, "secured_minor", &c.secured) ||
	    !read_number(j, "guaranteed_minor", &c.guaranteed) ||
	    !read_number(j, "refund_minor", &c.refund) ||
	    !read_number(j, "reply_by", &c.reply_by) ||
	    !read_number(j, "secured_until", &c.secured_until) ||
	    !read_number(j, "eases_at", &c.eases_at) || !read_number(j, "ease_days", &c.ease_days))
		return ERR_FORMAT;
	c.behind = c.state;
	if (json_get(j, "behind") && !read_state(j, "behind", &c.behind))
		return ERR_FORMAT;
	*ret = c;
	return ERR_NONE;
}

/* ---- in the store ---- */

struct span life_party(struct span holder)
{
	const char *slash = holder.n ? memchr(holder.p, '/', holder.n) : NULL;
	uint32_t skip = slash ? (uint32_t)(slash - holder.p) + 1 : holder.n;

	return (struct span){holder.p + skip, holder.n - skip, holder.line};
}

struct flow_case life_begin(const struct store_declaration *row, int64_t ease_days,
			    struct flow_path *path)
{
	struct flow_case c =
	    flow_begin(!span_is(row->state, "rejected"), flow_type_is_presented(row->type),
		       lane_by_name(row->lane), row->total_minor, path);

	flow_ease_after(&c, ease_days, row->decided_at);
	return c;
}

enum err life_from(struct arena *a, const struct store_declaration *row, int64_t seq,
		   struct span body, struct life *ret, struct cause *why)
{
	struct life l = {
	    .row = *row, .party = life_party(row->holder), .seq = seq ? seq : row->decision_seq};
	struct codec_fault fault;
	const struct json *j;
	enum err e;

	if (!seq) {
		l.now = life_begin(row, 0, NULL);
		*ret = l;
		return ERR_NONE;
	}
	e = json_read(a, body, &j, &fault);
	if (!e)
		e = life_read(j, &l.now);
	if (e)
		return fail(why, ERR_FORMAT, "the life of %.*s cannot be read",
			    SPAN_ARG(row->reference));
	*ret = l;
	return ERR_NONE;
}

enum err life_of(struct store *s, struct arena *a, const struct store_declaration *row,
		 struct life *ret, struct cause *why)
{
	struct store_life stored = {.seq = 0};
	enum err e = store_get_life(s, a, row->office, row->reference, &stored, why);

	return e && e != ERR_NOT_FOUND ? e : life_from(a, row, stored.seq, stored.body, ret, why);
}

static int64_t sooner(int64_t a, int64_t b)
{
	if (!a || !b)
		return a + b;
	return a < b ? a : b;
}

static int64_t deadline_of(const struct flow_case *c)
{
	return sooner(sooner(c->reply_by, c->secured_until), c->eases_at);
}

enum err life_put(struct store *s, struct arena *a, const struct life *l, struct cause *why)
{
	struct text body = text_in(a);
	struct json_writer w = json_to(&body);

	life_write(&w, &l->now);
	return store_put_life(
	    s,
	    &(struct store_life){.office = l->row.office,
				 .reference = l->row.reference,
				 .party = l->party,
				 .state = span_of(flow_state_name(l->now.state)),
				 .lane = span_of(lane_name(l->now.lane)),
				 .examiner = l->now.examiner.n ? l->now.examiner : SPAN(""),
				 .deadline = deadline_of(&l->now),
				 .seq = l->seq,
				 .body = text_as_span(&body)},
	    why);
}
