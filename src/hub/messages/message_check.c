#include "hub/messages/message_check.h"

#include "base/date.h"
#include "codec/edifact_tables.h"
#include "hub/settle/decision.h"

static void put_input(struct json_writer *w, const struct message_check *c)
{
	char hex[65];

	hash_hex(&c->input, hex);
	json_name(w, "input");
	json_open_object(w);
	json_put_c(w, "sha256", hex);
	json_put_int(w, "bytes", (int64_t)c->input_bytes);
	json_put_c(w, "format", c->format->id);
	json_close_object(w);
}

static void put_message(struct json_writer *w, const struct message_check *c)
{
	json_name(w, "message");
	json_open_object(w);
	json_put(w, "reference", c->facts.reference);
	json_put(w, "trader_reference", c->heading.reference);
	json_put_int(w, "version", 1);
	json_put(w, "type", c->heading.type);
	if (c->heading.directory)
		json_put_c(w, "directory", c->heading.directory->version);
	json_put(w, "interchange", c->heading.interchange);
	json_put(w, "from", c->heading.sender);
	json_put(w, "to", c->heading.recipient);
	json_close_object(w);
}

static void put_facts(struct json_writer *w, const struct message_facts *f)
{
	json_name(w, "facts");
	json_open_object(w);
	json_put_moment(w, "received_at", f->received_at);
	json_put(w, "office", f->office);
	json_put(w, "sender", f->sender);
	json_put(w, "key", f->key);
	json_put(w, "login", f->login);
	json_close_object(w);
}

void message_check_write(struct text *to, const struct message_check *c)
{
	struct json_writer w = json_to(to);

	json_open_object(&w);
	put_input(&w, c);
	put_message(&w, c);
	json_name(&w, "versions");
	json_open_object(&w);
	json_put_int(&w, "format", MESSAGE_CHECK_FORMAT);
	if (c->heading.directory && c->heading.directory->sha256[0])
		json_put_c(&w, "directory", c->heading.directory->sha256);
	json_close_object(&w);
	put_facts(&w, &c->facts);
	decision_put_findings(&w, &c->findings);
	json_put_c(&w, "state", message_accepted(c) ? "accepted" : "rejected");
	json_close_object(&w);
}

void message_answer_write(struct text *to, const struct json *check)
{
	const struct json *m = json_get(check, "message"), *facts = json_get(check, "facts");
	struct json_writer w = json_to(to);

	json_open_object(&w);
	json_put(&w, "reference", json_get_text(m, "reference"));
	json_put(&w, "trader_reference", json_get_text(m, "trader_reference"));
	json_name(&w, "version");
	json_value(&w, json_get(m, "version"));
	json_put_c(&w, "asked", "message");
	json_put(&w, "type", json_get_text(m, "type"));
	json_put(&w, "state", json_get_text(check, "state"));
	json_put(&w, "received_at", json_get_text(facts, "received_at"));
	json_name(&w, "findings");
	json_value(&w, json_get(check, "findings"));
	json_close_object(&w);
}

struct again {
	struct arena *arena;
	const struct json *check;
	struct message_check made;
	struct span out;
	enum err err;
};

static void write_again(void *context)
{
	struct again *g = context;
	const struct json *f = json_get(g->check, "facts");
	struct text out = text_in(g->arena);
	struct message_facts *facts = &g->made.facts;
	int64_t format;

	*facts = (struct message_facts){
	    .office = json_get_text(f, "office"),
	    .sender = json_get_text(f, "sender"),
	    .key = json_get_text(f, "key"),
	    .login = json_get_text(f, "login"),
	    .reference = json_get_text(json_get(g->check, "message"), "reference")};
	if (json_get_int(json_get(g->check, "versions"), "format", &format) ||
	    format != MESSAGE_CHECK_FORMAT ||
	    moment_parse(json_get_text(f, "received_at"), &facts->received_at)) {
		g->err = ERR_FORMAT;
		return;
	}
	message_check_write(&out, &g->made);
	g->out = text_as_span(&out);
}

enum err message_recheck(struct arena *a, struct span input, const struct json *check,
			 const struct edifact_set *directories, struct span *ret, struct cause *why)
{
	struct again g = {.arena = a, .check = check};
	struct message_check *c = &g.made;
	struct codec_fault fault = {0};
	enum err e;

	c->input = hash_bytes(input.p, input.n);
	c->input_bytes = input.n;
	c->format = msg_format_by_id(json_get_text(json_get(check, "input"), "format"));
	if (!c->format || !c->format->check)
		return fail(why, ERR_FORMAT, "the stored check names no format that is known here");
	e = msg_check_with(a, input, c->format, directories, &c->heading, &c->findings, &fault);
	if (e)
		return fail(why, e, "the stored message cannot be read: %s",
			    fault.text ? fault.text : err_name(e));
	e = arena_run(a, write_again, &g);
	if (e)
		return fail(why, e, "no memory to check again");
	if (g.err)
		return fail(why, g.err, "the stored check cannot be read");
	*ret = g.out;
	return ERR_NONE;
}
