/* The laws that tools/tidy.c checks, as tables. A change here goes together with PRINCIPLES.md.
 *
 * In every table a set of rooms is a bit mask; what a set lacks is a fault. */
#ifndef CUSTOMHOUSE_TOOLS_TIDY_LAWS_H
#define CUSTOMHOUSE_TOOLS_TIDY_LAWS_H

#include <stdint.h>

enum {
	MAX_CODE_COLUMNS = 100,
	MAX_COMMENT_COLUMNS = 130,
	MAX_FUNCTION_LINES = 70,
	MAX_FILE_LINES = 900,
	TAB = 8,
};

/* The rooms, and who may include whom. */
enum room {
	BASE,
	CODEC,
	DICT,
	MODEL,
	REF,
	MSG,
	CHECK,
	DUTY,
	RISK,
	FLOW,
	LEDGER,
	QUOTA,
	STOCK,
	MEASURE,
	TARIFF,
	ORIGIN,
	TRAVEL,
	PAPER,
	TRAIN,
	DB,
	STORE,
	HUB,
	HTTP,
	CLI,
	YARD, /* outside src/: tools, tests, bench, include */
	ROOMS,
};

#define ONLY(room) (1u << (room))
#define PURE       (ONLY(BASE) | ONLY(DICT) | ONLY(MODEL) | ONLY(REF))
#define ENGINES                                                                                    \
	(ONLY(MSG) | ONLY(CHECK) | ONLY(DUTY) | ONLY(RISK) | ONLY(FLOW) | ONLY(LEDGER) |           \
	 ONLY(QUOTA) | ONLY(STOCK) | ONLY(MEASURE) | ONLY(TARIFF) | ONLY(ORIGIN) | ONLY(TRAVEL))
#define EDGES      (ONLY(HUB) | ONLY(HTTP) | ONLY(CLI))
#define EVERYWHERE ((1u << ROOMS) - 1)
#define HOUSE      (EVERYWHERE & ~ONLY(YARD))
/* Rooms whose functions see only their arguments. */
#define BLIND      (ONLY(CODEC) | ONLY(DICT) | ONLY(MODEL) | ENGINES)

/* http and cli reach the store only through hub, where every read passes one scope-and-audit function. */
#define ABOVE_HUB (PURE | ONLY(CODEC) | ENGINES | ONLY(PAPER) | ONLY(HUB))

static const struct {
	const char *name;
	uint32_t may_include;
} rooms[ROOMS] = {
    [BASE] = {"base", ONLY(BASE)},
    [CODEC] = {"codec", ONLY(BASE) | ONLY(CODEC)},
    [DICT] = {"dict", ONLY(BASE) | ONLY(DICT)},
    [MODEL] = {"model", ONLY(BASE) | ONLY(CODEC) | ONLY(DICT) | ONLY(MODEL)},
    [REF] = {"ref", PURE | ONLY(CODEC)},
    [MSG] = {"msg", PURE | ONLY(CODEC) | ONLY(MSG)},
    [CHECK] = {"check", PURE | ONLY(CHECK)},
    [DUTY] = {"duty", PURE | ONLY(DUTY)},
    [RISK] = {"risk", PURE | ONLY(RISK)},
    [FLOW] = {"flow", PURE | ONLY(FLOW)},
    [LEDGER] = {"ledger", PURE | ONLY(LEDGER)},
    [QUOTA] = {"quota", PURE | ONLY(QUOTA)},
    [STOCK] = {"stock", PURE | ONLY(STOCK)},
    [MEASURE] = {"measure", PURE | ONLY(MEASURE)},
    [TARIFF] = {"tariff", PURE | ONLY(CODEC) | ONLY(TARIFF)},
    [ORIGIN] = {"origin", PURE | ONLY(CODEC) | ONLY(ORIGIN)},
    [TRAVEL] = {"travel", PURE | ONLY(TRAVEL)},
    [PAPER] = {"paper", ONLY(BASE) | ONLY(PAPER)},
    [TRAIN] = {"train", PURE | ONLY(CODEC) | ONLY(TRAIN)},
    [DB] = {"db", ONLY(BASE) | ONLY(DB)},
    [STORE] = {"store", ONLY(BASE) | ONLY(CODEC) | ONLY(MODEL) | ONLY(DB) | ONLY(STORE)},
    [HUB] = {"hub", HOUSE & ~(ONLY(HTTP) | ONLY(CLI))},
    [HTTP] = {"http", ABOVE_HUB | ONLY(HTTP)},
    [CLI] = {"cli", ABOVE_HUB | ONLY(HTTP) | ONLY(CLI)},
    [YARD] = {"", EVERYWHERE},
};

