/* Declarations, parties, versions, day keys, roots, numbers, quarantine: what goes in comes out, in
 * the order that is promised. */
#include "store/store.h"

#include "store_dir.h"

/* A put of any kind, in a batch of its own. */
static enum err put_declaration(struct store *s, void *row, struct cause *why)
{
	return store_put_declaration(s, row, why);
}

static enum err put_party(struct store *s, void *row, struct cause *why)
{
	return store_put_party(s, row, why);
}

static enum err put_activation(struct store *s, void *row, struct cause *why)
{
	return store_put_activation(s, row, why);
}

static enum err put_day_key(struct store *s, void *row, struct cause *why)
{
	return store_put_day_key(s, row, why);
}

static enum err put_root(struct store *s, void *row, struct cause *why)
{
	return store_put_root(s, row, why);
}

static enum err put_quarantine(struct store *s, void *row, struct cause *why)
{
	return store_put_quarantine(s, row, why);
}

static enum err put_version(struct store *s, void *bytes, struct cause *why)
{
	const struct span b = *(struct span *)bytes;
	const struct hash h = hash_bytes(b.p, b.n);

	return store_put_version(s, SPAN("pack"), &h, b, STORE_NOW, why);
}

static enum err put(struct store *s, enum err (*how)(struct store *, void *, struct cause *),
		    const void *row, size_t size)
{
	_Alignas(max_align_t) char copy[512];
	struct cause why = {0};

	assert_true(size <= sizeof(copy));
	memcpy(copy, row, size);
	return store_batch(s, how, copy, &why);
}

#define PUT(s, how, row) put((s), (how), &(row), sizeof(row))

