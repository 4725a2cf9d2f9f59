/* The seeded simulation: a whole hub in a process, and traders, officers, supervisors, cashiers, carriers and agencies who work
 * on it for some hundred steps, sensibly or not; processes that die, disks that fail, and a clock that jumps.
 *
 * Beside the hub runs a model of our own (model.c), written from docs/case-life.md and docs/case-tables.md, which never calls
 * src/flow: it follows what was acknowledged, says of each act beforehand what must come of it, and is compared with the store
 * after each step.
 *
 * A world lies in memory that is shared between processes: the hub runs in a child, and when that is killed the next one goes on.
 * Everything follows from the seed: the hub's clock and its random source are the world's (world.c).
 *
 * Over PostgreSQL a world has one node or several (nodes.c): offices move between them, connections break, nodes stand still past
 * their leases and wake. What a sleeper says when it wakes is held against what its clients were told meanwhile. */
#ifndef CUSTOMHOUSE_TESTS_SIM_SIM_H
#define CUSTOMHOUSE_TESTS_SIM_SIM_H

#include <semaphore.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "base/prng.h"
#include "hub/generate/generate.h"
#include "hub/life/act.h"
#include "postgres_room.h"

enum {
	SIM_CASES = 48,
	SIM_AT_ONCE = 6, /* operations that are handed in together */
	SIM_RAW = 2048,
	SIM_NAME = 40,
	SIM_PARTIES = 48,
	SIM_ROSTER = 64,
	SIM_REASONS = 12,
	SIM_NODES = 3,
};

/* ---- who ---- */

struct sim_person {
	const char *login;
	unsigned roles; /* ROLE_ bits */
};
extern const struct sim_person sim_people[];
extern const int sim_people_count;
/* A number of sim_people: the trader whose case it is. */
enum { SIM_TRADER = 0, SIM_STRANGER = 1 };

/* ---- the model's case ---- */

/* Holds, in our own numbers. */
enum sim_hold {
	SIM_AGENCY = 1,
	SIM_DOCUMENTS = 2,
	SIM_INSPECTION = 4,
	SIM_PAYMENT = 8,
	SIM_PERMIT = 16,
	SIM_PRESENTATION = 32,
	SIM_CONTROL = SIM_DOCUMENTS | SIM_INSPECTION,
};

struct sim_case {
	uint64_t n; /* of the generator's declaration */
	bool lodged, accepted;
	bool called_in; /* the agency sees it */
	char reference[24], office[20], holder[SIM_NAME], declarant[SIM_NAME];
	struct hash answer; /* to the first version */

	const char *state, *behind; /* words of sim_states: the same place in every process */
	unsigned holds;
	int lane; /* 1 green .. 4 red */
	int64_t version, due, paid, secured, guaranteed, refund, reply_by, secured_until;
	bool presented, notified, provisional, irregular, adverse, cancels;
	char examiner[SIM_NAME], reassessor[SIM_NAME], judge[SIM_NAME], proposer[SIM_NAME];
	int proposed;
	char request[24];
	const char *appeal; /* "none", "lodged", "upheld", "dismissed" */
};

/* An act as the model reads it. */
struct sim_do {
	const char *act; /* a word of the model's own table */
	int by;          /* of sim_people; -1: the hub */
	unsigned roles;  /* those that count on this case */
	const char *reason, *code, *who, *result, *hold;
	int lane;
	int64_t amount; /* -1: none was named */
	int64_t until;
	bool accepted, cancels;
	int64_t now;
	bool guarantee;        /* secure: by the guarantee that stands for the holder */
	int64_t prepaid, left; /* of the case's holder; of that guarantee, -1: there is none */
};

/* Every reason that the documents give to refuse it; returns how many. 0: it must be done. */
int sim_refused(const struct sim_case *c, const struct sim_do *d, const char *ret[SIM_REASONS]);
/* What it makes of the case; a version that it puts in force has these numbers. */
struct sim_version {
	int64_t version, due;
	int lane;
	char request[24]; /* ask */
};
void sim_apply(struct sim_case *c, const struct sim_do *d, const struct sim_version *v);
/* An accepted first version. */
void sim_begin(struct sim_case *c, bool presented, const struct sim_version *v);
/* After a change: holds and state. */
void sim_settle(struct sim_case *c);
/* Acts that people do by hand; NULL behind the last. */
extern const char *const sim_acts[];
bool sim_word(const char *list, const char *word);
const char *sim_state(struct span name);
bool sim_is_over(const char *state);

/* ---- operations ---- */

enum sim_kind {
	SIM_LODGE,       /* a first version */
	SIM_CHANGE,      /* a message of the trader: amendment or cancellation */
	SIM_ACT,         /* hub_act() */
	SIM_AGAIN,       /* one that was acknowledged, with the same bytes and key */
	SIM_OTHER_BYTES, /* the key of one that was acknowledged, with other bytes */
};

struct sim_op {
	enum sim_kind kind, of; /* of: what is done again */
	int on;                 /* the case */
	struct sim_do d;
	uint32_t raw_n;
	char raw[SIM_RAW], key[32];
	/* what came of it, written by the hub's thread before the process could die */
	bool acknowledged;
	unsigned order;
	int outcome, refusal;
	bool money; /* refused by the ledger */
	bool accepted;
	char reference[24];
	struct hash answer;
	struct hash before; /* SIM_AGAIN: the answer that it got first, and the reference */
	char named[24];
	char why[200];
};

