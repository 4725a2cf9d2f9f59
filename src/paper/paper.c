#include "paper/paper.h"

#include <pthread.h>
#include <stdio.h>

#include "paper/calls.h"

/* Points of 1/72 inch on A4, as integers: what stands where does not depend on how a compiler rounds. */
enum {
	PAGE_WIDTH = 595,
	PAGE_HEIGHT = 842,
	MARGIN = 48,
	INNER = PAGE_WIDTH - 2 * MARGIN,
	BOTTOM = PAGE_HEIGHT - 70, /* the foot stands below */
	SQUARE = 104,              /* with the code for machines */
	LABEL = 150,
	GAP = 8,
	QRSPEC_MODULES = 177, /* on a side of the largest square (ISO/IEC 18004) */
	CELL_BYTES =
	    200, /* a cell that is all of these in the narrowest column still fits a page */
};

enum font {
	FONT_SMALL,
	FONT_PLAIN,
	FONT_BOLD,
	FONT_HEAD,
	FONT_TITLE,
	FONTS,
};
/* One family that has Latin and Arabic letters, so that numbers and words of both stand on one line as of one hand. */
static const char *const fonts[FONTS] = {
    [FONT_SMALL] = "DejaVu Sans 8",       [FONT_PLAIN] = "DejaVu Sans 9",
    [FONT_BOLD] = "DejaVu Sans Bold 9",   [FONT_HEAD] = "DejaVu Sans Bold 11",
    [FONT_TITLE] = "DejaVu Sans Bold 18",
};

enum ink { INK_BLACK, INK_GREY, INK_LINE, INK_BRAND };

struct drawing {
	const struct calls *c;
	const struct paper *p;
	cairo_t *cr;
	PangoContext *context;
	PangoFontDescription *font[FONTS];
	int y;
	unsigned page, pages; /* pages: of the whole; 0: not known yet */
	bool unknown;         /* a letter of our own words is in no font */
};

/* ---- the bytes ---- */

struct output {
	struct arena *arena; /* NULL: the bytes are not wanted */
	char *p;
	size_t n, room;
	enum err err;
};

/* Called by Cairo, which must not be left in the middle. */
static cairo_status_t take(void *context, const unsigned char *data, unsigned int n)
{
	struct output *o = context;

	if (!o->arena)
		return CAIRO_STATUS_SUCCESS;
	if (o->room - o->n < n) {
		size_t room = 2 * o->room + n + 4096;
		char *p = arena_try(o->arena, room);

		if (!p) {
			o->err = arena_failure(o->arena);
			return CAIRO_STATUS_WRITE_ERROR;
		}
		if (o->n)
			memcpy(p, o->p, o->n);
		o->p = p;
		o->room = room;
	}
	memcpy(o->p + o->n, data, n);
	o->n += n;
	return CAIRO_STATUS_SUCCESS;
}

/* ---- texts ---- */

/* Bytes to leave out here: ends of lines (U+2028, U+2029), marks that turn the direction of what follows or end what turns it
 * (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069), and what is no character (U+FDD0 to U+FDEF, U+FFFE, U+FFFF and
 * the last two of each plane), which Cairo refuses. left: bytes of whole characters. */
static uint32_t unwanted(const char *s, uint32_t left)
{
	const unsigned char *b = (const unsigned char *)s;

	if (left >= 2 && b[0] == 0xd8 && b[1] == 0x9c)
		return 2;
	if (left >= 4 && b[0] >= 0xf0)
		return (b[1] & 0x0f) == 0x0f && b[2] == 0xbf && b[3] >= 0xbe ? 4 : 0;
	if (left < 3)
		return 0;
	if (b[0] == 0xe2 && b[1] == 0x80)
		return b[2] == 0x8e || b[2] == 0x8f || (b[2] >= 0xa8 && b[2] <= 0xae) ? 3 : 0;
	if (b[0] == 0xe2 && b[1] == 0x81)
		return b[2] >= 0xa6 && b[2] <= 0xa9 ? 3 : 0;
	if (b[0] == 0xef && b[1] == 0xb7)
		return b[2] >= 0x90 && b[2] <= 0xaf ? 3 : 0;
	return b[0] == 0xef && b[1] == 0xbf && b[2] >= 0xbe ? 3 : 0;
}

