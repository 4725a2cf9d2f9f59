/* Messages of our own and what must become of them: tests/golden/wco-dec/NAME.xml and NAME.want.json, byte for byte.
 *
 * With CUSTOMHOUSE_GOLDEN=write the wanted files are written instead: read the difference before committing it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/json.h"
#include "msg_case.h"

static struct span slurp(struct arena *a, const char *path)
{
	struct text t = text_in(a);
	FILE *in = fopen(path, "rb");
	size_t n;

	if (!in)
		return (struct span){0};
	do {
		char *to = text_room(&t, 65536);

		n = fread(to, 1, 65536, in);
		t.n += n;
	} while (n);
	fclose(in);
	return text_as_span(&t);
}

static void put_findings(struct json_writer *w, const struct findings *f)
{
	json_name(w, "findings");
	json_open_array(w);
	for (uint32_t i = 0; i < f->list.n; i++) {
		const struct finding *one = &f->list.v[i];
		struct text t = text_in(f->arena);

		finding_text(&t, one, SPAN("en"), NULL);
		json_open_object(w);
		json_put_c(w, "rule", finding_id(one->rule));
		json_put_c(w, "severity", severity_name(one->severity));
		json_put(w, "pointer", one->pointer);
		json_put_int(w, "line", one->line);
		json_put(w, "text", text_as_span(&t));
		json_close_object(w);
	}
	json_close_array(w);
}

/* Everything that reading gave, as indented JSON. */
static struct span account(struct arena *a, const struct msg_case *c)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);
	const struct json *canonical;
	struct codec_fault fault;

	assert_int_equal(json_read(a, msg_case_json(a, &c->message), &canonical, &fault), 0);
	w.indent = true;
	json_open_object(&w);
	json_put(&w, "format", c->message.format);
	json_name(&w, "declaration");
	json_value(&w, canonical);
	put_findings(&w, &c->findings);
	json_name(&w, "unmapped");
	json_open_array(&w);
	for (uint32_t i = 0; i < c->message.unmapped.n; i++) {
		const struct unmapped *u = &c->message.unmapped.v[i];

		json_open_object(&w);
		json_put(&w, "path", u->path);
		json_put(&w, "value", u->value);
		json_put_int(&w, "line", u->line);
		json_close_object(&w);
	}
	json_close_array(&w);
	json_close_object(&w);
	text_char(&t, '\n');
	return text_as_span(&t);
}

static void check_file(struct arena *a, const char *folder, const char *name)
{
	const char *stem = arena_print(a, "%s/%.*s", folder, (int)(strlen(name) - 4), name);
	const char *wanted = arena_print(a, "%s.want.json", stem),
		   *mode = getenv("CUSTOMHOUSE_GOLDEN");
	struct msg_case *c = msg_case_read(a, slurp(a, arena_print(a, "%s.xml", stem))), *again;
	struct span got;

	if (c->err)
		fail_msg("%s: %u:%u %s", name, c->fault.line, c->fault.column, c->fault.text);
	got = account(a, c);
	if (mode && !strcmp(mode, "write")) {
		FILE *out = fopen(wanted, "wb");

		assert_non_null(out);
		assert_int_equal(fwrite(got.p, 1, got.n, out), got.n);
		fclose(out);
	}
	assert_same_span(got, slurp(a, wanted));
	again = msg_case_read(a, msg_case_write(a, "wco-dec", &c->message));
	assert_int_equal(again->err, 0);
	assert_same_span(msg_case_json(a, &again->message), msg_case_json(a, &c->message));
}

static void test_golden_messages(void **state)
{
	const char *top = getenv("CUSTOMHOUSE_ROOT");
	const char *folder = arena_print(*state, "%s/tests/golden/wco-dec", top ? top : ".");
	DIR *d = opendir(folder);
	uint32_t n = 0;

	if (!d)
		fail_msg("%s does not open", folder);
	for (struct dirent *e; (e = readdir(d)) != NULL;)
		if (strlen(e->d_name) > 4 && !strcmp(e->d_name + strlen(e->d_name) - 4, ".xml")) {
			check_file(*state, folder, e->d_name);
			n++;
		}
	closedir(d);
	assert_true(n >= 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {arena_test(test_golden_messages)};

	return cmocka_run_group_tests_name("msg_golden", tests, NULL, NULL);
}
