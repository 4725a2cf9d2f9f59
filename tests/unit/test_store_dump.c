#include "codec/json.h"
#include "store/migrations.h"
#include "store/st.h"
#include "store/store_announcement.h"
#include "store/store_shelf.h"
#include "store_dir.h"

/* A backup in memory: its lines one after the other. */
struct backup {
	char *text;
	size_t n, room;
	size_t at; /* where the next line begins, while it is read */
};

static enum err keep_line(void *context, struct span line, struct cause *why)
{
	struct backup *b = context;

	(void)why;
	while (b->room - b->n < line.n) {
		b->room = b->room ? b->room * 2 : 4096;
		b->text = realloc(b->text, b->room);
		assert_non_null(b->text);
	}
	memcpy(b->text + b->n, line.p, line.n);
	b->n += line.n;
	return ERR_NONE;
}

static enum err next_line(void *context, struct span *ret_line, struct cause *why)
{
	struct backup *b = context;
	const char *begin = b->text + b->at, *end;

	(void)why;
	if (b->at == b->n)
		return ERR_NOT_FOUND;
	end = memchr(begin, '\n', b->n - b->at);
	end = end ? end + 1 : b->text + b->n;
	*ret_line = (struct span){begin, (uint32_t)(end - begin), 0};
	b->at += (size_t)(end - begin);
	return ERR_NONE;
}

static struct backup dump(struct store *s)
{
	struct backup b = {0};
	struct cause why = {0};

	assert_ok(store_dump(s, keep_line, &b, &why));
	return b;
}

/* Loads n bytes of text into a new store in DIR/copy; the store is open when that went well. */
static enum err load(const struct store_dir *d, const char *text, size_t n, struct store **ret,
		     struct cause *why)
{
	struct backup b = {.text = (char *)(uintptr_t)text, .n = n};
	const struct store_options options = {.mode = STORE_OWN, .now = STORE_NOW};
	char path[400];
	enum err err;

	*why = (struct cause){0};
	snprintf(path, sizeof(path), "%s/copy", d->parent);
	nftw(path, store_dir_remove_one, 16, FTW_DEPTH | FTW_PHYS);
	assert_int_equal(store_open(path, &options, ret, why), ERR_NONE);
	err = store_load(*ret, next_line, &b, why);
	if (err) {
		assert_int_equal(store_dir_count(*ret), 0);
		store_close(*ret);
	}
	return err;
}

static enum err put_lives(struct store *s, struct cause *why)
{
	const struct store_life life = {.office = SPAN("LF001"),
					.reference = SPAN("26LF1"),
					.deadline = INT64_MAX,
					.body = SPAN("{\"a\":\"\xc3\xa4\"}")};
	enum err err = store_put_life(s, &life, why);

	if (!err)
		err = store_put_case_party(
		    s, &(struct store_case_party){SPAN("A"), SPAN("26LF1"), SPAN("LF001")}, why);
	if (!err)
		err = store_put_act_key(
		    s,
		    &(struct store_act_key){
			SPAN("LF001"), SPAN("ann"), SPAN("k \"1\""), SPAN("26LF1"), {{8}}, 3},
		    why);
	if (!err)
		err = store_put_roster(s,
				       &(struct store_roster){SPAN("LF001"), SPAN("ann"), STORE_NOW,
							      SPAN("documents"), SPAN("")},
				       why);
	if (!err)
		err = store_put_contingency(
		    s,
		    &(struct store_contingency){SPAN("LF001"), SPAN("26LF01"), SPAN("26LF09"),
						SPAN("ann"), STORE_NOW},
		    why);
	if (!err)
		err = store_put_announcement(
		    s,
		    &(struct store_announcement){SPAN("LF001"), 1, 2, SPAN("2026-11-22"),
						 SPAN("9999-12-31"), STORE_NOW, SPAN("ann"),
						 SPAN("{\"title_en\":\"x\"}")},
		    why);
	if (!err)
		err = store_put_obligation(s,
					   &(struct store_obligation){SPAN("A"), SPAN("26LF1"),
								      SPAN("LF001"),
								      SPAN("2026-12-01"), SPAN("")},
					   why);
	if (!err)
		err = store_put_guarantee(
		    s,
		    &(struct store_guarantee){SPAN("A"), SPAN("G-1"), SPAN("BANK"), SPAN("XLD"),
					      900, SPAN("2027-12-31"), SPAN("LF001"), 7},
		    why);
	return err;
}

