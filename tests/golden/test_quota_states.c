/* What becomes of claims when a quota is critical, suspended, blocked, a part of another one, or claimed by two declarations that
 * are one; what those are told who only ask; and that whoever changes a balance is found. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "codec/xml.h"
#include "hub/audit/audits.h"
#include "hub/audit/verify.h"
#include "hub/people/people.h"
#include "hub/quota/quota_show.h"
#include "hub/tariff/ask.h"
#include "quota_world.h"

enum { MILLION = 1000000 };

/* ---- what anybody may ask ---- */

static const struct json *first_of(const struct json *list, const char *member, const char *value)
{
	for (const struct json *j = list ? list->first : NULL; j; j = j->next)
		if (span_is(json_get_text(j, member), value))
			return j;
	return NULL;
}

/* The first period of a quota, as the hub tells it. */
static const struct json *quota(struct quota_world *w, const char *order)
{
	struct text text = text_in(w->arena);
	struct codec_fault fault;
	const struct json *answer;
	struct cause why = {0};

	if (hub_write_quotas(w->f.hub, &text, span_of(order), SPAN("en"), &why) ||
	    json_read(w->arena, text_as_span(&text), &answer, &fault))
		fail_msg("%s: %s", order, why.text);
	return json_get(answer, "quotas")->first;
}

static void assert_quota(struct quota_world *w, const char *order, const char *balance,
			 const char *requested, const char *state)
{
	const struct json *q = quota(w, order);

	assert_span(json_get_text(q, "balance"), balance);
	assert_span(json_get_text(q, "requested"), requested);
	assert_span(json_get_text(q, "state"), state);
}

/* Who holds how much of it, the newest first. */
static const struct json *claims_after(struct quota_world *w, const char *order,
				       const struct who *by, struct span after, uint32_t limit,
				       enum err want)
{
	struct text text = text_in(w->arena);
	struct codec_fault fault;
	const struct json *answer;
	struct cause why = {0};

	assert_int_equal(
	    hub_write_quota_claims(w->f.hub, &text, by, span_of(order), after, limit, &why), want);
	if (want)
		return NULL;
	assert_int_equal(json_read(w->arena, text_as_span(&text), &answer, &fault), ERR_NONE);
	return answer;
}

static const struct json *claims(struct quota_world *w, const char *order, const struct who *by,
				 enum err want)
{
	return json_get(claims_after(w, order, by, SPAN(""), QUOTA_CLAIMS_SHOWN, want), "claims");
}

/* One claim a page: the first is this, and each is there once, though their moments may be the same. */
static void assert_pages(struct quota_world *w, const char *order, struct span first)
{
	const struct json *all = claims(w, order, who_operator(), ERR_NONE), *page;
	struct span after = SPAN("");

	for (const struct json *one = all->first; one; one = one->next) {
		page = claims_after(w, order, who_operator(), after, 1, ERR_NONE);
		assert_int_equal(json_get(page, "claims")->count, 1);
		assert_true(span_equal(json_get_text(json_get(page, "claims")->first, "reference"),
				       json_get_text(one, "reference")));
		after = json_get_text(page, "after");
		assert_int_equal(after.n > 0, one->next != NULL);
	}
	assert_true(span_equal(json_get_text(all->first, "reference"), first));
	claims_after(w, order, who_operator(), SPAN("yesterday/"), 1, ERR_FORMAT);
}

struct asking {
	struct tariff_query query;
	struct tariff_ask ask;
	struct text text;
	enum err err;
};

static void ask(void *context)
{
	struct asking *x = context;

	x->err = tariff_duty(&x->ask, &x->text);
}

/* The option for 100 kg that claims a quota. on: NULL: today */
static const struct json *option(struct quota_world *w, const char *order, const char *on)
{
	struct asking x = {.query = {.commodity = SPAN("090121"),
				     .value = SPAN("900.00 USD"),
				     .origin = SPAN("US"),
				     .quantity = SPAN("100 kg"),
				     .terms = SPAN("CIF"),
				     .on = on ? span_of(on) : SPAN("")},
			   .text = text_in(w->arena)};
	struct codec_fault fault;
	const struct json *answer, *found;
	struct cause why = {0};

	x.ask = (struct tariff_ask){.arena = w->arena,
				    .inforce = hub_tariff(w->f.hub),
				    .hub = w->f.hub,
				    .query = &x.query,
				    .now = clock_now(),
				    .why = &why};
	if (arena_run(w->arena, ask, &x) || x.err)
		fail_msg("%s", why.text);
	inforce_release(x.ask.inforce);
	assert_int_equal(json_read(w->arena, text_as_span(&x.text), &answer, &fault), ERR_NONE);
	found = first_of(json_get(answer, "options"), "quota", order);
	assert_non_null(found);
	return found;
}

