/* A decision in words, for the three readers of promise 3. The fixed words are here, in English and French; texts of
 * findings come from dict/findings.def, those of rules from the pack, as they were written. */
#include "hub/settle/record.h"

#include "base/date.h"
#include "hub/hub.h"

struct explaining {
	struct text *to;
	const struct json *record;
	enum reader reader;
	struct span language;
	bool french;
	bool fallback; /* something was said in English although another language was asked for */
};

enum err reader_by_name(struct span s, enum reader *ret)
{
	static const char *const names[] = {
	    [READER_OFFICER] = "officer", [READER_AUDITOR] = "auditor", [READER_TRADER] = "trader"};

	for (uint32_t i = 0; i < ARRAY_LEN(names); i++)
		if (span_is(s, names[i])) {
			*ret = (enum reader)i;
			return ERR_NONE;
		}
	return ERR_USAGE;
}

static const char *in(const struct explaining *e, const char *english, const char *french)
{
	return e->french ? french : english;
}

/* ---- words of the record ---- */

struct word {
	const char *id, *english, *french;
};

static const struct word words[] = {
    /* states */
    {"accepted", "accepted", "acceptée"},
    {"cancelled", "cancelled", "annulée"},
    {"rejected", "rejected", "refusée"},
    {"released", "released", "mainlevée accordée"},
    /* may a preference be claimed? */
    {"no", "no", "non"},
    {"open", "open", "à établir"},
    {"yes", "yes", "oui"},
    /* severities */
    {"error", "error", "erreur"},
    {"info", "note", "note"},
    {"warning", "warning", "avertissement"},
    /* what lanes do: the same in every country */
    {"blue", "blue (release, audit later)", "bleu (mainlevée, contrôle ultérieur)"},
    {"green", "green (release)", "vert (mainlevée)"},
    {"none", "none", "aucun"},
    {"red", "red (examine the goods before release)",
     "rouge (examen des marchandises avant mainlevée)"},
    {"yellow", "yellow (check documents before release)",
     "jaune (contrôle documentaire avant mainlevée)"},
    /* holds */
    {"documents", "documents to be checked", "documents à contrôler"},
    {"inspection", "goods to be examined", "marchandises à examiner"},
    {"payment", "payment outstanding", "paiement attendu"},
    /* acts */
    {"check-documents", "check the documents", "contrôler les documents"},
    {"correct", "correct the errors and send the declaration again",
     "corriger les erreurs et renvoyer la déclaration"},
    {"examine-goods", "examine the goods", "examiner les marchandises"},
    {"pay", "pay the amount due", "payer le montant dû"},
    {"present-goods", "present the goods, and follow the instructions of the office",
     "présenter les marchandises et suivre les instructions du bureau"},
    {"take-goods", "the goods may be taken away", "les marchandises peuvent être enlevées"},
    /* states of a tax line */
    {"due", "due", "dû"},
    {"relieved", "relieved", "exonéré"},
    {"suspended", "suspended", "suspendu"},
    /* kinds of reasons */
    {"before", "lane of the version before", "circuit de la version précédente"},
    {"capacity", "capacity of the office", "capacité du bureau"},
    {"missed", "rules that hit without selection", "règles atteintes sans sélection"},
    {"random", "random selection", "sélection aléatoire"},
    {"rate", "expected rate of the lane", "taux attendu du circuit"},
    {"rule", "rule", "règle"},
};

/* A word of the record in the reader's language; one that is not listed, as it stands. */
static struct span word(const struct explaining *e, struct span id)
{
	for (uint32_t i = 0; i < ARRAY_LEN(words); i++)
		if (span_is(id, words[i].id))
			return span_of(in(e, words[i].english, words[i].french));
	return id;
}

/* ---- pieces ---- */

static void heading(const struct explaining *e, const char *english, const char *french)
{
	text_print(e->to, "\n%s\n", in(e, english, french));
}

static int64_t number(const struct json *object, const char *name)
{
	int64_t n;

	return json_get_int(object, name, &n) ? 0 : n;
}

static const struct json *members(const struct json *list)
{
	return list ? list->first : NULL;
}

