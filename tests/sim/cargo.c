/* sim_cargo FIRST COUNT STEPS [NODES]: carriers who report, replace and withdraw bills, and traders whose declarations write them
 * off, at several offices at once; processes that die and disks that fail; over PostgreSQL, offices that lie with several nodes.
 *
 * Beside the hub runs a model of our own: what of each bill is taken, by whom. It follows only what clients were told, and knows
 * nothing of src/stock: a bill grants packages; an accepted declaration takes its own until it is cancelled; nobody is refused
 * for want of packages while there are enough; no two share the last ones. After each step the bills in the store are held
 * against it.
 *
 * What is done follows from the seed; the clock is the machine's. Prints TAP, one case a seed. SIM_KEEP keeps the store. */
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/prng.h"
#include "cargo_text.h"
#include "codec/xml.h"
#include "db/db_fault.h"
#include "hub/cargo/cargo.h"
#include "hub/house.h"
#include "hub/life/act.h"
#include "hub/settle/any.h"
#include "postgres_room.h"

enum {
	REPORTS = 12,
	BILLS = 2, /* of a report */
	CASES = 64,
	AT_ONCE = 6,
	RAW = 6000,
	NODES = 3,
	CRASHES_MAX = 3,
	NODE_TRIES = 200,
	PRESENTED_TRIES = 400,
	PRESENTED_PAUSE = 50000, /* microseconds */
};
static const char *const offices[] = {"XLHAR001", "XLSOU002", "XLGUL003"};
#define CARRIER "XL700000000001"

/* ---- the model ---- */

struct report {
	bool standing, arrived;
	char reference[24];
	int64_t granted[BILLS]; /* packages */
};

struct kase {
	int report, bill;
	int64_t packages;
	bool accepted, holds, paid, cancelled;
	bool early; /* declared before arrival */
	char reference[24];
};

enum kind { REPORT, REPLACE, WITHDRAW, DECLARE, AMEND, CANCEL, PAY, ARRIVE };

struct op {
	enum kind kind;
	int on; /* report or case */
	int64_t granted[BILLS], packages;
	char raw[RAW], key[24];
	/* what its client was told */
	bool acknowledged, failed, accepted, elsewhere;
	bool over; /* refused for want of packages */
	char reference[24], why[200];
};

struct world {
	uint64_t seed, steps, step;
	struct prng prng;
	bool done, in_flight;
	unsigned crashes, faults, accepted, refused, again;
	struct report report[REPORTS];
	struct kase kase[CASES];
	int reports, cases, ops;
	struct op op[AT_ONCE], last;
	bool has_last;
	uint64_t serial;
	char directory[64], pack[80], url[POSTGRES_URL_BYTES], failure[600];
	int nodes;
	int die_at; /* acknowledgement that kills; 0: none */
};

static struct world *w;
static struct hub *hub[NODES];
static atomic_int told;

static _Noreturn void say_wrong(const char *format, ...) PRINTF(1, 2);
static _Noreturn void say_wrong(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(w->failure, sizeof(w->failure), format, ap);
	va_end(ap);
	_exit(1);
}

static uint64_t below(uint64_t n)
{
	return prng_below(&w->prng, n);
}

static int64_t taken(int report, int bill)
{
	int64_t sum = 0;

	for (int i = 0; i < w->cases; i++) {
		const struct kase *k = &w->kase[i];

		if (k->holds && k->report == report && k->bill == bill)
			sum += k->packages;
	}
	return sum;
}

static int64_t left(int report, int bill)
{
	return w->report[report].granted[bill] - taken(report, bill);
}

/* ---- messages ---- */

static void write_report(struct op *op, const char *function)
{
	snprintf(op->raw, RAW, REPORT_TEXT, function, op->on,
		 offices[op->on % (int)ARRAY_LEN(offices)], op->on, op->on,
		 (long long)op->granted[0], op->on, (long long)op->granted[1]);
}

static void write_declaration(struct op *op, const struct kase *k)
{
	snprintf(op->raw, RAW, DECLARATION_TEXT, op->on, k->early ? "IMD" : "IMA",
		 offices[below(ARRAY_LEN(offices))], (long long)k->packages, op->on, op->on,
		 (long long)k->packages, op->on, k->report, k->bill);
}

