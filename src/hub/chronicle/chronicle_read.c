/* Blocks, read from the first on. */
#include "hub/chronicle/chronicle_room.h"

#include <stdlib.h>

#include "base/limits.h"

struct chronicle_reader {
	const struct chronicle *c;
	uint32_t office, block; /* the next block */
	const bool *wanted;
	bool events;
	struct arena *arena; /* of the block that is being read */
	uint32_t left;       /* in it */
	uint32_t declared;   /* cases whose columns were read, against those that were */
	uint32_t read;
	struct columns_stream stream; /* cases or events */
	struct columns_in columns;
	int32_t day; /* of the next one, when known */
	bool has_day;
	bool bad;
	struct cause why;
};

struct chronicle_reader *chronicle_read(const struct chronicle *c, uint32_t office,
					const bool *wanted, bool events, struct cause *why)
{
	struct chronicle_reader *r = calloc(1, sizeof(*r));

	if (r) {
		r->c = c;
		r->office = office;
		r->wanted = wanted;
		r->events = events;
		r->arena = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	}
	if (!r || !r->arena) {
		chronicle_read_end(r);
		fail(why, ERR_NOMEM, "no memory to read the chronicle");
		return NULL;
	}
	return r;
}

void chronicle_read_end(struct chronicle_reader *r)
{
	if (!r)
		return;
	arena_free(r->arena);
	free(r);
}

void chronicle_skip_to(struct chronicle_reader *r, int32_t day)
{
	const struct chronicle_office *o = &r->c->offices.v[r->office];

	while (r->block < o->block_count && o->block[r->block]->last_day < day)
		r->block++;
}

/* ---- a block ---- */

static struct columns_stream whole(struct span s)
{
	return (struct columns_stream){(const uint8_t *)s.p, (const uint8_t *)s.p + s.n};
}

static bool open_stream(struct chronicle_reader *r, const struct chronicle_stream_at *at,
			const char *p, struct columns_stream *ret)
{
	struct span bytes = {p, at->stored, 0}, raw;

	if (at->stored == at->length) {
		*ret = whole(bytes);
		return true;
	}
	if (decompress(r->c->compressor, r->arena, bytes, at->length, &raw) || raw.n != at->length)
		return false;
	*ret = whole(raw);
	return true;
}

static void open_block(void *context)
{
	struct chronicle_reader *r = context;
	const struct chronicle *c = r->c;
	const struct chronicle_block *b = c->offices.v[r->office].block[r->block];
	const char *p = c->map + b->at + b->streams_at;
	const uint32_t own = c->columns.n + (r->events ? STREAM_EVENTS : STREAM_CASES);

	r->stream = (struct columns_stream){NULL, NULL};
	r->columns = (struct columns_in){.wanted = r->wanted};
	if (r->wanted)
		r->columns.stream = ARENA_ARRAY(r->arena, struct columns_stream, c->columns.n);
	for (uint32_t i = 0; i < b->streams && !r->bad; p += b->stream[i++].stored) {
		const struct chronicle_stream_at *at = &b->stream[i];

		if (at->stream == own)
			r->bad = !open_stream(r, at, p, &r->stream);
		else if (at->stream < c->columns.n && r->wanted && r->wanted[at->stream])
			r->bad = !open_stream(r, at, p, &r->columns.stream[at->stream]);
	}
	r->left = r->events ? b->events : b->cases;
	r->read = r->declared = 0;
	r->block++;
}

static enum err next_block(struct chronicle_reader *r, struct cause *why)
{
	const struct chronicle_office *o = &r->c->offices.v[r->office];
	enum err e = ERR_NONE;

	while (!r->left && r->block < o->block_count && !e && !r->bad) {
		arena_reset(r->arena);
		e = arena_run(r->arena, open_block, r);
	}
	if (r->bad || r->columns.bad)
		return fail(why, ERR_DB, CHRONICLE_FILE " is damaged: remove it");
	return e ? fail(why, e, "no memory to read the chronicle") : ERR_NONE;
}

enum err chronicle_next_day(struct chronicle_reader *r, int32_t *ret, struct cause *why)
{
	enum err e = ERR_NONE;

	if (!r->has_day) {
		e = next_block(r, why);
		if (e)
			return e;
		r->day = r->left ? (int32_t)columns_get_number(&r->stream, &r->bad) : INT32_MAX;
		r->has_day = true;
	}
	*ret = r->day;
	return ERR_NONE;
}

/* ---- one case ---- */

static void get_history(struct columns_stream *s, bool *bad, struct party_history *ret)
{
	ret->declared = columns_get_number(s, bad);
	ret->selected = columns_get_number(s, bad);
	ret->irregular = columns_get_number(s, bad);
}

/* A damaged number must not take the memory of a sound one. */
static uint32_t get_length(struct columns_stream *s, bool *bad)
{
	uint64_t n = columns_get_count(s, bad);

	if (n > (uint64_t)(s->end - s->p))
		*bad = true;
	return *bad ? 0 : (uint32_t)n;
}

static void get_items(struct columns_stream *s, bool *bad, struct arena *a,
		      struct chronicle_case *c)
{
	uint32_t subjects;

