#include "codec/edifact_check.h"

#include "codec/edifact_builtin.h"
#include "codec/edifact_shapes.h"

const char *edifact_error_text(enum edifact_error_code code)
{
	switch (code) {
	case EDIFACT_VERSION_UNKNOWN:
		return "syntax version or level not supported";
	case EDIFACT_INVALID_VALUE:
		return "value not in the code list";
	case EDIFACT_MISSING:
		return "missing";
	case EDIFACT_NOT_HERE:
		return "not supported in this position";
	case EDIFACT_TOO_MANY_PARTS:
		return "too many elements or components";
	case EDIFACT_NO_AGREEMENT:
		return "message type or directory not known";
	case EDIFACT_UNSPECIFIED:
		return "unspecified error";
	case EDIFACT_BAD_SIGN:
		return "character cannot be a service character";
	case EDIFACT_BAD_CHARACTER:
		return "character not of the character set";
	case EDIFACT_DUPLICATE:
		return "duplicate detected";
	case EDIFACT_REFERENCE_DIFFERS:
		return "references do not match";
	case EDIFACT_COUNT_DIFFERS:
		return "control count does not match what was received";
	case EDIFACT_GROUPS_MIXED:
		return "groups and messages mixed";
	case EDIFACT_EMPTY_LEVEL:
		return "lower level empty";
	case EDIFACT_STRAY:
		return "outside of message, group or interchange";
	case EDIFACT_TOO_MANY_SEGMENTS:
		return "too many segment repetitions";
	case EDIFACT_TOO_MANY_GROUPS:
		return "too many segment group repetitions";
	case EDIFACT_WRONG_KIND:
		return "wrong type of characters";
	case EDIFACT_NO_DIGIT:
		return "digit missing in front of the decimal sign";
	case EDIFACT_TOO_LONG:
		return "too long";
	case EDIFACT_TOO_SHORT:
		return "too short";
	case EDIFACT_CHARSET_UNKNOWN:
		return "character set not supported";
	}
	return "";
}

const struct edifact_directory *const *edifact_builtins(uint32_t *ret_n)
{
	*ret_n = edifact_builtin_count - 1;
	return edifact_builtin_table;
}

const struct edifact_directory *edifact_builtin(struct span version)
{
	for (uint32_t i = 0; i + 1 < edifact_builtin_count; i++)
		if (span_is(version, edifact_builtin_table[i]->version))
			return edifact_builtin_table[i];
	return NULL;
}

/* Is the version of a directory this one, with this association's code behind it? */
static bool is_version(const char *have, struct span version, struct span association)
{
	struct span rest = span_of(have);

	return span_equal(span_cut(&rest, ':'), version) &&
	       (rest.p ? span_equal(rest, association) : !association.n);
}

const struct edifact_directory *edifact_directory_find(const struct edifact_set *more,
						       struct span version, struct span association)
{
	uint32_t n = more ? more->n : 0;

	for (uint32_t i = 0; i < n && association.n; i++)
		if (is_version(more->v[i]->version, version, association))
			return more->v[i];
	for (uint32_t i = 0; i < n; i++)
		if (is_version(more->v[i]->version, version, SPAN("")))
			return more->v[i];
	return edifact_builtin(version);
}

const struct edifact_directory *edifact_service(void)
{
	return edifact_builtin_table[edifact_builtin_count - 1];
}

void edifact_check_open(struct edifact_check *c, const struct edifact_directory *d,
			const struct edifact_message *m, const struct edifact *reader,
			edifact_error_fn *error, void *context)
{
	*c = (struct edifact_check){
	    .directory = d,
	    .message = m,
	    .charset = reader->charset,
	    .signs = reader->signs,
	    .version = reader->version,
	    .error = error,
	    .context = context,
	    .node = EDIFACT_TOP,
	    .last_over = EDIFACT_TOP,
	};
}

/* ---- saying ---- */

static struct edifact_error error_at(const struct edifact_check *c, enum edifact_error_code code,
				     const struct edifact_segment *s)
{
	struct edifact_error e = {.code = code, .segment = c->segment};

	if (s) {
		e.line = s->line;
		e.column = 1;
		memcpy(e.tag, s->tag.p, s->tag.n < 3 ? s->tag.n : 3);
	}
	return e;
}

static void say(struct edifact_check *c, const struct edifact_error *e)
{
	c->errors++;
	if (c->error)
		c->error(c->context, e);
}

/* ---- values ---- */

