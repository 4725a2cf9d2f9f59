/* Hubs that share a store: their names, their beats, their batches. */
#include "store/columns.h"
#include "store/nodes.h"
#include "store/st.h"

static const struct db_stmt node_begin = {
    "node_begin", "INSERT INTO node (" NODE_COLUMNS ") VALUES ($1, 1, $2, $3, $4, 1)"
		  " ON CONFLICT (name) DO UPDATE SET run = node.run + 1,"
		  " address = excluded.address, program = excluded.program,"
		  " started_at = excluded.started_at, beat = node.beat + 1 RETURNING run"};

static const struct db_stmt node_beat = {
    "node_beat", "UPDATE node SET beat = beat + 1 WHERE name = $1 AND run = $2"};

static const struct db_stmt node_end = {
    "node_end", "UPDATE node SET address = '', beat = beat + 1 WHERE name = $1 AND run = $2"};

static const struct db_stmt node_remove = {"node_remove", "DELETE FROM node WHERE name = $1"};

static const struct db_stmt batch_remove = {"batch_remove",
					    "DELETE FROM node_batch WHERE node = $1"};

static const struct db_stmt node_list = {"node_list",
					 "SELECT " NODE_COLUMNS " FROM node ORDER BY name"};

static const struct db_stmt batch_note = {
    "batch_note", "INSERT INTO node_batch (node, run, number, asked) VALUES ($1, $2, $3, 0)"
		  " ON CONFLICT (node) DO UPDATE SET run = excluded.run, number = excluded.number"
		  " WHERE node_batch.run <= excluded.run"};

/* An update, not a select: it waits for the transaction that has the row. */
static const struct db_stmt batch_get = {
    "batch_get",
    "UPDATE node_batch SET asked = asked + 1 WHERE node = $1 AND run <= $2 RETURNING run, number"};

static const struct db_stmt signer_put = {
    "signer_put",
    "INSERT INTO signer (id, public, at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING"};

static const struct db_stmt signer_get = {"signer_get", "SELECT public FROM signer WHERE id = 1"};

static const struct db_stmt *const statements[] = {
    &node_begin, &node_beat,   &node_end,     &node_list,  &batch_note,
    &batch_get,  &node_remove, &batch_remove, &signer_put, &signer_get};
ST_STATEMENTS(st_node_statements, statements);

/* ---- nodes ---- */

static void read_number(struct db_rows *row, void *ret)
{
	*(int64_t *)ret = db_get_i64(row);
}

static const struct db_shape NUMBER = {sizeof(int64_t), read_number};

static void read_node(struct db_rows *row, void *ret)
{
	struct store_node *n = ret;

	n->name = db_get_span(row);
	n->run = db_get_i64(row);
	n->address = db_get_span(row);
	n->program = db_get_span(row);
	n->started_at = db_get_i64(row);
	n->beat = db_get_i64(row);
}

static const struct db_shape NODE = {sizeof(struct store_node), read_node};

/* The row of batches is there from the beginning on: a look-up could not wait for one that a lost COMMIT is about to make. */
enum err store_begin_node(struct store *s, const struct store_node *n, int64_t *ret_run,
			  struct cause *why)
{
	int64_t run = 0;
	enum err err;

	BUG_ON(!n->name.n || !n->address.n || !s->in_tx);
	err = db_one(s->db, &node_begin,
		     DB_ARGS(db_text(n->name), db_text(n->address), db_text(n->program),
			     db_i64(n->started_at)),
		     NULL, &NUMBER, &run, why);
	if (!err)
		err = store_note_batch(s, n->name, run, 0, why);
	if (!err)
		*ret_run = run;
	return err;
}

enum err store_beat_node(struct store *s, struct span name, int64_t run, struct cause *why)
{
	int64_t rows;
	enum err err =
	    db_exec_count(s->db, &node_beat, DB_ARGS(db_text(name), db_i64(run)), &rows, why);

	return err ? err : rows ? ERR_NONE : ERR_NOT_FOUND;
}

enum err store_end_node(struct store *s, struct span name, int64_t run, struct cause *why)
{
	return db_exec(s->db, &node_end, DB_ARGS(db_text(name), db_i64(run)), why);
}

enum err store_remove_node(struct store *s, struct span name, struct cause *why)
{
	enum err err = db_exec(s->db, &node_remove, DB_ARGS(db_text(name)), why);

	return err ? err : db_exec(s->db, &batch_remove, DB_ARGS(db_text(name)), why);
}

enum err store_list_nodes(struct store *s, struct arena *a, struct store_node **ret,
			  uint32_t *ret_count, struct cause *why)
{
	void *rows;
	enum err err = db_all(s->db, &node_list, DB_NO_ARGS, a, &NODE, &rows, ret_count, why);

	if (!err)
		*ret = rows;
	return err;
}

/* ---- batches ---- */

enum err store_note_batch(struct store *s, struct span node, int64_t run, int64_t number,
			  struct cause *why)
{
	int64_t rows;
	enum err err = db_exec_count(
	    s->db, &batch_note, DB_ARGS(db_text(node), db_i64(run), db_i64(number)), &rows, why);

	return err ? err : rows ? ERR_NONE : ERR_NOT_FOUND;
}

struct newest {
	int64_t run, number;
};

static void read_newest(struct db_rows *row, void *ret)
{
	struct newest *n = ret;

	n->run = db_get_i64(row);
	n->number = db_get_i64(row);
}

enum err store_get_batch(struct store *s, struct span node, int64_t run, int64_t *ret,
			 struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct newest), read_newest};
	struct newest n;
	enum err err =
	    db_one(s->db, &batch_get, DB_ARGS(db_text(node), db_i64(run)), NULL, &shape, &n, why);

	if (!err)
		*ret = n.run == run ? n.number : 0;
	return err;
}

/* ---- the signer ---- */

struct signer {
	uint8_t public[32];
};

static void read_signer(struct db_rows *row, void *ret)
{
	struct signer *v = ret;

	db_get_bytes(row, v->public, sizeof(v->public));
}

enum err store_get_signer(struct store *s, uint8_t ret[32], struct cause *why)
{
	static const struct db_shape shape = {sizeof(struct signer), read_signer};
	struct signer found;
	enum err err = db_one(s->db, &signer_get, DB_NO_ARGS, NULL, &shape, &found, why);

	if (!err)
		memcpy(ret, found.public, sizeof(found.public));
	return err;
}

enum err store_note_signer(struct store *s, const uint8_t public[32], int64_t at, uint8_t ret[32],
			   struct cause *why)
{
	enum err err = db_exec(s->db, &signer_put, DB_ARGS(db_bytes(public, 32), db_i64(at)), why);

	return err ? err : store_get_signer(s, ret, why);
}
