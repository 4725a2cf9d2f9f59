/* hub: the small parts that need no store: references, keys and draws, notes on messages in flight, projections, what
 * a trader is told. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "hub/house.h"
#include "hub/keys.h"
#include "hub/settle/draw.h"
#include "hub/settle/inflight.h"
#include "hub/settle/record.h"
#include "hub/settle/reference.h"

static char directory[64];

static int make_directory(void **state)
{
	(void)state;
	snprintf(directory, sizeof(directory), "/tmp/customhouse-hub.XXXXXX");
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	static const char *const name[] = {"keys/signing.key", "keys/signing.pub",
					   "keys/seal.key",    "keys/auditor.key",
					   "keys/auditor.pub", "keys",
					   "inflight",         ""};
	char path[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(name); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, name[i]);
		remove(path);
	}
	return 0;
}

/* ---- references ---- */

static void test_a_reference_has_its_parts(void **state)
{
	char text[REFERENCE_LENGTH + 1];

	(void)state;
	assert_int_equal(reference_write(2026, SPAN("XL"), SPAN("01"), 127, text), ERR_NONE);
	assert_memory_equal(text, "26XL01000000127", 15);
	assert_true(reference_valid(span_of(text)));
	assert_int_equal(reference_write(2026, SPAN("XL"), SPAN("01"), 0, text), ERR_LIMIT);
	assert_int_equal(reference_write(2026, SPAN("XL"), SPAN("01"), 1000000000, text),
			 ERR_LIMIT);
	assert_int_equal(reference_write(2026, SPAN("XLA"), SPAN("01"), 1, text), ERR_LIMIT);
	assert_int_equal(reference_write(2026, SPAN("xl"), SPAN("01"), 1, text), ERR_FORMAT);
}

static void test_every_single_error_and_every_swap_is_found(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char text[REFERENCE_LENGTH + 1], wrong[REFERENCE_LENGTH + 1];

	(void)state;
	for (int64_t n = 1; n < 999999999; n = n * 7 + 3) {
		assert_int_equal(reference_write(2026, SPAN("XL"), SPAN("07"), n, text), ERR_NONE);
		for (int i = 0; i < REFERENCE_LENGTH; i++) {
			memcpy(wrong, text, sizeof(wrong));
			for (int c = 0; c < 36; c++) {
				wrong[i] = alphabet[c];
				assert_int_equal(reference_valid(span_of(wrong)),
						 alphabet[c] == text[i]);
			}
			if (i + 1 < REFERENCE_LENGTH && text[i] != text[i + 1]) {
				memcpy(wrong, text, sizeof(wrong));
				wrong[i] = text[i + 1];
				wrong[i + 1] = text[i];
				assert_false(reference_valid(span_of(wrong)));
			}
		}
	}
}

/* ---- keys and draws ---- */

static void test_keys_are_made_once_and_kept(void **state)
{
	struct keys first, second;
	struct cause why = {0};
	struct stat st;
	char path[200];

	(void)state;
	assert_int_equal(keys_open(directory, true, &first, &why), ERR_NONE);
	assert_int_equal(keys_open(directory, true, &second, &why), ERR_NONE);
	assert_memory_equal(&first, &second, sizeof(first));
	snprintf(path, sizeof(path), "%s/keys/signing.key", directory);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(keys_open(directory, true, &second, &why), ERR_DENIED);
	assert_int_equal(chmod(path, 0600), 0);
}

static void test_a_day_key_opens_for_the_hub_and_the_auditor_alone(void **state)
{
	uint8_t key[DRAW_KEY_BYTES], out[DRAW_KEY_BYTES], auditor[32], stranger[32] = {1};
	struct arena *a = arena_new(1 << 20);
	struct keys k, other;
	struct span sealed;
	char path[200];

	(void)state;
	assert_int_equal(keys_open(directory, true, &k, NULL), ERR_NONE);
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)(i * 7);
	sealed = keys_seal(a, &k, key);
	assert_non_null(sealed.p);
	assert_int_equal(keys_unseal(&k, sealed, out), ERR_NONE);
	assert_memory_equal(out, key, sizeof(key));
	snprintf(path, sizeof(path), "%s/keys/auditor.key", directory);
	assert_int_equal(keys_read_file(path, auditor, NULL), ERR_NONE);
	memset(out, 0, sizeof(out));
	assert_int_equal(keys_unseal_auditor(auditor, sealed, out), ERR_NONE);
	assert_memory_equal(out, key, sizeof(key));
	assert_int_equal(keys_unseal_auditor(stranger, sealed, out), ERR_DENIED);
	other = k;
	other.seal[0] ^= 1;
	assert_int_equal(keys_unseal(&other, sealed, out), ERR_DENIED);
	arena_free(a);
}