static enum err put_cargo(struct store *s, struct cause *why)
{
	enum err err = store_put_cargo(s,
				       &(struct store_cargo){.office = SPAN("LF001"),
							     .reference = SPAN("26LFC"),
							     .version = 2,
							     .sender = SPAN("LINE"),
							     .state = SPAN("accepted"),
							     .arrived_at = STORE_NOW},
				       why);
	if (!err)
		err = store_put_stock(s,
				      &(struct store_stock){.account = SPAN("bill/705/B1"),
							    .carrier = SPAN("LINE"),
							    .kind = SPAN("bill"),
							    .office = SPAN("LF001"),
							    .source = SPAN("26LFC"),
							    .open = true,
							    .measured = 3,
							    .granted = {10, 20, 0},
							    .used = {1, 2, 0}},
				      why);
	if (!err)
		err = store_put_stock_hold(s,
					   &(struct store_stock_hold){SPAN("bill/705/B1"),
								      SPAN("LINE"),
								      SPAN("LF001"),
								      SPAN("26LF1"),
								      SPAN("used"),
								      {1, 2, 0}},
					   why);
	if (!err)
		err = store_put_outcome(s,
					&(struct store_outcome){.reference = SPAN("INV-1"),
								.standing = 4,
								.office = SPAN("LF001"),
								.movement = SPAN("26LF1"),
								.decision_seq = 2,
								.at = STORE_NOW,
								.theirs = SPAN("{}")},
					why);
	if (!err)
		err = store_put_differences(s, SPAN("INV-1"),
					    &(struct store_difference){.kind = SPAN("lane"),
								       .differences = 1,
								       .examples = SPAN("[]")},
					    1, why);
	return err;
}

static enum err put_quotas(struct store *s, struct cause *why)
{
	enum err err = store_put_quota(
	    s, &(struct store_quota){SPAN("0500"), SPAN("2026-01-01"), 40, 5, 2, SPAN("critical")},
	    why);

	if (!err)
		err = store_put_quota_hold(s,
					   &(struct store_quota_hold){.quota = SPAN("0500"),
								      .period = SPAN("2026-01-01"),
								      .office = SPAN("LF001"),
								      .reference = SPAN("26LF1"),
								      .sub = SPAN("0501"),
								      .day = SPAN("2026-03-01"),
								      .at = STORE_NOW,
								      .stage = SPAN("used"),
								      .way = SPAN("later"),
								      .asked = 45,
								      .granted = 40},
					   why);
	if (!err)
		err = store_put_quota_news(
		    s,
		    &(struct store_quota_news){SPAN("0500"), SPAN("2026-01-01"), 2, STORE_NOW,
					       SPAN("critical"), 60},
		    why);
	if (!err)
		err = store_put_history(
		    s, &(struct store_history){SPAN("heading/8517"), SPAN("LF001"), SPAN("\1\2")},
		    why);
	if (!err)
		err =
		    store_put_history_mark(s, &(struct store_history_mark){SPAN("LF001"), 7}, why);
	if (!err)
		err = store_put_case_codes(s,
					   &(struct store_case_codes){SPAN("LF001"), SPAN("85"),
								      SPAN("26LF1"),
								      SPAN(",85171300")},
					   why);
	if (!err)
		err = store_put_case_codes_mark(s, &(struct store_history_mark){SPAN("LF001"), 7},
						why);
	return err;
}

