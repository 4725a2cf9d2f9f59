/* For tests that trade with a hub: a pack, declarations handed in, acts done. */
#ifndef CUSTOMHOUSE_TESTS_UNIT_HUB_TRADE_H
#define CUSTOMHOUSE_TESTS_UNIT_HUB_TRADE_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "unit.h"

#include "hub/hub.h"
#include "hub/life/act.h"
#include "model/who.h"

static inline void hub_copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "r"), *out = fopen(to, "w");
	char bytes[4096];
	size_t n;

	assert_non_null(in);
	assert_non_null(out);
	while ((n = fread(bytes, 1, sizeof(bytes), in)) > 0)
		assert_int_equal(fwrite(bytes, 1, n, out), n);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

/* The tables of the example country, with rules of our own, in a folder beside the store. */
static inline void hub_make_pack(const char *parent, const char *rules, char ret[128])
{
	char folder[200], from[500], to[500];
	struct dirent *entry;
	DIR *dir;
	FILE *f;

	snprintf(ret, 128, "%s/pack", parent);
	snprintf(folder, sizeof(folder), "%s/packs/landfall", getenv("CUSTOMHOUSE_ROOT"));
	assert_int_equal(mkdir(ret, 0700), 0);
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (!strstr(entry->d_name, ".csv"))
			continue;
		snprintf(from, sizeof(from), "%s/%s", folder, entry->d_name);
		snprintf(to, sizeof(to), "%s/%s", ret, entry->d_name);
		hub_copy_file(from, to);
	}
	closedir(dir);
	snprintf(to, sizeof(to), "%s/past.rules", ret);
	f = fopen(to, "w");
	assert_non_null(f);
	assert_true(fputs(rules, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static inline void hub_finished(struct submission *s)
{
	(void)s;
}

/* The decision of what was handed in, in w. */
static inline const struct json *hub_hand_in(struct hub *hub, struct arena *w, struct span raw)
{
	struct submission *s = calloc(1, sizeof(*s));
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	const struct json *decision;
	struct codec_fault fault;

	assert_non_null(s);
	assert_non_null(a);
	*s = (struct submission){.raw = raw, .arena = a, .done = hub_finished};
	hub_submit_wait(hub, s);
	if (s->outcome.kind != OUTCOME_NEW)
		fail_msg("%s", s->outcome.cause.text);
	assert_int_equal(
	    json_read(w,
		      (struct span){arena_copy(w, s->outcome.decision.p, s->outcome.decision.n),
				    s->outcome.decision.n, 0},
		      &decision, &fault),
	    ERR_NONE);
	arena_free(a);
	free(s);
	return decision;
}

static inline void hub_acted(struct action *x)
{
	(void)x;
}

/* Does an act: sue is a supervisor, everybody else an officer. false: the case is in no state for it. */
static inline bool hub_do_act(struct hub *hub, struct span reference, const char *login,
			      struct span raw)
{
	static const struct span offices[] = {{"XLHAR001", 8, 0}};
	const struct who who = {.user = span_of(login),
				.roles = strcmp(login, "sue") ? ROLE_OFFICER : ROLE_SUPERVISOR,
				.scopes = SCOPE_ALL,
				.offices = {offices, 1}};
	struct arena *a = arena_new(LIMIT_ARENA_BYTES);
	struct action x = {
	    .reference = reference, .raw = raw, .who = &who, .arena = a, .done = hub_acted};
	bool done;

	assert_non_null(a);
	hub_act_wait(hub, &x);
	done = x.outcome == ACTION_DONE;
	if (!done && (x.outcome != ACTION_REFUSED || x.refusal != REFUSED_STATE))
		fail_msg("%d %s %s", x.outcome, x.cause.text, flow_refusal_id(x.refusal));
	arena_free(a);
	return done;
}

#endif