static void assert_told(const struct json *option, const char *state, const char *way,
			const char *balance)
{
	const struct json *b = json_get(option, "quota_balance");

	assert_span(json_get_text(b, "state"), state);
	assert_span(json_get_text(b, "way"), way);
	assert_span(json_get_text(b, "balance"), balance);
}

/* ---- states ---- */

/* 1000 kg, critical from 500 on: what is granted then is confirmed when its day is over. */
static void test_what_is_critical_is_confirmed_later(void **state)
{
	struct quota_world w;
	struct outcome one, two, three;
	const struct json *held;
	int64_t secured;

	(void)state;
	quota_world_begin(&w);
	assert_told(option(&w, "0904", NULL), "open", "now", "1000");
	one = quota_world_claim(&w, "0904", 600, "IMD");
	assert_int_equal(quota_world_applied(&w, &one), 600 * (int64_t)MILLION);
	assert_quota(&w, "0904", "400", "0", "critical");
	assert_told(option(&w, "0904", NULL), "critical", "secured", "400");
	assert_true(json_get_text(option(&w, "0904", NULL), "total_granted").n > 0);
	two = quota_world_claim(&w, "0904", 500, "IMD");
	assert_int_equal(quota_world_granted(&w, &two), 400 * (int64_t)MILLION);
	assert_int_equal(quota_world_applied(&w, &two), 0);
	secured = quota_world_row_of(&w, two.reference).total_minor;
	assert_quota(&w, "0904", "0", "0", "exhausted");
	assert_told(option(&w, "0904", NULL), "exhausted", "not", "0");
	three = quota_world_claim(&w, "0904", 10, "IMD");
	assert_true(fixture_found(w.arena, three.decision, "duty.quota-exhausted"));
	/* the tariff office sees who has it, and nobody else */
	held =
	    claims(&w, "0904",
		   &(struct who){.user = SPAN("tara"), .roles = ROLE_TARIFF, .scopes = SCOPE_ALL},
		   ERR_NONE);
	assert_int_equal(held->count, 2);
	assert_true(span_equal(json_get_text(held->first, "reference"), two.reference));
	assert_span(json_get_text(held->first, "way"), "secured");
	assert_span(json_get_text(held->first, "granted"), "400");
	assert_pages(&w, "0904", two.reference);
	claims(&w, "0904",
	       &(struct who){.user = SPAN("bob"), .roles = ROLE_OFFICER, .scopes = SCOPE_ALL},
	       ERR_DENIED);
	claims(&w, "0999", who_operator(), ERR_NOT_FOUND);
	/* who amends then keeps what was granted, though nothing is left, and gets no more */
	two = quota_world_amend(&w, two.reference, 510);
	assert_int_equal(quota_world_granted(&w, &two), 400 * (int64_t)MILLION);
	assert_int_equal(quota_world_applied(&w, &two), 0);
	assert_quota(&w, "0904", "0", "0", "exhausted");
	/* nothing is confirmed on the day itself */
	quota_world_let_clock_run(&w);
	quota_world_let_clock_run(&w);
	assert_int_equal(quota_world_row_of(&w, two.reference).version, 2);
	calendar_set("2031-03-11T10:00:00Z");
	quota_world_wait_for_version(&w, two.reference, 3);
	assert_true(quota_world_row_of(&w, two.reference).total_minor < secured);
	assert_int_equal(quota_world_row_of(&w, one.reference).version, 1);
	assert_quota(&w, "0904", "0", "0", "exhausted");
	/* what is given back reopens it */
	assert_true(quota_world_cancel(&w, one.reference).accepted);
	assert_quota(&w, "0904", "600", "0", "open");
	three = quota_world_claim(&w, "0904", 100, "IMD");
	assert_int_equal(quota_world_applied(&w, &three), 100 * (int64_t)MILLION);
	quota_world_end(&w);
}

