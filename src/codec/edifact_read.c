/* The text of a directory, read. One fact a line:
 *
 *   directory 96B
 *   element 1001 an..3 1 2 3          number, form, codes: a code list goes on in lines that begin with a blank
 *   composite C002 1001 1131 3055 1000    ! behind a name: mandatory
 *   segment BGM C002 1225! 4343*2     * behind a name: how often
 *   message CUSDEC UNH! BGM! LOC*99 ( *99 RFF! DTM ) UNT!   ( and ) around a group, ! and * behind the opening one */
#include "codec/edifact_tables.h"

#define LIST(type)                                                                                 \
	struct {                                                                                   \
		type *v;                                                                           \
		uint32_t n, room;                                                                  \
	}

/* A composite under its number, as segments name it. */
struct composite {
	struct span name;
	uint32_t part_at, parts;
};

struct reading {
	struct arena *arena;
	uint32_t line;
	const char *fault;
	char version[16];
	LIST(struct edifact_element) elements;
	LIST(struct edifact_part) parts;
	LIST(struct edifact_slot) slots;
	LIST(struct edifact_segment_table) segments;
	LIST(struct edifact_node) nodes;
	LIST(struct edifact_message) messages;
	LIST(uint64_t) codes;
	LIST(struct composite) composites;
	bool service; /* of the syntax itself: names no segment twice */
};

#define PUSH(r, list)                                                                              \
	arena_push((r)->arena, (void **)&(r)->list.v, &(r)->list.n, &(r)->list.room,               \
		   sizeof(*(r)->list.v))

static bool refuse(struct reading *r, const char *fault, struct span word)
{
	r->fault = word.n ? arena_print(r->arena, "%s: %.*s", fault, SPAN_ARG(word)) : fault;
	return false;
}

static struct span next_word(struct span *rest)
{
	struct span word;

	while (rest->n && rest->p[0] == ' ')
		rest->p++, rest->n--;
	word = *rest;
	for (word.n = 0; word.n < rest->n && word.p[word.n] != ' ';)
		word.n++;
	rest->p += word.n;
	rest->n -= word.n;
	return word;
}

static bool take_number(struct span *s, uint32_t *ret)
{
	uint32_t value = 0, n = 0;

	for (; n < s->n && n < 6 && s->p[n] >= '0' && s->p[n] <= '9'; n++)
		value = 10 * value + (uint32_t)(s->p[n] - '0');
	s->p += n;
	s->n -= n;
	*ret = value;
	return n > 0;
}

/* a3, n..6, an..35, n6..8 */
static bool take_form(struct span s, struct edifact_element *ret)
{
	uint32_t n = 0, min = 0, max;

	if (s.n && s.p[0] == 'a')
		n = s.n > 1 && s.p[1] == 'n' ? 2 : 1;
	else if (s.n && s.p[0] == 'n')
		n = 1;
	ret->kind = n == 2 ? EDIFACT_AN : s.n && s.p[0] == 'a' ? EDIFACT_A : EDIFACT_N;
	if (!n)
		return false;
	s.p += n;
	s.n -= n;
	if (span_starts(s, SPAN(".."))) {
		min = 1;
	} else if (!take_number(&s, &min)) {
		return false;
	}
	max = min;
	if (span_starts(s, SPAN(".."))) {
		s.p += 2;
		s.n -= 2;
		if (!take_number(&s, &max))
			return false;
	}
	ret->min = (uint8_t)min;
	ret->max = (uint16_t)max;
	return s.n == 0 && min >= 1 && min <= 255 && max >= min && max <= 0xffff;
}

/* name!*3 */
static bool take_marks(struct reading *r, struct span word, struct span *ret_name,
		       bool *ret_mandatory, uint32_t *ret_repeat)
{
	uint32_t n = 0;

	while (n < word.n && word.p[n] != '!' && word.p[n] != '*')
		n++;
	*ret_name = (struct span){word.p, n, 0};
	*ret_mandatory = n < word.n && word.p[n] == '!';
	*ret_repeat = 1;
	n += *ret_mandatory;
	word.p += n;
	word.n -= n;
	if (!word.n)
		return true;
	word.p++;
	word.n--;
	return (take_number(&word, ret_repeat) && word.n == 0 && *ret_repeat > 0) ||
	       refuse(r, "not a number of times", *ret_name);
}

