/* The answers of ask.h as JSON. Inside arena_run(). */
#ifndef CUSTOMHOUSE_HUB_TARIFF_SHOW_H
#define CUSTOMHOUSE_HUB_TARIFF_SHOW_H

#include "codec/json.h"
#include "duty/options.h"
#include "hub/tariff/ask.h"

struct told_quotas;

struct show_place {
	struct span code, country; /* country: only measures for it; empty: all */
	const struct ref_commodity *commodity;
	bool export;
	int32_t day, known;
	struct told_quotas *quotas; /* that its measures name */
};

void show_results(struct text *to, const struct tariff_ask *a, const struct search_results *found,
		  int32_t day);
void show_commodity(struct text *to, const struct tariff_ask *a, const struct show_place *p);
bool show_concerns(const struct tariff_ask *a, const struct show_place *p,
		   const struct ref_measure *m); /* is it among the place's measures? */

struct shown_duty {
	const struct ref_commodity *commodity;
	const struct duty_options *options;
	/* The same where all that is asked of quotas was granted; NULL: no option waits for that. */
	const struct duty_options *granted;
	const struct told_quotas *quotas;
};
void show_duty(struct text *to, const struct tariff_ask *a, const struct duty_question *q,
	       const struct shown_duty *shown);

void show_measure(struct json_writer *w, const struct tariff_ask *a, const struct ref_measure *m,
		  const struct show_place *p);

/* show_steps.c */
void show_guide(struct text *to, struct tariff_ask *a, enum direction direction, int32_t day);

/* ask_quotas.c */

/* What is known of quotas at the moment of the question. */
struct told_quota {
	struct span order;
	/* Empty: all is known. "elsewhere": the pack leaves the quota to others; "pack": a pack alone is asked; "past": what was
	 * left on a day that is over is not kept. All of what is asked for is then taken to be granted. */
	struct span unknown;
	bool ahead; /* of a day that is still to come: less may be left then */
	const struct ref_quota
	    *quota; /* the period of the day; NULL: none holds, or it is unknown */
	struct quota_fact fact;
	int64_t left, requested;
};
struct told_quotas {
	DICT_LIST(struct told_quota) list; /* each order number once */
	int64_t at;                        /* the moment */
};

/* Reads those that the options claim, and lets q have them as facts. */
enum err tariff_quotas_of_options(struct tariff_ask *a, struct duty_question *q,
				  const struct duty_options *options,
				  struct told_quotas *ret) MUST_CHECK;
/* Is what a claim gets confirmed, or decided, only when its day is over? */
bool tariff_quotas_wait(const struct told_quotas *quotas, struct span order);
/* Those that the measures of a place name, into p->quotas. */
enum err tariff_quotas_of_place(struct tariff_ask *a, struct show_place *p) MUST_CHECK;
/* The member "quota_balance" of an object that is open; nothing where the order number is empty. */
void show_quota(struct json_writer *w, const struct tariff_ask *a, const struct told_quotas *quotas,
		struct span order);

/* tables.c */
void show_chapters(struct text *to, const struct tariff_ask *a, int32_t day);
void show_countries(struct text *to, const struct tariff_ask *a, int32_t day);
void show_rates(struct text *to, const struct tariff_ask *a, int32_t day, int32_t known);
/* The code list that the question's words name. */
void show_codes(struct text *to, const struct tariff_ask *a, int32_t day);
void show_procedures(struct text *to, const struct tariff_ask *a, int32_t day);

/* A name in the question's language. */
struct span show_name(const struct tariff_ask *a, struct ref_text name);
void show_day(struct json_writer *w, const struct tariff_ask *a, const char *name, int32_t day);
/* The documents that goods need, by agency. */
void show_permits(struct json_writer *w, const struct tariff_ask *a, const struct show_place *p);

#endif