const struct edifact_slot *edifact_slot_of(const struct edifact_directory *d,
					   const struct edifact_segment_table *t, int version,
					   unsigned element, unsigned *ret_repeat)
{
	const struct edifact_slot *s = d->slots + t->slot_at, *end = s + t->slots;

	*ret_repeat = 0;
	if (version >= 4)
		return element >= 1 && element <= t->slots ? &s[element - 1] : NULL;
	for (; s < end; s++) {
		if (element <= s->repeat) {
			*ret_repeat = element - 1;
			return element ? s : NULL;
		}
		element -= s->repeat;
	}
	return NULL;
}

/* Digits of a number, which has at most one sign before and one decimal mark (point or comma) inside. */
static enum edifact_error_code number_fault(struct span s, const struct edifact_element *e,
					    uint32_t *ret_digits)
{
	uint32_t digits = 0, marks = 0, before = 0;

	for (uint32_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c >= '0' && c <= '9')
			digits++;
		else if (c == '.' || c == ',')
			marks++, before = digits;
		else if (c != '-' || i > 0)
			return EDIFACT_WRONG_KIND;
	}
	*ret_digits = digits;
	if (marks > 1 || digits == 0 || (marks && digits == before))
		return EDIFACT_WRONG_KIND;
	if (marks && before == 0)
		return EDIFACT_NO_DIGIT;
	if (digits > e->max)
		return EDIFACT_TOO_LONG;
	return digits < e->min ? EDIFACT_TOO_SHORT : 0;
}

/* What is wrong with a text as such; 0: nothing. */
static enum edifact_error_code text_fault(const struct edifact_check *c, struct span raw,
					  bool released, const struct edifact_element *e)
{
	uint32_t n = raw.n, digits;

	if (!c->printable) {
		unsigned classes = edifact_classes(raw.p, raw.n);

		if (!edifact_allows(c->charset, classes) ||
		    (classes & EDIFACT_HIGH && !edifact_encoded(c->charset, raw)))
			return EDIFACT_BAD_CHARACTER;
	}
	if (!e)
		return 0;
	if (e->kind == EDIFACT_N)
		return number_fault(raw, e, &digits);
	if (e->kind == EDIFACT_A && edifact_classes(raw.p, raw.n) & EDIFACT_DIGIT)
		return EDIFACT_WRONG_KIND;
	if ((n > e->max || e->min > 1) && (released || !c->printable))
		n = edifact_length(c->charset, raw, released, c->signs.release);
	if (n > e->max)
		return EDIFACT_TOO_LONG;
	return n < e->min ? EDIFACT_TOO_SHORT : 0;
}

bool edifact_own_list(const struct edifact_directory *d, const struct edifact_slot *slot,
		      const struct edifact_segment *s, uint32_t i)
{
	uint16_t element = s->values[i].element, repeat = s->values[i].repeat;

	for (uint32_t k = i + 1;
	     k < s->count && s->values[k].element == element && s->values[k].repeat == repeat &&
	     s->values[k].component < slot->parts;
	     k++) {
		const struct edifact_part *p = &d->parts[slot->part_at + s->values[k].component];
		uint16_t number = d->elements[p->element].number;

		if (s->values[k].n && (number == 1131 || number == 3055))
			return true;
	}
	return false;
}

static void say_value(struct edifact_check *c, enum edifact_error_code code,
		      const struct edifact_segment *s, const struct edifact_value *v,
		      uint32_t number, uint32_t limit)
{
	struct edifact_error e = error_at(c, code, s);

	e.element = v->element;
	e.component = (uint16_t)(v->component + 1);
	e.column = v->at + 1;
	e.value = edifact_raw(s, v);
	e.number = number;
	e.limit = limit;
	say(c, &e);
}

static void check_value(struct edifact_check *c, const struct edifact_directory *d,
			const struct edifact_slot *slot, const struct edifact_segment *s,
			uint32_t i)
{
	const struct edifact_value *v = &s->values[i];
	const struct edifact_element *e;
	enum edifact_error_code code;
	struct span raw = edifact_raw(s, v);

	if (v->component >= slot->parts) {
		say_value(c, EDIFACT_TOO_MANY_PARTS, s, v, 0, slot->parts);
		return;
	}
	e = &d->elements[d->parts[slot->part_at + v->component].element];
	code = text_fault(c, raw, v->released, e);
	if (!code && e->codes && !edifact_code_known(d, e, raw) && !edifact_own_list(d, slot, s, i))
		code = EDIFACT_INVALID_VALUE;
	if (code)
		say_value(c, code, s, v, e->number, e->max);
}

