/* Our assessment beside real tax notices, line by line.
 *
 * wco-dec/tax_lines.csv names what the notices of 36 scenarios state. The scenario's own declaration is read, amended as often
 * as the notice's version says, and assessed with the pack tests/packs/uk-notices: so every base is our own valuation. Lines of
 * one levy on one item are compared as a sum. Known differences, each with its reason, are in wco-tax-differences.txt; another
 * one, or one that is no longer there, fails. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "unit.h"

#include "base/date.h"
#include "codec/xml.h"
#include "duty/duty.h"
#include "duty_pack.h"
#include "msg/msg.h"

enum { LINES = 512, NAMES = 16, AMENDMENTS = 8 };

/* A row of tax_lines.csv. */
struct notice_line {
	struct span scenario, file, item, levy, base, assessed, payment;
};

/* One notice: a file of a scenario, and our assessment of what it speaks of. */
struct notice {
	struct span scenario, file;
	struct arena *arena;
	const struct refset *set;
	struct facts facts;
	struct declaration d;
	struct assessment assessed;
	int64_t version;
	bool read;
};

/* Where the base and the rate of a line come from: counted apart. */
enum rate_from { FROM_LAW, FROM_NOTICE_RATE, FROM_NOTICE_AMOUNT, RATES_FROM };
static const char *const rate_from_text[RATES_FROM] = {
    "rate from the law", "rate only from the notice", "rate from the notice's amount"};

static struct summary {
	int rows, lines, equal[RATES_FROM], different, unknown, stale;
} summary;

static struct known {
	struct span key, reason;
	bool met;
} known[LINES];
static uint32_t known_count;

static const char *shared(void)
{
	const char *named = getenv("CUSTOMHOUSE_SHARED"), *top = getenv("CUSTOMHOUSE_ROOT");
	static char path[1024];

	if (named)
		return named;
	snprintf(path, sizeof(path), "%s/../shared/data", top ? top : ".");
	return path;
}

/* ---- reading ---- */

static uint32_t read_rows(struct span text, struct notice_line *ret)
{
	uint32_t n = 0;

	span_cut(&text, '\n');
	while (text.n) {
		struct span line = span_trim(span_cut(&text, '\n')), field[11];

		for (int i = 0; i < 11; i++)
			field[i] = span_cut(&line, ',');
		if (!field[0].n)
			continue;
		assert_true(n < LINES);
		ret[n++] = (struct notice_line){field[0], field[1], field[2], field[3],
						field[5], field[9], field[10]};
	}
	return n;
}

/* Digits behind the first `marker` in the text that stand behind a '>'. */
static struct span digits_behind(struct span text, const char *marker)
{
	const char *p = memmem(text.p, text.n, marker, strlen(marker)), *end = text.p + text.n;
	uint32_t n = 0;

	while (p && p + 1 < end && !(p[0] == '>' && p[1] >= '0' && p[1] <= '9'))
		p++;
	if (!p || p + 1 >= end)
		return NO_VALUE;
	for (p++; p + n < end && p[n] >= '0' && p[n] <= '9';)
		n++;
	return (struct span){p, n, 0};
}

/* The legal day and the version that a notice speaks of. Some notices have lost their day: the scenario's other notice has it. */
static void read_notice(struct notice *n, struct span text)
{
	struct span day = digits_behind(text, "<IssueDateTime"),
		    version = digits_behind(text, "<VersionID");
	struct decimal d;
	int64_t moment;
	int32_t issued;

	day.n = day.n > 8 ? 8 : day.n;
	if (day.n == 8 && !trade_time_parse(day, SPAN("102"), &issued, &moment))
		n->facts.legal_day = issued;
	n->version = version.n && !decimal_parse(version, &d) ? d.units : 1;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static uint32_t list_messages(struct arena *a, const char *folder, char **ret)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);
	uint32_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		if (length < 4 || strcasecmp(entry->d_name + length - 4, ".xml") != 0)
			continue;
		assert_true(n < NAMES);
		ret[n] = arena_try(a, length + 1);
		memcpy(ret[n++], entry->d_name, length + 1);
	}
	closedir(dir);
	qsort(ret, n, sizeof(ret[0]), by_name);
	return n;
}

struct application {
	struct notice *n;
	const struct declaration *amendments[AMENDMENTS];
	uint32_t count;
};

static void amend_and_assess(void *context)
{
	struct application *app = context;
	struct notice *n = app->n;
	struct findings f = findings_for(n->arena, &dict_declaration, &n->d);
	const char *place;
	uint32_t bad;

	for (uint32_t i = 0; i < app->count && (int64_t)i + 1 < n->version; i++) {
		struct declaration before = n->d;

		declaration_amend(n->arena, &before, app->amendments[i], &n->d, &bad, &place);
	}
	duty_assess(n->arena, &n->d, n->set, &n->facts, &n->assessed, &f);
}

