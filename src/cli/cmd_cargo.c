/* cargo: what carriers reported, which bills are open, what was landed. Reads a store, whoever owns it. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "hub/cargo/cargo.h"
#include "hub/people/people.h"

struct asking {
	const struct args *args;
	struct hub *hub;
	struct arena *arena; /* of one page, or one document */
	struct span after;   /* where the next page begins; in kept */
	char kept[200];
	bool people; /* columns for them */
	uint64_t rows;
	enum err err; /* of a page that could not be read again */
};

/* ---- columns ---- */

struct column {
	const char *title;
	int width;
	const char *member, *inner; /* inner: of the object that the member is */
};

static const struct column bill_columns[] = {
    {"TYPE", 4, "type", NULL},
    {"BILL", 24, "id", NULL},
    {"CARRIER", 17, "carrier", NULL},
    {"OFFICE", 10, "office", NULL},
    {"DAYS", -5, "age_days", NULL},
    {"PACKAGES LEFT", -13, "left", "packages"},
    {"MASS LEFT, KG", -18, "left", "mass"},
};
static const struct column report_columns[] = {
    {"REPORT", 16, "reference", NULL},   {"ITS SENDER'S", 24, "trader_reference", NULL},
    {"VERSION", -7, "version", NULL},    {"STATE", 9, "state", NULL},
    {"CARRIER", 17, "carrier", NULL},    {"CONVEYANCE", 20, "conveyance", NULL},
    {"ARRIVED", 27, "arrived_at", NULL},
};
static const struct column landing_columns[] = {
    {"TYPE", 4, "type", NULL},
    {"BILL", 24, "id", NULL},
    {"REPORTED", -10, "reported", "packages"},
    {"LANDED", -10, "landed", "packages"},
    {"SHORT", -10, "short", "packages"},
    {"OVER", -10, "over", "packages"},
    {"SHORT, KG", -18, "short", "mass"},
    {"OVER, KG", -18, "over", "mass"},
};

static void put_titles(const struct column *c, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		printf("%s%*s", i ? "  " : "", -c[i].width, c[i].title);
	printf("\n");
}

static void put_columns(const struct column *c, uint32_t n, const struct json *row)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct json *v = json_get(row, c[i].member);
		struct span s = {"", 0, 0};

		if (v && c[i].inner)
			v = json_get(v, c[i].inner);
		if (v && v->kind != JSON_NULL && v->text.p)
			s = v->text;
		printf("%s%*.*s", i ? "  " : "", -c[i].width, SPAN_ARG(s));
	}
	printf("\n");
}

/* ---- lists ---- */

struct list {
	const char *member; /* of a page: its rows */
	const struct column *columns;
	uint32_t column_n;
	enum err (*page)(struct asking *q, struct text *to, struct cause *why);
};

static struct span chosen(const struct asking *q, enum option_key o)
{
	return span_of(args_value(q->args, o, ""));
}

static enum err page_of_bills(struct asking *q, struct text *to, struct cause *why)
{
	const struct bill_page page = {.office = chosen(q, OPTION_OFFICE),
				       .carrier = chosen(q, OPTION_CARRIER),
				       .party = chosen(q, OPTION_PARTY),
				       .after = q->after,
				       .limit = BILLS_PAGE_MAX};

	return hub_write_bills(q->hub, to, who_operator(), &page, SPAN(""), why);
}

static enum err page_of_reports(struct asking *q, struct text *to, struct cause *why)
{
	const struct cargo_page page = {.office = chosen(q, OPTION_OFFICE),
					.carrier = chosen(q, OPTION_CARRIER),
					.after = q->after,
					.limit = BILLS_PAGE_MAX};

	if (chosen(q, OPTION_PARTY).n)
		return fail(why, ERR_USAGE, "cargo list: --office or --carrier says whose");
	return hub_write_cargo_list(q->hub, to, who_operator(), &page, SPAN(""), why);
}

static const struct list bills = {"bills", bill_columns, ARRAY_LEN(bill_columns), page_of_bills};
static const struct list reports = {"reports", report_columns, ARRAY_LEN(report_columns),
				    page_of_reports};

/* What is shown, and of what. */
struct showing {
	struct asking *q;
	const struct list *list;
	struct text text;
};

