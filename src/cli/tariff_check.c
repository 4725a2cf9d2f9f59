#include "cli/tariff_check.h"

#include <stdio.h>

#include "base/limits.h"
#include "codec/json.h"
#include "hub/edition/validation.h"
#include "hub/inforce.h"
#include "ref/integrity.h"

struct checking {
	const struct args *args;
	struct arena *arena;
	const struct inforce *pack;
	struct integrity found;
	struct text text;
};

static void write_json(struct checking *c, const char *folder)
{
	struct json_writer w = json_to(&c->text);

	json_open_object(&w);
	json_put_c(&w, "folder", folder);
	json_put_c(&w, "pack", c->pack->hash[PACK_TABLES]);
	validation_write(&w, &c->found);
	json_close_object(&w);
	text_char(&c->text, '\n');
}

static void write_text(struct checking *c, const char *folder)
{
	for (uint32_t i = 0; i < c->found.faults.list.n; i++) {
		const struct pack_fault *f = &c->found.faults.list.v[i];

		text_print(&c->text, "%s/%.*s:%u: %s: %s\n", folder, SPAN_ARG(f->file), f->line,
			   f->rule, f->text);
	}
	for (enum integrity_rule r = 0; r < INTEGRITY_RULES; r++)
		text_print(
		    &c->text, "%8u %-21s %-7s %s\n", c->found.broken[r], integrity_texts[r].name,
		    validation_severity(integrity_texts[r].severity), integrity_texts[r].text);
}

static void run(void *context)
{
	struct checking *c = context;
	const char *folder = c->args->operand[1];

	ref_integrity(c->arena, c->pack->ref, &c->found);
	c->text = text_in(c->arena);
	if (for_people(c->args))
		write_text(c, folder);
	else
		write_json(c, folder);
}

static int check(const struct args *a, struct arena *arena)
{
	struct checking c = {.args = a, .arena = arena};
	struct pack_faults faults = {.arena = arena};
	struct span archive[PACK_PARTS];
	struct inforce *pack = NULL;
	struct cause why = {0};
	enum err e = pack_read_folder(arena, a->operand[1], archive, &faults, &why);

	if (!e)
		e = inforce_load(archive, &pack, &faults, &why);
	if (e && !faults.list.n)
		return say_failed(a, &why);
	if (e) {
		put_pack_faults(a, a->operand[1], &faults);
		say(a, "%s: %u faults of the pack itself", a->operand[1], faults.list.n);
		return EXIT_NO;
	}
	c.pack = pack;
	e = arena_run(arena, run, &c);
	inforce_release(pack);
	if (e) {
		say(a, "%s: no memory for a tariff of this size", a->operand[1]);
		return EXIT_FAILED;
	}
	put(a, c.text.p, c.text.n);
	return integrity_refuses(&c.found) ? EXIT_NO : EXIT_DONE;
}

int tariff_check(const struct args *a)
{
	struct arena *arena = arena_new((size_t)LIMIT_PACK_BYTES * 3);
	int status = arena ? check(a, arena) : EXIT_FAILED;

	arena_free(arena);
	return status;
}
