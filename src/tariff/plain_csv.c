#include "tariff/plain_csv.h"

#include "base/date.h"
#include "base/limits.h"
#include "codec/csv.h"

enum column {
	CODE,
	TEXT_EN,
	TEXT_FR,
	UNIT,
	DECLARABLE,
	RATE,
	AREA,
	EXCLUDE,
	PREFERENCE,
	ADDITIONAL,
	QUOTA,
	DOCUMENT,
	LEVY,
	REFERENCE,
	FROM,
	TO,
	COLUMNS
};
static const char *const names[COLUMNS] = {
    "code",       "text_en",    "text_fr", "unit",     "declarable", "rate",      "area", "exclude",
    "preference", "additional", "quota",   "document", "levy",       "reference", "from", "to"};

enum { PROGRESS_ROWS = 4096 };

struct reading {
	struct tariff *t;
	struct csv csv;
	int at[COLUMNS];     /* -1: the table has no such column */
	struct map declared; /* codes whose rows say whether they are declarable */
};

static struct span cell(const struct reading *r, enum column c)
{
	if (r->at[c] < 0)
		return (struct span){0};
	return r->csv.fields[r->at[c]];
}

static void refuse(struct reading *r, enum column c, uint32_t further, const char *why)
{
	uint32_t line = r->at[c] < 0 ? r->csv.row_line : cell(r, c).line;
	uint32_t column = r->at[c] < 0 ? 1 : r->csv.field_column[r->at[c]] + further;

	r->t->refused = true;
	if (r->t->left.n < LIMIT_PACK_FAULTS)
		tariff_leave(r->t, line, column, cell(r, c), why);
}

static bool is_word(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '\t' || s.p[i] == '\n')
			return false;
	return true;
}

static void take_commodity(struct reading *r, struct span code)
{
	struct tariff *t = r->t;
	uintptr_t known = (uintptr_t)map_get(&t->seen, code);
	struct span declarable = cell(r, DECLARABLE);
	struct tariff_commodity *c;

	if (declarable.n && !span_is(declarable, "0") && !span_is(declarable, "1"))
		refuse(r, DECLARABLE, 0, "say 1 or 0, or nothing");
	if (known) {
		if (cell(r, TEXT_EN).n &&
		    !span_equal(cell(r, TEXT_EN), t->commodities.v[known - 1].text_en))
			refuse(r, TEXT_EN, 0, "an earlier row calls this code otherwise");
		return;
	}
	if (!cell(r, TEXT_EN).n)
		refuse(r, TEXT_EN, 0, "the first row of a code says what it is");
	c = TARIFF_PUSH(t, commodities);
	*c = (struct tariff_commodity){.code = code,
				       .text_en = cell(r, TEXT_EN),
				       .text_fr = cell(r, TEXT_FR),
				       .unit = cell(r, UNIT),
				       .declarable = span_is(declarable, "1")};
	c->code.line = r->csv.row_line;
	if (declarable.n)
		map_put(&r->declared, code, r);
	map_put(&t->seen, code, (void *)(uintptr_t)t->commodities.n);
}

static bool day_at(struct reading *r, enum column c, int32_t *ret)
{
	if (!cell(r, c).n)
		return false;
	if (!day_parse(cell(r, c), ret))
		return true;
	refuse(r, c, 0, "not a day of the calendar, written as 2026-11-22");
	return false;
}

static void check_cells(struct reading *r)
{
	static const enum column words[] = {UNIT,  AREA,     PREFERENCE, ADDITIONAL,
					    QUOTA, DOCUMENT, LEVY};
	int32_t from, to;
	bool begins, ends;

	for (uint32_t i = 0; i < ARRAY_LEN(words); i++)
		if (!is_word(cell(r, words[i])))
			refuse(r, words[i], 0, "a code has no blanks in it");
	begins = day_at(r, FROM, &from); /* both are looked at, whatever one says */
	ends = day_at(r, TO, &to);
	if (begins && ends && to < from)
		refuse(r, TO, 0, "the last day lies before the first");
}