static struct store_declaration declaration(const char *reference, const char *trader_reference,
					    const char *state, const char *lane)
{
	return (struct store_declaration){
	    .office = SPAN("LF001"),
	    .reference = span_of(reference),
	    .version = 1,
	    .sender = SPAN("BROKER1"),
	    .trader_reference = span_of(trader_reference),
	    .input_sha256 =
		SPAN("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
	    .type = SPAN("IM"),
	    .state = span_of(state),
	    .lane = span_of(lane),
	    .holder = SPAN("LFTIN1"),
	    .items = 3,
	    .currency = SPAN("LFD"),
	    .total_minor = INT64_C(9007199254740993),
	    .day = SPAN("2026-11-22"),
	    .decided_at = STORE_NOW,
	    .input_seq = 1,
	    .decision_seq = 2,
	    .answer_seq = 3,
	};
}

static void test_a_declaration_comes_back_and_is_overwritten(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_declaration in = declaration("26LF1", "T-1", "held", "red"),
				 out = {.version = 77};
	struct cause why = {0};

	assert_int_equal(
	    store_get_declaration(s, d->arena, SPAN("LF001"), SPAN("26LF1"), &out, &why),
	    ERR_NOT_FOUND);
	assert_int_equal(out.version, 77);
	assert_int_equal(PUT(s, put_declaration, in), ERR_NONE);
	assert_ok(store_get_declaration(s, d->arena, SPAN("LF001"), SPAN("26LF1"), &out, &why));
	assert_span(out.office, "LF001");
	assert_span(out.reference, "26LF1");
	assert_span(out.sender, "BROKER1");
	assert_span(out.trader_reference, "T-1");
	assert_span(out.input_sha256,
		    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_span(out.type, "IM");
	assert_span(out.state, "held");
	assert_span(out.lane, "red");
	assert_span(out.holder, "LFTIN1");
	assert_span(out.currency, "LFD");
	assert_span(out.day, "2026-11-22");
	assert_true(out.version == 1 && out.items == 3 &&
		    out.total_minor == INT64_C(9007199254740993));
	assert_true(out.decided_at == STORE_NOW && out.input_seq == 1 && out.decision_seq == 2 &&
		    out.answer_seq == 3);

	in = declaration("26LF1", "T-2", "released", "green");
	in.version = 2;
	in.holder = SPAN("LFTIN2");
	in.items = 4;
	in.currency = SPAN("EUR");
	in.total_minor = -5;
	in.day = SPAN("2026-11-23");
	in.decided_at++;
	in.input_seq = 4;
	in.decision_seq = 5;
	in.answer_seq = 6;
	assert_int_equal(PUT(s, put_declaration, in), ERR_NONE);
	assert_ok(store_get_declaration(s, d->arena, SPAN("LF001"), SPAN("26LF1"), &out, &why));
	assert_span(out.state, "released");
	assert_span(out.lane, "green");
	assert_span(out.trader_reference, "T-2");
	assert_span(out.holder, "LFTIN2");
	assert_span(out.currency, "EUR");
	assert_span(out.day, "2026-11-23");
	assert_true(out.version == 2 && out.items == 4 && out.total_minor == -5 &&
		    out.decided_at == STORE_NOW + 1);
	assert_true(out.input_seq == 4 && out.decision_seq == 5 && out.answer_seq == 6);
	store_close(s);
}

static void test_a_traders_reference_finds_all_newest_last(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct store_trader_key keys[] = {
	    {SPAN("LF001"), SPAN("BROKER1"), SPAN("T-1")},
	    {SPAN("LF001"), SPAN("BROKER2"), SPAN("T-1")},
	    {SPAN("LF001"), SPAN("BROKER1"), SPAN("t-1")},
	    {SPAN("LF001"), SPAN("BROKER1"), SPAN("T-2")},
	};
	struct store_declarations found[ARRAY_LEN(keys)];
	struct store_declaration rows[] = {declaration("26LF9", "T-1", "rejected", "none"),
					   declaration("26LF8", "T-1", "released", "green"),
					   declaration("26LF7", "T-2", "released", "green")};
	struct cause why = {0};

	rows[0].input_seq = 10;
	rows[1].input_seq = 20;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(PUT(s, put_declaration, rows[i]), ERR_NONE);
	assert_ok(store_find_declarations(s, d->arena, keys, ARRAY_LEN(keys), found, &why));
	assert_int_equal(found[0].count, 2);
	assert_span(found[0].row[0].reference, "26LF9");
	assert_span(found[0].row[1].reference, "26LF8");
	assert_int_equal(found[1].count, 0);
	assert_int_equal(found[2].count, 0);
	assert_int_equal(found[3].count, 1);
	store_close(s);
}

static enum err count_row(void *context, const struct store_declaration *row, struct cause *why)
{
	(void)row;
	(void)why;
	++*(int *)context;
	return ERR_NONE;
}

static enum err clear_projections(struct store *s, void *context, struct cause *why)
{
	enum err err = store_clear_declarations(s, why);

	(void)context;
	return err ? err : store_clear_parties(s, why);
}

struct listed_case {
	struct store_declaration row;
	struct store_life life;
	struct event answer;
};

static enum err put_listed(struct store *s, void *row, struct cause *why)
{
	const struct listed_case *c = row;
	const struct store_case_party p = {SPAN("XL2"), c->row.reference, c->row.office};
	enum err e = store_put_declaration(s, &c->row, why);

	if (!e && c->life.seq)
		e = store_put_life(s, &c->life, why);
	if (!e && c->answer.seq)
		e = store_append_event(s, &c->answer, why);
	return e ? e : store_put_case_party(s, &p, why);
}

static struct listed_case listed(const char *reference, const char *key, const char *state,
				 int64_t seq)
{
	struct listed_case c = {.row = declaration(reference, key, state, "red")};

	c.row.answer_seq = seq;
	if (strcmp(state, "rejected") != 0)
		c.life = (struct store_life){.office = c.row.office,
					     .reference = c.row.reference,
					     .party = SPAN("XL2"),
					     .state = c.row.state,
					     .lane = c.row.lane,
					     .examiner = SPAN("bob"),
					     .seq = 40 + seq,
					     .body = SPAN("{\"a\":1}")};
	return c;
}

/* The row, its life and its answer come together; what is not there is told apart from what is empty. */
static void test_a_page_of_cases_is_one_statement(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct listed_case c[3] = {listed("26LF1", "key/abc", "selected", 1),
				   listed("26LF2", "T-2", "rejected", 2),
				   listed("26LF3", "T-3", "selected", 3)};
	const struct span selected[] = {SPAN("selected")}, lane[] = {SPAN("red"), SPAN("green")};
	struct store_worklist page = {.office = SPAN("LF001"),
				      .state = selected,
				      .states = 1,
				      .lane = lane,
				      .lanes = 2,
				      .examiner = SPAN(""),
				      .party = SPAN(""),
				      .since = SPAN(""),
				      .until = SPAN(""),
				      .after = {.reference = SPAN("")},
				      .limit = 2};
	struct store_work *work;
	struct hash chain = {{0}};
	struct cause why = {0};
	struct store_case *list;
	uint32_t n;

	for (int i = 0; i < 3; i++) {
		c[i].answer = store_dir_event(c[i].row.answer_seq, "answer", "26LF1",
					      SPAN("the answer"), &chain);
		chain = c[i].answer.chain;
		assert_ok(store_batch(s, put_listed, &c[i], &why));
	}
	assert_ok(store_list_work(s, d->arena, &page, &work, &n, &why));
	assert_int_equal(n, 2);
	assert_ok(store_get_cases(s, d->arena, SPAN("LF001"), work, n, &list, &why));
	assert_span(list[0].row.reference, "26LF1");
	assert_span(list[0].answer, "the answer");
	assert_span(list[0].examiner, "bob");
	assert_span(list[0].life, "{\"a\":1}");
	assert_int_equal(list[0].life_seq, 41);
	assert_span(list[1].row.reference, "26LF3");
	assert_null(list[1].answer.p);
	page.after = work[0];
	assert_ok(store_list_work(s, d->arena, &page, &work, &n, &why));
	assert_int_equal(n, 1);
	page.lane = &lane[1];
	page.lanes = 1;
	assert_ok(store_list_work(s, d->arena, &page, &work, &n, &why));
	assert_int_equal(n, 0);
	assert_ok(store_list_cases_of(s, d->arena, SPAN("XL2"), SPAN(""), 9, &list, &n, &why));
	assert_int_equal(n, 3);
	assert_span(list[1].row.reference, "26LF2");
	assert_int_equal(list[1].life_seq, 0);
	assert_null(list[1].life.p);
	assert_ok(store_list_cases_of(s, d->arena, SPAN("XL2"), SPAN("26LF2"), 9, &list, &n, &why));
	assert_int_equal(n, 1);
	assert_span(list[0].row.reference, "26LF1");
	store_close(s);
}

/* ---- worklists, beside a list that is gone through from one end to the other ---- */

enum { WORKS = 300, WORK_STATES = 3, WORK_LANES = 2 };
static const char *const work_states[] = {"selected", "documents", "released"};
static const char *const work_lanes[] = {"red", "yellow"};
static const char *const work_examiners[] = {"", "bob", "olga"};
static const char *const work_parties[] = {"XL2", "XL3", "XL4"};
/* What a case declared of chapters 85 and 01. */
static const char *const work_codes[] = {",85171300", ",85171800,85176200", ",01051100"};
static const char *const work_asked[] = {"", "85", "8517", "85176200", "01051100", "02"};
static const char *const work_days[] = {"2026-11-20", "2026-11-21", "2026-11-22"};

struct made_work {
	char reference[16];
	uint32_t state, lane, examiner, party, day, codes;
	int64_t deadline;
};

static enum err put_works(struct store *s, void *context, struct cause *why)
{
	const struct made_work *w = context;
	enum err e = ERR_NONE;

	for (int i = 0; i < WORKS && !e; i++) {
		struct store_declaration row = declaration(
		    w[i].reference, w[i].reference, work_states[w[i].state], work_lanes[w[i].lane]);
		const struct store_life l = {.office = i % 7 ? SPAN("LF001") : SPAN("LF002"),
					     .reference = row.reference,
					     .party = span_of(work_parties[w[i].party]),
					     .state = row.state,
					     .lane = row.lane,
					     .examiner = span_of(work_examiners[w[i].examiner]),
					     .deadline = w[i].deadline,
					     .seq = 1,
					     .body = SPAN("{}")};
		const struct store_case_party p = {l.party, l.reference, l.office};

		const struct store_case_codes g = {l.office,
						   {work_codes[w[i].codes] + 1, 2, 0},
						   l.reference,
						   span_of(work_codes[w[i].codes])};

		row.office = l.office;
		row.day = span_of(work_days[w[i].day]);
		e = store_put_declaration(s, &row, why);
		if (!e)
			e = store_put_life(s, &l, why);
		if (!e)
			e = store_put_case_party(s, &p, why);
		if (!e)
			e = store_put_case_codes(s, &g, why);
	}
	return e;
}

/* Does one of the codes begin like this? */
static bool has_code(const char *codes, struct span begins)
{
	for (const char *at = codes; (at = strchr(at, ',')); at++)
		if (!strncmp(at + 1, begins.p, begins.n))
			return true;
	return false;
}

static bool is_wanted(const struct store_worklist *l, const struct made_work *w)
{
	bool state = false, lane = false;
	const char *day = work_days[w->day];

	for (uint32_t i = 0; i < l->states; i++)
		state |= span_is(l->state[i], work_states[w->state]);
	for (uint32_t i = 0; i < l->lanes; i++)
		lane |= span_is(l->lane[i], work_lanes[w->lane]);
	return state && lane &&
	       (!l->examiner.n || span_is(l->examiner, work_examiners[w->examiner])) &&
	       (!l->party.n || span_is(l->party, work_parties[w->party])) &&
	       (!l->commodity.n || has_code(work_codes[w->codes], l->commodity)) &&
	       (!l->since.n || span_compare(span_of(day), l->since) >= 0) &&
	       (!l->until.n || span_compare(span_of(day), l->until) <= 0) &&
	       (l->order != STORE_BY_DEADLINE || w->deadline);
}

/* Does x come before y? */
static bool is_before(const struct store_worklist *l, const struct made_work *x,
		      const struct made_work *y)
{
	if (l->order == STORE_BY_LANE && x->lane != y->lane)
		return x->lane < y->lane;
	if (l->order == STORE_BY_DEADLINE && x->deadline != y->deadline)
		return x->deadline < y->deadline;
	return l->order == STORE_NEWEST ? strcmp(x->reference, y->reference) > 0
					: strcmp(x->reference, y->reference) < 0;
}

static uint32_t expected_work(const struct store_worklist *l, const struct made_work *w,
			      const struct made_work **ret)
{
	uint32_t n = 0;

	for (int i = 0; i < WORKS; i++) {
		uint32_t at = n;

		if (i % 7 == 0 || !is_wanted(l, &w[i]))
			continue;
		for (; at && is_before(l, &w[i], ret[at - 1]); at--)
			ret[at] = ret[at - 1];
		ret[at] = &w[i];
		n++;
	}
	return n;
}

/* Page after page it gives what is wanted, in order, nothing twice. */
static void assert_worklist(struct store_dir *d, struct store *s, struct store_worklist *l,
			    const struct made_work *w)
{
	const struct made_work *expected[WORKS];
	const uint32_t wanted = expected_work(l, w, expected);
	struct cause why = {0};
	struct store_work *page;
	uint32_t seen = 0, n;

	do {
		assert_ok(store_list_work(s, d->arena, l, &page, &n, &why));
		for (uint32_t i = 0; i < n; i++, seen++) {
			assert_true(seen < wanted);
			assert_span(page[i].reference, expected[seen]->reference);
		}
		if (n)
			l->after = page[n - 1];
	} while (n == l->limit);
	assert_int_equal(seen, wanted);
}

static void test_worklists_in_every_order(void **state)
{
	const struct span states[] = {SPAN("documents"), SPAN("selected")},
			  lanes[] = {SPAN("red"), SPAN("yellow")};
	static const enum store_order orders[] = {STORE_OLDEST, STORE_NEWEST, STORE_BY_LANE,
						  STORE_BY_DEADLINE};
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct made_work w[WORKS];
	struct cause why = {0};
	int64_t *counts;

	for (uint32_t i = 0; i < WORKS; i++) {
		const uint32_t x = i * 2654435761u >> 8;

		w[i] = (struct made_work){.state = x % WORK_STATES,
					  .lane = x / 3 % WORK_LANES,
					  .examiner = x / 7 % 3,
					  .party = x / 11 % 3,
					  .day = i / 100,
					  .codes = x / 13 % 3,
					  .deadline = x % 5 ? 0 : STORE_NOW + x % 17};
		snprintf(w[i].reference, sizeof(w[i].reference), "26LF%04u", i);
	}
	assert_ok(store_batch(s, put_works, w, &why));
	for (uint32_t i = 0; i < 4 * 32 * ARRAY_LEN(work_asked); i++) {
		struct store_worklist l = {
		    .office = SPAN("LF001"),
		    .state = states,
		    .states = i & 4 ? 1 : 2,
		    .lane = lanes,
		    .lanes = i & 8 ? 1 : 2,
		    .examiner = i & 16 ? SPAN("bob") : SPAN(""),
		    .party = i & 32 ? SPAN("XL3") : SPAN(""),
		    .since = i & 64 ? SPAN("2026-11-21") : SPAN(""),
		    .until = i & 64 ? SPAN("2026-11-21") : SPAN(""),
		    .commodity = span_of(work_asked[i / 128]),
		    .order = orders[i % 4],
		    .after = {.reference = SPAN(""), .lane = SPAN("")},
		    .limit = 7,
		};

		assert_worklist(d, s, &l, w);
		if (i >= 64 || i & 32)
			continue;
		assert_ok(store_count_work(s, d->arena, &l, &counts, &why));
		for (uint32_t k = 0; k < l.states * l.lanes; k++) {
			const struct made_work *expected[WORKS];
			struct store_worklist one = l;

			one.state = &l.state[k / l.lanes];
			one.lane = &l.lane[k % l.lanes];
			one.states = one.lanes = 1;
			one.order = STORE_OLDEST;
			assert_int_equal(counts[k], expected_work(&one, w, expected));
		}
	}
	store_close(s);
}

static void test_counts_by_day(void **state)
{
	static const char *const days[] = {"2026-11-20", "2026-11-21", "2026-11-21", "2026-11-22"};
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_declaration_count *counts;
	uint32_t n;
	int seen = 0;
	char reference[16];
	struct cause why = {0};

	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		struct store_declaration row;

		snprintf(reference, sizeof(reference), "26LF%zu", i);
		row = declaration(reference, "T", "released", i == 3 ? "red" : "green");
		row.day = span_of(days[i]);
		assert_int_equal(PUT(s, put_declaration, row), ERR_NONE);
	}
	assert_ok(store_count_declarations(s, d->arena, SPAN("LF001"), SPAN("2026-11-21"),
					   SPAN("2026-11-22"), &counts, &n, &why));
	assert_int_equal(n, 2);
	assert_span(counts[0].day, "2026-11-21");
	assert_span(counts[0].lane, "green");
	assert_span(counts[0].state, "released");
	assert_int_equal(counts[0].count, 2);
	assert_span(counts[1].lane, "red");
	assert_int_equal(counts[1].count, 1);
	assert_ok(store_scan_declarations(s, count_row, &seen, &why));
	assert_int_equal(seen, 4);
	assert_ok(store_batch(s, clear_projections, NULL, &why));
	seen = 0;
	assert_ok(store_scan_declarations(s, count_row, &seen, &why));
	assert_int_equal(seen, 0);
	store_close(s);
}

static enum err note_party(void *context, const struct store_party *p, struct cause *why)
{
	char *text = context;

	(void)why;
	snprintf(text + strlen(text), 64, "%.*s=%lld ", SPAN_ARG(p->holder),
		 (long long)p->declared);
	return ERR_NONE;
}

static void test_parties(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct span holders[] = {SPAN("B"), SPAN("unknown"), SPAN("A")};
	struct store_party in[] =
	    {{SPAN("B"), 5, 2, 1, SPAN("2026-01-01"), SPAN("2026-11-22"), SPAN("\x01\x00\xff")},
	     {SPAN("A"), 1, 0, 0, SPAN("2026-11-22"), SPAN("2026-11-22"), {NULL, 0, 0}}},
			   out[ARRAY_LEN(holders)];
	char text[256] = "";
	struct cause why = {0};

	assert_int_equal(PUT(s, put_party, in[0]), ERR_NONE);
	assert_int_equal(PUT(s, put_party, in[1]), ERR_NONE);
	assert_ok(store_get_parties(s, d->arena, holders, ARRAY_LEN(holders), out, &why));
	assert_true(out[0].declared == 5 && out[0].selected == 2 && out[0].irregular == 1);
	assert_span(out[0].first_day, "2026-01-01");
	assert_span(out[0].last_day, "2026-11-22");
	assert_int_equal(out[0].recent.n, 3);
	assert_span(out[1].holder, "unknown");
	assert_true(out[1].declared == 0 && !out[1].recent.p);
	assert_span(out[2].holder, "A");
	assert_null(out[2].recent.p);
	in[1].declared = 2;
	assert_int_equal(PUT(s, put_party, in[1]), ERR_NONE);
	assert_ok(store_scan_parties(s, note_party, text, &why));
	assert_string_equal(text, "A=2 B=5 ");
	store_close(s);
}

static void test_versions_are_kept_whole(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct span pack = SPAN("a\0pack"), nothing = SPAN("");
	const struct hash h = hash_bytes(pack.p, pack.n), empty = hash_bytes("", 0),
			  other = hash_bytes("x", 1);
	struct span bytes;
	struct cause why = {0};

	assert_int_equal(PUT(s, put_version, pack), ERR_NONE);
	assert_int_equal(PUT(s, put_version, pack), ERR_NONE); /* again is nothing */
	assert_int_equal(PUT(s, put_version, nothing), ERR_NONE);
	assert_ok(store_get_version(s, d->arena, SPAN("pack"), &h, &bytes, &why));
	assert_true(span_equal(bytes, pack));
	assert_ok(store_get_version(s, d->arena, SPAN("pack"), &empty, &bytes, &why));
	assert_int_equal(bytes.n, 0);
	assert_int_equal(store_get_version(s, d->arena, SPAN("pack"), &other, &bytes, &why),
			 ERR_NOT_FOUND);
	assert_int_equal(store_get_version(s, d->arena, SPAN("rules"), &h, &bytes, &why),
			 ERR_NOT_FOUND);
	store_close(s);
}

static void test_what_is_in_force(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	/* 2 announces a pack for July; 3 mends June after that; 5 replaces 2 on the same day. */
	struct store_activation rows[] = {
	    {1, SPAN("pack"), {{1}}, SPAN("2026-01-01"), 100},
	    {2, SPAN("pack"), {{2}}, SPAN("2026-07-01"), 200},
	    {3, SPAN("pack"), {{3}}, SPAN("2026-06-01"), 300},
	    {4, SPAN("rules"), {{4}}, SPAN("2026-01-01"), 400},
	    {5, SPAN("pack"), {{5}}, SPAN("2026-07-01"), 500},
	};
	static const struct {
		const char *kind, *day;
		int64_t known_at, seq;
	} cases[] = {
	    {"pack", "2025-12-31", INT64_MAX, 0},  {"pack", "2026-01-01", INT64_MAX, 1},
	    {"pack", "2026-06-30", INT64_MAX, 3},  {"pack", "2026-06-30", 299, 1},
	    {"pack", "2026-07-01", INT64_MAX, 5},  {"pack", "2026-07-01", 499, 2},
	    {"pack", "2026-07-01", 99, 0},         {"rules", "2026-07-01", INT64_MAX, 4},
	    {"model", "2026-07-01", INT64_MAX, 0},
	};
	struct store_activation found, *list;
	uint32_t count;
	struct cause why = {0};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(PUT(s, put_activation, rows[i]), ERR_NONE);
	assert_int_equal(PUT(s, put_activation, rows[0]), ERR_CONFLICT);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum err err;

		found = (struct store_activation){0};
		err = store_get_in_force(s, d->arena, span_of(cases[i].kind), span_of(cases[i].day),
					 cases[i].known_at, &found, &why);
		assert_int_equal(err, cases[i].seq ? ERR_NONE : ERR_NOT_FOUND);
		assert_int_equal(found.seq, cases[i].seq);
		assert_int_equal(found.hash.byte[0], cases[i].seq);
	}
	assert_ok(store_list_activations(s, d->arena, &list, &count, &why));
	assert_int_equal(count, 5);
	assert_span(list[3].kind, "rules");
	store_close(s);
}

