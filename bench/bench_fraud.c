/* fraud: what control finds and what is said to be missed, where the truth is known.
 *
 *   bench-fraud [SEEDS [DECLARATIONS]]     200 seeds of 2000 declarations each unless given
 *
 * Trade of the pack packs/landfall with fraud in 8 % of its imports (hub/generate/fraud.h), decided by the pack's rules. No
 * declaration knows a past: rules about histories do not hit. Control finds all fraud in what it examines, and nothing else. The
 * random draw picks 2 % and, in a second count, 10 %; one pick in ten is skipped. Of each seed the estimate is compared with what
 * is so. Lines of JSON as of every bench. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/prng.h"
#include "hub/generate/fraud.h"
#include "hub/settle/decision.h"
#include "msg/msg.h"
#include "risk/missed.h"

enum { MILLION = 1000000, SHARE = 80000, RATES = 2, SKIPPED = 100000 };
static const uint32_t rate_ppm[RATES] = {20000, 100000};

static _Noreturn void die(const char *what, const char *detail)
{
	fprintf(stderr, "bench-fraud: %s: %s\n", what, detail);
	exit(2);
}

static void print(const char *name, double value, const char *unit, const char *aim)
{
	printf("{\"name\":\"fraud.%s\",\"value\":%.3f,\"unit\":\"%s\"", name, value, unit);
	if (aim)
		printf(",\"aim\":\"%s\"", aim);
	puts("}");
}

/* Whether the interval held the truth, over the seeds. */
struct held {
	int64_t seeds, share, bounds, cases, money_seeds, money;
	int64_t picked, irregular;
};

struct world {
	const struct inforce *in;
	struct arena *home, *once;
	const struct generator *g;
	uint64_t seed;
	uint32_t n, declarations;
	int32_t day;
	struct prng prng;
	int64_t office_day[LANE_RED + 1];
	/* of one seed */
	struct missed_stratum s[RATES];
	int64_t left, left_money; /* irregular ones that nothing selected, and what they hide */
	/* of all */
	int64_t accepted, selected, selected_irregular, irregular, planted[FRAUD_SCHEMES],
	    hit[FRAUD_SCHEMES];
	struct held held[RATES];
	/* of one declaration */
	enum fraud_scheme scheme;
	enum lane lane;
	bool taken;
	int64_t hidden;
};

static struct facts facts_of(struct world *w, const struct declaration *d)
{
	struct facts f = {.received_at = (int64_t)w->day * MICROS_A_DAY + MICROS_A_DAY / 2,
			  .legal_day = w->day,
			  .office = d->office,
			  .version = 1,
			  .reference = SPAN("26XL010000001234X"),
			  .draw_day = SPAN("2026-01-05"),
			  .draw_reference = SPAN("26XL010000001234X"),
			  .draw_commitment = SPAN("00")};
	struct span *purpose = ARENA_ARRAY(w->once, struct span, risk_draw_max(w->in->rules));
	const uint32_t n = risk_draw_purposes(w->in->rules, w->day, purpose);

	f.draws.v = ARENA_ARRAY(w->once, struct draw, n + 1);
	for (uint32_t i = 0; i < n; i++)
		if (!span_is(purpose[i], "random")) /* which is drawn here, at several rates */
			f.draws.v[f.draws.n++] = (struct draw){purpose[i], prng_next(&w->prng)};
	memcpy(f.office_day, w->office_day, sizeof(f.office_day));
	return f;
}

static void decide_one(struct world *w, const struct message *m, const struct facts *f,
		       struct decision *ret)
{
	struct findings findings = {.arena = w->once};

	decide(
	    w->once,
	    &(struct decision_input){
		.raw = SPAN(""), .message = m, .asked = FUNCTION_ORIGINAL, .findings = &findings},
	    f, w->in, ret);
}

static void make_one(void *context)
{
	struct world *w = context;
	const struct fraud_plan plan = {w->seed, SHARE};
	struct message declared, honest;
	struct decision d, so;
	struct facts f;

	w->scheme = fraud_make(w->g, &plan, w->n, w->once, &declared, &honest);
	f = facts_of(w, &declared.declaration);
	decide_one(w, &declared, &f, &d);
	w->taken = d.accepted;
	w->lane = d.selection.lane;
	w->hidden = 0;
	if (w->taken && w->scheme) {
		decide_one(w, &honest, &f, &so);
		if (so.accepted)
			w->hidden = so.assessment.total_due.minor - d.assessment.total_due.minor;
	}
}

static void count_one(struct world *w)
{
	const bool irregular = w->scheme != FRAUD_NONE;

	w->office_day[w->lane]++;
	w->accepted++;
	w->irregular += irregular;
	w->planted[w->scheme]++;
	if (w->lane >= LANE_YELLOW) {
		w->selected++;
		w->selected_irregular += irregular;
		w->hit[w->scheme]++;
		return;
	}
	w->left += irregular;
	w->left_money += w->hidden;
	for (int i = 0; i < RATES; i++) {
		struct missed_stratum *s = &w->s[i];

		s->population++;
		if (!prng_chance(&w->prng, rate_ppm[i]))
			continue;
		s->picked++;
		if (!prng_chance(&w->prng, SKIPPED))
			missed_add_answer(s, irregular, w->hidden);
	}
}