static void write_change(struct op *op, const struct kase *k)
{
	char what[600] = "[{\"reason\":\"1\"}]";

	if (op->kind == AMEND)
		snprintf(
		    what, sizeof(what),
		    "[{\"reason\":\"2\",\"pointers\":[{\"section\":\"42A\"},{\"section\":\"67A\"},"
		    "{\"sequence\":\"1\",\"section\":\"68A\"},{\"sequence\":\"1\",\"section\":"
		    "\"93A\",\"tag\":\"144\"}]},{\"reason\":\"2\",\"pointers\":[{\"section\":"
		    "\"42A\",\"tag\":\"146\"}]}],\"package_count\":\"%lld\",\"shipment\":{"
		    "\"items\":[{\"sequence\":\"1\",\"packages\":[{\"sequence\":\"1\",\"count\":"
		    "\"%lld\"}]}]}",
		    (long long)op->packages, (long long)op->packages);
	snprintf(op->raw, RAW,
		 "{\"function\":\"13\",\"type\":\"%s\",\"trader_reference\":\"C-%llu\","
		 "\"movement_reference\":\"%s\",\"declarant\":{\"id\":\"XL200000000018\"},"
		 "\"amendments\":%s}",
		 op->kind == AMEND ? "COR" : "INV", (unsigned long long)w->serial++, k->reference,
		 what);
}

/* ---- what people want ---- */

static bool plan_report(struct op *op)
{
	op->kind = REPORT;
	op->on = w->reports;
	if (w->reports == REPORTS)
		return false;
	w->report[w->reports++] = (struct report){.standing = false};
	for (int b = 0; b < BILLS; b++)
		op->granted[b] = 5 + (int64_t)below(30);
	write_report(op, "9");
	return true;
}

static bool plan_change_of_report(struct op *op)
{
	op->on = (int)below((uint64_t)w->reports);
	op->kind = below(3) ? REPLACE : WITHDRAW;
	for (int b = 0; b < BILLS; b++)
		op->granted[b] =
		    op->kind == WITHDRAW ? w->report[op->on].granted[b] : 1 + (int64_t)below(40);
	write_report(op, op->kind == WITHDRAW ? "1" : "5");
	return w->report[op->on].standing;
}

static bool plan_declaration(struct op *op, int report, int bill)
{
	struct kase *k = &w->kase[w->cases];

	if (w->cases == CASES)
		return false;
	op->kind = DECLARE;
	op->on = w->cases++;
	*k = (struct kase){.report = report,
			   .bill = bill,
			   .packages = 1 + (int64_t)below(15),
			   .early = below(4) == 0};
	write_declaration(op, k);
	return true;
}

static bool plan_on_case(struct op *op)
{
	const struct kase *k;

	if (!w->cases)
		return false;
	op->on = (int)below((uint64_t)w->cases);
	k = &w->kase[op->on];
	if (!k->accepted || k->paid || k->cancelled)
		return false;
	op->packages = 1 + (int64_t)below(15);
	switch (below(4)) {
	case 0:
	case 1:
		op->kind = AMEND;
		write_change(op, k);
		return op->packages != k->packages;
	case 2:
		op->kind = CANCEL;
		write_change(op, k);
		return true;
	default:
		op->kind = PAY;
		snprintf(op->raw, RAW, "{\"act\":\"pay\"}");
		return !k->early;
	}
}

static bool plan_arrival(struct op *op)
{
	op->kind = ARRIVE;
	op->on = (int)below((uint64_t)w->reports);
	return w->report[op->on].standing;
}

static void plan_one(struct op *op)
{
	bool made = false;

	for (int i = 0; !made && i < 100; i++) {
		uint64_t what = below(100);

		*op = (struct op){.on = -1};
		if (!w->reports || what < 12)
			made = plan_report(op);
		else if (what < 22)
			made = plan_change_of_report(op);
		else if (what < 60)
			made = plan_declaration(op, (int)below((uint64_t)w->reports),
						(int)below(BILLS));
		else if (what < 94)
			made = plan_on_case(op);
		else
			made = plan_arrival(op);
	}
	if (!made)
		op->on = -1;
	snprintf(op->key, sizeof(op->key), "k-%llu", (unsigned long long)w->serial++);
}

