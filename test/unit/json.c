/*
 * json.c
 *	  A small JSON reader for tests: no \u escapes, numbers by strtod (so that
 *	  NaN and Infinity can be tried too).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/unit/json.h"

typedef struct Reader
{
	const char *text;
	const char *at;
} Reader;

static void read_value(Reader *reader, NNValue *value);

static void
fail(const Reader *reader, const char *expected)
{
	fprintf(stderr, "not JSON, %s expected at \"%s\" of: %s\n", expected, reader->at, reader->text);
	exit(2);
}

static void *
grow(void *array, size_t size)
{
	void *grown = realloc(array, size);

	if (grown == NULL)
	{
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return grown;
}

static void
skip_space(Reader *reader)
{
	reader->at += strspn(reader->at, " \t\r\n");
}

/* Take c if it is next. */
static bool
take(Reader *reader, char c)
{
	skip_space(reader);
	if (*reader->at != c)
		return false;
	reader->at++;
	return true;
}

static char *
read_string(Reader *reader)
{
	size_t length = 0;
	char *string;

	if (!take(reader, '"'))
		fail(reader, "a string");
	string = grow(NULL, strlen(reader->at) + 1);
	while (*reader->at != '"')
	{
		if (*reader->at == '\\')
			reader->at++;
		if (*reader->at == '\0')
			fail(reader, "the end of a string");
		string[length++] = *reader->at++;
	}
	reader->at++;
	string[length] = '\0';
	return string;
}

/* The elements of an array or the members of an object, after its bracket. */
static void
read_items(Reader *reader, NNValue *value, char end)
{
	NNValue *items = NULL;
	char **keys = NULL;
	int count = 0;

	while (!take(reader, end))
	{
		if (count > 0 && !take(reader, ','))
			fail(reader, "a comma");
		items = grow(items, (size_t) (count + 1) * sizeof(*items));
		if (end == '}')
		{
			keys = grow(keys, (size_t) (count + 1) * sizeof(*keys));
			keys[count] = read_string(reader);
			if (!take(reader, ':'))
				fail(reader, "a colon");
		}
		read_value(reader, &items[count]);
		count++;
	}
	value->type = end == '}' ? NN_V_OBJECT : NN_V_ARRAY;
	value->count = count;
	value->items = items;
	value->keys = (const char *const *) keys;
}

static bool
take_word(Reader *reader, const char *word)
{
	if (strncmp(reader->at, word, strlen(word)) != 0)
		return false;
	reader->at += strlen(word);
	return true;
}

static void
read_value(Reader *reader, NNValue *value)
{
	memset(value, 0, sizeof(*value));
	if (take(reader, '{'))
		read_items(reader, value, '}');
	else if (take(reader, '['))
		read_items(reader, value, ']');
	else if (*reader->at == '"')
	{
		value->type = NN_V_STRING;
		value->string = read_string(reader);
	}
	else if (take_word(reader, "null"))
		value->type = NN_V_NULL;
	else if (take_word(reader, "true"))
	{
		value->type = NN_V_BOOL;
		value->boolean = true;
	}
	else if (take_word(reader, "false"))
		value->type = NN_V_BOOL;
	else
	{
		char *end;

		value->type = NN_V_NUMBER;
		value->number = strtod(reader->at, &end);
		if (end == reader->at)
			fail(reader, "a value");
		reader->at = end;
	}
}

NNValue *
json_parse(const char *text)
{
	Reader reader = {text, text};
	NNValue *value = grow(NULL, sizeof(*value));

	read_value(&reader, value);
	skip_space(&reader);
	if (*reader.at != '\0')
		fail(&reader, "the end");
	return value;
}

static void
free_parts(const NNValue *value)
{
	for (int i = 0; i < value->count; i++)
	{
		free_parts(&value->items[i]);
		if (value->keys != NULL)
			free((void *) value->keys[i]);
	}
	free((void *) value->items);
	free((void *) value->keys);
	free((void *) value->string);
}

NNValue *
json_lasting(const char *text)
{
	static struct Lasting
	{
		struct Lasting *next;
		NNValue *value;
	} * all;
	struct Lasting *one = grow(NULL, sizeof(*one));

	*one = (struct Lasting){all, json_parse(text)};
	all = one;
	return one->value;
}

void
json_free(NNValue *value)
{
	if (value == NULL)
		return;
	free_parts(value);
	free(value);
}
