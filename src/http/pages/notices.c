/* What offices tell everybody, as a page and as a feed (RFC 4287). */
#include <string.h>

#include "http/pages/page.h"
#include "http/problem.h"
#include "hub/announce/announcements.h"

/* A text of an announcement in the page's language, or else in English; *ret_tag: which it is. */
static struct span text_of(const struct page *p, const struct json *n, const char *what,
			   const char **ret_tag)
{
	const char *const tag = page_language_tag(p->language);
	struct span found = member(n, arena_print(p->request->arena, "%s_%s", what, tag));

	*ret_tag = found.n ? tag : "en";
	return found.n ? found : member(n, arena_print(p->request->arena, "%s_en", what));
}

static bool in_language(const struct page *p, const char *tag)
{
	return strcmp(tag, page_language_tag(p->language)) == 0;
}

static bool ask(struct page *p, struct span after, const struct json **ret)
{
	struct text text = text_in(p->request->arena);
	struct codec_fault fault;
	struct cause why = {0};
	enum err e = hub_write_announcements(p->request->hub, &text, after,
					     span_of(page_language_tag(p->language)), &why);

	if (!e)
		e = json_read(p->request->arena, text_as_span(&text), ret, &fault);
	if (e)
		page_refuse_cause(p, e, &why, PLACE_NOTICES);
	return !e;
}

/* ---- the page ---- */

static void write_days(struct page *p, const struct json *n)
{
	html_say(p, PHRASE_measure_from);
	html(p, " ");
	html_day(p, member(n, "from"));
	if (member(n, "to").n) {
		html(p, " ");
		html_say(p, PHRASE_measure_to);
		html(p, " ");
		html_day(p, member(n, "to"));
	}
}

static void write_notice(struct page *p, const struct json *n, int64_t zone)
{
	const char *tag;
	struct span title = text_of(p, n, "title", &tag), version = json_get(n, "version")->text;
	const bool foreign = !in_language(p, tag);

	html(p, "<article class=\"notice\" id=\"");
	html_text(p, member(n, "announcement"));
	html(p, "\"><h2 class=\"govuk-heading-m\"");
	html(p, foreign ? " lang=\"en\" dir=\"ltr\">" : ">");
	html_text(p, title);
	html(p, "</h2><p class=\"govuk-body-s muted\">");
	html_pack(p, member(n, "office_name").n ? member(n, "office_name") : member(n, "office"));
	html(p, " · ");
	write_days(p, n);
	if (!span_is(version, "1")) {
		html(p, " · ");
		html_say(p, PHRASE_notice_corrected);
		html(p, " ");
		html_moment(p, member(n, "at"), zone);
	}
	html(p, foreign ? "</p><p class=\"govuk-body text\" lang=\"en\" dir=\"ltr\">"
			: "</p><p class=\"govuk-body text\">");
	html_text(p, text_of(p, n, "text", &tag));
	html(p, "</p></article>");
	if (foreign)
		p->missing += 2; /* title and text */
}

void page_notices(struct request *r)
{
	struct page p;
	struct span after;
	const struct json *answer, *list;
	int64_t zone = 0;

	if (!page_begin(&p, r) || !request_query(r, "after", &after) || !ask(&p, after, &answer))
		return;
	page_keep(&p, "after", after);
	page_data(&p, "/api/v1/announcements", SPAN(""));
	list = json_get(answer, "announcements");
	if (json_get_int(answer, "zone_minutes", &zone))
		zone = 0;
	page_heading(&p, "h1", "xl", PHRASE_nav_notices);
	html(&p, "<p class=\"govuk-body\">");
	html_say(&p, list->count ? PHRASE_notice_what : PHRASE_notice_none);
	html(&p, "</p>");
	for (const struct json *n = list->first; n; n = n->next)
		write_notice(&p, n, zone);
	if (member(answer, "after").n) {
		html(&p, "<p class=\"govuk-body no-print\"><a class=\"govuk-link\" rel=\"next\" "
			 "href=\"/notices?after=");
		html_escaped(&p, member(answer, "after"));
		html(&p, "\">");
		html_say(&p, PHRASE_notice_more);
		html(&p, "</a></p>");
	}
	html(&p, "<p class=\"govuk-body no-print\"><a class=\"govuk-link\" "
		 "type=\"application/atom+xml\" href=\"/notices.atom\">");
	html_say(&p, PHRASE_notice_feed);
	html(&p, "</a></p>");
	page_reply(&p, 200, phrase_text(&p, PHRASE_nav_notices), PLACE_NOTICES, NULL);
}

/* ---- the feed ---- */

static void write_entry(struct page *p, const struct json *n)
{
	const char *tag;
	struct span title = text_of(p, n, "title", &tag);

	html(p, "<entry xml:lang=\"");
	html(p, tag);
	html(p, "\"><id>urn:customhouse:announcement:");
	html_escaped(p, member(n, "announcement"));
	html(p, "</id><title>");
	html_text(p, title);
	html(p, "</title><updated>");
	html_text(p, member(n, "at"));
	html(p, "</updated><author><name>");
	html_text(p, member(n, "office_name").n ? member(n, "office_name") : member(n, "office"));
	html(p, "</name></author><link href=\"/notices#");
	html_escaped(p, member(n, "announcement"));
	html(p, "\"/><content type=\"text\">");
	html_text(p, text_of(p, n, "text", &tag));
	html(p, "</content></entry>\n");
}

/* When the newest of them was written; of none, the beginning of the day. */
static struct span newest(const struct json *answer)
{
	const struct json *list = json_get(answer, "announcements");
	struct span at = {0};

	for (const struct json *n = list->first; n; n = n->next)
		if (!at.n || span_compare(member(n, "at"), at) > 0)
			at = member(n, "at");
	return at;
}

void notices_feed(struct request *r)
{
	struct page p;
	const struct json *answer;
	struct span at;

	if (!page_begin(&p, r) || !ask(&p, SPAN(""), &answer))
		return;
	at = newest(answer);
	html(&p, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		 "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
	html(&p, page_language_tag(p.language));
	html(&p, "\"><id>urn:customhouse:announcements</id><title>");
	html_say(&p, PHRASE_nav_notices);
	html(&p, "</title><link rel=\"self\" href=\"/notices.atom\"/><link "
		 "href=\"/notices\"/><updated>");
	if (at.n) {
		html_text(&p, at);
	} else {
		html_text(&p, member(answer, "day"));
		html(&p, "T00:00:00Z");
	}
	html(&p, "</updated>\n");
	for (const struct json *n = json_get(answer, "announcements")->first; n; n = n->next)
		write_entry(&p, n);
	html(&p, "</feed>\n");
	request_reply(r, 200, "application/atom+xml; charset=utf-8", text_as_span(&p.body));
	r->reply.keep = KEEP_ASK;
	r->reply.language = page_language_tag(p.language);
	r->reply.cookie = r->page_cookie;
}
