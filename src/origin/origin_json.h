/* The check of origin as JSON, for whoever asks: questions, answers, result (docs/origin.md has the members). */
#ifndef CUSTOMHOUSE_ORIGIN_ORIGIN_JSON_H
#define CUSTOMHOUSE_ORIGIN_ORIGIN_JSON_H

#include "codec/json.h"
#include "origin/origin.h"

/* What somebody asks. */
struct origin_ask {
	struct arena *arena;
	struct span agreement; /* empty: which are there? */
	struct span language;  /* of questions and names: fr, or else English */
	struct origin_facts facts;
	bool indent; /* the JSON is for people */
	enum origin_truth
	    preference; /* set by origin_write(): open where only agreements are listed */
	/* room for what facts points to */
	struct origin_material *material;
	struct origin_process *process;
	struct span *cumulated;
};

/* Inside arena_run(), as all that follows; texts of answers must outlive the ask. */
void origin_ask_open(struct origin_ask *q, struct arena *a);
/* One answer as text: a question's name and yes, no, an amount, a day or a code; process.CODE and yes or no; or material and
 * CODE:VALUE[:COUNTRY[:no|originates|wholly[:WEIGHT]]], as often as there are materials, and material= for none; or cumulation
 * and a country, as often as it is claimed, and cumulation= for none.
 * ERR_FORMAT, ERR_LIMIT, ERR_NOT_FOUND (no such question) with a text. */
enum err origin_answer(struct origin_ask *q, struct span name, struct span value,
		       struct cause *why) MUST_CHECK;
/* The same from a JSON object. */
enum err origin_answers(struct origin_ask *q, const struct json *o, struct cause *why) MUST_CHECK;

/* Decides and writes the result; without an agreement, those that the country is a party to. facts.commodity, country and day
 * are set. ERR_FORMAT: the commodity or the country is no code; ERR_NOT_FOUND: no such agreement on that day. */
enum err origin_write(struct origin_ask *q, const struct refset *r, struct text *to,
		      struct cause *why) MUST_CHECK;

#endif
