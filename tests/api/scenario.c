/* Runs stories:
 *
 *   scenario PROGRAM DIR [FILE...]
 *
 * serves the country of the stories in a directory of its own, makes the people of DIR/cast, reads DIR/NAME.story (each FILE, or
 * all) and does what they tell. TAP, one line a story. Without FILE it counts at the end that every act was done and refused and
 * that every refusal occurred, but for those that DIR/unreachable names with the reason.
 * The language is told in DIR/README.md. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flow/flow.h"
#include "story.h"

enum { MEMORY = 1 << 29, LINE_BYTES = 8000 };

struct scenario {
	const char *program, *dir, *root, *work;
	struct tally tally;
	unsigned stories, failed;
	uint32_t calls;
};

/* A hub, and the file that is read. */
struct telling {
	struct scenario *scenario;
	struct story story;
	const char *data, *name;
	pid_t hub;
	FILE *in;
	char line[LINE_BYTES], next[LINE_BYTES];
	unsigned at, began; /* lines */
	char title[200];
	bool open; /* a story is told */
	bool broken;
};

/* ---- the program ---- */

static pid_t start(const char *const *words, int *ret_out)
{
	int out[2];
	pid_t pid;

	if (pipe2(out, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		dup2(out[1], 1);
		execv(words[0], (char *const *)(uintptr_t)words);
		_exit(127);
	}
	close(out[1]);
	*ret_out = out[0];
	return pid;
}

/* Until the end of a line, or of all. */
static void read_some(int fd, char *to, size_t room, bool line)
{
	size_t n = 0;

	while (n + 1 < room) {
		ssize_t got = read(fd, to + n, room - n - 1);

		if (got <= 0)
			break;
		n += (size_t)got;
		if (line && memchr(to, '\n', n))
			break;
	}
	to[n] = 0;
}

static bool run(const char *const *words, char *out, size_t room)
{
	int status = 1, fd;
	pid_t pid = start(words, &fd);

	if (pid < 0)
		return false;
	read_some(fd, out, room, false);
	close(fd);
	waitpid(pid, &status, 0);
	out[strcspn(out, "\n")] = 0;
	return !status;
}

static bool start_hub(struct telling *t)
{
	const struct scenario *sc = t->scenario;
	const char *pack = arena_print(t->story.arena, "%s/pack", sc->work);
	const char *const words[] = {sc->program, "serve",       "--data", t->data,
				     "--listen",  "127.0.0.1:0", "--rate", "0",
				     "--pack",    pack,          NULL};
	char said[500];
	const char *port;
	int fd;

	t->hub = start(words, &fd);
	if (t->hub < 0)
		return false;
	for (int i = 0; i < 4; i++) {
		read_some(fd, said, sizeof(said), true);
		port = strstr(said, "127.0.0.1:");
		if (port && strstr(said, "serves")) {
			t->story.port = (unsigned)strtoul(port + 10, NULL, 10);
			break;
		}
	}
	/* the pipe stays open: the hub may say more */
	return t->story.port;
}

static void stop_hub(struct telling *t)
{
	int status = 0;

	if (t->hub <= 0)
		return;
	kill(t->hub, SIGTERM);
	waitpid(t->hub, &status, 0);
	if (status) {
		printf("# the hub ended with status %d\n", status);
		t->broken = true;
	}
	t->hub = 0;
}

/* ---- the cast ---- */

static const char *scopes_of(struct span roles)
{
	static const struct {
		const char *role, *scopes;
	} of[] = {{"cashier", "read,act,pay"},
		  {"carrier", "read,submit,act"},
		  {"analyst", "read"},
		  {"auditor", "read,audit"},
		  {"administrator", "read,admin"},
		  {"agency", "read,submit,act"},
		  {"officer", "read,submit,act"},
		  {"supervisor", "read,submit,act"},
		  {"trader", "read,submit,act,pay"},
		  {"broker", "read,submit,act,pay"}};

	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		if (memmem(roles.p, roles.n, of[i].role, strlen(of[i].role)))
			return of[i].scopes;
	return "read";
}

/* cast LOGIN ROLES [offices=..] [parties=..] [agency=..] [scopes=..] */
static bool cast(struct telling *t, struct span line)
{
	struct arena *a = t->story.arena;
	struct words w;
	const char *add[16] = {
	    t->scenario->program, "user", "add", "", "--data", t->data, "--roles", ""};
	const char *token[] = {t->scenario->program, "user", "token", "", "--data", t->data,
			       "--scopes",           "",     NULL};
	struct person_of_story *p = ARENA_NEW(a, struct person_of_story);
	char out[500];
	size_t n = 8;

	words_cut(a, line, &w);
	if (w.n < 3 || w.n > 6)
		return false;
	for (const struct person_of_story *known = t->story.people; known; known = known->next)
		if (span_is(w.v[1], known->login))
			return span_equal(known->line, span_trim(line));
	p->line = span_of(arena_copy(a, span_trim(line).p, span_trim(line).n));
	p->login = add[3] = token[3] = arena_copy(a, w.v[1].p, w.v[1].n);
	add[7] = arena_copy(a, w.v[2].p, w.v[2].n);
	token[7] = scopes_of(w.v[2]);
	for (uint32_t i = 3; i < w.n; i++) {
		struct span value = w.v[i], name = span_cut(&value, '=');
		const char *text;

		value = word_text(value);
		text = arena_copy(a, value.p ? value.p : "", value.n);
		if (span_is(name, "scopes")) {
			token[7] = text;
			continue;
		}
		add[n++] = arena_print(a, "--%.*s", SPAN_ARG(name));
		add[n++] = text;
	}
	if (!run(add, out, sizeof(out)) || !run(token, out, sizeof(out)))
		return false;
	p->token = arena_print(a, "%s", out);
	p->next = t->story.people;
	t->story.people = p;
	if (memmem(w.v[2].p, w.v[2].n, "auditor", 7))
		t->story.watcher = p->token;
	return true;
}

/* ---- a file ---- */

static void end_story(struct telling *t)
{
	struct scenario *sc = t->scenario;

	if (!t->open)
		return;
	t->open = false;
	story_watch(&t->story);
	printf("%sok %u - %s: %s\n", t->broken ? "not " : "", ++sc->stories, t->name, t->title);
	sc->failed += t->broken;
	t->broken = false;
	fflush(stdout);
}

/* Says it in the lines of a remark. */
static void remark(const char *text)
{
	while (text && *text) {
		size_t n = strcspn(text, "\n");

		printf("#   ");
		fwrite(text, 1, n, stdout);
		printf("\n");
		text += n + (text[n] == '\n');
	}
}

static void begin_story(struct telling *t, const char *line)
{
	struct span title = word_text(span_trim(span_of(line + 5)));

	end_story(t);
	t->open = true;
	t->story.labels = NULL;
	snprintf(t->title, sizeof(t->title), "%.*s", SPAN_ARG(title));
}

static void tell(struct telling *t, const char *line)
{
	bool good = true;

	if (!strncmp(line, "cast ", 5)) {
		good = cast(t, span_of(line));
		if (!good)
			t->story.said = "this person cannot be made";
	} else if (!strncmp(line, "story ", 6)) {
		begin_story(t, line);
	} else if (t->open && !t->broken) {
		story_step(&t->story, span_of(line));
		good = !t->story.said;
	}
	if (good)
		return;
	t->broken = true;
	printf("# %s:%u: %s\n", t->name, t->began, span_trim(span_of(line)).p);
	remark(t->story.said);
}

static bool is_empty(const char *line)
{
	line += strspn(line, " \t\r\n");
	return !*line || *line == '#';
}

/* One line, with those behind it that are further in than a step. */
static bool next_line(struct telling *t)
{
	size_t n = 0;

	while (!*t->next || is_empty(t->next)) {
		if (!fgets(t->next, LINE_BYTES, t->in))
			return false;
		t->at++;
	}
	t->began = t->at;
	do {
		n += (size_t)snprintf(t->line + n, LINE_BYTES - n, "%s", t->next);
		if (n >= LINE_BYTES)
			return false;
		if (n && t->line[n - 1] == '\n')
			t->line[n - 1] = ' ';
		*t->next = 0;
		if (!fgets(t->next, LINE_BYTES, t->in))
			break;
		t->at++;
	} while (!strncmp(t->next, "\t\t", 2) && !is_empty(t->next));
	return true;
}

static bool is_sound(struct telling *t)
{
	const char *const words[] = {t->scenario->program, "verify", "--data", t->data, NULL};
	char out[2000];

	return run(words, out, sizeof(out));
}

static void tell_file(struct telling *t, const char *name)
{
	t->name = name;
	t->at = 0;
	*t->next = 0;
	t->in = fopen(arena_print(t->story.arena, "%s/%s", t->scenario->dir, name), "r");
	if (!t->in) {
		printf("Bail out! there is no %s\n", name);
		exit(1);
	}
	while (next_line(t))
		tell(t, t->line);
	end_story(t);
	fclose(t->in);
}

static int is_story(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 6 && !strcmp(e->d_name + n - 6, ".story");
}

static void tell_all(struct telling *t)
{
	struct dirent **list;
	int n = scandir(t->scenario->dir, &list, is_story, alphasort);

	for (int i = 0; i < n; i++)
		tell_file(t, arena_print(t->story.arena, "%s", list[i]->d_name));
	for (int i = 0; i < n; i++)
		free(list[i]);
	if (n >= 0)
		free(list);
}

/* These files, or all. */
static void tell_stories(struct scenario *sc, char **files)
{
	struct telling *t = calloc(1, sizeof(*t));
	struct arena *a = arena_new(MEMORY);

	if (!t || !a)
		abort();
	t->scenario = sc;
	t->data = arena_print(a, "%s/data", sc->work);
	t->story =
	    (struct story){.arena = a, .dir = sc->dir, .root = sc->root, .tally = &sc->tally};
	if (!start_hub(t)) {
		printf("Bail out! the hub does not serve\n");
		exit(1);
	}
	tell_file(t, "cast");
	for (char **file = files; *file; file++)
		tell_file(t, *file);
	if (!*files)
		tell_all(t);
	stop_hub(t);
	t->broken |= !is_sound(t);
	printf("%sok %u - the hub stops, and its store verifies\n", t->broken ? "not " : "",
	       ++sc->stories);
	sc->failed += t->broken;
	sc->calls = t->story.calls;
	arena_free(a);
	free(t);
}

/* ---- what the stories must have told ---- */

static bool is_excused(const char *list, const char *what, const char *id)
{
	char line[200];

	snprintf(line, sizeof(line), "\n%s %s:", what, id);
	return strstr(list, line);
}

static void count_one(struct scenario *sc, const char *list, const char *what, const char *id,
		      bool occurred)
{
	bool excused = is_excused(list, what, id), good = occurred != excused;

	printf("%sok %u - %s %s %s\n", good ? "" : "not ", ++sc->stories, id, what,
	       excused
		   ? occurred ? "occurs, and is said to be unreachable" : "is unreachable, as told"
	       : occurred ? "occurs"
			  : "occurs in no story");
	sc->failed += !good;
}

static void count(struct scenario *sc)
{
	char path[500], list[20000] = "\n";
	FILE *in;
	size_t n;

	snprintf(path, sizeof(path), "%s/unreachable", sc->dir);
	in = fopen(path, "r");
	n = in ? fread(list + 1, 1, sizeof(list) - 2, in) : 0;
	list[n + 1] = 0;
	if (in)
		fclose(in);
	for (unsigned i = 0; i < FLOW_ACTS; i++) {
		const char *id = flow_act_name((enum flow_act)i);

		count_one(sc, list, "done", id, sc->tally.done[i]);
		count_one(sc, list, "refused", id, sc->tally.refused_act[i]);
	}
	for (unsigned i = REFUSED_NOTHING + 1; i < FLOW_REFUSALS; i++)
		count_one(sc, list, "as a refusal", flow_refusal_id((enum flow_refusal)i),
			  sc->tally.refused[i]);
}

/* ---- the country of the stories: that of the repository, with the files of DIR/pack in their place ---- */

static bool lay_country(struct scenario *sc, struct arena *a)
{
	const char *to = arena_print(a, "%s/pack", sc->work);
	const char *const copies[][6] = {
	    {"/bin/cp", "-r", arena_print(a, "%s/packs/landfall", sc->root), to, NULL},
	    {"/bin/sh", "-c", "rm \"$0\"/*.rules && cp \"$1\"/pack/* \"$0\"", to, sc->dir, NULL}};
	char out[200];

	for (size_t i = 0; i < ARRAY_LEN(copies); i++)
		if (!run(copies[i], out, sizeof(out)))
			return false;
	return true;
}

int main(int argc, char **argv)
{
	struct scenario sc = {0};
	struct arena *a = arena_new(1 << 20);
	char work[] = "/tmp/customhouse-stories.XXXXXX";
	const char *root = getenv("CUSTOMHOUSE_ROOT");
	char out[200];

	if (argc < 3 || !a || !mkdtemp(work))
		return 2;
	sc.program = argv[1];
	sc.dir = argv[2];
	sc.root = root ? root : ".";
	sc.work = work;
	if (!lay_country(&sc, a)) {
		printf("Bail out! the country of the stories cannot be laid\n");
		return 1;
	}
	tell_stories(&sc, argv + 3);
	if (argc == 3)
		count(&sc);
	printf("1..%u\n# %u requests\n", sc.stories, sc.calls);
	if (!sc.failed)
		(void)run((const char *const[]){"/bin/rm", "-rf", work, NULL}, out, sizeof(out));
	else
		printf("# what was stored is in %s\n", work);
	arena_free(a);
	return sc.failed ? 1 : 0;
}