static enum err put_people(struct store *s, struct cause *why)
{
	enum err err = store_put_person(s,
					&(struct store_person){.login = SPAN("ann"),
							       .roles = SPAN("officer supervisor"),
							       .offices = SPAN("LF001"),
							       .disabled = true,
							       .secret = SPAN("$argon2id$"),
							       .changed_at = STORE_NOW},
					why);

	if (!err)
		err = store_put_session(
		    s, &(struct store_session){{{5}}, SPAN("ann"), STORE_NOW, STORE_NOW + 1}, why);
	if (!err)
		err = store_put_token(s,
				      &(struct store_token){{{6}},
							    SPAN("0600"),
							    SPAN("ann"),
							    SPAN("t"),
							    SPAN("read"),
							    1,
							    INT64_MAX,
							    SPAN("2026-11-22")},
				      why);
	if (!err)
		err = store_put_authority(
		    s,
		    &(struct store_authority){SPAN("A"), 3, SPAN("B"), SPAN("2026-01-01"),
					      SPAN("2026-12-31"), SPAN("bob"), STORE_NOW, 0},
		    why);
	if (!err)
		err = store_put_shelf(s,
				      &(struct store_shelf){SPAN("A"), SPAN("goods"), SPAN("no 7"),
							    SPAN("{}"), SPAN("bob"), STORE_NOW},
				      why);
	for (int i = 0; i < 2 && !err; i++)
		err = store_add_access(s,
				       &(struct store_access){.login = SPAN("ann"),
							      .at = STORE_NOW,
							      .reference = SPAN("\"26LF1"),
							      .purpose = SPAN("read")},
				       why);
	return err;
}

static enum err put_notices(struct store *s, struct cause *why)
{
	const struct store_notice notice = {.party = SPAN("A"),
					    .id = INT64_MAX,
					    .reference = SPAN("26LF1"),
					    .body = SPAN("{\"a\":\"\xe2\x82\xac\"}")};
	const struct store_hook hook = {
	    .party = SPAN("A"), .id = 1, .url = SPAN("https://a/?b"), .sealed = SPAN("\x00\xff")};
	const struct store_dead_letter dead = {SPAN("A"), 1, 7, SPAN("why"), STORE_NOW, true};
	enum err err = store_put_notice(s, &notice, why);

	if (!err)
		err = store_add_hook(s, &hook, why);
	return err ? err : store_put_dead_letter(s, &dead, why);
}

static enum err put_money(struct store *s, struct cause *why)
{
	const struct store_transfer transfer = {.holder = SPAN("A"),
						.at = STORE_NOW,
						.office = SPAN("LF001"),
						.seq = 1,
						.n = 1,
						.reference = SPAN(""),
						.kind = SPAN("deposit"),
						.account = SPAN("prepaid"),
						.other_holder = SPAN("treasury"),
						.other_account = SPAN("cash"),
						.currency = SPAN("XLD"),
						.minor = INT64_MAX};
	enum err err = store_put_balance(
	    s, &(struct store_balance){SPAN("A"), SPAN("due"), SPAN("XLD"), INT64_MIN}, why);

	return err ? err : store_put_transfer(s, &transfer, why);
}

static enum err put_message(struct store *s, struct cause *why)
{
	return store_add_message(s,
				 &(struct store_message){.office = SPAN("LF001"),
							 .reference = SPAN("26LFM"),
							 .sender = SPAN("LINE"),
							 .key = SPAN("key \"1\""),
							 .format = SPAN("edifact"),
							 .type = SPAN("PAXLST"),
							 .state = SPAN("rejected"),
							 .sha256 = {{1, 2, 3}},
							 .bytes = 7,
							 .at = STORE_NOW},
				 why);
}

static enum err put_rest(struct store *s, struct cause *why)
{
	enum err err = put_lives(s, why);

	if (!err)
		err = put_message(s, why);

	if (!err)
		err = put_cargo(s, why);
	if (!err)
		err = put_quotas(s, why);
	if (!err)
		err = put_money(s, why);
	if (!err)
		err = put_people(s, why);
	return err ? err : put_notices(s, why);
}

