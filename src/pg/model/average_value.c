/*
 * average_value.c
 *	  The aggregate nnet.average_value(nnet.model [, weight]): the model between
 *	  models that are values, of the same layers.
 *
 * Weights are averaged number by number.  A variance (of batch_normalization,
 * normalization) is that of the rows of all models together: the average of
 * variance + mean^2, less the square of the average mean.  The optimizer's
 * state is averaged if any model has it, in others it is zeros.  All else, the
 * training row too, is that of the model of the most weight.
 *
 * The state is a bytea that holds all it needs, and can be put together anywhere:
 *
 *	head	magic, version, what the models have in common, numbers
 *	sums	of weights in the order of the core's parameters, then of the slots
 *	form	the model of the most weight without its numbers, a value of type
 *			nnet.model
 *
 * Of a single model there are no sums, and its value is whole: what a shard with one
 * bucket sends has half of the bytes.
 *
 * Every byte may be a stranger's: average_get checks what is read where it is,
 * with_sums and nnet_average_value_final the rest.
 */
#include "pg/model/model_value.h"

#include <math.h>

#include "libpq/pqformat.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#define MAGIC 0x61766e6e /* "nnva" where the lowest byte is first */
#define VERSION 2
#define PIECE ((size_t) 1 << 20)
#define ASKED_BYTES ((size_t) 1 << 20)
#define MOST_WEIGHT 1e30

typedef struct Averaging
{
	int32 vl_len_;
	uint32 magic;
	uint32 version;
	uint32 form_at;					 /* bytes from the beginning */
	uint8 common[NNET_DIGEST_BYTES]; /* of layers, labels and optimizer */
	int64 models;
	double weight; /* of all */
	double most;   /* of the one whose form it has */
	uint64 n_params;
	uint64 n_sums; /* more than parameters: with slots; 0: of a single, whole model */
	double sums[FLEXIBLE_ARRAY_MEMBER];
} Averaging;

PG_FUNCTION_INFO_V1(nnet_average_value_transition);
PG_FUNCTION_INFO_V1(nnet_average_value_combine);
PG_FUNCTION_INFO_V1(nnet_average_value_final);

/* ---- the bytes ---- */

static const NnetModelValue *
form_of(const Averaging *average)
{
	return (const NnetModelValue *) ((const char *) average + average->form_at);
}

static const char *
name_of(const NnetModelValue *value)
{
	int n;
	NnetLayerRow *rows = nnet_model_value_rows(value, &n);

	return nnet_value_name(rows, n);
}

/* With room for a form, and sums of zero; in the current context. */
static Averaging *
new_average(const uint8 *common, uint64 n_params, uint64 n_sums, const NnetModelValue *form)
{
	size_t form_at = offsetof(Averaging, sums) + n_sums * sizeof(double);
	size_t bytes = form_at + VARSIZE(form);
	Averaging *average;

	if (bytes > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("models of " UINT64_FORMAT " parameters are too large to be averaged as "
						"values",
						n_params),
				 errdetail("The sums have 8 bytes for each parameter and each value of the "
						   "optimizer's state, and at most 1 GB."),
				 errhint("nnet.pack(model, slots => false) leaves out the optimizer's state; "
						 "larger models are averaged as tables, by nnet.average(weights).")));
	if (bytes >= ASKED_BYTES)
		nnet_memory_check(&(NnetMemoryNeed){
			.model = name_of(form),
			.action = "be averaged",
			.bytes = {[NNET_MEMORY_COPIES] = bytes},
		});
	average = palloc0(bytes);
	SET_VARSIZE(average, bytes);
	average->magic = MAGIC;
	average->version = VERSION;
	average->form_at = (uint32) form_at;
	average->n_params = n_params;
	average->n_sums = n_sums;
	memcpy(average->common, common, NNET_DIGEST_BYTES);
	memcpy((char *) average + form_at, form, VARSIZE(form));
	return average;
}

pg_noreturn static void
refuse(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid state of nnet.average_value()"), errdetail("%s", detail)));
}

