#include "hub/chronicle/past.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "hub/history/history.h"

enum { NO_KIND = 255, SLACK = 24 };

/* A note waits, with those of its row, until the day is over. */
struct note {
	struct history_note note;
	chronicle_text subject;
	struct note *next_of_row;
};
struct notes {
	struct arena *arena;
	DICT_LIST(struct note *) list;
};

/* Of a subject at an office: history_write()'s bytes. */
struct row {
	struct row *next; /* of the same subject */
	uint32_t office, n, room;
	char *bytes;
	struct note *first, *last; /* of the day */
	struct row *touched;       /* the next row with notes */
};
struct subject_rows {
	struct row *rows;
	/* what was known of it, and for which day; the day is set last */
	_Atomic(const struct history_fact *) fact;
	_Atomic(int32_t) day;
};

struct thread {
	struct arena *day;  /* facts */
	struct arena *once; /* rows that are being read */
	struct arena *rows;
	struct row *touched;
};

struct past {
	const struct chronicle *chronicle;
	const struct history_asked *asked;
	bool any;
	int32_t day;
	uint32_t threads, offices, texts;
	uint8_t *kind; /* of a text; NO_KIND: none that is asked for */
	struct subject_rows *subject;
	struct notes *notes; /* by office */
	struct thread thread[PAST_THREADS];
};

static uint8_t kind_of(const struct history_asked *asked, struct span text)
{
	for (enum history_kind k = 0; k < HISTORY_KINDS; k++) {
		struct span name = span_of(history_kind_name(k));

		if (asked->kind[k] && span_starts(text, name) && text.n > name.n &&
		    text.p[name.n] == '/')
			return (uint8_t)k;
	}
	return NO_KIND;
}

static bool allocate(struct past *p)
{
	bool good;

	p->offices = chronicle_offices(p->chronicle);
	p->texts = chronicle_texts(p->chronicle);
	p->kind = calloc(p->texts + (size_t)1, sizeof(*p->kind));
	p->subject = p->any ? calloc(p->texts + (size_t)1, sizeof(*p->subject)) : NULL;
	p->notes = calloc(p->offices + (size_t)1, sizeof(*p->notes));
	good = p->kind && p->notes && (p->subject || !p->any);
	for (uint32_t i = 0; i < p->offices && good; i++)
		good = (p->notes[i].arena = arena_new(SIZE_MAX)) != NULL;
	for (uint32_t i = 0; i < p->threads && good; i++) {
		struct thread *t = &p->thread[i];

		t->day = arena_new(SIZE_MAX);
		t->once = arena_new((size_t)LIMIT_ARENA_BYTES * 4);
		t->rows = arena_new(SIZE_MAX);
		good = t->day && t->once && t->rows;
	}
	return good;
}

struct past *past_open(const struct chronicle *c, const struct history_asked *asked,
		       uint32_t threads)
{
	struct past *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	*p = (struct past){.chronicle = c, .asked = asked, .threads = threads, .day = INT32_MIN};
	for (enum history_kind k = 0; k < HISTORY_KINDS; k++)
		p->any |= asked->kind[k];
	if (!allocate(p)) {
		past_close(p);
		return NULL;
	}
	for (uint32_t i = 0; i < p->texts; i++) {
		p->kind[i] =
		    i && p->any ? kind_of(asked, chronicle_text_of(c, i)) : (uint8_t)NO_KIND;
		if (p->any)
			atomic_init(&p->subject[i].day, INT32_MIN);
	}
	return p;
}

void past_close(struct past *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; p->notes && i < p->offices; i++)
		arena_free(p->notes[i].arena);
	for (uint32_t i = 0; i < p->threads; i++) {
		arena_free(p->thread[i].day);
		arena_free(p->thread[i].once);
		arena_free(p->thread[i].rows);
	}
	free(p->kind);
	free(p->subject);
	free(p->notes);
	free(p);
}

bool past_is_asked_for(const struct past *p)
{
	return p->any;
}

void past_begin_day(struct past *p, int32_t day)
{
	p->day = day;
	for (uint32_t i = 0; i < p->threads; i++)
		arena_reset(p->thread[i].day);
}

/* ---- facts ---- */

struct asking {
	struct past *p;
	struct thread *t;
	chronicle_text subject;
	struct history_fact *fact;
	bool bad;
};

