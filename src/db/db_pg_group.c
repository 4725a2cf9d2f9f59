/* Grouping: rows that one statement inserts are kept back and sent as one statement with many rows.
 *
 * For the server a row of such a statement costs about half of what a statement of its own costs: a portal, a snapshot, and the
 * table with its indexes are opened once. The numbers of rows are a few fixed ones, so that each text is prepared once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "db/db_pg.h"

static const uint32_t sizes[PG_GROUP_SIZES] = {64, 32, 16, 8, 4, 2, 1};

/* The list of values once more, its parameters counted on. */
static void put_list(FILE *to, const char *list, const char *behind, uint32_t add)
{
	while (list < behind) {
		if (*list == '$') {
			char *end;

			fprintf(to, "$%lu", strtoul(list + 1, &end, 10) + add);
			list = end;
		} else {
			fputc(*list++, to);
		}
	}
}

/* The statement with its list repeated: ($1, $2) becomes ($1, $2), ($3, $4) ... NULL: no memory. */
static char *repeat_list(const char *sql, uint32_t args, uint32_t rows)
{
	const char *open = strstr(sql, "VALUES (") + strlen("VALUES ");
	const char *behind = strchr(open, ')') + 1;
	char *text = NULL;
	size_t room = 0;
	FILE *to = open_memstream(&text, &room);

	if (!to)
		return NULL;
	fwrite(sql, 1, (size_t)(open - sql), to);
	for (uint32_t row = 0; row < rows; row++) {
		if (row)
			fputs(", ", to);
		put_list(to, open, behind, row * args);
	}
	fputs(behind, to);
	if (fclose(to)) {
		free(text);
		return NULL;
	}
	return text;
}

/* The variant of that many rows, made when it is first needed: it is prepared by its address. NULL: no memory. */
static const struct db_stmt *variant(struct pg_group *g, uint32_t size)
{
	struct db_stmt *v = &g->variant[size];

	if (!v->sql)
		*v = (struct db_stmt){g->stmt->name,
				      repeat_list(g->stmt->sql, g->args, sizes[size])};
	return v->sql ? v : NULL;
}

static struct pg_group *find_group(struct pg *c, const struct db_stmt *stmt, uint32_t args)
{
	struct pg_group *g;

	for (g = c->groups; g; g = g->next)
		if (g->stmt == stmt)
			return g;
	g = calloc(1, sizeof(*g));
	if (!g)
		return NULL;
	BUG_ON(args < 1 || args * PG_GROUP_ROWS > PG_GROUP_VALUES_MAX ||
	       !strstr(stmt->sql, "VALUES (") || strstr(stmt->sql, "RETURNING"));
	*g = (struct pg_group){.next = c->groups, .stmt = stmt, .args = args};
	g->value = malloc(sizeof(*g->value) * args * PG_GROUP_ROWS);
	g->bytes = malloc(PG_GROUP_BYTES_FIRST);
	if (!g->value || !g->bytes) {
		free(g->value);
		free(g->bytes);
		free(g);
		return NULL;
	}
	g->room = PG_GROUP_BYTES_FIRST;
	c->groups = g;
	return g;
}

/* Rows from `row` on, in one statement. */
static enum err send_some(struct pg *c, struct pg_group *g, uint32_t row, uint32_t size,
			  struct cause *why)
{
	const struct db_stmt *stmt = variant(g, size);
	struct db_value value[PG_GROUP_VALUES_MAX];
	const uint32_t n = g->args * sizes[size];

	if (!stmt)
		return fail(why, ERR_NOMEM, "%s: no memory for a group of rows", c->label);
	memcpy(value, g->value + (size_t)row * g->args, n * sizeof(*value));
	for (uint32_t i = 0; i < n; i++)
		if (value[i].span.p) /* an offset until now: the bytes may have moved */
			value[i].span.p = g->bytes + (uintptr_t)value[i].span.p - 1;
	return db_pg_send(c, stmt, (struct db_args){value, n}, (struct pg_pending){.kind = PG_EXEC},
			  why);
}