static Averaging *
average_get(Datum datum)
{
	Averaging *average = (Averaging *) PG_DETOAST_DATUM(datum);
	size_t bytes = VARSIZE(average);

	if (bytes < offsetof(Averaging, sums))
		refuse("It is too short for one.");
	if ((uintptr_t) average % MAXIMUM_ALIGNOF != 0)
		average = memcpy(palloc(bytes), average, bytes);
	if (average->magic != MAGIC || average->version != VERSION)
		refuse("It does not begin as one of this version.");
	if (average->n_sums > bytes / sizeof(double) || average->n_params > average->n_sums ||
		average->form_at != offsetof(Averaging, sums) + average->n_sums * sizeof(double) ||
		average->form_at + sizeof(NnetModelValue) > bytes || !VARATT_IS_4B_U(form_of(average)) ||
		average->form_at + VARSIZE(form_of(average)) != bytes)
		refuse("Its parts do not fit its length.");
	if (average->models < 0 || !(average->weight >= 0) || !(average->most >= 0))
		refuse("It has negative counts.");
	return average;
}

/* ---- a model ---- */

static void
add_text(StringInfo all, const char *text)
{
	/* with its end, so that no two lists are the same text */
	appendBinaryStringInfo(all, text != NULL ? text : "",
						   (int) (text != NULL ? strlen(text) : 0) + 1);
}

/* A configuration is a name, or an object that has it; the learning rate may differ. */
static const char *
optimizer_kind(const NNValue *optimizer)
{
	const NNValue *kind =
		optimizer->type == NN_V_OBJECT ? nn_value_get(optimizer, "kind") : optimizer;

	return kind != NULL && kind->type == NN_V_STRING ? kind->string : NULL;
}

/* A loss is a name, or an object that has it and arguments. */
static const char *
loss_text(const NNValue *loss)
{
	if (loss == NULL || loss->type == NN_V_STRING)
		return loss == NULL ? NULL : loss->string;
	return nnet_value_to_text(loss);
}

/* What must be the same for numbers of two models to mean the same. */
static void
digest_common(const NnetModel *model, const NnetModelValue *value, uint8 *to)
{
	StringInfoData all;
	Datum hash;

	initStringInfo(&all);
	appendStringInfoSpaces(&all, VARHDRSZ);
	appendBinaryStringInfo(&all, (const char *) value->structure, NNET_DIGEST_BYTES);
	for (int o = 0; o < model->core->n_outputs; o++)
	{
		const NnetOutputTraining *output = &model->training.outputs[o];

		add_text(&all, loss_text(output->loss));
		add_text(&all, output->label_type);
		for (int i = 0; i < output->n_labels; i++)
			add_text(&all, output->labels[i]);
		add_text(&all, NULL);
	}
	if (model->training.compiled)
		add_text(&all, optimizer_kind(model->training.optimizer));
	appendStringInfo(&all, "%d", model->optimizer.n_slots);
	SET_VARSIZE(all.data, all.len);
	hash = DirectFunctionCall1(sha256_bytea, PointerGetDatum(all.data));
	memcpy(to, VARDATA_ANY(DatumGetPointer(hash)), NNET_DIGEST_BYTES);
}

/* The rows without their numbers.  Changes them. */
static const NnetModelValue *
make_form(NnetLayerRow *rows, int n, bool *slots)
{
	*slots = false;
	for (int i = 0; i < n; i++)
	{
		*slots |= !rows[i].nulls[COLUMN_SLOTS];
		rows[i].nulls[COLUMN_WEIGHTS] = rows[i].nulls[COLUMN_SLOTS] = true;
	}
	return nnet_model_value_make(rows, n, false, nnet_value_name(rows, n));
}

static void
put_sums(double *sums, const nn_real *values, size_t n, double weight)
{
	for (size_t i = 0; i < n; i++)
	{
		if (i % PIECE == 0)
			nnet_check_interrupts();
		sums[i] = weight * (double) values[i];
	}
}

typedef void (*OfVariance)(double *variance, const double *mean, double weight);

/* Over the variances of all layers, each beside its mean. */
static void
over_variances(const NNModel *core, double *sums, double weight, OfVariance of_variance)
{
	for (int i = 0; i < core->n_layers; i++)
	{
		NNParams params = nn_layer_params(nn_model_layer(core, i));

		for (int k = 0; k < params.n; k++)
		{
			const NNParam *param = &params.of[k];
			double *variance = sums + params.offset + param->offset;

			for (size_t j = 0; param->mean > 0 && j < param->size; j++)
				of_variance(variance + j,
							sums + params.offset + params.of[param->mean - 1].offset + j, weight);
		}
	}
}

