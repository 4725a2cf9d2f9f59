/* Rows of histories, kept in step with the log. */
#include "hub/history/history.h"

enum { EVENTS_AT_ONCE = 2000 };

/* Notes of one subject, in order. */
struct noted {
	DICT_LIST(const struct history_note *) list;
};

/* row: room for one. */
static enum err write_row(struct store *s, struct arena *a, const struct store_history *stored,
			  const struct noted *notes, struct history_row *row, struct cause *why)
{
	struct text body = text_in(a);

	history_begin(row);
	if (stored->body.p && history_read(stored->body, row))
		return fail(why, ERR_DB, "the history of %.*s at %.*s cannot be read",
			    SPAN_ARG(stored->subject), SPAN_ARG(stored->office));
	for (uint32_t i = 0; i < notes->list.n; i++)
		history_apply(row, notes->list.v[i]);
	history_write(&body, row);
	return store_put_history(
	    s, &(struct store_history){stored->subject, stored->office, text_as_span(&body)}, why);
}

/* Up to which event of an office's log its rows are kept. */
struct marks {
	int64_t histories, codes;
};

static enum err read_marks(struct store *s, struct arena *a, struct span office, struct marks *ret,
			   struct cause *why)
{
	enum err e = store_get_history_mark(s, a, office, &ret->histories, why);

	return e ? e : store_get_case_codes_mark(s, a, office, &ret->codes, why);
}

static int64_t first_of(const struct marks *m)
{
	return m->histories < m->codes ? m->histories : m->codes;
}

static enum err write_marks(struct store *s, const struct history_reading *r, const struct marks *m,
			    struct cause *why)
{
	const struct store_history_mark done = {r->office, r->done};
	enum err e = ERR_NONE;

	if (r->done > m->histories)
		e = store_put_history_mark(s, &done, why);
	return e || r->done <= m->codes ? e : store_put_case_codes_mark(s, &done, why);
}

static enum err apply_codes(struct store *s, const struct history_reading *r, int64_t after,
			    struct cause *why)
{
	enum err e = ERR_NONE;

	for (uint32_t i = 0; i < r->codes.n && !e; i++)
		if (r->codes.v[i].seq > after)
			e = store_put_case_codes(s, &r->codes.v[i].row, why);
	return e;
}

/* Each row is read and written once, however many notes there are of its subject. */
static enum err apply(struct store *s, const struct history_reading *r, int64_t after,
		      struct cause *why)
{
	struct map by_subject = map_in(r->arena);
	struct store_history *row = ARENA_ARRAY(r->arena, struct store_history, r->notes.n + 1);
	struct noted **of = ARENA_ARRAY(r->arena, struct noted *, r->notes.n + 1);
	struct history_row *room = ARENA_NEW(r->arena, struct history_row);
	uint32_t n = 0;
	enum err e;

	for (uint32_t i = 0; i < r->notes.n; i++) {
		const struct history_note *note = &r->notes.v[i];
		struct noted *to;

		if (note->seq <= after)
			continue;
		to = map_get(&by_subject, note->subject);
		if (!to) {
			to = of[n] = ARENA_NEW(r->arena, struct noted);
			row[n++] =
			    (struct store_history){.subject = note->subject, .office = r->office};
			map_put(&by_subject, note->subject, to);
		}
		*(const struct history_note **)arena_push(r->arena, (void **)&to->list.v,
							  &to->list.n, &to->list.room,
							  sizeof(note)) = note;
	}
	e = store_get_histories(s, r->arena, row, n, why);
	for (uint32_t i = 0; i < n && !e; i++)
		e = write_row(s, r->arena, &row[i], of[i], room, why);
	return e;
}

static enum err step(struct batch *b, struct span office, bool *ret_more, struct cause *why)
{
	struct history_memory *m = b->h->history;
	struct history_reading r = {.store = b->h->store,
				    .arena = b->h->batch_arena,
				    .once = m->once,
				    .zone_minutes = ref_zone_minutes(b->inforce->ref),
				    .office = office,
				    .last = INT64_MAX,
				    .most = EVENTS_AT_ONCE};
	struct marks marks = {0, 0};
	enum err e = read_marks(r.store, r.arena, office, &marks, why);

	r.after = first_of(&marks);
	if (!e)
		e = history_read_log(&r, why);
	if (e || r.done == r.after)
		return e;
	*ret_more |= r.more;
	for (uint32_t i = 0; i < r.notes.n; i++)
		if (r.notes.v[i].seq > marks.histories &&
		    r.notes.v[i].day < m->day) { /* what is remembered lacks it */
			history_forget(m);
			break;
		}
	e = apply(r.store, &r, marks.histories, why);
	if (!e)
		e = apply_codes(r.store, &r, marks.codes, why);
	return e ? e : write_marks(r.store, &r, &marks, why);
}

/* How far has the office's log gone on since it was followed? */
static enum err find_lag(struct batch *b, struct span office, int64_t *ret, struct cause *why)
{
	struct store_head head = {0};
	struct marks marks = {0, 0};
	enum err e = read_marks(b->h->store, b->h->batch_arena, office, &marks, why);

	if (!e)
		e = store_get_head(b->h->store, office, &head, why);
	*ret = head.seq - first_of(&marks);
	return e;
}

static enum err follow_one(struct batch *b, struct span office, int64_t lag, bool *ret_more,
			   struct cause *why)
{
	struct cause elsewhere = {0};
	struct office *o;
	int64_t behind = 0;
	bool fresh;
	enum err e = find_lag(b, office, &behind, why);

	*ret_more |= !e && behind > 0 && behind <= lag;
	if (e || behind <= lag)
		return e;
	e = house_enter(b->h, office, &o, &fresh, &elsewhere);
	if (e == ERR_ELSEWHERE)
		return ERR_NONE; /* that node follows it */
	if (e) {
		*why = elsewhere;
		return e;
	}
	return step(b, office, ret_more, why);
}

/* A node of several looks after the offices whose lease it has; nobody takes one for the sake of its history. */
static enum err offices(struct batch *b, struct span **ret, uint32_t *ret_n, struct cause *why)
{
	const struct hub *h = b->h;
	uint32_t n = 0;

	if (!h->node)
		return store_list_offices(h->store, h->batch_arena, ret, ret_n, why);
	*ret = ARENA_ARRAY(h->batch_arena, struct span, h->office_count + 1);
	for (uint32_t i = 0; i < h->office_count; i++)
		if (h->offices[i].epoch)
			(*ret)[n++] = span_of(h->offices[i].code);
	*ret_n = n;
	return ERR_NONE;
}

enum err history_follow(struct batch *b, int64_t lag, bool *ret_more, struct cause *why)
{
	struct span *office;
	uint32_t n = 0;
	enum err e = offices(b, &office, &n, why);

	*ret_more = false;
	for (uint32_t i = 0; i < n && !e; i++)
		if (!span_equal(office[i], HUB_OFFICE))
			e = follow_one(b, office[i], lag, ret_more, why);
	return e;
}