/* What is asked for while a quota is suspended is served in its order afterwards, before what comes then. */
static void test_a_suspension_keeps_the_order(void **state)
{
	struct quota_world w;
	struct outcome one, two, after;
	int64_t full;

	(void)state;
	quota_world_begin(&w);
	calendar_set("2031-04-10T10:00:00Z");
	one = quota_world_claim(&w, "0904", 700, "IMD");
	calendar_set("2031-04-11T10:00:00Z");
	two = quota_world_claim(&w, "0904", 700, "IMD");
	assert_int_equal(quota_world_granted(&w, &one), 0);
	assert_quota(&w, "0904", "1000", "1400", "suspended");
	assert_told(option(&w, "0904", NULL), "suspended", "later", "1000");
	assert_told(option(&w, "0904", "2031-04-12"), "open", "later", "1000");
	full = quota_world_row_of(&w, two.reference).total_minor;
	quota_world_let_clock_run(&w);
	quota_world_let_clock_run(&w);
	assert_int_equal(quota_world_row_of(&w, one.reference).version, 1);
	calendar_set("2031-04-12T10:00:00Z");
	quota_world_wait_for_version(&w, one.reference, 2);
	quota_world_wait_for_version(&w, two.reference, 2);
	assert_quota(&w, "0904", "0", "0", "exhausted");
	assert_true(quota_world_row_of(&w, one.reference).total_minor <
		    quota_world_row_of(&w, two.reference).total_minor);
	assert_true(quota_world_row_of(&w, two.reference).total_minor < full);
	after = quota_world_claim(&w, "0904", 1, "IMD");
	assert_true(fixture_found(w.arena, after.decision, "duty.quota-exhausted"));
	quota_world_end(&w);
}

static void test_what_is_blocked_grants_nothing(void **state)
{
	struct quota_world w;
	struct outcome one;

	(void)state;
	quota_world_begin(&w);
	calendar_set("2031-04-20T10:00:00Z");
	one = quota_world_claim(&w, "0904", 100, "IMD");
	assert_int_equal(quota_world_granted(&w, &one), 0);
	assert_true(fixture_found(w.arena, one.decision, "duty.quota-shut"));
	assert_quota(&w, "0904", "1000", "0", "blocked");
	assert_told(option(&w, "0904", NULL), "blocked", "not", "1000");
	assert_told(option(&w, "0904", "2031-04-22"), "open", "now", "1000");
	assert_span(
	    json_get_text(json_get(option(&w, "0904", "2031-04-19"), "quota_balance"), "unknown"),
	    "past");
	/* afterwards it is open, and what was lodged meanwhile got nothing for good */
	calendar_set("2031-04-22T10:00:00Z");
	quota_world_let_clock_run(&w);
	quota_world_let_clock_run(&w);
	assert_int_equal(quota_world_row_of(&w, one.reference).version, 1);
	one = quota_world_claim(&w, "0904", 100, "IMD");
	assert_int_equal(quota_world_applied(&w, &one), 100 * (int64_t)MILLION);
	quota_world_end(&w);
}

/* A part of 300 kg of a quota of 1000: shared first, and the parent shares what it then has left. */
static void test_a_part_is_shared_before_its_whole(void **state)
{
	struct quota_world w;
	struct outcome part[2], whole[2];
	const struct json *told;

	(void)state;
	quota_world_begin(&w);
	whole[0] = quota_world_claim(&w, "0906", 1000, "IMD");
	part[0] = quota_world_claim(&w, "0905", 400, "IMD");
	part[1] = quota_world_claim(&w, "0905", 200, "IMD");
	whole[1] = quota_world_claim(&w, "0906", 400, "IMD");
	assert_quota(&w, "0905", "300", "600", "open");
	assert_quota(&w, "0906", "1000", "1400", "open"); /* a part claims when it is granted */
	told = json_get(option(&w, "0905", NULL), "quota_balance");
	assert_span(json_get_text(told, "way"), "later");
	calendar_set("2031-03-11T10:00:00Z");
	for (int i = 0; i < 2; i++) {
		quota_world_wait_for_version(&w, part[i].reference, 2);
		quota_world_wait_for_version(&w, whole[i].reference, 2);
	}
	assert_quota(&w, "0905", "0", "0", "exhausted");
	assert_quota(&w, "0906", "0", "0", "exhausted");
	/* 200 and 100 of the part; 500 and 200 of the 700 that are left of the whole */
	part[0] = quota_world_amend(&w, part[0].reference, 450);
	assert_int_equal(quota_world_granted(&w, &part[0]), 200 * (int64_t)MILLION);
	part[1] = quota_world_amend(&w, part[1].reference, 450);
	assert_int_equal(quota_world_granted(&w, &part[1]), 100 * (int64_t)MILLION);
	whole[0] = quota_world_amend(&w, whole[0].reference, 1100);
	assert_int_equal(quota_world_granted(&w, &whole[0]), 500 * (int64_t)MILLION);
	whole[1] = quota_world_amend(&w, whole[1].reference, 1100);
	assert_int_equal(quota_world_granted(&w, &whole[1]), 200 * (int64_t)MILLION);
	quota_world_end(&w);
}

