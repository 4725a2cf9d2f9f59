/* Every bound on what a stranger controls, in one place. Going past one is a finding or a clear error, never a crash. */
#ifndef CUSTOMHOUSE_BASE_LIMITS_H
#define CUSTOMHOUSE_BASE_LIMITS_H

enum {
	LIMIT_MESSAGE_BYTES = 10 << 20, /* one message on the wire */
	LIMIT_ARENA_BYTES =
	    64 << 20,     /* memory of one request; the largest legal message needs about half */
	LIMIT_DEPTH = 64, /* nesting of JSON or XML */
	LIMIT_ATTRIBUTES = 64,       /* on one XML element */
	LIMIT_JSON_VALUES = 1 << 20, /* values in one JSON text */
	LIMIT_NUMBER_DIGITS = 18,    /* of one decimal: what an int64 holds */
	LIMIT_NUMBER_SCALE = 9,      /* of them behind the point */
	LIMIT_ITEMS = 999,           /* goods items of a declaration */
	LIMIT_LIST = 999,      /* members of any other repeated field without a bound of its own */
	LIMIT_FINDINGS = 500,  /* in one answer; one more says that there are more */
	LIMIT_UNMAPPED = 1000, /* unmapped values kept of one message */
	LIMIT_REFERENCE_BYTES = 70,      /* of a trader's reference */
	LIMIT_DOCUMENT_BYTES = 20 << 20, /* one document of a case */
	LIMIT_DOCUMENTS =
	    200, /* documents of a case, of the trader's side and of customs' side each */
	LIMIT_CASE_DOCUMENT_BYTES = 400 << 20, /* all of one side together */
	LIMIT_DOCUMENT_NAME_BYTES = 200,
	LIMIT_POINTER_BYTES = 500,      /* of a place in a declaration */
	LIMIT_REASON_BYTES = 500,       /* of why somebody did something */
	LIMIT_PAYLOAD_BYTES = 64 << 20, /* of one event: what reading a compressed one may make */
	LIMIT_QUEUE = 4096,             /* requests that wait for the settle writer */
	LIMIT_ACT_TEXT_BYTES = 2000,    /* of a reason, a query, a reply */
	LIMIT_BATCH = 256,              /* cases in one commit */
	LIMIT_CONNECTIONS = 2048,       /* HTTP connections at once */
	LIMIT_LIST_SECONDS =
	    30, /* that a list or a statement takes to be read, unless told otherwise */
	LIMIT_LOOK_SECONDS = 60, /* the same of what speaks of one case */
	LIMIT_HOOKS = 8,         /* of one party */
	LIMIT_HOOKS_ALL = 4096,
	LIMIT_STREAMS = 1000, /* of notices, open at once */
	LIMIT_STREAMS_OF_PARTY = 100,
	LIMIT_NOTICE_BYTES = 16 << 10,      /* what one notice says */
	LIMIT_PACK_FILE_BYTES = 64 << 20,   /* one file of a pack */
	LIMIT_PACK_BYTES = 256 << 20,       /* a pack whole */
	LIMIT_PACK_UPLOAD_BYTES = 96 << 20, /* an archive that is proposed over HTTP */
	LIMIT_CANDIDATES = 200,             /* that a list shows */
	LIMIT_PACK_FILES = 1000,            /* files of one archive of a pack */
	LIMIT_PACK_ROWS = 2000000,          /* rows of one table of a pack */
	LIMIT_PACK_FAULTS = 200,            /* faults that one pack check lists */
	LIMIT_RULES = 20000,                /* risk rules of a set */
	LIMIT_REASON_ITEMS =
	    20, /* goods items that one rule lists among the reasons; more are counted */
	LIMIT_INTERCHANGE_MESSAGES = 10000, /* of an interchange over HTTP */
	LIMIT_SEGMENT_BYTES = 1 << 16,      /* one segment of an EDIFACT message */
	LIMIT_SEGMENT_VALUES = 4096,        /* elements and components in one */
	LIMIT_BULK = 10000,                 /* declarations handed in at once */
	LIMIT_CSV_FIELD_BYTES = 8192,
	LIMIT_CSV_COLUMNS = 64,
	LIMIT_TABLE_COLUMNS = 4096,     /* of a declaration as a table */
	LIMIT_STEPS = 64,               /* proof steps of one tax line */
	LIMIT_LEVIES = 32,              /* levies of a country */
	LIMIT_PAYERS = 100,             /* who paid for a case, or secure it */
	LIMIT_TRANSFERS = 999,          /* of one posting */
	LIMIT_ORIGIN_RULE_BYTES = 4000, /* one rule of origin */
	LIMIT_ORIGIN_TESTS = 100,       /* conditions and brackets in it */
	LIMIT_ORIGIN_CODES = 250,       /* codes of materials in it */
	LIMIT_ORIGIN_DEPTH = 8,         /* brackets inside brackets */
	LIMIT_ORIGIN_PERCENT_SCALE = 4, /* decimals of a per cent in it */
	LIMIT_ORIGIN_MATERIALS = 200,   /* that somebody tells of */
	LIMIT_ORIGIN_PROCESSES = 100,
	LIMIT_ORIGIN_CUMULATED = 32,   /* countries with which cumulation is claimed */
	LIMIT_ORIGIN_BYTES = 64 << 10, /* what they tell, as JSON */
};

#endif
