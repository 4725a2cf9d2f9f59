/* Prints directories of EDIFACT, read from their texts, as constant tables of C: those that are built in. Run by the build:
 * mkedifact FILE... Linked with the reader that the program uses for a directory of a user's own. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "codec/edifact_tables.h"

struct job {
	struct arena *arena;
	struct span text;
	struct edifact_directory d;
	enum err err;
	uint32_t line;
	const char *fault;
};

static void read_job(void *context)
{
	struct job *j = context;

	j->err = edifact_directory_read(j->arena, j->text, &j->d, &j->line, &j->fault);
}

static struct span read_file(const char *name)
{
	static char bytes[1 << 20];
	FILE *f = fopen(name, "rb");
	size_t n = f ? fread(bytes, 1, sizeof(bytes), f) : 0;

	if (!f || n == sizeof(bytes) || ferror(f)) {
		fprintf(stderr, "mkedifact: %s cannot be read\n", name);
		exit(1);
	}
	fclose(f);
	return (struct span){bytes, (uint32_t)n, 0};
}

static void print_elements(const struct edifact_directory *d, int k)
{
	printf("static const struct edifact_element elements_%d[] = {\n", k);
	for (uint32_t i = 0; i < d->element_n; i++) {
		const struct edifact_element *e = &d->elements[i];

		printf("\t{%u, %u, %u, %u, %u, %u},\n", e->number, e->kind, e->min, e->max,
		       e->codes, e->code_at);
	}
	printf("};\nstatic const struct edifact_part parts_%d[] = {", k);
	for (uint32_t i = 0; i < d->part_n; i++)
		printf("%s{%u, %d},", i % 8 ? " " : "\n\t", d->parts[i].element,
		       d->parts[i].mandatory);
	printf("\n};\nstatic const uint64_t codes_%d[] = {", k);
	for (uint32_t i = 0; i < d->code_n; i++)
		printf("%s0x%016" PRIx64 ",", i % 5 ? " " : "\n\t", d->codes[i]);
	printf("\n};\n");
}

static void print_segments(const struct edifact_directory *d, int k)
{
	printf("static const struct edifact_slot slots_%d[] = {\n", k);
	for (uint32_t i = 0; i < d->slot_n; i++) {
		const struct edifact_slot *s = &d->slots[i];

		printf("\t{%u, %d, %d, %u, %u, %u},\n", s->number, s->class, s->mandatory,
		       s->repeat, s->parts, s->part_at);
	}
	printf("};\nstatic const struct edifact_segment_table segments_%d[] = {\n", k);
	for (uint32_t i = 0; i < d->segment_n; i++)
		printf("\t{\"%s\", %u, %u},\n", d->segments[i].tag, d->segments[i].slots,
		       d->segments[i].slot_at);
	printf("};\n");
}

static void print_messages(const struct edifact_directory *d, int k)
{
	printf("static const struct edifact_node nodes_%d[] = {\n", k);
	for (uint32_t i = 0; i < d->node_n; i++) {
		const struct edifact_node *n = &d->nodes[i];

		printf("\t{%u, %u, %u, %u, %d, %u},\n", n->segment, n->group, n->end, n->parent,
		       n->mandatory, n->max);
	}
	printf("};\nstatic const struct edifact_message messages_%d[] = {\n", k);
	for (uint32_t i = 0; i < d->message_n; i++)
		printf("\t{\"%s\", %u, %u},\n", d->messages[i].name, d->messages[i].nodes,
		       d->messages[i].node_at);
	printf("};\n");
}

static void print_directory(const struct edifact_directory *d, int k)
{
	print_elements(d, k);
	print_segments(d, k);
	print_messages(d, k);
	printf("static const struct edifact_directory directory_%d = {\n"
	       "\t\"%s\", elements_%d, parts_%d, slots_%d, segments_%d, nodes_%d, messages_%d, "
	       "codes_%d,\n\t%u, %u, %u, %u, %u, %u, %u, \"\",\n};\n\n",
	       k, d->version, k, k, k, k, k, k, k, d->element_n, d->part_n, d->slot_n, d->segment_n,
	       d->node_n, d->message_n, d->code_n);
}

int main(int argc, char **argv)
{
	printf("/* Made by tools/mkedifact.c from the files in src/codec/tables. */\n"
	       "#include \"codec/edifact_builtin.h\"\n\n");
	for (int i = 1; i < argc; i++) {
		struct job j = {.arena = arena_new(64u << 20), .text = read_file(argv[i])};

		if (!j.arena || arena_run(j.arena, read_job, &j) || j.err) {
			fprintf(stderr, "%s:%u: %s\n", argv[i], j.line,
				j.fault ? j.fault : "no memory");
			return 1;
		}
		print_directory(&j.d, i);
		arena_free(j.arena);
	}
	printf("const struct edifact_directory *const edifact_builtin_table[] = {\n");
	for (int i = 1; i < argc; i++)
		printf("\t&directory_%d,\n", i);
	printf("};\nconst uint32_t edifact_builtin_count = %d;\n", argc - 1);
	return fflush(stdout) ? 1 : 0;
}
