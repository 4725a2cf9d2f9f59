/* How fast codec/ reads, beside its peers, over the same bytes in the same run: one JSON line a figure.
 *
 *   bench-codec [FILE|DIRECTORY...]     .json and .xml files, directories with all below them; without any, texts made here
 *
 * Ours and the peer take turns, and each figure is the median of its rounds: a busy machine slows both alike, so the ratios
 * are the numbers to trust. Times are CPU time. A file that the peer or we refuse is left out of both. */
#include <fcntl.h>
#include <ftw.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "codec/json.h"
#include "codec/xml.h"
#ifdef HAVE_JANSSON
#include "peer_jansson.h"
#endif

enum { ROUNDS = 15, ROUND_BYTES = 4 << 20, FILES_MAX = 10000 };

struct corpus {
	const char *suffix;
	struct span files[FILES_MAX];
	uint32_t count;
	size_t bytes;
};

static struct corpus json_texts = {.suffix = ".json"};
static struct corpus xml_texts = {.suffix = ".xml"};
static struct arena *library; /* holds the texts */
static struct arena *request; /* as of one request: reset before each */

static void die(const char *what, const char *detail)
{
	fprintf(stderr, "bench-codec: %s: %s\n", what, detail);
	exit(1);
}

static void add_text(struct corpus *c, struct span text)
{
	if (c->count == FILES_MAX)
		die("too many files", c->suffix);
	c->files[c->count++] = text;
	c->bytes += text.n;
}

static void add_file(struct corpus *c, const char *path, size_t size)
{
	char *p = arena_try(library, size + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (!p || fd < 0 || read(fd, p, size) != (ssize_t)size)
		die("cannot read", path);
	close(fd);
	add_text(c, (struct span){p, (uint32_t)size, 0});
}

static bool ends_with(const char *path, const char *suffix)
{
	size_t n = strlen(path), m = strlen(suffix);

	return n > m && strcmp(path + n - m, suffix) == 0;
}

static int on_path(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)where;
	if (type != FTW_F || st->st_size == 0 || st->st_size > LIMIT_MESSAGE_BYTES)
		return 0;
	if (ends_with(path, json_texts.suffix))
		add_file(&json_texts, path, (size_t)st->st_size);
	else if (ends_with(path, xml_texts.suffix))
		add_file(&xml_texts, path, (size_t)st->st_size);
	return 0;
}

/* A goods item as a trader's program sends it. */
static void write_json_item(struct json_writer *w, int i)
{
	static const char *const goods[] = {
	    "Cotton T-shirts, knitted, printed", "Dates, fresh, in cartons of 5 kg",
	    "Frames and mountings for spectacles", "Roasted coffee, 60 bags \xe2\x80\x93 Arabica",
	    "Bicycle tyres, 28\", new"};

	json_open_object(w);
	json_put_int(w, "sequence", i + 1);
	json_name(w, "commodity");
	json_open_object(w);
	json_put_c(w, "description", goods[(size_t)i % ARRAY_LEN(goods)]);
	json_put_c(w, "classification", "6109100010");
	json_close_object(w);
	json_put_c(w, "origin", "BD");
	json_put_c(w, "procedure", "4000");
	json_put_decimal(w, "gross_mass", decimal_of(1250500 + i, 3));
	json_put_decimal(w, "net_mass", decimal_of(1180250 + i, 3));
	json_name(w, "invoice_amount");
	json_open_object(w);
	json_put_decimal(w, "amount", decimal_of(1250000 + i * 7, 2));
	json_put_c(w, "currency", "USD");
	json_close_object(w);
	json_name(w, "documents");
	json_open_array(w);
	for (int j = 0; j < 3; j++) {
		json_open_object(w);
		json_put_c(w, "type", "N380");
		json_put_c(w, "id", "INV-2026-004711/A");
		json_put_c(w, "date", "2026-03-01");
		json_close_object(w);
	}
	json_close_array(w);
	json_name(w, "packages");
	json_open_array(w);
	json_open_object(w);
	json_put_c(w, "type", "CT");
	json_put_int(w, "count", 120 + i);
	json_put_c(w, "marks", "HARBOUR TEXTILES LOT 17 1-120");
	json_close_object(w);
	json_close_array(w);
	json_close_object(w);
}

