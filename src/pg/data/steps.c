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

#include "utils/memutils.h"

#define KNOWN_LENGTHS 256

struct NnetSteps
{
	char *model; /* its name */
	NNModel *shapes;
	struct
	{
		int steps; /* 0: none yet */
		int output;
	} known[KNOWN_LENGTHS]; /* by steps, modulo their number */
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

void
nnet_steps_error(const NNError *error, const char *model, const NNSteps *steps)
{
	int n = steps->of[0];
	const char *message = nnet_core_text(error->message);
	const char *hint = nnet_core_text(error->hint);

	if (n == 0 || error->code != NN_BAD_SHAPE)
		nnet_core_error(error, model);
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg_plural("model \"%s\" cannot take x of %d step: %s",
						   "model \"%s\" cannot take x of %d steps: %s", n, model, n, message),
			 hint[0] != '\0' ? errhint("Leave such rows out, or change the model: %s", hint)
							 : errhint("Leave such rows out, or change the model.")));
}

int
nnet_steps_output(NnetSteps *steps, int x_steps)
{
	int place = x_steps % KNOWN_LENGTHS;
	NNError error = {.code = NN_OK};

	if (steps->known[place].steps != x_steps)
	{
		NNSteps input = {{x_steps}};
		int output[NN_MAX_OUTPUTS];

		if (!nn_model_output_steps(steps->shapes, &input, output, &error))
			nnet_steps_error(&error, steps->model, &input);
		steps->known[place].steps = x_steps;
		steps->known[place].output = output[0];
	}
	return steps->known[place].output;
}