/* Reads the declaration and its amendments from the scenario's folder. */
static void assess_scenario(struct notice *n)
{
	struct application app = {.n = n};
	char *names[NAMES], folder[2048], path[4096];
	uint32_t count;

	snprintf(folder, sizeof(folder), "%s/wco-dec/scenarios/%.*s", shared(),
		 SPAN_ARG(n->scenario));
	count = list_messages(n->arena, folder, names);
	for (uint32_t i = 0; i < count; i++) {
		struct message *m = arena_try(n->arena, sizeof(*m));
		struct findings f;
		struct codec_fault fault;

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		if (msg_read(n->arena, duty_file(n->arena, path), NULL, m, &f, &fault))
			continue;
		if (declaration_function(&m->declaration) == FUNCTION_ORIGINAL && !n->read) {
			n->d = m->declaration;
			n->read = true;
		} else if (declaration_function(&m->declaration) == FUNCTION_AMENDMENT &&
			   app.count < AMENDMENTS) {
			app.amendments[app.count++] = &m->declaration;
		}
	}
	if (n->read)
		assert_int_equal(arena_run(n->arena, amend_and_assess, &app), ERR_NONE);
}

/* ---- comparing ---- */

static int64_t minor(struct span text)
{
	struct decimal d;
	struct money m = {0};

	if (text.n && !decimal_parse(text, &d))
		assert_int_equal(money_from_decimal(d, 2, ROUND_DOWN, &m), ERR_NONE);
	return m.minor;
}

/* Our line for an item, by the number that the declaration gives it. */
static const struct tax_line *our_line(const struct notice *n, const struct notice_line *theirs)
{
	for (uint32_t i = 0; i < n->assessed.lines.n; i++) {
		const struct tax_line *line = &n->assessed.lines.v[i];
		struct decimal number;

		if (!span_equal(line->levy, theirs->levy) || decimal_parse(theirs->item, &number))
			continue;
		if (decimal_compare(number, n->d.shipment.items.v[line->item].sequence) == 0)
			return line;
	}
	return NULL;
}

static enum rate_from rate_from_of(const struct tax_line *line)
{
	if (memmem(line->source.p, line->source.n, "an amount only", 14))
		return FROM_NOTICE_AMOUNT;
	return span_starts(line->source, SPAN("rate from the notice")) ? FROM_NOTICE_RATE
								       : FROM_LAW;
}

/* The base, where the notice states one; what was assessed, unless relieved; and what is to be paid. */
static bool is_equal(const struct tax_line *ours, const struct notice_line *theirs,
		     int64_t assessed, int64_t payment)
{
	int64_t due = ours->state == TAX_DUE ? ours->amount.minor : 0;

	return (!theirs->base.n || minor(theirs->base) == ours->base.minor) && payment == due &&
	       (ours->state == TAX_RELIEVED ? assessed == 0 : assessed == ours->amount.minor);
}

static struct known *find_known(struct span key)
{
	for (uint32_t i = 0; i < known_count; i++)
		if (span_equal(known[i].key, key))
			return &known[i];
	return NULL;
}

static void report(const struct notice_line *l, const struct tax_line *ours, int64_t assessed,
		   const char *verdict, struct span reason)
{
	struct money theirs = {assessed};

	print_message("%-10.*s %-42.*s %.*s %-3.*s their %10.*s %10" PRId64 "  our %10" PRId64
		      " %10" PRId64 "  %s%.*s\n",
		      SPAN_ARG(l->scenario), SPAN_ARG(l->file), SPAN_ARG(l->item),
		      SPAN_ARG(l->levy), SPAN_ARG(l->base), theirs.minor,
		      ours ? ours->base.minor : 0, ours ? ours->amount.minor : 0, verdict,
		      SPAN_ARG(reason));
}

static void compare(const struct notice *n, const struct notice_line *l, int64_t assessed,
		    int64_t payment)
{
	const struct tax_line *ours = our_line(n, l);
	char text[256];
	struct known *k;

	snprintf(text, sizeof(text), "%.*s %.*s %.*s %.*s", SPAN_ARG(l->scenario),
		 SPAN_ARG(l->file), SPAN_ARG(l->item), SPAN_ARG(l->levy));
	k = find_known(span_of(text));
	summary.lines++;
	if (ours && is_equal(ours, l, assessed, payment)) {
		enum rate_from o = rate_from_of(ours);

		summary.equal[o]++;
		report(l, ours, assessed, "equal, ", span_of(rate_from_text[o]));
		return;
	}
	summary.different++;
	summary.unknown += !k;
	report(l, ours, assessed, k ? "known difference: " : "DIFFERENT", k ? k->reason : NO_VALUE);
	if (k)
		k->met = true;
}

