/* The keys of the draws, opened for an auditor: whoever has one makes every draw of its day again, with any tool. */
#include <sodium.h>

#include "base/clock.h"
#include "base/date.h"
#include "codec/json.h"
#include "hub/house.h"
#include "hub/settle/draw.h"

struct opening {
	struct arena *arena;
	struct store_day_key *row;
	uint32_t n;
	const uint8_t *secret;
	struct text *to;
	enum err err;
	struct cause *why;
};

static enum err read_rows(struct store *s, void *context, struct cause *why)
{
	struct opening *o = context;

	return store_list_day_keys(s, o->arena, SPAN("0000"), SPAN("9999-99-99"), &o->row, &o->n,
				   why);
}

static void put_key(struct opening *o, const struct store_day_key *row, const uint8_t *key)
{
	struct text line = text_in(o->arena), hex = text_in(o->arena);
	struct json_writer w = json_to(&line);
	char commitment[65];

	hash_hex(&row->commitment, commitment);
	text_hex(&hex, key, DRAW_KEY_BYTES);
	json_open_object(&w);
	json_put(&w, "day", row->day);
	json_put(&w, "rate", row->rate);
	json_put_c(&w, "commitment", commitment);
	json_put(&w, "key", text_as_span(&hex));
	json_close_object(&w);
	text_span(o->to, text_as_span(&line));
	text_char(o->to, '\n');
}

static void write_keys(void *context)
{
	struct opening *o = context;
	uint8_t key[DRAW_KEY_BYTES];

	for (uint32_t i = 0; i < o->n && !o->err; i++) {
		o->err = keys_unseal_auditor(o->secret, o->row[i].sealed, key);
		if (o->err)
			fail(o->why, o->err,
			     "the draw key of %.*s does not open with this auditor's key",
			     SPAN_ARG(o->row[i].day));
		else
			put_key(o, &o->row[i], key);
	}
	sodium_memzero(key, sizeof(key));
}

enum err hub_write_day_keys(struct hub *h, struct text *to, const char *auditor_key,
			    struct cause *why)
{
	struct opening o = {.arena = to->arena, .to = to, .why = why};
	uint8_t secret[32];
	struct store *s;
	enum err e = keys_read_file(auditor_key, secret, why);

	if (e)
		return e;
	o.secret = secret;
	e = house_open_reader(h, &s, why);
	if (!e) {
		e = store_snapshot(s, read_rows, &o, why);
		house_close_reader(h, s);
	}
	if (!e && arena_run(to->arena, write_keys, &o))
		e = fail(why, ERR_NOMEM, "no memory for the keys");
	sodium_memzero(secret, sizeof(secret));
	return e ? e : o.err;
}
