/* Who looked at what. Notes are gathered in memory and reach the store through the writer in groups: a look does not wait for
 * the disk. What is not there yet when the machine stops, a moment's worth, is lost; a hub that is stopped loses none. While
 * the store takes nothing they are kept, up to a bound: then nobody looks at anything. */
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "hub/people/people_room.h"

enum { NOTES_MAX = 65536 };

enum note_kind { NOTE_ACCESS, NOTE_SESSION, NOTE_TOKEN };

struct note {
	struct note *next;
	enum note_kind kind;
	struct store_access access;
	struct store_session session;
	struct store_token token;
	char text[];
};

static enum err write_note(struct store *s, const struct note *n, struct cause *why)
{
	switch (n->kind) {
	case NOTE_ACCESS:
		return store_add_access(s, &n->access, why);
	case NOTE_SESSION:
		return store_note_session(s, &n->session, why);
	case NOTE_TOKEN:
		return store_note_token(s, &n->token, why);
	}
	return ERR_NONE;
}

/* On the writer's thread, possibly again. */
static enum err run(struct batch *b, struct chore *chore, struct cause *why)
{
	struct notes *n = (struct notes *)chore;
	struct people *p = b->h->people;
	struct note **end;
	struct office *o;
	bool fresh;
	enum err e = ERR_NONE;

	pthread_mutex_lock(&p->lock);
	for (end = &n->writing; *end; end = &(*end)->next)
		;
	*end = n->first;
	n->first = NULL;
	n->last = &n->first;
	pthread_mutex_unlock(&p->lock);
	/* their numbers are counted: of several nodes one does so at a time */
	if (b->h->node)
		e = house_enter(b->h, HUB_OFFICE, &o, &fresh, why);
	for (const struct note *v = n->writing; v && !e; v = v->next)
		e = write_note(b->h->store, v, why);
	return e;
}

static void free_notes(struct note *v)
{
	while (v) {
		struct note *next = v->next;

		free(v);
		v = next;
	}
}

/* Under the lock: sends the notes on their way, unless they are. */
static void send(struct hub *h, struct notes *n)
{
	if (!n->on_its_way && (n->first || n->writing))
		n->on_its_way = !settle_enqueue(h, &n->chore.entry);
	if (!n->on_its_way)
		pthread_cond_broadcast(&n->quiet);
}

static void done(struct hub *h, struct chore *chore, enum err e, const struct cause *why)
{
	struct notes *n = (struct notes *)chore;
	struct people *p = h->people;
	struct note *written;

	if (e && !n->failed)
		log_event("access.failed", "error=%s detail=\"%s\"", err_name(e),
			  why ? why->text : "");
	pthread_mutex_lock(&p->lock);
	n->failed = e != ERR_NONE;
	n->on_its_way = false;
	written = e ? NULL : n->writing;
	for (const struct note *v = written; v; v = v->next)
		n->count--;
	if (e) {
		pthread_cond_broadcast(&n->quiet); /* the next look tries again */
	} else {
		n->writing = NULL;
		send(h, n);
	}
	pthread_mutex_unlock(&p->lock);
	free_notes(written);
}

static enum err add(struct hub *h, struct note *v)
{
	struct people *p = h->people;
	struct notes *n = &p->notes;
	bool full;

	pthread_mutex_lock(&p->lock);
	full = n->count >= NOTES_MAX;
	if (!full) {
		*n->last = v;
		n->last = &v->next;
		n->count++;
		send(h, n);
	}
	pthread_mutex_unlock(&p->lock);
	if (full)
		free(v);
	return full ? ERR_BUSY : ERR_NONE;
}

static void put(struct span *to, struct span from, char **text)
{
	if (from.n)
		memcpy(*text, from.p, from.n);
	*to = (struct span){*text, from.n, 0};
	*text += from.n;
}

enum err access_note(struct hub *h, const struct store_access *v, struct cause *why)
{
	struct note *n;
	char *text;

	if (!h->people)
		return ERR_NONE; /* who reads the file beside its owner */
	n = calloc(1, sizeof(*n) + v->login.n + v->office.n + v->reference.n + v->purpose.n +
			  v->part.n + v->request.n);
	if (!n)
		return fail(why, ERR_NOMEM, "no memory to note the access");
	text = n->text;
	n->kind = NOTE_ACCESS;
	n->access.at = v->at;
	put(&n->access.login, v->login, &text);
	put(&n->access.office, v->office, &text);
	put(&n->access.reference, v->reference, &text);
	put(&n->access.purpose, v->purpose, &text);
	put(&n->access.part, v->part, &text);
	put(&n->access.request, v->request, &text);
	if (add(h, n))
		return fail(why, ERR_BUSY, "the store takes no notes of accesses");
	return ERR_NONE;
}

/* Both are left out where there is no memory or no room: they only say when something was used last. */
void access_note_session(struct hub *h, const struct store_session *v)
{
	struct note *n = calloc(1, sizeof(*n));

	if (!n)
		return;
	n->kind = NOTE_SESSION;
	n->session = *v;
	n->session.login = SPAN("");
	if (add(h, n))
		return;
}

void access_note_token(struct hub *h, const struct store_token *t)
{
	struct note *n = calloc(1, sizeof(*n) + t->used_on.n);
	char *text;

	if (!n)
		return;
	n->kind = NOTE_TOKEN;
	n->token.sha256 = t->sha256;
	text = n->text;
	put(&n->token.used_on, t->used_on, &text);
	if (add(h, n))
		return;
}

void notes_open(struct notes *n)
{
	n->chore =
	    (struct chore){.entry = {.kind = ENTRY_CHORE}, .run = run, .done = done, .last = true};
	n->last = &n->first;
	pthread_cond_init(&n->quiet, NULL);
}

void notes_finish(struct hub *h)
{
	struct people *p = h->people;
	struct notes *n = &p->notes;

	pthread_mutex_lock(&p->lock);
	n->failed = false;
	send(h, n);
	while (n->on_its_way && !n->failed)
		pthread_cond_wait(&n->quiet, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

void notes_close(struct notes *n)
{
	free_notes(n->first);
	free_notes(n->writing);
	pthread_cond_destroy(&n->quiet);
}

/* ---- reading ---- */

static enum err copy_page(const struct store_access *row, uint32_t n, struct arena *a,
			  struct access **ret, struct cause *why)
{
	struct access *v = arena_try(a, sizeof(*v) * (n + 1));

	if (!v)
		return fail(why, people_no_room(a), "no memory for a list of accesses");
	for (uint32_t i = 0; i < n; i++)
		v[i] = (struct access){.id = row[i].id,
				       .at = row[i].at,
				       .login = row[i].login,
				       .office = row[i].office,
				       .reference = row[i].reference,
				       .purpose = row[i].purpose,
				       .view = row[i].part,
				       .request = row[i].request};
	*ret = v;
	return ERR_NONE;
}

enum err hub_list_accesses(struct hub *h, struct arena *a, const struct who *by,
			   const struct access_page *page, struct access **ret, uint32_t *ret_count,
			   struct cause *why)
{
	struct store_access_page wanted = {page->login, page->reference,
					   page->before ? page->before : INT64_MAX, page->limit};
	struct store_access *row;
	struct store *s;
	enum err e = people_demand(by, ROLE_AUDITOR, why);

	if (e)
		return e;
	e = house_open_lister(h, page->patience, &s, why);
	if (e)
		return e;
	e = store_list_accesses(s, a, &wanted, &row, ret_count, why);
	house_close_lister(h, s);
	return e ? e : copy_page(row, *ret_count, a, ret, why);
}
