/* People: made, changed, given a new password. Every change says in the hub's own chain who made it; names and secrets stay
 * out of it, so that they can be erased. */
#include "base/clock.h"
#include "hub/people/people_room.h"

enum { LOGIN_BYTES_MAX = 64, NAME_BYTES_MAX = 200, WORD_BYTES_MAX = 40, WORDS_MAX = 500 };

#define OUTSIDE (ROLE_TRADER | ROLE_BROKER | ROLE_CARRIER)
#define OFFICES (ROLE_OFFICER | ROLE_SUPERVISOR | ROLE_CASHIER)
/* Who watches, or hands out roles, has no other. */
#define ALONE   (ROLE_AUDITOR | ROLE_AGENCY | ROLE_ADMINISTRATOR)

/* ---- what a person may be ---- */

static bool login_sound(struct span s)
{
	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (!letter && (i == 0 || !memchr("._@-", c, 4)))
			return false;
	}
	return s.n >= 2 && s.n <= LOGIN_BYTES_MAX;
}

static bool words_sound(const struct who_list *list)
{
	for (uint32_t i = 0; i < list->n; i++) {
		struct span s = list->v[i];

		if (!s.n || s.n > WORD_BYTES_MAX)
			return false;
		for (uint32_t j = 0; j < s.n; j++)
			if (s.p[j] <= ' ' || s.p[j] > '~')
				return false;
	}
	return list->n <= WORDS_MAX;
}

/* Names that stand for something else where ids of parties stand: accounts of the state, the hub, customs' own notices. */
static bool parties_free(const struct who_list *list)
{
	static const char *const reserved[] = {"treasury", "hub", "operator"};

	for (uint32_t i = 0; i < list->n; i++) {
		if (memchr(list->v[i].p, '/', list->v[i].n))
			return false;
		for (size_t j = 0; j < ARRAY_LEN(reserved); j++)
			if (span_is(list->v[i], reserved[j]))
				return false;
	}
	return true;
}

static bool one_bit(unsigned bits)
{
	return bits && !(bits & (bits - 1));
}

static const char *roles_fault(const struct person *p)
{
	bool everybody = false;

	for (uint32_t i = 0; i < p->parties.n; i++)
		everybody |= span_is(p->parties.v[i], "*");
	if (!p->roles || p->roles & ~((1u << ROLES) - 1) || p->roles & ROLE_HUB)
		return "a person has at least one role";
	if (p->roles & OUTSIDE && p->roles & ~(unsigned)(OUTSIDE | ROLE_COMPANY))
		return "traders, brokers and carriers have no role of customs";
	if (p->roles & ROLE_COMPANY && !(p->roles & OUTSIDE))
		return "a company's administrator is its trader, broker or carrier, too";
	if (p->roles & ALONE && !one_bit(p->roles))
		return "auditor, agency and administrator each stand alone";
	if (!(p->roles & OUTSIDE) != !p->parties.n)
		return "traders, brokers and carriers, and only they, belong to parties";
	if (everybody && (p->parties.n > 1 || !(p->roles & ROLE_BROKER) || p->roles & ROLE_COMPANY))
		return "\"*\", for a gateway that signs its users in itself, is a broker's only "
		       "party";
	if (!(p->roles & OFFICES) != !p->offices.n)
		return "officers, supervisors and cashiers, and only they, have offices";
	if (!(p->roles & ROLE_AGENCY) != !p->agency.n)
		return "an agency's user, and no other, has an agency";
	return NULL;
}

static const char *person_fault(const struct person *p)
{
	const struct who_list agency = {&p->agency, p->agency.n ? 1 : 0};

	if (!login_sound(p->login))
		return "a login has 2 to 64 of a-z 0-9 . _ @ - and begins with a letter or digit";
	if (span_is(p->login, "operator") || span_is(p->login, "hub"))
		return "this login is the hub's own";
	if (p->name.n > NAME_BYTES_MAX || !span_valid_utf8(p->name))
		return "a name has at most 200 bytes";
	if (!words_sound(&p->offices) || !words_sound(&p->parties) || !words_sound(&agency))
		return "an office, party or agency has 1 to 40 printable characters without a "
		       "blank";
	if (!parties_free(&p->parties))
		return "no company has an id with a slash, or one that customs keeps for itself";
	return roles_fault(p);
}

/* ---- between a row and a person ---- */

static enum err read_row(struct arena *a, const struct store_person *row, struct person *ret)
{
	struct who who;
	enum err e = directory_who(a, row, &who);

	if (e)
		return e;
	*ret = (struct person){.login = row->login,
			       .name = row->name,
			       .roles = who.roles,
			       .offices = who.offices,
			       .parties = who.parties,
			       .agency = row->agency,
			       .disabled = row->disabled,
			       .must_change = row->must_change,
			       .created_at = row->created_at,
			       .changed_at = row->changed_at};
	return ERR_NONE;
}