static bool same_line(const struct notice_line *a, const struct notice_line *b)
{
	return span_equal(a->scenario, b->scenario) && span_equal(a->file, b->file) &&
	       span_equal(a->item, b->item) && span_equal(a->levy, b->levy);
}

static void compare_notice(const struct notice *n, const struct notice_line *rows, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		int64_t assessed = 0, payment = 0;
		bool before = false;

		for (uint32_t k = 0; k < count; k++) {
			if (!same_line(&rows[i], &rows[k]))
				continue;
			before = before || k < i;
			assessed += minor(rows[k].assessed);
			payment += minor(rows[k].payment);
		}
		if (!before)
			compare(n, &rows[i], assessed, payment);
	}
}

static void run_notice(const struct refset *set, const struct notice_line *rows, uint32_t count,
		       int32_t *day)
{
	struct notice n = {.scenario = rows->scenario,
			   .file = rows->file,
			   .arena = arena_new(64 << 20),
			   .set = set};
	char path[4096];
	struct span text;

	snprintf(path, sizeof(path), "%s/wco-dec/scenarios/%.*s/%.*s", shared(),
		 SPAN_ARG(n.scenario), SPAN_ARG(n.file));
	text = duty_file(n.arena, path);
	assert_non_null(text.p);
	n.facts.legal_day = *day;
	read_notice(&n, text);
	*day = n.facts.legal_day;
	assess_scenario(&n);
	if (!n.read)
		fail_msg("%.*s: no declaration can be read", SPAN_ARG(n.scenario));
	compare_notice(&n, rows, count);
	if (duty_proofs_check(&n.assessed, path) < 0)
		fail_msg("%.*s: a proof does not hold", SPAN_ARG(n.scenario));
	arena_free(n.arena);
}

static void read_known(struct span text)
{
	while (text.n) {
		struct span line = span_trim(span_cut(&text, '\n'));
		const char *bar = line.n ? memchr(line.p, '|', line.n) : NULL;

		if (!bar || line.p[0] == '#')
			continue;
		assert_true(known_count < LINES);
		known[known_count].key =
		    span_trim((struct span){line.p, (uint32_t)(bar - line.p), 0});
		known[known_count++].reason =
		    span_trim((struct span){bar + 1, line.n - (uint32_t)(bar + 1 - line.p), 0});
	}
}

/* A day for notices that have none and stand first: the scenarios' rates were in force on it. */
static int32_t first_day(struct span scenario)
{
	int32_t day = 0;

	assert_int_equal(
	    day_parse(span_is(scenario, "TT_IM036a") ? SPAN("2023-11-30") : SPAN("2026-02-19"),
		      &day),
	    ERR_NONE);
	return day;
}

static void test_notices(void **state)
{
	struct arena *a = *state;
	const struct refset *set = duty_pack_load(a, "tests/packs/uk-notices", NULL);
	static struct notice_line rows[LINES];
	char path[4096];
	struct span text;
	uint32_t n;
	int32_t day = 0;

	assert_non_null(set);
	snprintf(path, sizeof(path), "%s/wco-dec/tax_lines.csv", shared());
	text = duty_file(a, path);
	if (!text.p) {
		print_message("skipped: no %s (set CUSTOMHOUSE_SHARED)\n", path);
		skip();
	}
	read_known(duty_tree_file(a, "tests/golden", "wco-tax-differences.txt"));
	n = read_rows(text, rows);
	summary.rows = (int)n;
	for (uint32_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && span_equal(rows[i].scenario, rows[k].scenario) &&
				span_equal(rows[i].file, rows[k].file);)
			k++;
		if (i == 0 || !span_equal(rows[i].scenario, rows[i - 1].scenario))
			day = first_day(rows[i].scenario);
		run_notice(set, &rows[i], k - i, &day);
	}
	for (uint32_t i = 0; i < known_count; i++) {
		if (!known[i].met)
			print_message("no longer different: %.*s\n", SPAN_ARG(known[i].key));
		summary.stale += !known[i].met;
	}
	print_message("%d rows, %d lines by item and levy: %d equal (%d rate from the law, %d rate "
		      "only from the notice, %d rate from the "
		      "notice's amount), %d different for known reasons, %d new, %d stale\n",
		      summary.rows, summary.lines,
		      summary.equal[0] + summary.equal[1] + summary.equal[2], summary.equal[0],
		      summary.equal[1], summary.equal[2], summary.different - summary.unknown,
		      summary.unknown, summary.stale);
	assert_int_equal(summary.unknown, 0);
	assert_int_equal(summary.stale, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(test_notices),
	};

	xml_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