static void test_a_days_key_never_changes(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_day_key in = {SPAN("2026-11-22"),
				   {{7}},
				   SPAN("0.02"),
				   SPAN("sealed"),
				   STORE_NOW},
			     other = in, out, *list;
	uint32_t count;
	struct cause why = {0};

	other.commitment.byte[0] = 8;
	assert_int_equal(store_get_day_key(s, d->arena, in.day, &out, &why), ERR_NOT_FOUND);
	assert_int_equal(PUT(s, put_day_key, in), ERR_NONE);
	assert_int_equal(PUT(s, put_day_key, other), ERR_CONFLICT);
	other.day = SPAN("2026-11-23");
	assert_int_equal(PUT(s, put_day_key, other), ERR_NONE);
	assert_ok(store_get_day_key(s, d->arena, in.day, &out, &why));
	assert_int_equal(out.commitment.byte[0], 7);
	assert_span(out.rate, "0.02");
	assert_span(out.sealed, "sealed");
	assert_true(out.at == STORE_NOW);
	assert_ok(store_list_day_keys(s, d->arena, SPAN("2026-11-23"), SPAN("2026-12-31"), &list,
				      &count, &why));
	assert_int_equal(count, 1);
	assert_span(list[0].day, "2026-11-23");
	store_close(s);
}

