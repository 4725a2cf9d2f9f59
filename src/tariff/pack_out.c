#include "tariff/pack_out.h"

#include "base/date.h"
#include "base/map.h"
#include "codec/csv.h"

/* What is put under a column of that name; columns that no cell names stay empty. */
struct cell {
	const char *column;
	struct span value;
};

struct making {
	struct tariff *t;
	struct pack_out *out;
	struct cause *why;
	struct arena *arena;
	struct map codes;         /* "list code" of the base */
	struct map areas;         /* countries and groups, of the base and added */
	struct map commodities;   /* of the tariff */
	struct map ids;           /* of measures */
	struct map kept_measures; /* ids of the base that stay */
	struct map replaced;      /* codes of levies */
	struct span from;
	struct span levy[TARIFF_LEVIES]; /* of the base, by kind */
};

/* ---- tables ---- */

static enum err open_table(struct making *m, const struct pack_file *f, struct csv *ret)
{
	struct codec_fault fault;

	if (csv_open(m->arena, f->bytes, ret, &fault))
		return fail(m->why, ERR_FORMAT, "%.*s:%u: %s", SPAN_ARG(f->name), fault.line,
			    fault.text);
	return ERR_NONE;
}

/* false at the end; a row that cannot be read is an error of the base. */
static bool next_row(struct making *m, const struct pack_file *f, struct csv *c, enum err *e)
{
	struct codec_fault fault;
	enum err got = csv_next(c, &fault);

	if (got == ERR_NOT_FOUND)
		return false;
	if (got)
		*e = fail(m->why, ERR_FORMAT, "%.*s:%u: %s", SPAN_ARG(f->name), fault.line,
			  fault.text);
	return !got;
}

static struct span value(const struct csv *c, const char *column)
{
	int i = csv_column(c, column);

	if (i < 0)
		return (struct span){0};
	return c->fields[i];
}

static void put_head(struct text *to, const struct csv *c)
{
	for (uint32_t i = 0; i < c->columns; i++) {
		if (i)
			text_char(to, ',');
		csv_put(to, c->names[i], ',');
	}
	text_char(to, '\n');
}

static void put_row(struct text *to, const struct csv *c)
{
	for (uint32_t i = 0; i < c->columns; i++) {
		if (i)
			text_char(to, ',');
		csv_put(to, c->fields[i], ',');
	}
	text_char(to, '\n');
}

static void put_cells(struct text *to, const struct csv *c, const struct cell *cells, uint32_t n)
{
	for (uint32_t i = 0; i < c->columns; i++) {
		if (i)
			text_char(to, ',');
		for (uint32_t j = 0; j < n; j++)
			if (span_is(c->names[i], cells[j].column))
				csv_put(to, cells[j].value, ',');
	}
	text_char(to, '\n');
}

static struct span source_of(const struct making *m, const char *source, uint32_t line)
{
	return span_of(arena_print(m->arena, "%s, line %u", source ? source : m->t->name, line));
}

static struct span or_else(struct span a, struct span b)
{
	return a.n ? a : b;
}

/* ---- what the base has ---- */

static const struct pack_file *base_file(const struct making *m, const char *name)
{
	for (uint32_t i = 0; i < m->out->files; i++)
		if (span_is(m->out->base[i].name, name))
			return &m->out->base[i];
	return NULL;
}

static struct span code_key(const struct making *m, struct span list, struct span code)
{
	return span_of(arena_print(m->arena, "%.*s %.*s", SPAN_ARG(list), SPAN_ARG(code)));
}

/* Calls take for every row of a table, if the base has it. */
static enum err each_row(struct making *m, const char *name,
			 void (*take)(struct making *m, const struct csv *c))
{
	const struct pack_file *f = base_file(m, name);
	enum err e = ERR_NONE;
	struct csv c;

	if (!f)
		return ERR_NONE;
	e = open_table(m, f, &c);
	while (!e && next_row(m, f, &c, &e))
		take(m, &c);
	return e;
}

static void take_code(struct making *m, const struct csv *c)
{
	map_put(&m->codes, code_key(m, value(c, "list"), value(c, "code")), m);
}

static void take_country(struct making *m, const struct csv *c)
{
	map_put(&m->areas, value(c, "code"), m);
}

static void take_area(struct making *m, const struct csv *c)
{
	map_put(&m->areas, value(c, "area"), m);
}

/* The first of each kind on imports. Several duties are taken to stand in the order of enum tariff_levy: customs duty, then those
 * on dumping, on subsidies, of safeguards. */
