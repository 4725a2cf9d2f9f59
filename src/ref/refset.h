/* What a snapshot is made of. Private to ref/: load.c and tables.c build it, lookup.c reads it, nobody changes it afterwards. */
#ifndef CUSTOMHOUSE_REF_REFSET_H
#define CUSTOMHOUSE_REF_REFSET_H

#include "base/map.h"
#include "ref/ref_origin.h"
#include "ref/ref_quota.h"
#include "ref/ref_shelf.h"
#include "ref/ref_step.h"
#include "ref/ref_travel.h"

struct setting {
	struct span value;
	uint32_t line, column; /* in pack.csv */
};

/* A code and the one that the file names after it in the same list. */
struct code_row {
	struct ref_code code;
	struct code_row *following;
};

struct code_list {
	struct map codes; /* code -> struct ref_code, a chain through ->next over dates */
	struct code_row *first, *last;
};

struct rate {
	struct ref_dates dates;
	struct decimal rate;
	int64_t per;
	int32_t known; /* of a correction: first day on which one could know it */
};

/* The rates of one currency: by day once loaded, and what corrects them, the last known first. */
struct rate_series {
	struct rate *v;
	uint32_t n, room;
	struct rate *corrected;
	uint32_t corrections, corrected_room;
};

/* Days on which a value holds: members of areas, values of lists. */
struct term {
	struct ref_dates dates;
	struct term *next;
};

struct area {
	struct ref_text name;
	struct map members; /* country -> struct term */
};

/* A bit for each country of two letters. */
struct area_places {
	uint64_t word[(26 * 26 + 63) / 64];
};

struct shelf_slot {
	uint64_t key; /* of the code; 0: free */
	struct ref_shelf shelf;
};

/* shelf.c */
struct shelves {
	struct shelf_slot *slot;
	uint32_t size; /* a power of two; 0: not built */
	struct area_places *area;
};

struct measure_chain {
	struct ref_measure *first, *last;
};

/* One row of components.csv. */
struct component {
	struct span additional;
	const struct duty_expression *expression;
	struct ref_dates dates;
	struct component *next;
};

struct permit_chain {
	struct ref_permit *first, *last;
};

struct lane_row {
	struct ref_lane lane;
	struct ref_dates dates;
	struct lane_row *next;
};

struct severity_row {
	struct ref_dates dates;
	enum severity severity;
	bool off;
	struct severity_row *next;
};

/* The rows of one agreement, and those behind which the next are put. */
struct origin_chain {
	struct ref_origin_book book;
	struct ref_origin_rule *last_rule;
	struct ref_origin_proof *last_proof;
};

struct refset {
	struct map settings; /* key -> struct setting */
	struct span country, currency, shard;
	unsigned digits;
	int32_t zone_minutes;
	bool cif;
	int64_t random_ppm;
	int64_t missed_hits, yellow_days;
	enum rounding rounding;
	enum ref_moment dates[LEGAL_DATES];
	int64_t contingency_days, supplementary_days;
	struct span supplementary_document;
	struct span write_off;
	int64_t write_off_mass_ppm, write_off_packages_ppm;
	struct ref_write_off *write_offs, *last_write_off; /* in file order */
	uint32_t write_off_count;
	struct ref_travel *travel, *last_travel; /* in file order */
	uint32_t travel_count;
	struct ref_step *steps; /* by direction and number */
	uint32_t step_count;
	struct map lists;       /* name -> struct code_list */
	struct map rates;       /* currency -> struct rate_series */
	struct map commodities; /* code -> struct ref_commodity */
	struct map areas;       /* name -> struct area */
	struct ref_levy *levies;
	uint32_t levy_count;
	struct map procedures;             /* requested -> struct ref_procedure */
	struct map measures;               /* commodity -> struct measure_chain */
	struct shelves shelves;            /* the same rows, for choosing */
	struct map conditions;             /* measure id -> struct condition_chain */
	struct map footnotes, regulations; /* code -> struct ref_code */
	struct map measure_types;          /* code -> struct ref_measure_type */
	struct map components;             /* name -> struct component */
	struct ref_synonym *synonyms;
	bool quotas; /* some measure has one */
	struct map quota_periods,
	    quota_stops; /* order number -> struct ref_quota, ref_quota_stop */
	struct ref_quota *first_quota, *last_quota;
	struct map permits;                            /* commodity -> struct permit_chain */
	struct ref_permit *first_permit, *last_permit; /* in file order */
	struct map value_lists; /* name -> struct map *: value -> struct term */
	struct lane_row *lanes[LANE_RED + 1];
	struct ref_capacity *capacities, *last_capacity; /* in file order */
	uint32_t capacity_count;
	struct severity_row *severities[FINDING_RULES];
	struct ref_agreement *agreements, *last_agreement;
	struct map origin; /* code of an agreement -> struct origin_chain */
};

#endif
