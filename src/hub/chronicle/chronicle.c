/* The file of a chronicle: opened, indexed, and checked against the store. */
#include "hub/chronicle/chronicle_room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

/* Numbers of texts take memory: a billion bytes of names is a sign of something else. */
enum { MEMORY = 2000000000 };

const struct columns *chronicle_columns(const struct chronicle *c)
{
	return &c->columns;
}

uint32_t chronicle_offices(const struct chronicle *c)
{
	return c->offices.n;
}

struct span chronicle_office(const struct chronicle *c, uint32_t i)
{
	return c->offices.v[i].code;
}

uint32_t chronicle_texts(const struct chronicle *c)
{
	return c->texts.n;
}

struct span chronicle_text_of(const struct chronicle *c, chronicle_text t)
{
	return t < c->texts.n ? c->texts.v[t] : SPAN("");
}

chronicle_text chronicle_number_of(const struct chronicle *c, struct span text)
{
	return text.n ? (chronicle_text)(uintptr_t)map_get(&c->by_text, text) : 0;
}

chronicle_text chronicle_intern(struct chronicle *c, struct span text)
{
	chronicle_text known = chronicle_number_of(c, text);
	struct span copy;

	if (known || !text.n)
		return known;
	copy = span_copy(c->arena, text);
	*(struct span *)arena_push(c->arena, (void **)&c->texts.v, &c->texts.n, &c->texts.room,
				   sizeof(copy)) = copy;
	map_put(&c->by_text, copy, (void *)(uintptr_t)(c->texts.n - 1));
	return c->texts.n - 1;
}

uint32_t chronicle_office_number(struct chronicle *c, struct span code)
{
	struct chronicle_office *o;

	for (uint32_t i = 0; i < c->offices.n; i++)
		if (span_equal(c->offices.v[i].code, code))
			return i;
	o = arena_push(c->arena, (void **)&c->offices.v, &c->offices.n, &c->offices.room,
		       sizeof(*o));
	o->code = span_copy(c->arena, code);
	return c->offices.n - 1;
}

bool chronicle_days(const struct chronicle *c, int32_t *ret_first, int32_t *ret_last)
{
	*ret_first = INT32_MAX;
	*ret_last = INT32_MIN;
	for (uint32_t i = 0; i < c->offices.n; i++)
		for (uint32_t k = 0; k < c->offices.v[i].block_count; k++) {
			const struct chronicle_block *b = c->offices.v[i].block[k];

			if (b->first_day < *ret_first)
				*ret_first = b->first_day;
			if (b->last_day > *ret_last)
				*ret_last = b->last_day;
		}
	return *ret_first <= *ret_last;
}

/* ---- the index ---- */

static bool read_streams(struct chronicle *c, struct columns_stream *s, struct chronicle_block *b)
{
	bool bad = false;
	uint64_t bytes = 0;

	b->streams = (uint32_t)columns_get_count(s, &bad);
	if (bad || b->streams > c->columns.n + STREAMS_MORE)
		return false;
	b->stream = ARENA_ARRAY(c->arena, struct chronicle_stream_at, b->streams + 1);
	for (uint32_t i = 0; i < b->streams; i++) {
		struct chronicle_stream_at *x = &b->stream[i];

		x->stream = (uint32_t)columns_get_count(s, &bad);
		x->length = (uint32_t)columns_get_count(s, &bad);
		x->stored = (uint32_t)columns_get_count(s, &bad);
		if (x->stream >= c->columns.n + STREAMS_MORE || x->stored > x->length)
			return false;
		bytes += x->stored;
	}
	return !bad && bytes == (uint64_t)(s->end - s->p);
}

static bool read_texts(struct chronicle *c, struct columns_stream *s, bool made)
{
	bool bad = false;
	uint64_t first = columns_get_count(s, &bad), n = columns_get_count(s, &bad);

	if (bad || (!made && first != c->texts.n) || n > (uint64_t)(s->end - s->p))
		return false;
	for (uint64_t i = 0; i < n && !bad; i++) {
		struct span t = columns_get_text(s, &bad);

		if (!bad && !made && chronicle_intern(c, t) != first + i)
			return false;
	}
	return !bad;
}

