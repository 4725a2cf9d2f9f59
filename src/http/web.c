#include "http/web.h"

#include <string.h>

#include "http/problem.h"

const char *web_path(const char *name)
{
	for (uint32_t i = 0; i < web_name_count; i++)
		if (!strcmp(web_names[i].name, name))
			return web_names[i].path;
	return NULL;
}

/* Does an Accept-Encoding header (RFC 9110, 12.5.3) take this coding? "q=0" says that it does not. */
static bool takes(const char *accept, const char *coding)
{
	struct span rest = span_of(accept);

	while (rest.n) {
		struct span weight = span_cut(&rest, ','), name = span_trim(span_cut(&weight, ';')),
			    q = span_trim(weight);

		if (span_is(name, coding))
			return !span_starts(q, SPAN("q=0")) || span_starts(q, SPAN("q=0."));
	}
	return false;
}

void web_get(struct request *r)
{
	const char *accept = r->header(r, "Accept-Encoding");

	for (uint32_t i = 0; i < web_file_count; i++) {
		const struct web_file *f = &web_files[i];
		const struct web_place *place = &f->bytes.plain;
		const char *encoding = NULL;

		if (!span_is(r->reference, f->name))
			continue;
		if (accept && takes(accept, "br")) {
			place = &f->bytes.brotli;
			encoding = "br";
		} else if (accept && takes(accept, "gzip")) {
			place = &f->bytes.gzip;
			encoding = "gzip";
		}
		request_reply(r, 200, f->type, (struct span){web_bytes + place->at, place->n, 0});
		r->reply.keep = KEEP_FOR_GOOD;
		r->reply.encoding = encoding;
		return;
	}
	problem_reply(r, PROBLEM_NOT_FOUND, "there is no such file");
}