static void plan(void)
{
	w->ops = 1;
	plan_one(&w->op[0]);
	w->ops = w->op[0].on >= 0;
}

/* Many who want the same bill, at all offices. */
static void plan_rush(void)
{
	int report = (int)below((uint64_t)w->reports), bill = (int)below(BILLS);

	w->ops = 0;
	while (w->ops < 2 + (int)below(AT_ONCE - 1) && w->ops < AT_ONCE) {
		struct op *op = &w->op[w->ops];

		*op = (struct op){.on = -1};
		if (!plan_declaration(op, report, bill))
			return;
		snprintf(op->key, sizeof(op->key), "k-%llu", (unsigned long long)w->serial++);
		w->ops++;
	}
}

/* ---- handing in ---- */

struct flight {
	struct op *op;
	struct arena *arena;
	struct submission s;
	struct action act;
	struct who who;
	struct span offices[ARRAY_LEN(offices)];
	pthread_t thread;
	int node;
};

static void note(struct flight *f, bool failed, const struct cause *why)
{
	snprintf(f->op->why, sizeof(f->op->why), "%.190s", why->text);
	f->op->elsewhere = why->err == ERR_ELSEWHERE;
	f->op->failed = failed;
	if (f->op->elsewhere)
		return;
	__atomic_store_n(&f->op->acknowledged, true, __ATOMIC_SEQ_CST);
	if (w->die_at && atomic_fetch_add(&told, 1) + 1 == w->die_at)
		(void)raise(SIGKILL);
}

static void submit(struct flight *f)
{
	struct op *op = f->op;
	const struct outcome *o = &f->s.outcome;

	f->s =
	    (struct submission){.raw = span_of(op->raw), .who = who_operator(), .arena = f->arena};
	submit_wait(hub[f->node], &f->s, hub_submit_any);
	hub_follow(hub[f->node], &f->s);
	if (o->kind != OUTCOME_NEW && o->kind != OUTCOME_REPEATED && o->kind != OUTCOME_FAILED)
		say_wrong("outcome %d: %s: %s", o->kind, o->cause.text, op->raw);
	op->accepted = o->accepted;
	op->over = o->answer.n && memmem(o->answer.p, o->answer.n, "write-off.over", 14);
	snprintf(op->reference, sizeof(op->reference), "%.*s", SPAN_ARG(o->reference));
	if (op->kind != AMEND && op->kind != CANCEL && !o->accepted && o->kind != OUTCOME_FAILED &&
	    o->answer.n)
		snprintf(op->why, sizeof(op->why), "%.*s",
			 (int)(o->answer.n < 190 ? o->answer.n : 190), o->answer.p);
	note(f, o->kind == OUTCOME_FAILED, &o->cause);
}

static void pay(struct flight *f)
{
	struct op *op = f->op;

	for (size_t i = 0; i < ARRAY_LEN(offices); i++)
		f->offices[i] = span_of(offices[i]);
	f->who = (struct who){.user = SPAN("carlo"),
			      .roles = ROLE_CASHIER,
			      .scopes = SCOPE_ALL,
			      .offices = {f->offices, ARRAY_LEN(offices)}};
	f->act = (struct action){.reference = span_of(w->kase[op->on].reference),
				 .raw = span_of(op->raw),
				 .key = span_of(op->key),
				 .who = &f->who,
				 .request = SPAN("sim"),
				 .arena = f->arena};
	hub_act_wait(hub[f->node], &f->act);
	op->accepted = f->act.outcome == ACTION_DONE || f->act.outcome == ACTION_REPEATED;
	note(f, f->act.outcome == ACTION_FAILED, &f->act.cause);
}

static void arrive(struct flight *f)
{
	const struct hub_look look = {.who = who_operator(),
				      .reference = span_of(w->report[f->op->on].reference),
				      .purpose = PURPOSE_CARGO};
	struct text text = text_in(f->arena);
	struct cause why = {0};
	bool repeated;
	enum err e = hub_cargo_arrival(hub[f->node], &text, &look, &repeated, &why);

	f->op->accepted = !e;
	note(f, e != ERR_NONE && e != ERR_CONFLICT, &why);
}