/* Headers that only some rooms may use; a name that ends in '/' is a folder. */
static const struct {
	const char *header;
	uint32_t allowed;
} headers[] = {
    {"assert.h", ONLY(YARD)}, /* BUG_ON() stays on in production */
    {"base/clock.h", ONLY(BASE) | ONLY(DB) | EDGES | ONLY(YARD)}, /* db: how long it waits */
    {"cairo-pdf.h", ONLY(PAPER) | ONLY(YARD)},
    {"curl/", ONLY(HUB) | ONLY(HTTP) | ONLY(YARD)}, /* http: to other nodes */
    {"dlfcn.h", ONLY(PAPER) | ONLY(YARD)},
    {"gnutls/", ONLY(HTTP) | ONLY(YARD)},
    {"jansson.h", ONLY(YARD)},
    {"libpq-fe.h", ONLY(DB) | ONLY(YARD)},
    {"libxml/", ONLY(CODEC) | ONLY(YARD)},
    {"locale.h", 0},
    {"math.h", ONLY(MEASURE) | ONLY(TRAIN) | ONLY(YARD)},
    {"microhttpd.h", ONLY(HTTP) | ONLY(YARD)},
    {"openssl/", ONLY(BASE) | ONLY(HUB) | ONLY(YARD)},
    {"pango/", ONLY(PAPER) | ONLY(YARD)},
    {"qrencode.h", ONLY(PAPER) | ONLY(YARD)},
    {"sodium.h", ONLY(HUB) | ONLY(YARD)},
    {"sqlite3.h", ONLY(DB) | ONLY(YARD)},
    {"xgboost/", ONLY(TRAIN) | ONLY(YARD)},
    {"zstd.h", ONLY(CODEC) | ONLY(YARD)},
};

/* Functions that only some rooms may call, and what to do instead. */
#define MEMORY    (ONLY(BASE) | ONLY(DB) | EDGES | ONLY(YARD))
#define NO_MEMORY "memory is an arena"
#define NO_LOCALE                                                                                  \
	"depends on the locale or hides errors; use base/decimal.h or a parser that checks"
#define NO_BOUND "has no bound; use base/text.h or arena_print()"
#define SIGHTED  (EVERYWHERE & ~BLIND)
#define NO_WORLD "a pure room sees only its arguments: no file, clock, environment or random source"
#define NO_PRINT "a pure room writes through base/text.h"
#define NO_CLOCK "use base/clock.h and base/date.h"
#define NO_SHELL "starts a shell"
#define NO_STATE "keeps hidden state"

static const struct {
	const char *name;
	uint32_t allowed;
	const char *instead;
} banned[] = {
    {"aligned_alloc", MEMORY, NO_MEMORY},
    {"alloca", 0, NO_BOUND},
    {"asctime", 0, NO_CLOCK},
    {"asprintf", MEMORY, NO_MEMORY},
    {"assert", ONLY(YARD), "use BUG_ON(), which stays on in production"},
    {"atof", ONLY(YARD), NO_LOCALE},
    {"atoi", ONLY(YARD), NO_LOCALE},
    {"atol", ONLY(YARD), NO_LOCALE},
    {"atoll", ONLY(YARD), NO_LOCALE},
    {"calloc", MEMORY, NO_MEMORY},
    {"clock_gettime", ONLY(BASE) | ONLY(YARD), NO_CLOCK},
    {"ctime", 0, NO_CLOCK},
    {"dprintf", SIGHTED, NO_PRINT},
    {"drand48", 0, NO_STATE},
    {"fgets", SIGHTED, NO_WORLD},
    {"fopen", SIGHTED, NO_WORLD},
    {"fprintf", SIGHTED, NO_PRINT},
    {"fread", SIGHTED, NO_WORLD},
    {"free", MEMORY, NO_MEMORY},
    {"fscanf", 0, NO_LOCALE},
    {"fwrite", SIGHTED, NO_WORLD},
    {"getenv", EDGES | ONLY(YARD), NO_WORLD},
    {"getrandom", ONLY(BASE) | ONLY(YARD), "use random_bytes()"},
    {"gets", 0, NO_BOUND},
    {"gettimeofday", 0, NO_CLOCK},
    {"gmtime", 0, NO_STATE},
    {"localtime", 0, NO_STATE},
    {"localtime_r", ONLY(YARD), NO_CLOCK},
    {"malloc", MEMORY, NO_MEMORY},
    {"mktime", ONLY(YARD), NO_CLOCK},
    {"open", SIGHTED, NO_WORLD},
    {"popen", ONLY(YARD), NO_SHELL},
    {"posix_memalign", MEMORY, NO_MEMORY},
    {"printf", SIGHTED, NO_PRINT},
    {"puts", SIGHTED, NO_PRINT},
    {"rand", 0, NO_STATE},
    {"random", 0, NO_STATE},
    {"read", SIGHTED, NO_WORLD},
    {"realloc", MEMORY, NO_MEMORY},
    {"scanf", 0, NO_LOCALE},
    {"setlocale", 0, NO_LOCALE},
    {"snprintf", SIGHTED, NO_PRINT},
    {"sprintf", 0, NO_BOUND},
    {"srand", 0, NO_STATE},
    {"sscanf", ONLY(YARD), NO_LOCALE},
    {"stpcpy", 0, NO_BOUND},
    {"strcat", 0, NO_BOUND},
    {"strcpy", 0, NO_BOUND},
    {"strdup", MEMORY, NO_MEMORY},
    {"strncat", 0, NO_BOUND},
    {"strncpy", 0, "leaves no NUL; use memcpy with a length"},
    {"strndup", MEMORY, NO_MEMORY},
    {"strtod", ONLY(YARD), NO_LOCALE},
    {"strtof", ONLY(YARD), NO_LOCALE},
    {"strtok", 0, NO_STATE},
    {"strtold", ONLY(YARD), NO_LOCALE},
    {"system", 0, NO_SHELL},
    {"time", ONLY(BASE) | ONLY(YARD), NO_CLOCK},
    {"tmpnam", 0, "races; use mkstemp()"},
    {"vfprintf", SIGHTED, NO_PRINT},
    {"vsnprintf", SIGHTED, NO_PRINT},
    {"vsprintf", 0, NO_BOUND},
    {"write", SIGHTED, NO_WORLD},
};

