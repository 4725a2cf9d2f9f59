/* One decided message: its columns, and what the decision says of it. */
#include "hub/chronicle/chronicle_room.h"

#include "base/date.h"
#include "hub/directories.h"
#include "hub/life/act_record.h"
#include "risk/history.h"

static struct span kept(struct chronicle_making *m, struct span s)
{
	return (struct span){arena_copy(m->arena, s.p ? s.p : "", s.n), s.n, 0};
}

/* ---- the message ---- */

static enum err from_store(struct chronicle_making *m, const struct chronicle_raw *raw,
			   struct message *ret, struct cause *why)
{
	const struct store_declaration row = {
	    .office = m->office, .reference = raw->reference, .version = raw->version};
	enum err e;

	pthread_mutex_lock(&m->source->lock);
	e = house_message_of(m->source->store, m->once, &row, ret, why);
	pthread_mutex_unlock(&m->source->lock);
	return e;
}

/* ERR_NOT_FOUND: it was erased; ERR_FORMAT: it cannot be read. */
static enum err read_message(struct chronicle_making *m, const struct chronicle_raw *raw,
			     const struct json *decision, struct message *ret)
{
	struct findings findings;
	struct codec_fault fault;
	struct cause gone = {0};
	enum err e;

	if (raw->message.p && !directories_of(decision).n)
		e = msg_read_with(m->once, raw->message, NULL, NULL, ret, &findings, &fault);
	else
		e = from_store(m, raw, ret, &gone);
	if (e == ERR_LIMIT || e == ERR_UNSUPPORTED)
		e = ERR_FORMAT;
	if (e && e != ERR_NOT_FOUND && e != ERR_FORMAT)
		return fail(m->why, e, "a declaration cannot be read again: %s", err_name(e));
	return e;
}

/* ---- the decision ---- */

static bool minor_of(const struct json *o, const char *name, int64_t *ret, uint8_t *ret_scale)
{
	struct decimal d;

	if (decimal_parse(json_get_text(o, name), &d))
		return false;
	*ret = d.units;
	*ret_scale = d.scale;
	return true;
}

struct making {
	struct chronicle_making *m;
	const struct chronicle_raw *raw;
	const struct json *decision;
	const struct facts *facts;
	const struct declaration *d;
	struct chronicle_made *made;
};

static void take_values(struct making *x)
{
	const struct json *values = json_get(x->decision, "values"),
			  *total = json_get(x->decision, "total");
	struct chronicle_case *c = &x->made->c;
	uint8_t scale = 0, own = 0;

	c->items = x->d->shipment.items.n;
	c->value = ARENA_ARRAY(x->m->arena, int64_t, c->items + 1);
	c->complete = minor_of(total, "amount", &c->total_due, &scale) &&
		      minor_of(total, "customs_value", &c->total_value, &own) && own == scale;
	for (const struct json *v = values ? values->first : NULL; v; v = v->next) {
		if (c->values == c->items) {
			c->complete = false;
			break;
		}
		if (!minor_of(v, "customs_value", &c->value[c->values++], &own) || own != scale)
			c->complete = false;
	}
	c->complete &= c->values > 0;
}

static void take_subjects(struct making *x)
{
	struct chronicle_case *c = &x->made->c;
	struct arena *a = x->m->arena;
	struct span *to =
	    ARENA_ARRAY(a, struct span, CHRONICLE_OF_WHOLE + (size_t)CHRONICLE_OF_ITEM * c->items);
	const struct json *values = json_get(x->decision, "values"),
			  *value = values ? values->first : NULL;

	x->made->texts.subject = to;
	c->price = ARENA_ARRAY(a, int64_t, c->items + 1);
	for (enum history_kind k = 0; k < HISTORY_FIRST_OF_ITEM; k++)
		*to++ = history_subject(a, k, x->d, NULL, x->facts->office);
	for (uint32_t i = 0; i < c->items; i++) {
		const struct goods_item *item = &x->d->shipment.items.v[i];
		struct decimal d, price;

		for (enum history_kind k = HISTORY_FIRST_OF_ITEM; k < HISTORY_KINDS; k++)
			*to++ = history_subject(a, k, x->d, item, x->facts->office);
		if (value && !decimal_parse(json_get_text(value, "customs_value"), &d) &&
		    history_unit_price((struct money){d.units}, d.scale,
				       item->commodity.net_mass.value, &price) &&
		    price.units > 0)
			c->price[i] = price.units;
		value = value ? value->next : NULL;
	}
}

static void take_draws(struct making *x)
{
	struct chronicle_case *c = &x->made->c;
	const struct facts *f = x->facts;

	c->draws = f->draws.n;
	c->draw = ARENA_ARRAY(x->m->arena, uint64_t, c->draws + 1);
	x->made->texts.purpose = ARENA_ARRAY(x->m->arena, struct span, c->draws + 1);
	for (uint32_t i = 0; i < c->draws; i++) {
		c->draw[i] = f->draws.v[i].value;
		x->made->texts.purpose[i] = kept(x->m, f->draws.v[i].purpose);
	}
}

