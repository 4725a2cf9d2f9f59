#include "hub/edition/candidate.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/limits.h"
#include "codec/tar.h"
#include "hub/edition/share.h"
#include "hub/edition/validation.h"
#include "hub/house.h"
#include "hub/node/follow.h"

static const char *const steps[] = {[CANDIDATE_APPROVED] = "approved",
				    [CANDIDATE_REFUSED] = "refused",
				    [CANDIDATE_WITHDRAWN] = "withdrawn"};

/* ---- events ---- */

/* One step, in the writer's thread: what is written, and where. */
struct step {
	struct hub *h;
	struct arena *a; /* of who asks */
	const struct who *by;
	struct span actor;
	int64_t now;
	struct span payload;
	struct store_candidate row;
	/* proposed */
	const struct inforce *pack;
	struct span validation;
	struct span imported; /* where it came from; empty: it was made here */
	/* decided */
	int64_t number;
	enum candidate_step what;
	struct span reason;
	struct pack_activation activation;
	/* a report */
	struct store_candidate_report report;
};

static enum err append(struct step *x, int64_t *ret_seq, struct cause *why)
{
	struct office *o = house_office(x->h, HUB_OFFICE);
	struct event e = {.kind = CANDIDATE_KIND,
			  .reference = SPAN(""),
			  .at = x->now,
			  .actor = x->actor,
			  .payload = x->payload};
	enum err err = o ? house_read_office(x->h, o, why)
			 : fail(why, ERR_LIMIT, "more offices than one hub keeps");

	if (!err)
		err = house_append(x->h, o, &e, NULL, why);
	*ret_seq = e.seq;
	return err;
}

/* ---- proposing ---- */

static void put_hashes(struct json_writer *w, const struct span hash[PACK_PARTS])
{
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		json_put(w, pack_part_name(p), hash[p]);
}

static struct span write_proposal(struct arena *a, const struct store_candidate *row,
				  struct span imported)
{
	const struct hash sha256 = hash_bytes(imported.p, imported.n);
	char hex[65];
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put_c(&w, "step", "proposed");
	put_hashes(&w, row->hash);
	json_name(&w, "base");
	json_open_object(&w);
	put_hashes(&w, row->base);
	json_close_object(&w);
	json_put(&w, "from_day", row->from_day);
	json_put(&w, "reason", row->reason);
	hash_hex(&sha256, hex);
	if (imported.n) /* of the report "import", which says whose it is */
		json_put_c(&w, "import_sha256", hex);
	json_close_object(&w);
	return text_as_span(&t);
}

static enum err propose(struct store *s, void *context, struct cause *why)
{
	struct step *x = context;
	enum err e = ERR_NONE;

	for (enum pack_part p = 0; p < PACK_PARTS && !e; p++) {
		struct span bytes = x->pack->archive[p];
		struct hash hash = hash_bytes(bytes.p, bytes.n);

		e = store_put_version(s, span_of(pack_part_name(p)), &hash, bytes, x->now, why);
	}
	if (!e)
		e = append(x, &x->row.number, why);
	x->row.seq = x->row.number;
	x->row.proposed_at = x->now;
	if (!e)
		e = store_put_candidate(s, &x->row, why);
	x->report = (struct store_candidate_report){x->row.number, SPAN("validation"), x->now,
						    x->row.seq, x->validation};
	if (!e)
		e = store_put_candidate_report(s, &x->report, why);
	x->report = (struct store_candidate_report){x->row.number, SPAN("import"), x->now,
						    x->row.seq, x->imported};
	if (!e && x->imported.n)
		e = store_put_candidate_report(s, &x->report, why);
	return e ? e : house_sign_roots(x->h, x->now, why);
}

static enum err propose_now(struct hub *h, void *context, struct cause *why)
{
	struct step *x = context;

	x->now = clock_now();
	return house_commit(h, propose, x, why);
}

/* The pack of an archive: its three parts. */
struct unpacking {
	struct arena *a;
	struct span archive;
	const struct inforce *base; /* what is left out is taken from there; NULL: nothing is */
	struct pack_faults *faults;
	struct span part[PACK_PARTS];
	const char *text;
	enum err err;
};

