/*
 * generate_text.c
 *	  nnet.generate_text(model, prompt, length, temperature, seed, steps): what
 *	  a model of the next token makes of a prompt.
 *
 * The model sees the latest tokens, as many as its input has; its outputs are
 * probabilities of the next one: of labels, or of the vocabulary's ids.  A
 * model that predicts at each step is asked at the last of its output's steps
 * that follows from what was seen.  Tokens are drawn by
 * these probabilities to the power of 1 / temperature; at 0 the most likely
 * one is taken.  Padding and unknown tokens are never drawn.
 */
#include "pg/predict/predict.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "pg/data/data.h"
#include "utils/builtins.h"

#define MOST_TOKENS 1000000
#define DEFAULT_STEPS 128 /* seen by a model of any number of steps */

typedef struct Generator
{
	NnetCached *cached;
	const NnetModel *model;
	NnetText *text;
	bool by_labels; /* outputs are labels, else ids */
	double temperature;
	NNRandom random;
	float *ids; /* of prompt and generated tokens, the latest last */
	size_t n;
	size_t room;
	float *window;
	size_t steps; /* most that the model sees */
	bool padded;  /* to that many */
	StringInfoData result;
} Generator;

PG_FUNCTION_INFO_V1(nnet_generate_text);

/* ---- setting up ---- */

static void
refuse_argument(const char *what, const char *wants, double given)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s must be %s, not %.10g", what, wants, given)));
}

static void
add_tokens(Generator *generator, const char *text)
{
	size_t count;
	const float *ids;

	nnet_text_take(generator->text, CStringGetDatum(text));
	ids = nnet_text_ids_or_none(generator->text, nnet_model_vocabulary(generator->model, 0), 0,
								&count);
	/* there may be no array of none */
	if (count == 0)
		return;
	if (generator->n + count > generator->room)
	{
		generator->room = generator->n + count + Max(generator->room, 256);
		generator->ids = generator->ids == NULL
			? palloc(generator->room * sizeof(float))
			: repalloc_huge(generator->ids, generator->room * sizeof(float));
	}
	memcpy(generator->ids + generator->n, ids, count * sizeof(float));
	generator->n += count;
}

static void
set_model(Generator *generator, Oid relid, MemoryContext query)
{
	const NnetModel *model;
	NNShape input;

	nnet_core_start(1);
	generator->cached = nnet_cache_get(relid, query);
	generator->model = model = generator->cached->model;
	nnet_require_one_port(model, "nnet.generate_text()");
	if (nnet_model_vocabulary(model, 0) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("model \"%s\" does not take texts", model->name),
				 errhint("Begin the model with nnet.input(1) and nnet.text_vectorization().")));
	input = nnet_input_shape(model, 0);
	generator->padded = input.dim[0] != NN_ANY;
	generator->steps = generator->padded ? (size_t) input.dim[0] : DEFAULT_STEPS;
	generator->by_labels = nn_layer_shape(nn_model_output(model->core, 0))->rank == 1 &&
		model->training.outputs[0].n_labels > 0;
	generator->text =
		nnet_text_make(UNKNOWNOID, "the prompt", model->name, false, CurrentMemoryContext);
	initStringInfo(&generator->result);
}

static void
set_options(Generator *generator, FunctionCallInfo fcinfo)
{
	generator->temperature = PG_GETARG_FLOAT8(3);
	if (!(generator->temperature >= 0 && generator->temperature <= 1e6))
		refuse_argument("temperature", "a number from 0 to 1000000", generator->temperature);
	generator->random = nn_random(PG_ARGISNULL(4) ? (uint64) (nnet_random() * 9007199254740992.0)
												  : (uint64) PG_GETARG_INT64(4),
								  0);
	if (PG_ARGISNULL(5))
		return;
	if (PG_GETARG_INT32(5) < 1 || PG_GETARG_INT32(5) > NN_MAX_UNITS)
		refuse_argument("steps", psprintf("from 1 to %d", NN_MAX_UNITS), PG_GETARG_INT32(5));
	generator->steps = generator->padded ? Min(generator->steps, (size_t) PG_GETARG_INT32(5))
										 : (size_t) PG_GETARG_INT32(5);
}

/* ---- a token ---- */

/* The text of an output, or NULL for one that is not to be drawn. */
static const char *
output_text(const Generator *generator, int output)
{
	const NnetOutputTraining *training = &generator->model->training.outputs[0];
	const NnetTokens *tokens = nnet_model_vocabulary(generator->model, 0)->tokens;

	if (generator->by_labels)
		return output < training->n_labels ? training->labels[output] : NULL;
	output -= NNET_TOKEN_FIRST;
	return output >= 0 && output < nnet_tokens_count(tokens) ? nnet_tokens_get(tokens, output)
															 : NULL;
}

static void
check_probabilities(const Generator *generator, const float *p, int n)
{
	double sum = 0;
	bool good = true;

	for (int i = 0; i < n; i++)
	{
		good = good && p[i] >= 0;
		sum += p[i];
	}
	if (!good || n < 2 || fabs(sum - 1) > 0.01)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the outputs of model \"%s\" are not probabilities of the next token",
					generator->model->name),
			 errhint(
				 "Its last layer must have an output for each token and the activation softmax.")));
}

