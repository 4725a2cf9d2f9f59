/* Selectivity: which control an accepted declaration gets, and why. Pure: model, reference data, facts and rules in,
 * lane and reasons out.
 *
 * Order of selection (docs/rules.md): the random stratum; rules in their order of id, each with its own percentage
 * drawn from the facts; too many of them that missed their draws; expected lane rates topped up from what would be green. The
 * highest lane wins; then what officers have no time for gives way, if nothing but revenue is at stake; and no version lowers the
 * lane of the one before. */
#ifndef CUSTOMHOUSE_RISK_RISK_H
#define CUSTOMHOUSE_RISK_RISK_H

#include "model/assessment.h"
#include "model/declaration.h"
#include "model/facts.h"
#include "model/selection.h"
#include "ref/ref.h"

/* Compiled rules: immutable, so any number of threads may select by one set. */
struct ruleset;

/* Compiles the rule files of a pack's PACK_RULES archive (empty: no rules). Faults carry file, line and column, those of a
 * file in their order; any fault gives ERR_FORMAT and no set. The snapshot and the archive must outlive the set. Inside
 * arena_run(). */
enum err risk_compile(struct arena *a, struct span rules_archive, const struct refset *r,
		      const struct ruleset **ret, struct pack_faults *faults) MUST_CHECK;

/* Who may read that a rule hit: every officer of the case, or only those with a clearance for targeting. Auditors may
 * always; nobody outside customs ever. */
enum secrecy { SECRECY_OFFICER, SECRECY_RESTRICTED };
const char *secrecy_name(enum secrecy s);

/* What a rule guards. Only what guards revenue may give way to the capacity of an office or to time; a rule that does not say is
 * taken to guard more than that. */
enum rule_purpose {
	PURPOSE_UNSAID,
	PURPOSE_REVENUE,
	PURPOSE_SAFETY,
	PURPOSE_PROHIBITION,
	PURPOSE_SANCTIONS,
	PURPOSE_AGENCY, /* another authority asks for it */
	RULE_PURPOSES
};
/* "unsaid", "revenue" ... */
const char *rule_purpose_name(enum rule_purpose p);

/* One rule, for people: lists, explanations, simulations. */
struct risk_rule {
	struct span id, title, owner;
	struct span text; /* why, for officers */
	struct span note; /* what the examiner should look for, or empty */
	enum secrecy secrecy;
	enum rule_purpose purpose;
	struct ref_dates dates;
	int32_t review; /* day on which its owner looks at it again; INT32_MAX: none is set */
	enum direction direction;   /* that it is for; DIRECTION_UNKNOWN: all */
	const struct span *offices; /* that it is for */
	uint32_t office_count;      /* 0: all */
	enum lane lane;
	int64_t rate_ppm; /* of what it hits, how many in a million are selected */
	int64_t weight;   /* of the score, thousandths */
	/* units of national money that it would cost besides what is due, if it is so and nobody looks */
	int64_t harm;
	bool per_item;            /* it asks about goods items, and hits them one by one */
	const struct span *lists; /* that it asks, each once */
	uint32_t list_count;
	struct span file; /* where it stands */
	uint32_t line;
};
uint32_t risk_rule_count(const struct ruleset *s);
/* Rule i in the bytewise order of ids; i < risk_rule_count(). */
const struct risk_rule *risk_rule_at(const struct ruleset *s, uint32_t i);
/* The rule with this id, or NULL. */
const struct risk_rule *risk_rule_find(const struct ruleset *s, struct span id);

/* What a condition may ask about, for editors and documents: every signal, then every field of the dictionary, by the name that
 * rules use. type is "text", "number", "day" or "flag"; about is "declaration" or "item". The texts are constant, or lie in a.
 * Inside arena_run(). */
struct risk_field {
	struct span name;
	const char *type, *about, *title;
	bool
	    several; /* the way leads through lists: a comparison holds when it holds for one of the values */
};
void risk_each_field(struct arena *a, void (*take)(void *context, const struct risk_field *f),
		     void *context);

/* Lays out a rule file: the same rules and remarks, in the one form that they have. Bytes that are no tokens stay as they are, so
 * what is wrong with a file can still be seen. Inside arena_run(). */
void risk_format(struct text *to, struct arena *a, struct span rules);

/* The same rules, as if each had held from the first of days to its own last day: what a candidate would have done before it was
 * there. Lives as long as both s and a. Inside arena_run(). */
const struct ruleset *risk_from_ever(struct arena *a, const struct ruleset *s);

/* What the set asks of histories: hub/history/ puts no more than that into the facts. */
const struct history_asked *risk_history_asked(const struct ruleset *s);

/* Each field of the dictionary that the set may read of a declaration, by its names from the declaration on:
 * "shipment.items.commodity.net_mass". Some come more than once. For who keeps declarations in columns. Inside arena_run(). */
void risk_each_read(const struct ruleset *s, struct arena *a,
		    void (*take)(void *context, struct span field), void *context);

/* The purposes for which a movement needs a draw on this day: "random", "rate:LANE" for lanes with an expected rate,
 * and every rule with a percentage below 100. Written into purposes (room for risk_draw_max()); the number of them is
 * returned. Names live as long as the set. */
uint32_t risk_draw_max(const struct ruleset *s);
uint32_t risk_draw_purposes(const struct ruleset *s, int32_t day, struct span *purposes);

/* What the officers of its office can do in the hour in which a declaration came; NULL: no limit is set. ret_hour: hours since
 * 1970-01-01 in the country, whatever else comes of it. */
const struct ref_capacity *risk_capacity(const struct refset *r, const struct facts *facts,
					 int64_t *ret_hour);

/* Selects an accepted declaration. r must be the snapshot that the rules were compiled with. Reasons stand in the order
 * random, rules by id and item, missed draws, rate, capacity, lane before; a rule lists its first LIMIT_REASON_ITEMS
 * items. Their texts live as long as the set or the arena. Inside arena_run(). */
void risk_select(struct arena *a, const struct declaration *d, const struct assessment *assessed,
		 const struct refset *r, const struct ruleset *rules, const struct facts *facts,
		 struct selection *ret);

#endif