static void unpack(void *context)
{
	struct unpacking *u = context;
	struct pack_file *file[PACK_PARTS];
	uint32_t n[PACK_PARTS] = {0}, files;
	struct map seen = map_in(u->a);
	struct tar_file *tar;

	u->err = tar_read(u->a, u->archive, LIMIT_PACK_FILES, &tar, &files, &u->text);
	if (u->err)
		return;
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		file[p] = ARENA_ARRAY(u->a, struct pack_file, files);
	for (uint32_t i = 0; i < files; i++) {
		enum pack_part p = pack_part_of(tar[i].name);

		if (tar[i].name.n && tar[i].name.p[0] == '.')
			continue;
		if (tar[i].name.n > 3 && !memcmp(tar[i].name.p + tar[i].name.n - 3, ".md", 3))
			continue;
		if (map_put(&seen, tar[i].name, &tar[i]) || p == PACK_PARTS)
			pack_fault(u->faults, tar[i].name, 0, 0, "file.unknown",
				   "no part of a pack has this name, or it comes twice");
		else
			file[p][n[p]++] = (struct pack_file){tar[i].name, tar[i].bytes};
	}
	if (u->faults->list.n) {
		u->err = ERR_FORMAT;
		return;
	}
	if (u->base && (n[PACK_TABLES] || !files)) {
		u->text =
		    "the archive is to hold rules (NAME.rules), lists.csv, or both, and no other "
		    "table";
		u->err = ERR_FORMAT;
		return;
	}
	if (!u->base && !n[PACK_TABLES]) {
		u->text = "the archive holds no pack: there is no pack.csv";
		u->err = ERR_FORMAT;
		return;
	}
	for (enum pack_part p = 0; p < PACK_PARTS; p++)
		u->part[p] =
		    u->base && !n[p] ? u->base->archive[p] : pack_archive(u->a, file[p], n[p]);
}

struct validating {
	struct arena *a;
	const struct inforce *pack;
	struct integrity found;
	struct span report;
};

static void validate(void *context)
{
	struct validating *v = context;
	struct text t = text_in(v->a);
	struct json_writer w = json_to(&t);

	ref_integrity(v->a, v->pack->ref, &v->found);
	json_open_object(&w);
	validation_write(&w, &v->found);
	json_close_object(&w);
	v->report = text_as_span(&t);
}

/* A bundle from elsewhere. */
static enum err load_shared(struct step *x, struct arena *a, struct span bundle,
			    const struct inforce *base, struct inforce **ret,
			    struct pack_faults *faults, struct cause *why)
{
	struct share share = {0};
	enum err e = share_open(x->h, a, bundle, base, &share, why);

	x->imported = share.report;
	return e ? e : inforce_load(share.part, ret, faults, why);
}

/* Loads what is proposed; its faults are told. */
static enum err load(struct step *x, struct arena *a, const struct candidate_proposal *p,
		     const struct inforce *base, struct inforce **ret, struct pack_faults *faults,
		     struct cause *why)
{
	struct unpacking u = {.a = a,
			      .archive = p->archive,
			      .base = p->form == CANDIDATE_TARGETING ? base : NULL,
			      .faults = faults};
	enum err e;

	if (p->form == CANDIDATE_SHARED)
		return load_shared(x, a, p->archive, base, ret, faults, why);
	e = arena_run(a, unpack, &u);

	if (e)
		return fail(why, e, "a pack may not be as large as this");
	if (u.err && u.text)
		return fail(why, ERR_FORMAT, "%s", u.text);
	if (u.err)
		return fail(why, u.err,
			    faults->list.n ? "the pack has faults" : "more files than a pack has");
	return inforce_load(u.part, ret, faults, why);
}

static enum err reason_sound(struct span reason, struct cause *why)
{
	if (!reason.n || reason.n > LIMIT_REASON_BYTES || !span_valid_utf8(reason))
		return fail(why, ERR_FORMAT, "a reason is wanted, of at most %d bytes",
			    LIMIT_REASON_BYTES);
	return ERR_NONE;
}

