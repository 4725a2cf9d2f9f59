/* The style and the scripts of the pages: files that web/tools/build.sh made, in the program as they are, gzipped and in Brotli.
 * web_files.c, which it makes, defines them. */
#ifndef CUSTOMHOUSE_HTTP_WEB_H
#define CUSTOMHOUSE_HTTP_WEB_H

#include <stdint.h>

struct web_place {
	uint32_t at, n; /* of web_bytes */
};

struct web_file {
	const char *name; /* with a hash of what it holds: a browser may keep it for good */
	const char *type;
	struct {
		struct web_place plain, gzip, brotli;
	} bytes;
};
extern const struct web_file web_files[]; /* sorted by name */
extern const uint32_t web_file_count;
extern const char web_bytes[];

/* What a file is called by pages, and its path: "service.css", "/web/service-upLoZLxX.css". */
struct web_name {
	const char *name, *path;
};
extern const struct web_name web_names[];
extern const uint32_t web_name_count;

/* NULL: the program was built without (-Dweb=none). */
const char *web_path(const char *name);

#endif