struct sim_roster {
	char office[20];
	int who; /* of sim_people */
	int64_t until;
	bool documents, inspection;
	char conflict[SIM_NAME];
};

struct sim_party {
	char id[SIM_NAME];
	int64_t prepaid;
	int64_t promised; /* by its guarantee "G-ID"; -1: none was registered */
};

struct sim_world {
	uint64_t seed, steps, step;
	struct prng prng;   /* of the actors */
	struct prng random; /* of the hub's random source */
	int64_t now;        /* the hub's clock */
	int64_t steady;
	bool over;
	unsigned crashes, faults, ops_done, refused, killed_late, frozen, passed_on, late;
	uint64_t acts, strays;
	struct sim_case cases[SIM_CASES];
	int n;
	struct sim_op op[SIM_AT_ONCE];
	int ops;
	bool in_flight;     /* the process died while these were on their way */
	struct sim_op last; /* the newest that was acknowledged with a key */
	bool has_last;
	uint64_t serial;
	struct sim_roster roster[SIM_ROSTER];
	int rosters;
	struct sim_party party[SIM_PARTIES];
	int parties;
	int64_t cash; /* what cashiers took in, less what they paid out */
	char directory[64];
	char url
	    [POSTGRES_URL_BYTES]; /* of the database that holds the store; empty: the directory does */
	int nodes;                /* 0: one process has the directory for itself */
	bool begun;               /* the keys are made */
	unsigned folders;
	char failure[1000];
};

/* ---- in one process ---- */

struct flight;

struct sim_node {
	struct hub *hub;
	bool frozen;
};

enum sim_fault { SIM_CUT, SIM_FROZEN, SIM_KILLED };

struct sim {
	struct sim_world *w;
	struct hub *hub; /* by which is read, and done what concerns no case */
	struct sim_node node[SIM_NODES];
	/* what is to befall a node among the operations that are handed in next */
	struct {
		bool wanted;
		int node;
		enum sim_fault fault;
		unsigned
		    at; /* the how many-th step of its writer's talk with the server, counted from then */
		bool at_commit; /* only those around COMMIT count */
	} order;
	struct flight *stuck[SIM_AT_ONCE]; /* in a node that stands still */
	int stuck_count;
	struct arena *keep; /* of the generator, made before the first process */
	struct generator *generator;
	const struct refset *ref;
};

/* world.c */
extern struct sim_world *sim_world;
void sim_open(struct sim *s);
void sim_close(struct sim *s);
/* Hands in w->op[0 .. ops - 1] as one batch, and waits; of several nodes, each to one of those that live, and passed on to whom
 * that names. What a node has that stands still is not acknowledged. */
void sim_send(struct sim *s);
/* The same was handed in again elsewhere, and this came of it. */
void sim_note_resent(struct sim *s, const struct sim_op *op);
/* The node goes on where it stood. What it says then goes into ret_late, beside what came of the same meanwhile. */
int sim_wake(struct sim *s, struct sim_op ret_late[SIM_AT_ONCE],
	     struct sim_op ret_resent[SIM_AT_ONCE]);
void sim_advance(struct sim *s, int64_t microseconds);
struct who sim_who(const struct sim *s, int person, const struct sim_case *c, struct span room[2]);
/* The message of a case's first version, in a. */
struct span sim_message(const struct sim *s, uint64_t n, struct arena *a,
			struct message *ret_message);
/* Says what is wrong and ends the process. */
_Noreturn void sim_fail(const char *format, ...) PRINTF(1, 2);

/* nodes.c */
void sim_nodes_begin(void);
void sim_open_node(struct sim *s, int node);
/* s->order holds from now on. noticed is posted when the node is frozen. */
void sim_order(struct sim *s, sem_t *noticed);
bool sim_order_has_happened(void);
bool sim_order_ends(void); /* whether it happened */
/* Between these nothing befalls anybody. Whether something was to. */
bool sim_order_rests(void);
void sim_order_goes_on(void);
void sim_thaw(void);
/* What the server does by itself with the transaction of a node that stands still. */
void sim_end_transaction(struct sim *s);
/* All nodes that live look around; for so long that those that do not are held for gone. */
void sim_turn(struct sim *s);
/* One that lives, by lot. */
int sim_living(struct sim *s);
/* Which node ERR_ELSEWHERE names. */
int sim_named(const struct sim *s, const char *elsewhere);
/* true: it is to be done again by s->hub, which is another now. */
bool sim_elsewhere(struct sim *s, enum err e, struct cause *why);

/* actors.c: the next operations, into w->op. */
void sim_plan(struct sim *s, int ops);
/* What a person may do on this case: the roles that count. 0: does not see it. */
unsigned sim_roles(const struct sim_case *c, int person);
struct sim_party *sim_party(struct sim_world *w, const char *id);
/* What is left of its guarantee; -1: it has none. */
int64_t sim_left(struct sim_world *w, const char *id);
void sim_deposit(struct sim *s);
void sim_set_roster(struct sim *s);

/* judge.c: compares an outcome with the model, and lets the model follow. */
void sim_judge(struct sim *s, const struct sim_op *op, bool resent);
void sim_compare(struct sim *s, struct sim_case *c);
void sim_compare_all(struct sim *s);
void sim_lapse_all(struct sim *s);
void sim_allocate_waiting(struct sim *s, const char *office);

/* audit.c: the whole store, closed and opened again by a reader. */
void sim_audit(struct sim *s);

#endif