/* About 4 kB: a declaration of seven items. */
static void write_json(struct text *t)
{
	struct json_writer w = json_to(t);

	json_open_object(&w);
	json_put_c(&w, "trader_reference", "LF-2026-000123");
	json_put_c(&w, "type", "IMA");
	json_put_c(&w, "office", "LF000101");
	json_name(&w, "importer");
	json_open_object(&w);
	json_put_c(&w, "id", "LF987654321000");
	json_put_c(&w, "name", "Harbour Textiles & Daughters");
	json_put_c(&w, "address", "12 Quay Street, Port Landfall");
	json_close_object(&w);
	json_name(&w, "items");
	json_open_array(&w);
	for (int i = 0; i < 7; i++)
		write_json_item(&w, i);
	json_close_array(&w);
	json_close_object(&w);
}

static void write_xml_item(struct text *t, int i)
{
	text_print(t, "\t\t<Item>\n\t\t\t<SequenceNumeric>%d</SequenceNumeric>\n", i + 1);
	text_string(t, "\t\t\t<Commodity>\n\t\t\t\t<Description>Frames &amp; mountings for "
		       "spectacles</Description>\n");
	text_string(
	    t, "\t\t\t\t<Classification>\n\t\t\t\t\t<ID>61091000</ID>\n\t\t\t\t\t<Type>TSP</Type>\n"
	       "\t\t\t\t</Classification>\n");
	text_print(t,
		   "\t\t\t\t<Mass>\n\t\t\t\t\t<Gross unit=\"KGM\">%d.500</Gross>\n\t\t\t\t\t<Net "
		   "unit=\"KGM\">%d</Net>\n",
		   1250 + i, 1180 + i);
	text_string(t, "\t\t\t\t</Mass>\n\t\t\t</Commodity>\n");
	for (int j = 0; j < 4; j++)
		text_string(
		    t,
		    "\t\t\t<Document>\n\t\t\t\t<Category>N</Category>\n\t\t\t\t<Type>380</Type>\n"
		    "\t\t\t\t<ID>INV-2026-004711</ID>\n\t\t\t</Document>\n");
	text_string(
	    t, "\t\t\t<Value "
	       "currency=\"USD\">12500.00</Value>\n\t\t\t<Origin>\n\t\t\t\t<Country>BD</Country>\n"
	       "\t\t\t</Origin>\n\t\t</Item>\n");
}

/* About 11 kB: a declaration of thirteen items, indented. */
static void write_xml(struct text *t)
{
	text_string(
	    t,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Message "
	    "xmlns=\"urn:example:trade:declaration:1\">\n"
	    "\t<Declaration>\n\t\t<Reference>LF-2026-000123</Reference>\n\t\t<Type>IMA</Type>\n");
	for (int i = 0; i < 13; i++)
		write_xml_item(t, i);
	text_string(t, "\t</Declaration>\n</Message>\n");
}

static void make_texts(void *unused)
{
	struct text j = text_in(library), x = text_in(library);

	(void)unused;
	write_json(&j);
	write_xml(&x);
	add_text(&json_texts, text_as_span(&j));
	add_text(&xml_texts, text_as_span(&x));
}

static bool read_json(struct span s)
{
	const struct json *value;
	struct codec_fault fault;

	arena_reset(request);
	return json_read(request, s, &value, &fault) == ERR_NONE;
}

static bool on_open(void *context, struct span name, struct span space,
		    const struct xml_attribute *attributes, uint32_t n, uint32_t line)
{
	(void)context, (void)name, (void)space, (void)attributes, (void)n, (void)line;
	return true;
}

static bool on_name(void *context, struct span name)
{
	(void)context, (void)name;
	return true;
}

static bool read_xml(struct span s)
{
	static const struct xml_handler handler = {
	    .open = on_open, .close = on_name, .text = on_name};
	struct codec_fault fault;

	arena_reset(request);
	return xml_read(request, s, &handler, &fault) == ERR_NONE;
}

static void peer_open(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		      int namespaces, const xmlChar **declared, int n, int defaulted,
		      const xmlChar **attributes)
{
	(void)context, (void)name, (void)prefix, (void)uri, (void)namespaces, (void)declared,
	    (void)n, (void)defaulted;
	(void)attributes;
}

