/* The OpenAPI document: docs/openapi.json, with the definitions of docs/declaration.schema.json put among its component
 * schemas and the problems of problems.def under x-problems, so that neither is written twice. */
#include "http/asset.h"
#include "http/problem.h"
#include "http/server.h"

/* References of the schema begin with this; in the document its definitions have another place. */
#define SCHEMA_PLACE   SPAN("#/$defs/")
#define DOCUMENT_PLACE "#/components/schemas/"

struct making {
	struct arena *arena;
	struct json_writer w;
	const struct json *schema; /* declaration.schema.json */
	struct cause *why;
	struct span made;
	enum err err;
};

static void write_moved(struct making *m, const struct json *v);

static void write_members(struct making *m, const struct json *object)
{
	for (const struct json *c = object->first; c; c = c->next) {
		json_name_span(&m->w, c->name);
		write_moved(m, c);
	}
}

/* A value of the schema, its references moved to where the definitions stand in the document. */
static void write_moved(struct making *m, const struct json *v)
{
	if (v->kind == JSON_OBJECT) {
		json_open_object(&m->w);
		write_members(m, v);
		json_close_object(&m->w);
	} else if (v->kind == JSON_ARRAY) {
		json_open_array(&m->w);
		for (const struct json *c = v->first; c; c = c->next)
			write_moved(m, c);
		json_close_array(&m->w);
	} else if (v->kind == JSON_STRING && span_is(v->name, "$ref") &&
		   span_starts(v->text, SCHEMA_PLACE)) {
		json_string(&m->w, span_of(arena_print(m->arena, DOCUMENT_PLACE "%.*s",
						       (int)(v->text.n - SCHEMA_PLACE.n),
						       v->text.p + SCHEMA_PLACE.n)));
	} else {
		json_value(&m->w, v);
	}
}

static void write_components(struct making *m, const struct json *components)
{
	json_open_object(&m->w);
	for (const struct json *c = components->first; c; c = c->next) {
		json_name_span(&m->w, c->name);
		if (!span_is(c->name, "schemas")) {
			json_value(&m->w, c);
			continue;
		}
		json_open_object(&m->w);
		write_members(m, c);
		write_members(m, json_get(m->schema, "$defs"));
		json_close_object(&m->w);
	}
	json_close_object(&m->w);
}

static const struct json *read_asset(struct making *m, const char *name, struct span asset)
{
	const struct json *value = NULL;
	struct codec_fault fault;

	if (!m->err && json_read(m->arena, asset, &value, &fault))
		m->err = fail(m->why, ERR_FORMAT, "%s:%u:%u: %s", name, fault.line, fault.column,
			      fault.text);
	return value;
}

static void make(void *context)
{
	struct making *m = context;
	struct text text = text_in(m->arena);
	const struct json *document = read_asset(m, "openapi.json", asset_openapi_json());

	m->schema = read_asset(m, "declaration.schema.json", asset_declaration_schema_json());
	m->w = json_to(&text);
	if (m->err)
		return;
	json_open_object(&m->w);
	for (const struct json *c = document->first; c; c = c->next) {
		json_name_span(&m->w, c->name);
		if (span_is(c->name, "components"))
			write_components(m, c);
		else
			json_value(&m->w, c);
	}
	json_name(&m->w, "x-problems");
	problem_write_list(&m->w);
	json_close_object(&m->w);
	m->made = text_as_span(&text);
}

enum err openapi_make(struct arena *a, struct span *ret, struct cause *why)
{
	struct making m = {.arena = a, .why = why};
	enum err e = arena_run(a, make, &m);

	if (e)
		return fail(why, e, "no memory for the OpenAPI document");
	*ret = m.made;
	return m.err;
}