static void show_rows(void *context)
{
	struct showing *v = context;
	struct asking *q = v->q;
	const struct json *page, *rows;
	struct codec_fault fault;
	struct span after;

	q->err = json_read(q->arena, text_as_span(&v->text), &page, &fault);
	rows = q->err ? NULL : json_get(page, v->list->member);
	if (!rows)
		return;
	if (q->people && !q->rows)
		put_titles(v->list->columns, v->list->column_n);
	for (const struct json *row = rows->first; row; row = row->next, q->rows++) {
		struct text line = text_in(q->arena);
		struct json_writer w = json_to(&line);

		if (q->people) {
			put_columns(v->list->columns, v->list->column_n, row);
			continue;
		}
		json_value(&w, row);
		text_char(&line, '\n');
		put(q->args, line.p, line.n);
	}
	after = json_get_text(page, "after");
	q->after = (struct span){q->kept, after.n < sizeof(q->kept) ? after.n : 0, 0};
	memcpy(q->kept, after.p ? after.p : "", q->after.n);
}

static enum err show_list(struct asking *q, const struct list *list, struct cause *why)
{
	do {
		struct showing v = {q, list, text_in(q->arena)};
		enum err e = list->page(q, &v.text, why);

		if (e)
			return e;
		if (arena_run(q->arena, show_rows, &v) || q->err)
			return fail(why, ERR_NOMEM, "no memory for a page");
		arena_reset(q->arena);
	} while (q->after.n);
	return ERR_NONE;
}

/* ---- one report ---- */

static void show_landing(void *context)
{
	struct showing *v = context;
	const struct json *j;
	struct codec_fault fault;

	v->q->err = json_read(v->q->arena, text_as_span(&v->text), &j, &fault);
	if (v->q->err || !json_get(j, "bills"))
		return;
	printf("%.*s, %s, %s\n", SPAN_ARG(json_get_text(j, "conveyance")),
	       json_get(j, "arrived")->kind == JSON_TRUE ? "arrived" : "expected",
	       json_get(j, "counted")->kind == JSON_TRUE ? "counted" : "not counted yet");
	put_titles(landing_columns, ARRAY_LEN(landing_columns));
	for (j = json_get(j, "bills")->first; j; j = j->next)
		put_columns(landing_columns, ARRAY_LEN(landing_columns), j);
}

static enum err show_one(struct asking *q, bool landing, struct cause *why)
{
	const struct hub_look look = {.who = who_operator(),
				      .reference = span_of(q->args->operand[1]),
				      .purpose = PURPOSE_CARGO};
	struct showing v = {q, NULL, text_in(q->arena)};
	enum err e = landing ? hub_write_landing(q->hub, &v.text, &look, why)
			     : hub_write_cargo(q->hub, &v.text, &look, why);

	if (e == ERR_NOT_FOUND)
		return fail(why, e, "the store holds no cargo report %s", q->args->operand[1]);
	if (e)
		return e;
	if (!landing || !q->people) {
		put(q->args, v.text.p, v.text.n);
		put(q->args, "\n", 1);
		return ERR_NONE;
	}
	if (arena_run(q->arena, show_landing, &v) || q->err)
		return fail(why, ERR_NOMEM, "no memory for the landing");
	return ERR_NONE;
}

static enum err ask(struct asking *q, struct cause *why)
{
	struct hub_options o = {.where = args_value(q->args, OPTION_DATA, "customhouse-data"),
				.database = args_value(q->args, OPTION_DATABASE, NULL),
				.mode = HUB_READ};
	const char *what = q->args->operand[0];
	enum err e = hub_open(&o, &q->hub, why);

	if (e)
		return e;
	if (!strcmp(what, "bills"))
		e = show_list(q, &bills, why);
	else if (!strcmp(what, "list"))
		e = show_list(q, &reports, why);
	else
		e = show_one(q, !strcmp(what, "landing"), why);
	hub_close(q->hub);
	return e;
}

/* Is it one of the four, with as many words behind it as it wants? */
static bool is_sound(const struct args *a, struct cause *why)
{
	const char *what = a->operand[0];
	const bool of_many = !strcmp(what, "bills") || !strcmp(what, "list");
	const bool of_one = !strcmp(what, "show") || !strcmp(what, "landing");

	if ((of_many && a->operands == 1) || (of_one && a->operands == 2))
		return true;
	fail(why, ERR_USAGE,
	     "cargo bills or list with --office, --carrier or --party; cargo show or landing with "
	     "the reference of a report");
	return false;
}

int cmd_cargo(const struct args *a)
{
	struct asking q = {.args = a, .people = for_people(a)};
	struct cause why = {0};
	int status = EXIT_DONE;

	if (!args_count(a, 1, 2))
		return EXIT_UNREADABLE;
	if (!is_sound(a, &why))
		return args_refuse(a, &why);
	q.arena = arena_new(LIMIT_ARENA_BYTES);
	if (!q.arena) {
		say(a, "no memory");
		return EXIT_FAILED;
	}
	if (ask(&q, &why))
		status = say_failed(a, &why);
	arena_free(q.arena);
	return put_all(a, status);
}
