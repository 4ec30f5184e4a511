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

/* The class, 0 or 1, that a single output speaks for. */
static int
side_of(const NnetModel *model, float p)
{
	double threshold;

	const NNObjective *objective = model->training.compiled ? &model->objectives.of[0] : NULL;

	if (!nn_model_decides(model->core, 0, objective, &threshold) && model->training.n_labels == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: its output is a number, "
						"not the probability of a class",
						model->name),
				 errhint("Use nnet.predict(), or end the model with the activation sigmoid.")));
	return p > threshold;
}

int
nnet_class_of(const NnetModel *model, const NNShape *shape, const nn_real *p)
{
	int n_labels = model->training.n_labels;
	int n = shape->rank == 0 ? 1 : shape->dim[0];

	if (shape->rank > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: its output has %d dimensions",
						model->name, shape->rank),
				 errhint("Use nnet.predict().")));
	return n == 1 ? side_of(model, p[0]) : nn_argmax(p, n_labels > 0 ? Min(n, n_labels) : n);
}

text *
nnet_class_text(const NnetModel *model, int class)
{
	int n_labels = model->training.n_labels;

	if (n_labels == 0)
		return cstring_to_text(psprintf("%d", class));
	return class < n_labels ? cstring_to_text(model->training.labels[class]) : NULL;
}

Datum
nnet_classify(PG_FUNCTION_ARGS)
{
	NnetModel *model;
	ArrayType *outputs = nnet_predict_call(fcinfo, "nnet.classify", &model);
	NNShape shape = {.rank = ARR_NDIM(outputs)};
	text *label;

	memcpy(shape.dim, ARR_DIMS(outputs), shape.rank * sizeof(int));
	label = nnet_class_text(model,
							nnet_class_of(model, &shape, (const nn_real *) ARR_DATA_PTR(outputs)));
	pfree(outputs);
	if (label == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" has one label, but its output tells two classes apart",
						model->name),
				 errhint("Give nnet.compile() the labels of both.")));
	PG_RETURN_TEXT_P(label);
}
