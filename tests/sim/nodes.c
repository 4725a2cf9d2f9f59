/* Several hubs of one world, as nodes on one PostgreSQL, and what befalls them.
 *
 * Each lives in this process; their clock is the world's, so that a node looks around only when it is told to: sim_turn(). What
 * befalls a node does so at a counted step of its writer's talk with the server, before or after one of libpq's calls (--wrap):
 *
 *   CUT     the connection is lost: behind a COMMIT nobody knows then whether it is stored
 *   FROZEN  the whole node stands still. The server ends its transaction, as it does by itself after some seconds; the clients
 *           ask another node, which takes the offices once the sleeper has been silent for long enough; life goes on; then it
 *           wakes, and goes on where it stood
 *   KILLED  every process of the world dies at once: what is left is the store
 *
 * Nodes never work at the same moment, but for one that is frozen with its batch half done: so a seed remains a seed. */
#include "sim.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub/house.h"
#include "hub/node/node.h"

enum {
	TURN_MS = 500,     /* of the world's steady clock: as often as a node looks around */
	TURNS_SILENT = 8,  /* more than a node may be silent */
	PATIENCE = 100000, /* looks of 100 us at a thread or a server that is not done yet */
};

static struct {
	atomic_bool armed, at_commit;
	struct hub *hub;
	enum sim_fault fault;
	unsigned at;
	sem_t *noticed;
	atomic_bool happened;
} order;

/* Others may be befallen while one sleeps. */
static struct {
	sem_t thaw;
	int backend; /* the server's process for the connection that stands still */
} frozen;

/* Link-time optimisation does not see that the linker calls them. */
int __real_PQpipelineSync(PGconn *conn);
__attribute__((used)) int __wrap_PQpipelineSync(PGconn *conn);
int __real_PQsendPrepare(PGconn *conn, const char *name, const char *sql, int n, const Oid *types);
__attribute__((used)) int __wrap_PQsendPrepare(PGconn *conn, const char *name, const char *sql,
					       int n, const Oid *types);
int __real_PQsendQueryPrepared(PGconn *conn, const char *name, int n, const char *const *values,
			       const int *lengths, const int *formats, int format);
__attribute__((used)) int __wrap_PQsendQueryPrepared(PGconn *conn, const char *name, int n,
						     const char *const *values, const int *lengths,
						     const int *formats, int format);

/* The name that COMMIT has on each connection. */
static struct {
	const PGconn *conn;
	char name[16];
} commits[64];
static pthread_mutex_t commits_lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local bool commit_is_sent; /* nothing else was since */

static void note_commit(const PGconn *conn, const char *name)
{
	unsigned i = 0;

	pthread_mutex_lock(&commits_lock);
	while (i < ARRAY_LEN(commits) - 1 && commits[i].conn && commits[i].conn != conn)
		i++;
	commits[i].conn = conn;
	snprintf(commits[i].name, sizeof(commits[i].name), "%s", name);
	pthread_mutex_unlock(&commits_lock);
}

static bool is_commit(const PGconn *conn, const char *name)
{
	bool is = false;

	pthread_mutex_lock(&commits_lock);
	for (unsigned i = 0; i < ARRAY_LEN(commits); i++)
		is |= commits[i].conn == conn && !strcmp(commits[i].name, name);
	pthread_mutex_unlock(&commits_lock);
	return is;
}

/* A point of the writer's talk at which something may befall its node. */
static void pass_point(PGconn *conn)
{
	if (!atomic_load(&order.armed) || !pthread_equal(order.hub->writer, pthread_self()) ||
	    (atomic_load(&order.at_commit) && !commit_is_sent) || --order.at)
		return;
	atomic_store(&order.armed, false);
	switch (order.fault) {
	case SIM_KILLED:
		(void)raise(SIGKILL);
		break;
	case SIM_CUT:
		(void)shutdown(PQsocket(conn), SHUT_RDWR);
		atomic_store(&order.happened, true);
		break;
	case SIM_FROZEN:
		frozen.backend = PQbackendPID(conn);
		atomic_store(&order.happened, true);
		sem_post(order.noticed);
		sem_wait(&frozen.thaw);
		break;
	}
}

int __wrap_PQsendPrepare(PGconn *conn, const char *name, const char *sql, int n, const Oid *types)
{
	if (!strcmp(sql, "COMMIT"))
		note_commit(conn, name);
	return __real_PQsendPrepare(conn, name, sql, n, types);
}

