/*
 * graph_error.c
 *	  Errors: codes, hints, and texts that do not fit.
 */
#include <string.h>

#include "core/base/error.h"
#include "test/unit/unit.h"

/* Whether text is whole UTF-8: no character is cut at its end. */
static bool
is_whole(const char *text)
{
	int more = 0;

	for (; *text != '\0'; text++)
	{
		unsigned char c = (unsigned char) *text;

		if ((c & 0xC0) == 0x80)
		{
			if (more-- == 0)
				return false;
			continue;
		}
		if (more > 0)
			return false;
		more = c < 0x80 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
	}
	return more == 0;
}

static void
test_fill(void)
{
	NNError error;

	memset(&error, 'x', sizeof(error));
	CHECK(!nn_error(&error, NN_BAD_SHAPE, "%s is %d", "it", 3), "nn_error returns false");
	CHECK(error.code == NN_BAD_SHAPE, "the code is kept");
	CHECK(strcmp(error.message, "it is 3") == 0, "the message is printed");
	CHECK(error.hint[0] == '\0', "an old hint is gone");
	CHECK(!nn_hint(&error, "Try %d.", 4), "nn_hint returns false");
	CHECK(strcmp(error.hint, "Try 4.") == 0, "the hint is printed");
	CHECK(strcmp(error.message, "it is 3") == 0 && error.code == NN_BAD_SHAPE,
		  "a hint leaves the message");
	CHECK(!nn_error(NULL, NN_BAD_VALUE, "x") && !nn_hint(NULL, "x"), "nobody need listen");
}

/* Texts of every length around the limit, ending in characters of 1 to 4 bytes. */
static void
test_cut(void)
{
	static const char *const characters[] = {"a", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
											 "\xB0\xA1"}; /* the last one is not UTF-8 */
	bool whole = true;
	bool long_enough = true;

	for (int c = 0; c < 5; c++)
	{
		for (int pad = 0; pad < 8; pad++)
		{
			NNError error;
			char text[2 * sizeof(error.hint)] = "";
			char clip[NN_CLIP];

			memset(text, '.', (size_t) pad);
			text[pad] = '\0';
			while (strlen(text) < sizeof(error.hint) + 200)
				strcat(text, characters[c]);
			nn_error(&error, NN_BAD_VALUE, "%s", text);
			nn_hint(&error, "%s", text);
			nn_clip(clip, text);
			whole = whole &&
				(c == 4 || (is_whole(error.message) && is_whole(error.hint) && is_whole(clip)));
			long_enough = long_enough && strlen(error.message) > sizeof(error.message) - 6 &&
				strlen(error.hint) > sizeof(error.hint) - 6 && strlen(clip) > NN_CLIP - 6;
		}
	}
	CHECK(whole, "texts that do not fit are cut between characters");
	CHECK(long_enough, "and not shorter than need be");
}

static void
test_clip(void)
{
	char clip[NN_CLIP];
	char text[NN_CLIP + 1];

	CHECK(strcmp(nn_clip(clip, "units"), "units") == 0, "a short text is kept");
	memset(text, 'a', sizeof(text));
	text[NN_CLIP - 1] = '\0';
	CHECK(strcmp(nn_clip(clip, text), text) == 0, "a text that just fits is kept");
	text[NN_CLIP - 1] = 'a';
	text[NN_CLIP] = '\0';
	nn_clip(clip, text);
	CHECK(strlen(clip) == NN_CLIP - 1 && strcmp(clip + NN_CLIP - 4, "...") == 0,
		  "a longer one ends in dots");
}

int
main(void)
{
	test_fill();
	test_cut();
	test_clip();
	return unit_done();
}