static void test_roots(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_root in = {SPAN("LF001"), 10,    SPAN("2026-11-22"), {{1}},
				{{0}},         {{9}}, STORE_NOW},
			  out, *list;
	uint32_t count;
	struct cause why = {0};

	assert_int_equal(store_get_root(s, d->arena, in.office, &out, &why), ERR_NOT_FOUND);
	assert_int_equal(PUT(s, put_root, in), ERR_NONE);
	assert_int_equal(PUT(s, put_root, in), ERR_CONFLICT);
	in.seq = 200;
	in.previous = in.chain;
	in.chain.byte[0] = 2;
	in.signature.byte[63] = 8;
	assert_int_equal(PUT(s, put_root, in), ERR_NONE);
	assert_ok(store_get_root(s, d->arena, in.office, &out, &why));
	assert_int_equal(out.seq, 200);
	assert_true(out.chain.byte[0] == 2 && out.previous.byte[0] == 1 &&
		    out.signature.byte[0] == 9 && out.signature.byte[63] == 8);
	assert_span(out.day, "2026-11-22");
	assert_ok(store_list_roots(s, d->arena, in.office, &list, &count, &why));
	assert_int_equal(count, 2);
	assert_int_equal(list[0].seq, 10);
	store_close(s);
}

static enum err put_goods(struct store *s, void *row, struct cause *why)
{
	return store_put_goods(s, row, why);
}

