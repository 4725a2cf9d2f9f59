/* What offices tell everybody: written by them, read by all. */
#include "hub/announce/announcements.h"

#include "http/body.h"
#include "http/language.h"
#include "http/problem.h"

void announcements_get(struct request *r)
{
	struct text text = text_in(r->arena);
	struct cause why = {0};
	struct span after;
	enum err e;

	if (!request_query(r, "after", &after))
		return;
	e = hub_write_announcements(r->hub, &text, after, span_of(language_of_texts(r->language)),
				    &why);
	if (e == ERR_USAGE)
		problem_reply(r, PROBLEM_BAD_REQUEST, "%s", why.text);
	else
		problem_or_document(r, e, &why, &text, "no pack is in force");
}

static bool read_ask(struct request *r, struct announcement_ask *ask)
{
	static const char *const members[] = {"from",     "text_ar",  "text_en",
					      "text_fr",  "title_ar", "title_en",
					      "title_fr", "to",       NULL};
	static const char *const titles[] = {"title_en", "title_fr", "title_ar"}, *const texts[] = {
										      "text_en",
										      "text_fr",
										      "text_ar"};
	const struct json *body = body_read(r, members);
	bool there;

	if (!body || !body_text_if(r, body, "from", &ask->from, &there) ||
	    !body_text_if(r, body, "to", &ask->to, &there))
		return false;
	for (int i = 0; i < ANNOUNCEMENT_LANGUAGES; i++)
		if (!body_text_if(r, body, titles[i], &ask->title[i], &there) ||
		    !body_text_if(r, body, texts[i], &ask->text[i], &there))
			return false;
	return true;
}

static void announce(struct request *r, struct announcement_ask *ask)
{
	char id[ANNOUNCEMENT_ID_BYTES];
	struct text text = text_in(r->arena);
	struct json_writer w = json_to(&text);
	struct cause why = {0};
	enum err e;

	if (!read_ask(r, ask))
		return;
	e = hub_announce(r->hub, r->who, ask, id, &why);
	if (e == ERR_USAGE) {
		problem_reply(r, PROBLEM_INVALID, "%s", why.text);
	} else if (e == ERR_DENIED) {
		problem_reply(r, PROBLEM_DENIED, "%s", why.text);
	} else if (e == ERR_CONFLICT) {
		problem_reply(r, PROBLEM_STATE, "%s", why.text);
	} else if (e == ERR_NOT_FOUND) {
		problem_reply(r, PROBLEM_NOT_FOUND, "%s", why.text);
	} else if (e) {
		problem_of_cause(r, &why);
	} else {
		json_open_object(&w);
		json_put_c(&w, "announcement", id);
		json_close_object(&w);
		request_reply_json(r, ask->id.n ? 200 : 201, &text);
	}
}

void announcement_post(struct request *r)
{
	struct announcement_ask ask = {.office = r->reference};

	announce(r, &ask);
}

void announcement_correct(struct request *r)
{
	struct announcement_ask ask = {.id = r->reference};

	announce(r, &ask);
}
