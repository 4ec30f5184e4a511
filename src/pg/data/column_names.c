/*
 * column_names.c
 *	  How messages speak of columns of x: by name where x is a row, else by
 *	  position, from 1.
 *
 * A column is a feature: a place of the input's last dimension, which steps
 * and pixels share.
 */
#include "pg/data/port.h"

#include "lib/stringinfo.h"

#define MOST_COLUMNS 10 /* listed one by one */

/* port NULL: columns have no names. */
static void
append_list(StringInfo text, const NnetPort *port, const int *features, int n)
{
	int listed = Min(n, MOST_COLUMNS);

	for (int i = 0; i < listed; i++)
	{
		const char *name = port == NULL || port->reader == NULL || port->shape.rank > 1
			? NULL
			: nnet_reader_column(port->reader, (size_t) features[i]);

		if (i > 0)
			appendStringInfoString(text, i + 1 == n ? " and " : ", ");
		if (name != NULL)
			appendStringInfoString(text, name);
		else
			appendStringInfo(text, "%d", features[i] + 1);
	}
	if (listed < n)
		appendStringInfo(text, " and %d more", n - listed);
}

char *
nnet_columns_text(const NnetInputs *inputs, int input, const int *features, int n,
				  const char *otherwise)
{
	const NnetPort *port = inputs != NULL ? &inputs->ports[input] : NULL;
	bool column = port != NULL && port->shape.rank <= 1;
	StringInfoData text;

	initStringInfo(&text);
	if (column && nn_shape_size(&port->shape) == 1 &&
		(port->reader == NULL || nnet_reader_column(port->reader, 0) == NULL))
	{
		appendStringInfoString(&text, port->what);
		return text.data;
	}
	appendStringInfo(&text, "%s%s ", column ? "column" : "feature", n > 1 ? "s" : "");
	append_list(&text, port, features, n);
	appendStringInfo(&text, " of %s", port != NULL ? port->what : otherwise);
	return text.data;
}

char *
nnet_inputs_column(const NnetInputs *inputs, size_t value)
{
	const NnetPort *port = &inputs->ports[0];
	char *name, *end;

	if (inputs->n > 1 || port->reader == NULL || port->shape.rank > 1)
		return NULL;
	name = nnet_reader_column(port->reader, value);
	if (name == NULL)
		return NULL;
	/* '"age"', '"tags"[3]', '"at"."lat"': the first name */
	end = strchr(name + 1, '"');
	while (end != NULL && end[1] != '\0' && end[1] != '[' && end[1] != '.')
		end = strchr(end + 1, '"');
	if (end != NULL)
		*end = '\0';
	return name + 1;
}
