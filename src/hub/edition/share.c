#include "hub/edition/share.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/limits.h"
#include "codec/csv.h"
#include "codec/json.h"
#include "hub/edition/candidate.h"
#include "hub/edition/share_room.h"
#include "hub/house.h"

#define BUNDLE_FORM "rules 1"

bool share_unhex(struct span s, uint8_t *ret, uint32_t n)
{
	static const char digits[] = "0123456789abcdef";

	if (s.n != 2 * n)
		return false;
	for (uint32_t i = 0; i < s.n; i++) {
		const char *at = memchr(digits, s.p[i], 16);

		if (!at)
			return false;
		ret[i / 2] = (uint8_t)((i % 2 ? ret[i / 2] << 4 : 0) | (at - digits));
	}
	return true;
}

/* ---- exporting ---- */

struct exporting {
	struct hub *h;
	struct text *to;
	struct span part[PACK_PARTS];
	char hash[PACK_PARTS][65];
	const struct inforce *now; /* whose country it is */
	struct span reason;
	const struct json *evidence; /* the report "rules", or NULL */
	struct span payload;
	enum err err;
};

static void put_files(struct json_writer *w, struct arena *a, struct span archive)
{
	struct pack_file *file;
	uint32_t n;

	if (!archive.n || pack_open(a, archive, &file, &n))
		return;
	for (uint32_t i = 0; i < n; i++) {
		json_open_object(w);
		json_put(w, "name", file[i].name);
		json_put(w, "text", file[i].bytes);
		json_close_object(w);
	}
}

static void put_evidence(struct json_writer *w, const struct json *report)
{
	static const char *const told[] = {"currency", "total", "rules"};

	json_name(w, "evidence");
	if (!report) {
		json_null(w);
		return;
	}
	json_open_object(w);
	for (size_t i = 0; i < ARRAY_LEN(told); i++) {
		const struct json *m = json_get(report, told[i]);

		if (!m)
			continue;
		json_name(w, told[i]);
		json_value(w, m);
	}
	json_close_object(w);
}

static struct span name_of(const struct refset *r)
{
	return ref_setting(r, "name");
}

static void write_payload(struct exporting *x)
{
	struct text t = text_in(x->to->arena);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put_c(&w, "customhouse", BUNDLE_FORM);
	json_put(&w, "country", ref_country(x->now->ref));
	json_put(&w, "name", name_of(x->now->ref));
	json_put_moment(&w, "exported_at", clock_now());
	json_put(&w, "reason", x->reason.p ? x->reason : SPAN(""));
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		json_put_c(&w, pack_part_name(p), x->hash[p]);
	json_name(&w, "files");
	json_open_array(&w);
	put_files(&w, x->to->arena, x->part[PACK_RULES]);
	put_files(&w, x->to->arena, x->part[PACK_LISTS]);
	json_close_array(&w);
	put_evidence(&w, x->evidence);
	json_close_object(&w);
	x->payload = text_as_span(&t);
}

static enum err write_bundle(struct exporting *x, struct cause *why)
{
	struct json_writer w = json_to(x->to);
	struct text key = text_in(x->to->arena), sign = text_in(x->to->arena);
	struct signature signature;

	if (sign_bytes(x->h->keys.sign_seed, x->payload.p, x->payload.n, &signature))
		return fail(why, ERR_IO, "the signing key does not sign");
	text_hex(&key, x->h->keys.sign_public, sizeof(x->h->keys.sign_public));
	text_hex(&sign, signature.byte, sizeof(signature.byte));
	json_open_object(&w);
	json_put(&w, "payload", x->payload);
	json_put(&w, "public_key", text_as_span(&key));
	json_put(&w, "signature", text_as_span(&sign));
	json_close_object(&w);
	return ERR_NONE;
}

/* What a candidate is, as whoever looks at it reads it: its reason, and its report. */
static enum err read_candidate(struct exporting *x, const struct who *by, int64_t number,
			       struct cause *why)
{
	struct arena *a = x->to->arena;
	struct text t = text_in(a);
	struct span base[PACK_PARTS];
	const struct json *j;
	struct codec_fault fault;
	enum err e = hub_get_candidate(x->h, a, by, number, x->part, base, why);