/* Something in every table, with what is awkward: empty and missing bytes, quotes, controls, the ends of the numbers. */
static enum err fill_candidate(struct store *s, struct cause *why)
{
	const struct store_candidate candidate = {1,
						  SPAN("proposed"),
						  {SPAN("a"), SPAN("b"), SPAN("c")},
						  {SPAN("d"), SPAN("e"), SPAN("f")},
						  SPAN("2026-01-01"),
						  SPAN("tara"),
						  5,
						  SPAN("why"),
						  SPAN(""),
						  0,
						  SPAN(""),
						  1};
	const struct store_candidate_report report = {1, SPAN("revenue"), 6, 1, SPAN("{}")};
	enum err err = store_put_candidate(s, &candidate, why);

	return err ? err : store_put_candidate_report(s, &report, why);
}

static enum err fill(struct store *s, void *context, struct cause *why)
{
	const struct span pack = SPAN("\x00\xff bytes \n of a pack");
	const struct hash pack_hash = hash_bytes(pack.p, pack.n);
	struct store_dir_batch events = {5, SPAN("{\"a\": \"\xc3\xa4\\\"\"}\r\n")};
	const struct store_declaration declaration = {.office = SPAN("LF001"),
						      .reference = SPAN("26LF1"),
						      .trader_reference =
							  SPAN("T\"\\\x01\t\xe2\x82\xac"),
						      .total_minor = INT64_MIN,
						      .decided_at = INT64_MAX};
	const struct store_party with = {.holder = SPAN("A"), .declared = 3, .recent = SPAN("")},
				 without = {.holder = SPAN("B")};
	const struct store_activation activation = {1, SPAN("pack"), pack_hash, SPAN("2026-01-01"),
						    STORE_NOW};
	const struct store_day_key key = {
	    SPAN("2026-11-22"), {{7}}, SPAN("0.02"), SPAN("sealed"), STORE_NOW};
	const struct store_root root = {SPAN("LF001"), 5,     SPAN("2026-11-22"), {{1}},
					{{2}},         {{3}}, STORE_NOW};
	const struct store_quarantine quarantine = {{{9}}, SPAN(""), STORE_NOW, SPAN("why")};
	const struct store_goods goods = {SPAN("A"), SPAN("ab12"), SPAN("LF001"), SPAN("26LF1"), 2};
	const struct store_draw_count drawn = {SPAN("2026-11-22"), 5, 1};
	const struct store_document document = {.office = SPAN("LF001"),
						.reference = SPAN("26LF1"),
						.number = 1,
						.version = 1,
						.sha256 = {{4}},
						.name = SPAN("\xc3\xa4.pdf"),
						.type = SPAN("application/pdf"),
						.bytes = 6,
						.pointer = SPAN("/shipment"),
						.state = SPAN("clean"),
						.actor = SPAN("BROKER1"),
						.at = STORE_NOW};
	int64_t number;
	enum err err;

	(void)context;
	err = store_dir_append(s, &events, why);
	if (!err)
		err = store_erase_payload(s, SPAN("LF001"), 2, why);
	if (!err)
		err = store_put_declaration(s, &declaration, why);
	if (!err)
		err = store_put_party(s, &with, why);
	if (!err)
		err = store_put_party(s, &without, why);
	if (!err)
		err = store_put_version(s, SPAN("pack"), &pack_hash, pack, STORE_NOW, why);
	if (!err)
		err = store_put_activation(s, &activation, why);
	if (!err)
		err = fill_candidate(s, why);
	if (!err)
		err = store_put_day_key(s, &key, why);
	if (!err)
		err = store_put_root(s, &root, why);
	if (!err)
		err = store_put_goods(s, &goods, why);
	if (!err)
		err = store_add_draw_count(s, &drawn, why);
	if (!err)
		err = store_put_document(s, &document, SPAN("\x00%PDF\xff"), why);
	if (!err)
		err = store_put_quarantine(s, &quarantine, why);
	if (!err)
		err = put_rest(s, why);
	return err ? err : store_take_numbers(s, SPAN("LF001"), 2026, 41, &number, why);
}