static void say_missing(struct edifact_check *c, const struct edifact_segment *s, unsigned element,
			unsigned component, uint32_t number)
{
	struct edifact_error e = error_at(c, EDIFACT_MISSING, s);

	e.element = (uint16_t)element;
	e.component = (uint16_t)component;
	e.number = number;
	e.column = s->bytes + 1;
	say(c, &e);
}

/* Mandatory components of one repeat of an element that is given: seen has a bit for each that is there. */
static void check_parts(struct edifact_check *c, const struct edifact_directory *d,
			const struct edifact_slot *slot, const struct edifact_segment *s,
			unsigned element, uint64_t seen)
{
	if (slot->parts == 1 && seen & 1)
		return;
	for (unsigned k = 0; k < slot->parts; k++) {
		const struct edifact_part *p = &d->parts[slot->part_at + k];

		if (p->mandatory && !(seen >> k & 1))
			say_missing(c, s, element, slot->class ? k + 1 : 0,
				    d->elements[p->element].number);
	}
}

/* A slot of a segment and its first position: positions are asked for in order, so it only moves on. */
struct cursor {
	const struct edifact_slot *slot, *end;
	unsigned first;
};

static unsigned positions_of(const struct edifact_check *c, const struct edifact_slot *s)
{
	return c->version >= 4 ? 1 : s->repeat;
}

/* The slot at a position; NULL: there are not so many. */
static const struct edifact_slot *go_to(const struct edifact_check *c, struct cursor *k,
					unsigned element)
{
	while (k->slot < k->end && element - k->first >= positions_of(c, k->slot)) {
		k->first += positions_of(c, k->slot);
		k->slot++;
	}
	return k->slot < k->end ? k->slot : NULL;
}

/* Mandatory elements at the positions from..to, which are empty. */
static void check_gap(struct edifact_check *c, struct cursor *k, const struct edifact_segment *s,
		      unsigned from, unsigned to)
{
	while (k->slot < k->end && k->first < to) {
		if (k->slot->mandatory && k->first >= from)
			say_missing(c, s, k->first, 0, k->slot->number);
		k->first += positions_of(c, k->slot);
		k->slot++;
	}
}

/* Value by value. */
static void check_values(struct edifact_check *c, const struct edifact_directory *d,
			 const struct edifact_segment_table *t, const struct edifact_segment *s)
{
	unsigned next = 1; /* position whose presence is looked at next */
	const struct edifact_slot *slots = d->slots + t->slot_at;
	struct cursor here = {slots, slots + t->slots, 1}, gap = here;

	for (uint32_t i = 1; i < s->count;) {
		unsigned element = s->values[i].element, first = s->values[i].repeat;
		const struct edifact_slot *slot;
		uint64_t seen = 0;
		bool any = false;

		if (element == 0) {
			i++; /* components of the tag: nesting, which nobody uses */
			continue;
		}
		slot = go_to(c, &here, element);
		for (; i < s->count && s->values[i].element == element &&
		       s->values[i].repeat == first;
		     i++) {
			if (!s->values[i].n)
				continue;
			if (!slot || (first && first >= slot->repeat)) {
				say_value(c, EDIFACT_TOO_MANY_PARTS, s, &s->values[i], 0, t->slots);
				continue;
			}
			any = true;
			if (s->values[i].component < EDIFACT_PARTS)
				seen |= UINT64_C(1) << s->values[i].component;
			check_value(c, d, slot, s, i);
		}
		if (!any)
			continue;
		check_gap(c, &gap, s, next, element);
		next = element + 1;
		check_parts(c, d, slot, s, element, seen);
	}
	check_gap(c, &gap, s, next, UINT16_MAX);
}

void edifact_check_values(struct edifact_check *c, const struct edifact_directory *d,
			  const struct edifact_segment_table *t, const struct edifact_segment *s)
{
	uint32_t before = c->errors;

	c->printable = edifact_plain(c->charset, s->p, s->bytes);
	if (!c->shapes || !c->printable) {
		check_values(c, d, t, s);
		return;
	}
	if (edifact_shapes_pass(c, d, t, s))
		return;
	check_values(c, d, t, s);
	if (c->errors == before)
		edifact_shapes_learn(c, d, t, s);
}

/* ---- structure ---- */

static const struct edifact_node *nodes_of(const struct edifact_check *c)
{
	return c->directory->nodes + c->message->node_at;
}

