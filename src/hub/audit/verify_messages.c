/* Messages that are kept, against the log: who sent what, the bytes with their SHA-256, what the check found. */
#include "hub/audit/verify.h"

/* A message as its chain tells it. */
struct verify_message {
	struct store_message says;
	bool has_bytes; /* they were not erased */
};

static void take_input(struct verify *v, const struct event *e)
{
	struct verify_message *m = ARENA_NEW(v->whole, struct verify_message);

	*m = (struct verify_message){
	    .says = {.office = span_copy(v->whole, e->office), .input_seq = e->seq},
	    .has_bytes = e->payload.p != NULL};
	if (m->has_bytes) {
		m->says.sha256 = hash_bytes(e->payload.p, e->payload.n);
		m->says.bytes = e->payload.n;
	}
	map_put(&v->messages, span_copy(v->whole, e->reference), m);
	v->message_rows++;
}

static void take_check(struct verify *v, const struct event *e)
{
	struct verify_message *m = map_get(&v->messages, e->reference);
	const struct json *j, *input, *facts;
	struct codec_fault fault;
	struct store_message *s;
	struct hash sha256;
	int64_t bytes;

	if (!m || !e->payload.p || json_read(v->once, e->payload, &j, &fault)) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "the check of this message cannot be read");
		return;
	}
	verify_directory(v, e, j);
	input = json_get(j, "input");
	facts = json_get(j, "facts");
	s = &m->says;
	s->sender = span_copy(v->whole, json_get_text(facts, "sender"));
	s->key = span_copy(v->whole, json_get_text(facts, "key"));
	s->actor = span_copy(v->whole, json_get_text(facts, "login"));
	s->format = span_copy(v->whole, json_get_text(input, "format"));
	s->type = span_copy(v->whole, json_get_text(json_get(j, "message"), "type"));
	s->state = span_copy(v->whole, json_get_text(j, "state"));
	s->at = e->at;
	s->check_seq = e->seq;
	if (hash_from_hex(json_get_text(input, "sha256"), &sha256) ||
	    json_get_int(input, "bytes", &bytes) ||
	    (m->has_bytes && (!hash_equal(&sha256, &s->sha256) || bytes != s->bytes))) {
		verify_fault(v, e->office, e->seq, e->reference,
			     "the check is not one of the bytes that are kept");
		return;
	}
	s->sha256 = sha256;
	s->bytes = bytes;
}

void verify_message_event(struct verify *v, const struct event *e)
{
	if (span_is(e->kind, "message-input"))
		take_input(v, e);
	if (span_is(e->kind, "message-check"))
		take_check(v, e);
}

struct tally {
	struct verify *v;
	int64_t rows;
};

static bool same(const struct store_message *a, const struct store_message *b)
{
	return span_equal(a->office, b->office) && span_equal(a->sender, b->sender) &&
	       span_equal(a->key, b->key) && span_equal(a->actor, b->actor) &&
	       span_equal(a->format, b->format) && span_equal(a->type, b->type) &&
	       span_equal(a->state, b->state) && hash_equal(&a->sha256, &b->sha256) &&
	       a->bytes == b->bytes && a->at == b->at && a->input_seq == b->input_seq &&
	       a->check_seq == b->check_seq;
}

static enum err check_row(void *context, const struct store_message *row, struct cause *why)
{
	struct tally *t = context;
	const struct verify_message *m = map_get(&t->v->messages, row->reference);

	(void)why;
	t->rows++;
	if (!m || !same(&m->says, row))
		verify_fault(t->v, row->office, row->check_seq, row->reference,
			     "the list of messages does not say what the log says");
	return ERR_NONE;
}

enum err verify_messages(struct verify *v, struct cause *why)
{
	struct tally t = {v, 0};
	enum err e = store_scan_messages(v->store, check_row, &t, why);

	if (!e && t.rows != v->message_rows)
		verify_fault(v, SPAN(""), 0, SPAN(""),
			     "there are %lld messages, the log knows %lld", (long long)t.rows,
			     (long long)v->message_rows);
	return e;
}
