/* What was read ahead: the answers to questions that a batch is about to ask one by one, fetched together. They hold until the
 * transaction ends, or this store writes what one of them is about. */
#include <stdio.h>
#include <string.h>

#include "store/st.h"

enum { KEY_BYTES = 400 };

/* The count of what was written over since. */
#define GONE UINT32_MAX

/* false: too long to be known ahead. */
static bool write_key(const struct db_stmt *stmt, struct db_args args, char to[KEY_BYTES],
		      struct span *ret)
{
	int n = snprintf(to, KEY_BYTES, "%s", stmt->name);

	for (uint32_t i = 0; i < args.n && n < KEY_BYTES; i++) {
		const struct db_value *v = &args.value[i];

		n += v->kind == DB_I64
			 ? snprintf(to + n, (size_t)(KEY_BYTES - n), "\n%lld", (long long)v->i64)
			 : snprintf(to + n, (size_t)(KEY_BYTES - n), "\n%u:%.*s", v->span.n,
				    SPAN_ARG(v->span));
	}
	*ret = (struct span){to, (uint32_t)n, 0};
	return n < KEY_BYTES;
}

struct db_value *st_case_values(struct arena *a, const struct store_case_key *key, uint32_t n)
{
	struct db_value *value = st_values(a, 2, n);

	for (uint32_t i = 0; i < n && value; i++) {
		value[2 * i] = db_text(key[i].office);
		value[2 * i + 1] = db_text(key[i].reference);
	}
	return value;
}

enum err st_ask_ahead(struct store *s, const struct db_stmt *stmt, const struct db_value *value,
		      uint32_t args, uint32_t n, struct arena *a, const struct db_shape *shape,
		      struct cause *why)
{
	struct db_found *found = NULL;
	enum err err;

	BUG_ON(!s->in_tx);
	err = st_each(s, stmt, value, args, n, a, shape, &found, why);
	if (!err && !s->ahead.arena)
		s->ahead = map_in(a);
	for (uint32_t i = 0; i < n && !err; i++) {
		char bytes[KEY_BYTES];
		struct span key;

		if (!write_key(stmt, (struct db_args){value + (size_t)i * args, args}, bytes, &key))
			continue;
		key.p = arena_copy(a, key.p, key.n);
		map_put(&s->ahead, key, &found[i]);
	}
	return err;
}

const struct db_found *st_known(const struct store *s, const struct db_stmt *stmt,
				struct db_args args)
{
	const struct db_found *found;
	char bytes[KEY_BYTES];
	struct span key;

	if (!s->ahead.count || !write_key(stmt, args, bytes, &key))
		return NULL;
	found = map_get(&s->ahead, key);
	return found && found->count == GONE ? NULL : found;
}

void st_forget(struct store *s, const struct db_stmt *stmt, struct db_args args)
{
	struct db_found *found;
	char bytes[KEY_BYTES];
	struct span key;

	if (!s->ahead.count || !write_key(stmt, args, bytes, &key))
		return;
	found = map_get(&s->ahead, key);
	if (found)
		found->count = GONE;
}

enum err st_one(struct store *s, const struct db_stmt *stmt, struct db_args args, struct arena *a,
		const struct db_shape *shape, void *ret, struct cause *why)
{
	const struct db_found *found = st_known(s, stmt, args);

	if (!found)
		return db_one(s->db, stmt, args, a, shape, ret, why);
	if (!found->count)
		return ERR_NOT_FOUND;
	memcpy(ret, found->row, shape->size);
	return ERR_NONE;
}

enum err st_all(struct store *s, const struct db_stmt *stmt, struct db_args args, struct arena *a,
		const struct db_shape *shape, void **ret, uint32_t *ret_count, struct cause *why)
{
	const struct db_found *found = st_known(s, stmt, args);
	void *copy;

	if (!found)
		return db_all(s->db, stmt, args, a, shape, ret, ret_count, why);
	/* whoever asks may change the rows that it gets */
	copy = arena_try(a, shape->size * ((size_t)found->count + 1));
	if (!copy)
		return fail(why, arena_failure(a), "no memory for %u rows", found->count);
	if (found->count)
		memcpy(copy, found->row, shape->size * found->count);
	*ret = copy;
	*ret_count = found->count;
	return ERR_NONE;
}

void store_forget_ahead(struct store *s)
{
	s->ahead = (struct map){0};
	s->offices = NULL;
}