static void sum_rows(void *context)
{
	struct asking *x = context;
	const struct row *rows = x->p->subject[x->subject].rows;
	const struct history_row **read;
	uint32_t n = 0;

	for (const struct row *r = rows; r; r = r->next)
		n++;
	read = ARENA_ARRAY(x->t->day, const struct history_row *, n + 1);
	n = 0;
	for (const struct row *r = rows; r; r = r->next) {
		struct history_row *one = arena_try(x->t->once, sizeof(*one));

		x->bad = !one || history_read((struct span){r->bytes, r->n, 0}, one);
		if (x->bad)
			return;
		read[n++] = one;
	}
	x->fact = ARENA_NEW(x->t->day, struct history_fact);
	x->fact->subject = chronicle_text_of(x->p->chronicle, x->subject);
	history_sum(x->t->day, read, n, x->p->day, (enum history_kind)x->p->kind[x->subject],
		    x->p->asked, x->fact);
}

enum err past_fact(struct past *p, uint32_t thread, chronicle_text subject,
		   const struct history_fact **ret)
{
	struct asking x = {.p = p, .t = &p->thread[thread], .subject = subject};
	struct subject_rows *s;
	enum err e;

	*ret = NULL;
	if (!subject || subject >= p->texts || p->kind[subject] == NO_KIND)
		return ERR_NONE;
	s = &p->subject[subject];
	if (atomic_load_explicit(&s->day, memory_order_acquire) == p->day) {
		*ret = atomic_load_explicit(&s->fact, memory_order_acquire);
		return ERR_NONE;
	}
	arena_reset(x.t->once);
	e = arena_run(x.t->day, sum_rows, &x);
	if (e || x.bad)
		return e ? e : ERR_DB;
	/* another thread may have asked at the same time: both found the same */
	atomic_store_explicit(&s->fact, x.fact, memory_order_release);
	atomic_store_explicit(&s->day, p->day, memory_order_release);
	*ret = x.fact;
	return ERR_NONE;
}

/* ---- notes ---- */

struct noting {
	struct past *p;
	uint32_t office;
	const struct chronicle_case *c;
	const struct chronicle_event *e;
};

static struct note *note(struct noting *x, chronicle_text subject, enum history_note_kind kind,
			 int32_t day)
{
	struct notes *to = &x->p->notes[x->office];
	struct note *n = ARENA_NEW(to->arena, struct note);

	n->note = (struct history_note){.kind = kind, .day = day};
	n->subject = subject;
	*(struct note **)arena_push(to->arena, (void **)&to->list.v, &to->list.n, &to->list.room,
				    sizeof(n)) = n;
	return n;
}

static bool is_wanted(const struct past *p, chronicle_text subject)
{
	return subject && subject < p->texts && p->kind[subject] != NO_KIND;
}

/* A subject of several items counts once, with the value of all. */
static void note_items(struct noting *x, uint32_t of_item)
{
	const struct chronicle_case *c = x->c;
	const chronicle_text *of = c->subject + CHRONICLE_OF_WHOLE + of_item;

	for (uint32_t i = 0; i < c->items; i++) {
		chronicle_text subject = of[(size_t)CHRONICLE_OF_ITEM * i];
		int64_t minor = 0;
		bool before = false;

		for (uint32_t k = 0; k < i && !before; k++)
			before = of[(size_t)CHRONICLE_OF_ITEM * k] == subject;
		if (before || !is_wanted(x->p, subject))
			continue;
		for (uint32_t k = i; k < c->items; k++)
			if (of[(size_t)CHRONICLE_OF_ITEM * k] == subject && k < c->values &&
			    __builtin_add_overflow(minor, c->value[k], &minor))
				minor = INT64_MAX;
		note(x, subject, NOTE_DECLARED, c->day)->note.minor = minor;
	}
}

static void note_case(void *context)
{
	struct noting *x = context;
	const struct chronicle_case *c = x->c;

	for (uint32_t k = 0; k < CHRONICLE_OF_WHOLE; k++)
		if (is_wanted(x->p, c->subject[k]))
			note(x, c->subject[k], NOTE_DECLARED, c->day)->note.minor = c->total_value;
	for (uint32_t k = 0; k < HISTORY_PRICES - HISTORY_FIRST_OF_ITEM; k++)
		if (x->p->asked->kind[HISTORY_FIRST_OF_ITEM + k])
			note_items(x, k);
	for (uint32_t i = 0; i < c->items && x->p->asked->kind[HISTORY_PRICES]; i++) {
		chronicle_text subject = c->subject[facts_history_place(HISTORY_PRICES, i)];

		if (is_wanted(x->p, subject) && c->price[i])
			note(x, subject, NOTE_PRICE, c->day)->note.price =
			    decimal_of(c->price[i], 4);
	}
}

