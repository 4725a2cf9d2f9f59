/* The columns of each table, once: in the order of the statements, of their readers, and of a backup. Not for callers. */
#ifndef CUSTOMHOUSE_STORE_COLUMNS_H
#define CUSTOMHOUSE_STORE_COLUMNS_H

// clang-format off
#define ACCESS_COLUMNS      "login, id, at, office, reference, purpose, part, request"
#define ACT_KEY_COLUMNS     "office, actor, key, reference, sha256, seq"
#define ACTIVATION_COLUMNS  "seq, kind, hash, from_day, at"
#define BALANCE_COLUMNS     "holder, account, currency, minor"
#define BODY_COLUMNS        "office, reference, number, body"
#define ANNOUNCEMENT_COLUMNS "office, number, version, from_day, to_day, at, author, body"
#define AUTHORITY_COLUMNS   "party, id, broker, from_day, to_day, granted_by, granted_at, revoked_at"
#define CANDIDATE_COLUMNS   "number, state, pack, rules, lists, base_pack, base_rules, base_lists, from_day, proposed_by," \
			    " proposed_at, reason, decided_by, decided_at, decided_reason, seq"
#define CANDIDATE_REPORT_COLUMNS "number, kind, at, seq, body"
#define CARGO_COLUMNS       "office, reference, version, sender, trader_reference, carrier, input_sha256, state, conveyance," \
			    " day, decided_at, arrived_at, input_seq, decision_seq"
#define CASE_CODES_COLUMNS  "office, chapter, reference, codes"
#define CASE_CODES_MARK_COLUMNS "office, seq"
#define CASE_PARTY_COLUMNS  "party, reference, office"
/* declaration d, life l, event e: the answer, where the row lacks what its trader called the case */
#define CASE_COLUMNS        "d.office, d.reference, d.version, d.sender, d.trader_reference, d.input_sha256, d.type, d.state," \
			    " d.lane, d.holder, d.items, d.currency, d.total_minor, d.day, d.decided_at, d.input_seq," \
			    " d.decision_seq, d.answer_seq, l.examiner, COALESCE(l.seq, 0), l.body, e.payload," \
			    " COALESCE(e.compression, 0)"
#define CONTINGENCY_COLUMNS "office, first, last, reserved_by, at"
#define COUNTER_COLUMNS     "office, year, next"
#define DAY_KEY_COLUMNS     "day, commitment, rate, sealed, at"
#define DEAD_LETTER_COLUMNS "party, hook, notice, reason, at, again"
#define DECLARATION_COLUMNS "office, reference, version, sender, trader_reference, input_sha256, type, state, lane, holder," \
			    " items, currency, total_minor, day, decided_at, input_seq, decision_seq, answer_seq"
#define DIFFERENCE_COLUMNS  "reference, kind, differences, examples"
#define DOCUMENT_COLUMNS    "office, reference, number, version, sha256, name, type, bytes, pointer, state, actor, at"
#define DRAW_COUNT_COLUMNS  "day, drawn, picked"
#define EVENT_COLUMNS       "office, seq, kind, reference, version, at, actor, payload_hash, chain, salt, payload, compression"
#define GOODS_COLUMNS       "holder, goods, office, reference, decision_seq"
#define GUARANTEE_COLUMNS   "party, reference, guarantor, currency, minor, until_day, office, seq"
#define HISTORY_COLUMNS     "subject, office, body"
#define HISTORY_MARK_COLUMNS "office, seq"
#define HOOK_COLUMNS        "party, id, url, sealed, state, taken, attempts, next_at, lost, last_error, made_at"
#define LEASE_COLUMNS       "office, epoch, node, run, used"
#define LIFE_COLUMNS        "office, reference, party, state, lane, examiner, deadline, seq, body"
#define MESSAGE_COLUMNS     "office, reference, sender, key, actor, format, type, state, sha256, bytes, at, input_seq, check_seq"
#define NEWS_COLUMNS        "id, kind, key"
#define NODE_COLUMNS        "name, run, address, program, started_at, beat"
#define OBLIGATION_COLUMNS  "party, reference, office, due_day, completed_by"
#define OUTBOX_COLUMNS      "party, id, office, reference, version, kind, at, body"
#define OUTCOME_COLUMNS     "reference, standing, office, movement, decision_seq, at, theirs"
#define PARTY_COLUMNS       "holder, declared, selected, irregular, first_day, last_day, recent"
#define PERSON_COLUMNS      "login, name, roles, offices, parties, agency, disabled, must_change, secret, created_at, changed_at"
#define QUARANTINE_COLUMNS  "sha256, at, reason, bytes"
#define QUOTA_COLUMNS       "quota, period, taken, requested, serial, state"
#define QUOTA_HOLD_COLUMNS  "quota, period, office, reference, sub, day, at, stage, way, asked, granted"
#define QUOTA_NEWS_COLUMNS  "quota, period, serial, at, state, balance"
#define ROOT_COLUMNS        "office, seq, day, chain, previous, signature, at"
#define ROSTER_COLUMNS      "office, login, present_until, skills, conflicts"
#define SESSION_COLUMNS     "sha256, login, begun_at, seen_at"
#define STOCK_COLUMNS       "account, carrier, kind, office, source, consignee, opened_at, open, measured, granted_packages," \
			    " granted_mass, granted_value, reserved_packages, reserved_mass, reserved_value, used_packages," \
			    " used_mass, used_value, granted_quantity, reserved_quantity, used_quantity, unit, goods," \
			    " from_day, until_day"
#define SHELF_COLUMNS       "party, kind, name, body, actor, changed_at"
#define STOCK_HOLD_COLUMNS  "account, carrier, office, reference, stage, packages, mass, value, quantity"
#define TOKEN_COLUMNS       "sha256, id, login, name, scopes, made_at, expires_at, used_on"
#define TRANSFER_COLUMNS    "holder, at, office, seq, n, reference, kind, account, other_holder, other_account, currency, minor"
#define VERSION_COLUMNS     "kind, hash, at, bytes"
// clang-format on

#endif