static void take_levy(struct making *m, const struct csv *c)
{
	struct span kind = value(c, "kind"), code = value(c, "code");
	enum tariff_levy k = TARIFF_LEVIES;

	for (enum tariff_levy i = 0; i < TARIFF_LEVIES; i++)
		if (span_equal(m->levy[i], code))
			return;
	if (span_is(value(c, "direction"), "export"))
		return;
	if (span_is(kind, "duty")) {
		k = TARIFF_DUTY;
		while (k < TARIFF_SAFEGUARD && m->levy[k].n)
			k++;
	} else if (span_is(kind, "excise")) {
		k = TARIFF_EXCISE;
	} else if (span_is(kind, "vat")) {
		k = TARIFF_VAT;
	}
	if (k < TARIFF_LEVIES && !m->levy[k].n)
		m->levy[k] = code;
}

static enum err read_base(struct making *m)
{
	enum err e = each_row(m, "codes.csv", take_code);

	if (!e)
		e = each_row(m, "countries.csv", take_country);
	if (!e)
		e = each_row(m, "areas.csv", take_area);
	if (!e)
		e = each_row(m, "levies.csv", take_levy);
	if (m->out->levy.n)
		m->levy[TARIFF_DUTY] = m->out->levy;
	m->out->levy = m->levy[TARIFF_DUTY];
	if (!e && !m->out->levy.n)
		e = fail(m->why, ERR_FORMAT, "levies.csv has no duty on imports");
	return e;
}

/* ---- what is added to the base's tables ---- */

static struct text begin_as(const struct making *m, const struct pack_file *f)
{
	struct text to = text_in(m->arena);

	text_span(&to, f->bytes);
	if (to.n && to.p[to.n - 1] != '\n')
		text_char(&to, '\n');
	return to;
}

static enum err add_codes(struct making *m, const struct pack_file *f, struct span *ret)
{
	struct text to = begin_as(m, f);
	struct csv c;
	enum err e = open_table(m, f, &c);

	for (uint32_t i = 0; !e && i < m->t->codes.n; i++) {
		const struct tariff_code *x = &m->t->codes.v[i];
		const struct cell cells[] = {
		    {"list", x->list},       {"code", x->code},
		    {"name_en", x->name_en}, {"name_fr", or_else(x->name_fr, x->name_en)},
		    {"from", m->from},       {"source", span_of(m->t->name)}};

		if (!map_put(&m->codes, code_key(m, x->list, x->code), m))
			put_cells(&to, &c, cells, ARRAY_LEN(cells));
	}
	*ret = text_as_span(&to);
	return e;
}

/* Countries of a group that the base knows; the name stands on the first row of a group. */
static void add_members(struct making *m, struct text *to, const struct csv *c,
			const struct tariff_area *x)
{
	struct span rest = x->members;
	bool first = true;

	while (rest.n) {
		struct span country = span_cut(&rest, ' ');
		const struct cell cells[] = {
		    {"area", x->code},
		    {"country", country},
		    {"name_en", first ? x->name_en : SPAN("")},
		    {"name_fr", first ? or_else(x->name_fr, x->name_en) : SPAN("")},
		    {"from", m->from},
		    {"source", span_of(m->t->name)}};

		if (!country.n)
			continue;
		if (!map_get(&m->areas, country)) {
			tariff_leave(m->t, 0, 0, country, "the base pack has no such country");
			continue;
		}
		put_cells(to, c, cells, ARRAY_LEN(cells));
		first = false;
	}
	if (!first)
		map_put(&m->areas, x->code, m);
}

static enum err add_areas(struct making *m, const struct pack_file *f, struct span *ret)
{
	struct text to = begin_as(m, f);
	struct csv c;
	enum err e = open_table(m, f, &c);

	for (uint32_t i = 0; !e && i < m->t->areas.n; i++)
		if (!map_get(&m->areas, m->t->areas.v[i].code))
			add_members(m, &to, &c, &m->t->areas.v[i]);
	*ret = text_as_span(&to);
	return e;
}

/* ---- the tariff's tables ---- */

static enum err make_nomenclature(struct making *m, const struct pack_file *f, struct span *ret)
{
	struct text to = text_in(m->arena);
	struct csv c;
	enum err e = open_table(m, f, &c);

