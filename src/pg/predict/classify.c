/*
 * classify.c
 *	  nnet.classify(model, x): the label of the most likely class, or its
 *	  number where the model has no labels.  Outputs beyond the labels are no
 *	  classes yet, and never the answer.  A single output is taken
 *	  as the probability of the second of two classes, if it can be one.
 */
#include "pg/predict/predict.h"

#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(nnet_classify);
PG_FUNCTION_INFO_V1(nnet_classify_output);

/* Whether one number of the output tells two classes apart, and above what the second begins. */
static bool
decides(const NnetModel *model, int output, double *threshold)
{
	const NNObjective *objective = model->training.compiled ? &model->objectives.of[output] : NULL;

	return nn_model_decides(model->core, output, objective, threshold) ||
		model->training.outputs[output].n_labels > 0;
}

/* Whether the output may be of classes. */
static bool
may_classify(const NnetModel *model, int output)
{
	const NNShape *shape = &nn_model_output(model->core, output)->out;
	double threshold;

	if (model->training.compiled && model->objectives.of[output].loss != NULL)
		return nn_objective_labels(&model->objectives.of[output]) > 0;
	return shape->rank <= 1 && decides(model, output, &threshold);
}

int
nnet_class_output(const NnetModel *model)
{
	int found = -1;

	if (model->core->n_outputs == 1)
		return 0;
	for (int o = 0; o < model->core->n_outputs; o++)
	{
		if (!may_classify(model, o))
			continue;
		if (found >= 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model \"%s\" has several outputs that classify: \"%s\" and \"%s\"",
							model->name, nn_model_output(model->core, found)->name,
							nn_model_output(model->core, o)->name),
					 errhint("Name one as the third argument of nnet.classify().")));
		found = o;
	}
	if (found < 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: none of its outputs is of classes",
						model->name),
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

int
nnet_class_of(const NnetModel *model, int output, const NNShape *shape, const nn_real *p)
{
	int n_labels = model->training.outputs[output].n_labels;
	int n = shape->rank == 0 ? 1 : shape->dim[0];

	if (shape->rank > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: its output has %d dimensions",
						model->name, shape->rank),
				 errhint("Use nnet.predict().")));
	return n == 1 ? side_of(model, output, p[0])
				  : nn_argmax(p, n_labels > 0 ? Min(n, n_labels) : n);
}

text *
nnet_class_text(const NnetModel *model, int output, int class)
{
	const NnetOutputTraining *training = &model->training.outputs[output];

	if (training->n_labels == 0)
		return cstring_to_text(psprintf("%d", class));
	return class < training->n_labels ? cstring_to_text(training->labels[class]) : NULL;
}

static text *
classify(FunctionCallInfo fcinfo, const NnetPredictCall *call)
{
	NnetModel *model;
	int output;
	ArrayType *outputs = nnet_predict_call(fcinfo, call, &model, &output);
	NNShape shape = {.rank = ARR_NDIM(outputs)};
	text *label;

	memcpy(shape.dim, ARR_DIMS(outputs), shape.rank * sizeof(int));
	label = nnet_class_text(
		model, output,
		nnet_class_of(model, output, &shape, (const nn_real *) ARR_DATA_PTR(outputs)));
	pfree(outputs);
	if (label == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" has one label, but its output tells two classes apart",
						model->name),
				 errhint("Give nnet.compile() the labels of both.")));
	return label;
}

Datum
nnet_classify(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {"nnet.classify", .output = nnet_class_output};

	PG_RETURN_TEXT_P(classify(fcinfo, &call));
}

/* nnet.classify(model, x, output) */
Datum
nnet_classify_output(PG_FUNCTION_ARGS)
{
	static const NnetPredictCall call = {"nnet.classify", .names_output = true};

	PG_RETURN_TEXT_P(classify(fcinfo, &call));
}