static unsigned depth_of(const struct edifact_node *nodes, uint16_t node)
{
	unsigned depth = 0;

	for (uint16_t p = nodes[node].parent; p != EDIFACT_TOP; p = nodes[p].parent)
		depth++;
	return depth;
}

/* The segment at a node: of a group, its first. */
static bool stands_at(const struct edifact_node *n, int segment)
{
	return segment >= 0 && n->segment == (uint16_t)segment;
}

/* Among the siblings from node `from` up to `end`: the first that the segment may stand at. */
static uint16_t find_among(const struct edifact_node *nodes, uint32_t from, uint32_t end,
			   int segment)
{
	for (uint32_t i = from; i < end; i = nodes[i].end)
		if (stands_at(&nodes[i], segment))
			return (uint16_t)i;
	return EDIFACT_TOP;
}

static void say_missing_segment(struct edifact_check *c, const struct edifact_segment *s,
				const struct edifact_node *n)
{
	struct edifact_error e = error_at(c, EDIFACT_MISSING, s);

	memcpy(e.tag, c->directory->segments[n->segment].tag, 3);
	say(c, &e);
}

/* Mandatory nodes among siblings from..to that were passed over: how many. */
static uint32_t passed(const struct edifact_check *c, uint32_t from, uint32_t to)
{
	const struct edifact_node *nodes = nodes_of(c);
	uint32_t n = 0;

	for (uint32_t i = from; i < to; i = nodes[i].end)
		n += nodes[i].mandatory;
	return n;
}

static void say_passed(struct edifact_check *c, const struct edifact_segment *s, uint32_t from,
		       uint32_t to)
{
	const struct edifact_node *nodes = nodes_of(c);

	for (uint32_t i = from; i < to; i = nodes[i].end)
		if (nodes[i].mandatory)
			say_missing_segment(c, s, &nodes[i]);
}

static void say_too_often(struct edifact_check *c, const struct edifact_segment *s, uint16_t node)
{
	const struct edifact_node *n = &nodes_of(c)[node];
	struct edifact_error e =
	    error_at(c, n->group ? EDIFACT_TOO_MANY_GROUPS : EDIFACT_TOO_MANY_SEGMENTS, s);

	e.limit = n->max;
	if (c->last_over != node)
		say(c, &e);
	c->last_over = node;
}

/* Stands at a node: the segment itself, or the first one of the groups that begin there. */
static void enter(struct edifact_check *c, uint16_t node)
{
	const struct edifact_node *nodes = nodes_of(c);

	while (nodes[node].group) {
		unsigned depth = depth_of(nodes, node);

		BUG_ON(depth >= EDIFACT_DEPTH);
		c->group_times[depth] = 1;
		node++;
	}
	c->node = node;
	c->times = 1;
}

/* Where a segment goes from the node of the last one, when it does not stand there again: behind it in its group; its group
 * again; or the same outside of the group. *ret_again: *ret_node is a group that stands once more. false: nowhere. */
static bool find_place(const struct edifact_check *c, int segment, uint16_t *ret_node,
		       bool *ret_again)
{
	const struct edifact_node *nodes = nodes_of(c);
	uint16_t at = c->node, group = at == EDIFACT_TOP ? at : nodes[at].parent;
	uint32_t from = at == EDIFACT_TOP ? 0 : nodes[at].end;

	for (;;) {
		uint32_t end = group == EDIFACT_TOP ? c->message->nodes : nodes[group].end;

		*ret_node = find_among(nodes, from, end, segment);
		*ret_again = false;
		if (*ret_node != EDIFACT_TOP)
			return true;
		if (group == EDIFACT_TOP)
			return false;
		*ret_node = group;
		*ret_again = true;
		if (stands_at(&nodes[group], segment))
			return true;
		from = nodes[group].end;
		group = nodes[group].parent;
	}
}

/* How many mandatory nodes lie between the last segment's and one that find_place() found; says them where s is given. */
static uint32_t pass_over(struct edifact_check *c, const struct edifact_segment *s, uint16_t node,
			  bool again)
{
	const struct edifact_node *nodes = nodes_of(c);
	uint16_t group = c->node == EDIFACT_TOP ? EDIFACT_TOP : nodes[c->node].parent;
	uint32_t from = c->node == EDIFACT_TOP ? 0 : nodes[c->node].end;
	uint16_t to = again ? node : nodes[node].parent; /* the group that holds the place */
	uint32_t n = 0;

	for (;; group = nodes[group].parent) {
		uint32_t end = group != to ? nodes[group].end : again ? nodes[node].end : node;

		n += passed(c, from, end);
		if (s)
			say_passed(c, s, from, end);
		if (group == to)
			return n;
		from = nodes[group].end;
	}
}

