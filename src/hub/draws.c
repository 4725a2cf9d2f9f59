/* What the public may see of the draws: commitments, rates, and signed counts of how many movements were drawn and
 * how many of them the random stratum picked. Never which, and never a key. */
#include <stdio.h>

#include "base/date.h"
#include "base/limits.h"
#include "hub/house.h"

struct day_count {
	struct store_day_key row;
	int64_t ppm, drawn, picked;
};

struct counting {
	struct arena *once;
	struct map days;
};

static bool random_value(const struct json *draw, uint64_t *ret)
{
	struct span hex = json_get_text(json_get(draw, "values"), "random");
	uint64_t v = 0;

	if (hex.n != 16)
		return false;
	for (uint32_t i = 0; i < hex.n; i++)
		v = v << 4 | (uint64_t)(hex.p[i] <= '9' ? hex.p[i] - '0' : hex.p[i] - 'a' + 10);
	*ret = v;
	return true;
}

/* A version after the first inherits its draw: only first ones count. */
static enum err count(void *context, const struct event *e, struct cause *why)
{
	struct counting *c = context;
	const struct json *decision, *draw;
	struct codec_fault fault;
	struct day_count *day;
	uint64_t value;

	(void)why;
	if (!span_is(e->kind, "decision") || e->version != 1 || !e->payload.p)
		return ERR_NONE;
	arena_reset(c->once);
	if (json_read(c->once, e->payload, &decision, &fault))
		return ERR_NONE; /* verify speaks of it */
	draw = json_get(decision, "draw");
	day = map_get(&c->days, json_get_text(draw, "day"));
	if (day && random_value(draw, &value)) {
		day->drawn++;
		day->picked += draw_within(value, day->ppm);
	}
	return ERR_NONE;
}

static int64_t rate_of(struct span rate)
{
	int64_t ppm = 0;

	for (uint32_t i = sizeof("random=") - 1; i < rate.n && rate.p[i] >= '0' && rate.p[i] <= '9';
	     i++)
		ppm = ppm * 10 + (rate.p[i] - '0');
	return ppm;
}

static void write_days(struct text *to, const struct day_count *day, uint32_t n)
{
	struct json_writer w = json_to(to);

	json_open_array(&w);
	for (uint32_t i = 0; i < n; i++) {
		char commitment[65];

		hash_hex(&day[i].row.commitment, commitment);
		json_open_object(&w);
		json_put(&w, "day", day[i].row.day);
		json_put_c(&w, "commitment", commitment);
		json_put(&w, "rate", day[i].row.rate);
		json_put_int(&w, "drawn", day[i].drawn);
		json_put_int(&w, "picked", day[i].picked);
		json_close_object(&w);
	}
	json_close_array(&w);
}

struct draws {
	struct hub *h;
	struct store *store;
	struct arena *arena;
	struct text *to;
	struct cause *why;
	enum err err;
};

static void gather(void *context)
{
	struct draws *d = context;
	struct counting c = {.once = arena_new(LIMIT_ARENA_BYTES), .days = map_in(d->arena)};
	struct store_range range = {.from_at = INT64_MIN};
	struct text days = text_in(d->arena);
	struct signature signature;
	struct store_day_key *row;
	struct day_count *day = NULL;
	uint32_t n = 0;

	d->err = c.once ? store_list_day_keys(d->store, d->arena, SPAN("0000"), SPAN("9999-99-99"),
					      &row, &n, d->why)
			: fail(d->why, ERR_NOMEM, "no memory");
	if (!d->err) {
		day = arena_try(d->arena, sizeof(*day) * (n + 1));
		for (uint32_t i = 0; day && i < n; i++) {
			day[i] = (struct day_count){row[i], rate_of(row[i].rate), 0, 0};
			map_put(&c.days, row[i].day, &day[i]);
		}
		d->err = day ? store_scan_events(d->store, &range, count, &c, d->why) : ERR_NOMEM;
	}
	arena_free(c.once);
	if (d->err)
		return;
	write_days(&days, day, n);
	if (sign_bytes(d->h->keys.sign_seed, days.p, days.n, &signature)) {
		d->err = fail(d->why, ERR_IO, "the signing key does not sign");
		return;
	}
	text_string(d->to, "{\"days\":");
	text_add(d->to, days.p, days.n);
	text_string(d->to, ",\"signed\":\"Ed25519 over the bytes of days\",\"public_key\":\"");
	text_hex(d->to, d->h->keys.sign_public, 32);
	text_string(d->to, "\",\"signature\":\"");
	text_hex(d->to, signature.byte, sizeof(signature.byte));
	text_string(d->to, "\"}");
}

enum err hub_write_draws(struct hub *h, struct text *to, struct cause *why)
{
	struct draws d = {h, NULL, to->arena, to, why, ERR_NONE};
	enum err e =
	    h->mode == HUB_OWN
		? store_open(h->where, &(struct store_options){.mode = STORE_READ}, &d.store, why)
		: fail(why, ERR_DENIED, "only the hub itself signs counts");

	if (e)
		return e;
	e = arena_run(to->arena, gather, &d);
	store_close(d.store);
	return e ? fail(why, e, "no memory for the list of draws") : d.err;
}