bool chronicle_index(struct chronicle *c, const char *bytes, uint64_t at,
		     const struct chronicle_block_head *head, bool made)
{
	struct columns_stream s = {(const uint8_t *)bytes, (const uint8_t *)bytes + head->bytes};
	struct chronicle_block *b = ARENA_NEW(c->arena, struct chronicle_block);
	struct chronicle_office *o;
	struct chronicle_block **grown;
	struct span code, chain;
	bool bad = false;

	code = columns_get_text(&s, &bad);
	b->last = columns_get_number(&s, &bad);
	chain = columns_get_text(&s, &bad);
	b->cases = (uint32_t)columns_get_count(&s, &bad);
	b->events = (uint32_t)columns_get_count(&s, &bad);
	b->first_day = (int32_t)columns_get_number(&s, &bad);
	b->last_day = (int32_t)columns_get_number(&s, &bad);
	if (bad || !code.n || chain.n != sizeof(b->chain.byte) || !read_texts(c, &s, made) ||
	    !read_streams(c, &s, b))
		return false;
	memcpy(b->chain.byte, chain.p, chain.n);
	b->at = at;
	b->bytes = head->bytes;
	b->hash = head->hash;
	b->streams_at = (uint64_t)(s.p - (const uint8_t *)bytes);
	b->office = chronicle_office_number(c, code);
	o = &c->offices.v[b->office];
	/* the list of an office grows by doubling, like any other */
	if ((o->block_count & (o->block_count - 1)) == 0) {
		grown = ARENA_ARRAY(c->arena, struct chronicle_block *,
				    (size_t)(o->block_count ? 2 * o->block_count : 1));
		if (o->block_count)
			memcpy(grown, o->block, o->block_count * sizeof(struct chronicle_block *));
		o->block = grown;
	}
	o->block[o->block_count++] = b;
	return true;
}

/* ---- the file ---- */

static bool read_at(int fd, void *to, size_t n, uint64_t at)
{
	return pread(fd, to, n, (off_t)at) == (ssize_t)n;
}

static void head_of(const struct chronicle *c, struct chronicle_head *ret)
{
	struct hash_stream h;

	memset(ret, 0, sizeof(*ret));
	snprintf(ret->name, sizeof(ret->name), "customhouse chronicle 1");
	ret->order = CHRONICLE_MAGIC;
	ret->zone_minutes = c->zone_minutes;
	hash_start(&h);
	for (uint32_t i = 1; i < c->columns.n; i++) {
		const struct dict_field *f = c->columns.v[i].field;

		hash_add(&h, f->name, f->length + (size_t)1);
		hash_add(&h, &f->kind, sizeof(f->kind));
		hash_add(&h, &f->list, sizeof(f->list));
	}
	ret->fields = hash_finish(&h);
}

struct indexing {
	struct chronicle *c;
	uint64_t at;
};

/* Up to the first block that is not whole: there it ends, and goes on from. */
static void index_file(void *context)
{
	struct indexing *x = context;
	struct chronicle *c = x->c;
	struct chronicle_block_head head;

	while (read_at(c->fd, &head, sizeof(head), x->at) && head.magic == CHRONICLE_MAGIC) {
		char *bytes = head.bytes ? malloc(head.bytes) : NULL;
		bool good = bytes && read_at(c->fd, bytes, head.bytes, x->at + sizeof(head));

		if (good) {
			struct hash h = hash_bytes(bytes, head.bytes);

			good = hash_equal(&h, &head.hash) &&
			       chronicle_index(c, bytes, x->at + sizeof(head), &head, false);
		}
		free(bytes);
		if (!good)
			break;
		x->at += sizeof(head) + head.bytes;
	}
}

static void forget(void *context)
{
	struct chronicle *c = context;

	c->offices.v = NULL;
	c->offices.n = c->offices.room = 0;
	c->texts.v = NULL;
	c->texts.n = c->texts.room = 0;
	c->by_text = map_in(c->arena);
	c->columns = columns_of_declaration(c->arena);
	arena_push(c->arena, (void **)&c->texts.v, &c->texts.n, &c->texts.room,
		   sizeof(struct span)); /* number 0 is nobody's */
}

/* An empty file. */
static enum err begin_anew(struct chronicle *c, struct cause *why)
{
	struct chronicle_head head;
	enum err e;

	arena_reset(c->arena);
	e = arena_run(c->arena, forget, c);
	if (e)
		return fail(why, e, "no memory for the chronicle");
	head_of(c, &head);
	if (ftruncate(c->fd, 0) || pwrite(c->fd, &head, sizeof(head), 0) != sizeof(head))
		return fail(why, ERR_IO, CHRONICLE_FILE ": %s", strerror(errno));
	c->size = sizeof(head);
	return ERR_NONE;
}

static enum err read_file(struct chronicle *c, struct cause *why)
{
	struct indexing x = {c, sizeof(struct chronicle_head)};
	struct chronicle_head is, should;
	enum err e = arena_run(c->arena, forget, c);

