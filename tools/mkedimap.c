/* Prints a mapping of an EDIFACT message, read from its text, as constant tables of C. Run by the build: mkedimap FILE NAME ROOT,
 * with ROOT declaration or cargo_report. Linked with the reader of mappings and the dictionary. */
#include <stdio.h>
#include <stdlib.h>

#include "msg/edi_map.h"

struct job {
	struct arena *arena;
	struct span text;
	const struct dict_class *root;
	struct edi_map map;
	enum err err;
	uint32_t line;
	const char *fault;
};

static void read_job(void *context)
{
	struct job *j = context;

	j->err = edi_map_read(j->arena, j->text, j->root, &j->map, &j->line, &j->fault);
}

static void print_path(const struct edi_path *p)
{
	printf("{%u, {", p->n);
	for (uint32_t i = 0; i < p->n; i++)
		printf("%s%u", i ? ", " : "", p->step[i]);
	printf(p->n ? "}}" : "0}}");
}

static void print_map(const struct edi_map *m, const char *name)
{
	printf("static const struct edi_item items_of_%s[] = {\n", name);
	for (uint32_t i = 0; i < m->item_n; i++) {
		const struct edi_item *t = &m->items[i];

		printf("\t{%u, %u, %u, %u, %d, %u, ", t->kind, t->element, t->component, t->to,
		       t->append, t->pair);
		print_path(&t->path);
		if (t->text)
			printf(", \"%s\", %u},\n", t->text, t->text_n);
		else
			printf(", NULL, 0},\n");
	}
	printf("};\nstatic const struct edi_row rows_of_%s[] = {\n", name);
	for (uint32_t i = 0; i < m->row_n; i++) {
		const struct edi_row *r = &m->rows[i];

		printf("\t{\"%s\", %u, %u, %u, %u, %u, %d, %d, %d, %u, ", r->tag, r->parent, r->end,
		       r->next, r->item_at, r->items, r->read_only, r->opens, r->list, r->first);
		print_path(&r->path);
		printf("},\n");
	}
	printf("};\nconst struct edi_map edi_map_%s = {\"%s\", rows_of_%s, items_of_%s, %u, %u};\n",
	       name, m->message, name, name, m->row_n, m->item_n);
}

int main(int argc, char **argv)
{
	static char bytes[1 << 18];
	struct job j = {.arena = arena_new(16u << 20), .root = &dict_declaration};
	FILE *f = argc == 4 ? fopen(argv[1], "rb") : NULL;

	if (!f) {
		fprintf(stderr, "mkedimap: FILE NAME ROOT\n");
		return 1;
	}
	j.text = (struct span){bytes, (uint32_t)fread(bytes, 1, sizeof(bytes), f), 0};
	fclose(f);
	if (strcmp(argv[3], "cargo_report") == 0)
		j.root = &dict_cargo_report;
	if (!j.arena || arena_run(j.arena, read_job, &j) || j.err) {
		fprintf(stderr, "%s:%u: %s\n", argv[1], j.line, j.fault ? j.fault : "no memory");
		return 1;
	}
	printf("/* Made by tools/mkedimap.c from %s.map. */\n#include \"msg/edi_map.h\"\n\n",
	       argv[2]);
	print_map(&j.map, argv[2]);
	arena_free(j.arena); /* the build runs this with leak detection, too */
	return fflush(stdout) ? 1 : 0;
}
