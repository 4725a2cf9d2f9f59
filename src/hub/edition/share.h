/* Rules and lists between administrations: exported signed, with what they did, and imported as a candidate when an administrator
 * trusts the key.
 *
 * A bundle is one JSON object {"payload","public_key","signature"}: the payload is a text, and the signature (Ed25519,
 * hexadecimal) is over its bytes. The payload is a JSON object again:
 *
 *     {"customhouse":"rules 1","country","name","exported_at","reason","pack","rules","lists","files":[{"name","text"}],
 *      "evidence":{"total","rules"} or null}
 *
 * evidence is of the report "rules" of the candidate: counts and sums, of all and by rule; nothing of a trader, an office
 * or a case.
 * Keys that are trusted, and by whom, are events of kind "trust" in the hub's own chain; of one key the newest counts. */
#ifndef CUSTOMHOUSE_HUB_EDITION_SHARE_H
#define CUSTOMHOUSE_HUB_EDITION_SHARE_H

#include "hub/inforce.h"
#include "hub/people/people.h"

struct text;

enum { SHARE_KEY_DIGITS = 64, SHARE_NAME_BYTES = 80, SHARE_KEYS = 1000 };

/* The rules and lists of a candidate, or, number 0, of what is in force, as a bundle. An event tells who exported what.
 * Inside arena_run() of the text's arena. ERR_DENIED: not an analyst; ERR_NOT_FOUND. */
enum err hub_export_rules(struct hub *h, struct text *to, const struct who *by, int64_t number,
			  struct cause *why) MUST_CHECK;

/* What a bundle makes of a pack: its rules beside those that are in force, in files "shared-CC-NAME", where they replace an
 * earlier bundle of that country; its lists where the pack has none of that name. */
struct share {
	struct span part[PACK_PARTS];
	struct span report; /* where it is from, and its evidence: JSON */
};
/* Everything lies in a; not inside arena_run(). ERR_FORMAT: no bundle, or its signature is not of its bytes; ERR_DENIED: nobody
 * trusts its key. */
enum err share_open(struct hub *h, struct arena *a, struct span bundle, const struct inforce *base,
		    struct share *ret, struct cause *why) MUST_CHECK;

/* An administrator trusts a key (64 hexadecimal digits) by a name, or trusts it no more. Inside arena_run(). ERR_DENIED;
 * ERR_FORMAT; ERR_NOT_FOUND: it was not trusted; ERR_LIMIT. */
enum err hub_trust_key(struct hub *h, struct arena *a, const struct who *by, struct span key,
		       struct span name, struct cause *why) MUST_CHECK;
enum err hub_distrust_key(struct hub *h, struct arena *a, const struct who *by, struct span key,
			  struct cause *why) MUST_CHECK;
/* {"own":"<the hub's public key>","keys":[{"key","name","trusted_by","trusted_at"}]}. Inside arena_run(). ERR_DENIED. */
enum err hub_write_trusted(struct hub *h, struct text *to, const struct who *by,
			   struct cause *why) MUST_CHECK;

#endif
