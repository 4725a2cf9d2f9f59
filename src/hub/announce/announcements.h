/* What an office tells everybody: opening hours, a strike, a new form. From a day on, until a day or until it is ended.
 *
 * A supervisor of the office writes, corrects and ends them, alone: they decide nothing, each version is an event of the office's
 * chain with its author, and an end is as quick as the mistake was. Each version says the whole again:
 *   announcement    under "ANNOUNCEMENT-7", with its version; verify compares the list with the newest of them
 * Texts are plain, in English and, where somebody translated them, in French and Arabic. */
#ifndef CUSTOMHOUSE_HUB_ANNOUNCE_ANNOUNCEMENTS_H
#define CUSTOMHOUSE_HUB_ANNOUNCE_ANNOUNCEMENTS_H

#include "hub/hub.h"
#include "model/who.h"

enum { ANNOUNCEMENT_TITLE_BYTES = 200, ANNOUNCEMENT_TEXT_BYTES = 4000, ANNOUNCEMENT_PAGE = 20 };
enum { ANNOUNCEMENT_LANGUAGES = 3, ANNOUNCEMENT_ID_BYTES = 48 };
enum { ANNOUNCEMENT_VERSIONS = 1000 };

/* The last parts of members' names, in the order of the texts: "en", "fr", "ar". */
extern const char *const announcement_languages[ANNOUNCEMENT_LANGUAGES];

struct announcement_ask {
	struct span id;       /* of the one that is corrected: "XLHAR001-7"; empty: a new one */
	struct span office;   /* of a new one */
	struct span from, to; /* days; from empty: today, or as it was; to empty: without an end */
	struct span title[ANNOUNCEMENT_LANGUAGES], text[ANNOUNCEMENT_LANGUAGES];
};

/* Publishes it, or its next version. A new one begins today or later; `to` is yesterday or later: yesterday takes it away at
 * once. ERR_USAGE: the cause says what makes no sense; ERR_DENIED: not a supervisor of the office; ERR_NOT_FOUND; ERR_CONFLICT: a
 * shadow, or too many versions. */
enum err hub_announce(struct hub *h, const struct who *by, const struct announcement_ask *ask,
		      char ret_id[ANNOUNCEMENT_ID_BYTES], struct cause *why) MUST_CHECK;

/* What is told today, for everybody: {"day","zone_minutes","announcements":[{"announcement","office","office_name","version",
 * "from","to","at","title_en","text_en",...}],"after"}. after: of the page before; empty: the first. ERR_USAGE: it is none. */
enum err hub_write_announcements(struct hub *h, struct text *to, struct span after,
				 struct span language, struct cause *why) MUST_CHECK;

/* ---- for verify ---- */

#define ANNOUNCEMENT_KIND SPAN("announcement")

#endif
