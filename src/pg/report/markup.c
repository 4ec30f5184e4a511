/*
 * markup.c
 *	  Text and numbers in SVG and HTML.
 */
#include "pg/report/markup.h"

#include <math.h>

#include "mb/pg_wchar.h"

/* What XML has no character for, as what stands for the unknown. */
static bool
is_character(uint32 code)
{
	return (code >= 0x20 && code != 0x7f && (code < 0xd800 || code > 0xdfff) && code < 0xfffe) ||
		code == '\t' || code == '\n' || (code > 0xffff && code <= 0x10ffff);
}

static void
append_code(StringInfo page, uint32 code)
{
	if (!is_character(code))
		code = 0xfffd;
	if (code >= 0x80 || strchr("&<>\"'`=", (int) code) != NULL)
		appendStringInfo(page, "&#%u;", code);
	else
		appendStringInfoChar(page, (char) code);
}

/* In an encoding other than UTF-8 bytes beyond ASCII stay as they are: they mean nothing in markup. */
static void
append_character(StringInfo page, const char *at, int length)
{
	if (GetDatabaseEncoding() == PG_UTF8)
		append_code(page, utf8_to_unicode((const unsigned char *) at));
	else if (length == 1 && !IS_HIGHBIT_SET(*at))
		append_code(page, (unsigned char) *at);
	else
		appendBinaryStringInfo(page, at, length);
}

void
nnet_markup_text(StringInfo page, const char *text)
{
	while (*text != '\0')
	{
		int length = pg_mblen(text);

		append_character(page, text, length);
		text += length;
	}
}

void
nnet_markup_short(StringInfo page, const char *text, int characters)
{
	int n = pg_mbstrlen(text);

	if (n <= characters)
	{
		nnet_markup_text(page, text);
		return;
	}
	for (int i = 0; i < characters - 1; i++)
	{
		int length = pg_mblen(text);

		append_character(page, text, length);
		text += length;
	}
	appendStringInfoString(page, "&#8230;");
}

void
nnet_markup_number(StringInfo page, double number)
{
	double size = fabs(number);

	if (!isfinite(number))
		appendStringInfoString(page, "&#8211;");
	else if (number == floor(number) && size < 1e15)
		nnet_markup_count(page, number);
	else if (size >= 1e6 || size < 1e-4)
		appendStringInfo(page, "%.3e", number);
	else
		appendStringInfo(page, "%.*f", (int) Max(3 - floor(log10(size)), 0), number);
}

void
nnet_markup_count(StringInfo page, double count)
{
	char *digits = psprintf("%.0f", fabs(count));
	int n = (int) strlen(digits);

	if (count < 0)
		appendStringInfoString(page, "&#8722;");
	for (int i = 0; i < n; i++)
	{
		if (i > 0 && (n - i) % 3 == 0)
			appendStringInfoChar(page, ',');
		appendStringInfoChar(page, digits[i]);
	}
	pfree(digits);
}