uint64_t edifact_code_key(struct span code)
{
	uint64_t key = 0;

	for (uint32_t i = 0; i < EDIFACT_CODE_BYTES; i++)
		key = key << 8 | (i < code.n ? (uint8_t)code.p[i] : 0);
	return key;
}

static int element_find(const struct reading *r, uint32_t number)
{
	for (uint32_t i = 0; i < r->elements.n; i++)
		if (r->elements.v[i].number == number)
			return (int)i;
	return -1;
}

static bool read_codes(struct reading *r, struct span rest)
{
	struct edifact_element *e;

	if (!r->elements.n)
		return refuse(r, "codes without an element", rest);
	e = &r->elements.v[r->elements.n - 1];
	for (struct span word; (word = next_word(&rest)).n;) {
		uint64_t key = edifact_code_key(word);

		if (word.n > EDIFACT_CODE_BYTES)
			return refuse(r, "a code is too long", word);
		if (e->codes && r->codes.v[r->codes.n - 1] >= key)
			return refuse(r, "codes are not in order", word);
		if (e->codes == 0xffff)
			return refuse(r, "too many codes", word);
		*(uint64_t *)PUSH(r, codes) = key;
		e->codes++;
	}
	return true;
}

static bool read_element(struct reading *r, struct span rest)
{
	struct span number = next_word(&rest), form = next_word(&rest);
	struct edifact_element e = {0};
	uint32_t value;

	if (!take_number(&number, &value) || number.n || value > 9999 ||
	    element_find(r, value) >= 0)
		return refuse(r, "not a number of one more element", number);
	if (!take_form(form, &e))
		return refuse(r, "not a form of an element", form);
	e.number = (uint16_t)value;
	e.code_at = r->codes.n;
	*(struct edifact_element *)PUSH(r, elements) = e;
	return read_codes(r, rest);
}

static bool push_part(struct reading *r, struct span name, bool mandatory)
{
	uint32_t value;
	int element;

	if (!take_number(&name, &value) || name.n || (element = element_find(r, value)) < 0)
		return refuse(r, "not an element", name);
	*(struct edifact_part *)PUSH(r, parts) =
	    (struct edifact_part){(uint16_t)element, mandatory};
	return true;
}

static bool read_composite(struct reading *r, struct span rest)
{
	struct composite c = {next_word(&rest), r->parts.n, 0};

	for (uint32_t i = 0; i < r->composites.n; i++)
		if (span_equal(r->composites.v[i].name, c.name))
			return refuse(r, "a composite a second time", c.name);
	for (struct span word; (word = next_word(&rest)).n; c.parts++) {
		struct span name;
		bool mandatory;
		uint32_t repeat;

		if (!take_marks(r, word, &name, &mandatory, &repeat))
			return false;
		if (c.parts == EDIFACT_PARTS || repeat != 1 || !push_part(r, name, mandatory))
			return refuse(r, "not a component", word);
	}
	if (!c.parts)
		return refuse(r, "an empty composite", c.name);
	*(struct composite *)PUSH(r, composites) = c;
	return true;
}

static bool push_slot(struct reading *r, struct span name, bool mandatory, uint32_t repeat)
{
	struct edifact_slot s = {.mandatory = mandatory, .repeat = (uint8_t)repeat};
	uint32_t number = 0;

	if (repeat > 99)
		return refuse(r, "an element too often", name);
	for (uint32_t i = 0; i < r->composites.n; i++) {
		if (!span_equal(r->composites.v[i].name, name))
			continue;
		s.class = name.p[0];
		s.part_at = (uint16_t)r->composites.v[i].part_at;
		s.parts = (uint8_t)r->composites.v[i].parts;
		name.p++;
		name.n--;
		if (!take_number(&name, &number))
			return refuse(r, "not a composite", name);
	}
	if (!s.class) {
		struct span digits = name;

		s.part_at = (uint16_t)r->parts.n;
		s.parts = 1;
		if (!take_number(&digits, &number) || !push_part(r, name, true))
			return refuse(r, "neither a composite nor an element", name);
	}
	s.number = (uint16_t)number;
	*(struct edifact_slot *)PUSH(r, slots) = s;
	return true;
}