static void put_case(const struct explaining *e)
{
	const struct json *r = e->record, *d = json_get(r, "declaration");
	const struct json *from = d ? d : r;
	struct span reference = json_get_text(from, "reference");

	text_print(
	    e->to, "%s %.*s, %s %lld", in(e, "Declaration", "Déclaration"),
	    SPAN_ARG(reference.n ? reference : span_of(in(e, "(not stored)", "(non enregistrée)"))),
	    in(e, "version", "version"), (long long)number(from, "version"));
	if (d)
		text_print(e->to, ", %s %.*s, %lld %s", in(e, "type", "type"),
			   SPAN_ARG(json_get_text(d, "type")), (long long)number(d, "items"),
			   in(e, "goods items", "articles"));
	text_print(e->to, "\n%s: %.*s\n%s: %.*s\n",
		   in(e, "Trader's reference", "Référence de l’opérateur "),
		   SPAN_ARG(json_get_text(from, "trader_reference")), in(e, "State", "État "),
		   SPAN_ARG(word(e, json_get_text(r, "state"))));
}

static void put_words(const struct explaining *e, const char *member)
{
	const struct json *w = members(json_get(e->record, member));

	if (!w)
		text_print(e->to, "  %s\n", in(e, "nothing", "rien"));
	for (; w; w = w->next)
		text_print(e->to, "  - %.*s\n", SPAN_ARG(word(e, w->text)));
}

static void put_finding(struct explaining *e, const struct json *j)
{
	struct span pointer = json_get_text(j, "pointer");
	struct finding f;
	bool fell = false;

	text_print(e->to, "  - %.*s: ", SPAN_ARG(word(e, json_get_text(j, "severity"))));
	if (record_read_finding(j, &f))
		finding_text(e->to, &f, e->language, &fell);
	else
		text_span(e->to, json_get_text(j, "rule"));
	e->fallback |= fell;
	text_print(e->to, "\n    %s %.*s", in(e, "at", "à"),
		   SPAN_ARG(pointer.n ? pointer : SPAN("/")));
	if (number(j, "line"))
		text_print(e->to, ", %s %lld", in(e, "line", "ligne"),
			   (long long)number(j, "line"));
	text_print(e->to, " [%.*s]\n", SPAN_ARG(json_get_text(j, "rule")));
}

static void put_findings(struct explaining *e)
{
	const struct json *f = members(json_get(e->record, "findings"));

	heading(e, "Findings", "Constatations");
	if (!f)
		text_print(e->to, "  %s\n", in(e, "none", "aucune"));
	for (; f; f = f->next)
		put_finding(e, f);
}

static void put_proof(const struct explaining *e, const struct json *line)
{
	for (const struct json *s = members(json_get(line, "proof")); s; s = s->next)
		text_print(e->to, "      %.*s\n", SPAN_ARG(s->text));
}

static void put_tax(const struct explaining *e, const struct json *l, bool proof)
{
	struct span state = json_get_text(l, "state"), currency = json_get_text(l, "currency");

	text_print(e->to, "  - %s %lld, %.*s: %.*s %s %.*s %.*s = %.*s %.*s",
		   in(e, "item", "article"), (long long)number(l, "item"),
		   SPAN_ARG(json_get_text(l, "type")), SPAN_ARG(json_get_text(l, "rate")),
		   in(e, "on", "sur"), SPAN_ARG(json_get_text(l, "base")), SPAN_ARG(currency),
		   SPAN_ARG(json_get_text(l, "amount")), SPAN_ARG(currency));
	if (!span_is(state, "due"))
		text_print(e->to, " (%.*s)", SPAN_ARG(word(e, state)));
	text_print(e->to, "\n    %s %.*s: %.*s\n", in(e, "measure", "mesure"),
		   SPAN_ARG(json_get_text(l, "measure")), SPAN_ARG(json_get_text(l, "source")));
	if (proof)
		put_proof(e, l);
}

static void put_taxes(const struct explaining *e, bool proof)
{
	const struct json *l = members(json_get(e->record, "taxes")),
			  *total = json_get(e->record, "total");
	struct span currency = json_get_text(total, "currency");

	heading(e, "Duties, taxes and fees", "Droits, taxes et redevances");
	if (!l)
		text_print(e->to, "  %s\n", in(e, "none were computed", "aucun n’a été calculé"));
	for (; l; l = l->next)
		put_tax(e, l, proof);
	text_print(e->to, "  %s: %.*s %.*s\n  %s: %.*s %.*s\n",
		   in(e, "Customs value", "Valeur en douane "),
		   SPAN_ARG(json_get_text(total, "customs_value")), SPAN_ARG(currency),
		   in(e, "Amount due", "Montant dû "), SPAN_ARG(json_get_text(total, "amount")),
		   SPAN_ARG(currency));
}