static enum err write_row(struct arena *a, const struct person *p, struct span secret,
			  struct store_person *ret)
{
	char roles[120];
	enum err e;

	people_names(p->roles, ROLES, role_name, roles);
	*ret = (struct store_person){.login = p->login,
				     .name = p->name,
				     .agency = p->agency,
				     .disabled = p->disabled,
				     .must_change = p->must_change,
				     .secret = secret,
				     .created_at = p->created_at,
				     .changed_at = p->changed_at};
	e = people_copy(a, span_of(roles), &ret->roles);
	if (!e)
		e = people_join(a, &p->offices, &ret->offices);
	return e ? e : people_join(a, &p->parties, &ret->parties);
}

static void describe(const struct change *c, struct json_writer *w)
{
	const struct store_person *p = c->person;

	json_put(w, "login", p->login);
	json_put(w, "roles", p->roles);
	json_put(w, "offices", p->offices);
	json_put(w, "parties", p->parties);
	json_put(w, "agency", p->agency);
	json_put_bool(w, "disabled", p->disabled);
}

/* ---- changes; the caller has p->changing ---- */

static enum err hash_password(struct hub *h, struct arena *a, struct span password,
			      struct span *ret, struct cause *why)
{
	char hash[PASSWORD_HASH_BYTES];
	enum err e;

	pthread_mutex_lock(&h->people->hashing);
	e = password_hash(password, hash);
	pthread_mutex_unlock(&h->people->hashing);
	h->people->hashed++;
	if (e)
		return fail(why, e, "no memory for a password's hash");
	e = people_copy(a, span_of(hash), ret);
	return e ? fail(why, e, "no memory") : ERR_NONE;
}

static enum err make_password(struct hub *h, struct arena *a, struct span *ret_password,
			      struct span *ret_hash, struct cause *why)
{
	char made[PASSWORD_MADE_BYTES];
	enum err e;

	password_make(made);
	e = people_copy(a, span_of(made), ret_password);
	return e ? fail(why, e, "no memory") : hash_password(h, a, *ret_password, ret_hash, why);
}

/* p->changed_at: as it was read; 0: the person is new. */
static enum err commit_person(struct hub *h, struct arena *a, const struct who *by,
			      const struct person *p, struct span secret, const char *what,
			      bool sign_out, struct cause *why)
{
	struct change c = {
	    .kind = SPAN("person"), .actor = by->user, .describe = describe, .what = what};
	struct store_person row;
	struct store_session *session;
	const char *fault = person_fault(p);
	enum err e;

	if (fault)
		return fail(why, ERR_FORMAT, "%s", fault);
	e = write_row(a, p, secret, &row);
	if (!e && sign_out)
		e = directory_list_sessions(h->people->directory, a, p->login, &session, &c.ends);
	if (e)
		return fail(why, e, "no memory");
	row.changed_at = clock_now();
	c.person = &row;
	c.based_on = p->changed_at;
	c.end_sessions = sign_out ? session : NULL;
	return people_commit(h, &c, why);
}

static enum err add(struct hub *h, struct arena *a, const struct who *by, struct person *p,
		    struct span secret, struct cause *why)
{
	struct store_person was;
	enum err e = directory_get_person(h->people->directory, a, p->login, &was);

	if (!e)
		return fail(why, ERR_CONFLICT, "the login %.*s is taken", SPAN_ARG(p->login));
	if (e != ERR_NOT_FOUND)
		return fail(why, e, "no memory");
	e = people_may_make(h, by, p, true, why);
	if (e)
		return e;
	if (directory_people(h->people->directory) >= PEOPLE_MAX)
		return fail(why, ERR_LIMIT, "a hub has at most %d people", PEOPLE_MAX);
	p->created_at = clock_now();
	return commit_person(h, a, by, p, secret, "add", false, why);
}

enum err hub_add_person(struct hub *h, struct arena *a, const struct who *by,
			const struct person *given, struct span *ret_password, struct cause *why)
{
	struct person p = *given;
	const char *fault = person_fault(&p);
	struct people *people;
	struct span secret;
	enum err e = people_of(h, &people, why);

	if (!e)
		e = people_demand(by, ROLE_ADMINISTRATOR | ROLE_COMPANY, why);
	if (!e && fault)
		e = fail(why, ERR_FORMAT, "%s", fault);
	/* before the slow hash; and again with the lock */
	if (!e)
		e = people_may_make(h, by, &p, true, why);
	if (!e)
		e = make_password(h, a, ret_password, &secret, why);
	if (e)
		return e;
	p.must_change = true;
	pthread_mutex_lock(&people->changing);
	e = add(h, a, by, &p, secret, why);
	pthread_mutex_unlock(&people->changing);
	return e;
}