	if (!e)
		e = hub_write_candidate(x->h, &t, by, number, why);
	if (e)
		return e;
	if (json_read(a, text_as_span(&t), &j, &fault))
		return fail(why, ERR_DB, "the candidate cannot be read");
	x->reason = json_get_text(j, "reason");
	x->evidence = json_get(json_get(json_get(j, "reports"), "rules"), "report");
	for (enum pack_part p = 0; p < PACK_PARTS; p++) {
		struct hash hash = hash_bytes(x->part[p].p, x->part[p].n);

		hash_hex(&hash, x->hash[p]);
	}
	return ERR_NONE;
}

static enum err note_export(struct exporting *x, const struct who *by, int64_t number,
			    struct cause *why)
{
	const struct hash sha256 = hash_bytes(x->payload.p, x->payload.n);
	struct text t = text_in(x->to->arena);
	struct json_writer w = json_to(&t);
	char hex[65];

	hash_hex(&sha256, hex);
	json_open_object(&w);
	json_put_c(&w, "step", "exported");
	json_put_int(&w, "candidate", number);
	json_put_c(&w, "rules", x->hash[PACK_RULES]);
	json_put_c(&w, "lists", x->hash[PACK_LISTS]);
	json_put_c(&w, "sha256", hex);
	json_close_object(&w);
	return share_note(x->h, by, CANDIDATE_KIND, SPAN(""), text_as_span(&t), why);
}

static enum err export_from(struct exporting *x, const struct who *by, int64_t number,
			    struct cause *why)
{
	enum err e = ERR_NONE;

	if (number) {
		e = read_candidate(x, by, number, why);
	} else {
		memcpy(x->part, x->now->archive, sizeof(x->part));
		memcpy(x->hash, x->now->hash, sizeof(x->hash));
	}
	if (e)
		return e;
	write_payload(x);
	e = note_export(x, by, number, why);
	return e ? e : write_bundle(x, why);
}

enum err hub_export_rules(struct hub *h, struct text *to, const struct who *by, int64_t number,
			  struct cause *why)
{
	struct exporting x = {.h = h, .to = to};
	struct inforce *now;
	enum err e;

	if (!who_is(by, ROLE_ANALYST))
		return fail(why, ERR_DENIED, "rules are exported by people with the role analyst");
	now = house_inforce(h);
	x.now = now;
	e = now ? export_from(&x, by, number, why)
		: fail(why, ERR_NOT_FOUND, "no pack is in force");
	inforce_release(now);
	return e;
}

/* ---- importing ---- */

struct importing {
	struct arena *a;
	const struct inforce *base;
	const struct json *bundle, *payload;
	struct span country;
	int64_t exported_at;
	struct pack_file file[LIMIT_PACK_FILES + 1]; /* of the rules that come of it */
	uint32_t n;
	struct span lists;
	const struct trusted_key *by;
	struct share *to;
	const char *fault;
};

static bool letters(struct span s)
{
	return s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z';
}

static bool plain_name(struct span s)
{
	enum { NAME_BYTES = 100 };

	for (uint32_t i = 0; i < s.n; i++) {
		const char c = s.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_' || c == '.'))
			return false;
	}
	return s.n > 0 && s.n <= NAME_BYTES;
}

static struct span prefix_of(const struct importing *x)
{
	return span_of(arena_print(x->a, "shared-%.*s-", SPAN_ARG(x->country)));
}

/* The line that a file of rules begins with once it was imported: a remark of the rules' language. */
#define SHARED_BY SPAN("# shared by ")
#define SHARED_AT SPAN(" at ")

/* What stands here of a country gives way to what the same key signed later. Otherwise whoever has a trusted key could take the
 * rules of another country away, and a bundle of last year, which is signed as well, would bring back what was withdrawn. */
static void supersede(struct importing *x, struct span old)
{
	struct span line = span_cut(&old, '\n'), key, at;
	int64_t then;

	if (!span_starts(line, SHARED_BY))
		return; /* of before files said so */
	key = (struct span){line.p + SHARED_BY.n, line.n - SHARED_BY.n, 0};
	at = key;
	key = span_cut(&at, ' ');
	if (!span_starts(at, (struct span){SHARED_AT.p + 1, SHARED_AT.n - 1, 0}))
		return;
	at.p += SHARED_AT.n - 1;
	at.n -= SHARED_AT.n - 1;
	if (moment_parse(at, &then))
		return;
	if (!span_equal(key, x->by->key))
		x->fault = "what stands here of that country was signed with another key: propose "
			   "rules without it first";
	else if (x->exported_at < then)
		x->fault = "it is older than what stands here of that country";
}