static void test_the_same_goods_lodged_again(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_goods in = {SPAN("LFTIN1"), SPAN("ab12"), SPAN("LF001"), SPAN("26LF1"), 2},
			   out;
	struct cause why = {0};

	assert_int_equal(PUT(s, put_goods, in), ERR_NONE);
	assert_int_equal(store_get_goods(s, d->arena, SPAN("LFTIN2"), in.goods, &out, &why),
			 ERR_NOT_FOUND);
	assert_ok(store_get_goods(s, d->arena, in.holder, in.goods, &out, &why));
	assert_span(out.reference, "26LF1");
	in.office = SPAN("LF002");
	in.reference = SPAN("26LF2");
	in.decision_seq = 7;
	assert_int_equal(PUT(s, put_goods, in), ERR_NONE);
	assert_ok(store_get_goods(s, d->arena, in.holder, in.goods, &out, &why));
	assert_span(out.office, "LF002");
	assert_span(out.reference, "26LF2");
	assert_int_equal(out.decision_seq, 7);
	store_close(s);
}

static enum err add_draw_count(struct store *s, void *row, struct cause *why)
{
	return store_add_draw_count(s, row, why);
}

static void test_draws_add_up_by_day(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	const struct store_draw_count adds[] = {
	    {SPAN("2026-11-23"), 10, 1}, {SPAN("2026-11-22"), 5, 0}, {SPAN("2026-11-23"), 7, 2}};
	struct store_draw_count *list;
	uint32_t count;
	struct cause why = {0};

	for (size_t i = 0; i < ARRAY_LEN(adds); i++)
		assert_int_equal(PUT(s, add_draw_count, adds[i]), ERR_NONE);
	assert_ok(store_list_draw_counts(s, d->arena, &list, &count, &why));
	assert_int_equal(count, 2);
	assert_span(list[0].day, "2026-11-22");
	assert_true(list[1].drawn == 17 && list[1].picked == 3);
	store_close(s);
}