/* Draw one of n outputs; p becomes weights. */
static int
draw(Generator *generator, float *p, int n)
{
	int best = -1;
	double sum = 0;
	double at;

	for (int i = 0; i < n; i++)
	{
		if (output_text(generator, i) == NULL)
			p[i] = 0;
		else if (best < 0 || p[i] > p[best])
			best = i;
	}
	if (best < 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("model \"%s\" has no output for a token of its vocabulary",
					generator->model->name),
			 errhint("Give its last layer an output for each id that nnet.vocabulary() lists.")));
	if (generator->temperature == 0 || p[best] <= 0)
		return best;
	at = log(p[best]);
	for (int i = 0; i < n; i++)
	{
		p[i] = p[i] > 0 ? (float) exp((log(p[i]) - at) / generator->temperature) : 0;
		sum += p[i];
	}
	at = nn_random_uniform(&generator->random) * sum;
	for (int i = 0; i < n; i++)
	{
		at -= p[i];
		if (p[i] > 0 && at < 0)
			return i;
	}
	return best;
}

/*
 * Which of the output's rows tells the token after those seen; -1: none.  The
 * input has room for count tokens, those after the seen ones are padding.
 */
static int
latest_row(const Generator *generator, const NNShape *out, size_t seen, size_t count)
{
	if (out->rank != 2)
		return out->rank == 1 ? 0 : -1;
	if (seen == count || out->dim[0] == 1)
		return out->dim[0] - 1;
	if ((size_t) out->dim[0] == count)
		return (int) seen - 1;
	ereport(
		ERROR,
		(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		 errmsg("model \"%s\" needs %zu tokens to go on from, not %zu", generator->model->name,
				count, seen),
		 errdetail("Its output has %d steps, which do not tell which of them follow from padding.",
				   out->dim[0]),
		 errhint("Give it a longer prompt, and steps not below that number.")));
}

/* Ask the model; returns the output drawn. */
static int
next_output(Generator *generator)
{
	size_t seen = Min(generator->n, generator->steps);
	size_t count = seen;
	const NNShape *shape;
	NNSteps steps = {{0}};
	ArrayType *outputs;
	int n;
	int row;
	int output;

	memcpy(generator->window, generator->ids + generator->n - seen, seen * sizeof(float));
	if (generator->padded)
		for (count = nnet_input_shape(generator->model, 0).dim[0]; seen < count; seen++)
			generator->window[seen] = NNET_TOKEN_PADDING;
	steps.of[0] = generator->padded ? 0 : (int) count;
	outputs = nnet_predict_row(generator->cached, generator->window, &steps, NNET_ALL_OUTPUTS);
	shape = nn_layer_shape(nn_model_output(generator->model->core, 0));
	row = latest_row(generator, shape, Min(generator->n, generator->steps), count);
	n = row < 0 ? 0 : shape->dim[shape->rank - 1];
	row = Max(row, 0);
	check_probabilities(generator, (const float *) ARR_DATA_PTR(outputs) + (size_t) row * n, n);
	output = draw(generator, (float *) ARR_DATA_PTR(outputs) + (size_t) row * n, n);
	pfree(outputs);
	return output;
}

static void
generate(Generator *generator, int length)
{
	bool spaced = !nnet_model_vocabulary(generator->model, 0)->options.characters;

	for (int i = 0; i < length; i++)
	{
		const char *token = output_text(generator, next_output(generator));

		nnet_check_interrupts();
		if (spaced && i > 0)
			appendStringInfoChar(&generator->result, ' ');
		appendStringInfoString(&generator->result, token);
		add_tokens(generator, token);
	}
}

Datum
nnet_generate_text(PG_FUNCTION_ARGS)
{
	Generator generator = {0};
	NnetRow row = {.function = "nnet.generate_text"};
	int length;

	nnet_call_enter(&row, fcinfo, 1);
	for (int i = 0; i < 4; i++)
		if (PG_ARGISNULL(i))
		{
			nnet_row_leave(&row);
			PG_RETURN_NULL();
		}
	length = PG_GETARG_INT32(2);
	if (length < 0 || length > MOST_TOKENS)
		refuse_argument("length", psprintf("from 0 to %d tokens", MOST_TOKENS), length);
	set_model(&generator, PG_GETARG_OID(0), fcinfo->flinfo->fn_mcxt);
	row.model = pstrdup(generator.model->name);
	set_options(&generator, fcinfo);
	add_tokens(&generator, text_to_cstring(PG_GETARG_TEXT_PP(1)));
	if (generator.n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the prompt has no tokens for model \"%s\" to go on from",
						generator.model->name),
				 errhint("Give it at least one %s.",
						 nnet_model_vocabulary(generator.model, 0)->options.characters ? "character"
																					   : "word")));
	generator.window =
		palloc(Max(generator.steps,
				   generator.padded ? (size_t) nnet_input_shape(generator.model, 0).dim[0] : 0) *
			   sizeof(float));
	generate(&generator, length);
	nnet_row_leave(&row);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(generator.result.data, generator.result.len));
}