/* Both are multiplied by the weight. */
static void
to_square(double *variance, const double *mean, double weight)
{
	if (weight > 0)
		*variance += *mean * *mean / weight;
}

/* Both are divided by it. */
static void
from_square(double *variance, const double *mean, double weight)
{
	(void) weight;
	*variance = fmax(*variance - *mean * *mean, 0);
}

/* The state of one model; in the current context. */
static Averaging *
average_of(Datum datum, double weight)
{
	static const uint8 unknown[NNET_DIGEST_BYTES] = {0};
	Averaging *average = new_average(unknown, 0, 0, nnet_model_value_get(datum));

	average->models = 1;
	average->weight = average->most = weight;
	return average;
}

/* The same with sums, in the current context, with garbage. */
static Averaging *
sums_of(const NnetModelValue *value, double weight)
{
	int n;
	NnetLayerRow *rows = nnet_model_value_rows(value, &n);
	NnetModel *model = nnet_value_rows_load(rows, n, NNET_LOAD_SLOTS, CurrentMemoryContext);
	size_t n_params = model->core->n_params;
	bool slots;
	const NnetModelValue *form = make_form(rows, n, &slots);
	/* else they are stored of layers that do not learn, or of an optimizer before */
	int n_slots = slots && model->training.steps > 0 ? model->optimizer.n_slots : 0;
	uint8 common[NNET_DIGEST_BYTES];
	Averaging *average;

	digest_common(model, value, common);
	average = new_average(common, n_params, n_params * (1 + (size_t) n_slots), form);
	average->models = 1;
	average->weight = average->most = weight;
	put_sums(average->sums, model->params, n_params, weight);
	for (int s = 0; s < n_slots; s++)
		put_sums(average->sums + n_params * (size_t) (s + 1), model->slots[s], n_params, weight);
	over_variances(model->core, average->sums, weight, to_square);
	/* what it was counted for goes now, not with the context of a row */
	MemoryContextDelete(model->context);
	return average;
}

/* Of a whole model the state with sums; others as they are. */
static Averaging *
with_sums(Averaging *average)
{
	if (average->models != 1 || average->n_sums > 0)
		return average;
	return sums_of(nnet_model_value_get(PointerGetDatum(form_of(average))), average->weight);
}

/* ---- the aggregate ---- */

static bool
is_heavier(const Averaging *a, const Averaging *b)
{
	if (a->most != b->most)
		return a->most > b->most;
	/* any will do, but the same whatever comes first */
	return memcmp(form_of(a)->content, form_of(b)->content, NNET_DIGEST_BYTES) >= 0;
}

static void
add_sums(double *to, const double *from, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		if (i % PIECE == 0)
			nnet_check_interrupts();
		to[i] += from[i];
	}
}

/* Their sum, in place of `a` where that may be and it fits, else in the current context. */
static Averaging *
combine(Averaging *state, Averaging *other, bool in_place)
{
	Averaging *a = with_sums(state);
	const Averaging *b = with_sums(other);
	const NnetModelValue *form = form_of(is_heavier(a, b) ? a : b);
	double most = Max(a->most, b->most);
	Averaging *sum = a;

	in_place |= a != state;
	if (memcmp(a->common, b->common, NNET_DIGEST_BYTES) != 0 || a->n_params != b->n_params)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("models of different layers, labels or optimizers cannot be averaged"),
				 errhint("Average models that come of one: what each would learn from its own rows "
						 "before training, labels and vocabularies, must be known before.")));
	if (!in_place || a->n_sums < b->n_sums || VARSIZE(form) != VARSIZE(form_of(a)))
	{
		sum = new_average(a->common, a->n_params, Max(a->n_sums, b->n_sums), form);
		add_sums(sum->sums, a->sums, a->n_sums);
	}
	else
		memmove((char *) sum + sum->form_at, form, VARSIZE(form));
	add_sums(sum->sums, b->sums, b->n_sums);
	sum->models = a->models + b->models;
	sum->weight = a->weight + b->weight;
	sum->most = most;
	return sum;
}

static double
get_weight(FunctionCallInfo fcinfo)
{
	double weight = 1;

	if (PG_NARGS() > 2 && !PG_ARGISNULL(2))
		weight = PG_GETARG_FLOAT8(2);
	if (!(weight >= 0 && weight <= MOST_WEIGHT))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the weight of a model must be a number from 0 to %g, not %g", MOST_WEIGHT,
						weight)));
	return weight;
}