/* To one node after the other, until one settles it. */
static void *fly(void *context)
{
	struct flight *f = context;

	for (int i = 0; i < NODE_TRIES; i++) {
		arena_reset(f->arena);
		f->op->elsewhere = false;
		if (f->op->kind == PAY)
			pay(f);
		else if (f->op->kind == ARRIVE)
			arrive(f);
		else
			submit(f);
		if (!f->op->elsewhere)
			return NULL;
		f->node = (f->node + 1) % (w->nodes ? w->nodes : 1);
		usleep(20000);
	}
	say_wrong("no node settles it: %s", f->op->why);
}

static void send(struct op *const *op, int n)
{
	struct flight *f = calloc((size_t)n, sizeof(*f));

	for (int i = 0; f && i < n; i++) {
		f[i].op = op[i];
		f[i].arena = arena_new(LIMIT_ARENA_BYTES);
		f[i].node = (int)below(w->nodes ? (uint64_t)w->nodes : 1);
		op[i]->acknowledged = op[i]->failed = op[i]->over = false;
	}
	for (int i = 0; f && i < n; i++)
		if (pthread_create(&f[i].thread, NULL, fly, &f[i]))
			say_wrong("no thread");
	for (int i = 0; f && i < n; i++) {
		pthread_join(f[i].thread, NULL);
		arena_free(f[i].arena);
	}
	free(f);
}

/* ---- the judge ---- */

/* Must it have been accepted? Of one operation alone, from what was told before. */
static bool expected(const struct op *op)
{
	const struct report *r =
	    (op->kind < DECLARE || op->kind == ARRIVE) ? &w->report[op->on] : NULL;
	const struct kase *k = r ? NULL : &w->kase[op->on];

	switch (op->kind) {
	case REPORT:
	case ARRIVE:
	case CANCEL:
	case PAY:
		return true;
	case REPLACE:
		return op->granted[0] >= taken(op->on, 0) && op->granted[1] >= taken(op->on, 1);
	case WITHDRAW:
		return !taken(op->on, 0) && !taken(op->on, 1);
	case DECLARE:
		r = &w->report[k->report];
		return r->standing ? left(k->report, k->bill) >= k->packages : k->early;
	case AMEND:
		r = &w->report[k->report];
		if (!k->holds)
			return r->standing ? left(k->report, k->bill) >= op->packages : k->early;
		return left(k->report, k->bill) + k->packages >= op->packages;
	}
	return false;
}

static void follow(const struct op *op)
{
	struct report *r = (op->kind < DECLARE || op->kind == ARRIVE) ? &w->report[op->on] : NULL;
	struct kase *k = r ? NULL : &w->kase[op->on];

	*(op->accepted ? &w->accepted : &w->refused) += 1;
	if (!op->accepted)
		return;
	switch (op->kind) {
	case REPORT:
	case REPLACE:
		r->standing = true;
		memcpy(r->granted, op->granted, sizeof(r->granted));
		memcpy(r->reference, op->reference, sizeof(r->reference));
		break;
	case WITHDRAW:
		r->standing = false;
		break;
	case DECLARE:
		k->accepted = true;
		k->holds = w->report[k->report].standing;
		memcpy(k->reference, op->reference, sizeof(k->reference));
		break;
	case AMEND:
		k->packages = op->packages;
		k->holds = w->report[k->report].standing;
		break;
	case CANCEL:
		k->cancelled = true;
		k->holds = false;
		break;
	case PAY:
		k->paid = true;
		break;
	case ARRIVE:
		r->arrived = true;
		for (int i = 0; i < w->cases; i++)
			if (w->kase[i].report == op->on && w->kase[i].holds)
				w->kase[i].early = false;
		break;
	}
}

/* Of several at once only declarations of one bill: who was refused could not have had its packages at the end either. */
static void judge_rush(void)
{
	const struct kase *first = &w->kase[w->op[0].on];
	const bool standing = w->report[first->report].standing;

	for (int i = 0; i < w->ops; i++)
		follow(&w->op[i]);
	for (int i = 0; i < w->ops; i++) {
		const struct op *op = &w->op[i];
		const struct kase *k = &w->kase[op->on];

		if (!standing && op->accepted != k->early)
			say_wrong("bill %d-%d is not reported; D-%d: accepted %d: %s", k->report,
				  k->bill, op->on, op->accepted, op->why);
		if (standing && !op->accepted &&
		    (!op->over || left(k->report, k->bill) >= k->packages))
			say_wrong("bill %d-%d has %lld left, and D-%d of %lld was refused: %s",
				  k->report, k->bill, (long long)left(k->report, k->bill), op->on,
				  (long long)k->packages, op->why);
	}
}