	if (e)
		return e;
	put_head(&to, &c);
	for (uint32_t i = 0; i < m->t->commodities.n; i++) {
		const struct tariff_commodity *x = &m->t->commodities.v[i];
		const struct cell cells[] = {{"code", x->code},
					     {"declarable", x->declarable ? SPAN("1") : SPAN("0")},
					     {"unit", x->unit},
					     {"text_en", x->text_en},
					     {"text_fr", or_else(x->text_fr, x->text_en)},
					     {"from", or_else(x->from, m->from)},
					     {"to", x->to},
					     {"source", source_of(m, x->source, x->code.line)}};

		put_cells(&to, &c, cells, ARRAY_LEN(cells));
		map_put(&m->commodities, x->code, m);
	}
	*ret = text_as_span(&to);
	return ERR_NONE;
}

/* The same measure of two editions has the same id, so that editions can be compared. */
static struct span id_of(struct making *m, const struct tariff_measure *x)
{
	struct text id = text_in(m->arena);
	size_t n;

	text_span(&id, or_else(x->id, or_else(x->commodity, SPAN("ALL"))));
	if (!x->id.n && x->levy.n)
		text_print(&id, "-%.*s", SPAN_ARG(x->levy));
	if (!x->id.n && x->preference.n)
		text_print(&id, "-%.*s", SPAN_ARG(x->preference));
	if (!x->id.n && !span_is(x->area, "*") && !span_equal(x->area, x->preference))
		text_print(&id, "-%.*s", SPAN_ARG(x->area));
	n = id.n;
	for (uint32_t again = 2; map_put(&m->ids, text_as_span(&id), m); again++) {
		struct text next = text_in(m->arena);

		text_add(&next, id.p, n);
		text_print(&next, "-%u", again);
		id = next;
	}
	return text_as_span(&id);
}

static bool area_known(const struct making *m, const struct tariff_measure *x)
{
	struct span rest = x->exclude;

	if (!span_is(x->area, "*") && !map_get(&m->areas, x->area))
		return false;
	while (rest.n) {
		struct span word = span_cut(&rest, ' ');

		if (word.n && !map_get(&m->areas, word))
			return false;
	}
	return true;
}

static void put_measure(struct making *m, struct text *to, const struct csv *c,
			const struct tariff_measure *x)
{
	const struct cell cells[] = {{"id", id_of(m, x)},
				     {"levy", or_else(x->levy, m->levy[x->kind])},
				     {"commodity", x->commodity},
				     {"area", x->area},
				     {"exclude", x->exclude},
				     {"preference", x->preference},
				     {"expression", x->expression},
				     {"document", x->document},
				     {"additional", x->additional},
				     {"quota", x->quota},
				     {"reference", x->reference},
				     {"from", or_else(x->from, m->from)},
				     {"to", x->to},
				     {"source", source_of(m, x->source, x->line)}};

	put_cells(to, c, cells, ARRAY_LEN(cells));
	m->out->measures++;
}

/* The levies whose rates the tariff says: the base's are replaced. */
static void note_replaced(struct making *m)
{
	map_put(&m->replaced, m->out->levy, m);
	for (uint32_t i = 0; i < m->t->measures.n; i++) {
		const struct tariff_measure *x = &m->t->measures.v[i];

		map_put(&m->replaced, or_else(x->levy, m->levy[x->kind]), m);
	}
}

/* Rows of the base whose goods still exist. */
static bool keep(struct making *m, const struct csv *c)
{
	struct span commodity = value(c, "commodity");
	bool there = !commodity.n || map_get(&m->commodities, commodity);

	m->out->dropped += !there;
	return there;
}

/* Columns that may be left out of the table, and that some measure needs, are added to the head. Rows of the base end before
 * them. */
static void widen(struct making *m, struct csv *c)
{
	bool additional = false, quota = false;
	struct span *names = ARENA_ARRAY(m->arena, struct span, c->columns + 2);

	for (uint32_t i = 0; i < m->t->measures.n; i++) {
		additional = additional || m->t->measures.v[i].additional.n;
		quota = quota || m->t->measures.v[i].quota.n;
	}
	memcpy(names, c->names, c->columns * sizeof(*names));
	if (additional && csv_column(c, "additional") < 0)
		names[c->columns++] = SPAN("additional");
	if (quota && csv_column(c, "quota") < 0)
		names[c->columns++] = SPAN("quota");
	c->names = names;
}