static void judge(struct world *w, int i)
{
	const struct missed_stratum *s = &w->s[i];
	const int64_t truth = s->population ? w->left * MILLION / s->population : 0,
		      missed = w->left - s->irregular, money = w->left_money - s->found;
	struct held *h = &w->held[i];
	struct missed m;

	missed_estimate(s, 1, &m);
	h->picked += s->answered;
	h->irregular += s->irregular;
	if (!m.method)
		return;
	h->seeds++;
	h->share += m.share.low <= truth && truth <= m.share.high;
	h->bounds += m.bound_low <= truth && truth <= m.bound_high;
	h->cases += m.cases.low <= missed && missed <= m.cases.high;
	if (m.money_method == MISSED_NORMAL) {
		h->money_seeds++;
		h->money += m.money.low <= money && money <= m.money.high;
	}
}

static void begin(void *context)
{
	struct world *w = context;

	w->g = generator_new(w->home, w->in->ref, w->day, w->seed);
}

static void run_seed(struct world *w)
{
	arena_reset(w->home);
	if (arena_run(w->home, begin, w) || !w->g)
		die("generator", "the pack has nothing to declare");
	w->prng = prng_of(w->seed, UINT64_MAX);
	w->left = w->left_money = 0;
	memset(w->office_day, 0, sizeof(w->office_day));
	for (int i = 0; i < RATES; i++)
		w->s[i] = (struct missed_stratum){.rate_ppm = rate_ppm[i]};
	for (w->n = 1; w->n <= w->declarations; w->n++) {
		arena_reset(w->once);
		if (arena_run(w->once, make_one, w))
			die("arena", "no memory");
		if (w->taken)
			count_one(w);
	}
	for (int i = 0; i < RATES; i++)
		judge(w, i);
}

static double share(int64_t part, int64_t all)
{
	return all ? 100.0 * (double)part / (double)all : 0;
}

static void print_all(const struct world *w)
{
	char name[80];

	print("accepted", (double)w->accepted, "declarations", NULL);
	print("planted", share(w->irregular, w->accepted), "%", NULL);
	print("rules.selected", share(w->selected, w->accepted), "%", NULL);
	print("rules.hit_rate", share(w->selected_irregular, w->selected), "%", NULL);
	for (enum fraud_scheme s = FRAUD_UNDERVALUED; s < FRAUD_SCHEMES; s++) {
		snprintf(name, sizeof(name), "rules.found.%s", fraud_scheme_name(s));
		print(name, share(w->hit[s], w->planted[s]), "%", NULL);
	}
	for (int i = 0; i < RATES; i++) {
		const struct held *h = &w->held[i];
		const char *of = i ? "ten" : "two";

		snprintf(name, sizeof(name), "random.%s.hit_rate", of);
		print(name, share(h->irregular, h->picked), "%", NULL);
		snprintf(name, sizeof(name), "random.%s.seeds", of);
		print(name, (double)h->seeds, "seeds", NULL);
		snprintf(name, sizeof(name), "random.%s.share_held", of);
		print(name, share(h->share, h->seeds), "%", "95");
		snprintf(name, sizeof(name), "random.%s.cases_held", of);
		print(name, share(h->cases, h->seeds), "%", "95");
		snprintf(name, sizeof(name), "random.%s.bounds_held", of);
		print(name, share(h->bounds, h->seeds), "%", "95");
		if (!h->money_seeds)
			continue;
		snprintf(name, sizeof(name), "random.%s.money_seeds", of);
		print(name, (double)h->money_seeds, "seeds", NULL);
		snprintf(name, sizeof(name), "random.%s.money_held", of);
		print(name, share(h->money, h->money_seeds), "%", "95");
	}
}

int main(int argc, char **argv)
{
	const uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : 200;
	struct arena *a = arena_new((size_t)LIMIT_PACK_BYTES);
	struct pack_faults faults = {.arena = a};
	struct span archive[PACK_PARTS];
	struct inforce *in;
	struct cause why = {0};
	struct world w = {.home = arena_new(LIMIT_ARENA_BYTES),
			  .once = arena_new(LIMIT_ARENA_BYTES),
			  .declarations = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 2000};

	if (!a || !w.home || !w.once || day_from(2026, 1, 5, &w.day))
		die("arena", "no memory");
	if (pack_read_folder(a, "packs/landfall", archive, &faults, &why) ||
	    inforce_load(archive, &in, &faults, &why))
		die("packs/landfall", faults.list.n ? faults.list.v[0].text : why.text);
	w.in = in;
	for (w.seed = 1; w.seed <= seeds; w.seed++)
		run_seed(&w);
	print_all(&w);
	inforce_release(in);
	arena_free(w.home);
	arena_free(w.once);
	arena_free(a);
	return 0;
}