/* To a node that the segment stands at; again: of a group that begins once more. */
static void stand(struct edifact_check *c, const struct edifact_segment *s, uint16_t node,
		  bool again)
{
	const struct edifact_node *nodes = nodes_of(c);

	if (!again) {
		enter(c, node);
		return;
	}
	if (++c->group_times[depth_of(nodes, node)] > nodes[node].max)
		say_too_often(c, s, node);
	c->node = (uint16_t)(node + 1);
	c->times = 1;
}

/* Goes to a node that find_place() found. */
static void go(struct edifact_check *c, const struct edifact_segment *s, uint16_t node, bool again)
{
	struct edifact_way way = {.message = c->message,
				  .tag = edifact_tag_key(s->tag),
				  .from = c->node,
				  .to = node,
				  .segment = nodes_of(c)[node].segment,
				  .again = again};

	if (!pass_over(c, s, node, again) && c->shapes)
		edifact_shapes_learn_way(c, &way);
	stand(c, s, node, again);
}

/* The same segment once more, or a way that was gone before. *ret_segment: its index. */
static bool move_again(struct edifact_check *c, const struct edifact_segment *s, int *ret_segment)
{
	uint32_t tag = edifact_tag_key(s->tag);
	const struct edifact_way *w;

	if (!tag)
		return false;
	if (c->node != EDIFACT_TOP) {
		const struct edifact_node *here = &nodes_of(c)[c->node];

		if (c->times < here->max &&
		    memcmp(c->directory->segments[here->segment].tag, s->tag.p, 3) == 0) {
			c->times++;
			*ret_segment = here->segment;
			return true;
		}
	}
	w = edifact_shapes_way(c, tag);
	if (!w)
		return false;
	*ret_segment = w->segment;
	stand(c, s, w->to, w->again);
	return true;
}

/* false: the segment has no place from here on. */
static bool move(struct edifact_check *c, int segment, const struct edifact_segment *s)
{
	const struct edifact_node *here = c->node == EDIFACT_TOP ? NULL : &nodes_of(c)[c->node];
	bool same = here && stands_at(here, segment), again;
	uint16_t node;

	if (segment < 0)
		return false;
	if (same && c->times < here->max) {
		c->times++;
		return true;
	}
	/* One too many of the same is that, rather than one of the next section with all between missing. */
	if (find_place(c, segment, &node, &again) && (!same || !pass_over(c, NULL, node, again))) {
		go(c, s, node, again);
		return true;
	}
	if (same)
		say_too_often(c, s, c->node);
	return same;
}

static void check_alone(struct edifact_check *c, const struct edifact_segment *s)
{
	c->printable = false;
	for (uint32_t i = 1; i < s->count; i++)
		if (text_fault(c, edifact_raw(s, &s->values[i]), s->values[i].released, NULL))
			say_value(c, EDIFACT_BAD_CHARACTER, s, &s->values[i], 0, 0);
}

uint16_t edifact_check_segment(struct edifact_check *c, const struct edifact_segment *s)
{
	struct edifact_error e;
	int segment;

	c->segment++;
	if (c->shapes && move_again(c, s, &segment)) {
		edifact_check_values(c, c->directory, &c->directory->segments[segment], s);
		return c->node;
	}
	segment = edifact_segment_find(c->directory, s->tag);
	if (!move(c, segment, s)) {
		e = error_at(c, EDIFACT_NOT_HERE, s);
		e.value = s->tag;
		say(c, &e);
		if (segment < 0)
			check_alone(c, s);
		else
			edifact_check_values(c, c->directory, &c->directory->segments[segment], s);
		return EDIFACT_TOP;
	}
	edifact_check_values(c, c->directory, &c->directory->segments[segment], s);
	return c->node;
}

void edifact_check_close(struct edifact_check *c)
{
	const struct edifact_node *nodes = nodes_of(c);
	uint16_t at = c->node;

	if (at == EDIFACT_TOP) {
		say_passed(c, NULL, 0, c->message->nodes);
		return;
	}
	for (;;) {
		uint16_t group = nodes[at].parent;

		say_passed(c, NULL, nodes[at].end,
			   group == EDIFACT_TOP ? c->message->nodes : nodes[group].end);
		if (group == EDIFACT_TOP)
			return;
		at = group;
	}
}
