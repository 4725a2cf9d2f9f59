/* The record around a decision: what people and programs read. Made from stored bytes, in any language, as often as asked. */
#ifndef CUSTOMHOUSE_HUB_SETTLE_RECORD_H
#define CUSTOMHOUSE_HUB_SETTLE_RECORD_H

#include "hub/settle/decision.h"
#include "model/response.h"

/* What the trader is told, as it is stored: without texts, so that it can be rendered in any language. Nothing in it
 * depends on the score, the draw or a rule; state and next are of flow_public(), which asks for what a control needs once the
 * goods are there, and nothing before. */
void answer_write(struct text *to, const struct decision *d);

/* The same of a hub in shadow (hub/audit/shadow.h): that it took the message, and nothing of what it decided. */
void answer_write_shadow(struct text *to, const struct decision *d);

/* The stored answer, with where the case stands now instead of where it stood. */
void answer_now(struct text *to, const struct json *answer, const struct flow_view *now);

/* The stored answer with its texts. language "en", "fr" ...; where a text falls back to English, "language_fallback":
 * true says so. */
void answer_render(struct text *to, const struct json *answer, struct span language);
/* Has a stored answer no findings? Then there is no text to add: answer_render() would give the same bytes. */
bool answer_is_plain(struct span answer);

/* The stored answer as what a response message says: what happened, where the case stands by that, and what is due. false
 * for a state that responses.def does not have. Everything lies in a; inside arena_run(). */
bool answer_to_responses(struct arena *a, const struct json *answer, struct span language,
			 struct responses *ret);
/* The same as the bytes of such a message (format wco-res). */
bool answer_render_res(struct text *to, const struct json *answer, struct span language);

/* The decision with its texts, the program's name and the time of decision: DESIGN's decision record, for officers,
 * auditors and the operator. */
void record_render(struct text *to, const struct json *decision, int64_t decided_at,
		   struct span language);

/* A stored finding, so that its text can be made; false for a rule that this program does not know. */
bool record_read_finding(const struct json *j, struct finding *ret);

/* The same for people, as plain text. */
enum reader { READER_OFFICER, READER_AUDITOR, READER_TRADER };
/* READER_TRADER takes an answer, the others a decision. */
void explain_render(struct text *to, const struct json *record, enum reader reader,
		    struct span language);
/* For customs, behind that: what was erased, when, by whom, by whose order and why. Nothing where nothing was. */
struct hub_case;
void explain_erasure(struct text *to, const struct hub_case *c);
/* ERR_USAGE for any other word than officer, auditor, trader. */
enum err reader_by_name(struct span s, enum reader *ret) MUST_CHECK;

#endif
