/* Inside verify: what its two files share. */
#ifndef CUSTOMHOUSE_HUB_AUDIT_VERIFY_H
#define CUSTOMHOUSE_HUB_AUDIT_VERIFY_H

#include "hub/house.h"

struct verify {
	struct hub *h;
	struct store *store; /* in one snapshot */
	const struct verify_options *options;
	struct audit_report *report;
	struct arena *whole, *once; /* of the whole run; of one event */
	uint8_t auditor[32];
	bool has_auditor;
	int64_t roots_bytes;        /* of the file of roots outside that are looked at */
	struct map day_keys;        /* day -> struct verify_day */
	struct map heads;           /* office -> struct verify_heads, from the hub's chain */
	struct map parties;         /* holder -> struct store_party, from the log */
	int64_t rows_wanted;        /* rows that the log asks for */
	int64_t lives_wanted;       /* lives likewise */
	struct verify_money *money; /* verify_transfers.c */
	/* "office reference number" -> the document's state as the log tells it, a struct span */
	struct map documents;
	int64_t documents_wanted;     /* documents that the log has */
	int64_t ranges_wanted;        /* of contingency numbers */
	int64_t announcements_wanted; /* versions that the log has */
	struct map case_parties;      /* "party reference" of each that the log asks for */
	int64_t case_party_rows;
	struct map
	    erased; /* reference -> struct event, the first of the case whose payload is gone */
	struct map erasures;   /* references of cases that the log says were erased */
	struct map guarantees; /* "party reference" of each that the log knows */
	int64_t guarantee_rows;
	struct map cargo; /* reference -> struct verify_cargo (verify_cargo.c) */
	struct map holds; /* reference of a case -> struct verify_holds */
	struct map
	    permits; /* "account office" -> struct store_stock, as its newest event there says */
	struct map stock;       /* "account carrier" -> struct verify_stock */
	struct map obligations; /* reference -> struct verify_obligation */
	struct map
	    completes; /* reference of what completes -> that of the case it completes, a struct span */
	struct map over;        /* references of cases that came to nothing */
	struct map directories; /* names of those that were looked for -> v: it is there */
	struct map messages;    /* reference -> struct verify_message (verify_messages.c) */
	int64_t message_rows;
	struct map outcomes; /* trader's reference -> struct said (verify_shadow.c) */
	struct map quotas;   /* "quota period" -> struct verify_quota (verify_quota.c) */
	int64_t quota_holds, quota_news;
	bool quotas_blind;
	bool obligations_blind; /* of some decisions the log was erased */
	bool documents_blind;   /* of some the log was erased: what it said is not known */

	/* the case that the walk is in */
	struct span input_hash;
	int64_t input_seq, decision_seq;
	struct case_summary summary;
	int64_t ease_days; /* of its decision */
	struct facts facts;
	bool in_case;
};

/* The heads of one office that the hub's chain notes, in order. */
struct verify_heads {
	DICT_LIST(struct store_head) list;
};

struct verify_day {
	struct store_day_key row;
	uint8_t key[DRAW_KEY_BYTES];
	struct hmac_key hmac;
	bool open;
	int64_t drawn, picked; /* as the log tells */
};

void verify_fault(struct verify *v, struct span office, int64_t seq, struct span reference,
		  const char *format, ...) PRINTF(5, 6);

/* A directory that a decision or a check names is in the store. */
void verify_directory(struct verify *v, const struct event *e, const struct json *decision);

/* verify_case.c: projections, histories and draws against the log. Inside arena_run(v->whole). */
void verify_case_event(struct verify *v, const struct event *e);
enum err verify_day_keys(struct verify *v, struct cause *why) MUST_CHECK;
enum err verify_projections(struct verify *v, struct cause *why) MUST_CHECK;
/* What is gone without an order. */
void verify_erasures(struct verify *v);

/* verify_life.c: what acts did. Inside arena_run(v->whole). row: of an accepted first decision. */
void verify_life_begin(struct verify *v, const struct event *e, int64_t ease_days,
		       const struct store_declaration *row);
void verify_life_act(struct verify *v, const struct event *e);
enum err verify_life_end(struct verify *v, struct cause *why) MUST_CHECK;

/* verify_announcements.c. Inside arena_run(v->whole). */
void verify_announcement_event(struct verify *v, const struct event *e);
enum err verify_announcements(struct verify *v, struct cause *why) MUST_CHECK;

/* verify_later.c: reserved numbers, and simplified declarations that wait, against the log. Inside arena_run(v->whole). */
void verify_range_event(struct verify *v, const struct event *e);
/* Of a decision that was read; or its payload is gone. */
void verify_later_decision(struct verify *v, const struct event *e);
void verify_later_erased(struct verify *v);
void verify_later_act(struct verify *v, const struct event *e, enum flow_state after);
enum err verify_later(struct verify *v, struct cause *why) MUST_CHECK;

/* verify_guarantees.c: guarantees against the log. event inside arena_run(v->whole). */
void verify_guarantee_event(struct verify *v, const struct event *e);
enum err verify_guarantees(struct verify *v, struct cause *why) MUST_CHECK;

/* verify_cargo.c: cargo reports and what is written off against the log. Inside arena_run(v->whole). */
void verify_cargo_event(struct verify *v, const struct event *e);
enum err verify_cargo(struct verify *v, struct cause *why) MUST_CHECK;

/* verify_messages.c: messages that are kept against the log. Inside arena_run(v->whole). */
void verify_message_event(struct verify *v, const struct event *e);
enum err verify_messages(struct verify *v, struct cause *why) MUST_CHECK;

/* verify_shadow.c: what another system decided, and the differences, against the log. Inside arena_run(v->whole). */
void verify_outcomes_event(struct verify *v, const struct event *e);
enum err verify_outcomes(struct verify *v, struct cause *why) MUST_CHECK;

/* verify_quota.c: quotas against the log. Inside arena_run(v->whole). */
void verify_quota_event(struct verify *v, const struct event *e);
enum err verify_quotas(struct verify *v, struct cause *why) MUST_CHECK;

/* verify_history.c: histories against the log. Inside arena_run(v->whole). */
enum err verify_histories(struct verify *v, struct cause *why) MUST_CHECK;

/* verify_transfers.c: balances and statements against the log. event inside arena_run(v->whole). */
void verify_money_event(struct verify *v, const struct event *e);
/* verify_case.c: the draw of a traveller's declaration */
void verify_travel_event(struct verify *v, const struct event *e);
enum err verify_money_end(struct verify *v, struct cause *why) MUST_CHECK;
/* verify_documents.c: rows against the log, bytes against their hashes. Inside arena_run(v->whole). */
void verify_document_event(struct verify *v, const struct event *e);
enum err verify_documents(struct verify *v, struct cause *why) MUST_CHECK;

#endif