static enum err send_group(struct pg *c, struct pg_group *g, struct cause *why)
{
	enum err err = ERR_NONE;
	uint32_t row = 0, size = 0;

	while (row < g->rows && !err) {
		while (sizes[size] > g->rows - row)
			size++;
		err = send_some(c, g, row, size, why);
		row += sizes[size];
	}
	c->grouped -= g->rows;
	g->rows = 0;
	g->used = 0;
	return err;
}

enum err db_pg_send_groups(struct pg *c, struct cause *why)
{
	enum err err = ERR_NONE;

	for (struct pg_group *g = c->groups; g && c->grouped && !err; g = g->next)
		err = send_group(c, g, why);
	return err;
}

void db_pg_drop_groups(struct pg *c)
{
	for (struct pg_group *g = c->groups; g; g = g->next)
		g->rows = 0, g->used = 0;
	c->grouped = 0;
}

void db_pg_free_groups(struct pg *c)
{
	while (c->groups) {
		struct pg_group *g = c->groups;

		c->groups = g->next;
		for (uint32_t i = 0; i < PG_GROUP_SIZES; i++)
			free((char *)(uintptr_t)g->variant[i].sql);
		free(g->value);
		free(g->bytes);
		free(g);
	}
}

static bool same_value(const struct pg_group *g, const struct db_value *kept,
		       const struct db_value *v)
{
	return kept->kind == v->kind && kept->i64 == v->i64 && kept->span.n == v->span.n &&
	       (!v->span.n ||
		!memcmp(g->bytes + (uintptr_t)kept->span.p - 1, v->span.p, v->span.n));
}

/* Has the group a row with this key? The server refuses to change one row twice in one statement. */
static bool has_key(const struct pg_group *g, struct db_args args, uint32_t key)
{
	for (uint32_t row = 0; key && row < g->rows; row++) {
		const struct db_value *kept = g->value + (size_t)row * g->args;
		uint32_t i = 0;

		while (i < key && same_value(g, &kept[i], &args.value[i]))
			i++;
		if (i == key)
			return true;
	}
	return false;
}

static bool keep_bytes(struct pg_group *g, struct db_value *v)
{
	const size_t n = v->span.n;

	if (!v->span.p)
		return true;
	if (g->used + n > g->room) {
		const size_t room = 2 * (g->used + n);
		char *more = realloc(g->bytes, room);

		if (!more)
			return false;
		g->bytes = more;
		g->room = room;
	}
	memcpy(g->bytes + g->used, v->span.p, n);
	v->span.p = (const char *)(uintptr_t)(g->used + 1);
	g->used += n;
	return true;
}

enum err db_pg_group(struct pg *c, const struct db_stmt *stmt, struct db_args args, uint32_t key,
		     struct cause *why)
{
	struct pg_group *g = find_group(c, stmt, args.n);
	enum err err = ERR_NONE;

	if (c->failure.err)
		return fail(why, c->failure.err, "%s", c->failure.text);
	if (!g)
		return fail(why, ERR_NOMEM, "%s: no memory for statement %s", c->label, stmt->name);
	BUG_ON(!g->stmt || args.n != g->args || key > args.n);
	if (g->rows == PG_GROUP_ROWS || g->used > PG_GROUP_BYTES || has_key(g, args, key))
		err = send_group(c, g, why);
	for (uint32_t i = 0; i < args.n && !err; i++) {
		struct db_value *v = &g->value[(size_t)g->rows * g->args + i];

		*v = args.value[i];
		if (!keep_bytes(g, v))
			err = fail(why, ERR_NOMEM, "%s: no memory for a row of %s", c->label,
				   stmt->name);
	}
	if (err)
		return err;
	g->rows++;
	c->grouped++;
	return ERR_NONE;
}