/* A stranger's text as one line that cannot turn what stands around it: isolated, without control characters, cut. */
static int isolate(struct span s, enum paper_way way, uint32_t most,
		   char ret[PAPER_TEXT_BYTES + 16])
{
	char *to = ret;
	uint32_t i = 0, n = span_utf8_prefix(s);

	memcpy(to, way == PAPER_CODE ? "\u2066" : "\u2068", 3);
	to += 3;
	while (i < n && (uint32_t)(to - ret) < most) {
		uint32_t skip = unwanted(s.p + i, n - i);

		if (skip) {
			i += skip;
			continue;
		}
		*to++ = (unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f ? ' ' : s.p[i];
		i++;
		while (i < n && ((unsigned char)s.p[i] & 0xc0) == 0x80)
			*to++ = s.p[i++];
	}
	if (i < n) {
		memcpy(to, "\u2026", 3);
		to += 3;
	}
	memcpy(to, "\u2069", 3);
	return (int)(to + 3 - ret);
}

struct place {
	int x, width; /* from the side where the language begins */
	enum font font;
	enum paper_way way;
	bool end;
	enum ink ink;
};

static void use(struct drawing *d, enum ink ink)
{
	switch (ink) {
	case INK_BLACK:
		d->c->cairo_set_source_rgb(d->cr, .06, .12, .14);
		break;
	case INK_GREY:
		d->c->cairo_set_source_rgb(d->cr, .30, .37, .39);
		break;
	case INK_LINE:
		d->c->cairo_set_source_rgb(d->cr, .69, .74, .75);
		break;
	case INK_BRAND:
		d->c->cairo_set_source_rgb(d->cr, .07, .20, .23);
		break;
	}
}

/* Where something begins on the sheet that begins at x for the reader. */
static int mirrored(const struct drawing *d, int x, int width)
{
	return d->p->rtl ? PAGE_WIDTH - x - width : x;
}

/* Writes a text at y, or only measures it; the height that it takes. ours: the words are the program's own. */
static int write_text(struct drawing *d, const struct place *at, struct span s, int y, bool show,
		      bool ours)
{
	const struct calls *c = d->c;
	PangoLayout *layout = c->pango_layout_new(d->context);
	char text[PAPER_TEXT_BYTES + 16];
	int n = isolate(s, at->way, at->font == FONT_SMALL ? CELL_BYTES : PAPER_TEXT_BYTES, text);
	int height;

	c->pango_layout_set_font_description(layout, d->font[at->font]);
	c->pango_layout_set_auto_dir(layout, FALSE);
	c->pango_layout_set_alignment(layout,
				      at->end == d->p->rtl ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT);
	c->pango_layout_set_width(layout, at->width * PANGO_SCALE);
	c->pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	c->pango_layout_set_text(layout, text, n);
	c->pango_layout_get_pixel_size(layout, NULL, &height);
	if (ours && c->pango_layout_get_unknown_glyphs_count(layout))
		d->unknown = true;
	if (show) {
		use(d, at->ink);
		c->cairo_move_to(d->cr, mirrored(d, at->x, at->width), y);
		c->pango_cairo_show_layout(d->cr, layout);
	}
	c->g_object_unref(layout);
	return height;
}

static void rule(struct drawing *d, int y, enum ink ink)
{
	use(d, ink);
	d->c->cairo_set_line_width(d->cr, ink == INK_BRAND ? 1.5 : .5);
	d->c->cairo_move_to(d->cr, MARGIN, y);
	d->c->cairo_line_to(d->cr, PAGE_WIDTH - MARGIN, y);
	d->c->cairo_stroke(d->cr);
}

/* ---- pages ---- */

static void write_foot(struct drawing *d)
{
	char pages[40];
	int n = snprintf(pages, sizeof(pages), "%u / %u", d->page, d->pages);
	const struct place
	    code = {MARGIN, INNER / 2, FONT_SMALL, PAPER_CODE, false, INK_GREY},
	    label = {MARGIN + INNER / 2, INNER / 2 - 50, FONT_SMALL, PAPER_TEXT, true, INK_GREY},
	    number = {PAGE_WIDTH - MARGIN - 46, 46, FONT_SMALL, PAPER_CODE, true, INK_GREY};

	rule(d, PAGE_HEIGHT - 56, INK_LINE);
	write_text(d, &code, d->p->code, PAGE_HEIGHT - 50, true, false);
	write_text(d, &label, d->p->page_label, PAGE_HEIGHT - 50, true, true);
	write_text(d, &number, (struct span){pages, (uint32_t)n, 0}, PAGE_HEIGHT - 50, true, false);
}

static void next_page(struct drawing *d)
{
	const struct place title = {MARGIN, INNER, FONT_HEAD, PAPER_TEXT, false, INK_BRAND};

	write_foot(d);
	d->c->cairo_show_page(d->cr);
	d->page++;
	d->y = MARGIN;
	d->y += write_text(d, &title, d->p->title, d->y, true, true) + GAP;
}

/* Room for something of this height, on this page or the next one. true: it is the next one. */
static bool make_room(struct drawing *d, int height)
{
	if (d->y + height <= BOTTOM)
		return false;
	next_page(d);
	return true;
}

/* ---- parts ---- */

static enum err square_of(const struct calls *c, struct span text, QRcode **ret, struct cause *why)
{
	char address[PAPER_TEXT_BYTES];

	if (text.n >= sizeof(address))
		return fail(why, ERR_LIMIT, "a square stands for at most %zu bytes",
			    sizeof(address) - 1);
	memcpy(address, text.p, text.n);
	address[text.n] = 0;
	*ret = c->QRcode_encodeString8bit(address, 0, QR_ECLEVEL_M);
	return *ret ? ERR_NONE : fail(why, ERR_NOMEM, "no memory for a square");
}

static enum err write_square(struct drawing *d, int y, struct cause *why)
{
	QRcode *code;
	enum err e = square_of(d->c, d->p->address, &code, why);
	double module;

	if (e)
		return e;
	use(d, INK_BLACK);
	module = SQUARE / (code->width * 1.0);
	for (int row = 0; row < code->width; row++)
		for (int column = 0; column < code->width; column++)
			if (code->data[row * code->width + column] & 1)
				d->c->cairo_rectangle(
				    d->cr,
				    mirrored(d, PAGE_WIDTH - MARGIN - SQUARE, SQUARE) +
					column * module,
				    y + row * module, module + .02, module + .02);
	d->c->cairo_fill(d->cr);
	d->c->QRcode_free(code);
	return ERR_NONE;
}

static enum err write_top(struct drawing *d, struct cause *why)
{
	const struct paper *p = d->p;
	const int top = d->y, width = INNER - (p->address.n ? SQUARE + 2 * GAP : 0);
	struct place at = {MARGIN, width, FONT_BOLD, PAPER_TEXT, false, INK_BRAND};
	enum err e = ERR_NONE;

	d->y += write_text(d, &at, p->authority, d->y, true, false) + 2;
	at.font = FONT_TITLE;
	d->y += write_text(d, &at, p->title, d->y, true, true) + 2;
	at = (struct place){MARGIN, width, FONT_PLAIN, PAPER_TEXT, false, INK_GREY};
	d->y += write_text(d, &at, p->office, d->y, true, false) + GAP;
	d->y += write_text(d, &at, p->code_label, d->y, true, true);
	at.font = FONT_HEAD;
	at.way = PAPER_CODE;
	at.ink = INK_BLACK;
	d->y += write_text(d, &at, p->code, d->y, true, false) + 2;
	at = (struct place){MARGIN, width, FONT_PLAIN, PAPER_TEXT, false, INK_GREY};
	d->y += write_text(d, &at, p->code_help, d->y, true, true) + GAP;
	if (p->address.n) {
		e = write_square(d, top, why);
		if (d->y < top + SQUARE + GAP)
			d->y = top + SQUARE + GAP;
	}
	rule(d, d->y, INK_BRAND);
	d->y += GAP;
	return e;
}

static void write_facts(struct drawing *d, const struct paper_fact *fact, uint32_t n, bool sums)
{
	for (uint32_t i = 0; i < n; i++) {
		const bool last = sums && i + 1 == n;
		struct place label = {sums ? MARGIN + INNER / 2 : MARGIN,
				      LABEL,
				      last ? FONT_BOLD : FONT_PLAIN,
				      PAPER_TEXT,
				      false,
				      last ? INK_BLACK : INK_GREY},
			     value = {MARGIN + LABEL + GAP,
				      INNER - LABEL - GAP,
				      FONT_PLAIN,
				      fact[i].way,
				      false,
				      INK_BLACK};
		int height, other;

		if (sums) {
			value.x = label.x + label.width;
			value.width = PAGE_WIDTH - MARGIN - value.x;
			value.end = true;
			value.font = last ? FONT_BOLD : FONT_PLAIN;
		}
		height = write_text(d, &label, fact[i].label, 0, false, true);
		other = write_text(d, &value, fact[i].value, 0, false, false);
		if (height < other)
			height = other;
		make_room(d, height);
		write_text(d, &label, fact[i].label, d->y, true, true);
		write_text(d, &value, fact[i].value, d->y, true, false);
		d->y += height + 3;
	}
	d->y += GAP;
}

/* Where column k begins, and how wide it is. */
static void find_column(const struct paper_table *t, uint32_t k, int *ret_x, int *ret_width)
{
	uint32_t all = 0, before = 0;

	for (uint32_t i = 0; i < t->columns; i++) {
		all += t->column[i].share;
		if (i < k)
			before += t->column[i].share;
	}
	BUG_ON(!all);
	*ret_x = MARGIN + (int)(before * (uint32_t)INNER / all);
	*ret_width = MARGIN + (int)((before + t->column[k].share) * (uint32_t)INNER / all) - *ret_x;
	if (k + 1 < t->columns)
		*ret_width -= GAP;
}

/* One row of cells; head: of their names. Returns its height. */
static int write_row(struct drawing *d, const struct paper_table *t, const struct span *cell,
		     bool head, bool show)
{
	int height = 0;

	for (uint32_t k = 0; k < t->columns; k++) {
		struct place at = {.font = FONT_SMALL,
				   .way = head ? PAPER_TEXT : t->column[k].way,
				   .end = t->column[k].end,
				   .ink = head ? INK_GREY : INK_BLACK};
		int h;

		find_column(t, k, &at.x, &at.width);
		h = write_text(d, &at, head ? t->column[k].head : cell[k], d->y, show, head);
		if (height < h)
			height = h;
	}
	return height;
}

static void write_heads(struct drawing *d, const struct paper_table *t)
{
	d->y += write_row(d, t, NULL, true, true) + 2;
	rule(d, d->y, INK_LINE);
	d->y += 3;
}

static void write_table(struct drawing *d, const struct paper_table *t)
{
	const struct place title = {MARGIN, INNER, FONT_HEAD, PAPER_TEXT, false, INK_BRAND};

	make_room(d, 80);
	if (t->title.n)
		d->y += write_text(d, &title, t->title, d->y, true, true) + 4;
	write_heads(d, t);
	for (uint32_t i = 0; i < t->rows; i++) {
		const struct span *cell = t->cell + (size_t)i * t->columns;
		const int height = write_row(d, t, cell, false, false);

		if (make_room(d, height + 3))
			write_heads(d, t);
		write_row(d, t, cell, false, true);
		d->y += height + 3;
	}
	rule(d, d->y, INK_LINE);
	d->y += GAP;
}

static void write_remarks(struct drawing *d)
{
	const struct place at = {MARGIN, INNER, FONT_PLAIN, PAPER_TEXT, false, INK_GREY};

	for (uint32_t i = 0; i < d->p->remarks; i++) {
		make_room(d, write_text(d, &at, d->p->remark[i], 0, false, true));
		d->y += write_text(d, &at, d->p->remark[i], d->y, true, true) + 4;
	}
}

static enum err write_all(struct drawing *d, struct cause *why)
{
	enum err e;

	d->y = MARGIN;
	d->page = 1;
	e = write_top(d, why);
	if (e)
		return e;
	write_facts(d, d->p->fact, d->p->facts, false);
	for (uint32_t i = 0; i < d->p->tables; i++)
		write_table(d, &d->p->table[i]);
	write_facts(d, d->p->sum, d->p->sums, true);
	write_remarks(d);
	write_foot(d);
	d->c->cairo_show_page(d->cr);
	return ERR_NONE;
}

/* ---- the file ---- */

/* Cairo takes a moment without fractions of a second; of any other it says nothing. */
static void say_what_it_is(struct drawing *d, cairo_surface_t *s)
{
	const struct paper *p = d->p;
	char title[PAPER_TEXT_BYTES], made[21] = "";
	const size_t n = p->title.n < sizeof(title) ? p->title.n : sizeof(title) - 1;

	memcpy(title, p->title.p, n);
	title[n] = 0;
	if (p->made_at.n >= 20)
		snprintf(made, sizeof(made), "%.19sZ", p->made_at.p);
	d->c->cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, title);
	d->c->cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Customhouse");
	/* The paper's own moment, not the clock's: else no two files would be the same. */
	d->c->cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, made);
}