struct take {
	uint32_t n;
	int64_t year, first;
	enum err err;
};

static enum err take(struct store *s, void *context, struct cause *why)
{
	struct take *t = context;
	enum err err = store_take_numbers(s, SPAN("LF001"), t->year, t->n, &t->first, why);

	return err ? err : t->err;
}

static void test_numbers_are_taken_once_and_without_a_gap(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct take steps[] = {{3, 2026, 0, ERR_NONE},
			       {1, 2026, 0, ERR_NONE},
			       {5, 2026, 0, ERR_LIMIT},
			       {2, 2026, 0, ERR_NONE},
			       {1, 2027, 0, ERR_NONE}};
	const int64_t want[] = {1, 4, 5, 5, 1}; /* the third was rolled back */

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct cause why = {0};

		assert_int_equal(store_batch(s, take, &steps[i], &why), steps[i].err);
		assert_int_equal(steps[i].first, want[i]);
	}
	store_close(s);
}

static enum err note_reason(void *context, const struct store_quarantine *q, struct cause *why)
{
	(void)why;
	snprintf(context, 64, "%.*s", SPAN_ARG(q->reason));
	return ERR_NONE;
}

static void test_quarantine(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_quarantine in = {hash_bytes("boom", 4), SPAN("boom"), STORE_NOW,
				      SPAN("first reason")},
				out;
	const struct hash h = in.sha256, other = hash_bytes("x", 1);
	char text[64] = "";
	struct cause why = {0};

	assert_int_equal(PUT(s, put_quarantine, in), ERR_NONE);
	in.reason = SPAN("second reason");
	assert_int_equal(PUT(s, put_quarantine, in), ERR_NONE);
	assert_ok(store_get_quarantine(s, d->arena, &h, &out, &why));
	assert_span(out.bytes, "boom");
	assert_span(out.reason, "first reason");
	assert_int_equal(store_get_quarantine(s, d->arena, &other, &out, &why), ERR_NOT_FOUND);
	assert_ok(store_scan_quarantine(s, note_reason, text, &why));
	assert_string_equal(text, "first reason");
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_a_declaration_comes_back_and_is_overwritten),
	    store_test(test_a_traders_reference_finds_all_newest_last),
	    store_test(test_a_page_of_cases_is_one_statement),
	    store_test(test_worklists_in_every_order),
	    store_test(test_counts_by_day),
	    store_test(test_parties),
	    store_test(test_versions_are_kept_whole),
	    store_test(test_what_is_in_force),
	    store_test(test_a_days_key_never_changes),
	    store_test(test_roots),
	    store_test(test_the_same_goods_lodged_again),
	    store_test(test_draws_add_up_by_day),
	    store_test(test_numbers_are_taken_once_and_without_a_gap),
	    store_test(test_quarantine),
	};

	return store_dir_run(tests);
}
