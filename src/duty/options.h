/* What somebody would pay for goods, by every way that the tariff offers: the duty of all, preferences with their proof,
 * quotas, suspensions. Each option is a declaration that claims it, assessed as any other (duty_assess_known), so that what is
 * shown is what will be decided. Pure. */
#ifndef CUSTOMHOUSE_DUTY_OPTIONS_H
#define CUSTOMHOUSE_DUTY_OPTIONS_H

#include "duty/duty.h"

enum { QUESTION_PARTS = 16, DUTY_OPTIONS = 32 };

/* What is known of the goods. Anything but commodity and price may be missing; what an expression then lacks is a finding. */
struct duty_question {
	struct span commodity, country; /* country: of origin; of destination for an export */
	bool export;
	struct amount price, freight, insurance, retail;
	struct span terms; /* of delivery */
	struct span procedure, previous;
	struct quantity quantity[QUESTION_PARTS];
	uint32_t quantities;
	struct span additional[QUESTION_PARTS], document[QUESTION_PARTS]; /* that one has */
	uint32_t additionals, documents;
	int32_t day, known;
	/* what is left of quotas; those that are not among them have no balance: all is granted */
	const struct quota_fact *quota;
	uint32_t quotas;
};

struct duty_option {
	enum measure_series series;
	const struct ref_measure *measure; /* that offers it; NULL: what is due without any claim */
	struct span preference, quota, procedure, document; /* claimed, and taken to be there */
	struct assessment assessment;
	struct findings findings;
};

struct duty_options {
	struct duty_option option[DUTY_OPTIONS]; /* the first claims nothing */
	uint32_t n;
	bool cut; /* there are more */
};

/* Which options there are, not assessed: for who looks first what is left of the quotas that they claim. */
void duty_offers(const struct refset *r, const struct duty_question *q, struct duty_options *ret);
/* Assesses each. Inside arena_run(); everything lies in a. */
void duty_assess_offers(struct arena *a, const struct refset *r, const struct duty_question *q,
			struct duty_options *options);
/* Both. */
void duty_options(struct arena *a, const struct refset *r, const struct duty_question *q,
		  struct duty_options *ret);

/* Does the measure's area hold the country, and not except it? An empty country is in `*` only. */
bool duty_area_holds(const struct refset *r, const struct ref_measure *m, struct span country,
		     int32_t day);
/* What kind of measure it is: its type's series, or what its row says. */
enum measure_series duty_series(const struct refset *r, const struct ref_measure *m, int32_t day);
const char *duty_series_name(enum measure_series s);

#endif
