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

	const NNObjective *objective = model->training.compiled ? &model->objective : NULL;

	if (!nn_model_decides(model->core, objective, &threshold) && model->training.n_labels == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: its output is a number, "
						"not the probability of a class",
						model->name),
				 errhint("Use nnet.predict(), or end the model with the activation sigmoid.")));
	return p > threshold;
}

Datum
nnet_classify(PG_FUNCTION_ARGS)
{
	NnetModel *model;
	ArrayType *outputs = nnet_predict_call(fcinfo, "nnet.classify", &model);
	const float *p = (const float *) ARR_DATA_PTR(outputs);
	int n = ARR_DIMS(outputs)[0];
	int n_labels = model->training.n_labels;
	int class;

	if (ARR_NDIM(outputs) != 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("model \"%s\" does not classify rows: its output has %d dimensions",
						model->name, ARR_NDIM(outputs)),
				 errhint("Use nnet.predict().")));
	class = n == 1 ? side_of(model, p[0]) : nn_argmax(p, n_labels > 0 ? Min(n, n_labels) : n);
	pfree(outputs);
	if (n_labels == 0)
		PG_RETURN_TEXT_P(cstring_to_text(psprintf("%d", class)));
	if (class >= n_labels)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("model \"%s\" has one label, but its output tells two classes apart",
						model->name),
				 errhint("Give nnet.compile() the labels of both.")));
	PG_RETURN_TEXT_P(cstring_to_text(model->training.labels[class]));
}