static enum err draw_once(struct drawing *d, struct output *o, struct cause *why)
{
	const struct calls *c = d->c;
	cairo_surface_t *s =
	    c->cairo_pdf_surface_create_for_stream(take, o, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_status_t status;
	enum err e;

	say_what_it_is(d, s);
	d->cr = c->cairo_create(s);
	c->pango_cairo_update_context(d->cr, d->context);
	e = write_all(d, why);
	status = c->cairo_status(d->cr);
	c->cairo_destroy(d->cr);
	c->cairo_surface_finish(s);
	if (!status)
		status = c->cairo_surface_status(s);
	c->cairo_surface_destroy(s);
	if (!e && o->err)
		e = fail(why, o->err, "no memory for a paper of %zu bytes and more", o->n);
	if (!e && status)
		e = fail(why, status == CAIRO_STATUS_NO_MEMORY ? ERR_NOMEM : ERR_IO,
			 "a paper could not be drawn: %s", c->cairo_status_to_string(status));
	return e;
}

/* How many pages it has is written on each, so it is drawn twice. */
static enum err draw(struct drawing *d, struct output *o, struct cause *why)
{
	enum err e = draw_once(d, &(struct output){0}, why);

	if (!e && d->unknown)
		return fail(why, ERR_UNSUPPORTED,
			    "no font here has the letters of the language %.*s",
			    SPAN_ARG(d->p->language));
	d->pages = d->page;
	return e ? e : draw_once(d, o, why);
}

static enum err check(const struct paper *p, struct cause *why)
{
	for (uint32_t i = 0; i < p->tables; i++)
		if (p->table[i].rows > PAPER_ROWS || p->table[i].columns > PAPER_COLUMNS)
			return fail(why, ERR_LIMIT, "a table on a paper has at most %d rows",
				    PAPER_ROWS);
	return ERR_NONE;
}

/* The fonts of all papers; kept, because reading them costs more than drawing. */
static PangoFontMap *font_map(const struct calls *c)
{
	static PangoFontMap *map;

	if (!map)
		map = c->pango_cairo_font_map_new();
	return map;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

enum err paper_draw(struct arena *a, const struct paper *p, struct span *ret_pdf, struct cause *why)
{
	struct drawing d = {.p = p};
	struct output o = {.arena = a};
	char tag[16];
	enum err e = check(p, why);

	if (e)
		return e;
	pthread_mutex_lock(&lock);
	e = calls_open(&d.c, why);
	if (!e) {
		const struct calls *c = d.c;

		snprintf(tag, sizeof(tag), "%.*s", SPAN_ARG(p->language));
		d.context = c->pango_font_map_create_context(font_map(c));
		c->pango_context_set_language(d.context, c->pango_language_from_string(tag));
		c->pango_context_set_base_dir(d.context,
					      p->rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
		for (int i = 0; i < FONTS; i++)
			d.font[i] = c->pango_font_description_from_string(fonts[i]);
		e = draw(&d, &o, why);
		for (int i = 0; i < FONTS; i++)
			c->pango_font_description_free(d.font[i]);
		c->g_object_unref(d.context);
	}
	pthread_mutex_unlock(&lock);
	if (!e)
		*ret_pdf = (struct span){o.p, (uint32_t)o.n, 0};
	return e;
}

/* A run of dark modules is one rectangle. The library's memory is let go before anything may end. */
enum err paper_square(struct text *to, struct span text, int *ret_width, struct cause *why)
{
	const struct calls *c;
	QRcode *code = NULL;
	uint8_t dark[QRSPEC_MODULES * QRSPEC_MODULES] = {0};
	int width = 0;
	enum err e;

	pthread_mutex_lock(&lock);
	e = calls_open(&c, why);
	if (!e)
		e = square_of(c, text, &code, why);
	if (!e && code) {
		width = code->width;
		BUG_ON(width > QRSPEC_MODULES);
		for (int i = 0; i < width * width; i++)
			dark[i] = code->data[i] & 1;
		c->QRcode_free(code);
	}
	pthread_mutex_unlock(&lock);
	for (int row = 0; row < width && !e; row++)
		for (int from = 0, end; from < width; from = end + 1) {
			for (end = from; end < width && dark[row * width + end]; end++)
				;
			if (end > from)
				text_print(to, "M%d %dh%dv1h%dz", from, row, end - from,
					   from - end);
		}
	if (!e)
		*ret_width = width;
	return e;
}
