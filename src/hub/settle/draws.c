/* What the public may see of the draws: commitments, rates, and signed counts of how many movements were drawn and
 * how many of them the random stratum picked. Never which, and never a key. Counts of a day are told once it is over:
 * while it runs, whoever looks before and after handing in would learn the own draw. */
#include "base/clock.h"
#include "base/date.h"
#include "hub/house.h"

struct day_count {
	struct store_day_key row;
	int64_t drawn, picked;
};

/* A key's day may carry a suffix: the day proper is its first ten characters. */
static bool is_over(struct span day, struct span today)
{
	return span_compare((struct span){day.p, day.n < today.n ? day.n : today.n, 0}, today) < 0;
}

static void write_days(struct text *to, const struct day_count *day, uint32_t n, struct span today)
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
		if (is_over(day[i].row.day, today)) {
			json_put_int(&w, "drawn", day[i].drawn);
			json_put_int(&w, "picked", day[i].picked);
		}
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

/* The keys, each with its counts. */
static enum err read_days(struct draws *d, struct day_count **ret, uint32_t *ret_n)
{
	struct store_draw_count *count;
	struct store_day_key *row;
	struct day_count *day;
	uint32_t n, counts;
	enum err e = store_list_day_keys(d->store, d->arena, SPAN("0000"), SPAN("9999-99-99"), &row,
					 &n, d->why);

	if (!e)
		e = store_list_draw_counts(d->store, d->arena, &count, &counts, d->why);
	if (e)
		return e;
	day = ARENA_ARRAY(d->arena, struct day_count, n + 1);
	for (uint32_t i = 0, j = 0; i < n; i++) {
		day[i].row = row[i];
		while (j < counts && span_compare(count[j].day, row[i].day) < 0)
			j++;
		if (j < counts && span_equal(count[j].day, row[i].day)) {
			day[i].drawn = count[j].drawn;
			day[i].picked = count[j].picked;
		}
	}
	*ret = day;
	*ret_n = n;
	return ERR_NONE;
}

/* The day that it is in the country now. */
static struct span today_in(struct hub *h, struct arena *a)
{
	struct inforce *i = house_inforce(h);
	int32_t zone = i ? ref_zone_minutes(i->ref) : 0;
	struct text today = text_in(a);

	inforce_release(i);
	day_write(&today, day_of(clock_now(), zone));
	return text_as_span(&today);
}

static void gather(void *context)
{
	struct draws *d = context;
	struct text days = text_in(d->arena);
	struct signature signature;
	struct day_count *day;
	uint32_t n;

	d->err = read_days(d, &day, &n);
	if (d->err)
		return;
	write_days(&days, day, n, today_in(d->h, d->arena));
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

enum err hub_write_draws(struct hub *h, struct text *to, const struct patience *patience,
			 struct cause *why)
{
	struct draws d = {h, NULL, to->arena, to, why, ERR_NONE};
	enum err e = h->mode == HUB_OWN ? house_open_lister(h, patience, &d.store, why)
					: fail(why, ERR_DENIED, "only the hub itself signs counts");

	if (e)
		return e;
	e = arena_run(to->arena, gather, &d);
	house_close_lister(h, d.store);
	return e ? fail(why, e, "no memory for the list of draws") : d.err;
}