static void put_kept(struct making *m, struct text *to, const struct csv *c, uint32_t columns)
{
	put_row(to, c);
	to->n--;
	for (uint32_t i = c->columns; i < columns; i++)
		text_char(to, ',');
	text_char(to, '\n');
	m->out->kept++;
}

static enum err make_measures(struct making *m, const struct pack_file *f, struct span *ret)
{
	struct text to = text_in(m->arena);
	struct csv c, wide;
	enum err e = open_table(m, f, &c);

	if (e)
		return e;
	note_replaced(m);
	wide = c;
	widen(m, &wide);
	put_head(&to, &wide);
	while (!e && next_row(m, f, &c, &e))
		if (!map_get(&m->replaced, value(&c, "levy")) && keep(m, &c)) {
			map_put(&m->ids, value(&c, "id"), m);
			map_put(&m->kept_measures, value(&c, "id"), m);
			put_kept(m, &to, &c, wide.columns);
		}
	for (uint32_t i = 0; !e && i < m->t->measures.n; i++) {
		const struct tariff_measure *x = &m->t->measures.v[i];

		if (!or_else(x->levy, m->levy[x->kind]).n)
			tariff_leave(m->t, x->line, 0, x->commodity,
				     "the base pack has no levy of this kind");
		else if (area_known(m, x))
			put_measure(m, &to, &wide, x);
		else
			tariff_leave(
			    m->t, x->line, 0, x->area,
			    "neither the base pack nor the source says which countries these are");
	}
	*ret = text_as_span(&to);
	return e;
}

/* Tables whose rows name goods. */
static enum err make_of_goods(struct making *m, const struct pack_file *f, struct span *ret)
{
	struct text to = text_in(m->arena);
	struct csv c;
	enum err e = open_table(m, f, &c);

	if (e)
		return e;
	put_head(&to, &c);
	while (!e && next_row(m, f, &c, &e))
		if (keep(m, &c))
			put_kept(m, &to, &c, c.columns);
	*ret = text_as_span(&to);
	return e;
}

/* Those of measures that stay. */
static enum err make_conditions(struct making *m, const struct pack_file *f, struct span *ret)
{
	struct text to = text_in(m->arena);
	struct csv c;
	enum err e = open_table(m, f, &c);

	if (e)
		return e;
	put_head(&to, &c);
	while (!e && next_row(m, f, &c, &e))
		if (map_get(&m->kept_measures, value(&c, "measure")))
			put_kept(m, &to, &c, c.columns);
		else
			m->out->dropped++;
	*ret = text_as_span(&to);
	return e;
}

/* In this order: a table comes after those that it names. */
static const struct {
	const char *name;
	enum err (*make)(struct making *m, const struct pack_file *f, struct span *ret);
} made[] = {{"codes.csv", add_codes},
	    {"areas.csv", add_areas},
	    {"nomenclature.csv", make_nomenclature},
	    {"measures.csv", make_measures},
	    {"conditions.csv", make_conditions},
	    {"permits.csv", make_of_goods},
	    {"synonyms.csv", make_of_goods}};

static const struct pack_file no_areas = {SPAN("areas.csv"),
					  SPAN("area,country,name_en,name_fr,from,to,source\n")};

static enum err make_tables(struct making *m)
{
	struct pack_out *out = m->out;
	enum err e = ERR_NONE;

	for (uint32_t k = 0; !e && k < ARRAY_LEN(made); k++) {
		struct pack_file *f = NULL;

		for (uint32_t i = 0; i < out->n; i++)
			if (span_is(out->file[i].name, made[k].name))
				f = &out->file[i];
		if (f)
			e = made[k].make(m, f, &f->bytes);
	}
	return e;
}

enum err pack_out_make(struct tariff *t, struct pack_out *out, struct cause *why)
{
	struct making *m = ARENA_NEW(t->arena, struct making);
	struct text from = text_in(t->arena);
	enum err e;

	*m = (struct making){.t = t, .out = out, .why = why, .arena = t->arena};
	m->codes = m->areas = m->commodities = m->ids = m->kept_measures = m->replaced =
	    map_in(t->arena);
	day_write(&from, out->from);
	m->from = text_as_span(&from);
	e = read_base(m);
	if (e)
		return e;
	out->n = 0;
	out->file = ARENA_ARRAY(t->arena, struct pack_file, out->files + 1);
	for (uint32_t i = 0; i < out->files; i++)
		out->file[out->n++] = out->base[i];
	if (!base_file(m, "areas.csv"))
		out->file[out->n++] = no_areas;
	return make_tables(m);
}
