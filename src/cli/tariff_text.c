#include "cli/tariff_text.h"

enum { GAP = 2 };

/* ---- columns ---- */

static unsigned width_of(struct span s)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void put_spaces(struct text *to, unsigned n)
{
	while (n--)
		text_char(to, ' ');
}

static void put_left(struct text *to, struct span s, unsigned width)
{
	unsigned n = width_of(s);

	text_span(to, s);
	put_spaces(to, (n < width ? width - n : 0) + GAP);
}

static void put_right(struct text *to, struct span s, unsigned width)
{
	unsigned n = width_of(s);

	put_spaces(to, n < width ? width - n : 0);
	text_span(to, s);
	put_spaces(to, GAP);
}

static unsigned wider(unsigned width, struct span s)
{
	unsigned n = width_of(s);

	return n > width ? n : width;
}

static const struct json *children(const struct json *o, const char *name)
{
	const struct json *list = json_get(o, name);

	return list ? list->first : NULL;
}

/* ", on 2026-03-01, known 2026-02-01" */
static void put_days(struct text *to, const struct json *o)
{
	struct span on = json_get_text(o, "on"), known = json_get_text(o, "known");

	if (on.n)
		text_print(to, ", on %.*s", SPAN_ARG(on));
	if (known.n)
		text_print(to, ", as known on %.*s", SPAN_ARG(known));
}

/* ": 300 Free trade partners" */
static void put_coded(struct text *to, const char *before, const struct json *o)
{
	if (o)
		text_print(to, "%s%.*s %.*s", before, SPAN_ARG(json_get_text(o, "code")),
			   SPAN_ARG(json_get_text(o, "name")));
}

static void put_permits(struct text *to, const struct json *answer)
{
	const struct json *p = children(answer, "permits");

	if (p)
		text_string(to, "\nDocuments needed\n");
	for (; p; p = p->next)
		text_print(to, "  %.*s %.*s, %.*s (%.*s)\n", SPAN_ARG(json_get_text(p, "document")),
			   SPAN_ARG(json_get_text(p, "name")), SPAN_ARG(json_get_text(p, "agency")),
			   SPAN_ARG(json_get_text(p, "source")));
}

/* ---- what was found ---- */

static void put_found(struct text *to, const struct json *answer)
{
	const struct json *c = children(answer, "corrected");

	for (; c; c = c->next)
		text_print(to, "%.*s is read as %.*s\n", SPAN_ARG(json_get_text(c, "from")),
			   SPAN_ARG(json_get_text(c, "to")));
	c = children(answer, "commodities");
	if (!c)
		text_string(to, "nothing has these words; try others, or a shorter code\n");
	for (; c; c = c->next) {
		put_left(to, json_get_text(c, "code"), 8);
		text_span(to, json_get_text(c, "text"));
		for (const struct json *up = children(c, "above"); up; up = up->next)
			text_print(to, "%s%.*s", up == children(c, "above") ? " (" : " > ",
				   SPAN_ARG(json_get_text(up, "text")));
		text_string(to, children(c, "above") ? ")\n" : "\n");
	}
}

/* ---- a place of the nomenclature ---- */

/* "quota 050001: 1999000 of 2000000 kg are left, open, as of ...; granted when ...", behind some blanks. */
static void put_quota(struct text *to, const char *before, const struct json *balance)
{
	static const struct {
		const char *way, *means;
	} ways[] = {
	    {"later", "granted when the day, or the suspension, is over; until then the duty "
		      "without the quota is paid or secured"},
	    {"not", "nothing is granted"},
	    {"now", "granted with the declaration, as far as that goes"},
	    {"secured", "granted with the declaration and confirmed after its day; until then the "
			"duty without the quota is paid or secured"},
	};
	const struct span volume = json_get_text(balance, "volume"),
			  unknown = json_get_text(balance, "unknown");
	const struct json *ahead = json_get(balance, "ahead");

	if (!balance)
		return;
	text_string(to, before);
	if (unknown.n) {
		text_print(to, "%s; all of it is taken to be granted\n",
			   span_is(unknown, "past") ? "what was left on that day is not kept"
						    : "what is left is not known here");
		return;
	}
	if (volume.n)
		text_print(to, "%.*s of %.*s %.*s are left, ",
			   SPAN_ARG(json_get_text(balance, "balance")), SPAN_ARG(volume),
			   SPAN_ARG(json_get_text(balance, "unit")));
	text_print(to, "%.*s, as of %.*s; ", SPAN_ARG(json_get_text(balance, "state")),
		   SPAN_ARG(json_get_text(balance, "as_of")));
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (span_is(json_get_text(balance, "way"), ways[i].way))
			text_string(to, ways[i].means);
	text_string(to, ahead && ahead->kind == JSON_TRUE
			    ? "; less may be left when that day has come\n"
			    : "\n");
}

static void put_measure(struct text *to, const struct json *m)
{
	struct span end = json_get_text(m, "to"), area = json_get_text(m, "area_name");

	text_print(to, "  %.*s: %.*s", SPAN_ARG(json_get_text(m, "levy_name")),
		   SPAN_ARG(json_get_text(m, "expression")));
	put_coded(to, ", preference ", json_get(m, "preference"));
	put_coded(to, " with ", json_get(m, "document"));
	text_print(to, "; for %.*s, from %.*s%s%.*s\n    %.*s: %.*s\n",
		   SPAN_ARG(area.n ? area : SPAN("all countries")),
		   SPAN_ARG(json_get_text(m, "from")), end.n ? " to " : " on", SPAN_ARG(end),
		   SPAN_ARG(json_get_text(m, "id")), SPAN_ARG(json_get_text(m, "source")));
	put_quota(to,
		  arena_print(to->arena, "    quota %.*s: ", SPAN_ARG(json_get_text(m, "quota"))),
		  json_get(m, "quota_balance"));
}