#define FLOATING (ONLY(RISK) | ONLY(PAPER) | ONLY(MEASURE) | ONLY(TRAIN) | ONLY(YARD))

/* How a statement begins in a string. Only store/ writes statements; db/ may steer transactions and its own database. */
static const struct {
	const char *verb;
	uint32_t allowed;
} statements[] = {
    {"ALTER TABLE ", ONLY(STORE) | ONLY(YARD)},
    {"BEGIN IMMEDIATE", ONLY(STORE) | ONLY(DB) | ONLY(YARD)},
    {"CREATE INDEX ", ONLY(STORE) | ONLY(YARD)},
    {"CREATE TABLE ", ONLY(STORE) | ONLY(YARD)},
    {"CREATE UNIQUE ", ONLY(STORE) | ONLY(YARD)},
    {"DELETE FROM ", ONLY(STORE) | ONLY(YARD)},
    {"DROP ", ONLY(STORE) | ONLY(YARD)},
    {"INSERT INTO ", ONLY(STORE) | ONLY(YARD)},
    {"INSERT OR ", ONLY(STORE) | ONLY(YARD)},
    {"PRAGMA ", ONLY(STORE) | ONLY(DB) | ONLY(YARD)},
    {"SAVEPOINT ", ONLY(STORE) | ONLY(DB) | ONLY(YARD)},
    {"SELECT ", ONLY(STORE) | ONLY(DB) | ONLY(YARD)},
    {"UPDATE ", ONLY(STORE) | ONLY(YARD)},
    {"VACUUM", ONLY(STORE) | ONLY(DB) | ONLY(YARD)},
};

/* Directories of somebody's own machine. */
static const char *const machine_paths[] = {
    "/home/",  /* tidy: allow machine-path because this is the list of them */
    "/root/",  /* tidy: allow machine-path because this is the list of them */
    "/Users/", /* tidy: allow machine-path because this is the list of them */
    "/work/",  /* tidy: allow machine-path because this is the list of them */
};

/* One SQL text serves two databases, and these words do not mean the same in both. `behind`: where this stands before a word, it
 * is well. */
static const struct {
	const char *word, *behind, *why;
} sql_traps[] = {
    {"::", NULL, "is PostgreSQL's alone"},
    {"CAST(", NULL, "rounds in one and cuts in the other: no fractions in SQL"},
    {"CURRENT_", NULL, "the time is an argument"},
    {"DATETIME(", NULL, "the time is an argument"},
    {"GLOB", NULL, "is SQLite's alone"},
    {"GREATEST(", NULL, "neither has both names: compare in C"},
    {"ILIKE", NULL, "is PostgreSQL's alone"},
    {"INSERT OR", NULL, "write ON CONFLICT"},
    {"LEAST(", NULL, "neither has both names: compare in C"},
    {"LIKE", NULL, "folds case in SQLite and not in PostgreSQL: compare folded columns"},
    {"NOW(", NULL, "the time is an argument"},
    {"RANDOM(", NULL, "randomness is an argument"},
    {"REGEXP", NULL, "is SQLite's alone"},
    {"REPLACE INTO", NULL, "write ON CONFLICT"},
    {"STRFTIME(", NULL, "the time is an argument"},
    {"SUM(", "CAST(", "has no bound in one and one in the other: CAST(SUM(x) AS BIGINT)"},
    {"TRIGGER", NULL, "what happens stands in C"},
};

#endif