/* ---- two declarations that are one ---- */

static void test_what_completes_takes_over(void **state)
{
	struct quota_world w;
	struct outcome simplified, other, first;

	(void)state;
	quota_world_begin(&w);
	simplified = quota_world_claim(&w, "0904", 400, "IMB");
	assert_int_equal(quota_world_applied(&w, &simplified), 400 * (int64_t)MILLION);
	other = quota_world_claim(&w, "0904", 600, "IMD");
	assert_int_equal(quota_world_applied(&w, &other), 600 * (int64_t)MILLION);
	assert_quota(&w, "0904", "0", "0", "exhausted");
	/* nothing is left, and it has what the simplified one was granted */
	first = quota_world_complete(&w, simplified.reference, "0904", 400);
	assert_true(first.accepted);
	assert_int_equal(quota_world_applied(&w, &first), 400 * (int64_t)MILLION);
	assert_quota(&w, "0904", "0", "0", "exhausted");
	/* what is completed again after it was withdrawn likewise */
	assert_true(quota_world_cancel(&w, first.reference).accepted);
	assert_quota(&w, "0904", "0", "0", "exhausted");
	first = quota_world_complete(&w, simplified.reference, "0904", 300);
	assert_int_equal(quota_world_applied(&w, &first), 300 * (int64_t)MILLION);
	assert_quota(&w, "0904", "100", "0", "critical");
	/* the simplified one does not take any more beside it */
	simplified = quota_world_amend(&w, simplified.reference, 350);
	assert_quota(&w, "0904", "100", "0", "critical");
	quota_world_end(&w);
}

/* The day is shared after the supplementary one was handed in: it has the place of the simplified one, once. */
static void test_what_completes_waits_in_its_place(void **state)
{
	struct quota_world w;
	struct outcome simplified, other, first;

	(void)state;
	quota_world_begin(&w);
	simplified = quota_world_claim(&w, "0903", 1000, "IMB");
	other = quota_world_claim(&w, "0903", 1000, "IMD");
	first = quota_world_complete(&w, simplified.reference, "0903", 1000);
	assert_true(first.accepted);
	assert_quota(&w, "0903", "1000", "2000", "open");
	calendar_set("2031-03-11T10:00:00Z");
	quota_world_wait_for_version(&w, first.reference, 2);
	quota_world_wait_for_version(&w, other.reference, 2);
	assert_quota(&w, "0903", "0", "0", "exhausted");
	other = quota_world_amend(&w, other.reference, 900);
	assert_int_equal(quota_world_granted(&w, &other), 500 * (int64_t)MILLION);
	/* withdrawn: what was granted is the simplified one's again, which is told */
	assert_int_equal(quota_world_row_of(&w, simplified.reference).version, 1);
	assert_true(quota_world_cancel(&w, first.reference).accepted);
	assert_quota(&w, "0903", "0", "0", "exhausted");
	quota_world_wait_for_version(&w, simplified.reference, 2);
	quota_world_end(&w);
}

/* ---- audit ---- */

static void count_fault(void *context, struct span office, int64_t seq, struct span reference,
			const char *text)
{
	(void)context, (void)office, (void)seq, (void)reference, (void)text;
}

static int64_t differences(struct quota_world *w)
{
	struct audit_report r = {.fault = count_fault};
	struct hub_options o = {
	    .where = w->f.directory, .database = w->f.url[0] ? w->f.url : NULL, .mode = HUB_READ};
	struct cause why = {0};
	struct hub *h = NULL;

	if (hub_open(&o, &h, &why) || hub_verify(h, &(struct verify_options){0}, &r, &why))
		fail_msg("%s", why.text);
	hub_close(h);
	return r.differences;
}

