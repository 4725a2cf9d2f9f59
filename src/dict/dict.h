/* The data dictionary at run time: what every class and field of the declaration and of the cargo report is called, how long it
 * may be, where it lies in its C struct and in each format. Made from declaration.dict and cargo.dict by tools/mkdict.c; readers,
 * writers, checks and rules walk these tables instead of naming fields one by one. All of it is constant. */
#ifndef CUSTOMHOUSE_DICT_DICT_H
#define CUSTOMHOUSE_DICT_DICT_H

#include "base/decimal.h"
#include "base/span.h"
#include "base/text.h"

/* Values as structs hold them. Zeroed means: the message does not say. Every value knows the line it stood on. */
struct amount {
	struct decimal value;
	struct span currency; /* three letters, or empty */
};

struct quantity {
	struct decimal value;
	struct span unit;
};

struct datetime {
	struct span text;   /* as written */
	struct span format; /* code of UN/EDIFACT 2379, or empty for ISO 8601 */
	int32_t day;        /* civil day as written */
	int64_t moment;
};

/* First member of every class. */
struct dict_head {
	uint32_t line;
	bool present;
};

/* A repeated field; every list in the generated structs has this layout. */
#define DICT_LIST(type)                                                                            \
	struct {                                                                                   \
		type *v;                                                                           \
		uint32_t n, room;                                                                  \
	}
struct dict_list {
	void *v;
	uint32_t n, room;
};

enum dict_kind {
	DICT_TEXT,     /* struct span: free text */
	DICT_CODE,     /* struct span: a code */
	DICT_ID,       /* struct span: an identifier */
	DICT_NUMBER,   /* struct decimal */
	DICT_AMOUNT,   /* struct amount */
	DICT_QUANTITY, /* struct quantity */
	DICT_DATETIME, /* struct datetime */
	DICT_CLASS,    /* a struct that begins with struct dict_head */
};

struct dict_class;

struct dict_field {
	const char *name;
	uint16_t length; /* of the name */
	enum dict_kind kind;
	bool list;                   /* a struct dict_list of values of this kind */
	bool required;               /* whenever its class is present */
	uint8_t scale;               /* numbers: digits behind the point */
	uint16_t size;               /* longest text in characters, or digits of a number */
	uint16_t max;                /* members of a list */
	uint32_t offset;             /* in the struct of its class */
	const struct dict_class *of; /* DICT_CLASS: the class */
	const char *wco_id;          /* data element or class number in the WCO Data Model, or "" */
	/* DICT_CLASS: "name:R009:id:R010" for its own fields where they differ, or "" */
	const char *wco_ids;
	const char *code_list; /* code list of the country pack, or "" */
	const char *title;
};

/* An XML element below a class: a field, or a wrapper around some. */
struct dict_element {
	const char *name;
	uint16_t length;
	const char *wco_id; /* of a wrapper: its class number, by which pointers name it; or "" */
	const struct dict_field *field; /* NULL: a wrapper */
	const struct dict_element *children;
	uint16_t count;
};

struct dict_class {
	const char *name;
	const char *wco_id;
	const char *title;
	uint32_t size; /* bytes of the struct */
	uint16_t field_count, element_count;
	uint64_t required; /* a bit for each field that must be given */
	uint64_t classes;  /* and for each of the kind DICT_CLASS */
	const struct dict_field *fields;
	const struct dict_element *elements; /* in the order of the schema */
};

#include "dict/declaration_gen.h" /* IWYU pragma: export */

#include "dict/cargo_gen.h" /* IWYU pragma: export */

/* Bytes of one value of the field's kind (of one member, for a list). */
size_t dict_value_size(const struct dict_field *f);
const struct dict_field *dict_field(const struct dict_class *c, struct span name);
/* The address of a field in an object of its class. */
static inline void *dict_at(const struct dict_field *f, const void *object)
{
	return (char *)(uintptr_t)object + f->offset;
}

/* Does the message say anything for this one value (not a list)? */
bool dict_says(const struct dict_field *f, const void *value);
/* The line of one value, 0 when unknown. */
uint32_t dict_line(const struct dict_field *f, const void *value);

/* Calls visit for every leaf value (no class, members of lists one by one) that the message gives, in dictionary
 * order. parent is the object that holds it. Stops when visit returns false. */
bool dict_visit(const struct dict_class *c, const void *object,
		bool (*visit)(void *context, const struct dict_field *f, const void *value,
			      const void *parent),
		void *context);

/* Names a place: value is an address inside the object (a field, a member of a list, a class within it); writes its JSON pointer
 * (RFC 6901), such as /shipment/items/1/commodity/net_mass, and gives the line where it stands, or, for a value that
 * is missing, the line of the nearest class around it. The object itself is the empty pointer. false, with nothing
 * written, when the address is not inside. */
bool dict_locate(const struct dict_class *c, const void *object, const void *value,
		 struct text *pointer, uint32_t *ret_line);

/* The other way: follows a JSON pointer to a value. NULL when it leads nowhere; *ret_field is NULL for the object itself. */
const void *dict_find(const struct dict_class *c, const void *object, struct span pointer,
		      const struct dict_field **ret_field);

#endif