int __wrap_PQpipelineSync(PGconn *conn)
{
	int sent;

	pass_point(conn);
	sent = __real_PQpipelineSync(conn);
	pass_point(conn);
	commit_is_sent = false;
	return sent;
}

int __wrap_PQsendQueryPrepared(PGconn *conn, const char *name, int n, const char *const *values,
			       const int *lengths, const int *formats, int format)
{
	int sent;

	commit_is_sent = is_commit(conn, name);
	pass_point(conn);
	sent = __real_PQsendQueryPrepared(conn, name, n, values, lengths, formats, format);
	pass_point(conn);
	return sent;
}

void sim_nodes_begin(void)
{
	sem_init(&frozen.thaw, 0, 0);
}

void sim_order(struct sim *s, sem_t *noticed)
{
	order.hub = s->node[s->order.node].hub;
	order.fault = s->order.fault;
	order.at = s->order.at;
	atomic_store(&order.at_commit, s->order.at_commit);
	order.noticed = noticed;
	atomic_store(&order.armed, true);
}

bool sim_order_has_happened(void)
{
	return atomic_load(&order.happened);
}

bool sim_order_rests(void)
{
	return atomic_exchange(&order.armed, false);
}

void sim_order_goes_on(void)
{
	atomic_store(&order.armed, true);
}

bool sim_order_ends(void)
{
	atomic_store(&order.armed, false);
	return atomic_exchange(&order.happened, false);
}

void sim_thaw(void)
{
	sem_post(&frozen.thaw);
}

/* ---- the server's part ---- */

static bool ask_server(struct sim *s, const char *sql, char *to, size_t room)
{
	PGconn *conn = PQconnectdb(s->w->url);
	PGresult *result = PQexec(conn, sql);
	const bool found = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;

	if (found)
		snprintf(to, room, "%s", PQgetvalue(result, 0, 0));
	PQclear(result);
	PQfinish(conn);
	return found;
}

void sim_end_transaction(struct sim *s)
{
	char sql[200], state[64] = "active";

	/* what it was sent before the node stood still it works off; that it was not told all of it must not hold it */
	snprintf(sql, sizeof(sql), "SELECT state FROM pg_stat_activity WHERE pid = %d",
		 frozen.backend);
	for (int i = 0; i < PATIENCE / 100 && !strcmp(state, "active"); i++) {
		if (!ask_server(s, sql, state, sizeof(state)))
			return;
		(void)usleep(10000);
	}
	if (!strcmp(state, "active"))
		sim_fail("the server waits for a node that stands still, and counts no time");
	snprintf(sql, sizeof(sql),
		 "SELECT pg_terminate_backend(%d, 5000) FROM pg_stat_activity WHERE pid = %d AND"
		 " state LIKE 'idle in transaction%%'",
		 frozen.backend, frozen.backend);
	(void)ask_server(s, sql, state, sizeof(state));
}

/* ---- time of the nodes ---- */

static struct {
	const pthread_cond_t *cond;
	unsigned times;
} rested[64];
static pthread_mutex_t rested_lock = PTHREAD_MUTEX_INITIALIZER;

int __real_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *lock,
				  const struct timespec *until);
__attribute__((used)) int __wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *lock,
							const struct timespec *until);

/* How often somebody began to wait for this; more: once more from now on. */
static unsigned rests(const pthread_cond_t *cond, bool more)
{
	unsigned i = 0, times;

	pthread_mutex_lock(&rested_lock);
	while (i < ARRAY_LEN(rested) - 1 && rested[i].cond && rested[i].cond != cond)
		i++;
	rested[i].cond = cond;
	rested[i].times += more;
	times = rested[i].times;
	pthread_mutex_unlock(&rested_lock);
	return times;
}

int __wrap_pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *lock,
				  const struct timespec *until)
{
	(void)rests(cond, true);
	return __real_pthread_cond_timedwait(cond, lock, until);
}

/* The memory of one that is gone may be another's. */
static void forget_rests(void)
{
	pthread_mutex_lock(&rested_lock);
	memset(rested, 0, sizeof(rested));
	pthread_mutex_unlock(&rested_lock);
}