enum err past_note_case(struct past *p, uint32_t office, const struct chronicle_case *c)
{
	struct noting x = {.p = p, .office = office, .c = c};

	return p->any && c->declares ? arena_run(p->notes[office].arena, note_case, &x) : ERR_NONE;
}

static void note_control(void *context)
{
	struct noting *x = context;

	for (uint32_t i = 0; i < x->e->subjects; i++) {
		struct note *n;

		if (!is_wanted(x->p, x->e->subject[i]))
			continue;
		n = note(x, x->e->subject[i], NOTE_CONTROL, x->e->day);
		n->note.examined = x->e->examined;
		n->note.irregular = x->e->irregular;
	}
}

enum err past_note_control(struct past *p, uint32_t office, const struct chronicle_event *e)
{
	struct noting x = {.p = p, .office = office, .e = e};

	return p->any ? arena_run(p->notes[office].arena, note_control, &x) : ERR_NONE;
}

/* ---- the end of a day ---- */

struct turning {
	struct past *p;
	struct thread *t;
	uint32_t number;
	bool bad;
};

static struct row *row_of(struct turning *x, chronicle_text subject, uint32_t office)
{
	struct row **at = &x->p->subject[subject].rows;

	while (*at && (*at)->office != office)
		at = &(*at)->next;
	if (!*at) {
		*at = ARENA_NEW(x->t->rows, struct row);
		(*at)->office = office;
	}
	return *at;
}

/* Notes of one row, in their order. */
static void gather(struct turning *x, uint32_t office)
{
	const struct notes *notes = &x->p->notes[office];

	for (uint32_t i = 0; i < notes->list.n; i++) {
		struct note *n = notes->list.v[i];
		struct row *r;

		if (n->subject % x->p->threads != x->number)
			continue;
		r = row_of(x, n->subject, office);
		if (r->last) {
			r->last->next_of_row = n;
		} else {
			r->first = n;
			r->touched = x->t->touched;
			x->t->touched = r;
		}
		r->last = n;
	}
}

static void apply(struct turning *x, struct row *r)
{
	struct history_row *read = arena_alloc(x->t->once, sizeof(*read));
	struct text bytes = text_in(x->t->once);

	if (!r->bytes) {
		history_begin(read);
	} else if (history_read((struct span){r->bytes, r->n, 0}, read)) {
		x->bad = true;
		return;
	}
	for (const struct note *n = r->first; n; n = n->next_of_row)
		history_apply(read, &n->note);
	r->first = r->last = NULL;
	history_write(&bytes, read);
	if (!r->bytes || bytes.n > r->room) {
		r->room = (uint32_t)bytes.n + (uint32_t)bytes.n / 2 + SLACK;
		r->bytes = arena_alloc(x->t->rows, r->room);
	}
	memcpy(r->bytes, bytes.p, bytes.n);
	r->n = (uint32_t)bytes.n;
}

static void apply_inside(void *context)
{
	struct turning *x = context;

	apply(x, x->t->touched);
}

static void turn(void *context)
{
	struct turning *x = context;

	x->t->touched = NULL;
	for (uint32_t i = 0; i < x->p->offices; i++)
		gather(x, i);
	for (; x->t->touched && !x->bad; x->t->touched = x->t->touched->touched) {
		arena_reset(x->t->once);
		x->bad = arena_run(x->t->once, apply_inside, x) != ERR_NONE;
	}
}

enum err past_turn(struct past *p, uint32_t thread)
{
	struct turning x = {.p = p, .t = &p->thread[thread], .number = thread};
	enum err e = p->any ? arena_run(x.t->rows, turn, &x) : ERR_NONE;

	return e ? e : x.bad ? ERR_DB : ERR_NONE;
}

void past_forget_notes(struct past *p)
{
	for (uint32_t i = 0; i < p->offices; i++) {
		arena_reset(p->notes[i].arena);
		p->notes[i].list.v = NULL;
		p->notes[i].list.n = p->notes[i].list.room = 0;
	}
}