enum forgery { BALANCE, STATE, HOLD, HOLD_MORE, HOLD_GONE, NEWS };

struct forging {
	struct arena *arena;
	struct span reference;
	enum forgery what;
	bool back; /* makes it as it was */
	struct store_quota_hold kept;
};

static enum err forge_row(struct store *s, const struct forging *x, struct store_quota *q,
			  struct cause *why)
{
	if (x->what == BALANCE)
		q->taken += x->back ? 1 : -1;
	else
		q->state = x->back ? SPAN("critical") : SPAN("open");
	return store_put_quota(s, q, why);
}

/* It is written once, and cannot be taken away again. */
static enum err forge_news(struct store *s, struct cause *why)
{
	return store_put_quota_news(s,
				    &(struct store_quota_news){.quota = SPAN("0904"),
							       .period = SPAN("2031-01-01"),
							       .serial = 2,
							       .at = 1,
							       .state = SPAN("exhausted")},
				    why);
}

static enum err forge_hold(struct store *s, struct forging *x, struct cause *why)
{
	struct store_quota_hold *h;
	uint32_t n;
	enum err e = store_list_quota_holds(s, x->arena, SPAN("XV001"), x->reference, &h, &n, why);

	if (e)
		return e;
	if (!x->back)
		x->kept = h[0];
	if (x->what == HOLD_GONE)
		return x->back ? store_put_quota_hold(s, &x->kept, why)
			       : store_remove_quota_hold(s, h, why);
	if (x->what == HOLD) {
		h->granted += x->back ? 1 : -1;
		return store_put_quota_hold(s, h, why);
	}
	x->kept.sub = SPAN("0905");
	return x->back ? store_remove_quota_hold(s, &x->kept, why)
		       : store_put_quota_hold(s, &x->kept, why);
}

/* Changes the store behind the hub's back. */
static enum err forge(struct store *s, void *context, struct cause *why)
{
	struct forging *x = context;
	struct store_quota q;
	enum err e = store_get_quota(s, x->arena, SPAN("0904"), SPAN("2031-01-01"), &q, why);

	if (e)
		return e;
	return x->what <= STATE  ? forge_row(s, x, &q, why)
	       : x->what == NEWS ? forge_news(s, why)
				 : forge_hold(s, x, why);
}

static void forge_in(struct quota_world *w, struct forging *x)
{
	struct cause why = {0};
	struct store *s;

	if (store_open(fixture_where(&w->f), &(struct store_options){.mode = STORE_OWN}, &s,
		       &why) ||
	    store_batch(s, forge, x, &why))
		fail_msg("forgery %d: %s", (int)x->what, why.text);
	store_close(s);
}

static void test_whoever_changes_a_balance_is_found(void **state)
{
	struct quota_world w;
	struct outcome one;

	(void)state;
	quota_world_begin(&w);
	one = quota_world_claim(&w, "0904", 600, "IMD");
	fixture_close(&w.f);
	assert_int_equal(differences(&w), 0);
	for (int i = BALANCE; i <= NEWS; i++) {
		struct forging x = {
		    .arena = w.arena, .reference = one.reference, .what = (enum forgery)i};

		forge_in(&w, &x);
		if (differences(&w) <= 0)
			fail_msg("forgery %d was not found", i);
		if (i == NEWS)
			break;
		x.back = true;
		forge_in(&w, &x);
		assert_int_equal(differences(&w), 0);
	}
	fixture_remove(&w.f);
	calendar_remove(w.pack);
	arena_free(w.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_critical_is_confirmed_later),
	    cmocka_unit_test(test_a_suspension_keeps_the_order),
	    cmocka_unit_test(test_what_is_blocked_grants_nothing),
	    cmocka_unit_test(test_a_part_is_shared_before_its_whole),
	    cmocka_unit_test(test_what_completes_takes_over),
	    cmocka_unit_test(test_what_completes_waits_in_its_place),
	    cmocka_unit_test(test_whoever_changes_a_balance_is_found),
	};

	xml_start();
	return postgres_missing() ? 0
				  : cmocka_run_group_tests_name("quota_states", tests, NULL, NULL);
}
