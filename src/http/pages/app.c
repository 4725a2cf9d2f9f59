/* The shells of what people work in all day: /trader and /desk are scripts (web/src/app), which ask the API. A path below leads
 * to the same shell, whose script shows its screen; so a shell holds nothing of anybody, and everybody may have it. */
#include <stdio.h>

#include "http/pages/page.h"
#include "http/server.h"
#include "http/web.h"

struct app {
	const char *name, *style, *script;
	enum phrase title;
};

/* The script's texts in the page's language. NULL: the program was built without. */
static const char *texts(const struct page *p, const struct app *a)
{
	char name[40];

	snprintf(name, sizeof(name), "%s-%s.json", a->name, page_language_tag(p->language));
	return web_path(name);
}

static void shell(struct request *r, const struct app *a)
{
	struct page p;
	const char *phrases_path, *shared = web_path("part-shared.js");

	if (!page_begin(&p, r))
		return;
	phrases_path = texts(&p, a);
	page_head(&p, phrase_text(&p, a->title), web_path(a->style) ? a->style : "service.css",
		  a->script);
	if (shared)
		html_print(&p, "<link rel=\"modulepreload\" href=\"%s\">\n", shared);
	if (phrases_path)
		html_print(&p, "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"%s\">\n",
			   phrases_path);
	html_print(&p,
		   "</head>\n<body class=\"govuk-template__body\">\n<div id=\"app\" "
		   "data-phrases=\"%s\" data-provider=\"%s\">"
		   "<header class=\"masthead\"><div class=\"govuk-width-container\">"
		   "<a class=\"name\" href=\"/\">Customhouse</a></div></header>"
		   "<div class=\"govuk-width-container\"><main class=\"govuk-main-wrapper\" "
		   "id=\"main\">",
		   phrases_path ? phrases_path : "", r->server->oidc ? "yes" : "no");
	page_heading(&p, "h1", "l", a->title);
	html(&p, phrases_path ? "<noscript>" : "");
	html(&p, "<p class=\"govuk-body\">");
	html_say(&p, PHRASE_app_script);
	html(&p, " <a class=\"govuk-link\" href=\"/api\">");
	html_say(&p, PHRASE_nav_api);
	html(&p, "</a></p>");
	html(&p, phrases_path ? "</noscript>" : "");
	html(&p, "</main></div></div>\n</body>\n</html>\n");
	page_send(&p, 200);
}

void page_trader(struct request *r)
{
	static const struct app trader = {"trader", "service.css", "trader.js", PHRASE_app_trader};

	shell(r, &trader);
}

void page_desk(struct request *r)
{
	static const struct app desk = {"desk", "desk.css", "desk.js", PHRASE_app_desk};

	shell(r, &desk);
}