static struct backup filled_backup(const struct store_dir *d)
{
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct cause why = {0};
	struct backup b;

	assert_ok(store_batch(s, fill, NULL, &why));
	b = dump(s);
	store_close(s);
	return b;
}

static void test_a_restored_store_gives_the_same_backup(void **state)
{
	struct store_dir *d = *state;
	struct backup first = filled_backup(d), second;
	struct store *copy;
	struct cause why;

	assert_ok(load(d, first.text, first.n, &copy, &why));
	assert_int_equal(store_dir_count(copy), 5);
	second = dump(copy);
	assert_int_equal(first.n, second.n);
	assert_memory_equal(first.text, second.text, first.n);
	store_close(copy);
	free(first.text);
	free(second.text);
}

static void test_an_empty_store_too(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN), *copy;
	struct backup b = dump(s);
	struct cause why;

	assert_ok(load(d, b.text, b.n, &copy, &why));
	store_close(copy);
	store_close(s);
	free(b.text);
}

/* Anybody can check a backup with the tools at hand. */
static void test_the_hash_is_that_of_the_lines_before(void **state)
{
	struct store_dir *d = *state;
	struct backup b = filled_backup(d);
	const char *last = memrchr(b.text, '\n', b.n - 1);
	const size_t before = (size_t)(last + 1 - b.text);
	const struct hash h = hash_bytes(b.text, before);
	const struct json *trailer;
	struct codec_fault fault;
	char hex[65];

	hash_hex(&h, hex);
	assert_int_equal(json_read(d->arena, (struct span){last + 1, (uint32_t)(b.n - before), 0},
				   &trailer, &fault),
			 ERR_NONE);
	assert_span(json_get_text(trailer, "sha256"), hex);
	free(b.text);
}

static void test_a_cut_backup_is_refused(void **state)
{
	struct store_dir *d = *state;
	struct backup b = filled_backup(d);
	struct store *copy;
	struct cause why;

	/* Behind each line, and in the middle of each. */
	for (size_t n = 0; n + 1 < b.n; n++) {
		const char *next = memchr(b.text + n, '\n', b.n - n);
		const size_t end = (size_t)(next + 1 - b.text);

		assert_int_equal(load(d, b.text, n, &copy, &why), ERR_FORMAT);
		if (n)
			assert_int_equal(load(d, b.text, n + (end - n) / 2, &copy, &why),
					 ERR_FORMAT);
		assert_non_null(strstr(why.text, "nothing was restored"));
		n = end - 1;
	}
	free(b.text);
}

static void test_an_altered_backup_is_refused(void **state)
{
	struct store_dir *d = *state;
	struct backup b = filled_backup(d);
	struct store *copy;
	struct cause why;

	/* One byte in each place that a step hits; the header's numbers may make it another format. */
	for (size_t i = 0; i + 1 < b.n; i += 211) {
		const char was = b.text[i];
		enum err err;

		b.text[i] = was == '1' ? '2' : '1';
		err = load(d, b.text, b.n, &copy, &why);
		if (err != ERR_FORMAT && err != ERR_CONFLICT && err != ERR_UNSUPPORTED)
			fail_msg("byte %zu ('%c'): %s %s", i, was, err_name(err), why.text);
		b.text[i] = was;
	}
	free(b.text);
}

static void test_lines_that_moved_are_refused(void **state)
{
	struct store_dir *d = *state;
	struct backup b = filled_backup(d);
	const char *second = (const char *)memchr(b.text, '\n', b.n) + 1;
	const char *third = (const char *)memchr(second, '\n', b.n) + 1;
	const size_t head = (size_t)(second - b.text), length = (size_t)(third - second);
	char *text = malloc(b.n + length);
	struct store *copy;
	struct cause why;

	assert_non_null(text);
	/* A row left out. */
	memcpy(text, b.text, head);
	memcpy(text + head, third, b.n - head - length);
	assert_int_equal(load(d, text, b.n - length, &copy, &why), ERR_FORMAT);
	/* A line behind the end. */
	memcpy(text, b.text, b.n);
	memcpy(text + b.n, second, length);
	assert_int_equal(load(d, text, b.n + length, &copy, &why), ERR_FORMAT);
	free(text);
	free(b.text);
}

