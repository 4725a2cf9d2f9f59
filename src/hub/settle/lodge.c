/* In whose name a signed-in sender hands in: its own company's, or that of a trader who gave it an authority. Asked in the
 * writer's transaction, so that an authority that is revoked counts from the next message on. What is refused is not stored:
 * nobody who has no say in a company can put a case on its account. */
#include "hub/house.h"
#include "hub/people/people_room.h"

/* From "importer/ID" or "declarant/ID": the id. */
static struct span bare(struct span holder)
{
	struct span rest = holder;

	span_cut(&rest, '/');
	return rest.p ? rest : SPAN("");
}

static bool is_free(const struct job *j)
{
	const struct who *who = j->submission->who;

	return !who || people_operator(who);
}

static enum err deny(struct job *j, const struct cause *detail)
{
	j->submission->outcome.kind = OUTCOME_DENIED;
	j->submission->outcome.cause = *detail;
	j->settled = true;
	return ERR_NONE;
}

/* ERR_DENIED with its detail in *ret_detail; other errors fail the batch. */
static enum err ask(struct batch *b, struct job *j, const struct span *party, uint32_t n,
		    struct span *ret_as, struct cause *ret_detail)
{
	char day[11];

	people_day(j->facts.legal_day, day);
	return scope_lodge(b->h->store, j->submission->arena, &b->authorities, j->submission->who,
			   party, n, span_of(day), ret_as, ret_detail);
}

uint32_t lodge_wants(struct batch *b, const struct job *j, struct scope_wanted ret[2])
{
	const struct span party[] = {bare(j->facts.holder), bare(j->facts.declarant_holder)};
	const struct who *who = j->submission->who;
	char *day;
	uint32_t n = 0;

	if (is_free(j) || !who_is(who, ROLE_BROKER))
		return 0;
	day = arena_alloc(b->h->batch_arena, 11);
	people_day(j->facts.legal_day, day);
	for (size_t i = 0; i < ARRAY_LEN(party); i++)
		if (party[i].n && !who_has_party(who, party[i]))
			ret[n++] = (struct scope_wanted){who, party[i], span_of(day)};
	return n;
}

enum err lodge_enter(struct batch *b, struct job *j, struct cause *why)
{
	const struct span party[] = {bare(j->facts.holder), bare(j->facts.declarant_holder)};
	struct cause detail = {0};
	struct span as;
	enum err e;

	if (is_free(j))
		return ERR_NONE;
	e = ask(b, j, party, ARRAY_LEN(party), &as, &detail);
	if (e == ERR_DENIED)
		return deny(j, &detail);
	if (e) {
		*why = detail;
		return e;
	}
	/* A gateway names who sends; who stands for companies sends as one of them. */
	if (!who_has_every_party(j->submission->who))
		j->facts.sender = as;
	return ERR_NONE;
}

enum err lodge_request(struct batch *b, struct job *j, bool *ret_may, struct cause *why)
{
	const struct span party = bare(j->before.holder);
	struct cause detail = {0};
	struct span as;
	enum err e;

	*ret_may = j->submission->authored || span_equal(j->before.sender, j->facts.sender);
	if (is_free(j))
		return ERR_NONE;
	*ret_may = who_has_party(j->submission->who, j->before.sender);
	if (!*ret_may)
		return ERR_NONE;
	j->facts.sender = j->before.sender;
	e = ask(b, j, &party, 1, &as, &detail);
	*ret_may = !e;
	if (!e || e == ERR_DENIED)
		return ERR_NONE;
	*why = detail;
	return e;
}

enum err lodge_amended(struct batch *b, struct job *j, struct cause *why)
{
	const struct declaration *d = j->amended ? &j->amended->declaration : NULL;
	struct cause detail = {0};
	struct span party[2], as;
	enum err e;

	if (is_free(j) || !d)
		return ERR_NONE;
	party[0] =
	    declaration_direction(d) == DIRECTION_EXPORT ? d->exporter.id : d->shipment.importer.id;
	party[1] = d->declarant.id;
	e = ask(b, j, party, ARRAY_LEN(party), &as, &detail);
	if (e == ERR_DENIED)
		return deny(j, &detail);
	if (e)
		*why = detail;
	return e;
}

enum err lodge_persist(struct batch *b, const struct job *j, const struct store_declaration *row,
		       struct cause *why)
{
	/* An officer who makes a version is no party to it. */
	const struct span party[] = {bare(j->facts.holder), bare(j->facts.declarant_holder),
				     j->submission->authored ? SPAN("") : j->facts.sender};
	enum err e = ERR_NONE;

	for (size_t i = 0; i < ARRAY_LEN(party) && !e; i++)
		if (party[i].n)
			e = store_put_case_party(
			    b->h->store,
			    &(struct store_case_party){party[i], row->reference, row->office}, why);
	return e;
}
