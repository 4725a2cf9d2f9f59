/* What everybody may see: formats, draws, health, figures, documents. Figures never tell lanes apart. */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "http/asset.h"
#include "http/problem.h"
#include "http/route.h"
#include "http/server.h"

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
	} outcomes[] = {{"accepted", f->accepted}, {"conflict", f->conflicts},
			{"failed", f->failed},     {"rejected", f->rejected},
			{"repeated", f->repeated}, {"unreadable", f->unreadable}};

	metric(t, "declarations_total", "counter", "Messages by what became of them, since start.");
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		text_print(t, "customhouse_declarations_total{outcome=\"%s\"} %lld\n",
			   outcomes[i].outcome, (long long)outcomes[i].value);
	metric_value(t, "submitted_total", "counter", "Messages handed in, since start.",
		     f->submitted);
	metric_value(t, "settle_batches_total", "counter", "Commits of the settle writer.",
		     f->batches);
	metric(t, "settle_seconds_total", "counter", "Time the settle writer spent on them.");
	text_print(t, "customhouse_settle_seconds_total %lld.%06lld\n",
		   (long long)(f->batch_microseconds / 1000000),
		   (long long)(f->batch_microseconds % 1000000));
	metric_value(t, "settle_queue", "gauge", "Messages that wait for the settle writer.",
		     f->queue);
	metric_value(t, "settle_queue_max", "gauge", "The most that ever waited.", f->queue_max);
	metric_value(t, "writable", "gauge", "1 when the last commit worked.", f->writable);
}

/* One line a route and class of status that was answered at all. */
static void write_routes(struct text *t, struct http_server *s)
{
	const struct route *route;
	uint32_t n;

	route = routes(&n);
	metric(t, "http_answers_total", "counter", "Answers by route and class of status.");
	for (uint32_t i = 0; i <= SERVER_ROUTES; i++)
		for (uint32_t c = 0; c < SERVER_CLASSES; c++)
			if (s->answers[i][c])
				text_print(t,
					   "customhouse_http_answers_total{method=\"%s\",route=\"%"
					   "s\",class=\"%uxx\"} %llu\n",
					   i < n ? route[i].method : "",
					   i < n ? route[i].pattern : "", c + 1, s->answers[i][c]);
	metric(t, "http_seconds_total", "counter",
	       "Time from a request's headers to its answer's last byte, by route.");
	for (uint32_t i = 0; i <= SERVER_ROUTES; i++)
		if (s->microseconds[i])
			text_print(t,
				   "customhouse_http_seconds_total{method=\"%s\",route=\"%s\"} "
				   "%llu.%06llu\n",
				   i < n ? route[i].method : "", i < n ? route[i].pattern : "",
				   s->microseconds[i] / 1000000, s->microseconds[i] % 1000000);
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
	metric_value(&text, "http_connections", "gauge", "Open connections.",
		     server_connections(r->server));
	write_routes(&text, r->server);
	request_reply(r, 200, "text/plain; version=0.0.4; charset=utf-8", text_as_span(&text));
}

/* ---- draws ---- */

/* Counting the draws reads the whole log, so it is done once for all who ask within DRAWS_SECONDS. Whoever asks while it is being
 * done gets what was counted before. */
static bool must_count(struct draws_kept *d)
{
	bool must;

	pthread_mutex_lock(&d->lock);
	must = !d->making &&
	       (!d->arena || clock_steady() - d->made_at > (int64_t)DRAWS_SECONDS * 1000000);
	d->making |= must;
	pthread_mutex_unlock(&d->lock);
	return must;
}

static enum err count_draws(struct draws_kept *d, struct hub *h, struct cause *why)
{
	struct arena *made = arena_new(LIMIT_ARENA_BYTES), *unused = made;
	struct text text = text_in(made);
	enum err e = made ? hub_write_draws(h, &text, why) : fail(why, ERR_NOMEM, "no memory");

	pthread_mutex_lock(&d->lock);
	d->making = false;
	if (!e) {
		unused = d->arena;
		d->arena = made;
		d->json = text_as_span(&text);
		d->made_at = clock_steady();
	}
	pthread_mutex_unlock(&d->lock);
	arena_free(unused);
	return e;
}

/* A copy, because the next count frees the original. Nothing may be left while the lock is held. */
static struct span copy_kept(struct draws_kept *d, struct arena *a)
{
	struct span copy = {0};

	pthread_mutex_lock(&d->lock);
	if (d->arena) {
		copy = (struct span){arena_try(a, d->json.n), d->json.n, 0};
		if (copy.p)
			memcpy((char *)(uintptr_t)copy.p, d->json.p, d->json.n);
	}
	pthread_mutex_unlock(&d->lock);
	return copy;
}

void draws_get(struct request *r)
{
	struct draws_kept *d = &r->server->draws;
	struct cause why = {0};
	struct span json;

	if (must_count(d) && count_draws(d, r->hub, &why)) {
		problem_of_cause(r, &why);
		return;
	}
	json = copy_kept(d, r->arena);
	if (json.p)
		request_reply(r, 200, "application/json", json);
	else
		problem_reply(r, PROBLEM_BUSY, "the draws are being counted");
}

/* ---- pages ---- */

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

void page_home(struct request *r)
{
	reply_asset(r, "text/html; charset=utf-8", asset_home_html());
}

void page_api(struct request *r)
{
	reply_asset(r, "text/html; charset=utf-8", asset_api_html());
}

void page_script(struct request *r)
{
	reply_asset(r, "text/javascript; charset=utf-8", asset_api_js());
}

void page_style(struct request *r)
{
	reply_asset(r, "text/css; charset=utf-8", asset_customhouse_css());
}