static void put_place(struct text *to, const struct json *answer)
{
	const struct json *m = children(answer, "measures");

	for (const struct json *up = children(answer, "above"); up; up = up->next) {
		put_left(to, json_get_text(up, "code"), 8);
		text_print(to, "%.*s\n", SPAN_ARG(json_get_text(up, "text")));
	}
	put_left(to, json_get_text(answer, "code"), 8);
	text_span(to, json_get_text(answer, "text"));
	put_days(to, answer);
	text_char(to, '\n');
	for (const struct json *down = children(answer, "below"); down; down = down->next) {
		text_string(to, "  ");
		put_left(to, json_get_text(down, "code"), 8);
		text_print(to, "%.*s\n", SPAN_ARG(json_get_text(down, "text")));
	}
	if (m)
		text_string(to, "\nMeasures\n");
	for (; m; m = m->next)
		put_measure(to, m);
	put_permits(to, answer);
}

/* ---- what is due ---- */

struct columns {
	unsigned name, rate, amount;
	struct span currency, invoice;
};

static struct columns columns_of(const struct json *answer)
{
	struct columns c = {.name = sizeof("Customs value") - 1,
			    .currency = json_get_text(answer, "currency"),
			    .invoice = json_get_text(answer, "invoice_currency")};

	for (const struct json *o = children(answer, "options"); o; o = o->next) {
		c.amount = wider(c.amount, json_get_text(json_get(o, "customs_value"), "amount"));
		c.amount = wider(c.amount, json_get_text(o, "total"));
		for (const struct json *l = children(o, "lines"); l; l = l->next) {
			c.name = wider(c.name, json_get_text(l, "name"));
			c.rate = wider(c.rate, json_get_text(l, "rate"));
			c.amount = wider(c.amount, json_get_text(l, "amount"));
		}
	}
	return c;
}

static void put_row(struct text *to, const struct columns *c, struct span name, struct span rate,
		    struct span amount)
{
	text_string(to, "  ");
	put_left(to, name, c->name);
	put_left(to, rate, c->rate);
	put_right(to, amount, c->amount);
}

static void put_option(struct text *to, const struct columns *c, const struct json *o)
{
	struct span quota = json_get_text(o, "quota"), procedure = json_get_text(o, "procedure");
	struct span invoice = json_get_text(o, "total_invoice");
	struct span granted = json_get_text(o, "total_granted");

	text_print(to, "\n%.*s", SPAN_ARG(json_get_text(o, "series")));
	put_coded(to, " ", json_get(o, "preference"));
	if (quota.n)
		text_print(to, ", quota %.*s", SPAN_ARG(quota));
	if (procedure.n)
		text_print(to, ", procedure %.*s", SPAN_ARG(procedure));
	put_coded(to, ", with ", json_get(o, "document"));
	text_char(to, '\n');
	put_quota(to, "  ", json_get(o, "quota_balance"));
	put_row(to, c, SPAN("Customs value"), SPAN(""),
		json_get_text(json_get(o, "customs_value"), "amount"));
	text_print(to, "%.*s\n", SPAN_ARG(c->currency));
	for (const struct json *l = children(o, "lines"); l; l = l->next) {
		struct span name = json_get_text(l, "name"), state = json_get_text(l, "state");

		put_row(to, c, name.n ? name : json_get_text(l, "levy"), json_get_text(l, "rate"),
			json_get_text(l, "amount"));
		if (!span_is(state, "due"))
			text_print(to, "(%.*s) ", SPAN_ARG(state));
		text_print(to, "%.*s\n", SPAN_ARG(json_get_text(l, "source")));
	}
	put_row(to, c, SPAN("Total due"), SPAN(""), json_get_text(o, "total"));
	text_span(to, c->currency);
	if (invoice.n)
		text_print(to, ", %.*s %.*s", SPAN_ARG(invoice), SPAN_ARG(c->invoice));
	if (granted.n)
		text_print(to, "; %.*s if all is granted of the quota", SPAN_ARG(granted));
	text_char(to, '\n');
	for (const struct json *f = children(o, "findings"); f; f = f->next)
		text_print(to, "  %.*s: %.*s\n", SPAN_ARG(json_get_text(f, "severity")),
			   SPAN_ARG(json_get_text(f, "text")));
}

static void put_duty(struct text *to, const struct json *answer)
{
	struct columns c = columns_of(answer);
	struct span origin = json_get_text(answer, "origin");
	struct span destination = json_get_text(answer, "destination");

	text_print(to, "%.*s %.*s", SPAN_ARG(json_get_text(answer, "commodity")),
		   SPAN_ARG(json_get_text(answer, "text")));
	if (origin.n)
		text_print(to, ", origin %.*s", SPAN_ARG(origin));
	if (destination.n)
		text_print(to, ", destination %.*s", SPAN_ARG(destination));
	put_days(to, answer);
	text_char(to, '\n');
	for (const struct json *o = children(answer, "options"); o; o = o->next)
		put_option(to, &c, o);
	put_permits(to, answer);
}

void tariff_text(struct text *to, const struct json *answer)
{
	if (json_get(answer, "options"))
		put_duty(to, answer);
	else if (json_get(answer, "commodities"))
		put_found(to, answer);
	else
		put_place(to, answer);
}