/* The thread of the node waits for its next round, by a time that has not come yet. */
static void await_rest(const struct node *n, unsigned after)
{
	for (int i = 0; rests(&n->wake, false) <= after; i++) {
		if (i == PATIENCE)
			sim_fail("the node %s does not look around", n->name);
		(void)usleep(100);
	}
}

static void look_around(struct node *n)
{
	const unsigned before = rests(&n->wake, false);

	pthread_mutex_lock(&n->lock);
	pthread_cond_signal(&n->wake);
	pthread_mutex_unlock(&n->lock);
	await_rest(n, before);
}

static void turn_once(struct sim *s)
{
	__atomic_add_fetch(&s->w->steady, TURN_MS * INT64_C(1000), __ATOMIC_SEQ_CST);
	for (int i = 0; i < s->w->nodes; i++)
		if (s->node[i].hub && !s->node[i].frozen)
			look_around(s->node[i].hub->node);
}

void sim_turn(struct sim *s)
{
	int turns = 1;

	for (int i = 0; i < s->w->nodes; i++)
		if (!s->node[i].hub || s->node[i].frozen)
			turns = TURNS_SILENT;
	while (turns--)
		turn_once(s);
}

/* ---- opening ---- */

static void copy_file(const char *from, const char *to)
{
	char bytes[4096];
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	size_t n = in ? fread(bytes, 1, sizeof(bytes), in) : 0;

	if (!in || !out || fchmod(fileno(out), 0600) || fwrite(bytes, 1, n, out) != n ||
	    fclose(out))
		sim_fail("the keys of a node cannot be copied: %s", from);
	fclose(in);
}

/* A folder of its own for each process that a node ever is, with the keys of the first. */
static void make_folder(struct sim *s, int node, char to[200])
{
	static const char *const names[] = {"signing.key", "signing.pub", "seal.key", "auditor.key",
					    "auditor.pub"};
	char from[300], path[300];

	snprintf(to, 200, "%s", s->w->directory);
	if (!node && !s->w->begun)
		return;
	snprintf(to, 200, "%s/n%d.%u", s->w->directory, node, s->w->folders++);
	snprintf(path, sizeof(path), "%s/keys", to);
	if (mkdir(to, 0700) || mkdir(path, 0700))
		sim_fail("%s cannot be made", to);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(from, sizeof(from), "%s/keys/%s", s->w->directory, names[i]);
		snprintf(path, sizeof(path), "%s/keys/%s", to, names[i]);
		if (!access(from, R_OK))
			copy_file(from, path);
	}
}

void sim_open_node(struct sim *s, int node)
{
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	char name[16], address[40], folder[200], pack[4096];
	const struct node_options n = {.name = name, .address = address};
	struct hub_options o = {.where = folder,
				.database = s->w->url,
				/* by its name it is known again, and has its leases back at once */
				.node = &n,
				.mode = HUB_OWN,
				.pack = pack};
	struct cause why = {0};

	snprintf(name, sizeof(name), "n%d", node);
	snprintf(address, sizeof(address), "http://127.0.0.1:%d", node + 1);
	snprintf(pack, sizeof(pack), "%s/packs/landfall", root ? root : ".");
	make_folder(s, node, folder);
	forget_rests();
	if (hub_open(&o, &s->node[node].hub, &why))
		sim_fail("node %d does not open: %s: %s", node, err_name(why.err), why.text);
	await_rest(s->node[node].hub->node, 0);
	s->node[node].frozen = false;
	s->w->begun = true;
}

/* ---- which ---- */

int sim_living(struct sim *s)
{
	int node;

	if (s->w->nodes < 2)
		return 0;
	do
		node = (int)prng_below(&s->w->prng, (uint64_t)s->w->nodes);
	while (!s->node[node].hub || s->node[node].frozen);
	return node;
}

int sim_named(const struct sim *s, const char *elsewhere)
{
	int port = 0;

	if (sscanf(elsewhere, "http://127.0.0.1:%d ", &port) != 1 || port < 1 || port > s->w->nodes)
		sim_fail("it is to be asked elsewhere, and not said where: %s", elsewhere);
	return port - 1;
}

bool sim_elsewhere(struct sim *s, enum err e, struct cause *why)
{
	if (e != ERR_ELSEWHERE)
		return false;
	s->hub = s->node[sim_named(s, why->text)].hub;
	*why = (struct cause){0};
	return true;
}