static void test_a_store_with_rows_is_not_overwritten(void **state)
{
	struct store_dir *d = *state;
	struct backup b = filled_backup(d);
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct cause why = {0};

	b.at = 0;
	assert_int_equal(store_load(s, next_line, &b, &why), ERR_CONFLICT);
	assert_non_null(strstr(why.text, "empty directory"));
	assert_int_equal(store_dir_count(s), 5);
	store_close(s);
	free(b.text);
}

static void test_foreign_and_newer_backups(void **state)
{
	static const struct {
		const char *text;
		enum err err;
	} cases[] = {
	    {"", ERR_FORMAT},
	    {"\n", ERR_FORMAT},
	    {"{}\n", ERR_FORMAT},
	    {"[]\n", ERR_FORMAT},
	    {"{\"customhouse\":\"backup\",\"format\":1}\n", ERR_FORMAT},
	    {"{\"customhouse\":\"backup\",\"format\":2,\"schema\":1}\n", ERR_UNSUPPORTED},
	    {"{\"customhouse\":\"backup\",\"format\":1,\"schema\":1000}\n", ERR_UNSUPPORTED},
	    {"{\"customhouse\":\"backup\",\"format\":1,\"schema\":1}\n{\"table\":\"migration\","
	     "\"row\":{}}\n",
	     ERR_FORMAT},
	    {"{\"customhouse\":\"backup\",\"format\":1,\"schema\":1}\n{\"table\":\"counter\","
	     "\"row\":{\"office\":\"A\",\"year\":1}}\n",
	     ERR_FORMAT},
	    {"{\"customhouse\":\"backup\",\"format\":1,\"schema\":1}\n"
	     "{\"table\":\"counter\",\"row\":{\"office\":\"A\",\"year\":\"1\",\"next\":1}}\n",
	     ERR_FORMAT},
	    {"{\"customhouse\":\"backup\",\"format\":1,\"schema\":1}\n"
	     "{\"table\":\"counter\",\"row\":{\"office\":\"A\",\"year\":1.5,\"next\":1}}\n",
	     ERR_FORMAT},
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct store *copy;
		struct cause why;

		assert_int_equal(load(*state, cases[i].text, strlen(cases[i].text), &copy, &why),
				 cases[i].err);
	}
}

/* The names of one column of a query, each followed by a blank. */
static void names_of(const char *path, const char *sql, char *ret, size_t room)
{
	const struct db_stmt stmt = {"names", sql};
	struct cause why = {0};
	struct db_rows rows;
	struct db *db;

	ret[0] = 0;
	assert_ok(db_open(path, DB_READ, &db, &why));
	assert_ok(db_query(db, &stmt, DB_NO_ARGS, NULL, &rows, &why));
	while (db_next(&rows, &why) == ERR_NONE) {
		const struct span name = db_get_span(&rows);

		snprintf(ret + strlen(ret), room - strlen(ret), "%.*s ", SPAN_ARG(name));
	}
	assert_ok(db_end(&rows, &why));
	db_close(db);
}

/* Whatever a migration adds must be in a backup: each table but the migrations' own and those of running nodes, with each of its
 * columns. */