enum err candidate_demand(const struct who *by, bool tables, struct cause *why)
{
	if (who_is(by, ROLE_TARIFF) || (!tables && who_is(by, ROLE_ANALYST)))
		return ERR_NONE;
	return fail(why, ERR_DENIED,
		    tables ? "this is for people with the role tariff"
			   : "this is for people with the role analyst or tariff");
}

static enum err check_proposal(const struct who *by, const struct candidate_proposal *p,
			       struct cause *why)
{
	int32_t day;
	enum err e = candidate_demand(by, p->form == CANDIDATE_PACK, why);

	if (!e)
		e = reason_sound(p->reason, why);
	if (!e && p->from_day.n && day_parse(p->from_day, &day))
		e = fail(why, ERR_FORMAT, "the first day is no day of the calendar");
	return e;
}

static struct span hash_of(const struct inforce *i, enum pack_part p)
{
	return span_of(i->hash[p]);
}

static void copy_faults(struct pack_faults *to, const struct pack_faults *from)
{
	for (uint32_t i = 0; i < from->list.n; i++) {
		const struct pack_fault *f = &from->list.v[i];
		const char *file = arena_copy(to->arena, f->file.p, f->file.n);

		pack_fault(to, (struct span){file, f->file.n, 0}, f->line, f->column, f->rule, "%s",
			   f->text);
	}
}

/* With a pack that was loaded; big has room for what a tariff's check takes. */
static enum err propose_loaded(struct step *x, struct arena *big, struct pack_faults *faults,
			       const struct inforce *base, struct cause *why)
{
	struct validating v = {.a = big, .pack = x->pack};
	enum err e;

	BUG_ON(!x->pack || !base);
	e = arena_run(big, validate, &v);
	if (e)
		return fail(why, e, "no memory to check the tariff");
	x->validation = v.report;
	if (integrity_refuses(&v.found)) {
		copy_faults(faults, &v.found.faults);
		return fail(why, ERR_FORMAT, "the tariff breaks rules that it must keep");
	}
	for (enum pack_part p = 0; p < PACK_PARTS; p++) {
		x->row.hash[p] = hash_of(x->pack, p);
		x->row.base[p] = hash_of(base, p);
	}
	if (!memcmp(base->hash, x->pack->hash, sizeof(base->hash)))
		return fail(why, ERR_CONFLICT, "this pack is in force already");
	x->payload = write_proposal(x->a, &x->row, x->imported);
	return settle_control(x->h, propose_now, x, why);
}

enum err hub_propose_pack(struct hub *h, struct arena *a, const struct who *by,
			  const struct candidate_proposal *p, struct pack_faults *faults,
			  int64_t *ret_number, struct cause *why)
{
	struct step x = {.h = h, .a = a, .by = by, .actor = by->user};
	struct arena *big = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	struct inforce *pack = NULL, *base = house_inforce(h);
	enum err e = check_proposal(by, p, why);

	if (!e && !big)
		e = fail(why, ERR_NOMEM, "no memory for a pack");
	if (!e && !base)
		e = fail(why, ERR_NOT_FOUND, "no pack is in force");
	if (!e)
		e = load(&x, big, p, base, &pack, faults, why);
	if (e) {
		inforce_release(base);
		arena_free(big);
		return e;
	}
	x.pack = pack;
	x.row = (struct store_candidate){.state = SPAN("proposed"),
					 .from_day = p->from_day.p ? p->from_day : SPAN(""),
					 .proposed_by = by->user,
					 .reason = p->reason,
					 .decided_by = SPAN(""),
					 .decided_reason = SPAN("")};
	e = propose_loaded(&x, big, faults, base, why);
	inforce_release(base);
	inforce_release(pack);
	arena_free(big);
	if (!e)
		*ret_number = x.row.number;
	return e;
}

/* ---- deciding ---- */

