/* Looking at candidates. */
#include "base/limits.h"
#include "hub/edition/candidate.h"
#include "hub/house.h"
#include "hub/people/people_room.h"
#include "hub/targeting.h"

static enum err demand_look(const struct who *by, struct cause *why)
{
	return people_demand(by, ROLE_TARIFF | ROLE_ANALYST | ROLE_AUDITOR, why);
}

/* What rules did, and rules of others, are for who is cleared for targeting. */
static const struct {
	const char *name;
	bool targeting;
} kinds[] = {{"validation", false},
	     {"changes", false},
	     {"revenue", false},
	     {"rules", true},
	     {"import", true}};
enum { REPORT_KINDS = ARRAY_LEN(kinds) };

struct looking {
	struct arena *a;
	int64_t number;
	struct store_candidate row, *rows;
	bool cleared; /* for targeting */
	struct store_candidate_report report[REPORT_KINDS];
	struct event made[REPORT_KINDS]; /* the event of each */
	uint32_t n, reports;
	struct span *archive, *base;
};

/* ---- the archives ---- */

static enum err read_version(struct store *s, struct arena *a, enum pack_part p, struct span hex,
			     struct span *ret, struct cause *why)
{
	struct hash hash;

	if (hash_from_hex(hex, &hash))
		return fail(why, ERR_DB, "a candidate's hash cannot be read");
	return store_get_version(s, a, span_of(pack_part_name(p)), &hash, ret, why);
}

static enum err read_archives(struct store *s, void *context, struct cause *why)
{
	struct looking *l = context;
	enum err e = store_get_candidate(s, l->a, l->number, &l->row, why);

	for (enum pack_part p = 0; p < PACK_PARTS && !e; p++) {
		e = read_version(s, l->a, p, l->row.hash[p], &l->archive[p], why);
		if (!e)
			e = read_version(s, l->a, p, l->row.base[p], &l->base[p], why);
	}
	return e;
}

enum err hub_get_candidate(struct hub *h, struct arena *a, const struct who *by, int64_t number,
			   struct span ret_archive[PACK_PARTS], struct span ret_base[PACK_PARTS],
			   struct cause *why)
{
	struct looking l = {.a = a, .number = number, .archive = ret_archive, .base = ret_base};
	struct store *s;
	enum err e = demand_look(by, why);

	if (!e)
		e = house_open_reader(h, &s, why);
	if (e)
		return e;
	e = store_snapshot(s, read_archives, &l, why);
	house_close_reader(h, s);
	return e;
}

/* ---- written down ---- */

static void put_members(struct json_writer *w, const struct store_candidate *c)
{
	json_put_int(w, "number", c->number);
	json_put(w, "state", c->state);
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		json_put(w, pack_part_name(p), c->hash[p]);
	json_name(w, "base");
	json_open_object(w);
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		json_put(w, pack_part_name(p), c->base[p]);
	json_close_object(w);
	if (c->from_day.n)
		json_put(w, "from_day", c->from_day);
	json_put(w, "proposed_by", c->proposed_by);
	json_put_moment(w, "proposed_at", c->proposed_at);
	json_put(w, "reason", c->reason);
	if (!c->decided_at)
		return;
	json_put(w, "decided_by", c->decided_by);
	json_put_moment(w, "decided_at", c->decided_at);
	if (c->decided_reason.n)
		json_put(w, "decided_reason", c->decided_reason);
}

static enum err read_one(struct store *s, void *context, struct cause *why)
{
	struct looking *l = context;
	enum err e = store_get_candidate(s, l->a, l->number, &l->row, why);

	l->reports = 0;
	for (uint32_t i = 0; i < ARRAY_LEN(kinds) && !e; i++) {
		if (kinds[i].targeting && !l->cleared)
			continue;
		e = store_get_candidate_report(s, l->a, l->number, span_of(kinds[i].name),
					       &l->report[l->reports], why);
		if (!e)
			e = store_get_event(s, l->a, HUB_OFFICE, l->report[l->reports].seq,
					    &l->made[l->reports], why);
		if (!e)
			l->reports++;
		else if (e == ERR_NOT_FOUND)
			e = ERR_NONE;
	}
	return e;
}

/* What the event of a report says of it; one that came with the proposal is covered by that alone. */
static void put_signature(struct json_writer *w, struct arena *a, const struct event *made)
{
	static const char *const names[] = {"sha256", "signature", "public_key"};
	const struct json *j;
	struct codec_fault fault;

	if (!made->payload.p || json_read(a, made->payload, &j, &fault) ||
	    !span_is(json_get_text(j, "step"), "report"))
		return;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (json_get_text(j, names[i]).n)
			json_put(w, names[i], json_get_text(j, names[i]));
}

/* Reports are JSON of our own making: they are put in as they stand. */
static void put_reports(struct json_writer *w, const struct looking *l)
{
	json_name(w, "reports");
	json_open_object(w);
	for (uint32_t i = 0; i < l->reports; i++) {
		json_name_span(w, l->report[i].kind);
		json_open_object(w);
		json_put_moment(w, "at", l->report[i].at);
		put_signature(w, l->a, &l->made[i]);
		json_name(w, "report");
		json_raw(w, span_trim(l->report[i].body));
		json_close_object(w);
	}
	json_close_object(w);
}

enum err hub_write_candidate(struct hub *h, struct text *to, const struct who *by, int64_t number,
			     struct cause *why)
{
	struct looking l = {.a = to->arena, .number = number, .cleared = targeting_cleared(by)};
	struct json_writer w = json_to(to);
	struct store *s;
	enum err e = demand_look(by, why);

	if (!e)
		e = house_open_reader(h, &s, why);
	if (e)
		return e;
	e = store_snapshot(s, read_one, &l, why);
	house_close_reader(h, s);
	if (e)
		return e;
	json_open_object(&w);
	put_members(&w, &l.row);
	put_reports(&w, &l);
	json_close_object(&w);
	return ERR_NONE;
}

static enum err read_page(struct store *s, void *context, struct cause *why)
{
	struct looking *l = context;

	return store_page_candidates(s, l->a, l->number, LIMIT_CANDIDATES, &l->rows, &l->n, why);
}

enum err hub_write_candidates(struct hub *h, struct text *to, const struct who *by, int64_t before,
			      struct cause *why)
{
	struct looking l = {.a = to->arena, .number = before};
	struct json_writer w = json_to(to);
	struct store *s;
	enum err e = demand_look(by, why);

	if (!e)
		e = house_open_reader(h, &s, why);
	if (e)
		return e;
	e = store_snapshot(s, read_page, &l, why);
	house_close_reader(h, s);
	if (e)
		return e;
	json_open_object(&w);
	json_name(&w, "candidates");
	json_open_array(&w);
	for (uint32_t i = 0; i < l.n; i++) {
		json_open_object(&w);
		put_members(&w, &l.rows[i]);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	return ERR_NONE;
}