static void merge(struct person *p, const struct person_change *change)
{
	if (change->name)
		p->name = *change->name;
	if (change->agency)
		p->agency = *change->agency;
	if (change->roles)
		p->roles = *change->roles;
	if (change->offices)
		p->offices = *change->offices;
	if (change->parties)
		p->parties = *change->parties;
	if (change->disabled)
		p->disabled = *change->disabled;
}

/* As the store has them: what another node has just changed is in memory here a moment later. */
static enum err read_stored(struct hub *h, struct arena *a, struct span login,
			    struct store_person *ret, struct cause *why)
{
	struct store *s;
	enum err e = house_open_reader(h, &s, why);

	if (e)
		return e;
	e = store_get_person(s, a, login, ret, why);
	house_close_reader(h, s);
	return e;
}

static enum err find(struct hub *h, struct arena *a, struct span login, struct store_person *ret,
		     struct cause *why)
{
	const enum err e = h->node ? read_stored(h, a, login, ret, why)
				   : directory_get_person(h->people->directory, a, login, ret);

	return e == ERR_NOT_FOUND ? fail(why, e, "there is no such person") : e;
}

static enum err change_found(struct hub *h, struct arena *a, const struct who *by,
			     struct span login, const struct person_change *change,
			     struct cause *why)
{
	struct store_person row = {0};
	struct person p;
	enum err e = find(h, a, login, &row, why);

	if (!e)
		e = people_may_change(by, &row, why);
	if (!e)
		e = read_row(a, &row, &p);
	if (e)
		return e;
	merge(&p, change);
	e = people_may_make(h, by, &p, false, why);
	if (e)
		return e;
	return commit_person(h, a, by, &p, row.secret, p.disabled ? "disable" : "change",
			     p.disabled, why);
}

enum err hub_change_person(struct hub *h, struct arena *a, const struct who *by, struct span login,
			   const struct person_change *change, struct cause *why)
{
	struct people *people;
	enum err e = people_of(h, &people, why);

	if (!e)
		e = people_demand(by, ROLE_ADMINISTRATOR | ROLE_COMPANY, why);
	/* An administrator who takes the role from themselves, or disables themselves, may leave nobody who could give it
	 * back. */
	if (!e && span_equal(by->user, login) && (change->roles || change->disabled))
		e = fail(why, ERR_DENIED,
			 "nobody changes their own roles: ask another administrator");
	if (e)
		return e;
	pthread_mutex_lock(&people->changing);
	e = change_found(h, a, by, login, change, why);
	pthread_mutex_unlock(&people->changing);
	return e;
}

static enum err reset_found(struct hub *h, struct arena *a, const struct who *by, struct span login,
			    struct span secret, struct cause *why)
{
	struct store_person row = {0};
	struct person p;
	enum err e = find(h, a, login, &row, why);

	if (!e)
		e = people_may_change(by, &row, why);
	if (!e)
		e = read_row(a, &row, &p);
	if (e)
		return e;
	p.must_change = true;
	return commit_person(h, a, by, &p, secret, "reset", true, why);
}

enum err people_check(const struct person *p, struct cause *why)
{
	const char *fault = person_fault(p);

	return fault ? fail(why, ERR_FORMAT, "%s", fault) : ERR_NONE;
}

/* A first password that its owner never changed was known to whoever gave it: it opens nothing once they come another way. */
static enum err drop_password(struct hub *h, struct arena *a, struct store_person *row,
			      struct cause *why)
{
	struct person p;
	enum err e = read_row(a, row, &p);

	if (e)
		return fail(why, e, "no memory");
	p.must_change = false;
	e = commit_person(h, a, who_operator(), &p, SPAN(""), "vouch", false, why);
	row->must_change = false;
	return e;
}

static bool same_words(const struct who_list *a, const struct who_list *b)
{
	for (uint32_t i = 0; i < a->n && a->n == b->n; i++)
		if (!span_equal(a->v[i], b->v[i]))
			return false;
	return a->n == b->n;
}

/* What stands with the person becomes what the provider's groups say, as an event where it is something else. */
static enum err follow_groups(struct hub *h, struct arena *a, const struct person *as,
			      struct store_person *row, struct cause *why)
{
	struct person p;
	enum err e = read_row(a, row, &p);

	if (e)
		return fail(why, e, "no memory");
	if (p.roles & ROLE_ADMINISTRATOR)
		return ERR_NONE;
	if (!as->roles)
		return fail(why, ERR_DENIED, "no group of this person has roles in the hub");
	if (p.roles == as->roles && same_words(&p.offices, &as->offices) &&
	    same_words(&p.parties, &as->parties) && !p.agency.n)
		return ERR_NONE;
	p.roles = as->roles;
	p.offices = as->offices;
	p.parties = as->parties;
	p.agency = SPAN("");
	e = commit_person(h, a, who_operator(), &p, row->secret, "groups", false, why);
	return e ? e : find(h, a, p.login, row, why);
}

