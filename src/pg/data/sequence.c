/*
 * sequence.c
 *	  y of a loss of sequences: classes in their order, none of them the blank, and not
 *	  more than the output's steps can spell.
 */
#include "pg/data/data.h"

pg_noreturn static void
refuse_blank(size_t position, const char *blank, const char *what, const char *model)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 blank != NULL
				 ? errmsg("%s for model \"%s\" has \"%s\" at position %zu, the label of the blank",
						  what, model, blank, position + 1)
				 : errmsg("%s for model \"%s\" has 0 at position %zu, the class of the blank", what,
						  model, position + 1),
			 errdetail("Between classes it is left out, and behind the last it only fills up."),
			 blank != NULL
				 ? errhint("Give nnet.compile() labels of which the first is none of y's.")
				 : errhint("Number the classes from 1.")));
}

pg_noreturn static void
refuse_length(size_t n, size_t least, size_t steps, const char *what, const char *model)
{
	ereport(
		ERROR,
		(errcode(ERRCODE_DATA_EXCEPTION),
		 errmsg_plural("%s for model \"%s\" needs %zu step, but the output has %zu",
					   "%s for model \"%s\" needs %zu steps, but the output has %zu", least, what,
					   model, least, steps),
		 errdetail("One for each of its %zu classes, and one more for each of %zu that equal the "
				   "one before.",
				   n, least - n),
		 errhint("Leave such rows out, or let the model keep more steps.")));
}

size_t
nnet_sequence_length(const int32 *classes, size_t n, size_t steps, const char *blank,
					 const char *what, const char *model)
{
	size_t least;

	while (n > 0 && classes[n - 1] == 0)
		n--;
	for (size_t i = 0; i < n; i++)
		if (classes[i] == 0)
			refuse_blank(i, blank, what, model);
	least = nn_sequence_steps(classes, n);
	if (least > steps)
		refuse_length(n, least, steps, what, model);
	return n;
}