static void take_rate(struct reading *r, struct span code)
{
	struct span text = cell(r, RATE);
	const char *why = NULL;
	uint32_t at = 0;
	struct tariff_line line = {.code = code, .line = r->csv.row_line};
	struct tariff_measure *m;

	if (!text.n)
		return;
	line.general = (struct tariff_rate){text, tariff_rate_of(text, &why, &at)};
	if (line.general.rate.kind == RATE_NOT_UNDERSTOOD)
		refuse(r, RATE, at, why);
	m = TARIFF_PUSH(r->t, measures);
	*m = (struct tariff_measure){.commodity = code,
				     .levy = cell(r, LEVY),
				     .area = cell(r, AREA).n ? cell(r, AREA) : SPAN("*"),
				     .exclude = cell(r, EXCLUDE),
				     .preference = cell(r, PREFERENCE),
				     .additional = cell(r, ADDITIONAL),
				     .quota = cell(r, QUOTA),
				     .document = cell(r, DOCUMENT),
				     .reference = cell(r, REFERENCE),
				     .expression = text,
				     .from = cell(r, FROM),
				     .to = cell(r, TO),
				     .line = r->csv.row_line};
	if (span_is(m->area, "*") && !m->preference.n && !m->additional.n && !m->quota.n &&
	    !m->document.n && !m->levy.n)
		tariff_add_line(r->t, &line);
}

static void take_row(struct reading *r)
{
	struct span code = cell(r, CODE);

	if (!tariff_is_code(code)) {
		refuse(r, CODE, 0, "a commodity code has 2, 4, 6, 8 or 10 digits");
		return;
	}
	check_cells(r);
	take_commodity(r, code);
	take_rate(r, code);
}

static enum err open_table(struct reading *r, struct span bytes, struct codec_fault *fault)
{
	enum err e = csv_open(r->t->arena, bytes, &r->csv, fault);

	if (e)
		return e;
	for (enum column c = 0; c < COLUMNS; c++)
		r->at[c] = csv_column(&r->csv, names[c]);
	for (uint32_t i = 0; i < r->csv.columns; i++) {
		bool known = false;

		for (enum column c = 0; c < COLUMNS; c++)
			known = known || span_is(r->csv.names[i], names[c]);
		if (known)
			continue;
		*fault =
		    (struct codec_fault){r->csv.line > 1 ? r->csv.line - 1 : 1, 1,
					 arena_print(r->t->arena, "no column is called \"%.*s\"",
						     SPAN_ARG(r->csv.names[i]))};
		return ERR_FORMAT;
	}
	if (r->at[CODE] >= 0)
		return ERR_NONE;
	*fault = (struct codec_fault){1, 1, "there is no column \"code\""};
	return ERR_FORMAT;
}

/* Where no row says it, a code is declarable unless another stands below it. */
static void mark_declarable(struct reading *r)
{
	struct tariff *t = r->t;
	struct map above = map_in(t->arena);

	for (uint32_t i = 0; i < t->commodities.n; i++) {
		struct span s = t->commodities.v[i].code;

		while (s.n > 2) {
			s.n -= 2;
			map_put(&above, s, r);
		}
	}
	for (uint32_t i = 0; i < t->commodities.n; i++) {
		struct tariff_commodity *c = &t->commodities.v[i];

		if (!map_get(&r->declared, c->code))
			c->declarable = !map_get(&above, c->code);
	}
}

enum err plain_csv_read(struct tariff *t, struct span bytes, struct codec_fault *ret_fault)
{
	struct reading *r = ARENA_NEW(t->arena, struct reading);
	enum err e;

	r->t = t;
	r->declared = t->seen = map_in(t->arena);
	e = open_table(r, bytes, ret_fault);
	while (!e && !(e = csv_next(&r->csv, ret_fault))) {
		if (t->rows++ == LIMIT_PACK_ROWS) {
			*ret_fault = (struct codec_fault){r->csv.row_line, 1,
							  "more rows than a pack may have"};
			return ERR_LIMIT;
		}
		if (t->progress && t->rows % PROGRESS_ROWS == 0)
			t->progress(t->context, bytes.n - r->csv.rest.n, bytes.n);
		take_row(r);
	}
	if (e != ERR_NOT_FOUND)
		return e;
	mark_declarable(r);
	return ERR_NONE;
}
