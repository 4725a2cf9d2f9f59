/* What everybody may see: formats, draws, health, figures, documents. Figures never tell lanes apart. */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/asset.h"
#include "http/problem.h"
#include "http/route.h"
#include "http/server.h"
#include "http/stream.h"

/* ---- formats and health ---- */

void formats_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	const struct msg_format *const *format;
	uint32_t n;

	format = msg_formats(&n);
	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(&w);
		json_put_c(&w, "id", format[i]->id);
		json_put_c(&w, "title", format[i]->title);
		json_put_c(&w, "version", format[i]->version);
		json_put_c(&w, "content_type", format[i]->content_type);
		json_put_c(&w, "carries", msg_carries_name(format[i]->carries));
		json_put_bool(&w, "reads", format[i]->reads);
		json_put_bool(&w, "writes", format[i]->writes);
		json_close_object(&w);
	}
	json_close_array(&w);
	request_reply_json(r, 200, &text);
	r->reply.keep = KEEP_ASK;
}

void health_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct hub_figures f;

	hub_get_figures(r->hub, &f);
	json_open_object(&w);
	json_put_c(&w, "status", f.writable ? "ok" : "store-failed");
	json_put_c(&w, "version", CUSTOMHOUSE_VERSION);
	json_close_object(&w);
	request_reply_json(r, f.writable ? 200 : 503, &text);
}

/* ---- metrics ---- */

static void metric(struct text *t, const char *name, const char *type, const char *help)
{
	text_print(t, "# HELP customhouse_%s %s\n# TYPE customhouse_%s %s\n", name, help, name,
		   type);
}

static void metric_value(struct text *t, const char *name, const char *type, const char *help,
			 int64_t value)
{
	metric(t, name, type, help);
	text_print(t, "customhouse_%s %lld\n", name, (long long)value);
}

static void write_hub(struct text *t, const struct hub_figures *f)
{
	const struct {
		const char *outcome;
		int64_t value;
	} outcomes[] = {{"accepted", f->accepted},    {"conflict", f->conflicts},
			{"denied", f->denied},        {"failed", f->failed},
			{"rejected", f->rejected},    {"repeated", f->repeated},
			{"unreadable", f->unreadable}},
	  passwords[] = {{"held-up", f->passwords_held_up},
			 {"right", f->passwords_right},
			 {"wrong", f->passwords_wrong}};

	metric(t, "declarations_total", "counter", "Messages by what became of them, since start.");
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		text_print(t, "customhouse_declarations_total{outcome=\"%s\"} %lld\n",
			   outcomes[i].outcome, (long long)outcomes[i].value);
	metric(t, "passwords_total", "counter", "Passwords that were tried, since start.");
	for (size_t i = 0; i < ARRAY_LEN(passwords); i++)
		text_print(t, "customhouse_passwords_total{outcome=\"%s\"} %lld\n",
			   passwords[i].outcome, (long long)passwords[i].value);
	metric_value(t, "submitted_total", "counter", "Messages handed in, since start.",
		     f->submitted);
	metric_value(t, "settle_batches_total", "counter", "Commits of the settle writer.",
		     f->batches);
	metric_value(t, "replica_away", "gauge",
		     "1: the replica did not answer, and the primary does its work.",
		     f->replica_away);
	metric_value(t, "settle_round_trips_total", "counter",
		     "Times that the settle writer waited for its database's server.",
		     f->round_trips);
	metric(t, "settle_seconds_total", "counter", "Time the settle writer spent on them.");
	text_print(t, "customhouse_settle_seconds_total %lld.%06lld\n",
		   (long long)(f->batch_microseconds / 1000000),
		   (long long)(f->batch_microseconds % 1000000));
	metric_value(t, "settle_queue", "gauge", "Messages that wait for the settle writer.",
		     f->queue);
	metric_value(t, "settle_queue_max", "gauge", "The most that ever waited.", f->queue_max);
	metric_value(t, "writable", "gauge", "1 when the last commit worked.", f->writable);
}

/* Deliveries to officers' systems are counted on the unix socket only: a trader could see from them that officers were told of
 * its case. */
