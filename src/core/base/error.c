/*
 * error.c
 *	  Filling an NNError.  Texts are cut where they do not fit, never inside a
 *	  UTF-8 character.
 */
#include <stdarg.h>
#include <stdio.h>

#include "core/base/error.h"

static bool
continues(char c)
{
	return ((unsigned char) c & 0xC0) == 0x80;
}

size_t
nn_cut(const char *text, size_t most)
{
	size_t length = strlen(text);
	size_t at = most;

	if (length <= most)
		return length;
	/* more than three in a row are not of UTF-8: then cut anywhere */
	while (at > 0 && most - at < 3 && continues(text[at]))
		at--;
	return continues(text[at]) ? most : at;
}

static void __attribute__((format(printf, 3, 0)))
write_text(char *buf, size_t size, const char *format, va_list args)
{
	int length = vsnprintf(buf, size, format, args);
	size_t end;

	if (length < (int) size)
		return;

	/* the byte that did not fit is gone, so look back from the last lead byte */
	end = nn_cut(buf, size - 2);
	if ((unsigned char) buf[end] >= 0x80)
		buf[end] = '\0';
}

bool
nn_error(NNError *error, NNErrorCode code, const char *format, ...)
{
	va_list args;

	if (error == NULL)
		return false;
	error->code = code;
	error->hint[0] = '\0';
	va_start(args, format);
	write_text(error->message, sizeof(error->message), format, args);
	va_end(args);
	return false;
}

bool
nn_hint(NNError *error, const char *format, ...)
{
	va_list args;

	if (error == NULL)
		return false;
	va_start(args, format);
	write_text(error->hint, sizeof(error->hint), format, args);
	va_end(args);
	return false;
}

const char *
nn_clip(char buf[NN_CLIP], const char *text)
{
	size_t length = strlen(text);

	if (length < NN_CLIP)
	{
		memcpy(buf, text, length + 1);
		return buf;
	}
	length = nn_cut(text, NN_CLIP - 4);
	memcpy(buf, text, length);
	memcpy(buf + length, "...", 4);
	return buf;
}

void
nn_append(char *buf, size_t size, size_t *used, const char *format, ...)
{
	va_list args;
	int length;

	if (*used >= size)
		return;
	va_start(args, format);
	length = vsnprintf(buf + *used, size - *used, format, args);
	va_end(args);
	if (length > 0)
		*used += (size_t) length;
}