static void judge(void)
{
	if (w->ops > 1) {
		judge_rush();
		return;
	}
	if (w->op[0].accepted != expected(&w->op[0]))
		say_wrong("operation %d on %d: accepted %d: %s: %s", w->op[0].kind, w->op[0].on,
			  w->op[0].accepted, w->op[0].why, w->op[0].raw);
	follow(&w->op[0]);
}

/* The bills in the store beside the model's. */
static void compare(void)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct cause why = {0};
	struct store *s;

	if (house_open_reader(hub[0], &s, &why))
		say_wrong("no reader: %s", why.text);
	for (int r = 0; r < w->reports; r++)
		for (int b = 0; b < BILLS; b++) {
			struct store_stock row;
			char name[40];
			enum err e;

			snprintf(name, sizeof(name), "bill/705/B-%d-%d", r, b);
			e = store_get_stock(s, a, span_of(name), SPAN(CARRIER), &row, &why);
			if (e && e != ERR_NOT_FOUND)
				say_wrong("%s: %s", name, why.text);
			if (!e != w->report[r].standing)
				say_wrong("%s is %sthere", name, e ? "not " : "");
			if (!e && (row.granted[0] != w->report[r].granted[b] ||
				   row.reserved[0] + row.used[0] != taken(r, b)))
				say_wrong("%s: granted %lld, taken %lld in the store; %lld, %lld "
					  "were told",
					  name, (long long)row.granted[0],
					  (long long)(row.reserved[0] + row.used[0]),
					  (long long)w->report[r].granted[b],
					  (long long)taken(r, b));
			if (taken(r, b) > w->report[r].granted[b])
				say_wrong("%s: %lld of %lld are taken", name,
					  (long long)taken(r, b),
					  (long long)w->report[r].granted[b]);
		}
	house_close_reader(hub[0], s);
	arena_free(a);
}

static bool waits(struct store *s, const struct kase *k)
{
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct store_declaration row;
	struct cause why = {0};
	struct life l;
	enum err e = house_find_case(s, a, span_of(k->reference), &row, &why);

	if (!e)
		e = life_of(s, a, &row, &l, &why);
	if (e)
		say_wrong("%s: %s", k->reference, why.text);
	arena_free(a);
	return l.now.holds & HOLD_PRESENTATION;
}

/* The goods are here: no case that holds a bill of them waits for them, whichever node has it. Those of other nodes than the one
 * that was told, and those that a fault kept from it, may need a moment. */
static void await_presented(int report)
{
	struct cause why = {0};
	struct store *s;
	int tries = 0;

	if (house_open_reader(hub[0], &s, &why))
		say_wrong("no reader: %s", why.text);
	for (int i = 0; i < w->cases; i++) {
		const struct kase *k = &w->kase[i];

		while (k->report == report && k->accepted && k->holds && !k->cancelled &&
		       waits(s, k)) {
			if (++tries == PRESENTED_TRIES)
				say_wrong("%s waits for goods that have arrived", k->reference);
			usleep(PRESENTED_PAUSE);
		}
	}
	house_close_reader(hub[0], s);
}

/* What was acknowledged is answered alike when it is sent again, and changes nothing. */
static void ask_again(void)
{
	struct op before = w->last, *list[] = {&w->last};

	if (!w->has_last || before.kind == PAY || before.kind == ARRIVE)
		return;
	send(list, 1);
	if (w->last.failed || w->last.accepted != before.accepted ||
	    strcmp(w->last.reference, before.reference))
		say_wrong("asked again, another answer: accepted %d of %s, then %d of %s: %s",
			  before.accepted, before.reference, w->last.accepted, w->last.reference,
			  before.raw);
	w->again++;
}

/* ---- steps ---- */

static void send_all(bool only_rest)
{
	struct op *list[AT_ONCE];
	int n = 0;

	for (int i = 0; i < w->ops; i++)
		if (!only_rest || !w->op[i].acknowledged || w->op[i].failed)
			list[n++] = &w->op[i];
	if (n)
		send(list, n);
}

