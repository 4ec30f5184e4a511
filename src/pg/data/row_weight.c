/*
 * row_weight.c
 *	  By how much a row counts in the loss: values of fit's and evaluate's
 *	  argument into the weights of a record.
 *
 * A number weighs the whole row.  An array has a weight for each row of the
 * output's last dimension: for each step of a sequence, each place of a picture.
 * NULL weighs 1.  All of this is for all outputs, or, in a value with named
 * parts, for each of its own.
 */
#include "pg/data/data.h"
#include "pg/data/fields.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* How values of one type are read. */
typedef struct Weight
{
	const char *what; /* for messages */
	Oid type;
	MemoryContext reading; /* of the reader: values of a record may change their types */
	NnetReader *reader;	   /* NULL: all weigh 1 */
	bool one;			   /* a value may stand for all steps */
} Weight;

struct NnetRowWeights
{
	MemoryContext context;
	char *model;
	const NNRecordFormat *format;
	int n; /* outputs that have targets */
	int outputs[NN_MAX_OUTPUTS];
	char *names[NN_MAX_OUTPUTS];
	NnetFields *fields; /* NULL: a value is for all of them */
	bool json;			/* they are of jsonb */
	Weight all;
	Weight each[NN_MAX_OUTPUTS]; /* of fields */
};

static void
refuse_type(Oid type, const char *what, const char *model)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("%s for model \"%s\" has type %s, but must be a number", what, model,
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

static void
begin_weight(const NnetRowWeights *weights, Weight *weight, const char *what)
{
	weight->what = what;
	weight->reading =
		AllocSetContextCreate(weights->context, "nnet weight reader", ALLOCSET_SMALL_SIZES);
}

static void
set_type(const NnetRowWeights *weights, Weight *weight, Oid type)
{
	Oid base = getBaseType(type);

	weight->type = InvalidOid;
	weight->reader = NULL;
	MemoryContextReset(weight->reading);
	if (base == BOOLOID || base == BYTEAOID || (base != UNKNOWNOID && nnet_type_is_label(base)))
		refuse_type(type, weight->what, weights->model);
	weight->reader = nnet_reader_make(type, weight->what, weights->model, weight->reading);
	weight->type = type;
	/* jsonb makes an array of a number, too */
	weight->one = nnet_type_is_number(base) || base == UNKNOWNOID || weights->json;
}

/* Whether the weight of an output can be an array. */
static bool
may_be_array(Oid type)
{
	return !nnet_type_is_number(getBaseType(type));
}

static NnetFields *
make_fields(const NnetRowWeights *weights, Oid type)
{
	NnetField fields[NN_MAX_OUTPUTS] = {{0}};
	Oid base = getBaseType(type);

	if (base != JSONBOID && !type_is_rowtype(base))
		return NULL;
	for (int i = 0; i < weights->n; i++)
		fields[i] = (NnetField){.name = weights->names[i], .form = NNET_JSON_REALS};
	return nnet_fields_make(type, "weight", weights->model, weights->n, fields, weights->context);
}

NnetRowWeights *
nnet_row_weights_make(Oid type, bool by_step, const NnetModel *model, NNRecordFormat *format,
					  MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	NnetRowWeights *weights = palloc0(sizeof(NnetRowWeights));

	weights->context = context;
	weights->model = pstrdup(model->name);
	weights->format = format;
	weights->all.one = true;
	for (int o = 0; o < format->n_outputs; o++)
		if (format->outputs[o].target != NN_TARGET_NONE)
		{
			weights->outputs[weights->n] = o;
			weights->names[weights->n++] = pstrdup(nn_layer_name(nn_model_output(model->core, o)));
		}
	weights->json = OidIsValid(type) && getBaseType(type) == JSONBOID;
	if (OidIsValid(type))
		weights->fields = make_fields(weights, type);
	begin_weight(weights, &weights->all, "weight");
	for (int i = 0; weights->fields != NULL && i < weights->n; i++)
		begin_weight(weights, &weights->each[i],
					 psprintf("\"%s\" of the weight", weights->names[i]));
	if (OidIsValid(type) && weights->fields == NULL)
		set_type(weights, &weights->all, type);
	for (int i = 0; i < weights->n; i++)
	{
		Oid known =
			weights->fields != NULL ? nnet_fields_get(weights->fields, i)->type : weights->all.type;
		int o = weights->outputs[i];

		/* of a record or jsonb types are known with the values only */
		make_room(&format->outputs[o], &model->objectives.of[o],
				  by_step || (OidIsValid(type) && (!OidIsValid(known) || may_be_array(known))));
	}
	MemoryContextSwitchTo(old);
	return weights;
}

static void
check_weights(const NnetRowWeights *weights, const char *what, const float *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (values[i] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 n == 1 ? errmsg("%s for model \"%s\" is %g, but must be 0 or more", what,
									 weights->model, values[i])
							: errmsg("%s for model \"%s\" has %g at position %zu, but must be "
									 "0 or more",
									 what, weights->model, values[i], i + 1),
					 errhint("A row of weight 0 trains nothing.")));
}