	if (e)
		return fail(why, e, "no memory for the chronicle");
	head_of(c, &should);
	if (!read_at(c->fd, &is, sizeof(is), 0) || memcmp(&is, &should, sizeof(is)) != 0)
		return begin_anew(c, why);
	e = arena_run(c->arena, index_file, &x);
	if (e)
		return fail(why, e, "no memory for the chronicle");
	c->size = x.at;
	return ftruncate(c->fd, (off_t)x.at)
		   ? fail(why, ERR_IO, CHRONICLE_FILE ": %s", strerror(errno))
		   : ERR_NONE;
}

/* The file in the data directory, if this process may have it, or one without a name. */
static enum err open_file(struct chronicle *c, struct cause *why)
{
	char path[4200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/" CHRONICLE_FILE, c->hub->where);
	c->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (c->fd >= 0 && !flock(c->fd, LOCK_EX | LOCK_NB))
		return ERR_NONE;
	if (c->fd >= 0)
		close(c->fd);
	f = tmpfile();
	c->fd = f ? fcntl(fileno(f), F_DUPFD_CLOEXEC, 0) : -1;
	if (f)
		fclose(f);
	return c->fd >= 0 ? ERR_NONE : fail(why, ERR_IO, CHRONICLE_FILE ": %s", strerror(errno));
}

/* Do the chains of the store go on from where the blocks end? */
static enum err is_of_store(struct chronicle *c, bool *ret, struct cause *why)
{
	struct arena *a = arena_new((size_t)LIMIT_PAYLOAD_BYTES * 2);
	enum err e = a ? ERR_NONE : ERR_NOMEM;

	*ret = true;
	for (uint32_t i = 0; i < c->offices.n && !e && *ret; i++) {
		const struct chronicle_office *o = &c->offices.v[i];
		const struct chronicle_block *last = o->block[o->block_count - 1];
		struct event event;
		struct cause gone = {0};

		arena_reset(a);
		e = store_get_event(c->hub->store, a, o->code, last->last, &event, &gone);
		*ret = !e && hash_equal(&event.chain, &last->chain);
		if (e == ERR_NOT_FOUND)
			e = ERR_NONE;
		else if (e)
			*why = gone;
	}
	arena_free(a);
	return e;
}

static enum err map_file(struct chronicle *c, struct cause *why)
{
	void *p = mmap(NULL, c->size, PROT_READ, MAP_SHARED, c->fd, 0);

	if (p == MAP_FAILED)
		return fail(why, ERR_NOMEM, CHRONICLE_FILE ": %s", strerror(errno));
	c->map = p;
	return ERR_NONE;
}

static enum err bring_up(struct chronicle *c, const struct chronicle_options *o, struct cause *why)
{
	bool good = true, stale = false;
	enum err e = open_file(c, why);

	if (!e)
		e = read_file(c, why);
	if (!e)
		e = is_of_store(c, &good, why);
	if (!e && !good)
		e = begin_anew(c, why);
	if (!e)
		e = chronicle_extend(c, o, &stale, why);
	if (!e && stale)
		e = begin_anew(c, why);
	if (!e && stale)
		e = chronicle_extend(c, o, &stale, why);
	return e ? e : map_file(c, why);
}

enum err chronicle_open(struct hub *h, const struct chronicle_options *o, struct chronicle **ret,
			struct cause *why)
{
	struct chronicle *c = calloc(1, sizeof(*c));
	struct inforce *in = house_inforce(h);
	enum err e = ERR_NOMEM;

	if (c) {
		*c = (struct chronicle){
		    .hub = h,
		    .fd = -1,
		    .zone_minutes = in ? ref_zone_minutes(in->ref) : 0,
		    .arena = arena_new((size_t)MEMORY),
		    .compressor = compressor_new(SPAN("")),
		};
		if (c->arena && c->compressor)
			e = bring_up(c, o, why);
	}
	inforce_release(in);
	if (e) {
		chronicle_close(c);
		return fail(why, e, "no memory for the chronicle");
	}
	*ret = c;
	return ERR_NONE;
}

void chronicle_remove(const struct hub *h)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/" CHRONICLE_FILE, h->where);
	(void)unlink(path); /* most often there is none */
}

void chronicle_close(struct chronicle *c)
{
	if (!c)
		return;
	if (c->map)
		munmap((void *)(uintptr_t)c->map, c->size);
	if (c->fd >= 0)
		close(c->fd);
	compressor_free(c->compressor);
	arena_free(c->arena);
	free(c);
}