static void write_push(struct text *t, const struct push_figures *f, bool local)
{
	static const char *const to[] = {"party", "office"};
	const struct {
		const char *outcome;
		const int64_t *value;
	} outcomes[] = {{"dead", f->dead}, {"delivered", f->delivered}, {"failed", f->failed}};

	metric(t, "hook_deliveries_total", "counter",
	       "Attempts to deliver notifications by outcome, and what became a dead letter.");
	for (unsigned c = 0; c < (local ? 2 : 1); c++)
		for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
			text_print(
			    t, "customhouse_hook_deliveries_total{to=\"%s\",outcome=\"%s\"} %lld\n",
			    to[c], outcomes[i].outcome, (long long)outcomes[i].value[c]);
	metric(t, "hooks_waiting", "gauge", "Hooks that have something to take.");
	for (unsigned c = 0; c < (local ? 2 : 1); c++)
		text_print(t, "customhouse_hooks_waiting{to=\"%s\"} %lld\n", to[c],
			   (long long)f->waiting[c]);
}

static void write_labels(struct text *t, const char *name, const struct route *route)
{
	text_print(t, "customhouse_http_%s{method=\"%s\",route=\"%s\"", name,
		   route ? route->method : "", route ? route->pattern : "");
}

/* One line for each route and class of status that was answered at all; those without a route last. What officers do on the
 * unix socket is not told on TCP: a trader could see from it that somebody looks at a case. */
static void write_routes(struct text *t, struct http_server *s, bool local)
{
	const struct route *route;
	uint32_t n;

	route = routes(&n);
	metric(t, "http_answers_total", "counter", "Answers by route and class of status.");
	for (uint32_t i = 0; i <= SERVER_ROUTES; i++) {
		for (uint32_t c = 0; c < SERVER_CLASSES; c++) {
			if (!s->answers[i][c] || (i < n && (route[i].flags & LOCAL) && !local))
				continue;
			write_labels(t, "answers_total", i < n ? &route[i] : NULL);
			text_print(t, ",class=\"%uxx\"} %llu\n", c + 1, s->answers[i][c]);
		}
	}
	metric(t, "http_seconds_total", "counter",
	       "Time from the headers to the answer's last byte.");
	for (uint32_t i = 0; i <= SERVER_ROUTES; i++) {
		if (!s->microseconds[i] || (i < n && (route[i].flags & LOCAL) && !local))
			continue;
		write_labels(t, "seconds_total", i < n ? &route[i] : NULL);
		text_print(t, "} %llu.%06llu\n", s->microseconds[i] / 1000000,
			   s->microseconds[i] % 1000000);
	}
}

void metrics_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct hub_figures f;

	hub_get_figures(r->hub, &f);
	metric(&text, "build_info", "gauge", "The program's version.");
	text_print(&text, "customhouse_build_info{version=\"%s\"} 1\n", CUSTOMHOUSE_VERSION);
	metric_value(&text, "start_time_seconds", "gauge",
		     "When the server started, seconds since 1970.",
		     r->server->started_at / 1000000);
	write_hub(&text, &f);
	write_push(&text, &f.push, r->local);
	metric_value(&text, "notification_streams", "gauge", "Open streams of notifications.",
		     streams_count(r->server->streams));
	metric_value(&text, "http_connections", "gauge", "Open connections.",
		     r->server->connections);
	write_routes(&text, r->server, r->local);
	request_reply(r, 200, "text/plain; version=0.0.4; charset=utf-8", text_as_span(&text));
}

/* ---- draws ---- */

void draws_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};

	if (hub_write_draws(r->hub, &text, &r->patience, &why))
		problem_of_cause(r, &why);
	else
		request_reply_json(r, 200, &text);
}

/* ---- documents ---- */

static void reply_asset(struct request *r, const char *type, struct span asset)
{
	request_reply(r, 200, type, asset);
	r->reply.keep = KEEP_ASK;
	r->reply.page = true;
}

void openapi_get(struct request *r)
{
	request_reply(r, 200, "application/json", r->server->openapi);
	r->reply.keep = KEEP_ASK;
}

void schema_get(struct request *r)
{
	struct span schema;

	if (span_is(r->reference, "declaration")) {
		schema = asset_declaration_schema_json();
	} else if (span_is(r->reference, "cargo-report")) {
		schema = asset_cargo_schema_json();
	} else {
		problem_reply(r, PROBLEM_NOT_FOUND,
			      "there are schemas of a declaration and of a cargo-report");
		return;
	}
	reply_asset(r, "application/schema+json", schema);
}
