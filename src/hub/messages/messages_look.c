/* Looking at messages that are kept. */
#include "base/date.h"
#include "hub/house.h"
#include "hub/messages/message_check.h"
#include "hub/messages/messages.h"
#include "hub/people/people_room.h"

/* ---- one ---- */

/* The row, and one of its events. */
static enum err read_one(struct hub *h, struct arena *a, const struct hub_look *look, bool input,
			 struct store_message *ret_row, enum view *ret_view, struct event *ret,
			 struct cause *why)
{
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = scope_message(h, s, a, look->who, look->reference, look->purpose, look->request,
			  ret_row, ret_view, why);
	if (!e)
		e = store_get_event(s, a, ret_row->office,
				    input ? ret_row->input_seq : ret_row->check_seq, ret, why);
	house_close_reader(h, s);
	return e || ret->payload.p ? e : ERR_NOT_FOUND;
}

struct looking {
	struct arena *arena;
	enum view view;
	struct span check;
	struct text text;
	enum err err;
};

static void write_one(void *context)
{
	struct looking *q = context;
	const struct json *j;
	struct codec_fault fault;

	if (q->view != VIEW_TRADER) {
		text_span(&q->text, q->check);
		return;
	}
	q->err = json_read(q->arena, q->check, &j, &fault) ? ERR_DB : ERR_NONE;
	if (!q->err)
		message_answer_write(&q->text, j);
}

enum err hub_write_message(struct hub *h, struct text *to, const struct hub_look *look,
			   struct cause *why)
{
	struct looking q = {.arena = to->arena, .text = text_in(to->arena)};
	struct store_message row;
	struct event event = {0};
	enum err e = read_one(h, to->arena, look, false, &row, &q.view, &event, why);

	if (e)
		return e;
	q.check = event.payload;
	e = arena_run(to->arena, write_one, &q);
	if (e || q.err)
		return fail(why, e ? e : q.err, "the message's check cannot be read");
	*to = q.text;
	return ERR_NONE;
}

enum err hub_get_message_bytes(struct hub *h, struct arena *a, const struct hub_look *look,
			       struct kept_bytes *ret, struct cause *why)
{
	struct store_message row;
	struct event event = {0};
	enum view view;
	enum err e = read_one(h, a, look, true, &row, &view, &event, why);

	if (!e)
		*ret = (struct kept_bytes){event.payload, msg_format_by_id(row.format)};
	return e;
}

/* ---- lists ---- */

struct listing {
	struct arena *arena;
	const struct message_page *page;
	struct store_message *row;
	uint32_t n;
	struct text text;
};

static enum err read_page(struct store *s, void *context, struct cause *why)
{
	struct listing *l = context;
	const struct message_page *p = l->page;
	const struct store_message_page page = {p->office, p->party, p->type, p->after, p->limit};

	return store_page_messages(s, l->arena, &page, &l->row, &l->n, why);
}

static void write_page(void *context)
{
	struct listing *l = context;
	struct json_writer w = json_to(&l->text);
	char hex[65];

	json_open_object(&w);
	json_name(&w, "messages");
	json_open_array(&w);
	for (uint32_t i = 0; i < l->n; i++) {
		const struct store_message *m = &l->row[i];

		hash_hex(&m->sha256, hex);
		json_open_object(&w);
		json_put(&w, "reference", m->reference);
		json_put(&w, "type", m->type);
		json_put(&w, "format", m->format);
		json_put(&w, "state", m->state);
		json_put(&w, "sender", m->sender);
		json_put(&w, "login", m->actor);
		json_put(&w, "office", m->office);
		json_put_c(&w, "sha256", hex);
		json_put_int(&w, "bytes", m->bytes);
		json_put_moment(&w, "received_at", m->at);
		json_close_object(&w);
	}
	json_close_array(&w);
	if (l->n && l->n == l->page->limit)
		json_put(&w, "after", l->row[l->n - 1].reference);
	json_close_object(&w);
}

enum err hub_write_message_list(struct hub *h, struct text *to, const struct who *who,
				const struct message_page *page, struct span request,
				struct cause *why)
{
	struct listing l = {.arena = to->arena, .page = page, .text = text_in(to->arena)};
	enum view view;
	enum err e;

	if ((page->office.n > 0) + (page->party.n > 0) != 1 || page->limit < 1 ||
	    page->limit > MESSAGES_PAGE_MAX)
		return fail(why, ERR_FORMAT,
			    "one of office and party is wanted, and a limit from 1 to %d",
			    MESSAGES_PAGE_MAX);
	e = scope_list(h, who, page->office, page->party, PURPOSE_MESSAGE, request, &view, why);
	if (e || view == VIEW_NONE)
		return e ? e : fail(why, ERR_DENIED, "they are shown to their office and sender");
	e = house_list(h, page->patience,
		       &(struct house_listing){read_page, write_page, &l, l.arena}, why);
	if (!e)
		*to = l.text;
	return e;
}
