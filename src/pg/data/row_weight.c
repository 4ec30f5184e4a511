/*
 * row_weight.c
 *	  By how much a row counts in the loss: values of fit's and evaluate's
 *	  argument into the weights of a record.
 *
 * A number weighs the whole row, for all outputs.  An array has a weight for
 * each row of the output's last dimension: for each step of a sequence, each
 * place of a picture.  NULL weighs 1.
 */
#include "pg/data/data.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

struct NnetRowWeights
{
	char *model;
	const NNRecordFormat *format;
	const char *names[NN_MAX_OUTPUTS];
	NnetReader *reader; /* NULL: all weigh 1 */
	bool one;			/* a value may stand for all steps */
};

static void
refuse_type(Oid type, const char *model)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("weight for model \"%s\" has type %s, but must be a number", model,
					format_type_be(type)),
			 type == BOOLOID
				 ? errhint("nnet.fit() takes a weight, then a boolean for rows of validation. To "
						   "leave out rows, use WHERE or FILTER.")
				 : errhint("Give a number for each row, or an array of one for each step of the "
						   "output.")));
}

/* Room for a weight for each row of an output, or for one in all. */
static void
make_room(NNOutputFormat *out, const NNObjective *objective, bool by_step)
{
	size_t row = objective->target == NN_TARGET_INDEX ? 1 : (size_t) objective->width;

	if (out->target == NN_TARGET_NONE)
		return;
	out->weights = by_step ? out->count / row : 1;
	out->weights_variable = by_step && out->variable;
}

NnetRowWeights *
nnet_row_weights_make(Oid type, bool by_step, const NnetModel *model, NNRecordFormat *format,
					  MemoryContext context)
{
	NnetRowWeights *weights = MemoryContextAllocZero(context, sizeof(NnetRowWeights));

	weights->model = MemoryContextStrdup(context, model->name);
	weights->format = format;
	weights->one = true;
	if (OidIsValid(type))
	{
		Oid base = getBaseType(type);

		if (base == BOOLOID || base == BYTEAOID || (base != UNKNOWNOID && nnet_type_is_label(base)))
			refuse_type(type, model->name);
		weights->reader = nnet_reader_make(type, "weight", model->name, context);
		weights->one = nnet_type_is_number(base) || base == UNKNOWNOID;
		by_step |= !nnet_type_is_number(base);
	}
	for (int o = 0; o < format->n_outputs; o++)
	{
		weights->names[o] = MemoryContextStrdup(context, nn_model_output(model->core, o)->name);
		make_room(&format->outputs[o], &model->objectives.of[o], by_step);
	}
	return weights;
}

static void
check_weights(const NnetRowWeights *weights, const float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (values[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 n == 1 ? errmsg("weight for model \"%s\" is %g, but must be 0 or more",
									 weights->model, values[i])
							: errmsg("weight for model \"%s\" has %g at position %zu, but must be "
									 "0 or more",
									 weights->model, values[i], i + 1),
					 errhint("A row of weight 0 trains nothing.")));
}

pg_noreturn static void
refuse_count(const NnetRowWeights *weights, int output, size_t expected, size_t count)
{
	const char *name = weights->names[output];

	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg_plural("model \"%s\" expects the weight of a row to have %zu value, not %zu",
						   "model \"%s\" expects the weight of a row to have %zu values, not %zu",
						   expected, weights->model, expected, count),
			 errdetail("An array has one for each step of the output \"%s\".", name),
			 errhint("A number weighs all steps of its row.")));
}

void
nnet_row_weights_write(NnetRowWeights *weights, Datum weight, bool isnull, void *record)
{
	const NNRecordFormat *format = weights->format;
	const float ones[] = {1};
	const float *values = ones;
	size_t count = 1;
	NNRecordHead head;

	if (weights->reader != NULL && !isnull)
	{
		values = nnet_reader_reals(weights->reader, weight, &count);
		check_weights(weights, values, count);
	}
	nn_record_get_head(format, record, &head);
	for (int o = 0; o < format->n_outputs; o++)
	{
		size_t n = nn_record_weight_count(format, &head, o);
		char *to = (char *) record + nn_record_weight_at(format, &head, o);

		if (count == n)
			memcpy(to, values, n * sizeof(float));
		else if (n > 0 && !(count == 1 && (weights->one || values == ones)))
			refuse_count(weights, o, n, count);
		else
			for (size_t i = 0; i < n; i++)
				memcpy(to + i * sizeof(float), values, sizeof(float));
	}
}