	c->items = get_length(s, bad);
	c->values = get_length(s, bad);
	c->value = ARENA_ARRAY(a, int64_t, c->values + c->items + 1);
	for (uint32_t i = 0; i < c->values; i++)
		c->value[i] = columns_get_number(s, bad);
	subjects = CHRONICLE_OF_WHOLE + CHRONICLE_OF_ITEM * c->items;
	c->subject = ARENA_ARRAY(a, chronicle_text, subjects);
	for (uint32_t i = 0; i < subjects; i++)
		c->subject[i] = (chronicle_text)columns_get_count(s, bad);
	c->price = ARENA_ARRAY(a, int64_t, c->items + 1);
	for (uint32_t i = 0; i < c->items; i++)
		c->price[i] = columns_get_number(s, bad);
}

static void get_draws(struct columns_stream *s, bool *bad, struct arena *a,
		      struct chronicle_case *c)
{
	c->draws = get_length(s, bad);
	c->purpose = ARENA_ARRAY(a, chronicle_text, c->draws + 1);
	c->draw = ARENA_ARRAY(a, uint64_t, c->draws + 1);
	for (uint32_t i = 0; i < c->draws; i++) {
		c->purpose[i] = (chronicle_text)columns_get_count(s, bad);
		if (s->end - s->p < (ptrdiff_t)sizeof(uint64_t)) {
			*bad = true;
			return;
		}
		memcpy(&c->draw[i], s->p, sizeof(uint64_t));
		s->p += sizeof(uint64_t);
	}
}

static enum lane get_lane(struct columns_stream *s, bool *bad)
{
	uint64_t lane = columns_get_count(s, bad);

	return lane <= LANE_RED ? (enum lane)lane : LANE_NONE;
}

void chronicle_next_case(struct chronicle_reader *r, struct arena *a, struct chronicle_case *ret)
{
	struct columns_stream *s = &r->stream;
	struct chronicle_case *c = ret;
	bool *bad = &r->bad;
	uint64_t bits;

	BUG_ON(!r->has_day || !r->left || r->events);
	*c = (struct chronicle_case){.day = r->day};
	r->has_day = false;
	r->left--;
	r->read++;
	c->seq = columns_get_number(s, bad);
	c->at = columns_get_number(s, bad);
	c->version = columns_get_number(s, bad);
	bits = columns_get_count(s, bad);
	c->declares = bits & 1;
	c->complete = bits >> 1 & 1;
	c->reference = columns_get_text(s, bad);
	c->draw_reference = columns_get_text(s, bad);
	c->received_at = columns_get_number(s, bad);
	c->legal_day = (int32_t)columns_get_number(s, bad);
	c->holder = (chronicle_text)columns_get_count(s, bad);
	c->declarant_holder = (chronicle_text)columns_get_count(s, bad);
	c->tables = (chronicle_text)columns_get_count(s, bad);
	get_history(s, bad, &c->importer);
	get_history(s, bad, &c->declarant);
	for (enum lane l = LANE_GREEN; l <= LANE_RED; l++)
		c->office_day[l] = columns_get_number(s, bad);
	c->hour_taken = columns_get_number(s, bad);
	c->lane_before = get_lane(s, bad);
	c->lane = get_lane(s, bad);
	c->total_due = columns_get_number(s, bad);
	c->total_value = columns_get_number(s, bad);
	get_items(s, bad, a, c);
	get_draws(s, bad, a, c);
}

void chronicle_declared(struct chronicle_reader *r, struct arena *a, struct declaration *ret)
{
	struct declaration passed;

	BUG_ON(!r->wanted || r->declared >= r->read);
	while (++r->declared < r->read)
		columns_next(&r->c->columns, &r->columns, a, &passed);
	columns_next(&r->c->columns, &r->columns, a, ret);
}

void chronicle_next_event(struct chronicle_reader *r, struct arena *a, struct chronicle_event *ret)
{
	struct columns_stream *s = &r->stream;
	struct chronicle_event *e = ret;
	bool *bad = &r->bad;
	uint64_t word, result, bits;

	BUG_ON(!r->has_day || !r->left || !r->events);
	*e = (struct chronicle_event){.day = r->day};
	r->has_day = false;
	r->left--;
	word = columns_get_count(s, bad);
	e->seq = columns_get_number(s, bad);
	e->at = columns_get_number(s, bad);
	e->reference = columns_get_text(s, bad);
	result = columns_get_count(s, bad);
	bits = columns_get_count(s, bad);
	e->subjects = get_length(s, bad);
	*bad |= word >= CHRONICLE_WORDS || result > RESULT_IRREGULAR;
	e->word = *bad ? CHRONICLE_UNREADABLE : (enum chronicle_word)word;
	e->result = *bad ? RESULT_NONE : (enum flow_result)result;
	e->examined = bits & 1;
	e->irregular = bits >> 1 & 1;
	e->subject = ARENA_ARRAY(a, chronicle_text, e->subjects + 1);
	for (uint32_t i = 0; i < e->subjects; i++)
		e->subject[i] = (chronicle_text)columns_get_count(s, bad);
}
