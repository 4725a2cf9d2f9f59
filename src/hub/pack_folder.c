/* Reading a pack folder from disk. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "hub/inforce.h"

struct folder {
	struct arena *arena;
	const char *path;
	struct pack_faults *faults;
	struct cause *why;
	DICT_LIST(struct pack_file) part[PACK_PARTS];
	size_t bytes;
	struct span *archive;
	enum err err;
};

static enum err read_whole(struct folder *f, const char *name, struct span *ret)
{
	char path[4096];
	struct stat st;
	size_t got = 0;
	char *to;
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s", f->path, name) >= (int)sizeof(path))
		return fail(f->why, ERR_LIMIT, "%s: the path is too long", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st)) {
		if (fd >= 0)
			close(fd);
		return fail(f->why, ERR_IO, "%s: %s", path, strerror(errno));
	}
	f->bytes += (size_t)st.st_size;
	if (st.st_size > LIMIT_PACK_FILE_BYTES || f->bytes > LIMIT_PACK_BYTES) {
		close(fd);
		return fail(f->why, ERR_LIMIT, "%s: a pack may not be as large as this", path);
	}
	to = arena_try(f->arena, (size_t)st.st_size + 1);
	while (to && got < (size_t)st.st_size) {
		ssize_t n = read(fd, to + got, (size_t)st.st_size - got);

		if (n <= 0)
			break;
		got += (size_t)n;
	}
	close(fd);
	if (!to)
		return fail(f->why, ERR_NOMEM, "no memory to read %s", path);
	if (got != (size_t)st.st_size)
		return fail(f->why, ERR_IO, "%s: could not be read whole", path);
	*ret = (struct span){to, (uint32_t)got, 1};
	return ERR_NONE;
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && !strcmp(name + n - m, end);
}

static enum err take_file(struct folder *f, const char *name)
{
	struct span copy = span_of(arena_copy(f->arena, name, strlen(name)));
	enum pack_part part = pack_part_of(copy);
	struct pack_file *file;

	if (name[0] == '.' || ends_with(name, ".md"))
		return ERR_NONE;
	if (part == PACK_PARTS) {
		pack_fault(f->faults, copy, 0, 0, "file.unknown",
			   "no part of a pack has this name (docs/packs.md lists them)");
		return ERR_NONE;
	}
	file = arena_push(f->arena, (void **)&f->part[part].v, &f->part[part].n,
			  &f->part[part].room, sizeof(*file));
	file->name = copy;
	return read_whole(f, name, &file->bytes);
}

static void read_folder(void *context)
{
	struct folder *f = context;
	DIR *dir = opendir(f->path);
	struct dirent *entry;

	if (!dir) {
		f->err = fail(f->why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", f->path,
			      strerror(errno));
		return;
	}
	while (!f->err && (entry = readdir(dir)))
		f->err = take_file(f, entry->d_name);
	closedir(dir);
	for (int i = 0; i < PACK_PARTS && !f->err; i++)
		f->archive[i] = pack_archive(f->arena, f->part[i].v, f->part[i].n);
	if (!f->err && f->part[PACK_TABLES].n == 0)
		f->err = fail(f->why, ERR_NOT_FOUND, "%s: holds no pack (there is no pack.csv)",
			      f->path);
}

enum err pack_read_folder(struct arena *a, const char *path, struct span ret_archive[PACK_PARTS],
			  struct pack_faults *faults, struct cause *why)
{
	struct span archive[PACK_PARTS] = {0};
	struct folder f = {
	    .arena = a, .path = path, .faults = faults, .why = why, .archive = archive};
	enum err e = arena_run(a, read_folder, &f);

	if (e)
		return fail(why, e, "%s: no memory to read the pack", path);
	if (!f.err)
		memcpy(ret_archive, archive, sizeof(archive));
	return f.err;
}