/* HMAC-SHA-256 of RFC 4231 is tested in base_hash; here: the pieces are joined as the header says. */
static void test_a_draw_is_the_hmac_of_reference_and_purpose(void **state)
{
	uint8_t key[DRAW_KEY_BYTES] = {0};
	static const char joined[] = "26XL01000000127K\0random";
	struct hash h =
	    hash_hmac(key, sizeof(key), &(struct span){joined, sizeof(joined) - 1, 0}, 1);
	struct hmac_key k;
	uint64_t want = 0;

	(void)state;
	hmac_key_set(&k, key, sizeof(key));
	for (int i = 0; i < 8; i++)
		want = want << 8 | h.byte[i];
	assert_true(draw_value(&k, SPAN("26XL01000000127K"), SPAN("random")) == want);
	assert_true(draw_value(&k, SPAN("26XL01000000127K"), SPAN("R001")) != want);
}

static void test_a_draw_falls_within_its_rate(void **state)
{
	uint8_t key[DRAW_KEY_BYTES] = {42};
	struct hmac_key k;
	int picked = 0;

	(void)state;
	hmac_key_set(&k, key, sizeof(key));
	assert_false(draw_within(0, 0));
	assert_true(draw_within(UINT64_MAX, 1000000));
	assert_true(draw_within(0, 1));
	assert_false(draw_within(UINT64_MAX, 999999));
	for (int i = 0; i < 100000; i++) {
		char reference[20];

		snprintf(reference, sizeof(reference), "26XL01%09dK", i);
		picked += draw_within(draw_value(&k, span_of(reference), SPAN("random")), 20000);
	}
	/* 2 % of 100,000: standard deviation 44; five of them. The key is fixed, so this either always holds or never. */
	assert_in_range(picked, 1780, 2220);
}

/* ---- in flight ---- */

static int found_count;
static char found_text[64];

static enum err found(void *context, struct span message, struct cause *why)
{
	(void)context;
	(void)why;
	found_count++;
	snprintf(found_text, sizeof(found_text), "%.*s", SPAN_ARG(message));
	return ERR_NONE;
}

static void child_dies(int number)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct inflight *f;

		if (inflight_open(directory, found, NULL, &f, NULL))
			_exit(3);
		inflight_enter(f, SPAN("harmless"));
		inflight_leave(f);
		inflight_enter(f, SPAN("the one that kills"));
		kill(getpid(), number);
		_exit(4);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_a_message_that_kills_is_known_afterwards(void **state)
{
	struct inflight *f;

	(void)state;
	child_dies(SIGSEGV);
	found_count = 0;
	assert_int_equal(inflight_open(directory, found, NULL, &f, NULL), ERR_NONE);
	inflight_close(f);
	assert_int_equal(found_count, 1);
	assert_string_equal(found_text, "the one that kills");
	assert_int_equal(inflight_open(directory, found, NULL, &f, NULL), ERR_NONE);
	inflight_close(f);
	assert_int_equal(found_count, 1);
}

static void test_kill_9_accuses_nobody(void **state)
{
	struct inflight *f;

	(void)state;
	child_dies(SIGKILL);
	found_count = 0;
	assert_int_equal(inflight_open(directory, found, NULL, &f, NULL), ERR_NONE);
	inflight_close(f);
	assert_int_equal(found_count, 0);
}

/* ---- projections ---- */

static void test_a_refused_request_leaves_its_case_alone(void **state)
{
	struct facts f = {.office = SPAN("O1"),
			  .reference = SPAN("CASE"),
			  .request = SPAN("REQUEST"),
			  .version = 2,
			  .key = SPAN("k2"),
			  .case_key = SPAN("k1"),
			  .case_input = SPAN("sha-of-first")};
	struct case_summary c = {.facts = &f,
				 .input_sha256 = SPAN("sha-of-second"),
				 .state = SPAN("rejected"),
				 .lane = SPAN("none")};
	struct projection p;

	(void)state;
	project(&c, &p);
	assert_int_equal(p.rows, 1);
	assert_span(p.row[0].reference, "REQUEST");
	assert_span(p.row[0].state, "request");
	c.accepted = true;
	c.state = SPAN("accepted");
	project(&c, &p);
	assert_int_equal(p.rows, 2);
	assert_span(p.row[1].reference, "CASE");
	assert_span(p.row[1].trader_reference, "k1");
	assert_span(p.row[1].input_sha256, "sha-of-first");
	assert_span(p.row[0].trader_reference, "k2");
	assert_span(p.row[0].input_sha256, "sha-of-second");
	assert_false(project_counts(&c));
}