static void test_a_backup_holds_every_table_and_column(void **state)
{
	struct store_dir *d = *state;
	struct backup b = filled_backup(d);
	char tables[1024], columns[1024], sql[256], *rest = tables;
	const char *table;

	keep_line(&b, (struct span){"", 1, 0}, NULL); /* a NUL, for strstr */
	names_of(d->path,
		 store_dir_remote()
		     ? "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND "
		       "tablename NOT "
		       "IN ('migration', 'node', 'node_batch', 'lease', 'holder', 'news', 'signer')"
		     : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN"
		       " ('migration', 'node', 'node_batch', 'lease', 'holder', 'news', 'signer')",
		 tables, sizeof(tables));
	while ((table = strtok_r(rest, " ", &rest))) {
		const char *line;
		char want[64], *columns_left = columns;
		const char *column;

		snprintf(want, sizeof(want), "{\"table\":\"%s\",\"row\":{", table);
		line = strstr(b.text, want);
		if (!line) {
			fail_msg("no row of table %s in the backup", table);
			break;
		}
		/* How a payload lies in the store is no matter of a backup: there it is plain. */
		snprintf(
		    sql, sizeof(sql),
		    store_dir_remote()
			? "SELECT column_name::text FROM information_schema.columns WHERE "
			  "table_name = '%s' AND column_name <> 'compression'"
			: "SELECT name FROM pragma_table_info('%s') WHERE name <> 'compression'",
		    table);
		names_of(d->path, sql, columns, sizeof(columns));
		while ((column = strtok_r(columns_left, " ", &columns_left))) {
			const char *end = strchr(line, '\n'), *place;

			snprintf(want, sizeof(want), "\"%s\":", column);
			place = strstr(line, want);
			if (!place || place > end)
				fail_msg("column %s of table %s is not in the backup", column,
					 table);
		}
	}
	free(b.text);
}

static enum err stop_at_third(void *context, struct span line, struct cause *why)
{
	(void)line;
	return ++*(int *)context == 3 ? fail(why, ERR_IO, "the tape is full") : ERR_NONE;
}

static void test_a_writer_that_fails_stops_the_backup(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN);
	struct cause why = {0};
	int lines = 0;

	assert_ok(store_batch(s, fill, NULL, &why));
	assert_int_equal(store_dump(s, stop_at_third, &lines, &why), ERR_IO);
	assert_string_equal(why.text, "the tape is full");
	assert_int_equal(lines, 3);
	store_close(s);
}

/* A payload of megabytes passes; without memory it is told. */
static void test_a_large_payload(void **state)
{
	struct store_dir *d = *state;
	struct store *s = store_dir_open(d->path, STORE_OWN), *copy;
	const uint32_t n = 3 << 20;
	char *payload = malloc(n);
	struct store_dir_batch large;
	struct backup b = {0};
	struct cause why = {0};
	int failures = 0;

	assert_non_null(payload);
	for (uint32_t i = 0; i < n; i++)
		payload[i] = (char)(i * 31);
	large = (struct store_dir_batch){2, {payload, n, 0}};
	assert_ok(store_batch(s, store_dir_append, &large, &why));
	b = dump(s);
	assert_ok(load(d, b.text, b.n, &copy, &why));
	assert_int_equal(store_dir_count(copy), 2);
	store_close(copy);
	for (uint64_t at = 1; at < 20; at++) {
		struct backup lost = {0};

		why = (struct cause){0};
		arena_fail_at(at);
		if (store_dump(s, keep_line, &lost, &why)) {
			assert_int_equal(why.err, ERR_NOMEM);
			failures++;
		}
		arena_fail_at(0);
		free(lost.text);
	}
	assert_true(failures >= 5);
	store_close(s);
	free(payload);
	free(b.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    store_test(test_a_restored_store_gives_the_same_backup),
	    store_test(test_an_empty_store_too),
	    store_test(test_the_hash_is_that_of_the_lines_before),
	    store_test(test_a_cut_backup_is_refused),
	    store_test(test_an_altered_backup_is_refused),
	    store_test(test_lines_that_moved_are_refused),
	    store_test(test_a_store_with_rows_is_not_overwritten),
	    store_test(test_foreign_and_newer_backups),
	    store_test(test_a_backup_holds_every_table_and_column),
	    store_test(test_a_writer_that_fails_stops_the_backup),
	    store_test(test_a_large_payload),
	};

	return store_dir_run(tests);
}