/* nnet.average_value_transition(state, model [, weight]) */
Datum
nnet_average_value_transition(PG_FUNCTION_ARGS)
{
	Averaging *state = PG_ARGISNULL(0) ? NULL : average_get(PG_GETARG_DATUM(0));
	NnetRow row = {.what = "model", .function = "nnet.average_value"};
	Averaging *one;

	if (PG_ARGISNULL(1))
	{
		if (state == NULL)
			PG_RETURN_NULL();
		PG_RETURN_POINTER(state);
	}
	row.number = state != NULL ? state->models + 1 : 1;
	nnet_row_enter(&row);
	one = average_of(PG_GETARG_DATUM(1), get_weight(fcinfo));
	if (state != NULL)
		one = combine(state, one, AggCheckCallContext(fcinfo, NULL) != 0);
	nnet_row_leave(&row);
	PG_RETURN_POINTER(one);
}

/* nnet.average_value_combine(a, b): in an aggregate a is its state, which is added to where it is. */
Datum
nnet_average_value_combine(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(combine(average_get(PG_GETARG_DATUM(0)), average_get(PG_GETARG_DATUM(1)),
							  AggCheckCallContext(fcinfo, NULL) != 0));
}

/* ---- the end ---- */

static void
put_values(nn_real *values, const double *sums, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		if (i % PIECE == 0)
			nnet_check_interrupts();
		values[i] = (nn_real) sums[i];
	}
	if (nn_first_not_finite(values, n) < n)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("the average of models has numbers beyond what real holds")));
}

/* The model of a state without its numbers, in the current context. */
static NnetModel *
load_form(const Averaging *average, NnetLayerRow *rows, int n)
{
	NnetModel *model = nnet_value_rows_load(rows, n, NNET_LOAD_STRUCTURE, CurrentMemoryContext);
	bool slots = average->n_sums > average->n_params;

	if (model->training.compiled)
		nnet_training_resolve(model);
	if (model->core->n_params != average->n_params ||
		(slots && average->n_sums != average->n_params * (1 + (size_t) model->optimizer.n_slots)))
		refuse("It has other sums than its model.");
	if (!slots)
		model->optimizer.n_slots = 0;
	return model;
}

/* Averages into the model. */
static void
set_numbers(NnetModel *model, const Averaging *average)
{
	size_t n_params = average->n_params;
	double *means = nnet_memory_alloc(model->context, n_params * sizeof(double), false);

	for (size_t i = 0; i < n_params; i++)
		means[i] = average->sums[i] / average->weight;
	over_variances(model->core, means, 1, from_square);
	model->params = nnet_memory_alloc(model->context, n_params * sizeof(nn_real), false);
	put_values(model->params, means, n_params);
	for (int s = 0; s < model->optimizer.n_slots; s++)
	{
		const double *sums = average->sums + n_params * (size_t) (s + 1);

		for (size_t i = 0; i < n_params; i++)
			means[i] = sums[i] / average->weight;
		model->slots[s] = nnet_memory_alloc(model->context, n_params * sizeof(nn_real), false);
		put_values(model->slots[s], means, n_params);
	}
}

Datum
nnet_average_value_final(PG_FUNCTION_ARGS)
{
	Averaging *average;
	NnetModelValue *value;
	NnetLayerRow *rows;
	NnetModel *model;
	int n;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	average = average_get(PG_GETARG_DATUM(0));
	if (!(average->weight > 0))
	{
		ereport(WARNING,
				(errcode(ERRCODE_WARNING),
				 errmsg("nnet.average_value() gives no model: the weights of all are 0, of which "
						"there are " INT64_FORMAT,
						average->models),
				 errhint("A model of weight 0 counts for nothing: give one of them more.")));
		PG_RETURN_NULL();
	}
	average = with_sums(average);
	rows = nnet_model_value_rows(form_of(average), &n);
	model = load_form(average, rows, n);
	nnet_memory_check(&(NnetMemoryNeed){
		.model = model->name,
		.action = "be averaged",
		.bytes = {[NNET_MEMORY_PARAMETERS] = average->n_sums * sizeof(nn_real),
				  [NNET_MEMORY_COPIES] = average->n_params * sizeof(double)},
	});
	set_numbers(model, average);
	value = nnet_model_value_weights(model, rows, n);
	MemoryContextDelete(model->context);
	PG_RETURN_POINTER(value);
}