static bool read_segment(struct reading *r, struct span rest)
{
	struct span tag = next_word(&rest);
	struct edifact_segment_table t = {.slot_at = (uint16_t)r->slots.n};

	if (tag.n != 3)
		return refuse(r, "not a segment's tag", tag);
	memcpy(t.tag, tag.p, 3);
	if (r->segments.n && memcmp(r->segments.v[r->segments.n - 1].tag, t.tag, 3) >= 0)
		return refuse(r, "segments are not in order", tag);
	for (struct span word; (word = next_word(&rest)).n; t.slots++) {
		struct span name;
		bool mandatory;
		uint32_t repeat;

		if (t.slots == EDIFACT_SLOTS || !take_marks(r, word, &name, &mandatory, &repeat) ||
		    !push_slot(r, name, mandatory, repeat))
			return refuse(r, r->fault ? r->fault : "too many elements", tag);
	}
	*(struct edifact_segment_table *)PUSH(r, segments) = t;
	return true;
}

/* A tag as a number, in the order of tags. */
static uint32_t tag_key(const char *tag)
{
	const unsigned char *p = (const unsigned char *)tag;

	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static int segment_find(const struct edifact_segment_table *v, uint32_t n, struct span tag)
{
	uint32_t low = 0, high = n, key = tag.n == 3 ? tag_key(tag.p) : 0;

	while (key && low < high) {
		uint32_t middle = (low + high) / 2, here = tag_key(v[middle].tag);

		if (here == key)
			return (int)middle;
		if (here < key)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

/* The words of a message: segments, and groups in brackets. */
struct shape {
	uint32_t first; /* node */
	uint32_t depth;
	uint32_t open[EDIFACT_DEPTH]; /* nodes of the groups that are open */
	uint32_t groups;
};

static bool push_node(struct reading *r, struct shape *s, struct span word, bool group)
{
	struct edifact_node n = {.parent = EDIFACT_TOP};
	struct span name;
	int segment;

	if (!take_marks(r, word, &name, &n.mandatory, &n.max))
		return false;
	if (s->depth)
		n.parent = (uint16_t)(s->open[s->depth - 1] - s->first);
	n.end = (uint16_t)(r->nodes.n - s->first + 1);
	if (group) {
		n.group = (uint16_t)++s->groups;
		if (s->depth == EDIFACT_DEPTH)
			return refuse(r, "groups nest too deep", name);
		s->open[s->depth++] = r->nodes.n;
	} else {
		segment = segment_find(r->segments.v, r->segments.n, name);
		if (segment < 0)
			return refuse(r, "not a segment", name);
		n.segment = (uint16_t)segment;
	}
	*(struct edifact_node *)PUSH(r, nodes) = n;
	return true;
}

static bool close_group(struct reading *r, struct shape *s)
{
	struct edifact_node *group;
	uint32_t at;

	if (!s->depth)
		return refuse(r, "a group ends that did not begin", (struct span){0});
	at = s->open[--s->depth];
	group = &r->nodes.v[at];
	if (at + 1 == r->nodes.n || group[1].group || !group[1].mandatory || group[1].max != 1)
		return refuse(r, "a group does not begin with a segment that must stand once",
			      (struct span){0});
	group->segment = group[1].segment;
	group->end = (uint16_t)(r->nodes.n - s->first);
	return true;
}

static bool read_message(struct reading *r, struct span rest)
{
	struct span name = next_word(&rest);
	struct shape s = {.first = r->nodes.n};
	struct edifact_message m = {.node_at = (uint16_t)r->nodes.n};

	if (!name.n || name.n >= sizeof(m.name))
		return refuse(r, "not a message's name", name);
	memcpy(m.name, name.p, name.n);
	if (r->messages.n && strcmp(r->messages.v[r->messages.n - 1].name, m.name) >= 0)
		return refuse(r, "messages are not in order", name);
	for (struct span word; (word = next_word(&rest)).n;) {
		bool ok = word.p[0] == ')' ? close_group(r, &s)
			  : word.p[0] == '('
			      ? push_node(r, &s, (struct span){word.p + 1, word.n - 1, 0}, true)
			      : push_node(r, &s, word, false);

		if (!ok)
			return refuse(r, r->fault, name);
	}
	if (s.depth || r->nodes.n == s.first || r->nodes.n > 0xfffe)
		return refuse(r, "a message whose groups do not end", name);
	m.nodes = (uint16_t)(r->nodes.n - s.first);
	*(struct edifact_message *)PUSH(r, messages) = m;
	return true;
}

static bool read_version(struct reading *r, struct span rest)
{
	struct span version = next_word(&rest);

	if (!version.n || version.n >= sizeof(r->version) || r->version[0])
		return refuse(r, "not a version", version);
	memcpy(r->version, version.p, version.n);
	return true;
}

/* One fact. Lines that begin with a blank were joined to it. */
static bool read_fact(struct reading *r, struct span s)
{
	static const struct {
		const char *word;
		bool (*read)(struct reading *r, struct span rest);
	} facts[] = {
	    {"directory", read_version}, {"element", read_element}, {"composite", read_composite},
	    {"segment", read_segment},   {"message", read_message},
	};
	struct span word = next_word(&s);

	for (unsigned i = 0; i < ARRAY_LEN(facts); i++)
		if (span_is(word, facts[i].word))
			return facts[i].read(r, s);
	return refuse(r, "not a fact of a directory", word);
}

static struct edifact_directory directory_of(const struct reading *r)
{
	struct edifact_directory d = {
	    .elements = r->elements.v,
	    .parts = r->parts.v,
	    .slots = r->slots.v,
	    .segments = r->segments.v,
	    .nodes = r->nodes.v,
	    .messages = r->messages.v,
	    .codes = r->codes.v,
	    .element_n = r->elements.n,
	    .part_n = r->parts.n,
	    .slot_n = r->slots.n,
	    .segment_n = r->segments.n,
	    .node_n = r->nodes.n,
	    .message_n = r->messages.n,
	    .code_n = r->codes.n,
	};

	memcpy(d.version, r->version, sizeof(d.version));
	return d;
}

enum err edifact_directory_read(struct arena *a, struct span text, struct edifact_directory *ret,
				uint32_t *ret_line, const char **ret_fault)
{
	struct reading r = {.arena = a};
	bool ok = true;

	while (text.n && ok) {
		struct text fact = text_in(a);

		r.line++;
		text_span(&fact, span_cut(&text, '\n'));
		for (*ret_line = r.line; text.n && text.p[0] == ' '; r.line++)
			text_span(&fact, span_cut(&text, '\n'));
		if (fact.n && fact.p[0] != '#')
			ok = read_fact(&r, text_as_span(&fact));
	}
	if (ok && !r.version[0])
		ok = refuse(&r, "no version", (struct span){0});
	if (ok && (r.slots.n > 0xffff || r.parts.n > 0xffff || r.nodes.n > 0xffff))
		ok = refuse(&r, "too large a directory", (struct span){0});
	*ret_fault = r.fault;
	if (!ok)
		return ERR_FORMAT;
	*ret = directory_of(&r);
	return ERR_NONE;
}

int edifact_segment_find(const struct edifact_directory *d, struct span tag)
{
	return segment_find(d->segments, d->segment_n, tag);
}

const struct edifact_message *edifact_message_find(const struct edifact_directory *d,
						   struct span name)
{
	for (uint32_t i = 0; i < d->message_n; i++)
		if (span_is(name, d->messages[i].name))
			return &d->messages[i];
	return NULL;
}

bool edifact_code_known(const struct edifact_directory *d, const struct edifact_element *e,
			struct span code)
{
	const uint64_t *v = d->codes + e->code_at;
	uint64_t key = edifact_code_key(code);
	uint32_t low = 0, high = e->codes;

	if (!e->codes)
		return true;
	if (code.n > EDIFACT_CODE_BYTES)
		return false;
	while (low < high) {
		uint32_t middle = (low + high) / 2;

		if (v[middle] == key)
			return true;
		if (v[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}
