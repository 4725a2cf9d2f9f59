#include "model/event.h"

static void put64(uint8_t *to, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		to[i] = (uint8_t)(v >> (56 - 8 * i));
}

static struct hash payload_hash(const struct event *e, const struct hash *content)
{
	return hash_pieces((struct span[]){{(const char *)e->salt, sizeof(e->salt), 0},
					   {(const char *)content->byte, sizeof(content->byte), 0}},
			   2);
}

static struct hash chain_hash(const struct event *e, const struct hash *before)
{
	uint8_t number[7][8];
	const struct span text[4] = {e->office, e->kind, e->reference, e->actor};
	struct span piece[13];
	uint32_t n = 0;

	for (int i = 0; i < 4; i++)
		put64(number[i], text[i].n);
	put64(number[4], (uint64_t)e->seq);
	put64(number[5], (uint64_t)e->version);
	put64(number[6], (uint64_t)e->at);
	piece[n++] = (struct span){(const char *)before->byte, sizeof(before->byte), 0};
	for (int i = 0; i < 7; i++) {
		piece[n++] = (struct span){(const char *)number[i], 8, 0};
		if (i < 4)
			piece[n++] = text[i];
	}
	piece[n++] =
	    (struct span){(const char *)e->payload_hash.byte, sizeof(e->payload_hash.byte), 0};
	BUG_ON(n != ARRAY_LEN(piece));
	return hash_pieces(piece, n);
}

void event_seal(struct event *e, const struct hash *before)
{
	struct hash content = hash_bytes(e->payload.p, e->payload.n);

	event_seal_content(e, &content, before);
}

void event_seal_content(struct event *e, const struct hash *content, const struct hash *before)
{
	e->payload_hash = payload_hash(e, content);
	e->chain = chain_hash(e, before);
}

enum event_fault event_verify(const struct event *e, const struct hash *before)
{
	struct hash h;

	if (e->payload.p) {
		h = hash_bytes(e->payload.p, e->payload.n);
		h = payload_hash(e, &h);
		if (!hash_equal(&h, &e->payload_hash))
			return EVENT_PAYLOAD_CHANGED;
	}
	h = chain_hash(e, before);
	return hash_equal(&h, &e->chain) ? EVENT_SOUND : EVENT_CHAIN_BROKEN;
}
