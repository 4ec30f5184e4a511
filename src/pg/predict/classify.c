/*
 * classify.c
 *	  nnet.classify(model, x): the label of the most likely class, or its
 *	  number where the model has no labels.  Outputs beyond the labels are no
 *	  classes yet, and never the answer.  A single output is taken
 *	  as the probability of the second of two classes, if it can be one.
 *
 *	  nnet.classify_steps(model, x): the same for each step of an output that has
 *	  several, or whatever the dimensions before its last are.  Where y is a sequence of
 *	  classes, the one that the steps spell: of repeats the first, and no blanks.
 */
#include "pg/predict/predict.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(nnet_classify);
PG_FUNCTION_INFO_V1(nnet_classify_output);
PG_FUNCTION_INFO_V1(nnet_classify_value);
PG_FUNCTION_INFO_V1(nnet_classify_value_output);
PG_FUNCTION_INFO_V1(nnet_classify_steps);
PG_FUNCTION_INFO_V1(nnet_classify_steps_output);

/* Whether one number of the output tells two classes apart, and above what the second begins. */
static bool
decides(const NnetModel *model, int output, double *threshold)
{
	const NNObjective *objective = model->training.compiled ? &model->objectives.of[output] : NULL;

	return nn_model_decides(model->core, output, objective, threshold) ||
		model->training.outputs[output].n_labels > 0;
}

/* Whether the output may be of classes: of rows, or of the steps of rows. */
static bool
may_classify(const NnetModel *model, int output, bool steps)
{
	const NNShape *shape = nn_layer_shape(nn_model_output(model->core, output));
	const NNObjective *objective;
	double threshold;

	if (!model->training.compiled || model->objectives.of[output].loss.kind == NULL)
		return steps == (shape->rank > 1) && decides(model, output, &threshold);
	objective = &model->objectives.of[output];
	return steps ? nn_objective_classes(objective) > 0 && nn_objective_labels(objective) == 0
				 : nn_objective_labels(objective) > 0;
}

int
nnet_class_output(const NnetModel *model, bool steps)
{
	const char *function = steps ? "nnet.classify_steps" : "nnet.classify";
	int found = -1;

	if (model->core->n_outputs == 1)
		return 0;
	for (int o = 0; o < model->core->n_outputs; o++)
	{
		if (!may_classify(model, o, steps))
			continue;
		if (found >= 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model \"%s\" has several outputs that classify: \"%s\" and \"%s\"",
							model->name, nn_layer_name(nn_model_output(model->core, found)),
							nn_layer_name(nn_model_output(model->core, o))),
					 errhint("Name one as the third argument of %s().", function)));
		found = o;
	}
	if (found < 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify %s: none of its outputs is of classes",
						model->name, steps ? "steps" : "rows"),
				 errhint("Use nnet.predict().")));
	return found;
}

/* The class, 0 or 1, that a single output speaks for. */
static int
side_of(const NnetModel *model, int output, float p)
{
	double threshold;

	if (!decides(model, output, &threshold))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: its output is a number, "
						"not the probability of a class",
						model->name),
				 errhint("Use nnet.predict(), or end the model with the activation sigmoid.")));
	return p > threshold;
}

/* The class that the outputs of a row, or of a step, speak for. */
static int
class_of(const NnetModel *model, int output, const nn_real *p, int n)
{
	int n_labels = model->training.outputs[output].n_labels;

	return n == 1 ? side_of(model, output, p[0])
				  : nn_argmax(p, n_labels > 0 ? Min(n, n_labels) : n);
}

/* Its label, or its number if there are none; NULL: it lacks this one. */
static text *
class_text(const NnetModel *model, int output, int class)
{
	const NnetOutputTraining *training = &model->training.outputs[output];

	if (training->n_labels == 0)
		return cstring_to_text(psprintf("%d", class));
	return class < training->n_labels ? cstring_to_text(training->labels[class]) : NULL;
}

static struct varlena *
row_class(const NnetModel *model, int output, const NNShape *shape, const nn_real *p)
{
	if (shape->rank > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: its output has %d dimensions",
						model->name, shape->rank),
				 errhint("Use nnet.classify_steps() for a class of each step, or "
						 "nnet.predict().")));
	return class_text(model, output,
					  class_of(model, output, p, shape->rank == 0 ? 1 : shape->dim[0]));
}

static struct varlena *
step_classes(const NnetModel *model, int output, const NNShape *shape, const nn_real *p)
{
	int width = shape->rank > 0 ? shape->dim[shape->rank - 1] : 1;
	int n = (int) (nn_shape_size(shape) / (size_t) width);
	bool sequence =
		model->training.compiled && nn_objective_sequence(&model->objectives.of[output]);
	int before = 0;
	int spelled = 0;
	Datum *labels;

	if (shape->rank < 2)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify steps: its output has one dimension",
						model->name),
				 errhint("Use nnet.classify() for the class of a row.")));
	labels = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(Datum) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		int class = class_of(model, output, p + i * width, width);
		text *label;

		if (!sequence || (class != 0 && class != before))
		{
			label = class_text(model, output, class);
			if (label == NULL)
				return NULL;
			labels[spelled++] = PointerGetDatum(label);
		}
		before = class;
	}
	return (struct varlena *) construct_array(labels, spelled, TEXTOID, -1, false, TYPALIGN_INT);
}

struct varlena *
nnet_class_value(const NnetModel *model, int output, const NNShape *shape, const nn_real *p,
				 bool steps)
{
	return steps ? step_classes(model, output, shape, p) : row_class(model, output, shape, p);
}

static struct varlena *
classify(FunctionCallInfo fcinfo, const NnetPredictCall *call, bool steps)
{
	NnetModel *model;
	int output;
	ArrayType *outputs = nnet_predict_call(fcinfo, call, &model, &output);
	NNShape shape = {.rank = ARR_NDIM(outputs)};
	struct varlena *value;

	memcpy(shape.dim, ARR_DIMS(outputs), shape.rank * sizeof(int));
	value = nnet_class_value(model, output, &shape, (const nn_real *) ARR_DATA_PTR(outputs), steps);
	pfree(outputs);
	if (value == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" has one label, but its output tells two classes apart",
						model->name),
				 errhint("Give nnet.compile() the labels of both.")));
	return value;
}

static int
row_output(const NnetModel *model)
{
	return nnet_class_output(model, false);
}

static int
step_output(const NnetModel *model)
{
	return nnet_class_output(model, true);
}

Datum
nnet_classify(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {"nnet.classify", .output = row_output};

	PG_RETURN_POINTER(classify(fcinfo, &call, false));
}

/* nnet.classify(model, x, output) */
Datum
nnet_classify_output(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {"nnet.classify", .names_output = true};

	PG_RETURN_POINTER(classify(fcinfo, &call, false));
}

Datum
nnet_classify_steps(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {"nnet.classify_steps", .output = step_output};

	PG_RETURN_POINTER(classify(fcinfo, &call, true));
}

/* nnet.classify_steps(model, x, output) */
Datum
nnet_classify_steps_output(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {"nnet.classify_steps", .names_output = true};

	PG_RETURN_POINTER(classify(fcinfo, &call, true));
}

/* nnet.classify_value(model, x) */
Datum
nnet_classify_value(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {
		"nnet.classify_value",
		.of_value = true,
		.output = row_output,
	};

	PG_RETURN_POINTER(classify(fcinfo, &call, false));
}

/* nnet.classify_value(model, x, output) */
Datum
nnet_classify_value_output(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {
		"nnet.classify_value",
		.of_value = true,
		.names_output = true,
	};

	PG_RETURN_POINTER(classify(fcinfo, &call, false));
}