static struct span write_step(struct arena *a, const char *step, int64_t number, struct span reason)
{
	struct text t = text_in(a);
	struct json_writer w = json_to(&t);

	json_open_object(&w);
	json_put_c(&w, "step", step);
	json_put_int(&w, "candidate", number);
	json_put(&w, "reason", reason);
	json_close_object(&w);
	return text_as_span(&t);
}

static enum err may_decide(const struct step *x, const struct store_candidate *row,
			   struct cause *why)
{
	const bool own = span_equal(row->proposed_by, x->by->user);

	if (x->what == CANDIDATE_WITHDRAWN && !own)
		return fail(why, ERR_DENIED, "who proposed it withdraws it; others refuse it");
	if (x->what != CANDIDATE_WITHDRAWN && own)
		return fail(why, ERR_DENIED,
			    "a second person approves or refuses what you proposed");
	if (!span_is(row->state, "proposed"))
		return fail(why, ERR_CONFLICT, "it was %.*s before", SPAN_ARG(row->state));
	return ERR_NONE;
}

/* What it was compared with is still what holds. */
static enum err base_holds(struct step *x, const struct store_candidate *row, struct cause *why)
{
	struct text day = text_in(x->a);

	day_write(&day, day_of(x->now, ref_zone_minutes(x->pack->ref)));
	for (enum pack_part p = 0; p < PACK_PARTS; p++) {
		struct store_activation now;
		char hex[65];
		enum err e = store_get_in_force(x->h->store, x->a, span_of(pack_part_name(p)),
						text_as_span(&day), INT64_MAX, &now, why);

		if (e)
			return e;
		hash_hex(&now.hash, hex);
		if (!span_is(row->base[p], hex))
			return fail(why, ERR_CONFLICT,
				    "another tariff has come in force since it was proposed: "
				    "propose it again");
	}
	return ERR_NONE;
}

static enum err approve(struct step *x, const struct store_candidate *row, struct cause *why)
{
	struct pack_activation *v = &x->activation;
	int32_t from = PACK_FROM_TODAY;
	enum err e = base_holds(x, row, why);

	if (e)
		return e;
	if (row->from_day.n && day_parse(row->from_day, &from))
		return fail(why, ERR_DB, "the candidate's first day cannot be read");
	*v = (struct pack_activation){.h = x->h,
				      .arena = x->a,
				      .pack = x->pack,
				      .actor = x->actor,
				      .candidate = x->number,
				      .now = x->now};
	if (packs_set_day(v, from, why)) {
		*why = (struct cause){0};
		return fail(why, ERR_CONFLICT,
			    "the day from which it should hold has passed: propose it again");
	}
	return packs_activate(v, why);
}

static enum err decide_step(struct store *s, void *context, struct cause *why)
{
	struct step *x = context;
	struct store_candidate row;
	/* the word first: it locks what every node's change locks, before anything is read */
	enum err e = x->h->node ? follow_tell(x->h, NEWS_PACK, SPAN(""), why) : ERR_NONE;

	if (!e)
		e = store_get_candidate(s, x->a, x->number, &row, why);
	if (!e)
		e = may_decide(x, &row, why);
	if (!e)
		e = append(x, &row.seq, why);
	if (!e && x->what == CANDIDATE_APPROVED)
		e = approve(x, &row, why);
	row.state = span_of(steps[x->what]);
	row.decided_by = x->by->user;
	row.decided_at = x->now;
	row.decided_reason = x->reason;
	if (!e)
		e = store_put_candidate(s, &row, why);
	return e ? e : house_sign_roots(x->h, x->now, why);
}

static enum err decide_now(struct hub *h, void *context, struct cause *why)
{
	struct step *x = context;
	enum err e;

	x->now = clock_now();
	e = house_commit(h, decide_step, x, why);
	if (!e && x->what == CANDIDATE_APPROVED)
		packs_activated(&x->activation);
	return e;
}

