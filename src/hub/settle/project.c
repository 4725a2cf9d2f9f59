/* What the log says of a case, as the one row that lists and look-ups read. settle writes it, verify makes it again
 * and compares. */
#include <stdio.h>

#include "base/date.h"
#include "hub/house.h"

static void write_day(int32_t day, char ret[11])
{
	int y, m, d;

	day_split(day, &y, &m, &d);
	snprintf(ret, 11, "%04d-%02d-%02d", y, m, d);
}

/* A request keeps a row of its own, under its number, so that its bytes are recognised when they come again. */
static struct store_declaration request_row(const struct store_declaration *of_case,
					    const struct facts *f)
{
	struct store_declaration r = *of_case;

	r.reference = f->request;
	r.state = SPAN("request");
	r.holder = SPAN("");
	return r;
}

void project(const struct case_summary *c, struct projection *ret)
{
	const struct facts *f = c->facts;
	bool request = f->request.n > 0;
	struct store_declaration row = {
	    .office = f->office,
	    .reference = f->reference,
	    .version = f->version,
	    .sender = f->sender,
	    .trader_reference = f->key,
	    .input_sha256 = c->input_sha256,
	    .type = c->type,
	    .state = c->state,
	    .lane = c->lane,
	    .holder = f->holder,
	    .items = c->items,
	    .currency = c->currency,
	    .total_minor = c->total_minor,
	    .decided_at = c->decided_at,
	    .input_seq = c->input_seq,
	    .decision_seq = c->decision_seq,
	    .answer_seq = c->answer_seq,
	};

	write_day(f->legal_day, ret->day);
	row.day = span_of(ret->day);
	ret->rows = 0;
	if (request)
		ret->row[ret->rows++] = request_row(&row, f);
	/* A request that is refused or waits leaves its case as it was; any other leaves it the key of its first message, and
	 * the sender of that. */
	if (request && c->accepted) {
		row.trader_reference = f->case_key;
		row.input_sha256 = f->case_input;
		if (f->case_sender.n)
			row.sender = f->case_sender;
	}
	if (!request || (c->accepted && !f->waits))
		ret->row[ret->rows++] = row;
}

bool project_counts(const struct case_summary *c)
{
	return c->accepted && c->facts->request.n == 0;
}

void project_party(struct store_party *p, struct span day, enum lane lane)
{
	if (!p->first_day.n || span_compare(day, p->first_day) < 0)
		p->first_day = day;
	if (span_compare(day, p->last_day) > 0)
		p->last_day = day;
	p->declared++;
	p->selected += lane >= LANE_YELLOW;
}

/* Three numbers of eight bytes, the lowest byte first: the day, how many, their value. */
enum { TODAY_BYTES = 24 };

static int64_t read_number(const char *p)
{
	uint64_t v = 0;

	for (int i = 7; i >= 0; i--)
		v = v << 8 | (uint8_t)p[i];
	return (int64_t)v;
}

static void write_number(char *p, int64_t value)
{
	uint64_t v = (uint64_t)value;

	for (int i = 0; i < 8; i++, v >>= 8)
		p[i] = (char)(uint8_t)v;
}

void project_party_read_today(const struct store_party *p, int32_t day, int64_t *ret_count,
			      int64_t *ret_minor)
{
	bool is = p->recent.n == TODAY_BYTES && read_number(p->recent.p) == day;

	*ret_count = is ? read_number(p->recent.p + 8) : 0;
	*ret_minor = is ? read_number(p->recent.p + 16) : 0;
}

void project_party_today(struct arena *a, struct store_party *p, int32_t day, int64_t minor)
{
	char *bytes = arena_alloc(a, TODAY_BYTES);
	int64_t count, sum;

	project_party_read_today(p, day, &count, &sum);
	if (minor > 0 && __builtin_add_overflow(sum, minor, &sum))
		sum = INT64_MAX;
	write_number(bytes, day);
	write_number(bytes + 8, count + 1);
	write_number(bytes + 16, sum);
	p->recent = (struct span){bytes, TODAY_BYTES, 0};
}