/* ---- origin ---- */

static void put_claim(const struct explaining *e, const struct json *c)
{
	const struct json *s;

	text_print(e->to, "  - %s %lld, %s %.*s, %s %.*s: %.*s\n", in(e, "item", "article"),
		   (long long)number(c, "item"), in(e, "preference", "préférence"),
		   SPAN_ARG(json_get_text(c, "preference")), in(e, "agreement", "accord"),
		   SPAN_ARG(json_get_text(c, "agreement")),
		   SPAN_ARG(word(e, json_get_text(c, "claim"))));
	for (s = members(json_get(c, "answers")); s; s = s->next)
		text_print(e->to, "      %s: %.*s\n", in(e, "answered", "répondu "),
			   SPAN_ARG(s->text));
	for (s = members(json_get(c, "steps")); s; s = s->next)
		text_print(e->to, "      %.*s: %.*s (%.*s)\n",
			   SPAN_ARG(word(e, json_get_text(s, "met"))),
			   SPAN_ARG(json_get_text(s, e->french ? "text_fr" : "text")),
			   SPAN_ARG(json_get_text(s, "source")));
}

/* Only where the declaration answered for its claim. */
static void put_origin(const struct explaining *e)
{
	const struct json *c = members(json_get(e->record, "origin"));

	if (c)
		heading(e, "What the claim of preference rests on",
			"Ce sur quoi repose la demande de préférence");
	for (; c; c = c->next)
		put_claim(e, c);
}

/* ---- officers and auditors ---- */

static void put_reason(struct explaining *e, const struct json *r)
{
	const struct json *drawn = json_get(r, "drawn");
	struct span text = json_get_text(r, "text");

	text_print(e->to, "  - %.*s %.*s: %.*s, %s %lld",
		   SPAN_ARG(word(e, json_get_text(r, "kind"))), SPAN_ARG(json_get_text(r, "id")),
		   SPAN_ARG(word(e, json_get_text(r, "lane"))), in(e, "weight", "poids"),
		   (long long)number(r, "weight"));
	if (number(r, "item"))
		text_print(e->to, ", %s %lld", in(e, "item", "article"),
			   (long long)number(r, "item"));
	if (drawn && drawn->kind == JSON_TRUE)
		text_print(e->to, ", %s", in(e, "drawn", "tirée au sort"));
	text_char(e->to, '\n');
	if (text.n) {
		text_print(e->to, "    %.*s\n", SPAN_ARG(text));
		e->fallback |= !span_is(e->language, "en"); /* rules are written in English */
	}
	if (json_get_text(r, "past").n)
		text_print(e->to, "    %s: %.*s\n", in(e, "History", "Antécédents "),
			   SPAN_ARG(json_get_text(r, "past")));
	if (json_get_text(r, "note").n)
		text_print(e->to, "    %s: %.*s\n", in(e, "To the examiner", "Au vérificateur "),
			   SPAN_ARG(json_get_text(r, "note")));
}

static void put_lane(struct explaining *e)
{
	const struct json *r = members(json_get(e->record, "reasons"));

	text_print(e->to, "%s: %.*s; %s: %lld / 1000\n", in(e, "Lane", "Circuit "),
		   SPAN_ARG(word(e, json_get_text(e->record, "lane"))),
		   in(e, "score", "note de risque "), (long long)number(e->record, "score"));
	heading(e, "Why this lane", "Pourquoi ce circuit");
	if (!r)
		text_print(e->to, "  %s\n",
			   in(e, "no rule and no draw selected it",
			      "ni règle ni tirage ne l’a sélectionnée"));
	for (; r; r = r->next)
		put_reason(e, r);
}

static void put_holds(const struct explaining *e)
{
	heading(e, "What holds the goods", "Ce qui retient les marchandises");
	put_words(e, "holds");
	heading(e, "What comes next", "Suite");
	put_words(e, "next");
}

/* ---- auditors ---- */

/* An object's members, one a line; objects in it one level further in. */
static void put_members(const struct explaining *e, const struct json *object, int indent)
{
	for (const struct json *m = members(object); m; m = m->next) {
		text_print(e->to, "%*s%.*s:", indent, "", SPAN_ARG(m->name));
		if (m->kind == JSON_OBJECT) {
			text_char(e->to, '\n');
			put_members(e, m, indent + 2);
		} else {
			text_print(e->to, " %.*s\n", SPAN_ARG(m->text));
		}
	}
}