static void conclude(void)
{
	for (int i = 0; i < w->ops; i++)
		if (w->op[i].failed)
			say_wrong("it fails without a fault: %s", w->op[i].why);
	w->die_at = 0;
	w->in_flight = false;
	judge();
	if (w->ops == 1 && w->op[0].kind == ARRIVE && w->op[0].accepted)
		await_presented(w->op[0].on);
	w->last = w->op[0];
	w->has_last = true;
	w->ops = 0;
	compare();
}

static void work_on_a_bad_disk(void)
{
	static const enum db_disk_fault faults[] = {DB_DISK_FULL, DB_DISK_WRITE_FAILED,
						    DB_DISK_SYNC_FAILED};
	enum db_disk_fault fault = faults[below(ARRAY_LEN(faults))];

	db_disk_order((struct db_disk_order){.ops = fault == DB_DISK_SYNC_FAILED ? DB_DISK_SYNC
										 : DB_DISK_WRITE,
					     .at = 1 + below(fault == DB_DISK_SYNC_FAILED ? 3 : 40),
					     .lasting = below(2),
					     .fault = fault});
	send_all(false);
	w->faults += db_disk_failures() > 0;
	db_disk_order((struct db_disk_order){0});
	send_all(true);
	conclude();
}

static void work_and_die(void)
{
	w->in_flight = true;
	for (int i = 0; i < w->ops; i++)
		w->op[i].acknowledged = false;
	if (w->nodes || below(2))
		w->die_at = 1 + (int)below((uint64_t)w->ops);
	else
		db_disk_order((struct db_disk_order){.ops = DB_DISK_WRITE | DB_DISK_SYNC,
						     .at = 1 + below(60),
						     .fault = DB_DISK_KILLED});
	send_all(false);
	(void)raise(SIGKILL);
}

static void step(void)
{
	uint64_t what = below(100);

	if (what < 5) {
		ask_again();
		return;
	}
	if (what < 35 && w->reports)
		plan_rush();
	else
		plan();
	if (!w->ops)
		return;
	what = below(100);
	if (what < 4 && w->crashes < CRASHES_MAX) {
		work_and_die();
	} else if (what < 10 && !w->nodes) {
		work_on_a_bad_disk();
	} else {
		send_all(false);
		conclude();
	}
}

/* ---- one process ---- */

/* Folders are made and copied as people do it. */
static bool shell(const char *script, const char *zero, const char *one)
{
	pid_t child = fork();
	int status;

	if (!child) {
		execl("/bin/sh", "sh", "-c", script, zero, one, (char *)NULL);
		_exit(127);
	}
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

/* The first node's folder is the world's; the others have its keys. */
static void make_folder(int node, char to[100])
{
	struct stat st;

	snprintf(to, 100, "%s", w->directory);
	if (!node)
		return;
	snprintf(to, 100, "%s/n%d", w->directory, node);
	if (stat(to, &st) && !shell("mkdir \"$0\" && cp -r \"$1/keys\" \"$0\"", to, w->directory))
		say_wrong("%s cannot be made", to);
}

static void open_hubs(void)
{
	for (int i = 0; i < (w->nodes ? w->nodes : 1); i++) {
		char name[16], address[40], folder[100];
		const struct node_options n = {.name = name, .address = address};
		struct hub_options o = {.where = folder,
					.database = w->nodes ? w->url : NULL,
					.node = w->nodes ? &n : NULL,
					.mode = HUB_OWN,
					.pack = w->pack};
		struct cause why = {0};

		snprintf(name, sizeof(name), "n%d", i);
		snprintf(address, sizeof(address), "http://127.0.0.1:%d", i + 1);
		make_folder(i, folder);
		if (hub_open(&o, &hub[i], &why))
			say_wrong("hub %d does not open: %s: %s", i, err_name(why.err), why.text);
	}
}

static void fault(void *context, struct span office, int64_t seq, struct span reference,
		  const char *text)
{
	(void)context;
	say_wrong("%.*s %lld %.*s: %s", SPAN_ARG(office), (long long)seq, SPAN_ARG(reference),
		  text);
}

/* The whole store, by a reader. */
static void audit(void)
{
	struct audit_report report = {.fault = fault};
	struct verify_options options = {0};
	struct hub_options o = {
	    .where = w->directory, .database = w->nodes ? w->url : NULL, .mode = HUB_READ};
	struct cause why = {0};
	struct hub *h;

	if (hub_open(&o, &h, &why) || hub_replay(h, 0, &report, &why) ||
	    (!w->nodes && hub_verify(h, &options, &report, &why)))
		say_wrong("audit: %s", why.text);
	hub_close(h);
}

static void live(void)
{
	log_quiet(true);
	open_hubs();
	if (w->in_flight) {
		send_all(true);
		conclude();
	}
	while (w->step < w->steps) {
		w->step++;
		step();
	}
	for (int i = 0; i < NODES; i++)
		hub_close(hub[i]);
	audit();
	w->done = true;
	_exit(0);
}

static bool run(void)
{
	while (!w->done) {
		pid_t child = fork();
		int status;

		if (!child)
			live();
		if (child < 0 || waitpid(child, &status, 0) != child)
			return false;
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && w->in_flight) {
			w->crashes++;
			continue;
		}
		if (WIFSIGNALED(status))
			snprintf(w->failure, sizeof(w->failure), "it died of signal %d",
				 WTERMSIG(status));
		else if (WEXITSTATUS(status) && !w->failure[0])
			snprintf(w->failure, sizeof(w->failure), "it ended with status %d",
				 WEXITSTATUS(status));
		if (status)
			return false;
	}
	return true;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path);
}