static void peer_close(void *context, const xmlChar *name, const xmlChar *prefix,
		       const xmlChar *uri)
{
	(void)context, (void)name, (void)prefix, (void)uri;
}

static void peer_text(void *context, const xmlChar *text, int n)
{
	(void)context, (void)text, (void)n;
}

static void peer_error(void *context, xmlErrorPtr error)
{
	(void)context, (void)error;
}

/* libxml2's SAX2 with handlers that do nothing: the floor. */
static bool peer_read_xml(struct span s)
{
	static xmlSAXHandler handler = {
	    .initialized = XML_SAX2_MAGIC,
	    .startElementNs = peer_open,
	    .endElementNs = peer_close,
	    .characters = peer_text,
	    .ignorableWhitespace = peer_text,
	    .serror = peer_error,
	};

	return xmlSAXUserParseMemory(&handler, NULL, s.p, (int)s.n) == 0;
}

#ifdef HAVE_JANSSON
static bool peer_read_json(struct span s)
{
	return peer_jansson_read(s.p, s.n);
}
#endif

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double run_round(const struct corpus *c, bool (*reader)(struct span))
{
	uint32_t passes = (uint32_t)(ROUND_BYTES / c->bytes) + 1;
	double begin = cpu_seconds();

	for (uint32_t i = 0; i < passes; i++)
		for (uint32_t j = 0; j < c->count; j++)
			if (!reader(c->files[j]))
				die("a text is refused that was read before", c->suffix);
	return (cpu_seconds() - begin) / passes;
}

static void keep_readable(struct corpus *c, bool (*reader)(struct span))
{
	uint32_t kept = 0;

	c->bytes = 0;
	for (uint32_t i = 0; i < c->count; i++) {
		if (!reader(c->files[i]))
			continue;
		c->files[kept++] = c->files[i];
		c->bytes += c->files[i].n;
	}
	c->count = kept;
}

static int compare_seconds(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *seconds)
{
	qsort(seconds, ROUNDS, sizeof(*seconds), compare_seconds);
	return seconds[ROUNDS / 2];
}

static void print_figure(const char *name, double value, const char *unit)
{
	printf("{\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"}\n", name, value, unit);
}

/* Prints MB/s of ours and, where there is a peer, its MB/s and how many times its speed ours has. */
static void measure(struct corpus *c, const char *name, bool (*ours)(struct span),
		    const char *peer_name, bool (*peer)(struct span))
{
	double our_seconds[ROUNDS], peer_seconds[ROUNDS], ratio[ROUNDS], megabytes;
	char label[64];

	keep_readable(c, ours);
	if (peer)
		keep_readable(c, peer);
	if (!c->count)
		return;
	for (int i = 0; i < ROUNDS; i++) {
		our_seconds[i] = run_round(c, ours);
		peer_seconds[i] = peer ? run_round(c, peer) : 0;
		ratio[i] = peer_seconds[i] / our_seconds[i];
	}
	megabytes = (double)c->bytes / 1e6;
	print_figure(name, megabytes / median(our_seconds), "MB/s");
	if (!peer)
		return;
	print_figure(peer_name, megabytes / median(peer_seconds), "MB/s");
	snprintf(label, sizeof(label), "%s / %s", name, peer_name);
	print_figure(label, median(ratio), "times the speed");
}

int main(int argc, char **argv)
{
	bool (*jansson)(struct span) = NULL;

	xml_start();
	library = arena_new((size_t)1 << 30);
	request = arena_new(LIMIT_ARENA_BYTES);
	if (!library || !request)
		die("no memory", "arena");
	for (int i = 1; i < argc; i++)
		if (nftw(argv[i], on_path, 16, FTW_PHYS))
			die("cannot walk", argv[i]);
	if (argc == 1 && arena_run(library, make_texts, NULL))
		die("no memory", "texts");
#ifdef HAVE_JANSSON
	jansson = peer_read_json;
#endif
	measure(&json_texts, "json read", read_json, "jansson", jansson);
	measure(&xml_texts, "xml read", read_xml, "bare libxml2 SAX2", peer_read_xml);
	print_figure("texts", json_texts.count + xml_texts.count, "files");
	arena_free(library);
	arena_free(request);
	return 0;
}
