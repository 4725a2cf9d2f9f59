/* Tables of EDIFACT directories of any bytes: refused with a line and a reason, or a directory that is written and read again as
 * the same, and that messages can be checked against. */
#include "codec/edifact_check.h"
#include "fuzz.h"

static struct edifact reader;

/* What a table may rest on besides the directories that are built in: small, so that many are tried in a second. */
static const char base_text[] =
    "directory 10A\nelement 0062 an..14\nelement 3035 an..3 A B\ncomposite C001 0062! 3035\n"
    "segment BGM 0062\nsegment LOC C001!*3 3035\nsegment UNH 0062!\nsegment UNT 0062!\n"
    "message CUSDEC UNH! BGM! (*9 LOC! ( BGM! LOC*9 ) ) UNT!\n";
static struct edifact_directory base;
static const struct edifact_directory *const bases[] = {&base};
static const struct edifact_set set = {bases, 1};

struct job {
	struct arena *arena;
	struct span text;
	struct edifact_directory made, again;
	struct text first, second;
	const char *fault;
	uint32_t line;
	enum err err;
};

static void add(void *context)
{
	struct job *j = context;

	j->err = edifact_directory_add(j->arena, j->text, &set, &j->made, &j->line, &j->fault);
}

static void read_base(void *context)
{
	struct job *j = context;

	j->err = edifact_directory_read(j->arena, span_of(base_text), &base, &j->line, &j->fault);
}

static void write_and_read(void *context)
{
	struct job *j = context;

	j->first = text_in(j->arena);
	edifact_directory_write(&j->first, &j->made);
	j->err = edifact_directory_read(j->arena, text_as_span(&j->first), &j->again, &j->line,
					&j->fault);
	if (j->err)
		return;
	j->second = text_in(j->arena);
	edifact_directory_write(&j->second, &j->again);
}

/* A message of a few segments, whether the directory has them or not. */
static void check_with(const struct edifact_directory *d, const struct edifact_message *m)
{
	static const char text[] = "UNB+UNOC:3+A+B+260101:1200+1'UNH+1+X:D:1:UN'BGM+1'LOC+5+A:B:C'"
				   "LOC+5'NAD+A+B+++C'CST+1'LOC+9'UNS+D'UNT+9+1'UNZ+1+1'";
	struct edifact_segment s;
	struct edifact_check c;
	bool inside = false;

	edifact_over(&reader, text, sizeof(text) - 1);
	while (edifact_next(&reader, &s) == ERR_NONE) {
		if (span_is(s.tag, "UNH")) {
			edifact_check_open(&c, d, m, &reader, NULL, NULL);
			inside = true;
		}
		if (inside)
			edifact_check_segment(&c, &s);
	}
	edifact_check_close(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *kept;
	struct job j = {.arena = kept};

	if (!kept) {
		j.arena = kept = arena_new(LIMIT_ARENA_BYTES);
		BUG_ON(!kept || arena_run(kept, read_base, &j) || j.err);
	}
	j = (struct job){.arena = fuzz_arena(), .text = fuzz_span(data, size)};
	if (arena_run(j.arena, add, &j))
		return 0; /* more than a table may take */
	BUG_ON(j.err && (!j.fault || !j.fault[0] || !j.line));
	if (j.err)
		return 0;
	for (uint32_t i = 0; i < j.made.message_n && i < 4; i++)
		check_with(&j.made, &j.made.messages[i]);
	if (arena_run(j.arena, write_and_read, &j))
		return 0;
	BUG_ON(j.err || !span_equal(text_as_span(&j.first), text_as_span(&j.second)));
	return 0;
}