/* The country of the stories: no random stratum, and bills that are written off. */
static bool make_folders(void)
{
	const char *root = getenv("CUSTOMHOUSE_ROOT");

	if (!mkdtemp(w->directory))
		return false;
	snprintf(w->pack, sizeof(w->pack), "%s/pack", w->directory);
	return shell("cp -r \"$1/packs/landfall\" \"$0\" && rm \"$0\"/*.rules && "
		     "cp \"$1\"/tests/api/stories/pack/* \"$0\"",
		     w->pack, root ? root : ".");
}

static bool run_seed(uint64_t seed, uint64_t steps, int nodes)
{
	bool well;

	*w = (struct world){.seed = seed,
			    .steps = steps,
			    .prng = prng_of(seed, 3),
			    .directory = "/tmp/customhouse-sim.XXXXXX",
			    .nodes = nodes};
	well = make_folders() && (!nodes || postgres_make(0, w->url)) && run();
	if (!getenv("SIM_KEEP")) {
		nftw(w->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
		well &= !nodes || postgres_drop(0);
	}
	if (!well)
		printf("# seed %llu, step %llu: %s\n# alone: tests/sim/sim_cargo %llu 1 %llu %d\n",
		       (unsigned long long)seed, (unsigned long long)w->step, w->failure,
		       (unsigned long long)seed, (unsigned long long)steps, nodes);
	printf(
	    "%sok - seed %llu: %d reports, %d cases, %u accepted, %u refused, %u asked again, %u "
	    "crashes, %u faults\n",
	    well ? "" : "not ", (unsigned long long)seed, w->reports, w->cases, w->accepted,
	    w->refused, w->again, w->crashes, w->faults);
	fflush(stdout);
	return well;
}

int main(int argc, char **argv)
{
	uint64_t of[4] = {0, 0, 0, 0}, failed = 0;
	struct cause why = {0};

	for (int i = 1; i < argc && i < 5; i++)
		of[i - 1] = strtoull(argv[i], NULL, 10);
	if (argc < 4 || argc > 5 || !of[1] || !of[2] || of[3] > NODES) {
		fprintf(stderr, "usage: sim_cargo FIRST COUNT STEPS [NODES]\n");
		return 2;
	}
	if (postgres_missing())
		return 0;
	w = mmap(NULL, sizeof(*w), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w == MAP_FAILED || db_disk_install(&why)) {
		fprintf(stderr, "%s\n", why.text);
		return 2;
	}
	xml_start();
	db_disk_skip_syncs(true);
	printf("1..%llu\n", (unsigned long long)of[1]);
	for (uint64_t i = 0; i < of[1]; i++)
		failed += !run_seed(of[0] + i, of[2],
				    !postgres_wanted() ? 0
				    : of[3]            ? (int)of[3]
						       : 1);
	return failed > 0;
}