/* ---- what a lane does ---- */

static void test_lanes_hold_what_they_mean(void **state)
{
	const char *a[FLOW_HOLDS], *b[FLOW_HOLDS];

	(void)state;
	assert_int_equal(
	    flow_after_decision(true, FUNCTION_ORIGINAL, LANE_GREEN, (struct money){0}).state,
	    FLOW_RELEASED);
	assert_int_equal(
	    flow_after_decision(true, FUNCTION_ORIGINAL, LANE_BLUE, (struct money){0}).state,
	    FLOW_RELEASED);
	assert_int_equal(
	    flow_after_decision(true, FUNCTION_ORIGINAL, LANE_YELLOW, (struct money){0}).holds,
	    HOLD_DOCUMENTS);
	assert_int_equal(
	    flow_after_decision(true, FUNCTION_ORIGINAL, LANE_RED, (struct money){1}).holds,
	    HOLD_DOCUMENTS | HOLD_INSPECTION | HOLD_PAYMENT);
	assert_int_equal(
	    flow_after_decision(false, FUNCTION_ORIGINAL, LANE_RED, (struct money){1}).state,
	    FLOW_REJECTED);
	/* a trader is told the same in every lane: the function is not even given it */
	assert_int_equal(flow_next_for_trader(true, FUNCTION_ORIGINAL, (struct money){1}, a),
			 flow_next_for_trader(true, FUNCTION_ORIGINAL, (struct money){1}, b));
}

struct rendering {
	struct arena *arena;
	const char *answer;
	bool same; /* as it was stored */
};

static void render(void *context)
{
	struct rendering *c = context;
	struct text t = text_in(c->arena);
	const struct json *answer;
	struct codec_fault fault;

	assert_int_equal(json_read(c->arena, span_of(c->answer), &answer, &fault), ERR_NONE);
	answer_render(&t, answer, SPAN("fr"));
	c->same = span_equal(text_as_span(&t), span_of(c->answer));
}

/* An answer without findings goes out as it was stored; one that only speaks of such an answer does not. */
static void test_an_answer_without_findings_is_rendered_already(void **state)
{
	static const char *const answer[] = {
	    "{\"reference\":\"R\",\"findings\":[],\"taxes\":[{\"source\":\"a \\\"b\\\" \\\\ "
	    "\\n\xc3\xa9\",\"item\":1}],\"next\":[]}",
	    "{\"reference\":\"\\\"findings\\\":[]\",\"findings\":[{\"rule\":\"decode-nul\","
	    "\"line\":1,"
	    "\"values\":[]}],\"next\":[]}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(answer); i++) {
		struct rendering c = {arena_new(1 << 20), answer[i], false};

		assert_int_equal(arena_run(c.arena, render, &c), ERR_NONE);
		assert_int_equal(answer_is_plain(span_of(answer[i])), i == 0);
		assert_int_equal(c.same, i == 0);
		arena_free(c.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_reference_has_its_parts),
	    cmocka_unit_test(test_every_single_error_and_every_swap_is_found),
	    cmocka_unit_test_setup_teardown(test_keys_are_made_once_and_kept, make_directory,
					    remove_directory),
	    cmocka_unit_test_setup_teardown(test_a_day_key_opens_for_the_hub_and_the_auditor_alone,
					    make_directory, remove_directory),
	    cmocka_unit_test(test_a_draw_is_the_hmac_of_reference_and_purpose),
	    cmocka_unit_test(test_a_draw_falls_within_its_rate),
	    cmocka_unit_test_setup_teardown(test_a_message_that_kills_is_known_afterwards,
					    make_directory, remove_directory),
	    cmocka_unit_test_setup_teardown(test_kill_9_accuses_nobody, make_directory,
					    remove_directory),
	    cmocka_unit_test(test_a_refused_request_leaves_its_case_alone),
	    cmocka_unit_test(test_lanes_hold_what_they_mean),
	    cmocka_unit_test(test_an_answer_without_findings_is_rendered_already),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
