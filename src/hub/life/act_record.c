#include "hub/life/act_record.h"

#include "hub/life/life.h"

static const char *const results[] = {
    [RESULT_NONE] = "", [RESULT_CLEAN] = "clean", [RESULT_IRREGULAR] = "irregular"};

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

static void put_given(struct json_writer *w, const struct flow_do *d)
{
	json_open_object(w);
	put_text(w, "reason", d->reason);
	put_text(w, "code", d->code);
	put_text(w, "officer", d->who);
	put_text(w, "request", d->request);
	put_text(w, "guarantee", d->guarantee);
	if (d->cancels)
		json_put_bool(w, "cancels", true);
	if (d->result != RESULT_NONE)
		json_put_c(w, "result", results[d->result]);
	if (d->lane != LANE_NONE)
		json_put_c(w, "lane", lane_name(d->lane));
	if (d->hold) {
		json_name(w, "hold");
		life_write_holds(w, d->hold);
	}
	put_number(w, "amount_minor", d->amount);
	put_number(w, "until", d->until);
	if (d->accepted)
		json_put_bool(w, "accepted", true);
	if (d->applied)
		json_put_bool(w, "applied", true);
	put_number(w, "version", d->version);
	put_number(w, "due_minor", d->due);
	put_number(w, "ease_days", d->ease_days);
	json_close_object(w);
}

void act_write_roles(struct json_writer *w, unsigned roles)
{
	json_open_array(w);
	for (unsigned i = 0; i < ROLES; i++)
		if (roles & 1u << i)
			json_cstring(w, role_name(1u << i));
	json_close_array(w);
}

static const bool told[FLOW_ACTS] = {
    [ACT_CORRECT] = true, [ACT_DECIDE_APPEAL] = true, [ACT_DESTROY] = true, [ACT_DETAIN] = true,
    [ACT_GRANT] = true,   [ACT_QUERY] = true,         [ACT_REFUSE] = true,  [ACT_RESTORE] = true,
    [ACT_SEIZE] = true,   [ACT_SELL] = true,
};

bool act_is_told(enum flow_act act)
{
	return told[act];
}

void act_write_told(struct json_writer *w, const struct flow_do *d)
{
	if (!told[d->act])
		return;
	json_put_c(w, "act", flow_act_name(d->act));
	put_text(w, "reason", d->reason);
	put_text(w, "code", d->code);
	if (d->act == ACT_DECIDE_APPEAL)
		json_put_c(w, "appeal", d->accepted ? "upheld" : "dismissed");
}

void act_write_path(struct json_writer *w, const struct flow_path *p)
{
	json_open_array(w);
	for (uint32_t i = 0; i < p->n; i++)
		json_cstring(w, flow_state_name(p->state[i]));
	json_close_array(w);
}

void act_record_write(struct text *to, const struct act_record *r)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_put_int(&w, "format", ACT_FORMAT);
	json_put_c(&w, "act", flow_act_name(r->given.act));
	json_put(&w, "by", r->given.by);
	json_name(&w, "roles");
	act_write_roles(&w, r->given.roles);
	json_name(&w, "given");
	put_given(&w, &r->given);
	json_name(&w, "before");
	life_write(&w, &r->before);
	json_name(&w, "path");
	act_write_path(&w, &r->path);
	json_name(&w, "after");
	life_write(&w, &r->after);
	json_close_object(&w);
}

/* ---- reading ---- */

static bool read_number(const struct json *o, const char *name, int64_t *ret)
{
	*ret = 0;
	return !json_get(o, name) || !json_get_int(o, name, ret);
}

static bool is_true(const struct json *o, const char *name)
{
	const struct json *v = json_get(o, name);

	return v && v->kind == JSON_TRUE;
}

static bool read_result(struct span s, enum flow_result *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(results); i++)
		if (span_is(s, results[i])) {
			*ret = (enum flow_result)i;
			return true;
		}
	return false;
}

static bool read_given(const struct json *g, struct flow_do *d)
{
	const struct json *hold = json_get(g, "hold");

	d->reason = json_get_text(g, "reason");
	d->code = json_get_text(g, "code");
	d->who = json_get_text(g, "officer");
	d->request = json_get_text(g, "request");
	d->guarantee = json_get_text(g, "guarantee");
	d->cancels = is_true(g, "cancels");
	d->accepted = is_true(g, "accepted");
	d->applied = is_true(g, "applied");
	d->lane = lane_by_name(json_get_text(g, "lane"));
	for (const struct json *h = hold ? hold->first : NULL; h; h = h->next)
		d->hold |= flow_hold_by_name(h->text);
	return read_result(json_get_text(g, "result"), &d->result) &&
	       read_number(g, "amount_minor", &d->amount) && read_number(g, "until", &d->until) &&
	       read_number(g, "ease_days", &d->ease_days) &&
	       read_number(g, "version", &d->version) && read_number(g, "due_minor", &d->due);
}

static bool read_path(const struct json *list, struct flow_path *ret)
{
	*ret = (struct flow_path){.n = 0};
	for (const struct json *s = list ? list->first : NULL; s; s = s->next) {
		enum flow_state state = flow_state_by_name(s->text);

		if (state == FLOW_STATES || ret->n == FLOW_PASSED)
			return false;
		ret->state[ret->n++] = state;
	}
	return true;
}

enum err act_record_read(const struct json *j, int64_t at, struct act_record *ret)
{
	struct act_record r = {.given = {.act = flow_act_by_name(json_get_text(j, "act")),
					 .by = json_get_text(j, "by"),
					 .at = at}};
	const struct json *roles = json_get(j, "roles");
	int64_t format;

	if (json_get_int(j, "format", &format) || format != ACT_FORMAT ||
	    r.given.act == FLOW_ACTS || !read_given(json_get(j, "given"), &r.given) ||
	    life_read(json_get(j, "before"), &r.before) ||
	    life_read(json_get(j, "after"), &r.after) || !read_path(json_get(j, "path"), &r.path))
		return ERR_FORMAT;
	for (const struct json *role = roles ? roles->first : NULL; role; role = role->next)
		r.given.roles |= role_by_name(role->text);
	*ret = r;
	return ERR_NONE;
}

bool act_record_replays(struct arena *a, const struct act_record *r)
{
	struct act_record again = *r;
	struct text was = text_in(a), is = text_in(a);

	if (flow_act(&r->before, &r->given, &again.after, &again.path) != REFUSED_NOTHING)
		return false;
	act_record_write(&was, r);
	act_record_write(&is, &again);
	return span_equal(text_as_span(&was), text_as_span(&is));
}
