/* mkrates: makes the exchange rates of an invented country, a row a week, the same bytes for the same table.
 *
 *   mkrates TABLE.csv FIRST_DAY WEEKS  > packs/NAME/rates.csv
 *
 * TABLE.csv: currency,rate,per,swing_ppm,period_weeks,source. In week w of N (from 0) a currency is worth, in integers only,
 *
 *   rate * (1 000 000 + swing * wave(w) / 1000 + wobble(w)) / 1 000 000     rounded half up at the rate's own decimals
 *
 * where wave goes in a straight line from 0 to 1000, to -1000 and back within period_weeks, and wobble lies within 1500
 * millionths and comes from the FNV-1a hash of the currency's code and w. Rows touch; the last stays open.
 *
 * A build tool: reads a trusted file and stops at the first fault. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINE = 512, COLUMNS = 6, WOBBLE = 1500, MILLION = 1000000 };

struct currency {
	char code[4], source[200];
	int64_t units; /* the rate, without its point */
	int decimals;
	int64_t per, swing, period;
};

static _Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
static _Noreturn void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("mkrates: ", stderr);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* ---- days: the civil calendar, counted from 1970-01-01 ---- */

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && leap(year));
}

struct day {
	int year, month, dom;
};

static struct day day_read(const char *s)
{
	struct day d;

	if (sscanf(s, "%4d-%2d-%2d", &d.year, &d.month, &d.dom) != 3 || d.month < 1 ||
	    d.month > 12 || d.dom < 1 || d.dom > month_days(d.year, d.month))
		die("\"%s\" is not a day", s);
	return d;
}

static struct day day_after(struct day d, int days)
{
	for (; days > 0; days--) {
		if (++d.dom <= month_days(d.year, d.month))
			continue;
		d.dom = 1;
		if (++d.month > 12) {
			d.month = 1;
			d.year++;
		}
	}
	return d;
}

static void day_print(struct day d)
{
	printf("%04d-%02d-%02d", d.year, d.month, d.dom);
}

/* ---- rates ---- */

/* A triangle: 0, 1000, 0, -1000, 0 at the quarters of the period. */
static int64_t wave(int64_t week, int64_t period)
{
	int64_t at = week % period * 4000 / period;

	if (at <= 1000)
		return at;
	return at <= 3000 ? 2000 - at : at - 4000;
}

static int64_t wobble(const char *code, int week)
{
	uint32_t h = 2166136261u;
	char text[16];
	int n = snprintf(text, sizeof(text), "%s%d", code, week);

	for (int i = 0; i < n; i++)
		h = (h ^ (uint8_t)text[i]) * 16777619u;
	return (int64_t)(h % (2 * WOBBLE + 1)) - WOBBLE;
}

static int64_t rate_in(const struct currency *c, int week)
{
	int64_t factor = MILLION + c->swing * wave(week, c->period) / 1000 + wobble(c->code, week);

	return (c->units * factor + MILLION / 2) / MILLION;
}

static void print_rate(const struct currency *c, int64_t units)
{
	int64_t whole = 1;

	for (int i = 0; i < c->decimals; i++)
		whole *= 10;
	printf("%" PRId64, units / whole);
	if (c->decimals)
		printf(".%0*" PRId64, c->decimals, units % whole);
}

static void print_currency(const struct currency *c, struct day first, int weeks)
{
	int notice = 0; /* counted anew each year */

	for (int w = 0; w < weeks; w++) {
		struct day next = day_after(first, 7);

		printf("%s,", c->code);
		print_rate(c, rate_in(c, w));
		printf(",%" PRId64 ",", c->per);
		day_print(first);
		putchar(',');
		if (w + 1 < weeks)
			day_print(day_after(first, 6));
		printf(",%s %d/%02d\n", c->source, first.year, ++notice);
		if (next.year != first.year)
			notice = 0;
		first = next;
	}
}

/* ---- the table ---- */

static int64_t number(const char *s, int64_t min)
{
	char *end;
	long long v = strtoll(s, &end, 10);

	if (*end || end == s || v < min)
		die("\"%s\" is not a number of at least %" PRId64, s, min);
	return v;
}

static void read_rate(struct currency *c, char *s)
{
	char *point = strchr(s, '.');

	c->decimals = 0;
	if (point) {
		c->decimals = (int)strlen(point + 1);
		memmove(point, point + 1, strlen(point));
	}
	c->units = number(s, 1);
}

static struct currency read_currency(char *line)
{
	struct currency c = {0};
	char *column[COLUMNS];

	line[strcspn(line, "\n")] = 0;
	for (int i = 0; i < COLUMNS; i++) {
		column[i] = line;
		line = strchr(line, ',');
		if (!line != (i == COLUMNS - 1))
			die("\"%s\": %d columns are expected", column[0], COLUMNS);
		if (line)
			*line++ = 0;
	}
	if (strlen(column[0]) != 3 || strlen(column[5]) >= sizeof(c.source))
		die("\"%s\" is not a currency, or its source is too long", column[0]);
	memcpy(c.code, column[0], sizeof(c.code));
	read_rate(&c, column[1]);
	c.per = number(column[2], 1);
	c.swing = number(column[3], 0);
	c.period = number(column[4], 4);
	memcpy(c.source, column[5], strlen(column[5]) + 1);
	return c;
}

int main(int argc, char **argv)
{
	char line[MAX_LINE];
	bool header = true;
	FILE *f;

	if (argc != 4)
		die("use: mkrates TABLE.csv FIRST_DAY WEEKS");
	f = fopen(argv[1], "r");
	if (!f)
		die("cannot read %s", argv[1]);
	printf("# Made by tools/mkrates.c from %s; script/generate makes it again.\n", argv[1]);
	printf("currency,rate,per,from,to,source\n");
	while (fgets(line, sizeof(line), f)) {
		struct currency c;

		if (line[0] == '#')
			continue;
		if (!header) {
			c = read_currency(line);
			print_currency(&c, day_read(argv[2]), (int)number(argv[3], 1));
		}
		header = false;
	}
	fclose(f);
	if (fflush(stdout) || ferror(stdout))
		die("cannot write");
	return 0;
}