enum err hub_decide_candidate(struct hub *h, struct arena *a, const struct who *by, int64_t number,
			      enum candidate_step step, struct span reason, struct cause *why)
{
	struct step x = {.h = h,
			 .a = a,
			 .by = by,
			 .actor = by->user,
			 .number = number,
			 .what = step,
			 .reason = reason.p ? reason : SPAN("")};
	struct arena *big = arena_new((size_t)LIMIT_PACK_BYTES * 4);
	struct span archive[PACK_PARTS], base[PACK_PARTS];
	struct pack_faults faults = {.arena = a};
	struct inforce *pack = NULL;
	enum err e =
	    big ? candidate_demand(by, false, why) : fail(why, ERR_NOMEM, "no memory for a pack");

	if (!e && (step != CANDIDATE_APPROVED || reason.n))
		e = reason_sound(reason, why);
	if (!e)
		e = hub_get_candidate(h, big, by, number, archive, base, why);
	if (!e)
		e = candidate_demand(by, !span_equal(archive[PACK_TABLES], base[PACK_TABLES]), why);
	if (!e)
		e = inforce_load(archive, &pack, &faults, why);
	arena_free(big);
	if (e)
		return e;
	x.pack = pack;
	x.payload = write_step(a, steps[step], number, x.reason);
	e = settle_control(h, decide_now, &x, why);
	inforce_release(pack);
	return e;
}

/* ---- reports ---- */

static enum err attach(struct store *s, void *context, struct cause *why)
{
	struct step *x = context;
	enum err e = append(x, &x->report.seq, why);

	x->report.at = x->now;
	if (!e)
		e = store_put_candidate_report(s, &x->report, why);
	return e ? e : house_sign_roots(x->h, x->now, why);
}

static enum err attach_now(struct hub *h, void *context, struct cause *why)
{
	struct step *x = context;

	x->now = clock_now();
	return house_commit(h, attach, x, why);
}

struct span candidate_signed(struct arena *a, int64_t number, struct span kind, const char *sha256)
{
	return span_of(arena_print(a, "customhouse report\n%lld\n%.*s\n%s\n", (long long)number,
				   SPAN_ARG(kind), sha256));
}

struct signing {
	struct step *step;
	const struct keys *keys;
	bool failed;
};

/* The event of a report: its hash, signed, so that the report can be shown elsewhere. */
static void sign_report(void *context)
{
	struct signing *s = context;
	const struct store_candidate_report *r = &s->step->report;
	struct arena *a = s->step->a;
	const struct hash sha256 = hash_bytes(r->body.p, r->body.n);
	struct text t = text_in(a), key = text_in(a), digits = text_in(a);
	struct json_writer w = json_to(&t);
	struct signature signature;
	struct span what;
	char hex[65];

	hash_hex(&sha256, hex);
	what = candidate_signed(a, r->number, r->kind, hex);
	s->failed = sign_bytes(s->keys->sign_seed, what.p, what.n, &signature);
	if (s->failed)
		return;
	text_hex(&key, s->keys->sign_public, sizeof(s->keys->sign_public));
	text_hex(&digits, signature.byte, sizeof(signature.byte));
	json_open_object(&w);
	json_put_c(&w, "step", "report");
	json_put_int(&w, "candidate", r->number);
	json_put(&w, "kind", r->kind);
	json_put_c(&w, "sha256", hex);
	json_put(&w, "public_key", text_as_span(&key));
	json_put(&w, "signature", text_as_span(&digits));
	json_close_object(&w);
	s->step->payload = text_as_span(&t);
}

enum err hub_attach_report(struct hub *h, struct arena *a, struct span actor, int64_t number,
			   struct span kind, struct span body, struct cause *why)
{
	struct step x = {.h = h, .a = a, .actor = actor, .number = number};
	struct signing signing = {&x, &h->keys, false};

	x.report = (struct store_candidate_report){
	    .number = number, .kind = kind, .body = span_trim(body)};
	if (arena_run(a, sign_report, &signing))
		return fail(why, ERR_NOMEM, "no memory to sign a report");
	if (signing.failed)
		return fail(why, ERR_IO, "the signing key does not sign");
	return settle_control(h, attach_now, &x, why);
}