pg_noreturn static void
refuse_count(const NnetRowWeights *weights, int i, size_t expected, size_t count)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg_plural("model \"%s\" expects the weight of a row to have %zu value, not %zu",
						   "model \"%s\" expects the weight of a row to have %zu values, not %zu",
						   expected, weights->model, expected, count),
			 errdetail("An array has one for each step of the output \"%s\".", weights->names[i]),
			 errhint("A number weighs all steps of its row.")));
}

/* The values of a weight; NULL: 1. */
static const float *
read_weight(const NnetRowWeights *weights, const Weight *weight, Datum value, bool isnull,
			size_t *count)
{
	static const float ones[] = {1};
	const float *values = ones;

	*count = 1;
	if (weight->reader == NULL || isnull)
		return values;
	values = nnet_reader_reals(weight->reader, value, count);
	check_weights(weights, weight->what, values, *count);
	return values;
}

/* For output i of those that have targets; one: a single value is for all steps. */
static void
write_weight(const NnetRowWeights *weights, int i, const float *values, size_t count, bool one,
			 const NNRecordHead *head, void *record)
{
	size_t n = nn_record_weight_count(weights->format, head, weights->outputs[i]);
	char *to = (char *) record + nn_record_weight_at(weights->format, head, weights->outputs[i]);

	if (count != n && !(count == 1 && one))
		refuse_count(weights, i, n, count);
	if (count == n)
		memcpy(to, values, n * sizeof(float));
	else
		for (size_t k = 0; k < n; k++)
			memcpy(to + k * sizeof(float), values, sizeof(float));
}

static void
write_field(NnetRowWeights *weights, int i, const NNRecordHead *head, void *record)
{
	const NnetField *field = nnet_fields_get(weights->fields, i);
	Weight *weight = &weights->each[i];
	const float *values;
	size_t count;

	if (!field->isnull && weight->type != field->type)
		set_type(weights, weight, field->type);
	values = read_weight(weights, weight, field->value, field->isnull, &count);
	write_weight(weights, i, values, count, field->isnull || weight->one, head, record);
}

void
nnet_row_weights_write(NnetRowWeights *weights, Datum weight, bool isnull, void *record)
{
	const float *values;
	NNRecordHead head;
	size_t count;

	nn_record_get_head(weights->format, record, &head);
	if (weights->fields != NULL && !isnull)
	{
		nnet_fields_take(weights->fields, weight);
		for (int i = 0; i < weights->n; i++)
			write_field(weights, i, &head, record);
		return;
	}
	values = read_weight(weights, &weights->all, weight, isnull, &count);
	for (int i = 0; i < weights->n; i++)
		write_weight(weights, i, values, count, isnull || weights->all.one, &head, record);
}
