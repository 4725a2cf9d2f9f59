/* Balances and statements: what goes in comes out, page by page, the newest first. */
#include "store/store.h"

#include "store_dir.h"

struct work {
	const struct store_balance *balances;
	const struct store_transfer *transfers;
	uint32_t balance_count, transfer_count;
};

static enum err put_all(struct store *s, void *context, struct cause *why)
{
	const struct work *w = context;
	enum err err = ERR_NONE;

	for (uint32_t i = 0; i < w->balance_count && !err; i++)
		err = store_put_balance(s, &w->balances[i], why);
	for (uint32_t i = 0; i < w->transfer_count && !err; i++)
		err = store_put_transfer(s, &w->transfers[i], why);
	return err;
}

static enum err add_up(void *context, const struct store_balance *b, struct cause *why)
{
	(void)why;
	/* the ends of the numbers are among them: a sum that wraps tells as much */
	*(int64_t *)context = (int64_t)((uint64_t) * (int64_t *)context + (uint64_t)b->minor);
	return ERR_NONE;
}

static void test_balances_come_back_by_holder_and_are_overwritten(void **state)
{
	static const struct store_balance first[] = {
	    {SPAN("LF2"), SPAN("prepaid"), SPAN("XLD"), -500},
	    {SPAN("LF1"), SPAN("due"), SPAN("XLD"), 300},
	    {SPAN("LF1"), SPAN("due"), SPAN("EUR"), INT64_MAX},
	    {SPAN("LF1"), SPAN("prepaid"), SPAN("XLD"), INT64_MIN},
	};
	static const struct store_balance second[] = {{SPAN("LF1"), SPAN("due"), SPAN("XLD"), 7}};
	const struct span holders[] = {SPAN("LF1"), SPAN("nobody"), SPAN("LF2")};
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_balances rows[3];
	struct cause why = {0};
	int64_t sum = 0;

	assert_ok(
	    store_batch(s, put_all, &(struct work){.balances = first, .balance_count = 4}, &why));
	assert_ok(
	    store_batch(s, put_all, &(struct work){.balances = second, .balance_count = 1}, &why));
	assert_ok(store_get_balances(s, d->arena, holders, 3, rows, &why));
	assert_int_equal(rows[0].count, 3);
	assert_int_equal(rows[1].count, 0);
	assert_int_equal(rows[2].count, 1);
	assert_span(rows[0].row[0].currency, "EUR");
	assert_true(rows[0].row[0].minor == INT64_MAX);
	assert_span(rows[0].row[1].account, "due");
	assert_span(rows[0].row[1].currency, "XLD");
	assert_true(rows[0].row[1].minor == 7);
	assert_true(rows[0].row[2].minor == INT64_MIN);
	assert_span(rows[2].row[0].holder, "LF2");
	assert_ok(store_scan_balances(s, add_up, &sum, &why));
	assert_true(sum == 7 - 500 - 1);
	store_close(s);
}

static struct store_transfer transfer(const char *holder, int64_t at, const char *office,
				      int64_t seq, int64_t n)
{
	return (struct store_transfer){
	    span_of(holder), at,           span_of(office), seq,         n,
	    SPAN("26LF1"),   SPAN("pay"),  SPAN("due"),     SPAN("LF9"), SPAN("prepaid"),
	    SPAN("XLD"),     seq * 100 + n};
}

static enum err count(void *context, const struct store_transfer *t, struct cause *why)
{
	(void)t;
	(void)why;
	++*(int *)context;
	return ERR_NONE;
}

static void test_a_statement_is_read_page_by_page_newest_first(void **state)
{
	const struct store_transfer in[] = {
	    transfer("LF1", 10, "LF001", 1, 0), transfer("LF1", 10, "LF001", 1, 3),
	    transfer("LF1", 10, "LF002", 1, 0), transfer("LF1", 20, "LF001", 2, 1),
	    transfer("LF2", 30, "LF001", 3, 0), transfer("LF1", 20, "LF001", 3, 0),
	};
	static const int newest_first[] = {5, 3, 2, 1, 0};
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct store_transfer_page page = {.holder = SPAN("LF1"), .limit = 2};
	struct store_transfer *rows, one;
	struct cause why = {0};
	int all = 0;
	uint32_t n, seen = 0;

	assert_ok(
	    store_batch(s, put_all, &(struct work){.transfers = in, .transfer_count = 6}, &why));
	do {
		assert_ok(store_list_transfers(s, d->arena, &page, &rows, &n, &why));
		for (uint32_t i = 0; i < n; i++, seen++) {
			const struct store_transfer *want;

			assert_true(seen < ARRAY_LEN(newest_first));
			want = &in[newest_first[seen]];
			assert_true(rows[i].at == want->at && rows[i].seq == want->seq &&
				    rows[i].n == want->n && rows[i].minor == want->minor);
			assert_true(span_equal(rows[i].office, want->office));
		}
		page.before = n ? &rows[n - 1] : NULL;
	} while (n);
	assert_int_equal(seen, ARRAY_LEN(newest_first));
	assert_ok(store_scan_transfers(s, count, &all, &why));
	assert_int_equal(all, 6);

	assert_ok(store_get_transfer(s, d->arena, &in[1], &one, &why));
	assert_span(one.holder, "LF1");
	assert_span(one.reference, "26LF1");
	assert_span(one.kind, "pay");
	assert_span(one.account, "due");
	assert_span(one.other_holder, "LF9");
	assert_span(one.other_account, "prepaid");
	assert_span(one.currency, "XLD");
	assert_int_equal(one.minor, 103);
	one.n = 4;
	assert_int_equal(store_get_transfer(s, d->arena, &one, &one, &why), ERR_NOT_FOUND);
	assert_int_equal(
	    store_batch(s, put_all, &(struct work){.transfers = in, .transfer_count = 1}, &why),
	    ERR_CONFLICT);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_balances_come_back_by_holder_and_are_overwritten),
	    store_test(test_a_statement_is_read_page_by_page_newest_first),
	};

	return store_dir_run(tests);
}