/* One's own rules, but for what came from there before. */
static void keep_own(struct importing *x)
{
	const struct span prefix = prefix_of(x);
	struct pack_file *own;
	uint32_t n;

	if (!x->base->archive[PACK_RULES].n ||
	    pack_open(x->a, x->base->archive[PACK_RULES], &own, &n))
		return;
	for (uint32_t i = 0; i < n && x->n < LIMIT_PACK_FILES; i++)
		if (!span_starts(own[i].name, prefix))
			x->file[x->n++] = own[i];
		else
			supersede(x, own[i].bytes);
}

static struct span signed_text(const struct importing *x, struct span text)
{
	struct text t = text_in(x->a);

	text_span(&t, SHARED_BY);
	text_span(&t, x->by->key);
	text_span(&t, SHARED_AT);
	moment_write(&t, x->exported_at);
	text_char(&t, '\n');
	text_span(&t, text);
	return text_as_span(&t);
}

static void take_file(struct importing *x, const struct json *f)
{
	const struct span name = json_get_text(f, "name"), text = json_get_text(f, "text"),
			  prefix = prefix_of(x);
	struct span of;

	if (!plain_name(name) ||
	    (pack_part_of(name) != PACK_RULES && !span_is(name, "lists.csv"))) {
		x->fault = "it holds a file that is neither of rules nor of lists";
		return;
	}
	if (pack_part_of(name) != PACK_RULES) {
		x->lists = text;
		return;
	}
	/* what it imported itself is not passed on under two countries' names */
	of = span_starts(name, prefix)
		 ? name
		 : span_of(arena_print(x->a, "%.*s%.*s", SPAN_ARG(prefix), SPAN_ARG(name)));
	for (uint32_t i = 0; i < x->n; i++)
		if (span_equal(x->file[i].name, of))
			x->fault = "it holds a file twice";
	if (x->n == LIMIT_PACK_FILES)
		x->fault = "more files than a pack has";
	else
		x->file[x->n++] = (struct pack_file){of, signed_text(x, text)};
}

static void take_row(struct importing *x, struct text *to, const struct csv *own,
		     const struct csv *theirs)
{
	(void)x;
	for (uint32_t i = 0; i < own->columns; i++) {
		int from = -1;

		for (uint32_t k = 0; k < theirs->columns && from < 0; k++)
			if (span_equal(theirs->names[k], own->names[i]))
				from = (int)k;
		if (i)
			text_char(to, ',');
		if (from >= 0)
			csv_put(to, theirs->fields[from], ',');
	}
	text_char(to, '\n');
}

/* Their lists behind one's own, but for those of names that one has: what a rule means by a list is one's own affair. */
static void join_lists(struct importing *x, struct span own_lists)
{
	struct text t = text_in(x->a);
	struct codec_fault fault;
	struct pack_file file;
	struct csv own, theirs;
	int list;
	enum err e;

	text_span(&t, own_lists);
	if (t.n && t.p[t.n - 1] != '\n')
		text_char(&t, '\n');
	if (csv_open(x->a, own_lists, &own, &fault) || csv_open(x->a, x->lists, &theirs, &fault) ||
	    (list = csv_column(&theirs, "list")) < 0) {
		x->fault = "its lists cannot be read";
		return;
	}
	while ((e = csv_next(&theirs, &fault)) == ERR_NONE)
		if (!ref_knows_list(x->base->ref, theirs.fields[list]))
			take_row(x, &t, &own, &theirs);
	if (e != ERR_NOT_FOUND) {
		x->fault = "its lists cannot be read";
		return;
	}
	file = (struct pack_file){SPAN("lists.csv"), text_as_span(&t)};
	x->to->part[PACK_LISTS] = pack_archive(x->a, &file, 1);
}

static struct span own_lists(struct importing *x)
{
	struct pack_file *own;
	uint32_t n;

