#include "paper/calls.h"

#include <dlfcn.h>
#include <string.h>

enum library {
#define LIBRARY(name, file) LIBRARY_##name,
#define CALL(function, library)
#include "paper/calls.def"
#undef LIBRARY
#undef CALL
	LIBRARIES
};

static const char *const files[LIBRARIES] = {
#define LIBRARY(name, file) file,
#define CALL(function, library)
#include "paper/calls.def"
#undef LIBRARY
#undef CALL
};

static const struct {
	enum library library;
	const char *name;
	size_t at;
} wanted[] = {
#define LIBRARY(name, file)
#define CALL(function, library) {LIBRARY_##library, #function, offsetof(struct calls, function)},
#include "paper/calls.def"
#undef LIBRARY
#undef CALL
};

/* Nothing is closed again: glib does not stand it. */
enum err calls_open(const struct calls **ret, struct cause *why)
{
	static struct calls calls;
	static bool open;
	void *library[LIBRARIES];

	for (size_t i = 0; i < LIBRARIES && !open; i++) {
		library[i] = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
		if (!library[i])
			return fail(why, ERR_UNSUPPORTED, "papers cannot be drawn here without %s",
				    files[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(wanted) && !open; i++) {
		void *found = dlsym(library[wanted[i].library], wanted[i].name);

		if (!found)
			return fail(why, ERR_UNSUPPORTED, "%s has no %s", files[wanted[i].library],
				    wanted[i].name);
		/* POSIX.1-2017, dlsym(): a pointer to a function has the form of one to an object. */
		memcpy((char *)&calls + wanted[i].at, &found, sizeof(found));
	}
	open = true;
	*ret = &calls;
	return ERR_NONE;
}

#ifdef __has_feature
#define UNDER_ADDRESS_SANITIZER __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define UNDER_ADDRESS_SANITIZER 1
#else
#define UNDER_ADDRESS_SANITIZER 0
#endif

#if UNDER_ADDRESS_SANITIZER
/* fontconfig keeps the places of its patterns as offsets, in which the leak checker does not see a pointer. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\n";
}
#endif