static void take_facts(struct making *x)
{
	const struct chronicle_raw *raw = x->raw;
	const struct facts *f = x->facts;
	struct chronicle_making *m = x->m;
	struct chronicle_case *c = &x->made->c;

	*c = (struct chronicle_case){
	    .seq = raw->seq,
	    .at = raw->at,
	    .version = raw->version,
	    .day = day_of(raw->at, m->chronicle->zone_minutes),
	    .declares = raw->version == 1 && !f->request.n,
	    .reference = kept(m, f->reference),
	    .draw_reference = kept(m, f->draw_reference),
	    .received_at = f->received_at,
	    .legal_day = f->legal_day,
	    .importer = f->importer,
	    .declarant = f->declarant,
	    .hour_taken = f->hour_taken,
	    .lane_before = f->lane_before,
	    .lane = lane_by_name(json_get_text(x->decision, "lane")),
	};
	memcpy(c->office_day, f->office_day, sizeof(c->office_day));
	x->made->texts.holder = kept(m, f->holder);
	x->made->texts.declarant_holder = kept(m, f->declarant_holder);
	x->made->texts.tables =
	    kept(m, json_get_text(json_get(x->decision, "versions"), pack_part_name(PACK_TABLES)));
}

static void make_case(void *context)
{
	struct making *x = context;

	x->made->what = MADE_CASE;
	take_facts(x);
	take_values(x);
	take_subjects(x);
	take_draws(x);
	columns_add(&x->m->chronicle->columns, x->m->out, x->d);
}

static void make_event(struct chronicle_making *m, const struct chronicle_raw *raw,
		       enum chronicle_word word, struct chronicle_made *ret)
{
	ret->what = MADE_EVENT;
	ret->e = (struct chronicle_event){.word = word,
					  .seq = raw->seq,
					  .at = raw->at,
					  .day = day_of(raw->at, m->chronicle->zone_minutes),
					  .reference = raw->reference};
}

static enum err make_decision(struct chronicle_making *m, const struct chronicle_raw *raw,
			      struct chronicle_made *ret)
{
	struct making x = {.m = m, .raw = raw, .made = ret};
	struct codec_fault fault;
	struct facts facts;
	struct message message;
	struct span state;
	enum err e;

	if (!raw->payload.p || json_read(m->once, raw->payload, &x.decision, &fault)) {
		make_event(m, raw, CHRONICLE_UNREADABLE, ret);
		return ERR_NONE;
	}
	state = json_get_text(x.decision, "state");
	if (span_is(state, "rejected"))
		return ERR_NONE;
	if (decision_read_facts(m->once, x.decision, &facts)) {
		make_event(m, raw, CHRONICLE_UNREADABLE, ret);
		return ERR_NONE;
	}
	if (facts.waits)
		return ERR_NONE;
	if (span_is(state, "cancelled")) {
		make_event(m, raw, CHRONICLE_CANCELLED, ret);
		return ERR_NONE;
	}
	e = read_message(m, raw, x.decision, &message);
	if (e == ERR_NOT_FOUND || e == ERR_FORMAT) {
		make_event(m, raw, e == ERR_FORMAT ? CHRONICLE_UNREADABLE : CHRONICLE_ERASED, ret);
		return ERR_NONE;
	}
	if (e)
		return e;
	x.facts = &facts;
	x.d = &message.declaration;
	ret->released = span_is(state, "released");
	e = arena_run(m->arena, make_case, &x);
	return e ? fail(m->why, e, "no memory for the chronicle") : ERR_NONE;
}

static bool is_released(const struct flow_case *c)
{
	return c->state == FLOW_RELEASED || c->state == FLOW_EXITED;
}

static void make_act(struct chronicle_making *m, const struct chronicle_raw *raw,
		     struct chronicle_made *ret)
{
	struct act_record a;
	struct codec_fault fault;
	const struct json *j;

	if (!raw->payload.p || json_read(m->once, raw->payload, &j, &fault) ||
	    act_record_read(j, raw->at, &a))
		return;
	ret->control = a.given.result != RESULT_NONE;
	ret->release = !is_released(&a.before) && is_released(&a.after);
	ret->cancel = a.after.state == FLOW_CANCELLED && a.before.state != FLOW_CANCELLED;
	if (!ret->control && !ret->release && !ret->cancel)
		return;
	make_event(m, raw, CHRONICLE_RESULT, ret);
	ret->e.result = a.given.result;
}

enum err chronicle_make(struct chronicle_making *m, const struct chronicle_raw *raw,
			struct chronicle_made *ret)
{
	*ret = (struct chronicle_made){.what = MADE_NOTHING};
	arena_reset(m->once);
	if (raw->decision)
		return make_decision(m, raw, ret);
	make_act(m, raw, ret);
	return ERR_NONE;
}