	if (x->base->archive[PACK_LISTS].n &&
	    !pack_open(x->a, x->base->archive[PACK_LISTS], &own, &n) && n)
		return own[0].bytes;
	return SPAN("list,value,from,to,source\n");
}

static void write_report(struct importing *x)
{
	static const char *const told[] = {"country", "name",  "exported_at", "reason",
					   "pack",    "rules", "lists",       "evidence"};
	struct text t = text_in(x->a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put(&w, "public_key", x->by->key);
	json_put(&w, "trusted_as", x->by->name);
	json_put(&w, "signature", json_get_text(x->bundle, "signature"));
	for (size_t i = 0; i < ARRAY_LEN(told); i++) {
		const struct json *m = json_get(x->payload, told[i]);

		if (!m)
			continue;
		json_name(&w, told[i]);
		json_value(&w, m);
	}
	json_close_object(&w);
	x->to->report = text_as_span(&t);
}

static void compose(void *context)
{
	struct importing *x = context;
	const struct json *files = json_get(x->payload, "files");

	memcpy(x->to->part, x->base->archive, sizeof(x->to->part));
	keep_own(x);
	if (x->fault)
		return;
	for (const struct json *f = files ? files->first : NULL; f && !x->fault; f = f->next)
		take_file(x, f);
	if (x->fault)
		return;
	x->to->part[PACK_RULES] = pack_archive(x->a, x->file, x->n);
	if (x->lists.n)
		join_lists(x, own_lists(x));
	write_report(x);
}

/* Who signed it is looked at before what it says. */
static enum err verify_bundle(struct hub *h, struct importing *x, struct span bytes,
			      struct cause *why)
{
	struct span payload, key;
	struct codec_fault fault;
	struct signature signature;
	struct trusted_key *known;
	uint8_t public[32];
	uint32_t n;
	enum err e;

	if (json_read(x->a, bytes, &x->bundle, &fault))
		return fail(why, ERR_FORMAT, "this is no bundle of rules: %s", fault.text);
	payload = json_get_text(x->bundle, "payload");
	key = json_get_text(x->bundle, "public_key");
	if (!payload.n || !share_unhex(key, public, sizeof(public)) ||
	    !share_unhex(json_get_text(x->bundle, "signature"), signature.byte,
			 sizeof(signature.byte)))
		return fail(why, ERR_FORMAT, "this is no bundle of rules");
	if (!sign_verify(public, payload.p, payload.n, &signature))
		return fail(why, ERR_FORMAT, "the signature is not of this bundle: it was changed");
	e = share_trusted(h, x->a, &known, &n, why);
	if (e)
		return e;
	x->by = share_find(known, n, key);
	if (!x->by)
		return fail(why, ERR_DENIED,
			    "nobody trusts the key %.*s here: an administrator may", SPAN_ARG(key));
	if (json_read(x->a, payload, &x->payload, &fault) ||
	    !span_is(json_get_text(x->payload, "customhouse"), BUNDLE_FORM))
		return fail(why, ERR_FORMAT, "this is no bundle of rules of a known form");
	x->country = json_get_text(x->payload, "country");
	if (!letters(x->country))
		return fail(why, ERR_FORMAT, "the bundle does not say its country");
	if (span_equal(x->country, ref_country(x->base->ref)))
		return fail(why, ERR_FORMAT, "the bundle says that it is of one's own country");
	if (moment_parse(json_get_text(x->payload, "exported_at"), &x->exported_at) ||
	    x->exported_at > clock_now() + MICROS_A_DAY)
		return fail(why, ERR_FORMAT, "the bundle does not say when it was exported");
	return ERR_NONE;
}

enum err share_open(struct hub *h, struct arena *a, struct span bundle, const struct inforce *base,
		    struct share *ret, struct cause *why)
{
	struct importing *x = arena_try(a, sizeof(*x));
	enum err e;

	if (!x)
		return fail(why, ERR_NOMEM, "no memory for a bundle");
	*x = (struct importing){.a = a, .base = base, .to = ret};
	e = verify_bundle(h, x, bundle, why);
	if (!e && arena_run(a, compose, x))
		e = fail(why, ERR_LIMIT, "the bundle is larger than a pack may be");
	if (!e && x->fault)
		e = fail(why, ERR_FORMAT, "the bundle is refused: %s", x->fault);
	return e;
}