static enum err add_vouched(struct hub *h, struct arena *a, struct span login,
			    const struct vouched *v, struct store_person *ret, struct cause *why)
{
	struct person p = v->as;
	enum err e;

	if (!p.roles)
		return fail(why, ERR_DENIED,
			    v->follows ? "no group of this person has roles in the hub"
				       : "the hub does not know this person");
	p.login = login;
	e = add(h, a, who_operator(), &p, SPAN(""), why);
	return e ? e : find(h, a, login, ret, why);
}

enum err people_vouched(struct hub *h, struct arena *a, struct span login, const struct vouched *v,
			struct store_person *ret, struct cause *why)
{
	enum err e = directory_get_person(h->people->directory, a, login, ret);

	if (e == ERR_NOT_FOUND)
		return add_vouched(h, a, login, v, ret, why);
	if (e)
		return fail(why, e, "no memory");
	if (ret->disabled)
		return fail(why, ERR_DENIED, "this person is disabled");
	if (v->follows)
		e = follow_groups(h, a, &v->as, ret, why);
	return e || !ret->must_change ? e : drop_password(h, a, ret, why);
}

enum err hub_reset_person(struct hub *h, struct arena *a, const struct who *by, struct span login,
			  struct span *ret_password, struct cause *why)
{
	struct people *people;
	struct store_person row = {0};
	struct span secret;
	enum err e = people_of(h, &people, why);

	if (!e)
		e = people_demand(by, ROLE_ADMINISTRATOR | ROLE_COMPANY, why);
	if (!e)
		e = find(h, a, login, &row, why);
	if (!e)
		e = people_may_change(by, &row, why);
	if (!e)
		e = make_password(h, a, ret_password, &secret, why);
	if (e)
		return e;
	pthread_mutex_lock(&people->changing);
	e = reset_found(h, a, by, login, secret, why);
	pthread_mutex_unlock(&people->changing);
	return e;
}

enum err people_set_password(struct hub *h, struct arena *a, const struct store_person *row,
			     struct span password, const struct hash *spare, struct cause *why)
{
	struct store_person changed = *row;
	struct change c = {.kind = SPAN("person"),
			   .actor = row->login,
			   .describe = describe,
			   .what = "password",
			   .spare = spare};
	struct store_session *session;
	enum err e = hash_password(h, a, password, &changed.secret, why);

	if (e)
		return e;
	changed.must_change = false;
	changed.changed_at = clock_now();
	c.based_on = row->changed_at;
	e = directory_list_sessions(h->people->directory, a, row->login, &session, &c.ends);
	if (e)
		return fail(why, e, "no memory");
	c.person = &changed;
	c.end_sessions = session;
	return people_commit(h, &c, why);
}

enum err people_add_first(struct hub *h, struct arena *a, struct span login, struct span password,
			  struct cause *why)
{
	struct person p = {.login = login, .roles = ROLE_ADMINISTRATOR};
	struct span secret;
	enum err e = hash_password(h, a, password, &secret, why);

	return e ? e : add(h, a, who_operator(), &p, secret, why);
}

/* ---- looking ---- */

enum err hub_get_person(struct hub *h, struct arena *a, const struct who *by, struct span login,
			struct person *ret, struct cause *why)
{
	struct people *people;
	struct store_person row = {0};
	enum err e = people_of(h, &people, why);

	if (!e)
		e = people_demand(by, ROLE_ADMINISTRATOR | ROLE_COMPANY | ROLE_AUDITOR, why);
	if (!e)
		e = find(h, a, login, &row, why);
	if (!e)
		e = people_may_change(by, &row, why);
	return e ? e : read_row(a, &row, ret);
}

enum err hub_list_people(struct hub *h, struct arena *a, const struct who *by, struct span after,
			 uint32_t limit, struct person **ret, uint32_t *ret_count,
			 struct cause *why)
{
	struct directory_filter colleagues;
	struct people *people;
	struct store_person *row;
	struct person *p;
	enum err e = people_of(h, &people, why);

	if (!e)
		e = people_demand(by, ROLE_ADMINISTRATOR | ROLE_COMPANY | ROLE_AUDITOR, why);
	if (e)
		return e;
	e = directory_list_people(people->directory, a, after, limit,
				  people_filter(by, &colleagues), &row, ret_count);
	p = e ? NULL : arena_try(a, sizeof(*p) * (*ret_count + 1));
	if (!p)
		return fail(why, people_no_room(a), "no memory for a list of people");
	for (uint32_t i = 0; i < *ret_count && !e; i++)
		e = read_row(a, &row[i], &p[i]);
	*ret = p;
	return e;
}
