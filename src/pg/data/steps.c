/*
 * steps.c
 *	  How many steps the output of a model of variable steps has for an x of so
 *	  many, and the refusal of an x that is too short for its layers.
 *
 * The answer is the core's inference of shapes, which changes the shapes of the
 * model that it is asked of: so of a copy, which needs the loaded model no more.
 * Inference takes microseconds a layer; lengths met before are remembered.
 *
 * Lifetimes: NnetSteps and all in it are in the context it was made in.
 */
#include "pg/data/data.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#define KNOWN_LENGTHS 256

/* What is known of x of those steps. */
typedef struct KnownSteps
{
	bool known;
	NNSteps steps;
	int output[NN_MAX_OUTPUTS];
} KnownSteps;

struct NnetSteps
{
	char *model; /* its name */
	NNModel *shapes;
	KnownSteps known[KNOWN_LENGTHS]; /* by a hash of the steps */
};

NnetSteps *
nnet_steps_make(const NnetModel *model, MemoryContext context)
{
	NnetSteps *steps;

	if (!model->core->variable)
		return NULL;
	steps = MemoryContextAllocZero(context, sizeof(NnetSteps));
	steps->model = MemoryContextStrdup(context, model->name);
	steps->shapes = MemoryContextAllocHuge(context, nn_model_bytes(model->core->max_layers));
	nn_model_copy(steps->shapes, model->core);
	return steps;
}

/* "3 steps", of several inputs "3 and 5 steps". */
static char *
steps_text(const NNSteps *steps)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int i = 0; i < NN_MAX_SEQUENCES && steps->of[i] > 0; i++)
		appendStringInfo(&text, "%s%d", i > 0 ? " and " : "", steps->of[i]);
	appendStringInfoString(&text, steps->of[0] == 1 && steps->of[1] == 0 ? " step" : " steps");
	return text.data;
}

void
nnet_steps_error(const NNError *error, const char *model, const NNSteps *steps)
{
	const char *message = nnet_core_text(error->message);
	const char *hint = nnet_core_text(error->hint);

	if (steps->of[0] == 0 || error->code != NN_BAD_SHAPE)
		nnet_core_error(error, model);
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("model \"%s\" cannot take x of %s: %s", model, steps_text(steps), message),
			 hint[0] != '\0' ? errhint("Leave such rows out, or change the model: %s", hint)
							 : errhint("Leave such rows out, or change the model.")));
}

const int *
nnet_steps_output(NnetSteps *steps, const NNSteps *x)
{
	uint32 hash = 0;
	KnownSteps *known;
	NNError error = {.code = NN_OK};

	for (int i = 0; i < NN_MAX_SEQUENCES; i++)
		hash = hash * 31 + (uint32) x->of[i];
	known = &steps->known[hash % KNOWN_LENGTHS];
	if (!known->known || !nn_steps_equal(&known->steps, x))
	{
		known->known = false;
		known->steps = *x;
		if (!nn_model_output_steps(steps->shapes, x, known->output, &error))
			nnet_steps_error(&error, steps->model, x);
		known->known = true;
	}
	return known->output;
}

int
nnet_input_steps(const NNShape *input, size_t count, const char *what, const char *model)
{
	bool variable = input->rank > 0 && input->dim[0] == NN_ANY;
	size_t size = nn_shape_size(input);
	char shape[128];

	if (variable ? count > 0 && count % size == 0 && count / size <= NN_MAX_UNITS : count == size)
		return variable ? (int) (count / size) : 0;
	nn_shape_text(input, shape, sizeof(shape));
	if (variable && count == 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("model \"%s\" expects %s to have at least one step, not none", model, what),
			 errdetail("Its input has the shape %s.", shape),
			 errhint("Leave out rows without steps, for example by WHERE cardinality(x) > 0.")));
	if (variable && count % size == 0)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("model \"%s\" expects %s to have at most %d steps, not %zu", model, what,
						NN_MAX_UNITS, count / size),
				 errhint("Cut long sequences into pieces.")));
	if (variable)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_EXCEPTION),
				 errmsg("model \"%s\" expects %s to have a multiple of %zu values, not %zu", model,
						what, size, count),
				 errdetail("Its input has the shape %s.", shape),
				 errhint("Give the values of each step one after the other.")));
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg_plural("model \"%s\" expects %s to have %zu value, not %zu",
						   "model \"%s\" expects %s to have %zu values, not %zu", size, model, what,
						   size, count),
			 errdetail("Its input has the shape %s.", shape),
			 size == 1 ? errhint("Give a number, or an array of one.")
					   : errhint("x may be an array of any dimensions with %zu values in all, "
								 "or a row of %zu numbers.",
								 size, size)));
}
