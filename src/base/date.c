#include "base/date.h"

/* Days from civil and back: the usual era arithmetic over 400-year cycles that begin in March. */
static int32_t days_from_civil(int y, int m, int d)
{
	int era, yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

void day_split(int32_t day, int *year, int *month, int *dom)
{
	int z = day + 719468;
	int era = (z >= 0 ? z : z - 146096) / 146097;
	int doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;

	*dom = doy - (153 * mp + 2) / 5 + 1;
	*month = mp + (mp < 10 ? 3 : -9);
	*year = yoe + era * 400 + (*month <= 2);
}

enum err day_from(int year, int month, int day, int32_t *ret)
{
	static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return ERR_FORMAT;
	if (day > length[month - 1] + (month == 2 && leap))
		return ERR_FORMAT;
	*ret = days_from_civil(year, month, day);
	return ERR_NONE;
}

/* n digits at s->p; moves past them. -1 when they are not digits. */
static int take_digits(struct span *s, uint32_t n)
{
	int value = 0;

	if (s->n < n)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return -1;
		value = value * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	return value;
}

static bool take_char(struct span *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	s->p++;
	s->n--;
	return true;
}

static enum err take_day(struct span *s, bool dashes, int32_t *ret)
{
	int y = take_digits(s, 4), m, d;

	if (dashes && !take_char(s, '-'))
		return ERR_FORMAT;
	m = take_digits(s, 2);
	if (dashes && !take_char(s, '-'))
		return ERR_FORMAT;
	d = take_digits(s, 2);
	return day_from(y, m, d, ret);
}

enum err day_parse(struct span s, int32_t *ret)
{
	int32_t day;

	if (s.n != 10 || take_day(&s, true, &day))
		return ERR_FORMAT;
	*ret = day;
	return ERR_NONE;
}

/* n digits with leading zeros and what stands before them: dates are written too often for printf. */
static void put_digits(struct text *t, char before, int value, int n)
{
	char *to = text_room(t, 8) + (before != 0);

	if (before)
		to[-1] = before;
	for (int i = n - 1; i >= 0; i--, value /= 10)
		to[i] = (char)('0' + value % 10);
	t->n += (size_t)n + (before != 0);
}

int32_t day_months_after(int32_t day, int64_t months)
{
	int year, month, dom;
	int32_t end;

	day_split(day, &year, &month, &dom);
	month += (int)months;
	year += (month - 1) / 12;
	month = (month - 1) % 12 + 1;
	/* the 31st of a month of thirty days is its last */
	while (day_from(year, month, dom, &end))
		if (--dom < 1)
			return DAY_MAX;
	return end;
}

void day_write(struct text *t, int32_t day)
{
	int y, m, d;

	day_split(day, &y, &m, &d);
	put_digits(t, 0, y, 4);
	put_digits(t, '-', m, 2);
	put_digits(t, '-', d, 2);
}

int32_t day_of(int64_t moment, int32_t offset_minutes)
{
	int64_t local = moment + (int64_t)offset_minutes * 60000000;

	return (int32_t)(local >= 0 ? local / MICROS_A_DAY : (local + 1) / MICROS_A_DAY - 1);
}

void moment_write(struct text *t, int64_t moment)
{
	int32_t day = day_of(moment, 0);
	int64_t rest = moment - day * MICROS_A_DAY;
	int seconds = (int)(rest / 1000000);

	day_write(t, day);
	put_digits(t, 'T', seconds / 3600, 2);
	put_digits(t, ':', seconds / 60 % 60, 2);
	put_digits(t, ':', seconds % 60, 2);
	put_digits(t, '.', (int)(rest % 1000000), 6);
	text_char(t, 'Z');
}

/* hh[:]mm[[:]ss] as microseconds of the day; -1 when there is no such time. */
static int64_t take_time(struct span *s, bool colons, bool seconds)
{
	int h = take_digits(s, 2), m, sec = 0;

	if (colons && !take_char(s, ':'))
		return -1;
	m = take_digits(s, 2);
	if (seconds) {
		if (colons && !take_char(s, ':'))
			return -1;
		sec = take_digits(s, 2);
	}
	if (h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 60)
		return -1;
	return ((int64_t)h * 3600 + m * 60 + sec) * 1000000;
}

/* Z, +hh, +hhmm, +hh:mm, or nothing; the offset in minutes. */
static enum err take_zone(struct span *s, int *ret)
{
	int sign = 1, h, m = 0;

	*ret = 0;
	if (!s->n || (take_char(s, 'Z') && !s->n))
		return ERR_NONE;
	if (take_char(s, '-'))
		sign = -1;
	else if (!take_char(s, '+'))
		return ERR_FORMAT;
	h = take_digits(s, 2);
	take_char(s, ':');
	if (s->n)
		m = take_digits(s, 2);
	if (h < 0 || h > 14 || m < 0 || m > 59 || s->n)
		return ERR_FORMAT;
	*ret = sign * (h * 60 + m);
	return ERR_NONE;
}

static int64_t take_fraction(struct span *s)
{
	int64_t unit = 100000, micros = 0;

	if (!take_char(s, '.'))
		return 0;
	if (!s->n || s->p[0] < '0' || s->p[0] > '9')
		return -1;
	for (; s->n && s->p[0] >= '0' && s->p[0] <= '9'; s->p++, s->n--, unit /= 10)
		micros += (s->p[0] - '0') * unit;
	return micros;
}

static enum err iso_parse(struct span s, int32_t *ret_day, int64_t *ret_moment)
{
	int64_t time, fraction;
	int zone;

	if (take_day(&s, true, ret_day))
		return ERR_FORMAT;
	*ret_moment = *ret_day * MICROS_A_DAY;
	if (!s.n)
		return ERR_NONE;
	if (!take_char(&s, 'T'))
		return ERR_FORMAT;
	time = take_time(&s, true, true);
	fraction = time < 0 ? -1 : take_fraction(&s);
	if (time < 0 || fraction < 0 || take_zone(&s, &zone))
		return ERR_FORMAT;
	*ret_moment += time + fraction - (int64_t)zone * 60000000;
	return ERR_NONE;
}

enum err moment_parse(struct span s, int64_t *ret)
{
	int32_t day;

	if (s.n < 20 || s.p[s.n - 1] != 'Z')
		return ERR_FORMAT;
	return iso_parse(s, &day, ret);
}

enum err trade_time_parse(struct span s, struct span format, int32_t *ret_day, int64_t *ret_moment)
{
	bool minutes = span_is(format, "203");
	bool seconds = span_is(format, "204"), zoned = span_is(format, "304");
	int64_t time, moment;
	int32_t day;
	int zone = 0;

	if (format.n == 0) {
		if (iso_parse(s, &day, &moment))
			return ERR_FORMAT;
		*ret_day = day;
		*ret_moment = moment;
		return ERR_NONE;
	}
	if (!minutes && !seconds && !zoned && !span_is(format, "102"))
		return ERR_UNSUPPORTED;
	if (take_day(&s, false, &day))
		return ERR_FORMAT;
	moment = day * MICROS_A_DAY;
	if (minutes || seconds || zoned) {
		time = take_time(&s, false, !minutes);
		if (time < 0 || (zoned && take_zone(&s, &zone)))
			return ERR_FORMAT;
		moment += time - (int64_t)zone * 60000000;
	}
	if (s.n)
		return ERR_FORMAT;
	*ret_day = day;
	*ret_moment = moment;
	return ERR_NONE;
}