static void put_object(const struct explaining *e, const char *member, const char *english,
		       const char *french)
{
	const struct json *object = json_get(e->record, member);

	heading(e, english, french);
	if (!members(object))
		text_print(e->to, "  %s\n", in(e, "none", "aucun"));
	put_members(e, object, 2);
}

static void put_values(const struct explaining *e)
{
	heading(e, "Customs values", "Valeurs en douane");
	for (const struct json *v = members(json_get(e->record, "values")); v; v = v->next) {
		text_print(e->to, "  - %s %lld: %.*s\n", in(e, "item", "article"),
			   (long long)number(v, "item"),
			   SPAN_ARG(json_get_text(v, "customs_value")));
		put_proof(e, v);
	}
}

static void put_evidence(const struct explaining *e)
{
	struct span day = json_get_text(json_get(e->record, "facts"), "legal_day");

	put_object(e, "input", "What was received", "Ce qui a été reçu");
	put_object(e, "versions", "Versions in force", "Versions en vigueur");
	put_object(e, "facts", "Facts that were read", "Faits consultés");
	put_object(e, "draw", "Draw", "Tirage");
	heading(e, "How to check this", "Comment le vérifier");
	text_print(e->to,
		   "  customhouse replay --since %.*s\n  customhouse verify --auditor-key FILE\n",
		   SPAN_ARG(day));
	text_print(e->to, "  %s\n",
		   in(e,
		      "The first decides again and compares byte for byte; the second checks the "
		      "chain, the "
		      "signed roots and the draw.",
		      "La première décide à nouveau et compare octet par octet ; la seconde "
		      "vérifie la chaîne, "
		      "les racines signées et le tirage."));
}

/* ---- traders ---- */

/* What the trader's answer holds, and not a word more: its record knows no lane, no rule of selection and no draw. */
static void explain_to_trader(struct explaining *e)
{
	put_case(e);
	heading(e, "What you are required to do", "Ce que vous devez faire");
	put_words(e, "next");
	put_findings(e);
	put_origin(e);
	put_taxes(e, true);
	heading(e, "If you disagree", "Si vous n’êtes pas d’accord");
	text_print(e->to, "  %s\n",
		   in(e,
		      "You may ask the customs office for its reasons and appeal against this "
		      "decision within the time "
		      "that the law of the country gives. Name the reference above.",
		      "Vous pouvez demander au bureau de douane ses motifs et former un recours "
		      "contre cette décision dans "
		      "le délai prévu par la loi du pays. Indiquez la référence ci-dessus."));
}

void explain_render(struct text *to, const struct json *record, enum reader reader,
		    struct span language)
{
	struct explaining e = {.to = to,
			       .record = record,
			       .reader = reader,
			       .language = language,
			       .french = span_is(language, "fr"),
			       .fallback = !span_is(language, "fr") && !span_is(language, "en")};

	switch (reader) {
	case READER_TRADER:
		explain_to_trader(&e);
		break;
	case READER_AUDITOR:
	case READER_OFFICER:
		put_case(&e);
		put_lane(&e);
		put_findings(&e);
		if (reader == READER_AUDITOR)
			put_values(&e);
		put_origin(&e);
		put_taxes(&e, reader == READER_AUDITOR);
		put_holds(&e);
		if (reader == READER_AUDITOR)
			put_evidence(&e);
		break;
	}
	if (e.fallback)
		text_print(to, "\n%s\n",
			   in(&e, "(What is not translated is shown in English.)",
			      "(Ce qui n’est pas traduit est donné en anglais.)"));
}

void explain_erasure(struct text *to, const struct hub_case *c)
{
	const struct json *j;
	struct codec_fault fault;

	if (!c->erasure.n || json_read(to->arena, c->erasure, &j, &fault))
		return;
	text_string(to, "\nErased on ");
	moment_write(to, c->erased_at);
	text_print(to,
		   " by %.*s, by order of %.*s, because: %.*s\n"
		   "  The messages, the answers and the documents are gone. The decision, the acts "
		   "and the money stay.\n",
		   SPAN_ARG(c->erased_by), SPAN_ARG(json_get_text(j, "ordered_by")),
		   SPAN_ARG(json_get_text(j, "reason")));
}
